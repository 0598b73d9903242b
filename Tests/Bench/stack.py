"""Everything that is measured, started once: the web server, krea-fcgi with a simulated Krea, and the others."""

import http.client
import json
import os
import pathlib
import shutil
import socket
import sqlite3
import sys
import tempfile

from processes import Process, wait_for

HERE = pathlib.Path(__file__).parent
RECIPE = HERE.parent.parent / "nginx"
JOB = {"prompt": "a lighthouse at dusk", "model": "flux"}
# Of such a job the simulated Krea says "queued" for ever.
LIVE = {"prompt": "a lighthouse at dusk [[stuck]]", "model": "flux"}


class Stack:
    def __init__(self, programs, krea):
        self.programs, self.krea = pathlib.Path(programs), pathlib.Path(krea)
        # Not below /tmp, which may be in memory: the disk is a part of what is measured.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="krea-bench-", dir="/var/tmp"))
        # nginx's cache is shipped in memory.
        self.cache = pathlib.Path(tempfile.mkdtemp(prefix="krea-bench-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
        self.processes = []

    def start(self):
        self.simulator = self.begin("simulator", self.krea / "krea-simulator", "--run-seconds", "0.3")
        ready = "krea-simulator listening on "
        self.address = wait_for(
            lambda: next((line[len(ready):] for line in self.lines("simulator") if line.startswith(ready)), None), 20, "The simulator's start",
            self.simulator)
        self.service = self.serve("krea-fcgi")
        self.ports = dict(zip(("CACHED", "PLAIN", "OLD"), free_ports(3)))
        self.configure()
        self.nginx = self.begin("nginx", "nginx", "-e", self.folder / "nginx-error.log", "-c", self.folder / "nginx.conf")
        wait_for(lambda: self.get("/krea/health")[0] == 200, 20, "The web server's start", self.nginx)

    def start_others(self, body):
        """The other programs, which answer with the same bytes."""
        (self.folder / "static-file").write_bytes(body)
        with sqlite3.connect(self.folder / "rows.sqlite") as rows:
            rows.execute("PRAGMA journal_mode = WAL")
            rows.execute("CREATE TABLE answers (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID")
            rows.executemany("INSERT INTO answers VALUES (?, ?)", [(f"job-{number}", body.decode()) for number in range(1000)])
        rows.close()
        file, rows = self.folder / "static-file", self.folder / "rows.sqlite"
        self.hello = self.begin("hello", self.programs / "hello", self.folder / "hello.sock", 600, file)
        self.go = self.begin("go", self.programs / "row", self.folder / "go.sock", rows, file)
        php = shutil.which("php-fpm") or str(next(pathlib.Path("/usr/sbin").glob("php-fpm*")))
        root = ["-R"] if os.geteuid() == 0 else []
        self.php = self.begin("php", php, "-F", *root, "-y", self.folder / "php-fpm.conf")
        self.python = self.begin(
            "python", sys.executable, "-B", "-m", "uvicorn", "--app-dir", HERE, "--uds", self.folder / "python.sock", "--workers", 2,
            "--log-level", "warning", "--no-access-log", "row:app", environment={"BENCH_ROWS": str(rows)})
        self.hummingbird = self.begin("hummingbird", self.programs / "hummingbird", self.folder / "hummingbird.sock", file)
        for path in ("/hello/job-7", "/go/job-7", "/go/hello/job-7", "/php/row/job-7", "/python/job-7", "/hummingbird/job-7", "/static-file"):
            wait_for(lambda: self.get(path)[2] == body, 20, f"A right answer at {path}")

    def begin(self, name, *arguments, environment=None):
        process = Process(arguments, self.folder / f"{name}.log", environment)
        self.processes.append(process)
        return process

    def serve_alone(self, store, **settings):
        """krea-fcgi from a file of its own, as where it is the only one: of what several processes use, none of them gives anything back."""
        program = self.folder / "krea-fcgi-alone"
        shutil.copy(self.krea / "krea-fcgi", program)
        # What has just been written is not given back before it is on the disk.
        os.sync()
        return self.serve("old", store, program, **settings)

    def serve(self, name, store=None, program=None, **settings):
        """krea-fcgi on its own socket and store."""
        environment = {
            "KREA_API_TOKEN": "simulator", "KREA_API_URL": self.address, "KREA_FCGI_LISTEN": f"unix:{self.folder}/{name}.sock",
            "KREA_FCGI_STORE": str(store or self.folder / f"{name}.sqlite"), "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "0.05",
            "KREA_FCGI_POLL_INTERVAL_SECONDS": "6", "KREA_FCGI_QUEUE_LIMIT": "1000000", "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "1000000",
            "KREA_FCGI_LOG_LEVEL": "warning",
        }
        return self.begin(name, program or self.krea / "krea-fcgi", "serve", environment=environment | settings)

    def configure(self):
        for name in ("row.php", "submit.php"):
            shutil.copy(HERE / name, self.folder)
        here = str(self.folder)
        recipe = (RECIPE / "krea-fcgi.conf").read_text().replace("/usr/share/krea-fcgi/public", here)
        upstream = (RECIPE / "krea-fcgi-upstream.conf").read_text().replace("/run/krea-fcgi/krea-fcgi.sock", f"{here}/krea-fcgi.sock")
        upstream = upstream.replace("/run/krea-fcgi-cache", str(self.cache))
        plain = "\n".join(line for line in recipe.splitlines() if not line.strip().startswith("fastcgi_cache "))
        user = "user root;\n" if os.geteuid() == 0 else ""
        files = {
            "krea-fcgi-upstream.conf": upstream, "krea-fcgi.conf": recipe, "krea-fcgi-without-cache.conf": plain,
            "krea-fcgi-old.conf": plain.replace("fastcgi_pass krea_fcgi;", "fastcgi_pass old_krea;"),
            "nginx.conf": user + (HERE / "nginx.conf").read_text(), "php-fpm.conf": (HERE / "php-fpm.conf").read_text(),
        }
        if user:
            files["php-fpm.conf"] += "user = root\ngroup = root\n"
        for name, text in files.items():
            for port, number in self.ports.items():
                text = text.replace(f"PORT_{port}", str(number))
            (self.folder / name).write_text(text.replace("@/", f"{here}/").replace("@;", f"{here};"))

    def url(self, path, port="PLAIN"):
        return f"http://127.0.0.1:{self.ports[port]}{path}"

    def get(self, path, port="PLAIN", method="GET", body=None, fields={}):
        """Status, fields and body; status 0 when there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[port], timeout=10)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), fields)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except OSError:
            return 0, {}, b""
        finally:
            connection.close()

    def accept(self, wanted, port="PLAIN"):
        """The ID of a new job."""
        status, _, body = self.get("/krea/api/jobs", port, "POST", wanted, {"Content-Type": "application/json"})
        if status != 202:
            raise SystemExit(f"A job was not taken: {status} {body.decode()}")
        return json.loads(body)["job_id"]

    def job_in(self, state, wanted, port="PLAIN"):
        """The ID of a new job that has come so far."""
        job = self.accept(wanted, port)
        wait_for(
            lambda: json.loads(self.get(f"/krea/api/jobs/{job}", port)[2])["state"] == state, 30, f"A job that is {state}", pause=0.1)
        return job

    def lines(self, name):
        path = self.folder / f"{name}.log"
        return path.read_text().splitlines() if path.exists() else []

    def stop(self):
        for process in reversed(self.processes):
            process.stop()
        for folder in (self.folder, self.cache):
            shutil.rmtree(folder, ignore_errors=True)


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
