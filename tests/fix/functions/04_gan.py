"""Two networks, two optimizers, each with its variables."""

import tensorflow as tf

real = tf.placeholder(tf.float32, [None, 1])
noise = tf.placeholder(tf.float32, [None, 1])

g_w = tf.Variable([[0.5]])
g_b = tf.Variable([0.1])
d_w = tf.Variable([[1.0]])
d_b = tf.Variable([0.0])
theta_g = [g_w, g_b]
theta_d = [d_w, d_b]


def generator(z):
    return tf.matmul(z, g_w) + g_b


def discriminator(x):
    return tf.matmul(x, d_w) + d_b


fake = generator(noise)
d_real = discriminator(real)
d_fake = discriminator(fake)

d_loss = tf.reduce_mean(tf.nn.softplus(-d_real)) + tf.reduce_mean(tf.nn.softplus(d_fake))
g_loss = tf.reduce_mean(tf.nn.softplus(-d_fake))

d_solver = tf.train.AdamOptimizer(0.1).minimize(d_loss, var_list=theta_d)
g_solver = tf.train.AdamOptimizer(0.1).minimize(g_loss, var_list=theta_g)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(4):
        batch = [[2.0], [2.5]]
        z = [[0.3], [-0.3]]
        _, d_now = sess.run([d_solver, d_loss], feed_dict={real: batch, noise: z})
        _, g_now = sess.run([g_solver, g_loss], feed_dict={noise: z})
        print(step, d_now, g_now)
    print(sess.run(fake, feed_dict={noise: [[1.0]]}))
