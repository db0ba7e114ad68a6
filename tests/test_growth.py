"""Odd input that grows: the work grows with it, and not with its square.

Calls are counted, for that is the same on every machine and shows a square in little text.
"""

from __future__ import annotations

import ast
import cProfile
import gc
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.support import unmark
from tf2lint.check import matchers, reference
from tf2lint.check.engine import check
from tf2lint.check.reference import Reference
from tf2lint.check.registry import rules
from tf2lint.config import options_of
from tf2lint.finding import Finding, Rule
from tf2lint.options import Options
from tf2lint.semantics import limits
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
    "chained calls": lambda n: TF + ("ds = tf.data.Dataset.range(3)" + ".map(f)" * 10 + "\n") * (n // 10),
    "chained attributes": lambda n: TF + ("x = tf" + ".b" * 10 + "\n") * (n // 10),
    "names set on tensorflow": lambda n: TF + "".join(f"tf.log{i} = f\ntf.log{i}(tf.log(x))\n" for i in range(n)),
    "asserted classes": lambda n: TF + "def f(x):\n" + "    assert isinstance(x, tf.Session)\n    x.run(y)\n" * n,
    "values that hang on each other": lambda n: TF + "".join(
        f"a{i + 1} = a{i} if x else b{i}\nb{i + 1} = b{i} if x else a{i}\n" for i in range(n)),
    "sums of each other": lambda n: TF + "def f():\n  for i in x:\n" + "".join(
        f"    if v{j}: v{j} = v{(j + d) % (n // 2)} + v{(j + d + 1) % (n // 2)}\n"
        for d in (1, 2, 3) for j in range(n // 2)) + "  v0.run()\n",
}  # fmt: skip


LOW = {"BINDINGS": 8, "VALUES": 8, "PATIENCE": 8, "STARS": 8, "AHEAD": 2, "CALLS": 2}
_HEAD = re.compile(r"(import|from) |#|\s*$")


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where inference gives up, what it costs grows no more: with low limits that is early."""
    for name, limit in LOW.items():
        assert limit < getattr(limits, name)
        monkeypatch.setattr(limits, name, limit)
    monkeypatch.setattr(reference, "_STORES", 4)


def _calls(text: str, options: Options) -> Counter[str]:
    """How often each function is called, Python's own among them."""
    source = Source(text, "a.py")
    assert source.tree
    profile = cProfile.Profile()
    found = profile.runcall(check, source, options)
    assert "TF000" not in {finding.code for finding in found}
    counted: Counter[str] = Counter()
    for entry in profile.getstats():
        code = entry.code
        at = code if isinstance(code, str) else f"{code.co_filename}:{code.co_firstlineno}"
        counted[at] += entry.callcount
    return counted


def _squares(shape: Callable[[int], str], count: int, options: Options) -> dict[str, list[int]]:
    """Functions whose calls grow faster than the text does, once and twice doubled.

    Each doubling adds twice as many calls as the one before, and four times as many of what
    grows with the square. This counts what no clock would tell yet.
    """
    check(Source(shape(4 * count)), options)  # what is looked up once is known from here on
    once, twice, four = (_calls(shape(count * times), options) for times in (1, 2, 4))
    return {
        name: [once[name], twice[name], four[name]]
        for name in four
        if four[name] - twice[name] > 3 * (twice[name] - once[name]) + 20
    }


@pytest.mark.parametrize("name", list(SHAPES))
@pytest.mark.usefixtures("low")
def test_twice_the_input_is_twice_the_calls(name: str) -> None:
    assert _squares(SHAPES[name], 50, Options()) == {}


def _often(text: str, count: int) -> str:
    """`text`, its imports once and all else `count` times."""
    lines = text.splitlines(keepends=True)
    head = next((at for at, line in enumerate(lines) if not _HEAD.match(line)), len(lines))
    return "".join(lines[:head] + lines[head:] * count)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
@pytest.mark.usefixtures("low")
def test_no_rule_makes_it_the_square(rule: Rule) -> None:
    """Twice as often the same code, with edits."""
    options = replace(options_of({"enable": "all"}), edits="tf2")
    for example in rule.examples:
        assert _squares(partial(_often, unmark(example.bad)[0]), 4, options) == {}


@pytest.mark.usefixtures("low")
def test_a_square_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """One function that asks one thing of every statement, for each finding."""
    real = matchers.diagnose

    def line(stmt: ast.stmt) -> int:
        return stmt.lineno

    def slow(rule: Rule, ref: Reference, *rest: Any) -> Finding:
        assert sum(map(line, ref.module.source.tree.body))
        return real(rule, ref, *rest)

    monkeypatch.setattr(matchers, "diagnose", slow)
    found = _squares(partial(_often, f"{TF}tf.Session()\n"), 6, Options())
    assert [name.rpartition(":")[0] for name in found] == [__file__]


def _seconds(text: str) -> float:
    tree = ast.parse(text)
    gc.collect()
    gc.freeze()  # what other tests left behind is not looked through here
    try:
        begun = time.process_time()
        found = check(Source(text, "a.py", tree), Options())
        assert "TF000" not in {finding.code for finding in found}
        return time.process_time() - begun
    finally:
        gc.unfreeze()


def test_time_of_all_rules() -> None:
    """What is no call, like a search in all of the text: that takes the clock, and much text."""
    texts = [unmark(e.bad)[0] for rule in rules() for e in rule.examples]
    text = "\n".join(text for text in texts if "__future__" not in text)
    _seconds(text)
    few, many = _seconds(text), _seconds(text * 4)
    assert many < 8 * few + 0.5  # the square would be 16 times


def test_ten_megabytes_in_one_line() -> None:
    assert _seconds(TF + "x = '" + "tf.Session() " * 800_000 + "'\n") < 10
