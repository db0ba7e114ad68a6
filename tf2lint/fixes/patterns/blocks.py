"""Statements taken out, moved out of a block, or put in the place of others."""

from __future__ import annotations

import ast
from bisect import bisect
from collections.abc import Iterable, Sequence

from tf2lint.finding import Edit
from tf2lint.source import Source


def block_of(source: Source, stmt: ast.stmt) -> list[ast.stmt]:
    """The statements that `stmt` stands among."""
    up = source.parent(stmt)
    for _, value in ast.iter_fields(up) if up is not None else ():
        if isinstance(value, list) and stmt in value:
            return value
    return [stmt]


def owns_its_lines(source: Source, stmt: ast.stmt) -> bool:
    """Whether nothing else, comments included, shares a line with `stmt`."""
    assert stmt.end_lineno is not None
    assert stmt.end_col_offset is not None
    row = source.lines[stmt.end_lineno - 1].encode("utf-8", "surrogatepass")
    before = source.between(stmt.lineno, 0, stmt.lineno, stmt.col_offset)
    return not before.strip() and not row[stmt.end_col_offset :].strip()


def deleted(source: Source, stmts: Iterable[ast.stmt]) -> tuple[Edit, ...] | None:
    """The edits that delete `stmts`; `pass` stays where a block would be empty.

    None where one of them shares a line, be it with a comment.
    """
    gone = dict.fromkeys(stmts)
    edits: list[Edit] = []
    for stmt in gone:
        if not owns_its_lines(source, stmt):
            return None
        assert stmt.end_lineno is not None
        assert stmt.end_col_offset is not None
        block = block_of(source, stmt)
        if stmt is block[-1] and all(other in gone for other in block):
            edits.append(
                Edit(stmt.lineno, stmt.col_offset, stmt.end_lineno, stmt.end_col_offset, "pass")
            )
        else:
            edits.append(Edit(stmt.lineno, 0, stmt.end_lineno + 1, 0, ""))
    return tuple(edits)


def indent_of(source: Source, stmt: ast.stmt) -> str:
    """The white space in front of `stmt`."""
    return source.between(stmt.lineno, 0, stmt.lineno, stmt.col_offset)


def dedented(
    source: Source, stmts: Sequence[ast.stmt], to: ast.stmt, first_line: int
) -> tuple[Edit, ...] | None:
    """The edits that move `stmts`, a block, out to the indentation of `to`.

    Lines from `first_line` on move, comments above the statements among them; lines that start
    inside of a string stay. None where that cannot be done line by line.
    """
    old, new = indent_of(source, stmts[0]), indent_of(source, to)
    if old.strip() or new.strip() or not old.startswith(new) or stmts[0].lineno < first_line:
        return None
    last = stmts[-1].end_lineno or stmts[-1].lineno
    inside: set[int] = set()
    for stmt in stmts:
        for node in ast.walk(stmt):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                inside.update(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    edits: list[Edit] = []
    for line in range(first_line, last + 1):
        row = source.lines[line - 1]
        if line not in inside and row.startswith(old) and row.strip():
            edits.append(Edit(line, len(new), line, len(old), ""))
    return tuple(edits)


def unwrapped(source: Source, block: ast.With, inside: list[Edit]) -> list[Edit] | None:
    """The edits that leave the body of `block` alone, together with those `inside` of it.

    Both in their order.

    None where that cannot be done line by line.
    """
    row = source.lines[block.lineno - 1].rstrip()
    head = block.items[-1].context_expr
    if block.lineno != head.end_lineno or not row.endswith(":"):
        return None
    if indent_of(source, block).strip() or block.body[0].lineno == block.lineno:
        return None
    moved = dedented(source, block.body, block, block.lineno + 1)
    if moved is None:
        return None
    old, new = indent_of(source, block.body[0]), indent_of(source, block)
    found = [Edit(block.lineno, 0, block.lineno + 1, 0, "")]
    for edit in inside:
        text = edit.text.replace(f"\n{old}", f"\n{new}")
        found.append(Edit(*extent(edit), text))
    for edit in moved:
        before = bisect(inside, extent(edit)[:2], key=lambda e: extent(e)[:2])
        if not (before and _holds(inside[before - 1], edit)):
            found.append(edit)
    return sorted(found, key=extent)


def extent(edit: Edit) -> tuple[int, int, int, int]:
    """Where `edit` starts and ends."""
    return edit.line, edit.column, edit.end_line, edit.end_column


def _holds(outer: Edit, inner: Edit) -> bool:
    """Whether `inner` changes nothing but what `outer` puts something else in the place of."""
    start, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return start <= (inner.line, inner.column) and (inner.end_line, inner.end_column) <= end


def place(node: ast.expr | ast.stmt) -> tuple[int, int, int, int]:
    """Where `node` starts and ends."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


_AROUND = (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda,
           ast.ClassDef)  # fmt: skip


def around(source: Source, node: ast.AST) -> list[ast.AST]:
    """The loops, functions and classes around `node`, from the inside out."""
    found: list[ast.AST] = []
    up = source.parent(node)
    while up is not None:
        if isinstance(up, _AROUND):
            found.append(up)
        up = source.parent(up)
    return found
