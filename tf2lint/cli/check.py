"""`tf2lint check`: report what is found."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tf2lint.baseline import load
from tf2lint.cli import USAGE, output, settings
from tf2lint.cli.cache import Cache, top_of
from tf2lint.cli.examine import Job, Outcome, examine, examine_all
from tf2lint.cli.files import find
from tf2lint.cli.problems import Tally, many
from tf2lint.cli.records import Record, fix_of, unread
from tf2lint.options import OptionError, Options


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    settings.add_files(parser)
    parser.add_argument(
        "--output-format", choices=output.FORMATS, default="text", metavar="FORMAT",
        help=f"{', '.join(output.FORMATS)} (default: text)",
    )  # fmt: skip
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
    settings.add_selection(parser)
    settings.add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Check; exit status 0 for clean, 1 for findings, 2 where something was not read."""
    options, selection = settings.options_of(args)
    exclude = settings.words(args.exclude)
    _see_that_it_is_ours(options, args.paths)
    if args.output_format in output.WITH_EDITS:
        options = replace(options, edits="tf2")
    job = Job(options, selection)
    out = output.Out(args.output_file)
    try:
        found = _Found(args.output_format, out, args.quiet)
        for outcome in _progress(_outcomes(args, job, exclude, found), found, args.quiet):
            found.take(outcome)
        found.end(args.statistics)
    finally:
        out.close()
    if args.exit_zero:
        return 0
    return USAGE if found.tally.unread else 1 if found.counts else 0


def _outcomes(
    args: argparse.Namespace, job: Job, exclude: list[str], found: _Found
) -> Iterator[Outcome]:
    paths = [path for path in args.paths if path != "-"]
    if len(paths) < len(args.paths):
        if sys.stdin is None:
            raise OptionError("standard input is closed")
        data = sys.stdin.buffer.read()
        yield examine(args.stdin_filename, job, data)
    if paths:
        cache = Cache(top_of(os.getcwd()), _told(job)) if args.cache else None
        files = list(find(paths, exclude, args.gitignore))
        found.todo += len(files)
        yield from examine_all(files, job, args.jobs, cache)


def _told(job: Job) -> str:
    """All that decides what is found in a file, as text."""
    options, selection = job.options, job.selection
    known = ""
    if options.baseline:
        baseline = load(options.baseline)
        known = f"{baseline.folder} {sorted(baseline.entries.items())}"
    settings = {**vars(options), "aliases": sorted(options.aliases.items())}
    settings["enable"] = sorted(options.enable)
    codes = None if selection.codes is None else sorted(selection.codes)
    return repr((sorted(settings.items()), codes, known))


def _see_that_it_is_ours(options: Options, paths: list[str]) -> None:
    """Refuse a baseline that knows none of the files in a folder: it is of another tree."""
    if not options.baseline or not any(os.path.isdir(path) for path in paths):
        return
    baseline = load(options.baseline)
    missing = baseline.missing()
    if missing and len(missing) == len(baseline.files()):
        raise OptionError(
            f"tf2-baseline: {options.baseline}: none of its {len(missing)} files is there "
            f"(the first: {missing[0]}); is it of another tree?"
        )
    if missing:
        several = f"{len(missing)} files are" if len(missing) > 1 else "1 file is"
        print(
            f"tf2lint: {options.baseline}: {several} not there any more (the first: {missing[0]});"
            " `tf2lint baseline --prune` strikes them out, and follows renamed ones",
            file=sys.stderr,
        )


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
