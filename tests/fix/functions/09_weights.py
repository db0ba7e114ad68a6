"""Weights in a dict, a model in a function, a loss that reads tensors of the module."""

import tensorflow as tf

x = tf.placeholder("float", [None, 2])
weights = {
    "encoder": tf.Variable([[0.1], [0.2]]),
    "decoder": tf.Variable([[0.3, 0.4]]),
}


def encode(inputs):
    return tf.nn.sigmoid(tf.matmul(inputs, weights["encoder"]))


code = encode(x)
decoded = tf.nn.sigmoid(tf.matmul(code, weights["decoder"]))


# Loss
def loss_of_code(target):
    return tf.reduce_mean(tf.square(decoded - target)) + 0.01 * tf.reduce_mean(code)


loss = loss_of_code(x)
train_op = tf.train.AdagradOptimizer(0.1).minimize(loss)

data = [[0.9, 0.1], [0.2, 0.8]]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(3):
        feed = {x: data}
        _, cost = sess.run([train_op, loss], feed_dict=feed)
        print(f"Epoch: {epoch}, cost: {cost:.4f}")
    print(sess.run(decoded, feed_dict={x: data}))
