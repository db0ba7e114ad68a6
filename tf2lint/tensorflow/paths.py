"""Dotted paths into the tensorflow package, and the symbols they spell.

A path is the dotted name as Python would follow it, `tensorflow.compat.v1.train.Saver`.
A symbol is the public name in TF 1 spelling, `tf.train.Saver`; the route says how the path
reaches it: `tf` (the main namespace), `v1`, `v2` (through compat), `keras` (the package of its
own, `keras.layers.Dense` for `tf.keras.layers.Dense`), or `private`.
"""

from __future__ import annotations

from functools import lru_cache

ROOT = "tensorflow"
KERAS = "keras"
KERAS_2 = "tf_keras"  # the package that goes on with Keras 2
_COMPAT_V1 = "tensorflow.compat.v1"
_COMPAT_V2 = "tensorflow.compat.v2"
_PRIVATE = (
    "tensorflow.python",
    "tensorflow.core",
    "tensorflow.compiler",
    "tensorflow_core",
    "tensorflow.tools",
    "tensorflow._api",
    "tensorflow.lite.python",
)


def is_tensorflow(path: str) -> bool:
    """Whether `path` lies in the tensorflow package."""
    return path in (ROOT, "tensorflow_core") or path.startswith(("tensorflow.", "tensorflow_core."))


def under(path: str, root: str) -> bool:
    """Whether `path` is `root` or below it."""
    return path.startswith(root) and (len(path) == len(root) or path[len(root)] == ".")


@lru_cache(maxsize=16384)
def route(path: str) -> str:
    """How `path` reaches its symbol: `tf`, `v1`, `v2`, `keras` or `private`."""
    last = ""
    while True:  # compat in compat: the last one counts
        if under(path, _COMPAT_V1):
            last = "v1"
        elif under(path, _COMPAT_V2):
            last = "v2"
        else:
            break
        path = ROOT + path[len(_COMPAT_V1) :]
    if last:
        return last
    if under(path, KERAS):
        return "keras"
    for root in _PRIVATE:
        if under(path, root):
            return "private"
    return "tf"


@lru_cache(maxsize=16384)
def symbol(path: str) -> str:
    """The symbol of `path`, compat taken off: `tensorflow.compat.v1.Session` -> `tf.Session`."""
    while True:
        if under(path, _COMPAT_V1) or under(path, _COMPAT_V2):
            path = ROOT + path[len(_COMPAT_V1) :]
            continue
        if under(path, KERAS):
            return f"tf.{path}"
        return "tf" + path[len(ROOT) :]


def path_of(name: str, through: str = "tf") -> str:
    """The path of the symbol `name` through a route."""
    rest = name[len("tf") :]
    if through == "v1":
        return _COMPAT_V1 + rest
    if through == "v2":
        return _COMPAT_V2 + rest
    return ROOT + rest
