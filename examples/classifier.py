"""Trains a small classifier on made-up data, as one wrote it for TensorFlow 1."""

import argparse

import numpy as np
import tensorflow as tf
from tensorflow.contrib import slim


def dense(inputs, units, name):
    with tf.variable_scope(name):
        weights = tf.get_variable(
            "weights",
            [inputs.shape[1].value, units],
            initializer=tf.contrib.layers.xavier_initializer(),
        )
        biases = tf.get_variable("biases", [units], initializer=tf.zeros_initializer())
        return tf.nn.relu(tf.matmul(inputs, weights) + biases)


def build(features, labels):
    hidden = slim.dropout(dense(features, 16, "hidden"), keep_prob=0.9)
    logits = dense(hidden, 2, "logits")
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    tf.summary.scalar("loss", loss)

    global_step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.05, global_step, decay_steps=100, decay_rate=0.96)
    optimizer = tf.train.MomentumOptimizer(rate, 0.9, use_nesterov=True)
    return optimizer.minimize(loss, global_step=global_step), global_step


def train(log_dir, steps):
    random = np.random.RandomState(0)
    data = random.rand(64, 4).astype("float32")
    answers = (data.sum(axis=1) > 2).astype("int32")

    features = tf.placeholder(tf.float32, [None, 4])
    labels = tf.placeholder(tf.int32, [None])
    train_op, global_step = build(features, labels)
    merged = tf.summary.merge_all()

    with tf.Session() as sess:
        writer = tf.summary.FileWriter(log_dir, sess.graph)
        sess.run(tf.global_variables_initializer())
        for _ in range(steps):
            _, summary, step = sess.run(
                [train_op, merged, global_step], {features: data, labels: answers}
            )
            if step % 10 == 0:
                writer.add_summary(summary, step)
        writer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("log_dir")
    parser.add_argument("--steps", type=int, default=50)
    train(**vars(parser.parse_args()))
