"""TF5: Optimizers and gradients."""

from tf2lint.check.registry import Family

family = Family("TF5", "Optimizers and gradients")
