"""Layers with weights in a graph that runs through compat.v1 beside Keras 3.

compat.v1's functions of `tf.layers` need Keras 2. In such a graph a layer of Keras 3, made where
the function was called, has the same variables in the same collections; where no name is given,
it may make up another one.
"""

from __future__ import annotations

import ast

from tf2lint.check.arguments import Arguments
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference
from tf2lint.finding import Edit
from tf2lint.fixes.edits import of_template
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.groups import OPENS_SESSION

_KIND = "Keras layer in a graph: "
_FUNCTIONS = frozenset(
    f"tf.layers.{name}" for name in ("dense", "conv1d", "conv2d", "conv3d", "dropout")
)
# What a Keras layer does otherwise in a graph: collections, other scopes, other types.
_OTHERWISE = frozenset({
    "kernel_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint",
    "bias_constraint", "reuse", "noise_shape", "seed",
})  # fmt: skip
_SCOPES = ("tf.variable_scope", "tf.variable_op_scope")
_SHARING = frozenset({"tf.make_template", "tf.AUTO_REUSE", "tf.get_variable_scope",
                      "tf.VariableScope"})  # fmt: skip
# What says of which type a tensor is, or has it of what it is given.
_TYPED = frozenset({"tf.placeholder", "tf.placeholder_with_default", "tf.cast", "tf.constant",
                    "tf.convert_to_tensor"})  # fmt: skip
_GIVEN = ("input", "value")
_GRAPHS = frozenset({"tf.Graph", "tf.reset_default_graph"})
_NAMES = frozenset({"name_or_scope", "default_name", "values"})


def in_graph(ref: Reference, template: str) -> tuple[str, tuple[Edit, ...]]:
    """The kind and the edits that make a Keras layer of a function's call, if it is one of those.

    Only in a program, a module that opens a session, and only if all is a layer that can be one.
    """
    args = ref.arguments()
    if ref.symbol not in _FUNCTIONS or args is None or not ref.module.fact(_may):
        return "", ()
    if args.open or args.unknown or args.extra or "inputs" not in args.given:
        return "", ()
    trained = "trainable" not in args.given or args.literal("trainable") is True
    if not trained or _OTHERWISE.intersection(args.given):
        return "", ()
    if "tf.keras.layers." in template and not ref.module.fact(_is_float32):
        if not isinstance(args.given["inputs"], ast.Name):
            return "", ()
        template = template.replace(")({inputs}", ", dtype={inputs}.dtype)({inputs}")
    return _KIND + ref.symbol, of_template(template, ref, args)


def _is_float32(module: Module) -> bool:
    """Whether no tensor can be of another type, which a Keras layer would make float32.

    Types that are no names of TensorFlow, and arrays of NumPy, are float64 as often as not.
    """
    if any(word in module.source.text for word in ("float64", "float16", "double", "half")):
        return False
    for use in module.uses:
        ref = Reference(module, use.site, use.site.node, use.path, "")
        args = ref.arguments() if ref.symbol in _TYPED else None
        if paths.under(ref.symbol, "tf.data") or ref.symbol == "tf.py_func":
            return False
        if args is not None and not _is_told(ref, args):
            return False
    return True


def _is_told(ref: Reference, args: Arguments) -> bool:
    """Whether the type of a tensor stands in the call, by a name of TensorFlow or literals."""
    dtype = args.given.get("dtype")
    if dtype is not None:
        return any(isinstance(value, Symbol) for value in ref.values(dtype))
    data = next((args.given[name] for name in _GIVEN if name in args.given), None)
    return data is not None and not any(isinstance(node, ast.Name) for node in ast.walk(data))


def _may(module: Module) -> bool:
    """Whether nothing in the module shares variables, or needs Keras 2 for something else."""
    if module.options.keras == 2 or module.target < api.KERAS_3 or "reuse" in module.source.text:
        return False  # `scope.reuse_variables()` may be meant for what a layer makes
    symbols = {Reference(module, u.site, u.site.node, u.path, "").symbol for u in module.uses}
    if "tf.train.Saver" in symbols and not _GRAPHS.isdisjoint(symbols):
        return False  # a second graph gets other names, and its variables are not found in a file
    opens = False
    for use in module.uses:
        ref = Reference(module, use.site, use.site.node, use.path, "")
        opens = opens or ref.symbol in OPENS_SESSION
        through = ref.symbol.replace("tf.", "tf.compat.v1.", 1)
        if ref.symbol in _SHARING or (
            api.needs_keras_2(through, module.target) and ref.symbol not in _FUNCTIONS
        ):
            return False
        call = ref.call
        if ref.symbol in _SCOPES and (
            call is None or len(call.args) > 2 or any(k.arg not in _NAMES for k in call.keywords)
        ):
            return False
    return opens
