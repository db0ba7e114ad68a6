"""The forms in which findings are printed."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from tf2lint import __version__
from tf2lint.cli import pages
from tf2lint.cli.examine import Record
from tf2lint.finding import Rule
from tf2lint.internal_error import printable

_FIELDS = [name for name in Record._fields if name not in ("text", "cell", "file_line")]
_COLOURS = ("\x1b[1m", "\x1b[31m", "\x1b[36m", "\x1b[0m")  # bold, red, cyan, off


def text(record: Record) -> str:
    """`path:line:column: CODE message`, as flake8 prints it."""
    return f"{_place(record)}: {record.code} {record.message}"


def terminal(record: Record, coloured: bool = True) -> str:
    """The same with the source line and a caret under the place, in colour."""
    bold, red, cyan, off = _COLOURS if coloured else ("", "", "", "")
    shown = "".join(
        c if c == "\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in record.text
    )
    start = record.column - 1
    end = record.end_column - 1 if record.end_line == record.line else len(shown)
    blank = "".join("\t" if c == "\t" else " " * _width(c) for c in shown[:start])
    under = "^" * max(1, sum(map(_width, shown[start:end])))
    bar = f"{cyan}|{off}"
    return (
        f"{bold}{_place(record)}{off}: {red}{record.code}{off} {record.message}\n"
        f"{record.line:>5} {bar} {shown}\n"
        f"{'':>5} {bar} {blank}{red}{under}{off}"
    )


def plain_terminal(record: Record) -> str:
    """The same without colour."""
    return terminal(record, coloured=False)


def jsonl(record: Record) -> str:
    """The record as a JSON object on one line."""
    return json.dumps(_object(record))


def github(record: Record) -> str:
    """A workflow command: GitHub shows it at the line in the pull request."""
    level = {"E": "error", "W": "warning", "R": "notice"}[_rule(record).category]
    line, column, end_line, end_column = _region(record)
    properties = {
        "file": _slashes(record.path), "line": line, "col": column,
        "endLine": end_line, "endColumn": end_column,
        "title": f"{record.code} {record.name}",
    }  # fmt: skip
    told = ",".join(f"{name}={_escape(str(value), True)}" for name, value in properties.items())
    return f"::{level} {told}::{_escape(_told(record), False)}"


def as_json(records: Iterable[Record]) -> str:
    """All records as one JSON array."""
    return json.dumps([_object(record) for record in records], indent=2)


def gitlab(records: Iterable[Record]) -> str:
    """A Code Quality report for GitLab."""
    severity = {"E": "major", "W": "minor", "R": "info"}
    return json.dumps(
        [
            {
                "description": f"{record.code} {_told(record)}",
                "check_name": record.name,
                "fingerprint": mark,
                "severity": severity[_rule(record).category],
                "location": {
                    "path": _slashes(record.path),
                    "positions": {
                        "begin": dict(zip(("line", "column"), _region(record)[:2], strict=True)),
                        "end": dict(zip(("line", "column"), _region(record)[2:], strict=True)),
                    },
                },
            }
            for record, mark in _marked(records)
        ],
        indent=2,
    )


def sarif(records: Iterable[Record]) -> str:
    """A SARIF 2.1.0 log."""
    from tf2lint.check.registry import rules

    all_rules = rules()
    place = {rule.code: number for number, rule in enumerate(all_rules)}
    run = {
        "tool": {
            "driver": {
                "name": "tf2lint",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_sarif_rule(rule) for rule in all_rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "Where tf2lint was run."}}},
        "results": [
            {
                "ruleId": record.code,
                "ruleIndex": place[record.code],
                "level": _LEVELS[_rule(record).category],
                "message": {"text": _told(record).replace("](", "\\](")},  # no links
                "locations": [{"physicalLocation": _sarif_place(record)}],
                "partialFingerprints": {"tf2lint/v1": mark},
                **_sarif_fixes(record),
                "properties": {
                    "symbol": record.symbol,
                    "status": record.status,
                    "confidence": record.confidence,
                    **_in_cell(record),
                },
            }
            for record, mark in _marked(records)
        ],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2)


def statistics(counts: Counter[tuple[str, str]]) -> Iterator[str]:
    """How many findings of each code and name, most first."""
    width = len(str(max(counts.values(), default=0)))
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{count:>{width}} {code} {name}"


# Formats that can be printed finding by finding, and those that are one document.
BY_LINE: dict[str, Callable[[Record], str]] = {"text": text, "jsonl": jsonl, "github": github}
WHOLE: dict[str, Callable[[Iterable[Record]], str]] = {
    "json": as_json,
    "sarif": sarif,
    "gitlab": gitlab,
}
FORMATS: Sequence[str] = ("text", "json", "jsonl", "github", "sarif", "gitlab")
_LEVELS = {"E": "error", "W": "warning", "R": "note"}


def _object(record: Record) -> dict[str, object]:
    found = {name: getattr(record, name) for name in _FIELDS}
    if record.cell is None:
        return found
    return {"path": found.pop("path"), "cell": record.cell, **found}


def _place(record: Record) -> str:
    cell = "" if record.cell is None else f"cell_{record.cell}:"
    return f"{printable(record.path)}:{cell}{record.line}:{record.column}"


def _in_cell(record: Record) -> dict[str, object]:
    """The place in a notebook's cell."""
    if record.cell is None:
        return {}
    names = ("cell", "line", "column", "end_line", "end_column")
    return {name: getattr(record, name) for name in names}


def _told(record: Record) -> str:
    """The message, with the place where that cannot be said otherwise."""
    if record.cell is None:
        return record.message
    return f"cell {record.cell}, line {record.line}: {record.message}"


def _region(record: Record) -> tuple[int, int, int, int]:
    """The place in the file as it lies on disk: of notebooks, where the line begins."""
    if record.cell is None:
        return record.line, record.column, record.end_line, record.end_column
    return record.file_line, 1, record.file_line, 1


def _rule(record: Record) -> Rule:
    from tf2lint.check.registry import registry

    return registry().rules[record.code]


def _marked(records: Iterable[Record]) -> Iterator[tuple[Record, str]]:
    """Every record with a mark that stays the same when lines move."""
    import hashlib

    seen: Counter[tuple[str, str, str]] = Counter()
    for record in records:
        key = (_slashes(record.path), record.code, " ".join(record.text.split()))
        seen[key] += 1
        data = "\0".join((*key, record.symbol, str(seen[key])))
        yield record, hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _sarif_rule(rule: Rule) -> dict[str, object]:
    page = pages.page(rule)
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(rule.page.split())},
        "help": {"text": page, "markdown": page},
        **({"helpUri": pages.url_of(rule)} if pages.ADDRESS else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.category], "enabled": rule.default},
    }


def _sarif_fixes(record: Record) -> dict[str, object]:
    """What `tf2lint fix` would do of it; nothing for notebooks, whose lines are cells' own."""
    if not record.edits or record.cell is not None:
        return {}
    safe = all(edit["safe"] for edit in record.edits)
    text = "Proven to compute the same." if safe else "Not proven: look at it."
    replacements = [
        {
            "deletedRegion": {
                "startLine": edit["line"],
                "startColumn": edit["column"],
                "endLine": edit["end_line"],
                "endColumn": edit["end_column"],
            },
            **({"insertedContent": {"text": edit["text"]}} if edit["text"] else {}),
        }
        for edit in record.edits
    ]
    change = {"artifactLocation": _sarif_file(record), "replacements": replacements}
    fix = {
        "description": {"text": text}, "artifactChanges": [change], "properties": {"safe": safe},
    }  # fmt: skip
    return {"fixes": [fix]}


def _sarif_file(record: Record) -> dict[str, str]:
    path = _slashes(record.path)
    location: dict[str, str] = {"uri": _quoted(path)}
    if os.path.isabs(path):
        location["uri"] = f"file://{_quoted(path if path.startswith('/') else '/' + path)}"
    else:
        location["uriBaseId"] = "%SRCROOT%"
    return location


def _sarif_place(record: Record) -> dict[str, object]:
    location = _sarif_file(record)
    if record.cell is not None:
        return {"artifactLocation": location, "region": {"startLine": record.file_line}}
    return {
        "artifactLocation": location,
        "region": {
            "startLine": record.line,
            "startColumn": record.column,
            "endLine": record.end_line,
            "endColumn": record.end_column,
        },
    }


def _slashes(path: str) -> str:
    """`path` with slashes, from the current folder if it is in there: as services want it."""
    if os.path.isabs(path) and path.startswith(os.path.join(os.getcwd(), "")):
        path = os.path.relpath(path)
    path = path.replace(os.sep, "/")
    return path.removeprefix("./")


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogateescape"))  # names may be any bytes


def _escape(value: str, is_property: bool) -> str:
    value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    value = value.replace(":", "%3A").replace(",", "%2C") if is_property else value
    return printable(value)


def _width(character: str) -> int:
    import unicodedata

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
