"""Every block of docs/editors.md is tried: by an editor, or by what reads it."""

from __future__ import annotations

import json
import shlex
import sys

from tests.server.support import BLOCKS, PAGE, block
from tf2lint.cli import COMMANDS
from tools.make_docs import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def test_json_and_toml() -> None:
    documents = [json.loads(text) for kind, text in BLOCKS if kind == "json"]
    [saving] = [document for document in documents if "[python]" in document]
    assert list(saving["[python]"]["editor.codeActionsOnSave"]) == ["source.fixAll.tf2lint"]
    manifest = json.loads((ROOT / "editors/vscode/package.json").read_text(encoding="utf-8"))
    known = manifest["contributes"]["configuration"]["properties"]
    assert {name for name in saving if name[0] != "["} <= set(known)
    helix = tomllib.loads(block("toml", "language-server"))
    server = helix["language-server"]["tf2lint"]
    assert (server["command"], server["args"]) == ("tf2lint", ["server"])
    assert "tf2lint" in helix["language"][0]["language-servers"]


def test_commands() -> None:
    """Those that a block names; the others are run by tests of their own."""
    pycharm = dict(line.split(":", 1) for line in block("text", "Program").splitlines())
    assert pycharm["Program"].strip().endswith("/tf2lint")
    assert shlex.split(pycharm["Arguments"])[0] in COMMANDS
    assert block("console", "pip") == "pip install 'tf2lint[server]'\n"


def test_each_kind_of_block_has_its_test() -> None:
    """Lua by test_neovim and test_pylsp, Emacs Lisp by test_emacs and test_pylsp."""
    kinds = sorted(kind for kind, _ in BLOCKS)
    assert kinds == ["console", *["elisp"] * 2, *["json"] * 2, *["lua"] * 3, "text", "toml"]
    assert PAGE.count("```") == 2 * len(BLOCKS)
