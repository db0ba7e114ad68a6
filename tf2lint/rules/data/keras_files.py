"""TF8: the files that Keras writes models and weights to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.advice import delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.data import family
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.api import KERAS_3
from tf2lint.tensorflow.groups import MODELS

keras_file = family.rule(
    "TF812",
    "keras-file-format",
    "W",
    summary="Keras 3 goes by the extension: .keras for models, .weights.h5 for weights",
    page="""\
Keras 3 (TensorFlow 2.16 and later) takes the format of a file from its name, and raises
`ValueError` where the name does not say it:

| call | Keras 3 |
|---|---|
| `model.save("dir")` | `model.save("model.keras")`, or `model.export("dir")` for a SavedModel |
| `model.save_weights("ckpt")` | `model.save_weights("ckpt.weights.h5")` |
| `model.load_weights("ckpt")` of a TF checkpoint | `tf.train.Checkpoint(model=model).restore("ckpt")` |
| `tf.keras.models.load_model("dir")` | `tf.saved_model.load("dir")`, or `tf.keras.layers.TFSMLayer("dir", call_endpoint="serving_default")` |
| `ModelCheckpoint("dir")` | `ModelCheckpoint("model.keras")`; `.weights.h5` with `save_weights_only=True` |
| `ModelCheckpoint(period=5)` | `save_freq=` in batches, or `"epoch"` |
| `ModelCheckpoint(load_weights_on_restart=True)` | `tf.keras.callbacks.BackupAndRestore(backup_dir)` |

`save_format=` raises `ValueError`, too, where the path ends otherwise. **Silent:** with a path that
ends in `.keras` or `.h5` it is ignored, the extension alone decides.

Only paths whose end can be read in the code are looked at. With Keras 2 (targets before 2.16,
`tf2-keras = 2`, or code that sets `TF_USE_LEGACY_KERAS`) the rule says nothing.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.save_weights(«"weights.h5"»)
""",
            good="""\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.save_weights("model.weights.h5")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

callback = tf.keras.callbacks.ModelCheckpoint("model.keras", «period=5»)
""",
            good="""\
import tensorflow as tf

callback = tf.keras.callbacks.ModelCheckpoint("model.keras", save_freq="epoch")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

model = tf.keras.models.load_model(«"export"»)
""",
            good="""\
import tensorflow as tf

model = tf.saved_model.load("export")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.save("model.keras", «save_format="keras"»)
""",
            good="""\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.save("model.keras")
""",
        ),
    ],
    sources=["https://keras.io/guides/migrating_to_keras_3/"],
)

_MODEL = (".keras", ".h5", ".hdf5")
_LOADED = (*_MODEL, ".weights.json")


def _ending(expr: ast.expr | None) -> str | None:
    """How the path that `expr` gives ends; None where the code does not say it."""
    holes: tuple[str, ...] = ()
    while True:
        if isinstance(expr, ast.Constant):
            text = expr.value
            return text if isinstance(text, str) and not text.endswith(holes) else None
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
            expr = expr.right
        elif isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Mod):
            expr, holes = expr.left, ("%s", "%r")
        elif isinstance(expr, ast.JoinedStr) and expr.values:
            expr = expr.values[-1]
        elif isinstance(expr, ast.Call) and _is_method(expr, "join") and expr.args:
            expr = expr.args[-1]
        elif isinstance(expr, ast.Call) and _is_method(expr, "format"):
            assert isinstance(expr.func, ast.Attribute)
            expr, holes = expr.func.value, ("}",)
        else:
            return None


def _is_method(call: ast.Call, name: str) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == name


def _path(ref: Reference, *names: str) -> ast.expr | None:
    args = ref.arguments()
    if args is None or args.open:
        return None
    for name in names:
        if name in args.given:
            return args.given[name]
    call = ref.call
    return call.args[0] if call is not None and call.args and not ref.certain else None


def _wrong(path: ast.expr | None, *endings: str) -> str | None:
    """The end of `path` where it is none of `endings`."""
    end = _ending(path)
    return end if end and not end.endswith(endings) else None


def _is_checkpoint(ref: Reference, path: ast.expr) -> bool:
    """Whether this is what `tf.train.latest_checkpoint` gives, which never is a file of Keras."""
    scope, seq = ref.site.scope, ref.site.seq
    if isinstance(path, ast.Name):
        bindings, _ = ref.module.inference.bindings(path.id, scope, seq)
        if len(bindings) != 1 or bindings[0].expr is None or bindings[0].index:
            return False
        path, scope, seq = bindings[0].expr, bindings[0].scope, bindings[0].seq
    if not isinstance(path, ast.Call):
        return False
    values = ref.module.inference.values(path.func, scope, seq)
    return any(
        isinstance(value, Symbol) and paths.symbol(value.path) == "tf.train.latest_checkpoint"
        for value in values
    )


def _said(ref: Reference, path: ast.expr, instead: str) -> Report:
    what = "names no format of Keras 3: `ValueError`"
    return ref.report(instead, what, place=path, status="changed", subject=ref.text(path))


@keras_file.method("save_weights")
@keras_file.on(*(f"{cls}.save_weights" for cls in MODELS), beside=True)
def _save_weights(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3 or ref.call is None:
        return None
    path = _path(ref, "filepath")
    end = _wrong(path, ".weights.h5")
    if path is None or end is None:
        return None
    return _said(ref, path, "a name that ends in `.weights.h5`")


@keras_file.method("load_weights")
@keras_file.on(*(f"{cls}.load_weights" for cls in MODELS), beside=True)
def _load_weights(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3 or ref.call is None:
        return None
    path = _path(ref, "filepath")
    if path is None or (_wrong(path, *_LOADED) is None and not _is_checkpoint(ref, path)):
        return None
    use = "`tf.train.Checkpoint(model=model).restore(path)`, or a file that ends in `.weights.h5`"
    return _said(ref, path, ref.say(use))


@keras_file.on(*(f"{cls}.save" for cls in MODELS), "tf.keras.models.save_model", beside=True)
def _save(ref: Reference) -> Iterator[Report]:
    if ref.keras < KERAS_3 or ref.call is None:
        return
    path = _path(ref, "filepath")
    if path is not None and _wrong(path, *_MODEL) is not None:
        yield _said(ref, path, '`model.save("name.keras")`, or `model.export(dir)`')
        return
    for keyword in ref.call.keywords:
        if keyword.arg != "save_format":
            continue
        advice, what = delete("it: the file's extension tells the format"), "is ignored by Keras 3"
        if _ending(path) is None:
            advice = use('`model.save("name.keras")`, or `model.export(dir)`')
            what = "raises `ValueError` unless the path ends in `.keras` or `.h5`"
        yield ref.report(advice, what, place=keyword, status="changed", subject="save_format=")


@keras_file.on("tf.keras.models.load_model", beside=True)
def _load_model(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3 or ref.call is None:
        return None
    path = _path(ref, "filepath")
    if path is None or _wrong(path, *_MODEL) is None:
        return None
    return _said(ref, path, ref.say("`tf.saved_model.load(dir)`, or `tf.keras.layers.TFSMLayer`"))


_GONE = {
    "period": '`save_freq="epoch"`, or a number of batches',
    "load_weights_on_restart": "tf.keras.callbacks.BackupAndRestore(backup_dir)",
}


@keras_file.on("tf.keras.callbacks.ModelCheckpoint", beside=True)
def _checkpoint(ref: Reference) -> Iterator[Report]:
    args = ref.arguments()
    if ref.keras < KERAS_3 or ref.call is None or args is None:
        return
    weights = args.literal("save_weights_only")
    path = _path(ref, "filepath")
    if path is not None and ("save_weights_only" not in args.given or isinstance(weights, bool)):
        if weights is True and _wrong(path, ".weights.h5") is not None:
            yield _said(ref, path, "a name that ends in `.weights.h5`")
        elif weights is not True and _wrong(path, ".keras", ".h5") is not None:
            yield _said(ref, path, "a name that ends in `.keras`")
    for keyword in ref.call.keywords:
        if keyword.arg in _GONE:
            use, what = ref.say(_GONE[keyword.arg]), "raises `TypeError` in Keras 3"
            yield ref.report(use, what, place=keyword, status="removed",
                             subject=f"{keyword.arg}=")  # fmt: skip
