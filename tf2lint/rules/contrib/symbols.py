"""TF3: tf.contrib, which TensorFlow 2 left behind.

Where each part went stands in `data`; see `tf2lint.rules.contrib._table` and `_answers`.
"""

from __future__ import annotations

from tf2lint.check.reference import Reference
from tf2lint.check.registry import Handle, Matched
from tf2lint.finding import Example
from tf2lint.rules.contrib import family

_GUIDE = "https://www.tensorflow.org/guide/migrate/migrate_tf2"

in_core = family.rule(
    "TF301",
    "contrib-in-core",
    "E",
    summary="tf.contrib is gone; this part of it lives on in core TensorFlow or Keras",
    page="""\
TensorFlow 2 has no `tf.contrib`, and `tf.compat.v1` has no copy of it: the import raises
`ModuleNotFoundError`, `tf.contrib.x` raises `AttributeError`. What this rule reports has a
counterpart in core TensorFlow or Keras, and the message writes the call that replaces it.

**Layers** (`contrib.layers`) were functions that made variables in a graph; Keras has objects.
Make each object once, in `__init__` or in a `tf.keras.Sequential`, and call it in the forward
pass: written inline in a training step it would get new weights at every call. The defaults
differ, and the messages spell out what contrib did: `fully_connected` and the convolutions
applied **ReLU** and `SAME` padding by default, Keras applies no activation and pads `valid`;
pooling had stride 2; `batch_norm` had a decay of 0.999 and no gamma, and took
`is_training=True` as its default, and kept the unbiased variance where it was `fused`, as Keras 3
never does; `layer_norm` normalized all axes but the batch, with an
epsilon of 1e-12. A layer with `normalizer_fn` had no bias, and its activation came after the
normalization. An `arg_scope` changed any of these defaults: the hint has the arguments of the
scopes around the call (nested, kept in a variable, returned by a function of the project, or as a
decorator). Where one cannot be read, or stands around the calls of the function that the call is
in, it says "The arguments of the `arg_scope` are added". A scope that
another file enters around a call of a function of this one is not in sight here.

**Regularizers**: `l2_regularizer(s)` was `s * sum(w ** 2) / 2`; Keras' `L2(l)` has no half, hence
`L2(0.5 * s)`. **Initializers**: `variance_scaling_initializer()` was He initialization, a factor
of 2 over the fan-in.

**Losses and metrics**: contrib took predictions (or logits) first, Keras takes labels first.
Streaming metrics were a pair of value and update op; a Keras metric is an object with
`update_state`, `result` and `reset_state`.

**RNN cells**: the LSTM of Keras orders its gates i, f, c, o and keeps the forget bias of 1 in the
bias itself; the state is the list `[h, c]`, not `(c, h)`. `GRUCell` needs `reset_after=False` to
stay the same. Weights do not load across without being reordered.

**Optimizers**: `AdamWOptimizer` subtracted `weight_decay * w`, Keras multiplies by the learning
rate, too; `NadamOptimizer` had no momentum schedule; the lazy variants of Adam have no
counterpart in Keras.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def model(x):
    return «tf.contrib.layers.fully_connected»(x, 64)
""",
            good="""\
import tensorflow as tf

dense = tf.keras.layers.Dense(64, activation="relu")

def model(x):
    return dense(x)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

cell = «tf.contrib.rnn.GRUCell»(128)
""",
            good="""\
import tensorflow as tf

cell = tf.keras.layers.GRUCell(128, reset_after=False)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

penalty = «tf.contrib.layers.l2_regularizer»(scale=0.001)
""",
            good="""\
import tensorflow as tf

penalty = tf.keras.regularizers.L2(0.5 * 0.001)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def pipeline(ds):
    return ds.apply(«tf.contrib.data.shuffle_and_repeat»(1000, 5))
""",
            good="""\
import tensorflow as tf

def pipeline(ds):
    return ds.shuffle(1000).repeat(5)
""",
        ),
        Example(
            bad="""\
from tensorflow.contrib import «autograph»

def convert(step):
    return autograph.to_graph(step)
""",
            good="""\
from tensorflow import autograph

def convert(step):
    return autograph.to_graph(step)
""",
        ),
    ],
    sources=[_GUIDE, "https://www.tensorflow.org/guide/migrate/model_mapping"],
)

in_package = family.rule(
    "TF302",
    "contrib-in-package",
    "E",
    summary="tf.contrib is gone; this part of it went to a package of its own",
    page="""\
Parts of `tf.contrib` became packages when TensorFlow 2 came. Not all of them are alive. What the
message says depends on the TensorFlow that you lint for:

- `tf_slim` 1.1.0 (`slim`): all of it works up to TF 2.12; from TF 2.13 on `batch_norm` fails, with
  or without `tf_keras`. It builds graphs for `tf.compat.v1`, not Keras models.
- `tensorflow_addons` 0.23 (`crf`, `seq2seq`, `image`, `text`, some of `rnn`, `opt`, `losses`): up
  to TF 2.15; its development has ended.
- `tensorflow_probability` (`distributions`, `bayesflow`, `integrate`): every release, one version
  for each; from TF 2.16 on it needs `tf_keras`.
- `tensorflow_io` 0.37 (`bigtable`, `kafka`, `kinesis`, `libsvm`, `ffmpeg`): up to TF 2.17; the
  native library does not load after that.
- `tensorflow_gan` 2.1 (`gan`): up to TF 2.15, since it needs `tf.estimator`.
- `tensorflow_model_optimization` (`model_pruning`, `quantize`): every release, with `tf_keras`, and
  for Keras 2 models only.
- `tensorflow_compression` 2.14 (`coder`): up to TF 2.14.
- `tensorflow_constrained_optimization` (`constrained_optimization`): imports with every release,
  but is not maintained.
- `ydf` (`boosted_trees`, `tensor_forest`): independent of TensorFlow, with another interface.
- `tensorboard` (`tensorboard.plugins.projector`): every release; `visualize_embeddings` takes the
  log directory instead of a writer.

Where a package has the same names with the same arguments and works on the target, changing the
import is all there is to do: the import is reported, and what is reached through it is not.
Otherwise the import and its uses are reported, each with what to write instead.

`tf_slim` is a bridge, not a destination. It makes variables in collections of a graph, so code on
it goes on needing `tf.compat.v1.Session`. The messages for Keras 3 targets name the layer that
takes its place, with the defaults that slim had.""",
    examples=[
        Example(
            bad="""\
from tensorflow.contrib import «slim»

def model(x):
    return slim.conv2d(x, 32, 3)
""",
            good="""\
import tf_slim as slim

def model(x):
    return slim.conv2d(x, 32, 3)
""",
            options=(("target-version", "2.12"),),
        ),
        Example(
            bad="""\
import tensorflow as tf

def model(x):
    return «tf.contrib.slim.conv2d»(x, 32, 3)
""",
            good="""\
import tensorflow as tf

conv = tf.keras.layers.Conv2D(32, 3, padding="same", activation="relu")

def model(x):
    return conv(x)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

normal = «tf.contrib.distributions.Normal»(0.0, 1.0)
""",
            good="""\
import tensorflow_probability as tfp

normal = tfp.distributions.Normal(0.0, 1.0)
""",
        ),
    ],
    sources=[
        _GUIDE,
        "https://github.com/tensorflow/community/blob/master/rfcs/20180907-contrib-sunset.md",
    ],
)

gone = family.rule(
    "TF303",
    "contrib-gone",
    "E",
    summary="tf.contrib is gone, and nothing took over this part of it",
    page="""\
This part of `tf.contrib` was dropped with it. Nobody maintains a successor with the same
interface, so the message names what people do instead.

The common ones:

- `contrib.training.HParams` was a bag of hyperparameters with parsing. A dataclass does for most
  code; `ml_collections.ConfigDict` is nearest to it. `HParams.parse("a=1,b=2")` has no
  counterpart: use `argparse`, or flags.
- `contrib.framework.arg_scope` changed the defaults of functions called in it. Write the
  arguments where they belong, or use `functools.partial`: the hints for the calls inside have
  them.
- `contrib.graph_editor` rewired graphs. Rewrite the `GraphDef`, or build the graph anew.
- `contrib.factorization`, `contrib.learn.SVM` and `KMeansClustering` were estimators for what
  scikit-learn does.
- Optimizers of research papers (`GGTOptimizer`, `ShampooOptimizer`, `AddSignOptimizer` ...) have to
  be written as a subclass of `tf.keras.optimizers.Optimizer`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

hparams = «tf.contrib.training.HParams»(learning_rate=0.1, layers=2)
""",
            good="""\
from dataclasses import dataclass

@dataclass
class HParams:
    learning_rate: float = 0.1
    layers: int = 2

hparams = HParams()
""",
        ),
        Example(
            bad="""\
import «tensorflow.contrib.graph_editor as ge»
""",
            good="""\
import tensorflow as tf

graph = tf.Graph()
""",
        ),
    ],
    sources=[_GUIDE],
)


def _register(handle: Handle) -> None:
    @handle.under("tf.contrib")
    def match(ref: Reference) -> Matched:
        from tf2lint.rules.contrib import _answers  # loads the tables: few modules need them

        return _answers.said(ref, handle.rule.code)


for _handle in (in_core, in_package, gone):
    _register(_handle)
