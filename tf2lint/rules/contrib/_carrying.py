"""Expressions said again at another place: in the function that calls, in the file that imports."""

from __future__ import annotations

import ast
import copy
import operator
from collections.abc import Mapping
from typing import NamedTuple

from tf2lint.check.reference import Reference
from tf2lint.semantics.context import Inferring
from tf2lint.semantics.plain import defaults, given
from tf2lint.semantics.scopes import ASSIGN, END, IMPORT, PARAM, Binding, Bindings, Scope, Site
from tf2lint.semantics.values import Builtin, Foreign, LocalFunction, Neighbour, Symbol, Values
from tf2lint.tensorflow import paths

_LONGEST = 8  # parts of a list or dictionary that is written out where its name cannot be
_DEPTH = 8
_OWN = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.NamedExpr)


class At(NamedTuple):
    """Where an expression is read."""

    scope: Scope
    seq: int


class Carrier:
    """Says expressions anew for the place of one reference."""

    def __init__(self, ref: Reference) -> None:
        self._ref = ref
        self._inference: Inferring = ref.module.inference
        self._made: dict[ast.AST, bool] = {}  # nodes of no file; whether they hold everywhere

    def values(self, expr: ast.expr, at: At) -> Values:
        """What `expr` may be where it stands."""
        return self._inference.values(expr, at.scope, at.seq)

    def calls_of(self, scope: Scope) -> list[Site]:
        """Calls in this file of what may be the function."""
        return self._inference.calls_of(scope) if self.is_here(scope) else []

    def is_here(self, scope: Scope) -> bool:
        """Whether the scope is of the file that is looked at."""
        return scope.top is self._ref.site.scope.top

    def settled(self, expr: ast.expr) -> ast.expr:
        """`expr`, carried all the way, as an expression with a text."""
        return self._ref.module.source.adopt(ast.unparse(expr)) if expr in self._made else expr

    # What a name stands for.

    def bound(self, expr: ast.expr, at: At) -> Binding | None:
        """What gives a name, or a member of a module, its value there, if it is one thing."""
        if isinstance(expr, ast.Name):
            found, _ = self._inference.bindings(expr.id, at.scope, at.seq)
            return self._one(found)
        if isinstance(expr, ast.Attribute):
            for value in self.values(expr.value, at):
                if isinstance(value, Neighbour):
                    module = self._inference.modules.module(value.path)
                    return None if module is None else self._one(_last(module, expr.attr))
        return None

    def _one(self, found: Bindings) -> Binding | None:
        for _ in range(_DEPTH):
            if len(found) != 1 or found[0].index:
                return None
            binding = found[0]
            if binding.kind is not IMPORT or binding.target is None:
                return binding
            here, target = self._inference.at(binding.scope), binding.target
            modules = [*here.modules.way(here, target)]
            if target.name is None or not modules:
                return binding
            found = _last(modules[0], target.name)
        return None

    # Carrying.

    def passed(self, call: ast.Call, at: At, function: LocalFunction) -> dict[str, ast.expr]:
        """The parameters of a function with what a call at that place gives them."""
        scope = function.scope
        node = scope.node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return {}
        told: dict[str, ast.expr] = {}
        outside = At(scope.parent or scope, scope.seq)
        for name, default in defaults(node):
            if default is not None:
                value = self.carried(default, outside, at, {})
                if value is not None:
                    told[name] = value
        if any(isinstance(arg, ast.Starred) for arg in call.args) or any(
            keyword.arg is None for keyword in call.keywords
        ):
            return {}
        skipped = scope.method_of is not None and scope.self_name is not None
        return {**told, **dict(given(node, call, int(skipped)))}

    def carried(
        self, expr: ast.expr, inner: At, to: At, passed: Mapping[str, ast.expr], depth: int = 0
    ) -> ast.expr | None:
        """`expr`, which stands at `inner`, as it reads at `to`; None where it cannot be said.

        `passed` are the parameters of the function at `inner` with their values at `to`.
        """
        if self._made.get(expr) or depth > _DEPTH:
            return expr if depth <= _DEPTH else None
        if isinstance(expr, ast.Name | ast.Attribute):
            return self._named(expr, inner, to, passed, depth)
        if isinstance(expr, _OWN):  # with names of their own
            return expr if self._means_the_same(expr, inner, to) else None
        changed = inner.scope.top is not to.scope.top
        anew = copy.copy(expr)
        for field, value in ast.iter_fields(expr):
            parts = value if isinstance(value, list) else [value]
            told = [self._part(part, inner, to, passed, depth + 1) for part in parts]
            if any(new is None and part is not None for new, part in zip(told, parts, strict=True)):
                return None
            changed = changed or any(map(operator.is_not, told, parts))
            setattr(anew, field, told if isinstance(value, list) else told[0])
        return self._new(anew) if changed else expr

    def _part(
        self, part: object, inner: At, to: At, passed: Mapping[str, ast.expr], depth: int
    ) -> object:
        """What is in a field of an expression, carried."""
        if isinstance(part, ast.expr):
            return self.carried(part, inner, to, passed, depth)
        if not isinstance(part, ast.keyword):
            return part
        value = self.carried(part.value, inner, to, passed, depth)
        if value is None or value is part.value:
            return None if value is None else part
        return ast.keyword(part.arg, value)

    def _new(self, node: ast.expr, everywhere: bool = False) -> ast.expr:
        self._made[node] = everywhere
        return node

    def _named(
        self, expr: ast.Name | ast.Attribute, inner: At, to: At,
        passed: Mapping[str, ast.expr], depth: int,
    ) -> ast.expr | None:  # fmt: skip
        binding = self.bound(expr, inner)
        if binding is not None and binding.kind is PARAM and binding.scope is inner.scope:
            return passed.get(expr.id) if isinstance(expr, ast.Name) else None
        if self._means_the_same(expr, inner, to):
            return expr
        values = self.values(expr, inner)
        if len(values) == 1 and isinstance(values[0], Symbol):
            return self._spelled(values[0])
        if isinstance(expr, ast.Name) and values and all(
            isinstance(v, Builtin) or (isinstance(v, Foreign) and v.origin == f"builtins.{expr.id}")
            for v in values
        ):  # fmt: skip
            return self._new(ast.Name(expr.id), everywhere=True)
        if binding is None or binding.kind is not ASSIGN or binding.expr is None:
            return None
        kept = binding.expr
        size = len(getattr(kept, "elts", None) or getattr(kept, "values", None) or ())
        if not isinstance(kept, ast.Constant | ast.List | ast.Tuple | ast.Dict) or size > _LONGEST:
            return None
        there = At(binding.scope, binding.seq)
        return self.carried(kept, there, to, passed, depth + 1)

    def _means_the_same(self, expr: ast.expr, inner: At, to: At) -> bool:
        """Whether all the names in it are those of one file, and none is a function's own."""
        if inner.scope.top is not to.scope.top:
            return False
        for node in ast.walk(expr):
            if isinstance(node, ast.Name):
                found, holder = self._inference.bindings(node.id, inner.scope, inner.seq)
                if holder is not None and holder.kind == "function" and not _around(to, holder):
                    return False
                if found and self._inference.bindings(node.id, to.scope, to.seq)[0] != found:
                    return False
        return True

    def _spelled(self, value: Symbol) -> ast.expr | None:
        """The symbol by the names that the code at the reference has."""
        text = self._ref.rooted(paths.symbol(value.path))
        site = self._ref.site
        root = text.partition(".")[0]
        if not any(isinstance(v, Symbol)
                   for v in self._inference.name(root, site.scope, site.seq)):  # fmt: skip
            return None
        return self._new(ast.parse(text, mode="eval").body, everywhere=True)


def _last(module: Inferring, name: str) -> Bindings:
    """What `name` is bound to at the end of the module."""
    return module.binder.module.reaching(name, END) or ()


def _around(at: At, scope: Scope) -> bool:
    """Whether names of `scope` are seen at that place."""
    inner: Scope | None = at.scope
    while inner is not None and inner is not scope:
        inner = inner.parent
    return inner is not None
