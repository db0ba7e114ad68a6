"""Python 2 read as Python 3: it parses, and every name stays where it was."""

from __future__ import annotations

import ast

import pytest

from tf2lint.python2 import parse, rewritten
from tf2lint.source import Source

# What only Python 2 parses, each with names that start with `tf`.
FORMS = {
    "print": 'print "x", tf.a',
    "print alone": "print\nprint tf.a",
    "print with a comma at the end": "print tf.a,",
    "print into a file": "print >>tf.f, tf.a % tf.b",
    "print into a file alone": "print >> tf.f",
    "print of a list": "print [tf.a]",
    "print in a line": "if tf.a: print tf.b; print tf.c",
    "print after else": "if tf.a:\n    pass\nelse: print tf.b",
    "print over lines": 'print "%s" % \\\n    tf.a, tf.b',
    "print in a lambda's line": "if (lambda: tf.a): print tf.b",
    "print in a slice's line": "if tf.a[1:2]: print {tf.b: 1}",
    "exec": "exec tf.a\nexec tf.a in tf.b, tf.c",
    "backquotes": "x = `tf.a` + `tf.f(`tf.b`)`",
    "not equal": "x = tf.a <> tf.b",
    "except": "try:\n    tf.a\nexcept tf.E, e:\n    tf.b(e)",
    "except of several": "try:\n    tf.a\nexcept (tf.E, tf.F), e:  # why\n    tf.b(e)",
    "except in a line": "try: tf.a\nexcept tf.E, e: tf.b(e)",
    "except with a tuple": "try:\n    tf.a\nexcept tf.E, (n, m):\n    tf.b(n)",
    "raise": 'raise tf.E, "x" % tf.a',
    "raise with a traceback": "raise tf.E, tf.a, tf.b",
    "unicode and raw": "x = ur'\\d', tf.a",
    "bytes that are no ASCII": "x = b'é', tf.a",
    "backslashes": "x = 'C:\\Users\\New', tf.a",
    "octal": "tf.chmod(0777, 00, 07, 0644L, tf.a)",
    "long": "x = 10L + 0xFFL + 7l, tf.a",
    "tuple parameters": "def f(a, (b, (c,)), d=(1, 2)): return tf.a(b, c)",
    "tuple parameters of lambda": "x = map(lambda (a, b): tf.a(a, b), tf.b)",
    "names that are keywords now": "tf.a(async=True)\nawait = tf.b",
    "tabs for eight": "if tf.a:\n        tf.b\n\tx = 1; tf.c\n\tprint tf.d",
    "other scripts": "print u'é', tf.a",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_names_stay_in_their_places(form: str, end: str) -> None:
    text = f"print 2\n{FORMS[form]}\n".replace("\n", end)
    with pytest.raises(SyntaxError):
        ast.parse(text)
    source = Source(text)
    names = [n for n in ast.walk(source.tree) if isinstance(n, ast.Name) and n.id == "tf"]
    assert source.is_python2
    assert len(names) == text.count("tf.") > 0
    for node in names:
        assert source.segment(node) == "tf"


def test_what_a_handler_binds_stays_where_there_is_room() -> None:
    found = parse("try:\n    x\nexcept E,e:\n    e\n")
    assert found is not None
    [handler] = [n for n in ast.walk(found[0]) if isinstance(n, ast.ExceptHandler)]
    assert handler.name == "e"


def test_octal_numbers_keep_their_value() -> None:
    found = parse("x = 0777, 0644, 07, 010\nprint x")
    assert found is not None
    numbers = [n.value for n in ast.walk(found[0]) if isinstance(n, ast.Constant)]
    assert numbers == [0o777, 0o644, 7, 8, 0]


@pytest.mark.parametrize(
    "text", ["def f(:\n", "print 'x\n", "x = (\n", "\0", "print x y\n", "é = `x\n"]
)
def test_what_is_no_python_2_either(text: str) -> None:
    assert parse(text) is None
    with pytest.raises((SyntaxError, ValueError)):
        _ = Source(text).tree


def test_python_3_is_let_alone() -> None:
    text = (
        "async def f():\n    await g()\n    async with h: pass\nprint(1)\nprint (1), 2\n"
        "x = 0, 0o17, 1_000, 10.5e3, rb'x', '\\\\N'\nprint = exec\nraise E(1, 2) from e\n"
    )
    ast.parse(text)
    assert rewritten(text).text == text
    assert not Source(text).is_python2
