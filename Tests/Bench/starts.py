"""What the service costs before anybody asks: its start, its memory, its file."""

import os
import statistics
import time

from processes import wait_for


def measure(stack, quick):
    times = []
    for _ in range(3 if quick else 9):
        service = stack.serve("old", stack.folder / "start.sqlite")
        wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The start", service, pause=0.001)
        times.append((time.monotonic() - service.started) * 1000)
        service.stop()
        stack.processes.remove(service)
    service = stack.serve_alone(stack.folder / "start.sqlite")
    wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The start", service)
    started = service.memory()
    # It gives back what only its start has needed, 10 seconds after it.
    time.sleep(12)
    idle = service.memory()
    service.stop()
    stack.processes.remove(service)
    return {
        "start_ms": statistics.median(times[1:]),
        "first_start_ms": times[0],
        "started_rss_mb": started["rss"],
        "idle_rss_mb": idle["rss"],
        "idle_pss_mb": idle["pss"],
        "idle_own_mb": idle["private_dirty"],
        "binary_mb": os.path.getsize(stack.krea / "krea-fcgi") / 1_000_000,
    }
