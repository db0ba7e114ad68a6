"""What class of the module under examination a reference stands in; shared by rules."""

from __future__ import annotations

import ast

from tf2lint.check.reference import Reference
from tf2lint.semantics.scopes import Scope
from tf2lint.semantics.symbols import bases_of
from tf2lint.semantics.values import LocalClass, Symbol
from tf2lint.tensorflow import paths

LAYER = "tf.keras.layers.Layer"
_MANY = 32  # classes above one that are looked at


def keras_self(ref: Reference) -> str:
    """What a method of a Keras layer or model around the reference calls its object, or ""."""
    scope: Scope | None = ref.site.scope
    while scope is not None and scope.method_of is None:
        scope = scope.parent
    if scope is None or scope.method_of is None or not scope.self_name:
        return ""
    return scope.self_name if is_layer(ref, scope.method_of) else ""


def is_layer(ref: Reference, owner: Scope) -> bool:
    """Whether the class `owner` of this module is a Keras layer or model, by its bases."""
    todo, seen = [owner], 0
    while todo and seen < _MANY:
        scope = todo.pop()
        seen += 1
        node = scope.node
        if not isinstance(node, ast.ClassDef):
            continue
        for base in node.bases:
            for value in ref.module.values(base, scope.parent or scope, scope.seq):
                if isinstance(value, LocalClass):
                    todo.append(value.scope)
                elif isinstance(value, Symbol):
                    name = paths.symbol(value.path)
                    if LAYER in (name, *bases_of(name)):
                        return True
    return False
