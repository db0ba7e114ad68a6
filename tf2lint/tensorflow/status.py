"""What is left of a symbol in a TF 2 release."""

from __future__ import annotations

from functools import lru_cache

from tf2lint.tensorflow import api, keras_package, modules, paths


@lru_cache(maxsize=8192)
def status_of(symbol: str, route: str, target: api.Version) -> str:
    """What is left of `symbol` under `target`: removed, compat, same or exists."""
    if symbol == "tf":
        return "same"
    if paths.under(symbol, "tf.contrib") or paths.under(symbol, "tf.examples"):
        return "removed"
    if route == "v1":
        if not api.in_compat_v1(symbol, target):
            return "removed"
        if not api.exists(symbol, target):
            return "compat"
        return "same" if api.same(symbol) else "exists"
    there = keras_package.exists if route == "keras" else api.exists
    if not there(symbol, target):
        return "removed"
    return "same" if api.same(symbol) else "exists"


@lru_cache(maxsize=8192)
def gone_since(symbol: str, route: str) -> str:
    """The TF 2 release that dropped `symbol`: "2" from the start, "2.16"; "" if unknown."""
    full = symbol.replace("tf.", "tf.compat.v1.", 1) if route == "v1" else symbol
    gone, before = "2", False
    for release in api.RELEASES:
        there = api.exists(full, release)
        if before and not there:
            gone = api.dotted(release)  # some names came back, and this is when they were gone
        before = there
    return "" if before and gone == "2" else gone


@lru_cache(maxsize=4096)
def era(name: str) -> int:
    """The TensorFlow, 1 or 2, that alone has what `name` means; 0 where both have it."""
    if paths.under(name, "tf.contrib"):
        return 1
    symbol = api.symbol(name)
    if symbol is None or bool(symbol.v2) == symbol.tf1:
        return 0
    if symbol.v2:
        return 2
    return 0 if api.canonical(name) or api.related(name) else 1


def works(path: str, target: api.Version) -> bool | None:
    """Whether touching `path` under `target` does not raise; None where that is not known."""
    through = paths.route(path)
    if through == "private":
        return modules.exists(path, target)
    name = paths.symbol(path)
    if paths.under(name, "tf.contrib") or paths.under(name, "tf.examples"):
        return False
    if name == "tf":
        return True
    while not api.known(name):
        name = name.rpartition(".")[0]
        if name in ("tf", ""):
            return None
    if through == "v1":
        return api.in_compat_v1(name, target)
    if through == "keras":
        return keras_package.exists(name, target)
    return api.exists(name, target)


def is_unlisted(path: str) -> bool:
    """Whether the tables list what is in the module, and this is in it in no release."""
    name = paths.symbol(path)
    home = name.rpartition(".")[0]
    found = None if api.known(name) else api.symbol(home)
    return found is not None and found.kind == "module" and bool(api.children(home))
