"""TF702: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, said, told

TF = "import tensorflow as tf\n"
RUN = "return_sequences=True, return_state=True"

CALLS = {
    "rnn_cell.BasicRNNCell(n)": "tf.keras.layers.SimpleRNNCell(n)",
    "rnn_cell.GRUCell(num_units=n)": "tf.keras.layers.GRUCell(n, reset_after=False)",
    "rnn_cell.BasicLSTMCell(n, 0.0)": "tf.keras.layers.LSTMCell(n, unit_forget_bias=False)",
    "rnn_cell.LSTMCell(n, initializer=i)": "tf.keras.layers.LSTMCell(n, kernel_initializer=i)",
    "rnn_cell.LSTMCell(n, True, num_proj=p)": (
        "tf.keras.layers.LSTMCell(n). Keras has no use_peepholes=, no num_proj="
    ),
    "rnn_cell.LSTMCell(n, use_peepholes=False)": "tf.keras.layers.LSTMCell(n)",
    "rnn_cell.MultiRNNCell(cells)": "tf.keras.layers.StackedRNNCells(cells)",
    "rnn_cell.LSTMStateTuple(c=a, h=b)": "[b, a], the order of Keras",
    "rnn_cell.DropoutWrapper(cell, 0.8)": "dropout=0.2 of the Keras cell",
    "rnn_cell.DropoutWrapper(cell, output_keep_prob=keep)": (
        "tf.keras.layers.Dropout(1 - keep) on its outputs"
    ),
    "rnn_cell.DropoutWrapper(cell, state_keep_prob=a + b)": (
        "recurrent_dropout=1 - (a + b) of the Keras cell"
    ),
    "dynamic_rnn(cell, x)": f"tf.keras.layers.RNN(cell, {RUN})(x)",
    "dynamic_rnn(cell, x, initial_state=s, dtype=d)": (
        f"tf.keras.layers.RNN(cell, {RUN})(x, initial_state=s)"
    ),
    "dynamic_rnn(cell, x, time_major=True)": (
        f"tf.keras.layers.RNN(cell, {RUN})(x) on batch-major inputs"
    ),
    "static_rnn(cell, xs)": (
        f"tf.keras.layers.RNN(cell, {RUN}, unroll=True)(tf.stack(xs, axis=1))"
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_calls(call: str) -> None:
    (only,) = findings(f"{TF}tf.nn.{call}\n")
    assert only.code == "TF702"
    assert only.hint is not None
    assert told(only) == CALLS[call]


def test_lengths_become_a_mask() -> None:
    (only,) = findings(f"{TF}tf.nn.dynamic_rnn(c, x, lengths)\n")
    assert only.hint is not None
    assert "mask=" in told(only)


def test_states() -> None:
    text = """\
import tensorflow as tf

def f(lstm_cell, vacuum):
    cell = tf.compat.v1.nn.rnn_cell.GRUCell(3)
    cell.zero_state(batch_size=2, dtype=tf.float32)
    lstm_cell.zero_state(2, tf.float32)
    vacuum.zero_state(2)
    vacuum.zero_state(2, 3)
"""
    found = [(f.code, f.line, f.confidence) for f in findings(text)]
    assert found == [("TF702", 4, "high"), ("TF702", 5, "high"), ("TF702", 6, "low")]
    (state,) = [f for f in findings(text, target_version="2.15") if f.line == 5]
    assert state.hint is not None
    assert told(state) == "cell.get_initial_state(batch_size=2, dtype=tf.float32)"


def test_keras_3_cells_in_compat_v1() -> None:
    text = f"{TF}cell = tf.keras.layers.LSTMCell(3)\ntf.compat.v1.nn.dynamic_rnn(cell, x)\n"
    (only,) = findings(text)
    assert "does not work with Keras 3 cells" in said(only)
    (only,) = findings(text, target_version="2.15")
    assert "is only in compat.v1" in said(only)


def test_what_lives_on_is_left_alone() -> None:
    text = """\
import tensorflow as tf
from tensorflow.keras.layers import LSTMCell, RNN

cell = LSTMCell(3)
RNN(cell, return_state=True)(x)
cell.get_initial_state(batch_size=3)
tf.nn.embedding_lookup(params, ids)
"""
    assert codes(text) == []


def test_names_of_0_x() -> None:
    text = (
        f"{TF}tf.nn.rnn(cell, xs)\ntf.nn.bidirectional_rnn(a, b, xs)\ntf.nn.state_saving_rnn(c)\n"
    )
    assert codes(text) == ["TF702"] * 3
