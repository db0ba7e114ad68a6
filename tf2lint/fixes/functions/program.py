"""Finds the program in a module: its building scope, statement by statement, and its runs."""

from __future__ import annotations

import ast

from tf2lint.fixes.functions import savers, summaries
from tf2lint.fixes.functions.model import (
    COMPUTED,
    OF_VARIABLES,
    Def,
    Kind,
    Program,
    Refused,
    Step,
    Unit,
)
from tf2lint.fixes.functions.names import PLACEHOLDERS, Names, is_plain, rate_of
from tf2lint.fixes.functions.runs import Runs
from tf2lint.fixes.functions.statements import (
    DEFINITIONS,
    bindings,
    blocks_of,
    given,
    is_fixed,
    is_main,
    pairs_of,
)
from tf2lint.tensorflow.groups import PLAIN_SESSIONS

_SCOPES = ("tf.name_scope", "tf.device", "tf.variable_scope")
_GONE = ("tf.disable_v2_behavior", "tf.disable_eager_execution")
_Block = ast.If | ast.For | ast.While | ast.Try | ast.With
# What has one name.
_SINGLE = frozenset({Kind.SESSION, Kind.TRAIN, Kind.FUNCTION, Kind.WRITER, Kind.SUMMARY,
                     Kind.SAVER})  # fmt: skip
_QUIET = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal, ast.Break, ast.Continue)


def homes_of(names: Names) -> list[ast.AST | None]:
    """The functions and classes that the module opens its sessions in; None for the module."""
    module = names.module
    return [
        module.source.enclosing(site.node, DEFINITIONS) for site, _ in module.uses
        if site.call is not None and site.call.func is site.node
        and names.symbol(site.call.func) in PLAIN_SESSIONS
    ]  # fmt: skip


def found(names: Names, homes: list[ast.AST | None]) -> Program:
    """The program of a module that opens sessions in `homes`. Raises `Refused`."""
    scope: ast.Module | ast.FunctionDef = names.source.tree
    if all(home is homes[0] for home in homes) and isinstance(homes[0], ast.FunctionDef):
        scope = homes[0]
    elif any(home is not None for home in homes):
        raise Refused("sessions are opened in several functions")
    if isinstance(scope, ast.FunctionDef) and not isinstance(
        names.source.parent(scope), ast.Module
    ):
        raise Refused("the session is opened in a method or an inner function", scope)
    return _Walk(names, scope).program()


class _Walk(Runs):
    """One walk over the building scope."""

    def program(self) -> Program:
        """The program. Raises `Refused`."""
        scope = self.found.scope
        if isinstance(scope, ast.FunctionDef):
            self._surroundings(scope)
        self._block(scope.body, ())
        return self.found

    def _surroundings(self, scope: ast.FunctionDef) -> None:
        """What the module gives to the building function."""
        for stmt in self.source.tree.body:
            if isinstance(stmt, ast.FunctionDef) and stmt is not scope:
                self._define(stmt.name, Kind.FUNCTION, Unit(-1, stmt))
            elif not isinstance(stmt, (*DEFINITIONS, *_QUIET)):
                self._top_level(stmt)

    def _top_level(self, stmt: ast.stmt) -> None:
        for node in ast.walk(stmt):
            symbol = self.names.symbol(node.func) if isinstance(node, ast.Call) else ""
            if symbol and not is_plain(symbol):
                raise Refused("a part of the program is outside of its function", stmt)

    def _define(self, name: str, kind: Kind, unit: Unit, value: ast.expr | None = None) -> Def:
        made = Def(name, kind, unit, value=value)
        self.env[name] = made
        unit.defs.append(made)
        return made

    def _block(self, stmts: list[ast.stmt], blocks: tuple[ast.stmt, ...]) -> None:
        for stmt in stmts:
            self._statement(stmt, blocks)

    def _statement(self, stmt: ast.stmt, blocks: tuple[ast.stmt, ...]) -> None:
        unit = Unit(len(self.found.units), stmt, blocks)
        if isinstance(stmt, ast.With) and self._with(stmt, blocks):
            return
        if isinstance(stmt, ast.If) and is_main(stmt):
            self._block(stmt.body, (*blocks, stmt))
            return
        self.found.units.append(unit)
        self.unit = unit
        with self.reader.fresh() as seen:
            if isinstance(stmt, _Block):
                self._compound(stmt, unit)
            elif isinstance(stmt, DEFINITIONS):
                self._definition(stmt, unit)
            elif not isinstance(stmt, _QUIET):
                self._simple(stmt, unit)
            else:
                for name, _ in bindings(stmt):
                    self.env.pop(name, None)
        unit.uses = list(dict.fromkeys(seen.uses))
        unit.reads |= seen.reads
        unit.random = seen.random
        unit.effect = seen.effect
        unit.foreign = seen.foreign
        unit.helpers = list(dict.fromkeys(seen.helpers))
        for helper in unit.helpers:
            helper.role = "helper"
        if unit.helpers and unit.role not in ("graph", "train"):
            raise Refused("a function that reads tensors is called outside of the graph", stmt)
        if seen.shown and unit.role != "stay":
            raise Refused("a placeholder is printed in a loop", stmt)
        self.found.shown += seen.shown
        self.found.added += [c for c in seen.added if c not in self.found.added]

    def _with(self, stmt: ast.With, blocks: tuple[ast.stmt, ...]) -> bool:
        """Whether `stmt` is a block that the scope goes on in."""
        if len(stmt.items) != 1 or not isinstance(stmt.items[0].context_expr, ast.Call):
            return False
        item = stmt.items[0]
        call = item.context_expr
        assert isinstance(call, ast.Call)
        symbol = self.names.symbol(call.func)
        if symbol in PLAIN_SESSIONS:
            self._session(call, stmt)
            if item.optional_vars is not None:
                if not isinstance(item.optional_vars, ast.Name):
                    raise Refused("the session has no name of its own", stmt)
                unit = Unit(-1, stmt)
                self._define(item.optional_vars.id, Kind.SESSION, unit)
            if any(not isinstance(block, ast.If) for block in blocks):
                raise Refused("the session is opened inside of another block", stmt)
            self.found.unwrapped.append(stmt)
            self.default.append(stmt)
            self._block(stmt.body, blocks)
            self.default.pop()
            return True
        if symbol in _SCOPES and item.optional_vars is None:
            self._block(stmt.body, (*blocks, stmt))
            return True
        return False

    def _session(self, call: ast.Call, stmt: ast.stmt) -> None:
        if self.names.symbol(call.func) == "tf.InteractiveSession":
            self.default.append(stmt)
        if call.args or any(k.arg != "config" for k in call.keywords):
            raise Refused("the session is one of a server or of another graph", stmt)

    def _definition(self, stmt: ast.stmt, unit: Unit) -> None:
        assert isinstance(stmt, DEFINITIONS)
        if isinstance(stmt, ast.FunctionDef):
            self._define(stmt.name, Kind.FUNCTION, unit)
            return
        if any(isinstance(n, ast.Call) and self.names.symbol(n.func) for n in ast.walk(stmt)):
            raise Refused("a class uses TensorFlow", stmt)
        self.env.pop(stmt.name, None)

    # Simple statements.

    def _simple(self, stmt: ast.stmt, unit: Unit) -> None:
        if isinstance(stmt, ast.Assign):
            self._assign(stmt.targets, stmt.value, unit)
        elif isinstance(stmt, ast.AnnAssign) and stmt.value is not None:
            self._assign([stmt.target], stmt.value, unit)
        elif isinstance(stmt, ast.AugAssign):
            self._augmented(stmt, unit)
        elif isinstance(stmt, ast.Expr):
            self._expression(stmt, unit)
        elif isinstance(stmt, ast.Return):
            if self.reader.kind(stmt.value) not in (Kind.PYTHON, Kind.CONSTANT):
                raise Refused("the function gives a tensor back", stmt)
        elif isinstance(stmt, ast.Assert) and self.reader.kind(stmt.test) in COMPUTED:
            unit.role = "graph"  # goes to where that is computed
        else:
            for node in ast.iter_child_nodes(stmt):
                if isinstance(node, ast.expr):
                    self._stays(self.reader.kind(node), stmt)

    def _stays(self, kind: Kind, stmt: ast.stmt) -> None:
        """See that what a statement that stays uses is there without a session."""
        if kind in COMPUTED or kind in (Kind.TRAIN, Kind.SESSION, Kind.OPTIMIZER):
            raise Refused(f"{kind.value} is used outside of a run", stmt)

    def _expression(self, stmt: ast.Expr, unit: Unit) -> None:
        value = stmt.value
        if isinstance(value, ast.Call):
            symbol = self.names.symbol(value.func)
            if symbol in _GONE or symbol.endswith("reset_default_graph"):
                unit.role = "gone"
                return
            func = value.func
            if isinstance(func, ast.Attribute) and func.attr == "close":
                if isinstance(func.value, ast.Name) and self.holds(func.value, Kind.SESSION):
                    unit.role = "gone"
                    return
            if summaries.made(value, unit, self.reader, self.found) is not None:
                return
            if symbol == "tf.InteractiveSession":
                self._session(value, stmt)
                unit.role = "gone"
                return
        kind = self.reader.kind(value)
        if kind in (Kind.VARIABLE, Kind.VARIABLES, Kind.CONSTANT, Kind.PYTHON):
            return
        if kind in (Kind.TENSOR, Kind.INITIALIZER, Kind.RANDOM) and unit.role == "stay":
            unit.role = "graph"  # runs in no session by itself
            return
        self._stays(kind, stmt)

    def _augmented(self, stmt: ast.AugAssign, unit: Unit) -> None:
        kind = self.reader.kind(stmt.value)
        if isinstance(stmt.target, ast.Name):
            held = self.env.get(stmt.target.id)
            on = held.kind if held is not None else Kind.PYTHON
            if held is not None:
                self.reader.seen.uses.append(held)
            if kind in COMPUTED or on in COMPUTED or on is Kind.VARIABLE:
                if on is Kind.PYTHON:
                    raise Refused(f"{stmt.target.id} is a number first, and a tensor later", stmt)
                unit.role = "graph"
                self._define(stmt.target.id, Kind.TENSOR, unit)
                return
        if kind in COMPUTED:
            raise Refused("a tensor is kept in what is no name", stmt)

    def _assign(self, targets: list[ast.expr], value: ast.expr, unit: Unit) -> None:
        single = targets[0] if len(targets) == 1 and isinstance(targets[0], ast.Name) else None
        if isinstance(value, ast.Call):
            role = self._made(value, unit, single)
            if role is not None:
                if single is None:
                    raise Refused(f"{role.value} has no name of its own", unit.stmt)
                self._define(single.id, role, unit, value)
                return
        if single is not None and self.is_feed(value):
            self.found.feeds.append(self._define(single.id, Kind.FEED, unit, value))
            return
        pairs = list(pairs_of(targets, value))
        parts = [part for _, part in pairs] if len(pairs) > 1 else [value]
        kinds = [self.reader.kind(part) for part in parts]
        for kind in kinds:
            if kind in _SINGLE:
                raise Refused(f"{kind.value} gets a second name", unit.stmt)
        if any(kind in COMPUTED for kind in kinds):
            if any(kind in OF_VARIABLES for kind in kinds):
                raise Refused("one statement makes tensors and variables", unit.stmt)
            unit.role = "graph"
        elif Kind.INITIALIZER in kinds:
            unit.role = "gone"
        for (target, part), kind in zip(pairs, kinds, strict=True):
            self._bind(target, Kind.TENSOR if kind is Kind.PLACEHOLDER else kind, unit, part)

    def _made(self, call: ast.Call, unit: Unit, single: ast.Name | None) -> Kind | None:
        """The kind of what `call` makes, where that is something that the program is made of."""
        symbol = self.names.symbol(call.func)
        if symbol in PLAIN_SESSIONS:
            self._session(call, unit.stmt)
            unit.role = "gone"
            return Kind.SESSION
        if symbol in PLACEHOLDERS:
            for part in (*call.args, *(k.value for k in call.keywords)):
                if self.reader.kind(part) is not Kind.PYTHON:
                    raise Refused("the placeholder's shape is a tensor", unit.stmt)
            unit.role = "placeholder"
            return Kind.PLACEHOLDER
        if symbol == savers.SAVER:
            return savers.made(call, unit, self.reader, self.found)
        if self._step(call, unit):
            unit.role = "train"
            return Kind.TRAIN
        if self._gradients(call, unit) and single is None:
            raise Refused("the gradients have no name of their own", unit.stmt)
        return summaries.made(call, unit, self.reader, self.found)

    def _bind(self, target: ast.expr, kind: Kind, unit: Unit, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if kind is Kind.PYTHON:
                self._define(target.id, kind, unit, value)
                return
            made = self._define(target.id, kind, unit, value)
            made.trainable = not is_fixed(value)
        elif isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                self._bind(part, self.reader.item(kind), unit, value)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, kind, unit, value)
        else:
            base = target
            while isinstance(base, ast.Attribute | ast.Subscript):
                base = base.value
            if kind in COMPUTED:
                raise Refused("a tensor is kept in what is no name", unit.stmt)
            if kind in OF_VARIABLES:
                if not isinstance(base, ast.Name):
                    raise Refused("a variable is kept in what is no name", unit.stmt)
                self._define(base.id, Kind.VARIABLES, unit)
            self.reader.kind(base)

    def _step(self, call: ast.Call, unit: Unit) -> bool:
        """Whether `call` makes a train op."""
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr not in ("minimize", "apply_gradients"):
            return False
        if self.reader.kind(func.value) is not Kind.OPTIMIZER:
            return False
        args = given(call, "loss", "global_step", "var_list")
        args.pop("name", None)
        for part in args.values():
            self.reader.kind(part)
        if set(args) - {"loss", "global_step", "var_list", "grads_and_vars"}:
            raise Refused(f"{func.attr} has arguments that have no other place", call)
        first = args.get("loss", args.get("grads_and_vars"))
        if first is None:
            raise Refused(f"{func.attr} has no loss", call)
        unit.step = Step(
            call, func.attr, func.value, isinstance(func.value, ast.Call), first,
            args.get("var_list"), args.get("global_step"), self._rate(func.value),
        )  # fmt: skip
        self.reader.seen.effect = True
        return True

    def _rate(self, optimizer: ast.expr) -> Def | None:
        """The placeholder that tells the learning rate of an optimizer, if one does."""
        held = self.env.get(optimizer.id) if isinstance(optimizer, ast.Name) else None
        made = held.value if held is not None else optimizer
        rate = rate_of(made) if isinstance(made, ast.Call) else None
        known = list(self.env.values()) if held is None else held.unit.uses
        name = rate.id if isinstance(rate, ast.Name) else ""
        for one in known:
            if one.name == name and one.kind is Kind.PLACEHOLDER:
                self.reader.seen.uses.append(one)
                return one
        return None

    def _gradients(self, call: ast.Call, unit: Unit) -> bool:
        """Whether `call` makes gradients for an optimizer."""
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr != "compute_gradients":
            return False
        if self.reader.kind(func.value) is not Kind.OPTIMIZER:
            return False
        args = given(call, "loss", "var_list")
        if set(args) - {"loss", "var_list"} or "loss" not in args:
            raise Refused("compute_gradients has arguments that have no other place", call)
        if isinstance(func.value, ast.Call):
            raise Refused("the optimizer has no name of its own", call)
        unit.step = Step(
            call, func.attr, func.value, False, args["loss"], args.get("var_list")
        )  # fmt: skip
        return True

    # Blocks of statements.

    def _compound(self, stmt: _Block, unit: Unit) -> None:
        """A block that holds runs stays; one that only builds goes into functions as it is."""
        runs = len(self.found.runs)
        before = dict(self.env)
        builds: list[ast.stmt] = []
        self._inside(stmt, unit, builds)
        has_runs = len(self.found.runs) > runs
        if builds and has_runs:
            raise Refused("the graph grows in a block that runs it", builds[0])
        if builds:
            if self.reader.seen.makes:
                raise Refused("one block makes tensors and variables", stmt)
            unit.role = "graph"
        elif has_runs:
            unit.role = "driver"
        gone = set(self.found.inner_gone)
        inner = [n for n in ast.walk(stmt) if isinstance(n, ast.stmt) and not isinstance(n, _Block)]
        if not has_runs and gone.issuperset(inner):
            unit.role = "gone"  # all of it
            self.found.inner_gone = [n for n in self.found.inner_gone if n not in inner]
        for name, held in list(self.env.items()):
            if before.get(name) is not held and held.unit is unit and held not in unit.defs:
                unit.defs.append(held)

    def _inside(self, stmt: ast.stmt, unit: Unit, builds: list[ast.stmt]) -> None:
        self._head(stmt, unit)
        looped = isinstance(stmt, ast.For | ast.While)
        names = [name for name, _ in bindings(stmt)] if looped else []
        self.loops += names
        for block in blocks_of(stmt):
            for inner in block:
                if isinstance(inner, _Block):
                    self._inside(inner, unit, builds)
                elif isinstance(inner, DEFINITIONS):
                    raise Refused("a function is made in a block", inner)
                elif not isinstance(inner, _QUIET):
                    self._inner(inner, unit, builds)
        del self.loops[len(self.loops) - len(names) :]

    def _head(self, stmt: ast.stmt, unit: Unit) -> None:
        """What a block says before its first statement."""
        reader = self.reader
        if isinstance(stmt, ast.For):
            kind = reader.item(reader.kind(stmt.iter))
            for node in ast.walk(stmt.target):
                if isinstance(node, ast.Name):
                    self._define(node.id, kind, unit)
        elif isinstance(stmt, ast.While | ast.If):
            if reader.kind(stmt.test) in COMPUTED:
                raise Refused("Python tests a tensor", stmt)
        elif isinstance(stmt, ast.With):
            for item in stmt.items:
                if reader.kind(item.context_expr) in COMPUTED:
                    raise Refused("a tensor is entered", stmt)

    def _inner(self, stmt: ast.stmt, unit: Unit, builds: list[ast.stmt]) -> None:
        """One statement of a block."""
        part = Unit(unit.place, stmt)
        before = len(self.found.runs)
        self._simple(stmt, part)
        for made in part.defs:
            made.unit = unit
            unit.defs.append(made)
        if part.role in ("train", "placeholder"):
            raise Refused(f"{part.defs[0].kind.value} is made in a block", stmt)
        if part.role == "graph":
            if len(self.found.runs) > before:
                raise Refused("the graph grows in a block that runs it", stmt)
            builds.append(stmt)
        elif part.role == "gone":
            self.found.inner_gone.append(stmt)
