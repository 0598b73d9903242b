"""Keeping jobs: how many a second are on disk before they are answered."""

import json
import sqlite3
import subprocess

import load
from processes import wait_for
from stack import JOB


def measure(stack, quick):
    # A store of its own for each, in the same shape and on the same disk.
    stack.job_in("completed", JOB)
    quiet = stack.serve("old", stack.folder / "submitted.sqlite", KREA_FCGI_SUBMIT_INTERVAL_SECONDS="1000")
    wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The second service's start", quiet)
    stack.accept(JOB, "OLD")
    for name in ("bare.sqlite", "php.sqlite"):
        copy(stack.folder / "submitted.sqlite", stack.folder / name)
    script = stack.folder / "submit.lua"
    script.write_text(
        f'wrk.method = "POST"\nwrk.body = {json.dumps(json.dumps(JOB))}\nwrk.headers["Content-Type"] = "application/json"\n')
    if not hasattr(stack, "php"):
        stack.start_others(b"{}")
    seconds = 1 if quick else 3
    runs = {}
    for _ in range(1 if quick else 3):
        for name, connections, url, backend in (
            ("SQLite alone", 1, None, None),
            ("PHP-FPM", 1, stack.url("/php/submit"), stack.php), ("krea-fcgi", 1, stack.url("/krea/api/jobs", "OLD"), quiet),
            ("PHP-FPM", 64, stack.url("/php/submit"), stack.php), ("krea-fcgi", 64, stack.url("/krea/api/jobs", "OLD"), quiet),
        ):
            if url:
                run = load.run(url, connections, seconds, backend, stack.nginx, ("-s", str(script)))
            else:
                rate = float(subprocess.check_output([stack.programs / "commits", stack.folder / "bare.sqlite", str(seconds)]))
                run = {"rate": rate, "p50": 1000 / rate, "p99": 0, "cpu": 0, "nginx_cpu": 0, "wrong": 0}
            runs.setdefault((name, connections), []).append(run)
    quiet.stop()
    stack.processes.remove(quiet)
    return [{"name": name, "connections": count} | load.medians(found) for (name, count), found in runs.items()]


def copy(source, target):
    """A copy of a store in use."""
    with sqlite3.connect(source) as there, sqlite3.connect(target) as here:
        there.backup(here)
    there.close()
    here.close()
