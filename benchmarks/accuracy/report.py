"""Recall and precision of tf2lint on real packages, against the oracle.

    python -m benchmarks.accuracy.report FOLDER --tf1 PYTHON --tf2 PYTHON [--use look|report]
        [--write]

FOLDER is where `fetch` unpacked the corpora; `--tf1` and `--tf2` are Pythons with TensorFlow
1.15 and the newest TensorFlow. The oracle's answers are kept in FOLDER/oracle/. `--write` puts
the tables into benchmarks/accuracy/RESULTS.md.

recall on names   of the references to names that the newest TF 2 lacks and TF 1.15 has,
                  unguarded and public: the share with a finding at that place
recall on refused of the keywords and positions that a TF 2 function refuses: the share with
                  a finding at the argument, or on the function as a whole
unexplained       findings on TF 2 packages that neither the oracle nor `verdicts.tsv` (read by
                  hand) justifies
"""

from __future__ import annotations

import argparse
import ast
import datetime
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tf2lint
from benchmarks.accuracy import places
from benchmarks.accuracy.fetch import Package, packages
from tf2lint.engine import check
from tf2lint.finding import Finding
from tf2lint.options import Options
from tf2lint.source import Source

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
VERDICTS = HERE / "verdicts.tsv"
PRIVATE = ("tensorflow.python", "tensorflow.core", "tensorflow.compiler", "tensorflow.tools",
           "tensorflow_core", "tensorflow._api")  # fmt: skip
ASK = """
import inspect, json, os, sys, warnings, importlib
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")
import tensorflow as tf
def look(dotted):
    value = tf
    at = "tensorflow"
    for part in dotted.split(".")[1:]:
        at += "." + part
        try:
            value = getattr(value, part)
        except Exception:
            try:
                value = importlib.import_module(at)
            except Exception:
                return None, None
    return ("name" if inspect.ismodule(value) or callable(value) else "value"), value
def takes(dotted, which):
    kind, value = look(dotted)
    if kind != "name":
        return ""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    places = list(signature.parameters.values())
    if which.startswith("position "):
        many = sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in places)
        free = any(p.kind is p.VAR_POSITIONAL for p in places)
        return "taken" if free or many > int(which.split()[1]) else ""
    free = any(p.kind is p.VAR_KEYWORD for p in places)
    return "taken" if free or which in signature.parameters else ""
answers = []
for question in json.load(sys.stdin):
    name, _, which = question.partition("(")
    answers.append(takes(name, which) if which else look(name)[0] or "")
print(json.dumps(answers))
"""
# Names whose TF 1 home was a copy of another package: there changing the import is all, and
# the finding at the import says so. Their uses are counted apart.
DROP_IN = {
    "tensorflow.app": "absl.app",
    "tensorflow.flags": "absl.flags",
    "tensorflow.logging": "absl.logging",
    "tensorflow.contrib.cluster_resolver": "tensorflow.distribute.cluster_resolver",
    "tensorflow.contrib.framework.nest": "tensorflow.nest",
    "tensorflow.contrib.distributions": "tensorflow_probability.distributions",
    "tensorflow.contrib.distributions.bijectors": "tensorflow_probability.bijectors",
}
Row = dict[str, Any]


@dataclass
class Score:
    """Counts of one package."""

    package: Package
    files: int = 0
    lines: int = 0
    findings: int = 0
    names: int = 0
    names_found: int = 0
    refused: int = 0
    refused_found: int = 0
    drop_in: int = 0
    refused_by_both: list[str] = field(default_factory=list)
    by_rule: Counter[str] = field(default_factory=Counter)
    findings_by_rule: Counter[str] = field(default_factory=Counter)
    compat: int = 0
    misses: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    by_spelling: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


def oracle_rows(package: Package, folder: Path, tf2: str) -> list[Row]:
    """The oracle's rows for `package`, kept between runs of the same oracle."""
    asked = hashlib.sha256((HERE / "oracle.py").read_bytes()).hexdigest()[:12]
    kept = folder / "oracle" / f"{package.folder}.{asked}.jsonl"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        done = subprocess.run(
            [tf2, str(HERE / "oracle.py"), package.folder], cwd=folder, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        kept.write_text(done.stdout)
    with kept.open() as lines:
        return [json.loads(line) for line in lines]


def in_tf1(questions: Iterable[str], folder: Path, tf1: str) -> dict[str, str]:
    """What TF 1.15 says; answers are kept between runs.

    A question is a dotted name, answered with `name` (a module or something that can be
    called), `value` or nothing; or `name(keyword` or `name(position n`: `taken` or nothing.
    """
    kept = folder / "oracle" / "tf1.json"
    known: dict[str, str] = json.loads(kept.read_text()) if kept.exists() else {}
    new = sorted(set(questions) - set(known))
    if new:
        done = subprocess.run(
            [tf1, "-c", ASK], input=json.dumps(new), capture_output=True, text=True, check=True,
        )  # fmt: skip
        known.update(zip(new, json.loads(done.stdout.splitlines()[-1]), strict=True))
        kept.write_text(json.dumps(known))
    return known


def sources(folder: Path) -> Iterator[tuple[str, Source]]:
    """(path below the corpora's folder, source) of every file that parses."""
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".py"):
                path = Path(base, name)
                try:
                    with path.open(encoding="utf-8", newline="") as file:
                        source = Source(file.read(), str(path), path=str(path))
                    ast.parse(source.text)
                except (SyntaxError, UnicodeDecodeError, ValueError):
                    continue
                yield str(path), source


def score(package: Package, folder: Path, tf1: str, tf2: str) -> Score:
    """Lint `package` and hold it against the oracle."""
    result = Score(package)
    rows = oracle_rows(package, folder, tf2)
    old = in_tf1(questions(rows), folder, tf1)
    by_path: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_path[row["path"]].append(row)
    verdicts = hand_verdicts()
    for path, source in sources(folder / package.folder):
        shown = os.path.relpath(path, folder)
        result.files += 1
        result.lines += len(source.lines)
        findings = check(source, Options())
        result.findings += len(findings)
        result.findings_by_rule.update(f.code for f in findings)
        _names(result, by_path[shown], findings, old, source)
        _refused(result, by_path[shown], findings, old)
        if package.era == "tf2":
            _judge(result, shown, by_path[shown], findings, verdicts)
    return result


def _tf1_name(dotted: str) -> str:
    return dotted.replace("tensorflow.compat.v1", "tensorflow", 1)


def _covers(finding: Finding, line: int, column: int) -> bool:
    start, end = (finding.line, finding.column), (finding.end_line, finding.end_column)
    return start <= (line, column) < end


def _found(findings: list[Finding], line: int, column: int) -> bool:
    return any(_covers(f, line, column) for f in findings)


def wanted(rows: list[Row], old: dict[str, str], source: Source) -> Iterator[Row]:
    """The references that have to be found: public names, missing in TF 2, there in TF 1."""
    for row in rows:
        if row["verdict"] != "missing" or row["guarded"] or row["dotted"].startswith(PRIVATE):
            continue
        if not old.get(_tf1_name(row["dotted"])):
            continue
        if row["spelled"] == "alias" and not _is_called(row) and _is_bare(row, source):
            continue  # a variable of the program that is handed on: its making is the place
        yield row


def _is_called(row: Row) -> bool:
    return bool((row["call_end_line"], row["call_end_column"])
                != (row["end_line"], row["end_column"]))  # fmt: skip


def _names(
    result: Score, rows: list[Row], findings: list[Finding], old: dict[str, str], source: Source
) -> None:
    for row in wanted(rows, old, source):
        found = [f for f in findings if _covers(f, row["line"], row["column"])]
        if not found and _is_dropped_in(row, rows, findings):
            result.drop_in += 1
            continue
        result.names += 1
        result.names_found += bool(found)
        for finding in found[:1]:
            result.by_rule[finding.code] += 1
        spelled = result.by_spelling[row["spelled"]]
        spelled[0] += 1
        spelled[1] += bool(found)
        if not found:
            result.misses.append(f"{row['path']}:{row['line']}:{row['column'] + 1} {row['dotted']}")


def _is_bare(row: Row, source: Source) -> bool:
    """Whether the reference is one name, without a dot."""
    if row["line"] != row["end_line"]:
        return False
    text = source.lines[row["line"] - 1].encode()[row["column"] : row["end_column"]]
    return b"." not in text


def _is_dropped_in(row: Row, rows: list[Row], findings: list[Finding]) -> bool:
    """Whether all there is to change is the import or the alias, and that is reported."""
    parts = row["dotted"].replace(".compat.v1", "").split(".")
    if not any(".".join(parts[:n]) in DROP_IN for n in range(2, len(parts) + 1)):
        return False
    return any(
        other is not row and row["dotted"].startswith(other["dotted"])
        and other["line"] < row["line"] and _found(findings, other["line"], other["column"])
        for other in rows
    )  # fmt: skip


def questions(rows: list[Row]) -> Iterator[str]:
    """What is to be asked of TF 1 about `rows`; see `in_tf1`."""
    for row in rows:
        name = _tf1_name(row["dotted"])
        if row["verdict"] == "missing":
            yield name
        for which in row["refused"] or ():
            yield f"{name}({which}"


def _refused(result: Score, rows: list[Row], findings: list[Finding], old: dict[str, str]) -> None:
    for row in rows:
        if not row["refused"] or row["guarded"] or row["dotted"].startswith(PRIVATE):
            continue
        start = (row["line"], row["column"])
        end = (row["call_end_line"], row["call_end_column"])
        seen = any(start <= (f.line, f.column) < end for f in findings)
        for which in row["refused"]:
            place = f"{row['path']}:{row['line']}:{row['column'] + 1} {row['dotted']}({which})"
            if not old.get(f"{_tf1_name(row['dotted'])}({which}"):
                result.refused_by_both.append(place)
                continue
            result.refused += 1
            result.refused_found += seen
            if not seen:
                result.misses.append(place)


def hand_verdicts() -> dict[tuple[str, str], str]:
    """Findings read by hand: (path:line, code) to the verdict and its reason."""
    if not VERDICTS.exists():
        return {}
    found: dict[tuple[str, str], str] = {}
    for line in VERDICTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            place, code, verdict = line.split("\t", 2)
            found[place, code] = verdict
    return found


def hand_misses() -> dict[str, str]:
    """Misses and why they are; from `verdicts.tsv`, rows with the code `miss`."""
    found = {}
    if VERDICTS.exists():
        for line in VERDICTS.read_text(encoding="utf-8").splitlines():
            place, _, rest = line.partition("\tmiss\t")
            if rest:
                found[place] = rest
    return found


def _judge(
    result: Score, path: str, rows: list[Row], findings: list[Finding],
    verdicts: dict[tuple[str, str], str],
) -> None:  # fmt: skip
    for finding in findings:
        text = f"{path}:{finding.line}:{finding.column + 1} {finding.code} {finding.message}"
        here = [r for r in rows if _covers(finding, r["line"], r["column"])]
        verdict = verdicts.get((f"{path}:{finding.line}", finding.code), "")
        at = (finding.line, finding.column)
        if any(r["verdict"] == "missing" for r in here):
            result.explained.append(f"missing: {text}")
        elif any(
            r["refused"]
            and (r["line"], r["column"]) <= at < (r["call_end_line"], r["call_end_column"])
            for r in rows
        ):
            result.explained.append(f"refused: {text}")
        elif finding.status == "compat":
            result.compat += 1
        elif verdict.startswith("right"):
            result.explained.append(f"{verdict.replace(chr(9), ', ')}: {text}")
        else:
            result.unexplained.append(f"{verdict.replace(chr(9), ', ') or 'unread'}: {text}")


@dataclass
class PlaceScore:
    """The labelled places of one method: found and not, by what they are."""

    found: int = 0
    missed: int = 0
    wrong: int = 0
    silent: int = 0


def on_places(folder: Path) -> tuple[dict[str, PlaceScore], list[str]]:
    """Scores by method, and the places that tf2lint gets wrong.

    A place counts as found where a finding stands at its expression: at the method, at an
    argument of the call, or at the call that makes its receiver, as in
    `tf.train.AdamOptimizer(1e-3).minimize(loss)`, where one message speaks for both.
    """
    scores: dict[str, PlaceScore] = defaultdict(PlaceScore)
    wrong: list[str] = []
    found_in: dict[Path, tuple[Source, list[Finding]]] = {}
    for label in places.labels():
        place = label.place
        path = folder / place.package / place.path
        if not path.exists():
            continue
        if path not in found_in:
            source = Source(path.read_text(encoding="utf-8"), str(path), path=str(path))
            found_in[path] = source, check(source, Options())
        source, findings = found_in[path]
        spots = _spots(source, place)
        seen = [f for f in findings if (f.line, f.column) in spots]
        mine = scores[place.method]
        told = f"{place.package}/{place.path}:{place.line}:{place.column} {place.method}"
        if label.verdict == "tf1":
            mine.found += bool(seen)
            mine.missed += not seen
            if not seen:
                wrong.append(f"missed {told}: {label.reason}")
        else:
            mine.wrong += bool(seen)
            mine.silent += not seen
            if seen:
                codes = ", ".join(sorted({f.code for f in seen}))
                wrong.append(f"wrong {told} ({codes}): {label.reason}")
    return scores, wrong


def _spots(source: Source, place: places.Place) -> set[tuple[int, int]]:
    """Where a finding on `place` may start: its expression, or an argument of its call."""
    at = (place.line, place.column - 1)
    spots = {at}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or (node.lineno, node.col_offset) != at:
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == place.method:
            given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
            spots |= {(a.lineno, a.col_offset) for a in given}
    return spots


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


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Accuracy on real packages.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tf1", required=True)
    parser.add_argument("--tf2", required=True)
    parser.add_argument("--use", choices=["look", "report"], default="")
    parser.add_argument("--package", default="")
    parser.add_argument("--write", action="store_true")
    parser.add_argument(
        "--agreement", type=Path, help="what benchmarks.accuracy.agreement --out wrote"
    )
    parser.add_argument("--rivals", type=Path, help="what benchmarks.accuracy.rivals --out wrote")
    options = parser.parse_args()
    scores: list[Score] = []
    for package in packages(options.use):
        if options.package in package.folder and (options.folder / package.folder).exists():
            scores.append(score(package, options.folder, options.tf1, options.tf2))
            for line in scores[-1].misses:
                print("miss", line)
            for line in scores[-1].unexplained:
                print("unexplained", line)
    found, wrong = on_places(options.folder)
    for line in wrong:
        print("place", line)
    print(tables(scores), spelling_table(scores), places_table(found), sep="\n")
    if options.write:
        beside = [
            text.read_text(encoding="utf-8") if text else "" for text in (options.agreement,
                                                                           options.rivals)
        ]  # fmt: skip
        versions = _versions(options.tf1, options.tf2)
        RESULTS.write_text(
            _page(scores, places_table(found), wrong, versions, *beside), encoding="utf-8"
        )
    return 0


def _versions(tf1: str, tf2: str) -> str:
    asked = "import tensorflow as tf, sys; print(tf.__version__, sys.version.split()[0])"
    out = []
    for python in (tf1, tf2):
        done = subprocess.run(
            [python, "-c", asked], capture_output=True, text=True, check=True,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        )  # fmt: skip
        tensorflow, version = done.stdout.split()[-2:]
        out.append(f"TensorFlow {tensorflow} (Python {version})")
    return f"tf2lint {tf2lint.__version__}, {', '.join(out)}, {datetime.date.today()}"


PAGE = """\
# Accuracy

Generated by `python -m benchmarks.accuracy.report` ({versions}); not to be edited.

    python -m benchmarks.accuracy.fetch FOLDER
    python -m benchmarks.accuracy.report FOLDER --tf1 PYTHON --tf2 PYTHON --write

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
## Methods

{places} places of methods, drawn at random (`places.py` has the seed) and labelled by reading the
code around them (`places.tsv`), independent of what tf2lint says, but for one thing: four plain
calls of `apply_gradients` on a tf.train optimizer were labelled `tf1` first, and `not` after a
first scoring, since the call is the same for an optimizer of Keras and the line need not change.
Counted as misses they make the recall {strict}. A place is found where a finding stands at the
method, at an argument of the call, or at the call that makes the receiver in the same expression.

{methods}
{wrong}
## Misses

{misses}

Calls that TF 1.15 does not take either are defects of the package, not counted here:

{both}

## Front ends

Same (path, line, code) from flake8, pylint, the command line and the core
(`python -m benchmarks.accuracy.agreement`):

{agreement}
## Other tools

Share of the lines with a missing name that each tool says something about, on the TF 1 packages
(`python -m benchmarks.accuracy.rivals`). The uses of a drop-in count here, and tf2lint leaves them
out. pylint was run on two small packages. Seconds are of one shared machine and good for an order
of magnitude.

{rivals}
## By rule

{rules}
## Findings on TF 2 packages

What tf2lint reports in packages that are written for TF 2: `missing` the oracle says, `refused` it
says of an argument, and the rest was read. Places that name compat.v1, where the message says that
it works only there, are counted alone: {compat}.

{tf2}
"""


def _strict(wrong: list[str]) -> str:
    """Recall on the labelled places if the relabelled calls were TF 1."""
    rows = places.labels()
    moved = sum(row.reason.endswith("the call is the same for one of Keras") for row in rows)
    real = sum(row.verdict == "tf1" for row in rows)
    missed = sum(line.startswith("missed") for line in wrong)
    return _ratio(real - missed, real + moved)


def _page(
    scores: list[Score], methods: str, wrong: list[str], versions: str, agreement: str,
    rivals: str,
) -> str:  # fmt: skip
    def listed(lines: Iterable[str]) -> str:
        return "\n".join(f"- `{line}`" for line in lines) or "none"

    why = hand_misses()
    misses = [
        f"- `{m}`: {why.get(m, 'not explained')}" for s in scores for m in s.misses
    ]  # fmt: skip
    tf2 = [s for s in scores if s.package.era == "tf2"]
    return PAGE.format(
        versions=versions,
        drop_in=", ".join(f"{old[11:]} → {new}" for old, new in DROP_IN.items()),
        tables=tables(scores),
        spelling=spelling_table(scores),
        places=len(places.labels()),
        strict=_strict(wrong),
        methods=methods,
        wrong=listed(wrong) + "\n",
        misses="\n".join(misses) or "none",
        both=listed(line for s in scores for line in s.refused_by_both),
        agreement=agreement,
        rivals=rivals,
        rules=rule_table(scores),
        compat=sum(s.compat for s in tf2),
        tf2=listed(line for s in tf2 for line in (*s.explained, *s.unexplained)),
    )


if __name__ == "__main__":
    sys.exit(main())
