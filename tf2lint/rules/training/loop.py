"""TF4: hooks, monitored sessions, supervisors, parameter servers."""

from __future__ import annotations

import re

from tf2lint.check.advice import NONE, Advice, delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import short
from tf2lint.rules.training import family
from tf2lint.tensorflow import api

_LONG = 30

# --- TF404 -----------------------------------------------------------------------------------

session_run_hook = family.rule(
    "TF404",
    "session-run-hook",
    "W",
    summary="session hooks have no session to hook into: Keras callbacks, or code in the loop",
    page="""\
A hook was called around every `session.run`. TF 2 has no session: what a hook did stands in
your own training loop, or in a `tf.keras.callbacks.Callback` if `fit()` runs the loop.

| hook | in TF 2 |
|---|---|
| `before_run`, `after_run` | `on_train_batch_begin`, `on_train_batch_end` |
| `begin`, `end` | `on_train_begin`, `on_train_end` |
| `run_context.request_stop()` | `self.model.stop_training = True` |
| `StopAtStepHook` | `for step in range(n)`, or `steps_per_epoch` |
| `LoggingTensorHook` | `print`, or the `logs` of a callback; no tensors by name |
| `CheckpointSaverHook` | `tf.train.CheckpointManager`, or `ModelCheckpoint` |
| `SummarySaverHook` | `tf.summary` under a writer |
| `StepCounterHook` | `TensorBoard(write_steps_per_second=True)` |
| `NanTensorHook` | `TerminateOnNaN`, or `tf.debugging.check_numerics` |
| `ProfilerHook` | `tf.profiler.experimental.start` and `stop` |
| `FinalOpsHook`, `FeedFnHook` | code after the loop, arguments of the step |
| `stop_if_no_decrease_hook` ... | `EarlyStopping` |

`tf.compat.v1.train` still has the hooks, for sessions in `tf.Graph` code only. Those of
`tf.estimator` went with it in TF 2.16.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

class Report(«tf.train.SessionRunHook»):
    def after_run(self, run_context, run_values):
        print("one step done")
""",
            good="""\
import tensorflow as tf

class Report(tf.keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        print("one step done")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

hooks = [«tf.train.NanTensorHook»(loss)]
""",
            good="""\
import tensorflow as tf

loss = tf.debugging.check_numerics(tf.constant(0.5), "loss is not a number")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

saver = «tf.train.CheckpointSaverHook»("logs", save_steps=100)
""",
            good="""\
import tensorflow as tf

checkpoint = tf.train.Checkpoint(step=tf.Variable(0))
manager = tf.train.CheckpointManager(checkpoint, "logs", max_to_keep=5)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/sessionrunhook_callback"],
)

_CALLBACK = "tf.keras.callbacks.Callback"
# Name -> texts in order of preference; {parameter} of the TF 1 signature is filled in.
_HOOKS: dict[str, tuple[Advice | str, ...]] = {
    "SessionRunHook": (f"`on_train_batch_begin` and `_end` of a `{_CALLBACK}`",),
    "SessionRunContext": ("`self.model.stop_training = True` in a callback for `request_stop()`",),
    "SessionRunArgs": ("what the training step takes and returns",),
    "SessionRunValues": ("what the training step returns, or the logs of a callback",),
    "StopAtStepHook": (
        "`for _ in range(steps):` around the step, or `steps_per_epoch=` of `fit()`",
    ),
    "LoggingTensorHook": (f"print `if step % {{every_n_iter}} == 0:`, or a `{_CALLBACK}`",),
    "CheckpointSaverHook": (
        use("`save()` of `tf.train.CheckpointManager(checkpoint, {checkpoint_dir}, 5)`").shorter(
            "`save()` of a `tf.train.CheckpointManager`"
        ),
    ),
    "CheckpointSaverListener": ("code of your own before and after `manager.save()`",),
    "StepCounterHook": ("`time.perf_counter()` around the training step",),
    "NanTensorHook": (
        '`tf.debugging.check_numerics({loss_tensor}, "loss")`, or `TerminateOnNaN()`',
    ),
    "NanLossDuringTrainingError": (
        "`tf.errors.InvalidArgumentError`, which `tf.debugging.check_numerics` raises",
    ),
    "SummarySaverHook": (
        "`tf.summary.scalar(name, value, step=step)` every {save_steps} steps, under a writer",
    ),
    "FinalOpsHook": ("code after the training loop",),
    "FeedFnHook": ("arguments of the training step",),
    "GlobalStepWaiterHook": (delete("it: strategies start the workers together"),),
    "ProfilerHook": (
        "`tf.profiler.experimental.start(logdir)` and `stop()`",
        "tf.keras.callbacks.TensorBoard(profile_batch=...)",
    ),
    "SecondOrStepTimer": ("`step % every == 0`, or `time.monotonic()`, in the training loop",),
    "InMemoryEvaluatorHook": (f"`model.evaluate` in a `{_CALLBACK}`",),
    "make_stop_at_checkpoint_step_hook": (f"a `{_CALLBACK}` that sets `model.stop_training`",),
    "CheckpointInputPipelineHook": ("tf.train.Checkpoint(iterator=iter(dataset))",),
}
_EARLY = "tf.keras.callbacks.EarlyStopping(monitor={metric_name}, mode=%s, patience=...)"
_STOPS = {
    "stop_if_no_decrease_hook": _EARLY % '"min"',
    "stop_if_no_increase_hook": _EARLY % '"max"',
    "stop_if_higher_hook": "",
    "stop_if_lower_hook": "",
    "make_early_stopping_hook": "",
}
_IN_ESTIMATOR = (
    "CheckpointSaverHook", "CheckpointSaverListener", "FeedFnHook", "FinalOpsHook",
    "GlobalStepWaiterHook", "LoggingTensorHook", "NanLossDuringTrainingError", "NanTensorHook",
    "ProfilerHook", "SecondOrStepTimer", "SessionRunArgs", "SessionRunContext", "SessionRunHook",
    "SessionRunValues", "StepCounterHook", "StopAtStepHook", "SummarySaverHook",
)  # fmt: skip
_EXPERIMENTAL = ("InMemoryEvaluatorHook", "make_stop_at_checkpoint_step_hook", *_STOPS)


@session_run_hook.on(*(f"tf.train.{name}" for name in _IN_ESTIMATOR))
@session_run_hook.on(*(f"tf.estimator.{name}" for name in _IN_ESTIMATOR))
@session_run_hook.on(*(f"tf.estimator.experimental.{name}" for name in _EXPERIMENTAL))
@session_run_hook.on("tf.data.experimental.CheckpointInputPipelineHook")
def _hook(ref: Reference) -> Report | None:
    if ref.status not in ("removed", "compat"):
        return None  # Estimator's own, while there is an Estimator
    name = ref.symbol.rpartition(".")[2]
    if name in _STOPS:
        stop = ref.code(_STOPS[name]) if _STOPS[name] else NONE
        return ref.report(stop or ref.say(f"a `{_CALLBACK}` that sets `model.stop_training`"))
    args = ref.arguments()
    given = args.given if args is not None and not args.open else {}
    if name == "StopAtStepHook" and given:
        steps = given.get("num_steps")
        last = given.get("last_step")
        if steps is not None and args is not None and args.literal("num_steps") is not None:
            return ref.report(
                f"`for _ in range({short(ref, steps, limit=_LONG)}):` around the step"
            )
        if last is not None:
            return ref.report(
                f"`while optimizer.iterations < {short(ref, last, limit=_LONG)}:` around the step"
            )
    if name == "StepCounterHook" and _counts_steps(ref):
        to = short(ref, given.get("output_dir"), "logdir", _LONG)
        board = ref.say("tf.keras.callbacks.TensorBoard")
        return ref.report(f"{board}({to}, write_steps_per_second=True)")
    return ref.report(_text(ref, *_HOOKS[name]).settling(*_SETTLED.get(name, ())))


def _counts_steps(ref: Reference) -> bool:
    """Whether the TensorBoard callback of the target writes steps per second."""
    found = api.signature("tf.keras.callbacks.TensorBoard", "v2", ref.target)
    return found is not None and "write_steps_per_second" in found.names


def _text(ref: Reference, *texts: Advice | str) -> Advice:
    """The first text that holds under the target, with the call's arguments in it."""
    args = ref.arguments()
    given = args.given if args is not None and not args.open else {}
    shown = {
        name: short(ref, given[name], limit=_LONG) if name in given else name
        for name in _PARAMETERS
    }
    return ref.advise(*texts).mapped(
        lambda text: _HOLE.sub(lambda match: shown.get(match[1], match[0]), text)
    )


_HOLE = re.compile(r"\{(\w+)\}")
# What these hooks are given that their hints say in other words.
_SETTLED = {
    "LoggingTensorHook": ("tensors", "every_n_iter"),
    "SummarySaverHook": ("save_steps", "output_dir", "summary_writer", "scaffold", "summary_op"),
}
_PARAMETERS = ("checkpoint_dir", "every_n_iter", "loss_tensor", "logdir", "save_steps",
               "train_step_fn")  # fmt: skip

# --- TF405 -----------------------------------------------------------------------------------

monitored_session = family.rule(
    "TF405",
    "monitored-session",
    "W",
    summary="monitored sessions and supervisors: a Python loop, a CheckpointManager, tf.summary",
    page="""\
`MonitoredTrainingSession`, `MonitoredSession`, `Supervisor` and `SessionManager` opened a
session, restored or initialized it, saved, wrote summaries, and started over when a worker was
lost. In TF 2 these are separate things, and each is plain:

- the loop is a Python loop over a dataset; it ends when the dataset does (`should_stop`)
- `tf.train.CheckpointManager(checkpoint, directory, max_to_keep=5)` saves, and
  `checkpoint.restore(manager.latest_checkpoint)` restores; it does nothing where there is none
- summaries are written under `tf.summary.create_file_writer(directory)`
- `Scaffold` has no successor: its saver is a `tf.train.Checkpoint`, its `init_fn` code before
  the loop

Through `tf.compat.v1` they work in `tf.Graph` code only; `MonitoredTrainingSession` and
`Supervisor` raise a `RuntimeError` under eager execution. The save intervals have to be written
out: TF 1 saved every 600 seconds unless told otherwise.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

session = «tf.train.MonitoredTrainingSession»(checkpoint_dir="logs")
""",
            good="""\
import tensorflow as tf

checkpoint = tf.train.Checkpoint(step=tf.Variable(0))
manager = tf.train.CheckpointManager(checkpoint, "logs", max_to_keep=5)
checkpoint.restore(manager.latest_checkpoint)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

supervisor = «tf.train.Supervisor»(logdir="logs")
""",
            good="""\
import tensorflow as tf

checkpoint = tf.train.Checkpoint(step=tf.Variable(0))
manager = tf.train.CheckpointManager(checkpoint, "logs", max_to_keep=5)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def train(supervisor, step):
    with «supervisor.managed_session»() as session:
        step(session)
""",
            good="""\
def train(dataset, step):
    for batch in dataset:
        step(batch)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/checkpoint"],
)


def _loop(folder: str) -> Advice:
    whole = f"a loop with a `tf.train.CheckpointManager(checkpoint, {{{folder}}}, 5)`"
    return use(whole).shorter("a loop with a `tf.train.CheckpointManager`")


_NO_SESSION = delete("it: there is no session to create")
_SESSIONS: dict[str, Advice | str] = {
    "MonitoredTrainingSession": _loop("checkpoint_dir"),
    "MonitoredSession": "a Python loop, and a `tf.train.CheckpointManager` to save and restore",
    "SingularMonitoredSession": _loop("checkpoint_dir"),
    "Supervisor": _loop("logdir"),
    "SessionManager": "`checkpoint.restore(manager.latest_checkpoint)` of a "
    "`tf.train.CheckpointManager`",
    "Scaffold": "tf.train.Checkpoint(model=model, optimizer=optimizer)",
    "ChiefSessionCreator": _NO_SESSION,
    "WorkerSessionCreator": _NO_SESSION,
    "SessionCreator": _NO_SESSION,
    "basic_train_loop": "a Python loop that calls `{train_step_fn}`",
}
_EAGER_ERRORS = ("MonitoredTrainingSession", "Supervisor")


@monitored_session.under(*(f"tf.train.{name}" for name in _SESSIONS))
def _monitored_session(ref: Reference) -> Report:
    name = ref.symbol.split(".")[2]
    what = ""
    if ref.symbol == "tf.train.Scaffold.get_or_default":
        return ref.report(_METHODS["get_or_default"])
    if ref.status == "compat" and name in _EAGER_ERRORS and ref.symbol.count(".") == 2:
        what = "raises under eager execution"
    return ref.report(_text(ref, _SESSIONS[name]), what)


_STOP = "the condition of the Python loop, such as the end of the dataset"
_OPENS = "a Python loop over the dataset: there is no session to open"
_NOTHING = delete("it: there is no session to manage")
_METHODS: dict[str, Advice | str] = {
    "should_stop": _STOP, "ShouldStop": _STOP, "request_stop": "`break`", "RequestStop": "`break`",
    "stop": "`break`", "Stop": "`break`", "stop_on_exception": "`try` and `except`",
    "StopOnException": "`try` and `except`", "managed_session": _OPENS,
    "prepare_or_wait_for_session": _OPENS, "PrepareSession": _OPENS,
    "prepare_session": _OPENS, "recover_session": _OPENS, "wait_for_session": _OPENS,
    "start_standard_services": _NOTHING, "StartStandardServices": _NOTHING,
    "start_queue_runners": "tf.data.Dataset", "StartQueueRunners": "tf.data.Dataset",
    "SummaryComputed": "`tf.summary` functions under a writer",
    "loop": "threading.Thread", "Loop": "threading.Thread", "wait_for_stop": _NOTHING,
    "WaitForStop": _NOTHING,
    "raw_session": _NOTHING, "get_or_default": "an argument of your own",
}  # fmt: skip
_OWNERS = {
    "MonitoredSession": ("should_stop",),
    "SingularMonitoredSession": ("should_stop", "raw_session"),
    "SessionManager": ("prepare_session", "recover_session", "wait_for_session"),
    "Scaffold": ("get_or_default",),
    "Supervisor": tuple(
        name for name in _METHODS
        if name not in ("raw_session", "get_or_default", "prepare_session",
                        "recover_session", "wait_for_session")
    ),
}  # fmt: skip


@monitored_session.on(
    *(f"tf.train.{owner}.{name}" for owner, names in _OWNERS.items() for name in names)
)
def _session_method(ref: Reference) -> Report | None:
    if not ref.is_method:
        return None
    return ref.report(ref.advise(_METHODS[ref.symbol.rpartition(".")[2]]))


@monitored_session.method(
    "managed_session", "prepare_or_wait_for_session", of="tf.train.Supervisor"
)
def _unknown_session(ref: Reference) -> Report | None:
    if ref.call is None:
        return None
    return ref.report(_OPENS, "has no TF 2 form")


# --- TF406 -----------------------------------------------------------------------------------

parameter_server = family.rule(
    "TF406",
    "parameter-server",
    "W",
    summary="parameter servers, cluster servers and synchronous replicas are tf.distribute's",
    page="""\
In TF 1 a distributed program placed its variables with `tf.train.replica_device_setter`, ran a
`tf.train.Server` in every process and wrapped the optimizer in `SyncReplicasOptimizer`. In TF 2
a strategy does it:

- parameter servers: `tf.distribute.ParameterServerStrategy(cluster_resolver)` places variables,
  a coordinator sends the steps to the workers
- synchronous workers: `tf.distribute.MultiWorkerMirroredStrategy()` sums up the gradients; no
  optimizer of its own, no token queues, no hook
- a server: `tf.distribute.Server`, with the arguments of before; only parameter servers and
  workers that wait for a coordinator need one
- `tf.train.ClusterSpec` has stayed what it was; most programs set `TF_CONFIG` and use
  `tf.distribute.cluster_resolver.TFConfigClusterResolver()`""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

cluster = tf.train.ClusterSpec({"worker": ["localhost:2222"]})
server = «tf.train.Server»(cluster, job_name="worker", task_index=0)
""",
            good="""\
import tensorflow as tf

cluster = tf.train.ClusterSpec({"worker": ["localhost:2222"]})
server = tf.distribute.Server(cluster, job_name="worker", task_index=0)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

device = «tf.train.replica_device_setter»(ps_tasks=2)
""",
            good="""\
import tensorflow as tf

resolver = tf.distribute.cluster_resolver.TFConfigClusterResolver()
strategy = tf.distribute.ParameterServerStrategy(resolver)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def synchronous(optimizer):
    return «tf.train.SyncReplicasOptimizer»(optimizer, replicas_to_aggregate=4)
""",
            good="""\
import tensorflow as tf

strategy = tf.distribute.MultiWorkerMirroredStrategy()
""",
        ),
    ],
    sources=["https://www.tensorflow.org/tutorials/distribute/parameter_server_training"],
)


@parameter_server.on("tf.train.replica_device_setter")
def _replica_device_setter(ref: Reference) -> Report:
    return ref.report(
        ref.say(
            "tf.distribute.ParameterServerStrategy(cluster_resolver)",
            "tf.distribute.experimental.ParameterServerStrategy(cluster_resolver)",
        )
    )


_SERVER = (
    "({server_or_cluster_def}, job_name={job_name}, task_index={task_index}, "
    "protocol={protocol}, config={config}, start={start})"
)


@parameter_server.on("tf.train.Server")
def _server(ref: Reference) -> Report:
    return ref.report(ref.code(f"tf.distribute.Server{_SERVER}"))


@parameter_server.on("tf.train.Server.create_local_server")
def _local_server(ref: Reference) -> Report | None:
    if ref.is_method:
        return None
    return ref.report(
        ref.code("tf.distribute.Server.create_local_server(config={config}, start={start})")
    )


@parameter_server.on("tf.train.SyncReplicasOptimizer")
def _sync_replicas(ref: Reference) -> Report:
    told = ref.code(
        "tf.distribute.MultiWorkerMirroredStrategy()",
        "tf.distribute.experimental.MultiWorkerMirroredStrategy()",
    )
    return ref.report(told.settling("opt", "total_num_replicas"))


@parameter_server.on(
    *(f"tf.train.SyncReplicasOptimizer.{name}"
      for name in ("make_session_run_hook", "get_chief_queue_runner", "get_init_tokens_op"))
)  # fmt: skip
def _sync_method(ref: Reference) -> Report | None:
    if not ref.is_method:
        return None
    return ref.report("nothing in its place: the strategy keeps the workers in step")
