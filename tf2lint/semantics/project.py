"""Other modules of the project: the same binder, the same inference, asked by name.

A module is bound once a process, as long as its file does not change; its functions and classes
wait until somebody asks for them. Answers are worked out anew for each module that is looked at:
they are few, and so the questions that each of them took are known for whoever keeps results.
"""

from __future__ import annotations

import ast
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from tf2lint.semantics import limits
from tf2lint.semantics.binder import Binder
from tf2lint.semantics.context import Inferring, State
from tf2lint.semantics.files import Disk, ImportTarget, Question, Stamp, disk
from tf2lint.semantics.inference import Inference
from tf2lint.semantics.outline import outline
from tf2lint.semantics.reachability import Reachability
from tf2lint.semantics.scopes import Scope
from tf2lint.semantics.symbols import foreign
from tf2lint.semantics.values import (
    UNKNOWN,
    Foreign,
    Neighbour,
    Symbol,
    Values,
    distinct,
)
from tf2lint.tensorflow import api, paths


class _Bound(NamedTuple):
    stamp: Stamp
    binder: Binder
    text: str
    asked: dict[Question, str]

    @property
    def size(self) -> int:
        """Characters of the code that is held as trees."""
        return len(self.text) - self.binder.waiting


class Project:
    """The modules around those that are looked at, under one target."""

    def __init__(self, target: api.Version, aliases: dict[str, str], disk: Disk) -> None:
        self.target = target
        self.aliases = aliases
        self.disk = disk
        self._bound: OrderedDict[str, _Bound] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._held = 0  # all of those
        self.sessions: set[Session] = set()  # those that are open
        self.tops: dict[Scope, tuple[str, _Bound]] = {}

    def kept(self, path: str, stamp: Stamp) -> _Bound | None:
        """The module in the file at `path`, if it was bound and has not changed."""
        found = self._bound.get(path)
        if found is None or found.stamp != stamp:
            return None
        self._bound.move_to_end(path)
        return found

    def keep(self, path: str, bound: _Bound) -> None:
        """Remember a module."""
        if path in self._bound:
            self._forget(path, self._bound.pop(path))
        self._bound[path] = bound
        self.tops[bound.binder.module] = path, bound

    def weigh(self, paths: Iterable[str]) -> None:
        """Note how much of the modules in these files is held: more was asked of them."""
        for path in paths:
            bound = self._bound.get(path)
            if bound is not None:
                self._held += bound.size - self._sizes.get(path, 0)
                self._sizes[path] = bound.size

    def tidy(self) -> None:
        """Forget what was not asked for longest.

        An open session may hold any of it, and an editor has one open at all times: then only what
        is far beyond the room goes, and the open one has hardly asked for that.
        """
        room = limits.HELD * (limits.OPEN if self.sessions else 1)
        while self._held > room:
            path, bound = self._bound.popitem(last=False)
            self._forget(path, bound)
            bound.binder.close()

    def _forget(self, path: str, bound: _Bound) -> None:
        self._held -= self._sizes.pop(path, 0)
        del self.tops[bound.binder.module]


class Session:
    """One module looked at, with all that it leads to.

    `aliases` of the project map dotted names that cannot be seen to paths:
    `{"project.compat.tf": "tensorflow.compat.v1"}`.
    """

    def __init__(self, project: Project, path: str | None) -> None:
        project.tidy()
        project.sessions.add(self)
        self.project = project
        self.path = path  # None: not on disk, nothing is followed
        self.state = State()
        self._by_path: dict[str, Inference | None] = {}
        self._by_top: dict[Scope, Inference] = {}
        self._others: set[Binder] = set()  # kept by the project
        self._building = 0
        self.main: Inference | None = None
        self._answers: dict[Question, str] = {}
        self._texts: dict[str, str] = {}
        self._places: dict[tuple[str, int, str], tuple[str | None, bool]] = {}
        self._exports: dict[tuple[str, str], Values] = {}
        self._passing: dict[tuple[str, str], Values] = {}  # on the ways of the open question
        self._asking = 0

    def analyze(self, tree: ast.Module, keras: bool) -> Inference:
        """Bind the module of `path`, and answer for it; `keras`: whether that is TensorFlow's."""
        self.main = found = self._inference(Binder(tree), self.path, keras)
        found.bind()
        return found

    def of(self, top: Scope) -> Inference:
        """Who answers for the module whose scope is `top`."""
        found = self._by_top.get(top)
        if found is None:  # an earlier session came here another way
            path, bound = self.project.tops[top]
            found = self._kept(path, bound)
        return found

    def holds(self, asked: dict[Question, str]) -> bool:
        """Whether the files that had a say in something are what they were."""
        return all(q[0] != "text" or self._still(q) == told for q, told in asked.items())

    def _still(self, question: Question) -> str:
        told = self._answers.get(question)
        if told is None:
            told = self._answers[question] = self.project.disk.answer(question)
        return told

    def close(self) -> None:
        """Let go of everything; nothing may be asked any more."""
        for inference in self._by_top.values():
            if inference.binder not in self._others:
                inference.binder.close()
            inference.close()
        self.project.weigh(self._by_path)
        self._by_path.clear()
        self._by_top.clear()
        self.main = None
        self.project.sessions.discard(self)

    # Modules.

    def _inference(self, binder: Binder, path: str | None, keras: bool) -> Inference:
        judged = partial(Reachability, self.project.target)
        found = Inference(self, binder, judged, path, keras)
        self._by_top[binder.module] = found
        return found

    def module(self, path: str) -> Inference | None:
        """The module in the file at `path`; None where there is none to be read.

        One that is being bound answers with what it has so far, as Python does in a circle.
        """
        if path in self._by_path:
            found = self._by_path[path]
            if found is not None and not found.complete:
                self.state.cut(partial=True)
            return found
        disk = self.project.disk
        stamp = disk.stamp(path)
        bound = self.project.kept(path, stamp)
        if bound is not None and self.holds(bound.asked):
            return self._kept(path, bound)
        if self._building >= limits.FILES:
            self.state.cut(partial=True)
            return None
        return self._bind(path, stamp)

    def _bind(self, path: str, stamp: Stamp) -> Inference | None:
        disk, state = self.project.disk, self.state
        text = disk.text(path, stamp)
        parsed = None if text is None else outline(text)
        if text is None or parsed is None:
            self._by_path[path] = None
            return None
        binder = Binder(*parsed)
        self._building += 1
        try:
            with disk.noting() as asked, state.afresh():
                asked["text", path] = str(stamp)
                before = state.partial
                found = self._neighbour(binder, text, path)
                found.bind()
            if state.partial == before:  # the whole of it, whoever had asked first
                self.project.keep(path, _Bound(stamp, binder, text, asked))
                self._others.add(binder)
            return found
        finally:
            self._building -= 1

    def _kept(self, path: str, bound: _Bound) -> Inference:
        self.project.disk.note(bound.asked)
        found = self._neighbour(bound.binder, bound.text, path)
        found.complete = True
        self._others.add(bound.binder)
        return found

    def _neighbour(self, binder: Binder, text: str, path: str) -> Inference:
        keras = "tensorflow" in text or "tf.keras" in text
        found = self._by_path[path] = self._inference(binder, path, keras)
        return found

    def way(self, inference: Inferring, target: ImportTarget) -> Iterator[Inference]:
        """The modules that an import leads through to what it binds, or that it binds."""
        todo = [(inference, target)]
        seen: set[tuple[str, str | None]] = set()
        while todo and len(seen) < limits.FILES:
            at, target = todo.pop(0)
            if at.path is None or (target.level == 0 and paths.is_tensorflow(target.module)):
                continue
            where, _ = self._place(at.path, target.level, target.module)
            if where is None or (where, target.name) in seen:
                continue
            seen.add((where, target.name))
            if target.name and (below := self.project.disk.submodule(where, target.name)):
                where = below
            found = self.module(where)
            if found is not None:
                yield found
                todo += [(found, onward) for onward in found.sources(target.name)]

    # Imports.

    def imported(self, inference: Inferring, target: ImportTarget, depth: int) -> Values:
        """What an import in the module of `inference` binds."""
        level, module, name = target
        if level == 0:
            if paths.is_tensorflow(module) or (
                inference.keras and paths.under(module, paths.KERAS)
            ):
                return (Symbol(module if name in (None, "*") else f"{module}.{name}"),)
        if self.project.aliases and (alias := self._alias(inference.path, target)):
            return alias
        if inference.path is None:
            return (UNKNOWN,) if level else (foreign(_join(module, name)),)
        where, own = self._place(inference.path, level, module)
        if not own:
            return (foreign(_join(module, name)),)
        if where is None:
            return (UNKNOWN,)
        if name is None or name == "*":
            return (Neighbour(where),)
        return self.exported(where, name, depth)

    def _place(self, path: str, level: int, module: str) -> tuple[str | None, bool]:
        """The file of the module that an import names, and whether it is the project's at all."""
        key = (path, level, module)
        known = self._places.get(key)
        if known is None:
            disk = self.project.disk
            own = disk.is_own(path, level, module)
            known = self._places[key] = disk.locate(path, level, module) if own else None, own
        return known

    def exported(self, path: str, name: str, depth: int) -> Values:
        """What `name` means at the top level of the module in the file at `path`."""
        key = (path, name)
        known = self._exports.get(key)
        if known is not None:
            return known
        state = self.state
        final = depth == 0 and not state.open and not self._asking
        if final:
            self._passing.clear()
        if depth > limits.DEPTH or key in self._passing:  # in a circle, or once more on the way
            state.cut()
            return self._passing.get(key, (UNKNOWN,))
        below = self.project.disk.submodule(path, name)  # what a circle of packages comes to
        self._passing[key] = (UNKNOWN,) if below is None else (Neighbour(below),)
        self._asking += 1
        before = state.cuts
        try:
            told = self._passing[key] = self._exported(path, name, below, depth)
        finally:
            self._asking -= 1
        if final or state.cuts == before:
            self._exports[key] = told
        return told

    def _exported(self, path: str, name: str, below: str | None, depth: int) -> Values:
        values: Values = ()
        # A module has no other names than those in its text, or behind a star.
        text = self._text(path)
        if name in text or not name.isascii() or "*" in text:
            module = self.module(path)
            values = () if module is None else module.exported(name, depth + 1)
        if not values and below is not None:
            return (Neighbour(below),)
        return _of_one_keras(distinct(list(values))) or (UNKNOWN,)

    def _text(self, path: str) -> str:
        text = self._texts.get(path)
        if text is None:
            text = self._texts[path] = self.project.disk.text(path) or ""
        return text

    def _alias(self, path: str | None, target: ImportTarget) -> Values:
        level, module, name = target
        if level:
            package = self.project.disk.package_of(path)[1] if path is not None else ()
            package = package[: len(package) - level + 1]
            module = ".".join((*package, module) if module else package)
        dotted = _join(module, name)
        aliases = self.project.aliases
        if dotted in aliases:
            return (Symbol(aliases[dotted]),)
        for alias, found in aliases.items():
            # Where the package's own top is not known, the end of the name has to do.
            if level and path is None and alias.endswith(f".{dotted}"):
                return (Symbol(found),)
        return ()


@lru_cache(maxsize=4)
def project(target: api.Version, aliases: tuple[tuple[str, str], ...]) -> Project:
    """The project modules of this process, as these settings see them."""
    return Project(target, dict(aliases), disk())


def _join(module: str, name: str | None) -> str:
    return f"{module}.{name}" if name and module else module or name or ""


def _of_one_keras(values: Values) -> Values:
    """`values` without what only an older Keras would bring.

    A project that brings tf_keras where it can have it wants Keras 2 whatever TensorFlow says;
    one that brings `keras`, or else tf.keras, works with `keras` from Keras 3 on.
    """
    if len(values) < 2:
        return values
    if any(isinstance(v, Foreign) and paths.under(v.origin, paths.KERAS_2) for v in values):
        return tuple(v for v in values if not isinstance(v, Symbol))
    own = {paths.symbol(v.path) for v in values
           if isinstance(v, Symbol) and paths.route(v.path) == "keras"}  # fmt: skip
    if "tf.keras" in own:  # the whole package, or else what stands for it
        return (Symbol(paths.KERAS),)
    return tuple(
        v for v in values
        if not isinstance(v, Symbol) or paths.route(v.path) == "keras"
        or paths.symbol(v.path) not in own
    )  # fmt: skip
