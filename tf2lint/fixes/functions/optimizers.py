"""The optimizers of a program: how each is called, made, and told its variables."""

from __future__ import annotations

import ast
from collections.abc import Callable

from tf2lint.finding import Edit
from tf2lint.fixes import edits as editing
from tf2lint.fixes.functions.model import Def, Kind, Refused, Step, Unit
from tf2lint.fixes.functions.names import Names, rate_of
from tf2lint.fixes.functions.naming import bare
from tf2lint.fixes.functions.slices import Plan, ancestors
from tf2lint.fixes.functions.training import (
    RMSPROP,
    check_optimizer,
    first_averages,
    loss_units,
    reads_rows,
    variables_text,
)


class Optimizers:
    """The optimizers of one plan: `of` each unit that trains, its name, and `more` lines."""

    def __init__(self, names: Names, plan: Plan, root: str) -> None:
        self.names, self.plan, self.root = names, plan, root
        self.source = names.source
        self.of: dict[Unit, str] = {}
        self.more: dict[Unit, list[str]] = {}
        self.dense: set[Unit] = set()  # of which the gradients are made dense
        self._rows = reads_rows(self.source.tree)

    def found(self, free: Callable[..., str]) -> list[Edit]:
        """Find the optimizers; where one is made within its train op, it gets a name by `free`.

        Gives the edits for the rates of those that have a line. Raises `Refused`.
        """
        edits: dict[ast.expr, Edit] = {}
        used: dict[Def, list[Unit]] = {}
        single = sum(u.step is not None and u.role == "train" for u in self.plan.program.units) == 1
        for unit in self.plan.program.units:
            step = unit.step
            if step is None:
                continue
            if not step.made:
                found = [d for d in unit.uses if d.kind is Kind.OPTIMIZER]
                if not isinstance(step.optimizer, ast.Name) or not found:
                    raise Refused("the optimizer is kept in what is no name", unit.stmt)
                made = found[0].value
                if unit.role == "train":
                    used.setdefault(found[0], []).append(unit)
                self.of[unit] = found[0].name
            else:
                made = step.optimizer
                own = f"{bare(unit.defs[0].name).removesuffix('optimizer')}_optimizer".lstrip("_")
                name = free(*(["optimizer"] if single else []), own)
                self.of[unit] = name
            if not isinstance(made, ast.Call):
                raise Refused("how the optimizer is made is not in sight", unit.stmt)
            if check_optimizer(self.names.symbol(made.func), made, step, self._rows):
                self.dense.add(unit)
            rate = rate_of(made)
            if step.rate is not None and rate is not None and not step.made:
                edits[rate] = editing.replace(rate, "0.0")
            if self.names.symbol(made.func) == RMSPROP:
                read = read_by(step, unit)
                name = self.of[unit]
                self.more[unit] = first_averages(self.source, made, name, step, read, self.root)
        for units in used.values():
            if len(units) > 1:
                self._build(units)
        return [*edits.values()]

    def _build(self, units: list[Unit]) -> None:
        """Tell an optimizer with several losses all of its variables. Raises `Refused`."""
        last = units[-1]
        runs = [run for one in self.plan.slices for run in one.runs if {*one.steps} & {*units}]
        if any(run.call.lineno < last.stmt.lineno for run in runs):
            raise Refused("an optimizer trains before it has all of its losses", last.stmt)
        steps = [(unit, unit.step) for unit in units if unit.step is not None]
        texts = [variables_text(self.source, step, read_by(step, unit), many=1000)
                 for unit, step in steps]  # fmt: skip
        if not all(texts) or last in self.more:
            raise Refused("one optimizer trains variables that are not in sight", last.stmt)
        parts = [text[1:-1].split(", ") if text.startswith("[") else [f"*{text}"] for text in texts]
        variables = ", ".join(dict.fromkeys(part for some in parts for part in some))
        self.more[last] = [f"{self.of[last]}.build([{variables}])"]

    def text(self, step: Step) -> str:
        """The text that makes an optimizer; a rate that is fed is told at each step."""
        made = step.optimizer
        rate = rate_of(made) if isinstance(made, ast.Call) else None
        if step.rate is None or rate is None or not isinstance(made, ast.Call):
            return self.source.segment(made)
        parts: list[ast.expr | ast.keyword] = [*made.args, *made.keywords]
        texts = []
        for part in parts:
            if part is rate:
                texts.append("0.0")
            elif isinstance(part, ast.keyword) and part.value is rate:
                texts.append("learning_rate=0.0")
            else:
                texts.append(self.source.segment(part))
        return f"{self.source.segment(made.func)}({', '.join(texts)})"


def read_by(step: Step, unit: Unit) -> list[Def]:
    """The variables that the loss of `step` is computed from."""
    units = {*ancestors(loss_units(step, unit)), unit}
    read = {d for u in units for d in u.variables}
    if step.global_step is not None:
        read -= {d for d in unit.uses if d.name == ast.unparse(step.global_step)}
    return sorted(read, key=lambda d: (d.unit.place, d.unit.defs.index(d)))
