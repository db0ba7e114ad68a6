"""Runs programs one after the other, each in a process forked from one that has TensorFlow.

    PYTHON server.py < requests > answers

A request is a line of JSON: `program`, `folder` to run in, `seconds` allowed, `out` for a file
that takes what it prints. The answer, too: `code` the exit status or null where time was up,
`error` its last words, `sessions` how often a session ran, `seconds`.

Runs inside the Python of a TensorFlow, 1.15's is 3.7.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import select
import signal
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any, NoReturn

os.environ.update(
    TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", TF_ENABLE_ONEDNN_OPTS="0",
    TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1", OMP_NUM_THREADS="1",
)  # fmt: skip
warnings.simplefilter("ignore")

import tensorflow as tf  # noqa: E402, I001

import stand_ins  # noqa: E402
import streams  # noqa: E402

sys.path.remove(str(Path(__file__).parent))  # programs have modules of these names, too
sys.path.insert(0, "")

_PLACES = (" ", "Detected at node")  # how lines begin that say where an op was made


class _Sessions:
    """Counts the runs of sessions."""

    count = 0

    @classmethod
    def watch(cls) -> None:
        """Count from now on."""
        from tensorflow.python.client.session import BaseSession

        run = BaseSession.run

        def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
            cls.count += 1
            return run(self, *args, **kwargs)

        BaseSession.run = counted


def _set_up() -> None:
    if tf.__version__.startswith("1."):
        tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
        stand_ins.put_in_keras(tf.keras)
    else:
        import keras
        import tf_keras

        streams.set_up_keras_3(tf)
        streams.set_up_keras_2(tf)
        stand_ins.put_in_keras(keras)
        stand_ins.put_in_keras(tf_keras)
        stand_ins.put_in_keras(tf.keras)  # with Keras 2 a module of its own
    stand_ins.put_in()
    _Sessions.watch()


def _run(request: dict[str, Any], told: int) -> NoReturn:
    """The program, in a process of its own; what came of it goes to the pipe `told`."""
    os.setsid()
    os.chdir(request["folder"])
    program = request["program"]
    out = os.open(request["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = [program]
    sys.path[0] = os.path.dirname(program)
    streams.set_up(tf)
    code, error = 0, ""
    try:
        runpy.run_path(program, run_name="__main__")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        error = "" if not code else f"SystemExit: {ended.code}"
    except BaseException as raised:  # what programs raise is what is asked
        code = 1
        place = [f for f in traceback.extract_tb(raised.__traceback__) if f.filename == program]
        at = f"line {place[-1].lineno}: " if place else ""
        # Without where the ops were made: that is of this place, and long.
        words = [line for line in str(raised).splitlines() if not line.startswith(_PLACES)]
        error = f"{at}{type(raised).__name__}: {' '.join(filter(None, words))}"
    sys.stdout.flush()
    answer = {"code": code, "error": error[:600], "sessions": _Sessions.count}
    os.write(told, json.dumps(answer).encode())
    os._exit(0)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    read, write = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if not child:
        os.close(read)
        _run(request, write)
    os.close(write)
    ready, _, _ = select.select([read], [], [], request["seconds"])
    text = os.read(read, 65536) if ready else b""
    os.close(read)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    seconds = round(time.monotonic() - begun, 1)
    if text:
        return {**json.loads(text), "seconds": seconds}
    error = f"killed by signal {os.WTERMSIG(status)}" if ready else "time was up"
    return {"code": None, "error": error, "sessions": 0, "seconds": seconds}


def main() -> None:
    """Answer what comes in."""
    _set_up()
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print(json.dumps({"version": tf.__version__}), file=answers)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), file=answers)


if __name__ == "__main__":
    main()
