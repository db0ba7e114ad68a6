"""The same packages, judged by other tools, side by side.

    python -m benchmarks.accuracy.rivals FOLDER --tf1 PYTHON --tf2 PYTHON --ruff RUFF
        [--upgrade TF_UPGRADE_V2] [--pylint PYLINT --pylint-on gpt-2-simple,kfac] [--out FILE]

For each tool: of the lines with a public name that TF 1.15 has and the newest TF 2 lacks
(unguarded, by the oracle), those that it says something about; on packages written for TF 2 also
the lines that it speaks about at all; files that it cannot read; seconds. tf2lint and ruff read a
package in one process; tf_upgrade_v2 writes its copy to a temporary folder; pylint runs with
TensorFlow on its path and with no-member and no-name-in-module alone, on small packages, since it
takes minutes. What tf_upgrade_v2 and pylint say is kept in FOLDER/rivals/, by their versions.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy.fetch import Package, packages
from benchmarks.accuracy.report import in_tf1, oracle_rows, questions, sources, wanted

Lines = set[tuple[str, int]]  # (path below the folder, line)


@dataclass
class Result:
    """What a tool did on a package."""

    lines: Lines
    crashed: int  # files that it could not read
    seconds: float
    fell: bool = False  # one file made it give up the package


def missing_lines(package: Package, folder: Path, tf1: str, tf2: str) -> Lines:
    """The lines with a name that TF 2 lacks."""
    rows = oracle_rows(package, folder, tf2)
    old = in_tf1(questions(rows), folder, tf1)
    by_path = defaultdict(list)
    for row in rows:
        by_path[row["path"]].append(row)
    lines: Lines = set()
    for path, source in sources(folder / package.folder):
        shown = os.path.relpath(path, folder)
        lines |= {(shown, row["line"]) for row in wanted(by_path[shown], old, source)}
    return lines


def _run(command: list[str], folder: Path, **more: str) -> tuple[str, str, float]:
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **more},
    )  # fmt: skip
    return done.stdout, done.stderr, time.perf_counter() - start


def by_tf2lint(package: Package, folder: Path) -> Result:
    """The command line of this tree."""
    here = str(Path(__file__).parents[2])
    # All findings at once: what is off by default stays off.
    command = [sys.executable, "-m", "tf2lint", "check", "--output-format", "json", package.folder]
    out, _, seconds = _run(command, folder, PYTHONPATH=here)
    lines: Lines = set()
    crashed = 0
    found = json.loads(out)
    for row in found["findings"] if isinstance(found, dict) else found:
        lines.add((os.path.relpath(row["path"], "."), row["line"]))
        crashed += not str(row["code"]).startswith("TF")
    return Result(lines, crashed, seconds)


def by_ruff(package: Package, folder: Path, ruff: str) -> Result:
    """Ruff's TID251 with the table that `tf2lint rules --output-format ruff` prints."""
    here = str(Path(__file__).parents[2])
    table, _, _ = _run(
        [sys.executable, "-m", "tf2lint", "rules", "--output-format", "ruff"], folder,
        PYTHONPATH=here,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        config = Path(name, "ruff.toml")
        config.write_text(table, encoding="utf-8")
        command = [ruff, "check", "--config", str(config), "--select", "TID251", "--no-cache",
                   "--output-format", "json", "--exit-zero", package.folder]  # fmt: skip
        out, _, seconds = _run(command, folder)
    lines: Lines = set()
    crashed: set[str] = set()
    for row in json.loads(out):
        path = os.path.relpath(row["filename"], folder)
        if row["code"] == "TID251":
            lines.add((path, row["location"]["row"]))
        else:
            crashed.add(path)
    return Result(lines, len(crashed), seconds)


def by_upgrade(package: Package, folder: Path, upgrade: str) -> Result:
    """tf_upgrade_v2: every line that its report speaks about."""
    with tempfile.TemporaryDirectory() as name:
        report = Path(name, "report.txt")
        command = [upgrade, "--intree", package.folder, "--outtree", str(Path(name, "out")),
                   "--reportfile", str(report)]  # fmt: skip
        _, errors, seconds = _run(command, folder)
        text = report.read_text(encoding="utf-8") if report.exists() else ""
    lines: Lines = set()
    crashed: set[str] = set()
    path = ""
    for line in text.partition("Detailed log follows:")[2].splitlines():
        if match := re.match(r"Processing file '(.*)'", line):
            path = match.group(1)
        elif match := re.match(r"(\d+):\d+: (?:INFO|WARNING|ERROR): (.*)", line):
            lines.add((os.path.normpath(path), int(match.group(1))))
            if "Failed to parse" in line:
                crashed.add(path)
        elif "Failed to parse" in line:
            crashed.add(path)
    if not text:
        print(f"{package.folder}: tf_upgrade_v2 made no report: {errors[-200:]}", file=sys.stderr)
    return Result(lines, len(crashed), seconds, fell=not text)


def by_pylint(package: Package, folder: Path, pylint: str, tf2: str) -> Result:
    """pylint's own view, with the installed TensorFlow importable."""
    place, _, _ = _run([tf2, "-c", "import site; print(site.getsitepackages()[0])"], folder)
    command = [pylint, "--disable=all", "--enable=no-member,no-name-in-module,syntax-error",
               "--ignored-modules=", "--output-format=json", "--recursive=y",
               package.folder]  # fmt: skip
    out, _, seconds = _run(command, folder, PYTHONPATH=place.strip())
    lines: Lines = set()
    crashed: set[str] = set()
    for row in json.loads(out or "[]"):
        if row["symbol"] in ("no-member", "no-name-in-module"):
            lines.add((row["path"], row["line"]))
        else:
            crashed.add(row["path"])
    return Result(lines, len(crashed), seconds)


def _kept(name: str, package: Package, folder: Path, run: Callable[[], Result]) -> Result:
    """What the tool `name` (with its version) said before, or says now."""
    kept = folder / "rivals" / f"{name.replace(' ', '-')}.{package.folder}.json"
    if not kept.exists():
        kept.parent.mkdir(exist_ok=True)
        done = run()
        told = [sorted(done.lines), done.crashed, done.seconds, done.fell]
        kept.write_text(json.dumps(told), encoding="utf-8")
    lines, *rest = json.loads(kept.read_text(encoding="utf-8"))
    return Result({(path, line) for path, line in lines}, *rest)


def _version(command: list[str], folder: Path) -> str:
    """The first number with dots that the tool says of itself."""
    match = re.search(r"\d+\.\d+\.\d+", _run(command, folder)[0])
    return match[0] if match else ""


def tools_of(folder: Path, options: argparse.Namespace) -> dict[str, Callable[[Package], Result]]:
    """The tools that there are, by name and version."""
    asked = "import tensorflow as tf; print(tf.__version__)"
    tools: dict[str, Callable[[Package], Result]] = {
        "tf2lint": lambda p: by_tf2lint(p, folder),
    }
    if options.upgrade:
        upgrade = f"tf_upgrade_v2 {_version([options.tf2, '-c', asked], folder)}"
        tools[upgrade] = lambda p: _kept(
            upgrade, p, folder, lambda: by_upgrade(p, folder, options.upgrade)
        )
    if options.ruff:
        ruff = f"ruff {_version([options.ruff, '--version'], folder)} TID251"
        tools[ruff] = lambda p: by_ruff(p, folder, options.ruff)
    if options.pylint:
        pylint = f"pylint {_version([options.pylint, '--version'], folder)} no-member"
        tools[pylint] = lambda p: _kept(
            pylint, p, folder, lambda: by_pylint(p, folder, options.pylint, options.tf2)
        )
    return tools


@dataclass
class Sum:
    """One tool on all packages of an era that it was run on."""

    found: int = 0
    wanted: int = 0
    said: int = 0
    crashed: int = 0
    seconds: float = 0.0
    fell: int = 0

    def shown(self, era: str) -> str:
        """The cell of a table."""
        text = f"{self.found / self.wanted:.3f} of {self.wanted}" if self.wanted else "–"
        if era == "tf2":
            text = f"{self.found} of {self.wanted}, speaks about {self.said:,}"
        beside = f"{self.seconds:.1f} s"
        if self.crashed:
            beside += f", {self.crashed} files not read"
        if self.fell:
            beside += f", crashed on {self.fell} packages" if self.wanted else ", crashed"
        return f"{text} ({beside})" if self.wanted or not self.fell else f"– ({beside})"


def table(folder: Path, options: argparse.Namespace, era: str) -> str:
    """The comparison on the packages of `era` as Markdown."""
    tools = tools_of(folder, options)
    rows = ["| package | lines with missing names | " + " | ".join(tools) + " |",
            "|---|---|" + "---|" * len(tools)]  # fmt: skip
    small = options.pylint_on.split(",")
    whole = {name: Sum() for name in tools}
    for package in packages():
        if package.era != era or not (folder / package.folder).exists():
            continue
        lines = missing_lines(package, folder, options.tf1, options.tf2)
        cells = []
        for name, tool in tools.items():
            if name.startswith("pylint") and package.name not in small:
                cells.append("–")
                continue
            result = tool(package)
            of = 0 if result.fell else len(lines)
            one = Sum(len(lines & result.lines), of, len(result.lines), result.crashed,
                      result.seconds, result.fell)  # fmt: skip
            cells.append(one.shown(era))
            print(package.folder, name, cells[-1], file=sys.stderr, flush=True)
            both = zip(vars(whole[name]).items(), vars(one).values(), strict=True)
            whole[name] = Sum(**{key: a + b for (key, a), b in both})
        rows.append(f"| {package.folder} | {len(lines)} | " + " | ".join(cells) + " |")
    cells = [one.shown(era) if one.seconds else "–" for one in whole.values()]
    rows.append("| **all that it was run on** | | " + " | ".join(cells) + " |")
    return "\n".join(rows) + "\n"


def main() -> int:
    """Print the comparison; see the module's text."""
    parser = argparse.ArgumentParser(description="Other tools on the same packages.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tf1", required=True)
    parser.add_argument("--tf2", required=True)
    parser.add_argument("--ruff", default="")
    parser.add_argument("--upgrade", default="")
    parser.add_argument("--pylint", default="")
    parser.add_argument("--pylint-on", default="gpt-2-simple,kfac")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    text = "\n".join(
        f"{title}:\n\n{table(options.folder, options, era)}"
        for era, title in (("tf1", "TF 1 packages"), ("tf2", "Packages written for TF 2"))
    )
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
