"""What messages say of eager execution stands in a table that `tools/ask_tensorflow.py` asks."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import findings
from tf2lint.check.registry import registry

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = Path(__file__).parent.parent / "tools" / "statements.toml"
HEAD = "import tensorflow as tf\n"


class Statement(NamedTuple):
    """One line of the table."""

    rule: str
    says: str
    code: str
    eager: str
    graph: str
    function: str


STATEMENTS = [Statement(*row) for row in tomllib.loads(TABLE.read_text("utf-8"))["statements"]]

# What the words claim of the outcome.
CLAIMS = {
    r"raises": r"raises \w+",
    r"(?:gives|is|returns) None": r"None",
    r"gives nothing else": r"None",
    r"gives an empty list|finds nothing|is ignored": r"\[\]",
    r"finds no variables by itself": r"\{\}|None",
    r"gives a function": r"a function",
    r"(?:reuses|shares) no\w*": r"False",
    r"(?:keeps|finds) what every call add\w+": r"\[1.*\]|[1-9]",
    r"works only in a tf.function": r"raises \w+",
}


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: f"{s.rule}-{s.code[-40:]}")
def test_a_statement_is_what_the_message_says(statement: Statement) -> None:
    found = findings(HEAD + statement.code + "\n", enable=["all"])
    told = [f.message.replace("`", "") for f in found if f.code == statement.rule]
    assert any(statement.says in message for message in told), told


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: f"{s.rule}-{s.code[-40:]}")
def test_the_outcome_is_what_the_statement_claims(statement: Statement) -> None:
    for words, outcome in CLAIMS.items():
        match = re.match(words, statement.says)
        if match is not None:
            assert re.fullmatch(outcome, statement.eager), statement
            error = re.match(r"raises \w+Error", statement.says)
            assert error is None or error[0] == statement.eager


def test_every_symbol_of_which_something_is_said_is_asked() -> None:
    """Each symbol that a rule names, through compat.v1 and called: its statement is in the table."""
    known = registry()
    symbols = sorted({*known.exact, *known.prefixes} - {"tf"})
    text = "import tensorflow as tf\n" + "".join(f"a = tf.compat.v1{s[2:]}()\n" for s in symbols)
    asked = {(s.rule, s.says) for s in STATEMENTS}
    code = "\n".join(s.code for s in STATEMENTS)
    missing: list[str] = []
    for finding in findings(text, enable=["all"]):
        message = finding.message.replace("`", "")
        if "under eager execution" not in message:
            continue
        symbol = symbols[finding.line - 2]
        if symbol.startswith("tf.train.Supervisor."):
            continue  # there can be no object to ask
        last = symbol.rpartition(".")[2]
        says = [words for rule, words in asked if rule == finding.code and words in message]
        if not says or not re.search(rf"\.{last}\b", code):
            missing.append(f"{finding.code} {symbol}: {message}")
    assert missing == []
