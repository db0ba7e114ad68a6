"""Brings the server and its answers together, and runs it."""

from __future__ import annotations

import functools
import gc
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

from lsprotocol import types

from tf2lint.server import actions, notifications, requests
from tf2lint.server.language_server import Server


def _register(server: Server) -> None:
    # In the place of those of pygls, whose texts have other lines than the protocol's: it splits
    # at form feeds, too.
    own: dict[str, Callable[[Server, Any], None]] = {
        types.TEXT_DOCUMENT_DID_OPEN: notifications.did_open,
        types.TEXT_DOCUMENT_DID_CHANGE: notifications.did_change,
        types.TEXT_DOCUMENT_DID_CLOSE: notifications.did_close,
        types.NOTEBOOK_DOCUMENT_DID_OPEN: notifications.notebook_did_open,
        types.NOTEBOOK_DOCUMENT_DID_CHANGE: notifications.notebook_did_change,
        types.NOTEBOOK_DOCUMENT_DID_CLOSE: notifications.notebook_did_close,
    }
    for method, handler in own.items():
        server.protocol.fm.add_builtin_feature(method, functools.partial(handler, server))
    for method, answer in (
        (types.INITIALIZE, notifications.initialize),
        (types.SHUTDOWN, notifications.shutdown),
        (types.INITIALIZED, notifications.initialized),
        (types.WORKSPACE_DID_CHANGE_CONFIGURATION, notifications.did_change_configuration),
        (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, notifications.did_change_folders),
        (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, notifications.did_change_watched_files),
        (types.TEXT_DOCUMENT_DID_SAVE, notifications.did_save),
        (types.TEXT_DOCUMENT_HOVER, requests.hover),
        (types.CODE_ACTION_RESOLVE, requests.resolve),
    ):
        server.feature(method)(answer)
    server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            [types.CodeActionKind.QuickFix, actions.FIX_ALL],
            resolve_provider=True,
        ),
    )(requests.code_action)


def serve() -> int:
    """Answer an editor on standard input and output until it has had enough; the exit status."""
    gc.enable()  # the command line turns it off, for runs that end soon
    server = Server()
    _register(server)
    # pygls closes the stream that it writes to; and nothing else may come between its messages.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as output, redirect_stdout(sys.stderr):
        try:
            server.start_io(stdout=output)
        finally:
            server.pages.close()
    return 0 if server.said_goodbye else 1
