"""Variables with names, in scopes."""

import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 2])

with tf.variable_scope("hidden"):
    w1 = tf.get_variable("w", [2, 3], initializer=tf.constant_initializer(0.5))
    b1 = tf.get_variable("b", [3], initializer=tf.zeros_initializer())
    hidden = tf.tanh(tf.matmul(x, w1) + b1)

with tf.variable_scope("output"):
    w2 = tf.get_variable("w", [3, 1], initializer=tf.ones_initializer())
    output = tf.matmul(hidden, w2)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(output, feed_dict={x: [[1.0, 2.0], [0.0, 1.0]]}))
    print(w1.name, sess.run(w1))
