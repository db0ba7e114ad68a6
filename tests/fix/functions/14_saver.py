"""A saver that saves what a later session goes on with."""

import os
import tempfile

import tensorflow as tf

path = os.path.join(tempfile.mkdtemp(), "model.ckpt")

x = tf.placeholder(tf.float32, [None])
weights = {"slope": tf.Variable(0.5), "offset": tf.Variable(0.0)}
loss = tf.reduce_mean(tf.square(weights["slope"] * x + weights["offset"] - 2.0 * x))
train_op = tf.train.AdamOptimizer(0.1).minimize(loss)
saver = tf.train.Saver()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(3):
        sess.run(train_op, feed_dict={x: [1.0, 2.0]})
    saver.save(sess, path, global_step=step)
    sess.run(train_op, feed_dict={x: [5.0]})
    print(sess.run(weights["slope"]))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    saver.restore(sess, path + "-2")
    print(sess.run(weights["slope"]))
    _, value = sess.run([train_op, loss], feed_dict={x: [1.0, 2.0]})
    print(value, sess.run(weights["slope"]))
