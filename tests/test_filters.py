"""What is left out for speed says nothing: with every filter off, the findings are the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import findings, unmark
from tests.test_one_model import CASES, OLD, V1, WAYS, _tree
from tf2lint.check import engine, prefilter
from tf2lint.check.registry import rules
from tf2lint.finding import Finding
from tf2lint.semantics.binder import Binder
from tf2lint.semantics.evaluation import Evaluation
from tf2lint.semantics.inference import Inference
from tools import fuzz

FIXTURES = sorted(Path(__file__).parent.glob("fixtures/*.py"))
MOST_ASKED = 2.5
_Told = list[tuple[Finding, object]]


@contextmanager
def everything_asked() -> Iterator[None]:
    """No text search, no look at what a chain starts at, no answer of a test that is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine.Examination, "_means_nothing", lambda *_, **__: False)
        patch.setattr(engine, "may_concern", lambda *_: True)
        patch.setattr(Evaluation, "_of_bindings", Evaluation._reached)
        yield


def _told(text: str, path: str | None = None) -> _Told:
    return [(found, found.hint) for found in findings(text, path, enable=["all"])]


def _both(text: str, path: str | None = None) -> tuple[_Told, _Told]:
    with everything_asked():
        off = _told(text, path)
    return _told(text, path), off


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_fixtures(fixture: Path) -> None:
    filtered, everything = _both(fixture.read_text())
    assert filtered == everything


def test_examples() -> None:
    differ = []
    for text in (text for rule in rules() for one in rule.examples for text in (one.bad, one.good)):
        filtered, everything = _both(unmark(text)[0])
        if filtered != everything:
            differ.append(text)
    assert differ == []


def test_generated_modules() -> None:
    differ = []
    for number, text in fuzz.cases("mutate", 11, 0, 120, fuzz.seeds()):
        try:
            filtered, everything = _both(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if filtered != everything:
            differ.append(number)
    assert differ == []


@pytest.mark.parametrize("far", [3, 8, 14, 28, 29, 30, 31, 60])
@pytest.mark.parametrize("wide", [1, 2, 3])
def test_flags_however_far_they_come_from(far: int, wide: int) -> None:
    """What is too far away from one place is not, from another, whichever is asked first."""
    flags = "f0 = tf.__version__ < '2'\n" + "".join(
        f"f{at + 1} = {' or '.join([f'f{at}'] * wide)}\n" for at in range(far)
    )
    use = "if {}:\n    tf.Session()\nelse:\n    tf.placeholder()\n"
    at = [*range(0, far + 1, 5), far]
    for order in (at, at[::-1]):
        filtered, everything = _both(
            f"import tensorflow as tf\n{flags}{''.join(use.format(f'f{n}') for n in order)}"
        )
        assert filtered == everything


@pytest.mark.parametrize("case", CASES)
def test_modules_that_do_not_name_tensorflow(case: str, tmp_path: Path) -> None:
    base, name, use = CASES[case]
    for number, (files, imports) in enumerate(WAYS.values()):
        folder = tmp_path / str(number)
        _tree(folder, {"p/base.py": base, **{p: t.format(name=name) for p, t in files.items()}})
        text = imports.format(name=name) + use
        filtered, everything = _both(text, str(folder / "p/use.py"))
        assert filtered == everything, list(WAYS)[number]


@pytest.mark.parametrize(
    "imports",
    [
        "if True: from p.base import tf\n",
        "x = 1; from p.base import tf\n",
        "from p.base \\\n    import tf\n",
        "from p.base import (  # all\n    tf,\n)\n",
        "import os, p.base as base\ntf = base.tf\n",
        "import importlib\ntf = importlib.import_module('p.base').tf\n",
        "name = 'p.base'\ntf = __import__(name).base.tf\n",
        "def f():\n    global tf\n    from p.base import tf\n",
        "class A:\n    from p.base import tf\ntf = A.tf\n",
    ],
)
def test_every_form_of_an_import_is_seen(imports: str, tmp_path: Path) -> None:
    _tree(tmp_path, {"p/base.py": V1})
    path = str(tmp_path / "p/use.py")
    filtered, everything = _both(imports + OLD, path)
    assert filtered == everything
    assert prefilter.may_concern(imports + OLD, path, engine.Options())


def test_good_code_is_asked_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Questions for each place in TF 2 code: what was gained in speed is not lost unseen."""
    asked = places = 0
    values = Inference.values

    def counting(*args: object, **kwargs: object) -> object:
        nonlocal asked
        asked += 1
        return values(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Inference, "values", counting)
    for fixture in FIXTURES:
        if fixture.stem.endswith(("tf2", "tf2_clean")):
            text = fixture.read_text()
            findings(text)
            binder = Binder(ast.parse(text))
            binder.run()
            places += len(binder.sites)
    assert places > 300
    assert asked / places < MOST_ASKED
