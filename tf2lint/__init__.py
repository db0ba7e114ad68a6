"""Finds TensorFlow 1 code in a TensorFlow 2 world."""

__version__ = "0.1.0"
