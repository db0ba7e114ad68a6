"""A server for each test, ended as an editor ends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lsp import Client


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """An editor in an empty folder, its server running. It has to go well to the end."""
    folder = tmp_path / "a folder é"
    folder.mkdir()
    client = Client(folder, "tf2lint", "server")
    yield client
    assert client.end() == 0
    assert client.errors == b""
