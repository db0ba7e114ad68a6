"""What the summary rules share: the family, the ops, what a module's style of summaries is."""

from __future__ import annotations

import ast
from typing import NamedTuple

from tf2lint.check.arguments import Arguments
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference
from tf2lint.semantics.scopes import ASSIGN, Site
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api, paths

WRITER = "tf.summary.FileWriter"
MIGRATE = "https://www.tensorflow.org/tensorboard/migrate"

# The TF 2 call for each TF 1 summary op, by the parameters of TF 1.15.
OPS = {
    "tf.summary.scalar": "tf.summary.scalar({name}, {tensor}, step=step)",
    "tf.summary.histogram": "tf.summary.histogram({name}, {values}, step=step)",
    "tf.summary.image": "tf.summary.image({name}, {tensor}, step=step, max_outputs={max_outputs})",
    "tf.summary.audio": (
        "tf.summary.audio({name}, {tensor}, {sample_rate}, step=step, max_outputs={max_outputs})"
    ),
    "tf.summary.text": "tf.summary.text({name}, {tensor}, step=step)",
}
# Before TF 1.0: what they became, and what the parameters in their order became.
OLD_OPS = {
    "tf.scalar_summary": ("tf.summary.scalar", {"tags": "name", "values": "tensor"}),
    "tf.histogram_summary": ("tf.summary.histogram", {"tag": "name", "values": "values"}),
    "tf.image_summary": (
        "tf.summary.image",
        {"tag": "name", "tensor": "tensor", "max_images": "max_outputs"},
    ),
    "tf.audio_summary": (
        "tf.summary.audio",
        {"tag": "name", "tensor": "tensor", "sample_rate": "sample_rate",
         "max_outputs": "max_outputs"},
    ),
}  # fmt: skip
LONG = 40  # characters of an argument that a hint repeats
UNDER_WRITER = " under `writer.as_default()`"


def as_old(ref: Reference, symbol: str) -> Arguments | None:
    """The call's arguments by the TF 1.15 signature of `symbol`."""
    if ref.call is None:
        return None
    return Arguments(ref.call, api.signature(symbol, "tf1", ref.target))


def of_old_op(ref: Reference) -> Arguments | None:
    """The arguments of a call of one of `OLD_OPS` by the names of TF 1.15."""
    if ref.call is None:
        return None
    renamed = OLD_OPS[ref.symbol][1]
    names = (*renamed, "collections", "op_name")
    arguments = Arguments(
        ref.call, api.Signature(tuple(api.Parameter(n, "pos_or_kw", None) for n in names))
    )
    arguments.given = {
        new: arguments.given[old] for old, new in renamed.items() if old in arguments.given
    }
    arguments.unknown = [k for k in arguments.unknown if k.arg != "name"]  # the op's own
    return arguments


class Style(NamedTuple):
    """What a module shows of how it writes summaries.

    `v2`: it uses names that only TF 2 has, or passes `step=`. `steps`: it sets a default step.
    """

    v2: bool
    steps: bool


_STEP_SETTERS = frozenset({"as_default", "set_as_default"})
_OP_NAMES = frozenset(name.rpartition(".")[2] for name in OPS)


def style(module: Module) -> Style:
    """The style of a module; a fact of it."""
    v2 = steps = False
    for site in module.inference.binder.sites:
        name = _attribute(site)
        if name == "set_step":
            steps = True
        elif site.call is not None:
            given = [keyword.arg for keyword in site.call.keywords]
            if name in _STEP_SETTERS and (site.call.args or given):
                steps = True
            elif name in _OP_NAMES and "step" in given:
                v2 = True
    return Style(v2 or any(_is_new(use.path) for use in module.uses), steps)


def _is_new(path: str) -> bool:
    """Whether only TF 2 has what `path` means there."""
    found = api.symbol(paths.symbol(path)) if paths.route(path) == "tf" else None
    return found is not None and not found.tf1


def _attribute(site: Site) -> str:
    node = site.node
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


# Hand-made protos: tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=x)]).

PROTOS = ("tf.Summary", "tf.summary.Summary")


def assigned(ref: Reference, expr: ast.expr) -> ast.expr:
    """`expr`, or what the name `expr` is bound to, where that is one assignment."""
    if not isinstance(expr, ast.Name):
        return expr
    bindings, holder = ref.module.inference.bindings(expr.id, ref.site.scope, ref.site.seq)
    if holder is None or len(bindings) != 1:
        return expr
    binding = bindings[0]
    if binding.kind is not ASSIGN or binding.expr is None or binding.index:
        return expr
    return binding.expr


def is_call_of(ref: Reference, expr: ast.AST, symbols: tuple[str, ...]) -> bool:
    """Whether `expr` calls one of `symbols`."""
    if not isinstance(expr, ast.Call):
        return False
    return any(
        isinstance(value, Symbol) and paths.symbol(value.path) in symbols
        for value in ref.values(expr.func)
    )


def tagged_values(ref: Reference, summary: ast.expr) -> list[tuple[str, str]]:
    """(tag, value) texts of the simple values in the proto `summary`; [] where not known."""
    call = assigned(ref, summary)
    if not is_call_of(ref, call, PROTOS) or not isinstance(call, ast.Call):
        return []
    parts: list[ast.Call] = []
    for keyword in call.keywords:
        if keyword.arg == "value" and isinstance(keyword.value, ast.List | ast.Tuple):
            parts += [item for item in keyword.value.elts if isinstance(item, ast.Call)]
    if isinstance(summary, ast.Name):
        parts += _added(ref, summary.id)
    return [pair for part in parts if (pair := simple_value(ref, part)) is not None]


def simple_value(ref: Reference, call: ast.Call) -> tuple[str, str] | None:
    """(tag, value) texts of `Value(tag=..., simple_value=...)`."""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    tag, value = given.get("tag"), given.get("simple_value")
    if tag is None or value is None:
        return None
    return ref.text(tag), ref.text(value)


def _added(ref: Reference, name: str) -> list[ast.Call]:
    """Calls `name.value.add(...)` in the function around `ref`."""
    source = ref.module.source
    around = source.enclosing(ref.node, (ast.FunctionDef, ast.AsyncFunctionDef)) or source.tree
    return [
        node
        for node in ast.walk(around)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "add"
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr == "value"
        and isinstance(node.func.value.value, ast.Name)
        and node.func.value.value.id == name
    ]


def writer_fate(ref: Reference) -> str:
    """What happens to a method of the writer; of an unknown object that is not known."""
    return "" if ref.certain else "is of TF 1's `FileWriter`"
