"""Variables that are assigned to."""

import tensorflow as tf

state = tf.Variable(0, name="counter")
total = tf.Variable([0.0, 0.0])
value = tf.placeholder(tf.float32, [2])

update = tf.assign(state, state + 1)
add = tf.assign_add(total, value)
mean = total / tf.cast(state, tf.float32)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
print(sess.run(state))
for number in range(3):
    sess.run(update)
    sess.run(add, {value: [number, 1.0]})
print(sess.run([state, total]))
print(sess.run(mean))
sess.run(tf.assign(state, 10))
print(state.eval(session=sess))
