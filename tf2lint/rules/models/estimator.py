"""TF7: estimators."""

from __future__ import annotations

from tf2lint.check.advice import use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import shuffles_if
from tf2lint.rules.models import family

# --- TF705 -----------------------------------------------------------------------------------

estimator = family.rule(
    "TF705",
    "estimator",
    "W",
    summary="tf.estimator was removed in TF 2.16, through compat.v1, too",
    page="""\
TensorFlow 2.16 dropped `tf.estimator` and `tf.compat.v1.estimator`, and the package
`tensorflow-estimator` cannot be imported with it. Up to TF 2.15 estimators work; with a target
of that range only what TF 2 never had is reported: `tf.estimator.inputs`, `tf.estimator.tpu` and
a few names of `tf.estimator.experimental`.

What takes the place is `tf.keras.Model`:

| estimator | Keras |
|---|---|
| `model_fn` | layers in `__init__`, the forward pass in `call` |
| `EstimatorSpec(loss=, train_op=, eval_metric_ops=)` | `compile(loss=, optimizer=, metrics=)` |
| `mode == ModeKeys.TRAIN` | the `training` argument of `call` |
| `input_fn` | a `tf.data.Dataset`, handed to `fit` |
| `train`, `evaluate`, `predict` | `fit`, `evaluate`, `predict` |
| `train_and_evaluate`, `TrainSpec`, `EvalSpec` | `fit(steps_per_epoch=, validation_data=)` |
| `RunConfig` | `ModelCheckpoint`, `TensorBoard` callbacks; a strategy's `scope()` |
| exporters, serving input receivers | `model.export(directory)`, or `ExportArchive` |
| DNN and linear estimators | a `Sequential` of `Dense` layers; wide and deep: two branches |
| boosted trees | the `ydf` package |
| `TPUEstimator` | `tf.distribute.TPUStrategy`; `compile(steps_per_execution=)` |

A separate evaluation job is a loop over `tf.train.checkpoints_iterator(directory)` that restores
and evaluates.

**Silent:** the losses of canned estimators were summed over the batch in TF 1 (`loss_reduction`),
Keras averages, so learning rates do not carry over. Checkpoints of an estimator name variables by
scope: restore them into Keras weights one by one, with `tf.train.load_variable`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def train(model_fn, directory):
    return «tf.estimator.Estimator»(model_fn, directory)
""",
            good="""\
import tensorflow as tf

def train(dataset, directory):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.fit(dataset, callbacks=[tf.keras.callbacks.TensorBoard(directory)])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def dataset(x, y):
    return «tf.estimator.inputs.numpy_input_fn»(x, y, batch_size=32, num_epochs=None, shuffle=True)
""",
            good="""\
import tensorflow as tf

def dataset(x, y):
    return tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1000).repeat().batch(32)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

config = «tf.compat.v1.estimator.tpu.RunConfig»()
""",
            good="""\
import tensorflow as tf

callbacks = [tf.keras.callbacks.ModelCheckpoint("model.keras")]
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/migrating_estimator"],
)

_MODEL = "`tf.keras.Model` with `compile()` and `fit()`"
_DEEP = "`tf.keras.Sequential` of `tf.keras.layers.Dense` layers"
_LINEAR = "`tf.keras.Sequential` with one `tf.keras.layers.Dense`"
_WIDE = "`tf.keras.Model` that adds a wide Dense and a deep branch"
_TREES = "`GradientBoostedTreesLearner` of the ydf package"
_EXPORT = "model.export(directory)"
_SERVING = "a `tf.function` with an `input_signature`, exported by `model.export()`"
_DICT = "a dictionary returned by the serving function"
_FIT = "model.fit(dataset, steps_per_epoch=..., validation_data=...)"
_BINARY = "tf.keras.losses.BinaryCrossentropy(from_logits=True)"
_MULTI = "tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
_SPEC = "a dictionary of `tf.io.FixedLenFeature` and `tf.io.VarLenFeature`"
_TPU = "`tf.distribute.TPUStrategy` with `model.fit()`"
_STOP = "tf.keras.callbacks.EarlyStopping"

_E = "tf.estimator."
_INSTEAD: dict[str, tuple[str, ...]] = {
    "Estimator": (_MODEL,),
    "EstimatorSpec": ("`model.compile(optimizer, loss, metrics)`, or `train_step()`",),
    "ModeKeys": ("the training argument of `call()`",),
    "ModeKeys.TRAIN": ("`training=True` in the call of the model",),
    "ModeKeys.EVAL": ("`training=False` in the call of the model",),
    "ModeKeys.PREDICT": ("`training=False` in the call of the model",),
    "RunConfig": (
        "`tf.keras.callbacks.ModelCheckpoint` and TensorBoard, and `scope()` of a strategy",
    ),
    "TrainSpec": ("arguments of `model.fit(dataset, steps_per_epoch=..., epochs=...)`",),
    "EvalSpec": ("model.fit(..., validation_data=..., validation_steps=...)",),
    "train_and_evaluate": (_FIT,),
    "DNNClassifier": (_DEEP,),
    "DNNRegressor": (_DEEP,),
    "DNNEstimator": (_DEEP,),
    "LinearClassifier": (_LINEAR,),
    "LinearRegressor": (_LINEAR,),
    "LinearEstimator": (_LINEAR,),
    "DNNLinearCombinedClassifier": (_WIDE,),
    "DNNLinearCombinedRegressor": (_WIDE,),
    "DNNLinearCombinedEstimator": (_WIDE,),
    "BoostedTreesClassifier": (_TREES,),
    "BoostedTreesRegressor": (_TREES,),
    "BoostedTreesEstimator": (_TREES,),
    "BaselineClassifier": ("the class frequencies, by NumPy",),
    "BaselineRegressor": ("the mean, by NumPy",),
    "BaselineEstimator": ("the mean, by NumPy",),
    "WarmStartSettings": (
        "`tf.train.Checkpoint(model=model).restore(path)`, or `tf.train.load_variable`",
    ),
    "VocabInfo": ("rows of the embedding copied by hand",),
    "Exporter": (f"`{_EXPORT}` after training",),
    "LatestExporter": (f"`{_EXPORT}` after training",),
    "FinalExporter": (f"`{_EXPORT}` after training",),
    "BestExporter": (
        "`tf.keras.callbacks.ModelCheckpoint(filepath, save_best_only=True)`, then export",
    ),
    "Head": ("the loss and the metrics of `model.compile()`",),
    "BinaryClassHead": (_BINARY,),
    "LogisticRegressionHead": (_BINARY,),
    "MultiLabelHead": (_BINARY,),
    "MultiClassHead": (_MULTI,),
    "MultiHead": ("one loss for each output in `model.compile()`",),
    "RegressionHead": ("tf.keras.losses.MeanSquaredError()",),
    "PoissonRegressionHead": ("tf.keras.losses.Poisson()",),
    "add_metrics": ("model.compile(metrics=[...])",),
    "classifier_parse_example_spec": (_SPEC,),
    "regressor_parse_example_spec": (_SPEC,),
    "export": (_EXPORT,),
    "export.ServingInputReceiver": (_SERVING,),
    "export.TensorServingInputReceiver": (_SERVING,),
    "export.build_raw_serving_input_receiver_fn": (_EXPORT,),
    "export.build_parsing_serving_input_receiver_fn": (
        "a `tf.function` that calls `tf.io.parse_example`, exported by `model.export()`",
    ),
    "export.PredictOutput": (_DICT,),
    "export.ClassificationOutput": (_DICT,),
    "export.RegressionOutput": (_DICT,),
    "export.EvalOutput": (_DICT,),
    "export.ExportOutput": (_DICT,),
    "experimental.InMemoryEvaluatorHook": ("model.fit(validation_data=..., validation_freq=...)",),
    "experimental.LinearSDCA": ("another optimizer: SDCA has only raw ops",),
    "experimental.KMeans": ("KMeans of scikit-learn",),
    "experimental.RNNClassifier": ("`tf.keras.Sequential` with `tf.keras.layers.LSTM`",),
    "experimental.RNNEstimator": ("`tf.keras.Sequential` with `tf.keras.layers.LSTM`",),
    "experimental.build_raw_supervised_input_receiver_fn": (_EXPORT,),
    "experimental.make_early_stopping_hook": (_STOP,),
    "experimental.stop_if_higher_hook": (_STOP,),
    "experimental.stop_if_lower_hook": (_STOP,),
    "experimental.stop_if_no_decrease_hook": (_STOP,),
    "experimental.stop_if_no_increase_hook": (_STOP,),
    "experimental.dnn_logit_fn_builder": (_DEEP,),
    "experimental.linear_logit_fn_builder": (_LINEAR,),
    "experimental.call_logit_fn": ("the call of a Keras model",),
    "inputs": ("tf.data.Dataset.from_tensor_slices((x, y))",),
    "tpu": (_TPU,),
    "tpu.TPUEstimator": (_TPU,),
    "tpu.TPUEstimatorSpec": ("`model.compile(optimizer, loss, metrics)` under a TPUStrategy",),
    "tpu.TPUConfig": ("`model.compile(steps_per_execution=...)` for `iterations_per_loop`",),
    "tpu.RunConfig": (_TPU,),
    "tpu.InputPipelineConfig": ("tf.distribute.InputOptions", _TPU),
    "tpu.experimental.EmbeddingConfigSpec": (
        "tf.tpu.experimental.embedding.FeatureConfig and TableConfig",
        _TPU,
    ),
}


def _gone(ref: Reference) -> bool:
    """Whether the target lacks what the reference names; what it has is left alone."""
    return ref.status in ("removed", "compat")


@estimator.under("tf.estimator")
def _estimator(ref: Reference) -> Report | None:
    if not _gone(ref):
        return None
    name = ref.symbol.removeprefix(_E)
    while name and name not in _INSTEAD:
        name = name.rpartition(".")[0]
    args = ref.arguments()  # a model is made in another way altogether: no call of it is shown
    given = args.given if args is not None else {}
    told = use(ref.say(*_INSTEAD.get(name, ()), _MODEL, "a Keras model"))
    if name.endswith("EstimatorSpec") and "mode" in given:
        if ref.text(given["mode"]).endswith("ModeKeys.PREDICT"):
            told = use("`model.predict(x)`, which gives what `call()` returns")
    if name == "WarmStartSettings" and "vars_to_warm_start" in given:
        told = told.then(" of those variables")
    return ref.report(told.settling(*given))


_SLICES = "tf.data.Dataset.from_tensor_slices"


@estimator.on(_E + "inputs.numpy_input_fn", _E + "inputs.pandas_input_fn")
def _input_fn(ref: Reference) -> Report | None:
    if not _gone(ref):
        return None
    pandas = ref.symbol.endswith("pandas_input_fn")
    args = ref.arguments()
    if args is None or args.open or args.unknown or "x" not in args.given:
        inside = "(dict(x), y)" if pandas else "(x, y)"
        return ref.report(ref.say(_SLICES) + f"({inside}).shuffle(n).batch(batch_size)")
    x = "dict({x})" if pandas else "{x}"
    both = "y" in args.given and args.literal("y") is not None
    template = f"{_SLICES}({f'({x}, {{y}})' if both else x}){_steps(args)}"
    told = ref.code(template, settled=("shuffle", "num_epochs")).only()
    return ref.report(told.noting(shuffles_if(ref, args)))


def _steps(args: Arguments) -> str:
    """Shuffling, repeating and batching as the arguments say."""
    parts = ""
    if args.literal("shuffle") is not False:
        parts += ".shuffle(1000)"
    epochs = args.literal("num_epochs")
    if "num_epochs" in args.given and epochs is None:
        parts += ".repeat()"
    elif "num_epochs" in args.given and epochs != 1:
        parts += ".repeat({num_epochs})"
    return parts + (".batch({batch_size})" if "batch_size" in args.given else ".batch(128)")


@estimator.under("tf.keras.estimator")
def _from_keras(ref: Reference) -> Report | None:
    if not _gone(ref):
        return None
    return ref.report("the Keras model itself, with `compile()` and `fit()`")
