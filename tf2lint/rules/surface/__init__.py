"""TF9: The API surface."""

from tf2lint.check.registry import Family

family = Family("TF9", "The API surface")
