"""Files written anew: in their own encoding, whole or not at all."""

from __future__ import annotations

import codecs
import io
import os
import stat
import tempfile
import tokenize
from contextlib import suppress


def encoded(text: str, data: bytes) -> bytes:
    """`text` in the encoding of the file that `data` was read from, with its BOM.

    JSON has no declaration of an encoding: UTF-8 is what comes of it.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    if data.startswith(codecs.BOM_UTF8):
        return codecs.BOM_UTF8 + text.encode("utf-8")
    return text.encode(encoding)


def write(path: str, old: bytes, new: bytes) -> None:
    """Put `new` in the place of `old`, the contents of the file, whole or not at all.

    Mode and owner are kept. Raises `OSError`, also where the file no longer holds `old`.
    """
    folder, name = os.path.split(path)
    before = os.stat(path)
    handle, made = tempfile.mkstemp(prefix=f".{name}.", suffix=".tf2lint", dir=folder or ".")
    try:
        with open(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if hasattr(os, "chown"):
            with suppress(OSError):  # only root may give files away
                os.chown(made, before.st_uid, before.st_gid)
        os.chmod(made, stat.S_IMODE(before.st_mode))
        if not os.access(path, os.W_OK):
            raise OSError("it is read-only")
        with open(path, "rb") as current:
            if current.read() != old:
                raise OSError("it changed in the meantime")
        os.replace(made, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(made)
        raise
