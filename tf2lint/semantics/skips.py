"""Tests that are skipped under the target: by a decorator, a mark, or before each of them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tf2lint.semantics.binder import Binder
from tf2lint.semantics.context import Inferring
from tf2lint.semantics.evaluation import Evaluation
from tf2lint.semantics.plain import Cannot, own_name
from tf2lint.semantics.scopes import ASSIGN, END, Scope, Site
from tf2lint.semantics.values import LocalFunction

_BEFORE_A_TEST = ("setUp", "setUpClass", "setup_method", "setup_class")
_BEFORE_A_MODULE = ("setUpModule", "setup_module")


class Skips:
    """Answers for the module of `inference`."""

    def __init__(self, inference: Inferring, evaluation: Evaluation) -> None:
        self._known = inference
        self._evaluation = evaluation
        self._answers: dict[Scope, bool] = {}
        self._called: dict[Scope, dict[str, list[Site]]] = {}

    def skipped(self, scope: Scope) -> bool:
        """Whether what stands in `scope` only runs under another TensorFlow."""
        if not self._known.complete or scope.parent is None or scope.top is not self._module:
            return False
        answer = self._answers.get(scope)
        if answer is None:
            self._answers[scope] = False  # as long as it is being asked
            answer = self._is_skipped(scope, scope.parent)
            self._answers[scope] = answer
            if self._evaluation.depth:
                del self._answers[scope]
        return answer

    @property
    def _module(self) -> Scope:
        return self._known.binder.module

    def _is_skipped(self, scope: Scope, parent: Scope) -> bool:
        decorators: list[ast.expr] = getattr(scope.node, "decorator_list", [])
        if any(self._skips(decorator, parent, scope.seq) for decorator in decorators):
            return True
        if scope.kind == "class" and self._before(scope, _BEFORE_A_TEST):
            return True
        if parent is self._module:
            return self._before(parent, _BEFORE_A_MODULE)
        return self.skipped(parent)

    def _before(self, scope: Scope, names: tuple[str, ...]) -> bool:
        """Whether a mark of the class or module, or what runs before its tests, skips them."""
        for mark in scope.reaching("pytestmark", END) or ():
            if mark.kind == ASSIGN and mark.expr is not None:
                listed = isinstance(mark.expr, ast.List | ast.Tuple)
                marks = mark.expr.elts if listed else [mark.expr]  # type: ignore[attr-defined]
                if any(self._skips(one, mark.scope, mark.seq) for one in marks):
                    return True
        return any(
            binding.inner is not None and self._leaves(binding.inner)
            for name in names
            for binding in scope.reaching(name, END) or ()
        )

    def left_by(self, call: ast.expr, scope: Scope, seq: int) -> bool:
        """Whether the call of a function of the project never comes back under the target."""
        assert isinstance(call, ast.Call)
        called = self._known.values(call.func, scope, seq)
        return bool(called) and all(
            isinstance(value, LocalFunction) and self._leaves(value.scope) for value in called
        )

    def _leaves(self, scope: Scope) -> bool:
        """Whether the function raises under the target: `if is_tf2(): self.skipTest("")`."""
        self._known.at(scope).binder.look_into(scope)  # of another file, it may wait for that
        return self._end(getattr(scope.node, "body", ()), scope) is True

    def _end(self, body: Sequence[ast.stmt], scope: Scope) -> bool | None:
        """Whether a body leaves, or returns (False); None where it goes on, as most do."""
        there = self._known.at(scope).binder
        for stmt in body:
            if there.leaves(stmt, scope):
                return True
            if isinstance(stmt, ast.Return):
                return False
            if not isinstance(stmt, ast.If):
                continue
            try:
                holds = self._evaluation.truth(stmt.test, scope, END)
            except Cannot:
                holds = None
            if holds is not None:
                end = self._end(stmt.body if holds else stmt.orelse, scope)
                if end is not None:
                    return end
            elif any(isinstance(node, ast.Return) for node in ast.walk(stmt)):
                return False
        return None

    def _skips(self, decorator: ast.expr, scope: Scope, seq: int) -> bool:
        try:
            if self._evaluation.skips(decorator, scope, seq):
                return True
        except Cannot as cannot:
            if cannot.version:
                return True
        values = self._known.values(decorator, scope, seq)
        return any(isinstance(v, LocalFunction) and self._never_calls(v.scope) for v in values)

    def _never_calls(self, decorator: Scope) -> bool:
        """Whether a decorator of the project calls what it is given under another target only."""
        there = self._known.at(decorator)
        there.binder.look_into(decorator)  # of another file, it may wait for that
        node = decorator.node
        if not isinstance(node, ast.FunctionDef) or not node.args.args:
            return False
        name = node.args.args[0].arg
        calls = [
            site for site in self._calls(there.binder).get(name, ()) if _is_in(site, decorator)
        ]
        return bool(calls) and all(there.reachability.never(site.guard) for site in calls)

    def _calls(self, binder: Binder) -> dict[str, list[Site]]:
        """Where names are called, all of the module's functions walked."""
        found = self._called.get(binder.module)
        if found is None:
            found = self._called[binder.module] = {}
            for site in binder.calls_of_names():
                found.setdefault(own_name(site.node), []).append(site)
        return found


def _is_in(site: Site, function: Scope) -> bool:
    scope: Scope | None = site.scope
    while scope is not None and scope is not function:
        scope = scope.parent
    return scope is function
