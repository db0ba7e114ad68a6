"""TF5: what Keras optimizers take and have, by the Keras of the target."""

from __future__ import annotations

import ast
import re

from tf2lint.check.advice import Advice, advised, delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Edit, Example
from tf2lint.fixes.edits import drop_argument, rename_keyword, replace
from tf2lint.rules._calls import plain, short
from tf2lint.rules._keras import keras_2_kept, only_named
from tf2lint.rules.optimizers import family
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3, dotted

_NEW_KERAS = (2, 11)  # Keras 2 got the optimizers that Keras 3 has, more or less
_SOURCES = ["https://keras.io/guides/migrating_to_keras_3/", "https://keras.io/api/optimizers/"]

# --- TF505 -----------------------------------------------------------------------------------

argument = family.rule(
    "TF505",
    "keras-optimizer-argument",
    "W",
    summary="an argument or attribute that the target's Keras optimizers refuse or ignore",
    page="""\
What an optimizer of `tf.keras` takes has changed twice: with TF 2.11, whose Keras got new
optimizers, and with TF 2.16, the first with Keras 3.

| argument | up to 2.10 | 2.11 to 2.15 | Keras 3 |
|---|---|---|---|
| `lr=` | taken | taken, with a warning | `ValueError` |
| `decay=` | taken | `ValueError` | **ignored**, with a warning |
| `beta1=`, `use_nesterov=`, `use_locking=` ... | `TypeError` | `TypeError` | `ValueError` |
| `gradient_transformers=`, `gradient_aggregator=` | taken since 2.4 | `ValueError` | `ValueError` |
| `jit_compile=` | `TypeError` | taken | `ValueError` |
| two of `clipnorm=`, `clipvalue=`, `global_clipnorm=` | taken | taken | `ValueError` |

Write `learning_rate=`. In place of `decay=` give a schedule, which computes the same:
`tf.keras.optimizers.schedules.InverseTimeDecay(learning_rate, decay_steps=1, decay_rate=decay)`.

Keras 3 takes a Python float, a schedule or a callable for the learning rate: an integer, a
tensor and a variable raise `ValueError`. To change the rate later, assign to it:
`optimizer.learning_rate = 0.01`.

**Silent:** `decay=` is dropped with a warning, so the rate stays where it started. So is what is
assigned to `optimizer.lr`: reading `.lr` raises `AttributeError` in Keras 3, but writing it makes
a new attribute that nothing looks at.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(«lr=0.001»)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(learning_rate=0.001)
""",
        ),
        Example(
            bad="""\
from tensorflow.keras.optimizers import SGD

optimizer = SGD(0.1, «decay=1e-6», momentum=0.9)
""",
            good="""\
from tensorflow.keras.optimizers import SGD
from tensorflow.keras.optimizers.schedules import InverseTimeDecay

optimizer = SGD(InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-6), momentum=0.9)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Halve(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        «self.model.optimizer.lr» = 0.5 ** epoch
""",
            good="""\
import tensorflow as tf

class Halve(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.optimizer.learning_rate = 0.5 ** epoch
""",
        ),
    ],
    sources=_SOURCES,
)

_CLASSES = ("Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lion",
            "Nadam", "RMSprop", "SGD")  # fmt: skip
_HOMES = ("tf.keras.optimizers", "tf.optimizers")
_RENAMED = {"lr": "learning_rate", "beta1": "beta_1", "beta2": "beta_2",
            "use_nesterov": "nesterov"}  # fmt: skip
_DROPPED = frozenset({
    "accum_name", "gradient_aggregator", "gradient_transformers", "is_legacy_optimizer",
    "jit_compile", "linear_name", "schedule_decay", "use_locking",
})  # fmt: skip
_CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


def _refused(name: str, target: api.Version) -> bool:
    """Whether that Keras refuses the keyword, or ignores it, for every optimizer."""
    if target >= KERAS_3:
        return True
    if target >= _NEW_KERAS:
        return name not in ("lr", "is_legacy_optimizer", "jit_compile")
    if name in ("gradient_aggregator", "gradient_transformers"):
        return target < (2, 4)
    return name not in ("lr", "decay", "schedule_decay")


@argument.argument(*(f"{home}.{name}" for home in _HOMES for name in _CLASSES))
def _argument(ref: Reference) -> list[Report]:
    args, now = ref.arguments(), ref.arguments("v2")
    if args is None or now is None:
        return []
    found: list[Report] = []
    epsilon = now.given.get("epsilon")
    if isinstance(epsilon, ast.Constant) and epsilon.value is None and ref.keras >= KERAS_3:
        found.append(ref.report("epsilon=1e-7", "fails at its first step with `epsilon=None`",
                                place=epsilon, status="removed",
                                edits=[replace(epsilon, "1e-7")]))  # fmt: skip
    for keyword in args.call.keywords:
        name = keyword.arg
        if name is None or not _refused(name, ref.keras):
            continue
        if name == "decay":
            found.append(_decay(ref, keyword))
        elif name in _RENAMED:
            new = _RENAMED[name]
            edits = [] if new in now.given else [rename_keyword(keyword, new, safe=True)]
            code = f"{new}={short(ref, keyword.value)}"
            found.append(_report(ref, keyword, f"takes no `{name}=`", code, edits))
        elif name in _DROPPED:
            edits = [drop_argument(ref.module.source, args.call, keyword)]
            found.append(_report(ref, keyword, f"takes no `{name}=`", delete(), edits))
    if ref.keras >= KERAS_3:
        clips = [k for k in args.call.keywords if k.arg in _CLIPS and _is_number(k.value)]
        for keyword in clips[1:]:
            what = f"takes no `{keyword.arg}=` beside `{clips[0].arg}=`"
            found.append(_report(ref, keyword, what, "only one of them", []))
        rate = now.given.get("learning_rate")
        if rate is not None:
            found += _rate(ref, rate)
    return found


def _decay(ref: Reference, keyword: ast.keyword) -> Report:
    value = keyword.value
    assert ref.call is not None
    if isinstance(value, ast.Constant) and value.value == 0:
        edits = [drop_argument(ref.module.source, ref.call, keyword, safe=True)]
        return _report(ref, keyword, "takes no `decay=`", delete(), edits)
    rate = "learning_rate"
    for other in ref.call.keywords:
        if other.arg in ("lr", "learning_rate"):
            rate = short(ref, other.value)
    if ref.call.args and not isinstance(ref.call.args[0], ast.Starred):
        rate = short(ref, ref.call.args[0])
    schedule = ref.say("tf.keras.optimizers.schedules.InverseTimeDecay")
    code = f"learning_rate={schedule}({rate}, 1, {short(ref, value)})"
    if ref.keras < KERAS_3:
        return _report(ref, keyword, "takes no `decay=`", code, [])
    return ref.report(code, "ignores `decay=` in Keras 3", place=keyword, status="changed")


def _rate(ref: Reference, rate: ast.expr) -> list[Report]:
    if isinstance(rate, ast.Constant) and type(rate.value) is int:
        code = f"learning_rate={rate.value}.0"
        edits = [replace(rate, f"{rate.value}.0", safe=True)]
        return [_report(ref, rate, "takes no integer as `learning_rate`", code, edits)]
    return []


def _report(
    ref: Reference,
    place: ast.keyword | ast.expr,
    what: str,
    advice: Advice | str,
    edits: list[Edit],
) -> Report:
    keras = "Keras 3" if ref.keras >= KERAS_3 else f"TF {dotted(ref.keras)}"
    return ref.report(advice, f"{what} in {keras}", place=place, status="removed", edits=edits)


def _is_number(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant) and isinstance(expr.value, int | float)


_LR = "tf.keras.optimizers.Optimizer.lr"


@argument.on(_LR)
def _read_lr(ref: Reference) -> Report | None:
    return _lr(ref) if ref.keras >= KERAS_3 else None


@argument.store(_LR)
def _write_lr(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3:
        return None
    return _lr(ref, "is looked at by nothing in Keras 3", "changed")


@argument.method("lr")
def _some_lr(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3 or ref.receiver is None or ref.call is not None:
        return None
    if keras_2_kept(ref) or not re.search(r"model\.(\w+_)?optimizer$", ref.text(ref.receiver)):
        return None
    return _lr(ref)


def _lr(ref: Reference, what: str = "was removed in Keras 3", status: str = "removed") -> Report:
    assert isinstance(ref.node, ast.Attribute)
    receiver = ref.text(ref.node.value)
    end = ref.node
    assert end.end_lineno is not None
    assert end.end_col_offset is not None
    last = Edit(end.end_lineno, end.end_col_offset - 2, end.end_lineno, end.end_col_offset,
                "learning_rate", safe=ref.certain)  # fmt: skip
    name = f"{receiver}.learning_rate" if len(receiver) <= 40 else "learning_rate"
    return ref.report(name, what, status=status, edits=[last])


# --- TF506 -----------------------------------------------------------------------------------

legacy = family.rule(
    "TF506",
    "keras-optimizer-legacy",
    "W",
    summary="tf.keras.optimizers.legacy and .experimental do not work with Keras 3",
    page="""\
TF 2.9 and 2.10 had the new optimizers in `tf.keras.optimizers.experimental`; in TF 2.11 they
took the place of the old ones, which went to `tf.keras.optimizers.legacy`. Keras 3 (TF 2.16 and
later) has neither. Of `experimental` nothing is left. The classes of `legacy` can still be
imported, but making one raises `ImportError`, and no optimizer is an instance of them.

Use the class of the same name in `tf.keras.optimizers`. It takes `learning_rate=`, not `lr=`,
no `decay=` (see TF505), and its members have changed (see TF508). Where the old behaviour
cannot be given up yet, install `tf_keras` and set `TF_USE_LEGACY_KERAS=1` before TensorFlow is
imported (`tf2-keras = 2` says so to tf2lint where the code does not); or import `tf_keras` and
use its `optimizers.legacy`.

On a Mac, advice to use `legacy.Adam` for speed was given for TF 2.11 to 2.15 and has lost its
point since. A target below 2.16 turns this rule off.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

optimizer = «tf.keras.optimizers.legacy.Adam»(learning_rate=1e-3, decay=1e-5)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(
    tf.keras.optimizers.schedules.InverseTimeDecay(1e-3, 1, 1e-5)
)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def make(rate):
    return «tf.keras.optimizers.experimental.AdamW»(rate, weight_decay=0.004)
""",
            good="""\
import tensorflow as tf

def make(rate):
    return tf.keras.optimizers.AdamW(rate, weight_decay=0.004)
""",
        ),
    ],
    sources=_SOURCES,
)


@legacy.under(*(f"{home}.{name}" for home in _HOMES for name in ("legacy", "experimental")))
def _legacy(ref: Reference) -> Matched:
    if ref.keras < KERAS_3:
        return None
    if only_named(ref):
        return QUIET  # a stub, but comparing with it does not raise
    name = ref.symbol.rpartition(".")[2]
    what = "does not work in Keras 3"
    if name in ("legacy", "experimental"):
        return ref.report(ref.say("tf.keras.optimizers"), what, status="removed")
    below = re.split(r"\.(?:legacy|experimental)\.", ref.symbol, maxsplit=1)[-1]
    if "." in below and name in _MEMBERS:  # called on the class
        return ref.report(_instead(ref, name), what, status="removed")
    names = (below, below.partition(".")[0]) if "." in below else (below, name)
    new = ref.say(*(f"tf.keras.optimizers.{n}" for n in names), "tf.keras.optimizers")
    note = ""
    call = ref.call
    if call is not None and new.endswith(f".{name}"):
        parts: list[str] = []
        for arg in call.args:
            parts.append(ref.text(arg))
        for keyword in call.keywords:
            if keyword.arg == "decay":
                note = "a schedule replaces `decay=`"
            elif keyword.arg not in _DROPPED:
                arg_name = _RENAMED.get(keyword.arg or "", keyword.arg)
                head = f"{arg_name}=" if arg_name else "**"
                parts.append(head + ref.text(keyword.value))
        inside = ", ".join(parts)
        new += f"({inside})" if len(inside) <= 60 else ""
    return ref.report(use(new).adding(note), what, status="removed")


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
    sources=_SOURCES,
)

_MEMBERS: dict[str, Advice | str] = {
    "get_slot": "the entries of `{self}.variables`",
    "get_slot_names": use(
        "`[v.path for v in {self}.variables]`", "Each ends in the name of its slot"
    ),
    "get_weights": "[v.numpy() for v in {self}.variables]",
    "weights": "{self}.variables",
    "get_name": "{self}.name",
    "get_gradients": "`tape.gradient(loss, params)` under a tape",
    "get_updates": "{self}.apply_gradients(zip(grads, params))",
    "aggregate_gradients": "`all_reduce` of the replica context",
    "get_scaled_loss": "{self}.scale_loss(loss)",
    "get_unscaled_gradients": delete("it: `apply_gradients` unscales them"),
    "_create_all_weights": "{self}.build(variables)",
    "_decayed_lr": "{self}.learning_rate",
    "_get_hyper": "an attribute of your own, or `{self}.learning_rate`",
    "_set_hyper": "an attribute of your own, or `{self}.learning_rate`",
}
_K = "tf.keras.optimizers.Optimizer"
_SCALED = "tf.keras.mixed_precision.LossScaleOptimizer"


@member.on(
    *(f"{_K}.{name}" for name in _MEMBERS if not name.startswith("get_name")),
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
        return ref.report(_instead(ref, name), what, status="removed")
    return ref.report(_instead(ref, name))


def _has(ref: Reference, name: str) -> bool:
    """Whether an optimizer of the target has the member although the tables do not list it."""
    if not name.startswith("_"):
        last = KERAS_3 if name == "aggregate_gradients" else _NEW_KERAS
        return ref.keras < last and not ref.symbol.startswith("tf.train.")
    return ref.keras < _NEW_KERAS or (".legacy." in ref.symbol and ref.keras < KERAS_3)


def _since(symbol: str) -> str:
    if symbol.rpartition(".")[2].startswith("_"):
        return "was removed in TF 2.11"
    last = [release for release in api.RELEASES if api.exists(symbol, release)][-1:]
    later = [release for release in api.RELEASES if last and release > last[0]][:1]
    if not later:
        return "does not exist in TF 2"
    return f"was removed in TF {later[0][0]}.{later[0][1]}"


def _instead(ref: Reference, name: str) -> Advice:
    called_on_class = ref.call is not None and not ref.is_method and bool(ref.call.args)
    itself = ref.call.args[0] if called_on_class and ref.call is not None else ref.receiver
    receiver = plain(ref, itself, "optimizer")
    return advised(_MEMBERS[name]).mapped(lambda text: text.replace("{self}", receiver))


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
    return ref.report(_instead(ref, name), "was removed from Keras optimizers", status="removed")


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
