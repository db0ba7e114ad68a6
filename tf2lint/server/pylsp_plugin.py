"""The plugin of python-lsp-server: findings, fixes, and comments that silence.

It is loaded with every python-lsp-server, so what it needs is imported when it is asked.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from threading import RLock
from typing import TYPE_CHECKING, Any

from pylsp import hookimpl

if TYPE_CHECKING:
    from pylsp.config.config import Config
    from pylsp.workspace import Document, Workspace

    from tf2lint.finding import Edit, Finding
    from tf2lint.server.analysis import Analysis
    from tf2lint.server.settings import Settings

Json = dict[str, Any]
_NAME = "tf2lint"
_ENCODING = "utf-16"  # this server speaks no other
_KEPT = 32  # analyses
_log = logging.getLogger(__name__)


@hookimpl
def pylsp_settings() -> Json:
    """What holds as long as the editor says nothing."""
    return {"plugins": {_NAME: {"enabled": True}}}


@hookimpl
def pylsp_lint(config: Config, document: Document) -> list[Json]:
    """The diagnostics of a document; none where flake8, asked by this server, has them too."""
    flake8: Json = config.plugin_settings("flake8")  # type: ignore[no-untyped-call]
    if flake8.get("enabled"):
        return []
    analysis = _answers.analysis(config, document)
    if analysis is None:
        return []
    return [_diagnostic(finding, analysis.source.lines) for finding in analysis.findings]


@hookimpl
def pylsp_code_actions(
    config: Config,
    workspace: Workspace,
    document: Document,
    range: Json,  # noqa: A002
    context: Json,
) -> list[Json]:
    """What can be done about the findings in a range, or about all."""
    del workspace
    from tf2lint.server import actions  # as said above

    analysis = _answers.analysis(config, document)
    if analysis is None:
        return []
    lines = analysis.source.lines
    only = (context or {}).get("only")
    made: list[Json] = []
    if actions.asked_for(actions.QUICK_FIX, only):
        first, last = (range[end]["line"] + 1 for end in ("start", "end"))
        made += [
            {
                "title": action.title, "kind": actions.QUICK_FIX,
                "diagnostics": [_diagnostic(finding, lines) for finding in action.findings],
                **({"isPreferred": True} if action.preferred else {}),
                "edit": _edit(document, action.edits, lines),
            }
            for action in actions.quick_fixes(analysis, first, last)
        ]  # fmt: skip
    if actions.asked_for(actions.FIX_ALL, only) and actions.has_safe_fixes(analysis):
        from tf2lint.server.documents import between  # as said above

        edits = between(analysis.source.text, analysis.fixed)
        action = {"title": actions.FIX_ALL_TITLE, "kind": actions.FIX_ALL}
        made += [{**action, "edit": _edit(document, edits, lines)}] if edits else []
    return made


class _Answers:
    """The last analyses. It may be asked by several threads."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._analyses: OrderedDict[str, Analysis] = OrderedDict()
        self._given: Json | None = None
        self._settings: Settings | None = None

    def analysis(self, config: Config, document: Document) -> Analysis | None:
        """The analysis of a document; None where it is no Python."""
        # As said above.
        from tf2lint.semantics.files import disk
        from tf2lint.server.analysis import Analysis
        from tf2lint.server.settings import Settings

        with self._lock:
            if self._settings is None:
                self._settings = Settings(_log.warning)
            given: Json = config.plugin_settings(  # type: ignore[no-untyped-call]
                _NAME, document_path=document.path
            )
            if given != self._given:
                self._given = given
                self._settings.give(given)
            path = document.path if document.uri.startswith("file:") else None
            told = self._settings.of(path)
            known = self._analyses.pop(document.uri, None)
            text = document.source
            if known is None or not known.holds(text, told):
                disk().forget()  # nobody tells which files are new
                try:
                    known = Analysis(text, path, told, _log.error)
                except (SyntaxError, ValueError, RecursionError, MemoryError):
                    return None
                known.close()  # several threads ask
            self._analyses[document.uri] = known
            while len(self._analyses) > _KEPT:
                self._analyses.popitem(last=False)
            return known


_answers = _Answers()


def _diagnostic(finding: Finding, lines: list[str]) -> Json:
    from tf2lint.server.analysis import SEVERITY  # as said above

    return {
        "source": _NAME, "code": finding.code, "message": finding.message,
        "severity": SEVERITY[finding.status],
        "range": _range(
            lines, finding.line, finding.column, finding.end_line, finding.end_column
        ),
    }  # fmt: skip


def _edit(document: Document, edits: Iterable[Edit], lines: list[str]) -> Json:
    made = [
        {"range": _range(lines, e.line, e.column, e.end_line, e.end_column), "newText": e.text}
        for e in edits
    ]
    return {"changes": {document.uri: made}}


def _range(lines: list[str], line: int, column: int, end_line: int, end_column: int) -> Json:
    from tf2lint.server.positions import to_client  # as said above

    def position(line: int, column: int) -> Json:
        here = lines[line - 1] if line <= len(lines) else ""
        return {"line": line - 1, "character": to_client(here, column, _ENCODING)}

    return {"start": position(line, column), "end": position(end_line, end_column)}
