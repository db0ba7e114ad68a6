"""The flake8 plugin, run by the real flake8."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

import pytest

from flake8_tf2 import Plugin
from tests import hosts
from tests.hosts import BAD, BAD_VALUES, ODD, Place, flake8, flake8_places
from tests.support import unmark
from tf2lint.check.registry import rules
from tf2lint.config import Settings
from tf2lint.settings import settings_of

PLACE = Place("bad.py", 3, 9, "TF101")


def test_by_path(here: Path) -> None:
    done = flake8("bad.py", cwd=here)
    assert done.stderr == ""
    assert flake8_places(done.stdout) == [PLACE]
    assert done.returncode == 1
    assert "`tf.summary.merge_all` was removed in TF 2. " in done.stdout


def test_selected_without_being_asked_for(here: Path) -> None:
    done = hosts.run("flake8", "bad.py", cwd=here)
    assert flake8_places(done.stdout) == [PLACE]


def test_version_names_the_plugin(here: Path) -> None:
    assert "tf2lint: " in hosts.run("flake8", "--version", cwd=here).stdout


@pytest.mark.parametrize("name", [None, "shown.py", "no/such/folder/shown.py"])
def test_by_stdin(here: Path, name: str | None) -> None:
    args = [] if name is None else [f"--stdin-display-name={name}"]
    done = flake8(*args, "-", cwd=here, stdin=BAD.encode())
    assert done.stderr == ""
    assert flake8_places(done.stdout) == [PLACE._replace(path=name or "stdin")]


def test_stdin_display_name_is_the_place_of_neighbours(here: Path) -> None:
    package = here / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "compat.py").write_text("import tensorflow.compat.v1 as tf\n")
    text = b"from .compat import tf\n\ntf.summary.merge_all()\n"
    (package / "user.py").write_bytes(b"")
    at_home = flake8("--stdin-display-name=pkg/user.py", "-", cwd=here, stdin=text)
    assert flake8_places(at_home.stdout) == [Place("pkg/user.py", 3, 0, "TF101")]
    elsewhere = flake8("--stdin-display-name=user.py", "-", cwd=here, stdin=text)
    assert elsewhere.stdout == ""


def test_noqa_is_the_hosts_business(here: Path) -> None:
    (here / "bad.py").write_text(BAD.rstrip() + "  # noqa: TF101\n")
    assert flake8("bad.py", cwd=here).stdout == ""
    assert flake8_places(flake8("--disable-noqa", "bad.py", cwd=here).stdout) == [PLACE]


# Options.


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_options_from_config_files(here: Path, name: str) -> None:
    (here / "compat.py").write_text("import tensorflow.compat.v1 as tf\n\ntf.summary.merge_all()\n")
    (here / "alias.py").write_text("from company.tools import tf\n\ntf.summary.merge_all()\n")
    (here / name).write_text(
        "[flake8]\ntf2-allow-compat-v1 = true\ntf2-aliases =\n    company.tools.tf=tensorflow,\n"
        "    company.tools.other=tensorflow\ntf2-target-version = 2.4\n"
    )
    done = flake8("compat.py", "alias.py", cwd=here)
    assert done.stderr == ""
    assert flake8_places(done.stdout) == [Place("alias.py", 3, 0, "TF101")]
    off = flake8("--no-tf2-allow-compat-v1", "compat.py", cwd=here)
    assert Place("compat.py", 3, 0, "TF101") in flake8_places(off.stdout)


def test_options_from_the_command_line(here: Path) -> None:
    (here / "compat.py").write_text("import tensorflow.compat.v1 as tf\n\ntf.summary.merge_all()\n")
    assert flake8("compat.py", cwd=here).returncode == 1
    done = flake8("--tf2-allow-compat-v1", "compat.py", cwd=here)
    assert (done.stdout, done.returncode) == ("", 0)


def test_options_from_pyproject_lie_below_those_of_the_host(here: Path) -> None:
    (here / "compat.py").write_text("import tensorflow.compat.v1 as tf\n\ntf.summary.merge_all()\n")
    (here / "pyproject.toml").write_text("[tool.tf2lint]\nallow-compat-v1 = true\n")
    assert flake8("compat.py", cwd=here).stdout == ""
    (here / ".flake8").write_text("[flake8]\ntf2-allow-compat-v1 = no\n")
    assert flake8("compat.py", cwd=here).returncode == 1
    assert flake8("--tf2-allow-compat-v1", "compat.py", cwd=here).stdout == ""


def test_help_lists_every_option(here: Path) -> None:
    text = hosts.run("flake8", "--help", cwd=here).stdout
    assert [s for s in settings_of("flake8") if f"--{s.option}" not in text] == []


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("name", "value", "message"), BAD_VALUES)
def test_a_bad_value_is_one_line_and_a_usage_error(
    here: Path, jobs: int, name: str, value: str, message: str
) -> None:
    (here / "other.py").write_text(BAD)
    done = flake8(f"--jobs={jobs}", f"--tf2-{name}={value}", ".", cwd=here)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("flake8: error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.tf2lint]\ntarget = '2.1'\n", "no option 'target', did you mean 'target-version'?"),
        ("[tool.tf2lint]\nenable = 3\n", "tf2-enable: expected a list of strings, got 3"),
        ("[tool.tf2lint\n", "pyproject.toml: "),
    ],
)
def test_a_bad_pyproject_is_one_line_and_a_usage_error(here: Path, text: str, message: str) -> None:
    (here / "pyproject.toml").write_text(text)
    done = flake8("bad.py", cwd=here)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("option", ["tf2-allow-compat-v1", "tf2-report-guarded"])
def test_a_bad_flag_in_a_config_file(here: Path, option: str) -> None:
    (here / ".flake8").write_text(f"[flake8]\n{option} = perhaps\n")
    done = flake8("bad.py", cwd=here)
    assert done.returncode == 2
    assert done.stderr == f"flake8: error: {option}: expected yes or no, got 'perhaps'\n"


# Off by default.


def test_rules_that_are_off_stay_off_whatever_is_selected(here: Path) -> None:
    off = [rule for rule in rules() if not rule.default]
    for rule in off:
        for number, example in enumerate(rule.examples):
            bad = unmark(example.bad)[0]
            (here / f"{rule.code}_{number}.py").write_text(bad, encoding="utf-8")
    done = flake8("--select=TF", "--extend-select=TF", "--ignore=E1", ".", cwd=here)
    codes = {place.code for place in flake8_places(done.stdout)}
    assert codes & {rule.code for rule in off} == set()
    on = flake8(f"--tf2-enable={','.join(rule.name for rule in off)}", ".", cwd=here)
    assert {rule.code for rule in off} - {p.code for p in flake8_places(on.stdout)} == set()


# The same findings however it is run.


def test_jobs_and_hash_seed_change_nothing(corpus: Path) -> None:
    runs = [
        flake8(f"--jobs={jobs}", ".", cwd=corpus, env={"PYTHONHASHSEED": str(seed)})
        for jobs, seed in ((1, 0), (2, 1))
    ]
    assert runs[0].stdout == runs[1].stdout
    assert [run.stderr for run in runs] == ["", ""]
    assert len(flake8_places(runs[0].stdout)) >= len(rules())


def test_two_runs_in_one_process_share_no_state() -> None:
    first = _plugin(BAD, {"allow-compat-v1": True})
    second = _plugin(BAD.replace("as tf", "as T").replace("tf.", "T."), {})
    assert [row[:2] for row in second.run()] == [(3, 9)]
    assert [row[:2] for row in first.run()] == [(3, 9)]


# Odd files.


@pytest.fixture(scope="module")
def odd_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Place], str]:
    here = tmp_path_factory.mktemp("odd")
    for name, (data, _) in ODD.items():
        (here / f"{name.replace(' ', '_')}.py").write_bytes(data)
    done = flake8(".", cwd=here)
    return flake8_places(done.stdout), done.stderr


@pytest.mark.parametrize("name", ODD)
def test_odd_files_by_path(odd_run: tuple[list[Place], str], name: str) -> None:
    found, stderr = odd_run
    path = f"./{name.replace(' ', '_')}.py"
    assert [(p.line, p.column) for p in found if p.path == path] == ODD[name][1]
    assert stderr == ""


@pytest.mark.parametrize("name", ["bom", "latin-1", "crlf", "form feed", "empty"])
def test_odd_files_by_stdin(tmp_path: Path, name: str) -> None:
    data, places = ODD[name]
    done = flake8("-", cwd=tmp_path, stdin=data)
    assert [(p.line, p.column) for p in flake8_places(done.stdout)] == places
    assert done.stderr == ""


@pytest.mark.parametrize(
    "deep",
    ["(" * 90 + "{0}" + ")" * 90, "1 + " * 900 + "{0}", "tf.constant(1)" + ".f()" * 900 + ", {0}",
     "[" * 90 + "{0}" + "]" * 90, "-" * 900 + "{0}", "a if b else " * 900 + "{0}"],
)  # fmt: skip
def test_depth_that_other_plugins_do_not_survive(deep: str) -> None:
    text = "import tensorflow as tf\nx = " + deep.format("tf.summary.merge_all()") + "\n"
    places = [row[:2] for row in _plugin(text, {}).run()]
    assert places == [(2, text.splitlines()[1].index("tf.summary"))]


def test_lone_carriage_returns_end_lines_as_for_python() -> None:
    """Not through the hosts: Python 3.12's `tokenize` refuses what its parser takes."""
    text = "import tensorflow as tf\r\ry = (1, tf.train.Saver(tf.summary.merge_all()))\r"
    assert [row[:2] for row in _plugin(text, {}).run()][-1] == (3, 23)


def test_a_syntax_error_stays_the_hosts_business(here: Path) -> None:
    (here / "two.py").write_text("import tensorflow as tf\nprint 'x'\n")
    done = hosts.run("flake8", "--select=TF,E9", ".", cwd=here)
    assert [line.split(" ")[1] for line in done.stdout.splitlines()] == ["TF101", "E999"]
    assert done.stderr == ""


def _plugin(text: str, given: dict[str, object]) -> Plugin:
    options = argparse.Namespace(tf2_settings=Settings(given, ""), tf2_takes=bool)
    return Plugin(ast.parse(text), "text.py", text.splitlines(keepends=True), options)
