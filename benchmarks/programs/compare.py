"""What two runs of a program print, number by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

TOLERANCE = 1e-3  # relative above 1, absolute below
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w.]*\w)")


class Compared(NamedTuple):
    """How many numbers could be compared, and how many of them differ."""

    compared: int
    differ: int


def compared(first: str, second: str, after: str) -> Compared:
    """Compare what a program prints `after` it was fixed with two runs before.

    Numbers that differ between the two runs before, times of day and the like, are left out.
    """
    one, two, three = (_numbers(text) for text in (first, second, after))
    if len(one) != len(two):
        return Compared(0, 0)
    steady = [place for place, pair in enumerate(zip(one, two, strict=True)) if _same(*pair)]
    if len(three) != len(one):
        return Compared(len(steady), len(steady))
    return Compared(len(steady), sum(not _same(one[place], three[place]) for place in steady))


def _numbers(text: str) -> Sequence[float]:
    return [float(found) for found in _NUMBER.findall(text)]


def _same(one: float, two: float) -> bool:
    return abs(one - two) <= TOLERANCE * max(1.0, abs(one), abs(two))
