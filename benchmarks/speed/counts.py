"""What a look at a tree takes in calls of functions: the same on every machine, however busy.

    python -m benchmarks.speed.counts FOLDER

prints, as JSON, the places where the files below that name tensorflow read a name, the calls of
all functions that a check of these files takes, and how many of them are questions of what an
expression means.
"""

from __future__ import annotations

import ast
import cProfile
import json
import os
import sys
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tf2lint.baseline import check_new
from tf2lint.options import Options
from tf2lint.source import Source

_ASKED = (os.path.join("semantics", "inference.py"), "values")


class Counts(NamedTuple):
    """Places that read a name, calls of all functions, and those that ask what something means."""

    places: int
    calls: int
    questions: int


def counted(texts: Iterable[tuple[str, str]]) -> Counts:
    """The counts of a check of these paths with their texts; what is loaded once is left out."""
    sources = [Source(text, path, path=path) for path, text in texts]
    places = sum(
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        for source in sources for node in ast.walk(source.tree)
    )  # fmt: skip
    profile = cProfile.Profile(builtins=False)
    check_new(Source("import tensorflow as tf\ntf.Session()\n"), Options())  # loads the rules
    for source in sources:
        profile.runcall(check_new, source, Options())
    found: Counter[bool] = Counter()
    for entry in profile.getstats():
        code = entry.code
        asked = not isinstance(code, str) and (
            code.co_filename.endswith(_ASKED[0]) and code.co_name == _ASKED[1]
        )
        found[asked] += entry.callcount
    return Counts(places, found.total(), found[True])


def main() -> None:
    """Count and print."""
    warnings.simplefilter("ignore")
    texts = []
    for path in sorted(Path(sys.argv[1]).rglob("*.py")):
        if b"tensorflow" in path.read_bytes():
            with tokenize.open(path) as file:
                texts.append((str(path), file.read()))
    print(json.dumps(counted(texts)))


if __name__ == "__main__":
    main()
