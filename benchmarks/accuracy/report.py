"""Recall and precision of tf2lint on real packages, against the oracle.

    python -m benchmarks.accuracy.report FOLDER --tf1 PYTHON --tf2 PYTHON [--use look|report]
        [--agreement FILE --rivals FILE] [--write]

FOLDER is where `fetch` unpacked the corpora; `--tf1` and `--tf2` are Pythons with TensorFlow
1.15 and the newest TensorFlow. The oracle's answers are kept in FOLDER/oracle/. `--write` makes
benchmarks/accuracy/RESULTS.md, whole, and the README's part of it; for all of it give what the
modules `agreement` and `rivals` wrote with `--out`.

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
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tf2lint
from benchmarks.accuracy import page, places
from benchmarks.accuracy.fetch import Package, packages
from benchmarks.accuracy.scores import DROP_IN, PlaceScore, Score
from tf2lint.check.engine import check
from tf2lint.finding import Finding
from tf2lint.options import Options
from tf2lint.source import Source

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
VERDICTS = HERE / "verdicts.tsv"
README = HERE.parents[1] / "docs" / "how.md"
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
_COMPAT = "tensorflow.compat.v1"
Row = dict[str, Any]


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


def stale(result: Score) -> list[tuple[str, str]]:
    """Verdicts by hand on findings of the package that there are none of any more."""
    start = f"{result.package.folder}/"
    verdicts = {(place, code) for place, code in hand_verdicts() if code[:2] == "TF"}
    return sorted(v for v in verdicts - result.read if v[0].startswith(start))


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
        at = (finding.line, finding.column)
        here = [r for r in rows if _covers(finding, r["line"], r["column"])]
        calls = [r for r in rows if (r["line"], r["column"]) <= at
                 < (r["call_end_line"], r["call_end_column"])]  # fmt: skip
        verdict = verdicts.get((f"{path}:{finding.line}", finding.code), "")
        if any(r["verdict"] == "missing" for r in here):
            result.explained.append(f"missing: {text}")
        elif any(r["refused"] for r in calls):
            result.explained.append(f"refused: {text}")
        elif finding.status == "compat" and any(_COMPAT in r["dotted"] for r in here + calls):
            result.compat[finding.code] += 1
        elif verdict.startswith("right"):
            result.read.add((f"{path}:{finding.line}", finding.code))
            result.explained.append(f"{verdict.replace(chr(9), ', ')}: {text}")
        else:
            result.unexplained.append(f"{verdict.replace(chr(9), ', ') or 'unread'}: {text}")


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


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Accuracy on real packages.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tf1", required=True)
    parser.add_argument("--tf2", required=True)
    parser.add_argument("--use", choices=["look", "report"], default="")
    parser.add_argument("--package", default="")
    parser.add_argument("--write", action="store_true", help="RESULTS.md and the README's part")
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
            for place, code in stale(scores[-1]):
                print("verdict on nothing", place, code)
    found, wrong = on_places(options.folder)
    for line in wrong:
        print("place", line)
    print(page.tables(scores), page.spelling_table(scores), page.places_table(found), sep="\n")
    if options.write:
        beside = [
            text.read_text(encoding="utf-8") if text else "" for text in (options.agreement,
                                                                           options.rivals)
        ]  # fmt: skip
        versions = _versions(options.tf1, options.tf2)
        RESULTS.write_text(
            page.page(scores, found, wrong, hand_misses(), versions, *beside), encoding="utf-8"
        )
        part = page.readme_part(RESULTS.read_text(encoding="utf-8"))
        readme = README.read_text(encoding="utf-8")
        README.write_text(page.with_part(readme, part), encoding="utf-8")
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


if __name__ == "__main__":
    sys.exit(main())
