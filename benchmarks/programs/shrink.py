"""Fewer steps: what a program does 10000 times it does 20 times, before anything else is done."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

STEPS = 20
_FROM = 50  # smaller counts are left: they may be lengths of sequences
_COUNT = re.compile(r"(?i)(epoch|episode|iter|step|loop|generation)")
_OTHER = re.compile(
    r"(?i)display|print|save|every|interval|log|per_|decay|size|seq|time|memory|len|test|show"
)


def shrunk(text: str) -> str:
    """`text` with the counts of its steps cut down. Raises what parsing raises."""
    rows = text.splitlines(keepends=True)
    places = {(c.lineno, c.col_offset, c.end_col_offset) for c in _counts(ast.parse(text))}
    for line, start, end in sorted(places, reverse=True):
        row = rows[line - 1].encode()
        rows[line - 1] = (row[:start] + str(STEPS).encode() + row[end:]).decode()
    return "".join(rows)


def _counts(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.For):
            call = node.iter
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("range", "xrange"):
                yield from _large(call.args[-1:] if len(call.args) < 3 else call.args[1:2])
        elif isinstance(node, ast.Assign) and _is_count(node.targets[0]):
            yield from _large([node.value])
        elif isinstance(node, ast.keyword) and _COUNT.search(node.arg or ""):
            if not _OTHER.search(node.arg or ""):
                yield from _large([node.value])
        elif isinstance(node, ast.Call) and len(node.args) > 1:
            first = node.args[0]
            if getattr(node.func, "attr", "") == "DEFINE_integer" and _is_count(first):
                yield from _large(node.args[1:2])
        elif isinstance(node, ast.arguments):
            named = [*node.posonlyargs, *node.args][-len(node.defaults) :]
            for arg, default in zip(named, node.defaults, strict=False):
                if _is_count(arg):
                    yield from _large([default])


def _is_count(node: ast.AST) -> bool:
    name = next(
        (v for v in (getattr(node, a, None) for a in ("id", "attr", "arg", "value"))
         if isinstance(v, str)), "",
    )  # fmt: skip
    return bool(_COUNT.search(name)) and not _OTHER.search(name)


def _large(nodes: list[ast.expr]) -> Iterator[ast.Constant]:
    for node in nodes:
        if isinstance(node, ast.BinOp):
            continue
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            if node.value > _FROM and node.lineno == node.end_lineno:
                yield node
