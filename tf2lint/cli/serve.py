"""`tf2lint server`: the linter in an editor, by the Language Server Protocol."""

from __future__ import annotations

import argparse

from tf2lint.options import OptionError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.add_argument(
        "--stdio", action="store_true", help="speak on standard input and output (it always does)"
    )


def run(args: argparse.Namespace) -> int:
    """Serve one editor until it says goodbye; exit status 1 where it just went.

    Raises `OptionError` where pygls is missing.
    """
    del args
    try:
        from tf2lint.server.serving import serve  # needs pygls
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in ("pygls", "lsprotocol"):
            raise
        text = f"server: there is no {missing} here: pip install 'tf2lint[server]'"
        raise OptionError(text) from error
    return serve()
