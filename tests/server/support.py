"""The blocks of docs/editors.md, which the tests of editors run."""

from __future__ import annotations

import re

from tests.hosts import ROOT

PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
BLOCKS = [(m[1], m[2]) for m in re.finditer(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)]


def block(kind: str, part: str) -> str:
    """The one block of that kind that holds `part`."""
    [text] = [text for this, text in BLOCKS if this == kind and part in text]
    return text
