"""TF9: TPUs, distribution strategies, devices."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.surface import family
from tf2lint.tensorflow import api

_TPU = "https://www.tensorflow.org/guide/tpu"
_DISTRIBUTED = "https://www.tensorflow.org/guide/distributed_training"

# --- TF910 -----------------------------------------------------------------------------------

tpu_v1 = family.rule(
    "TF910",
    "tpu-v1",
    "W",
    summary="TPUs are driven through tf.distribute.TPUStrategy; tf.tpu's graph functions are gone",
    page="""\
TensorFlow 1 rewrote a graph for TPUs: `tf.tpu.rewrite`, `replicate`, `shard` and
`batch_parallel` took a function and gave the tensors of the compiled one,
`tf.tpu.CrossShardOptimizer` took the mean of gradients over the cores (a strategy sums them up:
divide the loss by their number), and a session ran `initialize_system()`.

TF 2 has one way. Connect, initialize, make a strategy, and run a step through it:

```python
resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu="")
tf.config.experimental_connect_to_cluster(resolver)
tf.tpu.experimental.initialize_tpu_system(resolver)
strategy = tf.distribute.TPUStrategy(resolver)
```

Build the model and the optimizer inside `strategy.scope()` and call `strategy.run(step_fn,
args=(batch,))` inside a `tf.function`. A plain Keras optimizer sums gradients over the cores by
itself, so the wrapper around it goes. Mixed precision is a policy,
`tf.keras.mixed_precision.set_global_policy("mixed_bfloat16")`.

The optimizer parameter classes for embeddings (`tf.tpu.experimental.AdamParameters` ...) are
`tf.tpu.experimental.embedding.Adam` ... with Keras names (`beta_1`), and from TF 2.16 on they are
missing from `compat.v1` too.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def wrap(optimizer):
    return «tf.tpu.CrossShardOptimizer»(optimizer)
""",
            good="""\
import tensorflow as tf

def build(resolver):
    strategy = tf.distribute.TPUStrategy(resolver)
    with strategy.scope():
        return tf.keras.optimizers.Adam()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def step(features, labels):
    return «tf.tpu.rewrite»(loss_fn, [features, labels])
""",
            good="""\
import tensorflow as tf

@tf.function
def step(strategy, features, labels):
    return strategy.run(loss_fn, args=(features, labels))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

parameters = «tf.tpu.experimental.AdamParameters»(0.1, beta1=0.8)
""",
            good="""\
import tensorflow as tf

parameters = tf.tpu.experimental.embedding.Adam(0.1, beta_1=0.8)
""",
        ),
    ],
    sources=[_TPU],
)

_LONG = 60  # characters of arguments that a hint repeats
_STRATEGIES = ("tf.distribute.TPUStrategy", "tf.distribute.experimental.TPUStrategy")
_CLIP = "clip_weight_min={clip_weight_min}, clip_weight_max={clip_weight_max})"
_GRADIENTS = "use_gradient_accumulation={use_gradient_accumulation}, "

# Code for the very call; where a target lacks it, the text that follows holds.
_TPU_CODE: dict[str, tuple[str, ...]] = {
    "tf.tpu.core": ('"/TPU:" + str({num})',),
    "tf.tpu.cross_replica_sum": (
        "tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, {x})",
    ),
    "tf.tpu.experimental.AdagradParameters": (
        "tf.tpu.experimental.embedding.Adagrad({learning_rate}, "
        f"initial_accumulator_value={{initial_accumulator}}, {_GRADIENTS}{_CLIP}",
    ),
    "tf.tpu.experimental.AdamParameters": (
        "tf.tpu.experimental.embedding.Adam({learning_rate}, beta_1={beta1}, beta_2={beta2}, "
        "epsilon={epsilon}, lazy_adam={lazy_adam}, sum_inside_sqrt={sum_inside_sqrt}, "
        f"{_GRADIENTS}{_CLIP}",
    ),
    "tf.tpu.experimental.StochasticGradientDescentParameters": (
        f"tf.tpu.experimental.embedding.SGD({{learning_rate}}, {_CLIP}",
    ),
}
_SUMS = "It sums gradients, this took means"
_TPU_TEXT: dict[str, tuple[Advice | str, ...]] = {
    "tf.tpu.CrossShardOptimizer": (
        use("the optimizer alone, in a `tf.distribute.TPUStrategy`", _SUMS),
        use("the optimizer alone, under a TPUStrategy", _SUMS),
    ),
    "tf.tpu.bfloat16_scope": (
        'tf.keras.mixed_precision.set_global_policy("mixed_bfloat16")',
        'tf.keras.mixed_precision.experimental.set_policy("mixed_bfloat16")',
        "tf.cast(x, tf.bfloat16)",
    ),
    "tf.tpu.initialize_system": ("tf.tpu.experimental.initialize_tpu_system(resolver)",),
    "tf.tpu.outside_compilation": ("tf.config.set_soft_device_placement(True)",),
    "tf.tpu.shutdown_system": (
        "tf.tpu.experimental.shutdown_tpu_system(resolver)", delete(),
    ),
    **{
        f"tf.tpu.experimental.{name}": (
            "tf.tpu.experimental.embedding.FeatureConfig",
            "`tf.keras.layers.Embedding` under a TPUStrategy",
        )
        for name in ("embedding_column", "shared_embedding_columns")
    },
    **{
        f"tf.tpu.experimental.{name}Parameters": ("the optimizer of Keras",)
        for name in ("Adagrad", "Adam", "StochasticGradientDescent")
    },
}  # fmt: skip
_TPU_FUNCTIONS = ("batch_parallel", "replicate", "rewrite", "shard")


@tpu_v1.on(*(f"tf.tpu.{name}" for name in _TPU_FUNCTIONS))
def _tpu_function(ref: Reference) -> Report | None:
    """Functions that compile a computation."""
    if ref.status not in ("removed", "compat"):
        return None
    args = ref.arguments()
    strategy = ref.say(*_STRATEGIES)
    call = "strategy.run(computation, args=...)"
    if args is not None and "computation" in args.given:
        computation = ref.text(args.given["computation"])
        inputs = args.given.get("inputs")
        passed = "..."
        if isinstance(inputs, ast.List):
            texts = [ref.text(item) for item in inputs.elts]
            passed = f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
        if len(computation) + len(passed) < _LONG:
            call = f"strategy.run({computation}, args={passed})"
    return ref.report(use(f"`{call}` of a `{strategy}`").settling("computation", "inputs"))


@tpu_v1.on(*_TPU_CODE, *(name for name in _TPU_TEXT if name not in _TPU_CODE))
def _tpu(ref: Reference) -> Report | None:
    """All else of tf.tpu that was TF 1's."""
    if ref.status not in ("removed", "compat"):
        return None
    code = ref.code(*_TPU_CODE.get(ref.symbol, ()))
    return ref.report(code or ref.advise(*_TPU_TEXT.get(ref.symbol, ())))


# --- TF911 -----------------------------------------------------------------------------------

distribute_v1 = family.rule(
    "TF911",
    "distribute-v1",
    "W",
    summary="methods of distribution strategies that TF 2 renamed or dropped",
    page="""\
`strategy.experimental_run_v2(fn, args)` is `strategy.run(fn, args)` since TF 2.2, and the old name
has gone. `experimental_make_numpy_dataset` is an ordinary
`tf.data.Dataset.from_tensor_slices(...)`, handed to `strategy.experimental_distribute_dataset`.
`tf.distribute.get_loss_reduction()` told a model function how its loss would be combined: divide
by the global batch size instead, with `tf.nn.compute_average_loss`.

What `strategy.extended` had for Estimators (`call_for_each_replica`, `read_var`,
`experimental_run_steps_on_iterator`, the `should_*` flags) has no place in TF 2.

**Silent:** under a TF 2 strategy the batch size of a dataset is the global one, of which each
replica gets its part; TF 1's Estimators took it for one replica. Multiply by
`strategy.num_replicas_in_sync`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

strategy = tf.distribute.MirroredStrategy()

def train(batch):
    return «strategy.experimental_run_v2»(step, args=(batch,))
""",
            good="""\
import tensorflow as tf

strategy = tf.distribute.MirroredStrategy()

def train(batch):
    return strategy.run(step, args=(batch,))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

reduction = «tf.distribute.get_loss_reduction»()
""",
            good="""\
import tensorflow as tf

def loss(per_example, global_batch_size):
    return tf.nn.compute_average_loss(per_example, global_batch_size=global_batch_size)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def data(strategy: tf.distribute.Strategy, features):
    return «strategy.experimental_make_numpy_dataset»(features)
""",
            good="""\
import tensorflow as tf

def data(strategy: tf.distribute.Strategy, features):
    dataset = tf.data.Dataset.from_tensor_slices(features)
    return strategy.experimental_distribute_dataset(dataset)
""",
        ),
    ],
    sources=[_DISTRIBUTED],
)

_EXTENDED = (
    "broadcast_to", "call_for_each_replica", "experimental_between_graph",
    "experimental_make_numpy_dataset", "experimental_run_steps_on_iterator",
    "experimental_should_init", "non_slot_devices", "read_var", "should_checkpoint",
    "should_save_summary", "update_non_slot",
)  # fmt: skip


@distribute_v1.on("tf.distribute.Strategy.experimental_run_v2")
def _run_v2(ref: Reference) -> Report | None:
    """The old name of `run`."""
    if ref.status not in ("removed", "compat") or not ref.is_method:
        return None
    return ref.report(ref.code("{self}.run({fn}, args={args}, kwargs={kwargs})"))


@distribute_v1.method("experimental_run_v2")
def _run_v2_unknown(ref: Reference) -> Report | None:
    """The same on what can only be a strategy."""
    name = "tf.distribute.Strategy.experimental_run_v2"
    if ref.call is None or ref.receiver is None or api.exists(name, ref.target):
        return None
    held = ref.text(ref.receiver)
    return ref.report(f"{held}.run(fn, args)", "is called `run` in TF 2", status="removed")


@distribute_v1.on("tf.distribute.Strategy.experimental_make_numpy_dataset")
def _numpy_dataset(ref: Reference) -> Report | None:
    """Arrays as a dataset."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(ref.code("tf.data.Dataset.from_tensor_slices({numpy_input})"))


@distribute_v1.on(*(f"tf.distribute.StrategyExtended.{name}" for name in _EXTENDED))
def _extended(ref: Reference) -> Report | None:
    """What strategies did for Estimators."""
    if ref.status not in ("removed", "compat"):
        return None
    use = "strategy.run(fn, args)" if "replica" in ref.symbol else ""
    return ref.report(use)


@distribute_v1.on("tf.distribute.get_loss_reduction")
def _loss_reduction(ref: Reference) -> Report | None:
    """How a loss is combined."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(
        ref.say(
            "tf.nn.compute_average_loss(per_example_loss, global_batch_size=...)",
            "tf.reduce_sum(per_example_loss) / global_batch_size",
        )
    )


# --- TF912 -----------------------------------------------------------------------------------

device_v1 = family.rule(
    "TF912",
    "device-spec",
    "W",
    summary="device specifications do not change any more; devices are listed by tf.config",
    page="""\
A TF 2 `tf.DeviceSpec` is immutable: setting `spec.job` raises an `AttributeError`, `merge_from`
has gone. `spec.replace(job=...)` and `spec.make_merged_spec(other)` give a new one.

**Silent:** `spec.parse_from_string(text)` changed the object; it returns a new one now and leaves
the old as it was. Use the result, or `tf.DeviceSpec.from_string(text)`.

`tf.config.experimental_list_devices()` is `tf.config.list_logical_devices()`, which gives objects
with a `name`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

spec = tf.DeviceSpec(job="worker")
«spec.merge_from»(tf.DeviceSpec(device_type="GPU"))
""",
            good="""\
import tensorflow as tf

spec = tf.DeviceSpec(job="worker")
spec = spec.make_merged_spec(tf.DeviceSpec(device_type="GPU"))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

spec = tf.DeviceSpec(job="worker")
«spec.task» = 3
""",
            good="""\
import tensorflow as tf

spec = tf.DeviceSpec(job="worker")
spec = spec.replace(task=3)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

names = «tf.config.experimental_list_devices»()
""",
            good="""\
import tensorflow as tf

names = [device.name for device in tf.config.list_logical_devices()]
""",
        ),
    ],
)

_SPEC = ("device_index", "device_type", "job", "replica", "task")


@device_v1.on("tf.DeviceSpec.merge_from")
def _merge_from(ref: Reference) -> Report | None:
    """Merging in place."""
    if ref.status not in ("removed", "compat") or not ref.is_method:
        return None
    code = ref.code("{self}.make_merged_spec({dev})")
    if ref.call is not None and _is_statement(ref):
        code = code.noting("It gives a new one")
    return ref.report(code)


@device_v1.on("tf.DeviceSpec.parse_from_string")
def _parse_from_string(ref: Reference) -> Report | None:
    """Parsing in place, where the result is thrown away."""
    if not ref.is_method or ref.call is None or not _is_statement(ref):
        return None
    assert ref.receiver is not None
    held = ref.text(ref.receiver)
    return ref.report(
        f"{held} = {ref.code('tf.DeviceSpec.from_string({spec})').code}",
        "no longer changes the object in TF 2", status="compat" if ref.route == "v1" else "changed",
    )  # fmt: skip


@device_v1.store(*(f"tf.DeviceSpec.{name}" for name in _SPEC))
def _spec_set(ref: Reference) -> Report:
    """An attribute set."""
    held = ref.text(ref.receiver) if ref.receiver is not None else "spec"
    name = ref.symbol.rpartition(".")[2]
    return ref.report(
        f"{held} = {held}.replace({name}=...)", "cannot be set in TF 2",
        status="compat" if ref.route == "v1" else "removed",
    )  # fmt: skip


@device_v1.on("tf.config.experimental_list_devices")
def _list_devices(ref: Reference) -> Report | None:
    """All devices."""
    if ref.status not in ("removed", "compat"):
        return None
    return ref.report(
        ref.say(
            "tf.config.list_logical_devices()",
            "tf.config.experimental.list_logical_devices()",
        )
    )


def _is_statement(ref: Reference) -> bool:
    """Whether the result of the call is thrown away."""
    stmt = ref.site.stmt
    return isinstance(stmt, ast.Expr) and stmt.value is ref.call
