"""TF6: sessions, what is run in them, and what is fed to them."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.graphs import _sessions, family
from tf2lint.semantics.scopes import ASSIGN
from tf2lint.semantics.values import Instance, Symbol
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.groups import INITIALIZERS, PLAIN_SESSIONS, SESSIONS, TEST_SESSION

# --- TF601 -----------------------------------------------------------------------------------

session = family.rule(
    "TF601",
    "session",
    "W",
    summary="there are no sessions in TF 2: code runs as it is called, @tf.function makes it fast",
    page="""\
A `tf.Session` ran parts of a graph that had been built before. TF 2 executes operations as they
are called, so there is nothing to open, to run in, or to close:

* `with tf.Session() as sess:` goes away, its body moves one level out;
* what `sess.run(fetches, feed_dict)` computed becomes a function that takes the fed values as
  arguments and returns the fetches; `@tf.function` makes a graph of it where speed matters;
* `InteractiveSession` is deleted, and `t.eval()` is `t.numpy()`;
* `Session(config=...)` becomes calls of `tf.config` when the program starts (see TF608);
* `Session(graph=...)`: every `tf.function` has a graph of its own; a session's `target` becomes
  a `tf.distribute` strategy.

**Silent:** a graph computed only the ops that a fetch needed. A function runs everything in it,
all assignments included: split the one big model function into one function per set of fetches.

`tf.compat.v1.Session` still exists. Under eager execution its graph is empty and `run()` raises
`RuntimeError`; it works inside `with tf.Graph().as_default():` or after
`tf.compat.v1.disable_eager_execution()`, which is where a first stage of a migration may leave
it.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def total(x):
    with «tf.Session»():
        return tf.reduce_sum(x)
""",
            good="""\
import tensorflow as tf

@tf.function
def total(x):
    return tf.reduce_sum(x)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

session = «tf.compat.v1.InteractiveSession»()
""",
            good="""\
import tensorflow as tf

print(tf.constant(1.0).numpy())
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def current():
    return «tf.get_default_session»()
""",
            good="""\
import tensorflow as tf

print(tf.executing_eagerly())
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/effective_tf2"],
    in_patterns=True,
)

_PLAIN = "plain calls, `@tf.function` for speed"
_EXTRAS = {
    "target": "`target=` becomes a `tf.distribute` strategy",
    "graph": "A `tf.function` has its own graph",
}


@session.on(*PLAIN_SESSIONS)
def _session(ref: Reference) -> Report:
    interactive = ref.symbol == "tf.InteractiveSession"
    call, stmt = ref.call, ref.site.stmt
    if ref.site.use == "annotation":
        return ref.report("the values themselves as parameters, and no session")
    if call is None:
        return ref.report(ref.say(_PLAIN))
    if interactive:
        advice = delete("it: eager execution is the default").adding("`t.eval()` is `t.numpy()`")
    elif isinstance(stmt, ast.With) and any(i.context_expr is call for i in stmt.items):
        advice = delete("it and keep the body of the `with`")
    else:
        advice = use(_PLAIN)
    args = ref.arguments()
    notes: list[str] = []
    if args is not None:
        notes = [note for name, note in _EXTRAS.items() if name in args.given]
        config = args.given.get("config")
        if config is not None and not any(
            isinstance(v, Instance) and paths.symbol(v.path) == "tf.ConfigProto"
            for v in ref.values(config)
        ):
            notes.append("`config=` becomes calls of `tf.config`")
    return ref.report(ref.advise(advice.noting(*notes)))


@session.on("tf.get_default_session")
def _default_session(ref: Reference) -> Report:
    what = "is `None` under eager execution" if ref.status == "compat" and ref.call else ""
    return ref.report(delete("it and call the code itself"), what)


_MEMBERS: dict[str, Advice | str] = {
    "close": delete("it with the session"),
    "as_default": delete("it with the session"),
    "graph": "`f.get_concrete_function(*args).graph`, if any",
    "graph_def": "f.get_concrete_function(*args).graph.as_graph_def()",
    "sess_str": delete("it with the session"),
    "reset": delete("it: containers go with sessions"),
}


@session.on(*(f"{cls}.{name}" for name in _MEMBERS for cls in PLAIN_SESSIONS))
def _session_member(ref: Reference) -> Report:
    advice = _MEMBERS[ref.symbol.rpartition(".")[2]]
    return ref.report(advice, "goes with the session")


# --- TF602 -----------------------------------------------------------------------------------

session_run = family.rule(
    "TF602",
    "session-run",
    "W",
    speaks_for=[("TF603", ""), ("TF205", "")],
    summary="sess.run, Tensor.eval and Operation.run: call the code that computes the value",
    page="""\
`sess.run(fetches, feed_dict)` is a function call turned inside out. Write the function: the
placeholders are its parameters, the fetches what it returns.

| TF 1 | TF 2 |
|---|---|
| `sess.run(f(x), feed_dict={x: batch})` | `f(batch)` |
| `sess.run([train_op, loss], ...)` in a loop | `loss = train_step(batch)` with a `GradientTape` |
| `sess.run(tf.global_variables_initializer())` | nothing: variables begin initialized |
| `sess.run(iterator.initializer)` | `it = iter(dataset)` |
| `sess.run(next_element)` | `next(it)`, or `for element in dataset:` |
| `loss.eval()` | `loss.numpy()` |
| `train_op.run()` | call what the op did |
| `sess.make_callable(y, [x])` | a `tf.function` |
| `sess.partial_run(...)` | ordinary Python between two calls |
| `sess.run("scope/y:0")` | return the value, or build a Keras model with that output |

Under eager execution `tf.compat.v1.Session().run()` raises `RuntimeError` (the graph is empty)
and `Tensor.eval()` raises `NotImplementedError`. In a `tf.test.TestCase`, `self.session()` still
gives something to run eager tensors with, without `feed_dict`; `self.evaluate(x)` is the
spelling that stays.

**Silent:** each `run` computed its fetches anew, random numbers and dataset elements included.
A TF 2 value is computed once, where the line stands; call the function again for another one.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def step(sess, fetches, batch):
    return «sess.run»(fetches, {"x": batch})
""",
            good="""\
import tensorflow as tf

@tf.function
def step(model, batch):
    return model(batch)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

loss = tf.reduce_sum([1.0, 2.0])
print(«loss.eval»())
""",
            good="""\
import tensorflow as tf

loss = tf.reduce_sum([1.0, 2.0])
print(loss.numpy())
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

class Runner:
    def __init__(self, session):
        self._session = session

    def size(self, x):
        return «self._session.run»(tf.size(x))
""",
            good="""\
import tensorflow as tf

class Runner:
    def size(self, x):
        return tf.size(x).numpy()
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/effective_tf2"],
    in_patterns=True,
)


def _fetches(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0] if not isinstance(call.args[0], ast.Starred) else None
    return next((k.value for k in call.keywords if k.arg == "fetches"), None)


def _feed(call: ast.Call) -> ast.expr | None:
    feed = next((k.value for k in call.keywords if k.arg == "feed_dict"), None)
    if feed is None and len(call.args) > 1 and not isinstance(call.args[1], ast.Starred):
        feed = call.args[1]
    if isinstance(feed, ast.Constant) and feed.value is None:
        return None
    return feed


def _origin(ref: Reference, expr: ast.expr) -> ast.expr:
    """The expression that the name `expr` was bound to, where there is only one."""
    inference, site = ref.module.inference, ref.site
    for _ in range(4):
        if not isinstance(expr, ast.Name):
            break
        bindings, _ = inference.bindings(expr.id, site.scope, site.seq)
        if len(bindings) != 1 or bindings[0].kind is not ASSIGN or bindings[0].index:
            break
        if bindings[0].expr is None:
            break
        expr = bindings[0].expr
    return expr


def _is_initializer(ref: Reference, expr: ast.expr) -> bool:
    expr = _origin(ref, expr)
    if isinstance(expr, ast.List | ast.Tuple):
        return bool(expr.elts) and all(_is_initializer_call(ref, e) for e in expr.elts)
    return _is_initializer_call(ref, expr)


def _is_initializer_call(ref: Reference, expr: ast.expr) -> bool:
    expr = _origin(ref, expr)
    called = _called(ref, expr)
    if "tf.group" in called and isinstance(expr, ast.Call):
        return bool(expr.args) and all(_is_initializer_call(ref, a) for a in expr.args)
    return any(name in INITIALIZERS for name in called)


def _called(ref: Reference, expr: ast.expr) -> list[str]:
    """The symbols that the call `expr` may call."""
    if not isinstance(expr, ast.Call):
        return []
    return [paths.symbol(v.path) for v in ref.values(expr.func) if isinstance(v, Symbol)]


_MERGED_BEFORE_1 = ("tf.merge_all_summaries", "tf.merge_summary")


def _is_summary(ref: Reference, expr: ast.expr) -> bool:
    """Whether `expr` is a summary op, or several in one."""
    expr = _origin(ref, expr)
    if isinstance(expr, ast.List | ast.Tuple):
        return bool(expr.elts) and all(_is_summary(ref, item) for item in expr.elts)
    called = _called(ref, expr)
    return any(paths.under(c, "tf.summary") or c in _MERGED_BEFORE_1 for c in called)


def _restarted(ref: Reference, fetches: ast.expr, feed: ast.expr | None) -> Advice | None:
    """What to write where iterators of data sets are begun anew."""
    made = _origin(ref, fetches)
    if isinstance(made, ast.List | ast.Tuple):
        begun = made.elts and all(_restarted(ref, item, feed) for item in made.elts)
        return use("one `iter(dataset)` of each dataset for each pass") if begun else None
    data = ""
    if isinstance(made, ast.Attribute) and made.attr == "initializer":
        data = "dataset" if ref.is_instance(made.value, "tf.data.Iterator") else ""
    elif isinstance(made, ast.Call) and getattr(made.func, "attr", "") == "make_initializer":
        data = _sessions.repeated(ref, made.args[0], "dataset") if made.args else "dataset"
    if not data:
        return None
    fed = ", of a dataset of what is fed" if feed is not None else ""
    return use(f"`it = iter({data})` for each pass{fed}")


_INITIALIZED = delete("it: variables are initialized as they are made")
_FETCHED = "what is fetched"
_WRITTEN = delete("it: the summaries of TF 2 write as they run")
_WRITTEN_OF_FED = use(
    "a function that takes what is fed and has the summaries, which write by themselves"
)


def _shown(ref: Reference, fetches: ast.expr) -> tuple[str, str]:
    """The text of what is fetched, and a sentence on the summaries that are left out of it."""
    items = fetches.elts if isinstance(fetches, ast.List | ast.Tuple) else []
    rest = [item for item in items if not _is_summary(ref, item)]
    if len(rest) == len(items):
        return _sessions.repeated(ref, fetches, ""), ""
    texts = [_sessions.repeated(ref, item, "") for item in rest]
    what = ", ".join(texts) if all(texts) else ""
    return f"[{what}]" if what and len(rest) > 1 else what, "Summaries write as they run"


def _advice(ref: Reference, fetches: ast.expr | None, feed: ast.expr | None) -> Advice | str:
    """What to write instead of running `fetches`."""
    if fetches is None:
        return "a function that returns the values, called with what was fed"
    if feed is None and _is_initializer(ref, fetches):
        return _INITIALIZED
    if feed is None and isinstance(fetches, ast.Attribute) and fetches.attr == "initializer":
        if ref.is_instance(fetches.value, "tf.Variable"):
            return _INITIALIZED
    if (anew := _restarted(ref, fetches, feed)) is not None:
        return anew
    if _is_summary(ref, fetches):
        return _WRITTEN if feed is None else _WRITTEN_OF_FED
    if isinstance(fetches, ast.Constant) and isinstance(fetches.value, str):
        return "the value itself, returned by a function or a Keras model"
    what, summaries = _shown(ref, fetches)
    shown = f"`{what}`" if what else _FETCHED
    if feed is not None:
        values = _sessions.fed_values(ref, feed)
        taken = f"`{values}`" if values else "what is fed"
        plain = f"a function that takes {taken} and returns"
        given = use(f"{plain} {shown}", summaries)
        return given if len(shown) <= len(_FETCHED) else given.shorter(f"{plain} {_FETCHED}")
    if isinstance(fetches, ast.Name | ast.Attribute | ast.Call) and what == ref.text(fetches):
        kinds = ref.values(fetches)
        names = {paths.symbol(v.path) for v in kinds if isinstance(v, Instance)}
        if names and names <= {"tf.Tensor", "tf.Variable"}:
            return f"{what}.numpy()"
    fast = ref.say("`@tf.function` for speed")
    plain = f"a function that returns {shown}"
    return use(f"{plain}, {fast}", summaries).shorter(plain, "a function that returns the values")


def _what(ref: Reference) -> str:
    if not ref.certain:
        return "looks like the run of a TF 1 session"
    if ref.route == "v1":
        return "needs a graph of compat.v1"
    return "needs a TF 1 session"


@session_run.on(*(f"{cls}.run" for cls in SESSIONS if cls != TEST_SESSION))
def _run(ref: Reference) -> Report:
    call = ref.call
    if call is None:
        return ref.report("a function that computes the values", _what(ref))
    return ref.report(_advice(ref, _fetches(call), _feed(call)), _what(ref))


@session_run.on("tf.test.Session.run")
def _test_run(ref: Reference) -> Report | None:
    call = ref.call
    if _sessions.accepted(ref):
        return None
    fetches = _fetches(call) if call is not None else None
    if call is not None and _feed(call) is not None:
        return ref.report(_advice(ref, fetches, _feed(call)), "cannot feed values in TF 2",
                          status="changed")  # fmt: skip
    advice = use("self.evaluate(x)")
    if fetches is not None and _is_initializer(ref, fetches):
        advice = _INITIALIZED
    elif fetches is not None:
        advice = use(f"self.evaluate({_sessions.repeated(ref, fetches, 'x')})")
    return ref.report(advice, "is TF 1 style: there is no session in TF 2", status="idiom")


_OTHERS = {
    "partial_run": "ordinary Python between two function calls",
    "partial_run_setup": "ordinary Python between two function calls",
    "make_callable": "a `tf.function`, which is the callable",
    "run_step_fn": "a function that is called in the training loop",
}


@session_run.on(*(f"{cls}.{name}" for name in _OTHERS for cls in SESSIONS))
def _other_method(ref: Reference) -> Report:
    return ref.report(ref.say(_OTHERS[ref.symbol.rpartition(".")[2]]), _what(ref))


@session_run.on(*(f"{cls}.list_devices" for cls in SESSIONS))
def _list_devices(ref: Reference) -> Report:
    code = ref.code(
        "tf.config.list_logical_devices()", "tf.config.experimental.list_logical_devices()"
    )
    return ref.report(code, _what(ref))


@session_run.on("tf.Tensor.eval")
def _tensor_eval(ref: Reference) -> Report | None:
    return None if _sessions.accepted(ref) else _evaluated(ref, "raises under eager execution")


def _evaluated(ref: Reference, what: str) -> Report:
    call = ref.call
    assert ref.receiver is not None or call is None or ref.certain
    feed = None
    if call is not None:
        keyword = next((k.value for k in call.keywords if k.arg == "feed_dict"), None)
        feed = keyword if keyword is not None else (call.args[0] if call.args else None)
    if ref.receiver is None:
        return ref.report("tensor.numpy()", what, status="changed")
    if (
        feed is not None and not (isinstance(feed, ast.Constant) and feed.value is None)
    ) or _is_summary(ref, ref.receiver):
        return ref.report(_advice(ref, ref.receiver, feed), what, status="changed")
    text = _sessions.repeated(ref, ref.receiver, "")
    if isinstance(ref.receiver, ast.BinOp | ast.UnaryOp | ast.Compare | ast.IfExp):
        text = f"({text})" if text else ""
    return ref.report(f"{text}.numpy()" if text else "`.numpy()`", what, status="changed")


@session_run.on("tf.Operation.run")
def _operation_run(ref: Reference) -> Report | None:
    if _sessions.accepted(ref):
        return None
    return ref.report(_ran(ref), "raises under eager execution: no operation is left to run",
                      status="changed")  # fmt: skip


def _ran(ref: Reference) -> Advice | str:
    if ref.receiver is not None and _is_initializer(ref, ref.receiver):
        return _INITIALIZED
    return "a call of the code that made the operation"


# Receivers of which nothing is known.


_FED = {"fetches", "feed_dict", "options", "run_metadata"}


@session_run.method("run", foreign=True, of="tf.Session")
def _unknown_run(ref: Reference) -> Report | None:
    call, receiver = ref.call, ref.receiver
    if receiver is None or _sessions.accepted(ref):
        return None
    named = _sessions.has_session_name(receiver) and not _sessions.may_run_others(ref)
    if call is None:
        return ref.report("a function that computes the values", _what(ref)) if named else None
    keywords = {k.arg for k in call.keywords} - {None}
    if not keywords <= _FED:
        return None
    if "feed_dict" in keywords or "run_metadata" in keywords:
        return ref.report(_advice(ref, _fetches(call), _feed(call)), _what(ref))
    if not named or len(call.args) > 4 or not (call.args or keywords):
        return None
    fetches = _fetches(call)
    if fetches is not None and not _may_be_fetched(ref, fetches):
        return None
    return ref.report(_advice(ref, fetches, _feed(call)), _what(ref))


_OPERATIONS = ("op", "init", "initializer", "train_step", "initialize_all_variables",
               "minimize", "enqueue", "enqueue_many")  # fmt: skip


@session_run.method("run", foreign=True)
def _unknown_operation(ref: Reference) -> Report | None:
    """`init_op.run()`; names that say less only inside of a session's block."""
    call, receiver = ref.call, ref.receiver
    if call is None or receiver is None or call.args or _sessions.accepted(ref):
        return None
    keywords = {k.arg for k in call.keywords}
    if "session" in keywords and keywords <= {"session", "feed_dict"}:
        return ref.report(_ran(ref), "looks like the run of a TF 1 operation")
    if keywords:
        return None
    node = receiver.func if isinstance(receiver, ast.Call) else receiver
    name = getattr(node, "attr", getattr(node, "id", ""))
    if not name.endswith(("_op", "_initializer")) and not (
        name in _OPERATIONS and _sessions.in_session_block(ref)
    ):
        return None
    return ref.report(_ran(ref), "looks like the run of a TF 1 operation")


def _may_be_fetched(ref: Reference, fetches: ast.expr) -> bool:
    """Whether a session of TF 1 may run that; other sessions run commands, or None."""
    if isinstance(fetches, ast.Constant):
        text = fetches.value
        return isinstance(text, str) and text.rpartition(":")[2].isdigit()
    if isinstance(fetches, ast.JoinedStr):
        return False
    if isinstance(fetches, ast.List | ast.Tuple):
        return all(_may_be_fetched(ref, item) for item in fetches.elts)
    return True


@session_run.method(
    "partial_run", "partial_run_setup", "make_callable", "run_step_fn", foreign=True,
    of="tf.Session",
)  # fmt: skip
def _unknown_other(ref: Reference) -> Report | None:
    if ref.call is None or _sessions.accepted(ref):
        return None
    if not _sessions.has_session_name(ref.receiver):
        return None
    assert isinstance(ref.node, ast.Attribute)
    return ref.report(ref.say(_OTHERS[ref.node.attr]), _what(ref))


@session_run.method("eval")
def _unknown_eval(ref: Reference) -> Report | None:
    call, receiver = ref.call, ref.receiver
    if call is None or receiver is None or _sessions.accepted(ref):
        return None
    keywords = {k.arg for k in call.keywords}
    if not keywords <= {"feed_dict", "session"} or len(call.args) > 2:
        return None
    if call.args and not keywords:
        fed = len(call.args) == 1 and _feeds(call.args[0])
        if not fed and not _sessions.session_like(ref, call.args[-1]):
            return None
    elif not keywords:
        if _sessions.may_eval_others(ref) or not _sessions.in_session_block(ref):
            return None
        if isinstance(receiver, ast.Name) and receiver.id in ("self", "model", "net"):
            return None
    return _evaluated(ref, "looks like `eval` of a TF 1 tensor")


def _feeds(expr: ast.expr) -> bool:
    """Whether `expr` is a literal `{images: batch}`, tensors to values."""
    return isinstance(expr, ast.Dict) and any(
        isinstance(key, ast.Name | ast.Attribute) for key in expr.keys
    )
