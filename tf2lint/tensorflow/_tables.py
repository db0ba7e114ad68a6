"""The generated tables as bytes in memory, and binary search in their sorted lines."""

from __future__ import annotations

import os

_FOLDER = os.path.join(os.path.dirname(__file__), "data")


class Table:
    """One sorted table; the file is read at the first question."""

    __slots__ = ("_body", "_data", "_file")

    def __init__(self, file: str) -> None:
        self._file = file
        self._data = b""
        self._body = 0

    def _load(self) -> bytes:
        with open(os.path.join(_FOLDER, self._file), "rb") as stream:
            data = stream.read()
        start = 0
        while data.startswith(b"#", start):
            start = data.index(b"\n", start) + 1
        self._data, self._body = data, start
        return data

    def head(self) -> str:
        """The comment lines in front of the rows."""
        data = self._data or self._load()
        return data[: self._body].decode()

    def _seek(self, key: bytes) -> int:
        """Offset of the first line whose first field is not below the key."""
        data = self._data or self._load()
        low, high = self._body, len(data)
        while low < high:
            line = data.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = data.index(b"\t", line)
            if data[line:end] < key:
                low = data.index(b"\n", end) + 1
            else:
                high = line
        return low

    def find(self, key: str) -> list[str] | None:
        """The fields of the row with that first field, without it; None if there is none."""
        wanted = key.encode() + b"\t"
        offset = self._seek(wanted[:-1])
        if not self._data.startswith(wanted, offset):
            return None
        end = self._data.index(b"\n", offset)
        return self._data[offset + len(wanted) : end].decode().split("\t")

    def keys(self, prefix: str) -> list[str]:
        """First fields of all rows that start with the prefix, sorted."""
        wanted = prefix.encode()
        offset = self._seek(wanted) if wanted else self._seek(b"\0")
        data, out = self._data, []
        while data.startswith(wanted, offset) and offset < len(data):
            end = data.index(b"\t", offset)
            out.append(data[offset:end].decode())
            offset = data.index(b"\n", end) + 1
        return out


NAMES = Table("names.tsv")
MEMBERS = Table("members.tsv")
SIGNATURES = Table("signatures.tsv")
ALIASES = Table("aliases.tsv")
OBJECTS = Table("objects.tsv")
MODULES = Table("modules.tsv")
PRIVATE_NAMES = Table("private_names.tsv")
