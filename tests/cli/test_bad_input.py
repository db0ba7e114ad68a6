"""Bad input, as a user has it, given to the real program: one line that says what is wrong, the
right exit status, and the file beside it is checked all the same.

What tells one bad option, baseline, notebook or history from another is in the tests of those;
here is at least one of each kind, and what needs a process of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.support import BAD, notebook
from tests.hosts import run

CONFIG = "[tool.tf2lint]\n"
LATIN = "caf\xe9"


class Case(NamedTuple):
    """Files beside `ok.py` (in latin-1), a command line for bash (`tf2lint` is ours), its exit
    status, a part of what is said, and whether `ok.py` is still checked.
    """

    files: dict[str, str]
    command: str
    status: int
    said: str
    goes_on: bool = True


BAD_INPUT = {
    # Files.
    "Python 2": Case({"x.py": "import tensorflow\nprint 'x'\n"}, "check .", 1, "./x.py is Python 2"),
    "no Python 2 either": Case(
        {"x.py": "import tensorflow\nprint 'x' y\n"}, "check .", 2, "./x.py:2:1: cannot"
    ),
    "half a file": Case({"x.py": "import tensorflow\ndef f(:\n"}, "check .", 2, "./x.py:2:7: cannot"),
    "latin-1 without a declaration": Case(
        {"x.py": f"import tensorflow  # {LATIN}\n"}, "check .", 2, "./x.py:1:1: "
    ),
    "a codec that there is not": Case({"x.py": "# coding: klingon\n"}, "check .", 2, "klingon"),
    "null bytes": Case({"x.py": "import tensorflow\n\0\n"}, "check .", 2, "./x.py:"),
    "a program": Case({"x.py": "\x7fELF\x02\x01\0\0\xff\xfe\xfd"}, "check .", 2, "./x.py:1:1: "),
    "brackets without end": Case(
        {"x.py": "import tensorflow\n" + "(" * 3000}, "check .", 2, "cannot be parsed: "
    ),
    "a notebook cut off": Case(
        {"x.ipynb": notebook("import tensorflow")[:-50]}, "check .", 2, "./x.ipynb:"
    ),
    "a notebook that is a list": Case({"x.ipynb": "[]"}, "check .", 2, "it is no JSON object"),
    "a broken cell": Case(
        {"x.ipynb": notebook("import tensorflow", "print 'x' y")}, "check .", 2, "cell_2:1:1: cannot"
    ),
    # Paths.
    "a file that is not there": Case({}, "check gone.py ok.py", 2, "gone.py: no such file or fold"),
    "a path of no letters": Case({}, "check '' ok.py", 2, ": no such file or folder"),
    "a name too long": Case({}, f"check {'x' * 5000} ok.py", 2, "xxx: no such file or folder"),
    "a link to nothing": Case({}, "check x.py ok.py; s=$?; exit $s", 2, "x.py: no such file"),
    "links in a circle": Case(
        {}, "check loop ok.py; s=$?; exit $s", 2, "loop: no such file or folder"
    ),
    "a folder called x.py": Case({"x.py/a.txt": ""}, "check .", 1, ""),
    "a folder in itself": Case({"d/a.py": ""}, "check .", 1, ""),
    "the folder that one is in is gone": Case(
        {}, "gone-folder", 2, "error: the current folder is not there any more", goes_on=False
    ),
    # Options.
    "an unknown option": Case(
        {}, "check --nonsense .", 2, "unrecognized arguments: --nonsense", goes_on=False
    ),
    "an unknown command": Case({}, "chekc .", 2, "no command 'chekc', did you mean", goes_on=False),
    "an unknown code": Case({}, "check --select=TF999 .", 2, "no rule 'TF999'", goes_on=False),
    "an unknown target": Case(
        {}, "check --tf2-target-version=1.15 .", 2, "give one from 2.0 to ", goes_on=False
    ),
    "an alias of something else": Case(
        {}, "check --tf2-aliases=a=torch .", 2, "does not start with tensorflow", goes_on=False
    ),
    "a symbol that never was": Case(
        {}, "explain tf.Sesion", 2, "did you mean 'tf.Session'?", goes_on=False
    ),
    # Configuration.
    "an unknown key": Case(
        {"pyproject.toml": f"{CONFIG}target-verison = '2.9'\n"}, "check .", 2,
        "no option 'target-verison', did you mean 'target-version'?", goes_on=False,
    ),
    "a value of the wrong kind": Case(
        {"pyproject.toml": f"{CONFIG}target-version = 2.15\n"}, "check .", 2,
        "expected a string, got 2.15", goes_on=False,
    ),
    "no TOML": Case({"pyproject.toml": CONFIG[:-2]}, "check .", 2, "pyproject.toml: ", goes_on=False),
    "TOML in latin-1": Case(
        {"pyproject.toml": f"{CONFIG}# {LATIN}\n"}, "check .", 2, "'utf-8' codec", goes_on=False
    ),
    # Baselines.
    "a baseline that is not there": Case(
        {}, "check --tf2-baseline=b.txt .", 2, "b.txt: No such file", goes_on=False
    ),
    "a baseline that is none": Case(
        {"b.txt": "{}"}, "check --tf2-baseline=b.txt .", 2, "is no baseline", goes_on=False
    ),
    "a baseline with a conflict": Case(
        {"b.txt": "# tf2lint baseline 1\n<<<<<<< HEAD\n"}, "check --tf2-baseline=b.txt .", 2,
        "line 2 is no entry: '<<<<<<< HEAD'", goes_on=False,
    ),
    "a baseline of another tree": Case(
        {"b.txt": "# tf2lint baseline 1\nfar/off.py: TF101 1\n"}, "check --tf2-baseline=b.txt .", 2,
        "is it of another tree?", goes_on=False,
    ),
    "a baseline over one that is there": Case(
        {"b.txt": "# tf2lint baseline 1\n"}, "baseline . -o b.txt", 2, "is there already", False
    ),
    "a baseline over a folder": Case(
        {"b.txt/x": ""}, "baseline --force . -o b.txt", 2, "b.txt: is no file", goes_on=False
    ),
    "a baseline over a pipe": Case(
        {}, "baseline --force . -o pipe", 2, "pipe: is no file", goes_on=False
    ),
    # Output.
    "a page over a folder": Case(
        {"r/x": ""}, "report ok.py --html r", 2, "--html: r: Is a directory", goes_on=False
    ),
    "a history that is none": Case(
        {"h.json": "{}"}, "report ok.py --html r.html --history h.json", 2, "is no output of",
        goes_on=False,
    ),
    "a reader that goes away": Case({}, "many-to-head", 0, ""),
    "a disk that is full": Case(
        {}, "check ok.py > /dev/full", 2, "error: output: No space left on device", goes_on=False
    ),
    "a disk that is full, at the end": Case(
        {}, "check --output-format=json ok.py > /dev/full", 2, "output: No space", goes_on=False
    ),
    "output closed": Case({}, "check ok.py >&-", 2, "standard output is closed", goes_on=False),
    "input closed": Case({}, "check - <&-", 2, "standard input is closed", goes_on=False),
    "errors closed": Case({}, "check gone.py ok.py 2>&-", 2, ""),
    # Standard input.
    "a program on standard input": Case(
        {}, "check - ok.py < /bin/ls", 2, "tf2lint: <stdin>:1:1: is not utf-8: "
    ),
    "no notebook on standard input": Case(
        {}, "check --stdin-filename=n.ipynb - ok.py <<< '{'", 2, "n.ipynb:2:1: is no notebook: "
    ),
}  # fmt: skip
# Command lines that take more than one word for it.
LONG = {
    "gone-folder": "mkdir q && cd q && rmdir ../q && tf2lint check ../ok.py",
    "many-to-head": "for n in {1..40}; do yes 'import tensorflow as tf; tf.Session()' | head -n 99 "
    "> f$n.py; done; tf2lint check ok.py . | head -n 1",
}


def _bash(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    ours = f'tf2lint() {{ "{sys.executable}" -m tf2lint "$@"; }}; '
    done = subprocess.run(
        ["bash", "-c", ours + command], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True,
        check=False, timeout=120, env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "500"},
    )  # fmt: skip
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    return subprocess.CompletedProcess(command, done.returncode, out, err)


@pytest.mark.parametrize("case", BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input(tree: Path, case: Case) -> None:
    files = {"ok.py": BAD, **case.files}
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(text.encode("latin-1"))
    os.symlink("loop", tree / "loop")
    os.mkfifo(tree / "pipe")
    if "x.py" not in {name.partition("/")[0] for name in files}:
        os.symlink("nothing", tree / "x.py")
    if "d/a.py" in files:
        os.symlink("..", tree / "d" / "up")
    done = _bash(LONG.get(case.command) or f"tf2lint {case.command}", tree)

    assert done.returncode == case.status, done
    lines = [line for line in done.stderr.splitlines() if not line.startswith("usage: ")]
    assert len(lines) == (1 if case.said else 0), done
    assert case.said in done.stderr
    if case.goes_on:
        assert done.stdout.count("ok.py:3:10: TF101 ") == 1
    else:
        assert done.stdout == ""
    for name, text in files.items():  # nothing was written over
        assert (tree / name).read_bytes() == text.encode("latin-1")
    assert (tree / "pipe").is_fifo()


def test_there_are_enough_of_them() -> None:
    assert len(BAD_INPUT) >= 30


# What may not be read, or written.


# Root may read all: there the program becomes somebody else once it has loaded what it takes,
# which is what the same command on a copy is for.
AS_USER = """
import contextlib, io, os, sys
from tf2lint.cli import main
copy, folder, *words = sys.argv[1:]
os.chdir(copy)
with contextlib.redirect_stdout(io.StringIO()):
    main(words)
os.chdir(folder)
if os.geteuid() == 0:
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
sys.exit(main(words))
"""


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A folder that any user gets to, with a file and a folder that none may read."""
    top = Path(tempfile.mkdtemp())
    _fill(top)
    (top / "secret.py").chmod(0)
    (top / "locked").chmod(0)
    (top / "fixed").chmod(0o555)
    top.chmod(0o555)
    yield top
    for path in (top, top / "locked", top / "fixed"):
        path.chmod(0o755)
    shutil.rmtree(top)


def _fill(folder: Path) -> None:
    for name in ("ok.py", "secret.py", "locked/in.py", "fixed/x.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(BAD)
    (folder / "fixed/x.py").write_text("import tensorflow as tf\n\nx = tf.log(1.0)\n")


def _as_user(folder: Path, copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    _fill(copy)
    return subprocess.run(
        [sys.executable, "-c", AS_USER, copy, folder, *arguments], capture_output=True,
        check=False, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def test_what_may_not_be_read(guarded: Path, tree: Path) -> None:
    done = _as_user(guarded, tree, "check", ".")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "tf2lint: ./secret.py: Permission denied", "tf2lint: ./locked: Permission denied",
    ]  # fmt: skip
    lines = done.stdout.splitlines()[:-1]
    assert [line.split(":")[0] for line in lines] == ["./ok.py", "./fixed/x.py"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fix", "fixed"), "tf2lint: fixed/x.py: left as it was: Permission denied\n"),
        (
            ("baseline", "fixed"),
            "tf2lint: error: baseline: tf2lint-baseline.txt: Permission denied\n",
        ),
    ],
)
def test_what_may_not_be_written(
    guarded: Path, tree: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = _as_user(guarded, tree, *arguments)
    assert (done.returncode, done.stderr) == (2, said)
    assert sorted(path.name for path in guarded.iterdir()) == [
        "fixed", "locked", "ok.py", "secret.py",
    ]  # fmt: skip


def test_a_baseline_is_written_through_a_link(tree: Path) -> None:
    (tree / "ok.py").write_text(BAD)
    (tree / "real").mkdir()
    (tree / "real/b.txt").write_text("")
    os.symlink("real/b.txt", tree / "b.txt")
    done = run("tf2lint", "baseline", "--force", "ok.py", "-o", "b.txt", cwd=tree)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tree / "b.txt").is_symlink()
    assert "\nok.py: TF101 1 " in (tree / "real/b.txt").read_text()
    assert run("tf2lint", "check", "--tf2-baseline=b.txt", "ok.py", cwd=tree).returncode == 0


def test_all_is_fixed_although_nobody_reads_on(tree: Path) -> None:
    for number in range(300):
        text = "import tensorflow as tf\n\nx = tf.Session()\n"
        (tree / f"f{number}_{'long' * 50}.py").write_text(text)
    command = "tf2lint fix --to=compat-v1 . | head -c 1; exit ${PIPESTATUS[0]}"
    done = _bash(command, tree)
    assert done.stderr == ""
    left = [
        path for path in tree.iterdir() if path.suffix == ".py" and "v1" not in path.read_text()
    ]
    assert left == []
