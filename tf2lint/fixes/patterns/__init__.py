"""Edits in several places at once: patterns of TF 1 programs that are in sight as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from weakref import WeakKeyDictionary

from tf2lint.check.reference import Module, Reference
from tf2lint.finding import Edit
from tf2lint.fixes.patterns import iterators, sessions, summaries
from tf2lint.fixes.patterns.plan import Plan
from tf2lint.fixes.patterns.scene import Scene
from tf2lint.semantics.inference import Inference

# The rules whose findings may be part of a pattern.
RULES = frozenset({"TF101", "TF102", "TF103", "TF104", "TF105", "TF107", "TF110", "TF205", "TF601",
                   "TF602", "TF801", "TF811"})  # fmt: skip
_known: WeakKeyDictionary[Inference, dict[int, Plan]] = WeakKeyDictionary()


def edits_of(ref: Reference) -> tuple[str, tuple[Edit, ...]] | None:
    """The kind and the edits of the pattern that `ref` is part of; None where it is of none."""
    inference = ref.module.inference
    plans = _known.get(inference)
    if plans is None:
        plans = _known[inference] = {}
        for plan in _all(ref.module):
            for node in plan.nodes:
                plans.setdefault(node, plan)
    found = plans.get(id(ref.node))
    return None if found is None else (found.kind, found.edits)


def _all(module: Module) -> Iterator[Plan]:
    scene = Scene(module)
    taken: set[int] = set()
    for plan in chain(iterators.plans(scene), summaries.plans(scene)):
        taken.update(plan.nodes)
        yield plan
    yield from sessions.plans(scene, taken)
