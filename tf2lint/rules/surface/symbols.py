"""TF9: names of TensorFlow that were renamed or removed, wherever no other family knows better."""

from __future__ import annotations

import ast
from dataclasses import replace

from tf2lint.check.advice import Advice, advised, coded, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Example
from tf2lint.fixes import templates
from tf2lint.rules.surface import _names as names
from tf2lint.rules.surface import family
from tf2lint.rules.surface._calls import (
    as_written,
    carry,
    changed_values,
    constant,
    everything,
    has_same_parameters,
    renamed,
)
from tf2lint.tensorflow import api
from tf2lint.tensorflow.status import gone_since

_UPGRADE = "https://www.tensorflow.org/guide/migrate/upgrade"

# --- TF901 -----------------------------------------------------------------------------------

renamed_symbol = family.rule(
    "TF901",
    "renamed-symbol",
    "W",
    summary="the name has gone from tf.*; one TF 2 name, or one expression, does the same",
    page="""\
TF 2 cleaned up the top level: `tf.log` is `tf.math.log`, `tf.matrix_inverse` is `tf.linalg.inv`,
`tf.FixedLenFeature` is `tf.io.FixedLenFeature`. Most of these are the same objects under another
name, and the old name is left in `tf.compat.v1` alone. Others became an argument of something
else: `tf.to_float(x)` is `tf.cast(x, tf.float32)`, `tf.batch_gather` is `tf.gather` with
`batch_dims=-1`.

The hint is the call as it has to be written, with the arguments that were renamed on the way
(`tf.count_nonzero(x, keep_dims=True)` gives `tf.math.count_nonzero(x, keepdims=True)`). Where an
argument has no place in the new call, the message says which.

**Silent:** `tf.image.resize_bilinear` and its sisters sample at pixel corners,
`tf.image.resize` at pixel centres. The shapes agree, the numbers do not;
`tf.compat.v1.image.resize` keeps those of TF 1.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def entropy(p):
    return -tf.reduce_sum(p * «tf.log»(p), axis=-1)
""",
            good="""\
import tensorflow as tf

def entropy(p):
    return -tf.reduce_sum(p * tf.math.log(p), axis=-1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def decode(labels):
    return «tf.to_float»(labels) / 255.0
""",
            good="""\
import tensorflow as tf

def decode(labels):
    return tf.cast(labels, tf.float32) / 255.0
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

features = {"label": «tf.FixedLenFeature»([], tf.int64)}
""",
            good="""\
import tensorflow as tf

features = {"label": tf.io.FixedLenFeature([], tf.int64)}
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def errors(x):
    return «tf.compat.v1.count_nonzero»(x, reduction_indices=[1], keep_dims=True)
""",
            good="""\
import tensorflow as tf

def errors(x):
    return tf.math.count_nonzero(x, axis=[1], keepdims=True)
""",
        ),
    ],
    sources=[_UPGRADE],
)

# --- TF902 -----------------------------------------------------------------------------------

removed_symbol = family.rule(
    "TF902",
    "removed-symbol",
    "W",
    summary="the name has gone from tf.*; at most tf.compat.v1 still has it",
    page="""\
TF 2 has no counterpart of this name. Some of what was removed is still in `tf.compat.v1` and
works there: the message says so, and names it where nothing better is left. Some is in
`tf.compat.v1` only by name and fails when it is used, and some has left TensorFlow for good.

What belongs to graphs, sessions and queues has no meaning under eager execution and is best
deleted together with what it served. `tf.div` is to be written as the operator that was meant:
it floored integers and divided floats, while `tf.math.divide` always divides.
`tf.distributions` went to the package `tensorflow_probability` (which needs `tf_keras` beside a
TensorFlow with Keras 3).""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def half(n):
    return «tf.div»(n, 2)
""",
            good="""\
import tensorflow as tf

def half(n):
    return tf.cast(n, tf.int32) // 2
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

normal = «tf.distributions.Normal»(loc=0.0, scale=1.0)
""",
            good="""\
import tensorflow_probability as tfp

normal = tfp.distributions.Normal(loc=0.0, scale=1.0)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

handle = «tf.compat.v1.get_session_handle»
""",
            good="""\
import tensorflow as tf

spec = tf.TensorSpec([None, 3], tf.float32)
""",
        ),
    ],
    sources=[_UPGRADE],
)

# --- TF907 -----------------------------------------------------------------------------------

removed_later = family.rule(
    "TF907",
    "removed-in-later-tf2",
    "W",
    summary="the name was in an earlier TF 2 and has gone from the target release",
    page="""\
Not all that was removed went with TF 2.0. Experimental modules were promoted or dropped, and
TensorFlow 2.16 brought Keras 3, which left out much of what Keras 2 had. Code written for an
early TF 2 fails on a later one with an `AttributeError`, so `tf2-target-version` decides what is
reported here: `tf.keras.layers.experimental.preprocessing` is fine for 2.15 and gone in 2.16.

The message names the release that dropped it.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

options = tf.data.Options()
aggregator = «tf.data.experimental.StatsAggregator»()
""",
            good="""\
import tensorflow as tf

options = tf.data.Options()
tf.profiler.experimental.start("logs")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

table = «tf.lookup.experimental.DatasetInitializer»(dataset)
""",
            good="""\
import tensorflow as tf

table = tf.data.experimental.DatasetInitializer(dataset)
""",
        ),
        Example(
            bad="""\
from tensorflow.types.experimental import «TracingContext»
""",
            good="""\
from tensorflow.types.experimental import TensorLike
""",
        ),
    ],
    sources=["https://github.com/tensorflow/tensorflow/releases"],
)


# --- what a symbol is now ----------------------------------------------------------------------


@renamed_symbol.otherwise("symbols", 10)
def _renamed(ref: Reference) -> Matched:
    """A report where one name or expression does what the symbol did."""
    if not _is_gone(ref) or _was_in_tf2(ref):
        return None
    code = replacement(ref)
    if code is None:
        return None
    if isinstance(ref.node, ast.Name) and _is_drop_in(ref, code):
        return QUIET  # the name is reported where it comes from, and that is all to change
    return ref.report(code, "was renamed in TF 2")


@removed_later.otherwise("symbols", 20)
def _removed_later(ref: Reference) -> Report | None:
    """A report on what an earlier TF 2 had."""
    if not _is_gone(ref) or not _was_in_tf2(ref):
        return None
    if ref.route == "v1" and api.exists(ref.symbol, ref.target):
        found = api.symbol(ref.symbol)
        was = found is not None and any(release < ref.target for release in found.v1)
        what = f"left compat.v1 in TF {gone_since(ref.symbol, 'v1')}"
        return ref.report(ref.say(ref.symbol), what if was else "is not in compat.v1")
    code = replacement(ref) or advice(ref)
    gone = gone_since(ref.symbol, "tf")
    what = f"was removed in TF {gone}" if gone else "is not in the keras package of Keras 3"
    return ref.report(code, what)


@removed_symbol.otherwise("symbols", 30)
def _removed(ref: Reference) -> Report | None:
    """A report on whatever else the target lacks."""
    if not _is_gone(ref):
        return None
    found = api.symbol(ref.symbol)
    if found is not None and not found.tf1 and not _has_been(found, ref.target):
        return None  # too new for the target
    kept = api.in_compat_v1(ref.symbol, ref.target)
    what = "was removed in TF 2"
    if ref.route == "v1":
        what = "lives on in `compat.v1` only" if kept else ref.fate()
    elif not kept:
        what = "was removed in TF 2, from `compat.v1` too"
        if found is not None and ref.target[:2] in found.v1:
            what = "was removed in TF 2, and `compat.v1` has it only by name"
    told = advice(ref)
    if not told and kept and ref.route != "v1":
        told = ref.advise(f"tf.compat.v1.{ref.symbol[3:]}")
    return ref.report(told, what)


@removed_symbol.on("tf.div")
def _div(ref: Reference) -> Matched:
    """Python 2's division: it floored integers."""
    if not _is_gone(ref):
        return None
    args = ref.arguments()
    if args is None or args.open or not {"x", "y"} <= {*args.given}:
        return _removed(ref)
    if isinstance(args.literal("x"), float) or isinstance(args.literal("y"), float):
        return ref.report(ref.code("{x} / {y}"))
    whole, exact = ref.code("{x} // {y}"), ref.code("{x} / {y}")
    if len(whole.text + exact.text) > templates.LONG:
        return _removed(ref)
    pairs = [
        f"{one} for integers, {other} for floats"
        for one, other in zip(whole.texts, exact.texts, strict=True)
    ]
    return ref.report(replace(whole.only(), texts=tuple(pairs), bare=False))


@renamed_symbol.on(*names.OLD)
def _old_name(ref: Reference) -> Matched:
    """Names of TF 0.x."""
    new = names.OLD[ref.symbol]
    if isinstance(ref.node, ast.Name):
        return QUIET
    code = coded(as_written(ref, new), "", None)
    return ref.report(code, "was renamed before TF 1.15", status="removed")


@removed_symbol.on(*names.OLD_GONE)
def _old_gone(ref: Reference) -> Report:
    """Names of TF 0.x that are not merely renamed."""
    return ref.report(
        ref.say(names.OLD_GONE[ref.symbol]), "was removed before TF 1.15", status="removed"
    )


@removed_later.on(*names.MEMBERS)
def _member_removed_later(ref: Reference) -> Report | None:
    """Members that an earlier TF 2 had."""
    return _member(ref) if ref.status == "removed" and _was_in_tf2(ref) else None


@removed_symbol.on(*names.MEMBERS)
def _member_removed(ref: Reference) -> Report | None:
    """Members that no TF 2 has, or compat.v1 alone."""
    if ref.status not in ("removed", "compat") or api.symbol(ref.symbol) is None:
        return None
    return _member(ref)


def _member(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    texts = next(t for s, t in names.MEMBERS.items() if s.endswith(f".{name}"))
    gone = gone_since(ref.symbol, "tf")
    found = names.MEMBERS.get(ref.symbol, texts)
    codes = [text for text in found if isinstance(text, str) and "{" in text]
    use = ref.code(*codes).only() if codes else ref.advise(*found)
    return ref.report(use, f"was removed in TF {gone}")


def _is_gone(ref: Reference) -> bool:
    """Whether the target lacks the name, and it is one that was ever public."""
    if ref.is_method or ref.symbol == "tf" or ref.status not in ("removed", "compat"):
        return False
    owner = api.symbol(ref.symbol.rpartition(".")[0])
    if owner is not None and owner.kind == "class":
        return False  # members: by name in `names.MEMBERS`; else the class itself is looked at
    return api.symbol(ref.symbol) is not None


def _was_in_tf2(ref: Reference) -> bool:
    """Whether an earlier TF 2 had the name outside of compat.v1."""
    found = api.symbol(ref.symbol)
    if found is None or (ref.route == "v1" and ref.status == "compat"):
        return False
    return any(release < ref.target for release in found.v2)


def _has_been(found: api.Symbol, target: api.Version) -> bool:
    return any(release <= target for release in (*found.v1, *found.v2))


def _is_drop_in(ref: Reference, code: Advice) -> bool:
    """Whether the new name takes every call of the old one as it stands."""
    new = templates.callee(code.template) if code.template else ""
    return bool(new) and templates.is_rename(code.template, ref.signature())


# --- what to write -----------------------------------------------------------------------------


def replacement(ref: Reference) -> Advice | None:
    """The code that does what the symbol did, if there is one under the target."""
    symbol, target = ref.symbol, ref.target
    moved = names.MODULES.get(symbol)
    if moved is not None:
        return ref.advise(moved)
    if symbol in names.EXPRESSIONS:
        return _expression(ref)
    raw = names.RAW.get(symbol)
    if raw is not None:
        return _raw(ref, f"tf.raw_ops.{raw}")
    new = names.LIKE.get(symbol) or api.canonical(symbol)
    if new and api.exists(new, target) and has_same_parameters(symbol, new, target):
        return renamed(ref, new)
    new = new or api.related(symbol)
    if new and api.exists(new, target):
        return _carried(ref, new)
    return None


def advice(ref: Reference) -> Advice:
    """What to do where no code takes the place of the symbol; `NONE` where nothing is known."""
    leaf = ref.symbol.rpartition(".")[2]
    texts = names.GONE.get(ref.symbol, ())
    prefix = ref.symbol
    while not texts and prefix:
        texts = names.GONE_UNDER.get(prefix, ())
        prefix = prefix.rpartition(".")[0]
    options = [advised(t).mapped(lambda text: text.replace("{leaf}", leaf)) for t in texts]
    if ref.route == "v1":
        options = [option for option in options if not option.text.startswith("`tf.compat.v1.")]
    return ref.advise(*options)


def _expression(ref: Reference) -> Advice | None:
    forms = [t for t in names.EXPRESSIONS[ref.symbol] if templates.valid(t, ref.target)]
    if not forms:
        return None
    arguments = ref.arguments()
    chosen = forms[0]
    if arguments is not None:
        given = {*arguments.given} - {"name"}
        chosen = next((t for t in forms if all(f"{{{g}}}" in t for g in given)), chosen)
        if ref.symbol == "tf.string_split" and {"sep", "delimiter"} & given:
            return _noted(ref, chosen, "It keeps empty strings", arguments)
    return _noted(ref, chosen, names.NOTES.get(ref.symbol, ""), arguments)


def _with(code: Advice, note: str) -> Advice:
    """`code` with a note; where that says that the numbers change, no edit is left."""
    return (code.only() if note == names.HALF else code).noting(note)


def _noted(ref: Reference, template: str, note: str, arguments: Arguments | None) -> Advice:
    if arguments is None:
        plain = templates.outline(template.replace(", name={name}", ""))
        return coded([ref.rooted(plain)], template, None).noting(note)
    if arguments.literal("half_pixel_centers") is True:  # as TF 2 has it
        return ref.code(template, arguments=arguments, settled=("half_pixel_centers",))
    return _with(ref.code(template, arguments=arguments), note)


def _raw(ref: Reference, name: str) -> Advice:
    signature = ref.signature()
    parts = [f"{p}={{{p}}}" for p in signature.names] if signature is not None else []
    return ref.code(f"{name}({', '.join(parts)})")


def _carried(ref: Reference, new: str) -> Advice:
    """The call in the signature of `new`, or its name where nothing is called."""
    signature = api.signature(new, "v2", ref.target)
    arguments = ref.arguments()
    note = names.NOTES.get(ref.symbol, "")
    if arguments is not None and "method" in arguments.given:
        method = arguments.given["method"]
        if ref.text(method).endswith("AREA") or constant(method) == 3:
            note = ""
    if arguments is None or signature is None:
        return use(ref.say(new), note)
    if arguments.open:
        return use(ref.say(new), note)
    everything(arguments)
    values = changed_values(ref.symbol, arguments)
    skip = [name for name in ("align_corners", "half_pixel_centers") if name in arguments.given]
    carried = carry(ref.symbol, new, arguments, signature, skip, values)
    return _with(ref.code(carried.template, arguments=arguments), note)
