"""A stratified sample of findings on the TF 1 packages, to see how true the hints are.

    python -m benchmarks.accuracy.hints FOLDER SAMPLE.jsonl [--count N] [--seed N]
    PYTHON-WITH-TENSORFLOW-2 benchmarks/accuracy/ask_hints.py SAMPLE.jsonl
    PYTHON-WITH-TENSORFLOW-1 benchmarks/accuracy/run_hints.py SAMPLE.jsonl RUN.jsonl
    PYTHON-WITH-TENSORFLOW-2 benchmarks/accuracy/run_hints.py SAMPLE.jsonl RUN.jsonl

`hint_verdicts.tsv` has what was said of three samples, in `first` before anything that it showed
was mended and in `now` of the same places once each kind was mended: `exact`, `says` (it names what
it leaves out), `incomplete`, `misleading`, `wrong`. `how` tells how that was found: by running it,
asking for its names and arguments, or reading it beside the code; `reason` is about `first`.
`python -m benchmarks.accuracy.hints --write` counts them in RESULTS.md.

FOLDER is what `benchmarks.accuracy.fetch` made. Every code that fires comes at least four times
where it has as many findings, the rest goes to as many different symbols as there are.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accuracy import page
from benchmarks.accuracy.fetch import packages
from tf2lint.check.engine import Examination, asked
from tf2lint.config import make_options
from tf2lint.finding import Finding
from tf2lint.source import Source

LEAST = 4
_CODE = re.compile(r"`([^`]+)`")
Row = dict[str, Any]


class Place(NamedTuple):
    """A finding in a file."""

    package: str
    path: Path
    finding: Finding

    @property
    def at(self) -> str:
        """Package, path, line and column."""
        return f"{self.package}/{self.path}:{self.finding.line}:{self.finding.column + 1}"


def found_in(folder: Path) -> Iterator[Place]:
    """Every finding on the TF 1 packages, rules that are off included."""
    options = make_options({"enable": ["all"]})
    for package in packages():
        top = folder / package.folder
        if package.era != "tf1" or not top.is_dir():
            continue
        for path in sorted(top.rglob("*.py")):
            try:
                source = Source(path.read_text("utf-8"), str(path), path=str(path))
                findings = asked(source, options, Examination.findings)
            except (SyntaxError, ValueError, RecursionError):
                continue
            for finding in findings:
                yield Place(package.folder, path.relative_to(top), finding)


def drawn(places: list[Place], count: int, seed: int) -> list[Place]:
    """`LEAST` of each code, of different symbols where there are, then more symbols in turn."""
    chance = random.Random(seed)
    by_code: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for place in places:
        by_code[place.finding.code][place.finding.symbol].append(place)
    queues: dict[str, list[Place]] = {}
    for code, symbols in sorted(by_code.items()):
        for group in symbols.values():
            chance.shuffle(group)
        order = list(symbols)
        chance.shuffle(order)
        rounds = max(map(len, symbols.values()))
        queues[code] = [symbols[s][n] for n in range(rounds) for s in order if n < len(symbols[s])]
    sample = [place for queue in queues.values() for place in queue[:LEAST]]
    rest = {code: queue[LEAST : max(len(by_code[code]), LEAST)] for code, queue in queues.items()}
    turn = 0
    while len(sample) < count and any(rest.values()):
        for queue in rest.values():
            if turn < len(queue) and len(sample) < count:
                sample.append(queue[turn])
        turn += 1
        rest = {code: queue for code, queue in rest.items() if turn < len(queue)}
    return sorted(sample, key=lambda place: (place.finding.code, place.at))


class _Plain(ast.NodeTransformer):
    """What is not TensorFlow's as a name without attributes: `self.x` as `self_x`."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        text = ast.unparse(node)
        if text.startswith(("tf.", "np.")) or not text.replace(".", "").isidentifier():
            return self.generic_visit(node)  # type: ignore[return-value]
        return ast.Name(text.replace(".", "_"), ast.Load())


def plain(tree: ast.expr) -> str:
    """The text of `tree` with names alone for all that is not TensorFlow's."""
    return ast.unparse(_Plain().visit(tree))


def called(place: Place, source: Source) -> str:
    """The call that the finding is about, by the symbol's own name; "" where there is none."""
    finding = place.finding
    if _parsed(finding.symbol) is None:  # a method of something unknown
        return ""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _starts(node.func, finding):
            bare = ast.parse(finding.symbol, mode="eval").body
            tree = _parsed(ast.unparse(ast.Call(bare, node.args, node.keywords)))
            return plain(tree) if tree is not None else ""
    return ""


def _starts(func: ast.expr, finding: Finding) -> bool:
    place = func.lineno, func.col_offset, func.end_lineno, func.end_col_offset
    return place == (finding.line, finding.column, finding.end_line, finding.end_column)


def row_of(place: Place, folder: Path) -> Row:
    """The finding, its call, and the pieces of code in its hint."""
    path = folder / place.package / place.path
    source = Source(path.read_text("utf-8"), str(path))
    hint = place.finding.hint
    codes = _CODE.findall(hint.text) if hint is not None else []
    return {
        "at": place.at,
        "rule": place.finding.code,
        "symbol": place.finding.symbol,
        "message": place.finding.message,
        "code": called(place, source),
        "plain": [plain(tree) for code in codes if (tree := _parsed(code)) is not None],
        "hints": [code for code in codes if _parsed(code) is not None],
    }


def _parsed(code: str) -> ast.expr | None:
    try:
        return ast.parse(code, mode="eval").body
    except SyntaxError:
        return None


def main() -> None:
    """Draw a sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.write:
        results = Path(__file__).with_name("RESULTS.md")
        results.write_text(page.with_hints(results.read_text("utf-8")), "utf-8")
        return
    if args.out is None:
        parser.error("FOLDER and SAMPLE.jsonl, or --write")
    places = list(found_in(args.folder))
    sample = drawn(places, args.count, args.seed)
    args.out.write_text("".join(json.dumps(row_of(p, args.folder)) + "\n" for p in sample), "utf-8")
    codes = len({place.finding.code for place in sample})
    print(f"{len(sample)} of {len(places)} findings, {codes} codes")


if __name__ == "__main__":
    main()
