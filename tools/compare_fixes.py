"""`tf2lint fix --to compat-v1` and `tf_upgrade_v2` side by side, on copies of real packages.

    python -m tools.compare_fixes --upgrade TF_UPGRADE_V2 PACKAGE...

First: how many files each of the two changed, crashed on or left unparsable, the
seconds it took, how many references are left that the newest TF lacks and `compat.v1` has, and
how many that are another object there. Every name of every module that was written for TF 1 is
asked of the API tables; the rules have no say in it.

Second, of our own results, to `compat-v1`, to `tf2` and to `tf2` with `--unsafe`: lines that
`git diff` calls changed, how many of them lie on no line that an edit touched, how many files a
second run changes, how many were left as they were and why, and what was left out of others.

`--upgrade` may be left out, then only the second table is made; `--write` puts both into
`docs/fixing.md`. Exit status 1 where a line is stray, a file broken, or a second run not idle.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tokenize
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tf2lint.check.engine import Examination, asked
from tf2lint.cli.files import decode
from tf2lint.finding import Finding
from tf2lint.fixes.compat_v1 import TF1
from tf2lint.fixes.fixer import fix
from tf2lint.options import Options
from tf2lint.source import Source
from tf2lint.suppress import Suppressions
from tf2lint.tensorflow import api
from tools import between
from tools.touched import outside, touched

PAGE = Path(__file__).parent.parent / "docs" / "fixing.md"


class Side(NamedTuple):
    """What one of the two did to a package."""

    changed: int
    lines: int
    broken: int
    crashed: int
    seconds: float
    left: Left


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


class Left(NamedTuple):
    """References, by symbol: what TF 2 lacks, and what is another object there."""

    lacking: Counter[str]
    other: Counter[str]


def left(top: Path, chosen: set[Path]) -> Left:
    """What the files `chosen`, as they are below `top`, refer to."""
    found = Left(Counter(), Counter())
    for path in sorted(chosen):
        if not _parses(top / path):
            continue
        for ref in between.references(_read(top / path)[0]):
            symbol = ref.symbol
            if ref.route != "tf" or not api.in_compat_v1(symbol, api.NEWEST):
                continue
            if not api.exists(symbol, api.NEWEST):
                found.lacking[symbol] += 1
            elif symbol != "tf" and not api.is_one_object(symbol, api.NEWEST):
                found.other[symbol] += 1
    return found


def of_tf1(top: Path) -> set[Path]:
    """The modules that were written for TF 1, and are to go through compat.v1."""
    found: set[Path] = set()
    for path in files(top):
        source = Source(_read(path)[0], str(path), path=str(path))
        if asked(source, Options(), Examination.side) == TF1:
            found.add(path.relative_to(top))
    return found


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


def ours(package: Path, folder: Path, chosen: set[Path]) -> tuple[Side, str]:
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
    return Side(changed, lines, broken, crashed, seconds, left(copy, chosen)), second


def theirs(package: Path, folder: Path, upgrade: str, chosen: set[Path]) -> Side:
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
    return Side(changed, lines, broken, crashed, seconds, left(copy, chosen))


class Checked(NamedTuple):
    """What one way to fix a package came to, and what is wrong with it."""

    changed: int
    lines: int
    stray: int
    second: int
    broken: int
    alone: Counter[str]
    left_out: int


WAYS = {
    "compat-v1": ["--to", "compat-v1"],
    "tf2": ["--to", "tf2"],
    "tf2, unsafe": ["--to", "tf2", "--unsafe"],
}


def checked(package: Path, folder: Path, way: str) -> Checked:
    """Fix a copy of `package` and hold every line that changed against the edits.

    The edits are asked for before, file by file, and must give what the command writes.
    """
    copy = folder / way.replace(", ", "-") / package.name
    shutil.copytree(package, copy)
    options = Options()
    expected: dict[Path, list[tuple[set[int], bytes]]] = {}
    alone: Counter[str] = Counter()
    for path in files(copy):
        text, encoding = _read(path)

        def wanted(source: Source) -> Callable[[Finding], bool]:
            hidden = Suppressions(source)
            return lambda finding: not hidden.hides(finding)

        to = "compat-v1" if way == "compat-v1" else "tf2"
        bom = b"\xef\xbb\xbf" if path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
        for is_program in (False, True) if to == "compat-v1" else (False,):  # the command knows
            done = fix(text, str(path), options, to, "unsafe" in way, wanted, str(path),
                       program=is_program)  # fmt: skip
            alone[done.reason] += bool(done.refused) and not is_program
            lines, after = touched(text, done.rounds)
            data = bom + (text if done.refused else after).encode(encoding)
            expected.setdefault(path, []).append((lines, data))
    command = [sys.executable, "-m", "tf2lint", "fix", *WAYS[way], "--no-gitignore", str(copy)]
    done1 = subprocess.run(command, capture_output=True, text=True, check=False)
    first = {path: path.read_bytes() for path in expected}
    subprocess.run(command, capture_output=True, text=True, check=False)
    changed = stray = count = second = broken = 0
    for path, outcomes in expected.items():
        fitting = [lines for lines, data in outcomes if data == first[path]]
        if not fitting:
            raise SystemExit(f"{path}: the command wrote something else")
        lines, data = fitting[0], first[path]
        second += path.read_bytes() != data
        before = package / path.relative_to(copy)
        if data == before.read_bytes():
            continue
        changed += 1
        broken += not _parses(path)
        path.write_bytes(data)
        one, two = outside(before, path, lines)
        count, stray = count + one, stray + two
    left_out = done1.stdout.count(" not applied, the fixed text ")
    return Checked(changed, count, stray, second, broken, +alone, left_out)


def _read(path: Path) -> tuple[str, str]:
    """The text of a file, and its encoding."""
    data = path.read_bytes()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return decode(data, str(path)), "utf-8" if encoding == "utf-8-sig" else encoding


def sides(packages: list[Path], upgrade: str, names: bool) -> tuple[list[str], int]:
    """The table of both side by side, and how much of ours is wrong."""
    rows = [
        "| package | files | lacking | other | ours: changed | lacking | other | seconds | "
        "tf_upgrade_v2: changed | lacking | other | unparsable | crashed | seconds |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    bad = 0
    for package in packages:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            chosen = of_tf1(package)
            one, second = ours(package, folder, chosen)
            two = theirs(package, folder, upgrade, chosen)
            counts = [
                f"{found.lacking.total()} | {found.other.total()}"
                for found in (left(package, chosen), one.left, two.left)
            ]
            rows.append(
                f"| {package.name} | {len(list(files(package)))} | {counts[0]} | {one.changed} | "
                f"{counts[1]} | {one.seconds:.1f} | {two.changed} | {counts[2]} | "
                f"{two.broken} | {two.crashed} | {two.seconds:.1f} |"
            )
            print(rows[-1], flush=True)
            bad += one.broken + one.crashed
            print(f"{package.name}: second run: {second}", file=sys.stderr)
            if names:
                for whose, found in (("ours", one.left), ("theirs", two.left)):
                    for counted in found:
                        print(f"  {whose}:", counted.most_common(12), file=sys.stderr)
    return rows, bad


def lines_of(packages: list[Path]) -> tuple[list[str], int]:
    """The table of lines changed and touched, and how much is wrong."""
    rows = [
        "| package | fixed to | files changed | lines changed | outside of edits | "
        "changed by a second run | left alone | kinds left out |",
        "|---|---|---|---|---|---|---|---|",
    ]
    bad = 0
    for package in packages:
        for way in WAYS:
            with tempfile.TemporaryDirectory() as name:
                found = checked(package, Path(name), way)
            reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(found.alone.items()))
            rows.append(
                f"| {package.name} | {way} | {found.changed} | {found.lines} | {found.stray} | "
                f"{found.second} | {reasons or 0} | {found.left_out} |"
            )
            print(rows[-1], flush=True)
            bad += found.stray + found.second + found.broken
    return rows, bad


def write(name: str, rows: list[str]) -> None:
    """Put a table between its markers in the page."""
    text = PAGE.read_text(encoding="utf-8")
    begin, end = (
        f"<!-- {name}: made by `python -m tools.compare_fixes` -->",
        f"<!-- end of {name} -->",
    )
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{PAGE.name}: the markers of {name} are missing")
    table = "\n".join(rows)
    PAGE.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="tf2lint fix and tf_upgrade_v2 side by side.")
    parser.add_argument("--upgrade", help="the program tf_upgrade_v2")
    parser.add_argument("--names", action="store_true", help="print the names that are left")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/fixing.md")
    parser.add_argument("packages", nargs="+", type=Path, metavar="PACKAGE")
    options = parser.parse_args()
    bad = 0
    if options.upgrade:
        rows, bad = sides(options.packages, options.upgrade, options.names)
        if options.write:
            write("sides", rows)
    rows, wrong = lines_of(options.packages)
    if options.write:
        write("lines", rows)
    return 1 if bad + wrong else 0


if __name__ == "__main__":
    sys.exit(main())
