"""What is said where this package itself breaks: a finding, so that no host falls for it.

It is of no family and cannot be turned off: flake8 shows it as TF000, pylint as F7000, and the
command line counts the file as not read, with exit status 2.
"""

from __future__ import annotations

import ast
import os

from tf2lint.finding import Finding, Rule

BROKEN = Rule(
    code="TF000",
    name="internal-error",
    category="F",
    summary="A mistake of tf2lint itself: some of the file, or all of it, was not looked at.",
    page="Please report the message, with the code that it stands at.",
    examples=(),
)


def broken(error: BaseException, rule: Rule | None = None, node: ast.AST | None = None) -> Finding:
    """The finding for `error`, raised by `rule` at `node`, or by what all rules need."""
    what = f"tf2lint broke in {rule.code} here" if rule else "tf2lint broke at this file"
    text = printable(" ".join(str(error).split()))
    text = text if len(text) <= 120 else f"{text[:117]}..."
    rest = "the other rules were asked" if rule else "nothing is known of it"
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    return Finding(
        line, column, line, column + 1, BROKEN.code,
        f"{what}: {type(error).__name__}{text and ': '}{text} ({where(error)}); {rest}; "
        "please report this line with the code that it is about",
        symbol="", status="broken", rule=BROKEN,
    )  # fmt: skip


def unusable(error: Exception) -> Finding:
    """The finding for settings that cannot be taken, where no host can be ended any more."""
    return Finding(
        1, 0, 1, 1, BROKEN.code, f"not looked at: {printable(str(error))}",
        symbol="", status="broken", rule=BROKEN,
    )  # fmt: skip


def where(error: BaseException) -> str:
    """The place in this package where `error` came from: `file.py:line`."""
    import traceback  # only when it is needed: it is slow to load

    frames = traceback.extract_tb(error.__traceback__)
    folder = os.path.dirname(__file__)
    ours = [frame for frame in frames if frame.filename.startswith(folder)] or frames
    if not ours:
        return "?"
    return f"{os.path.basename(ours[-1].filename)}:{ours[-1].lineno}"


def printable(text: str) -> str:
    """`text` with what would act on a terminal, or hide, shown as Python escapes it."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii")
        for c in text
    )
