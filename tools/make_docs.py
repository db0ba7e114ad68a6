"""Writes what is made from the rules: docs/rules and the table in the README.

python -m tools.make_docs            write
python -m tools.make_docs --check    change nothing; exit 1 where writing would

"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tf2lint.cli import pages
from tf2lint.registry import rules

ROOT = Path(__file__).resolve().parent.parent
BEGIN = "<!-- rules: made by `python -m tools.make_docs` -->"
END = "<!-- end of rules -->"


def wanted(root: Path) -> dict[Path, str]:
    """Every file that is made, with its text; the README with its table replaced.

    Raises `ValueError` where the README lacks the markers.
    """
    folder = root / pages.FOLDER
    made = {root / pages.path_of(rule): pages.page(rule) for rule in rules()}
    made[folder / "README.md"] = pages.index(rules())
    readme = root / "README.md"
    made[readme] = with_table(readme.read_text(encoding="utf-8"), pages.table(rules()))
    return made


def with_table(text: str, table: str) -> str:
    """`text` with `table` between the markers. Raises `ValueError` where they are missing."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README.md: the markers {BEGIN} and {END} are missing")
    return f"{before}{begin}\n{table}\n{end}{after}"


def differences(root: Path) -> list[str]:
    """What `--check` complains of, a line each: stale or missing files, pages without a rule."""
    made = wanted(root)
    found = []
    for path, text in made.items():
        name = path.relative_to(root).as_posix()
        if not path.is_file():
            found.append(f"{name}: missing")
        elif path.read_bytes() != text.encode("utf-8"):
            found.append(f"{name}: out of date")
    folder = root / pages.FOLDER
    extra = [path for path in folder.glob("*.md") if path not in made]
    found += [f"{path.relative_to(root).as_posix()}: no such rule" for path in extra]
    return sorted(found)


def write(root: Path) -> None:
    """Bring every made file up to date and remove pages without a rule."""
    made = wanted(root)
    folder = root / pages.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in made.items():
        path.write_bytes(text.encode("utf-8"))
    for path in folder.glob("*.md"):
        if path not in made:
            path.unlink()


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run with command line `arguments`; the exit status comes back."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    if not parser.parse_args(arguments).check:
        write(root)
        return 0
    found = differences(root)
    for line in found:
        print(line)
    if found:
        print("run `python -m tools.make_docs`")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
