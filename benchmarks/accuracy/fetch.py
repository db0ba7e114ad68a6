"""Downloads the corpora of corpora.toml with pip, checks their hashes and unpacks them.

    python -m benchmarks.accuracy.fetch FOLDER [--use look|report]

FOLDER/NAME-VERSION holds the unpacked source afterwards. Exit status 1 where a package cannot
be had or its hash differs; the others are unpacked all the same.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CORPORA = Path(__file__).parent / "corpora.toml"


@dataclass(frozen=True)
class Package:
    """One row of corpora.toml."""

    name: str
    version: str
    use: str
    era: str
    sha256: str

    @property
    def folder(self) -> str:
        """The name of the folder that it is unpacked to."""
        return f"{self.name}-{self.version}"


def packages(use: str = "") -> list[Package]:
    """The corpora, or those of one use."""
    rows = tomllib.loads(CORPORA.read_text())["package"]
    return [p for p in (Package(**row) for row in rows) if use in ("", p.use)]


def fetch(package: Package, into: Path) -> str:
    """Download and unpack `package` below `into`; returns what went wrong, or nothing."""
    folder = into / package.folder
    if folder.exists():
        return ""
    with tempfile.TemporaryDirectory() as name:
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
            "--no-build-isolation", "--dest", name, f"{package.name}=={package.version}",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        archives = list(Path(name).iterdir())
        if len(archives) != 1:
            return f"{package.folder}: {done.stderr.strip().splitlines()[-1:]}"
        archive = archives[0]
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != package.sha256:
            return f"{package.folder}: sha256 {found}, expected {package.sha256}"
        if archive.suffix in (".whl", ".zip"):
            with zipfile.ZipFile(archive) as opened:
                opened.extractall(folder)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
    return ""


def main() -> int:
    """Fetch all; see the module's text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--use", choices=["look", "report"], default="")
    options = parser.parse_args()
    wrong = [fetch(package, options.folder) for package in packages(options.use)]
    for line in filter(None, wrong):
        print(line, file=sys.stderr)
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
