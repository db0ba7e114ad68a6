"""Notebooks: cells as one module, magics, positions, broken files, what a fix touches; nbQA."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.support import Run, notebook, put
from tests.hosts import run as run_module
from tf2lint.notebooks import Notebook, NotRewritten

IMPORT = "import tensorflow as tf"
MERGE = "tf.summary.merge_all()"


def test_an_import_counts_in_later_cells(run: Run, tree: Path) -> None:
    put(
        tree, {"n.ipynb": notebook(IMPORT, "#markdown", "\nx = 1\ny = (1, tf.summary.merge_all())")}
    )
    done = run("check", ".")
    assert (done.status, done.err) == (1, "")
    [line] = done.lines
    # Cells are counted as nbQA does: those with code.
    assert line.startswith("./n.ipynb:cell_2:3:9: TF101 `tf.summary.merge_all` was removed ")


MAGICS = {
    "line magic": "%matplotlib inline\nM",
    "with spaces": "%  matplotlib inline\nM",
    "cell magic with Python": "%%time\nM",
    "cell magic with arguments": "%%capture out --no-stderr\nM",
    "after blank lines and comments": "\n# about\n%%timeit -n 1\nM",
    "command": "!pip install 'x'  # it's\nM",
    "command that goes on": "!pip install \\\n  tensorflow==1.15 \\\n  'x\nM",
    "magic that goes on": "%run \\\n  (\nM",
    "help": "?tf.Session\ntf.Session?\ntf.Session??\n%%time?\nM",
    "indented": "if 1:\n    !ls {x}\n    %cd (\n    M",
    "the only statement of a block": "for x in y:\n  !rm x\nM",
    "assigned": "files = !ls (\nM",
    "magic assigned": "a, b = %sql select '\nM",
    "assigned to a key": "x['a=b'] = !ls\nM",
    "without a percent sign": "pip install -q x\ncd ../x\nls -l\nM",
    "quotes escaped": "x = 'it\\'s' \"'\"\n!ls '\nM",
    "all of it indented": "  x = 1\n  M",
    "all of it indented, a command first": "  !ls (\n  M",
    "no magic: percent in brackets": "x = ('%s'\n     % 1)\nM",
    "no magic: percent after a backslash": "x = y \\\n  % 1\nM",
    "no magic: in a string": "x = '''\n%cd (\n!ls (\n'''\nM",
    "no magic: in a joined string": "x = 'a\\\n%cd ('\nM",
    "no magic: question mark in a comment": "x = 1  # is it?\nM",
    "not equal": "x = 1 != 2\nM",
    "windows": "!ls\r\nx = 1\r\nM",
    "awaited": "await x\nM",
}


@pytest.mark.parametrize("text", MAGICS.values(), ids=MAGICS)
def test_magics_move_nothing(run: Run, tree: Path, text: str) -> None:
    put(tree, {"n.ipynb": notebook(IMPORT, text.replace("M", f"({MERGE})"), MERGE)})
    done = run("check", "n.ipynb")
    assert done.err == ""
    before, _, after = text.partition("M")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert after == ""
    assert [at.partition(" TF101")[0] for at in done.lines] == [
        f"n.ipynb:cell_2:{line}:{column + 1}:", "n.ipynb:cell_3:1:1:",
    ]  # fmt: skip


# Magics that run Python: what is found in it, at its own place; M is tf.log(1.0).
RUNNERS = {
    "time": "%time M",
    "time of an assignment": "%time y = M",
    "time of two statements": "%time a = M; b = M",
    "timeit": "%timeit -n 1 -r2 -o M",
    "timeit without options": "  %timeit  M",
    "prun": "%prun -l 10 -s cumulative M",
    "memit": "%memit -r 1 M",
    "lprun": "%lprun -f f f(M)",
    "a long option": "%time --no-raise-error M",
    "in a block": "for i in range(3):\n    %time M",
    "assigned": "y = %time M",
    "assigned, in a tuple": "a, b = %time (M, M)",
    "the set-up of a cell": "%%timeit x = M\nx",
    "with a comment": "%time M  # slow",
}


@pytest.mark.parametrize("text", RUNNERS.values(), ids=RUNNERS)
def test_python_in_magics_is_python(run: Run, tree: Path, text: str) -> None:
    put(tree, {"n.ipynb": notebook(IMPORT, text.replace("M", "tf.log(1.0)"), "x")})
    before = (tree / "n.ipynb").read_text()
    done = run("check", "n.ipynb")
    assert done.err == ""
    wanted = []
    for line, code in enumerate(text.split("\n"), 1):
        made = code.replace("M", "tf.log(1.0)")
        starts = [at for at in range(len(made)) if made.startswith("tf.log", at)]
        wanted += [f"n.ipynb:cell_2:{line}:{at + 1}: TF901 `tf.log`" for at in starts]
    assert [line.partition(" was")[0].replace(" [*]", "") for line in done.lines] == wanted
    assert run("fix", "n.ipynb").status == 0
    assert (tree / "n.ipynb").read_text() == before.replace("tf.log", "tf.math.log")
    put(tree, {"n.ipynb": notebook(IMPORT, text.replace("M", "tf.log(1.0)  # noqa"))})
    assert run("check", "n.ipynb").out.count("TF901") in (0, text.count("M") - 1)


@pytest.mark.parametrize(
    "line",
    ["%time !tf.log(1.0)", "%time for x in y: tf.log(1.0)", "%timeit -n 1", "%time tf.log?",
     "%time f($tf.log)", "%sql tf.log(1.0)", "!time tf.log(1.0)", "%time f( \\", "%debug tf.log(1.0)",
     "y = %time tf.log(1.0) # why", "%timeit -n"],
)  # fmt: skip
def test_what_is_not_python_in_them_is_passed_over(run: Run, tree: Path, line: str) -> None:
    put(tree, {"n.ipynb": notebook(IMPORT, f"{line}\n", MERGE)})
    done = run("check", "n.ipynb")
    assert done.err == ""
    assert [at.partition(" TF101")[0] for at in done.lines] == ["n.ipynb:cell_3:1:1:"]
    book = Notebook((tree / "n.ipynb").read_text())
    assert book.rewritten(book.module) == book.text


def test_a_fix_of_what_stands_for_a_magic_is_refused() -> None:
    book = Notebook(notebook("%time f(1)", "y = %time f(1)"))
    assert book.rewritten(book.module) == book.text
    changed = book.rewritten(book.module.replace("f(1)", "g(22)", 1))
    assert [cell.text for cell in Notebook(changed).cells] == ["%time g(22)", "y = %time f(1)"]
    for old, new in (
        ("0    ;f(1)", "f(1)"), ("0    ;f(1)", "0    ;"), ("y = (", "z = ("), ("f(1))  ", "f(1)) "),
    ):  # fmt: skip
        assert old in book.module
        with pytest.raises(NotRewritten, match="a magic would change"):
            book.rewritten(book.module.replace(old, new, 1))


def test_cells_of_other_languages_are_left_out(run: Run, tree: Path) -> None:
    bash = f"%%bash\n{MERGE}\nif ("
    put(tree, {"n.ipynb": notebook(IMPORT, bash, f"%%writefile x.py\n{MERGE}", "%%html\n<p>it's")})
    assert run("check", "n.ipynb") == (0, "", "")
    put(tree, {"n.ipynb": notebook("library(tensorflow)\nx <- (", language="R")})
    assert run("check", "n.ipynb") == (0, "", "")


def test_tensorflow_version_is_reported(run: Run, tree: Path) -> None:
    cells = [
        "# Colab\n  %tensorflow_version 1.x ",
        "import gpt_2_simple",
        "%tensorflow_version 2.x",
    ]
    put(tree, {"n.ipynb": notebook(*cells)})
    [found] = json.loads(run("check", "--output-format=json", "n.ipynb").out)
    assert (found["code"], found["confidence"], found["status"]) == ("TF009", "high", "removed")
    assert [found[name] for name in ("cell", "line", "column", "end_line", "end_column")] == [
        1, 2, 3, 2, 26,
    ]  # fmt: skip
    assert found["message"].startswith("`%tensorflow_version 1.x` raises: ")
    put(tree, {"n.ipynb": notebook("%tensorflow_version 1.x  # noqa: TF009")})
    assert run("check", "n.ipynb") == (0, "", "")
    # What nbconvert makes of it, and what is something else.
    put(tree, {"n.py": "from IPython import get_ipython\n"
               "get_ipython().run_line_magic('tensorflow_version', '1.x')\n"
               "get_ipython().magic('tensorflow_version 1.x')\n"
               "get_ipython().magic('tensorflow_version 2.x')\n"
               "get_ipython().magic('load_ext tensorboard 1.x')\n"
               "get_ipython().magic(x)\n"})  # fmt: skip
    assert [line[:9] for line in run("check", "n.py").lines] == ["n.py:2:1:", "n.py:3:1:"]


def test_formats_say_cell_and_line(run: Run, tree: Path) -> None:
    text = notebook(IMPORT, f"x = 1\né = {MERGE}")
    put(tree, {"n.ipynb": text})
    physical = next(n for n, line in enumerate(text.splitlines(), 1) if "é" in line)
    github = run("check", "--output-format=github", "n.ipynb").out
    assert f"file=n.ipynb,line={physical}," in github
    assert "::cell 2, line 2: `tf.summary.merge_all` " in github
    [found] = json.loads(run("check", "--output-format=gitlab", "n.ipynb").out)
    assert found["location"]["positions"]["begin"]["line"] == physical
    sarif = json.loads(run("check", "--output-format=sarif", "n.ipynb").out)
    [result] = sarif["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": physical}
    assert [result["properties"][x] for x in ("cell", "line", "column")] == [2, 2, 5]
    [found] = json.loads(run("check", "--output-format=json", "n.ipynb").out)
    assert (found["cell"], found["line"], found["column"], found["end_column"]) == (2, 2, 5, 25)


def test_formats_in_other_json_styles(run: Run, tree: Path) -> None:
    whole = json.loads(notebook(IMPORT, f"x = 1\n{MERGE}"))
    for cell in whole["cells"]:
        cell["source"] = "".join(cell["source"])  # one string, as Colab's old ones
    put(tree, {"n.ipynb": json.dumps(whole)})
    assert run("check", "n.ipynb").out.startswith("n.ipynb:cell_2:2:1: TF101")
    for cell in whole["cells"]:
        cell["input"] = [cell.pop("source")[:3], "", "ort tensorflow as tf\nx = tf.Session()"]
        cell["input"] = cell["input"] if cell is whole["cells"][0] else []
    old = {"metadata": {}, "nbformat": 3, "worksheets": [{"cells": whole["cells"]}]}
    put(tree, {"n.ipynb": json.dumps(old)})
    assert run("check", "n.ipynb").out.startswith("n.ipynb:cell_1:2:5: TF601")


def test_standard_input_baseline_and_comments(run: Run, tree: Path) -> None:
    put(tree, {"n.ipynb": notebook(IMPORT, f"{MERGE}  # noqa: TF101", f"!ls\n{MERGE}")})
    assert run("baseline", "n.ipynb").status == 0
    known = ("check", "--tf2-baseline=tf2lint-baseline.txt", "n.ipynb")
    assert run(*known) == (0, "", "")
    put(tree, {"n.ipynb": notebook(IMPORT, f"x = {MERGE}", "!pwd", f"!ls\n{MERGE}")})
    assert [line[:18] for line in run(*known).lines] == ["n.ipynb:cell_2:1:5"]


BROKEN = {
    "empty": ("", "n.ipynb:1:1: is no notebook: Expecting value"),
    "cut off": (notebook(IMPORT)[:-60], "is no notebook: "),
    "merge conflict": ("{\n<<<<<<< ours\n", "n.ipynb:2:1: is no notebook: Expecting property"),
    "a list": ("[]", "n.ipynb:1:1: is no notebook: it is no JSON object"),
    "no cells": ('{"metadata": {}}', "n.ipynb:1:1: is no notebook: it has no cells"),
    "cells no list": ('{"cells":\n  {}}', "n.ipynb:2:3: is no notebook: its cells are no list"),
    "cell no object": ('{"cells": [1]}', "n.ipynb:1:12: is no notebook: a cell is no object"),
    "no source": ('{"cells": [{"cell_type": "code"}]}', "cell_1 has no source"),
    "a number for source": (
        '{"cells": [{"cell_type": "code", "source": 1}]}', "the source of cell_1 is no text",
    ),
    "numbers for lines": (
        '{"cells": [{"cell_type": "code", "source": [1]}]}', "the source of cell_1 is no text",
    ),
    "deep": ("[" * 100000, "is no notebook: nested too deep"),
    "a null in a cell": (notebook("x = 1\0"), "n.ipynb:cell_1:1:1: cannot be parsed: source code"),
    "half a character in a cell": (
        notebook("x = 'HALF'").replace("HALF", "\\ud800"), "n.ipynb:cell_1:1:1: cannot be parsed: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line"), BROKEN.values(), ids=BROKEN)
def test_broken_ones_are_one_line(run: Run, tree: Path, text: str, line: str) -> None:
    put(tree, {"n.ipynb": text, "ok.py": f"{IMPORT}\n{MERGE}\n"})
    done = run("check", ".")
    assert done.status == 2
    assert len(done.lines) == 1
    assert done.err.count("\n") == 1
    assert line in done.err
    assert run("fix", "n.ipynb").status == 2
    assert (tree / "n.ipynb").read_text(encoding="utf-8") == text


def test_bytes_that_are_no_text(run: Run, tree: Path) -> None:
    (tree / "n.ipynb").write_bytes(notebook("é = 1").encode("latin-1"))
    assert "is not utf-8" in run("check", "n.ipynb").err


def test_one_broken_cell_does_not_hide_the_others(run: Run, tree: Path) -> None:
    put(tree, {"n.ipynb": notebook(IMPORT, "x\nprint 'x' y", "print 'y' y", MERGE)})
    done = run("check", "n.ipynb")
    assert done.status == 2
    assert done.err.startswith("tf2lint: n.ipynb:cell_2:2:1: cannot be parsed: Missing parenth")
    assert done.err.endswith(" (and 1 more cell)\n")
    assert [line[:19] for line in done.lines] == ["n.ipynb:cell_4:1:1:"]


def test_a_baseline_of_a_notebook_with_a_broken_cell(run: Run, tree: Path) -> None:
    put(tree, {"n.ipynb": notebook(IMPORT, "print 'x' y", MERGE)})
    done = run("baseline", "n.ipynb")
    assert (done.status, done.err.count("cell_2:1:1: cannot be parsed")) == (2, 1)
    assert done.out.endswith(": 1 finding in 1 entry; 1 file not read\n")
    known = ("--tf2-baseline=tf2lint-baseline.txt", "n.ipynb")
    done = run("check", *known)
    assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
    before = (tree / "tf2lint-baseline.txt").read_text()
    put(tree, {"n.ipynb": notebook(IMPORT, "print 'x' y")})
    assert run("baseline", "--prune", *known).status == 2  # what was not read is not struck out
    assert (tree / "tf2lint-baseline.txt").read_text() == before
    put(tree, {"n.ipynb": notebook(IMPORT, "print('x')", MERGE)})
    assert run("check", *known) == (0, "", "")


# Fixing.

OLD = ["#markdown é", f"%cd x\n{IMPORT}", "!ls \\\n 'é\n\nx = tf.to_float(1)\ny = !ls é", "z\n"]


@pytest.mark.parametrize("style", ["lists", "strings", "bom", "one line", "escapes"])
def test_fix_touches_nothing_else(run: Run, tree: Path, style: str) -> None:
    text = notebook(*OLD, indent=None if style == "one line" else 1)
    if style == "strings":
        whole = json.loads(text)
        for cell in whole["cells"]:
            cell["source"] = "".join(cell["source"])
        text = json.dumps(whole, indent=2, ensure_ascii=False)
    if style == "escapes":
        text = json.dumps(json.loads(text), indent=4)
    bom = b"\xef\xbb\xbf" if style == "bom" else b""
    path = tree / "n.ipynb"
    path.write_bytes(bom + text.encode())
    done = run("fix", "--unsafe", "n.ipynb")
    assert (done.status, done.err) == (0, "")
    assert (
        path.read_bytes()
        == bom + text.replace("x = tf.to_float(1)", "x = tf.cast(1, tf.float32)").encode()
    )


def test_fix_adds_lines(run: Run, tree: Path) -> None:
    put(tree, {"n.ipynb": notebook(IMPORT, "%%time\nwith tf.Session() as s:\n  !ls", "x")})
    done = run("fix", "--to=compat-v1", "n.ipynb")
    assert (done.status, done.err) == (0, "")
    cells = json.loads((tree / "n.ipynb").read_text())["cells"]
    assert cells[0]["source"] == [f"{IMPORT}\n", "tf.compat.v1.disable_v2_behavior()"]
    assert cells[1]["source"] == [
        "%%time\n", "with tf.compat.v1.Session() as s:\n", "  !ls",
    ]  # fmt: skip
    assert cells[2]["source"] == ["x"]


def test_a_notebook_with_a_broken_cell_is_left_alone(run: Run, tree: Path) -> None:
    text = notebook(IMPORT, "x = tf.to_float(1)", "print 'x' y")
    put(tree, {"n.ipynb": text})
    done = run("fix", "--unsafe", "n.ipynb")
    assert done.status == 2
    assert "cell_3:1:1: cannot be parsed" in done.err
    assert (tree / "n.ipynb").read_text() == text


def test_what_does_not_go_back_is_refused() -> None:
    book = Notebook(notebook("!ls", "import os", "%time os.getcwd()", "%%bash\nx"))
    assert book.rewritten(book.module) == book.text
    lines = book.module.splitlines(keepends=True)
    with pytest.raises(NotRewritten, match="needs os"):
        book.rewritten(book.module.replace("import os", "pass"))
    with pytest.raises(NotRewritten, match="in front"):
        book.rewritten(f"x\n{book.module}")
    with pytest.raises(NotRewritten, match="would change"):
        book.rewritten(book.module.replace("'ls'", "'x'"))
    for gone in (1, 4, len(lines) - 1):
        with pytest.raises(NotRewritten, match="would"):
            book.rewritten("".join(lines[:gone] + lines[gone + 1 :]))


@pytest.mark.parametrize("text", MAGICS.values(), ids=MAGICS)
def test_what_is_not_changed_comes_back_as_it_was(text: str) -> None:
    book = Notebook(notebook(text, "x", text))
    assert book.rewritten(book.module) == book.text
    changed = book.rewritten(book.module.replace("M\n", "MM\n"))
    cells = [cell.text for cell in Notebook(changed).cells]
    assert cells == [text.replace("M", "MM"), "x", text.replace("M", "MM")]


# nbQA hands the cells to flake8 and pylint.


@pytest.mark.parametrize("tool", ["flake8", "pylint"])
def test_nbqa(tree: Path, tool: str) -> None:
    cells = ["%matplotlib inline", IMPORT, "#markdown", f"!ls\nx = (1, {MERGE})"]
    put(tree, {"n.ipynb": notebook(*cells)})
    options = {
        "flake8": ("--select=TF",),
        "pylint": ("--load-plugins=pylint_tf2", "--disable=all", "--enable=tf2lint", "--score=n"),
    }
    done = run_module("nbqa", tool, "n.ipynb", *options[tool], cwd=tree)
    column = {"flake8": 9, "pylint": 8}[tool]
    found = [line for line in done.stdout.splitlines() if "merge_all" in line]
    assert len(found) == 1, done
    assert found[0].startswith(f"n.ipynb:cell_3:2:{column}: ")
    assert done.returncode
