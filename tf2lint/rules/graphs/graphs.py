"""TF6: graphs that are built by hand, and what is asked of them."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, delete, nothing, write
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import Matched
from tf2lint.finding import Example
from tf2lint.rules.graphs import family
from tf2lint.semantics.values import LocalFunction

# --- TF604 -----------------------------------------------------------------------------------

explicit_graph = family.rule(
    "TF604",
    "explicit-graph",
    "W",
    summary="no graph is built by hand in TF 2: functions hold their own",
    page="""\
TF 2 executes operations at once, and `@tf.function` makes graphs by itself, one per signature.
Code that builds, resets, cuts and writes graphs loses its object:

| TF 1 | TF 2 |
|---|---|
| `with tf.Graph().as_default():` | the body alone, or a function with `@tf.function` |
| `tf.get_default_graph()` | nothing; to inspect a graph, `f.get_concrete_function(*args).graph` |
| `tf.reset_default_graph()` | delete it; `tf.keras.backend.clear_session()` between Keras models |
| `tf.GraphDef`, `tf.NodeDef`, `tf.MetaGraphDef`, `tf.AttrValue` | `tf.compat.v1.GraphDef` ... |
| a frozen graph from a `.pb` file | `tf.compat.v1.wrap_function`, see below |
| `tf.train.write_graph` | `tf.io.write_graph` with the graph of a concrete function |
| `tf.graph_util.convert_variables_to_constants` | `tf.saved_model.save`: nothing needs freezing |
| `tf.train.export_meta_graph`, `import_meta_graph` | `tf.saved_model.save`, `tf.saved_model.load` |

A frozen graph becomes a function:

```python
def imported():
    tf.compat.v1.import_graph_def(graph_def, name="")

wrapped = tf.compat.v1.wrap_function(imported, [])
predict = wrapped.prune("input:0", "output:0")
```

`tf.Graph` and `tf.import_graph_def` exist in TF 2. They are reported only in modules that are
TF 1 otherwise, too, for there they are part of what has to go.

**Silent:** in `with tf.Graph().as_default():` nothing is executed, as in TF 1, and a session is
needed to see a value. `tf.compat.v1.get_default_graph()` gives a graph that eager code never
adds to. `Graph.gradient_override_map` changes nothing in eager code: write a
`@tf.custom_gradient`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

«tf.reset_default_graph»()
""",
            good="""\
import tensorflow as tf

tf.keras.backend.clear_session()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

graph_def = «tf.GraphDef»()
""",
            good="""\
import tensorflow as tf

model = tf.saved_model.load("export")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def write(graph_def):
    «tf.train.write_graph»(graph_def, "logs", "graph.pbtxt")
""",
            good="""\
import tensorflow as tf

def write(graph_def):
    tf.io.write_graph(graph_def, "logs", "graph.pbtxt")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def operations():
    return «tf.get_default_graph»().get_operations()
""",
            good="""\
import tensorflow as tf

def operations(function, *args):
    return function.get_concrete_function(*args).graph.get_operations()
""",
        ),
    ],
    sources=[
        "https://www.tensorflow.org/guide/effective_tf2",
        "https://www.tensorflow.org/api_docs/python/tf/compat/v1/wrap_function",
    ],
)


@explicit_graph.on("tf.get_default_graph")
def _default_graph(ref: Reference) -> Report:
    what = "gives a graph that eager code never adds to" if ref.status == "compat" else ""
    use: Advice | str
    if _is_member_read(ref, "get_tensor_by_name", "get_operation_by_name"):
        use = "the value itself, returned by a function or a Keras model"
    elif _is_member_read(ref, "finalize"):
        use = delete("it: there is no graph to finalize")
    else:
        use = delete("it", "`f.get_concrete_function(*args).graph` is there to inspect")
    return ref.report(use, what)


def _is_member_read(ref: Reference, *names: str) -> bool:
    """Whether one of `names` is read right on the result of this call."""
    call, stmt = ref.call, ref.site.stmt
    if call is None:
        return False
    for node in ast.walk(stmt):
        if isinstance(node, ast.Attribute) and node.value is call:
            return node.attr in names
    return False


@explicit_graph.on("tf.reset_default_graph")
def _reset_graph(ref: Reference) -> Report:
    what = "resets a graph that eager code never adds to" if ref.status == "compat" else ""
    models = ref.say("`tf.keras.backend.clear_session()` frees Keras models")
    return ref.report(delete("it", models), what)


@explicit_graph.on("tf.Graph")
def _graph(ref: Reference) -> Report | None:
    if ref.call is None or ref.route == "v1" or ref.module.options.allow_compat_v1:
        return None
    if not ref.module.needs_tf1:
        return None
    use = delete("it and keep the body, `@tf.function` for speed")
    return ref.report(ref.advise(use), "is TF 1 style: a `tf.function` has its own", status="idiom")


_FROZEN = "`tf.compat.v1.wrap_function(f, []).prune(feeds, fetches)`"


@explicit_graph.on("tf.import_graph_def", "tf.graph_util.import_graph_def")
def _import_graph_def(ref: Reference) -> Report | None:
    if ref.status not in ("same", "exists"):
        return ref.report(ref.say("tf.import_graph_def", "tf.graph_util.import_graph_def"))
    if ref.route == "v1" or ref.module.options.allow_compat_v1:
        return None
    if ref.call is None or not ref.module.needs_tf1:
        return None
    return ref.report(ref.say(_FROZEN), "adds to no graph under eager execution", status="changed")


@explicit_graph.on("tf.GraphDef", "tf.NodeDef", "tf.MetaGraphDef", "tf.AttrValue")
def _proto(ref: Reference) -> Matched:
    if ref.status == "compat":
        return ref.report(nothing("it has no other public name"))
    call = ref.call
    new = f"tf.compat.v1.{ref.symbol[3:]}"
    if call is not None and not call.args and not call.keywords:
        return ref.report(ref.code(f"{new}()"))
    return ref.report(ref.say(new))


@explicit_graph.on("tf.wrap_function")
def _wrap_function(ref: Reference) -> Matched:
    if ref.status != "compat":
        return None
    return ref.report(write("keep it for a frozen graph, else use a `tf.function`"))


@explicit_graph.on("tf.train.write_graph")
def _write_graph(ref: Reference) -> Report:
    return ref.report(ref.code(
        "tf.io.write_graph({graph_or_graph_def}, {logdir}, {name}, as_text={as_text})"
    ))  # fmt: skip


_SAVED = "`tf.saved_model.save(obj, export_dir)` and no meta graph"
_LOADED = "`tf.saved_model.load(export_dir)`, of a model that was saved anew as SavedModel"
_INSTEAD: dict[str, Advice | str] = {
    "tf.train.export_meta_graph": _SAVED,
    "tf.train.import_meta_graph": _LOADED,
    "tf.graph_util.convert_variables_to_constants":
        "`tf.saved_model.save(model, path)`, unfrozen",
    "tf.graph_util.extract_sub_graph": "tf.compat.v1.wrap_function(f, []).prune(feeds, fetches)",
    "tf.graph_util.remove_training_nodes":
        delete("it: a `tf.function` traced for inference has no training nodes"),
    "tf.graph_util.must_run_on_cpu": delete("it: soft placement is the default"),
    "tf.graph_util.tensor_shape_from_node_def_name": "`tensor.shape` of the value itself",
    "tf.container": delete("it: containers belong to sessions"),
}  # fmt: skip


@explicit_graph.on(*_INSTEAD)
def _instead(ref: Reference) -> Report:
    return ref.report(ref.advise(_INSTEAD[ref.symbol]))


@explicit_graph.on("tf.Graph.gradient_override_map")
def _override(ref: Reference) -> Report:
    what = "changes nothing in eager code"
    return ref.report(ref.say("a function with `@tf.custom_gradient`"), what, status="changed")


# --- TF610 -----------------------------------------------------------------------------------

inspection = family.rule(
    "TF610",
    "graph-inspection",
    "R",
    default=False,
    summary="tensors know no op, graph, name or consumers under eager execution",
    page="""\
In a graph every tensor comes from an op, and both have names. Eager tensors are values:
`tensor.op`, `tensor.graph`, `tensor.name` and `tensor.consumers()` raise. Look at
`f.get_concrete_function(*args).graph` where a graph has to be inspected; keep labels of your own,
`{"loss": loss}`, where names served as labels; return the value where it was fetched by name.

The rule is off by default, since the same code is right inside a `tf.function`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

loss = tf.reduce_sum([1.0, 2.0])
print(«loss.op»)
""",
            good="""\
import tensorflow as tf

loss = tf.reduce_sum([1.0, 2.0])
print("loss", loss)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def tensor(graph: tf.Graph, name):
    return «graph.get_tensor_by_name»(name)
""",
            good="""\
import tensorflow as tf

def outputs(model, names):
    return tf.keras.Model(model.inputs, [model.get_layer(name).output for name in names])
""",
        ),
    ],
)

_TENSOR = {
    "op": "the code that made it: eager tensors have no op",
    "graph": "`f.get_concrete_function(*args).graph`, if any",
    "name": "a label of your own, `{label: tensor}`",
    "consumers": "`f.get_concrete_function(*args).graph`, if any",
}
_GRAPH: dict[str, Advice | str] = {
    "get_tensor_by_name": "the value itself, returned by the function",
    "get_operation_by_name": "the value itself, returned by the function",
    "get_operations": "f.get_concrete_function(*args).graph.get_operations()",
    "as_graph_def": "f.get_concrete_function(*args).graph.as_graph_def()",
    "as_graph_element": "the value itself, returned by the function",
    "finalize": delete("it: there is no graph to finalize"),
}


@inspection.on(*(f"tf.Tensor.{name}" for name in _TENSOR))
def _tensor_member(ref: Reference) -> Report | None:
    if not ref.is_method:
        return None
    use = _TENSOR[ref.symbol.rpartition(".")[2]]
    return ref.report(use, "raises under eager execution", status="changed")


# What is read of an op, and of nothing else by that way.
_OF_OPS = frozenset({"control_inputs", "get_attr", "inputs", "name", "node_def", "op_def",
                     "outputs", "type"})  # fmt: skip


@inspection.method("op", "consumers", inner=True)
def _unknown_member(ref: Reference) -> Report | None:
    """`x.op.inputs` and `x.consumers()` where nothing is known of `x`."""
    assert isinstance(ref.node, ast.Attribute)
    name, call = ref.node.attr, ref.call
    if name == "consumers":
        if call is None or call.args or call.keywords:
            return None
    else:
        up = ref.module.source.parent(ref.node)
        if not isinstance(up, ast.Attribute) or up.attr not in _OF_OPS:
            return None
    return ref.report(_TENSOR[name], "raises under eager execution", status="changed")


@inspection.on(*(f"tf.Graph.{name}" for name in _GRAPH))
def _graph_member(ref: Reference) -> Report | None:
    if not ref.is_method:
        return None
    use = _GRAPH[ref.symbol.rpartition(".")[2]]
    return ref.report(use, "works on explicit graphs only", status="idiom")


# --- TF611 -----------------------------------------------------------------------------------

device_function = family.rule(
    "TF611",
    "device-function",
    "W",
    summary="tf.device takes no function under eager execution",
    page="""\
`tf.device(function)` asked the function for every op where to put it. Under eager execution it
raises `RuntimeError: tf.device does not support functions`. Name the device,
`tf.device("/GPU:0")`, or leave placement to a `tf.distribute` strategy; the device functions of
parameter servers are `tf.distribute.ParameterServerStrategy` now (see TF406).""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def placed(x):
    with tf.device(«lambda op: "/GPU:0"»):
        return x * 2
""",
            good="""\
import tensorflow as tf

def placed(x):
    with tf.device("/GPU:0"):
        return x * 2
""",
        ),
    ],
)


@device_function.argument("tf.device")
def _device(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.route == "v1":
        return None
    given = [k.value for k in call.keywords if k.arg in ("device_name", "device_name_or_function")]
    given += call.args[:1]
    if len(given) != 1 or not _is_function(ref, given[0]):
        return None
    return ref.report('the name of a device, `"/GPU:0"`, or a strategy',
                      "raises under eager execution", place=given[0], status="changed",
                      subject="a function for `tf.device`")  # fmt: skip


def _is_function(ref: Reference, expr: ast.expr) -> bool:
    if isinstance(expr, ast.Lambda):
        return True
    values = ref.values(expr)
    return bool(values) and all(isinstance(v, LocalFunction) for v in values)
