"""TF7: what Keras calls otherwise: keys of history and logs, names of metrics."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.advice import write
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Edit, Example
from tf2lint.fixes.edits import replace
from tf2lint.rules._calls import last_name, plain
from tf2lint.rules.models import family
from tf2lint.rules.models._metric_names import logs_accuracy, model_of_history
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.api import KERAS_3

_SOURCES = ["https://keras.io/guides/migrating_to_keras_3/"]
_MODEL = "tf.keras.Model"
_LAYER = "tf.keras.layers.Layer"
_CALLBACK = "tf.keras.callbacks.Callback"

# --- TF711 -----------------------------------------------------------------------------------

changed = family.rule(
    "TF711",
    "keras-changed-behavior",
    "W",
    summary="a member of Keras objects that is still there and gives something else",
    page="""\
* `history.history["acc"]`: TF 1's Keras shortened `metrics=["accuracy"]` to `acc` in the history
  and in logs. In TF 2 the key is the string that was passed: `"accuracy"`, `"val_accuracy"`. The
  old key is a `KeyError`, and a callback with `monitor="val_acc"` does nothing but warn. Both are
  reported where the `compile` of the model is in sight, with `"accuracy"` and with nothing that
  could be named `acc`.
* `history.history["lr"]` and `logs["lr"]`: what `LearningRateScheduler` and `ReduceLROnPlateau`
  log is `"learning_rate"` in Keras 3. Reported where one of them is in sight.
* `model.metrics_names` of Keras 3 gives `["loss", "compile_metrics"]` whatever was compiled. Ask
  for values by name, with `evaluate(..., return_dict=True)` or `get_metrics_result()`.
* `model.add_loss(tensor)` with a symbolic tensor, outside of a `call`, raises in Keras 3. Add the
  loss in the `call` of a layer, or override `compute_loss`.
* `self.params` of a callback holds `verbose`, `epochs` and `steps`; `samples`, `metrics` and
  `batch_size` are a `KeyError` since TF 2.2.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def curve(x, y):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["accuracy"])
    return model.fit(x, y).history[«"acc"»]
""",
            good="""\
import tensorflow as tf

def curve(x, y):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["accuracy"])
    return model.fit(x, y).history["accuracy"]
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def report(model: tf.keras.Model, x, y):
    return dict(zip(«model.metrics_names», model.evaluate(x, y)))
""",
            good="""\
import tensorflow as tf

def report(model: tf.keras.Model, x, y):
    return model.evaluate(x, y, return_dict=True)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Count(tf.keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        print(self.params[«"samples"»])
""",
            good="""\
import tensorflow as tf

class Count(tf.keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        print(self.params["steps"])
""",
        ),
    ],
    sources=_SOURCES,
)

_KEYS = {"acc": "accuracy", "val_acc": "val_accuracy"}


@changed.on("tf.keras.callbacks.History.history")
@changed.method("history")
def _history(ref: Reference) -> Report | None:
    found = _key(ref)
    if found is not None and found.value == "lr" and _in_logs(ref, found):
        quote = ref.text(found)[-1]
        return ref.report(
            f'`"{_RATE}"`', "has the learning rate under its whole name", place=found,
            status="changed", edits=[replace(found, f"{quote}{_RATE}{quote}")],
            subject=f"{ref.spelling}[{ref.text(found)}]",
        )  # fmt: skip
    if found is None or found.value not in _KEYS or ref.receiver is None:
        return None
    model = model_of_history(ref.module, ref.receiver, ref.site.scope, ref.site.seq)
    if not logs_accuracy(ref.module, model):
        return None
    new, edit = _spelled_out(ref, found)
    return ref.report(
        f"`{new}`", "has the metric by the name that was passed to `compile()`", place=found,
        status="changed", edits=[edit], subject=f"{ref.spelling}[{ref.text(found)}]",
    )  # fmt: skip


# The key under which these callbacks of Keras 2 logged the learning rate.
_RATES = frozenset({
    "tf.keras.callbacks.LearningRateScheduler", "tf.keras.callbacks.ReduceLROnPlateau",
})  # fmt: skip
_RATE = "learning_rate"


def _logs_rate(module: Module) -> bool:
    """Whether a callback logs the learning rate in sight, and nobody else does it as `lr`."""
    tree = module.source.tree
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if isinstance(node.slice, ast.Constant) and node.slice.value == "lr":
                return False
    return any(paths.symbol(use.path) in _RATES for use in module.uses)


def _in_logs(ref: Reference, key: ast.expr | None) -> str:
    """How Keras 3 calls what logs had under `key`; nothing where that is not sure."""
    value = key.value if isinstance(key, ast.Constant) else None
    if value == "lr" and ref.keras >= KERAS_3 and ref.module.fact(_logs_rate):
        return _RATE
    if value in _KEYS and logs_accuracy(ref.module, ""):
        return _KEYS[str(value)]
    return ""


@changed.on(_CALLBACK, beside=True)
def _logs(ref: Reference) -> Iterator[Report]:
    """Keys of `logs` in the methods of a class of callbacks."""
    parent = ref.module.source.parent(ref.node)
    if ref.site.use != "base" or not isinstance(parent, ast.ClassDef):
        return
    for method in parent.body:
        if not isinstance(method, ast.FunctionDef) or not method.name.startswith("on_"):
            continue
        names = {arg.arg for arg in method.args.args if arg.arg == "logs"}
        for node in ast.walk(method):
            if not isinstance(node, ast.Name) or node.id not in names:
                continue
            key = indexed_with(ref.module, node)
            if new := _in_logs(ref, key):
                assert key is not None
                quote = ref.text(key)[-1]
                yield ref.report(
                    f'`"{new}"`', "is not among the logs of TF 2", place=key, status="changed",
                    edits=[replace(key, f"{quote}{new}{quote}")],
                    subject=f"logs[{ref.text(key)}]",
                )  # fmt: skip


_WATCHERS = ("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau")


@changed.argument(*(f"tf.keras.callbacks.{name}" for name in _WATCHERS))
def _monitor(ref: Reference) -> Report | None:
    args = ref.arguments()
    found = args.given.get("monitor") if args is not None else None
    if not isinstance(found, ast.Constant) or found.value not in _KEYS:
        return None
    if not logs_accuracy(ref.module, ""):
        return None
    new, edit = _spelled_out(ref, found)
    return ref.report(
        f"monitor={new}", "finds no metric of this name", place=found, status="changed",
        edits=[edit], subject=f"monitor={ref.text(found)}",
    )  # fmt: skip


def _spelled_out(ref: Reference, key: ast.Constant) -> tuple[str, Edit]:
    """The name of TF 2, in quotes, and the edit that writes it."""
    quote = ref.text(key)[-1]
    new = _KEYS[str(key.value)]
    return f'"{new}"', replace(key, f"{quote}{new}{quote}")


def _key(ref: Reference) -> ast.Constant | None:
    """The constant that what the reference names is indexed with."""
    return indexed_with(ref.module, ref.node) if isinstance(ref.node, ast.expr) else None


def indexed_with(module: Module, node: ast.expr) -> ast.Constant | None:
    """The constant that `node` is indexed with, by brackets or `get`."""
    up = module.source.parent(node)
    if isinstance(up, ast.Subscript) and up.value is node:
        return up.slice if isinstance(up.slice, ast.Constant) else None
    if isinstance(up, ast.Attribute) and up.attr == "get":
        call = module.source.parent(up)
        if isinstance(call, ast.Call) and call.func is up and call.args:
            return call.args[0] if isinstance(call.args[0], ast.Constant) else None
    return None


@changed.on(f"{_CALLBACK}.params")
def _params(ref: Reference) -> Report | None:
    found = _key(ref)
    if found is None or found.value not in ("samples", "metrics", "batch_size", "do_validation"):
        return None
    if ref.target < (2, 2):
        return None
    return ref.report(
        write('only `"verbose"`, `"epochs"` and `"steps"` are left'),
        "is not among a callback's params", place=found, status="changed",
        subject=f"{ref.spelling}[{ref.text(found)}]",
    )  # fmt: skip


@changed.on(f"{_MODEL}.metrics_names")
def _metrics_names(ref: Reference) -> Report | None:
    if not ref.is_method or ref.keras < KERAS_3:
        return None
    model = plain(ref, ref.receiver, "model")
    use = f"the keys of `{model}.evaluate(..., return_dict=True)`"
    what = 'is `["loss", "compile_metrics"]` in Keras 3'
    return ref.report(use, what, status="changed")


@changed.on(f"{_LAYER}.add_loss")
def _add_loss(ref: Reference) -> Report | None:
    if not ref.is_method or ref.keras < KERAS_3 or ref.call is None or ref.receiver is None:
        return None
    if last_name(ref.receiver) == "self" or not ref.is_instance(ref.receiver, _LAYER):
        return None
    use = "`add_loss()` in the `call()` of a layer, or `compute_loss()` of a model"
    return ref.report(use, "takes no symbolic tensor in Keras 3", status="changed")
