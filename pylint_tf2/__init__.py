"""The pylint plugin (`load-plugins=pylint_tf2`): messages and options made from the rules."""

from __future__ import annotations

from pylint.lint import PyLinter

from pylint_tf2.checker import checkers


def register(linter: PyLinter) -> None:
    """Called by pylint: one checker a family, since ids agree in their first digits."""
    for checker in checkers(linter):
        linter.register_checker(checker)
