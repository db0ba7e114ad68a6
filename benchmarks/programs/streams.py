"""Random streams set from outside: every TensorFlow draws the same numbers for the same program.

The kernels of 1.15 and of the newest TensorFlow draw the same for the same pair of seeds. What
differs is how the pairs come about: here they are counted, whatever seeds the program sets. Keras
has streams of its own; they are sent through the same kernels.

Runs inside the Python of a TensorFlow, 1.15's is 3.7.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np


def set_up(tf: Any) -> None:
    """Count the seeds of `tf`, and seed Python's streams and NumPy's."""
    from tensorflow.python.framework import random_seed

    count = [0]

    def get_seed(op_seed: Any = None) -> tuple[int, int]:
        count[0] += 1
        return 20_000_003, count[0]

    random_seed.get_seed = get_seed
    np.random.seed(11)
    random.seed(11)


def set_up_keras_3(tf: Any) -> None:
    """Have Keras 3 draw as TF 1 does."""
    from keras.src.backend.tensorflow import random as drawn

    v1 = tf.compat.v1
    drawn.normal = lambda shape, mean=0.0, stddev=1.0, dtype=None, seed=None: v1.random_normal(
        shape, mean, stddev, dtype or "float32"
    )
    drawn.uniform = lambda shape, minval=0.0, maxval=1.0, dtype=None, seed=None: v1.random_uniform(
        shape, minval, maxval, dtype or "float32"
    )
    drawn.truncated_normal = lambda shape, mean=0.0, stddev=1.0, dtype=None, seed=None: (
        v1.truncated_normal(shape, mean, stddev, dtype or "float32")
    )
    drawn.dropout = lambda inputs, rate, noise_shape=None, seed=None: v1.nn.dropout(
        inputs, rate=rate, noise_shape=noise_shape
    )


def set_up_keras_2(tf: Any) -> None:
    """Have Keras 2, the package tf_keras, draw as TF 1 does."""
    from tf_keras.src.backend import RandomGenerator

    v1 = tf.compat.v1
    RandomGenerator.random_normal = (
        lambda self, shape, mean=0.0, stddev=1.0, dtype=None, nonce=None: v1.random_normal(
            shape, mean, stddev, dtype or "float32"
        )
    )
    RandomGenerator.random_uniform = (
        lambda self, shape, minval=0.0, maxval=None, dtype=None, nonce=None: v1.random_uniform(
            shape, minval, maxval, dtype or "float32"
        )
    )
    RandomGenerator.truncated_normal = (
        lambda self, shape, mean=0.0, stddev=1.0, dtype=None, nonce=None: v1.truncated_normal(
            shape, mean, stddev, dtype or "float32"
        )
    )
    RandomGenerator.dropout = lambda self, inputs, rate, noise_shape=None: v1.nn.dropout(
        inputs, rate=rate, noise_shape=noise_shape
    )
