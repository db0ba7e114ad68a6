"""The pylint plugin (`load-plugins=pylint_tf2`): messages and options made from the rules."""

from __future__ import annotations

from pylint.lint import PyLinter

from pylint_tf2.checker import Examiner, FamilyChecker, checkers
from tf2lint.internal_error import BROKEN


def register(linter: PyLinter) -> None:
    """Called by pylint: one checker a family, since ids agree in their first digits."""
    for checker in checkers(linter):
        linter.register_checker(checker)


def load_configuration(linter: PyLinter) -> None:
    """Called by pylint when all options are known: a bad value ends the run here.

    In the parent process, that is: an exit from a worker would be a traceback.
    """
    examiner(linter).settings()
    linter.enable(BROKEN.pylint_symbol)  # `--disable=all` is not meant for our mistakes


def examiner(linter: PyLinter) -> Examiner:
    """The examiner that the checkers registered with `linter` share."""
    return next(c.examiner for c in linter.get_checkers() if isinstance(c, FamilyChecker))
