"""Findings as services want them: GitHub, GitLab, Azure Pipelines, JUnit, pylint, reviewdog."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from tf2lint.cli.files import Unreadable, read
from tf2lint.cli.problems import STATUS
from tf2lint.cli.records import Record, fix_of, level_of, marked, region, rule_of, slashes, told
from tf2lint.internal_error import printable
from tf2lint.source import split_lines


def github(record: Record) -> str:
    """A workflow command: GitHub shows it at the line in the pull request."""
    level = "notice" if level_of(record) == "note" else level_of(record)
    line, column, end_line, end_column = region(record)
    properties = {
        "file": slashes(record.path), "line": line, "col": column,
        "endLine": end_line, "endColumn": end_column,
        "title": f"{record.code} {record.name}",
    }  # fmt: skip
    given = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{level} {given}::{_escaped(told(record))}"


def azure(record: Record) -> str:
    """A logging command of Azure Pipelines, which knows errors and warnings."""
    level = "warning" if level_of(record) == "note" else level_of(record)
    line, column, _, _ = region(record)
    properties = {
        "type": level, "sourcepath": slashes(record.path), "linenumber": line,
        "columnnumber": column, "code": record.code,
    }  # fmt: skip
    given = "".join(f"{n}={_escaped(v, ';]', 'AZP25')};" for n, v in properties.items())
    return f"##vso[task.logissue {given}]{_escaped(told(record), '', 'AZP25')}"


def _escaped(value: object, more: str = "", percent: str = "25") -> str:
    """`value` without what ends a command or a property, in the services' hexadecimal form."""
    text = str(value).replace("%", f"%{percent}")
    for c in f"\r\n{more}":
        text = text.replace(c, f"%{ord(c):02X}")
    return printable(text)


def pylint(record: Record) -> str:
    """As pylint's `parseable` has it, with pylint's own id and symbol."""
    rule = rule_of(record)
    line = region(record)[0]
    name = f"{rule.pylint_id}({rule.pylint_symbol}), "
    return f"{printable(slashes(record.path))}:{line}: [{name}] {printable(told(record))}"


def gitlab(records: Iterable[Record]) -> str:
    """A Code Quality report for GitLab."""
    severity = {"error": "major", "warning": "minor", "note": "info"}
    return json.dumps(
        [
            {
                "description": f"{record.code} {told(record)}",
                "check_name": record.name,
                "fingerprint": mark,
                "severity": severity[level_of(record)],
                "location": {
                    "path": slashes(record.path),
                    "positions": {
                        "begin": dict(zip(("line", "column"), region(record)[:2], strict=True)),
                        "end": dict(zip(("line", "column"), region(record)[2:], strict=True)),
                    },
                },
            }
            for record, mark in marked(records)
        ],
        indent=2,
    )


def junit(records: Iterable[Record]) -> str:
    """JUnit's XML: a suite a file, a failed case a finding; what was not read is an error."""
    by_file: dict[str, list[Record]] = {}
    for record in records:
        by_file.setdefault(slashes(record.path), []).append(record)
    suites = [_suite(path, members) for path, members in by_file.items()]
    if not suites:  # a report without a case is a failure to some
        suites = [
            f'<testsuite name="tf2lint" {_counts(())}>',
            '<testcase name="tf2lint" classname="tf2lint" time="0"/>',
            "</testsuite>",
        ]
    counts = _counts([record for members in by_file.values() for record in members])
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="tf2lint" {counts}>'
    return "\n".join([head, *suites, "</testsuites>"])


def _suite(path: str, members: Sequence[Record]) -> str:
    name = path.rpartition(".")[0] or path
    lines = [f"<testsuite name={_attribute(path)} file={_attribute(path)} {_counts(members)}>"]
    for record in members:
        kind = "error" if record.status == STATUS else "failure"
        line, column, _, _ = region(record)
        case = f"{record.code} {record.name} (line {line}, column {column})"
        message = _attribute(f"{record.code} {told(record)}")
        lines += [
            f'<testcase name={_attribute(case)} classname={_attribute(name)} time="0">',
            f"<{kind} type={_attribute(record.name)} message={message}>"
            f"{_content(f'{path}:{line}:{column}: {record.code} {told(record)}')}</{kind}>",
            "</testcase>",
        ]
    return "\n".join([*lines, "</testsuite>"])


def _content(text: str) -> str:
    from xml.sax.saxutils import escape  # slow to load

    return escape(printable(text))


def _counts(members: Sequence[Record]) -> str:
    errors = sum(record.status == STATUS for record in members)
    tests = max(len(members), 1)
    return f'tests="{tests}" failures="{len(members) - errors}" errors="{errors}" time="0"'


def _attribute(text: str) -> str:
    from xml.sax.saxutils import quoteattr

    return quoteattr(printable(text))


def rdjson(records: Iterable[Record]) -> str:
    """Reviewdog's diagnostic format; columns are in bytes, and edits are suggestions."""
    severity = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}
    text = _Text()
    diagnostics = []
    for record in records:
        lines = text.lines(record)
        code = {"value": record.code, **({"url": record.url} if "://" in record.url else {})}
        diagnostics.append(
            {
                "message": told(record),
                "location": {
                    "path": slashes(record.path),
                    "range": _range(lines, *region(record)),
                },
                "severity": severity[level_of(record)],
                "code": code,
                **_suggestion(lines, record),
            }
        )
    source = {"name": "tf2lint"}
    return json.dumps({"source": source, "diagnostics": diagnostics}, indent=2)


def _suggestion(lines: Sequence[str], record: Record) -> dict[str, object]:
    """The edit, where one by itself is whole: each is applied by a click of its own."""
    if not fix_of(record) or len(record.edits) != 1 or record.cell is not None:
        return {}
    [edit] = record.edits
    place = [int(str(edit[name])) for name in ("line", "column", "end_line", "end_column")]
    if not lines or place[2] > len(lines):
        return {}
    return {"suggestions": [{"range": _range(lines, *place), "text": edit["text"]}]}


def _range(
    lines: Sequence[str], line: int, column: int, end_line: int, end_column: int
) -> dict[str, object]:
    return {"start": _position(lines, line, column), "end": _position(lines, end_line, end_column)}


def _position(lines: Sequence[str], line: int, column: int) -> dict[str, int]:
    if not 0 < line <= len(lines):
        return {"line": line}
    before = lines[line - 1][: column - 1]
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}


class _Text:
    """The lines of the files that records are in, one file at a time."""

    def __init__(self) -> None:
        self._path = ""
        self._lines: list[str] = []

    def lines(self, record: Record) -> Sequence[str]:
        """Lines of the file, if it is what the record was made of; else none."""
        if record.cell is not None or record.status == STATUS:
            return ()
        if record.path != self._path:
            self._path = record.path
            try:
                self._lines = split_lines(read(record.path))
            except Unreadable:
                self._lines = []
        there = self._lines[record.line - 1 : record.line]
        return self._lines if [line.rstrip("\r\n") for line in there] == [record.text] else ()
