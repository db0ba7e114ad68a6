"""Findings on objects: on calls for a keyword, on methods of what is not known, on stores."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator

from tf2lint.check.dispatch import by_name
from tf2lint.check.matchers import Matchers
from tf2lint.check.places import Places
from tf2lint.finding import Finding
from tf2lint.semantics.scopes import Site
from tf2lint.semantics.values import Foreign, Instance, Nothing, Unknown, Value, Values

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
        if node.attr not in self.rules.anywhere and not (
            self.options.unknown_receivers and self.module.imports_tensorflow
        ):
            return
        taken = self._taken_as_unknown(node.attr)
        if not all(taken(v) for v in values):
            return
        base = self.inference.values(node.value, site.scope, site.seq)
        if not all(taken(v) for v in base):
            return
        path = f"tensorflow.?.{node.attr}"
        ref = self.places.reference(site, node, path, node.value, certain=False)
        found: list[Finding] = []
        for entry in self.rules.unknown.get(node.attr, ()):
            found = list(self.matchers.findings(entry, ref))
            if found:
                break
        for entry in self.rules.beside_unknown.get(node.attr, ()):
            found += self.matchers.findings(entry, ref)
        yield from found

    def _taken_as_unknown(self, method: str) -> Callable[[Value], bool]:
        """Which receivers `method` is looked at on: what other packages give only if it asks."""
        foreign = method in self.rules.foreign

        def taken(value: Value) -> bool:
            if isinstance(value, Foreign):
                package = value.origin.partition(".")[0]
                return foreign and package not in _NEVER_TENSORFLOW
            return isinstance(value, Unknown | Nothing)

        return taken
