"""A real Neovim, without a screen, set up by what docs/editors.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.support import block

HERE = Path(__file__).parent
OLDEST = (0, 11)  # that has `vim.lsp.config`
TEXT = "import tensorflow as tf\nwith tf.Session() as s:\n    x = tf.log(1.0)\n"


def _neovim() -> str:
    """The first Neovim on the path, or in this environment, that is new enough."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    seen = []
    for folder in path.split(os.pathsep):
        command = shutil.which("nvim", path=folder)
        if command is None:
            continue
        done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
        version = re.match(r"NVIM v(\d+)\.(\d+)", done.stdout)
        assert version is not None
        if (int(version[1]), int(version[2])) >= OLDEST:
            return command
        seen.append(version[0])
    pytest.skip(f"needs Neovim 0.11, found: {', '.join(seen) or 'none'}")


def test_a_session(tmp_path: Path) -> None:
    command = _neovim()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "train.py").write_text(TEXT)
    (tmp_path / "config.lua").write_text(block("lua", '"tf2lint", {'))
    (tmp_path / "save.lua").write_text(block("lua", "BufWritePre"))
    shutil.copy(HERE / "neovim.lua", tmp_path)
    there = os.path.dirname(sys.executable)
    state = {name: str(tmp_path / "state") for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [command, "--clean", "--headless", "-n", "-c", "luafile neovim.lua"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, **state, "PATH": os.pathsep.join([there, os.environ["PATH"]])},
    )  # fmt: skip
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert "problem" not in found, (found["problem"], done.stderr)
    [session, log] = sorted(found["diagnostics"], key=lambda d: d["lnum"])
    assert (session["lnum"], session["col"], session["end_col"]) == (1, 5, 15)
    assert session["source"] == "tf2lint"
    assert (log["lnum"], log["col"], log["end_col"]) == (2, 8, 14)
    assert (session["severity"], session["code"]) == (1, "TF601")
    assert found["encoding"] in ("utf-8", "utf-16", "utf-32")
    assert "tf.to_float: function" in found["hover"]
    lines = ["import tensorflow as tf", "é = '😀', tf.cast(1, tf.float32)",
             "with tf.Session() as s:", "    x = tf.log(1.0)"]  # fmt: skip
    assert found["fixed"].splitlines() == lines
    lines[2] += "  # noqa: TF601"
    lines[3] = "    x = tf.math.log(1.0)"
    assert found["saved"].splitlines() == lines
    assert (tmp_path / "train.py").read_text(encoding="utf-8").splitlines() == lines
