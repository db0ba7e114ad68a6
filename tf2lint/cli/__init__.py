"""The command line: `tf2lint` and `python -m tf2lint`."""

from __future__ import annotations

import argparse
import gc
import importlib
import io
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import TextIO

from tf2lint import __version__
from tf2lint.cli.parser import Parser, nearest_command
from tf2lint.internal_error import printable
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
    "completion": ("completing", "print what a shell reads to complete commands and options"),
    "server": ("serve", "serve an editor: the language server, on standard input and output"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status."""
    if sys.stderr is None:  # it is closed; nothing of what goes there may land elsewhere
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    collecting = gc.isenabled()
    gc.disable()  # the commands collect after every file
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    finally:
        if argv is None:  # Python ends now, and would look for cycles in all that is held
            gc.freeze()
        elif collecting:
            gc.enable()


def _run(words: list[str]) -> int:
    # Making a parser takes its time. Behind a command's name no other one is spoken of.
    parser, commands = make_parser(COMMANDS.keys() & words[:1] or COMMANDS)
    command = next((word for word in words if not word.startswith("-")), None)
    if command is not None and command not in COMMANDS:
        guess = nearest_command(command, [*COMMANDS], os.path.exists(command))
        parser.error(f"no command {command!r}{guess}")
    if command is not None:
        module = declare(command, commands[command])
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        commands[arguments.command].unknown(unknown, _all_parsers)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a path or a message may hold anything
            stream.reconfigure(errors="backslashreplace")
    try:
        _see_that_it_can_run()
        status = module.run(arguments)
        sys.stdout.flush()
    except OptionError as error:
        return _failed(str(error))
    except BrokenPipeError:
        # Whoever read our output has closed it. Python would complain once more at its exit.
        _drop(sys.stdout)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:  # what concerns a single file was said before
        where = "output" if error.filename is None else error.filename
        _drop(sys.stdout)
        return _failed(f"{where}: {error.strerror or error}")
    assert isinstance(status, int)
    return status


def _see_that_it_can_run() -> None:
    """Raise `OptionError` where there is nowhere to print to, or nowhere to be."""
    if sys.stdout is None:
        raise OptionError("standard output is closed")
    try:
        os.getcwd()
    except OSError as error:
        raise OptionError("the current folder is not there any more") from error


def _failed(text: str) -> int:
    """Say why nothing came of it, and give the exit status for that."""
    try:
        print(f"tf2lint: error: {printable(text)}", file=sys.stderr)
    except OSError:  # the disk that it goes to is full
        _drop(sys.stderr)
    return USAGE


def _drop(stream: TextIO) -> None:
    """Lose what `stream` still holds: it cannot be written, and Python would try at its exit."""
    with suppress(OSError, ValueError):  # a stream of a test, perhaps, that has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def declare(command: str, parser: argparse.ArgumentParser) -> ModuleType:
    """Give a command's parser its arguments; the module that runs it."""
    module = importlib.import_module(f"tf2lint.cli.{COMMANDS[command][0]}")
    module.arguments(parser)
    return module


def _all_parsers() -> dict[str, Parser]:
    """Every command's parser, with its arguments."""
    _, commands = make_parser()
    for command, parser in commands.items():
        declare(command, parser)
    return commands


def make_parser(commands: Iterable[str] = COMMANDS) -> tuple[Parser, dict[str, Parser]]:
    """The parser, and those of `commands`, which have no arguments yet."""
    parser = Parser(prog="tf2lint", description="Finds TensorFlow 1 code in a TensorFlow 2 world.")
    version = f"tf2lint {__version__}"
    parser.add_argument("-V", "--version", action="version", version=version)
    group = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    return parser, {
        name: group.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        for name, text in ((name, COMMANDS[name][1]) for name in commands)
    }
