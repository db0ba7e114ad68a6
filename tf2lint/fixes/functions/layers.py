"""Layers that were calls of functions: each is made once, and called; losses are plain ops.

`hidden = tf.layers.dense(x, 10)` becomes `hidden_layer = tf.layers.Dense(10)` and
`hidden = hidden_layer(x)`, which is the same graph in TF 1.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.finding import Edit
from tf2lint.fixes import edits as editing
from tf2lint.fixes.functions.apart import Site, gaps, in_two
from tf2lint.fixes.functions.model import Refused
from tf2lint.fixes.functions.names import Names
from tf2lint.fixes.functions.statements import given

_CLASSES = {
    "dense": "Dense", "conv1d": "Conv1D", "conv2d": "Conv2D", "flatten": "Flatten",
    "conv2d_transpose": "Conv2DTranspose", "max_pooling2d": "MaxPooling2D",
    "average_pooling2d": "AveragePooling2D",
}  # fmt: skip
_TOP = "tf.layers."
_COLLECTS = frozenset({"kernel_regularizer", "bias_regularizer", "activity_regularizer"})
_COLLECTED = frozenset({"get_total_loss", "get_losses", "get_regularization_losses",
                        "get_regularization_loss", "LOSSES", "REGULARIZATION_LOSSES"})  # fmt: skip
# Losses that are the mean of an op: the op, and the names of its two arguments there.
_LOSSES = {
    "tf.losses.mean_squared_error": ("math.squared_difference", ("labels", "predictions")),
    "tf.losses.softmax_cross_entropy":
        ("nn.softmax_cross_entropy_with_logits_v2", ("onehot_labels", "logits")),
    "tf.losses.sigmoid_cross_entropy":
        ("nn.sigmoid_cross_entropy_with_logits", ("multi_class_labels", "logits")),
}  # fmt: skip


def with_layers(names: Names) -> str:
    """The module's text with layers as objects and losses as ops; "" where it has none.

    Raises `Refused`.
    """
    layers, dropouts, losses = [], [], []
    for node in (n for n in ast.walk(names.source.tree) if isinstance(n, ast.Call)):
        symbol = names.symbol(node.func)
        if symbol in _LOSSES:
            losses.append((node, symbol))
        elif symbol == f"{_TOP}dropout":
            dropouts.append(node)
        elif symbol.startswith(_TOP) and symbol.removeprefix(_TOP) in _CLASSES:
            layers.append((node, _CLASSES[symbol.removeprefix(_TOP)]))
    if not layers and not dropouts and not losses:
        return ""
    if names.reuses:
        raise Refused("variables are used again by their names", names.reuses)
    found: list[Edit] = []
    sites = [_site(names, call, made) for call, made in layers]
    found += in_two(names, sites)
    for call in dropouts:
        found += _dropout(names, call)
    for call, symbol in losses:
        if any(part is not call and part in [s.call for s in sites] for part in ast.walk(call)):
            raise Refused("a loss is computed of a layer that has no name", call)
        found.append(_loss(names, call, symbol))
    return editing.apply(names.source.text, found)


def _site(names: Names, call: ast.Call, made: str) -> Site:
    keywords = {k.arg for k in call.keywords}
    if not isinstance(call.func, ast.Attribute) or None in keywords or "reuse" in keywords:
        raise Refused("a layer is made with arguments that have no other place", call)
    if keywords & _COLLECTS:
        raise Refused("a layer adds to the losses", call)
    inputs = call.args[0] if call.args else given(call).get("inputs")
    if inputs is None or isinstance(inputs, ast.Starred):
        raise Refused("a layer is made without its inputs", call)
    return Site(call, f"{names.source.segment(call.func.value)}.{made}", [inputs], bare=True)


def _dropout(names: Names, call: ast.Call) -> Iterator[Edit]:
    """`tf.layers.dropout` as the op: at rate 0 it gives what it got."""
    args = given(call, "inputs", "rate", "noise_shape", "seed", "training", "name")
    inputs = args.get("inputs")
    root = names.source.segment(call.func).removesuffix(".layers.dropout")
    if inputs is None or set(args) - {"inputs", "rate", "seed", "training", "name"}:
        raise Refused("a layer is made with arguments that have no other place", call)
    rate = names.source.one_line(args["rate"]) if "rate" in args else "0.5"
    training = args.get("training")
    if training is None or (isinstance(training, ast.Constant) and not training.value):
        op, tail = "identity", ""
    else:
        always = isinstance(training, ast.Constant)
        told = rate if always else f"{root}.where({names.source.one_line(training)}, {rate}, 0.0)"
        seed = f", seed={names.source.one_line(args['seed'])}" if "seed" in args else ""
        op, tail = "nn.dropout", f", rate={told}{seed}"
    yield editing.replace(call.func, f"{root}.{op}")
    yield from gaps(call, [inputs], tail)


def _loss(names: Names, call: ast.Call, symbol: str) -> Edit:
    op, places = _LOSSES[symbol]
    args = given(call, *places)
    args.pop("scope", None)
    if set(args) != set(places):
        raise Refused(f"{symbol} has weights, or arguments that are not in sight", call)
    if any(isinstance(n, ast.Attribute) and n.attr in _COLLECTED
           for n in ast.walk(names.source.tree)):  # fmt: skip
        raise Refused("losses are collected", call)
    root = names.source.segment(call.func).removesuffix(symbol.removeprefix("tf"))
    labels = names.source.one_line(args[places[0]])
    if not _is_float(names, args[places[0]]):
        labels = f"{root}.cast({labels}, {root}.float32)"
    other = names.source.one_line(args[places[1]])
    inner = f"{labels}, {other}"
    if places[1] == "logits":
        inner = f"labels={labels}, logits={other}"
    return editing.replace(call, f"{root}.reduce_mean({root}.{op}({inner}))")


def _is_float(names: Names, labels: ast.expr) -> bool:
    """Whether it is a placeholder of floats."""
    if not isinstance(labels, ast.Name):
        return False
    found = [
        n.value for n in ast.walk(names.source.tree)
        if isinstance(n, ast.Assign) and len(n.targets) == 1
        and isinstance(n.targets[0], ast.Name) and n.targets[0].id == labels.id
    ]  # fmt: skip
    if len(found) != 1 or not isinstance(found[0], ast.Call):
        return False
    dtype = given(found[0], "dtype").get("dtype")
    is_placeholder = names.symbol(found[0].func) == "tf.placeholder"
    return is_placeholder and dtype is not None and "float32" in ast.unparse(dtype)
