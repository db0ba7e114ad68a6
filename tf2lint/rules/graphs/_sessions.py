"""What a module does with TF 1 sessions; shared by the rules on graphs, data and files."""

from __future__ import annotations

import ast
import re

from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference
from tf2lint.fixes import templates
from tf2lint.rules._calls import last_name, short
from tf2lint.semantics.scopes import Site
from tf2lint.semantics.symbols import bases_of
from tf2lint.semantics.values import Instance
from tf2lint.source import nodes
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.groups import SESSIONS

_LONG = 40  # characters of what is run or fed that a hint repeats
# Packages whose objects are run by the name of session, too.
_OTHER_RUNNERS = frozenset({"neo4j", "nox", "onnx", "onnxruntime", "py2neo", "snowflake"})
_OTHER_EVALS = frozenset({"flax", "mxnet", "paddle", "torch", "pandas", "numexpr"})
_NAME = re.compile(r"(?:^|_)sess(?:ion)?s?\d*(?:_|$)", re.IGNORECASE)
_CAMEL = re.compile(r"[a-z\d]Sess(?:ion)?\d*$")


def blocks(module: Module) -> tuple[tuple[int, int], ...]:
    """First and last line of the `with` statements over sessions; a fact of the module."""
    inference = module.inference
    sites: dict[int, Site] = {id(s.call or s.node): s for s in inference.binder.sites}
    found: list[tuple[int, int]] = []
    for node in nodes(module.source.tree):
        if not isinstance(node, ast.With):
            continue
        for item in node.items:
            entered = item.context_expr
            site = sites.get(id(entered))
            if site is None:
                continue
            values = inference.values(entered, site.scope, site.seq)
            if any(_is_session(v) for v in values) or _opens_session(entered):
                found.append((node.lineno, node.end_lineno or node.lineno))
    return tuple(found)


def _is_session(value: object) -> bool:
    if not isinstance(value, Instance):
        return False
    name = paths.symbol(value.path)
    return name in SESSIONS or any(base in SESSIONS for base in bases_of(name))


def _opens_session(expr: ast.expr) -> bool:
    """`self.test_session()`, `sess.as_default()` and the like, where the class is not known."""
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute):
        if expr.func.attr == "as_default":
            return has_session_name(expr.func.value)
    return has_session_name(expr)


def has_session_name(expr: ast.expr | None) -> bool:
    """Whether `expr` is called `sess`, `self._session`, `get_session()` or the like."""
    if isinstance(expr, ast.Call):
        expr = expr.func
    if not isinstance(expr, ast.Name | ast.Attribute):
        return False
    name = last_name(expr)
    return bool(_NAME.search(name) or _CAMEL.search(name))


def may_run_others(ref: Reference) -> bool:
    """Whether sessions of this module may be those of another library."""
    return bool(ref.module.packages & _OTHER_RUNNERS)


def may_eval_others(ref: Reference) -> bool:
    """Whether what is evaluated in this module may be no tensor."""
    return bool(ref.module.packages & _OTHER_EVALS)


def in_session_block(ref: Reference) -> bool:
    """Whether the reference stands in the body of `with tf.Session()` or the like."""
    line = ref.node.lineno
    return any(first <= line <= last for first, last in ref.module.fact(blocks))


def session_like(ref: Reference, expr: ast.expr | None) -> bool:
    """Whether `expr` is a session, by its type or its name."""
    if expr is None:
        return False
    values = ref.values(expr)
    return any(_is_session(v) for v in values) or has_session_name(expr)


def accepted(ref: Reference) -> bool:
    """Whether sessions, and what only works in one, are accepted for now."""
    return ref.module.options.allow_compat_v1


def may_be_v1(ref: Reference) -> bool:
    """Whether what is not known here may come from compat.v1, and that is accepted for now."""
    text = ref.module.source.text
    return accepted(ref) and ("compat.v1" in text or "import v1" in text)


def fed_values(ref: Reference, feed: ast.expr) -> str:
    """`x, y` of a literal `{x_ph: x, y_ph: y}`, else "" (also where it gets long)."""
    if not isinstance(feed, ast.Dict) or not feed.values or any(k is None for k in feed.keys):
        return ""
    texts = [ref.text(value) for value in feed.values]
    if not all(isinstance(v, ast.Name | ast.Attribute) for v in feed.values):
        return ""
    text = ", ".join(texts)
    return text if len(text) <= _LONG else ""


def repeated(ref: Reference, expr: ast.expr, default: str) -> str:
    """The source of `expr`, if it is short and nothing in it is gone itself."""
    text = short(ref, expr, default, _LONG)
    return text if templates.valid(text, ref.target) else default
