"""TF2: Variables and collections."""

from tf2lint.check.registry import Family

family = Family("TF2", "Variables and collections")
