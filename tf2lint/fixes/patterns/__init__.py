"""Edits in several places at once: patterns of TF 1 programs that are in sight as a whole.

A family has its own in `tf2lint/rules/<family>/patterns.py`; what they are made of is here. All
patterns of a module are one set of edits: nothing of what a graph needs is taken out of a
module where something is left that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference
from tf2lint.check.registry import patterns
from tf2lint.finding import Edit
from tf2lint.fixes.patterns import objects
from tf2lint.fixes.patterns.plan import Plan, Whole
from tf2lint.fixes.patterns.scene import Scene
from tf2lint.tensorflow import paths

_CELLS = "tf.nn.rnn_cell"


class _Program:
    """A module that is to leave the graph: all that is done in it, and what is in the way."""

    def __init__(self, module: Module) -> None:
        self.scene = Scene(module)
        self.whole: Whole | None = None
        self.has_others = True
        if self.scene.is_graph:  # and stays one, whatever could be done about the rest
            return
        plans = list(_plans(self.scene))
        covered = {node for plan in plans for node in plan.kinds}
        left = [s for s in self.scene.graph_sites if id(s.node) not in covered]
        self.has_others = any(not paths.under(self.scene.at(s), _CELLS) for s in left)
        if plans and not left:
            self.whole = Whole.of(module.source, plans)


def edits_of(ref: Reference) -> tuple[str, tuple[Edit, ...]] | None:
    """The kind and the edits of the pattern that `ref` is part of; None where it is of none."""
    whole = ref.module.fact(_Program).whole
    kind = whole.kinds.get(id(ref.node)) if whole is not None else None
    return None if whole is None or kind is None else (kind, whole.edits)


def fits(ref: Reference, template: str) -> bool:
    """Whether what `template` makes can take the place of what `ref` is.

    Nothing that needs a graph may be left in the module, other than objects of the kind, and
    all that is done with an object of Keras must be there in Keras.
    """
    program = ref.module.fact(_Program)
    if program.has_others:
        return False
    return not template or objects.fits(program.scene, ref, template)


def _plans(scene: Scene) -> Iterator[Plan]:
    """The plans of every family that has a module `patterns`; of a session the ones left over."""
    taken: set[int] = set()
    for family in sorted(patterns(), key=lambda module: module.TAKES_THE_REST):
        for plan in list(family.plans(scene, taken)):
            taken.update(plan.kinds)
            yield plan
