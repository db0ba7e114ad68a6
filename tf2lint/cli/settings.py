"""The arguments that commands share: those made from `tf2lint.settings`, and files."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator

from tf2lint.cli.files import Unreadable, find
from tf2lint.config import Settings
from tf2lint.options import OptionError
from tf2lint.settings import LISTS, SETTINGS, Setting, settings_of

_METAVARS = {
    "yes": "YES|NO", "path": "FILE", "release": "RELEASE", "keras": "2|3", "rules": "RULES",
    "rules-by-file": "FILES=RULE", "release-by-file": "FILES=RELEASE",
}  # fmt: skip


def add_settings(parser: argparse.ArgumentParser, command: str) -> None:
    """The options that mean something to `command`."""
    hosts = parser.add_argument_group("options that the flake8 and pylint plugins have, too")
    others = parser.add_argument_group("rules and files")
    for setting in settings_of(command):
        _add(hosts if "flake8" in setting.where else others, setting)
    files = parser.add_argument_group("settings")
    files.add_argument(
        "--config", metavar="FILE",
        help="the only file with settings that counts (default: for each file the nearest "
        "pyproject.toml with [tool.tf2lint])",
    )  # fmt: skip
    files.add_argument("--isolated", action="store_true", help="heed no file with settings")


def _add(group: argparse._ArgumentGroup, setting: Setting) -> None:
    names = [f"--{setting.option}"]
    if setting.kind == "flag":
        group.add_argument(*names, action=argparse.BooleanOptionalAction, help=setting.help)
    elif setting.kind == "format":
        from tf2lint.cli.output import FORMATS  # other commands have none

        group.add_argument(
            *names, action="append", choices=_Formats(FORMATS), metavar="FORMAT[:FILE]",
            help=f"{', '.join(FORMATS)} (default: text); several, where each but one has a file",
        )  # fmt: skip
    elif setting.name == "gitignore":
        group.add_argument(
            "--no-gitignore", dest="gitignore", action="store_const", const="no",
            help="look at files that git ignores, too",
        )  # fmt: skip
    else:
        action = "append" if setting.kind in LISTS else "store"
        metavar = _METAVARS.get(setting.kind, "LIST")
        group.add_argument(*names, action=action, metavar=metavar, help=setting.help)


class _Formats(tuple[str, ...]):
    """The formats, and what may be said of them: `sarif:FILE`, `text,sarif:FILE`."""

    def __contains__(self, said: object) -> bool:
        return all(word.partition(":")[0] in tuple(self) for word in words([str(said)]))


def add_files(parser: argparse.ArgumentParser) -> None:
    """What to look at."""
    parser.usage = f"{parser.prog} [OPTION ...] [PATH ...]"
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH",
        help="file, folder or pattern (default: the current folder)",
    )  # fmt: skip
    parser.add_argument(
        "-j", "--jobs", type=_jobs, default=None, metavar="N", help="processes (default: all cores)"
    )


def settings_for(arguments: argparse.Namespace, command: str, but: Iterable[str] = ()) -> Settings:
    """What the command line says, with the files below it, on all `but` these names.

    Raises `OptionError`.
    """
    given: dict[str, object] = {}
    for setting in settings_of(command):
        if setting.name in but:
            continue
        value = getattr(arguments, setting.attribute)
        if setting.name in _FROM_ENVIRONMENT and value is None:
            value = environment(setting.name)
        given[setting.name] = words(value) if isinstance(value, list) else value
    if arguments.isolated and arguments.config:
        raise OptionError("--isolated and --config contradict each other")
    config = "" if arguments.isolated else arguments.config or environment("config")
    return Settings(given, config, but)


_FROM_ENVIRONMENT = frozenset(("cache-dir", "output-format"))  # of the settings


def environment(name: str) -> str | None:
    """What the variable for an option says: `TF2LINT_CONFIG` for `config`."""
    return os.environ.get(_variable(name)) or None


def is_on(name: str) -> bool:
    """Whether the variable for a switch turns it on."""
    return (environment(name) or "0").lower() not in ("0", "false", "no", "off")


def _variable(name: str) -> str:
    return f"TF2LINT_{name.upper().replace('-', '_')}"


def files_of(paths: Iterable[str], told: Settings) -> Iterator[str | Unreadable]:
    """Every file to look at, as the settings have it. Raises `OptionError`."""
    gitignore = told.at(os.getcwd()).flag("gitignore", True)
    return find(paths, told.leaves_out, gitignore)


def shown(told: Settings, path: str, arguments: argparse.Namespace) -> Iterator[str]:
    """What holds for the file at `path`, as TOML with where each value is from."""
    settled = told.at(os.path.dirname(path))
    options, _ = settled.of(path)
    yield f"# {path or '.'}"
    yield f"# settings: {settled.file.path or 'none'}"
    for name in SETTINGS:
        value = settled.settings.get(name)
        source = settled.source_of(name)
        if name in _FROM_ENVIRONMENT and name in told.given:
            if getattr(arguments, SETTINGS[name].attribute) is None:
                source = _variable(name)
        if name == "target-version":  # perhaps one for this file
            version = ".".join(map(str, options.target))
            if options.target != settled.options.target:
                source = f"per-file-target-version, {settled.source_of(f'per-file-{name}')}"
            yield f'{name} = "{version}"  # {source}'
        elif value is None:
            yield f"# {name}: {SETTINGS[name].default}"
        else:
            yield f"{name} = {_toml(value)}  # {source}"
    ignored = sorted(settled.ignored(path))
    if ignored:
        yield f"# not spoken of in this file: {', '.join(ignored)}"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_toml(k)} = {_toml(v)}' for k, v in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    import json  # only to show settings

    return json.dumps(value, ensure_ascii=False)  # strings are quoted alike


def words(lists: Iterable[str]) -> list[str]:
    """The members of several comma-separated lists."""
    return [word.strip() for part in lists for word in part.split(",") if word.strip()]


def _jobs(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1, got {text!r}")
    return number
