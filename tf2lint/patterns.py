"""Patterns of files, as settings have them."""

from __future__ import annotations

import os
from collections.abc import Iterable


class Patterns:
    """Patterns below a folder: one without a slash fits any part of a path, others the whole.

    A pattern that fits a folder fits all that is in it.
    """

    def __init__(self, patterns: Iterable[str], folder: str) -> None:
        self._folder = folder
        self._parts: list[str] = []
        self._paths: list[str] = []
        for pattern in filter(None, (pattern.rstrip("/") for pattern in patterns)):
            if "/" not in pattern:
                self._parts.append(pattern)
            elif os.path.isabs(pattern):
                self._paths.append(_below(pattern, folder).replace(os.sep, "/"))
            else:
                self._paths.append(os.path.normpath(pattern).replace(os.sep, "/"))

    def __bool__(self) -> bool:
        return bool(self._parts or self._paths)

    def __call__(self, path: str) -> bool:
        """Whether the file or folder at `path` fits."""
        if not self:
            return False
        import fnmatch  # slow to load, and many have no patterns

        parts = _below(os.path.abspath(path), self._folder).split(os.sep)
        if any(fnmatch.fnmatch(part, pattern) for part in parts for pattern in self._parts):
            return True
        above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        return any(fnmatch.fnmatch(part, pattern) for part in above for pattern in self._paths)


def _below(path: str, folder: str) -> str:
    """`path` as it is seen from `folder`."""
    top = folder.rstrip(os.sep) + os.sep
    if path.startswith(top):
        return path[len(top) :]
    try:
        return os.path.relpath(path, folder)
    except ValueError:  # on another drive
        return path
