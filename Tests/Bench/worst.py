"""The dearest request of each route: what it costs in processor time and memory at its peak, asked over the service's own socket.

usage: Tests/Bench/worst.py --krea FOLDER [--only TEXT]

FOLDER has krea-fcgi and krea-simulator; figures count for a release build. Each request is asked several times, alone; the greatest of its times and
of its peaks counts, as the first answer is the one that nothing was kept of. Ends with status 1 where one takes more than 50 ms of processor time or 20 MB. """

import argparse
import json
import os
import pathlib
import shutil
import socket
import struct
import sys
import tempfile
import threading
import time
import uuid

from processes import Process, wait_for

# No request may cost more: with two cores forty such a second are what a stranger needs to keep both busy, and sixteen workers take 320 MB at most.
MOST_MS, MOST_MB = 50, 20
MEGABYTE = 1 << 20
# What web servers let in: nginx 4 buffers of 8 KiB, Apache lines of 8190 bytes, Caddy 1 MiB in all.
HEADER, TARGET = 32_000, 8_000
# A page that comes bit by bit, for a minute.
STREAM = ("GET jobs/ID", "a megabyte")


class Service:
    def __init__(self, programs):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="krea-worst-", dir="/var/tmp"))
        programs = pathlib.Path(programs)
        self.simulator = Process([programs / "krea-simulator", "--run-seconds", "0.1"], self.folder / "simulator.log")
        ready = "krea-simulator listening on "
        address = wait_for(
            lambda: next((line[len(ready):] for line in (self.folder / "simulator.log").read_text().splitlines() if line.startswith(ready)), None),
            20, "The simulator's start", self.simulator)
        self.service = Process([programs / "krea-fcgi", "serve"], self.folder / "service.log", {
            "KREA_API_TOKEN": "simulator", "KREA_API_URL": address, "KREA_FCGI_LISTEN": f"unix:{self.folder}/socket",
            "KREA_FCGI_STORE": f"{self.folder}/jobs.sqlite", "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "3600", "KREA_FCGI_THREADS": "4",
            "KREA_FCGI_QUEUE_LIMIT": "1000000", "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "1000000", "KREA_FCGI_LOG_LEVEL": "warning",
            "KREA_FCGI_SIGNING_SECRET": "c2lnbmVkIGJ5IHRoZSBkZWFyZXN0IG9mIHRoZW0gYWxs", "KREA_FCGI_EMBED_ORIGINS": "https://example.org", "KREA_FCGI_CORS_ORIGINS": "https://example.org",
            "KREA_FCGI_PUBLIC_URL": "http://127.0.0.1:1/krea"})
        wait_for(lambda: self.socket_is_there(), 20, "The service's start", self.service)
        wait_for(lambda: self.ask("GET", "/health")[0] == 200, 20, "The service's first answer", self.service)

    def socket_is_there(self):
        return (self.folder / "socket").exists()

    def stop(self):
        self.service.stop()
        self.simulator.stop()
        shutil.rmtree(self.folder)

    def ask(self, method, target, body=b"", media="application/json", user=None, address="192.0.2.1", **fields):
        """The status and the size of an answer."""
        parameters = {
            "REQUEST_METHOD": method, "REQUEST_URI": "/krea" + target, "SCRIPT_NAME": "/krea", "REMOTE_ADDR": address, "HTTP_HOST": "localhost",
            "CONTENT_TYPE": media if body else "", "CONTENT_LENGTH": str(len(body)) if body else "", "REMOTE_USER": user or ""}
        parameters |= {"HTTP_" + name.upper(): value for name, value in fields.items()}
        pairs = b"".join(pair(name.encode(), value if isinstance(value, bytes) else value.encode()) for name, value in parameters.items())
        stream = record(1, struct.pack(">HB5x", 1, 0)) + records(4, pairs) + records(5, body)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.folder / "socket"))
            connection.settimeout(120)
            try:
                connection.sendall(stream)
            except BrokenPipeError:
                pass
            answer = b""
            while part := connection.recv(1 << 20):
                answer += part
        return int(answer[16:19]), len(answer), answer

    def processor_ms(self):
        # The clock of the whole process (clock_getcpuclockid(3)); it counts threads that have ended too.
        return time.clock_gettime(~self.service.program.pid << 3 | 2) * 1e3

    def memory_mb(self, name):
        for line in pathlib.Path(f"/proc/{self.service.program.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) / 1024
        raise SystemExit("The service has ended.")

    def measure_stream(self, request):
        """What an answer costs that takes a minute, without what the service does in a minute by itself: the usual of three."""
        idle = []
        for _ in range(3):
            before = self.processor_ms()
            time.sleep(60)
            idle.append(self.processor_ms() - before)
        row = self.measure(request, 1)
        return row | {"ms": row["ms"] - sorted(idle)[1]}

    def measure(self, request, rounds):
        times, peaks = [], []
        for _ in range(rounds):
            pathlib.Path(f"/proc/{self.service.program.pid}/clear_refs").write_text("5")
            before, resident = self.processor_ms(), self.memory_mb("VmRSS")
            status, size, _ = request(self)
            self.service.check()
            times.append(self.processor_ms() - before)
            peaks.append(self.memory_mb("VmHWM") - resident)
        return {"status": status, "bytes": size, "ms": max(times), "mb": max(peaks)}


def pair(name, value):
    length = lambda text: bytes([len(text)]) if len(text) < 128 else struct.pack(">I", len(text) | 1 << 31)
    return length(name) + length(value) + name + value


def record(kind, content):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def records(kind, content):
    return b"".join(record(kind, content[start:start + 32768]) for start in range(0, len(content), 32768)) + record(kind, b"")


def post(body, target="/api/jobs", **options):
    return lambda service: service.ask("POST", target, body if isinstance(body, bytes) else body.encode(), **options)


def get(target, **options):
    return lambda service: service.ask("GET", target, **options)


def form(body):
    return post(body, "/", media="application/x-www-form-urlencoded", origin="http://localhost")


def filled(beginning, unit, end, size=MEGABYTE - 8):
    """A text of nearly `size` bytes: a beginning, as many units as fit, an end."""
    unit = unit.encode() if isinstance(unit, str) else unit
    room = size - len(beginning.encode()) - len(end.encode())
    return beginning.encode() + unit * (room // len(unit)) + end.encode()


def listed(beginning, elements, end, size=MEGABYTE - 8):
    """The same with different elements."""
    text, used = [beginning], len(beginning) + len(end)
    for element in elements:
        used += len(element)
        if used > size:
            break
        text.append(element)
    return ("".join(text) + end).encode()


def numbers(text):
    number = 0
    while True:
        yield text.replace("#", str(number))
        number += 1


def bodies():
    """Bodies for programs, which all routes that take JSON are given."""
    yield "30,000 unknown members", listed('{"prompt":"a"', numbers(',"member#":1'), "}")
    yield "3,900 unknown members", listed('{"prompt":"a"', (f',"{"m" * 250}{number}":1' for number in range(1900)), "}")
    yield "an array of numbers", filled('{"width":[1', ",1", "]}")
    yield "3,900 numbers", filled('{"width":[1', ",1", "]}", 7_800)
    yield "empty objects", filled('{"width":[{}', ",{}", "]}")
    yield "a prompt of quotes", filled('{"prompt":"', '\\"', '"}')
    yield "a prompt of letters", filled('{"prompt":"', "a", '"}')
    yield "a prompt of spaces", filled('{"prompt":"', " ", '"}')
    yield "a prompt of blanks that are not spaces", filled('{"prompt":"', "\u2003", '"}')
    yield "a prompt of combining accents", filled('{"prompt":"', "\u0301", '"}')
    yield "a prompt of families", filled('{"prompt":"', "\U0001f468\u200d\U0001f469\u200d\U0001f467", '"}')
    yield "a prompt of escapes", filled('{"prompt":"', "\\u0301", '"}')
    yield "a prompt of 10,000 characters", filled('{"prompt":"', "4k ", '"}', 10_000)
    yield "a picture of a megabyte", filled('{"prompt":"a","image_urls":["data:image/png;base64,', "A", '"]}')
    yield "addresses that are none", listed('{"prompt":"a","image_urls":["x"', numbers(',"http://#"'), "]}")
    yield "a long name of a member", filled('{"prompt":"a","', "n", '":1}')
    yield "a long model", filled('{"prompt":"a","model":"', "flux ", '"}')
    yield "a long number", filled('{"prompt":"a","width":', "1", "}")
    yield "a number with a large exponent", b'{"prompt":"a","width":1e400}'
    yield "a long ratio", filled('{"prompt":"a","aspect_ratio":"', "1:", '"}')
    yield "one member again and again", filled('{"prompt":"a"', ',"width":1', "}")
    yield "no JSON", filled("", "{", "")
    yield "a string that does not end", filled('{"prompt":"', "\\\\", "")
    yield "not UTF-8", filled('{"prompt":"', b"\xff", '"}')
    yield "a webhook address", filled('{"prompt":"a","webhook_url":"https://', "a.", '"}')


def requests(jobs, heavy):
    for name, body in bodies():
        yield "POST api/jobs", name, post(body)
    for name, body in bodies():
        yield "POST api/generate/image/…", name, post(body, "/api/generate/image/bfl/flux-1-dev")
    for name, body in {
        "250,000 fields": filled("prompt=a", "&a=b", ""), "199 fields": filled("prompt=a", "&" + "f" * 5000 + "=1", ""),
        "a prompt of quotes": filled("prompt=", '"', ""), "a prompt of encoded bytes": filled("prompt=", "%41", ""),
        "a prompt of line ends": filled("prompt=", "%0D%0A", ""), "lines of pictures": filled("prompt=a&image_urls=", "x%0A", ""),
        "lines of styles": filled("model=flux&prompt=a&styles=", "x 1%0A", ""), "a long number": filled("prompt=a&width=", "1", ""),
        "blank lines of styles": filled("model=flux&prompt=a&styles=x", "%0D%0A", ""), "one line of styles": filled("model=flux&prompt=a&styles=", "x+1+", ""),
        "blanks that are not spaces": filled("prompt=a&styles=", "%E2%80%83", ""), "a prompt of spaces": filled("prompt=", "+", ""),
        "a token and lines of styles": filled(f"form_token={uuid.uuid4()}&model=flux&prompt=a&styles=", "x 1%0A", ""),
        "a token and a prompt of encoded bytes": filled(f"form_token={uuid.uuid4()}&prompt=", "%41", ""),
        "a token and a prompt of quotes": filled(f"form_token={uuid.uuid4()}&prompt=", '"', ""),
        "combining accents": filled("prompt=", "%CC%81", ""), "a prompt of 10,000 quotes": filled("prompt=", '"', "", 10_000),
        "one field again and again": filled("prompt=a", "&prompt=a", ""),
    }.items():
        yield "POST (form)", name, form(body)
    for name, query in {
        "a long query": "?" + "a=b&" * (TARGET // 4), "a long prompt": "?prompt=" + "%22" * (TARGET // 3), "again": f"?again={heavy}",
        "again, one job": f"?again={jobs[0]}",
    }.items():
        yield "GET (form)", name, get("/" + query)
    yield "GET (form)", "a user with 12 large jobs", get("/", user="heavy")
    yield "GET embed", "a long prompt", get("/embed/?prompt=" + "%22" * (TARGET // 3))
    yield "GET mine", "12 large jobs", get("/mine?ids=" + ",".join([heavy] * 12), user="heavy")
    yield "GET mine", "12 jobs", get("/mine?ids=" + ",".join(jobs[:12]))
    yield "GET mine", "commas", get("/mine?ids=" + "," * TARGET)
    for limit in (20, 100, 1000):
        yield "GET api/jobs", f"{limit} jobs of 10,000 characters", get(f"/api/jobs?limit={limit}")
        yield "GET api/jobs", f"{limit} jobs of a megabyte", get(f"/api/jobs?limit={limit}", user="heavy")
        yield "GET api/jobs", f"{limit} small jobs", get(f"/api/jobs?limit={limit}", user="small")
    for word in ("processing", "completed", "failed", "sampling"):
        yield "GET api/jobs", f"status {word}", get(f"/api/jobs?limit=1000&status={word}")
        yield "GET api/jobs", f"status {word}, small jobs", get(f"/api/jobs?limit=1000&status={word}", user="small")
        yield "GET api/jobs", f"status {word}, large jobs", get(f"/api/jobs?limit=1000&status={word}", user="heavy")
    yield "GET api/jobs", "a long query", get("/api/jobs?" + "a=b&" * (TARGET // 4))
    for ending in ("", ".txt", ".md", ".json"):
        yield "GET jobs/ID", f"10,000 characters{ending}", get(f"/jobs/{jobs[0]}{ending}", sec_fetch_dest="empty")
        yield "GET jobs/ID", f"a megabyte{ending}", get(f"/jobs/{heavy}{ending}", user="heavy", sec_fetch_dest="empty")
    yield "GET api/jobs/ID", "10,000 characters", get(f"/api/jobs/{jobs[0]}")
    yield "GET api/jobs/ID", "a megabyte", get(f"/api/jobs/{heavy}", user="heavy")
    yield "GET api/jobs/ID", "tags", get(f"/api/jobs/{jobs[0]}", if_none_match=',"a"' * (HEADER // 4))
    yield "DELETE api/jobs/ID", "a megabyte", lambda service: service.ask("DELETE", f"/api/jobs/{heavy}", user="heavy")
    yield "POST api/jobs/ID/resume", "a megabyte", post("{}", f"/api/jobs/{heavy}/resume", user="heavy")
    yield "POST jobs/ID/cancel", "a body", post(b"a" * MEGABYTE, f"/jobs/{jobs[0]}/cancel", media="application/x-www-form-urlencoded")
    yield "GET api/models", "usual", get("/api/models")
    yield "GET api/openapi.json", "usual", get("/api/openapi.json")
    yield "GET health", "usual", get("/health")
    yield "POST api/webhooks/krea/KEY", "a body", post(b"[" * MEGABYTE, "/api/webhooks/krea/" + "k" * TARGET)
    yield "GET i/SIGNATURE/NAME", "a long name", get("/i/" + "s" * 40 + "/" + "flux_a" * (TARGET // 6) + ".jpg")
    yield "GET i/SIGNATURE/NAME", "encoded", get("/i/" + "s" * 40 + "/" + "%41" * (TARGET // 3) + ".jpg")
    for name, target in {
        "slashes": "/" * TARGET, "dots": "/." * (TARGET // 2), "encoded": "/" + "%41" * (TARGET // 3), "deep": "/a" * (TARGET // 2),
        "api": "/api" * (TARGET // 4), "percent": "/" + "%" * TARGET,
    }.items():
        yield "GET (nothing)", name, get(target)
    for field, unit in {
        "accept": "text/html;q=0.1,", "accept_language": "zh-Hans-CN;q=0.1,", "cookie": "a=b; ", "authorization": "Bearer a", "origin": "https://a",
        "referer": "https://a/", "if_none_match": 'W/"a",', "idempotency_key": "k", "user_agent": "a(", "x_request_id": "a", "x_a": "\xe9",
        "sec_fetch_site": "same-origin", "prefer": "wait=1,", "forwarded": "for=a;",
    }.items():
        value = unit * (HEADER // len(unit))
        yield "GET (form)", f"a field {field} of {HEADER} bytes", get("/", **{field: value.encode("latin-1")})
        yield "GET api/jobs", f"a field {field} of {HEADER} bytes", get("/api/jobs?limit=1", **{field: value.encode("latin-1")})
    many = {f"x_{number}": "a" for number in range(2000)}
    yield "GET (form)", "2,000 fields", get("/", **many)


def prepare(service):
    """Jobs that lists have: 1,000 long ones, 1,000 small ones of one user, 30 large ones of another."""
    jobs = []
    for number in range(1000):
        answer = service.ask("POST", "/api/jobs", json.dumps({"prompt": f"{number} " + "\u2603" * 9_900}).encode())[2]
        if number == 0:
            jobs.append(identifier(answer))
    for number in range(1000):
        answer = service.ask("POST", "/api/jobs", json.dumps({"prompt": f"small {number}"}).encode(), user="small")[2]
        if number < 11:
            jobs.append(identifier(answer))
    for _ in range(30):
        answer = service.ask("POST", "/api/jobs", filled('{"prompt":"a","image_urls":["data:image/png;base64,', "A", '"]}'), user="heavy")[2]
    return jobs, identifier(answer)


def identifier(answer):
    return answer.partition(b'"job_id":"')[2][:36].decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--krea", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    service = Service(options.krea)
    try:
        jobs, heavy = prepare(service)
        rows = []
        for route, name, request in requests(jobs, heavy):
            if options.only in f"{route} {name}":
                row = service.measure_stream(request) if (route, name) == STREAM else service.measure(request, options.rounds)
                rows.append((route, name, row))
                print(f"{route}: {name}: {rows[-1][2]}", file=sys.stderr)
        before, peak, after = settled(service)
    finally:
        service.stop()
    print(table(rows))
    print(f"\nA burst of 16 times 4 bodies of a megabyte: {before:.0f} MB resident before, {peak:.0f} MB at the peak, {after:.0f} MB ten seconds later.")
    sys.exit(any(row["ms"] > MOST_MS or row["mb"] > MOST_MB for _, _, row in rows))


def settled(service):
    """What a burst takes and what stays of it: sixteen large bodies at once, and what is resident ten seconds later."""
    before = service.memory_mb("VmRSS")
    body = next(body for name, body in bodies() if name == "30,000 unknown members")
    pathlib.Path(f"/proc/{service.service.program.pid}/clear_refs").write_text("5")
    threads = [threading.Thread(target=lambda: [service.ask("POST", "/api/jobs", body) for _ in range(4)]) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    peak = service.memory_mb("VmHWM")
    time.sleep(10)
    return before, peak, service.memory_mb("VmRSS")


def table(rows):
    """The dearest of each route by time and by memory, and whatever is over the bounds."""
    chosen = []
    for route in dict.fromkeys(route for route, _, _ in rows):
        of_route = [row for row in rows if row[0] == route]
        for row in {id(row): row for row in (max(of_route, key=lambda row: row[2]["ms"]), max(of_route, key=lambda row: row[2]["mb"]))}.values():
            chosen.append(row)
    chosen += [row for row in rows if row not in chosen and (row[2]["ms"] > MOST_MS or row[2]["mb"] > MOST_MB)]
    lines = ["| route | request | status | answer, bytes | processor, ms | memory, MB |", "|---|---|---|---|---|---|"]
    for route, name, row in chosen:
        over = " **over**" if row["ms"] > MOST_MS or row["mb"] > MOST_MB else ""
        lines.append(f"| `{route}` | {name}{over} | {row['status']} | {row['bytes']:,} | {row['ms']:.1f} | {row['mb']:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
