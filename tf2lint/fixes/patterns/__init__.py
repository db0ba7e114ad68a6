"""Edits in several places at once: patterns of TF 1 programs that are in sight as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference
from tf2lint.finding import Edit
from tf2lint.fixes.patterns import iterators, sessions, summaries
from tf2lint.fixes.patterns.plan import Plan
from tf2lint.fixes.patterns.scene import Scene

# The rules whose findings may be part of a pattern.
RULES = frozenset({"TF101", "TF102", "TF103", "TF104", "TF105", "TF107", "TF110", "TF205", "TF601",
                   "TF602", "TF801", "TF811"})  # fmt: skip


def edits_of(ref: Reference) -> tuple[str, tuple[Edit, ...]] | None:
    """The kind and the edits of the pattern that `ref` is part of; None where it is of none."""
    found = ref.module.fact(_plans).get(id(ref.node))
    return None if found is None else (found.kind, found.edits)


def _plans(module: Module) -> dict[int, Plan]:
    """The patterns of a module by the references that they take care of; a fact of it."""
    plans: dict[int, Plan] = {}
    for plan in _all(module):
        for node in plan.nodes:
            plans.setdefault(node, plan)
    return plans


def _all(module: Module) -> Iterator[Plan]:
    scene = Scene(module)
    taken: set[int] = set()
    for plan in chain(iterators.plans(scene), summaries.plans(scene)):
        taken.update(plan.nodes)
        yield plan
    yield from sessions.plans(scene, taken)
