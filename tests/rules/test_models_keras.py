"""TF707, TF709, TF711 and TF712: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told

TF = "import tensorflow as tf\n"

MEMBERS = {
    # member of a model: whether TF 2.3, 2.10, 2.15 and 2.21 lack it, as they say themselves
    "fit_generator(g)": "0001",
    "predict_generator(g)": "0001",
    "predict_classes(x)": "0111",
    "predict_proba(x)": "0111",
    "reset_states()": "0001",
    "to_yaml()": "1111",
    "state_updates": "0001",
    "get_updates_for(x)": "0111",
    "inbound_nodes": "0001",
    "submodules": "0001",
    "dynamic": "0001",
    "stateful": "0001",
    "add_metric(x)": "0001",
    "input_names": "0001",
    "_make_train_function()": "1111",
    "make_train_function()": "0000",
    "output_shape": "0000",
    "fit(x)": "0000",
    "layers": "0000",
    "summary()": "0000",
    "optimizer": "0000",
    "trainable_weights": "0000",
}


@pytest.mark.parametrize("member", MEMBERS)
def test_members_of_models(member: str) -> None:
    text = f"{TF}model = tf.keras.models.Sequential()\nmodel.{member}\n"
    for target, gone in zip(("2.3", "2.10", "2.15", "2.21"), MEMBERS[member], strict=True):
        assert codes(text, target_version=target) == ["TF707"] * int(gone), target


def test_members_of_layers() -> None:
    text = """\
import tensorflow as tf

layer = tf.keras.layers.Dense(3)
rnn = tf.keras.layers.LSTM(3, stateful=True)
layer.output_shape
layer.apply(x)
layer.stateful
rnn.stateful
rnn.reset_states()
layer.weights
layer.get_output_at(0)
"""
    assert [(f.code, f.line) for f in findings(text)] == [
        ("TF707", 5), ("TF707", 6), ("TF707", 7), ("TF707", 11)
    ]  # fmt: skip
    assert [f.line for f in findings(text, target_version="2.10")] == [6]
    assert findings(text)[1].hint is not None
    assert "layer(x)" in said(findings(text)[1])


GENERATORS = {
    "fit_generator(g, 10, epochs=2)": "model.fit(g, steps_per_epoch=10, epochs=2)",
    "fit_generator(generator=g, validation_data=v, verbose=0)": (
        "model.fit(g, verbose=0, validation_data=v)"
    ),
    "fit_generator(g, workers=4)": "model.fit(g). Workers go to a tf.keras.utils.PyDataset",
    "fit_generator(*a)": "model.fit",
    "evaluate_generator(g, steps=3)": "model.evaluate(g, steps=3)",
    "predict_generator(g, 3, verbose=1)": "model.predict(g, steps=3, verbose=1)",
    "predict_classes(x, 32)": (
        "model.predict(x, batch_size=32).argmax(axis=-1). One sigmoid is > 0.5"
    ),
}


@pytest.mark.parametrize("call", GENERATORS)
def test_calls_of_models_known_and_not(call: str) -> None:
    known = findings(f"{TF}model = tf.keras.Sequential()\nmodel.{call}\n")
    unknown = findings(f"{TF}\ndef f(model):\n    model.{call}\n")
    for only, confidence in ((known[0], "high"), (unknown[0], "low")):
        assert only.code == "TF707"
        assert only.confidence == confidence
        assert only.hint is not None
        assert told(only) == GENERATORS[call]


def test_names_that_others_have_too_need_a_known_object() -> None:
    text = """\
import tensorflow as tf
from sklearn.linear_model import LogisticRegression

def f(model, frame, layer, metric):
    LogisticRegression().predict_proba(x)
    model.predict_proba(x)
    model.reset_states()
    frame.apply(f)
    metric.reset_states()
    frame.to_yaml()
    return layer.output_shape, layer.updates
"""
    assert codes(text) == []


def test_subclasses_of_models_and_metrics() -> None:
    text = """\
import tensorflow as tf

class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.total = tf.keras.metrics.Mean()
        self.inner = Inner()

    def train_step(self, data):
        self.total.reset_states()
        self.add_update(data)
        return self.inner.predict_classes(data)

class Inner(tf.keras.Sequential):
    pass

class Own:
    def fit_generator(self, g):
        return g

Own().fit_generator(3)
Net().fit_generator(3)
"""
    assert [(f.code, f.line) for f in findings(text)] == [
        ("TF707", 10), ("TF707", 11), ("TF707", 12), ("TF707", 22)
    ]  # fmt: skip


def test_metrics() -> None:
    text = f"{TF}m = tf.metrics.Accuracy()\nm.reset_states()\nm.reset_stats()\nm.reset_state()\n"
    assert [f.line for f in findings(text)] == [3, 4]
    assert [f.line for f in findings(text, target_version="2.15")] == [4]
    (typo,) = findings(text, target_version="2.3")
    assert "m.reset_states()" in said(typo)


def test_callbacks() -> None:
    text = """\
import tensorflow as tf

class A(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.evaluate(*self.validation_data)
        print(self.params["metrics"], self.params["epochs"], self.params.get("samples"))

class B(tf.keras.callbacks.Callback):
    def __init__(self, data):
        self.validation_data = data

    def on_epoch_end(self, epoch, logs=None):
        return self.validation_data
"""
    assert [(f.code, f.line) for f in findings(text)] == [
        ("TF707", 5), ("TF711", 6), ("TF711", 6)
    ]  # fmt: skip
    assert [f.line for f in findings(text, target_version="2.15")] == [6, 6]
    assert codes(text, target_version="2.1") == []


BACKEND = """\
import tensorflow as tf
from tensorflow.keras import backend as K
from keras.backend.tensorflow_backend import set_session

K.get_session()
tf.compat.v1.keras.backend.set_session(sess)
K.learning_phase()
K.in_test_phase(a, b)
K.clear_session()
tf.keras.backend.manual_variable_initialization(True)
set_session(sess)
"""


@pytest.mark.parametrize(
    ("target", "lines"), [("2.21", [3, 5, 6, 7, 8, 10, 11]), ("2.15", [3, 5, 6, 11])]
)
def test_sessions_by_target(target: str, lines: list[int]) -> None:
    found = findings(BACKEND, target_version=target)
    assert [(f.code, f.line) for f in found] == [("TF709", line) for line in lines]


def test_phases_are_written_out() -> None:
    (line,) = [f for f in findings(BACKEND) if f.line == 8]
    assert "b if training else a" in said(line)


def test_keys_of_the_history() -> None:
    text = """\
import tensorflow as tf

def f(model: tf.keras.Model, history, x):
    h = model.fit(x)
    print(h.history["acc"], h.history["val_acc"], h.history["loss"], h.history.get("acc"))
    print(history.history["val_acc"], history["acc"])
    tf.keras.callbacks.EarlyStopping(monitor="val_acc")
    tf.keras.callbacks.ReduceLROnPlateau("acc")

model.compile("sgd", "mse", metrics=["accuracy", tf.keras.metrics.Precision()])
"""
    found = [(f.code, place(f), f.confidence) for f in findings(text)]
    assert found == [
        ("TF711", (5, 20, 5, 25), "high"),
        ("TF711", (5, 38, 5, 47), "high"),
        ("TF711", (5, 83, 5, 88), "high"),
        ("TF711", (6, 26, 6, 35), "low"),
        ("TF711", (7, 45, 7, 54), "high"),
        ("TF711", (8, 41, 8, 46), "high"),
    ]
    assert codes(f"{text}\nmodel.compile(metrics='accuracy')\n") == ["TF711"] * 6
    assert codes(f"{text}\nmodel.compile(loss='mse')\n") == ["TF711"] * 6


ACC = """\
import tensorflow as tf
from tensorflow.keras import metrics
{0}
    model.compile("sgd", "mse", {1})
    callback = tf.keras.callbacks.EarlyStopping(monitor="val_acc")
    history = model.fit(x, y, callbacks=[callback])
    return history.history["acc"], history.history["val_acc"]
"""


@pytest.mark.parametrize(
    ("before", "compiled"),
    [
        ("def f(model):", "metrics=['acc']"),
        ("def f(model):", "metrics=metrics.BinaryAccuracy(name='acc')"),
        ("def f(model):", "metrics=[metrics.Precision(name='p'), metrics.Mean(name='acc')]"),
        ("def f(model):", "['acc', metrics.AUC(), 'accuracy']"),
        ("M = [metrics.BinaryAccuracy(name='acc')]\ndef f(model):", "metrics=M"),
        ("def acc(y, p):\n    return y - p\n\ndef f(model):", "metrics=[acc]"),
        ("def acc(y, p):\n    return y - p\n\ndef f(model):", "metrics=['accuracy', acc]"),
        ("def f(model, given):", "metrics=given"),  # not in sight
        ("def f(model, given):", "metrics=['accuracy', given]"),
        ("def f(model, given):", "**given"),
        ("def f(model):", "loss_weights=[1]"),  # no metrics at all, or those of train_step
        ("def f(model):", "metrics={'a': 'accuracy'}"),
        (
            "class Own(tf.keras.Model):\n    def train_step(self, data):\n"
            "        return {'acc': 1}\n\ndef f(model):",
            "metrics=['accuracy']",
        ),
        (
            "def f(model):\n    other.compile('sgd', metrics=['accuracy'])",
            "metrics=['acc']",
        ),
    ],
)
def test_acc_that_may_well_be_there(before: str, compiled: str) -> None:
    assert codes(ACC.format(before, compiled)) == []


def test_acc_where_no_model_is_compiled() -> None:
    text = "import tensorflow as tf\n\ndef plot(history):\n    plt.plot(history.history['acc'])\n"
    assert codes(text) == []


@pytest.mark.parametrize(
    ("before", "compiled"),
    [
        ("def f(model):", "metrics=['accuracy']"),
        ("def f(model):", "['accuracy', metrics.AUC]"),
        ("def f(model):", "metrics=('mae', 'accuracy')"),
        ("M = ['accuracy']\ndef f(model):", "metrics=M"),
        ("def loss(y, p):\n    return y - p\n\ndef f(model):", "metrics=['accuracy', loss]"),
    ],
)
def test_acc_that_is_not_there(before: str, compiled: str) -> None:
    assert codes(ACC.format(before, compiled)) == ["TF711"] * 3


def test_acc_of_that_very_model() -> None:
    text = """\
import tensorflow as tf

def f(one, two):
    one.compile("sgd", metrics=["accuracy"])
    two.compile("sgd", metrics=["acc"])
    a, b = one.fit(x), two.fit(x)
    first = one.fit(x)
    second = two.fit(x)
    print(first.history["acc"], second.history["acc"], one.fit(x).history["acc"], a.history["acc"])
"""
    assert [place(f)[:2] for f in findings(text)] == [(9, 24), (9, 74)]


def test_losses_added_from_outside() -> None:
    text = """\
import tensorflow as tf

class Layer(tf.keras.layers.Layer):
    def call(self, x):
        self.add_loss(tf.reduce_sum(x))
        return x

model = tf.keras.Model(i, o)
model.add_loss(loss)
model.metrics_names
"""
    assert [(f.code, f.line) for f in findings(text)] == [("TF711", 9), ("TF711", 10)]
    assert codes(text, target_version="2.15") == []


LEFTOVERS = """\
import tensorflow as tf
from tensorflow.keras import layers

layers.Dense(3, input_dim=2)
layers.Embedding(3, 2, input_dim=2)
layers.InputLayer(input_shape=(3,))
layers.LeakyReLU(alpha=0.1)
layers.LSTM(3, implementation=1)
tf.keras.callbacks.LambdaCallback(on_batch_end=print)
tf.keras.preprocessing.image.ImageDataGenerator()
tf.keras.losses.Reduction.SUM

class Data(tf.keras.utils.Sequence):
    pass

class Net(tf.keras.Model):
    def train_step(self, data):
        self.compiled_metrics.update_state(data)
"""


def test_leftovers_are_off_by_default() -> None:
    assert codes(LEFTOVERS) == []
    found = findings(LEFTOVERS, enable=["keras-legacy"])
    assert [(f.code, f.line) for f in found] == [
        ("TF712", line) for line in (4, 6, 7, 8, 9, 10, 11, 13, 18)
    ]
    assert codes(LEFTOVERS, enable=["TF712"], target_version="2.15") == []


def test_generators_of_other_things() -> None:
    text = """\
import tensorflow as tf

def train(classifier, g):
    classifier.fit_generator(generator=g, nb_epochs=1)
    classifier.fit_generator(g, nb_epochs=20, verbose=False)
    classifier.evaluate_generator(g, batches=3)
    classifier.predict_generator(g, x_only=True)
"""
    assert codes(text) == []
    of_keras_1 = "fit_generator(g, samples_per_epoch=9, nb_epoch=3, max_q_size=1)"
    assert codes(text.replace("fit_generator(generator=g, nb_epochs=1)", of_keras_1)) == ["TF707"]
