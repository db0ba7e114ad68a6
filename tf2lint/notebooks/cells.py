"""The cells of a notebook and where they stand in its file, which is JSON."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from tf2lint.source import split_lines

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")


class BadNotebook(ValueError):
    """A file that is no notebook; `line` and `column` are of the file, from 1."""

    def __init__(self, text: str, line: int = 1, column: int = 1) -> None:
        super().__init__(text)
        self.line, self.column = line, column


@dataclass
class Cell:
    """A code cell: `number` from 1 among code cells, `text` as the notebook has it.

    `start` and `end` are where its source is in the file, `first` is the module's line that
    holds its first line, `in_file` the file's line for each of its lines. `error` is the
    error of a cell that is no Python; the module leaves such a cell out. A cell that only
    Python 2 parses is there as Python 3, and no module goes back into such a notebook.
    """

    number: int
    text: str
    start: int
    end: int
    in_file: list[int]
    first: int = 0
    error: SyntaxError | None = None
    is_python2: bool = False
    lines: list[str] = field(default_factory=list)


def cells_of(text: str) -> Iterator[Cell]:
    """The code cells of a notebook, none where its language is not Python.

    Raises `BadNotebook`.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadNotebook(error.msg, error.lineno, error.colno) from error
    except RecursionError as error:
        raise BadNotebook("nested too deep") from error
    if not isinstance(document, dict):
        raise BadNotebook("it is no JSON object")
    lists = _lists_of_cells(text)
    if not lists:
        raise BadNotebook("it has no cells")
    if not _is_python(document.get("metadata")):
        return
    ends = [match.start() for match in re.finditer("\n", text)]
    number = 0
    for start in lists:
        if text[start] != "[":
            raise BadNotebook("its cells are no list", *_place(text, start))
        for _, at, _ in _members(text, start):
            if text[at] != "{":
                raise BadNotebook("a cell is no object", *_place(text, at))
            parts = {key: (begin, end) for key, begin, end in _members(text, at)}
            if "cell_type" not in parts or text[slice(*parts["cell_type"])] != '"code"':
                continue
            number += 1
            source = parts.get("source") or parts.get("input")
            if source is None:
                raise BadNotebook(f"cell_{number} has no source", *_place(text, at))
            yield _cell(text, number, source, ends)


def source_of(notebook: str, cell: Cell, text: str) -> str:
    """The JSON of a cell that has `text` from now on, in the style of what it has."""
    old = notebook[cell.start : cell.end]
    written = partial(json.dumps, ensure_ascii=notebook.isascii())
    if not old.startswith("["):
        return written(text)
    places = [(start, end) for _, start, end in _members(notebook, cell.start)]
    lines = split_lines(text)
    if not places or not lines:
        return f"[{', '.join(map(written, lines))}]"
    before, after = notebook[cell.start : places[0][0]], notebook[places[-1][1] : cell.end]
    between = f",{before[1:]}"
    if len(places) > 1:
        between = notebook[places[0][1] : places[1][0]]
    literals: dict[str, str] = {}
    for start, end in places:
        literal = notebook[start:end]
        literals.setdefault(json.loads(literal), literal)
    return before + between.join(literals.get(x) or written(x) for x in lines) + after


def _lists_of_cells(text: str) -> list[int]:
    """Where in a notebook its lists of cells begin; up to format 3 there is one a worksheet."""
    top = [(key, start) for key, start, _ in _members(text, _skip(text, 0))]
    lists = [start for key, start in top if key == "cells"]
    if lists:
        return lists
    return [
        start
        for key, sheets in top
        if key == "worksheets" and text[sheets] == "["
        for _, sheet, _ in _members(text, sheets)
        if text[sheet] == "{"
        for name, start, _ in _members(text, sheet)
        if name == "cells"
    ]


def _cell(text: str, number: int, source: tuple[int, int], ends: list[int]) -> Cell:
    """A code cell whose source stands at `source`; `ends` are the ends of the file's lines."""
    value = json.loads(text[slice(*source)])
    pieces = [value] if isinstance(value, str) else value
    if not isinstance(pieces, list) or not all(isinstance(p, str) for p in pieces):
        place = _place(text, source[0])
        raise BadNotebook(f"the source of cell_{number} is no text", *place)
    starts = [source[0]]
    if not isinstance(value, str):
        starts = [begin for _, begin, _ in _members(text, source[0])]
    in_file: list[int] = []
    open_line = False  # a piece may end in the middle of a line
    for piece, begin in zip(pieces, starts, strict=True):
        count = len(split_lines(piece)) - (open_line and bool(piece))
        in_file += [bisect.bisect_left(ends, begin) + 1] * count
        open_line = open_line if not piece else not piece.endswith(("\n", "\r"))
    return Cell(number, "".join(pieces), *source, in_file)


def _is_python(metadata: object) -> bool:
    """Whether a notebook's metadata names Python, or no language at all."""
    if not isinstance(metadata, dict):
        return True
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        told = metadata.get(part)
        language = told.get(key) if isinstance(told, dict) else None
        if isinstance(language, str) and language:
            return "python" in language.lower()
    return True


def _members(text: str, at: int) -> Iterator[tuple[str | int, int, int]]:
    """Key, or place, and where the value is, for what the object or array at `at` holds.

    The text has to be JSON: that was seen before.
    """
    is_object = text[at] == "{"
    at = _skip(text, at + 1)
    count = 0
    while text[at] not in "}]":
        key: str | int = count
        if is_object:
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        _, end = _DECODER.raw_decode(text, at)
        yield key, at, end
        count += 1
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    assert match is not None
    return match.end()


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
