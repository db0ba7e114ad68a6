"""`tf2lint report`: how far a tree is on its way to TensorFlow 2, as one HTML page."""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys

from tf2lint.cli import USAGE, cells, report_page, settings
from tf2lint.cli.examine import Job, examine, over
from tf2lint.cli.files import Unreadable, read
from tf2lint.cli.problems import STATUS, Tally
from tf2lint.cli.report_data import File, Import, Past
from tf2lint.cli.report_order import order
from tf2lint.notebooks import SUFFIX
from tf2lint.options import OptionError
from tf2lint.source import Source, split_lines


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    settings.add_files(parser)
    parser.usage = f"{parser.prog} [OPTION ...] [PATH ...] --html FILE"
    parser.add_argument("--html", metavar="FILE", required=True, help="where the page goes")
    parser.add_argument(
        "--history", nargs="+", action="extend", default=[], metavar="FILE",
        help="earlier output of `tf2lint check --output-format=json`, oldest first",
    )  # fmt: skip
    settings.add_settings(parser, "report")


def run(args: argparse.Namespace) -> int:
    """Write the page; exit status 0, or 2 where something could not be read."""
    told = settings.settings_for(args, "report", but=("baseline",))
    target = told.at(os.getcwd()).options.target
    # What is known already is part of the picture, and edits tell what a machine can do.
    job = Job(told, edits="tf2", heeds_baseline=False)
    history = [_past(path) for path in args.history]
    paths = list(settings.files_of(args.paths, told))
    files: list[File] = []
    tally = Tally()
    for path, file in over(paths, job, args.jobs, look):
        if isinstance(path, Unreadable):
            line = tally.take("", [path.problem], 0, False)
        else:
            assert file is not None
            line = tally.take(path, file.problems, file.silenced, file.is_python2)
            files.append(file)
        if line:
            print(f"tf2lint: {line}", file=sys.stderr)
    order(files, [path for path in args.paths if os.path.isdir(path)])
    page = report_page.page(files, history, target, args.paths)
    try:
        with open(args.html, "w", encoding="utf-8", errors="backslashreplace") as out:
            out.write(page)
    except OSError as error:
        raise OptionError(f"--html: {args.html}: {error.strerror}") from error
    states = [file.state for file in files]
    findings = sum(len(file.records) for file in files)
    for line in tally.told_of_python2():
        print(line, file=sys.stderr)
    parts = [
        f"{states.count('clean')} clean, {states.count('compat')} through compat.v1 only, "
        f"{states.count('broken')} broken",
        report_page.many(findings, "finding"), *tally.told_of_silenced(), *tally.told_of_unread(),
    ]  # fmt: skip
    print(f"{args.html}: {report_page.many(len(files), 'file')}: {'; '.join(parts)}")
    return USAGE if tally.unread else 0


def look(path: str, job: Job) -> File:
    """What there is to know of the file at `path`."""
    outcome = examine(path, job)
    file = File(path, outcome.records, outcome.problems, outcome.silenced, outcome.is_python2)
    try:
        if path.endswith(SUFFIX):
            notebook = cells.read(path)
            text = notebook.module
            file.lines = sum(len(cell.lines) for cell in notebook.cells)
        else:
            text = read(path)
            file.lines = len(split_lines(text))
        file.imports = list(_imports(Source(text).tree))
    except (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
        pass  # `examine` has said so, where that matters
    return file


def _imports(tree: ast.Module) -> list[Import]:
    found: list[Import] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [Import(0, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [Import(node.level, node.module or "", alias.name) for alias in node.names]
    return found


def _past(path: str) -> Past:
    """What an earlier run found. Raises `OptionError` for a file that does not say."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise OptionError(f"--history: {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OptionError(f"--history: {path}: is no text") from error
    try:
        told = json.loads(text) if text.lstrip().startswith("[") else _lines(text)
        statuses: dict[str, int] = {}
        told = [record for record in told if record["status"] != STATUS]
        for record in told:
            status = str(record["status"])
            statuses[status] = statuses.get(status, 0) + 1
        files = len({str(record["path"]) for record in told})
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise OptionError(
            f"--history: {path}: is no output of `tf2lint check --output-format=json`"
        ) from error
    return Past(os.path.splitext(os.path.basename(path))[0], statuses, files)


def _lines(text: str) -> list[dict[str, object]]:
    if not text.strip():
        raise ValueError("empty")
    return [json.loads(line) for line in text.splitlines() if line.strip()]
