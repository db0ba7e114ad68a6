"""Savers: a checkpoint of the same variables and optimizers, written and read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.finding import Edit
from tf2lint.fixes.edits import replace
from tf2lint.fixes.functions.kinds import Kinds
from tf2lint.fixes.functions.model import OF_VARIABLES, Def, Kind, Program, Refused, Saved, Unit
from tf2lint.fixes.functions.names import MADE_LAYERS, Names
from tf2lint.fixes.functions.statements import given

SAVER = "tf.train.Saver"
_ALL = frozenset({"tf.global_variables", "tf.all_variables"})
_LOOKS = frozenset({"latest_checkpoint", "get_checkpoint_state", "import_meta_graph"})


def made(call: ast.Call, unit: Unit, reader: Kinds, program: Program) -> Kind:
    """Note a saver. Raises `Refused`."""
    names = reader.names
    first = call.args[0] if len(call.args) == 1 else None
    is_all = isinstance(first, ast.Call) and names.symbol(first.func) in _ALL
    if call.keywords or (call.args and not is_all):
        raise Refused("the saver says more than that it saves everything", call)
    if any(isinstance(n, ast.Attribute) and n.attr in _LOOKS for n in ast.walk(names.source.tree)):
        raise Refused("the latest checkpoint is looked for", call)
    held: dict[str, Def] = {}
    for other in (*program.units, unit):
        for one in other.defs:
            if one.kind in OF_VARIABLES and not _is_second(one.value):
                if reader.env.get(one.name) is not one:
                    raise Refused(f"{one.name} is saved, and another thing by now", call)
                held[one.name] = one
    for one in held.values():
        value = one.value
        is_object = isinstance(value, ast.Call) and names.symbol(value.func) in MADE_LAYERS
        if one.kind is Kind.LAYER and not is_object:
            raise Refused("variables are saved that are made within functions", call)
    unit.saves = list(held.values())
    return Kind.SAVER


def _is_second(value: ast.expr | None) -> bool:
    """Whether it is a list of variables that have names of their own."""
    parts = value.elts if isinstance(value, ast.List | ast.Tuple) else []
    return bool(parts) and all(isinstance(part, ast.Name) for part in parts)


def used(call: ast.Call, held: Def, reader: Kinds, program: Program) -> None:
    """Note that a saver saves or restores. Raises `Refused`."""
    assert isinstance(call.func, ast.Attribute)
    places = {"save": ("sess", "save_path", "global_step"), "restore": ("sess", "save_path")}
    method = call.func.attr
    args = given(call, *places.get(method, ()))
    allowed = {*places.get(method, ()), "write_meta_graph"}
    if method not in places or set(args) - allowed or not {"sess", "save_path"} <= set(args):
        raise Refused(f"the saver's {method} is used", call)
    by = args["sess"]
    session = reader.env.get(by.id) if isinstance(by, ast.Name) else None
    if session is None or session.kind is not Kind.SESSION:
        raise Refused("the session that is saved is not in sight", call)
    if reader.kind(args["save_path"]) is not Kind.PYTHON:
        raise Refused("a tensor says where to save", call)
    step = args.get("global_step")
    kind = reader.kind(step)
    if kind not in (Kind.PYTHON, Kind.VARIABLE):
        raise Refused("a tensor says which step is saved", call)
    saved = program.saved
    if any(one.call is call for one in saved):
        return
    if method == "restore" and not any(one.method == "save" for one in saved):
        raise Refused("what is restored was saved by another program", call)
    counted = step if kind is Kind.VARIABLE else None
    saved.append(Saved(call, method, held, session.unit.stmt, args["save_path"], step, counted))


def edits(program: Program, names: Names, root: str, optimizers: dict[Unit, str]) -> Iterator[Edit]:
    """The edits for savers and for what they do."""
    source = names.source
    for unit in program.units:
        for held in unit.defs:
            if held.kind is Kind.SAVER and isinstance(held.value, ast.Call):
                made = [one.name for one in unit.saves]
                made += [o for u, o in optimizers.items() if u.place < unit.place]
                parts = ", ".join(f"{name}={name}" for name in dict.fromkeys(made))
                yield replace(held.value, f"{root}.train.Checkpoint({parts})")
    for one in program.saved:
        func = one.call.func
        assert isinstance(func, ast.Attribute)
        path = source.segment(one.path)
        if one.step is not None:
            step = source.one_line(one.step) + (".numpy()" if one.counted is not None else "")
            path = _numbered(one.path, source.one_line(one.path), step)
        method = {"save": "write", "restore": "read"}[one.method]
        yield replace(one.call, f"{source.segment(func.value)}.{method}({path})")


def _numbered(path: ast.expr, text: str, step: str) -> str:
    """The path with the step behind it, as a saver puts it there."""
    is_text = isinstance(path, ast.Constant) and isinstance(path.value, str)
    inner = text[1:-1] if is_text else f"{{{text}}}"
    if any(mark in f"{inner[1:-1]}{step}" for mark in "\"'\\{}"):
        return f'{text} + "-" + str({step})'
    return f'f"{inner}-{{{step}}}"'
