"""TF 1's initializers and what gives the same numbers in TF 2; shared by rules on variables."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api, paths

_HOLE = re.compile(r"\{(\w+)\}")


class Kind(NamedTuple):
    """One distribution.

    `maker` is the TF 2 class, `op` what makes a tensor of a shape at once ("" if nothing but
    the class does), `takes` their keywords with templates of TF 1 arguments, `defaults` the
    TF 1 defaults that `maker` does not share.
    """

    maker: str
    op: str
    takes: Mapping[str, str]
    defaults: Mapping[str, str] = {}


_SEED = {"seed": "{seed}"}
_NORMAL = {"mean": "{mean}", "stddev": "{stddev}", "seed": "{seed}"}
_UNIFORM = {"minval": "{minval}", "maxval": "{maxval}", "seed": "{seed}"}
_SCALING = {"scale": "{scale}", "mode": "{mode}", "distribution": "{distribution}", **_SEED}
_UNIT = {"scale": "{factor} ** 2", "mode": '"fan_in"', "distribution": '"uniform"', **_SEED}
_K = "tf.keras.initializers."

KINDS = {
    "zeros": Kind("tf.zeros_initializer", "tf.zeros", {}),
    "ones": Kind("tf.ones_initializer", "tf.ones", {}),
    "constant": Kind("tf.constant_initializer", "", {"": "{value}"}),
    "random_uniform": Kind("tf.random_uniform_initializer", "tf.random.uniform", _UNIFORM,
                           {"minval": "0.0", "maxval": "1.0"}),
    "random_normal": Kind("tf.random_normal_initializer", "tf.random.normal", _NORMAL,
                          {"stddev": "1.0"}),
    "truncated_normal": Kind(_K + "TruncatedNormal", "tf.random.truncated_normal", _NORMAL,
                             {"stddev": "1.0"}),
    "uniform_unit_scaling": Kind(_K + "VarianceScaling", "", _UNIT),
    "variance_scaling": Kind(_K + "VarianceScaling", "", _SCALING),
    "glorot_uniform": Kind(_K + "GlorotUniform", "", _SEED),
    "glorot_normal": Kind(_K + "GlorotNormal", "", _SEED),
    "orthogonal": Kind(_K + "Orthogonal", "", {"gain": "{gain}", **_SEED}),
    "identity": Kind(_K + "Identity", "", {"gain": "{gain}"}),
    "he_normal": Kind(_K + "he_normal", "", _SEED),
    "he_uniform": Kind(_K + "he_uniform", "", _SEED),
    "lecun_normal": Kind(_K + "lecun_normal", "", _SEED),
    "lecun_uniform": Kind(_K + "lecun_uniform", "", _SEED),
    "keras_uniform": Kind(_K + "RandomUniform", "", _UNIFORM),
    "keras_normal": Kind(_K + "RandomNormal", "", _NORMAL),
    "keras_truncated_normal": Kind(_K + "TruncatedNormal", "", _NORMAL),
}  # fmt: skip

_TOP = ("zeros", "ones", "constant", "random_uniform", "random_normal", "truncated_normal",
        "uniform_unit_scaling", "variance_scaling", "glorot_uniform", "glorot_normal",
        "orthogonal")  # fmt: skip
_FUNCTIONS = ("identity", "he_normal", "he_uniform", "lecun_normal", "lecun_uniform")
_KERAS = {
    "Zeros": "zeros", "zeros": "zeros", "Ones": "ones", "ones": "ones",
    "Constant": "constant", "constant": "constant",
    "RandomUniform": "keras_uniform", "random_uniform": "keras_uniform",
    "uniform": "keras_uniform", "RandomNormal": "keras_normal",
    "random_normal": "keras_normal", "normal": "keras_normal",
    "TruncatedNormal": "keras_truncated_normal", "truncated_normal": "keras_truncated_normal",
    "VarianceScaling": "variance_scaling", "glorot_uniform": "glorot_uniform",
    "glorot_normal": "glorot_normal", "Orthogonal": "orthogonal", "orthogonal": "orthogonal",
    "Identity": "identity", "identity": "identity",
}  # fmt: skip

# Symbol -> kind. The functions (he_normal ...) have no dtype and never had one.
SYMBOLS: dict[str, str] = {
    **{f"tf.{kind}_initializer": kind for kind in _TOP},
    **{f"tf.initializers.{kind}": kind for kind in (*_TOP, *_FUNCTIONS)},
    **{_K + name: kind for name, kind in _KERAS.items()},
    **{_K + kind: kind for kind in _FUNCTIONS[1:]},
}

_XAVIER = ("xavier_initializer", "xavier_initializer_conv2d")


def _call(callee: str, first: list[str], kind: Kind, given: Collection[str],
          defaults: Mapping[str, str]) -> str:  # fmt: skip
    """A call with the arguments that are given, or whose default changed."""
    parts = list(first)
    for keyword, template in kind.takes.items():
        holes = _HOLE.findall(template)
        text = template
        if holes and holes[0] not in given:
            if keyword not in defaults:
                continue
            text = defaults[keyword]
        parts.append(f"{keyword}={text}" if keyword else text)
    return f"{callee}({', '.join(parts)})"


def constructor(kind: str, given: Collection[str]) -> str:
    """Template of the TF 2 object for the TF 1 arguments `given`."""
    found = KINDS[kind]
    return _call(found.maker, [], found, given, found.defaults)


def applied(kind: str, arguments: Arguments, dtype: str) -> str:
    """Template of a tensor of `{shape}` filled as TF 1 does; `dtype` is a template or ""."""
    found = KINDS[kind]
    given = arguments.given
    typed = [f"dtype={dtype}"] if dtype else []
    if kind == "constant":
        value = given.get("value")
        sure = isinstance(value, ast.Constant) and type(value.value) is float
        dtype = dtype or ("" if sure else "tf.float32")
        typed = [f"dtype={dtype}"] if dtype else []
        shown = "{value}" if value is not None else "0"
        if isinstance(value, ast.Constant) or value is None:
            return f"tf.constant({', '.join([shown, 'shape={shape}', *typed])})"
        return f"tf.constant_initializer({shown})({', '.join(['{shape}', *typed])})"
    if found.op:
        text = _call(found.op, ["{shape}"], found, given, {})
        return f"{text[:-1]}, {typed[0]})" if typed else text
    return f"{constructor(kind, given)}({', '.join(['{shape}', *typed])})"


def symbol_of(ref: Reference, expr: ast.expr) -> tuple[str, ast.Call | None]:
    """The symbol that the initializer `expr` is made from, and the call that makes it."""
    call = expr if isinstance(expr, ast.Call) else None
    for value in ref.values(call.func if call is not None else expr):
        if isinstance(value, Symbol):
            return paths.symbol(value.path), call
    return "", None


def arguments_of(symbol: str, call: ast.Call | None) -> Arguments | None:
    """The constructor's arguments by name; None where they cannot all be told."""
    if call is None:
        return Arguments(ast.Call(ast.Name(symbol, ast.Load()), [], []), None)
    found = Arguments(call, api.signature(symbol, "tf1", api.NEWEST))
    return None if found.open or found.unknown or found.extra else found


def contrib_kind(symbol: str, call: ast.Call | None) -> str:
    """The kind of a contrib initializer that core has as well; "" for others."""
    if not paths.under(symbol, "tf.contrib") or symbol.rpartition(".")[2] not in _XAVIER:
        return ""
    if call is None or not (call.args or any(k.arg == "uniform" for k in call.keywords)):
        return "glorot_uniform"
    return ""
