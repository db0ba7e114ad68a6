"""Text for a terminal: Markdown set to its width, and a pager for what is long."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterator

from tf2lint.cli.output import is_coloured

_WIDEST = 80
_BOLD, _OFF = "\x1b[1m", "\x1b[0m"
_ITEM = re.compile(r"( *(?:[-*]|\d+\.) )(.*)")
_CELL = re.compile(r"(?<!\\)\|")


def show(text: str, markdown: bool = True) -> None:
    """Print a text as it is, or for a terminal set to its width and paged where it is long.

    What is no Markdown is set line by line, what goes on further in than its line begins.
    """
    if not sys.stdout.isatty():
        print(text, end="" if text.endswith("\n") else "\n")
        return
    size = shutil.get_terminal_size()
    width = min(size.columns, _WIDEST)
    if markdown:
        lines = list(rendered(text, width, is_coloured(sys.stdout)))
    else:
        lines = [part for line in text.split("\n") for part in hung(line, width)]
    if len(lines) < size.lines or os.environ.get("TERM") == "dumb":
        print("\n".join(lines))
        return
    import pydoc  # its pager honours PAGER and does without one

    os.environ.setdefault("LESS", "FRX")  # as git does: colours, and no screen of its own
    pydoc.pager("\n".join(lines) + "\n")


def hung(line: str, width: int) -> list[str]:
    """A line in lines of that width; the further ones begin further in."""
    inside = line.lstrip()
    indent = line[: len(line) - len(inside)]
    return _wrapped(inside, width, indent, f"{indent}    ") or [""]


def rendered(text: str, width: int, bold: bool = False) -> Iterator[str]:
    """The lines of Markdown as they are read on a terminal of that width."""
    lines = text.split("\n")
    while lines and not lines[-1]:
        lines.pop()
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            messages = line == "```text"
            at += 1
            while at < len(lines) and not lines[at].startswith("```"):
                code = f"    {lines[at]}".rstrip()
                yield from hung(code, width) if messages else [code]
                at += 1
            at += 1
        elif line.startswith("#"):
            yield from _heading(line.lstrip("# "), width, bold)
            at += 1
        elif line.startswith("|"):
            end = _while(lines, at, "|")
            yield from _table(lines[at:end], width, bold)
            at = end
        elif not line.strip() or line.startswith("    "):
            yield from hung(line, width)
            at += 1
        else:
            end = _paragraph(lines, at)
            yield from _filled(" ".join(part.strip() for part in lines[at:end]), width, bold)
            at = end


def _wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """`text` in lines of that width; names and addresses stay whole."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _heading(text: str, width: int, bold: bool) -> Iterator[str]:
    for line in _wrapped(text, width):
        yield f"{_BOLD}{line}{_OFF}" if bold else line


def _while(lines: list[str], start: int, mark: str) -> int:
    end = start
    while end < len(lines) and lines[end].startswith(mark):
        end += 1
    return end


def _paragraph(lines: list[str], start: int) -> int:
    """Where the paragraph or list item that begins at `start` ends."""
    end = start + 1
    while end < len(lines):
        line = lines[end]
        if not line.strip() or line.startswith(("```", "#", "|")) or _ITEM.match(line):
            break
        end += 1
    return end


def _filled(text: str, width: int, bold: bool) -> Iterator[str]:
    match = _ITEM.match(text)
    hang = " " * len(match[1]) if match else ""
    text = re.sub(r"<(https?://[^>]+)>", r"\1", text)
    for line in _wrapped(text, width, rest=hang):
        yield _marked(line, bold)


def _marked(line: str, bold: bool) -> str:
    """`**words**` in bold; the marks alone go where there is no bold."""
    return re.sub(r"\*\*(.+?)\*\*", rf"{_BOLD}\1{_OFF}" if bold else r"\1", line)


def _table(lines: list[str], width: int, bold: bool) -> Iterator[str]:
    """A table with its last column wrapped, or rows one below the other where it is too wide."""
    rows = [
        [cell.strip().replace("\\|", "|") for cell in _CELL.split(line.strip("|"))]
        for line in lines
        if not re.fullmatch(r"[|\s:-]+", line)
    ]
    count = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (count - len(row)) for row in rows]
    widths = [max(len(row[place]) for row in rows) for place in range(count - 1)]
    room = width - sum(widths) - 2 * len(widths)
    longest = max((len(word) for row in rows for word in row[-1].split()), default=0)
    for number, row in enumerate(rows):
        if room < max(width // 3, longest):
            head, *rest = row
            yield from _wrapped(head, width)
            for cell in rest:
                yield from _wrapped(cell, width, "    ", "    ")
            continue
        first = "".join(f"{cell:<{size}}  " for cell, size in zip(row, widths, strict=False))
        wrapped = _wrapped(row[-1], room) or [""]
        head_row = bold and number == 0 and len(rows) > 1 and len(lines) > len(rows)
        for place, part in enumerate(wrapped):
            line = ((first if not place else " " * len(first)) + part).rstrip()
            yield f"{_BOLD}{line}{_OFF}" if head_row else line
