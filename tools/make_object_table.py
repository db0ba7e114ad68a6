"""Make `tf2lint/tensorflow/data/objects.tsv`: which names are one object, asked of TensorFlow.

    python -m tools.make_object_table --tf1 PYTHON --tf2 PYTHON [--check]

`--tf1` is a Python with TensorFlow 1.15, `--tf2` one with the newest TensorFlow and the package
tf_keras, which is asked with `TF_USE_LEGACY_KERAS=1`. The table holds what `names.tsv`, made with
Keras 3, cannot know: which names work with Keras 2 only, where `tf.X` and `tf.compat.v1.X` are
one object with the one Keras and two with the other, and which names of `tf.contrib` were a name
of the core: the very object, or a function that does nothing but to call it with its arguments.
`--check` writes nothing and exits 1 where the table differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tf2lint.tensorflow import _tables, api
from tools.make_api_tables import STUB_ERRORS, good, rank, same_names

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "tf2lint" / "tensorflow" / "data" / "objects.tsv"

# Runs under TensorFlow 1.15 and Python 3.7.
ASK_CONTRIB = r"""
import ast, importlib, inspect, json, os, sys, textwrap, types, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")
import tensorflow as tf
from tensorflow.python.util import tf_decorator
given = json.load(open(sys.argv[1]))

def unwrapped(module):
    for attribute in ("_dw_wrapped_module", "_tfmw_wrapped_module"):
        try:
            return object.__getattribute__(module, attribute)
        except AttributeError:
            pass
    return module

def reached(name):
    value = tf
    for part in name.split("."):
        value = getattr(value, part)
    return value

core = {}
for name in given["core"]:
    try:
        value = reached(name)
    except Exception:
        continue
    if callable(value) and type(value).__name__ != "DType":
        core.setdefault(id(value), []).append(name)

def delegate(value):
    # The function that `value` calls with its own arguments, and does nothing else.
    inner = tf_decorator.unwrap(value)[1] if callable(value) else None
    if not isinstance(inner, types.FunctionType):
        return None
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inner))).body[0]
    except (OSError, TypeError, SyntaxError, IndentationError):
        return None
    body = [s for s in tree.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Str))]
    if len(body) != 1 or not isinstance(body[0], ast.Return):
        return None
    call, args = body[0].value, tree.args
    names = [a.arg for a in args.args]
    if not isinstance(call, ast.Call) or args.vararg or args.kwarg or args.kwonlyargs:
        return None
    try:
        callee = eval(compile(ast.Expression(call.func), "x", "eval"), inner.__globals__)
        signature = inspect.signature(tf_decorator.unwrap(callee)[1])
    except Exception:
        return None
    order = list(signature.parameters)
    passed = dict(zip(order, [getattr(a, "id", None) for a in call.args]))
    passed.update({k.arg: getattr(k.value, "id", None) for k in call.keywords})
    same = [(n, n) for n in names] == list(passed.items()) and order == names
    own = [p.default for p in inspect.signature(inner).parameters.values()]
    return callee if same and own == [p.default for p in signature.parameters.values()] else None

def core_names(value):
    found = core.get(id(value))
    if found is None:
        to = delegate(value)
        found = core.get(id(to)) if to is not None else None
    return found

twins = {}
def walk(prefix, module):
    module = unwrapped(module)
    for part in dir(module):
        if part.startswith("_") or part in ("python", "ops"):
            continue
        try:
            value = unwrapped(getattr(module, part))
        except Exception:
            continue
        name = prefix + "." + part
        if isinstance(value, types.ModuleType):
            inside = value.__name__.replace("tensorflow_core.", "tensorflow.")
            if prefix == "contrib" and inside.startswith("tensorflow.contrib"):
                walk(name, value)
        elif callable(value) and type(value).__name__ != "DType":
            found = core_names(value)
            if found:
                twins[name] = found
importlib.import_module("tensorflow.contrib")
walk("contrib", tf.contrib)
for name in given["contrib"]:
    if name not in twins:
        parent, _, leaf = name.rpartition(".")
        try:
            value = getattr(importlib.import_module("tensorflow." + parent), leaf)
        except Exception:
            continue
        found = core_names(value) if callable(value) else None
        if found:
            twins[name] = found
json.dump({"version": tf.__version__, "twins": twins}, open(sys.argv[2], "w"))
"""


def asked(python: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the Python with TensorFlow 1.15 says of contrib."""
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder) / "question.json", Path(folder) / "answer.json"
        question.write_text(json.dumps(given))
        subprocess.run([python, "-c", ASK_CONTRIB, str(question), str(answer)], check=True)
        return dict(json.loads(answer.read_text()))


def dumped(python: str, keras: str) -> dict[str, Any]:
    """The dump of the newest TensorFlow with that Keras."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "dump.json"
        subprocess.run(
            [python, str(ROOT / "tools" / "dump_api.py"), str(out)],
            check=True,
            env=os.environ | {"TF_USE_LEGACY_KERAS": "1" if keras == "2" else "0"},
        )
        return dict(json.loads(out.read_text()))


def table(contrib: dict[str, Any], keras_2: dict[str, Any]) -> str:
    """The text of the table."""
    newest = api.NEWEST
    flags: dict[str, str] = {}
    spaces = {space: good(names) for space, names in keras_2["spaces"].items()}
    for space, flag in (("v1", "1"), ("v2", "2")):
        for name, row in spaces[space].items():
            here = api.in_compat_v1 if space == "v1" else api.exists
            works = "error" not in row and row.get("raises") not in STUB_ERRORS
            if name and works and not here(f"tf.{name}", newest):
                flags[name] = flags.get(name, "") + flag
    one = same_names(spaces["v1"], spaces["v2"])
    for name in {*spaces["v1"]} & {*spaces["v2"]}:
        if name and (name in one) != api.same(f"tf.{name}"):
            flags[name] = flags.get(name, "") + "x"
    twins: dict[str, str] = {}
    for name, core in contrib["twins"].items():
        there = [n for n in core if n in spaces["v1"] or api.in_compat_v1(f"tf.{n}", newest)]
        if there:
            twins[name] = min(there, key=rank)
    source = " ".join(f"{k} {v}" for k, v in sorted(keras_2["source"].items()))
    rows = [
        f"{name}\t{flags.get(name) or '-'}\t{twins.get(name) or '-'}\n"
        for name in sorted({*flags, *twins}, key=lambda n: n.encode())
    ]
    return (
        "# Generated by tools/make_object_table.py; not to be edited.\n"
        f"# tensorflow {contrib['version']}\n# {source} (TF_USE_LEGACY_KERAS=1)\n"
        "# name, flags (1: the compat.v1 name works with Keras 2 only, 2: the tf name does, x: that"
        " both are one object is so with the one Keras and not with the other), the core name of"
        " the same object in TF 1\n" + "".join(rows)
    )


def main(argv: list[str]) -> int:
    """Write or check the table; the exit status is 1 where ``--check`` finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tf1", required=True)
    parser.add_argument("--tf2", required=True)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args(argv)
    names = _tables.NAMES.keys("")
    first = {n for n in names if (found := api.symbol(f"tf.{n}")) and found.tf1}
    given = {
        "core": sorted(n for n in first if not n.startswith("contrib")),
        "contrib": sorted(n for n in first if n.startswith("contrib.")),
    }
    text = table(asked(args.tf1, given), dumped(args.tf2, "2"))
    if args.check:
        equal = TABLE.exists() and TABLE.read_text() == text
        print(f"{TABLE.name}: {'same' if equal else 'DIFFERENT'}")
        return not equal
    TABLE.write_text(text)
    print(f"{TABLE.name}: {len(text)} bytes, {text.count(chr(10))} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
