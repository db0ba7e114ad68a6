"""Variables that were found by their names: each is made once, where it was asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.finding import Edit
from tf2lint.fixes.edits import replace
from tf2lint.fixes.functions.model import Program, Refused, Unit
from tf2lint.fixes.functions.names import Names
from tf2lint.fixes.functions.statements import given

GET = "tf.get_variable"
_SCOPE = "tf.variable_scope"
_ORDER = ("name", "shape", "dtype", "initializer", "regularizer", "trainable")
# What each initializer gives, as a call that takes the shape first; and what it takes itself.
_DRAWN = ("mean", "stddev", "seed")
_INITIALIZERS = {
    "tf.zeros_initializer": ("zeros", ()),
    "tf.ones_initializer": ("ones", ()),
    "tf.constant_initializer": ("constant", ("value",)),
    "tf.random_normal_initializer": ("random.normal", _DRAWN),
    "tf.truncated_normal_initializer": ("random.truncated_normal", _DRAWN),
    "tf.random_uniform_initializer": ("random.uniform", ("minval", "maxval", "seed")),
    "tf.glorot_uniform_initializer": ("", ()),
    "tf.contrib.layers.xavier_initializer": ("", ()),
}


def edits(program: Program, names: Names, root: str) -> Iterator[Edit]:
    """The edits for all that asks for a variable by its name. Raises `Refused`."""
    seen: set[str] = set()
    for unit in program.units:
        if unit.role != "stay":
            continue
        for node in ast.walk(unit.stmt):
            if isinstance(node, ast.Call) and names.symbol(node.func) == GET:
                if isinstance(unit.stmt, ast.FunctionDef | ast.For | ast.While):
                    raise Refused("a variable is asked for by its name, maybe again", node)
                yield replace(node, _made(node, unit, names, root, seen))
            elif isinstance(node, ast.Attribute) and node.attr == "initialized_value":
                if any(run.call.lineno < node.lineno for run in program.runs):
                    raise Refused("a first value is asked for after a run", node)
                yield replace(node, f"{names.source.segment(node.value)}.read_value")


def scopes(blocks: set[ast.With], names: Names, root: str) -> Iterator[Edit]:
    """The edits that make scopes of variables, which stay, scopes of names."""
    for block in blocks:
        call = block.items[0].context_expr
        if not isinstance(call, ast.Call) or names.symbol(call.func) != _SCOPE:
            continue
        if len(call.args) != 1 or call.keywords:
            raise Refused("a scope of variables says more than its name", block)
        yield replace(call.func, f"{root}.name_scope")


def _made(call: ast.Call, unit: Unit, names: Names, root: str, seen: set[str]) -> str:
    """The call that makes the variable."""
    args = given(call, *_ORDER)
    args.pop("use_resource", None)
    name = args.get("name")
    if name is None or set(args) - {"name", "shape", "dtype", "initializer", "trainable"}:
        raise Refused("tf.get_variable has arguments that have no other place", call)
    path = "/".join(ast.unparse(b.items[0].context_expr) for b in unit.blocks
                    if isinstance(b, ast.With))  # fmt: skip
    key = f"{path}/{ast.unparse(name)}"
    if key in seen or not isinstance(name, ast.Constant):
        raise Refused("a variable is asked for by its name, maybe again", call)
    seen.add(key)
    source = names.source
    parts = [_first(call, args, names, root)]
    parts += [f"{key}={source.one_line(args[key])}" for key in ("trainable", "name")
              if key in args]  # fmt: skip
    return f"{root}.Variable({', '.join(parts)})"


def _first(call: ast.Call, asked: dict[str, ast.expr], names: Names, root: str) -> str:
    """The value that the variable begins with."""
    source = names.source
    initializer, shape = asked.get("initializer"), asked.get("shape")
    dtype = f", dtype={source.one_line(asked['dtype'])}" if "dtype" in asked else ""
    if initializer is not None and isinstance(initializer, ast.Constant):
        initializer = None if initializer.value is None else initializer
    if shape is None:
        if initializer is None or isinstance(initializer, ast.Name | ast.Attribute):
            raise Refused("the variable's first value is not in sight", call)
        return source.one_line(initializer) + dtype
    size = source.one_line(shape)
    inner = initializer if isinstance(initializer, ast.Call) else None
    symbol = names.symbol(inner.func if inner else initializer) if initializer is not None else ""
    name, takes = _INITIALIZERS.get(symbol or "tf.glorot_uniform_initializer", ("?", ()))
    if name == "?" or (initializer is not None and not symbol):
        raise Refused("the variable's initializer is not known", call)
    args = given(inner, *takes) if inner else {}
    if set(args) - set(takes) or (inner and len(inner.args) > len(takes)):
        raise Refused("the variable's initializer is not known", call)
    if not name:
        if dtype:
            raise Refused("the variable's initializer is not known", call)
        return f"{root}.keras.initializers.GlorotUniform()({size})"
    if name == "constant":
        value = source.one_line(args["value"]) if args else "0.0"
        return f"{root}.constant({value}, shape={size}{dtype or _float(root, args)})"
    texts = "".join(f", {key}={source.one_line(value)}" for key, value in args.items())
    return f"{root}.{name}({size}{texts}{dtype})"


def _float(root: str, args: dict[str, ast.expr]) -> str:
    """A variable of TF 1 is of floats, whatever number it begins with."""
    value = args.get("value")
    is_float = isinstance(value, ast.Constant) and isinstance(value.value, float)
    return "" if is_float or value is None else f", dtype={root}.float32"
