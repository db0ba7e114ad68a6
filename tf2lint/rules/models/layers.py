"""TF7: the layers of `tf.layers`."""

from __future__ import annotations

import ast
from dataclasses import replace

from tf2lint.check.advice import delete
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.options import TF2
from tf2lint.rules._classes import keras_self
from tf2lint.rules.models import family
from tf2lint.semantics.scopes import Scope
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow.api import KERAS_3, all_names

# --- TF701 -----------------------------------------------------------------------------------

v1_layers = family.rule(
    "TF701",
    "v1-layers",
    "W",
    summary="tf.layers is gone: make tf.keras.layers objects once and call them",
    page="""\
A function of `tf.layers` made variables in the graph's variable store and applied them at once.
In TF 2 a layer is an object that owns its weights: make it once, in `__init__` or at the top,
and call it on each input. With Keras 3 (TF 2.16 and later) `tf.compat.v1.layers` raises, too:
"`dense` is not available with Keras 3". It works up to TF 2.15, and on any later release with the
package `tf_keras` and `TF_USE_LEGACY_KERAS=1` in the environment, which `tf2lint fix` counts on.

The arguments keep their names. What made the layer goes into the constructor, what it was
applied to into the call: `tf.layers.dense(x, 10, tf.nn.relu)` is
`tf.keras.layers.Dense(10, activation=tf.nn.relu)(x)`. Glorot's uniform kernels, zero biases, the
momentum of 0.99 and the epsilon of 1e-3 of batch normalization are the defaults still.

* `reuse=`: call the same object again.
* `training=` of dropout and batch normalization is an argument of the call now. The default was
  `False`; a Keras layer takes it from the model it is called in, so `fit` turns dropout on.
* Batch normalization needs no `UPDATE_OPS`: the averages move in the call. `fused=`,
  `virtual_batch_size=` and `adjustment=` are refused by Keras 3.
* Regularizers: the penalty is in `layer.losses`, not in a collection. `fit` adds it; in a loop of
  your own add `sum(model.losses)`.
* `layer.apply(x)` is `layer(x)`. `_reuse=` and `_scope=` go away, and so does
  `keras_style_scope()`: all layers are of that style.
* Keras 3 takes no `/` in a layer's name.

**Silent:** a Keras layer that is made where the function was called, inside of a training step,
starts with new weights at each step and learns nothing. The fused kernel of TF 1 kept the
unbiased variance as moving average; Keras 3 keeps the biased one, which differs a little.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def logits(x):
    return «tf.layers.dense»(x, 10, tf.nn.relu)
""",
            good="""\
import tensorflow as tf

output = tf.keras.layers.Dense(10, activation=tf.nn.relu)

def logits(x):
    return output(x)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def normalized(x, training):
    return «tf.layers.batch_normalization»(x, momentum=0.9, training=training)
""",
            good="""\
import tensorflow as tf

norm = tf.keras.layers.BatchNormalization(momentum=0.9)

def normalized(x, training):
    return norm(x, training=training)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

layer = «tf.compat.v1.layers.Conv2D»(32, 3, padding="same")
""",
            good="""\
import tensorflow as tf

layer = tf.keras.layers.Conv2D(32, 3, padding="same")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Scale(«tf.layers.Layer»):
    def call(self, inputs):
        return 2 * inputs
""",
            good="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def call(self, inputs):
        return 2 * inputs
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/model_mapping"],
)

_ENDS = "{0}_initializer {0}_regularizer {0}_constraint"


def _words(*names: str) -> tuple[str, ...]:
    return tuple(" ".join(names).split())


def _weights(*names: str) -> str:
    return " ".join(_ENDS.format(name) for name in names)


_SHAPE = "strides padding data_format"
_TAIL = "activity_regularizer trainable name"
_DENSE = _words("units activation use_bias", _weights("kernel", "bias"), _TAIL)
_CONV = _words(
    "filters kernel_size", _SHAPE, "dilation_rate activation use_bias",
    _weights("kernel", "bias"), _TAIL,
)  # fmt: skip
_TRANSPOSED = tuple(name for name in _CONV if name != "dilation_rate")
_SEPARABLE = _words(
    "filters kernel_size", _SHAPE, "dilation_rate depth_multiplier activation use_bias",
    _weights("depthwise", "pointwise", "bias"), _TAIL,
)  # fmt: skip
_POOL = _words("pool_size", _SHAPE, "name")
_NORM = _words(
    "axis momentum epsilon center scale beta_initializer gamma_initializer",
    "moving_mean_initializer moving_variance_initializer beta_regularizer gamma_regularizer",
    "beta_constraint gamma_constraint renorm renorm_clipping renorm_momentum trainable name",
)
_ONLY_KERAS_2 = ("fused", "virtual_batch_size", "adjustment")

# Function, class, the parameters of the constructor.
_LAYERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "dense": ("Dense", _DENSE),
    **{f"conv{n}d": (f"Conv{n}D", _CONV) for n in (1, 2, 3)},
    **{f"conv{n}d_transpose": (f"Conv{n}DTranspose", _TRANSPOSED) for n in (2, 3)},
    **{f"separable_conv{n}d": (f"SeparableConv{n}D", _SEPARABLE) for n in (1, 2)},
    **{f"max_pooling{n}d": (f"MaxPooling{n}D", _POOL) for n in (1, 2, 3)},
    **{f"average_pooling{n}d": (f"AveragePooling{n}D", _POOL) for n in (1, 2, 3)},
    "flatten": ("Flatten", ("data_format", "name")),
    "dropout": ("Dropout", _words("rate noise_shape seed name")),
    "batch_normalization": ("BatchNormalization", _NORM),
}
_POSITIONAL = frozenset({"units", "filters", "kernel_size", "pool_size", "rate"})
_STATELESS = ("flatten", "dropout", *(n for n in _LAYERS if "pooling" in n))
_CLASSES = dict(_LAYERS.values())


def _constructor(name: str, takes: tuple[str, ...], ref: Reference, args: Arguments) -> str:
    """The template of the call that makes the layer."""
    parts: list[str] = []
    if name == "BatchNormalization" and ref.keras < KERAS_3:
        takes += _ONLY_KERAS_2
    for parameter in takes:
        if parameter == "rate" and "rate" not in args.given:
            parts.append("0.5")
        elif parameter not in args.given or (parameter == "name" and _slashed(args)):
            continue
        elif parameter in _POSITIONAL and not any("=" in part for part in parts):
            parts.append(f"{{{parameter}}}")
        else:
            parts.append(f"{parameter}={{{parameter}}}")
    return f"tf.keras.layers.{name}({', '.join(parts)})"


def _slashed(args: Arguments) -> bool:
    name = args.literal("name")
    return isinstance(name, str) and "/" in name


def _mapped(args: Arguments | None) -> bool:
    """Whether all the arguments are known."""
    return args is not None and not (args.open or args.extra) and all(
        keyword.arg in ("_reuse", "_scope") for keyword in args.unknown
    )  # fmt: skip


@v1_layers.on(*(f"tf.layers.{name}" for name in _LAYERS))
def _function(ref: Reference) -> Report:
    function = ref.symbol.rpartition(".")[2]
    name, takes = _LAYERS[function]
    args = ref.arguments()
    if args is None or not _mapped(args) or "inputs" not in args.given or _is_of_tf1(ref, args):
        layer = ref.say(f"tf.keras.layers.{name}")
        return ref.report(f"`{layer}`, made once")
    call = "({inputs})"
    if function in ("dropout", "batch_normalization"):
        given = "training" in args.given
        call = "({inputs}, training={training})" if given else "({inputs}, training=False)"
    template = _constructor(name, takes, ref, args) + call
    code = ref.code(template, arguments=args)
    if function == "dropout":
        return replace(ref.report(code), in_graph=_dropped(ref, args, template))
    if function in _STATELESS:
        return ref.report(code)
    again = args.given.get("reuse")
    shared = again is not None and args.literal("reuse") not in (None, False)
    told = code.then(", made once and called again to reuse it" if shared else ", made once")
    if "training={" in template and "training=" not in code.texts[-1]:
        told = told.at_least(f"{told.texts[-1]}, called with `training=`")
    return replace(ref.report(told), in_graph=template)


def _is_of_tf1(ref: Reference, args: Arguments) -> bool:
    """Whether a variable is given where fixes leave a graph: Keras 3 takes none of TF 1 there."""
    leaves = ref.module.options.edits not in ("", TF2) and ref.keras >= KERAS_3
    return leaves and ref.is_instance(args.given["inputs"], "tf.Variable")


def _dropped(ref: Reference, args: Arguments, template: str) -> str:
    """The template of dropout in a graph; a layer of Keras 3 that drops has a state there."""
    training = args.given.get("training")
    if training is None or args.literal("training") is False:
        return template
    if not isinstance(args.given["inputs"], ast.Name) or not ref.is_instance(training, "tf.Tensor"):
        return ""
    rate = "{rate}" if "rate" in args.given else "0.5"
    dropped = f"tf.nn.dropout({{inputs}}, rate={rate})"
    return f"tf.cond({{training}}, lambda: {dropped}, lambda: {{inputs}})"


@v1_layers.on(*(f"tf.layers.{name}" for name in _CLASSES))
def _class(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    args = ref.arguments()
    if args is None or not _mapped(args):
        return ref.report(ref.say(f"tf.keras.layers.{name}"))
    args.unknown.clear()
    return ref.report(ref.code(_constructor(name, _CLASSES[name], ref, args), arguments=args))


@v1_layers.on("tf.layers.Layer", "tf.layers.InputSpec")
def _same_name(ref: Reference) -> Report:
    return ref.report(ref.code(f"tf.keras.layers.{ref.symbol.rpartition('.')[2]}"))


@v1_layers.under("tf.layers.experimental")
def _style(ref: Reference) -> Report:
    return ref.report(delete("it: every Keras layer is made once and called"))


@v1_layers.under("tf.layers")
def _module(ref: Reference) -> Report:
    return ref.report(ref.say("`tf.keras.layers`, whose layers are objects to be made once"))


# Functions of tf.nn that made a layer of variables given.
_PRODUCT = {
    "tf.nn.xw_plus_b": "tf.matmul({x}, {weights}) + {biases}",
    "tf.nn.relu_layer": "tf.nn.relu(tf.matmul({x}, {weights}) + {biases})",
}


@v1_layers.on(*_PRODUCT)
def _product(ref: Reference) -> Report:
    return ref.report(ref.code(_PRODUCT[ref.symbol]).only())  # no edit: a sum may need brackets


@v1_layers.on("tf.nn.fused_batch_norm")
def _fused(ref: Reference) -> Report:
    return ref.report(
        ref.say("`tf.keras.layers.BatchNormalization()`, or `tf.nn.batch_normalization`")
    )


# --- TF715 -----------------------------------------------------------------------------------

in_call = family.rule(
    "TF715",
    "layer-made-in-call",
    "W",
    summary="a Keras layer with weights is made where it is called: new weights at each call",
    page="""\
The way from `tf.layers.dense(x, 10)` to Keras is not to write `tf.keras.layers.Dense(10)(x)` at
the same place. TF 1 built the graph once; a `call` or a `tf.function` runs many times, and each
time the layer is made anew.

**Silent:** run eagerly, such a model computes with fresh random weights at every call, has none of
them in `trainable_weights`, and learns nothing. Inside of a `tf.function`, and so in `fit`, it
raises `ValueError` (variables may be made in the first call only).

Make the layer in `__init__` or `build`, keep it as an attribute, and call that. Layers without
weights (`Flatten`, `Dropout`, pooling, activations) are not reported.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

class Net(tf.keras.Model):
    def call(self, x):
        return «tf.keras.layers.Dense»(10)(x)
""",
            good="""\
import tensorflow as tf

class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = tf.keras.layers.Dense(10)

    def call(self, x):
        return self.dense(x)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

@tf.function
def logits(x):
    return «tf.keras.layers.Conv2D»(8, 3)(x)
""",
            good="""\
import tensorflow as tf

conv = tf.keras.layers.Conv2D(8, 3)

@tf.function
def logits(x):
    return conv(x)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/function"],
)

_WEIGHTED = ("Dense", "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv3DTranspose",
             "SeparableConv1D", "SeparableConv2D", "DepthwiseConv2D", "Embedding", "LSTM", "GRU",
             "SimpleRNN", "BatchNormalization", "LayerNormalization", "MultiHeadAttention",
             "EinsumDense", "PReLU")  # fmt: skip
_STEPS = ("call", "train_step", "test_step", "predict_step")


@in_call.on(*all_names(*(f"tf.keras.layers.{name}" for name in _WEIGHTED)))
def _made_in_call(ref: Reference) -> Report | None:
    call = ref.call
    up = ref.module.source.parent(call) if call is not None else None
    if not isinstance(up, ast.Call) or up.func is not call:
        return None
    scope: Scope | None = ref.site.scope
    while scope is not None and scope.kind != "function":
        scope = scope.parent
    if scope is None or not isinstance(scope.node, ast.FunctionDef):
        return None
    method = scope.method_of is not None and scope.node.name in _STEPS and keras_self(ref)
    if not method and not _is_function(ref, scope):
        return None
    use = "a layer made once" + (", in `__init__()`" if scope.method_of is not None else "")
    return ref.report(use, "gets new weights whenever this runs", status="changed")


def _is_function(ref: Reference, scope: Scope) -> bool:
    """Whether the function has `tf.function` for a decorator."""
    assert isinstance(scope.node, ast.FunctionDef)
    outside = scope.parent or scope
    for decorator in scope.node.decorator_list:
        at = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(at, ast.Name | ast.Attribute) and Symbol("tensorflow.function") in (
            ref.module.values(at, outside, scope.seq)
        ):
            return True
    return False
