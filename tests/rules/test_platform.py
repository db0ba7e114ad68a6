"""TF910 to TF918: TPUs, strategies, devices, TFLite, profiler, tests, random numbers."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, said, told

IMPORT = "import tensorflow as tf\n"


def hints(text: str, **settings: object) -> list[tuple[str, str]]:
    """Code and hint of each finding."""
    return [(f.code, told(f)) for f in findings(IMPORT + text, **settings)]


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.tpu.core(0)", '"/TPU:" + str(0)'),
        ("tf.tpu.rewrite(f, [a, b])",
         "strategy.run(f, args=(a, b)) of a tf.distribute.TPUStrategy"),
        ("tf.tpu.rewrite", "strategy.run(computation, args=...) of a tf.distribute.TPUStrategy"),
        ("tf.tpu.initialize_system()", "tf.tpu.experimental.initialize_tpu_system(resolver)"),
        ("tf.tpu.experimental.AdamParameters(0.1, beta1=0.8)",
         "tf.tpu.experimental.embedding.Adam(0.1, beta_1=0.8)"),
        ("tf.tpu.cross_replica_sum(x)",
         "tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, x)"),
    ],
)  # fmt: skip
def test_tpu(call: str, hint: str) -> None:
    assert hints(f"{call}\n") == [("TF910", hint)]


def test_tpu_hints_follow_the_target() -> None:
    text = IMPORT + "tf.compat.v1.tpu.experimental.AdamParameters(0.1)\n"
    assert [f.status for f in findings(text, target_version="2.15")] == ["compat"]
    assert [f.status for f in findings(text)] == ["removed"]
    (found,) = findings(IMPORT + "tf.tpu.shard(f, [a])\n", target_version="2.0")
    assert "tf.distribute.experimental.TPUStrategy" in said(found)


def test_experimental_run_v2() -> None:
    text = "s = tf.distribute.MirroredStrategy()\ns.experimental_run_v2(step, (x,))\n"
    assert hints(text) == [("TF911", "s.run(step, args=(x,))")]
    assert codes(IMPORT + text, target_version="2.1") == []
    found = findings(IMPORT + "def f(s):\n    s.experimental_run_v2(step)\n")
    assert [(f.code, f.confidence) for f in found] == [("TF911", "low")]


def test_device_spec() -> None:
    text = """\
d = tf.DeviceSpec(job="a")
d.job = "b"
d.parse_from_string("/job:b")
e = d.parse_from_string("/job:b")
d.merge_from(e)
d.replace(job="b")
"""
    assert hints(text) == [
        ("TF912", "d = d.replace(job=...)"),
        ("TF912", 'd = tf.DeviceSpec.from_string("/job:b")'),
        ("TF912", "d.make_merged_spec(e). It gives a new one"),
    ]


def test_tflite_attributes() -> None:
    text = """\
new = tf.lite.TFLiteConverter.from_keras_model(model)
new.post_training_quantize = True
new.optimizations = [tf.lite.Optimize.DEFAULT]
new.inference_input_type = tf.uint8
new.target_ops = ops
old = tf.compat.v1.lite.TFLiteConverter.from_saved_model(path)
old.post_training_quantize = True
"""
    assert hints(text) == [
        ("TF913", "new.optimizations = [tf.lite.Optimize.DEFAULT]"),
        ("TF913", "new.target_spec.supported_ops"),
    ]


def test_tflite_arguments() -> None:
    text = "tf.lite.TFLiteConverter.from_saved_model(d, input_shapes=s, tag_set=t)\n"
    assert [code for code, _ in hints(text)] == ["TF904", "TF903"]


def test_lite_constants_are_dtypes() -> None:
    assert hints("tf.lite.constants.FLOAT\n") == [("TF901", "tf.float32")]


def test_profiler() -> None:
    assert hints("tf.profiler.experimental.start(d)\n") == []
    assert hints("tf.profiler.Profiler(g)\n") == [
        ("TF914", "tf.profiler.experimental.Profile(logdir)"),
    ]
    found = findings(IMPORT + "tf.compat.v1.profiler.profile(g)\n")
    assert [(f.code, f.status, f.hint) for f in found] == [("TF914", "compat", None)]


def test_test_helpers() -> None:
    assert codes(IMPORT + "class T(tf.test.TestCase):\n    def test(self):\n"
                 "        self.get_temp_dir()\n        self.session()\n") == []  # fmt: skip
    assert [code for code, _ in hints("tf.test.mock.patch\ntf.test.get_temp_dir()\n")] == [
        "TF915", "TF915",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("tf.set_random_seed(1)", "tf.random.set_seed(1)"),
        ("tf.random.set_random_seed(seed=s)", "tf.random.set_seed(s)"),
        ("tf.multinomial(p, 3, seed=1)", "tf.random.categorical(p, 3, seed=1)"),
        ("tf.random.multinomial(p, 3, output_dtype=t)", "tf.random.categorical(p, 3, dtype=t)"),
        (
            "tf.random.stateless_multinomial(p, 3, [1, 2])",
            "tf.random.stateless_categorical(p, 3, [1, 2])",
        ),
    ],
)
def test_random(call: str, hint: str) -> None:
    assert hints(f"{call}\n") == [("TF916", hint)]


FUNCTION = """\
import random
import numpy as np

def plain(x):
    print(x)
    return np.random.rand()

@tf.function(autograph=True)
def traced(x):
    tf.print(x)
    y = [print(x), 1]
    def inner():
        print(x)
        return random.random()
    return x + np.random.rand() + inner() + np.zeros(3)
"""


def test_side_effects_are_asked_for() -> None:
    assert codes(IMPORT + FUNCTION) == []
    found = findings(IMPORT + FUNCTION, enable=["TF917"])
    assert [(f.line, f.code, f.status) for f in found] == [
        (14, "TF917", "idiom"),
        (15, "TF917", "idiom"),
        (16, "TF917", "idiom"),
    ]


def test_a_print_of_the_module_is_none() -> None:
    text = IMPORT + "from log import print\n@tf.function\ndef f(x):\n    print(x)\n"
    assert codes(text, enable=["TF917"]) == []


def test_aliases_are_asked_for() -> None:
    text = (
        IMPORT
        + """\
tf.config.experimental.list_logical_devices()
tf.test.is_gpu_available()
tf.nn.l2_normalize(x, dim=1)
s = tf.distribute.MirroredStrategy()
s.unwrap(v)
"""
    )
    assert codes(text) == []
    assert codes(text, enable=["TF918"]) == ["TF918"] * 4
    first = findings(text, enable=["TF918"], target_version="2.0")
    assert [f.line for f in first] == [4, 6]  # the better names of the others came later
