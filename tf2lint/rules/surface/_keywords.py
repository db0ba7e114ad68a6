"""Which keywords a call of TF 1 code may not pass any more, by the tables and by Keras 3.

A signature with `**kwargs` says nothing about the keywords that it refuses; Keras 3 refuses
most. What stands here was asked of Keras 3.15.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from tf2lint.semantics.symbols import bases_of
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3

LAYER = "tf.keras.layers.Layer"
_MODEL = "tf.keras.Model"

# Keywords that every layer of Keras 2 took through `**kwargs` and no layer of Keras 3 does.
_OF_LAYERS = frozenset({"batch_input_shape", "batch_size", "dynamic", "input_dtype", "weights"})
# Keywords that every layer still takes.
_STILL = frozenset({"activity_regularizer", "autocast", "dtype", "input_dim", "input_shape", "name",
                    "trainable"})  # fmt: skip
# Old keywords that these layers still take: for themselves, or for what they hand them on to.
_TAKEN: dict[str, set[str] | frozenset[str]] = {
    "tf.keras.layers.Bidirectional": {"weights"},
    "tf.keras.layers.GRU": {"implementation"},
    "tf.keras.layers.GRUCell": {"implementation"},
    "tf.keras.layers.HashedCrossing": _OF_LAYERS,
    "tf.keras.layers.InputLayer": {"batch_input_shape", "input_shape"},
    "tf.keras.layers.LSTM": {"implementation"},
    "tf.keras.layers.LSTMCell": {"implementation"},
    "tf.keras.layers.LeakyReLU": {"alpha"},
    "tf.keras.metrics.MeanMetricWrapper": _OF_LAYERS,
}
# Keywords of functions with `**kwargs` that look at what is in them.
_LOADING = frozenset({"max_queue_size", "use_multiprocessing", "workers"})
_SAVING = frozenset({"options", "save_traces", "signatures"})
_CHECKED = {
    "tf.keras.Model.evaluate": _LOADING,
    "tf.keras.Model.save": _SAVING,
    "tf.keras.models.save_model": _SAVING,
}
# Keywords that older signatures took without naming them.
_UNNAMED = {
    "tf.keras.Model.compile": frozenset({"experimental_run_tf_function"}),
    **{
        f"tf.keras.layers.{name}": frozenset({"time_major"})
        for name in ("ConvLSTM2D", "GRU", "LSTM", "RNN", "StackedRNNCells")
    },
    "tf.keras.layers.SimpleRNN": frozenset({"implementation", "time_major"}),
    "tf.keras.layers.SimpleRNNCell": frozenset({"implementation"}),
}
# Names of earlier releases that 1.15 no longer took.
_OLDER = {
    "tf.data.Dataset.map": frozenset({"num_threads", "output_buffer_size"}),
    "tf.concat": frozenset({"concat_dim"}),
    "tf.split": frozenset({"num_split", "split_dim"}),
    "tf.stack": frozenset({"concat_dim"}),
}

_T = TypeVar("_T")


def _entry(table: Mapping[str, _T], symbol: str, otherwise: _T) -> _T:
    """What `table` says of a symbol; of a member, what it says of the classes above, too."""
    if symbol in table:
        return table[symbol]
    owner, _, name = symbol.rpartition(".")
    for base in bases_of(owner):
        if f"{base}.{name}" in table:
            return table[f"{base}.{name}"]
    return otherwise


# Constructors that programs do not call with positional arguments.
INTERNAL = frozenset({
    "tf.OptionalSpec", "tf.RaggedTensor", "tf.Tensor", "tf.data.Dataset", "tf.data.Iterator",
    "tf.data.experimental.OptionalStructure", "tf.distribute.DistributedValues",
    "tf.experimental.numpy.ndarray", "tf.Operation", "tf.IndexedSlices",
})  # fmt: skip


class Signatures(NamedTuple):
    """A symbol's signatures: in TF 1.15 and in the target, as tf.X and as compat.v1.X.

    What TF 1.15 has not, and Keras 3 has another way, is `before` as the last Keras 2 had it.
    """

    before: api.Signature | None
    after: api.Signature
    compat: api.Signature | None
    keras_2: api.Signature | None = None  # where the target has Keras 3


@lru_cache(maxsize=4096)
def signatures(symbol: str, target: api.Version) -> Signatures | None:
    """The signatures of `symbol`; None where the target's is not known."""
    symbol = symbol.removesuffix(".__init__")
    after = _signature(symbol, "v2", target)
    if after is None:
        return None
    before, keras_2 = _signature(symbol, "tf1", target), None
    if api.keras_of(target) >= KERAS_3 and symbol.startswith("tf.keras."):
        keras_2 = _signature(symbol, "v2", api.KERAS_2)
    return Signatures(before or keras_2, after, _signature(symbol, "v1", target), keras_2)


def _signature(symbol: str, namespace: str, target: api.Version) -> api.Signature | None:
    found = api.signature(symbol, namespace, target)
    if found is None:
        owner, _, name = symbol.rpartition(".")
        for base in bases_of(owner):
            found = api.signature(f"{base}.{name}", namespace, target)
            if found is not None:
                break
    return found


@lru_cache(maxsize=4096)
def refused(symbol: str, target: api.Version) -> frozenset[str]:
    """Keywords that TF 1 or an earlier TF 2 took and the target does not."""
    symbol = symbol.removesuffix(".__init__")
    found = signatures(symbol, target)
    if found is None:
        return frozenset()
    known = set(found.before.names) if found.before is not None else set()
    known |= _entry(_OLDER, symbol, frozenset())
    for release in api.RELEASES:
        if release < api.keras_of(target):
            earlier = _signature(symbol, "v2", release)
            if earlier is not None:
                known.update(earlier.names)
    known = {name for name in known if not name.startswith("_")}
    if not found.after.has_var_keyword:
        if api.keras_of(target) >= KERAS_3:
            known |= _entry(_UNNAMED, symbol, frozenset())
        return frozenset(name for name in known if not found.after.accepts(name))
    if api.keras_of(target) < KERAS_3:
        return frozenset()
    checked = _entry(_CHECKED, symbol, frozenset())
    if checked:
        return checked - set(found.after.names)
    bases = bases_of(symbol)
    if _MODEL in (symbol, *bases):
        return frozenset({"dynamic"})
    if LAYER not in (symbol, *bases):
        return frozenset()
    known |= _OF_LAYERS | _UNNAMED.get(symbol, frozenset())
    return frozenset(known - _STILL - _TAKEN.get(symbol, set()) - set(found.after.names))


# What lost its default, with the value to pass.
REQUIRED: dict[str, dict[str, str]] = {
    "tf.distribute.Strategy.reduce": {"axis": "None"},
    "tf.distribute.experimental.ParameterServerStrategy": {"cluster_resolver": "resolver"},
    "tf.image.draw_bounding_boxes": {"colors": "None"},
    "tf.nn.dilation2d": {"data_format": '"NHWC"'},
    "tf.nn.erosion2d": {"data_format": '"NHWC"'},
    **{
        f"tf.keras.layers.{name}{rank}D": {"pool_size": size}
        for name in ("AveragePooling", "AvgPool")
        for rank, size in ((1, "2"), (2, "(2, 2)"), (3, "(2, 2, 2)"))
    },
}


def required(symbol: str) -> dict[str, str]:
    """Parameters of `symbol` that lost their defaults, with what to pass for them."""
    return _entry(REQUIRED, symbol, {})


# Methods whose arguments some TF 2 refuses; other class members are not looked at.
METHODS = (
    "adapt", "add_loss", "add_weight", "apply_gradients", "assertShapeEqual", "batch_reduce",
    "batch_reduce_to", "build", "call", "compile", "compute_mask", "compute_output_shape",
    "evaluate", "fit", "from_saved_model", "get_initial_state", "get_next", "map", "predict",
    "reduce", "reduce_to", "reset_states", "save", "save_weights", "test_on_batch",
    "train_on_batch", "write",
)  # fmt: skip
