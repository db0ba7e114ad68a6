"""What is in tuples, lists and other things that are iterated over, indexed or unpacked."""

from __future__ import annotations

import ast

from tf2lint.semantics import limits
from tf2lint.semantics.context import Inferring
from tf2lint.semantics.scopes import Rest, Step
from tf2lint.semantics.values import (
    UNKNOWN,
    Foreign,
    Instance,
    Items,
    ListOf,
    Row,
    Value,
    Values,
    distinct,
)
from tf2lint.tensorflow import paths, return_types

# Classes of others whose objects hold what the program puts into them: items, and fields.
RECORDS = ("collections.namedtuple", "types.SimpleNamespace", "argparse.Namespace")
_HOLDERS = ("builtins", "collections.", "queue.", *RECORDS)


def iterated(inference: Inferring, values: Values, depth: int) -> Values:
    """What a loop over one of `values` gives."""
    out: list[Value] = []
    for value in values:
        if isinstance(value, Items):
            some = value.elements[: limits.VALUES]
            out += inference.every(some, value.scope, value.seq, depth + 1)
        elif isinstance(value, ListOf):
            out.append(value.item)
        elif isinstance(value, Instance):
            listed = return_types.ITEMS.get(paths.symbol(value.path))
            if listed:
                out.append(Instance(paths.path_of(listed)))
    return distinct(out)


def item(inference: Inferring, values: Values, index: Step | None, depth: int) -> Values:
    """One item, or a part; of an item whose `index` is None it is not known which."""
    if depth > limits.DEPTH:
        return ()  # a tuple of a loop's that holds an item of itself
    part = isinstance(index, Rest)
    out: list[Value] = []
    for value in values:
        if isinstance(value, Items):
            out += _of_items(inference, value, index, depth)
        elif isinstance(value, Row):
            out += _of_row(value, index)
        elif isinstance(value, ListOf):
            out.append(value if part else value.item)
        elif isinstance(value, Instance):
            listed = return_types.ITEMS.get(paths.symbol(value.path))
            if listed:
                one = Instance(paths.path_of(listed, paths.route(value.path)))
                out.append(value if part else one)
        elif isinstance(value, Foreign):
            out.append(UNKNOWN if value.origin.startswith(_HOLDERS) else value)
    return distinct(out)


def _of_items(inference: Inferring, value: Items, index: Step | None, depth: int) -> Values:
    part = isinstance(index, Rest)
    picked = _picked(value.elements, index)
    if part and picked is not None:
        return (value._replace(elements=picked),)
    some = picked if picked is not None else value.elements
    items = inference.every(some[: limits.VALUES], value.scope, value.seq, depth + 1)
    return tuple(ListOf(one) for one in items) if part else items


def _of_row(value: Row, index: Step | None) -> Values:
    if isinstance(index, Rest):
        return (Row(value.given[index.start : index.stop]),)
    if index is not None and -len(value.given) <= index < len(value.given):
        return value.given[index]
    return ()


def _picked(elements: tuple[ast.expr, ...], index: Step | None) -> tuple[ast.expr, ...] | None:
    """The elements of a display at `index`; None where any may be, as behind a starred one."""
    starred = [at for at, element in enumerate(elements) if isinstance(element, ast.Starred)]
    if isinstance(index, Rest):
        return None if starred or index.start is None else elements[index.start : index.stop]
    if index is None:
        return None
    if starred and not (index < starred[0] if index >= 0 else len(elements) + index > starred[-1]):
        return None
    return (elements[index],) if -len(elements) <= index < len(elements) else ()


def index_of(node: ast.expr) -> Step | None:
    """The item, or the part, that a subscript takes, as far as it is a literal."""
    if not isinstance(node, ast.Slice):
        return _integer(node)
    start = 0 if node.lower is None else _integer(node.lower)
    stop = None if node.upper is None else _integer(node.upper)
    known = node.step is None and (node.upper is None or stop is not None)
    return Rest(start, stop) if known else Rest()


def _integer(node: ast.expr) -> int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _integer(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    return None
