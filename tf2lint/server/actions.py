"""What an editor offers to do about findings: fix one, silence one, fix all that is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tf2lint.finding import Edit, Finding
from tf2lint.fixes.proofs import is_safe
from tf2lint.server.analysis import Analysis
from tf2lint.silencing import silence

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.tf2lint"
FIX_ALL_TITLE = "tf2lint: fix all that is safe"
_LONGEST = 80  # letters of a title
_SENTENCE = re.compile(r"(?:`[^`]*`|[^`.])*")


@dataclass(frozen=True)
class Action:
    """Something to do: `edits` of the module, about `findings`; `preferred` without a thought."""

    title: str
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]
    preferred: bool = False


def asked_for(kind: str, only: Sequence[str] | None) -> bool:
    """Whether an editor that asks for the kinds `only` (None: any) wants those of `kind`."""
    return only is None or any(kind == k or kind.startswith(f"{k}.") or not k for k in only)


def quick_fixes(analysis: Analysis, first: int, last: int) -> Iterator[Action]:
    """What can be done about the findings on the lines from `first` to `last`, fixes first."""
    here = [analysis.edited(f) for f in analysis.findings if f.line <= last and f.end_line >= first]
    by_edits: dict[tuple[Edit, ...], list[Finding]] = {}
    for finding in here:
        if finding.hint is not None and finding.hint.edits:
            by_edits.setdefault(finding.hint.edits, []).append(finding)
    for edits, findings in by_edits.items():
        yield Action(_title(findings[0]), edits, tuple(findings), is_safe(findings[0]))
    by_code: dict[str, list[Finding]] = {}
    for finding in here:
        by_code.setdefault(finding.code, []).append(finding)
    for code, findings in by_code.items():
        edits = silence(analysis.source, findings)
        if edits:
            yield Action(f"Silence {code} here", edits, tuple(findings))


def has_safe_fixes(analysis: Analysis) -> bool:
    """Whether there is something for "fix all"."""
    return any(is_safe(analysis.edited(finding)) for finding in analysis.findings)


def _title(finding: Finding) -> str:
    assert finding.hint is not None
    sentence = _SENTENCE.match(finding.hint.text)
    assert sentence is not None
    text = f"{finding.code}: {sentence[0].replace('`', '')}"
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    return text if is_safe(finding) else f"{text} (unsafe)"
