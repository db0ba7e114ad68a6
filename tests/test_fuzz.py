"""What `python -m tools.fuzz` has broken once, and a few cases of it."""

from __future__ import annotations

import pytest

from tools import fuzz


@pytest.mark.parametrize(("number", "text"), [pytest.param(n, t, id=i) for i, n, t in fuzz.kept()])
def test_what_broke_once(number: int, text: str) -> None:
    assert fuzz.problem(text, number) == ""


def test_some_mutants() -> None:
    broke = {n: fuzz.problem(t, n) for n, t in fuzz.cases("mutate", 7, 0, 150, fuzz.seeds())}
    assert {number: said for number, said in broke.items() if said} == {}
    assert len(broke) == 150


def test_a_case_is_the_same_on_every_run() -> None:
    pool = fuzz.seeds()
    assert list(fuzz.cases("mutate", 3, 5, 5, pool)) == list(fuzz.cases("mutate", 3, 5, 5, pool))
