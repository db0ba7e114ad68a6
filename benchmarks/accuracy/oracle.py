"""Judges TensorFlow references in source code by asking an installed TensorFlow.

    PYTHON-WITH-TENSORFLOW oracle.py FOLDER > references.jsonl

Stands alone and imports nothing of tf2lint, so that the two can disagree. Names are followed
by CPython's own `symtable`: a name counts as TensorFlow only where every binding that its scope
has is an import of TensorFlow or an alias of one. Everything else is `unclear`, and said to be.

A row for each reference: path, line, column (0-based, bytes), end_column, spelling, dotted
(what it means), verdict:
  same      exists, and is the very object that compat.v1 has
  exists    exists
  missing   raises; `at` is the first name in the chain that is not there
  unclear   the name has other bindings, too
`guarded` is true under a version test, hasattr, or an except for what it raises. `spelled` is
how the name came in (import, import-as, from-import, alias, star). For calls: `refused`, the
keywords or positions that the function does not take, or null where that cannot be asked.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import symtable
import sys
import warnings
from collections.abc import Iterator

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
CATCHES = {"AttributeError", "ImportError", "ModuleNotFoundError", "Exception", "TypeError", ""}
VERSION = ("__version__", "VERSION", "hasattr", "LooseVersion", "parse_version", "TF2", "tf2")


class Oracle:
    """Answers about dotted names, asked of the real package once each.

    A module that is not an attribute of its package can be had by an import statement alone:
    `imports` are the modules that the file imports by name.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, frozenset[str]], tuple[bool, str, object]] = {}

    def look(self, dotted: str, imports: frozenset[str] = frozenset()) -> tuple[bool, str, object]:
        """(exists, the first part that does not, the object)."""
        key = (dotted, imports & frozenset(prefixes(dotted)))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._look(*key)
        return found

    def _look(self, dotted: str, imports: frozenset[str]) -> tuple[bool, str, object]:
        parts = dotted.split(".")
        at = parts[0]
        try:
            value: object = importlib.import_module(at)
        except ImportError:
            return False, at, None
        for part in parts[1:]:
            at = f"{at}.{part}"
            try:
                value = getattr(value, part)
            except Exception:  # whatever a lazy module raises, the name cannot be used
                if at not in imports:
                    return False, at, None
                try:
                    value, above = importlib.import_module(at), value
                except Exception:
                    return False, at, None
                if vars(above).get(part) is value:
                    delattr(above, part)  # as if no file had imported it
        return True, "", value

    def same(self, dotted: str) -> bool:
        """Whether the name is the very object of compat.v1."""
        rest = dotted.removeprefix("tensorflow.").removeprefix("compat.v1.")
        one, _, a = self.look(f"tensorflow.{rest}")
        other, _, b = self.look(f"tensorflow.compat.v1.{rest}")
        return one and other and a is b

    def refused(self, value: object, call: ast.Call) -> list[str] | None:
        """Keywords and positions of `call` that `value` does not take."""
        if not callable(value):
            return None
        try:
            signature = inspect.signature(value)
        except (ValueError, TypeError):
            return None
        if any(isinstance(a, ast.Starred) for a in call.args):
            return None
        parameters = signature.parameters.values()
        keyword_open = any(p.kind is p.VAR_KEYWORD for p in parameters)
        position_open = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        names = {p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
        places = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters)
        wrong = [k.arg for k in call.keywords if k.arg and k.arg not in names and not keyword_open]
        if not position_open and len(call.args) > places:
            wrong.append(f"position {places}")
        return wrong


def prefixes(dotted: str) -> list[str]:
    """`a.b.c` -> a, a.b, a.b.c."""
    parts = dotted.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


def imported_by(tree: ast.Module) -> frozenset[str]:
    """The modules that the import statements of a file name, and those above them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.update(prefixes(alias.name))
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.update(prefixes(node.module))
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def bindings_of(tree: ast.Module) -> tuple[dict[int, dict[str, list[object]]], list[str], bool]:
    """Bindings by scope node, star imports, and whether TensorFlow is imported at all.

    A value is a dotted name (import), an expression (assignment) or None (anything else).
    """
    table: dict[int, dict[str, list[object]]] = {}
    stars: list[str] = []
    uses = False

    def bind(scope: ast.AST, name: str, value: object) -> None:
        table.setdefault(id(scope), {}).setdefault(name, []).append(value)

    def targets(node: ast.AST) -> Iterator[str]:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store | ast.Del):
                yield inner.id

    stack: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
    while stack:
        node, scope = stack.pop()
        inner = scope
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                dotted = alias.name if alias.asname else alias.name.partition(".")[0]
                uses = uses or dotted.partition(".")[0] == "tensorflow"
                bind(scope, name, dotted)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    if not node.level and node.module:
                        stars.append(node.module)
                    continue
                dotted = "." * node.level + f"{node.module or ''}.{alias.name}"
                uses = uses or dotted.startswith("tensorflow.")
                bind(scope, alias.asname or alias.name, dotted)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            if not isinstance(node, ast.Lambda):
                bind(scope, node.name, None)
            inner = node
            if not isinstance(node, ast.ClassDef):
                for arg in ast.walk(node.args):
                    if isinstance(arg, ast.arg):
                        bind(node, arg.arg, None)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                bind(scope, target.id, node.value)
            else:
                for name in targets(target):
                    bind(scope, name, None)
        elif isinstance(node, ast.Global):
            for name in node.names:
                bind(tree, name, None)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bind(scope, node.name, None)
        elif isinstance(node, ast.comprehension):
            for name in targets(node.target):
                bind(scope, name, None)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.AsyncFor
                        | ast.withitem | ast.NamedExpr | ast.Delete):  # fmt: skip
            for field in ("targets", "target", "optional_vars"):
                value = getattr(node, field, None)
                for one in value if isinstance(value, list) else [value]:
                    if one is not None:
                        for name in targets(one):
                            bind(scope, name, None)
        for child in ast.iter_child_nodes(node):
            stack.append((child, inner))
    return table, stars, uses


class Module:
    """The references of one file."""

    def __init__(self, path: str, text: str, oracle: Oracle) -> None:
        self.path = path
        self.oracle = oracle
        self.tree = ast.parse(text)
        symtable.symtable(text, path, "exec")  # raises where CPython's scoping refuses the file
        self.table, self.stars, self.uses = bindings_of(self.tree)
        self.imports = imported_by(self.tree)
        self.parents: dict[ast.AST, ast.AST] = {}
        for up in ast.walk(self.tree):
            for child in ast.iter_child_nodes(up):
                self.parents[child] = up

    def references(self) -> Iterator[dict[str, object]]:
        """A row for each reference of the module."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield from self._imports(node)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                dotted, spelled = self._meaning(node)
                if dotted:
                    yield from self._chain(node, dotted, spelled)

    def _imports(self, node: ast.Import | ast.ImportFrom) -> Iterator[dict[str, object]]:
        for alias in node.names:
            if isinstance(node, ast.Import):
                dotted = alias.name
            elif node.level or alias.name == "*":
                continue
            else:
                dotted = f"{node.module}.{alias.name}"
            if dotted.partition(".")[0] == "tensorflow":
                spelled = "import" if isinstance(node, ast.Import) else "from-import"
                yield self._row(alias, dotted, spelled, None, imported=True)

    def _meaning(self, node: ast.Name) -> tuple[str, str]:
        values = self._bound(node, node.id)
        if values is None:
            for star in self.stars:
                if star.partition(".")[0] == "tensorflow":
                    exists, _, _ = self.oracle.look(f"{star}.{node.id}", self.imports)
                    if exists:
                        return f"{star}.{node.id}", "star"
            return "", ""
        meanings = [self._value(v, node, 0) for v in values]
        known = [m for m in meanings if m]
        if not known:
            return "", ""
        if len(set(meanings)) > 1:
            return "?" + known[0], "unclear"
        value = values[0]
        if not isinstance(value, str):
            return known[0], "alias"
        if value == node.id:
            return known[0], "import"
        return known[0], "from-import" if value.endswith(f".{node.id}") else "import-as"

    def _bound(self, node: ast.AST, name: str) -> list[object] | None:
        at = self.parents.get(node)
        first = True
        while at is not None:
            if isinstance(at, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.Module) or (
                isinstance(at, ast.ClassDef) and first
            ):
                if not isinstance(at, ast.ClassDef):
                    first = False
                found = self.table.get(id(at), {}).get(name)
                if found:
                    return found
            at = self.parents.get(at)
        return None

    def _value(self, value: object, node: ast.AST, depth: int) -> str:
        if isinstance(value, str):
            return value if value.partition(".")[0] == "tensorflow" else ""
        parts: list[str] = []
        while isinstance(value, ast.Attribute):
            parts.append(value.attr)
            value = value.value
        if not isinstance(value, ast.Name) or depth > 4 or not parts:
            return ""
        values = self._bound(value, value.id)
        if not values or len(values) != 1 or values[0] is value:
            return ""
        base = self._value(values[0], node, depth + 1)
        return ".".join((base, *reversed(parts))) if base else ""

    def _chain(self, node: ast.Name, dotted: str, spelled: str) -> Iterator[dict[str, object]]:
        top: ast.expr = node
        while True:
            up = self.parents.get(top)
            if not isinstance(up, ast.Attribute):
                break
            exists, _, value = self.oracle.look(dotted.lstrip("?"), self.imports)
            if exists and not inspect.ismodule(value) and not inspect.isclass(value):
                if value is not None:
                    break
            dotted = f"{dotted}.{up.attr}"
            top = up
        up = self.parents.get(top)
        call = up if isinstance(up, ast.Call) and up.func is top else None
        yield self._row(top, dotted, spelled, call)

    def _row(
        self, node: ast.expr | ast.alias, dotted: str, spelled: str, call: ast.Call | None,
        imported: bool = False,
    ) -> dict[str, object]:  # fmt: skip
        unclear = dotted.startswith("?")
        dotted = dotted.lstrip("?")
        exists, at, value = self.oracle.look(dotted, self.imports)
        if unclear:
            verdict = "unclear"
        elif not exists:
            verdict = "missing"
        else:
            verdict = "same" if self.oracle.same(dotted) else "exists"
        return {
            "path": self.path,
            "line": node.lineno,
            "column": node.col_offset,
            "end_line": node.end_lineno,
            "end_column": node.end_col_offset,
            "call_end_line": call.end_lineno if call else node.end_lineno,
            "call_end_column": call.end_col_offset if call else node.end_col_offset,
            "dotted": dotted,
            "at": at,
            "verdict": verdict,
            "spelled": spelled,
            "import": imported,
            "guarded": self._guarded(node),
            "refused": self.oracle.refused(value, call) if call and exists else None,
        }

    def _guarded(self, node: ast.AST) -> bool:
        at: ast.AST | None = node
        while at is not None:
            up = self.parents.get(at)
            if isinstance(up, ast.Try) and up.handlers:
                for handler in up.handlers:
                    names = ast.unparse(handler.type) if handler.type else ""
                    caught = {n.strip(" ()").rpartition(".")[2] for n in names.split(",")}
                    if caught & CATCHES:
                        return True
            elif isinstance(up, ast.ExceptHandler):
                return True
            elif isinstance(up, ast.If | ast.IfExp | ast.While | ast.Assert | ast.BoolOp):
                test = up if isinstance(up, ast.BoolOp) else up.test
                if any(word in ast.unparse(test) for word in VERSION):
                    return True
            at = up
        return False


def main() -> int:
    """Print the rows of every Python file below the folders given."""
    warnings.simplefilter("ignore")
    oracle = Oracle()
    for folder in sys.argv[1:]:
        for base, folders, files in sorted(os.walk(folder)):
            folders.sort()
            for name in sorted(files):
                if not name.endswith(".py"):
                    continue
                path = os.path.join(base, name)
                try:
                    with open(path, encoding="utf-8") as file:
                        module = Module(path, file.read(), oracle)
                except (SyntaxError, UnicodeDecodeError, ValueError) as error:
                    print(f"{path}: {error}", file=sys.stderr)
                    continue
                for row in module.references():
                    print(json.dumps(row))
    return 0


if __name__ == "__main__":
    sys.exit(main())
