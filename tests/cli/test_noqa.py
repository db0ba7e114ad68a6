"""`--add-noqa`, unused `# noqa` comments, and what a baseline has that is fixed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.support import BAD, Run, notebook, put

LOG = "import tensorflow as tf\nx = tf.log(1.0)"


def test_all_that_is_found_gets_a_comment(run: Run, tree: Path) -> None:
    put(tree, {
        "a.py": f'{LOG}  # why\ny = tf.log("""\n""")\nz = (\n    tf.log(1.0), tf.Session(),\n)\n',
        "crlf.py": f"{LOG}  # noqa: E501\n".replace("\n", "\r\n"),
        "n.ipynb": notebook("import tensorflow as tf", "%time 1\ny = tf.log(1.0)"),
        "clean.py": "x = 1\n",
    })  # fmt: skip
    done = run("check", "--add-noqa", ".")
    assert (done.status, done.out) == (0, "6 findings silenced in 3 files\n")
    assert (tree / "a.py").read_text() == (
        f'{LOG}  # why  # noqa: TF901\ny = tf.log("""\n""")  # noqa: TF901\nz = (\n'
        "    tf.log(1.0), tf.Session(),  # noqa: TF601, TF901\n)\n"
    )
    assert (tree / "crlf.py").read_bytes().endswith(b"  # noqa: E501, TF901\r\n")
    assert run("check", ".") == (0, "", "")
    assert run("check", "--add-noqa", ".").out == "0 findings silenced in 0 files\n"


def test_only_what_is_reported_gets_one(run: Run, tree: Path) -> None:
    put(tree, {"a.py": f"{LOG}\ntf.Session()\n", "two.py": "import tensorflow\nprint 'x' y\n"})
    done = run("check", "--select=TF6", "--add-noqa", ".")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert (tree / "a.py").read_text() == f"{LOG}\ntf.Session()  # noqa: TF601\n"


UNUSED = {
    "used": (f"{LOG}  # noqa: TF901\n", []),
    "used by a prefix": (f"{LOG}  # noqa: TF9, E501\n", []),
    "another code": (f"{LOG}  # noqa: E501, TF101\n", ["2:32"]),
    "no rule": (f"{LOG}  # noqa: TF901,TF998\n", ["2:32"]),
    "off": (f"{LOG}  # noqa: TF901,TF605\n", []),
    "in a string": (f'{LOG}; y = "# noqa: TF101"  # noqa: TF901\n', []),
    "of a string over lines": (f'{LOG[:-1]}, """\n""")  # noqa: TF901\n', []),
    "of brackets": ("import tensorflow as tf\nx = [  # noqa: TF901\n    tf.log(1.0)]\n", ["2:16"]),
    "bare": (f"{LOG}\ny = 1  # noqa\n", []),
    "wide": ("import tensorflow as tf\nx = 'é\U0001f600'  # noqa: TF101\n", ["2:19"]),
}


@pytest.mark.parametrize(("text", "places"), UNUSED.values(), ids=UNUSED)
def test_unused_ones(run: Run, tree: Path, text: str, places: list[str]) -> None:
    put(tree, {"a.py": text, "pyproject.toml": "[tool.tf2lint]\nunused-noqa = true\n"})
    for _ in range(2):  # the second one from the cache
        lines = [line for line in run("check", "a.py").lines if " TF099 " in line]
        assert [line.split(" ")[0] for line in lines] == [f"a.py:{place}:" for place in places]
    put(tree, {"pyproject.toml": ""})
    assert " TF099 " not in run("check", "a.py").out


@pytest.mark.parametrize("form", ["json", "sarif", "pylint", "gitlab", "junit", "rdjson", "azure"])
def test_unused_ones_in_every_format(run: Run, tree: Path, form: str) -> None:
    put(tree, {"a.py": "import tensorflow as tf\nx = 1  # noqa: TF101\n"})
    done = run("check", "--unused-noqa", f"--output-format={form}", "a.py")
    assert done.status == 1
    assert ("TF099" if form in ("rdjson", "azure") else "unused-noqa") in done.out


# Stale entries of a baseline.


def test_what_is_fixed_is_told(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD, "b.py": f"{LOG}\n"})
    run("baseline", ".")
    known = ("check", "--tf2-baseline=tf2lint-baseline.txt")
    assert run(*known, "--fail-on-stale", ".") == (0, "", "")
    put(tree, {"a.py": "import tensorflow as tf\n", "b.py": "x = 1\n"})
    for _ in range(2):  # the second one from the cache
        done = run(*known, ".")
        assert (done.status, done.out) == (0, "")
        assert done.err == (
            "tf2lint: the baseline has more than there is in 2 files (the first: ./a.py); "
            "`tf2lint baseline --prune` strikes out what is fixed\n"
        )
    assert run(*known, "--fail-on-stale", ".").status == 1
    assert run(*known, "--fail-on-stale", "--exit-zero", ".").status == 0
    run("baseline", "--prune", ".")
    assert run(*known, "--fail-on-stale", ".") == (0, "", "")


def test_a_freed_place_is_not_used_unseen(run: Run, tree: Path) -> None:
    put(tree, {"a.py": f"{LOG}\ny = tf.to_float(2)\n"})
    run("baseline", ".")
    put(tree, {"a.py": f"{LOG.replace('tf.log', 'tf.math.log')}\n"})
    assert "1 file (the first" in run("check", "--tf2-baseline=tf2lint-baseline.txt", ".").err


def test_files_that_are_gone_are_stale(run: Run, tree: Path) -> None:
    put(tree, {"a.py": BAD, "b.py": BAD})
    run("baseline", ".")
    (tree / "b.py").unlink()
    done = run("check", "--tf2-baseline=tf2lint-baseline.txt", "--fail-on-stale", ".")
    assert done.status == 1
    assert json.loads(run("check", "--output-format=json", "a.py").out)
