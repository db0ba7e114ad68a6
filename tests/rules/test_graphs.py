"""TF6: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, told, unmark

TF = "import tensorflow as tf\n"
OFF = ("TF605", "TF610")


def hints(text: str, **settings: object) -> list[tuple[str, str]]:
    """Code and what to use of each finding."""
    return [(f.code, told(f)) for f in findings(text, **settings)]


def use(text: str, code: str, **settings: object) -> str:
    """What the one finding of `code` says to use."""
    found = [hint for rule, hint in hints(text, **settings) if rule == code]
    assert len(found) == 1
    return found[0]


# Each is a module with «» around every place that TF602 reports, and nothing else is asked.
RUNS = {
    "session": "s = tf.Session()\n«s.run»(x)",
    "session, called at once": "«tf.Session().run»(x)",
    "interactive": "s = tf.InteractiveSession()\n«s.run»(x)",
    "with": "with tf.Session() as s:\n    «s.run»(x)",
    "as_default": "with tf.Session().as_default() as s:\n    «s.run»(x)",
    "monitored": "with tf.train.MonitoredTrainingSession() as m:\n    «m.run»(x)",
    "monitored, class": "m = tf.train.MonitoredSession()\n«m.run_step_fn»(f)",
    "singular": "m = tf.train.SingularMonitoredSession()\n«m.run»(x)",
    "supervisor": "sv = tf.train.Supervisor()\nwith sv.managed_session() as s:\n    «s.run»(x)",
    "unknown supervisor": "def f(sv):\n    with sv.managed_session('') as s:\n        «s.run»(x)",
    "default session": "«tf.get_default_session().run»(x)",
    "keras backend": "«tf.keras.backend.get_session().run»(x)",
    "self": "class A:\n    def __init__(self):\n        self.s = tf.Session()\n"
            "    def f(self):\n        «self.s.run»(x)",
    "function that returns one": "def make():\n    return tf.Session()\n«make().run»(x)",
    "annotation": "def f(s: tf.Session):\n    «s.run»(x)",
    "test case": "class T(tf.test.TestCase):\n    def test(self):\n"
                 "        with self.test_session() as s:\n            «s.run»(x)",
    "self.session of a test case": "class T(tf.test.TestCase):\n    def test(self):\n"
                                   "        with self.session() as s:\n            «s.run»(x)",
    "parameter called sess": "def f(sess):\n    «sess.run»(x)",
    "attribute called _session": "def f(a):\n    return a._session and «a._session.run»([x, y])",
    "eval_sess": "def f(eval_sess):\n    «eval_sess.run»(x, {y: 1})",
    "camel": "def f(monSess):\n    «monSess.run»(x)",
    "sess1": "def f(sess1):\n    «sess1.run»(x)",
    "a call that makes one": "def f(a):\n    «a.make_session().run»(x)",
    "from another package": "from other import get_session\nsess = get_session()\n«sess.run»(x)",
    "as a value": "def f(self, sess):\n    self.assertRaises(ValueError, «sess.run», x)",
    "star": "def f(sess, *a):\n    «sess.run»(*a)",
    "name of a tensor": "def f(sess):\n    «sess.run»('scope/y:0')",
    "feed_dict on anything": "def f(thing):\n    «thing.run»(x, feed_dict=d)",
    "run_metadata on anything": "def f(thing):\n    «thing.run»(x, run_metadata=m)",
    "operation": "op = tf.global_variables_initializer()\n«op.run»()",
    "operation by session=": "def f(op, s):\n    «op.run»(session=s)",
    "operation by its name": "def f(self):\n    «self.train_op.run»()",
    "minimize": "op = tf.train.AdamOptimizer().minimize(loss)\n«op.run»()",
    "tensor": "x = tf.constant(1.0) * 2\n«x.eval»()",
    "sum": "x = tf.reduce_sum(y)\n«x.eval»()",
    "eval with session=": "def f(x, s):\n    «x.eval»(session=s)",
    "eval with feed_dict=": "def f(x):\n    «x.eval»(feed_dict={y: 1})",
    "eval of a feed": "def f(x):\n    «x.eval»({y: 1})",
    "eval of a session": "def f(x, sess):\n    «x.eval»(d, sess)",
    "eval in a block": "def f(x):\n    with tf.Session():\n        return «x.eval»()",
    "eval in a test's block": "class T(Base):\n    def test(self):\n"
                              "        with self.cached_session():\n            «f().eval»()",
    "partial_run": "def f(sess, h):\n    «sess.partial_run»(h, x)",
    "make_callable": "with tf.Session() as s:\n    f = «s.make_callable»(x)",
    "list_devices": "with tf.Session() as s:\n    «s.list_devices»()",
    "base class method": "class S(tf.Session):\n    def go(self):\n        «self.run»(x)",
}  # fmt: skip

# Nothing of this is a session of TensorFlow, or it is no run.
QUIET = {
    "onnxruntime": "import onnxruntime as ort\nsess = ort.InferenceSession(p)\nsess.run(None, d)",
    "onnxruntime, parameter": "import onnxruntime\ndef f(sess):\n    sess.run(outputs, d)",
    "None": "def f(sess):\n    sess.run(None, d)",
    "names of outputs": "def f(sess):\n    sess.run(['out'], d)",
    "nox": "def tests(session):\n    session.run('pytest', '-q')",
    "nox, f-string": "def tests(session):\n    session.run(f'py{v}')",
    "nox, another keyword": "def tests(session):\n    session.run(cmd, external=True)",
    "no arguments": "def f(session):\n    session.run()",
    "requests": "import requests\nsession = requests.Session()\nsession.get(u)",
    "thread": "import threading\nthread = threading.Thread()\nthread.run()",
    "runner": "def f(runner, x):\n    runner.run(x)",
    "subprocess": "import subprocess\nsubprocess.run(['ls'])",
    "app": "from absl import app\napp.run(main)",
    "assessment": "def f(assess):\n    assess.run(x)",
    "torch": "import torch\nmodel = torch.nn.Linear(1, 1)\nmodel.eval()",
    "torch in a block": "import torch\ndef f(m):\n    with tf.name_scope('a'):\n        m.eval()",
    "pandas": "def f(df):\n    df.eval('a + b')",
    "literal": "import ast\nast.literal_eval(x)",
    "eval outside of a block": "def f(thing):\n    thing.eval()",
    "evaluate": "class T(tf.test.TestCase):\n    def test(self):\n        self.evaluate(x)",
    "model in a block": "def f(model):\n    with tf.device('/cpu:0'):\n        model.eval()",
    "local class": "class Session:\n    def run(self, x):\n        pass\nsess = Session()\nsess.run(x)",
}


@pytest.mark.parametrize("text", RUNS.values(), ids=RUNS)
def test_runs_of_sessions(text: str) -> None:
    plain, mark = unmark(TF + text)
    found = [place(f) for f in findings(plain) if f.code == "TF602"]
    assert found == [mark]


@pytest.mark.parametrize("text", QUIET.values(), ids=QUIET)
def test_other_things_that_run(text: str) -> None:
    assert [c for c in codes(TF + text) if c in ("TF601", "TF602", "TF603")] == []


def test_a_module_without_tensorflow_is_left_alone() -> None:
    assert codes("def f(sess):\n    sess.run(x, feed_dict={y: 1})\n") == []


def test_unknown_receivers_have_low_confidence_and_an_option() -> None:
    text = f"{TF}def f(sess):\n    sess.run(x)\n"
    assert [(f.code, f.confidence) for f in findings(text)] == [("TF602", "low")]
    assert codes(text, unknown_receivers=False) == []
    assert [f.confidence for f in findings(f"{TF}tf.Session().run(x)\n")] == ["high", "high"]


ADVICE = {
    "s.run(tf.exp(x))": "tf.exp(x).numpy()",
    "s.run(t)": "t.numpy()",
    "s.run(init)": "Delete it: variables are initialized as they are made",
    "s.run([tf.local_variables_initializer(), tf.tables_initializer()])": (
        "Delete it: variables are initialized as they are made"
    ),
    "s.run(it.initializer)": "it = iter(dataset) for each pass",
    "s.run(y, feed_dict={a: first, b: second})": (
        "a function that takes first, second and returns y"
    ),
    "s.run([train_op, loss], feeds)": (
        "a function that takes what is fed and returns [train_op, loss]"
    ),
    "s.run(y, feed_dict=None)": ("a function that returns y, @tf.function for speed"),
    "s.run('out:0')": ("the value itself, returned by a function or a Keras model"),
    "s.run(it.initializer, {a: 1})": "it = iter(dataset) for each pass, of a dataset of what is fed",
    "s.run(begin)": "it = iter(other) for each pass",
    "s.run([begin, it.initializer])": "one iter(dataset) of each dataset for each pass",
    "s.run([begin, y])": "a function that returns [begin, y], @tf.function for speed",
    "s.run(merged)": "Delete it: the summaries of TF 2 write as they run",
    "s.run([tf.summary.scalar('a', t), merged])": (
        "Delete it: the summaries of TF 2 write as they run"
    ),
    "s.run(merged, feed_dict={a: 1})": (
        "a function that takes what is fed and has the summaries, which write by themselves"
    ),
    "s.run([merged, train_op])": (
        "a function that returns train_op, @tf.function for speed. Summaries write as they run"
    ),
    "s.run([y, merged, z], feed_dict={a: first})": (
        "a function that takes first and returns [y, z]. Summaries write as they run"
    ),
    "merged.eval()": "Delete it: the summaries of TF 2 write as they run",
    # What is gone itself is no advice.
    "s.run(tf.log(x))": ("a function that returns what is fetched, @tf.function for speed"),
}


@pytest.mark.parametrize("call", ADVICE)
def test_what_to_write_instead_of_a_run(call: str) -> None:
    text = (
        f"{TF}s = tf.Session()\nt = tf.constant(1)\ninit = tf.global_variables_initializer()\n"
        "it = tf.data.Dataset.range(3).make_initializable_iterator()\nfeeds = {}\n"
        f"begin = it.make_initializer(other)\nmerged = tf.summary.merge_all()\n{call}\n"
    )
    assert use(text, "TF602") == ADVICE[call]


def test_the_users_own_alias_is_used() -> None:
    text = "import tensorflow\nwith tensorflow.Session():\n    pass\n"
    assert use(text, "TF601") == ("Delete it and keep the body of the with")


def test_status_of_sessions() -> None:
    text = f"{TF}tf.Session()\ntf.compat.v1.Session()\n"
    assert [f.status for f in findings(text)] == ["removed", "compat"]
    v1 = "import tensorflow.compat.v1 as tf\ns = tf.Session()\ns.run(x, feed_dict={y: 1})\ns.close()\n"
    assert codes(v1, allow_compat_v1=True) == []
    assert codes(v1) == ["TF001", "TF601", "TF602", "TF603", "TF601"]


def test_what_works_in_a_session_is_accepted_with_it() -> None:
    text = (
        "import tensorflow.compat.v1 as tf\ndef f(sess, x, saver):\n"
        "    sess.run(x, feed_dict={x: 1})\n    x.eval(session=sess)\n"
        "    saver.save(sess, 'a')\n    tf.global_variables_initializer().run()\n"
    )
    assert codes(text, allow_compat_v1=True) == []
    assert codes(text) == ["TF001", "TF602", "TF603", "TF602", "TF803", "TF205", "TF602"]
    main = f"{TF}def f(sess):\n    sess.run(tf.placeholder(tf.int32))\n"
    assert codes(main, allow_compat_v1=True) == ["TF603"]


def test_a_session_in_a_test_case_still_runs_tensors() -> None:
    head = (
        f"{TF}class T(tf.test.TestCase):\n    def test(self):\n        with self.session() as s:\n"
    )
    found = findings(f"{head}            s.run(x)\n")
    assert [(f.code, f.status, told(f)) for f in found] == [("TF602", "idiom", "self.evaluate(x)")]
    fed = findings(f"{head}            s.run(x, {{y: 1}})\n")
    assert [(f.code, f.status) for f in fed] == [("TF602", "changed")]


def test_members_of_a_session() -> None:
    text = (
        f"{TF}def f(s: tf.Session):\n    w(s.graph)\n    with s.as_default():\n        s.close()\n"
    )
    assert [(c, f.line) for c, f in zip(codes(text), findings(text), strict=True)] == [
        ("TF601", 2), ("TF601", 3), ("TF601", 4), ("TF601", 5),
    ]  # fmt: skip


def test_session_arguments_are_named() -> None:
    text = f"{TF}s = tf.Session('grpc://a', graph=g, config=c)\n"
    said = use(text, "TF601")
    assert "tf.distribute strategy" in said
    assert "own graph" in said
    assert "tf.config" in said
    known = f"{TF}c = tf.ConfigProto()\ns = tf.Session(config=c)\n"
    assert "tf.config" not in use(known, "TF601")  # said where the proto is made


# TF603.

PLACEHOLDERS = {
    "x = tf.placeholder(tf.float32, [None, 3], 'x')": (
        "the function argument x, tf.TensorSpec([None, 3], tf.float32) in the input_signature"
    ),
    "self.x = tf.placeholder(tf.float32)": (
        "the function argument x, tf.TensorSpec(None, tf.float32) in the input_signature"
    ),
    "f(tf.placeholder(shape=s, dtype=d))": (
        "a function argument, tf.TensorSpec(s, d) in the input_signature"
    ),
    "x = tf.placeholder(*args)": "the function argument x",
    "x = tf.sparse.placeholder(tf.int64, [3, 4])": (
        "the function argument x, tf.SparseTensorSpec([3, 4], tf.int64) in the input_signature"
    ),
    "x = tf.ragged.placeholder(tf.int64, 1)": (
        "the function argument x, tf.RaggedTensorSpec(None, tf.int64, ragged_rank=1) in the"
        " input_signature"
    ),
    "keep = tf.placeholder_with_default(1.0, [])": ("an argument with a default value, keep=1.0"),
}


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("line", PLACEHOLDERS)
def test_placeholders_become_arguments(line: str, target: str) -> None:
    assert hints(f"{TF}{line}\n", target_version=target) == [("TF603", PLACEHOLDERS[line])]


def test_feed_dict_is_reported_at_the_keyword() -> None:
    text, mark = unmark(f"{TF}def f(sess):\n    sess.run(y, «feed_dict={{x: 1}}»)\n")
    found = [f for f in findings(text) if f.code == "TF603"]
    assert [place(f) for f in found] == [mark]
    assert codes(f"{TF}def f(sess):\n    sess.run(y, feed_dict=None)\n") == ["TF602"]
    assert codes(f"{TF}def f(a):\n    a.train(feed_dict=d)\n") == []


# TF604.


def test_graphs_are_reported_in_tf1_code_only() -> None:
    graph = "with tf.Graph().as_default():\n    pass\n"
    assert codes(TF + graph) == []
    assert codes(f"{TF}x = tf.placeholder(tf.int32)\n{graph}") == ["TF603", "TF604"]
    assert codes(f"{TF}tf.compat.v1.Session()\n{graph}") == ["TF601", "TF604"]
    assert codes(f"{TF}tf.compat.v1.Session()\n{graph}", allow_compat_v1=True) == []
    assert codes(f"{TF}tf.compat.v1.Session()\ntf.compat.v1.Graph()\n") == ["TF601"]
    assert codes(f"{TF}isinstance(x, tf.Graph)\ntf.placeholder\n") == ["TF603"]
    assert codes(f"{TF}tf.import_graph_def(d)\n") == []
    assert codes(f"{TF}d = tf.GraphDef()\ntf.import_graph_def(d)\n") == ["TF604", "TF604"]


def test_what_compat_v1_alone_has_is_said_and_can_be_accepted() -> None:
    text = f"{TF}tf.compat.v1.wrap_function(f, [])\ntf.compat.v1.GraphDef()\n"
    assert codes(text) == ["TF604", "TF604"]
    assert codes(text, allow_compat_v1=True) == []
    assert codes(f"{TF}tf.wrap_function(f, [])\n") != []


def test_graph_functions() -> None:
    assert use(f"{TF}tf.train.write_graph(g, d, 'g', as_text=False)\n", "TF604") == (
        "tf.io.write_graph(g, d, 'g', as_text=False)"
    )
    assert use(f"{TF}tf.get_default_graph().get_tensor_by_name('x:0')\n", "TF604").startswith(
        "the value itself"
    )
    both = hints(f"{TF}with tf.get_default_graph().gradient_override_map(m):\n    pass\n")
    assert ("TF604", "Delete it. f.get_concrete_function(*args).graph is there to inspect") in both
    assert codes("from tensorflow import GraphDef, get_default_graph\n") == ["TF604", "TF604"]


# TF605, TF610: off by default.


def test_rules_that_are_off() -> None:
    text = (
        f"{TF}x = tf.constant(1)\nwith tf.control_dependencies([x]):\n    tf.group(x)\n"
        "print(x.op, x.name)\n"
    )
    assert codes(text) == []
    assert codes(text, enable=list(OFF)) == ["TF605", "TF605", "TF610", "TF610"]
    v1 = f"{TF}tf.compat.v1.control_dependencies([x])\n"
    assert codes(v1, enable=["TF605"]) == []  # the same object in TF 2


# TF606.


def test_py_func_keeps_stateful_where_it_can() -> None:
    text = f"{TF}tf.py_func(func=f, inp=[x], Tout=t, stateful=False)\n"
    assert use(text, "TF606") == "tf.numpy_function(f, [x], t, stateful=False)"
    old = use(text, "TF606", target_version="2.0")
    assert old == "tf.numpy_function(f, [x], t). It leaves out stateful=False"


# TF607.

FLOW = {
    "tf.cond(p, a, b, «strict=True»)": ("removed", "Delete it: it is always true"),
    "tf.cond(p, a, b, «True»)": ("changed", "Delete it: it is always true"),
    "tf.cond(p, a, b, «False»)": (
        "changed", "Delete it: it is always true. A branch that returns [x] gives [x]"),
    "tf.cond(p, true_fn=a, «fn2=b»)": ("removed", "false_fn=b"),
    "tf.while_loop(c, b, [x], None, 10, True, False, «'loop'»)": ("changed", "name='loop'"),
    "tf.while_loop(c, b, v, «return_same_structure=s»)": (
        "removed", "Delete it: it is always true. One loop variable comes back as [x]"),
    "x = tf.while_loop(c, b, «[x]»)": (
        "changed", "x, on the left, and a body that returns such a list"),
    "tf.case(«{a: f, b: g}», exclusive=True)": ("changed", "[(a, f), (b, g)]"),
}  # fmt: skip


@pytest.mark.parametrize("line", FLOW)
def test_arguments_of_control_flow(line: str) -> None:
    text, mark = unmark(TF + line + "\n")
    found = [f for f in findings(text) if f.code == "TF607"]
    assert [(place(f), f.status, told(f)) for f in found] == [(mark, *FLOW[line])]


@pytest.mark.parametrize("line", [
    "tf.cond(p, a, b)", "tf.cond(p, a, b, 'name')", "tf.cond(p, a, b, name='n')",
    "tf.while_loop(c, b, [x], None, 10, True, False, n)", "y, = tf.while_loop(c, b, [x])",
    "tf.while_loop(c, b, v, back_prop=True, maximum_iterations=3)", "x = tf.while_loop(c, b, v)",
    "tf.case([(a, f)], strict=True)", "tf.cond(p, lambda: [x], lambda: [y])",
    "tf.compat.v1.while_loop(c, b, v, back_prop=False)", "tf.while_loop(c, b, v, back_prop=False)",
])  # fmt: skip
def test_control_flow_that_is_fine(line: str) -> None:
    assert [c for c in codes(TF + line + "\n") if c == "TF607"] == []


@pytest.mark.parametrize(("use", "reported"), [
    ("print(n + 1)", True), ("f(n)", True), ("print(n[0])", False), ("a, = n", False),
    ("for x in n: pass", False), ("f(*n)", False),
])  # fmt: skip
def test_a_loop_of_one_variable_in_tf1_code(use: str, reported: bool) -> None:
    loop = f"n = tf.while_loop(c, b, [i])\n{use}\n"
    assert codes(f"{TF}tf.placeholder\n{loop}") == ["TF603"] + ["TF607"] * reported
    assert codes(f"{TF}{loop}") == []


@pytest.mark.parametrize(("use", "reported"), [
    ("return {} + 1", True), ("return -{}", True), ("{}.eval()", True), ("return {}[0]", False),
    ("return {}", False), ("print(*{})", False),
])  # fmt: skip
def test_a_loop_of_one_variable_that_is_used_at_once(use: str, reported: bool) -> None:
    line = use.format("tf.while_loop(c, b, loop_vars=(i,))")
    text = f"{TF}tf.placeholder\ndef f():\n    {line}\n"
    assert [c for c in codes(text) if c != "TF602"] == ["TF603"] + ["TF607"] * reported
    assert "TF607" not in codes(text.replace("tf.placeholder", "pass"))


def test_branches_of_one_in_tf1_code() -> None:
    text = f"{TF}tf.placeholder\ny = tf.cond(p, lambda: [x], lambda: [z])\n"
    assert codes(text) == ["TF603", "TF607"]


# TF608.


def test_fields_that_are_set_later_count() -> None:
    text = (
        f"{TF}class A:\n    def f(self):\n"
        "        self.config = tf.ConfigProto(log_device_placement=True)\n"
        "        self.config.gpu_options.allow_growth = flag\n"
        "        other.allow_soft_placement = True\n"
    )
    assert use(text, "TF608") == (
        "tf.debugging.set_log_device_placement(True). Other fields have their own calls"
    )


CONFIGS = {
    "tf.ConfigProto(device_count={'GPU': 0})": 'tf.config.set_visible_devices([], "GPU")',
    "tf.ConfigProto(device_count={'CPU': 2})": (
        "the functions of tf.config at start-up, without a session"
    ),
    "tf.GPUOptions(visible_device_list='0')": 'tf.config.set_visible_devices(gpus, "GPU")',
    "tf.RunOptions(trace_level=tf.compat.v1.RunOptions.FULL_TRACE)": (
        "tf.profiler.experimental.Profile(logdir)"
    ),
    "tf.RunMetadata()": "tf.profiler.experimental.Profile(logdir) to trace a run",
    "tf.RunOptions(timeout_in_ms=2000)": "Delete it: it has no counterpart",
    "tf.RunOptions()": "tf.profiler.experimental.Profile(logdir) to trace a run",
    "tf.OptimizerOptions.ON_1": 'tf.config.optimizer.set_jit("autoclustering")',
    "tf.OptimizerOptions.OFF": "tf.config.optimizer.set_jit(False)",
    "tf.OptimizerOptions.L1": "Delete it: it is the default",
    "tf.OptimizerOptions.L0": (
        'tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})'
    ),
    "tf.compat.v1.ConfigProto(graph_options=tf.compat.v1.GraphOptions(optimizer_options="
    "tf.compat.v1.OptimizerOptions(opt_level=tf.compat.v1.OptimizerOptions.L1)))": (
        "the functions of tf.config at start-up, without a session"
    ),
}


def test_back_prop_is_an_idiom_of_tf1_modules() -> None:
    text = f"{TF}tf.placeholder(tf.int32)\ntf.while_loop(c, b, v, back_prop=False)\n"
    assert [(f.code, f.status) for f in findings(text)] == [
        ("TF603", "removed"),
        ("TF607", "idiom"),
    ]


@pytest.mark.parametrize("line", CONFIGS)
def test_configuration(line: str) -> None:
    assert hints(f"{TF}x = {line}\n")[0] == ("TF608", CONFIGS[line])


JITS = {"OFF": "False", "ON_1": '"autoclustering"', "ON_2": '"autoclustering"'}


@pytest.mark.parametrize("level", JITS)
def test_the_value_of_a_level_counts(level: str) -> None:
    """On 2.21 `get_jit()` is "" after False and "autoclustering" after "autoclustering"."""
    text = (
        f"{TF}c = tf.ConfigProto()\n"
        f"c.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.{level}\n"
    )
    expected = ("TF608", f"tf.config.optimizer.set_jit({JITS[level]})")
    assert hints(text) == [expected, expected]


def test_a_missing_constant_is_told_beside_the_proto() -> None:
    text = f"{TF}x = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)\n"
    assert [f.column for f in findings(text) if f.code == "TF608"] == [4, 30]


def test_configuration_in_early_tf2() -> None:
    text = f"{TF}tf.ConfigProto(gpu_options={{}})\ntf.GPUOptions(visible_device_list='0')\n"
    assert hints(text, target_version="2.0")[1] == (
        "TF608", 'tf.config.experimental.set_visible_devices(gpus, "GPU")'
    )  # fmt: skip
    run = f"{TF}tf.RunMetadata()\n"
    assert use(run, "TF608", target_version="2.0") == (
        "tf.summary.trace_on(profiler=True) to trace a run"
    )


# TF609.

PRINTS = {
    "x = tf.Print(x, [x, y], 'now')": "tf.print('now', x, y) on a line of its own. x stays as it is",
    "x = tf.Print(input_=f(x), data=d, summarize=9)": (
        "tf.print(d, summarize=9) on a line of its own"
    ),
    "x = tf.Print(*args)": "tf.print on a line of its own",
}


@pytest.mark.parametrize("line", PRINTS)
def test_print(line: str) -> None:
    assert hints(f"{TF}{line}\n") == [("TF609", PRINTS[line])]


# TF611.


def test_device_functions() -> None:
    text, mark = unmark(f"{TF}def d(op):\n    return '/cpu:0'\nwith tf.device(«d»):\n    pass\n")
    assert [(f.code, place(f)) for f in findings(text)] == [("TF611", mark)]
    assert codes(f"{TF}def f(device):\n    tf.device(device)\n    tf.device('/gpu:0')\n") == []
    assert codes(f"{TF}tf.compat.v1.device(lambda op: '/cpu:0')\n") == []
