"""Summaries for TensorBoard."""

import tempfile

import tensorflow as tf

x = tf.placeholder(tf.float32, [None])
w = tf.Variable(4.0)
with tf.name_scope("train"):
    loss = tf.reduce_mean(tf.square(w * x))
    tf.summary.scalar("loss", loss)
train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

tf.summary.scalar("weight", w * 1.0)
merged = tf.summary.merge_all()

with tf.Session() as sess:
    writer = tf.summary.FileWriter(tempfile.mkdtemp(), sess.graph)
    sess.run(tf.global_variables_initializer())
    for step in range(3):
        summary = sess.run(merged, feed_dict={x: [1.0, 2.0]})
        writer.add_summary(summary, step)
        sess.run(train_op, feed_dict={x: [1.0, 2.0]})
    print(sess.run(w))
    writer.close()
