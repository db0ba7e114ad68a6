"""`tf2lint fix` as a filter, what it says it did, colours, and `check --fix`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.support import BAD, Run, put

OLD = "import tensorflow as tf\nx = tf.log(1.0)\n"
NEW = OLD.replace("tf.log", "tf.math.log")


class _Stream:
    def __init__(self, data: bytes = b"") -> None:
        self.buffer = io.BytesIO(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False


def _filter(
    run: Run, monkeypatch: pytest.MonkeyPatch, data: bytes, *more: str
) -> tuple[int, bytes]:
    out = _Stream()
    monkeypatch.setattr(sys, "stdin", _Stream(data))
    monkeypatch.setattr(sys, "stdout", out)
    status = run("fix", "-", *more).status
    return status, out.buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_standard_input_to_standard_output(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, end: str
) -> None:
    def data(text: str) -> bytes:
        return f"# coding: {encoding}\n# é\n{text}".replace("\n", end).encode(encoding)

    assert _filter(run, monkeypatch, data(OLD)) == (0, data(NEW))
    assert _filter(run, monkeypatch, data(NEW)) == (0, data(NEW))


@pytest.mark.parametrize(
    "text", ["", "x = 1", "import tensorflow\ndef f(:\n", "print 'x' # tensorflow\n"]
)
def test_what_cannot_be_fixed_comes_back(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    status, out = _filter(run, monkeypatch, text.encode())
    assert (status, out) == (2 if "def" in text else 0, text.encode())


def test_neighbours_and_settings_are_those_of_the_name(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tree, {
        "pkg/__init__.py": "", "pkg/compat.py": "import tensorflow as tf\n",
        "pkg/pyproject.toml": "[tool.tf2lint]\nignore = ['TF901']\n",
    })  # fmt: skip
    text = b"from .compat import tf\nx = tf.log(1.0)\n"
    name = "--stdin-filename=pkg/new.py"
    assert _filter(run, monkeypatch, text, name) == (0, text)
    put(tree, {"pkg/pyproject.toml": ""})
    assert _filter(run, monkeypatch, text, name)[1] == text.replace(b"log", b"math.log")


def test_standard_input_goes_with_no_other_path(run: Run, tree: Path) -> None:
    done = run("fix", "-", "a.py")
    assert (done.status, done.err.count("\n")) == (2, 1)


def test_what_was_fixed_is_shown(run: Run, tree: Path) -> None:
    put(tree, {"a.py": OLD + "y = tf.log(x)\n", "b.py": "x = 1\n"})
    assert run("fix", "--show-fixes", ".").lines[:2] == [
        "./a.py:",
        "     2 x TF901 (renamed-symbol)",
    ]


def test_a_diff_in_colour(run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tree, {"a.py": OLD})
    plain = run("fix", "--diff", "a.py").out
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = run("fix", "--diff", "a.py").out
    assert "\x1b[31m-x = tf.log(1.0)\x1b[0m\n\x1b[32m+x = tf.math.log(1.0)\x1b[0m\n" in coloured
    for code in ("\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m", "\x1b[36m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_check_fixes_first_if_it_is_told(run: Run, tree: Path) -> None:
    put(tree, {"a.py": OLD, "b.py": BAD})
    done = run("check", "--fix", "--output-format=jsonl", ".")
    assert done.status == 1
    assert [line.count('"TF101"') for line in done.lines] == [1]
    assert "./a.py:\n     1 x TF901 (renamed-symbol)\n" in done.err
    assert (tree / "a.py").read_text() == NEW
    put(tree, {"a.py": OLD})
    done = run("check", "--fix", "--quiet", "a.py")
    assert done == (0, "", "")
