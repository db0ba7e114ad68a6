"""However one came to a text, the server says of it what a new one does that opens it."""

from __future__ import annotations

import random
import re
import time

import pytest

from tests.cli.support import put
from tests.hosts import ROOT
from tests.lsp import Client, Json
from tests.server.nursery import Nursery
from tf2lint.source import Source

STEPS = 12
PAUSES = (0, 0, 0.03, 0.3)  # seconds: before and after what a server does when nothing is typed
MAIN, PARTS = "pkg/main.py", "pkg/parts.py"
FIXTURES = {path.stem: path.read_text("utf-8") for path in ROOT.glob("tests/fixtures/*.py")}
LINES = [line for _, text in sorted(FIXTURES.items()) for line in text.splitlines(keepends=True)]
WORDS = sorted({word for line in LINES for word in re.findall(r"\w+|\W", line) if word.isascii()})


def _edited(text: str, draw: random.Random) -> str:
    """The text after something that people do to texts."""
    at, line = draw.randrange(len(text) + 1), draw.randrange(text.count("\n") + 1)
    lines = text.splitlines(keepends=True)
    match draw.randrange(6):
        case 0:  # a word, or a sign
            return text[:at] + draw.choice(WORDS) + text[at:]
        case 1:  # a name is another one everywhere
            name = draw.choice(re.findall(r"\w+", text) or ["x"])
            return re.sub(rf"\b{name}\b", draw.choice(WORDS).replace("\\", "_"), text)
        case 2:
            return text[:at] + text[at + draw.randrange(12) :]
        case 3:
            return "".join([*lines[:line], *lines[line + 1 :]])
        case _:  # by far the most that still parses
            indent = re.match(r" *", "".join(lines[line:]))
            new = f"{indent[0] if indent else ''}{draw.choice(LINES).lstrip(' ')}"
            return "".join([*lines[:line], new, *lines[line:]])


def _parses(text: str) -> bool:
    try:
        return Source(text).tree is not None
    except (SyntaxError, ValueError):
        return False


def _type(client: Client, uri: str, before: str, after: str, version: int = 2) -> None:
    """Tell what is new in one piece."""
    start = _shared(before, after)
    same = _shared(before[start:][::-1], after[start:][::-1])
    places = [
        {"line": before.count("\n", 0, at), "character": at - before.rfind("\n", 0, at) - 1}
        for at in (start, len(before) - same)
    ]
    new = after[start : len(after) - same]
    change: Json = {"range": {"start": places[0], "end": places[1]}, "text": new}
    client.change(uri, change, version=version)


def _shared(a: str, b: str) -> int:
    """How many letters two texts start with that are the same."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((at for at, (x, y) in pairs if x != y), min(len(a), len(b)))


def _said(client: Client, texts: dict[str, str], fixes: bool, all_fixes: bool) -> list[Json]:
    """What a server says of the file that is looked at; the other ones are open, too."""
    uri = (client.folder / MAIN).as_uri()
    lines = texts[MAIN].count("\n") + 1
    said = list(client.told[uri])
    if fixes:
        said += client.actions(uri, 0, only=["quickfix"], end=lines)
    if all_fixes:
        said += client.actions(uri, 0, only=["source.fixAll"])
    for one in [*said, *(d for action in said for d in action.get("diagnostics", ()))]:
        one.pop("codeDescription", None)  # each server has written its own pages
    return said


@pytest.mark.parametrize(("main", "parts", "seed"), [
    ("graphs_training_script", "variables_network", 1),
    ("summaries_session_loop", "models_tf1", 2),
    ("optimizers_tf1", "summaries_logger_class", 3),
])  # fmt: skip
def test_what_is_typed_is_what_is_opened(
    client: Client, nursery: Nursery | None, main: str, parts: str, seed: int
) -> None:
    if nursery is None:
        pytest.skip("needs os.fork")
    put(client.folder, {"pyproject.toml": "", "pkg/__init__.py": "", PARTS: "", MAIN: ""})
    draw = random.Random(seed)
    texts = {PARTS: FIXTURES[parts], MAIN: f"from pkg.parts import *\n{FIXTURES[main]}"}
    client.start()
    uris = {name: client.open(name, text) for name, text in texts.items()}
    for version in range(2, STEPS):
        for _ in range(draw.randrange(1, 4)):
            name = draw.choice((MAIN, MAIN, MAIN, PARTS))
            before, after = texts[name], _edited(texts[name], draw)
            _type(client, uris[name], before, after, version=0)
            time.sleep(draw.choice(PAUSES))
            if _parses(after):
                texts[name] = after
            else:  # taken back
                _type(client, uris[name], after, before, version=0)
        asked = draw.random() < 0.5, draw.random() < 0.3
        last = texts[MAIN] + "#"  # a letter, so that it is known what is said of this text
        _type(client, uris[MAIN], texts[MAIN], last, version)
        texts[MAIN] = last
        client.diagnostics_of(uris[MAIN], version)
        time.sleep(draw.choice(PAUSES))
        opened = Client(client.folder, nursery.server(client.folder))
        opened.start()
        for name, text in texts.items():
            opened.diagnostics(opened.open(name, text))
        assert _said(client, texts, *asked) == _said(opened, texts, *asked)
        opened.end()
