"""The switch that makes a program run as TF 1: which module needs it, and where it must stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tf2lint.check.facts import Module
from tf2lint.finding import Edit
from tf2lint.fixes.imports import extent, line_after, line_before, owns_its_lines
from tf2lint.semantics.files import disk
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.groups import OPENS_SESSION

# What says how a program runs.
_SWITCHES = frozenset({
    "tf.disable_v2_behavior", "tf.disable_eager_execution", "tf.enable_eager_execution",
    "tf.enable_v2_behavior",
})  # fmt: skip
_V1 = f"{paths.ROOT}.compat.v1"
_CALL = "disable_v2_behavior()"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# All that is in a statement that only says what is to be imported.
_OF_IMPORTS = (ast.Import, ast.ImportFrom, ast.Assign, ast.Pass, ast.Raise, ast.Try, ast.If)


@dataclass(frozen=True)
class Need:
    """What a module has to do with the switch.

    `says`: it says how it runs. Else `opens`: it opens sessions; `runs`: it does so once it is run;
    `in_graphs`: it makes graphs of its own for them, as a program of TF 2 may.
    """

    says: bool = False
    opens: bool = False
    runs: bool = False
    in_graphs: bool = False


def need(module: Module) -> Need:
    """What `module` has to do with the switch."""
    opened: set[int] = set()
    in_graphs = False
    for site, path in module.uses:
        symbol = paths.symbol(path)
        in_graphs = in_graphs or symbol == "tf.Graph"
        if symbol in _SWITCHES and not isinstance(site.node, ast.alias):
            return Need(says=True)
        if symbol in OPENS_SESSION and site.call is not None and site.call.func is site.node:
            opened.add(id(site.node))
    tree = module.source.tree
    runs = bool(opened) and (is_program(tree) or _runs(tree, opened))
    return Need(opens=bool(opened), runs=runs, in_graphs=in_graphs)


def is_program(tree: ast.Module) -> bool:
    """Whether the module is made to be run: it asks for its `__name__`."""
    return any(isinstance(stmt, ast.If) and asks_name(stmt.test) for stmt in tree.body)


def asks_name(test: ast.expr) -> bool:
    """Whether a test asks for the module's `__name__`."""
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(test))


def _runs(tree: ast.Module, wanted: set[int]) -> bool:
    """Whether one of the nodes `wanted`, by `id`, is run with the module."""
    return any(id(node) in wanted for node in _run_at_once(tree))


def calls_at_once(tree: ast.Module, names: set[str]) -> bool:
    """Whether the module calls one of `names`, or what is in it, when it is run or imported."""
    for node in _run_at_once(tree):
        func = node.func if isinstance(node, ast.Call) else None
        while isinstance(func, ast.Attribute):
            func = func.value
        if isinstance(func, ast.Name) and func.id in names:
            return True
    return False


def _run_at_once(tree: ast.Module) -> Iterator[ast.AST]:
    """What runs with the module: its top level, and each function and class that this names."""
    known: dict[str, ast.AST] = {}
    todo: list[ast.AST] = []
    blocks: list[ast.AST] = [*tree.body]
    while blocks:
        node = blocks.pop()
        if isinstance(node, _DEFINITIONS):
            known[node.name] = node
            todo += node.decorator_list
        elif isinstance(getattr(node, "body", None), list):
            for child in ast.iter_child_nodes(node):
                inside = isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
                (blocks if inside else todo).append(child)
        else:
            todo.append(node)
    while todo:
        for inner in ast.walk(todo.pop()):
            yield inner
            name = inner.id if isinstance(inner, ast.Name) else ""
            if isinstance(inner, ast.Attribute) and inner.attr == "run":
                name = "main"  # tf.app.run()
            if name in known:
                todo.append(known.pop(name))


def edit(module: Module) -> Edit | None:
    """The edit that puts the switch right after the first import of TensorFlow.

    Where a module of the project that uses TensorFlow is imported before that, TensorFlow and the
    switch come first: it may make tensors as it is imported. None where nothing imports either.
    """
    stmt, through = _first_import(module)
    source = module.source
    earlier = _of_project(module, stmt)
    at = earlier or stmt
    if at is None:
        return None
    if earlier is not None or through is None:
        lines = [f"import {paths.ROOT}", f"{_V1}.{_CALL}"]
    else:
        lines = [f"{through}{_CALL}"]
    if owns_its_lines(source, at):
        return (line_after if earlier is None else line_before)(source, at, *lines)
    line, column, end_line, end_column = extent(at)
    if earlier is None:
        return Edit(end_line, end_column, end_line, end_column, "".join(f"; {x}" for x in lines))
    return Edit(line, column, line, column, "".join(f"{x}; " for x in lines))


def _first_import(module: Module) -> tuple[ast.stmt | None, str | None]:
    """The first statement that imports TensorFlow, and how to spell what is in compat.v1 then.

    That is None where it binds no name to say it with.
    """
    for site in module.inference.binder.sites:
        alias = site.node
        if not isinstance(alias, ast.alias):
            continue
        values = module.inference.imported(module.inference.import_target(site))
        path = next((v.path for v in values if isinstance(v, Symbol)), "")
        if not paths.is_tensorflow(path):
            continue
        stmt = _whole(module, site.stmt)
        name = alias.asname or alias.name.partition(".")[0]
        if alias.name == "*":
            return stmt, "" if paths.under(path, _V1) else None
        if path in (paths.ROOT, _V1):
            return stmt, f"{name}." if path == _V1 else f"{name}.compat.v1."
        return stmt, None
    return None, None


def _whole(module: Module, stmt: ast.stmt) -> ast.stmt:
    """The `try` or `if` around an import that is there for imports alone, or the import."""
    up = module.source.parent(stmt)
    while isinstance(up, ast.Try | ast.If | ast.ExceptHandler):
        inside = [node for node in ast.walk(up) if isinstance(node, ast.stmt)]
        if not all(isinstance(node, _OF_IMPORTS) for node in inside):
            break
        if isinstance(up, ast.stmt):
            stmt = up
        up = module.source.parent(up)
    return stmt


def _of_project(module: Module, stmt: ast.stmt | None) -> ast.stmt | None:
    """The first import, before `stmt`, of a module of the project that uses TensorFlow.

    In a module that does not import TensorFlow itself any of the project will do.
    """
    where = module.inference.path
    for earlier in module.source.tree.body:
        if where is None or (stmt is not None and earlier.lineno >= stmt.lineno):
            return None
        if not isinstance(earlier, ast.Import | ast.ImportFrom):
            continue
        level = earlier.level if isinstance(earlier, ast.ImportFrom) else 0
        named = [a.name for a in earlier.names]
        own = (earlier.module or "") if isinstance(earlier, ast.ImportFrom) else ""
        for name in [own] if own else named:
            path = disk().locate(where, level, name)
            if path is not None and (stmt is None or paths.ROOT in (disk().text(path) or "")):
                return earlier
    return None
