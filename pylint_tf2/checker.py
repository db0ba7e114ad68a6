"""One pylint checker a family, all fed by one examination of the module."""

from __future__ import annotations

import sys
from typing import Any

from astroid import nodes
from pylint.checkers import BaseChecker
from pylint.interfaces import HIGH, INFERENCE_FAILURE
from pylint.lint import PyLinter

from tf2lint.config import SETTINGS, make_options
from tf2lint.engine import check, may_concern
from tf2lint.finding import Finding, Rule
from tf2lint.options import OptionError, Options
from tf2lint.registry import registry, rules
from tf2lint.source import Source

_CONFIDENCE = {"high": HIGH, "low": INFERENCE_FAILURE}


def checkers(linter: PyLinter) -> list[FamilyChecker]:
    """A checker for every family that has rules; the first one carries the options."""
    by_family: dict[str, list[Rule]] = {}
    for rule in rules():
        by_family.setdefault(rule.code[:3], []).append(rule)
    examiner = Examiner(linter)
    made: list[FamilyChecker] = []
    for prefix, members in sorted(by_family.items()):
        made.append(FamilyChecker(linter, prefix, members, examiner, with_options=not made))
    return made


class Examiner:
    """Findings of the module that pylint is at; every family's checker asks the same one."""

    def __init__(self, linter: PyLinter) -> None:
        self.linter = linter
        self._module: nodes.Module | None = None
        self._options: Options | None = None

    def options(self) -> Options:
        """The options, read once. A bad value ends pylint with its usage status, one line."""
        if self._options is None:
            config = self.linter.config
            given = {name: getattr(config, f"tf2_{name.replace('-', '_')}") for name in SETTINGS}
            given = {name: value if value != () else None for name, value in given.items()}
            try:
                self._options = make_options(given)
            except OptionError as error:
                print(f"pylint: error: {error}", file=sys.stderr)
                sys.exit(32)
        return self._options

    def emit(self, checker: BaseChecker, module: nodes.Module) -> None:
        """Add the messages of every family, in source order, once a module.

        pylint prints in the order of emission, so the first checker speaks for all; pylint
        itself drops those that are disabled.
        """
        if self._module is module:
            return
        self._module = module
        for finding in self._examine(module):
            assert finding.rule is not None
            checker.add_message(
                finding.rule.pylint_symbol,
                node=_around(module, finding.line),
                line=finding.line,
                args=(finding.message,),
                confidence=_CONFIDENCE[finding.confidence],
                col_offset=finding.column,
                end_lineno=finding.end_line,
                end_col_offset=finding.end_column,
            )

    def _examine(self, module: nodes.Module) -> list[Finding]:
        with module.stream() as stream:
            data = stream.read()
        encoding = module.file_encoding or "utf-8"
        text = data.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
        path = module.file if module.file and not module.file.startswith("<") else None
        options = self.options()
        if not may_concern(text, path, options):
            return []
        return check(Source(text, module.file or module.name, path=path), options)


class FamilyChecker(BaseChecker):
    """The messages of one family."""

    def __init__(
        self,
        linter: PyLinter,
        prefix: str,
        members: list[Rule],
        examiner: Examiner,
        with_options: bool,
    ) -> None:
        self.name = f"tf2lint-{prefix.lower()}"
        self.msgs = {
            rule.pylint_id: ("%s", rule.pylint_symbol, _description(rule)) for rule in members
        }
        self.options = _options() if with_options else ()
        self._examiner = examiner
        super().__init__(linter)

    def visit_module(self, node: nodes.Module) -> None:
        """Have the module's messages added, if no other family has yet."""
        self._examiner.emit(self, node)


def _around(module: nodes.Module, line: int) -> nodes.NodeNG:
    """The innermost class or function around `line`: pylint names it in `obj`."""
    found: nodes.NodeNG = module
    todo = list(module.body)
    while todo:
        node = todo.pop()
        if not node.fromlineno <= line <= (node.tolineno or line):
            continue
        if isinstance(node, nodes.FunctionDef | nodes.ClassDef):
            found = node
            todo = list(node.body)
        else:
            todo.extend(node.get_children())
    return found


def _description(rule: Rule) -> str:
    return f"{rule.summary} ({rule.code}, {registry().families[rule.code[:3]]})"


def _options() -> tuple[tuple[str, dict[str, Any]], ...]:
    made: list[tuple[str, dict[str, Any]]] = []
    for name, (kind, text) in SETTINGS.items():
        shape: dict[str, Any] = {"help": text}
        if kind in ("flag", "yes"):
            shape.update(type="yn", metavar="<y or n>", default=None)
        elif kind == "list":
            shape.update(type="csv", metavar="<comma-separated>", default=())
        else:
            shape.update(type="string", metavar="<text>", default=None)
        made.append((f"tf2-{name}", shape))
    return tuple(made)
