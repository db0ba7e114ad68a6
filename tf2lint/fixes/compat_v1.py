"""Stage 1 of a migration: what TF 2 lacks, reached through tf.compat.v1, arguments kept.

A symbol that only has another name in TF 2 takes that name instead.
"""

from __future__ import annotations

import ast
import re

from tf2lint.check.reference import Reference
from tf2lint.finding import Edit, Finding, Rule
from tf2lint.fixes import templates
from tf2lint.fixes.edits import of_template, replace
from tf2lint.fixes.imports import after_imports
from tf2lint.fixes.proofs import is_proven, kind_of
from tf2lint.semantics.values import Symbol
from tf2lint.source import Source
from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.groups import OPENS_SESSION

COMPAT = "compat-v1"
Kinded = tuple[str, tuple[Edit, ...]]  # the kind of edits, for the proofs, and the edits
_NOTHING: Kinded = ("", ())
_MODULE = re.compile(r"(?:from|import)[ \t]+(tensorflow)\b")

# Methods that TF 2 only has as functions of compat.v1.
_METHODS = {
    "tf.data.Dataset.make_one_shot_iterator": "tf.compat.v1.data.make_one_shot_iterator({self})",
    "tf.data.Dataset.make_initializable_iterator":
        "tf.compat.v1.data.make_initializable_iterator({self})",
    "tf.data.Dataset.output_shapes": "tf.compat.v1.data.get_output_shapes({self})",
    "tf.data.Dataset.output_types": "tf.compat.v1.data.get_output_types({self})",
    "tf.data.Dataset.output_classes": "tf.compat.v1.data.get_output_classes({self})",
}  # fmt: skip
_UNKNOWN = {symbol.rpartition(".")[2]: template for symbol, template in _METHODS.items()
            if ".make_" in symbol}  # fmt: skip

# The switches that say how a program runs.
_SWITCHES = frozenset({
    "tf.disable_v2_behavior", "tf.disable_eager_execution", "tf.enable_eager_execution",
    "tf.enable_v2_behavior",
})  # fmt: skip


def respelled(rule: Rule, ref: Reference, use: str, status: str) -> Kinded:
    """The edits that reach `ref` through compat.v1, or by its TF 2 name if that is all it needs.

    `rule` is the one that reports `ref`, `use` its hint and `status` what it says happens to
    the reference. No edits where neither works under the target, or the code cannot express it.
    """
    if ref.is_method:
        return _method(ref)
    if ref.route != "tf" or status not in ("removed", "changed") or not rule.compat_helps:
        return _NOTHING
    template = use.template if isinstance(use, templates.Code) else ""
    if (
        isinstance(use, templates.Code)
        and template
        and templates.is_rename(template, ref.signature())
    ):
        kind = kind_of(ref.symbol, template, ref.target)
        if is_proven(rule.code, kind):
            edits = of_template(template, ref, use.arguments or ref.arguments())
            if edits:
                return kind, edits
    if not api.in_compat_v1(ref.symbol, ref.target) or ref.status == "same":
        return _NOTHING
    if isinstance(ref.node, ast.alias):
        return f"{COMPAT}: import", _import(ref, ref.site.stmt)
    return f"{COMPAT}: symbol", _attribute(ref)


def _attribute(ref: Reference) -> tuple[Edit, ...]:
    """`.compat.v1` put after what means the tensorflow package in the reference."""
    node: ast.AST = ref.node
    while isinstance(node, ast.Attribute):
        node = node.value
        if isinstance(node, ast.expr) and ref.values(node) == (Symbol(paths.ROOT),):
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            line, column = node.end_lineno, node.end_col_offset
            return (Edit(line, column, line, column, ".compat.v1"),)
    return ()


def _method(ref: Reference) -> Kinded:
    template = _METHODS.get(ref.symbol)
    kind = f"{COMPAT}: {ref.symbol}"
    if template is None and not ref.certain and isinstance(ref.node, ast.Attribute):
        template = _UNKNOWN.get(ref.node.attr)
    root = ref.root
    if template is None or root is None or ref.receiver is None:
        return _NOTHING
    call = ref.call
    if (call is not None) != ("make_" in template):
        return _NOTHING
    node: ast.expr | ast.alias = ref.node if call is None else call
    if call is not None and (call.args or call.keywords):
        return _NOTHING
    receiver = ref.module.source.segment(ref.receiver)
    text = templates.rooted(template, root).replace("{self}", receiver)
    return kind, (replace(node, text),)


def _import(ref: Reference, stmt: ast.stmt) -> tuple[Edit, ...]:
    """`from tensorflow import Session` to `from tensorflow.compat.v1 import Session`.

    Only where every name of the statement is there, too.
    """
    source = ref.module.source
    if isinstance(stmt, ast.ImportFrom):
        names = [f"tensorflow.{(stmt.module or '')[11:]}.{a.name}".replace("..", ".")
                 for a in stmt.names]  # fmt: skip
    elif isinstance(stmt, ast.Import) and len(stmt.names) == 1 and stmt.names[0].asname:
        names = [stmt.names[0].name]
    else:
        return ()
    if not all(api.in_compat_v1(paths.symbol(name), ref.target) for name in names):
        return ()
    match = _MODULE.match(source.segment(stmt))
    if match is None:
        return ()
    column = stmt.col_offset + match.end(1)
    return (Edit(stmt.lineno, column, stmt.lineno, column, ".compat.v1"),)


def switch_off(source: Source, found: list[Finding]) -> Edit | None:
    """The edit that makes a program run as TF 1: `disable_v2_behavior()` after its imports.

    `found` are the findings of the module. A program is a module that opens a session and is
    run: it does so outside of functions, or tests `__name__`. None for any other module, and
    for one that has a switch already.
    """
    sessions = [f for f in found if f.symbol in OPENS_SESSION]
    if not sessions or any(f.symbol in _SWITCHES for f in found):
        return None
    tree = source.tree
    called = {
        (node.func.lineno, node.func.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    sessions = [f for f in sessions if (f.line, f.column) in called]
    functions = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    if not sessions:
        return None
    outside = any(not any(a <= f.line <= b for a, b in functions) for f in sessions)
    if not outside and not any(_tests_name(stmt) for stmt in tree.body):
        return None
    for stmt in tree.body:
        if isinstance(stmt, ast.Import):
            for alias in stmt.names:
                if alias.name == "tensorflow":
                    name = alias.asname or alias.name
                    return after_imports(source, f"{name}.compat.v1.disable_v2_behavior()")
                if alias.name == "tensorflow.compat.v1" and alias.asname:
                    return after_imports(source, f"{alias.asname}.disable_v2_behavior()")
    return None


def _tests_name(stmt: ast.stmt) -> bool:
    """Whether `stmt` is `if __name__ == "__main__":`."""
    return isinstance(stmt, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(stmt.test)
    )
