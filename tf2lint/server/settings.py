"""The settings that hold for a file: the editor's, and below them those of its project."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from tf2lint import config
from tf2lint.config import Held
from tf2lint.options import OptionError, Options, nearest
from tf2lint.selection import Selection
from tf2lint.settings import SETTINGS

SECTION = "tf2lint"  # of an editor's settings
# What editors keep under our name for themselves.
_THEIRS = frozenset({"enabled", "interpreter", "path", "server", "trace"})
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")

_DEFAULTS = Held(Options(), Selection())
_NOTHING = Held(Options(), Selection(frozenset()))


class Settings:
    """All settings. `complain` is called, once each, with the line that says what is wrong."""

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._said: set[str] = set()
        self._given: dict[str, object] = {}
        self._settings: config.Settings | None = None  # with all that is known by now
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
        self._settings = None
        self._said.clear()

    def of(self, path: str | None) -> Held:
        """What holds for the file at `path`; the defaults where that is wrong.

        Of a file that is left out nothing is selected.
        """
        path = os.path.abspath(path) if path else os.path.join(os.getcwd(), "")
        folder = os.path.dirname(path)
        stamps = _stamps(folder)
        if self._stamps.get(folder) != stamps:
            self._stamps[folder] = stamps
            self._settings = None
        try:
            if self._settings is None:
                _see_that_we_know(self._given)
                self._settings = config.Settings(self._given)
            held = self._settings.of(path)
            return _NOTHING if self._settings.leaves_out(path) else held
        except OptionError as error:
            if str(error) not in self._said:
                self._said.add(str(error))
                self._complain(str(error))
            return _DEFAULTS


def _see_that_we_know(given: Mapping[str, object]) -> None:
    for name in given:
        if name not in SETTINGS:
            guess = nearest(name, [*SETTINGS])
            raise OptionError(f"the editor's settings: no option {name!r}{guess}")


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
