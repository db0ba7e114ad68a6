"""A module's tree with its functions and classes left for later: they are most of what there is.

Of a neighbouring file few names are asked; what stands in its functions and classes, and in the
methods of these, is parsed where somebody asks for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from tf2lint.source import walk

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# A function or class at the left margin, up to the next thing there.
_BLOCK = re.compile(
    r"^(async[ \t]+def|def|class)[ \t]+(\w+)\b.*\n(?:(?:[ \t#)\]}\f\r].*)?\n)*", re.MULTILINE
)
# A function in a class, up to the next thing that does not stand further right.
_METHOD = re.compile(
    r"^([ \t]+)(async[ \t]+def|def)[ \t]+(\w+)\b.*\n"
    r"(?:(?:\1[ \t#)\]}\f\r].*|[ \t]*(?:#.*)?\r?)\n)*",
    re.MULTILINE,
)
_BASES = re.compile(r"class[ \t]+\w+[ \t]*(\([\w., \t=\[\]]*\))[ \t]*:")
_SET = re.compile(r"\s*=")
_BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


def outline(text: str) -> tuple[ast.Module, dict[Definition, str]] | None:
    """The tree of `text`, and the texts of those definitions in it that stand there empty.

    None where it does not parse. Lines are not those of `text`.
    """
    return _outlined(f"{text}\n", _BLOCK, _emptied, _at_the_margin)


def _outlined(
    text: str,
    pattern: re.Pattern[str],
    emptied: Callable[[re.Match[str]], str],
    made: Callable[[ast.Module], list[Definition]],
) -> tuple[ast.Module, dict[Definition, str]] | None:
    blocks = [block[0] for block in pattern.finditer(text)]
    # A string over several lines that reaches the margin: the block does not end there.
    if not any(block.count('"""') % 2 or block.count("'''") % 2 for block in blocks):
        tree = _parsed(pattern.sub(emptied, text))
        empty = [] if tree is None else made(tree)
        if tree is not None and len(empty) == len(blocks):
            return tree, dict(zip(empty, blocks, strict=True))
    tree = _parsed(text)
    return None if tree is None else (tree, {})


def _emptied(block: re.Match[str]) -> str:
    if block[1] != "class":
        return f"{block[1]} {block[2]}(): pass\n"
    bases = _BASES.match(block[0])
    return f"class {block[2]}{bases[1] if bases else ''}: pass\n"


def _emptied_method(block: re.Match[str]) -> str:
    return f"{block[1]}{block[2]} {block[3]}(): pass\n"


def _at_the_margin(tree: ast.Module) -> list[Definition]:
    return [node for node in tree.body if isinstance(node, Definition)]


def _functions(tree: ast.Module) -> list[Definition]:
    found = [n for n in walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return sorted(found, key=lambda node: node.lineno)


def may_hold(block: str, attr: str) -> bool:
    """Whether the empty class with this text has to be filled to know its attribute `attr`.

    Its bases stand in the tree, unless they are more than names.
    """
    return attr in block or not attr.isascii() or ("(" in block and _BASES.match(block) is None)


def may_store(block: str, attr: str) -> bool:
    """Whether the function with this text may set the attribute `attr` of something.

    Most only read it: `self.attr(x)`, `self.attr.other`.
    """
    if not attr.isascii():
        return True
    at = block.find(attr) if attr else -1  # `getattr(x, "")` is nothing, for ever
    while at >= 0:
        end = at + len(attr)
        before, after = block[at - 1], block[end : end + 1]
        if before in ".\"'" and not (after in ".([_" or after.isalnum()):
            return True
        if _SET.match(block, end):  # `vars(self).update(attr=x)`
            return True
        at = block.find(attr, end)
    return False


def fill(node: Definition, block: str) -> dict[Definition, str] | None:
    """Give the empty `node` what its text says; None where that does not parse.

    Gives the texts of the functions in a class: they stand there empty in their turn.
    """
    if isinstance(node, ast.ClassDef):
        parsed = _outlined(block, _METHOD, _emptied_method, _functions)
    else:  # one in a class stands further right
        tree = _parsed(f"if True:\n{block}" if block[:1].isspace() else block)
        parsed = None if tree is None else (tree, {})
    if parsed is None:
        return None
    tree, inside = parsed
    body = tree.body[0].body if isinstance(tree.body[0], ast.If) else tree.body
    if len(body) != 1 or type(body[0]) is not type(node):
        return None
    for field in node._fields:
        if field != "decorator_list":  # of that the text has nothing
            setattr(node, field, getattr(body[0], field))
    return inside


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except _BROKEN:
        return None
