"""Code for several TensorFlows: what only runs under another one is not spoken of.

Each shim is tried in the target TF 2.21; where it chooses, the other arm must be silent, and the
arm that runs must not be.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import findings

HEAD = "import tensorflow as tf\nfrom packaging.version import Version\n"

# What tells TensorFlow 2 from TensorFlow 1: definitions, and a test that holds under TF 2.
TESTS = {
    "function": (
        "def is_tf2():\n    return tf.__version__.startswith('2.')\n",
        "is_tf2()",
    ),
    "function of a function": (
        "def is_tf2():\n    return tf.__version__.startswith('2.')\n"
        "def has_compat():\n    return is_tf2() or Version(tf.__version__) >= Version('1.13')\n",
        "has_compat()",
    ),
    "function with arms": (
        "def is_tf2():\n    if tf.__version__[0] == '1':\n        return False\n    return True\n",
        "is_tf2()",
    ),
    "function that tries": (
        "def is_tf2():\n    try:\n        import tensorflow.contrib\n        return False\n"
        "    except ImportError:\n        return True\n",
        "is_tf2()",
    ),
    "function that looks": (
        "def old():\n    return hasattr(tf, 'Session')\n",
        "not old()",
    ),
    "function with an argument": (
        "def at_least(text):\n    return Version(tf.__version__) >= Version(text)\n",
        "at_least('2.0')",
    ),
    "function with a default": (
        "def at_least(major=2, minor=0):\n"
        "    parts = tuple(int(p) for p in tf.__version__.split('.')[:2])\n"
        "    return parts >= (major, minor)\n",
        "at_least(minor=1)",
    ),
    "lambda": ("is_tf2 = lambda: int(tf.__version__.split('.')[0]) > 1\n", "is_tf2()"),
    "decorated": (
        "import functools\n@functools.lru_cache(None)\ndef is_tf2():\n"
        "    return Version(tf.__version__).major == 2\n",
        "is_tf2()",
    ),
    "method": (
        "class Tf:\n    def is_2(self):\n        return tf.__version__ >= '2'\nTF = Tf()\n",
        "TF.is_2()",
    ),
    "static method": (
        "class Tf:\n    @staticmethod\n    def is_2():\n        return tf.__version__ >= '2'\n",
        "Tf.is_2()",
    ),
    "property": (
        "class Tf:\n    @property\n    def is_2(self):\n        return tf.__version__ >= '2'\nTF = Tf()\n",
        "TF.is_2",
    ),
    "class attribute": ("class Tf:\n    IS_2 = tf.__version__ >= '2'\n", "Tf.IS_2"),
    "inherited": (
        "class Base:\n    IS_2 = tf.__version__ >= '2'\nclass Tf(Base):\n    pass\n",
        "Tf.IS_2",
    ),
    "release": ("", "Version(tf.__version__).release >= Version('2.0').release"),
    "part of the release": ("", "Version(tf.__version__).release[:2] >= (2, 0)"),
    "major": ("", "Version(tf.__version__).major > 1"),
    "list of parts": ("", "[int(p) for p in tf.__version__.split('.')[:2]] >= [2, 0]"),
    "map of parts": ("", "tuple(map(int, tf.__version__.split('.')[:2])) >= (2, 0)"),
    "unpacked": ("MAJOR, MINOR = tf.__version__.split('.')[:2]\n", "int(MAJOR) >= 2"),
    "of the distribution": (
        "from importlib.metadata import version\n",
        "Version(version('tensorflow')) >= Version('2')",
    ),
    "of setuptools": (
        "import pkg_resources\n",
        "pkg_resources.get_distribution('tensorflow').version >= '2'",
    ),
    "a module that is not found": (
        "import importlib.util\n",
        "importlib.util.find_spec('tensorflow.contrib') is None",
    ),
    "dir": ("", "'Session' not in dir(tf)"),
    "dict": ("", "'Session' not in tf.__dict__"),
    "flag of a handler": (
        "OLD = True\ntry:\n    import tensorflow.contrib\nexcept ImportError:\n    OLD = False\n",
        "not OLD",
    ),
    "flags of both arms": (
        "try:\n    tf.Session\n    OLD = True\nexcept AttributeError:\n    OLD = False\n",
        "OLD is False",
    ),
    "flag of a test": (
        "NEW = None\nif Version(tf.__version__) >= Version('2.0'):\n    NEW = 1\n",
        "NEW is not None",
    ),
    "flag of three arms": (
        "if tf.__version__ < '1.5':\n    ERA = 0\nelif tf.__version__ < '2':\n    ERA = 1\n"
        "else:\n    ERA = 2\n",
        "ERA == 2",
    ),
    "None in the place of it": (
        "try:\n    from tensorflow.contrib import slim\nexcept ImportError:\n    slim = None\n",
        "slim is None",
    ),
    "False in the place of it": (
        "try:\n    from tensorflow.contrib import slim\nexcept ImportError:\n    slim = False\n",
        "not slim",
    ),
    "None in the second place": (
        "try:\n    Hook = tf.estimator.SessionRunHook\nexcept AttributeError:\n"
        "    try:\n        Hook = tf.train.SessionRunHook\n"
        "    except AttributeError:\n        Hook = None\n",
        "Hook is None",
    ),
    "getattr with None": ("Session = getattr(tf, 'Session', None)\n", "Session is None"),
    "and": ("def new():\n    return tf.__version__ >= '2' and hasattr(tf, 'function')\n", "new()"),
    "class method": (
        "class Tf:\n    @classmethod\n    def is_2(cls):\n        return tf.__version__[0] == '2'\n",
        "Tf.is_2()",
    ),
    "first of three parts": ("MAJOR, _, REST = tf.__version__.partition('.')\n", "MAJOR != '1'"),
    "one of several texts": ("", "not tf.__version__.startswith(('0.', '1.'))"),
    "arithmetic": (
        "MAJOR, MINOR = [int(p) for p in tf.__version__.split('.')[:2]]\n",
        "MAJOR * 100 + MINOR >= 200",
    ),
    "all of a list": ("", "all([tf.__version__ >= '2', hasattr(tf, 'function')])"),
    "suppressed": (
        "import contextlib\nSession = None\nwith contextlib.suppress(AttributeError):\n"
        "    Session = tf.Session\n",
        "Session is None",
    ),
    "a version that is not followed": (
        "from .tools import compare\n",
        "compare(tf.__version__, '2.0')",
    ),
    "regular expression": (
        "import re\nMAJOR = int(re.match(r'(\\d+)', tf.__version__).group(1))\n",
        "MAJOR > 1",
    ),
    "parts that are numbers": (
        "V = tuple(int(p) for p in tf.__version__.split('.') if p.isdigit())\n",
        "V >= (2,)",
    ),
    "an object made of the version": ("from .tools import Info\n", "Info(tf.__version__).new()"),
    "an object that compares": ("from .tools import Info\n", "Info().same(tf.__version__, '2')"),
    "any of several versions": ("", "any(tf.__version__.startswith(v) for v in ('2.', '3.'))"),
}  # fmt: skip

KNOWN = list(TESTS)[: list(TESTS).index("a version that is not followed")]

FORMS = {
    "if": "if {test}:\n    x = tf.io.gfile\nelse:\n    x = tf.gfile\n",
    "if not": "if not ({test}):\n    x = tf.gfile\nelse:\n    x = tf.io.gfile\n",
    "conditional": "x = tf.io.gfile if {test} else tf.gfile\n",
    "or": "x = {test} or tf.gfile\n",
    "early return": "def f():\n    if {test}:\n        return tf.io.gfile\n    return tf.gfile\n",
    "in a function": "def f():\n    if {test}:\n        pass\n    else:\n        tf.gfile\n",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", TESTS)
def test_the_other_arm_is_silent(name: str, form: str) -> None:
    before, test = TESTS[name]
    text = HEAD + before + FORMS[form].format(test=test)
    shim = len((HEAD + before).splitlines())
    assert [f for f in findings(text) if f.line > shim] == []


@pytest.mark.parametrize("name", KNOWN)
def test_the_arm_that_runs_is_not(name: str) -> None:
    before, test = TESTS[name]
    text = f"{HEAD}{before}if {test}:\n    x = tf.gfile\ny = tf.Session\n"
    shim = len((HEAD + before).splitlines())
    found = [f.code for f in findings(text) if f.line > shim]
    assert found == ["TF806", "TF601"]


@pytest.mark.parametrize("name", KNOWN)
def test_names_are_those_of_the_arm_that_runs(name: str) -> None:
    before, test = TESTS[name]
    text = f"{HEAD}{before}if {test}:\n    Session = None\nelse:\n    Session = tf.Session\n"
    shim = len((HEAD + before).splitlines())
    assert [f for f in findings(f"{text}Session()\n") if f.line > shim] == []


UNKNOWN = {
    "a function that asks something else": ("def on():\n    return compute() > 3\n", "on()"),
    "a function that may return either": (
        "def on(x):\n    if x:\n        return tf.__version__ > '2'\n    return False\n",
        "on(y)",
    ),
    "a parameter": ("def f(is_tf2, x=None):\n    return x\n", "f(1)"),
    "a parameter that is given both": (
        "def f(is_tf2):\n    if is_tf2:\n        return tf.gfile\n"
        "f(True)\nf(tf.__version__ > '2')\n",
        "z",
    ),
    "a default that says nothing of TensorFlow": (
        "class A:\n    def __init__(self, session=None):\n        self.session = session\na = A()\n",
        "a.session is not None",
    ),
    "a global that a function sets": (
        "NEW = None\ndef setup():\n    global NEW\n    NEW = tf.__version__ > '2'\n",
        "NEW",
    ),
    "a function of itself": ("def f():\n    return f()\n", "f()"),
    "a generator": ("def f():\n    yield tf.__version__ > '2'\n", "f() is None"),
    "a constant": ("ON = False\n", "ON"),
    "a sum": ("A = 1\n", "A + 1 > 1"),
    "a text": ("", "'%s' % y == 'a' + 'b'"),
    "a method of a result": ("", "make(y).items().same(1)"),
    "any of something": ("", "any(p.done for p in y)"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_says_nothing_of_tensorflow_guards_nothing(name: str) -> None:
    before, test = UNKNOWN[name]
    text = f"{HEAD}{before}if {test}:\n    x = tf.gfile\nelse:\n    y = tf.gfile\n"
    shim = len((HEAD + before).splitlines())
    assert [f.line for f in findings(text) if f.line > shim] == [shim + 2, shim + 4]


def test_a_parameter_that_is_always_given_the_version() -> None:
    text = HEAD + (
        "NEW = tf.__version__ >= '2'\n"
        "def load(path, is_tf2):\n"
        "    return tf.io.gfile if is_tf2 else tf.gfile\n"
        "class Loader:\n"
        "    def __init__(self, new=False):\n"
        "        self.new = new\n"
        "    def load(self):\n"
        "        return tf.io.gfile if self.new else tf.gfile\n"
        "load(1, NEW)\nload(path='x', is_tf2=NEW)\nLoader(NEW).load()\n"
    )
    assert findings(text) == []
    found = findings(f"{text}load(2, False)\nLoader().load()\n")
    assert [f.line for f in found] == [5, 10]


def test_a_hook_that_is_none_makes_no_class() -> None:
    text = HEAD + (
        "try:\n    Hook = tf.estimator.SessionRunHook\nexcept AttributeError:\n"
        "    try:\n        Hook = tf.train.SessionRunHook\n"
        "    except AttributeError:\n        Hook = None\n"
        "if Hook is not None:\n    class Mine(Hook):\n        def begin(self):\n"
        "            tf.get_default_graph()\n"
    )
    assert findings(text) == []
    # On TF 2.15 the first arm works, and its class is fine.
    assert {f.line for f in findings(text, target_version="2.15")} == {13}


def test_hasattr_before_getattr() -> None:
    text = HEAD + (
        "if hasattr(tf, 'Session'):\n    s = getattr(tf, 'Session')\n"
        "t = getattr(tf, 'placeholder') if hasattr(tf, 'placeholder') else None\n"
        "u = hasattr(tf, 'gfile') and getattr(tf, 'gfile')\n"
        "if not hasattr(tf, 'log'):\n    log = tf.math.log\nelse:\n    log = tf.log\nlog(3.0)\n"
    )
    assert findings(text) == []


@pytest.mark.parametrize(
    ("caught", "codes"),
    [
        ("contextlib.suppress(AttributeError)", ["TF901"]),
        ("suppress(OSError, AttributeError)", ["TF901"]),
        ("pytest.raises((AttributeError, TypeError))", ["TF901"]),
        ("self.assertRaises(AttributeError)", ["TF901"]),
        ("open('x') as h, self.assertRaisesRegex(AttributeError, 'x')", ["TF901"]),
        ("suppress(OSError)", ["TF806", "TF901"]),
        ("self.assertEqual(AttributeError)", ["TF806", "TF901"]),
        ("suppress(*errors)", ["TF806", "TF901"]),
    ],
)
def test_what_a_with_statement_catches(caught: str, codes: list[str]) -> None:
    text = f"{HEAD}def f(self):\n    with {caught}:\n        return tf.gfile\n    return tf.log\n"
    assert [f.code for f in findings(text)] == codes


def test_an_import_that_is_suppressed() -> None:
    text = (
        "from contextlib import suppress\nimport tensorflow as tf\nslim = None\n"
        "with suppress(ImportError):\n    from tensorflow.contrib import slim\n"
        "if slim is not None:\n    slim.conv2d(1, 2, 3)\ntf.Session\n"
    )
    assert [f.code for f in findings(text)] == ["TF601"]


MATCHES = {
    "version": ("tf.__version__.split('.')[0]", "'1'", "_"),
    "several": ("int(tf.__version__[0])", "0 | 1", "2"),
    "function": ("is_tf2()", "False", "True"),
    "guard": ("x", "_ if not is_tf2()", "_ if is_tf2()"),
    "value and guard": ("x", "3 if not is_tf2()", "[1, *_]"),
    "name": ("x", "y if not is_tf2()", "y"),
}


@pytest.mark.parametrize("name", MATCHES)
@pytest.mark.parametrize("turned", [False, True])
def test_cases_of_a_match(name: str, turned: bool) -> None:
    subject, old, new = MATCHES[name]
    case = "        case {}:\n            Session = tf.{}Session\n"
    arms = [case.format(old, ""), case.format(new, "compat.v1.")]
    if turned and new not in ("_", "y"):
        arms.reverse()
    text = (
        f"{HEAD}def is_tf2():\n    return tf.__version__ >= '2'\n"
        f"def f(x):\n    match {subject}:\n{''.join(arms)}    Session()\n"
    )
    assert {f.status for f in findings(text)} == {"compat"}


def test_cases_that_say_nothing_of_tensorflow() -> None:
    text = (
        f"{HEAD}ON = False\nmatch ON:\n    case True:\n        tf.log\n"
        "    case False:\n        tf.log\n    case [1] | 2:\n        tf.log\n"
    )
    assert [f.line for f in findings(text)] == [6, 8, 10]


def test_functions_are_followed_in_any_order_and_to_an_end() -> None:
    many = "".join(
        f"def f{n}():\n    if f{n + 1}():\n        return tf.gfile\n" for n in range(300)
    )
    text = f"{HEAD}{many}def f300():\n    return tf.__version__ > '2'\nif f0():\n    tf.Session\n"
    assert all(f.code in ("TF806", "TF601") for f in findings(text))
    circle = "def a():\n    return b()\ndef b():\n    return a()\nif a():\n    tf.gfile\n"
    assert [f.code for f in findings(HEAD + circle)] == ["TF806"]


# How a module of the project gets at the names of `app.shim`.
WAYS = {
    "constant": ("from app.shim import SHIM", "SHIM"),
    "function": ("from .shim import shim", "shim()"),
    "module": ("from app import shim as s", "s.shim()"),
    "constant of a module": ("import app.shim as s", "s.SHIM"),
    "star": ("from app.shim import *", "shim()"),
    "constant by a star": ("from app.shim import *", "SHIM"),
    "through another": ("from app.all import SHIM", "SHIM"),
    "module in a module": ("from app import all", "all.shim.shim()"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", KNOWN)
def test_shims_in_other_files(name: str, way: str, tmp_path: Path) -> None:
    before, test = TESTS[name]
    first, use = WAYS[way]
    app = tmp_path / "app"
    app.mkdir()
    (tmp_path / "pyproject.toml").touch()
    (app / "__init__.py").touch()
    given = f"SHIM = {test}\ndef shim():\n    return {test}\n"
    (app / "shim.py").write_text(f"{HEAD}{before}{given}")
    (app / "all.py").write_text("from app.shim import *\nfrom . import shim\n")
    for form in ("if", "early return"):
        text = f"import tensorflow as tf\n{first}\n{FORMS[form].format(test=use)}"
        assert findings(text, path=str(app / "use.py")) == []
    text = f"import tensorflow as tf\n{first}\nif {use}:\n    tf.Session()\n"
    assert [f.code for f in findings(text, path=str(app / "use.py"))] == ["TF601"]


@pytest.mark.parametrize("home", [".", "src"])
def test_tests_beside_the_package(home: str, tmp_path: Path) -> None:
    """`tests/test_x.py` imports the package that the project's root, or its `src`, has."""
    (tmp_path / "setup.py").touch()
    app = tmp_path / home / "app"
    app.mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "loader.py").write_text(f"{HEAD}def is_tf2():\n    return tf.__version__ > '2'\n")
    (tmp_path / "tests").mkdir()
    text = (
        "import tensorflow as tf\nfrom app.loader import is_tf2\n"
        "if is_tf2():\n    seed = tf.random.set_seed\nelse:\n    seed = tf.set_random_seed\nseed(1)\n"
    )
    assert findings(text, path=str(tmp_path / "tests" / "test_app.py")) == []


def test_a_flag_that_may_be_none_or_false_is_not_known_to_be_one_of_them() -> None:
    text = (
        "import tensorflow as tf\n_gpu = None\ndef has_gpu():\n    global _gpu\n"
        "    if _gpu is None:\n        config = tf.ConfigProto()\n        try:\n"
        "            tf.Session(config=config)\n            _gpu = any(config)\n"
        "        except AttributeError:\n            _gpu = False\n"
        "    if not _gpu:\n        return tf.log\n    return tf.Session\n"
    )
    assert [f.code for f in findings(text)] == ["TF608", "TF901"]
