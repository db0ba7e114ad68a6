"""`tf2lint rules`, and that ruff takes the table made for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.support import Run, put
from tf2lint.check.registry import rules
from tf2lint.cli import pages


def test_text(run: Run) -> None:
    lines = run("rules").lines
    assert [line.split()[0] for line in lines] == [rule.code for rule in rules()]
    off = [line.split()[0] for line in lines if line.endswith("(off)")]
    assert off == [rule.code for rule in rules() if not rule.default]
    assert off


def test_json(run: Run) -> None:
    listed = json.loads(run("rules", "--output-format=json").out)
    assert [entry["code"] for entry in listed] == [rule.code for rule in rules()]
    for entry in listed:
        assert list(entry) == [
            "code", "name", "category", "family", "summary", "default", "pylint_id",
            "pylint_symbol", "url",
        ]  # fmt: skip
        assert entry["pylint_id"] == f"{entry['category']}7{entry['code'][2:]}"


def test_markdown(run: Run) -> None:
    assert run("rules", "--output-format=markdown").out == pages.index(rules())


CODE = """\
import tensorflow as T
from tensorflow import placeholder
import tensorflow.contrib.slim as slim

s = T.Session()
m = T.summary.merge_all()
p = placeholder(T.float32)
slim.conv2d(p)
c = T.constant(1)
"""


def test_ruff(run: Run, tree: Path) -> None:
    done = run("rules", "--output-format=ruff")
    assert (done.status, done.err) == (0, "")
    put(tree, {"ruff.toml": f'[lint]\nselect = ["TID251"]\n{done.out}', "x.py": CODE})
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--config=ruff.toml",
         "--output-format=json", "--no-cache", "x.py"],
        cwd=tree, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert ruff.stderr == ""
    found = json.loads(ruff.stdout)
    assert [entry["location"]["row"] for entry in found] == [2, 3, 5, 6]
    assert "`tensorflow.Session` is banned: `tf.Session` was removed in TF 2" in ruff.stdout


def test_the_table_for_ruff_follows_the_target(run: Run) -> None:
    newest = set(run("rules", "--output-format=ruff").lines)
    older = set(run("rules", "--output-format=ruff", "--tf2-target-version=2.4").lines)
    names = {line.split(".msg")[0] for line in newest}
    assert '"tensorflow.Session"' in names
    assert '"tensorflow.estimator.Estimator"' in names
    assert not any(line.startswith('"tensorflow.estimator.Estimator"') for line in older)
