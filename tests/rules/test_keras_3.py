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
OWN = "class A({base}):\n    def __init__(self):\n        {base}.__init__(self, {given})\n"
BUILT = "class A(tf.keras.layers.Layer):\n    def build(self, s):\n        {body}\n"
EACH = "def f(model: tf.keras.Model):\n    {body}\n"
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
    OWN.format(base="tf.keras.Model", given="dynamic=True"): ("TF904", "Delete"),
    OWN.format(base="tf.keras.layers.Layer", given="weights=[w]"): ("TF904", "Delete"),
    "tf.keras.activations.serialize(f, True)": ("TF905", "serialize(f)"),
    "tf.keras.constraints.serialize(c, False)": ("TF905", "serialize(c)"),
    "tf.keras.layers.RandomContrast(0.1, 1)": ("TF905", "seed="),
    "tf.keras.metrics.deserialize(c, None, True)": ("TF905", "deserialize(c"),
    "print(x._keras_shape)": ("TF707", "x.shape"),
    "tf.keras.Input((3,))._keras_shape": ("TF707", "shape"),
    "x._uses_learning_phase": ("TF707", "Delete"),
    "print(x._keras_history.layer.name)": ("TF707", "x._keras_history.operation"),
    "tf.keras.Input((3,))._keras_history.layer": ("TF707", "operation"),
    "model.metrics_tensors": ("TF707", "model.metrics"),
    "model.metrics_tensors.append(x)": ("TF707", "model.metrics"),
    "layer.get_output_at(0)": ("TF707", "layer.output"),
    # Keras 3.15: that of node 0, where the last call gave another tensor.
    "layer.get_output_at(-1)": (
        "TF707", "`layer.output`. It is that of the first call of the layer",
    ),
    "layer.get_input_shape_at(node_index=1)": ("TF707", "layer.input.shape"),
    "model._make_predict_function()": ("TF707", "model.make_predict_function()"),
    "model._feed_inputs": ("TF707", "model.inputs"),
    "m._collected_trainable_weights": ("TF707", "m.trainable_weights"),
    "m._is_compiled": ("TF707", "m.compiled"),
    "node.inbound_layers[0]": ("TF707", "node.parent_nodes"),
    "node.outbound_layer": ("TF707", "node.operation"),
    BUILT.format(body="self._trainable_weights.append(s)"): ("TF707", "add_weight()"),
    BUILT.format(body="self._handle_activity_regularization(s, s)"): ("TF707", "Delete"),
    EACH.format(body="return [l.output_shape for l in model.layers]"): ("TF707", "l.output.shape"),
    EACH.format(body="return model.layers[-1].input_shape"): ("TF707", "layer.input.shape"),
    EACH.format(body="return next(iter(model.layers)).inbound_nodes"): ("TF707", "_inbound_nodes"),
}  # fmt: skip
IN_NO_TF_2 = ("metrics_tensors", "_keras_shape", "_uses_learning_phase", "_make_predict_function",
              "_collected_trainable_weights")  # fmt: skip
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
    if any(name in code for name in IN_NO_TF_2):
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
    "layer, node, index = x._keras_history",  # has three items, whatever they are called
    "x._keras_history.node_index",
    "ends.get_output_at(0, 1)",
    "o._feed_inputs = []\no._feed_inputs.append(1)",
    "def inbound_layers(node):\n    return node\nnode.inbound_layers",
    "import tf_keras\nx._keras_shape, node.outbound_layer, layer.get_input_at(0)",
    EACH.format(body="return [l.output.shape for l in model.layers]"),
    BUILT.format(body="self._trainable_weights = []\n        self._trainable_weights.append(1)"),
    "class A:\n    def __init__(self):\n        A.base.__init__(self, dynamic=True)\n",
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
    ("metrics.Mean.merge_state", "update_state"),
    ("layers.LSTM.finalize_state", "Delete"),
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


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("layers.Highway", "class of your own"),
        ("layers.AtrousConvolution2D", "dilation_rate="),
        ("optimizers.adam", "tf.keras.optimizers.Adam"),
        ("initializations", "tf.keras.initializers"),
        ("constraints.maxnorm", "MaxNorm"),
        ("backend.image_dim_ordering", "image_data_format()"),
        ("regularizers.activity_l2", "activity_regularizer="),
        ("applications.imagenet_utils._obtain_input_shape", "Delete"),
    ],
)
def test_names_of_the_old_package(name: str, hint: str) -> None:
    home, _, last = name.rpartition(".")
    for text in (
        f"import keras\nimport tensorflow as tf\nkeras.{name}\n",
        f"from keras{'.' if home else ''}{home} import {last}\nimport tensorflow as tf\n",
    ):
        [finding] = findings(text)
        assert finding.code == "TF708"
        assert finding.hint is not None
        assert hint in finding.hint.text


@pytest.mark.parametrize("name", ["optimizers.TFOptimizer", "layers.Highway", "objectives"])
def test_names_that_are_asked_for_first(name: str) -> None:
    home, _, last = f"tf.keras.{name}".rpartition(".")
    asked = f'hasattr({home}, "{last}")'
    text = (
        f"import tensorflow as tf\ndef f(o):\n    if {asked} and o:\n        return {home}.{last}\n"
    )
    assert findings(text) == []
    other = text.replace(asked, f"not {asked}")
    assert [finding.code for finding in findings(other)] == ["TF708"]
    assert findings(text.replace(f"if {asked}", f"if getattr({home}, '{last}', None)")) == []


def test_a_name_that_is_asked_for_in_one_of_two_packages() -> None:
    text = (
        "try:\n    from keras import optimizers\nexcept ValueError:\n"
        "    from tensorflow.python.keras import optimizers\nimport tensorflow as tf\n"
        "def f(o):\n    if hasattr(optimizers, 'TFOptimizer') and o:\n"
        "        return optimizers.TFOptimizer\n"
    )
    assert findings(text) == []
    assert [f.code for f in findings(text.replace("hasattr(optimizers, 'TFOptimizer') and", ""))]


def test_the_place_of_a_parameter_that_only_got_another_name() -> None:
    code = OPTIMIZER.format(base="Optimizer", name="build").replace(
        "pass", "self.add_variable_from_reference(var, 'sum', shape=())"
    )
    told = [(f.code, f.symbol) for f in findings(HEAD + code) if f.line == 6]
    assert [code for code, _ in told] == ["TF904"]  # `shape=` is gone; `variable_name` is `name`


SLOTS = {
    # Each was made so by Keras 3.15, with the values that it was given.
    "add_variable_from_reference(v, 'm', initial_value=x)":
        "self.add_variable_from_reference(v, 'm', initializer=lambda shape, dtype: x)",
    "add_variable_from_reference(model_variable=v, variable_name='m', shape=[2])":
        "self.add_variable([2], name='m')",
    "add_variable_from_reference(v, 'm', shape=[2], initial_value=x)":
        "self.add_variable([2], initializer=lambda shape, dtype: x, name='m')",
    "add_variable_from_reference(v, 'm', shape=None)":
        "self.add_variable_from_reference(v, 'm')",
    "add_slot(v, 'm')": "self.add_variable_from_reference(v, 'm')",
    "add_slot(var=v, slot_name='m', initializer='ones')":
        "self.add_variable_from_reference(v, 'm', initializer='ones')",
    "add_slot(v, 'm', shape=[3])":
        "self.add_variable_from_reference(var, slot_name, initializer=initializer). "
        "It leaves out shape=[3]",
}  # fmt: skip


@pytest.mark.parametrize("call", SLOTS)
def test_slots_of_an_optimizer(call: str) -> None:
    code = OPTIMIZER.format(base="Optimizer", name="build").replace("pass", f"self.{call}")
    *_, last = (f.hint for f in findings(HEAD + code) if f.line == 6)
    assert last is not None
    assert last.text.replace("`", "") == f"Use {SLOTS[call]}."
