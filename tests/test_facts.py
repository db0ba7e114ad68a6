"""Equal facts have one home: no list of names twice, and one object is told alike by any name."""

from __future__ import annotations

import ast
from itertools import combinations
from pathlib import Path

import pytest

from tests.support import findings
from tf2lint.check.registry import Entry, registry
from tf2lint.tensorflow import api, return_types
from tf2lint.tensorflow.groups import INITIALIZE_ALL
from tf2lint.tensorflow.status import status_of

PACKAGE = Path(api.__file__).parents[1]
SOURCES = sorted(PACKAGE.rglob("*.py"))
ALIASES = (PACKAGE / "tensorflow/data/aliases.tsv").read_text().splitlines()
NAMES = [f"tf.{line.partition(chr(9))[0]}" for line in ALIASES if not line.startswith("#")]

# Rules on a name as such, not on the object: it moved, or belongs to what another rule knows.
OF_NAMES = {"TF802", "TF803", "TF918"}


@pytest.mark.parametrize("name", sorted(INITIALIZE_ALL))
def test_initializers_are_told_alike(name: str) -> None:
    text = f"import tensorflow as tf\nwith tf.Session() as sess:\n    sess.run({name}())\n"
    (found,) = (f for f in findings(text) if f.code == "TF602")
    assert "Delete it" in found.message


def _rules(table: dict[str, list[Entry]], name: str) -> set[str]:
    return {entry.rule.code for entry in table.get(name, ())} - OF_NAMES


@pytest.mark.parametrize("name", NAMES)
def test_one_object_has_one_result_and_rules(name: str) -> None:
    rules = registry()
    for other in api.aliases(name):
        assert return_types.result_of(other) == return_types.result_of(name)
        if status_of(name, "tf", api.NEWEST) == status_of(other, "tf", api.NEWEST):
            for table in (rules.exact, rules.arguments, rules.beside):
                assert _rules(table, name) == _rules(table, other)


def _lists(path: Path) -> list[tuple[str, bool, frozenset[str]]]:
    """The displays of names of TensorFlow in a file: where, whether a mapping, the names."""
    found: list[tuple[str, bool, frozenset[str]]] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Tuple | ast.Set | ast.List):
            parts = node.elts
        elif isinstance(node, ast.Dict):
            parts = [key for key in node.keys if key is not None]
        else:
            continue
        texts = [p.value for p in parts if isinstance(p, ast.Constant) and type(p.value) is str]
        names = frozenset(text for text in texts if text.startswith("tf."))
        if len(names) > 3:
            where = f"{path.relative_to(PACKAGE)}:{node.lineno}"
            found.append((where, isinstance(node, ast.Dict), names))
    return found


def test_no_list_of_names_is_there_twice() -> None:
    lists = [found for path in SOURCES for found in _lists(path)]
    assert len(lists) > 20
    same = [
        (one, other)
        for (one, maps, names), (other, maps_too, others) in combinations(lists, 2)
        if one.partition(":")[0] != other.partition(":")[0]
        and not (maps and maps_too)  # two things that are said of each
        and len(names & others) * 2 > max(len(names), len(others))
    ]
    assert same == []


def test_releases_that_mean_something_have_names() -> None:
    known = {api.KERAS_3: "tensorflow/api.py"}
    for path in SOURCES:
        home = str(path.relative_to(PACKAGE))
        if home in (*known.values(), "tensorflow/_releases.py", "rules/imports/_private.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Tuple) and all(isinstance(e, ast.Constant) for e in node.elts):
                assert ast.literal_eval(node) not in known, f"{home}:{node.lineno}"


@pytest.mark.parametrize("name", ["KLD", "kld", "kullback_leibler_divergence"])
def test_losses_that_keras_has_by_a_longer_name(name: str) -> None:
    (found,) = findings(f"import keras  # tensorflow\nkeras.losses.{name}(1, 2)\n")
    assert found.message == (
        f"`keras.losses.{name}` is not in the keras package of Keras 3."
        " Use `keras.losses.kl_divergence`."
    )


@pytest.mark.parametrize("name", ["layers.RandomHeight", "preprocessing.sequence.skipgrams"])
def test_what_only_tf_keras_has_is_said_so(name: str) -> None:
    (found,) = findings(f"import keras  # tensorflow\nkeras.{name}(1)\n")
    assert "is not in the keras package of Keras 3" in found.message


def test_no_rule_is_named_outside_of_the_rules() -> None:
    rules = registry().rules
    for path in SOURCES:
        if path.is_relative_to(PACKAGE / "rules"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Constant) and node.value in rules
            assert not named, f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"
