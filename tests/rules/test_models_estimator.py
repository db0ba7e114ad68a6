"""TF705, TF706 and TF713: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, told

TF = "import tensorflow as tf\n"

NAMES = """\
import tensorflow as tf

tf.estimator.Estimator(model_fn)
tf.estimator.ModeKeys.TRAIN
tf.estimator.export.ServingInputReceiver(a, b)
tf.estimator.DNNClassifier([3], columns)
tf.compat.v1.estimator.RunConfig()
tf.estimator.inputs.numpy_input_fn(x, y)
tf.estimator.tpu.TPUEstimator(model_fn)
tf.compat.v1.estimator.tpu.TPUConfig()
tf.keras.estimator.model_to_estimator(model)
"""


@pytest.mark.parametrize(
    ("target", "lines"),
    [("2.21", [3, 4, 5, 6, 7, 8, 9, 10, 11]), ("2.15", [8, 9, 10]), ("2.0", [8, 9, 10])],
)
def test_estimators_by_target(target: str, lines: list[int]) -> None:
    found = findings(NAMES, target_version=target)
    assert [(f.code, f.line) for f in found] == [("TF705", line) for line in lines]


def test_compat_v1_works_up_to_2_15() -> None:
    text = f"{TF}tf.compat.v1.estimator.tpu.RunConfig()\n"
    assert [f.status for f in findings(text)] == ["removed"]
    assert [f.status for f in findings(text, target_version="2.15")] == ["compat"]


INPUTS = {
    "numpy_input_fn(x, y)": "from_tensor_slices((x, y)).shuffle(1000).batch(128)",
    "numpy_input_fn({'a': x}, shuffle=False)": "from_tensor_slices({'a': x}).batch(128)",
    "numpy_input_fn(x, y, 32, None, True)": (
        "from_tensor_slices((x, y)).shuffle(1000).repeat().batch(32)"
    ),
    "numpy_input_fn(x, y, num_epochs=n, shuffle=False)": (
        "from_tensor_slices((x, y)).repeat(n).batch(128)"
    ),
    "pandas_input_fn(x=df, y=y, num_epochs=1, shuffle=False)": (
        "from_tensor_slices((dict(df), y)).batch(128)"
    ),
    "pandas_input_fn(**kwargs)": ("from_tensor_slices((dict(x), y)).shuffle(n).batch(batch_size)"),
}


@pytest.mark.parametrize("call", INPUTS)
def test_input_functions(call: str) -> None:
    (only,) = findings(f"{TF}tf.estimator.inputs.{call}\n")
    assert only.hint is not None
    assert told(only) == f"tf.data.Dataset.{INPUTS[call]}"


def test_hints_name_what_the_target_has() -> None:
    text = f"{TF}tf.estimator.inputs\ntf.estimator.tpu.InputPipelineConfig.PER_HOST_V1\n"
    for target in ("2.0", "2.15", "2.21"):
        assert all(told(f) for f in findings(text, target_version=target))


COLUMNS = """\
import tensorflow as tf

columns = [tf.feature_column.numeric_column("a")]
spec = tf.feature_column.make_parse_example_spec(columns)
tf.compat.v1.feature_column.input_layer(features, columns)
tf.feature_column.linear_model(features, columns)
tf.feature_column.shared_embedding_columns([a, b], dimension=3)
tf.keras.layers.DenseFeatures(columns)
tf.keras.experimental.SequenceFeatures(columns)
"""


@pytest.mark.parametrize(
    ("target", "lines"), [("2.21", [5, 6, 7, 8, 9]), ("2.15", [5, 6, 7]), ("2.0", [5, 6, 7])]
)
def test_columns_by_target(target: str, lines: list[int]) -> None:
    found = findings(COLUMNS, target_version=target)
    assert [(f.code, f.line) for f in found] == [("TF706", line) for line in lines]


def test_shared_columns_have_a_name_in_keras_2() -> None:
    text = f"{TF}tf.feature_column.shared_embedding_columns([a, b], dimension=3)\n"
    (only,) = findings(text, target_version="2.15")
    assert only.hint is not None
    assert told(only) == "tf.feature_column.shared_embeddings([a, b], 3)"


def test_columns_themselves_only_on_demand() -> None:
    found = findings(COLUMNS, enable=["feature-column-unused"])
    assert [(f.code, f.line) for f in found][:2] == [("TF713", 3), ("TF713", 4)]
    assert "TF713" not in codes(COLUMNS, enable=["TF713"], target_version="2.15")
