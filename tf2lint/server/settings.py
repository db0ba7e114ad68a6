"""The settings that hold for a file: the editor's, and below them those of its project."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from tf2lint import config
from tf2lint.config import Held
from tf2lint.options import OptionError, Options, nearest
from tf2lint.selection import Selection
from tf2lint.settings import SETTINGS

SECTION = "tf2lint"  # of an editor's settings
# What editors keep under our name for themselves.
_THEIRS = frozenset({"enabled", "interpreter", "path", "server", "trace"})
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")

_NONE: Mapping[str, object] = MappingProxyType({})
_DEFAULTS = Held(Options(), Selection())
_NOTHING = Held(Options(), Selection(frozenset()))


class Settings:
    """All settings. `complain` is called, once each, with the line that says what is wrong."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._said: set[str] = set()
        self._given: dict[str, dict[str, object]] = {}  # by folder of the editor; "": elsewhere
        self._settings: dict[str, config.Settings] = {}  # the same, with all that is known by now
        self._stamps: dict[str, object] = {}

    def give(self, settings: object, folders: Mapping[str, object] = _NONE) -> bool:
        """Take an editor's settings, and those of some folders of it, which hold there instead.

        Names are those of `[tool.tf2lint]`, or as editors write them: `targetVersion`. They may
        be in a section `tf2lint` of all settings; None is no word on them. The answer is whether
        anything is another than before.
        """
        given = {"": self._given.get("", {}) if settings is None else _ours(settings)}
        for folder, told in folders.items():
            given[os.path.join(os.path.abspath(folder), "")] = _ours(told)
        if given == self._given:
            return False
        self._given = given
        self._settings.clear()
        self._said.clear()
        return True

    def of(self, path: str | None) -> Held:
        """What holds for the file at `path`; the defaults where that is wrong.

        Of a file that is left out nothing is selected.
        """
        path = os.path.abspath(path) if path else os.path.join(os.getcwd(), "")
        self._see_what_changed(os.path.dirname(path))
        try:
            settings = self._settings_of(path)
            held = settings.of(path)
            return _NOTHING if settings.leaves_out(path) else held
        except OptionError as error:
            if str(error) not in self._said:
                self._said.add(str(error))
                self._complain(str(error))
            return _DEFAULTS

    def _settings_of(self, path: str) -> config.Settings:
        folder = max((f for f in self._given if path.startswith(f)), key=len, default="")
        if folder not in self._settings:
            given = self._given.get(folder, {})
            _see_that_we_know(given)
            self._settings[folder] = config.Settings(given, here=folder or None)
        return self._settings[folder]

    def _see_what_changed(self, folder: str) -> None:
        """Forget what was read where a file of settings came, went or changed."""
        for path in _files(folder):
            try:
                status = os.stat(path)
                stamp: object = status.st_mtime_ns, status.st_size
            except OSError:
                stamp = None  # most folders have none
            if self._stamps.setdefault(path, stamp) != stamp:
                self._stamps[path] = stamp
                self._settings.clear()


def _ours(settings: object) -> dict[str, object]:
    if isinstance(settings, Mapping) and isinstance(settings.get(SECTION), Mapping):
        settings = settings[SECTION]
    told = settings if isinstance(settings, Mapping) else {}
    names = {_kebab(str(name)): value for name, value in told.items()}
    return {
        name: value for name, value in names.items()
        if value not in (None, "", [], {}) and name not in _THEIRS
    }  # fmt: skip


def _see_that_we_know(given: Mapping[str, object]) -> None:
    for name in given:
        if name not in SETTINGS:
            guess = nearest(name, [*SETTINGS])
            raise OptionError(f"the editor's settings: no option {name!r}{guess}")


def _kebab(name: str) -> str:
    return _CAMEL.sub(r"-\1", name).lower().removeprefix("tf2-")


def _files(folder: str) -> Iterator[str]:
    """Where settings for a folder may come from."""
    while True:
        yield os.path.join(folder, "pyproject.toml")
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return
