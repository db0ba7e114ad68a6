"""TF9: calls that TF 2 takes and answers otherwise."""

from __future__ import annotations

import ast

from tf2lint.check.advice import NONE, Advice, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.surface import family
from tf2lint.rules.surface._calls import RESIZE_METHODS, carry, changed_values, constant
from tf2lint.semantics.values import LocalFunction, Symbol
from tf2lint.tensorflow import api

_UPGRADE = "https://www.tensorflow.org/guide/migrate/upgrade"
_BEHAVIOUR = "https://www.tensorflow.org/guide/migrate/tf1_vs_tf2"

# --- TF906 -----------------------------------------------------------------------------------

changed_behavior = family.rule(
    "TF906",
    "changed-behavior",
    "W",
    summary="the same call gives another result under TF 2",
    page="""\
Some functions kept their name and their arguments and changed what they do:

- `tf.nn.dropout(x, p)`: `p` was the probability to keep, it is the rate to drop now.
  `tf.nn.dropout(x, 0.9)` drops nine values of ten instead of one, without a word.
- `tf.image.resize`: TF 1 sampled at pixel corners, TF 2 samples at pixel centres; the methods are
  names now, their old numbers raise a `ValueError`.
- `tf.strings.split` gave a `SparseTensor` and gives a `RaggedTensor`.
- `tf.nn.embedding_lookup` on a list of shards dealt the ids out in turns (`"mod"`) and now cuts
  them into runs (`"div"`); so do `nce_loss` and `sampled_softmax_loss`.
- `tf.nn.ctc_beam_search_decoder` merged repeated labels and no longer does.
- `tf.keras.losses.CosineSimilarity` and `cosine_similarity` gave the similarity in TF 1.15 and give
  it with a minus, as something to minimize.

These calls stand in TF 2 programs, too, and are right there. So they are reported only where the
call itself shows that TF 1's meaning was wanted (an argument named `keep_prob`), where they go
through `tf.compat.v1`, or in a module that uses names which only TF 1 had.

What cannot be seen in the code is not reported: `tf.where` broadcasts its condition from the
right, where TF 1 took a vector to choose rows; gradients of
`tf.nn.softmax_cross_entropy_with_logits` flow into the labels; `==` on tensors compares their
elements.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def drop(x, keep_prob):
    return tf.nn.dropout(x, «keep_prob»)
""",
            good="""\
import tensorflow as tf

def drop(x, keep_prob):
    return tf.nn.dropout(x, rate=1 - keep_prob)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def enlarge(images):
    return tf.image.resize(images, [64, 64], «1»)
""",
            good="""\
import tensorflow as tf

def enlarge(images):
    return tf.image.resize(images, [64, 64], "nearest")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def words(lines):
    return «tf.compat.v1.strings.split»(lines)
""",
            good="""\
import tensorflow as tf

def words(lines):
    return tf.strings.split(lines).to_sparse()
""",
        ),
    ],
    sources=[_UPGRADE, _BEHAVIOUR],
)


def _means_tf1(ref: Reference) -> bool:
    """Whether a call that both TensorFlows take was surely written for TF 1."""
    return ref.route == "v1" or (ref.route == "tf" and ref.module.speaks_tf1)


def _status(ref: Reference) -> str:
    return "compat" if ref.route == "v1" else "changed"


@changed_behavior.argument("tf.nn.dropout")
def _dropout(ref: Reference) -> Report | None:
    """The second argument was what to keep and is what to drop."""
    args = ref.arguments()
    if args is None or args.positions.get("keep_prob") != 1:
        return None
    node = args.given["keep_prob"]
    if constant(node) == 0.5 or not (ref.route == "v1" or _is_to_keep(ref, node)):
        return None
    code = use("tf.nn.dropout(x, rate=1 - keep_prob)")
    signature = api.signature("tf.nn.dropout", "v2", ref.target)
    if signature is not None and not args.open and not args.unknown:
        values = changed_values(ref.symbol, args)
        del args.positions["keep_prob"]  # by name it cannot be read as the old call again
        template = carry(ref.symbol, "tf.nn.dropout", args, signature, (), values).template
        code = ref.code(template, arguments=args)
    return ref.report(
        code.at_least("`rate=`, one minus what was kept"),
        "takes the rate to drop as argument 2 in TF 2, not what to keep",
        place=node, status=_status(ref),
    )  # fmt: skip


def _is_to_keep(ref: Reference, node: ast.expr) -> bool:
    """Whether an argument of dropout is what to keep, by its form."""
    value = constant(node)
    if value is not ...:
        return value == 1 or (ref.module.speaks_tf1 and isinstance(value, float))
    words = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    words += [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)]
    text = " ".join(words).lower()
    if "keep" in text:
        return not isinstance(node, ast.BinOp) or constant(node.left) not in (1, 1.0)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return constant(node.left) in (1, 1.0) and ("drop" in text or "rate" in text)
    return "rate" not in text and ref.module.speaks_tf1


@changed_behavior.argument("tf.image.resize")
def _resize(ref: Reference) -> Report | None:
    """Methods by number, and where the samples are taken."""
    args = ref.arguments()
    if args is None:
        return None
    method = args.given.get("method")
    number = constant(method) if method is not None else ...
    if method is not None and isinstance(number, int) and number in RESIZE_METHODS:
        keyword = args.keyword("method")
        return ref.report(
            _resized(ref, args), f"takes `{RESIZE_METHODS[number]}` for method {number} in TF 2",
            place=keyword if keyword is not None else method,
            status="compat" if ref.route == "v1" else "removed",
        )  # fmt: skip
    if args.keyword("align_corners") is not None or not _means_tf1(ref):
        return None
    if any(keyword.arg == "antialias" for keyword in args.unknown):
        return None
    new = _resized(ref, args)
    if new.code == ref.text(args.call):
        new = NONE  # it is what stands there
    given = ", ".join(
        [*map(ref.text, args.call.args),
         *(f"{k.arg}={ref.text(k.value)}" for k in args.call.keywords)]
    )  # fmt: skip
    old = ref.say("tf.compat.v1.image.resize")
    if ref.route != "v1":
        new = use(f"`{old}({given})` for TF 1's numbers").shorter(f"`{old}` for TF 1's numbers")
    what = "samples at pixel centres in TF 2: other numbers"
    if ref.route == "v1":
        what = "keeps TF 1's numbers: TF 2 samples at pixel centres"
    return ref.report(new, what, status=_status(ref))


def _resized(ref: Reference, args: Arguments) -> Advice:
    signature = api.signature("tf.image.resize", "v2", ref.target)
    if signature is None or args.open or args.unknown:
        return NONE
    values = changed_values(ref.symbol, args)
    return ref.code(carry(ref.symbol, ref.symbol, args, signature, (), values).template)


_RAGGED = frozenset({
    "flat_values", "merge_dims", "nested_row_splits", "row_lengths", "row_splits", "to_list",
    "to_sparse", "to_tensor", "value_rowids",
})  # fmt: skip


@changed_behavior.argument("tf.strings.split")
def _split(ref: Reference) -> Report | None:
    """The result is ragged now."""
    args = ref.arguments()
    if args is None or args.open or not _means_tf1(ref):
        return None
    if {"result_type", "source"} & {*args.given}:
        return None
    used = ref.module.source.parent(args.call)
    if isinstance(used, ast.Attribute) and used.attr in _RAGGED:
        return None  # written for TF 2
    code = ref.code("tf.strings.split({input}, sep={sep}, maxsplit={maxsplit}).to_sparse()")
    return ref.report(code, "gives a `RaggedTensor` in TF 2", status=_status(ref))


_SHARDED = {
    "tf.nn.embedding_lookup": "params",
    "tf.nn.embedding_lookup_sparse": "params",
    "tf.nn.nce_loss": "weights",
    "tf.nn.safe_embedding_lookup_sparse": "embedding_weights",
    "tf.nn.sampled_softmax_loss": "weights",
}


@changed_behavior.argument(*_SHARDED)
def _sharded(ref: Reference) -> Report | None:
    """Ids go to shards in another way."""
    args = ref.arguments()
    if args is None or args.open or "partition_strategy" in args.given or not _means_tf1(ref):
        return None
    shards = args.given.get(_SHARDED[ref.symbol])
    if not isinstance(shards, ast.ListComp) and not (
        isinstance(shards, ast.List | ast.Tuple) and len(shards.elts) > 1
    ):
        return None
    return ref.report(
        "one variable instead of shards",
        'takes shards with `partition_strategy="div"` in TF 2, the default was `"mod"`',
        status=_status(ref),
    )


@changed_behavior.argument("tf.nn.ctc_beam_search_decoder")
def _beam_search(ref: Reference) -> Report | None:
    """Repeated labels are no longer merged."""
    args = ref.arguments()
    if args is None or args.open or "merge_repeated" in args.given or not _means_tf1(ref):
        return None
    merged = ref.say("tf.compat.v1.nn.ctc_beam_search_decoder")
    use = "" if ref.route == "v1" else f"{merged} for TF 1's labels"
    return ref.report(use, "no longer merges repeated labels in TF 2", status=_status(ref))


@changed_behavior.argument("tf.nn.softmax_cross_entropy_with_logits")
def _label_gradients(ref: Reference) -> Report | None:
    """Gradients flow into labels that are computed from variables, as the call shows."""
    args = ref.arguments()
    labels = args.given.get("labels") if args is not None else None
    if labels is None or not _means_tf1(ref) or not ref.is_instance(labels, "tf.Variable"):
        return None
    return ref.report(
        ref.say("labels=tf.stop_gradient(labels)"), "lets gradients into the labels in TF 2",
        status=_status(ref),
    )  # fmt: skip


@changed_behavior.argument("tf.keras.losses.CosineSimilarity", "tf.keras.losses.cosine_similarity")
def _similarity(ref: Reference) -> Report | None:
    """The sign changed: 1.15.5 gives 0.895 where 2.21 gives -0.895."""
    if ref.call is None or ref.route != "tf" or not ref.module.speaks_tf1:
        return None
    return ref.report("", "has the other sign in TF 2: it is the negative similarity",
                      status="changed")  # fmt: skip


@changed_behavior.argument("tf.autograph.to_code", "tf.autograph.to_graph")
def _to_code(ref: Reference) -> Report | None:
    """A function under @tf.function has no code of its own."""
    call = ref.call
    if call is None or not call.args:
        return None
    for value in ref.values(call.args[0]):
        node = value.scope.node if isinstance(value, LocalFunction) else None
        if isinstance(node, ast.FunctionDef) and any(
            _is_tf_function(ref, decorator) for decorator in node.decorator_list
        ):
            return ref.report(
                f"{ref.text(call.args[0])}.python_function", "fails on a `tf.function`",
                place=call.args[0], status="removed",
            )  # fmt: skip
    return None


def _is_tf_function(ref: Reference, decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Call):
        decorator = decorator.func
    return Symbol("tensorflow.function") in ref.values(decorator)
