"""Edits that write absl's app, flags and logging for what TF 1 wrapped of them."""

from __future__ import annotations

import ast
from functools import lru_cache

from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference
from tf2lint.finding import Edit
from tf2lint.fixes import imports
from tf2lint.fixes.edits import rename_keyword, replace
from tf2lint.rules._calls import last_name
from tf2lint.source import Source, nodes

NAMES = {"flag_name": "name", "default_value": "default", "docstring": "help"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def edits(ref: Reference, home: str, new: str) -> tuple[str, tuple[Edit, ...]]:
    """The kind of edits and the edits that make `ref` what absl calls `new`.

    `home` is the module of absl that it is in. No edits where the code has another use for
    the names.
    """
    if ref.module.options.edits != "tf2":
        return "", ()
    kind = f"absl: {new}"
    if home == "flags" and new in ("flags", "flags.FLAGS") and _is_parsed(ref.module.source):
        kind += ", parsed by app.run"
    if isinstance(ref.node, ast.alias):
        return kind, _import(ref, ref.node, home) if new == home else ()
    source = ref.module.source
    stmt = source.parent(ref.node)
    if new == home and isinstance(stmt, ast.Assign) and stmt.value is ref.node:
        bound = imports.absl_instead(source, stmt, home)
        if bound:
            return kind, bound
    if home in ref.module.fact(_to_come):
        return kind, ()
    found = imports.absl(source, home, ref.node.lineno)
    if found is None:
        return kind, ()
    name, added = found
    changed = [replace(ref.node, name + new[len(home) :])]
    call = ref.call
    if call is not None:
        changed += [rename_keyword(k, NAMES[k.arg]) for k in call.keywords if k.arg in NAMES]
        if new == "app.run" and not call.args and not any(k.arg == "main" for k in call.keywords):
            if call.keywords or not _has_main(source.tree):
                return kind, ()
            changed = [replace(call, f"{name}.run(main)")]
    return kind, (*added, *changed)


def _import(ref: Reference, alias: ast.alias, home: str) -> tuple[Edit, ...]:
    """`from tensorflow import flags` to `from absl import flags`."""
    stmt = ref.site.stmt
    if not isinstance(stmt, ast.ImportFrom) or len(stmt.names) != 1:
        return ()
    return (_over(stmt, _statement(home, alias.asname or alias.name)),)


def _to_come(module: Module) -> set[str]:
    """Names that the module binds to TensorFlow's own of that name; first that is to change."""
    return {
        target.id
        for stmt in module.source.tree.body
        if isinstance(stmt, ast.Assign) and isinstance(stmt.value, ast.Attribute)
        for target in stmt.targets
        if isinstance(target, ast.Name) and target.id == stmt.value.attr
    }


def _statement(home: str, name: str) -> str:
    return f"from absl import {home}" + (f" as {name}" if name != home else "")


def _over(stmt: ast.stmt, text: str) -> Edit:
    assert stmt.end_lineno is not None
    assert stmt.end_col_offset is not None
    return Edit(stmt.lineno, stmt.col_offset, stmt.end_lineno, stmt.end_col_offset, text)


def _has_main(tree: ast.Module) -> bool:
    """Whether the module has a `main` that takes the command line."""
    return any(
        isinstance(stmt, ast.FunctionDef)
        and stmt.name == "main"
        and bool(stmt.args.posonlyargs or stmt.args.args or stmt.args.vararg)
        for stmt in tree.body
    )


@lru_cache(maxsize=1)  # asked for each flag of a module
def _is_parsed(source: Source) -> bool:
    """Whether the flags have been parsed by app.run wherever this module reads one.

    TF 1 parses the command line when the first flag is read, absl does not.
    """
    runs = False
    for node in nodes(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            runs = runs or (node.func.attr == "run" and last_name(node.func.value) == "app")
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            if last_name(node.value) == "FLAGS" and source.enclosing(node, _FUNCTIONS) is None:
                return False
    return runs
