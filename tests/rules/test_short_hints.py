"""Where a call is too long for one look, what is new in its TF 2 form is said all the same."""

from __future__ import annotations

import pytest

from tests.support import findings

HEAD = "import tensorflow as tf\n"
V1 = "import tensorflow.compat.v1 as tf\n"
LONG = "self.some_attribute_with_a_long_name[self.another_index_of_the_batch]"
# Code, the finding's code, and what its message says; and what it must not say.
CASES = {
    f"tf.losses.sparse_softmax_cross_entropy(labels={LONG}, logits={LONG}, weights={LONG})": (
        "TF704", "SparseCategoricalCrossentropy(from_logits=True)`",
    ),
    f"tf.train.RMSPropOptimizer({LONG}, decay={LONG}, momentum={LONG})": ("TF501", "(epsilon=1e-10, rho=..., ...)`"),
    f"tf.train.polynomial_decay({LONG}, global_step, {LONG}, {LONG})": (
        "TF403", "PolynomialDecay` without the step.",
    ),
    f"tf.scatter_update({LONG}, {LONG}, {LONG})": (
        "TF206", ".scatter_update(tf.IndexedSlices(updates, indices))`",
    ),
    f"tf.div({LONG}, tf.multiply({LONG}, {LONG}))": (
        "TF902", "Use `... // ...` for integers, `... / ...` for floats.",
    ),
    f"tf.get_variable('a_rather_long_name_of_a_variable', [{LONG}], initializer={LONG})": (
        "TF201", "Use `tf.Variable(initializer(shape), ...)`, made once.",
    ),
    f"tf.image.resize_bilinear({LONG}, {LONG}, name={LONG})": ("TF901", '(method="bilinear", ...)`'),
    f"tf.nn.ctc_loss({LONG}, {LONG}, {LONG}, ctc_merge_repeated=False)": (
        "TF904", "the numbers differ. Use `tf.nn.ctc_loss(labels, logits, None, lengths, ",
    ),
    f"tf.nn.ctc_loss({LONG}, {LONG}, {LONG}, time_major=False, ctc_merge_repeated=False)": (
        "TF903", "logits_time_major=..., blank_index=-1)`. It leaves out `ctc_merge_repeated=`.",
    ),
    f"tf.Print({LONG}, [{LONG}, {LONG}], message='now')": (
        "TF609", "Use `tf.print('now', ...)` on a line of its own.",
    ),
    f"tf.train.polynomial_decay(learning_rate={LONG}, global_step={LONG}, decay_steps={LONG})": (
        "TF403", "PolynomialDecay(initial_learning_rate=..., ...)` without the step.",
    ),
    f"tf.nn.static_bidirectional_rnn({LONG}, {LONG}, {LONG}, sequence_length={LONG})": (
        "TF702", "of two `tf.keras.layers.RNN`, `merge_mode=None`, with `mask=`.",
    ),
    f"tf.name_scope(name, {LONG!r})": ("TF213", "Use `tf.name_scope(name or ...)`."),
    f"tf.contrib.training.wait_for_new_checkpoint({LONG}, last_checkpoint=path)": (
        "TF301", "`. It leaves out `last_checkpoint=path`.",
    ),
    "tf.contrib.nn.nth_element(x, 3, reverse=True)": (
        "TF301", 'Use `tf.sort(x, direction="DESCENDING")`, of which the one at 3.',
    ),
    "tf.contrib.rnn.stack_bidirectional_dynamic_rnn(fw, bw, x, sequence_length=n)": (
        "TF301", "of two `tf.keras.layers.RNN` for each layer, with `mask=`.",
    ),
    "tf.estimator.inputs.numpy_input_fn(x, shuffle=is_training)": (
        "TF705", ".shuffle(1000).batch(128)`. Shuffle only if `is_training`.",
    ),
    # 0.2772 and 0.4546 of the same values in two batches.
    "tf.contrib.metrics.streaming_pearson_correlation(p, y)": (
        "TF301", "Use `numpy.corrcoef` on the collected values:",
    ),
    f"tf.layers.batch_normalization({LONG}, momentum={LONG}, training={LONG})": (
        "TF701", "BatchNormalization`, made once, called with `training=`.",
    ),
    "tf.train.input_producer([path], shuffle=is_training)": (
        "TF802", ".shuffle(len([path])).repeat()`. Shuffle only if `is_training`.",
    ),
    f"tf.losses.compute_weighted_loss({LONG}, {LONG}, reduction=r)": (
        "TF704", "Use `losses * weights`, reduced as `reduction=` says.",
    ),
    "tf.losses.compute_weighted_loss(all_the_losses_there_are, all_the_weights_there_are)": (
        "TF704", "averaged over nonzero weights.",
    ),
    "tf.cond(p, tf.no_op, f)": ("TF605", "Use `lambda: None`:"),
    "tf.no_op()": ("TF605", "Use `None`:"),
    "v = tf.Variable(1.0)\nv.op.name": ("TF209", "`v.op.name` raises"),
    "tf.train.Supervisor.USE_DEFAULT": ("TF405", "Supervisor.USE_DEFAULT` was removed"),
    "tf.layers.InputSpec(shape=s)": ("TF701", "Use `tf.keras.layers.InputSpec`."),
    "import tensorflow_gan.examples.data": ("TF304", "Use a copy of what is needed."),
    "tf.tpu.CrossShardOptimizer(o)": ("TF910", "It sums gradients, this took means."),
    f"class L(tf.keras.layers.Layer):\n    def build(self, s):\n"
    f"        self.add_variable({LONG}, shape=[{LONG}])": (
        "TF214", "Use `self.add_weight(name=..., shape=..., initializer=...)`.",
    ),
}  # fmt: skip
V1_CASES = {
    f"tf.summary.histogram({LONG}, {LONG})": ("TF110", "step=step)` under"),
    "tf.GraphDef()": ("TF604", "It has no other public name."),
    "tf.wrap_function(f, [])": ("TF604", "Keep it for a frozen graph, else use a `tf.function`."),
    "tf.profiler.ProfileOptionBuilder.time_and_memory()": (
        "TF914", "Use `tf.compat.v2.profiler.experimental.Profile(logdir)`.",
    ),
    "tf.train.Supervisor.USE_DEFAULT": ("TF405", "is only in compat.v1."),
    "tf.train.Supervisor()": ("TF405", "raises"),
}  # fmt: skip


def _message(text: str, code: str) -> str:
    found = [f.message for f in findings(text, enable=["all"]) if f.code == code]
    assert found, text
    return found[-1]


@pytest.mark.parametrize("text", CASES)
def test_what_is_new_is_said(text: str) -> None:
    code, expected = CASES[text]
    assert expected in _message(f"{HEAD}{text}\n", code)


@pytest.mark.parametrize("text", V1_CASES)
def test_what_is_new_is_said_of_compat_v1(text: str) -> None:
    code, expected = V1_CASES[text]
    assert expected in _message(f"{V1}{text}\n", code)


def test_a_name_alone_leaves_no_argument_out() -> None:
    text = f"{HEAD}tf.layers.InputSpec(shape=s, dtype=d)\n"
    assert "leaves out" not in _message(text, "TF701")


def test_a_spec_of_predictions_is_no_training() -> None:
    text = f"{HEAD}tf.estimator.EstimatorSpec(mode=tf.estimator.ModeKeys.PREDICT, predictions=y)\n"
    first = findings(text)[0]
    assert first.message.endswith("Use `model.predict(x)`, which gives what `call()` returns.")
