"""What the tests of the command line share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hosts import BAD
from tf2lint.cli import examine

CLEAN = "import tensorflow as tf\n\nx = tf.constant(1)\n"


SUMMARY = re.compile(r"\d+ findings? in \d+ of \d+ files?(;|$)")


class Done(NamedTuple):
    """What a run printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Standard output by lines, without the one that sums `check` up."""
        lines = self.out.splitlines()
        return lines[:-1] if lines and SUMMARY.match(lines[-1]) else lines


Run = Callable[..., Done]


def break_at(monkeypatch: pytest.MonkeyPatch, ending: str, error: Exception) -> None:
    """Let this package break, by `error`, at the file whose name has that `ending`."""
    real = examine.compare

    def broken(source: object, options: object, **given: object) -> object:
        if getattr(source, "filename", "").endswith(ending):
            raise error
        return real(source, options, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(examine, "compare", broken)


def put(folder: Path, files: dict[str, str]) -> None:
    """Write files, with the folders that they need."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def notebook(*cells: str, indent: int | None = 1, language: str = "python") -> str:
    """The JSON of a notebook; a cell that starts with `#markdown` is one."""
    made = [
        {
            "cell_type": "markdown" if cell.startswith("#markdown") else "code",
            "execution_count": None,
            "metadata": {"source": ["tf.Session()"]},
            "outputs": [{"output_type": "stream", "text": ["tf.Session()\n"], "name": "stdout"}],
            "source": cell.splitlines(keepends=True),
        }
        for cell in cells
    ]
    metadata = {"language_info": {"name": language}, "kernelspec": {"name": "x"}}
    whole = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=indent, ensure_ascii=False) + "\n"


__all__ = ["BAD", "CLEAN", "Done", "Run", "notebook", "put"]
