"""TF1: Summaries and TensorBoard."""

from tf2lint.check.registry import Family

family = Family("TF1", "Summaries and TensorBoard")
