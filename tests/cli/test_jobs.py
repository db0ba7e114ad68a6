"""Several processes: how the work is handed out, and that nothing shows it."""

from __future__ import annotations

import heapq
import random
import sys
from pathlib import Path

import pytest

from tests.cli.support import Run, break_at, put
from tests.hosts import BAD
from tf2lint.cli import examine


@pytest.mark.parametrize("workers", [2, 3, 8])
@pytest.mark.parametrize("count", [9, 100, 2048, 2049, 5000])
def test_all_is_handed_out_once(count: int, workers: int) -> None:
    sizes = [random.Random(at).choice((0, 10, 1000, 50_000, 3_000_000)) for at in range(count)]
    parts = examine.pieces(sizes, workers)
    assert sorted(at for part in parts for at in part) == list(range(count))
    assert sizes[parts[0][0]] == max(sizes[: count // -(-count // 2048)])
    assert all(parts)


@pytest.mark.parametrize("workers", [2, 4])
@pytest.mark.parametrize("last", [0, 400_000])
def test_no_process_waits_for_another(workers: int, last: int) -> None:
    """However the files lie: one that takes long is begun with, and small pieces end the work."""
    sizes = [random.Random(at).randrange(20_000) for at in range(300)] + [last]
    free = [0] * workers  # when each process is
    for part in examine.pieces(sizes, workers):
        heapq.heapreplace(free, free[0] + sum(sizes[at] for at in part))
    best = max(sum(sizes) / workers, *sizes)
    assert max(free) <= best * 1.1


def test_there_may_be_nothing_to_do() -> None:
    assert examine.pieces([], 2) == []


@pytest.mark.parametrize("cache", ["--no-cache", "--cache-dir=c"])
def test_files_of_all_sizes_come_in_order(run: Run, tree: Path, cache: str) -> None:
    put(tree, {f"f{at:02}.py": BAD + "x = 1\n" * (at * 37 % 50) ** 2 for at in range(50)})
    one = run("check", "--jobs=1", "--no-cache", ".")
    assert run("check", "--jobs=3", cache, ".") == one
    assert [line.partition(":")[0] for line in one.lines] == [f"./f{at:02}.py" for at in range(50)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes start without the patch")
def test_a_mistake_of_ours_in_one_process(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tree, {f"f{at:02}.py": BAD for at in range(40)})
    break_at(monkeypatch, "f07.py", KeyError("of ours"))
    done = run("check", "--jobs=2", ".")
    assert done.status == 2
    assert done.err.startswith("tf2lint: ./f07.py:1:1: tf2lint broke at this file: KeyError: ")
    assert done.err.count("\n") == 1
    assert len(done.lines) == 39
