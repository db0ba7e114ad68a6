"""Ask TensorFlow what the names that stage 1 of a migration writes are.

    python -m tools.ask_stage1 --tf1 PYTHON --tf2 PYTHON

For every public name of TensorFlow 1.15 a module that uses it, as an attribute, by an import from
its module and through another name for that, is fixed to compat.v1. `--tf1` is a Python with
TensorFlow 1.15: what it cannot run is no use of the name. `--tf2` is a Python with the newest
TensorFlow and tf_keras: what each fixed form reaches there has to be the object that
`tf.compat.v1` has, or that had the name's place in TensorFlow 1, or is proven to take it; what
another package has now has to be what is there under the same name. Names that only work with
Keras 2 are asked with it. Prints the counts and what is wrong; exit status 1 where something is.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tf2lint.fixes import compat_v1
from tf2lint.fixes.fixer import fix
from tf2lint.fixes.proofs import proven
from tf2lint.options import COMPAT, Options
from tf2lint.tensorflow import _tables, api

BATCH = 100
SHOWN = 30

# Runs the fixed forms; what is wrapped, or of an equal value, is alike.
ASK = r"""
import importlib, json, os, sys, types, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")
import tensorflow as tf
MISSING = "missing"

def reached(name, package):
    try:
        value = importlib.import_module(package) if package else tf.compat.v1
        for part in name.split("."):
            value = getattr(value, part)
    except Exception:
        return MISSING
    return value

def alike(one, two):  # of compat.v1, and what was written
    if one is two or getattr(two, "__wrapped__", two) is one:
        return True
    if isinstance(two, types.ModuleType) and isinstance(one, types.ModuleType):
        # A module of its own, with the very same names in it.
        public = [part for part in dir(one) if not part.startswith("_")]
        return all(alike(getattr(one, p), getattr(two, p, None)) for p in public)
    plain = (bool, int, float, str, bytes, tf.DType, type(None))
    return isinstance(one, plain) and type(one) is type(two) and one == two

out = []
for name, package, proven, code in json.load(open(sys.argv[1])):
    names = {}
    try:
        exec(code, names)
        found = names["value"]
    except Exception as error:
        left = package or reached(name, package) is MISSING
        out.append("raises" if left else "wrong: %r" % error)
        continue
    told = reached(name, package)
    if told is MISSING and proven:
        told = reached(proven, package)
    if told is MISSING:
        out.append("wrong: TF 2 has it, compat.v1 has not")
    else:
        same = "same in " + package if package else "same"
        out.append(same if alike(told, found) else "wrong: %r" % (found,))
json.dump(out, open(sys.argv[2], "w"))
"""


# Runs the forms as they were, under Python 3.7.
RUN = r"""
import json, os, sys, warnings
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.simplefilter("ignore")
import tensorflow
out = []
for code in json.load(open(sys.argv[1])):
    try:
        exec(code, {})
        out.append("runs")
    except Exception as error:
        out.append(repr(error))
json.dump(out, open(sys.argv[2], "w"))
"""


class Form(NamedTuple):
    """A use of a name and what it is fixed to.

    `core` is the core name that it was in TF 1; `proven` what may take its place, where compat.v1
    has nothing of that name.
    """

    name: str
    core: str
    proven: str
    before: str
    code: str

    @property
    def place(self) -> tuple[str, str]:
        """What it has to be: a name, and the package outside of TensorFlow that has it, if any."""
        package, _, name = compat_v1.elsewhere(f"tf.{self.name}").rpartition(".")
        return (name, package) if package else (self.core, "")


def names() -> Iterator[str]:
    """Every public name of TF 1.15."""
    for name in _tables.NAMES.keys(""):
        found = api.symbol(f"tf.{name}")
        own = name.startswith("_") or name.partition(".")[0] == "compat"  # the way, not a name
        if found is not None and found.tf1 and not own:
            yield name


def forms(batch: list[str]) -> Iterator[Form]:
    """The fixed uses of some names."""
    ways = (
        lambda p, n, _: [f"value = tf.{p}{n}"],
        lambda p, n, _: [f"from tensorflow{'.' + p[:-1] if p else ''} import {n} as value"],
        lambda p, n, at: [f"in_{at} = tf{'.' + p[:-1] if p else ''}", f"value = in_{at}.{n}"],
    )
    head = "import tensorflow as tf\n"
    for way in ways:
        uses: list[str] = []
        for at, name in enumerate(batch):
            parent, _, leaf = name.rpartition(".")
            uses.append("\n".join(way(f"{parent}." if parent else "", leaf, at)) + "\n")
        text = head
        for at, use in enumerate(uses):
            text += f"def use_{at}():\n" + "".join(f"    {row}\n" for row in use.splitlines())
        done = fix(text, "stage1.py", Options(), COMPAT)
        if done.refused:
            raise SystemExit(f"{batch[0]} to {batch[-1]}: {done.refused}")
        start, *fixed = done.text.split("def use_")
        for name, use, block in zip(batch, uses, fixed, strict=True):
            lines = [line.strip() for line in block.splitlines()[1:] if line.strip()]
            core = api.twin(f"tf.{name}")[3:] or name
            yield Form(name, core, proven_form(name), head + use, start + "\n".join(lines) + "\n")


@cache
def proven_form(name: str) -> str:
    """What takes the place of a name of contrib, proven in graphs; empty without one."""
    of = re.compile(rf"tf\.{re.escape(name)} -> tf\.([\w.]+)\(")
    found = (of.match(kind) for _, kind in sorted(proven(in_graphs=True)))
    return next((match[1] for match in found if match), "") if name.startswith("contrib.") else ""


def ask(python: str, program: str, asked: object, keras: str = "") -> list[str]:
    """What `program`, run by `python`, says of each of `asked`."""
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder) / "in.json", Path(folder) / "out.json"
        given.write_text(json.dumps(asked))
        env = os.environ | {"TF_USE_LEGACY_KERAS": "1" if keras == "2" else "0"}
        subprocess.run([python, "-c", program, str(given), str(taken)], check=True, env=env)
        return list(json.loads(taken.read_text()))


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Asks what the names that stage 1 writes are.")
    parser.add_argument("--tf1", required=True, help="a Python with TensorFlow 1.15")
    parser.add_argument("--tf2", required=True, help="a Python with the newest TF and tf_keras")
    options = parser.parse_args()
    every = list(names())
    found = [f for at in range(0, len(every), BATCH) for f in forms(every[at : at + BATCH])]
    runs = ask(options.tf1, RUN, [form.before for form in found])
    found = [form for form, answer in zip(found, runs, strict=True) if answer == "runs"]
    wrong = 0
    for keras in ("3", "2"):
        asked = [
            form for form in found
            if api.needs_keras_2(f"tf.compat.v1.{form.core}", api.NEWEST) is (keras == "2")
        ]  # fmt: skip
        answers = ask(
            options.tf2, ASK, [(*form.place, form.proven, form.code) for form in asked], keras
        )
        counts = Counter(answer.partition(":")[0] for answer in answers)
        print(f"Keras {keras}: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
        bad = [
            f"{form.name}: {answer}\n    {form.code.strip().splitlines()[-1]}"
            for form, answer in zip(asked, answers, strict=True)
            if answer.startswith("wrong")
        ]
        for line in bad[:SHOWN]:
            print(line)
        wrong += len(bad)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
