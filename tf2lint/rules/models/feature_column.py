"""TF7: feature columns."""

from __future__ import annotations

from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.models import family
from tf2lint.tensorflow.api import KERAS_3

_SOURCES = ["https://www.tensorflow.org/guide/migrate/migrating_feature_columns"]
_L = "tf.keras.layers."

# --- TF706 -----------------------------------------------------------------------------------

feature_column = family.rule(
    "TF706",
    "feature-column",
    "W",
    summary="what took feature columns is gone: input_layer, linear_model, DenseFeatures",
    page="""\
A feature column says how to read a feature; something else has to apply it. In TF 1 that was
`tf.feature_column.input_layer` or `linear_model` (left only in `compat.v1`, for graphs), in
Keras 2 the layer `tf.keras.layers.DenseFeatures`. Keras 3 (TF 2.16 and later) has no layer that
takes columns; the functions that make them are still there. Replace the pair of both by Keras
preprocessing layers:

| column | layer |
|---|---|
| `numeric_column` | `Normalization()`, or nothing |
| `bucketized_column` | `Discretization(bin_boundaries=...)` |
| `categorical_column_with_identity` | `CategoryEncoding(num_tokens=n)` |
| `categorical_column_with_hash_bucket` | `Hashing(num_bins=n)` |
| `categorical_column_with_vocabulary_list`, `_file` | `StringLookup(vocabulary=...)`, `IntegerLookup` |
| `crossed_column` | `HashedCrossing(num_bins=n)` |
| `embedding_column` | `Embedding(n, dimension)`; over several values `CategoryEncoding` and `Dense` |
| `indicator_column` | `output_mode="multi_hot"` of the lookup layer |
| `weighted_categorical_column` | `CategoryEncoding(output_mode="count")` with `count_weights=` |
| `shared_embedding_columns` | one `Embedding` layer, called on each input |
| `input_layer`, `DenseFeatures` | `Concatenate()` of the outputs |
| `linear_model` | a `Dense` layer behind them |

`Concatenate` wants a list in Keras 3: `Concatenate()(list(outputs.values()))`.

**Silent:** the order of the columns. `input_layer` and `DenseFeatures` sorted them by name before
they joined them; `Concatenate` takes the order that you give. And
`StringLookup` keeps index 0 for words out of the vocabulary unless `num_oov_indices=0`.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def network(features, columns):
    return «tf.feature_column.input_layer»(features, columns)
""",
            good="""\
import tensorflow as tf

def network(features, layers):
    outputs = [layers[name](features[name]) for name in sorted(layers)]
    return tf.keras.layers.Concatenate()(outputs)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def first(columns):
    return «tf.keras.layers.DenseFeatures»(columns)
""",
            good="""\
import tensorflow as tf

def first():
    return tf.keras.layers.Normalization()
""",
        ),
    ],
    sources=_SOURCES,
)

_APPLIED = (
    "`tf.keras.layers.Concatenate()` of Keras preprocessing layers",
    "tf.keras.layers.DenseFeatures(columns)",
)
_GONE: dict[str, tuple[str, ...]] = {
    "tf.feature_column.input_layer": _APPLIED,
    "tf.feature_column.linear_model": ("`tf.keras.layers.Dense(units)` on the encoded features",),
    "tf.feature_column.shared_embedding_columns": (
        "one `tf.keras.layers.Embedding`, called on each of the inputs",
    ),
    "tf.keras.layers.DenseFeatures": ("`tf.keras.layers.Concatenate()` of preprocessing layers",),
    "tf.keras.experimental.SequenceFeatures": (
        "`tf.keras.layers.Embedding(n, dimension, mask_zero=True)` before an RNN layer",
    ),
}


@feature_column.on(*_GONE)
def _gone(ref: Reference) -> Report | None:
    if ref.status not in ("removed", "compat"):
        return None
    if ref.symbol == "tf.feature_column.shared_embedding_columns" and ref.keras < KERAS_3:
        code = ref.code(
            "tf.feature_column.shared_embeddings({categorical_columns}, {dimension},"
            " combiner={combiner}, initializer={initializer}, max_norm={max_norm},"
            " trainable={trainable})"
        )
        return ref.report(code)
    old = ref.symbol == "tf.feature_column.input_layer" and ref.keras < KERAS_3
    return ref.report(ref.say(*(_GONE[ref.symbol][::-1] if old else _GONE[ref.symbol])))


# --- TF713 -----------------------------------------------------------------------------------

unused = family.rule(
    "TF713",
    "feature-column-unused",
    "R",
    summary="a feature column, which no layer of Keras 3 takes",
    page="""\
The functions of `tf.feature_column` are deprecated but work, and their columns go into
`make_parse_example_spec`. No layer of Keras 3 (TF 2.16 and later) takes them, so in most programs
a column is the first line of something that fails later, at `DenseFeatures` (TF706).

This rule points to each column and names the Keras layer to use in its place. It is off by
default, since the line itself is no error.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

age = «tf.feature_column.numeric_column»("age")
""",
            good="""\
import tensorflow as tf

age = tf.keras.Input(shape=(1,), name="age")
scaled = tf.keras.layers.Normalization()(age)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def crossed(keys):
    return «tf.feature_column.crossed_column»(keys, 1000)
""",
            good="""\
import tensorflow as tf

def crossed(inputs):
    return tf.keras.layers.HashedCrossing(num_bins=1000)(inputs)
""",
        ),
    ],
    default=False,
    sources=_SOURCES,
)

_COLUMNS = {
    "numeric_column": f"`{_L}Normalization()` on an input",
    "bucketized_column": f"{_L}Discretization(bin_boundaries={{boundaries}})",
    "categorical_column_with_identity": f"{_L}CategoryEncoding(num_tokens={{num_buckets}})",
    "categorical_column_with_hash_bucket": f"{_L}Hashing(num_bins={{hash_bucket_size}})",
    "categorical_column_with_vocabulary_list": f"{_L}StringLookup(vocabulary={{vocabulary_list}})",
    "categorical_column_with_vocabulary_file": f"{_L}StringLookup(vocabulary={{vocabulary_file}})",
    "crossed_column": f"{_L}HashedCrossing(num_bins={{hash_bucket_size}})",
    "embedding_column": f"{_L}Embedding(input_dim, {{dimension}})",
    "shared_embeddings": f"{_L}Embedding(input_dim, {{dimension}})",
    "indicator_column": f'{_L}CategoryEncoding(num_tokens, output_mode="multi_hot")',
    "weighted_categorical_column": f'{_L}CategoryEncoding(num_tokens, output_mode="count")',
    "sequence_numeric_column": f"`{_L}Normalization()` on an input",
    "sequence_categorical_column_with_identity": (
        f"{_L}Embedding({{num_buckets}}, output_dim, mask_zero=True)"
    ),
    "sequence_categorical_column_with_hash_bucket": f"{_L}Hashing(num_bins={{hash_bucket_size}})",
    "sequence_categorical_column_with_vocabulary_list": (
        f"{_L}StringLookup(vocabulary={{vocabulary_list}})"
    ),
    "sequence_categorical_column_with_vocabulary_file": (
        f"{_L}StringLookup(vocabulary={{vocabulary_file}})"
    ),
    "make_parse_example_spec": "a dictionary of `tf.io.FixedLenFeature` and `tf.io.VarLenFeature`",
}


# What the layer is called with.
_INPUTS = ("categorical_column", "categorical_columns", "column_name", "key", "keys")


@unused.on(*(f"tf.feature_column.{name}" for name in _COLUMNS))
def _column(ref: Reference) -> Report | None:
    if ref.keras < KERAS_3 or ref.is_import or ref.route == "v1":
        return None
    text = _COLUMNS[ref.symbol.rpartition(".")[2]]
    use = ref.code(text, settled=_INPUTS).only() if "{" in text else ref.say(text)
    return ref.report(use, "is taken by no Keras 3 layer", status="idiom")
