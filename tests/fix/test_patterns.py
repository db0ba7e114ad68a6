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
WRITER = TF + "w = tf.summary.FileWriter('logs')\n"
VALUE = "tf.Summary(value=[tf.Summary.Value(tag='a', simple_value=x)])"
PROTO = f"s = {VALUE}\n"
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
        (RUN, ""),
        (RUN + "        if x:\n            sess.close()\n", "    if x:\n        pass\n"),
        (RUN + "        print(sess.run([\n            v,\n        ]))\n        # end\n        f = 1\n",
         "    print([v.numpy()])\n    # end\n    f = 1\n"),
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
    assert RUN in fixed(text, unsafe=True)


V = "v = tf.Variable(1.0)\n"
LOSS = V + "loss = tf.square(v - 3.0)\n"
INIT = "    sess.run(tf.global_variables_initializer())\n"
WITH = "with tf.Session() as sess:\n"


@pytest.mark.parametrize(
    "text",
    [
        "class A:\n    def f(self):\n        self.sess.run(tf.global_variables_initializer())\n",
        "with tf.variable_scope('s'):\n    v = tf.get_variable('v', [])\n"
        + WITH + INIT + "    print(sess.run(v))\n",
        V + WITH + INIT + "    print(sess.run(v))\nprint(tf.trainable_variables())\n",
        V + "saver = tf.train.Saver()\n" + WITH + INIT + "    print(sess.run(v))\n",
        V + "def read(session):\n    return session.run(v)\n" + WITH + INIT,
        V + "def read():\n    return v.eval()\n" + WITH + INIT + "    print(sess.run(v))\n",
        V + "a = tf.Session()\na.run(tf.global_variables_initializer())\nprint(a.run(v))\n"
        "b = tf.Session(config=c)\n",
        V + WITH + INIT + "    print(sess.run(v))\nhook = tf.train.StopAtStepHook(3)\n",
        LOSS + "g = tf.gradients(loss, v)\n" + WITH + INIT + "    print(sess.run(v))\n",
        LOSS + "train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)\n"
        + WITH + INIT + "    sess.run(train)\n    print(sess.run(v))\n",
        LOSS + "opt = tf.train.AdamOptimizer(0.1)\ngrads = opt.compute_gradients(loss)\n",
        "def make():\n    return tf.train.AdamOptimizer(0.1)\n",
        "train(tf.train.AdamOptimizer(0.1))\n",
        "class A:\n    def f(self):\n        self.opt = tf.train.AdamOptimizer(0.1)\n"
        "    def g(self, loss):\n        return self.opt.minimize(loss)\n",
        "opt = tf.train.AdamOptimizer(0.1)\nopt.get_slot(v, 'm')\n",
        "opt = tf.train.AdamOptimizer(0.1)\nstep = tf.train.get_or_create_global_step()\n"
        "opt.apply_gradients(pairs, global_step=step)\n",
        "cell = tf.nn.rnn_cell.GRUCell(3)\ny, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)\n",
        "cell = tf.nn.rnn_cell.GRUCell(3)\nstate = cell.zero_state(1, tf.float32)\n",
        HEAD + LOOP + "v = tf.get_variable('v', [])\n",
        "tf.set_random_seed(1)\nv = tf.get_variable('v', [])\n",
        "x = tf.placeholder(tf.float32)\nloss = tf.losses.mean_squared_error(x, x)\n",
        "it = data.make_one_shot_iterator()\nx = it.get_next()\n"
        "train = tf.train.AdamOptimizer(0.1).minimize(loss(x))\n",
        WRITER + "s = " + VALUE + "\nw.add_summary(s, 1)\nv = tf.get_variable('v', [])\n",
    ],
)  # fmt: skip
def test_nothing_is_taken_from_a_graph_that_stays(text: str) -> None:
    text = text if text.startswith(TF) else TF + text
    assert fixed(text, unsafe=True) == text


@pytest.mark.parametrize(
    "rest",
    [
        "opt.apply_gradients(zip(tape.gradient(loss, v), v))\n",
        "opt.apply_gradients(grads_and_vars=pairs)\nprint(opt.get_config())\n",
        "model.compile(optimizer=opt)\n",
        "model.compile(opt, 'mse')\n",
    ],
)
def test_an_optimizer_whose_uses_are_in_keras_is_one_of_keras(rest: str) -> None:
    text = TF + "opt = tf.train.GradientDescentOptimizer(0.1)\n" + rest
    assert fixed(text) == text
    after = TF + "opt = tf.keras.optimizers.SGD(learning_rate=0.1)\n" + rest
    assert fixed(text, unsafe=True) == after


def test_what_is_not_sure_in_one_place_is_not_sure_in_any() -> None:
    text = TF + "sess = tf.Session()\nprint(sess.run(tf.square(3)))\n"
    poly = "def poly(x):\n    return tf.square(x)\n"
    assert fixed(text) == TF + "print(tf.square(3).numpy())\n"
    assert fixed(text + poly) == text + poly
    assert fixed(text + poly, unsafe=True) == TF + "print(tf.square(3).numpy())\n" + poly


def test_sessions_and_what_they_share_go_together() -> None:
    text = (
        TF + V + "init = tf.global_variables_initializer()\n"
        + 2 * (WITH + "    sess.run(init)\n    print(sess.run(v))\n")
    )  # fmt: skip
    assert fixed(text) == TF + V + 2 * "print(v.numpy())\n"


def test_iterators_in_eager_code() -> None:
    text = (
        TF
        + "tf.enable_eager_execution()\nit = tf.data.Dataset.range(3).make_one_shot_iterator()\nit.get_next()\n"
    )
    assert fixed(text) == TF + "it = iter(tf.data.Dataset.range(3))\nit.get_next()\n"
    plain = text.replace("tf.enable_eager_execution()\n", "")
    assert fixed(plain) == plain
    assert "iter(tf.data" in fixed(plain, unsafe=True)


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


PROGRAM = (
    TF + "x = tf.compat.v1.placeholder(tf.float32, [None, 2])\n"
    "t = tf.compat.v1.placeholder(tf.bool, [])\n{}with tf.Session() as sess: pass\n"
)  # fmt: skip


def mixed(body: str, options: Options | None = None) -> str:
    done = fix(PROGRAM.format(body), "test.py", options or Options(), to="mixed")
    assert not done.refused
    assert done.state.name == "compat-v1"
    return done.text


@pytest.mark.parametrize(
    ("call", "after"),
    [
        ("tf.layers.dense(x, 3)", "tf.keras.layers.Dense(3)(x)"),
        ("tf.layers.dense(x, 3, tf.nn.relu, name='a', trainable=True)",
         "tf.keras.layers.Dense(3, activation=tf.nn.relu, trainable=True, name='a')(x)"),
        ("tf.layers.dropout(x, training=False)",
         "tf.keras.layers.Dropout(0.5)(x, training=False)"),
        ("tf.layers.dropout(x, 0.3, training=t)",
         "tf.compat.v1.cond(t, lambda: tf.compat.v1.nn.dropout(x, rate=0.3), lambda: x)"),
        ("tf.compat.v1.layers.conv1d(x, 4, kernel_size=[2])",
         "tf.keras.layers.Conv1D(4, [2])(x)"),
    ],
)  # fmt: skip
def test_layers_in_a_graph_are_those_of_keras_3(call: str, after: str) -> None:
    assert f"y = {after}\n" in mixed(f"y = {call}\n")
    kept = call.replace("tf.layers", "tf.compat.v1.layers")
    assert f"y = {kept}\n" in mixed(f"y = {call}\n", Options(keras=2))


@pytest.mark.parametrize(
    "body",
    [
        "x = tf.cast(x, 'float64')\n",
        "x = tf.placeholder(points.dtype, [None, 3])\n",
        "x = tf.convert_to_tensor(points)\n",
        "x = tf.data.Dataset.from_tensors(points).make_one_shot_iterator().get_next()\n",
    ],
)
def test_they_have_the_type_of_what_goes_into_them(body: str) -> None:
    after = "y = tf.keras.layers.Dense(3, dtype=x.dtype)(x)\n"
    assert after in mixed(f"{body}y = tf.layers.dense(x, 3)\n")


@pytest.mark.parametrize(
    "body",
    [
        "y = tf.layers.dense(x, 3, reuse=True)\n",
        "y = tf.layers.dense(x, 3, reuse=tf.AUTO_REUSE)\n",
        "y = tf.layers.dense(x, 3, trainable=False)\n",
        "y = tf.layers.dense(x, 3, trainable=x)\n",
        "y = tf.layers.dense(x, 3, kernel_regularizer=r)\n",
        "y = tf.layers.dense(x, 3, **options)\n",
        "with tf.variable_scope('s', reuse=True):\n    y = tf.layers.dense(x, 3)\n",
        "with tf.variable_scope('s', initializer=i):\n    y = tf.layers.dense(x, 3)\n",
        "with tf.variable_scope('s') as s:\n    tf.get_variable_scope().reuse_variables()\n"
        "    y = tf.layers.dense(x, 3)\n",
        "f = tf.make_template('f', lambda x: tf.layers.dense(x, 3))\n",
        "with tf.variable_scope('s') as s:\n    s.reuse_variables()\n    y = tf.layers.dense(x, 3)\n",
        "y = tf.layers.dense(tf.cast(x, 'float64'), 3)\n",
        "y = tf.layers.batch_normalization(tf.layers.dense(x, 3), training=t)\n",
        "y = tf.layers.conv2d_transpose(x, 3, 2)\n",
        "tf.reset_default_graph()\ny = tf.layers.dense(x, 3)\ns = tf.train.Saver()\n",
        "y = tf.layers.dropout(x, 0.3, training=unknown)\n",
        "y = tf.layers.dropout(x * 2, 0.3, training=t)\n",
        "y = tf.layers.dropout(x, 0.3, seed=3, training=t)\n",
        "y = tf.layers.dropout(x, 0.3, training=True)\n",
    ],
)
def test_layers_of_which_more_is_asked_need_keras_2(body: str) -> None:
    after = mixed(body)
    assert "tf.compat.v1.layers." in after
    assert "tf.keras.layers.Dense" not in after


def test_layers_of_a_module_that_is_no_program_stay() -> None:
    text = (
        TF + "def f(x):\n    with tf.variable_scope('a'):\n        return tf.layers.dense(x, 3)\n"
    )
    assert "tf.compat.v1.layers.dense(x, 3)" in fix(text, "test.py", Options(), to="mixed").text


def test_a_name_of_keras_goes_through_compat_v1_where_its_module_cannot() -> None:
    text = (
        "from tensorflow.keras import backend as K\nimport tensorflow as tf\n"
        "s = tf.Session()\nK.set_session(s)\nprint(K.epsilon())\n"
    )
    done = fix(text, "test.py", Options(), to="compat-v1")
    assert "\ntf.compat.v1.keras.backend.set_session(s)\nprint(K.epsilon())\n" in done.text
    assert "from tensorflow.keras import backend as K\n" in done.text
    assert done.state.name == "compat-v1"
    assert done.state.keras_2
    done = fix(text, "test.py", Options(keras=2), to="compat-v1")
    assert "from tensorflow.compat.v1.keras import backend as K\n" in done.text
    assert "\nK.set_session(s)\n" in done.text


@pytest.mark.parametrize(
    "made", ["tf.Variable(tf.ones([1, 4, 3]))", "tf.get_variable('v', [4, 3])"]
)
def test_a_layer_of_keras_3_takes_no_variable_of_tf1(made: str) -> None:
    """It raises `Invalid dtype: float32_ref`; a tensor and a layer of Keras 2 do not."""
    text = (
        f"import tensorflow as tf\nv = {made}\nt = tf.identity(v)\nwith tf.Session() as s:\n"
        "    a, b = tf.layers.flatten(v), tf.layers.flatten(t)\n    c = tf.layers.dense(v, 2)\n"
    )
    flat = "tf.keras.layers.Flatten()({})".format
    for keras, of_variable in ((0, "tf.compat.v1.layers.flatten(v)"), (2, flat("v"))):
        done = fix(text, "test.py", Options(keras=keras), to="mixed").text
        assert f"a, b = {of_variable}, {flat('t')}\n" in done
        assert "c = tf.compat.v1.layers.dense(v, 2)\n" in done
