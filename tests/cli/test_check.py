"""`tf2lint check`: findings, exit status, options, and input that is bad."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import BAD, CLEAN, Run, break_at, put
from tests.hosts import BAD_VALUES, ODD
from tf2lint.check.registry import rules
from tf2lint.cli import COMMANDS
from tf2lint.cli.completing import SHELLS
from tf2lint.settings import SETTINGS

LINE = "bad.py:3:10: TF101 `tf.summary.merge_all` was removed in TF 2. "


def test_a_finding_is_a_line_and_status_one(run: Run, tree: Path) -> None:
    put(tree, {"bad.py": BAD, "clean.py": CLEAN})
    done = run("check", ".")
    assert (done.status, done.err) == (1, "")
    assert len(done.lines) == 1
    assert done.out.startswith(f"./{LINE}")


def test_clean_is_silence_and_status_zero(run: Run, tree: Path) -> None:
    put(tree, {"clean.py": CLEAN, "empty.py": "", "other.txt": BAD})
    assert run("check", ".") == (0, "", "")


def test_exit_zero_is_zero_for_all_but_usage_errors(run: Run, tree: Path) -> None:
    put(tree, {"bad.py": BAD})
    assert run("check", "--exit-zero", "bad.py").status == 0
    assert run("check", "--exit-zero", "bad.py", "gone.py").status == 0
    assert run("check", "--exit-zero", "--select=TF999", "bad.py").status == 2


def test_columns_are_characters(run: Run, tree: Path) -> None:
    put(tree, {"bad.py": "import tensorflow as tf\né = '\U0001f600'; tf.summary.merge_all()\n"})
    assert run("check", "bad.py").out.startswith("bad.py:2:10: TF101 ")


def test_files_come_in_order_whatever_the_jobs(run: Run, tree: Path) -> None:
    put(tree, {f"d{i % 7}/f{i:03}.py": BAD if i % 3 else CLEAN for i in range(100)})
    one = run("check", "--jobs", "1", ".")
    assert one.status == 1
    assert run("check", "--jobs", "3", ".") == one
    assert run("check", ".") == one
    paths = [line.split(":")[0] for line in one.lines]
    assert len(paths) == 66
    assert paths == sorted(paths)


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_hash_seed_changes_nothing(corpus: Path, seed: str) -> None:
    command = [sys.executable, "-m", "tf2lint", "check", "--jobs=2", "--extend-select=ALL", "."]
    done = subprocess.run(
        command, cwd=corpus, env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True, check=False, text=True, encoding="utf-8",
    )  # fmt: skip
    again = subprocess.run(
        command, cwd=corpus, env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True, check=False, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout == again.stdout
    assert done.stderr == ""
    assert {line.split()[1] for line in done.stdout.splitlines()} >= {
        rule.code for rule in rules() if rule.default
    }


def test_statistics(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD * 2, "b.py": "import tensorflow as tf\ntf.get_variable('x')\n"})
    done = run("check", "--statistics", ".")
    assert done.lines[-2:] == ["2 TF101 summary-merge-all", "1 TF201 get-variable"]


# Rules.


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["--select=TF1"], ["TF101"]),
        (["--select=TF2", "--extend-select=summary-merge-all"], ["TF101", "TF201"]),
        (["--ignore=TF101"], ["TF201"]),
        (["--ignore", "TF1,get-variable"], []),
        (["--ignore", "TF1", "--ignore", "TF2"], []),
    ],
)
def test_selection(run: Run, tree: Path, arguments: list[str], codes: list[str]) -> None:
    put(tree, {"a.py": BAD + "tf.get_variable('x', [1])\n"})
    done = run("check", *arguments, "a.py")
    assert [line.split()[1] for line in done.lines] == codes
    assert done.status == (1 if codes else 0)


def test_rules_that_are_off_are_turned_on_by_name(run: Run, tree: Path) -> None:
    put(tree, {"a.py": "from tensorflow.python.ops import array_ops\n"})
    assert run("check", "--select=TF0", "a.py").lines == []
    for argument in ("--extend-select=TF003", "--select=private-api", "--tf2-enable=TF003"):
        done = run("check", argument, "a.py")
        assert [line.split()[1] for line in done.lines] == ["TF003"], argument


def test_comments_silence(run: Run, tree: Path) -> None:
    put(
        tree,
        {
            "noqa.py": BAD.rstrip() + "  # noqa: TF101\n",
            "pragma.py": BAD.rstrip() + "  # pylint: disable=tf1-summary-merge-all\n",
            "other.py": BAD.rstrip() + "  # noqa: E501\n",
        },
    )
    assert [line.split(":")[0] for line in run("check", ".").lines] == ["./other.py"]


# Options.


def test_the_options_of_the_plugins(run: Run, tree: Path) -> None:
    put(
        tree,
        {
            "compat.py": "import tensorflow.compat.v1 as tf\n\ntf.summary.merge_all()\n",
            "alias.py": "from company.tools import tf\n\ntf.summary.merge_all()\n",
        },
    )
    both = ["--select=TF101", "compat.py", "alias.py"]
    assert [line.split(":")[0] for line in run("check", *both).lines] == ["compat.py"]
    done = run(
        "check", "--tf2-allow-compat-v1", "--tf2-aliases=a.b=tensorflow",
        "--tf2-aliases", "company.tools.tf=tensorflow,c.d=tensorflow", *both,
    )  # fmt: skip
    assert [line.split(":")[0] for line in done.lines] == ["alias.py"]


def test_pyproject_lies_below_the_command_line(run: Run, tree: Path) -> None:
    put(
        tree,
        {
            "compat.py": "import tensorflow.compat.v1 as tf\n\ntf.summary.merge_all()\n",
            "pyproject.toml": "[tool.tf2lint]\nallow-compat-v1 = true\n",
        },
    )
    assert run("check", "--select=TF1", "compat.py").status == 0
    assert run("check", "--select=TF1", "--no-tf2-allow-compat-v1", "compat.py").status == 1


@pytest.mark.parametrize(("name", "value", "message"), BAD_VALUES)
def test_a_bad_value_is_one_line_and_status_two(
    run: Run, tree: Path, name: str, value: str, message: str
) -> None:
    put(tree, {"bad.py": BAD})
    done = run("check", f"--tf2-{name}={value}", "bad.py")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("tf2lint: error: ")
    assert message in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["chek", "."], "no command 'chek', did you mean 'check'?"),
        (["rule", "TF101"], "did you mean 'rules'?"),
        (["."], "did you mean `tf2lint check .`?"),
        (["check", "--nonsense", "."], "unrecognized arguments: --nonsense"),
        (["check", "--nonsense", "."], "usage: tf2lint check [OPTION ...] [PATH ...]"),
        (["check", "--sel=TF1", "."], "arguments: --sel=TF1, did you mean '--select'?"),
        (["check", "--format=json"], "did you mean '--output-format'?"),
        (["check", "--unsafe", "."], "that is an option of `tf2lint fix`"),
        (["explain", "--tf2-baseline=x", "TF101"], "that is an option of `tf2lint check`"),
        (["completion", "cmd"], "invalid choice: 'cmd'"),
        (["check", "--output-format=xml", "."], "invalid choice: 'xml'"),
        (["check", "--jobs=0", "."], "expected a number from 1, got '0'"),
        (["check", "--jobs=two", "."], "expected a number from 1, got 'two'"),
        (["check", "--select=TF999", "."], "--select: no rule 'TF999'"),
        (["check", "--ignore=sumary-merge-all", "."], "did you mean 'summary-merge-all'?"),
        (["check", "--extend-select=E501", "."], "--extend-select: no rule 'E501'"),
        (["explain"], "the following arguments are required"),
        (["explain", "TF999"], "no rule and no TensorFlow symbol 'TF999'"),
        (["explain", "tf.train.AdamOptimiser"], "did you mean 'tf.train.AdamOptimizer'?"),
        (["rules", "--output-format=html"], "invalid choice: 'html'"),
        (["baseline", "--prune", "-o", "gone.txt", "."], "gone.txt: No such file or directory"),
        (["baseline", "-o", "no/folder/b.txt", "."], "no/folder/b.txt: No such file or directory"),
        (["check", "--tf2-baseline=gone.txt", "."], "gone.txt: No such file or directory"),
        (["check", "--tf2-baseline=.", "."], "tf2-baseline: .: "),
    ],
)
def test_usage_errors_are_status_two(
    run: Run, tree: Path, arguments: list[str], message: str
) -> None:
    put(tree, {"bad.py": BAD})
    done = run(*arguments)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert "Traceback" not in done.err


def test_the_current_folder_is_what_is_looked_at(run: Run, tree: Path) -> None:
    put(tree, {"bad.py": BAD})
    assert run("check").out.startswith(f"./{LINE}")
    assert run("fix").status == 0
    assert run("baseline").status == 0


def test_patterns_that_no_shell_has_taken(run: Run, tree: Path) -> None:
    put(tree, {"pkg/a.py": BAD, "pkg/b.txt": BAD, "pkg/sub/c.py": BAD, "[x].py": BAD})
    assert run("check", "pkg/*.py").out.count("TF101") == 1
    assert run("check", "p*").out.count("TF101") == 2
    assert run("check", "**/*.py").out.count("TF101") == 3
    assert run("check", "[x].py").out.count("TF101") == 1
    assert run("check", "pkg/*.cfg").err == "tf2lint: pkg/*.cfg: no such file or folder\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_help_holds_what_means_something_there(run: Run, command: str) -> None:
    text = run(command, "--help").out
    for setting in SETTINGS.values():
        if setting.name != "gitignore" and (command, setting.name) != ("rules", "output-format"):
            shown = re.search(rf"--{setting.option}[\s,]", text) is not None
            assert shown is (command in setting.where), setting.name


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_files(run: Run, shell: str) -> None:
    text = run("completion", shell).out
    for word in ("--extend-exclude", "report-guarded", "baseline", "rdjson"):
        assert word in text


def test_bash_completes(run: Run, tree: Path) -> None:
    put(tree, {"tf2lint.bash": run("completion", "bash").out})
    script = (
        "source ./tf2lint.bash; COMP_WORDS=(tf2lint check --extend-e); COMP_CWORD=2;"
        " _shtab_tf2lint; printf '%s\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(["bash", "-c", script], cwd=tree, capture_output=True, check=False)
    assert done.stdout.decode().split() == ["--extend-exclude"]


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish here")
def test_fish_completes(run: Run, tree: Path) -> None:
    put(tree, {"tf2lint.fish": run("completion", "fish").out})
    script = "source tf2lint.fish; complete -C 'tf2lint check --extend-e'"
    done = subprocess.run(["fish", "-c", script], cwd=tree, capture_output=True, check=False)
    assert done.stdout.decode().partition("\t")[0] == "--extend-exclude"


def test_help_and_version(run: Run) -> None:
    assert run("-V").out == run("--version").out
    assert run("--version").out.startswith("tf2lint 0.")
    assert "check" in run("--help").out
    assert "--tf2-target-version" in run("check", "--help").out


# Standard input.


class _Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_standard_input(run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tree, {"pkg/__init__.py": "", "pkg/compat.py": "import tensorflow.compat.v1 as tf\n"})
    monkeypatch.setattr(sys, "stdin", _Stdin(BAD.encode()))
    assert run("check", "-").out.startswith("<stdin>:3:10: TF101 ")
    text = b"from .compat import tf\n\ntf.summary.merge_all()\n"
    monkeypatch.setattr(sys, "stdin", _Stdin(text))
    done = run("check", "--select=TF1", "--stdin-filename", "pkg/new.py", "-")
    assert done.out.startswith("pkg/new.py:3:1: TF101 ")
    monkeypatch.setattr(sys, "stdin", _Stdin(text))
    assert run("check", "--select=TF1", "-") == (0, "", "")


# Input that is odd or bad.


@pytest.mark.parametrize("name", ODD)
def test_odd_files(run: Run, tree: Path, name: str) -> None:
    data, places = ODD[name]
    (tree / "odd.py").write_bytes(data)
    done = run("check", "odd.py")
    assert done.err == ""
    assert [int(line.split(":")[1]) for line in done.lines] == [line for line, _ in places]


UNREADABLE = {
    "no python 2 either": (b"import tensorflow as tf\nprint 'x' y\n", "x.py:2:1: cannot be parsed: "),
    "half a file": (b"import tensorflow\ndef f(:\n", "x.py:2:7: cannot be parsed: "),
    "tabs and spaces": (b"if tensorflow:\n    x\n\ty\n", "x.py:3:"),
    "null bytes": (b"tensorflow = 1\0\n", "cannot be parsed: "),
    "binary": (bytes(range(256)), "x.py:"),
    "utf-16": ("import tensorflow\n".encode("utf-16"), "x.py:1:1: "),
    "latin-1 without a declaration": (b"# caf\xe9\n", "x.py:1:1: "),
    "latin-1, later": (b"a\n" * 9 + b"# caf\xe9\n", "x.py:10:1: is not utf-8: "),
    "unknown encoding": (b"# coding: klingon\n", "x.py:1:1: unknown encoding"),
    "a codec that is no encoding": (b"# coding: rot13\nx\n", "x.py:1:1: "),
    "two encodings": (b"\xef\xbb\xbf# coding: latin-1\n", "x.py:1:1: encoding problem"),
    "brackets without end": (b"import tensorflow\n" + b"(" * 5000, "cannot be parsed: "),
    "too deep": (b"import tensorflow\nx = " + b"-" * 100_000 + b"1\n", "cannot be parsed: "),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_costs_no_other(run: Run, tree: Path, name: str) -> None:
    data, message = UNREADABLE[name]
    (tree / "x.py").write_bytes(data)
    put(tree, {"bad.py": BAD, "z.py": BAD})
    done = run("check", ".")
    assert done.status == 2
    assert [line.split(":")[0] for line in done.lines] == ["./bad.py", "./z.py"]
    assert done.err.count("\n") == 1
    assert message in done.err
    assert done.err.startswith("tf2lint: ./x.py:")


def test_a_file_that_cannot_mean_tensorflow_need_not_parse(run: Run, tree: Path) -> None:
    put(tree, {"x.py": "print 'x'\n"})
    assert run("check", ".") == (0, "", "")


def test_paths_that_are_not_there(run: Run, tree: Path) -> None:
    put(tree, {"bad.py": BAD})
    os.symlink("nowhere", tree / "broken.py")
    done = run("check", "gone.py", "bad.py", "gone", "broken.py")
    assert done.status == 2
    assert done.out.startswith(LINE)
    assert done.err.splitlines() == [
        f"tf2lint: {name}: no such file or folder" for name in ("gone.py", "gone", "broken.py")
    ]


def test_a_mistake_of_ours_costs_no_other_file(
    run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tree, {"a.py": BAD, "b.py": BAD})
    break_at(monkeypatch, "a.py", KeyError("of\nours"))
    done = run("check", "--jobs=1", ".")
    assert done.status == 2
    assert done.err.startswith("tf2lint: ./a.py:1:1: tf2lint broke at this file: KeyError: ")
    assert done.err.count("\n") == 1
    assert done.out.startswith("./b.py:3:10: TF101 ")


# As a program.


def _program(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tf2lint", *arguments],
        cwd=cwd, capture_output=True, check=False, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def test_python_m(tree: Path) -> None:
    put(tree, {"bad.py": BAD})
    done = _program("check", "bad.py", cwd=tree)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(LINE)


def test_the_installed_command(tree: Path) -> None:
    put(tree, {"bad.py": BAD})
    program = Path(sys.executable).with_name("tf2lint")
    done = subprocess.run([program, "check", "bad.py"], cwd=tree, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stdout.decode().startswith(LINE)


def test_a_closed_pipe_is_no_error(tree: Path) -> None:
    put(tree, {f"f{i:03}.py": BAD * 50 for i in range(60)})
    command = f"{sys.executable} -m tf2lint check . | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tree, capture_output=True, check=False, timeout=120
    )
    assert done.stdout.decode().count("\n") == 1
    assert done.stderr == b""


def test_an_interrupt_is_no_traceback(tree: Path) -> None:
    os.mkfifo(tree / "never.py")
    code = (
        "import os, signal, threading, sys\n"
        "from tf2lint.cli import check, main\n"
        "threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "sys.exit(main(['check', 'never.py']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tree, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 130
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("pause", [0, 0.2])  # between two pieces of work that are handed out
def test_a_process_that_dies_is_one_line(pause: float, tree: Path) -> None:
    put(tree, {f"f{i:03}.py": BAD for i in range(60)})
    code = (
        "import os, sys, time\n"
        "from tf2lint.cli import examine, main\n"
        "examine.compare = lambda *_, **__: os._exit(9)\n"
        "pieces = examine.pieces\n"
        f"examine.pieces = lambda *of: (one for one in pieces(*of) if not time.sleep({pause}))\n"
        "sys.exit(main(['check', '--jobs=2', '.']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tree, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"tf2lint: error: a process died")
    assert done.stderr.count(b"\n") == 1


def test_warnings_of_the_parser_are_not_ours(tree: Path) -> None:
    put(tree, {"warns.py": 'import tensorflow as tf\nx = "\\d"\ny = 1 is 1\n'})
    done = _program("check", "warns.py", cwd=tree)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_output_in_a_locale_that_cannot_spell_it(tree: Path) -> None:
    put(tree, {"bad.py": "import tensorflow as 張量\n張量.summary.merge_all()\n"})
    done = subprocess.run(
        [sys.executable, "-m", "tf2lint", "check", "bad.py"], cwd=tree, capture_output=True,
        check=False, env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == b""
    assert b"\\u5f35" in done.stdout
