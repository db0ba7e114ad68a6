"""The language server, spoken to over its standard streams as an editor does."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlparse

import pytest

from tests.cli.support import put
from tests.hosts import ROOT
from tests.lsp import Client, Json, applied, started
from tf2lint.baseline import check_new
from tf2lint.config import Held
from tf2lint.fixes.edits import apply
from tf2lint.fixes.proofs import is_safe
from tf2lint.options import Options
from tf2lint.selection import Selection, parse_enable
from tf2lint.server.analysis import Analysis
from tf2lint.source import Source

HEAD = "import tensorflow as tf\n"
TEXT = f"{HEAD}s = 'é😀'; x = tf.log(1.0)\ny = tf.train.AdamOptimizer(0.1)\n"
NEW = "file:///nowhere/in/this/world.py"


def _codes(told: list[Json]) -> list[tuple[int, str]]:
    return [(d["range"]["start"]["line"], d["code"]) for d in told]


def _until(client: Client, uri: str, codes: list[tuple[int, str]]) -> None:
    """Wait until these are the findings; what is said before that does not matter."""
    while _codes(client.told.get(uri, [])) != codes or not client.rounds.get(uri):
        client.diagnostics(uri)


def _lines(action: Json) -> set[int]:
    """Where the findings are that it is about."""
    return {d["range"]["start"]["line"] for d in action["diagnostics"]}


def _edits(action: Json, uri: str) -> list[Json]:
    return list(action["edit"]["changes"][uri])


@pytest.mark.parametrize(
    ("encoding", "start", "end"), [("utf-8", 18, 24), ("utf-16", 15, 21), ("utf-32", 14, 20)]
)
def test_places_are_in_the_units_of_the_client(
    client: Client, encoding: str, start: int, end: int
) -> None:
    asked = [encoding, "utf-16"]
    can = client.start(general={"positionEncodings": asked})
    assert can["positionEncoding"] == encoding
    uri = client.open("a.py", TEXT)
    [log, adam] = client.diagnostics(uri)
    assert log["range"] == {
        "start": {"line": 1, "character": start}, "end": {"line": 1, "character": end},
    }  # fmt: skip
    assert (adam["range"]["start"]["line"], adam["code"]) == (2, "TF501")
    [fixed] = [a for a in client.actions(uri, 1) if a.get("isPreferred")]
    assert applied(TEXT, _edits(fixed, uri), encoding) == TEXT.replace("tf.log", "tf.math.log")
    assert "`tf.log` was renamed" in client.hover(uri, 1, end)
    assert client.hover(uri, 1, end + 1) == ""
    assert client.hover(uri, 1, start - 1) == ""
    # And back: what is typed in front of it moves it.
    at = {"line": 1, "character": start}
    client.change(uri, {"range": {"start": at, "end": at}, "text": "ö, "})
    [log, _] = client.diagnostics(uri)
    wide = {"utf-8": 4, "utf-16": 3, "utf-32": 3}[encoding]
    assert log["range"]["start"]["character"] == start + wide


def test_what_a_diagnostic_says(client: Client) -> None:
    client.start()
    text = (
        f"{HEAD}a = tf.log(1.0)\nb = tf.image.resize_bilinear\nc = tf.where([True])\n"
        "from tensorflow.compat.v1 import placeholder\nplaceholder(tf.float32)\n"
        "tf.control_dependencies([])\n"
    )
    client.settings["tf2lint"] = {"enable": ["all"]}
    uri = client.open("a.py", text)
    client.notify("workspace/didChangeConfiguration", {"settings": client.settings})
    found = check_new(Source(text, "a.py"), Options(enable=parse_enable(["all"])))
    _until(client, uri, [(f.line - 1, f.code) for f in found])
    told = client.told[uri]
    severity = {"removed": 1, "compat": 2, "changed": 2, "idiom": 3}
    by_place = {(d["range"]["start"]["line"], d["code"]): d for d in told}
    assert {f.status for f in found} >= {"removed", "compat", "idiom"}
    for finding in found:
        diagnostic = by_place[finding.line - 1, finding.code]
        assert diagnostic["message"] == finding.message
        assert diagnostic["severity"] == severity[finding.status]
        assert diagnostic["source"] == "tf2lint"


def test_a_diagnostic_leads_to_its_page(tmp_path: Path) -> None:
    client = Client(tmp_path, started(tmp_path, "tf2lint", "server"))
    client.start()
    uri = client.open("a.py", f"{HEAD}x = tf.log(1.0)\n")
    [told] = client.diagnostics(uri)
    path = Path(urlparse(told["codeDescription"]["href"]).path)
    end = time.monotonic() + 30
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)  # it is written when there is time
    assert path.read_text(encoding="utf-8").startswith("# TF901: renamed-symbol\n")
    assert client.end() == 0
    assert not path.parent.exists()


def test_python_2(client: Client) -> None:
    """It is looked at, and can be silenced; what would be written is Python 3."""
    client.start()
    uri = client.open("a.py", f"{HEAD}print tf.log(1.0)  # é\n")
    assert _codes(client.diagnostics(uri)) == [(1, "TF901")]
    actions = client.actions(uri, 1)
    assert [a["title"] for a in actions if "isPreferred" in a or a["kind"] != "quickfix"] == []
    assert client.hover(uri, 1, 10).startswith("**TF901**")


def test_as_one_types(client: Client) -> None:
    client.start()
    uri = client.open("a.py", HEAD)
    assert client.diagnostics(uri) == []
    client.change(uri, f"{HEAD}x = tf.log(\n", version=2)
    # It does not parse: nothing is said, what was said stays, and questions have no answer.
    assert client.actions(uri, 1) == []
    assert client.hover(uri, 1, 6) == ""
    client.change(uri, f"{HEAD}x = tf.log(1.0)\n", version=3)
    assert _codes(client.diagnostics(uri)) == [(1, "TF901")]
    client.change(uri, f"{HEAD}x = tf.log(1.0\n", version=4)
    assert client.actions(uri, 1) == []
    assert _codes(client.told[uri]) == [(1, "TF901")]
    assert client.rounds[uri] == 2
    # Many changes at once, in ranges, made one after the other.
    start = {"line": 0, "character": 0}
    client.change(
        uri,
        {
            "range": {"start": {"line": 1, "character": 14}, "end": {"line": 1, "character": 99}},
            "text": ")",
        },
        {"range": {"start": start, "end": start}, "text": "# a\f\u2028b\r\n\r"},
        {
            "range": {"start": {"line": 3, "character": 4}, "end": {"line": 9, "character": 0}},
            "text": "tf.log(2)",
        },
        version=5,
    )
    assert _codes(client.diagnostics(uri)) == [(3, "TF901")]
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert client.diagnostics(uri) == []


def test_quick_fixes(client: Client) -> None:
    client.start()
    text = (
        f"{HEAD}a = tf.log(\n    1.0)  # why\nb = tf.train.AdamOptimizer(0.1)\n"
        "c = tf.reduce_sum(x, keep_dims=True, reduction_indices=[0])\nd = tf.summary.merge_all()\n"
    )
    uri = client.open("a.py", text)
    client.diagnostics(uri)
    titles = [a["title"] for a in client.actions(uri, 1, only=["quickfix"])]
    assert titles == ["TF901: Use tf.math.log(1.0)", "Silence TF901 here"]
    # Two arguments of one call are told once, fixed by one action, and silenced by one comment.
    [safe, silence] = client.actions(uri, 4, only=["quickfix"])
    assert safe["isPreferred"] is True
    assert len(safe["diagnostics"]) == len(silence["diagnostics"]) == 1
    assert applied(text, _edits(safe, uri)) == text.replace("keep_dims", "keepdims").replace(
        "reduction_indices", "axis"
    )
    assert applied(text, _edits(silence, uri)) == text.replace("[0])", "[0])  # noqa: TF903")
    # What has no edits can be silenced, and nothing is offered where there is no finding.
    assert [a["title"] for a in client.actions(uri, 5, only=["quickfix"])] == ["Silence TF101 here"]
    assert client.actions(uri, 0, only=["quickfix"]) == []
    assert client.actions(uri, 1, only=["refactor"]) == []
    # After the fix there is nothing left to say of that.
    fixed = applied(text, _edits(safe, uri))
    client.change(uri, fixed)
    assert (4, "TF903") not in _codes(client.diagnostics(uri))


def test_every_fix_of_the_examples_is_the_fix_of_the_command(client: Client, corpus: Path) -> None:
    """Whatever an editor does with a quick fix, it is what `tf2lint fix` would write."""
    client.start()
    options = Options(edits="tf2")
    seen = {True: 0, False: 0}  # safe or not
    for path in sorted(corpus.glob("*.py"))[::5]:
        text = path.read_text(encoding="utf-8")
        found = [f for f in check_new(Source(text, path.name), options) if f.hint and f.hint.edits]
        if not found:
            continue
        uri = client.open(f"file:///elsewhere/{path.name}", text)
        wanted = {apply(text, f.hint.edits) for f in found if f.hint}
        made = client.actions(uri, 0, only=["quickfix"], end=text.count("\n"))
        fixes = [a for a in made if not a["title"].startswith("Silence")]
        assert {applied(text, _edits(a, uri)) for a in fixes} == wanted, path.name
        for action in fixes:
            safe = all(f.hint is None or is_safe(f) for f in found if f.line - 1 in _lines(action))
            assert action.get("isPreferred", False) is not action["title"].endswith(" (unsafe)")
            assert safe <= action.get("isPreferred", False)
            seen[action.get("isPreferred", False)] += 1
    assert min(seen.values()) > 3


@pytest.mark.parametrize("lazily", [False, True])
def test_fix_all(client: Client, lazily: bool) -> None:
    """As on saving: `editor.codeActionsOnSave` asks for this very kind."""
    resolve: Json = {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
    can = client.start(
        textDocument={"codeAction": resolve if lazily else {}},
        workspace={"workspaceEdit": {"documentChanges": True}},
    )
    assert "source.fixAll.tf2lint" in can["codeActionProvider"]["codeActionKinds"]
    text = (
        f"{HEAD}# é😀\nx = tf.log(tf.to_float(1))\ny = tf.Session()\nz = tf.ceil(x)  # noqa: TF901"
    )
    uri = client.open("a.py", text, version=7)
    for only in (["source.fixAll.tf2lint"], ["source.fixAll"], ["source"]):
        [action] = client.actions(uri, 0, only=only)
        assert action["kind"] == "source.fixAll.tf2lint"
        assert ("edit" in action) is not lazily
    if lazily:
        action = client.request("codeAction/resolve", action)
    [change] = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 7}
    after = applied(text, change["edits"])
    assert after == text.replace("tf.log(tf.to_float(1))", "tf.math.log(tf.cast(1, tf.float32))")
    assert client.actions(uri, 0, only=["source.fixAll.ruff"]) == []
    client.change(uri, after, version=8)
    assert client.actions(uri, 0, only=["source.fixAll"]) == []


def test_fix_all_is_not_worked_out_for_who_only_looks(client: Client) -> None:
    client.start()
    uri = client.open("a.py", f"{HEAD}x = tf.log(1.0)\n")
    kinds = [action["kind"] for action in client.actions(uri, 1, automatic=True)]
    assert kinds == ["quickfix", "quickfix"]
    assert len(client.actions(uri, 1)) == 3


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests/fix/programs").glob("*.py")), ids=lambda p: p.stem
)
@pytest.mark.parametrize("closed", [False, True])
def test_edits_are_those_that_check_makes(path: Path, closed: bool) -> None:
    """Made one after the other from the look that found the findings, or by another look."""
    text = path.read_text(encoding="utf-8")
    analysis = Analysis(text, None, Held(Options(), Selection()), pytest.fail)
    if closed:
        analysis.close()
    wanted = check_new(Source(text, "untitled"), Options(edits="tf2"))
    made = [analysis.edited(finding) for finding in analysis.findings]
    assert [(found, found.hint) for found in made] == [(found, found.hint) for found in wanted]


def test_hover(client: Client) -> None:
    client.start()
    text = f"{HEAD}x = tf.log(tf.to_float(1))\ny = 1  # noqa: E501, TF602\n"
    uri = client.open("a.py", text)
    told = client.hover(uri, 1, 8)
    assert "**TF901** `tf.log` was renamed in TF 2. Use `tf.math.log" in told
    assert "TF 1.15         tf.log(x, name=None)" in told
    assert "the same object in TF 2: tf.math.log" in told
    assert "# TF901: renamed-symbol" in told
    inner = client.hover(uri, 1, 15)
    assert "tf.to_float" in inner
    assert "TF 1.15         tf.log" not in inner
    assert client.hover(uri, 2, 24).startswith("# TF602: session-run")
    assert client.hover(uri, 2, 17) == ""
    assert client.hover(uri, 77, 0) == ""


def test_settings_of_the_client(client: Client) -> None:
    client.start({"targetVersion": "2.3", "ignore": ["TF901"]}, workspace={})
    uri = client.open("a.py", f"{HEAD}x = tf.log(1.0)\nm.predict_classes(tf.Session())\n")
    assert _codes(client.diagnostics(uri)) == [(2, "TF601")]
    settings = {"tf2lint": {"ignore": None, "select": ["TF9"]}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    assert _codes(client.diagnostics(uri)) == [(1, "TF901")]
    client.notify(
        "workspace/didChangeConfiguration", {"settings": {"tf2lint": {"target-versoin": "2.3"}}}
    )
    assert "did you mean 'target-version'?" in client.wait_for("no option")
    _until(client, uri, [(1, "TF901"), (2, "TF707"), (2, "TF601")])


def test_settings_that_the_client_is_asked_for(client: Client) -> None:
    client.settings["tf2lint"] = {"select": ["TF601"], "trace": {"server": "off"}}
    client.start(workspace={"configuration": True})
    uri = client.open("a.py", f"{HEAD}x = tf.log(1.0)\ny = tf.Session()\n")
    _until(client, uri, [(2, "TF601")])
    client.settings["tf2lint"] = {"select": ["TF901"]}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    _until(client, uri, [(1, "TF901")])


def test_settings_of_each_folder(client: Client) -> None:
    """Patterns start from the folder; what has no settings of its own has those of all."""
    client.settings["tf2lint"] = {"select": ["TF901"]}
    folders = [
        {"uri": (client.folder / name).as_uri(), "name": name} for name in ("one", "one/in", "two")
    ]
    client.scoped = {
        folders[0]["uri"]: {"select": ["TF601"], "exclude": ["old/*.py"]},
        folders[1]["uri"]: {"select": ["TF901", "TF601"]},
    }
    client.start(workspace={"configuration": True}, folders=folders)
    text = f"{HEAD}x = tf.log(1.0)\ny = tf.Session()\n"
    expected: dict[str, list[tuple[int, str]]] = {
        "one/a.py": [(2, "TF601")], "one/old/a.py": [], "one/in/a.py": [(1, "TF901"), (2, "TF601")],
        "two/a.py": [(1, "TF901")], "a.py": [(1, "TF901")],
    }  # fmt: skip
    for name, codes in expected.items():
        client.open(name, text)
        _until(client, (client.folder / name).as_uri(), codes)
    two = folders[2]
    client.scoped[two["uri"]] = {"select": ["TF601"]}
    event = {"added": [two], "removed": [folders[0]]}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    _until(client, (client.folder / "two/a.py").as_uri(), [(2, "TF601")])
    _until(client, (client.folder / "one/a.py").as_uri(), [(1, "TF901")])


def test_settings_of_the_project(client: Client) -> None:
    """The nearest file counts, is read again when it changes, and may be wrong."""
    client.start()
    toml = client.folder / "service" / "pyproject.toml"
    put(client.folder, {
        "pyproject.toml": '[tool.tf2lint]\ntarget-version = "2.3"\n',
        "service/pyproject.toml": "[tool.tf2lint]\nallow-compat-v1 = true\n",
    })  # fmt: skip
    text = "import tensorflow.compat.v1 as tf\nx = tf.placeholder(tf.float32)\n"
    inside = client.open("service/a.py", text)
    assert client.diagnostics(inside) == []
    outside = client.open("a.py", text)
    assert _codes(client.diagnostics(outside)) == [(0, "TF001"), (1, "TF603")]
    toml.write_text("[tool.tf2lint]\nallow-compat-v1 = false\n")
    event = {"changes": [{"uri": toml.as_uri(), "type": 2}]}
    client.notify("workspace/didChangeWatchedFiles", event)
    assert len(client.diagnostics(inside)) == 2
    toml.write_text("[tool.tf2lint]\nallow-compat-v1 = perhaps\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": toml.as_uri()}})
    assert "pyproject.toml" in client.wait_for("pyproject.toml")
    toml.write_text("[tool.tf2lint]\nallow-compat-v1 = true\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": toml.as_uri()}})
    _until(client, inside, [])


def test_settings_for_files(client: Client) -> None:
    """The same patterns count as for the command."""
    client.start()
    put(client.folder, {
        "pyproject.toml": '[tool.tf2lint]\nexclude = ["vendored"]\nextend-select = ["TF605"]\n'
        '[tool.tf2lint.per-file-ignores]\n"old/*.py" = ["TF601"]\n',
    })  # fmt: skip
    text = f"{HEAD}x = tf.Session()\ntf.control_dependencies([])\n"
    for name, codes in (
        ("a.py", [(1, "TF601"), (2, "TF605")]), ("old/a.py", [(2, "TF605")]), ("vendored/a.py", []),
    ):  # fmt: skip
        uri = client.open(name, text)
        assert _codes(client.diagnostics(uri)) == codes


def test_files_are_watched_where_the_client_can(client: Client) -> None:
    client.start(workspace={"didChangeWatchedFiles": {"dynamicRegistration": True}})
    uri = client.open("a.py", HEAD)
    client.diagnostics(uri)
    [asked] = client.asked("client/registerCapability")
    [registration] = asked["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    globs = [watcher["globPattern"] for watcher in registration["registerOptions"]["watchers"]]
    assert globs == ["**/*.py", "**/pyproject.toml"]


def test_a_client_that_refuses_what_it_offered(client: Client) -> None:
    """Emacs, where it was built without what it takes to watch files."""
    client.refuses.add("client/registerCapability")
    client.settings["tf2lint"] = {"select": ["TF601"]}
    client.start(
        workspace={"didChangeWatchedFiles": {"dynamicRegistration": True}, "configuration": True}
    )
    uri = client.open("a.py", f"{HEAD}x = tf.log(1.0)\ny = tf.Session()\n")
    _until(client, uri, [(2, "TF601")])
    assert "please report" not in client.wait_for("didChangeWatchedFiles")


def test_files_outside_of_any_project_and_on_no_disk(client: Client) -> None:
    client.start()
    for uri in (NEW, "untitled:Untitled-1", "vscode-vfs://github/x/y.py"):
        client.open(uri, f"{HEAD}x = tf.log(1.0)\nfrom . import y\nfrom .a import z\n")
        assert _codes(client.diagnostics(uri)) == [(1, "TF901")]
        [fixed, _] = client.actions(uri, 1, only=["quickfix"])
        assert _edits(fixed, uri)[0]["newText"] == "tf.math.log"


def test_what_is_not_saved_of_a_neighbour_is_seen(client: Client) -> None:
    client.start()
    put(
        client.folder, {"pyproject.toml": "", "pkg/__init__.py": "", "pkg/compat.py": "tf = None\n"}
    )
    user = client.open("pkg/model.py", "from pkg.compat import tf\nx = tf.log(1.0)\n")
    assert client.diagnostics(user) == []
    compat = client.open("pkg/compat.py", "tf = None\n")
    client.change(compat, "import tensorflow.compat.v1 as tf\n")
    assert _codes(client.diagnostics(user)) == [(1, "TF901")]
    # Closed without being saved, it is what is on disk.
    client.notify("textDocument/didClose", {"textDocument": {"uri": compat}})
    assert client.diagnostics(user) == []
    # A neighbour that is new: in the editor, and then on the disk.
    user = client.open("pkg/other.py", "from pkg.fresh import tf\nx = tf.log(1.0)\n")
    assert client.diagnostics(user) == []
    fresh = client.open("pkg/fresh.py", HEAD)
    assert _codes(client.diagnostics(user)) == [(1, "TF901")]
    client.notify("textDocument/didClose", {"textDocument": {"uri": fresh}})
    assert client.diagnostics(user) == []
    put(client.folder, {"pkg/fresh.py": HEAD})
    event = {"changes": [{"uri": fresh, "type": 1}]}
    client.notify("workspace/didChangeWatchedFiles", event)
    assert _codes(client.diagnostics(user)) == [(1, "TF901")]


def test_what_is_not_saved_is_seen_from_afar(client: Client) -> None:
    """Through another file, in a function that the other file has, and in a switch above."""
    client.start()
    put(client.folder, {
        "pyproject.toml": "", "pkg/__init__.py": "", "pkg/a.py": "from pkg.b import tf, build\n",
        "pkg/b.py": "tf = None\n",
    })  # fmt: skip
    text = "from pkg.a import tf, build\nx = tf.log(1.0)\nbuild().run(x)\n"
    user = client.open("pkg/model.py", text)
    assert client.diagnostics(user) == []
    far = client.open("pkg/b.py", "tf = None\n")
    assert client.actions(user, 1) == []  # what is known by now does not stay
    client.change(far, HEAD)
    assert _codes(client.diagnostics(user)) == [(1, "TF901")]
    client.change(far, f"{HEAD}def build():\n    return tf.Session()\n", version=3)
    assert _codes(client.diagnostics(user)) == [(1, "TF901"), (2, "TF602")]
    client.change(far, "tf = None\n", version=4)
    assert client.diagnostics(user) == []
    keras = "import tensorflow as tf\ntf.keras.optimizers.Adam(lr=0.1)\n"
    user = client.open("pkg/train.py", keras)
    [told] = client.diagnostics(user)
    above = 'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\n'
    client.open("pkg/__init__.py", above)
    assert client.diagnostics(user) != [told]


def test_a_baseline(client: Client) -> None:
    put(client.folder, {
        "pyproject.toml": '[tool.tf2lint]\nbaseline = "known.txt"\n',
        "a.py": f"{HEAD}x = tf.log(1.0)\n",
    })  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "tf2lint", "baseline", "a.py", "-o", "known.txt", "--tf2-baseline="],
        cwd=client.folder, check=False, capture_output=True,
    )  # fmt: skip
    client.start()
    uri = client.open("a.py", f"{HEAD}x = tf.log(1.0)\ny = tf.log(2.0)\n")
    told = client.diagnostics(uri)
    known = (client.folder / "known.txt").exists()
    assert _codes(told) == ([(2, "TF901")] if known else [(1, "TF901"), (2, "TF901")])


def test_a_mistake_of_ours_is_one_line(tmp_path: Path) -> None:
    code = (
        "import tf2lint.check.engine as engine\n"
        "from tf2lint.server import actions, serving\n"
        "def broken(*_): raise KeyError('oh\\nno')\n"
        "engine.Examination.findings = broken\n"
        "actions.quick_fixes = broken\n"
        "serving.serve()\n"
    )
    (tmp_path / "broken.py").write_text(code)
    client = Client(tmp_path, started(tmp_path, "broken"))
    client.start()
    uri = client.open("a.py", f"{HEAD}x = tf.log(1.0)\n")
    assert client.diagnostics(uri) == []
    line = client.wait_for("KeyError")
    assert "\n" not in line
    assert "please report" in line
    assert client.actions(uri, 1, only=["quickfix"]) == []
    client.change(uri, HEAD)
    assert client.diagnostics(uri) == []
    assert client.end() == 0
    assert client.errors == b""


@pytest.mark.parametrize("last", ["", "exit"])
def test_an_editor_that_goes_without_a_word(tmp_path: Path, last: str) -> None:
    client = Client(tmp_path, started(tmp_path, "tf2lint", "server", "--stdio"))
    client.start()
    if last:
        client.notify(last, None)
    assert client.wait() == 1


def test_without_pygls_it_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys\nsys.modules['pygls.lsp.server'] = None\nsys.modules['pygls'] = None\n"
        "from tf2lint.cli import main\nsys.exit(main(['server']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr
        == "tf2lint: error: server: there is no pygls here: pip install 'tf2lint[server]'\n"
    )


def test_check_loads_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"{HEAD}x = tf.log(1.0)\n")
    code = (
        "import sys\nfrom tf2lint.cli import main\nmain(['check', '--no-cache', 'a.py'])\n"
        "print([m for m in sys.modules if m.startswith(('tf2lint.server', 'pygls', 'lsprotocol'))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1] == "[]"
