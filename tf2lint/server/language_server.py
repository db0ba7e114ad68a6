"""The language server itself: pygls carries the messages, the rest of the package answers.

All of it runs in one thread. A change is looked at a moment later, so that many at once are one;
a question meanwhile is answered from the text of that moment. A text that does not parse keeps
what was last said of it: the editor moves that along.
"""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stdout
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from tf2lint import __version__, internal_error
from tf2lint.finding import Edit, Finding
from tf2lint.semantics.files import disk
from tf2lint.server import actions, hover
from tf2lint.server.analysis import SEVERITY, Analysis
from tf2lint.server.documents import Changes, File, NotebookFile, Text, Unit
from tf2lint.server.positions import Position, changed, from_client, to_client
from tf2lint.server.rule_pages import RulePages
from tf2lint.server.settings import SECTION, Settings

SOON = 0.02  # seconds from a change to the look at it
IDLE = 0.25  # seconds without a change, then what takes longer is done
BREATH = 0.01  # seconds between two things that take longer
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
        self._told: dict[str, list[types.Diagnostic]] = {}  # by URI of the text
        self._changed: dict[str, Unit] = {}
        self._last = ""  # what changed last
        self._todo: list[Callable[[], object]] = []  # as long as nothing is asked or typed
        self._timers: dict[str, asyncio.TimerHandle] = {}
        _register(self)

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
        if "soon" not in self._timers:
            self._after("soon", SOON, self._look_at_changed)
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
        """Load what every analysis needs; the garbage collector need not look at it any more."""
        text = "import tensorflow as tf\ntf.log(1.0)\n"
        self._guarded(lambda: Analysis(text, None, self.settings.of(None), self.log).foresee())
        gc.collect()
        gc.freeze()

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
        self._todo.append(self.pages.write)
        self._do_next()

    def _do_next(self) -> None:
        job = self._todo.pop(0)
        if self._todo:
            self._after("idle", BREATH, self._do_next)
        self._guarded(job)

    def _foresee(self) -> None:
        """Make the edits that the editor will ask for next."""
        analysis = self._analyses.get(self._last)
        if analysis is not None:
            analysis.foresee()

    # Analyses.

    def analysis(self, unit: Unit) -> Analysis | None:
        """The analysis of today's text; None where that is no Python."""
        told = self.settings.of(unit.path)
        known = self._analyses.get(unit.uri)
        module = unit.module
        if known is not None and known.holds(module, told):
            return known
        for other in self._analyses.values():
            other.close()
        try:
            made = Analysis(module, unit.path, told, self.log)
        except _UNREADABLE:
            return None
        self._analyses[unit.uri] = made
        return made

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


# What the client may send.


def _shutdown(ls: Server, params: None) -> None:
    del params
    ls.rest()


def _guarded(handler: _F) -> _F:
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


@_guarded
def _initialize(ls: Server, params: types.InitializeParams) -> None:
    ls.settings.give(params.initialization_options)


@_guarded
async def _initialized(ls: Server, params: types.InitializedParams) -> None:
    del params
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching is not None and watching.dynamic_registration:
        globs = ["**/*.py", "**/pyproject.toml"]
        options = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(glob) for glob in globs]
        )
        await _register_at_client(ls, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    changing = workspace.did_change_configuration if workspace else None
    if changing is not None and changing.dynamic_registration:
        options_ = types.DidChangeConfigurationRegistrationOptions(SECTION)
        await _register_at_client(ls, types.WORKSPACE_DID_CHANGE_CONFIGURATION, options_)
    await _ask_for_settings(ls)
    ls.warm_up()


async def _register_at_client(ls: Server, method: str, options: object) -> None:
    registration = types.Registration(method, method, options)
    try:
        await ls.client_register_capability_async(types.RegistrationParams([registration]))
    except JsonRpcException as error:  # what it said it could do; we live without
        ls.log(f"{method}: the editor's own error: {error}")


async def _ask_for_settings(ls: Server) -> bool:
    """Take the settings that the client has for us now; whether it can be asked."""
    workspace = ls.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return False
    item = types.ConfigurationItem(section=SECTION)
    [found] = await ls.workspace_configuration_async(types.ConfigurationParams([item]))
    if found:
        ls.settings.give(found)
        ls.look_again()
    return True


@_guarded
async def _did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    if not await _ask_for_settings(ls) and params.settings:
        ls.settings.give(params.settings)
        ls.look_again()


@_guarded
def _did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    del params
    ls.look_again()


@_guarded
def _did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    if item.language_id == "python" or item.uri.endswith((".py", ".pyi")):
        ls.open(File(Text(item.uri, item.text, item.version), _path_of(item.uri)))


@_guarded
def _did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    unit = ls.units.get(params.text_document.uri)
    if isinstance(unit, File):
        unit.text.version = params.text_document.version
        unit.text.text = _after_changes(ls, unit.text, params.content_changes)
        ls.change(unit)


def _after_changes(
    ls: Server, text: Text, changes: Iterable[types.TextDocumentContentChangeEvent]
) -> str:
    now = text.text
    for change in changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            start, end = (
                Position(p.line, p.character) for p in (change.range.start, change.range.end)
            )
            now = changed(now, start, end, change.text, ls.encoding)
        else:
            now = change.text
    return now


@_guarded
def _did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    del params  # it may be a file of settings, or be new
    ls.look_again()


@_guarded
def _did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.close(params.text_document.uri)


@_guarded
def _notebook_did_open(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    uri = params.notebook_document.uri
    texts = {item.uri: _cell(item) for item in params.cell_text_documents}
    cells = [
        texts[cell.document] for cell in params.notebook_document.cells if cell.document in texts
    ]
    ls.open(NotebookFile(uri, _path_of(uri), cells))


@_guarded
def _notebook_did_change(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    unit = ls.units.get(params.notebook_document.uri)
    cells = params.change.cells
    if not isinstance(unit, NotebookFile) or cells is None:
        return
    texts = {cell.uri: cell for cell in unit.cells}
    if cells.structure is not None:
        array = cells.structure.array
        texts |= {item.uri: _cell(item) for item in cells.structure.did_open or ()}
        new = [texts[cell.document] for cell in array.cells or () if cell.document in texts]
        unit.cells[array.start : array.start + array.delete_count] = new
        for item in cells.structure.did_close or ():
            ls.forget(item.uri)
    for content in cells.text_content or ():
        text = texts[content.document.uri]
        text.version = content.document.version
        text.text = _after_changes(ls, text, content.changes)
    ls.change(unit)


@_guarded
def _notebook_did_close(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    ls.close(params.notebook_document.uri)


def _cell(item: types.TextDocumentItem) -> Text:
    return Text(item.uri, item.text, item.version, is_python=item.language_id == "python")


def _path_of(uri: str) -> str | None:
    """The file on disk that a URI means, if it means one."""
    path = to_fs_path(uri)
    return path if path and os.path.isabs(path) else None


@_guarded
def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    unit, text = _asked(ls, params.text_document.uri)
    if unit is None or text is None or (analysis := ls.analysis(unit)) is None:
        return None
    at, lines = params.position, text.lines
    if at.line >= len(lines):
        return None
    column = from_client(lines[at.line], at.character, ls.encoding)
    told = hover.hover(analysis, unit.line_of(text, at.line + 1), column)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, told)) if told else None


@_guarded
def _code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    unit, text = _asked(ls, params.text_document.uri)
    if unit is None or text is None or (analysis := ls.analysis(unit)) is None:
        return None
    only = params.context.only
    # A light that tells that there is something to do is asked for at each step of the cursor.
    is_automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    made: list[types.CodeAction] = []
    if actions.asked_for(actions.QUICK_FIX, only):
        made += _quick_fixes(ls, unit, text, analysis, params.range)
    may_change = unit.moved(()) is not None  # not a notebook of Python 2, say
    if may_change and actions.asked_for(actions.FIX_ALL, only) and actions.has_safe_fixes(analysis):
        action = types.CodeAction(actions.FIX_ALL_TITLE, actions.FIX_ALL)
        action.data = unit.uri
        if _can_resolve(ls) or (not is_automatic and _resolve(ls, action).edit is not None):
            made.append(action)
    return made


def _quick_fixes(
    ls: Server, unit: Unit, text: Text, analysis: Analysis, where: types.Range
) -> Iterator[types.CodeAction]:
    first, last = (unit.line_of(text, line + 1) for line in (where.start.line, where.end.line))
    for action in actions.quick_fixes(analysis, first, last):
        changes = unit.moved(action.edits)
        if changes is None:
            continue
        about = [diagnostic(f, ls.place(unit, f)[1], ls.pages) for f in action.findings]
        yield types.CodeAction(
            action.title, types.CodeActionKind.QuickFix, about,
            is_preferred=action.preferred or None, edit=ls.workspace_edit(changes),
        )  # fmt: skip


@_guarded
def _resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
    """Fill in the edit of "fix all": it takes long to make, and most are never asked for."""
    unit = ls.units.get(str(action.data))
    analysis = ls.analysis(unit) if unit is not None else None
    if unit is not None and analysis is not None:
        changes = unit.rewritten(analysis.fixed)
        if changes and any(changes.values()):
            action.edit = ls.workspace_edit(changes)
    return action


def _can_resolve(ls: Server) -> bool:
    document = ls.client_capabilities.text_document
    can = document.code_action if document else None
    support = can.resolve_support if can else None
    return bool(can and can.data_support and support and "edit" in support.properties)


def _asked(ls: Server, uri: str) -> tuple[Unit | None, Text | None]:
    unit = ls.units.get(uri)
    texts = unit.texts if unit is not None else []
    return unit, next((text for text in texts if text.uri == uri), None)


def _register(server: Server) -> None:
    # In the place of those of pygls, whose texts have other lines than the protocol's: it splits
    # at form feeds, too.
    own: dict[str, Callable[[Server, Any], None]] = {
        types.TEXT_DOCUMENT_DID_OPEN: _did_open,
        types.TEXT_DOCUMENT_DID_CHANGE: _did_change,
        types.TEXT_DOCUMENT_DID_CLOSE: _did_close,
        types.NOTEBOOK_DOCUMENT_DID_OPEN: _notebook_did_open,
        types.NOTEBOOK_DOCUMENT_DID_CHANGE: _notebook_did_change,
        types.NOTEBOOK_DOCUMENT_DID_CLOSE: _notebook_did_close,
    }
    for method, handler in own.items():
        server.protocol.fm.add_builtin_feature(method, functools.partial(handler, server))
    for method, answer in (
        (types.INITIALIZE, _initialize),
        (types.SHUTDOWN, _shutdown),
        (types.INITIALIZED, _initialized),
        (types.WORKSPACE_DID_CHANGE_CONFIGURATION, _did_change_configuration),
        (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _did_change_watched_files),
        (types.TEXT_DOCUMENT_DID_SAVE, _did_save),
        (types.TEXT_DOCUMENT_HOVER, _hover),
        (types.CODE_ACTION_RESOLVE, _resolve),
    ):
        server.feature(method)(answer)
    server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            [types.CodeActionKind.QuickFix, actions.FIX_ALL],
            resolve_provider=True,
        ),
    )(_code_action)


def serve() -> int:
    """Answer an editor on standard input and output until it has had enough; the exit status."""
    gc.enable()  # the command line turns it off, for runs that end soon
    server = Server()
    # pygls closes the stream that it writes to; and nothing else may come between its messages.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output, redirect_stdout(sys.stderr):
        try:
            server.start_io(stdout=output)
        finally:
            server.pages.close()
    return 0 if server.said_goodbye else 1
