"""TF919: names that no TensorFlow has."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place
from tf2lint.rules.surface import unknown
from tf2lint.tensorflow import api

HEAD = "import tensorflow as tf\nimport tensorflow.compat.v1 as tf1\nfrom tensorflow import keras\n"

# Each is an AttributeError in TF 1.15.5 and in TF 2.21.
SLIPS = {
    "tf1.AdamOptimizer": "tf.compat.v1.train.AdamOptimizer",
    "tf.AdamOptimizer": "tf.compat.v1.train.AdamOptimizer",
    "tf.keras.layers.conv2d": "tf.keras.layers.Conv2D",
    "keras.layers.dense": "tf.keras.layers.Dense",
    "tf.placeholders": "tf.compat.v1.placeholder",
    "tf1.summary.scaler": "tf.compat.v1.summary.scalar",
    "tf.summary.historgram": "tf.summary.histogram",
    "tf.softmax": "tf.math.softmax",
    "tf.math.sotmax": "tf.math.softmax",
    "tf.moments": "tf.nn.moments",
    "tf.MonitoredTrainingSession": "tf.compat.v1.train.MonitoredTrainingSession",
    "tf.Gfile": "tf.compat.v1.gfile",
    "tf.random.stateless_shuffle": "tf.random.experimental.stateless_shuffle",
    "tf.tpu.experimental.HardWareFeature": "tf.tpu.experimental.HardwareFeature",
    "tf1.rnn.BasicLSTMCell": "",  # Keras 3 has none
    "tf.nn.l1_loss": "",  # l2_loss is another thing
    "tf.image.roi_pooling": "",
}


@pytest.mark.parametrize("name", SLIPS)
def test_slips(name: str) -> None:
    [finding] = findings(f"{HEAD}tf1\nx = {name}\n".replace("tf1\nx", "x"))[1:]
    assert (finding.code, finding.status, finding.confidence) == ("TF919", "removed", "high")
    assert place(finding) == (4, 4, 4, 4 + len(name))
    told = f"Use `{SLIPS[name]}`." if SLIPS[name] else ""
    assert (finding.hint.text if finding.hint else "") == told
    assert finding.message.startswith(f"`{name}` is in no TensorFlow from 1.15 on")


def test_imports() -> None:
    text = (
        "from tensorflow.keras.layers import conv2d, Dense\nfrom tensorflow import placeholders\n"
    )
    assert [(f.code, f.line) for f in findings(text)] == [("TF919", 1), ("TF919", 2)]
    # What it is called here is not said again.
    used = "from tensorflow.keras.layers import conv2d as conv\nconv(3)\nx = conv\n"
    assert [(f.code, f.line) for f in findings(used)] == [("TF919", 1)]


PRIVATE = {
    "from tensorflow.compat.v1.python.framework import ops": "tensorflow.python.framework.ops",
    "import tensorflow.compat.v1.python.ops.math_ops as m": "tensorflow.python.ops.math_ops",
    "from tensorflow.compat.v1.core.framework import graph_pb2": (
        "tensorflow.core.framework.graph_pb2"
    ),
    "from tensorflow.compat.v1.python.nothing import x": "",
}


@pytest.mark.parametrize("text", PRIVATE)
def test_compat_v1_has_no_private_modules(text: str) -> None:
    """ModuleNotFoundError in TF 1.15.5 and in TF 2.21."""
    [finding] = findings(f"{text}\n")
    assert finding.code == "TF919"
    told = f"Use `{PRIVATE[text]}`." if PRIVATE[text] else ""
    assert (finding.hint.text if finding.hint else "") == told
    tried = f"try:\n    {text}\nexcept ImportError:\n    pass\n"
    assert codes(tried) == []


@pytest.mark.parametrize(
    "text",
    [
        "tf.zork = 3\ntf.zork()",
        "setattr(tf, 'zork', 3)\ntf.zork()",
        "if hasattr(tf, 'zork'):\n    tf.zork()",
        "try:\n    tf.zork()\nexcept AttributeError:\n    pass",
        "tf._zork",
        "tf.python.zork",
        "tf.tools.zork",
        "tf.flags.zork",
        "tf.app.flags.FLAGS.zork",
        "tf.keras.layers.Dense.zork",  # members of classes are not all listed
        "tf.test.mock.zork",
        "tf.raw_ops.Zork",
        "getattr(tf, 'zork', None)",
    ],
)
def test_silent(text: str) -> None:
    assert "TF919" not in codes(f"import tensorflow as tf\n{text}\n")


def test_other_packages_are_not_spoken_of() -> None:
    assert codes("import tensorflow\nfrom keras.layers import Zork\n") == []
    assert "TF919" not in codes("import tensorflow as tf\ntf.contrib.slim.zork\n")


def test_the_names_that_are_kept_out_are_not_in_the_tables() -> None:
    """Else they would be superfluous."""
    assert not any(api.known(f"tf.{name}") for name in unknown._LEAKED)
