"""The forms in which findings are printed, for people and for programs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from tf2lint.cli.records import Record, fix_of
from tf2lint.internal_error import printable

_FIELDS = [name for name in Record._fields if name not in ("text", "cell", "file_line")]
_BOLD, _RED, _CYAN, _GREEN, _OFF = "\x1b[1m", "\x1b[31m", "\x1b[36m", "\x1b[32m", "\x1b[0m"

# Every format, and what the help says of it.
FORMATS = {
    "text": "full on a terminal, else concise",
    "concise": "a line a finding",
    "full": "with the source line",
    "grouped": "by file",
    "json": "one array",
    "jsonl": "an object a line",
    "github": "annotations of GitHub Actions",
    "gitlab": "Code Quality",
    "sarif": "SARIF 2.1.0",
    "junit": "JUnit's XML",
    "azure": "Azure Pipelines",
    "pylint": "pylint's parseable",
    "rdjson": "reviewdog",
}
FOR_PEOPLE = frozenset(("text", "concise", "full", "grouped"))
WITH_EDITS = frozenset((*FOR_PEOPLE, "json", "jsonl", "sarif", "rdjson"))

Line = Callable[[Record], str]
Whole = Callable[[Iterable[Record]], str]


def by_line(form: str, on_terminal: bool, coloured: bool) -> Line | None:
    """What prints a finding as it comes, where the format is not one document."""
    if form == "full" or (form == "text" and on_terminal):
        return lambda record: full(record, coloured)
    if form in ("text", "concise"):
        return lambda record: concise(record, coloured)
    if form == "grouped":
        return _Grouped(coloured)
    if form == "jsonl":
        return jsonl
    if form in ("github", "azure", "pylint"):
        from tf2lint.cli import services  # slow to load, and most runs need none of it

        return {
            "github": services.github, "azure": services.azure, "pylint": services.pylint,
        }[form]  # fmt: skip
    return None


def whole(form: str) -> Whole | None:
    """What prints all findings, where the format is one document."""
    if form == "json":
        return as_json
    if form == "sarif":
        from tf2lint.cli.sarif import sarif  # as above

        return sarif
    if form in ("gitlab", "junit", "rdjson"):
        from tf2lint.cli import services  # as above

        return {
            "gitlab": services.gitlab, "junit": services.junit, "rdjson": services.rdjson,
        }[form]  # fmt: skip
    return None


def is_coloured(stream: TextIO) -> bool:
    """Whether colours are wanted: NO_COLOR and FORCE_COLOR go before what the stream is."""
    if os.environ.get("NO_COLOR"):
        return False
    forced = [os.environ.get(name) for name in ("FORCE_COLOR", "CLICOLOR_FORCE")]
    if any(value not in (None, "", "0") for value in forced):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def concise(record: Record, coloured: bool = False) -> str:
    """`path:line:column: CODE message`; `[*]` where its TF 2 form is proven."""
    bold, off = (_BOLD, _OFF) if coloured else ("", "")
    return f"{bold}{_place(record)}{off}: {_told(record, coloured)}"


def full(record: Record, coloured: bool = False) -> str:
    """The same with the source line and a caret under the place."""
    red, cyan, off = (_RED, _CYAN, _OFF) if coloured else ("", "", "")
    shown = "".join(
        c if c == "\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in record.text
    )
    start = record.column - 1
    end = record.end_column - 1 if record.end_line == record.line else len(shown)
    blank = "".join("\t" if c == "\t" else " " * _width(c) for c in shown[:start])
    under = "^" * max(1, sum(map(_width, shown[start:end])))
    bar = f"{cyan}|{off}"
    return (
        f"{concise(record, coloured)}\n"
        f"{record.line:>5} {bar} {shown}\n"
        f"{'':>5} {bar} {blank}{red}{under}{off}"
    )


class _Grouped:
    """Findings under the names of their files."""

    def __init__(self, coloured: bool) -> None:
        self._coloured = coloured
        self._path: str | None = None

    def __call__(self, record: Record) -> str:
        bold, off = (_BOLD, _OFF) if self._coloured else ("", "")
        head = ""
        if record.path != self._path:
            head = f"{bold}{printable(record.path)}{off}:\n"
            head = head if self._path is None else f"\n{head}"
            self._path = record.path
        cell = "" if record.cell is None else f"cell_{record.cell}:"
        place = f"{cell}{record.line}:{record.column}"
        return f"{head}  {place:<7} {_told(record, self._coloured)}"


def jsonl(record: Record) -> str:
    """The record as a JSON object on one line."""
    import json  # slow to load, and other formats need none

    return json.dumps(_object(record))


def as_json(records: Iterable[Record]) -> str:
    """All records as one JSON array."""
    import json  # as for `jsonl`

    return json.dumps([_object(record) for record in records], indent=2)


def statistics(counts: Counter[tuple[str, str]]) -> Iterator[str]:
    """How many findings of each code and name, most first."""
    width = len(str(max(counts.values(), default=0)))
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>{width}} {code} {name}"


def coloured_diff(diff: str) -> str:
    """A unified diff with its lines in the colours that git gives them."""
    colours = {"+": _GREEN, "-": _RED, "@": _CYAN}
    lines = []
    for line in diff.splitlines(keepends=True):
        body = line.rstrip("\n")
        colour = _BOLD if line.startswith(("+++ ", "--- ")) else colours.get(line[:1], "")
        lines.append(f"{colour}{body}{_OFF}{line[len(body) :]}" if colour else line)
    return "".join(lines)


def _told(record: Record, coloured: bool) -> str:
    red, cyan, off = (_RED, _CYAN, _OFF) if coloured else ("", "", "")
    fixable = f" {cyan}[*]{off}" if fix_of(record) == "safe" else ""
    return f"{red}{record.code}{off}{fixable} {record.message}"


def _object(record: Record) -> dict[str, object]:
    found = {name: getattr(record, name) for name in _FIELDS}
    if record.cell is None:
        return found
    return {"path": found.pop("path"), "cell": record.cell, **found}


def _place(record: Record) -> str:
    cell = "" if record.cell is None else f"cell_{record.cell}:"
    return f"{printable(record.path)}:{cell}{record.line}:{record.column}"


def _width(character: str) -> int:
    import unicodedata

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
