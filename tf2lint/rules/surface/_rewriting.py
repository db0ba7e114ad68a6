"""A call of a symbol whose signature changed, written for TF 2; shared by rules on arguments."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from tf2lint.check.advice import NONE, Advice
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference
from tf2lint.rules.surface import _keywords as keywords
from tf2lint.rules.surface._calls import (
    carry,
    changed_values,
    constant,
    everything,
    successor,
)
from tf2lint.tensorflow import api

# Calls that are no longer built from the same parts, some of them only with one argument.
_REFERENCE = "tf.keras.optimizers.Optimizer.add_variable_from_reference"
_WHOLE: dict[str, str] = {
    "tf.nn.ctc_loss": (
        "tf.nn.ctc_loss({labels}, {inputs}, None, {sequence_length}, "
        "logits_time_major={time_major}, blank_index=-1)"
    ),
    f"{_REFERENCE}(shape)": (
        "{self}.add_variable({shape}, initializer=lambda shape, dtype: {initial_value}, "
        "name={variable_name})"
    ),
    "tf.test.compute_gradient": "`tf.test.compute_gradient(f, [x])`, f being a function of x",
}

_SHORT = "`tf.nn.ctc_loss(labels, logits, None, lengths, {}blank_index=-1)`"


def places(ref: Reference) -> Iterator[tuple[ast.keyword, str]]:
    """Keywords of the call that the target refuses, with the names that they have now."""
    call = ref.call
    if call is None or not call.keywords or not looked_at(ref):
        return
    refused = keywords.refused(ref.symbol, ref.target)
    if not refused:
        return
    found = keywords.signatures(ref.symbol, ref.target)
    assert found is not None
    for keyword in call.keywords:
        if keyword.arg in refused:
            new = successor(ref.symbol, keyword.arg, found.after)
            other = any(k.arg == new for k in call.keywords)
            yield keyword, "" if other else new


def looked_at(ref: Reference) -> bool:
    """Whether the symbol itself is still there, so that its arguments matter."""
    return ref.route != "private" and ref.status in ("same", "exists")


def rewritten(
    ref: Reference, before: api.Signature | None = None, about: str | None = ""
) -> Advice:
    """The call as TF 2 takes it; `NONE` where it cannot be told.

    `before` is the signature that it was written for: TF 1's, if not said. What it leaves out is
    named, if that does something, but for the argument that the finding is `about`.
    """
    found = keywords.signatures(ref.symbol, ref.target)
    if ref.call is None or found is None:
        return NONE
    arguments = Arguments(ref.call, before or found.before)
    if arguments.open or arguments.extra:
        return NONE
    everything(arguments)
    if ref.symbol.endswith((".Model.save", ".Sequential.save", ".models.save_model")):
        return _exported(ref, arguments)
    idle = _idle(arguments, before or found.before)
    for given in ("", *(f"({name})" for name in arguments.given if name not in idle)):
        whole = _WHOLE.get(ref.symbol + given)
        if whole is None:
            continue
        if "`" in whole:
            return ref.advise(whole)
        code = ref.code(whole, arguments=arguments).only()
        if not given:
            major = "logits_time_major=..., " if "time_major" in arguments.given else ""
            code = code.at_least(ref.say(_SHORT.format(major)))
        return code.noting(_without(arguments, about))
    values = changed_values(ref.symbol, arguments)
    skip = idle + [name for name in keywords.refused(ref.symbol, ref.target)
                   if not successor(ref.symbol, name, found.after)]  # fmt: skip
    carried = carry(ref.symbol, callee(ref), arguments, found.after, skip, values)
    inside = carried.template[:-1]
    for name, value in lacking(ref, found.after).items():
        inside += f"{'' if inside.endswith('(') else ', '}{name}={value}"
    code = ref.code(f"{inside})", arguments=arguments)
    # What is left out takes its effect with it: words, and no edit.
    if any(_matters(name, arguments) for name in arguments.given if name in skip):
        return code.only().noting(_without(arguments, about, skip))
    return code


def _without(arguments: Arguments, about: str | None, skip: Collection[str] | None = None) -> str:
    """A sentence on what is left out and does something."""
    names = [name for name in arguments.given if skip is None or name in skip]
    lost = [f"`{name}=`" for name in names if name != about and _matters(name, arguments)]
    return f"It leaves out {', '.join(lost)}" if lost else ""


def _exported(ref: Reference, arguments: Arguments) -> Advice:
    """What saves a model whose call has arguments for a SavedModel."""
    path = arguments.literal("filepath")
    model = "{self}" if ref.is_method else "{model}"
    if isinstance(path, str) and path.endswith((".keras", ".h5", ".hdf5")):
        return ref.code(f"{model}.save({{filepath}}, overwrite={{overwrite}})").only()
    return ref.code(f"{model}.export({{filepath}})", arguments=arguments).only()


# Arguments that did something which the call no longer does.
_EFFECTS = {
    "align_corners": None, "collections": None, "ctc_merge_repeated": True, "data": None,
    "deterministic": False, "dynamic": False, "fused": None, "merge_repeated": False,
    "optimize": True, "partition_strategy": "div", "preprocess_collapse_repeated": False,
    "result_type": "RaggedTensor", "return_same_structure": True,
    "sample_weight_mode": None, "signatures": None, "strict": True, "target_tensors": None,
    "time_major": False, "virtual_batch_size": None, "weights": None,
}  # fmt: skip


def _matters(name: str, arguments: Arguments) -> bool:
    """Whether leaving an argument out changes what the call does."""
    return name in _EFFECTS and constant(arguments.given[name]) != _EFFECTS[name]


def callee(ref: Reference) -> str:
    """What the rewritten call calls: the user's own spelling where TF 2 has it."""
    if ref.route == "v1" and not ref.is_method:
        return ref.symbol
    node: ast.AST = ref.node
    while isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        return ast.unparse(ref.node)
    return f"{{self}}.{ref.symbol.rpartition('.')[2]}" if ref.is_method else ref.symbol


def _idle(arguments: Arguments, signature: api.Signature | None) -> list[str]:
    """Arguments that are literally the None that was their default."""
    out = []
    for name, value in arguments.given.items():
        found = signature.get(name) if signature is not None else None
        if found is not None and found.default == "None" and constant(value) is None:
            out.append(name)
    return out


def lacking(ref: Reference, after: api.Signature) -> dict[str, str]:
    """What the call leaves out and TF 2 requires, with what to pass."""
    required = keywords.required(ref.symbol)
    arguments = ref.arguments() if required else None
    if arguments is None:
        return {}
    given = {*arguments.given, *(k.arg for k in arguments.unknown)}
    there = {successor(ref.symbol, name or "", after) for name in given}
    return {n: v for n, v in required.items() if n in after.required and n not in there}
