"""TF3: what became of tf.contrib."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import codes, findings, place, said, told
from tf2lint.finding import Finding
from tf2lint.fixes import templates
from tf2lint.rules.contrib import _fill as fill
from tf2lint.rules.contrib import _table as table
from tf2lint.rules.contrib import packages as contrib_packages
from tf2lint.tensorflow import api

TARGETS = ["2.0", "2.3", "2.15", "2.21"]
HEAD = "import tensorflow as tf\n"


def one(text: str, **settings: object) -> Finding:
    """The only finding on `text`."""
    found = findings(text, **settings)
    assert len(found) == 1, [said(f) for f in found]
    return found[0]


def use(expression: str, **settings: object) -> str:
    """What is to be used instead of `expression`, the first finding on it."""
    found = findings(f"{HEAD}{expression}\n", **settings)
    assert found[0].hint is not None
    return told(found[0])


def public_names() -> list[str]:
    todo, names = ["tf.contrib"], []
    while todo:
        name = todo.pop()
        below = [f"{name}.{part}" for part in api.children(name)]
        names += below
        todo += below
    return sorted(names)


# Every name.


@pytest.mark.parametrize("target", TARGETS)
def test_every_public_name_has_one_finding_with_advice(target: str) -> None:
    names = public_names()
    assert len(names) > 2600
    text = HEAD + "".join(f"{name}\n" for name in names)
    found = findings(text, target_version=target)
    assert [f.line for f in found] == list(range(2, len(names) + 2))
    assert {f.code for f in found} == {"TF301", "TF302", "TF303"}
    assert [said(f) for f in found if f.hint is None] == []


@pytest.mark.parametrize("target", TARGETS)
def test_no_advice_names_what_the_target_lacks(target: str) -> None:
    version = api.parse_version(target)
    names = public_names()
    found = findings(HEAD + "".join(f"{name}\n" for name in names), target_version=target)
    for name, finding in zip(names, found, strict=True):
        hint = finding.hint
        assert hint is not None
        for named in templates.names_in(hint.text):
            assert named in ("tf.compat.v1",) or api.exists(named, version), (name, hint.text)
        assert "tf.contrib" not in hint.text
        for package in ("tfa", "tfio", "tfgan", "tf_slim"):
            if re.search(rf"(?<![\w.]){package}\.", hint.text):
                assert table.works(package, version), (name, hint.text)


# The tables.

ANSWERS = [
    pytest.param(section, name, answer, id=f"{section.path}.{name}")
    for section in table.sections().values()
    for name, answer in section.answers.items()
]


@pytest.mark.parametrize(("section", "name", "answer"), ANSWERS)
def test_an_answer_is_well_formed(section: table.Section, name: str, answer: table.Answer) -> None:
    path = section.path if name in (".", "*") else f"{section.path}.{name}".strip(".")
    signature = table.find(f"{table.ROOT}.{path}".rstrip(".")).signature
    assert answer.code in ("TF301", "TF302", "TF303")
    assert (answer.code == "TF302") == (answer.package in table.PACKAGES)
    for release in api.RELEASES:  # without a call there is an alternative that holds
        assert any(
            all(table.in_range(c, release) for c in alternative.conditions)
            and table.holds(alternative.text, release)
            for alternative in answer.alternatives
        ), release
    for alternative in answer.alternatives:
        parts = alternative.text.split("`")
        assert len(parts) % 2
        for number, part in enumerate(parts):
            holes = list(table.HOLE.finditer(part))
            if number % 2 == 0:
                assert all(hole[3] in fill._WORDS for hole in holes)
                continue
            functions = fill._CODES if fill._is_expression(part) else fill._WORDS
            assert all(hole[3] in functions for hole in holes if hole[3])
            wanted = {hole[1] for hole in holes} - {"dataset"}
            if signature is not None and name != "*":
                assert wanted <= set(signature.names)


def test_nothing_stands_before_the_sections() -> None:
    for file in Path(table._FOLDER).iterdir():
        head = file.read_text(encoding="utf-8").partition("\n[")[0]
        assert all(line.startswith("#") for line in head.splitlines() if line), file.name


def test_every_section_has_a_default() -> None:
    assert [s.path for s in table.sections().values() if "*" not in s.answers] == []
    for section in table.sections().values():
        assert all(source in table.sections() for source in section.sources)


@pytest.mark.parametrize(
    ("path", "public"),
    [
        ("rnn.python.ops.rnn_cell.LayerNormBasicLSTMCell", "rnn.LayerNormBasicLSTMCell"),
        ("layers.python.layers.layers.fully_connected", "layers.fully_connected"),
        ("framework.python.ops.arg_scope", "framework.arg_scope"),
        ("learn.python.learn.datasets.mnist.read_data_sets", "learn.datasets.mnist.read_data_sets"),
        ("slim.python.slim.nets.resnet_v1.resnet_v1_50", "slim.nets.resnet_v1.resnet_v1_50"),
        ("eager.python.tfe.defun", "eager.defun"),
        ("training.python.training.hparam.HParams", "training.HParams"),
        ("slim.python.slim", "slim"),
    ],
)
def test_private_paths_are_those_of_public_names(path: str, public: str) -> None:
    assert table.find(f"tf.contrib.{path}").path == public


def test_unknown_parts_get_the_answer_of_the_nearest_known_one() -> None:
    assert table.find("tf.contrib.rnn.python.ops.nowhere.X").section.path == "rnn"
    assert table.find("tf.contrib.learn.datasets.nowhere").answer.code == "TF301"
    assert table.find("tf.contrib.nowhere.at_all").answer.code == "TF303"


# Places and spellings.


def test_the_place_is_the_whole_reference() -> None:
    found = one("import tensorflow as tf\ny = tf.contrib.layers.flatten(x)\n")
    assert place(found) == (2, 4, 2, 29)
    assert found.status == "removed"
    assert said(found) == (
        "tf.contrib.layers.flatten was removed in TF 2. Use tf.keras.layers.Flatten()(x)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow.contrib.rnn as rnn\n",
        "from tensorflow.contrib import rnn\n",
        "from tensorflow.contrib import rnn as contrib_rnn\n",
        "import tensorflow.contrib.rnn\n",
        "import tensorflow as tf\ntf.contrib.rnn\n",
        "import tensorflow.compat.v1 as tf\ntf.contrib.rnn\n",
        "import tensorflow as tf\ntf.compat.v1.contrib.rnn\n",
        "import importlib\nimportlib.import_module('tensorflow.contrib.rnn')\n",
    ],
)
@pytest.mark.parametrize("allow", [False, True])
def test_every_way_to_a_module(text: str, allow: bool) -> None:
    found = [f for f in findings(text, allow_compat_v1=allow) if f.code.startswith("TF3")]
    assert [f.code for f in found] == ["TF301"]
    root = "tf.compat.v2" if "import tensorflow.compat.v1 as tf" in text else "tf"
    assert said(found[0]).endswith(f"was removed in TF 2. Use {root}.keras.layers RNN cells")


def test_imports_and_uses_are_both_reported() -> None:
    text = "from tensorflow.contrib.rnn import GRUCell\ncell = GRUCell(3)\n"
    assert [(f.line, f.code) for f in findings(text)] == [(1, "TF301"), (2, "TF301")]


def test_what_is_only_a_name_for_it_is_not_reported_again() -> None:
    text = HEAD + "cell = tf.contrib.rnn.GRUCell\nother = [cell]\ncell(3)\n"
    assert [f.line for f in findings(text)] == [2, 4]
    text = HEAD + "def f(make=tf.contrib.rnn.GRUCell):\n    return make(3)\n"
    assert [f.line for f in findings(text)] == [2]
    text = "from tensorflow.contrib import rnn\ndef f():\n    return rnn\n"
    assert [f.line for f in findings(text)] == [
        1,
        3,
    ]  # a name that is imported is a reference each time


@pytest.mark.parametrize(
    "text",
    [
        "import torch.contrib\ntorch.contrib.slim.conv2d(1)\n",
        "import tensorflow as tf\ndef f(tf):\n    tf.contrib.slim\n",
        "import tensorflow_hub.contrib as contrib\ncontrib.rnn\n",
        "import tensorflow as tf\nfrom project import contrib\ncontrib.layers.conv2d(tf)\n",
        "import tf_slim as slim\nslim.conv2d(x, 3, 3)\n",
        "import tensorflow as tf\ntry:\n    tf.contrib.slim\nexcept AttributeError:\n    pass\n",
    ],
)
def test_silence(text: str) -> None:
    assert codes(text) == []


# Code for the very call.


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("layers.fully_connected(x, 10)", 'layers.Dense(10, activation="relu")(x)'),
        ("layers.fully_connected(x, 10, None)", "layers.Dense(10)(x)"),
        (
            "layers.fully_connected(inputs=x, num_outputs=10, activation_fn=tf.nn.tanh)",
            "layers.Dense(10, activation=tf.nn.tanh)(x)",
        ),
        (
            "layers.fully_connected(x, 10, biases_initializer=None, scope='fc', reuse=True)",
            'layers.Dense(10, activation="relu", use_bias=False)(x)',
        ),
        (
            "layers.conv2d(x, 32, [3, 3], 2, 'VALID')",
            'layers.Conv2D(32, [3, 3], strides=2, padding="valid", activation="relu")(x)',
        ),
        (
            "layers.conv2d(x, 32, 3, padding=pad, data_format='NCHW')",
            "layers.Conv2D(32, 3, padding=pad.lower(), "
            'data_format="channels_first", activation="relu")(x)',
        ),
        (
            "layers.conv2d(x, 32, 3, normalizer_fn=norm)",
            'layers.Conv2D(32, 3, padding="same", use_bias=False)(x), '
            "then BatchNormalization and the activation",
        ),
        (
            "layers.fully_connected(x, 9, weights_regularizer=tf.contrib.layers.l2_regularizer(0.1))",
            'layers.Dense(9, activation="relu", '
            "kernel_regularizer=tf.keras.regularizers.L2(0.05))(x)",
        ),
        ("layers.max_pool2d(x, 2)", "layers.MaxPooling2D(2, strides=2)(x)"),
        (
            "layers.batch_norm(x, is_training=train)",
            "layers.BatchNormalization(momentum=0.999, scale=False)(x, training=train)",
        ),
        ("layers.dropout(x, 0.9)", "layers.Dropout(0.1)(x, training=True)"),
        ("layers.dropout(x, keep_prob=k)", "layers.Dropout(1 - k)(x, training=True)"),
        (
            "layers.layer_norm(x, begin_norm_axis=-1)",
            "layers.LayerNormalization(epsilon=1e-12)(x)",
        ),
        (
            "layers.layer_norm(x)",
            "layers.LayerNormalization(axis=list(range(1, len(x.shape))), epsilon=1e-12)(x)"
            ". axis= has all from begin_norm_axis (1) on",
        ),
        (
            "layers.layer_norm(x, begin_norm_axis=-2)",
            "layers.LayerNormalization(axis=list(range(-2, 0)), epsilon=1e-12)(x)"
            ". axis= has all from begin_norm_axis (1) on",
        ),
        ("layers.embed_sequence(ids, 100, 8)", "layers.Embedding(100, 8)(ids)"),
        ("layers.xavier_initializer()", "initializers.GlorotUniform()"),
        ("layers.xavier_initializer(uniform=False, seed=1)", "initializers.GlorotNormal(seed=1)"),
        ("layers.variance_scaling_initializer()", "initializers.VarianceScaling(2.0)"),
        (
            "layers.variance_scaling_initializer(1.0, 'FAN_AVG', True)",
            'initializers.VarianceScaling(1.0, mode="fan_avg", distribution="uniform")',
        ),
        ("layers.l2_regularizer(0.01)", "regularizers.L2(0.005)"),
        ("layers.l1_l2_regularizer(0.1, 0.2)", "regularizers.L1L2(l1=0.1, l2=0.1)"),
        ("rnn.BasicLSTMCell(5, forget_bias=1.0)", "layers.LSTMCell(5)"),
        ("rnn.GRUCell(num_units=5)", "layers.GRUCell(5, reset_after=False)"),
        ("rnn.MultiRNNCell([a, b])", "layers.StackedRNNCells([a, b])"),
        (
            "rnn.LSTMCell(5, use_peepholes=True)",
            "layers.LSTMCell(5), without the peepholes that Keras has not",
        ),
        (
            "opt.NadamOptimizer(0.1, beta1=0.8)",
            "optimizers.Nadam(learning_rate=0.1, beta_1=0.8, epsilon=1e-08)"
            ". It has a momentum schedule: other numbers",
        ),
        # The same numbers as 1.15.5 after five steps; an undivided decay is 0.07 off.
        (
            "opt.AdamWOptimizer(0.01, 0.1)",
            "optimizers.AdamW(learning_rate=0.1, weight_decay=0.01 / 0.1, epsilon=1e-08)",
        ),
        (
            "opt.MomentumWOptimizer(wd, lr, 0.9)",
            "optimizers.SGD(learning_rate=lr, momentum=0.9, weight_decay=wd / lr)",
        ),
        (
            "metrics.streaming_sparse_precision_at_k(p, l, 5)",
            "metrics.Precision(top_k=5), then"
            " m.update_state(tf.reduce_max(tf.one_hot(l, p.shape[-1]), axis=-2), p)",
        ),
        (
            "metrics.streaming_precision(p, l)",
            "metrics.Precision(thresholds=0), then m.update_state(l, p)",
        ),
        (
            "opt.AdaMaxOptimizer()",
            "optimizers.Adamax(epsilon=1e-08)",
        ),
        (
            "losses.softmax_cross_entropy(logits, labels)",
            "losses.CategoricalCrossentropy(from_logits=True)(labels, logits)",
        ),
        (
            "metrics.streaming_accuracy(p, l, weights=w)",
            "metrics.Accuracy(), then m.update_state(l, p, sample_weight=w)",
        ),
    ],
)
def test_keras_code(call: str, expected: str) -> None:
    assert use(f"tf.contrib.{call}") == f"tf.keras.{expected}"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("framework.sort(x, direction='DESCENDING')", "tf.sort(x, direction='DESCENDING')"),
        ("util.constant_value(t)", "tf.get_static_value(t)"),
        (
            "losses.compute_weighted_loss(l, w)",
            "tf.math.divide_no_nan(tf.reduce_sum(l * w), tf.math.count_nonzero(tf.ones_like(l) * w, "
            "dtype=tf.float32)). Weights of rows need the dimensions of the losses",
        ),
        (
            "losses.cosine_distance(p, l, dim=1)",
            "tf.reduce_mean(1 - tf.reduce_sum(l * p, axis=1))",
        ),
        ("summary.scalar('a', b, step=s)", "tf.summary.scalar('a', b, step=s)"),
        ("summary.scalar('a', b, 'f')", "tf.summary.scalar('a', b, step=step)"),
        (
            "summary.record_summaries_every_n_global_steps(10)",
            "tf.summary.record_if(lambda: tf.equal(step % 10, 0))",
        ),
        ("eager.py_func(f, [x], tf.float32)", "tf.py_function(f, [x], tf.float32)"),
        ("lookup.HashTable(i, -1)", "tf.lookup.StaticHashTable(i, -1)"),
        (
            "lookup.index_table_from_file('f', num_oov_buckets=2)",
            "tf.lookup.StaticVocabularyTable(initializer, 2) on a tf.lookup.TextFileInitializer",
        ),
        (
            "lookup.index_table_from_file('f')",
            "tf.lookup.StaticHashTable(initializer, -1) on a tf.lookup.TextFileInitializer",
        ),
        ("seq2seq.tile_batch(s, multiplier=4)", "tf.repeat(s, 4, axis=0)"),
        (
            "nn.deprecated_flipped_softmax_cross_entropy_with_logits(a, b)",
            "tf.nn.softmax_cross_entropy_with_logits(labels=b, logits=a)",
        ),
        ("training.HParams(a=1)", "a dataclass, or ml_collections.ConfigDict"),
        ("eager.enable_eager_execution()", "Delete it: eager execution is the default"),
        ("Nadam(0.1)", "tf.keras.optimizers.Nadam. It has a momentum schedule: other numbers"),
        ("AdamaxOptimizer(0.1)", "tf.keras.optimizers.Adamax"),
        ("crf.crf_decode(a, b, c)", "a copy of it (pure TensorFlow operations) in your project"),
        ("distributions.Normal(0., 1.)", "tfp.distributions.Normal"),
        ("distributions.WishartCholesky(d, s)", "tfp.distributions.WishartTriL(d, scale_tril=s)"),
    ],
)
def test_other_code(call: str, expected: str) -> None:
    assert use(f"tf.contrib.{call}") == expected


def test_transformations_repeat_the_dataset() -> None:
    text = "train.apply(tf.contrib.data.map_and_batch(f, 32, drop_remainder=True))"
    assert use(text) == (
        "train.map(f, num_parallel_calls=tf.data.AUTOTUNE).batch(32, drop_remainder=True)"
    )
    assert use("tf.contrib.data.unbatch()") == "dataset.unbatch()"
    assert use("ds.apply(tf.contrib.data.unique())", target_version="2.3") == (
        "ds.apply(tf.data.experimental.unique())"
    )


def test_calls_that_cannot_be_mapped_get_the_outline() -> None:
    outline = 'tf.keras.layers.Dense(num_outputs, activation="relu")(inputs)'
    assert use("tf.contrib.layers.fully_connected(x, **options)") == outline
    bogus = use("tf.contrib.layers.fully_connected(x, 3, bogus=1)")
    assert bogus == f"{outline}. It leaves out bogus=1"
    assert use("tf.contrib.layers.fully_connected") == outline
    assert use("tf.contrib.opt.AdaMaxOptimizer") == "tf.keras.optimizers.Adamax"


def test_long_calls_leave_their_last_arguments_out() -> None:
    hint = use(
        "tf.contrib.layers.conv2d(inputs_of_it, number_of_outputs, [3, 3], stride_of_it, "
        "weights_initializer=an_initializer, weights_regularizer=a_regularizer)"
    )
    assert hint.endswith('activation="relu", ...)(inputs_of_it)')
    assert len(hint) <= templates.LONG + 20


def test_the_alias_of_the_code_is_used() -> None:
    found = one("import tensorflow as tensor\ntensor.contrib.layers.flatten(x)\n")
    assert "Use tensor.keras.layers.Flatten()(x)" in said(found)


# Packages and targets.

SLIM = "from tensorflow.contrib import slim\nx = slim.conv2d(x, 8, 3)\nx = slim.batch_norm(x)\n"


def test_a_drop_in_package_is_reported_at_its_import_only() -> None:
    found = one(SLIM, target_version="2.12")
    assert place(found) == (1, 31, 1, 35)
    assert said(found) == ("tensorflow.contrib.slim is now in tf_slim. Use import tf_slim as slim")


def test_what_the_package_cannot_do_on_the_target_is_reported() -> None:
    first, second = findings(SLIM, target_version="2.15")
    assert (first.line, second.line) == (1, 3)
    assert "slim.batch_norm is now in tf_slim, but fails with TF 2.15. Use tf.keras.layers.B" in (
        said(second)
    )


def test_on_keras_3_slim_is_ported() -> None:
    found = findings(SLIM)
    assert [(f.line, f.code) for f in found] == [(1, "TF302"), (2, "TF302"), (3, "TF302")]
    assert said(found[1]) == (
        "slim.conv2d is in tf_slim, for Keras 2. "
        'Use tf.keras.layers.Conv2D(8, 3, padding="same", activation="relu")(x)'
    )


def test_spelled_out_uses_are_reported() -> None:
    found = one(f"{HEAD}tf.contrib.slim.conv2d(x, 8, 3)\n", target_version="2.12")
    assert said(found) == "tf.contrib.slim.conv2d is now in tf_slim. Use tf_slim.conv2d"
    text = "import tensorflow.contrib.slim\ntensorflow.contrib.slim.flatten(x)\n"
    assert [f.line for f in findings(text, target_version="2.12")] == [1, 2]
    text = "import tensorflow.contrib as tc\ntc.slim.flatten(x)\n"
    assert [f.line for f in findings(text, target_version="2.12")] == [1, 2]


def test_other_bindings_of_a_drop_in_package() -> None:
    text = HEAD + "slim = tf.contrib.slim\nslim.flatten(x)\n"
    assert [f.line for f in findings(text, target_version="2.12")] == [2]
    text = HEAD + "class A:\n    slim = tf.contrib.slim\n    def f(self, x):\n"
    text += "        return self.slim.flatten(x)\n"
    assert [f.line for f in findings(text, target_version="2.12")] == [3]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import tensorflow.contrib.slim as slim", "import tf_slim as slim"),
        ("import tensorflow.contrib.slim", "import tf_slim"),
        ("from tensorflow.contrib import slim as s", "import tf_slim as s"),
        ("from tensorflow.contrib.slim import conv2d", "from tf_slim import conv2d"),
        ("from tensorflow.contrib.slim.nets import vgg as v", "from tf_slim.nets import vgg as v"),
        (
            "from tensorflow.contrib.slim.python.slim.nets import vgg",
            "from tf_slim.nets import vgg",
        ),
        (
            "from tensorflow.contrib.crf import crf_decode",
            "from tensorflow_addons.text import crf_decode",
        ),
        ("from tensorflow.contrib import signal", "from tensorflow import signal"),
        (
            "from tensorflow.contrib.keras.layers import Dense",
            "from tensorflow.keras.layers import Dense",
        ),
        (
            "from tensorflow.contrib import gan as tfgan",
            "import tensorflow_gan as tfgan",
        ),
    ],
)
def test_the_import_to_write(statement: str, expected: str) -> None:
    found = one(f"{statement}\n", target_version="2.12")
    assert found.hint is not None
    assert told(found) == expected


def test_core_modules_that_only_moved() -> None:
    text = "from tensorflow.contrib import autograph\nautograph.to_graph(f)\nautograph.convert()\n"
    assert [f.line for f in findings(text)] == [1, 3]
    text = "from tensorflow.contrib.framework import nest\nnest.flatten(x)\nnest.flatten_up_to(x)\n"
    assert [f.line for f in findings(text)] == [1, 3]


def test_probability_works_on_every_target_but_needs_tf_keras_with_keras_3() -> None:
    text = "from tensorflow.contrib import distributions as ds\nds.Normal(0., 1.)\n"
    text += "ds.NormalWithSoftplusScale(a, b)\n"
    new, old = findings(text), findings(text, target_version="2.15")
    assert [f.line for f in new] == [f.line for f in old] == [1, 3]
    assert "tensorflow_probability now (with tf_keras)" in said(new[0]).replace(
        "is now in tensorflow_probability", "tensorflow_probability now"
    )
    assert "tf_keras" not in said(old[0])


@pytest.mark.parametrize(
    ("expression", "works_on", "fails_on"),
    [
        ("crf.crf_decode(a, b, c)", "2.15", "2.16"),
        ("image.rotate(a, b)", "2.15", "2.16"),
        ("kafka.KafkaDataset(t)", "2.17", "2.18"),
        ("gan.gan_model(g, d, x, y)", "2.15", "2.16"),
        ("coder.range_encode(a, b)", "2.14", "2.15"),
    ],
)
def test_the_last_release_of_a_package(expression: str, works_on: str, fails_on: str) -> None:
    text = f"{HEAD}tf.contrib.{expression}\n"
    assert " is in " not in said(one(text, target_version=works_on))
    assert " is in " in said(one(text, target_version=fails_on))


def test_keras_hints_depend_on_the_target() -> None:
    lazy = "tf.contrib.opt.LazyAdamOptimizer(0.1)"
    assert use(lazy, target_version="2.15").startswith("tfa.optimizers.LazyAdam(learning_rate=0.1")
    assert use(lazy).startswith("tf.keras.optimizers.Adam(learning_rate=0.1")
    decay = "tf.contrib.opt.AdamWOptimizer(1e-4, 0.1)"
    assert use(decay, target_version="2.3") == "tfa.optimizers.AdamW (tensorflow_addons)"
    assert use(decay).startswith("tf.keras.optimizers.AdamW(learning_rate=0.1, weight_decay=1e-4")
    column = "tf.contrib.layers.sparse_column_with_hash_bucket('a', 100)"
    assert use(column) == "tf.keras.layers.Hashing(100). It leaves out column_name='a'"
    assert use(column, target_version="2.3") == (
        "tf.feature_column.categorical_column_with_hash_bucket('a', 100)"
    )


# TF304.


@pytest.mark.parametrize(
    ("statement", "last", "message"),
    [
        ("import tensorflow_addons as tfa", "2.15", "tensorflow_addons cannot be imported since"),
        ("import tensorflow_addons.text", "2.15", "tensorflow_addons.text cannot be imported"),
        (
            "from tensorflow_addons.optimizers import AdamW",
            "2.15",
            "tensorflow_addons.optimizers.AdamW cannot be imported since TF 2.16. Use tf.keras.optimizers.AdamW",
        ),
        ("import tensorflow_estimator", "2.15", "tensorflow_estimator cannot be imported since"),
        ("import tensorflow_io as tfio", "2.17", "tensorflow_io does not load its operations"),
        ("import tensorflow_decision_forests", "2.19", "cannot be imported since TF 2.20. Use ydf"),
    ],
)
def test_packages_that_ended(statement: str, last: str, message: str) -> None:
    found = one(f"{statement}\n", enable=["TF304"])
    assert found.code == "TF304"
    assert message in said(found)
    assert codes(f"{statement}\n", target_version=last, enable=["TF304"]) == []


def test_packages_that_ended_are_reported_at_imports_that_must_work_only() -> None:
    text = "try:\n    import tensorflow_addons as tfa\nexcept ImportError:\n    tfa = None\n"
    assert codes(text, enable=["TF304"]) == []
    assert codes("import tensorflow_probability as tfp\nimport tensorflow_addons_of_mine\n") == []
    text = "import tensorflow_addons as tfa\ntfa.x.Y()\n"
    assert [f.line for f in findings(text, enable=["TF304"])] == [1]
    assert findings(text) == []  # not TensorFlow itself: only where it is asked for


def test_what_keras_has_of_addons_exists() -> None:
    for advice in contrib_packages._IN_KERAS.values():
        assert templates.valid(advice, api.NEWEST), advice


# arg_scope: what TF 1.15.5 did in each of these was asked.

SCOPES = """\
import tensorflow as tf
slim = tf.contrib.slim
def my_scope(decay=0.1, training=True):
    params = {"decay": 0.9, "is_training": training}
    with slim.arg_scope([slim.fully_connected], weights_regularizer=f(decay)):
        with slim.arg_scope([slim.batch_norm], **params):
            with slim.arg_scope([slim.max_pool2d], padding="SAME") as scope:
                return scope
def returned(k):
    return slim.arg_scope([slim.fully_connected], activation_fn=k)
"""
UNREAD = ". The arguments of the `arg_scope` are added"
SCOPED = {
    "merged": (
        "with slim.arg_scope([slim.conv2d], padding='VALID'):\n"
        "    with slim.arg_scope([slim.conv2d], activation_fn=None):\n"
        "        slim.conv2d(x, 8, 3)",
        'Conv2D(8, 3, padding="valid")(x)',
    ),
    "the call wins": (
        "with slim.arg_scope([slim.conv2d], padding='VALID', stride=2):\n"
        "    slim.conv2d(x, 8, 3, padding='SAME')",
        'Conv2D(8, 3, strides=2, padding="same", activation="relu")(x)',
    ),
    "an alias of the function": (
        "with slim.arg_scope([slim.conv2d], padding='VALID'):\n"
        "    tf.contrib.layers.convolution2d(x, 8, 3)",
        'Conv2D(8, 3, padding="valid", activation="relu")(x)',
    ),
    "one statement": (
        "with tf.name_scope('a'), slim.arg_scope([slim.dropout], is_training=t):\n"
        "    slim.dropout(x, keep)",
        "Dropout(1 - keep)(x, training=t)",
    ),
    "another function": (
        "with slim.arg_scope([slim.conv2d], padding='VALID'):\n    slim.dropout(x, keep)",
        "Dropout(1 - keep)(x, training=True)",
    ),
    "a variable": (
        "with slim.arg_scope([slim.conv2d], stride=2) as scope:\n    pass\n"
        "with slim.arg_scope([slim.conv2d], padding='VALID'):\n"
        "    with slim.arg_scope(scope):\n        slim.conv2d(x, 8, 3)",
        'Conv2D(8, 3, strides=2, padding="same", activation="relu")(x)',
    ),
    "a list in a variable": (
        "ops = [slim.conv2d, slim.dropout]\n"
        "with slim.arg_scope(ops, is_training=t):\n    slim.dropout(x, keep)",
        "Dropout(1 - keep)(x, training=t)",
    ),
    "a function of the project": (
        "with slim.arg_scope(my_scope(training=t)):\n    slim.batch_norm(x)",
        "BatchNormalization(momentum=0.9, scale=False)(x, training=t)",
    ),
    "a name of the function's own": (
        "with slim.arg_scope(my_scope()):\n    slim.fully_connected(x, 3)",
        'Dense(3, activation="relu", kernel_regularizer=f(0.1))(x)',
    ),
    "what is made in the function": (
        "def made(decay):\n    k = g(decay)\n"
        "    return slim.arg_scope([slim.fully_connected], activation_fn=k)\n"
        "with made(1):\n    slim.fully_connected(x, 3)",
        'Dense(3, activation="relu")(x)' + UNREAD,
    ),
    "around the yield of a manager": (
        "import contextlib\n@contextlib.contextmanager\ndef managed(k):\n"
        "    with slim.arg_scope([slim.fully_connected], activation_fn=k):\n        yield\n"
        "with managed(None):\n    slim.fully_connected(x, 3)",
        "Dense(3)(x)",
    ),
    "a method": (
        "class Net:\n    def scope(self, k):\n"
        "        with slim.arg_scope([slim.fully_connected], activation_fn=k) as s:\n"
        "            return s\n"
        "    def build(self, x):\n        with slim.arg_scope(self.scope(None)):\n"
        "            return slim.fully_connected(x, 3)",
        "Dense(3)(x)",
    ),
    "around the calls of its function": (
        "def run(x):\n"
        "    with slim.arg_scope([slim.fully_connected], activation_fn=None):\n        net(x)\n"
        "def net(x):\n    return block(x)\n"
        "def block(x):\n    return slim.fully_connected(x, 3)",
        'Dense(3, activation="relu")(x)' + UNREAD,
    ),
    "around the calls of its function, which gives that itself": (
        "def run(x):\n"
        "    with slim.arg_scope([slim.fully_connected], activation_fn=None):\n        block(x)\n"
        "def block(x):\n    return slim.fully_connected(x, 3, activation_fn=f)",
        "Dense(3, activation=f)(x)",
    ),
    "a function that returns a scope to enter": (
        "with returned(None):\n    slim.fully_connected(x, 3)",
        "Dense(3)(x)",
    ),
    "a decorator": (
        "@slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.tanh)\n"
        "def net(x):\n    return slim.fully_connected(x, 3)",
        "Dense(3, activation=tf.nn.tanh)(x)",
    ),
    "a scope from elsewhere": (
        "with slim.arg_scope(their_scope()):\n    slim.fully_connected(x, 3)",
        'Dense(3, activation="relu")(x)' + UNREAD,
    ),
    "arguments from elsewhere": (
        "with slim.arg_scope([slim.fully_connected], **theirs):\n    slim.fully_connected(x, 3)",
        'Dense(3, activation="relu")(x)' + UNREAD,
    ),
    "after it": (
        "with slim.arg_scope([slim.conv2d], padding='VALID'):\n    pass\nslim.conv2d(x, 8, 3)",
        'Conv2D(8, 3, padding="same", activation="relu")(x)',
    ),
}


@pytest.mark.parametrize("case", SCOPED)
def test_an_arg_scope_is_read(case: str) -> None:
    text, expected = SCOPED[case]
    last = findings(f"{SCOPES}{text}\n")[-1]
    assert last.hint is not None
    code, unread, _ = expected.partition(UNREAD)
    assert last.hint.text == f"Use `tf.keras.layers.{code}`{unread}."


# The same from other files: what is the other file's own is said by what it is.

UTILS = """\
import functools
import tensorflow.compat.v1 as tf1
import tensorflow as tensors
import tensorflow.contrib.slim as layers
from . import numbers
DECAY = 0.25
OPS = [layers.fully_connected, layers.conv2d]
def net_scope(decay=DECAY, act=tensors.nn.elu, pad="VALID"):
    with layers.arg_scope(OPS, weights_regularizer=layers.l2_regularizer(decay)):
        with layers.arg_scope([layers.conv2d], padding=pad, activation_fn=act) as scope:
            return scope
def more_scope(act):
    return net_scope(numbers.HALF, act)
def own_scope(decay):
    return layers.arg_scope(OPS, activation_fn=functools.partial(f, decay))
def rates_scope(rate):
    return layers.arg_scope([layers.dropout], keep_prob=1 - rate)
"""
FROM_FILES = {
    "by default": (
        "from nets import utils\nwith slim.arg_scope(utils.net_scope()):\n    slim.conv2d(x, 8, 3)",
        'Conv2D(8, 3, padding="valid", activation=tf.nn.elu, '
        "kernel_regularizer=tf.keras.regularizers.L2(0.125))(x)",
    ),
    "as passed": (
        "from nets.utils import net_scope as s\ndef net(x, d):\n"
        "    with slim.arg_scope(s(d, None)):\n        slim.conv2d(x, 8, 3)",
        'Conv2D(8, 3, padding="valid", kernel_regularizer=tf.keras.regularizers.L2(0.5 * d))(x)',
    ),
    "through three files": (
        "from nets import utils\nwith slim.arg_scope(utils.more_scope(act)):\n"
        "    slim.conv2d(x, 8, 3)",
        'Conv2D(8, 3, padding="valid", activation=act, '
        "kernel_regularizer=tf.keras.regularizers.L2(0.25))(x)",
    ),
    "an import passed on": (
        "from nets import net_scope\nwith slim.arg_scope(net_scope(0.1)):\n"
        "    slim.fully_connected(x, 3)",
        'Dense(3, activation="relu", kernel_regularizer=tf.keras.regularizers.L2(0.05))(x)',
    ),
    "a list": (
        "from nets import utils\nwith slim.arg_scope(utils.OPS, activation_fn=None):\n"
        "    slim.fully_connected(x, 3)",
        "Dense(3)(x)",
    ),
    "a constant": (
        "from nets.utils import OPS, DECAY\nwith slim.arg_scope(OPS, activation_fn=DECAY):\n"
        "    slim.fully_connected(x, 3)",
        "Dense(3, activation=DECAY)(x)",
    ),
    "an expression": (
        "from nets import utils\nwith utils.rates_scope(r):\n    slim.dropout(x)",
        "Dropout(1 - (1 - r))(x, training=True)",
    ),
    "what only the other file has": (
        "from nets import utils\nwith utils.own_scope(d):\n    slim.fully_connected(x, 3)",
        'Dense(3, activation="relu")(x)' + UNREAD,
    ),
    "a decorator": (
        "from nets import utils\n@utils.rates_scope(rate=0.25)\ndef net(x):\n"
        "    return slim.dropout(x)",
        "Dropout(1 - (1 - 0.25))(x, training=True)",
    ),
}


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with functions that return scopes."""
    root = tmp_path_factory.mktemp("project")
    (root / "nets").mkdir()
    (root / "nets" / "__init__.py").write_text("from .utils import net_scope\n")
    (root / "nets" / "utils.py").write_text(UTILS)
    (root / "nets" / "numbers.py").write_text("HALF = 0.5\n")
    return root


@pytest.mark.parametrize("case", FROM_FILES)
def test_an_arg_scope_of_another_file_is_read(case: str, nets: Path) -> None:
    text, expected = FROM_FILES[case]
    text = f"import tensorflow as tf\nslim = tf.contrib.slim\n{text}\n"
    last = [f for f in findings(text, str(nets / "main.py")) if f.code != "TF205"][-1]
    assert last.hint is not None
    code, unread, _ = expected.partition(UNREAD)
    assert last.hint.text == f"Use `tf.keras.layers.{code}`{unread}."
