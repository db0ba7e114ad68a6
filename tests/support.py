"""What the tests share: running the core on text, and reading expectations from text."""

from __future__ import annotations

import re
from pathlib import Path

from tf2lint.check.engine import check
from tf2lint.config import make_options
from tf2lint.finding import Finding
from tf2lint.source import Source

NOWHERE = str(Path(__file__).parent / "nowhere")  # no pyproject.toml with our table above it
_OPEN, _CLOSE = "«", "»"


def findings(text: str, path: str | None = None, **settings: object) -> list[Finding]:
    """Findings of the core on `text`; settings as in `[tool.tf2lint]`, `_` for `-`."""
    given = {name.replace("_", "-"): value for name, value in settings.items()}
    return check(Source(text, path or "test.py", path=path), make_options(given, NOWHERE))


def codes(text: str, **settings: object) -> list[str]:
    """Only the codes of the findings on `text`, in source order."""
    return [finding.code for finding in findings(text, **settings)]


def unmark(text: str) -> tuple[str, tuple[int, int, int, int] | None]:
    """`text` without «» and the place that they mark (columns in bytes), if there are any."""
    if _OPEN not in text:
        return text, None
    before, _, rest = text.partition(_OPEN)
    inside, _, after = rest.partition(_CLOSE)
    start, end = _position(before), _position(before + inside)
    return before + inside + after, (*start, *end)


def _position(text: str) -> tuple[int, int]:
    line = text.rpartition("\n")[2]
    return text.count("\n") + 1, len(line.encode())


def place(finding: Finding) -> tuple[int, int, int, int]:
    """Where a finding is: line, column, end line, end column."""
    return (finding.line, finding.column, finding.end_line, finding.end_column)


def expected(text: str) -> list[tuple[int, str, int]]:
    """(line, code, column) of the comments `# TF101: 4` (columns 0-based, several with commas)."""
    found: list[tuple[int, str, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        for match in re.finditer(r"\b(TF\d{3}): ?(\d+(?:, ?\d+)*)", line.partition("#")[2]):
            found += [(number, match[1], int(c)) for c in match[2].split(",")]
    return sorted(found)


def told(finding: Finding) -> str:
    """The advice of `finding` in plain words: no "Use", no backticks, no full stop at the end."""
    text = finding.hint.text if finding.hint is not None else ""
    return text.removeprefix("Use ").removesuffix(".").replace("`", "")


def said(finding: Finding) -> str:
    """The message of `finding` in plain words: no backticks, no full stop at the end."""
    return finding.message.removesuffix(".").replace("`", "")
