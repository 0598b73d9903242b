"""Programs that run while others are measured: started, watched through /proc, and stopped again."""

import os
import pathlib
import subprocess
import time

TICK = 1_000_000 / os.sysconf("SC_CLK_TCK")


class Process:
    """A program with all its children."""

    def __init__(self, arguments, log, environment=None):
        self.log = log
        self.started = time.monotonic()
        with open(log, "ab") as output:
            self.program = subprocess.Popen(
                [str(argument) for argument in arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=None if environment is None else os.environ | environment)

    def ids(self):
        """The process and those that it has started."""
        found, new = [], [self.program.pid]
        while new:
            found += new
            new = [child for parent in new for child in children(parent)]
        return found

    def cpu(self):
        """Microseconds of CPU time so far."""
        return sum(cpu(process) for process in self.ids())

    def memory(self):
        """RSS, PSS, and what has been written to and so is nobody else's, in MB."""
        sums = {"Rss": 0, "Pss": 0, "Private_Dirty": 0}
        for process in self.ids():
            for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                if name in sums:
                    sums[name] += int(value.split()[0])
        return {name.lower(): value / 1024 for name, value in sums.items()}

    def check(self):
        if self.program.poll() is not None:
            raise SystemExit(f"{self.program.args[0]} has ended:\n{pathlib.Path(self.log).read_text()[-2000:]}")

    def stop(self):
        if self.program.poll() is None:
            self.program.terminate()
            try:
                self.program.wait(20)
            except subprocess.TimeoutExpired:
                self.program.kill()
                self.program.wait()


def children(process):
    try:
        tasks = os.listdir(f"/proc/{process}/task")
        lists = [pathlib.Path(f"/proc/{process}/task/{task}/children").read_text() for task in tasks]
        return [int(child) for text in lists for child in text.split()]
    except OSError:
        return []


def cpu(process):
    try:
        fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK
    except OSError:
        return 0


def wait_for(condition, seconds, what, process=None, pause=0.02):
    """What the condition gives, once it is true."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if process:
            process.check()
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not happen within {seconds} s.")
        time.sleep(pause)
