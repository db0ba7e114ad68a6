"""RESULTS.md and the table of docs/fixing.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.programs.compare import TOLERANCE, compared
from benchmarks.programs.ways import WAYS, Way, notes

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs" / "fixing.md"
_BEGIN = "<!-- programs: made by `python -m benchmarks.programs` -->"
_END = "<!-- end of programs -->"

# Why a program does not run, by the last words of its run.
_CAUSES = (
    (r"No module named 'tensorflow\.contrib|no attribute 'contrib'", "`tf.contrib`, gone"),
    (r"not available with Keras 3|only supported in Keras 2|Keras 3 is not supported|"
     r"legacy tf\.keras|TF_USE_LEGACY_KERAS", "needs tf_keras"),
    (r"not compatible with eager execution|Session graph is empty|eager execution is enabled|"
     r"when executing eagerly|when eager|EagerTensor|'numpy'", "no switch, or one too late"),
    (r"(module|from) 'tensorflow[\w.]*'.* (no attribute|cannot import)|cannot import name '\w+' "
     r"from 'tensorflow|No module named 'tensorflow|Dataset' object has no attribute",
     "a name that the fix did not reach"),
    (r"np\.|numpy|newshape|DataType uint8|inhomogeneous|setting an array element|ptp|"
     r"only 0-dimensional", "NumPy 2"),
    (r"assign a device", "no GPU"),
    (r"time was up", "took more than its time"),
)  # fmt: skip
# Causes that a note on the program says more of.
_IN_SHORT = ("`tf.contrib`, gone", "NumPy 2", "no GPU", "other")


class Row:
    """One program: what came of its two runs before, and of one after each way of fixing."""

    def __init__(self, name: str, after: dict[str, dict[str, Any]]) -> None:
        self.name = name
        self.before: list[dict[str, Any]] = []
        self.after = after
        self.told: dict[str, bool] = {}  # what the summary of the fix says: whether it runs

    @property
    def runs_before(self) -> bool:
        """Whether it ends well on TF 1.15 and has really run a session."""
        return all(answer["code"] == 0 and answer["sessions"] for answer in self.before)

    def runs(self, way: Way) -> bool:
        """Whether it ends well after that way of fixing."""
        answer = self.after.get(way.name)
        return answer is not None and answer["code"] == 0

    def is_told(self, way: Way) -> bool:
        """Whether the summary of the fix is right about it."""
        return self.told.get(way.name) == self.runs(way)

    def numbers(self, way: Way) -> tuple[int, int]:
        """How many of its numbers could be compared, and how many differ."""
        one, two = (answer["printed"] for answer in self.before)
        return compared(one, two, self.after[way.name]["printed"])


def cause(answer: dict[str, Any]) -> str:
    """Why a run did not end well, in a few words."""
    for pattern, told in _CAUSES:
        if re.search(pattern, answer["error"]):
            return told
    return "other"


def table(rows: Sequence[Row]) -> str:
    """The table: one way of fixing a line."""
    counted = [row for row in rows if row.runs_before]
    lines = [
        "| way | runs | share | numbers compared | the same | told rightly | why not |",
        "|---|---|---|---|---|---|---|",
    ]
    for way in WAYS:
        asked = [row for row in counted if way.name in row.after]
        if not asked:
            continue
        runs = [row for row in asked if row.runs(way)]
        with_numbers = [row for row in runs if row.numbers(way)[0]]
        same = [row for row in with_numbers if not row.numbers(way)[1]]
        causes = Counter(cause(row.after[way.name]) for row in asked if not row.runs(way))
        why = ", ".join(f"{told} {count}" for told, count in causes.most_common())
        lines.append(
            f"| {way.name} | {len(runs)} of {len(asked)} | {len(runs) / len(asked):.0%} | "
            f"{len(with_numbers)} | {len(same)} | {sum(r.is_told(way) for r in asked)} | {why} |"
        )
    return "\n".join(lines)


def _why(row: Row, way: Way) -> str:
    """Why a program does not run after that way of fixing."""
    found = cause(row.after[way.name])
    return notes("fails").get(row.name, found) if found in _IN_SHORT else found


def _details(rows: Sequence[Row]) -> Iterator[str]:
    known = notes("numbers")
    for way in WAYS:
        if way.name == "not fixed":
            continue
        failed = [row for row in rows if way.name in row.after and not row.runs(way)]
        yield f"\n## After {way.name}\n"
        if failed:
            yield "| does not run | why | its last words |\n|---|---|---|"
        for row in failed:
            answer = row.after[way.name]
            words = " ".join(answer["error"].split()).replace("|", "&#124;").replace("`", "'")
            yield f"| {row.name} | {_why(row, way)} | `{words[:160]}` |"
        others = [row for row in rows if row.runs(way) and row.numbers(way)[1]]
        if others:
            yield "\n| other numbers | compared | differ | why |\n|---|---|---|---|"
        for row in others:
            all_of, differ = row.numbers(way)
            yield f"| {row.name} | {all_of} | {differ} | {known.get(row.name, '')} |"


def functions_page(rows: Sequence[Row], way: Way, told: str, versions: tuple[str, str]) -> str:
    """What came of each program that was to become functions; `told` is what `fix` printed."""
    counted = [row for row in rows if row.runs_before]
    lines = []
    runs, same, with_numbers = 0, 0, 0
    known = notes("numbers")
    for row in counted:
        repository, name, path = row.name.split("/", 2)
        found = re.search(
            rf"^{re.escape(f'./{repository}+{name}/{path}')}: (.*)$", told, re.MULTILINE
        )
        became = found[1] if found is not None else "by single edits"
        all_of, differ = row.numbers(way) if row.runs(way) else (0, 0)
        runs += row.runs(way)
        with_numbers += bool(all_of)
        same += bool(all_of) and not differ
        numbers = (
            f"{differ} of {all_of} differ" if differ else f"{all_of} the same" if all_of else ""
        )
        if differ and row.name in known:
            numbers += f": {known[row.name]}"
        ran = "yes" if row.runs(way) else "no"
        if ran == "no" and not became.startswith("not turned"):
            ran = f"no: {cause(row.after[way.name])}"
        lines.append(f"| {row.name} | {became.replace('|', '&#124;')} | {ran} | {numbers} |")
    head = (
        "# Programs to functions\n\nGenerated by `python -m benchmarks.programs "
        f"--write-functions`.\n\n{runs} of {len(counted)} programs run on TensorFlow "
        f"{versions[1]} after {way.name}, with no reference to `tf.compat.v1`. {with_numbers} of "
        f"them print numbers that two runs on {versions[0]} have in common, and {same} print the "
        "same with the same random streams. Streams are counted in the order in which ops are "
        "made, which is another one in functions.\n"
    )
    return "\n".join([head, "| program | became | runs | numbers |\n|---|---|---|---|", *lines, ""])


def write(rows: Sequence[Row], versions: tuple[str, str]) -> None:
    """Write the two pages."""
    counted = [row for row in rows if row.runs_before]
    text = (
        f"{len(counted)} programs of {len({tuple(row.name.split('/')[:2]) for row in counted})} "
        f"repositories that end well on TensorFlow {versions[0]} and run a session there, and how "
        f"many of them end well on TensorFlow {versions[1]} after each way of fixing. Numbers are "
        f"those that the program prints; they are the same where none differs by more than "
        f'{TOLERANCE:g}, relative above 1. "Told rightly" counts the programs of which the '
        f"summary of the fix says whether they run, and is right; their data aside."
    )
    head = "# Programs: results\n\nGenerated by `python -m benchmarks.programs --write`.\n"
    page = "\n".join([head, text, "", table(rows), *_details(counted), ""])
    (HERE / "RESULTS.md").write_text(page, encoding="utf-8")
    docs = DOCS.read_text(encoding="utf-8")
    if _BEGIN in docs:
        before, _, rest = docs.partition(_BEGIN)
        after = rest.partition(_END)[2]
        docs = f"{before}{_BEGIN}\n{text}\n\n{table(rows)}\n{_END}{after}"
        DOCS.write_text(docs, encoding="utf-8")
