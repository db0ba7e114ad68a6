"""TF7: the metric functions of `tf.metrics`."""

from __future__ import annotations

import ast

from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import plain, short
from tf2lint.rules.models import family

_M = "tf.keras.metrics."

# --- TF703 -----------------------------------------------------------------------------------

v1_metrics = family.rule(
    "TF703",
    "v1-metrics",
    "W",
    summary="tf.metrics functions are gone: a metric is an object with update_state and result",
    page="""\
`value, update_op = tf.metrics.accuracy(labels, predictions)` made two tensors over hidden local
variables, which a session had to initialize and to update. In TF 2 `tf.metrics` is another name
of `tf.keras.metrics`, and none of the functions are in it. `tf.compat.v1.metrics` still has them,
for graphs; under eager execution they raise `RuntimeError`.

```python
accuracy = tf.keras.metrics.Accuracy()               # once
accuracy.update_state(labels, predictions)           # per batch; sample_weight= for weights=
print(float(accuracy.result()))
accuracy.reset_state()                               # per epoch; reset_states() up to TF 2.4
```

With `model.fit`, list the objects in `model.compile(metrics=[...])`. `metrics_collections`,
`updates_collections` and `tf.local_variables_initializer()` go away.

| TF 1 | TF 2 |
|---|---|
| `mean(values)` | `Mean()` |
| `..._at_thresholds(..., thresholds)` | the same class with `thresholds=` |
| `precision`, `recall`, the four counts | the class with `thresholds=0`: anything but zero is true |
| `precision_at_k(l, p, k)`, `recall_at_k` | `Precision(top_k=k)`, `Recall(top_k=k)`, of labels as `tf.reduce_max(tf.one_hot(l, n), axis=-2)` |
| `precision_at_top_k(l, i)`, `recall_at_top_k` | `Precision()`, `Recall()` of labels and indices, both made so |
| `mean_cosine_distance(l, p, dim)` | `Mean()` of `1 - tf.reduce_sum(l * p, axis=dim)` |
| `percentage_below(x, t)` | `Mean()` of `tf.cast(x < t, tf.float32)` |
| `mean_per_class_accuracy` | the diagonal of a summed `tf.math.confusion_matrix` by its rows |
| `mean_relative_error`, `mean_tensor` | a subclass of `Metric` (Keras 2 had classes) |
| `average_precision_at_k` | nothing in Keras; scikit-learn has it |

**Silent:** without `thresholds=0`, `Precision`, `Recall` and the four counts cut probabilities at
0.5, where TF 1 took anything but zero for true. For a PR curve, `AUC` interpolates in another way
than the trapezoids of TF 1 (as its `careful_interpolation` did).""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def evaluate(labels, predictions):
    value, update = «tf.metrics.accuracy»(labels, predictions)
    return value, update
""",
            good="""\
import tensorflow as tf

accuracy = tf.keras.metrics.Accuracy()

def evaluate(labels, predictions):
    accuracy.update_state(labels, predictions)
    return accuracy.result()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def auc(labels, scores, w):
    return «tf.compat.v1.metrics.auc»(labels, scores, weights=w, num_thresholds=1000)
""",
            good="""\
import tensorflow as tf

metric = tf.keras.metrics.AUC(num_thresholds=1000)

def auc(labels, scores, w):
    metric.update_state(labels, scores, sample_weight=w)
    return metric.result()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

mse, update = «tf.metrics.mean_squared_error»(y, prediction)
""",
            good="""\
import tensorflow as tf

mse = tf.keras.metrics.MeanSquaredError()
mse.update_state(y, prediction)
""",
            options=(("target-version", "2.15"),),
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/metrics_optimizers"],
    ends_graph=True,
)

_COUNTS = {
    f"{kind}_{what}s": f"{kind.title()}{what.title()}s"
    for kind in ("true", "false")
    for what in ("positive", "negative")
}
_PAIR = ("labels", "predictions")
_VALUES = ("values",)
_CLASSES: dict[str, str] = {
    "accuracy": "Accuracy()",
    "auc": "AUC(num_thresholds={num_thresholds}, curve={curve}, thresholds={thresholds})",
    "mean": "Mean()",
    "precision": "Precision(thresholds=0)",
    "recall": "Recall(thresholds=0)",
    "mean_squared_error": "MeanSquaredError()",
    "mean_absolute_error": "MeanAbsoluteError()",
    "root_mean_squared_error": "RootMeanSquaredError()",
    "mean_iou": "MeanIoU({num_classes})",
    "mean_cosine_distance": "Mean()",
    **{old: f"{new}(thresholds=0)" for old, new in _COUNTS.items()},
    **{f"{old}_at_thresholds": f"{new}(thresholds={{thresholds}})"
       for old, new in {**_COUNTS, "precision": "Precision", "recall": "Recall"}.items()},
    **{f"{old}_at_k": f"{old.title()}(top_k={{k}}, class_id={{class_id}})"
       for old in ("precision", "recall")},
    **{f"{old}_at_top_k": f"{old.title()}(class_id={{class_id}})"
       for old in ("precision", "recall")},
    "sparse_precision_at_k": "Precision(top_k={k}, class_id={class_id})",
    "sensitivity_at_specificity": (
        "SensitivityAtSpecificity({specificity}, num_thresholds={num_thresholds})"
    ),
    "specificity_at_sensitivity": (
        "SpecificityAtSensitivity({sensitivity}, num_thresholds={num_thresholds})"
    ),
}  # fmt: skip
_OTHERS: dict[str, tuple[str, ...]] = {
    "mean_relative_error": (f"{_M}MeanRelativeError({{normalizer}})",),
    "mean_tensor": (f"{_M}MeanTensor()",),
}
# Functions that took the numbers of the classes that are true; Keras takes a column for each.
_BY_CLASS_NUMBER = ("precision_at_k", "recall_at_k", "sparse_precision_at_k",
                    "precision_at_top_k", "recall_at_top_k")  # fmt: skip
_NO_METRIC = ("`average_precision_score` of scikit-learn: Keras has no such metric",)
_WORDS: dict[str, tuple[str, ...]] = {
    "mean_relative_error": ("a subclass of `tf.keras.metrics.Metric`",),
    "mean_tensor": ("a subclass of `tf.keras.metrics.Metric`",),
    "percentage_below": (
        "`tf.keras.metrics.Mean()` of `tf.cast(values < threshold, tf.float32)`",
    ),
    "mean_per_class_accuracy": ("`tf.math.confusion_matrix`, summed over the batches",),
    "average_precision_at_k": _NO_METRIC,
    "sparse_average_precision_at_k": _NO_METRIC,
}  # fmt: skip


_ROWS = {"mean_squared_error": "MSE", "mean_absolute_error": "MAE"}  # Keras 2 had functions
_WHAT = {
    "compat": "raises under eager execution",
    "exists": "is another function in TF 2",
}


# What `update_state` takes.
_UPDATED = ("labels", "predictions", "predictions_idx", "tensor", "values", "weights")


@v1_metrics.on(*(f"tf.metrics.{name}" for name in {**_CLASSES, **_OTHERS, **_WORDS}))
def _metric(ref: Reference) -> Report | None:
    name = ref.symbol.rpartition(".")[2]
    if ref.status == "exists" and not _is_v1(ref):
        return None
    what = _WHAT.get(ref.status, "") if name != "recall_at_top_k" else ""
    templates = [_M + _CLASSES[name]] if name in _CLASSES else list(_OTHERS.get(name, ()))
    code = ref.code(*templates, settled=_UPDATED).only()
    if not code:
        return ref.report(ref.say(*_WORDS[name]), what)
    advice = code.then(f", its `{_update(ref)}` and `result()`").shorter(
        *(f"{text}, its `update_state` and `result()`" for text in code.texts)
    )
    if name in _ROWS and not _is_v1(ref) and ref.route == "tf" and ref.call is not None:
        rows = ref.say(_M + _ROWS[name])
        advice = code.then(f" and `update_state`, or `{rows}` for a value per row")
    return ref.report(advice.noting(_note(ref, name)), what)


def _note(ref: Reference, name: str) -> str:
    """What is other than it was."""
    args = ref.arguments()
    if name != "auc" or args is None or args.literal("curve") != "PR":
        return ""
    if args.literal("summation_method") == "careful_interpolation":
        return ""
    return "Areas under PR curves are interpolated: slightly other numbers"


def _update(ref: Reference) -> str:
    """The call that takes a batch in."""
    args = ref.arguments()
    given = args.given if args is not None and not args.open else {}
    names = [n for n in (*_PAIR[:1], "values", "predictions", "predictions_idx") if n in given]
    if not names:
        return "update_state"
    texts = {n: short(ref, given[n], n) for n in names}
    name = ref.symbol.rpartition(".")[2]
    if name == "mean_cosine_distance" and len(texts) == 2:
        axis = short(ref, given.get("dim"), "dim")
        product = " * ".join(texts.values())
        texts = {"values": ref.say(f"1 - tf.reduce_sum({product}, axis={axis})")}
    elif name in _BY_CLASS_NUMBER:
        classes = "num_classes"
        if "predictions" in texts:
            classes = f"{plain(ref, given['predictions'], 'predictions')}.shape[-1]"
        for numbers in {"labels", "predictions_idx"} & texts.keys():
            hot = f"tf.reduce_max(tf.one_hot({texts[numbers]}, {classes}), axis=-2)"
            texts[numbers] = ref.say(hot)
    parts = [*texts.values()]
    if "weights" in given:
        parts.append(f"sample_weight={short(ref, given['weights'], 'weights')}")
    return f"update_state({', '.join(parts)})"


def _is_v1(ref: Reference) -> bool:
    """Whether a call of a function that Keras 2 has, too, is visibly that of TF 1."""
    call = ref.call
    if call is None:
        return False
    if len(call.args) > 2 or any(
        keyword.arg not in ("y_true", "y_pred", None) for keyword in call.keywords
    ):
        return True
    up = ref.module.source.parent(call)
    if isinstance(up, ast.Assign):
        return any(isinstance(t, ast.Tuple) and len(t.elts) == 2 for t in up.targets)
    if isinstance(up, ast.Subscript):
        return isinstance(up.slice, ast.Constant) and up.slice.value in (0, 1)
    # In a dictionary of evaluation metrics, as an EstimatorSpec has them.
    return isinstance(up, ast.Dict) and "eval_metric_ops" in ref.module.source.text
