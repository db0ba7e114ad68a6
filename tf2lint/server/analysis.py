"""What there is to say about one module, and for how long it holds."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from tf2lint.baseline import check_new
from tf2lint.check.engine import Look, check, kept
from tf2lint.config import Held
from tf2lint.finding import Finding, Hint
from tf2lint.fixes.fixer import all_that_is_safe
from tf2lint.internal_error import BROKEN, broken
from tf2lint.options import TF2, Options
from tf2lint.semantics.files import disk
from tf2lint.source import Source
from tf2lint.suppress import Suppressions

# What editors make of a finding's status: 1 is an error, 2 a warning, 3 information.
SEVERITY = {"removed": 1, "compat": 2, "changed": 2, "idiom": 3}


class Analysis:
    """One look at a module. Raises what parsing raises.

    Args: the `text`; `path`, the file on disk, if there is one; `told`, the settings; `log` is
    called with a line for each mistake of this package. Once there is a younger one, it may only be
    closed: the modules around it are shared.
    """

    def __init__(self, text: str, path: str | None, told: Held, log: Callable[[str], None]) -> None:
        self.told = told
        self._log = log
        self._path = path
        self._name = path or "untitled"
        self._look: Look | None = None
        self._edited: dict[Finding, Finding] = {}
        self.source = Source(text, self._name, path=path)
        with disk().noting() as self._asked:
            self.findings = self._live()

    def holds(self, text: str, told: Held) -> bool:
        """Whether a look at `text` today would say the same."""
        if text != self.source.text or told != self.told:
            return False
        return all(disk().answer(asked) == was for asked, was in self._asked.items())

    def edited(self, finding: Finding) -> Finding:
        """One of the findings with its edits. Python 2 gets none."""
        if self.source.is_python2:
            return replace(finding, hint=finding.hint and Hint(finding.hint.text))
        if finding not in self._edited:
            if self._look is None:
                options = replace(self.told.options, edits=TF2)
                self._edited.update((found, found) for found in check(self.source, options))
            else:
                self._edited[finding] = self._made(self._look, finding)
        return self._edited.get(finding, finding)

    def _made(self, look: Look, finding: Finding) -> Finding:
        try:
            return look.edited(finding, TF2)
        except Exception as error:  # the finding itself stands
            self._log(broken(error, finding.rule).message)
            return finding

    def foresee(self, seconds: float = math.inf) -> bool:
        """Make edits, now that there is time, for so long; whether these are all."""
        end = time.monotonic() + seconds
        for finding in self.findings:
            self.edited(finding)
            if time.monotonic() > end:
                return False
        self.close()
        return True

    def close(self) -> None:
        """Let go of what edits are made from. Who asks for more of them waits longer."""
        if self._look is not None:
            self._look.close()
            self._look = None

    @cached_property
    def fixed(self) -> str:
        """The text with all safe edits made; this takes three to seven times as long as a look."""
        look, self._look = self._look, None
        with kept(look):
            done = all_that_is_safe(
                self.source.text, self._name, self.told.options, self._wanted, self._path
            )
        if done.refused:
            self._log(f"{self._name}: left as it was: {done.refused}")
        return done.text

    def _live(self) -> list[Finding]:
        """The findings that are to be shown."""

        def look(source: Source, options: Options) -> list[Finding]:
            self._look = Look(source, options)
            return self._look.findings

        takes = self.told.selection.takes
        found = check_new(self.source, replace(self.told.options, edits=""), look, takes)
        for finding in found:
            if finding.code == BROKEN.code:
                self._log(f"{self._name}:{finding.line}:{finding.column + 1}: {finding.message}")
        is_wanted = self._wanted(self.source)
        return [f for f in found if f.code != BROKEN.code and is_wanted(f)]

    def _wanted(self, source: Source) -> Callable[[Finding], bool]:
        hidden = Suppressions(source)
        takes = self.told.selection.takes
        return lambda finding: takes(finding) and not hidden.hides(finding)
