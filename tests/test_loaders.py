"""TensorFlow that comes from a function which is handed its name."""

from __future__ import annotations

import pytest

from tests.support import codes, findings

LOADERS = {
    "pytest": ("import pytest", 'pytest.importorskip("tensorflow")'),
    "pytest's function": ("from pytest import importorskip", 'importorskip("tensorflow", "2.0")'),
    "by a keyword": ("import pytest", 'pytest.importorskip(modname="tensorflow", reason="x")'),
    "with a version": ("import pytest as p", 'p.importorskip("tensorflow", minversion="2.0")'),
    "TensorFlow's loader": (
        "from tensorflow.python.util.lazy_loader import LazyLoader",
        'LazyLoader("tf", globals(), "tensorflow")',
    ),
    "a lazy import": ("import lazy_import", 'lazy_import.lazy_module("tensorflow")'),
    "a project's own": ("from .util import get_module", 'get_module("tensorflow", "pip install")'),
    "an optional one": ("from .util import optional_import", 'optional_import("tensorflow")'),
}


@pytest.mark.parametrize("name", LOADERS)
def test_the_module_is_tensorflow(name: str) -> None:
    first, call = LOADERS[name]
    assert codes(f"{first}\ntf = {call}\ntf.Session()\ntf.function\n") == ["TF601"]
    inside = f"class A:\n    tf = {call}\n    def f(self):\n        self.tf.Session()\n"
    assert codes(f"{first}\n{inside}") == ["TF601"]
    assert codes(f"{first}\ndef f():\n    tf = {call}\n    return tf.log(1.0)\n") == ["TF901"]
    v1 = call.replace('"tensorflow"', '"tensorflow.compat.v1"')
    assert codes(f"{first}\ntf = {v1}\ntf.Session()\n") == ["TF601"]
    numpy = call.replace("tensorflow", "numpy")
    assert codes(f"import tensorflow\n{first}\ntf = {numpy}\ntf.Session()\n") == []


def test_what_is_not_there_is_skipped() -> None:
    text = (
        'import pytest\ncontrib = pytest.importorskip("tensorflow.contrib")\ncontrib.slim.conv2d\n'
    )
    assert codes(text) == []


def test_a_function_that_only_asks() -> None:
    text = 'from .util import is_imported\ntf = is_imported("tensorflow")\ntf.Session()\n'
    assert codes(text) == []


KERAS = "import keras\nfrom keras import backend as K\nkeras.layers.Dense(units=2, name='a/b')\n"


ONLY_KERAS = {
    "from keras.optimizers import Adam\nAdam(lr=0.1)\n": ["TF505"],
    "from keras import backend as K\nK.get_session()\n": ["TF709"],
    "from keras.utils import multi_gpu_model\n": ["TF708"],
    "import keras.models\nm = keras.models.Sequential()\nm.fit_generator(g)\n": ["TF707"],
    "from keras.layers import CuDNNLSTM\n": ["TF708"],
    "import keras\nm = keras.Sequential()\nm.compile(o, 'mse', ['mae'])\n": ["TF905"],
    "import keras\nkeras.layers.Dense(2)\n": [],
    "import tf_keras as keras\nm = keras.Sequential()\nm.fit_generator(g)\n": [],
}


@pytest.mark.parametrize("text", ONLY_KERAS)
def test_modules_of_keras_alone(text: str) -> None:
    assert codes(text) == []
    assert codes(text, keras_modules=True) == ONLY_KERAS[text]


def test_modules_that_only_name_keras() -> None:
    """They may be written for any backend: they are looked at where the settings say so."""
    assert findings(KERAS) == []
    found = findings(KERAS, keras_modules=True)
    assert found == findings(f"{KERAS}import tensorflow\n") != []
    assert findings("import numpy\nkeras = numpy\nkeras.backend.get_session()\n",
                    keras_modules=True) == []  # fmt: skip
