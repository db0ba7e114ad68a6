"""What an import gives: TensorFlow, a neighbouring file of the project, or something else.

Neighbours are read, never run: only the bindings at their top level count, each file once a
process as long as it does not change. Only files below the project's root are read.
"""

from __future__ import annotations

import ast
import os
import re
import tokenize
from collections.abc import Callable, Container, Iterator
from functools import lru_cache

from tf2lint.semantics import overlay
from tf2lint.semantics.scopes import ImportTarget
from tf2lint.semantics.values import (
    UNKNOWN,
    Foreign,
    Neighbour,
    Symbol,
    Text,
    Value,
    Values,
    distinct,
)
from tf2lint.tensorflow import paths

_HOPS = 12  # from one neighbour to the next
_SIZE = 2_000_000  # bytes; a larger neighbour is not read
_ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg", "tox.ini")

Exports = dict[str, tuple["Export", ...]]


class Export:
    """One candidate for a name at the top level of a file: an import or an alias of one."""

    __slots__ = ("attributes", "base", "level", "module", "name", "nothing")

    def __init__(
        self,
        level: int = 0,
        module: str = "",
        name: str | None = None,
        base: str | None = None,
        attributes: tuple[str, ...] = (),
        nothing: bool = False,
    ) -> None:
        self.level = level
        self.module = module
        self.name = name
        self.base = base  # an alias of this name of the same file ...
        self.attributes = attributes  # ... with these attributes taken
        self.nothing = nothing


class Neighbours:
    """Follows the imports of the module at `path` (None: not on disk, nothing is followed).

    `aliases` maps dotted names that cannot be seen to paths:
    `{"project.compat.tf": "tensorflow.compat.v1"}`.
    """

    def __init__(self, path: str | None, aliases: dict[str, str] | None = None) -> None:
        self.aliases = aliases or {}
        self.path = os.path.abspath(path) if path else None
        self.root, self.package = _package_of(self.path) if self.path else ("", ())
        self._known: dict[tuple[int, str, str | None], Values] = {}

    def imported(self, level: int, module: str, name: str | None, keras: bool) -> Values:
        """What `from module import name` binds (`import module` where name is None)."""
        key = (level, module, name)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._imported(level, module, name, keras)
        return known

    def _imported(self, level: int, module: str, name: str | None, keras: bool) -> Values:
        if level == 0:
            if paths.is_tensorflow(module) or (keras and paths.under(module, paths.KERAS)):
                dotted = module if name is None or name == "*" else f"{module}.{name}"
                return (Symbol(dotted),)
        if self.aliases:
            found = self._alias(level, module, name)
            if found:
                return found
        if level == 0:
            followed = _followed(module, name)
            if followed is not None:
                return followed
        if self.path is None:
            return (UNKNOWN,) if level else (Foreign(_join(module, name)),)
        return _imported(self.path, self.root, self.package, level, module, name, keras, 0)

    def attribute(self, path: str, name: str) -> Values:
        """What `name` means at the top level of the neighbour at `path`."""
        return _exported(path, self.root, name, False, 0) or (UNKNOWN,)

    def _alias(self, level: int, module: str, name: str | None) -> Values:
        if level:
            package = self.package[: len(self.package) - level + 1]
            module = ".".join((*package, module) if module else package)
        dotted = _join(module, name)
        target = self.aliases.get(dotted)
        if target is not None:
            return (Symbol(target),)
        for alias, path in self.aliases.items():
            # Where the package's own top is not known, the end of the name has to do.
            if level and self.path is None and alias.endswith(f".{dotted}"):
                return (Symbol(path),)
        return ()


def may_follow(text: str, path: str | None, aliases: dict[str, str]) -> bool:
    """Whether a text without the word tensorflow can still get it from a neighbour."""
    if aliases and any(a.rpartition(".")[2] in text for a in aliases):
        return True
    if _MAKER.search(text):
        return True
    if path is None:
        return False
    root, package = _package_of(os.path.abspath(path))
    own = package[0] if package else ""
    folder = os.path.dirname(os.path.abspath(path))
    for match in _FROM.finditer(text):
        dots, module = match.group(1), match.group(2)
        first = module.partition(".")[0]
        if not dots and first != own and not _is_project(root, first):
            if _root_above(folder, first) is None:
                continue
        level = len(dots)
        names = _NAMES.findall(_continued(text, match.end()))
        for name in names:
            for value in _imported(
                os.path.abspath(path), root, package, level, module, name, False, 0
            ):
                if isinstance(value, Symbol):
                    return True
                if isinstance(value, Neighbour) and "tensorflow" in (_text_of(value.path) or ""):
                    return True
        if "*" in names and level:
            return True
    for match in _IMPORT.finditer(text):
        first = match.group(1).partition(".")[0]
        if first == own or _is_project(root, first):
            found = _find_module(root, tuple(match.group(1).split(".")))
            if found is None or not _inside(found, root):
                continue
            if "tensorflow" in (_text_of(found) or ""):
                return True
    from tf2lint.semantics.beyond import may_inherit

    return may_inherit(text, path)


# These meet any text, strings and comments, too: no two parts may share a run of characters.
_MAKER = re.compile(r"import_?(?:tf|tensorflow)\b", re.I)  # as in `makers`
_FROM = re.compile(
    r"^[ \t]*from\b[ \t]*(?![ \t])((?:\.+(?!\.))?)"
    r"[ \t]*(?![ \t])((?:(?!import\b)[\w.]+(?![\w.]))?)[ \t]*(?<=[. \t])import\b",
    re.M,
)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([\w.]+)", re.M)
_STATEMENT = re.compile(r"^[ \t]*(?:from|import)\b", re.M)
_ASSIGNED = re.compile(r"^[ \t]*(\w+)[ \t]*=(?!=)", re.M)
_NAMES = re.compile(r"(?<![\w.])([A-Za-z_]\w*(?!\w)|\*)(?=\s*(?:[,)#\n\\]|as\b|$))")
_BRACKETS = 20_000  # characters between those of an import


def _continued(text: str, start: int) -> str:
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else len(text)]
    if "(" in line:
        close = text.find(")", start, start + _BRACKETS)
        inside = text[start : close if close >= 0 else start + _BRACKETS]
        if inside.count("(") == 1 or "#" in inside:
            return inside
    return line


def _join(module: str, name: str | None) -> str:
    return f"{module}.{name}" if name and module else module or name or ""


def _followed(module: str, name: str | None) -> Values | None:
    from tf2lint.semantics.values import Builtin

    known = {
        ("importlib", "import_module"): "import_module",
        ("contextlib", "contextmanager"): "contextmanager",
        ("functools", "partial"): "partial",
    }
    if name is not None and (module, name) in known:
        return (Builtin(known[module, name]),)
    return None


def _imported(
    path: str,
    root: str,
    package: tuple[str, ...],
    level: int,
    module: str,
    name: str | None,
    keras: bool,
    hops: int,
) -> Values:
    parts = tuple(module.split(".")) if module else ()
    if level:
        if level > len(package) + 1:
            return (UNKNOWN,)
        parts = package[: len(package) - (level - 1)] + parts
        base = os.path.dirname(path)
        for _ in range(level - 1):
            base = os.path.dirname(base)
        where = _find_module(base, tuple(module.split(".")) if module else ())
    elif parts and (parts[0] in package[:1] or _is_project(root, parts[0])):
        where = _find_module(root, parts)
    elif parts and (above := _root_above(os.path.dirname(path), parts[0])) is not None:
        root = above
        where = _find_module(root, parts)
    else:
        return (Foreign(_join(module, name)),)
    if where is None or not _inside(where, root):
        return (UNKNOWN,)
    if name is None or name == "*":
        return (Neighbour(where),)
    exported = _exported(where, root, name, keras, hops + 1)
    if exported:
        return exported
    submodule = _find_module(os.path.dirname(where), (name,)) if _is_init(where) else None
    if submodule is not None and _inside(submodule, root):
        return (Neighbour(submodule),)
    return (UNKNOWN,)


def _exported(
    path: str,
    root: str,
    name: str,
    keras: bool,
    hops: int,
    known: dict[tuple[str, str], Values] | None = None,
) -> Values:
    """The TensorFlow (or neighbour) that `name` is in the file `path`; () if neither.

    `known` holds what was asked on the way here, so that packages of packages are asked once.
    """
    known = {} if known is None else known
    values: list[Value] = []
    todo: list[tuple[str, str, tuple[str, ...], int]] = [(path, name, (), hops)]
    seen: set[tuple[str, str]] = set()
    while todo:
        where, wanted, attributes, hop = todo.pop(0)
        if hop > _HOPS or (where, wanted) in seen:
            continue
        seen.add((where, wanted))
        stamp = _stamp(where)
        text = _read(where, stamp)
        if text is None or not _may_export(where, stamp, wanted):
            continue
        exports = _exports_of(where, stamp)
        package = _package_of(where)[1]
        found = exports.get(wanted, ())
        stars = exports.get("*", ())
        if found:  # these say what it is, but Keras 3 has it beside tf.keras
            stars = tuple(e for e in stars if e.level == 0 and e.module == paths.KERAS)
        for export in (*found, *stars):
            if export.nothing:
                continue
            if export.base is not None:
                todo.append((where, export.base, export.attributes + attributes, hop + 1))
                continue
            star = export.name == "*"
            picked = wanted if star else export.name
            module = export.module
            if export.level == 0 and (
                paths.is_tensorflow(module)
                or (
                    paths.under(module, paths.KERAS)
                    and ("tensorflow" in text or "tf.keras" in text)
                )
            ):
                dotted = module if picked is None else f"{module}.{picked}"
                if star:
                    from tf2lint.tensorflow import api

                    if not api.known(paths.symbol(dotted)):
                        continue
                values.append(Symbol(".".join((dotted, *attributes))))
                continue
            if export.level == 0 and paths.under(module, paths.KERAS_2):
                if star and not _keras_has(f"{module}.{picked}"):
                    continue
                values.append(Foreign(".".join((_join(module, picked), *attributes))))
                continue
            target = _where(where, root, package, export.level, module)
            if target is None or not _inside(target, root):
                continue
            if picked is None:
                values += [Neighbour(target)] if not attributes else []
                continue
            todo.append((target, picked, attributes, hop + 1))
            if _is_init(target) and not star:
                below = _find_module(os.path.dirname(target), (picked,))
                if below is not None and _inside(below, root) and not attributes:
                    key = (target, picked)
                    if key not in known:
                        known[key] = ()  # as long as it is being asked
                        if hop < 4:
                            known[key] = _exported(target, root, picked, keras, hop + 1, known)
                    if not known[key]:
                        values.append(Neighbour(below))
    return _of_one_keras(distinct(values))


def _of_one_keras(values: Values) -> Values:
    """`values` without what only an older Keras would bring.

    A project that brings tf_keras where it can have it wants Keras 2 whatever TensorFlow says;
    one that brings `keras`, or else tf.keras, works with `keras` from Keras 3 on.
    """
    if len(values) < 2:
        return values
    if any(isinstance(v, Foreign) and paths.under(v.origin, paths.KERAS_2) for v in values):
        return tuple(v for v in values if not isinstance(v, Symbol))
    own = {paths.symbol(v.path) for v in values
           if isinstance(v, Symbol) and paths.route(v.path) == "keras"}  # fmt: skip
    if "tf.keras" in own:  # the whole package, or else what stands for it
        return (Symbol(paths.KERAS),)
    return tuple(
        v for v in values
        if not isinstance(v, Symbol) or paths.route(v.path) == "keras"
        or paths.symbol(v.path) not in own
    )  # fmt: skip


def _keras_has(dotted: str) -> bool:
    """Whether tf_keras may have what `from tf_keras import *` would bring."""
    from tf2lint.tensorflow import api

    return api.known(f"tf.keras{dotted[len(paths.KERAS_2) :]}")


def _where(path: str, root: str, package: tuple[str, ...], level: int, module: str) -> str | None:
    parts = tuple(module.split(".")) if module else ()
    if level:
        if level > len(package) + 1:
            return None
        base = os.path.dirname(path)
        for _ in range(level - 1):
            base = os.path.dirname(base)
        return _find_module(base, parts)
    if parts and (parts[0] in package[:1] or _is_project(root, parts[0])):
        return _find_module(root, parts)
    above = _root_above(os.path.dirname(path), parts[0]) if parts else None
    return _find_module(above, parts) if above is not None else None


def _find_module(base: str, parts: tuple[str, ...]) -> str | None:
    where = os.path.join(base, *parts)
    for candidate in (
        (f"{where}.py", os.path.join(where, "__init__.py"))
        if parts
        else (os.path.join(base, "__init__.py"),)
    ):
        if _is_file(candidate):
            return candidate
    return None


# What is asked about the files around a module, with its answer, while somebody notes it: the
# cache of the command line. The inner functions remember answers, so each question is noted at
# its outer one.
noted: dict[tuple[str, ...], str] | None = None


def answer(question: tuple[str, ...]) -> str:
    """The answer of today to a question of `noted`, as text."""
    kind, *words = question
    if kind == "text":
        return str(_stamp_now(words[0]))
    return str(_QUESTIONS[kind](*words))


def forget() -> None:
    """Ask the disk anew which files there are: for a process that outlives a run."""
    for remembered in (
        _is_file_on_disk, _is_project_now, _real_now, _project_root_now, _root_above_now,
        _package_of_folder_now,
    ):  # fmt: skip
        remembered.cache_clear()


def _note(kind: str, words: tuple[str, ...], told: object) -> None:
    if noted is not None:
        noted[(kind, *words)] = str(told)


def _is_file(path: str) -> bool:
    told = _is_file_now(path)
    if noted is not None:
        _note("file", (path,), told)
    return told


def _is_file_now(path: str) -> bool:
    return overlay.stamp_of(path) is not None or _is_file_on_disk(path)


@lru_cache(maxsize=65536)
def _is_file_on_disk(path: str) -> bool:
    return os.path.isfile(path)


def _is_project(root: str, first: str) -> bool:
    """Whether `first` is a package or module at the project's root."""
    told = _is_project_now(root, first)
    if noted is not None:
        _note("project", (root, first), told)
    return told


@lru_cache(maxsize=4096)
def _is_project_now(root: str, first: str) -> bool:
    return bool(first) and _find_module(root, (first,)) is not None


def _is_init(path: str) -> bool:
    return os.path.basename(path) == "__init__.py"


def _real(path: str) -> str:
    told = _real_now(path)
    if noted is not None:
        _note("real", (path,), told)
    return told


@lru_cache(maxsize=4096)
def _real_now(path: str) -> str:
    return os.path.realpath(path)


def _inside(path: str, root: str) -> bool:
    top = _real(_project_root(root))
    return _real(path).startswith(top.rstrip(os.sep) + os.sep)


def _project_root(folder: str) -> str:
    """The nearest folder above that is marked as a project, else `folder` itself."""
    told = _project_root_now(folder)
    if noted is not None:
        _note("root", (folder,), told)
    return told


@lru_cache(maxsize=4096)
def _project_root_now(folder: str) -> str:
    at = folder
    while True:
        if any(os.path.exists(os.path.join(at, mark)) for mark in _ROOT_MARKS):
            return at
        up = os.path.dirname(at)
        if up == at:
            return folder
        at = up


def _root_above(folder: str, first: str) -> str | None:
    """The folder that holds the package `first`, where `folder` lies in it, __init__.py or not."""
    told = _root_above_now(folder, first)
    if noted is not None:
        _note("above", (folder, first), told)
    return told


@lru_cache(maxsize=4096)
def _root_above_now(folder: str, first: str) -> str | None:
    parts = folder.split(os.sep)
    if first not in parts:
        return None
    at = len(parts) - 1 - parts[::-1].index(first)
    root = os.sep.join(parts[:at])
    return root if _is_file(os.path.join(root, first, "__init__.py")) else None


def _package_of_folder(folder: str) -> tuple[str, tuple[str, ...]]:
    told = _package_of_folder_now(folder)
    if noted is not None:
        _note("package", (folder,), told)
    return told


@lru_cache(maxsize=4096)
def _package_of_folder_now(folder: str) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []
    at = folder
    while _is_file(os.path.join(at, "__init__.py")):
        at, name = os.path.split(at)
        if not name:
            break
        names.append(name)
    return at, tuple(reversed(names))


def _package_of(path: str) -> tuple[str, tuple[str, ...]]:
    """The folder that holds the top package of the file, and the package's dotted name."""
    return _package_of_folder(os.path.dirname(path))


def _stamp(path: str) -> tuple[int, int]:
    told = _stamp_now(path)
    if noted is not None:
        _note("text", (path,), told)
    return told


NO_FILE = (0, 0)


def _stamp_now(path: str) -> tuple[int, int]:
    held = overlay.stamp_of(path)
    if held is not None:
        return held
    try:
        status = os.stat(path)
    except OSError:
        return NO_FILE
    return (status.st_mtime_ns, status.st_size)


def _text_of(path: str) -> str | None:
    return _read(path, _stamp(path))


@lru_cache(maxsize=256)
def _read(path: str, stamp: tuple[int, int]) -> str | None:
    if stamp[1] > _SIZE:
        return None
    held = overlay.text_of(path)
    if held is not None:
        return held
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, UnicodeDecodeError, ValueError):
        return None  # unreadable neighbours tell nothing; their own run reports them


def _may_export(path: str, stamp: tuple[int, int], name: str) -> bool:
    """Whether the file can bind `name` by an import or an alias; no parsing yet."""
    imports, assigned = _bound_in(path, stamp)
    return name in imports or "*" in imports or name in assigned


@lru_cache(maxsize=16384)
def _bound_in(path: str, stamp: tuple[int, int]) -> tuple[str, frozenset[str]]:
    """The import statements of the file, joined, and the names that it assigns at all."""
    text = _read(path, stamp) or ""
    imports = "\n".join(_continued(text, m.start()) for m in _STATEMENT.finditer(text))
    return imports, frozenset(_ASSIGNED.findall(text))


@lru_cache(maxsize=4096)
def _exports_of(path: str, stamp: tuple[int, int]) -> Exports:
    text = _read(path, stamp)
    if text is None:
        return {}
    tree = _top_of(text)
    if tree is None:
        return {}
    found: dict[str, list[Export]] = {}

    def add(name: str, export: Export) -> None:
        found.setdefault(name, []).append(export)

    for stmt in _flat(tree.body):
        if isinstance(stmt, ast.Import):
            for alias in stmt.names:
                first = alias.name.partition(".")[0]
                add(alias.asname or first, Export(module=alias.name if alias.asname else first))
        elif isinstance(stmt, ast.ImportFrom):
            for alias in stmt.names:
                export = Export(stmt.level, stmt.module or "", alias.name)
                add(alias.asname or alias.name, export)
        elif isinstance(stmt, ast.Assign):
            chain = _chain(stmt.value)
            for target in stmt.targets:
                if isinstance(target, ast.Name):
                    if chain is None:
                        nothing = isinstance(stmt.value, ast.Constant)
                        if not nothing:
                            found[target.id] = []
                    else:
                        add(target.id, Export(base=chain[0], attributes=chain[1:]))
        elif isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[stmt.name] = []
    return {name: tuple(exports) for name, exports in found.items() if exports}


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of `body`, those inside of `if`, `try`, `with` and loops in their place."""
    stack: list[ast.stmt] = list(reversed(body))
    while stack:
        stmt = stack.pop()
        if isinstance(stmt, ast.If | ast.Try | ast.With | ast.For | ast.While):
            inner: list[ast.stmt] = list(stmt.body)
            if isinstance(stmt, ast.Try):
                for handler in stmt.handlers:
                    inner += handler.body
            if not isinstance(stmt, ast.With):
                inner += stmt.orelse
            if isinstance(stmt, ast.Try):
                inner += stmt.finalbody
            stack.extend(reversed(inner))
        else:
            yield stmt


# A function or class at the left margin, up to the next thing there.
_BLOCK = re.compile(
    r"^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)\b.*\n(?:(?:[ \t#)\]}].*)?\n)*", re.MULTILINE
)


def _top_of(text: str) -> ast.Module | None:
    """The tree of a module, functions and classes at its top emptied; None if it does not parse.

    What is in those says nothing about the module's names, and is most of what there is to parse.
    """
    whole = True

    def emptied(block: re.Match[str]) -> str:
        nonlocal whole
        cut = block[0]
        # A string over several lines that reaches the margin: the block does not end there.
        whole = whole and not (cut.count('"""') % 2 or cut.count("'''") % 2)
        return f"class {block[1]}: pass\n"

    for cut in (True, False):
        short = _BLOCK.sub(emptied, f"{text}\n") if cut else text
        if not whole and cut:
            continue
        try:
            return ast.parse(short)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _chain(expr: ast.expr) -> tuple[str, ...] | None:
    parts: list[str] = []
    while isinstance(expr, ast.Attribute):
        parts.append(expr.attr)
        expr = expr.value
    if not isinstance(expr, ast.Name):
        return None
    return (expr.id, *reversed(parts))


# What `beyond` asks.

chain_of, is_inside, package_of, stamp, text_of = _chain, _inside, _package_of, _stamp, _text_of
project_root = _project_root


def place_of(path: str, root: str, level: int, module: str) -> str | None:
    """The file of the module that an import in the file `path` names."""
    return _where(path, root, _package_of(path)[1], level, module)


def exported(path: str, root: str, name: str) -> Values:
    """The TensorFlow, or the neighbour, that `name` is at the top of the file `path`."""
    return _exported(path, root, name, False, 0)


def exports(path: str, name: str) -> tuple[Export, ...]:
    """The imports and aliases that make `name` at the top of the file `path`."""
    if not _may_export(path, _stamp(path), name):
        return ()
    return _exports_of(path, _stamp(path)).get(name, ())


def imports_of(path: str, stamp: tuple[int, int]) -> str:
    """The import statements of the file, at any depth, joined."""
    return _bound_in(path, stamp)[0]


def class_text(path: str, stamp: tuple[int, int], name: str) -> str:
    """The class `name` at the left margin of the file, without decorators."""
    text = _read(path, stamp) or ""
    if not name or f"class {name}" not in text:
        return ""
    return _block(text, rf"^class[ \t]+{name}\b")


def function_text(path: str, stamp: tuple[int, int], name: str) -> str:
    """The function `name` at the left margin of the file, without decorators."""
    text = _read(path, stamp) or ""
    if not name or f"def {name}" not in text:
        return ""
    return _block(text, rf"^def[ \t]+{name}\b")


def _block(text: str, pattern: str) -> str:
    head = re.search(pattern, text, re.MULTILINE)
    block = _BLOCK.match(f"{text}\n", head.start()) if head is not None else None
    return block[0] if block is not None else ""


def submodule(path: str, name: str) -> str | None:
    """The file of the module `name` in the package whose `__init__.py` is `path`."""
    return _find_module(os.path.dirname(path), (name,)) if name and _is_init(path) else None


def statements(path: str, stamp: tuple[int, int]) -> Iterator[ast.stmt]:
    """The statements at the top of the file, functions and classes emptied."""
    tree = _top_of(_read(path, stamp) or "")
    return _flat(tree.body if tree is not None else [])


def imported_names(text: str, wanted: Container[str]) -> Iterator[ImportTarget]:
    """The `from module import name` of this text with a name that is `wanted`."""
    for match in _FROM.finditer(text):
        for name in _NAMES.findall(_continued(text, match.end())):
            if name in wanted:
                yield ImportTarget(len(match.group(1)), match.group(2), name)


_QUESTIONS: dict[str, Callable[..., object]] = {
    "file": _is_file_now,
    "project": _is_project_now,
    "real": _real_now,
    "root": _project_root_now,
    "above": _root_above_now,
    "package": _package_of_folder_now,
}

__all__ = ["Neighbours", "Text", "answer", "may_follow"]
