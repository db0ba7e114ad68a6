"""TF7: Model APIs."""

from tf2lint.check.registry import Family

family = Family("TF7", "Model APIs")
