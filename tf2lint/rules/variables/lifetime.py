"""TF2: how long a variable lives, and how often it is made."""

from __future__ import annotations

import ast

from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.variables import family
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

# --- TF216 -----------------------------------------------------------------------------------

variable_lifetime = family.rule(
    "TF216",
    "variable-lifetime",
    "W",
    summary="a tf.Variable that nothing holds is gone; one made anew in a tf.function raises",
    page="""\
In TF 1 the graph held every variable, whether Python did or not. In TF 2 a variable lives as
long as a Python object refers to it: one that is made and not kept is collected **at once and
without a word**, its value with it. Keep it as an attribute of a `tf.Module` or in a list.
Reported where a function or a loop makes it.

In a `tf.function` a variable may be made only at the first call: a plain `tf.Variable(...)` in
its body raises a `ValueError`. Make it outside, in `__init__`, or under
`if self.v is None: self.v = tf.Variable(...)`, which is not reported.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

for n in range(3):
    «tf.Variable»(tf.zeros([3]), name=f"table_{n}")
""",
            good="""\
import tensorflow as tf

tables = [tf.Variable(tf.zeros([3]), name=f"table_{n}") for n in range(3)]
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

@tf.function
def scaled(x):
    w = «tf.Variable»(2.0)
    return w * x
""",
            good="""\
import tensorflow as tf

w = tf.Variable(2.0)

@tf.function
def scaled(x):
    return w * x
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/function#creating_tfvariables"],
)


@variable_lifetime.on("tf.Variable", beside=True)
def _variable_lifetime(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.route == "v1":
        return None
    source = ref.module.source
    repeated = (*_FUNCTIONS, ast.For, ast.While)
    if isinstance(source.parent(call), ast.Expr) and source.enclosing(call, repeated):
        return ref.report(
            "a name or an attribute that holds it",
            "is collected at once in TF 2: nothing holds it", status="changed",
        )  # fmt: skip
    around = source.enclosing(
        call, (*_FUNCTIONS, ast.If, ast.IfExp, ast.With, ast.Try, ast.BoolOp, ast.While)
    )
    if isinstance(around, _Function) and _is_tf_function(ref, around):
        return ref.report(
            "a variable made outside, or once under `if self.v is None`",
            "raises `ValueError` in a `tf.function`", status="changed",
        )  # fmt: skip
    return None


def _is_tf_function(ref: Reference, node: _Function) -> bool:
    """Whether `tf.function` decorates the function that the reference stands in."""
    scope = ref.site.scope
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    outside = scope.parent
    if outside is None or scope.node is not node:
        return False
    return any(
        isinstance(value, Symbol) and paths.symbol(value.path) == "tf.function"
        for decorator in node.decorator_list
        for value in ref.module.values(
            decorator.func if isinstance(decorator, ast.Call) else decorator, outside, scope.seq
        )
    )


# --- TF217 -----------------------------------------------------------------------------------

variable_per_call = family.rule(
    "TF217",
    "variable-per-call",
    "R",
    default=False,
    summary="a tf.Variable that a function makes for itself is a new one at every call",
    page="""\
A TF 1 function that built a part of the graph ran once, and the variables that it made were
trained from then on. Under eager execution it runs for every batch, and each time it makes new
variables: **nothing is ever learned, without any error**. Make them once, in `__init__` of a
`tf.Module` or `build` of a Keras layer, and use them in the call.

Reported are variables that only a local name holds: not those that are returned, stored on an
object or in a container, or used in an inner function, and none in tests. The rule is off by
default, since scripts in TF 2 make variables in functions, too.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def layer(x):
    w = «tf.Variable»(tf.random.normal([10, 10]))
    return tf.matmul(x, w)
""",
            good="""\
import tensorflow as tf

class Layer(tf.Module):
    def __init__(self):
        super().__init__()
        self.w = tf.Variable(tf.random.normal([10, 10]))

    def __call__(self, x):
        return tf.matmul(x, self.w)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/tf1_vs_tf2"],
)


@variable_per_call.on("tf.Variable", beside=True)
def _variable_per_call(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or ref.route == "v1":
        return None
    source = ref.module.source
    assignment = source.parent(call)
    function = source.enclosing(call, _FUNCTIONS)
    if not isinstance(assignment, ast.Assign) or not isinstance(function, _Function):
        return None
    if function.name.lstrip("_").startswith("test"):
        return None
    target = assignment.targets[0]
    if len(assignment.targets) > 1 or not isinstance(target, ast.Name):
        return None
    if _escapes(ref, target.id, function):
        return None
    return ref.report(
        ref.say("one that `__init__` of a `tf.Module` makes and keeps"),
        f"in `{function.name}()` is a new variable at every call", status="idiom",
    )  # fmt: skip


def _escapes(ref: Reference, name: str, function: _Function) -> bool:
    """Whether something but a local name of `function` holds the variable `name`."""
    source = ref.module.source
    for node in ast.walk(function):
        if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
            return True
        if not isinstance(node, ast.Name) or node.id != name:
            continue
        if not isinstance(node.ctx, ast.Load):
            continue
        if source.enclosing(node, _FUNCTIONS) is not function:
            return True
        up = source.parent(node)
        while isinstance(up, ast.Tuple | ast.List | ast.Dict | ast.Set | ast.Starred):
            up = source.parent(up)
        if isinstance(up, ast.Return | ast.Yield | ast.Assign | ast.AnnAssign):
            return True
        method = up.func if isinstance(up, ast.Call) else None
        if isinstance(method, ast.Attribute) and method.attr in ("append", "extend", "add"):
            return True
    return False
