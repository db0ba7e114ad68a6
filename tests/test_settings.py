"""Settings in files: the nearest holds, for every command and in the hosts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.cli.support import BAD, Run, put
from tests.hosts import ROOT, flake8, flake8_places, pylint, pylint_places
from tf2lint import __version__
from tf2lint.cli.schema import schema
from tf2lint.config import Settings
from tf2lint.options import OptionError
from tf2lint.settings import SETTINGS

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib

HEAD = "[tool.tf2lint]\n"
COMPAT = "import tensorflow.compat.v1 as tf\n\ntf.summary.merge_all()\n"
LATER = "import tensorflow as tf\n\ntf.keras.wrappers.scikit_learn\n"  # gone in 2.12


def found(run: Run, *arguments: str) -> list[str]:
    """Path and code of each finding."""
    done = run("check", *arguments)
    assert "error" not in done.err, done.err
    return [" ".join((line.split(":")[0], line.split()[1])) for line in done.lines]


def test_the_nearest_file_holds(run: Run, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tree, {
        "pyproject.toml": f"{HEAD}ignore = ['TF001']\n",
        "m.py": COMPAT,
        "svc/pyproject.toml": f"{HEAD}allow-compat-v1 = true\n",
        "svc/m.py": COMPAT,
        "svc/tool/pyproject.toml": "[tool.other]\n",
        "svc/tool/m.py": COMPAT,
    })  # fmt: skip
    assert found(run, "--select=TF1", ".") == ["./m.py TF101"]
    assert found(run, "svc/tool/m.py", "m.py") == ["m.py TF101"]
    assert {place.path for place in flake8_places(flake8(".", cwd=tree).stdout)} == {"./m.py"}
    places = pylint_places(pylint("m.py", "svc/m.py", "svc/tool/m.py", cwd=tree).stdout)
    assert {place.path for place in places} == {"m.py"}
    monkeypatch.chdir("/")
    assert found(run, "--no-cache", str(tree / "svc")) == []
    assert found(run, "--no-cache", str(tree / "m.py")) == [f"{tree}/m.py TF101"]


def test_the_command_line_goes_before_it(run: Run, tree: Path) -> None:
    put(tree, {"pyproject.toml": f"{HEAD}select = ['TF1']\nextend-ignore = ['TF103']\n", "m.py": (
        f"{BAD}tf.get_variable('x', [1])\ntf.summary.FileWriter('d')\ntf.Session()\n"
    )})  # fmt: skip
    assert found(run, "m.py") == ["m.py TF101"]
    assert found(run, "--extend-select=TF2", "m.py") == ["m.py TF101", "m.py TF201"]
    assert found(run, "--select=TF6", "m.py") == ["m.py TF601"]
    assert found(run, "--extend-ignore=TF101", "m.py") == []
    assert found(run, "--isolated", "m.py") == [f"m.py TF{n}" for n in (101, 201, 103, 601)]
    put(tree, {"other.toml": "select = ['session']\n"})
    assert found(run, "--config=other.toml", "m.py") == ["m.py TF601"]
    done = run("check", "--config=other.toml", "--isolated", "m.py")
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert run("check", "--config=gone.toml", "m.py").status == 2


def test_files_of_some_kind(run: Run, tree: Path) -> None:
    put(tree, {
        "pyproject.toml": (
            f"{HEAD}exclude = ['vendor']\n[tool.tf2lint.per-file-ignores]\n"
            "'test_*.py' = ['TF1']\n'pkg/old/*' = ['summary-merge-all']\n"
        ),
        "a.py": BAD, "test_a.py": BAD, "pkg/old/a.py": BAD, "pkg/a.py": BAD,
        "vendor/a.py": BAD, "gen/a.py": BAD,
    })  # fmt: skip
    assert sorted(found(run, ".")) == ["./a.py TF101", "./gen/a.py TF101", "./pkg/a.py TF101"]
    assert found(run, "--extend-exclude=gen,./pkg", ".") == ["./a.py TF101"]
    assert found(run, "--exclude=gen", "vendor") == ["vendor/a.py TF101"]
    more = "--extend-per-file-ignores=gen/*=TF101,a.py:TF101"
    assert found(run, more, ".") == []
    assert "./test_a.py TF101" in found(run, "--per-file-ignores=a.py=TF1,TF2", ".")
    assert sorted(run("check", "--show-files", ".").out.split()) == [
        "./a.py",
        "./gen/a.py",
        "./pkg/a.py",
        "./pkg/old/a.py",
        "./test_a.py",
    ]
    assert run("baseline", ".").out.endswith(": 3 findings in 3 entries\n")
    assert "3 findings" in run("report", "--html=r.html", ".").out
    paths = {place.path for place in pylint_places(
        pylint("a.py", "test_a.py", "pkg/old/a.py", cwd=tree).stdout
    )}  # fmt: skip
    assert paths == {"a.py"}


def test_releases_of_some_files_in_all_three(run: Run, tree: Path) -> None:
    put(tree, {
        "pyproject.toml": (
            f"{HEAD}target-version = '2.15'\n[tool.tf2lint]\n".removesuffix("[tool.tf2lint]\n")
            + "[tool.tf2lint.per-file-target-version]\n'old/*' = '2.3'\n"
        ),
        "new/m.py": LATER, "old/m.py": LATER,
    })  # fmt: skip
    assert [line.split()[0] for line in found(run, ".")] == ["./new/m.py"]
    assert {p.path for p in flake8_places(flake8(".", cwd=tree).stdout)} == {"./new/m.py"}
    done = pylint("old/m.py", "new/m.py", cwd=tree)
    assert {p.path for p in pylint_places(done.stdout)} == {"new/m.py"}
    turned = "--tf2-per-file-target-version=new/*=2.3"
    assert [line.split()[0] for line in found(run, turned, ".")] == ["./old/m.py"]
    assert {p.path for p in flake8_places(flake8(turned, ".", cwd=tree).stdout)} == {"./old/m.py"}


def test_fix_heeds_them(run: Run, tree: Path) -> None:
    put(tree, {
        "pyproject.toml": f"{HEAD}[tool.tf2lint.per-file-ignores]\n'b.py' = ['TF901']\n",
        "a.py": "import tensorflow as tf\nx = tf.log(1.0)\n",
        "b.py": "import tensorflow as tf\nx = tf.log(1.0)\n",
    })  # fmt: skip
    assert run("fix", ".").status == 0
    assert "tf.math.log" in (tree / "a.py").read_text()
    assert "tf.math.log" not in (tree / "b.py").read_text()


def test_the_format_and_the_cache(run: Run, tree: Path) -> None:
    put(
        tree,
        {"pyproject.toml": f"{HEAD}output-format = 'jsonl'\ncache-dir = '.kept'\n", "m.py": BAD},
    )
    assert json.loads(run("check", "m.py").out)["code"] == "TF101"
    assert run("check", "--output-format=concise", "m.py").out.startswith("m.py:3:10: TF101 ")
    assert (tree / ".kept").is_dir()
    assert not (tree / ".tf2lint_cache").exists()
    put(tree, {"m.py": BAD.replace("merge_all", "merge")})
    assert json.loads(run("check", "m.py").out)["symbol"] == "tf.summary.merge"


def test_results_are_kept_for_each_set_of_settings(run: Run, tree: Path) -> None:
    put(tree, {"a/pyproject.toml": f"{HEAD}ignore = ['TF1']\n", "a/m.py": BAD, "b/m.py": BAD})
    for _ in range(2):
        assert found(run, ".") == ["./b/m.py TF101"]


BAD_FILES = {
    "an unknown name": ("selekt = []", "no option 'selekt', did you mean 'select'?"),
    "an unknown rule": ("ignore = ['TF999']", "--ignore: no rule 'TF999'"),
    "a rule that is none, for files": (
        "per-file-ignores = {'a.py' = ['E501']}",
        "--per-file-ignores: no rule 'E501'",
    ),
    "a release that is none, for files": (
        "per-file-target-version = {'a.py' = '1.15'}",
        "tf2-per-file-target-version: unknown",
    ),
    "a list that is none": ("exclude = 1", "exclude: expected a list of strings, got 1"),
    "a format that is none": ("output-format = 'xml'", "output-format: no format 'xml'"),
    "a version that is none": ("required-version = 'new'", "required-version: expected VERSIONS"),
    "another version": ("required-version = '>=99'", f"and this is tf2lint {__version__}"),
}


@pytest.mark.parametrize(("line", "said"), BAD_FILES.values(), ids=BAD_FILES)
def test_what_cannot_be_taken_is_one_line(run: Run, tree: Path, line: str, said: str) -> None:
    put(tree, {"pkg/pyproject.toml": f"{HEAD}{line}\n", "pkg/m.py": BAD, "m.py": BAD})
    done = run("check", "pkg" if line.startswith("output") else ".")
    if line.startswith("output"):  # of the folder where one is
        put(tree, {"pyproject.toml": f"{HEAD}{line}\n"})
        done = run("check", "--no-cache", "m.py")
    assert done.status == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert done.err.startswith("tf2lint: error: ")


def test_a_nearer_file_that_cannot_be_taken_is_said_by_the_hosts(tree: Path) -> None:
    put(tree, {"pkg/pyproject.toml": f"{HEAD}selekt = []\n", "pkg/m.py": BAD, "m.py": BAD})
    places = flake8_places(flake8("--jobs=1", ".", cwd=tree).stdout)
    assert [(p.path, p.code) for p in places] == [("./m.py", "TF101"), ("./pkg/m.py", "TF000")]
    done = pylint("m.py", "pkg/m.py", cwd=tree)
    told = [(m["path"], m["messageId"]) for m in json.loads(done.stdout)["messages"]]
    assert told == [("m.py", "W7101"), ("pkg/m.py", "F7000")]


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [("", True), (__version__, True), (f"=={__version__}", True), (f">={__version__}", True),
     (f">{__version__}", False), ("<99, >=0.0.1", True), ("<0.0.1", False), ("~=0.1.0", True),
     ("~=0.0.9", False), (f"!={__version__}", False), ("<=0.1", True)],
)  # fmt: skip
def test_required_versions(wanted: str, fits: bool) -> None:
    told = Settings({"required-version": wanted}, "")
    if fits:
        assert told.at(".").options
    else:
        with pytest.raises(OptionError, match="required-version"):
            told.at(".")


def test_a_bare_file_name_in_flake8s_own_settings(tree: Path, run: Run) -> None:
    put(tree, {"m.py": BAD, "sub/x.py": "", "sub/m.py": BAD})
    assert run("baseline", "-o", "known.txt", ".").status == 0
    put(tree, {".flake8": "[flake8]\ntf2-baseline = known.txt\n"})
    for place in (tree, tree / "sub"):
        done = flake8(".", cwd=place)
        assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    done = flake8(f"--config={tree}/.flake8", str(tree / "m.py"), cwd=tree.parent)
    assert (done.stdout, done.stderr) == ("", "")


def test_what_holds_is_shown(run: Run, tree: Path) -> None:
    put(tree, {"pyproject.toml": (
        f"{HEAD}ignore = ['TF1']\naliases = {{'a.b' = 'tensorflow'}}\n"
        "per-file-target-version = {'m.py' = '2.3'}\nper-file-ignores = {'m.py' = ['TF601']}\n"
    ), "m.py": BAD})  # fmt: skip
    done = run("check", "--show-settings", "--tf2-report-guarded", "m.py")
    assert done.status == 0
    shown = tomllib.loads(done.out)
    assert shown["ignore"] == ["TF1"]
    assert shown["target-version"] == "2.3"
    by_file = f'target-version = "2.3"  # per-file-target-version, {tree}/pyproject.toml'
    assert by_file in done.out.splitlines()
    assert shown["aliases"] == {"a.b": "tensorflow"}
    assert shown["report-guarded"] is True
    assert f"# settings: {tree}/pyproject.toml\n" in done.out
    assert f'ignore = ["TF1"]  # {tree}/pyproject.toml\n' in done.out
    assert "report-guarded = true  # command line\n" in done.out
    assert "# not spoken of in this file: TF601\n" in done.out
    assert {
        name for name in SETTINGS if f"\n{name} = " in done.out or f"\n# {name}: " in done.out
    } == {*SETTINGS}


# The schema.

FILES = {
    "everything": (
        "target-version = '2.15'\nkeras = 2\nkeras-modules = true\nallow-compat-v1 = true\nenable = ['TF605']\n"
        "report-guarded = false\nunknown-receivers = true\nbaseline = 'b.txt'\n"
        "blanket-comments = true\nselect = ['TF1', 'get-variable', 'ALL']\nextend-select = []\n"
        "ignore = []\nextend-ignore = []\nexclude = ['gen']\nextend-exclude = []\n"
        "gitignore = false\nunused-noqa = true\noutput-format = 'sarif'\ncache-dir = '.c'\nrequired-version = '>=0.1'\n"
        "[aliases]\n'a.b' = 'tensorflow'\n[per-file-ignores]\n'a' = ['TF1']\n"
        "[extend-per-file-ignores]\n'a' = []\n[per-file-target-version]\n'a' = '2.3'\n"
    ),
    "aliases as a list": "aliases = ['a.b=tensorflow']",
}
REFUSED = ["selekt = []", "target-version = '1.15'", "ignore = ['TF99999']", "exclude = 1",
           "output-format = 'xml'", "gitignore = 'perhaps'", "per-file-ignores = ['a']"]  # fmt: skip


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_the_schema_takes_what_we_take(tree: Path, text: str) -> None:
    put(tree, {"b.txt": "# tf2lint baseline 1\n", "s.toml": text})
    told = tomllib.loads(text)
    jsonschema.Draft7Validator.check_schema(schema())
    jsonschema.validate(told, schema(), jsonschema.Draft7Validator)
    assert Settings({}, "s.toml").at(".").of("a.py")
    if text.startswith("target"):
        assert told.keys() == SETTINGS.keys()


@pytest.mark.parametrize("text", REFUSED)
def test_the_schema_refuses_what_we_refuse(tree: Path, text: str) -> None:
    assert list(jsonschema.Draft7Validator(schema()).iter_errors(tomllib.loads(text)))


def test_the_schema_is_in_the_docs() -> None:
    assert json.loads((ROOT / "docs/tf2lint.schema.json").read_text()) == schema()
