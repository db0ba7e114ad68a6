"""TF7: what Keras 3 still takes but would rather not."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, advised, delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.fixes.edits import rename_keyword
from tf2lint.rules._calls import plain, short
from tf2lint.rules._keras import only_named
from tf2lint.rules.models import family
from tf2lint.tensorflow.api import KERAS_3, all_names

_L = "tf.keras.layers."

# --- TF712 -----------------------------------------------------------------------------------

legacy = family.rule(
    "TF712",
    "keras-legacy",
    "R",
    summary="works with Keras 3, with a warning or as a leftover: input_shape=, Tokenizer ...",
    page="""\
All of these run on Keras 3 (TF 2.16 and later). They are kept for old code, most with a warning,
and may go; the rule is off by default and silent for targets below 2.16.

| leftover | what it wants to be |
|---|---|
| `input_shape=`, `input_dim=` of a first layer | `tf.keras.Input(shape=...)` in front |
| `InputLayer(input_shape=)`, `(batch_input_shape=)` | `shape=`, `batch_shape=` |
| `LeakyReLU(alpha=)` | `negative_slope=` |
| `implementation=` of recurrent layers | nothing: ignored |
| `LambdaCallback(on_batch_begin=)`, `(on_batch_end=)` | `on_train_batch_begin=`, `on_train_batch_end=` |
| `ReduceLROnPlateau(epsilon=)` | `min_delta=` |
| `tf.keras.utils.Sequence` | `tf.keras.utils.PyDataset`; call `super().__init__(**kwargs)` |
| `ImageDataGenerator` | `image_dataset_from_directory` and augmenting layers |
| `Tokenizer` | `TextVectorization` |
| `tf.keras.losses.Reduction.SUM` | `"sum"` |
| `self.compiled_loss(y, p)` in `train_step` | `self.compute_loss(x=x, y=y, y_pred=p)` |
| `self.compiled_metrics.update_state(y, p)` | a loop over `self.metrics` |

`compute_loss` adds the losses of the layers by itself: take `regularization_losses=` away.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(8, «input_shape=(3,)»)])
""",
            good="""\
import tensorflow as tf

model = tf.keras.Sequential([tf.keras.Input(shape=(3,)), tf.keras.layers.Dense(8)])
""",
        ),
        Example(
            bad="""\
from tensorflow.keras.preprocessing.text import «Tokenizer»
""",
            good="""\
from tensorflow.keras.layers import TextVectorization
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Model(tf.keras.Model):
    def loss_of(self, y, prediction):
        return «self.compiled_loss»(y, prediction)
""",
            good="""\
import tensorflow as tf

class Model(tf.keras.Model):
    def loss_of(self, y, prediction):
        return self.compute_loss(y=y, y_pred=prediction)
""",
        ),
    ],
    default=False,
    sources=["https://keras.io/guides/migrating_to_keras_3/"],
)

_FIRST = "a `tf.keras.Input(shape)` before the layer"
_KEYWORDS: dict[str, dict[str, Advice | str]] = {
    # A name with = renames the keyword, the rest is said.
    f"{_L}InputLayer": {"input_shape": "shape=", "batch_input_shape": "batch_shape="},
    f"{_L}LeakyReLU": {"alpha": "negative_slope="},
    f"{_L}Layer": {"input_shape": _FIRST, "input_dim": _FIRST},
    f"{_L}LSTM": {"implementation": delete()},
    f"{_L}GRU": {"implementation": delete()},
    "tf.keras.callbacks.LambdaCallback": {
        "on_batch_begin": "on_train_batch_begin=",
        "on_batch_end": "on_train_batch_end=",
    },
    "tf.keras.callbacks.ReduceLROnPlateau": {"epsilon": "min_delta="},
}
_LAYERS = all_names(*(_L + name for name in (
           "Dense", "Conv1D", "Conv2D", "Conv3D", "Convolution1D", "Convolution2D", "LSTM", "GRU",
           "SimpleRNN", "Flatten", "Reshape", "Embedding", "Activation", "Dropout", "Masking",
           "BatchNormalization", "Bidirectional", "TimeDistributed", "MaxPooling1D",
           "MaxPooling2D", "SeparableConv2D", "DepthwiseConv2D", "ZeroPadding2D", "Lambda",
           "Rescaling", "RandomFlip", "Resizing", "Normalization")))  # fmt: skip


@legacy.on(*_KEYWORDS, *_LAYERS, beside=True)
def _keyword(ref: Reference) -> list[Report]:
    call = ref.call
    if call is None or ref.keras < KERAS_3 or ref.is_method:
        return []
    rows = dict(_KEYWORDS.get(ref.symbol, {}))
    if ref.symbol in _LAYERS:
        rows.update(_KEYWORDS[f"{_L}Layer"])
        if ref.symbol == f"{_L}Embedding":
            rows.pop("input_dim")
    found: list[Report] = []
    for keyword in call.keywords:
        new = rows.get(keyword.arg or "")
        if new is None:
            continue
        use, edits = ref.advise(new), []
        if isinstance(new, str) and new.endswith("="):
            use = advised(f"{new}{short(ref, keyword.value)}")
            edits = [rename_keyword(keyword, new[:-1], safe=True)]
        what = f"has `{keyword.arg}=` only for old code in Keras 3"
        found.append(ref.report(use, what, place=keyword, status="idiom", edits=edits))
    return found


_SYMBOLS = {
    "tf.keras.utils.Sequence": "tf.keras.utils.PyDataset",
    "tf.keras.preprocessing.image.ImageDataGenerator": (
        "`tf.keras.utils.image_dataset_from_directory` with augmenting layers"
    ),
    "tf.keras.preprocessing.text.Tokenizer": "tf.keras.layers.TextVectorization",
    **{
        f"tf.{home}.Reduction.{name}": f'"{name.lower()}"'
        for home in ("keras.losses", "losses")
        for name in ("SUM", "NONE", "SUM_OVER_BATCH_SIZE")
    },
}


@legacy.on(*_SYMBOLS)
def _symbol(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3 or ref.status == "removed" or ref.route == "v1" or only_named(ref):
        return None
    use = ref.say(_SYMBOLS[ref.symbol])
    return ref.report(use, "is a leftover in Keras 3", status="idiom")


@legacy.on("tf.keras.Model.compiled_loss", "tf.keras.Model.compiled_metrics")
def _compiled(ref: Reference) -> Report | None:
    if not ref.is_method or ref.keras < KERAS_3:
        return None
    model = plain(ref, ref.receiver, "self")
    use = f"a loop over `{model}.metrics`"
    if ref.symbol.endswith("loss"):
        args = ref.call.args if ref.call is not None else []
        given = [short(ref, a) for a in args[:2] if not isinstance(a, ast.Starred)]
        pair = f"y={given[0]}, y_pred={given[1]}" if len(given) == 2 else "y=y, y_pred=y_pred"
        use = f"{model}.compute_loss(x=x, {pair})"
    return ref.report(use, "is a leftover in Keras 3", status="idiom")
