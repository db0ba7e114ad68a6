"""Jupyter notebooks as Python modules, and back.

The code cells of a notebook become one module, so that an import in one cell means something in
the next. What is IPython's and not Python's (`%x`, `!x`, `?x`, `%%x` cells) becomes Python that
does not move any position: calls as IPython makes them, or comments. When a module comes back
changed, only the `source` of the cells that differ is written anew; every other byte stays.
"""

from __future__ import annotations

import ast
import bisect
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tf2lint.python2 import rewritten
from tf2lint.source import split_lines

SUFFIX = ".ipynb"
_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"[^\W\d]\w*")

# Cells whose first line is a magic and whose other lines are Python all the same.
_PYTHON_CELLS = frozenset((
    "capture", "heat", "memit", "mprun", "prun", "pypy", "python", "python2", "python3", "scalene",
    "snakeviz", "time", "timeit", "wandb",
))  # fmt: skip
# Magics that run the Python that follows them, with those of their options that take a value.
_RUNNERS = {
    "lprun": "fmuDTs", "memit": "rt", "mprun": "fmT", "prun": "lsTD", "snakeviz": "f", "time": "",
    "timeit": "nrpv",
}  # fmt: skip
_MAGIC = re.compile(r"%{1,2}[ \t]*(\w+)[ \t]+")
_OPTION = re.compile(r"-(?:-[\w-]+|([A-Za-z])(\S*))[ \t]+")
_VALUE = re.compile(r"\S+[ \t]+")
_TOKEN = re.compile(r"""\\.|"{3}|'{3}|["'#()\[\]{}]|=[ \t]*(?=[!%])""", re.S)
_HELP = re.compile(r"%{0,2}[\w.*\[\]()'\"]+\?\??\s*$")
# Commands that work without a `%`, in the forms that are no Python.
_BARE = re.compile(
    r"(?:pip3?|conda|mamba)\s+(?:install|uninstall|list|show|freeze|update|upgrade)\b"
    r"|(?:cat|cd|cp|ls|mkdir|mv|rm)[ \t]+(?!(?:and|if|in|is|not|or)\b)[-\w./~$\"']"
)


class BadNotebook(ValueError):
    """A file that is no notebook; `line` and `column` are of the file, from 1."""

    def __init__(self, text: str, line: int = 1, column: int = 1) -> None:
        super().__init__(text)
        self.line, self.column = line, column


class NotRewritten(Exception):
    """A changed module that does not go back into its notebook; the text says why."""


@dataclass
class Cell:
    """A code cell: `number` from 1 among code cells, `text` as the notebook has it.

    `start` and `end` are where its source is in the file, `first` is the module's line that
    holds its first line, `in_file` the file's line for each of its lines. `error` is the
    error of a cell that is no Python; the module leaves such a cell out. A cell that only
    Python 2 parses is there as Python 3, and no module goes back into such a notebook.
    """

    number: int
    text: str
    start: int
    end: int
    in_file: list[int]
    first: int = 0
    error: SyntaxError | None = None
    is_python2: bool = False
    lines: list[str] = field(default_factory=list)


@dataclass
class _Magic:
    """A line that is not Python: as it was (None: it was not there), and what stands for it.

    Where it holds Python that stays in its place, `before` is what goes before that in the line
    and `instead` what stands for this, both without indentation; `after` is what follows.
    """

    line: str | None
    made: str
    before: str = ""
    instead: str = ""
    after: str = ""

    def back(self, line: str) -> str | None:
        """The line for `line`, a changed `made`; None where what is not Python would change."""
        indent, inside = _indent(line), line.strip()
        if inside == self.made.strip():
            if self.line is None or self.made.startswith("#"):
                return self.line or ""
            return indent + self.line.lstrip(" \t")
        if not self.instead or self.line is None:
            return None
        if not (inside.startswith(self.instead) and inside.endswith(self.after)):
            return None
        code = inside[len(self.instead) : len(inside) - len(self.after)]
        ending = self.line[len(self.line.rstrip("\r\n")) :]
        return f"{indent}{self.before}{code}{ending}" if code.strip() else None


class Notebook:
    """One notebook. Raises `BadNotebook`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.mark = next(mark for mark in map(chr, range(0xE000, 0xF8FF)) if mark not in text)
        self._magics: list[_Magic] = []
        self.cells = list(_cells(text))
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
            magic = self._running(ended[top], len(_indent(ended[top])))
            head = [*ended[:top], magic or self._magic(ended[top], "", "pass")]
            below = ended[top + 1 :]
            if name and name[0] in _PYTHON_CELLS:
                return head + list(self._lines(below))
            return head + [self._comment(line) for line in below]
        # IPython takes the first line's indentation off all lines.
        head = [self._magic(None, "", "if True:")] if ended[top][0] in " \t" else []
        return head + list(self._lines(ended))

    def _lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Lines with those neutralised that start, or assign, a magic or a command."""
        reading = _Reading()
        goes_on = False
        for line in lines:
            inside = line.strip()
            if goes_on:
                yield self._comment(line)
            elif reading.fresh and _is_magic(inside):
                magic = self._running(line, len(_indent(line)))
                yield magic or self._magic(line, _indent(line), _call(inside))
            else:
                at = reading.read(line)
                if not at:
                    yield line
                    continue
                magic = self._running(line, at, assigned=True)
                call = _call(line[at:].strip(), assigned=True)
                yield magic or self._magic(line, line[:at], call)
            goes_on = line.rstrip("\r\n").endswith("\\")

    def _magic(self, line: str | None, before: str, call: str) -> str:
        code = f"{before}{call}  " if call else ""
        made = f"{code}#{self.mark} {(line or '').strip()}\n"
        self._magics.append(_Magic(line, made))
        return made

    def _running(self, line: str, at: int, assigned: bool = False) -> str:
        """Python for a magic at `at` that runs Python, which keeps its place; else nothing."""
        start = _code_at(line, at)
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
        made = f"{_indent(line)}{instead}{code}{after}\n"
        self._magics.append(_Magic(line, made, lead + line[at:start], instead, after))
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
            parts += [self.text[done : cell.start], self._source(cell, text)]
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

    def _source(self, cell: Cell, text: str) -> str:
        """A cell's new source in the JSON style of the old one."""
        old = self.text[cell.start : cell.end]
        is_ascii = self.text.isascii()

        def written(line: str) -> str:
            return json.dumps(line, ensure_ascii=is_ascii)

        if not old.startswith("["):
            return written(text)
        places = [(start, end) for _, start, end in _members(self.text, cell.start)]
        lines = split_lines(text)
        if not places or not lines:
            return f"[{', '.join(map(written, lines))}]"
        before, after = self.text[cell.start : places[0][0]], self.text[places[-1][1] : cell.end]
        between = f",{before[1:]}"
        if len(places) > 1:
            between = self.text[places[0][1] : places[1][0]]
        literals: dict[str, str] = {}
        for start, end in places:
            literal = self.text[start:end]
            literals.setdefault(json.loads(literal), literal)
        return before + between.join(literals.get(x) or written(x) for x in lines) + after

    def _see_that_magics_keep_their_names(self, module: str) -> None:
        """Raise `NotRewritten` where a magic has a name whose import goes."""
        gone = _imported(self.module) - _imported(module)
        for magic in self._magics:
            for name in gone.intersection(_WORD.findall(magic.line or "")):
                raise NotRewritten(f"`{(magic.line or '').strip()}` needs {name}")


# Magics.


def _is_magic(line: str) -> bool:
    """Whether a line, stripped, is IPython's where a statement may start."""
    return line[:1] in tuple("%!?,;/") or bool(_HELP.match(line) or _BARE.match(line))


def _call(magic: str, assigned: bool = False) -> str:
    """The call that IPython makes of a magic or command."""
    if magic.startswith("!"):
        command = "getoutput" if assigned or magic.startswith("!!") else "system"
        return f"get_ipython().{command}({magic.lstrip('!')!r})"
    if magic.startswith("%") and not _HELP.match(magic):
        name, _, rest = magic.lstrip("%").strip().partition(" ")
        return f"get_ipython().run_line_magic({name!r}, {rest.strip()!r})"
    if _BARE.match(magic):
        name, rest = magic.split(None, 1)
        return f"get_ipython().run_line_magic({name!r}, {rest!r})"
    return f"get_ipython().run_line_magic('pinfo', {magic.strip('?%')!r})"


def _code_at(line: str, at: int) -> int:
    """Where the Python starts that a magic at `at` runs; 0 where it runs none."""
    found = _MAGIC.match(line, at)
    if found is None or found[1] not in _RUNNERS or _HELP.match(line[at:].strip()):
        return 0
    at = found.end()
    while option := _OPTION.match(line, at):
        at = option.end()
        if option[1] and option[1] in _RUNNERS[found[1]] and not option[2]:
            value = _VALUE.match(line, at)
            at = value.end() if value else at
    return at if line[at:].strip() else 0


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


class _Reading:
    """Where in Python's grammar a text is, as far as it takes to see where statements start."""

    def __init__(self) -> None:
        self.depth = 0  # of brackets
        self.quote = ""  # of the string that is open
        self.joined = False  # by a backslash

    @property
    def fresh(self) -> bool:
        """Whether a statement may start here."""
        return not (self.depth or self.quote or self.joined)

    def read(self, line: str) -> int:
        """Go past `line`; where a magic or command that it assigns is, else 0."""
        fresh, self.joined = self.fresh, False
        for token in _TOKEN.finditer(line):
            found = token[0]
            if self.quote:
                if found[0] == "\\":
                    self.joined = found[1] in "\r\n"
                elif found == self.quote or found == self.quote * 3:
                    self.quote = ""
            elif found[0] == "#":
                break
            elif found[0] in "\"'":
                self.quote = found
            elif found in "([{":
                self.depth += 1
            elif found in ")]}":
                self.depth = max(self.depth - 1, 0)
            elif found[0] == "=":
                if fresh and not self.depth:
                    return token.end()
            else:
                self.joined = found[1] in "\r\n"
        if len(self.quote) == 1 and not self.joined:  # never closed: this is no Python
            self.quote = ""
        return 0


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


# The file.


def _cells(text: str) -> Iterator[Cell]:
    """The code cells of a notebook, none where its language is not Python."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadNotebook(error.msg, error.lineno, error.colno) from error
    except RecursionError as error:
        raise BadNotebook("nested too deep") from error
    if not isinstance(document, dict):
        raise BadNotebook("it is no JSON object")
    lists = _lists_of_cells(text)
    if not lists:
        raise BadNotebook("it has no cells")
    if not _is_python(document.get("metadata")):
        return
    ends = [match.start() for match in re.finditer("\n", text)]
    number = 0
    for start in lists:
        if text[start] != "[":
            raise BadNotebook("its cells are no list", *_place(text, start))
        for _, at, _ in _members(text, start):
            if text[at] != "{":
                raise BadNotebook("a cell is no object", *_place(text, at))
            parts = {key: (begin, end) for key, begin, end in _members(text, at)}
            if "cell_type" not in parts or text[slice(*parts["cell_type"])] != '"code"':
                continue
            number += 1
            source = parts.get("source") or parts.get("input")
            if source is None:
                raise BadNotebook(f"cell_{number} has no source", *_place(text, at))
            yield _cell(text, number, source, ends)


def _lists_of_cells(text: str) -> list[int]:
    """Where in a notebook its lists of cells begin; up to format 3 there is one a worksheet."""
    top = [(key, start) for key, start, _ in _members(text, _skip(text, 0))]
    lists = [start for key, start in top if key == "cells"]
    if lists:
        return lists
    return [
        start
        for key, sheets in top
        if key == "worksheets" and text[sheets] == "["
        for _, sheet, _ in _members(text, sheets)
        if text[sheet] == "{"
        for name, start, _ in _members(text, sheet)
        if name == "cells"
    ]


def _cell(text: str, number: int, source: tuple[int, int], ends: list[int]) -> Cell:
    """A code cell whose source stands at `source`; `ends` are the ends of the file's lines."""
    value = json.loads(text[slice(*source)])
    pieces = [value] if isinstance(value, str) else value
    if not isinstance(pieces, list) or not all(isinstance(p, str) for p in pieces):
        place = _place(text, source[0])
        raise BadNotebook(f"the source of cell_{number} is no text", *place)
    starts = [source[0]]
    if not isinstance(value, str):
        starts = [begin for _, begin, _ in _members(text, source[0])]
    in_file: list[int] = []
    open_line = False  # a piece may end in the middle of a line
    for piece, begin in zip(pieces, starts, strict=True):
        count = len(split_lines(piece)) - (open_line and bool(piece))
        in_file += [bisect.bisect_left(ends, begin) + 1] * count
        open_line = open_line if not piece else not piece.endswith(("\n", "\r"))
    return Cell(number, "".join(pieces), *source, in_file)


def _is_python(metadata: object) -> bool:
    """Whether a notebook's metadata names Python, or no language at all."""
    if not isinstance(metadata, dict):
        return True
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        told = metadata.get(part)
        language = told.get(key) if isinstance(told, dict) else None
        if isinstance(language, str) and language:
            return "python" in language.lower()
    return True


def _members(text: str, at: int) -> Iterator[tuple[str | int, int, int]]:
    """Key, or place, and where the value is, for what the object or array at `at` holds.

    The text has to be JSON: that was seen before.
    """
    is_object = text[at] == "{"
    at = _skip(text, at + 1)
    count = 0
    while text[at] not in "}]":
        key: str | int = count
        if is_object:
            key, at = _DECODER.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        _, end = _DECODER.raw_decode(text, at)
        yield key, at, end
        count += 1
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    assert match is not None
    return match.end()


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
