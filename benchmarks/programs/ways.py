"""The ways of fixing, the programs, and their texts: a copy of the repositories for each way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.programs.shrink import shrunk
from tf2lint.fixes.programs import Programs
from tf2lint.fixes.state import state_of
from tf2lint.options import Options
from tf2lint.source import Source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROGRAMS = Path(__file__).parent / "programs.toml"
_DATA = "TF004"  # tensorflow.examples.tutorials.mnist, for which there is a stand-in
SMALL = 2_000_000  # bytes: larger files of a repository are left out of the copies


@dataclass(frozen=True)
class Repository:
    """A repository at a commit, with its programs."""

    name: str
    commit: str
    programs: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The name of the folder that it is in."""
        return self.name.replace("/", "+")


@dataclass(frozen=True)
class Way:
    """One way of fixing: the arguments of `tf2lint fix` (None: not at all), and the Keras."""

    name: str
    arguments: tuple[str, ...] | None
    keras: int

    @property
    def folder(self) -> str:
        """The name of the folder with the copies."""
        return self.name.replace(" ", "-").replace("`", "").replace(",", "")


BEFORE = Way("before", None, 2)
WAYS = (
    Way("not fixed", None, 3),
    Way("`--to tf2`", ("--to", "tf2"), 3),
    Way("`--to tf2 --unsafe`", ("--to", "tf2", "--unsafe"), 3),
    Way("`--to compat-v1`", ("--to", "compat-v1"), 3),
    Way("`fix`", (), 3),
    Way("`fix --unsafe`", ("--unsafe",), 3),
    Way("`--to compat-v1`, tf_keras", ("--to", "compat-v1", "--tf2-keras", "2"), 2),
    Way("`fix`, tf_keras", ("--tf2-keras", "2"), 2),
    Way("`fix --unsafe`, tf_keras", ("--unsafe", "--tf2-keras", "2"), 2),
)


def repositories() -> list[Repository]:
    """Those of programs.toml."""
    rows = tomllib.loads(PROGRAMS.read_text(encoding="utf-8"))["repository"]
    return [Repository(row["name"], row["commit"], tuple(row["programs"])) for row in rows]


def notes(table: str) -> dict[str, str]:
    """What is known of single programs, by repository and path: why one `fails`, or the `numbers`
    that it prints are others.
    """
    told: dict[str, str] = tomllib.loads(PROGRAMS.read_text(encoding="utf-8"))[table]
    return told


def fetch(into: Path, origin: str) -> None:
    """Clone what is missing; `{owner}` and `{name}` in `origin` are those of a repository."""
    for repository in repositories():
        folder = into / repository.folder
        if folder.exists():
            continue
        owner, _, name = repository.name.partition("/")
        where = origin.format(owner=owner, name=name)
        subprocess.run(["git", "clone", "--quiet", where, str(folder)], check=True)
        subprocess.run(["git", "checkout", "--quiet", repository.commit], cwd=folder, check=True)


def copies(way: Way, fetched: Path, work: Path) -> Path:
    """The folder with copies of the repositories, fixed this way; each is a Git tree of its own.

    What the programs write there can be taken away by Git.
    """
    place = work / way.folder
    if place.exists():
        return place
    made = work / "being made"
    shutil.rmtree(made, ignore_errors=True)
    for repository in repositories():
        shutil.copytree(fetched / repository.folder, made / repository.folder, ignore=_ignored)
        _leave_the_rest(made / repository.folder, repository)
    for path in made.rglob("*.py"):
        _shrink(path)
    if way.arguments is not None:
        command = [sys.executable, "-m", "tf2lint", "fix", "--no-gitignore", *way.arguments, "."]
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, check=False)
        (made / "fix.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    for repository in repositories():
        git(made / repository.folder, "init", "--quiet")
        git(made / repository.folder, "add", "--all", "--force", ".")
        identity = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost")
        git(made / repository.folder, *identity, "commit", "--quiet", "--message=as fixed")
    made.rename(place)
    return place


def says_that_it_runs(way: Way, folder: Path, path: str) -> bool:
    """Whether a fixed program runs by what the summary of `fix` says, its data aside.

    That is of the program and of the modules of its repository, copied to `folder`, that it
    imports.
    """
    programs = _programs(folder)
    files = [str(folder / path)]
    for file in files:
        files += [p for p in programs.imports.get(file, {}).values() if p not in files]
    return all(_runs(way, file) for file in files)


@cache
def _programs(folder: Path) -> Programs:
    modules = sorted(folder.rglob("*.py"))
    return Programs({str(path): path.read_text("utf-8", errors="replace") for path in modules})


@cache
def _runs(way: Way, file: str) -> bool:
    text = Path(file).read_text("utf-8", errors="replace")
    try:
        state = state_of(Source(text, file, path=file), Options(keras=2 if way.keras == 2 else 0))
    except (SyntaxError, ValueError):
        return False
    left = [finding for finding in state.left if finding.code != _DATA]
    return not left and not state.switch and (way.keras == 2 or not state.keras_2)


def git(folder: Path, *arguments: str) -> None:
    """Run Git in `folder`."""
    subprocess.run(["git", *arguments], cwd=folder, check=True)


def _ignored(folder: str, names: list[str]) -> list[str]:
    paths = [Path(folder, name) for name in names]
    return [
        p.name for p in paths
        if p.name == ".git" or p.suffix == ".ipynb" or (p.is_file() and p.stat().st_size > SMALL)
    ]  # fmt: skip


def _leave_the_rest(folder: Path, repository: Repository) -> None:
    """Delete the modules that no program can import: those beside, above and below one stay."""
    homes = {(folder / program).parent for program in repository.programs}
    above = {up for home in homes for up in (home, *home.parents)}
    for path in folder.rglob("*.py"):
        if path.parent not in above and not homes.intersection(path.parents):
            path.unlink()


def _shrink(path: Path) -> None:
    try:
        text = path.read_bytes().decode()
        path.write_bytes(shrunk(text).encode())
    except (SyntaxError, ValueError):
        pass  # Python 2, or not text: left as it is
