"""Runs the calls of a sample on TensorFlow 1, then the hints on TensorFlow 2 with the same values.

    PYTHON-WITH-TENSORFLOW-1 run_hints.py SAMPLE.jsonl RUN.jsonl
    PYTHON-WITH-TENSORFLOW-2 run_hints.py SAMPLE.jsonl RUN.jsonl

Stands alone. Names in a call get small values, one after the other until the call runs; what it
gives is kept in RUN.jsonl. The second run says for each whether the hint gives the same.
"""

import ast
import itertools
import json
import logging
import os
import signal
import sys
import tempfile
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
MOST_NAMES, TRIES, SECONDS = 3, 400, 60
VALUES = ["2", "0.5", "MATRIX", "INTEGERS", "[2, 3]", "'words'", "IMAGE", "BOOLS", "None"]
PATHS = ("dir", "path", "file", "name")  # names of strings
_BUILT_IN = {"tf", "np", "True", "False", "None", "len", "int", "float", "range", "list", "str"}


def around(tf):
    """The names that the values are made of."""
    import numpy as np

    return {
        "tf": tf,
        "np": np,
        "MATRIX": np.array([[0.5, 1.0, 2.0], [3.0, 0.25, 1.5]], np.float32),
        "INTEGERS": np.array([[1, 0, 2], [2, 1, 0]], np.int32),
        "IMAGE": np.arange(32, dtype=np.float32).reshape(1, 4, 4, 2) / 32,
        "BOOLS": np.array([True, False]),
    }


def free(text):
    """The names in `text` that have to get a value."""
    names = [n.id for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, ast.Name)]
    return [name for name in dict.fromkeys(names) if name not in _BUILT_IN]


def plainly(value):
    """A result as JSON: numbers in lists, or nothing that could be compared."""
    import numpy as np

    if isinstance(value, (list, tuple)):
        parts = [plainly(part) for part in value]
        return None if None in parts else parts
    if hasattr(value, "numpy"):
        value = value.numpy()
    if isinstance(value, (bool, int, float, str, np.generic, np.ndarray)):
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            return np.asarray(array, np.float64).round(5).tolist()
        if array.dtype.kind in "SUO":
            return json.loads(json.dumps(array.tolist(), default=lambda b: b.decode("latin-1")))
    return None


def run_old(tf, text, values):
    """What the call gives in a session; None where it is nothing to compare."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        scope = dict(around(tf))
        scope.update({name: eval(value, scope) for name, value in values.items()})
        made = eval(text, scope)
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        flat = made if isinstance(made, (list, tuple)) else [made]
        if all(isinstance(part, (tf.Tensor, tf.Variable)) for part in flat):
            made = session.run(made)
        return plainly(made)


def tried(tf, row, names):
    """The first values with which the call runs, and what it gives; empty where none do."""
    pools = [
        ["'words'"] if any(part in name.lower() for part in PATHS) else VALUES for name in names
    ]
    for chosen in itertools.islice(itertools.product(*pools), TRIES):
        values = {name: chosen[place] for place, name in enumerate(names)}
        try:
            return {"values": values, "result": run_old(tf, row["code"], values)}
        except (Exception, SystemExit):
            continue
    return {}


def apart(function, *args):
    """What the function gives in a process of its own: some calls bring it down, or wait."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(SECONDS)
        with os.fdopen(writing, "w") as stream:
            stream.write(json.dumps(function(*args)))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {}


def first_run(tf, rows, out):
    """Runs the calls, and keeps the values and the results."""
    ran = 0
    with open(out, "w") as stream:
        for row in rows:
            kept = {"at": row["at"], "rule": row["rule"], "symbol": row["symbol"]}
            names = free(row["code"]) if row["code"] else None
            if names is not None and len(names) <= MOST_NAMES:
                kept.update(apart(tried, tf, row, names))
                ran += "values" in kept
            stream.write(json.dumps(kept, sort_keys=True) + "\n")
    return f"{ran} of {len(rows)} calls ran"


def verdict(tf, row, old):
    """What became of the hint with the values of the call."""
    import numpy as np

    if "values" not in old:
        return "not run"
    if not row["plain"]:
        return "no code"
    text = row["plain"][0]
    scope = dict(around(tf))
    scope.update({name: eval(value, scope) for name, value in old["values"].items()})
    if set(free(text)) - set(scope):
        return "names of its own"
    try:
        result = plainly(eval(text, scope))
    except Exception as problem:
        return "raises " + type(problem).__name__
    if old["result"] is None or result is None:
        return "runs"
    try:
        same = np.allclose(np.asarray(old["result"]), np.asarray(result), atol=1e-4)
    except (TypeError, ValueError):
        same = old["result"] == result
    return "same" if same else "other numbers"


def second_run(tf, rows, out):
    """Runs the hints, and says what became of each."""
    with open(out) as stream:
        before = [json.loads(line) for line in stream]
    counts = {}
    with open(out, "w") as stream:
        for place, row in enumerate(rows):
            old = before[place]
            old["verdict"] = verdict(tf, row, old)
            kind = old["verdict"].partition(" ")[0]
            counts[kind] = counts.get(kind, 0) + 1
            if kind in ("raises", "other"):
                print("{at} {rule} {code} -> {plain}".format(**row), old["verdict"], old["values"])
            stream.write(json.dumps(old, sort_keys=True) + "\n")
    return ", ".join(f"{kind} {counts[kind]}" for kind in sorted(counts))


def main(argv):
    """Run the rows of a sample."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    import tensorflow as tf

    with open(argv[1]) as stream:
        rows = [json.loads(line) for line in stream]
    step = first_run if tf.__version__.startswith("1.") else second_run
    out = os.path.abspath(argv[2])
    with tempfile.TemporaryDirectory() as folder:  # some calls write files where they are
        os.chdir(folder)
        print(f"TensorFlow {tf.__version__}: {step(tf, rows, out)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
