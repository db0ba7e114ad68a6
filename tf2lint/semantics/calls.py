"""What calls give, and what they hand to the parameters of functions of the project."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cached_property
from itertools import compress
from typing import Any

from tf2lint.semantics import limits, sequences, symbols
from tf2lint.semantics.context import Inferring
from tf2lint.semantics.files import MAKER, ImportTarget
from tf2lint.semantics.plain import last_name, own_name, passed, place_of
from tf2lint.semantics.scopes import Binding, Guard, Scope, Site
from tf2lint.semantics.values import (
    UNKNOWN,
    Builtin,
    Foreign,
    Instance,
    ListOf,
    LocalClass,
    LocalFunction,
    LocalObject,
    Member,
    Row,
    Symbol,
    Text,
    Unknown,
    Value,
    Values,
    distinct,
)
from tf2lint.tensorflow import paths, return_types

BUILTINS = frozenset({"getattr", "super", "enumerate", "zip", "reversed", "list", "tuple",
                      "iter", "next", "__import__", "sorted", "map", "property"})  # fmt: skip
NAMING = frozenset({"getattr", "__import__", "import_module"})  # of them, and beside: by a text
# RLlib's function, which also gave TensorFlow alone once: tf1, tf, version = try_import_tf()
_OF_RAY = Row(((Symbol("tensorflow.compat.v1"),), (Symbol("tensorflow"),), ()))
_HANDED = frozenset({Symbol, Instance, Foreign})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TAKES_OUT = ("builtins.get", "builtins.pop", "builtins.setdefault")  # of a dictionary


class Calls:
    """Answers for the calls in one module, which `inference` is asked about."""

    def __init__(self, inference: Inferring) -> None:
        self._here = inference
        self._returned: dict[Scope, Values] = {}

    def values(
        self, call: ast.Call, functions: Values, scope: Scope, seq: int, depth: int
    ) -> Values:
        """What a call of any of `functions` gives."""
        if module := symbols.loaded(call):
            missing = self._here.reachability.works(module) is False  # so it is skipped
            return (UNKNOWN,) if missing else (Symbol(module),)
        out: list[Value] = []
        for value in functions:
            if isinstance(value, Builtin):
                out += self._builtin(value.name, call, scope, seq, depth)
            elif (of := _CALLED.get(type(value))) is not None:
                out += of(self, value, depth)
        if not out and isinstance(call.func, ast.Attribute):
            listed = return_types.UNMISTAKABLE.get(call.func.attr)
            if listed and all(isinstance(v, Unknown | Member) for v in functions):
                out.append(Instance(paths.path_of(listed)))
        return distinct(out)

    # By what is called.

    def _symbol(self, value: Symbol, _: int) -> Values:
        return symbols.result(value.path)

    def _instance(self, value: Instance, _: int) -> Values:
        return symbols.result_of_instance(value)

    def _member(self, value: Member, _: int) -> Values:
        return symbols.result_of_member(value)

    def _class(self, value: LocalClass, _: int) -> Values:
        return (LocalObject(value.scope),)

    def _function(self, value: LocalFunction, depth: int) -> Values:
        return self._here.returned(value.scope, depth)

    def _object(self, value: LocalObject, depth: int) -> Values:
        return self.of_method(value, "__call__", depth)

    def _foreign(self, value: Foreign, _: int) -> Values:
        return (UNKNOWN,) if value.origin in _TAKES_OUT else (value,)

    # Builtins, and functions of the standard library.

    def _builtin(self, name: str, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        of = _OF_BUILTINS.get(name)
        if depth > limits.DEPTH or of is None:
            return ()
        least, method = of
        return method(self, call, scope, seq, depth) if len(call.args) >= least else ()

    def _getattr(self, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        here, args = self._here, call.args
        attr = self._text(args[1], scope, seq, depth)
        if attr is None:
            return ()
        out: list[Value] = []
        for value in here.values(args[0], scope, seq, depth + 1):
            out += here.attribute(value, attr, depth + 1)
        if len(args) > 2 and out and all(self._is_missing(value) for value in out):
            return here.values(args[2], scope, seq, depth + 1)
        return distinct(out)

    def _import(self, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        """Of `__import__`, which gives the package."""
        whole = len(call.args) >= 4 or bool(call.keywords)
        return self._import_module(call, scope, seq, depth, whole)

    def _import_module(
        self, call: ast.Call, scope: Scope, seq: int, depth: int, whole: bool = True
    ) -> Values:
        module = self._text(call.args[0], scope, seq, depth)
        if module is None:
            return ()
        target = ImportTarget(0, module if whole else module.partition(".")[0], None)
        return self._here.modules.imported(self._here, target, depth)

    def _super(self, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        del call, seq
        owner = scope
        while owner.kind != "class" and owner.parent is not None:
            owner = owner.parent
        if not isinstance(owner.node, ast.ClassDef):
            return ()
        above = self._here.above(owner, depth + 1)
        return distinct([
            Instance(up.path) if isinstance(up, Symbol) else LocalObject(up.scope)
            for up in above if isinstance(up, Symbol | LocalClass)
        ])  # fmt: skip

    def _of_ray(self, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        del call, scope, seq, depth
        return (_OF_RAY,)

    def _first(self, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        """Of what gives what it is handed, or the same items."""
        return self._here.values(call.args[0], scope, seq, depth + 1)

    def _next(self, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        return sequences.iterated(self._here, self._first(call, scope, seq, depth), depth)

    def _enumerate(self, call: ast.Call, scope: Scope, seq: int, depth: int) -> Values:
        return tuple(ListOf(ListOf(value)) for value in self._next(call, scope, seq, depth))

    def _is_missing(self, value: Value) -> bool:
        return isinstance(value, Symbol) and self._here.reachability.works(value.path) is False

    def _text(self, expr: ast.expr, scope: Scope, seq: int, depth: int) -> str | None:
        values = self._here.values(expr, scope, seq, depth + 1)
        texts = {v.text for v in values if isinstance(v, Text)}
        return texts.pop() if len(texts) == 1 else None

    # Functions of the project.

    def returned(self, scope: Scope, depth: int) -> Values:
        """What a call of the function `scope` of this module gives."""
        known = self._returned.get(scope)
        if known is not None:
            return known
        before = self._here.state.cuts
        found = self._worked_out(scope, depth)
        if self._here.complete and self._here.state.cuts == before:
            self._returned[scope] = found
        return found

    def _worked_out(self, scope: Scope, depth: int) -> Values:
        here, state = self._here, self._here.state
        here.binder.look_into(scope)
        if depth > limits.DEPTH or id(scope) in state.open:
            state.cut()
            return ()
        state.open.add(id(scope))
        try:
            node = scope.node
            out: list[Value] = []
            if isinstance(node, ast.FunctionDef) and node.returns is not None:
                out += here.annotated(node.returns, scope.parent or scope, scope.seq, depth + 1)
            out += self._given_back(scope.returns, scope, depth)
            yielded = self._given_back(scope.yields, scope, depth)
            out += yielded if _gives_one(node) else (ListOf(value) for value in yielded)
            return distinct(out)[: limits.VALUES]
        finally:
            state.open.discard(id(scope))

    def _given_back(
        self, given: list[tuple[ast.expr, int, Guard | None]], scope: Scope, depth: int
    ) -> list[Value]:
        here = self._here
        given = given[: limits.VALUES]
        found = [here.values(expr, scope, seq, depth + 2) for expr, seq, _ in given]
        if any(values != found[0] for values in found):  # else it is the same whatever runs
            live = [not here.reachability.never(guard) for _, _, guard in given]
            found = [*compress(found, live)] or found
        return [value for values in found for value in values]

    def of_method(self, value: LocalObject, name: str, depth: int) -> Values:
        """What the method `name` of an object gives."""
        here = self._here
        found = here.attribute(value, name, depth + 1)
        return distinct([r for f in found if isinstance(f, LocalFunction)
                         for r in here.returned(f.scope, depth + 1)])  # fmt: skip

    def entered(self, values: Values, depth: int) -> Values:
        """What `values` give to the `as` of a with statement."""
        out: list[Value] = []
        for value in values:
            if isinstance(value, LocalObject):
                out += self.of_method(value, "__enter__", depth)
            else:
                out.append(value)
        return distinct(out)

    def parameter(self, binding: Binding, depth: int) -> Values:
        """What a parameter of a function of this module may be."""
        here, scope, arg = self._here, binding.scope, binding.node
        assert isinstance(arg, ast.arg)
        owner = scope.method_of
        if owner is not None and arg.arg == scope.self_name:
            made = arg.arg in ("cls", "mcs") or _is_class_method(scope.node)
            return (LocalClass(owner) if made else LocalObject(owner),)
        values: list[Value] = []
        outside = scope.parent or scope
        if arg.annotation is not None:
            values += here.annotated(arg.annotation, outside, scope.seq, depth)
        if binding.expr is not None:
            default = here.values(binding.expr, outside, scope.seq, depth)
            values += [v for v in default if symbols.is_module(v)]
        if not values and here.complete:
            passed = self._passed(scope, arg, depth)
            values += [v for v in passed if not symbols.is_constant(v)]
        return distinct(values) if values else (UNKNOWN,)

    def _passed(self, scope: Scope, arg: ast.arg, depth: int) -> list[Value]:
        """What calls of this module hand to the parameter `arg` of the function `scope`."""
        node = scope.node
        if not isinstance(node, _FUNCTIONS):
            return []
        sites = self._here.calls_of(scope)
        if sites and depth > limits.CALLS:
            self._here.state.cut()
            return []
        skipped = scope.method_of is not None and scope.self_name is not None
        place = place_of(node, arg.arg, int(skipped))
        values: list[Value] = []
        for site in sites:
            assert site.call is not None
            expr = passed(site.call, arg.arg, place)
            if expr is not None:
                values += self._here.values(expr, site.scope, site.seq, depth + 4) or (UNKNOWN,)
            if len(values) > limits.VALUES:
                break
        return [v for v in values if type(v) in _HANDED]

    def of_function(self, scope: Scope) -> list[Site]:
        """Calls, in the module that is looked at, of what may be the function `scope`."""
        main, node = self._here.modules.main, scope.node
        if main is None or not main.complete or not isinstance(node, _FUNCTIONS):
            return []
        owner, name = scope.method_of, node.name
        if owner is not None and name == "__init__":
            name = getattr(owner.node, "name", "")
        return main.calls_named(name, main is self._here)[: limits.VALUES]

    def named(self, name: str, own: bool) -> list[Site]:
        """Calls in this module of what goes by that name: its `own`, or what others have."""
        return (self._of_own if own else self._of_others).get(name, [])

    @cached_property
    def _of_own(self) -> dict[str, list[Site]]:
        found: dict[str, list[Site]] = {}
        for site in self._here.binder.sites:
            func = None if site.call is None else site.call.func
            if isinstance(func, ast.Name):
                found.setdefault(func.id, []).append(site)
            elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
                if func.value.id in ("self", "cls"):
                    found.setdefault(func.attr, []).append(site)
        return found

    @cached_property
    def _of_others(self) -> dict[str, list[Site]]:
        there = {name: target.name or name for name, target in self._here.binder.import_aliases}
        found: dict[str, list[Site]] = {}
        for site in self._here.binder.sites:
            if site.call is None:
                continue
            name = own_name(site.call.func)
            known = there.get(name, name) if isinstance(site.node, ast.Name) else name
            found.setdefault(known, []).append(site)
        return found


_CALLED: dict[type, Callable[[Calls, Any, int], Values]] = {
    Symbol: Calls._symbol,
    Instance: Calls._instance,
    Member: Calls._member,
    LocalClass: Calls._class,
    LocalFunction: Calls._function,
    LocalObject: Calls._object,
    Foreign: Calls._foreign,
}
# With how many arguments at least.
_OF_BUILTINS: dict[str, tuple[int, Callable[[Calls, ast.Call, Scope, int, int], Values]]] = {
    "getattr": (2, Calls._getattr),
    "__import__": (1, Calls._import),
    "import_module": (1, Calls._import_module),
    "super": (0, Calls._super),
    MAKER: (0, Calls._of_ray),
    **dict.fromkeys(("partial", "list", "tuple", "reversed", "sorted", "iter"), (1, Calls._first)),
    "next": (1, Calls._next),
    "enumerate": (1, Calls._enumerate),
}


def _gives_one(node: ast.AST) -> bool:
    """Whether what a function yields is given alone: to a `with`, or to a test."""
    return isinstance(node, _FUNCTIONS) and any(
        last_name(decorator).endswith(("contextmanager", "fixture"))
        for decorator in node.decorator_list
    )


def _is_class_method(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        last_name(decorator) == "classmethod" for decorator in node.decorator_list
    )
