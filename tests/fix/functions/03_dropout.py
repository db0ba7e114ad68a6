"""Dropout with a probability that is fed."""

import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 2])
keep_prob = tf.placeholder(tf.float32)

w = tf.Variable([[1.0], [2.0]])
dropped = tf.nn.dropout(x, keep_prob)
output = tf.matmul(dropped, w)
loss = tf.reduce_mean(tf.square(output))
train_op = tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        sess.run(train_op, feed_dict={x: [[1.0, 2.0], [0.5, 1.0]], keep_prob: 1.0})
    print(sess.run(loss, feed_dict={x: [[1.0, 2.0]], keep_prob: 1.0}))
