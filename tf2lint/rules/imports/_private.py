"""Modules of the tensorflow package that are not public: where their names are public.

Names are written without `tensorflow.`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tf2lint.tensorflow import api

V1 = "tf.compat.v1"

_GENERATION = re.compile(r"_?[vV]([12])$")  # of `squeeze_v2`, `DatasetV1`

# Module, then the public modules that have its names, the first one first.
_HOMES = """
    python.client.device_lib tf.config
    python.client.session tf.compat.v1
    python.compiler.xla.xla tf.xla.experimental
    python.data.experimental.ops tf.data.experimental
    python.data.ops tf.data tf.data.experimental
    python.distribute tf.distribute tf.distribute.experimental
    python.eager.backprop tf
    python.eager.context tf tf.config tf.config.experimental tf.debugging tf.experimental
    python.eager.def_function tf tf.config
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
    python.ops.gradient_checker tf.compat.v1.test
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
    python.ops.losses tf.compat.v1.losses
    python.ops.map_fn tf
    python.ops.math_ops tf.math tf tf.linalg tf.sparse tf.dtypes
    python.ops.metrics tf.compat.v1.metrics
    python.ops.metrics_impl tf.compat.v1.metrics
    python.ops.nn tf.nn
    python.ops.nn_impl tf.nn tf.linalg
    python.ops.nn_ops tf.nn tf.math tf.nn.experimental
    python.ops.numpy_ops tf.experimental.numpy
    python.ops.parsing_ops tf.io
    python.ops.partitioned_variables tf.compat.v1
    python.ops.ragged tf.ragged tf
    python.ops.random_ops tf.random
    python.ops.resource_variable_ops tf
    python.ops.rnn tf.compat.v1.nn
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
    python.platform.gfile tf.io.gfile tf.compat.v1.gfile
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
    python.training.adadelta tf.keras.optimizers tf.compat.v1.train
    python.training.adagrad tf.keras.optimizers tf.compat.v1.train
    python.training.adam tf.keras.optimizers tf.compat.v1.train
    python.training.ftrl tf.keras.optimizers tf.compat.v1.train
    python.training.gradient_descent tf.keras.optimizers tf.compat.v1.train
    python.training.learning_rate_decay tf.keras.optimizers.schedules tf.compat.v1.train
    python.training.momentum tf.keras.optimizers tf.compat.v1.train
    python.training.moving_averages tf.train
    python.training.optimizer tf.keras.optimizers tf.compat.v1.train
    python.training.rmsprop tf.keras.optimizers tf.compat.v1.train
    python.training.server_lib tf.train tf.distribute
    python.training.summary_io tf.summary
    python.training.tracking tf.train
    python.util.compat tf.compat
    python.util.nest tf.nest
    core.example tf.train
    core.framework tf.compat.v1 tf.compat.v1.summary
    core.protobuf tf.compat.v1 tf.compat.v1.train
    core.util tf.compat.v1 tf.compat.v1.summary
"""

_AVERAGE = "python.training.moving_averages.assign_moving_average"

# Where the module is known better than by its public names.
ADVICE = {
    "python.client.device_lib": "tf.config.list_physical_devices()",
    "python.client.session": "eager execution, or `tf.compat.v1.Session` while porting",
    "python.client.timeline": "tf.profiler.experimental.Profile(logdir)",
    "python.debug": "tf.debugging.experimental.enable_dump_debug_info(dump_root)",
    "python.estimator": "tf.keras",
    "python.platform.app": "absl.app",
    "python.platform.build_info": "tf.sysconfig.get_build_info()",
    "python.platform.flags": "absl.flags",
    "python.platform.tf_logging": "absl.logging",
    "python.pywrap_tensorflow.EventsWriter": "tf.summary.create_file_writer(path)",
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
    "python.training.basic_loops": "a training loop with `tf.train.CheckpointManager`",
    "python.training.basic_session_run_hooks": "tf.keras.callbacks",
    "python.training.device_setter": "a `tf.distribute` strategy",
    "python.training.distribute": "tf.distribute",
    "python.training.distribution_strategy_context": "tf.distribute",
    "python.training.gen_training_ops": "the ops in tf.raw_ops",
    "python.training.input": "tf.data",
    "python.training.monitored_session": "a training loop with `tf.train.CheckpointManager`",
    _AVERAGE: "`v.assign_sub((v - value) * (1 - decay))`, without `zero_debias=`",
    "python.training.queue_runner": "tf.data",
    "python.training.queue_runner_impl": "tf.data",
    "python.training.saver": "tf.train.Checkpoint",
    "python.training.session_run_hook": "tf.keras.callbacks",
    "python.training.session_manager": "a training loop with `tf.train.CheckpointManager`",
    "python.training.supervisor": "a training loop with `tf.train.CheckpointManager`",
    "python.training.sync_replicas_optimizer": "a `tf.distribute` strategy",
    "python.training.training_ops": "the ops in tf.raw_ops",
    "python.training.training_util": "a step counter of your own",
    "tools.graph_transforms": "`tf.lite` or `tf.config.optimizer`",
    "tensorboard": "the tensorboard package",
    "models": "a copy of that code",
}

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


# Names of these modules that are those of compat.v1, where TF 2 has another object of that name.
_OF_V1 = """
    python.data.ops.iterator_ops:
        Iterator
    python.feature_column.feature_column:
        make_parse_example_spec
    python.feature_column.feature_column_lib:
        categorical_column_with_vocabulary_file make_parse_example_spec
    python.feature_column.feature_column_v2:
        categorical_column_with_vocabulary_file
    python.framework.ops:
        device
    python.ops.array_ops:
        batch_to_space boolean_mask expand_dims gather gather_nd ones_like pad
        reverse_sequence shape size space_to_batch squeeze transpose where zeros_like
    python.ops.check_ops:
        assert_equal assert_greater assert_greater_equal assert_integer assert_less
        assert_less_equal assert_near assert_negative assert_non_negative
        assert_non_positive assert_none_equal assert_positive assert_rank
        assert_rank_at_least assert_rank_in assert_scalar assert_shapes assert_type
    python.ops.cond:
        cond
    python.ops.control_flow_ops:
        case cond tuple while_loop
    python.ops.ctc_ops:
        ctc_beam_search_decoder ctc_loss
    python.ops.embedding_ops:
        embedding_lookup embedding_lookup_sparse safe_embedding_lookup_sparse
    python.ops.functional_ops:
        foldl foldr scan
    python.ops.gradients:
        gradients hessians
    python.ops.gradients_impl:
        gradients hessians
    python.ops.image_ops:
        draw_bounding_boxes extract_glimpse sample_distorted_bounding_box
    python.ops.image_ops_impl:
        draw_bounding_boxes extract_glimpse sample_distorted_bounding_box
    python.ops.init_ops:
        constant_initializer ones_initializer random_normal_initializer
        random_uniform_initializer zeros_initializer
    python.ops.linalg.linalg:
        norm
    python.ops.linalg.linalg_impl:
        norm
    python.ops.linalg_ops:
        norm
    python.ops.map_fn:
        map_fn
    python.ops.math_ops:
        argmax argmin count_nonzero
    python.ops.nn:
        avg_pool batch_norm_with_global_normalization conv1d conv2d conv2d_transpose
        conv3d_transpose convolution crelu ctc_beam_search_decoder ctc_loss
        depthwise_conv2d dropout embedding_lookup embedding_lookup_sparse erosion2d
        fractional_avg_pool fractional_max_pool in_top_k log_softmax max_pool moments
        nce_loss pool safe_embedding_lookup_sparse sampled_softmax_loss separable_conv2d
        sigmoid_cross_entropy_with_logits softmax softmax_cross_entropy_with_logits
        sparse_softmax_cross_entropy_with_logits sufficient_statistics
        weighted_cross_entropy_with_logits weighted_moments
    python.ops.nn_impl:
        batch_norm_with_global_normalization depthwise_conv2d moments nce_loss
        sampled_softmax_loss separable_conv2d sigmoid_cross_entropy_with_logits
        sufficient_statistics weighted_cross_entropy_with_logits weighted_moments
    python.ops.nn_ops:
        avg_pool conv1d conv2d conv2d_transpose conv3d_transpose convolution crelu dropout
        erosion2d fractional_avg_pool fractional_max_pool in_top_k max_pool pool softmax
        softmax_cross_entropy_with_logits sparse_softmax_cross_entropy_with_logits
    python.ops.parsing_ops:
        decode_csv parse_example parse_single_example
    python.ops.sparse_ops:
        serialize_many_sparse serialize_sparse
    python.ops.standard_ops:
        VariableAggregation argmax argmin assert_equal assert_greater assert_less
        assert_rank batch_to_space boolean_mask case cond constant_initializer foldl foldr
        gather gather_nd gradients hessians norm ones_initializer pad
        random_normal_initializer random_uniform_initializer reverse_sequence scan shape
        size space_to_batch tuple where while_loop zeros_initializer
    python.ops.string_ops:
        reduce_join substr
    python.ops.variables:
        VariableAggregation
    python.ops.while_loop:
        while_loop
    python.platform.test:
        compute_gradient
    python.saved_model.loader:
        load
    python.saved_model.loader_impl:
        load
    python.summary.summary:
        audio histogram image scalar text
"""

# Names that are public under another one.
_RENAMED = """
    python.data.ops.dataset_ops:
        get_legacy_output_classes=tf.compat.v1.data.get_output_classes
        get_legacy_output_shapes=tf.compat.v1.data.get_output_shapes
        get_legacy_output_types=tf.compat.v1.data.get_output_types
    python.distribute.distribute_lib:
        has_distribution_strategy=tf.distribute.has_strategy
    python.framework.tensor_util:
        MakeNdarray=tf.make_ndarray constant_value=tf.get_static_value is_tensor=tf.is_tensor
    python.framework.test_util:
        TensorFlowTestCase=tf.test.TestCase
    python.lib.io.file_io:
        create_dir=tf.io.gfile.mkdir delete_file=tf.io.gfile.remove
        delete_recursively=tf.io.gfile.rmtree file_exists=tf.io.gfile.exists
        get_matching_files=tf.io.gfile.glob is_directory=tf.io.gfile.isdir
        list_directory=tf.io.gfile.listdir recursive_create_dir=tf.io.gfile.makedirs
    python.ops.image_ops_impl:
        non_max_suppression_with_overlaps=tf.image.non_max_suppression_overlaps
        resize_images_v2=tf.image.resize
    python.ops.init_ops:
        identity_initializer=tf.compat.v1.initializers.identity
    python.ops.linalg.linalg_impl:
        matrix_exponential=tf.linalg.expm
    python.ops.math_ops:
        inv=tf.math.reciprocal
    python.ops.random_ops:
        random_poisson_v2=tf.random.poisson
    python.ops.script_ops:
        eager_py_func=tf.py_function
    python.ops.sparse_ops:
        sparse_add_v2=tf.sparse.add sparse_concat_v2=tf.sparse.concat
        sparse_eye=tf.sparse.eye sparse_expand_dims=tf.sparse.expand_dims
    python.ops.stateless_random_ops:
        stateless_random_normal=tf.random.stateless_normal
        stateless_random_uniform=tf.random.stateless_uniform
    python.ops.string_ops:
        string_format=tf.strings.format string_length=tf.strings.length
    python.platform.gfile:
        FastGFile=tf.io.gfile.GFile Open=tf.io.gfile.GFile
"""


@lru_cache(maxsize=1)
def _homes() -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in _HOMES.strip().splitlines())
    return {row[0]: tuple(row[1:]) for row in rows}


def _by_module(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    module = ""
    for line in text.strip().splitlines():
        if line.endswith(":"):
            module = line.strip()[:-1]
        else:
            found.setdefault(module, []).extend(line.split())
    return found


@lru_cache(maxsize=3)
def _named_in(text: str) -> frozenset[str]:
    return frozenset(f"{module}.{n}" for module, names in _by_module(text).items() for n in names)


@lru_cache(maxsize=1)
def _renamed() -> dict[str, str]:
    return dict(row.split("=") for row in _named_in(_RENAMED))


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
        if module != path and path not in _named_in(_PARTS):
            return _named(path, module, name, homes, target)
        if module.startswith("core."):
            return ""
        return next((f"`{home}.*`" for home in homes if _is_there(home, target)), "")
    return ""


def _named(path: str, module: str, name: str, homes: tuple[str, ...], target: api.Version) -> str:
    """The public name of the same spelling: with the modules between kept, then without.

    In TF 2 if it is the same there, else in compat.v1.
    """
    if _is_there(renamed := _renamed().get(path, ""), target):
        return renamed
    rest = path[len(module) + 1 :]
    old = [f"{V1}{home[2:]}" for home in (*homes, "tf") if not home.startswith(V1)]
    if path in _named_in(_OF_V1):
        homes = ()
    stem, generation = _GENERATION.sub("", name), _GENERATION.search(name)
    for home in (*homes, *old):
        of_v1 = home.startswith(V1)
        if generation and of_v1 is (generation[1] == "1") and _is_there(f"{home}.{stem}", target):
            return f"{home}.{stem}"
        for candidate in dict.fromkeys((f"{home}.{rest}", f"{home}.{name}")):
            if _is_there(candidate, target):
                return candidate
    return ""


def _is_there(name: str, target: api.Version) -> bool:
    if name.startswith(f"{V1}."):
        return api.in_compat_v1("tf." + name[len(V1) + 1 :], target)
    return name in ("tf", V1) or api.exists(name, target)
