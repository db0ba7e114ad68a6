"""What several test files start from: folders, and the command line in this process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.support import Done, Run
from tests.hosts import BAD
from tests.support import unmark
from tf2lint.check.registry import rules
from tf2lint.cli import main


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Processes that tests start need not compile everything anew where no bytecode is written."""
    if sys.dont_write_bytecode:
        os.environ["PYTHONPYCACHEPREFIX"] = str(tmp_path_factory.mktemp("compiled"))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


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


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(tree: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """`tf2lint` with these arguments, in `tree`."""

    def call(*arguments: str) -> Done:
        capsys.readouterr()
        try:
            status = main(list(arguments))
        except SystemExit as end:  # argparse, for a usage error
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return Done(status, out, err)

    return call
