"""No fix leaves a file between two TensorFlows; judged by API tables and pyflakes, not by rules."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

from tests.support import unmark
from tf2lint.check.registry import rules
from tf2lint.cli import fix as command
from tf2lint.fixes.fixer import FUNCTIONS, fix
from tf2lint.fixes.state import PERSON, State
from tf2lint.options import COMPAT, MIXED, TF2, Options

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
from tools import between  # noqa: E402


def _texts() -> list[str]:
    texts = [unmark(example.bad)[0] for rule in rules() for example in rule.examples]
    for folder in ("tests/fixtures", "tests/fix/programs", "examples"):
        texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / folder).glob("*.py"))]
    return texts


@pytest.mark.parametrize(("to", "unsafe"), [*between.WAYS, (FUNCTIONS, True)])
def test_no_file_is_left_in_between(to: str, unsafe: bool) -> None:
    states: set[str] = set()
    changed = 0
    for text in _texts():
        done = fix(text, "test.py", Options(), to, unsafe)
        assert [*between.faults(text, done.text, done.state, to, done.side)] == [], text
        states.add(done.state.name)
        changed += done.text != text
    assert states - {""} == {TF2, COMPAT, "person"}
    assert changed > 30


TF = "import tensorflow as tf\n"


@pytest.mark.parametrize(
    ("before", "after", "state", "fault"),
    [
        ("s = tf.Session()\nprint(s.run(tf.square(3)))\n", "s = tf.Session()\nprint(tf.square(3).numpy())\n",
         "person", "eager calls were written beside tf.Session"),
        ("a = tf.Session()\nb = tf.Session()\n", "a = tf.compat.v1.Session()\n", COMPAT,
         "some sessions or placeholders are gone, and some are not"),
        ("y = tf.log(x)\n", "y = tf.logs(x)\nz = tf.Session\n", TF2,
         "tf.Session is not there, and the file is said to run"),
        ("y = tf.where(x)\nv = tf.get_variable\n", "y = tf.where(x)\nv = tf.compat.v1.get_variable\n", COMPAT,
         "tf.where is another object than in compat.v1"),
        ("y = 1\n", "y = z\n", TF2, "undefined now: z"),
    ],
)  # fmt: skip
def test_the_judge_sees(before: str, after: str, state: str, fault: str) -> None:
    assert fault in [*between.faults(TF + before, TF + after, State(state), MIXED, "tf1")]


def test_a_package_is_fixed_as_the_command_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(TF + "import ops\ndef run():\n    return tf.Session()\n")
    (tmp_path / "ops.py").write_text(TF + "def f(x):\n    return tf.log(x)\n")
    assert between.fixed(tmp_path, MIXED, unsafe=False) == ({COMPAT: 1, TF2: 1}, [])
    # Half of it as TF 2, and another word each time.
    whole = command.outcomes_of

    def halves(args: argparse.Namespace, job: command.FixJob) -> list[command.Outcome]:
        found = whole(args, job)
        for outcome in found:
            outcome.new += b"print(f(1).numpy())\n" if "ops" in outcome.path else b""
            outcome.state = State(PERSON)
        return found

    monkeypatch.setattr(command, "outcomes_of", halves)
    _, told = between.fixed(tmp_path, MIXED, unsafe=False)
    name = tmp_path.name
    assert f"{name}/ops.py: eager calls, and {name}/model.py opens a session" in told
    assert f"{name}/ops.py: a second run changes it" in told
