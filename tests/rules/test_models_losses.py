"""TF704: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, said, told

TF = "import tensorflow as tf\n"
K = "tf.keras.losses."
NOTE = ". Weights of 0 count: other numbers"

CALLS = {
    "huber_loss(y, p, delta=2.0)": f"{K}Huber(delta=2.0)(y, p)",
    "absolute_difference(y, p, 1.0)": f"{K}MeanAbsoluteError()(y, p)",
    "hinge_loss(labels=y, logits=p)": f"{K}Hinge()(y, p)",
    "log_loss(y, p, epsilon=1e-6)": (f"{K}BinaryCrossentropy()(y, p). It leaves out epsilon=1e-6"),
    "mean_squared_error(y, p, weights=w)": f"{K}MeanSquaredError()(y, p, sample_weight=w){NOTE}",
    "mean_squared_error(y, p, weights=2.0)": f"{K}MeanSquaredError()(y, p, sample_weight=2.0)",
    "sigmoid_cross_entropy(y, x, label_smoothing=0.1)": (
        f"{K}BinaryCrossentropy(from_logits=True, label_smoothing=0.1)(y, x)"
    ),
    "softmax_cross_entropy(y, x, scope='s', loss_collection=None)": (
        f"{K}CategoricalCrossentropy(from_logits=True)(y, x)"
    ),
    "softmax_cross_entropy(y, x, reduction=tf.losses.Reduction.NONE)": (
        f'{K}CategoricalCrossentropy(from_logits=True, reduction="none")(y, x)'
    ),
    "huber_loss(y, p, reduction=tf.losses.Reduction.SUM)": (
        f'{K}Huber(reduction="sum")(y, p). It sums means over the last axis: other numbers'
    ),
    "huber_loss(y, p, w, reduction=tf.losses.Reduction.MEAN)": (
        f'{K}Huber(reduction="mean_with_sample_weight")(y, p, sample_weight=w)'
    ),
    # 1.15.5 on [[1, 2], [3, 4]] and [[2, 1], [1, 1]]: -4.5; Keras' similarity makes it 0.105.
    "cosine_distance(y, p, 1)": "tf.reduce_mean(1 - tf.reduce_sum(y * p, axis=1))",
    "cosine_distance(y, p, dim=1)": "tf.reduce_mean(1 - tf.reduce_sum(y * p, axis=1))",
    "cosine_distance(y, p, axis=1, weights=w)": (
        "tf.reduce_mean((1 - tf.reduce_sum(y * p, axis=1, keepdims=True)) * w). Weights of 0 count: other numbers"
    ),
    "compute_weighted_loss(a)": "tf.reduce_mean(a)",
    # 1.15.5 on [1, 2]: 3.0, as the mean by the weight; counting the weight itself makes it 6.
    "compute_weighted_loss(a, 2.0)": "tf.reduce_mean(a) * 2.0",
    "compute_weighted_loss(a, w)": (
        "tf.math.divide_no_nan(tf.reduce_sum(a * w),"
        " tf.math.count_nonzero(tf.ones_like(a) * w, dtype=tf.float32))"
    ),
    "compute_weighted_loss(a, w, reduction=tf.losses.Reduction.MEAN)": (
        "tf.math.divide_no_nan(tf.reduce_sum(a * w), tf.reduce_sum(tf.ones_like(a) * w))"
    ),
    "compute_weighted_loss(a, w, reduction=tf.losses.Reduction.SUM)": "tf.reduce_sum(a * w)",
    "compute_weighted_loss(a, w, reduction=tf.losses.Reduction.NONE)": "a * w",
    "compute_weighted_loss(a, b + c)": (
        "tf.math.divide_no_nan(tf.reduce_sum(a * weights),"
        " tf.math.count_nonzero(tf.ones_like(a) * weights, dtype=tf.float32))"
    ),
    "mean_squared_error(y, p)": (f"{K}MeanSquaredError()(y, p), or {K}MSE for a loss per row"),
    "hinge_loss(*args)": f"{K}Hinge()(labels, predictions)",
}


@pytest.mark.parametrize("call", CALLS)
def test_calls(call: str) -> None:
    (only,) = findings(f"{TF}tf.losses.{call}\n")
    assert only.code == "TF704"
    assert only.hint is not None
    assert told(only).replace("'", '"') == CALLS[call].replace("'", '"')


def test_mean_reduction_with_keras_2() -> None:
    text = f"{TF}tf.losses.huber_loss(y, p, w, reduction=tf.losses.Reduction.MEAN)\n"
    (only,) = findings(text, target_version="2.15")
    assert "divide by the sum of the weights" in said(only)


@pytest.mark.parametrize("target", ["2.0", "2.15"])
def test_the_keras_function_of_the_same_name(target: str) -> None:
    assert codes(f"{TF}tf.losses.mean_squared_error(y, p)\n", target_version=target) == []
    text = f"{TF}tf.losses.mean_squared_error(labels=y, predictions=p)\n"
    (only,) = findings(text, target_version=target)
    assert only.status == "changed"


def test_collections_under_eager_execution() -> None:
    text = f"{TF}tf.compat.v1.losses.get_losses()\ntf.compat.v1.losses.get_total_loss()\n"
    first, second = findings(text)
    assert "finds nothing under eager execution" in said(first)
    assert "finds no loss of tf.losses under eager execution" in said(second)


def test_reductions() -> None:
    text = """\
import tensorflow as tf

tf.keras.losses.Huber(reduction=tf.keras.losses.Reduction.SUM)
tf.keras.losses.Huber(reduction=tf.keras.losses.Reduction.AUTO)
tf.keras.losses.Huber(reduction=tf.compat.v1.losses.Reduction.SUM)
tf.keras.losses.Huber(reduction=tf.compat.v1.losses.Reduction.NONE)
tf.losses.Reduction.SUM_BY_NONZERO_WEIGHTS
"""
    assert [(f.code, f.line) for f in findings(text)] == [("TF704", 4), ("TF704", 5), ("TF704", 7)]
    assert [f.line for f in findings(text, target_version="2.15")] == [5, 7]


def test_keras_losses_are_left_alone() -> None:
    text = """\
import tensorflow as tf
from tensorflow import losses

tf.losses.MeanSquaredError(reduction="sum")(y, p)
losses.mse(y, p)
tf.keras.losses.categorical_crossentropy(y, p, from_logits=True)
"""
    assert codes(text) == []
