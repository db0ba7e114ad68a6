"""What an expression of this module may be: values from bindings, on demand.

Chains of attributes, calls and subscripts are followed from the inside out without
recursion; only the way from a name to what it is bound to recurses, to a fixed depth.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Container, Iterable, Iterator
from functools import cached_property, lru_cache

from tf2lint.semantics import makers
from tf2lint.semantics.beyond import Attribute, Beyond
from tf2lint.semantics.binder import Binder
from tf2lint.semantics.neighbours import Neighbours
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
    ImportTarget,
    Scope,
    Site,
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
    Made,
    Maker,
    Member,
    Neighbour,
    Symbol,
    Text,
    Unknown,
    Value,
    Values,
    distinct,
)
from tf2lint.tensorflow import ancestry, api, paths, return_types

_DEPTH = 24  # bindings from one name to the next; longer ways are not followed
_PATIENCE = 500  # bindings on all ways of one question; from then on each is asked once
_MANY = 16  # candidates that are kept of one expression
_BUILTINS = frozenset({"getattr", "super", "enumerate", "zip", "reversed", "list", "tuple",
                       "iter", "next", "__import__", "sorted", "map", "property"})  # fmt: skip
_FOLLOWED = {
    "importlib.import_module": "import_module",
    "contextlib.contextmanager": "contextmanager",
    "functools.partial": "partial",
}
_Place = tuple[Scope, int]


class Inference:
    """Values of the expressions of one walked module."""

    def __init__(self, binder: Binder, neighbours: Neighbours, keras: bool) -> None:
        self.binder = binder
        self.neighbours = neighbours
        self.beyond = Beyond(neighbours.path)
        self.keras = keras  # whether `keras` is TensorFlow's here
        self._memo: dict[int, Values] = {}
        self._bound: dict[Bindings, Values] = {}
        self._open: set[int] = set()
        self._cuts = 0  # how often a way was not followed: too long, or in a circle
        self._asked = 0  # bindings, by the question that is open
        self._passing: dict[int, Values] = {}  # what those gave it
        self._objects: dict[tuple[object, str], list[Binding]] | None = None
        self._objects_of = (False, 0)  # when they were last put together
        self._arguments: dict[Scope, list[Site]] | None = None
        self.complete = False  # once the walk is over, answers are kept

    @cached_property
    def _stored_attributes(self) -> frozenset[str]:
        own = {target.attr for target, _ in self.binder.stores}
        return frozenset(own.union(path.rpartition(".")[2] for path in self._patched))

    @cached_property
    def _patched(self) -> dict[str, Values]:
        """What neighbours set on modules of TensorFlow that the target lacks there.

        Only where those modules come from neighbours: who imports TensorFlow itself has what
        TensorFlow has.
        """
        stars = [star.target for star in self.binder.module.stars if star.target is not None]
        targets = [*(target for _, target in self.binder.import_aliases), *stars]
        own = {t.module.partition(".")[0] for t in targets if t.level == 0}
        works = self.binder.reachability.works
        return {
            path: values for path, values in self.beyond.patched(targets).items()
            if path.partition(".")[0] not in own
            and works(path) is False and works(path.rpartition(".")[0])
        }  # fmt: skip

    @cached_property
    def _patched_here(self) -> dict[str, list[Binding]]:
        """What this module sets itself, outside of functions."""
        found: dict[str, list[Binding]] = {}
        self.__dict__["_patched_here"] = found  # asked for while it is made
        reachability = self.binder.reachability
        for target, binding in self.binder.stores:
            if binding.scope is not self.binder.module:
                continue
            for value in self.values(target.value, binding.scope, binding.seq):
                if not isinstance(value, Symbol) or not reachability.works(value.path):
                    continue
                path = f"{value.path}.{target.attr}"
                site = Site(target, None, binding.scope, binding.seq, binding.guard, ast.Pass(),
                            "store")  # fmt: skip
                if reachability.works(path) is False and not reachability.guarded(site):
                    found.setdefault(path, []).append(binding)
        return found

    def _as_patched(self, path: str, scope: Scope, seq: int, depth: int) -> Values:
        """What somebody set at `path`, as read in `scope` at `seq`; () if nobody did."""
        later = scope.kind == "function"
        here = [b for b in self._patched_here.get(path, ()) if later or b.seq < seq]
        if here:
            return self._of_bindings(tuple(here), depth)
        return self._patched.get(path, ())

    def inherited_names(self) -> Iterator[str]:
        """Attributes that classes of this module have from classes of other files."""
        for scope in self.binder.scope_of.values():
            if isinstance(scope.node, ast.ClassDef):
                for base in scope.node.bases:
                    yield from self._of_base(base, scope)

    def _of_base(self, base: ast.expr, scope: Scope) -> dict[str, list[Attribute]]:
        """What the class `base`, made in another file, gives to the class `scope`."""
        outside = scope.parent or scope
        if isinstance(base, ast.Name):
            bindings, _ = self.bindings(base.id, outside, scope.seq)
            targets = [b.target for b in bindings if b.kind == IMPORT]
        elif isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name):
            bindings, _ = self.bindings(base.value.id, outside, scope.seq)
            targets = [b.target and b.target.below(base.attr) for b in bindings if b.kind == IMPORT]
        else:
            return {}
        for target in targets:
            if target is not None and (found := self.beyond.inherited(target)):
                return found
        return {}

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
        memo = self._memo
        known = memo.get(id(expr))
        if known is not None:
            return known
        before = self._cuts
        final = depth == 0 and not self._open
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
                if self.complete and (final or self._cuts == before):
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
                values = _below(values[0].path, node.attr)
            elif values or type(node) is ast.Call:
                values = self._step(node, values, scope, seq, depth)[:_MANY]
            # What was cut short on the way from elsewhere is no answer to keep: it would be
            # another one, had this been asked first.
            if self.complete and (final or self._cuts == before):
                memo[id(node)] = values
        return values

    @property
    def _stored_names(self) -> Container[str]:
        """Names of attributes that this module assigns to; while it is walked, any may be."""
        return self._stored_attributes if self.complete else _ALL

    def _leaf(self, node: ast.expr, scope: Scope, seq: int, depth: int) -> Values:
        if isinstance(node, ast.Name):
            return self.name(node.id, scope, seq, depth)
        if depth > _DEPTH:
            self._cuts += 1
            return ()
        if isinstance(node, ast.Constant):
            if node.value is None:
                return (NOTHING,)
            return (Text(node.value),) if isinstance(node.value, str) else (Foreign("builtins"),)
        if isinstance(node, ast.IfExp):
            truth = self.binder.reachability.truth(node.test, scope, seq)
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
        return distinct([v for one in many for v in self.values(one, scope, seq, depth)])[:_MANY]

    # Names.

    def bindings(self, name: str, scope: Scope, seq: int) -> tuple[Bindings, Scope | None]:
        """What reaches `name` there, and the scope that binds it (None: no scope does)."""
        at: Scope | None = scope
        direct = True
        while at is not None:
            if name in at.globals:
                found = self.binder.module.reaching(name, END)
                return found or (), self.binder.module
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
            values = self._from_stars(name) if self.binder.module.stars else ()
            if values:
                return values
            if name in _BUILTINS:
                return (Builtin(name),)
            return (Foreign(f"builtins.{name}"),) if hasattr(builtins, name) else ()
        return self._of_bindings(bindings, depth)

    def _of_bindings(self, bindings: Bindings, depth: int) -> Values:
        keeps = self.complete and not self._open and depth == 0
        if keeps:
            known = self._bound.get(bindings)
            if known is not None:
                return known
        values: list[Value] = []
        for binding in bindings:
            values += self.bound(binding, depth + 1)
            if len(values) > _MANY:
                break
        told = distinct(values)[:_MANY]
        if keeps:
            self._bound[bindings] = told
        return told

    def _from_stars(self, name: str) -> Values:
        values: list[Value] = []
        for star in self.binder.module.stars[:64]:  # each is asked for every unknown name
            target = star.target
            assert target is not None
            for value in self.imported(target._replace(name=None)):
                if isinstance(value, Symbol):
                    path = f"{value.path}.{name}"
                    if api.known(paths.symbol(path)) and not name.startswith("_"):
                        values.append(Symbol(path))
                elif isinstance(value, Neighbour):
                    values += self.neighbours.attribute(value.path, name)
        return distinct(values)

    def bound(self, binding: Binding, depth: int = 0) -> Values:
        """What `binding` gives its name."""
        if depth > _DEPTH or id(binding) in self._open:
            self._cuts += 1
            return ()
        kind = binding.kind
        if kind == IMPORT:
            target = binding.target
            assert target is not None
            values = self.imported(target)
            if target.level or target.module.partition(".")[0] not in ("tensorflow", "keras"):
                values = tuple(v for v in values if not _is_constant(v))
            return values
        if kind == FUNCTION:
            assert binding.inner is not None
            return (LocalFunction(binding.inner, False),)
        if kind == CLASS:
            assert binding.inner is not None
            return (LocalClass(binding.inner),)
        if not self._open:
            self._asked = 0
            self._passing.clear()
        self._asked += 1
        if self._asked > _PATIENCE and id(binding) in self._passing:
            self._cuts += 1
            return self._passing[id(binding)]
        values = self._passing[id(binding)] = self._given(binding, depth)
        return values

    def _given(self, binding: Binding, depth: int) -> Values:
        """What the expression of `binding` gives its name."""
        kind = binding.kind
        self._open.add(id(binding))
        try:
            if kind == PARAM:
                return self._parameter(binding, depth)
            if binding.expr is None:
                return (UNKNOWN,)
            if kind == ANNOTATION:
                return self.annotated(binding.expr, binding.scope, binding.seq, depth)
            values = self.values(binding.expr, binding.scope, binding.seq, depth)
            if kind == ITER:
                values = self._iterated(values, depth)
            elif kind == ENTER:
                values = self._entered(values, depth)
            for index in binding.index:
                values = self._item(values, index, depth)
            # A constant is a plain value once it is bound: its name is the program's own.
            values = tuple(v for v in values if not _is_constant(v))
            return values or (UNKNOWN,)
        finally:
            self._open.discard(id(binding))

    def imported(self, target: ImportTarget) -> Values:
        """What an import binds."""
        values = self.neighbours.imported(*target, self.keras)
        name = target.name
        if name is not None and makers.NAMED.search(name) and len(values) == 1:
            [value] = values
            if isinstance(value, Unknown) and (place := self.beyond.place(target)):
                made = makers.maker(self.beyond, *place)
                return (made,) if made is not None else values
            if isinstance(value, Foreign) and (made := makers.of_ray(value.origin)):
                return (made,)
        return values

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
        if depth > 6:
            self._cuts += 1
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
            if len(values) > _MANY:
                break
        return [v for v in values if isinstance(v, Symbol | Instance | Foreign)]

    def calls_of(self, scope: Scope) -> list[Site]:
        """The calls of the function `scope` in this module; of a class where it is `__init__`."""
        if self._arguments is None:
            by_name: dict[str, list[Scope]] = {}
            for inner in self.binder.scope_of.values():
                node = inner.node
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    name = node.name
                    owner = inner.method_of
                    if owner is not None and name == "__init__":
                        assert isinstance(owner.node, ast.ClassDef)
                        name = owner.node.name
                    by_name.setdefault(name, []).append(inner)
            self._arguments = {}
            for site in self.binder.sites:
                if site.call is None:
                    continue
                func = site.call.func
                name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
                if name in by_name:
                    base = func.value if isinstance(func, ast.Attribute) else None
                    if base is None or (isinstance(base, ast.Name) and base.id in ("self", "cls")):
                        for inner in by_name[name]:
                            self._arguments.setdefault(inner, []).append(site)
        return self._arguments.get(scope, [])[:_MANY]

    def annotated(self, expr: ast.expr, scope: Scope, seq: int, depth: int = 0) -> Values:
        """What something annotated with `expr` may be: instances of the types it names."""
        values: list[Value] = []
        stack: list[ast.expr] = [expr]
        steps = 0
        while stack and steps < 64:
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
                out += self._of_bindings(tuple(stored), depth)
        elif isinstance(node, ast.Call):
            if module := makers.loaded(node):
                missing = self.binder.reachability.works(module) is False  # so it is skipped
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
            return _below(value.path, attr)
        if isinstance(value, Instance):
            return (self._member(value.path, attr),)
        if isinstance(value, Member):
            return (UNKNOWN,)
        if isinstance(value, LocalObject | LocalClass):
            return self._of_class(value, attr, depth)
        if isinstance(value, Neighbour):
            found = self.neighbours.attribute(value.path, attr)
            if found == (UNKNOWN,) and makers.NAMED.search(attr):
                made = makers.maker(self.beyond, value.path, attr)
                return (made,) if made is not None else found
            return found
        if isinstance(value, Made):  # once it was one alone
            return distinct([v for one in value.given[0] for v in self.attribute(one, attr)])
        if isinstance(value, Foreign):
            origin = f"{value.origin}.{attr}"
            followed = _FOLLOWED.get(origin)
            return (Builtin(followed),) if followed else (Foreign(origin),)
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
        """The attribute of a class of this module, its bases included."""
        out: list[Value] = []
        todo: list[Scope] = [value.scope]
        seen: set[int] = set()
        while todo and len(seen) < 32:
            scope = todo.pop(0)
            if id(scope) in seen:
                continue
            seen.add(id(scope))
            stored = self.stored(scope, attr)
            if stored:
                out += self._of_bindings(tuple(stored), depth)
            for binding in scope.reaching(attr, END) or ():
                for found in self.bound(binding, depth + 1):
                    if isinstance(found, LocalFunction):
                        out += self._method(found, value, depth)
                    else:
                        out.append(found)
            if out:
                break
            node = scope.node
            assert isinstance(node, ast.ClassDef)
            for base in node.bases:
                outside = scope.parent or scope
                for up in self.values(base, outside, scope.seq, depth + 1):
                    if isinstance(up, LocalClass):
                        todo.append(up.scope)
                    elif isinstance(up, Symbol):
                        out.append(self._member(up.path, attr))
                    elif isinstance(up, Unknown | Foreign):
                        out += self._from_base(base, scope, attr)
        return distinct(out)

    def _from_base(self, base: ast.expr, scope: Scope, attr: str) -> Iterator[Value]:
        """The attribute that a class of another file gives, as far as it is TensorFlow."""
        for held in self._of_base(base, scope).get(attr, ()):
            for symbol in held.symbols:
                if isinstance(symbol, Symbol) and not _is_constant(symbol):
                    yield from self.result(symbol.path) if held.called else (symbol,)

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
        state = (self.complete, len(self.binder.stores))
        if self._objects is None or self._objects_of != state:
            self._objects_of = state
            self._objects = {}
            for target, binding in self.binder.stores:
                base = target.value
                if not isinstance(base, ast.Name):
                    continue
                bindings, holder = self.bindings(base.id, binding.scope, binding.seq)
                if holder is None:
                    continue
                key: object = (holder, base.id)
                for one in bindings:
                    if one.kind == PARAM and one.scope.method_of is not None:
                        if base.id == one.scope.self_name:
                            key = one.scope.method_of
                    elif one.kind == CLASS:
                        key = one.inner
                self._objects.setdefault((key, target.attr), []).append(binding)
        return self._objects.get((owner, attr), [])

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
        if isinstance(value, Maker):
            return (Made(value.given),) if value.several else value.given[0]
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
        if depth > _DEPTH:
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
            return self.neighbours.imported(0, module, None, self.keras)
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
        return isinstance(value, Symbol) and self.binder.reachability.works(value.path) is False

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
        if depth > _DEPTH or id(scope) in self._open:
            self._cuts += 1
            return ()
        self._open.add(id(scope))
        try:
            node = scope.node
            out: list[Value] = []
            if isinstance(node, ast.FunctionDef) and node.returns is not None:
                outside = scope.parent or scope
                out += self.annotated(node.returns, outside, scope.seq, depth + 1)
            given = [*scope.returns, *scope.yields][:_MANY]
            if len(given) > 1:
                given = [g for g in given if not self.binder.reachability.never(g[2])] or given
            for expr, seq, _ in given:
                out += self.values(expr, scope, seq, depth + 2)
            return distinct(out)[:_MANY]
        finally:
            self._open.discard(id(scope))

    def _iterated(self, values: Values, depth: int) -> Values:
        out: list[Value] = []
        for value in values:
            if isinstance(value, Items):
                out += self._all(value.elements[:_MANY], value.scope, value.seq, depth + 1)
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

    def _item(self, values: Values, index: int | None, depth: int) -> Values:
        """One item; `index` None is one that is not known, a slice keeps the sequence."""
        if depth > _DEPTH:
            return ()  # a tuple of a loop's that holds an item of itself
        out: list[Value] = []
        for value in values:
            if isinstance(value, Items):
                if index == _SLICE:
                    out.append(value)
                elif index is None:
                    out += self._all(value.elements[:_MANY], value.scope, value.seq, depth + 1)
                elif -len(value.elements) <= index < len(value.elements):
                    picked = value.elements[index]
                    out += self.values(picked, value.scope, value.seq, depth + 1)
            elif isinstance(value, Made):
                if index is not None and -len(value.given) <= index < len(value.given):
                    out += value.given[index]
            elif isinstance(value, ListOf):
                out.append(value if index == _SLICE else value.item)
            elif isinstance(value, Instance):
                listed = return_types.ITEMS.get(paths.symbol(value.path))
                if listed and index == _SLICE:
                    out.append(value)
                elif listed:
                    out.append(Instance(paths.path_of(listed, paths.route(value.path))))
            elif isinstance(value, Foreign):
                # What a dictionary holds is not known.
                out.append(UNKNOWN if value.origin.startswith("builtins") else value)
        return distinct(out)


_SLICE = 1 << 40
_TAKES_OUT = ("builtins.get", "builtins.pop", "builtins.setdefault")  # of a dictionary
_READ = ("property", "attribute")
_PLAIN = ("constant", "attribute")
_PROPERTIES = (".shape", ".op", ".graph", ".initializer", ".saver", ".summary_writer",
               ".optimizer", ".model", ".inner_optimizer")  # fmt: skip


class _Everything:
    def __contains__(self, _: object) -> bool:
        return True


_ALL = _Everything()


@lru_cache(maxsize=16384)
def _below(path: str, attr: str) -> Values:
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


def _index(node: ast.expr) -> int | None:
    if isinstance(node, ast.Slice):
        return _SLICE
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        if isinstance(inner, ast.Constant) and type(inner.value) is int:
            return -inner.value
        return None
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _decorated(node: ast.FunctionDef, name: str) -> bool:
    return any(_last_name(d) == name for d in node.decorator_list)
