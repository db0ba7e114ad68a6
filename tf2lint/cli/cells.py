"""Notebooks on the command line: reading them, and findings by cell and line."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from tf2lint.cli.files import Unreadable
from tf2lint.notebooks import BadNotebook, Notebook

if TYPE_CHECKING:
    from tf2lint.cli.examine import Record


def read(path: str, data: bytes | None = None) -> Notebook:
    """The notebook at `path`, or in `data` in its place. Raises `Unreadable`."""
    try:
        if data is None:
            with open(path, "rb") as file:
                data = file.read()
        return Notebook(data.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"{path}:{line}:1: is not utf-8: {error.reason}") from error
    except BadNotebook as error:
        raise Unreadable(f"{path}:{error.line}:{error.column}: is no notebook: {error}") from error


def in_cell(record: Record, notebook: Notebook) -> Record:
    """`record`, made of the notebook's module, at its cell and line."""
    cell, line = notebook.at(record.line)
    end_line, end_column = notebook.at(record.end_line)[1], record.end_column
    text = notebook.line(record.line)
    if notebook.mark in record.text and "get_ipython()" in record.text:  # a magic, whole
        end_column = len(text.rstrip()) + 1
    edits = []
    for edit in record.edits:
        at, first = notebook.at(int(str(edit["line"])))
        last = notebook.at(int(str(edit["end_line"])))[1]
        edits.append({"cell": at.number, **edit, "line": first, "end_line": last})
    return record._replace(
        line=line, end_line=end_line, end_column=end_column, edits=edits, text=text,
        cell=cell.number, file_line=cell.in_file[line - 1],
    )  # fmt: skip


def error_of(notebook: Notebook, path: str) -> str:
    """The line that says which cells are no Python, or nothing."""
    broken = notebook.broken
    if not broken:
        return ""
    cell = broken[0]
    error = cell.error
    assert error is not None
    place = f"{path}:cell_{cell.number}:{error.lineno or 1}:{max(error.offset or 1, 1)}"
    more = len(broken) - 1
    others = "" if not more else f" (and {more} more cell{'s' if more > 1 else ''})"
    return f"{place}: cannot be parsed: {error.msg}{others}"
