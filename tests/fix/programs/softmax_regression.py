"""Softmax regression in the style of "MNIST for beginners", on digits drawn by chance."""

import numpy as np
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_integer("steps", 60, "Number of steps.")
flags.DEFINE_float("learning_rate", 0.5, "Learning rate.")
FLAGS = flags.FLAGS

result = []


class Digits(object):
    """Ten noisy patterns of 28 x 28 pixels, with the batches that mnist.train had."""

    def __init__(self, seed, size):
        rng = np.random.RandomState(seed)
        patterns = np.random.RandomState(0).uniform(size=(10, 784))
        labels = rng.randint(0, 10, size)
        noise = rng.normal(scale=0.3, size=(size, 784))
        self.images = (patterns[labels] + noise).astype(np.float32)
        self.labels = np.eye(10, dtype=np.float32)[labels]
        self._at = 0

    def next_batch(self, size):
        at = self._at
        self._at = (at + size) % len(self.images)
        return self.images[at:at + size], self.labels[at:at + size]


def main(_):
    train, test = Digits(1, 1000), Digits(2, 200)

    # Create the model
    with tf.name_scope("model"):
        x = tf.placeholder(tf.float32, [None, 784], name="x")
        W = tf.Variable(tf.zeros([784, 10]))
        b = tf.Variable(tf.zeros([10]))
        y = tf.matmul(x, W) + b

    # Define loss and optimizer
    y_ = tf.placeholder(tf.float32, [None, 10])
    cross_entropy = tf.reduce_mean(
        tf.nn.softmax_cross_entropy_with_logits_v2(labels=y_, logits=y))
    train_step = tf.train.GradientDescentOptimizer(FLAGS.learning_rate).minimize(cross_entropy)

    correct_prediction = tf.equal(tf.argmax(y, dimension=1), tf.argmax(y_, dimension=1))
    accuracy = tf.reduce_mean(tf.to_float(correct_prediction))

    sess = tf.InteractiveSession()
    tf.global_variables_initializer().run()
    for step in range(FLAGS.steps):
        batch_xs, batch_ys = train.next_batch(100)
        sess.run(train_step, feed_dict={x: batch_xs, y_: batch_ys})
        if step % 20 == 0:
            tf.logging.info("step %d", step)
    feed = {x: test.images, y_: test.labels}
    result.append(float(cross_entropy.eval(feed)))
    result.append(float(accuracy.eval(feed)))
    sess.close()


if __name__ == "__main__":
    try:
        tf.app.run(main, argv=["softmax_regression"])
    except SystemExit:
        print("loss, accuracy:", result)
