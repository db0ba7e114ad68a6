"""Odd trees and files that grow: time that has a bound, and nothing that waits."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import hosts
from tf2lint.check.engine import check
from tf2lint.cli import files as on_disk
from tf2lint.options import Options
from tf2lint.source import Source
from tf2lint.suppress import Suppressions

BOUND = 5.0  # seconds of CPU; most take less than 0.2, and what these once took was minutes
USE = "tf.Session()\n"
Files = dict[str, str]


def _chain(n: int) -> Files:
    """Each module has all of the next one."""
    return {f"m{i}.py": f"from .m{i + 1} import *\n" for i in range(n)} | {
        f"m{n}.py": "import tensorflow as tf\n",
        "use.py": f"from .m0 import *\n{USE}",
    }


def _all_of_all(n: int) -> Files:
    """Every module has all of every module, and many names are asked for."""
    stars = "".join(f"from .m{i} import *\n" for i in range(n))
    names = [f"x{i}" for i in range(50)]
    return {f"m{i}.py": f"{stars}# tensorflow\n" for i in range(n)} | {
        "use.py": f"from .m0 import *\nfrom .m1 import {', '.join(names)}\n"
        + "".join(f"{name}.a()\n" for name in names)
    }


def _packages(n: int) -> Files:
    """Every package has the same module, and takes it from every other, too."""
    taken = "".join(f"from pkg.p{i} import x\n" for i in range(n))
    return (
        {f"p{i}/__init__.py": taken for i in range(n)}
        | {f"p{i}/x.py": "import tensorflow as tf\n" for i in range(n)}
        | {"use.py": f"from pkg.p0 import x\nx.{USE}"}
    )


def _aliases(n: int) -> Files:
    """A name goes round through all modules."""
    return {
        f"m{i}.py": f"from .m{(i + 1) % n} import tf, t\ntf = t\nt = tf  # tensorflow\n"
        for i in range(n)
    } | {"use.py": f"from .m0 import tf\n{USE}"}


def _classes(n: int) -> Files:
    """Classes below each other, in a circle."""
    return {
        f"m{i}.py": f"import tensorflow\nfrom .m{(i + 1) % n} import A as B\nclass A(B):\n"
        "  def f(self):\n    self.tf = B.tf\n"
        for i in range(n)
    } | {"use.py": f"from .m0 import A\nclass C(A):\n  def g(self):\n    self.{USE}"}


TREES: dict[str, tuple[Callable[[int], Files], int, list[str]]] = {
    "a chain of stars": (_chain, 1000, []),
    "all stars of all": (_all_of_all, 60, []),
    "packages of packages": (_packages, 40, ["TF601"]),
    "aliases in a circle": (_aliases, 1000, []),
    "classes in a circle": (_classes, 1000, []),
    "many stars": (
        lambda n: {f"m{i}.py": "import numpy\n" for i in range(n)} | {
            "use.py": "".join(f"from .m{i} import *\n" for i in range(n)) + USE},
        2000, [],
    ),
    "brackets without an end": (
        lambda n: {"use.py": "'''\n" + "from . import (\n" * n + "'''\n"}, 20_000, [],
    ),
    "a line of spaces": (
        lambda n: {"use.py": f"'''\nfrom{' ' * n}\nfrom .{' ' * n}a\nfrom . import a{' ' * n}b\n'''\n"},
        200_000, [],
    ),
    "a large neighbour": (
        lambda n: {"a.py": "import tensorflow as tf\n" + "class A:\n  x = 1\n" * n,
                   "use.py": f"from .a import tf\n{USE}"},
        40_000, ["TF601"],
    ),
    "one long word": (
        lambda n: {"a.py": f"import tensorflow as tf\nclass {'a1' * n}:\n  x = 1\n",
                   "use.py": f"from .a import tf\n{USE}"},
        50_000, ["TF601"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_neighbours(name: str, tmp_path: Path) -> None:
    make, count, expected = TREES[name]
    folder = tmp_path / "pkg"
    for file, text in ({"__init__.py": "", "../pyproject.toml": ""} | make(count)).items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    path = folder / "use.py"
    begun = time.process_time()
    found = check(Source(path.read_text(), str(path), path=str(path)), Options())
    assert time.process_time() - begun < BOUND
    assert [finding.code for finding in found] == expected


N = 5000
PRAGMAS = {
    "a pragma a line": "tf.Session()  # pylint: disable=tf1-session\n" * N,
    "a pragma before each line": "# pylint: disable=tf1-session\ntf.Session()\n" * N,
    "many marks in one line": "tf.Session()  " + "# pylint: " * 40 * N + "\n",
    "all in one line": "x = [" + "tf.Session(), " * N + "]  # noqa: E501 pylint: disable=E\n",
    "all in one statement": "x = '''\n" + "\n" * N + "''', [" + "tf.Session(), " * N + "]  # noqa: E1\n",
    "a long list of codes": "tf.Session()  # noqa: " + "E501," * 100 * N + "!\n",
    "spaces": "tf.Session()  # noqa: E501" + " " * 100 * N + "# flake8:" + " " * 100 * N + "!\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PRAGMAS)
def test_silencing_comments(name: str) -> None:
    source = Source(f"import tensorflow as tf\n{PRAGMAS[name]}")
    found = check(source, Options())
    begun = time.process_time()
    hidden = Suppressions(source)
    assert len([f for f in found if not hidden.hides(f)]) in (0, len(found))
    assert time.process_time() - begun < BOUND
    assert found


@pytest.mark.parametrize(
    "line",
    [
        "*a" * 60 + "b",
        "**/a/" * 60 + "b",
        " " * 300_000 + "x",
        "[" * 5000,
        "[" * 500 + "]",
        "a**" * 60 + "b",
    ],
)
def test_patterns_of_gitignore(line: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text(f"{line}\n")
    deep = tmp_path.joinpath("a" * 200, *["a"] * 60)
    deep.mkdir(parents=True)
    (deep / ("a" * 200 + ".py")).write_text("")
    begun = time.process_time()
    assert len(list(on_disk.find([str(tmp_path)]))) == 1
    assert time.process_time() - begun < BOUND


def test_the_two_ways_to_match_a_pattern_agree() -> None:
    patterns = ("*", "a*", "**/a", "a/**", "a/**/b", "[!a]*b", "a?b*", "*/*", "**/a*/**", "/a*b*")
    paths = ("a", "b", "ab", "acb", "a/b", "a/c/b", "b/a", "c/a/d", "xb", "a/", "a/a/b/b")
    for line in patterns:
        parts = on_disk._ignore_rule(line)
        assert parts is not None
        limit, on_disk._FEW = on_disk._FEW, -1
        try:
            slow = on_disk._ignore_rule(line)
        finally:
            on_disk._FEW = limit
        assert slow is not None
        for path in paths:
            assert bool(parts[0].fullmatch(path)) == bool(slow[0].fullmatch(path)), (line, path)


# Files that change, vanish or cannot be read in the middle of a run.


def _bad(count: int, top: Path) -> None:
    for number in range(count):
        (top / f"a{number:02}.py").write_text(f"import tensorflow as tf\n{USE}")


def _changing(monkeypatch: pytest.MonkeyPatch, change: Callable[[str], None]) -> None:
    """After each file is found, something happens to it before it is read."""
    real = on_disk._walk

    def walk(*args: object) -> object:
        for item in list(real(*args)):  # type: ignore[arg-type]
            change(str(item))
            yield item

    monkeypatch.setattr(on_disk, "_walk", walk)


CHANGES: dict[str, tuple[Callable[[str], object], str]] = {
    "gone": (os.unlink, "No such file or directory"),
    "a folder now": (lambda p: (os.unlink(p), os.mkdir(p)), "Is a directory"),
    "a link to itself": (lambda p: (os.unlink(p), os.symlink(p, p)), "Too many levels of symbolic links"),
    "cut": (lambda p: Path(p).write_text("import tensorflow as (\n"), "cannot be parsed"),
    "bytes": (lambda p: Path(p).write_bytes(b"\xff\xfe"), "is not utf-8"),
}  # fmt: skip


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("name", CHANGES)
def test_files_that_change(
    name: str, cached: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from tf2lint.cli import main

    change, told = CHANGES[name]
    _bad(3, tmp_path)
    monkeypatch.chdir(tmp_path)
    _changing(monkeypatch, lambda path: change(path) if "a01" in path else None)
    options = [] if cached else ["--no-cache"]
    assert main(["check", "--jobs=1", *options, "."]) == 2
    out, err = capsys.readouterr()
    assert [line.partition(":")[0] for line in out.splitlines() if ".py:" in line] == [
        "./a00.py",
        "./a02.py",
    ]
    assert err.count("\n") == 1
    assert "a01.py" in err
    assert told in err


def test_a_neighbour_that_changes_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").touch()
    use = tmp_path / "use.py"
    text = f"from compat import tf\n{USE}"
    for number in range(20):
        word = "tensorflow" if number % 2 else "numpy"
        (tmp_path / "compat.py").write_text(f"import {word} as tf{' ' * number}\n")
        found = check(Source(text, str(use), path=str(use)), Options())
        assert len(found) == number % 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners of files here")
def test_folders_and_files_without_leave(tmp_path: Path) -> None:
    """Root reads all the same; then nothing is said, and nothing falls."""
    _bad(2, tmp_path)
    shut = tmp_path / "shut"
    shut.mkdir()
    _bad(1, shut)
    (tmp_path / "a00.py").chmod(0)
    (tmp_path / "use.py").write_text(f"from shut.a00 import tf\nfrom a00 import tf as t\nt.{USE}")
    shut.chmod(0)
    try:
        done = hosts.run("tf2lint", "check", ".", cwd=tmp_path)
    finally:
        shut.chmod(0o700)
    assert "./a01.py:2:1: TF601" in done.stdout
    assert "Traceback" not in done.stderr
    if os.geteuid():
        assert done.returncode == 2
        assert done.stderr.count("Permission denied\n") == 2


def test_links_in_circles(tmp_path: Path) -> None:
    _bad(1, tmp_path)
    for number in range(50):
        (tmp_path / f"d{number}").mkdir()
        (tmp_path / f"d{number}" / "on").symlink_to(tmp_path / f"d{(number + 1) % 50}")
        (tmp_path / f"l{number}.py").symlink_to(tmp_path / f"l{(number + 1) % 50}.py")
    (tmp_path / "up").symlink_to(tmp_path)
    begun = time.process_time()
    assert [str(p) for p in on_disk.find([str(tmp_path)])] == [str(tmp_path / "a00.py")]
    assert time.process_time() - begun < BOUND


def test_a_deep_tree(tmp_path: Path) -> None:
    """900 folders in each other, packages all of them."""
    at = tmp_path
    (at / "setup.cfg").touch()
    for _ in range(900):
        at /= "d"
        at.mkdir()
        (at / "__init__.py").touch()
    (at / "use.py").write_text(f"from {'.' * 900}compat import tf\n{USE}")
    (tmp_path / "d" / "compat.py").write_text("import tensorflow as tf\n")
    begun = time.process_time()
    text = (at / "use.py").read_text()
    found = check(Source(text, str(at / "use.py"), path=str(at / "use.py")), Options())
    assert [finding.code for finding in found] == ["TF601"]
    assert len(list(on_disk.find([str(tmp_path)]))) == 902
    assert time.process_time() - begun < BOUND


_BOUNDED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
sys.argv = ["tf2lint", "check", "--jobs=1", "--no-cache", "."]
runpy.run_module("tf2lint", run_name="__main__")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are of Linux here")
def test_memory_has_a_bound(tmp_path: Path) -> None:
    """One gigabyte of addresses is enough; the syntax tree takes most of it."""
    literal = "x = [" + "1, " * 200_000 + f"]\n{USE}"
    line = "x = '" + "tf.Session() " * 800_000 + f"'\n{USE}"
    aliases = "a0 = tf\n" + "".join(f"a{i + 1} = a{i}\n" for i in range(5000)) + f"{USE}"
    for number, text in enumerate((literal, line, aliases)):
        (tmp_path / f"a{number}.py").write_text(f"import tensorflow as tf\n{text}")
    done = subprocess.run(
        [sys.executable, "-c", _BOUNDED], cwd=tmp_path, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    assert [text.partition(":")[0] for text in done.stdout.splitlines() if ".py:" in text] == [
        "./a0.py", "./a1.py", "./a2.py",
    ]  # fmt: skip
