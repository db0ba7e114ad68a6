"""Whether an argument fits a parameter, as far as the code shows; for positional arguments.

Where TF 2 put another parameter in a place, what is passed there tells which of the two the
author had in mind: a name, a dtype, a flag, an axis.
"""

from __future__ import annotations

import ast
from enum import IntEnum

from tf2lint.check.reference import Reference
from tf2lint.semantics.values import Foreign, Instance, LocalFunction, Symbol, Value
from tf2lint.tensorflow import api, paths


class Fit(IntEnum):
    """How well an argument fits a parameter."""

    NO = 0
    MAYBE = 1
    YES = 2


class Verdict(IntEnum):
    """Which signature a call was written for."""

    NEW = 0
    OPEN = 1
    OLD = 2


_DTYPES = frozenset({
    "bfloat16", "bool", "complex128", "complex64", "double", "float16", "float32", "float64",
    "half", "int16", "int32", "int64", "int8", "qint32", "qint8", "quint8", "resource", "string",
    "uint16", "uint32", "uint64", "uint8", "variant",
})  # fmt: skip
_DTYPE_NAMES = frozenset({"dtype", "dtype_hint", "out_idx", "out_type", "output_dtype",
                          "output_type", "Tout", "T", "preferred_dtype", "type_hint"})  # fmt: skip
_AXIS_NAMES = frozenset({"axes", "axis", "batch_axis", "batch_dims", "dim", "dimension", "ranks",
                         "reduction_axes", "reduction_indices", "seq_axis"})  # fmt: skip
_SHAPE_NAMES = frozenset({"shape", "size", "sizes", "output_shape", "perm", "paddings"})
_STRINGS = frozenset({"data_format", "message", "padding"})

_REDUCTIONS = frozenset({"auto", "none", "sum", "sum_over_batch_size"})
_OF_COMPILE = frozenset({"loss_weights", "metrics", "weighted_metrics"})

# What kind of thing is passed, and what kind of parameter it is passed for.
_NAME, _BOOL, _DTYPE, _AXIS, _STRING, _NUMBER, _SHAPE, _ANY = range(8)
_OF_LITERALS: dict[type, dict[int, Fit]] = {
    str: {_NAME: Fit.YES, _STRING: Fit.YES, _ANY: Fit.MAYBE},
    bool: {_BOOL: Fit.YES, _ANY: Fit.MAYBE},
    int: {_NUMBER: Fit.YES, _AXIS: Fit.YES, _SHAPE: Fit.MAYBE, _ANY: Fit.MAYBE},
    float: {_NUMBER: Fit.YES, _ANY: Fit.MAYBE},
    list: {_AXIS: Fit.YES, _SHAPE: Fit.YES, _ANY: Fit.MAYBE},
    type: {_DTYPE: Fit.YES},  # stands for dtypes
    object: {_NUMBER: Fit.MAYBE, _AXIS: Fit.MAYBE, _SHAPE: Fit.MAYBE, _ANY: Fit.YES},  # tensors
    bytes: {_ANY: Fit.MAYBE},
}


def _wanted(parameter: api.Parameter) -> int:
    name, default = parameter.name, parameter.default
    if name == "name":
        return _NAME
    if name == "seed":
        return _NUMBER
    if name in _DTYPE_NAMES or (default or "").startswith("tf."):
        return _DTYPE
    if name in _AXIS_NAMES:
        return _AXIS
    if name in _SHAPE_NAMES:
        return _SHAPE
    if default in ("True", "False"):
        return _BOOL
    if name in _STRINGS or (default or "")[:1] in ("'", '"'):
        return _STRING
    if default is not None and default.lstrip("-")[:1].isdigit():
        return _NUMBER
    return _ANY


def _kind(ref: Reference, node: ast.expr) -> type | None:
    """A type that stands for what `node` is; None where that is not known."""
    if isinstance(node, ast.Constant):
        return type(node.value)
    if isinstance(node, ast.UnaryOp):
        return _kind(ref, node.operand) if isinstance(node.operand, ast.Constant) else None
    if isinstance(node, ast.List | ast.Tuple | ast.ListComp):
        return list
    if _is_text(node):
        return str
    kinds = (_kind_of_value(value, node) for value in ref.values(node))
    return next((kind for kind in kinds if kind is not None), None)


def _is_text(node: ast.expr) -> bool:
    """Whether `node` is made of a string: `f"..."`, `"..." + x`, `"...".format(x)`."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        parts = [node.func.value]
    return isinstance(node, ast.JoinedStr) or any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) for part in parts
    )


def _kind_of_value(value: Value, node: ast.expr) -> type | None:
    if isinstance(value, Symbol):
        return type if paths.symbol(value.path).rpartition(".")[2] in _DTYPES else None
    if isinstance(value, Foreign):
        name = node.attr.rstrip("_") if isinstance(node, ast.Attribute) else ""
        return type if paths.under(value.origin, "numpy") and name in _DTYPES else None
    known = isinstance(value, Instance) and paths.symbol(value.path) == "tf.Tensor"
    return object if known else None


def fit(ref: Reference, node: ast.expr, parameter: api.Parameter | None) -> Fit:
    """How well `node` fits `parameter`; None is a place that does not exist."""
    if parameter is None:
        return Fit.NO
    wanted = _wanted(parameter)
    if isinstance(node, ast.Constant) and node.value is None:
        return Fit.MAYBE
    if parameter.name in _OF_COMPILE:
        return _of_compile(ref, node, parameter)
    kind = _kind(ref, node)
    if kind is None:
        return _by_name(node, parameter, wanted)
    if wanted == _NAME and isinstance(node, ast.Constant) and node.value in _REDUCTIONS:
        return Fit.MAYBE
    if kind is str and wanted == _DTYPE and isinstance(node, ast.Constant):
        return Fit.YES if node.value in _DTYPES else Fit.NO
    if kind is str and wanted == _STRING and isinstance(node, ast.Constant):
        choice = (parameter.default or "").strip("'\"")  # 'SAME', 'BYTE': one of a few words
        return Fit.NO if choice.isupper() and not str(node.value).isupper() else Fit.YES
    if kind is int and wanted == _BOOL and isinstance(node, ast.Constant):
        return Fit.MAYBE if node.value in (0, 1) else Fit.NO
    return _OF_LITERALS.get(kind, {_ANY: Fit.MAYBE}).get(wanted, Fit.NO)


def _of_compile(ref: Reference, node: ast.expr, parameter: api.Parameter) -> Fit:
    """Metrics are names, functions and objects; weights are numbers."""
    parts = node.values if isinstance(node, ast.Dict) else getattr(node, "elts", [node])
    flat = [inner for part in parts for inner in getattr(part, "elts", [part])]
    kinds = {_of_metric(ref, part) for part in flat}
    if None in kinds or not kinds:
        return _by_name(node, parameter, _ANY) if flat == [node] else Fit.MAYBE
    return Fit.YES if kinds == {parameter.name != "loss_weights"} else Fit.NO


def _of_metric(ref: Reference, node: ast.expr) -> bool | None:
    """Whether this is a metric; False if it is a number, None if that is not known."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) if node.value is not None else None
    values = ref.values(node)
    known = any(isinstance(v, Symbol | Instance) and ".keras." in v.path for v in values)
    return True if known or any(isinstance(v, LocalFunction) for v in values) else None


def _by_name(node: ast.expr, parameter: api.Parameter, wanted: int) -> Fit:
    """What the name of a variable says."""
    last = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    if not isinstance(last, str) or not last:
        return Fit.MAYBE
    if last == parameter.name:
        return Fit.YES
    if last.endswith("dtype"):
        return Fit.YES if wanted == _DTYPE else Fit.MAYBE if wanted == _ANY else Fit.NO
    if last == "name" or last.endswith(("_name", "scope")):
        return Fit.YES if wanted == _NAME else Fit.MAYBE
    if last in ("axis", "axes"):
        return Fit.YES if wanted == _AXIS else Fit.MAYBE
    return Fit.MAYBE


def judge(
    ref: Reference,
    arguments: list[tuple[ast.expr, api.Parameter, api.Parameter | None]],
) -> Verdict:
    """Which signature a call was written for, by its arguments that changed their meaning.

    Each comes with the parameter that it fills in the old signature and in the new one.
    """
    old = [fit(ref, node, before) for node, before, _ in arguments]
    new = [fit(ref, node, after) for node, _, after in arguments]
    if Fit.NO in old:
        return Verdict.NEW
    if Fit.NO in new:
        return Verdict.OLD
    if sum(old) != sum(new):
        return Verdict.OLD if sum(old) > sum(new) else Verdict.NEW
    return Verdict.OPEN
