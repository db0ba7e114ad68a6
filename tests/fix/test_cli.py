"""`tf2lint fix`: what is printed and written, and that nothing is ever half-written."""

from __future__ import annotations

import codecs
import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tf2lint.cli import fix as command
from tf2lint.cli import main

TF = "import tensorflow as tf\n"
OLD = TF + "y = tf.log(x)\n"
NEW = TF + "y = tf.math.log(x)\n"
POSIX = os.name == "posix"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of its own, without settings."""
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("[tool.tf2lint]\n")


def fix(*words: str) -> int:
    return main(["fix", "--jobs", "1", *words])


def test_files_are_fixed_and_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text(OLD + "s = tf.Session()\n")
    Path("b.py").write_text("print(1)\n")
    assert fix("--to", "tf2", ".") == 0
    assert Path("a.py").read_text() == NEW + "s = tf.Session()\n"
    assert capsys.readouterr().out == (
        "  fixed    left\n"
        "      0       1 TF601 session\n"
        "      1       0 TF901 renamed-symbol\n"
        "fixed 1 in 1 file; 1 left\n"
        "1 file needs a person:\n"
        "  ./a.py: 3 tf.Session (TF601), tf.compat.v1.disable_v2_behavior() at its start\n"
    )
    before = Path("a.py").stat().st_ino
    assert fix("--to", "tf2", ".") == 0
    assert Path("a.py").stat().st_ino == before
    assert "fixed 0 in 0 files; 1 left" in capsys.readouterr().out


def test_each_file_is_in_a_state_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    Path("new.py").write_text(OLD)
    Path("graph.py").write_text(TF + "s = tf.Session()\n")
    Path("cells.py").write_text(TF + "c = tf.nn.rnn_cell.GRUCell(3)\n")
    Path("gone.py").write_text(TF + "import tensorflow.contrib.slim as slim\nslim.conv2d(x, 3)\n")
    Path("plain.py").write_text("print(1)\n")
    assert fix(".") == 0
    said = capsys.readouterr().out.partition("left\n1 file runs")
    assert "1 file runs" + said[2] == (
        "1 file runs as TF 2\n"
        "2 files run through compat.v1\n"
        "1 file does so only with Keras 2: install tf_keras and set TF_USE_LEGACY_KERAS=1\n"
        "  ./cells.py\n"
        "1 file needs a person:\n"
        "  ./gone.py: 2 tf.contrib.slim (TF302), 3 tf.contrib.slim.conv2d (TF302)\n"
    )
    assert Path("new.py").read_text() == NEW
    assert "tf.compat.v1.Session" in Path("graph.py").read_text()
    assert "tf.compat.v1.nn.rnn_cell.GRUCell(3)" in Path("cells.py").read_text()


def test_what_is_left_out_is_not_said_to_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("new.py").write_text(OLD)
    Path("said.py").write_text(OLD + "s = tf.Session()  # noqa: TF601\n")
    assert fix(".") == 0
    told = capsys.readouterr().out
    assert (
        "2 files run as TF 2\n"
        "1 file does so but for what a comment or the selection leaves out, which raises:\n"
        "  ./said.py\n"
    ) in told
    Path("both.py").write_text(TF + "g = tf.get_variable('v', [])\nprint(tf.contrib.slim.conv2d)\n")
    assert fix("--select", "TF201", "both.py") == 0
    assert capsys.readouterr().out.endswith("which raises:\n  both.py\n")


def test_files_of_one_program_go_together(capsys: pytest.CaptureFixture[str]) -> None:
    """`ops` alone would run as TF 2, and `main` does not even name TensorFlow."""
    Path("ops.py").write_text(TF + "def pick(c, a, b):\n    return tf.where(c, a, b)\n")
    Path("model.py").write_text(
        TF + "import ops\nclass Model:\n    def run(self):\n        return tf.Session()\n"
    )
    Path("main.py").write_text("import os\nimport model\nmodel.Model().run()\n")
    Path("other.py").write_text(TF + "def pick(c, a, b):\n    return tf.where(c, a, b)\n")
    assert fix(".") == 0
    assert "tf.compat.v1.where(" in Path("ops.py").read_text()
    assert "tf.where(" in Path("other.py").read_text()
    assert Path("main.py").read_text() == (
        "import os\nimport tensorflow\ntensorflow.compat.v1.disable_v2_behavior()\n"
        "import model\nmodel.Model().run()\n"
    )
    said = capsys.readouterr().out
    assert "main.py: added tensorflow.compat.v1.disable_v2_behavior()\n" in said
    assert "opens a session" not in said


def test_states_are_of_what_the_others_become(capsys: pytest.CaptureFixture[str]) -> None:
    """The session that `agent` runs is one of `tf.compat.v1` once `sessions` is fixed."""
    Path("sessions.py").write_text(TF + "def make():\n    return tf.InteractiveSession()\n")
    Path("agent.py").write_text(
        TF + "import sessions\nclass Agent:\n    def __init__(self):\n"
        "        self.sess = sessions.make()\n    def act(self, x):\n"
        "        return self.sess.run(x), tf.get_variable('v', [])\n"
    )
    assert fix("--diff", ".") == 1
    assert capsys.readouterr().err.endswith("2 files run through compat.v1\n")
    assert fix(".") == 0
    assert capsys.readouterr().out.endswith("2 files run through compat.v1\n")


def test_what_may_be_of_compat_v1_needs_no_person(capsys: pytest.CaptureFixture[str]) -> None:
    """Only optimizers and scopes of TF 1 have these methods; the module says where it is from."""
    Path("steps.py").write_text(
        TF + "def step(optimizer, scope, loss):\n    scope.reuse_variables()\n"
        "    slots = optimizer.compute_gradients(loss)\n"
        "    count = tf.train.get_or_create_global_step()\n"
        "    optimizer.minimize(loss, global_step=count)\n"
        "    return optimizer.apply_gradients(slots, global_step=count)\n"
    )
    assert fix("--diff", "--to", "tf2", ".") == 0
    said = capsys.readouterr().err
    assert "tf.?.reuse_variables (TF202), 4 tf.?.compute_gradients (TF503)," in said
    assert fix(".") == 0
    assert capsys.readouterr().out.endswith("1 file runs through compat.v1\n")


def test_a_second_run_leaves_a_program_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Alone, both modules without the session have forms of TF 2 for what they keep."""
    parts = {
        "model.py": TF + "import ops, more\ndef run():\n    return tf.Session()\n",
        "ops.py": TF + "def f(x, b, c):\n    return tf.batch_to_space_nd(x, b, c)\n",
        "more.py": TF + "def f(x):\n    y = tf.compat.v1.py_func(abs, [x], tf.float32)\n"
        "    return tf.transpose(y)\n",
    }
    for name, text in parts.items():
        Path(name).write_text(text)
    assert fix(".") == 0
    once = {name: Path(name).read_text() for name in parts}
    assert "tf.compat.v1.batch_to_space_nd(" in once["ops.py"]
    assert once["more.py"] == parts["more.py"]
    assert fix(".") == 0
    assert {name: Path(name).read_text() for name in parts} == once


def test_a_session_for_a_program_that_is_not_in_sight(capsys: pytest.CaptureFixture[str]) -> None:
    Path("model.py").write_text(TF + "def run():\n    return tf.Session()\n")
    assert fix(".") == 0
    assert "model.py: opens a session: the program that uses it" in capsys.readouterr().out


def test_diff_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text(OLD)
    assert fix("--diff", "a.py") == 1
    assert Path("a.py").read_text() == OLD
    told = capsys.readouterr()
    assert told.out == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n import tensorflow as tf\n"
        "-y = tf.log(x)\n+y = tf.math.log(x)\n"
    )
    assert "would fix 1 in 1 file; 0 left" in told.err


def test_diff_of_a_last_line_without_an_end_is_taken_by_patch(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("a.py").write_text(OLD.rstrip("\n"))
    assert fix("--diff", "a.py") == 1
    assert capsys.readouterr().out.endswith(
        "-y = tf.log(x)\n\\ No newline at end of file\n"
        "+y = tf.math.log(x)\n\\ No newline at end of file\n"
    )


def test_a_diff_is_taken_by_git(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever the files are called: `./`, `../`, and letters that git quotes."""
    git = ["git", "-c", "core.autocrlf=false"]
    subprocess.run([*git, "init", "-q"], check=True)
    names = ["a.py", "pkg/é b.py", 'pkg/"quoted".py']
    Path("pkg").mkdir()
    for name in names:
        Path(name).write_text(OLD)
    assert fix("--diff", ".", "pkg/../pkg") == 1
    diff = capsys.readouterr().out
    subprocess.run([*git, "apply"], input=diff, encoding="utf-8", check=True)
    assert [Path(name).read_text() for name in names] == [NEW] * 3


def test_to_compat_v1_tells_of_the_switch(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text(TF + "s = tf.Session()\n")
    assert fix("--to", "compat-v1", "a.py") == 0
    assert Path("a.py").read_text() == (
        TF + "tf.compat.v1.disable_v2_behavior()\ns = tf.compat.v1.Session()\n"
    )
    assert "a.py: added tf.compat.v1.disable_v2_behavior()\n" in capsys.readouterr().out


def test_select_ignore_and_comments() -> None:
    both = (
        TF + "y = tf.log(x)\nz = tf.reduce_sum(x, keep_dims=True)\nw = tf.log(x)  # noqa: TF901\n"
    )
    Path("a.py").write_text(both)
    assert fix("--ignore", "TF903", "a.py") == 0
    assert Path("a.py").read_text() == both.replace("y = tf.log", "y = tf.math.log")
    Path("a.py").write_text(both)
    assert fix("--select", "TF903", "a.py") == 0
    assert Path("a.py").read_text() == both.replace("keep_dims", "keepdims")
    assert fix("--select", "TF999", "a.py") == 2


def test_unsafe() -> None:
    text = TF + "o = tf.train.GradientDescentOptimizer(0.1)\n"
    Path("a.py").write_text(text)
    assert fix("--to", "tf2", "a.py") == 0
    assert Path("a.py").read_text() == text
    assert fix("--to", "tf2", "--unsafe", "a.py") == 0
    assert "tf.keras.optimizers.SGD(" in Path("a.py").read_text()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (codecs.BOM_UTF8 + b"import tensorflow as tf\r\ny = tf.log('\xc3\xa9')\r\n",
         codecs.BOM_UTF8 + b"import tensorflow as tf\r\ny = tf.math.log('\xc3\xa9')\r\n"),
        (b"# coding: latin-1\nimport tensorflow as tf\ny = tf.log('\xe9')",
         b"# coding: latin-1\nimport tensorflow as tf\ny = tf.math.log('\xe9')"),
        (b"import tensorflow as tf\rif x:\r\ty = tf.log(x)\r",
         b"import tensorflow as tf\rif x:\r\ty = tf.math.log(x)\r"),
        (b"import tensorflow as tf\n\x0c\ny = tf.log(x)  \n\n\n",
         b"import tensorflow as tf\n\x0c\ny = tf.math.log(x)  \n\n\n"),
        ("import tensorflow as tf\nπ = '😀'; y = tf.log('π')\n".encode(),
         "import tensorflow as tf\nπ = '😀'; y = tf.math.log('π')\n".encode()),
    ],
)  # fmt: skip
def test_bytes_outside_of_edits_stay(data: bytes, expected: bytes) -> None:
    Path("a.py").write_bytes(data)
    assert fix("a.py") == 0
    assert Path("a.py").read_bytes() == expected


def test_what_cannot_be_read_costs_the_others_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text(TF + "y = tf.log(\n")
    Path("b.py").write_text(OLD)
    assert fix("a.py", "b.py", "c.py") == 2
    assert Path("b.py").read_text() == NEW
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("tf2lint: a.py:2:")
    assert lines[1] == "tf2lint: c.py: no such file or folder"


# Writing.


@pytest.mark.skipif(not POSIX, reason="modes and links of POSIX")
def test_mode_and_links_are_kept() -> None:
    Path("a.py").write_text(OLD)
    Path("a.py").chmod(0o754)
    os.symlink("a.py", "b.py")
    assert fix("b.py") == 0
    assert Path("b.py").is_symlink()
    assert Path("a.py").read_text() == NEW
    assert stat.S_IMODE(Path("a.py").stat().st_mode) == 0o754


@pytest.mark.skipif(not POSIX, reason="links of POSIX")
def test_a_link_out_of_the_tree_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    Path("outside.py").write_text(OLD)
    Path("tree").mkdir()
    os.symlink("../outside.py", "tree/a.py")
    assert fix("tree") == 2
    assert Path("outside.py").read_text() == OLD
    assert "tree/a.py: left as it was: it is a link to " in capsys.readouterr().err


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    Path("a.py").write_text(OLD)
    monkeypatch.setattr(os, "fsync", full)
    assert fix("a.py") == 2
    assert Path("a.py").read_text() == OLD
    assert sorted(os.listdir()) == ["a.py", "pyproject.toml"]
    told = capsys.readouterr()
    assert "a.py: left as it was: No space left on device" in told.err
    assert "1 file was left alone: 1 not written" in told.out


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(NEW)
    with pytest.raises(OSError, match="meantime"):
        command.write(str(path), OLD.encode(), b"other")
    assert path.read_text() == NEW
    assert sorted(os.listdir(tmp_path)) == ["a.py", "pyproject.toml"]


# The real program, slowed down where it puts a new file in the place of the old one.
_SLOW = """
import os, sys, time
real = os.replace
def replace(*args):
    time.sleep(0.01)
    real(*args)
    time.sleep(0.01)
os.replace = replace
LIMIT = {limit}
if LIMIT:
    import resource, signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
from tf2lint.cli import main
sys.exit(main(["fix", "tree"]))
"""
COUNT = 30  # calls in a file
_BIG_OLD, _BIG_NEW = (first + f"z = {call}(y)  # {'-' * 150}\n" * COUNT
                      for first, call in ((OLD, "tf.log"), (NEW, "tf.math.log")))  # fmt: skip


def _start(limit: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _SLOW.format(limit=limit)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(command.__file__).parents[2])},
    )  # fmt: skip


def _tree(count: int) -> list[Path]:
    Path("tree").mkdir()
    paths = [Path(f"tree/m{number:02}.py") for number in range(count)]
    for path in paths:
        path.write_text(_BIG_OLD)
    return paths


@pytest.mark.skipif(not POSIX, reason="signals of POSIX")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("after", [1, 7])
def test_interrupts_leave_every_file_old_or_new(sign: signal.Signals, after: int) -> None:
    paths = _tree(30)
    run = _start()
    end = time.monotonic() + 60
    while sum(path.read_text() == _BIG_NEW for path in paths) < after:
        assert time.monotonic() < end
        assert run.poll() is None
        time.sleep(0.005)
    run.send_signal(sign)
    run.communicate(timeout=60)
    texts = [path.read_text() for path in paths]
    assert set(texts) == {_BIG_OLD, _BIG_NEW}
    assert run.returncode == (130 if sign is signal.SIGINT else -signal.SIGKILL)
    left = {name for name in os.listdir("tree") if not name.endswith(".py")}
    assert len(left) <= (0 if sign is signal.SIGINT else 1)
    assert fix("tree") == 0
    assert {path.read_text() for path in paths} == {_BIG_NEW}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_no_room_for_the_new_text() -> None:
    paths = _tree(3)
    run = _start(limit=4096)
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 2
    assert {path.read_text() for path in paths} == {_BIG_OLD}
    assert errors.count("left as it was: File too large") == 3
    assert all(name.endswith(".py") for name in os.listdir("tree"))
