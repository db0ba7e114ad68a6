"""What statements and expressions of a building scope are made of, without their meaning."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.fixes.switch import asks_name

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def given(call: ast.Call, *places: str) -> dict[str, ast.expr]:
    """The arguments of a call by name, those without one by `places`; `*` for a `**`."""
    found = dict(zip(places, call.args, strict=False))
    found.update({keyword.arg or "*": keyword.value for keyword in call.keywords})
    return found


def keys_of(feed: ast.expr | None) -> list[ast.expr]:
    """The keys of a dict that is fed."""
    keys = feed.keys if isinstance(feed, ast.Dict) else []
    return [key for key in keys if key is not None]


def leaves_of(fetch: ast.expr) -> Iterator[ast.expr]:
    """The single things of a fetch, in order."""
    if isinstance(fetch, ast.List | ast.Tuple):
        for part in fetch.elts:
            yield from leaves_of(part)
    elif isinstance(fetch, ast.Dict):
        for part in fetch.values:
            yield from leaves_of(part)
    else:
        yield fetch


def pairs_of(targets: list[ast.expr], value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Targets with what each of them gets."""
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple | ast.List) else []
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        if parts and len(parts) == len(values):
            yield from zip(parts, values, strict=True)
        else:
            yield target, value


def is_fixed(value: ast.expr) -> bool:
    """Whether a variable says that it is not trained."""
    keywords = value.keywords if isinstance(value, ast.Call) else []
    return any(
        k.arg == "trainable" and isinstance(k.value, ast.Constant) and not k.value.value
        for k in keywords
    )


def is_main(stmt: ast.If) -> bool:
    """Whether the block is what a script runs."""
    return not stmt.orelse and asks_name(stmt.test)


def blocks_of(stmt: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(stmt, name, None)
        if block:
            yield block
    for handler in getattr(stmt, "handlers", ()):
        yield handler.body


def bindings(top: ast.AST) -> Iterator[tuple[str, int]]:
    """The names that are bound in a scope, and where; not those of inner functions."""
    stack = list(ast.iter_child_nodes(top))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0], node.lineno
        elif isinstance(node, DEFINITIONS):
            yield node.name, node.lineno
            continue
        elif isinstance(node, ast.Lambda):
            continue
        stack += ast.iter_child_nodes(node)


_MUTATES = frozenset({"append", "extend", "insert", "pop", "remove", "sort", "reverse", "update",
                      "clear", "fill", "shuffle"})  # fmt: skip


def changed(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The names that `node` binds, or of which it changes what they stand for."""
    names: list[ast.expr] = []
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript):
        if not isinstance(node.ctx, ast.Load):
            names = [node]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in _MUTATES:
            names = [node.func.value, *node.args[:1]]
    for name in names:
        while isinstance(name, ast.Attribute | ast.Subscript):
            name = name.value
        if isinstance(name, ast.Name):
            yield name.id, name.lineno
