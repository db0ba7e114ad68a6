"""The published accuracy: what the README says is what RESULTS.md says, and it is good enough."""

from __future__ import annotations

import re

import pytest

from benchmarks.accuracy import page
from benchmarks.accuracy.fetch import packages
from tests.hosts import ROOT
from tools import keras_changes

RESULTS = (ROOT / "benchmarks/accuracy/RESULTS.md").read_text(encoding="utf-8")
MIXED = (ROOT / "benchmarks/accuracy/mixed.tsv").read_text(encoding="utf-8")
README = (ROOT / "docs" / "how.md").read_text(encoding="utf-8")
RECALL = {"names": (5, 0.999), "refused arguments": (7, 0.99)}  # cell of the table, the least


def test_the_readme_says_what_the_results_say() -> None:
    assert page.with_part(README, page.readme_part(RESULTS)) == README


def test_the_results_have_the_verdicts_on_hints() -> None:
    assert page.with_hints(RESULTS) == RESULTS
    assert page.with_hints(RESULTS.replace("| now |", "| then |")) == RESULTS


def _rows(head: str, part: str = "") -> list[list[str]]:
    text = RESULTS.partition(part)[2] if part else RESULTS
    lines = text[text.index(head) :].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_package_was_measured() -> None:
    measured = [row[0] for row in _rows("| package | use |")]
    assert [name for name in measured if "*" not in name] == [p.folder for p in packages()]
    agreed = [row[0] for row in _rows("| package |", "## Front ends")]
    assert [name for name in agreed if "*" not in name] == [p.folder for p in packages()]


@pytest.mark.parametrize("what", list(RECALL))
def test_recall_on_every_tf1_package(what: str) -> None:
    cell, least = RECALL[what]
    early = {p.folder for p in packages() if p.era == "tf1"}
    shares = [row[cell] for row in _rows("| package | use |") if row[0] in early]
    found = [re.match(r"(\d+)/(\d+)", share) for share in shares if share != "–"]
    assert len(found) > 4
    for match in found:
        assert match is not None
        assert int(match[1]) >= least * int(match[2])


def test_every_finding_on_tf2_packages_has_its_reason() -> None:
    for row in _rows("| package | use |"):
        assert row[8] in ("–", "0"), row[0]
    assert "`unread" not in RESULTS
    assert "`wrong" not in RESULTS
    assert "not explained" not in RESULTS


def test_the_front_ends_agree() -> None:
    for row in _rows("| package |", "## Front ends"):
        assert row[3:6] == ["0", "0", "0"], row[0]
        assert int(row[1]) > 0


def test_the_labelled_places() -> None:
    precision, recall = _rows("| method |")[-1][5:7]
    assert float(precision) >= 0.98
    assert float(recall) >= 0.95


def test_what_was_read_on_packages_for_several_tensorflows() -> None:
    rows = [line.split("\t") for line in MIXED.splitlines() if not line.startswith("#")]
    assert len({tuple(row[:2]) for row in rows}) == len(rows) > 600
    assert {row[2] for row in rows} == {"right", "weak", "false"}
    left = [row for row in rows if row[2] == "false" and "silent since" not in row[3]]
    assert len(left) <= 0.005 * len(rows)


def test_what_keras_3_has_otherwise_was_gone_through() -> None:
    text = (ROOT / "benchmarks/accuracy/keras-changes.tsv").read_text(encoding="utf-8")
    rows = {tuple(line.split("\t")) for line in text.splitlines() if not line.startswith("#")}
    made = set()
    for name in keras_changes.names():
        for change in keras_changes.changes(name):
            told = keras_changes.says(change.code)
            made.add((*change[:4], told, keras_changes.became(change, told)))
    assert made == rows
    left = [row[1] for row in rows if row[5] == "not told"]
    assert len(left) < 8
