"""The matrix: every Python with the oldest and the newest hosts. `nox`, or `nox -s corners`.

A Python that is not there is skipped, and nox says so. With pyenv, name them all:
`PYENV_VERSION=$(pyenv versions --bare | grep '^3[.]1[0-3]' | paste -sd: -) nox`.
"""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["hosts"]

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
# The oldest that our lower bounds allow and that run on that Python at all: pylint before 3.3
# has an astroid that does not know 3.13, flake8 before 6.1 a pyflakes that does not know 3.12.
OLDEST = {
    "3.10": ("flake8==6.0.*", "pylint==3.0.*"),
    "3.11": ("flake8==6.0.*", "pylint==3.0.*"),
    "3.12": ("flake8==6.1.*", "pylint==3.0.*"),
    "3.13": ("flake8==7.1.*", "pylint==3.3.*"),
}
TESTS = (
    "tests/test_flake8_host.py", "tests/test_pylint_host.py", "tests/test_parity.py",
    "tests/test_suppress.py", "tests/test_internal_errors.py", "tests/test_examples.py",
    "tests/test_robust.py", "tests/test_hostile.py", "tests/test_hostile_hooks.py",
    "tests/test_names.py", "tests/test_neighbours.py", "tests/test_fuzz.py",
    "tests/cli/test_check.py", "tests/cli/test_cache.py", "tests/cli/test_files.py",
    "tests/cli/test_output.py",
)  # fmt: skip


def _run(session: nox.Session, hosts: str) -> None:
    assert isinstance(session.python, str)
    wanted = OLDEST[session.python] if hosts == "oldest" else ("flake8", "pylint")
    session.install(*wanted, "hypothesis", "pytest", "pytest-randomly")
    session.install("--no-deps", ".")
    if session.python == "3.10":
        session.install("tomli")
    session.run("python", "-m", "pip", "list", silent=False)
    # In this process, warnings are errors by pytest's settings; the order of tests is random.
    session.run("python", "-W", "error", "-m", "tf2lint", "check", "--no-cache", "examples",
                success_codes=[1], silent=True)  # fmt: skip
    for seed in ("0", "1", "random"):
        tests = TESTS if seed == "random" else TESTS[2:3]
        session.run("python", "-m", "pytest", "-q", *tests, *session.posargs,
                    env={"PYTHONHASHSEED": seed})  # fmt: skip


@nox.session(python=PYTHONS)
@nox.parametrize("hosts", ["oldest", "newest"])
def hosts(session: nox.Session, hosts: str) -> None:
    """The tests that go through the hosts, and the core's, on one Python."""
    _run(session, hosts)


@nox.session(python=(PYTHONS[0], PYTHONS[-1]))
@nox.parametrize("hosts", ["oldest", "newest"])
def corners(session: nox.Session, hosts: str) -> None:
    """The same on the oldest and the newest Python only."""
    _run(session, hosts)


@nox.session(python=PYTHONS)
def everything(session: nox.Session) -> None:
    """All tests, with the newest hosts."""
    session.install("-e", ".[dev]")
    session.run("python", "-W", "error", "-c", "import tf2lint.check.engine, tf2lint.cli")
    session.run("python", "-m", "pytest", "-q", *session.posargs)
