"""Folders that several test files start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosts import BAD
from tests.support import unmark
from tf2lint.registry import rules


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """An empty folder with one file in it, `bad.py`."""
    (tmp_path / "bad.py").write_text(BAD)
    return tmp_path


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bad text of every rule's examples, a file each."""
    folder = tmp_path_factory.mktemp("corpus")
    for rule in rules():
        for number, example in enumerate(rule.examples):
            path = folder / f"{rule.code.lower()}_{number}.py"
            path.write_text(unmark(example.bad)[0], encoding="utf-8")
    return folder
