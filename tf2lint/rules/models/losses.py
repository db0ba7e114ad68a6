"""TF7: the loss functions of `tf.losses`, and what collected their results."""

from __future__ import annotations

import ast

from tf2lint.check.advice import delete, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Example
from tf2lint.rules._calls import last_name, plain
from tf2lint.rules.models import family
from tf2lint.tensorflow.api import KERAS_3

_K = "tf.keras.losses."

# --- TF704 -----------------------------------------------------------------------------------

v1_losses = family.rule(
    "TF704",
    "v1-losses",
    "W",
    summary="tf.losses functions and collections are gone; Keras losses average in another way",
    page="""\
The functions of TF 1's `tf.losses` gave one number and put it into a collection of the graph.
`tf.losses` of TF 2 is `tf.keras.losses`: classes whose objects are called with the labels first,
and functions that give a number per row. Without weights the numbers are the same.

| TF 1 | TF 2 |
|---|---|
| `mean_squared_error(y, p)` | `MeanSquaredError()(y, p)` |
| `absolute_difference(y, p)` | `MeanAbsoluteError()(y, p)` |
| `huber_loss(y, p, delta=d)` | `Huber(delta=d)(y, p)` |
| `hinge_loss(y, logits)` | `Hinge()(y, logits)` |
| `log_loss(y, p)` | `BinaryCrossentropy()(y, p)` |
| `sigmoid_cross_entropy(y, logits)` | `BinaryCrossentropy(from_logits=True)(y, logits)` |
| `softmax_cross_entropy(y, logits)` | `CategoricalCrossentropy(from_logits=True)(y, logits)` |
| `sparse_softmax_cross_entropy(y, logits)` | `SparseCategoricalCrossentropy(...)`, likewise |
| `cosine_distance(y, p, axis)` | `tf.reduce_mean(1 - tf.reduce_sum(y * p, axis=axis))` |
| `compute_weighted_loss(l, w)` | `tf.reduce_sum(l * w)` by how many losses have a weight |

There is no collection of losses. Where `add_loss`, `get_losses` or `get_total_loss` were used,
keep the terms in Python and add them up, with `sum(model.losses)` for regularization. Under eager
execution `tf.compat.v1.losses.get_losses()` gives an empty list, and `get_total_loss()` raises
unless a regularizer added something.

**Silent:** with weights TF 1 divided the sum by the number of weights that are not zero
(`SUM_BY_NONZERO_WEIGHTS`), Keras divides by the number of all: a masked loss gets smaller. To
keep the numbers, take `reduction="none"` and divide by
`tf.math.count_nonzero(tf.ones_like(loss) * weights, dtype=tf.float32)`: a weight counts once for
each loss that it weighs. Keras takes one weight for a row; weights for single elements give it
other numbers. With `reduction="none"` and `"sum"` the losses
of single elements are averaged over the last axis first, which TF 1 did not do. TF 1's
`Reduction.MEAN` is `"mean_with_sample_weight"` in Keras 3. `CosineSimilarity` scales its vectors to
unit length, which `cosine_distance` did not.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def loss_of(labels, logits):
    return «tf.losses.sparse_softmax_cross_entropy»(labels=labels, logits=logits)
""",
            good="""\
import tensorflow as tf

def loss_of(labels, logits):
    return tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def total(losses):
    return tf.add_n(losses) + tf.add_n(«tf.losses.get_regularization_losses»())
""",
            good="""\
import tensorflow as tf

def total(losses, model):
    return tf.add_n(losses) + tf.add_n(model.losses)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def per_row(labels, logits):
    loss = tf.keras.losses.CategoricalCrossentropy(
        from_logits=True, reduction=«tf.losses.Reduction.SUM_BY_NONZERO_WEIGHTS»
    )
    return loss(labels, logits)
""",
            good="""\
import tensorflow as tf

def per_row(labels, logits):
    loss = tf.keras.losses.CategoricalCrossentropy(from_logits=True, reduction="none")
    return tf.reduce_mean(loss(labels, logits))
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate"],
    ends_graph=True,
)

_Y = "({labels}, {predictions}"
_L = "({labels}, {logits}"
_SMOOTH = "from_logits=True, label_smoothing={label_smoothing}"

# What makes the loss and what calls it; whether single elements are averaged.
_LOSSES: dict[str, tuple[str, str, bool]] = {
    "mean_squared_error": ("MeanSquaredError()", _Y, True),
    "absolute_difference": ("MeanAbsoluteError()", _Y, True),
    "huber_loss": ("Huber(delta={delta})", _Y, True),
    "hinge_loss": ("Hinge()", _L, True),
    "log_loss": ("BinaryCrossentropy()", _Y, True),
    "sigmoid_cross_entropy": (
        f"BinaryCrossentropy({_SMOOTH})", "({multi_class_labels}, {logits}", True
    ),
    "softmax_cross_entropy": (
        f"CategoricalCrossentropy({_SMOOTH})", "({onehot_labels}, {logits}", False
    ),
    "sparse_softmax_cross_entropy": (
        "SparseCategoricalCrossentropy(from_logits=True)", _L, False
    ),
}  # fmt: skip
_AVERAGED = "Weights of 0 count: other numbers"
_REDUCTIONS = {
    "SUM": "sum",
    "NONE": "none",
    "SUM_OVER_BATCH_SIZE": "",
    "SUM_BY_NONZERO_WEIGHTS": "",
    "SUM_OVER_NONZERO_WEIGHTS": "",
    "MEAN": "",
}


@v1_losses.on(*(f"tf.losses.{name}" for name in _LOSSES))
def _loss(ref: Reference) -> Report | None:
    name = ref.symbol.rpartition(".")[2]
    maker, call, by_element = _LOSSES[name]
    args = ref.arguments()
    if name == "mean_squared_error" and not _is_v1(args):
        return _either(ref)
    if args is None or args.open or args.unknown or args.extra:
        cls = maker.partition("(")[0]
        return ref.report(ref.say(_K + cls) + f"({_literal(maker)})(labels, predictions)")
    reduction, note = _reduction(ref, args, by_element)
    if reduction:
        maker = f"{maker[:-1]}{'' if maker.endswith('()') else ', '}reduction={reduction!r})"
    weighted = _is_weighted(args)
    weights = ", sample_weight={weights})" if weighted else ")"
    settled = ("reduction", "weights")
    code = ref.code(f"{_K}{maker}{call}{weights}", settled=settled)
    if not code.is_call:
        rest = " with `sample_weight=`" if weighted else ""
        made = ref.code(_K + maker).code
        return ref.report(f"`{made}(labels, predictions)`{rest}", _what(ref))
    if weighted and not reduction and not note and args.literal("weights") is ...:
        note = _AVERAGED
    # What changes the numbers needs a person: no edit.
    return ref.report(code.only().noting(note) if note else code, _what(ref))


def _is_weighted(args: Arguments) -> bool:
    return "weights" in args.given and args.literal("weights") not in (1, 1.0, None)


def _what(ref: Reference) -> str:
    return "has other arguments in TF 2" if ref.status == "exists" else ""


def _literal(maker: str) -> str:
    return "from_logits=True" if "from_logits" in maker else ""


def _is_v1(args: Arguments | None) -> bool:
    """Whether the arguments are not just two positional ones, as the Keras function takes."""
    if args is None:
        return False
    if len(args.call.args) > 2 or args.open:
        return True
    return any(k.arg not in ("y_true", "y_pred") for k in args.call.keywords)


def _either(ref: Reference) -> Report | None:
    """tf.losses.mean_squared_error: TF 2 up to 2.15 had a function of that name."""
    if ref.status == "exists":
        return None
    args = ref.arguments()
    if args is None:
        return ref.report(ref.say(f"{_K}MeanSquaredError()"))
    if args.unknown:  # y_true, y_pred: the Keras function
        return ref.report(ref.say(f"{_K}MSE"))
    code = ref.code(f"{_K}MeanSquaredError()({{labels}}, {{predictions}})")
    rows = f", or `{ref.say(f'{_K}MSE')}` for a loss per row" if ref.route == "tf" else ""
    return ref.report(code.only().then(rows))


def _reduction(ref: Reference, args: Arguments, by_element: bool) -> tuple[str, str]:
    """What to pass as reduction=, and what is to be said of it."""
    given = args.given.get("reduction")
    if given is None:
        return "", ""
    name = last_name(given)
    if name == "MEAN" and "weights" in args.given:
        if ref.keras >= KERAS_3:
            return "mean_with_sample_weight", ""
        return "none", "Sum it and divide by the sum of the weights"
    if name not in _REDUCTIONS:
        return "", "`reduction=` is a string"
    new = _REDUCTIONS[name]
    return new, "It sums means over the last axis: other numbers" if new and by_element else ""


@v1_losses.on("tf.losses.cosine_distance")
def _cosine(ref: Reference) -> Report:
    """Of vectors as they are: Keras' similarity scales them to unit length."""
    args = ref.arguments()
    axis = "dim" if args is not None and "dim" in args.given else "axis"
    product = f"{{labels}} * {{predictions}}, axis={{{axis}}}"
    if args is None or not _is_weighted(args):
        return ref.report(ref.code(f"tf.reduce_mean(1 - tf.reduce_sum({product}))").only())
    distance = f"(1 - tf.reduce_sum({product}, keepdims=True))"
    code = ref.code(f"tf.reduce_mean({distance} * {{weights}})")
    return ref.report(code.only().noting(_AVERAGED))


_LOSS = "{losses}"
_WEIGHED = "{losses} * {weights}"
_EACH = "tf.ones_like({losses}) * {weights}"
# What the reductions of TF 1 did with a loss and weights that spread over it.
_WEIGHTED = {
    "NONE": _WEIGHED,
    "SUM": f"tf.reduce_sum({_WEIGHED})",
    "SUM_OVER_BATCH_SIZE": f"tf.reduce_mean({_WEIGHED})",
    "MEAN": f"tf.math.divide_no_nan(tf.reduce_sum({_WEIGHED}), tf.reduce_sum({_EACH}))",
    "": f"tf.math.divide_no_nan(tf.reduce_sum({_WEIGHED}),"
        f" tf.math.count_nonzero({_EACH}, dtype=tf.float32))",
}  # fmt: skip


@v1_losses.on("tf.losses.compute_weighted_loss")
def _weighted(ref: Reference) -> Report:
    args = ref.arguments()
    given = dict(args.given) if args is not None and not args.open else {}
    reduction = last_name(given["reduction"]) if "reduction" in given else ""
    template = _WEIGHTED.get(reduction, _WEIGHTED[""])
    weight = args.literal("weights") if args is not None else ...
    if given and ("weights" not in given or weight == 1):
        template = {"NONE": _LOSS, "SUM": f"tf.reduce_sum({_LOSS})"}.get(
            reduction, f"tf.reduce_mean({_LOSS})"
        )
    elif isinstance(weight, int | float) and weight and template is _WEIGHTED[""]:
        template = f"tf.reduce_mean({_LOSS}) * {{weights}}"
    # An expression that comes twice gets a name.
    texts = {name: plain(ref, given.get(name), name) for name in ("losses", "weights")}
    if isinstance(weight, int | float):
        texts["weights"] = ref.text(given["weights"])
    code = use(ref.say(template).format(**texts))
    if template is _WEIGHTED[""]:
        weighed = f"`{_WEIGHED.format(**texts)}`"
        code = code.shorter(f"{weighed}, averaged over nonzero weights")
        if "reduction" in given and reduction not in _WEIGHTED:  # what it is does not stand there
            code = use(f"{weighed}, reduced as `reduction=` says")
    code = code.settling("losses", "weights")
    return ref.report(code.settling("reduction") if reduction in _WEIGHTED else code)


_COLLECTED = {
    "add_loss": "a list of your own, or `add_loss` in the `call()` of a Keras layer",
    "get_losses": "a list of your own, with `model.losses` for regularization",
    "get_regularization_losses": "model.losses",
    "get_regularization_loss": "tf.add_n(model.losses)",
    "get_total_loss": "the sum of your losses and of `model.losses`",
    "mean_pairwise_squared_error": "the formula written out: Keras has no such loss",
}


_EAGER = {
    "get_losses": "finds nothing under eager execution",
    "get_regularization_losses": "finds only what get_variable added under eager execution",
    "get_regularization_loss": "sums only what get_variable added under eager execution",
    "get_total_loss": "finds no loss of tf.losses under eager execution",
}


@v1_losses.on(*(f"tf.losses.{name}" for name in _COLLECTED))
def _collected(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    what = ""
    if ref.status == "compat":
        what = _EAGER.get(name, "")
    return ref.report(ref.say(_COLLECTED[name]), what)


_R = ("tf.losses.Reduction", "tf.keras.losses.Reduction")
_NEW = {
    "SUM": '"sum"',
    "NONE": '"none"',
    "SUM_OVER_BATCH_SIZE": '"sum_over_batch_size"',
}
_BY_COUNT = '`reduction="none"`, divided by the count of nonzero weights'
_OLD = {
    "MEAN": '`reduction="none"` and `tf.reduce_mean`',
    "SUM_BY_NONZERO_WEIGHTS": _BY_COUNT,
    "SUM_OVER_NONZERO_WEIGHTS": _BY_COUNT,
}


@v1_losses.on(*(f"{home}.{name}" for home in _R[:1] for name in _OLD))
def _old_reduction(ref: Reference) -> Matched:
    if _in_v1_loss(ref):
        return QUIET
    return ref.report(ref.say(_OLD[ref.symbol.rpartition(".")[2]]))


@v1_losses.on(*(f"{home}.{name}" for home in _R[:1] for name in _NEW))
def _same_reduction(ref: Reference) -> Report | None:
    """Through compat.v1 the members have values that Keras does not take."""
    if ref.route != "v1" or _in_v1_loss(ref):
        return None
    name = ref.symbol.rpartition(".")[2]
    if name == "NONE":
        return None  # the same string in both
    return ref.report(_NEW[name], "is not what Keras losses take", status="compat")


@v1_losses.on(*(f"{home}.AUTO" for home in _R))
def _auto(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3 and ref.status != "removed":
        return None
    return ref.report(delete(), "is refused by Keras 3 losses", status="removed")


def _in_v1_loss(ref: Reference) -> bool:
    """Whether the reduction is an argument of a loss function that is reported itself."""
    if not isinstance(ref.node, ast.expr):
        return False
    up = ref.module.source.parent(ref.node)
    if not isinstance(up, ast.keyword):
        return False
    call = ref.module.source.parent(up)
    return isinstance(call, ast.Call) and last_name(call.func) in (
        *_LOSSES,
        "cosine_distance",
        "compute_weighted_loss",
    )
