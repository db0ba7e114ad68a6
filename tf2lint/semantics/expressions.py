"""What expressions other than names, attributes, subscripts and calls may be."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from tf2lint.semantics.context import Inferring
from tf2lint.semantics.scopes import Scope
from tf2lint.semantics.values import (
    NOTHING,
    Foreign,
    Instance,
    Items,
    ListOf,
    LocalFunction,
    Text,
    Values,
    distinct,
)
from tf2lint.tensorflow import paths

_OF_PYTHON = (Foreign("builtins"),)
_TENSORS = ("tf.Tensor", "tf.Variable")


def _constant(_: Inferring, node: ast.Constant, *__: object) -> Values:
    if node.value is None:
        return (NOTHING,)
    return (Text(node.value),) if isinstance(node.value, str) else _OF_PYTHON


def _plain(*_: object) -> Values:
    return _OF_PYTHON


def _if(inference: Inferring, node: ast.IfExp, scope: Scope, seq: int, depth: int) -> Values:
    truth = inference.reachability.truth(node.test, scope, seq)
    arms = [node.body] if truth else [node.orelse] if truth is False else [node.body, node.orelse]
    return inference.every(arms, scope, seq, depth + 1)


def _either(inference: Inferring, node: ast.BoolOp, scope: Scope, seq: int, depth: int) -> Values:
    return inference.every(node.values, scope, seq, depth + 1)


def _display(_: Inferring, node: ast.Tuple | ast.List, scope: Scope, seq: int, __: int) -> Values:
    return (Items(tuple(node.elts), scope, seq),)


def _comprehension(
    inference: Inferring, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, scope: Scope,
    _: int, depth: int,
) -> Values:  # fmt: skip
    inner = inference.binder.scope_of.get(node, scope)
    return tuple(ListOf(v) for v in inference.values(node.elt, inner, inner.seq, depth + 1))


def _lambda(inference: Inferring, node: ast.Lambda, *_: object) -> Values:
    inner = inference.binder.scope_of.get(node)
    return (LocalFunction(inner, False),) if inner is not None else ()


def _unary(inference: Inferring, node: ast.UnaryOp, scope: Scope, seq: int, depth: int) -> Values:
    return _tensors(inference.values(node.operand, scope, seq, depth + 1))


def _operation(inference: Inferring, node: ast.BinOp, scope: Scope, seq: int, depth: int) -> Values:
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        right, left = left.right, left.left
    for side in (left, right):
        found = _tensors(inference.values(side, scope, seq, depth + 1))
        if found:
            return found
    return ()


def _tensors(values: Values) -> Values:
    return distinct([
        Instance(paths.path_of("tf.Tensor")) for v in values
        if isinstance(v, Instance) and paths.symbol(v.path) in _TENSORS
    ])  # fmt: skip


LEAVES: dict[type, Callable[[Inferring, Any, Scope, int, int], Values]] = {
    ast.Constant: _constant,
    ast.IfExp: _if,
    ast.BoolOp: _either,
    **dict.fromkeys((ast.Tuple, ast.List), _display),
    **dict.fromkeys((ast.ListComp, ast.GeneratorExp, ast.SetComp), _comprehension),
    ast.Lambda: _lambda,
    ast.UnaryOp: _unary,
    ast.BinOp: _operation,
    **dict.fromkeys((ast.Dict, ast.Set, ast.JoinedStr, ast.DictComp), _plain),
}
