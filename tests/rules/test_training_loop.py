"""TF404, TF405, TF406: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told

TF = "import tensorflow as tf\n"
V1 = "import tensorflow.compat.v1 as v1\n"


def uses(text: str, code: str, **settings: object) -> list[str]:
    """What the hints of one rule say, in source order."""
    found = findings(text, **settings)
    return [told(f) for f in found if f.code == code]


HOOKS = {
    "StopAtStepHook(num_steps=n)": "for _ in range(n): around the step",
    "StopAtStepHook(10)": "for _ in range(10): around the step",
    "StopAtStepHook(last_step=100)": "while optimizer.iterations < 100: around the step",
    "StopAtStepHook(num_steps=None, last_step=100)": "while optimizer.iterations < 100: around the step",
    "StopAtStepHook(**kw)": "for _ in range(steps): around the step, or steps_per_epoch= of fit()",
    "LoggingTensorHook({'loss': x}, every_n_iter=10)": (
        "print if step % 10 == 0:, or a tf.keras.callbacks.Callback"
    ),
    "CheckpointSaverHook(path, save_secs=60)": (
        "save() of tf.train.CheckpointManager(checkpoint, path, 5). It leaves out save_secs=60"
    ),
    "NanTensorHook(loss)": ('tf.debugging.check_numerics(loss, "loss"), or TerminateOnNaN()'),
    "StepCounterHook()": "tf.keras.callbacks.TensorBoard(logdir, write_steps_per_second=True)",
    "SummarySaverHook(save_steps=1)": (
        "tf.summary.scalar(name, value, step=step) every 1 steps, under a writer"
    ),
    "ProfilerHook(10)": ("tf.profiler.experimental.start(logdir) and stop()"),
}


@pytest.mark.parametrize("module", ["train", "estimator"])
@pytest.mark.parametrize("call", HOOKS)
def test_hooks(call: str, module: str) -> None:
    assert uses(f"{TF}hook = tf.{module}.{call}\n", "TF404") == [HOOKS[call]]


def test_what_hooks_are_handed() -> None:
    text = f"{TF}tf.train.SessionRunArgs(x)\nf(tf.train.SessionRunContext)\n"
    assert uses(text, "TF404") == [
        "what the training step takes and returns",
        "self.model.stop_training = True in a callback for request_stop()",
    ]


def test_hooks_by_the_target() -> None:
    assert uses(f"{TF}tf.train.StepCounterHook()\n", "TF404", target_version="2.2") == [
        "time.perf_counter() around the training step"
    ]
    assert uses(f"{TF}tf.train.ProfilerHook(1)\n", "TF404", target_version="2.0") == [
        "tf.keras.callbacks.TensorBoard(profile_batch=...)"
    ]


def test_hooks_of_estimator_while_there_is_one() -> None:
    text = (
        f"{TF}tf.estimator.StopAtStepHook(10)\ntf.estimator.SessionRunHook\n"
        "tf.estimator.experimental.stop_if_no_decrease_hook(e, 'loss', 5)\n"
        "tf.estimator.experimental.make_early_stopping_hook(e, f)\n"
    )
    assert uses(text, "TF404")[2:] == [
        "tf.keras.callbacks.EarlyStopping(monitor='loss', mode=\"min\", patience=...). "
        "It leaves out estimator=, max_steps_without_decrease=",
        "a tf.keras.callbacks.Callback that sets model.stop_training",
    ]
    assert uses(text, "TF404", target_version="2.15") == []


def test_subclasses_of_hooks() -> None:
    text = "from tensorflow.train import SessionRunHook\nclass A(SessionRunHook):\n    pass\n"
    found = [(f.code, place(f)) for f in findings(text)]
    assert found == [("TF404", (1, 29, 1, 43)), ("TF404", (2, 8, 2, 22))]


def test_callbacks_are_left_alone() -> None:
    text = (
        f"{TF}class A(tf.keras.callbacks.Callback):\n"
        "    def on_train_batch_end(self, batch, logs=None):\n"
        "        self.model.stop_training = True\n"
    )
    assert codes(text) == []


# --- TF405 ---


def test_monitored_sessions() -> None:
    loop = "a loop with a tf.train.CheckpointManager(checkpoint, {}, 5)"
    text = (
        f"{TF}tf.train.MonitoredTrainingSession(checkpoint_dir=d)\n"
        "tf.train.MonitoredTrainingSession()\n"
        "tf.train.Supervisor(logdir='logs')\n"
        "tf.train.SingularMonitoredSession(checkpoint_dir=d)\n"
        "tf.train.basic_train_loop(sv, step)\n"
    )
    assert uses(text, "TF405") == [
        loop.format("d"), loop.format("checkpoint_dir"), loop.format("'logs'"),
        loop.format("d"), "a Python loop that calls step",
    ]  # fmt: skip


def test_methods_of_monitored_sessions() -> None:
    text = (
        f"{TF}with tf.train.MonitoredTrainingSession() as sess:\n"
        "    while not sess.should_stop():\n        pass\n"
        "sv = tf.train.Supervisor()\nsv.start_standard_services(s)\nsv.request_stop()\n"
        "sm = tf.train.SessionManager()\nsm.prepare_session(m)\n"
    )
    found = [f for f in findings(text) if f.code == "TF405"]
    assert [f.line for f in found] == [2, 3, 5, 6, 7, 8, 9]
    assert place(found[1]) == (3, 14, 3, 30)
    assert {f.confidence for f in found} == {"high"}


def test_members_of_the_classes() -> None:
    text = f"{TF}tf.train.Scaffold.get_or_default('a', b, c)\n"
    assert uses(text, "TF405") == ["an argument of your own"]


def test_sessions_of_unknown_supervisors() -> None:
    text = f"{TF}def f(sv):\n    with sv.managed_session() as s:\n        sv.should_stop()\n"
    found = [f for f in findings(text) if f.code == "TF405"]
    assert [(f.line, f.confidence) for f in found] == [(3, "low"), (4, "low")]


def test_monitored_sessions_through_compat() -> None:
    text = f"{V1}v1.train.MonitoredTrainingSession()\nv1.train.Scaffold()\n"
    one, two = [f for f in findings(text) if f.code == "TF405"]
    assert "raises under eager execution" in said(one)
    assert "is only in compat.v1" in said(two)


# --- TF406 ---


def test_servers_keep_their_arguments() -> None:
    text = (
        f"{TF}tf.train.Server(cluster, 'ps', 0, config=c, start=False)\n"
        "tf.train.Server.create_local_server(start=True)\n"
    )
    assert uses(text, "TF406") == [
        "tf.distribute.Server(cluster, job_name='ps', task_index=0, config=c, start=False)",
        "tf.distribute.Server.create_local_server(start=True)",
    ]


def test_strategies_by_the_target() -> None:
    text = f"{TF}tf.train.replica_device_setter(2)\ntf.train.SyncReplicasOptimizer(o, 4)\n"
    assert uses(text, "TF406") == [
        "tf.distribute.ParameterServerStrategy(cluster_resolver)",
        "tf.distribute.MultiWorkerMirroredStrategy(). It leaves out replicas_to_aggregate=4",
    ]
    assert uses(text, "TF406", target_version="2.3") == [
        "tf.distribute.experimental.ParameterServerStrategy(cluster_resolver)",
        "tf.distribute.experimental.MultiWorkerMirroredStrategy(). "
        "It leaves out replicas_to_aggregate=4",
    ]


def test_synchronous_optimizers_have_no_hooks() -> None:
    text = f"{TF}opt = tf.train.SyncReplicasOptimizer(o, 4)\nopt.make_session_run_hook(True)\n"
    assert uses(text, "TF406")[1:] == [
        "nothing in its place: the strategy keeps the workers in step"
    ]


def test_what_stays() -> None:
    text = (
        f"{TF}tf.train.ClusterSpec({{}})\ntf.distribute.Server({{}})\n"
        "tf.train.CheckpointManager(c, 'd', 3)\ntf.train.Checkpoint()\n"
    )
    assert codes(text) == []


def test_what_the_user_wrote_needs_not_exist_in_tf2() -> None:
    text = f"{TF}tf.train.CheckpointSaverHook(tf.app.flags.FLAGS.x)\n"
    assert uses(text, "TF404") == [
        "save() of tf.train.CheckpointManager(checkpoint, tf.app.flags.FLAGS.x, 5)"
    ]
