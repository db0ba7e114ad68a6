"""As much of an editor as it takes to speak to a language server, over its standard streams."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from queue import Queue
from typing import IO, Any, Protocol

PATIENCE = 30  # seconds; never waited for where all is well
Json = dict[str, Any]


class Process(Protocol):
    """What is there of a process that was started."""

    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    stderr: IO[bytes] | None

    def wait(self, timeout: float) -> int:
        """Its exit status, when it has ended."""


def started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """`python -m` and `arguments`, in `folder`."""
    there = os.path.dirname(sys.executable)
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], cwd=folder, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PATH": os.pathsep.join([there, os.environ["PATH"]])},
    )  # fmt: skip


class Client:
    """An editor with one server, which runs in `folder`."""

    def __init__(self, folder: Path, server: Process) -> None:
        self.server = server
        self.folder = folder
        self.errors = b""  # what came on the server's standard error
        self.log: list[str] = []  # what it put into the editor's log, or showed
        self.settings: Json = {}  # what it is given when it asks
        self.scoped: Json = {}  # what of that holds for folders, by URI
        self.refuses: set[str] = set()  # requests of the server, by method
        self.told: dict[str, list[Json]] = {}  # its diagnostics, by URI
        self.rounds: dict[str, int] = {}  # how often it told them
        self.versions: dict[str, int | None] = {}  # of the texts that they are about
        self.capabilities: Json = {}
        self._asked: dict[str, list[Any]] = {}  # what it asked us, by method
        self._numbers = count(1)
        self._messages: Queue[Json] = Queue()
        self._threads = [
            threading.Thread(target=run, daemon=True) for run in (self._read, self._drain)
        ]
        for thread in self._threads:
            thread.start()

    # Messages.

    def start(
        self, settings: object = None, folders: Sequence[Json] | None = None, **capabilities: Json
    ) -> Json:
        """Introduce us; what the server can do."""
        answer = self.request(
            "initialize",
            {
                "processId": os.getpid(), "rootUri": self.folder.as_uri(),
                "capabilities": capabilities, "initializationOptions": settings,
                "workspaceFolders": folders,
            },
        )  # fmt: skip
        self.notify("initialized", {})
        self.capabilities = answer["capabilities"]
        return self.capabilities

    def notify(self, method: str, params: object) -> None:
        """Say something."""
        self._send({"method": method, "params": params})

    def request(self, method: str, params: object) -> Any:
        """Ask something; the answer. Fails where that is an error."""
        number = next(self._numbers)
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def diagnostics(self, uri: str) -> list[Json]:
        """The next diagnostics of a text that were not seen yet."""
        seen = self.rounds.get(uri, 0)
        while self.rounds.get(uri, 0) == seen:
            self._receive()
        return self.told[uri]

    def diagnostics_of(self, uri: str, version: int) -> list[Json]:
        """The diagnostics of a text of that version."""
        while self.versions.get(uri) != version:
            self._receive()
        return self.told[uri]

    def wait_for(self, text: str) -> str:
        """The line in the log with this text."""
        while not any(text in line for line in self.log):
            self._receive()
        return next(line for line in self.log if text in line)

    def asked(self, method: str) -> list[Any]:
        """What the server asked us with this method, at least once."""
        while method not in self._asked:
            self._receive()
        return self._asked[method]

    def _receive(self) -> Json:
        message = self._messages.get(timeout=PATIENCE)
        method, params = message.get("method"), message.get("params")
        assert method != "end of file", f"the server is gone: {self.errors.decode()}"
        if method == "textDocument/publishDiagnostics":
            self.told[params["uri"]] = params["diagnostics"]
            self.rounds[params["uri"]] = self.rounds.get(params["uri"], 0) + 1
            self.versions[params["uri"]] = params.get("version")
        elif method in ("window/logMessage", "window/showMessage"):
            self.log.append(params["message"])
        elif method == "workspace/configuration":
            found = [
                self.scoped.get(item.get("scopeUri"), self.settings.get(item["section"]))
                for item in params["items"]
            ]
            self._send({"id": message["id"], "result": found})
        elif "id" in message and method:
            self._asked.setdefault(method, []).append(params)
            no = {"error": {"code": -32603, "message": "no"}}
            answer = no if method in self.refuses else {"result": None}
            self._send({"id": message["id"], **answer})
        return message

    def _send(self, message: Json) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.server.stdin is not None
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.server.stdin.flush()

    def _read(self) -> None:
        stream = self.server.stdout
        assert stream is not None
        length = 0
        while line := stream.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif not line.strip():
                self._messages.put(json.loads(stream.read(length)))
        self._messages.put({"method": "end of file"})

    def _drain(self) -> None:
        assert self.server.stderr is not None
        self.errors = self.server.stderr.read()

    def end(self) -> int:
        """Say goodbye; the server's exit status."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.wait()

    def wait(self) -> int:
        """Say nothing more; the server's exit status when it has gone."""
        assert self.server.stdin is not None
        self.server.stdin.close()
        status = self.server.wait(timeout=PATIENCE)
        for thread in self._threads:
            thread.join(timeout=PATIENCE)
        for stream in (self.server.stdout, self.server.stderr):
            assert stream is not None
            stream.close()
        return status

    # Documents.

    def open(self, name: str, text: str, version: int = 1) -> str:
        """Open a file, which need not be on the disk; its URI."""
        uri = name if ":" in name else (self.folder / name).as_uri()
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, *changes: str | Json, version: int = 2) -> None:
        """Change a text: wholly, or in a range."""
        made = [{"text": change} if isinstance(change, str) else change for change in changes]
        where = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": where, "contentChanges": made})

    def actions(
        self, uri: str, line: int, only: Sequence[str] | None = None, end: int | None = None,
        automatic: bool = False,
    ) -> list[Json]:  # fmt: skip
        """The code actions on some lines, from 0; `automatic` where nobody asked for them."""
        range_ = {"start": {"line": line, "character": 0},
                  "end": {"line": line if end is None else end, "character": 0}}  # fmt: skip
        context: Json = {"diagnostics": [], **({"triggerKind": 2} if automatic else {})}
        if only is not None:
            context["only"] = only
        answer = self.request(
            "textDocument/codeAction",
            {"textDocument": {"uri": uri}, "range": range_, "context": context},
        )
        return list(answer or ())

    def hover(self, uri: str, line: int, character: int) -> str:
        """The Markdown for a place."""
        where = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        answer = self.request("textDocument/hover", where)
        return "" if answer is None else str(answer["contents"]["value"])


def applied(text: str, edits: Sequence[Json], encoding: str = "utf-16") -> str:
    """`text` after edits of the protocol, made in a way of its own: by the encoded lines."""
    wide = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding]
    lines = [line.encode(codec) for line in re.findall(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+", text)]
    starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    data = b"".join(lines)

    def at(place: Json) -> int:
        return starts[min(place["line"], len(lines))] + place["character"] * wide

    spans = [(at(e["range"]["start"]), at(e["range"]["end"]), e["newText"]) for e in edits]
    for start, end, new in sorted(spans, reverse=True):
        data = data[:start] + new.encode(codec) + data[end:]
    return data.decode(codec)
