"""The one walk over a module: statements, and the functions that wait for their turn.

Branches are followed one after the other and merged (`branches.py`); function bodies wait until
the scope around them is complete, as Python itself runs them later. Of a neighbouring module,
functions and classes wait until somebody asks for them (`Binder.look_into`), and of a class the
methods until one of them may say what an attribute is (`Binder.look_for`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tf2lint.semantics import limits
from tf2lint.semantics.branches import Arm, Arms, Loop, Try, as_test, as_try
from tf2lint.semantics.files import ImportTarget
from tf2lint.semantics.outline import Definition, fill, may_store
from tf2lint.semantics.plain import asks_version, own_name
from tf2lint.semantics.scopes import (
    ANNOTATION,
    ASSIGN,
    CLASS,
    END,
    ENTER,
    FUNCTION,
    IMPORT,
    OPAQUE,
    Binding,
    Bindings,
    Guard,
    Scope,
    Site,
    union,
)
from tf2lint.semantics.walk import UNASKED, FunctionNode, Walk
from tf2lint.source import walk

_EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "pytest.skip", "pytest.exit", "pytest.fail",
                    "pytest.xfail"})  # fmt: skip


# Functions of other modules that may exit: whose name says that they look at something.
_CHECKS = re.compile(r"(?i)(^|_)(abort|assert|check|ensure|exit|fail|need|only|require|skip|verify|"
                     r"validate)|tf_?[12]|version")  # fmt: skip


class Binder(Walk):
    """Walks `tree` once; then `sites`, `stores` and the scopes are complete."""

    def __init__(self, tree: ast.Module, blocks: Mapping[Definition, str] | None = None) -> None:
        super().__init__(tree, blocks)
        self._aside: list[Site] = []  # of bodies that were walked before, or after, their turn
        self._is_walked = False
        self._methods: dict[Scope, list[Scope]] = {}  # of neighbours' classes: those that waited
        self._open: set[Scope] = set()  # functions that are being walked
        self._exits = {path.rpartition(".")[2] for path in _EXITS}  # their names in this module
        self._leaving: dict[ast.AST, bool] = {}  # own functions that may exit; True: always do
        self._checks: set[str] = set()  # names of methods that may exit

    def run(self) -> None:
        """Walk the module, then the functions, outer ones first."""
        tree = self.module.node
        assert isinstance(tree, ast.Module)
        self.block(tree.body)
        self.drain()
        while self.later:
            scope = next(iter(self.later))
            self._body(scope, *self.later.pop(scope))
        self.sites += self._aside
        self._aside = []
        self._is_walked = True

    def look_into(self, scope: Scope) -> None:
        """Walk the body of a function or class that waits for it, now.

        May be asked for while the walk is on: a test in the module may call the function.
        """
        if not self.waits(scope):
            return
        state = (self.scope, self.guard, self.stmt, self.ended, self.todo, self.sites)
        self.ended, self.todo, self.sites = False, [], []
        later = self.later.pop(scope, None)
        block, scope.block = scope.block, ""
        self.waiting -= len(block)
        node = scope.node
        if later is not None:
            self._body(scope, *later)
        elif isinstance(node, Definition) and (inside := fill(node, block)) is not None:
            self.scope, self.guard = scope, None
            if isinstance(node, ast.ClassDef):
                self.blocks.update(inside)
                self.waiting += sum(map(len, inside.values()))
                waiting = len(self.later)
                self.block(node.body)
                self.drain()
                self._methods[scope] = [*filter(None, map(self.scope_of.get, inside))]
                for inner in list(self.later)[waiting:]:  # its methods say what its objects hold
                    if inner in self.later:  # not asked for meanwhile
                        self._body(inner, *self.later.pop(inner))
            else:
                self.parameters(scope, node)
                self._body(scope, *self.later.pop(scope))
        # Nobody asks for more of a neighbour, and most of its tree hangs on the rest.
        self._aside += _calls_of_names(self.sites) if self._is_walked else self.sites
        self.scope, self.guard, self.stmt, self.ended, self.todo, self.sites = state

    def look_for(self, scope: Scope, attr: str) -> bool:
        """Walk as much of the class `scope` as may say what the attribute `attr` of it is.

        Whether that is walked now.
        """
        self.look_into(scope)
        waiting = [
            method for method in self._methods.get(scope, ())
            if method.block and may_store(method.block, attr)
        ]  # fmt: skip
        return all(self.follows(method) for method in waiting)

    def calls_of_names(self) -> list[Site]:
        """The calls of names in the whole module, bodies that waited included."""
        looked = 0
        while looked < len(self.scope_of):
            scopes = list(self.scope_of.values())[looked:]
            looked += len(scopes)
            for scope in scopes:
                self.look_into(scope)
        return _calls_of_names([*self.sites, *self._aside])

    def waits(self, scope: Scope) -> bool:
        """Whether the body of `scope` was not walked yet."""
        return bool(scope.block) or scope in self.later

    def follows(self, scope: Scope) -> bool:
        """Walk the body of the function `scope` if it waits; whether all of it is walked now."""
        if scope in self._open or (self.waits(scope) and len(self._open) > limits.AHEAD):
            return False
        self.look_into(scope)
        return True

    @property
    def is_walking(self) -> bool:
        """Whether a function is being walked, so that its names may come to be something else."""
        return bool(self._open)

    def _body(self, scope: Scope, node: FunctionNode, guard: Guard | None) -> None:
        self.scope, self.guard = scope, guard
        self._open.add(scope)
        if isinstance(node, ast.Lambda):
            self.scan(node.body)
            scope.returns.append((node.body, END, None))
        else:
            self.block(node.body)
            self.drain()
        self._open.discard(scope)

    def close(self) -> None:
        """Let go of all that was found; nothing may be asked any more.

        Scopes and what they bind hold each other; Python would have to look for that.
        """
        self.reachability = UNASKED
        for scope in self.scope_of.values():
            scope.clear()
        self.scope_of.clear()
        self._methods.clear()
        self.sites.clear()
        self.stores.clear()

    def _stmt_Pass(self, stmt: ast.stmt) -> None:
        """Nothing to do."""
        del stmt

    def _stmt_Expr(self, stmt: ast.Expr) -> None:
        if type(stmt.value) is not ast.Constant:
            self.scan(stmt.value)
            self.ended = self.ended or self.leaves(stmt, self.scope)
            if type(stmt.value) is ast.Call and self._may_leave(stmt.value.func):
                self.guard = Guard("call", self.guard, self.scope, self.seq, test=stmt.value)

    def _may_leave(self, func: ast.expr) -> bool:
        """Whether what follows the call of a function of the project may hang on what it does."""
        if isinstance(func, ast.Attribute):
            return func.attr in self._checks
        bound = self._bound(func, self.scope)
        imported = any(one.kind is IMPORT for one in bound) or (not bound and self.module.stars)
        if imported and isinstance(func, ast.Name):
            return bool(_CHECKS.search(func.id))
        return any(one.node in self._leaving for one in bound)

    def _bound(self, func: ast.expr, scope: Scope) -> Bindings:
        """What the name `func` is bound to in the scope, or around it."""
        around: Scope | None = scope
        while isinstance(func, ast.Name) and around is not None:
            if func.id in around.current:
                return around.current[func.id]
            around = around.parent
        return ()

    def leaves(self, stmt: ast.stmt, scope: Scope) -> bool:
        """Whether nothing runs after `stmt` in `scope`: it raises, skips a test or exits."""
        if isinstance(stmt, ast.Raise):
            return True
        if not isinstance(stmt, ast.Expr) or not isinstance(stmt.value, ast.Call):
            return False
        func = stmt.value.func
        name = own_name(func)
        if isinstance(func, ast.Attribute):
            own = isinstance(func.value, ast.Name) and func.value.id == scope.self_name
            if name == "skipTest" or (own and name == "fail"):
                return True
        elif name not in self._exits:
            bound = self._bound(func, scope)
            return name in ("exit", "quit") or (
                bool(bound) and all(self._leaving.get(one.node) for one in bound)
            )
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
        self.ended = True

    _stmt_Continue = _stmt_Break

    def _stmt_Return(self, stmt: ast.Return) -> None:
        if stmt.value is not None:
            self.scan(stmt.value)
            if self.scope.kind == "function":
                self.scope.returns.append((stmt.value, self.seq, self.guard))
        self.ended = True

    def _stmt_Raise(self, stmt: ast.Raise) -> None:
        self.scan(stmt.exc, stmt.cause)
        self.ended = True

    def _stmt_Assert(self, stmt: ast.Assert) -> None:
        self.scan(stmt.test, stmt.msg)
        if asks_version(stmt.test):
            if self.reachability.truth(stmt.test, self.scope, self.seq) is False:
                self.guard = self.test(stmt.test, True)
        checked = _checked(stmt.test)
        if checked is not None and checked[0] in self.scope.current:
            name, kind = checked
            asserted = Binding(ANNOTATION, stmt, self.scope, self.seq, expr=kind)
            self.set(name, union(self.scope.current[name], (asserted,)))

    def _stmt_Delete(self, stmt: ast.Delete) -> None:
        for target in _flatten(stmt.targets):
            if isinstance(target, ast.Name):
                self.set(target.id, ())
            elif isinstance(target, ast.Attribute):
                self.scan(target.value)
            elif isinstance(target, ast.Subscript):
                self.scan(target.value, target.slice)

    def _stmt_Global(self, stmt: ast.Global) -> None:
        self.scope.globals.update(stmt.names)

    def _stmt_Nonlocal(self, stmt: ast.Nonlocal) -> None:
        self.scope.nonlocals.update(stmt.names)

    def _stmt_Assign(self, stmt: ast.Assign) -> None:
        self.scan(stmt.value)
        for target in stmt.targets:
            self.bind(target, ASSIGN, stmt.value)

    def _stmt_AugAssign(self, stmt: ast.AugAssign) -> None:
        self.scan(stmt.target, stmt.value)

    def _stmt_AnnAssign(self, stmt: ast.AnnAssign) -> None:
        self.scan(stmt.annotation, stmt.value, use="annotation")
        if stmt.value is None:
            if stmt.simple or isinstance(stmt.target, ast.Attribute):
                self.bind(stmt.target, ANNOTATION, stmt.annotation)
            return
        self.bind(stmt.target, ASSIGN, stmt.value, also=stmt.annotation)

    def _stmt_TypeAlias(self, stmt: ast.stmt) -> None:
        name = getattr(stmt, "name", None)
        value = getattr(stmt, "value", None)
        if isinstance(value, ast.expr) and isinstance(name, ast.Name):
            self.scan(value)
            self.bind(name, ASSIGN, value)

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
                self._imported(alias)
                continue
            self._import(alias, alias.asname or alias.name, target)

    def _imported(self, alias: ast.alias) -> None:
        site = Site(alias, None, self.scope, self.seq, self.guard, self.stmt, "import")
        self.sites.append(site)

    def _import(self, alias: ast.alias, name: str, target: ImportTarget) -> None:
        self._imported(alias)
        binding = Binding(IMPORT, alias, self.scope, self.seq, target=target, guard=self.guard)
        self.import_aliases.append((name, target))
        if target.name is not None and f"{target.module}.{target.name}" in _EXITS:
            self._exits.add(name)
        self.set(name, (binding,))

    def _stmt_If(self, stmt: ast.If) -> None:
        self.scan(stmt.test)
        truth = self.reachability.truth(stmt.test, self.scope, self.seq)
        yes, no = self.test(stmt.test, True), self.test(stmt.test, False)
        arms = [
            (stmt.body, yes, truth is False),
            (stmt.orelse, no, truth is True),
        ]
        Arms(self, arms, after=(no, yes))

    def _stmt_For(self, stmt: ast.For | ast.AsyncFor) -> None:
        self.scan(stmt.iter)
        Loop(self, stmt)

    _stmt_AsyncFor = _stmt_For

    def _stmt_While(self, stmt: ast.While) -> None:
        self.scan(stmt.test)
        Loop(self, stmt)

    def _stmt_With(self, stmt: ast.With | ast.AsyncWith) -> None:
        for item in stmt.items:
            self.scan(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, ENTER, item.context_expr)
        tried = as_try(stmt)
        if tried is None:
            self.block(stmt.body)
        else:
            Try(self, tried)

    _stmt_AsyncWith = _stmt_With

    def _stmt_Try(self, stmt: ast.Try) -> None:
        Try(self, stmt)

    _stmt_TryStar = _stmt_Try

    def _stmt_Match(self, stmt: ast.Match) -> None:
        self.scan(stmt.subject)
        arms: list[Arm] = []
        bound: list[Callable[[], None]] = []
        left, over = self.guard, False  # where no case before has matched; one certainly has
        for case in stmt.cases:
            test, guard = as_test(stmt.subject, case), left
            truth = None if test is None else self.reachability.truth(test, self.scope, self.seq)
            if test is not None:
                guard = Guard("test", left, self.scope, self.seq, test=test)
                left = Guard("test", left, self.scope, self.seq, test=test, positive=False)
            arms.append((case.body, guard, over or truth is False))
            over = over or truth is True
            bound.append(self._captures(case))
        arms.append(((), left, over))
        # Captures are visible in their arm only by name; bind them before all arms.
        for bind in bound:
            bind()
        Arms(self, arms)

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
                            self.scan(item)
                        elif field in ("name", "rest") and isinstance(item, str):
                            old = self.scope.current.get(item, ())
                            opaque = Binding(OPAQUE, pattern, self.scope, self.seq)
                            self.set(item, union(old, (opaque,)))
            if case.guard is not None:
                self.scan(case.guard)

        return bind

    def _stmt_ClassDef(self, stmt: ast.ClassDef) -> None:
        for decorator in stmt.decorator_list:
            self.scan(decorator, use="decorator")
        if block := self.blocks.get(stmt):
            scope = self.scope_of[stmt] = Scope("class", stmt, self.scope, self.seq)
            scope.block = block
            self.set(stmt.name, (Binding(CLASS, stmt, self.scope, self.seq, inner=scope),))
            return
        for base in stmt.bases:
            self.scan(base, use="base")
        for keyword in stmt.keywords:
            self.scan(keyword.value)
        outer = self.scope
        scope = Scope("class", stmt, outer, self.seq)
        self.scope_of[stmt] = scope

        def enter() -> None:
            self.scope = scope
            self.block(stmt.body)

        def leave() -> None:
            self.scope = outer
            self.ended = False
            self.set(stmt.name, (Binding(CLASS, stmt, outer, self.seq, inner=scope),))

        self.then(enter, leave)

    def _stmt_FunctionDef(self, stmt: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in stmt.decorator_list:
            self.scan(decorator, use="decorator")
        args = stmt.args
        self.scan(*args.defaults, *args.kw_defaults)
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        notes = [arg.annotation for arg in every if arg is not None]
        self.scan(*notes, stmt.returns, use="annotation")
        self._note_exits(stmt)
        inner = self.function(stmt)
        if not any(_is_more_of(decorator, stmt.name) for decorator in stmt.decorator_list):
            self.set(stmt.name, (Binding(FUNCTION, stmt, self.scope, self.seq, inner=inner),))

    _stmt_AsyncFunctionDef = _stmt_FunctionDef

    def _note_exits(self, stmt: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Note whether the function may exit, by the statements of its body alone."""
        always = self.leaves(stmt.body[-1], self.scope)
        ends = [arm[-1] for one in stmt.body if isinstance(one, ast.If) for arm in _arms(one)]
        if not always and not any(self.leaves(end, self.scope) for end in ends):
            return
        if isinstance(stmt, ast.AsyncFunctionDef) or stmt.decorator_list:
            return
        if self.scope.kind != "class":
            returns = any(isinstance(node, ast.Return | ast.Yield) for node in walk(stmt))
            self._leaving[stmt] = always and not returns
        elif not always:  # else it is for a class below to say what it does
            self._checks.add(stmt.name)


def _arms(stmt: ast.If) -> Iterator[list[ast.stmt]]:
    """The arms of an if, of those with elif each."""
    while True:
        yield stmt.body
        if len(stmt.orelse) != 1 or not isinstance(stmt.orelse[0], ast.If):
            break
        stmt = stmt.orelse[0]
    if stmt.orelse:
        yield stmt.orelse


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


def _is_more_of(decorator: ast.expr, name: str) -> bool:
    """`@name.setter`: reading the property gives what it gave."""
    return (
        isinstance(decorator, ast.Attribute)
        and decorator.attr in ("setter", "deleter")
        and isinstance(decorator.value, ast.Name)
        and decorator.value.id == name
    )


def _calls_of_names(sites: Iterable[Site]) -> list[Site]:
    return [site for site in sites if site.call is not None and type(site.node) is ast.Name]
