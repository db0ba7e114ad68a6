"""Every public name and every argument of TF 1.15, asked at once: what is gone gives one finding."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

import pytest

from tests.support import findings, said, told
from tf2lint.finding import Finding
from tf2lint.fixes.templates import valid
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import dotted
from tf2lint.tensorflow.status import status_of

TARGETS = [(2, 0), (2, 3), (2, 15), api.NEWEST]
_IDS = [dotted(target) for target in TARGETS]

# Gone from tf.*, and compat.v1 is where they are to be had under TF 2, too: nothing to say.
# The same object in both, and no longer of use under eager execution.
ELSEWHERE = frozenset({"tf.keras.backend.gradients"})


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """All public names of TF 1.15, contrib's included."""
    out: list[str] = []
    todo = [f"tf.{name}" for name in reversed(api.children("tf"))]
    while todo:
        name = todo.pop()
        symbol = api.symbol(name)
        if symbol is None:
            continue
        if symbol.tf1:
            out.append(name)
        if symbol.kind == "module":
            todo += [f"{name}.{child}" for child in reversed(api.children(name))]
    return tuple(out)


def by_line(head: str, lines: list[str], target: api.Version) -> list[list[Finding]]:
    """The findings on each of `lines`, which stand below `head`."""
    text = head + "".join(f"{line}\n" for line in lines)
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings(text, target_version=dotted(target)):
        found[finding.line].append(finding)
    first = head.count("\n") + 1
    return [found[first + place] for place in range(len(lines))]


def wrong(route: str, target: api.Version, found: list[list[Finding]]) -> list[str]:
    """Names that have not the findings that they should have, or a hint that does not hold."""
    out = []
    for name, here in zip(names(), found, strict=True):
        status = status_of(name, route, target)
        if status in ("removed", "compat"):
            right = len(here) == 1
        elif status == "same":
            right = not here or name in ELSEWHERE
        else:
            right = len(here) <= 1
        hints = [told(f) for f in here if f.hint is not None]
        if route == "v1":  # what `tf.X` is there
            hints = [re.sub(r"(?<![\w.])tf\.(?!compat\.)", "tf.compat.v1.", hint) for hint in hints]
        right = right and all(valid(hint, target) for hint in hints)
        if not right:
            out.append(f"{name} ({status}): {[said(f) for f in here]}")
    return out


def test_the_table_is_whole() -> None:
    assert len(names()) > 6500
    assert {"tf.log", "tf.contrib.slim.conv2d", "tf.train.AdamOptimizer"} <= {*names()}


@pytest.mark.parametrize("target", TARGETS, ids=_IDS)
def test_names_of_the_package(target: api.Version) -> None:
    found = by_line("import tensorflow as tf\n", list(names()), target)
    assert wrong("tf", target, found) == []


def test_names_of_the_package_in_full() -> None:
    lines = [f"tensorflow{name[2:]}" for name in names()]
    assert wrong("tf", api.NEWEST, by_line("import tensorflow\n", lines, api.NEWEST)) == []


@pytest.mark.parametrize("target", TARGETS[1:], ids=_IDS[1:])
def test_names_through_compat_v1(target: api.Version) -> None:
    found = by_line("import tensorflow.compat.v1 as tf\n", list(names()), target)
    assert wrong("v1", target, found) == []


def test_imported_names() -> None:
    lines = []
    for name in names():
        owner, _, leaf = name.rpartition(".")
        lines.append(f"from tensorflow{owner[2:]} import {leaf}")
    assert wrong("tf", api.NEWEST, by_line("", lines, api.NEWEST)) == []


@pytest.mark.parametrize("target", [(2, 0), (2, 15), api.NEWEST], ids=str)
def test_no_hint_on_a_call_names_what_the_target_lacks(target: api.Version) -> None:
    lines = [f"{name}()" for name in names()]
    found = [f for here in by_line("import tensorflow as tf\n", lines, target) for f in here]
    assert len(found) > 3000
    assert [said(f) for f in found if f.hint and not valid(told(f), target)] == []


# --- arguments ---------------------------------------------------------------------------------

# Reported as a whole, whatever is passed.
WHOLE = {
    "tf.gradients", "tf.hessians", "tf.keras.backend.gradients", "tf.saved_model.load",
}  # fmt: skip
# The same for one keyword alone: another argument is missing, or the result is another one.
SOMETIMES = {
    "TF110", "TF703", "TF704", "TF906", "TF909",
}  # fmt: skip
# Keywords that the signature swallows and the function refuses, or ignores.
SWALLOWED = {
    ("tf.keras.Input", "tensor"),
    ("tf.keras.layers.Input", "tensor"),
    ("tf.keras.callbacks.TensorBoard", "batch_size"),
    ("tf.keras.callbacks.TensorBoard", "embeddings_data"),
    ("tf.keras.callbacks.TensorBoard", "embeddings_layer_names"),
    ("tf.keras.callbacks.TensorBoard", "write_grads"),
    ("tf.keras.layers.BatchNormalization", "adjustment"),
    ("tf.keras.layers.BatchNormalization", "fused"),
    ("tf.keras.layers.BatchNormalization", "virtual_batch_size"),
    ("tf.keras.layers.Embedding", "input_length"),
    ("tf.keras.layers.Layer", "dynamic"),
    ("tf.keras.layers.RNN", "time_major"),
    ("tf.keras.models.save_model", "save_format"),
    ("tf.keras.models.save_model", "signatures"),
}


def parameters(target: api.Version) -> list[tuple[str, str, bool]]:
    """Symbol, parameter of its TF 1.15 signature, whether the target's takes it by keyword."""
    out = []
    for name in names():
        symbol = api.symbol(name)
        if symbol is None or symbol.kind not in ("class", "function"):
            continue
        if status_of(name, "tf", target) not in ("same", "exists"):
            continue
        before = api.signature(name, "tf1", target)
        after = api.signature(name, "v2", target)
        if before is None or after is None:
            continue
        for parameter in before.params:
            if parameter.kind in ("pos_or_kw", "kw") and parameter.name[0] != "_":
                out.append((name, parameter.name, after.accepts(parameter.name)))
    return out


@pytest.mark.parametrize("target", TARGETS[::3], ids=_IDS[::3])
@pytest.mark.parametrize(
    "head", ["import tensorflow as tf\n", "from tensorflow.compat import v1 as tf\n"]
)
def test_keywords(head: str, target: api.Version) -> None:
    rows = parameters(target)
    assert len(rows) > 10_000
    found = by_line(head, [f"{name}({word}=value)" for name, word, _ in rows], target)
    wrongly = []
    for (name, word, taken), here in zip(rows, found, strict=True):
        untrue = [said(f) for f in here if f.hint and not valid(told(f), target)]
        assert untrue == []
        if any(f.column == 0 for f in here):
            assert name in WHOLE or here[0].code in SOMETIMES, said(here[0])
            continue
        at_keyword = [f for f in here if f.column == len(name) + 1]
        if at_keyword != here or len(here) > 1:
            wrongly.append(f"{name}({word}=): {here}")
        elif (name, word) not in SWALLOWED and bool(here) == taken:
            wrongly.append(f"{name}({word}=) is taken: {taken}; {here}")
    assert wrongly == []
