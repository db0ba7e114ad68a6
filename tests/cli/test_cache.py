"""The cache of `tf2lint check`: what has not changed is not looked at again, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tf2lint
from tests.cli.support import Run
from tf2lint.cli import cached, examine
from tf2lint.cli.cache import FOLDER

TEXT = "import tensorflow as tf\n\ntf.Session()\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (tmp_path / "pkg" / "compat.py").write_text("import tensorflow as tf\n")
    (tmp_path / "pkg" / "user.py").write_text("from .compat import tf\n\ntf.Session()\n")
    (tmp_path / "pkg" / "plain.py").write_text("x = 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are really looked at."""
    seen: list[str] = []
    real = examine.examine

    def noting(path: str, job: examine.Job, data: bytes | None = None) -> examine.Outcome:
        seen.append(os.path.basename(path))
        return real(path, job, data)

    for module in (cached, examine):
        monkeypatch.setattr(module, "examine", noting)
    return seen


def _fresh() -> None:
    """As in a new process: nothing is remembered of the files around."""
    from tf2lint.semantics import files, project

    for module in (files, project):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _check(run: Run, looked_at: list[str], *more: str) -> tuple[str, list[str]]:
    _fresh()
    looked_at.clear()
    done = run("check", "--jobs=1", *more, ".")
    assert done.err == ""
    return done.out, sorted(looked_at)


def _shards(tree: Path) -> list[Path]:
    return sorted((tree / FOLDER).glob("*/*.json"))


@pytest.mark.usefixtures("tree")
def test_a_second_run_looks_at_nothing(run: Run, looked_at: list[str]) -> None:
    first, seen = _check(run, looked_at)
    assert "TF601" in first
    assert seen == ["__init__.py", "compat.py", "plain.py", "user.py"]
    assert _check(run, looked_at) == (first, [])
    assert _check(run, looked_at, "--output-format=jsonl") != (first, [])


def test_git_does_not_see_it(run: Run, tree: Path, looked_at: list[str]) -> None:
    _check(run, looked_at)
    assert "\n*\n" in (tree / FOLDER / ".gitignore").read_text()


def test_no_cache(run: Run, tree: Path, looked_at: list[str]) -> None:
    _check(run, looked_at, "--no-cache")
    assert not (tree / FOLDER).exists()
    _check(run, looked_at)
    assert len(_check(run, looked_at, "--no-cache")[1]) == 4


def test_what_changed_is_looked_at(run: Run, tree: Path, looked_at: list[str]) -> None:
    _check(run, looked_at)
    path = tree / "pkg" / "plain.py"
    before = path.stat()
    path.write_text("y = 2\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # the content counts
    assert _check(run, looked_at)[1] == ["plain.py"]
    os.utime(path)
    assert _check(run, looked_at)[1] == []


def test_a_neighbour_that_changes(run: Run, tree: Path, looked_at: list[str]) -> None:
    assert "user.py" in _check(run, looked_at)[0]
    (tree / "pkg" / "compat.py").write_text("import torch as tf\n")
    assert _check(run, looked_at) == ("", ["compat.py", "user.py"])
    (tree / "pkg" / "compat.py").unlink()
    assert _check(run, looked_at) == ("", ["user.py"])
    (tree / "pkg" / "compat").mkdir()
    (tree / "pkg" / "compat" / "__init__.py").write_text("import tensorflow as tf\n")
    assert "user.py:3:1: TF601" in _check(run, looked_at)[0]


@pytest.mark.usefixtures("tree")
def test_other_options_have_other_results(run: Run, looked_at: list[str]) -> None:
    _check(run, looked_at)
    for more in ("--select=TF5", "--tf2-target-version=2.3", "--tf2-report-guarded"):
        assert len(_check(run, looked_at, more)[1]) == 4
    assert _check(run, looked_at)[1] == []


def test_a_damaged_cache_is_made_anew(run: Run, tree: Path, looked_at: list[str]) -> None:
    good = _check(run, looked_at)[0]
    shards = _shards(tree)
    assert shards
    whole = [path.read_text() for path in shards]
    forged = [text.replace("TF601", "TF602") for text in whole]
    damages = (
        ["" for _ in whole], [text[: len(text) // 2] for text in whole], forged,
        ["\x00\xff" * 50] * len(whole), ["tf2lint cache 1 x\n[]"] * len(whole),
        [text.partition("\n")[0] + "\n" + json.dumps([[1, 2]]) for text in whole],
    )  # fmt: skip
    for damage in damages:
        for path, text in zip(shards, damage, strict=True):
            path.write_text(text, encoding="latin-1")
        assert _check(run, looked_at)[0] == good
        assert looked_at
        assert _check(run, looked_at) == (good, [])


def test_errors_are_not_kept(run: Run, tree: Path, looked_at: list[str]) -> None:
    (tree / "pkg" / "bad.py").write_text("import tensorflow as (\n")
    for _ in range(2):
        _fresh()
        looked_at.clear()
        done = run("check", "--jobs=1", ".")
        assert done.status == 2
        assert "cannot be parsed" in done.err
        assert "bad.py" in looked_at


def test_a_folder_that_cannot_be_written(run: Run, tree: Path, looked_at: list[str]) -> None:
    (tree / FOLDER).write_text("a file in its place")
    out, seen = _check(run, looked_at)
    assert "TF601" in out
    assert len(seen) == 4


def test_a_link_in_its_place_is_left_alone(run: Run, tree: Path, looked_at: list[str]) -> None:
    (tree / "elsewhere").mkdir()
    (tree / FOLDER).symlink_to(tree / "elsewhere")
    _check(run, looked_at)
    assert list((tree / "elsewhere").iterdir()) == []


def test_two_jobs(run: Run, tree: Path) -> None:
    for number in range(40):
        (tree / f"m{number}.py").write_text(TEXT)
    first = run("check", "--jobs=2", ".")
    assert first.out.count("TF601") == 41
    assert run("check", "--jobs=2", ".") == first
    assert run("check", "--no-cache", "--jobs=1", ".") == first


def test_old_results_go(run: Run, tree: Path, looked_at: list[str]) -> None:
    for number in range(20):
        _check(run, looked_at, f"--tf2-aliases=a{number}=tensorflow")
    assert len([path for path in (tree / FOLDER).iterdir() if path.is_dir()]) <= 16


def test_another_tf2lint_has_other_results(tree: Path) -> None:
    """Whatever of it is another one: a rule's words, or a table."""
    shutil.copytree(Path(tf2lint.__file__).parent, tree / "own" / "tf2lint",
                    ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    command = [sys.executable, "-m", "tf2lint", "check", "--jobs=1", "pkg"]

    def check() -> str:
        env = {**os.environ, "PYTHONPATH": str(tree / "own")}
        done = subprocess.run(
            command, cwd=tree, env=env, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        return done.stdout

    before = check()
    assert "was removed in TF 2" in before
    words = tree / "own" / "tf2lint" / "check" / "reference.py"
    text = words.read_text(encoding="utf-8")
    words.write_text(text.replace("was removed in TF", "went in TF"), encoding="utf-8")
    assert check() == before.replace("was removed in TF", "went in TF") != before
