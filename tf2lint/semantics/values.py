"""What an expression may be, as far as TensorFlow is concerned."""

from __future__ import annotations

import ast
from typing import NamedTuple

from tf2lint.semantics.scopes import Scope


class Symbol(NamedTuple):
    """The TensorFlow module, class, function or constant at `path`."""

    path: str


class Instance(NamedTuple):
    """An object of the TensorFlow class at `path`."""

    path: str


class Member(NamedTuple):
    """The attribute `name` of an object of the class at `path`."""

    path: str
    name: str


class LocalClass(NamedTuple):
    """A class of the project."""

    scope: Scope


class LocalObject(NamedTuple):
    """An object of a class of the project."""

    scope: Scope


class LocalFunction(NamedTuple):
    """A function of the project; `bound` if it was reached through an object."""

    scope: Scope
    bound: bool


class Items(NamedTuple):
    """A tuple or list display, `elements` as written."""

    elements: tuple[ast.expr, ...]
    scope: Scope
    seq: int


class ListOf(NamedTuple):
    """Something that gives `item` when it is iterated over or indexed."""

    item: Value


class Neighbour(NamedTuple):
    """Another module of the project, the file `path`."""

    path: str


class Row(NamedTuple):
    """A tuple of which each item is known as values."""

    given: tuple[tuple[Value, ...], ...]


class Text(NamedTuple):
    """A string that is known."""

    text: str


class Builtin(NamedTuple):
    """A builtin, or a standard library function that the inference follows."""

    name: str


class Foreign(NamedTuple):
    """Something known not to be TensorFlow; `origin` is where it is imported from."""

    origin: str


class Nothing(NamedTuple):
    """None."""


class Unknown(NamedTuple):
    """Something that cannot be known here."""


Value = (
    Symbol | Instance | Member | LocalClass | LocalObject | LocalFunction | Items | ListOf
    | Neighbour | Row | Text | Builtin | Foreign | Nothing | Unknown
)  # fmt: skip
Values = tuple[Value, ...]

NOTHING = Nothing()
UNKNOWN = Unknown()


def distinct(values: list[Value]) -> Values:
    """Each value once, in the order of first sight."""
    return tuple(dict.fromkeys(values)) if len(values) > 1 else tuple(values)
