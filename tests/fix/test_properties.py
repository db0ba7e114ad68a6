"""Any subset of the edits of any file leaves code that parses and all other tokens alone."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fix.test_proofs import _texts
from tf2lint.check.engine import check
from tf2lint.finding import Edit
from tf2lint.fixes.edits import apply, choose
from tf2lint.fixes.fixer import fix
from tf2lint.options import COMPAT, MIXED, TF2, Options
from tf2lint.source import Source, split_lines

PROGRAMS = Path(__file__).parent / "programs"


@lru_cache(maxsize=1)
def files() -> list[tuple[str, tuple[tuple[Edit, ...], ...]]]:
    """Texts with the groups of edits of all their findings."""
    found: dict[str, set[tuple[Edit, ...]]] = {}
    for text in [*_texts(), *(path.read_text() for path in PROGRAMS.glob("*.py"))]:
        for to in ("tf2", COMPAT):
            for finding in check(Source(text), Options(edits=to)):
                if finding.hint is not None and finding.hint.edits:
                    found.setdefault(text, set()).add(finding.hint.edits)
    return [(text, tuple(sorted(groups, key=repr))) for text, groups in sorted(found.items())]


@given(st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_subset_parses_and_leaves_the_rest_alone(data: st.DataObject) -> None:
    text, groups = data.draw(st.sampled_from(files()))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    subset = data.draw(st.lists(st.sampled_from(groups), unique=True))
    text = text.replace("\n", end)
    edits = choose(subset)
    after = apply(text, edits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(after)
    assert _outside(text, edits) == _outside_of_result(text, after, edits)
    before = [t for t in _tokens(text) if not any(_touches(t, edit) for edit in edits)]
    now = [t.string for t in _tokens(after)]
    at = 0
    for token in before:  # in the same order, whatever came in between
        at = now.index(token.string, at) + 1


def _offset(text: str, line: int, column: int) -> int:
    lines = split_lines(text)
    row = lines[line - 1].encode() if line <= len(lines) else b""
    return sum(map(len, lines[: line - 1])) + len(row[:column].decode())


def _spans(text: str, edits: list[Edit]) -> list[tuple[int, int, int]]:
    return sorted({
        (_offset(text, e.line, e.column), _offset(text, e.end_line, e.end_column), len(e.text))
        for e in edits
    })  # fmt: skip


def _outside(text: str, edits: list[Edit]) -> list[str]:
    parts, at = [], 0
    for start, stop, _ in _spans(text, edits):
        parts.append(text[at:start])
        at = stop
    return [*parts, text[at:]]


def _outside_of_result(text: str, after: str, edits: list[Edit]) -> list[str]:
    parts, at, moved = [], 0, 0
    for start, stop, length in _spans(text, edits):
        parts.append(after[at : start + moved])
        at = start + moved + length
        moved += length - (stop - start)
    return [*parts, after[at:]]


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    blank = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    found = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return [token for token in found if token.type not in blank]


def _touches(token: tokenize.TokenInfo, edit: Edit) -> bool:
    def place(line: int, column: int) -> tuple[int, int]:
        row = token.line if line == token.start[0] else ""
        return line, len(row[:column].encode()) if row.isascii() else column

    start, end = place(*token.start), place(*token.end)
    return start <= (edit.end_line, edit.end_column) and (edit.line, edit.column) <= end


@pytest.mark.parametrize(
    ("to", "unsafe"),
    # With --unsafe, what went through compat.v1 may be found to have a form of TF 2.
    [(MIXED, False), (TF2, False), (TF2, True), (COMPAT, False), (COMPAT, True)],
)
def test_a_second_run_changes_nothing(to: str, unsafe: bool) -> None:
    changed = 0
    for text, _ in files():
        done = fix(text, "test.py", Options(), to, unsafe)
        if done.text != text:
            assert fix(done.text, "test.py", Options(), to, unsafe).text == done.text
            changed += 1
    assert changed > 100
