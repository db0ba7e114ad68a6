"""Where something stands makes no difference: two files say what one says, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import findings
from tf2lint.finding import Finding

OLD = "sess = tf.Session()\nx = tf.log(1.0)\ntf.nn.relu(x)\nsess.run(x)\n"
TF = "import tensorflow as tf\n"
LIB = TF + "lib.placeholder(lib.float32)\nlib.train.AdamOptimizer(0.1)\n"  # hints say tf
V1 = "import tensorflow.compat.v1 as tf\n"
# What a file of the project says, the name that others take from it, and what they do with it.
CASES: dict[str, tuple[str, str, str]] = {
    # Shims of the version.
    "try v1, else tf": (f"try:\n    {V1}except ImportError:\n    {TF}", "tf", OLD),
    "try v1 by from": (
        "try:\n    from tensorflow.compat import v1 as tf\nexcept ImportError:\n    " + TF, "tf", OLD),
    "bare except": (f"try:\n    {V1}except:\n    {TF}", "tf", OLD),
    "except Exception": (f"try:\n    {V1}except Exception:\n    {TF}", "tf", OLD),
    "try in the other order": (f"try:\n    {TF}except ImportError:\n    tf = None\n", "tf", OLD),
    "always v1": (TF + "tf = tf.compat.v1\n", "tf", OLD),
    "v1 or what there is": (
        TF + "try:\n    tf = tf.compat.v1\nexcept AttributeError:\n    pass\n", "tf", OLD),
    "version is 2 or more": (TF + 'if tf.__version__ >= "2":\n    tf = tf.compat.v1\n', "tf", OLD),
    "version starts with 2": (
        'import tensorflow\nif tensorflow.__version__.startswith("2"):\n'
        f"    {V1}else:\n    {TF}del tensorflow\n", "tf", OLD),
    "version starts with 1": (
        f'import tensorflow\nif tensorflow.__version__[0] == "1":\n    {TF}else:\n    {V1}'
        "del tensorflow\n", "tf", OLD),
    "major version": (
        TF + 'if int(tf.__version__.split(".")[0]) > 1:\n    import tensorflow.compat.v1 as tf\n',
        "tf", OLD),
    "LooseVersion": (
        TF + "from distutils.version import LooseVersion\n"
        "if LooseVersion(tf.__version__) >= LooseVersion('2.0'):\n    tf = tf.compat.v1\n", "tf", OLD),
    "version kept in a name": (
        TF + "V2 = tf.__version__.startswith('2.')\nif V2:\n    tf = tf.compat.v1\n", "tf", OLD),
    "hasattr": (
        TF + 'if hasattr(tf, "Session"):\n    lib = tf\nelse:\n    lib = tf.compat.v1\n', "lib", LIB),
    "not hasattr": (
        TF + 'if not hasattr(tf, "Session"):\n    lib = tf.compat.v1\nelse:\n    lib = tf\n', "lib", LIB),
    "a conditional expression": (
        TF + 'lib = tf if hasattr(tf, "Session") else tf.compat.v1\n', "lib", LIB),
    "getattr with a default": (TF + 'lib = getattr(tf, "compat", tf).v1\n', "lib", LIB),
    "an unknown condition": (TF + "if flag:\n    lib = tf\nelse:\n    lib = tf.compat.v1\n", "lib", LIB),
    "an unknown condition and None": (TF + "lib = None\nif flag:\n    lib = tf\n", "lib", LIB),
    "a loop": (TF + "for lib in [tf]:\n    pass\n", "lib", LIB),
    "bound again": (TF + "lib = tf\nlib = make()\n", "lib", LIB),
    "bound by with": (TF + "with open('f') as lib:\n    pass\n", "lib", LIB),
    "deleted": (TF + "lib = tf\ndel lib\n", "lib", LIB),
    "a comprehension's own name": (TF + "lib = [lib for lib in [tf]]\n", "lib", "lib[0].Session()\n"),
    "walrus": (TF + "if (lib := tf):\n    pass\n", "lib", LIB),
    "match": (TF + "match 1:\n    case 1:\n        lib = tf\n    case _:\n        lib = None\n", "lib", LIB),
    "a version that is passed": (
        TF + "from distutils.version import LooseVersion\ndef at_least(version):\n"
        "    return LooseVersion(tf.__version__) >= LooseVersion(version)\n", "at_least",
        f"if at_least('2.0'):\n    {V1}else:\n    {TF}" + OLD),
    # Functions.
    "a function": (TF + "def library():\n    return tf\n", "library", "lib = library()\n" + LIB),
    "a function under another name": (
        TF + "def library():\n    return tf\nget = library\n", "get", "lib = get()\n" + LIB),
    "a function that imports": (
        "def library():\n    import tensorflow as tf\n    return tf\n", "library", "lib = library()\n" + LIB),
    "a function that tries": (
        f"def library():\n    try:\n        {V1}    except ImportError:\n        {TF}    return tf\n",
        "library", "lib = library()\n" + LIB),
    "a function of two": (
        TF + "def both():\n    return tf, tf.compat.v1\n", "both", "one, lib = both()\n" + LIB),
    "a lambda": (TF + "library = lambda: tf\n", "library", "lib = library()\n" + LIB),
    "a generator": (
        TF + "def every():\n    yield tf\n", "every", "for lib in every():\n    lib.Session()\n"),
    "a context": (
        TF + "import contextlib\n@contextlib.contextmanager\ndef session():\n"
        "    with tf.Session() as s:\n        yield s\n", "session", "with session() as s:\n    s.run(x)\n"),
    "an annotated function": (
        TF + "def session() -> tf.compat.v1.Session:\n    return make()\n", "session",
        "s = session()\ns.run(x)\n"),
    "an object": (TF + "sess = tf.Session()\n", "sess", "sess.run(x)\n"),
    "what a function makes": (
        TF + "def session():\n    return tf.Session()\nsess = session()\n", "sess", "sess.run(x)\n"),
    "a partial": (
        TF + "import functools\nlayer = functools.partial(tf.layers.dense, units=3)\n", "layer", "layer(x)\n"),
    "a parameter": (TF + "def same(x):\n    return x\n", "same", TF + "lib = same(tf)\n" + LIB),
    # Tuples and lists.
    "a tuple": (TF + "modules = tf, 1\nlib, one = modules\n", "lib", LIB),
    "an item of a tuple": (TF + "modules = 1, tf\n", "modules", "lib = modules[1]\n" + LIB),
    "the rest of a tuple": (TF + "first, *others = tf, tf.train, 2\n", "others", "others[0].AdamOptimizer(0.1)\n"),
    "what stands before the rest": (TF + "*some, end = tf, 3\n", "some", "some[0].Session()\n"),
    "the end": (TF + "*some, end = 3, tf\n", "end", TF + "end.Session()\n"),
    "a list of many": (TF + f"parts = [tf, {'0, ' * 70}]\n", "parts", "parts[0].Session()\n"),
    # Attributes.
    "getattr": (TF + 'lib = getattr(tf, "train")\n', "lib", "lib.AdamOptimizer(0.1)\n"),
    "a module below": (TF + "lib = tf.train\n", "lib", "lib.AdamOptimizer(0.1)\n"),
    "contrib": ("import tensorflow.contrib.slim as lib\n", "lib", "lib.conv2d(x, 3, 3)\n"),
    "a symbol": ("from tensorflow.train import AdamOptimizer\n", "AdamOptimizer", "AdamOptimizer(0.1)\n"),
    "import_module": (
        'import importlib\nlib = importlib.import_module("tensorflow")\n', "lib", LIB),
    # Classes.
    "an attribute of a class": (TF + "class Libs:\n    lib = tf\n", "Libs", "lib = Libs.lib\n" + LIB),
    "of an object": (
        TF + "class Libs:\n    def __init__(self):\n        self.lib = tf\n", "Libs",
        "lib = Libs().lib\n" + LIB),
    "a method": (
        TF + "class Libs:\n    def lib(self):\n        return tf\n", "Libs", "lib = Libs().lib()\n" + LIB),
    "a static method": (
        TF + "class Libs:\n    @staticmethod\n    def lib():\n        return tf\n", "Libs",
        "lib = Libs.lib()\n" + LIB),
    "a property": (
        TF + "class Libs:\n    @property\n    def lib(self):\n        return tf\n", "Libs",
        "lib = Libs().lib\n" + LIB),
    "called objects": (
        TF + "class Libs:\n    def __call__(self):\n        return tf\nload = Libs()\n", "load",
        "lib = load()\n" + LIB),
    "a base": (
        TF + "class Base:\n    def __init__(self):\n        self.sess = tf.Session()\n", "Base",
        "class Own(Base):\n    def go(self):\n        self.sess.run(x)\n"),
    "a base of a base": (
        TF + "class First:\n    lib = tf\nclass Base(First):\n    pass\n", "Base",
        "class Own(Base):\n    def go(self):\n        self.lib.Session()\n"),
    "a base of TensorFlow": (
        TF + "class Base(tf.Session):\n    pass\n", "Base",
        "class Own(Base):\n    pass\nOwn().run(x)\n"),
    "a method of its own": (
        TF + "class Writer:\n    def add_summary(self, s, step):\n        pass\n", "Writer",
        "Writer().add_summary(s, 1)\n"),
    "overridden": (
        TF + "class Below(tf.train.Optimizer):\n    def minimize(self, loss):\n        pass\n", "Below",
        "Below().minimize(loss)\n"),
    "entered": (
        TF + "class Scope:\n    def __enter__(self):\n        return tf.Session()\n", "Scope",
        "with Scope() as s:\n    s.run(x)\n"),
    # What is set on TensorFlow.
    "nothing of TensorFlow": ("import numpy as tf\n", "tf", OLD),
    "tf.keras": ("from tensorflow import keras\n", "keras", "keras.optimizers.Adam(lr=1)\n"),
    "a constant of the project's": (TF + "KEY = tf.GraphKeys.SUMMARIES\n", "KEY", "KEY.lower()\n"),
    # What methods of a class store, in all the ways that there are.
    **{
        f"stored by {how}": (
            TF + f"class Base:\n    def f(self):\n        return self.lib\n    def make(self):\n{made}\n",
            "Base", "Base().lib.Session()\n")
        for how, made in {
            "a chain": "        self.other = self.lib = tf",
            "a tuple": "        self.other, self.lib = 1, tf",
            "a list": "        [self.lib, self.other] = tf, 1",
            "brackets": "        (self.lib) = tf",
            "a second line": "        self.lib \\\n            = tf",
            "an annotation": "        self.lib: object = tf",
            "a loop": "        for self.lib in [tf]:\n            pass",
            "setattr": "        setattr(self, 'lib', tf)",
            "vars": "        vars(self).update(lib=tf)",
            "its dict": "        self.__dict__['lib'] = tf",
        }.items()
    },
}  # fmt: skip


def _told(found: list[Finding], first: int) -> list[tuple[object, ...]]:
    return [
        (f.code, f.line - first, f.column, f.end_line - first, f.end_column, f.status, f.message,
         f.confidence, f.symbol) for f in found if f.line > first
    ]  # fmt: skip


def _tree(folder: Path, files: dict[str, str]) -> None:
    for name, text in {"setup.cfg": "", "p/__init__.py": "", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


# How the name comes to the file that uses it: other files, and its import.
WAYS: dict[str, tuple[dict[str, str], str]] = {
    "from": ({}, "from p.base import {name}\n"),
    "relative": ({}, "from .base import {name}\n"),
    "star": ({}, "from p.base import *\n"),
    "re-exported": ({"p/__init__.py": "from .base import {name}\n"}, "from p import {name}\n"),
    "by a star": ({"p/__init__.py": "from .base import *\n"}, "from p import {name}\n"),
    "under another name": (
        {"p/more.py": "from p.base import {name} as other\n{name} = other\n"},
        "from p.more import {name}\n",
    ),
    "from the module": ({}, "from p import base\n{name} = base.{name}\n"),
    "where it can": (
        {
            "p/more.py": "try:\n    from p.base import {name}\nexcept ImportError:\n    {name} = None\n"
        },
        "from p.more import {name}\n",
    ),
}


@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_two_files_are_as_one(case: str, allowed: bool, tmp_path: Path) -> None:
    base, name, use = CASES[case]
    together = findings(base + use, allow_compat_v1=allowed)
    expected = _told(together, base.count("\n"))
    for number, (files, imports) in enumerate(WAYS.values()):
        folder = tmp_path / str(number)
        more = {path: text.format(name=name) for path, text in files.items()}
        _tree(folder, {"p/base.py": base, **more})
        head = imports.format(name=name)
        found = findings(head + use, str(folder / "p/use.py"), allow_compat_v1=allowed)
        assert _told(found, head.count("\n")) == expected, list(WAYS)[number]


def test_the_cases_say_something() -> None:
    silent = {case for case, (base, _, use) in CASES.items()
              if not _told(findings(base + use), base.count("\n"))}  # fmt: skip
    assert silent == {
        "bound again", "bound by with", "deleted", "a method of its own", "overridden",
        "nothing of TensorFlow", "a constant of the project's",
    }  # fmt: skip


def test_a_shim_allows_what_it_brings(tmp_path: Path) -> None:
    _tree(tmp_path, {"p/compat.py": f"try:\n    {V1}except ImportError:\n    {TF}"})
    use = "from p.compat import tf\ntf.Session()\ntf.log(x)\ntf.contrib.slim\n"
    path = str(tmp_path / "p/use.py")
    assert [(f.line, f.status) for f in findings(use, path)] == [
        (2, "compat"), (3, "compat"), (4, "removed"),
    ]  # fmt: skip
    assert [f.line for f in findings(use, path, allow_compat_v1=True)] == [4]


def test_files_that_ask_each_other_come_to_an_end(tmp_path: Path) -> None:
    files = {
        f"p/m{at}.py": f"# tensorflow\nfrom .m{(at + 1) % 3} import tf, other\ntry:\n    other = tf.compat.v1\n"
        f"except AttributeError:\n    other = tf\nif other.__version__ > '2':\n    tf = other\n"
        for at in range(3)
    }
    _tree(tmp_path, files)
    use = "from p.m0 import tf\ntf.Session()\n"
    assert findings(use, str(tmp_path / "p/use.py")) == []
    (tmp_path / "p/m2.py").write_text(TF)
    assert [f.code for f in findings(use, str(tmp_path / "p/use.py"))] == ["TF601"]


def test_circles_between_packages(tmp_path: Path) -> None:
    _tree(tmp_path, {
        "p/__init__.py": "from .a import tf\nfrom .b import make\n",
        "p/a.py": "import tensorflow.compat.v1 as tf\nfrom p import make\n",
        "p/b.py": "from p import tf\ndef make():\n    return tf.Session()\n",
    })  # fmt: skip
    found = findings("from p import make\nmake().run(x)\n", str(tmp_path / "use.py"))
    assert [(f.code, f.status) for f in found] == [("TF602", "compat")]


def test_conditional_re_exports(tmp_path: Path) -> None:
    _tree(tmp_path, {
        "p/__init__.py": "import tensorflow\nif tensorflow.__version__ < '2':\n"
                         "    from .old import tf\nelse:\n    from .new import tf\n",
        "p/old.py": TF, "p/new.py": V1,
    })  # fmt: skip
    use = "from p import tf\ntf.Session()\n"
    assert [f.status for f in findings(use, str(tmp_path / "use.py"))] == ["compat"]
    use = "import p\np.tf.Session()\n"
    assert [f.status for f in findings(use, str(tmp_path / "use.py"))] == ["compat"]
