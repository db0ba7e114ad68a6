"""TF0: modules that are not public."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace as with_kind

from tf2lint.check.advice import Advice, nothing, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Edit, Example
from tf2lint.fixes.edits import replace, root_for
from tf2lint.fixes.templates import rooted
from tf2lint.options import TF2
from tf2lint.rules.imports import _private, family
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api, modules, paths
from tf2lint.tensorflow.api import dotted

# Modules that are not public. The first rule takes those that are gone.

missing = family.rule(
    "TF008",
    "missing-module",
    "E",
    summary="a module of the tensorflow package that the target does not have",
    page="""\
The package holds many modules that were never public: `tensorflow.python.*`,
`tensorflow.core.*`, `tensorflow.tools.*`. They move and go without notice. This rule knows which
ones the target release lacks, from the wheels of all TF 2 releases, and reports the import
that raises `ModuleNotFoundError`: `tensorflow.python.estimator` (until 2.15),
`tensorflow.tools.graph_transforms` (TF 1 only), `tensorflow_core` (1.15 to 2.1),
`tensorflow.python.training.tracking` (until 2.13), `tensorflow.tensorboard` and
`tensorflow.models` (before TF 1.0) and others.

Reaching for such a module as an attribute, `tf.python.ops.math_ops`, raises AttributeError
since TF 2.4 even where the module itself is still there: `tf` has no attribute `python`.

So do functions and classes that left a module which is there: `ops.Tensor`, `array_ops.stack`,
`control_flow_ops.while_loop` (until 2.12 or 2.13) and all others of TF 1.15. Where the very object
is public, `fix` writes that name.

The hint names the public way, if there is one. `private-api` (TF003, off by default) reports
the modules that are still there, too.""",
    examples=[
        Example(
            bad="""\
from tensorflow.python.estimator import «run_config»
""",
            good="""\
import tensorflow as tf
""",
        ),
        Example(
            bad="""\
from tensorflow.tools.graph_transforms import «TransformGraph»
""",
            good="""\
import tensorflow as tf
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

y = «tf.python.ops.math_ops.add»(1, 2)
""",
            good="""\
import tensorflow as tf

y = tf.math.add(1, 2)
""",
        ),
    ],
)

_CORE = "tensorflow_core"
_CORE_LAST = (2, 1)
_NO_READER = "python.pywrap_tensorflow.NewCheckpointReader"


# Names that a module of the frozen Keras no longer has though it is there, with the module that
# they came from and went with. Of the last two, 2.15 is the oldest release that was asked.
_LEFT: dict[str, dict[str, tuple[str, ...]]] = {
    "layers": {
        "layers.normalization": ("BatchNormalization", "LayerNormalization"),
        "layers.wrappers": ("Bidirectional", "TimeDistributed", "Wrapper", "wrappers"),
        "layers.noise": ("AlphaDropout", "GaussianDropout", "GaussianNoise"),
        "layers.local": ("LocallyConnected1D", "LocallyConnected2D"),
        "layers.cudnn_recurrent": ("CuDNNGRU", "CuDNNLSTM"),
        "layers.recurrent_v2": ("GRU", "GRUCell", "LSTM", "LSTMCell"),
    },
    "optimizers": {
        "": ("Adadelta", "Adagrad", "Adam", "Adamax", "Nadam", "RMSprop", "SGD"),
    },
    "utils": {
        "": ("CustomObjectScope", "GeneratorEnqueuer", "HDF5Matrix", "OrderedEnqueuer", "Progbar",
             "Sequence", "SequenceEnqueuer", "convert_all_kernels_in_model", "custom_object_scope",
             "deserialize_keras_object", "get_custom_objects", "get_file", "get_source_inputs",
             "model_to_dot", "multi_gpu_model", "normalize", "plot_model",
             "serialize_keras_object", "to_categorical"),
    },
}  # fmt: skip
_KERAS = "python.keras."
_ASKED = (2, 14)  # what 2.15 lacks is said of it and of what came after


def _left(inner: str) -> api.Version | None:
    """The last release in which a module of the frozen Keras has this name of the table."""
    home, _, name = inner.removeprefix(_KERAS).rpartition(".")
    for origin, names in _LEFT.get(home, {}).items():
        if inner.startswith(_KERAS) and name in names:
            return (origin and modules.last_release(f"tensorflow.{_KERAS}{origin}")) or _ASKED
    return None


@missing.otherwise("private")
def _missing(ref: Reference) -> Report | None:
    if ref.path == _CORE or ref.path.startswith(f"{_CORE}."):
        if ref.target <= _CORE_LAST or not _is_spelled_out(ref):
            return None
        there = "tensorflow" + ref.path[len(_CORE) :]
        return ref.report(there, "is only in TF 1.15 to 2.1", status="removed")
    inner = ref.path.removeprefix("tensorflow.")
    last = modules.last_release(ref.path)
    left = _left(inner) or modules.last_with_name(ref.path)
    if left is not None and left < ref.target and isinstance(ref.node, ast.Attribute | ast.alias):
        return _gone(ref, inner, left)
    if last is not None and last < ref.target:
        return _gone(ref, inner, last) if _is_spelled_out(ref) else None
    if inner == _NO_READER and ref.target > (2, 0):
        return ref.report(
            ref.say("tf.train.load_checkpoint(path)"), "is not there since TF 2.1",
            status="removed",
        )  # fmt: skip
    if _is_attribute(ref) and ref.target >= (2, 4):
        what = f"raises: the package has no attribute `{inner.partition('.')[0]}`"
        told = _advice(ref, inner)
        # A name of TensorFlow that the code itself set to this object, where it was missing.
        return None if told.code == ref.spelling else ref.report(told, what, status="removed")
    return None


@missing.under("tf.models", "tf.tensorboard")
def _never(ref: Reference) -> Report:
    return _gone(ref, ref.symbol.removeprefix("tf."), (1, 12))


_PUBLIC = "public name of what is private"


def _edits(ref: Reference, inner: str) -> tuple[Edit, ...]:
    """The edits that reach the very object by its public name, which a module has no more."""
    name = _private.public(inner, ref.target)
    of_v1 = name.startswith(f"{_private.V1}.") and ref.module.options.edits != TF2
    if not (of_v1 or api.is_one_object(name, ref.target)) or not ref.module.options.edits:
        return ()
    if isinstance(ref.node, ast.Attribute):
        found = root_for(name, ref)
        return (*found[1], replace(ref.node, rooted(name, found[0]))) if found else ()
    stmt = ref.site.stmt
    if not isinstance(stmt, ast.ImportFrom) or len(stmt.names) > 1:
        return ()
    home, _, leaf = name.replace("tf", paths.ROOT, 1).rpartition(".")
    bound = stmt.names[0].asname or stmt.names[0].name
    text = f"from {home} import {leaf}" + (f" as {bound}" if bound != leaf else "")
    return (replace(stmt, text),)


def _gone(ref: Reference, inner: str, last: api.Version) -> Report:
    if last == _ASKED:
        what = "is no longer in its module"
    elif last < (2, 0):
        what = "does not exist in TF 2"
    else:
        what = f"is gone since TF {dotted((last[0], last[1] + 1))}"
    report = ref.report(_advice(ref, inner), what, status="removed", edits=_edits(ref, inner))
    return with_kind(report, kind=_PUBLIC)


private = family.rule(
    "TF003",
    "private-api",
    "W",
    default=False,
    summary="tensorflow.python and other modules that are not public",
    page="""\
Only what can be reached from `import tensorflow as tf` without `python` in the path is public.
`tensorflow.python.*`, `tensorflow.core.*`, `tensorflow.compiler.*` and the like are the
inside of the package: their names move between releases without notice, and many of their
functions are the TF 1 forms (`array_ops.where` is not what `tf.where` is).

The rule points at the import, or at the place that spells the module out, and names the public
form where there is one; what is used through an imported module is not reported again.

`tensorflow.python.keras` deserves a word: since TF 2.6 it is a frozen copy of old Keras, not
what `tf.keras` is. Its layers and models do not mix with those of `tf.keras`.

Off by default, because much of this still runs. Modules that are gone are reported by
`missing-module` (TF008), which is on.""",
    examples=[
        Example(
            bad="""\
from tensorflow.python.framework.ops import «convert_to_tensor»
""",
            good="""\
import tensorflow as tf

x = tf.convert_to_tensor([1.0])
""",
        ),
        Example(
            bad="""\
from tensorflow.python.client import «device_lib»

print(device_lib.list_local_devices())
""",
            good="""\
import tensorflow as tf

print(tf.config.list_physical_devices())
""",
        ),
        Example(
            bad="""\
import «tensorflow.python.keras.backend as K»
""",
            good="""\
from tensorflow.keras import backend as K
""",
        ),
    ],
)


_FEW = 3  # names that a message can list


@private.otherwise("private")
def _private_api(ref: Reference) -> Report | None:
    if not _is_spelled_out(ref):
        return None
    inner = ref.path.removeprefix("tensorflow.")
    told = _advice(ref, inner)
    if told.code == ref.spelling:  # what the code itself set to this object, where it was missing
        return None
    if paths.under(inner, "python.keras") and ref.target >= (2, 6):
        return ref.report(told, "is a frozen copy of old Keras", status="idiom")
    return ref.report(told, "is not public API", status="idiom")


def _advice(ref: Reference, inner: str) -> Advice:
    """The public names to use instead: of an imported module, those of all that is read of it."""
    read = _read(ref) if ref.is_import else []
    public = {name: found for name in read
              if (found := _private.public(f"{inner}.{name}", ref.target))}  # fmt: skip
    lost = [f"`{name}`" for name in read if name not in public]
    if not read and (found := _private.public(inner, ref.target)):
        public = {inner: found}
    told = ref.say(_listed(_gathered(public)))
    unknown = f"No public name is known for {_listed(lost or ['it'])}"
    return use(told, unknown if lost else "") if told else nothing(unknown)


def _read(ref: Reference) -> list[str]:
    """The names that the file reads of the module."""
    below = f"{ref.path}."
    names = (use.path[len(below) :] for use in ref.module.uses if use.path.startswith(below))
    return list(dict.fromkeys(name.partition(".")[0] for name in names))


def _gathered(public: dict[str, str]) -> list[str]:
    """The public names in backticks; many of one module as that module's."""
    told = list(dict.fromkeys(public.values()))
    if len(told) <= _FEW:
        return [found if "`" in found or " " in found else f"`{found}`" for found in told]
    inside: dict[str, list[str]] = defaultdict(list)
    for found in told:
        home, _, name = found.rpartition(".")
        inside[home].append(f"`{name}`")
    main = max(inside, key=lambda home: (home != _private.V1, len(inside[home])))
    return [
        f"`{main}.*`",
        *(f"`{home}.*` for {_listed(names)}" for home, names in inside.items() if home != main),
    ]


def _listed(words: Sequence[str]) -> str:
    """`a, b and c`, or `a, b and 3 more`."""
    if len(words) > _FEW:
        return f"{', '.join(words[: _FEW - 1])} and {len(words) - _FEW + 1} more"
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _is_spelled_out(ref: Reference) -> bool:
    """Whether the module is imported here or spelled out, not reached through its own name."""
    return ref.is_import or _is_attribute(ref)


def _is_attribute(ref: Reference) -> bool:
    """Whether the path starts at the tensorflow package itself: `tf.python.ops`."""
    if ref.is_import or not isinstance(ref.node, ast.expr):
        return False
    node: ast.expr = ref.node
    while isinstance(node, ast.Attribute):
        node = node.value
    if not isinstance(node, ast.Name):
        return not isinstance(node, ast.Call)
    return Symbol(paths.ROOT) in ref.values(node)
