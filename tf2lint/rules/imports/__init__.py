"""TF0: Imports and switches."""

from tf2lint.check.registry import Family

family = Family("TF0", "Imports and switches")
