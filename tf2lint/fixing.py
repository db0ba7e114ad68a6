"""Fixes one module: applies the edits of its findings, round after round, and checks the result.

Whatever goes wrong, the text comes back as it was, with the reason.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from tf2lint import edits as editing
from tf2lint.engine import check
from tf2lint.finding import Edit, Finding
from tf2lint.options import Options
from tf2lint.proofs import is_safe
from tf2lint.respell import COMPAT
from tf2lint.source import Source

ROUNDS = 40  # nested calls are rewritten from the outside in, one level a round


@dataclass(frozen=True)
class Fixed:
    """The outcome for one module: its text, what was fixed and what is left, by code.

    `refused` says why the module was left as it was, or is empty.
    """

    text: str
    fixed: Counter[str]
    left: list[Finding]
    refused: str = ""


def fix(
    text: str,
    filename: str,
    options: Options,
    to: str = "tf2",
    unsafe: bool = False,
    wanted: Callable[[Finding], bool] = lambda _: True,
    path: str | None = None,
) -> Fixed:
    """Fix `text`; `to` is `tf2` or `compat-v1`, `wanted` picks the findings to fix.

    Raises `SyntaxError` or `ValueError` where `text` itself does not parse.
    """
    told = replace(options, edits=to)
    fixed: Counter[str] = Counter()
    current = text
    found = first = check(Source(current, filename, path=path), told)
    for _ in range(ROUNDS):
        groups: list[tuple[Edit, ...]] = []
        codes: dict[tuple[Edit, ...], str] = {}
        for finding in found:
            hint = finding.hint
            if hint is None or not hint.edits or not wanted(finding):
                continue
            if to == COMPAT or unsafe or is_safe(finding):
                groups.append(hint.edits)
                codes[hint.edits] = finding.code
        chosen = editing.choose(groups)
        if not chosen:
            break
        after = editing.apply(current, chosen)
        try:
            ast.parse(after)
        except (SyntaxError, ValueError) as error:
            return Fixed(text, Counter(), first, f"the fixed text would not parse: {error}")
        taken = set(chosen)
        fixed.update(codes[group] for group in dict.fromkeys(groups) if set(group) <= taken)
        current = after
        found = check(Source(current, filename, path=path), told)
    new = Counter(_kind(f) for f in found) - Counter(_kind(f) for f in first)
    if to != COMPAT and new:
        code, symbol = next(iter(sorted(new)))
        return Fixed(text, Counter(), first, f"the fixed text would raise a new {code} ({symbol})")
    return Fixed(current, fixed, found)


def _kind(finding: Finding) -> tuple[str, str]:
    return (finding.code, finding.symbol)
