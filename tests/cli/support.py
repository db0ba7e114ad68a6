"""What the tests of the command line share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.hosts import BAD

CLEAN = "import tensorflow as tf\n\nx = tf.constant(1)\n"


class Done(NamedTuple):
    """What a run printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """Standard output by lines."""
        return self.out.splitlines()


Run = Callable[..., Done]


def put(folder: Path, files: dict[str, str]) -> None:
    """Write files, with the folders that they need."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


__all__ = ["BAD", "CLEAN", "Done", "Run", "put"]
