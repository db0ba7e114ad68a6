"""The one walk over a module: binds names in order of execution and notes the sites.

Branches are followed one after the other and merged; function bodies wait until the scope
around them is complete, as Python itself runs them later. All stacks are explicit. Of a
neighbouring module, functions and classes wait until somebody asks for them (`Binder.open`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from tf2lint.semantics import limits
from tf2lint.semantics.files import ImportTarget
from tf2lint.semantics.outline import Definition, fill
from tf2lint.semantics.plain import asks_version
from tf2lint.semantics.scopes import (
    ANNOTATION,
    ASSIGN,
    CLASS,
    END,
    ENTER,
    FUNCTION,
    IMPORT,
    ITER,
    OPAQUE,
    PARAM,
    Binding,
    Bindings,
    Guard,
    Rest,
    Scope,
    Site,
    Step,
    union,
)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_SKIPPED_FIELDS = frozenset({"ctx", "op", "ops", "type_comment", "kind", "conversion"})
_fields_of: dict[type, tuple[str, ...]] = {}
_EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "pytest.skip", "pytest.exit", "pytest.fail",
                    "pytest.xfail"})  # fmt: skip


class Reachability(Protocol):
    """What the walk asks while it goes on, to follow only the arms that the target runs."""

    def works(self, path: str) -> bool | None:
        """Whether the target has what is at `path`; None where that is not known."""

    def truth(self, test: ast.expr, scope: Scope, seq: int) -> bool | None:
        """Whether `test` holds under the target, None where that is not known."""

    def fails(self, sites: Sequence[Site], handlers: Sequence[ast.ExceptHandler]) -> bool | None:
        """Whether TensorFlow code at `sites` raises what `handlers` catch; None without any."""

    def never(self, guard: Guard | None) -> bool:
        """Whether code under `guard` does not run under the target, or not to its end."""

    def guarded(self, site: Site, raises: str = "") -> bool:
        """Whether `site` stands in code that the target does not run."""


class _Unasked:
    """Knows nothing of the target."""

    def works(self, path: str) -> bool | None:
        del path
        return None

    def truth(self, test: ast.expr, scope: Scope, seq: int) -> bool | None:
        del test, scope, seq
        return None

    def fails(self, sites: Sequence[Site], handlers: Sequence[ast.ExceptHandler]) -> bool | None:
        del sites, handlers
        return None

    def never(self, guard: Guard | None) -> bool:
        del guard
        return False

    def guarded(self, site: Site, raises: str = "") -> bool:
        del site, raises
        return False


UNASKED = _Unasked()


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    fields = _fields_of.get(kind)
    if fields is None:
        fields = tuple(f for f in reversed(kind._fields) if f not in _SKIPPED_FIELDS)
        _fields_of[kind] = fields
    return fields


class _Switch:
    """On the expression stack: from here on another scope or guard holds."""

    __slots__ = ("guard", "scope")

    def __init__(self, scope: Scope, guard: Guard | None) -> None:
        self.scope = scope
        self.guard = guard


class _Block:
    """A block of statements, and how far it was followed."""

    __slots__ = ("binder", "body", "guard", "position")

    def __init__(self, binder: Binder, body: Sequence[ast.stmt]) -> None:
        self.binder = binder
        self.body = body
        self.guard = binder.guard
        self.position = 0

    def __call__(self) -> None:
        self.binder.follow(self)


class Binder:
    """Walks `tree` once; then `sites`, `stores` and the scopes are complete."""

    def __init__(self, tree: ast.Module, blocks: Mapping[Definition, str] | None = None) -> None:
        self.reachability: Reachability = UNASKED
        self.tried: dict[ast.AST, bool | None] = {}  # what was found out of try statements
        self._blocks = blocks or {}
        self.seq = 0
        self.module = Scope("module", tree, None, 0)
        self.scope = self.module
        self.guard: Guard | None = None
        self.sites: list[Site] = []
        self.stores: list[tuple[ast.Attribute, Binding]] = []  # x.y = value
        self.scope_of: dict[ast.AST, Scope] = {tree: self.module}
        self.import_aliases: list[tuple[str, ImportTarget]] = []
        self._later: dict[Scope, tuple[FunctionNode, Guard | None]] = {}  # in order of source
        self._aside: list[Site] = []  # of bodies that were walked before their turn
        self._open: set[Scope] = set()  # functions that are being walked
        self._todo: list[Callable[[], None]] = []
        self._stmt: ast.stmt = ast.Pass()
        self._exits = {path.rpartition(".")[2] for path in _EXITS}  # their names in this module
        self._ended = False  # the current arm cannot fall through
        self._handlers: dict[type, Callable[[ast.stmt], None]] = {
            getattr(ast, name[6:]): getattr(self, name)
            for name in dir(self)
            if name[:6] == "_stmt_" and hasattr(ast, name[6:])
        }
        if hasattr(ast, "TryStar"):
            self._handlers[ast.TryStar] = self._handlers[ast.Try]

    def run(self) -> None:
        """Walk the module, then the functions, outer ones first."""
        tree = self.module.node
        assert isinstance(tree, ast.Module)
        self._block(tree.body)
        self._drain()
        while self._later:
            scope = next(iter(self._later))
            self._body(scope, *self._later.pop(scope))
        self.sites += self._aside
        self._aside = []

    def look_into(self, scope: Scope) -> None:
        """Walk the body of a function or class that waits for it, now.

        May be asked for while the walk is on: a test in the module may call the function.
        """
        if not self.waits(scope):
            return
        state = (self.scope, self.guard, self._stmt, self._ended, self._todo, self.sites)
        self._ended, self._todo, self.sites = False, [], []
        later = self._later.pop(scope, None)
        block, scope.block = scope.block, ""
        node = scope.node
        if later is not None:
            self._body(scope, *later)
        elif isinstance(node, Definition) and fill(node, block):
            self.scope, self.guard = scope, None
            if isinstance(node, ast.ClassDef):
                waiting = len(self._later)
                self._block(node.body)
                self._drain()
                for inner in list(self._later)[waiting:]:  # its methods say what its objects hold
                    if inner in self._later:  # not asked for meanwhile
                        self._body(inner, *self._later.pop(inner))
            else:
                self._parameters(scope, node)
                self._body(scope, *self._later.pop(scope))
        self._aside += self.sites
        self.scope, self.guard, self._stmt, self._ended, self._todo, self.sites = state

    def all_sites(self) -> list[Site]:
        """The sites of the whole module, bodies that waited included."""
        looked = 0
        while looked < len(self.scope_of):
            scopes = list(self.scope_of.values())[looked:]
            looked += len(scopes)
            for scope in scopes:
                self.look_into(scope)
        return [*self.sites, *self._aside]

    def waits(self, scope: Scope) -> bool:
        """Whether the body of `scope` was not walked yet."""
        return bool(scope.block) or scope in self._later

    def follows(self, scope: Scope) -> bool:
        """Walk the body of the function `scope` if it waits; whether all of it is walked now."""
        if scope in self._open or (self.waits(scope) and len(self._open) > limits.AHEAD):
            return False
        self.look_into(scope)
        return True

    def _body(self, scope: Scope, node: FunctionNode, guard: Guard | None) -> None:
        self.scope, self.guard = scope, guard
        self._open.add(scope)
        if isinstance(node, ast.Lambda):
            self._scan(node.body)
            scope.returns.append((node.body, END, None))
        else:
            self._block(node.body)
            self._drain()
        self._open.discard(scope)

    # Statements. `_todo` is a stack of steps; a handler pushes what follows it.

    def _drain(self) -> None:
        todo = self._todo
        while todo:
            todo.pop()()

    def _then(self, *steps: Callable[[], None]) -> None:
        self._todo.extend(reversed(steps))

    def _block(self, body: Sequence[ast.stmt]) -> None:
        self._todo.append(_Block(self, body))

    def follow(self, block: _Block) -> None:
        """Binder a block up to the first statement that leaves something to do before the next."""
        handlers, todo = self._handlers, self._todo
        body, position = block.body, block.position
        while position < len(body):
            stmt = body[position]
            position += 1
            self._stmt = stmt
            self.seq += 1
            block.position = position
            depth = len(todo)
            todo.append(block)
            handlers[type(stmt)](stmt)
            if len(todo) > depth + 1:
                return
            todo.pop()
        self.guard = block.guard

    def close(self) -> None:
        """Let go of all that was found; nothing may be asked any more.

        Scopes and what they bind hold each other; Python would have to look for that.
        """
        self.reachability = UNASKED
        for scope in self.scope_of.values():
            scope.timeline.clear()
            scope.current.clear()
            scope.extra.clear()
        self.scope_of.clear()
        self.sites.clear()
        self.stores.clear()
        self._handlers.clear()

    def _stmt_Pass(self, stmt: ast.stmt) -> None:
        """Nothing to do."""
        del stmt

    def _stmt_Expr(self, stmt: ast.Expr) -> None:
        if type(stmt.value) is not ast.Constant:
            self._scan(stmt.value)
            self._ended = self._ended or self.leaves(stmt, self.scope)

    def leaves(self, stmt: ast.stmt, scope: Scope) -> bool:
        """Whether nothing runs after `stmt` in `scope`: it raises, skips a test or exits."""
        if isinstance(stmt, ast.Raise):
            return True
        if not isinstance(stmt, ast.Expr) or not isinstance(stmt.value, ast.Call):
            return False
        func = stmt.value.func
        name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
        if isinstance(func, ast.Attribute):
            own = isinstance(func.value, ast.Name) and func.value.id == scope.self_name
            if name == "skipTest" or (own and name == "fail"):
                return True
        elif name not in self._exits:
            return name in ("exit", "quit")
        return name in self._exits and self._origin(func, scope) in _EXITS

    def _origin(self, node: ast.expr, scope: Scope) -> str:
        """The dotted name that `node` was imported by; empty where its first name was not."""
        attributes = ""
        while isinstance(node, ast.Attribute):
            attributes = f".{node.attr}{attributes}"
            node = node.value
        around: Scope | None = scope
        while isinstance(node, ast.Name) and around is not None:
            for binding in around.current.get(node.id, ()):
                target = binding.target
                if target is not None and not target.level:
                    return ".".join(filter(None, (target.module, target.name))) + attributes
            around = around.parent
        return ""

    def _stmt_Break(self, stmt: ast.stmt) -> None:
        del stmt
        self._ended = True

    _stmt_Continue = _stmt_Break

    def _stmt_Return(self, stmt: ast.Return) -> None:
        if stmt.value is not None:
            self._scan(stmt.value)
            if self.scope.kind == "function":
                self.scope.returns.append((stmt.value, self.seq, self.guard))
        self._ended = True

    def _stmt_Raise(self, stmt: ast.Raise) -> None:
        self._scan(stmt.exc, stmt.cause)
        self._ended = True

    def _stmt_Assert(self, stmt: ast.Assert) -> None:
        self._scan(stmt.test, stmt.msg)
        if asks_version(stmt.test):
            if self.reachability.truth(stmt.test, self.scope, self.seq) is False:
                self.guard = self._test(stmt.test, True)
        checked = _checked(stmt.test)
        if checked is not None and checked[0] in self.scope.current:
            name, kind = checked
            asserted = Binding(ANNOTATION, stmt, self.scope, self.seq, expr=kind)
            self._set(name, union(self.scope.current[name], (asserted,)))

    def _stmt_Delete(self, stmt: ast.Delete) -> None:
        for target in _flatten(stmt.targets):
            if isinstance(target, ast.Name):
                self._set(target.id, ())
            elif isinstance(target, ast.Attribute):
                self._scan(target.value)
            elif isinstance(target, ast.Subscript):
                self._scan(target.value, target.slice)

    def _stmt_Global(self, stmt: ast.Global) -> None:
        self.scope.globals.update(stmt.names)

    def _stmt_Nonlocal(self, stmt: ast.Nonlocal) -> None:
        self.scope.nonlocals.update(stmt.names)

    def _stmt_Assign(self, stmt: ast.Assign) -> None:
        self._scan(stmt.value)
        for target in stmt.targets:
            self._bind(target, ASSIGN, stmt.value)

    def _stmt_AugAssign(self, stmt: ast.AugAssign) -> None:
        self._scan(stmt.target, stmt.value)

    def _stmt_AnnAssign(self, stmt: ast.AnnAssign) -> None:
        self._scan(stmt.annotation, stmt.value, use="annotation")
        if stmt.value is None:
            if stmt.simple or isinstance(stmt.target, ast.Attribute):
                self._bind(stmt.target, ANNOTATION, stmt.annotation)
            return
        self._bind(stmt.target, ASSIGN, stmt.value, also=stmt.annotation)

    def _stmt_TypeAlias(self, stmt: ast.stmt) -> None:
        name = getattr(stmt, "name", None)
        value = getattr(stmt, "value", None)
        if isinstance(value, ast.expr) and isinstance(name, ast.Name):
            self._scan(value)
            self._bind(name, ASSIGN, value)

    def _stmt_Import(self, stmt: ast.Import) -> None:
        for alias in stmt.names:
            first = alias.name.partition(".")[0]
            name = alias.asname or first
            target = ImportTarget(0, alias.name if alias.asname else first, None)
            self._import(alias, name, target)

    def _stmt_ImportFrom(self, stmt: ast.ImportFrom) -> None:
        module = stmt.module or ""
        for alias in stmt.names:
            target = ImportTarget(stmt.level, module, alias.name)
            if alias.name == "*":
                binding = Binding(IMPORT, alias, self.scope, self.seq, target=target,
                                  guard=self.guard)  # fmt: skip
                self.scope.stars.append(binding)
                self._site(alias, None, "import")
                continue
            self._import(alias, alias.asname or alias.name, target)

    def _import(self, alias: ast.alias, name: str, target: ImportTarget) -> None:
        self._site(alias, None, "import")
        binding = Binding(IMPORT, alias, self.scope, self.seq, target=target, guard=self.guard)
        self.import_aliases.append((name, target))
        if target.name is not None and f"{target.module}.{target.name}" in _EXITS:
            self._exits.add(name)
        self._set(name, (binding,))

    def _stmt_If(self, stmt: ast.If) -> None:
        self._scan(stmt.test)
        truth = self.reachability.truth(stmt.test, self.scope, self.seq)
        yes, no = self._test(stmt.test, True), self._test(stmt.test, False)
        arms = [
            (stmt.body, yes, truth is False),
            (stmt.orelse, no, truth is True),
        ]
        self._arms(arms, after=(no, yes))

    def _test(self, test: ast.expr, positive: bool) -> Guard:
        return Guard("test", self.guard, self.scope, self.seq, test=test, positive=positive)

    def _arms(
        self,
        arms: Sequence[tuple[Sequence[ast.stmt], Guard | None, bool]],
        after: tuple[Guard, Guard] | None = None,
    ) -> None:
        """Follow each (body, guard, dead) from the same start; merge what they leave.

        `after` are the guards of what follows where the first, or the second, arm ends early.
        """
        scope, outer = self.scope, self.guard
        ends: list[dict[str, Bindings] | None] = []
        before: dict[str, Bindings] = {}
        ended: list[bool] = []

        def enter(body: Sequence[ast.stmt], guard: Guard | None) -> Callable[[], None]:
            def step() -> None:
                self._ended = False
                self.guard = guard
                scope.trail.append({})
                self._block(body)

            return step

        def leave(dead: bool) -> Callable[[], None]:
            def step() -> None:
                changed = scope.trail.pop()
                end = {name: scope.current[name] for name in changed}
                self.seq += 1
                for name, old in changed.items():
                    before.setdefault(name, old)
                    scope.set(name, self.seq, old)
                ended.append(self._ended)
                ends.append(None if dead or self._ended else end)

            return step

        def merge() -> None:
            self.guard = outer
            self.seq += 1
            live = [end for end in ends if end is not None]
            self._ended = bool(ended) and all(ended)
            # Where nothing falls through, what stands below starts from before the arms.
            for name, old in before.items():
                scope.set(name, self.seq, union(*(end.get(name, old) for end in live or [{}])))
            if after is not None and len(ended) == 2 and ended[0] != ended[1]:
                self.guard = after[0] if ended[0] else after[1]

        steps: list[Callable[[], None]] = []
        for body, guard, dead in arms:
            steps += [enter(body, guard), leave(dead)]
        self._then(*steps, merge)

    def _loop(self, stmt: ast.For | ast.AsyncFor | ast.While) -> None:
        scope, start = self.scope, self.seq
        changed: dict[str, Bindings] = {}
        guard = self.guard
        if isinstance(stmt, ast.While):
            guard = self._test(stmt.test, True)

        def enter() -> None:
            scope.trail.append({})
            self._ended = False
            self.guard = guard
            if not isinstance(stmt, ast.While):
                self._bind(stmt.target, ITER, stmt.iter)
            self._block(stmt.body)

        def leave() -> None:
            old = scope.trail.pop()
            self.seq += 1
            for name, reached in old.items():
                changed[name] = scope.current[name]
                scope.loop_back(name, start, changed[name])
                scope.set(name, self.seq, union(reached, changed[name]))
            self._ended = False
            self.guard = outer

        outer = self.guard
        self._then(enter, leave, lambda: self._block(stmt.orelse))

    def _stmt_For(self, stmt: ast.For | ast.AsyncFor) -> None:
        self._scan(stmt.iter)
        self._loop(stmt)

    _stmt_AsyncFor = _stmt_For

    def _stmt_While(self, stmt: ast.While) -> None:
        self._scan(stmt.test)
        self._loop(stmt)

    def _stmt_With(self, stmt: ast.With | ast.AsyncWith) -> None:
        for item in stmt.items:
            self._scan(item.context_expr)
            if item.optional_vars is not None:
                self._bind(item.optional_vars, ENTER, item.context_expr)
        self._block(stmt.body)

    _stmt_AsyncWith = _stmt_With

    def _stmt_Try(self, stmt: ast.Try) -> None:
        scope, outer = self.scope, self.guard
        first_site = len(self.sites)
        state: dict[str, Bindings] = {}
        before: dict[str, Bindings] = {}
        ends: list[dict[str, Bindings]] = []
        ended: list[bool] = []
        fails: list[bool | None] = []

        def body() -> None:
            scope.trail.append({})
            self._ended = False
            if stmt.handlers:
                self.guard = Guard("try", outer, scope, self.seq, node=stmt)
            self._block(stmt.body)

        def tried() -> None:
            body_sites = self.sites[first_site:]
            fails.append(
                self.reachability.fails(body_sites, stmt.handlers) if stmt.handlers else None
            )
            self.tried[stmt] = fails[0]
            if not self._ended:
                self._block(stmt.orelse)

        def body_left() -> None:
            changed = scope.trail.pop()
            self.seq += 1
            for name, old in changed.items():
                before[name] = old
                state[name] = scope.current[name]
            if not self._ended:
                ends.append(dict(state))
            ended.append(self._ended)

        def handler(clause: ast.ExceptHandler) -> tuple[Callable[[], None], Callable[[], None]]:
            def enter() -> None:
                self.seq += 1
                self.guard = Guard("handler", outer, scope, self.seq, node=stmt, handler=clause)
                self._stmt = stmt
                if clause.type is not None:
                    self._scan(clause.type)
                for name, end in state.items():
                    scope.set(name, self.seq, union(before[name], end))
                scope.trail.append({})
                self._ended = False
                if clause.name:
                    self._set(clause.name, (Binding(OPAQUE, clause, scope, self.seq),))
                self._block(clause.body)

            def leave() -> None:
                changed = scope.trail.pop()
                self.seq += 1
                end = {name: scope.current[name] for name in changed}
                if clause.name:
                    end[clause.name] = ()
                for name, old in changed.items():
                    before.setdefault(name, old)
                    scope.set(name, self.seq, old)
                # Under the target this handler never runs: the body works there.
                if not self._ended and fails[0] is not False:
                    ends.append({**{n: union(before[n], e) for n, e in state.items()}, **end})
                ended.append(self._ended)

            return enter, leave

        def merge() -> None:
            self.seq += 1
            self.guard = outer
            self._ended = bool(ended) and all(ended)
            for name, old in before.items():
                arms = [end.get(name, old) for end in ends] or [state.get(name, old)]
                merged = union(*arms)
                if fails[0] and name in state:
                    own = {id(b) for b in state[name]}
                    others = tuple(b for b in merged if id(b) not in own)
                    if any(not b.is_nothing for b in others):
                        merged = others
                scope.set(name, self.seq, merged)
            self._block(stmt.finalbody)

        steps: list[Callable[[], None]] = [body, tried, body_left]
        for clause in stmt.handlers:
            steps += handler(clause)
        self._then(*steps, merge)

    def _stmt_Match(self, stmt: ast.Match) -> None:
        self._scan(stmt.subject)
        arms: list[tuple[Sequence[ast.stmt], Guard | None, bool]] = []
        bound: list[Callable[[], None]] = []
        for case in stmt.cases:
            arms.append((case.body, self.guard, False))
            bound.append(self._captures(case))
        arms.append(((), self.guard, False))
        # Captures are visible in their arm only by name; bind them before all arms.
        for bind in bound:
            bind()
        self._arms(arms)

    def _captures(self, case: ast.match_case) -> Callable[[], None]:
        def bind() -> None:
            stack: list[ast.pattern] = [case.pattern]
            while stack:
                pattern = stack.pop()
                for field in pattern._fields:
                    value = getattr(pattern, field)
                    items = value if isinstance(value, list) else [value]
                    for item in items:
                        if isinstance(item, ast.pattern):
                            stack.append(item)
                        elif isinstance(item, ast.expr):
                            self._scan(item)
                        elif field in ("name", "rest") and isinstance(item, str):
                            old = self.scope.current.get(item, ())
                            opaque = Binding(OPAQUE, pattern, self.scope, self.seq)
                            self._set(item, union(old, (opaque,)))
            if case.guard is not None:
                self._scan(case.guard)

        return bind

    def _stmt_ClassDef(self, stmt: ast.ClassDef) -> None:
        for decorator in stmt.decorator_list:
            self._scan(decorator, use="decorator")
        if block := self._blocks.get(stmt):
            scope = Scope("class", stmt, self.scope, self.seq)
            scope.block = block
            self._set(stmt.name, (Binding(CLASS, stmt, self.scope, self.seq, inner=scope),))
            return
        for base in stmt.bases:
            self._scan(base, use="base")
        for keyword in stmt.keywords:
            self._scan(keyword.value)
        outer = self.scope
        scope = Scope("class", stmt, outer, self.seq)
        self.scope_of[stmt] = scope

        def enter() -> None:
            self.scope = scope
            self._block(stmt.body)

        def leave() -> None:
            self.scope = outer
            self._ended = False
            self._set(stmt.name, (Binding(CLASS, stmt, outer, self.seq, inner=scope),))

        self._then(enter, leave)

    def _stmt_FunctionDef(self, stmt: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in stmt.decorator_list:
            self._scan(decorator, use="decorator")
        args = stmt.args
        self._scan(*args.defaults, *args.kw_defaults)
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        notes = [arg.annotation for arg in every if arg is not None]
        self._scan(*notes, stmt.returns, use="annotation")
        inner = self._function(stmt)
        self._set(stmt.name, (Binding(FUNCTION, stmt, self.scope, self.seq, inner=inner),))

    _stmt_AsyncFunctionDef = _stmt_FunctionDef

    def _function(self, node: FunctionNode) -> Scope:
        scope = Scope("function", node, self.scope, self.seq)
        self.scope_of[node] = scope
        if isinstance(node, Definition) and (block := self._blocks.get(node)):
            scope.block = block
        else:
            self._parameters(scope, node)
        return scope

    def _parameters(self, scope: Scope, node: FunctionNode) -> None:
        """Bind the parameters of a function; its body is walked when the rest is."""
        args = node.args
        plain = [*args.posonlyargs, *args.args]
        defaults: dict[ast.arg, ast.expr | None] = dict(
            zip(plain[len(plain) - len(args.defaults) :], args.defaults, strict=True)
        )
        defaults.update(zip(args.kwonlyargs, args.kw_defaults, strict=True))
        around = scope.parent
        if around is not None and around.kind == "class" and plain and not _is_static(node):
            scope.self_name = plain[0].arg
        for arg in [*plain, *args.kwonlyargs]:
            binding = Binding(PARAM, arg, scope, scope.seq, expr=defaults.get(arg))
            scope.set(arg.arg, scope.seq, (binding,))
        for star in (args.vararg, args.kwarg):
            if star is not None:
                scope.set(star.arg, scope.seq, (Binding(OPAQUE, star, scope, scope.seq),))
        self._later[scope] = node, self.guard

    # Binding.

    def _set(self, name: str, bindings: Bindings) -> None:
        scope = self.scope
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        if name in scope.globals:
            self.module.extra.setdefault(name, []).extend(bindings)
            return
        if name in scope.nonlocals:
            up = scope.parent
            while up is not None and (up.kind != "function" or name not in up.timeline):
                up = up.parent
            if up is not None:
                up.extra.setdefault(name, []).extend(bindings)
                return
        self.seq += 1
        scope.set(name, self.seq, bindings)

    def _bind(
        self, target: ast.expr, kind: int, expr: ast.expr, also: ast.expr | None = None
    ) -> None:
        scope, seq = self.scope, self.seq
        stack: list[tuple[ast.expr, tuple[Step, ...]]] = [(target, ())]
        while stack:
            node, index = stack.pop()
            if isinstance(node, ast.Name | ast.Attribute):
                binding = Binding(kind, node, scope, seq, expr=expr, index=index, guard=self.guard)
                bindings: Bindings = (binding,)
                if also is not None:
                    bindings += (Binding(ANNOTATION, node, scope, seq, expr=also),)
                if isinstance(node, ast.Name):
                    self._set(node.id, bindings)
                else:
                    self._scan(node.value)
                    self.stores += [(node, one) for one in bindings]
            elif isinstance(node, ast.Tuple | ast.List):
                stack += [(item, (*index, step)) for item, step in _unpacked(node.elts)]
            elif isinstance(node, ast.Subscript):
                self._scan(node.value, node.slice)
                if (owner := _owner(node.value)) is not None and not index:
                    self._store(owner, node.slice, expr)

    def _store(self, owner: ast.expr, name: ast.expr | None, expr: ast.expr) -> None:
        """Note what `setattr(owner, name, expr)` does; `*` is an attribute of any name."""
        names: list[str] = []
        if isinstance(name, ast.Constant):
            names = [name.value] if isinstance(name.value, str) else []
        elif isinstance(owner, ast.Name) and owner.id == self.scope.self_name:
            return
        else:
            names = [*self._texts(name)] or ["*"]
        taken = _taken(expr, name)  # from where the loop takes what it sets
        for attr in names:
            node = ast.copy_location(ast.Attribute(owner, attr, ast.Store()), expr)
            given, kind = expr, ASSIGN if isinstance(name, ast.Constant) else OPAQUE
            if taken is not None and attr != "*":
                given, kind = ast.copy_location(ast.Attribute(taken, attr), expr), ASSIGN
            binding = Binding(kind, node, self.scope, self.seq, expr=given, guard=self.guard)
            self.stores.append((node, binding))

    def _texts(self, name: ast.expr | None) -> Iterator[str]:
        """The texts over which a loop lets the variable `name` run."""
        if not isinstance(name, ast.Name):
            return
        for binding in self.scope.current.get(name.id, ()):
            if binding.kind == ITER and isinstance(binding.expr, ast.Tuple | ast.List):
                for item in binding.expr.elts:
                    if isinstance(item, ast.Constant) and isinstance(item.value, str):
                        yield item.value

    # Expressions.

    def _site(self, node: ast.expr | ast.alias, call: ast.Call | None, use: str) -> None:
        self.sites.append(Site(node, call, self.scope, self.seq, self.guard, self._stmt, use))

    def _scan(self, *roots: ast.expr | None, use: str = "value") -> None:
        stack: list[ast.AST | _Switch] = [r for r in reversed(roots) if r is not None]
        tops = set(map(id, stack)) if use != "value" else None
        sites, stmt = self.sites, self._stmt
        scope, guard = self.scope, self.guard
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ast.Constant:
                continue
            if kind is ast.Name or kind is ast.Attribute:
                own = use if tops is not None and id(node) in tops else "value"
                sites.append(Site(node, None, scope, self.seq, guard, stmt, own))  # type: ignore[arg-type]
                if kind is ast.Attribute:
                    inner: ast.expr = node.value  # type: ignore[union-attr]
                    while type(inner) is ast.Attribute:
                        inner = inner.value
                    if type(inner) is not ast.Name:
                        stack.append(inner)
            elif kind is ast.Call:
                assert isinstance(node, ast.Call)
                for keyword in reversed(node.keywords):
                    stack.append(keyword.value)
                stack.extend(reversed(node.args))
                func = node.func
                own = use if tops is not None and id(node) in tops else "value"
                if type(func) is ast.Name:
                    if func.id == "setattr" and len(node.args) == 3:
                        self._store(node.args[0], node.args[1], node.args[2])
                    sites.append(Site(func, node, scope, self.seq, guard, stmt, own))
                elif type(func) is ast.Attribute:
                    if func.attr == "update" and (owner := _owner(func.value)) is not None:
                        for keyword in node.keywords:
                            name = ast.Constant(keyword.arg) if keyword.arg else None
                            self._store(owner, name, keyword.value)
                        for arg in node.args:
                            self._store(owner, None, arg)
                    sites.append(Site(func, node, scope, self.seq, guard, stmt, own))
                    inner = func.value
                    while type(inner) is ast.Attribute:
                        inner = inner.value
                    if type(inner) is not ast.Name:
                        stack.append(inner)
                else:
                    stack.append(func)
            elif kind is _Switch:
                assert isinstance(node, _Switch)
                scope, guard = node.scope, node.guard
                self.scope, self.guard = scope, guard
            elif kind in _COMPREHENSIONS:
                self._comprehension(node, stack)  # type: ignore[arg-type]
            elif kind is ast.Lambda:
                assert isinstance(node, ast.Lambda)
                args = node.args
                self._function(node)
                stack.extend(d for d in [*args.kw_defaults, *args.defaults] if d is not None)
            elif kind is ast.IfExp:
                assert isinstance(node, ast.IfExp)
                back = _Switch(scope, guard)
                yes = _Switch(scope, self._test(node.test, True))
                no = _Switch(scope, self._test(node.test, False))
                stack += [back, node.orelse, no, node.body, yes, node.test]
            elif kind is ast.BoolOp:
                assert isinstance(node, ast.BoolOp)
                stack.append(_Switch(scope, guard))
                held = guard
                items: list[ast.AST | _Switch] = []
                for value in node.values:
                    items += [_Switch(scope, held), value]
                    held = Guard("test", held, scope, self.seq, test=value,
                                 positive=isinstance(node.op, ast.And))  # fmt: skip
                stack.extend(reversed(items))
            elif kind is ast.NamedExpr:
                assert isinstance(node, ast.NamedExpr)
                self._bind(node.target, ASSIGN, node.value)
                stack.append(node.value)
            elif kind is ast.Yield:
                assert isinstance(node, ast.Yield)
                if node.value is not None:
                    if scope.kind == "function":
                        scope.yields.append((node.value, self.seq, guard))
                    stack.append(node.value)
            else:
                assert isinstance(node, ast.AST)
                for field in _fields(type(node)):
                    value = getattr(node, field)
                    if type(value) is list:
                        stack.extend(item for item in reversed(value) if item is not None)
                    elif isinstance(value, ast.AST):
                        stack.append(value)

    def _comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        stack: list[ast.AST | _Switch],
    ) -> None:
        outer, guard = self.scope, self.guard
        scope = Scope("comprehension", node, outer, self.seq)
        self.scope_of[node] = scope
        inner: list[ast.AST] = []
        for generator in node.generators:
            names: list[tuple[ast.expr, tuple[Step, ...]]] = [(generator.target, ())]
            while names:
                target, index = names.pop()
                if isinstance(target, ast.Name):
                    # The first iterable is read outside of the comprehension.
                    at = outer if generator is node.generators[0] else scope
                    binding = Binding(ITER, target, at, self.seq, expr=generator.iter, index=index)
                    scope.set(target.id, self.seq, (binding,))
                elif isinstance(target, ast.Tuple | ast.List):
                    names += [(item, (*index, step)) for item, step in _unpacked(target.elts)]
            if generator is not node.generators[0]:
                inner.append(generator.iter)
            inner += generator.ifs
        if isinstance(node, ast.DictComp):
            inner += [node.key, node.value]
        else:
            inner.append(node.elt)
        stack.append(_Switch(outer, guard))
        stack.extend(reversed(inner))
        stack.append(_Switch(scope, guard))
        stack.append(node.generators[0].iter)


def _unpacked(targets: Sequence[ast.expr]) -> Iterator[tuple[ast.expr, Step]]:
    """Each target with the item that it takes of what is unpacked: `a, *b, c = ...`."""
    behind: int | None = None
    for position, target in enumerate(targets):
        if isinstance(target, ast.Starred):
            behind = len(targets) - 1 - position
            yield target.value, Rest(position, -behind if behind else None)
        else:
            yield target, position if behind is None else position - len(targets)


def _flatten(targets: Sequence[ast.expr]) -> list[ast.expr]:
    flat: list[ast.expr] = []
    stack = list(reversed(targets))
    while stack:
        target = stack.pop()
        if isinstance(target, ast.Tuple | ast.List):
            stack.extend(reversed(target.elts))
        else:
            flat.append(target)
    return flat


def _owner(expr: ast.expr) -> ast.expr | None:
    """`x` of `x.__dict__` and `vars(x)`."""
    if isinstance(expr, ast.Attribute) and expr.attr == "__dict__":
        return expr.value
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "vars":
        return expr.args[0] if expr.args else None
    return None


def _taken(expr: ast.expr, name: ast.expr | None) -> ast.expr | None:
    """`x` of `getattr(x, name)`."""
    if (
        isinstance(name, ast.Name)
        and isinstance(expr, ast.Call)
        and isinstance(expr.func, ast.Name)
        and expr.func.id == "getattr"
        and len(expr.args) > 1
        and isinstance(expr.args[1], ast.Name)
        and expr.args[1].id == name.id
    ):
        return expr.args[0]
    return None


def _checked(test: ast.expr) -> tuple[str, ast.expr] | None:
    """The name and the class of `isinstance(name, class)`."""
    if (
        isinstance(test, ast.Call)
        and isinstance(test.func, ast.Name)
        and test.func.id == "isinstance"
        and len(test.args) == 2
        and isinstance(test.args[0], ast.Name)
    ):
        return test.args[0].id, test.args[1]
    return None


def _is_static(node: FunctionNode) -> bool:
    return not isinstance(node, ast.Lambda) and any(
        isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list
    )
