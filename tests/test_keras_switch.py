"""Which Keras `tf.keras` is: said by `tf2-keras`, or by code that sets TF_USE_LEGACY_KERAS."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import codes, findings
from tf2lint.options import OptionError
from tf2lint.tensorflow import api

YES = 'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\n'
# Runs with TensorFlow 2.21 and tf_keras 2.21; with Keras 3 nearly every line raises.
PROGRAM = """\
import numpy as np
import tensorflow as tf

opt = tf.keras.optimizers.legacy.Adam(lr=0.1, decay=1e-3)
x = tf.keras.Input((3,))
y = tf.keras.layers.Dense(2, name="b")(x)
m = tf.keras.Model(x, tf.reduce_mean(y, axis=-1))
m.compile(opt, "mse", ["mae"])
m.save_weights("ck/w")
m.fit_generator(iter([(np.zeros((2, 3)), np.zeros((2,)))] * 4), steps_per_epoch=1, verbose=0)
m.save("dir")
m2 = tf.keras.models.load_model("dir")
print(m.metrics_names, opt.lr.numpy(), tf.keras.backend.learning_phase(), tf.optimizers.Adam(lr=1))
"""
KERAS = "import tensorflow as tf\nx = tf.keras.backend.learning_phase()\n"


def test_a_program_for_keras_2() -> None:
    assert len(codes(PROGRAM)) > 8
    assert codes(PROGRAM, keras="2") == []
    assert codes(YES + PROGRAM) == []


@pytest.mark.parametrize(
    ("expression", "status"),
    [
        ("tf.compat.v1.layers.dense", "compat"),
        ("tf.compat.v1.nn.rnn_cell.LSTMCell", "compat"),
        ("tf.compat.v1.keras.backend.get_session", "compat"),
        ("tf.layers.dense", "removed"),
        ("tf.keras.utils.multi_gpu_model", "removed"),
        ("tf.compat.v1.estimator.Estimator", "removed"),  # not of Keras: gone all the same
        ("tf.metrics.MeanTensor", ""),
        ("tf.keras.preprocessing.text.Tokenizer", ""),
    ],
)
def test_status_with_keras_2(expression: str, status: str) -> None:
    found = findings(f"import tensorflow as tf\nx = {expression}\n", keras=2)
    assert [f.status for f in found] == ([status] if status else [])


def test_the_keras_package_is_keras_3_all_the_same() -> None:
    text = "import tensorflow as tf\nfrom keras.backend import learning_phase\n"
    assert codes(text, keras=2) == codes(text) == ["TF709"]


def test_hints_are_for_that_keras() -> None:
    text = "import tensorflow as tf\nx = tf.contrib.keras.layers.LSTM(4, implementation=1)\n"
    old = "import tensorflow as tf\no = tf.keras.optimizers.Adam(lr=0.1, decay=1e-3)\n"
    assert [f.code for f in findings(old)] == ["TF505", "TF505"]
    # Keras 2.11 to 2.15 takes lr=, and refuses decay=; so does tf_keras.
    assert [f.message for f in findings(old, keras=2)] == [
        f.message for f in findings(old, target_version="2.15")
    ]
    assert len(codes(text, keras=2)) == len(codes(text, target_version="2.15"))


@pytest.mark.parametrize(
    "line",
    [
        'os.environ["TF_USE_LEGACY_KERAS"] = "1"',
        'os.environ["TF_USE_LEGACY_KERAS"] = "True"',
        'os.environ["TF_USE_LEGACY_KERAS"] = str(1)',
        'os.environ.setdefault("TF_USE_LEGACY_KERAS", "true")',
        'os.environ.update({"OTHER": "0", "TF_USE_LEGACY_KERAS": "1"})',
        'os.environ.update(TF_USE_LEGACY_KERAS="1")',
        'os.environ |= {"TF_USE_LEGACY_KERAS": "1"}',
        'NAME = "TF_USE_LEGACY_KERAS"\nos.environ[NAME] = "1"',
        'if True:\n    os.environ["TF_USE_LEGACY_KERAS"] = "1"',
    ],
)
def test_what_sets_the_variable(line: str) -> None:
    assert codes(f"import os\n{line}\n{KERAS}") == []


@pytest.mark.parametrize(
    "line",
    [
        'os.environ["TF_USE_LEGACY_KERAS"] = "0"',
        'os.environ["TF_USE_LEGACY_KERAS"] = "yes"',  # TensorFlow takes 1, true and True
        'os.environ["TF_USE_LEGACY_KERAS"] = flag',
        'x = os.environ["TF_USE_LEGACY_KERAS"]',
        'x = os.environ.get("TF_USE_LEGACY_KERAS", "1")',
        'os.putenv("TF_USE_LEGACY_KERAS", "1")',  # os.environ does not get to know
        'run(env=dict(os.environ, TF_USE_LEGACY_KERAS="1"))',
        'settings["TF_USE_LEGACY_KERAS"] = "1"',
        '# os.environ["TF_USE_LEGACY_KERAS"] = "1"',
    ],
)
def test_what_does_not(line: str) -> None:
    assert codes(f"import os\n{line}\n{KERAS}") == ["TF709"]


def test_too_late_for_a_module_of_keras() -> None:
    late = "from tensorflow.keras import backend as K\n"
    assert codes(f"{late}{YES}x = K.learning_phase()\n") == ["TF709"]
    assert codes(f"{YES}{late}x = K.learning_phase()\n") == []


def test_the_option_has_the_last_word() -> None:
    assert codes(YES + KERAS, keras="3") == ["TF709"]
    assert codes(KERAS, keras="2", target_version="2.15") == codes(KERAS, target_version="2.15")
    with pytest.raises(OptionError, match=r"tf2-keras: expected 2 or 3, got '4'"):
        codes(KERAS, keras=4)


def test_a_package_says_it_for_its_modules(tmp_path: Path) -> None:
    inner = tmp_path / "app" / "models"
    inner.mkdir(parents=True)
    (tmp_path / "app" / "__init__.py").write_text(YES)
    (inner / "__init__.py").touch()
    (tmp_path / "other.py").touch()
    assert codes(KERAS, path=str(inner / "net.py")) == []
    assert codes(KERAS, path=str(inner / "__init__.py")) == []
    assert codes(KERAS, path=str(tmp_path / "other.py")) == ["TF709"]
    (inner / "__init__.py").write_text(YES.replace('"1"', '"0"'))
    assert codes(KERAS, path=str(inner / "net.py")) == ["TF709"]


def test_a_conftest_says_it_for_tests(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "conftest.py").write_text(
        "import os\n\ndef pytest_configure(config):\n"
        '    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")\n'
    )
    (tmp_path / "tests").mkdir()
    for name in ("test_net.py", "net_test.py", "tests/helpers.py", "tests/test_net.py"):
        assert codes(KERAS, path=str(tmp_path / name)) == []
    assert codes(KERAS, path=str(tmp_path / "net.py")) == ["TF709"]


def test_the_tables_of_both() -> None:
    keras_2 = api.with_keras(api.NEWEST, 2)
    assert api.with_keras(api.NEWEST, 3) == api.NEWEST
    assert api.with_keras((2, 15), 2) == (2, 15)
    assert api.keras_of(keras_2) == (2, 15)
    assert api.exists("tf.keras.optimizers.legacy.Adam", keras_2)
    assert not api.stub("tf.keras.optimizers.legacy.Adam", keras_2)
    assert api.exists("tf.keras.ops.add", api.NEWEST)
    assert not api.exists("tf.keras.ops.add", keras_2)
    assert not api.exists("tf.estimator.Estimator", keras_2)
    old = api.signature("tf.keras.optimizers.Adam", "v2", keras_2)
    assert old is not None
    assert "jit_compile" in old.names
