"""What something may be that is annotated with a type."""

from __future__ import annotations

import ast

from tf2lint.semantics import limits
from tf2lint.semantics.context import Inferring
from tf2lint.semantics.plain import last_name
from tf2lint.semantics.scopes import Scope
from tf2lint.semantics.values import (
    Foreign,
    Instance,
    ListOf,
    LocalClass,
    LocalObject,
    Symbol,
    Value,
    Values,
    distinct,
)

_WRAPPERS = ("Optional", "Union", "Annotated", "Final", "ClassVar", "Type")
_SEQUENCES = ("List", "Sequence", "Iterable", "list", "Iterator", "Tuple")


def annotated(inference: Inferring, expr: ast.expr, scope: Scope, seq: int, depth: int) -> Values:
    """Instances of the types that the annotation `expr` names."""
    values: list[Value] = []
    stack: list[ast.expr] = [expr]
    steps = 0
    while stack and steps < limits.ANNOTATION:
        steps += 1
        node = stack.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            stack += _parsed(node.value)
        elif isinstance(node, ast.BinOp):
            stack += [node.right, node.left]
        elif isinstance(node, ast.Subscript):
            name = last_name(node.value)
            inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if name in _WRAPPERS:
                stack += inside[::-1]
            elif name in _SEQUENCES:
                first = (inside or [node.slice])[0]
                values += [ListOf(v) for v in _instances(inference, first, scope, seq, depth)]
        elif isinstance(node, ast.Name | ast.Attribute):
            values += _instances(inference, node, scope, seq, depth)
    return distinct(values)


def _parsed(text: str) -> list[ast.expr]:
    try:
        return [ast.parse(text.strip(), mode="eval").body]
    except (SyntaxError, ValueError):
        return []


def _instances(
    inference: Inferring, node: ast.expr, scope: Scope, seq: int, depth: int
) -> list[Value]:
    return [
        Instance(v.path) if isinstance(v, Symbol)
        else LocalObject(v.scope) if isinstance(v, LocalClass)
        else v
        for v in inference.values(node, scope, seq, depth + 1)
        if isinstance(v, Symbol | LocalClass | Foreign)
    ]  # fmt: skip
