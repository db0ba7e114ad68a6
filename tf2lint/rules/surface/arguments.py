"""TF9: arguments that TF 2's functions, classes and methods no longer take as they were given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.advice import advised, delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.fixes import templates
from tf2lint.fixes.edits import drop_argument
from tf2lint.rules.surface import _keywords as keywords
from tf2lint.rules.surface import family
from tf2lint.rules.surface._rewriting import places, rewritten
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.api import KERAS_3

_UPGRADE = "https://www.tensorflow.org/guide/migrate/upgrade"

# --- TF903 -----------------------------------------------------------------------------------

renamed_argument = family.rule(
    "TF903",
    "renamed-argument",
    "W",
    summary="TF 2 calls this argument by another name and refuses the old one",
    page="""\
TensorFlow 1 carried two names for many arguments; TF 2 kept one. `keep_dims` is `keepdims`,
`reduction_indices`, `dimension`, `dim` and `squeeze_dims` are `axis`, `seq_dim` and `batch_dim`
are `seq_axis` and `batch_axis`, `preferred_dtype` is `dtype_hint`, the `filter` of convolutions
is `filters` and their `value` is `input`. The old keyword is a `TypeError`.

`keep_prob` of `tf.nn.dropout` is `rate`, and counts the other way round: `rate = 1 - keep_prob`.

The hint is the whole call with every argument under its new name.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def spread(x):
    return tf.reduce_max(x, axis=1, «keep_dims=True»)
""",
            good="""\
import tensorflow as tf

def spread(x):
    return tf.reduce_max(x, axis=1, keepdims=True)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def drop(x):
    return tf.nn.dropout(x, «keep_prob=0.9»)
""",
            good="""\
import tensorflow as tf

def drop(x):
    return tf.nn.dropout(x, rate=0.1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def convolve(x, kernel):
    return tf.nn.conv2d(x, «filter=kernel», strides=1, padding="SAME")
""",
            good="""\
import tensorflow as tf

def convolve(x, kernel):
    return tf.nn.conv2d(x, filters=kernel, strides=1, padding="SAME")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

penalty = tf.keras.regularizers.l2(«l=0.01»)
""",
            good="""\
import tensorflow as tf

penalty = tf.keras.regularizers.l2(l2=0.01)
""",
        ),
    ],
    sources=[_UPGRADE],
)

# --- TF904 -----------------------------------------------------------------------------------

removed_argument = family.rule(
    "TF904",
    "removed-argument",
    "E",
    summary="TF 2 has no such argument",
    page="""\
The function is still there, the argument is not, and passing it is a `TypeError` (a `ValueError`
in Keras 3). Most of what was removed belonged to graphs or is the only behaviour now: leave it
out. The message says so where there is something to do instead: `align_corners` of
`tf.image.resize` has no successor and the numbers differ, `partition_strategy` of embedding
lookups always is `"div"`, `result_type` of `tf.strings.split` always is ragged.

Keras 3 dropped `workers`, `use_multiprocessing` and `max_queue_size` of `fit` and its kin (they
are arguments of `keras.utils.PyDataset`), `time_major` of recurrent layers, `weights` and
`dynamic` of layers, `fused` and `virtual_batch_size` of batch normalization.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

one = tf.constant([1.0], shape=[1], «verify_shape=True»)
""",
            good="""\
import tensorflow as tf

one = tf.constant([1.0], shape=[1])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def run(condition, body, x):
    return tf.image.resize(x, [32, 32], «align_corners=True»)
""",
            good="""\
import tensorflow as tf

def run(condition, body, x):
    return tf.image.resize(x, [32, 32])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

layer = tf.keras.layers.LSTM(8, «time_major=True»)
""",
            good="""\
import tensorflow as tf

layer = tf.keras.layers.LSTM(8)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def train(model: tf.keras.Model, data):
    model.fit(data, epochs=3, «workers=4»)
""",
            good="""\
import tensorflow as tf

def train(model: tf.keras.Model, data):
    model.fit(data, epochs=3)
""",
        ),
    ],
    sources=[_UPGRADE],
)

# --- keywords ----------------------------------------------------------------------------------

# What to know beyond that the argument is gone.
_NOTES: dict[str, str] = {
    "align_corners": "the numbers differ",
    "ctc_merge_repeated": "the numbers differ",
    "batch_input_shape": "an Input layer takes the shape",
    "batch_size": "`tf.keras.Input` takes it",
    "colocate_gradients_with_ops": "it is always so",
    "data": "`message=` takes what to say",
    "deterministic": "a seed other than 0 makes it so",
    "distribute": "use `strategy.scope()`",
    "gate_gradients": "",
    "grayscale": '`color_mode="grayscale"` does it',
    "max_queue_size": "`tf.keras.utils.PyDataset` has it",
    "merge_repeated": "it never merges in TF 2",
    "optimize": "it is always so",
    "preprocess_collapse_repeated": "it is never so",
    "output_buffer_size": "`.prefetch(n)` after it",
    "partition_strategy": 'it is always `"div"`',
    "result_type": "the result is ragged: .to_sparse() gives the other",
    "return_same_structure": "it is always so",
    "save_format": "the file's suffix tells",
    "signatures": "`model.export(path)` writes a SavedModel",
    "strict": "it is always so",
    "time_major": "the input is batch-major",
    "use_cudnn_on_gpu": "cuDNN is always used",
    "use_multiprocessing": "`tf.keras.utils.PyDataset` has it",
    "validate_indices": "it had no effect",
    "verify_shape": "it is always verified",
    "weights": "call `set_weights()` later",
    "workers": "`tf.keras.utils.PyDataset` has it",
}


@renamed_argument.otherwise("calls", 10, by_signature=True)
def _renamed_arguments(ref: Reference) -> Iterator[Report]:
    """Reports on keywords that have another name."""
    for keyword, new in places(ref):
        if new:
            use = rewritten(ref, about=keyword.arg)
            if use and not use.is_call:  # too long to be shown
                use = advised(f"{use.code}(..., {new}=...)")
            yield ref.report(
                use, f"is `{new}=` in TF 2", place=keyword,
                status=_status(ref, keyword.arg), subject=f"{ref.spelling}({keyword.arg}=)",
            )  # fmt: skip


@removed_argument.otherwise("calls", 20, by_signature=True, members=keywords.METHODS)
def _removed_arguments(ref: Reference) -> Iterator[Report]:
    """Reports on keywords that are gone."""
    for keyword, new in places(ref):
        if new or keyword.arg is None:
            continue
        what = "is gone in Keras 3" if _is_keras(ref) else "is gone in TF 2"
        note = _NOTES.get(keyword.arg, "")
        note = note if not note or templates.valid(note, ref.target) else ""
        yield ref.report(
            rewritten(ref, about=keyword.arg), f"{what}: {note}" if note else what, place=keyword,
            status=_status(ref, keyword.arg), subject=f"{ref.spelling}({keyword.arg}=)",
        )  # fmt: skip


@removed_argument.argument("tf.Tensor")
def _made_tensor(ref: Reference) -> Iterator[Report]:
    """The class itself, called: in TF 1 with an operation, by mistake with a value."""
    call = ref.call
    if call is None or ref.target < (2, 14):
        return
    use = ref.say("the tensor that the operation returned")
    if len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred):
        use = ref.say(f"tf.convert_to_tensor({ref.text(call.args[0])})")
    places: list[ast.expr | ast.keyword] = [*call.args[:1], *call.keywords]
    for place in places:
        yield ref.report(use, "takes no arguments since TF 2.14", place=place, status="removed")


@removed_argument.argument("tf.keras.layers.Embedding")
def _input_length(ref: Reference) -> Report | None:
    """Keras 3 takes `input_length` and ignores it."""
    args = ref.arguments()
    keyword = args.keyword("input_length") if args is not None else None
    if keyword is None or ref.keras < KERAS_3:
        return None
    return ref.report(
        rewritten(ref, about=keyword.arg), "is ignored by Keras 3", place=keyword, status="changed",
        subject=f"{ref.spelling}(input_length=)",
    )  # fmt: skip


@removed_argument.argument("tf.keras.layers.Layer.__init__", "tf.keras.Model.__init__")
def _to_super(ref: Reference) -> Iterator[Report]:
    """What `super().__init__` of a layer or model is given, and Keras 2 let pass."""
    if ref.call is None or ref.keras < KERAS_3:
        return
    through_super = isinstance(ref.receiver, ast.Call)  # else it is Layer.__init__(self)
    if through_super and (passed := _self_passed(ref, ref.call)) is not None:
        yield passed
    refused = keywords.refused(ref.symbol, ref.target)
    for keyword in ref.call.keywords:
        if keyword.arg in refused:
            yield ref.report(
                delete(), "is gone in Keras 3", place=keyword, status="removed",
                subject=f"{ref.spelling}({keyword.arg}=)",
                edits=[drop_argument(ref.module.source, ref.call, keyword)],
            )  # fmt: skip


def _self_passed(ref: Reference, call: ast.Call) -> Report | None:
    scope = ref.site.scope
    if not call.args:
        return None
    first = call.args[0]
    if not (isinstance(first, ast.Name) and first.id == scope.self_name):
        return None
    rest = [ref.text(arg) for arg in call.args[1:]]
    rest += [f"{k.arg}={ref.text(k.value)}" for k in call.keywords if k.arg is not None]
    return ref.report(
        f"super().__init__({', '.join(rest)})", "takes no self in Keras 3", place=first,
        status="removed",
    )  # fmt: skip


def _is_keras(ref: Reference) -> bool:
    return ref.keras >= KERAS_3 and paths.under(ref.symbol, "tf.keras")


def _status(ref: Reference, keyword: str | None) -> str:
    """`compat` where compat.v1 takes the keyword and the code goes through it."""
    found = keywords.signatures(ref.symbol, ref.target)
    compat = found.compat if found is not None and ref.route == "v1" else None
    if compat is not None and keyword is not None and compat.accepts(keyword):
        return "compat"
    return "removed"
