"""New `# noqa: TF101` comments for all that is found."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from tf2lint.baseline import check_new
from tf2lint.cli import cells, problems
from tf2lint.cli.examine import Job, over
from tf2lint.cli.files import Unreadable, decode
from tf2lint.cli.problems import many
from tf2lint.cli.rewriting import encoded, write
from tf2lint.finding import Finding
from tf2lint.fixes.edits import apply
from tf2lint.internal_error import BROKEN, printable
from tf2lint.notebooks import SUFFIX, NotRewritten
from tf2lint.silencing import silence
from tf2lint.source import Source, on_disk
from tf2lint.suppress import Suppressions


@dataclass
class Outcome:
    """What came of one file: its bytes before and after, and how much was silenced, or was not."""

    path: str
    old: bytes = b""
    new: bytes = b""
    silenced: int = 0
    left: int = 0
    error: str = ""


def add(paths: list[str | Unreadable], job: Job, args: argparse.Namespace) -> int:
    """Put comments on all that is found; exit status 2 where that did not work, else 0."""
    silenced = files = left = 0
    errors = []
    for path, outcome in list(over(paths, job, args.jobs, _added)):
        if outcome is None:
            errors.append(str(path))
            continue
        error = outcome.error
        if not error and outcome.new != outcome.old:
            try:
                write(outcome.path, outcome.old, outcome.new)
                files += 1
                silenced += outcome.silenced
            except OSError as problem:
                error = f"{outcome.path}: left as it was: {problem.strerror or problem}"
        left += outcome.left
        if error:
            errors.append(error)
    for line in errors:
        print(f"tf2lint: {printable(line)}", file=sys.stderr)
    rest = f"; {left} left that no comment reaches" if left else ""
    print(f"{many(silenced, 'finding')} silenced in {many(files, 'file')}{rest}")
    return 2 if errors else 0


def _added(path: str, job: Job) -> Outcome:
    try:
        with open(path, "rb") as file:
            return _with_comments(path, file.read(), job)
    except OSError as error:
        return Outcome(path, error=f"{path}: {error.strerror or error}")
    except Unreadable as error:
        return Outcome(path, error=str(error))
    except SyntaxError as error:
        return Outcome(path, error=str(problems.of_syntax(path, error)))
    except (UnicodeEncodeError, NotRewritten) as error:
        return Outcome(path, error=f"{path}: left as it was: {error}")


def _with_comments(path: str, data: bytes, job: Job) -> Outcome:
    notebook = cells.read(path, data) if path.endswith(SUFFIX) else None
    if notebook is not None and (notebook.broken or notebook.is_python2):
        return Outcome(path, error=f"{path}: left as it was: not all of it is Python 3")
    text = decode(data, path) if notebook is None else notebook.module
    found = _loud(Source(text, path, path=on_disk(path)), job)
    if not found:
        return Outcome(path)
    made = apply(text, silence(Source(text, path), found))
    left = len(_loud(Source(made, path, path=on_disk(path)), job))
    new = encoded(made if notebook is None else notebook.rewritten(made), data)
    return Outcome(path, data, new, len(found) - left, left)


def _loud(source: Source, job: Job) -> list[Finding]:
    """The findings of a module that are reported."""
    options, selection = job.at(source.filename)
    hidden = Suppressions(source)
    return [
        finding for finding in check_new(source, options, takes=selection.takes)
        if finding.code != BROKEN.code and selection.takes(finding) and not hidden.hides(finding)
    ]  # fmt: skip
