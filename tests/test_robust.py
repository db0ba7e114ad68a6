"""Odd but valid input: nothing raises, everything ends, places stay right."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from tests.support import codes, findings, place
from tf2lint.check.engine import check
from tf2lint.config import options_of
from tf2lint.internal_error import BROKEN
from tf2lint.source import Source

TF = "import tensorflow as tf\n"
CALL = "tf.summary.merge_all()"
ODD = {
    "empty": "",
    "one comment": "# tensorflow",
    "no final newline": TF + CALL,
    "form feeds": "import tensorflow as tf\n\f\n\f" + CALL,
    "only docstring": '"""tensorflow"""',
    "names in other scripts": "import tensorflow as tf\nпеременная = tf\nпеременная.summary.merge_all()",
    "sum of 900": TF + "x = " + " + ".join(["y"] * 900),
    "900 brackets": TF + "x = " + "(" * 90 + CALL + ")" * 90,
    "nested calls": TF + "x = " + "f(" * 90 + CALL + ")" * 90,
    "chain of 900 attributes": TF + "x = a" + ".b" * 900,
    "chain of 900 calls": TF + "ds = tf.data.Dataset.range(3)" + ".map(f)" * 900,
    "chain of 900 subscripts": TF + "x = a" + "[0]" * 900,
    "900 else-ifs": TF + "if x:\n  pass\n" + "elif x:\n  pass\n" * 900,
    "900 nested lists": TF + "x = " + "[" * 90 + "]" * 90,
    "90 nested functions": TF
    + "".join(" " * i + f"def f{i}():\n" for i in range(90))
    + " " * 90
    + CALL,
    "an alias cycle": TF + "a = b\nb = a\na.summary.merge_all()",
    "a function that returns itself": TF + "def f():\n    return f()\nf().summary.merge_all()",
    "classes that inherit each other": TF
    + "class A(B): pass\nclass B(A): pass\nA().w.add_summary(1)",
    "an object that is its own attribute": TF
    + "class A:\n    def f(self):\n        self.a = self.a.a\n        self.a.b.c()",
    "5,000 aliases": TF + "a0 = tf\n" + "".join(f"a{i + 1} = a{i}\n" for i in range(5000)),
    "aliases from the end": TF
    + "def g():\n    a0.summary.merge_all()\n"
    + "".join(f"a{i} = a{i + 1}\n" for i in range(3000)),
    "one name, 2,000 arms": TF
    + "".join(f"if x == {i}:\n    s = tf.summary\n" for i in range(2000))
    + "s.merge_all()",
    "a long literal": TF + "x = [" + "1, " * 200_000 + "]",
    "10,000 lines": TF + (CALL + "\n") * 10_000,
    "a tuple in a loop that holds its own item": TF
    + "def f(s):\n    while s:\n        s = (s[0],)\n        s[0].run(1)",
    "a parameter that is its own default": TF + "def f(tf=tf): tf.summary.merge_all()",
    "a comprehension over its own name": TF + "x = [x for x in x for x in x]",
    "decorators without end": TF + "@a\n" * 300 + "def f(): pass",
    "global at module level": TF + "global tf\n" + CALL,
    "a store to a field of 900 calls": TF
    + "options = tf.data.Options()\noptions"
    + ".map()" * 900
    + ".autotune = True",
    "flags, and a chain of 900 calls": TF + "flags = tf.app.flags\nx" + ".map()" * 900,
    "900 nots": TF + "x = " + "not " * 900 + CALL,
    "a comparison of 900": TF + "tf.cond(x" + " < x" * 900 + ", tf.Session, tf.log)",
    "a base with 900 attributes": TF + "class A(tf.Session" + ".x" * 900 + "): pass",
    "an annotation of 900 subscripts": TF + "y: 'tf.Session" + "[0]" * 900 + "' = 1\ny.run()",
    "a test of 900 parts": TF
    + "if hasattr(tf, 'x')"
    + " and hasattr(tf, 'x')" * 900
    + ": tf.Session()",
    "900 guarded arms": TF + "if x: pass\n" + "elif hasattr(tf, 'Session'): tf.Session()\n" * 900,
    "90 lambdas": TF + "y = " + "lambda: " * 90 + "tf.Session()",
    "5,000 imports of one name": TF + "import tensorflow.compat.v1 as tf\n" * 5000 + CALL,
    "a star import in a loop of stars": "from tensorflow import *\nfrom tensorflow.summary import *\nmerge_all()",
}


@pytest.mark.parametrize("name", list(ODD))
def test_nothing_raises(name: str) -> None:
    text = ODD[name]
    ast.parse(text)
    found = findings(text)
    assert found == sorted(set(found))
    assert BROKEN.code not in [finding.code for finding in found]
    source = Source(text, "test.py")
    for kind in ("tf2", "compat-v1"):
        every = options_of({"enable": "all", "report-guarded": True})
        said = check(source, replace(every, edits=kind))
        assert [f.message for f in said if f.code == BROKEN.code] == []


def test_crlf_and_cr_keep_their_places() -> None:
    unix = findings(TF + "\n" + CALL)
    assert [place(f) for f in unix] == [(3, 0, 3, 20)]
    assert findings((TF + "\n" + CALL).replace("\n", "\r\n")) == unix


def test_the_middle_of_deep_nesting_is_seen() -> None:
    assert codes(ODD["nested calls"]) == ["TF101"]
    assert codes(ODD["90 nested functions"]) == ["TF101"]
    assert codes(ODD["10,000 lines"]) == ["TF101"] * 10_000


def test_the_same_on_every_run() -> None:
    text = TF + "for s in (tf.summary, tf.train):\n    s.merge_all()\n    s.AdamOptimizer()\n"
    assert findings(text) == findings(text)
