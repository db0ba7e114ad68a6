"""TF710 and TF714: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, told
from tf2lint.fixes.edits import apply

TF = "import tensorflow as tf\nfrom tensorflow.keras import Input, layers\n"

CALLS = {
    # call: whether TF 2.3, 2.15 and 2.21 refuse it, and the call as the edits make it
    "layers.Dense(output_dim=3, init='normal')": (
        "111", "layers.Dense(units=3, kernel_initializer='normal')"
    ),
    "layers.Convolution2D(3, (3, 3), subsample=(2, 2))": (
        "111", "layers.Convolution2D(3, (3, 3), strides=(2, 2))"
    ),
    "layers.LSTM(3, inner_activation='x', consume_less='gpu')": (
        "111", "layers.LSTM(3, recurrent_activation='x')"
    ),
    "layers.Dropout(p=0.5)": ("111", "layers.Dropout(rate=0.5)"),
    "layers.BatchNormalization(mode=0, axis=1)": ("111", "layers.BatchNormalization(axis=1)"),
    "layers.Embedding(3, 2, init='x')": ("111", "layers.Embedding(3, 2, embeddings_initializer='x')"),
    "layers.Discretization(bins=[1.0])": ("001", "layers.Discretization(bin_boundaries=[1.0])"),
    "layers.Attention(causal=True)": ("001", "layers.Attention()"),
    "layers.Dense(3, experimental_autocast=False)": ("001", "layers.Dense(3, autocast=False)"),
    "tf.keras.Model(input=a, output=b)": ("111", "tf.keras.Model(inputs=a, outputs=b)"),
    "Input(20)": ("001", "Input((20,))"),
    "Input(shape=(20), name='x')": ("001", "Input(shape=(20,), name='x')"),
    "Input(batch_input_shape=(2, 3))": ("001", "Input(batch_shape=(2, 3))"),
    "Input(shape=(20,))": ("000", ""),
    "Input(shape=n)": ("000", ""),
    "tf.keras.losses.MeanSquaredError(reduction='auto')": (
        "001", "tf.keras.losses.MeanSquaredError()"
    ),
    "tf.keras.losses.MeanSquaredError(reduction='sum')": ("000", ""),
    "tf.keras.mixed_precision.Policy('mixed_float16', loss_scale='dynamic')": (
        "011", "tf.keras.mixed_precision.Policy('mixed_float16')"
    ),
    "layers.Dense(3, activation='relu', name='x', dtype='float32')": ("000", ""),
    "layers.Conv2D(32, 3, 2)": ("000", ""),
}  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_calls_by_target(call: str) -> None:
    refused, fixed = CALLS[call]
    text = f"{TF}{call}\n"
    for target, expected in zip(("2.3", "2.15", "2.21"), refused, strict=True):
        found = set(codes(text, target_version=target)) - {"TF908"}
        assert found == ({"TF710"} if expected == "1" else set()), target
    if fixed:
        edits = [e for f in findings(text) if f.hint for e in f.hint.edits]
        assert apply(text, edits) == f"{TF}{fixed}\n"


def test_places() -> None:
    text = f"{TF}Input(tensor=x, type_spec=s)\nInput(tensor=None)\nlayers.Convolution2D(8, 3, 3)\n"
    assert [place(f) for f in findings(text)] == [
        (3, 6, 3, 14), (3, 16, 3, 27), (5, 27, 5, 28)
    ]  # fmt: skip


def test_methods_of_models() -> None:
    text = """\
import tensorflow as tf

class Net(tf.keras.Model):
    pass

net = Net()
net.compile("sgd", "mse", options=o, experimental_steps_per_execution=8, cloning=True)
net.fit(x, nb_epoch=3, show_accuracy=True)
other.fit(x, nb_epoch=3)
"""
    assert [f.line for f in findings(text)] == [7, 7, 7, 8, 8]
    assert [f.line for f in findings(text, target_version="2.15")] == [7, 8, 8]


SYMBOLIC = """\
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

class Mine(layers.Layer):
    def call(self, x):
        return tf.square(x)

a = keras.Input((3,))
b, c = layers.Input((3,)), keras.Input((4,))
d = layers.Dense(3)(a) + b
e = Mine()(d)[:, 0]
tf.expand_dims(a, -1)
tf.nn.relu(d)
tf.math.sqrt(x=e)
tf.reduce_sum([e, d])
tf.compat.v1.where(c)
tf.keras.ops.sqrt(a)
tf.nest.flatten(a)
tf.print(a)
tf.shape(unknown)
tf.zeros((3,))
layers.Lambda(lambda t: tf.square(t))(a)
keras.activations.relu(a)

def f(x):
    y = layers.Dense(3)(x)
    return tf.square(y)
"""


def test_symbolic_tensors() -> None:
    found = [f for f in findings(SYMBOLIC) if f.code == "TF714"]
    assert [f.line for f in found] == [13, 14, 15, 16, 17]
    assert [told(f) for f in found if f.hint] == [
        "tf.keras.ops.expand_dims", "tf.keras.ops.relu", "tf.keras.ops.sqrt", "tf.keras.ops.sum",
        "tf.keras.ops.where",
    ]  # fmt: skip
    assert "TF714" not in codes(SYMBOLIC, target_version="2.15")


def test_data_in_lists() -> None:
    text = """\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.fit([[1.0], [2.0]], y=[1, 2])
model.fit([a, b], [c])
model.predict([x])
model.predict([[1, 2]], 32)
model.evaluate(x, y, [1, 2])
"""
    assert [(f.code, place(f)) for f in findings(text)] == [
        ("TF710", (4, 10, 4, 24)), ("TF710", (4, 28, 4, 34)), ("TF710", (7, 14, 7, 22))
    ]  # fmt: skip
    assert codes(text, target_version="2.15") == []


def test_views_of_dictionaries() -> None:
    text = f"""\
{TF}layers.Concatenate()(inputs.values())
layers.concatenate(inputs.values(), axis=1)
layers.Add()(list(inputs.values()))
layers.Concatenate(axis=1)
layers.Dense(3)(x.values())
"""
    found = findings(text)
    assert [(f.code, place(f)) for f in found] == [
        ("TF710", (3, 21, 3, 36)), ("TF710", (4, 19, 4, 34))
    ]  # fmt: skip
    assert found[0].hint is not None
    assert told(found[0]) == "list(inputs.values())"


def test_the_least_change_of_a_plateau() -> None:
    text = "import tensorflow as tf\ntf.keras.callbacks.ReduceLROnPlateau(epsilon=0.01)\n"
    [finding] = findings(text)
    assert finding.code == "TF710"
    assert "min_delta=0.01" in finding.message
    assert findings(text, target_version="2.15") == []
    assert findings(text, keras=2) == []


@pytest.mark.parametrize("op", [
    "K.mean(net.output)", "tf.reduce_mean(net.outputs[0])", "tf.shape(net.input)",
    "K.sum(net.get_layer('x').output, axis=-1)", "K.exp(net.layers[-1].output * 2)",
    "tf.sqrt(layer.output)", "K.square(-x)", "K.shape(x > 1)", "K.concatenate([x, x])",
    "K.l2_normalize(tf.keras.layers.Dense(2)(net.output))",
])  # fmt: skip
def test_symbolic_tensors_of_models_and_for_the_backend(op: str) -> None:
    text = (
        "import tensorflow as tf\nK = tf.keras.backend\nnet = tf.keras.applications.VGG16()\n"
        f"layer = net.get_layer('a')\nx = tf.keras.Input((3,))\n{op}\n"
    )
    [finding] = findings(text)
    assert (finding.code, finding.line) == ("TF714", 6)
    assert findings(text, keras=2) == []


@pytest.mark.parametrize("op", [
    "K.int_shape(net.output)", "K.is_keras_tensor(x)", "K.mean(net.predict(y))",
    "tf.reduce_mean(other.output)", "tf.keras.ops.mean(net.output)", "K.mean(net.layers)",
    "tf.print(net.output)", "K.epsilon()", "K.mean(f(net.output))", "net.output * 2",
])  # fmt: skip
def test_what_keras_tensors_may_be_given_to(op: str) -> None:
    text = (
        "import tensorflow as tf\nK = tf.keras.backend\nnet = tf.keras.applications.VGG16()\n"
        f"x = tf.keras.Input((3,))\n{op}\n"
    )
    assert [f for f in findings(text) if f.code == "TF714"] == []
