"""TF708: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told

TF = "import tensorflow as tf\n"

NAMES = {
    # below tf.keras: whether TF 2.3, 2.10, 2.15 and 2.21 lack it, and what the last one is told
    "layers.CuDNNLSTM": ("1111", "tf.keras.layers.LSTM"),
    "layers.LocallyConnected2D": ("0001", "tf.image.extract_patches"),
    "layers.experimental.preprocessing.Hashing": ("0001", "tf.keras.layers.Hashing"),
    "layers.experimental.preprocessing": ("0001", "tf.keras.layers"),
    "layers.experimental.preprocessing.CategoryCrossing": ("0111", "HashedCrossing"),
    "layers.experimental.SyncBatchNormalization": ("0001", "synchronized=True"),
    "utils.multi_gpu_model": ("0111", "tf.distribute.MirroredStrategy().scope()"),
    "utils.OrderedEnqueuer": ("0001", "tf.keras.utils.PyDataset"),
    "wrappers.scikit_learn.KerasRegressor": ("0011", "scikeras"),
    "mixed_precision.experimental.set_policy": ("0111", "set_global_policy"),
    "losses.mean_absolute_error": ("0001", "tf.keras.losses.MAE"),
    "metrics.MeanTensor": ("0001", "tf.keras.metrics.Metric"),
    "models.model_from_config": ("0001", "tf.keras.Model.from_config"),
    "callbacks.experimental.BackupAndRestore": ("0001", "tf.keras.callbacks.BackupAndRestore"),
    "experimental.PeepholeLSTMCell": ("0111", "no peepholes"),
    "backend.function": ("0001", "tf.keras.Model"),
    "saving.register_keras_serializable": ("0001", "tf.keras.utils.register_keras_serializable"),
    "saving.load_model": ("0001", "tf.keras.models.load_model"),
    "constraints.RadialConstraint": ("0001", "tf.keras.constraints.Constraint"),
    "layers.Dense": ("0000", ""),
    "layers.StringLookup": ("0000", ""),
    "losses.MSE": ("0000", ""),
    "utils.to_categorical": ("0000", ""),
    "backend.sum": ("0000", ""),
    "preprocessing.text.Tokenizer": ("0000", ""),
}


@pytest.mark.parametrize("name", NAMES)
def test_names_by_target(name: str) -> None:
    gone, use = NAMES[name]
    text = f"{TF}tf.keras.{name}\n"
    for target, expected in zip(("2.3", "2.10", "2.15", "2.21"), gone, strict=True):
        found = findings(text, target_version=target)
        assert [f.code for f in found] == ["TF708"] * int(expected), target
    if use:
        assert use in said(findings(text)[0])


def test_arguments_stay() -> None:
    text = f"{TF}from tensorflow.keras.layers.experimental import preprocessing as p\n"
    found = findings(f"{text}p.StringLookup(10, vocabulary=v)\ntf.losses.log_cosh(a, b)\n")
    assert [told(f) for f in found if f.hint] == [
        "tf.keras.layers",
        "tf.keras.layers.StringLookup(10, vocabulary=v)",
        "tf.keras.losses.logcosh(a, b)",
    ]


PACKAGE = """\
import tensorflow as tf
import keras
from keras import backend as K
from keras.preprocessing.image import ImageDataGenerator, load_img

K.sum(x)
K.epsilon()
keras.losses.mean_squared_error(a, b)
keras.losses.MSE(a, b)
keras.saving.load_model(path)
keras.ops.mean(x)
keras.layers.Dense(3)
keras.random.normal((3,))
"""


def test_the_keras_package() -> None:
    assert [(f.code, place(f)) for f in findings(PACKAGE)] == [
        ("TF708", (4, 38, 4, 56)), ("TF708", (6, 0, 6, 5)), ("TF708", (9, 0, 9, 16))
    ]  # fmt: skip
    assert codes(PACKAGE, target_version="2.15") == []
    assert codes(PACKAGE.replace("import tensorflow as tf\n", "")) == []


FILES = """\
import tensorflow as tf
from keras.utils import np_utils
from keras.layers.core import Dense, Dropout as D
from keras.engine.topology import Layer
import keras.layers.merge

np_utils.to_categorical(y)
Dense(D)
keras.layers.merge.concatenate([a, b])

class Mine(Layer):
    pass
"""


def test_files_of_old_packages() -> None:
    found = findings(FILES)
    assert [(f.code, place(f)) for f in found] == [
        ("TF708", (2, 24, 2, 32)), ("TF708", (3, 30, 3, 35)), ("TF708", (3, 37, 3, 49)),
        ("TF708", (4, 34, 4, 39)), ("TF708", (5, 7, 5, 25)), ("TF708", (7, 0, 7, 23)),
        ("TF708", (9, 0, 9, 30)),
    ]  # fmt: skip
    hints = [told(f) for f in found if f.hint]
    assert hints[:4] == [
        "from keras.utils import to_categorical",
        "from keras.layers import Dense",
        "from keras.layers import Dropout",
        "from keras.layers import Layer",
    ]
    assert hints[5:] == ["keras.utils.to_categorical", "keras.layers.concatenate"]
    assert codes(FILES, target_version="2.10") == []


@pytest.mark.parametrize("target", ["2.0", "2.21"])
def test_files_were_never_in_tensorflow(target: str) -> None:
    text = "from tensorflow.keras.layers.core import Dense\n"
    (only,) = findings(text, target_version=target)
    assert only.code == "TF708"
    assert "from tensorflow.keras.layers import Dense" in said(only)


def test_tf_keras_first() -> None:
    text = """\
import tensorflow as tf
try:
    import tf_keras as keras
except ImportError:
    import keras

keras.backend.sum(x)
keras.losses.Reduction.SUM
keras.Sequential().fit_generator(g)
"""
    assert codes(text) == []


def test_names_through_compat_v1() -> None:
    text = f"{TF}tf.compat.v1.keras.layers.CuDNNGRU(3)\n"
    (new,), (old,) = findings(text), findings(text, target_version="2.15")
    assert (new.status, old.status) == ("removed", "compat")
