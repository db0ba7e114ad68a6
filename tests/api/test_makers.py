"""The makers, on small made-up releases: no TensorFlow and no network."""

from __future__ import annotations

import importlib.util
import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
DATA = Path(__file__).parents[2] / "tf2lint" / "tensorflow" / "data"


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


make = tool("make_api_tables")
lists = tool("list_wheel_api")
modules = tool("list_modules")
private_names = tool("list_private_names")


def function(number: int, sig: str, **more: Any) -> dict[str, Any]:
    return {"kind": "function", "obj": number, "sig": sig, **more}


def dump(version: str, **spaces: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": {"tensorflow": version, "python": "3"},
        "spaces": spaces,
        "classes": {
            "50": {
                "mro": [],
                "proto": False,
                "members": {"run": ["method", "a", "An `Operation`.", ""]},
            },
            "51": {
                "mro": [50],
                "proto": False,
                "members": {
                    "run": ["method", "a", "", ""],
                    "old": ["method", "", "", "RuntimeError"],
                    "size": ["property", None, "", ""],
                },
            },
        },
        "failed": {},
    }


def write_dumps(folder: Path) -> Path:
    folder.mkdir()
    base = {"kind": "class", "obj": 50, "sig": ""}
    derived = {"kind": "class", "obj": 51, "sig": "x=','"}
    one = dump(
        "1.15.5",
        tf1={
            "log": function(1, "x, name=None", returns="A `Tensor`."),
            "math": {"kind": "module", "obj": 2},
            "math.log": function(1, "x, name=None"),
            "sum": function(3, "x, keep_dims=None"),
            "Base": base,
            "Derived": derived,
            "Operation": {"kind": "class", "obj": 50, "sig": ""},
        },
    )
    v1 = {
        "log": function(1, "x, name=None", export2=["math.log"]),
        "math": {"kind": "module", "obj": 4},
        "math.log": function(1, "x, name=None"),
        "sum": function(3, "x, keep_dims=None"),
        "gone": {"kind": "error", "error": "AttributeError: gone"},
    }
    v2 = {
        "math": {"kind": "module", "obj": 5},
        "math.log": function(1, "x, name=None"),
        "sum": function(6, "x, keepdims=None"),
        "stub": function(7, "", raises="ImportError"),
        "Derived": derived,
    }
    two = dump("2.0.1", v2={**v2, "early": function(8, "")}, v1=v1)
    three = dump("2.2.0", v2=v2, v1=v1)
    for name, content in (("1", one), ("2.0", two), ("2.2", three)):
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def table(text: str) -> dict[str, list[str]]:
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {row[0]: row[1:] for row in rows}


def test_tables_from_dumps(tmp_path: Path) -> None:
    files = make.make(write_dumps(tmp_path / "dumps"), None)
    names = table(files["data/names.tsv"])
    signatures = table(files["data/signatures.tsv"])
    kind, flags, v2, v1, stub, canonical, returns, sigs, bases = names["log"]
    assert (kind, flags, v2, v1, stub) == ("f", "t", "-", "2.0-", "-")
    assert (canonical, returns, bases) == ("math.log", "-", "-")
    assert signatures[sigs.split(" ")[0].partition(":")[2]] == ["x, name=None"]
    assert names["math.log"][1] == "ts"
    assert names["math"][1] == "ts"
    assert names["sum"][1] == "t"
    assert names["early"][2] == "2.0-2.1"
    assert names["stub"][2:5] == ["-", "-", "2.0-"]
    assert names["Derived"][8].startswith("0:Base")
    members = table(files["data/members.tsv"])
    assert "Derived.run" in members
    assert members["Derived.run"][1].startswith("1:m")
    assert members["Derived.size"] == ["-", "0:p 3:-"]
    assert members["Derived.old"][1].startswith("0:m")
    assert " 1:r" in members["Derived.old"][1]
    assert files["_releases.py"].count("(2, ") == 3


def test_lists_decide_what_exists(tmp_path: Path) -> None:
    entry = {"v2": ["sum"], "v1": ["sum", "log"], "source": ["tensorflow-2.x.whl"]}
    known = {"releases": {f"2.{m}": entry for m in (0, 1, 2)}}
    known["releases"]["2.1"] = {**entry, "v2": ["sum", "only.here"]}
    files = make.make(write_dumps(tmp_path / "dumps"), known)
    names = table(files["data/names.tsv"])
    assert names["only.here"][2] == "2.1"
    assert names["sum"][2] == "2.0-"
    assert "listed: tensorflow-2.x.whl" in files["data/names.tsv"]


def test_same_bytes_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dumps = write_dumps(tmp_path / "dumps")
    out = tmp_path / "out"
    arguments = ["--dumps", str(dumps), "--out", str(out)]
    assert make.main(arguments) == 0
    first = {path: path.read_bytes() for path in sorted(out.rglob("*.*"))}
    assert len(first) == 5
    assert make.main([*arguments, "--check"]) == 0
    assert make.main(arguments) == 0
    assert {path: path.read_bytes() for path in sorted(out.rglob("*.*"))} == first
    damaged = out / "data" / "names.tsv"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert make.main([*arguments, "--check"]) == 1
    assert "names.tsv: DIFFERENT" in capsys.readouterr().out


def test_dumps_are_needed(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"TF 1\.15"):
        make.make(tmp_path, None)


@pytest.mark.parametrize("file", ["names.tsv", "members.tsv", "signatures.tsv", "aliases.tsv"])
def test_checked_in_tables_pass(file: str) -> None:
    make.verify(file, (DATA / file).read_text())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# h\na\t1\nb\t2", "cut off"),
        ("# h\nb\t1\na\t2\n", "3: 'a' is not in order"),
        ("# h\na\t1\na\t2\n", "not in order"),
        ("# h\na\t1\nb\n", "1 fields, not 2"),
        ("# h\na\t1\n# x\nb\t2\n", "a comment among the rows"),
        ("# h\na\t1\n\n", "fields"),
    ],
)
def test_damage_is_seen(text: str, message: str) -> None:
    with pytest.raises(SystemExit, match=message):
        make.verify("t.tsv", text)


@pytest.mark.parametrize(
    ("present", "text"),
    [
        ([], "-"),
        ([0], "2.0"),
        ([3], "2.3-"),
        ([0, 1, 2, 3], "2.0-"),
        ([0, 1], "2.0-2.1"),
        ([0, 2, 3], "2.0,2.2-"),
    ],
)
def test_ranges(present: list[int], text: str) -> None:
    releases = [(2, m) for m in range(4)]
    assert make.ranges([(2, m) for m in present], releases) == text


def test_steps() -> None:
    assert make.steps(["-", "-"]) == "-"
    assert make.steps(["a", "a", "-", "b"]) == "0:a 2:- 3:b"


@pytest.mark.parametrize(
    ("doc", "result"),
    [
        ("A `Tensor`. Has the same type as `x`.", "Tensor"),
        ("The reduced tensor, of the same dtype as the input_tensor.", "Tensor"),
        ("An Op that initializes global variables in the graph.", "Operation"),
        ("Dataset: A `Dataset`.", "data.Dataset"),
        ("A `tf.compat.v1.data.Iterator` over the elements.", "data.Iterator"),
        ("Weighted loss float `Tensor`. If `reduction` is `NONE`, this has", "Tensor"),
        ("A `MetaGraphDef` proto.", "MetaGraphDef"),
        ("A `Tensor` or `SparseTensor`.", ""),
        ("A list of `Tensor` objects.", ""),
        ("A tuple of `Tensor` objects (a, b).", ""),
        ("mean: A `Tensor`. update_op: An operation that increments", ""),
        ("A `Dataset` transformation function, which can be passed", ""),
        ("A dictionary of tensors.", ""),
        ("A nested structure of `tf.TypeSpec` objects", ""),
        ("Same as `ref`. A `Tensor` is", ""),
        ("", ""),
    ],
)
def test_returns_name(doc: str, result: str) -> None:
    assert make.returns_name(doc, {"MetaGraphDef": "MetaGraphDef"}) == result


def wheel(path: Path, files: dict[str, str]) -> Any:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return lists.Wheel(path)


def test_names_of_a_wheel(tmp_path: Path) -> None:
    tensorflow = wheel(
        tmp_path / "tensorflow-2.6.whl",
        {
            "tensorflow/__init__.py": (
                "import os as _os\nimport importlib\n"
                "from tensorflow._api.v2 import nn\n"
                "from tensorflow._api.v2 import compat\n"
                "from tensorflow.python.ops.a import b as c\n"
                "from tensorflow.python import d as _d\n"
                "from tensorflow.python.v import __version__\n"
                "from tensorflow import dtensor\n"
                "if _os.x:\n  from tensorflow.python.ops.a import late\n"
                "import typing as _t\n"
                "if _t.TYPE_CHECKING:\n  from tensorflow.python.ops.a import never\n"
                "def f():\n  from tensorflow.python.ops.a import inside\n"
                "from tensorflow.python.ops.a import dropped\ndel dropped\n"
            ),
            "tensorflow/_api/v2/nn/__init__.py": "from tensorflow.python.ops.a import relu\n",
            "tensorflow/_api/v2/compat/__init__.py": "from . import v1\nfrom . import v2\n",
            "tensorflow/_api/v2/compat/v1/__init__.py": (
                "from . import nn\n# keras.__internal__.legacy.layers\n"
                "from tensorflow.python.client import Session\n"
            ),
            "tensorflow/_api/v2/compat/v1/nn/__init__.py": (
                "from tensorflow.python.ops.a import old_relu\n"
            ),
        },
    )
    keras = wheel(
        tmp_path / "keras-2.6.whl",
        {
            "keras/api/_v2/keras/__init__.py": "from keras.api._v2.keras import losses\n",
            "keras/api/_v2/keras/losses/__init__.py": "from keras.losses import MSE\n",
            "keras/api/_v1/keras/__init__.py": "from keras.api._v1.keras import __internal__\n",
            "keras/api/_v1/keras/__internal__/__init__.py": "from . import legacy\n",
            "keras/api/_v1/keras/__internal__/legacy/__init__.py": (
                "from . import layers\nfrom . import rnn_cell\n"
            ),
            "keras/api/_v1/keras/__internal__/legacy/layers/__init__.py": (
                "from keras.legacy_tf_layers.core import dense\n"
            ),
            "keras/api/_v1/keras/__internal__/legacy/rnn_cell/__init__.py": (
                "from keras.layers.legacy import GRUCell\n"
            ),
        },
    )
    estimator = wheel(
        tmp_path / "tensorflow_estimator-2.6.whl",
        {
            "tensorflow_estimator/python/estimator/api/_v2/estimator/__init__.py": (
                "from tensorflow_estimator.python.estimator.estimator import Estimator\n"
            )
        },
    )
    board = wheel(
        tmp_path / "tensorboard-2.6.whl",
        {
            "tensorboard/summary/_tf/summary/__init__.py": (
                "from tensorboard.summary.v2 import audio\nimport tensorflow as tf\n"
            )
        },
    )
    found = lists.release_names(6, tensorflow, keras, estimator, board)
    assert {"nn", "nn.relu", "c", "late", "__version__", "compat"} <= set(found["v2"])
    assert {"keras.losses.MSE", "losses.MSE", "estimator.Estimator"} <= set(found["v2"])
    assert "summary.audio" in found["v2"]
    assert not {"never", "inside", "dropped", "dtensor", "_d", "compat.v1"} & set(found["v2"])
    assert {"Session", "nn.old_relu", "layers.dense", "nn.rnn_cell.GRUCell"} <= set(found["v1"])
    assert {"flags", "app.flags", "keras"} <= set(found["v1"])
    assert "nn.relu" not in found["v1"]


def test_modules_by_the_releases_that_have_them() -> None:
    files = {
        "1.2": ["tensorflow/tools/old/__init__.py", "tensorflow/tools/old/inner.py"],
        "1.15": ["tensorflow_core/python/a.py", "tensorflow_core/python/gone/x.py"],
        "2.3": [
            "tensorflow-2.3.data/purelib/tensorflow/python/a.py",
            "tensorflow/python/b.so",
            "tensorflow/python/gone/x.py",
            "tensorflow/python/c_test.py",
            "tensorflow/keras/layers.py",
            "numpy/python/d.py",
        ],
        "2.4": ["tensorflow/python/a.py", "tensorflow/python/b.cpython-311.so"],
    }
    rows = modules.table(files).splitlines()[1:]
    assert rows == ["\t- python\t-1.2 tools", "python\t- a\t-2.3 gone\t2.3- b"]


def test_names_that_private_modules_lost(tmp_path: Path) -> None:
    wheels = {
        "1.15": {
            "tensorflow_core/python/a.py":
                "from tensorflow.python.b import *\nfrom tensorflow.python.b import shown, hidden\n"
                "import os\nLIMIT = 3\nOld = os.path\nif LIMIT:\n    class Kept: pass\n"
                "    def gone(): pass\n    def _own(): pass\n",
            "tensorflow_core/python/b.py":
                "@tf_export(v1=['shown'])\ndef shown(): pass\ndef hidden(): pass\ndef star(): pass\n",
        },
        "2.0": {"x.data/purelib/tensorflow/python/a.py": "class Kept: pass\ngone = 1\n"},
        "2.1": {"tensorflow/python/a.py": "from tensorflow.python.gen_c import *\n",
                "tensorflow/python/gen_c.py": "def Kept(): pass\n"},
    }  # fmt: skip
    lists = {}
    for release, files in wheels.items():
        with zipfile.ZipFile(tmp_path / release, "w") as wheel:
            for name, text in files.items():
                wheel.writestr(name, text)
        with zipfile.ZipFile(tmp_path / release) as wheel:
            lists[release] = private_names.names_in(wheel)
    rows = private_names.table(lists).splitlines()[1:]
    assert rows == ["python.a\t1.15 Old shown star\t2.0 gone"]
