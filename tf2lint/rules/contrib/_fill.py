"""The answers of the contrib tables, filled in with the arguments of the very call.

See `tf2lint.rules.contrib._table` for how they are written.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from tf2lint.check.advice import NONE, Advice, Kind, coded, delete, marked, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference
from tf2lint.fixes import templates
from tf2lint.fixes.rendering import hole
from tf2lint.rules.contrib import _table as table
from tf2lint.rules.contrib._arg_scope import scoped
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import paths

_GONE = "{_}"  # a hole that nothing fills: its keyword falls away
_CHANNELS = {"NHWC": _GONE, "NWC": _GONE, "NDHWC": _GONE, "channels_last": _GONE,
             "NCHW": '"channels_first"', "NCW": '"channels_first"',
             "NCDHW": '"channels_first"', "channels_first": '"channels_first"'}  # fmt: skip
_UNREAD = "The arguments of the `arg_scope` are added"
_RECEIVER = 24  # characters of a dataset's expression that are repeated


class Filling:
    """One reference with its arguments by the signature of the public symbol."""

    def __init__(self, ref: Reference, found: table.Found) -> None:
        self.ref = ref
        self.found = found
        self.last = _below_section(found)
        self.arguments: Arguments | None = None
        if ref.call is not None:
            arguments = Arguments(ref.call, found.signature)
            if not (arguments.open or arguments.unknown or arguments.extra):
                self.arguments = arguments
        self.whole = self._scoped() if ref.call is not None else True

    def _scoped(self) -> bool:
        """Take what the scopes around the call add to it; whether that can be told."""
        more = scoped(self.ref, self.found.path)
        if self.arguments is None:
            return more.whole and not more.given and not more.of_callers
        names = self.found.signature.names if self.found.signature is not None else ()
        for name, value in more.given.items():
            if name in names:
                self.arguments.given.setdefault(name, value)
        unread = more.of_callers.intersection(names) - self.arguments.given.keys()
        return more.whole and not unread

    def given(self, name: str) -> ast.expr | None:
        """The expression passed for the parameter `name`."""
        return None if self.arguments is None else self.arguments.given.get(name)

    def literal(self, name: str) -> object:
        """The constant passed for `name`; Ellipsis where there is none."""
        return ... if self.arguments is None else self.arguments.literal(name)

    # Choosing.

    def use(self) -> Advice:
        """What to write instead: the first alternative that holds, filled in."""
        for conditions, text in self.found.answer.alternatives:
            if all(map(self._is_true, conditions)) and table.holds(text, self.ref.target):
                holes = {hole[1] for hole in table.HOLE.finditer(text)}
                asked = {condition.partition("=")[0] for condition in conditions}
                said = self.fill(text)
                if "(initializer" in text and self.arguments is not None:
                    holes.update(self.arguments.given)  # the initializer takes the rest
                if holes and self.whole:
                    said = replace(said, uses=frozenset(holes | asked))
                return said if self.whole or "`" not in text else said.only().noting(_UNREAD)
        return NONE

    def _is_true(self, condition: str) -> bool:
        in_range = table.in_range(condition, self.ref.target)
        if in_range is not None:
            return in_range
        if condition.startswith("one "):
            return self._only(condition[4:]) is not None
        name, equals, value = condition.partition("=")
        literal = self.literal(name)
        if equals:
            return str(literal) == value
        return self.given(name) is not None and (literal is ... or bool(literal))

    # Filling.

    def fill(self, text: str) -> Advice:
        """`text` with the code in backticks filled in; code with edits if that is all there is."""
        text, _, note = text.partition(table.NOTE)
        if note:
            return self.fill(text).only().noting(note)
        if text.startswith("delete "):
            return delete(self.fill(text.removeprefix("delete ")).text)
        parts = text.split("`")
        if len(parts) == 3 and not parts[0] and not parts[2]:
            return self._code(parts[1])
        filled = [self._code(part) if place % 2 else NONE for place, part in enumerate(parts)]
        words = [
            "" if place % 2 else self.ref.rooted(self._words(part))
            for place, part in enumerate(parts)
        ]
        # As many lengths as the code has that has most; the shortest of the others.
        texts = dict.fromkeys(
            "".join(
                filled[place].texts[min(number, len(filled[place].texts) - 1)]
                if place % 2 else words[place]
                for place in range(len(parts))
            )
            for number in range(max(len(part.texts) for part in filled))
        )  # fmt: skip
        bare = any(part.bare for part in filled)
        return Advice(Kind.USE, tuple(map(marked, texts)), bare=bare and len(texts) > 1)

    def _words(self, text: str) -> str:
        def word(match: table.Match) -> str:
            return _WORDS[match[3]](self, match[1], match[2])

        said = table.HOLE.sub(word, text)
        while "." in self.last and not templates.valid(said, self.ref.target):
            self.last = self.last.rpartition(".")[0]  # a member that the new class lacks
            said = table.HOLE.sub(word, text)
        return said

    def _code(self, template: str) -> Advice:
        if not _is_expression(template):  # a keyword, a statement: words that are code
            return use(f"`{self.ref.rooted(self._words(template))}`")
        prepared = table.HOLE.sub(self._hole, template)
        forms: tuple[str, ...] = ()
        if "{" not in template:
            forms = (self.ref.rooted(template),)
        elif self.arguments is not None:
            forms = templates.filled(prepared, self.ref, self.arguments)
        if not forms:
            forms = (self.ref.rooted(self.outline(template)),)
        code = coded(forms, prepared, self.arguments, bare=not templates.keeps(prepared))
        return code if _can_stand(prepared) else code.only()

    def _hole(self, match: table.Match) -> str:
        name, default, through = match[1], match[2], match[3]
        if name == "dataset" and not self._knows(name):
            return self._receiver()
        if self.given(name) is None:
            if through == "bias" and self._has_normalizer():
                return "False"
            if through == "act" and self._has_normalizer():
                return _GONE
            if through == "axes":
                return "list(range(1, len({inputs}.shape)))"
            return f"{{{name}}}" if default is None else default
        return _CODES[through](self, name) if through else self.taken(name)

    def _knows(self, name: str) -> bool:
        signature = self.found.signature
        return signature is not None and name in signature.names

    def _receiver(self) -> str:
        """The dataset that `.apply(this call)` is called on, if that is short."""
        up = self.ref.module.source.parent(self.ref.call) if self.ref.call is not None else None
        if isinstance(up, ast.Call) and isinstance(up.func, ast.Attribute):
            if up.func.attr == "apply" and isinstance(up.func.value, ast.Name | ast.Attribute):
                text = self.ref.text(up.func.value)
                if len(text) <= _RECEIVER:
                    return text
        return "dataset"

    def outline(self, template: str) -> str:
        """The template for no call in particular, without optional arguments."""
        tree = copy.deepcopy(templates.parsed(table.HOLE.sub(_default, template)))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                node.keywords = [k for k in node.keywords if not _has_hole(k.value)]
                node.args = [_computed(arg) for arg in node.args]
            elif isinstance(node, ast.Name):
                node.id = hole(node) or node.id
        text = ast.unparse(tree).replace("'", '"')
        only_options = isinstance(tree, ast.Call) and not tree.args and bool(tree.keywords)
        if len(text) > templates.OUTLINE or (only_options and self.ref.call is None):
            return templates.callee(text)
        return text

    # Arguments that are not taken as they are.

    def _only(self, name: str) -> ast.expr | None:
        """The item of an argument that is written as a list of one."""
        value = self.given(name)
        if not isinstance(value, ast.List | ast.Tuple) or len(value.elts) != 1:
            return None
        return None if isinstance(value.elts[0], ast.Starred) else value.elts[0]

    def only(self, name: str) -> str:
        """The one item of a list."""
        item = self._only(name)
        assert item is not None
        assert self.arguments is not None
        self.arguments.given[f"{name}_only"] = item
        return f"{{{name}_only}}"

    def _has_normalizer(self) -> bool:
        given = self.given("normalizer_fn")
        return given is not None and self.literal("normalizer_fn") is not None

    def some(self, name: str) -> str:
        """The argument, what it takes from contrib rewritten; None falls away."""
        value = self.given(name)
        if value is None or self.literal(name) is None:
            return _GONE
        return self.taken(name)

    def taken(self, name: str) -> str:
        """The argument, what it takes from contrib rewritten."""
        value = self.given(name)
        assert value is not None
        inner = [node for node in ast.walk(value) if self._is_contrib(node)]
        if not inner:
            return f"{{{name}}}"
        text = self._nested(value)
        return text if text and "{" not in text else "..."

    def _is_contrib(self, node: ast.AST) -> bool:
        if not isinstance(node, ast.Name | ast.Attribute):
            return False
        return any(
            isinstance(one, Symbol) and paths.under(paths.symbol(one.path), table.ROOT)
            for one in self.ref.values(node)
        )

    def activation(self, name: str) -> str:
        """The activation, which comes after the normalizer if there is one."""
        return _GONE if self._has_normalizer() else self.some(name)

    def bias(self, name: str) -> str:
        """`False` where the layer has no bias."""
        return "False" if self._has_normalizer() or self.literal(name) is None else _GONE

    def lower(self, name: str) -> str:
        """The string in lower case."""
        literal = self.literal(name)
        if isinstance(literal, str):
            return f'"{literal.lower()}"'
        return f"{{{name}}}.lower()"

    def channels(self, name: str) -> str:
        """Keras' data_format; the default falls away."""
        literal = self.literal(name)
        if literal is None:
            return _GONE
        return _CHANNELS.get(literal, "...") if isinstance(literal, str) else "..."

    def axes(self, name: str) -> str:
        """All axes from that one on."""
        literal = self.literal(name)
        if isinstance(literal, int) and literal < 0:
            return f"list(range({literal}, 0))"
        first = str(literal) if isinstance(literal, int) else f"{{{name}}}"
        return f"list(range({first}, len({{inputs}}.shape)))"

    def inverse(self, name: str) -> str:
        """The other truth value."""
        literal = self.literal(name)
        return str(not literal) if isinstance(literal, bool) else f"not {{{name}}}"

    def _nested(self, value: ast.expr) -> str:
        """The rewritten call of contrib that is passed as an argument; "" for others."""
        if isinstance(value, ast.List | ast.Tuple) and len(value.elts) == 1:
            inside = self._nested(value.elts[0])
            return f"[{inside}]" if inside else ""
        if not isinstance(value, ast.Call):
            return ""
        for one in self.ref.values(value.func):
            if isinstance(one, Symbol) and paths.under(paths.symbol(one.path), table.ROOT):
                found = table.find(paths.symbol(one.path))
                site = self.ref.site._replace(node=value.func, call=value)
                inner = Reference(self.ref.module, site, value.func, one.path, "")
                told = Filling(inner, found).use()
                if told.template:
                    return told.code
        return ""


def _below_section(found: table.Found) -> str:
    """The name as its section has it, with the members of a class that is named there."""
    if found.exact:
        return found.path.rpartition(".")[2]
    return found.path[len(found.section.path) :].lstrip(".")


@lru_cache(maxsize=1024)
def _is_expression(template: str) -> bool:
    try:
        templates.parsed(table.HOLE.sub(r"{\1}", template))
    except SyntaxError:
        return False
    return True


def _default(match: table.Match) -> str:
    return match[2] or f"{{{match[1]}}}"


def _has_hole(node: ast.expr) -> bool:
    return any(hole(part) is not None for part in ast.walk(node))


def _computed(node: ast.expr) -> ast.expr:
    """`1 - 0.5` as `0.5`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        left, right = node.left, node.right
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            return ast.Constant(float(f"{left.value - right.value:.12g}"))  # type: ignore[operator]
    return node


def _can_stand(template: str) -> bool:
    """Whether the template may stand wherever the old call stood.

    It makes no layer and names nothing that the code at hand need not have.
    """
    node = templates.parsed(template)
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id != "tf" and hole(part) is None:
            return False
        if isinstance(part, ast.Constant) and part.value is ...:
            return False
    if isinstance(node, ast.Call):
        node = node.func
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id == "tf"


_CODES: dict[str, Callable[[Filling, str], str]] = {
    "some": Filling.some,
    "act": Filling.activation,
    "bias": Filling.bias,
    "lower": Filling.lower,
    "channels": Filling.channels,
    "axes": Filling.axes,
    "not": Filling.inverse,
    "only": Filling.only,
}


# Words between the code.


def _text(filling: Filling, name: str, default: str | None) -> str:
    if name == "last":
        return filling.last
    value = filling.given(name)
    return (default or name) if value is None else filling.ref.text(value)


def _passed(filling: Filling, name: str) -> bool:
    return filling.given(name) is not None and filling.literal(name) not in (None, False)


def _then(filling: Filling, name: str, default: str | None) -> str:
    del default
    if not _passed(filling, name):
        return ""
    return ", then `BatchNormalization` and the activation"


def _and(filling: Filling, name: str, default: str | None) -> str:
    del default
    return ", then the activation" if _passed(filling, name) else ""


def _lost(filling: Filling, name: str, default: str | None) -> str:
    del default
    return ", without the peepholes that Keras has not" if _passed(filling, name) else ""


_WORDS: dict[str, Callable[[Filling, str, str | None], str]] = {
    "text": _text,
    "then": _then,
    "and": _and,
    "lost": _lost,
}
