"""Edits that belong together, and the references that they are the answer to."""

from __future__ import annotations

import ast
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tf2lint.finding import Edit
from tf2lint.fixes.patterns.blocks import deleted, extent, unwrapped
from tf2lint.source import Source

UNSURE = ", by guess"  # a kind with this at its end is never proven


@dataclass(frozen=True)
class Plan:
    """One pattern in one place.

    `kinds` are the references, by `id`, that it takes care of, with the kind of edit for each;
    `gone` are statements to delete, `unwrapped` those of which only the body stays.
    """

    kinds: dict[int, str]
    edits: tuple[Edit, ...]
    gone: tuple[ast.stmt, ...] = ()
    unwrapped: tuple[ast.With, ...] = ()
    sure: bool = True

    @classmethod
    def of(
        cls, nodes: Iterable[ast.AST], kind: str, edits: Iterable[Edit] = (), sure: bool = True,
        gone: Iterable[ast.stmt] = (), unwrapped: Iterable[ast.With] = (),
    ) -> Plan:  # fmt: skip
        """The plan for `nodes`; one that is not `sure` is never safe."""
        kinds = dict.fromkeys(map(id, nodes), kind)
        return cls(kinds, tuple(edits), tuple(gone), tuple(unwrapped), sure)


@dataclass(frozen=True)
class Whole:
    """All plans of a module: one set of edits, taken as a whole or not at all."""

    kinds: dict[int, str]
    edits: tuple[Edit, ...]

    @classmethod
    def of(cls, source: Source, plans: Sequence[Plan]) -> Whole | None:
        """The plans as one; None where their edits do not go together."""
        gone = dict.fromkeys(stmt for plan in plans for stmt in plan.gone)
        blocks = [block for plan in plans for block in plan.unwrapped]
        for block in sorted(blocks, key=lambda b: -b.lineno):  # from the inside out
            if all(stmt in gone for stmt in block.body):
                for stmt in block.body:
                    del gone[stmt]
                gone[block] = None
        edits = deleted(source, gone)
        if edits is None:
            return None
        order = sorted({*edits, *(edit for plan in plans for edit in plan.edits)}, key=extent)
        for block in sorted(blocks, key=lambda b: -b.lineno):
            if block not in gone:
                start = bisect(order, block.lineno, key=_line)
                end = bisect(order, block.end_lineno or block.lineno, key=_line)
                moved = unwrapped(source, block, order[start:end])
                if moved is None:
                    return None
                order[start:end] = moved
        sure = all(plan.sure for plan in plans)
        kinds = {
            node: kind if sure else kind + UNSURE
            for plan in plans
            for node, kind in plan.kinds.items()
        }
        return cls(kinds, tuple(order))


def _line(edit: Edit) -> int:
    return edit.line
