"""Measures the linter and writes RESULTS.md:

    python -m benchmarks.speed --trees keras-hub=FOLDER transformers=FOLDER:modeling_tf_*.py stdlib

The Python that runs this has to have tf2lint, flake8, pylint and ruff. Trees are copied to a
temporary folder, only files that parse, so that every tool sees the same. `--before` has another
checkout measured in the same rounds.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from benchmarks.speed import trees
from benchmarks.speed.measure import Command, Sample, interleaved, ratio, row

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PARSE = """
import ast, pathlib, sys, warnings
warnings.simplefilter("ignore")
for path in sorted(pathlib.Path(".").rglob("*.py")):
    data = path.read_bytes()
    if sys.argv[1].encode() in data:
        ast.parse(data)
"""
# flake8 takes every plugin that is installed: here its own, and ours where that is asked for.
FLAKE8 = """
import importlib.metadata as m, runpy, sys
kept = {"flake8", "pyflakes", "pycodestyle", "mccabe", sys.argv.pop(1)}
real = m.distributions
m.distributions = lambda **k: (d for d in real(**k) if d.metadata["Name"] in kept)
runpy.run_module("flake8", run_name="__main__", alter_sys=True)
"""
CHECK, JSON = "check, one job", "check as JSON"
TWO, WARM, RUFF, FLOOR = "check, two jobs", "check, second run", "ruff TID251", "ast.parse"
UPGRADE = "tf_upgrade_v2"
ALONE, WITH = "without", "with"
BEFORE = "{}, before"  # the same by another checkout


@dataclass
class Measured:
    """What came of one tree."""

    title: str
    files: int
    lines: int
    whole: dict[str, list[Sample]]  # on all of it
    flake8: dict[str, list[Sample]] = field(default_factory=dict)  # on some of its files
    pylint: dict[str, list[Sample]] = field(default_factory=dict)
    few: dict[str, int] = field(default_factory=dict)  # the lines of these
    counts: list[list[int]] = field(default_factory=list)  # as `counts` has them; before, after


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--trees", nargs="*", default=["stdlib"], metavar="NAME=FOLDER[:PATTERN]",
        help="what to measure on; `stdlib` is this Python's standard library",
    )  # fmt: skip
    parser.add_argument("--before", default="", help="another checkout to measure beside this one")
    parser.add_argument("--sizes", default="1000,4000", help="files of the made trees")
    parser.add_argument("--lines", default="25,100,400", help="parts of the one growing file")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--flake8-lines", type=int, default=8_000, help="flake8 runs on that many")
    parser.add_argument("--pylint-lines", type=int, default=500, help="and pylint on these")
    parser.add_argument("--tf-upgrade", default="", help="tf_upgrade_v2 of a TensorFlow 2")
    parser.add_argument("--upgrade-trees", nargs="*", default=["tensor2tensor"], metavar="NAME")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    args = parser.parse_args()
    args.before = args.before and os.path.abspath(args.before)
    parts = [_about(args)]
    found = []
    with tempfile.TemporaryDirectory(prefix="tf2lint-speed-") as name:
        work = Path(name)
        for tree in args.trees:
            title, _, source = tree.partition("=")
            found.append(_tree(title, source or sysconfig.get_path("stdlib"), work / title, args))
            shutil.rmtree(work / title, ignore_errors=True)
        parts += [_seconds(found), _ratios(found), _start(work, args)]
        if args.sizes:
            parts.append(_growing(work, [int(n) for n in args.sizes.split(",")], args.repeat))
        if args.lines:
            parts.append(_longer(work, [int(n) for n in args.lines.split(",")], args.repeat))
    parts.append((HERE / "WHY.md").read_text(encoding="utf-8").rstrip("\n"))
    args.out.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(args.out.read_text(encoding="utf-8"))
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _about(args: argparse.Namespace) -> str:
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("flake8", "pylint", "ruff")
    )
    shown = " ".join(_shown(word) for word in sys.argv[1:])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        "# What it costs\n\n"
        f"Made by `python -m benchmarks.speed {shown}` on {datetime.date.today()}: Python "
        f"{platform.python_version()}, {platform.system()} {platform.machine()}, {cores} cores, "
        f"load {os.getloadavg()[0]:.1f} at the start; {versions}.\n\n"
        f"Whole processes, {args.repeat} interleaved rounds after one to warm up: medians, with "
        "least and most in brackets. Ratios are of CPU time, child processes included, and taken "
        "within each round; where two jobs run, of wall time. Nothing is cached but where it says "
        "so; flake8, pylint and ruff run with no other plugin, the first two in one process."
        + (" `before → now` is another checkout in the same rounds." if args.before else "")
    )


def _shown(word: str) -> str:
    """A word of the command without the folders of this machine."""
    title, equals, folder = word.partition("=")
    if equals and os.sep in folder:
        _, colon, pattern = folder.partition(":")
        return f"{title}=...{colon}{pattern}"
    return Path(word).name if os.sep in word else word


def _python(*words: str) -> list[str]:
    return [sys.executable, *words]


def _of(checkout: str) -> dict[str, str]:
    return {"PYTHONPATH": checkout}


def _ruff() -> str:
    """The program itself: `python -m ruff` would count a start of Python."""
    found = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if found is None:
        sys.exit("there is no ruff")
    return found


def _check(*more: str, checkout: str = str(ROOT)) -> Command:
    words = _python("-m", "tf2lint", "check", "--no-gitignore", *more)
    return Command(words if more[-1].endswith(".py") else [*words, "."], env=_of(checkout))


def _tree(title: str, source: str, work: Path, args: argparse.Namespace) -> Measured:
    folder = work / "tree"
    folder.mkdir(parents=True)
    # In a process of its own: what is measured is never less than the memory of this one.
    copy = _python("-m", "benchmarks.speed.trees", *source.partition(":")[::2], str(folder))
    subprocess.run(copy, cwd=ROOT, check=True)
    files, lines = trees.size(folder)
    tensorflow = trees.has_tensorflow(folder)
    _say(f"{title}: {files} files, {lines} lines")
    upgrade = args.tf_upgrade if title in args.upgrade_trees else ""
    commands = _commands(work, upgrade, args.before, "tensorflow" if tensorflow else "")
    measured = Measured(title, files, lines, interleaved(commands, folder, args.repeat, _say))
    for host, commands_of, most in (
        ("flake8", _flake8, args.flake8_lines), ("pylint", _pylint, args.pylint_lines),
    ):  # fmt: skip
        if not most:
            continue
        some = trees.sampled(folder, most)
        measured.few[host] = trees.lines_of(folder / name for name in some)
        _say(f"{title}: {host} on {measured.few[host]} lines")
        found = interleaved(commands_of(some, args.before), folder, args.repeat, _say)
        setattr(measured, host, found)
    if tensorflow:
        counts = _python(str(HERE / "counts.py"), str(folder))
        for checkout in filter(None, (args.before, str(ROOT))):
            told = subprocess.run(
                counts, env={**os.environ, **_of(checkout)}, capture_output=True, check=True
            )
            measured.counts.append(json.loads(told.stdout))
    return measured


def _commands(work: Path, upgrade: str, before: str, word: str) -> dict[str, Command]:
    table = work / "ruff.toml"
    told = subprocess.run(
        _python("-m", "tf2lint", "rules", "--output-format=ruff"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    table.write_text(told.stdout, encoding="utf-8")
    ruff = [
        _ruff(), "check", "--select=TID251", "--no-cache", "--quiet",
        f"--config={table}", "--no-respect-gitignore", ".",
    ]  # fmt: skip
    cold = "--jobs=1", "--no-cache"
    commands = {
        FLOOR: Command(_python("-c", PARSE, word)),
        CHECK: _check(*cold),
        JSON: _check(*cold, "--output-format=json"),
        TWO: _check("--jobs=2", "--no-cache"),
        WARM: _check("--jobs=2", f"--cache-dir={work / 'cache'}"),
        RUFF: Command(ruff, env={"RAYON_NUM_THREADS": "2"}),
    }
    if before:
        commands[BEFORE.format(CHECK)] = _check(*cold, checkout=before)
        commands[BEFORE.format(JSON)] = _check(*cold, "--output-format=json", checkout=before)
    if upgrade:
        after = work / "upgraded"
        commands[UPGRADE] = Command(
            [upgrade, "--intree", ".", "--outtree", str(after),
             "--reportfile", str(work / "report.txt")],
            before=lambda: shutil.rmtree(after, ignore_errors=True), warmed=False,
        )  # fmt: skip
    return commands


def _flake8(files: list[str], before: str) -> dict[str, Command]:
    words = "--isolated", "--jobs=1", *files
    commands = {
        ALONE: Command(_python("-c", FLAKE8, "", *words), env=_of(str(ROOT))),
        WITH: Command(_python("-c", FLAKE8, "tf2lint", *words), env=_of(str(ROOT))),
    }
    if before:
        commands[BEFORE.format(WITH)] = Command(commands[WITH].words, env=_of(before))
    return commands


def _pylint(files: list[str], before: str) -> dict[str, Command]:
    words = _python("-m", "pylint", "--rcfile=/dev/null", "--persistent=n", "--jobs=1",
                    "--score=n")  # fmt: skip
    fine = tuple(range(32))
    ours = [*words, "--load-plugins=pylint_tf2", *files]
    commands = {
        ALONE: Command([*words, *files], fine, env=_of(str(ROOT))),
        WITH: Command(ours, fine, env=_of(str(ROOT))),
    }
    if before:
        commands[BEFORE.format(WITH)] = Command(ours, fine, env=_of(before))
    return commands


# What is written.


def _seconds(found: list[Measured]) -> str:
    """Seconds of wall time for 100,000 lines: what one wants to know before one begins."""
    out = [
        "## Seconds for 100,000 lines",
        f"| | {' | '.join(one.title for one in found)} |",
        "|---" * (len(found) + 1) + "|",
        f"| lines of the tree | {' | '.join(f'{one.lines:,}' for one in found)} |",
    ]
    rows = {
        "`tf2lint check`, one job": CHECK, "`tf2lint check`, two jobs": TWO,
        "`tf2lint check`, second run": WARM, "ruff TID251": RUFF, "`tf_upgrade_v2`": UPGRADE,
    }  # fmt: skip
    for name, key in rows.items():
        cells = [_per_lines(one.whole.get(key), one.lines) for one in found]
        out.append(f"| {name} | {' | '.join(cells)} |")
    # Not of pylint: on the few lines it is run on, it reads mostly what they import.
    for name, key in (("flake8, no plugin", ALONE), ("flake8, with this one", WITH)):
        cells = [_per_lines(one.flake8.get(key), one.few.get("flake8", 0)) for one in found]
        out.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(out)


def _per_lines(samples: list[Sample] | None, lines: int) -> str:
    if not samples:
        return "–"
    return f"{statistics.median(s.wall for s in samples) / lines * 1e5:.2f}"


# What is divided by what, whether by wall time, and the goal.
_Pair = tuple[str, str, str, bool, str]
_PAIRS: tuple[_Pair, ...] = (
    ("`check`, one job / `ast.parse` of what names tensorflow", CHECK, FLOOR, False,
     "3.0 tensor2tensor, keras; 2.4 tf-models; 2.2 transformers; 0.15 stdlib"),
    ("`check` as JSON, which always told the fixes, too / `ast.parse`", JSON, FLOOR, False, ""),
    ("`check` as JSON / as text", JSON, CHECK, False, "1.3"),
    ("`tf_upgrade_v2` / `check`, one job", UPGRADE, CHECK, False, "at least 12"),
    ("`check`, two jobs / ruff TID251", TWO, RUFF, True, "12"),
    ("`check`, second run / ruff TID251", WARM, RUFF, True, "1"),
)  # fmt: skip
_HOSTS = {
    "flake8": "1.08 tensor2tensor; 1.06 TF 2; 1.005 others",
    "pylint": "1.02",
}


def _ratios(found: list[Measured]) -> str:
    out = [
        "## Ratios",
        f"| | goal | {' | '.join(one.title for one in found)} |",
        "|---" * (len(found) + 2) + "|",
    ]
    for name, over, under, wall, goal in _PAIRS:
        before = BEFORE.format(over) if under == FLOOR else ""
        cells = [_both(one.whole, before, over, under, wall) for one in found]
        out.append(f"| {name} | {goal} | {' | '.join(cells)} |")
    for host, goal in _HOSTS.items():
        cells = [_both(getattr(one, host), BEFORE.format(WITH), WITH, ALONE) for one in found]
        out.append(f"| {host} with / without | {goal} | {' | '.join(cells)} |")
    for name, at in (("calls of functions", 1), ("questions of a meaning", 2)):
        cells = [" → ".join(f"{c[at] / c[0]:.1f}" for c in one.counts) or "–" for one in found]
        out.append(f"| {name} for each name that is read | | {' | '.join(cells)} |")
    for key in (FLOOR, CHECK, JSON):
        cells = [" → ".join(_peaks(one.whole, BEFORE.format(key), key)) for one in found]
        goal = "60" if key != FLOOR else ""
        out.append(f"| memory of `{key}`, MB | {goal} | {' | '.join(cells)} |")
    return "\n".join(out)


def _both(
    samples: Mapping[str, list[Sample]], before: str, over: str, under: str, wall: bool = False
) -> str:
    """The ratio, and what it was before where that was measured."""
    base = samples.get(under, [])
    now = ratio(samples.get(over, []), base, cpu=not wall) or "–"
    old = samples.get(before, [])
    return f"{ratio(old, base, cpu=not wall)} → {now}" if old else now


def _peaks(samples: Mapping[str, list[Sample]], *keys: str) -> Iterator[str]:
    """The most memory that any run took, of each command that was measured."""
    for key in keys:
        if key in samples:
            yield f"{max(sample.peak for sample in samples[key]):.0f}"


def _start(work: Path, args: argparse.Namespace) -> str:
    folder = work / "start"
    folder.mkdir()
    (folder / "small.py").write_text("import os\n\nprint(os.getcwd())\n")
    (folder / "tf2.py").write_text(trees.TF2.replace("{number}", ""))
    (folder / "tf1.py").write_text(trees.TF1.replace("{number}", ""))
    bare = "`python -c pass`"
    commands = {bare: Command(_python("-c", "pass"))}
    for name in ("small", "tf2", "tf1"):
        commands[name] = _check("--no-cache", f"{name}.py")
        if args.before:
            commands[f"{name}, before"] = _check("--no-cache", f"{name}.py", checkout=args.before)
    samples = interleaved(commands, folder, max(args.repeat * 5, 5), lambda _: None)
    out = [
        "## Starting",
        "| one file | goal | wall, s | times `python -c pass` | peak, MB |",
        "|---|---|---|---|---|",
        f"| {bare} | | {row(samples[bare])} | | {max(s.peak for s in samples[bare]):.0f} |",
    ]
    for name, about, goal in (
        ("small", "without TensorFlow", "2.2"), ("tf2", "TF 2", "3.5"), ("tf1", "TF 1", "3.5"),
    ):  # fmt: skip
        told = _both(samples, f"{name}, before", name, bare)
        peak = max(s.peak for s in samples[name])
        out.append(f"| {about} | {goal} | {row(samples[name])} | {told} | {peak:.0f} |")
    return "\n".join(out)


def _growing(work: Path, sizes: list[int], repeat: int) -> str:
    out = [
        "## As the tree grows",
        "Made files: half without TensorFlow, a quarter each TF 2 and TF 1; one job.\n",
        _SIZES,
    ]
    for count in sizes:
        folder = work / f"made{count}"
        trees.synthetic(folder, count)
        out.append(_size_row(folder, count, min(repeat, 2)))
        shutil.rmtree(folder)
    return "\n".join(out)


def _longer(work: Path, parts: list[int], repeat: int) -> str:
    out = ["## As one file grows", "All of it TF 1 code; one job.\n", _SIZES]
    for count in parts:
        folder = work / f"long{count}"
        trees.one_file(folder, count)
        out.append(_size_row(folder, 1, repeat))
        shutil.rmtree(folder)
    return "\n".join(out)


_SIZES = (
    "| files | lines | wall, s | µs a line | peak, MB | times `ast.parse` of TensorFlow code |\n"
    "|---|---|---|---|---|---|"
)


def _size_row(folder: Path, count: int, repeat: int) -> str:
    commands = {
        "parse": Command(_python("-c", PARSE, "tensorflow")),
        "check": _check("--jobs=1", "--no-cache"),
    }
    samples = interleaved(commands, folder, repeat, _say)
    lines = trees.size(folder)[1]
    wall = statistics.median(s.wall for s in samples["check"])
    peak = max(s.peak for s in samples["check"])
    return (
        f"| {count:,} | {lines:,} | {wall:.2f} | {wall / lines * 1e6:.1f} | {peak:.0f} "
        f"| {ratio(samples['check'], samples['parse'], cpu=True)} |"
    )


if __name__ == "__main__":
    sys.exit(main())
