"""In which of three states a module is: runs as TF 2, through compat.v1, or needs a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tf2lint.check.engine import asked, check
from tf2lint.check.prefilter import may_concern
from tf2lint.finding import Finding
from tf2lint.fixes import switch
from tf2lint.options import COMPAT, TF2, Options
from tf2lint.source import Source
from tf2lint.tensorflow import api

PERSON = "person"


@dataclass(frozen=True)
class State:
    """The state of a module: `TF2`, `COMPAT` or `PERSON`; empty where it uses no TensorFlow.

    `keras_2`: it is so with the package tf_keras and `TF_USE_LEGACY_KERAS=1`. `left` is what a
    person has to see to; `switch` that one has to say that the program runs as TF 1. `opens`: the
    module opens sessions for another one that is run. `left_out`: something that raises does not
    count, so that it is only true of the rest.
    """

    name: str = ""
    keras_2: bool = False
    left: tuple[Finding, ...] = ()
    switch: bool = False
    opens: bool = False
    left_out: bool = False


def state_of(
    source: Source, options: Options, counts: Callable[[Finding], bool] = lambda _: True
) -> State:
    """The state of the module, as `check` with `allow_compat_v1` sees it.

    What does not count, as a comment or the selection says, is no reason for another state.
    """
    options = replace(options, edits="", moved=False, mnist=None, allow_compat_v1=False)
    if not may_concern(source.text, source.path, options):
        return State()
    need, uses = asked(source, options, lambda e: (switch.need(e.module), bool(e.module.uses)))
    found = [f for f in check(source, options) if f.status != "idiom"]
    if not any(map(counts, found)):
        return State(TF2 if uses else "", left_out=_raises(found))
    told = replace(options, allow_compat_v1=True)
    found = check(source, told)
    left, keras_2 = _left(found, counts), False
    if left and told.target >= api.KERAS_3 and not told.keras:
        with_keras_2 = check(source, replace(told, keras=2))
        keras_2 = not _left(with_keras_2, counts)
        found = with_keras_2 if keras_2 else found
        left = _left(found, counts)
    unsaid = need.runs and not need.in_graphs
    if left or unsaid:
        return State(PERSON, False, left, unsaid, need.opens)
    return State(COMPAT, keras_2, opens=need.opens, left_out=_raises(found))


def _left(found: list[Finding], counts: Callable[[Finding], bool]) -> tuple[Finding, ...]:
    return tuple(f for f in found if f.status in ("removed", "changed") and counts(f))


def _raises(found: list[Finding]) -> bool:
    return any(finding.status == "removed" for finding in found)
