"""The flake8 plugin: options in, findings out.

flake8 hands over the tree and the decoded lines; rules and names are in `tf2lint`.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tf2lint import __version__
from tf2lint.baseline import check_new
from tf2lint.config import SETTINGS, make_options
from tf2lint.internal_error import BROKEN
from tf2lint.options import OptionError, Options
from tf2lint.source import Source, on_disk
from tf2lint.suppress import heard

if TYPE_CHECKING:
    from flake8.options.manager import OptionManager


class Plugin:
    """One module, as flake8 asks for it. The options come with every call, none are kept."""

    name = "tf2lint"
    version = __version__

    def __init__(
        self, tree: ast.Module, filename: str, lines: list[str], options: argparse.Namespace
    ) -> None:
        self._tree = tree
        self._filename = filename
        self._lines = lines
        self._options: Options = options.tf2_options

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """(line, 0-based column, `CODE text`, type) of every finding."""
        text = "".join(self._lines)
        source = Source(text, self._filename, self._tree, path=on_disk(self._filename))
        for finding in heard(source, check_new(source, self._options), "pylint"):
            yield finding.line, finding.column, f"{finding.code} {finding.message}", type(self)

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Declare the `tf2-` options, in config files and on the command line."""
        shapes: dict[str, dict[str, Any]] = {
            "flag": {"action": argparse.BooleanOptionalAction},
            "list": {"comma_separated_list": True},
            "path": {"normalize_paths": True},
        }
        for name, (kind, text) in SETTINGS.items():
            manager.add_option(
                f"--tf2-{name}",
                default=None,
                parse_from_config=True,
                help=text,
                **shapes.get(kind, {}),
            )

    @staticmethod
    def parse_options(
        manager: OptionManager, options: argparse.Namespace, files: list[str]
    ) -> None:
        """Put the parsed `Options` where `__init__` finds them, in flake8's own namespace.

        A bad value ends flake8 with its usage error, one line.
        """
        del files
        given = {name: getattr(options, f"tf2_{name.replace('-', '_')}") for name in SETTINGS}
        try:
            options.tf2_options = make_options(given)
        except OptionError as error:
            manager.parser.exit(2, f"flake8: error: {error}\n")
        if any(code.startswith("TF") for code in options.select or ()):
            # Whoever wants some of our codes is to hear, too, that we broke.
            options.extend_select = [*(options.extend_select or ()), BROKEN.code]
