"""Where the `keras` package of Keras 3 differs from `tf.keras`.

TensorFlow adds names of Keras 2 to `tf.keras` that `keras` itself no longer has, and leaves out
some that `keras` has. Asked of keras 3.15 beside TensorFlow 2.21.
"""

from __future__ import annotations

from tf2lint.tensorflow import api, paths

# What tf.keras.__version__ says beside the releases whose minor version it does not follow;
# TensorFlow 2.13 to 2.15 have only the one of `keras`.
_OLD_VERSIONS: dict[api.Version, str] = {
    (2, 0): "2.2.4-tf", (2, 1): "2.3.0-tf", (2, 2): "2.3.0-tf", (2, 3): "2.4.0",
}  # fmt: skip
_VERSION = "3.15.1"

_LOSS_FUNCTIONS = (
    "kl_divergence", "log_cosh", "mean_absolute_error", "mean_absolute_percentage_error",
    "mean_squared_error", "mean_squared_logarithmic_error",
)  # fmt: skip
_LOSS_ALIASES = (
    "KLD", "MAE", "MAPE", "MSE", "MSLE", "kld", "kullback_leibler_divergence", "logcosh", "mae",
    "mape", "mse", "msle",
)  # fmt: skip
_MODULES = ("tf.keras.losses", "tf.keras.metrics")

# In `keras`, not in `tf.keras`.
_MORE = frozenset(f"{module}.{name}" for module in _MODULES for name in _LOSS_FUNCTIONS)

# In `tf.keras`, not in `keras`.
_LESS = frozenset({
    *(f"{module}.{name}" for module in _MODULES for name in _LOSS_ALIASES),
    "tf.keras.layers.RandomHeight", "tf.keras.layers.RandomWidth",
    "tf.keras.layers.ThresholdedReLU", "tf.keras.losses.Reduction",
    "tf.keras.preprocessing.sequence.TimeseriesGenerator",
    "tf.keras.preprocessing.sequence.make_sampling_table",
    "tf.keras.preprocessing.sequence.skipgrams",
})  # fmt: skip

# All that is left of these in `keras`.
_ONLY = {
    "tf.keras.backend": frozenset({
        "backend", "clear_session", "epsilon", "floatx", "get_uid", "image_data_format",
        "is_float_dtype", "is_int_dtype", "is_keras_tensor", "result_type", "set_epsilon",
        "set_floatx", "set_image_data_format", "standardize_dtype",
    }),
    "tf.keras.preprocessing.image": frozenset({
        "array_to_img", "img_to_array", "load_img", "save_img", "smart_resize",
    }),
    "tf.keras.preprocessing.text": frozenset(),
}  # fmt: skip


def version(target: api.Version) -> str:
    """The version of Keras that goes with `target`."""
    if api.keras_of(target) >= api.KERAS_3:
        return _VERSION
    return _OLD_VERSIONS.get(target, f"{target[0]}.{target[1]}.0")


def exists(symbol: str, target: api.Version) -> bool:
    """Whether `keras` has what `tf.keras` calls `symbol`, whichever Keras `tf.keras` is."""
    target = target[:2]
    own = _differs(symbol) if target >= api.KERAS_3 else None
    return api.exists(symbol, target) if own is None else own


def _differs(symbol: str) -> bool | None:
    """Whether `keras` has `symbol`, where `tf.keras` of Keras 3 does not tell; else None."""
    if symbol in _MORE or paths.under(symbol, "tf.keras.saving"):
        return True
    if symbol in _LESS:
        return False
    for module, left in _ONLY.items():
        if paths.under(symbol, module):
            if symbol == module:
                return None if left else False
            return symbol[len(module) + 1 :].partition(".")[0] in left
    return None
