"""The house has one direction: no circle of imports, and a reason for each that comes late."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import tf2lint

ROOT = Path(tf2lint.__file__).parents[1]
PACKAGES = ("tf2lint", "flake8_tf2", "pylint_tf2")
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


class Import(NamedTuple):
    """One import of a module of ours by another."""

    importer: str
    imported: str
    line: int
    late: bool
    reason: bool


def _named(module: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The modules of ours that a statement in `module` imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in FILES)
        return
    base = node.module or ""
    if node.level:
        inside = module.split(".")
        if FILES[module].name == "__init__.py":
            inside.append("")
        base = ".".join([*inside[: -node.level], *filter(None, [node.module])])
    for alias in node.names:
        whole = f"{base}.{alias.name}"
        if whole in FILES:
            yield whole
        elif base in FILES:
            yield base


def _imports() -> list[Import]:
    found: list[Import] = []
    for module, path in FILES.items():
        text = path.read_text(encoding="utf-8")
        lines, tree = text.splitlines(), ast.parse(text)
        late = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                first = node.lineno - 1
                while re.match(r"\s*(from|import)\b", lines[first - 1]):
                    first -= 1
                around = "".join(lines[first - 1 : node.end_lineno])
                for name in set(_named(module, node)) - {module}:
                    found.append(Import(module, name, node.lineno, id(node) in late, "#" in around))
    return found


IMPORTS = _imports()


def _reached(module: str, imported: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = [module]
    while todo:
        new = imported[todo.pop()] - found
        found |= new
        todo += new
    return found


def test_no_circle() -> None:
    imported: dict[str, set[str]] = {module: set() for module in FILES}
    for found in IMPORTS:
        imported[found.importer].add(found.imported)
    reached = {module: _reached(module, imported) for module in FILES}
    rings = {
        tuple(sorted(other for other in reached[module] if module in reached[other]))
        for module in FILES
        if module in reached[module]
    }
    assert rings == set()


def test_what_is_imported_late_says_why() -> None:
    late = [f for f in IMPORTS if f.late]
    assert late
    assert [f"{f.importer}:{f.line} {f.imported}" for f in late if not f.reason] == []


def test_the_rooms_have_an_order() -> None:
    rooms = ("finding", "tensorflow", "semantics", "check", "rules")
    room = {module: module.split(".")[1] for module in FILES if module.startswith("tf2lint.")}
    climbs = [
        f"{f.importer} {f.imported}"
        for f in IMPORTS
        if not f.late
        and (low := room.get(f.importer)) in rooms
        and (high := room.get(f.imported)) in rooms
        and rooms.index(str(low)) < rooms.index(str(high))
    ]
    assert climbs == []


def test_front_ends_are_short() -> None:
    for module, path in FILES.items():
        if not module.startswith("tf2lint"):
            assert len(path.read_text().splitlines()) < 150, module


def test_the_page_of_the_architecture_names_what_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    files = set(re.findall(r"`([\w/]+\.(?:py|txt))`", text))
    files.discard("project/compat.py")  # of the example
    assert len(files) > 20
    there = {
        str(path.relative_to(ROOT))
        for path in [*ROOT.glob("t*/**/*.py"), *ROOT.glob("t*/**/*.txt")]
    }
    assert [
        name for name in files if not any(f"/{path}".endswith(f"/{name}") for path in there)
    ] == []
    for room in ("tensorflow", "semantics", "check", "rules", "fixes", "cli", "server"):
        assert f"`{room}/`" in text
