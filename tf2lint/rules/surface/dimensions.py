"""TF9: dimensions became numbers, and None where they are not known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tf2lint.check.advice import Advice, use
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Edit, Example
from tf2lint.rules.surface import family
from tf2lint.semantics.scopes import ASSIGN, ITER, Binding, Scope

_BEHAVIOUR = "https://www.tensorflow.org/guide/migrate/tf1_vs_tf2"

# --- TF908 -----------------------------------------------------------------------------------

tensor_dimension = family.rule(
    "TF908",
    "tensor-dimension",
    "W",
    summary="dimensions of a shape are plain numbers (or None) in TF 2, not Dimension objects",
    page="""\
`tensor.shape[i]` gave a `tf.Dimension`, and its number was in `.value`. TF 2 gives the `int`
itself, or `None` where it is not known, so `.value` is an `AttributeError`: leave it out.
Iterating over a shape gives the same numbers.

Code that has to run on both takes `tf.compat.dimension_value(tensor.shape[i])`.

`shape.as_list()` and `shape.ndims` are as they were, and `shape.dims[i]` still is an object with
a `.value` and the methods of `tf.Dimension`. Arithmetic with an unknown dimension gave an unknown
one; `None + 1` is a `TypeError`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def width(x):
    return «x.get_shape()[-1].value»
""",
            good="""\
import tensorflow as tf

def width(x):
    return x.shape[-1]
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def static(x: tf.Tensor):
    return [«d.value» for d in x.shape]
""",
            good="""\
import tensorflow as tf

def static(x: tf.Tensor):
    return [d for d in x.shape]
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def batch_size(inputs):
    size = inputs.get_shape().with_rank_at_least(1)[0]
    return «size.value»
""",
            good="""\
import tensorflow as tf

def batch_size(inputs):
    size = inputs.get_shape().with_rank_at_least(1)[0]
    return size if type(size) is int else size.value
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def number(d):
    return d.value if isinstance(d, «tf.Dimension») else d
""",
            good="""\
import tensorflow as tf

def number(d):
    return tf.compat.dimension_value(d)
""",
        ),
    ],
    sources=[_BEHAVIOUR],
)

_SAME_SHAPE = ("with_rank", "with_rank_at_least", "with_rank_at_most", "merge_with")
_DEEP = 4  # names that are followed from one to the next


@tensor_dimension.on("tf.Dimension")
def _dimension(ref: Reference) -> Report | None:
    """The class itself."""
    if ref.status not in ("removed", "compat") or ref.is_method:
        return None
    call = ref.call
    told = "`int`, or `None` where it is not known"
    if call is not None and len(call.args) == 1 and not call.keywords:
        told = f"`{ref.text(call.args[0])}`"
    return ref.report(told, "is a plain number in TF 2")


@tensor_dimension.on("tf.Dimension.value")
def _value(ref: Reference) -> Report | None:
    """`.value` of what is known to be a dimension."""
    if not ref.is_method or _is_checked(ref):
        return None
    return _plain(ref)


@tensor_dimension.method("value")
def _unknown_value(ref: Reference) -> Report | None:
    """`.value` of what can be nothing else, by its form."""
    receiver = ref.receiver
    if receiver is None or ref.call is not None or _is_checked(ref):
        return None
    if not _of_dimension(ref.module, receiver, ref.site.scope, ref.site.seq, _DEEP):
        return None
    return _plain(ref)


@tensor_dimension.on(
    "tf.Dimension.assert_is_compatible_with",
    "tf.Dimension.is_compatible_with",
    "tf.Dimension.merge_with",
)
def _method(ref: Reference) -> Report | None:
    """Other methods of dimensions."""
    if not ref.is_method or _is_checked(ref):
        return None
    receiver = ref.receiver
    if isinstance(receiver, ast.Subscript):
        held = ref.text(receiver.value)
        told = f"`{held}.dims[{ref.text(receiver.slice)}]`, which still is an object"
    else:
        told = "`shape.dims[i]`, which still is an object"
    return ref.report(told, "fails on the plain numbers of TF 2", status="removed")


def _plain(ref: Reference) -> Report:
    receiver, node = ref.receiver, ref.node
    assert receiver is not None
    assert receiver.end_lineno is not None
    assert receiver.end_col_offset is not None
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    cut = Edit(
        receiver.end_lineno, receiver.end_col_offset, node.end_lineno, node.end_col_offset, ""
    )
    what, status = "fails in TF 2: dimensions are plain numbers", "removed"
    if "disable_v2_" in ref.module.source.text:
        what, status = "works only while v2 behaviour is off: dimensions are numbers", "compat"
    return Report(
        what, use(f"`{ref.text(receiver)}`"), status=status, edits=(cut,), kind="drop .value",
        confidence="high",
    )  # fmt: skip


def _of_dimension(
    module: Module, node: ast.expr, scope: Scope, seq: int, depth: int = _DEEP
) -> list[ast.Attribute]:
    """What gives the shape that `node` is one item of, by its form alone; [] if it is none."""
    if isinstance(node, ast.Subscript):
        is_part = isinstance(node.slice, ast.Slice)
        return [] if is_part else _of_shape(module, node.value, scope, seq, depth)
    if not isinstance(node, ast.Name) or not depth:
        return []

    def given(binding: Binding) -> list[ast.Attribute]:
        where, one = (binding.scope, binding.seq, depth - 1), binding.index
        if binding.expr is None or len(one) > (binding.kind is ASSIGN):
            return []
        if binding.kind is ASSIGN and not one:
            return _of_dimension(module, binding.expr, *where)
        is_item = binding.kind in (ASSIGN, ITER)
        return _of_shape(module, binding.expr, *where) if is_item else []

    return _of_all(module, node, scope, seq, given)


def _of_shape(
    module: Module, node: ast.expr, scope: Scope, seq: int, depth: int = _DEEP
) -> list[ast.Attribute]:
    """What gives the shape that `node` is, or is a part of, by its form alone; [] if it is none."""
    if isinstance(node, ast.Attribute):
        is_shape = node.attr == "shape" and not _is_foreign(module, node.value, scope, seq)
        return [node] if is_shape else []
    if isinstance(node, ast.Call):
        func = node.func
        if not isinstance(func, ast.Attribute):
            return []
        if func.attr in _SAME_SHAPE:
            return _of_shape(module, func.value, scope, seq, depth)
        return [func] if func.attr == "get_shape" and not node.args else []
    if isinstance(node, ast.Subscript):
        is_part = isinstance(node.slice, ast.Slice)
        return _of_shape(module, node.value, scope, seq, depth) if is_part else []
    if not isinstance(node, ast.Name) or not depth:
        return []

    def given(binding: Binding) -> list[ast.Attribute]:
        if binding.expr is None or binding.kind is not ASSIGN or binding.index:
            return []
        return _of_shape(module, binding.expr, binding.scope, binding.seq, depth - 1)

    return _of_all(module, node, scope, seq, given)


def _of_all(
    module: Module, name: ast.Name, scope: Scope, seq: int,
    given: Callable[[Binding], list[ast.Attribute]],
) -> list[ast.Attribute]:  # fmt: skip
    """What is `given` by all that the name may be; [] where one of them gives nothing."""
    bindings, _ = module.inference.bindings(name.id, scope, seq)
    found = [given(binding) for binding in bindings]
    return [node for nodes in found for node in nodes] if all(found) else []


def _is_foreign(module: Module, node: ast.expr, scope: Scope, seq: int) -> bool:
    """Whether `node` is surely not a tensor."""
    values = module.values(node, scope, seq)
    return any(type(value).__name__ in ("Foreign", "LocalObject", "LocalClass") for value in values)


def _is_checked(ref: Reference) -> bool:
    """Whether the code around asks first whether there is a `.value`."""
    node: ast.AST = ref.node
    while True:
        around = ref.module.source.enclosing(node, (ast.If, ast.IfExp))
        if around is None or around is node:
            return False
        assert isinstance(around, ast.If | ast.IfExp)
        for inner in ast.walk(around.test):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
                if inner.func.id in ("hasattr", "isinstance") and len(inner.args) == 2:
                    return True
                if inner.func.id == "type" and len(inner.args) == 1:
                    asked, receiver = inner.args[0], ref.receiver
                    if receiver is not None and ast.dump(asked) == ast.dump(receiver):
                        return True
        node = around


# --- TF920 -----------------------------------------------------------------------------------

dimension_text = family.rule(
    "TF920",
    "dimension-as-text",
    "W",
    summary='an unknown dimension is "None" as text, no longer "?"',
    page="""\
`str(tensor.shape[0])` of a dimension that is not known was `"?"`, and `str(tensor.shape)` was
`"(?, 3)"`. TF 2 writes `"None"` and `"(None, 3)"`.

**Silent:** a comparison with text that has a `?` in it comes out the same whatever the shape is.
Ask for the dimension itself, which is `None`, or for `shape.is_fully_defined()`; both are right
in TF 1 as well, where `tf.compat.dimension_value(dimension)` gives the `None`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def batch_is_known(x):
    return «str(x.get_shape()[0]) != "?"»
""",
            good="""\
import tensorflow as tf

def batch_is_known(x):
    return tf.compat.dimension_value(x.shape[0]) is not None
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def is_known(x: tf.Tensor):
    return «"?" not in str(x.shape)»
""",
            good="""\
import tensorflow as tf

def is_known(x: tf.Tensor):
    return x.shape.is_fully_defined()
""",
        ),
    ],
)


class _Text(NamedTuple):
    """`str(about)`, which a comparison has with other text; `about` is a dimension or a shape."""

    compare: ast.Compare
    about: ast.expr
    is_dimension: bool


@dimension_text.on("tf.Tensor.shape", "tf.Tensor.get_shape", "tf.Variable.shape")
@dimension_text.method("shape", "get_shape", word="?")
def _compared(ref: Reference) -> Iterator[Report]:
    """Comparisons of the shape that `ref` gives, or of a dimension of it, as text."""
    for text in ref.module.fact(_texts).get(ref.node, ()):
        yield ref.report(
            _instead(ref, text), _outcome(text.compare), place=text.compare,
            status="changed", subject=ref.text(text.compare),
        )  # fmt: skip


def _is_negated(compare: ast.Compare) -> bool:
    return isinstance(compare.ops[0], ast.NotEq | ast.NotIn)


def _outcome(compare: ast.Compare) -> str:
    always = "always" if _is_negated(compare) else "never"
    return f'is {always} true in TF 2: what is not known is "None", no longer "?"'


def _instead(ref: Reference, text: _Text) -> Advice:
    """What asks the same in TF 2."""
    about, compare = ref.text(text.about), text.compare
    if text.is_dimension and isinstance(compare.ops[0], ast.Eq | ast.NotEq):
        return use(f"`{about} is {'not ' if _is_negated(compare) else ''}None`")
    if not text.is_dimension and isinstance(compare.ops[0], ast.In | ast.NotIn):
        return use(f"`{'' if _is_negated(compare) else 'not '}{about}.is_fully_defined()`")
    return use(f"`{about}` itself, with `None` for what is not known")


def _texts(module: Module) -> dict[ast.AST, list[_Text]]:
    """The comparisons of `str(...)` with text that has a question mark, by what gives the shape."""
    found: dict[ast.AST, list[_Text]] = {}
    for site in module.inference.binder.sites if "?" in module.source.text else ():
        call = site.call
        if call is None or not isinstance(site.node, ast.Name) or site.node.id != "str":
            continue
        up = module.source.parent(call)
        if isinstance(up, ast.Compare) and len(call.args) == 1 and len(up.ops) == 1:
            if _has_mark(up.comparators[0] if up.left is call else up.left):
                about = call.args[0]
                of_dimension = _of_dimension(module, about, site.scope, site.seq)
                text = _Text(up, about, bool(of_dimension))
                for node in of_dimension or _of_shape(module, about, site.scope, site.seq):
                    found.setdefault(node, []).append(text)
    return found


def _has_mark(expr: ast.expr) -> bool:
    """Whether this is text with a question mark, or several texts of which one has."""
    if isinstance(expr, ast.List | ast.Set | ast.Tuple):
        return any(map(_has_mark, expr.elts))
    return isinstance(expr, ast.Constant) and isinstance(expr.value, str) and "?" in expr.value
