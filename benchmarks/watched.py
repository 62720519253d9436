"""A plan in a process of its own, under a limit of memory and of time."""

import json
import re
import resource
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import Any

import psutil

LOOK_EVERY = 0.05


@dataclass(frozen=True)
class Limits:
    """What a plan may use, its warming run included."""

    memory_mb: int = 8_000
    seconds: float = 600.0


def tree(root: psutil.Process) -> list[psutil.Process]:
    """A process and those that it started: Spark works in one of its own."""
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu_seconds() -> float:
    """CPU seconds of this process and of those that it started and that still run."""
    own = resource.getrusage(resource.RUSAGE_SELF)  # finer than the ticks that psutil counts in
    others = [one.cpu_times() for one in tree(psutil.Process())[1:]]
    return own.ru_utime + own.ru_stime + float(sum(one.user + one.system for one in others))


def resident_mb(root: psutil.Process) -> float:
    """Memory that a process and those that it started hold now; what ended in between holds none."""
    total = 0
    for one in tree(root):
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20


def busy_seconds() -> float:
    """CPU seconds that the machine's cores have spent, on anybody's work."""
    times = psutil.cpu_times()
    return float(sum(getattr(times, name, 0.0) for name in ("user", "nice", "system", "irq", "softirq", "steal")))


def own_seconds() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    spent = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in spent)


def watched(command: list[str], limits: Limits) -> dict[str, Any]:
    """What `run` tells, and `others_cores`: how many cores others kept busy meanwhile, on average."""
    busy, own, began = busy_seconds(), own_seconds(), time.monotonic()
    told = run(command, limits)
    others = (busy_seconds() - busy) - (own_seconds() - own)
    return {**told, "others_cores": round(max(others, 0.0) / (time.monotonic() - began), 2)}


def run(command: list[str], limits: Limits) -> dict[str, Any]:
    """The JSON that `command` prints, `peak_mb` in it; or `left_out` and `why` if it failed or passed a limit."""
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        child = subprocess.Popen(command, stdout=said, stderr=complained)  # noqa: S603  ourselves
        root, began, peak, stopped = psutil.Process(child.pid), time.monotonic(), 0.0, ""
        while child.poll() is None and not stopped:
            time.sleep(LOOK_EVERY)
            peak = max(peak, resident_mb(root))
            if peak > limits.memory_mb:
                stopped = "memory"
            elif time.monotonic() - began > limits.seconds:
                stopped = "time"
        _end(root)
        child.wait()
        said.seek(0)
        complained.seek(0)
        return _told(stopped, child.returncode, said.read(), complained.read(), peak)


def _end(root: psutil.Process) -> None:
    """End it and what it started; nothing is left of one that ended by itself."""
    for one in tree(root):
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue


def _told(stopped: str, code: int, said: str, complained: str, peak: float) -> dict[str, Any]:
    if stopped:
        return {"left_out": stopped, "peak_mb": round(peak)}
    if code:
        last = complained.strip().splitlines()[-1:] or [f"it ended with {code}"]
        word = "memory" if any(sign in complained for sign in _OUT_OF_MEMORY) else "failed"
        return {"left_out": word, "why": _FOLDERS.sub("", last[0])[:200], "peak_mb": round(peak)}
    told: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return {**told, "peak_mb": round(max(peak, told["peak_mb"]))}


_FOLDERS = re.compile(r"(?:/[\w.-]+)+/")
_OUT_OF_MEMORY = ("Out of Memory", "OutOfMemory", "MEMORY_LIMIT_EXCEEDED", "MemoryError", "Unable to allocate")
