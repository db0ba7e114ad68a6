"""TF7: functions of TensorFlow on the symbolic tensors of Keras 3."""

from __future__ import annotations

import ast

from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._classes import LAYER, is_layer
from tf2lint.rules.models import family
from tf2lint.semantics.scopes import ASSIGN, Scope
from tf2lint.semantics.symbols import bases_of
from tf2lint.semantics.values import Instance, LocalObject, Symbol
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.api import KERAS_3

_SOURCES = ["https://keras.io/guides/migrating_to_keras_3/"]

_INPUTS = ("tf.keras.Input", "tf.keras.layers.Input")

# --- TF714 -----------------------------------------------------------------------------------

symbolic = family.rule(
    "TF714",
    "keras-tensor-op",
    "W",
    summary="a TensorFlow function on a symbolic tensor of Keras, which Keras 3 refuses",
    page="""\
In a functional model `tf.keras.Input` gives a symbolic tensor. Keras 2 turned a TensorFlow
function on such a tensor into a layer; Keras 3 (TF 2.16 and later) raises "A KerasTensor cannot be
used as input to a TensorFlow function". Arithmetic, comparison and slicing still work.

Use the function of the same meaning in `tf.keras.ops` (`keras.ops`), a layer, or wrap the code:
`tf.keras.layers.Lambda(lambda t: tf.sqrt(t))(x)`, better a layer class with a `call`, which can
be saved.

The same holds for most of `tf.keras.backend`, and for `output` and `input` of models and layers.
The rule follows them and `tf.keras.Input` through variables, layers that are called on them, and
arithmetic. It does not see tensors that come from other functions.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

x = tf.keras.Input(shape=(20,))
h = tf.keras.layers.Dense(3)(x)
mean = «tf.reduce_mean»(h, axis=1)
""",
            good="""\
import tensorflow as tf

x = tf.keras.Input(shape=(20,))
h = tf.keras.layers.Dense(3)(x)
mean = tf.keras.ops.mean(h, axis=1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

net = tf.keras.applications.VGG16()
score = «tf.keras.backend.sum»(net.output, axis=1)
""",
            good="""\
import tensorflow as tf

net = tf.keras.applications.VGG16()
score = tf.keras.ops.sum(net.output, axis=1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf
from tensorflow.keras import Input, layers

a, b = Input((3,)), Input((3,))
both = «tf.concat»([a, b], axis=1)
""",
            good="""\
import tensorflow as tf
from tensorflow.keras import Input, layers

a, b = Input((3,)), Input((3,))
both = layers.Concatenate(axis=1)([a, b])
""",
        ),
    ],
    sources=_SOURCES,
    compat_helps=False,
)

_BACKEND = "tf.keras.backend"
_HOMES = ("tf", "tf.math", "tf.nn", "tf.image", "tf.linalg", "tf.signal", "tf.strings",
          "tf.sparse", "tf.ragged", "tf.audio", _BACKEND)  # fmt: skip
_TAKE_ANY = frozenset({
    "print", "is_tensor", "function", "py_function", "numpy_function", "name_scope", "device",
    "cond", "case", "switch_case", "while_loop", "custom_gradient", "get_static_value",
    "init_scope", "control_dependencies", "ensure_shape_of", "recompute_grad", "grad_pass_through",
    "broadcast_static_shape", "dynamic_partition_of", "type_spec_from_value", "is_symbolic_tensor",
    "no_gradient", "no_op", "group", "fill", "ones", "zeros", "eye", "random_normal_initializer",
    # of tf.keras.backend
    "backend", "clear_session", "count_params", "epsilon", "floatx", "get_uid",
    "get_value", "image_data_format", "int_shape", "is_keras_tensor", "is_sparse",
    "learning_phase", "placeholder", "set_epsilon", "set_value", "to_dense", "variable",
})  # fmt: skip
_OPS = {
    "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "max", "reduce_min": "min",
    "reduce_prod": "prod", "reduce_any": "any", "reduce_all": "all", "reduce_std": "std",
    "reduce_variance": "var", "reduce_logsumexp": "logsumexp", "concat": "concatenate",
    "gather": "take", "pow": "power", "clip_by_value": "clip", "range": "arange",
    "batch_to_space": "", "cumulative_logsumexp": "", "l2_normalize": "normalize",
    "truediv": "divide", "floordiv": "floor_divide", "reverse": "flip",
    "permute_dimensions": "transpose", "batch_dot": "", "batch_flatten": "", "flatten": "reshape",
    "repeat_elements": "repeat", "random_normal": "", "random_uniform": "", "update": "",
    "spatial_2d_padding": "pad", "temporal_padding": "pad", "resize_images": "", "repeat": "",
    "categorical_focal_crossentropy": "", "binary_focal_crossentropy": "", "bias_add": "add",
}  # fmt: skip
_ENDS = frozenset({"input", "inputs", "output", "outputs"})
_STEPS = 32


def _takes_tensors(symbol: str) -> bool:
    home, _, name = symbol.rpartition(".")
    return home in _HOMES and name not in _TAKE_ANY and name[:1].islower()


@symbolic.otherwise("calls", -10, word="put", about=_takes_tensors)
def _op(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.keras < KERAS_3 or ref.route not in ("tf", "v1", "v2"):
        return None
    name = ref.symbol.rpartition(".")[2]
    values = [*call.args[:3], *(k.value for k in call.keywords if k.arg in ("x", "values", "input",
              "input_tensor", "features", "logits", "a", "b", "params", "tensor"))]  # fmt: skip
    for value in values:
        items = value.elts[:4] if isinstance(value, ast.List | ast.Tuple) else [value]
        if any(_is_symbolic(ref, item) for item in items):
            new = _OPS.get(name, name)
            op = f"tf.keras.ops.{new}" if new else "tf.keras.layers.Lambda"
            use = ref.say(op, "a `tf.keras.layers.Lambda` or a layer of your own around it")
            return ref.report(use, "takes no Keras tensor in Keras 3", status="removed")
    return None


def _is_symbolic(ref: Reference, expr: ast.expr) -> bool:
    """Whether `expr` comes from `tf.keras.Input` by layers and arithmetic."""
    inference = ref.module.inference
    at: tuple[ast.expr, Scope, int] | None = (expr, ref.site.scope, ref.site.seq)
    for _ in range(_STEPS):
        if at is None:
            return False
        expr, scope, seq = at
        if isinstance(expr, ast.Name):
            at = _assigned(ref, expr.id, scope, seq)
        elif isinstance(expr, ast.BinOp):
            part = expr.left if not isinstance(expr.left, ast.Constant) else expr.right
            at = (part, scope, seq)
        elif isinstance(expr, ast.UnaryOp):
            at = (expr.operand, scope, seq)
        elif isinstance(expr, ast.Compare):
            at = (expr.left, scope, seq)
        elif isinstance(expr, ast.Subscript):
            at = (expr.value, scope, seq)
        elif isinstance(expr, ast.Attribute):
            return expr.attr in _ENDS and _has_ends(ref, expr.value, scope, seq)
        elif isinstance(expr, ast.Call):
            func = inference.values(expr.func, scope, seq)
            if any(isinstance(v, Symbol) and paths.symbol(v.path) in _INPUTS for v in func):
                return True
            if not func or not all(_is_layer(ref, v) for v in func) or not expr.args:
                return False
            first = expr.args[0]
            items = first.elts if isinstance(first, ast.List | ast.Tuple) else []
            at = (items[0] if items else first, scope, seq)
        else:
            return False
    return False


def _has_ends(ref: Reference, expr: ast.expr, scope: Scope, seq: int) -> bool:
    """Whether `expr` is a layer or a model: itself, or one that a model gives."""
    if isinstance(expr, ast.Name):
        found = _assigned(ref, expr.id, scope, seq)
        if found is not None:
            expr, scope, seq = found
    if isinstance(expr, ast.Subscript) and isinstance(expr.value, ast.Attribute):
        if expr.value.attr == "layers":
            expr = expr.value.value
    values = ref.module.inference.values(expr, scope, seq)
    return bool(values) and all(_is_layer(ref, value) for value in values)


def _assigned(
    ref: Reference, name: str, scope: Scope, seq: int
) -> tuple[ast.expr, Scope, int] | None:
    """What was assigned to `name`, and where that is read; None where it is not in sight."""
    bindings, holder = ref.module.inference.bindings(name, scope, seq)
    if holder is None or not bindings or bindings[0].kind is not ASSIGN:
        return None
    binding = bindings[0]
    expr = binding.expr
    for index in binding.index:
        if not isinstance(index, int) or not isinstance(expr, ast.Tuple | ast.List):
            return None
        if not -len(expr.elts) <= index < len(expr.elts):
            return None
        expr = expr.elts[index]
    return None if expr is None else (expr, binding.scope, binding.seq)


def _is_layer(ref: Reference, value: object) -> bool:
    """Whether a value is a Keras layer or model."""
    if isinstance(value, Instance):
        name = paths.symbol(value.path)
        return LAYER in (name, *bases_of(name)) and not name.startswith("tf.layers.")
    return isinstance(value, LocalObject) and is_layer(ref, value.scope)
