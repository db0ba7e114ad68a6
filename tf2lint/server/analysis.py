"""What there is to say about one module, and for how long it holds."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from tf2lint.baseline import check_new
from tf2lint.config import Held
from tf2lint.finding import Finding, Hint
from tf2lint.fixes.fixer import fix
from tf2lint.internal_error import BROKEN
from tf2lint.options import TF2, Options
from tf2lint.semantics.files import disk
from tf2lint.source import Source
from tf2lint.suppress import Suppressions

# What editors make of a finding's status: 1 is an error, 2 a warning, 3 information.
SEVERITY = {"removed": 1, "compat": 2, "changed": 2, "idiom": 3}


class Analysis:
    """One look at a module. Raises what parsing raises.

    Args: the `text`; `path`, the file on disk, if there is one; `told`, the settings; `log` is
    called with a line for each mistake of this package.
    """

    def __init__(self, text: str, path: str | None, told: Held, log: Callable[[str], None]) -> None:
        self.told = told
        self._log = log
        self._path = path
        self._name = path or "untitled"
        self.source = Source(text, self._name, path=path)
        with disk().noting() as self._asked:
            self.findings = self._live(replace(told.options, edits=""))

    def holds(self, text: str, told: Held) -> bool:
        """Whether a look at `text` today would say the same."""
        if text != self.source.text or told != self.told:
            return False
        return all(disk().answer(asked) == was for asked, was in self._asked.items())

    @cached_property
    def with_edits(self) -> list[Finding]:
        """The findings, with their edits; these take as long again. Python 2 gets none."""
        if self.source.is_python2:
            return [replace(f, hint=f.hint and Hint(f.hint.text)) for f in self.findings]
        return self._live(replace(self.told.options, edits=TF2))

    @cached_property
    def fixed(self) -> str:
        """The text with all safe edits made; this takes ten times as long, or more."""
        done = fix(
            self.source.text, self._name, self.told.options, wanted=self._wanted, path=self._path
        )
        if done.refused:
            self._log(f"{self._name}: left as it was: {done.refused}")
        return done.text

    def _live(self, options: Options) -> list[Finding]:
        """The findings that are to be shown."""
        try:
            found = check_new(self.source, options)
        finally:
            gc.collect(0)  # scopes and bindings hold each other
        for finding in found:
            if finding.code == BROKEN.code:
                self._log(f"{self._name}:{finding.line}:{finding.column + 1}: {finding.message}")
        is_wanted = self._wanted(self.source)
        return [f for f in found if f.code != BROKEN.code and is_wanted(f)]

    def _wanted(self, source: Source) -> Callable[[Finding], bool]:
        hidden = Suppressions(source)
        takes = self.told.selection.takes
        return lambda finding: takes(finding) and not hidden.hides(finding)
