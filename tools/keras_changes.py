"""Go through what Keras 3 has otherwise than Keras 2, and ask tf2lint about each of them.

python -m tools.keras_changes > benchmarks/accuracy/keras-changes.tsv

Names, members and signatures are those of the tables, which were read off TensorFlow 2.15 and the
newest release. For each that is gone, each parameter that is gone or stands in another place, and
each default that is another one, a module is written that uses it, and checked. What becomes of it:
it is `reported`; `open`: the arguments of a real call tell which place is meant; `same call`: a
call that leaves the argument out is as good; or `not told`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

from tf2lint.check.engine import check
from tf2lint.config import make_options
from tf2lint.semantics.symbols import bases_of
from tf2lint.source import Source
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import KERAS_2, NEWEST

AREAS = ("activations", "backend", "callbacks", "constraints", "initializers", "layers", "losses",
         "metrics", "mixed_precision", "models", "optimizers", "regularizers", "saving",
         "utils")  # fmt: skip
# Methods that Keras calls: their parameters are its own business, unless they are overridden.
CALLED_BY_KERAS = frozenset({
    "build", "call", "compute_mask", "compute_output_shape", "compute_output_signature",
    "from_config", "get_config", "get_initial_state", "update_state", "result",
})  # fmt: skip


# Members that classes no longer have and their objects do; asked of Keras 3.
ON_OBJECTS = frozenset({
    "activity_regularizer", "dynamic_growth_steps", "initial_scale", "inner_optimizer", "states",
    "steps_per_execution",
})  # fmt: skip


class Change(NamedTuple):
    """What is not as it was: its kind, the name, what it was, what it is, code that uses it."""

    kind: str
    name: str
    was: str
    now: str
    code: str


def names() -> Iterator[str]:
    """Public names of tf.keras in Keras 2, one for each object, and the members of classes."""
    seen: set[str] = set()
    for name in api.names():
        area = name.split(".")[2] if name.startswith("tf.keras.") else ""
        found = api.symbol(name)
        if found is None or found.kind == "module" or not api.exists(name, KERAS_2):
            continue
        if (area not in AREAS and name not in ("tf.keras.Model", "tf.keras.Input")) or (
            "experimental" in name or not seen.isdisjoint((name, *api.aliases(name)))
        ):
            continue
        seen.add(name)
        yield name
        for member in api.members(name):
            above = any(member in api.members(base) for base in bases_of(name))
            if not member.startswith("_") and not above and api.exists(f"{name}.{member}", KERAS_2):
                yield f"{name}.{member}"


def changes(name: str) -> Iterator[Change]:
    """What is another in Keras 3 about one name."""
    found = api.symbol(name)
    owner, _, last = name.rpartition(".")
    is_member = found is not None and found.kind in ("method", "property", "attribute")
    use = f"def f(o: {owner}):\n    o.{last}" if is_member else name
    if not api.exists(name, NEWEST):
        yield Change("gone", name, "", "", use)
        return
    old, new = api.signature(name, "v2", KERAS_2), api.signature(name, "v2", NEWEST)
    if old is None or new is None:
        return
    places = [p.name for p in new.params if p.kind.startswith("pos")]
    for number, was in enumerate(p for p in old.params if p.kind.startswith("pos")):
        now = places[number] if number < len(places) else ""
        if now != was.name and not old.has_var_positional:
            given = ", ".join(["None"] * number + [_value(was)])
            yield Change("place", name, f"{number + 1} {was.name}", now, f"{use}({given})")
            break
    for was in old.params:
        if was.kind.startswith("var") or was.name.startswith("_"):
            continue
        after = new.get(was.name)
        call = f"{use}({was.name}={_value(was)})"
        if after is None and not new.accepts(was.name):
            yield Change("parameter", name, was.name, "", call)
        elif after is not None and after.default != was.default:
            yield Change(
                "default", name, f"{was.name}={was.default}", f"{after.default}", use + "()"
            )


def _value(parameter: api.Parameter) -> str:
    """Something that is no default, of the kind that the parameter takes."""
    if parameter.name in ("metrics", "weighted_metrics"):
        return "['a']"
    if parameter.default in ("True", "False"):
        return "False" if parameter.default == "True" else "True"
    if (parameter.default or "").startswith("'"):
        return "'x'"
    return "'x'" if parameter.name == "name" else "value"


def says(code: str) -> str:
    """The rules that speak of a module with this code."""
    source = Source(f"import tensorflow as tf\n{code}\n", "module.py")
    return ",".join(dict.fromkeys(f.code for f in check(source, make_options({}))))


def became(change: Change, told: str) -> str:
    """What is so of a change, in a word or two."""
    if told:
        return "reported"
    if change.name.rpartition(".")[2] in CALLED_BY_KERAS:
        return "Keras calls it"
    if change.kind == "gone" and change.name.rpartition(".")[2] in ON_OBJECTS:
        return "objects have it"
    if change.kind == "default":
        return "same call"
    return "open" if change.kind == "place" else "not told"


def main() -> None:
    print("# kind\tname\twas\tis\trules\twhat becomes of it; made by tools/keras_changes.py")
    for name in names():
        for change in changes(name):
            told = says(change.code)
            row = (*change[:4], told, became(change, told))
            print("\t".join(row))


if __name__ == "__main__":
    sys.exit(main())
