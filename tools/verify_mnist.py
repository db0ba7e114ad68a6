"""Proves the MNIST reader that `fix --write-mnist` writes: TF 1.15's own reader gives the same.

    python -m tools.verify_mnist --tf1 PYTHON --tf2 PYTHON

Both read the same made-up files. Exit status 1 where a batch differs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = """\
import gzip, os, sys
import numpy as np
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

def write(name, array):
    with gzip.open(os.path.join("data", name + "-ubyte.gz"), "wb") as file:
        head = bytes(bytearray([0, 0, 8, array.ndim])) + np.array(array.shape, ">u4").tobytes()
        file.write(head + array.tobytes())

os.makedirs("data", exist_ok=True)
draw = np.random.RandomState(3)
for name, count in (("train", 7000), ("t10k", 1000)):
    write(name + "-images-idx3", draw.randint(0, 256, (count, 28, 28)).astype(np.uint8))
    write(name + "-labels-idx1", draw.randint(0, 10, count).astype(np.uint8))

def tell(array):
    flat = array.reshape(len(array), -1).astype(np.float64)
    print("%s %s %.9g" % (array.shape, array.dtype, (flat.T * np.arange(1, len(flat) + 1)).sum()))

def tell_all(sets):
    for part in sets:
        tell(part.images)
        tell(part.labels)
        for size in (32, 700, 900, 1999, 64, 1900):
            for array in part.next_batch(size, shuffle=size != 64):
                tell(array)
            print("%d %d" % (part.num_examples, part.epochs_completed))

tf.set_random_seed(777)
tell_all(input_data.read_data_sets("data", one_hot=True))
tell_all(input_data.read_data_sets("data", reshape=False, validation_size=0, seed=5)[::2])
tell_all(input_data.read_data_sets("data", dtype=tf.uint8, validation_size=600, source_url=""))
fake = input_data.read_data_sets("data", fake_data=True, one_hot=True)
print(fake.train.num_examples, fake.test.next_batch(2, fake_data=True)[1])
try:
    input_data.read_data_sets("data", validation_size=8000)
except ValueError as error:
    print(error)
"""


def printed(python: str, folder: str) -> list[str]:
    """What the program in `folder` prints, but for what TF 1's reader says of its files."""
    done = subprocess.run(
        [python, "program.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return [line for line in done.stdout.splitlines() if not line.startswith("Extracting ")]


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Proves the reader of MNIST.")
    parser.add_argument("--tf1", required=True, help="a Python with TensorFlow 1.15")
    parser.add_argument("--tf2", required=True, help="a Python with the newest TensorFlow")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "program.py").write_text(PROGRAM, encoding="utf-8")
        before = printed(options.tf1, folder)
        fix = ("-m", "tf2lint", "fix", "--unsafe", "--write-mnist", folder)
        subprocess.run([sys.executable, *fix], check=True)
        after = printed(options.tf2, folder)
    differ = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    for one, two in differ:
        print(f"TF 1: {one}\nTF 2: {two}")
    print(f"{len(before)} lines, {len(differ)} of them differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
