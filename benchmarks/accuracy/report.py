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
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
ASK_NAMES = """
import json, os, sys, warnings, importlib
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")
import tensorflow as tf
def there(dotted):
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
                return False
    return True
print(json.dumps([there(name) for name in json.load(sys.stdin)]))
"""
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
    unknown_to_tf1: int = 0
    misses: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    by_spelling: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))


def oracle_rows(package: Package, folder: Path, tf2: str) -> list[Row]:
    """The oracle's rows for `package`, kept between runs."""
    kept = folder / "oracle" / f"{package.folder}.jsonl"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        done = subprocess.run(
            [tf2, str(HERE / "oracle.py"), package.folder], cwd=folder, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        kept.write_text(done.stdout)
    with kept.open() as lines:
        return [json.loads(line) for line in lines]


def in_tf1(names: list[str], folder: Path, tf1: str) -> dict[str, bool]:
    """Whether TF 1.15 has each of `names`; answers are kept between runs."""
    kept = folder / "oracle" / "tf1.json"
    known: dict[str, bool] = json.loads(kept.read_text()) if kept.exists() else {}
    new = sorted(set(names) - set(known))
    if new:
        done = subprocess.run(
            [tf1, "-c", ASK_NAMES], input=json.dumps(new), capture_output=True, text=True,
            check=True,
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
                        yield str(path), Source(file.read(), str(path), path=str(path))
                except (SyntaxError, UnicodeDecodeError, ValueError):
                    continue


def score(package: Package, folder: Path, tf1: str, tf2: str) -> Score:
    """Lint `package` and hold it against the oracle."""
    result = Score(package)
    rows = oracle_rows(package, folder, tf2)
    missing = [r["dotted"] for r in rows if r["verdict"] == "missing"]
    old = in_tf1([_tf1_name(name) for name in missing], folder, tf1)
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
        _names(result, by_path[shown], findings, old)
        _refused(result, by_path[shown], findings)
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


def _names(result: Score, rows: list[Row], findings: list[Finding], old: dict[str, bool]) -> None:
    for row in rows:
        if row["verdict"] != "missing" or row["guarded"] or row["dotted"].startswith(PRIVATE):
            continue
        if not old.get(_tf1_name(row["dotted"])):
            result.unknown_to_tf1 += 1
            continue
        seen = _found(findings, row["line"], row["column"])
        result.names += 1
        result.names_found += seen
        spelled = result.by_spelling[row["spelled"]]
        spelled[0] += 1
        spelled[1] += seen
        if not seen:
            result.misses.append(f"{row['path']}:{row['line']}:{row['column'] + 1} {row['dotted']}")


def _refused(result: Score, rows: list[Row], findings: list[Finding]) -> None:
    for row in rows:
        if not row["refused"] or row["guarded"]:
            continue
        for which in row["refused"]:
            result.refused += 1
            start = (row["line"], row["column"])
            end = (row["call_end_line"], row["call_end_column"])
            seen = any(start <= (f.line, f.column) < end for f in findings)
            result.refused_found += seen
            if not seen:
                result.misses.append(
                    f"{row['path']}:{row['line']}:{row['column'] + 1} {row['dotted']}({which})"
                )


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


def _judge(
    result: Score, path: str, rows: list[Row], findings: list[Finding],
    verdicts: dict[tuple[str, str], str],
) -> None:  # fmt: skip
    for finding in findings:
        text = f"{path}:{finding.line}:{finding.column + 1} {finding.code} {finding.message}"
        here = [r for r in rows if _covers(finding, r["line"], r["column"])]
        verdict = verdicts.get((f"{path}:{finding.line}", finding.code), "")
        if any(r["verdict"] == "missing" for r in here) or finding.status == "compat" or any(
            r["refused"] and r["line"] <= finding.line <= r["call_end_line"] for r in rows
        ) or verdict.startswith("right"):
            result.explained.append(text)
        else:
            result.unexplained.append(text)


def _share(found: int, of: int) -> str:
    return f"{found}/{of} ({found / of:.4f})" if of else "–"


def tables(scores: list[Score]) -> str:
    """The report as Markdown."""
    rows = ["| package | use | files | lines | findings | recall on names | recall on refused | "
            "unexplained |", "|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for s in scores:
        wrong = str(len(s.unexplained)) if s.package.era == "tf2" else "–"
        rows.append(
            f"| {s.package.folder} | {s.package.use} | {s.files} | {s.lines} | {s.findings} | "
            f"{_share(s.names_found, s.names)} | {_share(s.refused_found, s.refused)} | {wrong} |"
        )
    spelled: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for s in scores:
        for name, (of, found) in s.by_spelling.items():
            spelled[name] += of
            seen[name] += found
    rows += ["", "| import spelling | recall on names |", "|---|---|"]
    rows += [f"| {name} | {_share(seen[name], spelled[name])} |" for name in sorted(spelled)]
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
    options = parser.parse_args()
    scores: list[Score] = []
    for package in packages(options.use):
        if options.package in package.folder and (options.folder / package.folder).exists():
            scores.append(score(package, options.folder, options.tf1, options.tf2))
            for line in scores[-1].misses:
                print("miss", line)
            for line in scores[-1].unexplained:
                print("unexplained", line)
    text = tables(scores)
    print(text)
    if options.write:
        RESULTS.write_text(_page(text, scores), encoding="utf-8")
    return 0


def _page(text: str, scores: list[Score]) -> str:
    lines = ["# Accuracy", "", "Generated by `python -m benchmarks.accuracy.report`.", "", text]
    lines += ["## Misses", "", *(f"- `{m}`" for s in scores for m in s.misses), ""]
    lines += ["## Findings on TF 2 packages", ""]
    lines += [f"- `{m}`" for s in scores for m in s.explained]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
