"""What a module, or one that it imports from, sets on modules of TensorFlow."""

from __future__ import annotations

import ast
from collections.abc import Container
from functools import cached_property

from tf2lint.semantics.context import Inferring
from tf2lint.semantics.scopes import FUNCTION, Binding, Scope, Site
from tf2lint.semantics.values import UNKNOWN, Symbol, Values


class _Everything:
    def __contains__(self, _: object) -> bool:
        return True


ALL = _Everything()


class Patches:
    """Answers for one module, which `inference` is asked about.

    A path ends in `*` for what may be all that is below.
    """

    def __init__(self, inference: Inferring) -> None:
        self._here = inference

    @cached_property
    def own_names(self) -> Container[str]:
        """Names of attributes that the module assigns to."""
        own = frozenset(target.attr for target, _ in self._here.binder.stores)
        return ALL if "*" in own else own

    @cached_property
    def names(self) -> Container[str]:
        """Names that somebody assigns to on modules of TensorFlow, and all of `own_names`."""
        taken = self._of_others
        if self.own_names is ALL or any(path.endswith(".*") for path in taken):
            return ALL
        assert isinstance(self.own_names, frozenset)
        return self.own_names.union(path.rpartition(".")[2] for path in taken)

    @cached_property
    def _of_others(self) -> dict[str, Values]:
        """What neighbours set on modules of TensorFlow that the target has not there.

        Only where those modules come from neighbours: who imports TensorFlow itself has what
        TensorFlow has.
        """
        self.__dict__["_of_others"] = {}  # asked for while it is made
        here, binder = self._here, self._here.binder
        stars = [star.target for star in binder.module.stars if star.target is not None]
        targets = [*(target for _, target in binder.import_aliases), *stars]
        own = {t.module.partition(".")[0] for t in targets if t.level == 0}
        found: dict[str, Values] = {}
        for other in dict.fromkeys(o for t in targets for o in here.modules.way(here, t)):
            for path, stores in other.stores_on_tensorflow.items():
                if path.partition(".")[0] not in own:
                    bindings = tuple(binding for _, binding in stores)
                    found.setdefault(path, other.of_bindings(bindings, 1) or (UNKNOWN,))
        return found

    @cached_property
    def own(self) -> dict[str, list[tuple[int, Binding]]]:
        """What this module sets on those of TensorFlow that have not just that, and since when.

        In functions, where it calls them itself.
        """
        found: dict[str, list[tuple[int, Binding]]] = {}
        self.__dict__["own"] = found  # asked for while it is made
        here = self._here
        stores = [(t, b) for t, b in here.binder.stores if b.scope.method_of is None]
        since = self._run_here() if stores else {}
        for target, binding in stores:
            if binding.scope not in since:
                continue
            for value in here.values(target.value, binding.scope, binding.seq):
                if isinstance(value, Symbol) and here.reachability.works(value.path):
                    if self._counts(f"{value.path}.{target.attr}", target, binding):
                        at = since[binding.scope] or binding.seq
                        found.setdefault(f"{value.path}.{target.attr}", []).append((at, binding))
        return found

    def _run_here(self) -> dict[Scope, int]:
        """The module, and the functions that it calls itself, each with the place of the call."""
        binder, module = self._here.binder, self._here.binder.module
        since: dict[Scope, int] = {module: 0}
        for site in [s for s in binder.sites if s.call is not None and s.scope is module]:
            name = site.node.id if isinstance(site.node, ast.Name) else ""
            for made in module.reaching(name, site.seq) or ():
                if made.kind is FUNCTION and made.inner is not None:
                    binder.look_into(made.inner)
                    since.setdefault(made.inner, site.seq)
        return since

    def _counts(self, path: str, target: ast.Attribute, binding: Binding) -> bool:
        """Whether a store that runs puts at `path` what the target has not there."""
        reachability = self._here.reachability
        site = Site(target, None, binding.scope, binding.seq, binding.guard, ast.Pass(), "store")
        missing = target.attr == "*" or reachability.works(path) is False
        return (missing or self._is_another(path, binding)) and not reachability.guarded(site)

    def _is_another(self, path: str, binding: Binding) -> bool:
        """Whether the binding gives another symbol of TensorFlow than what is at `path`."""
        values = self._here.of_bindings((binding,), 1)
        return any(isinstance(v, Symbol) and v.path != path for v in values)

    def at(self, path: str, scope: Scope, seq: int, depth: int) -> Values:
        """What somebody set at `path`, as read in `scope` at `seq`; () if nobody did."""
        later = scope.kind == "function"
        names = [path]
        if self._here.reachability.works(path) is False:
            names.append(f"{path.rpartition('.')[0]}.*")
        for name in names:
            set_here = [b for since, b in self.own.get(name, ()) if later or since < seq]
            if set_here:
                return self._here.of_bindings(tuple(set_here), depth)
        return next((self._of_others[name] for name in names if name in self._of_others), ())
