"""A small convolutional net with dropout, dataset iterators, summaries and Adam."""

from __future__ import print_function

import shutil
import tempfile

import numpy as np
import tensorflow as tf

NUM_CLASSES = 4


def weight_variable(name, shape):
    initial = np.random.RandomState(len(name)).normal(scale=0.1, size=shape)
    return tf.get_variable(
        name,
        shape,  # as in the tutorial
        initializer=tf.constant_initializer(initial),
        regularizer=lambda w: 1e-4 * tf.nn.l2_loss(w),
    )


def inference(images, keep_prob):
    with tf.variable_scope("conv1"):
        kernel = weight_variable("weights", [3, 3, 1, 8])
        conv = tf.nn.conv2d(images, kernel, strides=[1, 1, 1, 1], padding="SAME")
        biases = tf.get_variable("biases", [8], initializer=tf.zeros_initializer())
        conv1 = tf.nn.relu(tf.nn.bias_add(conv, biases))
        pool1 = tf.nn.max_pool(conv1, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")
    with tf.variable_scope("local"):
        size = pool1.get_shape()[1].value * pool1.get_shape()[2].value * 8
        flat = tf.reshape(pool1, [-1, size])
        dropped = tf.nn.dropout(flat, keep_prob)
        return tf.matmul(dropped, weight_variable("out", [size, NUM_CLASSES]))


def data():
    rng = np.random.RandomState(5)
    labels = rng.randint(0, NUM_CLASSES, 256)
    images = rng.normal(scale=0.5, size=(256, 8, 8, 1))
    for place, label in enumerate(labels):
        images[place, 2 * label:2 * label + 2] += 1.0
    return images.astype(np.float32), labels.astype(np.int32)


def train(folder):
    images, labels = data()
    dataset = tf.data.Dataset.from_tensor_slices((images, labels)).repeat().batch(32)
    iterator = dataset.make_one_shot_iterator()
    x, y = iterator.get_next()
    logits = inference(x, keep_prob=1.0)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    penalty = tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
    loss = tf.reduce_mean(losses) + penalty
    tf.summary.scalar("loss", loss)
    merged = tf.summary.merge_all()

    global_step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.01, global_step, 20, 0.9)
    train_op = tf.train.AdamOptimizer(rate).minimize(loss, global_step=global_step)
    saver = tf.train.Saver()

    values = []
    with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) as sess:
        writer = tf.summary.FileWriter(folder, sess.graph)
        sess.run(tf.global_variables_initializer())
        for step in range(40):
            _, value, summary = sess.run([train_op, loss, merged])
            writer.add_summary(summary, step)
            values.append(float(value))
        writer.close()
        path = saver.save(sess, folder + "/model.ckpt", global_step=global_step)
        assert tf.gfile.Exists(path + ".index")
    return values[-5:]


if __name__ == "__main__":
    folder = tempfile.mkdtemp()
    try:
        result = train(folder)
    finally:
        shutil.rmtree(folder)
    print("last losses:", result)
