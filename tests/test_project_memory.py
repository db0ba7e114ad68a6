"""Modules of the project that are held bound: no more than there is room for, and none twice."""

from __future__ import annotations

import ast
import gc
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import findings
from tests.test_one_model import TF, _tree
from tf2lint.check.engine import Look
from tf2lint.check.facts import Module
from tf2lint.config import make_options
from tf2lint.options import COMPAT, MIXED, TF2
from tf2lint.semantics import limits
from tf2lint.semantics import project as projects
from tf2lint.semantics.scopes import END, Scope
from tf2lint.semantics.values import Instance, LocalFunction
from tf2lint.source import Source

FIXTURES = Path(__file__).parent / "fixtures"
STAYS = f"{TF}tf.train.MonitoredSession()\n" + "tf.Session().run(tf.global_variables())\n" * 3
USE = "from p.m{at} import library\nlibrary().Session()\n"


def test_what_is_not_asked_for_long_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{TF}def library():\n    return tf\n"
    monkeypatch.setattr(limits, "HELD", 4 * len(text) + 3)  # the last one grows
    projects.project.cache_clear()
    files = {f"p/m{at}.py": text for at in range(20)}
    _tree(tmp_path, files)
    path = str(tmp_path / "p/use.py")
    for _ in range(2):
        for at in range(20):
            assert [f.code for f in findings(USE.format(at=at), path)] == ["TF601"]
    (tmp_path / "p/m19.py").write_text(f"{TF}def library():\n    return other\n")
    assert findings(USE.format(at=19), path) == []
    held = projects.project(make_options({}, str(tmp_path)).target, ())
    assert not held.sessions
    held.tidy()
    assert len(held.tops) == 4


@pytest.mark.parametrize("kept", range(0, 700, 100))
def test_what_a_look_leads_to_is_not_let_go_meanwhile(
    kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that is known from another file brings objects of modules that this one never bound."""
    monkeypatch.setattr(limits, "HELD", kept)
    projects.project.cache_clear()
    files = {
        f"p/m{at}.py": f"from p.m{at + 1} import C{at + 1}\n"
        f"class C{at}:\n    def __init__(self):\n        self.far = C{at + 1}()\n"
        for at in range(8)
    }
    files["p/m8.py"] = "class C8:\n    far = None\n"
    files["p/last.py"] = f"{TF}class Last:\n    def __init__(self):\n        self.tf = tf\n"
    files["p/top.py"] = (
        "from p.m0 import C0\nfrom p.last import Last\n"
        "class Top:\n    def __init__(self, x):\n        self.go = Last() if x else C0()\n"
    )
    _tree(tmp_path, files)
    path = str(tmp_path / "p/use.py")
    first = "from p.top import Top\nTop().go\n"
    assert findings(first, path) == []
    assert [f.code for f in findings(f"{first}Top().go.far\nTop().go.tf.Session()\n", path)] == [
        "TF601"
    ]


def test_an_open_look_does_not_keep_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{TF}def library():\n    return tf\n"
    monkeypatch.setattr(limits, "HELD", len(text))
    projects.project.cache_clear()
    _tree(tmp_path, {f"p/m{at}.py": text for at in range(20)})
    path = str(tmp_path / "p/use.py")
    options = make_options({}, str(tmp_path))
    look = Look(Source(USE.format(at=0), path, path=path), options)
    for at in range(20):
        assert [f.code for f in findings(USE.format(at=at), path)] == ["TF601"]
    held = projects.project(options.target, ())
    held.tidy()
    assert len(held.tops) == limits.OPEN
    look.close()
    held.tidy()
    assert len(held.tops) == 1


def test_a_look_may_end_after_the_next_one_began(tmp_path: Path) -> None:
    """As in an editor, where what is left of a look is cleared away when there is time."""
    functions = "".join(
        f'def build{at}():\n    if tf.__version__ < "2":\n        made = tf.Session()\n'
        "    else:\n        made = tf.Graph()\n    return made\n"
        for at in range(2)
    )
    _tree(tmp_path, {"pyproject.toml": "", "p/__init__.py": "", "p/parts.py": f"{TF}{functions}"})
    path = str(tmp_path / "p/use.py")
    text = f"{TF}from p.parts import build0, build1\nbuild0()\n"
    options = make_options({}, str(tmp_path))
    looks = [Look(Source(text, path, path=path), options) for _ in range(2)]
    looks[0].close()
    assert looks[1].examination is not None
    inference = looks[1].examination.inference
    [function] = inference.name("build1", inference.binder.module, END)  # nobody looked into it
    assert isinstance(function, LocalFunction)
    assert inference.at(function.scope).returned(function.scope, 0) == (
        Instance("tensorflow.Graph"),
    )
    looks[1].close()


@pytest.mark.parametrize("edits", ["", TF2, COMPAT, MIXED])
def test_a_look_leaves_nothing_that_python_would_have_to_search_for(edits: str) -> None:
    """Trees and scopes go when the look ends; the collector takes longer the more it finds."""
    options = replace(make_options({}, "."), edits=edits)
    gc.collect()
    gc.freeze()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        texts = {path: path.read_text(encoding="utf-8") for path in FIXTURES.rglob("*.py")}
        texts[FIXTURES / "stays.py"] = STAYS  # what it uses is not looked for to the end
        for path, text in sorted(texts.items()):
            Look(Source(text, str(path), path=str(path)), options).close()
        # What waits in a generator is no garbage once that is ended.
        assert not any(isinstance(one, Module) for one in gc.get_objects())
        gc.collect()
        left = [one for one in gc.garbage if isinstance(one, ast.AST | Scope | Source)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.unfreeze()
        gc.enable()
    assert left == []
