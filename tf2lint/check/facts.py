"""One file under examination, and what is so of it as a whole: each fact is found out once."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import count
from typing import NamedTuple, TypeVar, cast

from tf2lint.finding import Edit
from tf2lint.options import Options
from tf2lint.semantics.files import MAKER
from tf2lint.semantics.inference import Inference
from tf2lint.semantics.scopes import Binding, Scope, Site
from tf2lint.semantics.values import Builtin, LocalFunction, Symbol, Value, Values
from tf2lint.source import Source
from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.status import era, status_of

_FIELDS = 8  # of fields in fields, that many are looked at
_Fact = TypeVar("_Fact")


class Store(NamedTuple):
    """`base.a.b = value`: where, the attributes from the outermost inwards, and the value."""

    place: tuple[int, int]
    chain: tuple[ast.Attribute, ...]
    binding: Binding


class Use(NamedTuple):
    """A symbol that something in the module may mean: where, and its path as reached there."""

    site: Site
    path: str

    @property
    def is_import(self) -> bool:
        """Whether the place is in an import statement."""
        return isinstance(self.site.node, ast.alias)


@dataclass(frozen=True)
class Module:
    """One file under examination.

    What any rule may ask of it is a property here; what only one part of the rules asks is a
    function there, asked through `fact`.
    """

    source: Source
    inference: Inference
    options: Options
    _facts: dict[Callable[[Module], object], object] = field(default_factory=dict, repr=False)

    @property
    def target(self) -> api.Version:
        """The TensorFlow release that the code shall run on."""
        return self.options.target

    def values(self, expr: ast.expr, scope: Scope, seq: int) -> Values:
        """What `expr`, read there, may be."""
        return self.inference.values(expr, scope, seq)

    def fact(self, find: Callable[[Module], _Fact]) -> _Fact:
        """What `find` says of this module; it is called once."""
        if find not in self._facts:
            self._facts[find] = find(self)
        return cast("_Fact", self._facts[find])

    def forget(self) -> None:
        """Let go of all facts: many of them lead back to the module."""
        self._facts.clear()
        self.__dict__.pop("_uses", None)

    @property
    def uses(self) -> Iterator[Use]:
        """All symbols that the module may mean, in order of source; found as they are asked for."""
        found, more = self._uses
        for at in count():
            if at == len(found):
                one = next(more, None)
                if one is None:
                    return
                found.append(one)
            yield found[at]

    @cached_property
    def _uses(self) -> tuple[list[Use], Iterator[Use]]:
        return [], self._look_for_uses()

    def _look_for_uses(self) -> Iterator[Use]:
        inference = self.inference
        for site in inference.binder.sites:
            if isinstance(site.node, ast.alias):
                values = inference.imported(inference.import_target(site))
            elif inference.is_inert(site.node, site.scope, site.seq):
                continue
            else:
                values = inference.values(site.node, site.scope, site.seq)
            for value in values:
                if isinstance(value, Symbol):
                    yield Use(site, value.path)

    def marked(self, edits: tuple[Edit, ...], safe: bool) -> tuple[Edit, ...]:
        """`edits`, each said to be safe or not; those of a whole module are marked once."""
        known = self._marked.get((id(edits), safe))
        if known is None:
            told = tuple(replace(edit, safe=safe) for edit in edits)
            known = self._marked[id(edits), safe] = edits, told
        return known[1]

    @cached_property
    def _marked(self) -> dict[tuple[int, bool], tuple[tuple[Edit, ...], tuple[Edit, ...]]]:
        return {}  # with the edits themselves, so that no others can come to have their id

    @cached_property
    def packages(self) -> frozenset[str]:
        """The top-level packages that the module imports."""
        names: set[str] = set()
        for site in self.inference.binder.sites:
            if isinstance(site.node, ast.alias):
                stmt = site.stmt
                name = stmt.module or "" if isinstance(stmt, ast.ImportFrom) else site.node.name
                names.add(name.partition(".")[0])
        return frozenset(names)

    @cached_property
    def stores(self) -> dict[tuple[Scope, str], list[Store]]:
        """Stores to attributes in source order, by scope and the text of each part below."""
        found: dict[tuple[Scope, str], list[Store]] = {}
        for target, binding in self.inference.binder.stores:
            chain: list[ast.Attribute] = []
            node: ast.expr = target
            while isinstance(node, ast.Attribute) and len(chain) < _FIELDS:
                chain.append(node)
                node = node.value
                key = (binding.scope, self.source.segment(node))
                place = (target.lineno, target.col_offset)
                found.setdefault(key, []).append(Store(place, (*chain,), binding))
        for stores in found.values():
            stores.sort(key=lambda store: store.place)
        return found

    @cached_property
    def imports_tensorflow(self) -> bool:
        """Whether the module imports TensorFlow, or a function that gives it."""
        return any(
            self._brings(value)
            for site in self.inference.binder.sites
            if site.use == "import"
            for value in self.inference.imported(self.inference.import_target(site))
        )

    def _brings(self, value: Value) -> bool:
        given: Iterable[Value] = (value,)
        if isinstance(value, LocalFunction):
            given = self.inference.given(value)
        return any(isinstance(one, Symbol) or one == Builtin(MAKER) for one in given)

    @cached_property
    def speaks_tf1(self) -> bool:
        """Whether the module is written for TF 1: it uses, unguarded, what no TF 2 has at all.

        A name that only moved does not count, it may be a slip; a name that only TF 2 has
        counts against it.
        """
        found = False
        guarded = self.inference.binder.reachability.guarded
        for site, path in (use for use in self.uses if not use.is_import):
            if paths.route(path) == "tf":
                since = era(paths.symbol(path))
                if since == 2:
                    return False
                found = found or (since == 1 and not guarded(site))
        return found

    @cached_property
    def needs_tf1(self) -> bool:
        """Whether something in the module cannot run in the target, or only through compat.v1."""
        return any(not use.is_import and _is_old(use.path, self.target) for use in self.uses)


@lru_cache(maxsize=4096)
def _is_old(path: str, target: api.Version) -> bool:
    """Whether what TF 1 has at `path` is gone in the target, or only in compat.v1."""
    name = paths.symbol(path)
    found = api.symbol(name)
    if found is None or not found.tf1 or found.kind == "module":
        return paths.under(name, "tf.contrib")
    return status_of(name, paths.route(path), target) in ("removed", "compat")
