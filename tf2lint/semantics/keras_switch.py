"""Which Keras a module runs with, as code says it: `os.environ["TF_USE_LEGACY_KERAS"] = "1"`.

TensorFlow looks at the variable when Keras is first needed. What counts is said in the module
itself, in the `__init__` of a package around it, or in a conftest.py above a test.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import lru_cache

from tf2lint.semantics.files import NO_FILE, Stamp, disk
from tf2lint.source import Source

VARIABLE = "TF_USE_LEGACY_KERAS"
_YES = ("true", "True", "1")  # all that TensorFlow takes for a yes


def said_for(source: Source) -> int:
    """The Keras that is asked for, 2 or 3; 0 where nothing is said."""
    if VARIABLE in source.text and (said := _said_in(source.tree)):
        return said
    if source.path is None:
        return 0
    for path in _run_before(os.path.abspath(source.path)):
        said = _said_by(path, disk().stamp(path))
        if said:
            return said
    return 0


def _run_before(path: str) -> Iterator[str]:
    """The files that Python, or pytest, has run before it gets to the file `path`."""
    folder = os.path.dirname(path)
    root = disk().package_of(path)[0]
    at = folder
    while at != root:
        yield os.path.join(at, "__init__.py")
        at = os.path.dirname(at)
    if not _is_test(path):
        return
    top = disk().root_of(folder)
    at = folder
    while True:
        yield os.path.join(at, "conftest.py")
        up = os.path.dirname(at)
        if at in (top, up):
            return
        at = up


def _is_test(path: str) -> bool:
    name = os.path.basename(path)
    folders = os.path.dirname(path).split(os.sep)
    return name.startswith("test_") or name.endswith("_test.py") or "tests" in folders


@lru_cache(maxsize=4096)
def _said_by(path: str, stamp: Stamp) -> int:
    if stamp == NO_FILE:
        return 0
    text = disk().text(path, stamp) or ""
    if VARIABLE not in text:
        return 0
    try:
        return _said_in(Source(text).tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0  # its own run reports it


def _said_in(tree: ast.Module) -> int:
    """What the module says before it imports `tensorflow.keras`; Keras 2 where it says both."""
    constants: dict[str, str] = {}
    answers: set[int] = set()
    last = 1 << 60
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                constants[node.targets[0].id] = node.value.value
        elif isinstance(node, ast.Import | ast.ImportFrom) and _loads_keras(node):
            last = min(last, node.lineno)
    for node in ast.walk(tree):
        for key, value in _settings(node):
            text = constants.get(key.id) if isinstance(key, ast.Name) else _text(key)
            if text == VARIABLE and node.lineno < last:  # type: ignore[attr-defined]
                told = _text(value)
                if told is not None:
                    answers.add(2 if told in _YES else 3)
    return min(answers, default=0)


def _loads_keras(node: ast.Import | ast.ImportFrom) -> bool:
    modules = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return any(f"{module}.".startswith("tensorflow.keras.") for module in modules)


def _settings(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Variables of the environment that a statement or call sets, with their values."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and _is_environ(target.value):
                yield target.slice, node.value
    elif isinstance(node, ast.AugAssign):
        if _is_environ(node.target):
            yield from _pairs(node.value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield from _settings_by(node, node.func)


def _settings_by(call: ast.Call, func: ast.Attribute) -> Iterator[tuple[ast.expr, ast.expr]]:
    of_environ = _is_environ(func.value)
    if func.attr == "setenv" or (func.attr == "setdefault" and of_environ):
        if len(call.args) > 1:
            yield call.args[0], call.args[1]
    elif func.attr == "update" and of_environ:
        for arg in call.args:
            yield from _pairs(arg)
        for keyword in call.keywords:
            if keyword.arg is not None:
                yield ast.Constant(keyword.arg), keyword.value


def _pairs(expr: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(expr, ast.Dict):
        for key, value in zip(expr.keys, expr.values, strict=True):
            if key is not None:
                yield key, value


def _is_environ(expr: ast.expr) -> bool:
    return getattr(expr, "attr", getattr(expr, "id", "")) == "environ"


def _text(expr: ast.expr) -> str | None:
    """The string that `expr` is; `str(1)` counts."""
    if isinstance(expr, ast.Call) and getattr(expr.func, "id", "") == "str" and len(expr.args) == 1:
        [inner] = expr.args
        return str(inner.value) if isinstance(inner, ast.Constant) else None
    if isinstance(expr, ast.Constant) and isinstance(expr.value, str):
        return expr.value
    return None
