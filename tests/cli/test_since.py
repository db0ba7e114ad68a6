"""`tf2lint check --since`: what is on lines that git says are new or changed."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from tests.cli.support import BAD, Run, notebook, put
from tf2lint.cli.since import Since

OLD = "import tensorflow as tf\n\na = tf.log(1.0)\nb = tf.log(2.0)\nc = tf.log(3.0)\n"


def git(*arguments: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *arguments],
        cwd=cwd, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def repository(tree: Path) -> Path:
    """A repository with one commit, and a branch that went on elsewhere."""
    git("init", "-q", "-b", "main", ".")
    put(tree, {"a.py": OLD, "sub/b.py": OLD, "broken.py": "import tensorflow\n(\n"})
    git("add", ".")
    git("commit", "-q", "-m", "one")
    return tree


def lines(run: Run, *arguments: str) -> list[str]:
    done = run("check", "--no-cache", *arguments)
    return [":".join(line.split(":")[:2]) for line in done.lines]


def test_what_is_committed_staged_unstaged_and_untracked(run: Run, repository: Path) -> None:
    assert lines(run, "--since=HEAD", ".") == []
    assert run("check", "--since=HEAD", ".").status == 0  # broken.py has not changed
    git("checkout", "-q", "-b", "feature")
    put(repository, {"a.py": OLD.replace("2.0", "2.5")})
    git("commit", "-q", "-a", "-m", "two")
    put(repository, {"sub/b.py": f"# moved\n{OLD}d = tf.log(4.0)\n"})
    git("add", ".")
    put(repository, {"new.py": BAD, "a.py": OLD.replace("2.0", "2.5").replace("3.0", "3.5")})
    assert lines(run, "--since=main", ".") == [
        "./a.py:4", "./a.py:5", "./new.py:3", "./sub/b.py:7",
    ]  # fmt: skip
    assert lines(run, "--since=HEAD", ".") == ["./a.py:5", "./new.py:3", "./sub/b.py:7"]
    git("checkout", "-q", "-f", "main")
    put(repository, {"a.py": OLD.replace("1.0", "1.5")})
    git("add", "a.py")
    git("commit", "-q", "-m", "three")
    git("checkout", "-q", "feature")
    # What others did on main since is not ours.
    assert lines(run, "--since=main", "a.py") == ["a.py:4"]


def test_a_renamed_file_is_not_new(run: Run, repository: Path) -> None:
    git("mv", "a.py", "sub/c.py")
    put(repository, {"sub/c.py": OLD.replace("3.0", "3.5")})
    assert lines(run, "--since=HEAD", ".") == ["./sub/c.py:5"]


def test_a_statement_over_several_lines(run: Run, repository: Path) -> None:
    put(repository, {"a.py": "import tensorflow as tf\nx = tf.train.Saver(\n    1,\n    2,\n)\n"})
    git("commit", "-q", "-a", "-m", "two")
    put(repository, {"a.py": "import tensorflow as tf\nx = tf.train.Saver(\n    1,\n)\n"})
    assert lines(run, "--since=HEAD", "a.py") == []  # the name is where it was


def test_notebooks(run: Run, repository: Path) -> None:
    cells = ["import tensorflow as tf", "x = tf.log(1.0)\ny = 2", "z = tf.log(3.0)"]
    put(repository, {"n.ipynb": notebook(*cells)})
    git("add", ".")
    git("commit", "-q", "-m", "two")
    put(repository, {"n.ipynb": notebook(cells[0], cells[1].replace("1.0", "1.5"), cells[2])})
    done = run("check", "--since=HEAD", "n.ipynb")
    assert [line.split(" ")[0] for line in done.lines] == ["n.ipynb:cell_2:1:5:"]


def test_names_that_git_quotes(run: Run, repository: Path) -> None:
    names = ['a "b".py', "tab\t.py", "é.py", "back\\slash.py", "a b .py"]
    put(repository, dict.fromkeys(names, OLD))
    git("add", ".")
    git("commit", "-q", "-m", "two")
    put(repository, {name: OLD.replace("3.0", "+++ 3") for name in names})
    done = run("check", "--since=HEAD", "--output-format=json", ".")
    found = sorted((r["path"][2:], r["line"]) for r in json.loads(done.out))
    assert found == sorted((name, 5) for name in names)


def test_what_git_does_not_know_is_one_line(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD})
    done = run("check", "--since=HEAD", "a.py")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "--since: not a git repository" in done.err
    git("init", "-q", ".")
    for ref in ("HEAD", "gone", "--output=x"):
        done = run("check", f"--since={ref}", "a.py")
        assert (done.status, done.err) == (2, f"tf2lint: error: --since: no commit {ref!r}\n")
    git("commit", "-q", "--allow-empty", "-m", "x")
    git("checkout", "-q", "--orphan", "other")
    git("commit", "-q", "--allow-empty", "-m", "y")
    branch = git("branch", "--format=%(refname:short)").split()
    [first] = [name for name in branch if name != "other"]
    assert "no commit in common" in run("check", f"--since={first}", "a.py").err


@pytest.mark.parametrize("seed", range(6))
def test_as_git_blame_has_it(tree: Path, seed: int) -> None:
    """Random edits; the lines that `git blame` does not find in the first commit are changed."""
    rnd = random.Random(seed)
    text = [f"line {n % 7} {'+-@ '[n % 4]}" for n in range(60)]

    def edited(old: list[str]) -> list[str]:
        new = list(old)
        for number in range(rnd.randrange(1, 8)):
            at = rnd.randrange(len(new))
            what = rnd.randrange(3)
            new[at : at + (what > 0) * rnd.randrange(1, 4)] = (
                [f"-- {seed} {number} {n}" for n in range(rnd.randrange(1, 4))] if what < 2 else []
            )
        return new

    git("init", "-q", ".")
    put(tree, {"a.py": "\n".join(text)})
    git("add", ".")
    git("commit", "-q", "-m", "one")
    first = git("rev-parse", "HEAD").strip()
    for stage in ("commit", "stage", "leave"):
        text = edited(text)
        put(tree, {"a.py": "\n".join(text)})
        if stage != "leave":
            git("add", ".")
        if stage == "commit":
            git("commit", "-q", "-m", "two")
    blame = git("blame", "--porcelain", "a.py").splitlines()
    heads = [line.split(" ") for line in blame if len(line.split(" ")[0]) == 40]
    old = {int(head[2]) for head in heads if head[0] == first}
    since = Since(first)
    changed = {n for n in range(1, len(text) + 1) if since.touches("a.py", n, n)}
    assert changed == set(range(1, len(text) + 1)) - old
    assert os.path.exists("a.py")
