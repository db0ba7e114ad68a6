"""Families, rules, and the matchers that hang on them; the registry of all.

A package of `tf2lint.rules` is a family: its `__init__` makes it, its modules make the rules with
`family.rule` and hang matchers on them. `registry` finds every package; nothing lists them.
Edits in several places at once are in a family's module `patterns`, which is loaded to fix.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from operator import attrgetter
from types import ModuleType
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
_PATTERNS = ".patterns"
_Hang = Callable[[Matcher], Matcher]


class Entry:
    """A matcher with the rule that it speaks for."""

    __slots__ = ("about", "by_signature", "match", "of", "order", "rule", "word")

    def __init__(
        self, rule: Rule, match: Matcher, order: int = 0, by_signature: bool = False,
        word: str = "", of: str = "", about: Callable[[str], bool] | None = None,
    ) -> None:  # fmt: skip
        self.rule = rule
        self.match = match
        self.of = of  # the class that an object is taken for, where this says anything of it
        self.order = order  # among what is asked of anything
        self.word = word  # in the text of every module where it has something to say
        self.by_signature = by_signature  # has nothing to say where TF 1 and TF 2 take the same
        self.about = about  # which symbols it looks at; without it all


Table = dict[str, list[Entry]]


class Registry:
    """Rules and matchers of families: `Registry(family, ...)`.

    Raises `ValueError` where two rules have one code or one name.
    """

    def __init__(self, *families: Family) -> None:
        self.families: dict[str, str] = {}
        self.rules: dict[str, Rule] = {}
        self.exact: Table = {}
        self.prefixes: Table = {}
        self.unknown: Table = {}
        self.arguments: Table = {}
        self.beside: Table = {}
        self.beside_unknown: Table = {}
        self.keywords: Table = {}
        self.stores: Table = {}
        self.packages: Table = {}
        self._rest: Table = {}
        self.foreign: set[str] = set()  # of `unknown`, names also looked at on foreign objects
        self.anywhere: set[str] = set()  # and in modules that do not import TensorFlow
        self.inner: set[str] = set()  # also looked at where something is read of them
        self._more_members: set[str] = set()
        for family in families:
            if self.families.setdefault(family.prefix, family.title) is not family.title:
                raise ValueError(f"there are two families {family.prefix}")
            for rule in family.rules:
                self._take(rule)
            for table, keys, entry in family.hung:
                held = getattr(self, table)
                for key in keys:
                    held.setdefault(key, []).append(entry)
            self.foreign |= family.foreign
            self.anywhere |= family.anywhere
            self.inner |= family.inner
            self._more_members |= family.members

    def _take(self, rule: Rule) -> None:
        for other in self.rules.values():
            if other.code == rule.code or other.name == rule.name:
                raise ValueError(
                    f"rule {rule.code} ({rule.name}) is registered twice:"
                    f" there is {other.code} ({other.name})"
                )
        self.rules[rule.code] = rule

    @cached_property
    def _members(self) -> frozenset[str]:
        names = {*self.unknown, *self.beside_unknown, *self._more_members}
        for table in (self.exact, self.arguments, self.beside):
            for symbol in table:
                owner, _, name = symbol.rpartition(".")
                if owner.rpartition(".")[2][:1].isupper():
                    names.add(name)
        return frozenset(names)

    def members(self) -> frozenset[str]:
        """Names of all class members that some matcher asks for."""
        return self._members

    @cached_property
    def telling(self) -> dict[str, list[Entry]]:
        """By the names of methods: entries that say what an object is of which nothing is known."""
        named = {name: [e for e in entries if e.of] for name, entries in self.unknown.items()}
        return {name: entries for name, entries in named.items() if entries}

    @cached_property
    def seldom(self) -> dict[frozenset[str], frozenset[str]]:
        """Names of members that few modules have to be asked for, by the words in their text."""
        found: dict[frozenset[str], frozenset[str]] = {}
        for name, entries in self.unknown.items():
            words = frozenset(entry.word for entry in entries)
            if "" not in words:
                found[words] = found.get(words, frozenset()) | {name}
        return found

    @lru_cache(maxsize=64)  # noqa: B019 - there is one registry
    def members_of(self, owner: str) -> frozenset[str]:
        """Names of the members of the class `owner` that some matcher asks for by name."""
        start = f"{owner}."
        return frozenset(s[len(start) :] for s in self.exact if s.startswith(start))

    def names(self, symbol: str) -> bool:
        """Whether a matcher asks for `symbol` by name; the tables may not know it (0.x names)."""
        return any(symbol in t for t in (self.exact, self.prefixes, self.arguments))

    def rest(self, what: Rest) -> list[Entry]:
        """What is asked of `what` that no matcher asks for by name, in order."""
        return sorted(self._rest.get(what, ()), key=attrgetter("order"))


class Handle:
    """A rule under construction: hangs matchers on it. All methods are decorators.

    Which matchers are asked first is in `tf2lint.check.dispatch`.
    """

    def __init__(self, rule: Rule, family: Family) -> None:
        self.rule = rule
        self._family = family

    def on(self, *symbols: str, beside: bool = False) -> _Hang:
        """For references to exactly these symbols; class members are `tf.Class.member`.

        With `beside` in addition to what else is reported there; what this reports has to be at
        another place then: a keyword, an argument.
        """
        return self._into("beside" if beside else "exact", symbols)

    def under(self, *symbols: str) -> _Hang:
        """For references to these symbols and everything below; the longest one wins."""
        return self._into("prefixes", symbols)

    def method(
        self, *names: str, foreign: bool = False, anywhere: bool = False, beside: bool = False,
        inner: bool = False, of: str = "", word: str = "",
    ) -> _Hang:  # fmt: skip
        """For members of these names of objects of which nothing is known.

        `foreign` takes in what other packages give, for names that mean TensorFlow anywhere;
        `anywhere` also modules that do not import it; `inner` also members of which something is
        read, as those of `foreign` are; `beside` as in `on`. Where the matcher has
        something to say of a call, the object is taken for one of the class `of`: its other
        members are then looked at as well, as guesses. `word` as in `otherwise`.
        """
        if foreign:
            self._family.foreign.update(names)
        if anywhere:
            self._family.anywhere.update(names)
        if inner:
            self._family.inner.update(names)
        return self._into("beside_unknown" if beside else "unknown", names, of, word)

    def argument(self, *symbols: str, keyword: str = "") -> _Hang:
        """For calls of these symbols that are not reported as a whole.

        With `keyword` for calls that pass it, of objects of TensorFlow classes or of who knows
        what; the symbol of such a reference is `tf.Class.__call__`, or `tf.?.__call__`.
        """
        if keyword:
            return self._into("keywords", (keyword,))
        return self._into("arguments", symbols)

    def import_of(self, *packages: str) -> _Hang:
        """For imports of these packages, which are not TensorFlow, and of what is in them.

        The symbol of such a reference is the dotted name as it is imported.
        """
        return self._into("packages", packages)

    def store(self, *symbols: str) -> _Hang:
        """For assignments to these attributes, `tf.Class.attribute`, of known objects."""
        return self._into("stores", symbols)

    def otherwise(
        self,
        what: Rest,
        order: int = 0,
        *,
        by_signature: bool = False,
        word: str = "",
        about: Callable[[str], bool] | None = None,
        members: Iterable[str] = (),
    ) -> _Hang:
        """For what no matcher asks for by name; lower orders first.

        `symbols`: names that the target lacks. `calls`: calls, for their arguments; with
        `by_signature` only those that the signatures of TF 1 and TF 2 do not both take as one,
        with `word` only in modules that have it in their text, with `about` only of symbols that
        this is true of. `private`: whatever is in a module that is not public. `members` are the
        names of class members that this asks for.
        """
        self._family.members.update(members)

        def take(match: Matcher) -> Matcher:
            entry = Entry(self.rule, match, order, by_signature, word, about=about)
            self._family.hung.append(("_rest", [what], entry))
            return match

        return take

    def _into(self, table: str, keys: Iterable[str], of: str = "", word: str = "") -> _Hang:
        names = list(keys)

        def take(match: Matcher) -> Matcher:
            self._family.hung.append((table, names, Entry(self.rule, match, of=of, word=word)))
            return match

        return take


class Family:
    """The rules of one area; `prefix` is what their codes share, `TF1`."""

    def __init__(self, prefix: str, title: str) -> None:
        self.prefix = prefix
        self.title = title
        self.rules: list[Rule] = []
        self.hung: list[tuple[str, list[str], Entry]] = []  # table of the registry, keys, matcher
        self.foreign: set[str] = set()
        self.anywhere: set[str] = set()
        self.inner: set[str] = set()
        self.members: set[str] = set()

    def rule(  # noqa: PLR0913 - a rule has these fields
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
        speaks_for: Iterable[tuple[str, str]] = (),
    ) -> Handle:
        """Make and register a rule; see `tf2lint.finding.Rule`. Raises `ValueError`."""
        if not code.startswith(self.prefix):
            raise ValueError(f"rule {code} is not of family {self.prefix}")
        rule = Rule(code, name, category, summary, page, tuple(examples), default, tuple(sources),
                    in_patterns, ends_graph, compat_helps, tuple(speaks_for))  # fmt: skip
        self.rules.append(rule)
        return Handle(rule, self)


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The registry with every family of `tf2lint.rules`."""
    found = (getattr(module, "family", None) for module in modules())
    return Registry(*dict.fromkeys(family for family in found if isinstance(family, Family)))


def modules() -> Iterator[ModuleType]:
    """The modules of the rules, loaded, in order of their names; helpers come with their users."""
    yield from map(importlib.import_module, (n for n in _names() if not n.endswith(_PATTERNS)))


def patterns() -> list[ModuleType]:
    """The modules `patterns` that families have, beside their rules; only a fix needs them."""
    return [importlib.import_module(name) for name in _names() if name.endswith(_PATTERNS)]


def _names() -> list[str]:
    import tf2lint.rules as package  # the rules need this module

    return sorted(_modules_in(package.__name__, package.__path__))


def _modules_in(package: str, folders: Iterable[str]) -> Iterator[str]:
    """All modules and packages below, but helpers. (`pkgutil` loads `inspect` to find them.)"""
    for folder in folders:
        for entry in os.scandir(folder):
            name = f"{package}.{entry.name.removesuffix('.py')}"
            if entry.name.startswith("_"):
                continue
            if entry.name.endswith(".py"):
                yield name
            elif os.path.exists(os.path.join(entry.path, "__init__.py")):
                yield name
                yield from _modules_in(name, [entry.path])


def rules() -> list[Rule]:
    """Every rule, in order of code."""
    return [rule for _, rule in sorted(registry().rules.items())]
