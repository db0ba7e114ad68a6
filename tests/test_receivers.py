"""What an object of which nothing is known is taken for, by what is called on it elsewhere."""

from __future__ import annotations

import pytest

from tests.support import findings

_TF = "import tensorflow as tf\n"


def _found(text: str, **settings: object) -> list[tuple[str, str]]:
    """Code and spelling of each finding on what the import does not say."""
    return [
        (f.code, f.message.split("`")[1]) for f in findings(_TF + text, **settings) if f.line > 1
    ]


_TAKEN = {
    "a session": (
        "def f(s, x):\n    s.run(x, feed_dict={x: 1})\n    s.close()\n",
        [("TF601", "s.close")],
    ),
    "before the call that tells": (
        "def f(s, x):\n    with s.as_default(), s.graph.as_default():\n"
        "        s.run(x, feed_dict={x: 1})\n",
        [("TF601", "s.as_default"), ("TF601", "s.graph")],
    ),
    "a session by its name": (
        "def f(sess, x):\n    with sess.as_default():\n        return sess.run([x])\n",
        [("TF601", "sess.as_default")],
    ),
    "with metadata": (
        "def f(s, x, m):\n    s.run(x, run_metadata=m)\n    return s.graph_def, s.list_devices()\n",
        [("TF601", "s.graph_def"), ("TF602", "s.list_devices")],
    ),
    "a partial run": (
        "def f(session, x):\n    h = session.partial_run_setup(x)\n    return session.sess_str\n",
        [("TF601", "session.sess_str")],
    ),
    "another run of it": (
        "def f(s, x, y):\n    s.run(x, feed_dict={})\n    return s.run(y)\n",
        [("TF602", "s.run")],
    ),
    "in a function inside": (
        "def f(s, x):\n    def g():\n        return s.graph\n    s.run(x, feed_dict={})\n"
        "    return g\n",
        [("TF601", "s.graph")],
    ),
    "an attribute": (
        "class A:\n    def __init__(self, s):\n        self.s = s\n"
        "    def step(self, x):\n        return self.s.run(x, feed_dict={})\n"
        "    def end(self):\n        self.s.close()\n",
        [("TF601", "self.s.close")],
    ),
    "an attribute of the class above": (
        "class A:\n    def __init__(self, s):\n        self.s = s\n"
        "    def step(self, x):\n        return self.s.run(x, feed_dict={})\n"
        "class B(A):\n    def end(self):\n        self.s.close()\n",
        [("TF601", "self.s.close")],
    ),
    "an attribute of a class further up": (
        "class A:\n    def __init__(self, s):\n        self.s = s\n"
        "    def step(self, x):\n        return self.s.run(x, feed_dict={})\n"
        "class B(A):\n    pass\n"
        "class C(B):\n    def end(self):\n        self.s.close()\n",
        [("TF601", "self.s.close")],
    ),
    "an attribute of a parameter": (
        "def f(agent, x):\n    agent.s.run(x, feed_dict={})\n    agent.s.close()\n",
        [("TF601", "agent.s.close")],
    ),
    "a writer": (
        "def f(w, s, step):\n    w.add_summary(s, step)\n    print(w.get_logdir())\n    w.reopen()\n",
        [("TF103", "w.get_logdir"), ("TF103", "w.reopen")],
    ),
    "what TF 2 has as well": (
        "def f(w, s, step):\n    w.add_summary(s, step)\n    w.flush()\n    w.close()\n",
        [],
    ),
    "events": (
        "def f(w, s, e):\n    w.add_summary(s)\n    w.add_meta_graph(e)\n",
        [("TF107", "w.add_meta_graph")],
    ),
    "a saver": (
        "def f(saver, sess, path):\n    saver.restore(sess, path)\n    return saver.last_checkpoints\n",
        [("TF803", "saver.last_checkpoints")],
    ),
    "a builder": (
        "def f(b, sess):\n    b.add_meta_graph_and_variables(sess, [])\n    b.save()\n",
        [("TF804", "b.save")],
    ),
    "a supervisor": (
        "def f(sv):\n    with sv.managed_session() as sess:\n        while not sv.should_stop():\n"
        "            pass\n",
        [("TF405", "sv.should_stop")],
    ),
    "a variable": (
        "def f(v):\n    return v.initialized_value() + v.initializer\n",
        [("TF209", "v.initializer")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "more"), _TAKEN.values(), ids=_TAKEN)
def test_other_members(text: str, more: list[tuple[str, str]]) -> None:
    """Beside the call that tells what the object is."""
    found = _found(text)
    assert all(one in found for one in more), found
    telling = ("TF602", "TF603", "TF102", "TF803", "TF804", "TF405", "TF209")
    assert len(found) > len(more)
    assert [c for c in found if c not in more and c[0] not in telling] == []


_NOT_TAKEN = {
    "nothing tells": "def f(s, w):\n    s.close()\n    s.graph\n    w.get_logdir()\n",
    "another object": (
        "def f(s, t, x):\n    s.run(x, feed_dict={x: 1})\n    t.close()\n    return t.graph\n"
    ),
    "of another function": (
        "def f(s, x):\n    s.run(x, feed_dict={x: 1})\ndef g(s):\n    s.close()\n"
    ),
    "of another class": (
        "class A:\n    def step(self, x):\n        return self.s.run(x, feed_dict={})\n"
        "class B:\n    def end(self):\n        self.s.close()\n"
    ),
    "a command": "def f(session):\n    session.run('ls', env={})\n    session.close()\n",
    "the project's own": (
        "class S:\n    def run(self, x, feed_dict): ...\n    def close(self): ...\n"
        "def f(x):\n    s = S()\n    s.run(x, feed_dict={})\n    s.close()\n"
    ),
    "of the standard library": (
        "import subprocess\ndef f(x):\n    subprocess.run(x, feed_dict=1)\n    subprocess.close()\n"
    ),
    "members that it has not": "def f(s, x):\n    s.run(x, feed_dict={})\n    s.flush()\n",
}


@pytest.mark.parametrize("text", _NOT_TAKEN.values(), ids=_NOT_TAKEN)
def test_taken_for_nothing(text: str) -> None:
    """No evidence, or of another object."""
    told = [(code, spelling) for code, spelling in _found(text) if not code.startswith("TF60")]
    assert told == []
    assert [s for c, s in _found(text) if c == "TF601" or "close" in s or "graph" in s] == []


@pytest.mark.parametrize("settings", [{"unknown_receivers": False}, {"allow_compat_v1": True}])
def test_settings_hold_for_all_of_it(settings: dict[str, object]) -> None:
    """Who wants no guesses, or accepts sessions, gets none of it."""
    text = "def f(s, x):\n    s.run(x, feed_dict={x: 1})\n    s.close()\n"
    assert _found(text, **settings) == []


def test_a_module_without_tensorflow() -> None:
    """What another package has is none of ours."""
    assert (
        findings("def f(s, x):\n    s.run(x, feed_dict={x: 1})\n    s.close()  # tensorflow\n")
        == []
    )


@pytest.mark.parametrize(
    ("body", "code", "spelling"),
    [
        ("v.load(1.0, sess)", "TF209", "v.load"),
        ("v.load(value=1.0, session=s)", "TF209", ""),
        ("v.load(1.0, session=self.sess)", "TF209", "v.load"),
        ("v.load('model.h5')", "", ""),
        ("v.load(path, device)", "", ""),
        ("v.load(path, sess, 1)", "", ""),
        ("v.op.inputs", "TF610", "v.op"),
        ("v.op.get_attr('T')", "TF610", "v.op"),
        ("v.op.type == 'Conv2D'", "TF610", "v.op"),
        ("v.op()", "", ""),
        ("v.op.run()", "", ""),
        ("v.op", "", ""),
        ("v.consumers()", "TF610", "v.consumers"),
        ("v.consumers", "", ""),
        ("v.consumers(topic)", "", ""),
    ],
)
def test_members_that_tell_by_themselves(body: str, code: str, spelling: str) -> None:
    """`load` with a session, and what only an op, or a tensor, has."""
    found = _found(f"def f(self, v, path, device, sess, s):\n    {body}\n", enable=["TF610"])
    expected = [(code, spelling)] if spelling else []
    assert [one for one in found if one[0] in ("TF209", "TF610")] == expected


def test_ops_are_off_by_default() -> None:
    assert _found("def f(v):\n    return v.op.inputs, v.consumers()\n") == []
