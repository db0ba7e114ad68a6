"""TF5: minimize, and the gradients that it is made of."""

from __future__ import annotations

import ast
import re

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import argument, last_name, plain
from tf2lint.rules._keras import keras_2_kept
from tf2lint.rules.graphs._sessions import may_be_v1
from tf2lint.rules.optimizers import MIGRATE, family
from tf2lint.semantics.values import LocalFunction
from tf2lint.tensorflow.api import KERAS_3

# --- TF502 -----------------------------------------------------------------------------------

minimize = family.rule(
    "TF502",
    "optimizer-minimize",
    "W",
    summary="minimize(loss) of a tensor needs a graph, and Keras 3 optimizers have no minimize",
    page="""\
`optimizer.minimize(loss)` built the gradient and the update ops into the graph. Under eager
execution a tensor has forgotten where it came from, so the call raises `RuntimeError` on a
`tf.compat.v1.train` optimizer. The optimizers of Keras 3 (TF 2.16 and later) have no `minimize`
at all; those of Keras 2 took a function that computes the loss, or a loss with its `tape=`.

Compute the loss under a tape, ask the tape for the gradients and apply them:

```python
@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_of(model(x, training=True), y)
    variables = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss
```

`var_list` is what the gradient is asked for; `grad_loss` is `output_gradients` of
`tape.gradient`. `global_step`, `gate_gradients`, `aggregation_method` and
`colocate_gradients_with_ops` go away; `optimizer.iterations` counts the steps. A Keras 3
optimizer belongs to the variables of its first call: give it all of them with
`optimizer.build(variables)`, or make one optimizer for each set.

On an object that cannot be followed to its making, the call is reported only if it has one of
the arguments above or the object is named like an optimizer.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

class Trainer:
    def __init__(self, optimizer):
        self.optimizer = optimizer

    def step(self, loss):
        return «self.optimizer.minimize»(loss)
""",
            good="""\
import tensorflow as tf

class Trainer:
    def __init__(self, optimizer):
        self.optimizer = optimizer

    def step(self, model, x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x) - y))
        variables = model.trainable_variables
        grads = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(grads, variables))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(1e-3)

def step(loss, weights):
    «optimizer.minimize»(loss, var_list=weights)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(1e-3)

def step(loss_of, weights):
    with tf.GradientTape() as tape:
        loss = loss_of()
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)
w = tf.Variable(1.0)
loss = tf.constant(2.0) * w
«optimizer.minimize»(loss, [w])
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)
w = tf.Variable(1.0)
with tf.GradientTape() as tape:
    loss = tf.constant(2.0) * w
optimizer.apply_gradients([(tape.gradient(loss, w), w)])
""",
            options=(("target-version", "2.15"),),
        ),
    ],
    sources=[MIGRATE, "https://github.com/keras-team/keras/issues/18442"],
)

_V1_ONLY = frozenset({"global_step", "gate_gradients", "aggregation_method",
                      "colocate_gradients_with_ops", "grad_loss"})  # fmt: skip
_MINIMIZE = _V1_ONLY | {"loss", "var_list", "name", "tape"}  # all that any minimize took
_OPTIMIZER = re.compile(r"(?i)(^|_|\b)opt(imi[sz]er)?s?(_|\d|\b|$)|optimi[sz]er")
_LOSS = re.compile(r"(?i)loss|cost|objective|error|energy")


@minimize.on("tf.train.Optimizer.minimize")
def _v1_minimize(ref: Reference) -> Report | None:
    if not ref.is_method or (ref.status == "compat" and _is_callable(ref, _loss(ref))):
        return None
    return ref.report(_with_tape(ref))


@minimize.on("tf.keras.optimizers.Optimizer.minimize")
def _keras_minimize(ref: Reference) -> Report | None:
    if not ref.is_method:
        return None
    if ref.status == "removed":
        return ref.report(_with_tape(ref))
    args = ref.arguments()
    loss = _loss(ref)
    if args is None or loss is None or args.open or "tape" in _names(args):
        return None
    if _is_callable(ref, loss) or not ref.is_instance(loss, "tf.Tensor"):
        return None
    return ref.report(_with_tape(ref), "takes no tensor without `tape=`", status="changed")


@minimize.method("minimize")
def _some_minimize(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.receiver is None or may_be_v1(ref):
        return None
    names = {keyword.arg for keyword in call.keywords if keyword.arg}
    loss = _loss(ref)
    if names - _MINIMIZE or ("tape" in names and ref.keras < KERAS_3):
        return None  # the method of something else, or one of Keras 2
    if not names & _V1_ONLY:
        if keras_2_kept(ref):
            return None
        named = last_name(ref.receiver)
        if not _OPTIMIZER.search(named) or loss is None or _is_callable(ref, loss):
            return None
        if (
            ref.keras < KERAS_3
            and not ref.is_instance(loss, "tf.Tensor")
            and (len(call.args) + len(call.keywords) > 1)
        ):
            return None  # a Keras 2 optimizer with a function, for all that can be seen
        if "var_list" not in names and not _LOSS.search(ref.text(loss)):
            return None
    what = "is no method of Keras 3 optimizers" if "tape" in names else "needs the graph of TF 1"
    return ref.report(_with_tape(ref), what, status="changed")


def _loss(ref: Reference) -> ast.expr | None:
    call = ref.call
    if call is None:
        return None
    for keyword in call.keywords:
        if keyword.arg == "loss":
            return keyword.value
    return call.args[0] if call.args and not isinstance(call.args[0], ast.Starred) else None


def _is_callable(ref: Reference, expr: ast.expr | None) -> bool:
    """Whether `expr` is a function for all that is known."""
    if expr is None:
        return False
    if isinstance(expr, ast.Lambda):
        return True
    return any(isinstance(v, LocalFunction) for v in ref.values(expr))


def _names(args: Arguments) -> set[str]:
    return {keyword.arg or "" for keyword in args.call.keywords} | set(args.given)


def _with_tape(ref: Reference) -> Advice:
    """How to take the step that a minimize call took."""
    place = 1 if ref.symbol.startswith("tf.keras.") else 2
    variables = plain(ref, argument(ref, "var_list", place), "variables")
    loss = plain(ref, _loss(ref), "loss")
    if _is_callable(ref, _loss(ref)):
        loss = "loss"
    receiver = plain(ref, ref.receiver, "optimizer")
    tape = ref.say("tf.GradientTape")
    return (
        use(
            f"`tape.gradient({loss}, {variables})` of a `{tape}`, then `{receiver}.apply_gradients`"
        )
        .shorter(f"a `{tape}` and `{receiver}.apply_gradients`")
        .settling("loss", "var_list")
    )


# --- TF503 -----------------------------------------------------------------------------------

compute_gradients = family.rule(
    "TF503",
    "compute-gradients",
    "W",
    summary="compute_gradients needs a graph; Keras 3's apply_gradients takes only the pairs",
    page="""\
`optimizer.compute_gradients(loss)` walked the graph back from a tensor. Eager execution has no
graph to walk: on a `tf.compat.v1.train` optimizer the call raises `RuntimeError`, and Keras 3
optimizers do not have it. (Those of Keras 2 in TF 2.11 to 2.15 had one that takes a function, or
a loss with its tape.) A tape gives the same gradients:

```python
with tf.GradientTape() as tape:
    loss = ...
grads = tape.gradient(loss, variables)
optimizer.apply_gradients(zip(grads, variables))
```

Clipping and the like go between the two steps, on the list `grads`; note that it holds gradients,
not pairs. `grad_loss` is `output_gradients`.

`apply_gradients` of Keras 3 takes the pairs and nothing else. `name=`,
`experimental_aggregate_gradients=` and `skip_gradients_aggregation=` raise `TypeError`. If you
had turned the aggregation off, sum the gradients by hand with
`tf.distribute.get_replica_context().all_reduce("sum", grads)` before you apply them.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def gradients(optimizer, loss, weights):
    return «optimizer.compute_gradients»(loss, weights)
""",
            good="""\
import tensorflow as tf

def gradients(loss_of, weights):
    with tf.GradientTape() as tape:
        loss = loss_of()
    return list(zip(tape.gradient(loss, weights), weights))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)

def step(grads, weights):
    optimizer.apply_gradients(zip(grads, weights), «name="train"»)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)

def step(grads, weights):
    optimizer.apply_gradients(zip(grads, weights))
""",
        ),
    ],
    sources=[MIGRATE],
)


@compute_gradients.on(
    "tf.train.Optimizer.compute_gradients", "tf.keras.optimizers.Optimizer.compute_gradients"
)
def _compute_gradients(ref: Reference) -> Report | None:
    if not ref.is_method or (ref.status != "removed" and _is_callable(ref, _loss(ref))):
        return None
    if ref.symbol.startswith("tf.keras.") and ref.keras < KERAS_3:
        return None  # not yet, or with a tape
    return ref.report(_pairs(ref))


@compute_gradients.method("compute_gradients")
def _some_gradients(ref: Reference) -> Report | None:
    if ref.call is None or _is_callable(ref, _loss(ref)) or argument(ref, "tape", 9) is not None:
        return None
    if may_be_v1(ref):
        return None
    if {keyword.arg for keyword in ref.call.keywords if keyword.arg} - _MINIMIZE:
        return None  # the method of something else
    return ref.report(_pairs(ref), "needs the graph of TF 1", status="changed")


def _pairs(ref: Reference) -> Advice:
    variables = plain(ref, argument(ref, "var_list", 1), "variables")
    loss = plain(ref, _loss(ref), "loss")
    down = argument(ref, "grad_loss", 5)
    extra = f", output_gradients={plain(ref, down, 'grad_loss')}" if down is not None else ""
    code = f"zip(tape.gradient({loss}, {variables}{extra}), {variables})"
    tape = ref.say("tf.GradientTape")
    return use(f"`{code}` of a `{tape}`").shorter(f"`zip(grads, {variables})` of a `{tape}`")


_PAIRS_ONLY = ("name", "experimental_aggregate_gradients", "skip_gradients_aggregation")


@compute_gradients.argument("tf.keras.optimizers.Optimizer.apply_gradients")
def _apply_gradients(ref: Reference) -> list[Report]:
    return _more_than_pairs(ref)


@compute_gradients.method("apply_gradients")
def _some_apply_gradients(ref: Reference) -> list[Report]:
    v1 = argument(ref, "global_step", 1) is not None  # Keras optimizers never took it
    return [] if v1 or keras_2_kept(ref) else _more_than_pairs(ref)


def _more_than_pairs(ref: Reference) -> list[Report]:
    call = ref.call
    if call is None or ref.keras < KERAS_3:
        return []
    found = [
        ref.report(delete(f"it{_instead(keyword.arg)}"), f"takes no `{keyword.arg}=` in Keras 3",
                   place=keyword, status="removed")
        for keyword in call.keywords if keyword.arg in _PAIRS_ONLY
    ]  # fmt: skip
    second = argument(ref, "", 1)
    if ref.certain and second is not None and "step" not in ref.text(second):
        what = "takes only the pairs in Keras 3"
        found.append(
            ref.report(delete("the second argument"), what, place=second, status="removed")
        )
    return found


def _instead(name: str | None) -> str:
    return "" if name == "name" else ", or add the gradients of all replicas up by hand"
