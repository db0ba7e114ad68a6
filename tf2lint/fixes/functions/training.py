"""The text of a training step: a tape around the loss, and the gradients that are applied."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tf2lint.fixes.functions.model import Def, Kind, Refused, Step, Unit
from tf2lint.fixes.functions.statements import given
from tf2lint.source import Source

# What these compute from the same gradients is the same in Keras 3, with the arguments that
# the rule of these optimizers writes.
_SAME = ("GradientDescent", "Momentum", "Adam", "Adagrad", "Adadelta", "Ftrl", "RMSProp")
RMSPROP = "tf.train.RMSPropOptimizer"
# With these a step is the rate times what does not know the rate; momentum in Keras holds it.
_RATED = ("GradientDescent", "Adam", "Adagrad", "Adadelta", "RMSProp")
# With these TF 1 changes only the rows that a step reads, and Keras all of them.
_BY_ROWS = ("Momentum", "RMSProp", "Adadelta", "Ftrl")
_ROWS = frozenset({"gather", "gather_nd", "boolean_mask", "embedding_lookup",
                   "embedding_lookup_sparse", "nce_loss", "sampled_softmax_loss"})  # fmt: skip
_MANY = 8  # variables in a list; more are asked of the tape


def check_optimizer(symbol: str, call: ast.Call, step: Step, rows: bool) -> bool:
    """Whether gradients are to be made dense; `rows` says that some may be of single rows.

    Of a row that is read twice Keras does not sum the gradients before it squares them. Raises
    `Refused` where it has another formula.
    """
    if symbol not in [f"tf.train.{name}Optimizer" for name in _SAME]:
        raise Refused(f"{symbol} has another formula in Keras", call)
    if step.rate is not None and symbol not in [f"tf.train.{name}Optimizer" for name in _RATED]:
        raise Refused(f"the learning rate of {symbol} changes, which Keras has in its sums", call)
    if not rows or symbol == "tf.train.GradientDescentOptimizer":
        return False
    by_rows = symbol in [f"tf.train.{name}Optimizer" for name in _BY_ROWS]
    if by_rows or step.method != "minimize":
        raise Refused(f"rows of variables are trained by {symbol}", call)
    return True


def reads_rows(tree: ast.Module) -> bool:
    """Whether something may be read row by row, so that its gradient is one of rows."""
    return any(isinstance(n, ast.Attribute) and n.attr in _ROWS for n in ast.walk(tree))


def first_averages(
    source: Source, call: ast.Call, optimizer: str, step: Step, read: Iterable[Def], root: str
) -> list[str]:
    """The lines that have RMSProp begin as it does in TF 1: with averages of 1, where Keras has 0.

    Raises `Refused` where its variables are not in sight.
    """
    variables = variables_text(source, step, read, many=1000)
    if step.method != "minimize" or not variables:
        raise Refused("RMSProp trains variables that are not in sight", step.call)
    if {"momentum", "centered"} & {k.arg for k in call.keywords} or len(call.args) > 2:
        raise Refused("RMSProp has a momentum, or is centered", step.call)
    return [
        f"{optimizer}.build({variables})",
        f"for average in {optimizer}.variables[2:]:",
        f"    average.assign({root}.ones_like(average))  # Keras starts at 0, TF 1 at 1",
    ]


def variables_text(source: Source, step: Step, read: Iterable[Def], many: int = _MANY) -> str:
    """The variables that TF 1 trains, as an expression; "" where the tape is to say them.

    `read` are the variables that the loss is computed from.
    """
    if step.var_list is not None:
        text = source.one_line(step.var_list)
        return text if isinstance(step.var_list, ast.Name | ast.List) else f"list({text})"
    parts: list[str] = []
    for held in read:
        if not held.trainable:
            continue
        value = held.value
        if held.kind is Kind.VARIABLE and isinstance(value, ast.Call):
            parts.append(held.name)
        elif isinstance(value, ast.Dict) and all(isinstance(v, ast.Call) for v in value.values):
            parts.append(f"*{held.name}.values()")
        else:
            return ""
    return f"[{', '.join(parts)}]" if parts and len(parts) <= many else ""


def loss_units(step: Step, unit: Unit) -> list[Unit]:
    """The units that the loss of `step` needs first."""
    assert step.loss is not None
    names = {n.id for n in ast.walk(step.loss) if isinstance(n, ast.Name)}
    return [d.unit for d in unit.uses if d.name in names and d.unit.role == "graph"]


def step_lines(
    source: Source, unit: Unit, optimizer: str, read: Iterable[Def], root: str, dense: bool = False
) -> list[str]:
    """The lines after the tape; `dense` as `check_optimizer` says."""
    step = unit.step
    assert step is not None
    assert step.loss is not None
    rates = [f"{optimizer}.learning_rate.assign({_rate(step.rate, root)})"] if step.rate else []
    if step.method == "apply_gradients":
        lines = [*rates, f"{optimizer}.apply_gradients({source.one_line(step.loss)})"]
    else:
        loss = step.loss.id if isinstance(step.loss, ast.Name) else "loss"
        lines = []
        variables = variables_text(source, step, read)
        if not variables or len(variables) > 24:
            lines.append(f"variables = {variables or 'tape.watched_variables()'}")
            variables = "variables"
        if step.method == "compute_gradients":
            name = unit.defs[0].name
            lines.append(f"{name} = list(zip(tape.gradient({loss}, {variables}), {variables}))")
            return lines
        lines.append(f"gradients = tape.gradient({loss}, {variables})")
        if dense:
            inner = f"g if g is None else {root}.convert_to_tensor(g)"
            lines.append(f"gradients = [{inner} for g in gradients]")
        lines += [*rates, f"{optimizer}.apply_gradients(zip(gradients, {variables}))"]
    if step.global_step is not None:
        lines.append(f"{source.one_line(step.global_step)}.assign_add(1)")
    return lines


def _rate(held: Def, root: str) -> str:
    """The rate that is fed; its shape is told where the placeholder does not."""
    call = held.value
    has_shape = isinstance(call, ast.Call) and "shape" in given(call, "dtype", "shape")
    return held.name if has_shape else f"{root}.ensure_shape({held.name}, [])"
