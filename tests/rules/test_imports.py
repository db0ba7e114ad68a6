"""TF0 beyond its examples: import spellings, routes, targets, what stays silent."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said

CODES = ("TF001", "TF002", "TF003", "TF004", "TF005", "TF006", "TF007", "TF008")


def found(text: str, **settings: object) -> list[tuple[str, int, int]]:
    """(code, line, column) of this family's findings."""
    return [(f.code, f.line, f.column) for f in findings(text, **settings) if f.code in CODES]


def message(text: str, code: str, **settings: object) -> str:
    """The message of the only finding of `code`."""
    (one,) = [said(f) for f in findings(text, **settings) if f.code == code]
    return one


BINDINGS = {
    "import as": ("import tensorflow.compat.v1 as tf\n", (1, 7)),
    "import": ("import tensorflow.compat.v1\n", (1, 7)),
    "from": ("from tensorflow.compat import v1\n", (1, 30)),
    "from as": ("from tensorflow.compat import v1 as tf\n", (1, 30)),
    "star": ("from tensorflow.compat.v1 import *\n", (1, 33)),
    "assignment": ("import tensorflow as tf\ntf = tf.compat.v1\n", (2, 5)),
    "annotated": ("import tensorflow as tf\nfrom typing import Any\nv1: Any = tf.compat.v1\n", (3, 10)),
    "walrus": ("import tensorflow as tf\nprint((v1 := tf.compat.v1).VERSION)\n", (2, 13)),
    "attribute": ("import tensorflow as tf\nclass A:\n    def f(self):\n        self.tf = tf.compat.v1\n", (4, 18)),
    "either": ("import tensorflow as tf\nv1 = tf.compat.v1 if x else tf\n", (2, 5)),
    "unpacked": ("import tensorflow as tf\na, v1 = 1, tf.compat.v1\n", (2, 11)),
    "returned": ("import tensorflow as tf\ndef f():\n    return tf.compat.v1\n", (3, 11)),
    "default": ("import tensorflow as tf\ndef f(v1=tf.compat.v1): pass\n", (2, 9)),
    "dynamic": ("import importlib\nv1 = importlib.import_module('tensorflow.compat.v1')\n", (2, 5)),
    "in a function": ("def f():\n    import tensorflow.compat.v1 as tf\n    return tf.reshape\n", (2, 11)),
}  # fmt: skip


@pytest.mark.parametrize("name", BINDINGS)
def test_every_binding_of_compat_v1_is_one_finding(name: str) -> None:
    text, (line, column) = BINDINGS[name]
    assert found(text) == [("TF001", line, column)]


@pytest.mark.parametrize("name", BINDINGS)
def test_bindings_are_accepted_where_compat_v1_is(name: str) -> None:
    assert found(BINDINGS[name][0], allow_compat_v1=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow as tf\ntf.compat.v1.reshape(x, y)\n",
        "import tensorflow as tf\nhasattr(tf.compat, 'v1')\n",
        "from tensorflow.compat.v1 import reshape\n",
        "from tensorflow import compat\n",
        "import tensorflow.compat.v2 as tf\n",
        "import tensorflow as tf\ntf1 = tf\n",
        "from project.compat import v1\nimport tensorflow\n",
        "import tensorflow as tf\nx = getattr(tf.compat.v1, 'reshape')\n",
    ],
)
def test_what_binds_no_compat_v1(text: str) -> None:
    assert "TF001" not in codes(text)


def test_a_compat_v1_alias_is_reported_once_for_all_its_uses() -> None:
    text = "import tensorflow.compat.v1 as tf\na = tf.reshape(x, y)\nb = tf.concat([a], 0)\n"
    assert codes(text) == ["TF001"]


def test_the_whole_alias_is_marked() -> None:
    (one,) = findings("import os, tensorflow.compat.v1 as tf\n")
    assert place(one) == (1, 11, 1, 37)


def test_try_around_the_import_does_not_hide_it() -> None:
    text = "try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n    import tensorflow as tf\n"
    assert found(text) == [("TF001", 2, 11)]
    assert found(text.replace("import tensorflow as", "import tensorflow.compat.v1 as")) == [
        ("TF001", 2, 11)
    ]


def test_the_arm_for_tf_1_is_silent() -> None:
    text = (
        "import tensorflow as tf\n"
        "if tf.__version__.startswith('1'):\n"
        "    tf.enable_eager_execution()\n"
        "else:\n"
        "    tf.compat.v1.disable_eager_execution()\n"
    )
    assert found(text) == [("TF002", 5, 4)]
    assert found(text, report_guarded=True) == [("TF005", 3, 4), ("TF002", 5, 4)]


OFF = ["v2_behavior", "eager_execution", "resource_variables", "control_flow_v2",
       "v2_tensorshape", "tensor_equality"]  # fmt: skip


@pytest.mark.parametrize("name", OFF)
def test_switches(name: str) -> None:
    text = f"import tensorflow as tf\ntf.disable_{name}()\ntf.compat.v1.disable_{name}()\n"
    assert found(text) == [("TF002", 2, 0), ("TF002", 3, 0)]
    assert found(text, allow_compat_v1=True) == [("TF002", 2, 0)]
    assert found(text.replace("disable", "enable")) == [("TF005", 2, 0), ("TF005", 3, 0)]


def test_switches_by_from_import_and_through_an_alias() -> None:
    text = "from tensorflow import disable_v2_behavior as off\noff()\n"
    assert found(text) == [("TF002", 1, 23), ("TF002", 2, 0)]
    text = "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
    assert found(text) == [("TF001", 1, 7), ("TF002", 2, 0)]


def test_dtype_behavior_is_a_switch_until_keras_3() -> None:
    text = "import tensorflow as tf\ntf.compat.v1.keras.layers.disable_v2_dtype_behavior()\n"
    assert found(text, target_version="2.15") == [("TF002", 2, 0)]


def test_switches_name_the_stop_gap_only_where_it_is_another() -> None:
    plain = "import tensorflow as tf\ntf.disable_v2_behavior()\n"
    assert "tf.compat.v1.disable_v2_behavior() till then" in message(plain, "TF002")
    v1 = "import tensorflow as tf\ntf.compat.v1.disable_v2_behavior()\n"
    assert "till then" not in message(v1, "TF002")


def test_eager_settings_are_named() -> None:
    text = "import tensorflow as tf\ntf.enable_eager_execution(None, execution_mode=m)\n"
    words = message(text, "TF005")
    assert "config= goes to the functions of tf.config" in words
    assert "tf.config.experimental.set_synchronous_execution" in words
    assert "set_device_policy" not in words
    assert message("import tensorflow as tf\ntf.enable_eager_execution()\n", "TF005").endswith(
        ". Delete it"
    )


def test_executing_eagerly_is_no_switch() -> None:
    assert codes("import tensorflow as tf\nif not tf.executing_eagerly():\n    f()\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "from tensorflow import *\n",
        "from tensorflow.compat.v2 import *\n",
    ],
)
def test_star(text: str) -> None:
    assert [code for code, _, _ in found(text)] == ["TF006"]


@pytest.mark.parametrize(
    "text",
    [
        "from tensorflow.keras.layers import *\n",
        "from tensorflow.keras import *\n",
        "from tensorflow_probability import *\nimport tensorflow\n",
        "import tensorflow as tf\nfrom .tensorflow import *\n",
    ],
)
def test_star_of_something_else(text: str) -> None:
    assert found(text) == []


def test_compat_v2_is_off_by_default() -> None:
    text = "import tensorflow.compat.v2 as tf\n"
    assert found(text) == []
    assert found(text, enable=["compat-v2-import"]) == [("TF007", 1, 7)]


# tensorflow.examples


def test_mnist_from_the_import_to_the_batch() -> None:
    text = (
        "from tensorflow.examples.tutorials.mnist import input_data\n"
        "mnist = input_data.read_data_sets('d', one_hot=True)\n"
        "for _ in range(10):\n"
        "    xs, ys = mnist.train.next_batch(128)\n"
        "print(mnist.test.images, mnist.other)\n"
    )
    assert found(text) == [
        ("TF004", 1, 48), ("TF004", 2, 8), ("TF004", 4, 13), ("TF004", 5, 6),
    ]  # fmt: skip
    messages = [said(f) for f in findings(text)]
    assert messages[1].endswith("Use tf.keras.datasets.mnist.load_data()")
    assert messages[2].endswith("tf.data.Dataset.from_tensor_slices((x, y)).batch(128)")


def test_mnist_through_an_attribute() -> None:
    text = (
        "import tensorflow.examples.tutorials.mnist.input_data as data\n"
        "class A:\n"
        "    def __init__(self):\n"
        "        self.mnist = data.read_data_sets('d')\n"
        "    def f(self):\n"
        "        return self.mnist.validation.num_examples\n"
    )
    assert found(text) == [("TF004", 1, 7), ("TF004", 4, 21), ("TF004", 6, 15)]


def test_other_tutorials_have_to_be_copied() -> None:
    text = "from tensorflow.examples.speech_commands import models\n"
    assert message(text, "TF004").endswith("Use a copy of that code")


def test_a_project_of_that_name_is_not_meant() -> None:
    assert codes("from examples.tutorials.mnist import input_data\nimport tensorflow\n") == []


# Modules that are not public.


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("from tensorflow.python.estimator import run_config\n", "2.15"),
        ("import tensorflow.python.estimator.run_config as r\n", "2.15"),
        ("from tensorflow.python.training.tracking import base\n", "2.13"),
        ("from tensorflow.python.training.tracking.base import Trackable\n", "2.13"),
        ("from tensorflow.python.eager import profiler\n", "2.19"),
        ("from tensorflow.python.keras.engine.network import Network\n", "2.2"),
        ("from tensorflow.python.keras.preprocessing import text\n", "2.7"),
    ],
)
def test_gone_modules_by_release(text: str, last: str) -> None:
    after = f"2.{int(last.split('.')[1]) + 1}"
    assert [code for code, _, _ in found(text, target_version=last)] == []
    assert [code for code, _, _ in found(text, target_version=after)] == ["TF008"]
    assert f"is gone since TF {after}" in message(text, "TF008")


@pytest.mark.parametrize(
    "text",
    [
        "from tensorflow.tools.graph_transforms import TransformGraph\n",
        "from tensorflow.models.rnn import ptb\n",
        "from tensorflow.tensorboard.plugins import projector\n",
        "import tensorflow.tensorboard as tb\n",
        "from tensorflow.python.ops import seq2seq\n",
    ],
)
@pytest.mark.parametrize("target", ["2.0", "2.21"])
def test_modules_that_no_tf_2_has(text: str, target: str) -> None:
    assert [code for code, _, _ in found(text, target_version=target)] == ["TF008"]


def test_tensorflow_core() -> None:
    text = "import tensorflow_core as tf\nfrom tensorflow_core.python.ops import math_ops\n"
    assert found(text) == [("TF008", 1, 7), ("TF008", 2, 39)]
    assert found(text, target_version="2.1") == []


@pytest.mark.parametrize(
    "text",
    [
        "from tensorflow.python.ops import math_ops\nmath_ops.add(1, 2)\n",
        "from tensorflow.core.protobuf import config_pb2\nconfig_pb2.ConfigProto()\n",
        "from tensorflow.python.training import saver\n",
        "from tensorflow.python import pywrap_tensorflow\n",
        "import tensorflow as tf\nfrom tensorflow.tools.compatibility import tf_upgrade_v2\n",
    ],
)
def test_private_modules_that_are_there_are_silent_by_default(text: str) -> None:
    assert found(text) == []


def test_the_package_has_no_attribute_python() -> None:
    text = "import tensorflow as tf\ntf.python.ops.math_ops.add(1, 2)\n"
    assert found(text) == [("TF008", 2, 0)]
    assert "Use tf.math.add" in message(text, "TF008")
    assert found(text, target_version="2.3") == []
    assert found("import tensorflow.python.ops.math_ops as m\nm.add(1, 2)\n") == []


def test_the_checkpoint_reader() -> None:
    text = (
        "from tensorflow.python import pywrap_tensorflow as p\n"
        "reader = p.NewCheckpointReader('x')\n"
    )
    assert found(text) == [("TF008", 2, 9)]
    assert found(text, target_version="2.0") == []


def test_an_import_error_that_is_caught_is_silent() -> None:
    text = (
        "try:\n    from tensorflow.python.estimator import run_config\n"
        "except ImportError:\n    run_config = None\n"
    )
    assert found(text) == []


PUBLIC = {
    "from tensorflow.python.ops import math_ops": "tf.math.*",
    "from tensorflow.python.ops.math_ops import reduce_sum": "tf.math.reduce_sum",
    "from tensorflow.python.ops import array_ops": "tf.*",
    "from tensorflow.python.framework import ops": "tf.*",
    "from tensorflow.python.framework.ops import convert_to_tensor": "tf.convert_to_tensor",
    "from tensorflow.python.framework import dtypes": "tf.dtypes.*",
    "from tensorflow.python.client import device_lib": "tf.config.list_physical_devices()",
    "from tensorflow.python.client import timeline": "tf.profiler.experimental.Profile(logdir)",
    "from tensorflow.python.platform import gfile": "tf.io.gfile.*",
    "from tensorflow.python.platform import flags": "absl.flags",
    "from tensorflow.python.platform import app": "absl.app",
    "from tensorflow.python.platform import tf_logging as logging": "absl.logging",
    "from tensorflow.python.training import moving_averages": "tf.train.*",
    "from tensorflow.python.training.moving_averages import assign_moving_average":
        "v.assign_sub((v - value) * (1 - decay)), without zero_debias=",
    "from tensorflow.python.ops.array_ops import where": "tf.compat.v1.where",
    "from tensorflow.python.ops.math_ops import argmax": "tf.compat.v1.math.argmax",
    "from tensorflow.python.ops.array_ops import squeeze_v2": "tf.squeeze",
    "from tensorflow.python.data.ops.dataset_ops import DatasetV1": "tf.compat.v1.data.Dataset",
    "from tensorflow.python.framework.ops import get_collection": "tf.compat.v1.get_collection",
    "from tensorflow.python.ops.metrics_impl import mean_iou": "tf.compat.v1.metrics.mean_iou",
    "from tensorflow.python.lib.io.file_io import create_dir": "tf.io.gfile.mkdir",
    "from tensorflow.python.saved_model import main_op": "tf.compat.v1.saved_model.main_op",
    "from tensorflow.python.platform.gfile import Glob": "tf.compat.v1.gfile.Glob",
    "from tensorflow.python.training import saver": "tf.train.Checkpoint",
    "from tensorflow.python.training import optimizer": "tf.keras.optimizers.*",
    "from tensorflow.python.ops import rnn_cell": "tf.keras.layers.*",
    "from tensorflow.python.ops.rnn_cell import LSTMCell": "tf.keras.layers.LSTMCell",
    "from tensorflow.python.layers import core": "tf.keras.layers.*",
    "from tensorflow.python.eager import context": "tf.*",
    "from tensorflow.python.eager.context import executing_eagerly": "tf.executing_eagerly",
    "from tensorflow.python.util import nest": "tf.nest.*",
    "from tensorflow.python.summary import summary": "tf.summary.*",
    "from tensorflow.python.tools import inspect_checkpoint": "tf.train.list_variables(path)",
    "from tensorflow.python.data.ops import dataset_ops": "tf.data.*",
    "from tensorflow.python.data.ops.dataset_ops import Dataset": "tf.data.Dataset",
    "from tensorflow.python.ops import control_flow_ops": "tf.*",
    "from tensorflow.python.ops.control_flow_ops import group": "tf.group",
    "from tensorflow.python.keras.layers import Dense": "tf.keras.layers.Dense",
    "from tensorflow.python.keras import backend as K": "tf.keras.backend",
    "from tensorflow.core.example.example_pb2 import Example": "tf.train.Example",
    "from tensorflow.core.protobuf.config_pb2 import ConfigProto": "tf.compat.v1.ConfigProto",
}  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_private_names_the_public_place(text: str) -> None:
    (one,) = findings(text + "\n", enable=["TF003"])
    assert one.code == "TF003"
    assert said(one).endswith(f". Use {PUBLIC[text]}")


@pytest.mark.parametrize(
    "text",
    [
        "from tensorflow.python.ops.data_flow_ops import StagingArea",
        "from tensorflow.python.util import tf_inspect",
        "from tensorflow.core.protobuf import rewriter_config_pb2",
        "from tensorflow.python.layers.base import InputSpecs",
        # Nothing of these is in tf.train or tf.tpu of 2.21.
        "from tensorflow.python.training import slot_creator",
        "from tensorflow.python.tpu import tpu_feed",
    ],
)
def test_private_says_so_where_nothing_is_known(text: str) -> None:
    (one,) = findings(text + "\n", enable=["TF003"])
    assert said(one).endswith(" is not public API. No public name is known for it")


def test_private_is_reported_where_it_is_spelled_out_only() -> None:
    text = (
        "import tensorflow as tf\n"
        "from tensorflow.python.framework import ops, dtypes\n"
        "x = ops.convert_to_tensor(dtypes.float32)\n"
        "K = tf.python.keras.backend\n"
        "K.clear_session()\n"
    )
    assert found(text, enable=["TF003"], target_version="2.3") == [
        ("TF003", 2, 40), ("TF003", 2, 45), ("TF003", 4, 4),
    ]  # fmt: skip


def test_what_the_code_itself_set_is_public() -> None:
    """Where TensorFlow lacks a name, some code sets it to what is inside."""
    text = (
        "import tensorflow as tf\ndef spec():\n    if hasattr(tf, 'TensorSpec'):\n"
        "        return tf.TensorSpec\n"
        "    from tensorflow.python.framework.tensor_spec import TensorSpec\n"
        "    tf.TensorSpec = TensorSpec\n    return TensorSpec\n"
    )
    assert found(text, enable=["TF003"]) == []
    assert found(text.replace("hasattr(tf, 'TensorSpec')", "x"), enable=["TF003"])


def test_private_keras_is_a_copy_since_2_6() -> None:
    text = "from tensorflow.python.keras.layers import Dense\n"
    copy = "is a frozen copy of old Keras"
    assert copy in message(text, "TF003", enable=["TF003"])
    assert copy not in message(text, "TF003", enable=["TF003"], target_version="2.5")


def test_hints_follow_the_target() -> None:
    text = "from tensorflow.python.client import timeline\n"
    assert "tf.profiler.experimental" in message(text, "TF003", enable=["TF003"])
    old = message(text, "TF003", enable=["TF003"], target_version="2.1")
    assert old.endswith("is not public API. No public name is known for it")


@pytest.mark.parametrize(
    ("module", "reads", "hint"),
    [
        ("ops.array_ops", "m.concat(a, 0)", "`tf.concat`"),
        ("ops.array_ops", "m.concat(a, 0)\nm.zeros(2)", "`tf.concat` and `tf.zeros`"),
        ("ops.array_ops", "m.concat\nm.zeros\nm.ones\nm.rank", "`tf.*`"),
        (
            "ops.array_ops",
            "m.concat\nm.zeros\nm.where\nm.squeeze\nm.diag",
            "`tf.*`, `tf.compat.v1.*` for `where` and `squeeze` and `tf.linalg.*` for `diag`",
        ),
        ("ops.array_ops", "", "`tf.*`"),
        (
            "ops.array_ops",
            "m.concat(a, 0)\nm.nowhere_public(2)",
            "`tf.concat`. No public name is known for `nowhere_public`",
        ),
        ("ops.resource_variable_ops", "m.ResourceVariable(1)", "`tf.Variable`"),
        ("framework.common_shapes", "m.broadcast_shape(a, b)", "`tf.broadcast_static_shape`"),
    ],
)
def test_a_private_module_has_the_names_that_are_read(module: str, reads: str, hint: str) -> None:
    """All that is read of it, if that is little; else where its names are."""
    package, _, name = module.partition(".")
    text = f"from tensorflow.python.{package} import {name} as m\n{reads}\n"
    found = [f for f in findings(text, enable=["all"]) if f.code == "TF003"]
    assert [f.hint and f.hint.text for f in found] == [f"Use {hint}."]


def test_a_private_module_of_which_nothing_is_public() -> None:
    """What is read is named: a module's own place would say that its names are there."""
    text = (
        "from tensorflow.python.ops import resource_variable_ops as m\nm.is_resource_variable(v)\n"
    )
    assert message(text, "TF003", enable=["TF003"]).endswith(
        "is not public API. No public name is known for is_resource_variable"
    )


@pytest.mark.parametrize(
    ("name", "until", "said"),
    [
        ("layers.LSTM", "2.12", "is gone since TF 2.13"),
        ("layers.Bidirectional", "2.7", "is gone since TF 2.8"),
        ("layers.GaussianNoise", "2.9", "is gone since TF 2.10"),
        ("optimizers.Adam", "2.14", "is no longer in its module"),
        ("utils.to_categorical", "2.14", "is no longer in its module"),
    ],
)
def test_names_that_left_a_module_of_the_frozen_keras(name: str, until: str, said: str) -> None:
    home, _, last = name.rpartition(".")
    text = f"from tensorflow.python.keras.{home} import {last}\n{last}(1)\n"
    assert [code for code, _, _ in found(text)] == ["TF008"]
    assert said in message(text, "TF008")
    assert found(text, target_version=until) == []
    text = f"from tensorflow.python.keras import {home}\n{home}.{last}(1)\n"
    assert [(code, line) for code, line, _ in found(text)] == [("TF008", 2)]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("framework.ops.Tensor", "tf.Tensor"),
        ("framework.graph_util.convert_variables_to_constants",
         "tf.compat.v1.graph_util.convert_variables_to_constants"),
        ("ops.array_ops.stack", "tf.stack"),
        ("ops.control_flow_ops.while_loop", "tf.compat.v1.while_loop"),
    ],
)  # fmt: skip
def test_names_that_left_a_module_that_is_there(name: str, hint: str) -> None:
    home, _, last = name.rpartition(".")
    package, _, module = home.rpartition(".")
    texts = {
        f"from tensorflow.python.{home} import {last}\n{last}(1)\n": 1,
        f"from tensorflow.python.{package} import {module}\n{module}.{last}(1)\n": 2,
        f"from tensorflow.python.{package} import {module} as m\nm.{last}.__doc__\n": 2,
    }
    for text, at in texts.items():
        assert [(code, line) for code, line, _ in found(text)] == [("TF008", at)]
        assert hint in message(text, "TF008")
        assert found(text, target_version="2.0") == []


@pytest.mark.parametrize("name", ["layers.Dense", "models.Model", "utils.np_utils", "losses.mse"])
def test_names_that_the_frozen_keras_has(name: str) -> None:
    home, _, last = name.rpartition(".")
    assert found(f"from tensorflow.python.keras.{home} import {last}\n{last}(1)\n") == []
