"""Which matchers are asked for what is found in the code, and in which order.

For a reference to a symbol, until one has something to say (or says `QUIET`):

1. in a module that is not public: `otherwise("private")`, and nothing else;
2. `on` of the symbol; for a class member that no rule names, of the nearest class above;
3. `under` of the longest part of the symbol;
4. where the target lacks the symbol: `otherwise("symbols")`.

If none has, and the reference is called: all `argument` of the symbol, then all
`otherwise("calls")` for other places than those. In any case all `on(..., beside=True)`.

For a member of an object of which nothing is known: `method` of its name, until one has something
to say, and all `method(..., beside=True)`. For a call with keywords, whatever it is a call of: all
`argument(keyword=...)`. For an assignment: all `store`. For an import of another package: all
`import_of`. Rules that are off are not asked.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

from tf2lint.check.reference import Reference
from tf2lint.check.registry import Entry, registry
from tf2lint.semantics.symbols import bases_of, below
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.status import status_of


def by_name(table: dict[str, list[Entry]], symbol: str) -> list[Entry]:
    """Entries for the symbol; for a member also those of the classes above."""
    entries = list(table.get(symbol, ()))
    owner, _, name = symbol.rpartition(".")
    if owner != "tf" and owner and not entries:
        for base in bases_of(owner):
            entries += table.get(f"{base}.{name}", ())
            if entries:
                break
    return entries


def as_whole(ref: Reference) -> Iterator[Entry]:
    """Entries that may report the reference itself, in the order in which they are asked."""
    rules = registry()
    if ref.route == "private":
        yield from rules.rest("private")
        return
    yield from by_name(rules.exact, ref.symbol)
    prefix = ref.symbol
    while prefix and not ref.is_method:
        yield from rules.prefixes.get(prefix, ())
        prefix = prefix.rpartition(".")[0]
    if not ref.is_method and ref.status not in ("same", "exists"):
        yield from rules.rest("symbols")


@lru_cache(maxsize=8192)
def is_quiet(path: str, target: api.Version) -> bool | None:
    """Whether no rule says anything of the symbol at `path` itself; most are just fine.

    None where a rule has to be asked; True where no rule asks for calls of it by name either,
    so that only its signatures are left to look at.
    """
    name, route = paths.symbol(path), paths.route(path)
    if route == "private" or not api.known(name):
        return None
    if status_of(name, route, target) not in ("same", "exists"):
        return None
    rules = registry()
    owner, _, member = name.rpartition(".")
    names = [name, *(f"{base}.{member}" for base in bases_of(owner))]
    if any(n in rules.exact or n in rules.beside for n in names):
        return None
    above = name
    while above:
        if above in rules.prefixes:
            return None
        above = above.rpartition(".")[0]
    return not any(n in rules.arguments for n in names)


@lru_cache(maxsize=8192)
def is_settled(root: str, attributes: tuple[str, ...], target: api.Version) -> bool | None:
    """As `is_quiet` of `root.attributes`; None, too, where one of the symbols before it is not.

    What rules say of the root alone is asked where it stands alone.
    """
    path, quiet = root, None if attributes else is_quiet(root, target)
    for attribute in attributes:
        if below(path, attribute) != (Symbol(f"{path}.{attribute}"),):
            return None
        path = f"{path}.{attribute}"
        quiet = is_quiet(path, target)
        if quiet is None:
            return None
    return quiet


@lru_cache(maxsize=8192)
def _shared(
    symbol: str, target: api.Version
) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]] | None:
    """What TF 1 and the target agree on: keywords, leading positions; and what has to be given."""
    old = api.signature(symbol, "tf1", target)
    new = api.signature(symbol, "v2", target)
    if old is None or new is None or old.has_var_positional or new.has_var_positional:
        return None
    leading = tuple(
        name for name, _ in takewhile(
            lambda pair: pair[0] == pair[1], zip(old.positional, new.positional, strict=False)
        )
    )  # fmt: skip
    return frozenset(old.names) & frozenset(new.names), leading, frozenset(new.required)


def fits_both(call: ast.Call | None, path: str, target: api.Version) -> bool:
    """Whether the call means the same by both signatures."""
    found = _shared(paths.symbol(path), target)
    if found is None or call is None:
        return False
    keywords, leading, required = found
    if len(call.args) > len(leading) or any(type(a) is ast.Starred for a in call.args):
        return False
    given = {*leading[: len(call.args)]}
    for keyword in call.keywords:
        if keyword.arg not in keywords:
            return False
        given.add(keyword.arg)
    return required <= given
