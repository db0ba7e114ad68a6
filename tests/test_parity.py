"""flake8, pylint and the core say the same: on every rule's examples and on every fixture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
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

_MANY = 150


class Text(NamedTuple):
    """A file to lint, with the settings that it needs."""

    name: str
    text: str
    settings: tuple[tuple[str, object], ...]


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


def _groups() -> Iterator[list[Text]]:
    """The texts by their settings, `_MANY` at most: one run of each host for all of them."""
    groups: dict[str, list[Text]] = {}
    for text in _texts():
        groups.setdefault(json.dumps(text.settings), []).append(text)
    for members in groups.values():
        yield from (members[at : at + _MANY] for at in range(0, len(members), _MANY))


@pytest.mark.parametrize("members", list(_groups()), ids=lambda members: members[0].name)
def test_all_front_ends_say_the_same(members: list[Text], tmp_path: Path) -> None:
    settings = dict(members[0].settings)
    options = make_options({k.replace("_", "-"): v for k, v in settings.items()}, NOWHERE)
    for member in members:
        (tmp_path / member.name).parent.mkdir(exist_ok=True)
        (tmp_path / member.name).write_text(member.text, encoding="utf-8", newline="")
    names = [member.name for member in members]
    flake8 = hosts.flake8(*hosts.options(settings), *names, cwd=tmp_path)
    pylint = hosts.pylint(*hosts.pylint_options(settings), *names, cwd=tmp_path)
    assert (flake8.stderr, pylint.stderr) == ("", "")
    by_flake8 = hosts.flake8_lines(flake8.stdout)
    by_pylint = [(line.place, line.message) for line in hosts.pylint_lines(pylint.stdout)]
    for name, text, _ in members:
        path = str(tmp_path / name)
        found = check_new(Source(text, path, path=path), options)
        core = [(f.line, f.column, f.code, f.message) for f in found]
        assert _of(name, by_flake8) == core
        assert _of(name, by_pylint) == core
        if name.endswith("_bad.py"):
            assert name[:5].upper() in {finding.code for finding in found}


def _of(name: str, said: list[tuple[Place, str]]) -> list[tuple[int, int, str, str]]:
    return [(p.line, p.column, p.code, message) for p, message in said if p.path == name]
