"""What an editor shows of a place: the finding, what became of its symbol, the rule's page."""

from __future__ import annotations

import re
from functools import lru_cache

from tf2lint.cli import pages
from tf2lint.cli.explain import story
from tf2lint.finding import Finding, Rule
from tf2lint.selection import find_rule
from tf2lint.server.analysis import Analysis
from tf2lint.tensorflow import api

_NOQA_CODE = re.compile(r"#.*?\bnoqa\b.*?\b(TF\d{3})\b")
_CODE = re.compile(r"\bTF\d{3}\b")


def hover(analysis: Analysis, line: int, column: int) -> str:
    """Markdown for a place, empty where there is nothing to say."""
    here = [f for f in analysis.findings if _holds(f, line, column)]
    if not here:
        return _of_comment(analysis.source.lines[line - 1 : line], column)
    # The innermost finding is the one that is pointed at.
    finding = min(here, key=lambda f: (f.end_line - f.line, f.end_column - f.column))
    parts = [f"**{f.code}** {_literal(f.message)}" for f in here]
    if api.known(finding.symbol):
        parts.append("```text\n" + "\n".join(story(finding.symbol)) + "\n```")
    assert finding.rule is not None
    return "\n\n".join([*parts, "---", _page(finding.rule)])


@lru_cache(maxsize=64)
def _page(rule: Rule) -> str:
    return pages.page(rule)  # it checks its examples


def _holds(finding: Finding, line: int, column: int) -> bool:
    start, end = (finding.line, finding.column), (finding.end_line, finding.end_column)
    return start <= (line, column) <= end


def _of_comment(lines: list[str], column: int) -> str:
    """The page of the rule whose code in a `# noqa` comment is pointed at."""
    for text in lines:
        column = pages.characters(text, column)
        if _NOQA_CODE.search(text):
            for code in _CODE.finditer(text):
                rule = find_rule(code[0])
                if rule is not None and code.start() <= column <= code.end():
                    return _page(rule)
    return ""


def _literal(text: str) -> str:
    """`text`, whose code is in backticks, with nothing else that Markdown would act on."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*_<>\[\]#~|])", r"\\\1", part) for part in parts[::2]]
    return "`".join(parts)
