"""TF208, TF211: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told
from tf2lint.fixes.edits import apply

TF = "import tensorflow as tf\n"
OLD = "tf.placeholder(tf.float32)\n"  # shows that the module is TF 1 code


def own(text: str, *codes: str, **settings: object) -> list[tuple[str, int, str, str]]:
    """Code, column, status and hint of the findings on initializers."""
    wanted = codes or ("TF208", "TF211")
    return [
        (f.code, f.column, f.status, told(f))
        for f in findings(text, **settings)
        if f.code in wanted
    ]


ARGUMENTS = {
    "zeros_initializer(dtype=d)": (21, "tf.zeros_initializer(). Give the dtype at the call"),
    "ones_initializer(tf.int32)": (20, "tf.ones_initializer()"),
    "constant_initializer(3, dtype=d)": (
        27, "tf.constant_initializer(3). Give the dtype at the call",
    ),
    "constant_initializer(3, verify_shape=True)": (27, "tf.constant_initializer(3)"),
    "random_normal_initializer(0., 1., None, d)": (
        43, "tf.random_normal_initializer(mean=0., stddev=1., seed=None)",
    ),
    "initializers.zeros(dtype=d)": (22, "tf.zeros_initializer(). Give the dtype at the call"),
    "keras.initializers.Orthogonal(gain=2.0, dtype=d)": (
        43,
        "tf.keras.initializers.Orthogonal(gain=2.0). Give the dtype at the call",
    ),
    "keras.initializers.RandomNormal(stddev=2.0, dtype=d)": (
        47,
        "tf.keras.initializers.RandomNormal(stddev=2.0). Give the dtype at the call",
    ),
}  # fmt: skip


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("call", ARGUMENTS)
def test_arguments_that_are_gone(call: str, target: str) -> None:
    column, use = ARGUMENTS[call]
    found = own(f"{TF}tf.{call}\n", target_version=target)
    assert found == [("TF208", column, "removed", use)]


def test_the_second_place_of_constant_initializer() -> None:
    text = f"{TF}tf.constant_initializer(3, tf.float32)\n"
    assert own(text) == [("TF208", 27, "changed", "tf.constant_initializer(3)")]
    assert "is taken for support_partition" in said(findings(text)[0])
    assert own(text, target_version="2.14")[0][2] == "removed"


def test_arguments_that_stay() -> None:
    text = (
        f"{TF}{OLD}tf.zeros_initializer()\ntf.constant_initializer(value=3)\n"
        "tf.random_normal_initializer(0., 1., 4)\ntf.random_uniform_initializer(minval=0, maxval=1)\n"
        "tf.keras.initializers.he_normal(seed=1)\ntf.keras.initializers.GlorotUniform(2)\n"
        "tf.zeros_initializer()([3], dtype=tf.float32)\ntf.zeros_initializer(**kw)\n"
        "tf.initializers.VarianceScaling(2.0)\n"
    )
    assert own(text) == []


def test_v1_constructors_keep_their_arguments() -> None:
    assert own(f"{TF}tf.compat.v1.zeros_initializer(dtype=d)\n", "TF208") == []


def test_dtype_is_edited_away() -> None:
    text = f"{TF}tf.random_uniform_initializer(0.0, 1.0, dtype=d)\n"
    (found,) = findings(text)
    assert found.hint is not None
    assert apply(text, found.hint.edits) == f"{TF}tf.random_uniform_initializer(0.0, 1.0)\n"


DEFAULTS = {
    "random_normal_initializer()": "tf.random_normal_initializer(stddev=1.0)",
    "random_normal_initializer(0.5)": "tf.random_normal_initializer(mean=0.5, stddev=1.0)",
    "random_uniform_initializer()": "tf.random_uniform_initializer(minval=0.0, maxval=1.0)",
    "random_uniform_initializer(-1)": "tf.random_uniform_initializer(minval=-1, maxval=1.0)",
}


@pytest.mark.parametrize("call", DEFAULTS)
def test_defaults_that_changed(call: str) -> None:
    new = f"{TF}tf.{call}\n"
    assert own(new) == []  # written for TF 2, for all that can be seen
    assert own(TF + OLD + f"tf.{call}\n") == [
        ("TF208", 0, "changed", f"{DEFAULTS[call]} for TF 1's numbers")
    ]


def test_tf1_words_alone_show_nothing() -> None:
    text = (
        f"{TF}tf.random_normal_initializer()\ndef get_variable(name):\n    return name\n"
        "store.get_variable('w')\n# tf.placeholder, tf.Session\n"
    )
    assert own(text) == []
    assert len(own(f"{text}tf.compat.v1.get_variable('w', [1])\n")) == 1


def test_the_message_names_the_new_default() -> None:
    (found,) = [f for f in findings(f"{TF}{OLD}tf.random_normal_initializer()\n") if f.line == 3]
    assert said(found).startswith(
        "tf.random_normal_initializer has other defaults in TF 2, stddev=0.05. "
    )


def test_partition_info() -> None:
    text = (
        f"{TF}class Init:\n"
        "    def __init__(self, base=None):\n"
        "        self.base = base or tf.zeros_initializer()\n"
        "    def __call__(self, shape, dtype=None, partition_info=None):\n"
        "        return self.base(shape, partition_info=partition_info)\n"
        "def mine(shape, partition_info=None):\n    return shape\n"
        "mine([1], partition_info=None)\nfoo(partition_info=None)\nprint(partition_info=None)\n"
    )
    found = [(f.code, place(f), f.confidence) for f in findings(text)]
    assert found == [
        ("TF208", (6, 32, 6, 61), "high"),
        ("TF208", (10, 4, 10, 23), "low"),
    ]
    assert codes("foo(partition_info=None)\n") == []


MOVED = {
    "truncated_normal_initializer()": "TruncatedNormal(stddev=1.0)",
    "truncated_normal_initializer(0.0, 0.02, dtype=d)": (
        "TruncatedNormal(mean=0.0, stddev=0.02). It leaves out dtype=d"
    ),
    "variance_scaling_initializer(scale=2.0, mode='fan_out')": (
        "VarianceScaling(scale=2.0, mode='fan_out')"
    ),
    "uniform_unit_scaling_initializer(1.43, 7)": (
        'VarianceScaling(scale=1.43 ** 2, mode="fan_in", distribution="uniform", seed=7)'
    ),
    "uniform_unit_scaling_initializer()": (
        'VarianceScaling(mode="fan_in", distribution="uniform")'
    ),
    "glorot_uniform_initializer(seed=1)": "GlorotUniform(seed=1)",
    "glorot_normal_initializer(**kw)": "GlorotNormal",
    "orthogonal_initializer(gain=2.0)": "Orthogonal(gain=2.0)",
    "keras.initializers.normal()": "RandomNormal()",
    "keras.initializers.uniform(-1, 1)": "RandomUniform(minval=-1, maxval=1)",
    "truncated_normal_initializer": "TruncatedNormal(stddev=1.0)",
}


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("call", MOVED)
def test_classes_that_moved(call: str, target: str) -> None:
    found = own(f"{TF}init = tf.{call}\n", target_version=target)
    assert found == [("TF211", 7, "removed", f"tf.keras.initializers.{MOVED[call]}")]


def test_lower_case_names_that_came_back() -> None:
    text = f"{TF}tf.initializers.truncated_normal(stddev=0.1)\n"
    assert own(text, target_version="2.0") == [
        ("TF211", 0, "removed", "tf.keras.initializers.TruncatedNormal(stddev=0.1)")
    ]
    assert own(text) == []


def test_through_compat() -> None:
    (found,) = own(f"{TF}tf.compat.v1.truncated_normal_initializer()\n", "TF211")
    assert found[2] == "compat"
