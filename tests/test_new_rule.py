"""`python -m tools.new_rule`: what it writes is a rule, and what it refuses it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tf2lint.check.registry import rules
from tools import new_rule

ROOT = Path(__file__).parent.parent


def test_the_skeleton_is_a_rule(tmp_path: Path) -> None:
    for package in ("tf2lint", "tools"):
        shutil.copytree(ROOT / package, tmp_path / package)
    code = (
        "import sys\n"
        "from tools.new_rule import main\n"
        "assert main(['TF9', 'write-file', 'tf.write_file']) == 0\n"
    )
    text = "import tensorflow as tf\ntf.write_file('a', 'b')\n"
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    begun = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    new = begun.stdout.partition(" ")[0]
    assert new not in {rule.code for rule in rules()}
    assert (tmp_path / "tf2lint/rules/surface/write_file.py").exists()
    done = subprocess.run(
        [sys.executable, "-m", "tf2lint", "check", "--no-cache", f"--select={new}", "-"],
        env=env, cwd=tmp_path, capture_output=True, text=True, input=text, check=False,
    )  # fmt: skip
    assert f": {new} " in done.stdout


def test_the_number_is_the_next_one() -> None:
    highest = max(rule.code for rule in rules() if rule.code.startswith("TF8"))
    _, text, code = new_rule.begin("TF8", "something-new", "tf.some.symbol", "E")
    assert int(code[2:]) == int(highest[2:]) + 1
    assert f'"{code}",\n    "something-new",\n    "E",' in text
    assert "from tf2lint.rules.data import family" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["TF99", "a-name"], "there is no family TF99: TF0 (Imports and switches), TF1"),
        (["TF9", "A_name"], "'A_name' is no name of a rule"),
        (["TF6", "session-run"], "TF602 has the name session-run"),
        (["TF6", "sessions"], "there is "),
    ],
)
def test_what_cannot_be_begun(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new_rule.main(words) == 2
    assert capsys.readouterr().err.startswith(f"new_rule: {said}")
