"""Proves fixes by running them: before on TF 1.15, after on the newest TF 2, same numbers.

    python -m tools.verify_fixes --tf1 PYTHON --tf2 PYTHON [--only TEXT] [--write]

`--tf1` and `--tf2` are Pythons with the two TensorFlows installed. Every case of
`tools/fix_cases.toml` is a program that leaves its numbers in `result`. It runs on TF 1 as it
is (graph and session, variables initialised), is fixed by tf2lint, and the fixed form runs on
TF 2 (eager), once with Keras 3 and once with tf_keras. What is compared is `result`, entry by
entry, within the case's tolerance.
`--write` writes `tf2lint/fixes/proofs.txt`, the kinds of edits that may be called safe, and
`docs/fix-proofs.md`. Exit status 1 where a case fails.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from tf2lint.check.engine import check
from tf2lint.fixes.fixer import fix
from tf2lint.options import Options
from tf2lint.source import Source
from tf2lint.tensorflow import api

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tools" / "fix_cases.toml"
PROOFS = ROOT / "tf2lint" / "fixes" / "proofs.txt"
PAGE = ROOT / "docs" / "fix-proofs.md"
PROGRAMS = ROOT / "tests" / "fix" / "programs"
SCRIPTS = 1e-4  # the same for losses after many steps
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
    code = compile(program, "case", "exec")
    if given["alone"]:  # a script that runs its own sessions
        names = {"__name__": "__main__"}
        exec(code, names)
        return plain(names["result"])
    names = {"__name__": "case"}
    if not one and not given["graph"]:
        # Random operations go on where an equal one stopped; every program starts anew.
        from tensorflow.python.eager import context
        context.context().clear_kernel_cache()
        exec(code, names)
        return plain(names["result"])
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        exec(code, names)
        session.run([tf.compat.v1.global_variables_initializer(),
                     tf.compat.v1.local_variables_initializer(),
                     tf.compat.v1.tables_initializer()])
        return plain(fetched(session, names["result"]))

GIVEN, TAKEN = sys.argv[1:]
sys.argv[1:] = []
given = json.load(open(GIVEN))
if given["graph"]:
    tf.compat.v1.disable_v2_behavior()

def forked(work, program):
    # What `work` says in a process of its own, in which nothing has run before.
    read, write = os.pipe()
    if not os.fork():
        os.close(read)
        with os.fdopen(write, "w") as out:
            json.dump(work(program), out)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as answer:
        text = answer.read()
    os.wait()
    return json.loads(text) if text else {"error": "no answer"}

def answer(program):
    os.chdir(os.environ["TF2LINT_SCRATCH"])
    try:
        return {"result": run(program)}
    except Exception as error:
        return {"error": "%s: %s" % (type(error).__name__, str(error)[:300])}

def found(name):
    value = tf
    for part in name.split(".")[1:]:
        value = getattr(value, part, None)
    return value

def is_same(old, new):
    if one:
        return found(new) is None or found(old) is found(new)
    return found(new) is not None and found(old.replace("tf.", "tf.compat.v1.", 1)) is found(new)

same = [is_same(old, new) for old, new in given["names"]]
answers = [forked(answer, p) if given["alone"] else answer(p) for p in given["programs"]]
json.dump({"version": tf.__version__, "answers": answers, "same": same}, open(TAKEN, "w"))
"""


@dataclass(frozen=True)
class Case:
    """One program; `tolerance` is the largest difference allowed.

    `to` is what it is fixed to; `leaves` says that the fixed form still has findings of
    what TF 2 lacks. A `script` opens its own sessions. With `unsafe`, a reason, the kinds of
    edits are not proven by it: the numbers are the same here, but that is not all that counts.
    That goes for the kinds with the text `doubted` in them, where that is given. The fixed form
    runs with Keras 3 and with tf_keras, or with the one that `keras` says. With `eager`, a reason,
    the kinds are not proven in graphs.
    """

    name: str
    program: str
    tolerance: float = TOLERANCE
    to: str = "tf2"
    leaves: bool = False
    script: bool = False
    unsafe: str = ""
    doubted: str = ""
    keras: int = 0
    eager: str = ""

    @property
    def options(self) -> Options:
        """What the project says of itself."""
        return Options(keras=2 if self.keras == 2 else 0)

    def refuted(self, kinds: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of `kinds`, used by its fix, that it says are not safe."""
        return {kind for kind in kinds if self.unsafe and self.doubted in kind[1]}


@dataclass(frozen=True)
class Outcome:
    """What came of a case: the kinds that its fix used, and the difference or what went wrong."""

    case: Case
    kinds: tuple[tuple[str, str], ...]
    fixed: str
    difference: float = math.nan
    wrong: str = ""
    in_graph: bool | None = None  # whether the numbers are the same in a graph of compat.v1, too


def cases() -> list[Case]:
    """All cases of the data file.

    Those of a group are one expression a line, between its `setup` and its `rest`; `name` is
    what the expression is called there.
    """
    data = tomllib.loads(CASES.read_text(encoding="utf-8"))
    found = [Case(**row) for row in data.get("case", [])]
    for path in sorted(PROGRAMS.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Case(path.stem, text, SCRIPTS, "compat-v1", leaves=True, script=True))
    for group in data.get("group", []):
        for name, expression in group["expressions"].items():
            given = f"{group.get('name', 'result')} = {expression}"
            program = f"{group['setup'].rstrip()}\n{given}\n{group.get('rest', '').lstrip()}"
            tolerance = group.get("tolerance", TOLERANCE)
            told = {
                key: group[key]
                for key in ("to", "leaves", "unsafe", "doubted", "keras", "eager")
                if key in group
            }
            found.append(Case(name, program, tolerance, **told))
    names = [case.name for case in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"{CASES.name}: twice: {', '.join(sorted(twice))}")
    return found


def fixed_form(case: Case) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """The fixed program, the kinds of the edits used, and what went wrong."""
    done = fix(case.program, case.name, case.options, case.to, unsafe=True)
    if done.refused:
        return case.program, (), done.refused
    if not done.fixed:
        return case.program, (), "nothing to fix"
    left = [finding for finding in done.left if finding.status == "removed"]
    if left and not case.leaves:
        return done.text, (), f"left: {left[0].message}"
    return done.text, tuple(sorted(done.kinds)), ""


def renames() -> list[tuple[str, str, str, str]]:
    """Every (code, kind, symbol, new name) of an edit that only changes the name of a symbol."""
    found: list[tuple[str, str, str, str]] = []
    for symbol in tf1_names():
        text = f"import tensorflow as tf\nvalue = {symbol}\n"
        for finding in check(Source(text), Options(edits="tf2")):
            hint = finding.hint
            if hint is not None and hint.edits and finding.symbol == symbol:
                new = hint.kind.rpartition(" -> ")[2]
                if hint.kind == f"{symbol} -> {new}" and new.replace(".", "").isidentifier():
                    found.append((finding.code, hint.kind, symbol, new))
    return found


def tf1_names() -> list[str]:
    """Every public name of TF 1.15 outside of contrib."""
    names: list[str] = []
    todo = ["tf"]
    while todo:
        name = todo.pop()
        for child in api.children(name):
            full = f"{name}.{child}"
            symbol = api.symbol(full)
            if symbol is None or full == "tf.contrib":
                continue
            if symbol.kind == "module":
                todo.append(full)
            elif symbol.tf1:
                names.append(full)
    return sorted(set(names))


class Answer(NamedTuple):
    """What one TensorFlow said: its version, an answer for each program, same for each pair."""

    version: str
    programs: list[dict[str, object]]
    same: list[bool]


def run(
    python: str,
    programs: list[str],
    names: Sequence[tuple[str, str]] = (),
    alone: bool = False,
    graph: bool = False,
    keras: int = 3,
) -> Answer:
    """Run `programs` in one process; ask whether each two of `names` are one object.

    With `alone` they are scripts that open their own sessions, each forked; with `graph` each is
    run in a graph of compat.v1. `keras` is what `tf.keras` is.
    """
    with tempfile.TemporaryDirectory() as name:
        given, taken = Path(name, "in.json"), Path(name, "out.json")
        runner = Path(name, "runner.py")
        given.write_text(
            json.dumps({"programs": programs, "names": names, "alone": alone, "graph": graph}),
            encoding="utf-8",
        )
        runner.write_text(RUNNER, encoding="utf-8")
        scratch = Path(name, "scratch")
        scratch.mkdir()
        done = subprocess.run(
            [python, str(runner), str(given), str(taken)],
            env={"TF2LINT_SCRATCH": str(scratch), "TF_USE_LEGACY_KERAS": str(int(keras == 2))},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if not taken.exists():
            raise SystemExit(f"{python}: {done.stderr.strip()[-400:]}")
        answer = json.loads(taken.read_text())
        return Answer(answer["version"], answer["answers"], answer["same"])


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


@dataclass(frozen=True)
class Verdict:
    """What came of a whole run; `renamed` are the (code, kind) of names of one object."""

    tf1: str
    tf2: str
    outcomes: list[Outcome]
    renamed: list[tuple[str, str]]


def verify(tf1: str, tf2: str, chosen: Iterable[Case]) -> Verdict:
    """Run `chosen` on both TensorFlows."""
    chosen = list(chosen)
    forms = [fixed_form(case) for case in chosen]
    pairs = renames()
    names = [(old, new) for _, _, old, new in pairs]
    version1, same1, before_all = _answers(tf1, chosen, [case.program for case in chosen], names)
    texts = [text for text, _, _ in forms]
    in_3, in_2 = ([case.keras in (0, keras) for case in chosen] for keras in (3, 2))
    version2, same2, after_3 = _answers(tf2, _of(chosen, in_3), _of(texts, in_3), names)
    after_2 = _answers(tf2, _of(chosen, in_2), _of(texts, in_2), [], keras=2)[2]
    by_keras = [(iter(after_3), "TF 2"), (iter(after_2), "TF 2 with tf_keras")]
    # A program that is whole in TF 2 may be a part of one that goes through compat.v1.
    graphs = iter(run(tf2, _of(texts, [not case.script for case in chosen]), graph=True).programs)
    outcomes: list[Outcome] = []
    answers = zip(chosen, forms, before_all, zip(in_3, in_2, strict=True), strict=True)
    for case, (text, kinds, wrong), before, taken in answers:
        after = [(next(answer), where) for answer, where in _of(by_keras, taken)]
        graph = after[0][0] if case.script else next(graphs)
        gaps = [_gap(before, answer, where) for answer, where in after]
        gap = max(gap for gap, _ in gaps)
        wrong = wrong or next((error for _, error in gaps if error), "")
        if not wrong and gap > case.tolerance:
            wrong = f"differs by {gap:.3g}, more than {case.tolerance:g}"
        in_graph = None
        if not wrong and not (case.script and case.to == "tf2"):  # that one left its graph
            in_graph = not case.eager and _gap(before, graph, "")[0] <= case.tolerance
        outcomes.append(Outcome(case, kinds, text, gap, wrong, in_graph))
    renamed = [
        (code, kind)
        for (code, kind, _, _), before, after in zip(pairs, same1, same2, strict=True)
        if before and after
    ]
    return Verdict(version1, version2, outcomes, sorted(set(renamed)))


_Row = TypeVar("_Row")


def _of(rows: Iterable[_Row], kept: Iterable[bool]) -> list[_Row]:
    return [row for row, is_kept in zip(rows, kept, strict=True) if is_kept]


def _gap(before: dict[str, object], after: dict[str, object], where: str) -> tuple[float, str]:
    """The difference between two answers, or what went wrong."""
    for name, answer in (("TF 1", before), (where, after)):
        if "error" in answer:
            return math.inf, f"{name}: {answer['error']}"
    return difference(before["result"], after["result"]), ""


def _answers(
    python: str, chosen: list[Case], programs: list[str], names: list[tuple[str, str]],
    keras: int = 3,
) -> tuple[str, list[bool], list[dict[str, object]]]:  # fmt: skip
    """The version, what is the same, and an answer for each program, scripts in own processes."""
    by_script: dict[bool, list[str]] = {False: [], True: []}
    for case, program in zip(chosen, programs, strict=True):
        by_script[case.script].append(program)
    together = run(python, by_script[False], names, keras=keras)
    rest = {
        False: iter(together.programs),
        True: iter(run(python, by_script[True], alone=True, keras=keras).programs),
    }
    answers = [next(rest[case.script]) for case in chosen]
    return together.version, together.same, answers


def proofs_text(verdict: Verdict) -> str:
    """`proofs.txt`: the kinds that some case proves and none refutes."""
    bad = {kind for o in verdict.outcomes if o.wrong for kind in o.kinds}
    bad |= {kind for o in verdict.outcomes for kind in o.case.refuted(o.kinds)}
    good = {kind for o in verdict.outcomes if not o.wrong for kind in o.kinds} - bad
    graph = {kind for o in verdict.outcomes if o.in_graph for kind in o.kinds}
    graph -= {kind for o in verdict.outcomes if o.in_graph is False for kind in o.kinds}
    graph |= set(verdict.renamed)
    head = (
        "# Proven kinds of edits, written by tools/verify_fixes.py: code, tab, kind;\n"
        "# tab, graph where the numbers are the same in a graph of compat.v1, too.\n"
    )
    rows = [
        f"{code}\t{kind}" + ("\tgraph" if (code, kind) in graph else "")
        for code, kind in sorted(good | (set(verdict.renamed) - bad))
    ]
    return head + "".join(f"{row}\n" for row in rows)


def page_text(verdict: Verdict) -> str:
    """`docs/fix-proofs.md`."""
    passed = sorted((o for o in verdict.outcomes if not o.wrong), key=lambda o: o.case.name)
    rows = [
        "# Proofs of the fixes",
        "",
        "Generated by `python -m tools.verify_fixes --tf1 PYTHON --tf2 PYTHON --write`.",
        "",
        "## Programs",
        "",
        f"{len(passed)} programs ran on TensorFlow {verdict.tf1} as written (graph and session)",
        f"and on TensorFlow {verdict.tf2} as fixed (eager, unless the fixed program switches that",
        "off), with Keras 3 and again with tf_keras unless the case is of one of them; the",
        "difference is the largest one between any two numbers, relative above 1. The programs are",
        "in `tools/fix_cases.toml` and `tests/fix/programs/`.",
        "",
        "| program | fixed to | rules | kinds of edits | largest difference | allowed |",
        "|---|---|---|---|---|---|",
    ]
    for outcome in passed:
        codes = ", ".join(sorted({code for code, _ in outcome.kinds}))
        kinds = "<br>".join(f"`{kind.replace('|', '&#124;')}`" for _, kind in outcome.kinds)
        if outcome.case.unsafe:
            kinds += f"<br>still not safe: {outcome.case.unsafe}"
        rows.append(
            f"| {outcome.case.name} | {outcome.case.to} | {codes.replace('*', 'all')} | {kinds} | "
            f"{outcome.difference:.1e} | {outcome.case.tolerance:g} |"
        )
    rows += [
        "",
        "## Names of one object",
        "",
        f"{len(verdict.renamed)} edits only change the name. There the two TensorFlows were asked:",
        f"in {verdict.tf1} both names, where it has both, are one object, and in {verdict.tf2} the",
        "new name is the very object that `tf.compat.v1` has under the old one.",
        "",
        "| rule | names |",
        "|---|---|",
    ]
    rows += [f"| {code} | `{kind}` |" for code, kind in verdict.renamed]
    return "\n".join(rows) + "\n"


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Proves fixes by running them.")
    parser.add_argument("--tf1", required=True, help="a Python with TensorFlow 1.15")
    parser.add_argument("--tf2", required=True, help="a Python with the newest TensorFlow")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--write", action="store_true", help="write proofs.txt and the page")
    parser.add_argument("--show", action="store_true", help="print kinds and fixed last lines")
    options = parser.parse_args()
    chosen = [case for case in cases() if options.only in case.name]
    verdict = verify(options.tf1, options.tf2, chosen)
    outcomes = verdict.outcomes
    for outcome in outcomes:
        if outcome.wrong:
            print(f"{outcome.case.name}: {outcome.wrong}")
    failed = sum(bool(outcome.wrong) for outcome in outcomes)
    print(
        f"TensorFlow {verdict.tf1} and {verdict.tf2}: {len(outcomes) - failed} passed, "
        f"{failed} failed; {len(verdict.renamed)} names of one object"
    )
    if options.show:
        for outcome in outcomes:
            print(f"--- {outcome.case.name}: {', '.join(kind for _, kind in outcome.kinds)}")
            print(outcome.fixed.strip().rpartition("\n")[2])
    if options.write and not options.only:
        PROOFS.write_text(proofs_text(verdict), encoding="utf-8")
        PAGE.write_text(page_text(verdict), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
