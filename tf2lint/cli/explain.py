"""`tf2lint explain`: the page of a rule, or the story of a symbol."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from tf2lint.check.engine import check
from tf2lint.check.registry import registry, rules
from tf2lint.cli import pages, settings
from tf2lint.config import make_options
from tf2lint.finding import Finding
from tf2lint.options import OptionError, nearest
from tf2lint.selection import find_rule, parse_enable
from tf2lint.source import Source
from tf2lint.tensorflow import api
from tf2lint.tensorflow.api import Signature, Version, dotted


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.usage = f"{parser.prog} [OPTION ...] CODE|NAME|SYMBOL"
    parser.add_argument(
        "what", metavar="CODE|NAME|SYMBOL", help="TF101, summary-merge-all, tf.train.AdamOptimizer"
    )
    settings.add_settings(parser, "explain")


def run(args: argparse.Namespace) -> int:
    """Explain a rule or a symbol. Raises `OptionError` for what is neither."""
    rule = find_rule(args.what)
    if rule is not None:
        print(pages.page(rule), end="")
        return 0
    family = registry().families.get(args.what)
    if family is not None:
        print(f"{args.what}: {family}\n")
        print("\n".join(pages.lines(rule for rule in rules() if rule.code[:3] == args.what)))
        return 0
    name = _symbol(args.what)
    if not api.known(name):
        raise OptionError(f"explain: no rule and no TensorFlow symbol {args.what!r}{_near(name)}")
    options = settings.settings_for(args, "explain").at(os.getcwd()).options
    options = replace(options, enable=parse_enable(["all"]))
    for line in story(name):
        print(line)
    print()
    print(f"What tf2lint says for TensorFlow {dotted(options.target)}:")
    snippet = snippet_of(name)
    found = check(Source(snippet, "example.py"), options)
    print(f"    {snippet.splitlines()[-1].strip()}")
    for finding in found or ():
        print(f"    {finding.code} {finding.message}")
    if not found:
        print("    nothing")
    for code in dict.fromkeys(finding.code for finding in found):
        print(f"More on {code}: tf2lint explain {code}")
    return 0


def _near(name: str) -> str:
    """What may have been meant by a symbol that there is not, or by a rule."""
    owner, _, last = name.rpartition(".")
    found = get_close_matches(last, api.children(owner), n=1, cutoff=0.7)
    if found:
        return f", did you mean {f'{owner}.{found[0]}'!r}?"
    return nearest(name[3:], [word for rule in rules() for word in (rule.code, rule.name)])


def snippet_of(name: str) -> str:
    """Code whose last line uses the symbol `name` as its signature has it."""
    head = "import tensorflow as tf\n"
    found = api.symbol(name)
    kind = found.kind if found is not None else ""
    owner, _, last = name.rpartition(".")
    above = api.symbol(owner)
    call = _call(api.signature(name, "tf1", api.NEWEST) or api.signature(name, "v2", api.NEWEST))
    if above is not None and above.kind == "class" and kind != "class":
        tail = call if kind == "method" else ""
        return f"{head}def example(x: {owner}):\n    x.{last}{tail}\n"
    return f"{head}{name}{call if kind in ('function', 'class') else ''}\n"


def messages_for(names: Iterable[str], target: Version) -> Iterator[tuple[str, Finding]]:
    """The finding for each of `names`, where there is one."""
    listed = list(names)
    text = "import tensorflow as tf\n" + "".join(f"{name}\n" for name in listed)
    for finding in check(
        Source(text, "names.py"), make_options({"target-version": dotted(target)})
    ):
        yield listed[finding.line - 2], finding


def story(name: str) -> Iterator[str]:
    """What the symbol `name` is in TF 1 and in each TF 2 release, a line each."""
    found = api.symbol(name)
    kind = found.kind if found is not None else "module"
    yield f"{name}: {kind}"
    old = api.signature(name, "tf1", api.NEWEST)
    rows = [("TF 1.15", (name + _shown(old)) if found is None or found.tf1 else "not there")]
    rows += _releases(name, "tf", name)
    rows += _releases(name, "v1", name.replace("tf.", "tf.compat.v1.", 1))
    width = max(len(when) for when, _ in rows)
    for when, what in rows:
        yield f"    {when:<{width}}  {what}"
    same = api.canonical(name)
    if same and same != name:
        yield f"    the same object in TF 2: {same}"


def _releases(name: str, space: str, spelled: str) -> Iterator[tuple[str, str]]:
    """What `spelled` is in which releases, neighbours put together."""
    runs: list[tuple[str, list[Version]]] = []
    for release in api.RELEASES:
        there = api.exists(spelled, release)
        if there and (space == "tf" or api.in_compat_v1(name, release)):
            shown = _shown(api.signature(spelled, "v1" if space == "v1" else "v2", release))
            what = f"{spelled}{shown}"
        else:
            what = f"{spelled} {'raises with Keras 3' if there else 'is not there'}"
        if runs and runs[-1][0] == what:
            runs[-1][1].append(release)
        else:
            runs.append((what, [release]))
    for what, releases in runs:
        first, last = dotted(releases[0]), dotted(releases[-1])
        yield f"TF {first}" if first == last else f"TF {first} to {last}", what


def _shown(signature: Signature | None) -> str:
    return "" if signature is None else f"({signature})"


def _call(signature: Signature | None) -> str:
    """Arguments for a call, each the name of its parameter."""
    if signature is None:
        return "()"
    given = list(signature.required)
    given += [f"{name}={name}" for name in signature.names if name not in (*given, "name")]
    return f"({', '.join(given)})"


def _symbol(word: str) -> str:
    for prefix in ("tensorflow.compat.v1.", "tf.compat.v1.", "tensorflow."):
        if word.startswith(prefix):
            return f"tf.{word[len(prefix) :]}"
    return word if word.startswith("tf.") else f"tf.{word}"
