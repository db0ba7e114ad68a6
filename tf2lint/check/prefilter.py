"""The first look at a module: a text search that lets go of all that cannot mean TensorFlow.

Nothing else of this package has to be loaded for it; a host that meets no TensorFlow code never
loads the rules.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tf2lint.options import Options

MARK = "tensorflow"  # in the text of every module that imports it


def may_concern(text: str, path: str | None, options: Options) -> bool:
    """Whether a module of this text can mean TensorFlow at all; cheap."""
    if MARK in text:
        return True
    if "import" not in text:
        return False
    if is_keras(text, options):
        return True
    from tf2lint.semantics.files import MAKER, disk  # only where the text alone does not tell

    if any(alias.rpartition(".")[2] in text for alias in options.aliases):
        return True
    return MAKER in text or (path is not None and disk().may_lead(text, os.path.abspath(path)))


def is_keras(text: str, options: Options) -> bool:
    """Whether the package `keras` is TensorFlow's in a module of this text."""
    return MARK in text or (options.keras_modules and "keras" in text)


def lets_go(text: str, path: str | None, options: Options) -> bool:
    """Whether nothing of this module need be looked at, for a host that would load the rest."""
    try:
        return not may_concern(text, path, options)
    except Exception:  # whoever looks at the module meets it again, and reports it
        return False
