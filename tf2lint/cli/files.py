"""Which files a run looks at, and their text."""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator

from tf2lint.cli.problems import UNREAD, Problem

SUFFIXES = (".py", ".pyi", ".ipynb")
_LEFT_OUT = frozenset((
    ".bzr", ".direnv", ".eggs", ".git", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox",
    ".pytest_cache", ".ruff_cache", ".svn", ".tox", ".venv", "__pycache__", "__pypackages__",
    "_build", "build", "dist", "node_modules", "site-packages", "venv",
))  # fmt: skip


class Unreadable(Exception):
    """A file that cannot be looked at; the text is one line for the user, its place first."""

    def __init__(self, path: str, text: str, line: int = 0, column: int = 0) -> None:
        self.problem = Problem(path, UNREAD, text, line, column)
        super().__init__(str(self.problem))


def _nothing(_: str) -> bool:
    return False


def find(
    paths: Iterable[str], left_out: Callable[[str], bool] = _nothing, gitignore: bool = True
) -> Iterator[str | Unreadable]:
    """Every file to look at, once, in order; an `Unreadable` where a path is no file or folder.

    A path that is a file is taken whatever its suffix. Below folders only `SUFFIXES` count;
    well-known folders (environments, caches, builds) and what git ignores are left out.
    Links to folders are not followed, nor links that lead out of the project. What is
    `left_out` always counts. A path that is not there may be a pattern: some shells have none.
    """
    seen: set[str] = set()
    for path in paths:
        for item in _named(path, left_out, gitignore):
            if isinstance(item, Unreadable):
                yield item
            elif item not in seen and not left_out(item):
                seen.add(item)
                yield item


def _named(
    path: str, left_out: Callable[[str], bool], gitignore: bool
) -> Iterable[str | Unreadable]:
    """What a path on the command line stands for."""
    if os.path.isdir(path):
        return _walk(path, left_out, gitignore)
    if os.path.exists(path):
        return [path]
    if set(path) & set("*?["):  # a pattern that no shell has taken
        import glob

        found = sorted(glob.glob(path, recursive=True))
        taken = [at for at in found if os.path.isdir(at) or at.endswith(SUFFIXES)]
        if taken:
            return [item for at in taken for item in _named(at, left_out, gitignore)]
    return [Unreadable(path, "no such file or folder")]


def _walk(top: str, left_out: Callable[[str], bool], gitignore: bool) -> Iterator[str | Unreadable]:
    todo = [(top, Ignores(top) if gitignore else None)]
    while todo:
        folder, ignores = todo.pop()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            yield Unreadable(folder, error.strerror or str(error))
            continue
        if ignores is not None:
            ignores = ignores.inside(folder)
        below = []
        for entry in entries:
            path = os.path.join(folder, entry.name)
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                is_file = entry.is_file()
                if is_file and entry.is_symlink() and not _is_inside(path, top):
                    continue
            except OSError:  # a link in a circle
                continue
            if is_folder and (entry.name in _LEFT_OUT or left_out(path)):
                continue
            if not is_folder and not (entry.name.endswith(SUFFIXES) and is_file):
                continue
            if ignores is not None and ignores(path, is_folder):
                continue
            if is_folder:
                below.append((path, ignores))
            else:
                yield path
        todo += reversed(below)


def _is_inside(link: str, top: str) -> bool:
    """Whether what `link` leads to is in the project that `top` is in."""
    from tf2lint.semantics.files import disk  # slow to load, and links are rare

    root = os.path.realpath(disk().root_of(os.path.abspath(top)))
    return os.path.realpath(link).startswith(root.rstrip(os.sep) + os.sep)


class Ignores:
    """What the .gitignore files from the repository's top down to a folder say."""

    def __init__(self, top: str) -> None:
        self._rules: list[tuple[str, re.Pattern[str] | _Wild, bool, bool]] = []
        top = os.path.abspath(top)
        above = [top]
        while not os.path.exists(os.path.join(above[-1], ".git")):
            up = os.path.dirname(above[-1])
            if up == above[-1]:
                above = [top]
                break
            above.append(up)
        self._read(os.path.join(above[-1], ".git", "info", "exclude"), above[-1])
        for folder in reversed(above[1:]):
            self._read(os.path.join(folder, ".gitignore"), folder)

    def inside(self, folder: str) -> Ignores:
        """The rules that count in `folder`, whose own file is read for it."""
        folder = os.path.abspath(folder)
        path = os.path.join(folder, ".gitignore")
        if not os.path.isfile(path):
            return self
        more = Ignores.__new__(Ignores)
        more._rules = list(self._rules)
        more._read(path, folder)
        return more

    def __call__(self, path: str, is_folder: bool) -> bool:
        """Whether git ignores `path`; the last rule that fits decides."""
        path = os.path.abspath(path)
        for base, pattern, only_folders, ignored in reversed(self._rules):
            if only_folders and not is_folder:
                continue
            if path.startswith(base) and pattern.fullmatch(_as_git(path[len(base) :])):
                return ignored
        return False

    def _read(self, path: str, folder: str) -> None:
        if not os.path.isfile(path) or os.path.islink(path):  # git follows no link either
            return
        try:
            with open(path, "rb") as file:
                lines = file.read().removeprefix(codecs.BOM_UTF8).decode("latin-1").split("\n")
        except OSError:
            return
        base = folder if folder.endswith(os.sep) else folder + os.sep
        for line in lines:
            rule = _ignore_rule(line)
            if rule is not None:
                self._rules.append((base, *rule))


def _as_git(path: str) -> str:
    """A path as git's patterns see it: a letter for each byte."""
    return os.fsencode(path.replace(os.sep, "/")).decode("latin-1")


_STAR, _DEEP, _ANY = "[^/]*", "(?:.*/)?", ".+"
_SET = 1000  # characters between `[` and `]`
_FEW = 2  # `*` in one pattern that a regular expression may try in all ways


def _ignore_rule(line: str) -> tuple[re.Pattern[str] | _Wild, bool, bool] | None:
    """A line of a .gitignore: pattern, only for folders, ignores (or takes back)."""
    end = len(line.rstrip())
    line = line[: end + 1] if line[:end].endswith("\\") else line[:end]
    if not line or line.startswith("#"):
        return None
    negated = line.startswith("!")
    line = line[1:] if negated else line
    only_folders = line.endswith("/")
    line = line.rstrip("/")
    anchored = "/" in line
    line = re.sub(r"(^[^*?[\\]*|/)\*{3,}(?=/|$)", r"\1**", line.lstrip("/"))
    parts = [] if anchored else [_DEEP]
    # Git compares what comes before the first special letter by itself, and starts after it.
    plain = re.match(r"[^*?[\\]*", line)
    starts = (0, plain.end() if plain and anchored else 0)
    at = 0
    while at < len(line):
        new = [re.escape(line[at])]
        step = 1
        if anchored and line == "**":
            new, step = [_ANY], 2
        elif line.startswith("**/", at) and (at in starts or line[at - 1] == "/"):
            new, step = [_DEEP], 3
        elif line.startswith("/**", at) and at + 3 == len(line):
            new, step = ["/", _ANY], 3
        elif line[at] == "*":
            new = [_STAR]
        elif line[at] == "?":
            new = ["[^/]"]
        elif line[at] == "[" and "]" in line[at + 2 : at + _SET]:
            end = line.index("]", at + 2)
            inside = re.sub(r"([\\\[&~|]|-(?=-))", r"\\\1", line[at + 1 : end])
            inside = f"^{inside[1:]}" if inside.startswith(("!", "^")) else inside
            new, step = [f"(?!/)[{inside}]"], end + 1 - at
        elif line[at] == "\\" and at + 1 < len(line):
            new, step = [re.escape(line[at + 1])], 2
        if new[0] not in (_STAR, _DEEP) or parts[-1:] != new:
            parts += new
        at += step
    try:
        few = sum(part in (_STAR, _DEEP) for part in parts) <= _FEW
        pattern = re.compile("".join(parts)) if few else _Wild(parts)
    except re.error:  # a range like [z-a]: git takes it for one that fits nothing
        return None
    return pattern, only_folders, not negated


class _Wild:
    """A pattern with many `*`: all ways to match it are followed at once."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._one = {part: re.compile(part) for part in parts}

    def fullmatch(self, path: str) -> bool:
        """Whether the whole of `path` fits."""
        at = self._onward({0})
        for c in path:
            then = set()
            for place in at:
                part = self._parts[place] if 0 <= place < len(self._parts) else ""
                if place < 0 or part == _DEEP:  # below 0: in a `**/` that has not seen its slash
                    inner = place if place < 0 else ~place
                    then |= {inner, ~inner + 1} if c == "/" else {inner}
                elif part == _STAR:
                    then |= {place} if c != "/" else set()
                elif part == _ANY:
                    then |= {place, place + 1}
                elif part and self._one[part].fullmatch(c):
                    then.add(place + 1)
            at = self._onward(then)
        return len(self._parts) in at

    def _onward(self, places: set[int]) -> set[int]:
        """`places`, and those after what may be nothing."""
        for place in list(places):
            while 0 <= place < len(self._parts) and self._parts[place] in (_STAR, _DEEP):
                place += 1
                places.add(place)
        return places


def read(path: str) -> str:
    """The text of the file at `path` as Python reads it. Raises `Unreadable`."""
    try:
        with open(path, "rb") as file:
            return decode(file.read(), path)
    except OSError as error:
        raise Unreadable(path, error.strerror or str(error)) from error


def decode(data: bytes, path: str) -> str:
    """`data` as Python would decode it, newlines as they are. Raises `Unreadable`."""
    encoding = "utf-8"
    if data.startswith(codecs.BOM_UTF8) or b"coding" in b"".join(data.split(b"\n", 2)[:2]):
        import tokenize  # slow to load, and most files say nothing

        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except SyntaxError as error:
            raise Unreadable(path, error.msg, 1, 1) from error
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(path, f"is not {encoding}: {error.reason}", line, 1) from error
    except LookupError as error:  # a codec like rot13
        raise Unreadable(path, str(error), 1, 1) from error
