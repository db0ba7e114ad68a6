"""What is IPython's and not Python's in a cell: where it stands, and what Python it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Cells whose first line is a magic and whose other lines are Python all the same.
PYTHON_CELLS = frozenset((
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


@dataclass
class Magic:
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
        indent, inside = indent_of(line), line.strip()
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


def is_magic(line: str) -> bool:
    """Whether a line, stripped, is IPython's where a statement may start."""
    return line[:1] in tuple("%!?,;/") or bool(_HELP.match(line) or _BARE.match(line))


def call_of(magic: str, assigned: bool = False) -> str:
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


def code_at(line: str, at: int) -> int:
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


def indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


class Reading:
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
