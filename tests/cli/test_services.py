"""Formats for services, read as those read them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import BAD, CLEAN, Run, notebook, put
from tests.hosts import run as program

ODD = "a;b]c%,d:e.py"
IDIOM = "import tensorflow as tf\n\nwith tf.control_dependencies([]):\n    pass\n"
TEXTS = {
    "wide.py": 'import tensorflow as tf\né = "\U0001f600"; x = tf.log(é)\ny = tf.train.Saver(\n)\n',
    ODD: BAD, "idiom.py": IDIOM, "broken.py": "import tensorflow\n(\n",
    "compat.py": "import tensorflow.compat.v1 as tf\ntf.placeholder(tf.float32)\n",
    "n.ipynb": notebook("import tensorflow as tf", "x = (", "tf.log(1.0)"),
}  # fmt: skip


@pytest.fixture
def mixed(tree: Path) -> Path:
    """Findings of every severity, in odd places, and what cannot be read."""
    put(tree, TEXTS)
    return tree


def told(run: Run, form: str, *paths: str) -> str:
    done = run("check", "--extend-select=TF605", f"--output-format={form}", *(paths or (".",)))
    assert done.status in (0, 2)
    return done.out


def levels(run: Run) -> dict[str, list[str]]:
    """The levels that findings have to have, by path, in order."""
    by_status = {"removed": "error", "unread": "error", "idiom": "note"}
    found: dict[str, list[str]] = {}
    for record in json.loads(told(run, "json")):
        path = record["path"].removeprefix("./")
        found.setdefault(path, []).append(by_status.get(record["status"], "warning"))
    assert {level for group in found.values() for level in group} == {"error", "warning", "note"}
    return found


# GitHub: `@actions/core` writes a command so, and the runner reads it so.

_GITHUB = re.compile(r"^::(error|warning|notice) ((?:\w+=[^,:]*,?)+)::(.*)$")


def _decoded(text: str, **more: str) -> str:
    for code, letter in {"%0D": "\r", "%0A": "\n", **more}.items():
        text = text.replace(code, letter)
    return text.replace("%25", "%")


def test_github(run: Run, mixed: Path) -> None:
    found: dict[str, list[str]] = {}
    for line in told(run, "github").splitlines():
        match = _GITHUB.match(line)
        assert match, line
        given = dict(part.split("=", 1) for part in match[2].split(","))
        path = _decoded(given["file"], **{"%3A": ":", "%2C": ","})
        found.setdefault(path, []).append({"notice": "note"}.get(match[1], match[1]))
        assert int(given["line"]) > 0
        assert _decoded(match[3])
    assert found == levels(run)


# Azure Pipelines: the agent's own escapes.

_AZURE = re.compile(r"^##vso\[task\.logissue ((?:\w+=[^;\]]*;)+)\](.*)$")


def test_azure(run: Run, mixed: Path) -> None:
    found: dict[str, list[str]] = {}
    for line in told(run, "azure").splitlines():
        match = _AZURE.match(line)
        assert match, line
        given = dict(part.split("=", 1) for part in match[1].rstrip(";").split(";"))
        assert given.keys() == {"type", "sourcepath", "linenumber", "columnnumber", "code"}
        path = given["sourcepath"].replace("%3B", ";").replace("%5D", "]").replace("%AZP25", "%")
        found.setdefault(path, []).append(given["type"])
        assert int(given["linenumber"]) > 0
    wanted = {
        path: ["warning" if level == "note" else level for level in group]
        for path, group in levels(run).items()
    }  # fmt: skip
    assert found == wanted


# pylint's own `parseable`.


def test_pylint_prints_the_same(run: Run, tree: Path) -> None:
    put(tree, {"bad.py": BAD, "idiom.py": IDIOM, "wide.py": TEXTS["wide.py"]})
    done = program(
        "pylint", "--load-plugins=pylint_tf2", "--disable=all", "--enable=tf2lint", "--score=n",
        "--tf2-enable=TF605", "--output-format=parseable", "bad.py", "idiom.py", "wide.py", cwd=tree,
    )  # fmt: skip
    theirs = [line for line in done.stdout.splitlines() if not line.startswith("*")]
    assert told_ours(run) == theirs
    assert len(theirs) == 4


def told_ours(run: Run) -> list[str]:
    done = run("check", "--extend-select=TF605", "--output-format=pylint", ".")
    return done.out.splitlines()


# JUnit: what the schema of Jenkins' xUnit plugin allows.

_ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "file", "tests", "failures", "errors", "time"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
}
_BELOW = {
    "testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "error"},
    "failure": set(), "error": set(),
}  # fmt: skip


@pytest.mark.parametrize("clean", [False, True])
def test_junit(run: Run, mixed: Path, clean: bool) -> None:
    put(mixed, {"clean.py": CLEAN})
    text = told(run, "junit", *(["clean.py"] if clean else []))
    top = ET.fromstring(text.encode())
    for element in top.iter():
        assert element.attrib.keys() <= _ATTRIBUTES[element.tag]
        assert {child.tag for child in element} <= _BELOW[element.tag]
    for suite in [top, *top.iter("testsuite")]:
        cases = list(suite.iter("testcase"))
        assert int(suite.attrib["tests"]) == len(cases) > 0
        assert int(suite.attrib["failures"]) == len(list(suite.iter("failure")))
        assert int(suite.attrib["errors"]) == len(list(suite.iter("error")))
    if clean:
        assert list(top.iter("failure")) == []
    else:
        paths = {suite.attrib["name"] for suite in top.iter("testsuite")}
        assert paths == set(levels(run))
        assert len(list(top.iter("error"))) == 2


# reviewdog: columns in bytes, and suggestions that give what `fix` gives.


def _applied(text: str, suggestion: dict[str, Any]) -> str:
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    start, end = suggestion["range"]["start"], suggestion["range"]["end"]
    first = sum(map(len, lines[: start["line"] - 1])) + start["column"] - 1
    last = sum(map(len, lines[: end["line"] - 1])) + end["column"] - 1
    whole = b"".join(lines)
    return (whole[:first] + suggestion["text"].encode() + whole[last:]).decode()


def test_rdjson(run: Run, mixed: Path) -> None:
    report = json.loads(told(run, "rdjson"))
    assert report["source"] == {"name": "tf2lint"}
    found: dict[str, list[str]] = {}
    for diagnostic in report["diagnostics"]:
        assert diagnostic.keys() <= {"message", "location", "severity", "code", "suggestions"}
        path = diagnostic["location"]["path"]
        level = {"ERROR": "error", "WARNING": "warning", "INFO": "note"}[diagnostic["severity"]]
        found.setdefault(path, []).append(level)
    assert found == levels(run)
    wide = [d for d in report["diagnostics"] if d["location"]["path"] == "wide.py"]
    start, end = (wide[0]["location"]["range"][x] for x in ("start", "end"))
    line = TEXTS["wide.py"].splitlines()[1].encode()
    assert line[start["column"] - 1 : end["column"] - 1] == b"tf.log"
    [suggestion] = wide[0]["suggestions"]
    assert "x = tf.math.log(é)" in _applied(TEXTS["wide.py"], suggestion)


def test_no_suggestion_for_text_that_is_not_on_disk(
    run: Run, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stdin:
        buffer = __import__("io").BytesIO(f"# new\n{TEXTS['wide.py']}".encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    done = run("check", "--output-format=rdjson", "--stdin-filename=wide.py", "-")
    for diagnostic in json.loads(done.out)["diagnostics"]:
        assert "suggestions" not in diagnostic
        assert diagnostic["location"]["range"]["start"].keys() == {"line"}


# For people.


def test_grouped(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD, "b.py": "import tensorflow as tf\nx = tf.log(1.0)\n"})
    lines = run("check", "--output-format=grouped", ".").out.splitlines()
    assert lines[0] == "./a.py:"
    assert lines[1].startswith("  3:10    TF101 ")
    assert lines[2:4] == ["", "./b.py:"]
    assert lines[4].startswith("  2:5     TF901 [*] ")
    assert lines[5] == (
        "2 findings in 2 of 2 files; [*] 1 has a proven TF 2 form; "
        "`tf2lint fix --diff` shows what files become"
    )


def test_full_and_concise_whatever_the_stream_is(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD})
    assert "    3 | merged = tf.summary.merge_all()\n" in run("check", "--output-format=full").out
    assert "    3 | " not in run("check", "--output-format=concise").out


def test_a_file_for_the_output(run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tree, {"a.py": BAD})
    whole = run("check", "--output-format=json", "a.py").out
    done = run("check", "--output-format=json", "-o", "found.json", "a.py")
    assert (done.status, done.out) == (1, "")
    assert (tree / "found.json").read_text() == whole
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31mTF101" in run("check", "a.py").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("check", "a.py").out
    done = run("check", "--output-file=no/folder/x", "a.py")
    assert (done.status, done.err.count("\n")) == (2, 1)


def test_several_formats_at_once(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD, "two.py": "import tensorflow\nprint(\n"})
    whole = run("check", "--output-format=json", ".").out
    text = run("check", ".")
    done = run("check", "--output-format=text,json:found.json", "--output-format=sarif:s", ".")
    assert done == text
    assert (tree / "found.json").read_text() == whole
    assert json.loads((tree / "s").read_text())["version"] == "2.1.0"
    done = run("check", "--output-format=text,json:found.json", "-o", "t.txt", "--statistics", ".")
    assert (done.status, done.out) == (2, "")
    assert "1 TF101 summary-merge-all" in (tree / "t.txt").read_text()
    assert done.err == text.err


@pytest.mark.parametrize(
    ("options", "told"),
    {
        ("--output-format=text,json",): "text and json both go to standard output",
        ("--output-format=json:x,sarif:x",): "json and sarif both go to x",
        ("--output-format=json:x", "-o", "y"): "no format goes to y",
        ("--output-format=xml:x",): "invalid choice: 'xml:x'",
    }.items(),
)
def test_formats_that_go_nowhere(run: Run, tree: Path, options: list[str], told: str) -> None:
    put(tree, {"a.py": BAD})
    done = run("check", *options, "a.py")
    assert (done.status, done.out) == (2, "")
    assert told in done.err
    assert not (tree / "x").exists()


def test_what_the_environment_says(run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes before files with settings; the command line goes before it."""
    put(tree, {
        "a.py": BAD, "other.toml": "ignore = ['TF101']\n",
        "pyproject.toml": "[tool.tf2lint]\noutput-format = 'concise'\n",
    })  # fmt: skip
    monkeypatch.setenv("TF2LINT_OUTPUT_FORMAT", "jsonl,sarif:s")
    monkeypatch.setenv("TF2LINT_CACHE_DIR", "kept")
    assert json.loads(run("check", "a.py").lines[0])["code"] == "TF101"
    assert (tree / "s").exists()
    assert (tree / "kept").is_dir()
    assert run("check", "--output-format=concise", "a.py").out.startswith("a.py:3:10: TF101")
    settings = run("check", "--show-settings", "a.py").lines
    assert 'cache-dir = "kept"  # TF2LINT_CACHE_DIR' in settings
    monkeypatch.setenv("TF2LINT_CONFIG", "other.toml")
    assert run("check", "a.py") == (0, "", "")
    assert run("check", "--isolated", "a.py").status == 1
    monkeypatch.setenv("TF2LINT_OUTPUT_FORMAT", "xml")
    done = run("check", "a.py")
    assert (done.status, done.err.count("no format 'xml'")) == (2, 1)
    monkeypatch.delenv("TF2LINT_OUTPUT_FORMAT")
    monkeypatch.setenv("TF2LINT_OUTPUT_FILE", "told.txt")
    monkeypatch.setenv("TF2LINT_NO_CACHE", "1")
    monkeypatch.setenv("TF2LINT_CACHE_DIR", "none")
    assert run("check", "--isolated", "a.py").out == ""
    assert (tree / "told.txt").read_text().startswith("a.py:3:10: TF101")
    assert not (tree / "none").exists()


def test_what_the_last_line_promises(run: Run, tree: Path) -> None:
    """What is marked is what `fix --to=tf2` writes; `fix` itself makes whole files run."""
    plain = "import tensorflow as tf\nx = tf.log(1.0)\ny = tf.to_float(tf.abs(tf.log(x)))\n"
    put(
        tree,
        {
            "a.py": plain,
            "b.py": f"{plain}z = tf.placeholder(tf.float32)\ntf.Session().run(z, {{z: 1}})\n",
        },
    )
    last = run("check", "a.py").out.splitlines()[-1]
    assert "; [*] 3 have a proven TF 2 form; " in last
    assert "would fix 3 in 1 file; 0 left" in run("fix", "--diff", "--to=tf2", "a.py").err
    assert "would fix 3 in 1 file; 0 left" in run("fix", "--diff", "a.py").err
    last = run("check", "b.py").out.splitlines()[-1]
    assert "; [*] 3 have a proven TF 2 form; `tf2lint fix --diff` shows" in last
    assert "1 file runs through compat.v1" in run("fix", "--diff", "b.py").err


def test_quiet_is_findings_only(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD, "two.py": "import tensorflow\nprint 1\n"})
    done = run("check", "--quiet", ".")
    assert (done.out.count("\n"), done.err) == (1, "")
