"""What messages say of TensorFlow stands in tables that `tools/ask_tensorflow.py` asks."""

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


class OfKeras(NamedTuple):
    """One line of the table about Keras."""

    rule: str
    says: str
    code: str
    keras_3: str
    keras_2: str


_TABLES = tomllib.loads(TABLE.read_text("utf-8"))
STATEMENTS = [Statement(*row) for row in _TABLES["statements"]]
OF_KERAS = [OfKeras(*row) for row in _TABLES["keras"]]

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
        if not re.search(
            r"under eager execution|(?:adds|added|function|own) in eager code", message
        ):
            continue
        symbol = symbols[finding.line - 2]
        if symbol.startswith("tf.train.Supervisor."):
            continue  # there can be no object to ask
        last = symbol.rpartition(".")[2]
        says = [words for rule, words in asked if rule == finding.code and words in message]
        if not says or not re.search(rf"\.{last}\b", code):
            missing.append(f"{finding.code} {symbol}: {message}")
    assert missing == []


# What the words say of Keras, and what then is seen.
_FAILS = (r"takes no", r"raises", r"is gone", r"is not in", r"was removed", r"is refused",
          r"names no format", r"does not work", r"fails at", r"calls no", r"has the")  # fmt: skip
_BEFORE = ("takes no self in Keras 3",)  # Keras 2 came to refuse it, too
_WORKS = (r"is ignored", r"ignores", r"is looked at by nothing")


@pytest.mark.parametrize("statement", OF_KERAS, ids=lambda s: f"{s.rule}-{s.code[-40:]}")
def test_a_statement_about_keras(statement: OfKeras) -> None:
    """The message says it; and where it says that the code fails, it does, where not, it works."""
    found = findings(HEAD + statement.code + "\n")
    told = [f.message.replace("`", "") for f in found if f.code == statement.rule]
    assert any(statement.says in message for message in told), told
    raises = statement.keras_3.startswith("raises ")
    assert raises or not statement.says.startswith(_FAILS)
    assert not raises or not statement.says.startswith(_WORKS)
    if statement.says.endswith(("in Keras 3", "in TF 2.16")) and raises:
        assert statement.keras_2 != statement.keras_3 or statement.says in _BEFORE
    error = re.search(r"\w+Error", statement.says)
    assert error is None or statement.keras_3 in (f"raises {error[0]}", "raises ValueError")


def test_every_kind_of_claim_about_keras_is_asked() -> None:
    """What the bad examples of the rules on Keras are told: some statement of the rule says it."""
    rules = {s.rule for s in OF_KERAS}
    kinds = re.compile("|".join((*_FAILS, *_WORKS)))
    asked = {(s.rule, kind) for s in OF_KERAS for kind in kinds.findall(s.says)}
    missing = set()
    for code in sorted(rules):
        for example in registry().rules[code].examples:
            for finding in findings(re.sub("[«»]", "", example.bad)):
                if finding.code == code and "Keras" in finding.message:
                    missing |= {(code, kind) for kind in kinds.findall(finding.message)} - asked
    assert missing == set()
