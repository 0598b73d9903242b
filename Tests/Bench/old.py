"""A store after years, 1,000,000 finished and 10,000 waiting jobs, beside an empty one."""

import json
import statistics
import subprocess
import time

import load
from processes import wait_for
from stack import HERE, JOB, LIVE


def measure(stack, quick):
    old = serve_old(stack)
    wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The start with an old store", old)
    seconds = 1 if quick else 3
    runs, lists = {}, {}
    for _ in range(2 if quick else 5):
        live = {port: live_job(stack, port) for port in ("PLAIN", "OLD")}
        for port, service in (("PLAIN", stack.service), ("OLD", old)):
            url = stack.url(f"/krea/api/jobs/{live[port]}", port)
            runs.setdefault(port, []).append(load.run(url, 16, seconds, service, stack.nginx))
        for name, cursor in (("first", ""), ("last", "&cursor=" + far_back(stack))):
            lists.setdefault(name, []).append(milliseconds(stack, f"/krea/api/jobs?limit=20{cursor}"))
    old.stop()
    stack.processes.remove(old)
    empty, full = load.medians(runs["PLAIN"]), load.medians(runs["OLD"])
    return {"empty": empty, "old": full, "list_ms": {name: statistics.median(found) for name, found in lists.items()}}


def serve_old(stack):
    """The service on a store that was filled while nobody had it open."""
    store = stack.folder / "old-jobs.sqlite"
    first = stack.serve("old", store)
    wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The second service's start", first)
    stack.job_in("completed", JOB, "OLD")
    first.stop()
    stack.processes.remove(first)
    subprocess.run(["sqlite3", store], stdin=open(HERE / "old-jobs.sql"), check=True)
    # Nothing of the queue moves meanwhile.
    return stack.serve("old", store, KREA_FCGI_SUBMIT_INTERVAL_SECONDS="1000")


def live_job(stack, port):
    """One that Krea never ends; in the old store it is the last of many, so it is put to the front."""
    if port == "PLAIN":
        return stack.job_in("running", LIVE)
    job = stack.accept(LIVE, port)
    sql = f"""
        PRAGMA busy_timeout = 5000;
        UPDATE submissions SET state = 'running', krea_id = '{job}', krea_status = 'queued', route = 'bfl/flux-1-dev', started_at = unixepoch() * 1000,
            next_poll_at = unixepoch() * 1000 + 3600000 WHERE job = (SELECT seq FROM jobs WHERE id = '{job}');
        UPDATE jobs SET state = 'running' WHERE id = '{job}';
        """
    subprocess.run(["sqlite3", stack.folder / "old-jobs.sqlite", sql], check=True, capture_output=True)
    return job


def far_back(stack):
    """The ID of one of the first jobs of whoever asks."""
    earliest = "SELECT id FROM jobs WHERE client = 'address:127.0.0.1' ORDER BY seq LIMIT 1 OFFSET 100"
    return subprocess.check_output(["sqlite3", "-readonly", stack.folder / "old-jobs.sqlite", earliest], text=True).strip()


def milliseconds(stack, path):
    times = []
    for _ in range(20):
        start = time.monotonic()
        status, _, body = stack.get(path, "OLD")
        times.append((time.monotonic() - start) * 1000)
        if status != 200 or not json.loads(body)["items"]:
            raise SystemExit(f"No list at {path}: {status}")
    return statistics.median(times)
