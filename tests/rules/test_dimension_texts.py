"""Dimensions and shapes that are compared as text."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, told

_X = "import tensorflow as tf\ndef f(x):\n"
_HINTS = {
    'return str(x.get_shape()[0]) != "?"': "x.get_shape()[0] is not None",
    "return '?' == str(x.shape[-1])": "x.shape[-1] is None",
    'd = x.shape[0]\n    return str(d) == "?"': "d is None",
    'return [i for i in x.get_shape() if str(i) != "?"]': "i is not None",
    'return "?" in str(x.shape)': "not x.shape.is_fully_defined()",
    'return "?" not in str(x.get_shape())': "x.get_shape().is_fully_defined()",
    's = x.shape\n    return str(s) == "(?, 3)"': "s itself, with None for what is not known",
    'return str(x.shape[0]) in ("?", "-1")': "x.shape[0] itself, with None for what is not known",
    'return str(tf.zeros([1]).shape[0]) == "?"': "tf.zeros([1]).shape[0] is None",
    'return str(tf.Variable([1]).shape[0]) == "?"': "tf.Variable([1]).shape[0] is None",
}


@pytest.mark.parametrize("body", _HINTS)
def test_compared_as_text(body: str) -> None:
    (found,) = findings(f"{_X}    {body}\n")
    assert (found.code, told(found)) == ("TF920", _HINTS[body])
    always = "always" if "!=" in body or "not in" in body else "never"
    assert f"is {always} true in TF 2" in found.message


@pytest.mark.parametrize(
    "body",
    [
        'return x.shape[0] == "?"',  # never so in TF 1 either
        'return str(x.shape.as_list()[0]) == "?"',  # was "None" in TF 1, too
        "return str(x.shape[0]) == '3'",
        "return str(x.name) == '?'",
        "import numpy as np\n    a = np.zeros(3)\n    return str(a.shape[0]) == '?'",
        "return str(x) == '?' or x.shape[0] == 1",
        "def g(shape):\n        return str(shape[0]) == '?'\n    return x.shape, g",
    ],
)
def test_other_text(body: str) -> None:
    assert codes(f"{_X}    {body}\n") == []


def test_each_comparison_is_said_once() -> None:
    text = f"{_X}    s = x.shape\n    t = x.get_shape()\n    return str(s[0]) == '?', str(t[1]) != '?'\n"
    assert codes(text) == ["TF920", "TF920"]
