"""Whole processes, measured: wall time, CPU time and peak memory; rounds are interleaved."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """Something to run. `fine` are the exit statuses that count as done.

    What is slow need not be `warmed` up by a run that does not count.
    """

    words: Sequence[str]
    fine: tuple[int, ...] = (0, 1)
    before: Callable[[], None] = lambda: None
    env: Mapping[str, str] = field(default_factory=dict)
    warmed: bool = True


@dataclass(frozen=True)
class Sample:
    """One run: seconds, seconds of CPU (children included), peak memory of a process in MB."""

    wall: float
    cpu: float
    peak: float


def run(command: Command, folder: Path) -> Sample:
    """Run once. Raises `RuntimeError` where the command fails."""
    command.before()
    env = {**os.environ, **command.env}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # who uses a program has it compiled
    with open(os.devnull, "wb") as out, open(folder / "stderr.txt", "wb+") as err:
        begun = time.perf_counter()
        process = subprocess.Popen(command.words, cwd=folder, stdout=out, stderr=err, env=env)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code not in command.fine:
            err.seek(0)
            said = err.read().decode("utf-8", "replace")[-600:]
            raise RuntimeError(f"{' '.join(command.words)[:200]}: exit status {code}: {said}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def interleaved(
    commands: Mapping[str, Command], folder: Path, repeat: int, say: Callable[[str], None]
) -> dict[str, list[Sample]]:
    """`repeat` rounds over all commands, each round starting at another one; one to warm up."""
    names = list(commands)
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    for turn in range(-1, repeat):
        at = turn % len(names)
        for name in names[at:] + names[:at]:
            if turn < 0 and (repeat == 1 or not commands[name].warmed):
                continue
            sample = run(commands[name], folder)
            if turn >= 0:
                samples[name].append(sample)
        say(f"round {turn + 1} of {repeat}")
    return samples


def ratio(over: Sequence[Sample], under: Sequence[Sample], cpu: bool = False) -> str:
    """The ratio within each round: its median, least and most."""
    if not over or not under:
        return ""
    pairs = [
        (a.cpu / b.cpu) if cpu else (a.wall / b.wall) for a, b in zip(over, under, strict=True)
    ]
    return f"{statistics.median(pairs):.2f} ({min(pairs):.2f}–{max(pairs):.2f})"


def row(samples: Sequence[Sample]) -> str:
    """Wall time in a table."""
    walls = [sample.wall for sample in samples]
    return f"{statistics.median(walls):.3f} ({min(walls):.3f}–{max(walls):.3f})"
