"""TF4: the global step and what hangs on it."""

from __future__ import annotations

from tf2lint.check.advice import NONE, advised, delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.fixes import templates
from tf2lint.fixes.edits import drop_argument
from tf2lint.rules.graphs._sessions import may_be_v1
from tf2lint.rules.training import family

# --- TF401 -----------------------------------------------------------------------------------

global_step = family.rule(
    "TF401",
    "global-step",
    "W",
    summary="TF 2 has no global step: optimizer.iterations counts, or a variable of your own",
    page="""\
The global step was a variable that the graph knew by name; optimizers, hooks, savers and
summaries found it there. TF 2 has none. A Keras optimizer counts the batches that it applied in
`optimizer.iterations`. Where there is no optimizer, or something else is counted, keep
`step = tf.Variable(0, dtype=tf.int64, trainable=False)`, add to it yourself, and put it into the
`tf.train.Checkpoint`. For summaries hand it to `tf.summary.scalar(..., step=step)`, or to
`tf.summary.experimental.set_step(step)` once.

`tf.train.global_step(sess, step)` read the number: that is `int(step)`.

**Silent:** under eager execution `tf.compat.v1.train.get_global_step()` gives `None` until
somebody makes the step, and no Keras optimizer ever adds to the one that
`get_or_create_global_step()` makes: it stays at 0.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

step = «tf.train.get_or_create_global_step»()
""",
            good="""\
import tensorflow as tf

step = tf.Variable(0, dtype=tf.int64, trainable=False)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def done(sess, step, last):
    return «tf.train.global_step»(sess, step) >= last
""",
            good="""\
def done(optimizer, last):
    return int(optimizer.iterations) >= last
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

KEY = «tf.GraphKeys.GLOBAL_STEP»
""",
            good="""\
def step_of(optimizer):
    return optimizer.iterations
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/tf1_vs_tf2"],
)

_OWN = "tf.Variable(0, dtype=tf.int64, trainable=False)"
_NEVER = ("tf.get_global_step", "tf.get_or_create_global_step", "tf.create_global_step")


@global_step.on(
    "tf.train.get_global_step", "tf.train.get_or_create_global_step",
    "tf.train.create_global_step", "tf.GraphKeys.GLOBAL_STEP", *_NEVER,
)  # fmt: skip
def _global_step(ref: Reference) -> Report:
    what = ""
    use = advised(ref.say(f"`optimizer.iterations`, or `{_OWN}` of your own")).shorter(
        ref.say("`optimizer.iterations`, or a `tf.Variable` of your own")
    )
    if ref.symbol in _NEVER:
        what = "does not exist in TF 2"
    elif ref.symbol == "tf.GraphKeys.GLOBAL_STEP":
        use = advised("optimizer.iterations")
    elif ref.symbol.endswith("create_global_step"):
        use = advised(ref.say(f"`{_OWN}`, or `optimizer.iterations`")).shorter(
            ref.say("a `tf.Variable` of your own, or `optimizer.iterations`")
        )
    if ref.status == "compat" and ref.symbol == "tf.train.get_global_step":
        what = "gives `None` under eager execution until a step is made"
    elif ref.status == "compat" and ref.symbol.endswith("create_global_step"):
        what = "makes a step that no Keras optimizer adds to"
    return ref.report(use, what)


@global_step.on("tf.train.global_step")
def _read_global_step(ref: Reference) -> Report:
    args = ref.arguments()
    if args is None or "global_step_tensor" not in args.given:
        return ref.report("int(optimizer.iterations)")
    return ref.report(ref.code("int({global_step_tensor})"))


@global_step.on("tf.train.assert_global_step")
def _assert_global_step(ref: Reference) -> Report:
    return ref.report(ref.code("tf.debugging.assert_integer({global_step_tensor})"))


# --- TF402 -----------------------------------------------------------------------------------

global_step_argument = family.rule(
    "TF402",
    "global-step-argument",
    "W",
    summary="minimize and apply_gradients take no global_step in TF 2: the optimizer counts",
    page="""\
TF 1's optimizers added one to the variable that was passed as `global_step`. Keras optimizers
do not know the argument and raise a `TypeError`; they count in `optimizer.iterations`, one for
each `apply_gradients`. Drop the argument, and read `optimizer.iterations` where the step was
read. A step of your own that other code needs is one `step.assign_add(1)` away.

By keyword this is also reported where the optimizer's type cannot be seen, with low confidence.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def apply(optimizer, pairs, step):
    optimizer.apply_gradients(pairs, «global_step=step»)
""",
            good="""\
import tensorflow as tf

def apply(optimizer, pairs):
    optimizer.apply_gradients(pairs)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)

def apply(pairs, step):
    optimizer.apply_gradients(pairs, «global_step=step»)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.SGD(0.1)

def apply(pairs, step):
    optimizer.apply_gradients(pairs)
    step.assign_add(1)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/keras/optimizers/Optimizer"],
    ends_graph=True,
)

_STEPS = ("minimize", "apply_gradients")
_DROP = delete("it: `optimizer.iterations` counts by itself")
_NO_BASES = ("Adafactor", "AdamW", "Lamb", "Lion", "LossScaleOptimizer", "Muon")


@global_step_argument.on(*(f"tf.train.Optimizer.{name}" for name in _STEPS), beside=True)
def _v1_step(ref: Reference) -> Report | None:
    args = ref.arguments()
    value = args.given.get("global_step") if args is not None else None
    if args is None or value is None:
        return None
    keyword = args.keyword("global_step")
    if keyword is None and args.literal("global_step") is None:
        return None
    return ref.report(
        _DROP, "has no TF 2 form", place=keyword or value,
        subject=f"{ref.spelling}(global_step=)",
        edits=(drop_argument(ref.module.source, args.call, keyword),) if keyword else (),
    )  # fmt: skip


@global_step_argument.on(
    *(f"tf.keras.optimizers.{owner}.{name}"
      for owner in ("Optimizer", *_NO_BASES) for name in _STEPS), beside=True
)  # fmt: skip
@global_step_argument.method(*_STEPS, beside=True)
def _keras_step(ref: Reference) -> Report | None:
    call = ref.call
    keyword = next((k for k in call.keywords if k.arg == "global_step"), None) if call else None
    if call is None or keyword is None or (not ref.certain and may_be_v1(ref)):
        return None
    return ref.report(
        _DROP, "is refused by Keras", place=keyword, status="removed",
        subject=f"{ref.spelling}(global_step=)",
        edits=(drop_argument(ref.module.source, call, keyword),),
    )  # fmt: skip


# --- TF403 -----------------------------------------------------------------------------------

learning_rate_decay = family.rule(
    "TF403",
    "learning-rate-decay",
    "W",
    summary="decays of tf.train became tf.keras.optimizers.schedules, without a global step",
    page="""\
The functions computed a tensor from the global step. In TF 2 a schedule is an object that the
optimizer asks for the rate with its own count: `global_step` falls away, the rest keeps its
order, and the object goes in as `learning_rate=`. The curves are the same, those of
`PiecewiseConstantDecay` at the boundaries included.

| TF 1 | TF 2 |
|---|---|
| `exponential_decay`, `inverse_time_decay`, `polynomial_decay` | `ExponentialDecay` ... |
| `piecewise_constant(x, boundaries, values)` | `PiecewiseConstantDecay(boundaries, values)` |
| `natural_exp_decay(lr, step, n, k)` | `ExponentialDecay(lr, n, math.exp(-k))` |
| `cosine_decay`, `cosine_decay_restarts` | `CosineDecay`, `CosineDecayRestarts` (since 2.5) |
| `linear_cosine_decay`, `noisy_linear_cosine_decay` | subclass `LearningRateSchedule` |

Where the rate itself is wanted, call the schedule: `schedule(optimizer.iterations)`.

**Silent:** under eager execution `tf.compat.v1.train.exponential_decay` gives a function without
arguments, not a tensor, and a rate that is computed from the step once, outside of a schedule,
stays what it is.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

rate = «tf.train.exponential_decay»(0.1, step, 1000, 0.96, staircase=True)
""",
            good="""\
import tensorflow as tf

rate = tf.keras.optimizers.schedules.ExponentialDecay(0.1, 1000, 0.96, staircase=True)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

rate = «tf.train.piecewise_constant»(step, [100, 200], [0.1, 0.01, 0.001])
""",
            good="""\
import tensorflow as tf

rate = tf.keras.optimizers.schedules.PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/keras/optimizers/schedules"],
)

_S = "tf.keras.optimizers.schedules."
_E = "tf.keras.experimental."
_RATE = "({learning_rate}, {decay_steps}, {decay_rate}, staircase={staircase})"
_COSINE = "({learning_rate}, {decay_steps}, alpha={alpha})"
_RESTARTS = "({learning_rate}, {first_decay_steps}, t_mul={t_mul}, m_mul={m_mul}, alpha={alpha})"
_LINEAR = "num_periods={num_periods}, alpha={alpha}, beta={beta})"
_PIECES = (_S + "PiecewiseConstantDecay({boundaries}, {values})",)
_DECAYS: dict[str, tuple[str, ...]] = {
    "exponential_decay": (f"{_S}ExponentialDecay{_RATE}",),
    "inverse_time_decay": (f"{_S}InverseTimeDecay{_RATE}",),
    "natural_exp_decay": (
        _S + "ExponentialDecay({learning_rate}, {decay_steps}, math.exp(-{decay_rate}), "
        "staircase={staircase})",
    ),
    "polynomial_decay": (
        _S + "PolynomialDecay({learning_rate}, {decay_steps}, "
        "end_learning_rate={end_learning_rate}, power={power}, cycle={cycle})",
    ),
    "piecewise_constant": _PIECES,
    "piecewise_constant_decay": _PIECES,
    "cosine_decay": (f"{_S}CosineDecay{_COSINE}", f"{_E}CosineDecay{_COSINE}"),
    "cosine_decay_restarts": (
        f"{_S}CosineDecayRestarts{_RESTARTS}", f"{_E}CosineDecayRestarts{_RESTARTS}",
    ),
    "linear_cosine_decay": (
        f"{_E}LinearCosineDecay({{learning_rate}}, {{decay_steps}}, {_LINEAR}",
    ),
    "noisy_linear_cosine_decay": (
        f"{_E}NoisyLinearCosineDecay({{learning_rate}}, {{decay_steps}}, "
        f"initial_variance={{initial_variance}}, variance_decay={{variance_decay}}, {_LINEAR}",
    ),
}  # fmt: skip
_EXPERIMENTAL = ("CosineDecay", "CosineDecayRestarts", "LinearCosineDecay",
                 "NoisyLinearCosineDecay")  # fmt: skip
_SUBCLASS = f"a subclass of `{_S}LearningRateSchedule`"


@learning_rate_decay.on(*(f"tf.train.{name}" for name in _DECAYS))
def _decay(ref: Reference) -> Report:
    code = ref.code(*_DECAYS[ref.symbol.rpartition(".")[2]], settled=("x",))
    what = "gives a function in eager code"
    if "math." in code.text:
        code = code.only()  # not to be edited
    args = ref.arguments()
    if code and args is not None and {"global_step", "x"} & args.given.keys():
        first = "(initial_learning_rate=..., ...)" if args.keyword("learning_rate") else ""
        code = code.at_least(f"`{templates.callee(code.code)}{first}` without the step")
    return ref.report(code or ref.say(_SUBCLASS), what if ref.status == "compat" else "")


@learning_rate_decay.on(*(_E + name for name in _EXPERIMENTAL))
def _experimental(ref: Reference) -> Report | None:
    if ref.status not in ("removed", "compat"):
        return None
    name = ref.symbol.rpartition(".")[2]
    rate, steps = "{initial_learning_rate}", "{decay_steps}"
    templates = {
        "CosineDecay": f"{_S}CosineDecay({rate}, {steps}, alpha={{alpha}})",
        "CosineDecayRestarts": f"{_S}CosineDecayRestarts({rate}, {{first_decay_steps}}, "
        "t_mul={t_mul}, m_mul={m_mul}, alpha={alpha})",
    }
    code = ref.code(templates[name]) if name in templates else NONE
    return ref.report(code or ref.say(_SUBCLASS))
