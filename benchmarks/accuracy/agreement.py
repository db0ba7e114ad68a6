"""Whether flake8, pylint and the command line say the same on every file of the corpora.

    python -m benchmarks.accuracy.agreement FOLDER --flake8 FLAKE8 [--pylint PYLINT] [--out FILE]

FLAKE8 and PYLINT are those of an environment that has tf2lint installed. Compared is (path,
line, column, code, message) of every file, with the core's `check_new` (`tf2lint.baseline`) as
the measure. Comments silence: flake8 runs with --disable-noqa, the command line is held against
what the comments leave of the core's findings, and files with `# pylint: skip-file`, which pylint
does not read, are left out of its comparison and counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.accuracy.fetch import Package, packages
from benchmarks.accuracy.report import sources
from tf2lint.baseline import check_new
from tf2lint.options import Options
from tf2lint.suppress import Suppressions

Place = tuple[str, int, int, str, str]  # (path, line, column from 0, code, message)
Places = set[Place]
EACH = 200  # files that one pylint is given: it keeps all of them in memory


def _run(command: list[str], folder: Path) -> str:
    here = str(Path(__file__).parents[2])
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": here},
    )  # fmt: skip
    if done.returncode not in (0, 1) and "pylint" not in command[0]:
        print(f"{command[0]}: {done.stderr[-500:]}", file=sys.stderr)
    return done.stdout


def by_core(package: Package, folder: Path) -> tuple[int, Places, Places]:
    """How many files parse, all findings of the core, and those that no comment silences.

    The last have columns of characters, as the command line prints them; the others of bytes.
    """
    found: Places = set()
    left: Places = set()
    files = 0
    for path, source in sources(folder / package.folder):
        files += 1
        silent = Suppressions(source)
        shown = os.path.relpath(path, folder)
        for finding in check_new(source, Options()):
            said = (finding.code, finding.message)
            found.add((shown, finding.line, finding.column, *said))
            if not silent.hides(finding):
                before = source.lines[finding.line - 1].encode()[: finding.column]
                left.add((shown, finding.line, len(before.decode()), *said))
    return files, found, left


def by_command_line(package: Package, folder: Path) -> Places:
    """`tf2lint check`."""
    command = [sys.executable, "-m", "tf2lint", "check", "--no-gitignore", "--output-format",
               "json", package.folder]  # fmt: skip
    return {
        (os.path.normpath(r["path"]), r["line"], r["column"] - 1, r["code"], r["message"])
        for r in json.loads(_run(command, folder))
        if r["code"].startswith("TF") and r["path"].endswith(".py")
    }


def by_flake8(package: Package, folder: Path, flake8: str) -> Places:
    """The flake8 plugin."""
    command = [flake8, "--isolated", "--select=TF", "--disable-noqa", "--jobs=1",
               "--format=%(path)s\t%(row)d\t%(col)d\t%(code)s\t%(text)s",
               package.folder]  # fmt: skip
    found: Places = set()
    for line in _run(command, folder).splitlines():
        path, row, column, code, text = line.split("\t", 4)
        found.add((os.path.normpath(path), int(row), int(column) - 1, code, text))
    return found


def by_pylint(files: list[str], folder: Path, pylint: str) -> Places:
    """The pylint plugin, on `files`."""
    command = [pylint, "--rcfile=/dev/null", "--load-plugins=pylint_tf2", "--disable=all",
               "--enable=tf2lint", "--jobs=1", "--persistent=n",
               "--output-format=json"]  # fmt: skip
    return {
        (os.path.normpath(r["path"]), r["line"], r["column"], f"TF{r['message-id'][2:]}",
         r["message"])
        for start in range(0, len(files), EACH)
        for r in json.loads(_run([*command, *files[start : start + EACH]], folder) or "[]")
        if r["message-id"][1] == "7"
    }  # fmt: skip


def _silenced(folder: Path, path: str) -> bool:
    text = (folder / path).read_text(encoding="utf-8", errors="replace")
    return "pylint: skip-file" in text or "pylint: disable=all" in text


def table(folder: Path, options: argparse.Namespace) -> tuple[str, list[str]]:
    """The comparison as Markdown, and what differs."""
    rows = ["| package | files | findings | command line differs | flake8 differs | "
            "pylint differs | files pylint is told to skip |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    differing: list[str] = []
    sums = [0] * 6
    for package in packages():
        if options.package not in package.folder or not (folder / package.folder).exists():
            continue
        parsed, own, left = by_core(package, folder)
        line = left ^ by_command_line(package, folder)
        differing += [f"{'core' if p in left else 'cli'} only: {p}" for p in sorted(line)]
        flake8 = by_flake8(package, folder, options.flake8)
        between = own ^ flake8
        differing += [f"{'core' if p in own else 'flake8'} only: {p}" for p in sorted(between)]
        cells = [parsed, len(own), len(line), len(between)]
        if options.pylint:
            every = sorted(
                os.path.relpath(p, folder) for p in (folder / package.folder).rglob("*.py")
            )
            skipped = {p for p in every if _silenced(folder, p)}
            mine = {p for p in own if p[0] not in skipped}
            theirs = by_pylint([p for p in every if p not in skipped], folder, options.pylint)
            apart = mine ^ theirs
            differing += [f"{'core' if p in mine else 'pylint'} only: {p}" for p in sorted(apart)]
            cells += [len(apart), len(skipped)]
        sums = [a + b for a, b in zip(sums, [*cells, 0, 0], strict=False)]
        rows.append(_row(package.folder, cells))
        print(rows[-1], file=sys.stderr, flush=True)
    rows.append(_row("**all**", sums[: 6 if options.pylint else 4]))
    return "\n".join(rows) + "\n", differing


def _row(name: str, cells: list[int]) -> str:
    shown = [*(f"{cell}" for cell in cells), "–", "–"][:6]
    return f"| {name} | {' | '.join(shown)} |"


def main() -> int:
    """Print the comparison; exit status 1 where anything differs."""
    parser = argparse.ArgumentParser(description="The front ends, compared.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--flake8", required=True)
    parser.add_argument("--pylint", default="")
    parser.add_argument("--package", default="", help="only packages with this in their name")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text, differing = table(options.folder.resolve(), options)
    print(text, *differing, sep="\n")
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
