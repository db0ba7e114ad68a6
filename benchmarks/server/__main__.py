"""Measures how long the language server takes to answer, and writes RESULTS.md:

    python -m benchmarks.server FILE [FILE ...]

Each file is opened as it is and typed in; the server is the real one, over its standard streams.
What counts as an answer: the diagnostics after a letter that was typed, at the end of the file and
in the middle; the quick fixes of the first finding right after that, when they have to be made;
the hover there; and "fix all that is safe", asked for as on saving.
"""

from __future__ import annotations

import argparse
import ast
import datetime
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.lsp import Client, Json, started
from tf2lint.server.language_server import IDLE, LATEST, SOON

HERE = Path(__file__).parent
GOAL = 0.1  # seconds


class Measured(NamedTuple):
    """The median and the worst of some times, and what the server computed for one, in seconds."""

    median: float
    worst: float
    computed: float

    def __str__(self) -> str:
        """Milliseconds, for a table."""
        return " / ".join(f"{seconds * 1000:.0f}" for seconds in self)


def measured(times: int, pid: int, call: Callable[[], object]) -> Measured:
    """How long `call` takes, made some times; the server is the process `pid`."""
    found = []
    before = computed(pid)
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return Measured(statistics.median(found), max(found), (computed(pid) - before) / max(times, 1))


def computed(pid: int) -> float:
    """The processor's time that a process has had, in seconds; 0 where the system does not say."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def row(client: Client, pid: int, path: Path, times: int) -> list[str]:
    """The line of the table for one file."""
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    opened = time.perf_counter()
    uri = client.open(path.resolve().as_uri(), text)
    found = client.diagnostics(uri)
    opened = time.perf_counter() - opened
    first = found[0]["range"]["start"] if found else {"line": 0, "character": 0}

    def typed(line: int) -> None:
        at = {"line": line, "character": 0}
        change: Json = {"range": {"start": at, "end": at}, "text": "\n"}
        client.change(uri, change)
        client.diagnostics(uri)

    def typed_then_asked() -> None:
        typed(lines)
        client.actions(uri, first["line"], only=["quickfix"])

    def saved() -> None:
        typed(lines)
        client.actions(uri, 0, only=["source.fixAll.tf2lint"])

    at_end = measured(times, pid, lambda: typed(lines))
    there = next(
        stmt.lineno - 1 for stmt in ast.parse(text).body if stmt.lineno > lines / 2
    )  # where a blank line changes nothing
    in_middle = measured(times, pid, lambda: typed(there))
    fixes = measured(times, pid, typed_then_asked)
    hover = measured(times, pid, lambda: client.hover(uri, first["line"], first["character"]))
    fix_all = measured(3, pid, saved)
    parse = measured(times, os.getpid(), lambda: ast.parse(text))
    return [
        f"`{path.name}`", str(lines), str(len(found)), str(parse), f"{opened * 1000:.0f}",
        str(at_end), str(in_middle), str(fixes), str(hover), str(fix_all),
    ]  # fmt: skip


def main() -> None:
    """Measure, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for path in args.files:  # a server each: they may be files of one project
            start = time.perf_counter()
            server = started(Path(folder), "tf2lint", "server")
            client = Client(Path(folder), server)
            client.start()
            starting = time.perf_counter() - start
            rows.append(row(client, server.pid, path, args.times))
            client.end()
    head = [
        "file", "lines", "findings", "`ast.parse`", "opened", "typed at the end",
        "typed in the middle", "typed, then quick fixes", "hover", "typed, then fix all",
    ]  # fmt: skip
    table = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    body = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    (HERE / "RESULTS.md").write_text(f"""# How fast the language server answers

Made by `python -m benchmarks.server`, {datetime.date.today()}, on Python
{platform.python_version()}, {os.cpu_count()} cores, load {load}. Milliseconds from the message to
the answer over standard streams: the median of {args.times}, the worst, and the processor's time
that the server had for one, which is what an answer takes on a machine with nothing else to do.
The goal is {GOAL * 1000:.0f} for 1,000 lines. From the start of the process to the answer to
`initialize`: {starting * 1000:.0f}.

{body}

The server waits {SOON * 1000:.0f} ms after a letter for what is on its way, and
{LATEST * 1000:.0f} at most. Diagnostics need no edits; these are made for the lines that fixes are
asked for, or when nothing was typed for {IDLE * 1000:.0f} ms.
""")


if __name__ == "__main__":
    main()
