"""Comments that are written to silence findings: flake8 and we read them as meant."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import hosts
from tf2lint.check.engine import check
from tf2lint.fixes.edits import apply
from tf2lint.options import Options
from tf2lint.silencing import silence
from tf2lint.source import Source
from tf2lint.suppress import Suppressions

CASES = {
    "no comment": ("x = tf.log(1)\n", "x = tf.log(1)  # noqa: TF901\n"),
    "no line end": ("x = tf.log(1)", "x = tf.log(1)  # noqa: TF901"),
    "crlf": ("x = tf.log(1)\r\ny = 1\r\n", "x = tf.log(1)  # noqa: TF901\r\ny = 1\r\n"),
    "blanks at the end": ("x = tf.log(1)  \n", "x = tf.log(1)  # noqa: TF901\n"),
    "a comment": ("x = tf.log(1)  # why\n", "x = tf.log(1)  # why  # noqa: TF901\n"),
    "a type comment": (
        "x = tf.log(1)  # type: ignore[x]\n", "x = tf.log(1)  # type: ignore[x]  # noqa: TF901\n",
    ),
    "a pylint pragma": (
        "x = tf.log(1)  # pylint: disable=no-member\n",
        "x = tf.log(1)  # pylint: disable=no-member  # noqa: TF901\n",
    ),
    "another code": ("x = tf.log(1)  # noqa: E501\n", "x = tf.log(1)  # noqa: E501, TF901\n"),
    "other codes, no blank, and words": (
        "x = tf.log(1)  # NOQA:E501,W1 too long\n", "x = tf.log(1)  # NOQA:E501,W1, TF901 too long\n",
    ),
    "two codes of one line": (
        "x = tf.log(tf.Session())\n", "x = tf.log(tf.Session())  # noqa: TF601, TF901\n",
    ),
    "brackets over several lines": (
        "x = (1,\n     tf.log(1),\n     2)\n", "x = (1,\n     tf.log(1),  # noqa: TF901\n     2)\n",
    ),
    "a backslash": (
        "x = 1, \\\n    tf.log(1), \\\n    2\n", "x = 1, \\\n    tf.log(1), \\\n    2  # noqa: TF901\n",
    ),
    "a string over several lines": (
        'x = tf.log("""\n  a\n""")\n', 'x = tf.log("""\n  a\n""")  # noqa: TF901\n',
    ),
    "a string that looks like a comment": ('x = tf.log("# noqa: E501")\n', None),
    "two rows": (
        "x = tf.log(1)\ny = tf.log(2)  # noqa: E1\n",
        "x = tf.log(1)  # noqa: TF901\ny = tf.log(2)  # noqa: E1, TF901\n",
    ),
    "a decorator": ("@tf.log\ndef f(): pass\n", "@tf.log  # noqa: TF901\ndef f(): pass\n"),
    "an else": (
        "if x:\n    pass\nelif tf.log(1):\n    pass\n",
        "if x:\n    pass\nelif tf.log(1):  # noqa: TF901\n    pass\n",
    ),
    "deep inside": (
        "class A:\n    def f(self):\n        try:\n            pass\n        except tf.log(1):\n"
        "            pass\n",
        "class A:\n    def f(self):\n        try:\n            pass\n"
        "        except tf.log(1):  # noqa: TF901\n            pass\n",
    ),
    "other scripts": ("é = '\U0001f600', tf.log(1)  # é\n", "é = '\U0001f600', tf.log(1)  # é  # noqa: TF901\n"),
}  # fmt: skip
HEAD = "import tensorflow as tf\n"


@pytest.mark.parametrize("name", CASES)
def test_a_comment_is_put_where_flake8_reads_it(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    source = Source(HEAD + before, "x.py")
    edits = silence(source, check(source, Options()))
    if after is None:
        assert edits == ()
        return
    text = apply(source.text, edits)
    assert text == HEAD + after
    assert ast.dump(ast.parse(text)) == ast.dump(source.tree)
    silenced = Source(text, "x.py")
    hidden = Suppressions(silenced)
    left = [f.code for f in check(silenced, Options()) if not hidden.hides(f)]
    assert left == []
    (tmp_path / "x.py").write_bytes(text.encode())
    assert hosts.flake8("x.py", cwd=tmp_path).stdout == ""


def test_what_a_blanket_comment_silences_gets_none() -> None:
    source = Source(f"{HEAD}x = tf.log(1)  # noqa\n", "x.py")
    assert silence(source, check(source, Options())) == ()
