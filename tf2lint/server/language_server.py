"""The language server itself: pygls carries the messages, the rest of the package answers.

All of it runs in one thread. A change is looked at a moment later, so that many at once are one;
a question meanwhile is answered from the text of that moment. A text that does not parse keeps
what was last said of it: the editor moves that along.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import time
from collections.abc import Callable
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from tf2lint import __version__, internal_error
from tf2lint.finding import Edit, Finding
from tf2lint.semantics.files import disk
from tf2lint.server.analysis import SEVERITY, Analysis
from tf2lint.server.documents import Changes, File, Text, Unit
from tf2lint.server.positions import to_client
from tf2lint.server.rule_pages import RulePages
from tf2lint.server.settings import Settings

SOON = 0.001  # seconds after a change, for those that are on their way
LATEST = 0.1  # seconds from a change to the look at it, whatever else comes
IDLE = 0.25  # seconds without a change, then what takes longer is done
BREATH = 0.01  # seconds between two things that take longer
PAUSE = 0.02  # seconds after an answer, then what it leaves behind is cleared away
_MANY_OBJECTS = 500_000  # that were made since what is not needed any more was looked for
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_F = TypeVar("_F", bound=Callable[..., Any])


class Server(LanguageServer):
    """One editor's server."""

    def __init__(self) -> None:
        super().__init__(
            "tf2lint", __version__, types.TextDocumentSyncKind.Incremental,
            types.NotebookDocumentSyncOptions(
                [types.NotebookDocumentFilterWithCells([types.NotebookCellLanguage("python")])]
            ),
        )  # fmt: skip
        self.said_goodbye = False
        self.settings = Settings(self._complain)
        self.pages = RulePages()
        self.units: dict[str, Unit] = {}  # by URI; that of a cell leads to its notebook
        self._analyses: dict[str, Analysis] = {}
        self._past: Analysis | None = None
        self._told: dict[str, list[types.Diagnostic]] = {}  # by URI of the text
        self._changed: dict[str, Unit] = {}
        self._last = ""  # what changed last
        self._first = 0.0  # when the first of what changed did
        self._todo: list[Callable[[], object]] = []  # as long as nothing is asked or typed
        self._timers: dict[str, asyncio.TimerHandle] = {}

    # Documents.

    def open(self, unit: Unit) -> None:
        """Take in what the editor has opened."""
        disk().forget()  # it may be new
        self.units[unit.uri] = unit
        self.change(unit)

    def change(self, unit: Unit) -> None:
        """See that what changed is looked at, and then what depends on it."""
        for text in unit.texts:
            self.units[text.uri] = unit
        if unit.path is not None and isinstance(unit, File):
            disk().hold(unit.path, unit.module)
        self._changed[unit.uri] = unit
        self._last = unit.uri
        now = time.monotonic()
        if "soon" not in self._timers:
            self._first = now
        self._after("soon", min(SOON, self._first + LATEST - now), self._look_at_changed)
        self._after("idle", IDLE, self._look_at_others)

    def close(self, uri: str) -> None:
        """Forget what the editor has closed."""
        unit = self.units.get(uri)
        if unit is None:
            return
        if unit.path is not None:
            disk().let_go(unit.path)
        for held in [held for held, other in self.units.items() if other is unit]:
            self.forget(held)
        self._analyses.pop(unit.uri, None)
        self._changed.pop(unit.uri, None)
        self._after("idle", IDLE, self._look_at_others)

    def forget(self, uri: str) -> None:
        """Say no more of a text that the editor has no more."""
        self.units.pop(uri, None)
        self._publish(uri, None, [])
        del self._told[uri]

    def look_again(self) -> None:
        """Files or settings may have changed: see what that means for all that is open."""
        disk().forget()
        self._after("idle", 0, self._look_at_others)

    def _after(self, name: str, seconds: float, call: Callable[[], None]) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.cancel()

        def run() -> None:
            self._timers.pop(name, None)
            self._guarded(call)

        self._timers[name] = asyncio.get_running_loop().call_later(seconds, run)

    def warm_up(self) -> None:
        """Load what every analysis needs.

        A look leaves no garbage that has to be looked for, and what else does is looked for when
        there is time: what Python does on its own would come in the middle of an answer.
        """
        text = "import tensorflow as tf\ntf.log(1.0)\n"
        self._guarded(lambda: Analysis(text, None, self.settings.of(None), self.log).foresee())
        gc.collect()
        gc.freeze()
        gc.disable()

    def rest(self) -> None:
        """Say nothing more: the editor is about to go."""
        self.said_goodbye = True
        for timer in self._timers.values():
            timer.cancel()

    def _look_at_changed(self) -> None:
        while self._changed:
            self._say(self._changed.pop(next(iter(self._changed))))

    def _look_at_others(self) -> None:
        """See to all that is open, one thing at a time: what is asked or typed comes between."""
        units = dict.fromkeys(self.units.values())
        self._todo = [self._foresee]  # while what it needs is held
        self._todo += [functools.partial(self._say, unit, only_news=True) for unit in units]
        self._todo += [self.pages.write, self._collect]
        self._do_next()

    def _do_next(self) -> None:
        job = self._todo.pop(0)
        if self._todo:
            self._after("idle", BREATH, self._do_next)
        self._guarded(job)

    def _foresee(self) -> None:
        """Make some of the edits that the editor will ask for next."""
        analysis = self._analyses.get(self._last)
        if analysis is not None and not analysis.foresee(BREATH):
            self._todo.insert(0, self._foresee)
            self._after("idle", BREATH, self._do_next)

    def _collect(self) -> None:
        """Collect what outlived a look: answers that nobody needs any more."""
        if gc.get_count()[0] > _MANY_OBJECTS:
            gc.collect()

    # Analyses.

    def analysis(self, unit: Unit) -> Analysis | None:
        """The analysis of today's text; None where that is no Python."""
        told = self.settings.of(unit.path)
        known = self._analyses.get(unit.uri)
        module = unit.module
        if known is not None and known.holds(module, told):
            return known
        self._clear_away()
        for other in self._analyses.values():
            if other is not known:
                other.close()
        try:
            made = Analysis(module, unit.path, told, self.log)
        except _UNREADABLE:
            return None
        self._past = known
        self._after("past", PAUSE, self._clear_away)
        self._analyses[unit.uri] = made
        return made

    def _clear_away(self) -> None:
        """Let go of the look that another one took the place of: that takes a while."""
        if self._past is not None:
            self._past.close()
            self._past = None

    def _say(self, unit: Unit, only_news: bool = False) -> None:
        known = self._analyses.get(unit.uri)
        analysis = self.analysis(unit)
        if analysis is None or (only_news and analysis is known) or unit.uri not in self.units:
            return
        broken = unit.broken()
        told: dict[Text, list[types.Diagnostic]] = {text: [] for text in unit.texts}
        for finding in analysis.findings:
            text, range_ = self.place(unit, finding)
            told[text].append(diagnostic(finding, range_, self.pages))
        for text, diagnostics in told.items():
            if text not in broken and not (only_news and self._told.get(text.uri) == diagnostics):
                self._publish(text.uri, text.version, diagnostics)

    def _publish(self, uri: str, version: int | None, told: list[types.Diagnostic]) -> None:
        self._told[uri] = told
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, told, version))

    # Places.

    @property
    def encoding(self) -> str:
        """How the client counts columns."""
        encoding = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        return str(getattr(encoding, "value", encoding))

    def place(self, unit: Unit, finding: Finding) -> tuple[Text, types.Range]:
        """Where a finding is: the text, and the range in it."""
        text, line = unit.at(finding.line)
        last = unit.at(finding.end_line)[1]
        return text, self.range_of(
            text, Edit(line, finding.column, last, finding.end_column, text="")
        )

    def range_of(self, text: Text, edit: Edit) -> types.Range:
        """What an edit of `text` replaces."""
        lines = text.lines

        def position(line: int, column: int) -> types.Position:
            here = lines[line - 1] if line <= len(lines) else ""
            return types.Position(line - 1, to_client(here, column, self.encoding))

        return types.Range(
            position(edit.line, edit.column), position(edit.end_line, edit.end_column)
        )

    def workspace_edit(self, changes: Changes) -> types.WorkspaceEdit:
        """Changes of texts as the client takes them."""
        edits = {
            text: [types.TextEdit(self.range_of(text, edit), edit.text) for edit in made]
            for text, made in changes.items()
        }
        workspace = self.client_capabilities.workspace
        can = workspace.workspace_edit if workspace else None
        if can is None or not can.document_changes:
            return types.WorkspaceEdit({text.uri: made for text, made in edits.items()})
        return types.WorkspaceEdit(document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(text.uri, text.version), [*made]
            )
            for text, made in edits.items()
        ])  # fmt: skip

    # Words to the user.

    def log(self, line: str) -> None:
        """Put a line in the editor's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"tf2lint: {line}"))

    def _complain(self, line: str) -> None:
        self.window_show_message(
            types.ShowMessageParams(types.MessageType.Warning, f"tf2lint: {line}")
        )

    def _guarded(self, call: Callable[[], object]) -> None:
        try:
            call()
        except Exception as error:  # a mistake of ours shall not end the editor's server
            self.log(internal_error.broken(error).message)


def diagnostic(finding: Finding, range_: types.Range, pages: RulePages) -> types.Diagnostic:
    """A finding as editors show it."""
    assert finding.rule is not None
    return types.Diagnostic(
        range_, finding.message, types.DiagnosticSeverity(SEVERITY[finding.status]),
        finding.code,
        types.CodeDescription(pages.url_of(finding.rule)), source="tf2lint",
    )  # fmt: skip


def guarded(handler: _F) -> _F:
    """A handler whose mistakes are one line in the log, and no answer."""

    @functools.wraps(handler)
    def guarded(ls: Server, params: Any) -> Any:
        try:
            return handler(ls, params)
        except Exception as error:
            ls.log(internal_error.broken(error).message)
            return None

    @functools.wraps(handler)
    async def guarded_later(ls: Server, params: Any) -> Any:
        try:
            return await handler(ls, params)
        except Exception as error:
            ls.log(internal_error.broken(error).message)
            return None

    later = asyncio.iscoroutinefunction(handler)
    return guarded_later if later else guarded  # type: ignore[return-value]
