"""Comments that silence findings, written: `# noqa: TF101` where flake8 reads it."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterable, Iterator

from tf2lint.finding import Edit, Finding
from tf2lint.source import Source
from tf2lint.suppress import NOQA


def silence(source: Source, findings: Iterable[Finding]) -> tuple[Edit, ...]:
    """The edits that put comments on `findings` of one module.

    A comment that silences other codes gets ours, too; any other comment stays as it is, with
    ours behind it. Lines that a string or a backslash joins have theirs at the end. Left out is
    what no comment can reach, and what one silences already.
    """
    by_row: dict[_Row, set[str]] = {}
    for finding in findings:
        row = _row(source, finding.line)
        if row is not None:
            by_row.setdefault(row, set()).add(finding.code)
    made = (_comment(source, row, sorted(codes)) for row, codes in sorted(by_row.items()))
    return tuple(edit for edit in made if edit is not None)


_Row = tuple[int, int, int]  # first line, last line, where the last one's comment starts or -1


def _row(source: Source, line: int) -> _Row | None:
    """The lines that are one for flake8, around `line`; None where they do not end."""
    start = _start_of_statement(source.tree, line)
    lines = iter(source.lines[start - 1 :])
    first, comment = start, -1
    try:
        for token in tokenize.generate_tokens(lambda: next(lines, "")):
            if token.type == tokenize.COMMENT:
                comment = token.start[1]
            elif token.type in (tokenize.NL, tokenize.NEWLINE):
                last = start + token.start[0] - 1
                if last >= line:
                    return first, last, comment
                first, comment = last + 1, -1
    except (tokenize.TokenError, SyntaxError):  # stricter than the parser in rare cases
        return None
    return None


def _start_of_statement(tree: ast.Module, line: int) -> int:
    """Where the innermost statement starts that `line` is in."""
    start, inner = 1, iter(tree.body)
    while True:
        found = next((s for s in inner if _first(s) <= line <= (s.end_lineno or 0)), None)
        if found is None:
            return start
        start, inner = _first(found), _below(found)


def _first(stmt: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(stmt, "decorator_list", [])
    return min([stmt.lineno, *(decorator.lineno for decorator in decorators)])


def _below(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from _below(child)


def _comment(source: Source, row: _Row, codes: list[str]) -> Edit | None:
    first, last, comment = row
    text = source.lines[last - 1].rstrip("\r\n")
    joined = "".join(source.lines[first - 1 : last - 1])
    there = NOQA.search(joined + text)
    start = end = len(text)
    if there is None:
        start = len(text.rstrip())
        new = f"  # noqa: {', '.join(codes)}"
    else:
        if not there["codes"] or not 0 <= comment <= there.start() - len(joined):
            return None  # it silences all; or it stands in a string, and flake8 reads no other
        known = there["codes"].rstrip(", \t")
        start = end = there.start("codes") - len(joined) + len(known)
        new = f", {', '.join(codes)}"
    return Edit(last, len(text[:start].encode()), last, len(text[:end].encode()), new, safe=True)
