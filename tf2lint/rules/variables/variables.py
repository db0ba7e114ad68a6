"""TF2: making, assigning and reading variables."""

from __future__ import annotations

import ast

from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._classes import keras_self
from tf2lint.rules.variables import _initializers as initializers
from tf2lint.rules.variables import family
from tf2lint.semantics.values import Symbol, Text

_MIGRATE = "https://www.tensorflow.org/guide/migrate"

# --- TF201 -----------------------------------------------------------------------------------

get_variable = family.rule(
    "TF201",
    "get-variable",
    "W",
    summary="tf.get_variable has no TF 2 form: make a tf.Variable once and keep it",
    page="""\
`tf.get_variable` looked a variable up by its name in the graph's variable store: made at the
first call, given out again under `reuse`. TF 2 has no such store. A variable is a Python object
that lives as long as something holds it, so make it once, keep it as an attribute of a
`tf.Module` or a Keras layer, and share it by sharing the object.

The initializer is called by hand now: `tf.Variable(initializer(shape), name=...)`. Where none
was given, TF 1 took Glorot's uniform one for floats and zeros for integers and booleans. In a
Keras layer write `self.add_weight(name=..., shape=..., initializer=...)` instead: Keras 3 does
not see a bare `tf.Variable` on a layer.

What has no place in the new call: `regularizer` (add the penalty to the loss, or give it to
`add_weight`), `collections`, `custom_getter`, `use_resource` and `partitioner`.

**Silent:** `tf.compat.v1.get_variable` still runs, but under eager execution every call gives a
new variable, `reuse=True` or not; weights that were shared are shared no longer.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

w = «tf.get_variable»("w", [784, 10], initializer=tf.zeros_initializer())
""",
            good="""\
import tensorflow as tf

w = tf.Variable(tf.zeros([784, 10]), name="w")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def bias(size):
    return «tf.compat.v1.get_variable»("b", shape=[size], trainable=False)
""",
            good="""\
import tensorflow as tf

class Bias(tf.Module):
    def __init__(self, size):
        super().__init__()
        self.b = tf.Variable(tf.zeros([size]), trainable=False, name="b")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def call(self, inputs):
        return inputs * «tf.get_variable»("scale", [inputs.shape[-1]])
""",
            good="""\
import tensorflow as tf

class Scale(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=[input_shape[-1]])

    def call(self, inputs):
        return inputs * self.scale
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/model_mapping", _MIGRATE],
)

_KEPT = (
    "trainable={trainable}, validate_shape={validate_shape}, caching_device={caching_device}, "
    "name={name}, constraint={constraint}, synchronization={synchronization}, "
    "aggregation={aggregation})"
)
_ADD_WEIGHT = (
    "{me}.add_weight(name={{name}}, shape={{shape}}, dtype={{dtype}}, "
    "initializer={{initializer}}, regularizer={{regularizer}}, trainable={{trainable}}, "
    "constraint={{constraint}})"
)
_WHOLE = ("int", "uint", "bool", "qint", "quint")


@get_variable.on("tf.get_variable", "tf.get_local_variable")
def _get_variable(ref: Reference) -> Report:
    what = "reuses nothing under eager execution" if ref.status == "compat" else ""
    args = ref.arguments()
    if args is None or args.open or args.unknown:
        generic = ref.say("`tf.Variable(initializer(shape), name=...)`, made once")
        return ref.report(generic, what)
    me = keras_self(ref)
    if me and "shape" in args.given and ref.symbol == "tf.get_variable":
        code = ref.code(_ADD_WEIGHT.format(me=me), arguments=args)
        return ref.report(code.then(" in `build()`"), what)
    kept = _KEPT
    if ref.symbol == "tf.get_local_variable":
        kept = kept.replace("{trainable}", "False", 1)
    given = dict(args.given)
    settled = ("initializer", "regularizer", "dtype", "shape")
    code = ref.code(
        f"tf.Variable({_initial_value(ref, args)}, {kept}", arguments=args, settled=settled
    )
    if not code.is_call:  # too long to show
        args.given = given
        template = f"tf.Variable(initializer({{shape}}), {kept}"
        code = ref.code(template, arguments=args, settled=settled)
    first = "initializer(shape)" if "shape" in given else "initial_value"
    code = code.at_least(ref.say(f"`tf.Variable({first}, ...)`")).then(", made once")
    if _given(args, "regularizer"):
        code = code.noting("Add its regularizer to the loss")
    return ref.report(code, what)


def _initial_value(ref: Reference, args: Arguments) -> str:
    """Template of the first argument of tf.Variable."""
    given, dtype = args.given, "{dtype}" if _given(args, "dtype") else ""
    then = f", dtype={dtype}" if dtype else ""
    if not _given(args, "initializer"):
        given.pop("initializer", None)
        if "shape" not in given or _scope_initializes(ref):
            return f"initializer({{shape}}{then})" if "shape" in given else "initial_value"
        whole = _is_whole(ref, given.get("dtype"))
        return initializers.applied("zeros" if whole else "glorot_uniform", args, dtype)
    expr = given["initializer"]
    if not _given(args, "shape"):
        return f"{{initializer}}{then}"
    symbol, call = initializers.symbol_of(ref, expr)
    kind = initializers.SYMBOLS.get(symbol) or initializers.contrib_kind(symbol, call)
    inner = initializers.arguments_of(symbol, call) if kind else None
    if kind and inner is not None:
        args.given = given = {**inner.given, **given}
        if not dtype:
            given.pop("dtype", None)
        return initializers.applied(kind, args, dtype)
    if isinstance(expr, ast.Name | ast.Attribute | ast.Subscript) or (
        isinstance(expr, ast.Call) and not symbol
    ):
        return f"{{initializer}}({{shape}}{then})"
    if isinstance(expr, ast.Constant | ast.BinOp | ast.List):
        return f"{{initializer}}{then}"
    return f"initializer({{shape}}{then})"


def _given(args: Arguments, name: str) -> bool:
    """Whether the call passes `name`, and not None."""
    return name in args.given and args.literal(name) is not None


def _is_whole(ref: Reference, dtype: ast.expr | None) -> bool:
    """Whether `dtype` is one that TF 1 fills with zeros: whole numbers, truth, text."""
    if dtype is None:
        return False
    for value in ref.values(dtype):
        name = value.text if isinstance(value, Text) else ""
        if isinstance(value, Symbol):
            name = value.path.rpartition(".")[2]
        if name.startswith((*_WHOLE, "string")):
            return True
    return False


def _scope_initializes(ref: Reference) -> bool:
    """Whether a `with tf.variable_scope(..., initializer=...)` stands around the call."""
    source = ref.module.source
    block = source.enclosing(ref.node, ast.With)
    while block is not None:
        for item in block.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and any(k.arg == "initializer" for k in call.keywords):
                return True
        block = source.enclosing(block, ast.With)
    return False


# --- TF206 -----------------------------------------------------------------------------------

assign_function = family.rule(
    "TF206",
    "assign-function",
    "W",
    summary="tf.assign, tf.scatter_update and their like are methods of the variable in TF 2",
    page="""\
The functions that changed a variable became its methods: `tf.assign(v, x)` is `v.assign(x)`,
`tf.scatter_add(v, indices, updates)` is `v.scatter_add(tf.IndexedSlices(updates, indices))`
(mind the order inside), `tf.scatter_nd_update(v, indices, updates)` keeps its order.
`use_locking` and `name` can go. `validate_shape=False` let a variable change its shape: declare
such a variable with `shape=tf.TensorShape(None)`.

**Silent:** in TF 2 the assignment happens where the call stands, not when a session runs an op.
Code that builds update ops up front and runs them later (`tf.group`, target networks, moving
averages) has to become a function that is called when the update is due.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

counter = tf.Variable(0)
«tf.assign_add»(counter, 1, use_locking=True)
""",
            good="""\
import tensorflow as tf

counter = tf.Variable(0)
counter.assign_add(1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def write(memory, slots, values):
    return «tf.scatter_update»(memory, slots, values)
""",
            good="""\
import tensorflow as tf

def write(memory, slots, values):
    return memory.scatter_update(tf.IndexedSlices(values, slots))
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/Variable", _MIGRATE],
)

_SLICES = "{ref}.%s(tf.IndexedSlices({updates}, {indices}))"
_ND = "{ref}.%s({indices}, {updates})"
_ASSIGN = {
    **{f"tf.{name}": f"{{ref}}.{name}({{value}})" for name in ("assign", "assign_add")},
    "tf.assign_sub": "{ref}.assign_sub({value})",
    **{
        f"tf.{name}": _SLICES % name
        for name in (
            "scatter_add", "scatter_sub", "scatter_mul", "scatter_div", "scatter_min",
            "scatter_max", "scatter_update", "batch_scatter_update",
        )
    },
    **{
        f"tf.{name}": _ND % name
        for name in ("scatter_nd_add", "scatter_nd_sub", "scatter_nd_update")
    },
    "tf.count_up_to": "{ref}.assign_add(1)",
}  # fmt: skip


@assign_function.on(*_ASSIGN)
def _assign(ref: Reference) -> Report:
    code = ref.code(_ASSIGN[ref.symbol])
    # Where the variable's own text is too long it is left out.
    code = code.mapped(lambda text: f"`variable{text[1:]}" if text.startswith("`.") else text)
    args = ref.arguments()
    if args is not None and "IndexedSlices" in code.template:  # in another order
        slices = ref.say("tf.IndexedSlices(updates, indices)")
        code = code.at_least(f"{code.texts[-1].rstrip('`')}({slices})`")
    if ref.symbol == "tf.count_up_to":
        code = code.then(" and a comparison with the limit")
    elif args is not None and args.literal("validate_shape") is False:
        code = code.then(ref.say(" on a `tf.Variable` made with `shape=tf.TensorShape(None)`"))
    what = "is a method of the variable" if ref.status == "compat" else ""
    return ref.report(code, what)
