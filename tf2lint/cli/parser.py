"""The command line's parser: a mistake is told with the nearest thing that there is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NoReturn

# What other linters call some of our options.
_ELSEWHERE = {
    "--format": "--output-format", "--output": "--output-file", "--rcfile": "--config",
    "--disable": "--ignore", "--extend-disable": "--extend-ignore", "--filename": "PATH",
    "--force-exclude": "", "--no-respect-gitignore": "--no-gitignore",
    "--unsafe-fixes": "--unsafe", "--stdin-display-name": "--stdin-filename",
    "--target-version": "--tf2-target-version", "--write-baseline": "",
}  # fmt: skip


class Parser(argparse.ArgumentParser):
    """A parser that takes options in full only: a short form could mean another one day."""

    def __init__(self, **settings: object) -> None:
        # Each argument is laid out as it is added. How wide the terminal is matters to who reads
        # help alone, and asking it loads `shutil` with all kinds of archives.
        narrow = partial(argparse.HelpFormatter, width=80)
        super().__init__(allow_abbrev=False, formatter_class=narrow, **settings)  # type: ignore[arg-type]

    def format_help(self) -> str:
        """The page of help, as wide as the terminal."""
        self.formatter_class = argparse.HelpFormatter
        return super().format_help()

    def format_usage(self) -> str:
        """The line of usage, as wide as the terminal."""
        self.formatter_class = argparse.HelpFormatter
        return super().format_usage()

    @property
    def options(self) -> list[str]:
        """All that starts with a dash."""
        return [*self._option_string_actions]

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and end with the status for that."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {message}\n")

    def unknown(self, words: Sequence[str], others: Callable[[], Mapping[str, Parser]]) -> NoReturn:
        """Tell of options that there are not; `others` are the parsers of other commands."""
        word = words[0].partition("=")[0]
        self.error(f"unrecognized arguments: {' '.join(words)}{self._instead(word, others)}")

    def _instead(self, word: str, others: Callable[[], Mapping[str, Parser]]) -> str:
        if not word.startswith("-"):
            return ""
        if _ELSEWHERE.get(word) in self.options:
            return f", did you mean {_ELSEWHERE[word]!r}?"
        for name, parser in others().items():
            if word in parser.options:
                return f"; that is an option of `tf2lint {name}`"
        return _nearest(word, self.options, 0.7)


def nearest_command(word: str, commands: Sequence[str], is_path: bool) -> str:
    """What may have been meant by a command that there is not."""
    if is_path:
        return f", did you mean `tf2lint check {word}`?"
    return _nearest(word, commands, 0.5)


def _nearest(word: str, known: Sequence[str], cutoff: float) -> str:
    from difflib import get_close_matches  # only for mistakes

    found = get_close_matches(word, known, n=1, cutoff=cutoff)
    return f", did you mean {found[0]!r}?" if found else ""
