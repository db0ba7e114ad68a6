"""What took the place of TF 1's names, where the tables cannot tell; for the surface rules.

The tables know the new name of an object that only moved. Here is what they cannot know: what
does the same with other parameters, as an expression, and what to do where nothing does.
Templates hold the parameters of the TF 1 signature in braces.
"""

from __future__ import annotations

from tf2lint.check.advice import Advice, delete, install

# The TF 2 function that takes the same parameters, or their successors.
LIKE: dict[str, str] = {
    "tf.arg_max": "tf.argmax",
    "tf.arg_min": "tf.argmin",
    "tf.batch_to_space_nd": "tf.batch_to_space",
    "tf.extract_image_patches": "tf.image.extract_patches",
    "tf.floor_div": "tf.math.floordiv",
    "tf.image.extract_image_patches": "tf.image.extract_patches",
    "tf.image.resize_image_with_pad": "tf.image.resize_with_pad",
    "tf.image.resize_images": "tf.image.resize",
    "tf.manip.batch_to_space_nd": "tf.batch_to_space",
    "tf.nn.ctc_loss_v2": "tf.nn.ctc_loss",
    "tf.quantize_v2": "tf.quantization.quantize",
    "tf.sparse_matmul": "tf.linalg.matmul",
    "tf.substr": "tf.strings.substr",
}

# Ops without a wrapper in TF 2; the raw op takes the same parameters, as keywords.
RAW: dict[str, str] = {
    "tf.nn.conv2d_backprop_filter": "Conv2DBackpropFilter",
    "tf.nn.conv3d_backprop_filter": "Conv3DBackpropFilterV2",
    "tf.nn.conv3d_backprop_filter_v2": "Conv3DBackpropFilterV2",
    "tf.nn.quantized_avg_pool": "QuantizedAvgPool",
    "tf.nn.quantized_conv2d": "QuantizedConv2D",
    "tf.nn.quantized_max_pool": "QuantizedMaxPool",
    "tf.nn.quantized_relu_x": "QuantizedReluX",
}

_CAST = {
    "bfloat16": "bfloat16", "complex128": "complex128", "complex64": "complex64",
    "double": "float64", "float": "float32", "int32": "int32", "int64": "int64",
}  # fmt: skip
_RESIZE = "tf.image.resize({{images}}, {{size}}, method={method}, name={{name}})"
_REDUCE = "tf.sparse.reduce_{op}({{sp_input}}, axis={{{axis}}}, keepdims={{{keep}}}, {sparse})"
_SPARSE_REDUCE = tuple(
    (axis, keep) for axis in ("axis", "reduction_axes") for keep in ("keepdims", "keep_dims")
)

# Expressions that do the same. Several stand for the parameters that may be given: the first
# that names them all is taken.
EXPRESSIONS: dict[str, tuple[str, ...]] = {
    **{
        f"tf.to_{name}": (f"tf.cast({{x}}, tf.{dtype}, name={{name}})",)
        for name, dtype in _CAST.items()
    },
    **{
        f"tf.image.resize_{name}": (_RESIZE.format(method=f'"{method}"'),)
        for name, method in {
            "area": "area", "bicubic": "bicubic", "bilinear": "bilinear",
            "nearest_neighbor": "nearest",
        }.items()
    },
    **{
        f"tf.{prefix}reduce_{op}_sparse": tuple(
            _REDUCE.format(op=op, axis=axis, keep=keep, sparse="output_is_sparse=True")
            for axis, keep in _SPARSE_REDUCE
        )
        for prefix in ("sparse_", "sparse.")
        for op in ("max", "sum")
    },
    "tf.batch_gather": ("tf.gather({params}, {indices}, batch_dims=-1, name={name})",),
    "tf.clip_by_average_norm": (
        "tf.clip_by_norm({t}, {clip_norm} * tf.cast(tf.size({t}), tf.float32), name={name})",
    ),
    "tf.data.experimental.RaggedTensorStructure": (
        "tf.RaggedTensorSpec({shape}, {dtype}, ragged_rank={ragged_rank})",
    ),
    "tf.data.experimental.SparseTensorStructure": ("tf.SparseTensorSpec({shape}, {dtype})",),
    "tf.data.experimental.TensorArrayStructure": (
        "tf.TensorArraySpec({element_shape}, {dtype}, {dynamic_size}, {infer_shape})",
    ),
    "tf.data.experimental.TensorStructure": ("tf.TensorSpec({shape}, {dtype})",),
    "tf.nn.conv2d_backprop_input": (
        "tf.nn.conv2d_transpose({out_backprop}, {filter}, {input_sizes}, {strides}, "
        "padding={padding}, data_format={data_format}, dilations={dilations}, name={name})",
        "tf.nn.conv2d_transpose({out_backprop}, {filters}, {input_sizes}, {strides}, "
        "padding={padding}, data_format={data_format}, dilations={dilations}, name={name})",
    ),
    "tf.nn.depthwise_conv2d_native": (
        "tf.nn.depthwise_conv2d({input}, {filter}, {strides}, {padding}, "
        "data_format={data_format}, name={name})",
        "tf.raw_ops.DepthwiseConv2dNative(input={input}, filter={filter}, strides={strides}, "
        "padding={padding}, data_format={data_format}, dilations={dilations}, name={name})",
    ),
    "tf.nn.softmax_cross_entropy_with_logits_v2": (
        # By name: TF 1 took no positions under the new name, TF 0.x took them in another order.
        "tf.nn.softmax_cross_entropy_with_logits(labels={labels}, logits={logits}, axis={axis},"
        " name={name})",
        "tf.nn.softmax_cross_entropy_with_logits(labels={labels}, logits={logits}, axis={dim},"
        " name={name})",
    ),
    "tf.setdiff1d": (
        "tf.raw_ops.ListDiff(x={x}, y={y}, out_idx={index_dtype}, name={name})",
    ),
    "tf.string_split": (
        "tf.strings.split({source}, sep={sep}, name={name}).to_sparse()",
        "tf.strings.split({source}, sep={delimiter}, name={name}).to_sparse()",
    ),
}  # fmt: skip

# Other numbers: words, and no edit.
HALF = "Other numbers: half-pixel centres"

# What to say after the new call.
NOTES: dict[str, str] = {
    "tf.image.resize_bicubic": HALF,
    "tf.image.resize_bilinear": HALF,
    "tf.image.resize_image_with_pad": HALF,
    "tf.image.resize_images": HALF,
    "tf.image.resize_nearest_neighbor": HALF,
}  # fmt: skip

_TFP = install("`tfp.distributions.{leaf}` of `tensorflow_probability`")
_PROTO = "`tf.compat.v1.{leaf}`, a plain protobuf class there"
_ALWAYS = "`True`: it is always so in TF 2"
_ACCUMULATOR = "a `tf.Variable` that sums the gradients"
_MIXED = 'tf.keras.mixed_precision.set_global_policy("mixed_float16")'
_PROFILER = "tf.profiler.experimental.start(logdir)"

# What to do where no name and no expression is left; the first text that holds is taken.
GONE: dict[str, tuple[Advice | str, ...]] = {
    "tf.NameAttrList": (_PROTO,),
    "tf.TensorInfo": (_PROTO,),
    **{
        f"tf.{name}": (_ACCUMULATOR,)
        for name in ("ConditionalAccumulator", "ConditionalAccumulatorBase",
                     "SparseConditionalAccumulator", "sparse.SparseConditionalAccumulator")
    },
    "tf.SparseTensorValue": ("`tf.sparse.SparseTensor`: eager results are one",),
    "tf.colocate_with": ("tf.device(tensor.device)",),
    "tf.config.experimental.disable_mlir_graph_optimization": (delete(),),
    "tf.config.experimental.enable_mlir_graph_optimization": (delete(),),
    "tf.control_flow_v2_enabled": (_ALWAYS,),
    "tf.convert_to_tensor_or_indexed_slices": (
        "`tf.convert_to_tensor(value)`, unless it is a `tf.IndexedSlices`",
    ),
    "tf.convert_to_tensor_or_sparse_tensor": (
        "`tf.convert_to_tensor(value)`, unless it is a `tf.sparse.SparseTensor`",
    ),
    "tf.data.experimental.MapVectorizationOptions": (delete("it: `dataset.batch()` then `map()`"),),
    "tf.data.experimental.StatsAggregator": (_PROFILER,),
    "tf.data.experimental.StatsOptions": (_PROFILER,),
    "tf.data.experimental.bytes_produced_stats": (_PROFILER,),
    "tf.data.experimental.latency_stats": (_PROFILER,),
    "tf.data.experimental.map_and_batch_with_legacy_function": (
        "dataset.map(map_func).batch(batch_size)",
    ),
    "tf.delete_session_tensor": (delete("it: eager tensors are values"),),
    "tf.div": ("`x // y` for integers, `x / y` for floats",),
    "tf.errors.error_code_from_exception_type": ("the exception's `error_code`",),
    "tf.errors.exception_type_from_error_code": ("the classes of `tf.errors`",),
    "tf.errors.raise_exception_on_not_ok_status": ("`try:` and `except tf.errors.OpError:`",),
    "tf.executing_eagerly_outside_functions": (
        "`tf.executing_eagerly()` under `tf.init_scope()`",
    ),
    "tf.get_session_handle": ("the tensor itself: eager tensors are values",),
    "tf.get_session_tensor": ("the tensor itself: eager tensors are values",),
    "tf.load_file_system_library": (
        "tf.experimental.register_filesystem_plugin(path)", "tf.load_library(path)",
    ),
    "tf.lookup.experimental.DatasetInitializer": (
        "tf.data.experimental.DatasetInitializer(dataset)",
        "tf.lookup.KeyValueTensorInitializer(keys, values)",
    ),
    "tf.ragged.RaggedTensorValue": ("`tf.RaggedTensor`: eager results are one",),
    "tf.resource_variables_enabled": (_ALWAYS,),
    "tf.sparse.merge": ("tf.sparse.SparseTensor(indices, values, dense_shape)",),
    "tf.sparse_merge": ("tf.sparse.SparseTensor(indices, values, dense_shape)",),
    "tf.sparse_to_dense": (
        "`tf.scatter_nd(indices, updates, shape)`, or `tf.sparse.to_dense(sparse_tensor)`",
    ),
    "tf.train.do_quantize_training_on_graphdef": (
        install("`quantize_model` of `tensorflow_model_optimization`"),
    ),
    "tf.train.sdca_fprint": ("tf.raw_ops.SdcaFprint(input=...)",),
    "tf.train.sdca_optimizer": ("`tf.raw_ops.SdcaOptimizerV2` with keywords",),
    "tf.train.sdca_shrink_l1": ("tf.raw_ops.SdcaShrinkL1(weights=..., l1=..., l2=...)",),
    "tf.wrap_function": ("tf.compat.v1.wrap_function(fn, signature)", "tf.function"),
}  # fmt: skip


# The same for everything below a module; `{leaf}` is the last name.
GONE_UNDER: dict[str, tuple[Advice | str, ...]] = {
    "tf.distributions": (_TFP,),
    "tf.manip": ("tf.{leaf}",),
    "tf.mixed_precision": (_MIXED,),
    "tf.spectral": ("tf.signal.{leaf}", "tf.signal"),
    "tf.user_ops": ("tf.load_op_library(path)",),
}  # fmt: skip

# Modules by their new name.
MODULES: dict[str, str] = {"tf.manip": "tf", "tf.spectral": "tf.signal"}

# Names of TF 0.x, gone before 1.15; the tables do not know them.
OLD: dict[str, str] = {
    "tf.batch_cholesky": "tf.linalg.cholesky",
    "tf.batch_cholesky_solve": "tf.linalg.cholesky_solve",
    "tf.batch_fft": "tf.signal.fft",
    "tf.batch_fft2d": "tf.signal.fft2d",
    "tf.batch_fft3d": "tf.signal.fft3d",
    "tf.batch_ifft": "tf.signal.ifft",
    "tf.batch_ifft2d": "tf.signal.ifft2d",
    "tf.batch_ifft3d": "tf.signal.ifft3d",
    "tf.batch_matmul": "tf.linalg.matmul",
    "tf.batch_matrix_band_part": "tf.linalg.band_part",
    "tf.batch_matrix_determinant": "tf.linalg.det",
    "tf.batch_matrix_diag": "tf.linalg.diag",
    "tf.batch_matrix_diag_part": "tf.linalg.diag_part",
    "tf.batch_matrix_inverse": "tf.linalg.inv",
    "tf.batch_matrix_set_diag": "tf.linalg.set_diag",
    "tf.batch_matrix_solve": "tf.linalg.solve",
    "tf.batch_matrix_solve_ls": "tf.linalg.lstsq",
    "tf.batch_matrix_transpose": "tf.linalg.matrix_transpose",
    "tf.batch_matrix_triangular_solve": "tf.linalg.triangular_solve",
    "tf.batch_self_adjoint_eig": "tf.linalg.eigh",
    "tf.batch_self_adjoint_eigvals": "tf.linalg.eigvalsh",
    "tf.batch_svd": "tf.linalg.svd",
    "tf.complex_abs": "tf.math.abs",
    "tf.concat_v2": "tf.concat",
    "tf.image.per_image_whitening": "tf.image.per_image_standardization",
    "tf.image.resize_image_with_crop": "tf.image.resize_with_crop_or_pad",
    "tf.inv": "tf.math.reciprocal",
    "tf.mul": "tf.math.multiply",
    "tf.neg": "tf.math.negative",
    "tf.pack": "tf.stack",
    "tf.select": "tf.where",
    "tf.split_v": "tf.split",
    "tf.sub": "tf.math.subtract",
    "tf.unpack": "tf.unstack",
}

# The same where the call needs more than another name.
OLD_GONE: dict[str, str] = {
    "tf.list_diff": "tf.raw_ops.ListDiff(x=x, y=y)",
    "tf.listdiff": "tf.raw_ops.ListDiff(x=x, y=y)",
    "tf.nn.seq2seq": "`tf.keras.layers.LSTM` with `return_state=True`",
    "tf.models": "tf.keras.models",
    "tf.learn": "tf.keras",
}

_OPTIMIZER = "tf.keras.optimizers.Optimizer"
_TABLE = (delete("it: a table is filled when it is made"),)

# Members of classes that are still there, on objects or on the class.
MEMBERS: dict[str, tuple[Advice | str, ...]] = {
    "tf.Operation.traceback_with_start_lines": ("operation.traceback",),
    "tf.data.experimental.Optional.none_from_structure": (
        "tf.experimental.Optional.empty(element_spec)",
        "tf.data.experimental.Optional.empty(element_spec)",
        "tf.data.experimental.Optional",
    ),
    "tf.data.experimental.Optional.value_structure": ("optional.element_spec",),
    "tf.distribute.experimental.TPUStrategy.steps_per_run": (
        "model.compile(steps_per_execution=...)",
    ),
    "tf.keras.preprocessing.image.Iterator.next": ("next(iterator)",),
    f"{_OPTIMIZER}.add_slot": (
        "{self}.add_variable_from_reference({var}, {slot_name}, initializer={initializer})",
    ),
    f"{_OPTIMIZER}.add_weight": ("self.add_variable(shape)",),
    **{f"tf.lookup.{name}.initializer": _TABLE
       for name in ("StaticHashTable", "StaticVocabularyTable")},
    **{
        f"tf.keras.layers.{cell}.get_{kind}dropout_mask_for_cell": (
            f"self.get_{kind}dropout_mask(step_input)",
        )
        for cell in ("GRUCell", "LSTMCell", "SimpleRNNCell")
        for kind in ("", "recurrent_")
    },
}  # fmt: skip
