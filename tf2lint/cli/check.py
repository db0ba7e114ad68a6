"""`tf2lint check`: report what is found."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from tf2lint.baseline import load
from tf2lint.cli import USAGE, output, settings
from tf2lint.cli.cache import Caches, folder_of
from tf2lint.cli.examine import Job, Outcome, examine, examine_all
from tf2lint.cli.files import Unreadable
from tf2lint.cli.problems import Tally, many
from tf2lint.cli.records import Record, fix_of, unread
from tf2lint.config import Settings
from tf2lint.internal_error import printable
from tf2lint.options import OptionError, nearest


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    settings.add_files(parser)
    parser.add_argument(
        "-o", "--output-file", metavar="FILE", help="where findings go (default: standard output)"
    )
    parser.add_argument(
        "--stdin-filename", default="<stdin>", metavar="NAME",
        help="what to call standard input (`-`), and where its neighbours are",
    )  # fmt: skip
    parser.add_argument("--statistics", action="store_true", help="count findings by code")
    parser.add_argument("-q", "--quiet", action="store_true", help="print findings and errors only")
    parser.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 whatever is found, or was not read"
    )
    parser.add_argument(
        "--no-cache", dest="cache", action="store_false",
        help="look at every file again, and leave nothing in .tf2lint_cache",
    )  # fmt: skip
    parser.add_argument("--show-files", action="store_true", help="print the files, and end")
    parser.add_argument(
        "--show-settings", action="store_true", help="print what holds for the first file, and end"
    )
    settings.add_settings(parser, "check")


def run(args: argparse.Namespace) -> int:
    """Check; exit status 0 for clean, 1 for findings, 2 where something was not read."""
    told = settings.settings_for(args, "check")
    here = told.at(os.getcwd())
    if args.show_files or args.show_settings:
        return _show(args, told)
    form = here.text("output-format") or "text"
    if form not in output.FORMATS:
        raise OptionError(f"output-format: no format {form!r}{nearest(form, [*output.FORMATS])}")
    job = Job(told, edits="tf2" if form in output.WITH_EDITS else "", all_comments=True)
    out = output.Out(args.output_file)
    try:
        found = _Found(form, out, args.quiet)
        for outcome in _progress(_outcomes(args, job, found), found, args.quiet):
            found.take(outcome)
        found.end(args.statistics)
    finally:
        out.close()
    if args.exit_zero:
        return 0
    return USAGE if found.tally.unread else 1 if found.counts else 0


def _outcomes(args: argparse.Namespace, job: Job, found: _Found) -> Iterator[Outcome]:
    here = job.settings.at(os.getcwd())
    paths = [path for path in args.paths if path != "-"]
    if len(paths) < len(args.paths):
        if sys.stdin is None:
            raise OptionError("standard input is closed")
        data = sys.stdin.buffer.read()
        yield examine(args.stdin_filename, job, data)
    if paths:
        folder = here.text("cache-dir") or folder_of(os.getcwd())
        files = list(settings.files_of(paths, job.settings))
        for path in _baselines(files, job, paths):
            _see_that_it_is_ours(path)
        found.todo += len(files)
        yield from examine_all(files, job, args.jobs, Caches(folder) if args.cache else None)


def _baselines(files: list[str | Unreadable], job: Job, paths: list[str]) -> list[str]:
    """The baselines that count for `files`, where folders were asked for."""
    if not any(os.path.isdir(path) for path in paths):
        return []
    held = {id(h): h for h in (job.settings.of(f) for f in files if isinstance(f, str))}
    return sorted({h.options.baseline for h in held.values() if h.options.baseline})


def _see_that_it_is_ours(path: str) -> None:
    """Refuse a baseline that knows none of the files in a folder: it is of another tree."""
    baseline = load(path)
    missing = baseline.missing()
    if missing and len(missing) == len(baseline.files()):
        raise OptionError(
            f"tf2-baseline: {path}: none of its {len(missing)} files is there "
            f"(the first: {missing[0]}); is it of another tree?"
        )
    if missing:
        several = f"{len(missing)} files are" if len(missing) > 1 else "1 file is"
        print(
            f"tf2lint: {path}: {several} not there any more (the first: {missing[0]});"
            " `tf2lint baseline --prune` strikes them out, and follows renamed ones",
            file=sys.stderr,
        )


def _show(args: argparse.Namespace, told: Settings) -> int:
    """Print what would be looked at, or what holds there."""
    paths = [path for path in args.paths if path != "-"]
    files = [path for path in settings.files_of(paths, told) if isinstance(path, str)]
    if args.show_files:
        for path in files:
            print(printable(path))
        return 0
    first = args.stdin_filename if "-" in args.paths else next(iter(files), "")
    for line in settings.shown(told, first):
        print(line)
    return 0


class _Found:
    """Prints outcomes as they come, or all at the end, as the format asks."""

    def __init__(self, form: str, out: output.Out, quiet: bool) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()  # by code and name
        self.files = self.todo = 0
        self.tally = Tally()
        self._fixes: Counter[str] = Counter()
        self._files_with = 0
        self._kept: list[Record] = []  # only where the format is one document
        self._out = out
        self._quiet = quiet
        self._for_people = form in output.FOR_PEOPLE
        self._line = output.by_line(form, out.stream.isatty(), output.is_coloured(out.stream))
        self._whole = output.whole(form)

    def take(self, outcome: Outcome) -> None:
        """Print what can be printed now."""
        self.files += 1
        error = self.tally.take(
            outcome.path, outcome.problems, outcome.silenced, outcome.is_python2
        )
        if error:
            print(f"tf2lint: {error}", file=sys.stderr)
        self._files_with += bool(outcome.records)
        for record in outcome.records:
            self.counts[record.code, record.name] += 1
            self._fixes[fix_of(record)] += 1
            self._print(record)
        if not self._for_people:
            for problem in outcome.problems:
                self._print(unread(problem))

    def _print(self, record: Record) -> None:
        if self._line is not None:
            self._out.print(self._line(record))
        if self._whole is not None:
            self._kept.append(record)

    def end(self, with_statistics: bool) -> None:
        """Print the rest."""
        if self._whole is not None:
            self._out.print(self._whole(self._kept))
        if with_statistics:
            for line in output.statistics(self.counts):
                print(line, file=self._out.stream if self._for_people else sys.stderr)
        if self._quiet:
            return
        for line in self.tally.told_of_python2():
            print(line, file=sys.stderr)
        if self._for_people and (self.counts or self.tally.silenced or self._out.stream.isatty()):
            self._out.print(self._summary())

    def _summary(self) -> str:
        """The last line."""
        parts = [
            f"{many(self.counts.total(), 'finding')} in {self._files_with} of "
            f"{many(self.files, 'file')}"
        ]
        if self._fixes["safe"]:
            parts.append(f"[*] {self._fixes['safe']} can be fixed by `tf2lint fix`")
        if self._fixes["unsafe"]:
            parts.append(f"{self._fixes['unsafe']} more by `tf2lint fix --unsafe`, to be read")
        return "; ".join([*parts, *self.tally.told_of_silenced()])


def _progress(outcomes: Iterable[Outcome], found: _Found, quiet: bool) -> Iterator[Outcome]:
    """`outcomes` as they are; on a terminal, runs that take long show how far they are."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield from outcomes
        return
    start = shown = time.monotonic()
    for outcome in outcomes:
        if shown > start:
            sys.stderr.write("\r\x1b[K")
        yield outcome
        now = time.monotonic()
        if now - start > 1 and now - shown > 0.1:
            shown = now
            sys.stderr.write(f"\r{_bar(found.files, found.todo)}")
            sys.stderr.write(f" {many(found.counts.total(), 'finding')}")
            sys.stderr.flush()
    if shown > start:
        sys.stderr.write("\r\x1b[K")


def _bar(done: int, todo: int) -> str:
    """How far a run is, in a line that fits."""
    marks = _BAR * done // max(todo, done, 1)
    return f"[{'#' * marks}{' ' * (_BAR - marks)}] {done} of {many(todo, 'file')},"


_BAR = 24  # letters
