"""A model that training, evaluation and prediction share."""

import numpy as np
import tensorflow as tf

images = np.float32([[0, 1, 1], [1, 0, 0], [0, 1, 0], [1, 0, 1]])
labels = np.int32([1, 0, 1, 0])

x = tf.placeholder(tf.float32, [None, 3], name="x")
y = tf.placeholder(tf.int32, [None], name="y")

w1 = tf.Variable(np.float32([[0.1, 0.2], [0.3, -0.1], [0.0, 0.4]]))
b1 = tf.Variable(tf.zeros([2]))
w2 = tf.Variable(np.float32([[0.2, -0.3], [0.1, 0.5]]))

hidden = tf.nn.relu(tf.matmul(x, w1) + b1)
logits = tf.matmul(hidden, w2)

loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
optimizer = tf.train.AdamOptimizer(0.05)
train_op = optimizer.minimize(loss)

predict_op = tf.argmax(logits, 1)
correct = tf.equal(predict_op, tf.cast(y, tf.int64))
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
for step in range(10):
    train_op.run({x: images, y: labels})
    if step % 5 == 4:
        print(step, loss.eval({x: images, y: labels}))
print("accuracy", accuracy.eval({x: images, y: labels}))
print(sess.run(predict_op, {x: [[1.0, 1.0, 0.0]]}))
sess.close()
