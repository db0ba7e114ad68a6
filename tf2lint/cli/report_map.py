"""The layout of a treemap: boxes of given sizes, as square as can be, filling a box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


def squarify(sizes: Sequence[float], box: Box) -> list[Box]:
    """A box for each of `sizes` (positive, largest first), in proportion, filling `box`."""
    total = sum(sizes)
    if not total:
        return []
    scale = box.width * box.height / total
    areas = [size * scale for size in sizes]
    done: list[Box] = []
    x, y, width, height = box
    at = 0
    while at < len(areas):
        side = max(min(width, height), 1e-9)
        count, row = 1, areas[at]
        worst = _worst(areas[at], areas[at], row, side)
        while at + count < len(areas):
            longer = row + areas[at + count]
            then = _worst(areas[at], areas[at + count], longer, side)
            if then > worst:
                break
            row, worst, count = longer, then, count + 1
        thick = row / side
        place = 0.0
        for area in areas[at : at + count]:
            long = area / thick
            if width >= height:
                done.append(Box(x, y + place, thick, long))
            else:
                done.append(Box(x + place, y, long, thick))
            place += long
        if width >= height:
            x, width = x + thick, width - thick
        else:
            y, height = y + thick, height - thick
        at += count
    return done


def _worst(largest: float, smallest: float, row: float, side: float) -> float:
    """How far from square the boxes of a row are."""
    return max(side * side * largest / (row * row), row * row / (side * side * smallest))
