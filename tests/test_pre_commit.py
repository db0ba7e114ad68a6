"""The pre-commit hooks, run by the real pre-commit from a git repository of this tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.support import notebook
from tests.hosts import BAD, ROOT, copy_project
from tests.test_readme import _block

_HOSTED = ["flake8", "pylint"]  # both in one environment: making one takes longest
HOOKS = ("tf2lint fix", "tf2lint", "tf2lint (notebooks)")  # in the README's order


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", *arguments],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project next to a repository of ours with the branch that the page names."""
    folder = tmp_path_factory.mktemp("pre-commit")
    ours = folder / "tf2lint"
    ours.mkdir()
    copy_project(ours)
    _committed(ours)
    return _beside(ours, "project")


def _committed(repository: Path) -> None:
    _git(repository, "init", "-q", "-b", "main")
    _git(repository, "add", ".")
    _git(repository, "commit", "-q", "-m", "x")


def _beside(other: Path, name: str) -> Path:
    """A project with the hooks of the page, and nothing else yet."""
    project = other.parent / name
    project.mkdir()
    (project / ".pre-commit-config.yaml").write_text(_block("yaml", "- id: tf2lint"))
    _committed(project)
    return project


def _hook(project: Path) -> subprocess.CompletedProcess[str]:
    _git(project, "add", ".")
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color=never"],
        cwd=project, check=False, capture_output=True, text=True, encoding="utf-8", timeout=300,
        env={**os.environ, "PRE_COMMIT_HOME": str(project.parent / "home")},
    )  # fmt: skip


def _told(done: subprocess.CompletedProcess[str]) -> list[tuple[str, str]]:
    """The hooks and what came of them, in the order of the README."""
    lines = [line for line in done.stdout.splitlines() if re.match(r"tf2lint.*\.\.", line)]
    return [(line.partition(".")[0], re.split(r"[.)]", line)[-1]) for line in lines]


def test_the_hooks(project: Path) -> None:
    done = _hook(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _told(done) == [(name, "Skipped") for name in HOOKS]
    assert done.stdout.count("(no files to check)") == len(HOOKS)

    (project / "clean.py").write_text("import tensorflow as tf\n\nx = tf.constant(1)\n")
    done = _hook(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _told(done) == list(zip(HOOKS, ("Passed", "Passed", "Skipped"), strict=True))

    (project / "bad.py").write_text(BAD)
    (project / "notes.txt").write_text(BAD)
    (project / "n.ipynb").write_text(notebook("import tensorflow as tf", "!ls\ntf.Session()"))
    done = _hook(project)
    assert done.returncode == 1
    assert _told(done) == list(zip(HOOKS, ("Passed", "Failed", "Failed"), strict=True))
    assert done.stdout.count("TF101 `tf.summary.merge_all` was removed in TF 2") == 1
    assert "\nbad.py:3:10: TF101 " in done.stdout
    assert "\nn.ipynb:cell_2:2:1: TF601 " in done.stdout

    (project / "bad.py").write_text("import tensorflow as tf\n\nx = tf.log(1.0)\n")
    (project / "n.ipynb").write_text(notebook("%pwd\nimport tensorflow as tf\ntf.log(1.0)"))
    done = _hook(project)
    assert done.returncode == 1
    assert _told(done) == list(zip(HOOKS, ("Failed", "Passed", "Passed"), strict=True))
    assert "files were modified by this hook" in done.stdout
    assert "tf.math.log(1.0)" in (project / "bad.py").read_text()
    assert "tf.math.log(1.0)" in (project / "n.ipynb").read_text()
    done = _hook(project)
    assert done.returncode == 0
    assert _told(done) == [(name, "Passed") for name in HOOKS]


def test_from_old_code_to_a_green_gate(project: Path) -> None:
    """By docs/baseline.md, with the examples as the old code."""
    project = _beside(project, "old")
    shutil.copytree(ROOT / "examples", project / "examples")
    for line in _block("console", "tf2lint fix --to=tf2").splitlines():
        there = os.path.join(os.path.dirname(sys.executable), "tf2lint")
        subprocess.run([there, *line.split()[1:]], cwd=project, check=True, capture_output=True)
    (project / "pyproject.toml").write_text(_block("toml", "baseline ="))
    done = _hook(project)
    assert done.returncode == 0, done.stdout + done.stderr
    (project / "examples" / "new.py").write_text(BAD)
    done = _hook(project)
    assert done.returncode == 1
    assert re.findall(r"^(.*):\d+:\d+: ", done.stdout, re.M) == ["examples/new.py"]
    (project / "examples" / "new.py").unlink()
    assert _hook(project).returncode == 0


def test_the_plugins_in_the_hooks_of_their_hosts(project: Path) -> None:
    """The README's configuration, with the hosts from the package index and us from the disk."""
    told = yaml.safe_load(_block("yaml", "PyCQA/flake8"))
    hooks = []
    for repository in told["repos"]:
        [hook] = repository["hooks"]
        host = hook["id"]
        assert repository["repo"].lower().endswith(f"/{host}")
        assert hook["additional_dependencies"] == ["tf2lint"]
        hooks.append({
            **hook, "name": host, "entry": host, "language": "python", "types": ["python"],
            "require_serial": True,
            "additional_dependencies": [*_HOSTED, str(project.parent / "tf2lint")],
        })  # fmt: skip
    assert [hook["id"] for hook in hooks] == _HOSTED
    hosted = project.parent / "hosted"
    hosted.mkdir()
    _git(hosted, "init", "-q")
    (hosted / ".pre-commit-config.yaml").write_text(
        yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]})
    )
    (hosted / "bad.py").write_text(BAD)
    done = _hook(hosted)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "bad.py:3:10: TF101 `tf.summary.merge_all` was removed in TF 2" in done.stdout
    assert re.search(r"bad\.py:3:9: [WE]7101: .*\(tf1-summary-merge-all\)", done.stdout)
