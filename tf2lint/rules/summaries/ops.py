"""TF1: the tf.summary functions under TF 2: arguments that are gone, steps that are missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import last_name, short
from tf2lint.rules.summaries import family
from tf2lint.rules.summaries._shared import LONG, MIGRATE, OPS, UNDER_WRITER, style
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.api import KERAS_3

removed_argument = family.rule(
    "TF104",
    "summary-removed-argument",
    "E",
    summary="arguments of tf.summary functions that TF 2 does not take, or takes for others",
    page="""\
The functions of `tf.summary` kept their names and got other arguments:

| TF 1 | TF 2 |
|---|---|
| `scalar(name, tensor, collections, family)` | `scalar(name, data, step, description)` |
| `histogram(name, values, collections, family)` | `histogram(name, data, step, buckets)` |
| `image(name, tensor, max_outputs, ...)` | `image(name, data, step, max_outputs, ...)` |
| `audio(name, tensor, sample_rate, max_outputs, ...)` | `audio(name, data, sample_rate, step)` |
| `text(name, tensor, collections)` | `text(name, data, step, description)` |

By keyword the old ones raise TypeError: `tensor=` and `values=` are `data=` now;
`collections=` goes with the collections; `family=` becomes a `tf.name_scope(family)` around the
call (TF 1 wrote the tag `family/family/name`, TF 2 writes `family/name`).

By position nothing is raised: `tf.summary.image("x", images, 3)` takes the 3 for the step, shows
its default of three images, and writes every image at step 3. Pass `max_outputs=` and `step=`
by keyword.

`tf.keras.callbacks.TensorBoard` lost `batch_size`, `write_grads`, `embeddings_layer_names` and
`embeddings_data`. Keras 2 ignored them with a warning, Keras 3 refuses them.

Two differences in what is drawn: float images have to lie in [0, 1] (TF 1 scaled them to the
range), and two summaries of one name collide (TF 1 made the second `name_1`).""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

tf.summary.scalar("loss", «tensor=0.5», step=1)
""",
            good="""\
import tensorflow as tf

tf.summary.scalar("loss", data=0.5, step=1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

tf.summary.histogram("weights", [0.5], step=1, «family="layer"»)
""",
            good="""\
import tensorflow as tf

with tf.name_scope("layer"):
    tf.summary.histogram("weights", [0.5], step=1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

tf.summary.scalar("loss", 0.5, «["train"]»)
""",
            good="""\
import tensorflow as tf

tf.summary.scalar("loss", 0.5, step=1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

board = tf.keras.callbacks.TensorBoard("logs", histogram_freq=1, «write_grads=True»)
""",
            good="""\
import tensorflow as tf

board = tf.keras.callbacks.TensorBoard("logs", histogram_freq=1)
""",
        ),
    ],
    sources=[MIGRATE],
    in_patterns=True,
)

# Where positional arguments of TF 1 land in TF 2: (position, TF 1 parameter, TF 2 parameter).
_SHIFTS = {
    "tf.summary.scalar": ((2, "collections", "step"),),
    "tf.summary.histogram": ((2, "collections", "step"), (3, "family", "buckets")),
    "tf.summary.image": ((2, "max_outputs", "step"), (3, "collections", "max_outputs")),
    "tf.summary.audio": ((3, "max_outputs", "step"), (4, "collections", "max_outputs")),
    "tf.summary.text": ((2, "collections", "step"),),
}
_STEPLIKE = re.compile(r"step|epoch|iter|index|batch|count|^i$|^t$|^n$|^s$", re.IGNORECASE)


@removed_argument.argument(*OPS)
def _removed_argument(ref: Reference) -> Iterator[Report]:
    arguments = ref.arguments()
    if arguments is None or ref.route == "v1":
        return
    for keyword in arguments.call.keywords:
        report = _keyword(ref, keyword)
        if report is not None:
            yield report
    if not arguments.open_positional:
        yield from _positions(ref, arguments)


def _keyword(ref: Reference, keyword: ast.keyword) -> Report | None:
    name, value = keyword.arg, keyword.value
    told: Advice | str
    if name in ("tensor", "values"):
        if (name == "values") is not ref.symbol.endswith("histogram"):
            return None
        told, what = f"data={short(ref, value, limit=LONG)}", f"has no argument `{name}=` in TF 2"
    elif name == "collections":
        told, what = delete("it: there are no collections"), "has no `collections=` in TF 2"
    elif name == "family" and not ref.symbol.endswith("text"):
        scope = ref.say("tf.name_scope")
        told, what = (
            f"`{scope}({short(ref, value, limit=LONG)})` around the call",
            "has no `family=` in TF 2",
        )
    else:
        return None
    return ref.report(told, what, place=keyword, status="removed")


def _positions(ref: Reference, arguments: Arguments) -> Iterator[Report]:
    args = arguments.call.args
    for position, old, new in _SHIFTS[ref.symbol]:
        if position >= len(args):
            return
        value = args[position]
        confidence = _is_meant(ref, value, old)
        if not confidence:
            continue
        told: Advice | str
        if old == "max_outputs":
            told = f"step=step, max_outputs={short(ref, value, limit=LONG)}"
        elif old == "collections":
            told = delete("it: there are no collections")
        else:
            told = f"`{ref.say('tf.name_scope')}({short(ref, value, limit=LONG)})` around the call"
        what = f"takes argument {position + 1} for `{new}=` in TF 2, not for `{old}=`"
        yield ref.report(told, what, place=value, status="changed", confidence=confidence)


def _is_meant(ref: Reference, value: ast.expr, old: str) -> str:
    """How certainly a positional argument is the TF 1 parameter: "high", "low" or ""."""
    if old == "collections":
        return "high" if _is_collections(ref, value) else ""
    if old == "family":
        return "high" if isinstance(value, ast.Constant | ast.JoinedStr) and not isinstance(
            getattr(value, "value", ""), int | None) else ""  # fmt: skip
    shown = ref.module.fact(style)
    if isinstance(value, ast.Constant):
        if type(value.value) is not int or value.value < 1 or shown.v2:
            return ""
        return "high" if ref.module.speaks_tf1 else "low"
    if ref.module.speaks_tf1 and not shown.v2 and not _STEPLIKE.search(_last_name(value)):
        return "high"
    return "low" if "max_" in _last_name(value) else ""


def _is_collections(ref: Reference, value: ast.expr) -> bool:
    """Whether an expression is a list of collection names."""
    if isinstance(value, ast.List | ast.Tuple):
        return True
    if "collection" in _last_name(value).lower():
        return True
    return any(
        isinstance(found, Symbol) and paths.under(paths.symbol(found.path), "tf.GraphKeys")
        for found in ref.values(value)
    )


def _last_name(value: ast.expr) -> str:
    while isinstance(value, ast.Call | ast.Subscript):
        value = value.func if isinstance(value, ast.Call) else value.value
    return last_name(value)


# The TensorBoard callback.

_CALLBACK = {
    "batch_size": delete("it: histograms are computed for the batches as they come"),
    "write_grads": delete("it, and write gradients with `tf.summary.histogram`"),
    "embeddings_layer_names": use("`embeddings_metadata={layer_name: file}` to choose the layers"),
    "embeddings_data": delete("it: only the weights of embeddings are written"),
}


@removed_argument.argument("tf.keras.callbacks.TensorBoard")
def _callback(ref: Reference) -> Iterator[Report]:
    call = ref.call
    if call is None:
        return
    keras_3 = ref.keras >= KERAS_3
    fate = "is refused by Keras 3" if keras_3 else "is ignored in TF 2"
    for keyword in call.keywords:
        advice = _CALLBACK.get(keyword.arg or "")
        if advice is not None:
            yield ref.report(
                ref.advise(advice), fate, place=keyword, subject=f"{keyword.arg}=",
                status="removed" if keras_3 else "changed",
            )  # fmt: skip
    third = call.args[2] if len(call.args) > 2 else None
    if isinstance(third, ast.Constant) and type(third.value) is int:
        yield ref.report(
            delete("it and what follows, or pass keywords"),
            "takes argument 3 for `write_graph=` in TF 2, not for `batch_size=`",
            place=third, status="changed",
        )  # fmt: skip


missing_step = family.rule(
    "TF105",
    "summary-missing-step",
    "W",
    summary="a tf.summary function without step writes nothing, or raises",
    page="""\
`tf.summary.scalar("loss", loss)` is valid in TF 1 and in TF 2 and means two things. In TF 1 it
makes an op that a session fetches. In TF 2 it writes at once: where no writer is the default one it
silently does nothing and gives `False`; where there is one, and no step, it raises `ValueError: No
step set`. There is no implicit global step.

Pass `step=` (a `tf.int64` variable or tensor in a `tf.function`: a Python integer traces anew for
each value), and call it under `with writer.as_default():`. A default step can be set with
`writer.as_default(step=step)` or `tf.summary.experimental.set_step(step)`.

The result is a bool, not a serialized summary: do not fetch it, merge it or collect it.

Since the step may be set elsewhere, the rule speaks only where the module shows what it means: it
uses names that only TF 1 has, the result is kept as an op would be, or the writer is made and
entered in this very module. A module that calls `set_step` or `as_default(step)` is left alone.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

loss_summary = «tf.summary.scalar»("loss", 0.5)
""",
            good="""\
import tensorflow as tf

writer = tf.summary.create_file_writer("logs")
with writer.as_default():
    tf.summary.scalar("loss", 0.5, step=1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

writer = tf.summary.create_file_writer("logs")
with writer.as_default():
    «tf.summary.histogram»("weights", [0.5])
""",
            good="""\
import tensorflow as tf

writer = tf.summary.create_file_writer("logs")
with writer.as_default(step=0):
    tf.summary.histogram("weights", [0.5])
""",
        ),
    ],
    sources=[MIGRATE],
    in_patterns=True,
)

_STEP_AT = {
    "tf.summary.scalar": 2, "tf.summary.histogram": 2, "tf.summary.image": 2,
    "tf.summary.audio": 3, "tf.summary.text": 2,
}  # fmt: skip


@missing_step.argument(*OPS)
def _missing_step(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.route == "v1" or _has_step(ref, call):
        return None
    shown = ref.module.fact(style)
    if shown.steps:
        return None
    kept = _is_kept(ref, call)
    entered = not ref.module.speaks_tf1 and not kept and _is_under_writer(ref)
    if not (ref.module.speaks_tf1 or kept or entered):
        return None
    what = "gives a bool, no op to run, and needs a step"
    if not kept:
        what = "needs a writer and a step"
    if entered:
        what = "raises in TF 2: no step is set"
    code = ref.code(OPS[ref.symbol])
    return ref.report(
        code.only() if entered else code.then(UNDER_WRITER),
        what,
        status="changed",
        confidence="low" if entered else "high",
    )


def _has_step(ref: Reference, call: ast.Call) -> bool:
    """Whether the call passes a step, or may."""
    given = {keyword.arg for keyword in call.keywords}
    if "step" in given or None in given:
        return True
    if any(isinstance(arg, ast.Starred) for arg in call.args):
        return True
    at = _STEP_AT[ref.symbol]
    if len(call.args) <= at:
        return False
    position, old, _ = _SHIFTS[ref.symbol][0]
    return position != at or not _is_meant(ref, call.args[at], old)


def _is_kept(ref: Reference, call: ast.Call) -> bool:
    """Whether the result is held as an op would be: bound, collected, merged."""
    source = ref.module.source
    node: ast.AST = call
    up = source.parent(node)
    while isinstance(up, ast.IfExp | ast.Starred):
        node, up = up, source.parent(up)
    if isinstance(up, ast.Assign | ast.AnnAssign):
        return up.value is node
    if isinstance(up, ast.List | ast.ListComp):
        return not isinstance(up, ast.ListComp) or up.elt is node
    if isinstance(up, ast.Call):
        func = up.func
        return node in up.args and isinstance(func, ast.Attribute) and func.attr == "append"
    return False


def _is_under_writer(ref: Reference) -> bool:
    """Whether the call stands under `with writer.as_default():` of a writer made here."""
    source = ref.module.source
    node: ast.AST = ref.node
    while True:
        around = source.enclosing(node, (ast.With, ast.AsyncWith, ast.FunctionDef, ast.Lambda,
                                         ast.AsyncFunctionDef, ast.ClassDef))  # fmt: skip
        if not isinstance(around, ast.With):
            return False
        for item in around.items:
            entered = item.context_expr
            if (
                isinstance(entered, ast.Call)
                and isinstance(entered.func, ast.Attribute)
                and entered.func.attr == "as_default"
                and _is_writer(ref, entered.func.value)
            ):
                return True
        node = around


def _is_writer(ref: Reference, expr: ast.expr) -> bool:
    """Whether `expr` is bound to a writer made in the same function or module."""
    if isinstance(expr, ast.Name):
        bindings, _ = ref.module.inference.bindings(expr.id, ref.site.scope, ref.site.seq)
        made = [binding.expr for binding in bindings if not binding.index]
        return bool(made) and all(one is not None and _makes_writer(ref, one) for one in made)
    return _makes_writer(ref, expr)


def _makes_writer(ref: Reference, expr: ast.expr) -> bool:
    return isinstance(expr, ast.Call) and any(
        isinstance(value, Symbol) and paths.symbol(value.path) == "tf.summary.create_file_writer"
        for value in ref.values(expr.func)
    )


outside = family.rule(
    "TF108",
    "summary-writer-outside-function",
    "W",
    default=False,
    summary="a tf.function writes summaries and does not enter the writer itself",
    page="""\
A `tf.function` looks the default writer up while it is traced. If the first call comes before
`with writer.as_default():`, the summaries inside are compiled into nothing and stay nothing for
all later calls; if it comes inside, they go to that writer for ever, whatever is entered later. No
error either way.

Enter the writer in the body of the function, and keep the writer object alive as long as the
function (a module variable, an attribute). Pass the step as a tensor.

Off by default: where all calls are made under one writer, entering it outside works.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf


@tf.function
def train_step(loss, step):
    «tf.summary.scalar»("loss", loss, step=step)
""",
            good="""\
import tensorflow as tf

writer = tf.summary.create_file_writer("logs")


@tf.function
def train_step(loss, step):
    with writer.as_default():
        tf.summary.scalar("loss", loss, step=step)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/summary"],
)


_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS: tuple[type[_Function], ...] = (ast.FunctionDef, ast.AsyncFunctionDef)


@outside.argument(*OPS, "tf.summary.write")
def _outside(ref: Reference) -> Report | None:
    if ref.call is None or ref.route == "v1":
        return None
    source = ref.module.source
    function = source.enclosing(ref.node, _FUNCTIONS)
    while function is not None:
        if _enters(function):
            return None
        if any(_is_tf_function(ref, decorator) for decorator in function.decorator_list):
            inside = f"`with writer.as_default():` in `{function.name}`"
            what = "writes to the default writer of when it was traced"
            return ref.report(inside, what, status="changed")
        function = source.enclosing(function, _FUNCTIONS)
    return None


def _is_tf_function(ref: Reference, decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Call):
        decorator = decorator.func
    return any(
        isinstance(value, Symbol) and paths.symbol(value.path) == "tf.function"
        for value in ref.values(decorator)
    )


def _enters(function: _Function) -> bool:
    """Whether a writer is entered anywhere in `function`."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("as_default", "set_as_default")
        for node in ast.walk(function)
    )
