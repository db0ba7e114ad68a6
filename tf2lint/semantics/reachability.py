"""Which code runs under the target TensorFlow: version tests, hasattr, try/except."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tf2lint.semantics.context import Inferring
from tf2lint.semantics.evaluation import Evaluation
from tf2lint.semantics.plain import Cannot
from tf2lint.semantics.scopes import Guard, Scope, Site
from tf2lint.semantics.skips import Skips
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api
from tf2lint.tensorflow.status import works

_INSPECTED = frozenset({"getfullargspec", "getargspec", "signature"})
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})
_BROAD = frozenset({"Exception", "BaseException", ""})


class Reachability:
    """Answers for the module of `inference` under one target."""

    def __init__(self, target: api.Version, inference: Inferring) -> None:
        self.target = target
        self.inference = inference
        self._tried = inference.binder.tried
        self._evaluation = Evaluation(target, inference)
        self._skips = Skips(inference, self._evaluation)
        self._truths: dict[Guard, object] = {}
        self._known: dict[ast.expr, bool | None] = {}

    # What the walk asks.

    def works(self, path: str) -> bool | None:
        """Whether the target has what is at `path`; None where that is not known."""
        return works(path, self.target)

    def truth(self, test: ast.expr, scope: Scope, seq: int) -> bool | None:
        """Whether `test` holds under the target; None where that is not known."""
        if test in self._known:
            return self._known[test]
        try:
            holds = self._evaluation.truth(test, scope, seq)
        except Cannot:
            holds = None
        if self.inference.complete and not self._evaluation.depth:
            self._known[test] = holds
        return holds

    def fails(self, sites: Sequence[Site], handlers: Sequence[ast.ExceptHandler]) -> bool | None:
        """Whether TensorFlow code at `sites` raises what `handlers` catch.

        False: all of it works under the target. None: there is none, or what it raises
        is not caught.
        """
        caught = _caught(handlers)
        kinds = caught & (_IMPORT_ERRORS | {"AttributeError"})
        if not kinds and not caught & _BROAD:
            return None
        if not kinds and any(site.use != "import" for site in sites):
            return None
        seen = False
        for site in sites:
            if site.use == "import" and _is_tf_keras(site):
                seen = True  # whoever tries tf_keras first has it
                continue
            state = self._site_works(site)
            if state is None:
                continue
            seen = True
            if not state:
                needed = _IMPORT_ERRORS | _BROAD if site.use == "import" else {"AttributeError"}
                return True if caught & needed else None
        return False if seen else None

    def _site_works(self, site: Site) -> bool | None:
        inference = self.inference
        states: list[bool | None] = []
        node = site.node
        if isinstance(node, ast.alias):
            target = inference.import_target(site)
            values = inference.imported(target) if target is not None else ()
        else:
            values = inference.values(node, site.scope, site.seq)
        for value in values:
            if isinstance(value, Symbol):
                states.append(works(value.path, self.target))
        known = [s for s in states if s is not None]
        return any(known) if known else None

    # What the engine asks.

    def guarded(self, site: Site, raises: str = "") -> bool:
        """Whether `site` only runs under TF 1, or what it raises is caught there.

        `raises` is the exception's name, `nothing` where it raises none; by default what a
        missing name raises.
        """
        wanted = raises or ("ImportError" if site.use == "import" else "AttributeError")
        guard = site.guard
        while guard is not None:
            if guard.kind == "test":
                if self._test_excludes(guard):
                    return True
                if raises == "TypeError" and guard.positive and _asks_for_argument(guard.test):
                    return True
            elif guard.kind == "try":
                assert guard.node is not None
                if self._try_catches(guard.node, wanted, site):
                    return True
            elif guard.kind == "call":
                if self._left_before(guard):
                    return True
            elif self._handler_is_old(guard, wanted):
                return True
            guard = guard.parent
        return self._skips.skipped(site.scope)

    def never(self, guard: Guard | None) -> bool:
        """Whether code under `guard` does not run under the target, or not to its end."""
        while guard is not None:
            if guard.kind == "test":
                if self._test_excludes(guard):
                    return True
            elif guard.kind == "try":
                assert guard.node is not None
                if self._tried.get(guard.node) is True:
                    return True
            elif guard.kind == "call":
                if self._left_before(guard):
                    return True
            elif self._handler_is_old(guard, "AttributeError"):
                return True
            guard = guard.parent
        return False

    def _left_before(self, guard: Guard) -> bool:
        """Whether the call that `guard` stands for never comes back under the target."""
        known = self._truths.get(guard)
        if known is None:
            assert guard.test is not None
            self._truths[guard] = False  # as long as it is being asked
            known = self._skips.left_by(guard.test, guard.scope, guard.seq)
            self._truths[guard] = known
            if not self.inference.complete or self._evaluation.depth:
                del self._truths[guard]
        return known is True

    def _test_excludes(self, guard: Guard) -> bool:
        truth = self._truths.get(guard)
        if truth is None:
            assert guard.test is not None
            self._truths[guard] = "open"  # as long as it is being asked
            try:
                answer = self._evaluation.truth(guard.test, guard.scope, guard.seq)
                truth = "open" if answer is None else answer
            except Cannot as cannot:
                truth = "version" if cannot.version else "open"
            self._truths[guard] = truth
            if not self.inference.complete or self._evaluation.depth:
                del self._truths[guard]
        return truth == "version" or truth not in ("open", guard.positive)

    def _try_catches(self, node: ast.Try, wanted: str, site: Site) -> bool:
        for handler in node.handlers:
            names = _caught([handler])
            match = wanted in names or (
                wanted == "ImportError" and bool(names & (_IMPORT_ERRORS | _BROAD))
            )
            if not match and wanted == "AttributeError" and names & _BROAD:
                match = len(node.body) == 1 and _says_again(handler, site)
            if match and not (len(handler.body) == 1 and isinstance(handler.body[0], ast.Raise)):
                return True
        return False

    def _handler_is_old(self, guard: Guard, wanted: str) -> bool:
        """A handler for what the try body works without: the arm for TF 1."""
        assert guard.node is not None
        assert guard.handler is not None
        names = _caught([guard.handler])
        if wanted == "TypeError" and wanted in names:
            return True  # for arguments that the call in the try body does not take
        if not names & (_IMPORT_ERRORS | {"AttributeError"} | _BROAD):
            return False
        return self._tried.get(guard.node) is False


def _says_again(handler: ast.ExceptHandler, site: Site) -> bool:
    """Whether the handler takes the attribute at `site` from elsewhere: `tf.compat.v1.x`."""
    node = site.node
    return isinstance(node, ast.Attribute) and any(
        isinstance(inner, ast.Attribute) and inner.attr == node.attr
        for stmt in handler.body
        for inner in ast.walk(stmt)
    )


def _asks_for_argument(test: ast.expr | None) -> bool:
    """Whether this is `"name" in inspect.getfullargspec(f).args` or the like."""
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.In):
        return False
    return isinstance(test.left, ast.Constant) and any(
        isinstance(node, ast.Attribute | ast.Name)
        and getattr(node, "attr", getattr(node, "id", "")) in _INSPECTED
        for node in ast.walk(test.comparators[0])
    )


def _is_tf_keras(site: Site) -> bool:
    stmt, alias = site.stmt, site.node
    if isinstance(stmt, ast.ImportFrom):
        return (stmt.module or "").partition(".")[0] == "tf_keras"
    return isinstance(alias, ast.alias) and alias.name.partition(".")[0] == "tf_keras"


def _caught(handlers: Sequence[ast.ExceptHandler]) -> set[str]:
    """Names of the exceptions that `handlers` catch; the empty string for a bare except."""
    names: set[str] = set()
    for handler in handlers:
        kind = handler.type
        kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
        for one in kinds:
            if one is None:
                names.add("")
            elif isinstance(one, ast.Name):
                names.add(one.id)
            elif isinstance(one, ast.Attribute):
                names.add(one.attr)
    return names
