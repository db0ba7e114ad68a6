"""TF7: recurrent cells and the functions that ran them."""

from __future__ import annotations

import ast
import re

from tf2lint.check.advice import Advice, advised, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import argument, plain, short
from tf2lint.rules.models import family
from tf2lint.tensorflow.api import KERAS_3

_SOURCES = [
    "https://www.tensorflow.org/guide/migrate",
    "https://keras.io/guides/working_with_rnns/",
]
_L = "tf.keras.layers."

# --- TF702 -----------------------------------------------------------------------------------

v1_rnn = family.rule(
    "TF702",
    "v1-rnn",
    "W",
    summary="tf.nn.rnn_cell, dynamic_rnn and their kin: cells and RNN layers are Keras ones now",
    page="""\
TF 1 made a cell and unrolled it with a function. Keras has the same two parts: a cell of
`tf.keras.layers`, and the layer `tf.keras.layers.RNN(cell)` that runs it.
`tf.compat.v1.nn.rnn_cell` raises with Keras 3 (TF 2.16 and later), and
`tf.compat.v1.nn.dynamic_rnn` does not get on with its cells. With the package `tf_keras` and
`TF_USE_LEGACY_KERAS=1` in the environment both work on any release; `tf2lint fix` counts on that.

| TF 1 | TF 2 |
|---|---|
| `BasicRNNCell(n)` | `SimpleRNNCell(n)` |
| `GRUCell(n)` | `GRUCell(n, reset_after=False)` |
| `BasicLSTMCell(n)`, `LSTMCell(n)` | `LSTMCell(n)` |
| `MultiRNNCell(cells)` | `StackedRNNCells(cells)` |
| `DropoutWrapper(cell, ...)` | `dropout=`, `recurrent_dropout=` of the cell |
| `LSTMStateTuple(c, h)` | `[h, c]` |
| `cell.zero_state(n, dtype)` | `cell.get_initial_state(batch_size=n)` |
| `dynamic_rnn`, `static_rnn` | `RNN(cell, return_sequences=True, return_state=True)(x)` |
| `bidirectional_dynamic_rnn` | `Bidirectional(RNN(cell), merge_mode=None)(x)` |
| `raw_rnn` | a loop with a `tf.TensorArray` in a `tf.function` |

* `sequence_length` becomes a mask: `mask=tf.sequence_mask(lengths, maxlen)`. Behind the end of a
  sequence TF 1 gave zeros; Keras repeats the last output, unless the layer is made with
  `zero_output_for_mask=True`.
* `time_major=True`: Keras 3 knows only batch-major inputs; transpose with
  `tf.transpose(x, [1, 0, 2])` before and after.
* A Python list of tensors is stacked first: `tf.stack(inputs, axis=1)`.
* `keep_prob` is what stays, `dropout=` what goes: `1 - keep_prob`. Dropout of the outputs is a
  `Dropout` layer behind.
* Keras has no peepholes, no projection (`num_proj`) and no clipping of the cell. For a residual
  or any other wrapper write a subclass of the cell.
* A cell of one's own is a `tf.keras.layers.Layer` with `state_size`, `output_size` and
  `call(inputs, states)`.

**Silent:** the state of an LSTM is `[h, c]` in Keras, `(c, h)` in TF 1. Keras starts recurrent
kernels orthogonal, and adds one to the forget bias as its initial value
(`unit_forget_bias=True`), where TF 1 added `forget_bias` at each step: to load old weights, split
the kernel, reorder the gates (i, j, f, o to i, f, c, o) and add it to the bias. TF 1's GRU began
with gate biases of one, and corresponds to `reset_after=False`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def cell(size):
    return «tf.nn.rnn_cell.GRUCell»(size, activation=tf.nn.relu)
""",
            good="""\
import tensorflow as tf

def cell(size):
    return tf.keras.layers.GRUCell(size, activation=tf.nn.relu, reset_after=False)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def encode(cell, x, lengths):
    return «tf.nn.dynamic_rnn»(cell, x, sequence_length=lengths, dtype=tf.float32)
""",
            good="""\
import tensorflow as tf

class Encoder(tf.keras.layers.Layer):
    def __init__(self, cell):
        super().__init__()
        self.rnn = tf.keras.layers.RNN(cell, return_sequences=True, return_state=True)

    def call(self, x, lengths):
        return self.rnn(x, mask=tf.sequence_mask(lengths, tf.shape(x)[1]))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def start(lstm_cell, batch):
    return «lstm_cell.zero_state»(batch, tf.float32)
""",
            good="""\
import tensorflow as tf

def start(lstm_cell, batch):
    return lstm_cell.get_initial_state(batch_size=batch)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Cell(«tf.compat.v1.nn.rnn_cell.RNNCell»):
    output_size = state_size = 3
""",
            good="""\
import tensorflow as tf

class Cell(tf.keras.layers.Layer):
    output_size = state_size = 3

    def call(self, inputs, states):
        return inputs, states
""",
        ),
    ],
    sources=_SOURCES,
    ends_graph=True,
)

_CELL = "tf.nn.rnn_cell."
_CELLS = {
    "BasicRNNCell": "SimpleRNNCell({num_units}, activation={activation}, name={name})",
    "GRUCell": (
        "GRUCell({num_units}, activation={activation}, kernel_initializer={kernel_initializer},"
        " bias_initializer={bias_initializer}, reset_after=False, name={name})"
    ),
    "BasicLSTMCell": "LSTMCell({num_units}, activation={activation}, name={name})",
    "LSTMCell": (
        "LSTMCell({num_units}, activation={activation}, kernel_initializer={initializer},"
        " name={name})"
    ),
}
_NOT_IN_KERAS = ("use_peepholes", "cell_clip", "num_proj", "proj_clip")


@v1_rnn.on(*(_CELL + name for name in _CELLS))
def _cell(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    template = _L + _CELLS[name]
    args = ref.arguments()
    if args is None or args.open or args.unknown:
        return ref.report(ref.say(template.partition("(")[0]))
    settled = ("forget_bias",) if args.literal("forget_bias") in (0, 0.0) else ()
    if settled:
        template = template.replace(", name=", ", unit_forget_bias=False, name=")
    without = [n for n in _NOT_IN_KERAS if n in args.given and args.literal(n) not in (None, False)]
    note = f"Keras has no `{'=`, no `'.join(without)}=`" if without else ""
    return ref.report(ref.code(template, settled=settled).noting(note))


@v1_rnn.on(_CELL + "MultiRNNCell")
def _stacked(ref: Reference) -> Report:
    cells = argument(ref, "cells", 0)
    if isinstance(cells, ast.List | ast.Tuple) and len(cells.elts) == 1:
        if not isinstance(cells.elts[0], ast.Starred):
            alone = "alone: Keras refuses a stack of one under a mask"
            return ref.report(f"{short(ref, cells.elts[0], 'the cell')} {alone}")
    return ref.report(ref.code(_L + "StackedRNNCells({cells})"))


@v1_rnn.on(_CELL + "LSTMStateTuple")
def _state_tuple(ref: Reference) -> Report:
    if ref.call is None:
        return ref.report("the list `[h, c]`, which is the state of a Keras LSTM")
    return ref.report(ref.code("[{h}, {c}]").then(", the order of Keras"))


_KEEPS = {
    # keyword: position, what it is in Keras
    "input_keep_prob": (1, "dropout="),
    "state_keep_prob": (3, "recurrent_dropout="),
}


@v1_rnn.on(_CELL + "DropoutWrapper")
def _dropout(ref: Reference) -> Report:
    parts = [
        head + _dropped(ref, value)
        for name, (place, head) in _KEEPS.items()
        if (value := argument(ref, name, place)) is not None
    ]
    after = argument(ref, "output_keep_prob", 2)
    use = f"{' and '.join(f'`{part}`' for part in parts)} of the Keras cell" if parts else ""
    if after is not None:
        layer = f"`{ref.say(f'{_L}Dropout')}({_dropped(ref, after)})` on its outputs"
        use = f"{use}, {layer}" if use else layer
    return ref.report(use or "`dropout=` and `recurrent_dropout=` of the Keras cell")


def _dropped(ref: Reference, keep: ast.expr) -> str:
    """The text of one minus `keep`."""
    if isinstance(keep, ast.Constant) and isinstance(keep.value, int | float):
        return f"{1 - keep.value:.12g}"
    text = ref.text(keep)
    if len(text) > 32:
        return "1 - ..."
    return f"1 - {text}" if isinstance(keep, ast.Name | ast.Attribute) else f"1 - ({text})"


@v1_rnn.on(_CELL + "ResidualWrapper")
def _residual(ref: Reference) -> Report:
    return ref.report("a subclass of the Keras cell whose `call()` adds its inputs")


@v1_rnn.on(_CELL + "DeviceWrapper")
def _device(ref: Reference) -> Report:
    return ref.report(ref.say("`with tf.device(name):` around the call of the cell"))


@v1_rnn.on(_CELL + "RNNCell")
def _own_cell(ref: Reference) -> Report:
    if ref.site.use == "base":
        layer = ref.say("tf.keras.layers.Layer")
        return ref.report(f"`{layer}` with `state_size` and `call(inputs, states)`")
    return ref.report(ref.say("tf.keras.layers.Layer"))


@v1_rnn.under("tf.nn.rnn_cell")
def _cells(ref: Reference) -> Report:
    return ref.report(ref.say("the cells of `tf.keras.layers` and `tf.keras.layers.RNN`"))


# --- running them ---

_RUN = "return_sequences=True, return_state=True"
_ZEROS = ", zero_output_for_mask=True"  # as TF 1 did; Keras repeats the last output


@v1_rnn.on("tf.nn.dynamic_rnn", "tf.nn.static_rnn", "tf.nn.rnn", "tf.nn.static_state_saving_rnn",
           "tf.nn.state_saving_rnn")  # fmt: skip
def _rnn(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    static = name != "dynamic_rnn"
    more = {"static_rnn": ", unroll=True", "rnn": ", unroll=True", "dynamic_rnn": ""}.get(
        name, ", stateful=True"
    )
    args = ref.arguments()
    what = _what(ref)
    if args is None or args.open or args.unknown or not {"cell", "inputs"} <= set(args.given):
        return ref.report(ref.say(f"{_L}RNN(cell, {_RUN}{more})"), what)
    given = {name: short(ref, value, name) for name, value in args.given.items()}
    inputs, lengths = given["inputs"], given.get("sequence_length")
    passed = [f"tf.stack({inputs}, axis=1)" if static else inputs]
    if lengths is not None and args.literal("sequence_length") is not None:
        more += _ZEROS
        steps = f"len({inputs})" if static else f"tf.shape({inputs})[1]"
        passed.append(f"mask=tf.sequence_mask({lengths}, {steps})")
    if "initial_state" in given and name in ("dynamic_rnn", "static_rnn"):
        passed.append(f"initial_state={given['initial_state']}")
    made = ref.say(f"{_L}RNN(") + f"{given['cell']}, {_RUN}{more})"
    code = advised(made + ref.say(f"({', '.join(passed)})"))
    if "time_major" in args.given and args.literal("time_major") is not False:
        code = code.then(" on batch-major inputs")
    code = code.settling("dtype", "time_major", "cell", "inputs")
    return ref.report(code.only().shorter(f"`{ref.say(f'{_L}RNN')}` with `{_RUN}{more}`"), what)


def _what(ref: Reference) -> str:
    """What happens, said of cells that are known to be Keras 3 ones, too."""
    args = ref.arguments()
    if ref.status != "compat" or ref.keras < KERAS_3 or args is None:
        return ""
    cell = args.given.get("cell")
    if cell is None or "initial_state" in args.given:
        return ""
    if ref.is_instance(cell, "tf.keras.layers.Layer"):
        return "does not work with Keras 3 cells"
    return ""


@v1_rnn.on("tf.nn.bidirectional_dynamic_rnn", "tf.nn.static_bidirectional_rnn",
           "tf.nn.bidirectional_rnn")  # fmt: skip
def _bidirectional(ref: Reference) -> Report:
    args = ref.arguments()
    given = {} if args is None or args.open else dict(args.given)
    texts = {
        name: short(ref, given.get(name), name)
        for name in ("cell_fw", "cell_bw", "inputs", "sequence_length")
    }
    both, one = ref.say(f"{_L}Bidirectional"), ref.say(f"{_L}RNN")
    inputs, run, masked = texts["inputs"], _RUN, ""
    passed = inputs if ref.symbol.endswith("dynamic_rnn") else f"tf.stack({inputs}, axis=1)"
    if "sequence_length" in given:
        run += _ZEROS
        steps = f"tf.shape({inputs})[1]" if passed == inputs else f"len({inputs})"
        masked = ref.rooted(f", mask=tf.sequence_mask({texts['sequence_length']}, {steps})")
    forward = f"{one}({texts['cell_fw']}, {run})"
    backward = f"{one}({texts['cell_bw']}, {run}, go_backwards=True)"
    layer = f"{both}({forward}, backward_layer={backward}, merge_mode=None)"
    called = ", with `mask=`" if masked else ""
    told = use(f"`{layer}({ref.rooted(passed)}{masked})`").shorter(
        f"`{both}` of two `{one}`, `merge_mode=None`{called}"
    )
    return ref.report(told.settling("cell_fw", "cell_bw", "inputs", "sequence_length", "dtype"))


@v1_rnn.on("tf.nn.raw_rnn")
def _raw(ref: Reference) -> Report:
    return ref.report(ref.say("a loop with `tf.TensorArray` in a `tf.function`"))


# --- states ---


@v1_rnn.on(_CELL + "RNNCell.zero_state")
def _zero_state(ref: Reference) -> Report | None:
    return ref.report(_initial_state(ref)) if ref.is_method else None


@v1_rnn.method("zero_state")
def _some_zero_state(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.receiver is None:
        return None
    names = {keyword.arg for keyword in call.keywords}
    if len(call.args) + len(names) != 2 or not names <= {"batch_size", "dtype"}:
        return None
    if not names and not re.search(r"(?i)cell|rnn|lstm|gru|core", ref.text(ref.receiver)):
        return None
    return ref.report(_initial_state(ref), "is no method of Keras cells", status="removed")


def _initial_state(ref: Reference) -> Advice:
    parts = [f"batch_size={short(ref, argument(ref, 'batch_size', 0), 'batch_size')}"]
    if ref.keras < KERAS_3:
        parts.append(f"dtype={short(ref, argument(ref, 'dtype', 1), 'dtype')}")
    code = f"{plain(ref, ref.receiver, 'cell')}.get_initial_state({', '.join(parts)})"
    return use(code).settling("dtype")  # a Keras cell has its own
