"""Cases that reports and other people's repositories brought, each with what is said of it."""

from __future__ import annotations

import pytest

from tests.support import codes

CASES = {
    "a function that tests the version": (
        """\
import tensorflow as tf
def is_tf2():
    return tf.__version__.startswith('2.')
g = tf.io.gfile if is_tf2() else tf.gfile
if is_tf2():
    a = tf.io.gfile
else:
    a = tf.gfile
""",
        "",
    ),
    "Version.release": (
        """\
import tensorflow as tf
from packaging.version import Version
if Version(tf.__version__).release >= Version('2.13').release:
    a = 1
else:
    a = tf.keras.layers.CuDNNLSTM
""",
        "",
    ),
    "None where it is missing": (
        """\
import tensorflow as tf
try: Hook = tf.estimator.SessionRunHook
except AttributeError:
    try: Hook = tf.train.SessionRunHook
    except AttributeError: Hook = None
if Hook is not None:
    class MyHook(Hook): pass
""",
        "",
    ),
    "a try whose first arm works": (
        """\
import tensorflow as tf
try:
    from tensorflow.python.compiler.xla.experimental import xla_sharding
except ModuleNotFoundError:
    from tensorflow.compiler.xla.experimental.xla_sharding import xla_sharding
""",
        "",
    ),
    "save_format": (
        """\
import tensorflow as tf
def f(model: tf.keras.Model):
    model.save('d', save_format='tf')
""",
        "TF812",
    ),
    "names that compat.v1 never had": (
        """\
import tensorflow.compat.v1 as tf
tf.random.set_seed(1)
k = tf.initializers.GlorotUniform
""",
        "TF001 TF907 TF907",
    ),
    "a keyword that fit_generator never had": (
        """\
import tensorflow as tf
from tensorflow import keras
def f(classifier, g):
    classifier.fit_generator(generator=g, nb_epochs=1)
""",
        "",
    ),
    "importorskip": (
        """\
import pytest
tf = pytest.importorskip('tensorflow')
tf.Session()
""",
        "TF601",
    ),
    "protos in memory": (
        """\
import tensorflow as tf
def f(summary):
    for v in summary.value:
        if v.HasField('simple_value'): print(v.simple_value)
""",
        "",
    ),
    "members of a session": (
        """\
import tensorflow as tf
def f(sess, x):
    with sess.as_default(), sess.graph.as_default():
        sess.run(x)
    sess.graph_def
    sess.close()
""",
        "TF601 TF601 TF602 TF601 TF601",
    ),
    "members of a writer": (
        """\
import tensorflow as tf
def f(writer, s):
    writer.add_summary(s)
    writer.get_logdir()
""",
        "TF102 TF103",
    ),
    "load with a session": (
        """\
import tensorflow as tf
def f(v, x, sess):
    v.load(x, sess)
""",
        "TF209",
    ),
    "a dimension as text": (
        """\
import tensorflow as tf
def f(x):
    return str(x.get_shape()[0]) != '?'
""",
        "TF920",
    ),
    "modules of early TF 1": (
        """\
from tensorflow.tools import tfprof
import tensorflow.tools.tfprof
""",
        "TF008 TF008",
    ),
    "one word for two kinds": (
        """\
import tensorflow as tf
class A:
    def f(self, gv, s):
        self._optimizer.apply_gradients(gv, global_step=s, name='a')
""",
        "TF402",
    ),
    "TF_USE_LEGACY_KERAS": (
        """\
import os
os.environ['TF_USE_LEGACY_KERAS'] = '1'
import tensorflow as tf
opt = tf.keras.optimizers.legacy.Adam(lr=0.1, decay=1e-3)
x = tf.keras.Input((3,))
m = tf.keras.Model(x, tf.reduce_mean(x, axis=-1))
m.compile(opt, 'mse', ['mae'])
m.save_weights('ck/w')
m.fit_generator(1)
m.save('dir')
print(m.metrics_names, opt.lr)
""",
        "",
    ),
    "a metric named acc": (
        """\
import tensorflow as tf
m = tf.keras.Sequential()
m.compile('sgd', metrics=[tf.keras.metrics.Precision(name='p'), tf.keras.metrics.BinaryAccuracy(name='acc')])
h = m.fit(x, y)
h.history['acc']
""",
        "",
    ),
    "metrics in a list": (
        """\
import tensorflow as tf
METRICS = [tf.keras.metrics.BinaryAccuracy(name='acc')]
m = tf.keras.Sequential()
m.compile('sgd', metrics=METRICS)
m.fit(x, y, callbacks=[tf.keras.callbacks.EarlyStopping(monitor='val_acc')]).history['acc']
""",
        "",
    ),
    "a function as metric": (
        """\
import tensorflow as tf
def acc(y, p): return y
m = tf.keras.Sequential()
m.compile('sgd', metrics=[acc])
m.fit(x, y).history['acc']
""",
        "",
    ),
    "a train_step of its own": (
        """\
import tensorflow as tf
class M(tf.keras.Model):
    def train_step(self, d): return {'acc': 1}
m = M()
m.compile('sgd')
m.fit(x, y).history['acc']
""",
        "",
    ),
    "only a plot": (
        """\
import tensorflow as tf
def plot(history): plt.plot(history.history['acc'])
""",
        "",
    ),
    "load_weights by place": (
        """\
import tensorflow as tf
m = tf.keras.Sequential()
m.load_weights('m.h5', True)
""",
        "TF905",
    ),
    "epsilon of a callback": (
        """\
import tensorflow as tf
tf.keras.callbacks.ReduceLROnPlateau(epsilon=0.01)
""",
        "TF710",
    ),
    "metrics by place": (
        """\
import tensorflow as tf
m = tf.keras.Sequential()
m.compile(tf.keras.optimizers.Adam(5e-4), 'mse', ['mae'])
""",
        "TF905",
    ),
    "metrics by place, others": (
        """\
import tensorflow as tf
m = tf.keras.Sequential()
m.compile(o, 'mse', ['accuracy'])
m.compile(o, 'mse', {'a': 'mae'})
""",
        "TF905 TF905",
    ),
    "epsilon=None": (
        """\
import tensorflow as tf
tf.keras.optimizers.Adam(0.001, 0.9, 0.999, None, False)
tf.keras.optimizers.RMSprop(epsilon=None)
""",
        "TF505 TF505",
    ),
    "functions of the backend": (
        """\
import tensorflow as tf
from tensorflow.keras import backend as K
z = tf.keras.layers.Dense(2)(tf.keras.Input((4,)))
K.sum(z)
K.shape(z)
K.concatenate([z, z])
K.l2_normalize(z)
K.batch_dot(z, z)
K.expand_dims(z)
K.int_shape(z)
K.is_keras_tensor(z)
""",
        "TF714 TF714 TF714 TF714 TF714 TF714",
    ),
    "tensors of models": (
        """\
import tensorflow as tf
def f(net: tf.keras.Model):
    tf.reduce_mean(net.get_layer('x').output)
    tf.reduce_mean(net.outputs[0])
""",
        "TF714 TF714",
    ),
    "ends of a Sequential": (
        """\
import tensorflow as tf
m = tf.keras.Sequential()
m.add(tf.keras.layers.Dense(1, input_shape=(3,)))
tf.keras.Model(m.input, m.layers[0].output)
""",
        "TF707",
    ),
    "subclasses of optimizers": (
        """\
import tensorflow as tf
class Two(tf.keras.optimizers.Optimizer):
    def _create_slots(self, v): pass
    def _resource_apply_dense(self, g, v): self._get_hyper('learning_rate')
""",
        "TF507 TF508",
    ),
    "keys of logs": (
        """\
import tensorflow as tf
m = tf.keras.Sequential()
m.compile('sgd', metrics=['accuracy'])
class C(tf.keras.callbacks.Callback):
    def on_epoch_end(self, e, logs=None):
        if logs.get('acc') > 0.9: pass
""",
        "TF711",
    ),
    "names of the frozen Keras": (
        """\
from tensorflow.python.keras.layers import LSTM
from tensorflow.python.keras.optimizers import Adam
""",
        "TF008 TF008",
    ),
    "names of Keras 1": (
        """\
import tensorflow as tf
import keras
keras.optimizers.adam
keras.layers.Highway
keras.initializations
""",
        "TF708 TF708 TF708",
    ),
    "names that no TensorFlow had": (
        """\
import tensorflow.compat.v1 as tf
tf.rnn.BasicLSTMCell(3)
tf.keras.layers.conv2d(3)
""",
        "TF001 TF919 TF919",
    ),
    "a loop over one variable": (
        """\
import tensorflow as tf
tf.placeholder(tf.float32)
i = tf.while_loop(lambda k: k < 3, lambda k: k + 1, [i0])
j = i + 1
""",
        "TF603 TF607",
    ),
    "more such names": (
        """\
import tensorflow as tf
import tensorflow.compat.v1 as tf1
tf1.AdamOptimizer
tf.placeholders
tf1.rnn.BasicLSTMCell
""",
        "TF001 TF919 TF919 TF919",
    ),
    "modules of the frozen Keras": (
        """\
from tensorflow.python.keras.preprocessing import image
""",
        "TF008",
    ),
    "the layer of a history": (
        """\
import tensorflow as tf
x._keras_history.layer  # keras
t = 1
""",
        "TF707",
    ),
    "a version by two functions": (
        """\
import tensorflow as tf
from packaging.version import Version
def is_tf2():
    return tf.__version__.startswith('2.')
def _has_compat():
    return is_tf2() or Version(tf.__version__) >= Version('1.13')
if _has_compat():
    a = tf.io.gfile
else:
    a = tf.gfile
""",
        "",
    ),
    "None where it is missing, with a flag": (
        """\
import tensorflow as tf
try:
    Hook, HAS = tf.train.SessionRunHook, True
except AttributeError:
    Hook, HAS = None, False
if HAS:
    class MyHook(Hook): pass
""",
        "",
    ),
    "an arg_scope": (
        """\
import tensorflow as tf
slim = tf.contrib.slim
def net(x, training, keep):
    with slim.arg_scope([slim.batch_norm, slim.dropout], is_training=training):
        return slim.dropout(x, keep)
""",
        "TF302 TF302 TF302 TF302 TF302",
    ),
    "a call that TF 1 does not take": (
        """\
import tensorflow as tf
def load(path, tag):
    return tf.saved_model.load(path, tags=tag)
r = tf.reset_default_graph
""",
        "TF604",
    ),
    "the order of TF 0": (
        """\
import tensorflow as tf
def loss(logits, labels):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(logits, labels)
""",
        "TF905",
    ),
    "datasets of contrib": (
        """\
import tensorflow as tf
data = tf.contrib.data.Dataset.from_tensor_slices(x)
data.map(f, num_threads=8, output_buffer_size=100)
tf.contrib.data.Iterator.from_dataset(data)
""",
        "TF301 TF903 TF904 TF301",
    ),
    "a member of an old optimizer": (
        """\
import tensorflow as tf
class A(tf.keras.optimizers.legacy.SGD):
    def f(self, loss, params):
        return tf.keras.optimizers.legacy.SGD.get_gradients(self, loss, params)
""",
        "TF506 TF508",
    ),
    "private modules of compat.v1": (
        """\
from tensorflow.compat.v1.python.framework import ops
""",
        "TF919",
    ),
    "a variable of compat.v1": (
        """\
import tensorflow as tf
tf.compat.v1.Variable(1, collections=[])
tf.Variable(1, collections=[])
""",
        "TF904 TF207",
    ),
    "what is run": (
        """\
import tensorflow as tf
def f(sess, iterator, ds):
    sess.run(tf.summary.merge_all())
    op = iterator.make_initializer(ds)
    sess.run(op)
""",
        "TF602 TF101 TF801 TF602",
    ),
    "size of an image": (
        """\
import tensorflow as tf
tf.image.resize_nearest_neighbor(x, [h * 2, w * 2])
""",
        "TF901",
    ),
    "an optimizer of Keras's old pages": (
        """\
import tensorflow as tf
tf.keras.optimizers.Adam(lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0, amsgrad=False)
""",
        "TF505 TF505 TF505",
    ),
    "the loss of an autoencoder": (
        """\
import tensorflow as tf
from tensorflow.keras import backend as K
z = tf.keras.layers.Dense(2)(tf.keras.Input((4,)))
kl = K.sum(1 + z - K.square(z) - K.exp(z), axis=-1)
noise = K.random_normal(shape=(K.shape(z)[0], 2))
""",
        "TF714 TF714 TF714 TF714",
    ),
    "functions of the backend that are gone": (
        """\
from tensorflow.keras import backend as K
def f(model, ins, out, updates):
    K.function([model.input, K.learning_phase()], [out])
    K.function(ins, [], updates=updates)
    K.placeholder(shape=(None, 2))
""",
        "TF708 TF709 TF708 TF708",
    ),
    "cells": (
        """\
import tensorflow as tf
tf.contrib.rnn.BasicLSTMCell(4, forget_bias=0.0)
tf.nn.rnn_cell.BasicLSTMCell(4, forget_bias=2.5)
""",
        "TF301 TF702",
    ),
    "other arguments": (
        """\
import tensorflow as tf
tf.placeholder(tf.float32)
tf.nn.softmax_cross_entropy_with_logits(a, a)
tf.nn.embedding_lookup([a, b], ids, 'mod')
""",
        "TF603 TF905 TF905",
    ),
    "weights in the old format": (
        """\
import tensorflow as tf
net = tf.keras.Sequential()
net.save_weights('ck/w.ckpt', save_format='tf')
net.load_weights(tf.train.latest_checkpoint('ck'))
""",
        "TF812 TF904 TF812",
    ),
    "a module of Keras that is gone": (
        """\
import tensorflow as tf
from keras.utils.training_utils import multi_gpu_model
""",
        "TF708",
    ),
    "the rate in a history": (
        """\
import tensorflow as tf
m = tf.keras.Sequential()
h = m.fit(x, y, callbacks=[tf.keras.callbacks.LearningRateScheduler(f)])
h.history['lr']
class C(tf.keras.callbacks.Callback):
    def on_epoch_end(self, e, logs=None):
        print(logs['lr'])
""",
        "TF711 TF711",
    ),
    "members and names of old": (
        """\
import tensorflow as tf
net = tf.keras.Sequential()
net.metrics_tensors
x._keras_shape
class L(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__(dynamic=True)
tf.keras.Input((3,), name='a/b')
tf.keras.layers.Dense(2, name='x/y')
tf.keras.Model(a, b, name='m/n')
""",
        "TF707 TF707 TF904 TF710 TF710 TF710",
    ),
    "slips": (
        """\
import tensorflow as tf
tf.Gfile
tf.softmax
tf.nn.l1_loss
tf.image.roi_pooling
""",
        "TF919 TF919 TF919 TF919",
    ),
    "a module that only says keras": (
        """\
from keras import backend as K
K.get_value(model.optimizer.lr)
""",
        "",
    ),
    "ops of tensors": (
        """\
import tensorflow as tf
def f(x):
    return x.op.inputs, x.consumers()
""",
        "",
    ),
    "the option for Keras 2": (
        """\
import os
import tensorflow as tf
print(os.environ.get('TF_USE_LEGACY_KERAS'), tf.keras.backend.learning_phase())
""",
        "TF709",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said(name: str) -> None:
    text, said = CASES[name]
    assert codes(text) == said.split()
