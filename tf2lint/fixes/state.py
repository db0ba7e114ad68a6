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
    module opens sessions for another one that is run.
    """

    name: str = ""
    keras_2: bool = False
    left: tuple[Finding, ...] = ()
    switch: bool = False
    opens: bool = False


def state_of(
    source: Source, options: Options, counts: Callable[[Finding], bool] = lambda _: True
) -> State:
    """The state of the module, as `check` with `allow_compat_v1` sees it.

    A finding that does not count, as a comment says, is taken for what it is: looked at.
    """
    options = replace(options, edits="", moved=False, mnist=None, allow_compat_v1=False)
    if not may_concern(source.text, source.path, options):
        return State()
    need, uses = asked(source, options, lambda e: (switch.need(e.module), bool(e.module.uses)))
    found = [f for f in check(source, options) if f.status != "idiom" and counts(f)]
    if not found:
        return State(TF2 if uses else "")
    told = replace(options, allow_compat_v1=True)

    def left(told: Options) -> tuple[Finding, ...]:
        found = check(source, told)
        return tuple(f for f in found if f.status in ("removed", "changed") and counts(f))

    open_ends, keras_2 = left(told), False
    if open_ends and told.target >= api.KERAS_3 and not told.keras:
        with_keras_2 = left(replace(told, keras=2))
        keras_2 = not with_keras_2
        open_ends = with_keras_2 if keras_2 else open_ends
    unsaid = need.runs and not need.in_graphs
    if open_ends or unsaid:
        return State(PERSON, False, open_ends, unsaid, need.opens)
    return State(COMPAT, keras_2, opens=need.opens)
