"""TF5: what Keras optimizers take and have, by the Keras of the target."""

from __future__ import annotations

import ast
import re

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Edit, Example
from tf2lint.fixes.edits import drop_argument, rename_keyword, replace
from tf2lint.rules._calls import short
from tf2lint.rules._keras import keras_2_kept, only_named
from tf2lint.rules.optimizers import family
from tf2lint.rules.optimizers._keras import HOMES, MEMBERS, NEW_KERAS, SOURCES, instead
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3, dotted

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
    sources=SOURCES,
)

_CLASSES = ("Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lion",
            "Nadam", "RMSprop", "SGD")  # fmt: skip
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
    if target >= NEW_KERAS:
        return name not in ("lr", "is_legacy_optimizer", "jit_compile")
    if name in ("gradient_aggregator", "gradient_transformers"):
        return target < (2, 4)
    return name not in ("lr", "decay", "schedule_decay")


@argument.argument(*(f"{home}.{name}" for home in HOMES for name in _CLASSES))
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
    sources=SOURCES,
)


@legacy.under(*(f"{home}.{name}" for home in HOMES for name in ("legacy", "experimental")))
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
    if "." in below and name in MEMBERS:  # called on the class
        return ref.report(instead(ref, name), what, status="removed")
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
