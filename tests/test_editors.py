"""Editors: the real python-lsp-server, spoken to over stdio as an editor does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from tests.test_readme import _block

TEXT = """\
import tensorflow as tf


def train(step):
    merged = tf.summary.merge_all()
    return merged, tf.get_variable("x", [1])
"""
OTHERS = {name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe", "autopep8")}


def _lua(text: str) -> Any:
    """A table of Lua as JSON would have it."""
    text = re.sub(r"(\w+) =", r'"\1":', text)
    text = re.sub(r"\{( \"[^\"]*\" )\}", r"[\1]", text)  # what has no names is a list
    return json.loads(re.sub(r",(\s*})", r"\1", text))


def _elisp(text: str) -> Any:
    """A list of keys and values of Emacs Lisp as JSON would have it."""
    text = re.sub(r"\s*:(\w+) ", r', "\1": ', text)
    text = re.sub(r"\bt\b(?=[,)])", "true", text)
    return json.loads(re.sub(r"\(, ", "{", text).replace(")", "}"))


def _settings(kind: str) -> dict[str, Any]:
    """The settings of pylsp's plugins that the README gives for an editor."""
    if kind == "lua":
        [text] = re.findall(r"pylsp\.setup\((.*)\)\n", _block("lua", "lspconfig"), re.S)
        plugins = _lua(text)["settings"]["pylsp"]["plugins"]
    else:
        [text] = re.findall(r"'(\(.*\))\)\n", _block("elisp", "eglot"), re.S)
        plugins = _elisp(text)["pylsp"]["plugins"]
    assert isinstance(plugins, dict)
    return plugins


class Client:
    """As much of an editor as it takes."""

    def __init__(self, folder: Path) -> None:
        there = os.path.dirname(sys.executable)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "pylsp"], cwd=folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "PATH": os.pathsep.join([there, os.environ["PATH"]])},
        )  # fmt: skip
        self._messages: Queue[dict[str, Any]] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, method: str, params: dict[str, Any], number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        data = json.dumps(message).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._server.stdin.flush()

    def receive(self, **wanted: object) -> dict[str, Any]:
        """The next message that has these members."""
        while True:
            message = self._messages.get(timeout=60)
            if all(message.get(key) == value for key, value in wanted.items()):
                return message

    def _read(self) -> None:
        stream = self._server.stdout
        assert stream is not None
        length = 0
        while line := stream.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
            elif not line.strip():
                self._messages.put(json.loads(stream.read(length)))

    def end(self) -> None:
        self.send("shutdown", {}, number=99)
        self.receive(id=99)
        self.send("exit", {})
        self._server.wait(timeout=60)
        self._reader.join(timeout=60)
        for stream in (self._server.stdin, self._server.stdout):
            assert stream is not None
            stream.close()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    client = Client(tmp_path)
    yield client
    client.end()


@pytest.mark.parametrize("kind", ["lua", "elisp"])
def test_pylsp_shows_our_findings(client: Client, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "train.py"
    path.write_text(TEXT)
    client.send(
        "initialize",
        {"processId": os.getpid(), "rootUri": tmp_path.as_uri(), "capabilities": {}},
        number=1,
    )
    client.receive(id=1)
    client.send("initialized", {})
    plugins = _settings(kind)
    assert set(plugins) == {"flake8", "pylint"}
    settings = {"pylsp": {"plugins": plugins | OTHERS}}
    client.send("workspace/didChangeConfiguration", {"settings": settings})
    document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": TEXT}
    client.send("textDocument/didOpen", {"textDocument": document})
    client.send("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})
    found: dict[tuple[str, str], dict[str, Any]] = {}
    while ("pylint", "E7101") not in found and ("pylint", "W7101") not in found:
        told = client.receive(method="textDocument/publishDiagnostics")["params"]
        assert told["uri"] == path.as_uri()
        found = {(d["source"], d["code"]): d for d in told["diagnostics"]}
    ours = {key: d for key, d in found.items() if key[1][:2] == "TF" or key[1][1] == "7"}
    assert sorted((source, code[-3:]) for source, code in ours) == [
        ("flake8", "101"), ("flake8", "201"), ("pylint", "101"), ("pylint", "201"),
    ]  # fmt: skip
    for (source, code), diagnostic in ours.items():
        line, spelled = {
            "101": (4, "tf.summary.merge_all"), "201": (5, "tf.get_variable"),
        }[code[-3:]]  # fmt: skip
        column = TEXT.splitlines()[line].index(spelled)
        assert diagnostic["range"]["start"] == {"line": line, "character": column}
        end = diagnostic["range"]["end"]
        assert end["line"] == line
        assert column < end["character"] <= len(TEXT.splitlines()[line]) + 1
        assert f"{spelled} was removed in TF 2; " in diagnostic["message"]
        if source == "pylint":
            assert diagnostic["message"].startswith("[tf1-")
