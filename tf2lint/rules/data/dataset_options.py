"""TF8: options of datasets, and calls of datasets that changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tf2lint.check.advice import Advice, delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.fixes import templates
from tf2lint.rules.data import family
from tf2lint.rules.graphs import _sessions
from tf2lint.tensorflow import api

# --- TF808 -----------------------------------------------------------------------------------

dataset_method = family.rule(
    "TF808",
    "dataset-method",
    "W",
    summary="methods of datasets that TF 2 does not have",
    page="""\
`map_with_legacy_function` and `filter_with_legacy_function` traced their functions in an older
way; TF 2 has `map` and `filter` only. `from_sparse_tensor_slices` is `from_tensor_slices`, which
takes a `tf.SparseTensor`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

squares = «tf.data.Dataset.range(3).map_with_legacy_function»(lambda x: x * x)
""",
            good="""\
import tensorflow as tf

squares = tf.data.Dataset.range(3).map(lambda x: x * x)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def rows(matrix):
    return «tf.data.Dataset.from_sparse_tensor_slices»(matrix)
""",
            good="""\
import tensorflow as tf

def rows(matrix):
    return tf.data.Dataset.from_tensor_slices(matrix)
""",
        ),
    ],
)

_METHODS = {
    "map_with_legacy_function": "{self}.map({map_func}, num_parallel_calls={num_parallel_calls})",
    "filter_with_legacy_function": "{self}.filter({predicate})",
    "from_sparse_tensor_slices": "tf.data.Dataset.from_tensor_slices({sparse_tensor})",
}


@dataset_method.on(*(f"tf.data.Dataset.{name}" for name in _METHODS))
def _method(ref: Reference) -> Report:
    return ref.report(ref.code(_METHODS[ref.symbol.rpartition(".")[2]]))


@dataset_method.method("map_with_legacy_function", "filter_with_legacy_function")
def _unknown_method(ref: Reference) -> Report | None:
    name = ref.symbol.rpartition(".")[2].partition("_")[0]
    if ref.call is None or ref.receiver is None or _sessions.may_be_v1(ref):
        return None
    return ref.report(f"{ref.text(ref.receiver)}.{name}", "was removed in TF 2")


# --- TF809 -----------------------------------------------------------------------------------

dataset_option = family.rule(
    "TF809",
    "dataset-option",
    "W",
    summary="options of datasets that are gone",
    page="""\
`tf.data.Options` has lost some of its fields on the way through TF 2; to set one raises
`AttributeError`. Statistics (`experimental_stats`) gave way to the profiler. What
`experimental_optimization` said of autotuning is in `options.autotune`. Vectorized `map`, the
hoisting of random ops and `experimental_numa_aware` were dropped. The newer names
`options.deterministic`, `options.threading` take the place of `experimental_deterministic` and
`experimental_threading`, which still work.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

options = tf.data.Options()
«options.experimental_numa_aware» = True
""",
            good="""\
import tensorflow as tf

options = tf.data.Options()
options.threading.private_threadpool_size = 8
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

options = tf.data.Options()
«options.experimental_optimization.autotune» = True
""",
            good="""\
import tensorflow as tf

options = tf.data.Options()
options.autotune.enabled = True
""",
        ),
    ],
)

_OPTIONS: dict[str, Advice | str] = {
    "experimental_stats": delete("it: the profiler shows the input pipeline"),
    "experimental_numa_aware": delete(),
    "autotune": "options.autotune.enabled",
    "autotune_buffers": delete("it: buffers are tuned with `options.autotune.enabled`"),
    "autotune_cpu_budget": "options.autotune.cpu_budget",
    "autotune_ram_budget": "options.autotune.ram_budget",
    "map_vectorization": delete(),
    "hoist_random_uniform": delete(),
    "reorder_data_discarding_ops": delete(),
}


@dataset_option.on("tf.data.Options", beside=True)
def _option(ref: Reference) -> Iterator[Report]:
    """Stores to fields of the object that this call makes."""
    for store in ref.stored():
        chain = store.chain
        for attribute, owner in zip(reversed(chain), _owners(chain), strict=True):
            if attribute.attr in _OPTIONS and not _has(owner, attribute.attr, ref.target):
                yield ref.report(_OPTIONS[attribute.attr], "was removed from `tf.data.Options`",
                                 place=attribute, status="removed",
                                 subject=ast.unparse(attribute))  # fmt: skip
                break


def _owners(chain: Sequence[ast.Attribute]) -> list[str]:
    """The class of which each attribute of `options.a.b` is a field, from the left."""
    owners = ["tf.data.Options"]
    for attribute in reversed(chain[1:]):
        inner = {"experimental_optimization": "tf.data.experimental.OptimizationOptions"}
        owners.append(inner.get(attribute.attr, ""))
    return owners


def _has(owner: str, name: str, target: api.Version) -> bool:
    return owner == "" or api.exists(f"{owner}.{name}", target)


# --- TF810 -----------------------------------------------------------------------------------

transformation = family.rule(
    "TF810",
    "dataset-transformation",
    "R",
    default=False,
    summary="deprecated functions of tf.data.experimental that are methods of datasets now",
    page="""\
Most of what `dataset.apply(tf.data.experimental....)` did has become a method of the dataset.
The old functions still work in TF 2, with a warning that they are deprecated, so the rule is off
by default. `map_and_batch` needs no replacement of its own: the runtime fuses `map` and `batch`
by itself.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def batched(dataset, parse):
    return dataset.apply(«tf.data.experimental.map_and_batch»(parse, 32))
""",
            good="""\
import tensorflow as tf

def batched(dataset, parse):
    return dataset.map(parse, num_parallel_calls=tf.data.AUTOTUNE).batch(32)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def single(dataset):
    return dataset.apply(«tf.data.experimental.unbatch»())
""",
            good="""\
import tensorflow as tf

def single(dataset):
    return dataset.unbatch()
""",
        ),
    ],
)

# Function, method that the target has to have for the advice, the advice.
_MAPPED = ("dataset.map({map_func}, num_parallel_calls=tf.data.AUTOTUNE)"
           ".batch({batch_size}, drop_remainder={drop_remainder})")  # fmt: skip
_TRANSFORMATIONS = {
    "map_and_batch": ("map", _MAPPED),
    "shuffle_and_repeat": (
        "shuffle", "dataset.shuffle({buffer_size}, seed={seed}).repeat(count={count})"),
    "unbatch": ("unbatch", "dataset.unbatch()"),
    "unique": ("unique", "dataset.unique()"),
    "parallel_interleave": (
        "interleave",
        "dataset.interleave({map_func}, cycle_length={cycle_length}, block_length={block_length},"
        " num_parallel_calls=tf.data.AUTOTUNE)"),
    "bucket_by_sequence_length": (
        "bucket_by_sequence_length",
        "dataset.bucket_by_sequence_length({element_length_func}, {bucket_boundaries},"
        " {bucket_batch_sizes})"),
    "group_by_window": (
        "group_by_window", "dataset.group_by_window(key_func={key_func}, reduce_func={reduce_func},"
        " window_size={window_size})"),
    "scan": ("scan", "dataset.scan({initial_state}, {scan_func})"),
    "enumerate_dataset": ("enumerate", "dataset.enumerate(start={start})"),
    "rejection_resample": (
        "rejection_resample", "dataset.rejection_resample({class_func}, {target_dist})"),
    "sample_from_datasets": (
        "sample_from_datasets",
        "tf.data.Dataset.sample_from_datasets({datasets}, weights={weights}, seed={seed})"),
    "choose_from_datasets": (
        "choose_from_datasets",
        "tf.data.Dataset.choose_from_datasets({datasets}, {choice_dataset})"),
    "Counter": ("counter", "tf.data.Dataset.counter(start={start}, step={step})"),
    "RandomDataset": ("random", "tf.data.Dataset.random(seed={seed})"),
    "get_single_element": ("get_single_element", "{dataset}.get_single_element()"),
    "take_while": ("take_while", "dataset.take_while({predicate})"),
    "ignore_errors": ("ignore_errors", "dataset.ignore_errors()"),
    "TFRecordWriter": ("save", "`dataset.save(path)`, or `tf.io.TFRecordWriter`"),
    "AUTOTUNE": ("map", "tf.data.AUTOTUNE"),
}  # fmt: skip


@transformation.on(*(f"tf.data.experimental.{name}" for name in _TRANSFORMATIONS))
def _transformation(ref: Reference) -> Report | None:
    method, template = _TRANSFORMATIONS[ref.symbol.rpartition(".")[2]]
    if ref.status == "removed" or not api.exists(f"tf.data.Dataset.{method}", ref.target):
        return None
    if not templates.valid(template, ref.target):
        return None
    # Plain text: `dataset` stands for what the code at hand calls it, no edit can know.
    told = ref.advise(template) if "`" in template else ref.code(template).only()
    return ref.report(told, "is deprecated in TF 2", status="idiom")


# --- TF811 -----------------------------------------------------------------------------------

out_of_range = family.rule(
    "TF811",
    "out-of-range-loop",
    "R",
    default=False,
    summary="except tf.errors.OutOfRangeError as the end of a dataset: the for loop ends by itself",
    page="""\
`sess.run(next_element)` raised `OutOfRangeError` at the end of the input. `for batch in dataset:`
just ends, and `next(it)` raises `StopIteration`. Only `iterator.get_next()` still raises
`OutOfRangeError` in TF 2, which is why the rule is off by default: a handler that never fires
hides the end of the data, one around `get_next()` is right.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def consume(step):
    while True:
        try:
            step()
        except «tf.errors.OutOfRangeError»:
            break
""",
            good="""\
import tensorflow as tf

def consume(step, dataset: tf.data.Dataset):
    for batch in dataset:
        step(batch)
""",
        ),
    ],
    in_patterns=True,
)


@out_of_range.on("tf.errors.OutOfRangeError")
def _out_of_range(ref: Reference) -> Report | None:
    stmt = ref.site.stmt
    if not isinstance(stmt, ast.Try) or ref.is_import:
        return None
    caught = [node for handler in stmt.handlers if handler.type is not None
              for node in ast.walk(handler.type)]  # fmt: skip
    if not any(node is ref.node for node in caught):
        return None
    return ref.report("`for batch in dataset:`, which ends by itself", "is TF 1 style",
                      status="idiom")  # fmt: skip
