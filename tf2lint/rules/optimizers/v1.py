"""TF5: TF 1 optimizers and what was called on them."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from tf2lint.check.advice import delete, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.optimizers import MIGRATE, family
from tf2lint.rules.optimizers._keras import NEW_KERAS
from tf2lint.tensorflow.api import KERAS_3

_KERAS = "tf.keras.optimizers."

# --- TF501 -----------------------------------------------------------------------------------

v1_optimizer = family.rule(
    "TF501",
    "v1-optimizer",
    "W",
    summary="tf.train optimizers are gone; tf.keras.optimizers take other argument names",
    page="""\
The optimizers of `tf.train` minimized tensors of a graph. TF 2 has those of
`tf.keras.optimizers`, which are given gradients that a `tf.GradientTape` has computed, or are
handed to `model.compile`. Keras 3 refuses a `tf.compat.v1.train` optimizer in `compile`.

| TF 1 | TF 2 | arguments |
|---|---|---|
| GradientDescentOptimizer | SGD | |
| MomentumOptimizer | SGD | `use_nesterov` is `nesterov` |
| AdamOptimizer | Adam | `beta1`, `beta2` are `beta_1`, `beta_2`; `epsilon=1e-8` |
| RMSPropOptimizer | RMSprop | `decay` is `rho`; `epsilon=1e-10` |
| AdadeltaOptimizer | Adadelta | `epsilon=1e-8` |
| AdagradOptimizer | Adagrad | |
| FtrlOptimizer | Ftrl | no `accum_name`, no `linear_name` |

`use_locking` has no counterpart; updates are always consistent. Keras 3 takes a Python float, a
schedule or a callable as `learning_rate`: tensors, variables, and even the integer `1` raise
`ValueError`.

**Silent:** gradients of single rows, as those of embeddings are, give other numbers. Keras 3 does
not add up the gradients of a row that a batch reads twice, as TF 1 and `tf_keras` do: Adam,
Adagrad and Adadelta get TF 1's numbers from `tf.convert_to_tensor(gradient)`, which is dense. With
a momentum, RMSProp and Ftrl, Keras moves the rows without a gradient, too, and TF 1 did not.

**Silent:** the default epsilon of Adam and Adadelta was 1e-8 and is 1e-7, that of RMSProp was
1e-10 and is 1e-7, so write it out. TF 1's RMSProp began its mean square at one, Keras begins at
zero: the first steps are much larger, whatever the arguments. Adagrad and Ftrl agree with TF 1
as soon as the learning rate is passed; the default is 0.001 now.

Keras has no proximal optimizers and no AdagradDA; Ftrl with its l1 and l2 strengths comes
nearest. Slot variables of old checkpoints do not load into Keras optimizers: restore the
weights and let the optimizer warm up again. `gate_gradients` and the `GATE_` constants ordered
the ops of a graph; there is nothing to put in their place.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def optimizer(lr):
    return «tf.train.MomentumOptimizer»(lr, 0.9, use_nesterov=True)
""",
            good="""\
import tensorflow as tf

def optimizer(lr):
    return tf.keras.optimizers.SGD(learning_rate=lr, momentum=0.9, nesterov=True)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

optimizer = «tf.train.AdamOptimizer»(1e-4, beta1=0.5)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(learning_rate=1e-4, beta_1=0.5, epsilon=1e-8)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

optimizer = «tf.compat.v1.train.RMSPropOptimizer»(0.01, decay=0.95)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.RMSprop(learning_rate=0.01, rho=0.95, epsilon=1e-10)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

optimizer = «tf.train.FtrlOptimizer»(0.1, accum_name="a", l1_regularization_strength=0.01)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Ftrl(learning_rate=0.1, l1_regularization_strength=0.01)
""",
        ),
    ],
    sources=[MIGRATE, "https://keras.io/api/optimizers/"],
    ends_graph=True,
)


class _Move(NamedTuple):
    """Where an optimizer went.

    `takes` maps TF 1 parameters to the new ones, `defaults` holds defaults of TF 1 to write
    out, `note` is what the call cannot say.
    """

    to: str
    takes: dict[str, str]
    defaults: dict[str, str] = {}  # noqa: RUF012
    note: str = ""


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_LR = _same("learning_rate")
_L1_L2 = _same("l1_regularization_strength", "l2_regularization_strength")
_NAME = _same("name")
_NEAREST = "It is the nearest that Keras has: other numbers"
_MOVES = {
    "tf.train.GradientDescentOptimizer": _Move("SGD", {**_LR, **_NAME}),
    "tf.train.MomentumOptimizer": _Move(
        "SGD", {**_LR, "momentum": "momentum", "use_nesterov": "nesterov", **_NAME}
    ),
    "tf.train.AdamOptimizer": _Move(
        "Adam",
        {**_LR, "beta1": "beta_1", "beta2": "beta_2", "epsilon": "epsilon", **_NAME},
        {"epsilon": "1e-08"},
    ),
    "tf.train.RMSPropOptimizer": _Move(
        "RMSprop",
        {**_LR, "decay": "rho", "momentum": "momentum", "epsilon": "epsilon",
         "centered": "centered", **_NAME},
        {"epsilon": "1e-10"},
        "Other numbers: its mean square starts at 0",
    ),
    "tf.train.AdadeltaOptimizer": _Move(
        "Adadelta", {**_LR, **_same("rho", "epsilon"), **_NAME}, {"epsilon": "1e-08"}
    ),
    "tf.train.AdagradOptimizer": _Move(
        "Adagrad", {**_LR, **_same("initial_accumulator_value"), **_NAME}
    ),
    "tf.train.FtrlOptimizer": _Move(
        "Ftrl",
        {**_LR, **_same("learning_rate_power", "initial_accumulator_value"), **_L1_L2,
         **_same("l2_shrinkage_regularization_strength"), **_NAME},
    ),
    "tf.train.ProximalGradientDescentOptimizer": _Move(
        "Ftrl", {**_LR, **_L1_L2, **_NAME}, {}, _NEAREST
    ),
    "tf.train.ProximalAdagradOptimizer": _Move(
        "Ftrl", {**_LR, **_same("initial_accumulator_value"), **_L1_L2, **_NAME}, {}, _NEAREST
    ),
    "tf.train.AdagradDAOptimizer": _Move("Ftrl", {**_LR, **_L1_L2, **_NAME}, {}, _NEAREST),
}  # fmt: skip


@v1_optimizer.on("tf.train.Optimizer", *_MOVES)
def _v1_optimizer(ref: Reference) -> Report | None:
    if ref.site.use == "base":
        return None
    move = _MOVES.get(ref.symbol)
    if move is None:
        return ref.report(ref.say("tf.keras.optimizers.Optimizer"))
    args = ref.arguments()
    if args is None or args.open or args.unknown or args.extra:
        new = [f"`{k}` is `{v}`" for k, v in move.takes.items() if k != v]
        new += [f"`{k}={v}` was the default" for k, v in move.defaults.items()]
        return ref.report(use(ref.say(_KERAS + move.to), ", ".join(new), move.note))
    template = _template(move, args)
    code = ref.code(template, arguments=args)
    for part in ("epsilon=1e", "nesterov="):  # what Keras has another way is in every form
        if part in template:
            code = replace(code, texts=tuple(text for text in code.texts if part in text))
    note = move.note or _of_rows(ref, move, args)
    given = args.given.get("learning_rate")
    if given is not None and ref.keras >= KERAS_3 and ref.is_instance(given, *_NO_RATE):
        code = code.adding("`learning_rate` is a float or a schedule")
    return ref.report(code.noting(note))


_NO_RATE = ("tf.Tensor", "tf.Variable")


def _template(move: _Move, args: Arguments) -> str:
    parts: list[str] = []
    for old, new in move.takes.items():
        if old in args.given:
            whole = args.literal(old) if old == "learning_rate" else None
            parts.append(f"{new}={whole}.0" if type(whole) is int else f"{new}={{{old}}}")
        elif old in move.defaults:
            parts.append(f"{new}={move.defaults[old]}")
    return f"{_KERAS}{move.to}({', '.join(parts)})"


_OF_ROWS = re.compile(r"embed|^nce_loss|^sampled_softmax_loss")


def _of_rows(ref: Reference, move: _Move, args: Arguments) -> str:
    """What becomes of gradients of single rows, if the module looks some up."""
    if not ref.module.fact(_looks_up):
        return ""
    if move.to == "SGD":
        still = "momentum" not in args.given or args.literal("momentum") == 0
        return "" if still else "Rows of embeddings without a gradient move, too"
    if move.to == "Ftrl":
        return "Embeddings get other numbers"
    return "Repeated rows of embeddings get other numbers" if ref.keras >= KERAS_3 else ""


def _looks_up(module: Module) -> bool:
    """Whether the module has embeddings, whose gradients are those of single rows."""
    return any(_OF_ROWS.search(use.path.rpartition(".")[2].lower()) for use in module.uses)


@v1_optimizer.on(*(f"tf.train.Optimizer.GATE_{name}" for name in ("NONE", "OP", "GRAPH")))
def _gate(ref: Reference) -> Report:
    return ref.report(delete("it: gradients are not gated any more"))


# --- TF507 -----------------------------------------------------------------------------------

subclass = family.rule(
    "TF507",
    "optimizer-subclass",
    "W",
    summary="subclass tf.keras.optimizers.Optimizer: build and update_step, not _apply_dense",
    page="""\
A subclass of a `tf.train` optimizer overrode `_create_slots`, `_prepare`, `_apply_dense` and
`_resource_apply_dense`. Keras optimizers since TF 2.11 have two methods in their place:

```python
class Plain(tf.keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, name="plain", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)

    def build(self, variables):
        super().build(variables)
        # one self.add_variable_from_reference(...) per variable, for each slot

    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(tf.cast(learning_rate, variable.dtype) * gradient)
```

In Keras 2 (TF 2.11 to 2.15) `update_step` gets no learning rate; read `self.learning_rate`. Up
to TF 2.10 override `_create_slots` and `_resource_apply_dense`, and write `get_config`. What
changed gradients in `compute_gradients` belongs into `apply_gradients`, on the pairs.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

class Plain(«tf.train.Optimizer»):
    def _apply_dense(self, grad, var):
        return var.assign_sub(0.1 * grad)
""",
            good="""\
import tensorflow as tf

class Plain(tf.keras.optimizers.Optimizer):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * gradient)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Plain(«tf.keras.optimizers.Optimizer»):
    def _resource_apply_dense(self, grad, var, apply_state=None):
        return var.assign_sub(0.1 * grad)
""",
            good="""\
import tensorflow as tf

class Plain(tf.keras.optimizers.Optimizer):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * gradient)
""",
        ),
        Example(
            bad="""\
from tensorflow import train

class Clipped(«train.AdamOptimizer»):
    pass
""",
            good="""\
import tensorflow as tf

class Clipped(tf.keras.optimizers.Adam):
    def update_step(self, gradient, variable, learning_rate):
        super().update_step(tf.clip_by_norm(gradient, 1.0), variable, learning_rate)
""",
        ),
    ],
    sources=["https://keras.io/api/optimizers/"],
)


# What subclasses of Keras optimizers overrode up to TF 2.10; nothing calls it any more.
_OVERRIDDEN = frozenset({
    "_apply_dense", "_create_slots", "_prepare_local", "_resource_apply_dense",
    "_resource_apply_sparse", "get_updates",
})  # fmt: skip
_CLASSES = ("Optimizer", "Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "RMSprop", "SGD")


@subclass.on(*(_KERAS + name for name in _CLASSES))
def _keras_subclass(ref: Reference) -> Report | None:
    """A class for the Keras of TF 2.10: its gradients are never applied."""
    parent = ref.module.source.parent(ref.node)
    if ref.site.use != "base" or ref.keras < NEW_KERAS or not isinstance(parent, ast.ClassDef):
        return None
    methods = [stmt.name for stmt in parent.body if isinstance(stmt, ast.FunctionDef)]
    old = [name for name in methods if name in _OVERRIDDEN]
    if not old or "update_step" in methods:
        return None
    return ref.report(
        "`build(variables)` and `update_step(gradient, variable, learning_rate)`",
        f"calls no `{old[-1]}` since TF 2.11", status="changed",
    )  # fmt: skip


@subclass.on("tf.train.Optimizer", *_MOVES)
def _subclass(ref: Reference) -> Report | None:
    if ref.site.use != "base":
        return None
    move = _MOVES.get(ref.symbol)
    base = ref.say(_KERAS + (move.to if move is not None else "Optimizer"))
    if ref.keras >= NEW_KERAS:
        return ref.report(f"`{base}`, overriding `build()` and `update_step()`")
    return ref.report(f"`{base}`, overriding `_create_slots()` and `_resource_apply_dense()`")
