"""What other files of the project set: on their classes, and on modules of TensorFlow.

A class has the attributes of its bases, wherever those stand (`self._tf = tensorflow` in a base
of another file). And a file that a name comes from may make what the target lacks:
`tf.Session = tf.compat.v1.Session`. Nothing is run, and only the bases of classes are looked into.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from tf2lint.semantics import neighbours as files
from tf2lint.semantics.scopes import ImportTarget
from tf2lint.semantics.values import UNKNOWN, Neighbour, Symbol, Value, Values, distinct
from tf2lint.tensorflow import paths

_HOPS = 12  # files and classes on one way
_CLASS = re.compile(r"^[ \t]*class[ \t]+\w+[ \t]*\(([^)]{0,2000})\)", re.M)
_KEPT = re.compile(
    r"^[ \t]+(?:\w+\.)?\w+[ \t]*(?::[^=\n]*)?=[ \t]*(\w+)(?:\.\w+)*[ \t]*(?:\(|#|$)", re.M
)
_PATCH = re.compile(r"^[ \t]*(\w+)(?:\.\w+)+[ \t]*=(?!=)", re.M)
_DOTTED = re.compile(r"[\w.]+")
_WORD = re.compile(r"\w+")

Chain = tuple[str, ...]


class Kept(NamedTuple):
    """`self.attribute = chain` or `chain(...)`: the chain's first name is `target`, if imported
    in the method itself, or means what it does at the top of the file."""

    chain: Chain
    called: bool
    target: ImportTarget | None


class Attribute(NamedTuple):
    """What an attribute may hold: these symbols, or what calling them gives."""

    symbols: Values
    called: bool


class Beyond:
    """Asks the files that imports of the module at `path` lead to."""

    def __init__(self, path: str | None) -> None:
        self.path = os.path.abspath(path) if path else None
        self.root = files.package_of(self.path)[0] if self.path else ""
        self._classes: dict[ImportTarget, dict[str, list[Attribute]]] = {}

    def inherited(self, target: ImportTarget) -> dict[str, list[Attribute]]:
        """The attributes that the class which `target` imports gives to classes below it."""
        known = self._classes.get(target)
        if known is None:
            nearest: dict[str, list[Attribute]] = {}
            for where, name in self._way(target, through_bases=True):
                made = _class_in(where, files.stamp(where), name)
                for attr, kept in (made.kept if made is not None else {}).items():
                    if attr not in nearest:
                        nearest[attr] = list(self._held(where, kept))
            known = self._classes[target] = {a: held for a, held in nearest.items() if held}
        return known

    def patched(self, targets: Iterable[ImportTarget]) -> dict[str, Values]:
        """What the files on the way of these imports set on modules of TensorFlow.

        Paths (`keras.backend.name_scope`) and what is set there.
        """
        found: dict[str, Values] = {}
        seen: set[str] = set()
        for target in targets:
            for where, _ in self._way(target, through_bases=False):
                if where in seen:
                    continue
                seen.add(where)
                for chain, value in _patches(where, files.stamp(where)).items():
                    for base in files.exported(where, self.root, chain[0]):
                        if isinstance(base, Symbol):
                            path = ".".join((base.path, *chain[1:]))
                            found[path] = self._chain(where, value) or (UNKNOWN,)
        return found

    def place(self, target: ImportTarget) -> tuple[str, str] | None:
        """The file that `target` names, and the name that is taken from it."""
        if self.path is None or (target.level == 0 and paths.is_tensorflow(target.module)):
            return None
        where = files.place_of(self.path, self.root, target.level, target.module)
        return (where, target.name or "") if where is not None else None

    def defines(self, where: str, name: str, method: str) -> bool:
        """Whether the class `name`, found by way of the file `where`, has a `method` of its own.

        Not if it is below a class of TensorFlow: that one says what the method is.
        """
        head = re.compile(rf"^[ \t]+(?:async[ \t]+)?def[ \t]+{method}\b", re.M)
        found = False
        for file, one in self.onward([(where, name)], through_bases=True):
            made = _class_in(file, files.stamp(file), one)
            if made is None:
                continue
            found = found or bool(head.search(files.class_text(file, files.stamp(file), one)))
            for base in made.bases:
                values = files.exported(file, self.root, base.partition(".")[0])
                if any(isinstance(value, Symbol) for value in values):
                    return False
        return found

    def names_tensorflow(self, target: ImportTarget) -> bool:
        """Whether a file says the word that has a part in the class which `target` imports."""
        return any(
            "tensorflow" in (files.text_of(where) or "")
            for where, _ in self._way(target, through_bases=True)
        )

    def _way(self, target: ImportTarget, through_bases: bool) -> Iterator[tuple[str, str]]:
        """The files that lead to what `target` imports, each with the name that it has there."""
        start = self.place(target)
        return self.onward([start] if start is not None else [], through_bases)

    def onward(
        self, start: Iterable[tuple[str | None, str]], through_bases: bool
    ) -> Iterator[tuple[str, str]]:
        """As `_way`, from a file and a name in it."""
        todo = list(start)
        seen: set[tuple[str, str]] = set()
        while todo and len(seen) < _HOPS:
            where, name = todo.pop(0)
            if where is None or (where, name) in seen or not files.is_inside(where, self.root):
                continue
            seen.add((where, name))
            yield where, name
            made = _class_in(where, files.stamp(where), name) if through_bases else None
            if made is not None:
                for base in made.bases:
                    todo += self._base(where, base)
                continue
            if below := files.submodule(where, name):
                todo.append((below, ""))
            for export in files.exports(where, name):
                if export.base is not None:
                    todo += [(where, export.base)] if not export.attributes else []
                elif export.name is not None:
                    up = files.place_of(where, self.root, export.level, export.module)
                    todo.append((up, export.name))

    def _base(self, where: str, base: str) -> Iterator[tuple[str, str]]:
        first, _, rest = base.partition(".")
        if not rest:
            yield where, first
            return
        for value in files.exported(where, self.root, first):
            if isinstance(value, Neighbour):
                yield value.path, rest

    def _held(self, where: str, kept: list[Kept]) -> Iterator[Attribute]:
        for one in kept:
            symbols = self._chain(where, one.chain, one.target)
            if symbols:
                yield Attribute(symbols, one.called)

    def _chain(self, where: str, chain: Chain, target: ImportTarget | None = None) -> Values:
        """The symbols that `chain` is in the file `where`."""
        if not chain:
            return ()
        first: Iterable[Value]
        if target is None:
            first = files.exported(where, self.root, chain[0])
        elif target.level == 0 and paths.is_tensorflow(target.module):
            name = target.module if target.name is None else f"{target.module}.{target.name}"
            first = (Symbol(name),)
        else:
            up = files.place_of(where, self.root, target.level, target.module)
            if up is None or target.name is None or not files.is_inside(up, self.root):
                return ()
            first = files.exported(up, self.root, target.name)
        return distinct([
            Symbol(".".join((v.path, *chain[1:]))) for v in first if isinstance(v, Symbol)
        ])  # fmt: skip


def may_inherit(text: str, path: str | None) -> bool:
    """Whether a class of this text, which does not name tensorflow, has it from a base."""
    bases = {word for head in _CLASS.findall(text) for word in _WORD.findall(head)}
    if path is None or not bases:
        return False
    beyond = Beyond(path)
    return any(
        beyond.names_tensorflow(target) and beyond.inherited(target)
        for target in files.imported_names(text, bases)
    )


class _Class(NamedTuple):
    bases: tuple[str, ...]
    kept: dict[str, list[Kept]]


@lru_cache(maxsize=4096)
def _class_in(path: str, stamp: tuple[int, int], name: str) -> _Class | None:
    """The class `name` at the top of the file."""
    block = files.class_text(path, stamp, name)
    if not block:
        return None
    head = _CLASS.match(block)
    bases = [b.strip() for b in head[1].split(",")] if head else []
    dotted = tuple(b for b in bases if _DOTTED.fullmatch(b))
    words = set(_WORD.findall(files.imports_of(path, stamp)))
    if not any(match[1] in words for match in _KEPT.finditer(block)):
        return _Class(dotted, {})
    try:
        [tree] = ast.parse(block).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _Class(dotted, {})
    kept: dict[str, list[Kept]] = {}
    for stmt in tree.body if isinstance(tree, ast.ClassDef) else ():
        if isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef):
            _of_method(stmt, kept)
        elif isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                if isinstance(target, ast.Name):
                    _keep(kept, target.id, stmt.value, {}, set())
    return _Class(dotted, kept)


def _of_method(node: ast.FunctionDef | ast.AsyncFunctionDef, kept: dict[str, list[Kept]]) -> None:
    args = [*node.args.posonlyargs, *node.args.args]
    if not args:
        return
    imports: dict[str, ImportTarget] = {}
    own = {a.arg for a in [*args, *node.args.kwonlyargs]}
    stored: list[tuple[str, ast.expr]] = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            for alias in inner.names:
                first = alias.name.partition(".")[0]
                bound = ImportTarget(0, alias.name if alias.asname else first, None)
                imports[alias.asname or first] = bound
        elif isinstance(inner, ast.ImportFrom):
            for alias in inner.names:
                bound = ImportTarget(inner.level, inner.module or "", alias.name)
                imports[alias.asname or alias.name] = bound
        elif isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            own.add(inner.id)
        elif isinstance(inner, ast.Assign | ast.AnnAssign) and inner.value is not None:
            for target in inner.targets if isinstance(inner, ast.Assign) else [inner.target]:
                if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                    if target.value.id == args[0].arg:
                        stored.append((target.attr, inner.value))
    for attr, value in stored:
        _keep(kept, attr, value, imports, own)


def _keep(
    kept: dict[str, list[Kept]], attr: str, value: ast.expr, imports: dict[str, ImportTarget],
    own: set[str],
) -> None:  # fmt: skip
    called = isinstance(value, ast.Call)
    chain = files.chain_of(value.func if isinstance(value, ast.Call) else value)
    if chain is not None and chain[0] not in own:
        kept.setdefault(attr, []).append(Kept(chain, called, imports.get(chain[0])))


@lru_cache(maxsize=4096)
def _patches(path: str, stamp: tuple[int, int]) -> dict[Chain, Chain]:
    """`x.y = chain` at the top of the file: what is set, and to what (empty: not a chain)."""
    words = set(_WORD.findall(files.imports_of(path, stamp)))
    text = files.text_of(path) or ""
    if not any(match[1] in words for match in _PATCH.finditer(text)):
        return {}
    found: dict[Chain, Chain] = {}
    for stmt in files.statements(path, stamp):
        if isinstance(stmt, ast.Assign):
            for target in stmt.targets:
                chain = files.chain_of(target) if isinstance(target, ast.Attribute) else None
                if chain is not None and chain[0] in words:
                    found[chain] = files.chain_of(stmt.value) or ()
    return found
