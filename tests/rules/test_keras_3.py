"""What Keras 3 refuses or gives other answers to, on targets that have it and on others."""

from __future__ import annotations

import pytest

from tests.support import findings

HEAD = """\
import tensorflow as tf
m = tf.keras.Sequential()
m.compile("sgd", "mse", metrics=["accuracy"])
"""
FIT = "h = m.fit(x, y, callbacks=[tf.keras.callbacks.ReduceLROnPlateau()])\n"
LAYER = "class A({base}):\n    def __init__(self):\n        {super}.__init__(dynamic=True)\n"
LOGS = (
    "class C(tf.keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
    "        print({logs})\n"
)
OPTIMIZER = "class O(tf.keras.optimizers.{base}):\n    def {name}(self, grad, var):\n        pass\n"

# Code, with the rule and a part of what is said.
BROKEN = {
    "tf.keras.Model(m.input, x)": ("TF707", "m.inputs[0]"),
    "m.output": ("TF707", "m.outputs[0]"),
    "m.metrics_tensors": ("TF707", "m.metrics"),
    "tf.keras.layers.Dense(2, name='a/b')": ("TF710", "name='a_b'"),
    "tf.keras.Input((3,), name='a/b')": ("TF710", "name='a_b'"),
    "tf.keras.Model(a, b, name='a/b')": ("TF710", "name='a_b'"),
    "tf.keras.optimizers.SGD(name='a/b')": ("TF710", "name='a_b'"),
    "m.load_weights(tf.train.latest_checkpoint('d'))": ("TF812", "Checkpoint"),
    "p = tf.train.latest_checkpoint('d')\nm.load_weights(p)": ("TF812", "Checkpoint"),
    FIT + "h.history['lr']": ("TF711", '"learning_rate"'),
    FIT + "m.fit(x, y).history.get('lr')": ("TF711", '"learning_rate"'),
    FIT + LOGS.format(logs="logs['lr']"): ("TF711", '"learning_rate"'),
    FIT + LOGS.format(logs="logs.get('lr')"): ("TF711", '"learning_rate"'),
    LAYER.format(base="tf.keras.layers.Layer", super="super()"): ("TF904", "Delete"),
    LAYER.format(base="tf.keras.Model", super="super(A, self)"): ("TF904", "Delete"),
    OPTIMIZER.format(base="Optimizer", name="_resource_apply_dense"): ("TF507", "update_step"),
}  # fmt: skip
# What is so since an earlier release.
EARLIER = {
    LOGS.format(logs="logs['acc']"): ("TF711", '"accuracy"'),
    LOGS.format(logs="logs.get('val_acc') > 0.9"): ("TF711", '"val_accuracy"'),
}  # fmt: skip
SINCE_2_11 = {
    OPTIMIZER.format(base="SGD", name="get_updates"): ("TF507", "update_step"),
    OPTIMIZER.format(base="Adam", name="_create_slots"): ("TF507", "build"),
    "class O(tf.keras.optimizers.SGD):\n    def f(self):\n        self._get_hyper('lr')\n": (
        "TF508", "learning_rate",
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", [*BROKEN, *EARLIER, *SINCE_2_11])
def test_what_is_found(code: str) -> None:
    rule, said = {**BROKEN, **EARLIER, **SINCE_2_11}[code]
    [finding] = findings(f"{HEAD}{code}\n")
    hint = finding.hint.text if finding.hint is not None else ""
    assert finding.code == rule
    assert said in hint


@pytest.mark.parametrize("code", BROKEN)
def test_keras_2_is_left_alone(code: str) -> None:
    if "metrics_tensors" in code:  # no release of TF 2 has it
        return
    target = "2.10" if "class O" in code else "2.15"
    assert findings(f"{HEAD}{code}\n", target_version=target) == []


@pytest.mark.parametrize("code", SINCE_2_11)
def test_optimizers_up_to_2_10(code: str) -> None:
    assert findings(f"{HEAD}{code}\n", target_version="2.10") == []


FINE = [
    "m(tf.keras.Input((3,)))\nm.input",  # it was called on a symbolic tensor
    "f = tf.keras.Model(a, b)\nf.input\nf.output",
    "m.inputs[0]\nm.layers[-1].output",
    "tf.keras.layers.Dense(2, name='a_b')",
    "tf.keras.metrics.Mean(name='a/b')",
    "tf.keras.layers.Dense(2, name=name + '/b')",
    "m.load_weights('a.weights.h5')",
    "m.load_weights(path)",
    "m.fit(x, y).history['lr']",  # nobody in sight logs it
    FIT + "logs['lr'] = 1\nh.history['lr']",  # somebody logs it himself
    FIT + "h.history['loss']",
    FIT + LOGS.format(logs="logs['loss']"),
    FIT + LOGS.format(logs="other['lr']"),
    LAYER.format(base="tf.keras.layers.Layer", super="super()").replace("dynamic", "trainable"),
    LAYER.format(base="Other", super="super()"),
    OPTIMIZER.format(base="Optimizer", name="update_step"),
    OPTIMIZER.format(base="legacy.Optimizer", name="x").replace("tf.keras.optimizers", "other"),
    "class O(tf.keras.optimizers.SGD):\n    def _create_slots(self, v):\n        pass\n"
    "    def update_step(self, grad, var, rate):\n        pass\n",
]  # fmt: skip


@pytest.mark.parametrize("code", FINE)
def test_what_works_is_silent(code: str) -> None:
    assert findings(f"{HEAD}{code}\n") == []


def test_metrics_of_other_names_are_not_guessed() -> None:
    logs = LOGS.format(logs="logs['acc']")
    assert findings(f"{HEAD.replace('accuracy', 'acc')}{logs}") == []
    assert findings(f"import tensorflow as tf\n{logs}") == []


@pytest.mark.parametrize(("member", "hint"), [
    ("layers.LSTM.implementation", "Delete"),
    ("layers.GRU.reset_dropout_mask", "o.cell"),
    ("layers.StringLookup.vocab_size", "o.vocabulary_size()"),
    ("metrics.Metric.merge_state", "update_state"),
    ("Model.get_weight_paths", "v.path"),
    ("mixed_precision.LossScaleOptimizer.loss_scale", "o.dynamic_scale"),
])  # fmt: skip
def test_members_that_single_classes_had(member: str, hint: str) -> None:
    owner, _, name = member.rpartition(".")
    text = f"import tensorflow as tf\ndef f(o: tf.keras.{owner}):\n    o.{name}\n"
    [finding] = findings(text)
    assert finding.code == "TF707"
    assert finding.hint is not None
    assert hint in finding.hint.text
    assert findings(text, target_version="2.15") == []
