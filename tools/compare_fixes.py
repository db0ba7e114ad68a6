"""`tf2lint fix --to compat-v1` and `tf_upgrade_v2` side by side, on copies of real packages.

    python -m tools.compare_fixes --upgrade TF_UPGRADE_V2 PACKAGE...

For each package: how many files each of the two changed, crashed on or left unparsable, the
seconds it took, and how many references are left that the newest TF lacks and `compat.v1` has.
References are asked of the API tables, through tf2lint's own name resolution. Of our own result
it also says whether a second run changes anything, and whether lines changed that no edit
touched (`git diff`).
"""

from __future__ import annotations

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tf2lint import api
from tf2lint.engine import check
from tf2lint.options import Options
from tf2lint.source import Source


class Side(NamedTuple):
    """What one of the two did to a package."""

    changed: int
    lines: int
    broken: int
    crashed: int
    seconds: float
    left: Counter[str]


def files(top: Path) -> Iterator[Path]:
    """Every module that Python 3 can parse."""
    for path in sorted(top.rglob("*.py")):
        if _parses(path):
            yield path


def _parses(path: Path) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return False
    return True


def left(top: Path) -> Counter[str]:
    """References that the newest TF lacks and `compat.v1` has, by symbol."""
    found: Counter[str] = Counter()
    for path in files(top):
        data = path.read_bytes()
        try:
            text = data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
        source = Source(text, str(path), path=str(path))
        for finding in check(source, Options()):
            symbol = finding.symbol
            if api.exists(symbol, api.NEWEST) or not api.in_compat_v1(symbol, api.NEWEST):
                continue
            place = finding.line, finding.column, finding.end_line, finding.end_column
            if finding.status == "removed" and _is_name(symbol, source.between(*place)):
                found[symbol] += 1
    return found


def _is_name(symbol: str, spelled: str) -> bool:
    """Whether a reference is a name of the API, not a method of an object."""
    name = spelled.partition(" as ")[0].strip()
    owner = api.symbol(symbol.rpartition(".")[0])
    parts = 2 if owner is not None and owner.kind == "class" else 1
    return name.split(".")[-parts:] == symbol.split(".")[-parts:]


def compare(before: Path, after: Path) -> tuple[int, int, int]:
    """Files and lines that differ, and files that no longer parse."""
    changed = lines = broken = 0
    for path in files(before):
        now = after / path.relative_to(before)
        if now.read_bytes() != path.read_bytes():
            changed += 1
            old, new = path.read_bytes().split(b"\n"), now.read_bytes().split(b"\n")
            lines += len(new) - len(old) if len(old) != len(new) else 0
            if len(old) == len(new):
                lines += sum(a != b for a, b in zip(old, new, strict=True))
            broken += not _parses(now)
    return changed, lines, broken


def ours(package: Path, folder: Path) -> tuple[Side, str]:
    """What `tf2lint fix --to compat-v1` does, and what a second run says."""
    copy = folder / "ours" / package.name
    shutil.copytree(package, copy)
    command = [sys.executable, "-m", "tf2lint", "fix", "--to", "compat-v1", "--no-gitignore"]
    start = time.perf_counter()
    done = subprocess.run([*command, str(copy)], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    again = subprocess.run([*command, str(copy)], capture_output=True, text=True, check=False)
    refused = done.stderr.count("left as it was")
    crashed = done.stderr.count("tf2lint broke")
    changed, lines, broken = compare(package, copy)
    second = again.stdout.strip().rpartition("\n")[2]
    second = f"{second}; {refused} refused" if refused else second
    return Side(changed, lines, broken, crashed, seconds, left(copy)), second


def theirs(package: Path, folder: Path, upgrade: str) -> Side:
    """What `tf_upgrade_v2` does; a file at a time where the whole tree makes it crash."""
    copy = folder / "theirs" / package.name
    copy.parent.mkdir(exist_ok=True)
    command = [upgrade, "--intree", str(package), "--outtree", str(copy)]
    report = str(folder / "report.txt")
    start = time.perf_counter()
    done = subprocess.run(
        [*command, "--reportfile", report], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    crashed = done.stderr.count("Traceback (most recent call last)")
    if done.returncode:
        for path in files(package):
            goal = copy / path.relative_to(package)
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, goal)
        seconds = float("nan")
    for path in files(package):
        goal = copy / path.relative_to(package)
        if not goal.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, goal)
    if os.path.exists(report):
        crashed += Path(report).read_text(errors="replace").count("ERROR: Failed to parse")
    changed, lines, broken = compare(package, copy)
    return Side(changed, lines, broken, crashed, seconds, left(copy))


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="tf2lint fix and tf_upgrade_v2 side by side.")
    parser.add_argument("--upgrade", required=True, help="the program tf_upgrade_v2")
    parser.add_argument("--names", action="store_true", help="print the names that are left")
    parser.add_argument("packages", nargs="+", type=Path, metavar="PACKAGE")
    options = parser.parse_args()
    print("| package | files | names | ours: changed | left | seconds | tf_upgrade_v2: changed | "
          "left | unparsable | crashed | seconds |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    bad = 0
    for package in options.packages:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            one, second = ours(package, folder)
            two = theirs(package, folder, options.upgrade)
            total = sum(left(package).values())
            print(
                f"| {package.name} | {len(list(files(package)))} | {total} | {one.changed} | "
                f"{one.left.total()} | {one.seconds:.1f} | {two.changed} | {two.left.total()} | "
                f"{two.broken} | {two.crashed} | {two.seconds:.1f} |",
                flush=True,
            )
            bad += one.broken + one.crashed
            print(f"{package.name}: second run: {second}", file=sys.stderr)
            if options.names:
                print("  ours:", one.left.most_common(12), file=sys.stderr)
                print("  theirs:", two.left.most_common(12), file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
