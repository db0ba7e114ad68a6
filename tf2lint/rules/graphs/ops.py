"""TF6: control flow, Python functions and printing as graph ops."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import Matched
from tf2lint.finding import Example
from tf2lint.rules._calls import short
from tf2lint.rules.graphs import family
from tf2lint.semantics.scopes import Scope

_LONG = 60

# --- TF605 -----------------------------------------------------------------------------------

control = family.rule(
    "TF605",
    "control-dependencies",
    "R",
    default=False,
    summary="statements run in the order they stand in: control dependencies are superfluous",
    page="""\
In a TF 1 graph an op ran only if a fetch needed it, and in any order; `tf.control_dependencies`
and `tf.group` tied them together. Eager code runs line by line, and inside `tf.function` ops
with side effects keep the order of the program. Take the block away and move its body out; call
assertions on a line of their own (they raise, and return `None`); write the statements that
`tf.group` held one after the other.

With batch normalization, `with tf.control_dependencies(update_ops):` around the train op
disappears: Keras layers update themselves when they are called with `training=True`.

Under eager execution `tf.group` and `tf.no_op` return `None`. The rule is off by default: what it
reports works, and libraries that support both graph and eager code need some of it.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def checked(x):
    with «tf.control_dependencies»([tf.debugging.assert_positive(x)]):
        return tf.math.log(x)
""",
            good="""\
import tensorflow as tf

def checked(x):
    tf.debugging.assert_positive(x)
    return tf.math.log(x)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def reset(a, b):
    return «tf.group»(a.assign(0.0), b.assign(0.0))
""",
            good="""\
import tensorflow as tf

@tf.function
def reset(a, b):
    a.assign(0.0)
    b.assign(0.0)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/effective_tf2"],
)

_ORDER: dict[str, Advice | str] = {
    "tf.control_dependencies": delete(
        "it and keep the body: statements run in the order they stand in"
    ),
    "tf.group": "the statements one after the other: it returns `None` under eager execution",
    "tf.no_op": "`None`: it gives nothing else under eager execution",
    "tf.Graph.control_dependencies": delete(
        "it and keep the body: statements run in the order they stand in"
    ),
}


@control.on(*_ORDER)
def _order(ref: Reference) -> Report | None:
    if ref.route == "v1" and ref.status in ("same", "exists"):
        return None
    advice = _ORDER[ref.symbol]
    if ref.symbol == "tf.no_op" and ref.call is None:  # handed on, to be called
        advice = "`lambda: None`: it gives nothing else under eager execution"
    return ref.report(advice, "is TF 1 style", status="idiom")


# --- TF606 -----------------------------------------------------------------------------------

py_func = family.rule(
    "TF606",
    "py-func",
    "W",
    summary="py_func is tf.numpy_function, or tf.py_function where gradients are needed",
    page="""\
`tf.py_func` called Python from a graph with NumPy arrays. `tf.numpy_function` does the same;
`stateful=` exists there in later TF 2 releases (the default, true, is what the earlier ones do).
`tf.py_function` hands over eager tensors instead, so that gradients flow through the call: the
Python function then has to work with tensors, or ask them for `.numpy()`.

Eager code needs neither, it just calls the Python function. Both are for code inside a
`tf.function` or `tf.data.Dataset.map`. The results carry no static shape; set it with
`tensor.set_shape` where a later layer needs it, as in TF 1.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def drawn(draw, image):
    return «tf.py_func»(draw, [image], tf.uint8)
""",
            good="""\
import tensorflow as tf

def drawn(draw, image):
    return tf.numpy_function(draw, [image], tf.uint8)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def parsed(parse, line):
    return «tf.compat.v1.py_func»(parse, [line], tf.float32, stateful=False, name="parse")
""",
            good="""\
import tensorflow as tf

def parsed(parse, line):
    return tf.numpy_function(parse, [line], tf.float32, name="parse")
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/numpy_function"],
)


@py_func.on("tf.py_func")
def _py_func(ref: Reference) -> Report:
    return ref.report(ref.code(
        "tf.numpy_function({func}, {inp}, {Tout}, stateful={stateful}, name={name})",
        "tf.numpy_function({func}, {inp}, {Tout}, name={name})",
    ))  # fmt: skip


# --- TF607 -----------------------------------------------------------------------------------

control_flow = family.rule(
    "TF607",
    "graph-control-flow",
    "W",
    summary="arguments of cond, while_loop and case that TF 2 does not take, or takes otherwise",
    page="""\
`tf.cond`, `tf.while_loop` and `tf.case` exist in TF 2 with other arguments:

* `cond`: `fn1` and `fn2` are `true_fn` and `false_fn`. `strict` is gone, it is always true: a
  branch that returns `[x]` gives `[x]`, where TF 1 gave `x`. Passed by position, what was
  `strict` is now taken for `name`, without a word.
* `while_loop`: `return_same_structure` is gone and always true. With one loop variable TF 1
  returned the bare tensor, TF 2 returns `[x]`; the body has to return `[x]` as well.
  `maximum_iterations` and `name` have changed places. `back_prop=False` is deprecated: wrap the
  result in `tf.stop_gradient`.
* `case`: a dict of tensors to functions raises `TypeError`, since tensors are not hashable; pass
  a list of pairs.

Most of this code needs none of them: Python's own `if` and `while` work on eager tensors, and
AutoGraph makes graph ops of them inside a `@tf.function`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def clipped(x):
    return tf.cond(x > 1.0, «fn1=lambda: 1.0», false_fn=lambda: x)
""",
            good="""\
import tensorflow as tf

def clipped(x):
    return tf.cond(x > 1.0, true_fn=lambda: 1.0, false_fn=lambda: x)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def doubled(x):
    return tf.while_loop(lambda y: y < 9, lambda y: [y * 2], [x], «return_same_structure=True»)
""",
            good="""\
import tensorflow as tf

def doubled(x):
    return tf.while_loop(lambda y: y < 9, lambda y: [y * 2], [x])
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def chosen(a, b, x):
    return tf.case(«{a: lambda: x, b: lambda: -x}»)
""",
            good="""\
import tensorflow as tf

def chosen(a, b, x):
    return tf.case([(a, lambda: x), (b, lambda: -x)])
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/while_loop"],
)


@control_flow.argument("tf.cond")
def _cond(ref: Reference) -> Matched:
    args = ref.arguments()
    if args is None or ref.route == "v1":
        return None
    found: list[Report] = []
    for old, new in (("fn1", "true_fn"), ("fn2", "false_fn")):
        keyword = args.keyword(old)
        if keyword is not None:
            code = f"{new}={short(ref, keyword.value, limit=_LONG)}"
            found.append(_said(ref, keyword, f"{old}=", "was renamed in TF 2", code))
    keyword = args.keyword("strict")
    if keyword is not None:
        advice = _strict_advice(args.literal("strict"))
        found.append(_said(ref, keyword, "strict=", "was removed in TF 2", advice))
    elif "strict" in args.positions and isinstance(args.literal("strict"), bool):
        found.append(_said(ref, args.given["strict"], "`strict`, passed by position,",
                           "is taken for `name` in TF 2",
                           _strict_advice(args.literal("strict"))))  # fmt: skip
    if not {"strict", "fn1", "fn2"} & args.given.keys() and ref.module.needs_tf1:
        branches = [args.given.get(name) for name in ("true_fn", "false_fn")]
        if all(isinstance(b, ast.Lambda) and _is_single(b.body) for b in branches):
            assert branches[0] is not None
            found.append(_said(ref, branches[0], "`[x]` from the branches",
                               "was taken out of the list by TF 1",
                               "`x` for `[x]`, or the result's `[0]`", "changed"))  # fmt: skip
    return found


def _is_single(expr: ast.expr) -> bool:
    return isinstance(expr, ast.List) and len(expr.elts) == 1


def _said(
    ref: Reference,
    place: ast.keyword | ast.expr,
    subject: str,
    what: str,
    advice: Advice | str,
    status: str = "",
) -> Report:
    """A report on the argument at `place`."""
    status = status or ("removed" if isinstance(place, ast.keyword) else "changed")
    return ref.report(advice, what, place=place, status=status, subject=subject)


def _strict_advice(value: object) -> Advice:
    if value is True:
        return delete("it: it is always true")
    return delete("it: it is always true", "A branch that returns `[x]` gives `[x]`")


@control_flow.argument("tf.while_loop")
def _while_loop(ref: Reference) -> Matched:
    args = ref.arguments()
    if args is None or ref.route == "v1":
        return None
    found: list[Report] = []
    keyword = args.keyword("return_same_structure")
    if keyword is not None:
        advice = delete("it: it is always true")
        if args.literal("return_same_structure") is not True:
            advice = advice.noting("One loop variable comes back as `[x]`")
        subject = "return_same_structure="
        found.append(_said(ref, keyword, subject, "was removed in TF 2", advice))
    else:
        found += _one_variable(ref)
    if args.literal("back_prop") is False and ref.module.speaks_tf1:
        place = args.keyword("back_prop") or args.given["back_prop"]
        instead = ref.say("`tf.stop_gradient` on the results")
        found.append(
            _said(ref, place, "back_prop=False", "is deprecated in TF 2", instead, "idiom")
        )
    if "name" in args.positions and isinstance(args.literal("name"), str):
        value = args.given["name"]
        found.append(_said(ref, value, "`name`, passed by position,",
                           "is taken for `maximum_iterations` in TF 2",
                           f"name={ref.text(value)}"))  # fmt: skip
    return found


def _one_variable(ref: Reference) -> list[Report]:
    """`x = tf.while_loop(cond, body, [x])`: TF 2 gives `[x]`."""
    call, stmt = ref.call, ref.site.stmt
    if call is None:
        return []
    loop = call.args[2] if len(call.args) > 2 else next(
        (k.value for k in call.keywords if k.arg == "loop_vars"), None)  # fmt: skip
    if not isinstance(loop, ast.List | ast.Tuple) or len(loop.elts) != 1:
        return []
    said = "gives a list in TF 2, also of one loop variable"
    if isinstance(ref.module.source.parent(call), ast.Attribute | ast.BinOp | ast.UnaryOp):
        if not ref.module.needs_tf1:
            return []
        advice = "`[0]` of it, and a body that returns such a list"
        return [ref.report(advice, said, place=loop, status="changed")]
    if not isinstance(stmt, ast.Assign) or stmt.value is not call or len(stmt.targets) != 1:
        return []
    item, target = loop.elts[0], stmt.targets[0]
    if not isinstance(target, ast.Name):
        return []
    again = isinstance(item, ast.Name) and item.id == target.id
    if not again and (
        not ref.module.needs_tf1 or (ref.site.scope, target.id) in ref.module.fact(_taken_apart)
    ):
        return []
    return [ref.report(f"`{target.id},` on the left, and a body that returns such a list",
                       said, place=loop, status="changed")]  # fmt: skip


def _taken_apart(module: Module) -> frozenset[tuple[Scope, str]]:
    """Names, with their scopes, that are used as lists."""
    parent = module.source.parent
    lists = (ast.Subscript, ast.Starred, ast.For, ast.Assign)
    return frozenset(
        (site.scope, site.node.id) for site in module.inference.binder.sites
        if isinstance(site.node, ast.Name) and isinstance(parent(site.node), lists)
    )  # fmt: skip


@control_flow.argument("tf.case")
def _case(ref: Reference) -> Report | None:
    args = ref.arguments()
    pairs = args.given.get("pred_fn_pairs") if args is not None else None
    if not isinstance(pairs, ast.Dict) or ref.route == "v1":
        return None
    text = ", ".join(
        f"({ref.text(k)}, {ref.text(v)})" for k, v in zip(pairs.keys, pairs.values, strict=True)
        if k is not None
    )  # fmt: skip
    code = f"[{text}]" if len(text) <= _LONG and None not in pairs.keys else "[(pred, fn), ...]"
    return ref.report(code, "raises `TypeError`: a tensor is no key", place=pairs,
                      status="changed", subject="{tensor: function}")  # fmt: skip


# --- TF609 -----------------------------------------------------------------------------------

print_op = family.rule(
    "TF609",
    "print-op",
    "W",
    summary="tf.Print is tf.print, a statement of its own",
    page="""\
`x = tf.Print(x, [a, b], message="...")` put a printing op into the way of `x`. `tf.print(...)`
is a statement: it prints when the line runs, in eager code and in a `tf.function`, and returns
nothing that has to be used. Keep `x` as it is.

* `message` comes first, the items of `data` follow as arguments of their own;
* `summarize` stays; `first_n` has no counterpart: count for yourself;
* both print to standard error unless `output_stream=` says otherwise.

`tf.add_check_numerics_ops()` collected checks for the whole graph;
`tf.debugging.enable_check_numerics()` turns them on for all that runs after it.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def scaled(x):
    x = «tf.Print»(x, [x, tf.shape(x)], message="x: ")
    return x * 2.0
""",
            good="""\
import tensorflow as tf

def scaled(x):
    tf.print("x: ", x, tf.shape(x))
    return x * 2.0
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

check = «tf.add_check_numerics_ops»()
""",
            good="""\
import tensorflow as tf

tf.debugging.enable_check_numerics()
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/print"],
)


@print_op.on("tf.Print")
def _print(ref: Reference) -> Report:
    return ref.report(_printed(ref))


def _printed(ref: Reference) -> Advice | str:
    args = ref.arguments()
    general = ref.say("`tf.print` on a line of its own")
    if args is None or args.open or "data" not in args.given:
        return general
    data = args.given["data"]
    parts = [args.given["message"]] if "message" in args.given else []
    parts += data.elts if isinstance(data, ast.List | ast.Tuple) else [data]
    texts = [ref.text(part) for part in parts]
    if "summarize" in args.given:
        texts.append(f"summarize={ref.text(args.given['summarize'])}")
    name = ref.say("tf.print")
    call = f"{name}({', '.join(texts)})"
    shown = f"`{name}({texts[0]}, ...)`" if "message" in args.given else f"`{name}`"
    value = args.given.get("input_")
    kept = f"`{ref.text(value)}` stays as it is" if isinstance(value, ast.Name) else ""
    alone = "on a line of its own"
    said = use(f"{shown if len(call) > 2 * _LONG else f'`{call}`'} {alone}", kept)
    return said.shorter(f"{shown} {alone}", general).settling(
        "input_", "data", "message", "summarize"
    )


@print_op.on("tf.add_check_numerics_ops")
def _check_numerics(ref: Reference) -> Report:
    what = "raises under eager execution" if ref.status == "compat" else ""
    instead = ref.say("`tf.debugging.enable_check_numerics()` once at the start",
                  "`tf.debugging.check_numerics(x, message)` where it matters")  # fmt: skip
    return ref.report(instead, what)
