"""What was found in files that have not changed, kept in a folder between runs.

An entry holds for the content of its file and for the answers to every question about other
files that was asked on the way to it (is there such a file, what is its text, where does the
project start): those are asked again before it is believed. Version, options and rules make the
folder. Files in it are whole JSON documents with a digest of their own, put in place at once:
what is damaged, or half written, is not read and made anew. Nothing in them is ever executed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from tf2lint.semantics.files import Question, disk

try:
    from _blake2 import blake2b  # hashlib loads all of OpenSSL beside it
except ImportError:
    from hashlib import blake2b

FOLDER = ".tf2lint_cache"
_MAGIC = "tf2lint cache 1"
_KEPT = 16  # sets of options whose results are kept
_ABOUT = (
    "# Results of tf2lint for files that have not changed. Made by it, safe to delete;\n"
    "# git does not see this folder.\n*\n"
)


class Known(NamedTuple):
    """What is known of a file: digest of its content, questions with answers, what came of it."""

    digest: str
    asked: dict[str, str]
    found: str


class Cache:
    """The results of earlier runs with the same settings; `settings` tells them from others."""

    def __init__(self, folder: str, settings: str) -> None:
        own = _own()
        name = digest(f"{own}\0{sys.version}\0{settings}".encode("utf-8", "surrogatepass"))
        self._top = folder
        self._folder = os.path.join(self._top, name)
        self._shards: dict[str, dict[str, Known]] = {}
        self._changed: set[str] = set()
        self._answers: dict[str, str] = {}
        self._usable = bool(own) and self._made()

    def get(self, path: str, data: bytes) -> str | None:
        """What came of the file at `path`, if it has these contents and nothing else changed."""
        known = self._shard(path).get(path)
        if known is None or known.digest != digest(data):
            return None
        return known.found if all(map(self._still, known.asked.items())) else None

    def put(self, path: str, known: Known) -> None:
        """Remember; written by `save`."""
        self._shard(path)[path] = known
        self._changed.add(os.path.dirname(path))

    def save(self) -> None:
        """Write what is new. Where that is not possible there is no cache, and no harm done."""
        if not self._usable:
            return
        for folder in sorted(self._changed):
            shard = {p: k for p, k in self._shards[folder].items() if os.path.exists(p)}
            body = json.dumps([[path, *known] for path, known in sorted(shard.items())])
            with suppress(OSError):
                _write(self._file(folder), f"{_MAGIC} {digest(body.encode())}\n{body}")
        self._changed.clear()

    def _still(self, asked: tuple[str, str]) -> bool:
        question, answer = asked
        now = self._answers.get(question)
        if now is None:
            now = self._answers[question] = _answered(question)
        return now == answer

    def _shard(self, path: str) -> dict[str, Known]:
        folder = os.path.dirname(path)
        shard = self._shards.get(folder)
        if shard is None:
            self.save()  # one folder at a time: memory does not grow with the tree
            self._shards.clear()
            shard = self._shards[folder] = _read(self._file(folder)) if self._usable else {}
        return shard

    def _file(self, folder: str) -> str:
        whole = f"{os.path.abspath(folder)}\0{folder}".encode("utf-8", "surrogatepass")
        return os.path.join(self._folder, f"{digest(whole)}.json")

    def _made(self) -> bool:
        """Make the folder; whether there is one that is ours to write to."""
        try:
            if os.path.islink(self._top):
                return False
            os.makedirs(self._top, exist_ok=True)
            ignore = os.path.join(self._top, ".gitignore")
            if not os.path.exists(ignore):
                _write(ignore, _ABOUT)
            if not os.path.isdir(self._folder):
                _prune(self._top)
                os.makedirs(self._folder, exist_ok=True)
        except OSError:
            return False
        return not os.path.islink(self._folder)


class Caches:
    """The results of a run, in which different settings may hold in different places."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._caches: dict[int, Cache] = {}

    def of(self, held: object, told: Callable[[], str]) -> Cache:
        """The cache for files of which `held` holds; what `told` says tells it from others.

        `held` is one object for all of them, and alive as long as this is.
        """
        if id(held) not in self._caches:
            self._caches[id(held)] = Cache(self._folder, told())
        return self._caches[id(held)]

    def save(self) -> None:
        """Write what is new."""
        for cache in self._caches.values():
            cache.save()


def still(asked: Mapping[Question, str]) -> dict[str, str] | None:
    """Questions with answers to keep; None where a file has changed since it was asked for."""
    told: dict[str, str] = {}
    for question, answer in asked.items():
        kept = answer
        if question[0] == "text":
            kept = _text(question[1])
            if disk().answer(question) != answer:
                return None
        told[json.dumps(question)] = kept
    return told


def folder_of(start: str) -> str:
    """The folder that the cache is: of the project around `start`, or in `start`."""
    return os.path.join(disk().root_of(os.path.abspath(start)), FOLDER)


def digest(data: bytes) -> str:
    """A name for contents."""
    return blake2b(data, digest_size=16).hexdigest()


def _answered(question: str) -> str:
    try:
        asked = tuple(map(str, json.loads(question)))
        return _text(asked[1]) if asked[0] == "text" else disk().answer(asked)
    except (ValueError, TypeError, IndexError, KeyError):
        return "?"  # no question of ours


def _text(path: str) -> str:
    """What stands for the text of another file: a digest, or nothing where there is none."""
    try:
        if not os.path.isfile(path):
            return ""
        with open(path, "rb") as file:
            return digest(file.read())
    except OSError:
        return ""


def _own() -> str:
    """What stands for this very tf2lint, also while it is being worked on; nothing if unknown."""
    told: list[str] = []
    todo = [os.path.dirname(os.path.dirname(__file__))]  # the rules, too, and their tables
    try:
        while todo:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    if entry.is_dir():
                        if entry.name != "__pycache__":
                            todo.append(entry.path)
                    else:
                        status = entry.stat()
                        told.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
    except OSError:  # in an archive, say
        return ""
    return "\n".join(sorted(told))


def _read(path: str) -> dict[str, Known]:
    """The entries of a file of the cache; none where it is damaged in any way."""
    try:
        with open(path, encoding="utf-8") as file:
            head, _, body = file.read().partition("\n")
        if head != f"{_MAGIC} {digest(body.encode())}":
            return {}
        entries: dict[str, Known] = {}
        for where, hashed, asked, found in json.loads(body):
            if not isinstance(asked, Mapping) or not isinstance(found, str):
                return {}
            answers = {str(question): str(answer) for question, answer in asked.items()}
            entries[str(where)] = Known(str(hashed), answers, found)
    except (OSError, ValueError, TypeError, RecursionError):
        return {}
    return entries


def _write(path: str, text: str) -> None:
    """Put a file in its place, whole; another process may do the same."""
    name = f".new-{os.getpid()}-{time.time_ns()}"
    made = os.path.join(os.path.dirname(path), name)
    try:
        with open(made, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(made, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(made)
        raise


def _prune(top: str) -> None:
    """Take away the results that were used longest ago, so that the folder does not grow."""
    with os.scandir(top) as scan:
        sets = [e for e in scan if e.is_dir(follow_symlinks=False) and len(e.name) == 32]
    sets.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime, reverse=True)
    for entry in sets[_KEPT - 1 :]:
        with suppress(OSError):
            for name in os.listdir(entry.path):
                os.unlink(os.path.join(entry.path, name))
            os.rmdir(entry.path)
