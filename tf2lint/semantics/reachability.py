"""Which code runs under the target TensorFlow: version tests, hasattr, try/except.

Tests are computed, not matched: `tf.__version__` is the target's version and
`hasattr(tf, ...)` asks the api tables, the rest of the expression is worked out from there.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from tf2lint.semantics.inference import Inference
from tf2lint.semantics.scopes import ASSIGN, Guard, Scope, Site
from tf2lint.semantics.values import Symbol, Text
from tf2lint.tensorflow import api, keras_package, paths

_VERSION_PATHS = frozenset({
    "tf.__version__", "tf.VERSION", "tf.version.VERSION", "tf.compat.v1.VERSION",
})  # fmt: skip
_KERAS_VERSION = "tf.keras.__version__"
_KERAS_VERSION_CALL = "tf.keras.version"
_VERSION_MAKERS = frozenset({"LooseVersion", "StrictVersion", "Version", "parse", "parse_version"})
_INSPECTED = frozenset({"getfullargspec", "getargspec", "signature"})
_DEPTH = 40
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})
_BROAD = frozenset({"Exception", "BaseException", ""})


# A module without any of these tests no version.
_WORDS = ("version", "VERSION", "hasattr", "getattr")


class _Cannot(Exception):
    """The test cannot be worked out; `version` says whether it asks for the version."""

    def __init__(self, version: bool) -> None:
        super().__init__()
        self.version = version


class _Present:
    """An attribute that is there and of which no more is known."""


class _Version:
    """A version that compares by its numbers, with another or with a string."""

    __slots__ = ("parts",)

    def __init__(self, text: str) -> None:
        self.parts = tuple(int(n) for n in re.findall(r"\d+", text))

    @property
    def major(self) -> int:
        return self.parts[0]

    @property
    def minor(self) -> int:
        return self.parts[1]

    @property
    def version(self) -> tuple[int, ...]:
        return self.parts


_COMPARE: dict[type, Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_CALLS: dict[str, Callable[..., object]] = {
    "int": int, "float": float, "str": str, "tuple": tuple, "list": list, "len": len, "bool": bool,
}  # fmt: skip
_TEXT_METHODS = frozenset({"split", "startswith", "replace", "strip", "rstrip", "lstrip",
                           "partition", "rpartition", "find", "isdigit", "rsplit"})  # fmt: skip


def works(path: str, target: api.Version) -> bool | None:
    """Whether touching `path` under `target` does not raise; None where that is not known."""
    through = paths.route(path)
    if through == "private":
        return None
    name = paths.symbol(path)
    if paths.under(name, "tf.contrib") or paths.under(name, "tf.examples"):
        return False
    if name == "tf":
        return True
    while not api.known(name):
        name = name.rpartition(".")[0]
        if name in ("tf", ""):
            return None
    if through == "v1":
        return api.in_compat_v1(name, target)
    if through == "keras":
        return keras_package.exists(name, target)
    return api.exists(name, target)


class Reachability:
    """Answers for one module under one target; `inference` is set once it stands."""

    def __init__(self, target: api.Version, text: str) -> None:
        self.target = target
        self._asks = any(word in text for word in _WORDS)
        self.version = f"{target[0]}.{target[1]}.0"
        self.keras_version = keras_package.version(target)
        self.inference: Inference | None = None
        self.tried: dict[ast.AST, bool | None] = {}
        self._told = False  # whether the test at hand asks about TensorFlow

    # What the walk asks.

    def works(self, path: str) -> bool | None:
        """Whether the target has what is at `path`; None where that is not known."""
        return works(path, self.target)

    def truth(self, test: ast.expr, scope: Scope, seq: int) -> bool | None:
        """Whether `test` holds under the target; None where that is not known."""
        if not self._asks:
            return None
        try:
            return self._asked(test, scope, seq)
        except _Cannot:
            return None

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
        assert inference is not None
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
            elif self._handler_is_old(guard, wanted):
                return True
            guard = guard.parent
        return False

    def never(self, guard: Guard | None) -> bool:
        """Whether code under `guard` does not run under the target, or not to its end."""
        while guard is not None:
            if guard.kind == "test":
                if self._test_excludes(guard):
                    return True
            elif guard.kind == "try":
                assert guard.node is not None
                if self.tried.get(guard.node) is True:
                    return True
            elif self._handler_is_old(guard, "AttributeError"):
                return True
            guard = guard.parent
        return False

    def _asked(self, test: ast.expr, scope: Scope, seq: int) -> bool | None:
        """Whether `test` holds; None where it asks nothing about TensorFlow."""
        before, self._told = self._told, False
        try:
            truth = bool(self._value(test, scope, seq, 0))
            return truth if self._told else None
        finally:
            self._told = before

    def _test_excludes(self, guard: Guard) -> bool:
        if guard.truth is None:
            assert guard.test is not None
            guard.truth = "open"
            if self._asks:
                try:
                    truth = self._asked(guard.test, guard.scope, guard.seq)
                    guard.truth = "open" if truth is None else truth
                except _Cannot as cannot:
                    guard.truth = "version" if cannot.version else "open"
        if guard.truth == "version":
            return True
        return guard.truth not in ("open", guard.positive)

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
        return self.tried.get(guard.node) is False

    # Working out tests.

    def _value(self, expr: ast.expr, scope: Scope, seq: int, depth: int) -> object:
        if depth > _DEPTH:
            raise _Cannot(False)
        deeper = depth + 1
        if isinstance(expr, ast.Constant):
            return expr.value
        if isinstance(expr, ast.Name | ast.Attribute):
            return self._read(expr, scope, seq, deeper)
        if isinstance(expr, ast.BoolOp):
            return self._boolean(expr, scope, seq, deeper)
        if isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.Not):
            return not self._value(expr.operand, scope, seq, deeper)
        if isinstance(expr, ast.Compare):
            return self._compare(expr, scope, seq, deeper)
        if isinstance(expr, ast.Call):
            return self._call(expr, scope, seq, deeper)
        if isinstance(expr, ast.Subscript):
            return self._subscript(expr, scope, seq, deeper)
        if isinstance(expr, ast.Tuple | ast.List):
            items = [self._value(item, scope, seq, deeper) for item in expr.elts[:16]]
            return items if isinstance(expr, ast.List) else tuple(items)
        if isinstance(expr, ast.ListComp | ast.GeneratorExp):
            return self._comprehension(expr, scope, seq, deeper)
        if isinstance(expr, ast.IfExp):
            chosen = expr.body if self._value(expr.test, scope, seq, deeper) else expr.orelse
            return self._value(chosen, scope, seq, deeper)
        raise _Cannot(False)

    def _read(self, expr: ast.Name | ast.Attribute, scope: Scope, seq: int, depth: int) -> object:
        inference = self.inference
        assert inference is not None
        values = inference.values(expr, scope, seq)
        for value in values:
            if isinstance(value, Symbol) and (version := self._version_at(value)):
                return version
        if len(values) == 1 and isinstance(values[0], Text):
            return values[0].text
        if isinstance(expr, ast.Name):
            bindings, holder = inference.bindings(expr.id, scope, seq)
            if holder is not None and len(bindings) == 1 and bindings[0].kind == ASSIGN:
                binding = bindings[0]
                if binding.expr is not None and not binding.index:
                    return self._value(binding.expr, binding.scope, binding.seq, depth)
        elif expr.attr in ("major", "minor", "version"):
            base = self._value(expr.value, scope, seq, depth)
            if isinstance(base, _Version):
                found: object = getattr(base, expr.attr)
                return found
        raise _Cannot(False)

    def _version_at(self, value: Symbol) -> str:
        """The version that the constant `value` holds; empty where it is no version."""
        name = paths.symbol(value.path)
        if name in _VERSION_PATHS:
            self._told = True
            return self.version
        if name == _KERAS_VERSION:
            self._told = True
            return self.keras_version
        return ""

    def _boolean(self, expr: ast.BoolOp, scope: Scope, seq: int, depth: int) -> object:
        stop = isinstance(expr.op, ast.Or)
        version = False
        unknown = False
        for value in expr.values:
            try:
                if bool(self._value(value, scope, seq, depth)) is stop:
                    return stop
            except _Cannot as cannot:
                unknown = True
                version = version or cannot.version
        if unknown:
            raise _Cannot(version)
        return not stop

    def _compare(self, expr: ast.Compare, scope: Scope, seq: int, depth: int) -> object:
        left = self._value(expr.left, scope, seq, depth)
        for op, right_expr in zip(expr.ops, expr.comparators, strict=True):
            try:
                right = self._value(right_expr, scope, seq, depth)
                compare = _COMPARE[type(op)]
                if isinstance(left, _Version) or isinstance(right, _Version):
                    a, b = _numbers(left), _numbers(right)
                    result = compare(a, b)
                else:
                    result = compare(left, right)
            except (_Cannot, KeyError, TypeError, ValueError) as error:
                versions = (self.version, self.keras_version)
                known = left in versions or isinstance(left, _Version)
                raise _Cannot(known) from error
            if not result:
                return False
            left = right
        return True

    def _call(self, expr: ast.Call, scope: Scope, seq: int, depth: int) -> object:
        func = expr.func
        name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
        if name == "hasattr" and isinstance(func, ast.Name) and len(expr.args) == 2:
            return self._hasattr(expr, scope, seq, depth)
        if name == "getattr" and isinstance(func, ast.Name) and len(expr.args) in (2, 3):
            return self._getattr(expr, scope, seq, depth)
        args = expr.args
        if not args and not expr.keywords and self._asks_keras(func, scope, seq):
            return self.keras_version
        if isinstance(func, ast.Attribute) and name in _TEXT_METHODS:
            base = self._value(func.value, scope, seq, depth)
            if isinstance(base, str):
                given = [self._value(a, scope, seq, depth) for a in args]
                try:
                    result: object = getattr(base, name)(*given)
                except (TypeError, ValueError) as error:
                    raise _Cannot(True) from error
                return result
        if name in _VERSION_MAKERS and len(args) == 1:
            text = self._value(args[0], scope, seq, depth)
            if isinstance(text, str):
                return _Version(text)
            raise _Cannot(False)
        if isinstance(func, ast.Name):
            if name == "map" and len(args) == 2 and isinstance(args[0], ast.Name):
                inner = self._value(args[1], scope, seq, depth)
                convert = _CALLS.get(args[0].id)
                if convert is not None and isinstance(inner, tuple | list):
                    try:
                        return tuple(convert(i) for i in inner)
                    except ValueError as error:
                        raise _Cannot(True) from error
            elif name in _CALLS and len(args) == 1 and not expr.keywords:
                inner = self._value(args[0], scope, seq, depth)
                try:
                    return _CALLS[name](inner)
                except (TypeError, ValueError) as error:
                    raise _Cannot(True) from error
        raise _Cannot(False)

    def _hasattr(self, expr: ast.Call, scope: Scope, seq: int, depth: int) -> bool:
        inference = self.inference
        assert inference is not None
        attr = self._value(expr.args[1], scope, seq, depth)
        answers: set[bool] = set()
        for value in inference.values(expr.args[0], scope, seq):
            if isinstance(value, Symbol) and isinstance(attr, str):
                found = works(f"{value.path}.{attr}", self.target)
                answers.add(found is True)
        if len(answers) != 1:
            raise _Cannot(False)
        self._told = True
        return answers.pop()

    def _getattr(self, expr: ast.Call, scope: Scope, seq: int, depth: int) -> object:
        """A version, something or the default, as the target has it."""
        inference = self.inference
        assert inference is not None
        for value in inference.values(expr, scope, seq):
            if isinstance(value, Symbol) and (version := self._version_at(value)):
                return version
        if self._hasattr(expr, scope, seq, depth):
            return _Present()
        if len(expr.args) < 3:
            raise _Cannot(False)
        return self._value(expr.args[2], scope, seq, depth)

    def _asks_keras(self, func: ast.expr, scope: Scope, seq: int) -> bool:
        """Whether calling `func` gives the version of Keras."""
        inference = self.inference
        assert inference is not None
        asked = any(
            isinstance(value, Symbol) and paths.symbol(value.path) == _KERAS_VERSION_CALL
            for value in inference.values(func, scope, seq)
        )
        self._told = self._told or asked
        return asked

    def _subscript(self, expr: ast.Subscript, scope: Scope, seq: int, depth: int) -> object:
        base = self._value(expr.value, scope, seq, depth)
        if not isinstance(base, str | tuple | list):
            raise _Cannot(False)
        place = (scope, seq, depth)
        try:
            if isinstance(expr.slice, ast.Slice):
                lower, upper, step = (
                    None if part is None else operator.index(cast(Any, self._value(part, *place)))
                    for part in (expr.slice.lower, expr.slice.upper, expr.slice.step)
                )
                return base[lower:upper:step]
            return base[operator.index(cast(Any, self._value(expr.slice, *place)))]
        except (TypeError, IndexError, ValueError) as error:
            raise _Cannot(True) from error

    def _comprehension(
        self, expr: ast.ListComp | ast.GeneratorExp, scope: Scope, seq: int, depth: int
    ) -> object:
        """`[int(n) for n in tf.__version__.split(".")]`, whatever the element says."""
        generator = expr.generators[0]
        elt = expr.elt
        if (
            len(expr.generators) == 1
            and not generator.ifs
            and isinstance(elt, ast.Call)
            and isinstance(elt.func, ast.Name)
            and elt.func.id in ("int", "str")
            and len(elt.args) == 1
            and isinstance(elt.args[0], ast.Name)
            and isinstance(generator.target, ast.Name)
            and elt.args[0].id == generator.target.id
        ):
            items = self._value(generator.iter, scope, seq, depth)
            if isinstance(items, tuple | list):
                try:
                    return [_CALLS[elt.func.id](item) for item in items]
                except ValueError as error:
                    raise _Cannot(True) from error
        raise _Cannot(False)


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


def _numbers(value: object) -> tuple[int, ...]:
    if isinstance(value, _Version):
        return value.parts
    if isinstance(value, str):
        return _Version(value).parts
    if isinstance(value, tuple | list):
        return tuple(value)
    raise TypeError("not a version")


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
