"""Summaries: what was merged and written comes from the run as a dict, and is written by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tf2lint.finding import Edit
from tf2lint.fixes.edits import replace
from tf2lint.fixes.functions.model import Def, Kind, Leaf, Program, Recorded, Refused, Unit
from tf2lint.fixes.functions.names import Names
from tf2lint.fixes.patterns.blocks import indent_of

if TYPE_CHECKING:
    from tf2lint.fixes.functions.called import Reader
    from tf2lint.fixes.functions.kinds import Env

WRITER = "tf.summary.FileWriter"
_OPS = {"tf.summary.scalar": "scalar", "tf.summary.histogram": "histogram"}
_MERGES = ("tf.summary.merge_all", "tf.summary.merge")
_SCOPES = ("tf.name_scope", "tf.variable_scope")


def made(call: ast.Call, unit: Unit, reader: Reader, program: Program) -> Kind | None:
    """The kind of what `call` makes of summaries; None where it makes none. Raises `Refused`."""
    symbol = reader.names.symbol(call.func)
    if symbol == WRITER:
        if not call.args or reader.kind(call.args[0]) is not Kind.PYTHON or len(call.args) > 2:
            raise Refused("the writer says more than its folder", call)
        if any(k.arg != "graph" for k in call.keywords):
            raise Refused("the writer says more than its folder", call)
        program.writers.append(call)
        return Kind.WRITER
    if symbol in _OPS:
        _record(call, _OPS[symbol], unit, reader)
        program.recorded.append(unit)
        unit.role = "gone"
        return Kind.SUMMARY
    if symbol in _MERGES:
        unit.role = "gone"
        unit.merged = _merged(call, symbol, reader.env, program)
        return Kind.SUMMARY
    return None


def _record(call: ast.Call, op: str, unit: Unit, reader: Reader) -> None:
    given = dict(zip(("tag", "value"), call.args, strict=False))
    keys = {"name": "tag", "tensor": "value", "values": "value"}
    given.update({keys.get(k.arg or "", "*"): k.value for k in call.keywords})
    if set(given) != {"tag", "value"}:
        raise Refused("a summary says more than its name and its value", call)
    tag = given["tag"]
    scopes = [_named(block, reader.names) for block in unit.blocks if isinstance(block, ast.With)]
    if not isinstance(tag, ast.Constant) or not isinstance(tag.value, str) or None in scopes:
        raise Refused("the name of a summary is not in sight", call)
    with reader.fresh() as seen:
        if reader.kind(given["value"]) is Kind.PYTHON:
            raise Refused("a summary records what is no tensor", call)
    if seen.random or seen.effect or seen.helpers:
        raise Refused("a summary computes what it records", call)
    name = "/".join([*(scope or "" for scope in scopes), tag.value.replace(" ", "_")])
    unit.recorded = Recorded(op, name, given["value"], list(dict.fromkeys(seen.uses)), seen.reads)
    unit.merged = [unit]


def _named(block: ast.With, names: Names) -> str | None:
    """The name of a name scope, where it is written there."""
    call = block.items[0].context_expr
    first = call.args[0] if isinstance(call, ast.Call) and len(call.args) == 1 else None
    if not isinstance(first, ast.Constant) or not isinstance(call, ast.Call):
        return None
    is_scope = names.symbol(call.func) in _SCOPES and isinstance(first.value, str)
    return str(first.value) if is_scope else None


def _merged(call: ast.Call, symbol: str, env: Env, program: Program) -> list[Unit]:
    if symbol == _MERGES[0] and not call.args and not call.keywords:
        return list(program.recorded)
    parts = call.args[0] if len(call.args) == 1 else None
    found: list[Unit] = []
    for part in parts.elts if isinstance(parts, ast.List | ast.Tuple) else ():
        held = env.get(part.id) if isinstance(part, ast.Name) else None
        if held is None or held.kind is not Kind.SUMMARY:
            raise Refused("what is merged is not in sight", call)
        found += held.unit.merged
    if not found:
        raise Refused("what is merged is not in sight", call)
    return found


def leaf(expr: ast.expr, held: Def, names: Names) -> Leaf:
    """What the run of merged summaries computes: a dict of what they record."""
    units = held.unit.merged
    records = [unit.recorded for unit in units if unit.recorded is not None]
    if not records or len({record.tag for record in records}) < len(records):
        raise Refused("two summaries have one name, or there is none", expr)
    parts = [f'"{record.tag}": {names.source.one_line(record.value)}' for record in records]
    uses = list(dict.fromkeys(d for record in records for d in record.uses))
    reads = {name for record in records for name in record.reads}
    return Leaf(
        expr, Kind.TENSORS, uses, reads, text=f"{{{', '.join(parts)}}}", summaries=records
    )  # fmt: skip


def edits(program: Program, names: Names, root: str) -> Iterator[Edit]:
    """The edits for writers, and for what is written with them. Raises `Refused`."""
    source = names.source
    for call in program.writers:
        text = f"{root}.summary.create_file_writer({source.one_line(call.args[0])})"
        yield replace(call, text)
    for call in program.added:
        func = call.func
        assert isinstance(func, ast.Attribute)
        stmt = source.parent(call)
        given = dict(zip(("summary", "step"), call.args, strict=False))
        given.update({(k.arg or "*").replace("global_", ""): k.value for k in call.keywords})
        name, step = given.get("summary"), given.get("step")
        if not isinstance(stmt, ast.Expr) or not isinstance(name, ast.Name) or step is None:
            raise Refused("what is written, or its step, is not in sight", call)
        records = _written(program, name.id, call)
        indent = indent_of(source, stmt)
        lines = "".join(
            f'\n{indent}    {root}.summary.{record.op}("{record.tag}", {name.id}["{record.tag}"])'
            for record in records
        )
        writer = source.segment(func.value)
        end = (step.end_lineno or 0, step.end_col_offset or 0)
        yield Edit(call.lineno, call.col_offset, step.lineno, step.col_offset,
                   f"with {writer}.as_default(step=")  # fmt: skip
        yield Edit(*end, call.end_lineno or 0, call.end_col_offset or 0, f"):{lines}")


def _written(program: Program, name: str, call: ast.Call) -> list[Recorded]:
    """What the runs that give `name` record."""
    found = [
        leaf.summaries for run in program.runs for leaf in run.leaves
        if leaf.summaries and name in run.targets
    ]  # fmt: skip
    if not found or any(one != found[0] for one in found):
        raise Refused(f"{name} is not what one run has recorded", call)
    return found[0]
