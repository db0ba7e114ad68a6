"""What operators, and the plain expressions beside them, come to."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, Protocol, cast

from tf2lint.semantics.plain import CONVERSIONS, Cannot, calculated, compared, last_name
from tf2lint.semantics.scopes import Scope


class Evaluating(Protocol):
    """Who works out the parts. All raise `Cannot`."""

    def value(self, expr: ast.expr, scope: Scope, seq: int) -> object:
        """What `expr` comes to, read in `scope` at `seq`."""

    def has(self, owner: ast.expr, attr: object, scope: Scope, seq: int) -> bool:
        """Whether what `owner` means has the attribute under the target."""

    def is_version(self, value: object) -> bool:
        """Whether the value is a version that the target decides."""

    def is_asked(self, arg: ast.expr, scope: Scope, seq: int) -> bool:
        """Whether what cannot be followed asks for TensorFlow's version."""


def _constant(_: Evaluating, expr: ast.Constant, *__: object) -> object:
    return expr.value


def _sequence(ask: Evaluating, expr: ast.Tuple | ast.List, scope: Scope, seq: int) -> object:
    items = [ask.value(item, scope, seq) for item in expr.elts[:16]]
    return items if isinstance(expr, ast.List) else tuple(items)


def _if(ask: Evaluating, expr: ast.IfExp, scope: Scope, seq: int) -> object:
    chosen = expr.body if ask.value(expr.test, scope, seq) else expr.orelse
    return ask.value(chosen, scope, seq)


def _named(ask: Evaluating, expr: ast.NamedExpr, scope: Scope, seq: int) -> object:
    return ask.value(expr.value, scope, seq)


def _unary(ask: Evaluating, expr: ast.UnaryOp, scope: Scope, seq: int) -> object:
    if isinstance(expr.op, ast.Not):
        return not ask.value(expr.operand, scope, seq)
    raise Cannot(False)


def _boolean(ask: Evaluating, expr: ast.BoolOp, scope: Scope, seq: int) -> object:
    stop = isinstance(expr.op, ast.Or)
    version = False
    unknown = False
    value: object = not stop
    for one in expr.values:
        try:
            value = ask.value(one, scope, seq)
            if bool(value) is stop:
                return value
        except Cannot as cannot:
            unknown = True
            version = version or cannot.version
    if unknown:
        raise Cannot(version)
    return value


def _compare(ask: Evaluating, expr: ast.Compare, scope: Scope, seq: int) -> object:
    left = ask.value(expr.left, scope, seq)
    for op, right_expr in zip(expr.ops, expr.comparators, strict=True):
        listed = _listed(right_expr) if isinstance(op, ast.In | ast.NotIn) else None
        try:
            if listed is not None:
                has = ask.has(listed, left, scope, seq)
                result: object = has is isinstance(op, ast.In)
            else:
                right = ask.value(right_expr, scope, seq)
                result = compared(op, left, right)
        except (Cannot, KeyError, TypeError, ValueError) as error:
            raise Cannot(ask.is_version(left)) from error
        if not result:
            return False
        left = right if listed is None else None
    return True


def _subscript(ask: Evaluating, expr: ast.Subscript, scope: Scope, seq: int) -> object:
    base = ask.value(expr.value, scope, seq)
    if not isinstance(base, str | tuple | list):
        raise Cannot(False)
    place = (scope, seq)
    try:
        if isinstance(expr.slice, ast.Slice):
            lower, upper, step = (
                None if part is None else operator.index(cast("Any", ask.value(part, *place)))
                for part in (expr.slice.lower, expr.slice.upper, expr.slice.step)
            )
            return base[lower:upper:step]
        return base[operator.index(cast("Any", ask.value(expr.slice, *place)))]
    except (TypeError, IndexError, ValueError) as error:
        raise Cannot(True) from error


def _comprehension(
    ask: Evaluating, expr: ast.ListComp | ast.GeneratorExp, scope: Scope, seq: int
) -> object:
    """`[int(n) for n in tf.__version__.split(".")]`, whatever the element says."""
    generator = expr.generators[0]
    elt = expr.elt
    if (
        len(expr.generators) == 1
        and not generator.ifs
        and isinstance(elt, ast.Call)
        and isinstance(elt.func, ast.Name)
        and elt.func.id in ("int", "str")
        and len(elt.args) == 1
        and isinstance(elt.args[0], ast.Name)
        and isinstance(generator.target, ast.Name)
        and elt.args[0].id == generator.target.id
    ):
        items = ask.value(generator.iter, scope, seq)
        if isinstance(items, tuple | list):
            try:
                return [CONVERSIONS[elt.func.id](item) for item in items]
            except ValueError as error:
                raise Cannot(True) from error
    raise Cannot(ask.is_asked(expr, scope, seq))


def _arithmetic(ask: Evaluating, expr: ast.BinOp, scope: Scope, seq: int) -> object:
    left, right = ask.value(expr.left, scope, seq), ask.value(expr.right, scope, seq)
    return calculated(expr.op, left, right)


def _listed(expr: ast.expr) -> ast.expr | None:
    """`x` of `dir(x)`, `vars(x)` and `x.__dict__`."""
    if isinstance(expr, ast.Attribute) and expr.attr == "__dict__":
        return expr.value
    if isinstance(expr, ast.Call) and last_name(expr) in ("dir", "vars") and expr.args:
        return expr.args[0]
    return None


Operator = Callable[[Evaluating, Any, Scope, int], object]
OPERATORS: dict[type, Operator] = {
    ast.Constant: _constant,
    ast.BoolOp: _boolean,
    ast.BinOp: _arithmetic,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.Subscript: _subscript,
    **dict.fromkeys((ast.Tuple, ast.List), _sequence),
    **dict.fromkeys((ast.ListComp, ast.GeneratorExp), _comprehension),
    ast.IfExp: _if,
    ast.NamedExpr: _named,
}
