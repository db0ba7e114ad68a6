"""The arguments that commands share: the options of `tf2lint.config`, rules, and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from tf2lint.config import SETTINGS, make_options
from tf2lint.options import Options
from tf2lint.selection import Selection, make_selection


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The `--tf2-` options, as flake8 has them."""
    group = parser.add_argument_group("options that the flake8 and pylint plugins have, too")
    for name, (kind, text) in SETTINGS.items():
        if kind == "flag":
            group.add_argument(f"--tf2-{name}", action=argparse.BooleanOptionalAction, help=text)
        elif kind == "list":
            group.add_argument(f"--tf2-{name}", action="append", metavar="LIST", help=text)
        else:
            metavar = {"yes": "YES|NO", "path": "FILE", "2|3": "2|3"}.get(kind, "TEXT")
            group.add_argument(f"--tf2-{name}", metavar=metavar, help=text)


def add_selection(parser: argparse.ArgumentParser) -> None:
    """`--select` and its like."""
    group = parser.add_argument_group("rules, by code, prefix of a code, or name")
    for name, text in (
        ("select", "report only these"),
        ("ignore", "do not report these"),
        ("extend-select", "report these, too; turns on rules that are off by default"),
    ):
        group.add_argument(f"--{name}", action="append", default=[], metavar="LIST", help=text)


def add_files(parser: argparse.ArgumentParser) -> None:
    """What to look at."""
    parser.usage = f"{parser.prog} [OPTION ...] PATH [PATH ...]"
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file or folder")
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="LIST",
        help="leave out files and folders that match: a name, or a path with `*`",
    )  # fmt: skip
    parser.add_argument(
        "--no-gitignore", dest="gitignore", action="store_false",
        help="look at files that git ignores, too",
    )  # fmt: skip
    parser.add_argument(
        "--jobs", type=_jobs, default=None, metavar="N", help="processes (default: all cores)"
    )


def settings_of(arguments: argparse.Namespace) -> dict[str, object]:
    """What the command line says about the options of `tf2lint.config`."""
    given: dict[str, object] = {}
    for name, (kind, _) in SETTINGS.items():
        value = getattr(arguments, f"tf2_{name.replace('-', '_')}")
        given[name] = words(value) if kind == "list" and value is not None else value
    return given


def options_of(arguments: argparse.Namespace) -> tuple[Options, Selection]:
    """The options and the selection of rules. Raises `OptionError`."""
    selection = make_selection(
        words(arguments.select), words(arguments.ignore), words(arguments.extend_select)
    )
    options = make_options(settings_of(arguments))
    return selection.enabling(options), selection


def words(lists: Iterable[str]) -> list[str]:
    """The members of several comma-separated lists."""
    return [word.strip() for part in lists for word in part.split(",") if word.strip()]


def _jobs(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1, got {text!r}")
    return number
