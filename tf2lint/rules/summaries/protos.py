"""TF1: summary protos, event files, and the ops of TF 1 under compat.v1."""

from __future__ import annotations

import ast
import re

from tf2lint.check.advice import NONE, advised, delete
from tf2lint.check.arguments import Arguments
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Example
from tf2lint.rules._calls import short
from tf2lint.rules.summaries import family
from tf2lint.rules.summaries._shared import (
    LONG,
    MIGRATE,
    OLD_OPS,
    OPS,
    PROTOS,
    UNDER_WRITER,
    as_old,
    is_call_of,
    of_old_op,
    simple_value,
)

simple = family.rule(
    "TF109",
    "summary-simple-value",
    "W",
    summary="event files read through simple_value, which is 0.0 for what TF 2 wrote",
    page="""\
`tf.train.summary_iterator(path)` is left as `tf.compat.v1.train.summary_iterator`. It reads the
files of TF 2, too, and there the trap is: TF 2 writes scalars as tensors.
`value.simple_value` is 0.0 for them, without an error, and `value.HasField("simple_value")` is
false, so a loop that asks for it finds nothing.

    for event in tf.compat.v1.train.summary_iterator(path):
        for value in event.summary.value:
            if value.tag == "loss":
                print(event.step, tf.make_ndarray(value.tensor))

`tf.make_ndarray(value.tensor)` reads what TF 2 wrote; code that has to read both asks
`value.HasField("simple_value")` first. A module that uses `make_ndarray` is not reported, nor are
values of which nothing says that they come from an event file: a `Summary` in memory keeps its
`simple_value`.
Without compat.v1, event files are TFRecord files: `tf.data.TFRecordDataset(path)` gives the
serialized events.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf


def losses(event):
    return [value.simple_value for value in event.summary.value]
""".replace("value.simple_value", "«value.simple_value»"),
            good="""\
import tensorflow as tf


def losses(event):
    return [tf.make_ndarray(value.tensor) for value in event.summary.value]
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

for event in «tf.train.summary_iterator»("events.out.tfevents.1"):
    print(event.step)
""",
            good="""\
import tensorflow as tf

for record in tf.data.TFRecordDataset("events.out.tfevents.1"):
    print(len(record.numpy()))
""",
        ),
    ],
    sources=[MIGRATE],
)


@simple.on("tf.train.summary_iterator")
def _summary_iterator(ref: Reference) -> Report:
    path = "path"
    if ref.call is not None and ref.call.args:
        path = short(ref, ref.call.args[0], "path", LONG)
    if ref.route == "v1":
        return ref.report(
            f"`{ref.say('tf.data.TFRecordDataset')}({path})` and tensorboard's protos"
        )
    values = ref.say("tf.make_ndarray(value.tensor)")
    use = ref.say("tf.compat.v1.train.summary_iterator", "tf.data.TFRecordDataset")
    return ref.report(advised(f"{use}({path})").adding(f"`{values}` reads values that TF 2 wrote"))


@simple.method("simple_value")
def _simple_value(ref: Reference) -> Report | None:
    if ref.call is not None or _reads_tensors(ref) or not _is_of_event(ref):
        return None
    value = short(ref, ref.receiver, "value", 24)
    return ref.report(
        ref.say("tf.make_ndarray") + f"({value}.tensor)",
        "is 0.0 in event files that TF 2 wrote",
        status="changed",
    )


@simple.method("HasField")
def _has_field(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or len(call.args) != 1 or _reads_tensors(ref) or not _is_of_event(ref):
        return None
    field = call.args[0]
    if not isinstance(field, ast.Constant) or field.value != "simple_value":
        return None
    value = short(ref, ref.receiver, "value", 24)
    return ref.report(
        f'`{value}.HasField("tensor")` and `{ref.say("tf.make_ndarray")}({value}.tensor)`',
        "is false in event files that TF 2 wrote",
        status="changed",
        subject=f'{value}.HasField("simple_value")',
    )


_READERS = re.compile(r"summary_iterator|tfevents|event_?file|event_?accumulator", re.I)
_EVENT = re.compile(r"\bevt?\b|\be\b|event|\.summary\.value", re.I)


def _is_of_event(ref: Reference) -> bool:
    """Whether something says that the value is read from an event file."""
    if ref.module.fact(_reads_events):
        return True
    at = ref.receiver
    while isinstance(at, ast.Attribute | ast.Subscript):
        at = at.value
    if not isinstance(at, ast.Name):
        return False
    bindings, _ = ref.module.inference.bindings(at.id, ref.site.scope, ref.site.seq)
    texts = [ref.text(b.expr) for b in bindings if b.expr is not None]
    return any(_EVENT.search(text) for text in (*texts, ref.text(ref.receiver or at)))


def _reads_events(module: Module) -> bool:
    return _READERS.search(module.source.text) is not None


def _reads_tensors(ref: Reference) -> bool:
    """Whether the module knows how TF 2 writes values."""
    text = ref.module.source.text
    return "make_ndarray" in text or "MakeNdarray" in text


v1_op = family.rule(
    "TF110",
    "summary-op-v1",
    "W",
    summary="summary ops of TF 1 through compat.v1, summary protos, the names before TF 1.0",
    page="""\
`tf.compat.v1.summary.scalar` and its like make graph ops for a session. Under eager execution
they forward to TF 2 only where a TF 2 writer is the default one and a step is set; else they return
the serialized proto and write nothing (`image` raises). `family` is kept on the way, `collections`
is dropped without a word. This is what `tf_upgrade_v2` leaves behind: the calls still have to
move to `tf.summary.scalar(name, data, step=step)` under `with writer.as_default():`.

- `tensor_summary(name, tensor)` is `tf.summary.write(tag, tensor, step=step)`;
- `initialize()` was for graphs: a writer is ready when it is made; in a graph run `writer.init()`;
- `all_v2_summary_ops()` gives the TF 2 summaries of a graph, and None under eager execution;
- `get_summary_description` only has a meaning for the ops of TF 1.

Protos: `tf.Summary`, `tf.Event`, `tf.HistogramProto`, `tf.SummaryMetadata` and `tf.SessionLog`
are under `tf.compat.v1` only. `tf.Summary(value=[tf.Summary.Value(tag=t, simple_value=x)])` for
`add_summary` is `tf.summary.scalar(t, x, step=step)`. A program that needs the messages
themselves can take them from the tensorboard package (`tensorboard.compat.proto`).

Before TF 1.0 the ops were `tf.scalar_summary`, `tf.histogram_summary`, `tf.image_summary` and
`tf.audio_summary`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

«tf.compat.v1.summary.scalar»("loss", 0.5)
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

summary = «tf.compat.v1.Summary»(value=[tf.compat.v1.Summary.Value(tag="loss", simple_value=0.5)])
""",
            good="""\
import tensorflow as tf

tf.summary.scalar("loss", 0.5, step=1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

«tf.histogram_summary»("weights", [0.5, 1.0])
""",
            good="""\
import tensorflow as tf

tf.summary.histogram("weights", [0.5, 1.0], step=1)
""",
        ),
    ],
    sources=[MIGRATE],
    in_patterns=True,
)


@v1_op.on(*OPS)
def _v1_op(ref: Reference) -> Report | None:
    if ref.route != "v1":
        return None
    what = "writes nothing under eager execution"
    if ref.symbol.endswith("image"):
        what = "raises under eager execution"
    return _as_tf2(ref, ref.symbol, as_old(ref, ref.symbol), what, "compat")


@v1_op.on(*OLD_OPS)
def _old_op(ref: Reference) -> Report:
    op = OLD_OPS[ref.symbol][0]
    return _as_tf2(ref, op, of_old_op(ref), "is gone since TF 1.0", "removed")


def _as_tf2(ref: Reference, op: str, arguments: Arguments | None, what: str, status: str) -> Report:
    code = ref.code(OPS[op], arguments=arguments).then(UNDER_WRITER)
    group = arguments.given.get("family") if arguments is not None else None
    if group is not None and not (isinstance(group, ast.Constant) and group.value is None):
        code = code.then(f" and `{ref.say('tf.name_scope')}({short(ref, group, limit=LONG)})`")
    return ref.report(code, what, status=status)


_ALONE = {
    "tf.summary.tensor_summary": NONE,
    "tf.summary.initialize": delete("it: a writer is ready when it is made"),
    "tf.summary.all_v2_summary_ops": delete(
        "it: `tf.summary.scalar` and the others write by themselves"
    ),
    "tf.summary.get_summary_description": delete("it: TF 2 summaries have no node to describe"),
}


@v1_op.on(*_ALONE)
def _alone(ref: Reference) -> Report:
    if ref.symbol.endswith("tensor_summary"):
        written = "tf.summary.write({name}, {tensor}, step=step, metadata={summary_metadata})"
        return ref.report(ref.code(written).then(UNDER_WRITER))
    return ref.report(ref.advise(_ALONE[ref.symbol]))


# The parts of a Summary.Value and what writes them.
_PARTS = {
    "simple_value": "tf.summary.scalar",
    "image": "tf.summary.image",
    "histo": "tf.summary.histogram",
    "audio": "tf.summary.audio",
    "tensor": "tf.summary.write",
}
_VALUES = tuple(f"{proto}.Value" for proto in PROTOS)


@v1_op.under(*PROTOS)
def _summary(ref: Reference) -> Report:
    if ref.symbol.endswith((".Image", ".Audio")):
        kind = ref.symbol.rpartition(".")[2].lower()
        call = ref.say(f"tf.summary.{kind}(name, data, step=step)")
        return ref.report(f"`{call}`{UNDER_WRITER}")
    parent = ref.module.source.parent(ref.node)
    if isinstance(parent, ast.Attribute) and parent.attr in ("FromString", "ParseFromString"):
        parsed = ref.say("tf.compat.v1.Summary", "the protos of the tensorboard package")
        return ref.report(
            parsed if ref.route != "v1" else "tensorboard's own `summary_pb2.Summary`"
        )
    values = _parts_of(ref)
    pair = simple_value(ref, values[0]) if values else None
    op = f"{ref.say('tf.summary.scalar')}(tag, value, step=step)"
    if pair is not None:
        text = f"{ref.say('tf.summary.scalar')}({pair[0]}, {pair[1]}, step=step)"
        op = text if len(text) <= 100 else op
    elif values:
        kinds = [k.arg for k in values[0].keywords if k.arg in _PARTS]
        if kinds and kinds[0] is not None:
            op = f"{ref.say(_PARTS[kinds[0]])}(name, data, step=step)"
    more = ", one for each value," if len(values) > 1 else ""
    return ref.report(f"`{op}`{more}{UNDER_WRITER}")


def _parts_of(ref: Reference) -> list[ast.Call]:
    """The calls of `Summary.Value` that `ref` makes a proto of."""
    call = ref.call
    if call is None:
        return []
    if ref.symbol in _VALUES:
        return [call]
    return [
        item
        for keyword in call.keywords
        if keyword.arg == "value" and isinstance(keyword.value, ast.List | ast.Tuple)
        for item in keyword.value.elts
        if isinstance(item, ast.Call)
    ]


@v1_op.on(*_VALUES, *(f"{proto}.{kind}" for proto in PROTOS for kind in ("Image", "Audio")))
def _value(ref: Reference) -> Matched:
    """A part inside of a summary goes with it, but a name that is missing is told each time."""
    call = ref.call
    up = ref.module.source.parent(call) if call is not None else None
    while isinstance(up, ast.List | ast.Tuple | ast.keyword):
        up = ref.module.source.parent(up)
    if up is not None and is_call_of(ref, up, (*PROTOS, *_VALUES)):
        if ref.status != "removed":
            return QUIET
        return ref.report(delete("it with the summary around it"))
    return _summary(ref)


_MESSAGES = {
    "tf.Event": "tf.compat.v1.Event",
    "tf.summary.Event": "tf.compat.v1.Event",
    "tf.SummaryMetadata": "tf.compat.v1.SummaryMetadata",
    "tf.HistogramProto": "tf.compat.v1.HistogramProto",
    "tf.SessionLog": "tf.compat.v1.SessionLog",
    "tf.summary.SessionLog": "tf.compat.v1.SessionLog",
    "tf.LogMessage": "tf.compat.v1.LogMessage",
    "tf.summary.SummaryDescription": "tf.compat.v1.summary.SummaryDescription",
    "tf.summary.TaggedRunMetadata": "tf.compat.v1.summary.TaggedRunMetadata",
}


@v1_op.under(*_MESSAGES)
def _message(ref: Reference) -> Report:
    name = next((n for n in _MESSAGES if ref.symbol == n or ref.symbol.startswith(f"{n}.")), "")
    if ref.symbol == "tf.HistogramProto":
        call = ref.say("tf.summary.histogram(name, values, step=step)")
        use = f"`{call}`{UNDER_WRITER}"
    elif ref.route == "v1":
        use = "the message of the tensorboard package (`tensorboard.compat.proto`)"
    else:
        member = ref.symbol[len(name) :]
        use = ref.say(_MESSAGES[name] + member, "the protos of the tensorboard package")
    return ref.report(use)
