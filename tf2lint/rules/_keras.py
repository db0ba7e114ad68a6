"""What rules on Keras share."""

from __future__ import annotations

import ast

from tf2lint.check.reference import Reference
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3


def keras_2_kept(ref: Reference) -> bool:
    """Whether the module uses `tf_keras`, so that objects of unknown making may be Keras 2."""
    return "tf_keras" in ref.module.source.text


def only_named(ref: Reference) -> bool:
    """Whether a class is only compared with (`isinstance`, `==`) or stands in a type."""
    if not isinstance(ref.node, ast.expr):
        return False
    parent = ref.module.source.parent
    node: ast.AST = ref.node
    up = parent(node)
    while isinstance(up, ast.Tuple | ast.List | ast.Subscript | ast.BinOp):
        if isinstance(up, ast.Subscript) and up.slice is node:
            return True  # `Union[...]`, or a key: nothing is made of it
        node, up = up, parent(up)
    if isinstance(up, ast.Compare):
        return True
    if isinstance(up, ast.Call):
        name = up.func.id if isinstance(up.func, ast.Name) else ""
        return name in ("isinstance", "issubclass") and node in up.args[1:]
    if isinstance(up, ast.arg | ast.AnnAssign):
        return up.annotation is node
    return isinstance(up, ast.FunctionDef | ast.AsyncFunctionDef) and up.returns is node


def last_release(symbol: str) -> api.Version | None:
    """The last TF 2 release that has `symbol`; None where none has."""
    having = [release for release in api.RELEASES if api.exists(symbol, release)]
    return having[-1] if having else None


def is_gone(ref: Reference) -> bool:
    """Whether the target no longer has what it means; what is yet to come does not count."""
    if ref.status == "compat":
        return True
    if ref.status != "removed":
        return False
    last = last_release(ref.symbol)
    new = ref.route == "keras" and ref.keras >= KERAS_3
    return last is None or last < ref.keras or new


def gone_text(ref: Reference) -> str:
    """What happened to a Keras symbol, in a few words; nothing where its status says it."""
    if ref.status == "compat" or ref.route == "v1":
        return ""
    last = last_release(ref.symbol)
    if last is None:
        found = api.symbol(ref.symbol)
        return "" if found is not None and found.tf1 else "does not exist in TF 2"
    if last == api.NEWEST:
        return "is not in the keras package of Keras 3"
    after = next(release for release in api.RELEASES if release > last)
    return f"was removed in TF {after[0]}.{after[1]}"
