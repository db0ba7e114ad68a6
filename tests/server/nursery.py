"""Language servers that start at once: a process that has loaded one forks for each.

    python -m tests.server.nursery DESCRIPTOR

The descriptor is a socket; what comes over it is a folder and the streams of a server there: its
input, its output, its errors, and one for the exit status.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

from tests.hosts import ROOT


class Nursery:
    """The process that has loaded a server, and waits."""

    def __init__(self) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.server.nursery", str(theirs.fileno())],
                cwd=ROOT, pass_fds=[theirs.fileno()],
            )  # fmt: skip

    def server(self, folder: Path) -> Server:
        """`python -m tf2lint server` in `folder`."""
        pipes = [os.pipe() for _ in range(4)]
        theirs = [pipes[0][0], *(writes for _, writes in pipes[1:])]
        socket.send_fds(self._channel, [os.fsencode(folder)], theirs)
        for descriptor in theirs:
            os.close(descriptor)
        return Server(pipes[0][1], *(reads for reads, _ in pipes[1:]))

    def end(self) -> None:
        """Let it go; the servers have ended."""
        self._channel.close()
        assert self._process.wait(timeout=30) == 0


class Server:
    """A server, with what `subprocess.Popen` would have of it."""

    def __init__(self, stdin: int, stdout: int, stderr: int, status: int) -> None:
        self.stdin: IO[bytes] = os.fdopen(stdin, "wb")
        self.stdout: IO[bytes] = os.fdopen(stdout, "rb")
        self.stderr: IO[bytes] = os.fdopen(stderr, "rb")
        self._status = status

    def wait(self, timeout: float) -> int:
        """Its exit status; 255 where it ended without one. There is no need of a `timeout`."""
        del timeout  # its streams are at their ends only when it is gone
        with os.fdopen(self._status, "rb") as file:
            return (file.read() or b"\xff")[0]


def main(descriptor: int) -> None:
    """Load a server, and fork for each that is asked for, until nobody can ask any more."""
    from tf2lint.cli import main as command
    from tf2lint.server.language_server import Server as Loaded

    Loaded().warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as channel:
        while True:
            folder, streams, _, _ = socket.recv_fds(channel, 4096, 4)
            if not folder:
                return
            if os.fork() == 0:
                break
            for stream in streams:
                os.close(stream)
    for own, stream in enumerate(streams[:3]):
        os.dup2(stream, own)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(own, mode, closefd=False) for own, mode in enumerate("rww")
    )
    os.chdir(folder)
    os.write(streams[3], bytes([command(["server"])]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
