"""Proves fixes by running them: before on TF 1.15, after on the newest TF 2, same numbers.

    python -m tools.verify_fixes --tf1 PYTHON --tf2 PYTHON [--only TEXT] [--write]

`--tf1` and `--tf2` are Pythons with the two TensorFlows installed. Every case of
`tools/fix_cases.toml` is a program that leaves its numbers in `result`. It runs on TF 1 as it
is (graph and session, variables initialised), is fixed by tf2lint, and the fixed form runs on
TF 2 (eager). What is compared is `result`, entry by entry, within the case's tolerance.
`--write` writes `tf2lint/proofs.txt`, the kinds of edits that may be called safe, and
`docs/fix-proofs.md`. Exit status 1 where a case fails.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from tf2lint.engine import check
from tf2lint.fixing import fix
from tf2lint.options import Options
from tf2lint.source import Source

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tools" / "fix_cases.toml"
PROOFS = ROOT / "tf2lint" / "proofs.txt"
PAGE = ROOT / "docs" / "fix-proofs.md"
TOLERANCE = 1e-6  # largest difference allowed, absolute or relative, where a case says nothing

# Runs programs handed over as JSON, each in a graph of its own; works on both TensorFlows.
RUNNER = r"""
import json, os, sys, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
warnings.simplefilter("ignore")
import numpy as np
import tensorflow as tf
one = tf.__version__.startswith("1.")
if one:
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)

def plain(value):
    if isinstance(value, (list, tuple)) and not hasattr(value, "dtype"):
        return [plain(item) for item in value]
    if hasattr(value, "values") and hasattr(value, "indices"):
        return [plain(value.indices), plain(value.values)]
    if isinstance(value, dict):
        return [[key, plain(item)] for key, item in sorted(value.items())]
    if hasattr(value, "numpy") and not one:
        value = value.numpy()
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, (str, bool, type(None))):
        return value
    array = np.asarray(value)
    if array.dtype == object or array.dtype.kind in "SU":
        return [plain(item) for item in array.ravel().tolist()]
    if array.dtype.kind == "c":
        return plain([array.real, array.imag])
    return [list(array.shape), [float(item) for item in array.ravel()]]

def fetched(session, value):
    if isinstance(value, (list, tuple)):
        return [fetched(session, item) for item in value]
    if isinstance(value, dict):
        return {key: fetched(session, item) for key, item in value.items()}
    if isinstance(value, (tf.Tensor, tf.Variable, tf.SparseTensor, tf.Operation)):
        return session.run(value)
    return value

def run(program):
    names = {"__name__": "case"}
    code = compile(program, "case", "exec")
    if not one:
        exec(code, names)
        return plain(names["result"])
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        exec(code, names)
        session.run([tf.compat.v1.global_variables_initializer(),
                     tf.compat.v1.local_variables_initializer(),
                     tf.compat.v1.tables_initializer()])
        return plain(fetched(session, names["result"]))

answers = []
for program in json.load(open(sys.argv[1])):
    os.chdir(os.environ["TF2LINT_SCRATCH"])
    try:
        answers.append({"result": run(program)})
    except Exception as error:
        answers.append({"error": "%s: %s" % (type(error).__name__, str(error)[:300])})
json.dump({"version": tf.__version__, "answers": answers}, open(sys.argv[2], "w"))
"""


@dataclass(frozen=True)
class Case:
    """One program; `tolerance` is the largest difference allowed."""

    name: str
    program: str
    tolerance: float = TOLERANCE


@dataclass(frozen=True)
class Outcome:
    """What came of a case: the kinds that its fix used, and the difference or what went wrong."""

    case: Case
    kinds: tuple[tuple[str, str], ...]
    fixed: str
    difference: float = math.nan
    wrong: str = ""


def cases() -> list[Case]:
    """All cases of the data file; those of a `[table]` are one expression a line."""
    data = tomllib.loads(CASES.read_text(encoding="utf-8"))
    found = [Case(**row) for row in data.get("case", [])]
    for group in data.get("group", []):
        for name, expression in group["expressions"].items():
            program = f"{group['setup'].rstrip()}\nresult = {expression}\n"
            found.append(Case(name, program, group.get("tolerance", TOLERANCE)))
    names = [case.name for case in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"{CASES.name}: twice: {', '.join(sorted(twice))}")
    return found


def fixed_form(case: Case) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """The fixed program, the kinds of the edits used, and what went wrong."""
    options = Options(edits="tf2")
    kinds = {
        (f.code, f.hint.kind)
        for f in check(Source(case.program), options)
        if f.hint is not None and f.hint.edits and f.hint.kind
    }
    done = fix(case.program, case.name, options, unsafe=True)
    if done.refused:
        return case.program, (), done.refused
    if not done.fixed:
        return case.program, (), "nothing to fix"
    if done.left:
        return done.text, (), f"left: {done.left[0].message}"
    return done.text, tuple(sorted(kinds)), ""


def run(python: str, programs: list[str]) -> tuple[str, list[dict[str, object]]]:
    """(TensorFlow's version, an answer for each program), run in one process."""
    with tempfile.TemporaryDirectory() as name:
        given, taken = Path(name, "in.json"), Path(name, "out.json")
        runner = Path(name, "runner.py")
        given.write_text(json.dumps(programs), encoding="utf-8")
        runner.write_text(RUNNER, encoding="utf-8")
        scratch = Path(name, "scratch")
        scratch.mkdir()
        done = subprocess.run(
            [python, str(runner), str(given), str(taken)], env={"TF2LINT_SCRATCH": str(scratch)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if not taken.exists():
            raise SystemExit(f"{python}: {done.stderr.strip()[-400:]}")
        answer = json.loads(taken.read_text())
        return answer["version"], answer["answers"]


def difference(one: object, two: object) -> float:
    """The largest difference between two results, relative where they are large."""
    if isinstance(one, list) and isinstance(two, list):
        if len(one) != len(two):
            return math.inf
        return max((difference(a, b) for a, b in zip(one, two, strict=True)), default=0.0)
    if isinstance(one, bool) or isinstance(two, bool) or not isinstance(one, int | float):
        return 0.0 if one == two else math.inf
    if not isinstance(two, int | float):
        return math.inf
    if math.isnan(one) or math.isnan(two):
        return 0.0 if math.isnan(one) and math.isnan(two) else math.inf
    if math.isinf(one) or math.isinf(two):
        return 0.0 if one == two else math.inf
    return abs(one - two) / max(1.0, abs(one), abs(two))


def verify(tf1: str, tf2: str, chosen: Iterable[Case]) -> tuple[str, str, list[Outcome]]:
    """Run `chosen` on both; (version of TF 1, of TF 2, outcomes)."""
    chosen = list(chosen)
    forms = [fixed_form(case) for case in chosen]
    old_version, old = run(tf1, [case.program for case in chosen])
    new_version, new = run(tf2, [text for text, _, _ in forms])
    outcomes: list[Outcome] = []
    for case, (text, kinds, wrong), before, after in zip(chosen, forms, old, new, strict=True):
        if not wrong and "error" in before:
            wrong = f"TF 1: {before['error']}"
        if not wrong and "error" in after:
            wrong = f"TF 2: {after['error']}"
        gap = math.nan
        if not wrong:
            gap = difference(before["result"], after["result"])
            if gap > case.tolerance:
                wrong = f"differs by {gap:.3g}, more than {case.tolerance:g}"
        outcomes.append(Outcome(case, kinds, text, gap, wrong))
    return old_version, new_version, outcomes


def proofs_text(outcomes: Iterable[Outcome]) -> str:
    """`proofs.txt`: the kinds that some case proves and none refutes."""
    outcomes = list(outcomes)
    bad = {kind for o in outcomes if o.wrong for kind in o.kinds}
    good = {kind for o in outcomes if not o.wrong for kind in o.kinds} - bad
    head = "# Proven kinds of edits, written by tools/verify_fixes.py: code, tab, kind.\n"
    return head + "".join(f"{code}\t{kind}\n" for code, kind in sorted(good))


def page_text(old: str, new: str, outcomes: Iterable[Outcome]) -> str:
    """`docs/fix-proofs.md`."""
    rows = [
        "# Proofs of the fixes",
        "",
        "Generated by `python -m tools.verify_fixes --tf1 PYTHON --tf2 PYTHON --write`. Each case",
        f"ran on TensorFlow {old} as written (graph and session) and on TensorFlow {new} as fixed",
        "(eager); the difference is the largest one between any two numbers, relative above 1.",
        "",
        "| case | rule | largest difference | allowed |",
        "|---|---|---|---|",
    ]
    for outcome in sorted(outcomes, key=lambda o: o.case.name):
        if not outcome.wrong:
            codes = ", ".join(sorted({code for code, _ in outcome.kinds}))
            rows.append(
                f"| {outcome.case.name} | {codes} | {outcome.difference:.1e} | "
                f"{outcome.case.tolerance:g} |"
            )
    return "\n".join(rows) + "\n"


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Proves fixes by running them.")
    parser.add_argument("--tf1", required=True, help="a Python with TensorFlow 1.15")
    parser.add_argument("--tf2", required=True, help="a Python with the newest TensorFlow")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--write", action="store_true", help="write proofs.txt and the page")
    options = parser.parse_args()
    chosen = [case for case in cases() if options.only in case.name]
    old, new, outcomes = verify(options.tf1, options.tf2, chosen)
    for outcome in outcomes:
        if outcome.wrong:
            print(f"{outcome.case.name}: {outcome.wrong}")
    failed = sum(bool(outcome.wrong) for outcome in outcomes)
    print(f"TensorFlow {old} and {new}: {len(outcomes) - failed} passed, {failed} failed")
    if options.write and not options.only:
        PROOFS.write_text(proofs_text(outcomes), encoding="utf-8")
        PAGE.write_text(page_text(old, new, outcomes), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
