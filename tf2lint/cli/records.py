"""Findings for output, and what several formats say of them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tf2lint.cli.problems import STATUS, Problem
from tf2lint.finding import Rule
from tf2lint.internal_error import BROKEN


class Record(NamedTuple):
    """A finding for output; lines and columns from 1, columns in characters."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    name: str
    symbol: str
    status: str
    confidence: str
    message: str
    hint: str | None
    edits: list[dict[str, object]]
    url: str
    text: str  # the source line, without its end
    cell: int | None = None  # of a notebook, from 1 among code cells: lines are counted in it
    file_line: int = 0  # the notebook's own line, as a text file


def unread(problem: Problem) -> Record:
    """A record of what was not looked at, for the formats that machines read."""
    line, column = problem.line or 1, problem.column or 1
    return Record(
        problem.path, line, column, line, column + 1, BROKEN.code, problem.kind.replace(" ", "-"),
        "", STATUS, "high", problem.message, None, [], "", "", problem.cell, problem.file_line,
    )  # fmt: skip


def rule_of(record: Record) -> Rule:
    """The rule of a record."""
    if record.status == STATUS:
        return BROKEN
    # Slow to load, and most records are printed without their rule.
    from tf2lint.check.registry import registry
    from tf2lint.unused_noqa import UNUSED

    return registry().rules.get(record.code, UNUSED)


def level_of(record: Record) -> str:
    """`error`, `warning` or `note`, by what becomes of the code under the target."""
    return {"removed": "error", STATUS: "error", "idiom": "note"}.get(record.status, "warning")


def fix_of(record: Record) -> str:
    """What its TF 2 form is: `safe` if proven to be the same, else `unsafe`; or there is none."""
    if not record.edits:
        return ""
    return "safe" if all(edit["safe"] for edit in record.edits) else "unsafe"


def told(record: Record) -> str:
    """The message, with the place where that cannot be said otherwise."""
    if record.cell is None:
        return record.message
    return f"cell {record.cell}, line {record.line}: {record.message}"


def region(record: Record) -> tuple[int, int, int, int]:
    """The place in the file as it lies on disk: of notebooks, where the line begins."""
    if record.cell is None:
        return record.line, record.column, record.end_line, record.end_column
    line = max(record.file_line, 1)
    return line, 1, line, 1


def slashes(path: str) -> str:
    """`path` with slashes, from the current folder if it is in there: as services want it."""
    if os.path.isabs(path) and path.startswith(os.path.join(os.getcwd(), "")):
        path = os.path.relpath(path)
    path = path.replace(os.sep, "/")
    return path.removeprefix("./")


def marked(records: Iterable[Record]) -> Iterator[tuple[Record, str]]:
    """Every record with a mark that stays the same when lines move."""
    import hashlib

    seen: Counter[tuple[str, str, str]] = Counter()
    for record in records:
        key = (slashes(record.path), record.code, " ".join(record.text.split()))
        seen[key] += 1
        data = "\0".join((*key, record.symbol, str(seen[key])))
        yield record, hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:32]
