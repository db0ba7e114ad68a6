"""The trees that are measured: copies of real ones, and made ones that double."""

from __future__ import annotations

import ast
import shutil
import sys
import tokenize
import warnings
from collections.abc import Iterable
from pathlib import Path

LEFT_OUT = frozenset({"site-packages", "build", "dist", "venv", "node_modules", "__pycache__"})
PLAIN = '''"""Module {number}: nothing of TensorFlow."""

import json
import os
from collections import Counter


class Table{number}:
    """Rows by name."""

    def __init__(self, path):
        self.path = os.path.join(path, "table{number}.json")
        self.rows = {{}}

    def load(self):
        with open(self.path, encoding="utf-8") as file:
            self.rows = json.load(file)
        return Counter(row["kind"] for row in self.rows.values())

    def total(self, key, default=0):
        return sum(row.get(key, default) for row in self.rows.values() if row)
'''
TF2 = '''"""Module {number}: TensorFlow 2."""

import tensorflow as tf


class Model{number}(tf.keras.Model):
    def __init__(self, units):
        super().__init__()
        self.dense = tf.keras.layers.Dense(units, activation="relu")
        self.out = tf.keras.layers.Dense(10)

    def call(self, x, training=False):
        x = self.dense(x)
        if training:
            x = tf.nn.dropout(x, rate=0.5)
        return self.out(x)


@tf.function
def step{number}(model, x, y, optimizer):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x, training=True) - y))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return loss
'''
TF1 = '''"""Module {number}: TensorFlow 1."""

import tensorflow as tf
from tensorflow.contrib import slim


def network{number}(x, units):
    with tf.variable_scope("net{number}", reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [784, units], initializer=tf.truncated_normal_initializer())
        h = tf.nn.dropout(tf.matmul(x, w), keep_prob=0.5)
        return slim.fully_connected(h, 10)


def train{number}(path):
    x = tf.placeholder(tf.float32, [None, 784])
    loss = tf.reduce_mean(network{number}(x, 128), keep_dims=True)
    step = tf.train.get_or_create_global_step()
    op = tf.train.AdamOptimizer(1e-3).minimize(loss, global_step=step)
    merged = tf.summary.merge_all()
    with tf.Session() as sess:
        writer = tf.summary.FileWriter(path, sess.graph)
        sess.run(tf.global_variables_initializer())
        for i in range(1000):
            _, summary = sess.run([op, merged])
            writer.add_summary(summary, i)
'''


def copied(source: Path, target: Path, pattern: str = "*.py") -> None:
    """Copy the Python files below `source` that parse, so that every tool sees the same."""
    for path in sorted(source.rglob(pattern)):
        part = path.relative_to(source)
        if LEFT_OUT.intersection(part.parts) or not parses(path):
            continue
        there = target / part
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, there)


def parses(path: Path) -> bool:
    """Whether this Python takes the file."""
    try:
        with warnings.catch_warnings(), tokenize.open(path) as file:
            warnings.simplefilter("ignore")
            ast.parse(file.read())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return False
    return True


def sampled(folder: Path, most: int) -> list[str]:
    """Files below `folder`, taken evenly, of `most` lines or so: for tools that are slow.

    Where files speak of TensorFlow, these are taken.
    """
    files = sorted(folder.rglob("*.py"))
    named = [path for path in files if b"tensorflow" in path.read_bytes()]
    files = named if has_tensorflow(folder) else files
    step = max(1, round(lines_of(files) / most))
    return [str(path.relative_to(folder)) for path in files[::step]]


def synthetic(target: Path, count: int) -> None:
    """`count` files in packages of 100: half without TensorFlow, a quarter each TF 2 and TF 1."""
    for number in range(count):
        folder = target / f"package{number // 100}"
        if number % 100 == 0:
            folder.mkdir(parents=True)
            (folder / "__init__.py").write_text("")
        text = (PLAIN, TF2, PLAIN, TF1)[number % 4].replace("{number}", str(number))
        text = text.replace("{{", "{").replace("}}", "}")
        (folder / f"module{number}.py").write_text(text)


def one_file(target: Path, parts: int) -> None:
    """One file that has `parts` of the TF 1 module in it."""
    target.mkdir(parents=True)
    text = "".join(TF1.replace("{number}", str(number)) for number in range(parts))
    (target / "large.py").write_text(text)


def size(folder: Path) -> tuple[int, int]:
    """Files and lines below `folder`."""
    files = list(folder.rglob("*.py"))
    return len(files), lines_of(files)


def lines_of(files: Iterable[Path]) -> int:
    """The lines of these files together."""
    return sum(path.read_bytes().count(b"\n") for path in files)


def has_tensorflow(folder: Path) -> bool:
    """Whether the tree is TensorFlow code for a good part: every tenth file speaks of it."""
    files = sorted(folder.rglob("*.py"))
    return sum(b"tensorflow" in path.read_bytes() for path in files) * 10 >= len(files) > 0


if __name__ == "__main__":  # SOURCE PATTERN TARGET
    copied(Path(sys.argv[1]), Path(sys.argv[3]), sys.argv[2] or "*.py")
