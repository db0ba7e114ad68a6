"""Families and rules: what cannot be registered, and who is asked for what."""

from __future__ import annotations

import pytest

from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import Family, Handle, Registry, registry


def _rule(family: Family, code: str, name: str) -> Handle:
    return family.rule(code, name, "W", summary="s", page="p", examples=[])


def _says_nothing(ref: Reference) -> Report | None:
    del ref


def test_a_code_that_is_taken_is_told() -> None:
    family = Family("TF9", "nine")
    _rule(family, "TF901", "one")
    _rule(family, "TF901", "other")
    with pytest.raises(ValueError, match=r"TF901 \(other\) is registered twice: .* TF901 \(one\)"):
        Registry(family)


def test_a_name_that_is_taken_is_told() -> None:
    family = Family("TF9", "nine")
    _rule(family, "TF901", "one")
    _rule(family, "TF902", "one")
    with pytest.raises(ValueError, match=r"TF902 \(one\) is registered twice: .* TF901 \(one\)"):
        Registry(family)


def test_a_family_is_made_once() -> None:
    with pytest.raises(ValueError, match="two families TF9"):
        Registry(Family("TF9", "nine"), Family("TF9", "the ninth"))


def test_a_rule_has_its_family_in_its_code() -> None:
    with pytest.raises(ValueError, match="TF801 is not of family TF9"):
        _rule(Family("TF9", "nine"), "TF801", "one")


def test_every_verb_has_its_table() -> None:
    family = Family("TF9", "nine")
    rule = _rule(family, "TF901", "one")
    rule.on("tf.a")(_says_nothing)
    rule.on("tf.b", beside=True)(_says_nothing)
    rule.under("tf.c")(_says_nothing)
    rule.method("d", foreign=True)(_says_nothing)
    rule.method("e", anywhere=True, beside=True)(_says_nothing)
    rule.argument("tf.f")(_says_nothing)
    rule.argument(keyword="g")(_says_nothing)
    rule.import_of("h")(_says_nothing)
    rule.store("tf.C.i")(_says_nothing)
    rule.otherwise("calls", 2)(_says_nothing)
    rule.otherwise("calls", 1, word="first", members=["j"])(_says_nothing)
    made = Registry(family)
    tables = (made.exact, made.beside, made.prefixes, made.unknown, made.beside_unknown,
              made.arguments, made.keywords, made.packages, made.stores)  # fmt: skip
    assert [next(iter(table)) for table in tables] == [
        "tf.a", "tf.b", "tf.c", "d", "e", "tf.f", "g", "h", "tf.C.i",
    ]  # fmt: skip
    assert [entry.word for entry in made.rest("calls")] == ["first", ""]
    assert made.rest("private") == []
    assert (made.foreign, made.anywhere) == ({"d"}, {"e"})
    assert made.members() == {"d", "e", "j"}


def test_the_registry_is_the_same_each_time() -> None:
    assert registry() is registry()
    assert registry().families["TF9"]
