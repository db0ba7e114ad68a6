"""Where the modules of a project are, and their texts. Nothing is run, and little is parsed.

Everything that is asked of the file system goes through `Disk`, which remembers the answers and
notes the questions for whoever keeps results between runs.
"""

from __future__ import annotations

import os
import re
import tokenize
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import count, pairwise
from typing import NamedTuple

from tf2lint.semantics import limits

_MARK = "tensorflow"  # in the text of every module that imports it
MAKER = "try_import_tf"  # RLlib's function: a module that gets TensorFlow by it names no more
_INSTALLED = (f"{os.sep}site-packages", f"{os.sep}dist-packages")
_ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg", "tox.ini")
_INIT = f"{os.sep}__init__.py"
_TEXTS = 256  # of files, held in memory
_folder = lru_cache(maxsize=1024)(os.path.dirname)

Question = tuple[str, ...]
Stamp = tuple[int, int]  # time of change in nanoseconds, bytes
NO_FILE: Stamp = (0, 0)


class ImportTarget(NamedTuple):
    """What an import statement binds: `module` (dots of a relative one in `level`), then `name`."""

    level: int
    module: str
    name: str | None


class Disk:
    """The files around the modules that are looked at."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, Stamp]] = {}  # texts that stand for files, by path
        self._numbers = count(1)
        self._known: dict[Question, object] = {}
        self._reached: dict[str, Stamp] = {}  # the texts that answers to `reaches` are about
        self._noted: dict[Question, str] | None = None

    # Texts that an editor holds and has not saved.

    def hold(self, path: str, text: str) -> None:
        """From now on, `text` is what is in the file at `path`, whether there is one or not."""
        # No file has such a stamp: its time is not negative.
        self._held[os.path.abspath(path)] = text, (-next(self._numbers), len(text))
        self._lead_anew()

    def let_go(self, path: str) -> None:
        """The file at `path` holds again what is on disk."""
        self._held.pop(os.path.abspath(path), None)
        self._lead_anew()

    def _lead_anew(self) -> None:
        """A text may lead elsewhere now, and so may all that lead to it."""
        for question in [question for question in self._known if question[0] == "reaches"]:
            del self._known[question]

    # Questions, and who notes them.

    @contextmanager
    def noting(self) -> Iterator[dict[Question, str]]:
        """Collects the questions that are asked meanwhile, each with its answer as text."""
        outer, self._noted = self._noted, {}
        own = self._noted
        try:
            yield own
        finally:
            self._noted = outer
            self.note(own)

    def note(self, asked: dict[Question, str]) -> None:
        """Take over questions that were asked before, by what is asked about now."""
        if self._noted is not None:
            self._noted.update(asked)

    def answer(self, question: Question) -> str:
        """Today's answer to a question that was noted, as text."""
        kind, *words = question
        return str(_ANSWERS[kind](self, *words))

    def forget(self) -> None:
        """Files may have come or gone: ask anew."""
        self._known.clear()

    def _ask(self, kind: str, *words: str) -> object:
        question = (kind, *words)
        known = self._known
        if question in known:
            told = known[question]
        else:
            outer, self._noted = self._noted, None
            try:
                told = known[question] = _ANSWERS[kind](self, *words)
            finally:
                self._noted = outer
        if self._noted is not None:
            self._noted[question] = str(told)
        return told

    # Texts.

    def stamp(self, path: str) -> Stamp:
        """What tells one text of the file from the next; asked of the disk each time."""
        told = _stamp(self, path)
        if self._noted is not None:
            self._noted["text", path] = str(told)
        return told

    def text(self, path: str, stamp: Stamp | None = None) -> str | None:
        """The text of the file; None where there is none, or none that can be read."""
        stamp = stamp or self.stamp(path)
        held = self._held.get(path)
        return held[0] if held is not None else _read(path, stamp)

    # Places.

    def is_file(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return bool(self._ask("file", path))

    def root_of(self, folder: str) -> str:
        """The nearest folder above that is marked as a project, else `folder` itself."""
        return str(self._ask("root", folder))

    def package_of(self, path: str) -> tuple[str, tuple[str, ...]]:
        """The folder that holds the top package of the file, and the package's names."""
        return self._package_in(_folder(path))

    def _package_in(self, folder: str) -> tuple[str, tuple[str, ...]]:
        top = str(self._ask("package", folder))
        inside = folder[len(top) :].strip(os.sep)
        return top, tuple(inside.split(os.sep)) if inside else ()

    def find(self, folder: str, parts: tuple[str, ...]) -> str | None:
        """The file of the module `parts` below `folder`; of the package itself without any."""
        where = os.path.join(folder, *parts)
        names = (f"{where}.py", os.path.join(where, "__init__.py"))
        return next(filter(self.is_file, names if parts else names[1:]), None)

    def submodule(self, path: str, name: str) -> str | None:
        """The file of the module `name` in the package whose `__init__.py` is `path`."""
        if not path.endswith(_INIT):
            return None
        found = self.find(_folder(path), (name,))
        top = self.package_of(path)[0]
        return found if found is not None and self._is_inside(found, top) else None

    def is_own(self, path: str, level: int, module: str) -> bool:
        """Whether this import in the file at `path` names a module of its own project."""
        first = module.partition(".")[0]
        return level > 0 or bool(self._ask("above", _folder(path), first))

    def locate(self, path: str, level: int, module: str) -> str | None:
        """The file of the module that an import in the file at `path` names, in its project."""
        return str(self._ask("module", _folder(path), str(level), module)) or None

    def _is_inside(self, where: str, folder: str) -> bool:
        """Whether a file is in the project that `folder` is in, and no link leads out of it."""
        top = self._real(self.root_of(folder))
        return self._real(where).startswith(top.rstrip(os.sep) + os.sep)

    def _real(self, path: str) -> str:
        return str(self._ask("real", path))

    # What may lead to TensorFlow, by text alone.

    def may_lead(self, text: str, path: str) -> bool:
        """Whether a module of this text, which does not name TensorFlow, may get it elsewhere.

        By what it imports from the project, and what that imports. Says yes too often.
        """
        return any(self.reaches(found) for found in self._imported_by(text, path))

    def reaches(self, path: str) -> bool:
        """Whether the file at `path`, or one that it leads to, names TensorFlow."""
        stamp = _stamp(self, path)
        if self._reached.get(path) != stamp:
            self._reached[path] = stamp
            self._known.pop(("reaches", path), None)
        return bool(self._ask("reaches", path))

    def _imported_by(self, text: str, path: str) -> Iterator[str]:
        named: ImportTarget | None = None
        found: str | None = None
        for target in imports_in(text):
            # `from a import b`: b may be a module; `import a.b` runs a, too, which binds nothing.
            if named is None or target[:2] != named[:2]:  # another statement
                named, found = target, self.locate(path, target.level, target.module)
                if found is not None:
                    yield found
            if found is not None and target.name is not None:
                if below := self.submodule(found, target.name):
                    yield below

    def _reaches(self, path: str) -> bool:
        led: dict[str, str] = {path: ""}  # to each file the one that led there
        todo = [path]
        while todo:
            at = todo.pop()
            known = self._known.get(("reaches", at))
            if known is False:
                continue
            stamp = self._reached[at] = _stamp(self, at)
            text = "" if known else self.text(at, stamp) or ""
            if known or names_tensorflow(text):
                while at:
                    self._known["reaches", at] = True
                    at = led[at]
                return True
            for found in self._imported_by(text, at):
                if found not in led:
                    led[found] = at
                    todo.append(found)
        self._known.update((("reaches", at), False) for at in led)
        return False


@lru_cache(maxsize=1)
def disk() -> Disk:
    """The files of this process."""
    return Disk()


def names_tensorflow(text: str) -> bool:
    """Whether a module of this text may import TensorFlow itself."""
    return _MARK in text or MAKER in text


# Import statements of a text, wherever they stand; strings and comments that look like one, too.
_WORD = re.compile(r"import\b(?<!\wimport)")
_FROM = re.compile(r"(?:^|[;:])[ \t]*from(?!\w)[ \t]*(\.*)[ \t]*([\w.]*)[ \t]*(?<=[. \t])$")
_MODULES = re.compile(r"[ \t]+([\w., \t]+)")
_TEXT = re.compile(r"""["']([^\W\d][\w.]*)["']""")  # may be what `import_module` is told
_NAMES = re.compile(r"(?<![\w.])([^\W\d]\w*(?!\w)|\*)(?=\s*(?:[,;)#\n\\]|as\b|$))")


@lru_cache(maxsize=_TEXTS)
def imports_in(text: str) -> tuple[ImportTarget, ...]:
    """All that the text imports, each once, and more: a superset, by pattern."""
    return tuple(dict.fromkeys(_imports(text)))


def _imports(text: str) -> Iterator[ImportTarget]:
    if "\\" in text:
        text = text.replace("\\\r\n", " ").replace("\\\n", " ")
    # No statement has the word twice, so each is looked for between its neighbours: no squares.
    words = [word.span() for word in _WORD.finditer(text)]
    last = 0
    for (at, end), (limit, _) in pairwise([*words, (len(text), 0)]):
        before = text[max(last, at - limits.BEFORE) : at].rpartition("\n")[2]
        last = end
        statement = before.rstrip(" \t")
        if not statement or statement.endswith((";", ":")):
            modules = _MODULES.match(text, end, limit)
            for part in modules[1].split(",") if modules else ():
                if named := part.split():
                    yield ImportTarget(0, named[0], None)
        elif "from" in before and (found := _FROM.search(before)):
            for name in _NAMES.findall(_statement(text, end, limit)):
                yield ImportTarget(len(found[1]), found[2], name)
    if "import_module" in text or "__import__" in text:
        for module in dict.fromkeys(_TEXT.findall(text)):
            yield ImportTarget(0, module, None)


def _statement(text: str, start: int, limit: int) -> str:
    """What stands behind an `import`, up to `limit`; in brackets beyond it, comments have words."""
    end = text.find("\n", start, limit)
    line = text[start : end if end >= 0 else limit]
    if "(" in line:
        close = text.find(")", start, start + limits.BRACKETS)
        inside = text[start : close if close >= 0 else start + limits.BRACKETS]
        if inside.count("(") == 1 or "#" in inside:
            return inside
    return line


# The answers, as the disk gives them.


def _stamp(disk: Disk, path: str) -> Stamp:
    held = disk._held.get(path)
    if held is not None:
        return held[1]
    try:
        status = os.stat(path)
    except OSError:
        return NO_FILE
    return (status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=_TEXTS)
def _read(path: str, stamp: Stamp) -> str | None:
    if stamp[1] > limits.SIZE:
        return None
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, SyntaxError, UnicodeDecodeError, ValueError):
        return None  # an unreadable neighbour tells nothing; its own run reports it


def _is_file(disk: Disk, path: str) -> bool:
    return path in disk._held or os.path.isfile(path)


def _real(disk: Disk, path: str) -> str:
    del disk
    return os.path.realpath(path)


def _root(disk: Disk, folder: str) -> str:
    del disk
    at = folder
    while not any(os.path.exists(os.path.join(at, mark)) for mark in _ROOT_MARKS):
        up = os.path.dirname(at)
        if up == at:
            return folder
        at = up
    return at


def _package(disk: Disk, folder: str) -> str:
    at = folder
    while disk.is_file(os.path.join(at, "__init__.py")) and os.path.basename(at):
        at = os.path.dirname(at)
    return at


def _module(disk: Disk, folder: str, level: str, module: str) -> str:
    """The file of the module that an import in a file of the folder names; empty without one."""
    parts = tuple(module.split(".")) if module else ()
    above, top = folder, disk._package_in(folder)[0]
    if int(level):
        if int(level) > len(disk._package_in(folder)[1]) + 1:
            return ""
        for _ in range(int(level) - 1):
            above = os.path.dirname(above)
    else:
        above = top = str(disk._ask("above", folder, parts[0])) if parts else ""
    where = disk.find(above, parts) if above else None
    return where if where is not None and disk._is_inside(where, top) else ""


def _above(disk: Disk, folder: str, first: str) -> str:
    """The folder in which the project of a file of the folder has the top module `first`."""
    if not first:
        return ""
    root, package = disk._package_in(folder)
    if first in package[:1]:
        return root
    # What is installed side by side is no one project.
    if not root.endswith(_INSTALLED) and disk.find(root, (first,)) is not None:
        return root
    # The file lies in that package, in a folder of it without an `__init__.py`.
    folders = folder.split(os.sep)
    if first in folders:
        at = len(folders) - 1 - folders[::-1].index(first)
        above = os.sep.join(folders[:at])
        if disk.is_file(os.path.join(above, first, "__init__.py")):
            return above
    # Tests and tools stand beside the package, or beside the `src` that it is in.
    top = disk.root_of(root)
    for place in (top, os.path.join(top, "src")):
        if place != root and disk.find(place, (first,)) is not None:
            return place
    return ""


_ANSWERS: dict[str, Callable[..., object]] = {
    "text": _stamp,
    "file": _is_file,
    "real": _real,
    "root": _root,
    "package": _package,
    "module": _module,
    "above": _above,
    "reaches": Disk._reaches,
}
