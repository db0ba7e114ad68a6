"""The switch to Keras 2, the package tf_keras, written where a program starts."""

from __future__ import annotations

import ast
import sys

from tf2lint.fixes.edits import apply
from tf2lint.fixes.imports import line_before, owns_its_lines
from tf2lint.semantics.keras_switch import VARIABLE
from tf2lint.source import Source

_SET = f'os.environ["{VARIABLE}"] = "1"'


def switched(text: str) -> str:
    """The module with the switch before all that may load TensorFlow.

    As it was where it speaks of the switch itself, or has no line for it. Raises `SyntaxError` or
    `ValueError` where `text` does not parse.
    """
    source = Source(text)
    at, has_os = _first_to_load(source.tree)
    if VARIABLE in text or source.is_python2 or at is None or not owns_its_lines(source, at):
        return text
    return apply(text, [line_before(source, at, *(() if has_os else ("import os",)), _SET)])


def _first_to_load(tree: ast.Module) -> tuple[ast.stmt | None, bool]:
    """The first statement with an import from outside of Python, and if `os` is imported there."""
    has_os = False
    for stmt in tree.body:
        for node in ast.walk(stmt):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = ["." if node.level else node.module or ""]
            else:
                continue
            if not all(name.partition(".")[0] in sys.stdlib_module_names for name in names):
                return stmt, has_os
        if isinstance(stmt, ast.Import):
            bound = {alias.name.partition(".")[0] for alias in stmt.names if not alias.asname}
            has_os = has_os or "os" in bound
    return None, has_os
