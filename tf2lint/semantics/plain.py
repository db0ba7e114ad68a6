"""Plain values that tests are worked out with: versions, and things that are just there."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from tf2lint.source import walk

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Cannot(Exception):
    """The test cannot be worked out; `version` says whether it asks for the version."""

    def __init__(self, version: bool) -> None:
        super().__init__()
        self.version = version


class Present:
    """Something that is there and of which no more is known."""


class Absent:
    """None, False or the like; of which of them no more is known."""

    def __bool__(self) -> bool:
        return False


class Skip:
    """A decorator or mark of a test; true where the test is not run."""

    def __init__(self, holds: bool) -> None:
        self._holds = holds

    def __bool__(self) -> bool:
        return self._holds


class Version:
    """A version that compares by its numbers, with another or with a string."""

    __slots__ = ("parts",)

    def __init__(self, text: str) -> None:
        self.parts = tuple(int(n) for n in re.findall(r"\d+", text))

    def part(self, name: str) -> object:
        """What an attribute of the version gives."""
        if name in _PARTS:
            return self.parts[_PARTS.index(name)]
        return ".".join(map(str, self.parts)) if name in _TEXTS else self.parts


_PARTS = ("major", "minor", "micro")
_TEXTS = ("base_version", "public", "vstring")
OF_VERSIONS = frozenset({*_PARTS, *_TEXTS, "version", "release"})

_COMPARE: dict[type, Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_ARITHMETIC: dict[type, Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
CONVERSIONS: dict[str, Callable[..., object]] = {
    "int": int, "float": float, "str": str, "tuple": tuple, "list": list, "len": len, "bool": bool,
    "any": any, "all": all,
}  # fmt: skip
_SAME = (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)
TEXT_METHODS = frozenset({"split", "startswith", "replace", "strip", "rstrip", "lstrip",
                           "partition", "rpartition", "find", "isdigit", "rsplit"})  # fmt: skip


def attempt(function: Callable[..., object], *given: object) -> object:
    try:
        return function(*given)
    except (TypeError, ValueError) as error:
        raise Cannot(True) from error


def compared(op: ast.cmpop, left: object, right: object) -> object:
    compare = _COMPARE[type(op)]
    if isinstance(left, Version) or isinstance(right, Version):
        return compare(_numbers(left), _numbers(right))
    if isinstance(left, Absent) or isinstance(right, Absent):
        raise ValueError("not known")
    if isinstance(left, Present) or isinstance(right, Present):
        if not isinstance(op, _SAME) or (left is not None and right is not None):
            raise TypeError("nothing is known of it")
    return compare(left, right)


def calculated(op: ast.operator, left: object, right: object) -> object:
    """What an operator makes of two numbers; texts and lists only grow as they are."""
    function = _ARITHMETIC.get(type(op))
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if function is None or not (numbers or isinstance(op, ast.Add)):
        raise Cannot(False)
    try:
        return function(left, right)
    except (TypeError, ArithmeticError) as error:
        raise Cannot(False) from error


def _numbers(value: object) -> tuple[int, ...]:
    if isinstance(value, Version):
        return value.parts
    if isinstance(value, str):
        return Version(value).parts
    if isinstance(value, tuple | list):
        return tuple(value)
    raise TypeError("not a version")


# Functions and their calls.


def given(node: FunctionNode, call: ast.Call, skip: int) -> Iterator[tuple[str, ast.expr]]:
    """Names of parameters with what the call passes for them."""
    plain = [a.arg for a in [*node.args.posonlyargs, *node.args.args]][skip:]
    for name, arg in zip(plain, call.args, strict=False):
        if isinstance(arg, ast.Starred):
            break
        yield name, arg
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value


def place_of(node: FunctionNode, name: str, skip: int) -> int | None:
    """Which of the positional arguments of a call goes to the parameter `name`, if any."""
    plain = [a.arg for a in [*node.args.posonlyargs, *node.args.args]][skip:]
    return plain.index(name) if name in plain else None


def passed(call: ast.Call, name: str, place: int | None) -> ast.expr | None:
    """What the call passes for the parameter `name`, which is at `place` among its arguments."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if place is None or place >= len(call.args):
        return None
    before = call.args[: place + 1]
    return None if any(isinstance(arg, ast.Starred) for arg in before) else before[place]


def defaults(
    node: FunctionNode,
) -> Iterator[tuple[str, ast.expr | None]]:
    args = node.args
    plain = [a.arg for a in [*args.posonlyargs, *args.args]]
    missing: list[ast.expr | None] = [None] * (len(plain) - len(args.defaults))
    yield from zip(plain, [*missing, *args.defaults], strict=True)
    yield from zip([a.arg for a in args.kwonlyargs], args.kw_defaults, strict=True)


def returns(node: ast.AST) -> bool:
    """Whether the function does not come to the end of its body."""
    if isinstance(node, ast.Lambda):
        return True
    blocks: list[list[ast.stmt]] = [getattr(node, "body", [])]
    while blocks:
        block = blocks.pop()
        last = block[-1] if block else None
        if isinstance(last, ast.If):
            blocks += [last.body, last.orelse]
        elif isinstance(last, ast.Try):
            blocks += [last.orelse or last.body, *(handler.body for handler in last.handlers)]
        elif isinstance(last, ast.With):
            blocks.append(last.body)
        elif not isinstance(last, ast.Return | ast.Raise):
            return False
    return True


def says_version(expr: ast.expr) -> bool:
    while isinstance(expr, ast.Attribute | ast.Subscript | ast.Call):
        if isinstance(expr, ast.Attribute) and "version" in expr.attr.lower():
            return True
        expr = expr.func if isinstance(expr, ast.Call) else expr.value
    return isinstance(expr, ast.Name) and "version" in expr.id.lower()


def asks_version(test: ast.expr) -> bool:
    """Whether the text of a test speaks of a version, or of what a module has."""
    return any(
        says_version(node) or (isinstance(node, ast.Name) and node.id == "hasattr")
        for node in walk(test)
        if isinstance(node, ast.Name | ast.Attribute)
    )


def is_open(call: ast.Call) -> bool:
    """Whether the call passes more than can be seen."""
    return any(isinstance(a, ast.Starred) for a in call.args) or any(
        k.arg is None for k in call.keywords
    )


def own_name(node: ast.AST) -> str:
    """The name, or the last one of a chain; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def last_name(node: ast.expr) -> str:
    """As `own_name`, of what is called where `node` is a call."""
    return own_name(node.func if isinstance(node, ast.Call) else node)
