"""The tool that holds changed lines against edits sees what it has to see."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
from tests.fix.test_proofs import _texts  # noqa: E402
from tf2lint.finding import Edit  # noqa: E402
from tf2lint.fixes.fixer import fix  # noqa: E402
from tf2lint.options import Options  # noqa: E402
from tools.touched import outside, touched  # noqa: E402

TEXT = "a\nbé = 1\n\nc\nd\n"


@pytest.mark.parametrize(
    ("rounds", "lines", "after"),
    [
        ([[Edit(2, 6, 2, 7, "2")]], {2}, "a\nbé = 2\n\nc\nd\n"),
        ([[Edit(2, 0, 3, 0, "")]], {2}, "a\n\nc\nd\n"),
        ([[Edit(3, 0, 3, 0, "new\n")]], {3}, "a\nbé = 1\nnew\n\nc\nd\n"),
        ([[Edit(5, 0, 6, 0, "")]], {5}, "a\nbé = 1\n\nc\n"),
        # Lines of the second round are counted as the first one left them.
        ([[Edit(1, 0, 2, 0, "")], [Edit(3, 0, 3, 1, "x")]], {1, 4}, "bé = 1\n\nx\nd\n"),
        ([[Edit(2, 6, 2, 7, "23")], [Edit(2, 6, 2, 8, "")]], {2}, "a\nbé = \n\nc\nd\n"),
    ],
)
def test_lines_that_edits_touch(
    rounds: list[list[Edit]], lines: set[int], after: str, tmp_path: Path
) -> None:
    assert touched(TEXT, rounds) == (lines, after)
    before, now = tmp_path / "a.py", tmp_path / "b.py"
    before.write_text(TEXT)
    now.write_text(after)
    assert outside(before, now, lines)[1] == 0
    now.write_text(after + "stray\n")
    assert outside(before, now, lines - {5})[1] == 1
    now.write_text(after.replace("d\n", "D\n") if 5 not in lines else "A\n" + after[2:])
    assert outside(before, now, lines)[1] == 1


@pytest.mark.parametrize("to", ["tf2", "compat-v1"])
def test_no_line_outside_of_edits_changes(to: str, tmp_path: Path) -> None:
    """Of all examples, fixtures and cases in one file after the other."""
    before, now = tmp_path / "a.py", tmp_path / "b.py"
    changed = 0
    for text in _texts()[::7]:
        done = fix(text, "test.py", Options(), to, unsafe=True)
        lines, after = touched(text, done.rounds)
        assert after == done.text
        if after != text:
            before.write_text(text)
            now.write_text(after)
            assert outside(before, now, lines)[1] == 0
            changed += 1
    assert changed > 20
