"""The text of runs: calls of functions, and values read where NumPy is wanted."""

from __future__ import annotations

import ast

from tf2lint.finding import Edit
from tf2lint.fixes.edits import replace
from tf2lint.fixes.functions.model import Kind, Leaf, Refused, Run
from tf2lint.fixes.functions.slices import Slice
from tf2lint.source import Source

_SEVERAL = (Kind.TENSORS, Kind.VARIABLES)


def returned(one: Slice, source: Source) -> str:
    """What the function of a slice returns, as an expression; "" for nothing."""
    leaves = _kept(one.leaves)
    if not leaves:
        return ""
    if len(leaves) == 1:
        return _text(leaves[0], source)
    fetch = one.runs[0].fetch
    if any(leaf.text for leaf in leaves) and not _is_flat(fetch):
        raise Refused("summaries are fetched in a nested list", one.runs[0].call)
    if _is_flat(fetch):
        return ", ".join(_text(leaf, source) for leaf in leaves)
    return source.one_line(fetch)


def run_edit(source: Source, run: Run, one: Slice | None, root: str) -> Edit:
    """The edit that puts something else in the place of a run, by `one`'s function or by none."""
    leaves = _kept(run.leaves)
    trains = len(run.leaves) - len(leaves)
    call = _called(source, run, one) if one is not None else ""
    up = source.parent(run.call)
    if isinstance(up, ast.Expr):
        text = call
        if one is None:
            text = ", ".join(_text(leaf, source) for leaf in leaves)
        return replace(run.call, text)
    if isinstance(up, ast.Assign) and len(up.targets) == 1 and up.value is run.call:
        found = _assigned(source, run, one, call, up.targets[0], root)
        if found is not None:
            return replace(up, found)
    if trains:
        raise Refused("what a train op gives is used", run.call)
    return replace(run.call, _value(source, run, one, call, root))


def _kept(leaves: list[Leaf]) -> list[Leaf]:
    return [leaf for leaf in leaves if leaf.kind is not Kind.TRAIN]


def _is_flat(fetch: ast.expr) -> bool:
    return isinstance(fetch, ast.List | ast.Tuple) and not any(
        isinstance(part, ast.List | ast.Tuple | ast.Dict) for part in fetch.elts
    )


def _text(leaf: Leaf, source: Source) -> str:
    return leaf.text or source.one_line(leaf.expr)


def _atom(leaf: Leaf, source: Source) -> str:
    text = _text(leaf, source)
    simple = isinstance(leaf.expr, ast.Name | ast.Attribute | ast.Subscript | ast.Call)
    return text if simple else f"({text})"


def _called(source: Source, run: Run, one: Slice) -> str:
    """The call of the function, with what is fed in the order of its parameters.

    Where several of the values are computed, they stay in the order in which they were.
    """
    if run.feed_name:
        if {held for held, _ in run.feeds} != set(one.params):
            raise Refused(f"{run.feed_name} holds what is fed for nothing", run.call)
        return f"{one.name}(**{run.feed_name})"
    values = dict(run.feeds)
    fed = [held for held, _ in run.feeds if held in one.params]
    calls = [h for h in fed if any(isinstance(n, ast.Call) for n in ast.walk(values[h]))]
    if len(calls) > 1 and fed != one.params:
        given = ", ".join(f"{held.name}={source.segment(values[held])}" for held in fed)
    else:
        given = ", ".join(source.segment(values[held]) for held in one.params)
    return f"{one.name}({given})"


def _assigned(
    source: Source, run: Run, one: Slice | None, call: str, target: ast.expr, root: str
) -> str | None:
    """The statement that takes a run apart; None where it just has the whole value."""
    if not isinstance(run.fetch, ast.List | ast.Tuple):
        if _kept(run.leaves):
            return None
        _check_idle(source, target)
        return call
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else []
    if len(parts) != len(run.leaves) or not _is_flat(run.fetch):
        return None
    targets = []
    for part, leaf in zip(parts, run.leaves, strict=True):
        if leaf.kind is Kind.TRAIN:
            _check_idle(source, part)
        else:
            targets.append((source.segment(part), leaf))
    names = ", ".join(name for name, _ in targets)
    if one is None and not any(leaf.kind in _SEVERAL for _, leaf in targets):
        return f"{names} = {', '.join(f'{_atom(leaf, source)}.numpy()' for _, leaf in targets)}"
    if any(leaf.kind in _SEVERAL for _, leaf in targets):
        return f"{names} = {_mapped(root, call)}"
    if len(targets) < 2:
        return f"{names} = {call}.numpy()" if targets else call
    return f"{names} = (value.numpy() for value in {call})"


def _mapped(root: str, call: str) -> str:
    """The values of several tensors, nested as they are."""
    return f"{root}.nest.map_structure(lambda value: value.numpy(), {call})"


def _check_idle(source: Source, target: ast.expr) -> None:
    """Raise `Refused` where something reads what the run of a train op gave to `target`."""
    if not isinstance(target, ast.Name) or _is_read(source, target.id):
        raise Refused("what a train op gives is used", target)


def _is_read(source: Source, name: str) -> bool:
    return name != "_" and any(
        isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
        for n in ast.walk(source.tree)
    )


def _value(source: Source, run: Run, one: Slice | None, call: str, root: str) -> str:
    """The value of a run, as an expression."""
    nested = any(leaf.kind in _SEVERAL for leaf in run.leaves)
    if isinstance(run.fetch, ast.List | ast.Tuple | ast.Dict):
        flat = _is_flat(run.fetch) and not nested
        if one is None:
            if flat:
                parts = ", ".join(f"{_atom(leaf, source)}.numpy()" for leaf in run.leaves)
                return f"[{parts}]"
            call = source.one_line(run.fetch)
        elif flat:
            if len(run.leaves) == 1:
                return f"[{call}.numpy()]"
            return f"[value.numpy() for value in {call}]"
        elif len(run.leaves) == 1:
            raise Refused("a run fetches one thing in a list of lists", run.call)
        return _mapped(root, call)
    leaf = run.leaves[0]
    if leaf.summaries and one is not None:
        return call
    if one is None:
        call = _atom(leaf, source)
    if nested:
        return _mapped(root, call)
    return f"{call}.numpy()"
