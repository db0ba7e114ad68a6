"""Whether flake8, pylint and the command line say the same on every file of the corpora.

    python -m benchmarks.accuracy.agreement FOLDER --flake8 FLAKE8 [--pylint PYLINT]
        [--pylint-most N] [--out FILE]

FLAKE8 and PYLINT are those of an environment that has tf2lint installed. Compared is (path,
line, code), with the core (`tf2lint.engine`) as the measure. Comments silence: flake8 runs with
--disable-noqa, the command line is held against what the comments leave of the core's
findings, and files that a `# pylint:` comment silences as a whole are not given to pylint.
pylint is slow: it gets N files of a package at most, those with most findings and some
without any.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from benchmarks.accuracy.fetch import Package, packages
from benchmarks.accuracy.report import sources
from tf2lint.engine import check
from tf2lint.options import Options
from tf2lint.suppress import Suppressions

Places = set[tuple[str, int, str]]  # (path, line, code)


def _run(command: list[str], folder: Path) -> str:
    here = str(Path(__file__).parents[2])
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": here},
    )  # fmt: skip
    if done.returncode not in (0, 1) and "pylint" not in command[0]:
        print(f"{command[0]}: {done.stderr[-500:]}", file=sys.stderr)
    return done.stdout


def by_core(package: Package, folder: Path) -> tuple[Places, Places]:
    """All findings of the core, and those that no comment silences."""
    found: Places = set()
    left: Places = set()
    for path, source in sources(folder / package.folder):
        silent = Suppressions(source)
        for finding in check(source, Options()):
            place = (os.path.relpath(path, folder), finding.line, finding.code)
            found.add(place)
            if not silent.hides(finding):
                left.add(place)
    return found, left


def by_command_line(package: Package, folder: Path) -> Places:
    """`tf2lint check`."""
    command = [sys.executable, "-m", "tf2lint", "check", "--no-gitignore", "--output-format",
               "json", package.folder]  # fmt: skip
    return {
        (os.path.normpath(row["path"]), row["line"], row["code"])
        for row in json.loads(_run(command, folder))
        if row["code"].startswith("TF") and row["path"].endswith(".py")
    }


def by_flake8(package: Package, folder: Path, flake8: str) -> Places:
    """The flake8 plugin."""
    command = [flake8, "--isolated", "--select=TF", "--disable-noqa", "--jobs=2",
               "--format=%(path)s\t%(row)d\t%(code)s", package.folder]  # fmt: skip
    found: Places = set()
    for line in _run(command, folder).splitlines():
        path, row, code = line.split("\t")
        found.add((os.path.normpath(path), int(row), code))
    return found


def by_pylint(files: list[str], folder: Path, pylint: str) -> Places:
    """The pylint plugin, on `files` alone."""
    command = [pylint, "--rcfile=/dev/null", "--load-plugins=pylint_tf2", "--disable=all",
               "--enable=tf2lint", "--jobs=2", "--persistent=n", "--output-format=json",
               *files]  # fmt: skip
    return {
        (os.path.normpath(row["path"]), row["line"], f"TF{row['message-id'][2:]}")
        for row in json.loads(_run(command, folder) or "[]")
        if row["message-id"][1] == "7"
    }


def _silenced(folder: Path, path: str) -> bool:
    text = (folder / path).read_text(encoding="utf-8", errors="replace")
    return "pylint: skip-file" in text or "pylint: disable=all" in text


def table(folder: Path, options: argparse.Namespace) -> tuple[str, list[str]]:
    """The comparison as Markdown, and what differs."""
    rows = ["| package | findings | command line differs | flake8 differs | pylint: files | "
            "findings | differs |", "|---|---|---|---|---|---|---|"]  # fmt: skip
    differing: list[str] = []
    for package in packages():
        if not (folder / package.folder).exists():
            continue
        own, left = by_core(package, folder)
        line = left ^ by_command_line(package, folder)
        differing += [f"{'core' if p in left else 'cli'} only: {p}" for p in sorted(line)]
        flake8 = by_flake8(package, folder, options.flake8)
        between = own ^ flake8
        differing += [f"{'core' if p in own else 'flake8'} only: {p}" for p in sorted(between)]
        cells = ["–", "–", "–"]
        if options.pylint:
            per_file: dict[str, int] = defaultdict(int)
            for path, _, _ in own:
                per_file[path] += 1
            most = [p for p in sorted(per_file, key=lambda p: (-per_file[p], p))
                    if not _silenced(folder, p)]  # fmt: skip
            every = [os.path.relpath(p, folder) for p in (folder / package.folder).rglob("*.py")]
            quiet = [p for p in sorted(every) if p not in per_file and not _silenced(folder, p)]
            half = options.pylint_most // 2
            chosen = [*most[: options.pylint_most - min(half, len(quiet))], *quiet[:half]]
            files = chosen[: options.pylint_most]
            mine = {p for p in own if p[0] in set(files)}
            theirs = by_pylint(files, folder, options.pylint)
            apart = mine ^ theirs
            differing += [f"{'core' if p in mine else 'pylint'} only: {p}" for p in sorted(apart)]
            cells = [str(len(files)), str(len(theirs)), str(len(apart))]
        rows.append(
            f"| {package.folder} | {len(own)} | {len(line)} | {len(between)} | "
            + " | ".join(cells)
            + " |"
        )
        print(rows[-1], file=sys.stderr, flush=True)
    return "\n".join(rows) + "\n", differing


def main() -> int:
    """Print the comparison; exit status 1 where anything differs."""
    parser = argparse.ArgumentParser(description="The front ends, compared.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--flake8", required=True)
    parser.add_argument("--pylint", default="")
    parser.add_argument("--pylint-most", type=int, default=60)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text, differing = table(options.folder.resolve(), options)
    print(text, *differing, sep="\n")
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
