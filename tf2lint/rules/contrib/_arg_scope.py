"""The arguments that the `arg_scope`s around a call give it, whichever file they come from."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tf2lint.check.reference import Reference
from tf2lint.rules.contrib import _table as table
from tf2lint.rules.contrib._carrying import At, Carrier
from tf2lint.semantics.scopes import ASSIGN, END, ENTER, Scope
from tf2lint.semantics.values import Foreign, LocalFunction, Symbol
from tf2lint.source import Source
from tf2lint.tensorflow import paths

_DEPTH = 6  # scopes that are made from other scopes, and functions that return them
_CALLERS = 8  # functions on the way to the calls of one
_BLOCKS = (ast.With, ast.AsyncWith)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Scoped(NamedTuple):
    """What a call gets from the scopes around it: its arguments, and whether that is all.

    `of_callers` are names of arguments that scopes around calls of its function give it.
    """

    given: Mapping[str, ast.expr]
    whole: bool
    of_callers: frozenset[str]


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

    def within(self, inner: _State) -> _State:
        """The state inside of a scope that gives `inner` by itself."""
        both = _State(dict(self.given), self.whole and inner.whole, self.partly | inner.partly)
        for function, arguments in inner.given.items():
            both.add(function, arguments)
        return both


def scoped(ref: Reference, path: str) -> Scoped:
    """The arguments that a call of the function at `path` (below contrib) gets at `ref`."""
    reader = _Reader(ref)
    state = reader.around(ref.node, At(ref.site.scope, ref.site.seq))
    key = _key(path)
    given = {n: reader.carrier.settled(v) for n, v in state.given.get(key, {}).items()}
    whole = state.whole and key not in state.partly
    of_callers = frozenset(reader.of_callers(ref.site.scope, key))
    return Scoped(given, whole, of_callers)


def _key(path: str) -> str:
    """One name for a function and its aliases: slim.conv2d is layers.convolution2d."""
    return path.rpartition(".")[2].replace("convolution", "conv")


class _Reader:
    def __init__(self, ref: Reference) -> None:
        self.carrier = Carrier(ref)
        self._source = ref.module.source
        self._others: dict[ast.AST, Source] = {}

    def around(
        self, node: ast.AST, at: At, outermost: ast.AST | None = None, depth: int = 0
    ) -> _State:
        """The state at `node` by the scopes around it, up to the function `outermost`."""
        source = self._source_of(at.scope)
        blocks: list[tuple[Sequence[ast.expr], At]] = []
        below, up = node, source.parent(node)
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
            below, up = up, source.parent(up)
        state = _State()
        for items, where in reversed(blocks):
            for item in items:
                state = self._enter(item, state, where, depth)
        return state

    def of_callers(self, scope: Scope, key: str) -> Iterator[str]:
        """What the scopes around the calls of this function, in this file, give `key`."""
        todo, seen = [scope], set[Scope]()
        while todo and len(seen) < _CALLERS:
            at = todo.pop()
            seen.add(at)
            for site in self.carrier.calls_of(at):
                assert site.call is not None
                yield from self.around(site.call, At(site.scope, site.seq)).given.get(key, ())
                if site.scope not in seen:
                    todo.append(site.scope)

    def _source_of(self, scope: Scope) -> Source:
        """Who knows what holds a node; of another file the definition that was looked into."""
        if self.carrier.is_here(scope):
            return self._source
        while scope.parent is not None and scope.parent.parent is not None:
            scope = scope.parent
        node = scope.node
        if node not in self._others:
            tree = ast.Module([node], []) if isinstance(node, ast.stmt) else node
            assert isinstance(tree, ast.Module)
            self._others[node] = Source("", tree=tree)
        return self._others[node]

    @staticmethod
    def _outside(function: ast.AST, at: At) -> At:
        """Where the definition of the function stands, seen from inside of it."""
        scope = at.scope
        while scope.node is not function and scope.parent is not None:
            scope = scope.parent
        return At(scope.parent, scope.seq) if scope.parent is not None else at

    def _is_arg_scope(self, expr: ast.expr, at: At) -> bool:
        return any(
            isinstance(value, Symbol)
            and paths.under(paths.symbol(value.path), table.ROOT)
            and value.path.endswith(".arg_scope")
            for value in self.carrier.values(expr, at)
        )

    def _enter(self, item: ast.expr, state: _State, at: At, depth: int) -> _State:
        """The state inside of `with item`."""
        if depth > _DEPTH:
            return _State(whole=False)
        if isinstance(item, ast.Call):
            if self._is_arg_scope(item.func, at):
                return self._arg_scope(item, state, at, depth)
            alone = self._entered_call(item, at, depth)
        else:  # sc = arg_scope(...), then `with sc:`
            alone = self._kept(item, at, depth)
        return state if alone is None else state.within(alone)

    def _kept(self, expr: ast.expr, at: At, depth: int) -> _State | None:
        """What entering the scope that a name stands for adds, if it is one that can be read."""
        binding = self.carrier.bound(expr, at)
        if binding is None or binding.kind is not ASSIGN or not isinstance(binding.expr, ast.Call):
            return None
        there = At(binding.scope, binding.seq)
        return self._seen(self._enter(binding.expr, _State(), there, depth + 1), there, at, {})

    def _entered_call(self, call: ast.Call, at: At, depth: int) -> _State | None:
        """What `with function():` adds: a scope that is returned, or one around its `yield`."""
        function = self._function(call, at)
        if function is None:
            return None
        scope = function.scope
        yields = [node for node in ast.walk(scope.node) if isinstance(node, ast.Yield)]
        if len(yields) == 1:
            seq = END
            alone = self.around(yields[0], At(scope, seq), scope.node, depth + 1)
        else:
            if len(scope.returns) != 1 or not isinstance(scope.returns[0][0], ast.Call):
                return None
            expr, seq, _ = scope.returns[0]
            alone = self._enter(expr, _State(), At(scope, seq), depth + 1)
        given = self.carrier.passed(call, at, function)
        return self._seen(alone, At(scope, seq), at, given)

    def _arg_scope(self, call: ast.Call, state: _State, at: At, depth: int) -> _State:
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
            values = self.carrier.values(expr, where)
            for value in values:
                if isinstance(value, Symbol):
                    name = paths.symbol(value.path)
                    if paths.under(name, table.ROOT):
                        inside.add(_key(table.find(name).path), arguments)
            if not any(isinstance(v, Symbol | LocalFunction | Foreign) for v in values):
                inside.whole = False  # it may be any function
        return inside

    def _listed(self, expr: ast.expr, at: At) -> list[tuple[ast.expr, At]] | None:
        """The items of a list, written or bound to a name; None for what is no list."""
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
            left, right = self._listed(expr.left, at), self._listed(expr.right, at)
            return None if left is None or right is None else left + right
        expr, at = self._written(expr, at)
        if isinstance(expr, ast.List | ast.Tuple):
            return [(item, at) for item in expr.elts]
        return None

    def _written(self, expr: ast.expr, at: At) -> tuple[ast.expr, At]:
        """What a name was assigned, and where; other expressions as they are."""
        binding = self.carrier.bound(expr, at)
        if binding is None or binding.kind is not ASSIGN or binding.expr is None:
            return expr, at
        return binding.expr, At(binding.scope, binding.seq)

    def _dictionary(self, expr: ast.expr, at: At) -> dict[str, ast.expr] | None:
        """The items of `{"a": b}` or `dict(a=b)`, written or bound to a name."""
        written, there = self._written(expr, at)
        items: list[tuple[object, ast.expr]]
        if isinstance(written, ast.Call) and not written.args:
            if not isinstance(written.func, ast.Name) or written.func.id != "dict":
                return None
            items = [(keyword.arg, keyword.value) for keyword in written.keywords]
        elif isinstance(written, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else None for key in written.keys]
            items = [*zip(keys, written.values, strict=True)]
        else:
            return None
        found: dict[str, ast.expr] = {}
        for name, value in items:
            told: ast.expr | None = value
            if there.scope is not at.scope:
                told = self.carrier.carried(value, there, at, {})
            if not isinstance(name, str) or told is None:
                return None
            found[name] = told
        return found

    def _scope_of(self, expr: ast.expr, at: At, depth: int) -> _State | None:
        """The state that a scope, kept or returned, stands for; None where it cannot be read."""
        if depth > _DEPTH:
            return None
        if isinstance(expr, ast.Call):
            function = self._function(expr, at)
            if function is None or len(function.scope.returns) != 1:
                return None
            returned, seq, _ = function.scope.returns[0]
            inner = At(function.scope, seq)
            given = self.carrier.passed(expr, at, function)
            if self._is_arg_scope_call(returned, inner):  # made, and not yet entered
                return None
            return self._seen(self._scope_of(returned, inner, depth + 1), inner, at, given)
        binding = self.carrier.bound(expr, at)
        if binding is None or binding.expr is None:
            return None
        there = At(binding.scope, binding.seq)
        found = None
        if binding.kind is ENTER:  # with arg_scope(...) as name
            source = self._source_of(binding.scope)
            item = source.parent(binding.expr)
            if item is not None:
                outermost = source.enclosing(item, _FUNCTIONS)
                outer = self.around(item, there, outermost, depth + 1)
                found = self._enter(binding.expr, outer, there, depth + 1)
        elif binding.kind is ASSIGN:
            found = self._scope_of(binding.expr, there, depth + 1)
        return self._seen(found, there, at, {})

    def _is_arg_scope_call(self, expr: ast.expr, at: At) -> bool:
        return isinstance(expr, ast.Call) and self._is_arg_scope(expr.func, at)

    def _function(self, call: ast.Call, at: At) -> LocalFunction | None:
        """The function of the project that is called, if it is one."""
        functions = self.carrier.values(call.func, at)
        found = functions[0] if len(functions) == 1 else None
        if not isinstance(found, LocalFunction):
            return None
        self.carrier.values(call, at)  # so that the function is looked into
        return found

    def _seen(
        self, state: _State | None, inner: At, at: At, passed: Mapping[str, ast.expr]
    ) -> _State | None:
        """`state`, read at `inner`, as it is said at `at`."""
        if state is None or inner.scope is at.scope:
            return state
        seen = _State(whole=state.whole, partly=set(state.partly))
        for function, arguments in state.given.items():
            told: dict[str, ast.expr] = {}
            for name, value in arguments.items():
                carried = self.carrier.carried(value, inner, at, passed)
                if carried is None:
                    seen.partly.add(function)
                else:
                    told[name] = carried
            seen.add(function, told)
        return seen
