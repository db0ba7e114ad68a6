"""The picture in the README: what `tf2lint check` shows of an example on a terminal, as SVG."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from tf2lint.check.engine import check
from tf2lint.cli import output
from tf2lint.cli.examine import record
from tf2lint.config import options_of
from tf2lint.source import Source

SHOWN = ("TF501", "TF603", "TF101", "TF102")  # one finding of each, as they come
_COLUMNS = 104
_LETTER, _LINE, _EDGE = 7.8, 18, 16  # pixels
_COLOURS = {"1": "bold", "31": "red", "36": "cyan"}
_ESCAPE = re.compile(r"\x1b\[(\d+)m")
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
height="{height}" role="img" aria-label="{label}">
<style>
text {{ font: 13px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: #d5d9de; white-space: pre; }}
.bold {{ font-weight: bold; fill: #fff; }} .red {{ fill: #ff7b72; }} .cyan {{ fill: #6cb6d9; }}
</style>
<rect width="{width}" height="{height}" rx="8" fill="#1c2024"/>
"""


def picture(root: Path, example: str) -> str:
    """The SVG for the file `example` below `root`."""
    source = Source((root / example).read_text(encoding="utf-8"), example, path=str(root / example))
    left = list(SHOWN)
    lines = [f"\x1b[1m$ tf2lint check {example}\x1b[0m"]
    for finding in check(source, options_of({})):
        if left and finding.code == left[0]:
            left.pop(0)
            lines += output.full(record(finding, source), coloured=True).split("\n")
    assert not left, f"{example} has no {left}"
    rows = [row for line in lines for row in _rows(line)]
    width = round(_COLUMNS * _LETTER + 2 * _EDGE)
    height = len(rows) * _LINE + 2 * _EDGE
    label = f"Findings of tf2lint in {example}, each with its line and a caret under the place"
    parts = [_HEAD.format(width=width, height=height, label=escape(label))]
    for number, row in enumerate(rows, 1):
        parts.append(f'<text x="{_EDGE}" y="{number * _LINE + _EDGE - 5}">{_spans(row)}</text>\n')
    return "".join([*parts, "</svg>\n"])


def _rows(line: str) -> list[list[tuple[str, str]]]:
    """A line with its escape codes as rows of text and its style, broken at spaces."""
    pieces = _ESCAPE.split(line)
    text, style = pieces[0], ""
    styled = [(c, "") for c in text]
    for code, text in zip(pieces[1::2], pieces[2::2], strict=True):
        style = _COLOURS.get(code, "")
        styled += [(c, style) for c in text]
    rows: list[list[tuple[str, str]]] = []
    while len(styled) > _COLUMNS:
        cut = max(at for at in range(_COLUMNS) if styled[at][0] == " ")
        rows.append(styled[:cut])
        styled = [("  ", ""), *styled[cut + 1 :]]
    return [*rows, styled]


def _spans(row: list[tuple[str, str]]) -> str:
    parts: list[tuple[str, str]] = []
    for text, style in row:
        if parts and parts[-1][1] == style:
            parts[-1] = (parts[-1][0] + text, style)
        else:
            parts.append((text, style))
    return "".join(
        f'<tspan class="{style}">{escape(text)}</tspan>' if style else escape(text)
        for text, style in parts
    )
