"""TF6: how sessions were configured."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.advice import Advice, delete, marked, use
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Example
from tf2lint.rules.graphs import family
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths

session_config = family.rule(
    "TF608",
    "session-config",
    "W",
    summary="ConfigProto, GPUOptions and RunOptions become calls of tf.config",
    page="""\
Sessions took a `ConfigProto`; TF 2 is configured for the whole program by functions, to be
called at the start, before the first operation.

| field | TF 2 |
|---|---|
| `gpu_options.allow_growth` | `tf.config.experimental.set_memory_growth(gpu, True)` for each of `tf.config.list_physical_devices("GPU")` |
| `gpu_options.per_process_gpu_memory_fraction` | `tf.config.set_logical_device_configuration(gpu, [tf.config.LogicalDeviceConfiguration(memory_limit=megabytes)])` |
| `gpu_options.visible_device_list` | `tf.config.set_visible_devices(gpus, "GPU")` |
| `device_count={"GPU": 0}` | `tf.config.set_visible_devices([], "GPU")` |
| `allow_soft_placement` | `tf.config.set_soft_device_placement(True)`, the default |
| `log_device_placement` | `tf.debugging.set_log_device_placement(True)` |
| `intra_op_parallelism_threads` | `tf.config.threading.set_intra_op_parallelism_threads(n)` |
| `inter_op_parallelism_threads` | `tf.config.threading.set_inter_op_parallelism_threads(n)` |
| `graph_options.optimizer_options.global_jit_level` | `ON_1`, `ON_2`: `tf.config.optimizer.set_jit("autoclustering")`, or `@tf.function(jit_compile=True)`; `OFF`: `tf.config.optimizer.set_jit(False)`, the default |
| `graph_options.optimizer_options.opt_level` | `L1`: nothing, it is the default; `L0`: `tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})` |
| `graph_options.rewrite_options` | `tf.config.optimizer.set_experimental_options({...})` |
| `operation_timeout_in_ms` and others | no counterpart |

The memory limit is in megabytes, not a share of the card's. `RunOptions(trace_level=...)` with
`RunMetadata` becomes `with tf.profiler.experimental.Profile(logdir):`. The other fields of
`RunOptions`, a timeout or a report when memory runs out, have no counterpart.

The protos exist as `tf.compat.v1.ConfigProto` and so on, for `tf.compat.v1.Session` only.
`tf.estimator.RunConfig(session_config=...)` went with estimators.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

config = «tf.ConfigProto»()
config.gpu_options.allow_growth = True
""",
            good="""\
import tensorflow as tf

for gpu in tf.config.list_physical_devices("GPU"):
    tf.config.experimental.set_memory_growth(gpu, True)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

config = «tf.ConfigProto»(allow_soft_placement=True, intra_op_parallelism_threads=4)
""",
            good="""\
import tensorflow as tf

tf.config.set_soft_device_placement(True)
tf.config.threading.set_intra_op_parallelism_threads(4)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

options = «tf.compat.v1.GPUOptions»(per_process_gpu_memory_fraction=0.5)
""",
            good="""\
import tensorflow as tf

gpu = tf.config.list_physical_devices("GPU")[0]
limit = tf.config.LogicalDeviceConfiguration(memory_limit=4096)
tf.config.set_logical_device_configuration(gpu, [limit])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

metadata = «tf.RunMetadata»()
""",
            good="""\
import tensorflow as tf

with tf.profiler.experimental.Profile("logs"):
    tf.linalg.matmul([[1.0]], [[2.0]])
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/gpu"],
)

# The field, and what to call instead; {} is its value as written.
_FIELDS = {
    "allow_growth": ("tf.config.experimental.set_memory_growth(gpu, {})",),
    "per_process_gpu_memory_fraction": (
        "`tf.config.set_logical_device_configuration` with `memory_limit=megabytes`",
        "`tf.config.experimental.set_virtual_device_configuration` with `memory_limit=megabytes`",
    ),
    "visible_device_list": (
        'tf.config.set_visible_devices(gpus, "GPU")',
        'tf.config.experimental.set_visible_devices(gpus, "GPU")',
    ),
    "device_count": (
        'tf.config.set_visible_devices(devices, "GPU")',
        'tf.config.experimental.set_visible_devices(devices, "GPU")',
    ),
    "allow_soft_placement": ("tf.config.set_soft_device_placement({})",),
    "log_device_placement": ("tf.debugging.set_log_device_placement({})",),
    "intra_op_parallelism_threads": ("tf.config.threading.set_intra_op_parallelism_threads({})",),
    "inter_op_parallelism_threads": ("tf.config.threading.set_inter_op_parallelism_threads({})",),
    "rewrite_options": ("tf.config.optimizer.set_experimental_options({{...}})",),
}  # fmt: skip
_NO_GPU = ('tf.config.set_visible_devices([], "GPU")',
           'tf.config.experimental.set_visible_devices([], "GPU")')  # fmt: skip
_JIT = ('tf.config.optimizer.set_jit("autoclustering")', "tf.config.optimizer.set_jit(True)")
_TRACE = ("tf.profiler.experimental.Profile(logdir)", "tf.summary.trace_on(profiler=True)")
_DEFAULT = (delete("it: it is the default"),)
# What stands for a value that is one of these constants.
_CONSTANTS: dict[str, dict[str, tuple[Advice | str, ...]]] = {
    "tf.OptimizerOptions": {
        "ON_1": _JIT,
        "ON_2": _JIT,
        "OFF": ("tf.config.optimizer.set_jit(False)",),
        "L0": ('tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})',),
        "L1": _DEFAULT,
        "DEFAULT": _DEFAULT,
    },
    "tf.RunOptions": {
        **dict.fromkeys(("FULL_TRACE", "HARDWARE_TRACE", "SOFTWARE_TRACE"), _TRACE),
        "NO_TRACE": _DEFAULT,
    },
}
_VALUED = {"global_jit_level": "tf.OptimizerOptions", "opt_level": "tf.OptimizerOptions",
           "trace_level": "tf.RunOptions"}  # fmt: skip
_NOTHING = delete("it: it has no counterpart")
_GENERAL = {
    "tf.ConfigProto": ("the functions of `tf.config` at start-up, without a session",),
    "tf.GPUOptions": ("the functions of `tf.config` for GPUs",
                      "the functions of `tf.config.experimental` for GPUs"),
    "tf.GraphOptions": ("tf.config.optimizer.set_experimental_options({...})",),
    "tf.OptimizerOptions": ("the functions of `tf.config.optimizer`",),
    "tf.RunOptions": ("`tf.profiler.experimental.Profile(logdir)` to trace a run",
                      "`tf.summary.trace_on(profiler=True)` to trace a run"),
    "tf.RunMetadata": ("`tf.profiler.experimental.Profile(logdir)` to trace a run",
                       "`tf.summary.trace_on(profiler=True)` to trace a run"),
}  # fmt: skip
_MOST, _ROOM = 3, 90  # statements in one message, and their length together
_LONG = 24


@session_config.on(*_GENERAL)
def _config(ref: Reference) -> Report:
    answers: dict[str, str] = {}
    for field, value in _fields(ref):
        answers[field] = _answer(ref, field, value)
    told = [text for text in answers.values() if text]
    if not told:
        purposeless = ref.symbol == "tf.RunOptions" and _is_given_something(ref)
        return ref.report(_NOTHING if purposeless else ref.say(*_GENERAL[ref.symbol]))
    shown = told[:1]
    for text in told[1:_MOST]:
        if len("; ".join([*shown, text])) <= _ROOM:
            shown.append(text)
    rest = "" if len(told) == len(shown) else "Other fields have their own calls"
    return ref.report(use(", ".join(map(marked, shown))).adding(rest).settling(*answers))


@session_config.under(*_GENERAL)
def _constant(ref: Reference) -> Matched:
    """`tf.RunOptions.FULL_TRACE` and the like."""
    owner, _, name = ref.symbol.rpartition(".")
    if owner not in _GENERAL:
        return None
    if ref.status != "removed":  # a missing name is told each time
        for node in ast.walk(ref.site.stmt):
            if isinstance(node, ast.keyword) and node.value is ref.node and _is_known(node.arg):
                return QUIET  # the finding on the proto says it
    return ref.report(ref.advise(*_CONSTANTS.get(owner, {}).get(name, _GENERAL[owner])))


def _is_given_something(ref: Reference) -> bool:
    """Whether the message is made with fields, or gets some."""
    return ref.call is not None and (bool(ref.call.keywords) or any(True for _ in ref.stored()))


def _answer(ref: Reference, field: str, value: ast.expr) -> str:
    if field in _VALUED:
        return _constant_answer(ref, field, value)
    text = ref.text(value)
    if len(text) > _LONG:
        text = "..."
    templates = _FIELDS[field]
    if field == "device_count" and isinstance(value, ast.Dict):
        counts = dict(zip(map(_literal, value.keys), map(_literal, value.values), strict=True))
        if "GPU" not in counts:
            return ""
        if counts["GPU"] == 0:
            templates = _NO_GPU
    return ref.say(*(template.format(text) for template in templates))


def _constant_answer(ref: Reference, field: str, value: ast.expr) -> str:
    """What to do instead of setting a field to one of the constants of its class."""
    owner = _VALUED[field]
    constants = _CONSTANTS[owner]
    for one in ref.values(value):
        if isinstance(one, Symbol):
            name = paths.symbol(one.path)
            if name.startswith(f"{owner}."):
                told = constants.get(name[len(owner) + 1 :], ())
                return "" if told is _DEFAULT else ref.advise(*told).code
    if field == "opt_level":
        return ""
    if field == "global_jit_level":  # OFF is -1, ON_1 and ON_2 are 1 and 2
        text = ref.text(value)
        level = text if len(text) <= _LONG else "level"
        return ref.say(f"tf.config.optimizer.set_jit({level} > 0)")
    return ref.say(*_TRACE)


def _is_known(field: str | None) -> bool:
    return field in _FIELDS or field in _VALUED


def _literal(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else ...


def _fields(ref: Reference) -> Iterator[tuple[str, ast.expr]]:
    """The fields that the constructor is given, and those that are set on its result."""
    call = ref.call
    if call is None:
        return
    for node in ast.walk(call):
        if isinstance(node, ast.keyword) and node.arg is not None and _is_known(node.arg):
            yield node.arg, node.value
    for store in ref.stored():
        value = store.binding.expr
        if value is not None:
            yield from ((a.attr, value) for a in store.chain if _is_known(a.attr))
