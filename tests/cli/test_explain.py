"""`tf2lint explain`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.cli.support import Run, put
from tf2lint.check.registry import rules
from tf2lint.cli import pages
from tf2lint.cli.explain import snippet_of


@pytest.mark.parametrize("word", ["TF101", "summary-merge-all", "tf1-summary-merge-all", "W7101"])
def test_a_rule_by_any_of_its_names(run: Run, word: str) -> None:
    [rule] = [rule for rule in rules() if rule.code == "TF101"]
    assert run("explain", word) == (0, pages.page(rule), "")


@pytest.mark.parametrize(
    "word",
    ["tf.train.MomentumOptimizer", "tensorflow.train.MomentumOptimizer", "train.MomentumOptimizer",
     "tf.compat.v1.train.MomentumOptimizer"],
)  # fmt: skip
def test_a_class(run: Run, word: str) -> None:
    done = run("explain", word)
    assert done.status == 0
    assert done.lines[:4] == [
        "tf.train.MomentumOptimizer: class",
        "    TF 1.15         tf.train.MomentumOptimizer(learning_rate, momentum, "
        "use_locking=False, name='Momentum', use_nesterov=False)",
        "    TF 2.0 to 2.21  tf.train.MomentumOptimizer is not there",
        "    TF 2.0 to 2.21  tf.compat.v1.train.MomentumOptimizer(learning_rate, momentum, "
        "use_locking=False, name='Momentum', use_nesterov=False)",
    ]
    assert "    TF501 tf.train.MomentumOptimizer was removed in TF 2; " in done.out
    assert "tf.keras.optimizers.SGD(learning_rate=learning_rate, momentum=momentum" in done.out
    assert done.lines[-1] == "More on TF501: tf2lint explain TF501"


def test_a_family(run: Run) -> None:
    done = run("explain", "TF1")
    assert done.status == 0
    assert done.lines[:2] == ["TF1: Summaries and TensorBoard", ""]
    assert [line.split()[0] for line in done.lines[2:]] == [
        rule.code for rule in rules() if rule.code.startswith("TF1")
    ]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("tf.Sesion", "tf.Session"), ("tensorflow.train.AdamOptimiser", "tf.train.AdamOptimizer"),
        ("summary-merge-al", "summary-merge-all"), ("TF010", "TF"), ("tf.nonsense", ""),
        ("tf.gone.Session", "session"), ("", ""), ("tf..x", ""),
    ],
)  # fmt: skip
def test_the_nearest_name(run: Run, word: str, near: str) -> None:
    done = run("explain", word)
    assert (done.status, done.out) == (2, "")
    start, _, meant = done.err.partition(", did you mean ")
    assert start.strip() == f"tf2lint: error: explain: no rule and no TensorFlow symbol {word!r}"
    assert meant.startswith(f"'{near}") if near else not meant


def test_releases_that_differ(run: Run) -> None:
    done = run("explain", "tf.layers.dense")
    assert "    TF 2.16 to 2.21  tf.compat.v1.layers.dense is not there" in done.lines


def test_something_that_is_fine(run: Run) -> None:
    done = run("explain", "tf.zeros")
    assert done.status == 0
    assert done.lines[-1] == "    nothing"


def test_the_target_decides(run: Run, tree: Path) -> None:
    put(tree, {"pyproject.toml": "[tool.tf2lint]\ntarget-version = '2.3'\n"})
    assert "What tf2lint says for TensorFlow 2.3:" in run("explain", "tf.Session").lines
    done = run("explain", "--tf2-target-version=2.9", "tf.Session")
    assert "What tf2lint says for TensorFlow 2.9:" in done.lines


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("tf.Session", "tf.Session(target=target, graph=graph, config=config)"),
        ("tf.summary", "tf.summary"),
        ("tf.AUTO_REUSE", "tf.AUTO_REUSE"),
        ("tf.train.Saver.restore", "x.restore(sess, save_path)"),
        ("tf.contrib.slim", "tf.contrib.slim"),
    ],
)
def test_snippets(name: str, last: str) -> None:
    text = snippet_of(name)
    ast.parse(text)
    assert text.splitlines()[-1].strip() == last
