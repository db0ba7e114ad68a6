"""Findings as SARIF 2.1.0, for code scanning services."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from tf2lint import __version__
from tf2lint.cli import pages
from tf2lint.cli.problems import STATUS
from tf2lint.cli.records import Record, level_of, marked, rule_of, slashes, told
from tf2lint.finding import Rule

_LEVELS = {"E": "error", "W": "warning", "R": "note"}


def sarif(records: Iterable[Record]) -> str:
    """A SARIF 2.1.0 log."""
    from tf2lint.check.registry import rules  # slow to load

    found: list[Record] = []
    lost: list[Record] = []
    for record in records:
        (lost if record.status == STATUS else found).append(record)
    others = {rule.code: rule for rule in map(rule_of, found)}
    all_rules = [*rules(), *(others[code] for code in sorted(others.keys() - _codes()))]
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
        "invocations": [
            {
                "executionSuccessful": not lost,
                "toolExecutionNotifications": [_notification(record) for record in lost],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "Where tf2lint was run."}}},
        "results": [
            {
                "ruleId": record.code,
                "ruleIndex": place[record.code],
                "level": level_of(record),
                "message": {"text": told(record).replace("](", "\\](")},  # no links
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
            for record, mark in marked(found)
        ],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2)


def _codes() -> set[str]:
    from tf2lint.check.registry import rules  # slow to load

    return {rule.code for rule in rules()}


def _in_cell(record: Record) -> dict[str, object]:
    """The place in a notebook's cell."""
    if record.cell is None:
        return {}
    names = ("cell", "line", "column", "end_line", "end_column")
    return {name: getattr(record, name) for name in names}


def _notification(record: Record) -> dict[str, object]:
    """What was not looked at, and why: whoever shows results has to know that some are missing."""
    return {
        "level": "error",
        "message": {"text": told(record)},
        "descriptor": {"id": record.name},
        "locations": [{"physicalLocation": _sarif_place(record)}],
    }


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
    path = slashes(record.path)
    location: dict[str, str] = {"uri": _quoted(path)}
    if os.path.isabs(path):
        location["uri"] = f"file://{_quoted(path if path.startswith('/') else '/' + path)}"
    else:
        location["uriBaseId"] = "%SRCROOT%"
    return location


def _sarif_place(record: Record) -> dict[str, object]:
    location = _sarif_file(record)
    if record.cell is not None:
        return {"artifactLocation": location, "region": {"startLine": max(record.file_line, 1)}}
    return {
        "artifactLocation": location,
        "region": {
            "startLine": record.line,
            "startColumn": record.column,
            "endLine": record.end_line,
            "endColumn": record.end_column,
        },
    }


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogateescape"))  # names may be any bytes
