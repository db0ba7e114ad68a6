"""`tf2lint fix`: write what the findings say to write, where that is proven to be the same."""

from __future__ import annotations

import argparse
import difflib
import os
import posixpath
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TextIO

from tf2lint.check.registry import registry
from tf2lint.cli import USAGE, cells, output, problems, settings, states
from tf2lint.cli.examine import Job, broken, over
from tf2lint.cli.files import Unreadable, decode
from tf2lint.cli.rewriting import encoded, write
from tf2lint.finding import Finding
from tf2lint.fixes import keras_2, mnist
from tf2lint.fixes.fixer import BROKE, FUNCTIONS, OPENS, PYTHON2, Wanted, fix
from tf2lint.fixes.programs import Programs
from tf2lint.fixes.state import PERSON, State, state_of
from tf2lint.internal_error import printable
from tf2lint.notebooks import SUFFIX, NotRewritten
from tf2lint.options import COMPAT, MIXED, TF2, OptionError, Options
from tf2lint.selection import Selection
from tf2lint.semantics.files import disk
from tf2lint.semantics.keras_switch import VARIABLE, said_for
from tf2lint.source import Source, on_disk, split_lines
from tf2lint.suppress import Suppressions

# Why a file is left as it was, beside the reasons of `tf2lint.fixes.fixer`.
_UNREAD, _UNPARSED, _UNWRITTEN = problems.UNREAD, problems.UNPARSED, "not written"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    settings.add_files(parser)
    parser.add_argument(
        "--to", choices=(MIXED, TF2, COMPAT), default=MIXED,
        help="TF 2 where that makes the whole file run as TF 2, else tf.compat.v1, or one of the"
        " two alone (default: mixed)",
    )  # fmt: skip
    parser.add_argument(
        "--unsafe", action="store_true",
        help="apply edits, too, that are not proven to keep what the program computes",
    )  # fmt: skip
    parser.add_argument(
        "--write-mnist", action="store_true",
        help="with --unsafe: write a reader of MNIST beside what imports tensorflow.examples",
    )  # fmt: skip
    parser.add_argument(
        "--write-legacy-keras", action="store_true",
        help="set TF_USE_LEGACY_KERAS=1 at the start of programs that run only with Keras 2",
    )  # fmt: skip
    parser.add_argument(
        "--diff", action="store_true", help="print what would change; write nothing"
    )
    parser.add_argument(
        "--show-fixes", action="store_true", help="say for each file which rules were fixed in it"
    )
    parser.add_argument(
        "--explain-plan",
        action="store_true",
        help="say for each program that becomes functions which lines go into which",
    )
    parser.add_argument(
        "--stdin-filename", default="<stdin>", metavar="NAME",
        help="what to call standard input (`-`), and where its neighbours are; the fixed text "
        "goes to standard output",
    )  # fmt: skip
    settings.add_settings(parser, "fix")


@dataclass(frozen=True)
class FixJob(Job):
    """What a process has to know to fix a file."""

    to: str = MIXED
    unsafe: bool = False
    forced: bool = False  # through compat.v1, whatever the file alone could be
    programs: frozenset[str] = frozenset()  # files to put the switch into
    mnist: bool = False  # whether a reader of MNIST may be written
    legacy_keras: bool = False  # whether the switch to Keras 2 may be written
    with_keras_2: frozenset[str] = frozenset()  # files to put that into


@dataclass
class Outcome:
    """What came of one file: its bytes before and after, or the line that says why not.

    `reason` is why not in a few words, for counting. `state` is what the new bytes are fit for,
    `side` what the old ones were written for.
    """

    path: str
    fixed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    notes: tuple[str, ...] = ()
    old: bytes = b""
    new: bytes = b""
    error: str = ""
    reason: str = ""
    silenced: int = 0
    is_python2: bool = False
    state: State = field(default_factory=State)
    side: str = ""
    reader: bool = False  # whether the new text has to have the reader of MNIST beside it
    plan: tuple[str, ...] = ()


def run(args: argparse.Namespace) -> int:
    """Fix; exit status 2 where a file could not be read, fixed or written, else 0.

    With `--diff`, 1 where there is something to fix. Nothing is written before all files have
    been looked at, so that what one of them means to another is the same for all.
    """
    job = job_of(args)
    if "-" in args.paths:
        return _filtered(args, job)
    return rewrite(args, job, sys.stderr if args.diff else sys.stdout)


def job_of(args: argparse.Namespace) -> FixJob:
    """What the command line asks for. Raises `OptionError`."""
    if args.write_mnist and not args.unsafe:
        raise OptionError("--write-mnist: only with --unsafe")
    job = FixJob(
        settings.settings_for(args, "fix"), to=args.to, unsafe=args.unsafe,
        mnist=args.write_mnist, legacy_keras=args.write_legacy_keras,
    )  # fmt: skip
    job.settings.at(os.getcwd())  # what cannot be taken is said before anything is done
    return job


def outcomes_of(args: argparse.Namespace, job: FixJob) -> list[Outcome]:
    """What comes of the files that `args` name; nothing is written."""
    outcomes = list(_outcomes(args, job))
    return outcomes if job.to == TF2 else _as_programs(outcomes, job)


def rewrite(args: argparse.Namespace, job: FixJob, told: TextIO) -> int:
    """Fix the files that `args` name, and say on `told` what came of it; see `run`."""
    tally = problems.Tally()
    roots = [os.path.realpath(path) for path in args.paths]
    fixed: Counter[str] = Counter()
    left: Counter[str] = Counter()
    changed = 0
    alone: Counter[str] = Counter()  # files left as they were, by reason
    shown: list[str] = []
    notes: list[str] = []
    complaints: list[str] = []
    outcomes = outcomes_of(args, job)
    for outcome in (*_readers(outcomes), *outcomes):
        error, reason = outcome.error, outcome.reason
        tally.take(outcome.path, (), outcome.silenced, outcome.is_python2)
        if not error and outcome.new != outcome.old:
            if args.diff:
                print(_shown(_diff(outcome)), end="")
            else:
                error, reason = _written(outcome, roots), _UNWRITTEN
            if not error:
                changed += bool(outcome.old)
                fixed += outcome.fixed
                shown += _fixes_of(outcome) if args.show_fixes else ()
                if args.explain_plan:
                    shown += [printable(f"{outcome.path}: {line}") for line in outcome.plan]
        if not error:
            notes += [printable(f"{outcome.path}: {note}") for note in outcome.notes]
        left += outcome.left
        if error:
            alone[reason] += 1
            complaints.append(f"tf2lint: {printable(error)}")
    # Said when all is written: whoever reads it may go away in the middle.
    for line in [*complaints, *tally.told_of_python2()]:
        print(line, file=sys.stderr)
    rest = tally.told_of_silenced()
    for line in [
        *shown,
        *notes,
        *_summary(fixed, left, changed, alone, args.diff, rest),
        *states.told(outcomes),
    ]:
        print(line, file=told)
    if alone:
        return USAGE
    return 1 if args.diff and changed else 0


def _readers(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """The readers of MNIST that are to be written, one a folder, as outcomes of their own."""
    folders = {os.path.dirname(outcome.path) for outcome in outcomes if outcome.reader}
    for folder in sorted(folders):
        path = os.path.join(folder, mnist.FILE)
        if not os.path.exists(path):
            yield Outcome(path, new=mnist.text().encode(), notes=("written",))


def _filtered(args: argparse.Namespace, job: FixJob) -> int:
    """Standard input fixed to standard output, as it was where something was in the way."""
    if job.mnist:
        raise OptionError("--write-mnist: not with standard input")
    if args.paths != ["-"]:
        raise OptionError("fix: standard input (`-`) goes with no other path")
    if sys.stdin is None:
        raise OptionError("standard input is closed")
    data = sys.stdin.buffer.read()
    name = args.stdin_filename
    outcome = _guarded(name, lambda: data, job)
    if job.legacy_keras and outcome.state.keras_2 and outcome.state.name == COMPAT:
        outcome = _guarded(name, lambda: data, replace(job, with_keras_2=frozenset([name])))
    for line in [outcome.error, *outcome.notes] if outcome.error else outcome.notes:
        print(f"tf2lint: {printable(line)}", file=sys.stderr)
    for line in [*(_fixes_of(outcome) if args.show_fixes else ()),
                 *(outcome.plan if args.explain_plan else ())]:  # fmt: skip
        print(printable(line), file=sys.stderr)
    changed = not outcome.error and bool(outcome.new) and outcome.new != outcome.old
    if args.diff:
        print(_shown(_diff(outcome)) if changed else "", end="")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(outcome.new if changed else data)
        sys.stdout.buffer.flush()
    if outcome.error:
        return USAGE
    return 1 if args.diff and changed else 0


def _fixes_of(outcome: Outcome) -> Iterator[str]:
    """What was fixed in one file, by rule."""
    if outcome.fixed:
        yield f"{printable(outcome.path)}:"
    for code, count in sorted(outcome.fixed.items()):
        yield f"{count:>6} x {code} ({registry().rules[code].name})"


def _outcomes(args: argparse.Namespace, job: FixJob) -> Iterator[Outcome]:
    """What comes of each file, once even where several links lead to it."""
    seen: set[str] = set()
    found = settings.files_of(args.paths, job.settings)
    paths: list[str | Unreadable] = []
    for path in found:
        if isinstance(path, str):
            real = os.path.realpath(path)
            if real in seen:
                continue
            seen.add(real)
        paths.append(path)
    for path, outcome in over(paths, job, args.jobs, examine):
        yield Outcome("", error=str(path), reason=_UNREAD) if outcome is None else outcome


def _as_programs(outcomes: list[Outcome], job: FixJob) -> list[Outcome]:
    """The outcomes, where files that are one program are fixed as one.

    Where one of them goes through compat.v1, so do the others; and the file that is run, if that
    is not the one that opens the session, gets the switch. What needs Keras 2 is said of it, too,
    and the switch to that is put into it if it may be.
    """
    known = {o.path: o for o in outcomes if o.path and not o.error}
    through = {p for p, o in known.items() if o.side != TF2 and o.state.name in (COMPAT, PERSON)}
    opening = {p for p, o in known.items() if o.state.opens}
    if not through:
        return outcomes
    modules = {p: decode(o.old, p) for p, o in known.items() if not p.endswith(SUFFIX)}
    programs = Programs(modules)
    forced = {p for p in programs.around(through) if known[p].side != TF2} - through
    runs = {path for opener in sorted(opening) for path in programs.run_with(opener)}
    again = replace(job, forced=True, programs=frozenset(runs))
    for path in sorted(forced | runs):
        known[path] = examine(path, again)
    for opener in opening:
        if programs.run_with(opener):
            notes = tuple(n for n in known[opener].notes if not n.startswith(OPENS))
            known[opener].notes = notes
    with _held(known):
        for path in sorted(p for p, others in programs.imports.items() if others):
            _judge_again(known[path], job)
        _see_to_keras_2(known, programs, replace(again, forced=False), forced | runs)
    return [known.get(outcome.path, outcome) for outcome in outcomes]


@contextmanager
def _held(known: dict[str, Outcome]) -> Iterator[None]:
    """Meanwhile the modules are to each other what they become."""
    changed = [o for p, o in known.items() if o.new != o.old and not p.endswith(SUFFIX)]
    for outcome in changed:
        disk().hold(outcome.path, decode(outcome.new, outcome.path))
    try:
        yield
    finally:
        for outcome in changed:
            disk().let_go(outcome.path)


def _judge_again(outcome: Outcome, job: FixJob) -> None:
    """Say of what needs a person whether that is so once the others are fixed."""
    if outcome.state.name != PERSON:
        return
    path = outcome.path
    options, selection = job.settings.of(path)
    source = Source(decode(outcome.new, path), path, path=on_disk(path))
    counts = _wanted(options, selection)(source)
    outcome.state = state_of(source, options, counts)
    outcome.left = Counter(finding.code for finding in outcome.state.left)


def _see_to_keras_2(
    known: dict[str, Outcome], programs: Programs, job: FixJob, forced: set[str]
) -> None:
    """Say of programs, too, that what they use needs Keras 2, or put the switch to it into them."""
    needing = {
        path: programs.starts(path) for path, o in known.items()
        if o.state.keras_2 and o.state.name == COMPAT
    }  # fmt: skip
    starts = sorted({start for found in needing.values() for start in found})
    if job.legacy_keras:
        again = replace(job, with_keras_2=frozenset(starts))
        for path in starts:
            known[path] = examine(path, replace(again, forced=path in forced))
    said = {path for path in starts if not path.endswith(SUFFIX) and _says_keras_2(known[path])}
    for path in {*needing, *starts}:
        outcome = known[path]
        others = {*needing.get(path, ())} - {path}
        if others and others <= said:
            outcome.state = replace(outcome.state, keras_2=False)
        elif outcome.state.name == COMPAT and path in starts and path not in said:
            outcome.state = replace(outcome.state, keras_2=True)


def _says_keras_2(outcome: Outcome) -> bool:
    source = Source(decode(outcome.new, outcome.path), path=on_disk(outcome.path))
    return said_for(source) == 2


def examine(path: str, job: FixJob) -> Outcome:
    """Fix what is in the file at `path`; nothing is written."""

    def data() -> bytes:
        with open(path, "rb") as file:
            return file.read()

    return _guarded(path, data, job)


def _guarded(path: str, data: Callable[[], bytes], job: FixJob) -> Outcome:
    """What comes of `data`, whatever is wrong with it."""
    try:
        return _fixed(path, data(), job)
    except OSError as error:
        return Outcome(path, error=f"{path}: {error.strerror or error}", reason=_UNREAD)
    except Unreadable as error:
        return Outcome(path, error=str(error), reason=_UNREAD)
    except SyntaxError as error:
        return Outcome(path, error=str(problems.of_syntax(path, error)), reason=_UNPARSED)
    except Exception as error:  # a mistake of ours shall not cost the other files
        return Outcome(path, error=str(broken(path, error)), reason=BROKE)


def _fixed(path: str, data: bytes, job: FixJob) -> Outcome:
    options, selection = job.settings.of(path)
    wanted = _wanted(options, selection)
    notebook = cells.read(path, data) if path.endswith(SUFFIX) else None
    if notebook is not None and notebook.broken:
        error = f"{problems.told(cells.problems_of(notebook, path))}; left as it was"
        return Outcome(path, error=error, reason=_UNPARSED)
    text = decode(data, path) if notebook is None else notebook.module
    is_python2 = notebook is not None and notebook.is_python2  # no module goes back into it
    chosen_by = _nothing if is_python2 else wanted
    whole = job.to == TF2 and job.unsafe and notebook is None
    to = FUNCTIONS if whole else job.to
    added: tuple[str, ...] = ()
    if path in job.with_keras_2 and (with_it := keras_2.switched(text)) != text:
        text, added = with_it, (f"added {VARIABLE}=1",)
    if job.mnist and not is_python2:
        options = replace(options, mnist=mnist.package_of(path, text))
    done = fix(
        text, path, options, to, job.unsafe, chosen_by, on_disk(path), job.forced,
        path in job.programs,
    )  # fmt: skip
    source = Source(done.text, path)
    is_wanted, hidden = wanted(source), Suppressions(source)
    chosen = [finding for finding in done.left if selection.takes(finding)]
    silenced = sum(hidden.hides(f) and not hidden.hides(f, blanket=False) for f in chosen)
    left = Counter(finding.code for finding in done.left if is_wanted(finding))
    if is_python2 or done.reason == PYTHON2:
        return Outcome(path, left=left, is_python2=True)
    if done.refused:
        told = f"{path}: left as it was: {done.refused}"
        return Outcome(path, left=left, error=told, reason=done.reason, state=done.state)
    try:
        new = encoded(done.text if notebook is None else notebook.rewritten(done.text), data)
    except (UnicodeEncodeError, NotRewritten) as error:
        told = f"{path}: left as it was: {error}"
        return Outcome(path, left=left, error=told, reason=_UNWRITTEN)
    return Outcome(
        path, done.fixed, left, (*added, *done.notes), data, new, silenced=silenced,
        state=done.state, side=done.side, plan=done.plan,
        reader=any(kind == mnist.KIND for _, kind in done.kinds),
    )  # fmt: skip


def _wanted(options: Options, selection: Selection) -> Wanted:
    """What is to be fixed, and counts: what was asked for and no comment silences."""

    def wanted(source: Source) -> Callable[[Finding], bool]:
        hidden = Suppressions(source)
        return lambda finding: (
            selection.takes(finding) and not hidden.hides(finding, options.blanket_comments)
        )

    return wanted


def _nothing(_: Source) -> Callable[[Finding], bool]:
    return lambda _: False


def _written(outcome: Outcome, roots: list[str]) -> str:
    """Write the file; why that did not work, or nothing."""
    path = outcome.path
    if not outcome.old:
        return _made(path, outcome.new)
    target = os.path.realpath(path)
    if not os.path.isfile(target):  # a pipe, say
        return f"{path}: left as it was: it is no file"
    if os.path.islink(path) and not any(_is_below(target, root) for root in roots):
        return f"{path}: left as it was: it is a link to {target}, which was not asked for"
    try:
        write(target, outcome.old, outcome.new)
    except OSError as error:
        return f"{path}: left as it was: {error.strerror or error}"
    return ""


def _made(path: str, data: bytes) -> str:
    """Write a file that is not there; why that did not work, or nothing."""
    try:
        with open(path, "xb") as file:
            file.write(data)
    except OSError as error:
        return f"{path}: not written: {error.strerror or error}"
    return ""


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _diff(outcome: Outcome) -> str:
    """A unified diff that `patch` and `git apply` take."""
    before, after = (decode(data, outcome.path) for data in (outcome.old, outcome.new))
    path = posixpath.normpath(outcome.path.replace(os.sep, "/")).lstrip("/")
    old = _quoted(f"a/{path}") if outcome.old else os.devnull
    parts = difflib.unified_diff(split_lines(before), split_lines(after), old, _quoted(f"b/{path}"))
    return "".join(
        part if part.endswith("\n") else f"{part}\n\\ No newline at end of file\n" for part in parts
    )


def _quoted(path: str) -> str:
    """A file name as git and `patch` quote it, where it holds what would act on them."""
    if path.isprintable() and not set(path) & {'"', "\\"}:
        return path
    escaped = (
        f"\\{chr(byte)}" if byte in b'"\\' else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
        for byte in os.fsencode(path)
    )
    return f'"{"".join(escaped)}"'


def _shown(diff: str) -> str:
    """`diff` as it is for `patch`, but for a terminal without what would act on that."""
    if sys.stdout.isatty():
        diff = "".join(
            c if c in "\n\t" or c.isprintable() else "\N{REPLACEMENT CHARACTER}"
            for c in diff.replace("\r\n", "\n")
        )
    return output.coloured_diff(diff) if output.is_coloured(sys.stdout) else diff


def _summary(
    fixed: Counter[str],
    left: Counter[str],
    changed: int,
    alone: Counter[str],
    only_said: bool,
    rest: list[str],
) -> Iterator[str]:
    """What was fixed and what is left, by code, and how many files were left as they were."""
    names = {code: rule.name for code, rule in registry().rules.items()}
    if fixed or left:
        yield f"{'fixed':>7} {'left':>7}"
    for code in sorted({*fixed, *left}):
        yield f"{fixed[code]:>7} {left[code]:>7} {code} {names[code]}"
    files = "1 file" if changed == 1 else f"{changed} files"
    verb = "would fix" if only_said else "fixed"
    yield "; ".join([f"{verb} {fixed.total()} in {files}", f"{left.total()} left", *rest])
    if alone:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(alone.items()))
        files = "1 file was" if alone.total() == 1 else f"{alone.total()} files were"
        yield f"{files} left alone: {reasons}"
