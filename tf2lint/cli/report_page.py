"""The page of `tf2lint report`: HTML that needs nothing but itself.

Everything that comes from the code, its paths included, goes through `_e`.
"""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files as resources
from string import Template
from typing import TYPE_CHECKING

from tf2lint import __version__
from tf2lint.check.registry import registry
from tf2lint.cli.problems import told as told_of
from tf2lint.cli.report_map import Box, squarify

if TYPE_CHECKING:
    from tf2lint.cli.records import Record
    from tf2lint.cli.report_data import File, Past
    from tf2lint.tensorflow.api import Version

_SHOWN = 40  # files to start with; the rest is folded away
_STATES = {
    "clean": ("clean", "no finding"),
    "compat": ("through compat.v1", "runs, but only with the API of TF 1 that TF 2 still carries"),
    "broken": ("broken", "does not run as it is, or computes something else"),
    "unread": ("not read", "no Python, or no text"),
}
_HANDS = {
    "safe": ("automatically", "tf2lint fix: proven to compute the same"),
    "unsafe": ("automatically, with review", "tf2lint fix --unsafe, then read the diff"),
    "hand": ("by a person", "the message says what to write"),
}
# Layouts of the map: class, the least width at which it is shown, height, both in pixels.
_MAPS = (("wide", 1018, 560), ("medium", 678, 560), ("narrow", 300, 600))
_LETTER, _LINE = 6.8, 14  # pixels that a letter and a line take, in the map


def page(files: Sequence[File], history: Sequence[Past], target: Version, paths: list[str]) -> str:
    """The whole page."""
    name = os.path.basename(os.path.abspath(paths[0])) if len(paths) == 1 else ", ".join(paths)
    lines = sum(file.lines for file in files)
    about = (
        f"{many(len(files), 'file')}, {many(lines, 'line')}; target TensorFlow "
        f"{'.'.join(map(str, target))}; {time.strftime('%Y-%m-%d')}"
    )
    numbers = {id(file): number for number, file in enumerate(files)}
    sections = [_progress(files), _hands(files), _map(files, numbers), _codes(files)]
    sections += [_start(files, numbers), _trend(files, history), _unread(files)]
    template = resources("tf2lint.cli").joinpath("report.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        name=_e(name),
        about=_e(about),
        version=__version__,
        sections="\n".join(filter(None, sections)),
    )


# The sections.


def _progress(files: Sequence[File]) -> str:
    states = Counter(file.state for file in files)
    told = {state: states[state] for state in _STATES if states[state] or state != "unread"}
    if not files:
        return _section("How far it is", "<p>There is no Python file.</p>")
    done = f"{states['clean'] / len(files):.0%}"
    return _section(
        "How far it is",
        f'<p><b class="big">{done}</b> of the files are done: nothing of TensorFlow 1 is left in '
        "them.</p>",
        _bar(told, "files"),
        _key(told, _STATES),
        *_silenced(files),
    )


def _silenced(files: Sequence[File]) -> list[str]:
    """What comments silence that do not name it: it is counted here all the same."""
    found = [file for file in files if file.silenced]
    if not found:
        return []
    total = sum(file.silenced for file in found)
    where = ", ".join(f"<code>{_path(file.path)}</code>" for file in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return [
        f"<p>{many(total, 'finding')} in {many(len(found), 'file')} are silenced in linters by "
        f"comments that do not name them, and counted here: {where}{more}.</p>"
    ]


def _hands(files: Sequence[File]) -> str:
    hands = Counter(_hand(record) for file in files for record in file.records)
    if not hands:
        return ""
    told = {hand: hands[hand] for hand in _HANDS}
    return _section(
        "Who does it",
        f"<p>{many(hands.total(), 'finding')} are left. What becomes of them:</p>",
        _bar(told, "findings"),
        _key(told, _HANDS),
    )


def _map(files: Sequence[File], numbers: dict[int, int]) -> str:
    shown = [file for file in files if file.lines]
    if not shown:
        return ""
    top = _common([os.path.dirname(file.path) for file in shown])
    groups: dict[str, list[File]] = defaultdict(list)
    for file in shown:
        inside = os.path.relpath(file.path, top or os.curdir) if top else file.path
        first, below, _ = inside.partition(os.sep)
        groups[first if below else "."].append(file)
    maps = "".join(
        f'<div class="{kind}"><div class="map">{_tiles(groups, width, height, numbers)}</div>'
        '<p class="said soft" aria-live="polite">Point at a box, or go to the map with Tab and '
        "around in it with the arrow keys; Enter leads to the file in the list.</p></div>"
        for kind, width, height in _MAPS
    )
    shades = [
        ("clean", ["clean"]), ("through compat.v1", ["compat1", "compat2", "compat3"]),
        ("broken", ["broken1", "broken2", "broken3"]), ("not read", ["unread"]),
    ]  # fmt: skip
    if all(file.state != "unread" for file in shown):
        shades.pop()
    boxes = ["".join(f'<i class="t-{name}"></i>' for name in names) for _, names in shades]
    key = "".join(f"<li>{box}{text}</li>" for box, (text, _) in zip(boxes, shades, strict=True))
    return _section(
        "Where it is",
        '<p class="soft">A box is a file, as large as it has lines; the number is that of its '
        "findings, the shade tells how dense they are: under 2 in 100 lines, 2 to 6, more.</p>",
        f'<ul class="shades">{key}</ul>',
        maps,
    )


def _tiles(groups: dict[str, list[File]], width: int, height: int, numbers: dict[int, int]) -> str:
    """The boxes; places are percentages, labels stand where they fit at the least width."""
    sizes = {name: sum(file.lines for file in members) for name, members in groups.items()}
    names = sorted(sizes, key=lambda name: (-sizes[name], name))
    parts = []
    for name, box in zip(
        names, squarify([sizes[n] for n in names], Box(0, 0, width, height)), strict=True
    ):
        members = sorted(groups[name], key=lambda file: (-file.lines, file.path))
        named = name != "." and _fits(name, box.width - 2) and box.height > 40
        inner = Box(0, 0, box.width - 2, box.height - (20 if named else 2))
        if inner.width <= 0 or inner.height <= 0:
            continue
        parts.append(
            f'<div class="group{" named" if named else ""}" style="{_at(box, width, height)}">'
            + (f"<span>{_e(name)}</span>" if named else "")
            + '<div class="inner">'
        )
        for file, tile in zip(
            members, squarify([file.lines for file in members], inner), strict=True
        ):
            label = _label(file, tile)
            told = _e(_told(file))
            link = f' href="#f{numbers[id(file)]}"' if file.records else ' href="#start"'
            parts.append(
                f'<a class="t-{_shade(file)}"{link} title="{told}" aria-label="{told}" '
                f'style="{_at(tile, inner.width, inner.height)}">{label}</a>'
            )
        parts.append("</div></div>")
    return "".join(parts)


def _codes(files: Sequence[File]) -> str:
    by_code: dict[str, list[Record]] = defaultdict(list)
    for file in files:
        for record in file.records:
            by_code[record.code].append(record)
    if not by_code:
        return ""
    families = Counter({
        prefix: sum(len(found) for code, found in by_code.items() if code.startswith(prefix))
        for prefix in registry().families
    })  # fmt: skip
    most = max(families.values())
    parts = []
    for prefix, count in sorted(families.items(), key=lambda item: (-item[1], item[0])):
        if not count:
            continue
        codes = sorted(
            (code for code in by_code if code.startswith(prefix)),
            key=lambda code: (-len(by_code[code]), code),
        )
        rows = "".join(_code(code, by_code[code]) for code in codes)
        hands = Counter(_hand(record) for code in codes for record in by_code[code])
        parts.append(
            f"<details><summary><b>{prefix}</b> {_e(registry().families[prefix])}: "
            f'<span class="num">{many(count, "finding")}</span>'
            f"{_bar({h: hands[h] for h in _HANDS}, 'findings', count / most)}</summary>"
            f'<ul class="rows">{rows}</ul></details>'
        )
    return _section(
        "What it is",
        '<p class="soft">By family; the bars are in the colours of “Who does it”. Open one for '
        "its rules.</p>",
        *parts,
    )


def _code(code: str, found: list[Record]) -> str:
    rule = registry().rules[code]
    first = found[0]
    hands = Counter(map(_hand, found))
    told = ", ".join(f"{hands[hand]} {_HANDS[hand][0]}" for hand in _HANDS if hands[hand])
    return (
        f'<li id="{code}" tabindex="-1"><div class="line"><span><b>{code}</b> '
        f"<code>{_e(rule.name)}</code><br>"
        f'{_e(rule.summary)}</span><span class="num">{many(len(found), "finding")} in '
        f"{many(len({record.path for record in found}), 'file')}</span></div>"
        f'<span class="soft example">{_e(told)}; for example <code>{_e(_place(first))}</code>: '
        f"<code>{_e(_cut(first.text.strip()))}</code></span></li>"
    )


def _start(files: Sequence[File], numbers: dict[int, int]) -> str:
    todo = [file for file in files if file.records]
    todo.sort(key=lambda file: (file.layer, -file.users, len(file.records), file.path))
    if not todo:
        return _section("Where to start", "<p>Nothing is left to do.</p>", identity="start")
    rows = [_row(file, place, numbers[id(file)]) for place, file in enumerate(todo, 1)]
    rest = ""
    if len(rows) > _SHOWN:
        rest = (
            f"<details><summary>The other {len(rows) - _SHOWN} files</summary>"
            f'<ol class="rows">{"".join(rows[_SHOWN:])}</ol></details>'
        )
    return _section(
        "Where to start",
        '<p class="soft">Files that import no other file with findings come first, those that '
        "most files import before the others: what is ported stands on ported code.</p>",
        f'<ol class="rows">{"".join(rows[:_SHOWN])}</ol>{rest}',
        identity="start",
    )


def _row(file: File, place: int, number: int) -> str:
    codes = Counter(record.code for record in file.records)
    hands = Counter(map(_hand, file.records))
    several = ", ".join(
        f'<a href="#{code}">{code}</a>&nbsp;{count}' for code, count in codes.most_common(6)
    )
    more = f" and {len(codes) - 6} more" if len(codes) > 6 else ""
    facts = [_STATES[file.state][0]]
    if file.layer:
        facts.append(f"on top of {many(file.layer, 'layer')} with findings")
    if file.users:
        facts.append(f"imported by {many(file.users, 'file')}")
    if file.ring > 1:
        facts.append(f"in a ring of {file.ring} files that import each other")
    if hands["safe"] + hands["unsafe"]:
        facts.append(f"{hands['safe'] + hands['unsafe']} automatically")
    return (
        f'<li id="f{number}" tabindex="-1"><div class="line"><span class="path">'
        f'<span class="dot {file.state}"></span>{place}. <code>{_path(file.path)}</code>'
        f'</span><span class="num">{many(len(file.records), "finding")}</span></div>'
        f'<span class="soft example">{_e("; ".join(facts))}: {several}{more}</span></li>'
    )


def _trend(files: Sequence[File], history: Sequence[Past]) -> str:
    if not history:
        return ""
    now = Counter(record.status for file in files for record in file.records)
    runs = [(past.label, Counter(past.statuses), past.files) for past in history]
    runs.append(("now", now, sum(1 for file in files if file.records)))
    most = max(1, *(statuses.total() for _, statuses, _ in runs))
    rows = []
    before: int | None = None
    for label, statuses, count in runs:
        total = statuses.total()
        parts = {
            "broken": statuses["removed"] + statuses["changed"],
            "compat": total - statuses["removed"] - statuses["changed"],
        }
        change = "" if before is None else f" ({total - before:+})"
        before = total
        rows.append(
            f'<li><div class="line"><span>{_e(label)}</span><span class="num">'
            f"{many(total, 'finding')}{change} in {many(count, 'file')}</span></div>"
            f"{_bar(parts, 'findings', total / most)}</li>"
        )
    return _section(
        "How it has gone",
        '<ul class="shades"><li><i class="broken"></i>breaks under the target</li>'
        '<li><i class="compat"></i>runs through compat.v1, or is a matter of style</li></ul>',
        f'<ul class="rows">{"".join(rows)}</ul>',
    )


def _unread(files: Sequence[File]) -> str:
    errors = [told_of(file.problems) for file in files if file.problems]
    rows = "".join(f'<li class="example"><code>{_e(error)}</code></li>' for error in errors)
    return _section("What was not read", f'<ul class="rows">{rows}</ul>') if rows else ""


# Pieces.


def _section(title: str, *parts: str, identity: str = "") -> str:
    where = f' id="{identity}" tabindex="-1"' if identity else ""
    return f"<section{where}><h2>{title}</h2>\n" + "\n".join(parts) + "\n</section>"


def _bar(parts: dict[str, int], what: str, width: float = 1.0) -> str:
    """A bar of several colours; `width` is the part of the line that it takes."""
    total = sum(parts.values())
    names = {**_STATES, **_HANDS}
    told = ", ".join(f"{count} {names[part][0]}" for part, count in parts.items())
    inside = "".join(
        f'<i class="{part}" style="flex-grow:{count}"></i>'
        for part, count in parts.items()
        if count
    )
    style = "" if width >= 1 else f' style="width:{max(width, 0.01):.1%}"'
    thin = "" if width == 1.0 and what == "files" else " thin"
    label = f"{total} {what}: {told}"
    return f'<div class="bar{thin}" role="img" aria-label="{_e(label)}"{style}>{inside}</div>'


def _key(parts: dict[str, int], names: dict[str, tuple[str, str]]) -> str:
    total = max(sum(parts.values()), 1)
    return '<ul class="key">' + "".join(
        f'<li><i class="{part}"></i><b class="num">{count:,}</b> '
        f'<span class="soft num">({count / total:.0%})</span> {names[part][0]}<br>'
        f'<span class="soft">{names[part][1]}</span></li>'
        for part, count in parts.items()
    ) + "</ul>"  # fmt: skip


def _at(box: Box, width: float, height: float) -> str:
    return (
        f"left:{box.x / width:.3%};top:{box.y / height:.3%};"
        f"width:{box.width / width:.3%};height:{box.height / height:.3%}"
    )


def _shade(file: File) -> str:
    if file.state in ("clean", "unread"):
        return file.state
    density = 100 * len(file.records) / max(file.lines, 1)
    return f"{file.state}{1 if density < 2 else 2 if density < 6 else 3}"


def _told(file: File) -> str:
    found = many(len(file.records), "finding") if file.records else ""
    told = [_slashes(file.path), _STATES[file.state][0], many(file.lines, "line"), found]
    return ", ".join(filter(None, told))


def _hand(record: Record) -> str:
    if not record.edits:
        return "hand"
    return "safe" if all(edit["safe"] for edit in record.edits) else "unsafe"


def _place(record: Record) -> str:
    cell = "" if record.cell is None else f"cell_{record.cell}:"
    return f"{_slashes(record.path)}:{cell}{record.line}"


def _common(folders: Iterable[str]) -> str:
    """The longest path that all of `folders` are in; nothing where they share none."""
    try:
        return os.path.commonpath(list(folders))
    except ValueError:
        return ""


def _label(file: File, box: Box) -> str:
    """What stands in a file's box: its name, in lines broken at `_`, and its findings."""
    lines = [""]
    for part in os.path.basename(file.path).removesuffix(".py").replace("_", "_\n").split("\n"):
        if lines[-1] and not _fits(lines[-1] + part, box.width - 8):
            lines.append("")
        lines[-1] += part
    room = int((box.height - 4) // _LINE)
    shown = [_e(line) for line in lines]
    if len(lines) > room or not all(_fits(line, box.width - 8) for line in lines):
        shown = []
    count = str(len(file.records))
    if file.records and len(shown) < room and _fits(count, box.width - 8):
        shown.append(f"<b>{count}</b>")
    return f"<span>{'<br>'.join(shown)}</span>" if shown else ""


def _fits(label: str, width: float) -> bool:
    return label.isascii() and len(label) * _LETTER <= width


def many(number: int, word: str) -> str:
    """A number and what it counts."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _cut(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:159]}…"


def _path(path: str) -> str:
    """A path as HTML; lines may break after its slashes."""
    return _e(_slashes(path)).replace("/", "/<wbr>")


def _slashes(path: str) -> str:
    return path.replace(os.sep, "/").removeprefix("./")


def _e(text: str) -> str:
    """Text as HTML; what is no character, or steers the direction of others, is shown as such."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return escape(shown)
