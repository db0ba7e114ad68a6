"""The text of one module, cut by the positions that `ast` gives."""

from __future__ import annotations

import ast
import io
import re
import warnings
from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

_T = TypeVar("_T", bound=ast.AST)
_NO_FILE = (None, "", "-", "stdin", "<stdin>", "<?>", "<unknown>", "(none)")


def split_lines(text: str) -> list[str]:
    """Split where Python's tokenizer does (not at form feeds); endings are kept."""
    return list(io.StringIO(text, newline=""))


# Fields that hold no node, or one without a place: an operator, a context.
_PLAIN = frozenset({"arg", "attr", "asname", "conversion", "ctx", "id", "is_async", "kind", "level",
                    "module", "op", "ops", "rest", "simple", "type_comment"})  # fmt: skip
_fields_of: dict[type[ast.AST], tuple[str, ...]] = {}  # the others


def children(node: ast.AST) -> list[ast.AST]:
    """What is directly in a node, in order, but operators and contexts; faster than by `ast`."""
    kind = type(node)
    fields = _fields_of.get(kind)
    if fields is None:
        fields = tuple(field for field in kind._fields if field not in _PLAIN)
        _fields_of[kind] = fields
    found: list[ast.AST] = []
    for name in fields:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """A node, and all below it but operators and contexts, the upper ones first."""
    found: list[ast.AST] = [node]
    for one in found:  # it grows meanwhile
        found += children(one)
    return found


@lru_cache(maxsize=2)  # one that is fixed, and what it becomes
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All nodes of a tree but operators and contexts; many ask, and walking takes long."""
    return tuple(walk(tree))


def nodes_on(tree: ast.Module, lines: Sequence[int]) -> Iterator[ast.AST]:
    """The nodes of all statements that stand on one of these lines, which are sorted."""
    stack: list[ast.AST] = [*tree.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            at = bisect_left(lines, _start(node)[0])
            if at == len(lines) or lines[at] > (node.end_lineno or 0):
                continue
        yield node
        stack += children(node)


def on_disk(filename: str | None) -> str | None:
    """The path for a file name as a host gives it; None where it stands for no file."""
    return None if filename in _NO_FILE else filename


class Source:
    """Source text with its syntax tree.

    Args: `text`, decoded and without BOM; `filename` as shown to the user; `tree`, if the
    caller has parsed it already; `path`, the file on disk, for neighbouring modules.
    Without a tree the text is parsed when somebody asks for it; that raises `SyntaxError`
    or `ValueError` (null bytes) where it does not parse. What only Python 2 parses has the tree
    of the same in Python 3, in its own places; `is_python2` says so once there is a tree.
    """

    __slots__ = ("_adopted", "_lines", "_parents", "_python3", "_tree", "filename", "path", "text")

    def __init__(
        self,
        text: str,
        filename: str = "<unknown>",
        tree: ast.Module | None = None,
        path: str | None = None,
    ) -> None:
        self.text = text
        self.filename = filename
        self.path = path
        self._tree = tree
        self._python3 = ""  # what was parsed in the place of Python 2
        self._lines: list[str] | None = None
        self._parents: dict[ast.AST, ast.AST] = {}
        self._adopted: dict[ast.AST, Source] = {}  # expressions with a text of their own

    @property
    def tree(self) -> ast.Module:
        """The syntax tree; parsed at the first question."""
        if self._tree is None:
            with warnings.catch_warnings():  # "\d" in a string of theirs is not our concern
                warnings.simplefilter("ignore")
                try:
                    self._tree = ast.parse(self.text)
                except SyntaxError:
                    from tf2lint import python2  # hardly ever needed

                    found = python2.parse(self.text)
                    if found is None:
                        raise
                    self._tree, self._python3 = found
        return self._tree

    @property
    def is_python2(self) -> bool:
        """Whether only Python 2 parses the text; edits of it would be made up."""
        return bool(self._python3)

    @property
    def python3(self) -> str:
        """The text that was parsed: for who reads tokens."""
        return self._python3 or self.text

    @property
    def lines(self) -> list[str]:
        """Lines with their endings."""
        if self._lines is None:
            self._lines = split_lines(self.text)
        return self._lines

    def between(self, line: int, column: int, end_line: int, end_column: int) -> str:
        """The text from one position up to another; columns in UTF-8 bytes."""
        lines = self.lines[line - 1 : end_line]
        if not lines:
            return ""
        if len(lines) == 1:
            return _cut(lines[0], column, end_column)
        return "".join([_cut(lines[0], column, None), *lines[1:-1], _cut(lines[-1], 0, end_column)])

    def segment(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg | ast.alias) -> str:
        """The source text of `node`, as it is written."""
        if node in self._adopted:
            return self._adopted[node].segment(node)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.between(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def adopt(self, text: str) -> ast.expr:
        """The expression `text`, which stands nowhere in the module but can be asked about."""
        own = Source(text, tree=ast.parse(text))
        stmt = own.tree.body[0]
        assert isinstance(stmt, ast.Expr)
        self._adopted.update(dict.fromkeys(ast.walk(stmt), own))
        return stmt.value

    def one_line(self, node: ast.expr) -> str:
        """The text of `node` as one line without comments."""
        if node.lineno == node.end_lineno:
            return self.segment(node)
        try:
            return ast.unparse(node)
        except RecursionError:
            return re.sub(r"\s+", " ", self.segment(node))

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that holds `node`; mapped statement by statement, on the way down to it."""
        parents = self._parents
        if node not in parents and not isinstance(node, ast.Module):
            at: ast.AST | None = self.tree
            while at is not None and node not in parents:
                at = self._map(at, _position(node))
        return parents.get(node)

    def _map(self, top: ast.AST, position: tuple[int, int]) -> ast.AST | None:
        """Map what is below `top` down to its statements; the one around `position`, if any."""
        inner: ast.AST | None = None
        if isinstance(top, ast.Module) and top.body:  # one of many, and asked for again
            inner = top.body[max(bisect(top.body, position, key=_start) - 1, 0)]
            self._parents[inner] = top
            return inner
        stack = [top]
        while stack:
            up = stack.pop()
            for child in children(up):
                self._parents[child] = up
                if not isinstance(child, ast.stmt):
                    stack.append(child)
                elif _start(child) <= position < _end(child):
                    inner = child
        return inner

    def enclosing(self, node: ast.AST, kinds: type[_T] | tuple[type[_T], ...]) -> _T | None:
        """The nearest node around `node` that is one of `kinds`."""
        up = self.parent(node)
        while up is not None:
            if isinstance(up, kinds):
                return up
            up = self.parent(up)
        return None


def _position(node: ast.AST) -> tuple[int, int]:
    """Where `node` starts; nodes without a place of their own take that of what they hold."""
    while not hasattr(node, "lineno"):
        child = next(ast.iter_child_nodes(node), None)
        if child is None:
            return (0, 0)
        node = child
    return (node.lineno, getattr(node, "col_offset", 0))


def _start(stmt: ast.stmt) -> tuple[int, int]:
    decorators = getattr(stmt, "decorator_list", None)
    first = decorators[0] if decorators else stmt
    return (first.lineno, 0 if decorators else first.col_offset)


def _end(stmt: ast.stmt) -> tuple[int, int]:
    return (stmt.end_lineno or stmt.lineno, (stmt.end_col_offset or 0) + 1)


def _cut(line: str, start: int, end: int | None) -> str:
    if line.isascii():
        return line[start:end]
    return line.encode("utf-8", "surrogatepass")[start:end].decode("utf-8", "surrogatepass")
