"""What the pages say of each rule that is not written in it: for which targets, and what is fixed.

Both come from running it: on its own examples under every release, and from the proofs of fixes.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable

from tf2lint.check.engine import check
from tf2lint.check.registry import rules
from tf2lint.cli.pages import unmarked
from tf2lint.config import options_of
from tf2lint.finding import Finding, Rule
from tf2lint.fixes.fixer import fix
from tf2lint.fixes.proofs import proven
from tf2lint.source import Source
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import dotted

FILE = "tf2lint/cli/rule_facts.json"


@functools.cache
def facts() -> dict[str, dict[str, str]]:
    """For each code: `targets`, the releases that the rule speaks for, and `fix`."""
    return {rule.code: {"targets": _targets(rule), "fix": _fix(rule)} for rule in rules()}


def dump(made: dict[str, dict[str, str]]) -> str:
    """The text of the file, a line a rule."""
    lines = [f'"{code}": {json.dumps(made[code], sort_keys=True)}' for code in sorted(made)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _found(rule: Rule, target: api.Version) -> Iterable[Finding]:
    """The findings of a rule in its examples under one release."""
    for example in rule.examples:
        settings = {**dict(example.options), "target-version": dotted(target)}
        settings["enable"] = [rule.code]
        options = options_of(settings)
        for finding in check(Source(unmarked(example.bad), "example.py"), options):
            if finding.code == rule.code:
                yield finding


def _targets(rule: Rule) -> str:
    """The releases, neighbours put together: `TF 2.0 to 2.21`."""
    runs: list[list[api.Version]] = []
    last = -2
    for number, release in enumerate(api.RELEASES):
        if any(_found(rule, release)):
            if number == last + 1:
                runs[-1][1:] = [release]
            else:
                runs.append([release])
            last = number
    return "TF " + ", ".join(" to ".join(map(dotted, run)) for run in runs)


def _fix(rule: Rule) -> str:
    """What `tf2lint fix` does about the rule, by its examples and by the proofs."""
    safe, left = _fixed(rule, "tf2", unsafe=False)
    more, still = _fixed(rule, "tf2", unsafe=True)
    first, _ = _fixed(rule, "compat-v1", unsafe=False)
    safe = safe or any(code == rule.code for code, _ in proven())
    if safe and not left:
        told = "`tf2lint fix`, proven to compute the same"
    elif safe:
        told = "`tf2lint fix` for some of it, proven to compute the same"
        told += "; more with `--unsafe`, to be read" if len(still) < len(left) else ""
    elif more:
        told = "`tf2lint fix --unsafe`, to be read"
        told += "; not for all of it" if still else ""
    else:
        told = "by hand, as the message says"
    return told + ("; `--to=compat-v1` keeps it running at first" if first and left else "")


def _fixed(rule: Rule, to: str, unsafe: bool) -> tuple[bool, list[int]]:
    """Whether anything of the rule's examples is fixed, and which of them are not, or in part."""
    done, left = False, []
    for number, example in enumerate(rule.examples):
        settings = {**dict(example.options), "enable": [rule.code]}
        result = fix(unmarked(example.bad), "example.py", options_of(settings), to, unsafe)
        done = done or result.fixed[rule.code] > 0
        if any(finding.code == rule.code for finding in result.left):
            left.append(number)
    return done, left
