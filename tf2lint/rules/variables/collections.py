"""TF2: collections of variables and other things, and the ops that initialize variables."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import Matched
from tf2lint.finding import Example
from tf2lint.rules.variables import family
from tf2lint.semantics.values import Symbol, Text
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.groups import (
    INITIALIZE_GLOBALS,
    INITIALIZE_LOCALS,
    INITIALIZE_SOME,
    INITIALIZE_TABLES,
)

# --- TF203 -----------------------------------------------------------------------------------

variable_collection = family.rule(
    "TF203",
    "variable-collection",
    "W",
    summary="there is no list of all variables in TF 2: ask the model or module that owns them",
    page="""\
`tf.trainable_variables()` and its like read collections of the graph. TF 2 keeps no such lists:
ask the object that owns the variables, `model.trainable_variables`, `module.variables`,
`metric.variables`. A scope argument that picked some of them becomes the submodel itself,
`model.encoder.trainable_variables`; names are no longer unique and no good for sorting.

**Silent:** `tf.compat.v1.trainable_variables()` gives an empty list under eager execution, and
gradients by it are empty, too. The same holds for
`tf.train.ExponentialMovingAverage.apply()` and `variables_to_restore()` without arguments: they
take what the collections hold, which is nothing. Keras 3 weights are no `tf.Variable`, so that
`tf.Module.trainable_variables` passes over those of Keras layers that the module holds.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def gradients(tape, loss):
    return tape.gradient(loss, «tf.trainable_variables»())
""",
            good="""\
import tensorflow as tf

def gradients(tape, loss, model):
    return tape.gradient(loss, model.trainable_variables)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

average = tf.train.ExponentialMovingAverage(0.99)
«average.apply»()
""",
            good="""\
import tensorflow as tf

average = tf.train.ExponentialMovingAverage(0.99)

def update(model):
    average.apply(model.trainable_variables)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/tf1_vs_tf2"],
)

_LISTS = {
    "tf.global_variables": "`model.variables`, or a module's",
    "tf.all_variables": "`model.variables`, or a module's",
    "tf.model_variables": "model.variables",
    "tf.local_variables": "`metric.variables`, or a list of your own",
    "tf.trainable_variables": "`model.trainable_variables`, or a module's",
    "tf.moving_average_variables": "`average(variable)` of the `ExponentialMovingAverage` you keep",
}


@variable_collection.on(*_LISTS)
def _variable_collection(ref: Reference) -> Report:
    what = "gives an empty list under eager execution" if ref.status == "compat" else ""
    args = ref.arguments()
    use = _LISTS[ref.symbol]
    if args is not None and "scope" in args.given and args.literal("scope") is not None:
        kind = "trainable_variables" if "trainable" in ref.symbol else "variables"
        use = f"`{kind}` of the module that the scope stands for"
    return ref.report(use, what)


@variable_collection.on(
    "tf.train.ExponentialMovingAverage.apply",
    "tf.train.ExponentialMovingAverage.variables_to_restore",
)
def _moving_average(ref: Reference) -> Report | None:
    args = ref.arguments()
    if not ref.is_method or args is None or args.open or ref.route == "v1":
        return None
    given = args.given.get("var_list", args.given.get("moving_avg_variables"))
    if given is not None and not (isinstance(given, ast.Constant) and given.value is None):
        return None
    return ref.report(
        f"{ref.spelling}(model.trainable_variables)",
        "finds no variables by itself under eager execution", status="changed",
    )  # fmt: skip


# --- TF204 -----------------------------------------------------------------------------------

graph_collection = family.rule(
    "TF204",
    "graph-collection",
    "W",
    speaks_for=[("TF204", "tf.GraphKeys.")],
    summary="graph collections have no TF 2 form: keep your own lists, or ask the model",
    page="""\
Collections were lists that hung on the graph under a key. TF 2 code has no graph to hang them
on; what they held is found elsewhere:

| key | in TF 2 |
|---|---|
| `UPDATE_OPS` | nothing: a Keras layer updates itself when called with `training=True` |
| `REGULARIZATION_LOSSES` | `model.losses`, which `fit()` adds by itself |
| `LOSSES` | a Python list, or `model.losses` after `self.add_loss` |
| `GLOBAL_VARIABLES`, `MODEL_VARIABLES` | `model.variables` |
| `TRAINABLE_VARIABLES` | `model.trainable_variables` |
| `LOCAL_VARIABLES`, `METRIC_VARIABLES` | `metric.variables` |
| `SUMMARIES` | nothing: `tf.summary` writes at once |
| `SAVEABLE_OBJECTS` | attributes of a `tf.train.Checkpoint` |
| keys of your own | a list that your own object holds, emptied every step |

The usual `with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):` can be
deleted as a whole.

**Silent:** eager code has one default graph, and `tf.compat.v1.get_collection` finds in it what
`add_to_collection` put there in every step, none of it ever let go; the regularizers of
`tf.compat.v1.get_variable` add to it, too. Variables, losses and updates are not there: they are
just missing from the sum.

A key that is passed to one of the reported functions is reported with it, once.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

updates = «tf.get_collection»("update_ops")
""",
            good="""\
import tensorflow as tf

outputs = tf.keras.layers.BatchNormalization()(tf.ones([4, 2]), training=True)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def remember(loss):
    «tf.add_to_collection»("losses", loss)
""",
            good="""\
import tensorflow as tf

losses = []

def remember(loss):
    losses.append(loss)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

KEYS = [«tf.GraphKeys.REGULARIZATION_LOSSES»]
""",
            good="""\
import tensorflow as tf

def penalty(model):
    return tf.add_n(model.losses)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/tf1_vs_tf2"],
)

_UPDATES = delete("it: layers update when called with `training=True`")
_INITIALIZED = delete("it: they are initialized as they are made")
_WRITTEN = delete("it: `tf.summary` functions write at once")
_KEYS: dict[str, Advice | str] = {
    "UPDATE_OPS": _UPDATES,
    "REGULARIZATION_LOSSES": "model.losses",
    "LOSSES": "a list of your own, or `model.losses`",
    "VARIABLES": "model.variables",
    "GLOBAL_VARIABLES": "model.variables",
    "MODEL_VARIABLES": "model.variables",
    "LOCAL_VARIABLES": "metric.variables",
    "METRIC_VARIABLES": "metric.variables",
    "TRAINABLE_VARIABLES": "model.trainable_variables",
    "TRAINABLE_RESOURCE_VARIABLES": "model.trainable_variables",
    "MOVING_AVERAGE_VARIABLES": "`average(variable)` of the `ExponentialMovingAverage` you keep",
    "GLOBAL_STEP": "optimizer.iterations",
    "SUMMARIES": _WRITTEN,
    "SUMMARY_OP": _WRITTEN,
    "SAVERS": "a `tf.train.Checkpoint` that you keep",
    "SAVEABLE_OBJECTS": "attributes of a `tf.train.Checkpoint`",
    "QUEUE_RUNNERS": "tf.data.Dataset",
    "TRAIN_OP": "the training step as a function",
    "INIT_OP": _INITIALIZED,
    "LOCAL_INIT_OP": _INITIALIZED,
    "READY_OP": _INITIALIZED,
    "READY_FOR_LOCAL_INIT_OP": _INITIALIZED,
    "TABLE_INITIALIZERS": _INITIALIZED,
}
# What the constants are where they differ from their names in lower case.
_STRINGS = {"variables": "GLOBAL_VARIABLES", "table_initializer": "TABLE_INITIALIZERS"}
_GRAPH = ("get_collection", "get_collection_ref", "add_to_collection", "add_to_collections",
          "clear_collection", "get_all_collection_keys", "collections")  # fmt: skip
_FUNCTIONS = ("tf.get_collection", "tf.get_collection_ref", "tf.add_to_collection",
              "tf.add_to_collections")  # fmt: skip
_ANY = "a list of your own"


@graph_collection.on(*_FUNCTIONS)
def _graph_collection(ref: Reference) -> Report:
    return ref.report(_instead(ref), _held(ref) if ref.status == "compat" else "")


def _held(ref: Reference) -> str:
    """What eager code finds in the collections of the default graph, which is never left."""
    name = ref.symbol.rpartition(".")[2]
    if name == "clear_collection":
        return ""
    if name.startswith("add"):
        return "keeps what every call adds in eager code"
    key = _key(ref, _named(ref.call))[0]
    if key.endswith("VARIABLES") or key in ("LOSSES", "UPDATE_OPS"):
        return "finds nothing of TensorFlow's own in eager code"
    return "finds what every call added in eager code"


@graph_collection.on(*(f"tf.Graph.{name}" for name in _GRAPH))
def _graph_method(ref: Reference) -> Report | None:
    if not ref.is_method or (ref.status == "same" and ref.route == "v1"):
        return None
    return ref.report(_instead(ref), _held(ref), status="changed")


@graph_collection.method("get_collection_ref", of="tf.Graph")
def _unknown_collection(ref: Reference) -> Report | None:
    if ref.call is None or len(ref.call.args) > 1:
        return None
    return ref.report(_instead(ref), "has no TF 2 form")


def _instead(ref: Reference) -> Advice | str:
    """What to write for the key that the call names."""
    call = ref.call
    if call is None:
        return _ANY
    name, text = _key(ref, _named(call))
    adds = ref.symbol.rpartition(".")[2].startswith("add")
    if adds and name in ("REGULARIZATION_LOSSES", "LOSSES"):
        return "`self.add_loss(loss)` of a Keras layer, or a list of your own"
    if adds and name.endswith("VARIABLES"):
        return "an attribute of the model or module, which lists its variables itself"
    if name:
        return ref.advise(_KEYS.get(name, _ANY))
    if adds and text.isidentifier() and len(call.args) == 2:
        value = ref.text(call.args[1])
        code = f"{text}.append({value if len(value) <= 50 else 'value'})"
        return use(f"`{code}` on a list of your own").settling("name", "names")
    return f"{_ANY} for `{text!r}`" if text and not adds else _ANY


def _named(call: ast.Call | None) -> ast.expr | None:
    """The key that the call names."""
    if call is None:
        return None
    if call.args and not isinstance(call.args[0], ast.Starred):
        return call.args[0]
    return next((k.value for k in call.keywords if k.arg in ("key", "name", "names")), None)


def _key(ref: Reference, key: ast.expr | None) -> tuple[str, str]:
    """The constant of GraphKeys that `key` is ("" if none), and its text if it is a string."""
    if key is None:
        return "", ""
    for value in ref.values(key):
        if isinstance(value, Symbol):
            name = paths.symbol(value.path)
            if name.startswith("tf.GraphKeys."):
                return name.rpartition(".")[2], ""
        elif isinstance(value, Text):
            name = _STRINGS.get(value.text, value.text.upper())
            return (name, value.text) if name in _KEYS else ("", value.text)
    return "", ""


@graph_collection.under("tf.GraphKeys")
def _graph_keys(ref: Reference) -> Matched:
    name = ref.symbol.removeprefix("tf.GraphKeys").lstrip(".")
    return ref.report(ref.advise(_KEYS.get(name, _ANY)))


# --- TF205 -----------------------------------------------------------------------------------

initializer_op = family.rule(
    "TF205",
    "variable-initializer-op",
    "W",
    summary="ops that initialize variables or ask whether they are: delete them",
    page="""\
A TF 2 variable has its value from the moment it is made, and a lookup table its entries, so
there is nothing to initialize and nothing to ask. Delete the call with the `sess.run` around it.
Where it was there to start over, assign: `variable.assign(first_value)`; local variables were
mostly the state of metrics, `metric.reset_state()` clears those.

Through `tf.compat.v1` these functions give `None` (or an empty tensor) under eager execution,
which `sess.run` then refuses.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

init = «tf.global_variables_initializer»()
""",
            good="""\
import tensorflow as tf

w = tf.Variable(tf.zeros([3]))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

w = tf.Variable(0.0)
reset = «tf.variables_initializer»([w])
""",
            good="""\
import tensorflow as tf

w = tf.Variable(0.0)

def reset():
    w.assign(0.0)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/tf1_vs_tf2"],
    in_patterns=True,
)

_MADE = delete("it: variables have their values when made")
_RESET = delete("it", "`metric.reset_state()` clears a metric")
_RESETS = delete("it", "`metric.reset_states()` clears a metric")
_AGAIN = delete("it", "`variable.assign(value)` starts over")
_TABLES = delete("it: a lookup table is filled as it is made")
_SURE = delete("it: every variable has a value")
_OPS = {
    **dict.fromkeys(INITIALIZE_GLOBALS, _MADE),
    **dict.fromkeys(INITIALIZE_LOCALS, _RESET),
    **dict.fromkeys(INITIALIZE_SOME, _AGAIN),
    **dict.fromkeys(INITIALIZE_TABLES, _TABLES),
    "tf.report_uninitialized_variables": _SURE,
    "tf.is_variable_initialized": _SURE,
    "tf.assert_variables_initialized": _SURE,
}
_RESET_STATE = (2, 5)  # before, metrics had reset_states()


@initializer_op.on(*_OPS)
def _initializer_op(ref: Reference) -> Report:
    advice = _OPS[ref.symbol]
    if advice is _RESET and ref.target < _RESET_STATE:
        advice = _RESETS
    what = ""
    if ref.status == "compat" and advice is not _SURE:
        what = "gives `None` under eager execution"
    return ref.report(advice, what)
