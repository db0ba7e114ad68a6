"""`.gitignore` as git has it: random files and patterns, and what `git check-ignore` says."""

from __future__ import annotations

import os
import random
import subprocess
from pathlib import Path

import pytest

from tests.cli.support import put
from tf2lint.cli.files import find

NAMES = ["a", "b", "ab", "src", "é", "a.b", "[x]", "a b", "!a", "#a", "-"]
PIECES = [
    "*",
    "**",
    "?",
    "a",
    "b",
    "src",
    "é",
    "[ab]",
    "[!a]",
    "[^b]",
    "[a-c]",
    "\\*",
    "x",
    ".py",
    "m",
]


def _pattern(rnd: random.Random) -> str:
    parts = [
        "".join(rnd.choice(PIECES) for _ in range(rnd.choice((1, 1, 2, 3))))
        for _ in range(rnd.choice((1, 1, 2, 3)))
    ]
    start = rnd.choice(("", "", "", "/", "!", "!/", "**/", "\\"))
    return start + "/".join(parts) + rnd.choice(("", "", "", "/", "/**", "/*", " ", "\\ "))


@pytest.mark.parametrize("seed", range(40))
def test_as_git_check_ignore_has_it(tree: Path, seed: int) -> None:
    rnd = random.Random(seed)
    folders = ["", *("/".join(rnd.choices(NAMES, k=rnd.choice((1, 2, 3)))) for _ in range(6))]
    files = {f"{folder}/m{n}.py".lstrip("/"): "" for folder in folders for n in range(2)}
    ignores = {
        f"{folder}/.gitignore".lstrip("/"): "\n".join(_pattern(rnd) for _ in range(4))
        for folder in {"", rnd.choice(folders)}
    }
    put(tree, {**files, **ignores, "/.git/info/exclude".lstrip("/"): ""})
    subprocess.run(["git", "init", "-q", "."], cwd=tree, check=True)
    done = subprocess.run(
        ["git", "check-ignore", "-z", "--stdin"], cwd=tree, capture_output=True, check=False,
        input="\0".join(files).encode(),
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    ignored = set(filter(None, done.stdout.decode().split("\0")))
    found = {os.path.relpath(str(path), ".") for path in find(["."])}
    assert found == files.keys() - ignored, ignores
