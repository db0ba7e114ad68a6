"""Which lines git says are new or changed since a commit."""

from __future__ import annotations

import os
import re
import subprocess

from tf2lint.options import OptionError

_HUNK = re.compile(rb"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_LETTERS = {
    b"a": b"\a",
    b"b": b"\b",
    b"f": b"\f",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"v": b"\v",
}


class Since:
    """The lines that differ from the commit where `ref` and the current one part.

    What is not committed, staged or not, counts as changed; a file that git does not track, and
    does not ignore, is new as a whole.
    """

    def __init__(self, ref: str) -> None:
        self._ref = ref
        self._tops: dict[str, str] = {}  # of the repositories, by folder
        self._changed: dict[str, dict[str, list[range] | None]] = {}  # by repository and path

    def touches(self, path: str, first: int, last: int) -> bool:
        """Whether one of these lines of the file at `path` is new or changed.

        Raises `OptionError` with one line where git does not know.
        """
        folder, name = os.path.split(os.path.abspath(path))
        folder = os.path.realpath(folder)
        top = self._top(folder)
        if top not in self._changed:
            self._changed[top] = _changed(top, self._ref)
        parts = self._changed[top].get(os.path.join(folder, name), [])
        return parts is None or any(lines.start <= last and first < lines.stop for lines in parts)

    def _top(self, folder: str) -> str:
        found = self._tops.get(folder)
        if found is None:
            told = _git(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")
            found = self._tops[folder] = os.path.realpath(os.fsdecode(told))
        return found


def _changed(top: str, ref: str) -> dict[str, list[range] | None]:
    """The changed lines of each file that differs; None for a file that is new as a whole."""
    if ref.startswith("-"):  # git would take it for an option
        raise OptionError(f"--since: no commit {ref!r}")
    _git(top, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", told=f"no commit {ref!r}")
    base = _git(
        top, "merge-base", ref, "HEAD",
        told=f"{ref} and HEAD have no commit in common here; is the clone too shallow?",
    ).strip().decode("ascii")  # fmt: skip
    diff = _git(
        top, "-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff", "--no-textconv",
        "--no-relative", "--ignore-submodules", "--find-renames", "--unified=0",
        "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", base, "--",
    )  # fmt: skip
    found = _parsed(diff, top)
    others = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    for name in filter(None, others.split(b"\0")):
        found[os.path.join(top, os.fsdecode(name))] = None
    return found


def _parsed(diff: bytes, top: str) -> dict[str, list[range] | None]:
    found: dict[str, list[range] | None] = {}
    lines: list[range] | None = None
    left = [0, 0]  # lines of the hunk that are still to come: they may look like anything
    for line in diff.split(b"\n"):
        if line[:1] in b"-+" and line and left["-+".index(chr(line[0]))] > 0:
            left["-+".index(chr(line[0]))] -= 1
        elif line.startswith(b"+++ "):
            lines = []
            name = _unquoted(line[4:].rstrip(b"\t"))
            if name != b"/dev/null":
                found[os.path.join(top, os.fsdecode(name.removeprefix(b"b/")))] = lines
        elif (match := _HUNK.match(line)) is not None and lines is not None:
            start, count = int(match[1]), int(match[2] or 1)
            before = re.match(rb"@@ -\d+(?:,(\d+))?", line)
            assert before is not None
            left = [int(before[1] or 1), count]
            lines.append(range(start, start + count))
    return found


def _unquoted(name: bytes) -> bytes:
    """A file name as git quotes it where it holds what is no plain character."""
    if not name.startswith(b'"'):
        return name
    return _ESCAPE.sub(
        lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else _LETTERS.get(m[1], m[1]), name[1:-1]
    )


def _git(folder: str, *arguments: str, told: str = "") -> bytes:
    """What git prints. Raises `OptionError` with one line, `told` if it is given."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except OSError as error:
        raise OptionError(f"--since: git: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        raise OptionError(f"--since: {told or said[0].removeprefix('fatal: ')}")
    return done.stdout
