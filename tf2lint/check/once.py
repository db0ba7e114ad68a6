"""One thing is told once, at the most useful place: which findings another one speaks for.

They stay findings: `fix` has their edits, and a baseline counts them. Only who reads is spared.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from tf2lint.finding import Finding
from tf2lint.source import Source, nodes_on

_ARGUMENT = re.compile(r"`[^`]*\(\w+=\)` ")  # a finding on one argument of a call
_DATA_SETS = "tf.examples."  # what is read there is an object of another kind everywhere
Span = tuple[int, int, int, int]


def told(
    findings: Sequence[Finding], source: Source, takes: Callable[[Finding], bool] = bool
) -> list[Finding | None]:
    """Each of the findings, None where another one speaks for it.

    `takes` says which ones the settings let the reader see: the others speak for none. A comment on
    the line is another thing. It answers the finding, and what that spoke for is answered with
    it: to silence one place shall not bring up another code there, to be silenced next.
    """
    shown = list(findings)
    seen = [number for number, finding in enumerate(shown) if takes(finding)]
    spoken = set(_uses_of_data_sets(shown, seen))
    tellers = any((rule := shown[number].rule) and rule.speaks_for for number in seen)
    if tellers or sum(_ARGUMENT.match(shown[number].message) is not None for number in seen) > 1:
        at = {_place(shown[number]): number for number in seen}
        for call in nodes_on(source.tree, sorted({found.line for found in shown})):
            if isinstance(call, ast.Call):
                teller = at.get(_span(call.func))
                if teller is not None:
                    spoken.update(_spoken_for(shown, shown[teller], call, at))
                if len(call.keywords) > 1:
                    spoken.update(_of_one_call(shown, call, at))
    return [None if number in spoken else found for number, found in enumerate(shown)]


def _place(finding: Finding) -> Span:
    return finding.line, finding.column, finding.end_line, finding.end_column


def _span(node: ast.expr | ast.keyword) -> Span:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _spoken_for(
    shown: list[Finding], teller: Finding, call: ast.Call, at: dict[Span, int]
) -> Iterator[int]:
    """What the finding on a call says of the call's own arguments, too."""
    known = teller.rule.speaks_for if teller.rule is not None else ()
    if not known:
        return
    deletes = teller.hint is not None and teller.hint.advice == "delete"
    arguments: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    for argument in arguments:
        value = argument.value if isinstance(argument, ast.keyword) else argument
        parts: list[ast.expr | ast.keyword] = [argument, value]
        if deletes:  # the call goes with what is made for it
            made = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
            parts += [one.func for one in made if isinstance(one, ast.Call)]
        for part in parts:
            number = at.get(_span(part))
            if number is not None and any(
                shown[number].code == code and shown[number].symbol.startswith(symbol)
                for code, symbol in known
            ):
                yield number


def _of_one_call(shown: list[Finding], call: ast.Call, at: dict[Span, int]) -> Iterator[int]:
    """All but the first of several arguments for which the same new call is the hint."""
    first: dict[tuple[str, str], int] = {}
    for keyword in call.keywords:
        number = at.get(_span(keyword))
        found = shown[number] if number is not None else None
        if number is None or found is None or not found.hint:
            continue
        key = found.code, found.hint.text
        if _ARGUMENT.match(found.message) is None or not found.hint.text:
            continue
        if first.setdefault(key, number) != number:
            yield number


def _uses_of_data_sets(shown: list[Finding], seen: list[int]) -> Iterator[int]:
    """Uses of what `read_data_sets` gave, where a finding says what takes its place."""
    of_data = [n for n in seen if shown[n].symbol.startswith(_DATA_SETS)]
    if any(shown[number].symbol.endswith(".read_data_sets") for number in of_data):
        for number in of_data:
            if ".Datasets" in shown[number].symbol:
                yield number
