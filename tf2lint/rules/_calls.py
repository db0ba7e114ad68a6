"""Parts of calls, for rules on methods whose signature may be unknown."""

from __future__ import annotations

import ast

from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference
from tf2lint.semantics.values import Symbol

_LONG = 32  # characters of an argument or receiver that a hint repeats


def argument(ref: Reference, name: str, place: int) -> ast.expr | None:
    """The argument of the reference's call by its name, or else by its place."""
    call = ref.call
    if call is None:
        return None
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if len(call.args) <= place or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    return call.args[place]


def plain(ref: Reference, expr: ast.expr | None, otherwise: str) -> str:
    """The text of `expr` if it is a short name or attribute chain, and no symbol; else the other.

    What a hint repeats of the user's code has to stay true in TF 2.
    """
    at = expr
    while isinstance(at, ast.Attribute):
        at = at.value
    if expr is None or not isinstance(at, ast.Name):
        return otherwise
    text = ref.text(expr)
    known = any(isinstance(v, Symbol) for v in ref.values(at))
    return otherwise if known or len(text) > _LONG else text


def short(ref: Reference, expr: ast.expr | None, otherwise: str = "...", limit: int = _LONG) -> str:
    """The text of `expr` if it has `limit` characters at most, else `otherwise`."""
    text = ref.text(expr) if expr is not None else otherwise
    return text if len(text) <= limit else otherwise


def last_name(node: ast.expr | None) -> str:
    """`c` of `a.b.c`, the name itself of a name, else nothing."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def shuffles_if(ref: Reference, args: Arguments) -> str:
    """A sentence on what decides whether a call shuffles, where that is no constant."""
    if "shuffle" not in args.given or args.literal("shuffle") in (True, False):
        return ""
    return f"Shuffle only if `{short(ref, args.given['shuffle'], 'shuffle')}`"
