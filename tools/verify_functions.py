"""Holds programs that became functions against themselves on TensorFlow 1: made-up ones, many.

    python -m tools.verify_functions --tf1 PYTHON --tf2 PYTHON [--count 2000] [--seed 0] [--keep]

Each program has variables, placeholders, arithmetic, assignments, training steps and loops over
`sess.run`. It runs on TF 1.15 as it is and on the newest as `fix --to tf2 --unsafe` leaves it, a
few hundred in one process; what they print is compared number by number. `--keep` writes what
became of the first of them to where the tests find it.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.programs.compare import compared
from tf2lint.fixes.fixer import FUNCTIONS, fix
from tf2lint.options import Options

_TOGETHER = 200  # programs in one process
KEPT = Path(__file__).resolve().parent.parent / "tests" / "fix" / "functions" / "made_up.json"
_KEPT = 40  # programs

# Runs inside the Python of a TensorFlow, 1.15's is 3.7.
_RUNNER = """
import contextlib, io, json, os, sys
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import tensorflow as tf
first = tf.__version__.startswith("1.")
if first:
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
answers = []
for text in json.load(sys.stdin):
    if first:
        tf.compat.v1.reset_default_graph()
    out = io.StringIO()
    error = ""
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(text, "program", "exec"), {"__name__": "__main__"})
    except Exception as raised:
        error = "%s: %s" % (type(raised).__name__, raised)
    answers.append((out.getvalue(), error))
print(json.dumps(answers))
"""

_UNARY = ("tf.tanh({})", "tf.sigmoid({})", "tf.square(tf.tanh({}))", "tf.nn.relu({})", "-{}",
          "tf.abs({})", "tf.sin({}) * 0.5")  # fmt: skip
# No `tf.maximum(x, y)`: in functions TF 2.21 makes a wrong number of `tf.maximum(x + x, x)`.
_BINARY = ("{} + {}", "{} * tf.tanh({})", "{} - 0.5 * {}", "tf.add({}, {})")
_OPTIMIZERS = ("tf.train.GradientDescentOptimizer(0.1)", "tf.train.AdamOptimizer(0.05)",
               "tf.train.MomentumOptimizer(0.05, 0.9)", "tf.train.AdagradOptimizer(0.1)",
               "tf.train.AdadeltaOptimizer(0.5)", "tf.train.RMSPropOptimizer(0.05)")  # fmt: skip
_DENSE = """

def dense(t, first, turned=False):
    with tf.name_scope("dense"):
        k = tf.Variable([first, 0.5])
        b = tf.Variable(tf.zeros([2]), name="b")
        # What it gives.
        out = t * k + b
    if turned:
        out = -out
    return tf.tanh(out)

"""


@dataclass
class _Made:
    """A program that is being made up; all values have two elements, or one."""

    draw: random.Random
    lines: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    tensors: dict[str, set[str]] = field(default_factory=dict)  # with the placeholders they need
    assigns: dict[str, set[str]] = field(default_factory=dict)
    trains: dict[str, set[str]] = field(default_factory=dict)
    losses: dict[str, set[str]] = field(default_factory=dict)

    def value(self) -> tuple[str, set[str]]:
        """Something to compute with, and the placeholders that it needs."""
        pool: list[tuple[str, set[str]]] = [(name, set()) for name in self.variables]
        pool += [(name, {name}) for name in self.placeholders]
        pool += list(self.tensors.items()) * 2
        return self.draw.choice(pool)

    def number(self) -> float:
        """A number to begin with."""
        return round(self.draw.uniform(-2, 2), 2)

    def pair(self) -> str:
        """Two numbers, as they are fed."""
        return f"[{self.number()}, {self.number()}]"


def program(seed: int) -> str:
    """A made-up program of TF 1; the same for the same seed."""
    made = _Made(random.Random(seed))
    made.lines.append("import tensorflow as tf\n")
    _begin(made)
    _graph(made)
    _runs(made)
    return "\n".join(made.lines) + "\n"


def _begin(made: _Made) -> None:
    draw = made.draw
    for number in range(draw.randint(0, 2)):
        name = f"x{number}"
        made.placeholders.append(name)
        shape = draw.choice(["[2]", "[None]", "None", "shape=[2]"])
        made.lines.append(f"{name} = tf.placeholder(tf.float32, {shape})")
    for number in range(draw.randint(1, 3)):
        name = f"v{number}"
        made.variables.append(name)
        if draw.random() < 0.25:
            given = f"initializer=tf.constant_initializer({made.number()})"
            made.lines.append(f'{name} = tf.get_variable("{name}", [2], {given})')
        else:
            made.lines.append(f"{name} = tf.Variable({made.pair()})")
    if draw.random() < 0.3:
        made.lines.append(f"w = {{'a': tf.Variable({made.pair()}), 'b': tf.Variable([0.5, 0.5])}}")
        made.variables += ["w['a']", "w['b']"]
    if draw.random() < 0.3:
        made.lines.append("\n\ndef layer(t):\n    return tf.tanh(t + v0)\n\n")
    if draw.random() < 0.3:
        made.lines.append(_DENSE)


def _graph(made: _Made) -> None:
    draw = made.draw
    for number in range(draw.randint(1, 7)):
        one, needs = made.value()
        two, more = made.value()
        if draw.random() < 0.5:
            text, more = draw.choice(_UNARY).format(one), set()
        else:
            text = draw.choice(_BINARY).format(one, two)
        if "def layer" in "".join(made.lines) and draw.random() < 0.3:
            text, more = f"layer({one})", set()
        if _DENSE in made.lines and draw.random() < 0.4:
            text, more = f"dense({one}, {made.number()})", set()
        if draw.random() < 0.03:
            text, more = f"tf.gather({one}, [1, 1])", set()
        name = f"t{number}"
        if made.tensors and draw.random() < 0.15:
            name = draw.choice(list(made.tensors))
        comment = f"# Step {number}.\n" if draw.random() < 0.2 else ""
        if draw.random() < 0.15:
            text = f"with tf.name_scope('s{number}'):\n    {name} = {text}"
        else:
            text = f"{comment}{name} = {text}"
        made.lines.append(text)
        made.tensors[name] = needs | more
    if draw.random() < 0.6:
        _training(made)
    if draw.random() < 0.4:
        value, needs = made.value()
        target = draw.choice(made.variables)
        op = draw.choice([f"tf.assign({target}, tf.tanh({value}))", f"{target}.assign_add(v0)",
                          f"tf.assign_sub({target}, 0.1 * tf.tanh({value}))"])  # fmt: skip
        made.lines.append(f"update = {op}")
        made.assigns["update"] = needs if value in op else set()


def _training(made: _Made) -> None:
    draw = made.draw
    made.lines.append("counter = tf.Variable(0, trainable=False)")
    for number in range(draw.choice([1, 1, 2])):
        value, needs = made.value()
        base = draw.choice(made.variables)
        loss = f"loss{number}"
        made.lines.append(f"{loss} = tf.reduce_sum(tf.square({value} - {base} + 0.5))")
        made.losses[loss] = needs
        optimizer = draw.choice(_OPTIMIZERS)
        given = [loss]
        if draw.random() < 0.3:
            given.append("global_step=counter")
        if draw.random() < 0.3:
            given.append(f"var_list=[{base}]")
        if draw.random() < 0.5:
            made.lines.append(f"opt{number} = {optimizer}")
            optimizer = f"opt{number}"
        if number and "opt0 = " in "\n".join(made.lines) and draw.random() < 0.5:
            optimizer = "opt0"
        if draw.random() < 0.2 and optimizer.startswith("opt"):
            made.lines += [
                f"pairs{number} = {optimizer}.compute_gradients({loss}, [{base}])",
                f"pairs{number} = [(tf.clip_by_value(g, -0.5, 0.5), v) for g, v in pairs{number}]",
                f"train{number} = {optimizer}.apply_gradients(pairs{number})",
            ]
        else:
            made.lines.append(f"train{number} = {optimizer}.minimize({', '.join(given)})")
        made.trains[f"train{number}"] = needs


def _runs(made: _Made) -> None:
    draw = made.draw
    block = draw.random() < 0.5
    indent = "    " if block else ""
    if block:
        made.lines.append("with tf.Session() as sess:")
    else:
        made.lines.append(draw.choice(["sess = tf.Session()", "sess = tf.InteractiveSession()"]))
    made.lines.append(f"{indent}sess.run(tf.global_variables_initializer())")
    for _ in range(draw.randint(1, 4)):
        if draw.random() < 0.5:
            made.lines.append(f"{indent}for step in range({draw.randint(1, 4)}):")
            inner = indent + "    "
            for _ in range(draw.randint(1, 2)):
                made.lines += [inner + line for line in _run(made)]
        else:
            made.lines += [indent + line for line in _run(made)]
    for name in made.variables:
        made.lines.append(f"{indent}print(sess.run({name}))")


def _run(made: _Made) -> Iterator[str]:
    draw = made.draw
    ready = {**made.tensors, **made.losses}
    names = draw.sample(sorted(ready), min(len(ready), draw.randint(1, 3)))
    kind = draw.random()
    if made.trains and kind < 0.45:
        op = draw.choice(sorted(made.trains))
        needs = set(made.trains[op])
        if draw.random() < 0.5:
            yield f"sess.run({op}{_fed(made, needs)})"
            return
        loss = op.replace("train", "loss")
        rest = [loss, *(["v0"] if draw.random() < 0.2 else [])]
        targets = ", ".join(["_", *(f"r{n}" for n in range(len(rest)))])
        yield f"{targets} = sess.run([{', '.join([op, *rest])}]{_fed(made, needs)})"
        yield f"print({', '.join(f'r{n}' for n in range(len(rest)))})"
        return
    if made.assigns and kind < 0.6:
        yield f"sess.run(update{_fed(made, made.assigns['update'])})"
        return
    needs = set().union(*(ready[name] for name in names))
    if len(names) == 1:
        given = _fed(made, needs)
        on = f"sess.run({names[0]}{given})"
        if draw.random() < 0.3:
            on = f"{names[0]}.eval({', '.join(p for p in (given[2:], 'session=sess') if p)})"
        yield f"print({on})"
    elif draw.random() < 0.5:
        yield f"print(sess.run([{', '.join(names)}]{_fed(made, needs)}))"
    else:
        targets = ", ".join(f"r{n}" for n in range(len(names)))
        yield f"{targets} = sess.run([{', '.join(names)}]{_fed(made, needs)})"
        yield f"print({targets})"


def _fed(made: _Made, needs: set[str]) -> str:
    if not needs:
        return ""
    given = ", ".join(f"{name}: {made.pair()}" for name in sorted(needs))
    return f", {made.draw.choice(['', 'feed_dict='])}{{{given}}}"


def _answers(python: str, texts: Sequence[str]) -> list[tuple[str, str]]:
    """What each of the programs prints, and its error."""
    found: list[tuple[str, str]] = []
    for first in range(0, len(texts), _TOGETHER):
        done = subprocess.run(
            [python, "-c", _RUNNER], input=json.dumps(texts[first : first + _TOGETHER]),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        found += [(out, error) for out, error in json.loads(done.stdout.splitlines()[-1])]
        print(f"{python}: {len(found)} of {len(texts)}", file=sys.stderr)
    return found


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Runs made-up programs before and after.")
    parser.add_argument("--tf1", required=True, help="a Python with TensorFlow 1.15")
    parser.add_argument("--tf2", required=True, help="a Python with the newest TensorFlow")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", action="store_true", help="keep the first for the tests")
    options = parser.parse_args()
    seeds, texts, fixed = [], [], []
    refused: Counter[str] = Counter()
    for seed in range(options.seed, options.seed + options.count):
        text = program(seed)
        done = fix(text, "program.py", Options(), FUNCTIONS, unsafe=True)
        if done.text == text:
            refused[done.notes[0].rpartition(": ")[2] if done.notes else done.refused] += 1
            continue
        seeds.append(seed)
        texts.append(text)
        fixed.append(done.text)
    before, after = _answers(options.tf1, texts), _answers(options.tf2, fixed)
    wrong, same = 0, {}
    rows = zip(seeds, fixed, before, after, strict=True)
    for seed, text, (old, error), (new, raised) in rows:
        count, differ = compared(old, old, new)
        if error or raised or differ or not count:
            wrong += 1
            print(f"{seed}: {error or raised or f'{differ} of {count} numbers differ'}"[:300])
        elif len(same) < _KEPT:
            same[str(seed)] = text
    if options.keep:
        KEPT.write_text(json.dumps(same, indent=0) + "\n", encoding="utf-8")
    print(f"{len(seeds)} of {options.count} became functions, {wrong} of them are not the same")
    for reason, count in refused.most_common():
        print(f"left: {count} {reason}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
