"""The formats of `tf2lint check`."""

from __future__ import annotations

import io
import itertools
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import BAD, CLEAN, Run, put
from tf2lint.cli import check, output, services
from tf2lint.cli.records import Record

FIELDS = [
    "path", "line", "column", "end_line", "end_column", "code", "name", "symbol", "status",
    "confidence", "message", "hint", "edits", "url",
]  # fmt: skip
WIDE = 'import tensorflow as tf\né = "\U0001f600"; x = tf.summary.merge_all()\n'


@pytest.fixture
def files(tree: Path) -> Path:
    put(tree, {"a b.py": WIDE, "bad.py": BAD, "clean.py": CLEAN})
    return tree


def test_json(run: Run, files: Path) -> None:
    done = run("check", "--output-format=json", ".")
    assert done.status == 1
    first, second = json.loads(done.out)
    assert list(first) == FIELDS
    assert (first["path"], first["line"], first["column"]) == ("./a b.py", 2, 14)
    assert (first["end_line"], first["end_column"]) == (2, 34)
    assert (first["code"], first["name"]) == ("TF101", "summary-merge-all")
    assert (first["symbol"], first["status"]) == ("tf.summary.merge_all", "removed")
    assert first["confidence"] == "high"
    assert first["message"].endswith(first["hint"])
    assert first["url"] == "docs/rules/TF101.md"
    assert isinstance(first["edits"], list)
    assert second["path"] == "./bad.py"


def test_edits_are_in_characters(run: Run, tree: Path) -> None:
    put(tree, {"x.py": 'import tensorflow as tf\né = "\U0001f600"; x = tf.to_float(é)\n'})
    [finding] = json.loads(run("check", "--output-format=json", "x.py").out)
    line = WIDE.splitlines()[1]
    for edit in finding["edits"]:
        assert set(edit) == {"line", "column", "end_line", "end_column", "text", "safe"}
        assert edit["line"] == 2
        assert 1 <= edit["column"] <= edit["end_column"] <= len(line)
    assert finding["column"] == 14


def test_jsonl(run: Run, files: Path) -> None:
    done = run("check", "--output-format=jsonl", ".")
    whole = json.loads(run("check", "--output-format=json", ".").out)
    assert [json.loads(line) for line in done.lines] == whole


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab"])
def test_a_clean_tree_is_a_whole_document(run: Run, tree: Path, form: str) -> None:
    put(tree, {"clean.py": CLEAN})
    done = run("check", f"--output-format={form}", ".")
    assert done.status == 0
    document = json.loads(done.out)
    assert (document["runs"][0]["results"] if form == "sarif" else document) == []


def test_unreadable_files_do_not_spoil_a_document(run: Run, files: Path) -> None:
    put(files, {"two.py": "import tensorflow\nprint 'x' y\n"})
    done = run("check", "--output-format=json", "--statistics", ".")
    assert done.status == 2
    found = json.loads(done.out)
    assert [record["code"] for record in found] == ["TF101", "TF101", "TF000"]
    assert "two.py:2:1: cannot be parsed" in done.err
    assert "2 TF101 summary-merge-all" in done.err


def test_github(run: Run, files: Path) -> None:
    first, second = run("check", "--output-format=github", ".").lines
    assert first.startswith(
        "::error file=a b.py,line=2,col=14,endLine=2,endColumn=34,"
        "title=TF101 summary-merge-all::`tf.summary.merge_all` was removed in TF 2"
    )
    assert second.startswith("::error file=bad.py,line=3,col=10,")


def test_services_want_paths_from_where_they_run(run: Run, files: Path) -> None:
    absolute = str(files / "bad.py")
    assert "file=bad.py," in run("check", "--output-format=github", absolute).out
    [entry] = json.loads(run("check", "--output-format=gitlab", absolute).out)
    assert entry["location"]["path"] == "bad.py"
    [as_given] = json.loads(run("check", "--output-format=json", absolute).out)
    assert as_given["path"] == absolute


def test_github_escapes() -> None:
    record = _record(path="a,b:c%.py", message="50% of\nit")
    line = services.github(record)
    assert line.startswith("::error file=a%2Cb%3Ac%25.py,line=1,")
    assert line.endswith("::50%25 of%0Ait")


def test_gitlab(run: Run, files: Path) -> None:
    put(files, {"bad.py": BAD + BAD.splitlines()[2] + "\n"})
    report = json.loads(run("check", "--output-format=gitlab", ".").out)
    assert len(report) == 3
    for entry in report:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert re.fullmatch(r"[0-9a-f]{32}", entry["fingerprint"])
        assert set(entry["location"]["positions"]) == {"begin", "end"}
        assert not entry["location"]["path"].startswith("./")
    assert len({entry["fingerprint"] for entry in report}) == 3
    put(files, {"bad.py": "\n\n# moved\n" + BAD + BAD.splitlines()[2] + "\n"})
    again = json.loads(run("check", "--output-format=gitlab", ".").out)
    assert [entry["fingerprint"] for entry in again] == [e["fingerprint"] for e in report]


# On a terminal.


def _on_a_terminal(tree: Path, *arguments: str, **variables: str) -> str:
    """What `tf2lint` writes to a terminal."""
    ours, theirs = pty.openpty()
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
    with subprocess.Popen(
        [sys.executable, "-m", "tf2lint", *arguments], cwd=tree, stdout=theirs, stderr=theirs,
        stdin=subprocess.DEVNULL, env={**env, "TERM": "xterm", **variables},
    ):  # fmt: skip
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
    os.close(ours)
    text = b"".join(parts).decode("utf-8").replace("\r\n", "\n")
    # On a machine that is busy even a few files take long enough for a bar.
    return re.sub(r"\r\[[# ]*\][^\r\n]*|\r\x1b\[K", "", text)


def test_a_terminal_shows_the_place_in_colour(files: Path) -> None:
    text = _on_a_terminal(files, "check", ".")
    assert "\x1b[31mTF101\x1b[0m `tf.summary.merge_all` was" in text
    plain = re.sub(r"\x1b\[\d*m", "", text).splitlines()
    assert plain[1] == "    2 | " + WIDE.splitlines()[1]
    # The emoji takes two cells.
    assert plain[2] == "      | " + " " * 14 + "^" * 20
    assert plain[4] == "    3 | merged = tf.summary.merge_all()"
    assert plain[5] == "      | " + " " * 9 + "^" * 20
    assert plain[-1].startswith("2 findings in 2 of 3 files; ")


def test_no_colour_if_one_does_not_want_it(files: Path) -> None:
    text = _on_a_terminal(files, "check", "bad.py", NO_COLOR="1")
    assert "\x1b" not in text
    assert text.splitlines()[2] == "      | " + " " * 9 + "^" * 20
    assert "\x1b" not in _on_a_terminal(files, "check", "bad.py", TERM="dumb")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_long_runs_show_how_far_they_are(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    put(tree, {f"f{number}.py": BAD for number in range(8)})
    seconds = itertools.count()
    told = _Terminal()
    monkeypatch.setattr(check.time, "monotonic", lambda: next(seconds))
    monkeypatch.setattr(sys, "stderr", told)
    monkeypatch.setenv("TERM", term)
    assert len(run("check", "--jobs=1", ".").lines) == 8
    bars = told.getvalue().split("\r\x1b[K")
    if term == "dumb":
        assert bars == [""]
        return
    assert bars.pop() == ""
    assert bars[0] == "\r[######                  ] 2 of 8 files, 2 findings"
    assert bars[-1] == f"\r[{'#' * 24}] 8 of 8 files, 8 findings"
    assert len(bars) == 7


def test_a_document_is_the_same_on_a_terminal(run: Run, files: Path) -> None:
    text = _on_a_terminal(files, "check", "--output-format=json", ".")
    assert text == run("check", "--output-format=json", ".").out


def test_a_place_over_several_lines_and_control_characters() -> None:
    text = "\tx = '\x1b[2J' and (tf."
    shown = output.full(_record(text=text, column=16, end_line=2, end_column=4))
    assert shown.splitlines()[1:] == [
        "    1 | \tx = '\N{REPLACEMENT CHARACTER}[2J' and (tf.",
        "      | \t" + " " * 14 + "^" * 5,
    ]


def _record(**changes: Any) -> Record:
    record = Record(
        "x.py", 1, 1, 1, 3, "TF101", "summary-merge-all", "tf.summary.merge_all", "removed",
        "high", "a message", None, [], "", "tf",
    )  # fmt: skip
    return record._replace(**changes)
