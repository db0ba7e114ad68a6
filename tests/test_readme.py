"""What the README shows works: its commands and its configuration blocks are run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.hosts import ROOT, flake8, pylint, run
from tf2lint.baseline import HEADER
from tf2lint.cli import COMMANDS
from tf2lint.cli.schema import schema
from tf2lint.config import Settings
from tf2lint.settings import SETTINGS
from tools import make_docs

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

README = (ROOT / "README.md").read_text(encoding="utf-8")
OTHERS = {"editors", "fixing", "fix-proofs"}  # these have tests of their own
PAGES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs").glob("*.md"))
    if path.stem not in OTHERS
}
WHOLE = "\n".join([README, *PAGES.values()])
BLOCKS = [(m[1], m[2]) for m in re.finditer(r"^```(\w+)\n(.*?)^```$", WHOLE, re.M | re.S)]
CONSOLE = list(
    dict.fromkeys(line for kind, text in BLOCKS if kind == "console" for line in text.splitlines())
)
INSTALLING = [line for line in CONSOLE if line.startswith("python -m pip install ")]
# What an editor starts is run by the tests of editors.
RUNNABLE = [
    line for line in CONSOLE
    if line not in INSTALLING and not line.startswith(("pip install ", "tf2lint server"))
]  # fmt: skip


def _block(kind: str, part: str) -> str:
    """The one block of that kind that holds `part`."""
    [text] = [text for this, text in BLOCKS if this == kind and part in text]
    return text


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The examples alone, and the commands of this environment on the path."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    there = os.path.dirname(sys.executable)
    monkeypatch.setenv("PATH", os.pathsep.join([there, os.environ["PATH"]]))
    git = "git -c user.name=x -c user.email=x@example.com"
    done = _shell(f"git init -q && git add . && {git} commit -q -m x", tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


def _shell(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], cwd=cwd, capture_output=True, check=False, text=True,
        encoding="utf-8", timeout=300,
    )  # fmt: skip


def test_there_is_one_command_to_try_it_and_one_to_test_it() -> None:
    assert len([line for line in INSTALLING if "&& python -m pytest " in line]) == 1
    assert len([line for line in INSTALLING if "&& flake8 " in line]) == 1
    assert len(INSTALLING) == 2


def test_the_command_to_try_it(checkout: Path) -> None:
    """Less the installation, which is there: `.ci/run` runs the whole line."""
    [line] = [line for line in INSTALLING if "&& flake8 " in line]
    done = _shell(line.partition(" && ")[2], checkout)
    assert done.stderr == ""
    assert done.returncode == 1
    shown = make_docs.example_output(ROOT)
    assert shown in PAGES["install.md"]
    assert shown in done.stdout
    codes = set(re.findall(r": (TF\d{3}) ", done.stdout))
    # The patterns of the mission: merge_all, add_summary, get_variable, contrib (301 to 303),
    # global step, optimizers.
    assert {"TF101", "TF102", "TF201", "TF401", "TF501"} <= codes
    assert codes & {"TF301", "TF302", "TF303"}


@pytest.mark.parametrize("line", [line for line in RUNNABLE if "--prune" not in line])
def test_commands(checkout: Path, line: str) -> None:
    if "--tf2-baseline" in line:
        _shell("tf2lint baseline examples/ -o tf2lint-baseline.txt", checkout)
    done = _shell(line, checkout)
    if "--diff" in line:  # the summary goes beside the diff
        assert done.stdout.startswith("--- a/examples/")
    else:
        assert done.stderr == ""
    if line.startswith("pylint "):
        assert done.returncode & 4
        assert "(tf1-summary-merge-all)" in done.stdout
    else:
        finds = " check " in line or "--diff" in line
        finds &= not re.search("--exit-zero|--tf2-baseline|--since", line)
        assert done.returncode == (1 if finds else 0)
    assert done.stdout or "--tf2-baseline" in line or "--since" in line


def test_prune(checkout: Path) -> None:
    [line] = [line for line in RUNNABLE if "--prune" in line]
    _shell("tf2lint baseline examples/ -o tf2lint-baseline.txt", checkout)
    (checkout / "examples" / "stage_one.py").unlink()
    done = _shell(line, checkout)
    assert (done.returncode, done.stderr) == (0, "")
    before, now = re.findall(r"(\d+) findings", done.stdout)
    assert 0 < int(now) < int(before)


def test_every_command_is_shown() -> None:
    shown = {line.split()[1] for line in CONSOLE if line.startswith("tf2lint ")}
    assert shown == set(COMMANDS)


def test_the_options_are_those_there_are() -> None:
    table = PAGES["settings.md"].partition("<!-- options:")[2].partition("<!-- end")[0]
    assert re.findall(r"^\| `([a-z0-9-]+)` ", table, re.M) == list(SETTINGS)


# Configuration.


def test_flake8s(checkout: Path) -> None:
    (checkout / "setup.cfg").write_text(_block("ini", "[flake8]"))
    done = flake8("examples", cwd=checkout)
    assert (done.returncode, done.stderr) == (1, "")


def test_pylints(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text(_block("toml", "[tool.pylint.main]"))
    done = run(
        "pylint", "--disable=all", "--enable=tf2lint", "examples/classifier.py", cwd=checkout
    )
    assert done.stderr == ""
    assert done.returncode & 4


def test_the_common_one(checkout: Path) -> None:
    (checkout / "pyproject.toml").write_text(_block("toml", "allow-compat-v1"))
    text = "from project.compat import tf\n\ntf.Session()\n"
    for alias in ("tf", "other"):
        (checkout / "x.py").write_text(text.replace("import tf", f"import {alias} as tf"))
        found = [
            flake8("x.py", cwd=checkout), pylint("x.py", cwd=checkout),
            run("tf2lint", "check", "x.py", cwd=checkout),
        ]  # fmt: skip
        # compat.v1 is accepted, and TensorFlow 2.15 has it: nothing is found either way.
        assert [done.returncode for done in found] == [0, 0, 0]
    (checkout / "x.py").write_text(text.replace("tf.Session()", "tf.contrib.slim.conv2d(1)"))
    assert run("tf2lint", "check", "x.py", cwd=checkout).returncode == 1


def test_ruffs(checkout: Path) -> None:
    (checkout / "x.py").write_text("x = 1  # noqa: TF101\n")
    (checkout / "pyproject.toml").write_text("")
    check = ("ruff", "check", "--select=RUF102", "--preview", "--no-cache", "x.py")
    assert run(*check, cwd=checkout).returncode == 1
    (checkout / "pyproject.toml").write_text(_block("toml", "[tool.ruff.lint]"))
    assert run(*check, cwd=checkout).returncode == 0


def test_continuous_integrations(checkout: Path) -> None:
    """The steps of all services, less the installation."""
    whole = [text for kind, text in BLOCKS if kind == "yaml" and "pip install tf2lint" in text]
    steps = [step for text in whole for step in _steps(yaml.safe_load(text))]
    steps += _steps(yaml.safe_load(_block("yaml", "sarif_file: tf2lint.sarif")))
    assert "pip install tf2lint" in steps
    commands = [step for step in steps if step.startswith("tf2lint ")]
    assert len(commands) == 3
    for command in commands:
        done = _shell(command, checkout)
        assert (done.returncode, done.stderr) == (0 if "--exit-zero" in command else 1, "")
        into_the_log = r"::(error|warning) file=" if "github" in command else r"(\./)?"
        assert re.match(f"{into_the_log}examples/", done.stdout)
    assert json.loads((checkout / "gl-code-quality-report.json").read_text())
    assert json.loads((checkout / "tf2lint.sarif").read_text())["version"] == "2.1.0"


def _steps(part: object) -> list[str]:
    """The shell commands in a workflow, wherever they are."""
    if isinstance(part, dict):
        found = [part["run"]] if "run" in part else [*part.get("script", [])]
        return found + [step for inside in part.values() for step in _steps(inside)]
    return [step for inside in part for step in _steps(inside)] if isinstance(part, list) else []


def test_every_kind_of_block_is_known() -> None:
    kinds = {kind for kind, _ in BLOCKS}
    assert kinds == {"console", "text", "ini", "toml", "yaml", "starlark", "python"}


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "python"])
def test_python_compiles(text: str) -> None:
    compile(text, "page", "exec")


def test_no_link_leads_nowhere() -> None:
    pages = {ROOT / "README.md": README, **{ROOT / "docs" / n: t for n, t in PAGES.items()}}
    for path, text in pages.items():
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            if not target.startswith("https://"):
                assert (path.parent / target).exists(), (path.name, target)


def test_every_page_is_in_the_contents_and_on_the_site() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    linked = set(re.findall(r"\]\(([\w/-]+\.md)\)", PAGES["index.md"]))
    assert linked == {*pages, "rules/README.md"}
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    listed = re.findall(r"[\w/-]+\.md", str(site["nav"]))
    assert sorted(listed) == sorted({*pages, "index.md", "rules/README.md"})


def test_the_readme_is_a_screen_and_a_half() -> None:
    assert len(README.splitlines()) <= 110
    assert re.search(r"\bv0\.\d", WHOLE) is None  # no promise of a tag that does not exist


@pytest.mark.parametrize("text", [t for kind, t in BLOCKS if kind == "toml" and "tf2lint]" in t])
def test_settings_are_taken(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = tomllib.loads(text)["tool"].get("tf2lint")
    if table is not None:
        if "baseline" in table:
            Path(table["baseline"]).write_text(f"{HEADER}\n")
        jsonschema.validate(table, schema(), jsonschema.Draft7Validator)
        assert Settings(table, "").at(".").of("a.py")
