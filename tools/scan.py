"""Runs the core over every file below folders: `python -m tools.scan FOLDER ...`.

For code that has nothing to do with TensorFlow: no exception, and no finding. Prints a line for
each finding and each file that breaks, and what the slowest file took.
"""

from __future__ import annotations

import sys
import time
import tokenize
import warnings
from collections.abc import Iterable
from pathlib import Path

from tf2lint.check.engine import check
from tf2lint.config import options_of
from tf2lint.source import Source


def main(folders: Iterable[str]) -> int:
    """Look at all files; exit status 1 where there is anything to say."""
    warnings.simplefilter("ignore")
    options = options_of({"enable": "all", "report-guarded": True})
    files = skipped = said = 0
    slowest = (0.0, "")
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.py")):
            begun = time.perf_counter()
            try:
                with tokenize.open(path) as file:
                    text = file.read()
                source = Source(text, str(path), path=str(path))
                _ = source.tree
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                skipped += 1
                continue
            files += 1
            for finding in check(source, options):
                said += 1
                print(f"{path}:{finding.line}: {finding.code} {finding.message}", flush=True)
            slowest = max(slowest, (time.perf_counter() - begun, str(path)))
    print(f"{files} files, {skipped} do not parse, {said} findings; slowest {slowest[0]:.2f} s: "
          f"{slowest[1]}")  # fmt: skip
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
