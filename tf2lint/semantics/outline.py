"""A module's tree with its functions and classes left for later: they are most of what there is.

Of a neighbouring file few names are asked; what stands in its functions and classes is parsed
where somebody asks for it.
"""

from __future__ import annotations

import ast
import re

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# A function or class at the left margin, up to the next thing there.
_BLOCK = re.compile(
    r"^(async[ \t]+def|def|class)[ \t]+(\w+)\b.*\n(?:(?:[ \t#)\]}\f\r].*)?\n)*", re.MULTILINE
)
_BASES = re.compile(r"class[ \t]+\w+[ \t]*(\([\w., \t=\[\]]*\))[ \t]*:")
_BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


def outline(text: str) -> tuple[ast.Module, dict[Definition, str]] | None:
    """The tree of `text`, and the texts of those definitions in it that stand there empty.

    None where it does not parse. Lines are not those of `text`.
    """
    blocks: list[str] = []

    def emptied(block: re.Match[str]) -> str:
        blocks.append(block[0])
        if block[1] != "class":
            return f"{block[1]} {block[2]}(): pass\n"
        bases = _BASES.match(block[0])
        return f"class {block[2]}{bases[1] if bases else ''}: pass\n"

    short = _BLOCK.sub(emptied, f"{text}\n")
    # A string over several lines that reaches the margin: the block does not end there.
    if not any(block.count('"""') % 2 or block.count("'''") % 2 for block in blocks):
        tree = _parsed(short)
        if tree is not None:
            empty = [node for node in tree.body if isinstance(node, Definition)]
            if len(empty) == len(blocks):
                return tree, dict(zip(empty, blocks, strict=True))
    tree = _parsed(text)
    return None if tree is None else (tree, {})


def may_hold(block: str, attr: str) -> bool:
    """Whether the empty class with this text has to be filled to know its attribute `attr`.

    Its bases stand in the tree, unless they are more than names.
    """
    return attr in block or not attr.isascii() or ("(" in block and _BASES.match(block) is None)


def fill(node: Definition, block: str) -> bool:
    """Give the empty `node` what its text says; False where that does not parse."""
    tree = _parsed(block)
    if tree is None or len(tree.body) != 1 or type(tree.body[0]) is not type(node):
        return False
    for field in node._fields:
        if field != "decorator_list":  # of that the text has nothing
            setattr(node, field, getattr(tree.body[0], field))
    return True


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except _BROKEN:
        return None
