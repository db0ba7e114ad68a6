"""Which rules a run reports: `--select` and `--ignore`, by code, prefix, or name.

For what runs outside the hosts, which have their own ways. Settings often name rules, so what
names them is in a table beside them: to load them takes as long as all else that a run needs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from tf2lint.finding import Finding, Rule
from tf2lint.options import OptionError, Options, nearest

_TABLE = os.path.join(os.path.dirname(__file__), "rules", "codes.txt")


@dataclass(frozen=True)
class Selection:
    """The codes that are reported (None: all), and those of them that are off unless asked for."""

    codes: frozenset[str] | None = None
    asked_for: frozenset[str] = frozenset()

    def takes(self, finding: Finding) -> bool:
        """Whether `finding` is reported."""
        return self.codes is None or finding.code in self.codes

    def without(self, codes: frozenset[str]) -> Selection:
        """The same without `codes`."""
        if not codes:
            return self
        known = self.codes
        if known is None:
            known = frozenset(rule.code for rule in _rules())
        return replace(self, codes=known - codes)

    def enabling(self, options: Options) -> Options:
        """`options` with the rules on that were asked for."""
        return replace(options, enable=options.enable | self.asked_for)


def make_selection(
    select: Sequence[str] = (), ignore: Sequence[str] = (), extend_select: Sequence[str] = ()
) -> Selection:
    """A selection from codes (`TF101`), prefixes (`TF1`) and names (`summary-merge-all`).

    Where several speak of a rule, the most exact one counts, and `ignore` before the others.
    A rule that is off by default is asked for by its code or name, not by a prefix.
    Raises `OptionError` for what fits no rule.
    """
    if not (select or ignore or extend_select):
        return Selection()
    codes: set[str] = set()
    asked_for: set[str] = set()
    rules = _rules([*select, *ignore, *extend_select])
    words = {
        "select": [_check("select", word, rules) for word in select] or [("TF", False)],
        "extend-select": [_check("extend-select", word, rules) for word in extend_select],
        "ignore": [_check("ignore", word, rules) for word in ignore],
    }
    for rule in rules:
        wanted = [w for w in words["select"] + words["extend-select"] if _fits(rule, w[0])]
        unwanted = [w for w in words["ignore"] if _fits(rule, w[0])]
        if max(map(_weight, wanted), default=0) > max(map(_weight, unwanted), default=0):
            codes.add(rule.code)
            if not rule.default and any(exact for _, exact in wanted):
                asked_for.add(rule.code)
    return Selection(frozenset(codes), frozenset(asked_for))


def parse_enable(items: list[str]) -> frozenset[str]:
    """Codes or names of rules to codes; `all` is every rule. Raises `OptionError`."""
    if not items:
        return frozenset()
    known = {rule.code: rule for rule in _rules(item for item in items if item != "all")}
    names = {rule.name: rule.code for rule in known.values()}
    codes: set[str] = set()
    for item in items:
        if item == "all":
            codes.update(known)
        elif item in known:
            codes.add(item)
        elif item in names or item.removeprefix("tf1-") in names:
            codes.add(names[item.removeprefix("tf1-")])
        else:
            raise OptionError(f"tf2-enable: no rule {item!r}{nearest(item, [*known, *names])}")
    return frozenset(codes)


def codes_of(option: str, words: Sequence[str]) -> frozenset[str]:
    """The codes of all rules that `words` name. Raises `OptionError`."""
    rules = _rules(words)
    prefixes = tuple(_check(option, word, rules)[0] for word in words)
    return frozenset(rule.code for rule in rules if rule.code.startswith(prefixes))


def find_rule(word: str) -> Rule | None:
    """The rule with that code, name, or pylint symbol or id."""
    return _named(word, _loaded())


def table(rules: Iterable[Rule]) -> str:
    """The text of the table: a line a rule."""
    return "".join(
        f"{rule.code} {rule.name} {rule.category} {'on' if rule.default else 'off'}\n"
        for rule in rules
    )


def _rules(words: Iterable[str] = ()) -> Sequence[Rule]:
    """All rules, without their texts; or the rules themselves, where the table lacks a word."""
    known = _of_table()
    if all(word == "ALL" or _named(word, known) or _starts(word, known) for word in words):
        return known
    return _loaded()


@lru_cache(maxsize=1)
def _of_table() -> tuple[Rule, ...]:
    with open(_TABLE, encoding="utf-8") as file:
        rows = [line.split() for line in file]
    return tuple(
        Rule(code, name, category, summary="", page="", examples=(), default=default == "on")
        for code, name, category, default in rows
    )


def _loaded() -> list[Rule]:
    from tf2lint.check.registry import rules  # slow to load

    return rules()


def _check(option: str, word: str, rules: Sequence[Rule]) -> tuple[str, bool]:
    """`word` as a code prefix, and whether it names one rule."""
    rule = _named(word, rules)
    if rule is not None:
        return rule.code, True
    if word == "ALL":
        return "TF", False
    if _starts(word, rules):
        return word, False
    known = [word for rule in rules for word in (rule.code, rule.name)]
    raise OptionError(f"--{option}: no rule {word!r}{nearest(word, known)}")


def _named(word: str, rules: Iterable[Rule]) -> Rule | None:
    for rule in rules:
        if word in (rule.code, rule.name, rule.pylint_symbol, rule.pylint_id):
            return rule
    return None


def _starts(word: str, rules: Iterable[Rule]) -> bool:
    return word.startswith("TF") and any(rule.code.startswith(word) for rule in rules)


def _fits(rule: Rule, prefix: str) -> bool:
    return rule.code.startswith(prefix)


def _weight(word: tuple[str, bool]) -> int:
    return len(word[0])
