"""A loop of training steps."""

import numpy as np
import tensorflow as tf

xs = np.linspace(0.0, 1.0, 20)
ys = 3.0 * xs - 1.0

x = tf.placeholder(tf.float32, [None])
y = tf.placeholder(tf.float32, [None])

# The line that is looked for.
slope = tf.Variable(0.5, name="slope")
offset = tf.Variable(0.0, name="offset")
prediction = slope * x + offset

loss = tf.reduce_mean(tf.square(prediction - y))
train_op = tf.train.GradientDescentOptimizer(learning_rate=0.1).minimize(loss)

init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)
    for epoch in range(5):
        _, value = sess.run([train_op, loss], feed_dict={x: xs, y: ys})
        print(epoch, value)  # before the step
    print(sess.run([slope, offset]))
    print(sess.run(prediction, feed_dict={x: [0.0, 2.0]}))
