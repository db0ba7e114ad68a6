"""The arguments of a call, by the names of a signature's parameters."""

from __future__ import annotations

import ast

from tf2lint.tensorflow import api


class Arguments:
    """The arguments of a call by the names of a signature's parameters.

    `given` maps parameters to expressions, `unknown` are keywords that the signature lacks,
    `extra` positional arguments past its end. `open` says that `*args` or `**kwargs` are
    passed, so that more may be given than is seen.
    """

    __slots__ = ("call", "extra", "given", "open", "open_positional", "positions", "unknown")

    def __init__(self, call: ast.Call, signature: api.Signature | None, skip: int = 0) -> None:
        self.call = call
        self.given: dict[str, ast.expr] = {}
        self.positions: dict[str, int] = {}
        self.unknown: list[ast.keyword] = []
        self.extra: list[ast.expr] = []
        self.open_positional = False
        self.open = any(keyword.arg is None for keyword in call.keywords)
        names = signature.positional[skip:] if signature is not None else ()
        for place, arg in enumerate(call.args):
            if isinstance(arg, ast.Starred):
                self.open = self.open_positional = True
                break
            if place < len(names):
                self.given[names[place]] = arg
                self.positions[names[place]] = place
            else:
                self.extra.append(arg)
        for keyword in call.keywords:
            if keyword.arg is None:
                continue
            if signature is None or keyword.arg in signature.names:
                self.given[keyword.arg] = keyword.value
            else:
                self.unknown.append(keyword)

    def keyword(self, name: str) -> ast.keyword | None:
        """The keyword argument `name` of the call, as written."""
        for keyword in self.call.keywords:
            if keyword.arg == name:
                return keyword
        return None

    def literal(self, name: str) -> object:
        """The constant passed for `name`; Ellipsis where it is absent or no constant."""
        value = self.given.get(name)
        if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
            inner = value.operand
            if isinstance(inner, ast.Constant) and isinstance(inner.value, int | float):
                return -inner.value
        return value.value if isinstance(value, ast.Constant) else ...
