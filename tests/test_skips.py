"""Tests that are skipped under the target, and backports: TensorFlow is as somebody made it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import findings

HEAD = "import sys\nimport unittest\nfrom unittest import skipIf\nimport pytest\nimport tensorflow as tf\n"
OLD = "tf.__version__ < '2'"
TEST = "def test_a():\n    tf.Session()\n"
CASE = "class T(unittest.TestCase):\n    def test_a(self):\n        tf.Session()\n"

# {not_old} holds under the target TF 2, {old} does not.
SKIPPED = {
    "function": "@unittest.skipIf({not_old}, 'x')\n" + TEST,
    "function, imported": "@skipIf({not_old}, 'x')\n" + TEST,
    "unless": "@unittest.skipUnless({old}, 'x')\n" + TEST,
    "class": "@unittest.skipIf({not_old}, 'x')\n" + CASE,
    "mark": "@pytest.mark.skipif({not_old}, reason='x')\n" + TEST,
    "mark with a keyword": "@pytest.mark.skipif(condition={not_old}, reason='x')\n" + TEST,
    "mark of a text": '@pytest.mark.skipif("{not_old}", reason="x")\n' + TEST,
    "mark with a name": "only1 = pytest.mark.skipif({not_old}, reason='x')\n@only1\n" + TEST,
    "second decorator": "@property\n@unittest.skipIf({not_old}, 'x')\n" + TEST,
    "of a module": "pytestmark = pytest.mark.skipif({not_old}, reason='x')\n" + TEST + CASE,
    "after its tests": TEST + "pytestmark = pytest.mark.skipif({not_old}, reason='x')\n",
    "list of a module": (
        "pytestmark = [pytest.mark.slow, pytest.mark.skipif({not_old}, reason='x')]\n" + TEST
    ),
    "of a class": (
        "class T:\n    pytestmark = pytest.mark.skipif({not_old}, reason='x')\n"
        "    def test_a(self):\n        tf.Session()\n"
    ),
    "a decorator of one's own": (
        "def only1(f):\n    return unittest.skipIf({not_old}, 'x')(f)\n@only1\n" + TEST
    ),
    "made with arguments": (
        "def at_most(most, message=''):\n    reason = 'at most ' + most + message\n"
        "    return unittest.skipIf(tf.__version__ > most, reason)\n@at_most('1.15')\n" + TEST
    ),
    "made with a test": (
        "def is_old():\n    return {old}\ndef new_skips(message=''):\n"
        "    return unittest.skipIf(not is_old(), message)\n@new_skips()\n" + TEST
    ),
    "wrapper that returns": (
        "def only1(f):\n    def run(*args):\n        if {not_old}:\n            return None\n"
        "        return f(*args)\n    return run\n@only1\n" + TEST
    ),
    "wrapper that calls": (
        "def only1(f):\n    def run(*args):\n        if {old}:\n            f(*args)\n"
        "    return run\n@only1\n" + TEST
    ),
    "skipTest": (
        "class T(unittest.TestCase):\n    def test_a(self):\n        if {not_old}:\n"
        "            self.skipTest('x')\n        tf.Session()\n"
    ),
    "pytest.skip": "def test_a():\n    if {not_old}:\n        pytest.skip('x')\n    tf.Session()\n",
    "module": "if {not_old}:\n    pytest.skip('x', allow_module_level=True)\ntf.Session()\n" + TEST,
    "raise in a module": "if {not_old}:\n    raise unittest.SkipTest('x')\ntf.Session()\n" + TEST,
    "exit": "if {not_old}:\n    sys.exit('x')\ntf.Session()\n" + TEST,
    "exit by another name": (
        "from sys import exit as leave\nif {not_old}:\n    leave(1)\ntf.Session()\n" + TEST
    ),
    "assert": "assert {old}, 'x'\ntf.Session()\n" + TEST,
    "assert in a function": "def f():\n    assert {old}\n    tf.Session()\n",
    "setUp": (
        "class T(unittest.TestCase):\n    def setUp(self):\n        if {not_old}:\n"
        "            self.skipTest('x')\n    def test_a(self):\n        tf.Session()\n"
    ),
    "setUpClass": (
        "class T(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls):\n"
        "        if {not_old}:\n            raise unittest.SkipTest('x')\n"
        "    def test_a(self):\n        tf.Session()\n"
    ),
    "setUpModule": "def setUpModule():\n    if {not_old}:\n        raise unittest.SkipTest('x')\n" + CASE,
}  # fmt: skip


@pytest.mark.parametrize("name", SKIPPED)
def test_what_the_target_skips_is_silent(name: str) -> None:
    text = HEAD + SKIPPED[name].format(old=OLD, not_old="tf.__version__ >= '2'")
    assert findings(text) == []


@pytest.mark.parametrize("name", [n for n in SKIPPED if n != "made with arguments"])
def test_what_another_skips_is_not(name: str) -> None:
    text = HEAD + SKIPPED[name].format(old="tf.__version__ >= '2'", not_old=OLD)
    assert {f.code for f in findings(text)} == {"TF601"}


OTHERS = {
    "asks nothing of TensorFlow": "@unittest.skipIf(sys.version_info > (3, 8), 'x')\n" + TEST,
    "skipped anyway": "@unittest.skip('x')\n" + TEST,
    "one parameter": (
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.skipif("
        "tf.__version__ > '2', reason='x'))])\ndef test_a(x):\n    tf.Session()\n"
    ),
    "a mark does not hold for the module itself": (
        "pytestmark = pytest.mark.skipif(tf.__version__ > '2', reason='x')\ntf.Session()\n"
    ),
    "another class": (
        "@unittest.skipIf(tf.__version__ > '2', 'x')\nclass A(unittest.TestCase):\n    pass\n" + CASE
    ),
    "somebody's exit": "def leave():\n    pass\nif tf.__version__ > '2':\n    leave()\ntf.Session()\n",
    "an object's fail": (
        "def test_a(log):\n    if tf.__version__ > '2':\n        log.fail('x')\n    tf.Session()\n"
    ),
    "setUp returns": (
        "class T(unittest.TestCase):\n    def setUp(self):\n        if tf.__version__ > '2':\n"
        "            return\n    def test_a(self):\n        tf.Session()\n"
    ),
    "a wrapper that calls in any case": (
        "def twice(f):\n    def run():\n        if tf.__version__ < '2':\n            f()\n"
        "        return f()\n    return run\n@twice\n" + TEST
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_what_skips_nothing(name: str) -> None:
    assert [f.code for f in findings(HEAD + OTHERS[name])] == ["TF601"]


@pytest.mark.parametrize("form", ["from app.tools import only1", "from app.tools import *"])
def test_decorators_of_other_files(form: str, tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (tmp_path / "pyproject.toml").touch()
    (app / "__init__.py").touch()
    wrapper = (
        "import tensorflow as tf\ndef only1(f):\n    def run():\n        if tf.__version__ < '2':\n"
        "            f()\n    return run\n"
    )
    maker = (
        "import unittest\nimport tensorflow as tf\ndef only1(f):\n"
        "    return unittest.skipIf(tf.__version__ > '2', 'x')(f)\n"
    )
    text = f"import tensorflow as tf\n{form}\n@only1\n{TEST}def test_b():\n    tf.Session()\n"
    for tools in (wrapper, maker):
        (app / "tools.py").write_text(tools)
        assert [f.line for f in findings(text, path=str(app / "test_a.py"))] == [7]


# Backports: (code, status of `tf.Session()` behind it).
BACKPORTS = {
    "attribute": "tf.Session = tf.compat.v1.Session\n",
    "setattr": "setattr(tf, 'Session', tf.compat.v1.Session)\n",
    "setattr where it lacks": (
        "if not hasattr(tf, 'Session'):\n    setattr(tf, 'Session', tf.compat.v1.Session)\n"
    ),
    "loop": "for n in ('Session', 'log'):\n    setattr(tf, n, getattr(tf.compat.v1, n))\n",
    "__dict__": "tf.__dict__['Session'] = tf.compat.v1.Session\n",
    "vars": "vars(tf)['Session'] = tf.compat.v1.Session\n",
    "update": "vars(tf).update(Session=tf.compat.v1.Session)\n",
    "function": "def patch():\n    tf.Session = tf.compat.v1.Session\npatch()\n",
}


@pytest.mark.parametrize("name", BACKPORTS)
def test_what_is_set_on_tensorflow_is_there(name: str) -> None:
    text = f"import tensorflow as tf\n{BACKPORTS[name]}"
    last = len(text.splitlines()) + 1
    found = [f for f in findings(f"{text}tf.Session()\n") if f.line == last]
    assert [(f.code, f.status) for f in found] == [("TF601", "compat")]


@pytest.mark.parametrize("text", [
    "for n in dir(tf.compat.v1):\n    setattr(tf, n, getattr(tf.compat.v1, n))\n",
    "tf.__dict__.update(tf.compat.v1.__dict__)\n",
    "tf.Session = make_session()\n",
])  # fmt: skip
def test_what_may_be_anything_is_not_spoken_of(text: str) -> None:
    assert findings(f"import tensorflow as tf\n{text}tf.Session()\ntf.reduce_sum(1)\n") == []


@pytest.mark.parametrize("text", [
    "setattr(other, 'Session', tf.compat.v1.train.Saver)\n",
    "def patch(name):\n    setattr(tf, name, None)\n",
    "def patch():\n    tf.Session = None\n",
    "other.__dict__['Session'] = 1\n",
    "if tf.__version__ < '2':\n    setattr(tf, 'Session', None)\n",
])  # fmt: skip
def test_what_sets_nothing(text: str) -> None:
    text = f"import tensorflow as tf\nother = object()\n{text}tf.Session()\n"
    assert [f.status for f in findings(text) if f.code == "TF601"] == ["removed"]


def test_shims_that_are_patched_after_a_star(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (tmp_path / "pyproject.toml").touch()
    (app / "__init__.py").touch()
    (app / "compat.py").write_text(
        "import tensorflow.compat.v1 as tf1\nfrom tensorflow.compat.v2 import *\n"
        "summary.scalar = tf1.summary.scalar\nsetattr(train, 'Saver', tf1.train.Saver)\n"
    )
    text = (
        "from app import compat as tf\ntf.summary.scalar('a', x, collections=[])\n"
        "tf.train.Saver()\ntf.train.AdamOptimizer()\n"
    )
    found = findings(text, path=str(app / "use.py"))
    assert [(f.code, f.status) for f in found] == [
        ("TF110", "compat"), ("TF803", "compat"), ("TF501", "removed"),
    ]  # fmt: skip
