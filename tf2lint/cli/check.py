"""`tf2lint check`: report what is found."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tf2lint.baseline import load
from tf2lint.cli import USAGE, output, printing, settings
from tf2lint.cli.examine import Job, Outcome, examine, examine_all
from tf2lint.cli.files import Unreadable
from tf2lint.cli.problems import Tally, many
from tf2lint.cli.records import Record, fix_of, region, unread
from tf2lint.config import Settings
from tf2lint.internal_error import printable
from tf2lint.options import OptionError

if TYPE_CHECKING:
    from tf2lint.cli.since import Since


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    settings.add_files(parser)
    parser.add_argument(
        "-o", "--output-file", metavar="FILE", default=settings.environment("output-file"),
        help="where findings go (default: standard output)",
    )  # fmt: skip
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
        default=not settings.is_on("no-cache"),
        help="look at every file again, and leave nothing in .tf2lint_cache",
    )  # fmt: skip
    parser.add_argument("--show-files", action="store_true", help="print the files, and end")
    parser.add_argument(
        "--show-settings", action="store_true", help="print what holds for the first file, and end"
    )
    parser.add_argument(
        "--since", metavar="REF",
        help="report only what is on lines that git says are new or changed since this commit "
        "(its merge base with HEAD), staged or not, tracked or not",
    )  # fmt: skip
    parser.add_argument(
        "--fail-on-stale", action="store_true",
        help="exit with 1 where the baseline has findings that are fixed",
    )  # fmt: skip
    parser.add_argument("--fix", action="store_true", help="do first what `tf2lint fix` does")
    parser.add_argument(
        "--add-noqa", action="store_true", help="put a `# noqa` comment on all that is found"
    )
    settings.add_settings(parser, "check")


def run(args: argparse.Namespace) -> int:
    """Check; exit status 0 for clean, 1 for findings, 2 where something was not read."""
    told = settings.settings_for(args, "check")
    here = told.at(os.getcwd())
    if args.show_files or args.show_settings:
        return _show(args, told)
    forms = printing.targets(
        here.words("output-format"), args.output_file, "output-format" in told.given
    )
    with_edits = output.WITH_EDITS.intersection(forms.values()) and not args.add_noqa
    edits = "tf2" if with_edits else ""
    unused_noqa = here.flag("unused-noqa", False)
    job = Job(told, edits=edits, all_comments=True, unused_noqa=unused_noqa)
    if args.add_noqa:
        from tf2lint.cli import noqa  # loads the rules

        return noqa.add(list(settings.files_of(args.paths, told)), job, args)
    if args.fix:
        _fix(args, told)
    with ExitStack() as files:
        found = _Found(printing.opened(forms, files), args.quiet, _since(args.since))
        for outcome in _progress(_outcomes(args, job, found), found, args.quiet):
            found.take(outcome)
        found.end(args.statistics)
    if args.exit_zero:
        return 0
    stale = args.fail_on_stale and found.stale
    return USAGE if found.tally.unread else 1 if found.counts or stale else 0


def _since(reference: str | None) -> Since | None:
    if reference is None:
        return None
    from tf2lint.cli.since import Since  # loads what starts processes

    return Since(reference)


def _fix(args: argparse.Namespace, told: Settings) -> None:
    """Fix first; what is said of that goes to standard error."""
    from tf2lint.cli import fix  # slow to load

    if "-" in args.paths:
        raise OptionError("--fix: standard input is fixed by `tf2lint fix -`")
    asked = {"diff": False, "show_fixes": not args.quiet, "explain_plan": False}
    given = argparse.Namespace(**{**vars(args), **asked})
    with open(os.devnull, "w") as nowhere:
        fix.rewrite(given, fix.FixJob(told), nowhere if args.quiet else sys.stderr)


def _outcomes(args: argparse.Namespace, job: Job, found: _Found) -> Iterator[Outcome]:
    here = job.settings.at(os.getcwd())
    paths = [path for path in args.paths if path != "-"]
    if len(paths) < len(args.paths):
        if sys.stdin is None:
            raise OptionError("standard input is closed")
        data = sys.stdin.buffer.read()
        yield examine(args.stdin_filename, job, data)
    if paths:
        files = list(settings.files_of(paths, job.settings))
        for path in _baselines(files, job, paths):
            found.stale += _see_that_it_is_ours(path)
        if found.since is not None:
            files = [file for file in files if _is_touched(file, found.since)]
        found.todo += len(files)
        if args.cache:
            from tf2lint.cli import cached  # slow to load

            yield from cached.examine_all(files, job, args.jobs, here.text("cache-dir"))
        else:
            yield from examine_all(files, job, args.jobs)


def _is_touched(file: str | Unreadable, since: Since) -> bool:
    return isinstance(file, Unreadable) or since.touches(file, 1, sys.maxsize)


def _baselines(files: list[str | Unreadable], job: Job, paths: list[str]) -> list[str]:
    """The baselines that count for `files`, where folders were asked for."""
    if not any(os.path.isdir(path) for path in paths):
        return []
    held = {id(h): h for h in (job.settings.of(f) for f in files if isinstance(f, str))}
    return sorted({h.options.baseline for h in held.values() if h.options.baseline})


def _see_that_it_is_ours(path: str) -> int:
    """How many files of a baseline are not there any more.

    Raises `OptionError` where it knows none of the files in a folder: it is of another tree.
    """
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
    return len(missing)


def _show(args: argparse.Namespace, told: Settings) -> int:
    """Print what would be looked at, or what holds there."""
    paths = [path for path in args.paths if path != "-"]
    files = [path for path in settings.files_of(paths, told) if isinstance(path, str)]
    if args.show_files:
        for path in files:
            print(printable(path))
        return 0
    first = args.stdin_filename if "-" in args.paths else next(iter(files), "")
    for line in settings.shown(told, first, args):
        print(line)
    return 0


class _Found:
    """Has outcomes printed as they come, and counts."""

    def __init__(self, printers: list[printing.Printer], quiet: bool, since: Since | None) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()  # by code and name
        self.files = self.todo = self.stale = 0
        self.since = since
        self._freed: list[str] = []  # the files that have fewer findings than the baseline
        self.tally = Tally()
        self._fixes: Counter[str] = Counter()
        self._files_with = 0
        self._printers = printers
        self._quiet = quiet

    def take(self, outcome: Outcome) -> None:
        """Print what can be printed now."""
        self.files += 1
        error = self.tally.take(
            outcome.path, outcome.problems, outcome.silenced, outcome.is_python2
        )
        if error:
            print(f"tf2lint: {error}", file=sys.stderr)
        if outcome.freed:
            self.stale += outcome.freed
            self._freed.append(outcome.path)
        records = outcome.records
        if self.since is not None and outcome.path:
            records = [record for record in records if self._is_new(record)]
        self._files_with += bool(records)
        for record in records:
            self.counts[record.code, record.name] += 1
            self._fixes[fix_of(record)] += 1
            for printer in self._printers:
                printer.take(record)
        for problem in outcome.problems:
            for printer in self._printers:
                if not printer.for_people:
                    printer.take(unread(problem))

    def _is_new(self, record: Record) -> bool:
        assert self.since is not None
        first, _, last, _ = region(record)
        return self.since.touches(record.path, first, last)

    def end(self, with_statistics: bool) -> None:
        """Print the rest."""
        for printer in self._printers:
            printer.end(self.counts if with_statistics else None)
        if with_statistics and not any(printer.for_people for printer in self._printers):
            for line in output.statistics(self.counts):
                print(line, file=sys.stderr)
        if self._quiet:
            return
        for line in (*self.tally.told_of_python2(), *self._told_of_freed()):
            print(line, file=sys.stderr)
        for printer in self._printers:
            printer.sum_up(self._summary(), bool(self.counts or self.tally.silenced))

    def _told_of_freed(self) -> Iterator[str]:
        """What the baseline has that is fixed: a new finding could take its place unseen."""
        if self._freed:
            where = f"{many(len(self._freed), 'file')} (the first: {printable(self._freed[0])})"
            yield (
                f"tf2lint: the baseline has more than there is in {where}; "
                "`tf2lint baseline --prune` strikes out what is fixed"
            )

    def _summary(self) -> str:
        """The last line."""
        parts = [
            f"{many(self.counts.total(), 'finding')} in {self._files_with} of "
            f"{many(self.files, 'file')}"
        ]
        safe, unsafe = self._fixes["safe"], self._fixes["unsafe"]
        if safe:
            more = f", {unsafe} {_have(unsafe)} one to be read" if unsafe else ""
            parts.append(f"[*] {safe} {_have(safe)} a proven TF 2 form{more}")
        elif unsafe:
            parts.append(f"{unsafe} {_have(unsafe)} a TF 2 form to be read")
        if self.counts:
            parts.append("`tf2lint fix --diff` shows what files become")
        return "; ".join([*parts, *self.tally.told_of_silenced()])


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


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
