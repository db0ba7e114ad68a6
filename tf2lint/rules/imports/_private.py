"""Modules of the tensorflow package that are not public: where their names are public.

Names are written without `tensorflow.`.
"""

from __future__ import annotations

from functools import lru_cache

from tf2lint.tensorflow import api

# Module, then the public modules that have its names, the first one first.
_HOMES = """
    python.client.device_lib tf.config
    python.client.session tf.compat.v1
    python.client.timeline tf.profiler.experimental
    python.data.experimental.ops tf.data.experimental
    python.data.ops tf.data
    python.debug tf.debugging.experimental tf.debugging
    python.distribute tf.distribute tf.distribute.experimental
    python.eager.backprop tf
    python.eager.context tf tf.config tf.config.experimental
    python.eager.def_function tf
    python.eager.function tf
    python.eager.profiler tf.profiler.experimental
    python.feature_column tf.feature_column
    python.framework.config tf.config tf.config.experimental
    python.framework.constant_op tf
    python.framework.device_spec tf
    python.framework.dtypes tf.dtypes tf
    python.framework.errors tf.errors
    python.framework.errors_impl tf.errors
    python.framework.function tf
    python.framework.graph_io tf.io
    python.framework.graph_util tf.compat.v1.graph_util
    python.framework.importer tf.graph_util
    python.framework.indexed_slices tf
    python.framework.load_library tf
    python.framework.ops tf
    python.framework.random_seed tf.random
    python.framework.smart_cond tf
    python.framework.sparse_tensor tf.sparse tf
    python.framework.tensor tf
    python.framework.tensor_shape tf
    python.framework.tensor_spec tf
    python.framework.tensor_util tf
    python.framework.test_util tf.test
    python.keras tf.keras
    python.layers tf.keras.layers
    python.lib.io.file_io tf.io.gfile
    python.lib.io.tf_record tf.io
    python.module.module tf
    python.ops.array_ops tf tf.sparse tf.linalg tf.quantization
    python.ops.bitwise_ops tf.bitwise
    python.ops.candidate_sampling_ops tf.random tf.nn
    python.ops.check_ops tf.debugging
    python.ops.clip_ops tf tf.linalg
    python.ops.confusion_matrix tf.math
    python.ops.cond tf
    python.ops.control_flow_ops tf
    python.ops.ctc_ops tf.nn
    python.ops.custom_gradient tf
    python.ops.data_flow_ops tf.queue tf
    python.ops.distributions tf
    python.ops.embedding_ops tf.nn
    python.ops.functional_ops tf
    python.ops.gradients tf
    python.ops.gradients_impl tf
    python.ops.histogram_ops tf
    python.ops.image_ops tf.image
    python.ops.image_ops_impl tf.image
    python.ops.init_ops tf tf.keras.initializers
    python.ops.init_ops_v2 tf tf.keras.initializers
    python.ops.io_ops tf.io
    python.ops.linalg tf.linalg
    python.ops.linalg_ops tf.linalg tf
    python.ops.logging_ops tf
    python.ops.lookup_ops tf.lookup tf.lookup.experimental
    python.ops.losses tf.keras.losses
    python.ops.map_fn tf
    python.ops.math_ops tf.math tf tf.linalg tf.sparse tf.dtypes
    python.ops.metrics tf.keras.metrics
    python.ops.metrics_impl tf.keras.metrics
    python.ops.nn tf.nn
    python.ops.nn_impl tf.nn
    python.ops.nn_ops tf.nn tf.math
    python.ops.numpy_ops tf.experimental.numpy
    python.ops.parsing_ops tf.io
    python.ops.partitioned_variables tf.compat.v1
    python.ops.ragged tf.ragged tf
    python.ops.random_ops tf.random
    python.ops.resource_variable_ops tf
    python.ops.rnn tf.keras.layers
    python.ops.rnn_cell tf.keras.layers
    python.ops.rnn_cell_impl tf.keras.layers
    python.ops.script_ops tf
    python.ops.seq2seq tf.keras.layers
    python.ops.sets tf.sets
    python.ops.signal tf.signal
    python.ops.sparse_ops tf.sparse tf.io
    python.ops.special_math_ops tf.math.special tf.math tf
    python.ops.standard_ops tf
    python.ops.state_ops tf.compat.v1
    python.ops.stateless_random_ops tf.random
    python.ops.string_ops tf.strings
    python.ops.summary_ops_v2 tf.summary tf.summary.experimental
    python.ops.template tf.compat.v1
    python.ops.tensor_array_ops tf
    python.ops.unconnected_gradients tf
    python.ops.variable_scope tf.compat.v1
    python.ops.variables tf
    python.ops.while_loop tf
    python.platform.gfile tf.io.gfile
    python.platform.googletest tf.test
    python.platform.resource_loader tf.compat.v1.resource_loader
    python.platform.sysconfig tf.sysconfig
    python.platform.test tf.test
    python.profiler tf.profiler.experimental
    python.saved_model tf.saved_model
    python.summary tf.summary
    python.summary.summary_iterator tf.compat.v1.train
    python.tpu tf.tpu tf.tpu.experimental
    python.trackable tf
    python.training tf.train
    python.training.adadelta tf.keras.optimizers
    python.training.adagrad tf.keras.optimizers
    python.training.adam tf.keras.optimizers
    python.training.ftrl tf.keras.optimizers
    python.training.gradient_descent tf.keras.optimizers
    python.training.learning_rate_decay tf.keras.optimizers.schedules
    python.training.momentum tf.keras.optimizers
    python.training.moving_averages tf.train
    python.training.optimizer tf.keras.optimizers
    python.training.rmsprop tf.keras.optimizers
    python.training.server_lib tf.train tf.distribute
    python.training.summary_io tf.summary
    python.training.tracking tf.train
    python.util.compat tf.compat
    python.util.nest tf.nest
    core.example tf.train
    core.framework tf.compat.v1
    core.protobuf tf.compat.v1
    core.util tf.compat.v1
"""

# Where the module is known better than by its public names.
ADVICE = {
    "python.client.device_lib": "tf.config.list_physical_devices()",
    "python.client.session": "eager execution, or `tf.compat.v1.Session` while porting",
    "python.estimator": "tf.keras",
    "python.keras.backend": "tf.keras.backend",
    "python.platform.app": "absl.app",
    "python.platform.flags": "absl.flags",
    "python.platform.tf_logging": "absl.logging",
    "python.pywrap_tensorflow": "`tf.train.load_checkpoint(path)` to read checkpoints",
    "python.tools.inspect_checkpoint": "tf.train.list_variables(path)",
    "python.framework.common_shapes.broadcast_shape": "tf.broadcast_static_shape",
    "python.ops.collective_ops": "`all_reduce` of `tf.distribute.get_replica_context()`",
    "python.ops.resource_variable_ops.ResourceVariable": "tf.Variable",
    "python.ops.distributions": "the package tensorflow_probability",
    "python.saved_model.builder": "tf.saved_model.save(model, path)",
    "python.saved_model.builder_impl": "tf.saved_model.save(model, path)",
    "python.saved_model.simple_save": "tf.saved_model.save(model, path)",
    "python.tpu.tpu_config": "tf.distribute.TPUStrategy",
    "python.tpu.tpu_context": "tf.distribute.TPUStrategy",
    "python.tpu.tpu_estimator": "tf.distribute.TPUStrategy",
    "python.tpu.tpu_optimizer": "tf.distribute.TPUStrategy",
    "python.training.basic_loops": "a training loop with tf.train.CheckpointManager",
    "python.training.basic_session_run_hooks": "tf.keras.callbacks",
    "python.training.device_setter": "a tf.distribute strategy",
    "python.training.distribute": "tf.distribute",
    "python.training.distribution_strategy_context": "tf.distribute",
    "python.training.gen_training_ops": "the ops in tf.raw_ops",
    "python.training.input": "tf.data",
    "python.training.monitored_session": "a training loop with `tf.train.CheckpointManager`",
    "python.training.moving_averages": "tf.train.ExponentialMovingAverage",
    "python.training.queue_runner": "tf.data",
    "python.training.queue_runner_impl": "tf.data",
    "python.training.saver": "tf.train.Checkpoint",
    "python.training.session_run_hook": "tf.keras.callbacks",
    "python.training.session_manager": "a training loop with tf.train.CheckpointManager",
    "python.training.supervisor": "a training loop with tf.train.CheckpointManager",
    "python.training.sync_replicas_optimizer": "a tf.distribute strategy",
    "python.training.training_ops": "the ops in tf.raw_ops",
    "python.training.training_util": "a step counter of your own",
    "tools.graph_transforms": "`tf.lite` or `tf.config.optimizer`",
    "tensorboard": "the tensorboard package",
    "models": "a copy of that code",
}

# Those of `_HOMES` that hold modules, not names.
_PACKAGES = """
    python.data.experimental.ops python.data.ops python.debug python.distribute
    python.feature_column python.keras python.layers python.ops.distributions
    python.ops.linalg python.ops.numpy_ops python.ops.ragged python.ops.signal
    python.profiler python.saved_model python.summary python.tpu python.training
"""


# Modules of packages among those that hold names which are public in the package's home; other
# modules of the package have nothing there. Asked of TF 1.15.5's modules and TF 2.21's names.
_PARTS = """
    python.data.experimental.ops:
        batching counter distribute_options enumerate_ops error_ops grouping interleave_ops
        iterator_ops optimization_options parsing_ops prefetching_ops random_ops readers
        resampling scan_ops shuffle_ops take_while_ops threading_options writers
    python.data.ops:
        dataset_ops iterator_ops readers
    python.distribute:
        central_storage_strategy cross_device_ops distribute_lib
        distribution_strategy_context input_lib mirrored_strategy one_device_strategy
        parameter_server_strategy reduce_util tpu_strategy values
    python.feature_column:
        feature_column feature_column_lib feature_column_v2 sequence_feature_column
    python.keras:
        engine
    python.layers:
        base convolutional core layers normalization pooling
    python.ops.linalg:
        linalg linalg_impl linear_operator linear_operator_adjoint linear_operator_algebra
        linear_operator_block_diag linear_operator_circulant linear_operator_composition
        linear_operator_diag linear_operator_full_matrix linear_operator_householder
        linear_operator_identity linear_operator_inversion linear_operator_kronecker
        linear_operator_low_rank_update linear_operator_lower_triangular
        linear_operator_toeplitz linear_operator_zeros sparse
    python.ops.ragged:
        ragged_array_ops ragged_concat_ops ragged_factory_ops ragged_functional_ops
        ragged_gather_ops ragged_map_ops ragged_math_ops ragged_squeeze_op ragged_tensor
        ragged_tensor_shape ragged_where_op segment_id_ops
    python.ops.signal:
        dct_ops fft_ops mel_ops mfcc_ops reconstruction_ops shape_ops signal spectral_ops
        window_ops
    python.saved_model:
        constants load_v1_in_v2 loader loader_impl saved_model signature_constants
        tag_constants
    python.summary:
        summary
    python.tpu:
        device_assignment topology tpu_strategy_util
    python.training:
        checkpoint_management checkpoint_utils coordinator training
"""


@lru_cache(maxsize=1)
def _homes() -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in _HOMES.strip().splitlines())
    return {row[0]: tuple(row[1:]) for row in rows}


@lru_cache(maxsize=1)
def _parts() -> frozenset[str]:
    found: set[str] = set()
    package = ""
    for line in _PARTS.strip().splitlines():
        if line.endswith(":"):
            package = line.strip()[:-1]
        else:
            found.update(f"{package}.{name}" for name in line.split())
    return frozenset(found)


def above(path: str) -> list[str]:
    """`a.b.c` as `["a.b.c", "a.b", "a"]`."""
    parts = path.split(".")
    return [".".join(parts[:end]) for end in range(len(parts), 0, -1)]


@lru_cache(maxsize=1024)
def public(path: str, target: api.Version) -> str:
    """What to use instead of `path` under `target`: a public name or module, "" if not known."""
    name = path.rpartition(".")[2]
    for module in above(path):
        advice = ADVICE.get(module)
        if advice is not None:
            return advice
        homes = _homes().get(module)
        if homes is None:
            continue
        if module != path:
            found = _named(path, module, name, homes, target)
            if found or not _is_module(path, module):
                return found
            if path not in _parts():
                return ""
        if module.startswith("core."):
            return ""
        return next((f"`{home}.*`" for home in homes if _is_there(home, target)), "")
    return ""


def _is_module(path: str, package: str) -> bool:
    """Whether `path` is a module of `package`; of a name that is nowhere public none is."""
    name = path.rpartition(".")[2]
    return package in _PACKAGES.split() and path == f"{package}.{name}" and name.islower()


def _named(path: str, module: str, name: str, homes: tuple[str, ...], target: api.Version) -> str:
    """The public name of the same spelling: with the modules between kept, then without."""
    rest = path[len(module) + 1 :]
    for home in homes:
        for candidate in dict.fromkeys((f"{home}.{rest}", f"{home}.{name}")):
            if _is_there(candidate, target):
                return candidate
    return ""


def _is_there(name: str, target: api.Version) -> bool:
    if name.startswith("tf.compat.v1."):
        return api.in_compat_v1("tf." + name[len("tf.compat.v1.") :], target)
    return name in ("tf", "tf.compat.v1") or api.exists(name, target)
