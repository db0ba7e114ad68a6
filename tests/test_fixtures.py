"""Real-looking programs in tests/fixtures, each line with the findings that belong to it.

A comment `# TF101: 4` expects TF101 at column 4 (0-based) of its line; `# TF102: 8, 30` expects
two, and several codes stand one after the other. A file has exactly the findings that it says.
A first line `# options: {"target-version": "2.15"}` gives settings as in `[tool.tf2lint]`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support import expected, findings

FIXTURES = Path(__file__).parent / "fixtures"
FILES = sorted(FIXTURES.rglob("*.py"))
_OPTIONS = "# options:"


def _settings(text: str) -> dict[str, object]:
    first = text.partition("\n")[0]
    if not first.startswith(_OPTIONS):
        return {}
    settings = json.loads(first.removeprefix(_OPTIONS))
    assert isinstance(settings, dict)
    return settings


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_a_fixture_has_the_findings_that_it_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = findings(text, str(path), **_settings(text))
    assert sorted((f.line, f.code, f.column) for f in found) == expected(text)


def test_fixtures_expect_something() -> None:
    """The comments are read, so that a fixture does not pass because nothing is expected."""
    assert len(FILES) >= 5
    assert sum(len(expected(path.read_text(encoding="utf-8"))) for path in FILES) >= 50
