"""Which type TensorFlow calls and attributes give, where the tables cannot say it.

`tf2lint.tensorflow.api` knows the result of a function where TF 1.15's docstring states it; what
stands here comes before that. Types are symbols; an empty string means: not known, ask no further.
"""

from __future__ import annotations

from tf2lint.tensorflow.api import aliases
from tf2lint.tensorflow.groups import INITIALIZERS, TEST_SESSION

DATASET = "tf.data.Dataset"
TENSOR = "tf.Tensor"
VARIABLE = "tf.Variable"
SHAPE = "tf.TensorShape"
_MNIST = "tf.examples.tutorials.mnist.input_data"
OPERATION = "tf.Operation"

RESULTS = {
    "tf.get_variable": VARIABLE,
    "tf.placeholder": TENSOR,
    "tf.constant": TENSOR,
    "tf.get_default_session": "tf.Session",
    "tf.get_default_graph": "tf.Graph",
    "tf.get_variable_scope": "tf.VariableScope",
    "tf.variable_scope": "tf.VariableScope",
    "tf.train.get_global_step": VARIABLE,
    "tf.train.create_global_step": VARIABLE,
    "tf.train.get_or_create_global_step": VARIABLE,
    "tf.contrib.framework.get_or_create_global_step": VARIABLE,
    "tf.contrib.framework.get_global_step": VARIABLE,
    "tf.contrib.framework.create_global_step": VARIABLE,
    "tf.train.MonitoredTrainingSession": "tf.train.MonitoredSession",
    f"{_MNIST}.read_data_sets": f"{_MNIST}.Datasets",
    "tf.summary.FileWriterCache.get": "tf.summary.FileWriter",
    "tf.train.SummaryWriter": "tf.summary.FileWriter",
    "tf.train.SummaryWriterCache.get": "tf.summary.FileWriter",
    "tf.Session.graph": "tf.Graph",
    "tf.Graph.as_default": "tf.Graph",
    "tf.Session.as_default": "tf.Session",
    "tf.Tensor.get_shape": SHAPE,
    "tf.Tensor.shape": SHAPE,
    "tf.Tensor.op": "tf.Operation",
    "tf.Tensor.graph": "tf.Graph",
    "tf.Variable.get_shape": SHAPE,
    "tf.Variable.shape": SHAPE,
    "tf.Variable.initializer": "tf.Operation",
    "tf.TensorShape.merge_with": SHAPE,
    "tf.TensorShape.with_rank": SHAPE,
    "tf.train.Supervisor.managed_session": "tf.Session",
    "tf.train.Supervisor.prepare_or_wait_for_session": "tf.Session",
    "tf.train.Supervisor.saver": "tf.train.Saver",
    "tf.train.Supervisor.summary_writer": "tf.summary.FileWriter",
    "tf.train.SessionManager.prepare_session": "tf.Session",
    "tf.test.TestCase.test_session": TEST_SESSION,
    "tf.test.TestCase.session": TEST_SESSION,
    "tf.test.TestCase.cached_session": TEST_SESSION,
    "tf.test.Session.graph": "tf.Graph",
    "tf.test.Session.as_default": TEST_SESSION,
    "tf.InteractiveSession.graph": "tf.Graph",
    "tf.train.MonitoredSession.graph": "tf.Graph",
    "tf.train.SingularMonitoredSession.graph": "tf.Graph",
    "tf.train.SingularMonitoredSession.raw_session": "tf.Session",
    "tf.train.SessionRunContext.session": "tf.Session",
    "tf.train.SessionManager.recover_session": "",
    "tf.train.SessionManager.wait_for_session": "tf.Session",
    "tf.keras.backend.get_session": "tf.Session",
    "tf.Graph.get_tensor_by_name": TENSOR,
    "tf.Graph.get_operation_by_name": "tf.Operation",
    "tf.data.make_one_shot_iterator": "tf.data.Iterator",
    "tf.data.make_initializable_iterator": "tf.data.Iterator",
    "tf.data.experimental.Counter": DATASET,
    "tf.data.experimental.choose_from_datasets": DATASET,
    "tf.data.experimental.make_batched_features_dataset": DATASET,
    "tf.data.experimental.make_csv_dataset": DATASET,
    "tf.data.experimental.sample_from_datasets": DATASET,
    "tf.data.Options.experimental_distribute": "tf.data.experimental.DistributeOptions",
    "tf.data.Options.experimental_optimization": "tf.data.experimental.OptimizationOptions",
    "tf.train.import_meta_graph": "tf.train.Saver",
    "tf.lite.TFLiteConverter.from_concrete_functions": "tf.lite.TFLiteConverter",
    "tf.lite.TFLiteConverter.from_frozen_graph": "tf.lite.TFLiteConverter",
    "tf.lite.TFLiteConverter.from_keras_model": "tf.lite.TFLiteConverter",
    "tf.lite.TFLiteConverter.from_keras_model_file": "tf.lite.TFLiteConverter",
    "tf.lite.TFLiteConverter.from_saved_model": "tf.lite.TFLiteConverter",
    "tf.lite.TFLiteConverter.from_session": "tf.lite.TFLiteConverter",
    "tf.train.range_input_producer": "tf.QueueBase",
    "tf.train.string_input_producer": "tf.QueueBase",
    "tf.train.slice_input_producer": "",
    "tf.keras.Model.optimizer": "tf.keras.optimizers.Optimizer",
    "tf.keras.callbacks.Callback.model": "tf.keras.Model",
    "tf.keras.mixed_precision.LossScaleOptimizer.inner_optimizer": "tf.keras.optimizers.Optimizer",
    "tf.keras.optimizers.get": "tf.keras.optimizers.Optimizer",
    "tf.keras.models.clone_model": "tf.keras.Model",
    "tf.keras.models.load_model": "tf.keras.Model",
    "tf.keras.models.model_from_json": "tf.keras.Model",
}

# Functions that give one tensor, though neither their docstrings nor the tables say so.
_TENSORS = (
    "tf.assign_add", "tf.assign_sub", "tf.clip_by_norm", "tf.image.convert_image_dtype",
    "tf.image.grayscale_to_rgb", "tf.image.resize_bicubic", "tf.image.resize_bilinear",
    "tf.image.resize_nearest_neighbor", "tf.image.rgb_to_grayscale",
    "tf.losses.get_regularization_loss", "tf.matrix_set_diag", "tf.py_func", "tf.saturate_cast",
)  # fmt: skip
RESULTS.update(dict.fromkeys(_TENSORS, TENSOR))
RESULTS.update(dict.fromkeys(INITIALIZERS, OPERATION))

# Every public method of these that gives one again, besides what RESULTS says.
FLUENT = {
    DATASET: (
        "apply", "batch", "bucket_by_sequence_length", "cache", "choose_from_datasets",
        "concatenate", "counter", "enumerate", "filter", "filter_with_legacy_function",
        "flat_map", "from_generator", "from_sparse_tensor_slices", "from_tensor_slices",
        "from_tensors", "group_by_window", "ignore_errors", "interleave", "list_files", "map",
        "map_with_legacy_function", "padded_batch", "prefetch", "ragged_batch", "random",
        "range", "rebatch", "rejection_resample", "repeat", "sample_from_datasets", "scan",
        "shard", "shuffle", "skip", "snapshot", "sparse_batch", "take", "take_while", "unbatch",
        "unique", "window", "with_options", "zip",
    ),
    TENSOR: (),
}  # fmt: skip

METHODS = {
    "tf.data.Dataset.make_one_shot_iterator": "tf.data.Iterator",
    "tf.data.Dataset.make_initializable_iterator": "tf.data.Iterator",
    "tf.data.Iterator.from_structure": "tf.data.Iterator",
    "tf.data.Iterator.from_string_handle": "tf.data.Iterator",
    "tf.data.Iterator.get_next": "",
    "tf.data.Iterator.initializer": OPERATION,
    "tf.data.Iterator.make_initializer": OPERATION,
    "tf.keras.Model.fit": "tf.keras.callbacks.History",
    "tf.keras.Model.fit_generator": "tf.keras.callbacks.History",
    "tf.keras.Model.get_layer": "tf.keras.layers.Layer",
    **{f"{DATASET}.{name}": DATASET for name in FLUENT[DATASET]},
}

# The classes that `tf.contrib.data` had before they were public, which no table lists.
_CONTRIB_DATA = "tf.contrib.data."
for _name in ("Dataset", "FixedLengthRecordDataset", "TFRecordDataset", "TextLineDataset"):
    RESULTS[_CONTRIB_DATA + _name] = DATASET
for _name in FLUENT[DATASET]:
    RESULTS[f"{_CONTRIB_DATA}Dataset.{_name}"] = DATASET
for _name in ("from_dataset", "from_string_handle", "from_structure"):
    RESULTS[f"{_CONTRIB_DATA}Iterator.{_name}"] = "tf.data.Iterator"

# Methods whose names alone tell what they give, on receivers of which nothing is known.
UNMISTAKABLE = {
    "make_one_shot_iterator": "tf.data.Iterator",
    "make_initializable_iterator": "tf.data.Iterator",
    "managed_session": "tf.Session",
    "prepare_or_wait_for_session": "tf.Session",
    "test_session": TEST_SESSION,
    "cached_session": TEST_SESSION,
}

# What indexing or iterating over one gives.
ITEMS = {SHAPE: "tf.Dimension", TENSOR: TENSOR, VARIABLE: TENSOR}

# Attributes that are lists of such objects.
LISTS = {"tf.keras.Model.layers": "tf.keras.layers.Layer"}

# Calling an object of these (or of a subclass) gives this.
CALLED = {
    "tf.layers.Layer": TENSOR,
    "tf.keras.layers.Layer": TENSOR,
    "tf.Module": "",
}


def result_of(symbol: str) -> str | None:
    """The type that calling `symbol` gives (or reading it, for a property); None if unlisted."""
    for name in (symbol, *aliases(symbol)):  # of one object, whatever it is called
        found = RESULTS.get(name)
        found = METHODS.get(name) if found is None else found
        if found is not None:
            return found
    home, _, name = symbol.rpartition(".")
    if home.startswith("tf.keras.applications") and name[:1].isupper():
        return "tf.keras.Model"
    return None
