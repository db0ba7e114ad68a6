"""Runs programs of TF 1 before and after each way of fixing, and writes what came of it.

    python -m benchmarks.programs --tf1 PYTHON --tf2 PYTHON FOLDER [--only TEXT] [--write]

The two are Pythons with TensorFlow 1.15 and with the newest and tf_keras; for some programs also
with SciPy, pandas and scikit-learn. FOLDER takes the repositories, the copies, and the results: a
run whose texts are known is not done again. `--origin` says where the repositories are cloned
from. `--write` writes RESULTS.md and the table of docs/fixing.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.programs import page
from benchmarks.programs.ways import (
    BEFORE,
    WAYS,
    Repository,
    Way,
    copies,
    fetch,
    git,
    repositories,
    says_that_it_runs,
)

SECONDS = 60  # for one run
PRINTED = 200_000  # characters: what a program prints is read so far
_SERVER = Path(__file__).parent / "server.py"
Answer = dict[str, Any]


class Server:
    """A process that runs programs for one Python and one Keras."""

    def __init__(self, python: str, keras: int, out: Path) -> None:
        self._out = out
        environment = {**os.environ, "TF_USE_LEGACY_KERAS": str(int(keras == 2))}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._process = subprocess.Popen(
            [python, str(_SERVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, bufsize=1, env=environment,
        )  # fmt: skip
        self.version = self._read()["version"]

    def _read(self) -> Answer:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._process.args}: ended")
        answer: Answer = json.loads(line)
        return answer

    def run(self, tree: Path, path: str) -> Answer:
        """What came of the program `path` of a repository's copy."""
        assert self._process.stdin is not None
        program = (tree / path).resolve()
        request = {"program": str(program), "folder": str(program.parent), "seconds": SECONDS,
                   "out": str(self._out)}  # fmt: skip
        self._out.write_text("")
        print(json.dumps(request), file=self._process.stdin)
        answer = self._read()
        answer["printed"] = self._out.read_text(errors="replace")[:PRINTED]
        answer["error"] = answer["error"].replace(f"{tree.resolve()}/", "")
        git(tree, "clean", "-fdxq")
        git(tree, "checkout", "--quiet", "--", ".")
        return answer


class Results:
    """Answers by what was run, in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        rows = file.read_text().splitlines() if file.exists() else []
        self._known: dict[str, Answer] = dict(json.loads(row) for row in rows)

    def find(self, key: str) -> Answer | None:
        """The answer, if there is one."""
        return self._known.get(key)

    def keep(self, key: str, answer: Answer) -> None:
        """Keep an answer."""
        self._known[key] = answer
        with self._file.open("a") as file:
            print(json.dumps([key, answer]), file=file)


def _key(python: str, keras: int, tree: Path, path: str, again: int) -> str:
    """What a run depends on: the Python, the Keras, the program and the modules around it."""
    told = hashlib.sha256(f"{python} {keras} {path} {again}".encode())
    near = [tree / path, *sorted((tree / path).parent.glob("*.py"))]
    if len(Path(path).parts) > 2:
        near += sorted((tree / path).parent.parent.rglob("*.py"))
    words = set((tree / path).read_text(errors="replace").replace(".", " ").split())
    for module in near:
        if module == tree / path or module.stem in words or module.parent.name in words:
            told.update(module.read_bytes())
    return told.hexdigest()


class Bench:
    """All that is needed to run."""

    def __init__(self, tf1: str, tf2: str, folder: Path) -> None:
        self.pythons = {True: tf1, False: tf2}
        self.folder = folder
        self.results = Results(folder / "results.jsonl")
        self._servers: dict[tuple[bool, int], Server] = {}

    def server(self, is_before: bool, keras: int) -> Server:
        """The server; started at first need."""
        at = (is_before, keras)
        if at not in self._servers:
            out = self.folder / f"out-{int(is_before)}-{keras}"
            self._servers[at] = Server(self.pythons[is_before], keras, out)
        return self._servers[at]

    def tree(self, way: Way, repository: Repository) -> Path:
        """The copy of a repository for one way of fixing."""
        return copies(way, self.folder / "fetched", self.folder) / repository.folder

    def run(self, way: Way, repository: Repository, path: str, again: int = 0) -> Answer:
        """What came of one program after one way of fixing, now or before."""
        tree = self.tree(way, repository)
        is_before = way is BEFORE
        key = _key(self.pythons[is_before], way.keras, tree, path, again)
        answer = self.results.find(key)
        if answer is None:
            answer = self.server(is_before, way.keras).run(tree, path)
            self.results.keep(key, answer)
        return answer


def main() -> int:
    """See the module's text."""
    parser = argparse.ArgumentParser(description="Runs programs before and after fixing.")
    parser.add_argument("folder", type=Path, help="takes repositories, copies and results")
    parser.add_argument("--tf1", required=True, help="a Python with TensorFlow 1.15")
    parser.add_argument("--tf2", required=True, help="a Python with the newest TensorFlow")
    parser.add_argument("--origin", default="https://github.com/{owner}/{name}")
    parser.add_argument("--only", default="", help="programs whose path holds this text")
    parser.add_argument("--way", default="", help="ways whose name holds this text")
    parser.add_argument("--write", action="store_true", help="write the pages")
    parser.add_argument("--write-functions", action="store_true", help="write FUNCTIONS.md")
    options = parser.parse_args()
    fetch(options.folder / "fetched", options.origin)
    bench = Bench(options.tf1, options.tf2, options.folder)
    rows: list[page.Row] = []
    for repository in repositories():
        for path in repository.programs:
            if options.only not in f"{repository.name}/{path}":
                continue
            row = page.Row(f"{repository.name}/{path}", {})
            row.before = [bench.run(BEFORE, repository, path, again) for again in (0, 1)]
            for way in WAYS:
                if options.way in way.name:
                    row.after[way.name] = bench.run(way, repository, path)
                    tree = bench.tree(way, repository)
                    row.told[way.name] = says_that_it_runs(way, tree, path)
            rows.append(row)
            told = " ".join(f"{a['code']}" for a in [*row.before, *row.after.values()])
            print(f"{row.name}: {told}", file=sys.stderr)
    print(page.table(rows))
    if options.write:
        page.write(rows, versions(bench))
    if options.write_functions:
        way = next(way for way in WAYS if way.folder == "--to-tf2---unsafe")
        told = (options.folder / way.folder / "fix.txt").read_text(encoding="utf-8")
        text = page.functions_page(rows, way, told, versions(bench))
        (page.HERE / "FUNCTIONS.md").write_text(text, encoding="utf-8")
    return 0


def versions(bench: Bench) -> tuple[str, str]:
    """The releases of the two TensorFlows."""
    return bench.server(True, 2).version, bench.server(False, 3).version


if __name__ == "__main__":
    sys.exit(main())
