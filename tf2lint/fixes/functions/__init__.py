"""Whole programs: a graph with its sessions becomes functions, as a person would write them.

`program` finds what builds the graph and what runs it, `slices` says what each run computes,
`write` and `training` put that into functions. What is left of TF 1 in the text after that is
for the rules' own edits. Loaded by `tf2lint fix` alone.
"""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from tf2lint.check.engine import Examination, asked
from tf2lint.finding import Finding
from tf2lint.fixes import edits as editing
from tf2lint.fixes import imports
from tf2lint.fixes.functions.apart import Apart, taken_apart
from tf2lint.fixes.functions.layers import with_layers
from tf2lint.fixes.functions.model import OF_VARIABLES, Kind, Program, Refused
from tf2lint.fixes.functions.names import Names
from tf2lint.fixes.functions.program import found, homes_of
from tf2lint.fixes.functions.slices import plan_of, told
from tf2lint.fixes.functions.statements import bindings
from tf2lint.fixes.functions.write import Writer
from tf2lint.options import Options
from tf2lint.source import Source

_TIMES = 40  # functions that are taken apart, one after the other


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
    now = source
    for _ in range(_TIMES):
        try:
            return asked(now, options, _turned)
        except Refused as refused:
            line = _line_before(source, now, refused.line)
            where = f"line {line}: " if line else ""
            return Turned(refused=f"{where}{refused.reason}")
        except _Again as again:
            now = Source(again.text, source.filename, path=source.path)
    return Turned(refused="its functions are too deep")


class _Again(Exception):
    """The program is to be looked at with another text first."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def _line_before(source: Source, now: Source, line: int) -> int:
    """The line of `source` at which the line of a later text was, or the one before it."""
    if source is now or not line:
        return line
    found = 0
    matcher = difflib.SequenceMatcher(None, source.lines, now.lines, autojunk=False)
    for _, first, last, new_first, new_last in matcher.get_opcodes():
        if new_first < line:
            found = first + min(line - new_first, max(last - first, 1))
        if line <= new_last:
            break
    return found


def left_over(text: str, left: Iterable[Finding]) -> str:
    """Why `text`, fixed, is not whole yet, or ""; `left` is what `check` says of it.

    Data sets that TensorFlow 1 came with are not the program's.
    """
    for finding in left:
        if not finding.symbol.startswith("tf.examples"):
            return f"{finding.code} is left: {finding.message}"
    if re.search(r"\bcompat\b\s*\.\s*v1\b", text):
        return "tf.compat.v1 is left"
    error = _broken(text)
    return f"the new text does not compile: {error}" if error else ""


def _broken(text: str) -> str:
    """Why `text` does not compile, or ""."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "fixed", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return str(error)
    return ""


def _turned(examination: Examination) -> Turned:
    module = examination.module
    names = Names(module)
    homes = homes_of(names)
    if not homes:
        return Turned()
    again = with_layers(names)
    if again:
        raise _Again(again)
    try:
        program = found(names, homes)
    except Apart as apart:
        raise _Again(taken_apart(names, apart)) from None
    root = _root(module.source.tree)
    if not root:
        raise Refused("TensorFlow is not imported by a name of its own")
    _check_functions(program, names)
    plan = plan_of(program)
    text = Writer(names, plan, root).text()
    error = _broken(text)
    if error:
        raise Refused(f"the new text does not compile: {error}")
    text = editing.apply(text, imports.unused(module.source, Source(text, module.source.filename)))
    made = [*(p.name for p in plan.parts), *(s.name for s in plan.slices if s.alone is None)]
    return Turned(text, tuple(made), tuple(told(plan)))


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
    for function in ast.walk(names.source.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        stated = {n for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal)
                  for n in node.names}  # fmt: skip
        if stated & {*gone, *variables} & {name for name, _ in bindings(function)}:
            raise Refused("a function binds what the graph is made of", function)
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
