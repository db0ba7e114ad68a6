"""One thing is told once; what is not told is counted by baselines and fixed all the same."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.cli.support import Run, put
from tests.hosts import ROOT, flake8, flake8_places, pylint, pylint_places
from tests.support import NOWHERE
from tf2lint.baseline import check_new, compare
from tf2lint.config import make_options, options_of
from tf2lint.fixes.fixer import fix
from tf2lint.source import Source, nodes_on

HEAD = "import tensorflow as tf\n"
SESSION = f"{HEAD}def f(sess: tf.Session, x, y):\n    "
CASES = {
    f"{SESSION}sess.run(tf.global_variables_initializer())\n": ["TF602"],
    f"{SESSION}sess.run([tf.tables_initializer(), tf.local_variables_initializer()])\n": ["TF602"],
    f"{SESSION}sess.run(y, feed_dict={{x: 1}})\n": ["TF602"],
    f"{SESSION}a = tf.global_variables_initializer()\n": ["TF205"],
    f"{HEAD}with tf.variable_scope('a', reuse=tf.AUTO_REUSE):\n    pass\n": ["TF202"],
    f"{HEAD}reuse = tf.AUTO_REUSE\n": ["TF202"],
    f"{HEAD}tf.add_to_collection(tf.GraphKeys.LOSSES, 1)\n": ["TF204"],
    f"{HEAD}tf.add_to_collection(name=tf.GraphKeys.LOSSES, value=1)\n": ["TF204"],
    f"{HEAD}k = [tf.GraphKeys.LOSSES]\n": ["TF204"],
    f"{HEAD}tf.reduce_sum(x, reduction_indices=1, keep_dims=True)\n": ["TF903"],
    f"{HEAD}tf.reduce_sum(x, keep_dims=True)\ntf.reduce_max(x, keep_dims=True)\n": ["TF903"] * 2,
    "from tensorflow.examples.tutorials.mnist import input_data\n"
    "d = input_data.read_data_sets('d')\nd.train.next_batch(3)\nd.test.images\n": ["TF004"] * 2,
}


@pytest.mark.parametrize("text", CASES)
def test_it_is_told_once(text: str) -> None:
    found = check_new(Source(text, "t.py", path="t.py"), make_options({}, NOWHERE))
    codes = [f.code for f in found if f.symbol != "tf.Session" or f.code != "TF601"]
    assert codes == CASES[text]


def test_the_one_finding_shows_the_call_with_all_arguments() -> None:
    text = f"{HEAD}tf.reduce_sum(x, reduction_indices=1, keep_dims=True)\n"
    (found,) = check_new(Source(text, "t.py", path="t.py"), make_options({}, NOWHERE))
    assert found.message == (
        "`tf.reduce_sum(reduction_indices=)` is `axis=` in TF 2. "
        "Use `tf.reduce_sum(x, axis=1, keepdims=True)`."
    )


def test_all_is_found_and_fixed() -> None:
    text = f"{HEAD}tf.reduce_sum(x, reduction_indices=1, keep_dims=True)\n"
    compared = compare(Source(text, "t.py", path="t.py"), make_options({}, NOWHERE))
    assert (len(compared.new), len(compared.found)) == (1, 2)
    fixed = fix(text, "t.py", options_of({}), "tf2", unsafe=False)
    assert fixed.text == f"{HEAD}tf.reduce_sum(x, axis=1, keepdims=True)\n"


@pytest.fixture
def program(tree: Path) -> str:
    text = "".join(
        f"with tf.variable_scope('a', reuse=tf.AUTO_REUSE):\n    v{number} = 1\n"
        for number in range(3)
    )
    put(tree, {"pkg/old.py": HEAD + text})
    return HEAD + text


@pytest.mark.parametrize("made", ["before", "now"])
def test_baselines_hold(run: Run, tree: Path, program: str, made: str) -> None:
    """One that counts every finding, as they were made before, and one of what is told."""
    assert run("baseline", "pkg", "-o", "b.txt").status == 0
    entry = next(line for line in (tree / "b.txt").read_text().splitlines() if "TF202" in line)
    _, _, code, count, *marks = f"- {entry}".split()
    assert (code, count) == ("TF202", "3")
    if made == "before":
        old = (tree / "b.txt").read_text()
        twice = " ".join([entry.replace("TF202 3", "TF202 6"), *marks])
        put(tree, {"b.txt": old.replace(entry, twice)})
    args = ("check", "--tf2-baseline", "b.txt", "--fail-on-stale", "pkg")
    assert run(*args).status == 0
    told = "--tf2-baseline=b.txt"
    assert flake8_places(flake8(told, "pkg", cwd=tree).stdout) == []
    assert pylint_places(pylint(told, "pkg/old.py", cwd=tree).stdout) == []
    more = "with tf.variable_scope('new', reuse=tf.AUTO_REUSE):\n    b = 2\n"
    put(tree, {"pkg/old.py": program + more})
    done = run(*args)
    assert done.status == 1
    assert ["pkg/old.py:8" in line for line in done.lines if "TF202" in line] == [True]


def test_who_is_not_heard_speaks_for_nobody(run: Run, tree: Path) -> None:
    put(tree, {"a.py": f"{SESSION}sess.run(y, feed_dict={{x: 1}})\n"})
    codes = ["TF601", "TF603"]
    told = run("check", "--ignore=TF602", "a.py").lines
    assert [line.split()[1] for line in told[:2]] == codes
    for option in ("--ignore=TF602", "--extend-ignore=TF602"):
        done = flake8("--isolated", option, "a.py", cwd=tree)
        assert [place[-1] for place in flake8_places(done.stdout)] == codes, option
    done = flake8("--isolated", "--select=TF603", "a.py", cwd=tree)
    assert [place[-1] for place in flake8_places(done.stdout)] == codes[1:]
    done = pylint("--disable=tf1-session-run", "a.py", cwd=tree)
    assert [place[-1] for place in pylint_places(done.stdout)] == codes


@pytest.mark.parametrize(
    "comment",
    ["noqa: TF602", "flake8: noqa: TF602", "pylint: disable=tf1-session-run"],
)
def test_who_is_silenced_at_the_place_still_speaks(run: Run, tree: Path, comment: str) -> None:
    """A comment brings up no other code there, whichever host it is for and whoever looks."""
    line = "sess.run(y, feed_dict={x: 1})"
    whole = comment.startswith("flake8")
    text = f"# {comment}\n{SESSION}{line}\n" if whole else f"{SESSION}{line}  # {comment}\n"
    put(tree, {"a.py": text})
    told = [line.split()[1] for line in run("check", "a.py").lines if line.startswith("a.py")]
    told += [place[-1] for place in flake8_places(flake8("--isolated", "a.py", cwd=tree).stdout)]
    told += [place[-1] for place in pylint_places(pylint("a.py", cwd=tree).stdout)]
    assert "TF601" in told
    assert "TF603" not in told


def test_who_is_switched_on_in_the_file_speaks(tree: Path) -> None:
    text = f"# pylint: enable=tf1-session-run\n{SESSION}sess.run(y, feed_dict={{x: 1}})\n"
    put(tree, {"a.py": text})
    done = pylint("--disable=tf1-session-run", "a.py", cwd=tree)
    assert [place[-1] for place in pylint_places(done.stdout)] == ["TF601", "TF602"]


@pytest.mark.parametrize("path", sorted(ROOT.glob("tests/fixtures/*.py")), ids=lambda p: p.stem)
def test_nodes_of_lines(path: Path) -> None:
    """Nothing that touches one of the lines is passed over, decorators included."""
    tree = ast.parse(path.read_text("utf-8") + "\n@f(\n    1)\ndef g():\n    f(\n        x)\n")
    last = tree.body[-1].end_lineno or 0
    for line in range(1, last + 1):
        found = set(nodes_on(tree, [line, last + 9]))
        assert {
            node for node in ast.walk(tree)
            if isinstance(node, ast.expr) and node.lineno <= line <= (node.end_lineno or 0)
        } <= found  # fmt: skip
    assert len(set(nodes_on(tree, [last]))) < 20
