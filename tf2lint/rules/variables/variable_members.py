"""TF2: arguments and members of variables."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.advice import NONE, Advice, delete, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import Matched
from tf2lint.finding import Edit, Example
from tf2lint.fixes.edits import drop_argument, rename_keyword
from tf2lint.options import nearest
from tf2lint.rules._calls import argument, short
from tf2lint.rules.graphs import _sessions
from tf2lint.rules.variables import family
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.api import dotted

_SWALLOWS = (2, 13)  # the first release whose tf.Variable takes any keyword

# --- TF207 -----------------------------------------------------------------------------------

variable_argument = family.rule(
    "TF207",
    "variable-argument",
    "W",
    summary="arguments of tf.Variable that TF 2 ignores, refuses or takes for something else",
    page="""\
`tf.Variable` lost `collections`, `expected_shape` and `use_resource`. TF 2.0 to 2.12 raise a
`TypeError` for them; from 2.13 on the constructor takes every keyword and **drops the unknown
ones without a word**, so a misspelt `trainable=` goes unnoticed, too. This rule names all
keywords that TF 2 does not know.

Without `collections`, what followed moved up one place: the third positional argument is
`validate_shape` now, the fourth `caching_device`, the fifth `name`. A list of collections there
is taken for a true value. Write keywords.

`use_resource` can go (every variable is a resource variable), `expected_shape` becomes `shape`,
`collections` has no successor: keep the variable in a list of your own.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

step = tf.Variable(0, trainable=False, «collections=["counters"]»)
""",
            good="""\
import tensorflow as tf

step = tf.Variable(0, trainable=False)
counters = [step]
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

w = tf.Variable(tf.zeros([3]), «trainabel=False»)
""",
            good="""\
import tensorflow as tf

w = tf.Variable(tf.zeros([3]), trainable=False)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

w = tf.Variable(tf.zeros([3]), False, «["averages"]»)
""",
            good="""\
import tensorflow as tf

w = tf.Variable(tf.zeros([3]), trainable=False)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/Variable"],
)

_GONE = {
    "collections": delete("it and keep a list of your own"),
    "use_resource": delete("it: every TF 2 variable is a resource variable"),
    "expected_shape": NONE,
}


@variable_argument.argument("tf.Variable")
def _variable_argument(ref: Reference) -> Iterator[Report]:
    if ref.route == "v1":
        return
    signature, args = ref.signature("v2"), ref.arguments()
    if signature is None or args is None:
        return
    known = signature.names
    fate = "is ignored" if ref.target >= _SWALLOWS else "raises `TypeError`"
    status = "changed" if ref.target >= _SWALLOWS else "removed"
    for keyword in args.call.keywords:
        name = keyword.arg
        if name is None or name in known:
            continue
        advice = _GONE.get(name, NONE)
        if name == "expected_shape":
            advice = use(f"shape={ref.text(keyword.value)}")
        if not advice:
            guess = nearest(name, list(known)).removeprefix(", did you mean ").strip("'?")
            advice = use(f"`{guess}=`" if guess else "one of the arguments that TF 2 knows")
        edit: tuple[Edit, ...] = ()
        if name == "expected_shape" and not any(k.arg == "shape" for k in args.call.keywords):
            edit = (rename_keyword(keyword, "shape"),)
        elif name in _GONE:
            edit = (drop_argument(ref.module.source, args.call, keyword),)
        yield ref.report(
            advice, f"{fate} in TF {dotted(ref.target)}", place=keyword, status=status,
            subject=f"{ref.spelling}({name}=)", edits=edit,
        )  # fmt: skip
    if not args.open_positional:
        yield from _shifted(ref, args)


def _shifted(ref: Reference, args: Arguments) -> Iterator[Report]:
    """Positions after `trainable`, where the call shows that TF 1's order is meant."""
    given = args.call.args
    if len(given) < 3:
        return
    third = given[2]
    listed = isinstance(third, ast.List | ast.Tuple) or any(
        isinstance(v, Symbol) and paths.under(paths.symbol(v.path), "tf.GraphKeys")
        for v in ref.values(third)
    )
    truth = len(given) > 3 and _constant(given[3], bool)
    text = len(given) > 5 and _constant(given[5], str)
    if not (listed or truth or text):
        return
    code = ref.code(
        "tf.Variable({initial_value}, trainable={trainable}, validate_shape={validate_shape}, "
        "caching_device={caching_device}, name={name}, dtype={dtype})"
    )
    # Where a surface rule would see the shift, too, so that it is told once.
    place = third if listed else given[3] if truth else given[5]
    yield ref.report(
        code, "takes `validate_shape` in third place in TF 2, not collections",
        place=place, status="changed",
    )  # fmt: skip


def _constant(expr: ast.expr, kind: type) -> bool:
    return isinstance(expr, ast.Constant) and type(expr.value) is kind


# --- TF209 -----------------------------------------------------------------------------------

variable_method = family.rule(
    "TF209",
    "variable-method",
    "W",
    summary="methods and properties of tf.Variable that need a graph and a session",
    page="""\
A variable holds its value as soon as it exists, so what belonged to graphs and sessions is
gone or empty:

| TF 1 | under TF 2 | instead |
|---|---|---|
| `v.eval(session)` | RuntimeError | `v.numpy()` |
| `v.load(value, session)` | deprecated, the session is ignored | `v.assign(value)` |
| `v.initialized_value()` | raises NotImplementedError since 2.13 | `v.read_value()` |
| `v.initializer` | **is `None`**, silently | nothing |
| `v.op.name` | AttributeError | `v.name.split(":")[0]` |
| `v.graph`, `v.initial_value`, `v.to_proto()` | raise | nothing |
| `v.count_up_to(limit)` | deprecated | `v.assign_add(1)` and a comparison |

Variables may share a name in TF 2: do not take names as keys, take the object or `v.ref()`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

w = tf.Variable(1.0)
print(«w.eval»())
""",
            good="""\
import tensorflow as tf

w = tf.Variable(1.0)
print(w.numpy())
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

w = tf.Variable(1.0)
twice = tf.Variable(«w.initialized_value»() * 2.0)
""",
            good="""\
import tensorflow as tf

w = tf.Variable(1.0)
twice = tf.Variable(w * 2.0)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

w = tf.Variable(1.0, name="w")
names = [«w.op».name]
""",
            good="""\
import tensorflow as tf

w = tf.Variable(1.0, name="w")
names = [w.name.split(":")[0]]
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/Variable"],
)

_EAGER = "under eager execution"
# Member -> what it does, what to write.
_MEMBERS = {
    "eval": (f"raises `RuntimeError` {_EAGER}", "{self}.numpy()"),
    "load": ("is deprecated, its session is ignored", "{self}.assign({value})"),
    "count_up_to": ("is deprecated", "{self}.assign_add(1)"),
    "op": (f"raises `AttributeError` {_EAGER}", "{self}.name"),
    "to_proto": (f"raises `RuntimeError` {_EAGER}", ""),
    "graph": (f"raises `AttributeError` {_EAGER}", ""),
    "initial_value": (f"raises `RuntimeError` {_EAGER}", ""),
    "initializer": (f"is `None` {_EAGER}", ""),
}
_INSTEAD: dict[str, Advice | str] = {
    "to_proto": "`tf.train.Checkpoint`, which saves the variable itself",
    "graph": delete("it: the variable is a Python object"),
    "initial_value": "a copy of the first value that you keep yourself",
    "initializer": delete("it: the variable has its value once it is made"),
}


@variable_method.on(*(f"tf.Variable.{name}" for name in (*_MEMBERS, "initialized_value")))
def _variable_method(ref: Reference) -> Matched:
    name = ref.symbol.rpartition(".")[2]
    if not ref.is_method or (ref.route == "v1" and name != "eval"):
        return None  # in a graph of compat.v1 they work; eval needs its session, too
    if name == "initialized_value":
        return _initialized_value(ref)
    what, template = _MEMBERS[name]
    code = _receiver_code(ref, template)
    if name == "op" and _read_next(ref) == "name":
        code = _receiver_code(ref, '{self}.name.split(":")[0]')
        return ref.report(code, what, status="changed", subject=f"{ref.spelling}.name")
    if name == "count_up_to":
        code = f"`{code}` and a comparison with the limit"
    advice = ref.advise(_INSTEAD[name]) if name in _INSTEAD else code
    return ref.report(advice, what, status="changed")


@variable_method.method("initialized_value", of="tf.Variable")
def _initialized_value(ref: Reference) -> Report | None:
    if not ref.certain and (ref.call is None or ref.call.args or ref.call.keywords):
        return None
    what = "is deprecated in TF 2"
    if ref.target >= _SWALLOWS:
        what = "raises `NotImplementedError` since TF 2.13"
    return ref.report(_receiver_code(ref, "{self}.read_value()"), what, status="changed")


@variable_method.method("load", of="tf.Variable")
def _unknown_load(ref: Reference) -> Report | None:
    """`v.load(value, sess)` where nothing is known of `v`."""
    call, value = ref.call, argument(ref, "value", 0)
    if call is None or len(call.args) + len(call.keywords) != 2 or _sessions.accepted(ref):
        return None
    if value is None or not _sessions.session_like(ref, argument(ref, "session", 1)):
        return None
    code = _receiver_code(ref, f"{{self}}.assign({short(ref, value, 'value', 60)})")
    return ref.report(code, _MEMBERS["load"][0], status="changed")


def _receiver_code(ref: Reference, template: str) -> str:
    """`template` with the receiver in it, be it called or not."""
    assert ref.receiver is not None
    text = ref.text(ref.receiver)
    text = text if len(text) <= 40 else "variable"
    args = ref.arguments()
    if "{value}" in template:
        value = args.given.get("value") if args is not None and not args.open else None
        shown = ref.text(value) if value is not None else "value"
        template = template.replace("{value}", shown if len(shown) <= 60 else "value")
    return template.replace("{self}", text)


def _read_next(ref: Reference) -> str:
    """The attribute that the code reads from the reference, `name` in `v.op.name`."""
    up = ref.module.source.parent(ref.node)
    return up.attr if isinstance(up, ast.Attribute) and up.value is ref.node else ""


@variable_method.on("tf.Variable.from_proto")
def _from_proto(ref: Reference) -> Report | None:
    if ref.route == "v1":
        return None
    return ref.report(
        ref.say("`tf.train.Checkpoint`, which restores the variable itself"),
        f"raises {_EAGER}", status="changed",
    )  # fmt: skip


# --- TF212 -----------------------------------------------------------------------------------

partitioner = family.rule(
    "TF212",
    "variable-partitioner",
    "W",
    summary="variable partitioners belong to ParameterServerStrategy in TF 2",
    page="""\
TF 1 split large variables with a partitioner given to a variable scope or to `get_variable`. In
TF 2 this is the business of the strategy: hand a partitioner of
`tf.distribute.experimental.partitioners` to
`tf.distribute.ParameterServerStrategy(cluster_resolver, variable_partitioner=...)`; they are
there since TF 2.4 and look at the first axis only. Without parameter servers there is nothing to
split: delete the partitioner.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

split = «tf.fixed_size_partitioner»(4)
""",
            good="""\
import tensorflow as tf

split = tf.distribute.experimental.partitioners.FixedShardsPartitioner(4)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/tutorials/distribute/parameter_server_training"],
)

_P = "tf.distribute.experimental.partitioners."
_PARTITIONERS = {
    "tf.fixed_size_partitioner": _P + "FixedShardsPartitioner({num_shards})",
    "tf.variable_axis_size_partitioner": _P
    + "MaxSizePartitioner({max_shard_bytes}, max_shards={max_shards}, "
    "bytes_per_string={bytes_per_string_element})",
    "tf.min_max_variable_partitioner": _P
    + "MinSizePartitioner(min_shard_bytes={min_slice_size}, max_shards={max_partitions}, "
    "bytes_per_string={bytes_per_string_element})",
}


@partitioner.on(*_PARTITIONERS, "tf.create_partitioned_variables")
def _partitioner(ref: Reference) -> Report:
    template = _PARTITIONERS.get(ref.symbol)
    code = ref.code(template) if template else NONE
    if code:
        # Words, no edit: it goes to ParameterServerStrategy, not where it stood.
        return ref.report(code.then(" as `variable_partitioner=`"))
    if template:
        return ref.report(ref.advise(delete("it: one `tf.Variable` holds all of it")))
    return ref.report(ref.say("one `tf.Variable`, which a `ParameterServerStrategy` may split"))
