"""TF9: random numbers, the bodies of tf.functions, and names that are on their way out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.surface import family
from tf2lint.semantics.scopes import Scope
from tf2lint.semantics.values import Foreign
from tf2lint.tensorflow.api import all_names

_FUNCTION = "https://www.tensorflow.org/guide/function"

# --- TF916 -----------------------------------------------------------------------------------

random_v1 = family.rule(
    "TF916",
    "random-v1",
    "W",
    summary="seeds and multinomial draws have other names in TF 2, and give other numbers",
    page="""\
`tf.set_random_seed(seed)` is `tf.random.set_seed(seed)`; `tf.keras.utils.set_random_seed(seed)`
sets those of Python and NumPy as well. `tf.multinomial` is `tf.random.categorical`, with
`output_dtype` as `dtype`, in front of the seed.

**Silent:** the same seed does not give the numbers of TF 1's graph. Under eager execution an op
with a seed of its own gives new numbers at every call, a tensor of random numbers made once stays
as it is, and `numpy.random` inside a `tf.function` is a constant of the trace. Where results have
to repeat, use `tf.random.stateless_normal(shape, seed=[a, b])` or a `tf.random.Generator`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

«tf.set_random_seed»(42)
""",
            good="""\
import tensorflow as tf

tf.random.set_seed(42)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def draw(logits):
    return «tf.multinomial»(logits, 1, output_dtype=tf.int32)
""",
            good="""\
import tensorflow as tf

def draw(logits):
    return tf.random.categorical(logits, 1, dtype=tf.int32)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

seeds = «tf.compat.v1.get_seed»(None)
""",
            good="""\
import tensorflow as tf

generator = tf.random.Generator.from_seed(1)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/random_numbers"],
    ends_graph=True,
)

_MULTINOMIAL = (
    "tf.random.categorical({logits}, {num_samples}, dtype={output_dtype}, seed={seed}, name={name})"
)
_STATELESS = (
    "tf.random.stateless_categorical({logits}, {num_samples}, {seed}, dtype={output_dtype}, "
    "name={name})"
)
_RANDOM: dict[str, tuple[str, ...]] = {
    "tf.multinomial": (_MULTINOMIAL,),
    "tf.random.multinomial": (_MULTINOMIAL,),
    "tf.random.set_random_seed": ("tf.random.set_seed({seed})",),
    "tf.random.stateless_multinomial": (_STATELESS,),
    "tf.set_random_seed": ("tf.random.set_seed({seed})",),
}


@random_v1.on(*_RANDOM)
def _random(ref: Reference) -> Report | None:
    """Seeds and draws with another name."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(ref.code(*_RANDOM[ref.symbol]), "was renamed in TF 2")


@random_v1.on("tf.get_seed", "tf.random.get_seed")
def _get_seed(ref: Reference) -> Report | None:
    """The pair of seeds that an op gets."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(ref.say("tf.random.Generator.from_seed(seed)", "a seed of your own"))


# --- TF917 -----------------------------------------------------------------------------------

function_effect = family.rule(
    "TF917",
    "function-side-effect",
    "R",
    summary="Python inside a tf.function runs while it is traced, not when it is called",
    page="""\
`@tf.function` runs the Python code of the body once for each kind of input, to make a graph. What
is not a TensorFlow op happens then and never again: `print` shows symbolic tensors at the first
call, `numpy.random` and `random` give one number for good, `list.append` on a list from outside
collects symbolic tensors, and the result of `TensorArray.write` is lost unless it is bound.

Write `tf.print`, `tf.random`, return values, `tf.Variable`, `array = array.write(i, x)`.

Off by default: a `print` that is meant for tracing is a good way to see it happen.""",
    default=False,
    examples=[
        Example(
            bad="""\
import tensorflow as tf

@tf.function
def step(x):
    «print("loss", x)»
    return x
""",
            good="""\
import tensorflow as tf

@tf.function
def step(x):
    tf.print("loss", x)
    return x
""",
        ),
        Example(
            bad="""\
import numpy as np
import tensorflow as tf

@tf.function
def noisy(x):
    return x + «np.random.normal»()
""",
            good="""\
import tensorflow as tf

@tf.function
def noisy(x):
    return x + tf.random.normal([])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

@tf.function
def squares(n):
    array = tf.TensorArray(tf.int32, size=n)
    for i in tf.range(n):
        «array.write(i, i * i)»
    return array.stack()
""",
            good="""\
import tensorflow as tf

@tf.function
def squares(n):
    array = tf.TensorArray(tf.int32, size=n)
    for i in tf.range(n):
        array = array.write(i, i * i)
    return array.stack()
""",
        ),
    ],
    sources=[_FUNCTION],
)


@function_effect.on("tf.function", beside=True)
def _in_function(ref: Reference) -> Iterator[Report]:
    """What happens only while a decorated function is traced."""
    if ref.site.use != "decorator":
        return
    binder = ref.module.inference.binder
    node = ref.site.stmt
    if not isinstance(node, ast.FunctionDef):
        return
    scope = binder.scope_of.get(node)
    if scope is None:
        return
    todo: list[tuple[ast.AST, Scope]] = [(stmt, scope) for stmt in reversed(node.body)]
    while todo:
        at, inside = todo.pop()
        inside = binder.scope_of.get(at, inside)
        if isinstance(at, ast.Expr) and isinstance(at.value, ast.Call):
            yield from _statement(ref, at.value, inside)
        elif isinstance(at, ast.Call):
            yield from _call(ref, at, inside)
        todo += [(child, inside) for child in reversed(list(ast.iter_child_nodes(at)))]


def _statement(ref: Reference, call: ast.Call, scope: Scope) -> Iterator[Report]:
    func = call.func
    if isinstance(func, ast.Name) and func.id == "print":
        bindings, holder = ref.module.inference.bindings("print", scope, scope.seq)
        if holder is None and not bindings:
            yield ref.report(
                ref.say("tf.print"), "runs only while the function is traced", place=call,
                status="idiom", subject="print",
            )  # fmt: skip
    elif isinstance(func, ast.Attribute) and func.attr == "write" and len(call.args) == 2:
        held = ref.text(func.value)
        values = ref.module.values(func.value, scope, 1 << 60)
        if any("TensorArray" in getattr(value, "path", "") for value in values):
            yield ref.report(
                f"{held} = {ref.text(call)}", "has a result that is lost", place=call,
                status="idiom", subject=f"{held}.write",
            )  # fmt: skip


def _call(ref: Reference, call: ast.Call, scope: Scope) -> Iterator[Report]:
    for value in ref.module.values(call.func, scope, 1 << 60):
        if isinstance(value, Foreign) and value.origin.startswith(("numpy.random.", "random.")):
            yield ref.report(
                ref.say("tf.random"), "draws only while the function is traced",
                place=call.func, status="idiom", subject=ref.text(call.func),
            )  # fmt: skip


# --- TF918 -----------------------------------------------------------------------------------

deprecated_alias = family.rule(
    "TF918",
    "deprecated-alias",
    "R",
    summary="an early TF 2 name that still works and has a better one",
    page="""\
Some names of the first TF 2 releases were promoted or replaced, and stay for old code:
`tf.config.experimental.list_physical_devices` is `tf.config.list_physical_devices`,
`tf.distribute.experimental.TPUStrategy` is `tf.distribute.TPUStrategy`, `tf.function`'s
`experimental_compile` is `jit_compile`. They warn at most. Off by default.""",
    default=False,
    examples=[
        Example(
            bad="""\
import tensorflow as tf

devices = «tf.config.experimental.list_physical_devices»("GPU")
""",
            good="""\
import tensorflow as tf

devices = tf.config.list_physical_devices("GPU")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

@tf.function(«experimental_compile=True»)
def step(x):
    return x
""",
            good="""\
import tensorflow as tf

@tf.function(jit_compile=True)
def step(x):
    return x
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

if «tf.test.is_gpu_available»():
    batch = 64
""",
            good="""\
import tensorflow as tf

if tf.config.list_physical_devices("GPU"):
    batch = 64
""",
        ),
    ],
)

_CONFIG = (
    "get_visible_devices", "list_logical_devices", "list_physical_devices", "set_visible_devices",
)  # fmt: skip
_STRATEGY = "tf.distribute.Strategy"
_ALIASES: dict[str, str] = {
    **{f"tf.config.experimental.{name}": f"tf.config.{name}" for name in _CONFIG},
    "tf.Assert": "tf.debugging.Assert",
    "tf.config.experimental.VirtualDeviceConfiguration": "tf.config.LogicalDeviceConfiguration",
    "tf.config.experimental_run_functions_eagerly": "tf.config.run_functions_eagerly",
    "tf.distribute.experimental.MultiWorkerMirroredStrategy": (
        "tf.distribute.MultiWorkerMirroredStrategy"
    ),
    "tf.distribute.experimental.TPUStrategy": "tf.distribute.TPUStrategy",
    "tf.lite.Optimize.OPTIMIZE_FOR_LATENCY": "tf.lite.Optimize.DEFAULT",
    "tf.lite.Optimize.OPTIMIZE_FOR_SIZE": "tf.lite.Optimize.DEFAULT",
    "tf.test.TestCase.test_session": "`self.evaluate(tensor)`, without a session",
    "tf.test.is_gpu_available": 'tf.config.list_physical_devices("GPU")',
    "tf.xla.experimental.compile": "tf.function(jit_compile=True)",
    f"{_STRATEGY}.experimental_run": "strategy.run(fn, args=(next(iterator),))",
    f"{_STRATEGY}.make_dataset_iterator": "strategy.experimental_distribute_dataset(dataset)",
    f"{_STRATEGY}.make_input_fn_iterator": (
        "strategy.distribute_datasets_from_function(dataset_fn)"
    ),
    f"{_STRATEGY}.unwrap": "strategy.experimental_local_results(value)",
    "tf.Variable.experimental_ref": "variable.ref()",
    "tf.Tensor.experimental_ref": "tensor.ref()",
}
_ARGUMENTS = {
    "tf.function": {
        "experimental_compile": "jit_compile",
        "experimental_relax_shapes": "reduce_retracing",
    },
    **{name: {"dim": "axis"} for name in all_names("tf.nn.l2_normalize")},
}


@deprecated_alias.on(*_ALIASES)
def _alias(ref: Reference) -> Report | None:
    """Names with a better one."""
    if ref.status not in ("same", "exists"):
        return None
    use = ref.say(_ALIASES[ref.symbol]) if ref.symbol in _ALIASES else ""
    if not use:
        owner = f"{_STRATEGY}.{ref.symbol.rpartition('.')[2]}"
        use = ref.say(_ALIASES.get(owner, ""))
    return ref.report(use, "has a better name in TF 2", status="idiom") if use else None


@deprecated_alias.argument(*_ARGUMENTS)
def _old_arguments(ref: Reference) -> Iterator[Report]:
    """Keywords with a better name."""
    args = ref.arguments("v2")
    signature = ref.signature("v2")
    if args is None or signature is None:
        return
    for old, new in _ARGUMENTS[ref.symbol].items():
        keyword = args.keyword(old)
        if keyword is not None and new in signature.names:
            yield ref.report(
                f"{new}={ref.text(keyword.value)}", f"is `{new}=` now", place=keyword,
                status="idiom", subject=f"{ref.spelling}({old}=)",
            )  # fmt: skip
