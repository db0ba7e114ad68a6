"""TF5: gradients of a graph."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tf2lint.check.advice import Advice
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules._calls import last_name, short
from tf2lint.rules.optimizers import family
from tf2lint.semantics.scopes import Scope
from tf2lint.semantics.values import Symbol

# --- TF504 -----------------------------------------------------------------------------------

symbolic = family.rule(
    "TF504",
    "symbolic-gradients",
    "W",
    summary="tf.gradients and tf.hessians raise under eager execution; use tf.GradientTape",
    page="""\
`tf.gradients(ys, xs)` differentiates ops of a graph. Under eager execution it raises
`RuntimeError`; it still works inside a `tf.function`, where there is a graph. A call in a
function that is visibly a `tf.function` is not reported.

```python
with tf.GradientTape() as tape:
    tape.watch(x)                 # not needed for trainable variables
    y = f(x)
dy_dx = tape.gradient(y, x)       # grad_ys is output_gradients
```

A tape gives the gradient of one structure for one structure, in the shape of the sources;
`tf.gradients` always gave a list. For second derivatives put one tape inside another, and for
`tf.hessians` ask the outer tape for `tape.jacobian(dy_dx, x)`. Use `persistent=True` to ask one
tape several times. `stop_gradients` is `tf.stop_gradient` on the tensors in question, or
`tape.stop_recording()`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def penalty(score, x):
    grad, = «tf.gradients»(score, [x])
    return tf.reduce_mean(tf.square(grad))
""",
            good="""\
import tensorflow as tf

def penalty(critic, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = critic(x)
    return tf.reduce_mean(tf.square(tape.gradient(score, x)))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def curvature(y, x):
    return «tf.hessians»(y, x)
""",
            good="""\
import tensorflow as tf

def curvature(f, x):
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        grad = inner.gradient(y, x)
    return outer.jacobian(grad, x)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/autodiff"],
)

_GRAPH_ONLY = "works only in a `tf.function`"


@symbolic.on("tf.gradients")
def _gradients(ref: Reference) -> Report | None:
    if _in_function(ref):
        return None
    code = ref.code("tape.gradient({ys}, {xs}, output_gradients={grad_ys})")
    return ref.report(_under_tape(ref, code, "xs"), _what_symbolic(ref))


@symbolic.on("tf.keras.backend.gradients")
def _backend_gradients(ref: Reference) -> Report | None:
    if _in_function(ref):
        return None
    code = ref.code("tape.gradient({loss}, {variables})")
    return ref.report(_under_tape(ref, code, "variables"), _what_symbolic(ref))


@symbolic.on("tf.hessians")
def _hessians(ref: Reference) -> Report | None:
    if _in_function(ref):
        return None
    code = ref.code("outer.jacobian(inner.gradient({ys}, {xs}), {xs})")
    nested = code.then(" of two nested tapes")
    watched = _watched(ref, "xs", ("outer", "inner"))
    return ref.report(nested.noting(watched), _what_symbolic(ref))


def _under_tape(ref: Reference, code: Advice, sources: str) -> Advice:
    tape = ref.say("`tf.GradientTape`")
    told = code.then(f" of a {tape}").shorter(f"a {tape}")
    return told.noting(_watched(ref, sources, ("tape",)))


def _watched(ref: Reference, parameter: str, tapes: Sequence[str]) -> str:
    """What to do for sources that are no variables: a tape gives None for a tensor."""
    args = ref.arguments()
    sources = args.given.get(parameter) if args is not None else None
    if sources is not None and (
        ref.is_instance(sources, "tf.Variable") or "variables" in ref.text(sources)
    ):
        return ""
    name = short(ref, sources, "x")
    calls = " and ".join(f"`{tape}.watch({name})`" for tape in tapes)
    return f"{calls} first for a tensor"


def _what_symbolic(ref: Reference) -> str:
    return ref.fate() if ref.status == "removed" else _GRAPH_ONLY


def _in_function(ref: Reference) -> bool:
    """Whether the reference is an import, or stands in a function made a tf.function here."""
    if ref.is_import:
        return True
    scope: Scope | None = ref.site.scope
    while scope is not None:
        node = scope.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            outside = scope.parent or scope
            for decorator in node.decorator_list:
                at = decorator.func if isinstance(decorator, ast.Call) else decorator
                if _means(ref.module, at, outside, scope.seq, "tensorflow.function"):
                    return True
                inner = decorator.args if isinstance(decorator, ast.Call) else []
                if any(
                    _means(ref.module, a, outside, scope.seq, "tensorflow.function") for a in inner
                ):
                    return True  # functools.partial(tf.function, ...)
            if node.name in ref.module.fact(_wrapped):
                return True
        scope = scope.parent
    return False


def _means(module: Module, expr: ast.expr, scope: Scope, seq: int, path: str) -> bool:
    if not isinstance(expr, ast.Name | ast.Attribute):
        return False
    return Symbol(path) in module.values(expr, scope, seq)


def _wrapped(module: Module) -> set[str]:
    """Names of which there is some `tf.function(name)` or `tf.function(self.name)`."""
    return {
        last_name(site.call.args[0])
        for site in module.inference.binder.sites
        if site.call is not None and site.call.args and last_name(site.call.func) == "function"
        and _means(module, site.call.func, site.scope, site.seq, "tensorflow.function")
    }  # fmt: skip
