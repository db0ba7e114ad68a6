"""The MNIST reader of TF 1's tutorials: an equivalent one, written beside the code that reads.

`edits` changes what the old one was imported as; `text` is the new one. Only where the person
asked for it.
"""

from __future__ import annotations

import ast
import os

from tf2lint.check.reference import Reference
from tf2lint.finding import Edit
from tf2lint.fixes import imports
from tf2lint.fixes.edits import replace
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths

NAME = "mnist_input_data"
FILE = f"{NAME}.py"
KIND = "MNIST reader written beside it"
_OLD = frozenset({
    "tf.examples.tutorials.mnist.input_data", "tf.contrib.learn.datasets.mnist",
    "tf.contrib.learn.python.learn.datasets.mnist",
})  # fmt: skip
_HAS = frozenset({"read_data_sets", "load_mnist", "DataSet"})
_HERE = os.path.join(os.path.dirname(__file__), f"{NAME}.txt")


def text() -> str:
    """The module that is written."""
    with open(_HERE, encoding="utf-8") as file:
        return file.read()


def package_of(path: str, module: str) -> str | None:
    """What the reader beside `path` is imported from: `` by itself, `.`, or a package.

    None where a file of that name is something else. `module` is the text of the one at `path`.
    """
    folder = os.path.dirname(os.path.abspath(path))
    try:
        with open(os.path.join(folder, FILE), encoding="utf-8") as file:
            if file.read() != text():
                return None
    except FileNotFoundError:
        pass
    except (OSError, ValueError):
        return None
    inside: list[str] = []
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, name = os.path.split(folder)
        inside.insert(0, name)
    if not inside:
        return ""
    found = [n for n in ast.walk(ast.parse(module)) if isinstance(n, ast.Import | ast.ImportFrom)]
    if any(isinstance(node, ast.ImportFrom) and node.level for node in found):
        return "."
    roots = {
        name.partition(".")[0]
        for node in found
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom)
                     else [alias.name for alias in node.names])
    }  # fmt: skip
    return ".".join(inside) if inside[0] in roots else ""


def edits(ref: Reference, package: str) -> tuple[Edit, ...]:
    """The edits that make `ref` mean the reader that is in `package`; () if it is of no such."""
    if isinstance(ref.node, ast.alias):
        return _import(ref, ref.site.stmt, package)
    module, _, name = ref.symbol.rpartition(".")
    if ref.symbol in _OLD:
        module, name = ref.symbol, ""
    if module not in _OLD or (name and name not in _HAS) or not isinstance(ref.node, ast.Attribute):
        return ()
    root: ast.expr = ref.node
    while isinstance(root, ast.Attribute):
        root = root.value
    above = [v for v in ref.values(root) if isinstance(v, Symbol)]
    if not above or any(paths.symbol(v.path) in _OLD for v in above):
        return ()  # its import is changed
    added = imports.added(ref.module.source, _statement(package, NAME), NAME)
    if added is None:
        return ()
    return (added, replace(ref.node, f"{NAME}.{name}" if name else NAME))


def _statement(package: str, bound: str, name: str = "") -> str:
    """The import that binds `bound` to the reader, or to `name` in it."""
    if name:
        inside = f"{package.rstrip('.')}.{NAME}" if package else NAME
        return f"from {inside} import {name}" + (f" as {bound}" if bound != name else "")
    start = f"from {package} import {NAME}" if package else f"import {NAME}"
    return start + (f" as {bound}" if bound != NAME else "")


def _import(ref: Reference, stmt: ast.stmt, package: str) -> tuple[Edit, ...]:
    """The edits of a whole import statement; what is not of the reader stays in one of its own."""
    source = ref.module.source
    if not isinstance(stmt, ast.Import | ast.ImportFrom):
        return ()
    home = stmt.module or "" if isinstance(stmt, ast.ImportFrom) and not stmt.level else ""
    if not home and isinstance(stmt, ast.ImportFrom):
        return ()
    new: list[str] = []
    rest: list[ast.alias] = []
    for alias in stmt.names:
        bound = alias.asname or alias.name
        path = f"{home}.{alias.name}" if home else alias.name
        if paths.symbol(path) in _OLD and (home or alias.asname):
            new.append(_statement(package, bound))
        elif home and paths.symbol(home) in _OLD and alias.name in _HAS:
            new.append(_statement(package, bound, alias.name))
        else:
            rest.append(alias)
    if not new:
        return ()
    if rest or len(new) > 1:
        if not imports.owns_its_lines(source, stmt) or "#" in source.segment(stmt):
            return ()
        if rest:
            names = ", ".join(a.name + (f" as {a.asname}" if a.asname else "") for a in rest)
            new.insert(0, f"from {home} import {names}" if home else f"import {names}")
        return (Edit(*imports.extent(stmt), new[0]), imports.line_after(source, stmt, *new[1:]))
    return (Edit(*imports.extent(stmt), new[0]),)
