"""Running the real hosts: `python -m flake8` and `python -m pylint` as a user does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from tf2lint.check.registry import rules

ROOT = Path(__file__).resolve().parent.parent
_FLAKE8_LINE = re.compile(r"^(.*?):(\d+):(\d+): (TF\d{3}) (.*)$")

# Inputs that both hosts are given: odd files with their places, and values that no option takes.
BAD = "import tensorflow as tf\n\nmerged = tf.summary.merge_all()\n"

BAD_VALUES = [
    ("target-version", "1.15", "tf2-target-version: unknown TensorFlow 2 release '1.15'"),
    ("target-version", "two", "tf2-target-version: unknown TensorFlow 2 release 'two'"),
    ("enable", "TF999", "tf2-enable: no rule 'TF999'"),
    ("enable", "summary-merge-al", "did you mean 'summary-merge-all'?"),
    ("aliases", "tf", "tf2-aliases: expected NAME=tensorflow[.MODULE], got 'tf'"),
    ("aliases", "a.tf=torch", "tf2-aliases: 'torch' does not start with tensorflow"),
    ("unknown-receivers", "maybe", "tf2-unknown-receivers: expected yes or no, got 'maybe'"),
]

ODD = {
    "empty": (b"", []),
    "bom": (b"\xef\xbb\xbf" + BAD.encode(), [(3, 9)]),
    "latin-1": (
        "# -*- coding: latin-1 -*-\nimport tensorflow as tf\né = 'é'; tf.summary.merge_all()\n"
        .encode("latin-1"), [(3, 11)],
    ),
    "crlf": (b"import tensorflow as tf\r\n\r\ny = (1, tf.summary.merge_all())\r\n", [(3, 8)]),
    "form feed": (
        b"import tensorflow as tf\n\x0c\nx = 'a\x0cb'; tf.summary.merge_all()\n"
        b"\x0cy = tf.summary.merge_all()\n", [(3, 11), (4, 5)],
    ),
    "separators that are no line ends": (
        "import tensorflow as tf\nx = 'a\u2028b\u0085c\x1c'; tf.summary.merge_all()\n".encode(),
        [(2, 17)],
    ),
    "no final newline": (BAD.rstrip().encode(), [(3, 9)]),
    "other scripts": (
        "import tensorflow as 張量\n日本 = '\U0001f600'; 張量.summary.merge_all()\n".encode(),
        [(2, 17)],
    ),
    "tabs": (b"import tensorflow as tf\nif tf:\n\tx = tf.summary.merge_all()\n", [(3, 5)]),
    "backslash": (b"import tensorflow as tf\nx = 1, \\\n  tf.summary.merge_all()\n", [(3, 2)]),
    "ten thousand lines": (
        b"import tensorflow as tf\n" + b"x = 1\n" * 9998 + b"tf.summary.merge_all()\n",
        [(10000, 0)],
    ),
    "300 deep": (
        b"import tensorflow as tf\nx = " + b"1 + " * 300 + b"tf.summary.merge_all()\n",
        [(2, 1204)],
    ),
}  # fmt: skip


class Place(NamedTuple):
    """A finding as both hosts know it; columns 0-based, as the hosts count them."""

    path: str
    line: int
    column: int
    code: str


def run(
    module: str,
    *args: str | Path,
    cwd: Path,
    stdin: bytes | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """`python -m module args`, its output decoded."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, args)],
        cwd=cwd,
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200", **(env or {})},
    )
    out, err = (
        stream.decode("utf-8").replace("\r\n", "\n") for stream in (done.stdout, done.stderr)
    )
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def flake8(
    *args: str | Path, cwd: Path, stdin: bytes | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """flake8 with our codes selected, two workers at most."""
    return run("flake8", "--select=TF", "--jobs=2", *args, cwd=cwd, stdin=stdin, env=env)


def pylint(
    *args: str | Path, cwd: Path, stdin: bytes | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """pylint with our messages and nothing else."""
    symbols = ",".join(rule.pylint_symbol for rule in rules())
    return run(
        "pylint", "--load-plugins=pylint_tf2", "--disable=all", f"--enable={symbols}",
        "--score=n", "--persistent=n", "--output-format=json2", *args,
        cwd=cwd, stdin=stdin, env=env,
    )  # fmt: skip


def flake8_lines(output: str) -> list[tuple[Place, str]]:
    """What flake8 printed, in its order. Fails on a line that is no finding of ours."""
    found = []
    for line in output.splitlines():
        match = _FLAKE8_LINE.match(line)
        assert match, line
        found.append((Place(match[1], int(match[2]), int(match[3]) - 1, match[4]), match[5]))
    return found


def flake8_places(output: str) -> list[Place]:
    """The places of `flake8_lines`."""
    return [place for place, _ in flake8_lines(output)]


class PylintLine(NamedTuple):
    """One message of pylint."""

    place: Place
    end: tuple[int, int]
    symbol: str
    obj: str
    confidence: str
    message: str


def pylint_lines(output: str) -> list[PylintLine]:
    """What pylint printed, in its order. Fails on a message that is none of ours."""
    found = []
    for m in json.loads(output)["messages"]:
        assert m["messageId"][1] == "7", m
        place = Place(m["path"], m["line"], m["column"], f"TF{m['messageId'][2:]}")
        end = (m["endLine"], m["endColumn"])
        found.append(PylintLine(place, end, m["symbol"], m["obj"], m["confidence"], m["message"]))
    return found


def pylint_places(output: str) -> list[Place]:
    """The places of `pylint_lines`."""
    return [line.place for line in pylint_lines(output)]


def options(settings: Mapping[str, object]) -> list[str]:
    """Settings as in `[tool.tf2lint]` as the command line of flake8."""
    made = []
    for name, value in settings.items():
        name = name.replace("_", "-")
        if value is True and name != "unknown-receivers":
            made.append(f"--tf2-{name}")
        elif value is False and name != "unknown-receivers":
            made.append(f"--no-tf2-{name}")
        else:
            made.append(f"--tf2-{name}={_text(value)}")
    return made


def pylint_options(settings: Mapping[str, object]) -> list[str]:
    """Settings as in `[tool.tf2lint]` as the command line of pylint."""
    return [f"--tf2-{name.replace('_', '-')}={_text(value)}" for name, value in settings.items()]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ",".join(f"{key}={path}" for key, path in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(map(str, value))
    return str(value)


def copy_project(into: Path) -> None:
    """Copy what is needed to install this project, so that building leaves nothing here."""
    for name in ("tf2lint", "flake8_tf2", "pylint_tf2"):
        shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, into / name)
