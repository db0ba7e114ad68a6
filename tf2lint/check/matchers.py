"""Asks the rules about a reference, and makes findings of what they report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace

from tf2lint import internal_error
from tf2lint.check.diagnostics import diagnose, unspoken
from tf2lint.check.dispatch import as_whole, by_name, fits_both
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Entry, Matched, registry
from tf2lint.finding import Finding, Rule
from tf2lint.tensorflow import paths


class Matchers:
    """The matchers of all rules, for the references in one module.

    `broken` are the findings on those that broke, by rule and place in our code.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self.options = module.options
        self.rules = registry()
        self.broken: dict[tuple[str, str], Finding] = {}
        self.hushed = False  # a matcher took the last place and keeps quiet
        self._made_by: dict[int, tuple[Finding, Entry, Reference]] = {}  # by the finding's id
        self._modules: dict[str, Module] = {}  # by what edits are asked for
        self._argument_fallbacks = [
            entry for entry in self.rules.rest("calls") if entry.word in module.source.text
        ]
        self._by_signature: dict[str, bool] = {}

    def by_signature(self, path: str) -> bool:
        """Whether of calls of the symbol at `path` nothing is looked at but its signatures."""
        known = self._by_signature.get(path)
        if known is None:
            symbol = paths.symbol(path)
            known = self._by_signature[path] = all(
                entry.by_signature or (entry.about is not None and not entry.about(symbol))
                for entry in self._argument_fallbacks
            )
        return known

    def on(self, ref: Reference) -> list[Finding]:
        """What all rules say of a reference to a symbol, or a member of a class."""
        beside = [finding for entry in by_name(self.rules.beside, ref.symbol)
                  for finding in self.findings(entry, ref)]  # fmt: skip
        return self._whole_or_arguments(ref) + beside

    def _whole_or_arguments(self, ref: Reference) -> list[Finding]:
        for entry in as_whole(ref):
            if not self._is_on(entry.rule):
                continue
            matched = self._said_by(entry, ref)
            if matched is QUIET:
                self.hushed = True
                return []
            found = list(self._made(entry, ref, matched))
            if found:
                return found
        if ref.call is None:
            return []
        out: list[Finding] = []
        special = by_name(self.rules.arguments, ref.symbol)
        for entry in special:
            out += self.findings(entry, ref, raises="TypeError")
        places = {(f.line, f.column) for f in out}
        fits = not ref.is_method and fits_both(ref.call, ref.path, ref.target)
        for entry in self._argument_fallbacks:
            if fits and entry.by_signature:
                continue
            if entry.about is not None and not entry.about(ref.symbol):
                continue
            for finding in self.findings(entry, ref, raises="TypeError"):
                if (finding.line, finding.column) not in places:
                    places.add((finding.line, finding.column))
                    out.append(finding)
        return out

    def _is_on(self, rule: Rule) -> bool:
        return rule.default or rule.code in self.options.enable

    def findings(self, entry: Entry, ref: Reference, raises: str = "") -> Iterator[Finding]:
        """What one matcher says of `ref`; `raises` is what the code may guard against."""
        if self._is_on(entry.rule):
            yield from self._made(entry, ref, self._said_by(entry, ref), raises)

    def says(self, entry: Entry, ref: Reference) -> bool:
        """Whether one matcher has anything to say of `ref`."""
        return bool(self._said_by(entry, ref))

    def _said_by(self, entry: Entry, ref: Reference) -> Matched:
        """What the matcher says; nothing where it breaks, which is noted."""
        try:
            matched = entry.match(ref)
            if matched is None or matched is QUIET or isinstance(matched, Report):
                return matched
            return list(matched)
        except Exception as error:
            self._note(entry.rule, ref, error)
            return None

    def _note(self, rule: Rule, ref: Reference, error: Exception) -> None:
        found = internal_error.broken(error, rule, ref.node)
        self.broken.setdefault((rule.code, internal_error.where(error)), found)

    def _made(
        self, entry: Entry, ref: Reference, matched: Matched, raises: str = ""
    ) -> Iterator[Finding]:
        for report in _each(matched):
            status = report.status or ref.status
            if status in ("same", "exists"):
                status = "changed"
            if self.options.allow_compat_v1 and status != "removed":
                # What a module of graphs is told of eager execution is not true of it.
                if ref.route == "v1" or (report.is_of_eager and self.module.needs_tf1):
                    continue
            # A try statement only guards what raises.
            caught = raises or ("" if status == "removed" else "nothing")
            if self.guarded(ref, caught):
                continue
            found = diagnose(entry.rule, ref, report, status, self.options, self._note)
            self._made_by[id(found)] = found, entry, ref
            yield found

    def unspoken(self, ref: Reference) -> Finding | None:
        """What is said of a name that no rule has a word on, for who wants all that moved."""
        try:
            return unspoken(ref, self.options, self._note)
        except Exception as error:
            self.broken.setdefault(("", internal_error.where(error)), internal_error.broken(error))
            return None

    def guarded(self, ref: Reference, raises: str = "nothing") -> bool:
        """Whether the code guards against what would be said of `ref`."""
        guarded = self.module.inference.reachability.guarded
        return not self.options.report_guarded and guarded(ref.site, raises)

    def close(self) -> None:
        """Let go of the references, and of what was found out for their edits."""
        self._made_by.clear()
        for module in self._modules.values():
            module.forget()

    def edited(self, finding: Finding, edits: str) -> Finding:
        """A finding of this module, made again by its rule with the edits asked for."""
        if id(finding) not in self._made_by:
            return finding
        _, entry, ref = self._made_by[id(finding)]
        if edits not in self._modules:
            options = replace(self.options, edits=edits)
            self._modules[edits] = Module(self.module.source, self.module.inference, options)
        ref = copy(ref)
        ref.module = self._modules[edits]
        for report in _each(entry.match(ref)):
            found = diagnose(entry.rule, ref, report, finding.status, ref.module.options, _raise)
            if found == finding:
                return found
        return finding


def _raise(rule: Rule, ref: Reference, error: Exception) -> None:
    del rule, ref
    raise error


def _each(matched: Matched) -> Iterable[Report]:
    if matched is None:
        return ()
    if isinstance(matched, Report):
        return (matched,)
    return matched
