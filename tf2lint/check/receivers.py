"""Findings on objects: on calls for a keyword, on methods of what is not known, on stores."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from tf2lint.check.dispatch import by_name
from tf2lint.check.matchers import Matchers
from tf2lint.check.places import Places
from tf2lint.check.reference import Reference
from tf2lint.check.registry import Entry
from tf2lint.finding import Finding
from tf2lint.semantics.objects import lineage
from tf2lint.semantics.scopes import PARAM, Scope, Site
from tf2lint.semantics.values import (
    Foreign,
    Instance,
    Nothing,
    Unknown,
    Value,
    Values,
)
from tf2lint.tensorflow import paths

_NEVER_TENSORFLOW = frozenset({"builtins", "numpy", "pandas", "scipy", "torch"}).union(
    sys.stdlib_module_names
)


class Receivers:
    """Asks what rules say of the objects in one module."""

    def __init__(self, matchers: Matchers, places: Places) -> None:
        self.module = matchers.module
        self.options = self.module.options
        self.inference = self.module.inference
        self.rules = matchers.rules
        self.matchers = matchers
        self.places = places

    def stores(self) -> Iterator[Finding]:
        """Findings on `object.attribute = value`."""
        names = {symbol.rpartition(".")[2] for symbol in self.rules.stores}
        for target, binding in self.inference.binder.stores:
            if target.attr not in names:
                continue
            for value in self.inference.values(target.value, binding.scope, binding.seq):
                stmt = self.module.source.enclosing(target, ast.stmt)
                if isinstance(value, Instance) and stmt is not None:
                    site = Site(target, None, binding.scope, binding.seq, binding.guard, stmt,
                                "store")  # fmt: skip
                    path = f"{value.path}.{target.attr}"
                    ref = self.places.reference(site, target, path, target.value)
                    for entry in by_name(self.rules.stores, ref.symbol):
                        yield from self.matchers.findings(entry, ref)

    def keywords(self, site: Site, node: ast.expr) -> Iterator[Finding]:
        """Findings on calls of objects for one of their keywords."""
        assert site.call is not None
        for keyword in site.call.keywords:
            entries = self.rules.keywords.get(keyword.arg or "", ())
            if not entries or not self.module.imports_tensorflow:
                continue
            values = self.inference.values(node, site.scope, site.seq)
            known = [v for v in values if isinstance(v, Instance)]
            if not known and any(not isinstance(v, Unknown | Nothing) for v in values):
                continue
            if not known and not self.options.unknown_receivers:
                continue
            path = f"{known[0].path if known else 'tensorflow.?'}.__call__"
            ref = self.places.reference(site, node, path, node, certain=bool(known))
            for entry in entries:
                yield from self.matchers.findings(entry, ref)

    def unknown(self, site: Site, node: ast.Attribute, values: Values) -> Iterator[Finding]:
        """Findings on a member, by its name alone, of an object of which nothing is known."""
        if node.attr not in self.rules.anywhere and not self._guesses:
            return
        base = self.inference.values(node.value, site.scope, site.seq)
        owner = self._taken_for(node.value, site) if self.members else ""
        taken = self._taken_as_unknown(node.attr, foreign=bool(owner))
        if not all(taken(v) for v in (*values, *base)):
            return
        ref = self._nameless(site, node)
        found = self._first(self.rules.unknown.get(node.attr, ()), ref)
        if owner and not found:
            path = f"{paths.path_of(owner)}.{node.attr}"
            guess = self.places.reference(site, node, path, node.value, certain=False)
            found = self._first(by_name(self.rules.exact, guess.symbol), guess)
        for entry in self.rules.beside_unknown.get(node.attr, ()):
            found += self.matchers.findings(entry, ref)
        yield from found

    def _first(self, entries: Iterable[Entry], ref: Reference) -> list[Finding]:
        """What the first of `entries` says that has anything to say."""
        return next(filter(None, (list(self.matchers.findings(e, ref)) for e in entries)), [])

    def _nameless(self, site: Site, node: ast.Attribute) -> Reference:
        path = f"tensorflow.?.{node.attr}"
        return self.places.reference(site, node, path, node.value, certain=False)

    @cached_property
    def _guesses(self) -> bool:
        return self.options.unknown_receivers and self.module.imports_tensorflow

    # What an object is taken for, by what is called on it elsewhere.

    @cached_property
    def members(self) -> frozenset[str]:
        """Names of members of the classes that objects of this module are taken for."""
        return frozenset().union(*(self.rules.members_of(owner) for owner in self._taken.values()))

    @cached_property
    def _taken(self) -> dict[object, str]:
        """Classes by the objects of which nothing else is known: names, and attributes."""
        found: dict[object, str] = {}
        telling = self.rules.telling
        for site in self.inference.binder.sites:
            node = site.node
            if site.call is None or type(node) is not ast.Attribute or node.attr not in telling:
                continue
            if not self._guesses:
                break
            base = self.inference.values(node.value, site.scope, site.seq)
            if all(map(self._taken_as_unknown(node.attr), base)):
                ref = self._nameless(site, node)
                for entry in telling[node.attr]:
                    if self.matchers.says(entry, ref):
                        found.update(dict.fromkeys(self._holders(node.value, site), entry.of))
        return found

    def _taken_for(self, expr: ast.expr, site: Site) -> str:
        """The class that the object `expr` is taken for; nothing for most."""
        return next(filter(None, map(self._taken.get, self._holders(expr, site))), "")

    def _holders(self, expr: ast.expr, site: Site) -> list[object]:
        """What holds the object: a name in a scope, an attribute of a class or of such a name."""
        name = expr.value if isinstance(expr, ast.Attribute) else expr
        if not isinstance(name, ast.Name):
            return []
        bindings, scope = self.inference.bindings(name.id, site.scope, site.seq)
        if scope is None or name is expr:
            return [] if scope is None else [(scope, name.id)]
        assert isinstance(expr, ast.Attribute)
        owners = [b.scope.method_of for b in bindings if b.kind is PARAM]
        if name.id == scope.self_name and len(owners) == 1 and owners[0] is not None:
            above = lineage(self.inference, owners[0], 0)
            return [(one, expr.attr) for one in above if isinstance(one, Scope)]
        return [(scope, name.id, expr.attr)]

    def _taken_as_unknown(self, method: str, foreign: bool = False) -> Callable[[Value], bool]:
        """Which receivers `method` is looked at on: what other packages give only if it asks."""
        foreign = foreign or method in self.rules.foreign

        def taken(value: Value) -> bool:
            if isinstance(value, Foreign):
                package = value.origin.partition(".")[0]
                return foreign and package not in _NEVER_TENSORFLOW
            return isinstance(value, Unknown | Nothing)

        return taken
