"""`tf2lint explain`: the page of a rule, or the story of a symbol."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from keyword import iskeyword
from typing import NamedTuple

from tf2lint.check.engine import check
from tf2lint.check.registry import registry, rules
from tf2lint.cli import pages, settings, terminal
from tf2lint.config import make_options
from tf2lint.finding import Finding
from tf2lint.options import OptionError, Options, nearest
from tf2lint.rules.surface.unknown import unknown
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
        terminal.show(pages.page(rule))
        return 0
    family = registry().families.get(args.what)
    if family is not None:
        print(f"{args.what}: {family}\n")
        print("\n".join(pages.lines(rule for rule in rules() if rule.code[:3] == args.what)))
        return 0
    spelled = _spelled(args.what)
    name = spelled.replace("tf.compat.v1.", "tf.", 1)
    options = settings.settings_for(args, "explain").at(os.getcwd()).options
    options = replace(options, enable=parse_enable(["all"]))
    is_name = all(p.isidentifier() and not iskeyword(p) for p in spelled.split("."))
    told = _told(name, spelled, options) if is_name else []
    if not api.known(name) and all(f.rule is unknown.rule for _, found in told for f in found):
        raise OptionError(f"explain: no rule and no TensorFlow symbol {args.what!r}{_near(name)}")
    lines = [*story(name), "", f"What tf2lint says for TensorFlow {dotted(options.target)}:"]
    told = [(use, found) for use, found in told if found] or told[:1]
    for use, found in told:
        lines.append(f"    {use}")
        lines += [f"        {finding.code} {finding.message}" for finding in found]
    if not any(found for _, found in told):
        lines.append("    nothing")
    codes = list(dict.fromkeys(finding.code for _, found in told for finding in found))
    named = re.compile(rf"`{re.escape(name)}(?![\w.])")
    pages_too = [r.code for r in rules() if r.code not in codes and named.search(r.page)]
    if pages_too:
        lines.append(f"Named on other pages: {', '.join(pages_too)}")
    lines += [f"More on {code}: tf2lint explain {code}" for code in codes]
    terminal.show("\n".join(lines), markdown=False)
    return 0


# --- what was meant ---


def _near(name: str) -> str:
    """What may have been meant by a symbol that there is not, or by a rule."""
    found = _respelled(name) or _elsewhere(name.rpartition(".")[2])
    if found:
        return f", did you mean {found!r}?"
    return nearest(name[3:], [word for rule in rules() for word in (rule.code, rule.name)])


def _respelled(name: str) -> str:
    """`tf.trian.Saver` as `tf.train.Saver`: each part as the nearest that there is."""
    owner = "tf"
    for part in name.split(".")[1:]:
        names = (*api.children(owner), *api.members(owner))
        found = [part] if part in names else get_close_matches(part, names, n=1, cutoff=0.7)
        if not found:
            return ""
        owner = f"{owner}.{found[0]}"
    return owner


def _elsewhere(last: str) -> str:
    """`AdamOptimizer` as `tf.train.AdamOptimizer`: the shortest name that ends in that word."""
    names: dict[str, list[str]] = {}
    for known in api.names():
        names.setdefault(known.rpartition(".")[2], []).append(known)
    found = [last] if last in names else get_close_matches(last, names, n=1, cutoff=0.85)
    if not last or not found:
        return ""
    return min(names[found[0]], key=lambda n: (n.startswith("tf.contrib"), n.count("."), len(n)))


# --- what is said of a symbol ---

_TF1 = "tf.placeholder(tf.float32)"  # shows that the code is TF 1's


class Uses(NamedTuple):
    """Code that uses a symbol in several ways; `owner` is the class of `x`, if that is in it."""

    owner: str
    texts: list[str]

    def module(self, texts: Iterable[str], before: str = "") -> str:
        """A module with a line for each of `texts`."""
        head = f"import tensorflow as tf\n{before}"
        if self.owner:
            return head + f"def example(x: {self.owner}):\n" + "".join(f"    {t}\n" for t in texts)
        return head + "".join(f"{text}\n" for text in texts)


def uses_of(name: str, spelled: str) -> list[Uses]:
    """How a symbol is used: what a class has through an object of it first, then by the class."""
    found = api.symbol(name)
    kind = found.kind if found is not None else ""
    signature = api.signature(name, "tf1", api.NEWEST) or api.signature(name, "v2", api.NEWEST)
    ways = _ways(signature) if kind in ("function", "class", "method") else [""]
    owner, _, last = name.rpartition(".")
    above = api.symbol(owner)
    by_name = Uses("", [spelled + way for way in ways])
    if above is None or above.kind != "class" or kind not in ("method", "property"):
        return [by_name]
    return [Uses(owner, [f"x.{last}{way}" for way in ways]), by_name]


def _ways(signature: Signature | None) -> list[str]:
    """Argument lists: what is required, then one argument more at a time, by place and by name."""
    if signature is None:
        return ["()"]
    required = [n for n in signature.positional if n in signature.required]
    named = [f"{n}={n}" for n in signature.required if n not in required]
    given = [", ".join([*required, *named])]
    more = [n for n in signature.names if n not in signature.required]
    given += [", ".join([*signature.positional[:end], *named])
              for end in range(len(required) + 1, len(signature.positional) + 1)]  # fmt: skip
    given += [", ".join([*required, *named, f"{n}={n}"]) for n in more if n != "name"]
    return [f"({arguments})" for arguments in given]


def snippet_of(name: str) -> str:
    """Code whose last line uses the symbol `name` as its signature has it."""
    uses = uses_of(name, name)[0]
    return uses.module(uses.texts[:1])


def _told(name: str, spelled: str, options: Options) -> list[tuple[str, list[Finding]]]:
    """Uses of the symbol and what is said of each; after the first those that add something."""
    told: list[tuple[str, list[Finding]]] = []
    for uses in uses_of(name, spelled):
        told = _said(uses, options)
        if any(found for _, found in told):
            break
    return told


def _said(uses: Uses, options: Options) -> list[tuple[str, list[Finding]]]:
    first, *others = uses.texts
    [plain] = _found(uses, [first], "", options)
    told = [(first, plain)]
    codes = {finding.code for finding in plain}
    seen: set[tuple[str, str]] = set()
    indent = 4 if uses.owner else 0
    for text, found in zip(others, _found(uses, others, f"{_TF1}\n", options), strict=True):
        fresh: list[Finding] = []
        for finding in found:
            at = finding.column - indent
            place = text[at : finding.end_column - indent] if at > text.find("(") else ""
            if (finding.code, place) not in seen and (place or finding.code not in codes):
                fresh.append(finding)
            seen.add((finding.code, place))
        if fresh:
            told.append((text, fresh))
    return told


def _found(uses: Uses, texts: Sequence[str], before: str, options: Options) -> list[list[Finding]]:
    """The findings at each of `texts` in one module."""
    if not texts:
        return []
    module = uses.module(texts, before)
    first = module.count("\n") - len(texts) + 1
    by_line: list[list[Finding]] = [[] for _ in texts]
    for finding in check(Source(module, "example.py"), options):
        if finding.line >= first:
            by_line[finding.line - first].append(finding)
    return by_line


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
    if not api.known(name):
        yield f"{name}: not in TF 1.15 or TF 2, but in an older TensorFlow or in tf.contrib"
        return
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
        elif api.needs_keras_2(spelled, release):
            what = f"{spelled} is there only with tf_keras and TF_USE_LEGACY_KERAS=1"
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


def _spelled(word: str) -> str:
    """The symbol as code spells it: below `tf.`, or below `tf.compat.v1.`."""
    for prefix in ("tensorflow.", "tf."):
        if word.startswith(prefix):
            return f"tf.{word[len(prefix) :]}"
    return f"tf.{word}"
