"""The modules of the tensorflow package that are not public, and the releases that have them.

Asked by path, `tensorflow.python.util.nest`. The table is made by `tools/list_modules.py` from the
wheels of TF 1.0 to 1.15 and of every TF 2 minor release; that of the names which modules lost by
`tools/list_private_names.py` from those of TF 1.15 and TF 2.
"""

from __future__ import annotations

from functools import lru_cache

from tf2lint.tensorflow import api
from tf2lint.tensorflow._tables import MODULES, PRIVATE_NAMES

_CORE_LAST: api.Version = (2, 1)  # up to then the code was in tensorflow_core
_BEFORE: api.Version = (1, 15)  # what TF 1.15 has, was always there


def exists(path: str, target: api.Version) -> bool | None:
    """Whether `path`, a module or a name in one, can be imported; None where that is not known."""
    top, _, inner = path.partition(".")
    if top != "tensorflow" and target > _CORE_LAST:
        return False
    for module in _above(inner):
        span = _span(module)
        if span is None:
            continue
        if not span[0] <= target[:2] <= span[1]:
            return False
        if module == inner:
            return True
        # What is in a package and no module of any release may still be a name of its own.
        return None if MODULES.find(module) is not None else True
    return None


def last_release(path: str) -> api.Version | None:
    """The last release with the module of `path`; None if the newest has it, or none ever had."""
    for module in _above(path.partition(".")[2]):
        span = _span(module)
        if span is not None:
            return span[1] if span[1] < api.NEWEST else None
        if module in _OLDEST:
            return (0, 12)
    return None


def last_with_name(path: str) -> api.Version | None:
    """The last release in which a module that is there has the name; None if it still has it."""
    module, _, name = path.partition(".")[2].rpartition(".")
    for field in PRIVATE_NAMES.find(module) or ():
        last, *names = field.split(" ")
        if name in names:
            return _version(last, api.NEWEST)
    return None


def _above(path: str) -> list[str]:
    """`a.b.c` as `["a.b.c", "a.b", "a"]`."""
    parts = path.split(".")
    return [".".join(parts[:end]) for end in range(len(parts), 0, -1)]


@lru_cache(maxsize=4096)
def _span(module: str) -> tuple[api.Version, api.Version] | None:
    """The first and the last release with the module."""
    package, _, name = module.rpartition(".")
    for field in MODULES.find(package) or ():
        span, *names = field.split(" ")
        if name in names:
            first, _, last = span.partition("-")
            return _version(first, _BEFORE), _version(last, api.NEWEST)
    return None


_OLDEST = frozenset({"models", "python.ops.seq2seq"})  # of TF 0.x, which has no wheels


def _version(text: str, otherwise: api.Version) -> api.Version:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if text else otherwise
