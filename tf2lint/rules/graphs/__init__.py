"""TF6: Graphs and sessions."""

from tf2lint.check.registry import Family

family = Family("TF6", "Graphs and sessions")
