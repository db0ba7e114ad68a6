"""Modules of the project that are held bound: no more than there is room for, and none twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import findings
from tests.test_one_model import TF, _tree
from tf2lint.config import make_options
from tf2lint.semantics import project as projects

USE = "from p.m{at} import library\nlibrary().Session()\n"


def test_what_is_not_asked_for_long_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projects, "_KEPT", 4)
    projects.project.cache_clear()
    files = {f"p/m{at}.py": f"{TF}def library():\n    return tf\n" for at in range(20)}
    _tree(tmp_path, files)
    path = str(tmp_path / "p/use.py")
    for _ in range(2):
        for at in range(20):
            assert [f.code for f in findings(USE.format(at=at), path)] == ["TF601"]
    (tmp_path / "p/m19.py").write_text(f"{TF}def library():\n    return other\n")
    assert findings(USE.format(at=19), path) == []
    held = projects.project(make_options({}, str(tmp_path)).target, ())
    assert len(held.tops) == 4
    assert {*held.steps} <= {*held.tops}
