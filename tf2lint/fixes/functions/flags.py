"""Flags that TF 1 read by itself when one was asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.finding import Edit
from tf2lint.fixes.functions.model import Refused
from tf2lint.fixes.functions.names import Names, is_flag
from tf2lint.fixes.functions.texts import extent


def edits(names: Names) -> Iterator[Edit]:
    """The edits that have flags read where the last is defined. Raises `Refused`."""
    source = names.source
    flags = name = None
    for stmt in source.tree.body:
        symbols = [names.symbol(n) for n in ast.walk(stmt) if isinstance(n, ast.Attribute)]
        if "tf.app.run" in symbols:
            return  # reads them
        value = stmt.value if isinstance(stmt, ast.Assign | ast.Expr) else None
        func = value.func if isinstance(value, ast.Call) else value
        symbol = names.symbol(func) if func is not None else ""
        if not is_flag(symbol):
            continue
        flags = stmt if symbol.rpartition(".")[2] != "flags" else flags
        if symbol.endswith(".FLAGS") and isinstance(stmt, ast.Assign):
            name = ast.unparse(stmt.targets[0])
    if flags is None:
        return
    if name is None:
        raise Refused("the flags have no name", flags)
    _, last = extent(source, flags)
    text = f"{name}(sys.argv, known_only=True)\n"
    yield (Edit(last + 1, 0, last + 1, 0, text))
    imports = [s for s in source.tree.body if isinstance(s, ast.Import | ast.ImportFrom)]
    known = [alias.name for s in imports if isinstance(s, ast.Import) for alias in s.names]
    if "sys" not in known:
        first = next(s for s in imports if getattr(s, "module", "") != "__future__")
        yield (Edit(first.lineno, 0, first.lineno, 0, "import sys\n"))
