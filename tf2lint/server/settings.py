"""The settings that hold for a file: the editor's, and below them those of its project."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tf2lint.config import SETTINGS, make_options, pyproject
from tf2lint.options import OptionError, Options, nearest
from tf2lint.selection import Selection, make_selection

SECTION = "tf2lint"  # of an editor's settings
_RULES = ("select", "ignore", "extend-select")
# What editors keep under our name for themselves.
_THEIRS = frozenset({"enabled", "interpreter", "path", "server", "trace"})
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


class Told(NamedTuple):
    """What is said about one file."""

    options: Options
    selection: Selection


class Settings:
    """All settings. `complain` is called, once each, with the line that says what is wrong."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._said: set[str] = set()
        self._given: dict[str, object] = {}
        self._known: dict[str, Told] = {}
        self._stamps: dict[str, tuple[object, ...]] = {}

    def give(self, settings: object) -> None:
        """Take an editor's settings: ours, or all with ours in a section `tf2lint`.

        Names are those of `[tool.tf2lint]`, or as editors write them: `targetVersion`.
        """
        if isinstance(settings, Mapping) and isinstance(settings.get(SECTION), Mapping):
            settings = settings[SECTION]
        told = settings if isinstance(settings, Mapping) else {}
        names = {_kebab(str(name)): value for name, value in told.items()}
        self._given = {
            name: value for name, value in names.items()
            if value not in (None, "", [], {}) and name not in _THEIRS
        }  # fmt: skip
        self._known.clear()
        self._said.clear()

    def of(self, path: str | None) -> Told:
        """What holds for the file at `path`; the defaults where that is wrong."""
        folder = os.path.dirname(os.path.abspath(path)) if path else os.getcwd()
        stamps = _stamps(folder)
        if self._stamps.get(folder) != stamps:
            pyproject.cache_clear()
            self._stamps[folder] = stamps
            self._known.clear()
        known = self._known.get(folder)
        if known is None:
            try:
                known = _told(self._given, folder)
            except OptionError as error:
                if str(error) not in self._said:
                    self._said.add(str(error))
                    self._complain(str(error))
                known = Told(Options(), Selection())
            self._known[folder] = known
        return known


def _told(given: Mapping[str, object], folder: str) -> Told:
    for name in given:
        if name not in SETTINGS and name not in _RULES:
            guess = nearest(name, [*SETTINGS, *_RULES])
            raise OptionError(f"the editor's settings: no option {name!r}{guess}")
    selection = make_selection(*(_words(given, name) for name in _RULES))
    options = make_options({n: v for n, v in given.items() if n in SETTINGS}, folder)
    return Told(selection.enabling(options), selection)


def _words(given: Mapping[str, object], name: str) -> list[str]:
    value = given.get(name, [])
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise OptionError(f"the editor's settings: {name}: expected a list of strings")
    return [word.strip() for word in words if word.strip()]


def _kebab(name: str) -> str:
    return _CAMEL.sub(r"-\1", name).lower().removeprefix("tf2-")


def _stamps(folder: str) -> tuple[object, ...]:
    """What changes when a file does that settings come from."""
    found: list[object] = []
    at = folder
    while True:
        try:
            status = os.stat(os.path.join(at, "pyproject.toml"))
            found.append((at, status.st_mtime_ns, status.st_size))
        except OSError:
            pass  # most folders have none
        up = os.path.dirname(at)
        if up == at:
            return tuple(found)
        at = up
