"""Whether a method is the project's own: defined by a class in another of its files.

Nothing is known of an object of such a class, but that it is none of TensorFlow's: what is
TF 1 in its methods is reported where they stand.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.semantics.inference import Inference
from tf2lint.semantics.scopes import ANNOTATION, ASSIGN, ENTER, IMPORT, PARAM, Binding, Scope
from tf2lint.semantics.values import LocalClass, LocalObject, Neighbour

_DEPTH = 4  # names that are followed from one to the next

Place = tuple[str, str]  # a file, and a name at its top


class Own:
    """Asks about the receivers of one module."""

    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.beyond = inference.beyond

    def defines(self, receiver: ast.expr, method: str, scope: Scope, seq: int) -> bool:
        """Whether `receiver` is such a class, or an object of one, with its own `method`."""
        if self.beyond.path is None:
            return False
        return any(
            self.beyond.defines(where, name, method)
            for where, name in self._classes(receiver, scope, seq, 0)
        )

    def _classes(self, expr: ast.expr, scope: Scope, seq: int, depth: int) -> Iterator[Place]:
        """Where the classes may stand that `expr` is, or is an object of."""
        if depth > _DEPTH:
            return
        if isinstance(expr, ast.Call):
            func = expr.func
            if isinstance(func, ast.Name) and func.id == "super":
                yield from self._above(scope, depth)
            else:
                yield from self._classes(func, scope, seq, depth + 1)
        elif isinstance(expr, ast.IfExp):
            yield from self._classes(expr.body, scope, seq, depth + 1)
            yield from self._classes(expr.orelse, scope, seq, depth + 1)
        elif isinstance(expr, ast.Name):
            for binding in self.inference.bindings(expr.id, scope, seq)[0]:
                yield from self._of_binding(binding, depth + 1)
        elif isinstance(expr, ast.Attribute):
            for value in self.inference.values(expr.value, scope, seq):
                if isinstance(value, Neighbour):
                    yield value.path, expr.attr
                elif isinstance(value, LocalObject | LocalClass):
                    for binding in self.inference.stored(value.scope, expr.attr):
                        yield from self._of_binding(binding, depth + 1)

    def _of_binding(self, binding: Binding, depth: int) -> Iterator[Place]:
        scope, seq = binding.scope, binding.seq
        if binding.kind == IMPORT and binding.target is not None:
            place = self.beyond.place(binding.target)
            if place is not None:
                yield place
        elif binding.kind == PARAM:
            assert isinstance(binding.node, ast.arg)
            if binding.node.annotation is not None:
                outside = scope.parent or scope
                yield from self._classes(binding.node.annotation, outside, scope.seq, depth)
        elif binding.kind in (ASSIGN, ENTER, ANNOTATION):
            if binding.expr is not None and not binding.index:
                yield from self._classes(binding.expr, scope, seq, depth)

    def _above(self, scope: Scope, depth: int) -> Iterator[Place]:
        """The bases of the class around `scope`."""
        at: Scope | None = scope
        while at is not None and at.kind != "class":
            at = at.parent
        if at is not None and isinstance(at.node, ast.ClassDef):
            for base in at.node.bases:
                yield from self._classes(base, at.parent or at, at.seq, depth + 1)
