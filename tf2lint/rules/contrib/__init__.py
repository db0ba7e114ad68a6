"""TF3: tf.contrib."""

from tf2lint.check.registry import Family

family = Family("TF3", "tf.contrib")
