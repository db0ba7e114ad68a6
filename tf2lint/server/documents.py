"""What an editor has open: files, and notebooks whose cells are one module."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tf2lint.finding import Edit
from tf2lint.fixes.edits import apply
from tf2lint.notebooks import Notebook, NotRewritten
from tf2lint.source import split_lines


@dataclass(eq=False)
class Text:
    """One text that the editor holds: a file, or a cell."""

    uri: str
    text: str
    version: int | None = None
    is_python: bool = True
    _split: tuple[str, list[str]] = ("", [])  # a text, and its lines

    @property
    def lines(self) -> list[str]:
        """Its lines with their ends."""
        if self._split[0] is not self.text:
            self._split = self.text, split_lines(self.text)
        return self._split[1]


Changes = dict[Text, tuple[Edit, ...]]  # places are those of the text itself


@dataclass(eq=False)
class File:
    """A file: one text that is one module."""

    text: Text
    path: str | None  # None where it is not on a disk

    @property
    def uri(self) -> str:
        """What the editor calls it."""
        return self.text.uri

    @property
    def texts(self) -> list[Text]:
        """The texts that it is made of."""
        return [self.text]

    @property
    def module(self) -> str:
        """The Python that is looked at."""
        return self.text.text

    def broken(self) -> list[Text]:
        """The texts that the module leaves out, since they are no Python."""
        return []

    def at(self, line: int) -> tuple[Text, int]:
        """The text that holds a line of the module, and the line in it."""
        return self.text, line

    def line_of(self, text: Text, line: int) -> int:
        """The line of the module for a line of `text`."""
        del text
        return line

    def moved(self, edits: Iterable[Edit]) -> Changes | None:
        """Edits of the module as edits of its texts; None where that cannot be."""
        return {self.text: tuple(edits)}

    def rewritten(self, module: str) -> Changes | None:
        """The edits that turn the texts into those of a changed `module`, or None."""
        return {self.text: between(self.module, module)}


@dataclass(eq=False)
class NotebookFile:
    """A notebook: its Python cells, in their order, are one module."""

    uri: str
    path: str | None
    cells: list[Text] = field(default_factory=list)
    _made: tuple[list[str], Notebook] | None = None

    @property
    def texts(self) -> list[Text]:
        """Its cells of Python."""
        return [cell for cell in self.cells if cell.is_python]

    @property
    def notebook(self) -> Notebook:
        """Its cells of Python as a notebook of their own."""
        texts = [cell.text for cell in self.texts]
        if self._made is None or self._made[0] != texts:
            cells = [{"cell_type": "code", "source": text} for text in texts]
            self._made = texts, Notebook(json.dumps({"cells": cells}))
        return self._made[1]

    @property
    def module(self) -> str:
        """The Python that is looked at."""
        return self.notebook.module

    def broken(self) -> list[Text]:
        """The texts that the module leaves out, since they are no Python."""
        texts = self.texts
        return [texts[cell.number - 1] for cell in self.notebook.broken]

    def at(self, line: int) -> tuple[Text, int]:
        """The text that holds a line of the module, and the line in it."""
        cell, inside = self.notebook.at(line)
        return self.texts[cell.number - 1], inside

    def line_of(self, text: Text, line: int) -> int:
        """The line of the module for a line of `text`."""
        return self.notebook.cells[self.texts.index(text)].first + line - 1

    def moved(self, edits: Iterable[Edit]) -> Changes | None:
        """Edits of the module as edits of its texts; None where that cannot be."""
        return self.rewritten(apply(self.module, edits))

    def rewritten(self, module: str) -> Changes | None:
        """The edits that turn the texts into those of a changed `module`, or None."""
        if self.notebook.is_python2:
            return None
        try:
            made = json.loads(self.notebook.rewritten(module))
        except NotRewritten:
            return None
        pairs = zip(self.texts, made["cells"], strict=True)
        changes = {text: between(text.text, cell["source"]) for text, cell in pairs}
        return {text: edits for text, edits in changes.items() if edits}


Unit = File | NotebookFile


def between(before: str, after: str) -> tuple[Edit, ...]:
    """The edits that turn one text into another, by whole lines."""
    old, new = split_lines(before), split_lines(after)
    first = _same(old, new)
    last = _same(old[first:][::-1], new[first:][::-1])
    end = len(old) - last
    matcher = difflib.SequenceMatcher(None, old[first:end], new[first : len(new) - last], False)
    edits = []
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            text = "".join(new[first + new_start : first + new_end])
            start, stop = first + old_start, first + old_end
            edits.append(Edit(*_start_of(old, start), *_start_of(old, stop), text))
    return tuple(edits)


def _same(a: Sequence[str], b: Sequence[str]) -> int:
    """How many lines two texts start with that are the same."""
    pairs = zip(a, b, strict=False)
    return next((n for n, (x, y) in enumerate(pairs) if x != y), min(len(a), len(b)))


def _start_of(lines: list[str], index: int) -> tuple[int, int]:
    """Where line `index` starts, from 0; the text's end where there is no such line."""
    if index < len(lines) or not lines or lines[-1].endswith(("\n", "\r")):
        return index + 1, 0
    return len(lines), len(lines[-1].encode("utf-8", "surrogatepass"))
