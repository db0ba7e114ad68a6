"""What is said of a symbol of tf.contrib: its answer in the tables, for the reference at hand."""

from __future__ import annotations

import ast
from dataclasses import replace

from tf2lint.check.advice import Advice, install
from tf2lint.check.reference import Reference
from tf2lint.check.registry import QUIET, Matched
from tf2lint.rules.contrib import _table as table
from tf2lint.rules.contrib._fill import Filling
from tf2lint.rules.contrib._graph_forms import graph_form
from tf2lint.semantics.scopes import IMPORT, PARAM
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.api import dotted

_IN_PACKAGE, _GONE = "TF302", "TF303"


def said(ref: Reference, code: str) -> Matched:
    """What the rule `code` has to say; nothing where the answer is another rule's."""
    found = table.find(ref.symbol)
    return _judge(ref, found) if found.answer.code == code else None


def _judge(ref: Reference, found: table.Found) -> Matched:
    if _is_said_elsewhere(ref):
        return QUIET
    moved = table.moved_to(found.path, ref.target)
    if moved is None:
        report = ref.report(Filling(ref, found).use(), _fate(ref, found))
        fixes = bool(ref.module.options.edits) and ref.call is not None
        return replace(report, in_graph=graph_form(ref, found.path)) if fixes else report
    place, root = moved
    if ref.is_import:
        return ref.report(_import(ref, place), _fate(ref, found))
    if _is_bound(ref, root):
        return QUIET
    if found.exact and found.answer.code != _IN_PACKAGE:
        return ref.report(Filling(ref, found).use(), _fate(ref, found))
    return ref.report(install(ref.say(place.name)), _fate(ref, found))


def _fate(ref: Reference, found: table.Found) -> str:
    """What happened to the symbol, in a few words."""
    answer, target = found.answer, ref.target
    if answer.code == _GONE and found.path:
        return "was removed in TF 2"
    if not answer.package:
        return "was removed in TF 2"
    package = table.PACKAGES[answer.package]
    if not table.works(answer.package, target):
        return f"is in `{package.name}`, {package.why}"
    lacks = table.lacks(found.path, target)
    if lacks == "since":
        return f"is now in `{package.name}`, but fails with TF {dotted(target)}"
    if lacks and answer.package not in ("tfp", "tensorboard"):
        return f"was removed in TF 2, and `{package.name}` has no such name"
    needs = f" ({package.needs})" if package.needs and target >= package.since else ""
    verb = "is now in" if table.moved_to(found.path, target) else "was taken over by"
    return f"{verb} `{package.name}`{needs}"


def _is_said_elsewhere(ref: Reference) -> bool:
    """Whether this is only a name for what is reported where the name is bound.

    That is an argument that a caller hands in, and a variable that is read.
    """
    if not isinstance(ref.node, ast.Name):
        return False
    site = ref.site
    bindings, _ = ref.module.inference.bindings(ref.node.id, site.scope, site.seq)
    kinds = {binding.kind for binding in bindings}
    if PARAM in kinds:
        return True
    return ref.call is None and kinds != {IMPORT}


def _is_bound(ref: Reference, root: str) -> bool:
    """Whether the code reaches `ref` through a name that means `root` or something below it."""
    node = ref.node
    innermost = ""
    while isinstance(node, ast.expr):
        for value in ref.values(node):
            if isinstance(value, Symbol) and paths.is_tensorflow(value.path):
                innermost = paths.symbol(value.path)
        if not isinstance(node, ast.Attribute):
            break
        node = node.value
    if not paths.under(innermost, table.ROOT):
        return False
    return paths.under(table.find(innermost).path, root)


def _import(ref: Reference, place: table.Moved) -> Advice:
    """The import statement that brings the new place under the name that the old one had."""
    alias, stmt = ref.node, ref.site.stmt
    assert isinstance(alias, ast.alias)
    if place.module.startswith("import "):
        # What the package shows lazily cannot be imported by a path.
        return install(f"`{place.name}` of `{place.module.partition('.')[0]}`")
    above, _, last = place.module.rpartition(".")
    bound = alias.asname
    if bound is None and isinstance(stmt, ast.ImportFrom):
        bound = alias.name
    if bound is None:
        return install(f"`import {place.module}`")
    renamed = f" as {bound}" if bound != last else ""
    origin = f"from {above} " if above else ""
    return install(f"`{origin}import {last}{renamed}`")
