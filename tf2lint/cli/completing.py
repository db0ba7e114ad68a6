"""`tf2lint completion`: a file that has a shell complete our commands and options."""

from __future__ import annotations

import argparse
from importlib.resources import files

SHELLS = ("bash", "fish", "zsh")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.usage = f"{parser.prog} {'|'.join(SHELLS)}"
    parser.add_argument("shell", choices=SHELLS, help='eval "$(tf2lint completion bash)"')


def run(args: argparse.Namespace) -> int:
    """Print what the shell has to read."""
    made = files("tf2lint.cli").joinpath("completion", f"tf2lint.{args.shell}")
    print(made.read_text(encoding="utf-8"), end="")
    return 0
