"""What is installed is all that is needed, and the core needs no host."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

from tests.hosts import ROOT, copy_project

PACKAGES = ("tf2lint", "flake8_tf2", "pylint_tf2")


def test_the_wheel_holds_every_file(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    copy_project(source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, source]
    subprocess.run([*map(str, command)], check=True, timeout=300)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert any(name.endswith("/LICENSE") for name in archive.namelist())
    there = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == there


def test_the_core_imports_no_host() -> None:
    code = (
        "import sys\n"
        "for name in ('flake8', 'pylint', 'astroid', 'tensorflow', 'keras', 'pygls', 'lsprotocol'):\n"
        "    sys.modules[name] = None\n"
        "from tf2lint.cli import main\n"
        "sys.exit(main(['check', '--statistics', 'examples']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 1
    assert "TF101 summary-merge-all" in done.stdout


def test_help_and_version_load_no_rules() -> None:
    code = (
        "import sys\n"
        "from tf2lint.cli import main\n"
        "try:\n"
        "    main([sys.argv[1]])\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('tf2lint.rules')))\n"
    )
    for word in ("--version", "--help"):
        done = subprocess.run(
            [sys.executable, "-c", code, word], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"


def test_the_entry_points_of_hosts() -> None:
    for group, name, value in (
        ("flake8.extension", "TF", "flake8_tf2:Plugin"),
        ("pylsp", "tf2lint", "tf2lint.server.pylsp_plugin"),
    ):
        found = [point for point in entry_points(group=group) if point.name == name]
        assert {point.value for point in found} == {value}
