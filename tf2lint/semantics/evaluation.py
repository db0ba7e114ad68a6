"""What tests come to under the target TensorFlow: computed, not matched.

`tf.__version__` is the target's version and `hasattr(tf, ...)` asks the api tables; the rest of
an expression is worked out from there, through names, attributes, and calls of functions of the
project, as far as plain values go.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tf2lint.semantics.context import Inferring
from tf2lint.semantics.files import ImportTarget
from tf2lint.semantics.objects import lineage
from tf2lint.semantics.operators import OPERATORS
from tf2lint.semantics.plain import (
    CONVERSIONS,
    OF_VERSIONS,
    TEXT_METHODS,
    Absent,
    Cannot,
    FunctionNode,
    Present,
    Skip,
    Version,
    attempt,
    defaults,
    given,
    is_open,
    last_name,
    own_name,
    passed,
    place_of,
    returns,
    says_version,
)
from tf2lint.semantics.scopes import (
    ANNOTATION,
    ASSIGN,
    END,
    FUNCTION,
    IMPORT,
    PARAM,
    Binding,
    Bindings,
    Guard,
    Rest,
    Scope,
)
from tf2lint.semantics.values import (
    Foreign,
    LocalClass,
    LocalFunction,
    LocalObject,
    Neighbour,
    Nothing,
    Symbol,
    Text,
    Value,
)
from tf2lint.tensorflow import api, keras_package, paths
from tf2lint.tensorflow.status import is_unlisted, works

_VERSION_PATHS = frozenset({
    "tf.__version__", "tf.VERSION", "tf.version.VERSION", "tf.compat.v1.VERSION",
})  # fmt: skip
_KERAS_VERSION = "tf.keras.__version__"
_KERAS_VERSION_CALL = "tf.keras.version"
_VERSION_MAKERS = frozenset({"LooseVersion", "StrictVersion", "Version", "parse", "parse_version"})
_DISTRIBUTION = ("importlib.metadata.version", "importlib_metadata.version",
                 "pkg_resources.get_distribution")  # fmt: skip
_PACKAGES = ("tensorflow", "tensorflow-cpu", "tensorflow_cpu", "tensorflow-gpu", "tensorflow_gpu")
_FINDERS = ("importlib.util.find_spec", "importlib.find_loader", "pkgutil.find_loader")
_SKIPS = frozenset({"skipIf", "skipUnless", "skipif"})
_THINGS = ("class", "function", "module")
_DEPTH = 30  # expressions, one for another; what is further away is not followed
_STEPS = 120  # expressions for one test


class _Answer(NamedTuple):
    """What a name comes to, or why not; whether that asks about TensorFlow; and what it took."""

    value: object
    told: bool
    steps: int
    depth: int


def _given(value: object) -> object:
    if isinstance(value, Cannot):
        raise Cannot(value.version)
    return value


class Evaluation:
    """Works out tests of the module of `inference`."""

    def __init__(self, target: api.Version, inference: Inferring) -> None:
        self.target = target
        self.version = f"{target[0]}.{target[1]}.0"
        self.keras_version = keras_package.version(target)
        self._known = inference
        self._told = False  # whether the test at hand asks about TensorFlow
        self._frames: dict[Scope, dict[str, object]] = {}  # arguments of the calls that are open
        self._answers: dict[tuple[Bindings, bool], _Answer] = {}
        self.depth = 0  # expressions that are open, one for another
        self._deepest = 0  # of those that were open
        self._steps = 0

    def truth(self, test: ast.expr, scope: Scope, seq: int) -> bool | None:
        """Whether `test` holds; None where it asks nothing about TensorFlow. Raises `Cannot`."""
        told, frames = self._told, self._frames
        self._told, self._frames = False, {}
        self._steps = self._steps if self.depth else 0
        try:
            truth = bool(self.value(test, scope, seq))
            return truth if self._told else None
        finally:
            self._told, self._frames = told, frames

    def skips(self, decorator: ast.expr, scope: Scope, seq: int) -> bool:
        """Whether a decorator, or a mark, skips a test under the target. Raises `Cannot`."""
        told, frames = self._told, self._frames
        self._told, self._frames = False, {}
        self._steps = self._steps if self.depth else 0
        try:
            value: object = None
            found = self._known.values(decorator, scope, seq)
            if len(found) == 1 and isinstance(found[0], LocalFunction):
                value = self._result(found[0].scope, {})
            elif not found or isinstance(found[0], Foreign):
                value = self.value(decorator, scope, seq)
            return isinstance(value, Skip) and bool(value) and self._told
        finally:
            self._told, self._frames = told, frames

    # Expressions.

    def value(self, expr: ast.expr, scope: Scope, seq: int) -> object:
        """What `expr` comes to, read in `scope` at `seq`. Raises `Cannot`."""
        self._steps += 1
        of = _EXPRESSIONS.get(type(expr))
        if of is None or self.depth > _DEPTH or self._steps > _STEPS:
            raise Cannot(False)
        self.depth += 1
        self._deepest = max(self._deepest, self.depth)
        try:
            return of(self, expr, scope, seq)
        finally:
            self.depth -= 1

    # Names and attributes.

    def _name(self, expr: ast.Name, scope: Scope, seq: int) -> object:
        bindings, holder = self._known.bindings(expr.id, scope, seq)
        if holder is None:
            values = self._known.values(expr, scope, seq)
            if any(isinstance(value, Symbol | Text) for value in values):
                return self._of_values(values)
            return self._from_stars(self._known.at(scope), expr.id)
        return self._of_bindings(bindings)

    def _attribute(self, expr: ast.Attribute, scope: Scope, seq: int) -> object:
        if self._is_early(expr, scope, seq):
            raise Cannot(False)
        values = self._known.values(expr, scope, seq)
        if any(isinstance(value, Symbol | Text) for value in values):
            return self._of_values(values)
        owners = self._known.values(expr.value, scope, seq)
        for owner in owners:
            if isinstance(owner, LocalObject | LocalClass):
                return self._member(owner, expr.attr)
            if isinstance(owner, Neighbour):
                return self._exported(self._known.modules.module(owner.path), expr.attr)
        if expr.attr in OF_VERSIONS:
            base = self.value(expr.value, scope, seq)
            if isinstance(base, Version):
                return base.part(expr.attr)
            if isinstance(base, str) and expr.attr == "version":  # of a distribution
                return base
        raise Cannot(False)

    def _is_early(self, expr: ast.expr, scope: Scope, seq: int) -> bool:
        """Whether this is a member of a parameter, while its class is still being followed."""
        if self._known.complete:
            return False
        while isinstance(expr, ast.Attribute):
            expr = expr.value
        if not isinstance(expr, ast.Name):
            return False
        bindings, _ = self._known.bindings(expr.id, scope, seq)
        return any(binding.kind is PARAM for binding in bindings)

    def _of_values(self, values: Sequence[Value]) -> object:
        for value in values:
            if isinstance(value, Symbol) and (version := self._version_at(value)):
                return version
        if len(values) != 1:
            raise Cannot(False)
        [value] = values
        if isinstance(value, Text):
            return value.text
        if isinstance(value, Symbol):
            found = api.symbol(paths.symbol(value.path))
            if found is not None and found.kind in _THINGS and works(value.path, self.target):
                return Present()
        raise Cannot(False)

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

    def _member(self, owner: LocalObject | LocalClass, attr: str) -> object:
        """The attribute of an object or class of the project."""
        for scope in lineage(self._known, owner.scope, 0):
            if isinstance(scope, Symbol):
                continue
            there = self._known.at(scope)
            there.binder.look_for(scope, attr)
            own = (*there.stored(scope, attr), *(scope.reaching(attr, END) or ()))
            if own:
                return self._of_bindings(own, isinstance(owner, LocalObject))
        raise Cannot(False)

    def _of_bindings(self, bindings: Bindings, of_object: bool = False) -> object:
        """What a name is that these bindings reach; worked out once, where it can be kept.

        An answer that is kept stands for all that it took: where there was no room for that, it is
        not used, and so it makes no difference whether there is one.
        """
        if self._frames or not self._known.complete or self._known.binder.is_walking:
            return self._reached(bindings, of_object)
        key = bindings, of_object
        known = self._answers.get(key)
        if known is not None and self.depth + known.depth <= _DEPTH:
            if self._steps + known.steps <= _STEPS:
                self._steps += known.steps
                self._deepest = max(self._deepest, self.depth + known.depth)
                self._told = self._told or known.told
                return _given(known.value)
        told, deepest, steps, cuts = self._told, self._deepest, self._steps, self._known.state.cuts
        self._told, self._deepest = False, self.depth
        try:
            value = self._reached(bindings, of_object)
        except Cannot as cannot:
            value = Cannot(cannot.version)  # one that was raised holds all its callers
        took, depth = self._steps - steps, self._deepest - self.depth
        if self._steps <= _STEPS and self._deepest <= _DEPTH and self._known.state.cuts == cuts:
            self._answers[key] = _Answer(value, self._told, took, depth)
        self._told, self._deepest = self._told or told, max(self._deepest, deepest)
        return _given(value)

    def _reached(self, bindings: Bindings, of_object: bool = False) -> object:
        """What a name is that these bindings reach, the later ones before the earlier."""
        answers: list[object] = []
        told = [b for b in bindings if b.kind is not ANNOTATION]
        in_order = len({b.scope for b in told}) == 1
        for binding in sorted(told, key=lambda b: b.seq, reverse=True):
            runs = self._runs(binding.guard, binding.scope)
            if runs is False:
                continue
            answers.append(self._bound(binding, of_object))
            if runs and in_order:
                break  # whatever was bound before, this is bound now
        return self._agreed(answers)

    def _agreed(self, answers: list[object]) -> object:
        if not answers or any(bool(a) is not bool(answers[0]) for a in answers):
            raise Cannot(False)
        first = answers[0]
        if any(type(a) is not type(first) or a != first for a in answers):
            return Present() if first else Absent()  # all that is known of them all
        return first

    def _bound(self, binding: Binding, of_object: bool) -> object:
        kind = binding.kind
        if kind is ASSIGN and binding.expr is not None:
            value = self.value(binding.expr, binding.scope, binding.seq)
            for index in binding.index:
                if not isinstance(value, str | tuple | list):
                    raise Cannot(self.is_version(value))
                if isinstance(index, Rest):
                    value = list(value[index.start : index.stop])
                elif -len(value) <= index < len(value):
                    value = value[index]
                else:
                    raise Cannot(self.is_version(value))
            return value
        if kind is IMPORT and binding.target is not None:
            return self._imported(self._known.at(binding.scope), binding.target)
        if kind is PARAM:
            return self._parameter(binding)
        if kind is FUNCTION and binding.inner is not None and of_object:
            node = binding.inner.node
            if any("property" in last_name(d) for d in getattr(node, "decorator_list", ())):
                return self._result(binding.inner, {})
        raise Cannot(False)

    def _imported(self, where: Inferring, target: ImportTarget) -> object:
        """What an import in the module of `where` binds."""
        values = where.imported(target)
        if target.name is None:
            return self._of_values(values)
        there = next(where.modules.way(where, target), None)
        try:
            return self._exported(there, target.name)
        except Cannot:
            if not any(isinstance(v, Symbol | Text) for v in values):
                raise
            return self._of_values(values)

    def _exported(self, there: Inferring | None, name: str) -> object:
        """What `name` is at the end of another module of the project."""
        bindings = there.binder.module.reaching(name, END) if there is not None else None
        if bindings:
            return self._of_bindings(bindings)
        if there is None or bindings is not None:
            raise Cannot(False)
        return self._from_stars(there, name)

    def _from_stars(self, where: Inferring, name: str) -> object:
        for star in where.binder.module.stars:
            try:
                assert star.target is not None
                return self._imported(where, star.target._replace(name=name))
            except Cannot:
                continue
        raise Cannot(False)

    def _parameter(self, binding: Binding) -> object:
        assert isinstance(binding.node, ast.arg)
        name, scope = binding.node.arg, binding.scope
        frame = self._frames.get(scope)
        if frame is not None:
            return _given(frame.get(name, Cannot(False)))
        if not self._known.complete:
            raise Cannot(False)
        answers = []
        assert isinstance(scope.node, FunctionNode)
        place = place_of(scope.node, name, int(scope.self_name is not None))
        for site in self._known.at(scope).calls_of(scope):
            assert site.call is not None
            expr = passed(site.call, name, place)
            value = self._argument(scope, expr, binding.expr, site.call, site.scope, site.seq)
            if isinstance(value, Cannot):
                raise Cannot(value.version)
            answers.append(value)
        if not answers and binding.expr is not None:
            told, self._told = self._told, False
            default = self.value(binding.expr, scope.parent or scope, scope.seq)
            if self._told:  # others may pass something else, but not another TensorFlow
                return default
            self._told = told
        return self._agreed(answers)

    # Guards.

    def _runs(self, guard: Guard | None, scope: Scope) -> bool | None:
        """Whether code under `guard` runs, and to its end; None where that is not known.

        Guards around the whole `scope` do not count: whoever asks stands under them, too.
        """
        known: bool | None = True
        while guard is not None and guard.scope is scope and known is not False:
            state = self._holds(guard)
            known = state if state is not True else known
            guard = guard.parent
        return known

    def _holds(self, guard: Guard) -> bool | None:
        if guard.kind == "test":
            assert guard.test is not None
            try:
                return bool(self.value(guard.test, guard.scope, guard.seq)) is guard.positive
            except Cannot:
                return None
        tried = self._known.at(guard.scope).binder.tried
        fails = tried.get(guard.node) if guard.node is not None else None
        if fails is None:
            return None
        self._told = True
        return fails if guard.kind == "handler" else not fails

    # Calls.

    def _call(self, expr: ast.Call, scope: Scope, seq: int) -> object:
        func = expr.func
        name = own_name(func)
        if isinstance(func, ast.Name):
            if name == "hasattr" and len(expr.args) == 2:
                attr = self.value(expr.args[1], scope, seq)
                return self.has(expr.args[0], attr, scope, seq)
            if name == "getattr" and len(expr.args) in (2, 3):
                return self._getattr(expr, scope, seq)
        early = isinstance(func, ast.Attribute) and self._is_early(func, scope, seq)
        values = () if early else self._known.values(func, scope, seq)
        values = tuple(v for v in values if not isinstance(v, Nothing))  # that is not called
        if len(values) == 1 and isinstance(values[0], LocalFunction):
            inner = values[0].scope
            return self._result(inner, self._arguments(inner, expr, scope, seq))
        skip = self._skip(expr, name, values, scope, seq)
        if skip is not None:
            return skip
        if not expr.keywords:
            if not expr.args and self._asks_keras(values):
                return self.keras_version
            found = self._builtin(expr, name, values, scope, seq)
            if found is not NotImplemented:
                return found
        asked = any(self.is_asked(arg, scope, seq) for arg in expr.args)
        if not asked and isinstance(func, ast.Attribute) and isinstance(func.value, ast.Call):
            self.value(func.value, scope, seq)  # `re.match(x, tf.__version__).group()` asks, too
        raise Cannot(asked)

    def _skip(
        self, expr: ast.Call, name: str, values: Sequence[Value], scope: Scope, seq: int
    ) -> Skip | None:
        """What `unittest.skipIf(test, reason)` and its like give, or such a one applied."""
        if isinstance(expr.func, ast.Call):
            made = self.value(expr.func, scope, seq)
            return made if isinstance(made, Skip) else None
        names = {name, *(v.origin.rpartition(".")[2] for v in values if isinstance(v, Foreign))}
        if names.isdisjoint(_SKIPS):
            return None
        tests = [*expr.args[:1], *(k.value for k in expr.keywords if k.arg == "condition")]
        if not tests:
            return None
        test = tests[0]
        if isinstance(test, ast.Constant) and isinstance(test.value, str):
            # pytest works such a text out in the module.
            try:
                test = ast.parse(test.value.strip(), mode="eval").body
            except (SyntaxError, ValueError) as error:
                raise Cannot(False) from error
            scope, seq = scope.top, END
        return Skip(bool(self.value(test, scope, seq)) is not ("skipUnless" in names))

    def is_version(self, value: object) -> bool:
        """Whether the value is a version that the target decides."""
        return isinstance(value, Version) or value in (self.version, self.keras_version)

    def is_asked(self, arg: ast.expr, scope: Scope, seq: int) -> bool:
        """Whether an argument of a call that cannot be followed is TensorFlow's version."""
        if isinstance(arg, ast.GeneratorExp | ast.ListComp):
            inner = (node for node in ast.walk(arg) if isinstance(node, ast.Attribute))
            return any(self.is_asked(node, scope, seq) for node in inner)
        try:
            return says_version(arg) and self.is_version(self.value(arg, scope, seq))
        except Cannot as cannot:
            return cannot.version

    def _builtin(
        self, expr: ast.Call, name: str, values: Sequence[Value], scope: Scope, seq: int
    ) -> object:
        """What a builtin or a well-known function gives; NotImplemented for others."""
        found = self._of_text(expr, name, scope, seq)
        if found is NotImplemented and len(expr.args) == 1:
            origins = {v.origin for v in values if isinstance(v, Foreign)}
            found = self._of_package(expr.args[0], origins, scope, seq)
            if found is NotImplemented and name in _VERSION_MAKERS:
                text = self.value(expr.args[0], scope, seq)
                if not isinstance(text, str):
                    raise Cannot(False)
                return Version(text)
        if found is NotImplemented and isinstance(expr.func, ast.Name):
            return self._converted(expr, name, scope, seq)
        return found

    def _of_text(self, expr: ast.Call, name: str, scope: Scope, seq: int) -> object:
        """What a method of a string gives."""
        if isinstance(expr.func, ast.Attribute) and name in TEXT_METHODS:
            base = self.value(expr.func.value, scope, seq)
            if isinstance(base, str):
                return attempt(getattr(base, name), *(self.value(a, scope, seq) for a in expr.args))
        return NotImplemented

    def _of_package(self, arg: ast.expr, origins: set[str], scope: Scope, seq: int) -> object:
        """What is installed: the version of a package, or whether there is a module."""
        if not origins.isdisjoint(_DISTRIBUTION) and self.value(arg, scope, seq) in _PACKAGES:
            self._told = True
            return self.version
        if not origins.isdisjoint(_FINDERS):
            path = self.value(arg, scope, seq)
            if isinstance(path, str) and paths.is_tensorflow(path):
                state = works(path, self.target)
                if state is not None:
                    self._told = True
                    return Present() if state else None
        return NotImplemented

    def _converted(self, expr: ast.Call, name: str, scope: Scope, seq: int) -> object:
        """What `int` and its like give, or `map` with one of them."""
        args = expr.args
        if name == "map" and len(args) == 2 and isinstance(args[0], ast.Name):
            inner = self.value(args[1], scope, seq)
            convert = CONVERSIONS.get(args[0].id)
            if convert is not None and isinstance(inner, tuple | list):
                return tuple(attempt(convert, i) for i in inner)
        elif name in CONVERSIONS and len(args) == 1:
            return attempt(CONVERSIONS[name], self.value(args[0], scope, seq))
        return NotImplemented

    def has(self, owner: ast.expr, attr: object, scope: Scope, seq: int) -> bool:
        """Whether what `owner` means has the attribute under the target."""
        answers: set[bool] = set()
        for value in self._known.values(owner, scope, seq):
            if isinstance(value, Symbol) and isinstance(attr, str):
                path = f"{value.path}.{attr}"
                answers.add(works(path, self.target) is True and not is_unlisted(path))
        if len(answers) != 1:
            raise Cannot(len(answers) > 1)  # it is asked of TensorFlow, by one way or another
        self._told = True
        return answers.pop()

    def _getattr(self, expr: ast.Call, scope: Scope, seq: int) -> object:
        """A version, something or the default, as the target has it."""
        for value in self._known.values(expr, scope, seq):
            if isinstance(value, Symbol) and (version := self._version_at(value)):
                return version
        attr = self.value(expr.args[1], scope, seq)
        if self.has(expr.args[0], attr, scope, seq):
            return Present()
        if len(expr.args) < 3:
            raise Cannot(False)
        return self.value(expr.args[2], scope, seq)

    def _asks_keras(self, values: Sequence[Value]) -> bool:
        """Whether calling one of `values` gives the version of Keras."""
        asked = any(
            isinstance(value, Symbol) and paths.symbol(value.path) == _KERAS_VERSION_CALL
            for value in values
        )
        self._told = self._told or asked
        return asked

    # Functions of the project.

    def _result(self, inner: Scope, frame: dict[str, object]) -> object:
        """What the function `inner` returns for the arguments in `frame`."""
        if inner in self._frames:
            raise Cannot(False)
        there = self._known.at(inner).binder
        if isinstance(inner.node, ast.AsyncFunctionDef) or not there.follows(inner) or inner.yields:
            raise Cannot(False)
        self._frames[inner] = frame
        try:
            answers: list[object] = []
            for expr, seq, guard in inner.returns:
                runs = self._runs(guard, inner)
                if runs is False:
                    continue
                answers.append(self.value(expr, inner, seq))
                if runs:
                    break
            else:
                if not returns(inner.node):
                    answers.append(None)
            return self._agreed(answers)
        finally:
            del self._frames[inner]

    def _arguments(self, inner: Scope, call: ast.Call, scope: Scope, seq: int) -> dict[str, object]:
        """The parameters of the function `inner` as the call gives them, or why not."""
        self._known.at(inner).binder.follows(inner)  # of another file, it may wait for that
        node = inner.node
        assert isinstance(node, FunctionNode)
        told = dict(given(node, call, int(inner.self_name is not None)))
        return {
            name: self._argument(inner, told.get(name), default, call, scope, seq)
            for name, default in defaults(node)
        }

    def _argument(
        self, inner: Scope, expr: ast.expr | None, default: ast.expr | None, call: ast.Call,
        scope: Scope, seq: int,
    ) -> object:  # fmt: skip
        """A parameter of the function `inner`, for which the call passes `expr`, or why not."""
        try:
            if expr is not None:
                return self.value(expr, scope, seq)
            if default is not None and not is_open(call):
                return self.value(default, inner.parent or inner, inner.seq)
        except Cannot as cannot:
            return Cannot(cannot.version)  # one that was raised holds all its callers
        return Cannot(False)


_EXPRESSIONS: dict[type, Callable[[Evaluation, Any, Scope, int], object]] = {
    **OPERATORS,
    ast.Name: Evaluation._name,
    ast.Attribute: Evaluation._attribute,
    ast.Call: Evaluation._call,
}
