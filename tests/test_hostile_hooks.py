"""A hostile tree, seen by Python's own audit events: what runs, what is opened, what is started."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_hostile import tree

__all__ = ["tree"]  # the fixture

# Runs a module as `python -m` does and notes every event that would be one of these.
_WATCH = r"""
import json, os, runpy, sys
folder, log = sys.argv[1:3]
sys.path.remove("")
HERE = tuple(os.sep + p + os.sep for p in ("tf2lint", "flake8_tf2", "pylint_tf2"))
STARTS = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
          "os.startfile", "pty.", "socket.", "urllib.", "ctypes.", "http.", "ftplib.", "webbrowser.")
seen = []
busy = False

def told(event, args):
    global busy
    if busy:
        return
    busy = True
    try:
        caller = sys._getframe(2).f_code.co_filename
        ours = any(part in caller for part in HERE)
        if event == "exec":
            name = args[0].co_filename
            if ours or (os.path.exists(name) and os.path.realpath(name).startswith(folder)):
                seen.append([event, name, caller])
        elif event == "compile" and ours and not isinstance(args[0], (bytes, str, type(None))):
            seen.append([event, str(args[1]), caller])  # a tree to code: parsing gives text
        elif event.startswith(("pickle.", "marshal.")):
            if "importlib" not in caller:
                seen.append([event, str(args[:2]), caller])
        elif event.startswith(STARTS):
            seen.append([event, str(args[:2]), caller])
        elif event == "open" and isinstance(args[0], (str, bytes)):
            path = os.path.realpath(os.fsdecode(args[0]))
            wrote = isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
            if path.startswith(folder) or wrote:
                seen.append(["write" if wrote else "open", path, caller])
        elif event == "import" and not any(p in args[0] for p in (".",)):
            if args[0] in ("pkg", "conftest", "setup", "compat", "link2", "imports", "climbs"):
                seen.append([event, args[0], caller])
    finally:
        busy = False

def hook(event, args):
    told(event, args)

sys.argv = sys.argv[3:]
import atexit
def save():
    global busy
    busy = True
    with open(log, "w") as file:
        json.dump(seen, file)
atexit.register(save)
sys.addaudithook(hook)
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
COMMANDS = {
    "check": ("tf2lint", "check", "--jobs=1", "."),
    "check again": ("tf2lint", "check", "--jobs=1", "."),
    "check, whole": ("tf2lint", "check", "--jobs=1", "--no-cache", "--output-format=sarif", "."),
    "fix": ("tf2lint", "fix", "--unsafe", "--jobs=1", "."),
    "diff": ("tf2lint", "fix", "--diff", "--to=compat-v1", "--unsafe", "--jobs=1", "."),
    "baseline": ("tf2lint", "baseline", "--jobs=1", ".", "-o", "known.txt"),
    "report": ("tf2lint", "report", "--jobs=1", "--html=page.html", "."),
    "flake8": ("flake8", "--select=TF", "--jobs=1", "pkg/imports.py", "pkg/climbs.py"),
    "pylint": ("pylint", "--load-plugins=pylint_tf2", "--disable=all", "--enable=tf2lint",
               "--persistent=n", "pkg/imports.py", "pkg/climbs.py"),
}  # fmt: skip


def _events(tree: Path, command: tuple[str, ...]) -> tuple[list[list[str]], str]:
    log = tree.parent / "events.json"
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, str(tree.parent.resolve()), str(log), *command],
        cwd=tree, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert "TF601" in done.stdout or "W7601" in done.stdout or command[1] != "check", done
    return json.loads(log.read_text()), done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_events(tree: Path, name: str) -> None:
    if name == "check again":  # from the cache
        _events(tree, COMMANDS["check"])
    events, _ = _events(tree, COMMANDS[name])
    host = name in ("flake8", "pylint")  # they may start things of their own, none of ours do
    ours = ("tf2lint", "flake8_tf2", "pylint_tf2")
    bad = [e for e in events if e[0] not in ("open", "write")
           and (not host or any(part in e[2] for part in ours) or str(tree.parent) in e[1])]  # fmt: skip
    assert bad == []
    inside = str(tree.resolve()) + "/"
    opened = [path for kind, path, _ in events if kind == "open"]
    outside = [path for path in opened if not path.startswith(inside)]  # flake8 looks for settings
    assert [path for path in outside if not host or "/secret/" in path] == []
    assert any(path.endswith("imports.py") for path in opened)
    written = {path for kind, path, caller in events
               if kind == "write" and any(part in caller for part in ours)}  # fmt: skip
    assert {path for path in written if not path.startswith((inside, "/dev/null"))} == set()
    assert not (tree.parent / "MARK").exists()


def test_the_hook_sees_what_it_shall(tree: Path) -> None:
    """The same for a module that does all of it."""
    bad = tree / "bad"
    bad.mkdir()
    (bad / "__init__.py").write_text("")
    (bad / "__main__.py").write_text(
        "import os, pickle, subprocess, sys\nsys.path.insert(0, '.')\n"
        "try:\n    import pkg.conftest\nexcept ImportError:\n    pass\n"
        "eval('1 + 1')\npickle.loads(pickle.dumps(os.getcwd))\nopen('../secret/key.py').read()\n"
        "subprocess.run([sys.executable, '-V'], check=True)\n"
    )
    log = tree.parent / "events.json"
    subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.append('.')\n{_WATCH}",
         str(tree.parent.resolve()), str(log), "bad"],
        cwd=tree, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    kinds = {kind for kind, _, _ in json.loads(log.read_text())}
    assert {"exec", "pickle.find_class", "subprocess.Popen", "open", "import"} <= kinds
    assert (tree.parent / "MARK").exists()


def test_only_our_own_records_go_between_processes(tree: Path) -> None:
    """With several processes: nothing but results of our own making is unpickled."""
    for number in range(40):
        (tree / f"more{number}.py").write_text("import tensorflow as tf\ntf.Session()\n")
    events, _ = _events(tree, ("tf2lint", "check", "--no-cache", "--jobs=2", "."))
    found = [text for kind, text, _ in events if kind == "pickle.find_class"]
    assert found
    assert {text.split("'")[1].partition(".")[0] for text in found} <= {
        "tf2lint", "builtins", "concurrent", "collections", "_collections",
    }  # fmt: skip
