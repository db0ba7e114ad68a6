"""Notebooks on the command line: reading them, and findings by cell and line."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from tf2lint.cli.files import Unreadable
from tf2lint.cli.problems import Problem, of_syntax
from tf2lint.notebooks import BadNotebook, Notebook

if TYPE_CHECKING:
    from tf2lint.cli.records import Record


def read(path: str, data: bytes | None = None) -> Notebook:
    """The notebook at `path`, or in `data` in its place. Raises `Unreadable`."""
    try:
        if data is None:
            with open(path, "rb") as file:
                data = file.read()
        return Notebook(data.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except OSError as error:
        raise Unreadable(path, error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable(path, f"is not utf-8: {error.reason}", line, 1) from error
    except BadNotebook as error:
        text = f"is no notebook: {error}"
        raise Unreadable(path, text, error.line, error.column) from error


def in_cell(record: Record, notebook: Notebook) -> Record:
    """`record`, made of the notebook's module, at its cell and line."""
    cell, line = notebook.at(record.line)
    end_line, end_column = notebook.at(record.end_line)[1], record.end_column
    text = notebook.line(record.line)
    if notebook.mark in record.text and "get_ipython()" in record.text:  # a magic, whole
        end_column = len(text.rstrip()) + 1
    edits = []
    for edit in record.edits if not notebook.is_python2 else ():
        at, first = notebook.at(int(str(edit["line"])))
        last = notebook.at(int(str(edit["end_line"])))[1]
        edits.append({"cell": at.number, **edit, "line": first, "end_line": last})
    return record._replace(
        line=line, end_line=end_line, end_column=end_column, edits=edits, text=text,
        cell=cell.number, file_line=cell.in_file[line - 1],
    )  # fmt: skip


def problems_of(notebook: Notebook, path: str) -> list[Problem]:
    """The cells that are no Python."""
    found = []
    for cell in notebook.broken:
        assert cell.error is not None
        problem = of_syntax(path, cell.error)
        last = len(cell.in_file)
        in_file = cell.in_file[min(problem.line, last) - 1] if last else 0
        found.append(problem._replace(cell=cell.number, file_line=in_file))
    return found
