"""What a request costs in system calls (strace) and in instructions in user space (callgrind): counts, which no noise changes.

usage: counts.py --krea FOLDER [--only polls,jobs,dispatcher] [--profile FOLDER]

FOLDER has krea-fcgi and krea-simulator, built for release. They, and the C hello, are asked over their own sockets, with the parameters that
nginx sends. --profile keeps what callgrind has written. Five minutes; needs valgrind and strace.
"""

import argparse
import collections
import json
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

from processes import Process, wait_for
from worst import pair, record, records

LIVE = {"prompt": "a lighthouse at dusk [[stuck]]", "model": "flux"}
# Each connection has one request at a time, and all have one at once.
CONNECTIONS = (1, 16)


class Client:
    """Connections to a FastCGI socket that are kept, as nginx keeps them."""

    def __init__(self, path, count):
        self.connections = [socket.socket(socket.AF_UNIX) for _ in range(count)]
        for connection in self.connections:
            connection.connect(str(path))

    def ask(self, request):
        """Asks once on each connection; gives the answers."""
        for connection in self.connections:
            connection.sendall(request)
        return [self.answer(connection) for connection in self.connections]

    def answer(self, connection):
        bytes = b""
        while not bytes.endswith(struct.pack(">BBHHBx8x", 1, 3, 1, 8, 0)):
            part = connection.recv(1 << 16)
            if not part:
                raise SystemExit(f"The connection was closed after {bytes!r}")
            bytes += part
        return bytes

    def content(self, request):
        """The body of an answer on one connection."""
        bytes, content = self.ask(request)[0], b""
        while bytes:
            kind, count, padding = struct.unpack(">xBxxHBx", bytes[:8])
            if kind == 6:
                content += bytes[8:8 + count]
            bytes = bytes[8 + count + padding:]
        return content.split(b"\r\n\r\n", 1)[1]

    def close(self):
        for connection in self.connections:
            connection.close()


def listens(path):
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(path)) == 0


def request(method, target, body=b""):
    parameters = {
        "REQUEST_METHOD": method, "REQUEST_URI": "/krea" + target, "SCRIPT_NAME": "/krea",
        "CONTENT_TYPE": "application/json" if body else "", "CONTENT_LENGTH": str(len(body)) if body else "", "REMOTE_ADDR": "192.0.2.1",
        "REQUEST_ID": "8f0c3b5e2a6d4917b1c4e0d5a7f93e62", "HTTP_HOST": "localhost:8080", "HTTP_USER_AGENT": "curl/7.88.1", "HTTP_ACCEPT": "*/*"}
    pairs = b"".join(pair(name.encode(), value.encode()) for name, value in parameters.items())
    return record(1, struct.pack(">HB5x", 1, 1)) + records(4, pairs) + records(5, body)


class Program:
    """One that is measured, run under callgrind or as it is."""

    def __init__(self, folder, name, arguments, environment=None, counted=False):
        self.profile = folder / f"callgrind.{name}"
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={self.profile}", "--quiet"] if counted else []
        self.process = Process(tool + list(arguments), folder / f"{name}.log", environment)

    def instructions(self, work):
        """How many instructions `work` makes it carry out."""
        self.control("--zero")
        work()
        self.control("--dump")
        dumps = sorted(self.profile.parent.glob(self.profile.name + ".*"), key=lambda path: int(path.suffix[1:]))
        return int(re.search(r"(?m)^(?:totals|summary): (\d+)", dumps[-1].read_text())[1])

    def control(self, option):
        subprocess.run(["callgrind_control", option, str(self.process.program.pid)], check=True, capture_output=True)

    def calls(self, work):
        """How many system calls `work` makes it do, by name."""
        table = self.profile.with_suffix(".strace")
        tracer = subprocess.Popen(
            ["strace", "-f", "-c", "-U", "name,calls", "-o", table, "-p", str(self.process.program.pid)], stderr=subprocess.PIPE, text=True)
        while "attached" not in tracer.stderr.readline():
            pass
        time.sleep(0.5)
        work()
        tracer.send_signal(signal.SIGINT)
        tracer.communicate()
        found = re.findall(r"(?m)^(\w+) +(\d+)$", table.read_text())
        return collections.Counter({name: int(count) for name, count in found if name != "total"})

    def stop(self):
        self.process.stop()


class Service(Program):
    def __init__(self, folder, krea, name, counted, **settings):
        self.socket, self.folder = folder / f"{name}.sock", folder
        self.log = folder / f"{name}.calls"
        self.krea = Process([krea / "krea-simulator", "--run-seconds", "0.1", "--log", self.log], folder / f"{name}-krea.log")
        ready = "krea-simulator listening on "
        address = wait_for(
            lambda: next((line[len(ready):] for line in (folder / f"{name}-krea.log").read_text().splitlines() if line.startswith(ready)), None),
            20, "The simulator's start", self.krea)
        environment = {
            "KREA_API_TOKEN": "simulator", "KREA_API_URL": address, "KREA_FCGI_LISTEN": f"unix:{self.socket}",
            "KREA_FCGI_STORE": str(folder / f"{name}.sqlite"), "KREA_FCGI_QUEUE_LIMIT": "1000000",
            "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "1000000", "KREA_FCGI_LOG_LEVEL": "warning"}
        super().__init__(folder, name, [krea / "krea-fcgi", "serve"], environment | settings, counted)
        wait_for(lambda: listens(self.socket), 120, "The service's start", self.process)

    def new_job(self, wanted=LIVE):
        client = Client(self.socket, 1)
        body = client.ask(request("POST", "/api/jobs", json.dumps(wanted).encode()))[0]
        client.close()
        if b"Status: 202" not in body:
            raise SystemExit(f"A job was not taken: {body!r}")
        return re.search(rb'"job_id":"([0-9a-f-]+)"', body)[1].decode()

    def running_job(self):
        job, client = self.new_job(), Client(self.socket, 1)
        wait_for(lambda: b'"state":"running"' in client.ask(request("GET", f"/api/jobs/{job}"))[0], 120, "A running job", self.process, 0.1)
        client.close()
        return job

    def stop(self):
        super().stop()
        self.krea.stop()


def ask(path, request, connections, rounds):
    """A function that asks so often, after a first round that does not count."""
    client = Client(path, connections)
    client.ask(request)

    def work():
        for _ in range(rounds):
            client.ask(request)
    return work


def polls(folder, options):
    body, built = folder / "body", folder / "hello"
    subprocess.run(["cc", "-O2", "-o", built, pathlib.Path(__file__).parent / "hello.c", "-lfcgi", "-lpthread"], check=True)
    hello = lambda name, counted: Program(folder, name, [built, folder / f"{name}.sock", 32, body], counted=counted)
    quiet = {"KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "0.05", "KREA_FCGI_POLL_INTERVAL_SECONDS": "3600"}
    for counted in (False, True):
        suffix = "-counted" if counted else ""
        service = Service(folder, options.krea, "polls" + suffix, counted, **quiet)
        poll = request("GET", f"/api/jobs/{service.running_job()}")
        client = Client(service.socket, 1)
        body.write_bytes(client.content(poll))
        client.close()
        other = hello("hello" + suffix, counted)
        path = folder / f"hello{suffix}.sock"
        wait_for(lambda: listens(path), 20, "The start of the C hello", other.process)
        time.sleep(1)
        for name, program, where in (("C hello", other, path), ("a kept poll", service, service.socket)):
            for connections in CONNECTIONS:
                rounds = 4000 // connections
                work = ask(where, poll, connections, rounds)
                yield name, connections, connections * rounds, (program.instructions if counted else program.calls)(work)
        other.stop()
        service.stop()


def jobs(folder, options):
    for counted in (False, True):
        service = Service(folder, options.krea, "jobs-counted" if counted else "jobs", counted, KREA_FCGI_SUBMIT_INTERVAL_SECONDS="3600")
        service.new_job()
        new = request("POST", "/api/jobs", json.dumps({"prompt": "a lighthouse at dusk", "model": "flux"}).encode())
        for connections in CONNECTIONS:
            work = ask(service.socket, new, connections, 320 // connections)
            yield "a new job", connections, 320, (service.instructions if counted else service.calls)(work)
        service.stop()


def dispatcher(folder, options):
    """A poll of 24 jobs in flight, without what the service does when it has none."""
    seconds = 24
    for counted in (False, True):
        service = Service(
            folder, options.krea, "dispatcher-counted" if counted else "dispatcher", counted, KREA_FCGI_SUBMIT_INTERVAL_SECONDS="0.01",
            KREA_FCGI_POLL_INTERVAL_SECONDS="6")
        count = service.instructions if counted else service.calls
        time.sleep(15)
        idle = count(lambda: time.sleep(seconds))
        for _ in range(24):
            service.running_job()
        time.sleep(8)
        asked = lambda: sum('"GET"' in line for line in service.log.read_text().splitlines())
        before = asked()
        busy = count(lambda: time.sleep(seconds))
        yield "a poll of the dispatcher", 1, asked() - before, busy - idle
        service.stop()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--krea", type=pathlib.Path, required=True)
    options.add_argument("--only", default="polls,jobs,dispatcher")
    options.add_argument("--profile", type=pathlib.Path)
    options = options.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="krea-counts-", dir="/var/tmp"))
    rows = {}
    for part in options.only.split(","):
        for name, connections, requests, count in {"polls": polls, "jobs": jobs, "dispatcher": dispatcher}[part](folder, options):
            row = rows.setdefault((name, connections), {})
            row["calls" if isinstance(count, collections.Counter) else "instructions"] = count
            row["requests"] = requests
            if isinstance(count, int):
                row["instructions"] = count / requests
            else:
                row["calls"] = {call: number / requests for call, number in count.most_common()}
            print(name, connections, row, file=sys.stderr)
    if options.profile:
        options.profile.mkdir(parents=True, exist_ok=True)
        for file in folder.glob("callgrind.*"):
            shutil.copy(file, options.profile)
    shutil.rmtree(folder)
    print("| | connections | instructions in user space | system calls | of which |\n|---|---:|---:|---:|---|")
    for (name, connections), row in rows.items():
        calls = row["calls"]
        named = ", ".join(f"{call} {number:.2f}" for call, number in calls.items() if number >= 0.05)
        print(f"| {name} | {connections} | {row['instructions']:,.0f} | {sum(calls.values()):.2f} | {named} |")


main()
