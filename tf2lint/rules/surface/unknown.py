"""TF9: names that no TensorFlow has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.surface import family
from tf2lint.tensorflow import api, modules, paths

# --- TF919 -----------------------------------------------------------------------------------

unknown = family.rule(
    "TF919",
    "unknown-symbol",
    "E",
    summary="a name that no TensorFlow from 1.15 on has, with the nearest that exists",
    page="""\
A slip, or what half a migration leaves behind: `tf.compat.v1.AdamOptimizer`, which is
`tf.compat.v1.train.AdamOptimizer`; `tf.keras.layers.conv2d`, which is the class `Conv2D`;
`tf.placeholders`. TF 1.15 and every TF 2 release were asked, and none has the name: the line is
an `AttributeError`, or an `ImportError`, whichever TensorFlow it meets.

The rule says the nearest name that the target has, if there is one. It says nothing of names
that somebody sets, of what is guarded, of private names, of what comes by way of another file of
the project, and of packages that tf2lint has no tables of: `tf.contrib`, `tf.flags`, `keras`.""",
    examples=[
        Example(
            bad="""\
import tensorflow.compat.v1 as tf1

optimizer = «tf1.AdamOptimizer»(0.1)
""",
            good="""\
import tensorflow as tf

optimizer = tf.keras.optimizers.Adam(0.1, epsilon=1e-8)
""",
            options=(("allow-compat-v1", True),),
        ),
        Example(
            bad="""\
from tensorflow.keras import layers

x = «layers.conv2d»(8, 3)
""",
            good="""\
from tensorflow.keras import layers

x = layers.Conv2D(8, 3)
""",
        ),
    ],
)

# Modules that are not listed, or that anything may be in.
_NOT_LISTED = ("tf.contrib", "tf.examples", "tf.flags", "tf.app.flags", "tf.test.mock",
               "tf.pywrap_tensorflow", "tf.raw_ops")  # fmt: skip
# Reachable in some TensorFlow, or in an early one, without being public.
_LEAKED = frozenset({
    "api", "compiler", "core", "dtensor", "include", "models", "np", "os", "platform", "python",
    "security", "six", "sys", "tensorboard", "tools", "tsl", "util",
    "DynamicEmbedding", "DynamicLookup", "UpdateEmbeddingCallback",  # tf_keras alone has them
})  # fmt: skip

_DIGITS = re.compile(r"\d")
_SPELLING = 0.82  # how like the nearest name has to be


@unknown.otherwise("symbols", 90)
def _unknown(ref: Reference) -> Report | None:
    """A report on a name in a module that the tables know, and that no release has there."""
    if ref.is_method or ref.route in ("private", "keras"):
        return None
    home, name = _first_unknown(ref.symbol)
    if not name or name.startswith("_") or _is_set(ref, name):
        return None
    if name in _LEAKED and not _is_import_from_v1(ref):
        return None
    if not ref.spelling.endswith(ref.symbol.rpartition(".")[2]):
        return None  # said where it was bound to another name
    if any(paths.under(home, module) for module in _NOT_LISTED):
        return None
    if "tensorflow" not in ref.module.packages:
        return None  # another file of the project may give more than TensorFlow does
    wanted = ref.symbol.rpartition(".")[2]
    if name in _LEAKED:
        private = f"tensorflow{ref.symbol[2:]}"
        nearest = private if modules.exists(private, ref.target) else ""
    else:
        nearest = next((n for n in _near(home, name, wanted, ref.route, ref.target) if n), "")
    return ref.report(ref.say(nearest) if nearest else "", "is in no TensorFlow from 1.15 on",
                      status="removed")  # fmt: skip


def _is_import_from_v1(ref: Reference) -> bool:
    """`from tensorflow.compat.v1.python...`: only the package itself has private modules."""
    return ref.route == "v1" and ref.site.use == "import"


def _first_unknown(symbol: str) -> tuple[str, str]:
    """The module that the tables know and the first name in it that they do not; or nothing."""
    home, *names = symbol.split(".")
    for name in names:
        inner = f"{home}.{name}"
        if not api.known(inner):
            found = api.symbol(home)
            is_module = found is not None and found.kind == "module"
            return (home, name) if is_module and api.children(home) else ("", "")
        home = inner
    return "", ""


def _is_set(ref: Reference, name: str) -> bool:
    return name in ref.module.fact(_set_names)


def _set_names(module: Module) -> frozenset[str]:
    """Attributes that the module sets, on whatever."""
    names = {target.attr for target, _ in module.inference.binder.stores}
    if "setattr" in module.source.text:
        names.update(re.findall(r"""['"](\w+)['"]""", module.source.text))
    return frozenset(names)


def _near(
    home: str, name: str, wanted: str, route: str, target: api.Version
) -> Iterator[str]:  # fmt: skip
    """Names that may have been meant, the likeliest first."""
    alike = {child.casefold(): f"{home}.{child}" for child in api.children(home)}
    if wanted == name:
        yield _spelled(alike.get(name.casefold(), ""), route, target)
    for symbol in _by_last_name().get(wanted, ()):
        yield _spelled(symbol, route, target)
    if wanted == name:
        from difflib import get_close_matches  # few modules have names that are none

        for key in get_close_matches(name.casefold(), alike, n=3, cutoff=_SPELLING):
            if _DIGITS.findall(key) == _DIGITS.findall(name):
                yield _spelled(alike[key], route, target)


def _spelled(symbol: str, route: str, target: api.Version) -> str:
    """How the target has `symbol`: through that route, or through compat.v1; "" if not at all."""
    v1 = f"tf.compat.v1.{symbol[3:]}"
    if symbol and route != "v1" and api.exists(symbol, target):
        return symbol
    return v1 if symbol and api.in_compat_v1(symbol, target) else ""


@lru_cache(maxsize=1)
def _by_last_name() -> dict[str, list[str]]:
    """All symbols by their last name, the shortest first."""
    found: dict[str, list[str]] = {}
    for symbol in _public("tf"):
        found.setdefault(symbol.rpartition(".")[2], []).append(symbol)
    for symbols in found.values():
        symbols.sort(key=lambda s: (s.count("."), s))
    return found


def _public(module: str) -> Iterable[str]:
    todo = [module]
    while todo:
        home = todo.pop()
        for child in api.children(home):
            inner = f"{home}.{child}"
            if child in ("contrib", "raw_ops", "__internal__", "estimator"):
                continue
            yield inner
            todo.append(inner)
