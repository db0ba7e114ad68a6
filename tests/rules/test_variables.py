"""TF201, TF206, TF207, TF209, TF212, TF214, TF215: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told
from tf2lint.fixes.edits import apply

TF = "import tensorflow as tf\n"


def uses(text: str, code: str, **settings: object) -> list[str]:
    """What the hints of one rule say, in source order."""
    found = findings(text, **settings)
    return [told(f) for f in found if f.code == code]


def fixed(text: str, code: str) -> str:
    """`text` with the edits of the one finding of `code`."""
    (found,) = [f for f in findings(text) if f.code == code]
    assert found.hint is not None
    return apply(text, found.hint.edits)


# Arguments of get_variable, the first argument of tf.Variable and what follows it.
VARIABLES = {
    "'w', [3]": "tf.keras.initializers.GlorotUniform()([3]), name='w'",
    "'w', shape=[3], dtype=tf.int32": "tf.zeros([3], dtype=tf.int32), name='w'",
    "'w', [3], 'bool'": "tf.zeros([3], dtype='bool'), name='w'",
    "'w', [3], tf.string": "tf.zeros([3], dtype=tf.string), name='w'",
    "'w', [3], None, None": "tf.keras.initializers.GlorotUniform()([3]), name='w'",
    "'w', [3], dtype=kind": "tf.keras.initializers.GlorotUniform()([3], dtype=kind), name='w'",
    "'w', [3], tf.float16, tf.zeros_initializer()": ("tf.zeros([3], dtype=tf.float16), name='w'"),
    "'w', [3], initializer=tf.ones_initializer": "tf.ones([3]), name='w'",
    "'w', [3], initializer=tf.initializers.ones()": "tf.ones([3]), name='w'",
    "'w', [3], initializer=tf.constant_initializer(0.5)": ("tf.constant(0.5, shape=[3]), name='w'"),
    # An int would make an int32 variable; TF 1's default was float32.
    "'w', [3], initializer=tf.constant_initializer(1)": (
        "tf.constant(1, shape=[3], dtype=tf.float32), name='w'"
    ),
    "'w', [3], initializer=tf.constant_initializer(table)": (
        "tf.constant_initializer(table)([3], dtype=tf.float32), name='w'"
    ),
    "'w', [3], initializer=tf.random_normal_initializer(0.0, 0.1, seed=4)": (
        "tf.random.normal([3], mean=0.0, stddev=0.1, seed=4), name='w'"
    ),
    "'w', [3], initializer=tf.random_uniform_initializer(-1, 1, dtype=tf.float32)": (
        "tf.random.uniform([3], minval=-1, maxval=1), name='w'"
    ),
    "'w', [3], initializer=tf.truncated_normal_initializer(stddev=0.1)": (
        "tf.random.truncated_normal([3], stddev=0.1), name='w'"
    ),
    "'w', [3], initializer=tf.variance_scaling_initializer(2.0)": (
        "tf.keras.initializers.VarianceScaling(scale=2.0)([3]), name='w'"
    ),
    "'w', [3], initializer=tf.uniform_unit_scaling_initializer(2)": (
        'tf.keras.initializers.VarianceScaling(scale=2 ** 2, mode="fan_in",'
        " distribution=\"uniform\")([3]), name='w'"
    ),
    "'w', [3], initializer=tf.keras.initializers.RandomNormal()": (
        "tf.keras.initializers.RandomNormal()([3]), name='w'"
    ),
    "'w', [3], initializer=tf.contrib.layers.xavier_initializer()": (
        "tf.keras.initializers.GlorotUniform()([3]), name='w'"
    ),
    # What cannot be told stays a word.
    "'w', [3], initializer=tf.contrib.layers.variance_scaling_initializer()": (
        "initializer([3]), name='w'"
    ),
    "'w', [3], initializer=tf.random_normal_initializer(**kw)": "initializer([3]), name='w'",
    "'w', [3], initializer=lambda shape, dtype: 0": "initializer([3]), name='w'",
    "'w', [3], initializer=init": "init([3]), name='w'",
    "'w', [3], tf.int64, initializer=self.make('w')": (
        "self.make('w')([3], dtype=tf.int64), name='w'"
    ),
    # No shape: the initializer is the value.
    "'w', initializer=tf.zeros([2])": "tf.zeros([2]), name='w'",
    "'w', initializer=0, dtype=tf.int64, trainable=False": (
        "0, dtype=tf.int64, trainable=False, name='w'"
    ),
    "'w'": "initial_value, name='w'",
    # Dropped, and kept.
    "'w', [3], collections=['c'], use_resource=True, partitioner=p, custom_getter=g": (
        "tf.keras.initializers.GlorotUniform()([3]), name='w'"
    ),
    "'w', [3], constraint=c, caching_device=d, validate_shape=v": (
        "tf.keras.initializers.GlorotUniform()([3]), validate_shape=v, caching_device=d,"
        " name='w', constraint=c"
    ),
}


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("given", VARIABLES)
def test_get_variable_arguments_are_mapped(given: str, target: str) -> None:
    text = f"{TF}v = tf.get_variable({given})\n"
    expected = f"tf.Variable({VARIABLES[given]}), made once"
    if "custom_getter" in given:
        expected += ". It leaves out custom_getter=g"
    assert uses(text, "TF201", target_version=target) == [expected]


def test_get_variable_of_the_unknown_is_not_made_up() -> None:
    assert (
        uses(f"{TF}tf.get_variable(*args)\ntf.get_variable('w', **kw)\n", "TF201")
        == ["tf.Variable(initializer(shape), name=...), made once"] * 2
    )
    assert uses(f"{TF}make = tf.get_variable\n", "TF201") == [
        "tf.Variable(initializer(shape), name=...), made once"
    ]


def test_get_variable_says_where_the_regularizer_goes() -> None:
    (use,) = uses(f"{TF}tf.get_variable('w', [3], regularizer=r)\n", "TF201")
    assert use.endswith(". Add its regularizer to the loss")
    (use,) = uses(f"{TF}tf.get_variable('w', [3], regularizer=None)\n", "TF201")
    assert "regularizer" not in use


def test_the_scope_may_bring_the_initializer() -> None:
    text = (
        f"{TF}with tf.variable_scope('s', initializer=tf.zeros_initializer()):\n"
        "    tf.get_variable('w', [3])\n"
    )
    assert uses(text, "TF201") == ["tf.Variable(initializer([3]), name='w'), made once"]


def test_a_call_too_long_to_show_is_cut() -> None:
    shape = ", ".join(f"dimension_number_{n}" for n in range(6))
    text = (
        f"{TF}tf.get_variable('a_long_name_of_a_variable', [{shape}],"
        " initializer=tf.uniform_unit_scaling_initializer(factor=some_long_factor, seed=seed))\n"
    )
    (use,) = uses(text, "TF201")
    assert use == (
        "tf.Variable(tf.keras.initializers.VarianceScaling(scale=some_long_factor ** 2, "
        'mode="fan_in", distribution="uniform", seed=seed)(...), name=...), made once'
    )


def test_local_variables_are_not_trained() -> None:
    assert uses(f"{TF}tf.get_local_variable('w', [3], trainable=True)\n", "TF201") == [
        "tf.Variable(tf.keras.initializers.GlorotUniform()([3]), trainable=False, name='w'),"
        " made once"
    ]


def test_in_a_keras_layer_add_weight_is_the_way() -> None:
    text = (
        f"{TF}class Base(tf.keras.Model):\n    pass\n"
        "class Net(Base):\n    def call(me, x):\n"
        "        return tf.get_variable('w', [3], initializer=init, trainable=False)\n"
    )
    assert uses(text, "TF201") == [
        "me.add_weight(name='w', shape=[3], initializer=init, trainable=False) in build()"
    ]


def test_get_variable_through_compat_and_imports() -> None:
    text = "from tensorflow import get_variable as gv\nimport tensorflow.compat.v1 as v1\ngv('w', [1])\nv1.get_variable('w', [1])\n"
    found = [f for f in findings(text) if f.code == "TF201"]
    assert [(place(f), f.status) for f in found] == [
        ((1, 23, 1, 41), "removed"),
        ((3, 0, 3, 2), "removed"),
        ((4, 0, 4, 15), "compat"),
    ]
    assert "reuses nothing under eager execution" in said(found[2])
    assert codes(text.replace("\ngv", "\n#"), allow_compat_v1=True).count("TF201") == 1


def test_what_is_not_tensorflow_is_left_alone() -> None:
    text = (
        "import tensorflow as tf\nimport other\n"
        "def f(tf):\n    tf.get_variable('w', [1])\n    tf.assign(1, 2)\n"
        "other.get_variable('w')\nother.Variable(0, colections=1)\n"
        "w = other.thing()\nw.eval()\nw.load(3)\nw.initializer\nw.op.name\n"
    )
    assert codes(text) == []


def test_variables_of_tf2_are_left_alone() -> None:
    text = (
        f"{TF}v = tf.Variable(0.0, True, True, None, 'v', dtype=tf.float32)\n"
        "w = tf.Variable(0.0, trainable=False, aggregation=tf.VariableAggregation.SUM)\n"
        "x = tf.Variable(*args, **kw)\n"
        "v.assign(1.0)\nv.assign_add(1.0, use_locking=True)\nv.numpy()\nv.read_value()\n"
        "v.value()\nv.ref()\nv.name\nv.shape\nv.dtype\nv.device\n"
        "v.scatter_update(tf.IndexedSlices(u, i))\nv.scatter_nd_add(i, u)\n"
    )
    assert codes(text) == []


# --- TF206 ---

ASSIGNMENTS = {
    "tf.assign(v, x)": "v.assign(x)",
    "tf.assign(ref=v, value=x, use_locking=True, name='n')": "v.assign(x)",
    "tf.assign(a if b else c, x)": "(a if b else c).assign(x)",
    "tf.assign(v, x, validate_shape=False)": (
        "v.assign(x) on a tf.Variable made with shape=tf.TensorShape(None)"
    ),
    "tf.assign_sub(self.v, x)": "self.v.assign_sub(x)",
    "tf.scatter_add(v, i, u)": "v.scatter_add(tf.IndexedSlices(u, i))",
    "tf.scatter_max(v, updates=u, indices=i)": "v.scatter_max(tf.IndexedSlices(u, i))",
    "tf.batch_scatter_update(v, i, u)": "v.batch_scatter_update(tf.IndexedSlices(u, i))",
    "tf.scatter_nd_update(v, i, u)": "v.scatter_nd_update(i, u)",
    "tf.scatter_nd_sub(v, i, u, True)": "v.scatter_nd_sub(i, u)",
    "tf.count_up_to(v, 10)": "v.assign_add(1) and a comparison with the limit",
}


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("call", ASSIGNMENTS)
def test_assigning_functions_are_methods(call: str, target: str) -> None:
    assert uses(f"{TF}{call}\n", "TF206", target_version=target) == [ASSIGNMENTS[call]]


def test_assign_of_a_long_expression() -> None:
    text = f"{TF}tf.scatter_update(self.{'memory_' * 6}[index], {'u' * 30}, {'i' * 30})\n"
    assert uses(text, "TF206") == [
        "self.memory_memory_memory_memory_memory_memory_[index]"
        f".scatter_update(tf.IndexedSlices({'i' * 30}, {'u' * 30}))"
    ]


def test_assign_without_a_call() -> None:
    assert uses(f"{TF}f = tf.assign\n", "TF206") == ["ref.assign(value)"]
    assert uses(f"{TF}import tensorflow.compat.v1 as v1\nv1.assign(v, 1)\n", "TF206") == [
        "v.assign(1)"
    ]


# --- TF207 ---


def test_swallowed_keywords_before_and_after_2_13() -> None:
    text = f"{TF}tf.Variable(0, use_resource=True, expected_shape=[], bogus=1)\n"
    (one, two, three) = findings(text)
    assert [place(f)[1:] for f in (one, two, three)] == [(15, 2, 32), (34, 2, 51), (53, 2, 60)]
    assert {f.code for f in (one, two, three)} == {"TF207"}
    assert {f.status for f in (one, two, three)} == {"changed"}
    assert said(one) == (
        "tf.Variable(use_resource=) is ignored in TF 2.21. Delete it: every TF 2 variable is a resource variable"
    )
    assert "Use shape=[]" in said(two)
    (old, *_) = findings(text, target_version="2.12")
    assert old.status == "removed"
    assert "raises TypeError in TF 2.12" in said(old)


def test_a_misspelt_keyword_gets_a_guess() -> None:
    assert uses(f"{TF}tf.Variable(0, trainble=False)\n", "TF207") == ["trainable="]
    assert uses(f"{TF}tf.Variable(0, zzz=False)\n", "TF207") == [
        "one of the arguments that TF 2 knows"
    ]


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ("x, True, ['c']", 21),
        ("x, True, (KEY,)", 21),
        ("x, True, ['c'], False", 21),
        ("x, True, None, True", 27),
        ("x, True, None, None, None, 'name'", 39),
    ],
)
def test_positions_in_tf1_order(given: str, column: int) -> None:
    (found,) = findings(f"{TF}tf.Variable({given})\n")
    assert (found.code, found.column, found.status) == ("TF207", column, "changed")


@pytest.mark.parametrize(
    "given", ["x, True", "x, True, True", "x, True, validate", "x, True, None, dev, 'name'",
              "*x, True, ['c']"]
)  # fmt: skip
def test_positions_that_may_be_of_tf2(given: str) -> None:
    assert codes(f"{TF}tf.Variable({given})\n") == []


def test_positions_are_rewritten_with_keywords() -> None:
    text = f"{TF}tf.Variable(x, False, None, True, None, 'w', None, tf.int32)\n"
    assert uses(text, "TF207") == [
        "tf.Variable(x, trainable=False, validate_shape=True, caching_device=None, name='w',"
        " dtype=tf.int32)"
    ]


def test_arguments_of_the_v1_variable_are_its_own() -> None:
    text = f"{TF}tf.compat.v1.Variable(0, collections=[], use_resource=True)\n"
    assert "TF207" not in codes(text)


def test_variable_keywords_are_edited_away() -> None:
    text = f"{TF}v = tf.Variable(0, use_resource=True, name='v')\n"
    assert fixed(text, "TF207") == f"{TF}v = tf.Variable(0, name='v')\n"
    text = f"{TF}v = tf.Variable(0, expected_shape=[])\n"
    assert fixed(text, "TF207") == f"{TF}v = tf.Variable(0, shape=[])\n"


# --- TF209 ---


def test_methods_of_variables() -> None:
    text = (
        f"{TF}class Net:\n"
        "    def __init__(self):\n        self.w = tf.Variable(0)\n"
        "    def run(self, sess):\n"
        "        self.w.eval(sess)\n"
        "        self.w.load(3, sess)\n"
        "        self.w.op.name\n"
        "        self.w.op.type\n"
        "        self.w.count_up_to(9)\n"
        "        self.w.initialized_value()\n"
        "        sess.run(self.w.initializer)\n"
        "        self.w.graph, self.w.initial_value, self.w.to_proto()\n"
    )
    found = [f for f in findings(text) if f.code == "TF209"]
    assert [(f.line, told(f)) for f in found] == [
        (6, "self.w.numpy()"),
        (7, "self.w.assign(3)"),
        (8, 'self.w.name.split(":")[0]'),
        (9, "self.w.name"),
        (10, "self.w.assign_add(1) and a comparison with the limit"),
        (11, "self.w.read_value()"),
        (12, "Delete it: the variable has its value once it is made"),
        (13, "Delete it: the variable is a Python object"),
        (13, "a copy of the first value that you keep yourself"),
        (13, "tf.train.Checkpoint, which saves the variable itself"),
    ]
    assert {f.confidence for f in found} == {"high"}
    assert place(found[2]) == (8, 8, 8, 17)


def test_initialized_value_of_the_unknown() -> None:
    text = f"{TF}def f(v):\n    return v.initialized_value(), v.initialized_value(1)\n"
    (found,) = findings(text)
    assert (found.code, found.confidence) == ("TF209", "low")
    assert "since TF 2.13" in said(found)
    assert "since" not in said(findings(text, target_version="2.12")[0])
    assert findings(text, unknown_receivers=False) == []


def test_v1_variables_keep_their_methods() -> None:
    """All but `eval`, which needs a session to work."""
    text = f"{TF}v = tf.compat.v1.Variable(0)\nv.initializer\nv.load(1)\n"
    assert "TF209" not in codes(text)
    assert "TF209" in codes(f"{text}v.eval(session=s)\n")


# --- TF212 ---


def test_partitioners() -> None:
    text = (
        f"{TF}tf.variable_axis_size_partitioner(1024, max_shards=4)\n"
        "tf.min_max_variable_partitioner(2, min_slice_size=1024)\n"
        "tf.create_partitioned_variables(shape, slices, init)\n"
    )
    prefix = "tf.distribute.experimental.partitioners"
    suffix = "as variable_partitioner="
    assert uses(text, "TF212") == [
        f"{prefix}.MaxSizePartitioner(1024, max_shards=4) {suffix}",
        f"{prefix}.MinSizePartitioner(min_shard_bytes=1024, max_shards=2) {suffix}",
        "one tf.Variable, which a ParameterServerStrategy may split",
    ]
    assert (
        uses(text, "TF212", target_version="2.3")[:2]
        == ["Delete it: one tf.Variable holds all of it"] * 2
    )


# --- TF214, TF215 ---

LAYER = f"{TF}class Net(tf.keras.layers.Layer):\n    def build(self, shape):\n        "


def test_add_weight_keywords_that_keras_3_refuses() -> None:
    text = f"{LAYER}self.add_weight(name='w', use_resource=True, experimental_autocast=False)\n"
    found = findings(text)
    assert [(f.code, place(f)[1]) for f in found] == [("TF214", 34), ("TF214", 53)]
    assert found[1].hint is not None
    assert told(found[1]) == "autocast=False"
    assert findings(text, target_version="2.15") == []


def test_add_weight_of_a_layer_class_and_of_others() -> None:
    assert codes(f"{LAYER}self.add_weight([3], name='w')\n") == []
    assert codes(f"{LAYER}self.add_weight(name='w', shape=[3], **kw)\n") == []
    text = f"{TF}class Graph:\n    def f(self):\n        self.add_weight('edge', 3)\n"
    assert codes(text) == []


def test_add_weight_by_position_is_rewritten() -> None:
    text = f"{LAYER}self.add_weight('w', (3,), 'float32', init)\n"
    assert uses(text, "TF214") == [
        "self.add_weight(name='w', shape=(3,), dtype='float32', initializer=init)"
    ]
    assert codes(text, target_version="2.15") == []


def test_add_variable_as_keras_3_wants_it() -> None:
    call = LAYER + "self.add_variable(shape=(), initializer='zeros', name='w'{})\n"
    assert codes(call.format("")) == []
    assert codes(call.format(", partitioner=p")) == ["TF214"]
    assert codes(call.format(""), target_version="2.15") == ["TF214"]


def test_add_variable_is_old_everywhere() -> None:
    text = f"{LAYER}self.add_variable('w', [3])\n"
    assert uses(text, "TF214") == ["self.add_weight(name='w', shape=[3])"]
    (old,) = findings(text, target_version="2.15")
    assert "is a deprecated name of add_weight" in said(old)


def test_variables_on_keras_3_objects() -> None:
    text = f"{LAYER}self.w = tf.Variable(0.0)\n"
    assert codes(text) == ["TF215"]
    assert codes(text, target_version="2.15") == []
    for fine in (
        f"{LAYER}self.w = tf.Variable(0.0, trainable=False)\n",
        f"{LAYER}w = tf.Variable(0.0)\n",
        f"{LAYER}other.w = tf.Variable(0.0)\n",
        f"{TF}class Net(tf.Module):\n    def f(self):\n        self.w = tf.Variable(0.0)\n",
        f"{TF}class Net:\n    def f(self):\n        self.w = tf.Variable(0.0)\n",
    ):
        assert codes(fine) == []


def test_add_weight_hints_are_cut_after_what_can_be_read_and_leave_out_no_shape() -> None:
    text = f"""{LAYER}self.add_weight("total", shape=None, initializer="zeros")
        self.add_weight("kernel", shape=self._shape_of_the_kernel, dtype=self.dtype,
            initializer=self._initializer_of_it, regularizer=self._regularizer_of_it)
"""
    hints = [told(f) for f in findings(text) if f.hint is not None]
    assert hints == [
        'self.add_weight(name="total", initializer="zeros")',
        'self.add_weight(name="kernel", shape=self._shape_of_the_kernel, dtype=self.dtype, '
        "initializer=self._initializer_of_it, regularizer=self._regularizer_of_it)",
    ]


def test_nothing_is_said_of_eager_execution_in_a_graph() -> None:
    graph = TF + "v = tf.compat.v1.get_variable('v', [])\nw = tf.Variable(3.0)\n"
    text = graph + "s.run(w.initializer)\nprint(w.eval(), w.op.name)\n"
    assert codes(text).count("TF209") == 3
    assert codes(text, allow_compat_v1=True) == []
    eager = text.replace("tf.compat.v1.get_variable('v', [])", "1")
    assert codes(eager, allow_compat_v1=True).count("TF209") == 3
