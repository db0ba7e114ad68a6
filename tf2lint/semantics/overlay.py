"""Texts that stand for files: what an editor holds and has not saved.

Whoever reads the files around a module asks here first; a run of the command line holds none.
"""

from __future__ import annotations

import os
from itertools import count

Stamp = tuple[int, int]

_held: dict[str, tuple[str, Stamp]] = {}
_numbers = count(1)


def hold(path: str, text: str) -> None:
    """From now on, `text` is what is in the file at `path`, whether there is one or not."""
    _held[os.path.abspath(path)] = (text, (-next(_numbers), len(text)))


def let_go(path: str) -> None:
    """The file at `path` holds again what is on disk."""
    _held.pop(os.path.abspath(path), None)


def text_of(path: str) -> str | None:
    """The text held for the absolute `path`, or None."""
    held = _held.get(path)
    return None if held is None else held[0]


def stamp_of(path: str) -> Stamp | None:
    """What tells one text held for the absolute `path` from all others, or None.

    It is never the stamp of a file, whose time is not negative.
    """
    held = _held.get(path)
    return None if held is None else held[1]
