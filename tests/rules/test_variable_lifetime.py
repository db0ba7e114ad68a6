"""TF216, TF217: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place

TF = "import tensorflow as tf\n"

HELD = [
    "v = tf.Variable(0)\n",
    "vs = [tf.Variable(0)]\n",
    "use(tf.Variable(0))\n",
    "tf.Variable(0).assign(1)\n",
    "def f():\n    return tf.Variable(0)\n",
    "tf.compat.v1.Variable(0)\n",
    "make = tf.Variable\n",
    "tf.Variable\n",
    "tf.Variable(0)\n",
]


@pytest.mark.parametrize("text", HELD)
def test_variables_that_something_holds(text: str) -> None:
    assert "TF216" not in codes(TF + text)


def test_arguments_are_looked_at_all_the_same() -> None:
    text = f"{TF}def f():\n    tf.Variable(0, bogus=1)\n"
    assert sorted(codes(text)) == ["TF207", "TF216"]


def test_variables_that_nothing_holds() -> None:
    (found,) = findings(f"{TF}def f():\n    tf.Variable(0)\n")
    assert (found.code, place(found), found.status) == ("TF216", (3, 4, 3, 15), "changed")


FUNCTIONS = {
    "@tf.function\ndef f():\n    return tf.Variable(0)\n": ["TF216"],
    "@tf.function(autograph=False)\ndef f():\n    vs = [tf.Variable(0) for _ in x]\n": ["TF216"],
    "class A:\n    @tf.function\n    def f(self):\n        self.v = tf.Variable(0)\n": ["TF216"],
    "class A:\n    @tf.function\n    def f(self):\n        if self.v is None:\n"
    "            self.v = tf.Variable(0)\n": [],
    "@tf.function\ndef f():\n    with tf.init_scope():\n        v = tf.Variable(0)\n": [],
    "@tf.function\ndef f():\n    def g():\n        return tf.Variable(0)\n": [],
    "@other.function\ndef f():\n    return tf.Variable(0)\n": [],
    "def f():\n    v = tf.Variable(0)\n": [],
}


@pytest.mark.parametrize("text", FUNCTIONS)
def test_variables_in_tf_functions(text: str) -> None:
    assert codes(TF + text) == FUNCTIONS[text]


LOCAL = {
    "def f(x):\n    w = tf.Variable(0)\n    return x * w\n": ["TF217"],
    "def f(x):\n    w = tf.Variable(0)\n    y = x * w\n    return y\n": ["TF217"],
    "def f(x):\n    w = tf.Variable(0)\n    return w\n": [],
    "def f(x):\n    w = tf.Variable(0)\n    return x, [w]\n": [],
    "def f(x):\n    w = tf.Variable(0)\n    yield w\n": [],
    "def f(x):\n    w = tf.Variable(0)\n    x.w = w\n": [],
    "def f(x):\n    w = tf.Variable(0)\n    x.append(w)\n": [],
    "def f(x):\n    w = tf.Variable(0)\n    def g():\n        return w * x\n    return g\n": [],
    "def f(x):\n    w = tf.Variable(0)\n    return lambda: w\n": [],
    "def f(x):\n    global w\n    w = tf.Variable(0)\n": [],
    "def f(x):\n    x.w = tf.Variable(0)\n": [],
    "w = tf.Variable(0)\nprint(w * 2)\n": [],
    "def test_it(x):\n    w = tf.Variable(0)\n    return x * w\n": [],
}


@pytest.mark.parametrize("text", LOCAL)
def test_variables_of_one_call(text: str) -> None:
    assert codes(TF + text, enable=["TF217"]) == LOCAL[text]
    assert codes(TF + text) == []
