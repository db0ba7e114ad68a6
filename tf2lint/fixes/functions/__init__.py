"""Whole programs: a graph with its sessions becomes functions, as a person would write them.

`program` finds what builds the graph and what runs it, `slices` says what each run computes,
`write` and `training` put that into functions. What is left of TF 1 in the text after that is
for the rules' own edits. Loaded by `tf2lint fix` alone.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from tf2lint.check.engine import Examination, asked
from tf2lint.finding import Finding
from tf2lint.fixes.functions.model import OF_VARIABLES, Kind, Program, Refused
from tf2lint.fixes.functions.names import Names
from tf2lint.fixes.functions.program import found
from tf2lint.fixes.functions.slices import plan_of, told
from tf2lint.fixes.functions.write import Writer
from tf2lint.options import Options
from tf2lint.source import Source


@dataclass(frozen=True)
class Turned:
    """What came of a module: its text with functions, or why not; both empty without sessions.

    `plan` tells the slices, line by line.
    """

    text: str = ""
    names: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    refused: str = ""


def turned(source: Source, options: Options) -> Turned:
    """The program in `source` with functions in the place of its runs, where that can be done.

    Raises what parsing raises.
    """
    try:
        return asked(source, options, _turned)
    except Refused as refused:
        where = f"line {refused.line}: " if refused.line else ""
        return Turned(refused=f"{where}{refused.reason}")


def left_over(text: str, left: Iterable[Finding]) -> str:
    """Why `text`, fixed, is not whole yet, or ""; `left` is what `check` says of it.

    Data sets that TensorFlow 1 came with are not the program's.
    """
    for finding in left:
        if not finding.symbol.startswith("tf.examples"):
            return f"{finding.code} is left: {finding.message}"
    if re.search(r"\bcompat\b\s*\.\s*v1\b", text):
        return "tf.compat.v1 is left"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "fixed", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return f"the new text does not compile: {error}"
    return ""


def _turned(examination: Examination) -> Turned:
    module = examination.module
    program = found(module)
    if program is None:
        return Turned()
    root = _root(module.source.tree)
    if not root:
        raise Refused("TensorFlow is not imported by a name of its own")
    _check_functions(program, Names(module))
    plan = plan_of(program)
    text = Writer(Names(module), plan, root).text()
    names = [*(p.name for p in plan.parts), *(s.name for s in plan.slices if s.alone is None)]
    return Turned(text, tuple(names), tuple(told(plan)))


def _root(tree: ast.Module) -> str:
    for stmt in tree.body:
        if isinstance(stmt, ast.Import):
            for alias in stmt.names:
                if alias.name in ("tensorflow", "tensorflow.compat.v1"):
                    return alias.asname or ("tensorflow" if alias.name == "tensorflow" else "")
    return ""


def _check_functions(program: Program, names: Names) -> None:
    """See that no function of the module reads what moves. Raises `Refused`."""
    moving = {
        d.name: d for unit in program.units for d in unit.defs
        if unit.role not in ("stay", "driver") or d.kind is Kind.SESSION
    }  # fmt: skip
    sessions = [b.items[0].optional_vars for b in program.unwrapped]
    gone = {*moving, *(name.id for name in sessions if isinstance(name, ast.Name))}
    variables = {d.name for unit in program.units for d in unit.defs if d.kind in OF_VARIABLES}
    for node in ast.walk(names.source.tree):
        if isinstance(node, ast.Global | ast.Nonlocal) and not {*gone, *variables}.isdisjoint(
            node.names
        ):
            raise Refused("a function binds what the graph is made of", node)
    for unit in program.units:
        reads: set[str] = set()
        if isinstance(unit.stmt, ast.FunctionDef) and unit.role != "helper":
            reads = set(names.facts(unit.stmt).reads)
        elif isinstance(unit.stmt, ast.ClassDef):
            reads = {n.id for n in ast.walk(unit.stmt) if isinstance(n, ast.Name)}
        for name in sorted(reads & gone):
            raise Refused(
                f"{unit.defs[0].name if unit.defs else 'a class'} reads {name}", unit.stmt
            )
