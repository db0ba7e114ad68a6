"""What good TF 2 code costs, counted: what is gained here is not lost unseen.

Not in seconds, so that it is the same on every machine. Who makes it cheaper lowers the bounds.
"""

from __future__ import annotations

from benchmarks.speed import trees
from benchmarks.speed.counts import Counts, counted
from tests.test_fixtures import FIXTURES
from tf2lint.baseline import check_new
from tf2lint.options import Options
from tf2lint.source import Source

QUESTIONS = 1.4  # for each place that reads a name
CALLS = 60  # of functions, for each of them


def _good() -> list[tuple[str, str]]:
    texts = [
        (path.name, path.read_text(encoding="utf-8")) for path in FIXTURES.glob("*_tf2_clean.py")
    ]
    texts += [(f"{number}.py", trees.TF2.replace("{number}", str(number))) for number in range(5)]
    return texts


def test_good_code_is_asked_little() -> None:
    for name, text in _good():
        assert check_new(Source(text, name), Options()) == []
    found = counted(_good())  # and what is kept from one file to the next is there
    assert found.places > 200
    assert found.questions <= QUESTIONS * found.places
    assert found.calls <= CALLS * found.places


def test_all_is_counted() -> None:
    """Twice the code is twice the questions."""
    once, twice = counted(_good()), counted(_good() + _good())
    assert twice.places == 2 * once.places
    assert 1.9 * once.questions <= twice.questions <= 2 * once.questions + 1
    assert once != Counts(once.places, 0, 0)
