"""TF903, TF904, TF905, TF909: arguments by keyword and by position."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import NOWHERE, codes, findings, place, said, told, unmark
from tf2lint.check.engine import check
from tf2lint.config import make_options
from tf2lint.source import Source

IMPORT = "import tensorflow as tf\n"
TF1 = IMPORT + "start = tf.placeholder(tf.float32)  # TF 1 code\n"


def only(call: str, before: str = IMPORT, **settings: object) -> tuple[str, str, str]:
    """Code, status and hint of the one finding on the marked argument of `call`."""
    text, mark = unmark(f"{before}{call}\n")
    found = [f for f in findings(text, **settings) if f.code[:3] == "TF9"]
    assert [place(f) for f in found] == [mark]
    return found[0].code, found[0].status, told(found[0])


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.Tensor(«[1]»)", "tf.convert_to_tensor([1])"),
        ("tf.Tensor(«op», 0, tf.float32)", "the tensor that the operation returned"),
        ("tf.Tensor(«op=o»)", "the tensor that the operation returned"),
        ("tf.Tensor(«*parts»)", "the tensor that the operation returned"),
    ],
)
def test_the_class_of_tensors_takes_nothing(call: str, hint: str) -> None:
    assert only(call) == ("TF904", "removed", hint)
    plain = unmark(call)[0]
    assert codes(f"{IMPORT}{plain}\n", target_version="2.13") == []


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.reduce_sum(x, 1, «keep_dims=True»)", "tf.reduce_sum(x, 1, keepdims=True)"),
        ("tf.reduce_sum(x, «reduction_indices=1»)", "tf.reduce_sum(x, axis=1)"),
        ("tf.math.reduce_max(x, «keep_dims=k»)", "tf.math.reduce_max(x, keepdims=k)"),
        ("tf.argmax(x, «dimension=1»)", "tf.argmax(x, axis=1)"),
        ("tf.expand_dims(x, «dim=0»)", "tf.expand_dims(x, axis=0)"),
        ("tf.squeeze(x, «squeeze_dims=[1]»)", "tf.squeeze(x, axis=[1])"),
        ("tf.nn.softmax(x, «dim=0»)", "tf.nn.softmax(x, axis=0)"),
        ("tf.nn.dropout(x, «keep_prob=0.9»)", "tf.nn.dropout(x, rate=0.1)"),
        ("tf.nn.dropout(x, «keep_prob=k»)", "tf.nn.dropout(x, rate=1 - k)"),
        ("tf.nn.dropout(x, «keep_prob=a + b»)", "tf.nn.dropout(x, rate=1 - (a + b))"),
        ("tf.nn.dropout(x, «keep_prob=1.0 - rate»)", "tf.nn.dropout(x, rate=rate)"),
        ("tf.convert_to_tensor(x, «preferred_dtype=d»)", "tf.convert_to_tensor(x, dtype_hint=d)"),
        (
            "tf.nn.conv2d(x, «filter=f», strides=1, padding='SAME')",
            "tf.nn.conv2d(x, filters=f, strides=1, padding='SAME')",
        ),
        (
            "tf.nn.dilation2d(x, f, strides=s, «rates=r», padding='SAME')",
            "tf.nn.dilation2d(x, f, strides=s, padding='SAME', dilations=r, data_format=\"NHWC\")",
        ),
        (
            "tf.image.crop_and_resize(x, b, «box_ind=i», crop_size=c)",
            "tf.image.crop_and_resize(x, b, box_indices=i, crop_size=c)",
        ),
        (
            "tf.batch_to_space(x, crops=c, «block_size=2»)",
            "tf.batch_to_space(x, block_shape=[2, 2], crops=c)",
        ),
        (
            "tf.image.extract_glimpse(x, s, o, «uniform_noise=False»)",
            'tf.image.extract_glimpse(x, s, o, noise="gaussian")',
        ),
        ("tf.keras.regularizers.l1(«l=0.1»)", "tf.keras.regularizers.l1(l1=0.1)"),
        ("tf.device(«device_name_or_function='/cpu:0'»)", "tf.device(device_name='/cpu:0')"),
        ("tf.concat(«concat_dim=0», values=v)", "tf.concat(values=v, axis=0)"),
    ],
)
def test_renamed(call: str, hint: str) -> None:
    assert only(call) == ("TF903", "removed", hint)


def test_every_keyword_has_its_own_finding_and_the_whole_hint() -> None:
    found = findings(IMPORT + "tf.reduce_all(x, reduction_indices=1, keep_dims=True)\n")
    assert [f.code for f in found] == ["TF903", "TF903"]
    assert {told(f) for f in found if f.hint} == {"tf.reduce_all(x, axis=1, keepdims=True)"}


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.constant(1, «verify_shape=True»)", "tf.constant(1)"),
        ("tf.zeros_like(x, «optimize=False»)", "tf.zeros_like(x)"),
        ("tf.image.resize(x, s, «align_corners=True»)", "tf.image.resize(x, s)"),
        ("tf.nn.embedding_lookup(p, i, «partition_strategy='div'»)",
         "tf.nn.embedding_lookup(p, i)"),
        ("tf.strings.split(x, ',', «result_type='RaggedTensor'»)", "tf.strings.split(x, ',')"),
        ("tf.keras.layers.LSTM(8, implementation=2, «time_major=True»)",
         "tf.keras.layers.LSTM(8, implementation=2)"),
        ("tf.keras.layers.Dense(8, «weights=[w, b]», input_shape=(3,))",
         "tf.keras.layers.Dense(8, input_shape=(3,))"),
        ("tf.keras.layers.SimpleRNN(8, «implementation=1»)", "tf.keras.layers.SimpleRNN(8)"),
        ("tf.keras.layers.BatchNormalization(«fused=True»)",
         "tf.keras.layers.BatchNormalization()"),
        ("tf.keras.Sequential().fit(x, y, «workers=4»)", "tf.keras.Sequential().fit(x, y)"),
        ("tf.keras.Sequential().evaluate(x, y, «use_multiprocessing=True»)",
         "tf.keras.Sequential().evaluate(x, y)"),
    ],
)  # fmt: skip
def test_removed(call: str, hint: str) -> None:
    assert only(call) == ("TF904", "removed", hint)


def test_keras_2_takes_what_keras_3_refuses() -> None:
    text = (
        IMPORT
        + """\
tf.keras.layers.LSTM(8, time_major=True)
tf.keras.layers.Dense(8, weights=[w, b])
tf.keras.layers.AveragePooling2D()
tf.keras.Sequential().fit(x, workers=4)
"""
    )
    assert codes(text, target_version="2.15") == []
    assert codes(text, target_version="2.16") == ["TF904", "TF904", "TF909", "TF904"]


def test_input_length_is_ignored_by_keras_3() -> None:
    call = "tf.keras.layers.Embedding(9, 3, «input_length=5»)"
    assert only(call) == ("TF904", "changed", "tf.keras.layers.Embedding(9, 3)")


def test_self_passed_to_the_constructor_above() -> None:
    text = (
        IMPORT
        + """\
class Net(tf.keras.Model):
    def __init__(self):
        super().__init__(self)
class Fine(tf.keras.Model):
    def __init__(self):
        tf.keras.Model.__init__(self)
class Other(tf.keras.Model):
    def __init__(self, other):
        super().__init__(other)
"""
    )
    assert [(f.line, f.column, f.code) for f in findings(text)] == [(4, 25, "TF904")]


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.shape(x, «'s'», tf.int64)", "tf.shape(x, out_type=tf.int64, name='s')"),
        ("tf.shape(x, None, «tf.int64»)", "tf.shape(x, out_type=tf.int64)"),
        ("tf.transpose(x, p, «'t'»)", "tf.transpose(x, p, name='t')"),
        ("tf.transpose(x, p, «scope_name»)", "tf.transpose(x, p, name=scope_name)"),
        ("tf.nn.moments(x, [0], None, «'m'», True)",
         "tf.nn.moments(x, [0], keepdims=True, name='m')"),
        ("tf.argmax(x, 1, «'a'»)", "tf.argmax(x, 1, name='a')"),
        ("tf.gather(p, i, None, «'g'», 1)", "tf.gather(p, i, axis=1, name='g')"),
        ("tf.boolean_mask(x, m, «'b'»)", "tf.boolean_mask(x, m, name='b')"),
        ("tf.nn.conv2d(x, f, s, 'SAME', «True»)", "tf.nn.conv2d(x, f, s, 'SAME')"),
        ("tf.nn.embedding_lookup(p, i, «'div'»)", "tf.nn.embedding_lookup(p, i)"),
        ("tf.strings.length(x, «'n'»)", "tf.strings.length(x, name='n')"),
        ("tf.nn.in_top_k(«predictions», targets, 1)",
         "tf.nn.in_top_k(targets=targets, predictions=predictions, k=1)"),
        ("tf.random.poisson(«0.5», [3])", "tf.random.poisson(shape=[3], lam=0.5)"),
        ("tf.assert_equal(x, y, «[x]»)", "tf.assert_equal(x, y)"),
        ("tf.nn.dilation2d(x, f, s, «r», 'SAME')",
         "tf.nn.dilation2d(x, f, s, padding='SAME', dilations=r, data_format=\"NHWC\")"),
        ("tf.nn.ctc_loss(a, b, «c»)", "tf.nn.ctc_loss(a, b, None, c, blank_index=-1)"),
        ("tf.tuple(t, «'n'»)", "tf.tuple(t, name='n')"),
    ],
)  # fmt: skip
def test_reordered(call: str, hint: str) -> None:
    assert only(call) == ("TF905", "changed", hint)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.concat(«1», [a, b])", "tf.concat([a, b], 1)"),
        ("tf.split(«0», 3, x)", "tf.split(x, 3, 0)"),
    ],
)
def test_the_axis_in_front(call: str, hint: str) -> None:
    assert only(call) == ("TF905", "removed", hint)


@pytest.mark.parametrize(
    "call",
    [
        "tf.shape(x, tf.int64)",
        "tf.shape(x, None)",
        "tf.shape(x, out_type=tf.int64)",
        "tf.transpose(x, [1, 0], True)",
        "tf.argmax(x, 1, tf.int32)",
        "tf.gather(p, i, None, 1)",
        "tf.gather(p, i, axis=1, batch_dims=1)",
        "tf.boolean_mask(x, m, 1)",
        "tf.pad(x, p, 'CONSTANT', 1)",
        "tf.concat([a, b], 1)",
        "tf.concat([a, b], axis=-1)",
        "tf.split(x, 3, 1)",
        "tf.split(x, [1, 2])",
        "tf.image.resize(x, [3, 3], 'bilinear', True)",
        "tf.nn.conv2d(x, f, s, 'SAME', 'NHWC')",
        "tf.nn.in_top_k(targets, predictions, 1)",
        "tf.nn.in_top_k(a, b, 1)",
        "tf.random.poisson([3], 0.5)",
        "tf.nn.softmax_cross_entropy_with_logits(labels, logits)",
        "tf.nn.moments(x, [0], None, True)",
        "tf.reduce_sum(x, 1, True)",
        "tf.cond(p, f, g)",
        "tf.where(c, x, y)",
        "tf.nn.dropout(x, rate)",
        "tf.nn.dropout(x, 0.1)",
        "tf.Variable(1.0, trainable=False)",
        "tf.keras.layers.Dense(3, activation='relu', input_shape=(3,))",
        "tf.keras.layers.LSTM(3, implementation=2)",
        "tf.keras.layers.Embedding(3, 4, weights=[w])",
        "tf.keras.layers.AveragePooling2D(2)",
        "tf.keras.layers.AveragePooling2D(pool_size=2)",
        "tf.image.draw_bounding_boxes(x, b, c)",
        "tf.keras.Sequential([a]).fit(x, y, epochs=3)",
        "tf.reduce_sum(x, **options)",
        "tf.shape(*args)",
        "tf.keras.Sequential().save('m.keras', save_format='keras')",
        "np.argmax(x, keep_dims=True)",
        "my.reduce_sum(x, keep_dims=True)",
    ],
)
def test_tf_2_code_is_silent(call: str) -> None:
    assert [c for c in codes(f"{IMPORT}import numpy as np\n{call}\n") if c[:3] == "TF9"] == []


def test_what_fits_both_is_reported_in_tf_1_code_only() -> None:
    call = "tf.nn.in_top_k(a, b, 1)\ntf.io.decode_csv(r, d, ',', True, 'csv')\n"
    assert codes(IMPORT + call) == []
    found = [f for f in findings(TF1 + call) if f.code == "TF905"]
    assert [(f.line, f.confidence) for f in found] == [(3, "low"), (4, "low")]
    assert codes(TF1 + "seed = tf.random.set_seed(1)  # TF 2 only\n" + call) == ["TF603"]


def test_through_compat_v1() -> None:
    assert only("tf.compat.v1.reduce_sum(x, «keep_dims=True»)") == (
        "TF903", "compat", "tf.reduce_sum(x, keepdims=True)",
    )  # fmt: skip
    assert only("tf.compat.v1.shape(x, «n», t)") == (
        "TF905", "compat", "tf.shape(x, out_type=t, name=n)",
    )  # fmt: skip
    assert only("tf.compat.v1.constant(1, «verify_shape=True»)")[1] == "compat"
    assert only("tf.compat.v1.name_scope(name, «'default'»)")[2] == (
        "tf.name_scope(name or 'default')"
    )
    assert only("tf.compat.v1.name_scope(None, «'default'», [x])")[2] == "tf.name_scope('default')"
    allowed = IMPORT + "tf.compat.v1.reduce_sum(x, keep_dims=True)\n"
    assert codes(allowed, allow_compat_v1=True) == []


def test_open_arguments_say_only_what_is_certain() -> None:
    found = findings(IMPORT + "tf.reduce_sum(*args, keep_dims=True, **more)\n")
    assert [(f.code, f.hint) for f in found] == [("TF903", None)]


def test_missing() -> None:
    text, mark = unmark(IMPORT + "«tf.image.draw_bounding_boxes»(x, b, name='n')\n")
    found = findings(text)
    assert [(f.code, place(f)) for f in found] == [("TF909", mark)]
    assert said(found[0]).endswith("Use tf.image.draw_bounding_boxes(x, b, name='n', colors=None)")


def test_strategy_reduce_needs_its_axis() -> None:
    text = (
        IMPORT
        + """\
strategy = tf.distribute.MirroredStrategy()
strategy.reduce(op, value)
strategy.reduce(op, value, axis=None)
strategy.reduce(op, value, None)
"""
    )
    assert [(f.line, f.code) for f in findings(text)] == [(3, "TF909")]


def test_keywords_of_earlier_tf_2_releases() -> None:
    call = "tf.distribute.InputOptions(«experimental_prefetch_to_device=False»)"
    assert only(call) == (
        "TF903", "removed", "tf.distribute.InputOptions(experimental_fetch_to_device=False)",
    )  # fmt: skip
    assert codes(IMPORT + unmark(call)[0], target_version="2.4") == []


def test_keywords_that_the_target_does_not_have_yet_are_not_ours() -> None:
    text = IMPORT + "tf.linalg.matmul(a, b, output_type=tf.int32)\n"
    assert codes(text, target_version="2.0") == []


def test_guarded_by_type_error() -> None:
    text = (
        IMPORT
        + """\
try:
    y = tf.reduce_sum(x, keepdims=True)
except TypeError:
    y = tf.reduce_sum(x, keep_dims=True)
"""
    )
    assert codes(text) == []


@pytest.mark.parametrize(
    ("call", "edited"),
    [
        ("tf.reduce_sum(x, keep_dims=True)", True),
        ("tf.image.resize(x, s, align_corners=True)", False),
        ("tf.nn.embedding_lookup(p, i, partition_strategy='div')", True),
        ("tf.nn.embedding_lookup(p, i, partition_strategy='mod')", False),
        ("tf.keras.layers.LSTM(3, time_major=False)", True),
        ("tf.keras.layers.LSTM(3, time_major=major)", False),
    ],
)
def test_what_takes_an_effect_away_is_not_edited(call: str, edited: bool) -> None:
    options = replace(make_options({}, NOWHERE), edits="tf2")
    (found,) = check(Source(f"{IMPORT}{call}\n", "test.py"), options)
    assert found.hint is not None
    assert bool(found.hint.edits) is edited


POSITIONS_OF_KERAS = {
    "m.compile('sgd', 'mse', ['acc'])": "m.compile('sgd', 'mse', metrics=['acc'])",
    "m.compile('sgd', 'mse', {'a': tf.keras.metrics.AUC()})": (
        "m.compile('sgd', 'mse', metrics={'a': tf.keras.metrics.AUC()})"
    ),
    "m.compile('sgd', 'mse', ['acc'], [1.0, 2.0])": (
        "m.compile('sgd', 'mse', loss_weights=[1.0, 2.0], metrics=['acc'])"
    ),
    "m.compile('sgd', 'mse', metrics)": "m.compile('sgd', 'mse', metrics=metrics)",
    "m.load_weights('a.h5', True)": "m.load_weights('a.h5', by_name=True)",
    "tf.keras.Sequential([], 'net')": "tf.keras.Sequential([], name='net')",
    "tf.keras.losses.Loss('sum')": "tf.keras.losses.Loss(reduction='sum')",
}  # fmt: skip


@pytest.mark.parametrize("call", POSITIONS_OF_KERAS)
def test_places_that_keras_3_gave_to_others(call: str) -> None:
    text = f"import tensorflow as tf\nm = tf.keras.Sequential()\n{call}\n"
    [finding] = findings(text)
    assert (finding.code, finding.line) == ("TF905", 3)
    assert "Keras 3" in finding.message
    hint = finding.hint.text if finding.hint is not None else ""
    assert POSITIONS_OF_KERAS[call] in hint
    if "load_weights" not in call:  # the last Keras 2 has it that way, too
        assert findings(text, target_version="2.15") == []
        assert findings(text, keras=2) == []


@pytest.mark.parametrize("call", [
    "m.compile('sgd', 'mse', [1.0, 0.5])",
    "m.compile('sgd', 'mse', {'a': 1, 'b': 2})",
    "m.compile('sgd', 'mse', loss_weights)",
    "m.compile('sgd', 'mse', something)",
    "m.compile('sgd', 'mse', None)",
    "m.load_weights('a.weights.h5', skip_mismatch=True)",
    "m.load_weights('a.weights.h5', False)",
    "tf.keras.losses.Loss('mine')",
])  # fmt: skip
def test_places_that_keras_3_may_well_be_given(call: str) -> None:
    assert findings(f"import tensorflow as tf\nm = tf.keras.Sequential()\n{call}\n") == []
