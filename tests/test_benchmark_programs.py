"""The benchmark of whole programs: what is cut down in them, and how numbers are compared."""

from __future__ import annotations

import pytest

from benchmarks.programs.compare import compared
from benchmarks.programs.page import Row, cause, table
from benchmarks.programs.shrink import shrunk
from benchmarks.programs.ways import WAYS, notes, repositories


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("for i in range(1000): pass\n", "for i in range(20): pass\n"),
        ("for i in range(0, 1000, 5): pass\n", "for i in range(0, 20, 5): pass\n"),
        ("training_epochs = 2500\n", "training_epochs = 20\n"),
        ("flags.DEFINE_integer('max_steps', 2000, '')\n",
         "flags.DEFINE_integer('max_steps', 20, '')\n"),
        ("def train(x, iterations=1e4): pass\n", "def train(x, iterations=20): pass\n"),
        ("train(num_steps=500)\n", "train(num_steps=20)\n"),
    ],
)  # fmt: skip
def test_counts_of_steps_are_cut_down(before: str, after: str) -> None:
    assert shrunk(before) == after


@pytest.mark.parametrize(
    "text",
    ["for i in range(50): pass\n", "n_steps = 28\n", "display_step = 100\n", "size = 784\n",
     "for i in range(n * 100): pass\n", "train(step_size=100)\n"],
)  # fmt: skip
def test_other_counts_stay(text: str) -> None:
    assert shrunk(text) == text


@pytest.mark.parametrize(
    ("first", "second", "after", "told"),
    [
        ("loss 1.0 at 12:01", "loss 1.0 at 12:02", "loss 1.0005 at 12:03", (2, 0)),
        ("loss 1.0", "loss 1.0", "loss 1.01", (1, 1)),
        ("loss 1.0", "loss 1.0", "", (1, 1)),
        ("loss 1e-3", "loss nan", "loss 1e-3", (0, 0)),
        ("conv2d_1 took 3 s", "conv2d_1 took 4 s", "conv2d_7 took 3 s", (0, 0)),
    ],
)
def test_numbers_that_are_steady_are_compared(
    first: str, second: str, after: str, told: tuple[int, int]
) -> None:
    assert tuple(compared(first, second, after)) == told


def test_the_table_counts_what_ran_before() -> None:
    ok = {"code": 0, "error": "", "sessions": 3, "printed": "1.0"}
    bad = {"code": 1, "error": "line 1: AttributeError: module 'tensorflow' has no attribute "
           "'contrib'", "sessions": 0, "printed": ""}  # fmt: skip
    first, second, third = (Row(f"a/b/{n}", {way.name: ok for way in WAYS}) for n in range(3))
    first.before = second.before = [ok, ok]
    third.before = [ok, bad]
    second.after = {way.name: bad for way in WAYS}
    first.told = second.told = {way.name: True for way in WAYS}
    assert cause(bad) == "`tf.contrib`, gone"
    assert "| `fix` | 1 of 2 | 50% | 1 | 1 | 1 | `tf.contrib`, gone 1 |" in table(
        [first, second, third]
    )


def test_the_programs_are_there_once() -> None:
    names = [(one.name, path) for one in repositories() for path in one.programs]
    assert len(names) == len(set(names)) > 60
    assert all(len(one.commit) == 40 for one in repositories())
    known = {f"{name}/{path}" for name, path in names}
    assert known >= notes("fails").keys() | notes("numbers").keys()
