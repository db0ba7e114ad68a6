"""Linear regression on generated points, the way the first tutorials of TensorFlow 1 did it."""

from __future__ import absolute_import, division, print_function

import numpy as np
import tensorflow as tf

rng = np.random.RandomState(3)
train_x = rng.uniform(-1.0, 1.0, 100).astype(np.float32)
train_y = 3.0 * train_x + 2.0 + 0.1 * rng.randn(100).astype(np.float32)

# tf Graph input
X = tf.placeholder("float")
Y = tf.placeholder("float")

# Model weights
W = tf.Variable(-0.5, name="weight")
b = tf.Variable(0.25, name="bias")

pred = tf.add(tf.multiply(X, W), b)
cost = tf.reduce_sum(tf.pow(pred - Y, 2)) / (2 * len(train_x))
optimizer = tf.train.GradientDescentOptimizer(0.05).minimize(cost)
init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)
    for epoch in range(20):
        for x, y in zip(train_x, train_y):
            sess.run(optimizer, feed_dict={X: x, Y: y})
    result = [
        float(sess.run(cost, feed_dict={X: train_x, Y: train_y})),
        float(sess.run(W)),
        float(sess.run(b)),
    ]
print("cost, W, b:", result)
