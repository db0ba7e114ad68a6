"""Every rule's own examples, run: bad gives its one code at the marked place, good nothing."""

from __future__ import annotations

import ast

import pytest

from tests.support import findings, place, unmark
from tf2lint.check.registry import rules
from tf2lint.finding import Example, Rule

CASES = [
    pytest.param(rule, example, id=f"{rule.code}-{number}")
    for rule in rules()
    for number, example in enumerate(rule.examples)
]


def _settings(rule: Rule, example: Example) -> dict[str, object]:
    settings = dict(example.options)
    if not rule.default:
        settings.setdefault("enable", [rule.code])
    return settings


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_bad_gives_exactly_its_code_at_the_mark(rule: Rule, example: Example) -> None:
    text, mark = unmark(example.bad)
    assert mark is not None, "a bad example marks the place with «»"
    found = findings(text, **_settings(rule, example))
    assert [(f.code, place(f)) for f in found] == [(rule.code, mark)]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_good_gives_nothing(rule: Rule, example: Example) -> None:
    ast.parse(example.good)
    assert findings(example.good, **_settings(rule, example)) == []


def test_every_rule_has_an_example() -> None:
    assert [rule.code for rule in rules() if not rule.examples] == []
