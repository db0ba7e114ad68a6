"""How much is found and how often it is wrong, on real code, judged by the real TensorFlow."""
