"""TF1: summary writers, and summaries that were merged for them."""

from __future__ import annotations

import ast

from tf2lint.check.advice import delete
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Example
from tf2lint.rules._calls import short
from tf2lint.rules.summaries import family
from tf2lint.rules.summaries._shared import (
    LONG,
    MIGRATE,
    WRITER,
    as_old,
    writer_fate,
)

merge_all = family.rule(
    "TF101",
    "summary-merge-all",
    "W",
    summary="tf.summary.merge_all and merge have no TF 2 form: summary ops write as they run",
    page="""\
`tf.summary.merge_all()` collected the summary ops of a graph into one op for a session to
run; `tf.summary.merge([...])` did that for the ops in a list. TF 2 has no collections and no
session: `tf.summary.scalar(name, value, step=step)` writes at once to the default writer, so
there is nothing left to merge, and no serialized string to hand on.

Delete the call and the fetch of its result, and write the summaries inside
`with writer.as_default():`. Where `merge` put together those that are written less often, put
their calls under `with tf.summary.record_if(condition):`.

`tf.compat.v1.summary.merge_all()` and `merge()` raise RuntimeError under eager execution. In a
graph, `merge_all()` does not see TF 2 summaries: those are in
`tf.compat.v1.summary.all_v2_summary_ops()`.

The names before TF 1.0, `tf.merge_all_summaries` and `tf.merge_summary`, are reported, too.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

merged = «tf.summary.merge_all»()
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


def train_summaries(parts):
    return «tf.compat.v1.summary.merge»(parts)
""",
            good="""\
import tensorflow as tf


def train_summaries(loss, step):
    with tf.summary.record_if(step % 100 == 0):
        tf.summary.scalar("loss", loss, step=step)
""",
        ),
    ],
    sources=[MIGRATE],
    in_patterns=True,
)


_BEFORE_1 = ("tf.merge_all_summaries", "tf.merge_summary", "tf.train.SummaryWriter")


@merge_all.on(
    "tf.summary.merge_all", "tf.summary.merge", "tf.merge_all_summaries", "tf.merge_summary"
)
def _merge_all(ref: Reference) -> Report:
    advice = delete("it: the summaries of TF 2 write by themselves")
    return ref.report(ref.advise(advice), _fate(ref))


def _fate(ref: Reference) -> str:
    """What happens to what a graph needs."""
    if ref.symbol in _BEFORE_1:
        return "is gone since TF 1.0"
    return "raises under eager execution" if ref.status == "compat" else ref.fate()


file_writer = family.rule(
    "TF103",
    "summary-file-writer",
    "W",
    summary="tf.summary.FileWriter and its cache: create_file_writer in TF 2",
    page="""\
`tf.summary.FileWriter(logdir)` is `tf.summary.create_file_writer(logdir)` in TF 2, an object that
does other things: it is entered (`with writer.as_default():`), and the `tf.summary` functions
called inside write to it. Its own methods are `flush()`, `close()`, `as_default()`,
`set_as_default()` and `init()`. `tf.compat.v1.summary.FileWriter` raises RuntimeError under eager
execution.

The arguments:

- `flush_secs=n` is `flush_millis=1000 * n`;
- `max_queue` and `filename_suffix` keep their names (`filename_suffix` defaults to `.v2`);
- `graph=` and `graph_def=` go: bracket one call of a `tf.function` with
  `tf.summary.trace_on()` and `tf.summary.trace_export(name, step=0)` under the writer;
- `session=` goes: in a graph that is left over, run `writer.init()` in the session.

`FileWriterCache.get(logdir)` gave one writer for a directory. Each call of `create_file_writer`
opens a new event file, so keep the writer and hand it around. `get_logdir()` has no
successor (keep the path), and a closed writer cannot be reopened (make a new one).

The name before TF 1.0, `tf.train.SummaryWriter`, is reported, too.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

writer = «tf.summary.FileWriter»("logs", flush_secs=30)
""",
            good="""\
import tensorflow as tf

writer = tf.summary.create_file_writer("logs", flush_millis=30000)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

writer = «tf.compat.v1.summary.FileWriterCache.get»("logs")
""",
            good="""\
import tensorflow as tf

writers = {}
writer = writers.setdefault("logs", tf.summary.create_file_writer("logs"))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf


def close(writer: «tf.summary.FileWriter»):
    writer.close()
""",
            good="""\
import tensorflow as tf


def close(writer: tf.summary.SummaryWriter):
    writer.close()
""",
        ),
    ],
    sources=[MIGRATE],
    in_patterns=True,
)

_CREATE = (
    "tf.summary.create_file_writer({logdir}, max_queue={max_queue}, "
    "flush_millis={flush_secs} * 1000, filename_suffix={filename_suffix})"
)


@file_writer.on(WRITER, "tf.train.SummaryWriter")
def _file_writer(ref: Reference) -> Report:
    what = _fate(ref)
    if ref.site.use == "annotation" or _is_type(ref):
        return ref.report(ref.say("tf.summary.SummaryWriter"), what)
    if ref.site.use == "base":
        held = ref.say("a class around `tf.summary.create_file_writer`")
        return ref.report(held, what)
    arguments = as_old(ref, WRITER)
    # Words, no edit: what is done with the writer has to change with it: `patterns`.
    code = ref.code(_CREATE, arguments=arguments, settled=("graph", "graph_def")).only()
    if arguments is not None and {"graph", "graph_def"} & {*arguments.given}:
        code = code.adding(ref.say("`tf.summary.trace_export` writes the graph"))
    return ref.report(code, what)


def _is_type(ref: Reference) -> bool:
    """Whether the class is asked for in `isinstance(x, ...)`."""
    node = ref.module.source.parent(ref.node)
    if isinstance(node, ast.Tuple):
        node = ref.module.source.parent(node)
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("isinstance", "issubclass")
    )


@file_writer.under("tf.summary.FileWriterCache", "tf.train.SummaryWriterCache")
def _file_writer_cache(ref: Reference) -> Report:
    if ref.symbol.endswith(".clear"):
        return ref.report(ref.say("`writer.close()` for each `tf.summary.create_file_writer`"))
    logdir = "logdir"
    if ref.call is not None and ref.call.args:
        logdir = short(ref, ref.call.args[0], logdir, LONG)
    new = ref.say("tf.summary.create_file_writer")
    return ref.report(f"one `{new}({logdir})` for all")


@file_writer.on(f"{WRITER}.get_logdir", f"{WRITER}.reopen")
def _writer_method(ref: Reference) -> Report:
    if ref.symbol.endswith("reopen"):
        return ref.report(
            ref.say("a new `tf.summary.create_file_writer(logdir)`"), writer_fate(ref)
        )
    return ref.report("the path that the writer was made with", writer_fate(ref))


@file_writer.on(f"{WRITER}.flush", f"{WRITER}.close")
def _writer_kept(ref: Reference) -> Matched:
    """`flush` and `close` are methods of TF 2's writer, too."""
    return (
        QUIET if ref.is_method else ref.report(ref.say("the method of `tf.summary.SummaryWriter`"))
    )
