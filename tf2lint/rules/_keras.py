"""What rules on Keras share."""

from __future__ import annotations

import ast

from tf2lint.reference import Reference


def keras_2_kept(ref: Reference) -> bool:
    """Whether the module uses `tf_keras`, so that objects of unknown making may be Keras 2."""
    return "tf_keras" in ref.module.source.text


def only_named(ref: Reference) -> bool:
    """Whether a class is only compared with (`isinstance`) or stands in an annotation."""
    if not isinstance(ref.node, ast.expr):
        return False
    parent = ref.module.source.parent
    node: ast.AST = ref.node
    up = parent(node)
    while isinstance(up, ast.Tuple | ast.List | ast.Subscript | ast.BinOp):
        node, up = up, parent(up)
    if isinstance(up, ast.Call):
        name = up.func.id if isinstance(up.func, ast.Name) else ""
        return name in ("isinstance", "issubclass") and node in up.args[1:]
    if isinstance(up, ast.arg | ast.AnnAssign):
        return up.annotation is node
    return isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef) and up.returns is node
