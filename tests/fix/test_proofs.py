"""No edit is called safe without a proof, and the proofs say what the page says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.support import unmark
from tf2lint.check.engine import check
from tf2lint.check.registry import registry, rules
from tf2lint.fixes import proofs
from tf2lint.fixes.fixer import fix
from tf2lint.options import COMPAT, Options
from tf2lint.source import Source

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "fix-proofs.md"
sys.path.insert(0, str(ROOT))
from tools import verify_fixes  # noqa: E402


def _texts() -> list[str]:
    """Code of every kind: the rules' examples, the fixtures, the cases of the proofs."""
    texts = [unmark(example.bad)[0] for rule in rules() for example in rule.examples]
    texts += [path.read_text() for path in (ROOT / "tests" / "fixtures").glob("*.py")]
    return texts + [case.program for case in verify_fixes.cases()]


@pytest.mark.parametrize("to", ["tf2", COMPAT])
def test_only_what_is_proven_is_safe(to: str) -> None:
    safe = unsafe = 0
    for text in _texts():
        for finding in check(Source(text), Options(edits=to)):
            hint = finding.hint
            if hint is None or not hint.edits:
                continue
            marks = {edit.safe for edit in hint.edits}
            assert len(marks) == 1
            if marks == {True}:
                assert proofs.is_proven(finding.code, hint.kind), finding
                safe += 1
            else:
                unsafe += 1
    assert safe > 100
    assert unsafe > 0 or to == COMPAT


def test_without_proofs_nothing_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    _forget(monkeypatch, frozenset())
    for text in _texts():
        for finding in check(Source(text), Options(edits="tf2")):
            assert finding.hint is None or not any(edit.safe for edit in finding.hint.edits)


def _forget(monkeypatch: pytest.MonkeyPatch, pairs: frozenset[tuple[str, str]]) -> None:
    """Have `pairs` be all that is proven."""
    monkeypatch.setattr(proofs, "proven", lambda in_graphs=False: pairs)
    proofs.is_proven.cache_clear()
    proofs._proven_calls.cache_clear()
    monkeypatch.setattr(proofs, "is_proven", proofs.is_proven.__wrapped__)
    monkeypatch.setattr("tf2lint.check.diagnostics.is_proven", proofs.is_proven)
    monkeypatch.setattr(proofs, "_proven_calls", proofs._proven_calls.__wrapped__)


SUM = (
    "tf.reduce_sum -> tf.reduce_sum(input_tensor={input_tensor}, axis={axis}, keepdims={keep_dims})"
)


@pytest.mark.parametrize(
    ("kind", "is_proven"),
    [
        (SUM, True),
        (SUM.replace(", axis={axis}", ""), True),  # the same default on both sides
        (SUM.replace("axis={axis}", "axis={reduction_indices}"), False),  # not in any proof
        (SUM.replace("keepdims={keep_dims}", "keepdims=True"), False),
        (SUM.replace("reduce_sum", "reduce_mean"), False),
        ("tf.log -> tf.math.log(x={x})", True),  # by the name alone
        ("tf.log -> tf.math.log(x={y})", False),
        ("tf.log -> tf.math.log1p(x={x})", False),
        ("compat-v1: symbol", False),
    ],
)
def test_what_a_proof_covers(monkeypatch: pytest.MonkeyPatch, kind: str, is_proven: bool) -> None:
    _forget(monkeypatch, frozenset({("TF903", SUM), ("TF903", "tf.log -> tf.math.log")}))
    assert proofs.is_proven("TF903", kind) is is_proven
    assert not proofs.is_proven("TF501", kind)


def test_the_page_and_the_proofs_agree() -> None:
    page = PAGE.read_text(encoding="utf-8")
    kinds = {kind for _, kind in proofs.proven()}
    told = set(re.findall(r"`([^`]+)`", page.partition("| program |")[2]))
    assert kinds <= told
    cases = {case.name: case for case in verify_fixes.cases()}
    named = set(re.findall(r"^\| (\w+) \| (?:tf2|compat-v1|mixed) \|", page, re.MULTILINE))
    assert named == set(cases)
    codes = {rule.code for rule in rules()} | {"*"}
    assert {code for code, _ in proofs.proven()} <= codes


def test_differences_on_the_page_are_within_what_is_allowed() -> None:
    rows = re.findall(
        r"\| ([\d.e+-]+) \| ([\d.e+-]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) > 250
    for difference, allowed in rows:
        assert float(difference) <= float(allowed)


def test_every_case_still_gives_the_edits_that_were_proven() -> None:
    """A rule that changes its templates needs new proofs."""
    for case in verify_fixes.cases():
        text, kinds, wrong = verify_fixes.fixed_form(case)
        assert not wrong, (case.name, wrong)
        refuted = case.refuted(kinds)
        for code, kind in kinds:
            known = proofs.is_proven(code if code != "*" else "", kind)
            assert known is ((code, kind) not in refuted), (case.name, kind)
        guessed = any(
            finding.confidence == "low"
            for finding in check(Source(case.program), Options(edits=case.to))
        )
        if not refuted and not guessed:
            assert fix(case.program, case.name, case.options, case.to).text == text, case.name


def test_rewrites_with_other_defaults_are_unsafe() -> None:
    for name in ("AdamOptimizer", "RMSPropOptimizer", "AdagradOptimizer", "FtrlOptimizer"):
        text = f"import tensorflow as tf\no = tf.train.{name}(0.1)\n"
        for finding in check(Source(text), Options(edits="tf2")):
            assert finding.hint is not None
            assert not any(edit.safe for edit in finding.hint.edits)
    assert not any(code.startswith("TF5") for code, _ in proofs.proven())
    assert registry().rules["TF501"]
