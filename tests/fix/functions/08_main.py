"""A program in a function."""

import tensorflow as tf


def main():
    a = tf.placeholder(tf.float32, [3])
    scale = tf.Variable(2.0)
    b = a * scale
    doubled = scale.assign(scale * 2.0)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(2):
            print(sess.run(b, feed_dict={a: [1.0, 2.0, 3.0]}))
            sess.run(doubled)


if __name__ == "__main__":
    main()
