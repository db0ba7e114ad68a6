"""In which order files want to be migrated: those first that import nothing left to do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from tf2lint.cli.report_data import File, Import


def order(files: Sequence[File], roots: Iterable[str]) -> None:
    """Fill in `layer`, `users` and `ring` of `files`; `roots` are folders to import from.

    Only imports of each other count. Files that import each other are one step.
    """
    below = _graph(files, list(roots))
    for file, imported in enumerate(below):
        for other in imported:
            if other != file:
                files[other].users += 1
    above: dict[int, int] = {}
    for ring in _rings(below):  # comes after everything that it imports
        outside = {other for file in ring for other in below[file]} - set(ring)
        layer = max((above[other] for other in outside), default=0)
        work = any(files[file].records for file in ring)
        for file in ring:
            above[file] = layer + work
            files[file].layer = layer
            files[file].ring = len(ring) if work else 1


def _graph(files: Sequence[File], roots: list[str]) -> list[list[int]]:
    """For every file, the files that it imports."""
    modules: dict[str, list[int]] = {}
    packages = []
    for number, file in enumerate(files):
        package, name = _dotted(file.path)
        packages.append(package)
        names = {name}
        for root in roots:
            inside = os.path.relpath(file.path, root)
            if not inside.startswith(os.pardir):
                names.add(_joined(os.path.splitext(inside)[0].split(os.sep)))
        for known in names:
            modules.setdefault(known, []).append(number)
    return [
        sorted({
            found for one in file.imports
            for found in _imported(one, packages[number], modules, files, number)
        })
        for number, file in enumerate(files)
    ]  # fmt: skip


def _imported(
    one: Import, package: list[str], modules: dict[str, list[int]], files: Sequence[File],
    number: int,
) -> Iterator[int]:  # fmt: skip
    base = package[: len(package) - one.level + 1] if one.level else []
    module = ".".join([*base, *filter(None, [one.module])])
    at = f"{module}.{one.name}" if one.name and module else module or one.name
    while at:
        candidates = modules.get(at, [])
        if candidates:
            here = os.path.dirname(files[number].path)
            near = [c for c in candidates if os.path.dirname(files[c].path) == here]
            yield (near or candidates)[0]
            return
        at = at.rpartition(".")[0]


def _dotted(path: str) -> tuple[list[str], str]:
    """The package that a file is in, and its module's whole name."""
    folder, name = os.path.split(os.path.abspath(path))
    package: list[str] = []
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, last = os.path.split(folder)
        package.insert(0, last)
    return package, _joined([*package, os.path.splitext(name)[0]])


def _joined(parts: list[str]) -> str:
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _rings(below: list[list[int]]) -> Iterator[list[int]]:
    """Strongly connected parts of a graph, what is below first (Tarjan's, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for start in range(len(below)):
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        work = [(start, iter(below[start]))]
        while work:
            node, rest = work[-1]
            other = next(rest, None)
            if other is None:
                work.pop()
                if work:
                    up = work[-1][0]
                    low[up] = min(low[up], low[node])
                if low[node] == index[node]:
                    ring: list[int] = []
                    while not ring or ring[-1] != node:
                        ring.append(stack.pop())
                        on_stack.discard(ring[-1])
                    yield ring
            elif other not in index:
                index[other] = low[other] = len(index)
                stack.append(other)
                on_stack.add(other)
                work.append((other, iter(below[other])))
            elif other in on_stack:
                low[node] = min(low[node], index[other])
