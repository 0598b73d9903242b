"""What the service costs before anybody asks: its start, its memory, its file."""

import os
import statistics
import time

from processes import wait_for


def measure(stack, quick):
    times, memory = [], []
    for _ in range(3 if quick else 9):
        service = stack.serve("old", stack.folder / "start.sqlite")
        wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The start", service, pause=0.001)
        times.append((time.monotonic() - service.started) * 1000)
        time.sleep(1)
        memory.append(service.memory())
        service.stop()
        stack.processes.remove(service)
    return {
        "start_ms": statistics.median(times[1:]),
        "first_start_ms": times[0],
        "idle_rss_mb": statistics.median(each["rss"] for each in memory),
        "idle_pss_mb": statistics.median(each["pss"] for each in memory),
        "idle_own_mb": statistics.median(each["private_dirty"] for each in memory),
        "binary_mb": os.path.getsize(stack.krea / "krea-fcgi") / 1_000_000,
    }
