"""Which edits are proven: run before on TF 1, after on TF 2, with the same numbers.

`proofs.txt` is written by `tools/verify_fixes.py`: one proven kind of edit a line, the code
of the rule and the kind, with a tab between, and behind another tab `graph` where the program
gave the same numbers in a graph of compat.v1, too.
"""

from __future__ import annotations

import ast
import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tf2lint.finding import Finding
from tf2lint.fixes import templates
from tf2lint.tensorflow import api

if TYPE_CHECKING:
    from tf2lint.check.reference import Report

_FILE = os.path.join(os.path.dirname(__file__), "proofs.txt")
_HOLE = re.compile(r"\{(\w+)\}")
_NAMES = re.compile(r"\b_hole_(\w+)\b")


@lru_cache(maxsize=2)
def proven(in_graphs: bool = False) -> frozenset[tuple[str, str]]:
    """Every proven (code, kind of edit); or those that are proven in graphs, too."""
    pairs: set[tuple[str, str]] = set()
    with open(_FILE, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                code, kind, *graph = line.rstrip("\n").split("\t")
                if graph or not in_graphs:
                    pairs.add((code, kind))
    return frozenset(pairs)


def is_safe(finding: Finding) -> bool:
    """Whether the edits of `finding` are of a proven kind."""
    hint = finding.hint
    return hint is not None and bool(hint.edits) and all(edit.safe for edit in hint.edits)


def pair(code: str, kind: str) -> tuple[str, str]:
    """How the proofs name a kind of edit of a rule; going through compat.v1 is one for all."""
    return ("*" if kind.startswith("compat-v1:") else code, kind)


@lru_cache(maxsize=8192)
def is_proven(code: str, kind: str, in_graphs: bool = False) -> bool:
    """Whether this kind of edit of this rule is proven, or proven `in_graphs`, too.

    A call under another name of the same object is. So is a call if another call of the same
    symbol is proven, every argument of it is in a proven call, and what it leaves out of the
    proven ones has the same default on both sides.
    """
    if pair(code, kind) in proven(in_graphs):
        return True
    call = _call(kind)
    if call is None:
        return False
    symbol, callee, given = call
    if (code, f"{symbol} -> {callee}") in proven(in_graphs) and all(
        v == f"{{{n}}}" for n, v in given
    ):
        return True  # another name of the same object
    others = _proven_calls(in_graphs, code, symbol).get(callee, ())
    known = {slot for other in others for slot in other}
    return given <= known and any(
        all(_same_default(symbol, callee, slot) for slot in other - given) for other in others
    )


Slots = frozenset[tuple[str, str]]


@lru_cache(maxsize=1024)
def _proven_calls(in_graphs: bool, code: str, symbol: str) -> dict[str, list[Slots]]:
    """What the proven calls for `symbol` pass, by what is called; a run meets few symbols."""
    found: dict[str, list[Slots]] = {}
    for of, kind in proven(in_graphs):
        call = _call(kind) if of == code and kind.startswith(f"{symbol} -> ") else None
        if call is not None:
            found.setdefault(call[1], []).append(call[2])
    return found


def _call(kind: str) -> tuple[str, str, Slots] | None:
    """A kind that writes a plain call: the symbol, what is called, and what is passed."""
    symbol, arrow, template = kind.partition(" -> ")
    if not arrow:
        return None
    template, _, gone = template.partition(" without ")
    tree = templates.parsed(template)
    if not isinstance(tree, ast.Call) or tree.args or not isinstance(tree.func, ast.Attribute):
        return None
    slots = {
        (k.arg, _NAMES.sub(r"{\1}", ast.unparse(k.value)))
        for k in tree.keywords
        if k.arg is not None
    }
    slots |= {(name, "") for name in gone.split(", ") if name}  # left out
    return symbol, ast.unparse(tree.func), frozenset(slots)


def _same_default(symbol: str, callee: str, slot: tuple[str, str]) -> bool:
    """Whether leaving the argument out means the same in TF 1 and in TF 2."""
    name, value = slot
    if not value:
        return True  # an argument that was left out, and here was not passed
    hole = _HOLE.fullmatch(value)
    before = api.signature(symbol, "tf1", api.NEWEST)
    after = api.signature(callee, "v2", api.NEWEST)
    if hole is None or before is None or after is None:
        return False
    old, new = before.get(hole[1]), after.get(name)
    return old is not None and new is not None and old.default == new.default


def kind_of_edits(symbol: str, report: Report) -> str:
    """The kind of edits that a rule made itself and gave no name."""
    texts = sorted({edit.text for edit in report.edits})
    keyword = report.place.arg if isinstance(report.place, ast.keyword) else None
    place = f"{symbol}({keyword}=)" if keyword else symbol
    if texts == [""]:
        return f"{place}: dropped"
    return f"{place}: {', '.join(texts)}" if all(t.isidentifier() for t in texts) else place


@lru_cache(maxsize=4096)
def kind_of(symbol: str, template: str, target: api.Version) -> str:
    """The kind of edit that writes `template` for a call of `symbol`.

    Arguments by position and by keyword are the same kind: `tf.log(x)` and `tf.log(x=x)`.
    """
    tree = templates.parsed(template)
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute):
        callee = ast.unparse(tree.func)
        signature = api.signature(callee, "v2", target)
        if signature is not None and len(tree.args) <= len(signature.positional):
            named = dict(zip(signature.positional, tree.args, strict=False))
            named |= {k.arg: k.value for k in tree.keywords if k.arg is not None}
            order = {name: place for place, name in enumerate(signature.names)}
            parts = [
                f"{name}={ast.unparse(value)}"
                for name, value in sorted(named.items(), key=lambda p: (order.get(p[0], 99), p[0]))
                if name != "name"
            ]
            text = f"{callee}({', '.join(parts)})"
            return f"{symbol} -> " + _NAMES.sub(r"{\1}", text)
    return f"{symbol} -> " + _NAMES.sub(r"{\1}", ast.unparse(tree))
