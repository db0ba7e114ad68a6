"""Functions that exit: what follows their call only runs where they come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import findings

HEAD = "import sys\nimport tensorflow as tf\n"
USE = "tf.Session()\n"

# {new} holds under the target TF 2, {old} does not.
SILENT = {
    "exit": "def need_tf1():\n    if {new}:\n        sys.exit()\nneed_tf1()\n",
    "raise": "def need_tf1():\n    if {new}:\n        raise RuntimeError('x')\nneed_tf1()\n",
    "with words before": (
        "def need_tf1(what):\n    text = what\n    if {new}:\n        print(text)\n"
        "        sys.exit(1)\nneed_tf1('x')\n"
    ),
    "returns early": "def need():\n    if {old}:\n        return\n    raise SystemExit\nneed()\n",
    "else": "def need():\n    if {old}:\n        pass\n    else:\n        sys.exit()\nneed()\n",
    "elif": (
        "def need():\n    if {old}:\n        return 1\n    elif {new}:\n        sys.exit()\nneed()\n"
    ),
    "a test of its own": (
        "def is_new():\n    return {new}\ndef need():\n    if is_new():\n        sys.exit()\nneed()\n"
    ),
    "one calls the other": (
        "def die(text):\n    print(text)\n    sys.exit(1)\ndef need():\n    if {new}:\n"
        "        die('x')\nneed()\n"
    ),
    "always": "def die(text):\n    print(text)\n    sys.exit(1)\nif {new}:\n    die('x')\n",
    "always raises": "def die():\n    raise ImportError\nif not {old}:\n    die()\n",
}  # fmt: skip
IN_FUNCTIONS = {
    "in a function": (
        "def need():\n    if {new}:\n        sys.exit()\ndef f():\n    need()\n    tf.Session()\n"
    ),
    "defined below": (
        "def f():\n    need()\n    tf.Session()\ndef need():\n    if {new}:\n        sys.exit()\n"
    ),
    "before functions": (
        "def need():\n    if {new}:\n        sys.exit()\nneed()\ndef f():\n    tf.Session()\n"
    ),
    "a method": (
        "class A:\n    def check(self):\n        if {new}:\n            raise RuntimeError\n"
        "    def f(self):\n        self.check()\n        tf.Session()\n"
    ),
    "in a branch": (
        "def need():\n    if {new}:\n        sys.exit()\ndef f(x):\n    if x:\n        need()\n"
        "        tf.Session()\n"
    ),
}  # fmt: skip
TOLD = {
    "comes back": "def need_tf1():\n    if {new}:\n        print('x')\nneed_tf1()\n" + USE,
    "the other way": "def need_tf2():\n    if {old}:\n        sys.exit()\nneed_tf2()\n" + USE,
    "nobody calls it": "def need():\n    if {new}:\n        sys.exit()\n" + USE,
    "called below": "def need():\n    if {new}:\n        sys.exit()\n" + USE + "need()\n",
    "called in a branch": (
        "def need():\n    if {new}:\n        sys.exit()\nif x:\n    need()\n" + USE
    ),
    "another test": "def need(x):\n    if x:\n        sys.exit()\nneed(1)\n" + USE,
    "may return before": (
        "def need(x):\n    if x:\n        return\n    if {new}:\n        sys.exit()\nneed(1)\n" + USE
    ),
    "one of two": (
        "if x:\n    def die():\n        sys.exit()\nelse:\n    def die():\n        pass\n"
        "if {new}:\n    die()\n" + USE
    ),
    "for a class below to say": (
        "class A:\n    def make(self):\n        raise NotImplementedError\n    def f(self):\n"
        "        self.make()\n        tf.Session()\n"
    ),
    "decorated": (
        "import other\n@other.only_once\ndef need():\n    sys.exit()\nif {new}:\n    need()\n" + USE
    ),
    "a generator": "def die():\n    yield 1\n    sys.exit()\nif {new}:\n    die()\n" + USE,
}  # fmt: skip
NEW, OLD = "tf.__version__ >= '2'", "tf.__version__ < '2'"


@pytest.mark.parametrize("name", SILENT)
def test_after_the_call(name: str) -> None:
    text = SILENT[name].format(new=NEW, old=OLD)
    assert findings(HEAD + text + USE) == []
    turned = SILENT[name].format(new=OLD, old=NEW)
    assert [f.code for f in findings(HEAD + turned + USE)] == ["TF601"]


@pytest.mark.parametrize("name", IN_FUNCTIONS)
def test_in_functions(name: str) -> None:
    assert findings(HEAD + IN_FUNCTIONS[name].format(new=NEW, old=OLD)) == []
    turned = IN_FUNCTIONS[name].format(new=OLD, old=NEW)
    assert [f.code for f in findings(HEAD + turned)] == ["TF601"]


@pytest.mark.parametrize("name", TOLD)
def test_what_comes_back(name: str) -> None:
    assert [f.code for f in findings(HEAD + TOLD[name].format(new=NEW, old=OLD))] == ["TF601"]


@pytest.mark.parametrize("form", ["from app.tools import {name}", "from .tools import {name}",
                                  "from app.tools import *"])  # fmt: skip
def test_functions_of_other_files(form: str, tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (tmp_path / "pyproject.toml").touch()
    (app / "__init__.py").touch()
    tools = f"{HEAD}def require_tf1():\n    if {NEW}:\n        sys.exit()\n"
    (app / "tools.py").write_text(tools + "def require_x():\n    pass\n")
    for name, codes in (("require_tf1", []), ("require_x", ["TF601"])):
        text = f"import tensorflow as tf\n{form.format(name=name)}\n{name}()\n{USE}"
        (app / "main.py").write_text(text)
        assert [f.code for f in findings(text, str(app / "main.py"))] == codes
