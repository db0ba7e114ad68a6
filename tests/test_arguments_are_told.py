"""An argument that a call gives is in the new call, in the message, or changes nothing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.rules.test_surface_table import by_line, names
from tests.support import findings, told
from tf2lint.check import diagnostics
from tf2lint.check.advice import Advice
from tf2lint.check.dropped import HARMLESS, named
from tf2lint.check.reference import Reference, Report
from tf2lint.tensorflow import api

MEASURED = Path(__file__).parent.parent / "tools" / "harmless.toml"
# Twice the same parameter of TF 1, under its old and its new name: no call gives both.
TWINS = frozenset({
    "concat_dim", "data", "delimiter", "dim", "expand_nonconcat_dims", "filters", "input", "keepdims",
    "keep_dims", "message", "reduction_axes", "reduction_indices", "result_type", "sizes",
    "split_dim", "thresh", "value_structure", "x",
})  # fmt: skip


def _calls() -> list[tuple[str, list[str]]]:
    """Every public function and class of TF 1.15, contrib's too, with all its parameters."""
    found = []
    for name in names():
        signature = api.signature(name, "tf1", api.NEWEST)
        if signature is not None and signature.names:
            found.append((name, [n for n in signature.names if not n.startswith(("*", "_"))]))
    return found


def test_no_argument_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    used: dict[tuple[int, str], frozenset[str] | None] = {}  # by line and symbol

    def watched(ref: Reference, report: Report) -> Advice:
        advice = named(ref, report)
        used[ref.node.lineno, ref.symbol] = advice.uses
        return advice

    monkeypatch.setattr(diagnostics, "named", watched)
    calls = _calls()
    lines = [f"{n}({', '.join(f'{p}=given_{p}' for p in given)})" for n, given in calls]
    lost = []
    seen = 0
    everything = by_line("import tensorflow as tf\n", lines, api.NEWEST)
    for line, ((name, given), here) in enumerate(zip(calls, everything, strict=True), 2):
        for finding in here:
            hint, uses = told(finding), used.get((line, finding.symbol))
            if finding.column or (uses is None and not re.search(r"\w\(.*given_", hint)):
                continue  # about one argument; or words, and no call of these arguments
            seen += 1
            words = set(re.findall(r"\w+", f"{hint} {finding.message}"))
            words |= (uses or frozenset()) | HARMLESS.keys() | TWINS
            lost += [f"{name}({p}=)" for p in given if not {p, f"given_{p}"} & words]
    assert seen > 850
    assert lost == []


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ("tf.nn.rnn_cell.BasicLSTMCell(3, forget_bias=5.0)", "It leaves out forget_bias=5.0"),
        ("tf.gradients(y, x, stop_gradients=[z])", "It leaves out stop_gradients=[z]"),
        ("tf.nn.rnn_cell.BasicLSTMCell(3, forget_bias=1.0)", ""),
        ("tf.Print(x, [y], first_n=3)", "It leaves out first_n=3"),
        ("tf.Print(x, [y], summarize=3)", ""),
        ("tf.train.MonitoredTrainingSession(checkpoint_dir=d, hooks=h)", "It leaves out hooks=h"),
        ("tf.train.MonitoredTrainingSession(hooks=h)", ""),
    ],
)
def test_what_is_left_out_is_named(call: str, note: str) -> None:
    (found,) = findings(f"import tensorflow as tf\n{call}\n")
    assert note in told(found)
    assert note or "It leaves out" not in told(found)


def test_a_message_names_the_first_of_many() -> None:
    (found,) = findings(
        "import tensorflow as tf\n"
        "tf.train.MonitoredTrainingSession(checkpoint_dir=d, hooks=h, scaffold=s, log_step_count_steps=n,"
        " chief_only_hooks=c)\n"
    )
    assert found.message.endswith("It leaves out `hooks=`, `scaffold=` and 2 more.")
    assert found.hint is not None
    assert "`log_step_count_steps=`, `chief_only_hooks=`." in found.hint.text


def test_harmless_arguments_have_reasons() -> None:
    assert all(reason.strip() for reason in HARMLESS.values())


def test_harmless_arguments_were_measured() -> None:
    """Each with code that gives the same with it and without; the tool runs it on TF 1."""
    rows = ast.literal_eval(MEASURED.read_text("utf-8").partition("harmless = ")[2])
    assert {argument for argument, *_ in rows} == HARMLESS.keys()
    for argument, code, without, given in rows:
        tries = [code.replace("{}", text) for text in (without, given)]
        assert "out = " in code
        assert f"{argument}=" in given
        assert all(ast.parse(text) for text in tries)
        assert tries[0] != tries[1]
