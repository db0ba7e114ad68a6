"""A hint is a claim: what it names exists in the target, with those arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import findings, told, unmark
from tf2lint.check.registry import registry, rules
from tf2lint.fixes.templates import calls_in, names_in, valid
from tf2lint.tensorflow import api

TARGETS = ("2.0", "2.15", f"{api.NEWEST[0]}.{api.NEWEST[1]}")
FIXTURES = Path(__file__).parent / "fixtures"
HEAD = "import tensorflow as tf\n"


def _wrong(text: str, target: str, **settings: object) -> list[str]:
    """Hints of the findings on `text` that name what the target lacks.

    What the code itself names, such as an argument that goes over as it is, is not the hint's.
    """
    release = api.parse_version(target)
    own = set(names_in(text))
    wrong: list[str] = []
    for finding in findings(text, target_version=target, **settings):
        hint = finding.hint.text if finding.hint is not None else ""
        for name in names_in(hint):
            if name not in own and not valid(name, release):
                wrong.append(f"{finding.code} {finding.symbol}: {name} in {hint!r}")
        for call in calls_in(hint):
            name, keywords = call
            written = f"{name}({', '.join(f'{k}=1' for k in keywords)})"
            if name not in own and not valid(written, release):
                wrong.append(f"{finding.code} {finding.symbol}: {written} in {hint!r}")
    return wrong


@pytest.mark.parametrize("target", TARGETS)
def test_in_every_example(target: str) -> None:
    wrong: list[str] = []
    for rule in rules():
        for example in rule.examples:
            options = dict(example.options)
            options.pop("target-version", None)
            if not rule.default:
                options["enable"] = [rule.code]
            text, _ = unmark(example.bad)
            given = {name.replace("-", "_"): value for name, value in options.items()}
            wrong += _wrong(text, target, **given)
    assert wrong == []


@pytest.mark.parametrize("target", TARGETS)
def test_in_every_fixture(target: str) -> None:
    wrong: list[str] = []
    for path in sorted(FIXTURES.rglob("*.py")):
        wrong += _wrong(path.read_text(encoding="utf-8"), target, enable=["all"])
    assert wrong == []


@pytest.mark.parametrize("route", ["tf", "tf.compat.v1"])
@pytest.mark.parametrize("target", TARGETS)
def test_for_every_symbol_that_a_rule_names(target: str, route: str) -> None:
    """Read and called without arguments, one module for all."""
    known = registry()
    symbols = sorted({*known.exact, *known.prefixes})
    lines = [HEAD]
    for symbol in symbols:
        if symbol != "tf":
            spelled = route + symbol[2:]
            lines.append(f"a = {spelled}\na = {spelled}()\n")
    text = "".join(lines)
    release = api.parse_version(target)
    wrong: list[str] = []
    for finding in findings(text, target_version=target, enable=["all"]):
        hint = finding.hint.text if finding.hint is not None else ""
        if not valid(hint, release):
            wrong.append(f"{finding.code} {finding.symbol}: {hint!r}")
    assert wrong == []


def _texts() -> Iterator[tuple[str, dict[str, object]]]:
    """The examples of all rules and the fixtures, with the settings that they need."""
    for rule in rules():
        for example in rule.examples:
            options = {name.replace("-", "_"): value for name, value in example.options}
            if not rule.default:
                options["enable"] = [rule.code]
            yield unmark(example.bad)[0], options
    for path in sorted(FIXTURES.rglob("*.py")):
        yield path.read_text(encoding="utf-8"), {"enable": ["all"]}


def _in_arguments(text: str) -> set[str]:
    """TensorFlow names in the arguments of calls and below attributes of what is called."""
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    parts = [part for call in calls for part in (*call.args, *call.keywords)]
    parts += [c.func.value for c in calls if isinstance(c.func, ast.Attribute)]
    return {name for part in parts for name in names_in(ast.unparse(part))}


@pytest.mark.parametrize("target", TARGETS)
def test_where_tf_is_compat_v1(target: str) -> None:
    """What is pasted there means what the hint means: the same object through compat.v1, or v2's."""
    release = api.parse_version(target)
    wrong: list[str] = []
    seen = 0
    for text, settings in _texts():
        through = re.sub(r"\bimport tensorflow as tf\b", "import tensorflow.compat.v1 as tf", text)
        if through == text:
            continue
        own = _in_arguments(text)
        for finding in findings(through, **{**settings, "target_version": target}):
            hint = finding.hint.text if finding.hint is not None else ""
            for name in set(names_in(hint)) - own:
                told = name.startswith("tf.compat.") and valid(name, release)
                seen += told
                if not (told or api.is_one_object(name, release) or not api.exists(name, release)):
                    wrong.append(f"{finding.code} {finding.symbol}: {name} in {hint!r}")
                # What compat.v1 alone has is `tf.X` there.
                if name.startswith("tf.compat.v1.") or not api.exists(
                    name if told else f"tf.compat.v1{name[2:]}", release
                ):
                    wrong.append(f"{finding.code} {finding.symbol}: {name} in {hint!r}")
    assert wrong == []
    assert seen > 100 or release < (2, 1)


def test_the_package_has_other_names_beside_compat_v1() -> None:
    head = "import tensorflow.compat.v1 as tf\nimport tensorflow as tf2\n"
    (found,) = [f for f in findings(f"{head}tf.set_random_seed(1)\n") if f.code == "TF916"]
    assert told(found) == "tf2.random.set_seed(1)"
    text = "import tensorflow.compat.v1 as tf\ntf.set_random_seed(1)\n"
    assert told(findings(text)[1]) == "tf.compat.v2.random.set_seed(1)"
    assert told(findings(text, target_version="2.0")[1]) == "tensorflow.random.set_seed(1)"


def test_the_check_itself_sees_what_is_wrong() -> None:
    assert not valid("tf.keras.optimizers.Nonesuch(learning_rate=1)", api.NEWEST)
    assert not valid("tf.reduce_sum(x, keep_dims=True)", api.NEWEST)
    assert not valid("tf.layers.dense", api.NEWEST)
    assert valid("tf.keras.optimizers.Adam(learning_rate=1)", api.NEWEST)


ROOM, LIMIT = 120, 160  # characters of a message that is read in one look, and of any but few


def test_messages_are_read_in_one_look() -> None:
    lengths = {
        finding.message: len(finding.message)
        for text, settings in _texts()
        for finding in findings(text, **{**settings, "enable": ["all"]})
    }
    assert len(lengths) > 500
    long = [message for message, length in lengths.items() if length > ROOM]
    too_long = [message for message, length in lengths.items() if length > LIMIT]
    assert len(long) < 0.15 * len(lengths), long
    assert len(too_long) < 0.01 * len(lengths), too_long


def test_no_list_of_arguments_is_elided_as_a_whole() -> None:
    elided = [
        finding.message
        for text, settings in _texts()
        for finding in findings(text, **settings)
        if re.search(r"\((?:\.\.\.,? ?)+\)", finding.hint.text if finding.hint else "")
    ]
    assert elided == []
