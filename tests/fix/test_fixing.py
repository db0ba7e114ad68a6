"""Fixing one module: what is written, and what is left alone."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tf2lint.check.engine import check
from tf2lint.finding import Edit, Finding
from tf2lint.fixes import fixer as fixing
from tf2lint.fixes import proofs
from tf2lint.fixes.fixer import Fixed, fix
from tf2lint.options import Options
from tf2lint.source import Source
from tf2lint.suppress import Suppressions

TF = "import tensorflow as tf\n"


def fixed(text: str, to: str = "tf2", unsafe: bool = False, **options: object) -> Fixed:
    return fix(text, "test.py", Options(**options), to, unsafe)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("y = tf.log(x)\n", "y = tf.math.log(x)\n"),
        ("y = tf.log( x )  # c\n", "y = tf.math.log( x )  # c\n"),
        ("f = tf.log\n", "f = tf.math.log\n"),
        ("y = map(tf.log, x)\n", "y = map(tf.math.log, x)\n"),
        ("y = tf.log(\n    x,  # one\n\tname='n'\n)\n", "y = tf.math.log(\n    x,  # one\n\tname='n'\n)\n"),
        ("y = tf.log(tf.log(tf.log(x)))\n", "y = tf.math.log(tf.math.log(tf.math.log(x)))\n"),
        ("y = tf.to_float(tf.log(x)) + 1\n", "y = tf.cast(tf.math.log(x), tf.float32) + 1\n"),
        ("y = tf.reduce_sum(x, keep_dims = True)\n", "y = tf.reduce_sum(x, keepdims = True)\n"),
        ("y = tf.shape(x, None, tf.int64)\n", "y = tf.shape(x, out_type=tf.int64)\n"),
        ("y = tf.nn.dropout(x, keep_prob=k)\n", "y = tf.nn.dropout(x, rate=1 - k)\n"),
        ("y = tf.nn.dropout(x, keep_prob=a + b)\n", "y = tf.nn.dropout(x, rate=1 - (a + b))\n"),
        ("n = tf.zeros([2]).shape[0].value\n", "n = tf.zeros([2]).shape[0]\n"),
        ("w = tf.gfile.Open(p, 'w')\n", "w = tf.io.gfile.GFile(p, 'w')\n"),
        ("a, b = tf.log(x), 'é'; c = tf.log('é')\n", "a, b = tf.math.log(x), 'é'; c = tf.math.log('é')\n"),
        ("tf.enable_eager_execution()\ny = tf.log(x)\n", "y = tf.math.log(x)\n"),
    ],
)  # fmt: skip
def test_forms_of_tf2(before: str, after: str) -> None:
    assert fixed(TF + before).text == TF + after


@pytest.mark.parametrize(
    "text",
    [
        TF + "y = tf.train.AdamOptimizer(0.1)\n",  # other defaults, other arguments
        TF + "tf.set_random_seed(1)\n",
        TF + "y = tf.to_float(**k)\nz = tf.to_float(*a)\n",
        TF + "y = tf.to_float(x for x in z)\n",
        TF + "y = tf.to_float(  # why\n    x)\n",
        "tf = 1\nfrom tensorflow import to_float\ny = to_float(x)\n",
        "import other as tf\ny = tf.log(x)\n",
    ],
)
def test_left_alone(text: str) -> None:
    assert fixed(text).text == text


def test_unsafe_edits_need_to_be_asked_for() -> None:
    text = TF + "o = tf.train.GradientDescentOptimizer(0.1)\n"
    assert fixed(text).text == text
    assert "tf.keras.optimizers.SGD(" in fixed(text, unsafe=True).text


def test_an_operator_gets_parentheses_where_it_needs_them() -> None:
    text = TF + "a = tf.div(x, 2.0) ** 2\nb = tf.div(x, 2.0)\nc = f(tf.div(x + 1, 2.0))\n"
    after = fixed(text, unsafe=True).text
    assert after == "a = (x / 2.0) ** 2\nb = x / 2.0\nc = f((x + 1) / 2.0)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TF + "s = tf.Session\n", TF + "s = tf.compat.v1.Session\n"),
        (TF + "a = tf.layers\n", TF + "a = tf.compat.v1.layers\n"),  # with Keras 2
        (TF + "y = tf.reduce_sum(x, keep_dims=True)\n",
         TF + "y = tf.compat.v1.reduce_sum(x, keep_dims=True)\n"),
        ("import tensorflow\ns = tensorflow.placeholder\n",
         "import tensorflow\ns = tensorflow.compat.v1.placeholder\n"),
        ("from tensorflow import Session, placeholder as p\n",
         "from tensorflow.compat.v1 import Session, placeholder as p\n"),
        ("import tensorflow as tf\nclass A:\n  tf = tf\n  s = tf.Session\n",
         "import tensorflow as tf\nclass A:\n  tf = tf\n  s = tf.compat.v1.Session\n"),
        (TF + "flags = tf.app.flags\nflags.DEFINE_string('a', '', '')\n",
         TF + "flags = tf.compat.v1.app.flags\nflags.DEFINE_string('a', '', '')\n"),
        (TF + "d = tf.data.Dataset.range(3)\ni = d.make_one_shot_iterator()\n",
         TF + "d = tf.compat.v1.data.Dataset.range(3)\n"
         "i = tf.compat.v1.data.make_one_shot_iterator(d)\n"),
        (TF + "y = tf.log(x)\n", TF + "y = tf.math.log(x)\n"),
        ("import tensorflow.compat.v1 as tf\ns = tf.Session\n",
         "import tensorflow.compat.v1 as tf\ns = tf.Session\n"),
        # In TF 2, too, but other objects.
        (TF + "y = tf.where(c, a, b)\n", TF + "y = tf.compat.v1.where(c, a, b)\n"),
        (TF + "y = tf.nn.dropout(x, 1.0 - 0.1)\n", TF + "y = tf.compat.v1.nn.dropout(x, 1.0 - 0.1)\n"),
        (TF + "n = tf.while_loop(c, b, [i]) + 1\n", TF + "n = tf.compat.v1.while_loop(c, b, [i]) + 1\n"),
        (TF + "y = tf.batch_to_space(x, c, 1)\n", TF + "y = tf.compat.v1.batch_to_space(x, c, 1)\n"),
        (TF + "y = tf.nn.softmax_cross_entropy_with_logits(labels=w, logits=w)\n",
         TF + "y = tf.compat.v1.nn.softmax_cross_entropy_with_logits(labels=w, logits=w)\n"),
        (TF + "f = nn = tf.nn\n", TF + "f = nn = tf.compat.v1.nn\n"),
        (TF + "y = getattr(tf, 'cond')\n", TF + "y = getattr(tf.compat.v1, 'cond')\n"),
        (TF + "tf.get_variable_scope().reuse_variables()\n",
         TF + "tf.compat.v1.get_variable_scope().reuse_variables()\n"),
        ("from tensorflow import *\ny = where(c)\n",
         "from tensorflow.compat.v1 import *\ny = where(c)\n"),
        ("if new:\n    from tensorflow import where, contrib as c\n    c.crf\n",
         "if new:\n    from tensorflow.compat.v1 import where\n"
         "    from tensorflow import contrib as c\n    c.crf\n"),
        # The very same objects.
        (TF + "y = tf.zeros([2], tf.float32)\n", TF + "y = tf.zeros([2], tf.float32)\n"),
        # Names of the core in contrib.
        (TF + "c = tf.contrib.rnn.GRUCell(3)\n", TF + "c = tf.compat.v1.nn.rnn_cell.GRUCell(3)\n"),
        (TF + "from tensorflow.contrib import framework\ny = framework.sort(x)\n",
         TF + "y = tf.sort(x)\n"),
        ("from tensorflow.contrib.rnn import GRUCell\nc = GRUCell(3)\n",
         "from tensorflow.compat.v1.nn.rnn_cell import GRUCell\nc = GRUCell(3)\n"),
        ("from tensorflow.contrib.eager import Checkpoint as C, py_func, seterr\nseterr\n",
         "from tensorflow.compat.v1.train import Checkpoint as C\n"
         "from tensorflow import py_function as py_func\n"
         "from tensorflow.contrib.eager import seterr\nseterr\n"),
        ("from tensorflow.keras.backend import get_session\n",
         "from tensorflow.compat.v1.keras.backend import get_session\n"),
        ("from tensorflow.keras.layers import BatchNormalization\n",
         "from tensorflow.keras.layers import BatchNormalization\n"),
        (TF + "rnn = tf.contrib.rnn\nc = rnn.GRUCell(3)\n",
         TF + "c = tf.compat.v1.nn.rnn_cell.GRUCell(3)\n"),
        # What contrib did itself, and what TensorBoard has now.
        (TF + "from tensorflow.contrib.data import batch_and_drop_remainder as b\nd.apply(b(n))\n",
         TF + "d.apply(lambda dataset, size=n: dataset.batch(size, drop_remainder=True))\n"),
        ("from tensorflow.contrib.tensorboard.plugins import projector as p\np.EmbeddingInfo()\n",
         "from tensorboard.plugins import projector as p\np.EmbeddingInfo()\n"),
        ("import tensorflow.contrib.tensorboard.plugins.projector as p\np.EmbeddingInfo()\n",
         "import tensorboard.plugins.projector as p\np.EmbeddingInfo()\n"),
        (TF + "from tensorflow.contrib.layers.python.layers import regularizers\n"
              "r = regularizers.l2_regularizer(s)\n",
         TF + "r = lambda weights, scale=s: scale * tf.nn.l2_loss(weights)\n"),
        (TF + "slim = tf.contrib.slim\nr = slim.regularizers.l2_regularizer(s)\n",
         TF + "r = lambda weights, scale=s: scale * tf.nn.l2_loss(weights)\n"),
        (TF + "from tensorflow.contrib.rnn.python.ops import core_rnn_cell\n"
              "c = core_rnn_cell.GRUCell(3)\n",
         TF + "c = tf.compat.v1.nn.rnn_cell.GRUCell(3)\n"),
        ("from tensorflow.contrib.rnn.python.ops.core_rnn_cell import GRUCell\n",
         "from tensorflow.compat.v1.nn.rnn_cell import GRUCell\n"),
        ("from tensorflow.contrib.tensorboard.plugins import projector as p\n"
         "p.visualize_embeddings(summary_writer=w, config=c)\n",
         "from tensorboard.plugins import projector as p\n"
         "p.visualize_embeddings(logdir=w, config=c)\n"),
        (TF + "tf.contrib.tensorboard.plugins.projector.visualize_embeddings(\n"
              "    config=c, summary_writer=w)\n",
         "from tensorboard.plugins import projector\n"
         "projector.visualize_embeddings(\n    config=c, logdir=w)\n"),
        (TF + "projector = tf.contrib.tensorboard.plugins.projector.EmbeddingInfo()\n",
         "from tensorboard.plugins import projector as tensorboard_projector\n"
         "projector = tensorboard_projector.EmbeddingInfo()\n"),
        # Code of TF 2.
        (TF + "g = tf.random.Generator\ny = tf.where(c)\n",
         TF + "g = tf.random.Generator\ny = tf.where(c)\n"),
        (TF + "s = tf.compat.v1.assign(v, 1)\ny = tf.where(c)\n",
         TF + "s = tf.compat.v1.assign(v, 1)\ny = tf.where(c)\n"),
    ],
)  # fmt: skip
def test_forms_of_compat_v1(before: str, after: str) -> None:
    done = fixed(before, "compat-v1")
    assert done.text == after
    assert fixed(after, "compat-v1").text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name, 'Double', [x]", "name or 'Double'"),
        ("name=name, default_name='Double'", "name or 'Double'"),
        ("None, 'Double', values=[x]", "'Double'"),
        ("default_name='Double'", "name='Double'"),
        ("'a', 'Double', [x]", "'a'"),
        ("name if x else None, 'Double', [x]", "(name if x else None) or 'Double'"),
        ("name, values=[x]", "name"),
        ("*names", "*names"),
    ],
)
def test_a_scope_gets_its_name_whole_or_not_at_all(before: str, after: str) -> None:
    text = TF + "def f(x, name, names):\n    with tf.name_scope({}):\n        return x * 2\n"
    assert fixed(text.format(before), "tf2").text == text.format(after)


SWITCH = "tf.compat.v1.disable_v2_behavior()"


@pytest.mark.parametrize(
    ("text", "is_program"),
    [
        (TF + "with tf.Session() as s:\n    pass\n", True),
        (TF + "def f():\n    return tf.Session()\n", False),
        (TF + "def f():\n    return tf.Session()\nif __name__ == '__main__':\n    f()\n", True),
        (TF + "tf.disable_v2_behavior()\ns = tf.Session()\n", False),
        (TF + "tf.compat.v1.disable_eager_execution()\ns = tf.Session()\n", False),
        (TF + "x = tf.placeholder(tf.float32)\n", False),
        (TF + "def f():\n    return tf.Session()\nf()\n", True),
        (TF + "class A:\n    def __init__(self):\n        self.s = tf.Session()\na = A()\n", True),
        (TF + "def f():\n    return tf.Session()\ndef g():\n    f()\n", False),
        # It runs as it is.
        (TF + "g = tf.compat.v1.Graph()\ns = tf.compat.v1.Session(graph=g)\n", False),
        (TF + "s = tf.Session(graph=tf.Graph())\n", True),
    ],
)
def test_programs_are_switched_to_tf1(text: str, is_program: bool) -> None:
    done = fixed(text, "compat-v1")
    added = done.text.splitlines().count(SWITCH) - text.splitlines().count(SWITCH)
    here = "\ntf.disable_v2_behavior()" in text
    assert (added == 1) is (is_program or here)
    assert (done.notes == (f"added {SWITCH}",)) is is_program
    assert fixed(done.text, "compat-v1").text == done.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import tensorflow as tf;\n", f"import tensorflow as tf;\n{SWITCH}\n"),
        ("import os; import tensorflow as tf  # both\n",
         f"import os; import tensorflow as tf; {SWITCH}  # both\n"),
        ("import tensorflow as tf; print(tf.constant(1))\n",
         f"import tensorflow as tf; {SWITCH}; print(tf.compat.v1.constant(1))\n"),
        ("if new: print(new); import tensorflow as tf\n",
         f"if new: print(new); import tensorflow as tf; {SWITCH}\n"),
    ],
)  # fmt: skip
def test_the_switch_shares_a_line_where_the_import_does(before: str, after: str) -> None:
    done = fixed(before + "s = tf.Session()\n", "compat-v1")
    assert done.text == after + "s = tf.compat.v1.Session()\n"
    assert done.notes == (f"added {SWITCH}",)
    assert fixed(done.text, "compat-v1").text == done.text


def test_a_function_of_contrib_is_written_with_the_core() -> None:
    call = "tf.contrib.legacy_seq2seq.sequence_loss_by_example({})\n"
    begin, head = TF + "s = tf.Session()\n", TF + f"{SWITCH}\ns = tf.compat.v1.Session()\n"
    written = (
        "(lambda logits, targets, weights, loss: tf.add_n([loss(labels=target, logits=logit) "
        "* weight for logit, target, weight in zip(logits, targets, weights)]) "
        "/ (tf.add_n(weights) + 1e-12))({})\n"
    )
    for given, filled in {
        "[a], [b], [tf.ones([3])], name='n'":
            "[a], [b], [tf.ones([3])], tf.compat.v1.nn.sparse_softmax_cross_entropy_with_logits",
        "a, b, w, True, lambda labels, logits: f(w)": "a, b, w, lambda labels, logits: f(w)",
    }.items():  # fmt: skip
        done = fixed(begin + call.format(given), "mixed")
        assert done.text == head + written.format(filled)
    kept = "a, b, w, average_across_timesteps=False"
    assert fixed(begin + call.format(kept), "mixed").text == head + call.format(kept)


# Imports.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import tensorflow.gfile\n", "import tensorflow.compat.v1.gfile\n"),
        ("import os, tensorflow.layers as layers, tensorflow.app\n",
         "import os, tensorflow.compat.v1.layers as layers, tensorflow.compat.v1.app\n"),
        ("import tensorflow.nn, tensorflow.nn as nn\n",
         "import tensorflow.nn, tensorflow.compat.v1.nn as nn\n"),
        ("import tensorflow.app.flags\n", "import tensorflow.app.flags\n"),  # no module
    ],
)  # fmt: skip
def test_imports_of_modules_go_through_compat_v1(before: str, after: str) -> None:
    assert fixed(before, "compat-v1").text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import tensorflow.compat.v1 as tf\ny = tf.log(tf.ones([1]))\n",
         "import tensorflow as tf\ny = tf.math.log(tf.ones([1]))\n"),
        ("import tensorflow.compat.v1 as tf\ns = tf.Session()\ny = tf.log(x)\n",
         "import tensorflow.compat.v1 as tf\ns = tf.Session()\ny = tf.math.log(x)\n"),
        ("import tensorflow.compat.v1 as tf\nprint(tf)\n",
         "import tensorflow.compat.v1 as tf\nprint(tf)\n"),
        ("import tensorflow.compat.v1 as tf\n", "import tensorflow.compat.v1 as tf\n"),
        ("import tensorflow.compat.v1 as tf\nl = tf.layers\n",
         "import tensorflow.compat.v1 as tf\nl = tf.layers\n"),
        ("from tensorflow.compat import v1 as tf1\ny = tf1.ones([1])\n",
         "import tensorflow as tf\ny = tf.ones([1])\n"),
        ("import tensorflow as tf\nimport tensorflow.compat.v1 as tf1\ny = tf1.log(tf.ones([1]))\n",
         "import tensorflow as tf\ny = tf.math.log(tf.ones([1]))\n"),
        ("import tensorflow.compat.v1 as tf\n__all__ = ['tf']\ny = tf.ones([1])\n",
         "import tensorflow.compat.v1 as tf\n__all__ = ['tf']\ny = tf.ones([1])\n"),
        ("import tensorflow.compat.v1 as tf\nif new:\n    import tensorflow as tf\ny = tf.ones([1])\n",
         "import tensorflow.compat.v1 as tf\nif new:\n    import tensorflow as tf\ny = tf.ones([1])\n"),
        ('"""Doc."""\nfrom __future__ import division\n\nimport os\nimport tensorflow as tf\n\n'
         "tf.flags.DEFINE_string('a', os.sep, '')\ny = tf.ones([1])\n",
         '"""Doc."""\nfrom __future__ import division\n\nimport os\nfrom absl import flags\n'
         "import tensorflow as tf\n\nflags.DEFINE_string('a', os.sep, '')\ny = tf.ones([1])\n"),
        ("import tensorflow as tf\n\nFLAGS = tf.flags.FLAGS\nflags = tf.app.flags\n"
         "def main(_): print(FLAGS.a)\ntf.app.run(main)\n",
         "from absl import flags\nimport tensorflow as tf\n\nFLAGS = flags.FLAGS\n"
         "def main(_): print(FLAGS.a)\ntf.app.run(main)\n"),
        ("def f():\n    import tensorflow as tf\n    F = tf.flags\n    F.DEFINE_string('a', '', '')\n",
         "def f():\n    import tensorflow as tf\n    F = tf.flags\n    F.DEFINE_string('a', '', '')\n"),
        ("import tensorflow as tf\ntf.flags.DEFINE_string('a', '', '')\n",
         "from absl import flags\nflags.DEFINE_string('a', '', '')\n"),
        ("from absl import flags\nimport tensorflow as tf\ntf.flags.DEFINE_string('a', '', '')\n"
         "tf.flags.DEFINE_string('b', '', '')\n",
         "from absl import flags\nflags.DEFINE_string('a', '', '')\nflags.DEFINE_string('b', '', '')\n"),
        ("import tensorflow as tf\nflags = {}\ntf.flags.DEFINE_string('a', '', '')\n",
         "from absl import flags as absl_flags\nflags = {}\nabsl_flags.DEFINE_string('a', '', '')\n"),
        ("import tensorflow as tf\r\ntf.flags.DEFINE_string('a', '', '')\r\ny = tf.ones([1])",
         "from absl import flags\r\nimport tensorflow as tf\r\nflags.DEFINE_string('a', '', '')\r\n"
         "y = tf.ones([1])"),
    ],
)  # fmt: skip
def test_imports(before: str, after: str) -> None:
    done = fixed(before)
    assert done.text == after
    assert fixed(after).text == after


def test_names_that_left_a_private_module_get_their_public_ones() -> None:
    lines = (
        "from tensorflow.python.framework.ops import Tensor as T\n",
        "from tensorflow.python.ops import control_flow_ops as flow\n",
        "from tensorflow.python.ops.control_flow_ops import while_loop\n",
        "with tf.Session() as s:\n    flow.cond(p, f, false_fn=while_loop)\n    isinstance(x, T)\n",
    )
    done = fixed(TF + "".join(lines), "mixed")
    assert done.text == (
        TF + f"{SWITCH}\nfrom tensorflow import Tensor as T\n"
        "from tensorflow.compat.v1 import while_loop\nwith tf.compat.v1.Session() as s:\n"
        "    tf.compat.v1.cond(p, f, false_fn=while_loop)\n    isinstance(x, T)\n"
    )
    assert not done.left
    # Other names of the statement would stay; and TF 2 has another `cond`.
    both = (
        "from tensorflow.python.ops.control_flow_ops import cond, while_loop\nf(cond, while_loop)\n"
    )
    assert fixed(both, "mixed").text == both
    only = "from tensorflow.python.ops.control_flow_ops import cond\nf(cond)\n"
    assert fixed(only, "tf2").text == only


def test_flags_are_parsed_when_they_are_read_or_left() -> None:
    """TF 1 parses at the first read, absl in app.run only."""
    reads = TF + "FLAGS = tf.flags.FLAGS\nprint(FLAGS.a)\n"
    assert fixed(reads).text == reads
    parsed = (
        "from absl import app\nimport tensorflow as tf\nFLAGS = tf.flags.FLAGS\n"
        "def main(_):\n    print(FLAGS.a)\napp.run(main)\n"
    )
    assert "FLAGS = flags.FLAGS\n" in fixed(parsed).text


def test_app_flags_logging_with_unsafe() -> None:
    text = (
        "import logging\nimport tensorflow as tf\n\n\ndef main(_):\n"
        "    tf.logging.warn('a')\n\n\nif __name__ == '__main__':\n    tf.app.run()\n"
    )
    assert fixed(text, unsafe=True).text == (
        "import logging\nfrom absl import app\nfrom absl import logging as absl_logging\n\n\n"
        "def main(_):\n    absl_logging.warning('a')\n\n\nif __name__ == '__main__':\n    app.run(main)\n"
    )


def test_an_import_that_was_unused_before_stays() -> None:
    text = "import tensorflow as tf\nimport tensorflow.compat.v1 as tf1\ny = tf.log(x)\n"
    assert fixed(text).text == text.replace("tf.log", "tf.math.log")


def test_tensorflow_is_imported_for_names_from_it() -> None:
    text = '"""Doc."""\nfrom tensorflow import log\n\n\ndef f(x):\n    return log(x)\n'
    after = fixed(text, unsafe=True).text
    ast.parse(after)
    assert fixed(after, unsafe=True).text == after


# What must not happen.


def test_findings_that_are_not_wanted_are_not_fixed() -> None:
    text = TF + "a = tf.log(x)  # noqa: TF901\nb = tf.log(x)\n"

    def wanted(source: Source) -> Callable[[Finding], bool]:
        hidden = Suppressions(source)
        return lambda finding: not hidden.hides(finding)

    done = fix(text, "test.py", Options(), wanted=wanted)
    assert done.text == TF + "a = tf.log(x)  # noqa: TF901\nb = tf.math.log(x)\n"


def test_text_that_would_not_parse_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = _with_edit(monkeypatch, "tf.math.log(")
    done = fix(broken, "test.py", Options(), unsafe=True)
    assert done.text == broken
    assert not done.fixed
    assert done.refused.startswith("the fixed text would not parse: ")
    assert done.reason == "would not parse"
    assert "\n" not in done.refused
    assert [f.code for f in done.left] == ["TF901"]


def test_text_with_a_new_finding_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _with_edit(monkeypatch, "tf.Session(x)")
    done = fix(text, "test.py", Options(), unsafe=True)
    assert done.text == text
    assert done.refused.startswith("the fixed text would raise a new TF601 (`tf.Session` ")
    assert "\n" not in done.refused


def _with_edit(monkeypatch: pytest.MonkeyPatch, new: str) -> str:
    """A text whose one finding brings an edit that writes `new`."""
    from dataclasses import replace

    text = TF + "y = tf.log(x)\n"

    def with_edit(source: Source, options: Options) -> list[Finding]:
        found = check(source, options)
        for place, finding in enumerate(found):
            if finding.code == "TF901" and finding.hint is not None:
                edit = Edit(2, 4, 2, 13, new)
                hint = replace(finding.hint, edits=(edit,))
                found[place] = replace(finding, hint=hint)
        return found

    monkeypatch.setattr(fixing, "check", with_edit)
    return text


def test_one_bad_kind_does_not_cost_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _with_edit(monkeypatch, "tf.Session(x)") + "z = tf.reduce_sum(x, keep_dims=True)\n"
    done = fix(text, "test.py", Options(), unsafe=True)
    assert done.text == text.replace("keep_dims", "keepdims")
    (note,) = done.notes
    assert note == "TF901 tf.log not applied, the fixed text would raise a new TF601"
    assert not done.refused


def test_broken_text_is_for_the_caller() -> None:
    with pytest.raises(SyntaxError):
        fix("import tensorflow as tf\ntf.log(\n", "test.py", Options())


def test_no_round_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls in calls in calls need a round for each of them."""
    deep = "x"
    for _ in range(40):
        deep = f"tf.to_float({deep})"
    done = fixed(TF + f"y = {deep}\n")
    assert done.text.count("tf.cast(") == 40
    assert done.fixed["TF901"] == 40
    assert proofs.is_proven("TF901", "tf.to_float -> tf.cast(x={x}, dtype=tf.float32)")


def test_compat_v1_is_no_way_out_of_keras_3() -> None:
    """Asked of TF 2.21: a symbolic tensor is refused there, too, and no weight is tracked."""
    layers = f"{TF}x = tf.keras.Input(shape=(20,))\nm = tf.reduce_mean(x, axis=1)\n"
    held = (
        f"{TF}class S(tf.keras.layers.Layer):\n    def __init__(self):\n"
        "        super().__init__()\n        self.s = tf.Variable(tf.ones([10]))\n"
    )
    for text, code in ((layers, "TF714"), (held, "TF215")):
        done = fixed(text + "g = tf.random.Generator\n", "compat-v1")
        assert done.text == text + "g = tf.random.Generator\n"
        assert [f.code for f in check(Source(done.text), Options())] == [code]
