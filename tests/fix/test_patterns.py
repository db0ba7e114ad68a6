"""Patterns in several places: what is written, and what is left alone because it is not known."""

from __future__ import annotations

import time

import pytest

from tf2lint.check.engine import check
from tf2lint.finding import Finding
from tf2lint.fixes.fixer import fix
from tf2lint.options import Options
from tf2lint.source import Source
from tf2lint.suppress import Suppressions

TF = "import tensorflow as tf\n"
HEAD = (
    TF + "data = tf.data.Dataset.range(3)\niterator = data.make_one_shot_iterator()\n"
    "element = iterator.get_next()\n"
)
LOOP = """\
with tf.Session() as sess:
    while True:
        try:
            value = sess.run(element)
            print(value)
        except tf.errors.OutOfRangeError:
            break
"""


def fixed(text: str, unsafe: bool = False) -> str:
    done = fix(text, "test.py", Options(), unsafe=unsafe)
    assert not done.refused
    return done.text


def test_a_loop_over_a_session_is_a_loop_over_the_dataset() -> None:
    assert fixed(HEAD + LOOP) == (
        TF + "data = tf.data.Dataset.range(3)\n"
        "for value in data.as_numpy_iterator():\n    print(value)\n"
    )


def test_comments_strings_and_line_ends_stay() -> None:
    body = '            # above\n            print("""a\n  b""",  # in\n      value)\n'
    text = (HEAD + LOOP).replace("            print(value)\n", body).replace("\n", "\r\n")
    after = 'for value in data.as_numpy_iterator():\n    # above\n    print("""a\n  b""",  # in\n  value)\n'
    assert fixed(text).endswith(after.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + LOOP.replace("sess.run(element)", "sess.run([element, other])"),
        HEAD + LOOP.replace("sess.run(element)", "sess.run(element, feed_dict={})"),
        HEAD + "total = element * 2\n" + LOOP,  # read in the graph
        HEAD + "tf.disable_v2_behavior()\n" + LOOP,
        HEAD + "x = tf.placeholder(tf.float32)\n" + LOOP,
        HEAD + LOOP.replace("tf.Session()", "tf.Session(config=c)"),
        HEAD + "for _ in range(2):\n    " + LOOP.replace("\n", "\n    ").rstrip(" "),
        HEAD + "element = 3\n" + LOOP,
        HEAD.replace("iterator = ", "iterator = other = ") + LOOP,
        HEAD + LOOP.replace("print(value)", "value += 1"),  # arrays of a dataset are read-only
        HEAD.replace("= tf.data.Dataset.range(3)", "= load()") + LOOP,  # a dataset, perhaps
        HEAD + "def f():\n    return sess.run(element)\n" + LOOP,
        HEAD + LOOP.replace("OutOfRangeError", "OpError"),
    ],
)
def test_what_is_not_all_known_is_left_alone(text: str) -> None:
    after = fixed(text)
    assert "sess.run(element" in after or "sess.run([element" in after
    assert ".get_next()" in after


def test_a_loop_that_cannot_go_becomes_next() -> None:
    text = HEAD + LOOP.replace(
        "            break\n", "            break\n        finally:\n            print()\n"
    )
    after = fixed(text)
    assert "iterator = data.as_numpy_iterator()\n" in after
    assert "value = next(iterator)\n" in after
    assert "except StopIteration:\n" in after


def test_a_pattern_is_fixed_as_a_whole_or_not_at_all() -> None:
    text = HEAD + LOOP.replace("sess.run(element)", "sess.run(element)  # noqa: TF602")

    def wanted(source: Source):  # type: ignore[no-untyped-def]
        hidden = Suppressions(source)
        return lambda finding: not hidden.hides(finding)

    assert fix(text, "test.py", Options(), wanted=wanted).text == text


def test_the_findings_of_a_pattern_share_their_edits() -> None:
    found = [f for f in check(Source(HEAD + LOOP), Options(edits="tf2")) if f.code != "TF601"]
    assert {f.code for f in found} == {"TF801", "TF602"}
    assert len({_places(f) for f in found}) == 1


def _places(finding: Finding) -> tuple[object, ...]:
    assert finding.hint is not None
    return tuple((e.line, e.column, e.end_line, e.end_column, e.text) for e in finding.hint.edits)


SESSION = TF + "def f():\n    v = tf.Variable(1.0)\n    with tf.Session() as sess:\n"
RUN = "        sess.run(tf.global_variables_initializer())\n"


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (RUN + "        return sess.run(v)\n", "    return v.numpy()\n"),
        (RUN, "    pass\n"),
        (RUN + "        sess.run(v.assign_add(1.0))\n        return sess.run([v, v])\n",
         "    v.assign_add(1.0)\n    return [v.numpy(), v.numpy()]\n"),
        (RUN + "        print(sess.run(tf.add(v, 1.0)))\n", "    print(tf.add(v, 1.0).numpy())\n"),
    ],
)  # fmt: skip
def test_sessions_that_are_understood_go(body: str, after: str) -> None:
    head = TF + "def f():\n    v = tf.Variable(1.0)\n"
    assert fixed(SESSION + body) == head + after


@pytest.mark.parametrize(
    "body",
    [
        "        train(sess)\n",
        "        train()\n",
        "        sess.run(step)\n",
        "        sess.run(v, feed_dict={})\n",
        "        sess.run(tf.random_uniform([2]))\n",
        "        print(v.eval())\n",
        "        self.sess = sess\n",
        "        sess.run(v.assign_add(1.0))\n" + RUN,  # starts over
        "        for _ in x:\n    " + RUN + "            sess.run(v.assign_add(1.0))\n",
        "        sess.run(v.assign_add(1.0))\n    with tf.Session() as sess:\n"
        + RUN
        + "        print(sess.run(v))\n",
        "        step = v.assign_add(1.0)\n        print(sess.run(v))\n",  # a graph does not run it
        "        sess.run(w.assign_add(1.0))\nw = tf.Variable(1.0)\n",  # for each call anew
    ],
)
def test_sessions_that_are_not_stay(body: str) -> None:
    text = SESSION + RUN + body
    after = fixed(text)
    assert RUN in after
    assert "with tf.Session() as sess:\n" in after
    assert RUN not in fixed(text, unsafe=True) or "feed_dict" not in body


def test_an_initializer_run_goes_by_wish() -> None:
    text = (
        TF
        + "class A:\n    def f(self):\n        self.sess.run(tf.global_variables_initializer())\n"
    )
    assert fixed(text) == text
    assert fixed(text, unsafe=True) == "class A:\n    def f(self):\n        pass\n"


def test_iterators_in_eager_code() -> None:
    text = (
        TF
        + "tf.enable_eager_execution()\nit = tf.data.Dataset.range(3).make_one_shot_iterator()\nit.get_next()\n"
    )
    assert fixed(text) == TF + "it = iter(tf.data.Dataset.range(3))\nit.get_next()\n"
    plain = text.replace("tf.enable_eager_execution()\n", "")
    assert fixed(plain) == plain
    assert "iter(tf.data" in fixed(plain, unsafe=True)


WRITER = TF + "w = tf.summary.FileWriter('logs')\n"
PROTO = "s = tf.Summary(value=[tf.Summary.Value(tag='a', simple_value=x)])\n"


def test_summaries_are_written_under_the_writer() -> None:
    text = WRITER + "for i in range(3):\n    " + PROTO + "    w.add_summary(s, i)\nw.close()\n"
    assert fixed(text) == text  # not safe
    assert fixed(text, unsafe=True) == (
        TF + "w = tf.summary.create_file_writer('logs')\nfor i in range(3):\n"
        "    with w.as_default():\n        tf.summary.scalar('a', x, step=i)\nw.close()\n"
    )


@pytest.mark.parametrize(
    "rest",
    [
        PROTO + "w.add_summary(s)\n",  # no step
        PROTO + "w.add_summary(s, 1)\nw.add_graph(g)\n",
        PROTO + "w.add_summary(s, 1)\nkeep(w)\n",
        PROTO + "w.add_summary(s, 1)\nprint(s)\n",
        "w.add_summary(given, 1)\n",
        "tf.summary.scalar('loss', loss)\nm = tf.summary.merge_all()\n"
        "with tf.Session() as sess:\n    s = sess.run(m)\n    w.add_summary(s, 1)\n",
        "v = tf.Variable(1.0)\ntf.summary.scalar('my v', v)\nm = tf.summary.merge_all()\n"
        "with tf.Session() as sess:\n    s = sess.run(m)\n    w.add_summary(s, 1)\n",
        "v = tf.Variable(1.0)\ntf.summary.scalar('v', v)\nm = tf.summary.merge_all()\n"
        "with tf.Session() as sess:\n    s, _ = sess.run([m, step])\n    w.add_summary(s, 1)\n",
    ],
)
def test_summaries_whose_way_is_not_in_sight_stay(rest: str) -> None:
    after = fixed(WRITER + rest, unsafe=True)
    assert "w.add_summary(" in after
    assert ".as_default()" not in after


def test_time_grows_with_the_module_and_not_with_its_square() -> None:
    one = "def f():\n    data = tf.data.Dataset.range(3)\n    iterator = data.make_one_shot_iterator()\n"
    one += "    element = iterator.get_next()\n    w = tf.summary.FileWriter('x')\n"
    one += "".join(f"    {row}\n" for row in LOOP.splitlines())

    def seconds(count: int) -> float:
        source = Source(TF + one * count)
        begun = time.process_time()
        assert check(source, Options(edits="tf2"))
        return time.process_time() - begun

    seconds(5)
    assert seconds(240) < 4 * 8 * max(seconds(30), 0.02)
