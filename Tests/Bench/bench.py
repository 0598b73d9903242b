"""Measures krea-fcgi beside others; see bench.sh."""

import argparse
import json
import pathlib
import platform

import dispatch
import held
import hour
import old
import polls
import report
import starts
import submissions
from stack import Stack

PARTS = {"polls": polls, "submissions": submissions, "old": old, "start": starts, "dispatch": dispatch, "held": held, "hour": hour}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    parser.add_argument("--krea", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default=",".join(name for name in PARTS if name not in ("held", "hour")))
    parser.add_argument("--json", default=".build/bench.json")
    options = parser.parse_args()

    stack = Stack(options.programs, options.krea)
    try:
        stack.start()
        results = {"machine": machine(), "quick": options.quick}
        for name in options.only.split(","):
            results[name] = PARTS[name].measure(stack, options.quick)
    finally:
        stack.stop()
    pathlib.Path(options.json).write_text(json.dumps(results, indent=1))
    print(report.markdown(results))


def machine():
    model = next((line.partition(": ")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    cores = sum(1 for line in open("/proc/cpuinfo") if line.startswith("processor"))
    system = next((line.partition("=")[2].strip().strip('"') for line in open("/etc/os-release") if line.startswith("PRETTY_NAME")), "")
    return f"{cores} cores of {model}, {system}"


main()
