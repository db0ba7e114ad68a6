"""TF7: names of `tf.keras` and `keras` that are gone."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, delete
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Example
from tf2lint.fixes import templates
from tf2lint.rules._keras import gone_text, is_gone, last_release
from tf2lint.rules.models import family
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.api import KERAS_3

_K = "tf.keras."

# --- TF708 -----------------------------------------------------------------------------------

symbol = family.rule(
    "TF708",
    "keras-removed-symbol",
    "W",
    summary="a name of tf.keras that the target's Keras lacks, with what took its place",
    page="""\
Most of these went with Keras 3, which `tf.keras` is since TF 2.16; some went before. The message
says when and names the successor. A target that still has the name turns the finding off.

* Preprocessing layers are in `tf.keras.layers` itself (they left `experimental` with TF 2.6).
* `CuDNNLSTM` and `CuDNNGRU`: `LSTM` and `GRU` use cuDNN by themselves as long as the arguments
  are the defaults (`tanh`, `sigmoid`, no recurrent dropout, `reset_after=True`).
* `multi_gpu_model`: make and compile the model under `tf.distribute.MirroredStrategy().scope()`.
* Losses and metrics as functions: of `mean_squared_error` and its kin only the short names
  are left in `tf.keras.losses`, `MSE`, `MAE`, `MAPE`, `MSLE`, or the classes. (The package
  `keras` itself has the long names and not the short ones.)
* `Enqueuer` classes: a `tf.keras.utils.PyDataset` has `workers=` and `use_multiprocessing=`.
* scikit-learn wrappers: the package `scikeras`, or `tf.keras.wrappers.SKLearnClassifier` of late
  Keras 3.
* `tf.keras.backend` has lost what needs a graph: `function([x], [y])` is
  `tf.keras.Model(x, y)`, `placeholder` is `tf.keras.Input`.
* Submodules of old Keras packages, `keras.layers.core`, `keras.engine` and others: everything is
  imported from `keras.layers`, or `tensorflow.keras.layers`.

In a module that uses TensorFlow the package `keras` counts as `tf.keras`. Its `keras.backend` has
only configuration left in Keras 3; the tensor functions that `tf.keras.backend` still has are in
`keras.ops`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

layer = «tf.keras.layers.experimental.preprocessing.Rescaling»(1 / 255)
""",
            good="""\
import tensorflow as tf

layer = tf.keras.layers.Rescaling(1 / 255)
""",
        ),
        Example(
            bad="""\
from tensorflow.keras.layers import «CuDNNLSTM»

layer = None
""",
            good="""\
from tensorflow.keras.layers import LSTM

layer = LSTM(64)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf
from keras.layers.core import «Dense»

layer = Dense(3)
""",
            good="""\
import tensorflow as tf
from keras.layers import Dense

layer = Dense(3)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def wide(model):
    return «tf.keras.utils.multi_gpu_model»(model, gpus=2)
""",
            good="""\
import tensorflow as tf

def wide(make_model):
    with tf.distribute.MirroredStrategy().scope():
        return make_model()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def loss(a, b):
    return «tf.keras.losses.mean_squared_error»(a, b)
""",
            good="""\
import tensorflow as tf

def loss(a, b):
    return tf.keras.losses.MSE(a, b)
""",
        ),
    ],
    sources=["https://keras.io/guides/migrating_to_keras_3/"],
)

_OWN = "a class of your own"
_OF_METRIC = "a subclass of `tf.keras.metrics.Metric`"
_DATASET = ("tf.keras.utils.PyDataset(workers=...)", "a `tf.keras.utils.Sequence` given to `fit()`")
_SKLEARN = "{0} of the package scikeras"
_UNITS = "({units}, return_sequences={return_sequences}, return_state={return_state})"

# Symbol below tf.keras -> what to write, first choice first. Those with a hole are calls.
_GONE: dict[str, tuple[Advice | str, ...]] = {
    # layers
    "layers.CuDNNLSTM": (f"tf.keras.layers.LSTM{_UNITS}",),
    "layers.CuDNNGRU": (f"tf.keras.layers.GRU{_UNITS}",),
    "layers.LocallyConnected1D": (f"{_OWN}, with `tf.image.extract_patches` and `tf.einsum`",),
    "layers.LocallyConnected2D": (f"{_OWN}, with `tf.image.extract_patches` and `tf.einsum`",),
    "layers.AbstractRNNCell": (
        "`tf.keras.layers.Layer` with `state_size` and `call(inputs, states)`",
    ),
    "layers.Merge": ("`tf.keras.layers.Concatenate`, `Add` or another merging layer",),
    "layers.ThresholdedReLU": ("tf.keras.layers.ReLU(threshold=...)",),
    "layers.RandomHeight": (f"{_OWN}, or `tf.keras.layers.RandomZoom`",),
    "layers.RandomWidth": (f"{_OWN}, or `tf.keras.layers.RandomZoom`",),
    "layers.experimental.EinsumDense": ("tf.keras.layers.EinsumDense",),
    "layers.experimental.RandomFourierFeatures": (_OWN,),
    "layers.experimental.SyncBatchNormalization": (
        "tf.keras.layers.BatchNormalization(synchronized=True)",
    ),
    "layers.experimental.preprocessing.CategoryCrossing": ("tf.keras.layers.HashedCrossing",),
    "layers.experimental.preprocessing.PreprocessingLayer": ("tf.keras.layers.Layer",),
    # losses, metrics, initializers, constraints
    "losses.cosine": ("-tf.keras.losses.cosine_similarity({y_true}, {y_pred})",),
    "losses.cosine_proximity": ("-tf.keras.losses.cosine_similarity({y_true}, {y_pred})",),
    "metrics.cosine": ("-tf.keras.losses.cosine_similarity({y_true}, {y_pred})",),
    "metrics.cosine_proximity": ("-tf.keras.losses.cosine_similarity({y_true}, {y_pred})",),
    "metrics.MeanRelativeError": (_OF_METRIC,),
    "metrics.MeanTensor": (_OF_METRIC,),
    "metrics.experimental": (_OF_METRIC,),
    "constraints.RadialConstraint": ("a subclass of `tf.keras.constraints.Constraint`",),
    "constraints.radial_constraint": ("a subclass of `tf.keras.constraints.Constraint`",),
    "regularizers.WeightRegularizer": ("tf.keras.regularizers.L1L2",),
    "objectives": ("tf.keras.losses",),
    # what the package keras had before 2.4, and tf.keras never
    "initializations": ("tf.keras.initializers",),
    "utils.visualize_util": ("tf.keras.utils.plot_model",),
    "utils.print_summary": ("`model.summary()`",),
    "models.Graph": ("tf.keras.Model",),
    "layers.Recurrent": ("tf.keras.layers.RNN",),
    "layers.Highway": (_OWN,),
    "layers.MaxoutDense": (_OWN,),
    "layers.ConvRecurrent2D": ("tf.keras.layers.ConvLSTM2D",),
    "layers.TimeDistributedDense": ("tf.keras.layers.TimeDistributed(layer)",),
    **{f"layers.Atrous{conv}{rank}D": (f"`tf.keras.layers.Conv{rank}D` with `dilation_rate=`",)
       for conv in ("Conv", "Convolution") for rank in (1, 2)},
    **{f"layers.Deconvolution{rank}D": (f"tf.keras.layers.Conv{rank}DTranspose",)
       for rank in (2, 3)},
    **{f"optimizers.{name.lower()}": (f"tf.keras.optimizers.{name}",)
       for name in ("Adadelta", "Adagrad", "Adam", "Adamax", "Nadam", "RMSprop", "SGD")},
    "optimizers.TFOptimizer": ("an optimizer of `tf.keras.optimizers`",),
    "regularizers.l1l2": ("tf.keras.regularizers.l1_l2",),
    "regularizers.activity_l1": ("`activity_regularizer=` of the layer",),
    "regularizers.activity_l2": ("`activity_regularizer=` of the layer",),
    "regularizers.ActivityRegularizer": ("`activity_regularizer=` of the layer",),
    "constraints.maxnorm": ("tf.keras.constraints.MaxNorm",),
    "constraints.nonneg": ("tf.keras.constraints.NonNeg",),
    "constraints.unitnorm": ("tf.keras.constraints.UnitNorm",),
    "backend.image_dim_ordering": ("tf.keras.backend.image_data_format()",),
    "backend.set_image_dim_ordering": ("tf.keras.backend.set_image_data_format(data_format)",),
    "metrics.matthews_correlation": (_OF_METRIC,),
    "metrics.fbeta_score": ("tf.keras.metrics.FBetaScore", _OF_METRIC),
    "metrics.precision": ("tf.keras.metrics.Precision",),
    "metrics.recall": ("tf.keras.metrics.Recall",),
    "applications.imagenet_utils._obtain_input_shape": (delete("it: it was private"),),
    # models, saving
    "models.model_from_yaml": ("tf.keras.models.model_from_json(json_string)",),
    "models.model_from_config": ("tf.keras.Model.from_config(config)",),
    "models.experimental": (f"{_OWN}, with `train_step()`",),
    "experimental.export_saved_model": ("tf.saved_model.save(model, path)",),
    "experimental.load_from_saved_model": ("tf.saved_model.load(path)",),
    # utils
    "utils.multi_gpu_model": ("`tf.distribute.MirroredStrategy().scope()`",),
    "utils.HDF5Matrix": ("a `tf.keras.utils.PyDataset` over h5py", "h5py with `tf.data`"),
    "utils.OrderedEnqueuer": _DATASET,
    "utils.GeneratorEnqueuer": _DATASET,
    "utils.SequenceEnqueuer": _DATASET,
    "utils.TimedThread": _DATASET,
    "utils.convert_all_kernels_in_model": (delete("it: it was for Theano"),),
    "utils.SidecarEvaluator": ("a loop over `tf.train.checkpoints_iterator(directory)`",),
    "utils.StepsPerExecutionTuner": ("`steps_per_execution=` of `compile()`",),
    "utils.experimental": (
        "`strategy.distribute_datasets_from_function()`, or a dataset to `fit()`",
    ),
    "utils.warmstart_embedding_matrix": ("weights copied by hand",),
    "utils.to_ordinal": ("tf.sequence_mask",),
    # callbacks, wrappers
    "callbacks.BaseLogger": (delete("it: logs are averaged already"),),
    "callbacks.SidecarEvaluatorModelExport": ("tf.keras.callbacks.ModelCheckpoint",),
    "callbacks.experimental.BackupAndRestore": (
        "tf.keras.callbacks.BackupAndRestore",
        "tf.keras.callbacks.ModelCheckpoint",
    ),
    "wrappers.scikit_learn": ("the package scikeras",),
    "wrappers.scikit_learn.KerasClassifier": (_SKLEARN.format("KerasClassifier"),),
    "wrappers.scikit_learn.KerasRegressor": (_SKLEARN.format("KerasRegressor"),),
    # experimental
    "experimental.LinearModel": ("tf.keras.Sequential([tf.keras.layers.Dense(units)])",),
    "experimental.WideDeepModel": ("`tf.keras.Model` that adds two branches",),
    "experimental.PeepholeLSTMCell": (f"{_OWN}: Keras has no peepholes",),
    "experimental.SidecarEvaluator": ("a loop over `tf.train.checkpoints_iterator(directory)`",),
    "experimental.terminate_keras_multiprocessing_pools": (delete(),),
    # mixed precision
    "mixed_precision.experimental": ("tf.keras.mixed_precision",),
    "mixed_precision.experimental.set_policy": ("tf.keras.mixed_precision.set_global_policy",),
    "mixed_precision.experimental.global_policy": ("tf.keras.mixed_precision.global_policy",),
    "mixed_precision.experimental.get_layer_policy": ("`dtype_policy` of the layer",),
    "mixed_precision.experimental.Policy": ("tf.keras.mixed_precision.Policy({name})",),
    "mixed_precision.experimental.LossScaleOptimizer": (
        "tf.keras.mixed_precision.LossScaleOptimizer(optimizer)",
    ),
    # saving: tf.keras left it out again
    "saving.load_model": ("tf.keras.models.load_model",),
    "saving.save_model": ("tf.keras.models.save_model",),
    # backend
    "backend.function": ("tf.keras.Model({inputs}, {outputs})",),
    "backend.placeholder": (
        "tf.keras.Input(batch_shape={shape}, dtype={dtype}, sparse={sparse}, name={name})",
    ),
    "backend.print_tensor": ("tf.print({x})",),
    "backend.random_binomial": ("tf.keras.random.binomial", "tf.random.stateless_binomial"),
    "backend.reset_uids": ("tf.keras.backend.clear_session()",),
    "backend.local_conv1d": ("tf.image.extract_patches and tf.einsum",),
    "backend.local_conv2d": ("tf.image.extract_patches and tf.einsum",),
    "backend.normalize_batch_in_training": ("tf.nn.moments and tf.nn.batch_normalization",),
    "backend.binary_weighted_focal_crossentropy": (
        "tf.keras.losses.binary_focal_crossentropy",
    ),
    "backend.experimental": ("`tf.keras.utils.set_random_seed`, or a `SeedGenerator`",
                             delete()),
    "dtensor": ("the distribution API of the package keras",),
}  # fmt: skip
_SHORT = {
    "mean_squared_error": "MSE",
    "mean_absolute_error": "MAE",
    "mean_absolute_percentage_error": "MAPE",
    "mean_squared_logarithmic_error": "MSLE",
    "kl_divergence": "KLD",
    "log_cosh": "logcosh",
}
_LAST = (2, 15)  # the release that had them last
_FUNCTIONS = {
    f"tf.{home}.{name}": f"tf.keras.{home.rpartition('.')[2]}.{short}"
    for home in ("keras.losses", "keras.metrics", "losses", "metrics")
    for name, short in _SHORT.items()
    # TF 1 had functions of these names, which TF703 and TF704 know.
    if f"{home}.{name}" not in ("losses.mean_squared_error", "metrics.mean_squared_error",
                                "metrics.mean_absolute_error")
}  # fmt: skip


@symbol.on(*(_K + name for name in _GONE))
@symbol.under("tf.keras.dtensor", "tf.keras.models.experimental", "tf.keras.utils.experimental",
              "tf.keras.metrics.experimental", "tf.keras.backend.experimental",
              "tf.keras.objectives", "tf.keras.initializations",
              "tf.keras.utils.visualize_util")  # fmt: skip
def _gone(ref: Reference) -> Report | None:
    if not is_gone(ref):
        return None
    name = ref.symbol.removeprefix(_K)
    while name not in _GONE:
        name = name.rpartition(".")[0]
    options = _GONE[name]
    if name == "backend.function":
        return ref.report(_function_model(ref), gone_text(ref))
    args = ref.arguments()
    if name == "backend.placeholder" and args is not None and "shape" not in args.given:
        shape = "(None,) * {ndim}"
        options = tuple(o.replace("{shape}", shape) for o in options if isinstance(o, str))
    calls = [option for option in options if isinstance(option, str) and "{" in option]
    if calls:
        return ref.report(ref.code(*calls), gone_text(ref))
    return ref.report(ref.advise(*options, "the Keras of today"), gone_text(ref))


def _function_model(ref: Reference) -> str:
    """The model that K.function becomes; what it is given of the backend itself has no place."""
    args = ref.arguments()
    given = args.given if args is not None else {}
    if _items(given.get("updates")):
        return ref.say("a `@tf.function` that assigns what `updates=` had")
    texts = {}
    for name in ("inputs", "outputs"):
        items = given.get(name)
        parts = _items(items)
        if not parts or any(_has_symbol(ref, part) for part in parts):
            texts[name] = name
            continue
        written = ", ".join(map(ref.text, parts))
        texts[name] = written if parts == [items] else f"[{written}]"
    model = f"({texts['inputs']}, {texts['outputs']})"
    return ref.say("tf.keras.Model") + (model if len(model) <= templates.LONG else "")


def _items(expr: ast.expr | None) -> list[ast.expr]:
    """What a list has that is written out, or the one expression; nothing of None."""
    if isinstance(expr, ast.List | ast.Tuple):
        return expr.elts
    return [] if expr is None or (isinstance(expr, ast.Constant) and expr.value is None) else [expr]


def _has_symbol(ref: Reference, expr: ast.expr) -> bool:
    """Whether the expression takes something from TensorFlow itself."""
    return any(
        isinstance(value, Symbol)
        for node in ast.walk(expr)
        if isinstance(node, ast.Name)
        for value in ref.values(node)
    )


@symbol.on(*_FUNCTIONS)
def _function(ref: Reference) -> Report | None:
    if not is_gone(ref):
        return None
    new = _FUNCTIONS[ref.symbol]
    if ref.call is None:
        return ref.report(ref.code(new), gone_text(ref))
    args = Arguments(ref.call, api.signature(ref.symbol, "v2", _LAST))
    call = "" if args.open or args.unknown else "({y_true}, {y_pred})"
    return ref.report(ref.code(new + call, arguments=args), gone_text(ref))


@symbol.on(*(f"tf.{home}.{name}" for home in ("metrics",)
             for name in ("MeanRelativeError", "MeanTensor")))  # fmt: skip
def _metric(ref: Reference) -> Report | None:
    if not is_gone(ref):
        return None
    return ref.report(ref.say("a subclass of `tf.keras.metrics.Metric`"), gone_text(ref))


@symbol.under("tf.keras.layers.experimental", "tf.keras.saving", "tf.keras.experimental",
              "tf.keras.callbacks.experimental")  # fmt: skip
def _moved(ref: Reference) -> Report | None:
    """What has the same name in another module."""
    if not is_gone(ref):
        return None
    name = ref.symbol.rpartition(".")[2]
    homes = ("layers",) if ".layers." in ref.symbol else ("utils", "models", "layers")
    args = _old_arguments(ref)
    for home in homes:
        new = f"tf.keras.{home}.{name}"
        if name not in ("experimental", "preprocessing", "saving") and api.exists(new, ref.target):
            return ref.report(ref.code(new + _as_given(args), arguments=args), gone_text(ref))
    return ref.report(ref.say(f"tf.keras.{homes[0]}", "tf.keras"), gone_text(ref))


def _old_arguments(ref: Reference) -> Arguments | None:
    """The call's arguments by the signature that the symbol had last."""
    last = last_release(ref.symbol)
    if ref.call is None or last is None:
        return None
    return Arguments(ref.call, api.signature(ref.symbol, "v2", last))


def _as_given(args: Arguments | None) -> str:
    """The template of an argument list that stays as it is; nothing where that is not sure."""
    if args is None or args.open or args.unknown or args.extra:
        return ""
    keywords = {keyword.arg for keyword in args.call.keywords}
    parts = [f"{{{n}}}" if n not in keywords else f"{n}={{{n}}}" for n in args.given]
    return f"({', '.join(parts)})" if parts else ""


# --- the keras package ---


@symbol.under("tf.keras.backend", "tf.keras.preprocessing.image", "tf.keras.preprocessing.text",
              "tf.keras.preprocessing.sequence")  # fmt: skip
def _standalone(ref: Reference) -> Report | None:
    """What `tf.keras` still has and the package `keras` has not."""
    if ref.route != "keras" or ref.status != "removed" or not api.exists(ref.symbol, ref.target):
        return None
    use = f"`{ref.say(ref.symbol)}`"
    if paths.under(ref.symbol, "tf.keras.backend"):
        use += ", or `keras.ops`"
    return ref.report(use, "is not in the keras package of Keras 3")


@symbol.on(*(f"tf.keras.{home}.{short}" for home in ("losses", "metrics")
             for short in (*_SHORT.values(), "mse", "mae", "mape", "msle", "kld",
                           "kullback_leibler_divergence")))  # fmt: skip
def _short_name(ref: Reference) -> Report | None:
    if ref.route != "keras" or ref.status != "removed":
        return None
    home, _, name = ref.symbol.rpartition(".")
    longer = {short.lower(): new for new, short in _SHORT.items()}
    long = longer.get(name.lower(), "kl_divergence")
    return ref.report(f"{home.removeprefix('tf.')}.{long}",
                      "is not in the keras package of Keras 3")  # fmt: skip


# Submodules that old versions of the package had.
_LAYER_FILES = ("advanced_activations", "convolutional", "convolutional_recurrent", "core",
                "cudnn_recurrent", "embeddings", "local", "merge", "noise", "normalization",
                "pooling", "recurrent", "wrappers")  # fmt: skip
_FILES = {
    **{f"layers.{name}": "layers" for name in _LAYER_FILES},
    "engine": "",
    "legacy": "",
    "utils.np_utils": "utils",
    "utils.generic_utils": "utils",
    "utils.data_utils": "utils",
    "utils.vis_utils": "utils",
    "utils.layer_utils": "utils",
    "utils.io_utils": "utils",
    "utils.training_utils": "utils",
    "utils.conv_utils": "utils",
    "utils.tf_utils": "utils",
    "utils.test_utils": "utils",
    "callbacks.callbacks": "callbacks",
    "callbacks.tensorboard_v1": "callbacks",
}
_SRC = (2, 13)  # Keras 2.13 moved its files to keras.src


@symbol.under(*(_K + name for name in _FILES))
def _file(ref: Reference) -> Matched:
    if ref.route == "keras" and ref.target < _SRC:
        return QUIET
    module = next(name for name in _FILES if paths.under(ref.symbol, _K + name))
    leaf = ref.symbol.removeprefix(_K + module).rpartition(".")[2]
    if ref.is_import:
        package = "keras" if ref.route == "keras" else "tensorflow.keras"
        home = _home(module, leaf, ref.target)
        return ref.report(_import(f"{package}.{home}".rstrip("."), module, leaf, ref.target), _NO)
    assert isinstance(ref.node, ast.expr)
    place: ast.expr = ref.node
    up = ref.module.source.parent(place)
    if not leaf and isinstance(up, ast.Attribute):
        place, leaf = up, up.attr
    elif isinstance(place, ast.Name):
        return QUIET  # the import binds it, and is all that has to change
    package = "keras" if ref.route == "keras" else "tf.keras"
    use = f"{package}.{_home(module, leaf, ref.target)}.{leaf}".replace("..", ".")
    return ref.report(ref.rooted(use.rstrip(".")), _NO, place=place, subject=ref.text(place))


_NO = "is in a module that Keras no longer has"


def _home(module: str, leaf: str, target: api.Version) -> str:
    """The module below Keras that has the name `leaf` of the old `module`."""
    homes = [_FILES[module]] if _FILES[module] else ["layers", "models", ""]
    for home in homes:
        if leaf and api.exists(f"tf.keras.{home}.{leaf}".replace("..", "."), target):
            return home
    return homes[0]


def _import(where: str, module: str, leaf: str, target: api.Version) -> str:
    """The import to write."""
    if module == "utils.np_utils" and not leaf:
        leaf = "to_categorical"
    home = where.partition("keras")[2].removeprefix(".")
    if leaf and api.exists(f"tf.keras.{home}.{leaf}".replace("..", "."), target):
        return f"`from {where} import {leaf}`"
    return f"the public names of `{where}`"


@symbol.on("tf.keras.losses.Reduction")
def _reduction(ref: Reference) -> Report | None:
    if ref.route != "keras" or ref.keras < KERAS_3:
        return None
    use = '`"sum"`, `"none"` or `"sum_over_batch_size"`'
    return ref.report(use, "is not in the keras package of Keras 3")
