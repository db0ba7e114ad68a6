"""Hints whose numbers were measured on TF 1.15.5 and 2.21, or whose names were asked there."""

from __future__ import annotations

import pytest

from tests.support import findings, said, told
from tf2lint.fixes.templates import names_in, valid
from tf2lint.tensorflow import api

TF = "import tensorflow as tf\nfrom tensorflow.keras import backend as K\n"
RNN = "tf.keras.layers.RNN(cell, return_sequences=True, return_state=True"

# The line of the last finding, and what is to be written there.
HINTS = {
    # TF 1 gives zeros behind the end of a sequence, Keras repeats the last output.
    "tf.nn.dynamic_rnn(cell, x, n)": (
        f"{RNN}, zero_output_for_mask=True)(x, mask=tf.sequence_mask(n, tf.shape(x)[1]))"
    ),
    "tf.nn.static_rnn(cell, xs, sequence_length=n)": (
        f"{RNN}, unroll=True, zero_output_for_mask=True)"
        "(tf.stack(xs, axis=1), mask=tf.sequence_mask(n, len(xs)))"
    ),
    "tf.contrib.rnn.static_rnn(cell, xs, s)": (
        f"{RNN}, unroll=True)(tf.stack(xs, axis=1), initial_state=s)"
    ),
    # ValueError in Keras 3.15 under a mask.
    "tf.nn.rnn_cell.MultiRNNCell([cell])": (
        "cell alone: Keras refuses a stack of one under a mask"
    ),
    "tf.contrib.rnn.MultiRNNCell([cell])": (
        "cell alone: Keras refuses a stack of one under a mask"
    ),
    "tf.contrib.data.Dataset.from_tensor_slices(x)": "tf.data.Dataset.from_tensor_slices(x)",
    "tf.contrib.data.Dataset.range(3)": "tf.data.Dataset.range",
    "tf.contrib.data.Iterator.from_dataset(d)": "iter(d)",
    "tf.contrib.data.Iterator.from_structure(t, s)": "iter(dataset) of the dataset itself",
    "d = tf.contrib.data.Dataset.from_tensors(x); d.map(f, num_threads=8)": (
        "d.map(f, num_parallel_calls=8)"
    ),
    "tf.data.TFRecordDataset(x).map(f, output_buffer_size=9)": (
        "tf.data.TFRecordDataset(x).map(f)"
    ),
    # A tape gives None for a tensor that it was not told to watch.
    "tf.gradients(y, x)": (
        "tape.gradient(y, x) of a tf.GradientTape. tape.watch(x) first for a tensor"
    ),
    "tf.gradients(y, net.trainable_variables)": (
        "tape.gradient(y, net.trainable_variables) of a tf.GradientTape"
    ),
    # The order of TF 0.x; TF 1 refused positions, TF 2 takes the labels first.
    "tf.nn.sigmoid_cross_entropy_with_logits(logits, labels)": (
        "tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)"
    ),
    # What the backend made is no input of a model.
    "K.function([model.input, K.learning_phase()], [model.output])": (
        "the training argument of call()"
    ),
    "K.function([K.placeholder(shape=(1, 2))], ys)": "tf.keras.Input(batch_shape=(1, 2))",
    "K.placeholder(ndim=3)": "tf.keras.Input(batch_shape=(None,) * 3)",
    "K.function([a], [b])": "tf.keras.Model([a], [b])",
    # A model has outputs, and does nothing beside them.
    "K.function([a], [], updates=u)": "a @tf.function that assigns what updates= had",
    "K.function(a, [b], [u])": "a @tf.function that assigns what updates= had",
    "K.function(a, [])": "tf.keras.Model(a, outputs)",
    "K.function(inputs=[a], outputs=None)": "tf.keras.Model([a], outputs)",
    "tf.placeholder(s); tf.image.resize(x, [9, 9])": (
        "tf.compat.v1.image.resize(x, [9, 9]) for TF 1's numbers"
    ),
    "tf.keras.optimizers.legacy.SGD.get_gradients(self, loss, params)": (
        "tape.gradient(loss, params) under a tape"
    ),
    "tf.keras.optimizers.legacy.SGD.apply_gradients(self, pairs)": (
        "tf.keras.optimizers.SGD.apply_gradients(self, pairs)"
    ),
    "tf.keras.losses.cosine_proximity(y, p)": "-tf.keras.losses.cosine_similarity(y, p)",
    "tf.get_variable_scope().set_custom_getter(f)": "tf.variable_creator_scope(creator)",
    "from tensorflow.python.training import training_ops": "the ops in tf.raw_ops",
    # NotImplementedError on 2.21; the variable itself does as well.
    "tf.get_variable('e', initializer=means.initialized_value())": (
        "tf.Variable(means, name='e'), made once"
    ),
    "tf.get_variable('e', initializer=2 * means.initialized_value())": (
        "tf.Variable(2 * means, name='e'), made once"
    ),
    # ValueError unless the name ends so, whatever the format.
    "m = tf.keras.Model(a, b); m.save(path, save_format='tf')": (
        'model.save("name.keras"), or model.export(dir)'
    ),
    "m = tf.keras.Model(a, b); m.save('m.h5', save_format='h5')": (
        "Delete it: the file's extension tells the format"
    ),
    "m = tf.keras.Model(a, b); m.save(path, signatures=s)": "m.export(path)",
}


@pytest.mark.parametrize("line", HINTS)
def test_hint(line: str) -> None:
    last = [f for f in findings(TF + line.replace("; ", "\n") + "\n") if f.code != "TF209"][-1]
    assert told(last) == HINTS[line]


def test_inputs_of_the_backend_are_not_repeated() -> None:
    text = f"{TF}f = K.function([K.placeholder(shape=(1, 2)), K.learning_phase()], [m.output])\n"
    assert told(findings(text)[0]) == "tf.keras.Model(inputs, [m.output])"


# Calls that are right in TF 2; the file is TF 1 code.
RIGHT = [
    "tf.saved_model.load(path, tags=tag)",
    "tf.saved_model.load(path)",
    "tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)",
]


@pytest.mark.parametrize("line", RIGHT)
def test_calls_that_only_tf2_takes(line: str) -> None:
    assert [f.code for f in findings(f"{TF}tf.placeholder(s)\n{line}\n")] == ["TF603"]


def test_names_of_tf2_through_compat_v1() -> None:
    """Of `set_seed` every compat.v1 says AttributeError; the layers were in some and left."""
    text = "import tensorflow.compat.v1 as tf\ntf.random.set_seed(1)\n"
    assert said(findings(text)[1]) == (
        "tf.random.set_seed is not in compat.v1. Use tf.compat.v2.random.set_seed"
    )


@pytest.mark.parametrize("target", ["2.4", "2.14", "2.21"])
def test_a_removal_has_its_release(target: str) -> None:
    release = api.parse_version(target)
    names = [
        f"tf.{name}"
        for name in ("keras.wrappers", "keras.__version__", "keras.layers.RandomFlip",
                     "data.experimental.StatsAggregator", "random.set_seed")
    ]  # fmt: skip
    for root in ("tensorflow", "tensorflow.compat.v1"):
        text = f"import {root} as tf\n" + "".join(f"x = {name}\n" for name in names)
        for finding in findings(text, target_version=target):
            assert " in TF." not in finding.message
            if finding.hint is not None:
                wrong = [n for n in names_in(finding.hint.text) if not valid(n, release)]
                assert wrong == []


BOTH = (
    "tf.keras.layers.Bidirectional(tf.keras.layers.RNN(fw, {run}), backward_layer="
    "tf.keras.layers.RNN(bw, {run}, go_backwards=True), merge_mode=None)"
)
STATES = "return_sequences=True, return_state=True"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("bidirectional_dynamic_rnn(fw, bw, x, dtype=tf.float32)", BOTH.format(run=STATES) + "(x)"),
        (  # zeros behind the ends, as TF 1: measured on 2.21, differences are 0.0
            "bidirectional_dynamic_rnn(fw, bw, x, n)",
            BOTH.format(run=f"{STATES}, zero_output_for_mask=True")
            + "(x, mask=tf.sequence_mask(n, tf.shape(x)[1]))",
        ),
        (
            "static_bidirectional_rnn(fw, bw, xs, initial_state_fw=s)",
            BOTH.format(run=STATES) + "(tf.stack(xs, axis=1)). It leaves out initial_state_fw=s",
        ),
    ],
)
def test_both_directions(call: str, expected: str) -> None:
    assert told(findings(f"{TF}tf.nn.{call}\n")[0]) == expected


def test_a_name_that_the_code_set_is_not_told_to_be_itself() -> None:
    text = (
        f"{TF}from tensorflow.python.framework.tensor_spec import TensorSpec\n"
        "def spec():\n    if hasattr(tf, 'TensorSpec'):\n        return tf.TensorSpec\n"
        "    tf.TensorSpec = TensorSpec\n    return TensorSpec\n"
    )
    assert [
        f for f in findings(text) if f.code == "TF008" and f.symbol.endswith("TensorSpec")
    ] == []


def test_what_compat_v1_keeps_is_not_said_to_have_changed() -> None:
    found = findings(f"{TF}tf.compat.v1.image.resize(x, [3, 3])\n")
    assert [said(f) for f in found] == [
        "tf.compat.v1.image.resize keeps TF 1's numbers: TF 2 samples at pixel centres."
        " Use tf.image.resize(x, [3, 3])"
    ]


def test_what_a_layer_is_applied_with_goes_over() -> None:
    text = f"{TF}layer = tf.keras.layers.Dropout(0.5)\nlayer.apply(x, training=True)\n"
    assert told(findings(text)[0]) == "layer(x, training=True)"
