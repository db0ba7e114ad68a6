"""Attributes of the project's own classes and of their objects."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.semantics import limits, symbols
from tf2lint.semantics.context import Inferring
from tf2lint.semantics.outline import may_hold
from tf2lint.semantics.plain import last_name
from tf2lint.semantics.scopes import CLASS, END, PARAM, Binding, Scope
from tf2lint.semantics.values import (
    UNKNOWN,
    LocalClass,
    LocalFunction,
    LocalObject,
    Member,
    Symbol,
    Value,
    Values,
    distinct,
)


def lineage(here: Inferring, scope: Scope, depth: int) -> Iterator[Scope | Symbol]:
    """A class and what is above it, nearest first: scopes of the project's own, and TensorFlow's.

    What is above one is asked for when the next one is.
    """
    todo: list[Scope | Symbol] = [scope]
    seen: set[Scope] = set()
    while todo and len(seen) < limits.CLASSES:
        one = todo.pop(0)
        if isinstance(one, Symbol):
            yield one
        elif one not in seen:
            seen.add(one)
            yield one
            for up in here.at(one).above(one, depth):
                if isinstance(up, LocalClass):
                    todo.append(up.scope)
                elif isinstance(up, Symbol):
                    todo.append(up)


class Objects:
    """Answers for the classes of one module, which `inference` is asked about."""

    def __init__(self, inference: Inferring) -> None:
        self._here = inference
        self._stored: dict[tuple[object, str], list[Binding]] = {}
        self._stored_of = 0  # how many stores those are made of
        self._attributes: dict[tuple[type, Scope, str], Values] = {}

    def forget(self) -> None:
        """What stores are made to may be something else by now."""
        self._stored, self._stored_of = {}, 0

    def attribute(self, value: LocalObject | LocalClass, attr: str, depth: int) -> Values:
        """The attribute of a class, its bases included, or of an object of it."""
        key = type(value), value.scope, attr  # as tuples, a class and its objects are equal
        known = self._attributes.get(key)
        if known is not None:
            return known
        before = self._here.state.cuts
        found = self._attribute(value, attr, depth)
        if self._here.complete and self._here.state.cuts == before:
            self._attributes[key] = found
        return found

    def _attribute(self, value: LocalObject | LocalClass, attr: str, depth: int) -> Values:
        members: list[Value] = []
        for one in lineage(self._here, value.scope, depth + 1):
            if isinstance(one, Symbol):
                members.append(symbols.member(one.path, attr))
            elif not one.block or may_hold(one.block, attr):
                there = self._here.at(one)
                if not there.binder.look_for(one, attr):
                    self._here.state.cut()
                if own := there.held(one, value, attr, depth):
                    return distinct(own)
        return distinct(members)

    def held(
        self, scope: Scope, value: LocalObject | LocalClass, attr: str, depth: int
    ) -> list[Value]:
        """What the class `scope` of this module says itself of the attribute of `value`."""
        here = self._here
        out: list[Value] = []
        stored = self.stored(scope, attr)
        if stored:
            # In order of source, whichever method was looked into first.
            in_order = sorted(stored, key=lambda one: (one.scope.seq, one.seq))
            out += here.of_bindings(tuple(in_order), depth)
        for binding in scope.reaching(attr, END) or ():
            for found in here.bound(binding, depth + 1):
                if isinstance(found, LocalFunction):
                    out += self._method(found, value, depth)
                else:
                    out.append(found)
        return out

    def _method(self, found: LocalFunction, value: Value, depth: int) -> Values:
        node = found.scope.node
        if isinstance(node, ast.FunctionDef) and isinstance(value, LocalObject):
            # Properties of any kind: `property`, `cached_property`, `lazy_property` ...
            if any("property" in last_name(d) for d in node.decorator_list):
                # What it reads of an object, or of a constant, is a plain value outside.
                given = self._here.returned(found.scope, depth)
                plain = [
                    v for v in given if not isinstance(v, Member) and not symbols.is_constant(v)
                ]
                return tuple(plain) or (UNKNOWN,)
        return (found._replace(bound=True),)

    def stored(self, owner: object, attr: str) -> list[Binding]:
        """What is stored in the attribute `attr` of the class, or the named object, `owner`."""
        stores = self._here.binder.stores
        if self._stored_of != len(stores):
            if not self._here.complete:
                self.forget()
            for target, binding in stores[self._stored_of :]:
                for key in self._holders(target.value, binding):
                    self._stored.setdefault((key, target.attr), []).append(binding)
            self._stored_of = len(stores)
        return self._stored.get((owner, attr), [])

    def stored_on_name(self, node: ast.Attribute, scope: Scope, seq: int) -> list[Binding]:
        """What is stored in the attribute `node` of a name."""
        if not self._here.binder.stores or not isinstance(node.value, ast.Name):
            return []
        _, holder = self._here.bindings(node.value.id, scope, seq)
        return self.stored((holder, node.value.id), node.attr) if holder is not None else []

    def _holders(self, base: ast.expr, store: Binding) -> Iterator[object]:
        """What the `base` of a store to an attribute is: a class, or a name in a scope."""
        if not isinstance(base, ast.Name):
            return
        bindings, holder = self._here.bindings(base.id, store.scope, store.seq)
        if holder is None:
            return
        key: object = (holder, base.id)
        for one in bindings:
            if one.kind is PARAM and one.scope.method_of is not None:
                if base.id == one.scope.self_name:
                    key = one.scope.method_of
            elif one.kind is CLASS:
                key = one.inner
        yield key
