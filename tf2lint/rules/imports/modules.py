"""TF0: imports of the tensorflow package and the switches between TF 1 and TF 2."""

from __future__ import annotations

import ast
from dataclasses import replace

from tf2lint.check.advice import delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.fixes.imports import to_tf2, without
from tf2lint.rules.imports import family
from tf2lint.tensorflow import paths

_MIGRATE = "https://www.tensorflow.org/guide/migrate"

compat_v1 = family.rule(
    "TF001",
    "compat-v1-import",
    "W",
    summary="a name is bound to tensorflow.compat.v1, the API of TF 1",
    page="""\
`tensorflow.compat.v1` is the API of TF 1.15 as far as TF 2 still carries it. It is there to
keep old code running while it is ported, it is not developed any more, and parts of it stop
working: with Keras 3 (TF 2.16) `tf.compat.v1.layers`, `nn.rnn_cell` and `estimator` are gone.

This rule points at the place that binds the module to a name: an `import`, a `from` import, an
assignment such as `tf = tf.compat.v1`. What is used through that name is judged symbol by
symbol: a name that means the same in TF 2 (`tf.reshape`) is not reported again, one that does
not has its own finding with its own replacement. Once those are gone, the import becomes
`import tensorflow as tf`.

Where a module changes over in one step, mind what changes silently with the import:
`tf.where`, `tf.nn.dropout`, `tf.summary.scalar`, the `tf.image.resize` functions and the
default initializers are other functions under the same names.

With `tf2-allow-compat-v1` the rule is silent.""",
    examples=[
        Example(
            bad="""\
import «tensorflow.compat.v1 as tf»

x = tf.reshape([1, 2], [2, 1])
""",
            good="""\
import tensorflow as tf

x = tf.reshape([1, 2], [2, 1])
""",
        ),
        Example(
            bad="""\
import tensorflow

tf = «tensorflow.compat.v1»
""",
            good="""\
import tensorflow as tf
""",
        ),
        Example(
            bad="""\
from tensorflow.compat import «v1 as tf1»
""",
            good="""\
import tensorflow as tf
""",
        ),
    ],
    sources=[_MIGRATE],
)


@compat_v1.on("tf")
def _compat_v1(ref: Reference) -> Report | None:
    if ref.route != "v1":
        return None
    if not ref.is_import and not _binds(ref):
        return None
    report = ref.report(
        "`import tensorflow as tf`, and the TF 2 forms of what it is used for",
        "binds the API of TF 1",
        status="compat",
        subject="tensorflow.compat.v1" if ref.is_import else "",
        edits=to_tf2(ref) if ref.is_import and ref.module.options.edits else (),
    )
    return replace(report, kind="import tensorflow")


def _binds(ref: Reference) -> bool:
    """Whether the module spelled out at `ref` is given a name there."""
    source = ref.module.source
    node: ast.AST = ref.node
    if isinstance(node, ast.Name) or ref.site.node is not ref.node:
        return False
    up = source.parent(node)
    while isinstance(up, ast.IfExp | ast.BoolOp | ast.NamedExpr | ast.Tuple | ast.List):
        if isinstance(up, ast.NamedExpr) or (isinstance(up, ast.IfExp) and up.test is node):
            return isinstance(up, ast.NamedExpr)
        node, up = up, source.parent(up)
    if isinstance(up, ast.Assign | ast.AnnAssign):
        return up.value is node
    return isinstance(up, ast.Return | ast.arguments)


# Switches. Names are the same in TF 1 and under compat.v1.

v2_disabled = family.rule(
    "TF002",
    "v2-behavior-disabled",
    "W",
    summary="TF 2 behaviour is turned off: the program runs as TF 1",
    page="""\
`disable_v2_behavior()` and its parts (`disable_eager_execution`, `disable_resource_variables`,
`disable_control_flow_v2`, `disable_v2_tensorshape`, `disable_tensor_equality`) put the whole
process back into TF 1 mode. They are the stop-gap that lets a program run on a TF 2 wheel before
it is ported. TF 2 has them under `tf.compat.v1` only.

What they cost: Keras 3 (TF 2.16 and later) needs eager execution for `fit`, `evaluate` and
`predict`; `tf.compat.v1.layers`, `nn.rnn_cell` and `estimator` do not come back with the switch;
and every library in the process that expects TF 2 meets graph tensors instead of values.

Port the code below the switch, then delete the call. The switches for single behaviours help to
find what depends on which of them: `disable_tensor_equality` makes `==` on tensors compare
identity, `disable_v2_tensorshape` makes `shape[i]` a `Dimension`,
`disable_resource_variables` brings back reference variables (a read may see a later write).

With `tf2-allow-compat-v1` the `tf.compat.v1` spellings are accepted.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

«tf.compat.v1.disable_v2_behavior»()
""",
            good="""\
import tensorflow as tf
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

«tf.disable_eager_execution»()
""",
            good="""\
import tensorflow as tf


@tf.function
def double(x):
    return x * 2
""",
        ),
    ],
    sources=[_MIGRATE, "https://www.tensorflow.org/guide/effective_tf2"],
)

_OFF = {
    "tf.disable_v2_behavior": "all TF 2 behaviour",
    "tf.disable_eager_execution": "eager execution",
    "tf.disable_resource_variables": "resource variables",
    "tf.disable_control_flow_v2": "functional control flow",
    "tf.disable_v2_tensorshape": "the TF 2 form of shapes (`shape[i]` is an int)",
    "tf.disable_tensor_equality": "comparing tensors by value with ==",
    "tf.keras.layers.disable_v2_dtype_behavior": "the dtype policy of Keras layers",
}
_KEPT = "tf.compat.v1."


@v2_disabled.on(*_OFF)
def _v2_disabled(ref: Reference) -> Report:
    what = f"turns off {_OFF[ref.symbol]}"
    if ref.status == "removed":
        what = ref.fate()
    advice = delete("it once the code is ported")
    if ref.route != "v1" and ref.status == "removed":
        if kept := ref.say(f"`{_KEPT}{ref.symbol[3:]}()`", ""):
            advice = delete(f"it once ported, {kept} till then")
    return ref.report(advice, what)


eager_switch = family.rule(
    "TF005",
    "eager-switch",
    "W",
    summary="TF 2 behaviour is switched on, which is the default now",
    page="""\
`tf.enable_eager_execution()`, `tf.enable_v2_behavior()` and the switches for its parts turned
on in TF 1 what TF 2 does from the start. `tf.X` is gone; `tf.compat.v1.X` does nothing in a fresh
TF 2 process, and `enable_eager_execution` raises there once a graph operation exists. Delete
the call.

`enable_eager_execution` took three settings, which are functions of their own in TF 2:

- `config=` (a `ConfigProto`): `tf.config.set_soft_device_placement`,
  `tf.config.experimental.set_memory_growth`, `tf.config.threading.*`;
- `device_policy=`: `tf.config.experimental.set_device_policy`;
- `execution_mode=`: `tf.config.experimental.set_synchronous_execution`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

«tf.enable_eager_execution»()
""",
            good="""\
import tensorflow as tf
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

«tf.compat.v1.enable_v2_behavior»()
""",
            good="""\
import tensorflow as tf
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

«tf.enable_resource_variables»()
""",
            good="""\
import tensorflow as tf
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/effective_tf2"],
)

_ON = {
    "tf.enable_eager_execution": "eager execution",
    "tf.enable_v2_behavior": "TF 2 behaviour",
    "tf.enable_resource_variables": "resource variables",
    "tf.enable_control_flow_v2": "functional control flow",
    "tf.enable_v2_tensorshape": "shapes of plain integers",
    "tf.enable_tensor_equality": "comparing tensors by value",
    "tf.keras.layers.enable_v2_dtype_behavior": "the dtype policy of Keras layers",
}
_EAGER_SETTINGS = {
    "config": "its `config=` goes to the functions of `tf.config`",
    "device_policy": "`tf.config.experimental.set_device_policy` is its `device_policy=`",
    "execution_mode": "`tf.config.experimental.set_synchronous_execution` is its `execution_mode=`",
}


@eager_switch.on(*_ON)
def _eager_switch(ref: Reference) -> Report:
    what = f"turns on {_ON[ref.symbol]}, the default in TF 2"
    if ref.status == "removed":
        what = f"{ref.fate()}, with {_ON[ref.symbol]} as the default"
    advice = delete()
    arguments = ref.arguments()
    if arguments is not None:
        moved = [ref.say(_EAGER_SETTINGS[name]) for name in arguments.given
                 if name in _EAGER_SETTINGS]  # fmt: skip
        if moved:
            advice = advice.noting(*moved)
    stmt = ref.module.source.parent(ref.call) if ref.call is not None else None
    plain = isinstance(stmt, ast.Expr) and arguments is not None and not arguments.call.args
    if not plain or arguments is None or arguments.call.keywords or not ref.module.options.edits:
        return ref.report(advice, what)
    assert isinstance(stmt, ast.Expr)
    edits = without(ref.module.source, stmt)
    return replace(ref.report(advice, what, edits=edits), kind=f"{ref.symbol}() deleted")


tutorials = family.rule(
    "TF004",
    "tutorials-import",
    "E",
    summary="tensorflow.examples, the tutorial code and its MNIST reader, is gone",
    page="""\
`tensorflow.examples` was tutorial code that TF 1 wheels happened to carry. TF 2 wheels do not:
the import raises `ModuleNotFoundError`. Nearly always it is the MNIST reader that is meant.

`tf.keras.datasets.mnist.load_data()` gives the same digits as NumPy arrays, with differences that
matter: images are `uint8` from 0 to 255 of shape (28, 28) instead of floats in [0, 1] of length
784, labels are digits instead of one-hot rows, and there is no validation set split off the
first 5,000 training images.

`mnist.train.next_batch(n)` becomes a `tf.data.Dataset`:
`tf.data.Dataset.from_tensor_slices((x, y)).shuffle(60000).batch(n)`. Other tutorial modules
(`speech_commands`, `how_tos`) have to be copied.""",
    examples=[
        Example(
            bad="""\
from tensorflow.examples.tutorials.mnist import «input_data»
""",
            good="""\
import tensorflow as tf

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
x_train = x_train.reshape(-1, 784) / 255.0
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

mnist = «tf.examples.tutorials.mnist.input_data.read_data_sets»("MNIST_data", one_hot=True)
""",
            good="""\
import tensorflow as tf

(x_train, y_train), _ = tf.keras.datasets.mnist.load_data()
batches = tf.data.Dataset.from_tensor_slices((x_train / 255.0, y_train)).batch(32)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/datasets/keras_example"],
)

_INPUT_DATA = "tf.examples.tutorials.mnist.input_data"
_BATCHES = "tf.data.Dataset.from_tensor_slices((x, y)).batch(n)"


@tutorials.under("tf.examples")
def _tutorials(ref: Reference) -> Report:
    advice = "a copy of that code"
    if paths.under(ref.symbol, "tf.examples.tutorials.mnist") or ref.symbol.endswith("examples"):
        advice = ref.say("tf.keras.datasets.mnist.load_data()")
    elif "speech_commands" not in ref.symbol and ref.is_import:
        advice = ref.say("`tf.keras.datasets`, or a copy of that code")
    return ref.report(advice, "is not in TF 2", status="removed")


@tutorials.on(
    *(f"{_INPUT_DATA}.Datasets.{part}" for part in ("train", "validation", "test")),
)
def _tutorial_batches(ref: Reference) -> Report:
    node = ref.module.source.parent(ref.node)
    method = node.attr if isinstance(node, ast.Attribute) else ""
    if method == "next_batch":
        call = ref.module.source.parent(node) if node is not None else None
        batch = ref.text(call.args[0]) if isinstance(call, ast.Call) and call.args else "n"
        advice = ref.say(_BATCHES).replace("(n)", f"({batch})")
    else:
        advice = ref.say("the arrays of `tf.keras.datasets.mnist.load_data()`")
    return ref.report(advice, "is a data set of `tensorflow.examples`", status="removed")


star = family.rule(
    "TF006",
    "star-import",
    "W",
    summary="everything in tensorflow is imported by *",
    page="""\
`from tensorflow import *` brings in a few thousand names, other ones with every release: what
was `Session` or `placeholder` under TF 1 is simply not defined any more under TF 2, and the error
appears where the name is used, not at the import. Nor can a reader or a linter see which names
of the module are TensorFlow's. It also covers builtins: `abs`, `pow`, `range`, `round` and
`map_fn`'s neighbours become TensorFlow functions.

Write `import tensorflow as tf` and the names with `tf.` in front. Star imports of a part of
TensorFlow (`from tensorflow.keras.layers import *`) are not reported.""",
    examples=[
        Example(
            bad="""\
from tensorflow import «*»
""",
            good="""\
import tensorflow as tf
""",
        ),
        Example(
            bad="""\
from tensorflow.compat.v2 import «*»
""",
            good="""\
from tensorflow.keras.layers import *
""",
        ),
    ],
)


@star.on("tf")
def _star(ref: Reference) -> Report | None:
    if not ref.is_import or ref.route == "v1":
        return None
    if not isinstance(ref.node, ast.alias) or ref.node.name != "*":
        return None
    return ref.report(
        "import tensorflow as tf",
        "hides which names are TensorFlow's, and covers builtins",
        subject="from tensorflow import *",
        status="idiom",
    )


compat_v2 = family.rule(
    "TF007",
    "compat-v2-import",
    "R",
    default=False,
    summary="a name is bound to tensorflow.compat.v2, which is tensorflow itself in TF 2",
    page="""\
Code that ran under TF 1.15 and TF 2 alike took the TF 2 API from `tensorflow.compat.v2`. In
TF 2 that is the same as `tensorflow`: the symbols are the same objects. Where TF 1 has not to be
supported any more, `import tensorflow as tf` says it plainly.

Off by default: the import works and changes nothing.""",
    examples=[
        Example(
            bad="import «tensorflow.compat.v2 as tf»\n",
            good="import tensorflow as tf\n",
        ),
        Example(
            bad="from tensorflow.compat import «v2 as tf»\n",
            good="import tensorflow as tf\n",
        ),
    ],
)


@compat_v2.on("tf")
def _compat_v2(ref: Reference) -> Report | None:
    if ref.route != "v2" or not (ref.is_import or _binds(ref)):
        return None
    return ref.report(
        "import tensorflow as tf",
        "is tensorflow itself under TF 2",
        subject="tensorflow.compat.v2" if ref.is_import else "",
        status="idiom",
    )
