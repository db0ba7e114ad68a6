"""TF901, TF902, TF907: names of the surface, in every spelling and under several targets."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told

IMPORT = "import tensorflow as tf\n"


def only(text: str, **settings: object) -> tuple[str, str, str]:
    """Code, status and hint of the one finding on `text` below the import."""
    found = findings(IMPORT + text, **settings)
    assert len(found) == 1, found
    return found[0].code, found[0].status, told(found[0])


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.log(x)", "tf.math.log(x)"),
        ("tf.log(x, name='a')", "tf.math.log(x, name='a')"),
        ("tf.log(*args)", "tf.math.log(*args)"),
        ("tf.log", "tf.math.log"),
        ("tf.to_float(x)", "tf.cast(x, tf.float32)"),
        ("tf.to_int64(x, name='n')", "tf.cast(x, tf.int64, name='n')"),
        ("tf.to_float", "tf.cast(x, tf.float32)"),
        ("tf.random_normal([3], stddev=2.0)", "tf.random.normal([3], stddev=2.0)"),
        ("tf.matrix_inverse(m)", "tf.linalg.inv(m)"),
        ("tf.floor_div(a, b)", "tf.math.floordiv(a, b)"),
        ("tf.arg_max(x, 1)", "tf.argmax(x, 1)"),
        ("tf.arg_max(x, dimension=1)", "tf.argmax(x, axis=1)"),
        ("tf.batch_gather(p, i)", "tf.gather(p, i, batch_dims=-1)"),
        ("tf.count_nonzero(x, keep_dims=True)", "tf.math.count_nonzero(x, keepdims=True)"),
        (
            "tf.confusion_matrix(a, b, 3, tf.int64)",
            "tf.math.confusion_matrix(a, b, 3, dtype=tf.int64)",
        ),
        ("tf.sparse_add(a, b, thresh=0.1)", "tf.sparse.add(a, b, threshold=0.1)"),
        ("tf.string_to_number(s, tf.int32)", "tf.strings.to_number(s, tf.int32)"),
        (
            "tf.extract_image_patches(x, ksizes=k, strides=s, rates=r, padding='SAME')",
            "tf.image.extract_patches(x, sizes=k, strides=s, rates=r, padding='SAME')",
        ),
        (
            "tf.nn.softmax_cross_entropy_with_logits_v2(labels=a, logits=b, dim=1)",
            "tf.nn.softmax_cross_entropy_with_logits(labels=a, logits=b, axis=1)",
        ),
        (
            "tf.image.resize_images(x, [3, 4], method=1)",
            'tf.image.resize(x, [3, 4], method="nearest"). Other numbers: half-pixel centres',
        ),
        ("tf.image.resize_area(x, s)", 'tf.image.resize(x, s, method="area")'),
        (
            "tf.image.resize_bilinear(x, s, half_pixel_centers=True)",
            'tf.image.resize(x, s, method="bilinear")',
        ),
        (
            "tf.sparse_reduce_max_sparse(x, reduction_axes=1, keep_dims=True)",
            "tf.sparse.reduce_max(x, axis=1, keepdims=True, output_is_sparse=True)",
        ),
        ("tf.setdiff1d(a, b)", "tf.raw_ops.ListDiff(x=a, y=b)"),
        ("tf.spectral.rfft(x)", "tf.signal.rfft(x)"),
        ("tf.spectral", "tf.signal"),
        ("tf.manip.roll(x, 1, 0)", "tf.roll(x, 1, 0)"),
        ("tf.NotDifferentiable('A')", "tf.no_gradient('A')"),
        ("tf.FixedLenFeature([], tf.int64)", "tf.io.FixedLenFeature([], tf.int64)"),
        ("tf.mul(a, b)", "tf.math.multiply(a, b)"),
        ("tf.pack([a, b])", "tf.stack([a, b])"),
    ],
)
def test_renamed(call: str, hint: str) -> None:
    assert only(f"{call}\n") == ("TF901", "removed", hint)


def test_lost_arguments_are_named() -> None:
    _, _, hint = only("tf.image.resize_images(x, s, align_corners=True)\n")
    assert hint.startswith("tf.image.resize(x, s). Other numbers: half-pixel centres")
    assert hint.endswith("It leaves out align_corners=True")


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.div(a, b)", "a // b for integers, a / b for floats"),
        ("tf.div(a, 2.0)", "a / 2.0"),
        ("tf.div", "x // y for integers, x / y for floats"),
        ("tf.distributions.Normal(0.0, 1.0)", "tfp.distributions.Normal of tensorflow_probability"),
        ("tf.user_ops.my_fact()", "tf.load_op_library(path)"),
        ("tf.resource_variables_enabled()", "True: it is always so in TF 2"),
        ("tf.experimental.output_all_intermediates(True)",
         "tf.compat.v1.experimental.output_all_intermediates"),
    ],
)  # fmt: skip
def test_removed(call: str, hint: str) -> None:
    assert only(f"{call}\n") == ("TF902", "removed", hint)


def test_what_is_left_in_compat_v1_is_said() -> None:
    message = findings(IMPORT + "tf.compat.v1.delete_session_tensor(h)\n")[0].message
    assert message == (
        "`tf.compat.v1.delete_session_tensor` lives on in `compat.v1` only."
        " Delete it: eager tensors are values."
    )


def test_compat_v1_may_be_allowed() -> None:
    text = IMPORT + "a = tf.compat.v1.log(x)\nb = tf.log(x)\n"
    found = findings(text, allow_compat_v1=True)
    assert [(f.line, f.code) for f in found] == [(3, "TF901")]


def test_the_same_object_is_silent_through_compat_v1() -> None:
    assert codes(IMPORT + "tf.compat.v1.reshape(x, [1])\ntf.compat.v1.math.log(x)\n") == []


def test_import_spellings() -> None:
    text = """\
from tensorflow import log, reshape, to_float as flt
from tensorflow.spectral import fft
import tensorflow.manip
import tensorflow.spectral as spectral
"""
    found = findings(text)
    assert [(f.code, place(f)) for f in found] == [
        ("TF901", (1, 23, 1, 26)),
        ("TF901", (1, 37, 1, 52)),
        ("TF901", (2, 32, 2, 35)),
        ("TF901", (3, 7, 3, 23)),
        ("TF901", (4, 7, 4, 38)),
    ]


def test_a_name_that_only_moved_is_reported_where_it_comes_from() -> None:
    text = "from tensorflow import log, to_float\ny = log(x)\nz = to_float(x)\n"
    assert [(f.line, f.code) for f in findings(text)] == [(1, "TF901"), (1, "TF901"), (3, "TF901")]


def test_the_alias_of_the_module_is_used() -> None:
    found = findings("import tensorflow as T\nT.to_float(x)\n")
    assert said(found[0]) == "T.to_float was renamed in TF 2. Use T.cast(x, T.float32)"


def test_one_finding_for_a_chain() -> None:
    text = IMPORT + "y = tf.spectral.fft(tf.to_float(x)).shape\n"
    assert codes(text) == ["TF901", "TF901"]


def test_guarded_code_is_left_alone() -> None:
    text = IMPORT + "log = tf.math.log if hasattr(tf.math, 'log') else tf.log\n"
    assert codes(text) == []
    assert codes(text, report_guarded=True) == ["TF901"]


@pytest.mark.parametrize(
    ("name", "target", "expected"),
    [
        ("tf.keras.layers.experimental.preprocessing.Rescaling", "2.15", []),
        ("tf.data.experimental.StatsAggregator", "2.5", []),
        ("tf.data.experimental.StatsAggregator", "2.6", ["TF907"]),
        ("tf.lookup.experimental.DatasetInitializer", "2.3", []),
        ("tf.lookup.experimental.DatasetInitializer", "2.15", ["TF907"]),
        ("tf.lookup.experimental.DatasetInitializer", "2.0", []),
        ("tf.types.experimental.TracingContext", "2.21", ["TF907"]),
        ("tf.keras.ops.matmul", "2.3", []),
        ("tf.numpy_function", "2.0", []),
    ],
)
def test_names_that_came_and_went(name: str, target: str, expected: list[str]) -> None:
    assert codes(f"{IMPORT}{name}\n", target_version=target) == expected


@pytest.mark.parametrize("target", ["2.3", "2.15", "2.21"])
def test_what_keras_3_took(target: str) -> None:
    there = target != "2.21"
    for name in (
        "tf.estimator.Estimator", "tf.keras.optimizers.legacy.Adam",
        "tf.keras.layers.experimental.preprocessing.Rescaling",
    ):  # fmt: skip
        if name == "tf.keras.optimizers.legacy.Adam" and target == "2.3":
            continue  # not there yet
        found = findings(f"{IMPORT}{name}\n", target_version=target)
        status = [f.status for f in found]
        assert status == ([] if there else ["removed"]) or name.startswith("tf.estimator")
        assert not found or "removed" in status or there
    found = findings(f"{IMPORT}tf.compat.v1.layers.dense(x, 3)\n", target_version=target)
    assert [f.status for f in found] == ["compat" if there else "removed"]


def test_the_release_that_dropped_it_is_named() -> None:
    message = findings(IMPORT + "tf.data.experimental.StatsOptions()\n")[0].message
    assert "was removed in TF 2.6" in message


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("def f(op: tf.Operation):\n    op.traceback_with_start_lines\n", "2.21", ["TF907"]),
        ("t = tf.lookup.StaticHashTable(i, 0)\nt.initializer\n", "2.21", ["TF902"]),
        ("t = tf.lookup.StaticHashTable(i, 0)\nt.lookup(x)\n", "2.21", []),
        ("def f(o: tf.keras.optimizers.Optimizer):\n    o.add_slot(v, 'm')\n", "2.21", ["TF907"]),
        ("def f(o: tf.keras.optimizers.Optimizer):\n    o.add_slot(v, 'm')\n", "2.3", []),
    ],
)
def test_members(text: str, target: str, expected: list[str]) -> None:
    assert codes(IMPORT + text, target_version=target) == expected


def test_members_of_objects_that_are_no_tensorflow() -> None:
    assert codes(IMPORT + "table = make()\ntable.initializer\nlog = x.log(y)\n") == []
