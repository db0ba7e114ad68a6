"""TF704: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings

TF = "import tensorflow as tf\n"
K = "tf.keras.losses."
NOTE = " (averaged over all, not over the nonzero weights)"

CALLS = {
    "huber_loss(y, p, delta=2.0)": f"{K}Huber(delta=2.0)(y, p)",
    "absolute_difference(y, p, 1.0)": f"{K}MeanAbsoluteError()(y, p)",
    "hinge_loss(labels=y, logits=p)": f"{K}Hinge()(y, p)",
    "log_loss(y, p, epsilon=1e-6)": f"{K}BinaryCrossentropy()(y, p)",
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
        f'{K}Huber(reduction="sum")(y, p) (of means over the last axis)'
    ),
    "huber_loss(y, p, w, reduction=tf.losses.Reduction.MEAN)": (
        f'{K}Huber(reduction="mean_with_sample_weight")(y, p, sample_weight=w)'
    ),
    "cosine_distance(y, p, 1)": f"1 + {K}CosineSimilarity(axis=1)(y, p)",
    "cosine_distance(y, p, dim=1)": f"1 + {K}CosineSimilarity(axis=1)(y, p)",
    "compute_weighted_loss(a)": "tf.reduce_mean(a)",
    "compute_weighted_loss(a, b + c)": (
        "tf.reduce_sum(a * weights) / tf.math.count_nonzero(weights, dtype=tf.float32)"
    ),
    "mean_squared_error(y, p)": (f"{K}MeanSquaredError()(y, p), or {K}MSE for a loss per row"),
    "hinge_loss(*args)": f"{K}Hinge()(labels, predictions)",
}


@pytest.mark.parametrize("call", CALLS)
def test_calls(call: str) -> None:
    (only,) = findings(f"{TF}tf.losses.{call}\n")
    assert only.code == "TF704"
    assert only.hint is not None
    assert only.hint.text.replace("'", '"') == CALLS[call].replace("'", '"')


def test_mean_reduction_with_keras_2() -> None:
    text = f"{TF}tf.losses.huber_loss(y, p, w, reduction=tf.losses.Reduction.MEAN)\n"
    (only,) = findings(text, target_version="2.15")
    assert "divided by the sum of the weights" in only.message


@pytest.mark.parametrize("target", ["2.0", "2.15"])
def test_the_keras_function_of_the_same_name(target: str) -> None:
    assert codes(f"{TF}tf.losses.mean_squared_error(y, p)\n", target_version=target) == []
    text = f"{TF}tf.losses.mean_squared_error(labels=y, predictions=p)\n"
    (only,) = findings(text, target_version=target)
    assert only.status == "changed"


def test_collections_under_eager_execution() -> None:
    text = f"{TF}tf.compat.v1.losses.get_losses()\ntf.compat.v1.losses.get_total_loss()\n"
    first, second = findings(text)
    assert "finds nothing under eager execution" in first.message
    assert "raises under eager execution" in second.message


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
