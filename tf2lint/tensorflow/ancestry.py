"""Which classes are above a class, in TF 1.15 and in any TF 2 release."""

from __future__ import annotations

from functools import lru_cache

from ._tables import NAMES


@lru_cache(maxsize=4096)
def bases(name: str) -> tuple[str, ...]:
    """Public names of the classes above `name` in any release, TF 1.15's first, nearest first.

    Other names of the class itself are among them: `tf.keras.Sequential` is above
    `tf.keras.models.Sequential`, and `tf.keras.optimizers.Adam` above `tf.optimizers.Adam`.
    """
    row = NAMES.find(name.removeprefix("tf."))
    if row is None or row[-1] == "-":
        return ()
    found: dict[str, None] = {}
    for step in row[-1].split(" "):
        for base in step.partition(":")[2].split(","):
            if base != "-":
                found[f"tf.{base}"] = None
    found.pop(name, None)
    return tuple(found)
