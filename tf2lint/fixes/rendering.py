"""A template's syntax tree as text, its holes filled in with the text of arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Set
from functools import lru_cache

MARK = "_hole_"  # what the name of a hole starts with, in a template's syntax tree
_ATOMS = (ast.Name, ast.Constant, ast.Attribute, ast.Call, ast.Subscript, ast.Tuple, ast.List,
          ast.Dict, ast.ListComp, ast.JoinedStr)  # fmt: skip


def hole(node: ast.AST) -> str | None:
    """The parameter whose place `node` of a parsed template is, if it is one."""
    if isinstance(node, ast.Name) and node.id.startswith(MARK):
        return node.id[len(MARK) :]
    return None


def torn(given: Mapping[str, ast.expr]) -> frozenset[str]:
    """The parameters whose argument an operator beside it would tear apart."""
    return frozenset(name for name, value in given.items() if not isinstance(value, _ATOMS))


def render(node: ast.expr, texts: Mapping[str, str], torn: Set[str]) -> str | None:
    """The text of the template `node`; None where what it requires is missing.

    `texts` are those of the arguments, by parameter; `torn` are of these as the function says.
    """
    try:
        return _Renderer(texts, torn).text(node)
    except _Missing:
        return None


class _Missing(Exception):
    """The argument of a hole is not given."""


class _Renderer(ast.NodeVisitor):
    def __init__(self, texts: Mapping[str, str], torn: Set[str]) -> None:
        self._texts = texts
        self._torn = torn

    def text(self, node: ast.expr) -> str:
        """The text of a part. Raises `_Missing`."""
        text = self.visit(node)
        assert isinstance(text, str)
        return text

    def visit_Call(self, node: ast.Call) -> str:
        func = self._held(node.func)
        parts = [self.text(arg) for arg in node.args]
        for keyword in node.keywords:
            try:
                parts.append(f"{keyword.arg}={self.text(keyword.value)}")
            except _Missing:  # it falls away
                continue
        return f"{func}({', '.join(parts)})"

    def visit_Name(self, node: ast.Name) -> str:
        name = hole(node)
        return node.id if name is None else self._filled(name)

    def visit_Attribute(self, node: ast.Attribute) -> str:
        if dotted := _dotted(node):
            return dotted
        held = self._held(node.value)
        # A number's point would be its own: `32.shape`.
        return f"({held}).{node.attr}" if held[:1].isdigit() else f"{held}.{node.attr}"

    def visit_Subscript(self, node: ast.Subscript) -> str:
        return f"{self._held(node.value)}[{self.text(node.slice)}]"

    def visit_BinOp(self, node: ast.BinOp) -> str:
        operator = ast.unparse(ast.BinOp(ast.Name("a"), node.op, ast.Name("b")))[1:-1]
        left, right = self._held(node.left), self._held(node.right)
        # Brackets of the template itself are not in its syntax tree.
        if isinstance(node.left, ast.BinOp) and type(node.left.op) is not type(node.op):
            left = f"({left})"
        if isinstance(node.right, ast.BinOp):
            right = f"({right})"
        return _computed(left, operator, right)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> str:
        sign = ast.unparse(ast.UnaryOp(node.op, ast.Name("a")))[:-1]
        return sign + self._held(node.operand)

    def visit_Lambda(self, node: ast.Lambda) -> str:
        head = ast.unparse(ast.Lambda(node.args, ast.Constant(0)))[:-1]
        for default in node.args.defaults:
            if (name := hole(default)) is not None:
                head = head.replace(MARK + name, self._filled(name))
        return head + self.text(node.body)

    def visit_List(self, node: ast.List) -> str:
        return f"[{', '.join(map(self.text, node.elts))}]"

    def visit_Tuple(self, node: ast.Tuple) -> str:
        inside = ", ".join(map(self.text, node.elts))
        return f"({inside},)" if len(node.elts) == 1 else f"({inside})"

    def generic_visit(self, node: ast.AST) -> str:
        """Any other part, strings in double quotes, holes filled."""
        text = ast.unparse(node)
        if '"' not in text and "\\" not in text:
            text = text.replace("'", '"')
        for part in ast.walk(node) if MARK in text else ():
            name = hole(part)
            if name is not None:
                held = self._in_brackets(name, self._filled(name))
                text = re.sub(rf"\b{MARK}{name}\b", held.replace("\\", r"\\"), text)
        return text

    def _filled(self, name: str) -> str:
        text = self._texts.get(name)
        if text is None:
            raise _Missing
        return text

    def _held(self, node: ast.expr) -> str:
        """The text of `node`, in parentheses where an operator would tear it apart."""
        name, text = hole(node), self.text(node)
        if isinstance(node, ast.Lambda):
            return f"({text})"
        return text if name is None else self._in_brackets(name, text)

    def _in_brackets(self, name: str, text: str) -> str:
        return f"({text})" if name in self._torn and text != "..." else text


@lru_cache(maxsize=4096)  # nodes of templates, which are kept as well
def _dotted(node: ast.expr) -> str:
    """The text of a chain of attributes without a hole; empty for any other node."""
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return inner and f"{inner}.{node.attr}"
    return node.id if isinstance(node, ast.Name) and hole(node) is None else ""


def _computed(left: str, operator: str, right: str) -> str:
    """`1 - 0.9` as `0.1` where both sides are plain numbers, else as it stands."""
    text = f"{left}{operator}{right}"
    try:
        a, b = float(left), float(right)
    except ValueError:
        return text
    if operator.strip() == "-":
        return f"{a - b:.12g}"
    if operator.strip() == "*":
        product = a * b
        return f"{product:.12g}"
    return text
