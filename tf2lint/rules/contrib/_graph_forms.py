"""What functions of contrib did, written with the core: the same ops and variables in a graph.

Layers made variables named `weights` and `biases`; those of `tf.layers` are `kernel` and `bias`.
"""

from __future__ import annotations

import ast

from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference
from tf2lint.rules.contrib._arg_scope import scoped
from tf2lint.rules.contrib._table import HOLE, ROOT
from tf2lint.tensorflow import api

_V1 = "tf.compat.v1.layers."
_LAYER = (
    "activation={activation_fn|tf.nn.relu}, use_bias={biases_initializer!bias}, "
    "kernel_initializer={weights_initializer|tf.compat.v1.glorot_uniform_initializer()}, "
    "bias_initializer={biases_initializer}, kernel_regularizer={weights_regularizer}, "
    "bias_regularizer={biases_regularizer}, trainable={trainable}, name={scope}, reuse={reuse})"
)
_POOL = "({inputs}, {kernel_size}, {stride|2}, padding={padding})"
_LOSS = (
    "tf.math.divide_no_nan(tf.reduce_sum({weights} * "
    "tf.nn.sparse_softmax_cross_entropy_with_logits(labels={targets}, logits={logits})), "
    "tf.reduce_sum({weights}))"
)
_LOSS_BY_EXAMPLE = (
    "(lambda logits, targets, weights, loss: tf.add_n([loss(labels=target, logits=logit) * weight "
    "for logit, target, weight in zip(logits, targets, weights)]) / (tf.add_n(weights) + 1e-12))"
    "({logits}, {targets}, {weights}, "
    "{softmax_loss_function|tf.nn.sparse_softmax_cross_entropy_with_logits})"
)
# Each by its name in `tf.contrib.layers` and `tf.contrib.slim`, or its whole path.
_FORMS = {
    "fully_connected": _V1 + "dense({inputs}, {num_outputs}, " + _LAYER,
    "conv2d": _V1 + "conv2d({inputs}, {num_outputs}, {kernel_size}, strides={stride}, "
    "padding={padding|'same'}, dilation_rate={rate}, " + _LAYER,
    "max_pool2d": _V1 + "max_pooling2d" + _POOL,
    "avg_pool2d": _V1 + "average_pooling2d" + _POOL,
    "flatten": _V1 + "flatten({inputs})",
    "dropout": _V1 + "dropout({inputs}, rate=1 - {keep_prob|0.5}, training={is_training|True})",
    "batch_norm": _V1 + "batch_normalization({inputs}, momentum={decay|0.999}, center={center}, "
    "scale={scale|False}, epsilon={epsilon}, training={is_training|True}, "
    "trainable={trainable}, name={scope}, reuse={reuse})",
    "xavier_initializer": "tf.compat.v1.glorot_uniform_initializer(seed={seed})",
    "l1_regularizer": "lambda weights, scale={scale}: scale * tf.reduce_sum(tf.abs(weights))",
    "l2_regularizer": "lambda weights, scale={scale}: scale * tf.nn.l2_loss(weights)",
    "seq2seq.sequence_loss": _LOSS,
    "legacy_seq2seq.sequence_loss_by_example": _LOSS_BY_EXAMPLE,
    "data.batch_and_drop_remainder": "lambda dataset, size={batch_size}: "
    "dataset.batch(size, drop_remainder=True)",
    "data.padded_batch_and_drop_remainder": "lambda dataset, size={batch_size}, "
    "shapes={padded_shapes}, values={padding_values|None}: "
    "dataset.padded_batch(size, shapes, values, drop_remainder=True)",
}
_ALIASES = {"convolution2d": "conv2d", "xavier_initializer_conv2d": "xavier_initializer"}
# What changes nothing when it is left out, if it is this.
_IDLE = {"average_across_timesteps": True, "average_across_batch": True, "data_format": "NHWC",
         "uniform": True}  # fmt: skip
_NAMES = ("scope", "name")


def graph_form(ref: Reference, path: str) -> str:
    """The template of what the call `ref` of `path`, below contrib, was made of; or nothing."""
    path = api.public(f"{ROOT}.{path}")[len(ROOT) + 1 :]
    section, _, name = path.rpartition(".")
    key = _ALIASES.get(name, name) if section in ("layers", "slim") else path
    form, args, text = _FORMS.get(key, ""), ref.arguments(), ref.module.source.text
    if not form or args is None or args.open or args.unknown or args.extra:
        return ""
    if "arg_scope" in text or "model_variables" in text:
        return ""
    around = scoped(ref, path)
    if around.given or not around.whole:  # by scopes of other files
        return ""
    holes = {hole[1] for hole in HOLE.finditer(form)}
    for given, value in args.given.items():
        if given in holes:
            if not _may_stand(form, given, value):
                return ""
        elif given not in _NAMES and args.literal(given) not in (None, _IDLE.get(given)):
            return ""
    return HOLE.sub(lambda hole: _filled(args, hole[1], hole[2], hole[3]), form)


def _may_stand(form: str, name: str, value: ast.expr) -> bool:
    """Whether the argument can be put where the form has it."""
    if name == "scope":  # a scope that is an object can be no name
        return isinstance(value, ast.Constant | ast.JoinedStr | ast.BinOp)
    return form.count(f"{{{name}}}") < 2 or isinstance(value, ast.Name | ast.Attribute)


def _filled(args: Arguments, name: str, default: str | None, through: str | None) -> str:
    """A hole of a form as a template has it; a keyword without a value falls away."""
    is_none = name in args.given and args.literal(name) is None
    if through == "bias":
        return "False" if is_none else "{_}"
    if is_none:
        return "{_}"
    return f"{{{name}}}" if name in args.given or default is None else default
