"""What only Python 2 parses, as Python 3 whose names stand in the same lines and columns.

The text is rewritten token by token, for looking at: `print x` becomes `0,    x`, a tuple. Nothing
of it is ever written to a file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_LONG = r"(?:[^\\]|\\.)*?"
_SHORT = r"(?:[^\\\n\r{quote}]|\\(?:\r\n|.))*"
_QUOTED = [f"{q}{_LONG}{q}" for q in ("'''", '"""')]
_QUOTED += [f"{q}{_SHORT.format(quote=q)}{q}" for q in ("'", '"')]
_STRING = f"(?:{'|'.join(_QUOTED)})"
_TOKEN = re.compile(
    rf"""(?P<blank>[ \t\f]+|\\(?:\r\n|\r|\n))|(?P<comment>\#[^\r\n]*)|(?P<end>\r\n|\r|\n)
    |(?P<string>[bBuU]?[rR]?{_STRING})
    |(?P<number>0[xX][0-9a-fA-F]+[lL]?|0[oObB]?[0-7]+[lL]?(?![\d.eEjJ])
        |(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[jJlL]?)
    |(?P<name>[^\W\d]\w*)|(?P<op><>|>>=|\*\*=|//=|<<=|>>|\*\*|<<|//|[-+*/%&|^=!<>]=|->|.)""",
    re.X | re.S,
)
_COMPOUND = frozenset(
    ("class", "def", "elif", "else", "except", "finally", "for", "if", "try", "while", "with")
)
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_TAB = 8


class Token(NamedTuple):
    """A token and the place where it starts in the text."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next token starts."""
        return self.start + len(self.text)


class Rewritten(NamedTuple):
    """Python 3 in the place of Python 2.

    `indents` are the lines whose indentation is longer than it was, with how much: tabs count as
    Python 2 has them.
    """

    text: str
    indents: dict[int, int]


def parse(text: str) -> tuple[ast.Module, str] | None:
    """The tree of a text that only Python 2 parses, and the Python 3 that it was made of.

    Places in the tree are those of `text`. None where this is no Python 2 either.
    """
    try:
        made = rewritten(text)
        tree = ast.parse(made.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree) if made.indents else ():
        for place, column in (("lineno", "col_offset"), ("end_lineno", "end_col_offset")):
            if hasattr(node, place):
                less = made.indents.get(getattr(node, place), 0)
                setattr(node, column, max(getattr(node, column) - less, 0))
    return tree, made.text


def rewritten(text: str) -> Rewritten:
    """`text` with what Python 3 does not parse put into other words."""
    tokens = [Token(m.lastgroup or "", m[0], m.start()) for m in _TOKEN.finditer(text)]
    edits: list[tuple[int, int, str]] = []
    backquotes: list[bool] = []  # of the brackets that are open: whether it is a backquote
    code: list[Token] = []  # of the logical line
    indents: dict[int, int] = {}
    tabs = any(line[:1] in " \t" and "\t" in line for line in re.split(r"\r\n|\r|\n", text))
    line, fresh = 1, True
    for token in tokens:
        if token.kind == "blank" and fresh and tabs and token.text[0] not in "\\":
            width = _width(token.text)
            edits.append((token.start, token.end, " " * width))
            indents[line] = width - len(token.text)
        fresh = False
        if token.kind == "op" and token.text == "`":
            closes = bool(backquotes) and backquotes[-1]
            edits.append((token.start, token.end, ")" if closes else "("))
            if closes:
                backquotes.pop()
            else:
                backquotes.append(True)
            token = token._replace(text=")" if closes else "(")
        elif token.kind == "op" and token.text in _OPEN:
            backquotes.append(False)
        elif token.kind == "op" and token.text in _CLOSE and backquotes:
            backquotes.pop()
        if token.kind == "end" and not backquotes:
            edits += _line(code, text)
            code = []
            fresh = True
        elif token.kind not in ("blank", "comment", "end"):
            code.append(token)
        line += len(re.findall(r"\r\n|\r|\n", token.text)) if token.kind != "op" else 0
    edits += _line(code, text)
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return Rewritten("".join([*parts, text[at:]]), indents)


def _line(code: list[Token], text: str) -> Iterator[tuple[int, int, str]]:
    """The edits for one logical line."""
    for number, token in enumerate(code):
        after = code[number + 1].text if number + 1 < len(code) else ""
        if token.kind == "number":
            new = _number(token.text)
        elif token.kind == "string":
            new = _string(token.text)
        elif token.text == "<>":
            new = "!="
        elif (token.text == "async" and after not in ("def", "for", "with")) or (
            token.text == "await" and after in ("", "=", ")", ",", ".", "]", ":")
        ):
            new = f"{token.text[:-1]}_"  # a name, before Python 3.7
        else:
            continue
        if new != token.text:
            yield token.start, token.end, new
    yield from _parameters(code)
    for statement in _statements(code):
        yield from _statement(statement, text)


def _statements(code: list[Token]) -> Iterator[list[Token]]:
    """The statements of a logical line; the head of a compound one counts as one."""
    start, depth, lambdas = 0, 0, 0
    in_head = bool(code) and code[0].text in _COMPOUND
    for number, token in enumerate(code):
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        lambdas += token.text == "lambda" and not depth
        ends_head = in_head and token.text == ":" and not depth
        if ends_head and lambdas:
            lambdas -= 1
        elif ends_head or (token.text == ";" and not depth):
            yield code[start : number + 1]
            start, in_head, lambdas = number + 1, False, 0
            # `else: if x: ...` is no Python; a head has one more head after it at most.
    yield code[start:]


def _statement(code: list[Token], text: str) -> Iterator[tuple[int, int, str]]:
    """The edits for what makes a statement Python 2."""
    if not code:
        return
    first = code[0]
    rest = code[1:-1] if code[-1].text in (";", ":") else code[1:]
    after = rest[0].text if rest else ""
    if first.text in ("print", "exec") and after not in ("", "(", "=", ".", ",", ")"):
        yield first.start, first.end, f"0,{'':{len(first.text) - 2}}"
        if after == ">>":
            yield rest[0].start, rest[0].end, "  "
    elif first.text == "raise":
        for comma in _commas(rest)[:1]:
            yield comma.start, comma.end, ";"
    elif first.text == "except":
        commas = _commas(rest)
        if len(commas) == 1 and code[-1].text == ":":
            yield from _handler(commas[0], rest[-1], code[-1], text)


def _handler(comma: Token, last: Token, colon: Token, text: str) -> Iterator[tuple[int, int, str]]:
    """`except X, e:`: the name stays where nothing stands behind it in its line."""
    behind = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:[\r\n]|\Z)").match(text, colon.end)
    name = text[comma.end : last.end].strip(" \t\f")
    if behind and re.fullmatch(r"[^\W\d]\w*", name):
        yield comma.start, last.end, f" as {name}"
    else:
        gone = text[comma.start : last.end]
        yield comma.start, last.end, re.sub(r"[^\r\n\\]", " ", gone)


def _parameters(code: list[Token]) -> Iterator[tuple[int, int, str]]:
    """Tuples among parameters lose their brackets."""
    for number, token in enumerate(code):
        if token.text == "lambda":
            yield from _unpacked(code[number + 1 :], ":")
        elif token.text == "def" and number + 2 < len(code) and code[number + 2].text == "(":
            yield from _unpacked(code[number + 3 :], ")")


def _unpacked(code: Sequence[Token], end: str) -> Iterator[tuple[int, int, str]]:
    depth = 0
    starts = True  # a parameter starts here
    unpacking = 0  # the depth of the brackets of a tuple of names
    for number, token in enumerate(code):
        if token.text == end and not depth and not unpacking:
            return
        if token.text == "(" and (starts or unpacking):
            unpacking += 1
            yield token.start, token.end, " "
        elif token.text == ")" and unpacking:
            unpacking -= 1
            yield token.start, token.end, " "
            before = code[number - 1]
            if before.text == ",":
                yield before.start, before.end, " "
        elif not unpacking:
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
        starts = token.text == "," and not depth


def _commas(code: Sequence[Token]) -> list[Token]:
    """The commas that are in no brackets."""
    depth, found = 0, []
    for token in code:
        depth += (token.text in _OPEN) - (token.text in _CLOSE)
        if token.text == "," and not depth:
            found.append(token)
    return found


def _number(text: str) -> str:
    """`0777` and `10L` in as many characters."""
    if text[-1] not in "lL" and not re.fullmatch(r"0[0-9]*[1-9][0-9]*", text):
        return text
    digits = text.rstrip("lL")
    if digits[1:2] in tuple("xXoObB"):
        return f"{digits[:2]}_{digits[2:]}"
    octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit() and max(digits) < "8"
    shown = str(int(digits, 8)) if octal else digits
    while len(shown) < len(text) and re.search(r"\d\d", shown):
        shown = re.sub(r"(\d)(\d)", r"\1_\2", shown, count=1)
    return shown.ljust(len(text)) if len(shown) <= len(text) else text


def _string(text: str) -> str:
    """A string whose prefix or whose backslashes Python 3 refuses, in as many characters."""
    prefix = text[: re.search("['\"]", text).start()]  # type: ignore[union-attr]
    inside = text[len(prefix) :]
    kind = prefix.lower()
    if kind == "ur":
        return f" r{inside}"
    if kind.startswith("b") and not inside.isascii():
        return f"{'u' if kind == 'b' else ' r'}{inside}"
    if kind == "":  # of bytes: `\N`, `\u` and `\U` mean nothing there
        return re.sub(r"(?<!\\)((?:\\\\)*)\\(?=[NuU])", r"\1/", text)
    return text


def _width(indent: str) -> int:
    """How wide Python 2 takes an indentation to be."""
    width = 0
    for c in indent:
        width = 0 if c == "\f" else width + 1 if c != "\t" else (width // _TAB + 1) * _TAB
    return width
