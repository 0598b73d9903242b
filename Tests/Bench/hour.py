"""What memory the service takes after long work: 10,000 jobs that go through their whole life, while many read them."""

import subprocess
import time

from processes import wait_for
from stack import JOB

JOBS = 10_000
# Each of 8 connections asks for one of the jobs, its page or a list, a few hundred times a second in all; pages as a browser with scripts
# does, which come whole and not for as long as the job runs.
READER = """
local ids = {}
for id in io.lines("%s") do ids[#ids + 1] = id end
local count = 0
request = function()
    count = count + 1
    if count %% 50 == 0 then return wrk.format("GET", "/krea/api/jobs?limit=20") end
    if count %% 10 == 0 then return wrk.format("GET", "/krea/jobs/" .. ids[math.random(#ids)], {Cookie = "script=1"}) end
    return wrk.format("GET", "/krea/api/jobs/" .. ids[math.random(#ids)])
end
delay = function() return 20 end
"""


def measure(stack, quick):
    seconds = 60 if quick else 3600
    service = stack.serve_alone(stack.folder / "hour.sqlite", KREA_FCGI_SUBMIT_INTERVAL_SECONDS=str(seconds * 0.8 / JOBS))
    wait_for(lambda: stack.get("/krea/health", "OLD")[0] == 200, 20, "The start", service)
    idle = service.memory()
    jobs = [stack.accept(JOB, "OLD") for _ in range(JOBS)]
    (stack.folder / "ids").write_text("".join(f"{job}\n" for job in jobs))
    (stack.folder / "hour.lua").write_text(READER % (stack.folder / "ids"))
    most, start = service.memory(), time.monotonic()
    reader = subprocess.Popen(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "--timeout", "10s", "-s", stack.folder / "hour.lua", stack.url("/", "OLD")],
        stdout=subprocess.PIPE, text=True)
    while reader.poll() is None:
        time.sleep(5)
        now = service.memory()
        most = max(most, now, key=lambda memory: memory["rss"])
    output = reader.communicate()[0]
    end = service.memory()
    ended = subprocess.check_output(
        ["sqlite3", "-readonly", stack.folder / "hour.sqlite", "SELECT count(*) FROM jobs WHERE state = 'completed'"], text=True)
    service.stop()
    stack.processes.remove(service)
    return {
        "seconds": time.monotonic() - start, "idle": idle, "end": end, "most": most, "completed": int(ended),
        "requests": int(output.split(" requests in")[0].split()[-1]), "has_errors": "Non-2xx" in output or "Socket errors" in output,
    }
