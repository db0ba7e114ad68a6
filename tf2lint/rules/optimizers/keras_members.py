"""Members of Keras optimizers, and what scales a loss: what is left of them in Keras 3."""

from __future__ import annotations

import ast

from tf2lint.check.advice import delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import plain
from tf2lint.rules._keras import keras_2_kept
from tf2lint.rules.optimizers import family
from tf2lint.rules.optimizers._keras import MEMBERS, NEW_KERAS, SOURCES, instead
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3

# --- TF508 -----------------------------------------------------------------------------------

member = family.rule(
    "TF508",
    "optimizer-member",
    "W",
    summary="a method or attribute that optimizers no longer have",
    page="""\
Slots, weights and gradients of an optimizer are reached in other ways than they were.

| was | is in Keras 3 |
|---|---|
| `get_slot(var, name)`, `get_slot_names()` | entries of `optimizer.variables`, by their `path` |
| `variables()` | `optimizer.variables`, a list |
| `weights`, `get_weights()` | `optimizer.variables`, `[v.numpy() for v in ...]` |
| `get_name()` | `optimizer.name` |
| `get_gradients(loss, params)` | `tape.gradient(loss, params)` |
| `get_updates(loss, params)` | `optimizer.apply_gradients(zip(grads, params))` |
| `aggregate_gradients(pairs)` | `tf.distribute.get_replica_context().all_reduce(...)` |
| `get_scaled_loss(loss)` of a LossScaleOptimizer | `optimizer.scale_loss(loss)` |
| `get_unscaled_gradients(grads)` | nothing: `apply_gradients` unscales |
| `iterations = variable` | `optimizer.iterations.assign(n)` |

The slots went with TF 2.11, the rest with Keras 3 (TF 2.16); a rule is silent where the target
still has the member. `optimizer.iterations` is a Keras variable now, not a `tf.Variable`: convert
it with `int()`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(1e-3)
state = «optimizer.get_weights»()
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(1e-3)
state = [v.numpy() for v in optimizer.variables]
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)
print(«optimizer.variables»())
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)
print(optimizer.variables)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def scaled(optimizer, loss):
    return «optimizer.get_scaled_loss»(loss)
""",
            good="""\
import tensorflow as tf

def scaled(optimizer, loss):
    return optimizer.scale_loss(loss)
""",
        ),
    ],
    sources=SOURCES,
)

_K = "tf.keras.optimizers.Optimizer"
_SCALED = "tf.keras.mixed_precision.LossScaleOptimizer"


@member.on(
    *(f"{_K}.{name}" for name in MEMBERS if not name.startswith("get_name")),
    *(f"{_SCALED}.{name}" for name in ("get_scaled_loss", "get_unscaled_gradients")),
    *(f"tf.train.Optimizer.{name}" for name in ("get_slot", "get_slot_names", "get_name")),
)
def _member(ref: Reference) -> Report | None:
    name = ref.symbol.rpartition(".")[2]
    if not ref.is_method and ref.call is None:
        return None
    if ref.status not in ("removed", "compat") or _has(ref, name):
        return None
    if ref.symbol.startswith(("tf.keras.", "tf.optimizers.")):
        gone = _K if name not in ("get_scaled_loss", "get_unscaled_gradients") else _SCALED
        what = _since(f"{gone}.{name}")
        return ref.report(instead(ref, name), what, status="removed")
    return ref.report(instead(ref, name))


def _has(ref: Reference, name: str) -> bool:
    """Whether an optimizer of the target has the member although the tables do not list it."""
    if not name.startswith("_"):
        last = KERAS_3 if name == "aggregate_gradients" else NEW_KERAS
        return ref.keras < last and not ref.symbol.startswith("tf.train.")
    return ref.keras < NEW_KERAS or (".legacy." in ref.symbol and ref.keras < KERAS_3)


def _since(symbol: str) -> str:
    if symbol.rpartition(".")[2].startswith("_"):
        return "was removed in TF 2.11"
    last = [release for release in api.RELEASES if api.exists(symbol, release)][-1:]
    later = [release for release in api.RELEASES if last and release > last[0]][:1]
    if not later:
        return "does not exist in TF 2"
    return f"was removed in TF {later[0][0]}.{later[0][1]}"


@member.on("tf.train.Optimizer.variables", f"{_K}.variables")
def _variables(ref: Reference) -> Report | None:
    if not ref.is_method or ref.call is None:
        return None
    receiver = plain(ref, ref.receiver, "optimizer")
    if not ref.symbol.startswith("tf.train."):
        if ref.keras < KERAS_3:
            return None
        return ref.report(f"`{receiver}.variables` without parentheses", "is a list in Keras 3",
                          status="removed")  # fmt: skip
    return ref.report(f"`{receiver}.variables` without parentheses")


@member.method("get_scaled_loss", "get_unscaled_gradients", "get_slot_names")
def _some_member(ref: Reference) -> Report | None:
    name = ref.symbol.rpartition(".")[2]
    if ref.keras < KERAS_3 or ref.call is None or keras_2_kept(ref):
        return None
    return ref.report(instead(ref, name), "was removed from Keras optimizers", status="removed")


@member.store(f"{_K}.iterations")
def _iterations(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3:
        return None
    receiver = plain(ref, ref.receiver, "optimizer")
    code = f"{receiver}.iterations.assign(step)"
    return ref.report(code, "cannot be set in Keras 3", status="removed")


@member.on(f"{_K}.iterations")
def _is_variable(ref: Reference) -> Report | None:
    """`isinstance(optimizer.iterations, tf.Variable)` is false in Keras 3."""
    if ref.keras < KERAS_3 or not isinstance(ref.node, ast.expr):
        return None
    up = ref.module.source.parent(ref.node)
    if not isinstance(up, ast.Call) or len(up.args) != 2 or up.args[0] is not ref.node:
        return None
    if not isinstance(up.func, ast.Name) or up.func.id != "isinstance":
        return None
    if not any(isinstance(v, Symbol) and v.path == "tensorflow.Variable"
               for v in ref.values(up.args[1])):  # fmt: skip
        return None
    code = f"int({plain(ref, ref.node, 'optimizer.iterations')})"
    return ref.report(code, "is no `tf.Variable` in Keras 3", status="changed")


# --- TF509 -----------------------------------------------------------------------------------

loss_scale = family.rule(
    "TF509",
    "loss-scale",
    "W",
    summary="loss scaling and the mixed precision graph rewrite moved to tf.keras.mixed_precision",
    page="""\
`tf.train.experimental.enable_mixed_precision_graph_rewrite(optimizer)` turned ops of a graph
into half precision and wrapped the optimizer. TF 2 decides by a policy when layers are made:
call `tf.keras.mixed_precision.set_global_policy("mixed_float16")` before the model is built, and
`model.compile` wraps the optimizer by itself. In a loop of your own use
`tf.keras.mixed_precision.LossScaleOptimizer(optimizer)`.

`DynamicLossScale(initial_loss_scale, increment_period, multiplier)` has become arguments of that
wrapper: `initial_scale` and `dynamic_growth_steps`; the multiplier is always 2. A
`FixedLossScale` is `loss_scale_factor=` of a Keras 3 optimizer, or
`LossScaleOptimizer(optimizer, dynamic=False, initial_scale=...)` with Keras 2.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)
optimizer = «tf.train.experimental.enable_mixed_precision_graph_rewrite»(optimizer)
""",
            good="""\
import tensorflow as tf

tf.keras.mixed_precision.set_global_policy("mixed_float16")
optimizer = tf.keras.optimizers.SGD(0.1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

scale = «tf.mixed_precision.experimental.DynamicLossScale»()
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.mixed_precision.LossScaleOptimizer(tf.keras.optimizers.SGD(0.1))
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/mixed_precision"],
)

_SCALES = ("DynamicLossScale", "FixedLossScale", "LossScale")
_POLICY = (
    'tf.keras.mixed_precision.set_global_policy("mixed_float16")',
    'tf.keras.mixed_precision.experimental.set_policy("mixed_float16")',
    "the `mixed_float16` policy of Keras",
)


@loss_scale.on(
    *(f"tf.train.experimental.{name}" for name in _SCALES),
    *(f"tf.mixed_precision.experimental.{name}" for name in _SCALES),
    "tf.mixed_precision.experimental",
    "tf.train.experimental.MixedPrecisionLossScaleOptimizer",
    "tf.mixed_precision.MixedPrecisionLossScaleOptimizer",
    "tf.mixed_precision.DynamicLossScale",
    "tf.mixed_precision.FixedLossScale",
    "tf.mixed_precision.LossScale",
)
def _loss_scale(ref: Reference) -> Report | None:
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(
        ref.say(
            "tf.keras.mixed_precision.LossScaleOptimizer(optimizer)",
            "tf.keras.mixed_precision.experimental.LossScaleOptimizer(optimizer, loss_scale)",
            "the loss scaling of Keras",
        )
    )


_REWRITES = ("enable_mixed_precision_graph_rewrite", "disable_mixed_precision_graph_rewrite")


@loss_scale.on(
    *(f"tf.train.experimental.{name}" for name in _REWRITES),
    *(f"tf.mixed_precision.{name}" for name in _REWRITES),
)
def _rewrite(ref: Reference) -> Report | None:
    if ref.status not in ("removed", "compat"):
        return None
    if "disable" in ref.symbol:
        return ref.report(delete())
    return ref.report(ref.say(*_POLICY))
