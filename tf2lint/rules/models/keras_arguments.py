"""TF7: arguments that Keras refuses, and TensorFlow ops on its symbolic tensors."""

from __future__ import annotations

import ast
from typing import NamedTuple

from tf2lint.check.advice import Advice, delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Edit, Example
from tf2lint.fixes.edits import drop_argument, rename_keyword, replace
from tf2lint.rules._calls import short
from tf2lint.rules.models import family
from tf2lint.semantics.symbols import bases_of
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3
from tf2lint.tensorflow.groups import MODELS

_SCHEDULES = "tf.keras.optimizers.schedules"
_SOURCES = ["https://keras.io/guides/migrating_to_keras_3/"]
_L = "tf.keras.layers."

# --- TF710 -----------------------------------------------------------------------------------

argument = family.rule(
    "TF710",
    "keras-argument",
    "W",
    summary="an argument of a Keras call that the target's Keras refuses",
    page="""\
Two generations of arguments. Those of Keras 1 were taken with a warning by the stand-alone Keras 2
and never by `tf.keras`: `nb_epoch` is `epochs`, `output_dim` is `units`, `border_mode` is
`padding`, `nb_filter` is `filters`, `subsample` is `strides`, `init` is `kernel_initializer`,
`W_regularizer` is `kernel_regularizer`, `p` of `Dropout` is `rate`, `input` and `output` of a
`Model` are `inputs` and `outputs`. `Convolution2D(32, 3, 3)` runs and means strides of 3 now:
the kernel is one argument, `(3, 3)`.

Those that Keras 3 (TF 2.16 and later) refuses:

* `Input(shape=20)`: the shape is a tuple, `(20,)`, and `(20)` is not one. `Input(tensor=t)` takes
  only symbolic tensors of Keras: build on `Input(shape)` and call the model on `t`.
* `compile(experimental_steps_per_execution=)` is `steps_per_execution=`.
* `reduction="auto"` of losses: leave it out.
* A `/` in the name of a layer, model, input or optimizer.
* `fit([[1.0], [2.0]], ...)`: lists of numbers are no data, make arrays of them. A merging layer
  takes no `inputs.values()`: make it a list.
* `Attention(causal=True)` is `use_causal_mask=True` in the call. `experimental_autocast=` is
  `autocast=`. `Discretization(bins=)` is `bin_boundaries=`, `CategoryEncoding(max_tokens=)` is
  `num_tokens=`. `Policy(loss_scale=)` is gone: scaling is the optimizer's business.

Other arguments that were dropped are found by TF903 to TF905.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

inputs = tf.keras.Input(«shape=20»)
""",
            good="""\
import tensorflow as tf

inputs = tf.keras.Input(shape=(20,))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

layer = tf.keras.layers.Conv2D(32, (3, 3), «border_mode="same"»)
""",
            good="""\
import tensorflow as tf

layer = tf.keras.layers.Conv2D(32, (3, 3), padding="same")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

loss = tf.keras.losses.Huber(«reduction="auto"»)
""",
            good="""\
import tensorflow as tf

loss = tf.keras.losses.Huber()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def train(model: tf.keras.Model, x, y):
    model.fit(x, y, «nb_epoch=10»)
""",
            good="""\
import tensorflow as tf

def train(model: tf.keras.Model, x, y):
    model.fit(x, y, epochs=10)
""",
        ),
    ],
    sources=_SOURCES,
)

_ANY = (2, 0)  # refused by every TF 2


class _Row(NamedTuple):
    """What becomes of a keyword: `new` name ("": delete it), from a release on, with a remark."""

    new: str
    since: api.Version = _ANY
    note: str = ""
    ignored: bool = False  # it is taken, and nothing looks at it


def _rows(text: str) -> dict[str, _Row]:
    """`"nb_epoch:epochs mode:"` as rows of Keras 1."""
    return {old: _Row(new) for old, _, new in (w.partition(":") for w in text.split())}


_REG = _rows("W_regularizer:kernel_regularizer b_regularizer:bias_regularizer "
             "W_constraint:kernel_constraint b_constraint:bias_constraint")  # fmt: skip
_KERNEL = {**_REG, **_rows("init:kernel_initializer bias:use_bias")}
_CAST = {"experimental_autocast": _Row("autocast", KERAS_3)}
_DENSE = {**_KERNEL, **_CAST, **_rows("output_dim:units")}
_CONV = {
    **_KERNEL,
    **_CAST,
    **_rows(
        "nb_filter:filters border_mode:padding subsample:strides dim_ordering:data_format "
        "subsample_length:strides filter_length:kernel_size nb_row:kernel_size "
        "nb_col:kernel_size atrous_rate:dilation_rate"
    ),
}
_POOL = _rows("border_mode:padding dim_ordering:data_format pool_length:pool_size stride:strides")
_RNN = {
    **_KERNEL,
    **_CAST,
    **_rows(
        "output_dim:units inner_init:recurrent_initializer forget_bias_init:unit_forget_bias "
        "inner_activation:recurrent_activation U_regularizer:recurrent_regularizer "
        "dropout_W:dropout dropout_U:recurrent_dropout consume_less:"
    ),
    "input_length": _Row("", KERAS_3),
}
_ROWS: dict[str, dict[str, _Row]] = {
    **{_L + n: _DENSE for n in ("Dense", "TimeDistributedDense")},
    **{f"{_L}{n}{rank}D": _CONV for n in ("Conv", "Convolution", "SeparableConv",
                                           "SeparableConvolution") for rank in (1, 2, 3)},
    **{f"{_L}{n}": _CONV for n in ("Conv2DTranspose", "Convolution2DTranspose",
                                    "Conv3DTranspose", "DepthwiseConv2D")},
    **{f"{_L}{n}{rank}D": _POOL for n in ("MaxPooling", "AveragePooling", "MaxPool", "AvgPool")
       for rank in (1, 2, 3)},
    **{f"{_L}{n}2D": _rows("dim_ordering:data_format")
       for n in ("UpSampling", "ZeroPadding", "Cropping", "SpatialDropout",
                 "GlobalMaxPooling", "GlobalAveragePooling")},
    **{_L + n: _RNN for n in ("LSTM", "GRU", "SimpleRNN")},
    **{_L + n: _rows("p:rate") for n in ("Dropout", "AlphaDropout", "GaussianDropout",
                                         "SpatialDropout1D", "SpatialDropout3D")},
    f"{_L}Embedding": _rows("init:embeddings_initializer W_regularizer:embeddings_regularizer "
                            "W_constraint:embeddings_constraint dropout:"),
    f"{_L}BatchNormalization": _rows("mode: beta_init:beta_initializer "
                                     "gamma_init:gamma_initializer"),
    f"{_L}Attention": {"causal": _Row("", KERAS_3, "`use_causal_mask=True` in its call")},
    f"{_L}AdditiveAttention": {"causal": _Row("", KERAS_3, "`use_causal_mask=True` in its call")},
    f"{_L}Discretization": {"bins": _Row("bin_boundaries", KERAS_3)},
    f"{_L}CategoryEncoding": {"max_tokens": _Row("num_tokens", KERAS_3)},
    f"{_L}Layer": _CAST,
    "tf.keras.mixed_precision.Policy": {
        "loss_scale": _Row("", (2, 9), "a `LossScaleOptimizer` around the optimizer")
    },
    # Without an error: Keras 3 has `**kwargs` there, and looks at none of it.
    "tf.keras.callbacks.ReduceLROnPlateau": {
        "epsilon": _Row("min_delta", KERAS_3, ignored=True),
    },
    "tf.keras.Model": _rows("input:inputs output:outputs"),
    "tf.keras.models.Model": _rows("input:inputs output:outputs"),
    "tf.keras.Model.fit": _rows("nb_epoch:epochs show_accuracy:"),
    "tf.keras.Model.fit_generator": _rows(
        "nb_epoch:epochs samples_per_epoch:steps_per_epoch nb_val_samples:validation_steps "
        "max_q_size:max_queue_size nb_worker:workers pickle_safe:use_multiprocessing"
    ),
    "tf.keras.Model.compile": {
        **_rows("`class_mode`: options: `run_metadata`:"),
        "experimental_steps_per_execution": _Row("steps_per_execution", KERAS_3),
        "cloning": _Row("", KERAS_3),
        "from_serialized": _Row("", KERAS_3),
    },
}  # fmt: skip
_CALLS = {same: rows for name, rows in _ROWS.items() for same in api.all_names(name)} | _ROWS


@argument.argument(*_CALLS)
def _keyword(ref: Reference) -> list[Report]:
    call = ref.call
    if call is None:
        return []
    rows = _CALLS.get(ref.symbol)
    owner, _, name = ref.symbol.rpartition(".")
    if rows is None:
        rows = next((_CALLS[f"{b}.{name}"] for b in bases_of(owner) if f"{b}.{name}" in _CALLS), {})
    given = {keyword.arg for keyword in call.keywords}
    found = [
        _refused(ref, call, keyword, rows[keyword.arg], given)
        for keyword in call.keywords
        if keyword.arg in rows and ref.keras >= rows[keyword.arg].since
    ]
    if "Convolution2D" in ref.symbol and len(call.args) == 3:
        found += _three(ref, call)
    return found


def _refused(
    ref: Reference, call: ast.Call, keyword: ast.keyword, row: _Row, given: set[str | None]
) -> Report:
    keras = {KERAS_3: "Keras 3", _ANY: "TF 2"}.get(row.since, f"TF 2.{row.since[1]}")
    if row.new:
        use: Advice | str = f"{row.new}={row.note or short(ref, keyword.value)}"
        edits: list[Edit] = [] if row.note or row.new in given else [
            rename_keyword(keyword, row.new)]  # fmt: skip
        if row.new == "kernel_size":
            use, edits = "`kernel_size=` with one number for each dimension", []
    else:
        use = delete(f"it{', and use ' + row.note if row.note else ''}")
        edits = [drop_argument(ref.module.source, call, keyword)]
    what = f"{'ignores' if row.ignored else 'takes no'} `{keyword.arg}=` in {keras}"
    return ref.report(use, what, place=keyword, edits=edits,
                      status="changed" if row.ignored else "removed")  # fmt: skip


def _three(ref: Reference, call: ast.Call) -> list[Report]:
    """`Convolution2D(32, 3, 3)`, which was filters, rows and columns."""
    if not all(isinstance(a, ast.Constant) and type(a.value) is int for a in call.args):
        return []
    rows, columns = (ref.text(a) for a in call.args[1:])
    use = f"`({rows}, {columns})` as `kernel_size`"
    what = "takes this as `strides=`, which was the width of the kernel"
    return [ref.report(use, what, place=call.args[2], status="changed")]


_INPUTS = ("tf.keras.Input", "tf.keras.layers.Input")


@argument.argument(*_INPUTS)
def _input(ref: Reference) -> list[Report]:
    call = ref.call
    if call is None or ref.keras < KERAS_3:
        return []
    found: list[Report] = []
    shape: ast.expr | ast.keyword | None = call.args[0] if call.args else None
    for keyword in call.keywords:
        if keyword.arg == "shape":
            shape = keyword
        elif keyword.arg == "batch_input_shape":
            found.append(ref.report(f"batch_shape={short(ref, keyword.value)}",
                                    "takes no `batch_input_shape=` in Keras 3", place=keyword,
                                    status="removed",
                                    edits=[rename_keyword(keyword, "batch_shape")]))  # fmt: skip
        elif keyword.arg == "type_spec":
            found.append(ref.report("`shape=` and `dtype=`", "takes no `type_spec=` in Keras 3",
                                    place=keyword, status="removed"))  # fmt: skip
        elif keyword.arg == "tensor" and not _is_none(keyword.value):
            use = "`shape=`, and call the model on the tensor"
            found.append(ref.report(use, "takes only Keras tensors as `tensor=` in Keras 3",
                                    place=keyword, status="removed"))  # fmt: skip
    value = shape.value if isinstance(shape, ast.keyword) else shape
    if shape is not None and isinstance(value, ast.Constant) and type(value.value) is int:
        edit = replace(value, f"({value.value},)", safe=True)
        if _in_brackets(ref, value):
            edit = replace(value, f"{value.value},", safe=True)
        what = "takes only a tuple as `shape=` in Keras 3"
        found.append(ref.report(f"shape=({value.value},)", what, place=shape, status="removed",
                                edits=[edit]))  # fmt: skip
    return found


def _is_none(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None


def _in_brackets(ref: Reference, value: ast.expr) -> bool:
    """Whether a pair of brackets is around the value already, as in `shape=(20)`."""
    assert value.end_col_offset is not None
    line = ref.module.source.lines[value.lineno - 1].encode()
    before = line[: value.col_offset].rstrip()
    after = line[value.end_col_offset :].lstrip()
    opened = before.endswith(b"(") and before[:-1].rstrip().endswith((b"=", b","))
    return opened and after.startswith(b")")


_DATA = {"fit": 2, "evaluate": 2, "predict": 1}


@argument.argument(*(f"tf.keras.Model.{name}" for name in _DATA))
def _lists(ref: Reference) -> list[Report]:
    """Plain lists of numbers where Keras 3 wants arrays."""
    call = ref.call
    if call is None or ref.keras < KERAS_3:
        return []
    values = [*call.args[: _DATA[ref.symbol.rpartition(".")[2]]],
              *(k.value for k in call.keywords if k.arg in ("x", "y"))]  # fmt: skip
    return [
        ref.report(f"np.array({short(ref, value)})", "takes no lists of numbers in Keras 3",
                   place=value, status="removed")
        for value in values if _is_numbers(value)
    ]  # fmt: skip


def _is_numbers(expr: ast.expr) -> bool:
    """Whether `expr` is a list display of numbers, or of lists of numbers."""
    if not isinstance(expr, ast.List | ast.Tuple):
        return False
    for _ in range(8):
        if not isinstance(expr, ast.List | ast.Tuple) or not expr.elts:
            break
        expr = expr.elts[0]
    else:
        return False
    return isinstance(expr, ast.Constant) and isinstance(expr.value, int | float)


_MERGING = ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract")


@argument.argument(*(_L + name for name in _MERGING), *(_L + name.lower() for name in _MERGING))
def _views(ref: Reference) -> Report | None:
    """`Concatenate()(inputs.values())`: Keras 3 takes a view of a dictionary for no tensors."""
    call = ref.call
    if call is None or ref.keras < KERAS_3:
        return None
    if ref.symbol.rpartition(".")[2][:1].isupper():
        up = ref.module.source.parent(call)
        if not isinstance(up, ast.Call) or up.func is not call:
            return None
        call = up
    value = call.args[0] if call.args else None
    if not isinstance(value, ast.Call) or value.args or not isinstance(value.func, ast.Attribute):
        return None
    if value.func.attr != "values":
        return None
    text = f"list({ref.text(value)})"
    return ref.report(text, "takes a list in Keras 3", place=value, status="removed",
                      edits=[replace(value, text, safe=True)])  # fmt: skip


_REDUCED = ("BinaryCrossentropy", "BinaryFocalCrossentropy", "CategoricalCrossentropy",
            "CategoricalFocalCrossentropy", "CategoricalHinge", "CosineSimilarity", "Hinge",
            "Huber", "KLDivergence", "LogCosh", "Loss", "MeanAbsoluteError",
            "MeanAbsolutePercentageError", "MeanSquaredError", "MeanSquaredLogarithmicError",
            "Poisson", "SparseCategoricalCrossentropy", "SquaredHinge")  # fmt: skip


@argument.argument(*(f"tf.{home}.{name}" for home in ("keras.losses", "losses")
                      for name in _REDUCED))  # fmt: skip
def _auto(ref: Reference) -> list[Report]:
    call = ref.call
    if call is None or ref.keras < KERAS_3:
        return []
    return [
        ref.report(delete(), 'takes no `reduction="auto"` in Keras 3', place=keyword,
                   status="removed",
                   edits=[drop_argument(ref.module.source, call, keyword, safe=True)])
        for keyword in call.keywords
        if keyword.arg == "reduction" and isinstance(keyword.value, ast.Constant)
        and keyword.value.value == "auto"
    ]  # fmt: skip


_NAMED = ("tf.keras.layers.", "tf.keras.Input", *MODELS, "tf.keras.optimizers.")


def _has_a_name(symbol: str) -> bool:
    return symbol.startswith(_NAMED) and not symbol.startswith(f"{_SCHEDULES}.")


@argument.otherwise("calls", -11, word="name=", about=_has_a_name)
def _slash(ref: Reference) -> Report | None:
    """A name with `/`, of which Keras 3 makes paths itself."""
    if ref.call is None or ref.keras < KERAS_3 or ref.is_method:
        return None
    for keyword in ref.call.keywords:
        name = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "name" and isinstance(name, str) and "/" in name:
            new = f"name={name.replace('/', '_')!r}"
            return ref.report(
                new, "takes no `/` in a name in Keras 3", place=keyword, status="removed",
                edits=[replace(keyword.value, repr(name.replace("/", "_")))],
            )  # fmt: skip
    return None
