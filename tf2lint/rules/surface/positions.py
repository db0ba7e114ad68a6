"""TF9: arguments whose place changed, and those that a call now has to give."""

from __future__ import annotations

import ast

from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.surface import _keywords as keywords
from tf2lint.rules.surface import family
from tf2lint.rules.surface._calls import (
    constant,
    successor,
)
from tf2lint.rules.surface._fits import Verdict, judge
from tf2lint.rules.surface._rewriting import callee, lacking, looked_at, places, rewritten
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3

# --- TF905 -----------------------------------------------------------------------------------

_UPGRADE = "https://www.tensorflow.org/guide/migrate/upgrade"

reordered_arguments = family.rule(
    "TF905",
    "reordered-arguments",
    "W",
    summary="a positional argument means something else in TF 2, or has no place any more",
    page="""\
When TF 2 dropped arguments, those behind them moved up: `tf.shape(x, name, out_type)` became
`tf.shape(x, out_type, name)`, `tf.nn.moments(x, axes, shift, name, keep_dims)` became
`tf.nn.moments(x, axes, shift, keepdims, name)`, and the first two arguments of
`tf.nn.in_top_k` and of `tf.random.poisson` changed places. Keras 3 did the same once more:
`model.compile(optimizer, loss, ["acc"])` gives the metrics as `loss_weights`,
`model.load_weights(path, True)` sets `skip_mismatch`, not `by_name`, and loads other weights.

**Silent:** many such calls still run. `tf.transpose(x, perm, "t")` takes the name for
`conjugate`, `tf.io.decode_csv(..., "csv")` for `na_value`, and nothing raises.

A call is reported where what is passed fits the old parameter and not the new one, or where it
fits both and the module is TF 1 code by the names that it uses. Keywords make it plain.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def turn(x):
    return tf.transpose(x, [1, 0], «"turned"»)
""",
            good="""\
import tensorflow as tf

def turn(x):
    return tf.transpose(x, [1, 0], name="turned")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile("sgd", "mse", «["mae"]»)
""",
            good="""\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["mae"])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def size(x):
    return tf.shape(x, None, «tf.int64»)
""",
            good="""\
import tensorflow as tf

def size(x):
    return tf.shape(x, out_type=tf.int64)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def convolve(x, kernel):
    return tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "SAME", «True»)
""",
            good="""\
import tensorflow as tf

def convolve(x, kernel):
    return tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "SAME")
""",
        ),
    ],
    sources=[_UPGRADE],
)

# --- TF909 -----------------------------------------------------------------------------------

missing_argument = family.rule(
    "TF909",
    "missing-argument",
    "W",
    summary="TF 2 requires an argument that TF 1 had a default for",
    page="""\
A few defaults went in TF 2, and the call that relied on one is a `TypeError`: `tf.expand_dims`
wants its `axis`, `tf.image.draw_bounding_boxes` its `colors` (`None` stands for the default),
`Strategy.reduce` its `axis` (`None` again), average pooling layers of Keras 3 their `pool_size`.
Pass what the default was; the message says where there is nothing to pass.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def draw(images, boxes):
    return «tf.image.draw_bounding_boxes»(images, boxes)
""",
            good="""\
import tensorflow as tf

def draw(images, boxes):
    return tf.image.draw_bounding_boxes(images, boxes, colors=None)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

pool = «tf.keras.layers.AveragePooling2D»()
""",
            good="""\
import tensorflow as tf

pool = tf.keras.layers.AveragePooling2D(pool_size=(2, 2))
""",
        ),
    ],
    sources=[_UPGRADE],
)


# --- positions ---------------------------------------------------------------------------------


@reordered_arguments.argument("tf.concat", "tf.split")
def _axis_first(ref: Reference) -> Report | None:
    """The order of TF 0.x, with the axis in front."""
    call = ref.call
    if call is None or len(call.args) < 2 or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    first, last = call.args[0], call.args[-1]
    number = constant(first)
    if not isinstance(number, int) or isinstance(number, bool) or constant(last) is not ...:
        return None
    if len(call.args) != (2 if ref.symbol == "tf.concat" else 3):
        return None
    texts = [ref.text(arg) for arg in (*call.args[1:][::-1], first)]
    return ref.report(
        f"{callee(ref)}({', '.join(texts)})", "has the axis last since TF 1.0", place=first,
        status="removed",
    )  # fmt: skip


_CROSS_ENTROPIES = tuple(
    f"tf.nn.{kind}_cross_entropy_with_logits" for kind in ("sigmoid", "softmax", "sparse_softmax")
)


@reordered_arguments.argument(*_CROSS_ENTROPIES)
def _logits_first(ref: Reference) -> Report | None:
    """Positional arguments: TF 0.x took the logits first, TF 1 none at all, TF 2 the labels first.

    Silently swapped in TF 2 where the shapes allow it.
    """
    call = ref.call
    if call is None or len(call.args) < 2 or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    first, second = (ref.text(arg) for arg in call.args[:2])
    if "label" in first.lower() or "logit" in second.lower():
        return None
    told = "logit" in first.lower() or "label" in second.lower()
    if not (told or ref.module.speaks_tf1):
        return None
    parts = [f"labels={second}", f"logits={first}"]
    parts += [f"{k.arg}={ref.text(k.value)}" for k in call.keywords if k.arg is not None]
    return ref.report(
        f"{callee(ref)}({', '.join(parts)})",
        "took the logits first before TF 1.0, and takes the labels first in TF 2",
        place=call.args[0], status="changed", confidence="" if told else "low",
    )  # fmt: skip


# Parameters that took the place of another late: who passes one by its place has the old one
# in mind.
_LATE = frozenset({("by_name", "skip_mismatch")})


def _is_late(then: api.Parameter, now: api.Parameter | None) -> bool:
    return now is not None and (then.name, now.name) in _LATE


@reordered_arguments.otherwise("calls", 30, by_signature=True)
def _reordered(ref: Reference) -> Report | None:
    """A report on the first positional argument whose meaning moved."""
    moved = _moved(ref)
    if not moved:
        return None
    confidence = ""
    if ref.route != "v1":
        verdict = _written_for(ref)
        if verdict is None:
            verdict = judge(ref, moved)
        if verdict == Verdict.NEW:
            return None
        if verdict == Verdict.OPEN:
            if not ref.module.speaks_tf1 and not any(_is_late(a[1], a[2]) for a in moved):
                return None
            confidence = "low"
    node, before, after = next((a for a in moved if constant(a[0]) is not None), moved[0])
    assert ref.call is not None
    number = ref.call.args.index(node) + 1
    era = "Keras 3" if ref.symbol.startswith("tf.keras.") and ref.keras >= KERAS_3 else "TF 2"
    what = f"takes no argument {number} in {era}, which was `{before.name}=`"
    if after is not None:
        what = f"takes argument {number} for `{after.name}=` in {era}, not for `{before.name}=`"
    found = keywords.signatures(ref.symbol, ref.target)
    written = found.keras_2 if found is not None and found.keras_2 is not None else None
    if found is not None and found.before is not None and before in found.before.params:
        written = found.before
    advice = rewritten(ref, written, before.name)
    new = api.signature(ref.symbol, "v2", ref.target)
    if new is not None and new.accepts(before.name):
        advice = advice.at_least(f"`{before.name}=` as a keyword, and so for all after it")
    return ref.report(
        advice, what, place=node, confidence=confidence,
        status="compat" if ref.route == "v1" else "changed",
    )  # fmt: skip


def _written_for(ref: Reference) -> Verdict | None:
    """The signature that the call was written for, where only one of the two takes it."""
    found = keywords.signatures(ref.symbol, ref.target)
    if ref.call is None or found is None or found.before is None:
        return None
    old = any(_takes(ref.call, one) for one in (found.before, found.keras_2) if one is not None)
    if old == _takes(ref.call, found.after):
        return None
    return Verdict.OLD if old else Verdict.NEW


def _takes(call: ast.Call, signature: api.Signature) -> bool:
    arguments = Arguments(call, signature)
    if arguments.extra or (arguments.unknown and not signature.has_var_keyword):
        return False
    return arguments.open or all(name in arguments.given for name in signature.required)


def _moved(ref: Reference) -> list[tuple[ast.expr, api.Parameter, api.Parameter | None]]:
    """Positional arguments that fill another parameter in TF 2 than in TF 1."""
    call = ref.call
    if call is None or not call.args or not looked_at(ref):
        return []
    found = keywords.signatures(ref.symbol, ref.target)
    if found is None or found.before is None or ref.symbol in keywords.INTERNAL:
        return []
    if ref.symbol.startswith("tf.raw_ops.") or ref.symbol in _CROSS_ENTROPIES:
        return []  # they take keywords alone, those in TF 1
    if not ref.is_method and _is_member(ref.symbol):
        return []  # called on the class: the object may come first
    moved = _moved_since(ref, call, found.before, found.after)
    if not moved and found.keras_2 is not None:
        moved = _moved_since(ref, call, found.keras_2, found.after)
    return moved


def _moved_since(
    ref: Reference, call: ast.Call, before: api.Signature, after: api.Signature
) -> list[tuple[ast.expr, api.Parameter, api.Parameter | None]]:
    """As `_moved`, by these two signatures."""
    old, new = _positional(before), _positional(after)
    if after.has_var_positional or before.has_var_positional or len(call.args) > len(old):
        return []
    out = []
    for place, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            break
        then = old[place]
        now = new[place] if place < len(new) else None
        if now is not None and _same_place(ref.symbol, then, now, before, after):
            continue
        if now is not None and then.default == now.default == str(constant(node)):
            continue  # what it is anyway
        out.append((node, then, now))
    if all(constant(node) is None and now is not None for node, _, now in out):
        return []
    return out


def _positional(signature: api.Signature) -> list[api.Parameter]:
    return [p for p in signature.params if p.kind.startswith("pos")]


def _is_member(symbol: str) -> bool:
    found = api.symbol(symbol)
    return found is not None and found.kind == "method"


def _same_place(
    symbol: str,
    then: api.Parameter,
    now: api.Parameter,
    before: api.Signature,
    after: api.Signature,
) -> bool:
    """Whether a place holds the same parameter, be it under a new name."""
    if _is_late(then, now):
        return False
    if then.name == now.name or successor(symbol, then.name, after) == now.name:
        return True
    # A name that neither signature shares with the other: the parameter itself was renamed.
    return (
        then.name not in after.names
        and now.name not in before.names
        and (then.default == now.default or (then.default is None and now.default is None))
    )


# --- what is missing ---------------------------------------------------------------------------


@missing_argument.otherwise("calls", 40, by_signature=True)
def _missing(ref: Reference) -> Report | None:
    """A report on a call that leaves out what TF 2 requires."""
    call = ref.call
    if call is None or not looked_at(ref) or ref.symbol in keywords.INTERNAL:
        return None
    found = keywords.signatures(ref.symbol, ref.target)
    if found is None or found.before is None or (not ref.is_method and _is_member(ref.symbol)):
        return None
    left_out = lacking(ref, found.after)
    arguments = ref.arguments()
    if not left_out or arguments is None or arguments.open or arguments.extra:
        return None
    if any(name not in arguments.given for name in found.before.required):
        return None
    if _moved(ref) or any(True for _ in places(ref)):
        return None
    return ref.report(
        rewritten(ref), f"needs `{'=`, `'.join(left_out)}=` in TF 2",
        status="compat" if ref.route == "v1" else "removed",
    )  # fmt: skip
