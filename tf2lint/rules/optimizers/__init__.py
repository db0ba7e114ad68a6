"""TF5: Optimizers and gradients."""

from tf2lint.check.registry import Family

family = Family("TF5", "Optimizers and gradients")
MIGRATE = "https://www.tensorflow.org/guide/migrate"
