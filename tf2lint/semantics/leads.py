"""The second look at a module that does not name TensorFlow: whether its imports bring any.

What can be had from them is followed as far as the words of the module go: a call, or an
attribute that it names. Each step is a question to the model, worked out once a process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tf2lint.semantics import limits
from tf2lint.semantics.context import Inferring, Modules
from tf2lint.semantics.files import Disk, Question
from tf2lint.semantics.scopes import Scope
from tf2lint.semantics.values import (
    Builtin,
    Instance,
    Items,
    ListOf,
    LocalClass,
    LocalFunction,
    LocalObject,
    Member,
    Neighbour,
    Row,
    Symbol,
    Value,
)

_WORD = re.compile(r"\w+")
_SCOPED = (LocalFunction, LocalClass, LocalObject, Items)
_CALL, _BASES = "()", "<bases>"
_UNNAMED = (_CALL, _BASES, "__call__", "__enter__")  # steps that take no word of their own


class _Step(NamedTuple):
    values: tuple[Value, ...]
    asked: dict[Question, str]


# By the module that they are asked of, so that they go with it.
Steps = dict[Scope, dict[tuple[type, Scope, str], _Step]]


class Leads:
    """Follows what the module `asking` imports; `steps` holds what is known of other modules."""

    def __init__(self, modules: Modules, disk: Disk, steps: Steps, text: str) -> None:
        self._modules = modules
        self._disk = disk
        self._steps = steps
        self._words = {*_WORD.findall(text)}

    def any(self, values: Iterator[Value]) -> bool:
        """Whether TensorFlow can be had from one of `values`, by the words of the text."""
        todo = list(values)
        seen: set[tuple[type, Scope]] = set()
        while todo:
            value = todo.pop()
            if isinstance(value, Symbol | Instance | Member | Builtin):
                return True
            if isinstance(value, Neighbour):
                if self._disk.reaches(value.path):
                    return True
            elif isinstance(value, ListOf):
                todo.append(value.item)
            elif isinstance(value, Row):
                todo += (one for given in value.given for one in given)
            elif isinstance(value, Items):
                there = self._modules.of(value.scope.top)
                for element in value.elements:
                    todo += there.values(element, value.scope, value.seq)
            elif isinstance(value, LocalFunction | LocalClass | LocalObject):
                if (type(value), value.scope) not in seen:
                    seen.add((type(value), value.scope))
                    todo += self._from(value)
            if len(seen) > limits.LEADS:
                return True
        return False

    def _from(self, value: LocalFunction | LocalClass | LocalObject) -> Iterator[Value]:
        scope = value.scope
        there = self._modules.of(scope.top)
        if isinstance(value, LocalFunction):
            yield from self._step(there, value, _CALL)
            return
        if isinstance(value, LocalClass):
            yield LocalObject(scope)
        for name in {*there.members(scope)} & self._words | {*_UNNAMED[1:]}:
            yield from self._step(there, value, name)

    def _step(
        self, there: Inferring, value: LocalFunction | LocalClass | LocalObject, name: str
    ) -> tuple[Value, ...]:
        top = value.scope.top
        key = type(value), value.scope, name
        known = self._steps.get(top, {}).get(key)
        if known is not None and self._lasts(known) and self._modules.holds(known.asked):
            self._disk.note(known.asked)
            return known.values
        with self._disk.noting() as asked:
            values = tuple(there.step(value, name))
        step = _Step(values, asked)
        if self._modules.lasts(top) and self._lasts(step):
            self._steps.setdefault(top, {})[key] = step
        return values

    def _lasts(self, step: _Step) -> bool:
        """Whether all that a step comes to stands in modules that are kept."""
        todo = list(step.values)
        while todo:
            value = todo.pop()
            if isinstance(value, _SCOPED) and not self._modules.lasts(value.scope.top):
                return False
            if isinstance(value, ListOf):
                todo.append(value.item)
            elif isinstance(value, Row):
                todo += (one for given in value.given for one in given)
        return True
