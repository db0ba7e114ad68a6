"""A tree that means harm: nothing of it runs, nothing outside of it is read, and what is
printed holds nothing that a terminal, a browser or a JSON reader would take for its own.
"""

from __future__ import annotations

import builtins
import html
import io
import json
import os
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

from tests import hosts
from tf2lint.check.engine import check
from tf2lint.cli import main
from tf2lint.config import make_options
from tf2lint.options import OptionError
from tf2lint.semantics import files, project
from tf2lint.source import Source

# Every module would leave a mark if it ran.
RUNS = "import pathlib\npathlib.Path({mark!r}).write_text('ran')\n"
ESC = "\x1b]0;owned\x07\x1b[31m\u202e\x9b2J"
TF = "import tensorflow as tf\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The hostile project; its secrets are beside it."""
    mark = str(tmp_path / "MARK")
    runs = RUNS.replace("{mark!r}", repr(mark))
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "__init__.py").write_text(TF)
    (secret / "key.py").write_text(TF + "password = tf.Session\n")
    top = tmp_path / "project"
    pkg = top / "pkg"
    pkg.mkdir(parents=True)
    (top / "pyproject.toml").write_text("[tool.tf2lint]\ntarget-version = '2.15'\n")
    for name in ("__init__", "conftest", "sitecustomize", "tensorflow", "compat", "setup"):
        (pkg / f"{name}.py").write_text(f"{runs}{TF}")
    (top / "sitecustomize.py").write_text(runs)
    (top / "flake8.py.txt").write_text(runs)
    (pkg / "imports.py").write_text(
        f"{runs}from .compat import tf\nfrom . import conftest\nimport pkg.setup\n"
        "__import__('pkg.compat')\nexec(open('pkg/setup.py').read())\ntf.Session()\n"
    )
    (pkg / "climbs.py").write_text(
        "from ...secret.key import tf\nfrom ....secret import key\nfrom ..secret import tf as t\n"
        "from .... import secret as s\nfrom .link import tf as l\nfrom .folder.key import tf as f\n"
        "import pkg.link as x\nimport link2\nfrom link2 import tf as y\n"
        "tf.Session()\nt.Session()\nl.Session()\nf.Session()\ny.Session()\nx.tf.Session()\n"
    )
    (pkg / "link.py").symlink_to(secret / "key.py")
    (pkg / "folder").symlink_to(secret)
    (top / "link2.py").symlink_to(secret / "key.py")
    (pkg / "loop").symlink_to(pkg)
    (pkg / "self.py").symlink_to(pkg / "self.py")
    (pkg / "device.py").symlink_to("/dev/zero")
    (pkg / "asks_device.py").write_text(
        "from .device import tf\nfrom .fifo import tf as t\ntf.x()\n"
    )
    os.mkfifo(pkg / "fifo.py")
    return top


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The real paths of all that is opened to be read."""
    seen: list[str] = []
    real = builtins.open

    def noting(file: object, *args: object, **kwargs: object) -> object:
        if isinstance(file, str | os.PathLike):
            seen.append(os.path.realpath(file))
        return real(file, *args, **kwargs)  # type: ignore[call-overload]

    for module in (files, project):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
    monkeypatch.setattr(builtins, "open", noting)
    monkeypatch.setattr(io, "open", noting)
    monkeypatch.setattr(tokenize, "_builtin_open", noting)
    return seen


def test_only_the_project_is_read(tree: Path, opened: list[str]) -> None:
    options = make_options({}, str(tree))
    said = []
    for name in ("climbs", "imports", "asks_device"):
        path = tree / "pkg" / f"{name}.py"
        said += check(Source(path.read_text(), str(path), path=str(path)), options)
    assert [finding.code for finding in said] == ["TF601"]
    ours = os.path.realpath(os.path.dirname(os.path.dirname(files.__file__)))
    outside = [p for p in opened if not p.startswith((os.path.realpath(tree) + os.sep, ours))]
    assert outside == []
    assert any(p.endswith("compat.py") for p in opened)
    assert not (tree.parent / "MARK").exists()


@pytest.mark.parametrize(
    "command",
    [
        ("tf2lint", "check", "."), ("tf2lint", "check", "--no-cache", "--jobs=1", "."),
        ("tf2lint", "fix", "--diff", "."), ("tf2lint", "baseline", ".", "-o", "known.txt"),
        ("flake8", "--select=TF", "--jobs=1", "pkg/imports.py", "pkg/climbs.py"),
        ("pylint", "--load-plugins=pylint_tf2", "--disable=all", "--enable=tf2lint",
         "pkg/imports.py", "pkg/climbs.py"),
    ],
    ids=lambda command: "-".join(command[:2]),
)  # fmt: skip
def test_nothing_runs(tree: Path, command: tuple[str, ...]) -> None:
    # Not `python -m`: that takes modules of the folder it runs in, whatever the module.
    setup = "import runpy, sys; sys.path.remove(''); sys.argv = sys.argv[1:]"
    code = f"{setup}; runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=tree, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert not (tree.parent / "MARK").exists()
    assert "pkg/climbs.py" not in done.stdout
    if command[1] == "check":
        assert "pkg/imports.py:8:1: TF601" in done.stdout
        assert "link" not in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "[tool.tf2lint]\ntarget-version = '../../2.0'\n",
        "[tool.tf2lint]\ntarget-version = {a = 1}\n",
        "[tool.tf2lint]\naliases = ['__import__(\"os\")=tensorflow']\n",
        "[tool.tf2lint]\naliases = {'a.b' = 'os.system'}\n",
        "[tool.tf2lint]\nenable = ['\\u001b[31mTF101']\n",
        "[tool.tf2lint]\nreport-guarded = 'maybe\\u001b[31m'\n",
        "[tool.tf2lint]\nbaseline = '../secret/key.py'\n",
        "[tool.tf2lint]\n'\\u001b[31m' = 1\n",
        "[tool]\ntf2lint = 3\n",
        "[tool.tf2lint\n",
        "\x00",
        "[tool.tf2lint]\nenable = 1e999\n",
        f"[tool.tf2lint]\nenable = {'[' * 5000}\n",
        f"[tool.tf2lint]\nenable = {'9' * 5000}\n",
        "[tool.tf2lint]\nbaseline = '/dev/zero'\n",
        "[tool.tf2lint]\nbaseline = 'pkg/fifo.py'\n",
        "[tool.tf2lint]\nbaseline = 'pkg/device.py'\n",
        "[tool.tf2lint]\nbaseline = '\\u001b[31m'\n",
        "[tool.tf2lint]\nbaseline = '\\u0000'\n",
        "[tool.tf2lint]\naliases = ['a\\u202e=tensorflow']\n",
        "[[tool.tf2lint]]\n",
        "tool.tf2lint.target-version = 2.0\n",
    ],
)
def test_odd_settings_are_one_line(tree: Path, text: str) -> None:
    (tree / "pyproject.toml").write_text(text)
    done = hosts.run("tf2lint", "check", "pkg/compat.py", cwd=tree)
    if "tool.tf2lint" not in text:  # nothing for us in it, or so it looks
        assert "Traceback" not in done.stderr
        return
    assert done.returncode == 2, done
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("tf2lint: error: ")
    assert "\x1b" not in done.stderr
    assert "password" not in done.stderr


@pytest.fixture
def noisy(tmp_path: Path) -> Path:
    """Files whose names and code hold escape codes, markup and line breaks."""
    (tmp_path / "pyproject.toml").write_text("")
    code = (
        f"import tensorflow as tf\ntf.placeholder(tf.float32, name='{ESC}<script>alert(1)</script>')\n"
        f"x = tf.train.AdamOptimizer('</script><img src=x onerror=alert(1)>{ESC}').minimize(y)\n"
        f"tf.summary.FileWriter('[a](javascript:alert) {ESC}').add_summary(z)\n"
        "变量 = tf.summary\n变量.merge_all()  # \x1b[31m\n"
    )
    ast_safe = code.replace("\x00", "")
    (tmp_path / "a.py").write_text(ast_safe, encoding="utf-8")
    (tmp_path / "b\x1b[31m<b>&'\"\n\u202e::error::x.py").write_text(ast_safe, encoding="utf-8")
    with open(os.fsencode(tmp_path) + b"/d\xff.py", "w", encoding="utf-8") as file:
        file.write(ast_safe)
    (tmp_path / "c\x1b]0;t\x07.py").write_text("import tensorflow as (\n")
    return tmp_path


def _printed(noisy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return hosts.run("tf2lint", "check", "--no-cache", "--jobs=1", *words, ".", cwd=noisy)


def _is_plain(text: str) -> bool:
    return all(c == "\n" or c.isprintable() for c in text)


@pytest.mark.parametrize("form", ["text", "github", "jsonl", "json", "sarif", "gitlab"])
def test_nothing_acts_on_a_terminal(noisy: Path, form: str) -> None:
    done = _printed(noisy, f"--output-format={form}", "--statistics")
    assert "TF603" in done.stdout
    assert _is_plain(done.stdout), repr(re.findall(r"[^\n -~]{1,20}", done.stdout)[:5])
    assert _is_plain(done.stderr), repr(done.stderr)


def test_each_finding_is_one_line(noisy: Path) -> None:
    lines = _printed(noisy, "--quiet").stdout.splitlines()
    assert all(re.match(r"\./[^\n]*?\.py:\d+:\d+: TF\d{3} ", line) for line in lines), lines
    github = _printed(noisy, "--output-format=github").stdout.splitlines()
    assert all(re.match(r"::(error|warning|notice) file=[^:,]*,line=\d+,", g) for g in github)
    assert all(json.loads(x) for x in _printed(noisy, "--output-format=jsonl").stdout.splitlines())


def test_sarif_holds_no_links_of_theirs(noisy: Path) -> None:
    log = json.loads(_printed(noisy, "--output-format=sarif").stdout)
    for result in log["runs"][0]["results"]:
        assert not re.search(r"(?<!\\)\]\(", result["message"]["text"])
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w./%~-]+", uri), uri


def test_the_page_shows_markup_as_text(noisy: Path) -> None:
    done = hosts.run("tf2lint", "report", "--html=page.html", ".", cwd=noisy)
    page = noisy / "page.html"
    assert page.exists(), done
    text = page.read_text(encoding="utf-8")
    for theirs in ("<script>alert(1)", "<img src=x", "<b>&", "</script><img"):
        assert theirs not in text
    assert html.escape("<b>&") in text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)


def test_no_file_of_the_tree_is_waited_for(tree: Path) -> None:
    """Pipes and devices where git, editors and this tool keep their files."""
    (tree / ".git" / "info").mkdir(parents=True)
    for name in (".gitignore", ".git/info/exclude", "pkg/.gitignore", "pkg/__init__.pyi"):
        os.mkfifo(tree / name)
    (tree / ".tf2lint_cache").symlink_to("/dev/zero")
    done = hosts.run("tf2lint", "check", ".", cwd=tree)
    assert "pkg/imports.py:8:1: TF601" in done.stdout
    (tree / "pyproject.toml").unlink()
    os.mkfifo(tree / "pyproject.toml")
    assert hosts.run("tf2lint", "check", ".", cwd=tree).returncode == 1


def test_baseline_of_odd_names(noisy: Path) -> None:
    done = hosts.run("tf2lint", "baseline", ".", "-o", "known\x1b.txt", cwd=noisy)
    assert "18 findings in" in done.stdout
    text = (noisy / "known\x1b.txt").read_text(encoding="utf-8")
    assert all(c == "\n" or c.isprintable() for c in text)
    assert _is_plain(done.stdout + done.stderr)
    done = _printed(noisy, "--tf2-baseline=known\x1b.txt")
    assert done.stdout == ""
    (noisy / "b\x1b[31m<b>&'\"\n\u202e::error::x.py").rename(noisy / "b\x1b.py")
    done = hosts.run("tf2lint", "baseline", "--prune", ".", "-o", "known\x1b.txt", cwd=noisy)
    assert "is now b\\x1b.py" in done.stdout
    assert _is_plain(done.stdout + done.stderr)


@pytest.fixture
def fixable(tmp_path: Path) -> Path:
    """Something to fix, in a file and beside code that hold escape codes."""
    text = f"import tensorflow as tf\r\nx = '{ESC}'\r\ny = tf.log(x)\r\n"
    (tmp_path / 'a\x1b[31m"b\\\n.py').write_bytes(text.encode())
    return tmp_path


def test_diff_for_patch_is_exact_but_for_the_name(fixable: Path) -> None:
    done = hosts.run("tf2lint", "fix", "--diff", ".", cwd=fixable)
    head = done.stdout.split("\n")[:2]
    assert head == [f'{sign} "{side}/a\\033[31m\\"b\\\\\\012.py"' for sign, side in
                    (("---", "a"), ("+++", "b"))]  # fmt: skip
    assert ESC in done.stdout


def test_diff_on_a_terminal_is_plain(
    fixable: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(fixable)
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True, raising=False)
    assert main(["fix", "--diff", "--jobs=1", "."]) == 1
    out = capsys.readouterr().out
    out = re.sub(r"\x1b\[\d*m", "", out)  # our own colours
    assert "+y = tf.math.log(x)\n" in out
    assert all(c in "\n\t" or c.isprintable() for c in out), repr(out)


def test_settings_from_code_are_no_code() -> None:
    with pytest.raises(OptionError):
        make_options({"aliases": ["__import__('os')=tensorflow"]}, os.sep)
