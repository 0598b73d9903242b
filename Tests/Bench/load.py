"""One run of wrk against one address, and what it cost."""

import re
import statistics
import subprocess

UNITS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()
    return float(number) * UNITS[unit]


def run(url, connections, seconds, backend, nginx, options=()):
    """Requests a second, p50 and p99 in ms, wrong answers, and CPU microseconds a request."""
    before = (backend.cpu() if backend else 0, nginx.cpu())
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency", *options, url],
        capture_output=True, text=True, check=True).stdout
    after = (backend.cpu() if backend else 0, nginx.cpu())
    requests = max(int(re.search(r"(\d+) requests in", output)[1]), 1)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    errors = re.search(r"Socket errors: (.*)", output)
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]),
        "p50": milliseconds(re.search(r"(?m)^ +50% +(\S+)", output)[1]),
        "p99": milliseconds(re.search(r"(?m)^ +99% +(\S+)", output)[1]),
        "requests": requests,
        "wrong": int(wrong[1]) if wrong else 0,
        "socket_errors": errors[1] if errors else None,
        "cpu": (after[0] - before[0]) / requests,
        "nginx_cpu": (after[1] - before[1]) / requests,
    }


def medians(runs):
    """The median of each figure, each by itself."""
    figures = {name: statistics.median(run[name] for run in runs) for name in ("rate", "p50", "p99", "cpu", "nginx_cpu")}
    return figures | {"wrong": sum(run["wrong"] for run in runs), "rounds": len(runs)}
