"""Writes the text of a plan: functions where the statements were, calls where the runs were."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tf2lint.finding import Edit
from tf2lint.fixes import edits as editing
from tf2lint.fixes.functions import flags, savers, summaries, variables
from tf2lint.fixes.functions.calls import returned, run_edit
from tf2lint.fixes.functions.model import COMPUTED, Def, Kind, Refused, Run, Unit
from tf2lint.fixes.functions.names import Names
from tf2lint.fixes.functions.naming import bare, identifiers, names_of
from tf2lint.fixes.functions.optimizers import Optimizers, read_by
from tf2lint.fixes.functions.slices import Item, Part, Plan, Slice, ancestors, units_of
from tf2lint.fixes.functions.statements import given
from tf2lint.fixes.functions.texts import (
    BEGIN,
    END,
    GAP,
    check_alone,
    comments,
    extent,
    moved,
    settled,
    stale_from,
    taken_out,
)
from tf2lint.fixes.functions.training import (
    loss_units,
    step_lines,
)
from tf2lint.fixes.patterns.blocks import block_of, dedented, indent_of

_STEP = "    "
_WIDTH = 88
_DTYPES = {"float": "float32", "int": "int32"}


class Writer:
    """Writes one plan."""

    def __init__(self, names: Names, plan: Plan, root: str) -> None:
        self.names, self.plan, self.root = names, plan, root
        self.source = names.source
        self.program = plan.program
        self.taken = identifiers(self.source.tree)
        for unit in self.program.units:
            if unit.role in ("train", "gone"):
                self.taken -= {d.name for d in unit.defs}
        self.optimizers = Optimizers(names, plan, root)
        self.edits: list[Edit] = []
        self.helpers: set[Unit] = set()  # that are in the function that is being written
        self.functions: dict[ast.stmt, list[list[str]]] = {}

    def text(self) -> str:
        """The new text. Raises `Refused`."""
        self._name()
        self.edits += self.optimizers.found(self.free)
        for part in self.plan.parts:
            self._put(part.units[-1], self._part(part))
        for one in self.plan.slices:
            if one.alone is None:
                self._put(self._last(one), self._slice(one))
        self._runs()
        self._take_out()
        self.edits += variables.edits(self.program, self.names, self.root)
        self.edits += summaries.edits(self.program, self.names, self.root)
        self.edits += savers.edits(self.program, self.names, self.root, self.optimizers.of)
        self.edits += flags.edits(self.names)
        self._imports()
        self._unwrap()
        text = settled(editing.apply(self.source.text, self.edits))
        if "\r\n" in self.source.text:
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        return text

    def _imports(self) -> None:
        """What was TensorFlow 1 by its import is TensorFlow."""
        for stmt in self.source.tree.body:
            for alias in stmt.names if isinstance(stmt, ast.Import) else ():
                if alias.name == "tensorflow.compat.v1" and alias.asname:
                    self.edits.append(editing.replace(alias, f"tensorflow as {alias.asname}"))

    # Names.

    def free(self, *names: str) -> str:
        """The first of `names` that nothing has, or one made of the last."""
        for name in names:
            if name not in self.taken:
                self.taken.add(name)
                return name
        number = 2
        while f"{names[-1]}_{number}" in self.taken:
            number += 1
        self.taken.add(f"{names[-1]}_{number}")
        return f"{names[-1]}_{number}"

    def _name(self) -> None:
        trains = {unit for one in self.plan.slices for unit in one.steps}
        for one in self.plan.slices:
            one.name = self.free(*names_of(one, len(trains)))
            if one.alone is not None:
                one.alone.name = one.name
        models = [
            part for part in self.plan.parts
            if any(unit.variables for unit in part.units)
            and all(d.kind is Kind.PLACEHOLDER for d in part.inputs)
        ]  # fmt: skip
        if len(models) > 1:
            models = []
        for part in self.plan.parts:
            if not part.name:
                last = bare(part.outputs[-1].name)
                wanted = [f"{last}_of"] if len(part.outputs) == 1 else [f"compute_{last}_and_more"]
                part.name = self.free(*(["model"] if part in models else []), *wanted)

    # Functions.

    def _put(self, unit: Unit, lines: list[str]) -> None:
        """Have a function stand after `unit`."""
        anchor = next((b for b in unit.blocks if isinstance(b, ast.With)), unit.stmt)
        self.functions.setdefault(anchor, []).append(lines)

    def _last(self, one: Slice) -> Unit:
        if one.units:
            return max(one.units, key=lambda u: u.place)
        return max((d.unit for d in one.params), key=lambda u: u.place)

    def _signature(self, name: str, params: list[Def], decorated: bool) -> list[str]:
        given = ", ".join(d.name for d in params)
        lines = []
        if decorated:
            specs = [f"{d.name}_spec" for d in params]
            line = f"@{self.root}.function(input_signature=[{', '.join(specs)}])"
            if not params:
                line = f"@{self.root}.function"
            if len(line) <= _WIDTH:
                lines.append(line)
            else:
                lines.append(f"@{self.root}.function(input_signature=[")
                lines += [f"{_STEP}{spec}," for spec in specs]
                lines.append("])")
        return [*lines, f"def {name}({given}):"]

    def _part(self, part: Part) -> list[str]:
        self._check_names(part.units, part.inputs, part.outputs)
        alone = any(one.alone is part for one in self.plan.slices)
        lines = self._signature(part.name, part.inputs, alone)
        self.helpers = set()
        body = [line for unit in part.units for line in self._item(unit, _STEP)]
        outputs = ", ".join(d.name for d in part.outputs)
        return [*lines, *_folded(_opened(body), outputs)]

    def _slice(self, one: Slice) -> list[str]:
        used = [d for leaf in one.leaves for d in leaf.uses if d.kind is not Kind.TRAIN]
        self._check_names(one.items, one.params, used)
        local = {d.name for item in one.items for d in _defs(item)} | {d.name for d in one.params}
        for leaf in one.leaves:
            if leaf.kind is Kind.TRAIN and leaf.whole is None:
                raise Refused("a train op is made by a run", leaf.expr)
            if leaf.whole is None and {d.name for d in leaf.uses if d.kind not in COMPUTED} & local:
                raise Refused("a name stands for two things", leaf.expr)
        lines = self._signature(one.name, one.params, True)
        body: list[str] = []
        self.helpers = set()
        taped = next((u for u in one.units if u.step and u.step.method != "apply_gradients"), None)
        if taped is not None:
            lines += self._taped(one, taped)
        else:
            for item in one.items:
                body += self._item(item, _STEP)
        return [*lines, *_folded(_opened(body), returned(one, self.source))]

    def _taped(self, one: Slice, unit: Unit) -> list[str]:
        """The lines of a slice with a tape, up to what it returns."""
        step = unit.step
        assert step is not None
        assert step.loss is not None
        for name in ("tape", "gradients", "variables", "loss"):
            if name in {d.name for u in one.units for d in u.uses} - {"loss"}:
                raise Refused(f"{name} has a meaning already", unit.stmt)
        inner = ancestors(loss_units(step, unit))
        below = [i for i in one.items if inner & set(units_of(i))]
        late = {u for u in one.units if unit in ancestors([u])} - {unit}
        rest = [i for i in one.items if i is not unit and i not in below]
        lines = [f"{_STEP}with {self.root}.GradientTape() as tape:"]
        body: list[str] = []
        for item in below:
            body += self._item(item, _STEP * 2)
        if not isinstance(step.loss, ast.Name):
            body.append(f"{_STEP * 2}loss = {self.source.one_line(step.loss)}")
        elif not body:
            body.append(f"{_STEP * 2}pass")
        lines += _opened(body)
        for item in rest:
            if not late & set(units_of(item)):
                lines += self._item(item, _STEP)
        order = read_by(step, unit)
        name, dense = self.optimizers.of.get(unit, ""), unit in self.optimizers.dense
        texts = step_lines(self.source, unit, name, order, self.root, dense)
        if not step.made:  # else the comments stay with the optimizer
            first, _ = extent(self.source, unit.stmt, comments=True)
            rows = self.source.lines[first - 1 : unit.stmt.lineno - 1]
            lines += [_STEP + row.strip() for row in rows]
        lines += [_STEP + text for text in texts]
        for item in rest:
            if late & set(units_of(item)):
                lines += self._item(item, _STEP)
        return lines

    def _item(self, item: Item, indent: str) -> list[str]:
        if isinstance(item, Part):
            outputs = ", ".join(d.name for d in item.outputs)
            inputs = ", ".join(d.name for d in item.inputs)
            return [f"{indent}{outputs} = {item.name}({inputs})"]
        if item.step is not None:
            texts = step_lines(self.source, item, self.optimizers.of[item], [], self.root)
            return [indent + text for text in texts]
        return moved(self.source, item, indent, self.helpers)

    def _check_names(self, items: Iterable[Item], params: list[Def], given: list[Def]) -> None:
        """See that within a function each name stands for what it stood for. Raises `Refused`."""
        items = list(items)
        local = {d.name for item in items for d in _defs(item)} | {d.name for d in params}
        now = {d.name: d for d in params}
        for item in items:
            uses = item.inputs if isinstance(item, Part) else item.uses
            stmt = units_of(item)[0].stmt
            for held in uses:
                is_own = held.kind in COMPUTED or held.unit.role == "graph"
                if held.unit in units_of(item):
                    continue
                if is_own and now.get(held.name) is not held:
                    raise Refused(f"{held.name} stands for two tensors", stmt)
                if not is_own and held.name in local and held.kind is not Kind.TRAIN:
                    raise Refused(f"{held.name} stands for two things", stmt)
            if isinstance(item, Unit):
                known = {d.name for d in item.uses} | {d.name for d in item.defs}
                for name in sorted((item.reads - known) & local):
                    raise Refused(f"{name} stands for two things", stmt)
            now.update((d.name, d) for d in _defs(item))
        for held in given:
            if held.unit.role in ("graph", "placeholder") and now.get(held.name) is not held:
                raise Refused(f"{held.name} stands for two tensors", held.unit.stmt)

    # The rest of the text.

    def _runs(self) -> None:
        plan = self.plan
        gone = {id(run.call) for run in plan.starts}
        for run in plan.starts:
            stmt = self._statement(run.call)
            if not isinstance(stmt, ast.Expr) or stmt.value is not run.call:
                raise Refused("what an initializer gives is used", run.call)
            self._delete(stmt)
        calls = [run.call for run in self.program.runs if id(run.call) not in gone]
        for call in calls:
            for other in calls:
                if other is not call and any(n is other for n in ast.walk(call)):
                    raise Refused("a run stands inside of another", call)
        for one in plan.slices:
            for run in one.runs:
                self._replaced(run, run_edit(self.source, run, one, self.root))
        for run in plan.direct:
            self._replaced(run, run_edit(self.source, run, None, self.root))

        for held in self.program.feeds:
            assert isinstance(held.value, ast.Dict)
            for key in held.value.keys:
                assert isinstance(key, ast.Name)
                self.edits.append(editing.replace(key, f'"{key.id}"'))

    def _replaced(self, run: Run, edit: Edit) -> None:
        """Put `edit` in; the comments that it would take go above the statement."""
        self.edits.append(edit)
        stmt = self._statement(run.call)
        lost = [c for c in comments(self.source, run.call) if c not in edit.text]
        if lost:
            check_alone(self.source, stmt)
            at = (stmt.lineno, stmt.col_offset)
            text = "".join(f"{c}\n{indent_of(self.source, stmt)}" for c in lost)
            self.edits.append(Edit(*at, *at, text))

    def _statement(self, node: ast.AST) -> ast.stmt:
        found = self.source.enclosing(node, ast.stmt)
        assert found is not None
        return found

    def _delete(self, stmt: ast.stmt) -> None:
        check_alone(self.source, stmt)
        up = self.source.parent(stmt)
        siblings = block_of(self.source, stmt)
        starts = [self._statement(run.call) for run in self.plan.starts]
        alone = all(other in (*self.program.inner_gone, *starts) for other in siblings)
        if alone and not isinstance(up, ast.With | ast.Module) and stmt is siblings[-1]:
            self.edits.append(editing.replace(stmt, "pass"))
        else:
            self.edits.append(taken_out(self.source, stmt))

    def _take_out(self) -> None:
        used = {d for one in self.plan.slices for d in one.params}
        for name in self.program.shown:
            used.update(d for u in self.program.units for d in u.defs if d.name == name.id)
            self.edits.append(editing.replace(name, f"{name.id}_spec"))
        empty: dict[ast.With, int] = {}
        for unit in self.program.units:
            stmt = unit.stmt
            if unit.role == "placeholder" and unit.defs[0] in used:
                self.edits.append(self._spec(unit))
                continue
            if unit.role not in ("graph", "train", "gone", "placeholder", "helper"):
                continue
            if unit.step is not None and unit.step.made:
                check_alone(self.source, stmt)
                text = f"{self.optimizers.of[unit]} = {self.optimizers.text(unit.step)}"
                rows = [text, *self.optimizers.more.get(unit, [])]
                text = f"\n{indent_of(self.source, stmt)}".join(rows)
                self.edits.append(editing.replace(stmt, text))
                continue
            if unit in self.optimizers.more:
                check_alone(self.source, stmt)
                first, last = extent(self.source, stmt, comments=True)
                indent = indent_of(self.source, stmt)
                text = "".join(f"{indent}{line}\n" for line in self.optimizers.more[unit])
                self.edits.append(Edit(first, 0, last + 1, 0, text))
                continue
            for block in unit.blocks:
                if isinstance(block, ast.With):
                    empty[block] = empty.get(block, 0) + 1
            self.edits.append(
                taken_out(self.source, stmt, unit.role in ("graph", "train", "helper"))
            )
        for stmt in self.program.inner_gone:
            self._delete(stmt)
        self._empty_blocks(empty, used)
        for anchor, functions in self.functions.items():
            indent = self._indent(anchor)
            lines: list[str] = []
            for function in functions:
                lines += [BEGIN.strip("\n"), *(indent + row if row else "" for row in function),
                          END.strip("\n")]  # fmt: skip
            last = anchor.end_lineno or anchor.lineno
            self.edits.append(Edit(last + 1, 0, last + 1, 0, "\n".join(lines) + "\n"))

    def _empty_blocks(self, empty: dict[ast.With, int], used: set[Def]) -> None:
        """Blocks of which nothing is left go."""
        kept = [u for u in self.program.units
                if u.role in ("stay", "driver") or (u.step is not None and u.step.made)
                or (u.role == "placeholder" and u.defs[0] in used)]  # fmt: skip
        left = {b for u in kept for b in u.blocks if isinstance(b, ast.With)}
        self.edits += variables.scopes(left, self.names, self.root)
        gone = {b for b in empty if b not in left}
        for block in gone:
            if any(b in gone and b is not block and block in ast.walk(b) for b in gone):
                continue
            first, last = block.lineno, block.end_lineno or block.lineno
            self.edits = [e for e in self.edits if not first <= e.line <= last or e.text != GAP]
            self.edits.append(taken_out(self.source, block))

    def _indent(self, anchor: ast.stmt) -> str:
        indent = indent_of(self.source, anchor)
        for block in self.program.unwrapped:
            if block.lineno < anchor.lineno <= (block.end_lineno or block.lineno):
                return indent_of(self.source, block)
        return indent

    def _spec(self, unit: Unit) -> Edit:
        """The line of a placeholder, as that of what it takes."""
        stmt = unit.stmt
        check_alone(self.source, stmt)
        held = unit.defs[0]
        call = held.value
        assert isinstance(call, ast.Call)
        args = given(call, "dtype", "shape", "name")
        dtype = args.get("dtype")
        if dtype is None or set(args) - {"dtype", "shape", "name"}:
            raise Refused("the placeholder has no dtype in sight", stmt)
        if f"{held.name}_spec" in identifiers(self.source.tree):
            raise Refused(f"{held.name}_spec has a meaning already", stmt)
        shape = args.get("shape")
        kind = self.source.one_line(dtype)
        if isinstance(dtype, ast.Constant) and isinstance(dtype.value, str):
            kind = f"{self.root}.{_DTYPES.get(dtype.value, dtype.value)}"
        text = self.source.segment(shape) if shape is not None else "None"
        return editing.replace(stmt, f"{held.name}_spec = {self.root}.TensorSpec({text}, {kind})")

    def _unwrap(self) -> None:
        """The bodies of `with tf.Session()` move out, but for what is gone from them."""
        for block in self.program.unwrapped:
            row = self.source.lines[block.lineno - 1].split("#")[0].rstrip()
            head = block.items[-1].context_expr
            if head.end_lineno != block.lineno or not row.endswith(":"):
                raise Refused("the session's block has no line of its own", block)
            moves = dedented(self.source, block.body, block, block.lineno + 1)
            if moves is None:
                raise Refused("the session's block cannot be taken away line by line", block)
            covered = [(e.line, e.end_line) for e in self.edits if e.text == GAP]
            self.edits.append(Edit(stale_from(self.source, block), 0, block.lineno + 1, 0, GAP))
            old, new = indent_of(self.source, block.body[0]), indent_of(self.source, block)
            for place, edit in enumerate(self.edits):
                if block.lineno < edit.line <= (block.end_lineno or 0) and edit.text[:1] != "\0":
                    text = edit.text.replace(f"\n{old}", f"\n{new}")
                    self.edits[place] = Edit(
                        edit.line, edit.column, edit.end_line, edit.end_column, text
                    )
            inner = [e for e in self.edits if e.line != e.end_line and e.text[:1] != "\0"]
            for move in moves:
                if any(first <= move.line < last for first, last in covered):
                    continue
                if any(e.line < move.line <= e.end_line for e in inner):
                    continue
                self.edits.append(move)


def _defs(item: Item) -> list[Def]:
    return item.outputs if isinstance(item, Part) else item.defs


def _opened(lines: list[str]) -> list[str]:
    """A body does not begin with a blank line."""
    return lines[1:] if lines and not lines[0] else lines


def _folded(body: list[str], returned: str) -> list[str]:
    """`body` and what it returns; `x = y` and `return x` at its end are one line."""
    if not returned:
        return body
    start = f"{_STEP}{returned} = "
    if body and body[-1].startswith(start) and returned.isidentifier():
        value = body[-1][len(start) :]
        try:
            ast.parse(value.strip(), mode="eval")
        except SyntaxError:
            pass  # it goes on
        else:
            return [*body[:-1], f"{_STEP}return {value}"]
    return [*body, f"{_STEP}return {returned}"]
