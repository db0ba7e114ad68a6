"""What `fix` says of the files: which run as TF 2, which through compat.v1, which need a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from tf2lint.fixes.state import PERSON, State
from tf2lint.internal_error import printable
from tf2lint.options import COMPAT, TF2

_MOST = 4  # reasons that are named for a file
BUT = "but for what a comment or the selection leaves out, which raises"
KERAS_2 = "only with Keras 2: install tf_keras and set TF_USE_LEGACY_KERAS=1"


class _Outcome(Protocol):
    path: str
    state: State


def told(outcomes: Iterable[_Outcome]) -> Iterator[str]:
    """A line for each state with how many files are in it, and one for each that needs a person."""
    by_state: dict[str, list[_Outcome]] = {}
    for outcome in outcomes:
        by_state.setdefault(outcome.state.name, []).append(outcome)
    if found := by_state.get(TF2):
        yield f"{_files(len(found), 'runs', 'run')} as TF 2"
        yield from _but(found)
    if found := by_state.get(COMPAT):
        yield f"{_files(len(found), 'runs', 'run')} through compat.v1"
        yield from _but(found)
        needing = [outcome for outcome in found if outcome.state.keras_2]
        if needing:
            yield f"{_files(len(needing), 'does', 'do')} so {KERAS_2}"
            yield from (f"  {printable(outcome.path)}" for outcome in needing)
    if found := by_state.get(PERSON):
        yield f"{_files(len(found), 'needs', 'need')} a person:"
        yield from (f"  {printable(o.path)}: {', '.join(_why(o.state))}" for o in found)


def _but(found: list[_Outcome]) -> Iterator[str]:
    """Files of which that is not the whole truth."""
    partly = [outcome for outcome in found if outcome.state.left_out]
    if partly:
        yield f"{_files(len(partly), 'does', 'do')} so {BUT}:"
        yield from (f"  {printable(outcome.path)}" for outcome in partly)


def _files(count: int, one: str, many: str) -> str:
    return f"1 file {one}" if count == 1 else f"{count} files {many}"


def _why(state: State) -> Iterator[str]:
    """What is in the way, each symbol once, with the line where it comes first."""
    first: dict[str, str] = {}
    for finding in state.left:
        first.setdefault(finding.symbol, f"{finding.line} {finding.symbol} ({finding.code})")
    yield from [*first.values()][:_MOST]
    if len(first) > _MOST:
        yield f"{len(first) - _MOST} more"
    if state.switch:
        yield "tf.compat.v1.disable_v2_behavior() at its start"
    if state.keras_2:
        yield "and Keras 2: tf_keras with TF_USE_LEGACY_KERAS=1"
