"""The baseline: made, held, pruned; in all three front ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.support import BAD, CLEAN, Run, put
from tests.hosts import flake8, flake8_places, pylint, pylint_places
from tests.hosts import run as run_module
from tf2lint.baseline import HEADER, Entry, dump, load, parse
from tf2lint.options import OptionError

CALL = "tf.summary.merge_all()\n"
HEAD = "import tensorflow as tf\n\n"
OLD = HEAD + "a = " + CALL + "b = " + CALL
FILE = "b.txt"


@pytest.fixture
def known(run: Run, tree: Path) -> Run:
    """A tree with a baseline: two findings in pkg/old.py, one in pkg/two.py."""
    put(tree, {"pkg/old.py": OLD, "pkg/two.py": BAD, "pkg/clean.py": CLEAN})
    done = run("baseline", "pkg", "-o", FILE)
    assert done == (0, f"{FILE}: 3 findings in 2 entries\n", "")
    return run


def _check(run: Run) -> list[str]:
    done = run("check", "--tf2-baseline", FILE, ".")
    assert done.err == ""
    assert done.status == (1 if done.out else 0)
    return [":".join(line.split(":")[:2]) for line in done.lines]


def test_the_file_is_sorted_and_readable(known: Run, tree: Path) -> None:
    lines = (tree / FILE).read_text().splitlines()
    assert lines[0] == HEADER
    entries = [line for line in lines if not line.startswith("#")]
    assert len(entries) == 2
    assert entries[0].startswith("pkg/old.py: TF101 2 ")
    assert entries[1].startswith("pkg/two.py: TF101 1 ")


def test_what_is_known_passes(known: Run, tree: Path) -> None:
    assert _check(known) == []


def test_lines_may_move_and_change(known: Run, tree: Path) -> None:
    put(tree, {"pkg/old.py": "# new\n\n\n" + OLD.replace("a = ", "c = x or ") + "\n# end\n"})
    assert _check(known) == []


def test_a_new_finding_is_the_one_that_is_reported(known: Run, tree: Path) -> None:
    put(tree, {"pkg/old.py": OLD.replace("b = ", "new = " + CALL + "b = ")})
    assert _check(known) == ["./pkg/old.py:4"]
    put(tree, {"pkg/old.py": HEAD + "new = " + CALL + "# then\na = " + CALL + "b = " + CALL})
    assert _check(known) == ["./pkg/old.py:3"]


def test_a_copy_of_a_known_line_is_new(known: Run, tree: Path) -> None:
    put(tree, {"pkg/old.py": OLD + "b = " + CALL})
    assert _check(known) == ["./pkg/old.py:5"]


def test_more_than_the_marks_know(known: Run, tree: Path) -> None:
    """Both lines edited and one added: one too many, whichever it is."""
    put(tree, {"pkg/old.py": HEAD + "x = " + CALL + "y = " + CALL + "z = " + CALL})
    assert _check(known) == ["./pkg/old.py:5"]


def test_other_codes_and_other_files_are_new(known: Run, tree: Path) -> None:
    put(tree, {"pkg/two.py": BAD + "tf.get_variable('x', [1])\n", "pkg/new.py": BAD})
    assert _check(known) == ["./pkg/new.py:3", "./pkg/two.py:4"]


def test_silenced_findings_do_not_count(known: Run, tree: Path) -> None:
    put(tree, {"pkg/two.py": BAD.rstrip() + "  # noqa: TF101\n" + "z = " + CALL})
    assert _check(known) == []
    put(tree, {"pkg/two.py": BAD + "z = " + CALL.rstrip() + "  # noqa: TF101\n"})
    assert _check(known) == []
    assert flake8(f"--tf2-baseline={FILE}", "pkg", cwd=tree).stdout == ""


def test_all_front_ends_report_the_same(known: Run, tree: Path) -> None:
    put(tree, {"pkg/old.py": OLD.replace("b = ", "new = " + CALL + "b = "), "pkg/__init__.py": ""})
    (tree / "pyproject.toml").write_text(f"[tool.tf2lint]\nbaseline = '{FILE}'\n")
    (tree / "sub").mkdir()
    for folder in (tree, tree / "sub"):
        where = os.path.relpath(tree / "pkg", folder)
        told = f"--tf2-baseline={os.path.relpath(tree / FILE, folder)}"
        for arguments in ([told], []):
            places = flake8_places(flake8(*arguments, where, cwd=folder).stdout)
            assert [(place.code, place.line) for place in places] == [("TF101", 4)]
            places = pylint_places(pylint(*arguments, where, cwd=folder).stdout)
            assert [(place.code, place.line) for place in places] == [("TF101", 4)]
    by_stdin = flake8(
        f"--tf2-baseline={FILE}", "--stdin-display-name=pkg/old.py", "-",
        cwd=tree, stdin=OLD.encode(),
    )  # fmt: skip
    assert by_stdin.stdout == ""


def test_a_sandbox_of_links(known: Run, tree: Path) -> None:
    """As build systems run linters: a tree of links to the few files that a step is given."""
    put(tree, {"pkg/old.py": OLD.replace("b = ", "new = " + CALL + "b = ")})
    box = tree / "box"
    (box / "pkg").mkdir(parents=True)
    for name in ("pkg/old.py", FILE):
        os.symlink(tree / name, box / name)
    told = f"--tf2-baseline={FILE}"
    places = flake8_places(flake8(told, "pkg/old.py", cwd=box).stdout)
    assert [(place.code, place.line) for place in places] == [("TF101", 4)]
    places = pylint_places(pylint(told, "pkg/old.py", cwd=box).stdout)
    assert [(place.code, place.line) for place in places] == [("TF101", 4)]
    done = run_module("tf2lint", "check", told, "pkg/old.py", cwd=box)
    assert [line.split(":")[1] for line in done.stdout.splitlines()[:-1]] == ["4"]
    assert done.stderr == ""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_hosts_refuse_a_broken_baseline(known: Run, tree: Path, jobs: str) -> None:
    (tree / FILE).write_text("{}")
    message = f"tf2-baseline: {FILE}: is no baseline"
    for host, status in ((flake8, 2), (pylint, 32)):
        done = host(
            f"--jobs={jobs}", f"--tf2-baseline={FILE}", "pkg/old.py", "pkg/two.py", cwd=tree
        )
        assert (done.returncode, done.stdout) == (status, "")
        assert done.stderr.count("\n") == 1
        assert message in done.stderr.replace(f"{tree}/", "")


# Making it smaller.


def test_prune_takes_out_what_is_fixed(known: Run, tree: Path) -> None:
    put(tree, {"pkg/old.py": HEAD + "a = " + CALL})
    done = known("baseline", "--prune", "-o", FILE, "pkg")
    assert done.status == 0
    assert done.out == (f"{FILE}: 3 findings in 2 entries before, 2 findings in 2 entries now\n")
    put(tree, {"pkg/two.py": CLEAN})
    known("baseline", "--prune", "-o", FILE, "pkg")
    entries = load(str(tree / FILE)).entries
    assert {key: entry.count for key, entry in entries.items()} == {("pkg/old.py", "TF101"): 1}
    put(tree, {"pkg/old.py": OLD})
    assert _check(known) == ["./pkg/old.py:4"]


def test_prune_takes_in_nothing_new(known: Run, tree: Path) -> None:
    before = (tree / FILE).read_text()
    put(tree, {"pkg/old.py": OLD + "new = " + CALL, "pkg/new.py": BAD})
    done = known("baseline", "--prune", "-o", FILE, "pkg")
    assert done.lines[-1] == "2 findings are not in it and go on being reported"
    assert (tree / FILE).read_text() == before
    assert len(_check(known)) == 2


def test_prune_leaves_what_it_was_not_shown(known: Run, tree: Path) -> None:
    put(tree, {"pkg/old.py": CLEAN})
    known("baseline", "--prune", "-o", FILE, "pkg/old.py")
    assert load(str(tree / FILE)).files() == ["pkg/two.py"]
    put(tree, {"pkg/two.py": "import tensorflow\nprint 'broken' y\n"})
    done = known("baseline", "--prune", "-o", FILE, "pkg")
    assert done.status == 2
    assert "cannot be parsed" in done.err
    assert load(str(tree / FILE)).files() == ["pkg/two.py"]


def test_a_renamed_file_is_said_and_followed(known: Run, tree: Path) -> None:
    os.rename(tree / "pkg/old.py", tree / "pkg/moved.py")
    done = known("check", "--tf2-baseline", FILE, ".")
    assert [line.split(":")[0] for line in done.lines] == ["./pkg/moved.py"] * 2
    assert done.err == (
        f"tf2lint: {FILE}: 1 file is not there any more (the first: pkg/old.py); "
        "`tf2lint baseline --prune` strikes them out, and follows renamed ones\n"
    )
    done = known("baseline", "--prune", "-o", FILE, "pkg")
    assert done.lines[0] == "pkg/old.py is now pkg/moved.py"
    assert _check(known) == []


def test_a_removed_file_goes(known: Run, tree: Path) -> None:
    os.unlink(tree / "pkg/old.py")
    known("baseline", "--prune", "-o", FILE, "pkg")
    assert load(str(tree / FILE)).files() == ["pkg/two.py"]


# The file itself.


def test_an_existing_file_is_not_written_over(known: Run, tree: Path) -> None:
    put(tree, {"pkg/new.py": BAD})
    done = known("baseline", "pkg", "-o", FILE)
    assert (done.status, done.out) == (2, "")
    assert "b.txt is there already" in done.err
    assert known("baseline", "--force", "pkg", "-o", FILE).status == 0
    assert _check(known) == []
    shown = [path.name for path in tree.iterdir() if not path.name.startswith(".")]
    assert sorted(shown) == [FILE, "pkg"]


def test_the_baseline_of_another_tree(known: Run, tree: Path) -> None:
    put(tree, {"other/x.py": BAD})
    os.rename(tree / FILE, tree / "other" / FILE)
    done = known("check", "--tf2-baseline", f"other/{FILE}", "other")
    assert (done.status, done.out) == (2, "")
    assert (
        "none of its 2 files is there (the first: pkg/old.py); is it of another tree?" in done.err
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no baseline of this tf2lint"),
        (b"{}\n", "is no baseline of this tf2lint"),
        (b"# tf2lint baseline 2\n", "is no baseline of this tf2lint"),
        (b"\xff\xfe\x00", "is no text"),
        (b"# tf2lint baseline 1\nx.py TF101 1\n", "line 2 is no entry: 'x.py TF101 1'"),
        (b"# tf2lint baseline 1\nx.py: TF101 0\n", "line 2 is no entry"),
        (b"# tf2lint baseline 1\nx.py: TF101 -1\n", "line 2 is no entry"),
        (b"# tf2lint baseline 1\n<<<<<<< HEAD\n", "line 2 is no entry"),
        (b"# tf2lint baseline 1\nx: TF101 1\nx: TF101 2\n", "line 3: there is an entry"),
    ],
)
def test_a_broken_file_is_an_error(run: Run, tree: Path, data: bytes, message: str) -> None:
    (tree / FILE).write_bytes(data)
    put(tree, {"x.py": BAD})
    with pytest.raises(OptionError, match=r"^tf2-baseline: "):
        load(FILE)
    for arguments in (
        ("check", "--tf2-baseline", FILE, "."),
        ("baseline", "--prune", "-o", FILE, "."),
    ):
        done = run(*arguments)
        assert (done.status, done.out) == (2, "")
        assert message in done.err
        assert done.err.count("\n") == 1
    assert (tree / FILE).read_bytes() == data


@pytest.mark.parametrize(
    "path", ["a b.py", "a: TF101 1.py", "#a.py", "100%.py", "é.py", "a\nb.py", "a\u2028b.py", " a"]
)
def test_any_path_survives(path: str) -> None:
    entries = {(path, "TF101"): Entry(2, ("0a1b", "ffff")), (path, "TF900"): Entry(1)}
    assert parse(dump(entries)) == entries


def test_the_output_does_not_depend_on_order() -> None:
    one = {("b", "TF101"): Entry(1, ("2222",)), ("a", "TF201"): Entry(2, ("2222", "1111"))}
    two = {("a", "TF201"): Entry(2, ("1111", "2222")), ("b", "TF101"): Entry(1, ("2222",))}
    assert dump(one) == dump(two)
    assert dump({}).startswith(HEADER)
    assert parse(dump({})) == {}
