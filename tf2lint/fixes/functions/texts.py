"""Lines of a text that move: statements with their comments, and the gaps that they leave."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from tf2lint.finding import Edit
from tf2lint.fixes.functions.model import Refused, Unit
from tf2lint.fixes.imports import owns_its_lines
from tf2lint.fixes.patterns.blocks import indent_of
from tf2lint.source import Source

GAP = "\0gap\n"  # a line that stands where lines were taken out
# What a comment speaks of that goes with a session or an initializer.
_STALE = re.compile(r"(?i)session|initiali[sz]|summar|\bgraph\b|\binit\b")
BEGIN, END = "\0begin\n", "\0end\n"  # lines around a new function


def extent(source: Source, stmt: ast.stmt, comments: bool = False) -> tuple[int, int]:
    """The first and the last line of `stmt`; with the comments right above it, if wanted."""
    decorators = getattr(stmt, "decorator_list", None)
    first = decorators[0].lineno if decorators else stmt.lineno
    last = stmt.end_lineno or stmt.lineno
    row = source.lines[first - 1]
    indent = row[: len(row) - len(row.lstrip())]
    while comments and first > 1:
        above = source.lines[first - 2]
        if not above.startswith(f"{indent}#") or above.startswith("#!"):
            break
        first -= 1
    return first, last


def check_alone(source: Source, stmt: ast.stmt) -> None:
    """Raise `Refused` where `stmt` shares a line with another statement."""
    if not owns_its_lines(source, stmt):
        raise Refused("several statements share a line", stmt)


def moved(source: Source, unit: Unit, indent: str, without: set[Unit]) -> list[str]:
    """The lines of a unit, its comments included, at another indentation; without line ends.

    The functions that go with it come before it, but for those `without` which it goes.
    """
    before = [helper for helper in unit.helpers if helper not in without]
    without.update(before)
    lines: list[str] = []
    for helper in before:
        rows = moved(source, helper, indent, without)
        lines += [*([] if not rows[0] else [""]), *rows, ""]
    own = _moved(source, unit, indent)
    return [*lines, *(own[1:] if lines and not own[0] else own)]


def _moved(source: Source, unit: Unit, indent: str) -> list[str]:
    check_alone(source, unit.stmt)
    first, last = extent(source, unit.stmt, comments=True)
    old = indent_of(source, unit.stmt)
    inside: set[int] = set()
    docs: set[ast.AST] = set()
    for node in ast.walk(unit.stmt):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docs.add(node.value)
        if node in docs:
            continue
        if isinstance(node, ast.Constant | ast.JoinedStr) and isinstance(
            getattr(node, "value", ""), str
        ):
            inside.update(range(node.lineno + 1, (node.end_lineno or node.lineno) + 1))
    lines = []
    for number in range(first, last + 1):
        row = source.lines[number - 1].rstrip("\r\n")
        if number in inside:
            raise Refused("a string goes over several lines", unit.stmt)
        if not row.strip():
            lines.append("")
        elif row.startswith(old):
            lines.append(indent + row[len(old) :].rstrip())
        else:
            lines.append(indent + row.strip())
    if first > 1 and lines and lines[0].lstrip().startswith("#"):
        return ["", *lines] if not source.lines[first - 2].strip() else lines
    return lines


def comments(source: Source, node: ast.expr) -> list[str]:
    """The comments inside of `node`."""
    text = source.segment(node)
    if "#" not in text:
        return []
    tokens = tokenize.generate_tokens(io.StringIO(f"({text})").readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def taken_out(source: Source, stmt: ast.stmt, comments: bool = False) -> Edit:
    """The edit that takes the lines of `stmt` out, with the comments above it, if wanted.

    Comments that speak of what is gone go in any case.
    """
    check_alone(source, stmt)
    first, last = extent(source, stmt, comments)
    return Edit(first if comments else stale_from(source, stmt), 0, last + 1, 0, GAP)


def stale_from(source: Source, stmt: ast.stmt) -> int:
    """The first line of `stmt`, or of the comment above it that speaks of sessions and the like."""
    first, _ = extent(source, stmt, comments=True)
    told = " ".join(source.lines[first - 1 : stmt.lineno - 1])
    return first if _STALE.search(told) else stmt.lineno


def settled(text: str) -> str:
    """`text` without the marks of gaps and functions, and with the blank lines set right."""
    lines = text.split("\n")
    out: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.startswith("\0"):
            out.append(line)
            at += 1
            continue
        before = 0
        while out and not out[-1].strip():
            out.pop()
            before += 1
        after, marks = 0, []
        while at < len(lines) and (lines[at].startswith("\0") or not lines[at].strip()):
            if lines[at].startswith("\0"):
                marks.append(lines[at])
            else:
                after += 1
            at += 1
        following = lines[at] if at < len(lines) else ""
        deep = following.startswith((" ", "\t"))
        blank = min(max(before, after), 2)
        if any(mark != GAP.strip("\n") for mark in marks):
            blank = 1 if deep and not following.startswith("\0") else 2
        if not out:
            blank = 0
        out += [""] * blank if following.strip() or at < len(lines) else [""]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(out))
