"""Which edits are proven: run before on TF 1, after on TF 2, with the same numbers.

`proofs.txt` is written by `tools/verify_fixes.py`: one proven kind of edit a line, the code
and the template (or the kind's name), with a tab between.
"""

from __future__ import annotations

import os
from functools import lru_cache

from tf2lint.finding import Finding

_FILE = os.path.join(os.path.dirname(__file__), "proofs.txt")


@lru_cache(maxsize=1)
def proven() -> frozenset[tuple[str, str]]:
    """Every proven (code, kind of edit)."""
    pairs: set[tuple[str, str]] = set()
    with open(_FILE, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                code, _, kind = line.rstrip("\n").partition("\t")
                pairs.add((code, kind))
    return frozenset(pairs)


def is_safe(finding: Finding) -> bool:
    """Whether the edits of `finding` are of a proven kind."""
    hint = finding.hint
    return hint is not None and (finding.code, hint.kind) in proven()
