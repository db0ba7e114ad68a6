"""The command line: `tf2lint` and `python -m tf2lint`."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence

from tf2lint import __version__
from tf2lint.options import OptionError

USAGE = 2  # exit status: wrong usage, or input that could not be read

# Every command: the module in this package that has `arguments(parser)` and `run(args)`, and
# what the help says of it. Only the module of the command that is run gets imported.
COMMANDS = {
    "check": ("check", "report TensorFlow 1 code"),
    "fix": ("fix", "rewrite TensorFlow 1 code, where that is proven to compute the same"),
    "explain": ("explain", "what a rule is about, or what became of a TensorFlow symbol"),
    "rules": ("listing", "list all rules"),
    "baseline": ("ratchet", "write down the findings that are known, or strike out fixed ones"),
    "report": ("report", "show how far a tree is, as one HTML page"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser, commands = _parser()
    command = next((word for word in words if word in COMMANDS), None)
    if command is not None:
        module = importlib.import_module(f"tf2lint.cli.{COMMANDS[command][0]}")
        module.arguments(commands[command])
    arguments = parser.parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a path or a message may hold anything
            stream.reconfigure(errors="backslashreplace")
    try:
        status = module.run(arguments)
        sys.stdout.flush()
    except OptionError as error:
        from tf2lint.failsafe import printable

        print(f"tf2lint: error: {printable(str(error))}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # Whoever read our output has closed it. Python would complain once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    assert isinstance(status, int)
    return status


def _parser() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    parser = argparse.ArgumentParser(
        prog="tf2lint", description="Finds TensorFlow 1 code in a TensorFlow 2 world."
    )
    parser.add_argument("--version", action="version", version=f"tf2lint {__version__}")
    group = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    return parser, {
        name: group.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        for name, (_, text) in COMMANDS.items()
    }
