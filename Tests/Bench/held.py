"""Requests that are held: what each costs, and how soon a change reaches those who wait for it."""

import os
import resource
import signal
import statistics
import subprocess
import threading
import time

import load
from processes import wait_for
from stack import JOB

# Each takes two of nginx's descriptors.
WATCHERS = min(10_000, (resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 200) // 2)
RATE, SECONDS = 100, 10
# As many connections as nginx keeps.
KEPT = 256


class Watchers:
    """Connections to the web server, each with a request that waits."""

    def __init__(self, stack, paths):
        file = stack.folder / "watched"
        file.write_text("\n".join(paths) + "\n")
        self.arrivals = []
        self.program = subprocess.Popen(
            [stack.programs / "hold", str(stack.ports["OLD"]), file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.asked = threading.Event()
        threading.Thread(target=self.read, daemon=True).start()
        if not self.asked.wait(120):
            raise SystemExit("The watchers did not come in.")

    def read(self):
        for line in self.program.stdout:
            if line.startswith("held"):
                self.asked.set()
            else:
                number, at, count, status = line.split()
                self.arrivals.append((int(number), float(at), int(count), int(status)))

    def since(self, start):
        """What has come since a moment, of each watcher the first."""
        found = {}
        for number, at, count, status in list(self.arrivals):
            if at >= start and count:
                found.setdefault(number, at - start)
        return found

    def stop(self):
        self.program.stdin.close()
        self.program.wait()


def now():
    return time.monotonic() * 1000


def descriptors(service):
    return len(os.listdir(f"/proc/{service.program.pid}/fd"))


def measure(stack, quick):
    watchers = 1000 if quick else WATCHERS
    service = stack.serve("old", stack.folder / "held.sqlite", KREA_FCGI_SUBMIT_INTERVAL_SECONDS="3600")
    wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The service's start", service)
    path = lambda job: f"/krea/api/jobs/{job}?wait=50"
    cancel = lambda job: stack.get(f"/krea/api/jobs/{job}", "OLD", "DELETE")
    result = {"watchers": watchers}

    # The first jobs are at Krea, or about to be.
    for _ in range(2):
        stack.accept(JOB, "OLD")
    warm = Watchers(stack, [path(stack.accept(JOB, "OLD"))] * 200)
    time.sleep(2)
    warm.stop()
    time.sleep(1)

    # All wait for one job.
    job = stack.accept(JOB, "OLD")
    before, opened = service.memory()["private_dirty"], descriptors(service)
    all = Watchers(stack, [path(job)] * watchers)
    time.sleep(3)
    result["kib"] = (service.memory()["private_dirty"] - before) * 1024 / watchers
    poll = stack.url(f"/krea/api/jobs/{stack.accept(JOB, 'OLD')}", "OLD")
    beside = load.run(poll, 16, 2, service, stack.nginx)
    start, used = now(), service.cpu()
    cancel(job)
    wait_for(lambda: len(all.since(start)) == watchers, 60, "The last watcher's answer")
    result["last_ms"] = max(all.since(start).values())
    result["first_ms"] = min(all.since(start).values())
    result["processor_ms"] = (service.cpu() - used) / 1000
    all.stop()
    # The connections that nginx keeps for later are counted, too.
    wait_for(lambda: descriptors(service) <= opened + KEPT, 60, "The end of the connections of those who have left")
    result["descriptors"] = [opened, descriptors(service)]
    alone = load.run(poll, 16, 2, service, stack.nginx)
    result["polls"] = {"alone": alone["cpu"], "beside": beside["cpu"]}

    # Each waits for a job of its own.
    jobs = [stack.accept(JOB, "OLD") for _ in range(watchers)]
    each = Watchers(stack, [path(job) for job in jobs])
    time.sleep(3)
    began, used, told = time.monotonic(), service.cpu(), {}
    for number in range(min(watchers, RATE * (2 if quick else SECONDS))):
        while time.monotonic() < began + number / RATE:
            time.sleep(0.0005)
        start = now()
        cancel(jobs[number])
        # From its answer on it is committed; the watcher may know before.
        told[number] = (start, now())
    took = time.monotonic() - began
    time.sleep(1)
    result["busy_percent"] = (service.cpu() - used) / (took + 1) / 10_000
    arrived = {}
    for number, at, count, _ in list(each.arrivals):
        if number in told and at >= told[number][0]:
            arrived.setdefault(number, at - told[number][1])
    late = sorted(max(0, arrived[number]) for number in told if number in arrived)
    result["rate"] = {
        "changes": len(told), "missed": len(told) - len(late), "a_second": len(told) / took, "p50": statistics.median(late),
        "p99": late[int(len(late) * 0.99)], "most": late[-1]}

    # It stops with all of them, each of which gets its last answer.
    start = now()
    service.program.send_signal(signal.SIGTERM)
    service.program.wait(60)
    result["stop_ms"] = now() - start
    time.sleep(1)
    result["answered_at_stop"] = len(each.since(start))
    result["waiting_at_stop"] = watchers - len(told)
    each.stop()
    stack.processes.remove(service)
    return result
