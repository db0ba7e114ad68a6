"""Gradients that are clipped, and a count of the steps."""

import tensorflow as tf

x = tf.placeholder(tf.float32, shape=[None, 2])
w = tf.Variable([[3.0], [-2.0]])
global_step = tf.Variable(0, trainable=False, name="global_step")

loss = tf.reduce_sum(tf.square(tf.matmul(x, w)))

optimizer = tf.train.GradientDescentOptimizer(0.1)
gradients_and_variables = optimizer.compute_gradients(loss)
# Steps that are too long do harm.
clipped = [(tf.clip_by_norm(g, 1.0), v) for g, v in gradients_and_variables]
train_op = optimizer.apply_gradients(clipped, global_step=global_step)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(4):
        loss_value, _ = sess.run([loss, train_op], feed_dict={x: [[1.0, 2.0]]})
        print(sess.run(global_step), loss_value)
