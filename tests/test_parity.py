"""flake8, pylint and the core say the same: on every rule's examples and on every fixture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests import hosts
from tests.hosts import Place
from tests.support import NOWHERE, unmark
from tests.test_fixtures import FILES, FIXTURES, _settings
from tf2lint.baseline import check_new
from tf2lint.check.registry import rules
from tf2lint.config import make_options
from tf2lint.source import Source


class Text(NamedTuple):
    """A file to lint, with the settings that it needs."""

    name: str
    text: str
    settings: tuple[tuple[str, object], ...]


class Said(NamedTuple):
    """What one front end says of one file: (line, column, code, message)."""

    core: list[tuple[int, int, str, str]]
    flake8: list[tuple[int, int, str, str]]
    pylint: list[tuple[int, int, str, str]]


def _texts() -> Iterator[Text]:
    off = tuple(rule.code for rule in rules() if not rule.default)
    for rule in rules():
        for number, example in enumerate(rule.examples):
            settings = dict(example.options)
            if not rule.default:
                settings["enable"] = off
            given = _given(settings)
            for kind, text in (("bad", unmark(example.bad)[0]), ("good", example.good)):
                yield Text(f"{rule.code.lower()}_{number}_{kind}.py", text, given)
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        yield Text(path.relative_to(FIXTURES).as_posix(), text, _given(_settings(text)))


def _given(settings: dict[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(settings.items(), key=lambda item: item[0]))


TEXTS = list(_texts())


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """One run of each host for every set of settings, over all texts that need it."""
    found: dict[str, Said] = {}
    groups: dict[str, list[Text]] = {}
    for text in TEXTS:
        groups.setdefault(json.dumps(text.settings), []).append(text)
    for members in groups.values():
        folder = tmp_path_factory.mktemp("group")
        settings = dict(members[0].settings)
        for member in members:
            (folder / member.name).parent.mkdir(exist_ok=True)
            (folder / member.name).write_text(member.text, encoding="utf-8", newline="")
        names = [member.name for member in members]
        flake8 = hosts.flake8(*hosts.options(settings), *names, cwd=folder)
        pylint = hosts.pylint("--jobs=2", *hosts.pylint_options(settings), *names, cwd=folder)
        assert (flake8.stderr, pylint.stderr) == ("", "")
        for member in members:
            path = str(folder / member.name)
            options = make_options({k.replace("_", "-"): v for k, v in settings.items()}, NOWHERE)
            core = check_new(Source(member.text, path, path=path), options)
            found[member.name] = Said(
                [(f.line, f.column, f.code, f.message) for f in core],
                _of(member.name, hosts.flake8_lines(flake8.stdout)),
                _of(
                    member.name,
                    [(line.place, line.message) for line in hosts.pylint_lines(pylint.stdout)],
                ),
            )
    return found


def _of(name: str, said: list[tuple[Place, str]]) -> list[tuple[int, int, str, str]]:
    return [(p.line, p.column, p.code, message) for p, message in said if p.path == name]


@pytest.mark.parametrize("name", [text.name for text in TEXTS])
def test_all_front_ends_say_the_same(said: dict[str, Said], name: str) -> None:
    here = said[name]
    assert here.flake8 == here.core
    assert here.pylint == here.core
    if name.endswith("_bad.py"):
        assert name[:5].upper() in [code for _, _, code, _ in here.core]
