"""What `tf2lint report` tells of: files, what they import, and earlier runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tf2lint.cli.problems import Problem
from tf2lint.cli.records import Record

BROKEN = frozenset(("removed", "changed"))  # a finding that the target does not run as it was


class Import(NamedTuple):
    """An import as it is written: dots, module, and the name taken from it (or nothing)."""

    level: int
    module: str
    name: str


@dataclass
class File:
    """One file of the tree: its findings, its length, what it imports."""

    path: str
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    silenced: int = 0
    is_python2: bool = False
    lines: int = 0
    imports: list[Import] = field(default_factory=list)
    layer: int = 0  # how many layers of files with findings are below it
    users: int = 0  # how many files of the tree import it
    ring: int = 1  # how many files import each other in a ring, this one among them

    @property
    def state(self) -> str:
        """`clean`, `compat` (runs through compat.v1), `broken` or `unread`."""
        if any(record.status in BROKEN for record in self.records):
            return "broken"
        if self.records:
            return "compat"
        return "unread" if self.problems else "clean"


@dataclass(frozen=True)
class Past:
    """The findings of an earlier run, by status."""

    label: str
    statuses: dict[str, int]
    files: int
