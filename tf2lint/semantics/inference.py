"""What an expression may be: values from bindings, on demand.

Chains of attributes, calls and subscripts are followed from the inside out without
recursion; only the way from a name to what it is bound to recurses, to a fixed depth.
Each module has an `Inference` of its own; a question about an expression in another module is
handed to that one's (`at`), so that where something stands makes no difference.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property

from tf2lint.semantics import limits, sequences, symbols
from tf2lint.semantics.annotations import annotated
from tf2lint.semantics.binder import Binder
from tf2lint.semantics.calls import BUILTINS, NAMING, Calls
from tf2lint.semantics.context import Inferring, Modules
from tf2lint.semantics.expressions import LEAVES
from tf2lint.semantics.files import ImportTarget
from tf2lint.semantics.objects import Objects
from tf2lint.semantics.patches import Patches
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
    Scope,
    Site,
)
from tf2lint.semantics.values import (
    UNKNOWN,
    Builtin,
    Foreign,
    Instance,
    Items,
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
from tf2lint.tensorflow import api, paths

OBJECT = "?"  # no path has such a name
_INERT = frozenset({Foreign, Nothing, Text, Unknown})
# Expressions that are followed from the inside out, by what is inside; the others among them are
# what is inside.
_INSIDE: dict[type, str] = {
    ast.Attribute: "value", ast.Subscript: "value", ast.Call: "func",
    ast.NamedExpr: "value", ast.Await: "value", ast.Starred: "value",
}  # fmt: skip
_CHAINED = frozenset({ast.Attribute, ast.Subscript, ast.Call})


class Inference:
    """Values of the expressions of one module, the file `path` (None: not on disk).

    `judged` makes the one who says which code runs; `keras` says whether the package of that
    name is TensorFlow's here.
    """

    def __init__(
        self, modules: Modules, binder: Binder, judged: Callable[[Inferring], Reachability],
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
        self._patches = Patches(self)
        self._objects = Objects(self)
        self._calls = Calls(self)
        self.complete = False  # once the module is bound, answers are kept

    def bind(self) -> None:
        """Walk the module; then everything may be asked."""
        self.binder.run()
        self.complete = True
        self._objects.forget()

    def close(self) -> None:
        """Let go of all answers."""
        if self.binder.reachability is self.reachability:  # else a younger session has taken over
            self.binder.reachability = UNASKED
        self.__dict__.clear()

    def at(self, scope: Scope) -> Inferring:
        """Who answers for what stands in `scope`."""
        top = scope.top
        return self if top is self.binder.module else self.modules.of(top)

    @cached_property
    def stored_attributes(self) -> Container[str]:
        """Names of attributes that the module assigns to: they may be other than they were."""
        return self._patches.own_names

    @cached_property
    def patched_attributes(self) -> Container[str]:
        """Those, and what other modules assign to on modules of TensorFlow."""
        return self._patches.names

    @property
    def stores_on_tensorflow(self) -> dict[str, list[tuple[int, Binding]]]:
        """What this module sets on those of TensorFlow that have not just that, and since when.

        The path ends in `*` for what may be all.
        """
        return self._patches.own

    @cached_property
    def package_names(self) -> tuple[str, ...]:
        """Names by which the tensorflow package, or its compat.v1, may go here; `tf` first."""
        found = [
            name
            for name, target in self.binder.import_aliases
            if any(map(symbols.is_package, self.imported(target)))
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
            inside = _INSIDE.get(kind)
            if inside is None:
                values = self._leaf(node, scope, seq, depth)
                if self.complete and (final or state.cuts == before):
                    memo[id(node)] = values
                break
            if kind in _CHAINED:
                chain.append(node)
            node = getattr(node, inside)
        for node in reversed(chain):
            if (
                type(node) is ast.Attribute
                and len(values) == 1
                and type(values[0]) is Symbol
                and self.complete  # while it is walked, any attribute may be assigned to
                and node.attr not in self.patched_attributes
            ):  # by far the most: a step on the way to a symbol
                values = symbols.below(values[0].path, node.attr)
            elif values or type(node) is ast.Call:
                values = self._step(node, values, scope, seq, depth)[: limits.VALUES]
            # What was cut short on the way from elsewhere is no answer to keep: it would be
            # another one, had this been asked first.
            if self.complete and (final or state.cuts == before):
                memo[id(node)] = values
        return values

    def _leaf(self, node: ast.expr, scope: Scope, seq: int, depth: int) -> Values:
        """What an expression that is no chain may be."""
        if isinstance(node, ast.Name):
            return self.name(node.id, scope, seq, depth)
        if depth > limits.DEPTH:
            self.state.cut()
            return ()
        of = LEAVES.get(type(node))
        return of(self, node, scope, seq, depth) if of is not None else ()

    def every(self, many: Iterable[ast.expr], scope: Scope, seq: int, depth: int) -> Values:
        """What any of several expressions may be."""
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
            if name not in at.timeline and not at.extra:
                pass  # by far the most; else it may be bound here
            elif direct or at.kind != "class":
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
        if scope.top is not self.binder.module:
            return self.modules.of(scope.top).name(name, scope, seq, depth)
        bindings, holder = self.bindings(name, scope, seq)
        if holder is None:
            values = self._from_stars(name, depth) if scope.top.stars else ()
            if values:
                return values
            if name in BUILTINS:
                return (Builtin(name),)
            return (Foreign(f"builtins.{name}"),) if hasattr(builtins, name) else ()
        return self.of_bindings(bindings, depth)

    def root(self, node: ast.Name, scope: Scope, seq: int) -> str | None:
        """The path of the one symbol that the name means; "" where it can mean none at all.

        `OBJECT` where it is no symbol itself, but what it holds may be one. None where more has to
        be asked. Worked out once for each way that the name is bound.
        """
        bindings, holder = self.bindings(node.id, scope, seq)
        if holder is None:
            if scope.top.stars or node.id in NAMING:
                return None
            return OBJECT if node.id in BUILTINS else ""
        if bindings not in self._roots:
            values = self.of_bindings(bindings, 0)
            found: str | None = None
            kinds = frozenset(map(type, values))
            if kinds <= _INERT:
                found = ""
            elif kinds.isdisjoint((Symbol, Builtin)):
                found = OBJECT
            elif len(values) == 1 and isinstance(values[0], Symbol):
                found = values[0].path
            self._roots[bindings] = found
        return self._roots[bindings]

    def is_inert(self, chain: ast.expr, scope: Scope, seq: int) -> bool:
        """Whether it is known at once, by its first name, that `chain` means no symbol."""
        node, stored = chain, self.stored_attributes
        while type(node) is ast.Attribute:
            if node.attr in stored:
                return False
            node = node.value
        if type(node) is not ast.Name:
            return False
        root = self.root(node, scope, seq)
        return root == "" or (root is OBJECT and node is chain)

    def of_bindings(self, bindings: Bindings, depth: int) -> Values:
        """What a name is that `bindings` reach."""
        state = self.state
        known = self._bound.get(bindings)
        if known is not None:
            return known
        before = state.cuts
        final = depth == 0 and not state.open
        values: list[Value] = []
        for binding in bindings:
            values += self.bound(binding, depth + 1)
            if len(values) > limits.VALUES:
                break
        told = distinct(values)[: limits.VALUES] if len(values) > 1 else tuple(values)
        if self.complete and (final or state.cuts == before):
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
        for value in self.returned(function.scope, 0):
            if isinstance(value, Items):
                yield from self.every(value.elements, value.scope, value.seq, 0)
            else:
                yield value

    def above(self, scope: Scope, depth: int) -> Values:
        """What the class `scope` of this module names as its bases."""
        assert isinstance(scope.node, ast.ClassDef)
        return self.every(scope.node.bases, scope.parent or scope, scope.seq, depth)

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
        if binding.scope.top is not self.binder.module:
            return self.modules.of(binding.scope.top).bound(binding, depth)
        state = self.state
        if depth > limits.DEPTH or id(binding) in state.open:
            state.cut()
            return ()
        kind = binding.kind
        if kind is IMPORT:
            target = binding.target
            assert target is not None
            values = self.imported(target, depth)
            if target.level or target.module.partition(".")[0] not in ("tensorflow", "keras"):
                values = tuple(v for v in values if not symbols.is_constant(v))
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
        given = state.passing[id(binding)] = self._given(binding, depth)
        return given

    def _given(self, binding: Binding, depth: int) -> Values:
        """What the expression of `binding` gives its name."""
        kind = binding.kind
        self.state.open.add(id(binding))
        try:
            if kind is PARAM:
                return self._calls.parameter(binding, depth)
            if binding.expr is None:
                return (UNKNOWN,)
            if kind is ANNOTATION:
                return self.annotated(binding.expr, binding.scope, binding.seq, depth)
            values = self.values(binding.expr, binding.scope, binding.seq, depth)
            if kind is ITER:
                values = sequences.iterated(self, values, depth)
            elif kind is ENTER:
                values = self._calls.entered(values, depth)
            for index in binding.index:
                values = sequences.item(self, values, index, depth)
            # A constant is a plain value once it is bound: its name is the program's own.
            if Symbol in map(type, values):
                values = tuple([v for v in values if not symbols.is_constant(v)])
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

    def calls_of(self, scope: Scope) -> list[Site]:
        """Calls, in the module that is looked at, of what may be the function `scope`."""
        there = self.at(scope)
        if there is not self:
            return there.calls_of(scope)
        return self._calls.of_function(scope)

    def calls_named(self, name: str, own: bool) -> list[Site]:
        """Calls in this module of what goes by that name: its `own`, or what others have."""
        return self._calls.named(name, own)

    def annotated(self, expr: ast.expr, scope: Scope, seq: int, depth: int = 0) -> Values:
        """What something annotated with `expr` may be: instances of the types it names."""
        return annotated(self, expr, scope, seq, depth)

    # Steps of a chain.

    def _step(self, node: ast.expr, values: Values, scope: Scope, seq: int, depth: int) -> Values:
        """What an expression of a chain is, `values` being what is inside."""
        if isinstance(node, ast.Call):
            return self._calls.values(node, values, scope, seq, depth)
        if isinstance(node, ast.Subscript):
            return sequences.item(self, values, sequences.index_of(node.slice), depth)
        assert isinstance(node, ast.Attribute)
        out: list[Value] = []
        for value in values:
            patched: Values = ()
            if self.complete and isinstance(value, Symbol):
                patched = self._patches.at(f"{value.path}.{node.attr}", scope, seq, depth)
            out += patched or self.attribute(value, node.attr, depth)
        if not self.complete or node.attr in self.stored_attributes:
            stored = self._objects.stored_on_name(node, scope, seq)
            if stored:
                out += self.of_bindings(tuple(stored), depth)
        return distinct(out) if len(out) > 1 else tuple(out)

    def attribute(self, value: Value, attr: str, depth: int = 0) -> Values:
        """What `value.attr` may be."""
        if isinstance(value, Symbol):
            return symbols.below(value.path, attr)
        if isinstance(value, Instance):
            return (symbols.member(value.path, attr),)
        if isinstance(value, Member):
            return (UNKNOWN,)
        if isinstance(value, LocalObject | LocalClass):
            return self._objects.attribute(value, attr, depth)
        if isinstance(value, Neighbour):
            return self.modules.exported(value.path, attr, depth + 1)
        if isinstance(value, Row):  # once it was one alone
            return distinct([v for one in value.given[0] for v in self.attribute(one, attr)])
        if isinstance(value, Foreign):
            if value.origin.startswith(sequences.RECORDS):
                return (UNKNOWN,)
            return (symbols.foreign(f"{value.origin}.{attr}"),)
        return ()

    # What a collaborator of this module answers, for all modules.

    def held(
        self, scope: Scope, value: LocalObject | LocalClass, attr: str, depth: int
    ) -> list[Value]:
        """What the class `scope` of this module says itself of the attribute of `value`."""
        return self._objects.held(scope, value, attr, depth)

    def stored(self, owner: object, attr: str) -> list[Binding]:
        """What is stored in the attribute `attr` of the class, or the named object, `owner`."""
        return self._objects.stored(owner, attr)

    def returned(self, scope: Scope, depth: int) -> Values:
        """What a call of the function `scope` gives."""
        there = self.at(scope)
        return self._calls.returned(scope, depth) if there is self else there.returned(scope, depth)
