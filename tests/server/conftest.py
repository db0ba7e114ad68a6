"""A server for each test, ended as an editor ends it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lsp import Client, started
from tests.server.nursery import Nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery | None]:
    """What starts servers quickly, where that can be."""
    if not hasattr(os, "fork"):
        yield None
        return
    nursery = Nursery()
    yield nursery
    nursery.end()


@pytest.fixture
def client(tmp_path: Path, nursery: Nursery | None) -> Iterator[Client]:
    """An editor in an empty folder, its server running. It has to go well to the end."""
    folder = tmp_path / "a folder é"
    folder.mkdir()
    client = Client(
        folder, nursery.server(folder) if nursery else started(folder, "tf2lint", "server")
    )
    yield client
    assert client.end() == 0
    assert client.errors == b""
