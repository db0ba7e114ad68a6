"""Look for files that a fix leaves between two TensorFlows: they would run in neither.

    python -m tools.between PATH...

Each package is copied and fixed as a whole in every way, as the command does it. What stands in
the files then is judged without the rules: every name is asked of the API tables, sessions and
placeholders are counted, eager calls that the fix wrote are looked for beside them, in the file and
in those that are one program with it, and pyflakes says which names are undefined that were not.
Then the copy is fixed once more: nothing may change, and the same is said of each file. Prints each
fault and the counts of states; exit status 1 where there is a fault.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from pyflakes.checker import Checker
from pyflakes.messages import UndefinedLocal, UndefinedName

from tf2lint.check.engine import Examination, asked
from tf2lint.check.reference import Reference
from tf2lint.cli import fix as command
from tf2lint.cli.files import decode
from tf2lint.fixes.compat_v1 import TF1
from tf2lint.fixes.programs import Programs
from tf2lint.fixes.state import PERSON, State
from tf2lint.options import COMPAT, MIXED, TF2, Options
from tf2lint.semantics.files import disk
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


def faults(
    before: str, after: str, state: State, to: str, side: str, path: str | None = None
) -> Iterator[str]:
    """What is wrong with a text that a fix changed; `path` is where it stands among the others."""
    if after == before:
        return
    left = references(after, path)
    graph = Counter(r.symbol for r in left if r.symbol in _GRAPH and not r.is_import)
    if graph and is_eager(before, after):
        yield f"eager calls were written beside {', '.join(graph)}"
    had = Counter(
        r.symbol for r in references(before, path) if r.symbol in _GRAPH and not r.is_import
    )
    if 0 < graph.total() < had.total():
        yield "some sessions or placeholders are gone, and some are not"
    for ref in left:
        if ref.route != "tf" or ref.symbol == "tf" or not api.known(ref.symbol):
            continue
        there = api.exists(ref.symbol, api.with_keras(api.NEWEST, 2 if state.keras_2 else 0))
        if state.name != PERSON and not there:
            yield f"{ref.spelling} is not there, and the file is said to run"
        if to != TF2 and state.name == COMPAT and side == TF1 and not _is_one(ref):
            yield f"{ref.spelling} is another object than in compat.v1"
    if state.name == TF2:
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


def is_eager(before: str, after: str) -> bool:
    """Whether a fix wrote calls that only work under eager execution."""
    return len(_EAGER.findall(after)) > len(_EAGER.findall(before))


def fixed(top: Path, to: str, unsafe: bool) -> tuple[Counter[str], list[str]]:
    """The states of the files below `top` after that fix, and what is wrong with them."""
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, top.name)
        shutil.copytree(top, copy)
        os.chdir(folder)
        args = parser.parse_args(
            [*(["--unsafe"] if unsafe else []), "--to", to, "--no-gitignore", "--jobs=1", top.name]
        )
        job = command.job_of(args)
        once = [o for o in command.outcomes_of(args, job) if not o.error]
        for outcome in once:
            Path(outcome.path).write_bytes(outcome.new)
        disk().forget()
        texts = {o.path: (decode(o.old, o.path), decode(o.new, o.path)) for o in once if o.new}
        wrong = [
            f"{outcome.path}: {fault}"
            for outcome in once if outcome.path in texts
            for fault in faults(*texts[outcome.path], outcome.state, to, outcome.side,
                                str(Path(outcome.path).absolute()))
        ]  # fmt: skip
        programs = Programs({path: after for path, (_, after) in texts.items()})
        for path in (path for path, text in texts.items() if is_eager(*text)):
            wrong += [
                f"{path}: eager calls, and {other} opens a session"
                for other in programs.around([path]) - {path} if _opens(texts[other][1], other)
            ]  # fmt: skip
        again = {o.path: o for o in command.outcomes_of(args, job)}
        for outcome in once:
            new = again[outcome.path]
            # With --unsafe, what went through compat.v1 may be found to have a form of TF 2.
            if new.new != outcome.new and (to, unsafe) != (MIXED, True):
                wrong.append(f"{outcome.path}: a second run changes it")
            elif new.new == outcome.new and new.state.name != outcome.state.name:
                said = f"{outcome.state.name}, and by a second run {new.state.name}"
                wrong.append(f"{outcome.path}: is said to be {said}")
    return Counter(outcome.state.name or "none" for outcome in once), wrong


def _opens(text: str, path: str) -> bool:
    return any(ref.symbol in _GRAPH and not ref.is_import for ref in references(text, path))


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Looks for files between two TensorFlows.")
    parser.add_argument("paths", nargs="+", type=Path)
    options = parser.parse_args()
    start = time.monotonic()
    states: Counter[str] = Counter()
    wrong = files = 0
    with ProcessPoolExecutor() as pool:
        asked_for = [
            (top, f"--to {to}{' --unsafe' if unsafe else ''}",
             pool.submit(fixed, top.absolute(), to, unsafe))
            for top in options.paths for to, unsafe in WAYS
        ]  # fmt: skip
        for top, way, answer in asked_for:
            found, told = answer.result()
            files += found.total()
            states.update({f"{way}: {name}": count for name, count in found.items()})
            print(f"{top.name} {way}: {found.total()} files, {len(told)} faults", flush=True)
            for line in told:
                print(f"  {line}", flush=True)
            wrong += len(told)
    for state, count in sorted(states.items()):
        print(f"{count:>6} {state}")
    print(f"{files} files, {wrong} faults, {time.monotonic() - start:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
