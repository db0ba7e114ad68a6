"""One pylint checker a family, all fed by one examination of the module."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

from astroid import nodes
from pylint.checkers import BaseChecker
from pylint.interfaces import HIGH, INFERENCE_FAILURE
from pylint.lint import PyLinter

from pylint_tf2.module import is_shown, placed, text_of
from tf2lint.baseline import check_new
from tf2lint.check.registry import registry, rules
from tf2lint.config import Settings
from tf2lint.finding import Rule
from tf2lint.internal_error import BROKEN, broken, unusable
from tf2lint.options import OptionError
from tf2lint.settings import LISTS, settings_of
from tf2lint.source import Source, on_disk
from tf2lint.suppress import heard

_CONFIDENCE = {"high": HIGH, "low": INFERENCE_FAILURE}
_OPTIONS = settings_of("pylint")
_USAGE = 32  # pylint's exit status for a usage error


def checkers(linter: PyLinter) -> Iterator[FamilyChecker]:
    """A checker for every family that has rules; the first one carries the options.

    Older pylints register plugins in their workers on top of the checkers that came with
    the linter; those share one examiner, so that nothing is said twice.
    """
    by_family: dict[str, list[Rule]] = {BROKEN.code[:3]: [BROKEN]}
    for rule in rules():
        by_family.setdefault(rule.code[:3], []).append(rule)
    there = [c.examiner for c in linter.get_checkers() if isinstance(c, FamilyChecker)]
    examiner = there[0] if there else Examiner(linter)
    for place, (_, members) in enumerate(sorted(by_family.items())):
        yield FamilyChecker(linter, members, examiner, with_options=place == 0)


class Examiner:
    """Findings of the module that pylint is at; every family's checker asks the same one."""

    def __init__(self, linter: PyLinter) -> None:
        self._linter = linter
        self._module: nodes.Module | None = None
        self._given: dict[str, object] | None = None
        self._settings = Settings({})

    def settings(self) -> Settings:
        """The settings. A bad value ends pylint with its usage status, one line."""
        config = self._linter.config
        given = {s.name: getattr(config, f"tf2_{s.name.replace('-', '_')}") for s in _OPTIONS}
        if given != self._given:  # pylint has other values in other folders, if it is told so
            try:
                self._settings = Settings(given)
                self._settings.at(os.getcwd())
            except OptionError as error:
                print(f"pylint: error: {error}", file=sys.stderr)
                sys.exit(_USAGE)
            self._given = given
        return self._settings

    def emit(self, checker: BaseChecker, module: nodes.Module) -> None:
        """Add the messages of every family, in source order, once a module.

        pylint prints in that order, so the first checker speaks for all, and hides what is off.
        """
        if self._module is module:
            return
        self._module = module
        settings = self.settings()
        path = on_disk(module.file)
        try:
            source = Source(text_of(module), path or module.name, path=path)
            options = settings.of(path or "").options
            ignored = settings.at(os.path.dirname(path or "")).ignored(path or "")
            shown = partial(is_shown, checker.linter, ignored)
            found = filter(lambda f: f.code not in ignored, check_new(source, options, takes=shown))
            findings = heard(source, list(found), "noqa")
        except OptionError as error:  # of a file nearer than those that were read at the start
            findings = [unusable(error)]
        except Exception as error:  # pylint would leave the module with its own report
            findings = [broken(error)]
        for finding, node in placed(findings, module):
            assert finding.rule is not None
            checker.add_message(
                finding.rule.pylint_symbol,
                node=node,
                line=finding.line,
                args=(finding.message,),
                confidence=_CONFIDENCE[finding.confidence],
                col_offset=finding.column,
                end_lineno=finding.end_line,
                end_col_offset=finding.end_column,
            )


class FamilyChecker(BaseChecker):
    """The messages of one family.

    All families have one name, so that `--enable=tf2lint` speaks of everything.
    """

    name = "tf2lint"

    def __init__(
        self,
        linter: PyLinter,
        members: list[Rule],
        examiner: Examiner,
        with_options: bool,
    ) -> None:
        self.msgs = {
            rule.pylint_id: ("%s", rule.pylint_symbol, _description(rule)) for rule in members
        }
        self.options = _options() if with_options else ()
        self.examiner = examiner
        super().__init__(linter)

    def visit_module(self, node: nodes.Module) -> None:
        """Have the module's messages added, if no other family has yet."""
        self.examiner.emit(self, node)


def _description(rule: Rule) -> str:
    family = registry().families.get(rule.code[:3], "")
    return f"{rule.summary} ({', '.join(filter(None, (rule.code, family)))})"


def _options() -> tuple[tuple[str, dict[str, Any]], ...]:
    """pylint's own types for yes and no would fail with less clear words than ours."""
    metavars = {"flag": "<y or n>", "yes": "<y or n>", "keras": "<2 or 3>"}
    made: list[tuple[str, dict[str, Any]]] = []
    for setting in _OPTIONS:
        kind = setting.kind
        shape: dict[str, Any] = {"type": "string", "default": None, "help": setting.help}
        metavar = metavars.get(kind, f"<{kind}>")
        if kind in LISTS:
            shape.update(type="csv", default=())
            metavar = "<comma-separated>"
        made.append((f"tf2-{setting.name}", {**shape, "metavar": metavar}))
    return tuple(made)
