"""Comments that silence findings: `# noqa` as flake8 reads it, `# pylint: disable` as pylint does.

For the command line and the baseline, which hear both; and for each host what is said to the
other one, where it names us: one comment serves all.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from tf2lint.finding import Finding, Rule
from tf2lint.internal_error import BROKEN
from tf2lint.source import Source

NOQA = re.compile(r"# noqa(?::[\s]?(?P<codes>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.I)
_NOQA_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.I)
_PYLINT = re.compile(r"#.*?\bpylint:\s*([^;#\n]+)")
_OURS = re.compile(
    r"pylint:[^\n]*?(?:skip-file|disable-all|\btf1-|\btf2lint\b|\ball\b|\b[EWRewr](?:7\d{3})?\b)"
)
_WHOLE = frozenset({"all", "e", "w", "r"})
_ACTION = re.compile(
    r"\b(disable-all|disable-next|disable-msg|enable-msg|skip-file|disable|enable)\b"
)


class NoqaComment(NamedTuple):
    """A comment at `line` that names codes, each with its column in bytes.

    It speaks for the lines from `first` to `last`.
    """

    line: int
    first: int
    last: int
    codes: tuple[tuple[str, int], ...]


class Suppressions:
    """The silencing comments of one module."""

    def __init__(self, source: Source) -> None:
        self._source = source
        lowered = source.text.lower()
        self._noqa = "noqa" in lowered
        # Most pragmas are about other things; telling comments from strings costs the most.
        self._pylint = "pylint:" in source.text and any(
            _OURS.match(line, line.find("pylint:")) for line in source.lines if "pylint:" in line
        )
        self._matched: dict[str, re.Match[str] | None] = {}
        self._hidden: dict[str, bytearray] = {}

    def hides(self, finding: Finding, blanket: bool = True) -> bool:
        """Whether a comment silences `finding`, in one of the hosts' ways.

        Without `blanket`, comments count only that name what they silence: others were written
        for another reason, perhaps long ago.
        """
        if not blanket:
            return self.hides_by_name(finding, "noqa") or self.hides_by_name(finding, "pylint")
        return (self._noqa and self._by_noqa(finding)) or (
            self._pylint and self._by_pylint(finding)
        )

    def noqa_comments(self) -> Iterator[NoqaComment]:
        """The `# noqa` comments that name codes, and the lines that they speak for."""
        if not self._noqa:
            return
        for token in self._tokens:
            match = NOQA.search(token.string) if token.type == tokenize.COMMENT else None
            if match is None or match["codes"] is None:
                continue
            line, column = token.start
            first = line
            while first > 1 and self._physical.get(first - 1) is self._physical.get(line):
                first -= 1
            before = len(self._source.lines[line - 1][:column].encode("utf-8", "surrogatepass"))
            text, start = token.string, match.start("codes")
            codes = tuple(
                (code[0], before + len(text[: start + code.start()].encode()))
                for code in re.finditer(r"[A-Z]+[0-9]*", match["codes"])
            )
            yield NoqaComment(line, first, line, codes)

    def hides_by_name(self, finding: Finding, comment: str) -> bool:
        """Whether a comment of the kind `noqa` or `pylint` silences `finding`, and names it.

        One that silences everything, or a whole category, means what its own host reports.
        """
        if finding.rule is None or finding.code == BROKEN.code:
            return False
        if comment == "noqa":
            if not self._noqa:
                return False
            if self._whole_file:
                return finding.code.startswith(self._whole_file_codes)
            match = self._match(finding.line)
            return match is not None and match["codes"] is not None and self._by_noqa(finding)
        return self._pylint and bool(
            self._lines_of(_names(finding.rule) - _WHOLE - {finding.rule.category})[finding.line]
        )

    # Those of flake8 count for a physical line; lines that a string or a backslash joins are one.

    def _by_noqa(self, finding: Finding) -> bool:
        if self._whole_file:
            return True
        match = self._match(finding.line)
        if match is None:
            return False
        if match["codes"] is None:
            return True
        codes = [code for code in re.split(r"[,\s]+", match["codes"]) if code]
        return finding.code.startswith(tuple(codes))

    def _match(self, number: int) -> re.Match[str] | None:
        line = self._physical.get(number, "")
        if line not in self._matched:  # a line may be long, and hold many findings
            self._matched[line] = NOQA.search(line)
        return self._matched[line]

    @cached_property
    def _whole_file(self) -> list[str]:
        """The lines that silence the file; flake8 does not mind which codes they name."""
        return [line for line in self._source.lines if _NOQA_FILE.match(line)]

    @cached_property
    def _whole_file_codes(self) -> tuple[str, ...]:
        found = [_NOQA_FILE.sub("", line, count=1) for line in self._whole_file]
        return tuple(code for text in found for code in re.findall(r"\bTF\d*", text))

    @cached_property
    def _physical(self) -> dict[int, str]:
        lines = self._source.lines
        found = dict(enumerate(lines, 1))
        first, last = 0, 0
        for token in self._tokens:
            if token.type in (tokenize.ENDMARKER, tokenize.DEDENT):
                continue
            first = min(first, token.start[0]) if first else token.start[0]
            last = max(last, token.end[0])
            if token.type in (tokenize.NL, tokenize.NEWLINE):
                if last > first:
                    joined = "".join(lines[first - 1 : last])
                    found.update(dict.fromkeys(range(first, last + 1), joined))
                first = last = 0
        return found

    @cached_property
    def _tokens(self) -> list[tokenize.TokenInfo]:
        try:
            return list(tokenize.generate_tokens(io.StringIO(self._source.python3).readline))
        except (tokenize.TokenError, SyntaxError):  # stricter than the parser in rare cases
            return []

    # Those of pylint paint ranges of lines; the last one counts.

    def _by_pylint(self, finding: Finding) -> bool:
        assert finding.rule is not None
        hidden = self._hidden.get(finding.code)
        if hidden is None:
            hidden = self._hidden[finding.code] = self._lines_of(_names(finding.rule))
        return bool(hidden[finding.line])

    def _lines_of(self, names: set[str]) -> bytearray:
        """Whether each line is one where what goes by `names` is silenced."""
        count = len(self._source.lines) + 2
        if "all" in names and self._skipped:
            return bytearray(b"\1" * count)  # nothing brings back a file that is skipped
        hidden = bytearray(count)
        for first, last, told, hide in self._painted:
            if names & told:
                first, last = min(first, count), min(last + 1, count)
                hidden[first:last] = bytes((hide,)) * (last - first)
        return hidden

    @cached_property
    def _skipped(self) -> bool:
        return any(_skips(action, names) for _, action, names in self._pragmas())

    @cached_property
    def _painted(self) -> list[tuple[int, int, frozenset[str], bool]]:
        painted: list[tuple[int, int, frozenset[str], bool]] = []
        for line, action, names in self._pragmas():
            if _skips(action, names):
                continue
            if action == "disable-next":
                painted.append((line + 1, line + 1, names, True))
            else:
                first, last = _reach(self._source.tree, line)
                painted.append((first, last, names, action.startswith("disable")))
        return painted

    def _pragmas(self) -> Iterator[tuple[int, str, frozenset[str]]]:
        for token in self._tokens:
            match = _PYLINT.match(token.string) if token.type == tokenize.COMMENT else None
            if match is None:
                continue
            parts = _ACTION.split(match[1])
            for action, rest in zip(parts[1::2], parts[2::2], strict=True):
                names = frozenset(re.findall(r"[0-9A-Za-z\-_]+", rest))
                yield token.start[0], action, names


def _skips(action: str, names: frozenset[str]) -> bool:
    """Whether a pragma takes the whole file."""
    return action in ("skip-file", "disable-all") or (action == "disable" and "all" in names)


def heard(source: Source, findings: list[Finding], comment: str) -> list[Finding]:
    """`findings` without what a comment of the kind `noqa` or `pylint` silences by name."""
    if not findings:
        return findings
    hidden = Suppressions(source)
    return [finding for finding in findings if not hidden.hides_by_name(finding, comment)]


def _names(rule: Rule) -> set[str]:
    """All that a pragma can call `rule`."""
    letter = rule.category
    return {
        rule.pylint_symbol, rule.pylint_id, "tf2lint",
        letter, letter.lower(), "all",
    }  # fmt: skip


def _reach(tree: ast.Module, line: int) -> tuple[int, int]:
    """The lines that a pragma on `line` speaks for, as pylint has it for messages of nodes."""
    node: ast.AST = tree
    body = tree.body
    at = bisect_left(body, line, key=lambda stmt: _lines(stmt)[1])  # one of many, perhaps
    if at < len(body) and _holds(body[at], line):
        node = body[at]
    while node is not tree:
        inner = next((child for child in _placed(node) if _holds(child, line)), None)
        if inner is None:
            break
        node = inner
    if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        start, end = (0, 1 << 30) if isinstance(node, ast.Module) else _lines(node)
        return (start if line <= _first_line(node, end) else line), end
    end = _lines(node)[1]
    if isinstance(node, ast.Match):
        ends = [_lines(c.body[-1])[1] for c in node.cases if c.pattern.lineno <= line]
        return line, ends[-1] if ends else end
    if isinstance(
        node, ast.Try | ast.If | ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith
    ):
        return _block(node, line)
    return line, end


def _first_line(
    node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, end: int
) -> int:
    """Where the first statement after the docstring is."""
    body = node.body
    if body and isinstance(body[0], ast.Expr) and ast.get_docstring(node, clean=False) is not None:
        body = body[1:]
    return _lines(body[0])[0] if body else end


def _block(node: ast.stmt, line: int) -> tuple[int, int]:
    """The part of a compound statement from `line` on."""
    for handler in getattr(node, "handlers", ()):
        if handler.type is not None and line == handler.type.lineno:
            return line, handler.end_lineno
        if handler.body[0].lineno <= line <= handler.body[-1].end_lineno:
            return line, handler.body[-1].end_lineno
    final = getattr(node, "finalbody", None)
    if final and final[0].lineno - 1 <= line <= final[-1].end_lineno:
        return line, final[0 if line < final[0].lineno else -1].end_lineno
    while True:
        body: list[ast.stmt] = node.body  # type: ignore[attr-defined]
        orelse: list[ast.stmt] = getattr(node, "orelse", [])
        if line == body[0].lineno:
            return line, line
        end = body[-1].end_lineno or 0
        if line <= end:
            return line, end
        if line == node.end_lineno:
            return line, line
        if not orelse:
            return line, line
        if not isinstance(orelse[0], ast.If | ast.For | ast.While | ast.With | ast.Try):
            return line, orelse[-1].end_lineno or line
        node = orelse[0]


def _placed(node: ast.AST) -> Iterator[ast.AST]:
    """Children that have a place; those without stand for their own children."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child
        elif not isinstance(child, ast.expr_context | ast.operator):
            yield from _placed(child)


def _holds(node: ast.AST, line: int) -> bool:
    start, end = _lines(node)
    return start <= line <= end


def _lines(node: ast.AST) -> tuple[int, int]:
    first: int = node.lineno  # type: ignore[attr-defined]
    decorators = getattr(node, "decorator_list", ())
    last: int = node.end_lineno  # type: ignore[attr-defined]
    return min([first, *(d.lineno for d in decorators)]), last
