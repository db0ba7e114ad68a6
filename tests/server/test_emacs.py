"""A real Emacs with Eglot, without a screen, set up by what docs/editors.md says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.support import block

HERE = Path(__file__).parent
TEXT = "import tensorflow as tf\nwith tf.Session() as s:\n    x = tf.log(1.0)\n"


def _emacs() -> str:
    command = shutil.which("emacs")
    if command is None:
        pytest.skip("needs Emacs")
    there = ["--batch", "-f", "package-initialize", "--eval", "(require 'eglot)"]
    if subprocess.run([command, *there], capture_output=True, check=False).returncode:
        pytest.skip("needs Eglot: Emacs 29, or the package elpa-eglot")
    return command


def test_a_session(tmp_path: Path) -> None:
    command = _emacs()
    (tmp_path / ".git").mkdir()  # a project, for project.el
    (tmp_path / "train.py").write_text(TEXT)
    (tmp_path / "config.el").write_text(block("elisp", "eglot-server-programs"))
    shutil.copy(HERE / "eglot.el", tmp_path)
    there = os.path.dirname(sys.executable)
    done = subprocess.run(
        [command, "--batch", "-l", "eglot.el"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8",
             "PATH": os.pathsep.join([there, os.environ["PATH"]])},
    )  # fmt: skip
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert "problem" not in found, (found["problem"], done.stderr)
    session, log = sorted(found["diagnostics"])
    assert session[:3] == [2, 5, 15]
    assert log[:3] == [3, 8, 14]
    assert "`tf.log` was renamed in TF 2. Use `tf.math.log(1.0)`." in log[3]
    assert log[4] == "eglot-error"
    assert "tf.to_float: function" in found["hover"]
    lines = ["import tensorflow as tf", "é = '😀', tf.cast(1, tf.float32)",
             "with tf.Session() as s:", "    x = tf.log(1.0)"]  # fmt: skip
    assert found["fixed"].splitlines() == lines
    lines[2] += "  # noqa: TF601"
    lines[3] = "    x = tf.math.log(1.0)"
    assert (tmp_path / "train.py").read_text(encoding="utf-8").splitlines() == lines
