"""TF8: Data and files."""

from tf2lint.check.registry import Family

family = Family("TF8", "Data and files")
