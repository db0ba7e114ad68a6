"""The pages that are made of the counts: RESULTS.md, and its part of the README."""

from __future__ import annotations

import csv
import textwrap
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.accuracy import places
from benchmarks.accuracy.fetch import packages
from benchmarks.accuracy.scores import DROP_IN, PlaceScore, Score

DEFECT = ("missing", "refused", "right, a real defect")
MARKS = (
    "<!-- accuracy: made by `python -m benchmarks.accuracy.report` -->",
    "<!-- end of accuracy -->",
)


def places_table(scores: dict[str, PlaceScore]) -> str:
    """Precision and recall on the labelled places as Markdown."""
    rows = ["| method | TF 1 places | found | other places | reported | precision | recall |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    whole = PlaceScore()
    for one in scores.values():
        whole.found += one.found
        whole.missed += one.missed
        whole.wrong += one.wrong
        whole.silent += one.silent
    for name, one in [*sorted(scores.items()), ("all", whole)]:
        real, said = one.found + one.missed, one.found + one.wrong
        rows.append(
            f"| {name} | {real} | {one.found} | {one.wrong + one.silent} | {one.wrong} | "
            f"{_ratio(one.found, said)} | {_ratio(one.found, real)} |"
        )
    return "\n".join(rows) + "\n"


def _ratio(part: int, of: int) -> str:
    return f"{part / of:.3f}" if of else "–"


def _share(found: int, of: int) -> str:
    return f"{found}/{of} ({found / of:.4f})" if of else "–"


def tables(scores: list[Score]) -> str:
    """The report as Markdown."""
    rows = ["| package | use | files | lines | findings | recall on names | drop-in | "
            "recall on refused | unexplained |", "|---|---|---|---|---|---|---|---|---|"
            ]  # fmt: skip
    for s in scores:
        wrong = str(len(s.unexplained)) if s.package.era == "tf2" else "–"
        rows.append(
            f"| {s.package.folder} | {s.package.use} | {s.files} | {s.lines} | {s.findings} | "
            f"{_share(s.names_found, s.names)} | {s.drop_in or '–'} | "
            f"{_share(s.refused_found, s.refused)} | {wrong} |"
        )
    for use in ("look", "report"):
        some = [s for s in scores if s.package.use == use]
        if some:
            names = _share(sum(s.names_found for s in some), sum(s.names for s in some))
            refused = _share(sum(s.refused_found for s in some), sum(s.refused for s in some))
            rows.append(
                f"| **all to {use}** | {use} | {sum(s.files for s in some)} | "
                f"{sum(s.lines for s in some)} | {sum(s.findings for s in some)} | {names} | "
                f"{sum(s.drop_in for s in some)} | {refused} | "
                f"{sum(len(s.unexplained) for s in some if s.package.era == 'tf2')} |"
            )
    return "\n".join(rows) + "\n"


def spelling_table(scores: list[Score]) -> str:
    """Recall on names by how the name came in."""
    spelled: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for s in scores:
        for name, (of, found) in s.by_spelling.items():
            spelled[name] += of
            seen[name] += found
    rows = ["| import spelling | recall on names |", "|---|---|"]
    rows += [f"| {name} | {_share(seen[name], spelled[name])} |" for name in sorted(spelled)]
    return "\n".join(rows) + "\n"


def rule_table(scores: list[Score]) -> str:
    """What each rule reports, and how many of the missing names it is that finds."""
    names: Counter[str] = Counter()
    told: dict[str, Counter[str]] = {"tf1": Counter(), "tf2": Counter()}
    for s in scores:
        names.update(s.by_rule)
        told[s.package.era].update(s.findings_by_rule)
    rows = ["| rule | missing names found | findings on TF 1 packages | on TF 2 packages |",
            "|---|---|---|---|"]  # fmt: skip
    for code in sorted({*told["tf1"], *told["tf2"]}):
        rows.append(f"| {code} | {names[code]} | {told['tf1'][code]} | {told['tf2'][code]} |")
    return "\n".join(rows) + "\n"


KNOWN = "its kind was judged"  # a hint of a template and a shape of call that was judged before
VERDICTS = ("exact", "says", "incomplete", "misleading", "wrong", "gone")
HINTS = """\
## Hints

Samples of findings on the TF 1 packages (`hints.py` draws them, every code that fires at least
four times), each hint run on TF 2.21 and its call on TF 1.15.5 where they can be, its names and
arguments asked of TF 2.21, the rest read beside the code: `hint_verdicts.tsv`. `says`: it names
what it leaves out; `first`: as it was when the sample was drawn; `now`: the same places after each
kind was mended; `gone`: there is no finding any more. Of the second sample only those were judged
whose template and shape of call were new; of the third, a draw of 1,127, only the new ones are
here, which are rare kinds. So the first line of a sample is nearer to what another would show.

| seed | findings | judged | when | {head} |
|---|---|---|---|{rule}
{lines}
"""

PAGE = """\
# Accuracy

Generated by `python -m benchmarks.accuracy.report` ({versions}); not to be edited.

    python -m benchmarks.accuracy.fetch FOLDER
    python -m benchmarks.accuracy.agreement FOLDER --flake8 FLAKE8 --pylint PYLINT --out AGREEMENT
    python -m benchmarks.accuracy.rivals FOLDER --tf1 PYTHON --tf2 PYTHON --ruff RUFF
        --upgrade TF_UPGRADE_V2 --pylint PYLINT --out RIVALS
    python -m benchmarks.accuracy.report FOLDER --tf1 PYTHON --tf2 PYTHON
        --agreement AGREEMENT --rivals RIVALS --write

PYTHON is one with TensorFlow 1.15, and one with the newest TensorFlow. The packages are released
source, pinned by hash in `corpora.toml`. Those of use `look` were looked at while the rules were
written; those of use `report` were not. What they showed at first sight: 2,074 of 2,077 names and
161 of 161 refused arguments found (33 uses of a drop-in apart); 84 of 1,373 findings on their TF 2
packages wrong, or wrong in what they said, most of them since a file of the project decides which
Keras it is. That was repaired then, so the table is of the repaired linter.

- **recall on names**: of the references to public names that TF 1.15 has and the newest TF 2 lacks
  (unguarded; `oracle.py` asks both, and knows nothing of tf2lint), those with a finding at that
  place. A variable of the program that holds such a thing and is handed on is no reference.
- **drop-in**: uses of what an import (or alias) brings where changing that line is all there is to
  do, since the new package has the same names ({drop_in}). The line is reported, its uses are not;
  they are left out of the recall.
- **recall on refused**: of the keywords and positions that TF 1.15 takes and TF 2 refuses, those
  with a finding in the call.
- **unexplained**: findings on TF 2 packages that neither the oracle nor a reading of the code by
  hand (`verdicts.tsv`) justifies.

{tables}
{spelling}
{hints}
## Methods

{places} places of methods, drawn at random (`places.py` has the seed) and labelled by reading the
code around them (`places.tsv`), independent of what tf2lint says, but for one thing: four plain
calls of `apply_gradients` on a tf.train optimizer were labelled `tf1` first, and `not` after a
first scoring, since the call is the same for an optimizer of Keras and the line need not change.
Counted as misses they make the recall {strict}. A place is found where a finding stands at the
method, at an argument of the call, or at the call that makes the receiver in the same expression.
The first score was precision 1.000 and recall 0.987; the three places that were missed have been
repaired since, so that this, too, is the repaired linter.

{methods}
Places that tf2lint gets wrong:

{wrong}
## Misses

{misses}

Calls that TF 1.15 does not take either are defects of the package, not counted here:

{both}

## Front ends

Every file of every package, read by flake8, pylint, the command line and the core: places (path,
line, column, code, message) that one says and another does not.

{agreement}
## Other tools

Lines with a missing name, and the share of them that each tool says something about. The uses of a
drop-in count here, and tf2lint leaves them out: it reports the import. On packages written for
TF 2, a tool that speaks about many lines beyond those with a missing name gives much to read; what
tf2lint says there is judged below. tf_upgrade_v2 leaves a whole package at the first file that it
cannot annotate, f-strings and `:=` among them; such a package is not counted for it. pylint was run
on small packages. Seconds are of one shared machine and good for an order of magnitude.

{rivals}
## By rule

{rules}
## Defects of released packages

Findings on packages written for TF 2 at what fails under the newest TensorFlow: `missing` and
`refused` by the oracle, the rest by reading.

{defects}

## Other findings on TF 2 packages

All read by hand (`verdicts.tsv`), with what was found.

{tf2}

And places that name compat.v1, by the oracle, where the message says that it works only there; by
the package, how many of which rule:

{compat}
"""


def _strict(wrong: list[str]) -> str:
    """Recall on the labelled places if the relabelled calls were TF 1."""
    rows = places.labels()
    moved = sum(row.reason.endswith("the call is the same for one of Keras") for row in rows)
    real = sum(row.verdict == "tf1" for row in rows)
    missed = sum(line.startswith("missed") for line in wrong)
    return _ratio(real - missed, real + moved)


def page(
    scores: list[Score], methods: dict[str, PlaceScore], wrong: list[str], why: dict[str, str],
    versions: str, agreement: str, rivals: str,
) -> str:  # fmt: skip
    """RESULTS.md: `why` has the reasons of misses, the last two what the other modules wrote."""

    def listed(lines: Iterable[str]) -> str:
        return "\n".join(f"- `{line}`" for line in lines) or "none"

    misses = [
        f"- `{m}`: {why.get(m, 'not explained')}" for s in scores for m in s.misses
    ]  # fmt: skip
    tf2 = [s for s in scores if s.package.era == "tf2"]
    told = [line for s in tf2 for line in (*s.explained, *s.unexplained)]
    defects = [line for line in told if line.startswith(DEFECT)]
    return PAGE.format(
        versions=versions,
        drop_in=", ".join(f"{old[11:]} → {new}" for old, new in DROP_IN.items()),
        tables=tables(scores),
        spelling=spelling_table(scores),
        hints=hints_part(),
        places=len(places.labels()),
        strict=_strict(wrong),
        methods=places_table(methods),
        wrong=listed(wrong),
        misses="\n".join(misses) or "none",
        both=listed(line for s in scores for line in s.refused_by_both),
        agreement=agreement or "Not measured this time.\n",
        rivals=rivals or "Not measured this time.\n",
        rules=rule_table(scores),
        defects=listed(defects),
        compat=_compat(tf2),
        tf2=listed(line for line in told if line not in set(defects)),
    )


def hints_part() -> str:
    """The part on hints, of `hint_verdicts.tsv`."""
    text = Path(__file__).with_name("hint_verdicts.tsv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    lines = []
    for seed in dict.fromkeys(row["seed"] for row in rows):
        of = [row for row in rows if row["seed"] == seed]
        new = sum(row["how"] != KNOWN for row in of)
        for when in ("first", "now"):
            counts = Counter(row[when] for row in of)
            cells = [f"{counts[kind]} ({100 * counts[kind] / len(of):.1f} %)" for kind in VERDICTS]
            lines.append(f"| {seed} | {len(of)} | {new} | {when} | {' | '.join(cells)} |")
    return HINTS.format(
        head=" | ".join(VERDICTS), rule="---|" * len(VERDICTS), lines="\n".join(lines)
    )


def with_hints(results: str) -> str:
    """RESULTS.md with its part on hints made anew."""
    before, _, after = results.partition("## Methods\n")
    before = before.partition("## Hints\n")[0]
    return f"{before}{hints_part()}\n## Methods\n{after}"


def _compat(scores: list[Score]) -> str:
    rows = []
    for s in scores:
        if s.compat:
            rules = ", ".join(f"{code} {n}" for code, n in s.compat.most_common())
            rows.append(f"- {s.package.folder}, {s.compat.total()}: {rules}")
    return "\n".join(rows) or "none"


README_TEXT = (
    "The packages that were not looked at had 2,074 of 2,077 names found at first sight; what they "
    "showed was repaired. On {places} places of methods (`sess.run`, `minimize`, `.value` ...), "
    "drawn at random and labelled by hand, precision is {precision} and recall {recall} (1.000 and "
    "0.987 before what was missed there was repaired). Something is said about the lines with a "
    "missing name in the TF 1 packages by {rivals}; tf2lint leaves out the uses of drop-ins, whose "
    "import it reports. flake8, pylint and the command line say the same on all {files} files."
)


def readme_part(results: str) -> str:
    """What the README says of accuracy, from RESULTS.md alone."""
    rows = [
        "| packages | how many | lines | findings | names that TF 2 lacks, found | "
        "refused arguments, found | findings without a reason |",
        "|---|---|---|---|---|---|---|",
    ]
    era = {p.folder: p.era for p in packages()}
    table = [row for row in _rows(results, "| package | use |") if row[0] in era]
    for one, use in (("tf1", "look"), ("tf1", "report"), ("tf2", "look"), ("tf2", "report")):
        some = [row for row in table if era[row[0]] == one and row[1] == use]
        seen = "looked at while writing" if use == "look" else "not looked at"
        unexplained = sum(int(row[8]) for row in some) if one == "tf2" else "–"
        rows.append(
            f"| {one.upper().replace('F', 'F ')}, {seen} | {len(some)} | {_sum(some, 3)} | "
            f"{_sum(some, 4)} | {_found(some, 5)} | {_found(some, 7)} | {unexplained} |"
        )
    methods = _rows(results, "| method |")[-1]
    rivals = results.partition("## Other tools")[2].partition("Packages written for TF 2")[0]
    [head] = [line for line in rivals.splitlines() if line.startswith("| package |")]
    tools = [cell.strip() for cell in head.strip("| ").split("|")][2:]
    shares = [cell.partition(" ")[0] for cell in _rows(rivals, "| package |")[-1][2:]]
    said = [f"{tool} {share}" for tool, share in zip(tools, shares, strict=True)
            if not tool.startswith("pylint")]  # fmt: skip
    agreed = _rows(results.partition("## Front ends")[2], "| package |")[-1]
    text = README_TEXT.format(
        places=int(methods[1]) + int(methods[3]), precision=methods[5], recall=methods[6],
        rivals=f"{', '.join(said[:-1])} and {said[-1]}", files=f"{int(agreed[1]):,}",
    )  # fmt: skip
    return "\n".join([*rows, "", *textwrap.wrap(text, 99), ""])


def with_part(readme: str, part: str) -> str:
    """`readme` with `part` between its marks."""
    before, mark, rest = readme.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    return f"{before}{mark}\n{part}{end}{after}"


def _rows(text: str, head: str) -> list[list[str]]:
    """The cells of the table whose first line starts with `head`."""
    lines = text[text.index(head) :].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _sum(rows: list[list[str]], place: int) -> str:
    return f"{sum(int(row[place]) for row in rows):,}"


def _found(rows: list[list[str]], place: int) -> str:
    shares = [row[place].split()[0].split("/") for row in rows if "/" in row[place]]
    found, of = (sum(int(share[n]) for share in shares) for n in (0, 1))
    return f"{found:,} of {of:,}" if of else "–"
