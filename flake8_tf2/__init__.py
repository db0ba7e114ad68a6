"""The flake8 plugin: options in, findings out.

flake8 hands over the tree and the decoded lines; rules and names are in `tf2lint`.
"""

from __future__ import annotations

import argparse
import ast
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from flake8.style_guide import Decision, DecisionEngine

from tf2lint import __version__
from tf2lint.baseline import check_new
from tf2lint.config import Settings
from tf2lint.finding import Finding
from tf2lint.internal_error import BROKEN, unusable
from tf2lint.options import OptionError
from tf2lint.settings import LISTS, settings_of
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
        self._settings: Settings = options.tf2_settings
        self._takes: Callable[[Finding], bool] = options.tf2_takes

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """(line, 0-based column, `CODE text`, type) of every finding."""
        text = "".join(self._lines)
        source = Source(text, self._filename, self._tree, path=on_disk(self._filename))
        try:
            options = self._settings.of(self._filename).options
            findings = check_new(source, options, takes=self._takes)
        except OptionError as error:  # of a file nearer than those that were read at the start
            findings = [unusable(error)]
        for finding in heard(source, findings, "pylint"):
            yield finding.line, finding.column, f"{finding.code} {finding.message}", type(self)

    @staticmethod
    def add_options(manager: OptionManager) -> None:
        """Declare the `tf2-` options, in config files and on the command line."""
        shapes: dict[str, dict[str, Any]] = {
            "flag": {"action": argparse.BooleanOptionalAction},
            "path": {"normalize_paths": True},
            **{kind: {"comma_separated_list": True} for kind in LISTS},
        }
        for setting in settings_of("flake8"):
            manager.add_option(
                f"--{setting.option}",
                default=None,
                parse_from_config=True,
                help=setting.help,
                **shapes.get(setting.kind, {}),
            )
            if setting.kind == "path":  # flake8 leaves a bare file name as it is
                manager.options[-1].normalize = _from_its_folder

    @staticmethod
    def parse_options(
        manager: OptionManager, options: argparse.Namespace, files: list[str]
    ) -> None:
        """Put the `Settings` where `__init__` finds them, in flake8's own namespace.

        A bad value ends flake8 with its usage error, one line.
        """
        del files
        given = {s.name: getattr(options, s.attribute) for s in settings_of("flake8")}
        try:
            options.tf2_settings = Settings(given)
            options.tf2_settings.at(os.getcwd())
        except OptionError as error:
            manager.parser.exit(2, f"flake8: error: {error}\n")
        if any(code.startswith("TF") for code in options.select or ()):
            # Whoever wants some of our codes is to hear, too, that we broke.
            options.extend_select = [*(options.extend_select or ()), BROKEN.code]
        decided = DecisionEngine(options).decision_for
        options.tf2_takes = lambda finding: decided(finding.code) is Decision.Selected


def _from_its_folder(value: str, *folder: str) -> str:
    """A path in flake8's settings from where those are, a bare file name, too."""
    return os.path.abspath(os.path.join(*folder, value)) if value else value
