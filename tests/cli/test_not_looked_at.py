"""What was not read, or is silenced by a comment about something else, is not clean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.support import BAD, Run, notebook, put

BROKEN = "import tensorflow as tf\n\ndef f(:\n"
PYTHON2 = 'import tensorflow as tf\nprint "loss", tf.log(2.0)\n'


@pytest.fixture
def mixed(tree: Path) -> Path:
    """A file with a finding, and three that cannot be read, each in its own way."""
    put(tree, {
        "bad.py": BAD, "broken.py": BROKEN,
        "n.ipynb": notebook("import tensorflow as tf", "x = (", "y = )", "tf.log(1.0)"),
    })  # fmt: skip
    (tree / "latin.py").write_bytes(b"a\n# caf\xe9\n")
    return tree


PLACES = {
    ("broken.py", 3, "not-parsed"), ("latin.py", 2, "not-read"), ("n.ipynb", 1, "not-parsed"),
}  # fmt: skip


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_a_record_in_json(run: Run, mixed: Path, form: str) -> None:
    done = run("check", f"--output-format={form}", ".", "gone.py")
    assert done.status == 2
    found = json.loads(done.out) if form == "json" else list(map(json.loads, done.lines))
    unread = [record for record in found if record["status"] == "unread"]
    assert {record["code"] for record in unread} == {"TF000"}
    places = {
        (record["path"].removeprefix("./"), record["line"], record["name"]) for record in unread
    }
    assert places == {*PLACES, ("gone.py", 1, "not-read")}
    assert [record["cell"] for record in unread if "cell" in record] == [2, 3]
    assert len(found) == len(unread) + 2


def test_an_annotation_for_github(run: Run, mixed: Path) -> None:
    lines = run("check", "--output-format=github", ".").lines
    told = [line for line in lines if "title=TF000" in line]
    assert len(told) == 4
    assert all(line.startswith("::error file=") for line in told)
    assert "file=latin.py,line=2,col=1," in " ".join(told)
    assert "::cell 3, line 1: cannot be parsed: " in " ".join(told)


def test_an_entry_for_gitlab(run: Run, mixed: Path) -> None:
    report = json.loads(run("check", "--output-format=gitlab", ".").out)
    told = [entry for entry in report if entry["check_name"] in ("not-read", "not-parsed")]
    assert [entry["severity"] for entry in told] == ["major"] * 4
    assert len({entry["fingerprint"] for entry in report}) == len(report)
    [cell] = [e["location"] for e in told if e["description"].startswith("TF000 cell 2")]
    lines = (mixed / "n.ipynb").read_text().splitlines()
    assert "x = (" in lines[cell["positions"]["begin"]["line"] - 1]


def test_a_notification_in_sarif(run: Run, mixed: Path) -> None:
    [part] = json.loads(run("check", "--output-format=sarif", ".").out)["runs"]
    assert [result["ruleId"] for result in part["results"]] == ["TF101", "TF901"]
    [invocation] = part["invocations"]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 4
    [clean] = json.loads(run("check", "--output-format=sarif", "bad.py").out)["runs"]
    assert clean["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_the_summaries(run: Run, mixed: Path) -> None:
    assert run("baseline", ".").out == (
        "tf2lint-baseline.txt: 2 findings in 2 entries; 3 files not read\n"
    )
    assert run("report", ".", "--html", "r.html").out.endswith("2 findings; 3 files not read\n")
    assert run("check", "--exit-zero", ".").status == 0


# Python 2.


def test_python_2_is_checked_and_not_rewritten(run: Run, tree: Path) -> None:
    put(tree, {
        "a.py": PYTHON2, "b.py": PYTHON2,
        "n.ipynb": notebook("import tensorflow as tf", "print tf.log(1.0)", "tf.Session()"),
    })  # fmt: skip
    again = [run("check", ".") for _ in range(2)]  # the second one from the cache
    for done in again:
        assert done.status == 1
        assert [line.split(" ")[:2] for line in done.lines] == [
            ["./a.py:2:15:", "TF901"], ["./b.py:2:15:", "TF901"],
            ["./n.ipynb:cell_2:1:7:", "TF901"], ["./n.ipynb:cell_3:1:1:", "TF601"],
        ]  # fmt: skip
        assert done.err == (
            "tf2lint: 3 files are Python 2 (the first: ./a.py): looked at all the same, "
            "and not rewritten\n"
        )
    for record in json.loads(run("check", "--output-format=json", ".").out):
        assert record["edits"] == []
    done = run("fix", "--unsafe", ".")
    assert done.status == 0
    assert "fixed 0 in 0 files; 4 left\n" in done.out
    assert (tree / "a.py").read_text() == PYTHON2
    assert run("report", ".", "--html", "r.html").status == 0


def test_comments_count_in_python_2(run: Run, tree: Path) -> None:
    put(
        tree,
        {
            "a.py": "import tensorflow as tf\nprint `tf.log(2.0)`  # pylint: disable=tf1-renamed-symbol\n"
        },
    )
    assert run("check", "a.py").lines == []


# Comments that silence everything.

BLANKET = {
    "flake8": f"# flake8: noqa F403\n{BAD}",
    "pylint": f"# pylint: skip-file\n{BAD}",
    "pylint, all": f"# pylint: disable=all\n{BAD}",
    "category": f"# pylint: disable=W,E\n{BAD}",
    "line": f"{BAD.rstrip()}  # noqa\n",
}
NAMED = {
    "flake8": f"# flake8: noqa: TF101\n{BAD}",
    "pylint": f"# pylint: disable=tf1-summary-merge-all\n{BAD}",
    "pylint, after a blanket one": f"# pylint: skip-file\n# pylint: disable=tf2lint\n{BAD}",
    "line": f"{BAD.rstrip()}  # noqa: TF1\n",
    "line, in a file": f"# flake8: noqa\n{BAD.rstrip()}  # pylint: disable=tf1-summary-merge-all\n",
}


@pytest.mark.parametrize("name", BLANKET)
def test_a_blanket_comment_silences_its_host_and_hides_nothing(
    run: Run, tree: Path, name: str
) -> None:
    text = BLANKET[name].replace("merged = tf.summary.merge_all()", "x = tf.log(1.0)")
    put(tree, {"a.py": text})
    done = run("check", "a.py")
    silenced = "1 in 1 file silenced by comments that do not name them\n"
    assert (done.status, done.lines) == (0, [])
    assert done.out.endswith(f"; {silenced}")
    done = run("report", ".", "--html", "r.html")
    assert " 0 clean, " in done.out
    assert done.out.endswith(f"1 finding; {silenced}")
    assert "silenced in linters by comments" in (tree / "r.html").read_text()
    assert run("baseline", ".").out.endswith(f": 1 finding in 1 entry; {silenced}")
    assert run("check", "--tf2-baseline=tf2lint-baseline.txt", ".").status == 0
    told = run("fix", "--tf2-blanket-comments", "a.py").out
    assert f"fixed 0 in 0 files; 0 left; {silenced}" in told
    assert "fixed 1 in 1 file; 0 left\n" in run("fix", "a.py").out


@pytest.mark.parametrize("name", NAMED)
def test_a_comment_that_names_us_silences_all(run: Run, tree: Path, name: str) -> None:
    put(tree, {"a.py": NAMED[name]})
    assert run("check", "a.py").out == ""
    assert " 1 clean, " in run("report", ".", "--html", "r.html").out
    assert ": 0 findings in 0 entries\n" in run("baseline", ".").out
    assert "silenced" not in run("fix", "a.py").out
