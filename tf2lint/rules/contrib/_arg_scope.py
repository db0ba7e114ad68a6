"""The arguments that the `arg_scope`s around a call give it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tf2lint.check.reference import Reference
from tf2lint.rules.contrib import _table as table
from tf2lint.semantics.scopes import ASSIGN, ENTER, Binding, Scope
from tf2lint.semantics.values import Foreign, LocalFunction, Symbol, Values
from tf2lint.tensorflow import paths

_DEPTH = 6  # scopes that are made from other scopes, and functions that return them
_BLOCKS = (ast.With, ast.AsyncWith)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Scoped(NamedTuple):
    """What a call gets from the scopes around it: its arguments, and whether that is all."""

    given: Mapping[str, ast.expr]
    whole: bool


@dataclass
class _State:
    """What a place has for each function.

    Not `whole` where some scope could not be read; `partly` are functions with arguments that
    mean something only where they are written.
    """

    given: dict[str, dict[str, ast.expr]] = field(default_factory=dict)
    whole: bool = True
    partly: set[str] = field(default_factory=set)

    def add(self, function: str, arguments: Mapping[str, ast.expr]) -> None:
        self.given[function] = {**self.given.get(function, {}), **arguments}

    def copy(self) -> _State:
        return _State(dict(self.given), self.whole, set(self.partly))


class _At(NamedTuple):
    """Where an expression is read."""

    scope: Scope
    seq: int


def scoped(ref: Reference, path: str) -> Scoped:
    """The arguments that a call of the function at `path` (below contrib) gets at `ref`."""
    state = _Reader(ref).around(ref.node, _At(ref.site.scope, ref.site.seq))
    key = _key(path)
    return Scoped(state.given.get(key, {}), state.whole and key not in state.partly)


def _key(path: str) -> str:
    """One name for a function and its aliases: slim.conv2d is layers.convolution2d."""
    return path.rpartition(".")[2].replace("convolution", "conv")


class _Reader:
    def __init__(self, ref: Reference) -> None:
        self.inference = ref.module.inference
        self.source = ref.module.source

    def around(
        self, node: ast.AST, at: _At, outermost: ast.AST | None = None, depth: int = 0
    ) -> _State:
        """The state at `node` by the scopes around it, up to the function `outermost`."""
        blocks: list[tuple[Sequence[ast.expr], _At]] = []
        below, up = node, self.source.parent(node)
        while up is not None and up is not outermost:
            if isinstance(up, _BLOCKS):
                entered = up.items
                if isinstance(below, ast.withitem):
                    entered = entered[: entered.index(below)]
                blocks.append(([item.context_expr for item in entered], at))
            elif isinstance(up, _FUNCTIONS):
                if isinstance(below, ast.stmt) and at.scope.parent is not None:
                    at = self._outside(up, at)
                blocks.append((up.decorator_list, at))
            below, up = up, self.source.parent(up)
        state = _State()
        for items, where in reversed(blocks):
            for item in items:
                state = self._enter(item, state, where, depth)
        return state

    @staticmethod
    def _outside(function: ast.AST, at: _At) -> _At:
        """Where the definition of the function stands, seen from inside of it."""
        scope = at.scope
        while scope.node is not function and scope.parent is not None:
            scope = scope.parent
        return _At(scope.parent, scope.seq) if scope.parent is not None else at

    def _values(self, expr: ast.expr, at: _At) -> Values:
        return self.inference.values(expr, at.scope, at.seq)

    def _is_arg_scope(self, expr: ast.expr, at: _At) -> bool:
        return any(
            isinstance(value, Symbol)
            and paths.under(paths.symbol(value.path), table.ROOT)
            and value.path.endswith(".arg_scope")
            for value in self._values(expr, at)
        )

    def _enter(self, item: ast.expr, state: _State, at: _At, depth: int) -> _State:
        """The state inside of `with item`."""
        if depth > _DEPTH:
            return _State(whole=False)
        if isinstance(item, ast.Name):  # sc = arg_scope(...), then `with sc:`
            binding = self._binding(item, at)
            if (
                binding is None
                or binding.kind is not ASSIGN
                or not isinstance(binding.expr, ast.Call)
            ):
                return state
            return self._enter(binding.expr, state, _At(binding.scope, binding.seq), depth + 1)
        if not isinstance(item, ast.Call):
            return state
        if self._is_arg_scope(item.func, at):
            return self._arg_scope(item, state, at, depth)
        inner = self._returned(item, at)
        if inner is None or not isinstance(inner[0], ast.Call):
            return state
        alone = self._enter(inner[0], _State(), inner[1], depth + 1)
        seen = self._seen_from(item, inner[1].scope, alone)
        both = state.copy()
        for function, arguments in seen.given.items():
            both.add(function, arguments)
        both.whole = both.whole and seen.whole
        both.partly |= seen.partly
        return both

    def _arg_scope(self, call: ast.Call, state: _State, at: _At, depth: int) -> _State:
        """The state inside of `arg_scope(functions, **arguments)` or `arg_scope(scope)`."""
        named = [k.value for k in call.keywords if k.arg == "list_ops_or_scope"]
        first = next(iter([*call.args, *named]), None)
        if first is None:
            return state
        functions = self._listed(first, at)
        if functions is None:
            read = self._scope_of(first, at, depth + 1)
            return read if read is not None else _State(whole=False)
        inside = state.copy()
        arguments: dict[str, ast.expr] = {}
        for keyword in call.keywords:
            if keyword.arg == "list_ops_or_scope":
                continue
            if keyword.arg is not None:
                arguments[keyword.arg] = keyword.value
                continue
            unpacked = self._dictionary(keyword.value, at)
            inside.whole = inside.whole and unpacked is not None
            arguments.update(unpacked or {})
        for expr, where in functions:
            values = self._values(expr, where)
            for value in values:
                if isinstance(value, Symbol):
                    name = paths.symbol(value.path)
                    if paths.under(name, table.ROOT):
                        inside.add(_key(table.find(name).path), arguments)
            if not any(isinstance(v, Symbol | LocalFunction | Foreign) for v in values):
                inside.whole = False  # it may be any function
        return inside

    def _listed(self, expr: ast.expr, at: _At) -> list[tuple[ast.expr, _At]] | None:
        """The items of a list, written or bound to a name; None for what is no list."""
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
            left, right = self._listed(expr.left, at), self._listed(expr.right, at)
            return None if left is None or right is None else left + right
        if isinstance(expr, ast.Name):
            binding = self._binding(expr, at)
            if binding is None or binding.kind is not ASSIGN or binding.expr is None:
                return None
            expr, at = binding.expr, _At(binding.scope, binding.seq)
        if isinstance(expr, ast.List | ast.Tuple):
            return [(item, at) for item in expr.elts]
        return None

    def _dictionary(self, expr: ast.expr, at: _At) -> dict[str, ast.expr] | None:
        """The items of `{"a": b}` or `dict(a=b)`, written or bound to a name."""
        if isinstance(expr, ast.Name):
            binding = self._binding(expr, at)
            if binding is None or binding.kind is not ASSIGN or binding.expr is None:
                return None
            expr = binding.expr
        if isinstance(expr, ast.Call) and not expr.args and isinstance(expr.func, ast.Name):
            if expr.func.id == "dict" and all(k.arg is not None for k in expr.keywords):
                return {k.arg: k.value for k in expr.keywords if k.arg is not None}
        if not isinstance(expr, ast.Dict):
            return None
        found: dict[str, ast.expr] = {}
        for key, value in zip(expr.keys, expr.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                return None
            found[key.value] = value
        return found

    def _binding(self, name: ast.Name, at: _At) -> Binding | None:
        """What gives `name` its value there, if it is one thing."""
        bindings, _ = self.inference.bindings(name.id, at.scope, at.seq)
        if len(bindings) != 1 or bindings[0].index or not self._is_here(bindings[0].scope):
            return None
        return bindings[0]

    def _scope_of(self, expr: ast.expr, at: _At, depth: int) -> _State | None:
        """The state that a scope, kept or returned, stands for; None where it cannot be read."""
        if depth > _DEPTH:
            return None
        if isinstance(expr, ast.Name):
            binding = self._binding(expr, at)
            if binding is None or binding.expr is None:
                return None
            there = _At(binding.scope, binding.seq)
            if binding.kind is ENTER:  # with arg_scope(...) as name
                item = self.source.parent(binding.expr)
                if item is None:
                    return None
                outermost = self.source.enclosing(item, _FUNCTIONS)
                outer = self.around(item, there, outermost, depth + 1)
                return self._enter(binding.expr, outer, there, depth + 1)
            if binding.kind is ASSIGN:
                return self._scope_of(binding.expr, there, depth + 1)
            return None
        if not isinstance(expr, ast.Call):
            return None
        inner = self._returned(expr, at)
        if inner is None:
            return None
        found = self._scope_of(inner[0], inner[1], depth + 1)
        return None if found is None else self._seen_from(expr, inner[1].scope, found)

    def _returned(self, call: ast.Call, at: _At) -> tuple[ast.expr, _At] | None:
        """What the function of this file that is called returns, if it is one expression."""
        functions = self._values(call.func, at)
        if len(functions) != 1 or not isinstance(functions[0], LocalFunction):
            return None
        scope = functions[0].scope
        if len(scope.returns) != 1 or scope.yields or not self._is_here(scope):
            return None
        expr, seq, _ = scope.returns[0]
        return expr, _At(scope, seq)

    def _is_here(self, scope: Scope) -> bool:
        """Whether the scope is of this file, so that its code can be repeated."""
        while scope.parent is not None:
            scope = scope.parent
        return scope is self.inference.binder.module

    def _seen_from(self, call: ast.Call, inner: Scope, state: _State) -> _State:
        """The state of a function's scope with what the call passes in place of parameters."""
        passed = dict(_passed(call, inner.node))
        seen = _State(whole=state.whole, partly=set(state.partly))
        for function, arguments in state.given.items():
            told = dict(arguments)
            for name, value in arguments.items():
                if isinstance(value, ast.Name) and value.id in passed:
                    told[name] = passed[value.id]
                elif self._is_inside(value, inner):
                    seen.partly.add(function)
            seen.add(function, told)
        return seen

    def _is_inside(self, expr: ast.expr, scope: Scope) -> bool:
        """Whether the expression needs names that the function has for itself."""
        return any(
            isinstance(node, ast.Name) and scope.timeline.get(node.id) is not None
            for node in ast.walk(expr)
        )


def _passed(call: ast.Call, function: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The parameters of a function with what a call gives them, or their defaults."""
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    arguments = function.args
    names = [arg.arg for arg in (*arguments.posonlyargs, *arguments.args)]
    defaults = arguments.defaults
    yield from zip(names[len(names) - len(defaults) :], defaults, strict=True)
    for arg, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            yield arg.arg, default
    if any(isinstance(arg, ast.Starred) for arg in call.args):
        return
    yield from zip(names, call.args, strict=False)
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value
