"""Measures the linter and writes RESULTS.md:

    python -m benchmarks.speed --trees tensor2tensor=FOLDER --tf-upgrade PATH --repeat 5

The Python that runs this has to have tf2lint, flake8, pylint and ruff. Trees are copied to a
temporary folder, only files that parse, so that every tool sees the same.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from importlib import metadata
from pathlib import Path

from benchmarks.speed import trees
from benchmarks.speed.measure import Command, Sample, interleaved, ratio, row

HERE = Path(__file__).parent
PARSE = """
import ast, pathlib, tokenize, warnings
warnings.simplefilter("ignore")
for path in sorted(pathlib.Path(".").rglob("*.py")):
    with tokenize.open(path) as file:
        ast.parse(file.read())
"""
# flake8 takes every plugin that is installed; without ours means without its distribution.
FLAKE8 = """
import importlib.metadata as m, runpy, sys
if sys.argv.pop(1) == "without":
    real = m.distributions
    m.distributions = lambda **k: (d for d in real(**k) if d.metadata["Name"] != "tf2lint")
runpy.run_module("flake8", run_name="__main__", alter_sys=True)
"""
# What was set as a goal, in the order of `_ratios`: for TensorFlow code, and for other code.
GOALS = ("≤ 1.03", "≤ 1.02", "≤ 1.7", "≤ 8", "≥ 10", "≥ 10", "≤ 2")
GOALS_ELSEWHERE = ("≤ 1.01", "≤ 1.02", "≤ 0.2", "", "", "", "≤ 2")
WHY = """\
## What is not met, and why

- **TensorFlow code through flake8 and pylint, and `check` against `ast.parse`.** The goals leave
  less than one walk over the trees in Python takes. What is done instead is done once: modules
  without the word are left after a text search, names that cannot mean TensorFlow are not
  resolved, symbols of which no rule speaks are left at once, and all of it is let go without the
  garbage collector. Of the rest the walk is the smaller part; the larger ones are what names and
  objects are, and the findings themselves, one in 25 lines here.
- **ruff.** It knows names in the file alone, in compiled code; the same names take the walk above.
- **Code without TensorFlow against `ast.parse`.** Nothing is parsed; the time goes into the
  question whether a module gets TensorFlow from another one of its project, by an import or by a
  class above its own.
- **Starting.** Python's own modules for command lines, data classes, digests and syntax trees take
  longer than the goal leaves. Rules and tables are loaded where there is TensorFlow code.
- **`tf_upgrade_v2`.** Short of ten times: it resolves no names, and ours says more than it.
"""
HEAD = "| what | wall, s | CPU, s | peak, MB | times `ast.parse` |\n|---|---|---|---|---|"


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--trees", nargs="*", default=["stdlib"], metavar="NAME=FOLDER",
        help="what to measure on; `stdlib` is this Python's standard library",
    )  # fmt: skip
    parser.add_argument("--sizes", default="1000,4000,16000,64000", help="files of the made trees")
    parser.add_argument("--lines", default="25,100,400", help="parts of the one growing file")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--pylint-files", type=int, default=60, help="pylint runs on that many")
    parser.add_argument("--tf-upgrade", default="", help="tf_upgrade_v2 of a TensorFlow 2")
    parser.add_argument("--out", type=Path, default=HERE / "RESULTS.md")
    args = parser.parse_args()
    parts = [_about(args)]
    with tempfile.TemporaryDirectory(prefix="tf2lint-speed-") as name:
        work = Path(name)
        for tree in args.trees:
            title, _, source = tree.partition("=")
            folder = Path(source or sysconfig.get_path("stdlib"))
            parts.append(_tree(title, folder, work / title, args))
            shutil.rmtree(work / title, ignore_errors=True)
        parts.append(_start(work, args.repeat))
        if args.sizes:
            parts.append(_growing(work, [int(n) for n in args.sizes.split(",")], args.repeat))
        if args.lines:
            parts.append(_longer(work, [int(n) for n in args.lines.split(",")], args.repeat))
    parts.append(WHY.rstrip("\n"))
    args.out.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(args.out.read_text(encoding="utf-8"))
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _about(args: argparse.Namespace) -> str:
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("tf2lint", "flake8", "pylint", "ruff")
    )
    words = [Path(word).name if os.sep in word and "=" not in word else word
             for word in sys.argv[1:]]  # fmt: skip
    shown = " ".join(
        word.partition(os.sep)[0] + ("..." if os.sep in word else "") for word in words
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        "# What it costs\n\n"
        f"Made by `python -m benchmarks.speed {shown}` on {datetime.date.today()}: Python "
        f"{platform.python_version()}, {platform.system()} {platform.machine()}, {cores} cores, "
        f"load {os.getloadavg()[0]:.1f} at the start; {versions}.\n\n"
        f"Whole processes, {args.repeat} interleaved rounds after one to warm up: the median, with "
        "least and most in brackets. CPU time counts child processes; peak memory is that of the "
        "largest process (and never less than that of this program, see `python -c pass`). Ratios "
        "are taken within each round. Nothing is cached but where it says so; flake8, pylint and "
        "ruff run with one process where nothing else is said."
    )


def _python(*words: str) -> list[str]:
    return [sys.executable, *words]


def _ruff() -> str:
    """The program itself: `python -m ruff` would count a start of Python."""
    found = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if found is None:
        sys.exit("there is no ruff")
    return found


def _check(*more: str) -> list[str]:
    return _python("-m", "tf2lint", "check", "--no-gitignore", *more, ".")


def _no_cache() -> list[str]:
    done = subprocess.run(
        _python("-m", "tf2lint", "check", "--help"), capture_output=True, text=True, check=True
    )
    return ["--no-cache"] if "--no-cache" in done.stdout else []


def _tree(title: str, source: Path, work: Path, args: argparse.Namespace) -> str:
    folder, small = work / "tree", work / "small"
    trees.copied(source, folder)
    trees.sampled(folder, small, args.pylint_files)
    files, lines = trees.size(folder)
    _say(f"{title}: {files} files, {lines} lines")
    tensorflow = trees.has_tensorflow(folder)
    upgrade = args.tf_upgrade if tensorflow else ""  # it has no business elsewhere
    samples = interleaved(_commands(work, upgrade), folder, args.repeat, _say)
    floor = samples["`ast.parse` alone"]
    out = [f"## {title}: {files:,} files, {lines:,} lines", HEAD]
    out += [row(name, found, floor) for name, found in samples.items() if found]
    _say(f"{title}: pylint on {args.pylint_files} files")
    lint = interleaved(_pylint(), small, args.repeat, _say)
    few, few_lines = trees.size(small)
    out.append("")
    out += _ratios(samples, few, few_lines, lint, tensorflow)
    return "\n".join(out)


def _ratios(
    samples: dict[str, list[Sample]],
    few: int,
    few_lines: int,
    lint: dict[str, list[Sample]],
    tensorflow: bool,
) -> list[str]:
    one, two = samples["`tf2lint check --jobs=1`"], samples["`tf2lint check --jobs=2`"]
    with_, without = lint["with"], lint["without"]
    goals = GOALS if tensorflow else GOALS_ELSEWHERE
    pairs = [
        ("flake8 with the plugin / without", samples["flake8 with"], samples["flake8 without"]),
        (f"pylint with the plugin / without ({few} of the files, {few_lines:,} lines)",
         with_, without),
        ("`tf2lint check`, one job / `ast.parse`", one, samples["`ast.parse` alone"]),
        ("`tf2lint check`, two jobs / ruff TID251", two, samples["ruff TID251"]),
        ("`tf_upgrade_v2` DEFAULT / `tf2lint check`, one job",
         samples.get("tf_upgrade_v2 DEFAULT", []), one),
        ("`tf_upgrade_v2` SAFETY / `tf2lint check`, one job",
         samples.get("tf_upgrade_v2 SAFETY", []), one),
        ("`tf2lint check`, second run with its cache / ruff TID251",
         samples.get("`tf2lint check`, second run", []), samples["ruff TID251"]),
    ]  # fmt: skip
    out = ["| ratio | goal | wall: median (least–most) | CPU |", "|---|---|---|---|"]
    for (name, over, under), goal in zip(pairs, goals, strict=True):
        if over and under:
            both = f"{ratio(over, under)} | {ratio(over, under, cpu=True)}"
            out.append(f"| {name} | {goal} | {both} |")
    return out


def _commands(work: Path, upgrade: str) -> dict[str, Command]:
    table = work / "ruff.toml"
    told = subprocess.run(
        _python("-m", "tf2lint", "rules", "--output-format=ruff"),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    table.write_text(told.stdout, encoding="utf-8")
    no_cache = _no_cache()
    ruff = [
        _ruff(), "check", "--select=TID251", "--no-cache", "--quiet",
        f"--config={table}", "--no-respect-gitignore", ".",
    ]  # fmt: skip
    flake8 = ("--isolated", "--jobs=1", ".")
    commands = {
        "`ast.parse` alone": Command(_python("-c", PARSE)),
        "`tf2lint check --jobs=1`": Command(_check("--jobs=1", *no_cache)),
        "`tf2lint check --jobs=2`": Command(_check("--jobs=2", *no_cache)),
        "ruff TID251": Command(ruff, env={"RAYON_NUM_THREADS": "2"}),
        "flake8 without": Command(_python("-c", FLAKE8, "without", *flake8)),
        "flake8 with": Command(_python("-c", FLAKE8, "with", *flake8)),
    }
    if no_cache:
        commands["`tf2lint check`, second run"] = Command(_check("--jobs=2"))
    if upgrade:
        for mode in ("DEFAULT", "SAFETY"):
            after = work / f"upgraded-{mode}"
            commands[f"tf_upgrade_v2 {mode}"] = Command(
                [upgrade, "--intree", ".", "--outtree", str(after), "--mode", mode,
                 "--reportfile", str(work / "report.txt")],
                before=lambda after=after: shutil.rmtree(after, ignore_errors=True),  # type: ignore[misc]
            )  # fmt: skip
    return commands


def _pylint() -> dict[str, Command]:
    words = _python("-m", "pylint", "--rcfile=/dev/null", "--persistent=n", "--jobs=1",
                    "--recursive=y", "--score=n")  # fmt: skip
    fine = tuple(range(32))
    return {
        "without": Command([*words, "."], fine),
        "with": Command([*words, "--load-plugins=pylint_tf2", "."], fine),
    }


def _start(work: Path, repeat: int) -> str:
    folder = work / "start"
    folder.mkdir()
    (folder / "small.py").write_text("import os\n\nprint(os.getcwd())\n")
    (folder / "tf.py").write_text(trees.TF1.replace("{number}", ""))
    no_cache = _no_cache()
    commands = {
        "`python -c pass`": Command(_python("-c", "pass")),
        "`tf2lint check` on 3 lines": Command(
            _python("-m", "tf2lint", "check", *no_cache, "small.py")
        ),
        "`tf2lint check` on a file of TF 1": Command(
            _python("-m", "tf2lint", "check", *no_cache, "tf.py")
        ),
    }
    samples = interleaved(commands, folder, max(repeat * 3, 5), lambda _: None)
    floor = samples["`python -c pass`"]
    out = [
        "## Starting",
        "The goal: 2.5 times `python -c pass`, for one small file.\n",
        HEAD.replace("`ast.parse`", "`python -c pass`"),
    ]
    out += [row(name, found, floor) for name, found in samples.items()]
    return "\n".join(out)


def _growing(work: Path, sizes: list[int], repeat: int) -> str:
    out = [
        "## As the tree grows",
        "Made files: half without TensorFlow, a quarter each TF 2 and TF 1; one job.\n",
        "| files | lines | wall, s | µs a line | peak, MB | times `ast.parse` |",
        "|---|---|---|---|---|---|",
    ]
    for count in sizes:
        folder = work / f"made{count}"
        trees.synthetic(folder, count)
        out.append(_size_row(folder, count, min(repeat, 2)))
        shutil.rmtree(folder)
    return "\n".join(out)


def _longer(work: Path, parts: list[int], repeat: int) -> str:
    out = [
        "## As one file grows",
        "All of it TF 1 code; one job.\n",
        "| files | lines | wall, s | µs a line | peak, MB | times `ast.parse` |",
        "|---|---|---|---|---|---|",
    ]
    for count in parts:
        folder = work / f"long{count}"
        trees.one_file(folder, count)
        out.append(_size_row(folder, 1, repeat))
        shutil.rmtree(folder)
    return "\n".join(out)


def _size_row(folder: Path, count: int, repeat: int) -> str:
    commands = {
        "parse": Command(_python("-c", PARSE)),
        "check": Command(_check("--jobs=1", *_no_cache())),
    }
    samples = interleaved(commands, folder, repeat, _say)
    lines = trees.size(folder)[1]
    wall = statistics.median(s.wall for s in samples["check"])
    peak = max(s.peak for s in samples["check"])
    return (
        f"| {count:,} | {lines:,} | {wall:.2f} | {wall / lines * 1e6:.1f} | {peak:.0f} "
        f"| {ratio(samples['check'], samples['parse'])} |"
    )


if __name__ == "__main__":
    sys.exit(main())
