"""`# noqa: TF101` comments that silence nothing."""

from __future__ import annotations

from collections.abc import Iterator

from tf2lint.check.registry import rules
from tf2lint.finding import Finding, Rule
from tf2lint.options import Options
from tf2lint.selection import Selection
from tf2lint.source import Source
from tf2lint.suppress import Suppressions

UNUSED = Rule(
    code="TF099",
    name="unused-noqa",
    category="R",
    summary="a `# noqa` comment names a code of ours that it does not silence here",
    page="Take the code out of the comment, or the whole comment.",
    examples=(),
)


def unused(
    source: Source, findings: list[Finding], options: Options, selection: Selection
) -> Iterator[Finding]:
    """A finding for each code of ours in a `# noqa` comment that silences none of `findings`.

    Codes of rules that this run does not ask for are let alone; codes of no rule are not.
    """
    asked = [
        rule.code for rule in rules()
        if (rule.default or rule.code in options.enable)
        and (selection.codes is None or rule.code in selection.codes)
    ]  # fmt: skip
    known = tuple(rule.code for rule in rules())
    for comment in Suppressions(source).noqa_comments():
        there = [f.code for f in findings if comment.first <= f.line <= comment.last]
        for code, column in comment.codes:
            if not code.startswith("TF") or any(found.startswith(code) for found in there):
                continue
            is_rule = any(rule.startswith(code) for rule in known)
            if is_rule and not any(rule.startswith(code) for rule in asked):
                continue
            why = "silences nothing here" if is_rule else "is the code of no rule"
            yield Finding(
                comment.line, column, comment.line, column + len(code), UNUSED.code,
                f"`{code}` in `# noqa` {why}. Delete it.",
                symbol="", status="idiom", rule=UNUSED,
            )  # fmt: skip
