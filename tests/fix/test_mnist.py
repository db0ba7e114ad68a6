"""`fix --unsafe --write-mnist`: a reader of MNIST beside the code that read it with TF 1."""

from __future__ import annotations

from pathlib import Path

import pytest

from tf2lint.check.engine import check
from tf2lint.cli import main
from tf2lint.fixes import mnist
from tf2lint.fixes.fixer import fix
from tf2lint.options import COMPAT, MIXED, TF2, Options
from tf2lint.source import Source

OLD = "from tensorflow.examples.tutorials.mnist import input_data\n"
NEW = "import mnist_input_data as input_data\n"
READ = 'digits = input_data.read_data_sets("data")\nprint(digits.train.next_batch(3))\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("[tool.tf2lint]\n")


def run(*words: str) -> int:
    return main(["fix", "--jobs", "1", "--unsafe", "--write-mnist", *words])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD, NEW),
        (OLD.replace("input_data\n", "input_data as data  # digits\n"),
         "import mnist_input_data as data  # digits\n"),
        ("import tensorflow.examples.tutorials.mnist.input_data as mine\n",
         "import mnist_input_data as mine\n"),
        ("from tensorflow.examples.tutorials.mnist.input_data import read_data_sets\n",
         "from mnist_input_data import read_data_sets\n"),
        ("from tensorflow.contrib.learn.python.learn.datasets.mnist import load_mnist as load\n",
         "from mnist_input_data import load_mnist as load\n"),
        ("from tensorflow.examples.tutorials.mnist import input_data, mnist\n",
         "from tensorflow.examples.tutorials.mnist import mnist\n" + NEW),
        ("import tensorflow as tf\nd = tf.contrib.learn.datasets.mnist.read_data_sets(where)\n"
         "print(tf.abs(d))\n",
         "import mnist_input_data\nimport tensorflow as tf\n"
         "d = mnist_input_data.read_data_sets(where)\nprint(tf.abs(d))\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("to", [MIXED, TF2, COMPAT])
def test_imports_are_changed(before: str, after: str, to: str) -> None:
    options = Options(mnist="")
    assert fix(before, "a.py", options, to, unsafe=True).text == after
    assert fix(before, "a.py", options, to).text == before  # not proven for what else may be read
    assert fix(before, "a.py", Options(), to, unsafe=True).text == before
    assert fix(after, "a.py", options, to, unsafe=True).text == after


def test_the_reader_is_written_once_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.py", "b.py", "pkg/c.py", "pkg/__init__.py", "pkg/sub/d.py", "pkg/sub/e.py"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(OLD + READ)
    Path("pkg/__init__.py").write_text("")
    Path("pkg/sub/__init__.py").write_text("")
    Path("pkg/c.py").write_text("import pkg.sub\n" + OLD + READ)
    Path("pkg/sub/d.py").write_text("from . import e\n" + OLD + READ)
    assert run("--diff", ".") == 1
    assert "\n+++ b/mnist_input_data.py\n" in capsys.readouterr().out
    assert not [*Path().rglob(mnist.FILE)]
    assert run(".") == 0
    assert sorted(path.parent.as_posix() for path in Path().rglob(mnist.FILE)) == [
        ".", "pkg", "pkg/sub",
    ]  # fmt: skip
    assert "fixed 5 in 5 files; 0 left" in capsys.readouterr().out
    assert Path(mnist.FILE).read_text() == mnist.text()
    assert Path("b.py").read_text() == NEW + READ
    assert "from pkg import mnist_input_data as input_data\n" in Path("pkg/c.py").read_text()
    assert "from . import mnist_input_data as input_data\n" in Path("pkg/sub/d.py").read_text()
    assert Path("pkg/sub/e.py").read_text() == NEW + READ  # runs by itself
    before = {path: path.stat().st_mtime_ns for path in Path().rglob("*.py")}
    assert run(".") == 0
    assert before == {path: path.stat().st_mtime_ns for path in Path().rglob("*.py")}


def test_a_file_of_that_name_stays(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text(OLD + READ)
    Path(mnist.FILE).write_text("mine = 1\n")
    assert run(".") == 0
    assert Path("a.py").read_text() == OLD + READ
    assert Path(mnist.FILE).read_text() == "mine = 1\n"


def test_only_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.py").write_text(OLD + READ)
    assert main(["fix", "--write-mnist", "."]) == 2
    assert "--write-mnist: only with --unsafe" in capsys.readouterr().err
    assert run("-") == 2
    assert "--write-mnist: not with standard input" in capsys.readouterr().err
    assert main(["fix", "--unsafe", "."]) == 0
    assert not Path(mnist.FILE).exists()


def test_of_the_reader_nothing_is_reported() -> None:
    (found,) = check(Source(mnist.text()), Options())
    assert found.code == "TF916"
    line = mnist.text().splitlines()[found.line - 1]
    assert line.endswith("# noqa: TF916")
