"""How well the pace is kept, and what 24 jobs in flight cost."""

import json
import statistics
import time

from processes import wait_for
from stack import LIVE


def measure(stack, quick):
    log = stack.folder / "paced.log.json"
    krea = stack.begin("paced-krea", stack.krea / "krea-simulator", "--run-seconds", "3600", "--log", log)
    ready = "krea-simulator listening on "
    address = wait_for(
        lambda: next((line[len(ready):] for line in stack.lines("paced-krea") if line.startswith(ready)), None), 20, "Its start", krea)
    store = stack.folder / "paced.sqlite"
    # 24 jobs are brought to Krea fast, and a service with the usual pace goes on from there.
    first = stack.serve("old", store, KREA_API_URL=address, KREA_FCGI_SUBMIT_INTERVAL_SECONDS="0.01")
    wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The start", first)
    for _ in range(24):
        stack.job_in("running", LIVE, "OLD")
    first.stop()
    paced = stack.serve("old", store, KREA_API_URL=address, KREA_FCGI_SUBMIT_INTERVAL_SECONDS="10")
    wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The start", paced)
    for _ in range(20):
        stack.accept(LIVE, "OLD")
    time.sleep(2)
    cpu, start = paced.cpu(), time.time()
    time.sleep(15 if quick else 75)
    used, seconds = paced.cpu() - cpu, time.time() - start
    for process in (paced, krea):
        process.stop()
    for process in (first, paced, krea):
        stack.processes.remove(process)

    calls = [json.loads(line) for line in log.read_text().splitlines()]
    calls = [call for call in calls if call["time"] >= start * 1000]
    submits = [call["time"] for call in calls if call["method"] == "POST"]
    polls = {}
    for call in calls:
        if call["method"] == "GET" and call.get("job_id"):
            polls.setdefault(call["job_id"], []).append(call["time"])
    return {
        "submit_gap_ms": median_gap([submits]),
        "poll_gap_ms": median_gap(polls.values()),
        "cpu_percent": used / seconds / 10_000,
        "calls": len(calls),
    }


def median_gap(series):
    gaps = [later - earlier for times in series for earlier, later in zip(times, times[1:])]
    return statistics.median(gaps) if gaps else None
