"""In which of three states a module is: runs as TF 2, through compat.v1, or needs a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tf2lint.check import engine
from tf2lint.check.engine import asked
from tf2lint.check.prefilter import may_concern
from tf2lint.finding import Finding
from tf2lint.fixes import switch
from tf2lint.options import COMPAT, TF2, Options
from tf2lint.source import Source
from tf2lint.tensorflow import api, graph_mode

PERSON = "person"
Check = Callable[[Source, Options], list[Finding]]


@dataclass(frozen=True)
class State:
    """The state of a module: `TF2`, `COMPAT` or `PERSON`; empty where it uses no TensorFlow.

    `keras_2`: it is so with the package tf_keras and `TF_USE_LEGACY_KERAS=1`. `left` is what a
    person has to see to, beside that; `switch` that one has to say that the program runs as TF 1.
    `opens`: the module opens sessions for another one that is run. `left_out`: something that
    raises does not count, so that it is only true of the rest.
    """

    name: str = ""
    keras_2: bool = False
    left: tuple[Finding, ...] = ()
    switch: bool = False
    opens: bool = False
    left_out: bool = False


def state_of(
    source: Source,
    options: Options,
    counts: Callable[[Finding], bool] = lambda _: True,
    check: Check = engine.check,
) -> State:
    """The state of the module, as `check` with `allow_compat_v1` sees it.

    What does not count, as a comment or the selection says, is no reason for another state.
    """
    options = _plain(options)
    if not may_concern(source.text, source.path, options):
        return State()
    need, uses = asked(source, options, lambda e: (switch.need(e.module), any(e.module.uses)))
    found = [f for f in check(source, options) if f.status != "idiom"]
    if not any(map(counts, found)):
        return State(TF2 if uses else "", left_out=_raises(found))
    told = replace(options, allow_compat_v1=True)
    found = check(source, told)
    left, keras_2 = _left(found, counts), False
    if left and _has_keras_3(told):
        with_keras_2 = check(source, replace(told, keras=2))
        rest = _left(with_keras_2, counts)
        if len(rest) < len(left):
            keras_2, found, left = True, with_keras_2, rest
    unsaid = need.runs and not need.in_graphs
    if left or unsaid:
        return State(PERSON, keras_2, left, unsaid, need.opens)
    return State(COMPAT, keras_2, opens=need.opens, left_out=_raises(found))


def stays_in_graph(
    source: Source, options: Options, counts: Callable[[Finding], bool], check: Check = engine.check
) -> bool:
    """Whether a person has to see to something that only works in a graph."""
    options = replace(_plain(options), allow_compat_v1=True)
    if not may_concern(source.text, source.path, options):
        return False
    bound = _bound(check(source, options), counts)
    if not _has_keras_3(options) or not all(_is_of_keras(f.symbol, options) for f in bound):
        return bool(bound)
    # What Keras 2 has is no reason for a person.
    return bool(bound) and bool(_bound(check(source, replace(options, keras=2)), counts))


def _bound(found: list[Finding], counts: Callable[[Finding], bool]) -> list[Finding]:
    return [f for f in _left(found, counts) if graph_mode.needed_by(f.symbol)]


def _plain(options: Options) -> Options:
    return replace(options, edits="", moved=False, mnist=None, allow_compat_v1=False)


def _has_keras_3(options: Options) -> bool:
    return options.target >= api.KERAS_3 and not options.keras


def _is_of_keras(symbol: str, options: Options) -> bool:
    names = symbol, symbol.replace("tf.", "tf.compat.v1.", 1)
    return any(api.needs_keras_2(name, options.target) for name in names)


def _left(found: list[Finding], counts: Callable[[Finding], bool]) -> tuple[Finding, ...]:
    return tuple(f for f in found if f.status in ("removed", "changed") and counts(f))


def _raises(found: list[Finding]) -> bool:
    return any(finding.status == "removed" for finding in found)
