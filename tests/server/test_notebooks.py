"""Notebooks in the language server: cells are texts of their own, and one module."""

from __future__ import annotations

from tests.lsp import Client, Json, applied

NOTEBOOK = "notebook.ipynb"


def _item(uri: str, text: str, language: str = "python") -> Json:
    return {"uri": uri, "languageId": language, "version": 1, "text": text}


def _open(client: Client, *cells: str) -> tuple[str, list[str]]:
    """Open a notebook with cells of Python; its URI, and those of its cells."""
    uri = (client.folder / NOTEBOOK).as_uri()
    uris = [f"{uri.replace('file:', 'vscode-notebook-cell:')}#W{n}" for n in range(len(cells))]
    client.notify(
        "notebookDocument/didOpen",
        {
            "notebookDocument": {
                "uri": uri, "notebookType": "jupyter-notebook", "version": 1,
                "cells": [{"kind": 2, "document": cell} for cell in uris],
            },
            "cellTextDocuments": [_item(*cell) for cell in zip(uris, cells, strict=True)],
        },
    )  # fmt: skip
    return uri, uris


def _change(client: Client, uri: str, cells: Json) -> None:
    where = {"uri": uri, "version": 2}
    client.notify(
        "notebookDocument/didChange", {"notebookDocument": where, "change": {"cells": cells}}
    )


def _codes(client: Client, uri: str) -> list[tuple[int, int, str]]:
    told = [(d["range"]["start"], d["code"]) for d in client.diagnostics(uri)]
    return [(start["line"], start["character"], code) for start, code in told]


def test_cells_are_one_module(client: Client) -> None:
    can = client.start(notebookDocument={"synchronization": {}})
    [selector] = can["notebookDocumentSync"]["notebookSelector"]
    assert selector["cells"] == [{"language": "python"}]
    magic = "%matplotlib inline\n!pip install x\n%time x = tf.log(1.0)"
    uri, [first, second, third] = _open(
        client, "import tensorflow as tf", f"# é\n{magic}\n", "  s = '😀'; y = tf.log(x)\n"
    )
    assert _codes(client, first) == []
    assert _codes(client, second) == [(3, 10, "TF901")]
    assert _codes(client, third) == [(0, 16, "TF901")]
    [fix, silence, fix_all] = client.actions(third, 0)
    cell = "  s = '😀'; y = tf.log(x)\n"
    assert applied(cell, fix["edit"]["changes"][third]) == cell.replace("tf.log", "tf.math.log")
    assert list(fix["edit"]["changes"]) == [third]
    assert applied(cell, silence["edit"]["changes"][third]) == f"{cell[:-1]}  # noqa: TF901\n"
    changes = fix_all["edit"]["changes"]
    assert sorted(changes) == [second, third]
    whole = f"# é\n{magic}\n"
    assert applied(whole, changes[second]) == whole.replace("tf.log", "tf.math.log")
    assert "`tf.log` was renamed" in client.hover(third, 0, 18)
    assert client.hover(second, 1, 3) == ""
    client.notify(
        "notebookDocument/didClose",
        {
            "notebookDocument": {"uri": uri},
            "cellTextDocuments": [{"uri": cell} for cell in (first, second, third)],
        },
    )
    assert _codes(client, third) == []


def test_cells_come_change_and_go(client: Client) -> None:
    client.start(notebookDocument={"synchronization": {}})
    uri, [first, second] = _open(client, "import numpy as tf\n", "x = tf.log(1.0)\n")
    assert _codes(client, second) == []
    # Typed in one cell, it means something in the next.
    range_ = {"start": {"line": 0, "character": 7}, "end": {"line": 0, "character": 12}}
    where = {"uri": first, "version": 2}
    changes = [{"range": range_, "text": "tensorflow"}]
    _change(client, uri, {"textContent": [{"document": where, "changes": changes}]})
    assert _codes(client, second) == [(0, 4, "TF901")]
    # A new cell between them, and one of another language.
    new, other = f"{second}new", f"{second}sql"
    structure = {
        "array": {"start": 1, "deleteCount": 0,
                  "cells": [{"kind": 2, "document": new}, {"kind": 2, "document": other}]},
        "didOpen": [_item(new, "tf = 1\n"), _item(other, "select 1", "sql")],
    }  # fmt: skip
    _change(client, uri, {"structure": structure})
    assert _codes(client, new) == []
    assert client.diagnostics(second) == []
    # A cell that is no Python keeps what was said of it, and costs the others nothing.
    where = {"uri": new, "version": 2}
    _change(
        client, uri, {"textContent": [{"document": where, "changes": [{"text": "x = tf.log(\n"}]}]}
    )
    assert _codes(client, second) == [(0, 4, "TF901")]
    assert client.rounds[new] == 1
    # And the first cell goes: `tf` is nothing any more.
    structure = {"array": {"start": 0, "deleteCount": 1}, "didClose": [{"uri": first}]}
    _change(client, uri, {"structure": structure})
    assert _codes(client, first) == []
    assert _codes(client, second) == []


def test_cells_of_python_2_are_not_changed(client: Client) -> None:
    client.start(notebookDocument={"synchronization": {}})
    _, [_, second] = _open(client, "import tensorflow as tf\n", "print tf.log(1.0)\n")
    assert _codes(client, second) == [(0, 6, "TF901")]
    assert client.actions(second, 0) == []
