"""Our data classes do what those of the standard library do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from types import ModuleType

import pytest

import tf2lint
from tf2lint import data_classes
from tf2lint.finding import Finding, Hint


def _classes(module: ModuleType) -> dict[str, type]:
    @module.dataclass(frozen=True, order=True)
    class Ordered:
        line: int
        code: str = "TF"
        hint: str = module.field(default="", compare=False)
        rule: str = module.field(default="r", compare=False, repr=False)

    @module.dataclass
    class Open:
        path: str
        found: list[str] = module.field(default_factory=list)

    @module.dataclass(frozen=True)
    class Below(Ordered):
        more: int = 3

    @module.dataclass(eq=False)
    class Single:
        name: str

    return {made.__name__: made for made in (Ordered, Open, Below, Single)}


@pytest.mark.parametrize("name", ["Ordered", "Open", "Below", "Single"])
@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), ((1,), {}), ((1, "x"), {}), ((1,), {"hint": "h"}), ((1, "x", "h", "r", 4), {}),
     ((1,), {"other": 2}), ((1, "x", "h", "r", 4, 5), {})],
)  # fmt: skip
def test_made_alike(name: str, values: tuple[object, ...], named: dict[str, object]) -> None:
    shown = []
    for module in (data_classes, dataclasses):
        try:
            shown.append(repr(_classes(module)[name](*values, **named)).rpartition(".")[2])
        except TypeError:
            shown.append("TypeError")
    ours, theirs = shown
    assert ours == theirs


@pytest.mark.parametrize("module", [data_classes, dataclasses])
def test_compared_alike(module: ModuleType) -> None:
    made = _classes(module)
    one, same, other = made["Ordered"](1), made["Ordered"](1, hint="h"), made["Ordered"](2)
    assert one == same
    assert hash(one) == hash(same)
    assert one < other
    assert other >= same
    assert one != 1
    assert module.replace(other, line=1) == dataclasses.replace(other, line=1) == one
    assert made["Below"](1) != one
    with pytest.raises(AttributeError):
        one.line = 2
    with pytest.raises(AttributeError):
        del one.line
    with pytest.raises(TypeError):
        module.replace(one, place=1)
    first, second = made["Open"]("x"), made["Open"]("x")
    first.found.append("y")
    assert first != second
    with pytest.raises(TypeError):
        hash(first)
    assert made["Single"]("x") != made["Single"]("x")


def test_copied() -> None:
    finding = Finding(1, 0, 1, 4, "TF101", "text", "tf.x", "removed", hint=Hint("use"))
    for again in (copy.copy(finding), pickle.loads(pickle.dumps(finding))):
        assert again == finding
        assert again.hint == finding.hint


def test_what_a_file_without_tensorflow_loads(tmp_path) -> None:
    (tmp_path / "plain.py").write_text("import os\n")
    code = (
        "import sys; from tf2lint.cli import main\n"
        "main(['check', '--no-cache', '--ignore=TF101', 'plain.py'])\n"
        "slow = {'dataclasses', 'inspect', 'json', 'tf2lint.check.engine', 'tf2lint.check.registry'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=tmp_path, text=True, capture_output=True,
        check=True, env={"PYTHONPATH": tf2lint.__path__[0] + "/.."},
    )  # fmt: skip
    assert done.stdout == "[]\n"
