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
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said(name: str) -> None:
    text, said = CASES[name]
    assert codes(text) == said.split()
