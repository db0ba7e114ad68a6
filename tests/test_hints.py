"""A hint is a claim: what it names exists in the target, with those arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import findings, unmark
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


def test_the_check_itself_sees_what_is_wrong() -> None:
    assert not valid("tf.keras.optimizers.Nonesuch(learning_rate=1)", api.NEWEST)
    assert not valid("tf.reduce_sum(x, keep_dims=True)", api.NEWEST)
    assert not valid("tf.layers.dense", api.NEWEST)
    assert valid("tf.keras.optimizers.Adam(learning_rate=1)", api.NEWEST)
