"""Methods of a TF 1 summary writer: what TF 2 writes in their place."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import short
from tf2lint.rules.summaries import family
from tf2lint.rules.summaries._shared import (
    LONG,
    MIGRATE,
    PROTOS,
    WRITER,
    as_old,
    is_call_of,
    tagged_values,
    writer_fate,
)

add_summary = family.rule(
    "TF102",
    "summary-add-summary",
    "W",
    summary="FileWriter.add_summary: TF 2 summaries write themselves",
    page="""\
In TF 1 a summary op gave a serialized string, which a session fetched and
`writer.add_summary(string, step)` put into the event file. The writer of TF 2
(`tf.summary.create_file_writer`) has no such method: `tf.summary.scalar(name, value, step=step)`
writes when it runs, to the writer that `with writer.as_default():` has made the current one.
So the call moves from the session loop to the place where the value is computed, and takes the
step along.

`if step % 100 == 0: writer.add_summary(...)` becomes
`with tf.summary.record_if(step % 100 == 0):` around the summaries. In a `tf.function` the
condition has to be a tensor or a callable, and the step a tensor: a Python integer traces
the function anew for each value. A plain `if` is right where the computing of the values is to
be saved, too.

Protos made by hand, `tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=x)])`, are
`tf.summary.scalar("loss", x, step=step)`.

What reads the event files has to know: TF 2 stores scalars as tensors, `simple_value` is 0.0
there (see TF109).

Where nothing is known of the receiver, the finding has low confidence
(`tf2-unknown-receivers` turns those off).""",
    examples=[
        Example(
            bad="""\
def log(writer, summary, step):
    import tensorflow as tf

    «writer.add_summary»(summary, step)
""",
            good="""\
import tensorflow as tf

writer = tf.summary.create_file_writer("logs")


def log(loss, step):
    with writer.as_default():
        tf.summary.scalar("loss", loss, step=step)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf


def log(writer, summary, step):
    if step % 100 == 0:
        «writer.add_summary»(summary, global_step=step)
""",
            good="""\
import tensorflow as tf


def log(writer, loss, step):
    with writer.as_default(), tf.summary.record_if(step % 100 == 0):
        tf.summary.scalar("loss", loss, step=step)
""",
        ),
    ],
    sources=[MIGRATE],
    in_patterns=True,
)

_ADD = "tf.summary.FileWriter.add_summary"


@add_summary.on(_ADD)
def _add_summary(ref: Reference) -> Report:
    arguments = ref.arguments()
    given = arguments.given if arguments is not None and not arguments.open else {}
    return _written(ref, given.get("summary"), given.get("global_step"))


@add_summary.on("tf.train.Supervisor.summary_computed")
def _summary_computed(ref: Reference) -> Report:
    arguments = ref.arguments()
    given = arguments.given if arguments is not None and not arguments.open else {}
    return _written(ref, given.get("summary"), given.get("global_step"), "writer")


@add_summary.method("add_summary", of="tf.summary.FileWriter")
def _add_summary_unknown(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.module.options.allow_compat_v1:
        return None
    arguments = as_old(ref, _ADD)
    if arguments is None or arguments.unknown or arguments.extra:
        return None
    summary = arguments.given.get("summary")
    if summary is None and not arguments.open:
        return None
    if isinstance(arguments.literal("summary"), str | int | float | None):
        return None  # a summary is bytes or a proto
    if isinstance(summary, ast.JoinedStr):
        return None
    return _written(ref, summary, arguments.given.get("global_step"))


def _written(
    ref: Reference, summary: ast.expr | None, step: ast.expr | None, writer: str = ""
) -> Report:
    """The report on something that writes `summary` at `step`."""
    where = writer or short(ref, ref.receiver, "writer", LONG)
    pairs = tagged_values(ref, summary) if summary is not None else []
    at = short(ref, step, "step", LONG)
    op = f"({pairs[0][0]}, {pairs[0][1]}, step={at})" if pairs else ""
    condition = _condition(ref)
    if not op or len(op) + len(condition) > 90:
        op = f"(name, value, step={at})"
    each = ", one for each value," if len(pairs) > 1 else ""
    under = f"`{where}.as_default()`"
    scalar = ref.say("tf.summary.scalar")
    forms = [f"`{scalar}{op}`{each} under {under}", f"`{scalar}` under {under}"]
    if condition:
        record = f"`{ref.say('tf.summary.record_if')}({condition})`"
        forms = [f"{forms[0]} and {record}", f"`{scalar}` and {record} under the writer"]
    return ref.report(use(forms[0]).shorter(*forms[1:]), writer_fate(ref))


def _condition(ref: Reference) -> str:
    """The test of the `if step % n == 0:` around the call; "" where there is none."""
    source = ref.module.source
    node: ast.AST = ref.node
    up = source.parent(node)
    while up is not None and not isinstance(
        up, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    ):
        if isinstance(up, ast.If) and any(node is stmt for stmt in up.body) and _is_brief(up):
            test: ast.expr = up.test
            if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
                test = next((part for part in test.values if _is_nth(part)), test)
            if _is_nth(test):
                text = ref.text(test)
                return text if len(text) <= 40 else "condition"
        node, up = up, source.parent(up)
    return ""


def _is_brief(around: ast.If) -> bool:
    """Whether the block may be about the summaries: a long one trains every n-th step."""
    return around.body[-1].lineno - around.lineno <= 15


def _is_nth(test: ast.expr) -> bool:
    """Whether a test asks for every n-th step."""
    return any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod)
        and not isinstance(node.left, ast.Constant)
        for node in ast.walk(test)
    )


add_graph = family.rule(
    "TF106",
    "summary-add-graph",
    "W",
    summary="FileWriter.add_graph: TF 2 traces a tf.function instead",
    page="""\
`writer.add_graph(sess.graph)` put the session's graph into the event file. A TF 2 program has
no such graph; what can be shown is the graph of a `tf.function`, recorded while one call of it
is traced:

    tf.summary.trace_on(graph=True)
    train_step(x)
    with writer.as_default():
        tf.summary.trace_export("train_step", step=0)

The call must be the one that traces the function, which is the first with arguments of
these types. `tf.summary.graph(concrete_function.graph)` (TF 2.5 and later) writes the graph of a
concrete function without running it, and `tf.keras.callbacks.TensorBoard` writes that of a Keras
model by itself (`write_graph=True`).""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf


def show(writer, sess):
    «writer.add_graph»(sess.graph)
""",
            good="""\
import tensorflow as tf


def show(writer, train_step, x):
    tf.summary.trace_on(graph=True)
    train_step(x)
    with writer.as_default():
        tf.summary.trace_export("train_step", step=0)
""",
        ),
    ],
    sources=[MIGRATE],
)

_ADD_GRAPH = f"{WRITER}.add_graph"


@add_graph.on(_ADD_GRAPH)
def _add_graph(ref: Reference) -> Report:
    return _traced(ref)


def _traced(ref: Reference) -> Report:
    arguments = as_old(ref, _ADD_GRAPH)
    step = arguments.given.get("global_step") if arguments is not None else None
    before, after = ref.say("tf.summary.trace_on()"), ref.say("tf.summary.trace_export")
    call = f"`{after}(name, step={short(ref, step, '0', LONG)})`"
    advice = use(f"`{before}`, a call of the function, then {call}")
    return ref.report(advice.shorter(f"`{before}` and `{after}` around a call"), writer_fate(ref))


@add_graph.method("add_graph")
def _add_graph_unknown(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.module.options.allow_compat_v1:
        return None
    graph = next((k.value for k in call.keywords if k.arg == "graph"), None)
    if graph is None and call.args:
        graph = call.args[0]
    if graph is None:
        return None
    sessions = isinstance(graph, ast.Attribute) and graph.attr == "graph"
    if not sessions and not ref.is_instance(graph, "tf.Graph"):
        return None
    return _traced(ref)


add_other = family.rule(
    "TF107",
    "summary-add-other",
    "W",
    summary="FileWriter.add_event, add_meta_graph, add_run_metadata, add_session_log",
    page="""\
The writer of TF 2 takes nothing but what the `tf.summary` functions write:

- `add_event(event)`: `tf.summary.write(tag, tensor, step=step)` for a value of any kind, or
  `tf.summary.experimental.write_raw_pb(summary_bytes, step=step)` for a serialized `Summary`;
  there is no public way to write another `Event`;
- `add_run_metadata(metadata, tag)`: RunMetadata came from `session.run`; profile with
  `tf.profiler.experimental.start(logdir)` and `stop()` (TF 2.2 and later), or with the
  `profile_batch` argument of `tf.keras.callbacks.TensorBoard`;
- `add_meta_graph(meta_graph)`: export the model with `tf.saved_model.save(obj, path)`;
- `add_session_log(log)`: the START marker told TensorBoard to drop the events after a restart.
  Write each run to a directory of its own instead.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf


def profile(writer, metadata, step):
    «writer.add_run_metadata»(metadata, f"step {step}")
""",
            good="""\
import tensorflow as tf


def profile(train_step, logdir):
    tf.profiler.experimental.start(logdir)
    train_step()
    tf.profiler.experimental.stop()
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/profiler"],
    in_patterns=True,
)

_OTHER: dict[str, tuple[Advice | str, ...]] = {
    "add_event": (
        "tf.summary.write(tag, tensor, step=step)",
    ),
    "add_meta_graph": ("`tf.saved_model.save(obj, path)` to export the model",),
    "add_run_metadata": (
        "`tf.profiler.experimental.start(logdir)` and `stop()`",
        "`tf.summary.trace_on(profiler=True)` and `tf.summary.trace_export`",
    ),
    "add_session_log": (delete("it: write each run to a log directory of its own"),),
}  # fmt: skip


@add_other.on(*(f"{WRITER}.{name}" for name in _OTHER))
def _add_other(ref: Reference) -> Report:
    return _otherwise(ref)


def _otherwise(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    if name == "add_event" and ref.call is not None and ref.call.args:
        event = ref.call.args[0]
        if is_call_of(ref, event, ("tf.Event", "tf.summary.Event")):
            inner = next((k.value for k in event.keywords if k.arg == "summary"), None)  # type: ignore[attr-defined]
            if inner is not None and is_call_of(ref, inner, PROTOS):
                return _written(ref, inner, _keyword(event, "step"))
    return ref.report(ref.advise(*_OTHER[name]), writer_fate(ref))


def _keyword(call: ast.expr, name: str) -> ast.expr | None:
    keywords = call.keywords if isinstance(call, ast.Call) else []
    return next((k.value for k in keywords if k.arg == name), None)


@add_other.method("add_run_metadata", "add_session_log")
def _add_other_unknown(ref: Reference) -> Report | None:
    if ref.call is None or ref.module.options.allow_compat_v1:
        return None
    return _otherwise(ref)


@add_other.method("add_event")
def _add_event_unknown(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or not call.args or ref.module.options.allow_compat_v1:
        return None
    event = call.args[0]
    if not ref.is_instance(event, "tf.Event", "tf.summary.Event"):
        return None
    return _otherwise(ref)
