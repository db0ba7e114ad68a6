"""`tf2lint baseline`: write down what is known, or strike out what is fixed."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

from tf2lint import baseline as known
from tf2lint.cli import USAGE, settings
from tf2lint.cli.examine import Job, examine_all
from tf2lint.cli.problems import Tally
from tf2lint.internal_error import printable
from tf2lint.options import OptionError

_NAME = "tf2lint-baseline.txt"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    settings.add_files(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE",
        help=f"the baseline (default: that of --tf2-baseline or pyproject.toml, or {_NAME})",
    )  # fmt: skip
    parser.add_argument(
        "--prune", action="store_true",
        help="make the file smaller by what is fixed and follow renamed files; adds nothing",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="write anew over an existing file")
    settings.add_settings(parser, "baseline")


def run(args: argparse.Namespace) -> int:
    """Write the baseline; exit status 0, or 2 where something could not be read."""
    told = settings.settings_for(args, "baseline", but=("baseline",))
    path = str(args.output or args.tf2_baseline or told.said(os.getcwd(), "baseline") or _NAME)
    if os.path.exists(path) and not os.path.isfile(path):  # a folder, or /dev/null
        raise OptionError(f"baseline: {path}: is no file")
    if os.path.exists(path) and not args.prune and not args.force:
        raise OptionError(
            f"baseline: {path} is there already: --prune strikes out what is fixed, --force "
            "takes in all that is found now"
        )
    old = known.load(path) if args.prune else None
    folder = os.path.dirname(os.path.abspath(path))
    job = Job(told, folder=folder, heeds_baseline=False)
    now: dict[tuple[str, str], known.Entry] = {}
    examined: set[str] = set()
    tally = Tally()
    for outcome in examine_all(settings.files_of(args.paths, told), job, args.jobs):
        line = tally.take(outcome.path, outcome.problems, outcome.silenced, outcome.is_python2)
        if line:
            print(f"tf2lint: {line}", file=sys.stderr)
            if old is None:  # a notebook with a broken cell has others
                now.update(outcome.entries)
            continue
        assert job.folder is not None
        examined.add(known.key_of(outcome.path, job.folder))
        now.update(outcome.entries)
    rest = "".join(f"; {told}" for told in (*tally.told_of_silenced(), *tally.told_of_unread()))
    for line in tally.told_of_python2():
        print(line, file=sys.stderr)
    if old is None:
        _write(path, now)
        print(f"{printable(path)}: {_told(now)}{rest}")
    else:
        pruned = known.prune(old, now, examined)
        _write(path, pruned.entries)
        for before, after in pruned.renamed:
            print(f"{printable(before)} is now {printable(after)}")
        print(f"{printable(path)}: {_told(old.entries)} before, {_told(pruned.entries)} now{rest}")
        if pruned.beyond:
            are = "is not in it and goes" if pruned.beyond == 1 else "are not in it and go"
            print(f"{_findings(pruned.beyond)} {are} on being reported")
    return USAGE if tally.unread else 0


def _told(entries: known.Entries) -> str:
    findings = sum(entry.count for entry in entries.values())
    several = "1 entry" if len(entries) == 1 else f"{len(entries)} entries"
    return f"{_findings(findings)} in {several}"


def _findings(number: int) -> str:
    return "1 finding" if number == 1 else f"{number} findings"


def _write(path: str, entries: known.Entries) -> None:
    """Put a new file in the place of the old one, whole or not at all."""
    place = os.path.realpath(path)  # a link goes on leading to it
    folder = os.path.dirname(place)
    try:
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".tf2lint-")
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(known.dump(entries))
            if os.path.exists(place):
                os.chmod(temporary, os.stat(place).st_mode & 0o7777)
            else:
                umask = os.umask(0)
                os.umask(umask)
                os.chmod(temporary, 0o666 & ~umask)
            os.replace(temporary, place)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise OptionError(f"baseline: {path}: {error.strerror}") from error
