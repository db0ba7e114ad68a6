"""Functions of other files that give TensorFlow: `tf = import_tf()`.

Nothing is run: what the function imports, what it binds to that, and what it returns is read.
Only functions whose names say so are looked at.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache

from tf2lint.semantics import neighbours as files
from tf2lint.semantics.beyond import Beyond
from tf2lint.semantics.values import Maker, Symbol, Value, Values, distinct
from tf2lint.tensorflow import paths

# Functions and classes of any package that give the module which they are handed the name of.
LOADER = re.compile(
    r"(?i)^(importorskip|import_?or_?skip|lazy_?(import|load|loader|module)(er)?|get_module|"
    r"(try|optional|maybe|safe|soft|dynamic)_import(_module)?|import_optional_dependency)$"
)
NAMED = re.compile(r"(?i)tf|tensorflow")
RAY = "try_import_tf"  # of RLlib: tf1, tf, version = try_import_tf()
_OF_RAY = Maker(((Symbol("tensorflow.compat.v1"),), (Symbol("tensorflow"),), ()), several=True)


def loaded(call: ast.Call) -> str:
    """The module of TensorFlow that the call of a `LOADER` gives; nothing for other calls."""
    func = call.func
    name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
    if LOADER.match(name):
        for arg in call.args[:3]:
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                if paths.is_tensorflow(arg.value):
                    return arg.value
    return ""


def of_ray(origin: str) -> Maker | None:
    """What RLlib's function gives, as users of that package import it."""
    first, _, rest = origin.partition(".")
    return _OF_RAY if first == "ray" and rest.rpartition(".")[2] == RAY else None


def maker(beyond: Beyond, where: str, name: str) -> Maker | None:
    """The function `name`, found by way of the file `where`, if it gives TensorFlow."""
    if not NAMED.search(name):
        return None
    for file, one in beyond.onward([(where, name)], through_bases=False):
        if files.function_text(file, files.stamp(file), one):
            return _maker_in(file, files.stamp(file), one)
    return None


@lru_cache(maxsize=1024)
def _maker_in(path: str, stamp: tuple[int, int], name: str) -> Maker | None:
    text = files.function_text(path, stamp, name)
    if "tensorflow" not in text:
        return None
    try:
        [tree] = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names: dict[str, list[Value]] = {}
    late = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)
            for inner in ast.walk(node)}  # fmt: skip
    given: list[list[Values]] = []
    several = False
    for node in sorted(ast.walk(tree), key=lambda n: getattr(n, "lineno", 0)):
        for bound, value in _bound(node, names):
            if not names.get(bound) or id(node) not in late:  # what stands in for what failed
                names.setdefault(bound, []).append(value)
        if isinstance(node, ast.Return) and node.value is not None:
            many = isinstance(node.value, ast.Tuple)
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            several = several or many
            given.append([_meaning(part, names) for part in parts])
    most = max((len(parts) for parts in given), default=0)
    whole = tuple(
        distinct([v for parts in given if len(parts) == most for v in parts[at]])
        for at in range(most)
    )
    return Maker(whole, several and most > 1) if any(whole) else None


def _bound(node: ast.AST, names: dict[str, list[Value]]) -> Iterator[tuple[str, Value]]:
    """What a statement binds to TensorFlow."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if paths.is_tensorflow(alias.name):
                path = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or path, Symbol(path)
    elif isinstance(node, ast.ImportFrom):
        if not node.level and node.module and paths.is_tensorflow(node.module):
            for alias in node.names:
                yield alias.asname or alias.name, Symbol(f"{node.module}.{alias.name}")
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Name):
            for value in _meaning(node.value, names):
                yield target.id, value


def _meaning(expr: ast.expr, names: dict[str, list[Value]]) -> Values:
    chain = files.chain_of(expr)
    if chain is None:
        return ()
    return tuple(
        Symbol(".".join((value.path, *chain[1:])))
        for value in names.get(chain[0], ()) if isinstance(value, Symbol)
    )  # fmt: skip
