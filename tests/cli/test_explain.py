"""`tf2lint explain`."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest

from tests.cli.support import Run, put
from tf2lint.check.registry import rules
from tf2lint.cli import pages, terminal
from tf2lint.cli.explain import snippet_of
from tf2lint.finding import Rule


@pytest.mark.parametrize("word", ["TF101", "summary-merge-all", "tf1-summary-merge-all", "W7101"])
def test_a_rule_by_any_of_its_names(run: Run, word: str) -> None:
    [rule] = [rule for rule in rules() if rule.code == "TF101"]
    assert run("explain", word) == (0, pages.page(rule), "")


@pytest.mark.parametrize(
    "word",
    ["tf.train.MomentumOptimizer", "tensorflow.train.MomentumOptimizer", "train.MomentumOptimizer",
     ],
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
    assert "        TF501 `tf.train.MomentumOptimizer` was removed in TF 2. " in done.out
    assert "tf.keras.optimizers.SGD(learning_rate=learning_rate, " in done.out
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
        ("tf.gone.Session", "tf.Session"), ("", ""), ("tf..x", ""),
        ("AdamOptimizer", "tf.train.AdamOptimizer"), ("tf.trian.Saver", "tf.train.Saver"),
        ("AdamOptimzer", "tf.train.AdamOptimizer"), ("compat.v1.layer.dense", "tf.layers.dense"),
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
    assert (
        "    TF 2.16 to 2.21  tf.compat.v1.layers.dense is there only with tf_keras and TF_USE_LEGACY_KERAS=1"
        in done.lines
    )


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
        ("tf.Session", "tf.Session()"),
        ("tf.summary", "tf.summary"),
        ("tf.AUTO_REUSE", "tf.AUTO_REUSE"),
        ("tf.train.Saver.restore", "x.restore(sess, save_path)"),
        ("tf.contrib.slim", "tf.contrib.slim"),
        ("tf.GraphKeys.UPDATE_OPS", "tf.GraphKeys.UPDATE_OPS"),
        ("tf.Session.graph", "x.graph"),
    ],
)
def test_snippets(name: str, last: str) -> None:
    text = snippet_of(name)
    ast.parse(text)
    assert text.splitlines()[-1].strip() == last


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("tf.contrib.eager.Network", "TF301"),
        ("tf.mul", "TF901"),
        ("tf.merge_all_summaries", "TF101"),
        ("tf.train.SummaryWriter", "TF103"),
        ("tf.examples.tutorials.mnist.input_data", "TF004"),
    ],
)
def test_names_that_no_table_has(run: Run, word: str, told: str) -> None:
    done = run("explain", word)
    assert done.status == 0
    assert f"        {told} `{word}` " in done.out
    assert done.lines[-1] == f"More on {told}: tf2lint explain {told}"


def test_a_member_is_what_it_is(run: Run) -> None:
    done = run("explain", "tf.GraphKeys.UPDATE_OPS")
    assert "layers update" in done.out
    assert "a list of your own" not in done.out
    assert "`training=True`" in run("explain", "tf.estimator.ModeKeys.TRAIN").out


def test_a_method_without_the_annotation_that_nobody_wrote(run: Run) -> None:
    done = run("explain", "tf.summary.FileWriter.add_summary")
    assert "TF102" in done.out
    assert "TF103" not in done.out


def test_one_way_of_giving_arguments_at_a_time(run: Run) -> None:
    lines = run("explain", "tf.nn.dropout").lines
    at = lines.index("    tf.nn.dropout(x, keep_prob)")
    assert lines[at + 1].startswith("        TF906 `tf.nn.dropout` ")
    at = lines.index("    tf.nn.dropout(x, keep_prob=keep_prob)")
    assert lines[at + 1].startswith("        TF903 `tf.nn.dropout(keep_prob=)`")
    assert "TF904" not in run("explain", "tf.reduce_sum").out


def test_pages_that_name_it(run: Run) -> None:
    """Of `tf.where` nothing is reported: what changed cannot be seen in a call."""
    [line] = [line for line in run("explain", "tf.where").lines if line.startswith("Named on")]
    assert "TF906" in line


def test_through_compat_v1(run: Run) -> None:
    done = run("explain", "compat.v1.placeholder")
    assert "    tf.compat.v1.placeholder(dtype)" in done.lines
    assert "TF603 `tf.compat.v1.placeholder` raises under eager execution" in done.out


# On a terminal.


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def _shown(monkeypatch: pytest.MonkeyPatch, text: str, lines: int) -> tuple[str, str]:
    """What is printed, and what goes through the pager, on a screen of so many lines."""
    screen, paged = _Screen(), io.StringIO()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setattr("pydoc.pager", paged.write)
    for name, value in (("COLUMNS", "80"), ("LINES", str(lines)), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    terminal.show(text)
    return screen.getvalue(), paged.getvalue()


def test_long_pages_go_through_the_pager(monkeypatch: pytest.MonkeyPatch) -> None:
    text = pages.page(next(rule for rule in rules() if rule.code == "TF101"))
    printed, paged = _shown(monkeypatch, text, 24)
    assert printed == ""
    assert paged.startswith("TF101: summary-merge-all\n\n")
    printed, paged = _shown(monkeypatch, text, 1000)
    assert printed.startswith("TF101: summary-merge-all\n\n")
    assert paged == ""


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)
def test_pages_fit_80_columns(rule: Rule) -> None:
    """All but code and what cannot be broken."""
    inside = False
    for line in terminal.rendered(pages.page(rule), 80):
        long = len(line) > 80 and not line.startswith("    ")
        assert not long or len(line.split()) == 1, line
        inside = inside or line == "What it is about"
    assert inside


def test_a_table_that_is_too_wide_has_its_cells_below_each_other() -> None:
    text = "| was | is |\n|---|---|\n| `a` | `b.c(d)` |\n"
    assert list(terminal.rendered(text, 80)) == ["was  is", "`a`  `b.c(d)`"]
    assert list(terminal.rendered(text, 10)) == ["was", "    is", "`a`", "    `b.c(d)`"]


def test_marks_of_markdown_are_set() -> None:
    text = "## Head\n\nA **bold** word\nand more.\n* one\n  two\n- <https://a.b>\n"
    assert list(terminal.rendered(text, 80)) == [
        "Head", "", "A bold word and more.", "* one two", "- https://a.b",
    ]  # fmt: skip
    assert next(terminal.rendered(text, 80, bold=True)) == "\x1b[1mHead\x1b[0m"
