"""Functions that make variables and compute."""

import numpy as np
import tensorflow as tf

images = np.float32([[0, 1, 1], [1, 0, 0], [0, 1, 0], [1, 0, 1]])
labels = np.float32([[1, 0], [0, 1], [1, 0], [0, 1]])


def weights(shape):
    return tf.Variable(tf.reshape(tf.linspace(-0.5, 0.4, shape[0] * shape[1]), shape))


def add_layer(inputs, in_size, out_size, activation=None):
    with tf.name_scope("layer"):
        kernel = weights([in_size, out_size])
        # Not at 0.
        bias = tf.Variable(tf.zeros([1, out_size]) + 0.1)
        with tf.name_scope("product"):
            product = tf.matmul(inputs, kernel) + bias
        if activation is None:
            outputs = product
        else:
            outputs = activation(tf.nn.dropout(product, keep_prob=keep_prob))
    return outputs


x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 2])
keep_prob = tf.placeholder(tf.float32)

hidden = add_layer(x, 3, 4, activation=tf.nn.tanh)
logits = add_layer(hidden, 4, 2)
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
train_op = tf.train.AdamOptimizer(0.01).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(4):
        _, value = sess.run([train_op, loss], feed_dict={x: images, y: labels, keep_prob: 1.0})
        print(step, value)
    print(sess.run(tf.nn.softmax(logits), feed_dict={x: images[:1], keep_prob: 1.0}))
