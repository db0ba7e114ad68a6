"""Half way: compat.v1 is imported, so that the old names are found again."""

import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def export_loss(log_dir, values):
    loss = tf.placeholder(tf.float32, [])
    tf.summary.scalar("loss", loss)
    merged = tf.summary.merge_all()
    with tf.Session() as sess, tf.summary.FileWriter(log_dir) as writer:
        for step, value in enumerate(values):
            writer.add_summary(sess.run(merged, {loss: value}), step)
