"""Places as a client counts them: lines from 0, columns in units of the encoding it speaks.

Ours are those of `tf2lint.finding`: lines from 1, columns in UTF-8 bytes. `encoding` is what the
protocol calls a position encoding: `utf-8`, `utf-16` or `utf-32`.
"""

from __future__ import annotations

from typing import NamedTuple

from tf2lint.source import split_lines


class Position(NamedTuple):
    """A place in a text as a client has it."""

    line: int
    character: int


def to_client(line: str, column: int, encoding: str) -> int:
    """A column of ours in `line` as the client counts it; not beyond the line's end."""
    data = line.rstrip("\r\n").encode("utf-8", "surrogatepass")[:column]
    if encoding == "utf-8" or data.isascii():
        return len(data)
    return _units(data.decode("utf-8", "surrogatepass"), encoding)


def from_client(line: str, character: int, encoding: str) -> int:
    """A client's column in `line` as one of ours; not beyond the line's end."""
    return len(line[: _index(line, character, encoding)].encode("utf-8", "surrogatepass"))


def changed(text: str, start: Position, end: Position, new: str, encoding: str) -> str:
    """`text` with `new` in the place of what is from `start` up to `end`."""
    lines = split_lines(text)

    def offset(position: Position) -> int:
        if position.line >= len(lines):
            return len(text)
        inside = _index(lines[position.line], position.character, encoding)
        return sum(map(len, lines[: position.line])) + inside

    first = offset(start)
    return text[:first] + new + text[max(first, offset(end)) :]


def _index(line: str, character: int, encoding: str) -> int:
    """Where in the string `line` a client's column is."""
    line = line.rstrip("\r\n")
    if line.isascii() or encoding == "utf-32":
        return min(character, len(line))
    at = 0
    for index, letter in enumerate(line):
        if at >= character:
            return index
        at += _units(letter, encoding)
    return len(line)


def _units(text: str, encoding: str) -> int:
    if encoding == "utf-32":
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
