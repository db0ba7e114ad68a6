"""TF2: variable scopes, name scopes and templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from tf2lint.check.advice import Advice, advised, delete, nothing
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Edit, Example
from tf2lint.fixes.edits import drop_argument, of_template
from tf2lint.rules._calls import short
from tf2lint.rules.graphs._sessions import may_be_v1
from tf2lint.rules.variables import family

# --- TF202 -----------------------------------------------------------------------------------

variable_scope = family.rule(
    "TF202",
    "variable-scope",
    "W",
    speaks_for=[("TF202", "tf.AUTO_REUSE")],
    summary="variable scopes have no TF 2 form: objects own and share variables",
    page="""\
A variable scope did three things at once: it prefixed names, it said whether `get_variable`
makes a variable or gives out an old one, and it carried defaults (initializer, regularizer,
dtype, custom getter, partitioner). TF 2 has none of that:

- only names: `with tf.name_scope("encoder"):`
- sharing (`reuse=True`, `tf.AUTO_REUSE`, `scope.reuse_variables()`): make one `tf.Module` or
  Keras layer and call the same object again
- `regularizer=`: `kernel_regularizer=` of each Keras layer, summed up in `model.losses`
- `custom_getter=`: `tf.variable_creator_scope`, or change the weight where it is used
- `partitioner=`: `variable_partitioner=` of the ParameterServerStrategy
- `use_resource=`: delete, every variable is one; `tf.no_regularizer` is `None`

The bridge between the two, `tf.compat.v1.keras.utils.track_tf1_style_variables`, went with
Keras 3 in TF 2.16; it works with the package `tf_keras` and `TF_USE_LEGACY_KERAS=1`.

**Silent:** `tf.compat.v1.variable_scope` runs under eager execution, but shares nothing: every
`get_variable` in it makes a new variable whatever `reuse` says.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def scaled(x):
    with «tf.variable_scope»("scaled"):
        return x * 2.0
""",
            good="""\
import tensorflow as tf

def scaled(x):
    with tf.name_scope("scaled"):
        return x * 2.0
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def critic(x, layer):
    with «tf.variable_scope»("critic", reuse=True):
        return layer(x)
""",
            good="""\
import tensorflow as tf

class Critic(tf.Module):
    def __init__(self):
        super().__init__(name="critic")
        self.layer = tf.keras.layers.Dense(1)

    def __call__(self, x):
        return self.layer(x)

critic = Critic()  # made once; every call shares its weights
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

«tf.get_variable_scope().reuse_variables»()
""",
            good="""\
import tensorflow as tf
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/migrate/model_mapping"],
)

_SCOPE = "tf.VariableScope"
_SHARE = "one `tf.Module` or layer, called again"
_OWN = "a `tf.Module` or layer that owns the variables"
_DEFAULTS = {
    "custom_getter": "`tf.variable_creator_scope` for the getter",
    "regularizer": "`kernel_regularizer=` of each Keras layer",
    "partitioner": "`variable_partitioner=` of the strategy",
}


@variable_scope.on("tf.variable_scope", "tf.variable_op_scope")
def _variable_scope(ref: Reference) -> Report:
    what = "shares no variables under eager execution" if ref.status == "compat" else ""
    args = ref.arguments()
    names = _name_scope(ref, args)
    passed = args.given if args is not None else {}
    settled = ["values"]
    owner = _SHARE if _shares(args) else _OWN
    for name, words in _DEFAULTS.items():
        if name in passed and args is not None and args.literal(name) is not None:
            owner += f", {words}"
            settled.append(name)
            break
    owner = ref.say(owner)
    advice = advised(f"{owner}, and `{names}`" if names else owner).settling(*settled)
    return ref.report(advice.shorter(ref.say(_SHARE if _shares(args) else _OWN)), what)


def _shares(args: Arguments | None) -> bool:
    return args is not None and args.literal("reuse") not in (None, False) and (
        "reuse" in args.given
    )  # fmt: skip


def _name_scope(ref: Reference, args: Arguments | None) -> str:
    """The name scope that prefixes as the call does; "" where there is none to tell."""
    if args is None or args.open:
        return ref.say("tf.name_scope(name)")
    own = args.given.get("name_or_scope", args.given.get("name"))
    default = args.given.get("default_name")
    if isinstance(own, ast.Constant) and own.value is None:
        own = None
    if own is not None and ref.is_instance(own, _SCOPE):
        return ""
    if own is not None and not isinstance(own, ast.Constant) and default is not None:
        return _named(ref, _either(ref, own, default))
    chosen = own if own is not None else default
    return _named(ref, ref.text(chosen) if chosen is not None else "name")


_LONG = 40  # characters of a name


def _either(ref: Reference, own: ast.expr, default: ast.expr) -> str:
    """The name that is given, or the default, as much of it as can be read."""
    whole = f"{ref.text(own)} or {ref.text(default)}"
    return whole if len(whole) <= _LONG else f"{short(ref, own, limit=_LONG // 2)} or ..."


def _named(ref: Reference, name: str) -> str:
    return f"{ref.say('tf.name_scope')}({name if len(name) <= _LONG else '...'})"


@variable_scope.on("tf.op_scope")
def _op_scope(ref: Reference) -> Report:
    return ref.report(advised(_name_scope(ref, ref.arguments())).settling("values"))


@variable_scope.on("tf.get_variable_scope")
def _get_variable_scope(ref: Reference) -> Matched:
    up = ref.module.source.parent(ref.call) if ref.call is not None else None
    if isinstance(up, ast.Attribute):
        return QUIET  # the method of the scope is reported, with the call in it
    return ref.report(nothing("pass the object that owns the variables, or its name"))


_METHODS: dict[str, Advice | str] = {
    "reuse_variables": _SHARE,
    "reuse": _SHARE,
    "name": "a name that you keep yourself, such as the module's",
    "original_name_scope": "a name that you keep yourself, such as the module's",
    "get_variable": "`tf.Variable(initializer(shape), name=...)`, made once",
    "get_collection": "a list of your own",
    "global_variables": "the variables attribute of the module or model that owns them",
    "local_variables": "the variables attribute of the module or model that owns them",
    "trainable_variables": "the `trainable_variables` attribute of the module or model",
}
_SETTINGS: dict[str, Advice | str] = {
    "caching_device": "`caching_device=` of `tf.Variable`",
    "constraint": "constraints of the Keras layers, `kernel_constraint=`",
    "custom_getter": "tf.variable_creator_scope(creator)",
    "dtype": "`dtype=` of the layer, or of `tf.Variable`",
    "initializer": "initializers of the Keras layers, `kernel_initializer=`",
    "partitioner": delete("it: a variable is one piece, and a strategy splits it"),
    "regularizer": "regularizers of the Keras layers, `kernel_regularizer=`",
    "use_resource": delete("it: every variable is a resource variable"),
}
_METHODS.update(_SETTINGS)
_METHODS.update({f"set_{name}": use for name, use in _SETTINGS.items()})


@variable_scope.on(*(f"{_SCOPE}.{name}" for name in _METHODS))
def _scope_method(ref: Reference) -> Report:
    name = ref.symbol.rpartition(".")[2]
    return ref.report(ref.advise(_METHODS[name]))


@variable_scope.method("reuse_variables")
def _reuse_variables(ref: Reference) -> Report | None:
    if ref.call is None or ref.call.args or ref.call.keywords or may_be_v1(ref):
        return None
    return ref.report(ref.say(_SHARE), "has no TF 2 form")


@variable_scope.under(_SCOPE)
def _scope_class(ref: Reference) -> Report:
    return ref.report(ref.say(_OWN))


@variable_scope.on("tf.AUTO_REUSE")
def _auto_reuse(ref: Reference) -> Report:
    return ref.report(ref.say(_SHARE))


@variable_scope.on("tf.no_regularizer")
def _no_regularizer(ref: Reference) -> Report:
    return ref.report("`None`, or no regularizer argument at all")


@variable_scope.on("tf.keras.utils.track_tf1_style_variables", "tf.keras.utils.get_or_create_layer")
def _shim(ref: Reference) -> Report | None:
    if ref.status != "removed":
        return None  # the shim does what it is for
    return ref.report(
        "layers made once in `__init__` and kept",
        "is gone with Keras 3",
    )


# --- TF210 -----------------------------------------------------------------------------------

make_template = family.rule(
    "TF210",
    "make-template",
    "W",
    summary="tf.make_template shares variables by name: a module that is made once does it in TF 2",
    page="""\
`tf.make_template` wrapped a function so that its `get_variable` calls made variables the first
time and found them again later. A `tf.Module` or a Keras layer is just that: it makes its
variables once, in `__init__` or `build`, and uses them at every call. Turn the function into its
`__call__` (or `call`).

`tf.compat.v1.make_template` is the one thing of its kind that still shares under eager
execution, but `get_variable` inside keeps the code on compat.v1.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def _scale(x, size):
    return x * size

scale = «tf.make_template»("scale", _scale, size=3)
""",
            good="""\
import tensorflow as tf

class Scale(tf.Module):
    def __init__(self, size):
        super().__init__(name="scale")
        self.size = tf.Variable(float(size))

    def __call__(self, x):
        return x * self.size

scale = Scale(3)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/intro_to_modules"],
)


@make_template.on("tf.make_template")
def _make_template(ref: Reference) -> Report:
    args = ref.arguments()
    function = args.given.get("func_") if args is not None else None
    around = ""
    if isinstance(function, ast.Name | ast.Attribute):
        around = f" around `{ref.text(function)}`"
    return ref.report(ref.say("a `tf.Module`") + f"{around} that makes its variables once")


# --- TF213 -----------------------------------------------------------------------------------

name_scope = family.rule(
    "TF213",
    "name-scope-argument",
    "W",
    summary="tf.name_scope takes only a name in TF 2, no default_name and no values",
    page="""\
`tf.name_scope(name, default_name, values)` became `tf.name_scope(name)`; the other two raise a
`TypeError`, and so does a name that is `None` (a `ValueError`). Choose the name yourself,
`tf.name_scope(name or "Default")`, and delete `values`, which only told the graph.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def double(x, name=None):
    with tf.name_scope(name, «"Double"»):
        return x * 2
""",
            good="""\
import tensorflow as tf

def double(x, name=None):
    with tf.name_scope(name or "Double"):
        return x * 2
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def double(x):
    with tf.name_scope("double", «values=[x]»):
        return x * 2
""",
            good="""\
import tensorflow as tf

def double(x):
    with tf.name_scope("double"):
        return x * 2
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/name_scope"],
)


@name_scope.argument("tf.name_scope", "tf.keras.backend.name_scope")
def _name_scope_argument(ref: Reference) -> Iterator[Report]:
    args = ref.arguments()
    if ref.route == "v1" or args is None or args.open_positional:
        return
    own, default = args.given.get("name"), args.given.get("default_name")
    for name in ("default_name", "values"):
        value = args.given.get(name)
        if value is None:
            continue
        place = args.keyword(name) or value
        use: Advice | str
        if name == "values" and default is not None:
            use = delete()  # the finding at default_name shows the call
        elif isinstance(own, ast.Constant) and own.value is not None:
            use = ref.code("tf.name_scope({name})")
        elif own is None or isinstance(own, ast.Constant):
            use = ref.code("tf.name_scope({default_name})")
        elif default is None:
            use = ref.code("tf.name_scope({name})")
        else:
            use = _named(ref, _either(ref, own, default))
        kind, edits = _one_name(ref, args) if default is not None else ("", ())
        if default is None:
            edits = (drop_argument(ref.module.source, args.call, place),)
        report = ref.report(
            advised(use).only(), "is refused by TF 2", place=place, status="removed",
            subject=f"{ref.spelling}({name}=)", edits=edits,
        )  # fmt: skip
        yield replace(report, kind=kind)


def _one_name(ref: Reference, args: Arguments) -> tuple[str, tuple[Edit, ...]]:
    """The call with the one name that the scope got; these edits are those of both arguments."""
    own, name = args.given.get("name"), "{name} or {default_name}"
    if own is None or isinstance(own, ast.Constant):
        name = "{default_name}" if own is None or own.value is None else "{name}"
    if not ref.module.options.edits:
        return "", ()
    edits = of_template(f"tf.name_scope({name})", ref, args, may_drop=True)
    return f"{ref.symbol}: {name}", edits
