"""TF1 beyond its examples: receivers, hints for the very call, steps, targets, what is silent."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, said, told
from tf2lint.finding import Finding

TF = "import tensorflow as tf\n"


def found(text: str, **settings: object) -> list[tuple[str, int, int]]:
    """(code, line, column) of this family's findings."""
    return [(f.code, f.line, f.column) for f in findings(text, **settings) if f.code[:3] == "TF1"]


def only(text: str, code: str, **settings: object) -> Finding:
    """The only finding of `code`."""
    (one,) = [f for f in findings(text, **settings) if f.code == code]
    return one


def use(text: str, code: str, **settings: object) -> str:
    """The hint of the only finding of `code`."""
    return told(only(text, code, **settings))


# TF101


@pytest.mark.parametrize("name", ["summary.merge_all", "summary.merge", "merge_all_summaries",
                                  "merge_summary"])  # fmt: skip
def test_every_merge(name: str) -> None:
    assert found(f"{TF}m = tf.{name}(x)\n") == [("TF101", 2, 4)]
    assert found(f"import tensorflow as t\nm = t.{name}\n") == [("TF101", 2, 4)]


def test_merge_through_compat_v1_says_that_it_raises() -> None:
    text = f"{TF}m = tf.compat.v1.summary.merge_all()\n"
    one = only(text, "TF101")
    assert one.status == "compat"
    assert "raises under eager execution" in said(one)
    assert found(text, allow_compat_v1=True) == []


def test_merge_of_keras_layers_is_not_meant() -> None:
    assert found("from tensorflow.keras.layers import merge\nmerge([a, b])\n") == []


# TF102

WRITERS = {
    "variable": "w = tf.summary.FileWriter(d)\nw.add_summary(s, i)\n",
    "old name": "w = tf.train.SummaryWriter(d)\nw.add_summary(s, i)\n",
    "cache": "w = tf.summary.FileWriterCache.get(d)\nw.add_summary(s, i)\n",
    "cache, chained": "_ = 0\ntf.summary.FileWriterCache.get(d).add_summary(s, i)\n",
    "with": "with tf.summary.FileWriter(d) as w:\n    w.add_summary(s, i)\n",
    "tuple": "w, v = tf.summary.FileWriter(d), tf.summary.FileWriter(e)\nv.add_summary(s, i)\n",
    "supervisor": "w = tf.train.Supervisor(logdir=d)\nw.summary_writer.add_summary(s, i)\n",
}


@pytest.mark.parametrize("name", WRITERS)
def test_tracked_writers(name: str) -> None:
    one = only(TF + WRITERS[name], "TF102")
    assert (one.line, one.confidence) == (3, "high")


def test_writer_set_in_another_method() -> None:
    text = TF + (
        "class Trainer:\n"
        "    def log(self, s, i):\n"
        "        self.writer.add_summary(s, i)\n"
        "    def open(self, d):\n"
        "        self.writer = tf.summary.FileWriter(d)\n"
    )
    assert only(text, "TF102").confidence == "high"


def test_writer_from_a_function_and_as_a_parameter() -> None:
    text = TF + (
        "def make(d):\n"
        "    return tf.summary.FileWriter(d)\n"
        "def log(writer, s):\n"
        "    writer.add_summary(s)\n"
        "log(make('d'), s)\n"
        "make('e').add_summary(s)\n"
    )
    marked = [f for f in findings(text) if f.code == "TF102"]
    assert [(f.line, f.column, f.confidence) for f in marked] == [(5, 4, "high"), (7, 0, "high")]


def test_unknown_receiver_has_low_confidence_and_can_be_turned_off() -> None:
    text = f"{TF}def log(writer, s, i):\n    writer.add_summary(s, global_step=i)\n"
    one = only(text, "TF102")
    assert (one.confidence, one.line, one.column, one.end_column) == ("low", 3, 4, 22)
    assert found(text, unknown_receivers=False) == []
    assert found(text, allow_compat_v1=True) == []


@pytest.mark.parametrize(
    "call",
    [
        "doc.add_summary('text')",
        "doc.add_summary(f'{a}')",
        "doc.add_summary()",
        "doc.add_summary(a, b, c)",
        "doc.add_summary(a, title=b)",
        "doc.add_summary(None)",
        "f(doc.add_summary)",
        "doc.summary(s, i)",
    ],
)
def test_other_calls_of_unknown_objects(call: str) -> None:
    assert found(f"{TF}def f(doc, s, i, a, b, c):\n    {call}\n") == []


def test_known_to_be_something_else() -> None:
    text = TF + (
        "from torch.utils.tensorboard import SummaryWriter\n"
        "w = SummaryWriter()\n"
        "w.add_summary(s, 1)\n"
        "w.add_graph(model.graph)\n"
        "class Doc:\n"
        "    def add_summary(self, s): ...\n"
        "Doc().add_summary(s)\n"
    )
    assert found(text) == []
    assert codes("def log(writer, s):\n    writer.add_summary(s, 1)\n") == []


def test_step_goes_into_the_hint() -> None:
    text = f"{TF}w = tf.summary.FileWriter(d)\nw.add_summary(s, {{}})\n"
    assert "step=epoch * n + i)" in use(text.format("epoch * n + i"), "TF102")
    assert "step=gs)" in use(text.format("global_step=gs"), "TF102")
    long = " + ".join(["counter"] * 9)
    assert "step=step)" in use(text.format(long), "TF102")


def test_protos_become_the_call() -> None:
    text = TF + (
        "w = tf.summary.FileWriter(d)\n"
        "w.add_summary(tf.Summary(value=[tf.Summary.Value(tag='loss', simple_value=x)]), i)\n"
    )
    assert use(text, "TF102").startswith("tf.summary.scalar('loss', x, step=i) under")
    alone = TF + "s = tf.Summary(value=[tf.compat.v1.Summary.Value(tag='loss', simple_value=x)])\n"
    assert (
        use(alone, "TF110") == "tf.summary.scalar('loss', x, step=step) under writer.as_default()"
    )
    bound = TF + (
        "w = tf.summary.FileWriter(d)\n"
        "def log(x, y, i):\n"
        "    s = tf.Summary()\n"
        "    s.value.add(tag='loss', simple_value=x)\n"
        "    s.value.add(tag='acc', simple_value=y)\n"
        "    w.add_summary(s, i)\n"
    )
    assert "tf.summary.scalar('loss', x, step=i), one for each value," in use(bound, "TF102")


RECORDED = {
    "if i % 100 == 0:": "i % 100 == 0",
    "if not i % 100:": "not i % 100",
    "if (i + 1) % self.n == 0:": "(i + 1) % self.n == 0",
    "if w is not None and i % 10 == 9:": "i % 10 == 9",
    "if i % 10 == 0 or i < 5:": "i % 10 == 0 or i < 5",
}


@pytest.mark.parametrize("test", RECORDED)
def test_every_nth_step_is_record_if(test: str) -> None:
    text = f"{TF}w = tf.summary.FileWriter(d)\nfor i in range(9):\n    {test}\n        w.add_summary(s, i)\n"
    assert use(text, "TF102").endswith(
        f"under w.as_default() and tf.summary.record_if({RECORDED[test]})"
    )


@pytest.mark.parametrize(
    "test",
    ["if w:", "if '%d' % i == x:", "if i > 100:", "if i % 2:\n        pass\n    else:", "if 1:"],
)
def test_other_conditions_are_no_record_if(test: str) -> None:
    text = f"{TF}w = tf.summary.FileWriter(d)\nfor i in range(9):\n    {test}\n        w.add_summary(s, i)\n"
    assert use(text, "TF102").endswith("under w.as_default()")


def test_the_condition_of_another_function_does_not_count() -> None:
    text = TF + (
        "w = tf.summary.FileWriter(d)\nif i % 2:\n    def log(s, i):\n        w.add_summary(s, i)\n"
    )
    assert "record_if" not in use(text, "TF102")


def test_summary_computed() -> None:
    text = f"{TF}sv = tf.train.Supervisor(logdir=d)\nsv.summary_computed(sess, s, global_step=n)\n"
    assert "tf.summary.scalar(name, value, step=n)" in use(text, "TF102")


def test_hints_are_spelled_as_the_module_spells_tensorflow() -> None:
    text = "import tensorflow\nw = tensorflow.summary.FileWriter(d)\nw.add_summary(s, 1)\n"
    assert use(text, "TF103") == "tensorflow.summary.create_file_writer(d)"
    assert use(text, "TF102").startswith("tensorflow.summary.scalar(")
    v1 = "import tensorflow.compat.v1 as tf1\nimport tensorflow as tf\nw = tf1.summary.FileWriter(d)\n"
    assert use(v1, "TF103") == "tf.summary.create_file_writer(d)"


# TF103

CREATED = {
    "tf.summary.FileWriter(d)": "tf.summary.create_file_writer(d)",
    "tf.summary.FileWriter(logdir=d, flush_secs=30)":
        "tf.summary.create_file_writer(d, flush_millis=30000)",
    "tf.summary.FileWriter(d, flush_secs=a + b)":
        "tf.summary.create_file_writer(d, flush_millis=(a + b) * 1000)",
    "tf.summary.FileWriter(d, None, 5, 60, None, '.x')":
        "tf.summary.create_file_writer(d, max_queue=5, flush_millis=60000, filename_suffix='.x')",
    "tf.train.SummaryWriter(d, flush_secs=2)":
        "tf.summary.create_file_writer(d, flush_millis=2000)",
    "tf.summary.FileWriter(d, session=sess)": "tf.summary.create_file_writer(d)",
    "tf.summary.FileWriter(*args)":
        "tf.summary.create_file_writer",
}  # fmt: skip


@pytest.mark.parametrize("call", CREATED)
def test_writer_arguments(call: str) -> None:
    said = use(f"{TF}w = {call}\n", "TF103")
    assert said.partition(". ")[0] == CREATED[call]


def test_the_graph_has_another_way() -> None:
    for call in ("tf.summary.FileWriter(d, sess.graph)", "tf.train.SummaryWriter(d, graph_def=g)"):
        assert "tf.summary.trace_export" in use(f"{TF}w = {call}\n", "TF103")


def test_types_and_bases() -> None:
    assert use(f"{TF}def f(w: tf.summary.FileWriter): ...\n", "TF103") == "tf.summary.SummaryWriter"
    text = f"{TF}def f(w):\n    return isinstance(w, (int, tf.summary.FileWriter))\n"
    assert use(text, "TF103") == "tf.summary.SummaryWriter"
    assert "a class around" in use(f"{TF}class W(tf.summary.FileWriter): ...\n", "TF103")


def test_methods_of_the_writer() -> None:
    text = TF + (
        "w = tf.summary.FileWriter(d)\n"
        "w.flush()\nw.close()\nw.get_logdir()\nw.reopen()\n"
        "tf.summary.FileWriterCache.clear()\n"
    )
    assert found(text) == [("TF103", 2, 4), ("TF103", 5, 0), ("TF103", 6, 0), ("TF103", 7, 0)]


def test_a_tf_2_writer_is_fine() -> None:
    text = TF + (
        "w = tf.summary.create_file_writer(d, flush_millis=1000)\n"
        "with w.as_default():\n    tf.summary.scalar('a', 1, step=1)\n"
        "w.flush()\nw.close()\n"
    )
    assert found(text) == []


# TF106, TF107


def test_add_graph() -> None:
    text = f"{TF}w = tf.summary.FileWriter(d)\nw.add_graph(g, 7)\n"
    assert "tf.summary.trace_export(name, step=7)" in use(text, "TF106")
    assert "step=0" in use(f"{TF}w = tf.summary.FileWriter(d)\nw.add_graph(g)\n", "TF106")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("w.add_graph(sess.graph)", ["TF106"]),
        ("w.add_graph(graph=self.sess.graph)", ["TF106"]),
        ("w.add_graph(tf.compat.v1.get_default_graph())", ["TF106"]),
        ("w.add_graph(model, inputs)", []),
        ("w.add_graph()", []),
        ("w.add_run_metadata(m, 's')", ["TF107"]),
        ("w.add_session_log(l)", ["TF107"]),
        ("w.add_event(e)", []),
        ("w.add_event(tf.compat.v1.Event(step=1))", ["TF107", "TF110"]),
        ("w.add_meta_graph(m)", []),
    ],
)
def test_other_methods_of_unknown_objects(call: str, expected: list[str]) -> None:
    text = f"{TF}def f(w, m, l, e, sess, model, inputs):\n    {call}\n"
    assert [code for code, _, _ in found(text)] == expected


@pytest.mark.parametrize(
    ("method", "hint"),
    [
        ("add_event", "tf.summary.write(tag, tensor, step=step)"),
        ("add_meta_graph", "tf.saved_model.save(obj, path) to export the model"),
        ("add_run_metadata", "tf.profiler.experimental.start(logdir) and stop()"),
        ("add_session_log", "Delete it: write each run to a log directory of its own"),
    ],
)
def test_add_other(method: str, hint: str) -> None:
    text = f"{TF}w = tf.summary.FileWriter(d)\nw.{method}(x)\n"
    assert use(text, "TF107") == hint


def test_profiler_is_named_where_it_exists() -> None:
    text = f"{TF}w = tf.summary.FileWriter(d)\nw.add_run_metadata(m, 's')\n"
    assert "trace_export" in use(text, "TF107", target_version="2.1")


# TF104


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("scalar('a', tensor=x, step=1)", [(23, 31)]),
        ("histogram('a', values=x, step=1)", [(26, 34)]),
        ("scalar('a', x, collections=c, step=1, family='f')", [(26, 39), (49, 59)]),
        ("image('a', x, step=1, collections=[c])", [(33, 48)]),
        ("audio('a', x, 8000, step=1, family='f')", [(39, 49)]),
        ("text('a', tensor=x, collections=None, step=1)", [(21, 29), (31, 47)]),
        ("scalar('a', x, ['c'])", [(26, 31)]),
        ("scalar('a', x, self.collections)", [(26, 42)]),
        ("histogram('a', x, tf.compat.v1.GraphKeys.SUMMARIES)", [(29, 61)]),
        ("scalar('a', x, step)", []),
        ("scalar('a', x, 3)", []),
        ("scalar('a', x, step, 'a description')", []),
        ("image('a', x, step)", []),
        ("image('a', x, 0)", []),
        ("image('a', x, step, 3)", []),
        ("audio('a', x, 8000, step, 3)", []),
        ("scalar('a', data=x, step=1, description='d')", []),
        ("scalar(*args, **kwargs)", []),
    ],
)
def test_arguments_by_place(call: str, expected: list[tuple[int, int]]) -> None:
    text = f"{TF}tf.summary.{call}\n"
    got = [(f.column, f.end_column) for f in findings(text) if f.code == "TF104"]
    shift = len("tf.summary.") - 11
    assert got == [(start + shift, end + shift) for start, end in expected]


def test_compat_v1_takes_the_old_arguments() -> None:
    text = f"{TF}tf.compat.v1.summary.scalar('a', tensor=x, collections=c)\n"
    assert found(text) == [("TF110", 2, 0)]


def test_max_outputs_by_position() -> None:
    v1 = f"{TF}x = tf.placeholder(tf.float32)\ntf.summary.image('a', x, {{}})\n"
    for value in ("3", "FLAGS.max_images", "n_images"):
        (one,) = [f for f in findings(v1.format(value)) if f.code == "TF104"]
        assert (one.confidence, one.status) == ("high", "changed")
        assert use(v1.format(value), "TF104") == f"step=step, max_outputs={value}"
        assert f"step=step, max_outputs={value})" in use(v1.format(value), "TF105")
    assert "TF104" not in codes(v1.format("global_step"))
    assert only(f"{TF}tf.summary.image('a', x, 3)\n", "TF104").confidence == "low"
    tf2 = f"{TF}w = tf.summary.create_file_writer(d)\ntf.summary.image('a', x, 3)\n"
    assert found(tf2) == []


def test_rate_stays_and_max_outputs_moves_in_audio() -> None:
    text = f"{TF}x = tf.placeholder(tf.float32)\ntf.summary.audio('a', x, 16000, 4)\n"
    assert only(text, "TF104").column == 32
    assert use(text, "TF105").startswith(
        "tf.summary.audio('a', x, 16000, step=step, max_outputs=4)"
    )


def test_tensorboard_callback() -> None:
    text = f"{TF}tf.keras.callbacks.TensorBoard('d', batch_size=3, embeddings_data=e)\n"
    assert found(text) == [("TF104", 2, 36), ("TF104", 2, 50)]
    assert {f.status for f in findings(text)} == {"removed"}
    old = findings(text, target_version="2.15")
    assert {(f.status, "is ignored in TF 2" in said(f)) for f in old} == {("changed", True)}
    fine = "tf.keras.callbacks.TensorBoard('d', 1, True, update_freq=10, profile_batch=0)"
    assert found(f"{TF}{fine}\n") == []
    assert found(f"{TF}tf.keras.callbacks.TensorBoard('d', 1, 32)\n") == [("TF104", 2, 39)]
    other = "from keras.callbacks import TensorBoard\nimport tensorflow\nTensorBoard('d', write_grads=1)\n"
    assert [code for code, line, _ in found(other) if line == 3] == ["TF104"]


# TF105

V1 = "x = tf.placeholder(tf.float32)\n"


@pytest.mark.parametrize("op", ["scalar", "histogram", "image", "text"])
def test_no_step_in_a_tf_1_module(op: str) -> None:
    one = only(f"{TF}{V1}tf.summary.{op}('a', x)\n", "TF105")
    assert (one.line, one.column, one.end_column, one.confidence) == (3, 0, 11 + len(op), "high")
    assert told(one) == f"tf.summary.{op}('a', x, step=step) under writer.as_default()"


@pytest.mark.parametrize(
    "statement",
    [
        "s = tf.summary.scalar('a', x)",
        "self.s = tf.summary.scalar('a', x)",
        "ops = [tf.summary.scalar('a', x), tf.summary.scalar('b', y, step=1)]",
        "ops.append(tf.summary.scalar('a', x))",
        "ops = [tf.summary.scalar(n, v) for n, v in pairs]",
    ],
)
def test_result_kept_as_an_op(statement: str) -> None:
    one = only(f"{TF}{statement}\n", "TF105")
    assert "gives a bool" in said(one)


SILENT = {
    "no sign of TF 1": "tf.summary.scalar('a', x)\n",
    "step by keyword": V1 + "tf.summary.scalar('a', x, step=1)\n",
    "step by position": V1 + "tf.summary.scalar('a', x, step)\n",
    "rate and step by position": V1 + "tf.summary.audio('a', x, 8000, step)\n",
    "open call": V1 + "tf.summary.scalar('a', x, **kw)\n",
    "starred": V1 + "tf.summary.scalar(*args)\n",
    "default step": V1 + "tf.summary.experimental.set_step(1)\ntf.summary.scalar('a', x)\n",
    "default step of the writer": V1 + "w.set_as_default(step=1)\ntf.summary.scalar('a', x)\n",
    "step of as_default": V1 + "with w.as_default(3):\n    tf.summary.scalar('a', x)\n",
    "a model under the TensorBoard callback": (
        "class M(tf.keras.Model):\n"
        "    def call(self, x):\n"
        "        tf.summary.histogram('x', x)\n"
        "        return x\n"
    ),
    "a writer that came from elsewhere": (
        "def log(writer, x):\n    with writer.as_default():\n        tf.summary.scalar('a', x)\n"
    ),
    "other module": "from tensorboard import summary\nsummary.scalar('a', 1)\n",
    "compat.v1 symbols only": "tf.compat.v1.logging.info('x')\ntf.summary.scalar('a', x)\n",
    "TF 1 arm": (
        "if tf.__version__ < '2':\n    tf.placeholder(tf.float32)\ntf.summary.scalar('a', x)\n"
    ),
    "tf.cond": "tf.cond(c, lambda: tf.summary.scalar('a', x), lambda: False)\n",
}


@pytest.mark.parametrize("name", SILENT)
def test_step_may_come_from_elsewhere(name: str) -> None:
    assert "TF105" not in codes(TF + SILENT[name])


def test_own_writer_without_step_raises() -> None:
    text = TF + (
        "def f(x):\n"
        "    w = tf.summary.create_file_writer('d')\n"
        "    with tf.name_scope('n'), w.as_default():\n"
        "        if x:\n"
        "            tf.summary.text('a', x)\n"
    )
    one = only(text, "TF105")
    assert (one.line, one.confidence) == (6, "low")
    assert "no step is set" in said(one)


# TF108


def test_function_writes_where_it_was_traced() -> None:
    text = TF + (
        "@tf.function(reduce_retracing=True)\n"
        "def train(x, step):\n"
        "    def inner():\n"
        "        tf.summary.write('a', x, step=step)\n"
        "    inner()\n"
        "def eager(x, step):\n"
        "    tf.summary.scalar('a', x, step=step)\n"
        "@tf.function\n"
        "def good(x, step):\n"
        "    with writer.as_default():\n"
        "        tf.summary.scalar('a', x, step=step)\n"
    )
    assert found(text) == []
    assert found(text, enable=["TF108"]) == [("TF108", 5, 8)]
    assert "in train" in use(text, "TF108", enable=["TF108"])


# TF109


def test_simple_value() -> None:
    loop = (
        "for e in tf.compat.v1.train.summary_iterator(p):\n"
        "    for v in e.summary.value:\n"
        "        if v.HasField('simple_value'):\n"
        "            print(v.simple_value)\n"
    )
    assert found(TF + loop) == [("TF109", 2, 9), ("TF109", 4, 11), ("TF109", 5, 18)]
    both = loop + "        else:\n            print(tf.make_ndarray(v.tensor))\n"
    assert found(TF + both) == [("TF109", 2, 9)]
    assert found(TF + loop, allow_compat_v1=True) == [("TF109", 4, 11), ("TF109", 5, 18)]


def test_summary_iterator() -> None:
    said = use(f"{TF}for e in tf.train.summary_iterator(path): pass\n", "TF109")
    assert said.startswith("tf.compat.v1.train.summary_iterator(path)")
    said = use(f"{TF}for e in tf.compat.v1.train.summary_iterator('p'): pass\n", "TF109")
    assert said.startswith("tf.data.TFRecordDataset('p')")


@pytest.mark.parametrize(
    "text",
    [
        "def f(v):\n    return v.HasField('tensor')\n",
        "def f(v):\n    v.simple_value = 1.0\n",
        "def f(v):\n    return v.simple_value()\n",
        "def f(m):\n    m.add(tag='a', simple_value=1.0)\n",
    ],
)
def test_what_reads_no_simple_value(text: str) -> None:
    assert found(TF + text) == []


# TF110


@pytest.mark.parametrize("op", ["scalar", "histogram", "image", "audio", "text", "tensor_summary"])
def test_ops_through_compat_v1(op: str) -> None:
    text = f"import tensorflow.compat.v1 as tf\ntf.summary.{op}('a', x)\n"
    assert found(text) == [("TF110", 2, 0)]
    assert found(text, allow_compat_v1=True) == []
    assert found(f"from tensorflow.compat.v1.summary import {op}\n") == [("TF110", 1, 41)]


def test_family_becomes_a_name_scope() -> None:
    text = f"{TF}tf.compat.v1.summary.scalar('a', x, family='f')\n"
    assert use(text, "TF110") == (
        "tf.summary.scalar('a', x, step=step) under writer.as_default() and tf.name_scope('f')"
    )


OLD = {
    "tf.scalar_summary('a', x)": "tf.summary.scalar('a', x, step=step)",
    "tf.scalar_summary(tags='a', values=x, name='n')": "tf.summary.scalar('a', x, step=step)",
    "tf.histogram_summary('a', values=x)": "tf.summary.histogram('a', x, step=step)",
    "tf.image_summary('a', x, 5)": "tf.summary.image('a', x, step=step, max_outputs=5)",
    "tf.image_summary('a', x, max_images=5)": "tf.summary.image('a', x, step=step, max_outputs=5)",
    "tf.audio_summary('a', x, 8000)": "tf.summary.audio('a', x, 8000, step=step)",
}


@pytest.mark.parametrize("call", OLD)
def test_ops_before_tf_1(call: str) -> None:
    assert use(f"{TF}s = {call}\n", "TF110") == f"{OLD[call]} under writer.as_default()"


MESSAGES = ["Event", "HistogramProto", "SummaryMetadata", "SessionLog", "summary.SessionLog",
            "summary.Event", "summary.TaggedRunMetadata", "summary.SummaryDescription",
            "Summary", "summary.Summary", "Summary.Value", "Summary.Image", "Summary.Audio",
            "summary.initialize", "summary.all_v2_summary_ops", "LogMessage",
            "summary.get_summary_description"]  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_and_other_names(name: str) -> None:
    assert found(f"{TF}x = tf.{name}()\n") == [("TF110", 2, 4)]
    assert found(f"{TF}x = tf.compat.v1.{name}\n") == [("TF110", 2, 4)]
    assert found(f"{TF}x = tf.compat.v1.{name}\n", allow_compat_v1=True) == []


def test_the_parts_of_a_proto_are_reported_with_it_where_they_are_not_missing() -> None:
    text = TF + (
        "s = {0}Summary(value=[\n"
        "    {0}Summary.Value(tag='a', image={0}Summary.Image(encoded_image_string=b)),\n"
        "    {0}Summary.Value(tag='b', simple_value=1.0),\n"
        "])\n"
    )
    works = text.format("tf.compat.v1.")
    assert found(works) == [("TF110", 2, 4)]
    assert "tf.summary.image(name, data, step=step), one for each value," in use(works, "TF110")
    raises = found(text.format("tf."))
    assert raises == [("TF110", 2, 4), ("TF110", 3, 4), ("TF110", 3, 36), ("TF110", 4, 4)]


def test_parsing_a_proto() -> None:
    assert use(f"{TF}s = tf.Summary.FromString(b)\n", "TF110") == "tf.compat.v1.Summary"


@pytest.mark.parametrize(
    ("loop", "reported"),
    [
        ("for value in summary.value:", False),
        ("for value in proto.value:", False),
        ("for value in tf.compat.v1.Summary.FromString(text).value:", False),
        ("for value in self.writer.evaluation.value:", False),
        ("for value in event.summary.value:", True),
        ("for value in e.summary.value:", True),
        ("for value in read(path).summary.value:", True),
        ("for value in next_event().value:", True),
    ],
)
def test_summaries_in_memory_keep_their_simple_values(loop: str, reported: bool) -> None:
    body = 'if value.HasField("simple_value"):\n            print(value.simple_value)'
    text = f"import tensorflow as tf\n\ndef f(summary, self):\n    {loop}\n        {body}\n"
    found = [code for code in codes(text) if code == "TF109"]
    assert found == (["TF109", "TF109"] if reported else [])
    reader = "paths = glob.glob('*tfevents*')\n"
    assert codes(text + reader).count("TF109") == 2
