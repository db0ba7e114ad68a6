"""Measurements: accuracy against the real TensorFlow, and speed."""
