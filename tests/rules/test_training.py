"""TF401, TF402, TF403: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import findings, place, said, told
from tf2lint.fixes.edits import apply

TF = "import tensorflow as tf\n"
V1 = "import tensorflow.compat.v1 as v1\n"


def own(text: str, code: str, **settings: object) -> list[tuple[int, int, str, str]]:
    """Line, column, status and hint of the findings of one rule."""
    return [
        (f.line, f.column, f.status, told(f)) for f in findings(text, **settings) if f.code == code
    ]


def uses(text: str, code: str, **settings: object) -> list[str]:
    return [hint for *_, hint in own(text, code, **settings)]


# --- TF401 ---


def test_global_step_functions() -> None:
    text = (
        f"{TF}tf.train.get_global_step()\ntf.train.get_or_create_global_step(graph)\n"
        "tf.train.create_global_step()\ntf.train.global_step(sess, self.step)\n"
        "tf.train.assert_global_step(step)\ntf.get_global_step()\n"
        "f(tf.GraphKeys.GLOBAL_STEP)\n"
    )
    own_step = "tf.Variable(0, dtype=tf.int64, trainable=False)"
    assert uses(text, "TF401") == [
        f"optimizer.iterations, or {own_step} of your own",
        f"{own_step}, or optimizer.iterations",
        f"{own_step}, or optimizer.iterations",
        "int(self.step)",
        "tf.debugging.assert_integer(step)",
        f"optimizer.iterations, or {own_step} of your own",
        "optimizer.iterations",
    ]


def test_a_name_that_never_existed() -> None:
    (found,) = findings(f"{TF}step = tf.get_global_step()\n")
    assert found.code == "TF401"
    assert said(found).startswith("tf.get_global_step does not exist in TF 2. ")
    assert place(found) == (2, 7, 2, 25)


def test_global_step_without_a_call() -> None:
    assert uses(f"{TF}f = tf.train.global_step\n", "TF401") == ["int(optimizer.iterations)"]


def test_global_step_through_compat() -> None:
    text = f"{V1}v1.train.get_global_step()\nv1.train.get_or_create_global_step()\n"
    one, two = [f for f in findings(text) if f.code == "TF401"]
    assert (one.status, two.status) == ("compat", "compat")
    assert "gives None under eager execution until a step is made" in said(one)
    assert "makes a step that no Keras optimizer adds to" in said(two)
    assert own(text, "TF401", allow_compat_v1=True) == []


def test_imports_of_the_global_step() -> None:
    text = "from tensorflow.train import get_global_step as step\nstep()\n"
    assert [(line, column) for line, column, *_ in own(text, "TF401")] == [(1, 29), (2, 0)]


# --- TF402 ---


def test_the_step_is_found_by_keyword_and_position() -> None:
    text = (
        f"{TF}opt = tf.train.AdamOptimizer(0.1)\n"
        "opt.apply_gradients(pairs, step)\n"
        "opt.apply_gradients(pairs, global_step=step, name='n')\n"
        "opt.minimize(loss, step, var_list=v)\n"
        "opt.minimize(loss, None)\nopt.minimize(loss)\nopt.apply_gradients(*pairs)\n"
        "opt.minimize(loss, global_step=None)\n"
    )
    assert [(line, column) for line, column, *_ in own(text, "TF402")] == [
        (3, 27), (4, 27), (5, 19), (9, 19),
    ]  # fmt: skip


def test_the_step_is_reported_beside_the_call() -> None:
    text = f"{TF}def f(loss, step):\n    opt = tf.train.FtrlOptimizer(1.0)\n    opt.minimize(loss, global_step=step)\n"
    found = [(f.code, place(f)) for f in findings(text) if f.line == 4]
    assert found == [("TF502", (4, 4, 4, 16)), ("TF402", (4, 23, 4, 39))]


def test_the_step_of_subclasses() -> None:
    text = (
        f"{TF}class Mine(tf.train.MomentumOptimizer):\n    def f(self, p):\n"
        "        self.apply_gradients(p, self.step)\n"
        "mine = Mine(0.1, 0.9)\nmine.apply_gradients(p, global_step=s)\n"
    )
    assert [(line, column) for line, column, *_ in own(text, "TF402")] == [(4, 32), (6, 24)]


def test_the_step_of_keras_optimizers() -> None:
    text = (
        f"{TF}opt = tf.keras.optimizers.Adam()\nopt.apply_gradients(p, global_step=s)\n"
        "new = tf.keras.optimizers.AdamW()\nnew.apply_gradients(p, global_step=s)\n"
        "opt.apply_gradients(p, s)\n"
    )
    found = own(text, "TF402")
    assert [(line, column, status) for line, column, status, _ in found] == [
        (3, 23, "removed"), (5, 23, "removed"),
    ]  # fmt: skip


def test_the_step_of_the_unknown_needs_tensorflow_and_the_keyword() -> None:
    call = "def f(opt):\n    opt.apply_gradients(p, global_step=s)\n    opt.apply_gradients(p, s)\n"
    (found,) = [f for f in findings(TF + call) if f.code == "TF402"]
    assert (place(found), found.confidence) == ((3, 27, 3, 40), "low")
    assert findings(call) == []
    assert own(TF + call, "TF402", unknown_receivers=False) == []
    torch = f"{TF}import torch\nopt = torch.optim.SGD(p)\nopt.minimize(l, global_step=s)\n"
    assert own(torch, "TF402") == []


def test_the_step_through_compat_runs() -> None:
    text = f"{V1}opt = v1.train.AdamOptimizer(0.1)\nopt.minimize(loss, global_step=s)\n"
    assert [status for _, _, status, _ in own(text, "TF402")] == ["compat"]
    assert own(text, "TF402", allow_compat_v1=True) == []


def test_the_step_is_edited_away() -> None:
    text = f"{TF}tf.keras.optimizers.SGD().apply_gradients(p, global_step=s)\n"
    (found,) = findings(text)
    assert found.hint is not None
    fixed = f"{TF}tf.keras.optimizers.SGD().apply_gradients(p)\n"
    assert apply(text, found.hint.edits) == fixed


# --- TF403 ---

S = "tf.keras.optimizers.schedules."
DECAYS = {
    "exponential_decay(lr, step, 10, 0.9)": f"{S}ExponentialDecay(lr, 10, 0.9)",
    "exponential_decay(learning_rate=lr, global_step=s, decay_steps=n, decay_rate=r, name='d')": (
        f"{S}ExponentialDecay(lr, n, r)"
    ),
    "inverse_time_decay(lr, step, 10, 0.9, True)": (
        f"{S}InverseTimeDecay(lr, 10, 0.9, staircase=True)"
    ),
    "natural_exp_decay(lr, step, 10, rate)": f"{S}ExponentialDecay(lr, 10, math.exp(-rate))",
    "natural_exp_decay(lr, step, 10, a - b)": f"{S}ExponentialDecay(lr, 10, math.exp(-(a - b)))",
    "polynomial_decay(lr, step, 10, 0.01, power=2.0)": (
        f"{S}PolynomialDecay(lr, 10, end_learning_rate=0.01, power=2.0)"
    ),
    "piecewise_constant(step, b, v)": f"{S}PiecewiseConstantDecay(b, v)",
    "piecewise_constant_decay(x=step, boundaries=b, values=v)": (
        f"{S}PiecewiseConstantDecay(b, v)"
    ),
    "cosine_decay(lr, step, 10, alpha=0.1)": f"{S}CosineDecay(lr, 10, alpha=0.1)",
    "cosine_decay_restarts(lr, step, 10, 1.5, m_mul=0.5)": (
        f"{S}CosineDecayRestarts(lr, 10, t_mul=1.5, m_mul=0.5)"
    ),
    "linear_cosine_decay(lr, step, 10)": (f"a subclass of {S}LearningRateSchedule"),
    "noisy_linear_cosine_decay(lr, step, 10)": (f"a subclass of {S}LearningRateSchedule"),
}


@pytest.mark.parametrize("target", ["2.5", "2.15", "2.21"])
@pytest.mark.parametrize("call", DECAYS)
def test_decays_are_schedules(call: str, target: str) -> None:
    assert uses(f"{TF}tf.train.{call}\n", "TF403", target_version=target) == [DECAYS[call]]


def test_schedules_of_the_first_releases() -> None:
    text = (
        f"{TF}tf.train.cosine_decay(lr, step, 10)\n"
        "tf.train.cosine_decay_restarts(lr, step, 10)\n"
        "tf.train.linear_cosine_decay(lr, step, 10, beta=0.1)\n"
        "tf.train.noisy_linear_cosine_decay(lr, step, 10, variance_decay=0.5)\n"
    )
    assert uses(text, "TF403", target_version="2.3") == [
        "tf.keras.experimental.CosineDecay(lr, 10)",
        "tf.keras.experimental.CosineDecayRestarts(lr, 10)",
        "tf.keras.experimental.LinearCosineDecay(lr, 10, beta=0.1)",
        "tf.keras.experimental.NoisyLinearCosineDecay(lr, 10, variance_decay=0.5)",
    ]


def test_schedules_that_moved() -> None:
    text = (
        f"{TF}tf.keras.experimental.CosineDecay(0.1, 10, 0.01)\n"
        "tf.keras.experimental.LinearCosineDecay(0.1, 10)\n"
    )
    assert uses(text, "TF403") == [
        f"{S}CosineDecay(0.1, 10, alpha=0.01)",
        f"a subclass of {S}LearningRateSchedule",
    ]
    assert own(text, "TF403", target_version="2.4") == []
    assert len(own(text, "TF403", target_version="2.15")) == 1


def test_decays_without_known_arguments() -> None:
    assert uses(f"{TF}f = tf.train.exponential_decay\n", "TF403") == [f"{S}ExponentialDecay"]
    (found,) = [f for f in findings(f"{V1}v1.train.cosine_decay(lr, s, 10)\n") if f.code == "TF403"]
    assert found.status == "compat"
    assert "gives a function in eager code" in said(found)


def test_schedules_are_left_alone() -> None:
    text = f"{TF}rate = {S}ExponentialDecay(0.1, 10, 0.9)\nopt = tf.keras.optimizers.SGD(rate)\n"
    assert findings(text) == []
