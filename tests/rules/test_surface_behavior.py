"""TF906 and TF908: other results, and dimensions."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told, unmark

IMPORT = "import tensorflow as tf\n"
TF1 = IMPORT + "start = tf.placeholder(tf.float32)\n"


@pytest.mark.parametrize(
    ("second", "hint"),
    [
        ("keep_prob", "tf.nn.dropout(x, rate=1 - keep_prob)"),
        ("self.keep_prob", "tf.nn.dropout(x, rate=1 - self.keep_prob)"),
        ("1 - drop_rate", "tf.nn.dropout(x, rate=drop_rate)"),
        ("1.0", "tf.nn.dropout(x, rate=0)"),
    ],
)
def test_dropout_by_the_look_of_its_argument(second: str, hint: str) -> None:
    text, mark = unmark(f"{IMPORT}tf.nn.dropout(x, «{second}»)\n")
    found = findings(text)
    assert [(f.code, place(f), told(f)) for f in found] == [("TF906", mark, hint)]


@pytest.mark.parametrize("second", ["0.5", "rate", "0.1", "self.dropout", "1 - keep_prob"])
def test_dropout_that_may_be_right(second: str) -> None:
    assert codes(f"{IMPORT}tf.nn.dropout(x, {second})\n") == []


def test_dropout_in_tf_1_code() -> None:
    text = TF1 + "tf.nn.dropout(x, 0.9)\ntf.nn.dropout(x, 0.5)\ntf.nn.dropout(x, rate)\n"
    assert [(f.line, f.code) for f in findings(text)][1:] == [(3, "TF906")]


@pytest.mark.parametrize(
    "call",
    [
        "tf.image.resize(x, [3, 3])",
        "tf.strings.split(x)",
        "tf.nn.embedding_lookup([a, b], ids)",
        "tf.nn.ctc_beam_search_decoder(x, n)",
    ],
)
def test_only_where_tf_1_was_meant(call: str) -> None:
    assert codes(f"{IMPORT}{call}\n") == []
    assert codes(f"{TF1}{call}\n") == ["TF603", "TF906"]
    through = call.replace("tf.", "tf.compat.v1.", 1)
    found = findings(f"{IMPORT}{through}\n")
    assert [(f.code, f.status) for f in found] == [("TF906", "compat")]
    assert codes(f"{IMPORT}{through}\n", allow_compat_v1=True) == []


def test_one_variable_is_no_shards() -> None:
    assert codes(TF1 + "tf.nn.embedding_lookup(table, ids)\n") == ["TF603"]


def test_resize_by_number() -> None:
    text, mark = unmark(IMPORT + "tf.image.resize(x, s, «method=2»)\n")
    found = findings(text)
    assert [(f.code, place(f), f.status) for f in found] == [("TF906", mark, "removed")]
    assert said(found[0]).endswith('Use tf.image.resize(x, s, method="bicubic")')
    assert codes(IMPORT + "tf.image.resize(x, s, method='bicubic')\n") == []


def test_code_of_a_function() -> None:
    text = (
        IMPORT
        + """\
@tf.function
def f(x):
    return x
def g(x):
    return x
tf.autograph.to_code(f)
tf.autograph.to_code(g)
tf.autograph.to_code(f.python_function)
"""
    )
    assert [(f.line, f.column, f.code) for f in findings(text)] == [(7, 21, "TF906")]


# --- TF908 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "«x.get_shape()[0].value»",
        "«self.net.get_shape()[-1].value»",
        "«f(x).shape[i].value»",
        "«x.shape[1:][0].value»",
        "for d in x.get_shape():\n    «d.value»",
        "n = [«d.value» for d in x.get_shape()[1:]]",
        "s = x.get_shape()\n«s[0].value»",
        "d = x.get_shape()[0]\nn = «d.value» * 2",
        "_, h, w, _ = x.get_shape()\n«h.value»",
        "y = tf.constant([1])\n«y.shape[0].value»",
        "y = tf.constant([1])\nfor d in y.shape:\n    «d.value»",
        "def f(t: tf.Tensor):\n    return «t.shape[0].value»",
        "y = tf.constant([1])\n«y.shape[0].merge_with»(3)",
    ],
)
def test_dimensions(code: str) -> None:
    text, mark = unmark(f"{IMPORT}{code}\n")
    found = findings(text)
    assert [(f.code, place(f), f.confidence) for f in found] == [("TF908", mark, "high")]


@pytest.mark.parametrize(
    "code",
    [
        "x.get_shape().as_list()[0]",
        "x.shape.as_list()",
        "x.shape.dims[0].value",
        "for d in x.shape.dims:\n    d.value",
        "tf.compat.dimension_value(x.shape[0])",
        "flag.value",
        "x[0].value",
        "config.shape.value",
        "d = x.shape[0]\nn = d.value if hasattr(d, 'value') else d",
        "d = x.shape[0]\nif isinstance(d, Dimension):\n    d = d.value",
        "try:\n    n = x.shape[0].value\nexcept AttributeError:\n    n = x.shape[0]",
        "import numpy as np\nnp.zeros([3]).shape[0].value",
        "x.shape[0].value()",
    ],
)
def test_no_dimensions(code: str) -> None:
    assert codes(f"{IMPORT}{code}\n") == []


def test_a_module_without_tensorflow() -> None:
    assert codes("import numpy\nx.get_shape()[0].value\n") == []


def test_while_v2_behaviour_is_off() -> None:
    text = "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\nx.get_shape()[0].value\n"
    found = [f for f in findings(text) if f.code == "TF908"]
    assert [f.status for f in found] == ["compat"]


def test_the_edit_takes_the_value_off() -> None:
    hint = findings(IMPORT + "n = x.get_shape()[0].value\n")[0].hint
    assert hint is not None
    assert [(e.column, e.end_column, e.text) for e in hint.edits] == [(20, 26, "")]


def test_the_class_itself() -> None:
    found = findings(IMPORT + "d = tf.Dimension(3)\ne = tf.compat.v1.Dimension(None)\n")
    assert [(f.code, f.status) for f in found] == [("TF908", "removed"), ("TF908", "compat")]
    assert said(found[0]) == "tf.Dimension is a plain number in TF 2. Use 3"


def test_the_sign_of_the_cosine_similarity() -> None:
    """1.15.5: 0.895, 2.21: -0.895. Code that is as good TF 2 code is left alone."""
    call = "tf.keras.losses.CosineSimilarity(axis=1)(a, b)\n"
    assert codes(f"import tensorflow as tf\n{call}") == []
    assert codes(f"import tensorflow as tf\ntf.placeholder(tf.int32)\n{call}") == ["TF603", "TF906"]
