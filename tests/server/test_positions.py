"""Places and edits, on texts at random: lines and columns of the protocol and of `ast`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lsp import applied
from tf2lint.fixes.edits import apply
from tf2lint.server.documents import between
from tf2lint.server.positions import Position, changed, from_client, to_client
from tf2lint.source import split_lines

LETTERS = "ab é\u2028\f\x85😀日\n\r"
TEXTS = st.text(LETTERS, max_size=30)
ENCODINGS = ["utf-8", "utf-16", "utf-32"]
SIZES = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def _units(text: str, encoding: str) -> int:
    codec, size = SIZES[encoding]
    return len(text.encode(codec)) // size


def _position(text: str, offset: int, encoding: str) -> Position:
    """Where the letter at `offset` is for a client; not between the two of a line's end."""
    if text[offset - 1 : offset + 1] == "\r\n":
        offset -= 1
    before = split_lines(text[:offset])
    if not before or before[-1].endswith(("\n", "\r")):
        return Position(len(before), 0)
    return Position(len(before) - 1, _units(before[-1], encoding))


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=300, deadline=None)
@given(text=TEXTS, new=TEXTS, places=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_change_is_what_any_client_means(
    encoding: str, text: str, new: str, places: tuple[float, float]
) -> None:
    start, end = (_position(text, round(place * len(text)), encoding) for place in sorted(places))
    edit = {
        "range": {"start": start._asdict(), "end": end._asdict()}, "newText": new,
    }  # fmt: skip
    assert changed(text, start, end, new, encoding) == applied(text, [edit], encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=200, deadline=None)
@given(line=st.text(LETTERS.replace("\n", "").replace("\r", ""), max_size=12))
def test_columns_there_and_back(encoding: str, line: str) -> None:
    for index in range(len(line) + 1):
        column = len(line[:index].encode())
        there = to_client(f"{line}\r\n", column, encoding)
        assert there == _units(line[:index], encoding)
        assert from_client(f"{line}\r\n", there, encoding) == column
    beyond = from_client(line, 99, encoding)
    assert beyond == len(line.encode())
    assert to_client(f"{line}\n", 99, encoding) == _units(line, encoding)


@settings(max_examples=300, deadline=None)
@given(before=TEXTS, after=TEXTS)
def test_edits_between_two_texts(before: str, after: str) -> None:
    assert apply(before, between(before, after)) == after


def test_edits_leave_lines_alone_that_stay() -> None:
    before = "a\nb\nc\nd\ne\n"
    edits = between(before, "a\nB\nc\nd\nE\nf\n")
    assert [(e.line, e.end_line, e.text) for e in edits] == [(2, 3, "B\n"), (5, 6, "E\nf\n")]
