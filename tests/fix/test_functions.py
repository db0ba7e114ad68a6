"""Whole programs: sessions become functions, or the program is left as it is."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import mypy.errors
import mypy.options
import mypy.parse
import pytest
from pyflakes.checker import Checker

from tf2lint.fixes.fixer import FUNCTIONS, Fixed, fix
from tf2lint.fixes.functions import turned
from tf2lint.options import Options
from tf2lint.source import Source
from tools import functions_page, verify_functions

HEAD = """\
import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
w = tf.Variable(2.0)
"""


def as_functions(text: str) -> Fixed:
    return fix(text, "t.py", Options(), FUNCTIONS, unsafe=True)


def test_a_program_becomes_functions() -> None:
    before = (
        HEAD
        + """\
# What is learned.
loss = tf.reduce_mean(tf.square(w * x - 1.0))
train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(3):
        _, value = sess.run([train_op, loss], feed_dict={x: [1.0, 2.0]})
        print(step, value)
    print(sess.run(w))
"""
    )
    done = as_functions(before)
    assert done.notes == ("turned into functions: train_step",)
    assert (
        done.text
        == """\
import tensorflow as tf

x_spec = tf.TensorSpec([None], tf.float32)
w = tf.Variable(2.0)
optimizer = tf.keras.optimizers.SGD(learning_rate=0.1)


@tf.function(input_signature=[x_spec])
def train_step(x):
    with tf.GradientTape() as tape:
        # What is learned.
        loss = tf.reduce_mean(tf.square(w * x - 1.0))
    gradients = tape.gradient(loss, [w])
    optimizer.apply_gradients(zip(gradients, [w]))
    return loss


for step in range(3):
    value = train_step([1.0, 2.0]).numpy()
    print(step, value)
print(w.numpy())
"""
    )
    again = as_functions(done.text)
    assert (again.text, list(again.left)) == (done.text, [])


SESSION = "sess = tf.Session()\nsess.run(tf.global_variables_initializer())\n"


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("y = w * x\nsess.run('y:0', {x: [1.0]})\n", "by its name"),
        ("y = w * x\nz = y + 1.0\nsess.run(z, {y: [1.0]})\n", "no placeholder"),
        ("y = w * x\nsess.run(y)\n", "x is needed, but not fed"),
        ("y = w * x\nh = sess.partial_run_setup([y], [x])\n", "partial_run_setup"),
        ("y = w * x\nsend(y)\nsess.run(y, {x: [1.0]})\n", "handed to send"),
        ("a = tf.assign(w, 3.0)\ny = w * x\nsess.run([a, y], {x: [1.0]})\n", "in no order"),
        ("y = w * x\nif y > 1.0:\n    pass\nsess.run(y, {x: [1.0]})\n", "tests a tensor"),
        ("k = 1.0\ny = w * x * k\nfor k in range(3):\n    sess.run(y, {x: [1.0]})\n", "k changes"),
        (
            "y = w * x\nclass A:\n    def f(self):\n        return y\nsess.run(y, {x: [1.0]})\n",
            "reads y",
        ),
        ("def f():\n    global w\n    w = 1\ny = w * x\nsess.run(y, {x: [1.0]})\n", "binds what"),
        ("import b\nz = b.weights()\ny = z * x\nsess.run(y, {x: [1.0]})\n", "is not in sight"),
        ("print((w * x).shape)\nsess.run(w)\n", "plain Python"),
        ("a = tf.assign(w, 3.0)\nsess.run(a)\nb = tf.Session()\nb.run(w)\n", "several sessions"),
        ("a = tf.assign(w, 3.0)\nsess.run(a)\nsess.run(w.initializer)\n", "initialized again"),
        ("y = w * x\nsess.run(y, {x: [1.0]}, options=None)\n", "has options"),
        ("q = tf.FIFOQueue(3, tf.float32)\nsess.run(q.size())\n", "tf.FIFOQueue"),
        (
            "t = tf.train.RMSPropOptimizer(0.1, momentum=0.9).minimize(w * w)\nsess.run(t)\n",
            "RMSProp has a momentum",
        ),
        (
            "def f(t):\n    return tf.matmul(t, tf.Variable([[1.0]]))\n"
            "y = f([x])\nsess.run(y, {x: [1.0]})\n",
            "makes variables",
        ),
        (
            "def f(t):\n    v = tf.Variable(1.0)\n    return v * t\n"
            "y = x\nfor _ in range(2):\n    y = f(y)\nsess.run(y, {x: [1.0]})\n",
            "variables are made in a loop",
        ),
        (
            "def f(t):\n    v = tf.Variable(1.0)\n    n = tf.random_normal([1])\n"
            "    return v * t + n\ny = f(x)\nsess.run(y, {x: [1.0]})\n",
            "draws is used for more than variables",
        ),
        (
            "t = tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.gather([w], [0, 0]))\nsess.run(t)\n",
            "rows of variables are trained",
        ),
        (
            "r = tf.placeholder(tf.float32)\n"
            "t = tf.train.MomentumOptimizer(r, 0.9).minimize(w * w)\nsess.run(t, {r: 0.1})\n",
            "which Keras has in its sums",
        ),
        (
            "def f(t, k=1.0):\n    v = tf.Variable(1.0)\n    return v * t * k\n"
            "y = f(f(x), k=x)\nsess.run(y, {x: [1.0]})\n",
            "given a tensor where it was given none",
        ),
        (
            "def f(t):\n    v = tf.Variable(1.0)\n    t = t * v\n    v = tf.Variable(2.0)\n"
            "    return t * v\ny = f(x)\nsess.run(y, {x: [1.0]})\n",
            "v stands for two things",
        ),
        (
            "def f(t, last):\n    v = tf.Variable(1.0)\n    if last:\n        return t * v\n"
            "    u = tf.Variable(2.0)\n    return t * v * u\n"
            "y = f(x, True)\nsess.run(y, {x: [1.0]})\n",
            "may return before it makes",
        ),
        (
            "found = []\ndef f(t):\n    v = tf.Variable(1.0)\n    found.append(t * v)\n"
            "    return t * v\ny = f(x)\nsess.run(y, {x: [1.0]})\n",
            "f changes found",
        ),
        ("s = tf.train.Saver()\ns.restore(sess, 'm')\nsess.run(w)\n", "saved by another program"),
        ("s = tf.train.Saver([w])\ns.save(sess, 'm')\nsess.run(w)\n", "says more than"),
        (
            "s = tf.train.Saver()\ns.save(sess, tf.train.latest_checkpoint('.'))\n",
            "latest checkpoint",
        ),
        (
            "def f(t):\n    v = tf.Variable(1.0)\n    tf.summary.scalar('v', v)\n    return v * t\n"
            "y = f(x)\nm = tf.summary.merge_all()\nsess.run(m, {x: [1.0]})\n",
            "records summaries",
        ),
    ],
)
def test_what_is_not_in_sight_stays(rest: str, reason: str) -> None:
    text = HEAD + SESSION + rest
    done = as_functions(text)
    assert done.text == text
    assert len(done.notes) == 1
    assert reason in done.notes[0]


def test_what_several_runs_share_is_written_once() -> None:
    text = (
        HEAD
        + SESSION
        + """\
y = tf.nn.relu(w * x)
a = tf.reduce_sum(y)
b = tf.reduce_mean(y)
print(sess.run(a, {x: [1.0]}), sess.run(b, {x: [2.0]}))
"""
    )
    done = as_functions(text)
    assert done.text.count("tf.nn.relu") == 1
    assert "print(compute_a([1.0]).numpy(), compute_b([2.0]).numpy())" in done.text


def test_each_session_has_its_part() -> None:
    text = """\
import tensorflow as tf

a = tf.placeholder(tf.float32)
v = tf.Variable(1.0)
up = v.assign_add(a)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(up, {a: 2.0}))
tf.reset_default_graph()
a = tf.placeholder(tf.int32)
b = a * 2
with tf.Session() as sess:
    print(sess.run(b, {a: 2}))
"""
    assert (
        as_functions(text).text
        == """\
import tensorflow as tf

a_spec = tf.TensorSpec(None, tf.float32)
v = tf.Variable(1.0)


@tf.function(input_signature=[a_spec])
def run_up(a):
    return v.assign_add(a)


print(run_up(2.0).numpy())
a_spec = tf.TensorSpec(None, tf.int32)


@tf.function(input_signature=[a_spec])
def compute_b(a):
    return a * 2


print(compute_b(2).numpy())
"""
    )


def test_flags_are_read_and_branches_that_only_initialize_go() -> None:
    text = """\
import tensorflow as tf

tf.app.flags.DEFINE_float("rate", 0.5, "a rate")
FLAGS = tf.app.flags.FLAGS

v = tf.Variable(FLAGS.rate)
if tf.__version__ < "1":
    init = tf.initialize_all_variables()
else:
    init = tf.global_variables_initializer()
with tf.Session() as sess:
    sess.run(init)
    print(sess.run(v))
"""
    assert (
        as_functions(text).text
        == """\
import sys
from absl import flags
import tensorflow as tf

flags.DEFINE_float("rate", 0.5, "a rate")
FLAGS = flags.FLAGS
FLAGS(sys.argv, known_only=True)

v = tf.Variable(FLAGS.rate)
print(v.numpy())
"""
    )


def test_a_rate_that_is_fed_is_told_at_each_step() -> None:
    text = (
        HEAD
        + """\
rate = tf.placeholder(tf.float32)
y = w * x
assert y.shape.as_list() == x.shape.as_list()
with tf.variable_scope("part"):
    tf.summary.histogram("y", y)
merged = tf.summary.merge_all()
"""
        + SESSION
        + """\
optimizer = tf.train.GradientDescentOptimizer(rate)
train_op = optimizer.minimize(tf.reduce_sum(y))
sess.run([train_op, merged], {x: [1.0], rate: 0.1})
"""
    )
    done = as_functions(text)
    assert done.notes == ("turned into functions: train_step",)
    assert (
        """\
optimizer = tf.keras.optimizers.SGD(learning_rate=0.0)


@tf.function(input_signature=[x_spec, rate_spec])
def train_step(x, rate):
    with tf.GradientTape() as tape:
        y = w * x
        loss = tf.reduce_sum(y)
    assert y.shape.as_list() == x.shape.as_list()
    gradients = tape.gradient(loss, [w])
    optimizer.learning_rate.assign(tf.ensure_shape(rate, []))
    optimizer.apply_gradients(zip(gradients, [w]))
    return {"part/y": y}


train_step([1.0], 0.1)
"""
        in done.text
    )


def test_what_is_collected_on_the_way_is_collected_at_each_call() -> None:
    text = (
        HEAD
        + """\


def f(t):
    outputs = []
    v = tf.Variable(1.0)
    outputs.append(t * v)
    return tf.concat(outputs, 0)


y = f(x)
"""
        + SESSION
        + "print(sess.run(y, {x: [1.0]}))\n"
    )
    assert (
        """\
def f():
    v = tf.Variable(1.0)

    def apply(t):
        outputs = []
        outputs.append(t * v)
        return tf.concat(outputs, 0)

    return apply
"""
        in as_functions(text).text
    )


def test_layers_within_layers_are_taken_apart() -> None:
    text = (
        HEAD
        + """\


def dense(t, size, activation=None):
    v = tf.Variable(tf.ones([size]))
    return t * v if activation is None else activation(t * v)


def block(t, deep=True):
    if deep:
        t = dense(t, 2, tf.tanh)
    return dense(t, 2)


y = block(x)
"""
        + SESSION
        + "print(sess.run(y, {x: [1.0, 2.0]}))\n"
    )
    assert (
        """\
def dense(size, activation=None):
    v = tf.Variable(tf.ones([size]))

    def apply(t):
        return t * v if activation is None else activation(t * v)

    return apply


def block(deep=True):
    if deep:
        t_layer = dense(2, tf.tanh)
    dense_layer = dense(2)

    def apply(t):
        if deep:
            t = t_layer(t)
        return dense_layer(t)

    return apply


y_layer = block()


@tf.function(input_signature=[x_spec])
def compute_y(x):
    return y_layer(x)
"""
        in as_functions(text).text
    )


def test_a_program_below_the_test_of_its_name() -> None:
    text = """\
import tensorflow as tf

if __name__ == "__main__":
    x = tf.placeholder(tf.float32, [None])
    w = tf.Variable(2.0)
    y = w * x
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        print(sess.run(y, {x: [1.0]}))
"""
    assert (
        as_functions(text).text
        == """\
import tensorflow as tf

if __name__ == "__main__":
    x_spec = tf.TensorSpec([None], tf.float32)
    w = tf.Variable(2.0)

    @tf.function(input_signature=[x_spec])
    def compute_y(x):
        return w * x

    print(compute_y([1.0]).numpy())
"""
    )


def test_gradients_of_rows_are_summed_first() -> None:
    text = HEAD + SESSION + (
        "table = tf.Variable([[1.0], [2.0]])\n"
        "loss = tf.reduce_sum(tf.nn.embedding_lookup(table, [0, 0]))\n"
        "train_op = tf.train.AdamOptimizer(0.1).minimize(loss)\nsess.run(train_op)\n"
    )  # fmt: skip
    done = as_functions(text)
    dense = "gradients = [g if g is None else tf.convert_to_tensor(g) for g in gradients]"
    assert f"    {dense}\n" in done.text


def test_an_optimizer_of_two_losses_is_told_all_variables() -> None:
    text = (
        HEAD
        + """\
v = tf.Variable(1.0)
optimizer = tf.train.AdamOptimizer(0.1)
first = optimizer.minimize(tf.reduce_sum(w * x))
second = optimizer.minimize(tf.reduce_sum(v * x))
"""
        + SESSION
        + "sess.run(first, {x: [1.0]})\nsess.run(second, {x: [1.0]})\n"
    )
    assert "optimizer.build([w, v])\n" in as_functions(text).text
    run = "sess.run(first, {x: [1.0]})\n"
    early = text.replace(SESSION + run, "").replace("second = ", SESSION + run + "second = ")
    assert "before it has all" in as_functions(early).notes[0]


def test_variables_that_begin_like_another_one() -> None:
    done = as_functions(
        HEAD + "u = tf.Variable(w.initialized_value() * 2.0)\n" + SESSION + "sess.run(u)\n"
    )
    assert "u = tf.Variable(w.read_value() * 2.0)\n" in done.text


def test_line_ends_and_comments_within_a_run_stay() -> None:
    text = (
        HEAD
        + SESSION
        + """\
y = w * x
if True:
    print(sess.run(
        y,
        # What is fed.
        feed_dict={x: [1.0]}))
"""
    )
    done = as_functions(text)
    assert "    # What is fed.\n    print(compute_y([1.0]).numpy())\n" in done.text
    assert as_functions(text.replace("\n", "\r\n")).text == done.text.replace("\n", "\r\n")


def test_a_program_that_goes_through_compat_v1_becomes_one_of_tf2() -> None:
    text = HEAD + SESSION + "print(sess.run(w * x, {x: [1.0]}))\n"
    through = text.replace(
        "import tensorflow as tf", "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()"
    )
    assert as_functions(through).text == as_functions(text).text


def test_the_plan_can_be_looked_at() -> None:
    text = HEAD + SESSION + "y = w * x\nprint(sess.run(y, {x: [1.0]}))\n"
    found = turned(Source(text, "t.py"), Options())
    assert found.plan == ("compute_y(x) -> y: lines 7; run at lines 8",)


def test_the_page_shows_what_is_done_today() -> None:
    """If not: look at the new texts, then `python -m tools.functions_page`."""
    shown = (functions_page.ROOT / functions_page.PAGE).read_text(encoding="utf-8")
    assert shown == functions_page.page()


@pytest.mark.parametrize("program", [*functions_page.programs()], ids=lambda p: p[0])
def test_what_becomes_of_a_program_needs_nothing_more(program: tuple[str, str, str]) -> None:
    _, before, after = program
    assert "Session" not in after
    assert before != after
    check_clean(after)


def check_clean(after: str) -> None:
    """See that this linter, pyflakes and mypy's parser say nothing, and fixing does nothing."""
    again = as_functions(after)
    assert (again.text, list(again.left)) == (after, [])
    assert [str(message) for message in Checker(ast.parse(after)).messages] == []
    options = mypy.options.Options()
    errors = mypy.errors.Errors(options)
    mypy.parse.parse(after, "after.py", None, errors, options)
    assert not errors.is_errors()


def test_made_up_programs_become_what_was_held_against_tensorflow() -> None:
    """If not: `python -m tools.verify_functions --keep`, with both TensorFlows."""
    kept = json.loads(verify_functions.KEPT.read_text(encoding="utf-8"))
    assert len(kept) == 40
    for seed, after in kept.items():
        before = verify_functions.program(int(seed))
        assert as_functions(before).text == after, seed
        check_clean(after)


def test_imports_that_nothing_needs_any_more_go() -> None:
    text = HEAD.replace("\n\n", "\nfrom tensorflow.python.framework import ops\n\n", 1)
    done = as_functions(text + "ops.reset_default_graph()\n" + SESSION + "print(sess.run(w))\n")
    assert "framework" not in done.text


def test_check_does_not_load_this(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + SESSION + "y = w * x\nprint(sess.run(y, {x: [1.0]}))\n")
    shown = "print([m for m in sys.modules if m.startswith('tf2lint.fixes.functions')])"
    code = f"import sys\nfrom tf2lint.cli import main\nmain(sys.argv[1:])\n{shown}\n"
    loads = []
    for arguments in (["check"], ["fix", "--to", "tf2", "--unsafe"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments, str(path)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        loads.append(done.stdout.splitlines()[-1])
    assert loads[0] == "[]"
    assert "tf2lint.fixes.functions.write" in loads[1]


def test_the_plan_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + SESSION + "y = w * x\nprint(sess.run(y, {x: [1.0]}))\n")
    done = subprocess.run(
        [sys.executable, "-m", "tf2lint", "fix", "--to", "tf2", "--unsafe", "--explain-plan", str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"{path}: compute_y(x) -> y: lines 7; run at lines 8" in done.stdout.splitlines()
    assert f"{path}: turned into functions: compute_y" in done.stdout.splitlines()


def test_why_a_program_is_left_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + SESSION + "y = w * x\nsess.run(y)\n")
    done = subprocess.run(
        [sys.executable, "-m", "tf2lint", "fix", "--to", "tf2", "--unsafe", str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = f"{path}: not turned into functions: line 8: x is needed, but not fed"
    assert told in done.stdout.splitlines()
    assert "placeholder" in path.read_text()
