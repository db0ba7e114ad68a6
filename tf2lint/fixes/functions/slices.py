"""What each run computes, as a slice of the building scope; what several slices share.

Data alone: nothing here writes text.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tf2lint.fixes.functions.model import (
    OF_VARIABLES,
    Def,
    Kind,
    Leaf,
    Program,
    Refused,
    Run,
    Unit,
)
from tf2lint.fixes.functions.statements import changed


@dataclass(eq=False)
class Part:
    """Units that the same slices share: a function of its own, called by each of them."""

    units: list[Unit]
    inputs: list[Def]
    outputs: list[Def]
    name: str = ""

    @property
    def place(self) -> int:
        """Where its first unit stands."""
        return self.units[0].place


Item = Unit | Part


@dataclass(eq=False)
class Slice:
    """What one or more runs compute: `units` in the order of the code.

    `items` are the units that are this slice's own and the parts that it shares, in an order in
    which they can be computed. `alone` is the part that the slice is nothing but.
    """

    leaves: list[Leaf]
    runs: list[Run]
    units: list[Unit]
    params: list[Def]
    items: list[Item] = field(default_factory=list)
    alone: Part | None = None
    name: str = ""

    @property
    def steps(self) -> list[Unit]:
        """The units that train."""
        return [unit for unit in self.units if unit.role == "train"]


@dataclass(eq=False)
class Plan:
    """All that is to be done with a program."""

    program: Program
    slices: list[Slice]
    parts: list[Part]
    direct: list[Run]  # runs that need no function
    starts: list[Run]  # runs of initializers


def plan_of(program: Program) -> Plan:
    """The plan for `program`. Raises `Refused`."""
    _settle_random(program)
    starts, direct, rest = [], [], []
    for run in program.runs:
        kinds = {leaf.kind for leaf in run.leaves}
        if kinds == {Kind.INITIALIZER}:
            starts.append(run)
        elif Kind.INITIALIZER in kinds:
            raise Refused("a run initializes variables and does more", run.call)
        elif not any(_is_built(leaf) for leaf in run.leaves):
            direct.append(run)
        else:
            rest.append(run)
    _check_starts(program, starts, rest + direct)
    asserts = [u for u in program.units if u.role == "graph" and isinstance(u.stmt, ast.Assert)]
    slices: dict[object, Slice] = {}
    for run in rest:
        key = (ast.dump(_shape(run.fetch)), *(_key(leaf) for leaf in run.leaves))
        if key not in slices:
            slices[key] = _slice(run, asserts)
        slices[key].runs.append(run)
    found = list(slices.values())
    for one in found:
        _take_feeds(one)
        _check_effects(one)
        for run in one.runs:
            _check_feeds(run, one)
            _check_loops(run)
    parts = _shared(found)
    _check_captured(program, found)
    return Plan(program, found, parts, direct, starts)


def _is_built(leaf: Leaf) -> bool:
    """Whether what is fetched needs statements of the building scope to be run."""
    return any(d.unit.role in ("graph", "train", "placeholder") for d in leaf.uses)


def _key(leaf: Leaf) -> object:
    return leaf.whole or (leaf.text, ast.dump(leaf.expr), *leaf.uses)


def _shape(fetch: ast.expr) -> ast.expr:
    """The nesting of a fetch alone."""
    if isinstance(fetch, ast.List | ast.Tuple):
        return ast.List([_shape(part) for part in fetch.elts], ast.Load())
    if isinstance(fetch, ast.Dict):
        return ast.Dict(fetch.keys, [_shape(part) for part in fetch.values])
    return ast.Constant(0)


def _settle_random(program: Program) -> None:
    """What is drawn by a run goes to where it is run; what a variable begins with stays."""
    run = [d.unit for r in program.runs for leaf in r.leaves for d in leaf.uses]
    drawn = [u for u in program.units if any(d.kind is Kind.RANDOM for d in u.defs)]
    graph = [*run, *(u for u in program.units if u.role == "graph")]
    in_graph = _reached(graph, lambda unit: [d.unit for d in unit.uses])  # whatever their roles
    for unit in drawn:
        if unit in in_graph:
            unit.role = "graph"
    for unit in program.units:
        if unit.role == "stay" and any(d.unit in drawn and d.unit.role == "graph"
                                       for d in unit.uses):  # fmt: skip
            raise Refused("what is drawn is used by runs and by Python", unit.stmt)


def ancestors(units: Iterable[Unit]) -> set[Unit]:
    """`units` and all units that are computed before them in the same run."""
    return _reached(units, lambda unit: unit.needs)


def _reached(units: Iterable[Unit], onward: Callable[[Unit], list[Unit]]) -> set[Unit]:
    seen: set[Unit] = set()
    todo = list(units)
    while todo:
        unit = todo.pop()
        if unit not in seen:
            seen.add(unit)
            todo += onward(unit)
    return seen


def _slice(run: Run, asserts: list[Unit]) -> Slice:
    first = [d.unit for leaf in run.leaves for d in leaf.uses if d.unit.role in ("graph", "train")]
    needed = ancestors(first)
    params = {d for unit in needed for d in unit.placeholders}
    params.update(d for leaf in run.leaves for d in leaf.uses if d.kind is Kind.PLACEHOLDER)
    needed.update(
        u for u in asserts if needed.issuperset(u.needs) and params.issuperset(u.placeholders)
    )
    units = sorted(needed, key=lambda u: u.place)
    return Slice(run.leaves, [], units, sorted(params, key=lambda d: d.unit.place))


# What is shared.


def _shared(slices: list[Slice]) -> list[Part]:
    """Give each slice its items; the parts that several of them have."""
    sharing: dict[Unit, frozenset[int]] = {}
    for number, one in enumerate(slices):
        for unit in one.units:
            sharing[unit] = sharing.get(unit, frozenset()) | {number}
    groups: dict[frozenset[int], list[Unit]] = {}
    for unit in sorted(sharing, key=lambda u: u.place):
        if len(sharing[unit]) > 1 and not any(u.step for u in ancestors([unit])):
            groups.setdefault(sharing[unit], []).append(unit)
    parts = []
    of: dict[Unit, Part] = {}
    for users, units in groups.items():
        if all(_is_call(unit) for unit in units):
            continue  # a function of its own already
        part = Part(units, _inputs(units), _outputs(units, [slices[n] for n in users]))
        parts.append(part)
        of.update(dict.fromkeys(units, part))
    for one in slices:
        items: list[Item] = list(dict.fromkeys(of.get(unit, unit) for unit in one.units))
        one.items = _ordered(items, of)
        own = [leaf.whole for leaf in one.leaves]
        if len(one.items) == 1 and isinstance(one.items[0], Part):
            part = one.items[0]
            simple = all(d.kind is Kind.PLACEHOLDER for d in part.inputs)
            if simple and own == part.outputs and len(own) == 1 and part.inputs == one.params:
                one.alone = part
    return parts


def _is_call(unit: Unit) -> bool:
    """Whether the unit does nothing but give names to a function of the module."""
    value = unit.stmt.value if isinstance(unit.stmt, ast.Assign) else None
    if value is None or unit.stmt.lineno != unit.stmt.end_lineno:
        return False
    if isinstance(value, ast.Name):
        return True
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and any(d.kind is Kind.FUNCTION and d.name == value.func.id for d in unit.uses)
    )


def _inputs(units: list[Unit]) -> list[Def]:
    own = set(units)
    found = {
        d for unit in units for d in unit.uses
        if d.unit not in own and (d.kind is Kind.PLACEHOLDER or d.unit.role == "graph")
    }  # fmt: skip
    return sorted(
        found, key=lambda d: (d.kind is Kind.PLACEHOLDER, d.unit.place, d.unit.defs.index(d))
    )


def _outputs(units: list[Unit], users: list[Slice]) -> list[Def]:
    own = set(units)
    read = {d for one in users for unit in one.units if unit not in own for d in unit.uses}
    read.update(d for one in users for leaf in one.leaves for d in leaf.uses)
    return [d for unit in units for d in unit.defs if d in read]


def _ordered(items: list[Item], of: dict[Unit, Part]) -> list[Item]:
    """The items, each after what it needs, else in the order of the code."""
    waiting = sorted(items, key=lambda i: i.place)
    done: set[Item] = set()
    found: list[Item] = []
    while waiting:
        for item in waiting:
            needs = {of.get(n, n) for u in units_of(item) for n in u.needs} - {item}
            if needs <= done:
                break
        else:
            raise Refused("the order of what is shared is not told")
        waiting.remove(item)
        done.add(item)
        found.append(item)
    return found


def units_of(item: Item) -> list[Unit]:
    """The units that the item is made of."""
    return item.units if isinstance(item, Part) else [item]


# What must be so.


def _check_starts(program: Program, starts: list[Run], others: list[Run]) -> None:
    """See that what changes begins with its first value once, in one session."""
    touched = {id(run): _touched(run) for run in others}
    changed = {held for run in others if _changes_any(run) for held in touched[id(run)]}
    for held in changed:
        by = {run.session for run in others if held in touched[id(run)]}
        if len(by) > 1 and not _is_restored(held, by, program, others):
            raise Refused(f"{held.name} changes, and several sessions run it", held.unit.stmt)
    drawn = [(unit, run.session) for run in others for unit in _units_of(run) if unit.random]
    if any(one is two and session is not other for one, session in drawn for two, other in drawn):
        raise Refused("several sessions draw the same", drawn[0][0].stmt)
    for session in {run.session for run in others if touched[id(run)] & changed}:
        seen: set[str] = set()
        mine = [run for run in starts if run.session is session]
        first = min(run.call.lineno for run in others if run.session is session)
        for run in mine:
            text = ",".join(ast.dump(leaf.expr) for leaf in run.leaves)
            if text in seen or run.loops or (len(mine) > 1 and run.call.lineno > first):
                raise Refused("variables are initialized again", run.call)
            seen.add(text)


def _is_restored(held: Def, by: set[object], program: Program, others: list[Run]) -> bool:
    """Whether each session but the first begins by restoring what the one before it saved."""
    first = {s: min(run.call.lineno for run in others if run.session is s) for s in by}
    starts = min(first.values())
    return all(
        any(one.session is session and one.method == "restore" and held in one.saver.unit.saves
            and one.call.lineno < line for one in program.saved)
        for session, line in first.items() if line != starts
    )  # fmt: skip


def _units_of(run: Run) -> set[Unit]:
    """The units that a run computes."""
    first = [d.unit for leaf in run.leaves for d in leaf.uses]
    return ancestors(unit for unit in first if unit.role in ("graph", "train"))


def _touched(run: Run) -> set[Def]:
    """The variables that a run has to do with."""
    uses = [d for unit in _units_of(run) for d in unit.uses]
    uses += [d for leaf in run.leaves for d in leaf.uses]
    return {d for d in uses if d.kind in OF_VARIABLES}


def _changes_any(run: Run) -> bool:
    """Whether a run changes a variable."""
    return any(u.effect for u in _units_of(run)) or any(leaf.effect for leaf in run.leaves)


def _check_effects(one: Slice) -> None:
    """See that the code tells what comes first: a change of a variable, or a look at it."""
    effects = [u for u in one.units if u.effect and u.role == "graph"]
    steps = [u for u in one.units if u.step is not None and u.step.method != "apply_gradients"]
    if len(steps) > 1 or len(one.steps) > 1:
        raise Refused("one run takes several steps", one.runs[0].call if one.runs else None)
    if effects and one.steps:
        raise Refused("a run trains and assigns, in no order", effects[0].stmt)
    for effect in effects:
        before = ancestors([effect])
        touched = {d for d in effect.uses if d.kind in OF_VARIABLES}
        for unit in one.units:
            if unit in before or effect in ancestors([unit]):
                continue
            if touched & {d for d in unit.uses if d.kind in OF_VARIABLES}:
                raise Refused("a run reads and assigns a variable, in no order", unit.stmt)
    own = [leaf for leaf in one.leaves if leaf.whole is None]
    if (effects or one.steps) and any(d.kind in OF_VARIABLES for leaf in own for d in leaf.uses):
        raise Refused("a run reads and changes a variable, in no order", own[0].expr)
    if len(one.leaves) > 1 and any(leaf.effect for leaf in own):
        raise Refused("a run assigns and does more, in no order", own[0].expr)


def _take_feeds(one: Slice) -> None:
    """What is fed for nothing is a parameter, too, where something is called for it."""
    for run in one.runs:
        for held, value in run.feeds:
            if held not in one.params and any(isinstance(n, ast.Call) for n in ast.walk(value)):
                one.params.append(held)
    one.params.sort(key=lambda d: d.unit.place)


def _check_feeds(run: Run, one: Slice) -> None:
    fed = {held for held, _ in run.feeds}
    missing = [d for d in one.params if d not in fed]
    if missing:
        raise Refused(f"{missing[0].name} is needed, but not fed", run.call)


def _check_loops(run: Run) -> None:
    for leaf in run.leaves:
        if leaf.whole is None and leaf.reads & run.loops:
            raise Refused("what is fetched is another thing at each turn of a loop", run.call)


def _check_captured(program: Program, slices: list[Slice]) -> None:
    """See that what functions read is still what it was when the graph was built."""
    changed = _changes(program)
    for one in slices:
        last = max(run.unit.stmt.end_lineno or 0 for run in one.runs)
        for unit in one.units:
            _check_reads(unit.reads, unit.stmt, changed, last)
            for held in unit.uses:
                if held.kind is Kind.PYTHON and held.unit.foreign:
                    what = f"what {held.unit.foreign} gives is used in the graph"
                    raise Refused(f"{what}, and is not in sight", held.unit.stmt)
            if unit.foreign:
                raise Refused(f"what {unit.foreign} gives is not in sight", unit.stmt)
        for leaf in one.leaves:
            if leaf.whole is None:
                _check_reads(leaf.reads, leaf.expr, changed, last)


def _check_reads(
    reads: set[str], node: ast.stmt | ast.expr, changed: dict[str, list[int]], last: int
) -> None:
    """Raise `Refused` where a name that is read changes after `node` and up to the line `last`."""
    first = node.end_lineno or node.lineno
    for name in sorted(reads):
        if any(first < line <= last for line in changed.get(name, ())):
            raise Refused(f"{name} changes after the graph is built with it", node)


def _changes(program: Program) -> dict[str, list[int]]:
    """The lines at which each name, or what it stands for, changes."""
    found: dict[str, list[int]] = {}
    for unit in program.units:
        if unit.role in ("graph", "train", "placeholder", "gone"):
            continue
        if isinstance(unit.stmt, ast.FunctionDef):
            found.setdefault(unit.stmt.name, []).append(unit.stmt.lineno)
            continue
        for node in ast.walk(unit.stmt):
            for name, line in changed(node):
                found.setdefault(name, []).append(line)
    return found


def told(plan: Plan) -> Iterator[str]:
    """The plan, line by line, for who wants to see it."""
    for part in plan.parts:
        inputs = ", ".join(d.name for d in part.inputs)
        outputs = ", ".join(d.name for d in part.outputs)
        lines = ", ".join(str(unit.stmt.lineno) for unit in part.units)
        yield f"{part.name}({inputs}) -> {outputs}: lines {lines}"
    for one in plan.slices:
        params = ", ".join(d.name for d in one.params)
        fetched = ", ".join(ast.unparse(leaf.expr) for leaf in one.leaves)
        lines = ", ".join(str(unit.stmt.lineno) for unit in one.units)
        runs = ", ".join(str(run.call.lineno) for run in one.runs)
        yield f"{one.name}({params}) -> {fetched}: lines {lines}; run at lines {runs}"
    for run in plan.direct:
        fetched = ", ".join(ast.unparse(leaf.expr) for leaf in run.leaves)
        yield f"no function: {fetched}; run at line {run.call.lineno}"
