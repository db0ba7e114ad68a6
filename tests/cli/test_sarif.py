"""SARIF, held against the standard's own JSON schema."""

from __future__ import annotations

import copy
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker

from tests.cli.support import BAD, CLEAN, Run, notebook, put
from tests.hosts import ROOT
from tf2lint.check.registry import rules
from tf2lint.cli import pages

SCHEMA = json.loads((ROOT / "tests/data/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
FORMATS = FormatChecker(["date-time", "uri", "uri-reference"])
WIDE = 'import tensorflow as tf\né = "\U0001f600"; x = tf.summary.merge_all()\n'


def errors(log: object) -> list[str]:
    """What the schema has against a log; formats count, too."""
    validator = Draft4Validator(SCHEMA, format_checker=FORMATS)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(log)]


def sarif(run: Run, *arguments: str, status: int = 1) -> dict[str, Any]:
    """The only run of the log of `tf2lint check`, after a look at the schema."""
    done = run("check", "--output-format=sarif", *arguments)
    assert done.status == status
    log = json.loads(done.out)
    assert errors(log) == []
    [only] = log["runs"]
    assert isinstance(only, dict)
    return only


@pytest.fixture
def files(tree: Path) -> Path:
    put(tree, {"a b.py": WIDE, "bad.py": BAD, "clean.py": CLEAN})
    return tree


def test_rules_and_results(run: Run, files: Path) -> None:
    only = sarif(run, ".")
    listed = only["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in listed] == [rule.code for rule in rules()]
    for rule, entry in zip(rules(), listed, strict=True):
        assert entry["help"]["text"] == entry["help"]["markdown"] == pages.page(rule)
        assert entry["defaultConfiguration"]["enabled"] is rule.default
        assert "helpUri" not in entry  # there is no address yet, and a path is none
    first, second = only["results"]
    for result in (first, second):
        assert listed[result["ruleIndex"]]["id"] == result["ruleId"] == "TF101"
        assert result["partialFingerprints"]["tf2lint/v1"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a%20b.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 2, "startColumn": 14, "endLine": 2, "endColumn": 34}
    assert len({r["partialFingerprints"]["tf2lint/v1"] for r in only["results"]}) == 2


def test_every_rule(run: Run, corpus: Path) -> None:
    only = sarif(run, "--extend-select=ALL", os.path.relpath(corpus))
    found = {result["ruleId"] for result in only["results"]}
    assert found >= {rule.code for rule in rules() if rule.default}


def test_nothing_found(run: Run, tree: Path) -> None:
    put(tree, {"clean.py": CLEAN})
    assert sarif(run, ".", status=0)["results"] == []


def test_what_cannot_be_read_does_not_spoil_it(run: Run, files: Path) -> None:
    put(files, {"two.py": "import tensorflow\nprint 'x' y\n"})
    assert len(sarif(run, ".", status=2)["results"]) == 2


def test_absolute_paths(run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def place() -> object:
        [result] = sarif(run, str(files / "bad.py"))["results"]
        return result["locations"][0]["physicalLocation"]["artifactLocation"]

    assert place() == {"uri": "bad.py", "uriBaseId": "%SRCROOT%"}
    put(files, {"else/where.py": ""})
    monkeypatch.chdir(files / "else")
    assert place() == {"uri": (files / "bad.py").as_uri()}


FIXABLE = (
    'import tensorflow as tf\n\ns = "é\U0001f600"; y = tf.log(x)\n'
    "z = tf.reduce_sum(y, keep_dims=True)\ntf.enable_eager_execution()"
)


def test_fixes_are_what_fix_writes(run: Run, tree: Path) -> None:
    for end in ("\n", "\r\n"):
        text = FIXABLE.replace("\n", end)
        path = tree / "f.py"
        path.write_bytes(text.encode())
        results = sarif(run, "--no-cache", "f.py")["results"]
        rows = [0]
        for row in text.splitlines(keepends=True):
            rows.append(rows[-1] + len(row))
        spans = []
        for result in results:
            [fix] = result["fixes"]
            assert fix["properties"] == {"safe": True}
            [change] = fix["artifactChanges"]
            assert change["artifactLocation"] == {"uri": "f.py", "uriBaseId": "%SRCROOT%"}
            for one in change["replacements"]:
                at = one["deletedRegion"]
                assert at["endLine"] <= text.count("\n") + 1
                start = rows[at["startLine"] - 1] + at["startColumn"] - 1
                stop = rows[at["endLine"] - 1] + at["endColumn"] - 1
                spans.append((start, stop, one.get("insertedContent", {"text": ""})["text"]))
        assert len(spans) == 3
        for start, stop, new in sorted(spans, reverse=True):
            text = text[:start] + new + text[stop:]
        assert run("fix", "f.py").status == 0
        assert path.read_bytes().decode() == text


def test_no_fixes_where_there_are_no_edits_or_no_lines(run: Run, tree: Path) -> None:
    put(tree, {
        "a.py": BAD,
        "n.ipynb": notebook("import tensorflow as tf", "y = tf.log(x)"),
        "u.py": "import tensorflow as tf\ntf.set_random_seed(1)\n",
    })  # fmt: skip
    results = sarif(run, ".")["results"]
    assert len(results) == 3
    told = [fix["properties"]["safe"] for result in results for fix in result.get("fixes", [])]
    assert told == [False]


def test_notebooks_and_odd_names(run: Run, tree: Path) -> None:
    odd = "ü 100%#?[x] \u202e.py"
    put(tree, {"n.ipynb": notebook("import tensorflow as tf", "!ls\ntf.Session()"), odd: BAD})
    (tree / os.fsdecode(b"\xff.py")).write_text(BAD)
    results = sarif(run, ".")["results"]
    places = [result["locations"][0]["physicalLocation"] for result in results]
    uris = [place["artifactLocation"]["uri"] for place in places]
    assert sorted(uris) == [
        "%C3%BC%20100%25%23%3F%5Bx%5D%20%E2%80%AE.py", "%FF.py", "n.ipynb",
    ]  # fmt: skip
    [cell] = [r["properties"] for r in results if "cell" in r["properties"]]
    assert (cell["cell"], cell["line"], cell["column"]) == (2, 2, 1)


def test_where_the_pages_have_an_address(
    run: Run, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "ADDRESS", "https://example.org/tf2lint/")
    only = sarif(run, "--no-cache", ".")
    uris = [rule["helpUri"] for rule in only["tool"]["driver"]["rules"]]
    assert uris[0] == "https://example.org/tf2lint/docs/rules/TF001.md"
    told = json.loads(run("check", "--no-cache", "--output-format=json", "bad.py").out)
    assert told[0]["url"] == "https://example.org/tf2lint/docs/rules/TF101.md"


def test_the_schema_refuses_what_is_wrong(run: Run, files: Path) -> None:
    log = json.loads(run("check", "--output-format=sarif", ".").out)

    def broken(*path: str | int, value: object) -> list[str]:
        made = copy.deepcopy(log)
        at = made
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        return errors(made)

    place = ("runs", 0, "results", 0, "locations", 0, "physicalLocation")
    for found in (
        errors({"version": "2.1.0"}),
        broken("version", value="2.0"),
        broken("extra", value=1),
        broken("runs", 0, "tool", "driver", value={}),
        broken("runs", 0, "tool", "driver", "rules", 0, "helpUri", value="docs/rules/TF001.md"),
        broken(*place, "region", "startLine", value=0),
        broken(*place, "artifactLocation", "uri", value="a b.py"),
    ):
        assert len(found) == 1, found
    assert re.search("uri", broken(*place, "artifactLocation", "uri", value="a b.py")[0])
