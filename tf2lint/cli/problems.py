"""What kept a file, or some of it, from being looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tf2lint.internal_error import printable

# Why something was not looked at, in two words, for counting.
UNREAD, UNPARSED, BROKE = "not read", "not parsed", "tf2lint broke"
STATUS = "unread"  # in the place of a finding's


class Problem(NamedTuple):
    """One place that was not looked at; line and column from 1, 0 where there is no place.

    `line` is that of the `cell`, if there is one, `file_line` the notebook's own.
    """

    path: str
    kind: str
    message: str
    line: int = 0
    column: int = 0
    cell: int | None = None
    file_line: int = 0

    def __str__(self) -> str:
        """The place and the message, as they are printed."""
        place = f"cell_{self.cell}:" if self.cell is not None else ""
        place += f"{self.line}:{self.column}:" if self.line else ""
        return f"{self.path}:{place} {self.message}"


def told(problems: Iterable[Problem]) -> str:
    """The problems of one file as one line; of several cells of a kind the first one."""
    first: dict[tuple[str, bool], list[Problem]] = {}
    for problem in problems:
        first.setdefault((problem.kind, problem.cell is not None), []).append(problem)
    lines: list[str] = []
    for (_, in_cells), members in first.items():
        if not in_cells:
            lines += map(str, members)
            continue
        more = len(members) - 1
        others = "" if not more else f" (and {more} more cell{'s' if more > 1 else ''})"
        lines.append(f"{members[0]}{others}")
    return printable("; ".join(lines))


def of_syntax(path: str, error: SyntaxError) -> Problem:
    """The problem that a parser has with the file at `path`."""
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    return Problem(path, UNPARSED, f"cannot be parsed: {error.msg}", line, column)


class Tally:
    """What is said once of many files: how many were not read, are Python 2, or are silenced."""

    def __init__(self) -> None:
        self.unread = self.silenced = self.silenced_in = 0
        self.python2: list[str] = []

    def take(self, path: str, problems: Iterable[Problem], silenced: int, is_python2: bool) -> str:
        """Count a file; the line that says what kept it from being looked at, or nothing."""
        self.silenced += silenced
        self.silenced_in += bool(silenced)
        if is_python2:
            self.python2.append(path)
        line = told(problems)
        self.unread += bool(line)
        return line

    def told_of_python2(self) -> list[str]:
        """The line for standard error, if any."""
        if not self.python2:
            return []
        first, several = printable(self.python2[0]), len(self.python2)
        what = f"{first} is Python 2"
        if several > 1:
            what = f"{several} files are Python 2 (the first: {first})"
        return [f"tf2lint: {what}: looked at all the same, and not rewritten"]

    def told_of_silenced(self) -> list[str]:
        """How many findings are silenced by comments that do not name them."""
        if not self.silenced:
            return []
        where = many(self.silenced_in, "file")
        return [f"{self.silenced} in {where} silenced by comments that do not name them"]

    def told_of_unread(self) -> list[str]:
        """How many files were not read."""
        return [f"{many(self.unread, 'file')} not read"] if self.unread else []


def many(number: int, word: str) -> str:
    """A number and what it counts."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
