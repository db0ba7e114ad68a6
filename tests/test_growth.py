"""Odd input that grows: the time grows with it, and not with its square."""

from __future__ import annotations

import ast
import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.support import unmark
from tf2lint.check.engine import check
from tf2lint.check.registry import rules
from tf2lint.config import options_of
from tf2lint.options import Options
from tf2lint.source import Source

TF = "import tensorflow as tf\n"
SHAPES: dict[str, Callable[[int], str]] = {
    "aliases": lambda n: TF + "a0 = tf\n" + "".join(f"a{i + 1} = a{i}\na{i}.Session()\n" for i in range(n)),
    "functions that call each other": lambda n: TF + "".join(
        f"def f{i}(x):\n    y = f{(i + 1) % n}(x)\n    return f{(i + 2) % n}(y) if x else y\n" for i in range(n)
    ),
    "arms that bind one name": lambda n: TF + "".join(f"if x == {i}:\n    s = tf.summary\n" for i in range(n)),
    "a function of many parameters": lambda n: TF + f"def f({', '.join(f'a{i}' for i in range(n))}):\n  pass\n"
    + "".join(f"f(a{i}=tf.summary)\n" for i in range(n)),
    "a wide class": lambda n: TF + "class A:\n  def __init__(self):\n" + "".join(
        f"    self.a{i} = tf.Session()\n" for i in range(n)) + "".join(
        f"  def m{i}(self, x):\n    return self.a{i}.run(x)\n" for i in range(n)),
    "star imports": lambda n: "".join(f"from tensorflow.a{i} import *\n" for i in range(n))
    + "".join(f"x{i}()\n" for i in range(n)),
    "one long line": lambda n: TF + "x = [" + "tf.Session(), " * n + "]\n",
    "chained calls": lambda n: TF + ("ds = tf.data.Dataset.range(3)" + ".map(f)" * 100 + "\n") * (n // 100),
    "chained attributes": lambda n: TF + ("x = tf" + ".b" * 100 + "\n") * (n // 100),
    "names set on tensorflow": lambda n: TF + "".join(f"tf.log{i} = f\ntf.log{i}(tf.log(x))\n" for i in range(n)),
    "asserted classes": lambda n: TF + "def f(x):\n" + "    assert isinstance(x, tf.Session)\n    x.run(y)\n" * n,
    "values that hang on each other": lambda n: TF + "".join(
        f"a{i + 1} = a{i} if x else b{i}\nb{i + 1} = b{i} if x else a{i}\n" for i in range(n)),
    "sums of each other": lambda n: TF + "def f():\n  for i in x:\n" + "".join(
        f"    if v{j}: v{j} = v{(j + d) % (n // 100)} + v{(j + d + 1) % (n // 100)}\n"
        for d in (1, 2, 3) for j in range(n // 100)) + "  v0.run()\n",
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_garbage_alone() -> Iterator[None]:
    """What other tests left behind is not looked through in the middle of a measurement."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def _seconds(text: str, options: Options | None = None) -> float:
    tree = ast.parse(text)
    begun = time.process_time()
    found = check(Source(text, "a.py", tree), options or Options())
    assert "TF000" not in {finding.code for finding in found}
    return time.process_time() - begun


@pytest.mark.parametrize("name", list(SHAPES))
def test_eight_times_the_input(name: str) -> None:
    shape = SHAPES[name]
    _seconds(shape(100))  # tables are loaded
    small = max(_seconds(shape(400)), 0.01)
    assert _seconds(shape(3200)) < 24 * small + 0.5  # the square would be 64 times


def _bad() -> list[tuple[str, str]]:
    texts = [(f"{rule.code} {at}", unmark(example.bad)[0])
             for rule in rules() for at, example in enumerate(rule.examples)]  # fmt: skip
    return [(name, text) for name, text in texts if "__future__" not in text]


def test_no_rule_makes_it_the_square() -> None:
    """Four times as often the same code, with edits."""
    options = replace(options_of({"enable": "all"}), edits="tf2")
    slow = {}
    for name, text in _bad():
        _seconds(text, options)
        few, many = (_seconds(f"{text}\n" * count, options) for count in (100, 400))
        if many > 8 * few + 0.4:  # the square would be 16 times
            slow[name] = (few, many)
    assert slow == {}


def test_ten_megabytes_in_one_line() -> None:
    assert _seconds(TF + "x = '" + "tf.Session() " * 800_000 + "'\n") < 10
