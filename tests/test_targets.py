"""The same code under three targets: what is gone, what only goes through compat.v1, what is fine.

Facts from the wheels of the releases; `tools/ask_tensorflow.py` holds them against TensorFlow.
"""

from __future__ import annotations

import pytest

from tests.support import findings

HEAD = "import tensorflow as tf\n"
# expression: status under 2.3, 2.15 and newest ("" where there is nothing to say)
JUDGED = {
    "tf.estimator.Estimator": ("", "", "removed"),
    "tf.compat.v1.estimator.Estimator": ("", "", "removed"),
    "tf.keras.optimizers.legacy.Adam": ("", "", "removed"),
    "tf.keras.layers.experimental.preprocessing.Rescaling": ("", "", "removed"),
    "tf.keras.layers.Rescaling": ("", "", ""),
    "tf.compat.v1.layers.dense": ("compat", "compat", "removed"),
    "tf.compat.v1.nn.rnn_cell.LSTMCell": ("compat", "compat", "removed"),
    "tf.compat.v1.keras.backend.get_session": ("compat", "compat", "removed"),
    "tf.layers.dense": ("removed", "removed", "removed"),
    "tf.compat.v1.Session": ("compat", "compat", "compat"),
    "tf.compat.v2.compat.v1.Session": ("compat", "compat", "compat"),
    "tf.compat.v1.compat.v2.Session": ("removed", "removed", "removed"),
    "tf.Session": ("removed", "removed", "removed"),
    "tf.contrib.slim": ("removed", "removed", "removed"),
    "tf.reshape": ("", "", ""),
    "tf.compat.v1.reshape": ("", "", ""),
}


@pytest.mark.parametrize("expression", JUDGED)
@pytest.mark.parametrize(("place", "target"), list(enumerate(["2.3", "2.15", ""])))
def test_status(expression: str, place: int, target: str) -> None:
    settings = {"target_version": target} if target else {}
    found = findings(f"{HEAD}x = {expression}\n", **settings)
    expected = JUDGED[expression][place]
    assert [f.status for f in found] == ([expected] if expected else [])
    assert all(f.column == 4 for f in found)


@pytest.mark.parametrize("expression", JUDGED)
def test_stage_one_accepts_what_works_through_compat_v1_and_nothing_else(expression: str) -> None:
    for place, target in enumerate(["2.3", "2.15", ""]):
        settings = {"target_version": target} if target else {}
        found = findings(f"{HEAD}x = {expression}\n", allow_compat_v1=True, **settings)
        expected = JUDGED[expression][place]
        assert [f.status for f in found] == (["removed"] if expected == "removed" else [])


def test_keras_of_the_target_decides_on_arguments() -> None:
    text = f"{HEAD}tf.keras.optimizers.SGD(learning_rate=0.1, decay=1e-6)\n"
    assert findings(text, target_version="2.3") == []
    assert [f.code for f in findings(text)] == ["TF505"]
