"""Which lines edits touch, and which lines changed: nothing else may have.

What changed is asked of `git diff`, which knows nothing of edits.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from tf2lint.finding import Edit
from tf2lint.fixes.edits import apply
from tf2lint.source import split_lines

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


def touched(text: str, rounds: Sequence[Sequence[Edit]]) -> tuple[set[int], str]:
    """The lines of `text` that the edits of all rounds touch, and the text they make of it.

    A line is touched where a character of it goes, or a new one stands next to one of it; a
    new line touches the one after it, the last line the one before.
    """
    whole = text
    line_of: list[int] = []
    for number, line in enumerate(split_lines(text), 1):
        line_of += [number] * len(line)
    total = len(line_of)
    kept = list(range(total))  # which character of `text` stands here; -1: a new one
    for edits in rounds:
        lines = split_lines(text)
        spans = sorted({(*_span(edit, lines), edit.text) for edit in edits})
        parts: list[list[int]] = []
        at = 0
        for start, end, new in spans:
            parts += [kept[at:start], [-1] * len(new)]
            at = end
        kept = [place for part in [*parts, kept[at:]] for place in part]
        text = apply(text, edits)
    found = {line_of[place] for place in set(range(total)).difference(kept)}
    last = max(kept, default=-1)
    for here, there in pairwise([*kept, -2]):
        if here == -1 and there >= 0:
            found.add(line_of[there])
        elif here >= 0 and there == -1 and (here == last or whole[here] not in "\r\n"):
            found.add(line_of[here])
    return found, text


def _span(edit: Edit, lines: list[str]) -> tuple[int, int]:
    """Where an edit starts and ends, in characters from the start of the text."""

    def offset(line: int, column: int) -> int:
        before = sum(map(len, lines[: line - 1]))
        row = lines[line - 1].encode("utf-8", "surrogatepass") if line <= len(lines) else b""
        return before + len(row[:column].decode("utf-8", "surrogatepass"))

    return offset(edit.line, edit.column), offset(edit.end_line, edit.end_column)


def changed(before: Path, after: Path) -> tuple[set[int], set[int], int]:
    """Lines that `git diff` calls changed, lines after which it sees new ones, and how many."""
    done = subprocess.run(
        ["git", "diff", "--no-index", "--no-color", "-U0", "--minimal", str(before), str(after)],
        capture_output=True, check=False,
    )  # fmt: skip
    lines: set[int] = set()
    inserted: set[int] = set()
    count = 0
    for row in done.stdout.split(b"\n"):
        match = _HUNK.match(row)
        if match is None:
            continue
        start, old = int(match[1]), int(match[2] or 1)
        lines.update(range(start, start + old))
        if not old:
            inserted.add(start)
        count += old + int(match[4] or 1)
    return lines, inserted, count


def outside(before: Path, after: Path, edited: set[int]) -> tuple[int, int]:
    """How many lines changed, and how many of those lie on no line of `edited`."""
    lines, inserted, count = changed(before, after)
    strays = len(lines - edited)
    strays += sum(1 for line in inserted if line not in edited and line + 1 not in edited)
    return count, strays
