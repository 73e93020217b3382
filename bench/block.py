"""What a stretch of work cost, and how figures are put together."""

import statistics
import sys
import time

from bench import processes


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)


class Block:
    """What a block of requests cost: seconds of the clock, CPU-seconds of a server and of everybody else."""

    def __init__(self, server, everyone):
        self.pids, self.everyone = server.pids, everyone

    def __enter__(self):
        self.began = time.perf_counter(), processes.cpu_seconds(self.pids), *self._elsewhere()
        return self

    def __exit__(self, *_):
        clock, cpu, machine, ours = self.began
        self.seconds = time.perf_counter() - clock
        self.cpu = processes.cpu_seconds(self.pids) - cpu
        machine_now, ours_now = self._elsewhere()
        self.foreign = max(0.0, (machine_now - machine) - (ours_now - ours)) / self.seconds

    def _elsewhere(self):
        return processes.machine_seconds(), processes.cpu_seconds(self.everyone) + time.process_time()


def middle(upper, lower):
    """The middle of the ratios of each round, and all of them."""
    ratios = [above / below for above, below in zip(upper, lower, strict=True)]
    return {"median": round(statistics.median(ratios), 2), "all": [round(ratio, 2) for ratio in ratios]}


def percentiles(values):
    if len(values) < 2:
        return {}
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return {f"p{place}": round(cuts[place - 1], 2) for place in (50, 95, 99)}
