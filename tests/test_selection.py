"""Which rules `--select`, `--ignore` and `--extend-select` leave."""

from __future__ import annotations

import pytest

from tf2lint import selection
from tf2lint.check.registry import rules
from tf2lint.finding import Finding
from tf2lint.options import OptionError
from tf2lint.selection import find_rule, make_selection, parse_enable

ALL = frozenset(rule.code for rule in rules())
TF1 = frozenset(code for code in ALL if code.startswith("TF1"))
OFF = sorted(rule.code for rule in rules() if not rule.default)


def test_everything_unless_told() -> None:
    assert make_selection().asked_for == frozenset()
    for rule in rules():
        found = Finding(1, 0, 1, 1, rule.code, "", "", "removed", rule=rule)
        assert make_selection().takes(found)
        assert not make_selection(["TF101"], ["TF101"]).takes(found)


@pytest.mark.parametrize(
    ("select", "ignore", "extend", "left"),
    [
        (["TF1"], [], [], TF1),
        (["ALL"], [], [], ALL),
        (["TF101"], [], [], {"TF101"}),
        (["summary-merge-all"], [], [], {"TF101"}),
        (["tf1-summary-merge-all"], [], [], {"TF101"}),
        (["W7101"], [], [], {"TF101"}),
        ([], ["TF1"], [], ALL - TF1),
        ([], ["summary-merge-all"], [], ALL - {"TF101"}),
        (["TF1"], ["TF101"], [], TF1 - {"TF101"}),
        (["TF101"], ["TF1"], [], {"TF101"}),
        (["TF101"], ["TF101"], [], set()),
        (["TF1"], ["TF"], [], TF1),
        (["TF101"], [], ["TF201"], {"TF101", "TF201"}),
        ([], ["TF1"], ["TF101"], (ALL - TF1) | {"TF101"}),
    ],
)
def test_the_most_exact_word_counts(
    select: list[str], ignore: list[str], extend: list[str], left: set[str]
) -> None:
    assert make_selection(select, ignore, extend).codes == left


def test_rules_that_are_off_are_asked_for_one_by_one() -> None:
    assert OFF
    assert make_selection(["TF"]).asked_for == frozenset()
    assert make_selection([], [], [OFF[0]]).asked_for == {OFF[0]}
    assert make_selection([], [OFF[0]], [OFF[0]]).asked_for == frozenset()


@pytest.mark.parametrize("word", ["TF999", "tf101", "nonsense", "", "E501"])
def test_what_fits_no_rule_is_refused(word: str) -> None:
    with pytest.raises(OptionError, match=r"^--ignore: no rule"):
        make_selection([], [word])


def test_a_slip_of_the_pen_is_helped() -> None:
    with pytest.raises(OptionError, match=r"did you mean 'summary-merge-all'\?"):
        make_selection(["summary-mergeall"])


def test_every_rule_is_found_by_all_its_names() -> None:
    for rule in rules():
        for word in (rule.code, rule.name, rule.pylint_symbol, rule.pylint_id):
            assert find_rule(word) is rule
    assert find_rule("TF1") is None


def test_a_rule_that_the_table_lacks_yet_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    few = [rule for rule in selection._of_table() if rule.code != "TF101"]
    monkeypatch.setattr(selection, "_of_table", lambda: few)
    assert make_selection(["TF101"]).codes == {"TF101"}
    assert make_selection(["TF1"], ["summary-merge-all"]).codes == TF1 - {"TF101"}
    assert parse_enable(["summary-merge-all"]) == {"TF101"}
