"""A training loop with hooks; the model comes from a class that keeps its writer."""

import sys

import tensorflow as tf


class Trainer:
    def __init__(self, log_dir):
        self.log_dir = log_dir
        self.writer = tf.summary.FileWriter(log_dir)
        self.global_step = tf.train.create_global_step()

    def input_fn(self):
        dataset = tf.data.Dataset.range(100).repeat().batch(8)
        return dataset.make_one_shot_iterator().get_next()

    def train_op(self):
        weight = tf.get_variable("weight", [], initializer=tf.constant_initializer(3.0))
        loss = tf.reduce_mean(tf.square(tf.to_float(self.input_fn()) * weight))
        optimizer = tf.train.AdamOptimizer(0.01, beta1=0.8, epsilon=1e-4)
        gradients = optimizer.compute_gradients(loss)
        return optimizer.apply_gradients(gradients, global_step=self.global_step)

    def run(self, steps):
        train_op = self.train_op()
        hooks = [tf.train.StopAtStepHook(last_step=steps)]
        with tf.train.MonitoredTrainingSession(hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)
        done = tf.Summary(value=[tf.Summary.Value(tag="done", simple_value=1.0)])
        self.writer.add_summary(done, steps)
        self.writer.close()


if __name__ == "__main__":
    Trainer(sys.argv[1]).run(20)
