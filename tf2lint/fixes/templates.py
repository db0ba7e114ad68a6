"""Templates: the code to write, filled in with the arguments of the very call.

`tf.nn.dropout({x}, rate=1 - {keep_prob}, seed={seed})` names parameters of the TF 1
signature. Keyword arguments of a template whose parameters are not passed fall away;
positional ones are required.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from tf2lint.check.arguments import Arguments
from tf2lint.check.facts import Module
from tf2lint.fixes.rendering import MARK, hole, render, torn
from tf2lint.tensorflow import api

_NEW = 36  # characters of what is new to a call, where the rest is left out
LONG = 180  # characters of a rewritten call; longer ones have arguments left out
OUTLINE = 100  # and of one for no call in particular
_LONG_ARGUMENT = 24
SHORTER = (24, 16)  # characters of an argument that a shorter form still repeats
_CUTS = (100, 60)  # characters of a call of which only the first arguments are shown
_HOLE = re.compile(r"\{(\w+)\}")
_SEVERAL = re.compile(r"(?<!=)\.\.\.(?:, \.\.\.)+")  # arguments left out, one after the other
_OBJECT = re.compile(r"^\.{4}")  # `....map(f)`, its object left out, is `.map(f)`
_EMPTY = re.compile(r"\w\(\.\.\.\)|\.\.\.\(")  # says no more than a name, or not even that
_V1 = "tf.compat.v1."
_NAME = re.compile(r"(?<![\w.'\"/-])tf(?:\.[A-Za-z_]\w*)+")


class Call(Protocol):
    """What templates ask of a reference."""

    module: Module
    receiver: ast.expr | None

    def rooted(self, text: str) -> str:
        """`text` with its TensorFlow names as the code spells them."""

    def text(self, expr: ast.expr) -> str:
        """The source of `expr` on one line."""

    def arguments(self) -> Arguments | None:
        """The call's arguments by the signature of TF 1."""


def names_in(text: str) -> list[str]:
    """Every TensorFlow name that `text` mentions, `tf.keras.layers.Dense` ..."""
    return _NAME.findall(text)


@lru_cache(maxsize=8192)
def valid(text: str, target: api.Version) -> bool:
    """Whether every TensorFlow name in `text` exists under `target`, keywords included."""
    if not all(_exists(name, target) for name in names_in(text)):
        return False
    return all(not _refused(call, target) for call in calls_in(text))


def _exists(name: str, target: api.Version) -> bool:
    if name in ("tf.compat.v1", "tf.compat.v2"):
        return True
    return api.exists(name, target)


def calls_in(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each call of a TensorFlow name in `text` with its keyword arguments."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for match in _NAME.finditer(text):
        if text[match.end() : match.end() + 1] != "(":
            continue
        end = _closing(text, match.end())
        if end < 0:
            continue
        inside = _HOLE.sub(r"hole_\1", text[match.end() : end + 1])
        try:
            call = ast.parse("f" + inside, mode="eval").body
        except SyntaxError:
            continue
        if isinstance(call, ast.Call):
            keywords = tuple(k.arg for k in call.keywords if k.arg is not None)
            found.append((match.group(), keywords))
    return found


def _closing(text: str, start: int) -> int:
    depth = 0
    for at in range(start, len(text)):
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            depth -= 1
            if depth == 0:
                return at
    return -1


def _refused(call: tuple[str, tuple[str, ...]], target: api.Version) -> list[str]:
    name, keywords = call
    namespace = "v2"
    if name.startswith("tf.compat.v1."):
        name, namespace = "tf." + name[len("tf.compat.v1.") :], "v1"
    signature = api.signature(name, namespace, target)
    if signature is None:
        return []
    return [keyword for keyword in keywords if not signature.accepts(keyword)]


def first_valid(texts: Sequence[str], target: api.Version) -> str | None:
    """The first of `texts` that holds under `target`; None where none does."""
    for text in texts:
        if valid(text, target):
            return text
    return None


def rooted(text: str, root: str) -> str:
    """`text` with `tf.` spelled as the code at hand spells it."""
    if root == "tf":
        return text
    return _NAME.sub(lambda m: root + m.group()[2:], text)


@lru_cache(maxsize=4096)
def through_v1(text: str, target: api.Version) -> str:
    """`text` for where `tf` is compat.v1: what is another object there is in `tf.compat.v2`.

    TF 2.0 does not have that yet, so that the package is named.
    """
    root = "tf.compat.v2" if target >= (2, 1) else "tensorflow"

    def spelled(match: re.Match[str]) -> str:
        name = match.group()
        if name.startswith(_V1):
            return "tf" + name[len(_V1) - 1 :]
        if not api.exists(name, target) or api.is_one_object(name, target):
            return name
        return name if name.startswith("tf.compat") else root + name[2:]

    return _NAME.sub(spelled, text)


@lru_cache(maxsize=4096)
def parsed(template: str) -> ast.expr:
    """The template as syntax; holes are names, see `hole`."""
    return ast.parse(_HOLE.sub(rf"{MARK}\1", template), mode="eval").body


@lru_cache(maxsize=4096)
def keeps(template: str) -> bool:
    """Whether the template calls something with the same arguments under the same names."""
    tree = parsed(template)
    if not isinstance(tree, ast.Call) or isinstance(tree.func, ast.Call):
        return False
    return all(hole(arg) is not None for arg in tree.args) and all(
        hole(k.value) == k.arg for k in tree.keywords
    )


def is_rename(template: str, signature: api.Signature | None) -> bool:
    """Whether the template only calls something else with the same arguments."""
    if "{" not in template:
        return "(" not in template
    tree = parsed(template)
    if not isinstance(tree, ast.Call) or signature is None:
        return False
    names = [hole(arg) for arg in tree.args]
    if names != list(signature.positional[: len(names)]):
        return False
    return all(k.arg == hole(k.value) for k in tree.keywords) and len(names) + len(
        tree.keywords
    ) == len(signature.names)


def full(template: str, ref: Call, arguments: Arguments, root: str) -> str | None:
    """The whole rewritten call, arguments as they are written; None where one is missing."""
    text = rendered(parsed(template), ref, arguments)
    return None if text is None else rooted_code(text, template, root)


def rendered(node: ast.expr, ref: Call, arguments: Arguments) -> str | None:
    """Part of a template filled in with the arguments as they are written."""
    source = ref.module.source
    texts = {name: source.segment(value) for name, value in arguments.given.items()}
    if ref.receiver is not None:
        texts["self"] = source.segment(ref.receiver)
    return render(node, texts, torn(arguments.given))


def rooted_code(text: str, template: str, root: str) -> str:
    """`text`, where only the names that `template` itself brings are spelled with `root`."""
    if root == "tf":
        return text
    for name in sorted(set(names_in(_HOLE.sub("x", template))), key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", root + name[2:], text)
    return text


def callee(template: str) -> str:
    """What the template calls, without arguments."""
    node = parsed(template)
    while isinstance(node, ast.Call):
        node = node.func
    return ast.unparse(node).replace(MARK, "")


def forms(template: str, ref: Call, arguments: Arguments | None = None) -> tuple[str, ...]:
    """`template` with the arguments of `ref`'s call, the longest form first.

    Longer arguments become `...` from form to form, as long as that tells more than the name of
    what is called, which is the last form. `arguments` are others to take, such as the call's own
    with more names in `given`.
    """
    arguments = arguments or ref.arguments()
    if "{" not in template:
        return (ref.rooted(template),)
    found = filled(template, ref, arguments)
    if found:
        return found
    template = ref.rooted(template)
    if ref.receiver is not None and len(ref.text(ref.receiver)) <= _LONG_ARGUMENT:
        template = template.replace("{self}", ref.text(ref.receiver))
    return (outline(template),)


def filled(template: str, ref: Call, arguments: Arguments | None) -> tuple[str, ...]:
    """The forms of a call that can be read; () where its arguments cannot be mapped."""
    if arguments is None or arguments.open or arguments.unknown:
        return ()
    # A variable's first value raises in TF 2.13 and later; the variable has it.
    texts = {
        name: ref.text(value).replace(".initialized_value()", "")
        for name, value in arguments.given.items()
    }
    texts["self"] = ref.text(ref.receiver) if ref.receiver is not None else "self"
    return _filled(ref.rooted(template), tuple(texts.items()), torn(arguments.given))


@lru_cache(maxsize=1024)  # in an editor nearly all calls are those of a letter before
def _filled(
    template: str, given: tuple[tuple[str, str], ...], torn: frozenset[str]
) -> tuple[str, ...]:
    texts = dict(given)
    tree = parsed(template)
    found: list[str | None] = [render(tree, texts, torn)]
    if found[0] is None:
        return ()
    for most, room in zip(SHORTER, _CUTS, strict=True):
        texts = {name: text if len(text) <= most else "..." for name, text in texts.items()}
        if _tells(tree, texts):
            found += [render(tree, texts, torn), _cut(tree, texts, torn, room)]
    kept = [
        _OBJECT.sub(".", form) for form in map(_joined, found)
        if form and len(form) <= LONG and not _EMPTY.search(form)
    ]  # fmt: skip
    least = _OBJECT.sub(".", _joined(_called(tree, texts, torn)))
    if least and (not kept or len(least) < len(kept[0])):  # what is shorter still says less
        kept = [*(form for form in kept if len(form) > len(least)), least]
    return tuple(
        form for number, form in enumerate(kept)
        if all(len(form) < len(longer) for longer in kept[:number])
    )  # fmt: skip


def _joined(form: str | None) -> str:
    """The form with arguments that are left out one after the other as one."""
    return _SEVERAL.sub("...", form or "")


def _tells(tree: ast.expr, texts: dict[str, str]) -> bool:
    """Whether a form says more than the name of what is called."""
    if not isinstance(tree, ast.Call):
        return True
    slots = [("", arg) for arg in tree.args] + [(k.arg or "", k.value) for k in tree.keywords]
    for keyword, value in slots:
        name = hole(value)
        if name is None or (name in texts and (texts[name] != "..." or keyword not in ("", name))):
            return True
    return not slots


def _called(tree: ast.expr, texts: dict[str, str], torn: frozenset[str]) -> str | None:
    """What is called with what is new to the call, or named anew; else the name alone.

    None where what is called is made by a call itself.
    """
    made = tree
    while isinstance(tree, ast.Call):
        made, tree = tree, tree.func
    if any(isinstance(node, ast.Call | ast.BinOp) for node in ast.walk(tree)):
        return None
    name = render(tree, texts, torn)
    if not isinstance(made, ast.Call) or name is None:
        return name
    if "." not in name:
        return None  # of `next(iter(x))` the name says nothing
    new = [keyword for keyword in made.keywords if hole(keyword.value) != keyword.arg]
    new.sort(key=lambda keyword: MARK in ast.unparse(keyword.value))  # constants first
    whole = render(ast.Call(ast.Name(""), made.args, made.keywords), texts, torn)
    for many in range(len(new), 0, -1):
        told = render(ast.Call(ast.Name(""), [], new[:many]), texts, torn)
        if told is not None and told != "()" and len(told) <= _NEW:
            return name + (told if told == whole else f"{told[:-1]}, ...)")
    return name


def _cut(node: ast.expr, texts: dict[str, str], torn: frozenset[str], room: int) -> str | None:
    """The rewritten call with its first arguments, and what is new, as much as can be read.

    Of `Layer(...)(x)` those of the inner call.
    """
    if not isinstance(node, ast.Call):
        return None
    made = node.func if isinstance(node.func, ast.Call) else node
    kept: str | None = None
    holes = [k for k in made.keywords if hole(k.value) is not None]
    same = [k for k in holes if hole(k.value) == k.arg]
    # What is as in TF 1 goes first, of the rest what is only named anew.
    first = [made.keywords[:many] for many in range(len(made.keywords))]
    new = [
        [k for k in made.keywords if k not in less[many:]]
        for less in (holes, same)
        for many in range(len(less))
    ]
    fixed = [k for k in made.keywords if k not in holes]
    for keywords in (*first, *(fixed[:many] for many in range(1, len(fixed))), *new):
        if keywords:
            part = render(ast.Call(made.func, made.args, keywords), texts, torn)
            if part is not None and len(part) <= room:
                kept = f"{part[:-1]}, ...)"
    if kept is None or made is node:
        return kept
    rest = render(ast.Call(ast.Name("_"), node.args, node.keywords), texts, torn)
    return None if rest is None else kept + rest[1:]


def outline(template: str) -> str:
    """The template for no call in particular: `tf.nn.dropout(x, rate=1 - keep_prob)`."""
    text = _HOLE.sub(r"\1", template)
    return text if len(text) <= OUTLINE else callee(template)
