"""TF8: queues, readers and the input functions of tf.train."""

from __future__ import annotations

from tf2lint.check.advice import Advice, delete
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import shuffles_if
from tf2lint.rules.data import family

queue_input = family.rule(
    "TF802",
    "queue-input",
    "W",
    summary="queues, readers and batching functions of tf.train become a tf.data.Dataset",
    page="""\
Queue-based input ran readers and batching ops in threads of a session. `tf.data` does all of it,
with no threads to start and none to join:

```python
files = tf.data.Dataset.list_files("train-*").shuffle(100)
dataset = files.interleave(tf.data.TFRecordDataset, cycle_length=4)
dataset = dataset.map(parse, num_parallel_calls=tf.data.AUTOTUNE)
dataset = dataset.shuffle(10000).batch(32, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
```

| TF 1 | TF 2 |
|---|---|
| `string_input_producer`, `input_producer` | `tf.data.Dataset.from_tensor_slices(names).shuffle(len(names)).repeat(epochs)` |
| `range_input_producer` | `tf.data.Dataset.range(limit)` |
| `slice_input_producer` | `tf.data.Dataset.from_tensor_slices(tuple_of_tensors)` |
| `TFRecordReader`, `TextLineReader`, `FixedLengthRecordReader` | `tf.data.TFRecordDataset` and its siblings |
| `WholeFileReader` | `files.map(tf.io.read_file)` |
| `batch`, `dynamic_pad=True` | `dataset.batch`, `dataset.padded_batch` |
| `shuffle_batch` | `dataset.shuffle(buffer).batch(n)` |
| `batch_join`, `shuffle_batch_join` | `dataset.interleave(...)` first |
| `maybe_*` | `dataset.filter` first |
| `limit_epochs` | `dataset.repeat(epochs)` |
| `start_queue_runners`, `QueueRunner` | nothing |
| `coord.should_stop()`, `coord.join(threads)` | the end of the `for` loop |
| `tf.FIFOQueue` ... | `tf.queue.FIFOQueue` ..., as a data structure |

`capacity` and `num_threads` become `prefetch` and `num_parallel_calls`. TF 1's `batch` dropped the
last, smaller batch unless `allow_smaller_final_batch=True`; `Dataset.batch` keeps it unless
`drop_remainder=True`. `tf.train.Coordinator` still exists for threads of your own.

The functions raise under eager execution, also through `compat.v1`.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def batches(image, label):
    return «tf.train.batch»([image, label], batch_size=32)
""",
            good="""\
import tensorflow as tf

def batches(images, labels):
    dataset = tf.data.Dataset.from_tensor_slices((images, labels))
    return dataset.batch(32, drop_remainder=True)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

names = ["a.csv", "b.csv"]
queue = «tf.train.string_input_producer»(names, num_epochs=3)
""",
            good="""\
import tensorflow as tf

names = ["a.csv", "b.csv"]
files = tf.data.Dataset.from_tensor_slices(names).shuffle(len(names)).repeat(3)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

reader = «tf.TextLineReader»(skip_header_lines=1)
""",
            good="""\
import tensorflow as tf

lines = tf.data.TextLineDataset(["a.csv"]).skip(1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

queue = «tf.FIFOQueue»(10, [tf.int32])
""",
            good="""\
import tensorflow as tf

queue = tf.queue.FIFOQueue(10, [tf.int32])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

threads = «tf.compat.v1.train.start_queue_runners»()
""",
            good="""\
import tensorflow as tf

for item in tf.data.Dataset.range(3):
    print(item)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/data"],
)

_EAGER = "raises under eager execution"


def _what(ref: Reference) -> str:
    return _EAGER if ref.status == "compat" and ref.call is not None else ""


# What the methods of the dataset say, or the dataset itself.
_SETTLED = ("allow_smaller_final_batch", "dynamic_pad", "keep_input", "min_after_dequeue",
            "num_epochs", "shuffle", "skip_header_lines", "tensor", "tensor_list", "tensors",
            "tensors_list")  # fmt: skip


def _plain(ref: Reference, template: str) -> Advice:
    """The template filled in, as text: what it calls `dataset` has another name in the code."""
    return ref.code(template, settled=_SETTLED).only()


# Producers.

_SOURCES = {
    "tf.train.string_input_producer": ("from_tensor_slices({string_tensor})", "string_tensor"),
    "tf.train.input_producer": ("from_tensor_slices({input_tensor})", "input_tensor"),
    "tf.train.slice_input_producer": ("from_tensor_slices(tuple({tensor_list}))", ""),
    "tf.train.range_input_producer": ("range({limit})", "limit"),
}


@queue_input.on(*_SOURCES)
def _producer(ref: Reference) -> Report:
    source, length = _SOURCES[ref.symbol]
    args = ref.arguments()
    template = f"tf.data.Dataset.{source}"
    if args is None or args.literal("shuffle") is not False:
        if length == "limit":
            template += ".shuffle({limit}"
        else:
            template += f".shuffle(len({{{length}}})" if length else ".shuffle(1000"
        template += ", seed={seed})"
    epochs = args.literal("num_epochs") if args is not None else None
    if epochs is None or args is None or "num_epochs" not in args.given:
        template += ".repeat()"
    elif epochs != 1:
        template += ".repeat({num_epochs})"
    note = shuffles_if(ref, args) if args is not None else ""
    return ref.report(_plain(ref, template).noting(note), _what(ref))


# Batching.

_BATCHING = ("batch", "batch_join", "maybe_batch", "maybe_batch_join", "shuffle_batch",
             "shuffle_batch_join", "maybe_shuffle_batch", "maybe_shuffle_batch_join")  # fmt: skip


@queue_input.on(*(f"tf.train.{name}" for name in _BATCHING))
def _batching(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    args = ref.arguments()
    if args is None or args.open or args.unknown or "batch_size" not in args.given:
        return ref.report(_outline(name), _what(ref))
    template = "dataset"
    if "join" in name:
        template += ".interleave(read, cycle_length=n)"
    if "maybe" in name:
        template += ".filter(keep)"
    if "shuffle" in name:
        buffer = "capacity" if args.literal("min_after_dequeue") == 0 else "min_after_dequeue"
        template += f".shuffle({{{buffer}}}, seed={{seed}})"
    method = "padded_batch" if args.literal("dynamic_pad") is True else "batch"
    template += f".{method}({{batch_size}}{_remainder(args)})"
    return ref.report(_plain(ref, template), _what(ref))


def _remainder(args: Arguments) -> str:
    smaller = args.literal("allow_smaller_final_batch")
    if "allow_smaller_final_batch" not in args.given or smaller is False:
        return ", drop_remainder=True"
    return "" if smaller is True else ", drop_remainder=not {allow_smaller_final_batch}"


def _outline(name: str) -> str:
    parts = ["dataset"]
    if "join" in name:
        parts.append("interleave(read)")
    if "maybe" in name:
        parts.append("filter(keep)")
    if "shuffle" in name:
        parts.append("shuffle(buffer_size)")
    return ".".join([*parts, "batch(batch_size, drop_remainder=True)"])


@queue_input.on("tf.train.limit_epochs")
def _limit_epochs(ref: Reference) -> Report:
    what = "counts nothing under eager execution" if ref.status == "compat" else ""
    return ref.report(_plain(ref, "dataset.repeat({num_epochs})"), what)


# Readers.

_READERS = {
    "tf.TFRecordReader": "tf.data.TFRecordDataset(filenames)",
    "tf.TextLineReader": "tf.data.TextLineDataset(filenames)",
    "tf.FixedLengthRecordReader": "tf.data.FixedLengthRecordDataset(filenames, {record_bytes})",
    "tf.WholeFileReader": "tf.data.Dataset.from_tensor_slices(filenames).map(tf.io.read_file)",
    "tf.IdentityReader": "tf.data.Dataset.from_tensor_slices(keys)",
    "tf.LMDBReader": "tf.data.Dataset.from_generator(read, output_signature=spec)",
    "tf.ReaderBase": "a `tf.data.Dataset`",
}


@queue_input.on(*_READERS)
def _reader(ref: Reference) -> Report:
    template = _READERS[ref.symbol]
    args = ref.arguments()
    if ref.symbol == "tf.TextLineReader" and args is not None:
        if args.given.get("skip_header_lines") is not None:
            template += ".skip({skip_header_lines})"
    what = _what(ref)
    if "{" not in template:
        return ref.report(ref.say(template, template.partition("(")[0]), what)
    return ref.report(_plain(ref, template), what)


_READS = ("read", "read_up_to", "num_records_produced", "num_work_units_completed", "reset",
          "restore_state", "serialize_state")  # fmt: skip


@queue_input.on(*(f"tf.ReaderBase.{name}" for name in _READS))
def _read(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    advice = "`for record in dataset:`" if name.startswith("read") else delete()
    return ref.report(advice, "goes with the TF 1 reader")


# Queues and their threads.

_QUEUES = ("QueueBase", "FIFOQueue", "PaddingFIFOQueue", "PriorityQueue", "RandomShuffleQueue")


@queue_input.on(*(f"tf.{name}" for name in _QUEUES))
def _queue(ref: Reference) -> Report:
    new = f"tf.queue.{ref.symbol[3:]}"
    args = ref.arguments()
    if ref.call is None or args is None or args.open or args.unknown:
        return ref.report(ref.say(new))
    signature = ref.signature()
    names = signature.positional if signature is not None else ()
    parts = [
        f"{{{n}}}" if n in args.positions else f"{n}={{{n}}}" for n in names if n in args.given
    ]
    return ref.report(ref.code(f"{new}({', '.join(parts)})"))


_RUNNERS = ("start_queue_runners", "add_queue_runner", "QueueRunner")


@queue_input.on(
    *(f"tf.train.{name}" for name in _RUNNERS),
    *(f"tf.train.queue_runner.{name}" for name in _RUNNERS),
)
def _queue_runner(ref: Reference) -> Report:
    what = "" if ref.symbol.endswith("add_queue_runner") else _what(ref)
    return ref.report(delete("it: a dataset needs no threads"), what)


@queue_input.on("tf.train.queue_runner")
def _queue_runner_module(ref: Reference) -> Report:
    return ref.report(delete("it: a dataset needs no threads"))


@queue_input.on("tf.train.LooperThread")
def _looper(ref: Reference) -> Report:
    return ref.report("threading.Thread")


@queue_input.on("tf.train.match_filenames_once")
def _match_filenames(ref: Reference) -> Report:
    return ref.report(ref.code("tf.io.gfile.glob({pattern})"))
