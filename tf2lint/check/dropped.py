"""Arguments that a call gives and its new form does not take: they are named, or do nothing."""

from __future__ import annotations

import ast
import re

from tf2lint.check.advice import Advice, Kind
from tf2lint.check.reference import Reference, Report

# The arguments that change nothing when they are left out, each with its reason; with code that
# shows it, as TF 1.15 runs it, in `tools/harmless.toml`. `back_prop` is none of them: without it
# there are gradients.
HARMLESS = {
    **dict.fromkeys(("name", "op_name", "scope", "shared_name", "accum_name", "linear_name",
                     "name_or_scope", "default_name"),
                    "it names what has no name in eager code, or that nothing looks up by it"),
    **dict.fromkeys(("collections", "loss_collection", "metrics_collections",
                     "outputs_collections", "updates_collections", "variables_collections",
                     "output_collections", "weight_collections", "bias_collections"),
                    "there are no collections"),
    **dict.fromkeys(("reuse", "_reuse", "_scope"), "an object is shared by calling it again"),
    **dict.fromkeys(("use_locking", "gate_gradients", "aggregation_method",
                     "colocate_gradients_with_ops", "parallel_iterations", "swap_memory",
                     "capacity", "num_threads"),
                    "it says how a graph is scheduled, not what it computes"),
    **dict.fromkeys(("sess", "session", "graph", "master", "is_chief", "config",
                     "stop_grace_period_secs"), "there is no session and no graph to choose"),
    **dict.fromkeys(("global_step", "global_step_tensor"),
                    "what counts steps is asked, or counts by itself"),
    **dict.fromkeys(("use_resource", "caching_device", "partitioner", "validate_shape",
                     "validate_indices", "verify_shape", "dynamic_size", "infer_shape"),
                    "it says how a value is stored or checked, not what it is"),
    "fused": "outputs are the same; of the variances the pages of the rules tell",
    "_sentinel": "it keeps positions from being used",
}  # fmt: skip

_CALL = re.compile(r"\w\(")
_NAMED = 2  # arguments that a message names of many
_LEAVES = "It leaves out"
_MANY = re.compile(rf"(?<={_LEAVES} )`\w+=`(?:, `\w+=`){{{_NAMED + 1},}}")
_TELLING = 3  # characters of a value up to which it may stand there for another argument


def named(ref: Reference, report: Report) -> Advice:
    """The advice of `report`, with a sentence on each argument that the new call leaves out."""
    advice = report.use
    if report.place is not None and report.place is not ref.node:
        return advice  # it is about one argument, and what becomes of that
    arguments = ref.arguments()
    if arguments is None or arguments.open or advice.kind not in (Kind.USE, Kind.INSTALL):
        return advice
    told = " ".join((*advice.texts, *advice.asides, *advice.notes, report.what))
    given = {**arguments.given, **{k.arg: k.value for k in arguments.unknown if k.arg}}
    # By hand: it is about this very call if it has a call that repeats one of its arguments.
    if advice.uses is None and not (
        _CALL.search(told) and any(_is_repeated(ref.text(value), told) for value in given.values())
    ):
        return advice
    lost = [
        name
        for name, value in given.items()
        if name not in HARMLESS
        and name not in (advice.uses or ())
        and not _is_default(ref, name, value)
        and not _is_told(name, ref.text(value), told)
    ]
    if not lost:
        return advice
    if len(lost) == 1 and len(text := ref.text(given[lost[0]])) <= 12:
        return advice.noting(f"{_LEAVES} `{lost[0]}={text}`")
    return advice.noting(f"{_LEAVES} {', '.join(f'`{name}=`' for name in lost)}")


def briefly(message: str) -> str:
    """A message that names many arguments with the first ones alone; the hint has them all."""

    def brief(names: re.Match[str]) -> str:
        shown = names[0].split(", ")
        return f"{', '.join(shown[:_NAMED])} and {len(shown) - _NAMED} more"

    return _MANY.sub(brief, message)


def _is_told(name: str, text: str, told: str) -> bool:
    if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told)
           for word in ([name, text] if len(text) > _TELLING else [name])):  # fmt: skip
        return True
    return _is_repeated(text, told)


def _is_repeated(text: str, told: str) -> bool:
    """Whether the argument `text` stands in a call of what is told, be it short."""
    return re.search(rf"[(\[=,]\s*{re.escape(text)}\s*[,)\]]", told) is not None


def _is_default(ref: Reference, name: str, value: ast.expr) -> bool:
    """Whether the argument says what TF 1 took without it."""
    signature = ref.signature()
    found = signature.get(name) if signature is not None else None
    if found is None or found.default is None:
        return False
    try:
        return bool(ast.literal_eval(value) == ast.literal_eval(found.default))
    except (ValueError, SyntaxError, TypeError):
        return False
