"""TF8: datasets: their iterators, attributes, methods and options."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tf2lint.check.advice import Advice, coded, delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Edit, Example
from tf2lint.fixes import edits as editing
from tf2lint.fixes import templates
from tf2lint.rules._calls import last_name
from tf2lint.rules.data import family
from tf2lint.rules.graphs import _sessions
from tf2lint.tensorflow import api

_LONG = 60

# --- TF801 -----------------------------------------------------------------------------------

dataset_iterator = family.rule(
    "TF801",
    "dataset-iterator",
    "W",
    summary="datasets are iterated over as Python sequences: iter(dataset), next(it)",
    page="""\
In a graph an iterator gave a tensor, `next_element = iterator.get_next()`, and every
`sess.run` of it moved on by one. In TF 2 a dataset is a Python iterable:

```python
for images, labels in dataset:
    train_step(images, labels)
```

| TF 1 | TF 2 |
|---|---|
| `dataset.make_one_shot_iterator()` | `iter(dataset)` |
| `dataset.make_initializable_iterator()` | `iter(dataset)`, placeholders become arguments |
| `sess.run(iterator.initializer)` | a fresh `iter(dataset)`, once per epoch |
| `iterator.get_next()` | `next(it)`, or the `for` loop |
| `Iterator.from_structure` and `make_initializer` | one `iter(dataset)` for each dataset |
| `from_string_handle`, `string_handle` | the iterator itself, as an argument |
| `except tf.errors.OutOfRangeError` | the end of the `for` loop (`StopIteration` from `next`) |

**Silent:** `get_next()` gives one element under eager execution. Called once before a loop, as
in TF 1, it feeds the same batch to every step.

`tf.compat.v1.data.make_one_shot_iterator(dataset)` works eagerly,
`make_initializable_iterator` raises `RuntimeError`. Keras 3 takes no iterators: give `fit` the
dataset. In a `tf.Graph` a dataset cannot be iterated over in Python.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

iterator = «tf.data.Dataset.range(3).batch(2).make_one_shot_iterator»()
""",
            good="""\
import tensorflow as tf

for batch in tf.data.Dataset.range(3).batch(2):
    print(batch)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def first(data):
    return next(«data.make_initializable_iterator»())
""",
            good="""\
import tensorflow as tf

def first(data):
    return tf.nest.map_structure(tf.convert_to_tensor, next(iter(data)))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def switch(train):
    return «tf.data.Iterator.from_structure»(tf.float32, [None, 3])
""",
            good="""\
import tensorflow as tf

def switch(train: tf.data.Dataset):
    return iter(train)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/data"],
    in_patterns=True,
)

_MADE = ("make_one_shot_iterator", "make_initializable_iterator", "from_structure",
         "from_string_handle")  # fmt: skip


@dataset_iterator.on(
    "tf.data.Dataset.make_one_shot_iterator", "tf.data.Dataset.make_initializable_iterator"
)
def _make_iterator(ref: Reference) -> Report:
    return ref.report(_iterated(ref), _made_what(ref))


@dataset_iterator.method("make_one_shot_iterator", "make_initializable_iterator", foreign=True)
def _unknown_iterator(ref: Reference) -> Report | None:
    if ref.call is None or _sessions.may_be_v1(ref):
        return None
    return ref.report(_iterated(ref), "was removed in TF 2")


def _iterated(ref: Reference) -> str:
    if ref.receiver is None:
        return "iter(dataset)"
    text = ref.text(ref.receiver)
    made = f"iter({text})" if len(text) <= _LONG else "iter(dataset)"
    return f"`next({made})`, or `for element in dataset:`" if _read_at_once(ref) else made


def _made_what(ref: Reference) -> str:
    if ref.status == "compat" and "initializable" in ref.symbol:
        return "raises under eager execution"
    return ""


def _read_at_once(ref: Reference) -> bool:
    """Whether `.get_next` follows right on the call."""
    call = ref.call
    return call is not None and any(
        isinstance(node, ast.Attribute) and node.value is call and node.attr == "get_next"
        for node in ast.walk(ref.site.stmt)
    )


@dataset_iterator.on(
    "tf.data.make_one_shot_iterator", "tf.data.make_initializable_iterator",
)  # fmt: skip
def _make_function(ref: Reference) -> Report:
    code = ref.code("iter({dataset})")
    if _read_at_once(ref):
        # Words, no edit: what reads the iterator is part of it.
        told = code.only(lambda text: f"`next({text.strip('`')})`, or `for element in dataset:`")
        return ref.report(told, _made_what(ref))
    return ref.report(code, _made_what(ref))


_ITERATORS = {
    "from_structure": "one `iter(dataset)` for each dataset",
    "from_string_handle": "the iterator itself, passed as an argument",
    "string_handle": "the iterator itself, passed as an argument",
    "make_initializer": "`iter(dataset)` for the other dataset",
    "initializer": "a fresh `iter(dataset)` for each pass",
}


@dataset_iterator.on(*(f"tf.data.Iterator.{name}" for name in _ITERATORS))
def _iterator_member(ref: Reference) -> Report | None:
    name = ref.symbol.rpartition(".")[2]
    if ref.is_method and _sessions.may_be_v1(ref):
        return None
    told = _ITERATORS[name]
    if name == "make_initializer" and ref.call is not None and ref.call.args:
        text = ref.text(ref.call.args[0])
        told = f"iter({text})" if len(text) <= _LONG else told
    what = "was removed in TF 2"
    if ref.route == "v1":  # the others work there, initialized at once
        what = "raises under eager execution" if name == "initializer" else ""
    return ref.report(told, what)


@dataset_iterator.method("make_initializer")
def _unknown_initializer(ref: Reference) -> Report | None:
    name = last_name(ref.receiver)
    if ref.call is None or _sessions.may_be_v1(ref):
        return None
    if not ("iter" in name.lower() or name == "it"):
        return None
    return ref.report(_ITERATORS["make_initializer"], "was removed in TF 2")


@dataset_iterator.on("tf.data.Iterator.get_next")
def _get_next(ref: Reference) -> Report | None:
    receiver = ref.receiver
    if receiver is None or not any(name in ref.module.source.text for name in _MADE):
        return None  # an annotated iterator of TF 2
    if isinstance(receiver, ast.Call) or _sessions.may_be_v1(ref):
        return None  # said where the iterator is made
    told = f"`next({ref.text(receiver)})` in the loop, or `for element in dataset:`"
    return ref.report(told, "gives the same element at every use", status="changed")


# --- TF807 -----------------------------------------------------------------------------------

dataset_attribute = family.rule(
    "TF807",
    "dataset-attribute",
    "W",
    summary="output_shapes, output_types and output_classes of a dataset are its element_spec",
    page="""\
Three attributes described the elements of a dataset. `dataset.element_spec` describes them in
one: a structure of `tf.TensorSpec` and its like, from which shape and type are read,

```python
shapes = tf.nest.map_structure(lambda spec: spec.shape, dataset.element_spec)
types = tf.nest.map_structure(lambda spec: spec.dtype, dataset.element_spec)
```

or, for a dataset of single tensors, `dataset.element_spec.shape` and `.dtype`. Iterators have an
`element_spec`, too. Where code for both TensorFlows is needed for a while,
`tf.compat.v1.data.get_output_shapes(dataset)` and its siblings work in every TF 2.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

dataset = tf.data.Dataset.range(3)
print(«dataset.output_types»)
""",
            good="""\
import tensorflow as tf

dataset = tf.data.Dataset.range(3)
print(dataset.element_spec.dtype)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def shapes(dataset):
    return «tf.compat.v1.data.get_output_shapes»(dataset)
""",
            good="""\
import tensorflow as tf

def shapes(dataset):
    return tf.nest.map_structure(lambda spec: spec.shape, dataset.element_spec)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/data"],
)

_SPECS = {"output_shapes": "shape", "output_types": "dtype", "output_classes": ""}


def _spec(ref: Reference, attribute: str, dataset: ast.expr | None) -> Advice:
    """What describes the elements of `dataset`, an expression."""
    text = ref.text(dataset) if dataset is not None else "dataset"
    if len(text) > _LONG:
        text = "dataset"
    part = _SPECS[attribute]
    if not part:
        return use(f"{text}.element_spec")
    hole = "{self}" if ref.receiver is not None else "{dataset_or_iterator}"
    root = ref.say("tf.nest.map_structure")
    told = f"{root}(lambda spec: spec.{part}, {text}.element_spec)"
    template = f"tf.nest.map_structure(lambda spec: spec.{part}, {hole}.element_spec)"
    return coded([told, f"{text}.element_spec"], template, ref.arguments())


@dataset_attribute.on(
    *(f"{cls}.{name}" for cls in ("tf.data.Dataset", "tf.data.Iterator") for name in _SPECS)
)
def _attribute(ref: Reference) -> Report | None:
    if ref.receiver is None:
        return None
    name = ref.symbol.rpartition(".")[2]
    report = ref.report(_spec(ref, name, ref.receiver), "was removed in TF 2")
    return replace(report, edits=_spec_edits(ref, _SPECS[name]), kind=f"{ref.symbol} -> spec")


def _spec_edits(ref: Reference, part: str) -> tuple[Edit, ...]:
    """The edits that put the map over `element_spec` in the place of an attribute."""
    found = editing.root_for("tf.nest.map_structure", ref)
    if not part or found is None or not isinstance(ref.node, ast.expr) or ref.receiver is None:
        return ()
    root, added = found
    text = ref.module.source.segment(ref.receiver)
    call = f"{root}.nest.map_structure(lambda spec: spec.{part}, {text}.element_spec)"
    return (*added, editing.replace(ref.node, call))


@dataset_attribute.method(*_SPECS, foreign=True)
def _unknown_attribute(ref: Reference) -> Report | None:
    """`dataset.output_shapes` in TF 1 code; a class of TF 2 code may have such attributes."""
    name = last_name(ref.receiver)
    if ref.receiver is None or ref.call is not None or _sessions.may_be_v1(ref):
        return None
    if not ref.module.needs_tf1:
        return None
    if name not in ("dataset", "ds") and not name.endswith(("_dataset", "_ds")):
        return None
    spec = _spec(ref, ref.symbol.rpartition(".")[2], ref.receiver)
    return ref.report(spec, "was removed in TF 2")


@dataset_attribute.on(*(f"tf.data.get_{name}" for name in _SPECS))
def _function(ref: Reference) -> Report:
    args = ref.arguments()
    given = args.given.get("dataset_or_iterator") if args is not None else None
    return ref.report(_spec(ref, ref.symbol.rpartition(".")[2][len("get_") :], given))


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
