"""TF8: datasets: their iterators, attributes, methods and options."""

from __future__ import annotations

import ast
from dataclasses import replace

from tf2lint.check.advice import Advice, coded, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Edit, Example
from tf2lint.fixes import edits as editing
from tf2lint.rules._calls import last_name
from tf2lint.rules.data import family
from tf2lint.rules.graphs import _sessions

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
    code = coded([told], template, ref.arguments())
    return code.shorter(f"`.{part}` of each spec in `{text}.element_spec`")


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
