"""TF3: packages that took over parts of tf.contrib and ended before the target."""

from __future__ import annotations

from typing import NamedTuple

from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.contrib import family
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import dotted


class Ended(NamedTuple):
    """A package, the last TF 2 that it works with, how it fails after that, what to use."""

    last: api.Version
    fate: str
    use: tuple[str, ...]


_IMPORT = "cannot be imported since TF"
_ENDED = {
    "tensorflow_addons": Ended(
        (2, 15),
        _IMPORT,
        ("`tf.keras`, or a copy of what that lacks",),
    ),
    "tensorflow_estimator": Ended((2, 15), _IMPORT, ("a `tf.keras.Model` with compile and fit",)),
    "tensorflow_gan": Ended(
        (2, 15), _IMPORT, ("a copy of what is needed: a training step has two `tf.GradientTape`",)
    ),
    "tensorflow_io": Ended(
        (2, 17), "does not load its operations since TF", ("tf.data.Dataset.from_generator",)
    ),
    "tensorflow_compression": Ended((2, 14), "has had no release since TF", ("own code",)),
    "tensorflow_decision_forests": Ended((2, 19), _IMPORT, ("ydf, which needs no TensorFlow",)),
}

# Where parts of TensorFlow Addons are found in Keras.
_IN_KERAS = {
    "activations.gelu": "tf.keras.activations.gelu",
    "activations.mish": "tf.keras.activations.mish",
    "activations.hardshrink": "tf.keras.activations.hard_shrink",
    "activations.softshrink": "tf.keras.activations.soft_shrink",
    "activations.tanhshrink": "tf.keras.activations.tanh_shrink",
    "activations.sparsemax": "tf.keras.activations.sparsemax",
    "image.equalize": "tf.keras.layers.Equalization",
    "layers.AdaptiveAveragePooling1D": "tf.keras.layers.AdaptiveAveragePooling1D",
    "layers.AdaptiveAveragePooling2D": "tf.keras.layers.AdaptiveAveragePooling2D",
    "layers.GELU": 'tf.keras.layers.Activation("gelu")',
    "layers.GroupNormalization": "tf.keras.layers.GroupNormalization",
    "layers.InstanceNormalization": "tf.keras.layers.GroupNormalization(groups=-1)",
    "layers.MultiHeadAttention": "tf.keras.layers.MultiHeadAttention",
    "layers.SpectralNormalization": "tf.keras.layers.SpectralNormalization",
    "losses.GIoULoss": "a loss of your own (`tf.keras.losses.Loss`)",
    "losses.SigmoidFocalCrossEntropy": "tf.keras.losses.BinaryFocalCrossentropy",
    "metrics.CohenKappa": "sklearn.metrics.cohen_kappa_score",
    "metrics.F1Score": "tf.keras.metrics.F1Score",
    "metrics.FBetaScore": "tf.keras.metrics.FBetaScore",
    "metrics.PearsonsCorrelation": "tf.keras.metrics.PearsonCorrelation",
    "metrics.RSquare": "tf.keras.metrics.R2Score",
    "optimizers.AdamW": "tf.keras.optimizers.AdamW",
    "optimizers.LAMB": "tf.keras.optimizers.Lamb",
    "optimizers.MovingAverage": "`use_ema=True` of the Keras optimizer",
    "optimizers.SGDW": "`tf.keras.optimizers.SGD` with `weight_decay=`",
    "optimizers.CyclicalLearningRate": "tf.keras.optimizers.schedules.LearningRateSchedule",
    "seq2seq": "`tf.keras.layers.AdditiveAttention` and a decoder loop of your own",
}

ended = family.rule(
    "TF304",
    "package-ended",
    "E",
    default=False,
    summary="a package beside TensorFlow whose last release does not work with the target",
    page="""\
Many a move away from `tf.contrib` led to a package that has ended since. Importing it works up to a
certain TensorFlow and fails with the later ones:

- `tensorflow_addons`: TF 2.15. Keras has taken over its most used parts: `AdamW`, `Lamb`,
  `GroupNormalization`, `SpectralNormalization`, `F1Score`, focal loss, `sparsemax`. What is left
  (CRF, `seq2seq`, image warps) is plain TensorFlow code that can be copied.
- `tensorflow_estimator`: TF 2.15, like `tf.estimator`.
- `tensorflow_gan`: TF 2.15.
- `tensorflow_compression`: TF 2.14.
- `tensorflow_io`: TF 2.17. The import itself still passes with a warning, its operations raise.
- `tensorflow_decision_forests`: TF 2.19; `ydf` reads the same models.

Only the import is reported. An import in a `try` that catches `ImportError` is left alone.

`tensorflow_probability` and `tensorflow_model_optimization` are not among them: they work, but
need the package `tf_keras` next to TF 2.16 and later.""",
    examples=[
        Example(
            bad="import «tensorflow_addons as tfa»\n\noptimizer = tfa.optimizers.AdamW(1e-4)\n",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.AdamW(weight_decay=1e-4)
""",
        ),
        Example(
            bad="from tensorflow_addons.layers import «InstanceNormalization»\n",
            good="""\
import tensorflow as tf

norm = tf.keras.layers.GroupNormalization(groups=-1)
""",
        ),
    ],
    sources=["https://github.com/tensorflow/addons/issues/2807"],
)


@ended.import_of(*_ENDED)
def _ended(ref: Reference) -> Report | None:
    package, _, inside = ref.symbol.partition(".")
    what = _ENDED[package]
    if ref.target <= what.last:
        return None
    use = list(what.use)
    if package == "tensorflow_gan" and inside:
        use = ["a copy of what is needed"]
    if package == "tensorflow_addons":
        known = _IN_KERAS.get(inside) or _IN_KERAS.get(inside.partition(".")[0])
        use[:0] = [known] if known is not None else []
    return ref.report(
        ref.say(*use),
        f"{what.fate} {dotted(_after(what.last))}",
        status="removed",
    )


def _after(release: api.Version) -> api.Version:
    return min(r for r in api.RELEASES if r > release)
