"""Programs that need Keras 2: which files are said to, and what `--write-legacy-keras` writes."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tf2lint.cli import main
from tf2lint.fixes.keras_2 import switched

SET = 'os.environ["TF_USE_LEGACY_KERAS"] = "1"\n'
ALONE = """\
import tensorflow as tf
cell = tf.nn.rnn_cell.BasicLSTMCell(3)
with tf.Session() as sess:
    sess.run(cell.zero_state(2, tf.float32))
"""
MODEL = """\
import tensorflow as tf
def train():
    cell = tf.nn.rnn_cell.BasicLSTMCell(3)
    with tf.Session() as sess:
        sess.run(cell.zero_state(2, tf.float32))
"""
RUN = 'import model\nif __name__ == "__main__":\n    model.train()\n'


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text("[tool.tf2lint]\n")


def fixed(*words: str) -> int:
    return main(["fix", "--jobs", "1", *words])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import tensorflow\n", f"import os\n{SET}import tensorflow\n"),
        ('"""Doc."""\nfrom __future__ import division\nimport sys, os\n\nimport numpy as np\n',
         f'"""Doc."""\nfrom __future__ import division\nimport sys, os\n\n{SET}import numpy as np\n'),
        ("import os.path\r\ntry:\r\n    import keras\r\nexcept ImportError:\r\n    pass\r\n",
         "import os.path\r\n" + SET.replace("\n", "\r\n")
         + "try:\r\n    import keras\r\nexcept ImportError:\r\n    pass\r\n"),
        ("from . import model\n", f"import os\n{SET}from . import model\n"),
        # No line for it, no need for it, and another opinion.
        ("import os; import tensorflow\n", "import os; import tensorflow\n"),
        ("import os\n", "import os\n"),
        ("import os\nos.environ['TF_USE_LEGACY_KERAS'] = '0'\nimport tensorflow\n",
         "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '0'\nimport tensorflow\n"),
    ],
)  # fmt: skip
def test_the_switch_stands_before_what_may_load_tensorflow(before: str, after: str) -> None:
    assert switched(before) == after
    assert switched(after) == after


def test_a_program_is_said_to_need_keras_2_where_what_it_uses_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("model.py").write_text(MODEL)
    Path("run.py").write_text(RUN)
    assert fixed(".") == 0
    told = capsys.readouterr().out
    assert "2 files do so only with Keras 2: install tf_keras" in told
    assert told.endswith("  ./model.py\n  ./run.py\n")
    assert "LEGACY" not in Path("run.py").read_text()


def test_what_keras_2_has_is_no_reason_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    Path("alone.py").write_text(ALONE + "    tf.contrib.crf.crf_decode(a, b, c)\n")
    assert fixed("--write-legacy-keras", ".") == 0
    assert capsys.readouterr().out.endswith(
        "1 file needs a person:\n  ./alone.py: 6 tf.contrib.crf.crf_decode (TF302), and Keras 2: "
        "tf_keras with TF_USE_LEGACY_KERAS=1\n"
    )
    assert "LEGACY" not in Path("alone.py").read_text()


def test_the_switch_is_written_into_what_is_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("alone.py").write_text(ALONE)
    Path("model.py").write_text(MODEL)
    Path("run.py").write_text(RUN)
    assert fixed("--write-legacy-keras", ".") == 0
    told = capsys.readouterr().out
    assert "./run.py: added TF_USE_LEGACY_KERAS=1\n" in told
    assert told.endswith("3 files run through compat.v1\n")
    assert Path("alone.py").read_text().startswith(f"import os\n{SET}import tensorflow as tf\n")
    assert Path("run.py").read_text().startswith(f"import os\n{SET}import tensorflow\n")
    assert "LEGACY" not in Path("model.py").read_text()
    before = {path: path.read_text() for path in Path().glob("*.py")}
    assert fixed(".") == 0  # what is written is understood
    assert capsys.readouterr().out == "fixed 0 in 0 files; 0 left\n3 files run through compat.v1\n"
    assert {path: path.read_text() for path in Path().glob("*.py")} == before


def test_nothing_is_written_where_keras_3_does(capsys: pytest.CaptureFixture[str]) -> None:
    Path("run.py").write_text("import tensorflow as tf\nwith tf.Session() as s:\n    s.run(x)\n")
    assert fixed("--write-legacy-keras", ".") == 0
    assert "LEGACY" not in capsys.readouterr().out + Path("run.py").read_text()


def test_standard_input_gets_the_switch(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ALONE.encode())))
    assert fixed("--write-legacy-keras", "-") == 0
    assert capsys.readouterr().out.startswith(f"import os\n{SET}import tensorflow as tf\n")


def test_a_notebook_gets_the_switch() -> None:
    lines = "".join(f"{line!r},\n".replace("'", '"') for line in ALONE.splitlines(keepends=True))
    cell = (
        '{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], '
        f'"source": [{lines.rstrip()[:-1]}]}}'
    )
    Path("a.ipynb").write_text(
        f'{{"cells": [{cell}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}\n'
    )
    assert fixed("--write-legacy-keras", ".") == 0
    assert 'os.environ[\\"TF_USE_LEGACY_KERAS\\"]' in Path("a.ipynb").read_text()
