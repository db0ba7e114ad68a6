"""A hook of mkdocs: on the site, a link to a file that is not in docs/ is but its words.

Where the repository can be seen is not known here.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

_LINK = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)]*)\)")


def on_page_markdown(markdown: str, *, page: Any, **_: object) -> str:
    """The page as it is shown."""
    folder = posixpath.dirname(page.file.src_uri)

    def shown(match: re.Match[str]) -> str:
        leads_out = posixpath.normpath(posixpath.join(folder, match[2])).startswith("..")
        return match[1] if leads_out else match[0]

    return _LINK.sub(shown, markdown)
