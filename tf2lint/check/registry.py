"""Where rules register: families, rules, and the symbols that their matchers take.

A family's module makes its rules with `Family.rule` and hangs matchers on them. Loading
`tf2lint.rules` finds every family; nothing lists them by hand.
"""

from __future__ import annotations

import importlib
import pkgutil
from bisect import insort
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Literal

from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example, Rule


class _Quiet(tuple[Report, ...]):
    """See `QUIET`."""

    __slots__ = ()


# A matcher that returns this has taken the reference and has nothing to say of it, because
# another reference of the same expression says it already.
QUIET = _Quiet()

Matched = Report | Iterable[Report] | None
Matcher = Callable[[Reference], Matched]
Rest = Literal["symbols", "calls", "private"]
_Hang = Callable[[Matcher], Matcher]


class Entry:
    """A matcher with the rule that it speaks for."""

    __slots__ = ("by_signature", "match", "rule", "word")

    def __init__(
        self, rule: Rule, match: Matcher, by_signature: bool = False, word: str = ""
    ) -> None:
        self.rule = rule
        self.match = match
        self.word = word  # in the text of every module where it has something to say
        self.by_signature = by_signature  # has nothing to say where TF 1 and TF 2 take the same


class Registry:
    """All rules and matchers of the process."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.families: dict[str, str] = {}
        self.exact: dict[str, list[Entry]] = {}
        self.prefixes: dict[str, list[Entry]] = {}
        self.unknown: dict[str, list[Entry]] = {}
        self.foreign: set[str] = set()  # of these, names also looked at on foreign objects
        self.anywhere: set[str] = set()  # and in modules that do not import TensorFlow
        self.arguments: dict[str, list[Entry]] = {}
        self.beside: dict[str, list[Entry]] = {}
        self.beside_unknown: dict[str, list[Entry]] = {}
        self.keywords: dict[str, list[Entry]] = {}
        self.stores: dict[str, list[Entry]] = {}
        self.packages: dict[str, list[Entry]] = {}
        self._rest: dict[str, list[tuple[int, Entry]]] = {}
        self.more_members: set[str] = set()
        self._members: frozenset[str] | None = None

    def members(self) -> frozenset[str]:
        """Names of all class members that some matcher asks for."""
        if self._members is None:
            names = {*self.unknown, *self.beside_unknown, *self.more_members}
            for table in (self.exact, self.arguments, self.beside):
                for symbol in table:
                    owner, _, name = symbol.rpartition(".")
                    if owner.rpartition(".")[2][:1].isupper():
                        names.add(name)
            self._members = frozenset(names)
        return self._members

    def names(self, symbol: str) -> bool:
        """Whether a matcher asks for `symbol` by name; the tables may not know it (0.x names)."""
        return symbol in self.exact or symbol in self.prefixes

    def rest(self, what: Rest) -> list[Entry]:
        """What is asked of `what` that no matcher asks for by name, in order."""
        return [entry for _, entry in self._rest.get(what, ())]

    def put_last(self, what: Rest, order: int, entry: Entry) -> None:
        """Register `entry` for `rest`."""
        insort(self._rest.setdefault(what, []), (order, entry), key=itemgetter(0))

    def take(self, rule: Rule) -> None:
        """Register `rule`. Raises `ValueError` where its code or name is taken."""
        if rule.code in self.rules or any(r.name == rule.name for r in self.rules.values()):
            raise ValueError(f"rule {rule.code} ({rule.name}) is registered twice")
        self.rules[rule.code] = rule


_registry = Registry()
_loaded = False


class Handle:
    """A rule under construction: hangs matchers on it. All methods are decorators.

    Which matchers are asked first is in `tf2lint.check.dispatch`.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def on(self, *symbols: str, beside: bool = False) -> _Hang:
        """For references to exactly these symbols; class members are `tf.Class.member`.

        With `beside` in addition to what else is reported there; what this reports has to be at
        another place then: a keyword, an argument.
        """
        return self._into(_registry.beside if beside else _registry.exact, symbols)

    def under(self, *symbols: str) -> _Hang:
        """For references to these symbols and everything below; the longest one wins."""
        return self._into(_registry.prefixes, symbols)

    def method(
        self, *names: str, foreign: bool = False, anywhere: bool = False, beside: bool = False
    ) -> _Hang:
        """For members of these names of objects of which nothing is known.

        `foreign` takes in what other packages give, for names that mean TensorFlow anywhere;
        `anywhere` also modules that do not import it; `beside` as in `on`.
        """
        if foreign:
            _registry.foreign.update(names)
        if anywhere:
            _registry.anywhere.update(names)
        return self._into(_registry.beside_unknown if beside else _registry.unknown, names)

    def argument(self, *symbols: str, keyword: str = "") -> _Hang:
        """For calls of these symbols that are not reported as a whole.

        With `keyword` for calls that pass it, of objects of TensorFlow classes or of who knows
        what; the symbol of such a reference is `tf.Class.__call__`, or `tf.?.__call__`.
        """
        if keyword:
            return self._into(_registry.keywords, (keyword,))
        return self._into(_registry.arguments, symbols)

    def import_of(self, *packages: str) -> _Hang:
        """For imports of these packages, which are not TensorFlow, and of what is in them.

        The symbol of such a reference is the dotted name as it is imported.
        """
        return self._into(_registry.packages, packages)

    def store(self, *symbols: str) -> _Hang:
        """For assignments to these attributes, `tf.Class.attribute`, of known objects."""
        return self._into(_registry.stores, symbols)

    def otherwise(
        self,
        what: Rest,
        order: int = 0,
        *,
        by_signature: bool = False,
        word: str = "",
        members: Iterable[str] = (),
    ) -> _Hang:
        """For what no matcher asks for by name; lower orders first.

        `symbols`: names that the target lacks. `calls`: calls, for their arguments; with
        `by_signature` only those that the signatures of TF 1 and TF 2 do not both take as one,
        with `word` only in modules that have it in their text. `private`: whatever is in a
        module that is not public. `members` are the names of class members that this asks for.
        """
        _registry.more_members.update(members)

        def take(match: Matcher) -> Matcher:
            entry = Entry(self.rule, match, by_signature, word)
            _registry.put_last(what, order, entry)
            return match

        return take

    def _into(self, table: dict[str, list[Entry]], keys: Iterable[str]) -> _Hang:
        names = list(keys)

        def take(match: Matcher) -> Matcher:
            for name in names:
                table.setdefault(name, []).append(Entry(self.rule, match))
            return match

        return take


class Family:
    """The rules of one area; `prefix` is what their codes share, `TF1`."""

    def __init__(self, prefix: str, title: str) -> None:
        self.prefix = prefix
        _registry.families[prefix] = title

    def rule(
        self,
        code: str,
        name: str,
        category: str,
        *,
        summary: str,
        page: str,
        examples: Iterable[Example],
        default: bool = True,
        sources: Iterable[str] = (),
        in_patterns: bool = False,
        ends_graph: bool = False,
        compat_helps: bool = True,
    ) -> Handle:
        """Make and register a rule; see `tf2lint.finding.Rule`. Raises `ValueError`."""
        if not code.startswith(self.prefix):
            raise ValueError(f"rule {code} is not of family {self.prefix}")
        rule = Rule(code, name, category, summary, page, tuple(examples), default, tuple(sources),
                    in_patterns, ends_graph, compat_helps)  # fmt: skip
        _registry.take(rule)
        return Handle(rule)


def registry() -> Registry:
    """The registry with every family loaded."""
    global _loaded
    if not _loaded:
        _loaded = True
        import tf2lint.rules as package

        found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for name in sorted(module.name for module in found):
            importlib.import_module(name)
    return _registry


def rules() -> list[Rule]:
    """Every rule, in order of code."""
    return [rule for _, rule in sorted(registry().rules.items())]
