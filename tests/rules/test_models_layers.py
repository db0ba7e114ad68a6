"""TF701: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, told

TF = "import tensorflow as tf\n"
ONCE = ", made once"

CALLS = {
    "dense(x, 10)": f"Dense(10)(x){ONCE}",
    "dense(inputs=x, units=n, use_bias=False)": f"Dense(n, use_bias=False)(x){ONCE}",
    "dense(x, 10, tf.nn.relu, name='out')": (
        f"Dense(10, activation=tf.nn.relu, name='out')(x){ONCE}"
    ),
    "dense(x, 10, name='a/b')": f"Dense(10)(x){ONCE}",
    "dense(x, 10, reuse=True)": "Dense(10)(x), made once and called again to reuse it",
    "dense(x, 10, reuse=None)": f"Dense(10)(x){ONCE}",
    "dense(*args)": f"Dense{ONCE}",
    "conv2d(x, 32, [3, 3], (2, 2), 'same')": (
        f"Conv2D(32, [3, 3], strides=(2, 2), padding='same')(x){ONCE}"
    ),
    "conv2d(x, filters=32, kernel_size=3)": f"Conv2D(32, 3)(x){ONCE}",
    "conv1d(x, kernel_size=3, filters=8)": f"Conv1D(8, 3)(x){ONCE}",
    "conv2d_transpose(x, 8, 3, strides=2)": f"Conv2DTranspose(8, 3, strides=2)(x){ONCE}",
    "separable_conv2d(x, 8, 3, depth_multiplier=2)": (
        f"SeparableConv2D(8, 3, depth_multiplier=2)(x){ONCE}"
    ),
    "max_pooling2d(x, 2, 2, padding='same')": "MaxPooling2D(2, strides=2, padding='same')(x)",
    "average_pooling3d(x, 2, 2)": "AveragePooling3D(2, strides=2)(x)",
    "flatten(x)": "Flatten()(x)",
    "dropout(x)": "Dropout(0.5)(x, training=False)",
    "dropout(x, rate=0.1, training=t)": "Dropout(0.1)(x, training=t)",
    "batch_normalization(x, 1, training=t)": (f"BatchNormalization(axis=1)(x, training=t){ONCE}"),
}


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("call", CALLS)
def test_functions(call: str, target: str) -> None:
    (only,) = findings(f"{TF}tf.layers.{call}\n", target_version=target)
    assert only.code == "TF701"
    assert only.hint is not None
    assert told(only) == f"tf.keras.layers.{CALLS[call]}"


def test_what_only_keras_2_takes() -> None:
    text = f"{TF}tf.layers.batch_normalization(x, training=t, fused=True)\n"
    for target, there in (("2.15", True), ("2.21", False)):
        (only,) = findings(text, target_version=target)
        assert only.hint is not None
        assert ("fused=True" in told(only)) is there


def test_a_long_call_is_cut_to_what_matters() -> None:
    long = "self.hparams.a_rather_long_name_of_a_parameter"
    text = f"{TF}tf.layers.conv2d(x, {long}, {long}, activation={long}, strides={long})\n"
    (only,) = findings(text)
    assert only.hint is not None
    assert len(told(only)) < 140


def test_classes_and_their_methods() -> None:
    text = """\
from tensorflow import layers
from tensorflow.layers import Dense as D, InputSpec

dense = D(3, _reuse=True)
y = dense.apply(x)
layers.Flatten()

class Mine(layers.Layer):
    pass
"""
    assert [(f.code, place(f)) for f in findings(text)] == [
        ("TF701", (1, 23, 1, 29)), ("TF701", (2, 30, 2, 40)), ("TF701", (2, 42, 2, 51)),
        ("TF701", (4, 8, 4, 9)), ("TF707", (5, 4, 5, 15)), ("TF701", (6, 0, 6, 14)),
        ("TF701", (8, 11, 8, 23)),
    ]  # fmt: skip


def test_compat_v1_works_up_to_2_15() -> None:
    text = f"{TF}tf.compat.v1.layers.dense(x, 3)\n"
    assert [f.status for f in findings(text)] == ["removed"]
    assert [f.status for f in findings(text, target_version="2.15")] == ["compat"]
    assert codes(text, target_version="2.15", allow_compat_v1=True) == []
    assert codes(text, allow_compat_v1=True) == ["TF701"]


def test_other_layers_are_not_touched() -> None:
    text = """\
import tensorflow as tf
from tensorflow.keras import layers
import other

layers.Dense(3)(x)
tf.keras.layers.BatchNormalization()(x, training=True)
other.layers.dense(x, 3)
self.layers.dense(x, 3)
model.layers[0].apply(f)
"""
    assert codes(text) == []


def test_products() -> None:
    text = f"{TF}tf.nn.xw_plus_b(x, w, b)\ntf.nn.relu_layer(x, w, b)\n"
    hints = [told(f) for f in findings(text)]
    assert hints == ["tf.matmul(x, w) + b", "tf.nn.relu(tf.matmul(x, w) + b)"]


def test_layers_made_where_they_are_called() -> None:
    text = """\
import tensorflow as tf
from tensorflow.keras import Model, layers

class Net(Model):
    def build(self, shape):
        layers.Dense(3)(shape)
        self.dense = layers.Dense(3)

    def call(self, x):
        x = layers.Flatten()(x)
        layers.Dense(3)
        y = self.dense(x)
        return layers.Dense(3)(y)

class Other:
    def call(self, x):
        return layers.Dense(3)(x)

def functional(x):
    return layers.LSTM(3)(x)

@tf.function(jit_compile=True)
def traced(x):
    return layers.LSTM(3)(x)
"""
    assert [(f.code, f.line) for f in findings(text)] == [("TF715", 13), ("TF715", 24)]
