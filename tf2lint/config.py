"""What holds for a file: the nearest `[tool.tf2lint]` above it, below what a host was told."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from tf2lint.options import (
    OptionError,
    Options,
    check_version,
    nearest,
    parse_aliases,
    parse_keras,
    parse_target,
)
from tf2lint.patterns import Patterns
from tf2lint.selection import Selection, codes_of, make_selection, parse_enable
from tf2lint.settings import SETTINGS

Given = Mapping[str, object]
_EXTENDING = "extend-"


class File(NamedTuple):
    """A file with settings: where it is (nowhere: empty), and what it says."""

    path: str
    settings: Given

    @property
    def folder(self) -> str:
        """The folder that its paths and patterns start from."""
        return os.path.dirname(self.path) if self.path else os.getcwd()


class Held(NamedTuple):
    """What holds for one file."""

    options: Options
    selection: Selection


class Settings:
    """What a host was told, and what files with settings say below it.

    `given` has names as in `[tool.tf2lint]`; None or empty is what was not told. `config` is the
    only file that counts; if it is empty, none does. What files say on `without` does not count.
    Paths and patterns of what was told start `here`, or else from the current folder.
    """

    def __init__(
        self, given: Given, config: str | None = None, without: Iterable[str] = (),
        here: str | None = None,
    ) -> None:  # fmt: skip
        told = given if here is None else _with_paths_from(here, given)
        self.given = {name: value for name, value in told.items() if value not in _NOTHING}
        self._without = frozenset(without)
        self._here = here or os.getcwd()
        self._only: File | None = None
        if config is not None:
            path = os.path.abspath(config)
            self._only = File(path, _table(path, whole=True) or {}) if config else File("", {})
        self._files: dict[str, File] = {}  # by folder
        self._settled: dict[str, Settled] = {}

    def at(self, folder: str) -> Settled:
        """What holds in a folder. Raises `OptionError` with one line for what cannot be taken."""
        file = self._only or self._nearest(os.path.abspath(folder))
        found = self._settled.get(file.path)
        if found is None:
            said = {name: v for name, v in file.settings.items() if name not in self._without}
            found = Settled(file._replace(settings=said), self.given, self._here)
            self._settled[file.path] = found
        return found

    def of(self, path: str) -> Held:
        """What holds for a file. Raises `OptionError`."""
        return self.at(os.path.dirname(path)).of(path)

    def said(self, folder: str, name: str) -> object:
        """What the file that holds in a folder says on `name`, even if that does not count."""
        return (self._only or self._nearest(os.path.abspath(folder))).settings.get(name)

    def leaves_out(self, path: str) -> bool:
        """Whether a file or folder is not to be looked at. Raises `OptionError`."""
        return self.at(os.path.dirname(path)).leaves_out(path)

    def _nearest(self, folder: str) -> File:
        """The nearest pyproject.toml with a table `[tool.tf2lint]`, at `folder` or above it."""
        known = self._files.get(folder)
        if known is None:
            path, up = os.path.join(folder, "pyproject.toml"), os.path.dirname(folder)
            table = _table(path) if os.path.isfile(path) else None
            if table is not None:
                known = File(path, table)
            else:
                known = File("", {}) if up == folder else self._nearest(up)
            self._files[folder] = known
        return known


_NOTHING: tuple[object, ...] = (None, "", (), [], {})


class Settled:
    """What one file with settings, and what was given above it, come to."""

    def __init__(self, file: File, given: Given, here: str) -> None:
        self.file, self._given, self._here = file, given, here
        said = {n: v for n, v in file.settings.items() if n not in given}
        self.settings: Given = {**said, **given}
        try:
            self._settle()
        except OptionError as error:
            name = str(error).partition(":")[0].removeprefix("--").removeprefix("tf2-")
            if name not in said:
                raise
            raise OptionError(f"{file.path}: {error}") from error

    def _settle(self) -> None:
        options = options_of(self.settings)
        self.selection = make_selection(
            self._words("select"),
            [*self._words("ignore"), *self._words("extend-ignore")],
            self._words("extend-select"),
        )
        self.options = self.selection.enabling(options)
        self._left_out = [
            Patterns(_list(settings, name), folder)
            for name in ("exclude", "extend-exclude")
            for folder, settings in self._parts(name)
        ]
        self._ignores = [
            (Patterns([pattern], folder), codes_of(name, words))
            for name in ("per-file-ignores", "extend-per-file-ignores")
            for folder, settings in self._parts(name)
            for pattern, words in _by_file(settings, name)
        ]
        name = "per-file-target-version"
        self._targets = [
            (Patterns([pattern], folder), parse_target(" ".join(words), name))
            for folder, settings in self._parts(name)
            for pattern, words in _by_file(settings, name)
        ]
        self._held: dict[object, Held] = {}

    def of(self, path: str) -> Held:
        """What holds for the file at `path`."""
        ignored = self.ignored(path)
        target = next((version for fits, version in self._targets if fits(path)), None)
        held = self._held.get((ignored, target))
        if held is None:
            options = self.options if target is None else replace(self.options, target=target)
            held = self._held[ignored, target] = Held(options, self.selection.without(ignored))
        return held

    def ignored(self, path: str) -> frozenset[str]:
        """The codes that are not spoken of in the file at `path`."""
        return frozenset().union(*(codes for fits, codes in self._ignores if fits(path)))

    def leaves_out(self, path: str) -> bool:
        """Whether the file or folder at `path` is not to be looked at."""
        return any(fits(path) for fits in self._left_out)

    def text(self, name: str) -> str:
        """A setting that is text; paths as they are from here."""
        return _text(self.settings, name)

    def words(self, name: str) -> list[str]:
        """A setting that is a list."""
        return _list(self.settings, name)

    def flag(self, name: str, default: bool) -> bool:
        """A setting that is yes or no."""
        return _flag(self.settings, name, default)

    def source_of(self, name: str) -> str:
        """Where the value of a setting is from, for people."""
        if name in self._given:
            return "command line"
        return self.file.path if name in self.file.settings else "default"

    def _words(self, name: str) -> list[str]:
        return [word for _, settings in self._parts(name) for word in _list(settings, name)]

    def _parts(self, name: str) -> list[tuple[str, Given]]:
        """Who says something on `name`, with the folder that it starts from."""
        parts = [(self._here, self._given)] if name in self._given else []
        if name in self.file.settings and (not parts or name.startswith(_EXTENDING)):
            parts.insert(0, (self.file.folder, self.file.settings))
        return parts


def make_options(given: Given, start: str | None = None, without: Iterable[str] = ()) -> Options:
    """The options that hold in the folder `start` (default: the current one).

    Raises `OptionError` with one line for a bad value.
    """
    return Settings(given, without=without).at(start or os.getcwd()).options


def options_of(settings: Given) -> Options:
    """Options from `settings` alone (names without `tf2-`). Raises `OptionError`."""
    for name in settings:
        if name not in SETTINGS:
            raise OptionError(f"[tool.tf2lint]: no option {name!r}{nearest(name, [*SETTINGS])}")
    check_version(_text(settings, "required-version"))
    default = Options()
    target = _text(settings, "target-version")
    keras = str(settings.get("keras", "")).strip()  # a number in TOML
    baseline = _text(settings, "baseline")
    if baseline:
        from tf2lint.baseline import load  # most runs have none

        load(baseline)  # read once more, from memory, when it is used
    return Options(
        target=parse_target(target) if target else default.target,
        keras=parse_keras(keras) if keras else default.keras,
        keras_modules=_flag(settings, "keras-modules", default.keras_modules),
        allow_compat_v1=_flag(settings, "allow-compat-v1", default.allow_compat_v1),
        aliases=parse_aliases(_list(settings, "aliases")),
        enable=parse_enable(_list(settings, "enable")),
        report_guarded=_flag(settings, "report-guarded", default.report_guarded),
        unknown_receivers=_flag(settings, "unknown-receivers", default.unknown_receivers),
        baseline=baseline,
        blanket_comments=_flag(settings, "blanket-comments", default.blanket_comments),
    )


# Files.


def _table(path: str, whole: bool = False) -> Given | None:
    """The table of the file at `path`, keys without `tf2-`; None where there is none.

    With `whole`, a file without that table is one itself. Raises `OptionError` for a file that
    cannot be read or is no TOML.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise OptionError(f"{path}: {error.strerror}") from error
    if not whole and b"tf2lint" not in data:
        return None
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        document = tomllib.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise OptionError(f"{path}: nested too deeply") from error
    except ValueError as error:  # no UTF-8, no TOML, or a number of thousands of digits
        raise OptionError(f"{path}: {error}") from error
    tool = document.get("tool", {})
    table = tool.get("tf2lint") if isinstance(tool, dict) else None
    if table is None and whole and "tool" not in document:
        table = document
    if table is None:
        return None
    if not isinstance(table, dict):
        raise OptionError(f"{path}: [tool.tf2lint] is not a table")
    settings = {name.removeprefix("tf2-"): value for name, value in table.items()}
    return _with_paths_from(os.path.dirname(path), settings)


def _with_paths_from(folder: str, settings: Given) -> Given:
    return {
        name: os.path.join(folder, value)
        if isinstance(value, str) and value and name in SETTINGS and SETTINGS[name].kind == "path"
        else value
        for name, value in settings.items()
    }


# Values.


def _text(settings: Given, name: str) -> str:
    value = settings.get(name, "")
    if not isinstance(value, str):
        raise OptionError(f"{SETTINGS[name].option}: expected a string, got {value!r}")
    return value.strip()


def _flag(settings: Given, name: str, default: bool) -> bool:
    value = settings.get(name, default)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("y", "yes", "true", "on", "1"):
        return True
    if isinstance(value, str) and value.lower() in ("n", "no", "false", "off", "0"):
        return False
    raise OptionError(f"{SETTINGS[name].option}: expected yes or no, got {value!r}")


def _list(settings: Given, name: str) -> list[str]:
    value = settings.get(name, [])
    if isinstance(value, str):
        value = value.replace("\n", ",").split(",")
    if isinstance(value, dict) and SETTINGS[name].kind == "aliases":
        value = [f"{key}={path}" for key, path in value.items()]
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
        raise OptionError(f"{SETTINGS[name].option}: expected a list of strings, got {value!r}")
    return [item.strip() for item in value if item.strip()]


def _by_file(settings: Given, name: str) -> list[tuple[str, list[str]]]:
    """Patterns with their words: a table, or `PATTERN=WORD` items, as the hosts have them.

    A word without a pattern is one more for the pattern before it.
    """
    value = settings.get(name, {})
    option = SETTINGS[name].option
    if isinstance(value, dict):
        return [(str(key), _words(option, words)) for key, words in value.items()]
    found: list[tuple[str, list[str]]] = []
    for item in _list(settings, name):
        match = re.fullmatch(r"(.+?)\s*[=:]\s*([^=:]+)", item)
        if match is not None:
            found.append((match[1], [match[2]]))
        elif found:
            found[-1][1].append(item)
        else:
            raise OptionError(f"{option}: expected PATTERN=VALUE, got {item!r}")
    return found


def _words(option: str, value: object) -> list[str]:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise OptionError(f"{option}: expected strings, got {value!r}")
    return [word.strip() for word in words if word.strip()]
