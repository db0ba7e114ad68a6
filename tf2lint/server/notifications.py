"""What the client tells: that it comes or goes, its settings, what is open and how it changes."""

from __future__ import annotations

import os
from collections.abc import Iterable

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from tf2lint.server.documents import File, NotebookFile, Text
from tf2lint.server.language_server import Server, guarded
from tf2lint.server.positions import Position, changed
from tf2lint.server.settings import SECTION


def shutdown(ls: Server, params: None) -> None:
    """The editor is about to go."""
    del params
    ls.rest()


@guarded
def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Take the settings that come with the greeting."""
    ls.settings.give(params.initialization_options)


@guarded
async def initialized(ls: Server, params: types.InitializedParams) -> None:
    """Ask to be told of changed files and settings, and get ready."""
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
    """Take the settings that the client has for us now, by folder; whether it can be asked."""
    workspace = ls.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return False
    uris = [None, *(folder.uri for folder in ls.workspace.folders.values())]
    items = [types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in uris]
    found = await ls.workspace_configuration_async(types.ConfigurationParams(items))
    told = dict(zip(uris, found, strict=True))
    everywhere = told.pop(None)
    paths = {uri: _path_of(uri) for uri in told if uri is not None}
    folders = {path: told[uri] for uri, path in paths.items() if path and told[uri]}
    if ls.settings.give(everywhere, folders):
        ls.look_again()
    return True


@guarded
async def did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders were opened, or closed: they may have settings of their own."""
    del params
    await _ask_for_settings(ls)


@guarded
async def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """Take new settings."""
    if not await _ask_for_settings(ls) and params.settings and ls.settings.give(params.settings):
        ls.look_again()


@guarded
def did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """A file that is not open may have changed."""
    del params
    ls.look_again()


@guarded
def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A file is open now."""
    item = params.text_document
    if item.language_id == "python" or item.uri.endswith((".py", ".pyi")):
        ls.open(File(Text(item.uri, item.text, item.version), _path_of(item.uri)))


@guarded
def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """The text of a file has changed."""
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


@guarded
def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A file is on disk as it is now."""
    del params  # it may be a file of settings, or be new
    ls.look_again()


@guarded
def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A file is no longer open."""
    ls.close(params.text_document.uri)


@guarded
def notebook_did_open(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    """A notebook is open now."""
    uri = params.notebook_document.uri
    texts = {item.uri: _cell(item) for item in params.cell_text_documents}
    cells = [
        texts[cell.document] for cell in params.notebook_document.cells if cell.document in texts
    ]
    ls.open(NotebookFile(uri, _path_of(uri), cells))


@guarded
def notebook_did_change(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    """Cells have changed, come or gone."""
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


@guarded
def notebook_did_close(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    """A notebook is no longer open."""
    ls.close(params.notebook_document.uri)


def _cell(item: types.TextDocumentItem) -> Text:
    return Text(item.uri, item.text, item.version, is_python=item.language_id == "python")


def _path_of(uri: str) -> str | None:
    """The file on disk that a URI means, if it means one."""
    path = to_fs_path(uri)
    return path if path and os.path.isabs(path) else None
