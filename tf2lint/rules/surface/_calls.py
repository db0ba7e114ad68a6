"""Calls carried over from one signature to another; shared by the rules of the API surface.

A parameter of TF 1 goes to the parameter of the same name, or to the one that took its place:
by a symbol of its own in `MOVED`, or by the names that TensorFlow changed everywhere in
`RENAMED`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from tf2lint.check.advice import Advice, coded
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference
from tf2lint.fixes import templates
from tf2lint.rules._calls import short
from tf2lint.semantics.symbols import bases_of
from tf2lint.tensorflow import api

# Parameters that were renamed wherever they occur, if the new signature has the new name.
RENAMED: dict[str, tuple[str, ...]] = {
    "Targmax": ("output_dtype",),
    "batch_dim": ("batch_axis",),
    "block_size": ("block_shape",),
    "box_ind": ("box_indices",),
    "concat_dim": ("axis",),
    "device_name_or_function": ("device_name",),
    "dilation_rate": ("dilations",),
    "dim": ("axis",),
    "dimension": ("axis",),
    "expand_nonconcat_dim": ("expand_nonconcat_dims",),
    "filter": ("filters",),
    "fn1": ("true_fn",),
    "fn2": ("false_fn",),
    "input_tensor": ("input",),
    "keep_dims": ("keepdims",),
    "kernel": ("filters",),
    "ksizes": ("sizes",),
    "message": ("validate_message",),
    "msg": ("message",),
    "np_array": ("input_a",),
    "output_dtype": ("dtype",),
    "preferred_dtype": ("dtype_hint",),
    "rate": ("dilations",),
    "rates": ("dilations",),
    "reduction_axes": ("axis",),
    "reduction_indices": ("axis",),
    "seq_dim": ("seq_axis",),
    "source": ("input",),
    "split_dim": ("axis",),
    "squeeze_dims": ("axis",),
    "string_tensor": ("input",),
    "t": ("x", "input"),
    "targets": ("labels",),
    "tensor": ("input", "data"),
    "tf_tensor": ("input_b",),
    "thresh": ("threshold",),
    "uniform_noise": ("noise",),
    "value": ("input", "values"),
    "values": ("data",),
    "virtual_devices": ("logical_devices",),
}

# Parameters with a new name in one symbol only.
MOVED: dict[str, dict[str, str]] = {
    "tf.OptionalSpec": {"value_structure": "element_spec"},
    "tf.data.Dataset.map": {"num_threads": "num_parallel_calls"},
    "tf.distribute.InputOptions": {
        "experimental_prefetch_to_device": "experimental_fetch_to_device",
    },
    "tf.io.decode_raw": {"bytes": "input_bytes"},
    "tf.keras.Input": {"batch_input_shape": "batch_shape"},
    "tf.keras.activations.deserialize": {"name": "config"},
    "tf.keras.activations.relu": {"alpha": "negative_slope"},
    "tf.keras.layers.Input": {"batch_input_shape": "batch_shape"},
    "tf.keras.layers.InputLayer": {"input_shape": "shape"},
    "tf.keras.layers.Layer.add_loss": {"losses": "loss"},
    "tf.keras.optimizers.Optimizer.add_variable_from_reference": {
        "model_variable": "reference_variable", "variable_name": "name",
        "initial_value": "initializer",
    },
    "tf.keras.layers.Layer.compute_mask": {"mask": "previous_mask"},
    "tf.keras.layers.LeakyReLU": {"alpha": "negative_slope"},
    "tf.keras.layers.Bidirectional.call": {"inputs": "sequences"},
    "tf.keras.layers.ConvLSTM2D.call": {"inputs": "sequences"},
    "tf.keras.layers.RNN.build": {"input_shape": "sequences_shape"},
    "tf.keras.layers.RNN.call": {"inputs": "sequences"},
    "tf.keras.layers.RNN.compute_output_shape": {"input_shape": "sequences_shape"},
    "tf.keras.layers.SimpleRNNCell.call": {"inputs": "sequence"},
    "tf.keras.preprocessing.text.one_hot": {"text": "input_text"},
    "tf.keras.preprocessing.text.text_to_word_sequence": {"text": "input_text"},
    "tf.keras.regularizers.l1": {"l": "l1"},
    "tf.keras.regularizers.l2": {"l": "l2"},
    "tf.keras.utils.deserialize_keras_object": {"identifier": "config"},
    "tf.keras.utils.serialize_keras_object": {"instance": "obj"},
    "tf.keras.utils.to_categorical": {"y": "x"},
    "tf.lite.TFLiteConverter.from_saved_model": {
        "signature_key": "signature_keys", "tag_set": "tags",
    },
    "tf.nn.ctc_loss": {
        "inputs": "logits", "sequence_length": "logit_length", "time_major": "logits_time_major",
    },
    "tf.nn.batch_norm_with_global_normalization": {
        "t": "input", "m": "mean", "v": "variance",
    },
    "tf.nn.dropout": {"keep_prob": "rate"},
    "tf.split": {"num_split": "num_or_size_splits"},
}  # fmt: skip

# What the value becomes where it does not stay as it is.
VALUES: dict[tuple[str, str], str] = {
    ("initial_value", "initializer"): "lambda shape, dtype: {initial_value}",
    ("keep_prob", "rate"): "1 - {keep_prob}",
    ("signature_key", "signature_keys"): "[{signature_key}]",
    ("block_size", "block_shape"): "[{block_size}, {block_size}]",
}


class Carried(NamedTuple):
    """A call in another signature: the template, and what found no place in it."""

    template: str
    dropped: tuple[str, ...]


@lru_cache(maxsize=4096)
def _moved(symbol: str) -> Mapping[str, str]:
    """What `MOVED` says of a symbol, or of the member in a class above."""
    owner, _, name = symbol.rpartition(".")
    above = (f"{base}.{name}" for base in bases_of(owner))
    return next((MOVED[known] for known in (symbol, *above) if known in MOVED), {})


def successor(symbol: str, parameter: str, new: api.Signature) -> str:
    """The parameter of `new` that takes what `parameter` of `symbol` took; "" if none does."""
    own = _moved(symbol)
    if parameter in own:
        candidates: tuple[str, ...] = (own[parameter],)
    elif parameter in new.names:
        return parameter
    else:
        candidates = RENAMED.get(parameter, ())
    return next((c for c in candidates if c and c in new.names), "")


def value_template(parameter: str, goes_to: str) -> str:
    """The template of an argument: its hole, changed where the value has to change."""
    return VALUES.get((parameter, goes_to), f"{{{parameter}}}")


def carry(
    symbol: str,
    name: str,
    arguments: Arguments,
    new: api.Signature,
    skip: Iterable[str] = (),
    values: Mapping[str, str] | None = None,
) -> Carried:
    """The call of `symbol` written as a call of `name`, whose signature is `new`.

    `skip` are parameters to leave out; `values` maps parameters to templates of their new
    values. Positional arguments stay positional as long as their order does: one that moved
    would read as the old call again.
    """
    values = values or {}
    left = set(skip)
    sources: dict[str, str] = {}
    dropped: list[str] = []
    for parameter in arguments.given:
        goes_to = "" if parameter in left else successor(symbol, parameter, new)
        if goes_to and goes_to not in sources:
            sources[goes_to] = parameter
        elif parameter not in left:
            dropped.append(parameter)
    parts: list[str] = []
    by_keyword = _only_by_name(name)
    for place, parameter in enumerate(new.names):
        source = sources.get(parameter)
        if source is None:
            continue
        value = values.get(source) or value_template(source, parameter)
        moved = arguments.positions.get(source, -1) != place
        in_front = len(parts) == place and place < len(new.positional) and not by_keyword
        if in_front and (not moved or _only_positional(new, parameter)):
            parts.append(value)
            continue
        by_keyword = True
        parts.append(f"{parameter}={value}")
    if new.has_var_keyword:
        parts += [f"{name}={{{name}}}" for name in dropped]
        dropped = []
    return Carried(f"{name}({', '.join(parts)})", tuple(dropped))


def _only_by_name(symbol: str) -> bool:
    """Whether TF 1 refused positions there, so that they would read as those of TF 0.x."""
    signature = api.signature(symbol, "tf1", api.NEWEST)
    return signature is not None and signature.positional[:1] == ("_sentinel",)


def _only_positional(signature: api.Signature, name: str) -> bool:
    found = signature.get(name)
    return found is not None and found.kind == "pos"


def everything(arguments: Arguments) -> Arguments:
    """The arguments with the keywords that the signature lacks among the given ones."""
    if arguments.unknown:
        for keyword in arguments.unknown:
            assert keyword.arg is not None
            arguments.given[keyword.arg] = keyword.value
        arguments.unknown = []
    return arguments


def as_written(ref: Reference, name: str) -> tuple[str, ...]:
    """Forms of a call of `name` with the arguments of this one, as written; `name` at last."""
    root = ref.rooted(name)
    call = ref.call
    if call is None:
        return (root,)
    forms: dict[str, None] = {}
    for length in (templates.LONG, *templates.SHORTER):
        values = [short(ref, arg, limit=length) for arg in call.args]
        parts = list(values)
        for keyword in call.keywords:
            values.append(short(ref, keyword.value, limit=length))
            parts.append(f"{keyword.arg}={values[-1]}" if keyword.arg else f"**{values[-1]}")
        text = f"{root}({', '.join(parts)})"
        if len(text) <= templates.LONG and (not values or set(values) != {"..."}):
            forms[text] = None
    return (*forms, root)


def renamed(ref: Reference, name: str) -> Advice:
    """The same call under the name `name`, whose parameters are the same."""
    arguments = ref.arguments()
    signature = ref.signature()
    if arguments is None or signature is None:
        return coded(as_written(ref, name), name, None)
    parts = [f"{{{p}}}" for p in signature.positional if p in arguments.positions]
    rest = [p for p in signature.names if p not in arguments.positions]
    template = f"{name}({', '.join([*parts, *(f'{p}={{{p}}}' for p in rest)])})"
    return coded(as_written(ref, name), template, arguments)


@lru_cache(maxsize=512)
def has_same_parameters(old: str, new: str, target: api.Version) -> bool:
    """Whether every call of the TF 1 symbol `old` means the same as one of `new`."""
    before = api.signature(old, "tf1", target)
    after = api.signature(new, "v2", target)
    if before is None or after is None:
        return True
    if after.has_var_keyword or _only_by_name(new):
        return False
    return before.positional == after.positional[: len(before.positional)] and set(
        before.names
    ) <= set(after.names)


def constant(node: ast.expr) -> object:
    """The value of a literal; Ellipsis for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        if isinstance(inner, ast.Constant) and isinstance(inner.value, int | float):
            return -inner.value
    return node.value if isinstance(node, ast.Constant) else ...


# The methods of tf.image.resize by their numbers in TF 1.
RESIZE_METHODS = {0: '"bilinear"', 1: '"nearest"', 2: '"bicubic"', 3: '"area"'}


def changed_values(symbol: str, arguments: Arguments) -> dict[str, str]:
    """Templates of values that do not stay as they are, by parameter."""
    given, values = arguments.given, {}
    kept = given.get("keep_prob")
    if isinstance(kept, ast.BinOp) and isinstance(kept.op, ast.Sub) and constant(kept.left) == 1:
        given["keep_prob"] = kept.right
        values["keep_prob"] = "{keep_prob}"
    if "uniform_noise" in given:
        noise = constant(given["uniform_noise"])
        values["uniform_noise"] = '"uniform" if {uniform_noise} else "gaussian"'
        if isinstance(noise, bool):
            values["uniform_noise"] = '"uniform"' if noise else '"gaussian"'
    if symbol == "tf.name_scope" and "default_name" in given:
        if "name" not in given or constant(given["name"]) is None:
            given["name"] = given.pop("default_name")
        elif not isinstance(constant(given["name"]), str):
            values["name"] = "{name} or {default_name}"
    if "method" in given and symbol.startswith("tf.image."):
        number = constant(given["method"])
        if isinstance(number, int) and number in RESIZE_METHODS:
            values["method"] = RESIZE_METHODS[number]
    return values
