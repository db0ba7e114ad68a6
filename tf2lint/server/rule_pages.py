"""Addresses of the rules' pages for an editor to open: on the web, or else files made for it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tf2lint.cli import pages
from tf2lint.finding import Rule


class RulePages:
    """The pages of one server. Files are written by `write`, when there is time for it."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._missing: dict[str, Rule] = {}  # by code: pages that were spoken of
        self._written: set[str] = set()

    def url_of(self, rule: Rule) -> str:
        """The address of a rule's page; a file of that address may come later."""
        if pages.ADDRESS:
            return pages.url_of(rule)
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="tf2lint-"))
        if rule.code not in self._written:
            self._missing[rule.code] = rule
        return (self._folder / f"{rule.code}.md").as_uri()

    def write(self) -> None:
        """Write the pages that were spoken of."""
        while self._missing and self._folder is not None:
            code, rule = self._missing.popitem()
            self._written.add(code)
            made = self._folder / f"{code}.part"
            made.write_text(pages.page(rule), encoding="utf-8")
            made.replace(made.with_suffix(".md"))  # whole, or not there

    def close(self) -> None:
        """Take the files away."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
