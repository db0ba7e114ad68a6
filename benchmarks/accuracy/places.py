"""Places of methods, drawn at random from the corpora and labelled by reading the code.

    python -m benchmarks.accuracy.places FOLDER

draws the places anew (the same ones, whatever tf2lint says) and prints them with the code
around, for whoever labels them. The labels are `places.tsv`:

    package, path, line, column (of the receiver, from 1), method, verdict, reason

verdict `tf1`: the receiver is an object of TF 1 (a session, a v1 optimizer, a Dimension ...),
so that the line has to change for TF 2. `not`: it is anything else, or works in TF 2 as it is.
"""

from __future__ import annotations

import argparse
import ast
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy.fetch import packages

PLACES = Path(__file__).parent / "places.tsv"
SEED = 20261121
EACH = 26  # of each method: these many from files that name tensorflow ...
OTHERS = 4  # ... and these many from files that do not
MORE = 15  # of these more from TF 1 packages, since most places of theirs are something else
RARE = ("save", "value")
METHODS = (
    "run", "eval", "add_summary", "minimize", "compute_gradients", "apply_gradients",
    "make_one_shot_iterator", "make_initializable_iterator", "get_next", "save", "restore",
    "value",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Place:
    """One place: a method's call, or `.value` that is read."""

    package: str
    path: str
    line: int
    column: int
    method: str


@dataclass(frozen=True)
class Label:
    """What a person found the place to be."""

    place: Place
    verdict: str
    reason: str


def labels() -> list[Label]:
    """The rows of `places.tsv`."""
    rows: list[Label] = []
    for line in PLACES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            package, path, number, column, method, verdict, reason = line.split("\t")
            place = Place(package, path, int(number), int(column), method)
            rows.append(Label(place, verdict, reason))
    return rows


def _places(package: str, shown: str, text: str) -> Iterator[Place]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in METHODS:
            continue
        if isinstance(node.ctx, ast.Load) and (node.attr == "value") != (id(node) in called):
            yield Place(package, shown, node.lineno, node.col_offset + 1, node.attr)


def draw(folder: Path) -> list[Place]:
    """The sample, in order of package and place."""
    named: dict[str, list[Place]] = defaultdict(list)
    other: dict[str, list[Place]] = defaultdict(list)
    early: dict[str, list[Place]] = defaultdict(list)
    for package in packages():
        base = folder / package.folder
        for path in sorted(base.rglob("*.py")):
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            into = named if "tensorflow" in text else other
            shown = path.relative_to(base).as_posix()
            for place in _places(package.folder, shown, text):
                into[place.method].append(place)
                if package.era == "tf1" and into is named:
                    early[place.method].append(place)
    chance = random.Random(SEED)
    drawn: list[Place] = []
    for method in METHODS:
        for many, pool in ((EACH, named[method]), (OTHERS, other[method])):
            drawn += chance.sample(sorted(pool), min(many, len(pool)))
    for method in RARE:
        left = sorted(set(early[method]) - set(drawn))
        drawn += chance.sample(left, min(MORE, len(left)))
    return sorted(drawn)


def main() -> int:
    """Print the sample; see the module's text."""
    parser = argparse.ArgumentParser(description="Draw the places that are labelled.")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    for place in draw(options.folder):
        lines = (options.folder / place.package / place.path).read_text(encoding="utf-8")
        around = lines.splitlines()[max(0, place.line - 4) : place.line + 1]
        print(place.package, place.path, place.line, place.column, place.method, sep="\t")
        print(*(f"    {line}" for line in around), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
