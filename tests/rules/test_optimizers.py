"""TF5: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told

TF = "import tensorflow as tf\n"


def hints(text: str, **settings: object) -> list[tuple[str, str]]:
    """Code and what to use of each finding."""
    return [(f.code, told(f)) for f in findings(text, **settings)]


def message(text: str, code: str, **settings: object) -> str:
    """What the last finding of the code says."""
    return [said(f) for f in findings(text, **settings) if f.code == code][-1]


CONSTRUCTORS = {
    "GradientDescentOptimizer(lr)": "SGD(learning_rate=lr)",
    "GradientDescentOptimizer(1)": "SGD(learning_rate=1.0)",
    "GradientDescentOptimizer(0.1, False, 'sgd')": "SGD(learning_rate=0.1, name='sgd')",
    "MomentumOptimizer(lr, 0.9, use_nesterov=True)": (
        "SGD(learning_rate=lr, momentum=0.9, nesterov=True)"
    ),
    "MomentumOptimizer(lr, 0.9, True, 'm', True)": (
        "SGD(learning_rate=lr, momentum=0.9, nesterov=True, name='m')"
    ),
    "AdamOptimizer()": "Adam(epsilon=1e-08)",
    "AdamOptimizer(a, b, c, d)": "Adam(learning_rate=a, beta_1=b, beta_2=c, epsilon=d)",
    "AdamOptimizer(1e-3, epsilon=1e-4, use_locking=True)": (
        "Adam(learning_rate=1e-3, epsilon=1e-4)"
    ),
    "RMSPropOptimizer(lr, 0.9, 0.5, 1e-3, centered=True)": (
        "RMSprop(learning_rate=lr, rho=0.9, momentum=0.5, epsilon=1e-3, centered=True)"
        ". Other numbers: its mean square starts at 0"
    ),
    "AdagradOptimizer(lr, 0.2)": "Adagrad(learning_rate=lr, initial_accumulator_value=0.2)",
    "AdadeltaOptimizer(rho=0.9)": "Adadelta(rho=0.9, epsilon=1e-08)",
    "FtrlOptimizer(lr, -0.4, linear_name='z', l2_shrinkage_regularization_strength=s)": (
        "Ftrl(learning_rate=lr, learning_rate_power=-0.4, l2_shrinkage_regularization_strength=s)"
    ),
    "ProximalAdagradOptimizer(lr, l1_regularization_strength=0.1)": (
        "Ftrl(learning_rate=lr, l1_regularization_strength=0.1). It is the nearest that Keras has: other numbers"
    ),
    "AdagradDAOptimizer(lr, step)": "Ftrl(learning_rate=lr). It is the nearest that Keras has: other numbers",
    "AdamOptimizer(**options)": (
        "Adam. beta1 is beta_1, beta2 is beta_2, epsilon=1e-08 was the default"
    ),
}


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("call", CONSTRUCTORS)
def test_constructor_arguments_are_mapped(call: str, target: str) -> None:
    use = f"tf.keras.optimizers.{CONSTRUCTORS[call]}"
    assert hints(f"{TF}tf.train.{call}\n", target_version=target) == [("TF501", use)]


def test_status_through_the_main_namespace_and_compat() -> None:
    text = f"{TF}tf.train.AdamOptimizer\ntf.compat.v1.train.AdamOptimizer\n"
    assert [f.status for f in findings(text)] == ["removed", "compat"]
    assert codes(text, allow_compat_v1=True) == ["TF501"]


def test_names_of_the_import_and_what_they_are_used_for() -> None:
    text = """\
from tensorflow.train import AdamOptimizer as Adam, Optimizer

def f(optimizer: Optimizer):
    return Adam if isinstance(optimizer, Optimizer) else None

class Mine(Optimizer):
    pass
"""
    assert [(f.code, f.line, f.column) for f in findings(text)] == [
        ("TF501", 1, 29), ("TF501", 1, 52), ("TF501", 3, 17), ("TF501", 4, 11),
        ("TF501", 4, 41), ("TF507", 6, 11),
    ]  # fmt: skip


def test_the_users_own_alias() -> None:
    text = "import tensorflow as T\nT.train.GradientDescentOptimizer(0.1)\n"
    assert hints(text) == [("TF501", "T.keras.optimizers.SGD(learning_rate=0.1)")]


def test_a_tensor_for_the_learning_rate_is_said() -> None:
    text = f"{TF}tf.train.AdamOptimizer(tf.constant(0.1), epsilon=1e-8)\n"
    (only,) = hints(text)
    assert only[1].endswith(". learning_rate is a float or a schedule")
    (only,) = hints(text, target_version="2.15")
    assert only[1].endswith("epsilon=1e-8)")


# As TF 1.15.5, TF 2.21 with Keras 3 and with `tf_keras` move the rows of an IndexedSlices that has
# a row twice, or not at all.
ROWS = {
    ("AdamOptimizer(0.1)", "3"): "Repeated rows of embeddings get other numbers",
    ("AdagradOptimizer(0.1)", "3"): "Repeated rows of embeddings get other numbers",
    ("AdadeltaOptimizer(0.1)", "3"): "Repeated rows of embeddings get other numbers",
    ("AdamOptimizer(0.1)", "2"): "",
    ("GradientDescentOptimizer(0.1)", "3"): "",
    ("MomentumOptimizer(0.1, 0.9)", "3"): "Rows of embeddings without a gradient move, too",
    ("MomentumOptimizer(0.1, 0.9)", "2"): "Rows of embeddings without a gradient move, too",
    ("MomentumOptimizer(0.1, 0.0)", "3"): "",
    ("FtrlOptimizer(0.1)", "2"): "Embeddings get other numbers",
    ("RMSPropOptimizer(0.1)", "3"): "Other numbers: its mean square starts at 0",
}


@pytest.mark.parametrize(("call", "keras"), ROWS)
def test_gradients_of_single_rows(call: str, keras: str) -> None:
    text = f"{TF}rows = tf.nn.embedding_lookup(table, ids)\nopt = tf.train.{call}\n"
    with_rows = message(text, "TF501", keras=keras)
    without = message(text.replace("embedding_lookup(table, ids)", "relu(x)"), "TF501", keras=keras)
    note = ROWS[call, keras]
    assert with_rows.endswith(f". {note}" if note else ")")
    assert without.endswith(")") or without == with_rows


def test_what_keras_has_another_way_is_shown_in_every_length() -> None:
    long = "self._hparams.optimizer_momentum_and_more_of_that"
    text = f"{TF}opt = tf.train.MomentumOptimizer({long}, {long}, use_nesterov=True)\n"
    assert "nesterov=True" in message(text, "TF501")
    text = f"{TF}opt = tf.train.AdamOptimizer({long}, {long}, {long})\n"
    assert "epsilon=1e-08" in message(text, "TF501")
    text = f"{TF}y = tf.reduce_sum(feature_of_the_first_kind, axis=[1, 2, 3], keep_dims=True)\n"
    assert "keepdims=True" in message(text, "TF903").partition("Use ")[2]


def test_gates() -> None:
    text = f"{TF}tf.train.Optimizer.GATE_OP\ntf.train.AdamOptimizer.GATE_GRAPH\n"
    assert codes(text) == ["TF501", "TF501"]


def test_other_optimizers_are_not_touched() -> None:
    text = """\
import tensorflow as tf
import torch
import tensorflow_addons as tfa
from other.train import AdamOptimizer

torch.optim.Adam(lr=0.1)
tfa.optimizers.AdamW(lr=0.1, decay=0.1).minimize(loss)
AdamOptimizer(0.1).minimize(loss)
tf.keras.optimizers.Adam(0.1, beta_1=0.9, epsilon=1e-7, clipnorm=1.0)
tf.keras.optimizers.SGD(learning_rate=0.1, weight_decay=0.1, use_ema=True)
tf.keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.1)
"""
    assert codes(text) == []


MINIMIZE = """\
import tensorflow as tf

optimizer = {}

def loss_of():
    return 1.0

optimizer.minimize({})
"""


@pytest.mark.parametrize(
    ("optimizer", "arguments", "target", "expected"),
    [
        ("tf.compat.v1.train.AdamOptimizer(0.1, epsilon=1)", "loss", "2.21", True),
        ("tf.compat.v1.train.AdamOptimizer(0.1, epsilon=1)", "loss_of", "2.21", False),
        ("tf.compat.v1.train.AdamOptimizer(0.1, epsilon=1)", "lambda: 1.0", "2.21", False),
        ("tf.keras.optimizers.SGD(0.1)", "loss_of, weights", "2.21", True),
        ("tf.keras.optimizers.SGD(0.1)", "loss_of, weights", "2.15", False),
        ("tf.keras.optimizers.SGD(0.1)", "lambda: 1.0, var_list=weights", "2.3", False),
        ("tf.keras.optimizers.SGD(0.1)", "tf.constant(1.0), weights", "2.15", True),
        ("tf.keras.optimizers.SGD(0.1)", "tf.constant(1.0), weights, tape=tape", "2.15", False),
        ("tf.optimizers.Lion(0.1)", "loss_of, weights", "2.21", True),
        ("tf.keras.optimizers.get('sgd')", "loss_of, weights", "2.21", True),
    ],
)
def test_minimize(optimizer: str, arguments: str, target: str, expected: bool) -> None:
    found = codes(MINIMIZE.format(optimizer, arguments), target_version=target)
    assert ("TF502" in found) is expected


UNKNOWN = {
    "optimizer.minimize(loss)": True,
    "self.opt.minimize(self.cost)": True,
    "train_optimizer.minimize(total_loss, step)": True,
    "anything.minimize(x, var_list=weights)": False,
    "anything.minimize(x, global_step=step)": True,
    "optimizer.minimize(x, var_list=weights)": True,
    "optimizer.minimize(lambda: loss)": False,
    "optimizer.minimize(objective_of(x))": True,
    "optimizer.minimize(f)": False,
    "problem.minimize(loss)": False,
    "scipy.optimize.minimize(loss, x0)": False,
    "optimizer.minimize": False,
    "option.minimize(loss)": False,
    "opt.minimize(loss, var_list=weights, maxiter=10)": False,
    "opt.minimize(model.training_loss, var_list=weights, options={})": False,
    "window.minimize()": False,
}


@pytest.mark.parametrize("call", UNKNOWN)
def test_minimize_of_who_knows_what(call: str) -> None:
    text = f"{TF}import scipy.optimize\n\ndef f(self, anything, optimizer, problem, option):\n"
    found = findings(f"{text}    {call}\n")
    assert ("TF502" in [f.code for f in found]) is UNKNOWN[call]
    assert all(f.confidence == "low" for f in found if f.code == "TF502")
    assert codes(f"def f(optimizer):\n    {call}\n") == []


def test_tf_keras_beside_tensorflow_is_keras_2() -> None:
    text = """\
import tensorflow as tf
import tf_keras

def f(optimizer, loss, weights, pairs, model):
    optimizer.minimize(loss, var_list=weights)
    optimizer.apply_gradients(pairs, name="train")
    optimizer.get_scaled_loss(loss)
    return model.optimizer.lr
"""
    assert codes(text) == []
    assert codes(text.replace("import tf_keras\n", "")) == ["TF502", "TF503", "TF508", "TF505"]


def test_hint_of_minimize_takes_what_can_be_taken() -> None:
    text = (
        f"{TF}opt = tf.train.AdamOptimizer(0.1)\nopt.minimize(self.loss, var_list=self.weights)\n"
    )
    assert hints(text)[1] == (
        "TF502",
        "tape.gradient(self.loss, self.weights) of a tf.GradientTape, then opt.apply_gradients",
    )


def test_gradients_of_subclasses_and_wrappers() -> None:
    text = """\
import tensorflow as tf

class Mine(tf.train.AdamOptimizer):
    def compute_gradients(self, *args, **kwargs):
        return super().compute_gradients(*args, **kwargs)

Mine().minimize(loss)
"""
    assert [(f.code, f.line) for f in findings(text)] == [("TF507", 3), ("TF503", 5), ("TF502", 7)]


def test_own_methods_are_not_taken_for_optimizers() -> None:
    text = """\
import tensorflow as tf

class Trainer:
    def compute_gradients(self, loss):
        return tf.square(loss)

    def minimize(self, loss):
        return self.compute_gradients(loss)

Trainer().minimize(loss)
"""
    assert codes(text) == []


@pytest.mark.parametrize(
    ("target", "expected"), [("2.21", ["TF503"] * 4), ("2.15", []), ("2.4", [])]
)
def test_apply_gradients_takes_only_pairs(target: str, expected: list[str]) -> None:
    text = """\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam()

def step(pairs, other):
    optimizer.apply_gradients(pairs, name="train")
    optimizer.apply_gradients(pairs, None)
    optimizer.apply_gradients(pairs, experimental_aggregate_gradients=False)
    other.apply_gradients(pairs, skip_gradients_aggregation=True)
    other.apply_gradients(pairs)
    other.apply_gradients(grads=pairs)
"""
    assert codes(text, target_version=target) == expected


def test_gradients_inside_of_functions() -> None:
    text = """\
import functools
import tensorflow as tf
from tensorflow import gradients

@tf.function
def a(y, x):
    def inner():
        return tf.gradients(y, x)
    return inner()

@tf.function(jit_compile=True)
def b(y, x):
    return gradients(y, x)

@functools.partial(tf.function, autograph=False)
def c(y, x):
    return tf.keras.backend.gradients(y, x)

def d(y, x):
    return tf.hessians(y, x)

e = tf.function(d)

def f(y, x):
    return tf.compat.v1.gradients(y, x)
"""
    assert [(f.code, place(f)) for f in findings(text)] == [("TF504", (25, 11, 25, 33))]


def test_gradients_hint() -> None:
    text = f"{TF}tf.gradients(loss, [w], dy)\n"
    use = (
        "tape.gradient(loss, [w], output_gradients=dy)"
        " of a tf.GradientTape. tape.watch([w]) first for a tensor"
    )
    assert hints(text) == [("TF504", use)]


KERAS_ARGUMENTS = {
    # keyword: the targets that refuse or ignore it, of 2.3, 2.10, 2.15 and 2.21
    "lr=0.1": "2.21",
    "decay=0.1": "2.15 2.21",
    "beta1=0.1": "2.3 2.10 2.15 2.21",
    "use_locking=True": "2.3 2.10 2.15 2.21",
    "gradient_transformers=[]": "2.3 2.15 2.21",
    "jit_compile=False": "2.3 2.10 2.21",
    "clipnorm=1.0, clipvalue=1.0": "2.21",
    "clipnorm=None, clipvalue=1.0": "",
    "clipnorm=a, clipvalue=1.0": "",
    "learning_rate=1": "2.21",
    "learning_rate=1.0": "",
    "epsilon=None": "2.21",
    "**options": "",
}


@pytest.mark.parametrize("target", ["2.3", "2.10", "2.15", "2.21"])
@pytest.mark.parametrize("keyword", KERAS_ARGUMENTS)
def test_keras_arguments_by_target(keyword: str, target: str) -> None:
    text = f"{TF}tf.keras.optimizers.Adam({keyword})\n"
    expected = ["TF505"] if target in KERAS_ARGUMENTS[keyword].split() else []
    assert codes(text, target_version=target) == expected


def test_decay_becomes_a_schedule() -> None:
    text = f"{TF}tf.keras.optimizers.RMSprop(0.1, decay=k)\ntf.optimizers.SGD(decay=0.0)\n"
    schedule = "learning_rate=tf.keras.optimizers.schedules.InverseTimeDecay(0.1, 1, k)"
    assert hints(text) == [("TF505", schedule), ("TF505", "Delete it")]
    assert [f.status for f in findings(text)] == ["changed", "removed"]


def test_keras_package_counts_where_tensorflow_is_used() -> None:
    text = "from keras.optimizers import Adam\nAdam(lr=0.1)\n"
    assert codes(text) == []
    assert codes(TF + text) == ["TF505"]


def test_learning_rate_attribute() -> None:
    text = """\
import tensorflow as tf

model = tf.keras.Sequential()
print(model.optimizer.lr)
model.optimizer.lr = 0.1
model.lr = 0.1

def f(self, scheduler, model):
    tf.keras.backend.set_value(self.model.optimizer.lr, 0.1)
    return scheduler.lr, scheduler.optimizer.lr, model.lr
"""
    assert [(f.code, place(f), f.confidence) for f in findings(text)] == [
        ("TF505", (4, 6, 4, 24), "high"),
        ("TF505", (5, 0, 5, 18), "high"),
        ("TF505", (9, 31, 9, 54), "low"),
    ]
    assert codes(text, target_version="2.15") == []


def test_legacy_by_target() -> None:
    text = """\
import tensorflow as tf
from tensorflow.keras.optimizers.legacy import Adam

def f(optimizer: tf.keras.optimizers.legacy.Optimizer) -> list[tf.keras.optimizers.legacy.SGD]:
    return isinstance(optimizer, (tf.keras.optimizers.legacy.Optimizer, str))

Optimizer = Union[tf.keras.optimizers.Optimizer, tf.keras.optimizers.legacy.Optimizer, str]
old = Adam == tf.keras.optimizers.legacy.Adam
Adam(lr=0.1)
tf.optimizers.legacy.SGD(0.1)
tf.keras.optimizers.experimental.Adam
"""
    assert [(f.code, f.line) for f in findings(text)] == [
        ("TF506", 2), ("TF506", 9), ("TF506", 10), ("TF506", 11)
    ]  # fmt: skip
    assert hints(text)[1] == ("TF506", "tf.keras.optimizers.Adam(learning_rate=0.1)")
    assert codes(text, target_version="2.15") == []


MEMBERS = {
    "get_slot(v, 'm')": (True, False, True),
    "get_weights()": (True, False, True),
    "variables()": (False, False, True),
    "variables": (False, False, False),
    "aggregate_gradients(pairs)": (False, False, True),
    "_decayed_lr(tf.float32)": (True, False, True),
    "set_weights(w)": (False, False, False),
    "learning_rate": (False, False, False),
    "iterations": (False, False, False),
}


@pytest.mark.parametrize("member", MEMBERS)
def test_members_by_target(member: str) -> None:
    text = f"{TF}o = tf.keras.optimizers.Adam()\no.{member}\n"
    found = [codes(text, target_version=target) for target in ("2.15", "2.10", "2.21")]
    assert found == [["TF508"] if there else [] for there in MEMBERS[member]]


def test_members_of_legacy_optimizers_stay_as_long_as_they_work() -> None:
    text = f"{TF}o = tf.keras.optimizers.legacy.Adam()\no.get_weights()\no._decayed_lr(1)\n"
    assert codes(text, target_version="2.15") == []


def test_iterations_cannot_be_set() -> None:
    text = f"{TF}o = tf.keras.optimizers.Adam()\no.iterations = step\n"
    assert [(f.code, place(f)) for f in findings(text)] == [("TF508", (3, 0, 3, 12))]
    assert codes(text, target_version="2.15") == []


def test_loss_scale_by_target() -> None:
    text = """\
import tensorflow as tf
tf.train.experimental.DynamicLossScale()
tf.mixed_precision.experimental.FixedLossScale(2.0)
tf.compat.v1.train.experimental.disable_mixed_precision_graph_rewrite()
"""
    assert codes(text) == ["TF509"] * 3
    assert codes(text, target_version="2.4") == []


def test_iterations_are_a_keras_variable() -> None:
    text = f"{TF}o = tf.keras.optimizers.Adam()\n"
    line = "isinstance(o.iterations, tf.Variable)\n"
    assert [(f.code, place(f)) for f in findings(text + line)] == [("TF508", (3, 11, 3, 23))]
    assert codes(text + line, target_version="2.15") == []
    assert codes(f"{text}isinstance(o.iterations, int)\nint(o.iterations)\n") == []


def test_a_global_step_tells_that_the_optimizer_is_no_keras_optimizer() -> None:
    text = """\
import tensorflow as tf

class Trainer:
    def step(self, pairs, step):
        self.optimizer.apply_gradients(pairs, global_step=step, name="apply")
        self.optimizer.apply_gradients(pairs, step, name="apply")
        self.optimizer.apply_gradients(pairs, name="apply")
"""
    assert [(f.code, f.line) for f in findings(text)] == [("TF402", 5), ("TF503", 7)]


def test_epsilon_that_is_none() -> None:
    text = "import tensorflow as tf\ntf.keras.optimizers.Adam(0.1, epsilon=None)\n"
    [finding] = findings(text)
    assert (finding.code, place(finding)) == ("TF505", (2, 38, 2, 42))
    assert findings(text, target_version="2.15") == []
    assert findings(text, keras=2) == []
    assert codes(text.replace("epsilon=None", "0.9, 0.999, None")) == ["TF505"]
    assert codes(text.replace("None", "1e-7")) == []
