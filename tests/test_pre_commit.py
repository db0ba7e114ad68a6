"""The pre-commit hook, run by the real pre-commit from a git repository of this tree."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hosts import BAD, copy_project
from tests.test_readme import _block


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *arguments],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project next to a repository of ours with the tag that the README names."""
    folder = tmp_path_factory.mktemp("pre-commit")
    ours = folder / "tf2lint"
    ours.mkdir()
    copy_project(ours)
    project = folder / "project"
    project.mkdir()
    (project / ".pre-commit-config.yaml").write_text(_block("yaml", "- id: tf2lint"))
    for repository in (ours, project):
        _git(repository, "init", "-q")
        _git(repository, "add", ".")
        _git(repository, "commit", "-q", "-m", "x")
    _git(ours, "tag", "v0.1.0")
    return project


def _hook(project: Path) -> subprocess.CompletedProcess[str]:
    _git(project, "add", ".")
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color=never"],
        cwd=project, check=False, capture_output=True, text=True, encoding="utf-8", timeout=300,
        env={**os.environ, "PRE_COMMIT_HOME": str(project.parent / "home")},
    )  # fmt: skip


def test_the_hook(project: Path) -> None:
    done = _hook(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "(no files to check)Skipped" in done.stdout
    (project / "clean.py").write_text("import tensorflow as tf\n\nx = tf.constant(1)\n")
    done = _hook(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout
    (project / "bad.py").write_text(BAD)
    (project / "notes.txt").write_text(BAD)
    done = _hook(project)
    assert done.returncode == 1
    assert done.stdout.count("TF101 tf.summary.merge_all was removed in TF 2") == 1
    assert "bad.py:3:10: " in done.stdout
