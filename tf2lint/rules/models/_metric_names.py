"""By what name a model logs its accuracy, as far as its `compile` is in sight."""

from __future__ import annotations

import ast
from typing import NamedTuple

from tf2lint.check.facts import Module
from tf2lint.semantics.scopes import ASSIGN, Scope, Site
from tf2lint.semantics.values import Items, LocalFunction, Symbol
from tf2lint.source import nodes

_SHORT = "acc"
_KEYS = (_SHORT, f"val_{_SHORT}")
_FITS = frozenset({"fit", "fit_generator"})
_PLACE = 2  # of metrics= among the arguments of compile


class _Compile(NamedTuple):
    """A call of `compile` with metrics: the model as written, and the names of its metrics."""

    model: str
    names: frozenset[str]
    open: bool  # there are metrics whose names cannot be read


def logs_accuracy(module: Module, model: str) -> bool:
    """Whether `model` (as written; nothing: any) logs `accuracy`, and surely nothing as `acc`."""
    if module.fact(_makes_acc):
        return False
    logged = module.fact(_accuracy_of_models)
    return logged.get(model if model in logged else "", False)


def model_of_history(module: Module, history: ast.expr, scope: Scope, seq: int) -> str:
    """The model, as written, whose `fit` gave `history`; nothing where that is not in sight."""
    if isinstance(history, ast.Name):
        bindings, _ = module.inference.bindings(history.id, scope, seq)
        exprs = [b.expr for b in bindings if b.kind is ASSIGN and not b.index and b.expr]
        if len(exprs) != 1 or len(bindings) != 1:
            return ""
        history = exprs[0]
    func = history.func if isinstance(history, ast.Call) else None
    if isinstance(func, ast.Attribute) and func.attr in _FITS:
        return module.source.one_line(func.value)
    return ""


def _makes_acc(module: Module) -> bool:
    """Whether something is given the name: a metric, a key of logs that `train_step` returns."""
    for node in nodes(module.source.tree):
        named: ast.expr | None = None
        if isinstance(node, ast.Dict):
            if any(_is_short(key) for key in node.keys):
                return True
        elif isinstance(node, ast.keyword):
            named = node.value if node.arg == "name" else None
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            named = node.slice
        if _is_short(named):
            return True
    return False


def _is_short(expr: ast.expr | None) -> bool:
    return isinstance(expr, ast.Constant) and expr.value in _KEYS


def _accuracy_of_models(module: Module) -> dict[str, bool]:
    """Whether all calls of `compile` of a model, or of any (""), have the metric in sight."""
    found: dict[str, bool] = {}
    for one in _compiles(module):
        logs = "accuracy" in one.names and not one.open
        for model in (one.model, ""):
            found[model] = found.get(model, True) and logs
    return found


def _compiles(module: Module) -> tuple[_Compile, ...]:
    found: list[_Compile] = []
    for site in module.inference.binder.sites:
        func, call = site.node, site.call
        if call is None or not isinstance(func, ast.Attribute) or func.attr != "compile":
            continue
        given = [k.value for k in call.keywords if k.arg == "metrics"] or call.args[_PLACE:][:1]
        if not given and not any(k.arg is None for k in call.keywords):
            continue
        names, is_open = _names(module, site, given)
        found.append(_Compile(module.source.one_line(func.value), frozenset(names), is_open))
    return tuple(found)


def _names(module: Module, site: Site, given: list[ast.expr]) -> tuple[set[str], bool]:
    """Names of the metrics, and whether there are others."""
    if not given:
        return set(), True
    [metrics] = given
    whole = Items((metrics,), site.scope, site.seq)  # one alone may be given without a list
    if not isinstance(metrics, ast.Constant):
        values = module.values(metrics, site.scope, site.seq)
        if len(values) != 1 or not isinstance(values[0], Items):
            return set(), True
        whole = values[0]
    names = [_name(module, element, whole.scope, whole.seq) for element in whole.elements]
    told = {name for name in names if name}
    return told, "" in names or _SHORT in told


def _name(module: Module, metric: ast.expr, scope: Scope, seq: int) -> str:
    if isinstance(metric, ast.Constant):
        return metric.value if isinstance(metric.value, str) else ""
    made = metric.func if isinstance(metric, ast.Call) else metric
    values = module.values(made, scope, seq)
    if len(values) != 1:
        return ""
    [value] = values
    if isinstance(value, LocalFunction) and made is metric:
        node = value.scope.node
        return node.name if isinstance(node, ast.FunctionDef) else ""
    # TensorFlow's own are named for their class, if nothing is said: none is an acc.
    return value.path.rpartition(".")[2] if isinstance(value, Symbol) else ""
