"""The real python-lsp-server with our plugins, spoken to over stdio as an editor does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hosts import run
from tests.lsp import Client, Json, applied, started
from tests.server.support import block
from tf2lint.check.registry import rules

TEXT = """\
import tensorflow as tf


def train(step):
    merged = tf.summary.merge_all()
    s = "é😀"; loss = tf.log(step)
    return merged, tf.get_variable("x", [1])
"""
OTHERS = {name: {"enabled": False} for name in ("pycodestyle", "pyflakes", "mccabe", "autopep8")}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    client = Client(tmp_path, started(tmp_path, "pylsp"))
    client.start()
    yield client
    client.end()


def _lua(text: str) -> Any:
    """A table of Lua as JSON would have it."""
    text = re.sub(r"(\w+) =", r'"\1":', text)
    text = re.sub(r"\{( (?:\"[^\"]*\",? )+)\}", r"[\1]", text)  # what has no names is a list
    return json.loads(re.sub(r",(\s*})", r"\1", text))


def _elisp(text: str) -> Any:
    """A list of keys and values of Emacs Lisp as JSON would have it."""
    text = re.sub(r"\s*:(\w+) ", r', "\1": ', text)
    text = re.sub(r"\bt\b", "true", text)
    return json.loads(re.sub(r"\(, ", "{", text).replace(")", "}"))


def _settings(kind: str) -> Json:
    """The settings of pylsp's plugins that the page gives for an editor."""
    if kind == "lua":
        [text] = re.findall(r'config\("pylsp", (.*?)\)\n', block("lua", '"pylsp"'), re.S)
        plugins = _lua(text)["settings"]["pylsp"]["plugins"]
    else:
        [text] = re.findall(r"'(\(.*\))\)\n", block("elisp", ":pylsp"), re.S)
        plugins = _elisp(text)["pylsp"]["plugins"]
    assert isinstance(plugins, dict)
    return plugins


def _configure(client: Client, plugins: Json) -> None:
    settings = {"pylsp": {"plugins": plugins | OTHERS}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})


@pytest.mark.parametrize("kind", ["lua", "elisp"])
def test_our_own_plugin(client: Client, kind: str) -> None:
    _configure(client, _settings(kind))
    uri = client.open("train.py", TEXT)
    while not client.told.get(uri):
        client.diagnostics(uri)
    told = client.told[uri]
    assert [(d["source"], d["code"], d["severity"]) for d in told] == [
        ("tf2lint", "TF101", 1), ("tf2lint", "TF901", 1), ("tf2lint", "TF201", 1),
    ]  # fmt: skip
    assert told[1]["range"] == {
        "start": {"line": 5, "character": 22}, "end": {"line": 5, "character": 28},
    }  # fmt: skip
    [fix, silence, fix_all] = client.actions(uri, 5)
    assert fix["title"] == "TF901: Use tf.math.log(step)"
    assert fix["isPreferred"] is True
    assert fix["diagnostics"] == [told[1]]
    fixed = TEXT.replace("tf.log", "tf.math.log")
    assert applied(TEXT, fix["edit"]["changes"][uri]) == fixed
    silenced = TEXT.replace("(step)\n", "(step)  # noqa: TF901\n")
    assert applied(TEXT, silence["edit"]["changes"][uri]) == silenced
    assert fix_all["kind"] == "source.fixAll.tf2lint"
    assert applied(TEXT, fix_all["edit"]["changes"][uri]) == fixed
    assert client.actions(uri, 5, only=["source"]) == [fix_all]
    client.change(uri, silenced)
    assert [d["code"] for d in client.diagnostics(uri)] == ["TF101", "TF201"]
    client.change(uri, TEXT + ")", version=3)
    assert client.actions(uri, 5) == []


def test_settings_and_off(client: Client) -> None:
    _configure(client, {"tf2lint": {"select": ["TF901"]}})
    uri = client.open("train.py", TEXT)
    while [d["code"] for d in client.told.get(uri, ())] != ["TF901"]:
        client.diagnostics(uri)
    _configure(client, {"tf2lint": {"enabled": False}})
    client.change(uri, TEXT + "\n")
    assert client.diagnostics(uri) == []
    assert client.actions(uri, 5) == []


def test_the_hosts_in_it(client: Client) -> None:
    """flake8 and pylint with our plugins; no finding is told by flake8 and us."""
    pylint = {"enabled": True, "args": ["--load-plugins=pylint_tf2"]}
    _configure(client, {"flake8": {"enabled": True}, "pylint": pylint})
    (client.folder / "train.py").write_text(TEXT)
    uri = client.open("train.py", TEXT)
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    found: dict[tuple[str, str], Json] = {}
    while ("pylint", "E7101") not in found and ("pylint", "W7101") not in found:
        found = {(d["source"], d["code"]): d for d in client.diagnostics(uri)}
    ours = sorted(
        (source, code[-3:])
        for source, code in found
        if code[:2] == "TF" or (source, code[1]) == ("pylint", "7")
    )
    assert ours == [
        ("flake8", "101"), ("flake8", "201"), ("flake8", "901"),
        ("pylint", "101"), ("pylint", "201"), ("pylint", "901"),
    ]  # fmt: skip
    [fix, _, _] = client.actions(uri, 5)
    assert fix["title"] == "TF901: Use tf.math.log(step)"


def test_vs_codes_settings_for_the_hosts(tmp_path: Path) -> None:
    """What its extensions run with these settings: the hosts, with the arguments given."""
    settings = json.loads(block("json", "flake8.importStrategy"))
    assert set(settings["flake8.severity"]) == {rule.code[0] for rule in rules()}
    (tmp_path / "train.py").write_text(TEXT)
    done = run("pylint", *settings["pylint.args"], "train.py", cwd=tmp_path)
    assert "(tf1-summary-merge-all)" in done.stdout


def test_the_plugin_loads_little(tmp_path: Path) -> None:
    """It is in every python-lsp-server of the environment, used or not."""
    code = (
        "import sys, pylsp\nbefore = set(sys.modules)\nimport tf2lint.server.pylsp_plugin\n"
        "print(sorted(m for m in set(sys.modules) - before if m.startswith('tf2lint')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['tf2lint', 'tf2lint.server', 'tf2lint.server.pylsp_plugin']\n"
