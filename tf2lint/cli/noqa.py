"""`# noqa: TF101` comments: those that silence nothing, and new ones for all that is found."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tf2lint.baseline import check_new
from tf2lint.check.registry import rules
from tf2lint.cli import cells, problems
from tf2lint.cli.examine import Job, over
from tf2lint.cli.files import Unreadable, decode
from tf2lint.cli.problems import many
from tf2lint.cli.rewriting import encoded, write
from tf2lint.finding import Finding, Rule
from tf2lint.fixes.edits import apply
from tf2lint.internal_error import BROKEN, printable
from tf2lint.notebooks import SUFFIX, NotRewritten
from tf2lint.options import Options
from tf2lint.selection import Selection
from tf2lint.silencing import silence
from tf2lint.source import Source, on_disk
from tf2lint.suppress import Suppressions

UNUSED = Rule(
    code="TF099",
    name="unused-noqa",
    category="R",
    summary="a `# noqa` comment names a code of ours that it does not silence here",
    page="Take the code out of the comment, or the whole comment.",
    examples=(),
)


def unused(
    source: Source, findings: list[Finding], options: Options, selection: Selection
) -> Iterator[Finding]:
    """A finding for each code of ours in a `# noqa` comment that silences none of `findings`.

    Codes of rules that this run does not ask for are let alone; codes of no rule are not.
    """
    asked = [
        rule.code for rule in rules()
        if (rule.default or rule.code in options.enable)
        and (selection.codes is None or rule.code in selection.codes)
    ]  # fmt: skip
    known = tuple(rule.code for rule in rules())
    for comment in Suppressions(source).noqa_comments():
        there = [f.code for f in findings if comment.first <= f.line <= comment.last]
        for code, column in comment.codes:
            if not code.startswith("TF") or any(found.startswith(code) for found in there):
                continue
            is_rule = any(rule.startswith(code) for rule in known)
            if is_rule and not any(rule.startswith(code) for rule in asked):
                continue
            why = "silences nothing here" if is_rule else "is the code of no rule"
            yield Finding(
                comment.line, column, comment.line, column + len(code), UNUSED.code,
                f"`{code}` in `# noqa` {why}. Delete it.",
                symbol="", status="idiom", rule=UNUSED,
            )  # fmt: skip


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
        finding for finding in check_new(source, options)
        if finding.code != BROKEN.code and selection.takes(finding) and not hidden.hides(finding)
    ]  # fmt: skip
