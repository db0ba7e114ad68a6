"""What TensorFlow is: its API by release, how it is spelled, what calls of it return."""
