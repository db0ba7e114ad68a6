"""One file after the other to records of findings, in as many processes as asked for."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from tf2lint.baseline import Entry, compare, entries_of, key_of, load
from tf2lint.cli import pages
from tf2lint.cli.files import Unreadable, decode, read
from tf2lint.cli.problems import BROKE, UNPARSED, Problem, of_syntax
from tf2lint.cli.records import Record
from tf2lint.config import Held, Settings
from tf2lint.finding import Edit, Finding
from tf2lint.internal_error import BROKEN
from tf2lint.internal_error import broken as finding_of
from tf2lint.options import OptionError
from tf2lint.source import Source, on_disk

_J = TypeVar("_J")
_R = TypeVar("_R")
MANY = 2048  # files of which something is held in memory at one time
_FEW = 8  # files that one process is done with before others have started
_PIECES = 16  # of work for each process: few enough to hand out, the last ones small
_MANY_OBJECTS = 2_000_000  # that outlived a file, then cycles are looked for among them
_OPENING = 500  # bytes that are read in the time that a file without any takes


@dataclass(frozen=True)
class Job:
    """What a process has to know to look at a file.

    `edits` are those that findings shall carry (see `Options`), `folder` is that of a baseline
    that is being made. `all_comments` has comments silence what they do not name whatever the
    settings say; without `heeds_baseline`, what is known already is reported, too.
    """

    settings: Settings
    edits: str = ""
    folder: str | None = None
    all_comments: bool = False
    heeds_baseline: bool = True
    unused_noqa: bool = False

    def at(self, path: str) -> Held:
        """What holds for the file at `path`. Raises `OptionError`."""
        options, selection = self.settings.of(path)
        options = replace(options, edits=self.edits)
        options = options if self.heeds_baseline else replace(options, baseline="")
        return Held(options, selection)

    def key(self, path: str) -> str:
        """All that decides what is found in a file, beside the code, as text."""
        options, selection = self.at(path)
        known = ""
        if options.baseline:
            baseline = load(options.baseline)
            known = f"{baseline.folder} {sorted(baseline.entries.items())}"
        told = {**vars(options), "aliases": sorted(options.aliases.items())}
        told["enable"] = sorted(options.enable)
        codes = None if selection.codes is None else sorted(selection.codes)
        return repr((sorted(told.items()), codes, known, self.all_comments, self.unused_noqa))


@dataclass
class Outcome:
    """What came of one file: its findings, and what kept it from being looked at.

    `silenced` counts the findings that a comment silences without naming them, whether they are
    among the records or not; `freed` those that the baseline has and the file has not.
    """

    path: str
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    silenced: int = 0
    is_python2: bool = False
    freed: int = 0
    entries: dict[tuple[str, str], Entry] = field(default_factory=dict)


def examine(path: str, job: Job, data: bytes | None = None) -> Outcome:
    """Look at the file at `path`, or at `data` in its place."""
    try:
        if path.endswith(".ipynb"):
            return _examine_notebook(path, data, job)
        text = read(path) if data is None else decode(data, path)
        return _examine(Source(text, path, path=on_disk(path)), job)
    except Unreadable as error:
        return Outcome(path, problems=[error.problem])
    except SyntaxError as error:
        return Outcome(path, problems=[of_syntax(path, error)])
    except (ValueError, RecursionError, MemoryError) as error:
        if _ours(error):
            return Outcome(path, problems=[broken(path, error)])
        problem = Problem(path, UNPARSED, f"cannot be parsed: {error}", 1, 1)
        return Outcome(path, problems=[problem])
    except Exception as error:  # a mistake of ours shall not cost the other files
        return Outcome(path, problems=[broken(path, error)])


def _examine(source: Source, job: Job) -> Outcome:
    path = source.filename
    options, selection = job.at(path)
    compared = compare(source, options, takes=selection.takes)
    findings = compared.new
    outcome = Outcome(path, is_python2=source.is_python2, freed=compared.freed)
    if job.unused_noqa and "noqa" in source.text.lower():
        from tf2lint.unused_noqa import unused  # loads the rules

        idle = unused(source, compared.found, options, selection)
        outcome.records = [record(finding, source) for finding in idle]
    if not findings:
        return outcome
    outcome.problems = [_problem(f, path) for f in findings if f.code == BROKEN.code]
    wanted = [f for f in findings if f.code != BROKEN.code and selection.takes(f)]
    named, blanket = _silenced(wanted, source)
    outcome.silenced = len(blanket)
    silent = named
    if job.all_comments or options.blanket_comments:
        silent = named + blanket
    left = [f for f in wanted if f not in silent]
    outcome.records += [record(finding, source) for finding in left]
    outcome.records.sort(key=lambda record: (record.line, record.column))
    if job.folder is not None and left:
        outcome.entries = entries_of(left, source, key_of(path, job.folder))
    return outcome


def _silenced(findings: list[Finding], source: Source) -> tuple[list[Finding], list[Finding]]:
    """What comments silence that name it, and what those silence that do not."""
    text = source.text.lower()
    if "noqa" not in text and "pylint:" not in text:
        return [], []
    from tf2lint.suppress import Suppressions  # slow to load, and most files have no such comment

    hidden = Suppressions(source)
    named = [f for f in findings if hidden.hides(f, blanket=False)]
    return named, [f for f in findings if f not in named and hidden.hides(f)]


def _examine_notebook(path: str, data: bytes | None, job: Job) -> Outcome:
    from tf2lint.cli import cells  # only where there are notebooks

    notebook = cells.read(path, data)
    outcome = _examine(Source(notebook.module, path, path=on_disk(path)), job)
    outcome.is_python2 = notebook.is_python2
    outcome.records = [cells.in_cell(record, notebook) for record in outcome.records]
    outcome.problems += cells.problems_of(notebook, path)
    return outcome


def examine_all(paths: Iterable[str | Unreadable], job: Job, jobs: int | None) -> Iterator[Outcome]:
    """Outcomes in the order of `paths`."""
    for path, outcome in over(paths, job, jobs, examine):
        yield outcome_of(path, outcome)


def outcome_of(path: str | Unreadable, outcome: Outcome | None) -> Outcome:
    """The outcome of a path, which may be none that can be looked at."""
    if isinstance(path, Unreadable):
        return Outcome(path.problem.path, problems=[path.problem])
    assert outcome is not None
    return outcome


def over(
    paths: Iterable[str | Unreadable], job: _J, jobs: int | None, work: Callable[[str, _J], _R]
) -> Iterator[tuple[str | Unreadable, _R | None]]:
    """What `work` makes of each file, in the order of `paths`; None for an `Unreadable`."""
    todo = list(paths)
    files = [path for path in todo if isinstance(path, str)]
    workers = min(jobs or _cores(), (len(files) + _FEW - 1) // _FEW)
    if workers <= 1:
        for path in todo:
            yield path, _tidily(work, job, path) if isinstance(path, str) else None
        return
    # Slow to load, and one process needs none of it.
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start) as pool:
        look = partial(_each, work, job)
        asked: dict[int, tuple[Future[list[_R]], list[int]]] = {}
        done: dict[int, _R] = {}
        at = 0
        try:
            for piece in pieces([_size(path) for path in files], workers):
                # A process may be dead before all is handed out.
                answer = pool.submit(look, [files[at] for at in piece])
                asked.update(dict.fromkeys(piece, (answer, piece)))
            for path in todo:
                if not isinstance(path, str):
                    yield path, None
                    continue
                if at in asked:
                    answer, piece = asked[at]
                    done.update(zip(piece, answer.result(), strict=True))
                    for one in piece:  # and with them goes what was answered
                        del asked[one]
                yield path, done.pop(at)
                at += 1
        except BrokenProcessPool as error:
            raise OptionError("a process died, for want of memory perhaps: --jobs=1?") from error
        except GeneratorExit:
            pool.shutdown(cancel_futures=True)
            raise
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def pieces(sizes: Sequence[int], workers: int) -> list[list[int]]:
    """Positions in `sizes`, in pieces of work; what takes longest is begun with.

    So no process works on a large file when the others have nothing left to do. What is found
    is told in the order of the files, so not more than `MANY` of them are put in another order.
    """
    found: list[list[int]] = []
    parts = max((len(sizes) + MANY - 1) // MANY, 1)
    for part in range(parts):
        here = range(len(sizes) * part // parts, len(sizes) * (part + 1) // parts)
        room = sum(sizes[at] + _OPENING for at in here) // (workers * _PIECES)
        left = 0
        for at in sorted(here, key=lambda at: -sizes[at]):
            size = sizes[at] + _OPENING
            if size > left:
                found.append([])
                left = room
            found[-1].append(at)
            left -= size
    return found


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0  # said when it is looked at


def record(finding: Finding, source: Source) -> Record:
    """`finding` for output."""
    rule = finding.rule
    assert rule is not None
    hint = finding.hint
    line, column = _place(source, finding.line, finding.column)
    end_line, end_column = _place(source, finding.end_line, finding.end_column)
    return Record(
        source.filename, line, column, end_line, end_column, finding.code, rule.name,
        finding.symbol, finding.status, finding.confidence, finding.message,
        None if hint is None else hint.text,
        [] if hint is None or source.is_python2 else [_edit(e, source) for e in hint.edits],
        pages.url_of(rule), source.lines[finding.line - 1].rstrip("\r\n"),
    )  # fmt: skip


def _edit(edit: Edit, source: Source) -> dict[str, object]:
    line, column = _place(source, edit.line, edit.column)
    end_line, end_column = _place(source, edit.end_line, edit.end_column)
    return {
        "line": line, "column": column, "end_line": end_line, "end_column": end_column,
        "text": edit.text, "safe": edit.safe,
    }  # fmt: skip


def _place(source: Source, line: int, column: int) -> tuple[int, int]:
    lines = source.lines
    if line > len(lines):  # the end of the text
        last = lines[-1] if lines else "\n"
        return (line, column + 1) if last.endswith(("\n", "\r")) else (line - 1, len(last) + 1)
    return line, pages.characters(lines[line - 1], column) + 1


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1


def _start() -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, and ends us


def _tidily(work: Callable[[str, _J], _R], job: _J, path: str) -> _R:
    """`work` on one file; cycles that it leaves go with those of others, once they are many.

    Looks clear up behind themselves, so there are hardly any: those of errors, of libraries.
    """
    try:
        return work(path, job)
    finally:
        if gc.get_count()[0] > _MANY_OBJECTS:
            gc.collect(0)


def _each(work: Callable[[str, _J], _R], job: _J, paths: list[str]) -> list[_R]:
    return [_tidily(work, job, path) for path in paths]


def _ours(error: BaseException) -> bool:
    """Whether `error` was raised by code of this package, and not by the parser for it."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    return os.path.basename(last.filename) not in ("ast.py", "source.py")


def broken(path: str, error: BaseException) -> Problem:
    """The problem that a mistake of ours is."""
    return _problem(finding_of(error), path)


def _problem(finding: Finding, path: str) -> Problem:
    return Problem(path, BROKE, finding.message, finding.line, finding.column + 1)
