"""Layers that were calls."""

import numpy as np
import tensorflow as tf

xs = np.linspace(-1.0, 1.0, 12).astype(np.float32)[:, np.newaxis]
ys = np.square(xs)

x = tf.placeholder(tf.float32, xs.shape)
y = tf.placeholder(tf.float32, ys.shape)
is_training = tf.placeholder(tf.bool)

ones = tf.constant_initializer(0.3)
hidden = tf.layers.dense(x, 10, tf.nn.relu, kernel_initializer=ones)
hidden = tf.layers.dropout(hidden, rate=0.5, training=is_training)
output = tf.layers.dense(hidden, 1, kernel_initializer=ones)

loss = tf.losses.mean_squared_error(y, output)
train_op = tf.train.GradientDescentOptimizer(learning_rate=0.1).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(5):
        _, l, pred = sess.run([train_op, loss, output], {x: xs, y: ys, is_training: False})
        print(step, l, pred[0])
