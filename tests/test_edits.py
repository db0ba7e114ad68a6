"""Edits put into text: what is outside of them stays byte for byte."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tf2lint.finding import Edit
from tf2lint.fixes.edits import Conflict, apply, choose, drop_argument, rename_keyword, replace
from tf2lint.source import Source


def edit(line: int, column: int, end_column: int, text: str) -> Edit:
    return Edit(line, column, line, end_column, text)


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        ("abc", [edit(1, 1, 2, "X")], "aXc"),
        ("abc\r\ndef\r\n", [edit(2, 0, 3, "X")], "abc\r\nX\r\n"),
        ("abc\rdef", [edit(2, 0, 1, "")], "abc\ref"),
        ("a\x0cb\nc", [edit(2, 0, 1, "X")], "a\x0cb\nX"),
        ("é = ü\n", [edit(1, 5, 7, "o")], "é = o\n"),
        ("ab", [edit(1, 1, 1, "-")], "a-b"),
        ("ab", [edit(1, 0, 1, "x"), edit(1, 1, 2, "y")], "xy"),
        ("a\n\tb", [edit(2, 1, 2, "c")], "a\n\tc"),
        ("a\nb\nc", [Edit(1, 1, 3, 0, "+")], "a+c"),
        ("ab", [], "ab"),
    ],
)
def test_apply(text: str, edits: list[Edit], expected: str) -> None:
    assert apply(text, edits) == expected


def test_overlap_is_refused() -> None:
    with pytest.raises(Conflict):
        apply("abcdef", [edit(1, 0, 3, "x"), edit(1, 2, 4, "y")])


def test_a_group_goes_in_whole_or_not_at_all() -> None:
    outer = [edit(1, 0, 1, "x"), edit(1, 8, 9, "y")]
    inner = [edit(1, 3, 4, "a"), edit(1, 8, 9, "z")]
    other = [edit(1, 5, 6, "b")]
    assert choose([outer, inner, other]) == [*outer, *other]


@given(
    st.text(alphabet="abé\n\r\t\x0c ", max_size=40),
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 5), st.text("xy", max_size=3)), max_size=5
    ),
)
def test_outside_of_the_edits_nothing_changes(text: str, cuts: list[tuple[int, int, str]]) -> None:
    """Against plain slicing by offsets, on any text with any line ends."""
    spans: list[tuple[int, int, str]] = []
    at = 0
    for start, length, new in sorted(cuts):
        begin = max(at, start)
        if begin > len(text):
            continue
        end = min(begin + length, len(text))
        if text[begin - 1 : begin + 1] == "\r\n" or text[end - 1 : end + 1] == "\r\n":
            continue  # a place inside of a line end is none
        spans.append((begin, end, new))
        at = end + 1
    expected, last = "", 0
    for begin, end, new in spans:
        expected += text[last:begin] + new
        last = end
    expected += text[last:]
    assert apply(text, [_edit_at(text, *span) for span in spans]) == expected


def _edit_at(text: str, begin: int, end: int, new: str) -> Edit:
    return Edit(*_position(text, begin), *_position(text, end), new)


def _position(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before.rpartition("\n")[2].encode())


def _call(text: str) -> tuple[Source, ast.Call]:
    source = Source(text)
    statement = source.tree.body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return source, statement.value


@pytest.mark.parametrize(
    ("text", "which", "expected"),
    [
        ("f(a, b, c)", 1, "f(a, c)"),
        ("f(a, b, c)", 2, "f(a, b)"),
        ("f(a, b, c)", 0, "f(b, c)"),
        ("f(a)", 0, "f()"),
        ("f(a,)", 0, "f()"),
        ("f(a, k=b)", 1, "f(a)"),
        ("f(a, k=b, m=c)", 1, "f(a, m=c)"),
        ("f(\n    a,\n    b,\n)", 1, "f(\n    a,\n)"),
        ("f(\n    a,\n    b,\n)", 0, "f(\n    b,\n)"),
        ("f(\n    a,\n)", 0, "f(\n    \n)"),
        ("f((a), b)", 1, "f((a))"),
        ("f(a, (b))", 1, "f(a)"),
        ("f((a), ((b)), c)", 0, "f(((b)), c)"),
        ("f(a, ( b # )\n), c)", 1, "f(a, c)"),
        ("f((a), # (,\n(b), k=(c),)", 2, "f((a), # (,\n(b),)"),
        ("(f)((a))", 0, "(f)()"),
        ("(f)(((a)) ,)", 0, "(f)()"),
        ("f(x for x in y)", 0, "f()"),
        ("f((x for x in y))", 0, "f()"),
        ("f('é', (yield), ü=(1))", 1, "f('é', ü=(1))"),
        ("f(a,\r (b)\r)", 1, "f(a\r)"),
        ("f(*(a), **(b))", 1, "f(*(a))"),
    ],
)
def test_drop_argument(text: str, which: int, expected: str) -> None:
    source, call = _call(text)
    written: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    dropped = apply(text, [drop_argument(source, call, written[which])])
    assert dropped == expected
    ast.parse(dropped)


def test_rename_keyword_and_replace() -> None:
    text = "f(ä='ü', keep_dims = (1 +\n  2))  # c"
    _, call = _call(text)
    assert apply(text, [rename_keyword(call.keywords[1], "keepdims")]) == text.replace(
        "keep_dims", "keepdims"
    )
    assert apply(text, [replace(call, "x")]) == "x  # c"
