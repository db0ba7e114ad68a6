"""A rule or the core that breaks: one line says so, everything else goes on, nobody falls."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import findings
from tf2lint.check import engine
from tf2lint.check.reference import Reference
from tf2lint.check.registry import registry
from tf2lint.finding import Finding
from tf2lint.fixes import fixer as fixing
from tf2lint.fixes.edits import replace
from tf2lint.options import Options

TEXT = "import tensorflow as tf\n\nmerged = tf.summary.merge_all()\ntf.Session()\n"
_SETUP = """
import runpy, sys
from tf2lint.check import engine
from tf2lint.check.registry import registry
def boom(*_):
    raise KeyError("a\\x1b[31mb")
if sys.argv[1] == "rule":
    registry().exact["tf.summary.merge_all"][0].match = boom
else:
    engine.Examination.findings = boom
sys.argv = sys.argv[2:]
runpy.run_module(sys.argv[0], run_name="__main__")
"""


def _boom(_: Reference) -> None:
    raise KeyError("no\nsuch \x1b[31mkey")


@pytest.fixture
def broken_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry().exact["tf.summary.merge_all"][0], "match", _boom)


@pytest.mark.usefixtures("broken_rule")
def test_one_rule_breaks_and_the_others_go_on() -> None:
    found = findings(TEXT)
    (said,) = [finding for finding in found if finding.code == "TF000"]
    assert (said.line, said.column) == (3, 9)
    assert found[-1].code == "TF601"
    assert "tf2lint broke in TF101 here: KeyError: 'no\\nsuch \\x1b[31mkey'" in said.message
    assert "test_internal_errors.py:" in said.message or "matchers.py:" in said.message
    assert said.message.isprintable()


@pytest.mark.usefixtures("broken_rule")
def test_a_rule_that_breaks_often_says_so_once() -> None:
    found = findings(TEXT + "tf.summary.merge_all()\n" * 50)
    assert [f.code for f in found if f.code != "TF601"].count("TF000") == 1


def test_the_engine_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    def boom(_: engine.Examination) -> list[Finding]:
        raise RecursionError("too deep")

    monkeypatch.setattr(engine.Examination, "findings", boom)
    (said,) = findings(TEXT)
    assert (said.code, said.line) == ("TF000", 1)
    assert "RecursionError: too deep" in said.message
    assert findings("x = 1\n") == []


@pytest.mark.usefixtures("broken_rule")
def test_fix_leaves_such_a_file_alone() -> None:
    done = fixing.fix(TEXT, "a.py", Options(), "compat-v1", unsafe=True)
    assert done.text == TEXT
    assert "tf2lint broke in TF101" in done.refused


def test_text_that_does_not_parse_is_no_mistake_of_ours() -> None:
    with pytest.raises(SyntaxError):
        findings("import tensorflow as tf\n(\n")


def _host(where: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _SETUP, where, *args],
        cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(TEXT)
    (tmp_path / "b.py").write_text("import tensorflow as tf\n\ntf.placeholder(tf.int32)\n")
    return tmp_path


@pytest.mark.parametrize("where", ["rule", "core"])
@pytest.mark.parametrize("select", ["--select=TF", "--select=TF6", "--extend-ignore=E"])
def test_flake8(where: str, select: str, folder: Path) -> None:
    done = _host(where, "flake8", "--isolated", "--jobs=1", select, ".", cwd=folder)
    assert done.returncode == 1, done
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    if where == "rule":
        assert lines[0].startswith("./a.py:3:10: TF000 tf2lint broke in TF101 here: KeyError")
        assert any(line.startswith("./a.py:4:1: TF601 ") for line in lines)
        assert any(line.startswith("./b.py:3:1: TF603 ") for line in lines)
    else:
        assert [line.partition(" tf2lint")[0] for line in lines] == [
            "./a.py:1:1: TF000", "./b.py:1:1: TF000",
        ]  # fmt: skip
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("where", ["rule", "core"])
@pytest.mark.parametrize("enable", ["tf2lint", "tf1-session"])
def test_pylint(where: str, enable: str, folder: Path) -> None:
    done = _host(
        where, "pylint", "--load-plugins=pylint_tf2", "--disable=all", f"--enable={enable}",
        "--score=n", "--persistent=n", "--output-format=json2", "a.py", "b.py", cwd=folder,
    )  # fmt: skip
    assert done.returncode & 1, done  # fatal
    assert done.returncode < 32
    said = [(m["path"], m["line"], m["messageId"]) for m in json.loads(done.stdout)["messages"]]
    if where == "rule":
        assert ("a.py", 3, "F7000") in said
        assert any(path == "a.py" and line == 4 for path, line, _ in said)
    else:
        assert said == [("a.py", 1, "F7000"), ("b.py", 1, "F7000")]


@pytest.mark.parametrize("where", ["rule", "core"])
def test_the_command(where: str, folder: Path) -> None:
    done = _host(where, "tf2lint", "check", "--select=TF6", "--jobs=1", ".", cwd=folder)
    assert done.returncode == 2, done
    assert "a.py:" in done.stderr
    assert "tf2lint broke" in done.stderr
    assert "please report" in done.stderr
    assert "\x1b" not in done.stderr
    if where == "rule":
        told = [line.split(" ") for line in done.stdout.splitlines() if ".py:" in line]
        assert [words[1] for words in told] == ["TF601", "TF603"]
    done = _host(where, "tf2lint", "fix", "--diff", "--unsafe", "--jobs=1", ".", cwd=folder)
    assert done.returncode == 2, done
    assert "left as it was: tf2lint broke" in done.stderr


def test_fixes_without_an_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def again(ref: Reference) -> object:
        assert isinstance(ref.node, ast.expr)
        return ref.report("is old", edits=(replace(ref.node, "tf.summary.merge_all"),))

    monkeypatch.setattr(registry().exact["tf.summary.merge_all"][0], "match", again)
    text = "import tensorflow as tf\n\nx =  tf . summary.merge_all(tf. summary.merge_all())\n"
    monkeypatch.setattr(fixing, "IDLE", 0)
    done = fixing.fix(text, "a.py", Options(), unsafe=True)
    assert (done.text, "please report it" in done.refused) == (text, True)
