"""`tf2lint rules`: all rules, or what ruff can take of them."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator

from tf2lint.check.registry import registry, rules
from tf2lint.cli import pages, settings
from tf2lint.cli.explain import messages_for
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import Version, dotted
from tf2lint.tensorflow.status import status_of

FORMATS = ("text", "json", "markdown", "ruff")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.usage = f"{parser.prog} [OPTION ...]"
    parser.add_argument(
        "--output-format", choices=FORMATS, default="text",
        help="`ruff` makes a table of removed names for ruff's banned-api (default: text)",
    )  # fmt: skip
    settings.add_settings(parser, "rules")


def run(args: argparse.Namespace) -> int:
    """Print the rules."""
    if args.output_format == "json":
        print(json.dumps([_object(rule.code) for rule in rules()], indent=2))
    elif args.output_format == "markdown":
        print(pages.index(rules()), end="")
    elif args.output_format == "ruff":
        for line in banned(settings.settings_for(args, "rules").at(os.getcwd()).options.target):
            print(line)
    else:
        print("\n".join(pages.lines(rules())))
    return 0


def _object(code: str) -> dict[str, object]:
    rule = registry().rules[code]
    return {
        "code": rule.code, "name": rule.name, "category": rule.category,
        "family": registry().families[code[:3]], "summary": rule.summary,
        "default": rule.default, "pylint_id": rule.pylint_id,
        "pylint_symbol": rule.pylint_symbol, "url": pages.url_of(rule),
    }  # fmt: skip


def banned(target: Version) -> Iterator[str]:
    """A `banned-api` table for ruff.toml: every name that `target` lacks, with its hint.

    Names only: ruff has no notion of methods, arguments, guards, or compat.v1. Of contrib the
    submodules stand for all that is in them.
    """
    yield f"# Made by `tf2lint rules --output-format ruff` for TensorFlow {dotted(target)}."
    yield "# For pyproject.toml the table is [tool.ruff.lint.flake8-tidy-imports.banned-api]."
    yield "[lint.flake8-tidy-imports.banned-api]"
    told: dict[str, str] = {}
    for name, finding in messages_for(_removed(target), target):
        told.setdefault(name, finding.message)
    for name, message in sorted(told.items()):
        yield f'"tensorflow{name[2:]}".msg = {json.dumps(message)}'


def _removed(target: Version) -> Iterator[str]:
    todo = ["tf"]
    while todo:
        module = todo.pop()
        for child in api.children(module):
            name = f"{module}.{child}"
            found = api.symbol(name)
            if found is None:
                continue
            in_contrib = module == "tf.contrib"
            if found.kind == "module" and not in_contrib:
                todo.append(name)
            elif found.tf1 and status_of(name, "tf", target) == "removed":
                yield name
