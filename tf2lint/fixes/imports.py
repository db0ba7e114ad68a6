"""Imports that a fix brings in, changes, or makes unused.

Everything here is edits or text; what names mean is asked of the syntax tree alone, so that a
name that is bound anywhere in the module is never taken for another purpose.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tf2lint.check.registry import registry
from tf2lint.finding import Edit
from tf2lint.source import Source, nodes
from tf2lint.tensorflow import api, paths

if TYPE_CHECKING:
    from tf2lint.check.reference import Reference

_Import = ast.Import | ast.ImportFrom
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs,
          ast.MatchStar)  # fmt: skip
_BINDING = {*_NAMED, ast.arg, ast.alias, ast.MatchMapping, ast.Global, ast.Nonlocal}


# Adding.


def tensorflow(source: Source) -> Edit | None:
    """The edit that adds `import tensorflow as tf`; None where `tf` means something already."""
    if "tf" in _words(source.tree):
        return None
    return added(source, "import tensorflow as tf", "tensorflow")


def absl(source: Source, module: str, line: int) -> tuple[str, tuple[Edit, ...]] | None:
    """How to spell `absl.{module}` on a line, and the import for it if there is none above.

    None where every name for it is taken.
    """
    return member(source, "absl", module, line)


def member(
    source: Source, home: str, module: str, line: int
) -> tuple[str, tuple[Edit, ...]] | None:
    """How to spell the module `{home}.{module}` on a line, and the import for it if it lacks.

    None where every name for it is taken.
    """
    for stmt, alias in _aliases(source.tree):
        if isinstance(stmt, ast.ImportFrom) and not stmt.level and stmt.module == home:
            if (
                stmt.lineno < line
                and alias.name == module
                and _bound_once(source.tree, alias.asname or alias.name)
            ):
                return alias.asname or alias.name, ()
    words, package = _words(source.tree), home.partition(".")[0]
    for name in (module, f"{package}_{module}"):
        if name not in words:
            text = f"from {home} import {module}" + (f" as {name}" if name != module else "")
            edit = added(source, text, package)
            return None if edit is None else (name, (edit,))
    return None


def absl_instead(source: Source, stmt: ast.Assign, module: str) -> tuple[Edit, ...]:
    """The edits that import `absl.{module}` for an assignment to a name, at the top if they can.

    `flags = tf.app.flags` becomes `from absl import flags`.
    """
    target = stmt.targets[0]
    if len(stmt.targets) != 1 or not isinstance(target, ast.Name):
        return ()
    text = f"from absl import {module}"
    if target.id == module and _bound_once(source.tree, module) and stmt in source.tree.body:
        new, gone = added(source, text, "absl"), without(source, stmt)
        if new is not None and gone:
            return (new, *gone)
    text += f" as {target.id}" if target.id != module else ""
    return (Edit(*extent(stmt), text),)


def added(source: Source, statement: str, package: str) -> Edit | None:
    """The edit that puts `statement` on a line of its own, next to its kin.

    That is before the first import of tensorflow at the top of the module; else after the last
    import there; else after the docstring and the `__future__` imports.
    """
    body = source.tree.body
    imported = _imports(source.tree)
    kin = [stmt for stmt in imported if _package(stmt) == package]
    head = _last_of_the_head(body)
    before = [
        stmt for stmt in kin
        if package == "absl" and source.segment(stmt) < statement
        and head is not None and stmt.lineno <= head.lineno
    ]  # fmt: skip
    if before and owns_its_lines(source, before[-1]):
        return line_after(source, before[-1], statement)
    at = next((s for s in imported if _package(s) in ("tensorflow", package)), None)
    if at is not None and owns_its_lines(source, at):
        return line_before(source, at, statement)
    if head is None:
        first = body[0] if body else None
        if first is None or not owns_its_lines(source, first):
            return None
        return line_before(source, first, statement)
    if not owns_its_lines(source, head):
        return None
    return line_after(source, head, statement)


def _last_of_the_head(body: list[ast.stmt]) -> ast.stmt | None:
    """The last statement of the docstring and imports that a module starts with."""
    last: ast.stmt | None = None
    for place, stmt in enumerate(body):
        docstring = (
            place == 0
            and isinstance(stmt, ast.Expr)
            and isinstance(stmt.value, ast.Constant)
            and isinstance(stmt.value.value, str)
        )
        if not docstring and not isinstance(stmt, _Import):
            break
        last = stmt
    return last


def line_after(source: Source, stmt: ast.stmt, *statements: str) -> Edit:
    """The edit that puts `statements` after `stmt`, indented like it, with the file's line ends."""
    end = _line_end(source)
    line = stmt.end_lineno or 1
    text = source.lines[line - 1]
    written = _indented(source, stmt, statements)
    if not text.endswith(("\n", "\r")):  # the last line of a file that ends without one
        column = len(text.encode("utf-8", "surrogatepass"))
        return Edit(line, column, line, column, "".join(end + row for row in written))
    return Edit(line + 1, 0, line + 1, 0, "".join(row + end for row in written))


def line_before(source: Source, stmt: ast.stmt, *statements: str) -> Edit:
    """The edit that puts `statements` before `stmt`, indented like it."""
    end = _line_end(source)
    written = _indented(source, stmt, statements)
    return Edit(stmt.lineno, 0, stmt.lineno, 0, "".join(row + end for row in written))


def _indented(source: Source, stmt: ast.stmt, statements: Iterable[str]) -> list[str]:
    indent = source.between(stmt.lineno, 0, stmt.lineno, stmt.col_offset)
    return [indent + statement for statement in statements]


def _line_end(source: Source) -> str:
    for line in source.lines:
        for end in ("\r\n", "\n", "\r"):
            if line.endswith(end):
                return end
    return "\n"


def owns_its_lines(source: Source, stmt: ast.stmt) -> bool:
    """Whether no other statement shares a line with `stmt`; a `;` may end it."""
    assert stmt.end_lineno is not None
    assert stmt.end_col_offset is not None
    before = source.between(stmt.lineno, 0, stmt.lineno, stmt.col_offset)
    row = source.lines[stmt.end_lineno - 1].encode("utf-8", "surrogatepass")
    after = row[stmt.end_col_offset :].strip().removeprefix(b";").lstrip()
    return not before.strip() and (not after or after.startswith(b"#"))


# Changing.


def without(source: Source, stmt: ast.stmt | None) -> tuple[Edit, ...]:
    """The edits that delete `stmt`; () where its block would be empty or shares its lines."""
    if stmt is None or not owns_its_lines(source, stmt):
        return ()
    up = source.parent(stmt)
    if up is None or not any(stmt in body and len(body) > 1 for body in _bodies_of(up)):
        return ()
    assert stmt.end_lineno is not None
    return (Edit(stmt.lineno, 0, stmt.end_lineno + 1, 0, ""),)


def to_tf2(ref: Reference) -> tuple[Edit, ...]:
    """The edits that make an import of compat.v1 one of tensorflow, with all uses of the name.

    () unless everything that is reached through the name is the very same object in TF 2.
    """
    source, tree = ref.module.source, ref.module.source.tree
    alias, stmt = ref.node, ref.site.stmt
    if not isinstance(alias, ast.alias) or stmt not in tree.body or not isinstance(stmt, _Import):
        return ()
    name = alias.asname or ("" if isinstance(stmt, ast.Import) else alias.name)
    chains = (chain_of(site.node) for site in ref.module.inference.binder.sites)
    if not all(_is_same(chain[1:], ref.target) for chain in chains if chain[:1] == [name]):
        return ()  # so it is with most; the rest of this reads the whole tree
    if not name or not _bound_once(tree, name) or name in _exported(tree):
        return ()
    uses = _names(tree).places.get(name, [])
    if not uses or not all(_is_same(_read_of(source, use), ref.target) for use in uses):
        return ()
    new = name
    if any(letter.isdigit() for letter in name):
        root = _module_name(tree)
        if root is None and "tf" in _words(tree):
            return ()
        new = root or "tf"
    renamed = [Edit(*extent(use), new) for use in uses if new != name]
    if new != name and _module_name(tree) == new:
        return tuple(renamed)  # the import becomes unused
    if isinstance(stmt, ast.Import):
        text = f"tensorflow as {new}" if new != "tensorflow" else "tensorflow"
        return (Edit(*extent(alias), text), *renamed)
    if len(stmt.names) != 1 or not owns_its_lines(source, stmt):
        return ()
    return (Edit(*extent(stmt), f"import tensorflow as {new}"), *renamed)


def chain_of(node: ast.AST) -> list[str]:
    """The names of a chain of attributes, `a.b.c`, from the first one on; [] for another node."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else []


def _read_of(source: Source, node: ast.AST) -> Iterator[str]:
    """The attributes of a chain around its first name, nearest first."""
    while isinstance(up := source.parent(node), ast.Attribute) and isinstance(up.ctx, ast.Load):
        yield up.attr
        node = up


def _is_same(attributes: Iterable[str], target: api.Version) -> bool:
    """Whether these attributes of compat.v1, one of the other, mean the same in TF 2."""
    symbol, found = "tf", api.symbol("tf")
    for attribute in attributes:
        symbol = f"{symbol}.{attribute}"
        found = api.symbol(symbol)
        if found is None or found.kind != "module":
            break
    return (
        found is not None
        and found.kind != "module"
        and not registry().names(symbol)  # a rule has something to say of the plain name
        and api.same(symbol)
        and api.exists(symbol, target)
        and api.in_compat_v1(symbol, target)
    )


def _module_name(tree: ast.Module) -> str | None:
    """The name that the module binds to the tensorflow package, once and for all."""
    for stmt, alias in _aliases(tree):
        if isinstance(stmt, ast.Import) and alias.name == paths.ROOT:
            name = alias.asname or alias.name
            if _bound_once(tree, name):
                return name
    return None


# Dropping.


def unused(before: Source, after: Source) -> tuple[Edit, ...]:
    """The edits on `after` that drop its imports that were used in `before` and no longer are.

    With them go those of contrib that nothing uses, which can only raise, and other names for it.
    """
    had, have = _uses(before.tree), _uses(after.tree)
    edits: list[Edit] = []
    for body in _bodies(after.tree):
        for stmt in body:
            idle = _is_contrib(stmt, after.tree)
            if isinstance(stmt, _Import) and getattr(stmt, "module", "") != "__future__":
                names = [a for a in stmt.names if _is_idle(stmt, a, had, have)]
                idle = len(names) == len(stmt.names)
                edits += _without(stmt, names) if names and not idle else ()
            if idle and len(body) > 1 and owns_its_lines(after, stmt):
                assert stmt.end_lineno is not None
                edits.append(Edit(stmt.lineno, 0, stmt.end_lineno + 1, 0, ""))
    return tuple(edits)


def _is_contrib(stmt: ast.stmt, tree: ast.Module) -> bool:
    """Whether `stmt` is `rnn = tf.contrib.rnn`, and nothing reads the name."""
    return (
        isinstance(stmt, ast.Assign)
        and chain_of(stmt.value)[:2] == [_module_name(tree), "contrib"]
        and all(isinstance(t, ast.Name) and _is_unread(tree, t.id) for t in stmt.targets)
    )


def _is_unread(tree: ast.Module, name: str) -> bool:
    places = _names(tree).places.get(name, [])
    return name not in _exported(tree) and not any(isinstance(p.ctx, ast.Load) for p in places)


def _is_idle(stmt: _Import, alias: ast.alias, had: set[str], have: set[str]) -> bool:
    name = alias.asname or alias.name.partition(".")[0]
    if name == "*" or name in have or not _is_ours(stmt, alias):
        return False
    path = alias.name if isinstance(stmt, ast.Import) else f"{stmt.module}.{alias.name}"
    return name in had or paths.under(path, f"{paths.ROOT}.contrib")


def _is_ours(stmt: _Import, alias: ast.alias) -> bool:
    module = stmt.module or "" if isinstance(stmt, ast.ImportFrom) else alias.name
    return not getattr(stmt, "level", 0) and module.partition(".")[0] == paths.ROOT


def _without(stmt: _Import, idle: list[ast.alias]) -> Iterator[Edit]:
    """Edits that take some names out of an import statement, with the commas that go with them."""
    names = stmt.names
    keep = [place for place, alias in enumerate(names) if alias not in idle]
    for place, alias in enumerate(names):
        if alias not in idle:
            continue
        if place < keep[-1]:
            after = names[place + 1]
            yield Edit(alias.lineno, alias.col_offset, after.lineno, after.col_offset, "")
        else:
            before = names[place - 1]
            assert before.end_lineno is not None
            assert before.end_col_offset is not None
            _, _, line, column = extent(alias)
            yield Edit(before.end_lineno, before.end_col_offset, line, column, "")


# Looking.


@lru_cache(maxsize=1)
def _imports(tree: ast.Module) -> list[_Import]:
    """The import statements on the module's own level."""
    return [stmt for stmt in tree.body if isinstance(stmt, _Import)]


def _aliases(tree: ast.Module) -> Iterator[tuple[_Import, ast.alias]]:
    return ((stmt, alias) for stmt in _imports(tree) for alias in stmt.names)


def _package(stmt: _Import) -> str:
    if isinstance(stmt, ast.ImportFrom):
        return "" if stmt.level else (stmt.module or "").partition(".")[0]
    return stmt.names[0].name.partition(".")[0]


def _bodies(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in nodes(tree):
        yield from _bodies_of(node)


def _bodies_of(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        body = getattr(node, field, None)
        if isinstance(body, list):
            yield body


def _uses(tree: ast.Module) -> set[str]:
    """Names that are read, or that a string may read: of `__all__`, of an annotation."""
    names = {n.id for n in nodes(tree) if isinstance(n, ast.Name)}
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 200:
            names.add(node.value.partition(".")[0].partition("[")[0])
    return names


@lru_cache(maxsize=1)
def _exported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for stmt in tree.body:
        if isinstance(stmt, ast.Assign | ast.AugAssign):
            targets = stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]
            if any(isinstance(t, ast.Name) and t.id == "__all__" for t in targets):
                names |= {n.value for n in ast.walk(stmt.value) if isinstance(n, ast.Constant)
                          and isinstance(n.value, str)}  # fmt: skip
    return names


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, _NAMED):
        if node.name:
            yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield from node.names


class _Names(NamedTuple):
    """How often each name of a module is bound (`*`: a star import), and where all stand."""

    bound: Counter[str]
    places: dict[str, list[ast.Name]]


@lru_cache(maxsize=1)  # asked for each import of a module
def _names(tree: ast.Module) -> _Names:
    found = _Names(Counter(), {})
    for node in nodes(tree):
        if isinstance(node, ast.Name):
            found.places.setdefault(node.id, []).append(node)
            if type(node.ctx) is not ast.Load:
                found.bound[node.id] += 1
        elif type(node) in _BINDING:  # few are
            found.bound.update(_bound_by(node))
    return found


def _bound_once(tree: ast.Module, name: str) -> bool:
    return _names(tree).bound[name] == 1 and not _has_star(tree)


def _has_star(tree: ast.Module) -> bool:
    return "*" in _names(tree).bound


@lru_cache(maxsize=1)
def _words(tree: ast.Module) -> set[str]:
    """Names that the module binds or reads; one with a star import may have any."""
    names = {name for names in _names(tree) for name in names}
    return names | {"tf", "flags", "app", "logging"} if _has_star(tree) else names


def extent(node: ast.expr | ast.alias | ast.stmt) -> tuple[int, int, int, int]:
    """Where `node` starts and ends."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


__all__ = ["absl", "absl_instead", "added", "extent", "line_after", "line_before", "member",
           "owns_its_lines", "tensorflow", "to_tf2", "unused", "without"]  # fmt: skip
