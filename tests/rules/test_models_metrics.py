"""TF703: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, said, told

TF = "import tensorflow as tf\n"

MADE = {
    "mean(loss, weights=w)": ("Mean()", "update_state(loss, sample_weight=w)"),
    # Class numbers [[0, 1], [1, 2], ...] gave 0.4167 in 1.15.5, and so does this.
    "precision_at_k(y, p, 5)": (
        "Precision(top_k=5)",
        "update_state(tf.reduce_max(tf.one_hot(y, p.shape[-1]), axis=-2), p)",
    ),
    "recall_at_top_k(y, i, 5, class_id=2)": (
        "Recall(class_id=2)",
        "update_state(tf.reduce_max(tf.one_hot(y, num_classes), axis=-2),"
        " tf.reduce_max(tf.one_hot(i, num_classes), axis=-2))",
    ),
    # Of labels [1, 0, 1, 0] and predictions [.9, .2, .4, 0.]: 2/3, and 1 with a cut at 0.5.
    "precision(y, p)": ("Precision(thresholds=0)", "update_state(y, p)"),
    "true_positives(y, p, w)": (
        "TruePositives(thresholds=0)", "update_state(y, p, sample_weight=w)"
    ),
    "mean_cosine_distance(y, p, dim=1)": (
        "Mean()", "update_state(1 - tf.reduce_sum(y * p, axis=1))"
    ),
    "false_positives_at_thresholds(y, p, [0.5])": (
        "FalsePositives(thresholds=[0.5])", "update_state(y, p)"
    ),
    "mean_iou(y, p, num_classes=3)": ("MeanIoU(3)", "update_state(y, p)"),
    "auc(y, p, curve='PR', summation_method='careful_interpolation')": (
        "AUC(curve='PR')", "update_state(y, p)"
    ),
    "sensitivity_at_specificity(y, p, 0.9)": (
        "SensitivityAtSpecificity(0.9)", "update_state(y, p)"
    ),
    "root_mean_squared_error(*both)": ("RootMeanSquaredError()", "update_state"),
}  # fmt: skip


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("call", MADE)
def test_objects(call: str, target: str) -> None:
    (only,) = findings(f"{TF}tf.metrics.{call}\n", target_version=target)
    made, update = MADE[call]
    assert only.code == "TF703"
    assert only.hint is not None
    advice = told(only).partition(". It leaves out ")[0]
    assert advice == f"tf.keras.metrics.{made}, its {update} and result()"


def test_the_area_under_a_pr_curve_is_another() -> None:
    """0.94375 in 1.15.5, 0.94421 in 2.21."""
    (only,) = findings(f"{TF}tf.metrics.auc(y, p, curve='PR')\n")
    assert "other numbers" in said(only)


def test_classes_that_keras_2_had() -> None:
    text = f"{TF}tf.metrics.mean_relative_error(y, p, n)\n"
    (new,), (old,) = findings(text), findings(text, target_version="2.15")
    assert "subclass of tf.keras.metrics.Metric" in said(new)
    assert "tf.keras.metrics.MeanRelativeError(n)" in told(old)


def test_compat_v1() -> None:
    text = "from tensorflow.compat.v1 import metrics\nmetrics.accuracy(y, p)\n"
    (only,) = [f for f in findings(text) if f.code == "TF703"]
    assert only.status == "compat"
    assert "raises under eager execution" in said(only)


@pytest.mark.parametrize(
    ("line", "target", "expected"),
    [
        ("tf.metrics.mean_squared_error(y, p)", "2.15", False),
        ("tf.metrics.mean_squared_error(y_true=y, y_pred=p)", "2.15", False),
        ("tf.metrics.mean_squared_error(labels=y, predictions=p)", "2.15", True),
        ("tf.metrics.mean_squared_error(y, p)[1]", "2.15", True),
        ("a, b = tf.metrics.mean_absolute_error(y, p)", "2.15", True),
        ("a = tf.metrics.mean_absolute_error(y, p)", "2.15", False),
        ("a = tf.metrics.mean_absolute_error(y, p)", "2.21", True),
    ],
)
def test_functions_that_keras_2_had_by_the_same_name(
    line: str, target: str, expected: bool
) -> None:
    assert codes(f"{TF}{line}\n", target_version=target) == ["TF703"] * expected


def test_keras_metrics_are_left_alone() -> None:
    text = """\
import tensorflow as tf
from tensorflow import metrics

tf.metrics.Accuracy().update_state(y, p)
metrics.AUC(num_thresholds=10)
tf.keras.metrics.binary_accuracy(y, p)
sklearn.metrics.accuracy(y, p)
"""
    assert codes(text) == []
