"""Which files are looked at."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.support import BAD, Run, put
from tf2lint.cli.files import Unreadable, find
from tf2lint.patterns import Patterns


def _found(*paths: str, exclude: tuple[str, ...] = (), gitignore: bool = True) -> list[str]:
    found = list(find(paths or (".",), Patterns(exclude, os.getcwd()), gitignore))
    assert all(isinstance(path, str) for path in found)
    return [os.path.normpath(str(path)) for path in found]


def test_folders_are_walked_in_order(tree: Path) -> None:
    put(tree, dict.fromkeys(("b.py", "a/z.py", "a/b/c.pyi", "a/x.txt", "c.pyc", "a.py"), ""))
    assert _found() == ["a.py", "b.py", "a/z.py", "a/b/c.pyi"]
    assert _found("a", "a.py", "a/z.py") == ["a/z.py", "a/b/c.pyi", "a.py"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(tree: Path) -> None:
    put(tree, {"script": "", "build/made.py": ""})
    assert _found() == []
    assert _found("script", "build/made.py") == ["script", "build/made.py"]
    assert _found("build") == ["build/made.py"]


@pytest.mark.parametrize("name", [".git", ".venv", "node_modules", "__pycache__", "site-packages"])
def test_well_known_folders_are_left_out(tree: Path, name: str) -> None:
    put(tree, {f"{name}/x.py": "", f"a/{name}/x.py": "", "a/x.py": ""})
    assert _found() == ["a/x.py"]


def test_links(tree: Path) -> None:
    put(tree, {"a/x.py": ""})
    os.symlink(tree, tree / "a" / "loop")
    os.symlink("x.py", tree / "a" / "link.py")
    os.symlink("gone.py", tree / "a" / "broken.py")
    os.mkfifo(tree / "a" / "pipe.py")
    (tree / "a" / "folder.py").mkdir()
    assert _found() == ["a/link.py", "a/x.py"]


def test_what_is_not_there_is_said_and_the_rest_goes_on(tree: Path) -> None:
    put(tree, {"x.py": ""})
    first, second = find(["gone", "x.py"])
    assert isinstance(first, Unreadable)
    assert str(first) == "gone: no such file or folder"
    assert second == "x.py"


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (("a",), ["b/a.py", "b/c.py"]),
        (("a.py",), ["a/b/x.py", "b/c.py"]),
        (("*.py",), []),
        (("b",), []),
        (("b/",), []),
        (("a/b",), ["b/a.py", "b/c.py"]),
        (("./a/b/x.py",), ["b/a.py", "b/c.py"]),
        (("b/*",), ["a/b/x.py"]),
        (("*/c.py", "a/*"), ["b/a.py"]),
        (("nothing",), ["a/b/x.py", "b/a.py", "b/c.py"]),
    ],
)
def test_exclude(tree: Path, patterns: tuple[str, ...], left: list[str]) -> None:
    put(tree, dict.fromkeys(("a/b/x.py", "b/a.py", "b/c.py"), ""))
    assert _found(exclude=patterns) == left


def test_exclude_counts_for_files_that_are_named(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD, "gen/b.py": BAD})
    assert run("check", "--exclude", "gen,x", "a.py", "gen/b.py").out.count("TF101") == 1


IGNORE = r"""
# comment
*.gen.py
/top.py
deep/**/skip.py
**/any/x.py
folder/
!keep.gen.py
a/b
sp\ ace.py
trailing.py{}
file[0-9].py
neg[!0-9].py
q?.py
\#hash.py
\!bang.py
rest/**
x/*/z.py
""".replace("{}", "  ")
NAMES = (
    "a.gen.py", "d/a.gen.py", "keep.gen.py", "d/keep.gen.py", "top.py", "d/top.py",
    "deep/skip.py", "deep/1/skip.py", "deep/1/2/skip.py", "d/deep/skip.py", "any/x.py",
    "d/any/x.py", "d/any/y.py", "folder/x.py", "d/folder/x.py", "folder.py", "a/b/c.py",
    "d/a/b/c.py", "sp ace.py", "trailing.py", "file1.py", "filex.py", "neg1.py", "negx.py",
    "q1.py", "q12.py", "#hash.py", "!bang.py", "rest/x.py", "rest/1/x.py", "x/y/z.py",
    "x/1/2/z.py", "z.py", "m.py", "sub/own.py", "sub/back.gen.py", "sub/deep/own.py", "own.py",
)  # fmt: skip


@pytest.fixture
def repository(tree: Path) -> Path:
    git = shutil.which("git")
    assert git is not None
    put(tree, dict.fromkeys(NAMES, ""))
    put(tree, {".gitignore": IGNORE, "sub/.gitignore": "own.py\n!back.gen.py\n"})
    subprocess.run([git, "init", "-q", "."], check=True)
    put(tree, {".git/info/exclude": "m.py\n"})
    return tree


@pytest.mark.parametrize("folder", [".", "sub", "deep", "d", "sub/deep"])
def test_gitignore_means_what_git_takes_it_to_mean(repository: Path, folder: str) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--others", "--exclude-standard", folder],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    wanted = {name for name in listed.stdout.split("\0") if name.endswith(".py")}
    assert set(_found(folder)) == wanted
    everything = {name for name in NAMES if folder == "." or name.startswith(f"{folder}/")}
    assert set(_found(folder, gitignore=False)) == everything
    assert not wanted >= everything


def test_gitignore_without_a_repository(tree: Path) -> None:
    put(
        tree, {".gitignore": "x.py\n", "x.py": "", "y.py": "", "s/.gitignore": "y.py", "s/y.py": ""}
    )
    assert _found() == ["y.py"]


def test_no_gitignore_on_the_command_line(run: Run, tree: Path) -> None:
    put(tree, {".gitignore": "x.py\n", "x.py": BAD})
    assert run("check", ".").status == 0
    assert run("check", "--no-gitignore", ".").status == 1


def test_a_folder_that_cannot_be_listed(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tree, {"a/x.py": BAD, "b/x.py": BAD})
    real = os.scandir

    def refuse(path: str) -> object:
        if path == "./a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    done = run("check", ".")
    assert done.status == 2
    assert done.err == "tf2lint: ./a: Permission denied\n"
    assert done.out.startswith("./b/x.py:3:10: TF101")
