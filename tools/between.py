"""Look for files that a fix leaves between two TensorFlows: they would run in neither.

    python -m tools.between PATH...

Every module below the paths is fixed in every way. What came of it is judged without the rules:
every name is asked of the API tables, sessions and placeholders are counted, eager calls that the
fix wrote are looked for beside them, and pyflakes says which names are undefined that were not.
Prints each fault and the counts of states; exit status 1 where there is a fault.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pyflakes.checker import Checker
from pyflakes.messages import UndefinedLocal, UndefinedName

from tf2lint.check.engine import Examination, asked
from tf2lint.check.reference import Reference
from tf2lint.fixes.compat_v1 import TF1
from tf2lint.fixes.fixer import Fixed, fix
from tf2lint.fixes.state import PERSON
from tf2lint.options import COMPAT, MIXED, TF2, Options
from tf2lint.source import Source
from tf2lint.tensorflow import api, graph_mode, paths

WAYS = [(to, unsafe) for to in (MIXED, TF2, COMPAT) for unsafe in (False, True)]
# What belongs to a graph, and what only eager tensors have.
_GRAPH = ("tf.Session", "tf.InteractiveSession", "tf.placeholder", "tf.placeholder_with_default")
_EAGER = re.compile(r"\.numpy\(\)|\bGradientTape\(|\.as_numpy_iterator\(\)")


def references(text: str, path: str | None = None) -> list[Reference]:
    """Every name of TensorFlow in a module, but those that a test keeps from TF 2."""

    def found(examination: Examination) -> list[Reference]:
        guarded = examination.reachability.guarded
        every = list(examination.references())
        return [r for r in every if not guarded(r.site, "" if r.status == "removed" else "nothing")]

    return asked(Source(text, path=path), Options(), found)


def faults(before: str, done: Fixed, to: str, path: str | None = None) -> Iterator[str]:
    """What is wrong with the outcome of a fix."""
    state, after = done.state.name, done.text
    if done.refused or after == before:
        return
    left = references(after, path)
    graph = Counter(r.symbol for r in left if r.symbol in _GRAPH and not r.is_import)
    eager = len(_EAGER.findall(after)) - len(_EAGER.findall(before))
    if graph and eager > 0:
        yield f"eager calls were written beside {', '.join(graph)}"
    had = Counter(
        r.symbol for r in references(before, path) if r.symbol in _GRAPH and not r.is_import
    )
    if 0 < graph.total() < had.total():
        yield "some sessions or placeholders are gone, and some are not"
    for ref in left:
        if ref.route != "tf" or ref.symbol == "tf" or not api.known(ref.symbol):
            continue
        there = api.exists(ref.symbol, api.with_keras(api.NEWEST, 2 if done.state.keras_2 else 0))
        if state != PERSON and not there:
            yield f"{ref.spelling} is not there, and the file is said to run"
        if to != TF2 and state == COMPAT and done.side == TF1 and not _is_one(ref):
            yield f"{ref.spelling} is another object than in compat.v1"
    if state == TF2:
        v1 = [r.spelling for r in left if r.route == "v1" and graph_mode.keeps(r.symbol)]
        if v1 or graph:
            yield f"{', '.join([*v1, *graph])} in a file that is said to run as TF 2"
    new = undefined(after) - undefined(before)
    if new:
        yield f"undefined now: {', '.join(sorted(new))}"


def _is_one(ref: Reference) -> bool:
    """Whether the name is what it is in compat.v1, or nothing there, or there is no other way."""
    in_v1 = api.exists(f"tf.compat.v1{ref.symbol[2:]}", api.NEWEST)
    by_import = ref.is_import and paths.under(ref.symbol, "tf.keras")
    return not in_v1 or by_import or api.is_one_object(ref.symbol, api.NEWEST)


def undefined(text: str) -> set[str]:
    """The names that pyflakes calls undefined."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Checker(ast.parse(text)).messages
    return {m.message_args[0] for m in found if isinstance(m, UndefinedName | UndefinedLocal)}


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Looks for files between two TensorFlows.")
    parser.add_argument("paths", nargs="+", type=Path)
    options = parser.parse_args()
    states: Counter[str] = Counter()
    wrong = 0
    for top in options.paths:
        for path in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            try:
                text = path.read_text(encoding="utf-8")
                ast.parse(text)
            except (SyntaxError, ValueError):
                continue
            for to, unsafe in WAYS:
                done = fix(text, path.name, Options(), to, unsafe, path=str(path))
                states[f"{to}{' --unsafe' if unsafe else ''}: {done.state.name or 'none'}"] += 1
                for fault in faults(text, done, to, str(path)):
                    wrong += 1
                    print(f"{path} --to {to}{' --unsafe' if unsafe else ''}: {fault}")
    for state, count in sorted(states.items()):
        print(f"{count:>6} {state}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
