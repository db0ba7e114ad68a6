"""Advice: what a finding tells to do, typed, and how it reads.

Text is Markdown of one line: code in backticks. What is code as a whole gets them here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tf2lint.check.arguments import Arguments


class Kind(Enum):
    """What is to be done."""

    USE = "use"  # this code, or what the words name
    DELETE = "delete"
    WRITE = "write"  # in words, with a verb of their own
    INSTALL = "install"  # a package that has it
    NOTHING = "nothing"  # there is no successor


_OPENINGS = {Kind.USE: "Use ", Kind.DELETE: "Delete ", Kind.INSTALL: "Use ", Kind.WRITE: "",
             Kind.NOTHING: ""}  # fmt: skip


@dataclass(frozen=True)
class Advice:
    """What to do instead.

    `texts` say the same at different lengths, the longest first. `template` and `arguments` are
    what the text was rendered from: the edits come from them. `asides` are sentences that follow
    where there is room, `notes` those that follow in any case, the caveats last. `bare` says that
    the last text is but a name, with what is new to the call, which has more to say; `uses` are the
    parameters that the code takes, None where it is written by hand and does not say.
    """

    kind: Kind
    texts: tuple[str, ...]
    template: str = ""
    arguments: Arguments | None = field(default=None, compare=False)
    notes: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    bare: bool = False
    uses: frozenset[str] | None = None

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.texts[0])

    def __str__(self) -> str:
        """Refused: as a mere string, advice would lose its edits unseen."""
        raise TypeError("advice is no string: see `then`, `noting` and `text`")

    @property
    def text(self) -> str:
        """The longest text."""
        return self.texts[0]

    @property
    def code(self) -> str:
        """The longest text without the backticks around it."""
        return self.text.strip("`")

    @property
    def is_call(self) -> bool:
        """Whether it shows a call, not only what is to be called."""
        return self.text.endswith(")`")

    def noting(self, *notes: str) -> Advice:
        """The same with sentences after it that take nothing back: its edits stay."""
        return replace(self, notes=(*self.notes, *filter(None, notes)))

    def adding(self, *asides: str) -> Advice:
        """The same with sentences after it that help, and are left out where there is no room."""
        return replace(self, asides=(*self.asides, *filter(None, asides)))

    def settling(self, *names: str) -> Advice:
        """The same where it is known to answer to the parameters `names`, unseen."""
        return replace(self, uses=(self.uses or frozenset()).union(names)) if names else self

    def then(self, words: str) -> Advice:
        """The same with words after the code that ask for more than an edit can do."""
        if not words:
            return self
        return self.only(lambda text: text + words)

    def only(self, words: Callable[[str], str] = lambda text: text) -> Advice:
        """The same in the words that `words` makes of each text; no edit is made of it."""
        return replace(self, texts=tuple(map(words, self.texts)), template="", arguments=None)

    def shorter(self, *texts: str) -> Advice:
        """The same with shorter texts for where there is little room."""
        return replace(self, texts=(*self.texts, *texts), bare=False)

    def at_least(self, words: str) -> Advice:
        """The same with `words` where it else would show no more than a name."""
        if "(" in self.texts[-1] and not self.bare:
            return self
        return replace(self, texts=(*self.texts[:-1], words), bare=False)

    def mapped(self, change: Callable[[str], str]) -> Advice:
        """The same with `change` done to every text and note, such as another root for names."""
        texts, notes, asides = (
            tuple(map(change, part)) for part in (self.texts, self.notes, self.asides)
        )
        return replace(self, texts=texts, notes=notes, asides=asides)

    def sentences(self, number: int = 0, asides: bool = True) -> list[str]:
        """How it reads with the text of that number."""
        text = _OPENINGS[self.kind] + self.texts[number]
        beside = self.asides if asides else ()
        return [_sentence(part) for part in (text, *beside, *self.notes) if part]


def _sentence(text: str) -> str:
    """`text` with a capital and a full stop, where it starts and ends with words."""
    end = "" if text.endswith((".", "!", "?")) else "."
    return text[:1].upper() + text[1:] + end


def use(text: str, *notes: str) -> Advice:
    """Write this instead: code, or a noun for it."""
    return Advice(Kind.USE, (marked(text),), notes=notes)


def delete(text: str = "it", *notes: str) -> Advice:
    """Delete `text`: "it", "it and keep the body"."""
    return Advice(Kind.DELETE, (text,), notes=notes)


def write(text: str, *notes: str) -> Advice:
    """Do what the sentence `text` says."""
    return Advice(Kind.WRITE, (text,), notes=notes)


def install(text: str, *notes: str) -> Advice:
    """Use `text`, which a package beside TensorFlow has."""
    return Advice(Kind.INSTALL, (marked(text),), notes=notes)


def nothing(text: str = "nothing takes its place", *notes: str) -> Advice:
    """There is no successor: `text` is a sentence that says why."""
    return Advice(Kind.NOTHING, (text,), notes=notes)


def coded(
    forms: Sequence[str], template: str, arguments: Arguments | None, bare: bool = False
) -> Advice:
    """Code to use, rendered from `template` at different lengths; `bare` as in `Advice`."""
    texts = tuple(f"`{form}`" for form in forms)
    # A name alone takes what the old one took.
    uses = frozenset(_HOLE.findall(template)) if "(" in template else None
    return Advice(Kind.USE, texts, template, arguments, bare=bare and len(texts) > 1, uses=uses)


NONE = Advice(Kind.USE, ("",))


def advised(given: Advice | str) -> Advice:
    """Mere words are what to use."""
    return given if isinstance(given, Advice) else use(given)


_HOLE = re.compile(r"\{(\w+)\}")
_WORDS = re.compile(r"[a-z]+")
_STATEMENT = re.compile(r"(?:from [\w.]+ )?import [\w.*]+(?: as \w+)?|(?:for|with|while) .*:")


@lru_cache(maxsize=4096)
def marked(text: str) -> str:
    """`text` in backticks where it is code as a whole, be it an expression or a statement."""
    if not text or "`" in text or _WORDS.fullmatch(text):
        return text
    if _STATEMENT.fullmatch(text):
        return f"`{text}`"
    if _parses(text, "exec") or _parses(f"_({text})", "eval"):
        return f"`{text}`"
    return text


def _parses(text: str, mode: str) -> bool:
    """Whether `text` is one expression or assignment; prose with `and` and `in` is none."""
    try:
        tree = ast.parse(text, mode=mode)
    except (SyntaxError, ValueError):
        return False
    if isinstance(tree, ast.Expression):  # `a=1, b=2`
        return isinstance(tree.body, ast.Call) and not tree.body.args
    if not isinstance(tree, ast.Module) or len(tree.body) != 1:
        return False
    stmt = tree.body[0]
    return isinstance(stmt, ast.Assign) or (
        isinstance(stmt, ast.Expr) and not isinstance(stmt.value, ast.BoolOp | ast.Compare)
    )
