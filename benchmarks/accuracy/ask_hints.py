"""Asks an installed TensorFlow 2 what the hints of a sample name.

    PYTHON-WITH-TENSORFLOW-2 ask_hints.py SAMPLE.jsonl

Stands alone: each name of TensorFlow in a hint is touched, and each call held against the
signature. Prints what is wrong, and counts; exit status 1 where something is.
"""

import ast
import inspect
import json
import logging
import os
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")


def ask_names(tf, text):
    """Names of TensorFlow in `text` that are not there, and calls that refuse their arguments."""
    wrong = []
    tree = ast.parse(text, mode="eval")
    called = {id(n.func): n for n in ast.walk(tree) if isinstance(n, ast.Call)}
    inner = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or id(node) in inner:
            continue
        parts, at = [], node
        while isinstance(at, ast.Attribute):
            parts.append(at.attr)
            at = at.value
        if not isinstance(at, ast.Name) or at.id != "tf":
            continue
        thing = tf
        try:
            for part in reversed(parts):
                thing = getattr(thing, part)
        except Exception as problem:
            wrong.append(f"{'.'.join(['tf', *reversed(parts)])}: {type(problem).__name__}")
            continue
        call = called.get(id(node))
        if call is None or any(isinstance(a, ast.Starred) for a in call.args):
            continue
        try:
            signature = inspect.signature(thing)
        except (TypeError, ValueError):
            continue
        if any(k.arg is None for k in call.keywords) or "..." in ast.unparse(call):
            continue
        try:
            signature.bind(*call.args, **{k.arg: k.value for k in call.keywords})
        except TypeError as problem:
            wrong.append(f"{'.'.join(['tf', *reversed(parts)])}: {problem}")
    return wrong


def main(argv):
    """Ask the rows of a sample."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    import tensorflow as tf

    with open(argv[1]) as stream:
        rows = [json.loads(line) for line in stream]
    asked = wrong = 0
    for row in rows:
        for text in row["hints"]:
            asked += 1
            for problem in ask_names(tf, text):
                wrong += 1
                print("{} {} {}: {}".format(row["at"], row["rule"], text, problem))
    print(
        f"TensorFlow {tf.__version__}: {len(rows)} findings, {asked} pieces of code, {wrong} wrong"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
