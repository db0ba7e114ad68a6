"""Files that are one program: who imports whom, and which module is the one that is run."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator, Mapping

from tf2lint.fixes import switch
from tf2lint.semantics.files import disk


class Programs:
    """The modules of a run by what they import of each other; `texts` maps paths to modules."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.trees: dict[str, ast.Module] = {}
        self._real = {os.path.realpath(path): path for path in texts}
        self.imports: dict[str, dict[str, str]] = {}  # of each module: name -> the other's path
        for path, text in texts.items():
            try:
                tree = self.trees[path] = ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue  # the run says so itself
            self.imports[path] = dict(self._imports(path, tree))
        self.importers: dict[str, set[str]] = {}
        for path, found in self.imports.items():
            for other in found.values():
                self.importers.setdefault(other, set()).add(path)

    def _imports(self, path: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
        where = os.path.abspath(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                asked = [(0, a.name, a.asname or a.name.partition(".")[0]) for a in node.names]
            elif isinstance(node, ast.ImportFrom):
                module = node.module or ""
                asked = [(node.level, module, a.asname or a.name) for a in node.names]
                inner = f"{module}." if module else ""
                asked += [(node.level, inner + a.name, a.asname or a.name) for a in node.names]
            else:
                continue
            for level, module, name in asked:
                found = disk().locate(where, level, module)
                known = self._real.get(os.path.realpath(found)) if found is not None else None
                if known is not None and known != path:
                    yield name, known

    def around(self, paths: Iterable[str]) -> set[str]:
        """`paths` and all modules that are of one program with one of them."""
        return self._reached(paths, lambda p: {*self.imports.get(p, {}).values(), *self.users(p)})

    def users(self, path: str) -> set[str]:
        """The modules that import `path` themselves."""
        return self.importers.get(path, set())

    def run_with(self, path: str) -> list[str]:
        """The modules that are run, and import `path` by whatever way."""
        above = self._reached([path], self.users)
        return sorted(p for p in above if p != path and self._is_run(p, above))

    def starts(self, path: str) -> list[str]:
        """The modules that are run for what is in `path`; that is itself where nothing uses it."""
        tree = self.trees.get(path)
        alone = not self.users(path) or (tree is not None and switch.is_program(tree))
        return [*self.run_with(path), *([path] if alone else [])]

    def _reached(self, paths: Iterable[str], step: Callable[[str], set[str]]) -> set[str]:
        found: set[str] = set()
        todo = [*paths]
        while todo:
            path = todo.pop()
            if path not in found:
                found.add(path)
                todo += step(path)
        return found

    def _is_run(self, path: str, above: set[str]) -> bool:
        """Whether the module asks for its `__name__`, or calls what it imports from `above`."""
        tree = self.trees[path]
        if switch.is_program(tree):
            return True
        if self.users(path):
            return False
        names = {name for name, other in self.imports[path].items() if other in above}
        return switch.calls_at_once(tree, names)
