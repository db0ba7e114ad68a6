"""A module as pylint has it: its text, and which of its parts a finding is in."""

from __future__ import annotations

import io
from collections.abc import Container, Iterable, Iterator

from astroid import nodes
from pylint.lint import PyLinter

from tf2lint.finding import Finding


def text_of(module: nodes.Module) -> str:
    """The module's source as pylint parsed it: decoded, no BOM, newlines translated."""
    encoding = module.file_encoding or "utf-8"
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    with module.stream() as stream:
        return io.TextIOWrapper(io.BytesIO(stream.read()), encoding).read()


def placed(findings: list[Finding], module: nodes.Module) -> Iterator[tuple[Finding, nodes.NodeNG]]:
    """Every finding with the innermost class or function around it: pylint's `obj`."""
    if not findings:
        return
    ahead = sorted(_scopes(module), key=lambda node: -node.fromlineno)
    around: list[nodes.NodeNG] = []
    for finding in findings:
        while ahead and ahead[-1].fromlineno <= finding.line:
            around.append(ahead.pop())
        while around and (around[-1].tolineno or 0) < finding.line:
            around.pop()
        yield finding, around[-1] if around else module


def _scopes(module: nodes.Module) -> Iterator[nodes.NodeNG]:
    """Classes and functions, outer ones before inner ones."""
    todo: list[Iterable[nodes.NodeNG]] = [module.body]
    while todo:
        for node in todo.pop():
            if isinstance(node, nodes.FunctionDef | nodes.ClassDef):
                yield node
                todo.append(node.body)
            elif node.is_statement or isinstance(node, nodes.MatchCase):
                todo.append(node.get_children())


def is_shown(linter: PyLinter, ignored: Container[str], finding: Finding) -> bool:
    """Whether pylint tells of `finding`, by its settings or for that line; not of `ignored`."""
    if finding.rule is None or finding.code in ignored:
        return False
    symbol = finding.rule.pylint_symbol
    return bool(
        linter.is_message_enabled(symbol) or linter.is_message_enabled(symbol, finding.line)
    )
