"""Whom inference asks: the modules around, and the inference of any one of them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from tf2lint.semantics.binder import Binder
from tf2lint.semantics.files import ImportTarget
from tf2lint.semantics.scopes import Binding, Bindings, Scope, Site
from tf2lint.semantics.values import LocalClass, LocalObject, Value, Values
from tf2lint.semantics.walk import Reachability


class State:
    """What is being asked, over all modules: a way that comes back to itself is cut short.

    `cuts` counts the ways that were not followed to their end, `partial` those of them that
    ended at a module which is not bound yet.
    """

    def __init__(self) -> None:
        self.open: set[int] = set()
        self.cuts = 0
        self.partial = 0
        self.asked = 0  # bindings, by the question that is open
        self.passing: dict[int, Values] = {}  # what those gave it

    def cut(self, partial: bool = False) -> None:
        """A way ends here."""
        self.cuts += 1
        self.partial += partial

    @contextmanager
    def afresh(self) -> Iterator[None]:
        """While another module is bound: its questions are no part of the one that is open."""
        outer = self.open, self.asked, self.passing
        self.open, self.asked, self.passing = set(), 0, {}
        try:
            yield
        finally:
            self.open, self.asked, self.passing = outer


class Modules(Protocol):
    """What inference asks of the modules around."""

    state: State

    @property
    def main(self) -> Inferring | None:
        """The inference of the module that is looked at."""

    def of(self, top: Scope) -> Inferring:
        """Who answers for the module whose scope is `top`."""

    def module(self, path: str) -> Inferring | None:
        """The module in the file at `path`."""

    def imported(self, inference: Inferring, target: ImportTarget, depth: int) -> Values:
        """What an import in the module of `inference` binds."""

    def exported(self, path: str, name: str, depth: int) -> Values:
        """What `name` means at the top level of the module in the file at `path`."""

    def way(self, inference: Inferring, target: ImportTarget) -> Iterator[Inferring]:
        """The modules that an import leads through to what it binds."""


class Inferring(Protocol):
    """What is asked of the inference of one module.

    Those who answer a part of its questions (`calls.py`, `objects.py`, `patches.py`) ask it, and
    that of other modules, for all else. `depth` counts the bindings that a question came by.
    """

    state: State
    binder: Binder
    path: str | None  # of the file
    keras: bool  # whether the package of that name is TensorFlow's here
    complete: bool  # whether the module is bound; from then on answers are kept

    @property
    def modules(self) -> Modules:
        """The modules around."""

    @property
    def reachability(self) -> Reachability:
        """Who says which code runs."""

    @property
    def stores_on_tensorflow(self) -> dict[str, list[tuple[int, Binding]]]:
        """What the module sets on those of TensorFlow that have not just that, and since when."""

    def at(self, scope: Scope) -> Inferring:
        """Who answers for what stands in `scope`."""

    def values(self, expr: ast.expr, scope: Scope, seq: int, depth: int = 0) -> Values:
        """What `expr`, read in `scope` at `seq`, may be; () where nothing is known."""

    def every(self, many: Iterable[ast.expr], scope: Scope, seq: int, depth: int) -> Values:
        """What any of several expressions may be."""

    def annotated(self, expr: ast.expr, scope: Scope, seq: int, depth: int = 0) -> Values:
        """What something annotated with `expr` may be."""

    def attribute(self, value: Value, attr: str, depth: int = 0) -> Values:
        """What `value.attr` may be."""

    def bindings(self, name: str, scope: Scope, seq: int) -> tuple[Bindings, Scope | None]:
        """What reaches `name` there, and the scope that binds it (None: no scope does)."""

    def name(self, name: str, scope: Scope, seq: int, depth: int = 0) -> Values:
        """What the name `name` may mean in `scope` at `seq`."""

    def of_bindings(self, bindings: Bindings, depth: int) -> Values:
        """What a name is that `bindings` reach."""

    def bound(self, binding: Binding, depth: int = 0) -> Values:
        """What `binding` gives its name."""

    def imported(self, target: ImportTarget, depth: int = 0) -> Values:
        """What an import of the module binds."""

    def exported(self, name: str, depth: int) -> Values:
        """What `name` means at the end of the module, for who imports it."""

    def sources(self, name: str | None) -> list[ImportTarget]:
        """The imports that the name at the top of the module comes by."""

    def returned(self, scope: Scope, depth: int) -> Values:
        """What a call of the function `scope` gives."""

    def calls_of(self, scope: Scope) -> list[Site]:
        """Calls, in the module that is looked at, of what may be the function `scope`."""

    def calls_named(self, name: str, own: bool) -> list[Site]:
        """Calls in the module of what goes by that name: its `own`, or what others have."""

    def held(
        self, scope: Scope, value: LocalObject | LocalClass, attr: str, depth: int
    ) -> list[Value]:
        """What the class `scope` of the module says itself of the attribute of `value`."""

    def stored(self, owner: object, attr: str) -> list[Binding]:
        """What is stored in the attribute `attr` of the class, or the named object, `owner`."""

    def above(self, scope: Scope, depth: int) -> Values:
        """What the class `scope` of the module names as its bases."""

    def import_target(self, site: Site) -> ImportTarget:
        """What the imported alias at `site` names, in full."""
