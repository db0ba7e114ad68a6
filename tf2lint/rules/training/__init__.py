"""TF4: Global step and training loop."""

from tf2lint.check.registry import Family

family = Family("TF4", "Global step and training loop")
