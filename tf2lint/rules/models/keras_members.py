"""TF7: methods and attributes that Keras no longer has."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, advised, delete
from tf2lint.check.arguments import Arguments
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import argument, plain
from tf2lint.rules._keras import gone_text, is_gone, keras_2_kept, last_release
from tf2lint.rules.models import family
from tf2lint.semantics.symbols import bases_of
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_3

_SOURCES = ["https://keras.io/guides/migrating_to_keras_3/"]
_MODEL = "tf.keras.Model"
_LAYER = "tf.keras.layers.Layer"
_METRIC = "tf.keras.metrics.Metric"
_CALLBACK = "tf.keras.callbacks.Callback"

# --- TF707 -----------------------------------------------------------------------------------

member = family.rule(
    "TF707",
    "keras-removed-method",
    "W",
    summary="a method or attribute that Keras models, layers, metrics or callbacks no longer have",
    page="""\
| was | is now | gone since |
|---|---|---|
| `fit_generator(g)`, `evaluate_generator(g)`, `predict_generator(g)` | `fit(g)`, `evaluate(g)`, `predict(g)` | 2.16 |
| `predict_classes(x)` | `predict(x).argmax(axis=-1)`; of one sigmoid output `predict(x) > 0.5` | 2.6 |
| `predict_proba(x)` | `predict(x)` | 2.6 |
| `model.reset_states()` | `reset_states()` of each stateful RNN layer | 2.16 |
| `to_yaml()` | `to_json()` | 2.3 |
| `metric.reset_states()` | `metric.reset_state()` | 2.16; new name since 2.5 |
| `layer.apply(x)` | `layer(x)` | 2.9 |
| `get_input_at(i)`, `get_output_at(i)` | `layer.input`, `layer.output` | 2.16 |
| `layer.input_shape`, `layer.output_shape` | `layer.input.shape`, `layer.output.shape` | 2.16 |
| `add_metric(...)` | metric objects as attributes, `update_state` in `call` | 2.16 |
| `add_update`, `updates`, `get_updates_for` | nothing: assign in `call` | 2.9, 2.16 |
| `layer.inbound_nodes` | `layer._inbound_nodes`, which is private | 2.16 |
| `layer.dynamic`, `stateful` | nothing | 2.16 |
| `x._keras_history.layer`, `node.inbound_layers`, `node.outbound_layer` | `.operation`, of each of `node.parent_nodes` | 2.16 |
| `x._keras_shape`, `x._uses_learning_phase`, `model.metrics_tensors` | `x.shape`; nothing; `model.metrics` | 2.0 |
| `layer._trainable_weights`, `model._feed_inputs`, `model._is_compiled` | `add_weight()`; `model.inputs`; `model.compiled` | 2.16 |
| `submodules`, `with_name_scope`, `name_scope` | nothing: Keras 3 layers are no `tf.Module` | 2.16 |
| `self.validation_data` of a callback | data handed to its constructor | 2.16 |

`max_queue_size`, `workers` and `use_multiprocessing` of the generator methods are arguments of
`tf.keras.utils.PyDataset` in Keras 3: make the generator one of these.

A rule is silent where the target still has the member. The names that nothing but Keras has,
`fit_generator`, `get_output_at` and their kin, are reported on objects of unknown making, too.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def train(batches):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    «model.fit_generator»(batches, steps_per_epoch=100, epochs=3)
""",
            good="""\
import tensorflow as tf

def train(batches):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(batches, steps_per_epoch=100, epochs=3)
""",
        ),
        Example(
            bad="""\
from tensorflow import keras

def classes(model: keras.Sequential, x):
    return «model.predict_classes»(x)
""",
            good="""\
from tensorflow import keras

def classes(model: keras.Sequential, x):
    return model.predict(x).argmax(axis=-1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Epoch:
    def __init__(self):
        self.loss = tf.keras.metrics.Mean()

    def start(self):
        «self.loss.reset_states»()
""",
            good="""\
import tensorflow as tf

class Epoch:
    def __init__(self):
        self.loss = tf.keras.metrics.Mean()

    def start(self):
        self.loss.reset_state()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def evaluate(model, batches):
    return «model.evaluate_generator»(batches, 10)
""",
            good="""\
import tensorflow as tf

def evaluate(model, batches):
    return model.evaluate(batches, steps=10)
""",
        ),
    ],
    sources=_SOURCES,
)

_SAME = "steps={steps}, callbacks={callbacks}, verbose={verbose})"
_GENERATORS = {
    "fit_generator": (
        "{self}.fit({generator}, steps_per_epoch={steps_per_epoch}, epochs={epochs},"
        " verbose={verbose}, callbacks={callbacks}, validation_data={validation_data},"
        " validation_steps={validation_steps}, validation_freq={validation_freq},"
        " class_weight={class_weight}, shuffle={shuffle}, initial_epoch={initial_epoch})"
    ),
    "evaluate_generator": f"{{self}}.evaluate({{generator}}, {_SAME}",
    "predict_generator": f"{{self}}.predict({{generator}}, {_SAME}",
    "predict_classes": (
        "{self}.predict({x}, batch_size={batch_size}, verbose={verbose}).argmax(axis=-1)"
    ),
    "predict_proba": "{self}.predict({x}, batch_size={batch_size}, verbose={verbose})",
}
_WORKERS = ("max_queue_size", "workers", "use_multiprocessing")


@member.on(*(f"{_MODEL}.{name}" for name in _GENERATORS))
def _generator(ref: Reference) -> Report | None:
    if not ref.is_method or not is_gone(ref):
        return None
    return ref.report(_with_arguments(ref), gone_text(ref))


@member.method("fit_generator", "evaluate_generator", "predict_generator", "predict_classes")
def _some_generator(ref: Reference) -> Report | None:
    last = last_release(f"tf.keras.Sequential.{ref.symbol.rpartition('.')[2]}")
    if ref.call is None or last is None or last >= ref.target or keras_2_kept(ref):
        return None
    if _takes_others(ref.call, ref.symbol.rpartition(".")[2]):
        return None  # the method of something else
    what = f"is no method of Keras models since TF {last[0]}.{last[1] + 1}"
    return ref.report(_with_arguments(ref), what, status="removed")


# What Keras 1 called them.
_OLD_KEYWORDS = frozenset({
    "max_q_size", "nb_epoch", "nb_val_samples", "nb_worker", "pickle_safe", "samples_per_epoch",
    "val_samples",
})  # fmt: skip


def _takes_others(call: ast.Call, name: str) -> bool:
    """Whether the call has keywords that no Keras had for the method `name`."""
    signature = api.signature(f"tf.keras.Sequential.{name}", "tf1", api.NEWEST)
    known = {*signature.names, *_OLD_KEYWORDS} if signature is not None else set()
    given = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    return bool(known) and not given <= known


def _with_arguments(ref: Reference) -> Advice | str:
    """The call of the method that took over."""
    name = ref.symbol.rpartition(".")[2]
    template = _GENERATORS[name]
    receiver = plain(ref, ref.receiver, "model")
    new = template[len("{self}") :].partition("(")[0]
    if ref.call is None:
        return f"{receiver}{new}"
    signature = api.signature(f"tf.keras.Sequential.{name}", "tf1", ref.target)
    args = Arguments(ref.call, signature)
    code = ref.code(template, arguments=args, settled=_WORKERS)
    if args.open or args.unknown or not code.is_call:
        return f"{receiver}{new}"
    if any(n in args.given for n in _WORKERS) and ref.keras >= KERAS_3:
        dataset = ref.say("tf.keras.utils.PyDataset", "PyDataset")
        return code.only().noting(f"Workers go to a `{dataset}`")
    return code.noting("One sigmoid is `> 0.5`") if name == "predict_classes" else code


# Name: first release without it (None: the tables know), what to write.
_TRACKED = "`add_weight()`, or an attribute that holds the variable: Keras tracks both"
_SINCE_2_15 = (2, 15)  # the oldest release that was asked and has it no more
_ALL: dict[str, tuple[api.Version | None, Advice | str]] = {
    "apply": (None, "{self}(inputs)"),
    "updates": (None, delete("it: layers update in their call")),
    "get_updates_for": (None, delete("it: layers update in their call")),
    "get_losses_for": (None, "{self}.losses"),
    "add_update": (None, delete("it: assign the variable in `call()`")),
    "add_metric": (KERAS_3, "a metric object as attribute, and its `update_state()`"),
    "inbound_nodes": (None, "{self}._inbound_nodes, which is private"),
    "outbound_nodes": (None, "{self}._outbound_nodes, which is private"),
    "output_shape": (KERAS_3, "{self}.output.shape"),
    "input_shape": (KERAS_3, "{self}.input.shape"),
    "get_input_at": (None, "{self}.input"),
    "get_output_at": (None, "{self}.output"),
    "get_input_shape_at": (None, "{self}.input.shape"),
    "get_output_shape_at": (None, "{self}.output.shape"),
    "get_input_mask_at": (None, delete("it: masks are handed to `call()`")),
    "get_output_mask_at": (None, delete("it: masks are handed to `call()`")),
    "input_mask": (None, delete("it: masks are handed to `call()`")),
    "output_mask": (None, delete("it: masks are handed to `call()`")),
    "dynamic": (None, delete("it, or `run_eagerly=True` in `compile()`")),
    "stateful": (None, delete("it: only RNN layers have it")),
    "submodules": (None, "`{self}.layers` of a model"),
    "name_scope": (None, delete("it: Keras names the variables")),
    "with_name_scope": (None, delete("it: Keras names the variables")),
    "compute_output_signature": (None, "{self}.compute_output_spec(inputs)"),
    "_trainable_weights": (KERAS_3, _TRACKED),
    "_non_trainable_weights": (KERAS_3, _TRACKED),
    "_compute_dtype": (KERAS_3, "{self}.compute_dtype"),
    "_handle_activity_regularization": (KERAS_3, delete("it: the call of the layer does it")),
}
_OF_MODELS: dict[str, tuple[api.Version | None, Advice | str]] = {
    "reset_states": (None, "`reset_states()` of each stateful RNN layer"),
    "to_yaml": (None, "{self}.to_json()"),
    "state_updates": (None, delete()),
    "metrics_tensors": ((2, 0), "`result()` of each of `{self}.metrics`"),
    "total_loss": ((2, 0), "what `train_step()` or `evaluate()` gives"),
    "_make_train_function": ((2, 2), "{self}.make_train_function()"),
    "_make_test_function": ((2, 2), "{self}.make_test_function()"),
    "_make_predict_function": ((2, 2), "{self}.make_predict_function()"),
    "input_names": (KERAS_3, "[tensor.name for tensor in {self}.inputs]"),
    "save_spec": (None, "{self}.inputs"),
    "uses_learning_phase": ((2, 0), delete()),
    "_set_inputs": (KERAS_3, "{self}.build(input_shape)"),
    "sample_weight_mode": (_SINCE_2_15, delete()),
    "_is_compiled": (KERAS_3, "{self}.compiled"),
    "_distribution_strategy": (KERAS_3, "{self}.distribute_strategy"),
    "_feed_inputs": (KERAS_3, "{self}.inputs"),
    "_feed_input_names": (KERAS_3, "[tensor.name for tensor in {self}.inputs]"),
    "_feed_input_shapes": (KERAS_3, "[tensor.shape for tensor in {self}.inputs]"),
    "_feed_output_names": (_SINCE_2_15, "{self}.output_names"),
    "_feed_targets": (_SINCE_2_15, "what `train_step()` is given"),
    "_feed_sample_weights": (_SINCE_2_15, "what `train_step()` is given"),
    "_collected_trainable_weights": (_SINCE_2_15, "{self}.trainable_weights"),
    "_standardize_user_data": (_SINCE_2_15, delete("it: `fit()` and its kin do it")),
    "loss_functions": (_SINCE_2_15, "what `compile()` was given"),
}

_DROPOUT = "`{self}.cell`, the same method of it"
_RECURRENT: dict[str, Advice | str] = {
    "get_dropout_mask_for_cell": "{self}.cell.get_dropout_mask(step_input)",
    "get_recurrent_dropout_mask_for_cell": "{self}.cell.get_recurrent_dropout_mask(step_input)",
    "implementation": delete(),
    "reset_dropout_mask": _DROPOUT,
    "reset_recurrent_dropout_mask": _DROPOUT,
}
# Members that only these classes had.
_OF_CLASSES: dict[str, Advice | str] = {
    f"{_MODEL}.autotune_steps_per_execution": '`steps_per_execution="auto"` of `compile()`',
    f"{_MODEL}.get_weight_paths": "{v.path: v for v in {self}.weights}",
    "tf.keras.callbacks.CallbackList.append": "a list of all that `CallbackList(...)` is given",
    f"{_LAYER}.finalize_state": delete(),
    **{f"tf.keras.layers.{kind}.{name}": told
       for kind in ("GRU", "LSTM") for name, told in _RECURRENT.items()},
    **{f"tf.keras.layers.{kind}Lookup.vocab_size": "{self}.vocabulary_size()"
       for kind in ("Integer", "String")},
    "tf.keras.mixed_precision.LossScaleOptimizer.loss_scale": "{self}.dynamic_scale",
    "tf.keras.mixed_precision.LossScaleOptimizer.dynamic_counter": "{self}.step_counter",
    "tf.keras.metrics.Metric.merge_state": "one metric, with `update_state()` for all",
    "tf.keras.mixed_precision.LossScaleOptimizer.dynamic": delete("it: it always is"),
}  # fmt: skip


@member.on(*_OF_CLASSES)
def _of_class(ref: Reference) -> Report | None:
    owner, _, name = ref.symbol.rpartition(".")
    named = (f"{cls}.{name}" for cls in (owner, *bases_of(owner)))
    return _gone_member(ref, None, next(_OF_CLASSES[n] for n in named if n in _OF_CLASSES))


@member.on(*(f"{_LAYER}.{name}" for name in _ALL))
def _of_layer(ref: Reference) -> Report | None:
    name = ref.symbol.rpartition(".")[2]
    above = bases_of(ref.symbol.rpartition(".")[0])
    if name == "stateful" and "tf.keras.layers.RNN" in (*above, ref.symbol.rpartition(".")[0]):
        return None
    is_model = _MODEL in above or ref.symbol.startswith(f"{_MODEL}.")
    if is_model and name in ("output_shape", "input_shape"):
        return None
    return _gone_member(ref, *_ALL[name])


@member.on(*(f"{_MODEL}.{name}" for name in _OF_MODELS))
def _of_model(ref: Reference) -> Report | None:
    return _gone_member(ref, *_OF_MODELS[ref.symbol.rpartition(".")[2]])


@member.on("tf.keras.Sequential.input", "tf.keras.Sequential.output")
def _end_of_sequential(ref: Reference) -> Report | None:
    """`.input`, which in Keras 3 only models have that were called on a symbolic tensor."""
    if not ref.is_method or ref.keras < KERAS_3 or ref.receiver is None:
        return None
    receiver = ref.text(ref.receiver)
    if receiver in ref.module.fact(_called_objects):
        return None
    name = ref.symbol.rpartition(".")[2]
    what = "raises in Keras 3 unless the model was called on a symbolic tensor"
    return ref.report(f"{receiver}.{name}s[0]", what, status="removed")


def _called_objects(module: Module) -> frozenset[str]:
    """What is called in the module, as written."""
    return frozenset(
        module.source.one_line(site.call.func)
        for site in module.inference.binder.sites
        if site.call is not None
    )


# Members of these names are of Keras, whatever the object is; which arguments they are called with.
_ENDS = ("get_input_at", "get_output_at", "get_input_shape_at", "get_output_shape_at",
         "get_input_mask_at", "get_output_mask_at")  # fmt: skip
_OF_LAYERS_ALONE = (
    *_ENDS,
    "_trainable_weights",
    "_non_trainable_weights",
    "_handle_activity_regularization",
)
_OF_MODELS_ALONE = ("metrics_tensors", "_make_train_function", "_make_test_function",
    "_make_predict_function", "_collected_trainable_weights", "_standardize_user_data",
    *(name for name in _OF_MODELS if name.startswith("_feed_")))  # fmt: skip


@member.method(*_OF_LAYERS_ALONE, *_OF_MODELS_ALONE, inner=True, word="keras")
def _unmistakable(ref: Reference) -> Report | None:
    """A member of an object of which nothing is known, by a name that Keras alone has."""
    assert isinstance(ref.node, ast.Attribute)
    name = ref.node.attr
    called = ref.call is not None and len(ref.call.args) + len(ref.call.keywords) == 1
    if keras_2_kept(ref) or name in ref.module.fact(_own_names) or (name in _ENDS and not called):
        return None
    since, told = _ALL[name] if name in _ALL else _OF_MODELS[name]
    return _gone_member(ref, since or KERAS_3, told)


# What symbolic tensors, and the nodes that made them, had.
_TENSORS: dict[str, tuple[api.Version, Advice | str]] = {
    "_keras_shape": ((2, 0), "{self}.shape"),
    "_uses_learning_phase": ((2, 0), delete()),
    "inbound_layers": (KERAS_3, "[node.operation for node in {self}.parent_nodes]"),
    "outbound_layer": (KERAS_3, "{self}.operation"),
    "iterate_inbound": (KERAS_3, "{self}.parent_nodes"),
}


@member.on(*(f"tf.Tensor.{name}" for name in _TENSORS))
@member.method(*_TENSORS, inner=True, word="keras")
def _of_tensor(ref: Reference) -> Report | None:
    assert isinstance(ref.node, ast.Attribute)
    if keras_2_kept(ref) or ref.node.attr in ref.module.fact(_own_names):
        return None
    return _gone_member(ref, *_TENSORS[ref.node.attr])


@member.method("_keras_history", inner=True, word="keras")
@member.on("tf.Tensor._keras_history")
def _history(ref: Reference) -> Report | None:
    """`x._keras_history.layer`, which is the `operation` in Keras 3."""
    up = ref.module.source.parent(ref.node)
    if not isinstance(up, ast.Attribute) or up.attr != "layer":
        return None
    if ref.keras < KERAS_3 or keras_2_kept(ref):
        return None
    operation = f"{ref.module.source.one_line(up.value)}.operation"
    return ref.report(operation, "is not in Keras 3", place=up, status="removed",
                      subject=ref.text(up))  # fmt: skip


def _own_names(module: Module) -> frozenset[str]:
    """Attributes that the module sets itself, and functions of such names."""
    inference = module.inference
    named = {name for scope in inference.binder.scope_of.values() for name in scope.timeline}
    return frozenset({target.attr for target, _ in inference.binder.stores} | named)


def _gone_member(ref: Reference, since: api.Version | None, told: Advice | str) -> Report | None:
    if not ref.is_method:
        return None
    if ref.symbol.startswith("tf.layers."):
        what = ""
    elif since is None:
        if not is_gone(ref):
            return None
        what = gone_text(ref)
    elif ref.keras < since:
        return None
    elif since == KERAS_3:
        what = "raises in Keras 3" if ref.symbol.endswith("add_metric") else "is not in Keras 3"
    else:
        what = "is not in TF 2" if since < _SINCE_2_15 else f"is not in TF {api.dotted(since)}"
    kind = "tensor" if ref.symbol.startswith("tf.Tensor.") else "layer"
    receiver = plain(ref, ref.receiver, kind)
    advice = advised(told).mapped(lambda text: text.replace("{self}", receiver))
    node = argument(ref, "node_index", 0)
    if getattr(ref.node, "attr", "") in _ENDS and not (
        isinstance(node, ast.Constant) and node.value == 0
    ):
        advice = advice.noting("It is that of the first call of the layer")
    if advice.text.endswith("(inputs)`"):
        inputs = plain(ref, argument(ref, "inputs", 0), "inputs")
        for keyword in ref.call.keywords if ref.call is not None else ():
            if keyword.arg in ("training", "mask"):
                inputs += f", {keyword.arg}={ref.text(keyword.value)}"
        advice = advice.mapped(lambda text: text.replace("(inputs)", f"({inputs})"))
    return ref.report(advice, what, status="" if what == "" else "removed")


@member.on(f"{_METRIC}.reset_states", f"{_METRIC}.reset_stats")
def _reset(ref: Reference) -> Report | None:
    if not ref.is_method:
        return None
    typo = ref.symbol.endswith("stats")
    if not typo and not is_gone(ref):
        return None
    new = "reset_state" if ref.keras >= (2, 5) else "reset_states"
    what = "never existed" if typo else gone_text(ref)
    return ref.report(f"{plain(ref, ref.receiver, 'metric')}.{new}()", what, status="removed")


@member.on(f"{_CALLBACK}.validation_data")
def _validation_data(ref: Reference) -> Report | None:
    if not ref.is_method or ref.keras < KERAS_3:
        return None
    return ref.report("data handed to the callback's `__init__()`", "is not in Keras 3",
                      status="removed")  # fmt: skip
