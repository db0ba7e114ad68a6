"""Stage 1 of a migration: what TF 2 lacks, reached through tf.compat.v1, arguments kept.

A symbol that only has another name in TF 2 takes that name instead.
"""

from __future__ import annotations

import ast
import re

from tf2lint import api, rewrite
from tf2lint.edits import of_template, replace
from tf2lint.finding import Edit
from tf2lint.names import paths
from tf2lint.reference import Reference

COMPAT = "compat-v1"
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


def respelled(ref: Reference, use: str) -> tuple[Edit, ...]:
    """The edits that reach `ref` through compat.v1, or by its TF 2 name if that is all it needs.

    () where neither works under the target, or the alias in scope cannot express it.
    """
    if ref.is_method:
        return _method(ref)
    if ref.route != "tf":
        return ()
    if isinstance(use, rewrite.Code) and rewrite.is_rename(use.template, ref.signature()):
        edits = of_template(use.template, ref, use.arguments or ref.arguments())
        if edits:
            return edits
    if not api.in_compat_v1(ref.symbol, ref.target):
        return ()
    if isinstance(ref.node, ast.alias):
        return _import(ref, ref.site.stmt)
    root = ref.root
    if root is None or not isinstance(ref.node, ast.Attribute):
        return ()
    return (replace(ref.node, f"{root}.compat.v1{ref.symbol[2:]}"),)


def _method(ref: Reference) -> tuple[Edit, ...]:
    template = _METHODS.get(ref.symbol)
    root = ref.root
    if template is None or root is None or ref.receiver is None:
        return ()
    node: ast.expr = ref.call if ref.call is not None else ref.site.node  # type: ignore[assignment]
    called = ref.call is not None
    if called and (ref.call.args or ref.call.keywords):  # type: ignore[union-attr]
        return ()
    if called != ("make_" in template):
        return ()
    receiver = ref.module.source.segment(ref.receiver)
    return (replace(node, rewrite.rooted(template, root).replace("{self}", receiver)),)


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
