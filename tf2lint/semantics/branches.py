"""Branches: followed one after the other from the same start, and merged.

Each is an object that pushes its steps; what the arms leave is held by it until the last one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

from tf2lint.semantics.plain import last_name
from tf2lint.semantics.scopes import ITER, OPAQUE, Binding, Bindings, Guard, union
from tf2lint.semantics.walk import Walk

# Functions whose context takes the exceptions that they are handed.
_CATCHERS = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})

Arm = tuple[Sequence[ast.stmt], Guard | None, bool]  # a body, its guard, whether it is dead


class Arms:
    """Arms of which one runs.

    `after` are the guards of what follows where the first, or the second, arm ends early.
    """

    def __init__(
        self, walk: Walk, arms: Sequence[Arm], after: tuple[Guard, Guard] | None = None
    ) -> None:
        self._walk = walk
        self._scope, self._guard = walk.scope, walk.guard
        self._after = after
        self._ends: list[dict[str, Bindings] | None] = []
        self._before: dict[str, Bindings] = {}
        self._ended: list[bool] = []
        steps: list[Callable[[], None]] = []
        for body, guard, dead in arms:
            steps += [partial(self._enter, body, guard), partial(self._leave, dead)]
        walk.then(*steps, self._merge)

    def _enter(self, body: Sequence[ast.stmt], guard: Guard | None) -> None:
        self._walk.ended = False
        self._walk.guard = guard
        self._scope.trail.append({})
        self._walk.block(body)

    def _leave(self, dead: bool) -> None:
        walk, scope = self._walk, self._scope
        changed = scope.trail.pop()
        end = {name: scope.current[name] for name in changed}
        walk.seq += 1
        for name, old in changed.items():
            self._before.setdefault(name, old)
            scope.set(name, walk.seq, old)
        self._ended.append(walk.ended)
        self._ends.append(None if dead or walk.ended else end)

    def _merge(self) -> None:
        walk, ended = self._walk, self._ended
        walk.guard = self._guard
        walk.seq += 1
        live = [end for end in self._ends if end is not None]
        walk.ended = bool(ended) and all(ended)
        # Where nothing falls through, what stands below starts from before the arms.
        for name, old in self._before.items():
            self._scope.set(name, walk.seq, union(*(end.get(name, old) for end in live or [{}])))
        if self._after is not None and len(ended) == 2 and ended[0] != ended[1]:
            walk.guard = self._after[0] if ended[0] else self._after[1]


class Loop:
    """A loop: what its body leaves reaches its start, and what comes after it."""

    def __init__(self, walk: Walk, stmt: ast.For | ast.AsyncFor | ast.While) -> None:
        self._walk, self._stmt = walk, stmt
        self._scope, self._start, self._guard = walk.scope, walk.seq, walk.guard
        walk.then(self._enter, self._leave, partial(walk.block, stmt.orelse))

    def _enter(self) -> None:
        walk, stmt = self._walk, self._stmt
        self._scope.trail.append({})
        walk.ended = False
        if isinstance(stmt, ast.While):
            walk.guard = Guard("test", self._guard, self._scope, self._start, test=stmt.test)
        else:
            walk.guard = self._guard
            walk.bind(stmt.target, ITER, stmt.iter)
        walk.block(stmt.body)

    def _leave(self) -> None:
        walk, scope = self._walk, self._scope
        walk.seq += 1
        for name, reached in scope.trail.pop().items():
            changed = scope.current[name]
            scope.loop_back(name, self._start, changed)
            scope.set(name, walk.seq, union(reached, changed))
        walk.ended = False
        walk.guard = self._guard


class Try:
    """A try statement, its handlers, `else` and `finally`.

    `_state` is what the body leaves, `_fails` whether TensorFlow makes it fail under the target.
    """

    def __init__(self, walk: Walk, stmt: ast.Try) -> None:
        self._walk, self._stmt = walk, stmt
        self._scope, self._guard = walk.scope, walk.guard
        self._first_site = len(walk.sites)
        self._state: dict[str, Bindings] = {}
        self._before: dict[str, Bindings] = {}
        self._ends: list[dict[str, Bindings]] = []
        self._ended: list[bool] = []
        self._fails: bool | None = None
        steps: list[Callable[[], None]] = [self._body, self._else, self._body_left]
        for clause in stmt.handlers:
            steps += [partial(self._enter, clause), partial(self._leave, clause)]
        walk.then(*steps, self._merge)

    def _body(self) -> None:
        walk, stmt = self._walk, self._stmt
        self._scope.trail.append({})
        walk.ended = False
        if stmt.handlers:
            walk.guard = Guard("try", self._guard, self._scope, walk.seq, node=stmt)
        walk.block(stmt.body)

    def _else(self) -> None:
        walk, stmt = self._walk, self._stmt
        if stmt.handlers:
            self._fails = walk.reachability.fails(walk.sites[self._first_site :], stmt.handlers)
        walk.tried[stmt] = self._fails
        if not walk.ended:
            walk.block(stmt.orelse)

    def _body_left(self) -> None:
        walk, scope = self._walk, self._scope
        changed = scope.trail.pop()
        walk.seq += 1
        self._before.update(changed)
        self._state.update((name, scope.current[name]) for name in changed)
        if not walk.ended:
            self._ends.append(dict(self._state))
        self._ended.append(walk.ended)

    def _enter(self, clause: ast.ExceptHandler) -> None:
        walk, scope = self._walk, self._scope
        walk.seq += 1
        walk.guard = Guard("handler", self._guard, scope, walk.seq, node=self._stmt, handler=clause)
        walk.stmt = self._stmt
        walk.scan(clause.type)
        for name, end in self._state.items():
            scope.set(name, walk.seq, union(self._before[name], end))
        scope.trail.append({})
        walk.ended = False
        if clause.name:
            walk.set(clause.name, (Binding(OPAQUE, clause, scope, walk.seq),))
        walk.block(clause.body)

    def _leave(self, clause: ast.ExceptHandler) -> None:
        walk, scope, before = self._walk, self._scope, self._before
        changed = scope.trail.pop()
        walk.seq += 1
        end = {name: scope.current[name] for name in changed}
        if clause.name:
            end[clause.name] = ()
        for name, old in changed.items():
            before.setdefault(name, old)
            scope.set(name, walk.seq, old)
        # Under the target this handler never runs: the body works there.
        if not walk.ended and self._fails is not False:
            left = {name: union(before[name], body) for name, body in self._state.items()}
            self._ends.append({**left, **end})
        self._ended.append(walk.ended)

    def _merge(self) -> None:
        walk, state = self._walk, self._state
        walk.seq += 1
        walk.guard = self._guard
        walk.ended = bool(self._ended) and all(self._ended)
        for name, old in self._before.items():
            arms = [end.get(name, old) for end in self._ends] or [state.get(name, old)]
            merged = union(*arms)
            if self._fails and name in state:
                own = set(map(id, state[name]))
                others = tuple(b for b in merged if id(b) not in own)
                if any(not b.is_nothing for b in others):
                    merged = others
            self._scope.set(name, walk.seq, merged)
        walk.block(self._stmt.finalbody)


def as_try(stmt: ast.With | ast.AsyncWith) -> ast.Try | None:
    """`with suppress(AttributeError):` and its like as the try that it stands for."""
    caught: list[ast.expr] = []
    for item in stmt.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and last_name(call) in _CATCHERS:
            for arg in call.args:
                kinds = arg.elts if isinstance(arg, ast.Tuple) else [arg]
                caught += [kind for kind in kinds if isinstance(kind, ast.Name)]
    if not caught:
        return None
    clause = ast.ExceptHandler(type=ast.Tuple(elts=caught, ctx=ast.Load()), body=[ast.Pass()])
    return ast.Try(body=stmt.body, handlers=[clause], orelse=[], finalbody=[])


def as_test(subject: ast.expr, case: ast.match_case) -> ast.expr | None:
    """The test that a case is which asks for plain values; None for others."""
    pattern = case.pattern
    values = [p.value for p in getattr(pattern, "patterns", (pattern,))
              if isinstance(p, ast.MatchValue)]  # fmt: skip
    test: ast.expr | None = None
    if isinstance(pattern, ast.MatchSingleton):
        test = ast.Compare(subject, [ast.Is()], [ast.Constant(pattern.value)])
    elif isinstance(pattern, ast.MatchValue):
        test = ast.Compare(subject, [ast.Eq()], values)
    elif isinstance(pattern, ast.MatchOr) and len(values) == len(pattern.patterns):
        test = ast.Compare(subject, [ast.In()], [ast.Tuple(values, ast.Load())])
    elif not isinstance(pattern, ast.MatchAs) or pattern.pattern is not None:
        return None
    if test is None or case.guard is None:
        return test or case.guard
    return ast.BoolOp(ast.And(), [test, case.guard])
