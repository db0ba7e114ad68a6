"""Edits that belong together, and the references that they are the answer to."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from tf2lint.finding import Edit

UNSURE = ", by guess"  # a kind with this at its end is never proven


@dataclass(frozen=True)
class Plan:
    """One pattern in one place: `nodes` are the references, by `id`, that it takes care of."""

    nodes: frozenset[int]
    kind: str
    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, nodes: Iterable[ast.AST], kind: str, edits: Iterable[Edit], sure: bool) -> Plan:
        """The plan for `nodes`; one that is not `sure` is never safe."""
        told = tuple(sorted(set(edits), key=lambda e: (e.line, e.column, e.end_line, e.end_column)))
        return cls(frozenset(map(id, nodes)), kind if sure else kind + UNSURE, told)
