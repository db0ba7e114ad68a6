"""TF9: TFLite, the profiler, and helpers for tests."""

from __future__ import annotations

from tf2lint.check.advice import Advice, delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.surface import family
from tf2lint.tensorflow import paths

# --- TF913 -----------------------------------------------------------------------------------

tflite = family.rule(
    "TF913",
    "tflite-converter",
    "W",
    summary="the TFLite converter takes SavedModels, Keras models and functions, no graphs",
    page="""\
`tf.lite.TFLiteConverter` of TF 2 is another class than TF 1's. It has `from_saved_model`,
`from_keras_model` and `from_concrete_functions`; sessions, frozen graphs and Keras files are not
taken. Save the session's graph as a SavedModel, wrap a frozen graph with
`tf.compat.v1.wrap_function`, load a Keras file first. Input arrays and shapes come from the
signature.

**Silent:** the attributes of the old converter can still be set on the new one, and nothing looks
at them. `post_training_quantize = True` no longer quantizes: write
`optimizations = [tf.lite.Optimize.DEFAULT]`. `inference_type`, `quantized_input_stats`,
`target_ops`, `output_format` and their kin have no effect either.

`TocoConverter`, `toco_convert` and `OpHint` went with the converter they belonged to.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def convert(session, inputs, outputs):
    return «tf.lite.TFLiteConverter.from_session»(session, inputs, outputs)
""",
            good="""\
import tensorflow as tf

def convert(path):
    return tf.lite.TFLiteConverter.from_saved_model(path)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
«converter.post_training_quantize» = True
""",
            good="""\
import tensorflow as tf

converter = tf.lite.TFLiteConverter.from_saved_model("model")
converter.optimizations = [tf.lite.Optimize.DEFAULT]
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

converter = «tf.lite.TFLiteConverter.from_keras_model_file»("model.h5")
""",
            good="""\
import tensorflow as tf

model = tf.keras.models.load_model("model.h5")
converter = tf.lite.TFLiteConverter.from_keras_model(model)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/lite/models/convert"],
)

_CONVERTER = "tf.lite.TFLiteConverter"
_SAVED = f"{_CONVERTER}.from_saved_model(saved_model_dir)"
_LITE: dict[str, tuple[Advice | str, ...]] = {
    f"{_CONVERTER}.from_frozen_graph": (f"`{_SAVED}`",),
    f"{_CONVERTER}.from_session": (f"`{_SAVED}`",),
    f"{_CONVERTER}.get_input_arrays": ("interpreter.get_input_details()",),
    "tf.lite.OpHint": ("plain TF 2 code: fused ops are found in Keras layers",),
    "tf.lite.TocoConverter": (_SAVED,),
    "tf.lite.TocoConverter.from_frozen_graph": (_SAVED,),
    "tf.lite.TocoConverter.from_keras_model_file": (f"{_CONVERTER}.from_keras_model(model)",),
    "tf.lite.TocoConverter.from_saved_model": (_SAVED,),
    "tf.lite.TocoConverter.from_session": (_SAVED,),
    "tf.lite.experimental.convert_op_hints_to_stubs": (delete("it: TF 2 has no op hints"),),
    "tf.lite.experimental.get_potentially_supported_ops": (
        "tf.lite.experimental.Analyzer.analyze(model_path=...)",
        f"`{_CONVERTER}` itself: it tells",
    ),
    "tf.lite.experimental.nn": ("tf.keras.layers.RNN",),
    "tf.lite.experimental.nn.TFLiteLSTMCell": ("tf.keras.layers.LSTMCell",),
    "tf.lite.experimental.nn.TfLiteRNNCell": ("tf.keras.layers.SimpleRNNCell",),
    "tf.lite.experimental.nn.dynamic_rnn": ("tf.keras.layers.RNN(cell)(inputs)",),
    "tf.lite.toco_convert": (f"{_SAVED}.convert()",),
}

# Attributes of the old converter; the new one takes them and looks at none.
_IGNORED: dict[str, str] = {
    "change_concat_input_ranges": "",
    "conversion_summary_dir": "",
    "default_ranges_stats": "",
    "drop_control_dependency": "",
    "dump_graphviz_dir": "",
    "dump_graphviz_video": "",
    "inference_type": "`inference_input_type` and `target_spec.supported_ops`",
    "output_format": "",
    "post_training_quantize": "{held}.optimizations = [tf.lite.Optimize.DEFAULT]",
    "quantized_input_stats": "",
    "reorder_across_fake_quant": "",
    "target_ops": "{held}.target_spec.supported_ops",
}


@tflite.on(*_LITE)
def _lite(ref: Reference) -> Report | None:
    """Names of the old converter."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(ref.advise(*_LITE[ref.symbol]))


@tflite.on(f"{_CONVERTER}.from_keras_model_file")
def _keras_file(ref: Reference) -> Report | None:
    """A Keras file."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(
        ref.code(f"{_CONVERTER}.from_keras_model(tf.keras.models.load_model({{model_file}}))")
    )


@tflite.store(*(f"{_CONVERTER}.{name}" for name in _IGNORED))
def _ignored(ref: Reference) -> Report | None:
    """An attribute that the new converter does not know."""
    if ref.route == "v1":
        return None
    name = ref.symbol.rpartition(".")[2]
    held = ref.text(ref.receiver) if ref.receiver is not None else "converter"
    told = _IGNORED[name].replace("{held}", held)
    return ref.report(ref.advise(told or delete()), "is ignored in TF 2", status="changed")


# --- TF914 -----------------------------------------------------------------------------------

profiler_v1 = family.rule(
    "TF914",
    "profiler-v1",
    "W",
    summary="tf.profiler's graph profiler is left in compat.v1; TF 2 traces what runs",
    page="""\
The old profiler looked at a graph and at the `RunMetadata` of a session. TF 2's records a trace
while the program runs: `tf.profiler.experimental.start(logdir)` and `stop()`, or `with
tf.profiler.experimental.Profile(logdir):`, to be looked at in TensorBoard. Keras has it as
`tf.keras.callbacks.TensorBoard(profile_batch=...)`.

For counting parameters and floating point operations of a graph `tf.compat.v1.profiler.profile`
still works, on `f.get_concrete_function(...).graph`; for Keras models there is
`model.count_params()`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def trace(graph):
    return «tf.profiler.Profiler»(graph)
""",
            good="""\
import tensorflow as tf

def trace(step):
    with tf.profiler.experimental.Profile("logs"):
        step()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def options():
    return «tf.profiler.ProfileOptionBuilder.float_operation»()
""",
            good="""\
import tensorflow as tf

def count(model):
    return model.count_params()
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/profiler"],
)

_PROFILE = ("tf.profiler.experimental.Profile(logdir)", "tf.profiler.experimental.start(logdir)",
            "tf.summary.trace_on(profiler=True)")  # fmt: skip


@profiler_v1.under("tf.profiler")
def _profiler(ref: Reference) -> Report | None:
    """All of the old profiler."""
    if ref.status not in ("removed", "compat") or ref.symbol == "tf.profiler":
        return None
    kept = () if ref.route == "v1" else (f"tf.compat.v1.{ref.symbol[3:]}",)
    if ref.symbol in ("tf.profiler.Profiler", "tf.profiler.profile"):
        use = "" if ref.route == "v1" else ref.say(*_PROFILE)
        if ref.symbol == "tf.profiler.profile" and kept:
            use = f"`{ref.say(*kept)}` for counts, `{use}` for time"
        return ref.report(use)
    return ref.report(ref.say(*(kept or _PROFILE)))


# --- TF915 -----------------------------------------------------------------------------------

test_utility = family.rule(
    "TF915",
    "test-utility",
    "W",
    summary="helpers of tf.test that Python, or tf.test.TestCase itself, has",
    page="""\
`tf.test.mock` was `unittest.mock`, `tf.test.StubOutForTesting` is `unittest.mock.patch`,
`tf.test.get_temp_dir()` is the method of `tf.test.TestCase` of the same name (or `tempfile`), and
paths of test data are `pathlib`'s business.

`tf.test.compute_gradient_error` compared gradients of a graph; `tf.test.compute_gradient(f,
[x])` takes a function and gives the theoretical and the numerical Jacobian.

Tests that open a session still run: `self.session()` gives one of `compat.v1`, and only
`self.evaluate(tensor)` works under eager execution.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

class NetTest(tf.test.TestCase):
    @«tf.test.mock».patch("net.load")
    def test_load(self, load):
        pass
""",
            good="""\
from unittest import mock
import tensorflow as tf

class NetTest(tf.test.TestCase):
    @mock.patch("net.load")
    def test_load(self, load):
        pass
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

folder = «tf.test.get_temp_dir»()
""",
            good="""\
import tempfile
import tensorflow as tf

folder = tempfile.mkdtemp()
""",
        ),
        Example(
            bad="""\
from tensorflow.test import «StubOutForTesting»
""",
            good="""\
from unittest.mock import patch
""",
        ),
    ],
)

_TEST: dict[str, tuple[str, ...]] = {
    "tf.test.StubOutForTesting": ("unittest.mock.patch",),
    "tf.test.compute_gradient_error": ("tf.test.compute_gradient(f, [x])",),
    "tf.test.get_temp_dir": ("`self.get_temp_dir()` of the test case, or `tempfile`",),
    "tf.test.test_src_dir_path": ("pathlib.Path(__file__).parent",),
}


@test_utility.under(*_TEST)
def _test(ref: Reference) -> Report | None:
    """Helpers of tf.test."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(ref.say(*next(v for k, v in _TEST.items() if paths.under(ref.symbol, k))))


@test_utility.under("tf.test.mock")
def _mock(ref: Reference) -> Report | None:
    """unittest.mock under another name."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report("unittest.mock")
