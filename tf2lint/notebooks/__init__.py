"""Jupyter notebooks as Python modules, and back.

The code cells of a notebook become one module, so that an import in one cell means something in
the next. What is IPython's and not Python's (`%x`, `!x`, `?x`, `%%x` cells) becomes Python that
does not move any position: calls as IPython makes them, or comments. When a module comes back
changed, only the `source` of the cells that differ is written anew; every other byte stays.
"""

from __future__ import annotations

import ast
import bisect
import re
import warnings
from collections.abc import Iterable, Iterator

from tf2lint.notebooks.cells import BadNotebook, Cell, cells_of, source_of
from tf2lint.notebooks.magics import (
    PYTHON_CELLS,
    Magic,
    Reading,
    call_of,
    code_at,
    indent_of,
    is_magic,
)
from tf2lint.python2 import rewritten
from tf2lint.source import split_lines

SUFFIX = ".ipynb"
_WORD = re.compile(r"[^\W\d]\w*")


class NotRewritten(Exception):
    """A changed module that does not go back into its notebook; the text says why."""


class Notebook:
    """One notebook. Raises `BadNotebook`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.mark = next(mark for mark in map(chr, range(0xE000, 0xF8FF)) if mark not in text)
        self._magics: list[Magic] = []
        self.cells = list(cells_of(text))
        made: list[str] = []
        for cell in self.cells:
            python = self._python(cell)
            cell.error = _error_of("".join(python))
            if cell.error is not None and (made_of := _python3(python)):
                cell.error, cell.is_python2, python = None, True, made_of
            if cell.error is not None:
                inside = (cell.error.lineno or 1) - (len(python) - len(cell.lines))
                cell.error.lineno = max(inside, 1)
                python = [f"#{self.mark}\n" for _ in cell.lines]
            made.append(self._separator(cell))
            cell.first = len(made) + 1 + len(python) - len(cell.lines)  # see `if True` below
            made += python
        self.module = "".join(made)
        self._firsts = [cell.first for cell in self.cells]

    @property
    def broken(self) -> list[Cell]:
        """The cells that are no Python."""
        return [cell for cell in self.cells if cell.error is not None]

    @property
    def is_python2(self) -> bool:
        """Whether there is a cell that only Python 2 parses."""
        return any(cell.is_python2 for cell in self.cells)

    def at(self, line: int) -> tuple[Cell, int]:
        """The cell that holds a line of the module, and the line in that cell."""
        cell = self.cells[max(bisect.bisect_right(self._firsts, line) - 1, 0)]
        return cell, max(line - cell.first + 1, 1)

    def line(self, line: int) -> str:
        """A line of the module as the notebook has it, without its end."""
        cell, inside = self.at(line)
        return cell.lines[inside - 1].rstrip("\r\n") if inside <= len(cell.lines) else ""

    # To Python.

    def _separator(self, cell: Cell) -> str:
        return f"#{self.mark}cell {cell.number}\n"

    def _python(self, cell: Cell) -> list[str]:
        """The lines of a cell as Python; each has an end."""
        lines = cell.lines = split_lines(cell.text)
        ended = [line if line.endswith(("\n", "\r")) else f"{line}\n" for line in lines]
        top = next(
            (n for n, line in enumerate(ended) if line.strip() and line.lstrip()[0] != "#"), None
        )
        if top is None:
            return ended
        first = ended[top].lstrip()
        if first.startswith("%%"):
            name = first[2:].split(None, 1)
            magic = self._running(ended[top], len(indent_of(ended[top])))
            head = [*ended[:top], magic or self._magic(ended[top], "", "pass")]
            below = ended[top + 1 :]
            if name and name[0] in PYTHON_CELLS:
                return head + list(self._lines(below))
            return head + [self._comment(line) for line in below]
        # IPython takes the first line's indentation off all lines.
        head = [self._magic(None, "", "if True:")] if ended[top][0] in " \t" else []
        return head + list(self._lines(ended))

    def _lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Lines with those neutralised that start, or assign, a magic or a command."""
        reading = Reading()
        goes_on = False
        for line in lines:
            inside = line.strip()
            if goes_on:
                yield self._comment(line)
            elif reading.fresh and is_magic(inside):
                magic = self._running(line, len(indent_of(line)))
                yield magic or self._magic(line, indent_of(line), call_of(inside))
            else:
                at = reading.read(line)
                if not at:
                    yield line
                    continue
                magic = self._running(line, at, assigned=True)
                call = call_of(line[at:].strip(), assigned=True)
                yield magic or self._magic(line, line[:at], call)
            goes_on = line.rstrip("\r\n").endswith("\\")

    def _magic(self, line: str | None, before: str, call: str) -> str:
        code = f"{before}{call}  " if call else ""
        made = f"{code}#{self.mark} {(line or '').strip()}\n"
        self._magics.append(Magic(line, made))
        return made

    def _running(self, line: str, at: int, assigned: bool = False) -> str:
        """Python for a magic at `at` that runs Python, which keeps its place; else nothing."""
        start = code_at(line, at)
        code = line[start:].rstrip()
        if not start or code.endswith("\\") or (assigned and "#" in code):
            return ""
        filler = " " * (start - at - 2)
        lead = line[:at].lstrip(" \t")
        instead = f"{lead}( {filler}" if assigned else f"{lead}0{filler};"
        closed = ")" if assigned else ""
        if _error_of(f"{instead}{code}{closed}\n") is not None:
            return ""
        after = f"{closed}  #{self.mark} {line.strip()}"
        made = f"{indent_of(line)}{instead}{code}{after}\n"
        self._magics.append(Magic(line, made, lead + line[at:start], instead, after))
        return made

    def _comment(self, line: str) -> str:
        return self._magic(line, "", "") if line.strip() else line

    # And back.

    def rewritten(self, module: str) -> str:
        """The notebook's text for a changed `module`. Raises `NotRewritten`."""
        self._see_that_magics_keep_their_names(module)
        texts = self._split(module)
        parts: list[str] = []
        done = 0
        for cell, text in zip(self.cells, texts, strict=True):
            if text == cell.text:
                continue
            parts += [self.text[done : cell.start], source_of(self.text, cell, text)]
            done = cell.end
        return "".join([*parts, self.text[done:]])

    def _split(self, module: str) -> list[str]:
        """The texts of the cells in a changed module."""
        found: list[list[str]] = []
        magics = iter(self._magics)
        for line in split_lines(module):
            if self.mark not in line:
                if not found:
                    raise NotRewritten("a line would go in front of the first cell")
                found[-1].append(line)
            elif len(found) < len(self.cells) and line == self._separator(self.cells[len(found)]):
                found.append([])
            else:
                magic = next(magics, None)
                old = magic.back(line) if magic is not None and found else None
                if magic is None or old is None:
                    raise NotRewritten("a line with a magic would change")
                found[-1].append(old)
        if len(found) < len(self.cells) or next(magics, None) is not None:
            raise NotRewritten("a line with a magic would go")
        texts = []
        for cell, lines in zip(self.cells, found, strict=True):
            text = "".join(lines)
            if not cell.text.endswith(("\n", "\r")) and text.endswith("\n"):
                text = text[:-1]
            texts.append(text)
        return texts

    def _see_that_magics_keep_their_names(self, module: str) -> None:
        """Raise `NotRewritten` where a magic has a name whose import goes."""
        gone = _imported(self.module) - _imported(module)
        for magic in self._magics:
            for name in gone.intersection(_WORD.findall(magic.line or "")):
                raise NotRewritten(f"`{(magic.line or '').strip()}` needs {name}")


def _error_of(python: str) -> SyntaxError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(python)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:  # null bytes, lone surrogates
        return SyntaxError(str(error))
    return None


def _python3(python2: list[str]) -> list[str]:
    """Lines of Python 3 for those of a cell in Python 2; none where it is something else."""
    found = rewritten("".join(python2))  # longer indentation would move what stands behind it
    if found.indents or _error_of(found.text) is not None:
        return []
    return split_lines(found.text)


def _imported(module: str) -> set[str]:
    """Names that imports bind."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(ast.parse(module))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


__all__ = ["SUFFIX", "BadNotebook", "Cell", "NotRewritten", "Notebook"]
