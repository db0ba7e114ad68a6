"""What there is to read about rules, made from the rules: pages, index, tables.

The files under docs/rules, the README's table, `tf2lint explain` and `tf2lint rules` all
come from here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import lru_cache

from tf2lint.config import options_of
from tf2lint.finding import Example, Rule

FOLDER = "docs/rules"
# Where the top of the project can be read on the web, with a slash at its end. While there is no
# such place, `url` in output is the page's path in the project, and SARIF, whose addresses have
# to be whole, says nothing; it holds the pages themselves.
ADDRESS = ""
Facts = Mapping[str, Mapping[str, str]]
_FACTS = os.path.join(os.path.dirname(__file__), "rule_facts.json")
CATEGORIES = {
    "E": "error: the spelling can only raise under TF 2",
    "W": "warning: raises, or works only through `tf.compat.v1`, or does something else",
    "R": "refactor: works under TF 2, in the style of TF 1",
}


def path_of(rule: Rule) -> str:
    """Where the rule's page is, from the top of the project."""
    return f"{FOLDER}/{rule.code}.md"


def url_of(rule: Rule) -> str:
    """Where the rule's page can be read: an address if there is one, else its path."""
    return ADDRESS + path_of(rule)


def unmarked(text: str) -> str:
    """An example's text without the marks around its place."""
    return text.replace("«", "").replace("»", "")


@lru_cache(maxsize=1)
def facts() -> Facts:
    """What `tools/rule_facts.py` found out about each rule: for which targets, what is fixed."""
    import json  # most ask for the page's address alone

    with open(_FACTS, encoding="utf-8") as file:
        found = json.load(file)
    assert isinstance(found, dict)
    return found


def page(rule: Rule, known: Facts | None = None) -> str:
    """The rule's page, Markdown; `known` are facts in the place of those of the file."""
    about = (facts() if known is None else known).get(rule.code, {})
    from tf2lint.check.registry import registry  # slow to load, and urls need none

    family = registry().families[rule.code[:3]]
    on = "yes" if rule.default else f"no: turn it on with `tf2-enable = {rule.code}`"
    parts = [
        f"# {rule.code}: {rule.name}",
        f"{_sentence(rule.summary)}",
        "\n".join(
            [
                "| | |",
                "|---|---|",
                f"| Family | {rule.code[:3]}: {family} |",
                f"| Category | {CATEGORIES[rule.category]} |",
                f"| On by default | {on} |",
                f"| Reported for | {about.get('targets', 'not known')} |",
                f"| Fix | {about.get('fix', 'not known')} |",
                f"| flake8 | `{rule.code}`, silenced with `# noqa: {rule.code}` |",
                f"| pylint | `{rule.pylint_symbol}` ({rule.pylint_id}), silenced with "
                f"`# pylint: disable={rule.pylint_symbol}` |",
            ]
        ),
        "## What it is about",
        rule.page.strip(),
    ]
    several = len(rule.examples) > 1
    for number, example in enumerate(rule.examples, 1):
        parts += [f"## Example {number}" if several else "## Example", *_example(rule, example)]
    if rule.sources:
        parts += ["## Sources", "\n".join(f"- <{source}>" for source in rule.sources)]
    return "\n\n".join(parts) + "\n"


def index(rules: Iterable[Rule]) -> str:
    """The page that lists all rules by family, Markdown."""
    shown = list(rules)
    parts = [
        "# Rules",
        "Made by `python -m tools.make_docs`. A code is the rule's name in flake8 and on the "
        "command line; in pylint the same rule is `tf1-` and the name. Rules marked *off* are "
        "silent until `tf2-enable` names them.",
    ]
    from tf2lint.check.registry import registry  # slow to load, and urls need none

    for prefix, title in sorted(registry().families.items()):
        members = [rule for rule in shown if rule.code.startswith(prefix)]
        if members:
            parts += [f"## {prefix}: {title}", table(members, "")]
    return "\n\n".join(parts) + "\n"


def lines(rules: Iterable[Rule]) -> list[str]:
    """The rules for a terminal, a line each."""
    shown = list(rules)
    width = max(len(rule.name) for rule in shown)
    return [
        f"{rule.code} {rule.name:<{width}} {rule.summary}{'' if rule.default else ' (off)'}"
        for rule in shown
    ]


def table(rules: Iterable[Rule], folder: str = f"{FOLDER}/") -> str:
    """A table of rules, Markdown; links are relative to `folder`."""
    lines = ["| code | name | what it finds |", "|---|---|---|"]
    for rule in rules:
        off = "" if rule.default else " *(off)*"
        summary = _sentence(rule.summary).replace("|", "\\|")
        lines.append(f"| [{rule.code}]({folder}{rule.code}.md) | `{rule.name}`{off} | {summary} |")
    return "\n".join(lines)


def messages(rule: Rule, example: Example) -> list[str]:
    """What the linter says of an example's bad text, a line a finding."""
    settings = dict(example.options)
    if not rule.default:
        settings.setdefault("enable", [rule.code])
    text = unmarked(example.bad)
    # Slow to load, and urls need none.
    from tf2lint.check.engine import check
    from tf2lint.source import Source

    found = check(Source(text, "example.py"), options_of(settings))
    lines = text.splitlines()
    return [
        f"example.py:{f.line}:{characters(lines[f.line - 1], f.column) + 1}: {f.code} {f.message}"
        for f in found
    ]


def characters(line: str, column: int) -> int:
    """A column in UTF-8 bytes as a column in characters."""
    if line.isascii():
        return column
    return len(line.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "replace"))


def _example(rule: Rule, example: Example) -> list[str]:
    parts: list[str] = []
    if example.options:
        settings = ", ".join(f"`tf2-{name} = {_value(value)}`" for name, value in example.options)
        parts.append(f"With {settings}.")
    parts += [_block("python", unmarked(example.bad)), _block("text", *messages(rule, example))]
    if example.good.strip():
        parts += ["Instead:", _block("python", example.good)]
    return parts


def _block(language: str, *lines: str) -> str:
    inside = "\n".join(lines).strip("\n")
    return f"```{language}\n{inside}\n```"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
