"""Findings that are known already: a file with counts per file and code.

A file may have as many findings of a code as its entry says; what goes beyond that is
reported. Lines may move: each entry carries short marks of the lines that were found, used
only to tell which of several findings is the new one.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from tf2lint import internal_error
from tf2lint.check.prefilter import lets_go
from tf2lint.finding import Finding
from tf2lint.options import OptionError, Options
from tf2lint.source import Source

HEADER = "# tf2lint baseline 1"
_ABOUT = (
    "# Known findings by file and code: how many, and marks of their lines. Only what goes\n"
    "# beyond is reported. Made by `tf2lint baseline`, made smaller by its `--prune`.\n"
)
_ENTRY = re.compile(r"^(.+): (TF\d{3}) ([1-9]\d*)((?: [0-9a-f]{4})*)$")


@dataclass(frozen=True)
class Entry:
    """How many findings of one code one file may have, and the marks of their lines."""

    count: int
    marks: tuple[str, ...] = ()


Entries = Mapping[tuple[str, str], Entry]


@dataclass(frozen=True)
class Baseline:
    """The entries of a baseline file, by path (relative to the file's folder) and code."""

    folder: str
    entries: Entries = field(default_factory=dict)

    def key(self, path: str) -> str:
        """`path` as the entries spell it."""
        return key_of(path, self.folder)

    def files(self) -> list[str]:
        """The paths that have entries, as the entries spell them."""
        return sorted({path for path, _ in self.entries})

    def missing(self) -> list[str]:
        """Those of `files` that are not there any more."""
        return [path for path in self.files() if not os.path.exists(self.at(path))]

    def freed(self, path: str | None, findings: Iterable[Finding]) -> int:
        """How many findings the entries for `path` have that are not among `findings`."""
        if path is None:
            return 0
        key = self.key(path)
        now = Counter(finding.code for finding in findings)
        entries = self._by_path.get(key, [])
        return sum(max(0, count - now[code]) for code, count in entries)

    @cached_property
    def _by_path(self) -> dict[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for (path, code), entry in self.entries.items():
            found.setdefault(path, []).append((code, entry.count))
        return found

    def at(self, path: str) -> str:
        """Where the file of an entry is."""
        return os.path.join(self.folder, *path.split("/"))


class Compared(NamedTuple):
    """A module beside its baseline: what it does not know, all there is, and what is fixed.

    Of `new`, each thing is told once (`once.py`); `found` has every finding, and a baseline may
    count them all or only those. `freed` counts what the baseline has and the module has not.
    """

    new: list[Finding]
    found: list[Finding]
    freed: int = 0


Check = Callable[[Source, Options], list[Finding]]
Takes = Callable[[Finding], bool]  # a finding is true: without one, all are taken


def check_new(
    source: Source, options: Options, check: Check | None = None, takes: Takes = bool
) -> list[Finding]:
    """The findings of a module that the baseline of `options` does not know.

    `check` finds them; without it, the engine's does. `takes` says which of them the reader gets
    to see: only those may speak for others.
    """
    return compare(source, options, check, takes).new


def compare(
    source: Source, options: Options, check: Check | None = None, takes: Takes = bool
) -> Compared:
    """The findings of a module beside the baseline of `options`, as for `check_new`.

    Those that a comment names are not counted, and left to whoever reads the comment.
    """
    has_baseline = bool(options.baseline) and source.path is not None
    if lets_go(source.text, source.path, options):
        freed = load(options.baseline).freed(source.path, []) if has_baseline else 0
        return Compared([], [], freed)
    # Slow to load, and not needed where there is no TensorFlow.
    from tf2lint.check.once import told

    if check is None:  # as slow
        from tf2lint.check import engine

        check = engine.check
    findings = check(source, options)
    baseline = load(options.baseline) if has_baseline else None
    try:
        shown = told(findings, source, takes)
        if baseline is None:
            return Compared([found for found in shown if found is not None], findings)
        from tf2lint.suppress import Suppressions  # slow to load, and few have a baseline

        hidden = Suppressions(source)
        blanket = options.blanket_comments
        counted = [finding for finding in findings if not hidden.hides(finding, blanket)]
        spoken_for = {id(f) for f, said in zip(findings, shown, strict=True) if said is None}
        known = _known(counted, spoken_for, source, baseline)
        freed = baseline.freed(source.path, counted)
    except Exception as error:  # as `check` does: no host shall fall for it
        return Compared([*findings, internal_error.broken(error)], findings)
    new = [
        said for finding, said in zip(findings, shown, strict=True)
        if said is not None and id(finding) not in known
    ]  # fmt: skip
    return Compared(new, findings, freed)


def _known(
    findings: list[Finding], spoken_for: set[int], source: Source, baseline: Baseline
) -> set[int]:
    """The findings that the entries cover; of those that another speaks for there may be none."""
    assert source.path is not None
    path = baseline.key(source.path)
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    known: set[int] = set()
    for code, members in by_code.items():
        entry = baseline.entries.get((path, code))
        if entry is None:
            continue
        surplus = len(members) - entry.count
        marks = Counter(entry.marks)
        fresh: list[Finding] = []
        seen: list[Finding] = []
        for finding in sorted(members, key=lambda member: id(member) in spoken_for):
            mark = mark_of(finding, source)
            (seen if marks[mark] > 0 else fresh).append(finding)
            marks[mark] -= 1
        fresh = [*seen, *fresh][-surplus:] if surplus > 0 else []
        known.update(id(finding) for finding in members)
        known.difference_update(id(finding) for finding in fresh)
    return known


def mark_of(finding: Finding, source: Source) -> str:
    """A short mark of the line where `finding` is, its indentation left out."""
    import zlib  # only where there is a baseline

    text = " ".join(source.lines[finding.line - 1].split())
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')) & 0xFFFF:04x}"


def entries_of(
    findings: Iterable[Finding], source: Source, key: str
) -> dict[tuple[str, str], Entry]:
    """Entries for the findings of one file."""
    marks: dict[str, list[str]] = {}
    for finding in findings:
        marks.setdefault(finding.code, []).append(mark_of(finding, source))
    return {(key, code): Entry(len(found), tuple(found)) for code, found in marks.items()}


def key_of(path: str, folder: str) -> str:
    """`path` relative to `folder`, with slashes.

    Folders may be links; a link to a file keeps its own name: build systems show each file to a
    linter as a link in a tree that is like that of the sources.
    """
    above, name = os.path.split(os.path.abspath(path))
    relative = os.path.relpath(os.path.realpath(above), os.path.realpath(folder))
    return os.path.normpath(os.path.join(relative, name)).replace(os.sep, "/")


# The file.


def load(path: str) -> Baseline:
    """The baseline in the file at `path`. Raises `OptionError` for any file that is none."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # a device has no end
            raise OptionError(f"tf2-baseline: {path}: is no file")
        return _load(os.path.abspath(path), status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise OptionError(f"tf2-baseline: {path}: {error.strerror}") from error


@lru_cache(maxsize=8)
def _load(path: str, time: int, size: int) -> Baseline:
    del time, size  # part of the cache's key
    with open(path, "rb") as file:
        data = file.read()
    try:
        return Baseline(os.path.dirname(path), parse(data.decode("utf-8")))
    except ValueError as error:  # UnicodeDecodeError is one
        text = "is no text" if isinstance(error, UnicodeDecodeError) else str(error)
        raise OptionError(f"tf2-baseline: {path}: {text}") from error


def parse(text: str) -> dict[tuple[str, str], Entry]:
    """Entries from the text of a baseline file. Raises `ValueError` with one line."""
    lines = text.splitlines()
    if not lines or lines[0].strip() != HEADER:
        raise ValueError(f"is no baseline of this tf2lint (the first line is not {HEADER!r})")
    entries: dict[tuple[str, str], Entry] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        match = _ENTRY.match(line)
        if match is None:
            raise ValueError(f"line {number} is no entry: {line!r}")
        key = (_unescape(match[1]), match[2])
        if key in entries:
            raise ValueError(f"line {number}: there is an entry for this file and code already")
        entries[key] = Entry(int(match[3]), tuple(match[4].split()))
    return entries


def dump(entries: Entries) -> str:
    """The text of a baseline file, sorted, an entry a line."""
    lines = [
        " ".join([f"{_escape(path)}: {code} {entry.count}", *sorted(entry.marks)])
        for (path, code), entry in sorted(entries.items())
    ]
    return f"{HEADER}\n{_ABOUT}" + "".join(f"{line}\n" for line in lines)


def _escape(path: str) -> str:
    return "".join(
        f"%{ord(c):04X}" if c in "%#" or (not c.isprintable() and ord(c) <= 0xFFFF) else c
        for c in path
    )


def _unescape(path: str) -> str:
    return re.sub(r"%([0-9A-F]{4})", lambda m: chr(int(m[1], 16)), path)


# Making it smaller.


@dataclass(frozen=True)
class Pruned:
    """A baseline made smaller: what is left, files that were renamed, findings beyond it."""

    entries: Entries
    renamed: list[tuple[str, str]]
    beyond: int


def prune(old: Baseline, now: Entries, examined: set[str]) -> Pruned:
    """`old` without what is fixed.

    `now` are the entries of today's findings, `examined` the files that were looked at (both
    spelled as in `old`). Nothing grows and nothing is added; entries of files that were not
    looked at stay. Entries of a file that is gone move to a new file with the same findings.
    """
    gone = [path for path in old.missing() if path not in examined]
    renamed = _renamed(old.entries, gone, now)
    moved = dict(renamed)
    left: dict[tuple[str, str], Entry] = {}
    for (path, code), entry in old.entries.items():
        if path in gone and path not in moved:
            continue
        place = moved.get(path, path)
        if place not in examined:
            left[place, code] = entry
            continue
        today = now.get((place, code))
        if today is not None:
            left[place, code] = today if today.count <= entry.count else entry
    beyond = sum(
        max(0, today.count - left[key].count if key in left else today.count)
        for key, today in now.items()
    )
    return Pruned(left, renamed, beyond)


def _renamed(old: Entries, gone: list[str], now: Entries) -> list[tuple[str, str]]:
    """Pairs of a file that is gone and a new one that has just its findings."""
    before, after = _by_path(old), _by_path(now)
    new: dict[frozenset[tuple[str, tuple[str, ...]]], list[str]] = {}
    for path in sorted(after.keys() - before.keys()):
        new.setdefault(frozenset(after[path]), []).append(path)
    pairs = []
    for path in gone:
        same = new.get(frozenset(before[path]), [])
        if same:
            pairs.append((path, same.pop(0)))
    return pairs


def _by_path(entries: Entries) -> dict[str, set[tuple[str, tuple[str, ...]]]]:
    found: dict[str, set[tuple[str, tuple[str, ...]]]] = {}
    for (path, code), entry in entries.items():
        found.setdefault(path, set()).add((code, tuple(sorted(entry.marks))))
    return found
