"""TF9: arguments that TF 2's functions, classes and methods no longer take as they were given."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.advice import NONE, Advice, advised
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.fixes import templates
from tf2lint.rules.surface import _keywords as keywords
from tf2lint.rules.surface import family
from tf2lint.rules.surface._calls import (
    carry,
    changed_values,
    constant,
    everything,
    successor,
)
from tf2lint.rules.surface._fits import Verdict, judge
from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.api import KERAS_3

_UPGRADE = "https://www.tensorflow.org/guide/migrate/upgrade"

# --- TF903 -----------------------------------------------------------------------------------

renamed_argument = family.rule(
    "TF903",
    "renamed-argument",
    "W",
    summary="TF 2 calls this argument by another name and refuses the old one",
    page="""\
TensorFlow 1 carried two names for many arguments; TF 2 kept one. `keep_dims` is `keepdims`,
`reduction_indices`, `dimension`, `dim` and `squeeze_dims` are `axis`, `seq_dim` and `batch_dim`
are `seq_axis` and `batch_axis`, `preferred_dtype` is `dtype_hint`, the `filter` of convolutions
is `filters` and their `value` is `input`. The old keyword is a `TypeError`.

`keep_prob` of `tf.nn.dropout` is `rate`, and counts the other way round: `rate = 1 - keep_prob`.

The hint is the whole call with every argument under its new name.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def spread(x):
    return tf.reduce_max(x, axis=1, «keep_dims=True»)
""",
            good="""\
import tensorflow as tf

def spread(x):
    return tf.reduce_max(x, axis=1, keepdims=True)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def drop(x):
    return tf.nn.dropout(x, «keep_prob=0.9»)
""",
            good="""\
import tensorflow as tf

def drop(x):
    return tf.nn.dropout(x, rate=0.1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def convolve(x, kernel):
    return tf.nn.conv2d(x, «filter=kernel», strides=1, padding="SAME")
""",
            good="""\
import tensorflow as tf

def convolve(x, kernel):
    return tf.nn.conv2d(x, filters=kernel, strides=1, padding="SAME")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

penalty = tf.keras.regularizers.l2(«l=0.01»)
""",
            good="""\
import tensorflow as tf

penalty = tf.keras.regularizers.l2(l2=0.01)
""",
        ),
    ],
    sources=[_UPGRADE],
)

# --- TF904 -----------------------------------------------------------------------------------

removed_argument = family.rule(
    "TF904",
    "removed-argument",
    "E",
    summary="TF 2 has no such argument",
    page="""\
The function is still there, the argument is not, and passing it is a `TypeError` (a `ValueError`
in Keras 3). Most of what was removed belonged to graphs or is the only behaviour now: leave it
out. The message says so where there is something to do instead: `align_corners` of
`tf.image.resize` has no successor and the numbers differ, `partition_strategy` of embedding
lookups always is `"div"`, `result_type` of `tf.strings.split` always is ragged.

Keras 3 dropped `workers`, `use_multiprocessing` and `max_queue_size` of `fit` and its kin (they
are arguments of `keras.utils.PyDataset`), `time_major` of recurrent layers, `weights` and
`dynamic` of layers, `fused` and `virtual_batch_size` of batch normalization.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

one = tf.constant([1.0], shape=[1], «verify_shape=True»)
""",
            good="""\
import tensorflow as tf

one = tf.constant([1.0], shape=[1])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def run(condition, body, x):
    return tf.image.resize(x, [32, 32], «align_corners=True»)
""",
            good="""\
import tensorflow as tf

def run(condition, body, x):
    return tf.image.resize(x, [32, 32])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

layer = tf.keras.layers.LSTM(8, «time_major=True»)
""",
            good="""\
import tensorflow as tf

layer = tf.keras.layers.LSTM(8)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def train(model: tf.keras.Model, data):
    model.fit(data, epochs=3, «workers=4»)
""",
            good="""\
import tensorflow as tf

def train(model: tf.keras.Model, data):
    model.fit(data, epochs=3)
""",
        ),
    ],
    sources=[_UPGRADE],
)

# --- TF905 -----------------------------------------------------------------------------------

reordered_arguments = family.rule(
    "TF905",
    "reordered-arguments",
    "W",
    summary="a positional argument means something else in TF 2, or has no place any more",
    page="""\
When TF 2 dropped arguments, those behind them moved up: `tf.shape(x, name, out_type)` became
`tf.shape(x, out_type, name)`, `tf.nn.moments(x, axes, shift, name, keep_dims)` became
`tf.nn.moments(x, axes, shift, keepdims, name)`, and the first two arguments of
`tf.nn.in_top_k` and of `tf.random.poisson` changed places.

**Silent:** many such calls still run. `tf.transpose(x, perm, "t")` takes the name for
`conjugate`, `tf.io.decode_csv(..., "csv")` for `na_value`, and nothing raises.

A call is reported where what is passed fits the old parameter and not the new one, or where it
fits both and the module is TF 1 code by the names that it uses. Keywords make it plain.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def turn(x):
    return tf.transpose(x, [1, 0], «"turned"»)
""",
            good="""\
import tensorflow as tf

def turn(x):
    return tf.transpose(x, [1, 0], name="turned")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def size(x):
    return tf.shape(x, None, «tf.int64»)
""",
            good="""\
import tensorflow as tf

def size(x):
    return tf.shape(x, out_type=tf.int64)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def convolve(x, kernel):
    return tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "SAME", «True»)
""",
            good="""\
import tensorflow as tf

def convolve(x, kernel):
    return tf.nn.conv2d(x, kernel, [1, 1, 1, 1], "SAME")
""",
        ),
    ],
    sources=[_UPGRADE],
)

# --- TF909 -----------------------------------------------------------------------------------

missing_argument = family.rule(
    "TF909",
    "missing-argument",
    "W",
    summary="TF 2 requires an argument that TF 1 had a default for",
    page="""\
A few defaults went in TF 2, and the call that relied on one is a `TypeError`: `tf.expand_dims`
wants its `axis`, `tf.image.draw_bounding_boxes` its `colors` (`None` stands for the default),
`Strategy.reduce` its `axis` (`None` again), average pooling layers of Keras 3 their `pool_size`.
Pass what the default was; the message says where there is nothing to pass.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def draw(images, boxes):
    return «tf.image.draw_bounding_boxes»(images, boxes)
""",
            good="""\
import tensorflow as tf

def draw(images, boxes):
    return tf.image.draw_bounding_boxes(images, boxes, colors=None)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

pool = «tf.keras.layers.AveragePooling2D»()
""",
            good="""\
import tensorflow as tf

pool = tf.keras.layers.AveragePooling2D(pool_size=(2, 2))
""",
        ),
    ],
    sources=[_UPGRADE],
)


# --- keywords ----------------------------------------------------------------------------------

# What to know beyond that the argument is gone.
_NOTES: dict[str, str] = {
    "align_corners": "the numbers differ",
    "batch_input_shape": "an Input layer takes the shape",
    "batch_size": "`tf.keras.Input` takes it",
    "colocate_gradients_with_ops": "it is always so",
    "data": "`message=` takes what to say",
    "deterministic": "a seed other than 0 makes it so",
    "distribute": "use `strategy.scope()`",
    "gate_gradients": "",
    "grayscale": '`color_mode="grayscale"` does it',
    "max_queue_size": "`tf.keras.utils.PyDataset` has it",
    "merge_repeated": "it never merges in TF 2",
    "optimize": "it is always so",
    "output_buffer_size": "`.prefetch(n)` after it",
    "partition_strategy": 'it is always `"div"`',
    "result_type": "the result is ragged: .to_sparse() gives the other",
    "return_same_structure": "it is always so",
    "save_format": "the file's suffix tells",
    "signatures": "`model.export(path)` writes a SavedModel",
    "strict": "it is always so",
    "time_major": "the input is batch-major",
    "use_cudnn_on_gpu": "cuDNN is always used",
    "use_multiprocessing": "`tf.keras.utils.PyDataset` has it",
    "validate_indices": "it had no effect",
    "verify_shape": "it is always verified",
    "weights": "call `set_weights()` once the layer is built",
    "workers": "`tf.keras.utils.PyDataset` has it",
}


# Calls that are no longer built from the same parts.
_WHOLE: dict[str, str] = {
    "tf.nn.ctc_loss": (
        "tf.nn.ctc_loss({labels}, {inputs}, None, {sequence_length}, "
        "logits_time_major={time_major}, blank_index=-1)"
    ),
    "tf.test.compute_gradient": "`tf.test.compute_gradient(f, [x])`, f being a function of x",
}


def _places(ref: Reference) -> Iterator[tuple[ast.keyword, str]]:
    """Keywords of the call that the target refuses, with the names that they have now."""
    call = ref.call
    if call is None or not call.keywords or not _looked_at(ref):
        return
    refused = keywords.refused(ref.symbol, ref.target)
    if not refused:
        return
    found = keywords.signatures(ref.symbol, ref.target)
    assert found is not None
    for keyword in call.keywords:
        if keyword.arg in refused:
            new = successor(ref.symbol, keyword.arg, found.after)
            other = any(k.arg == new for k in call.keywords)
            yield keyword, "" if other else new


def _looked_at(ref: Reference) -> bool:
    """Whether the symbol itself is still there, so that its arguments matter."""
    return ref.route != "private" and ref.status in ("same", "exists")


@renamed_argument.otherwise("calls", 10, by_signature=True)
def _renamed_arguments(ref: Reference) -> Iterator[Report]:
    """Reports on keywords that have another name."""
    for keyword, new in _places(ref):
        if new:
            use = _rewritten(ref)
            if use and not use.is_call:  # too long to be shown
                use = advised(f"{use.code}(..., {new}=...)")
            yield ref.report(
                use, f"is `{new}=` in TF 2", place=keyword,
                status=_status(ref, keyword.arg), subject=f"{ref.spelling}({keyword.arg}=)",
            )  # fmt: skip


@removed_argument.otherwise("calls", 20, by_signature=True, members=keywords.METHODS)
def _removed_arguments(ref: Reference) -> Iterator[Report]:
    """Reports on keywords that are gone."""
    for keyword, new in _places(ref):
        if new or keyword.arg is None:
            continue
        what = "is gone in Keras 3" if _is_keras(ref) else "is gone in TF 2"
        note = _NOTES.get(keyword.arg, "")
        note = note if not note or templates.valid(note, ref.target) else ""
        yield ref.report(
            _rewritten(ref), f"{what}: {note}" if note else what, place=keyword,
            status=_status(ref, keyword.arg), subject=f"{ref.spelling}({keyword.arg}=)",
        )  # fmt: skip


@removed_argument.argument("tf.Tensor")
def _made_tensor(ref: Reference) -> Iterator[Report]:
    """The class itself, called: in TF 1 with an operation, by mistake with a value."""
    call = ref.call
    if call is None or ref.target < (2, 14):
        return
    use = ref.say("the tensor that the operation returned")
    if len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred):
        use = ref.say(f"tf.convert_to_tensor({ref.text(call.args[0])})")
    places: list[ast.expr | ast.keyword] = [*call.args[:1], *call.keywords]
    for place in places:
        yield ref.report(use, "takes no arguments since TF 2.14", place=place, status="removed")


@removed_argument.argument("tf.keras.layers.Embedding")
def _input_length(ref: Reference) -> Report | None:
    """Keras 3 takes `input_length` and ignores it."""
    args = ref.arguments()
    keyword = args.keyword("input_length") if args is not None else None
    if keyword is None or ref.keras < KERAS_3:
        return None
    return ref.report(
        _rewritten(ref), "is ignored by Keras 3", place=keyword, status="changed",
        subject=f"{ref.spelling}(input_length=)",
    )  # fmt: skip


@removed_argument.argument("tf.keras.layers.Layer.__init__")
def _self_passed(ref: Reference) -> Report | None:
    """`super().__init__(self)`, which Keras 2 let pass."""
    call, scope = ref.call, ref.site.scope
    if call is None or not call.args or ref.keras < KERAS_3:
        return None
    first = call.args[0]
    if not (isinstance(first, ast.Name) and first.id == scope.self_name):
        return None
    if not isinstance(ref.receiver, ast.Call):
        return None  # Layer.__init__(self) is as it has to be
    rest = [ref.text(arg) for arg in call.args[1:]]
    rest += [f"{k.arg}={ref.text(k.value)}" for k in call.keywords if k.arg is not None]
    return ref.report(
        f"super().__init__({', '.join(rest)})", "takes no self in Keras 3", place=first,
        status="removed",
    )  # fmt: skip


def _is_keras(ref: Reference) -> bool:
    return ref.keras >= KERAS_3 and paths.under(ref.symbol, "tf.keras")


def _status(ref: Reference, keyword: str | None) -> str:
    """`compat` where compat.v1 takes the keyword and the code goes through it."""
    found = keywords.signatures(ref.symbol, ref.target)
    compat = found.compat if found is not None and ref.route == "v1" else None
    if compat is not None and keyword is not None and compat.accepts(keyword):
        return "compat"
    return "removed"


def _rewritten(ref: Reference) -> Advice:
    """The call as TF 2 takes it; `NONE` where it cannot be told."""
    arguments = ref.arguments("tf1" if ref.signature("tf1") is not None else "v2")
    found = keywords.signatures(ref.symbol, ref.target)
    if arguments is None or arguments.open or found is None or arguments.extra:
        return NONE
    everything(arguments)
    if ref.symbol.endswith((".Model.save", ".Sequential.save", ".models.save_model")):
        return _exported(ref, arguments)
    whole = _WHOLE.get(ref.symbol)
    if whole is not None:
        if "`" in whole:
            return ref.advise(whole)
        return ref.code(whole, arguments=arguments).only()
    values = changed_values(ref.symbol, arguments)
    skip = _idle(arguments, found.before)
    for name in keywords.refused(ref.symbol, ref.target):
        if not successor(ref.symbol, name, found.after):
            skip.append(name)
    carried = carry(ref.symbol, _callee(ref), arguments, found.after, skip, values)
    inside = carried.template[:-1]
    for name, value in _lacking(ref, found.after).items():
        inside += f"{'' if inside.endswith('(') else ', '}{name}={value}"
    code = ref.code(f"{inside})", arguments=arguments)
    left = {name for name in arguments.given if name in skip}
    # What is left out takes its effect with it: words, and no edit.
    return code.only() if any(_matters(name, arguments) for name in left) else code


def _exported(ref: Reference, arguments: Arguments) -> Advice:
    """What saves a model whose call has arguments for a SavedModel."""
    path = arguments.literal("filepath")
    model = "{self}" if ref.is_method else "{model}"
    if isinstance(path, str) and path.endswith((".keras", ".h5", ".hdf5")):
        return ref.code(f"{model}.save({{filepath}}, overwrite={{overwrite}})").only()
    return ref.code(f"{model}.export({{filepath}})", arguments=arguments).only()


# Arguments that did something which the call no longer does.
_EFFECTS = {
    "align_corners": None, "collections": None, "data": None, "deterministic": False,
    "dynamic": False, "fused": None, "merge_repeated": False, "optimize": True,
    "partition_strategy": "div", "result_type": "RaggedTensor", "return_same_structure": True,
    "sample_weight_mode": None, "signatures": None, "strict": True, "target_tensors": None,
    "time_major": False, "virtual_batch_size": None, "weights": None,
}  # fmt: skip


def _matters(name: str, arguments: Arguments) -> bool:
    """Whether leaving an argument out changes what the call does."""
    return name in _EFFECTS and constant(arguments.given[name]) != _EFFECTS[name]


def _callee(ref: Reference) -> str:
    """What the rewritten call calls: the user's own spelling where TF 2 has it."""
    if ref.route == "v1" and not ref.is_method:
        return ref.symbol
    node: ast.AST = ref.node
    while isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        return ast.unparse(ref.node)
    return f"{{self}}.{ref.symbol.rpartition('.')[2]}" if ref.is_method else ref.symbol


def _idle(arguments: Arguments, signature: api.Signature | None) -> list[str]:
    """Arguments that are literally the None that was their default."""
    out = []
    for name, value in arguments.given.items():
        found = signature.get(name) if signature is not None else None
        if found is not None and found.default == "None" and constant(value) is None:
            out.append(name)
    return out


# --- positions ---------------------------------------------------------------------------------


@reordered_arguments.argument("tf.concat", "tf.split")
def _axis_first(ref: Reference) -> Report | None:
    """The order of TF 0.x, with the axis in front."""
    call = ref.call
    if call is None or len(call.args) < 2 or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    first, last = call.args[0], call.args[-1]
    number = constant(first)
    if not isinstance(number, int) or isinstance(number, bool) or constant(last) is not ...:
        return None
    if len(call.args) != (2 if ref.symbol == "tf.concat" else 3):
        return None
    texts = [ref.text(arg) for arg in (*call.args[1:][::-1], first)]
    return ref.report(
        f"{_callee(ref)}({', '.join(texts)})", "has the axis last since TF 1.0", place=first,
        status="removed",
    )  # fmt: skip


_CROSS_ENTROPIES = tuple(
    f"tf.nn.{kind}_cross_entropy_with_logits" for kind in ("sigmoid", "softmax", "sparse_softmax")
)


@reordered_arguments.argument(*_CROSS_ENTROPIES)
def _logits_first(ref: Reference) -> Report | None:
    """Positional arguments: TF 0.x took the logits first, TF 1 none at all, TF 2 the labels first.

    Silently swapped in TF 2 where the shapes allow it.
    """
    call = ref.call
    if call is None or len(call.args) < 2 or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    first, second = (ref.text(arg) for arg in call.args[:2])
    if "label" in first.lower() or "logit" in second.lower():
        return None
    told = "logit" in first.lower() or "label" in second.lower()
    if not (told or ref.module.speaks_tf1):
        return None
    parts = [f"labels={second}", f"logits={first}"]
    parts += [f"{k.arg}={ref.text(k.value)}" for k in call.keywords if k.arg is not None]
    return ref.report(
        f"{_callee(ref)}({', '.join(parts)})",
        "took the logits first before TF 1.0, and takes the labels first in TF 2",
        place=call.args[0], status="changed", confidence="" if told else "low",
    )  # fmt: skip


@reordered_arguments.otherwise("calls", 30, by_signature=True)
def _reordered(ref: Reference) -> Report | None:
    """A report on the first positional argument whose meaning moved."""
    moved = _moved(ref)
    if not moved:
        return None
    confidence = ""
    if ref.route != "v1":
        verdict = _written_for(ref)
        if verdict is None:
            verdict = judge(ref, moved)
        if verdict == Verdict.NEW:
            return None
        if verdict == Verdict.OPEN:
            if not ref.module.speaks_tf1:
                return None
            confidence = "low"
    node, before, after = next((a for a in moved if constant(a[0]) is not None), moved[0])
    assert ref.call is not None
    number = ref.call.args.index(node) + 1
    what = f"takes no argument {number} in TF 2, which was `{before.name}=`"
    if after is not None:
        what = f"takes argument {number} for `{after.name}=` in TF 2, not for `{before.name}=`"
    return ref.report(
        _rewritten(ref), what, place=node, confidence=confidence,
        status="compat" if ref.route == "v1" else "changed",
    )  # fmt: skip


def _written_for(ref: Reference) -> Verdict | None:
    """The signature that the call was written for, where only one of the two takes it."""
    found = keywords.signatures(ref.symbol, ref.target)
    if ref.call is None or found is None or found.before is None:
        return None
    valid = [_takes(ref.call, signature) for signature in (found.before, found.after)]
    if valid[0] == valid[1]:
        return None
    return Verdict.OLD if valid[0] else Verdict.NEW


def _takes(call: ast.Call, signature: api.Signature) -> bool:
    arguments = Arguments(call, signature)
    if arguments.extra or (arguments.unknown and not signature.has_var_keyword):
        return False
    return arguments.open or all(name in arguments.given for name in signature.required)


def _moved(ref: Reference) -> list[tuple[ast.expr, api.Parameter, api.Parameter | None]]:
    """Positional arguments that fill another parameter in TF 2 than in TF 1."""
    call = ref.call
    if call is None or not call.args or not _looked_at(ref):
        return []
    found = keywords.signatures(ref.symbol, ref.target)
    if found is None or found.before is None or ref.symbol in keywords.INTERNAL:
        return []
    if ref.symbol.startswith("tf.raw_ops.") or ref.symbol in _CROSS_ENTROPIES:
        return []  # they take keywords alone, those in TF 1
    if not ref.is_method and _is_member(ref.symbol):
        return []  # called on the class: the object may come first
    before, after = found.before, found.after
    old, new = _positional(before), _positional(after)
    if after.has_var_positional or before.has_var_positional or len(call.args) > len(old):
        return []
    out = []
    for place, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            break
        then = old[place]
        now = new[place] if place < len(new) else None
        if now is not None and _same_place(ref.symbol, then, now, before, after):
            continue
        out.append((node, then, now))
    if all(constant(node) is None and now is not None for node, _, now in out):
        return []
    return out


def _positional(signature: api.Signature) -> list[api.Parameter]:
    return [p for p in signature.params if p.kind.startswith("pos")]


def _is_member(symbol: str) -> bool:
    found = api.symbol(symbol)
    return found is not None and found.kind == "method"


def _same_place(
    symbol: str,
    then: api.Parameter,
    now: api.Parameter,
    before: api.Signature,
    after: api.Signature,
) -> bool:
    """Whether a place holds the same parameter, be it under a new name."""
    if then.name == now.name or successor(symbol, then.name, after) == now.name:
        return True
    # A name that neither signature shares with the other: the parameter itself was renamed.
    return (
        then.name not in after.names
        and now.name not in before.names
        and (then.default == now.default or (then.default is None and now.default is None))
    )


# --- what is missing ---------------------------------------------------------------------------


@missing_argument.otherwise("calls", 40, by_signature=True)
def _missing(ref: Reference) -> Report | None:
    """A report on a call that leaves out what TF 2 requires."""
    call = ref.call
    if call is None or not _looked_at(ref) or ref.symbol in keywords.INTERNAL:
        return None
    found = keywords.signatures(ref.symbol, ref.target)
    if found is None or found.before is None or (not ref.is_method and _is_member(ref.symbol)):
        return None
    lacking = _lacking(ref, found.after)
    arguments = ref.arguments()
    if not lacking or arguments is None or arguments.open or arguments.extra:
        return None
    if any(name not in arguments.given for name in found.before.required):
        return None
    if _moved(ref) or any(True for _ in _places(ref)):
        return None
    return ref.report(
        _rewritten(ref), f"needs `{'=`, `'.join(lacking)}=` in TF 2",
        status="compat" if ref.route == "v1" else "removed",
    )  # fmt: skip


def _lacking(ref: Reference, after: api.Signature) -> dict[str, str]:
    """What the call leaves out and TF 2 requires, with what to pass."""
    required = keywords.required(ref.symbol)
    arguments = ref.arguments() if required else None
    if arguments is None:
        return {}
    given = {*arguments.given, *(k.arg for k in arguments.unknown)}
    there = {successor(ref.symbol, name or "", after) for name in given}
    return {n: v for n, v in required.items() if n in after.required and n not in there}
