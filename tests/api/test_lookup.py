"""Facts about TensorFlow that the lookup has to know."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tf2lint.tensorflow import api, graph_mode

FIRST = (2, 0)
NEWEST = api.NEWEST


def test_releases() -> None:
    assert api.RELEASES[0] == FIRST
    assert list(api.RELEASES) == [(2, minor) for minor in range(len(api.RELEASES))]
    assert NEWEST == api.RELEASES[-1] >= (2, 21)


@pytest.mark.parametrize(("text", "version"), [("2.0", (2, 0)), ("2.15.1", (2, 15))])
def test_parse_version(text: str, version: tuple[int, int]) -> None:
    assert api.parse_version(text) == version


@pytest.mark.parametrize(
    "text", ["", "2", "1.15", "2.99", "3.0", "2.x", "2.1.0.0", "v2.3", "2.-1", "2.٣", "2.3rc1"]
)
def test_parse_version_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="unknown TensorFlow 2 release") as caught:
        api.parse_version(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "has", "lacks"),
    [
        ("tf.train.Checkpoint", [FIRST, (2, 15), NEWEST], []),
        ("tf.Session", [], [FIRST, NEWEST]),
        ("tf.compat.v1.Session", [FIRST, NEWEST], []),
        ("tf.compat.v2.reshape", [FIRST, NEWEST], []),
        ("tf.compat.v2.Session", [], [FIRST, NEWEST]),
        ("tf.estimator.Estimator", [FIRST, (2, 15)], [(2, 16), NEWEST]),
        ("tf.compat.v1.estimator.Estimator", [FIRST, (2, 15)], [(2, 16), NEWEST]),
        (
            "tf.keras.layers.experimental.preprocessing.Normalization",
            [(2, 3), (2, 15)],
            [FIRST, (2, 16), NEWEST],
        ),
        ("tf.keras.optimizers.legacy.Adam", [(2, 10), (2, 15)], [(2, 3), (2, 16), NEWEST]),
        ("tf.compat.v1.layers.dense", [FIRST, (2, 15)], [(2, 16), NEWEST]),
        ("tf.compat.v1.nn.rnn_cell.LSTMCell", [FIRST, (2, 15)], [(2, 16), NEWEST]),
        ("tf.contrib.slim.conv2d", [], [FIRST, NEWEST]),
        ("tf.keras.losses.mean_squared_error", [FIRST, (2, 15)], [(2, 16), NEWEST]),
        ("tf.keras.losses.MeanSquaredError", [FIRST, (2, 15), NEWEST], []),
        ("tf.losses.MeanSquaredError", [FIRST, (2, 15), NEWEST], []),
        ("tf.compat.v1.flags.DEFINE_string", [FIRST, NEWEST], []),
        ("tf.compat.v1.app.flags.FLAGS", [FIRST, NEWEST], []),
        ("tf.summary.scalar", [FIRST, (2, 15), NEWEST], []),
        ("tf.summary.create_file_writer", [FIRST, NEWEST], []),
        ("tf.summary.FileWriter", [], [FIRST, NEWEST]),
        ("tf.__version__", [FIRST, NEWEST], []),
        ("tf.keras.__version__", [FIRST, NEWEST], []),
        ("tf.compat.v1", [FIRST, NEWEST], []),
        ("tf", [FIRST, NEWEST], []),
        ("tf.dtensor", [], [FIRST, NEWEST]),
        ("tf.python", [], [FIRST, NEWEST]),
        ("tf.", [], [FIRST, NEWEST]),
        ("tensorflow.reshape", [], [NEWEST]),
        ("", [], [NEWEST]),
        ("tf..reshape", [], [NEWEST]),
        ("tf.reshape.", [], [NEWEST]),
        ("tf.réshape", [], [NEWEST]),
        # members
        ("tf.data.Dataset.make_one_shot_iterator", [], [FIRST, NEWEST]),
        ("tf.compat.v1.data.Dataset.make_one_shot_iterator", [FIRST, NEWEST], []),
        ("tf.data.Dataset.map", [FIRST, NEWEST], []),
        ("tf.data.TFRecordDataset.map", [FIRST, NEWEST], []),
        ("tf.keras.layers.Dense.count_params", [FIRST, NEWEST], []),
        ("tf.keras.Model.fit_generator", [FIRST, (2, 15)], [(2, 16), NEWEST]),
        ("tf.keras.Model.to_yaml", [FIRST], [(2, 3), NEWEST]),
        ("tf.keras.optimizers.Adam.minimize", [FIRST, (2, 15)], [(2, 16), NEWEST]),
        ("tf.compat.v1.train.AdamOptimizer.compute_gradients", [FIRST, NEWEST], []),
        ("tf.Tensor.eval", [FIRST, NEWEST], []),
        ("tf.Variable.initialized_value", [FIRST, (2, 15)], []),
        ("tf.Variable.nothing", [], [FIRST, NEWEST]),
    ],
)
def test_exists(name: str, has: list[tuple[int, int]], lacks: list[tuple[int, int]]) -> None:
    assert [v for v in has if not api.exists(name, v)] == []
    assert [v for v in lacks if api.exists(name, v)] == []


@pytest.mark.parametrize(
    ("name", "target", "answer"),
    [
        ("tf.layers.dense", (2, 15), True),
        ("tf.layers.dense", (2, 16), False),
        ("tf.layers.dense", NEWEST, False),
        ("tf.layers", (2, 15), True),
        ("tf.layers", NEWEST, False),
        ("tf.nn.rnn_cell", NEWEST, False),
        ("tf.nn.rnn_cell.LSTMCell", NEWEST, False),
        ("tf.nn.dynamic_rnn", NEWEST, True),
        ("tf.Session", NEWEST, True),
        ("tf.Session.run", NEWEST, True),
        ("tf.train.AdamOptimizer.minimize", NEWEST, True),
        ("tf.estimator.Estimator", (2, 15), True),
        ("tf.estimator.Estimator", NEWEST, False),
        ("tf.keras.backend.get_session", (2, 15), True),
        ("tf.keras.backend.get_session", NEWEST, False),
        ("tf.contrib.layers.conv2d", FIRST, False),
    ],
)
def test_in_compat_v1(name: str, target: tuple[int, int], answer: bool) -> None:
    assert api.in_compat_v1(name, target) is answer
    assert api.in_compat_v1("tf.compat.v1" + name[2:], target) is answer
    if target == NEWEST and not answer:
        found = api.symbol(name)
        assert found is not None
        assert not found.works_v1


@pytest.mark.parametrize(
    ("name", "stub", "real"),
    [
        ("tf.keras.optimizers.legacy.Adam", [(2, 16), NEWEST], [(2, 15)]),
        ("tf.optimizers.legacy.SGD", [(2, 16), NEWEST], [(2, 15)]),
        ("tf.compat.v1.keras.optimizers.legacy.Adam", [(2, 16), NEWEST], []),
        ("tf.compat.v1.optimizers.legacy.Adam", [], [FIRST, NEWEST]),
        ("tf.keras.models.model_from_yaml", [(2, 3), (2, 15)], [FIRST, (2, 16)]),
        ("tf.keras.Model.to_yaml", [(2, 3), (2, 15)], [FIRST, NEWEST]),
        ("tf.Variable", [], [FIRST, NEWEST]),
        ("tf.reshape", [], [FIRST, NEWEST]),
    ],
)
def test_stub(name: str, stub: list[tuple[int, int]], real: list[tuple[int, int]]) -> None:
    assert [v for v in stub if not api.stub(name, v) or api.exists(name, v)] == []
    assert [v for v in real if api.stub(name, v)] == []


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("tf.reshape", True),
        ("tf.cast", True),
        ("tf.float32", True),
        ("tf.keras.layers.Dense", True),
        ("tf.math.log", True),
        ("tf.train.Checkpoint", False),
        ("tf.data.Dataset", False),
        ("tf.reduce_sum", False),
        ("tf.nn.conv2d", False),
        ("tf.nn.relu", True),
        ("tf.bitwise", True),
        ("tf.nn", False),
        ("tf.Session", False),
        ("tf.log", False),
        ("tf.nothing", False),
        ("tf", False),
    ],
)
def test_same(name: str, answer: bool) -> None:
    assert api.same(name) is answer


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("tf.log", "tf.math.log"),
        ("tf.compat.v1.log", "tf.math.log"),
        ("tf.random_normal", "tf.random.normal"),
        ("tf.FixedLenFeature", "tf.io.FixedLenFeature"),
        ("tf.gfile.GFile", "tf.io.gfile.GFile"),
        ("tf.matrix_inverse", "tf.linalg.inv"),
        ("tf.python_io.TFRecordWriter", "tf.io.TFRecordWriter"),
        ("tf.mod", "tf.math.mod"),
        ("tf.VERSION", "tf.version.VERSION"),
        ("tf.contrib.framework.nest.flatten", "tf.nest.flatten"),
        ("tf.FIFOQueue.enqueue", "tf.queue.FIFOQueue.enqueue"),
        ("tf.Session", ""),
        ("tf.reshape", ""),
        ("tf.decode_csv", ""),
        ("tf.contrib.layers.conv2d", ""),
        ("tf.nothing", ""),
    ],
)
def test_canonical(name: str, answer: str) -> None:
    assert api.canonical(name) == answer


def test_related() -> None:
    assert api.related("tf.decode_csv") == "tf.io.decode_csv"
    assert api.related("tf.glorot_uniform_initializer") == "tf.initializers.glorot_uniform"
    assert api.related("tf.log") == ""
    assert api.related("tf.Session") == ""


def shown(name: str, namespace: str, target: tuple[int, int]) -> str:
    found = api.signature(name, namespace, target)
    assert found is not None
    return str(found)


@pytest.mark.parametrize(
    ("name", "namespace", "target", "text"),
    [
        (
            "tf.nn.conv2d",
            "tf1",
            NEWEST,
            "input, filter=None, strides=None, padding=None, use_cudnn_on_gpu=True,"
            " data_format='NHWC', dilations=[1, 1, 1, 1], name=None, filters=None",
        ),
        (
            "tf.nn.conv2d",
            "v2",
            NEWEST,
            "input, filters, strides, padding, data_format='NHWC', dilations=None, name=None",
        ),
        (
            "tf.reduce_sum",
            "v1",
            NEWEST,
            "input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None,"
            " keep_dims=None",
        ),
        ("tf.reduce_sum", "v2", FIRST, "input_tensor, axis=None, keepdims=False, name=None"),
        ("tf.keras.layers.Dropout", "tf1", NEWEST, "rate, noise_shape=None, seed=None, **kwargs"),
        ("tf.keras.layers.Dropout", "v2", (2, 15), "rate, noise_shape=None, seed=None, **kwargs"),
        ("tf.keras.layers.Dropout", "v2", NEWEST, "rate, noise_shape=None, seed=None, **kwargs"),
        ("tf.data.Dataset.map", "tf1", NEWEST, "map_func, num_parallel_calls=None"),
        ("tf.Session", "tf1", NEWEST, "target='', graph=None, config=None"),
        (
            "tf.Session.run",
            "tf1",
            NEWEST,
            "fetches, feed_dict=None, options=None, run_metadata=None",
        ),
        ("tf.data.Dataset.from_tensor_slices", "tf1", NEWEST, "tensors"),
        ("tf.data.Dataset.make_one_shot_iterator", "v1", NEWEST, ""),
    ],
)
def test_signature(name: str, namespace: str, target: tuple[int, int], text: str) -> None:
    assert shown(name, namespace, target) == text


def test_signature_unknown() -> None:
    assert api.signature("tf.Session", "v2", NEWEST) is None
    assert api.signature("tf.nothing", "v2", NEWEST) is None
    assert api.signature("tf.float32", "v2", NEWEST) is None
    assert api.signature("tf.nn", "tf1", NEWEST) is None
    assert api.signature("tf.estimator.Estimator", "v1", NEWEST) is None
    assert api.signature("tf.estimator.Estimator", "v1", (2, 15)) is not None
    assert api.signature("tf.keras.layers.MultiHeadAttention", "v2", (2, 3)) is None
    assert api.signature("tf.Tensor.op", "v2", NEWEST) is None


def test_signature_of_a_compat_name() -> None:
    spelled = api.signature("tf.compat.v1.reduce_sum", "v2", NEWEST)
    assert spelled is api.signature("tf.reduce_sum", "v1", NEWEST) or str(spelled) == shown(
        "tf.reduce_sum", "v1", NEWEST
    )


def test_signature_questions() -> None:
    conv = api.signature("tf.nn.conv2d", "v2", NEWEST)
    assert conv is not None
    assert conv.names[:3] == ("input", "filters", "strides")
    assert conv.required == ("input", "filters", "strides", "padding")
    assert conv.positional == conv.names
    assert conv.accepts("filters")
    assert not conv.accepts("filter")
    assert not conv.has_var_keyword
    dense = api.signature("tf.keras.layers.Dense", "v2", NEWEST)
    assert dense is not None
    assert dense.has_var_keyword
    assert dense.accepts("anything")
    config = api.signature("tf.ConfigProto", "tf1", NEWEST)
    assert config is not None
    assert config.accepts("allow_soft_placement")
    assert not config.accepts("growth")
    assert config.positional == ()
    name = conv.get("name")
    assert name is not None
    assert (name.kind, name.default) == ("pos_or_kw", "None")
    assert conv.get("nothing") is None


def test_raw_operations_take_keywords_only() -> None:
    found = api.signature("tf.raw_ops.Add", "v2", NEWEST)
    assert found is not None
    assert found.positional == ()
    assert found.accepts("x")


@pytest.mark.parametrize("name", [
    "tf.RunOptions.FULL_TRACE", "tf.RunOptions.trace_level", "tf.OptimizerOptions.ON_1",
    "tf.SessionLog.START", "tf.AttrValue.f",
])  # fmt: skip
def test_messages_have_fields_that_protobuf_does_not_list(name: str) -> None:
    assert all(api.in_compat_v1(name, release) for release in api.RELEASES)
    assert not api.exists(name, NEWEST)
    assert not api.in_compat_v1(f"{name}_not", NEWEST)


def test_records_are_read_only() -> None:
    found = api.symbol("tf.Session")
    assert found is not None
    with pytest.raises(AttributeError):
        found.name = "tf.other"
    assert "tf.Session" in repr(found)


def test_symbol() -> None:
    found = api.symbol("tf.train.AdamOptimizer")
    assert found is not None
    assert (found.kind, found.tf1, found.v2) == ("class", True, ())
    assert found.v1 == api.RELEASES
    assert found.works_v1
    assert found.bases[0] == "tf.train.Optimizer"
    assert api.symbol("tf.compat.v1.train.AdamOptimizer") == found
    alias = api.symbol("tf.FixedLenFeature")
    assert alias is not None
    assert alias.bases == ("tf.io.FixedLenFeature",)
    member = api.symbol("tf.train.AdamOptimizer.minimize")
    assert member is not None
    assert (member.kind, member.tf1, member.v2, member.returns) == (
        "method",
        True,
        (),
        "tf.Operation",
    )
    assert api.symbol("tf.nothing") is None
    assert api.symbol("tf.Session.nothing") is None
    assert api.symbol("tf.Session.run.nothing") is None
    assert api.symbol("tf." + "a." * 5000 + "b") is None


@pytest.mark.parametrize(
    ("name", "returns"),
    [
        ("tf.placeholder", "tf.Tensor"),
        ("tf.get_variable", "tf.Variable"),
        ("tf.data.Dataset.make_one_shot_iterator", "tf.data.Iterator"),
        ("tf.data.TFRecordDataset.batch", "tf.data.Dataset"),
        ("tf.data.Dataset.reduce", ""),
        ("tf.global_variables_initializer", "tf.Operation"),
        ("tf.get_default_graph", "tf.Graph"),
        ("tf.train.import_meta_graph", "tf.train.Saver"),
        ("tf.Tensor.get_shape", "tf.TensorShape"),
        ("tf.summary.merge_all", "tf.Tensor"),
        ("tf.metrics.mean", ""),
        ("tf.split", ""),
        ("tf.nn.dynamic_rnn", ""),
        ("tf.Session", ""),
        ("tf.Session.run", ""),
    ],
)
def test_returns(name: str, returns: str) -> None:
    found = api.symbol(name)
    assert found is not None
    assert found.returns == returns


@pytest.mark.parametrize(
    "name",
    [
        "tf.contrib",
        "tf.contrib.slim",
        "tf.contrib.slim.learning.train",
        "tf.contrib.slim.nets",
        "tf.contrib.layers.xavier_initializer",
        "tf.contrib.rnn.BasicLSTMCell",
        "tf.contrib.framework.nest.map_structure",
        "tf.contrib.learn.datasets.mnist.read_data_sets",
        "tf.contrib.tensorboard.plugins.projector.ProjectorConfig",
        "tf.contrib.data.AUTOTUNE",
        "tf.contrib.opt.AdaMaxOptimizer",
        "tf.contrib.tpu.TPUEstimator",
        "tf.contrib.crf.crf_log_likelihood",
        "tf.contrib.seq2seq.BasicDecoder",
        "tf.contrib.keras.layers.Dense",
        "tf.pywrap_tensorflow.NewCheckpointReader",
        "tf.GraphKeys.GLOBAL_VARIABLES",
        "tf.Summary.Value",
        "tf.compat.v1.Session",
        "tf",
    ],
)
def test_known(name: str) -> None:
    assert api.known(name)


@pytest.mark.parametrize(
    "name",
    [
        "tf.contrib.AdamaxOptimizer",
        "tf.contrib.Nadam",
        "tf.contrib.learn.python",
        "tf.contrib.learn.python.learn.datasets.mnist",
        "tf.contrib.slim.absolute_import",
        "tf.contrib.layers.np",
        "tf.sess",
        "np.reshape",
        "tf.reshape.x",
    ],
)
def test_not_known(name: str) -> None:
    assert not api.known(name)
    assert api.symbol(name) is None


def test_children() -> None:
    top = api.children("tf")
    assert list(top) == sorted(top)
    assert {"Session", "contrib", "keras", "reshape", "__version__"} <= set(top)
    assert "contrib.slim" not in top
    assert "conv2d" in api.children("tf.contrib.slim")
    assert api.children("tf.compat.v1.layers") == api.children("tf.layers")
    assert "dense" in api.children("tf.layers")
    assert api.children("tf.nothing") == ()


def test_import_reads_nothing() -> None:
    code = (
        "import sys, tf2lint.tensorflow.api as a\n"
        "from tf2lint.tensorflow import _tables as t\n"
        "assert not (t.NAMES._data or t.MEMBERS._data or t.SIGNATURES._data)\n"
        "assert not {'dataclasses', 'inspect', 'typing', 'tensorflow'} & set(sys.modules)\n"
        "a.exists('tf.Session', a.NEWEST)\n"
        "assert t.NAMES._data and not t.MEMBERS._data and not t.SIGNATURES._data\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(__import__("pathlib").Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_needs_a_graph_is_in_tf_1_and_has_its_aliases() -> None:
    for name in graph_mode.NEEDS:
        found = api.symbol(name)
        assert found is not None, name
        assert found.tf1, name
    assert graph_mode.needed_by("tf.io.PriorityQueue.dequeue")
    assert graph_mode.needed_by("tf.initializers.local_variables")
    assert not graph_mode.needed_by("tf.Variable")
    assert graph_mode.keeps("tf.estimator.Estimator")
    assert not graph_mode.keeps("tf.get_variable")
