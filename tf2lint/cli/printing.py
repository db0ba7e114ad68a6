"""Where findings go: one format to a stream or a file, or several, each to its own."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TextIO

from tf2lint.cli import output
from tf2lint.cli.records import Record
from tf2lint.options import OptionError, nearest


class Printer:
    """Prints findings in one format, as they come or all at the end, as the format asks.

    `path` is the file that they go to; without one that is standard output. Raises `OptionError`.
    """

    def __init__(self, form: str, path: str) -> None:
        self._path = path
        self._stream: TextIO = sys.stdout
        if path:
            try:
                self._stream = open(path, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
            except OSError as error:
                raise OptionError(f"output file: {path}: {error.strerror}") from error
        self.for_people = form in output.FOR_PEOPLE
        self._on_terminal = self._stream.isatty()
        coloured = output.is_coloured(self._stream)
        self._line = output.by_line(form, self._on_terminal, coloured)
        self._whole = output.whole(form)
        self._kept: list[Record] = []  # only where the format is one document

    def take(self, record: Record) -> None:
        """A finding; or what was not looked at, for a format that programs read."""
        if self._line is not None:
            self.print(self._line(record))
        if self._whole is not None:
            self._kept.append(record)

    def end(self, counts: Counter[tuple[str, str]] | None) -> None:
        """Print what waits for the end, and the counts, if they are asked for."""
        if self._whole is not None:
            self.print(self._whole(self._kept))
        if counts is not None and self.for_people:
            for line in output.statistics(counts):
                self.print(line)

    def sum_up(self, line: str, matters: bool) -> None:
        """Print the last line: on a terminal, and wherever it `matters`, if people read it."""
        if self.for_people and (matters or self._on_terminal):
            self.print(line)

    def print(self, text: str) -> None:
        """Print a line, or several."""
        print(text, file=self._stream)

    def close(self) -> None:
        """Close the file, if it is one."""
        if self._path:
            self._stream.close()


def targets(words: Iterable[str], path: str | None, may_name_files: bool = True) -> dict[str, str]:
    """Where each format goes, by file ("": standard output), as `FORMAT` or `FORMAT:FILE` say.

    `path` is the file for the one without. Raises `OptionError`.
    """
    found: dict[str, str] = {}
    for word in words or ("text",):
        form, _, file = word.partition(":") if may_name_files else (word, "", "")
        if form not in output.FORMATS:
            guess = nearest(form, [*output.FORMATS])
            raise OptionError(f"output-format: no format {form!r}{guess}")
        where = file or path or ""
        if where in found:
            raise OptionError(
                f"output-format: {found[where]} and {form} both go to {where or 'standard output'};"
                f" {form}:FILE goes to a file"
            )
        found[where] = form
    if path and path not in found:
        raise OptionError(f"--output-file: no format goes to {path}; each has a file of its own")
    return found


def opened(forms: dict[str, str], files: ExitStack) -> list[Printer]:
    """The printers for `targets`, closed with `files`. Raises `OptionError`."""
    printers = []
    for path, form in forms.items():
        printers.append(Printer(form, path))
        files.callback(printers[-1].close)
    return printers
