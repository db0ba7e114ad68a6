"""TF2: variables of Keras layers and models."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.fixes import templates
from tf2lint.fixes.edits import drop_argument, rename_keyword
from tf2lint.rules._classes import LAYER, keras_self
from tf2lint.rules.variables import family
from tf2lint.semantics.values import Text
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3

# --- TF214 -----------------------------------------------------------------------------------

add_weight = family.rule(
    "TF214",
    "add-weight",
    "W",
    summary="calls of a Keras layer's add_weight and add_variable that Keras 3 refuses",
    page="""\
Keras 3 (TF 2.16 and later) takes the arguments of `Layer.add_weight` in another order, `shape`
first, so `add_weight("kernel", [3, 4])` raises a `ValueError`: pass everything by keyword. It
knows neither `partitioner` nor `use_resource`, `collections`, `getter`, `synchronization` or
`experimental_autocast` (that one is `autocast` now). `Layer.add_variable` was an older name of
the same method; Keras 3 has kept the name for something else that wants an initializer.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(«"scale"», [input_shape[-1]])
""",
            good="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=[input_shape[-1]])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.scale = «self.add_variable»("scale", shape=[input_shape[-1]])
""",
            good="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=[input_shape[-1]])
""",
        ),
    ],
    sources=["https://keras.io/guides/migrating_to_keras_3/"],
)

_WEIGHT = (
    "{self}.add_weight(name={name}, shape={shape}, dtype={dtype}, initializer={initializer}, "
    "regularizer={regularizer}, trainable={trainable}, constraint={constraint})"
)
_KERAS_3_VARIABLE = frozenset({
    "shape", "initializer", "dtype", "trainable", "autocast", "regularizer", "constraint", "name",
})  # fmt: skip
_AUTOCAST = {"experimental_autocast": "autocast"}


@add_weight.on(f"{LAYER}.add_variable")
def _add_variable(ref: Reference) -> Report | None:
    what = "is another method in Keras 3"
    if ref.keras < KERAS_3:
        what = "is a deprecated name of `add_weight`"
    elif ref.call is not None and not ref.call.args:
        given = {keyword.arg for keyword in ref.call.keywords}
        if {"shape", "initializer"} <= given <= _KERAS_3_VARIABLE:
            return None  # that is how Keras 3 wants it
    return ref.report(_weight_code(ref), what, status="changed")


@add_weight.argument(f"{LAYER}.add_weight")
def _add_weight(ref: Reference) -> Iterator[Report]:
    args = ref.arguments()
    if ref.keras < KERAS_3 or args is None:
        return
    first = args.call.args[0] if args.call.args else None
    if first is not None and any(isinstance(v, Text) for v in ref.values(first)):
        yield ref.report(
            _weight_code(ref), "takes `name=` by keyword in Keras 3",
            place=first, status="removed", subject=f"{ref.spelling}({ref.text(first)}, ...)",
        )  # fmt: skip
    signature = ref.signature("v2")
    for keyword in args.call.keywords:
        if keyword.arg is None or signature is None or signature.accepts(keyword.arg):
            continue
        new = _AUTOCAST.get(keyword.arg, "")
        use = f"{new}={ref.text(keyword.value)}" if new else delete()
        edit = drop_argument(ref.module.source, args.call, keyword)
        if new:
            edit = rename_keyword(keyword, new)
        yield ref.report(
            use, "is refused by Keras 3", place=keyword, status="removed",
            subject=f"{ref.spelling}({keyword.arg}=)", edits=(edit,),
        )  # fmt: skip


def _weight_code(ref: Reference) -> Advice:
    args = ref.arguments()
    known = Arguments(args.call, api.signature(f"{LAYER}.add_weight", "tf1", ref.target)) if (
        args is not None) else None  # fmt: skip
    if known is not None:
        known.unknown.clear()
        shape = known.given.get("shape")
        if isinstance(shape, ast.Constant) and shape.value is None:
            del known.given["shape"]  # a scalar, by default; Keras 3 metrics refuse None
    code = ref.code(_WEIGHT, arguments=known)
    if known is None or not known.given:
        return code
    named = ", ".join(f"{name}=..." for name in dict.fromkeys([*known.given, "initializer"]))
    return code.at_least(f"`{templates.callee(code.code)}({named})`")


# --- TF215 -----------------------------------------------------------------------------------

layer_variable = family.rule(
    "TF215",
    "layer-variable",
    "W",
    summary="a tf.Variable on a Keras 3 layer or model is not among its weights",
    page="""\
A layer or model of Keras 3 (TF 2.16 and later) tracks `keras.Variable` objects only. A bare
`tf.Variable` that is stored on it is missing from `layer.weights` and
`model.trainable_variables`: it is **never trained by `fit()`, and not saved by
`save_weights()`, without any error**. Keras 2 tracked it.

Make it with `self.add_weight(name=..., shape=..., initializer=...)`, which gives a variable that
Keras knows. State that is not to be trained (`trainable=False`) is not reported.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = «tf.Variable»(tf.ones([10]), name="scale")
""",
            good="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.scale = self.add_weight(name="scale", shape=[10], initializer="ones")
""",
        ),
    ],
    sources=["https://keras.io/guides/migrating_to_keras_3/"],
    compat_helps=False,
)


@layer_variable.on("tf.Variable", beside=True)
def _layer_variable(ref: Reference) -> Report | None:
    args = ref.arguments()
    if ref.keras < KERAS_3 or args is None or ref.route == "v1":
        return None
    if args.open or args.literal("trainable") is False:
        return None
    up = ref.module.source.parent(args.call)
    if not isinstance(up, ast.Assign | ast.AnnAssign):
        return None
    targets = up.targets if isinstance(up, ast.Assign) else [up.target]
    me = keras_self(ref)
    if not me or not any(
        isinstance(t, ast.Attribute) and isinstance(t.value, ast.Name) and t.value.id == me
        for t in targets
    ):
        return None
    name = ref.text(args.given["name"]) if "name" in args.given else "..."
    return ref.report(
        use(f"{me}.add_weight(name={name}, shape=shape)").settling("initial_value", "trainable"),
        "in a layer is not tracked by Keras 3, nor trained", status="changed",
    )  # fmt: skip
