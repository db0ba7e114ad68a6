"""RMSProp, which begins with other averages."""

import numpy as np
import tensorflow as tf

data = np.float32([[0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 0, 0]])

x = tf.placeholder(tf.float32, [None, 4])
weights = {
    "encoder": tf.Variable(tf.constant(0.2, shape=[4, 2])),
    "decoder": tf.Variable(tf.constant(0.1, shape=[2, 4])),
}
bias = tf.Variable(tf.zeros([4]))

code = tf.sigmoid(tf.matmul(x, weights["encoder"]))
output = tf.sigmoid(tf.matmul(code, weights["decoder"]) + bias)
cost = tf.reduce_mean(tf.pow(output - x, 2))
optimizer = tf.train.RMSPropOptimizer(0.01).minimize(cost)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(5):
        _, value = sess.run([optimizer, cost], feed_dict={x: data})
        print(step, value)
    print(sess.run(output, feed_dict={x: data[:1]}))
