"""What an expression may be: values from bindings, on demand.

Chains of attributes, calls and subscripts are followed from the inside out without
recursion; only the way from a name to what it is bound to recurses, to a fixed depth.
Each module has an `Inference` of its own; a question about an expression in another module is
handed to that one's (`at`), so that where something stands makes no difference.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Protocol

from tf2lint.semantics import limits
from tf2lint.semantics.binder import Binder
from tf2lint.semantics.files import MAKER, ImportTarget, Question
from tf2lint.semantics.outline import may_hold
from tf2lint.semantics.scopes import (
    ANNOTATION,
    CLASS,
    END,
    ENTER,
    FUNCTION,
    IMPORT,
    ITER,
    PARAM,
    Binding,
    Bindings,
    Guard,
    Rest,
    Scope,
    Site,
    Step,
)
from tf2lint.semantics.values import (
    NOTHING,
    UNKNOWN,
    Builtin,
    Foreign,
    Instance,
    Items,
    ListOf,
    LocalClass,
    LocalFunction,
    LocalObject,
    Member,
    Neighbour,
    Nothing,
    Row,
    Symbol,
    Text,
    Unknown,
    Value,
    Values,
    distinct,
)
from tf2lint.semantics.walk import UNASKED, Reachability
from tf2lint.tensorflow import ancestry, api, paths, return_types

_BUILTINS = frozenset({"getattr", "super", "enumerate", "zip", "reversed", "list", "tuple",
                       "iter", "next", "__import__", "sorted", "map", "property"})  # fmt: skip
_FOLLOWED = {
    "importlib.import_module": "import_module",
    "contextlib.contextmanager": "contextmanager",
    "functools.partial": "partial",
}
# RLlib's function, which also gave TensorFlow alone once: tf1, tf, version = try_import_tf()
_OF_RAY = Row(((Symbol("tensorflow.compat.v1"),), (Symbol("tensorflow"),), ()))


# Functions and classes of any package that give the module which they are handed the name of.
_LOADER = re.compile(
    r"(?i)^(importorskip|import_?or_?skip|lazy_?(import|load|loader|module)(er)?|get_module|"
    r"(try|optional|maybe|safe|soft|dynamic)_import(_module)?|import_optional_dependency)$"
)


def loaded(call: ast.Call) -> str:
    """The module of TensorFlow that the call of a loader gives; nothing for other calls."""
    func = call.func
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    if _LOADER.match(name):
        for arg in call.args[:3]:
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                if paths.is_tensorflow(arg.value):
                    return arg.value
    return ""


def foreign(origin: str) -> Value:
    """What another package than TensorFlow has at the dotted name `origin`."""
    if origin in _FOLLOWED:
        return Builtin(_FOLLOWED[origin])
    if origin.startswith("ray.") and origin.endswith(f".{MAKER}"):
        return Builtin(MAKER)
    return Foreign(origin)


class State:
    """What is being asked, over all modules: a way that comes back to itself is cut short.

    `cuts` counts the ways that were not followed to their end, `partial` those of them that
    ended at a module which is not bound yet.
    """

    def __init__(self) -> None:
        self.open: set[int] = set()
        self.cuts = 0
        self.partial = 0
        self.asked = 0  # bindings, by the question that is open
        self.passing: dict[int, Values] = {}  # what those gave it

    def cut(self, partial: bool = False) -> None:
        """A way ends here."""
        self.cuts += 1
        self.partial += partial

    @contextmanager
    def afresh(self) -> Iterator[None]:
        """While another module is bound: its questions are no part of the one that is open."""
        outer = self.open, self.asked, self.passing
        self.open, self.asked, self.passing = set(), 0, {}
        try:
            yield
        finally:
            self.open, self.asked, self.passing = outer


class Modules(Protocol):
    """What inference asks of the modules around."""

    state: State
    main: Inference | None  # the module that is looked at

    def of(self, top: Scope) -> Inference:
        """Who answers for the module whose scope is `top`."""

    def lasts(self, top: Scope) -> bool:
        """Whether the module of that scope is kept for who asks later."""

    def holds(self, asked: dict[Question, str]) -> bool:
        """Whether the files that had a say in something are what they were."""

    def module(self, path: str) -> Inference | None:
        """The module in the file at `path`."""

    def imported(self, inference: Inference, target: ImportTarget, depth: int) -> Values:
        """What an import in the module of `inference` binds."""

    def exported(self, path: str, name: str, depth: int) -> Values:
        """What `name` means at the top level of the module in the file at `path`."""

    def way(self, inference: Inference, target: ImportTarget) -> Iterator[Inference]:
        """The modules that an import leads through to what it binds."""


class Inference:
    """Values of the expressions of one module, the file `path` (None: not on disk).

    `judged` makes the one who says which code runs; `keras` says whether the package of that
    name is TensorFlow's here.
    """

    def __init__(
        self, modules: Modules, binder: Binder, judged: Callable[[Inference], Reachability],
        path: str | None, keras: bool,
    ) -> None:  # fmt: skip
        self.modules = modules
        self.state = modules.state
        self.binder = binder
        self.reachability = binder.reachability = judged(self)
        self.path = path
        self.keras = keras
        self._memo: dict[int, Values] = {}
        self._bound: dict[Bindings, Values] = {}
        self._roots: dict[Bindings, str | None] = {}
        self._imported: dict[ImportTarget, Values] = {}
        self._objects: dict[tuple[object, str], list[Binding]] = {}
        self._objects_of = 0  # how many stores those are made of
        self._arguments: dict[Scope, list[Site]] | None = None
        self._arguments_of = 0  # how many scopes those are made of
        self.complete = False  # once the module is bound, answers are kept

    def bind(self) -> None:
        """Walk the module; then everything may be asked."""
        self.binder.run()
        self.complete = True
        self._objects, self._objects_of = {}, 0

    def close(self) -> None:
        """Let go of all answers."""
        self.binder.reachability = UNASKED
        self.__dict__.clear()

    def at(self, scope: Scope) -> Inference:
        """Who answers for what stands in `scope`."""
        top = scope.top
        return self if top is self.binder.module else self.modules.of(top)

    @cached_property
    def stored_attributes(self) -> Container[str]:
        """Names of attributes that somebody assigns to: they may be other than they were."""
        own = {target.attr for target, _ in self.binder.stores}
        return (
            _ALL
            if "*" in own or any(path.endswith(".*") for path in self._patched)
            else frozenset(own.union(path.rpartition(".")[2] for path in self._patched))
        )

    @cached_property
    def _patched(self) -> dict[str, Values]:
        """What neighbours set on modules of TensorFlow that the target has not there.

        Only where those modules come from neighbours: who imports TensorFlow itself has what
        TensorFlow has.
        """
        self.__dict__["_patched"] = {}  # asked for while it is made
        stars = [star.target for star in self.binder.module.stars if star.target is not None]
        targets = [*(target for _, target in self.binder.import_aliases), *stars]
        own = {t.module.partition(".")[0] for t in targets if t.level == 0}
        found: dict[str, Values] = {}
        for other in dict.fromkeys(o for t in targets for o in self.modules.way(self, t)):
            for path, stores in other.patches.items():
                if path.partition(".")[0] not in own:
                    bindings = tuple(binding for _, binding in stores)
                    found.setdefault(path, other.of_bindings(bindings, 1) or (UNKNOWN,))
        return found

    @cached_property
    def patches(self) -> dict[str, list[tuple[int, Binding]]]:
        """What this module sets on those of TensorFlow that have not just that, and since when.

        In functions, where it calls them itself. The path ends in `*` for what may be all.
        """
        found: dict[str, list[tuple[int, Binding]]] = {}
        self.__dict__["patches"] = found  # asked for while it is made
        reachability, module = self.reachability, self.binder.module
        since: dict[Scope, int] = {module: 0}
        for site in [s for s in self.binder.sites if s.call is not None and s.scope is module]:
            name = site.node.id if isinstance(site.node, ast.Name) else ""
            for made in module.reaching(name, site.seq) or ():
                if made.kind == FUNCTION and made.inner is not None:
                    self.binder.look_into(made.inner)
                    since.setdefault(made.inner, site.seq)
        for target, binding in self.binder.stores:
            if binding.scope not in since:
                continue
            for value in self.values(target.value, binding.scope, binding.seq):
                if not isinstance(value, Symbol) or not reachability.works(value.path):
                    continue
                path = f"{value.path}.{target.attr}"
                site = Site(target, None, binding.scope, binding.seq, binding.guard, ast.Pass(),
                            "store")  # fmt: skip
                missing = target.attr == "*" or reachability.works(path) is False
                if (missing or self._is_another(path, binding)) and not reachability.guarded(site):
                    found.setdefault(path, []).append(
                        (since[binding.scope] or binding.seq, binding)
                    )
        return found

    def _is_another(self, path: str, binding: Binding) -> bool:
        """Whether the binding gives another symbol of TensorFlow than what is at `path`."""
        values = self.of_bindings((binding,), 1)
        return any(isinstance(v, Symbol) and v.path != path for v in values)

    def _as_patched(self, path: str, scope: Scope, seq: int, depth: int) -> Values:
        """What somebody set at `path`, as read in `scope` at `seq`; () if nobody did."""
        later = scope.kind == "function"
        names = [path]
        if self.reachability.works(path) is False:
            names.append(f"{path.rpartition('.')[0]}.*")
        for name in names:
            here = [b for since, b in self.patches.get(name, ()) if later or since < seq]
            if here:
                return self.of_bindings(tuple(here), depth)
        return next((self._patched[name] for name in names if name in self._patched), ())

    @cached_property
    def package_names(self) -> tuple[str, ...]:
        """Names by which the tensorflow package, or its compat.v1, may go here; `tf` first."""
        found = [
            name
            for name, target in self.binder.import_aliases
            if _is_package(self.imported(target))
        ]
        return tuple(dict.fromkeys(("tf", *found)))

    # Expressions.

    def values(self, expr: ast.expr, scope: Scope, seq: int, depth: int = 0) -> Values:
        """What `expr`, read in `scope` at `seq`, may be; () where nothing is known."""
        if scope.top is not self.binder.module:
            return self.modules.of(scope.top).values(expr, scope, seq, depth)
        memo, state = self._memo, self.state
        known = memo.get(id(expr))
        if known is not None:
            return known
        before = state.cuts
        final = depth == 0 and not state.open
        chain: list[ast.expr] = []
        node = expr
        while True:
            known = memo.get(id(node))
            if known is not None:
                values = known
                break
            kind = type(node)
            if kind is ast.Attribute or kind is ast.Subscript:
                chain.append(node)
                node = node.value  # type: ignore[attr-defined]
            elif kind is ast.Call:
                chain.append(node)
                node = node.func  # type: ignore[attr-defined]
            elif kind is ast.NamedExpr or kind is ast.Await or kind is ast.Starred:
                node = node.value  # type: ignore[attr-defined]
            else:
                values = self._leaf(node, scope, seq, depth)
                if self.complete and (final or state.cuts == before):
                    memo[id(node)] = values
                break
        stored = self._stored_names
        for node in reversed(chain):
            if (
                type(node) is ast.Attribute
                and len(values) == 1
                and type(values[0]) is Symbol
                and node.attr not in stored
            ):  # by far the most: a step on the way to a symbol
                values = below(values[0].path, node.attr)
            elif values or type(node) is ast.Call:
                values = self._step(node, values, scope, seq, depth)[: limits.VALUES]
            # What was cut short on the way from elsewhere is no answer to keep: it would be
            # another one, had this been asked first.
            if self.complete and (final or state.cuts == before):
                memo[id(node)] = values
        return values

    @property
    def _stored_names(self) -> Container[str]:
        """Names of attributes that this module assigns to; while it is walked, any may be."""
        return self.stored_attributes if self.complete else _ALL

    def _leaf(self, node: ast.expr, scope: Scope, seq: int, depth: int) -> Values:
        if isinstance(node, ast.Name):
            return self.name(node.id, scope, seq, depth)
        if depth > limits.DEPTH:
            self.state.cut()
            return ()
        if isinstance(node, ast.Constant):
            if node.value is None:
                return (NOTHING,)
            return (Text(node.value),) if isinstance(node.value, str) else (Foreign("builtins"),)
        if isinstance(node, ast.IfExp):
            truth = self.reachability.truth(node.test, scope, seq)
            arms = [node.body] if truth else [node.orelse] if truth is False else [
                node.body, node.orelse]  # fmt: skip
            return self._all(arms, scope, seq, depth + 1)
        if isinstance(node, ast.BoolOp):
            return self._all(node.values, scope, seq, depth + 1)
        if isinstance(node, ast.Tuple | ast.List):
            return (Items(tuple(node.elts), scope, seq),)
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            inner = self.binder.scope_of.get(node, scope)
            return tuple(ListOf(v) for v in self.values(node.elt, inner, inner.seq, depth + 1))
        if isinstance(node, ast.BinOp):
            return self._operation(node, scope, seq, depth)
        if isinstance(node, ast.UnaryOp):
            return self._tensors(self.values(node.operand, scope, seq, depth + 1))
        if isinstance(node, ast.Lambda):
            inner_scope = self.binder.scope_of.get(node)
            return (LocalFunction(inner_scope, False),) if inner_scope is not None else ()
        if isinstance(node, ast.Dict | ast.Set | ast.JoinedStr | ast.DictComp):
            return (Foreign("builtins"),)
        return ()

    def _operation(self, node: ast.BinOp, scope: Scope, seq: int, depth: int) -> Values:
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            right, left = left.right, left.left
        for side in (left, right):
            found = self._tensors(self.values(side, scope, seq, depth + 1))
            if found:
                return found
        return ()

    @staticmethod
    def _tensors(values: Values) -> Values:
        tensors = ("tf.Tensor", "tf.Variable")
        return distinct([
            Instance(paths.path_of("tf.Tensor")) for v in values
            if isinstance(v, Instance) and paths.symbol(v.path) in tensors
        ])  # fmt: skip

    def _all(self, many: Iterable[ast.expr], scope: Scope, seq: int, depth: int) -> Values:
        return distinct([v for one in many for v in self.values(one, scope, seq, depth)])[
            : limits.VALUES
        ]

    # Names.

    def bindings(self, name: str, scope: Scope, seq: int) -> tuple[Bindings, Scope | None]:
        """What reaches `name` there, and the scope that binds it (None: no scope does)."""
        at: Scope | None = scope
        direct = True
        while at is not None:
            if name in at.globals:
                found = at.top.reaching(name, END)
                return found or (), at.top
            if direct or at.kind != "class":
                found = at.reaching(name, seq) if name not in at.nonlocals else None
                if found is not None and (found or at.kind == "function"):
                    return found, at
            if at.kind == "comprehension":
                seq = at.seq
            else:
                direct = False
                seq = END
            at = at.parent
        return (), None

    def name(self, name: str, scope: Scope, seq: int, depth: int = 0) -> Values:
        """What the name `name` may mean in `scope` at `seq`."""
        bindings, holder = self.bindings(name, scope, seq)
        if holder is None:
            values = self.at(scope)._from_stars(name, depth) if scope.top.stars else ()
            if values:
                return values
            if name in _BUILTINS:
                return (Builtin(name),)
            return (Foreign(f"builtins.{name}"),) if hasattr(builtins, name) else ()
        return self.of_bindings(bindings, depth)

    def root(self, node: ast.Name, scope: Scope, seq: int) -> str | None:
        """The path of the one symbol that the name means; "" where it can mean none at all.

        None where more has to be asked. Worked out once for each way that the name is bound.
        """
        bindings, holder = self.bindings(node.id, scope, seq)
        if holder is None:
            return None if node.id in _BUILTINS or scope.top.stars else ""
        if bindings not in self._roots:
            values = self.of_bindings(bindings, 0)
            found: str | None = None
            if all(isinstance(value, _INERT) for value in values):
                found = ""
            elif len(values) == 1 and isinstance(values[0], Symbol):
                found = values[0].path
            self._roots[bindings] = found
        return self._roots[bindings]

    def of_bindings(self, bindings: Bindings, depth: int) -> Values:
        state = self.state
        keeps = self.complete and not state.open and depth == 0
        if keeps:
            known = self._bound.get(bindings)
            if known is not None:
                return known
        values: list[Value] = []
        for binding in bindings:
            values += self.bound(binding, depth + 1)
            if len(values) > limits.VALUES:
                break
        told = distinct(values)[: limits.VALUES]
        if keeps:
            self._bound[bindings] = told
        return told

    def exported(self, name: str, depth: int) -> Values:
        """What `name` means at the end of the module, for who imports it."""
        module = self.binder.module
        bindings = module.reaching(name, END)
        values = self.of_bindings(bindings, depth) if bindings else ()
        if module.stars:  # what is bound says what it is, but Keras 3 may come by a star as well
            values += self._from_stars(name, depth, only_keras=bool(values))
        return distinct(list(values))

    def sources(self, name: str | None) -> list[ImportTarget]:
        """The imports that the name at the top of the module comes by, aliases followed."""
        module, found, names = self.binder.module, list[ImportTarget](), [name]
        for one in names:
            for binding in module.reaching(one or "", END) or ():
                expr = binding.expr
                if binding.target is not None:
                    found.append(binding.target)
                elif isinstance(expr, ast.Name) and expr.id not in names:
                    names.append(expr.id)
        return found

    def given(self, function: LocalFunction) -> Iterator[Value]:
        """What a function of the project returns; of a tuple, what is in it."""
        for value in self._returned(function.scope, 0):
            if isinstance(value, Items):
                yield from self._all(value.elements, value.scope, value.seq, 0)
            else:
                yield value

    def members(self, scope: Scope) -> Iterator[str]:
        """Names of attributes that a class of this module gives its objects itself."""
        self.binder.look_into(scope)
        yield from scope.timeline
        self.stored(scope, "")
        yield from (attr for owner, attr in list(self._objects) if owner is scope)

    def step(self, value: LocalFunction | LocalClass | LocalObject, name: str) -> Iterator[Value]:
        """What a function of this module returns; what a class itself says of an attribute.

        The attribute `<bases>` of a class is the classes above it.
        """
        scope = value.scope
        if isinstance(value, LocalFunction):
            yield from self._returned(scope, 0)
        elif name != "<bases>":
            yield from self._held(scope, value, name, 0)
        elif isinstance(scope.node, ast.ClassDef):
            for base in scope.node.bases:
                for up in self.values(base, scope.parent or scope, scope.seq):
                    made = isinstance(value, LocalObject) and isinstance(up, LocalClass)
                    yield LocalObject(up.scope) if made and isinstance(up, LocalClass) else up

    def _from_stars(self, name: str, depth: int, only_keras: bool = False) -> Values:
        if name.startswith("_"):
            return ()
        values: list[Value] = []
        for star in self.binder.module.stars[: limits.STARS]:
            target = star.target
            assert target is not None
            if only_keras and target.module != paths.KERAS:
                continue
            if self.reachability.never(star.guard):
                continue
            for value in self.imported(target._replace(name=None), depth):
                if isinstance(value, Symbol):
                    path = f"{value.path}.{name}"
                    if api.known(paths.symbol(path)):
                        values.append(Symbol(path))
                elif isinstance(value, Neighbour):
                    found = self.modules.exported(value.path, name, depth + 1)
                    values += (v for v in found if not isinstance(v, Unknown))
                elif isinstance(value, Foreign) and paths.under(value.origin, paths.KERAS_2):
                    if api.known(f"tf.keras{value.origin[len(paths.KERAS_2) :]}.{name}"):
                        values.append(Foreign(f"{value.origin}.{name}"))
        return distinct(values)

    def bound(self, binding: Binding, depth: int = 0) -> Values:
        """What `binding` gives its name."""
        state = self.state
        if depth > limits.DEPTH or id(binding) in state.open:
            state.cut()
            return ()
        kind = binding.kind
        if kind is IMPORT:
            target = binding.target
            assert target is not None
            values = self.at(binding.scope).imported(target, depth)
            if target.level or target.module.partition(".")[0] not in ("tensorflow", "keras"):
                values = tuple(v for v in values if not _is_constant(v))
            return values
        if kind is FUNCTION:
            assert binding.inner is not None
            return (LocalFunction(binding.inner, False),)
        if kind is CLASS:
            assert binding.inner is not None
            return (LocalClass(binding.inner),)
        if not state.open:
            state.asked = 0
            state.passing.clear()
        state.asked += 1
        if state.asked > limits.PATIENCE and id(binding) in state.passing:
            state.cut()
            return state.passing[id(binding)]
        given = state.passing[id(binding)] = self.at(binding.scope)._given(binding, depth)
        return given

    def _given(self, binding: Binding, depth: int) -> Values:
        """What the expression of `binding` gives its name."""
        kind = binding.kind
        self.state.open.add(id(binding))
        try:
            if kind is PARAM:
                return self._parameter(binding, depth)
            if binding.expr is None:
                return (UNKNOWN,)
            if kind is ANNOTATION:
                return self.annotated(binding.expr, binding.scope, binding.seq, depth)
            values = self.values(binding.expr, binding.scope, binding.seq, depth)
            if kind is ITER:
                values = self._iterated(values, depth)
            elif kind is ENTER:
                values = self._entered(values, depth)
            for index in binding.index:
                values = self._item(values, index, depth)
            # A constant is a plain value once it is bound: its name is the program's own.
            values = tuple(v for v in values if not _is_constant(v))
            return values or (UNKNOWN,)
        finally:
            self.state.open.discard(id(binding))

    def imported(self, target: ImportTarget, depth: int = 0) -> Values:
        """What an import of this module binds."""
        known = self._imported.get(target)
        if known is None:
            before = self.state.cuts
            known = self.modules.imported(self, target, depth)
            if self.complete and self.state.cuts == before:
                self._imported[target] = known
        return known

    def import_target(self, site: Site) -> ImportTarget:
        """What the imported alias at `site` names, in full: `import a.b` is all of `a.b`."""
        stmt, alias = site.stmt, site.node
        assert isinstance(alias, ast.alias)
        if isinstance(stmt, ast.ImportFrom):
            return ImportTarget(stmt.level, stmt.module or "", alias.name)
        return ImportTarget(0, alias.name, None)

    def _parameter(self, binding: Binding, depth: int) -> Values:
        scope, arg = binding.scope, binding.node
        assert isinstance(arg, ast.arg)
        owner = scope.method_of
        if owner is not None and arg.arg == scope.self_name:
            node = scope.node
            if isinstance(node, ast.FunctionDef) and _decorated(node, "classmethod"):
                return (LocalClass(owner),)
            return (LocalClass(owner),) if arg.arg in ("cls", "mcs") else (LocalObject(owner),)
        values: list[Value] = []
        outside = scope.parent or scope
        if arg.annotation is not None:
            values += self.annotated(arg.annotation, outside, scope.seq, depth)
        if binding.expr is not None:
            default = self.values(binding.expr, outside, scope.seq, depth)
            values += [v for v in default if isinstance(v, Symbol) and _is_module(v)]
        if not values and self.complete:
            values += [v for v in self._passed(scope, arg, depth) if not _is_constant(v)]
        return distinct(values) if values else (UNKNOWN,)

    def _passed(self, scope: Scope, arg: ast.arg, depth: int) -> list[Value]:
        """What calls of this module hand to the parameter `arg` of the function `scope`."""
        node = scope.node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return []
        if depth > limits.CALLS:
            self.state.cut()
            return []
        plain = [a.arg for a in [*node.args.posonlyargs, *node.args.args]]
        place = plain.index(arg.arg) if arg.arg in plain else -1
        if scope.method_of is not None and scope.self_name is not None:
            place -= 1
        values: list[Value] = []
        for site in self.calls_of(scope):
            call = site.call
            assert call is not None
            given: ast.expr | None = None
            if 0 <= place < len(call.args) and not any(
                isinstance(a, ast.Starred) for a in call.args[: place + 1]
            ):
                given = call.args[place]
            for keyword in call.keywords:
                if keyword.arg == arg.arg:
                    given = keyword.value
            if given is not None:
                values += self.values(given, site.scope, site.seq, depth + 4) or (UNKNOWN,)
            if len(values) > limits.VALUES:
                break
        return [v for v in values if isinstance(v, Symbol | Instance | Foreign)]

    def calls_of(self, scope: Scope) -> list[Site]:
        """Calls, in the module that is looked at, of what may be the function `scope`."""
        there = self.at(scope)
        if there is not self:
            return there.calls_of(scope)
        main = self.modules.main
        if main is None or not main.complete:
            return []
        scopes = self.binder.scope_of
        if self._arguments is None or self._arguments_of != len(scopes):
            self._arguments, self._arguments_of = {}, len(scopes)
            by_name: dict[str, list[Scope]] = {}
            for inner in scopes.values():
                node = inner.node
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    owner = inner.method_of
                    made = owner is not None and node.name == "__init__"
                    name = getattr(owner.node, "name", "") if owner and made else node.name
                    by_name.setdefault(name, []).append(inner)
            for site in main.calls:
                func = site.call.func if site.call is not None else site.node
                name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
                if isinstance(func, ast.Name) and main is not self:
                    name = main.import_names.get(name, name)
                base = func.value if isinstance(func, ast.Attribute) else None
                own = base is None or (isinstance(base, ast.Name) and base.id in ("self", "cls"))
                for inner in by_name.get(name, ()) if own or main is not self else ():
                    self._arguments.setdefault(inner, []).append(site)
        return self._arguments.get(scope, [])[: limits.VALUES]

    @cached_property
    def calls(self) -> list[Site]:
        """The calls in this module."""
        return [site for site in self.binder.sites if site.call is not None]

    @cached_property
    def import_names(self) -> dict[str, str]:
        """What the names that this module imports are called where they come from."""
        return {name: target.name or name for name, target in self.binder.import_aliases}

    def annotated(self, expr: ast.expr, scope: Scope, seq: int, depth: int = 0) -> Values:
        """What something annotated with `expr` may be: instances of the types it names."""
        values: list[Value] = []
        stack: list[ast.expr] = [expr]
        steps = 0
        while stack and steps < limits.ANNOTATION:
            steps += 1
            node = stack.pop()
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                try:
                    stack.append(ast.parse(node.value.strip(), mode="eval").body)
                except (SyntaxError, ValueError):
                    continue
            elif isinstance(node, ast.BinOp):
                stack += [node.right, node.left]
            elif isinstance(node, ast.Subscript):
                inside = node.slice
                name = getattr(node.value, "attr", getattr(node.value, "id", ""))
                if name in ("Optional", "Union", "Annotated", "Final", "ClassVar", "Type"):
                    stack += inside.elts[::-1] if isinstance(inside, ast.Tuple) else [inside]
                elif name in ("List", "Sequence", "Iterable", "list", "Iterator", "Tuple"):
                    first = inside
                    if isinstance(inside, ast.Tuple) and inside.elts:
                        first = inside.elts[0]
                    values += [ListOf(v) for v in self._instances(first, scope, seq, depth)]
            elif isinstance(node, ast.Name | ast.Attribute):
                values += self._instances(node, scope, seq, depth)
        return distinct(values)

    def _instances(self, node: ast.expr, scope: Scope, seq: int, depth: int) -> list[Value]:
        return [
            Instance(v.path) if isinstance(v, Symbol)
            else LocalObject(v.scope) if isinstance(v, LocalClass)
            else v
            for v in self.values(node, scope, seq, depth + 1)
            if isinstance(v, Symbol | LocalClass | Foreign)
        ]  # fmt: skip

    # Steps of a chain.

    def _step(self, node: ast.expr, values: Values, scope: Scope, seq: int, depth: int) -> Values:
        out: list[Value] = []
        if isinstance(node, ast.Attribute):
            for value in values:
                patched: Values = ()
                if self.complete and isinstance(value, Symbol):
                    patched = self._as_patched(f"{value.path}.{node.attr}", scope, seq, depth)
                out += patched or self.attribute(value, node.attr, depth)
            stored = self._stored_on_name(node, scope, seq)
            if stored:
                out += self.of_bindings(tuple(stored), depth)
        elif isinstance(node, ast.Call):
            if module := loaded(node):
                missing = self.reachability.works(module) is False  # so it is skipped
                return (UNKNOWN,) if missing else (Symbol(module),)
            for value in values:
                out += self._called(value, node, scope, seq, depth)
            if not out and isinstance(node.func, ast.Attribute):
                listed = return_types.UNMISTAKABLE.get(node.func.attr)
                if listed and all(isinstance(v, Unknown | Member) for v in values):
                    out.append(Instance(paths.path_of(listed)))
        elif isinstance(node, ast.Subscript):
            return self._item(values, _index(node.slice), depth)
        return distinct(out)

    def attribute(self, value: Value, attr: str, depth: int = 0) -> Values:
        """What `value.attr` may be."""
        if isinstance(value, Symbol):
            return below(value.path, attr)
        if isinstance(value, Instance):
            return (self._member(value.path, attr),)
        if isinstance(value, Member):
            return (UNKNOWN,)
        if isinstance(value, LocalObject | LocalClass):
            return self._of_class(value, attr, depth)
        if isinstance(value, Neighbour):
            return self.modules.exported(value.path, attr, depth + 1)
        if isinstance(value, Row):  # once it was one alone
            return distinct([v for one in value.given[0] for v in self.attribute(one, attr)])
        if isinstance(value, Foreign):
            if value.origin.startswith(_RECORDS):
                return (UNKNOWN,)
            return (foreign(f"{value.origin}.{attr}"),)
        return ()

    def _member(self, path: str, attr: str) -> Value:
        name = paths.symbol(path)
        through = paths.route(path)
        for owner in (name, *bases_of(name)):
            member = f"{owner}.{attr}"
            listed = return_types.RESULTS.get(member)
            if listed and (member.endswith(_PROPERTIES) or _kind(member) in _READ):
                return Instance(paths.path_of(listed, through))
        return Member(path, attr)

    def _of_class(self, value: LocalObject | LocalClass, attr: str, depth: int) -> Values:
        """The attribute of a class, its bases included, or of an object of it."""
        out: list[Value] = []
        todo: list[Scope] = [value.scope]
        seen: set[Scope] = set()
        while todo and len(seen) < limits.CLASSES and not out:
            scope = todo.pop(0)
            if scope in seen:
                continue
            seen.add(scope)
            there = self.at(scope)
            if not scope.block or may_hold(scope.block, attr):
                there.binder.look_into(scope)
                out += there._held(scope, value, attr, depth)
            node = scope.node
            assert isinstance(node, ast.ClassDef)
            for base in node.bases if not out else ():
                for up in there.values(base, scope.parent or scope, scope.seq, depth + 1):
                    if isinstance(up, LocalClass):
                        todo.append(up.scope)
                    elif isinstance(up, Symbol):
                        out.append(self._member(up.path, attr))
        return distinct(out)

    def _held(
        self, scope: Scope, value: LocalObject | LocalClass, attr: str, depth: int
    ) -> list[Value]:
        """What the class `scope` of this module says itself of the attribute of `value`."""
        out: list[Value] = []
        stored = self.stored(scope, attr)
        if stored:
            out += self.of_bindings(tuple(stored), depth)
        for binding in scope.reaching(attr, END) or ():
            for found in self.bound(binding, depth + 1):
                if isinstance(found, LocalFunction):
                    out += self._method(found, value, depth)
                else:
                    out.append(found)
        return out

    def _method(self, found: LocalFunction, value: Value, depth: int) -> Values:
        node = found.scope.node
        if isinstance(node, ast.FunctionDef) and isinstance(value, LocalObject):
            # Properties of any kind: `property`, `cached_property`, `lazy_property` ...
            if any("property" in (_last_name(d) or "") for d in node.decorator_list):
                # What it reads of an object, or of a constant, is a plain value outside.
                given = self._returned(found.scope, depth)
                plain = [v for v in given if not isinstance(v, Member) and not _is_constant(v)]
                return tuple(plain) or (UNKNOWN,)
        return (found._replace(bound=True),)

    def stored(self, owner: object, attr: str) -> list[Binding]:
        """What is stored in the attribute `attr` of the class, or the named object, `owner`."""
        stores = self.binder.stores
        if self._objects_of != len(stores):
            if not self.complete:  # what holds them may be another by now
                self._objects, self._objects_of = {}, 0
            for target, binding in stores[self._objects_of :]:
                for key in self._holders(target.value, binding):
                    self._objects.setdefault((key, target.attr), []).append(binding)
            self._objects_of = len(stores)
        return self._objects.get((owner, attr), [])

    def _holders(self, base: ast.expr, store: Binding) -> Iterator[object]:
        """What the `base` of a store to an attribute is: a class, or a name in a scope."""
        if not isinstance(base, ast.Name):
            return
        bindings, holder = self.bindings(base.id, store.scope, store.seq)
        if holder is None:
            return
        key: object = (holder, base.id)
        for one in bindings:
            if one.kind is PARAM and one.scope.method_of is not None:
                if base.id == one.scope.self_name:
                    key = one.scope.method_of
            elif one.kind is CLASS:
                key = one.inner
        yield key

    def _stored_on_name(self, node: ast.Attribute, scope: Scope, seq: int) -> list[Binding]:
        if not self.binder.stores or not isinstance(node.value, ast.Name):
            return []
        _, holder = self.bindings(node.value.id, scope, seq)
        return self.stored((holder, node.value.id), node.attr) if holder is not None else []

    def _called(self, value: Value, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        if isinstance(value, Symbol):
            return self.result(value.path)
        if isinstance(value, Member):
            return self._member_result(value)
        if isinstance(value, LocalClass):
            return (LocalObject(value.scope),)
        if isinstance(value, LocalFunction):
            return self._returned(value.scope, depth)
        if isinstance(value, LocalObject):
            found = self._of_class(value, "__call__", depth + 1)
            return distinct([r for f in found if isinstance(f, LocalFunction)
                             for r in self._returned(f.scope, depth + 1)])  # fmt: skip
        if isinstance(value, Instance):
            name = paths.symbol(value.path)
            for owner in (name, *bases_of(name)):
                if return_types.CALLED.get(owner):
                    return (Instance(paths.path_of(return_types.CALLED[owner])),)
            return ()
        if isinstance(value, Builtin):
            return self._builtin(value.name, call, scope, seq, depth)
        if isinstance(value, Foreign):
            return (UNKNOWN,) if value.origin in _TAKES_OUT else (value,)
        return ()

    def _builtin(self, name: str, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        args = call.args
        if depth > limits.DEPTH:
            return ()
        if name == "getattr" and len(args) >= 2:
            attr = self._text(args[1], scope, seq, depth)
            if attr is None:
                return ()
            out: list[Value] = []
            for value in self.values(args[0], scope, seq, depth + 1):
                out += self.attribute(value, attr, depth + 1)
            if len(args) > 2 and out and all(self._is_missing(value) for value in out):
                return self.values(args[2], scope, seq, depth + 1)
            return distinct(out)
        if name in ("import_module", "__import__") and args:
            module = self._text(args[0], scope, seq, depth)
            if module is None:
                return ()
            if name == "__import__" and len(args) < 4 and not call.keywords:
                module = module.partition(".")[0]
            return self.modules.imported(self, ImportTarget(0, module, None), depth)
        if name == "super":
            owner = scope
            while owner.kind != "class" and owner.parent is not None:
                owner = owner.parent
            if isinstance(owner.node, ast.ClassDef):
                out = []
                for base in owner.node.bases:
                    outside = owner.parent or owner
                    for up in self.values(base, outside, owner.seq, depth + 1):
                        if isinstance(up, Symbol):
                            out.append(Instance(up.path))
                        elif isinstance(up, LocalClass):
                            out.append(LocalObject(up.scope))
                return distinct(out)
        if name == MAKER:
            return (_OF_RAY,)
        if name == "partial" and args:
            return self.values(args[0], scope, seq, depth + 1)
        if name in ("list", "tuple", "reversed", "sorted", "iter") and args:
            return self.values(args[0], scope, seq, depth + 1)
        if name == "next" and args:
            return self._iterated(self.values(args[0], scope, seq, depth + 1), depth)
        if name == "enumerate" and args:
            inner = self._iterated(self.values(args[0], scope, seq, depth + 1), depth)
            return tuple(ListOf(ListOf(v)) for v in inner)
        return ()

    def _is_missing(self, value: Value) -> bool:
        return isinstance(value, Symbol) and self.reachability.works(value.path) is False

    def _text(self, expr: ast.expr, scope: Scope, seq: int, depth: int) -> str | None:
        texts = {v.text for v in self.values(expr, scope, seq, depth + 1) if isinstance(v, Text)}
        return texts.pop() if len(texts) == 1 else None

    def result(self, path: str) -> Values:
        """What calling the symbol at `path` gives."""
        name, through = paths.symbol(path), paths.route(path)
        listed = return_types.result_of(name)
        if listed is None and "." in name:
            # A class attribute taken from a subclass: `tf.data.TFRecordDataset.range`.
            owner, _, attr = name.rpartition(".")
            listed = next(
                (r for b in bases_of(owner) if (r := return_types.result_of(f"{b}.{attr}"))), None
            )
        if listed is not None:
            return (Instance(paths.path_of(listed, through)),) if listed else ()
        found = api.symbol(name)
        if found is None:
            return ()
        if found.kind == "class":
            return (Instance(path),)
        return (Instance(paths.path_of(found.returns, through)),) if found.returns else ()

    def _member_result(self, member: Member) -> Values:
        name, through = paths.symbol(member.path), paths.route(member.path)
        for owner in (name, *bases_of(name)):
            full = f"{owner}.{member.name}"
            listed = return_types.result_of(full)
            if listed is None:
                found = api.symbol(full)
                listed = found.returns if found is not None and found.returns else None
            if listed is not None:
                return (Instance(paths.path_of(listed, through)),) if listed else ()
        return ()

    def _returned(self, scope: Scope, depth: int) -> Values:
        """What a call of the function `scope` gives."""
        there = self.at(scope)
        if there is not self:
            return there._returned(scope, depth)
        self.binder.look_into(scope)
        if depth > limits.DEPTH or id(scope) in self.state.open:
            self.state.cut()
            return ()
        self.state.open.add(id(scope))
        try:
            node = scope.node
            out: list[Value] = []
            if isinstance(node, ast.FunctionDef) and node.returns is not None:
                outside = scope.parent or scope
                out += self.annotated(node.returns, outside, scope.seq, depth + 1)
            out += self._given_back(scope.returns, scope, depth)
            yielded = self._given_back(scope.yields, scope, depth)
            out += yielded if _gives_one(node) else (ListOf(value) for value in yielded)
            return distinct(out)[: limits.VALUES]
        finally:
            self.state.open.discard(id(scope))

    def _given_back(
        self, given: list[tuple[ast.expr, int, Guard | None]], scope: Scope, depth: int
    ) -> list[Value]:
        live = given[: limits.VALUES]
        if len(live) > 1:
            live = [one for one in live if not self.reachability.never(one[2])] or live
        return [v for expr, seq, _ in live for v in self.values(expr, scope, seq, depth + 2)]

    def _iterated(self, values: Values, depth: int) -> Values:
        out: list[Value] = []
        for value in values:
            if isinstance(value, Items):
                out += self._all(value.elements[: limits.VALUES], value.scope, value.seq, depth + 1)
            elif isinstance(value, ListOf):
                out.append(value.item)
            elif isinstance(value, Instance):
                listed = return_types.ITEMS.get(paths.symbol(value.path))
                if listed:
                    out.append(Instance(paths.path_of(listed)))
        return distinct(out)

    def _entered(self, values: Values, depth: int) -> Values:
        out: list[Value] = []
        for value in values:
            if isinstance(value, LocalObject):
                for found in self._of_class(value, "__enter__", depth + 1):
                    if isinstance(found, LocalFunction):
                        out += self._returned(found.scope, depth + 1)
            else:
                out.append(value)
        return distinct(out)

    def _item(self, values: Values, index: Step | None, depth: int) -> Values:
        """One item, or a part; of an item whose `index` is None it is not known which."""
        if depth > limits.DEPTH:
            return ()  # a tuple of a loop's that holds an item of itself
        part = isinstance(index, Rest)
        out: list[Value] = []
        for value in values:
            if isinstance(value, Items):
                picked = _picked(value.elements, index)
                if part and picked is not None:
                    out.append(value._replace(elements=picked))
                    continue
                some = picked if picked is not None else value.elements
                items = self._all(some[: limits.VALUES], value.scope, value.seq, depth + 1)
                out += (ListOf(item) for item in items) if part else items
            elif isinstance(value, Row):
                if isinstance(index, Rest):
                    out.append(Row(value.given[index.start : index.stop]))
                elif index is not None and -len(value.given) <= index < len(value.given):
                    out += value.given[index]
            elif isinstance(value, ListOf):
                out.append(value if part else value.item)
            elif isinstance(value, Instance):
                listed = return_types.ITEMS.get(paths.symbol(value.path))
                if listed and part:
                    out.append(value)
                elif listed:
                    out.append(Instance(paths.path_of(listed, paths.route(value.path))))
            elif isinstance(value, Foreign):
                out.append(UNKNOWN if value.origin.startswith(_HOLDERS) else value)
        return distinct(out)


def _picked(elements: tuple[ast.expr, ...], index: Step | None) -> tuple[ast.expr, ...] | None:
    """The elements of a display at `index`; None where any may be, as behind a starred one."""
    starred = [at for at, element in enumerate(elements) if isinstance(element, ast.Starred)]
    if isinstance(index, Rest):
        return None if starred or index.start is None else elements[index.start : index.stop]
    if index is None:
        return None
    if starred and not (index < starred[0] if index >= 0 else len(elements) + index > starred[-1]):
        return None
    return (elements[index],) if -len(elements) <= index < len(elements) else ()


# Classes of others whose objects hold what the program puts into them: items, and fields.
_RECORDS = ("collections.namedtuple", "types.SimpleNamespace", "argparse.Namespace")
_HOLDERS = ("builtins", "collections.", "queue.", *_RECORDS)
_TAKES_OUT = ("builtins.get", "builtins.pop", "builtins.setdefault")  # of a dictionary
_READ = ("property", "attribute")
_INERT = (Foreign, Nothing, Text, Unknown)
_PLAIN = ("constant", "attribute")
_PROPERTIES = (".shape", ".op", ".graph", ".initializer", ".saver", ".summary_writer",
               ".optimizer", ".model", ".inner_optimizer")  # fmt: skip


class _Everything:
    def __contains__(self, _: object) -> bool:
        return True


_ALL = _Everything()


@lru_cache(maxsize=16384)
def below(path: str, attr: str) -> Values:
    """What the attribute `attr` of the symbol at `path` is."""
    path = f"{path}.{attr}"
    name = paths.symbol(path)
    listed = return_types.RESULTS.get(name)
    if listed and _kind(name) in ("property", "attribute"):
        return (Instance(paths.path_of(listed, paths.route(path))),)
    return (Symbol(path),)


def bases_of(name: str) -> tuple[str, ...]:
    """The public names of the classes above the class `name`, nearest first."""
    return ancestry.bases(name)


def _is_package(values: Values) -> bool:
    return any(isinstance(v, Symbol) and paths.symbol(v.path) == "tf" for v in values)


def _is_constant(value: Value) -> bool:
    return isinstance(value, Symbol) and _kind(paths.symbol(value.path)) in _PLAIN


def _is_module(value: Symbol) -> bool:
    name = paths.symbol(value.path)
    return name == "tf" or _kind(name) == "module"


def _kind(name: str) -> str:
    found = api.symbol(name)
    return found.kind if found is not None else ""


def _index(node: ast.expr) -> Step | None:
    """The item, or the part, that a subscript takes, as far as it is a literal."""
    if not isinstance(node, ast.Slice):
        return _integer(node)
    start = 0 if node.lower is None else _integer(node.lower)
    stop = None if node.upper is None else _integer(node.upper)
    known = node.step is None and (node.upper is None or stop is not None)
    return Rest(start, stop) if known else Rest()


def _integer(node: ast.expr) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _integer(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _gives_one(node: ast.AST) -> bool:
    """Whether what a function yields is given alone: to a `with`, or to a test."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
        (_last_name(decorator) or "").endswith(("contextmanager", "fixture"))
        for decorator in node.decorator_list
    )


def _decorated(node: ast.FunctionDef, name: str) -> bool:
    return any(_last_name(d) == name for d in node.decorator_list)
