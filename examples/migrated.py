"""What examples/classifier.py becomes under TensorFlow 2; nothing is found here."""

import argparse

import numpy as np
import tensorflow as tf


def build():
    return tf.keras.Sequential(
        [
            tf.keras.layers.Dense(16, activation="relu"),
            tf.keras.layers.Dropout(rate=0.1),
            tf.keras.layers.Dense(2),
        ]
    )


def train(log_dir, steps):
    random = np.random.RandomState(0)
    data = random.rand(64, 4).astype("float32")
    answers = (data.sum(axis=1) > 2).astype("int32")

    model = build()
    schedule = tf.keras.optimizers.schedules.ExponentialDecay(0.05, 100, 0.96)
    optimizer = tf.keras.optimizers.SGD(learning_rate=schedule, momentum=0.9, nesterov=True)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def train_step():
        with tf.GradientTape() as tape:
            loss = loss_of(answers, model(data, training=True))
        variables = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    writer = tf.summary.create_file_writer(log_dir)
    with writer.as_default():
        for step in range(1, steps + 1):
            loss = train_step()
            if step % 10 == 0:
                tf.summary.scalar("loss", loss, step=step)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("log_dir")
    parser.add_argument("--steps", type=int, default=50)
    train(**vars(parser.parse_args()))
