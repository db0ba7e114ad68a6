"""TF7: sessions and the learning phase of the Keras backend."""

from __future__ import annotations

from tf2lint.check.advice import Advice, delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import plain
from tf2lint.rules._keras import gone_text
from tf2lint.rules.models import family

_SOURCES = ["https://keras.io/guides/migrating_to_keras_3/"]

# --- TF709 -----------------------------------------------------------------------------------

session = family.rule(
    "TF709",
    "keras-session",
    "W",
    summary="the sessions and the learning phase of the Keras backend are gone",
    page="""\
Keras ran in a session that `tf.keras.backend.get_session()` gave and `set_session(sess)` set.
TF 2 has neither, and `tf.compat.v1.keras.backend` lost them with Keras 3 (TF 2.16). Most uses are
to be deleted: values are there as soon as they are computed, and variables hold their values from
the start. What `set_session` was for is configured for the process:

* `allow_growth`: `tf.config.experimental.set_memory_growth(gpu, True)` for each GPU;
* `per_process_gpu_memory_fraction`: `tf.config.set_logical_device_configuration`;
* thread counts: `tf.config.threading`.

The learning phase was a global switch between training and inference. Keras 3 has only the
`training` argument: hand `training=True` or `False` to the call of a model or layer, and take
`training=None` in the `call` of a layer of your own. `in_train_phase(a, b)` is
`a if training else b`. Up to TF 2.15 the functions are there, and this rule is silent.

`clear_session()` stays.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

config = tf.config.threading
«tf.keras.backend.set_session»(config)
""",
            good="""\
import tensorflow as tf

for gpu in tf.config.list_physical_devices("GPU"):
    tf.config.experimental.set_memory_growth(gpu, True)
""",
        ),
        Example(
            bad="""\
from tensorflow.keras import backend as K

def dropped(x):
    return «K.in_train_phase»(K.dropout(x, 0.1), x)
""",
            good="""\
from tensorflow import keras

class Dropped(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.dropout = keras.layers.Dropout(0.1)

    def call(self, x, training=None):
        return self.dropout(x, training=training)
""",
        ),
    ],
    sources=_SOURCES,
)

_B = "tf.keras.backend."
_TRAINING = "the `training=` argument of the call"
_BACKEND: dict[str, Advice | str] = {
    "get_session": delete("it: there are no sessions, values are computed at once"),
    "set_session": delete("it, and configure devices with `tf.config`"),
    "manual_variable_initialization": delete("it: variables hold their values from the start"),
    "learning_phase": "the training argument of `call()`",
    "set_learning_phase": _TRAINING,
    "learning_phase_scope": _TRAINING,
    "in_train_phase": "`x if training else alt`, with the training argument of `call()`",
    "in_test_phase": "`alt if training else x`, with the training argument of `call()`",
}


@session.on(*(_B + name for name in _BACKEND))
@session.under(_B + "tensorflow_backend")
def _session(ref: Reference) -> Report | None:
    name = ref.symbol.rpartition(".")[2]
    if name not in _BACKEND:
        if name == "tensorflow_backend":
            return ref.report(ref.say("tf.keras.backend"), "does not exist in TF 2")
        if ref.status not in ("removed", "compat"):
            return None
        return ref.report(ref.say(f"tf.keras.backend.{name}", "tf.keras.backend"))
    if ref.status not in ("removed", "compat"):
        return None
    if name in ("in_train_phase", "in_test_phase"):
        args = ref.arguments()
        given = args.given if args is not None and not args.open else {}
        x, alt = (plain(ref, given.get(n), n) for n in ("x", "alt"))
        yes, no = (x, alt) if name == "in_train_phase" else (alt, x)
        return ref.report(f"`{yes} if training else {no}`, with the training argument of `call()`",
                          gone_text(ref))  # fmt: skip
    return ref.report(ref.advise(_BACKEND[name]), gone_text(ref))
