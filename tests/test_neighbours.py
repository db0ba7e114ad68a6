"""Names that come from a neighbouring file: real files on disk, read and never run."""

from __future__ import annotations

import ast
import gc
import time
from pathlib import Path

import pytest

from tests.support import findings
from tf2lint.semantics.files import imports_in

USE = "{imports}\n{call}()\n"
TREES: dict[str, tuple[dict[str, str], str, str]] = {
    # name: (files, imports of pkg/sub/mod.py, what is called)
    "relative, two up": (
        {"pkg/compat.py": "import tensorflow.compat.v1 as tfv1"},
        "from ..compat import tfv1 as tf", "tf.summary.merge_all"),
    "relative, package": (
        {"pkg/sub/__init__.py": "import tensorflow as tf"},
        "from . import tf", "tf.summary.merge_all"),
    "relative, sibling": (
        {"pkg/sub/compat.py": "import tensorflow as tf"},
        "from .compat import tf", "tf.summary.merge_all"),
    "relative, module object": (
        {"pkg/sub/compat.py": "import tensorflow as tf"},
        "from . import compat", "compat.tf.summary.merge_all"),
    "absolute": (
        {"pkg/compat.py": "import tensorflow as tf"},
        "from pkg.compat import tf", "tf.summary.merge_all"),
    "absolute, module object": (
        {"pkg/compat.py": "import tensorflow as tf"},
        "import pkg.compat as c", "c.tf.summary.merge_all"),
    "through two files": (
        {"pkg/a.py": "from .b import tf", "pkg/b.py": "import tensorflow as tf"},
        "from ..a import tf", "tf.summary.merge_all"),
    "through a star": (
        {"pkg/a.py": "from .b import *", "pkg/b.py": "import tensorflow as tf"},
        "from ..a import tf", "tf.summary.merge_all"),
    "star here": (
        {"pkg/a.py": "import tensorflow as tf"},
        "from ..a import *", "tf.summary.merge_all"),
    "an alias there": (
        {"pkg/a.py": "import tensorflow\ntf1 = tensorflow.compat.v1"},
        "from ..a import tf1", "tf1.summary.merge_all"),
    "a shim there": (
        {"pkg/a.py": "try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n"
                     "    import tensorflow as tf"},
        "from ..a import tf", "tf.summary.merge_all"),
    "one symbol": (
        {"pkg/a.py": "from tensorflow.summary import merge_all"},
        "from ..a import merge_all as m", "m"),
    "several lines in parentheses": (
        {"pkg/a.py": "from tensorflow import (\n    summary,\n    train,\n)"},
        "from ..a import (\n    train,\n    summary,\n)", "summary.merge_all"),
}  # fmt: skip


def _tree(root: Path, files: dict[str, str]) -> Path:
    for name in ("pkg/__init__.py", "pkg/sub/__init__.py"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (root / "setup.cfg").touch()
    for name, text in files.items():
        (root / name).write_text(text)
    return root / "pkg/sub/mod.py"


@pytest.mark.parametrize("case", list(TREES))
def test_followed(case: str, tmp_path: Path) -> None:
    files, imports, call = TREES[case]
    path = _tree(tmp_path, files)
    text = USE.format(imports=imports, call=call)
    found = [f for f in findings(text, str(path)) if f.code == "TF101"]
    assert [(f.column, f.end_column) for f in found] == [(0, len(call))]


NOT: dict[str, tuple[dict[str, str], str, str]] = {
    "not TensorFlow": (
        {"pkg/a.py": "import numpy as tf  # tensorflow"},
        "from ..a import tf", "tf.summary.merge_all"),
    "a function of that name": (
        {"pkg/a.py": "import tensorflow\ndef tf(): pass"},
        "from ..a import tf", "tf.summary.merge_all"),
    "bound again": (
        {"pkg/a.py": "import tensorflow as tf\ntf = make()"},
        "from ..a import tf", "tf.summary.merge_all"),
    "a constant of its own": (
        {"pkg/a.py": "import tensorflow as tf\nKEY = tf.GraphKeys.SUMMARIES"},
        "from ..a import KEY", "KEY.lower"),
    "no such file": ({}, "from ..gone import tf", "tf.summary.merge_all"),
    "a cycle": (
        {"pkg/a.py": "from .b import tf  # tensorflow", "pkg/b.py": "from .a import tf"},
        "from ..a import tf", "tf.summary.merge_all"),
    "a file that does not parse": (
        {"pkg/a.py": "import tensorflow as tf\nprint 'x'"},
        "from ..a import tf", "tf.summary.merge_all"),
    "above the top package": (
        {"pkg/a.py": "import tensorflow as tf"},
        "from .....a import tf", "tf.summary.merge_all"),
    "another project of the same name": (
        {"pkg/a.py": "import tensorflow as tf"},
        "from other.a import tf", "tf.summary.merge_all"),
}  # fmt: skip


@pytest.mark.parametrize("case", list(NOT))
def test_not_followed(case: str, tmp_path: Path) -> None:
    files, imports, call = NOT[case]
    path = _tree(tmp_path, files)
    assert findings(USE.format(imports=imports, call=call), str(path)) == []


KERAS = {
    "tf_keras, all of it": (
        "if three:\n    from tf_keras import *\nelse:\n    from tensorflow.keras import *\n",
        "optimizers.legacy.Adam", []),
    "keras, all of it": (
        "if three:\n    from keras import *\nelse:\n    from tensorflow.keras import *\n"
        "    from tensorflow.keras import saving\n",
        "saving.register_keras_serializable", []),
    "keras, all of it, and none of its": (
        "if three:\n    from keras import *\nelse:\n    from tensorflow.keras import *\n",
        "optimizers.legacy.Adam", ["TF506"]),
    "tf.keras alone": (
        "from tensorflow.keras import *", "optimizers.legacy.Adam", ["TF506"]),
}  # fmt: skip


@pytest.mark.parametrize("case", KERAS)
def test_a_keras_of_the_project(case: str, tmp_path: Path) -> None:
    text, name, codes = KERAS[case]
    path = _tree(tmp_path, {"pkg/keras.py": text})
    use = f"import tensorflow as tf\nfrom pkg import keras\nkeras.{name}()\n"
    assert [f.code for f in findings(use, str(path))] == codes


def test_a_keras_or_a_file_that_stands_for_it(tmp_path: Path) -> None:
    shim = (
        "# tf.keras, or Keras 3\nif old:\n    import pkg.keras2 as keras\nelse:\n    import keras\n"
    )
    path = _tree(tmp_path, {
        "pkg/backend.py": shim, "pkg/keras2.py": "from tensorflow.keras import *",
    })  # fmt: skip
    use = "import tensorflow as tf\nfrom pkg.backend import keras\nkeras.{}()\n"
    assert findings(use.format("saving.serialize_keras_object"), str(path)) == []
    assert [f.code for f in findings(use.format("optimizers.legacy.Adam"), str(path))] == ["TF506"]


@pytest.mark.parametrize("marked", [True, False])
def test_a_folder_of_a_package_without_an_init(tmp_path: Path, marked: bool) -> None:
    path = _tree(tmp_path, {"pkg/compat.py": "import tensorflow as tf"})
    if not marked:  # an unpacked archive: nothing says where the project begins
        (tmp_path / "setup.cfg").unlink()
    inner = tmp_path / "pkg/data/faces/builder.py"
    inner.parent.mkdir(parents=True)
    use = "from pkg.compat import tf\ntf.summary.merge_all()\n"
    assert [f.code for f in findings(use, str(inner))] == ["TF101"]
    assert [f.code for f in findings(use, str(path))] == ["TF101"]


def test_nothing_outside_of_the_project_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "project"
    path = _tree(inside, {})
    outside = tmp_path / "outside.py"
    outside.write_text("import tensorflow as tf")
    (inside / "pkg/link.py").symlink_to(outside)
    text = USE.format(imports="from ..link import tf", call="tf.summary.merge_all")
    assert findings(text, str(path)) == []


@pytest.mark.parametrize("folder", ["lib", "site-packages", "dist-packages"])
def test_what_is_installed_side_by_side_is_no_one_project(folder: str, tmp_path: Path) -> None:
    for package, text in {"a": "", "b": "import tensorflow as tf\n"}.items():
        (tmp_path / folder / package).mkdir(parents=True)
        (tmp_path / folder / package / "__init__.py").write_text(text)
    (tmp_path / folder / "a/own.py").write_text("from b import tf\n")
    text = "from {home} import tf\ntf.Session()\n"
    path = str(tmp_path / folder / "a/x.py")
    codes = ["TF601"] if folder == "lib" else []
    assert [f.code for f in findings(text.format(home="b"), path)] == codes
    assert [f.code for f in findings(text.format(home="a.own"), path)] == codes
    assert [f.code for f in findings(text.format(home="b"), str(tmp_path / folder / "b/x.py"))] == [
        "TF601"
    ]


def test_a_neighbour_is_read_and_not_run(tmp_path: Path) -> None:
    mark = tmp_path / "was-run"
    path = _tree(tmp_path, {
        "pkg/a.py": f"import tensorflow as tf\nopen({str(mark)!r}, 'w').close()",
    })  # fmt: skip
    text = USE.format(imports="from ..a import tf", call="tf.summary.merge_all")
    assert [f.code for f in findings(text, str(path))] == ["TF101"]
    assert not mark.exists()


def test_a_neighbour_that_changes_is_read_again(tmp_path: Path) -> None:
    path = _tree(tmp_path, {"pkg/a.py": "import numpy as tf"})
    text = USE.format(imports="from ..a import tf", call="tf.summary.merge_all")
    assert findings(text, str(path)) == []
    (tmp_path / "pkg/a.py").write_text("import tensorflow as tf  # now")
    assert [f.code for f in findings(text, str(path))] == ["TF101"]


@pytest.mark.parametrize(
    ("alias", "imports", "call"),
    [
        ("project.compat.tf=tensorflow.compat.v1", "from project.compat import tf", "tf"),
        ("project.compat.tf=tensorflow.compat.v1", "from .compat import tf", "tf"),
        ("project.compat=tensorflow", "from project import compat", "compat"),
        ("project.compat=tensorflow", "import project.compat as c", "c"),
    ],
)
def test_named_by_an_option(alias: str, imports: str, call: str) -> None:
    text = f"{imports}\n{call}.summary.merge_all()\n"
    found = findings(text, aliases=[alias])
    assert [(f.code, f.line) for f in found] == [("TF101", 2)]
    assert findings(text) == []


def test_a_long_chain_of_files_ends(tmp_path: Path) -> None:
    files = {f"pkg/m{i}.py": f"from .m{i + 1} import tf" for i in range(200)}
    path = _tree(tmp_path, files)
    text = USE.format(imports="from ..m0 import tf", call="tf.summary.merge_all")
    assert findings(text, str(path)) == []


# What a class gets from a base in another file, and what other files set on TensorFlow.

LOCAL = "class Base:\n    def __init__(self):\n        import tensorflow\n        self._tf = tensorflow\n"
TOP = "import tensorflow as tf\nclass Base:\n    kept = tf.summary\n    def __init__(this, x):\n        this._tf = tf\n"
SESSION = (
    "import tensorflow as tf\nclass Base:\n    def __init__(self):\n        self.s = tf.Session()\n"
)
CALL = "        self._tf.summary.merge_all()\n"
INHERITED: dict[str, tuple[dict[str, str], str, str]] = {
    # name: (files, the top of pkg/sub/mod.py up to the class, the body of its method)
    "imported in the method": (
        {"pkg/a.py": LOCAL}, "from ..a import Base\nclass C(Base):\n", CALL),
    "imported at the top": (
        {"pkg/a.py": TOP}, "from pkg.a import Base\nclass C(Base):\n", CALL),
    "of the class": (
        {"pkg/a.py": TOP}, "from ..a import Base\nclass C(Base):\n",
        "        self.kept.merge_all()\n"),
    "through the module": (
        {"pkg/a.py": LOCAL}, "from .. import a\nclass C(a.Base):\n", CALL),
    "from the base of the base, same file": (
        {"pkg/a.py": LOCAL + "class Next(Base):\n    x = 1\n"},
        "from ..a import Next\nclass C(Next):\n", CALL),
    "from the base of the base, another file": (
        {"pkg/a.py": "from . import b\nclass Next(b.Base, metaclass=abc.ABCMeta):\n    x = 1\n",
         "pkg/b.py": LOCAL},
        "from ..a import Next\nimport tensorflow\nclass C(Next):\n", CALL),
    "through an import": (
        {"pkg/__init__.py": "from .a import Base", "pkg/a.py": TOP},
        "from pkg import Base\nclass C(Base):\n", CALL),
    "TensorFlow through a third file": (
        {"pkg/a.py": "from .b import tf\n" + TOP.partition("\n")[2],
         "pkg/b.py": "import tensorflow as tf\n"},
        "from ..a import Base\nimport tensorflow\nclass C(Base):\n", CALL),
}  # fmt: skip


@pytest.mark.parametrize("case", list(INHERITED))
def test_inherited_from_a_class_of_another_file(case: str, tmp_path: Path) -> None:
    files, top, body = INHERITED[case]
    path = _tree(tmp_path, files)
    text = f"{top}    def f(self):\n{body}"
    assert [f.code for f in findings(text, str(path))] == ["TF101"]


def test_an_object_that_a_base_in_another_file_makes(tmp_path: Path) -> None:
    path = _tree(tmp_path, {"pkg/a.py": SESSION})
    text = "from ..a import Base\nclass C(Base):\n    def f(self, x):\n        self.s.run(x)\n"
    assert [f.code for f in findings(text, str(path))] == ["TF602"]


@pytest.mark.parametrize(
    ("base", "own"),
    [
        (LOCAL, "    def __init__(self):\n        self._tf = 1\n"),
        (LOCAL, "    _tf = None\n"),
        ("import tensorflow as tf\nclass Base:\n    def __init__(self, tf):\n        self._tf = tf\n", ""),
        ("import tensorflow as tf\nclass Base:\n    def f(self):\n        tf = g()\n        self._tf = tf\n", ""),
        ("import numpy as tf  # tensorflow\nclass Base:\n    def f(self):\n        self._tf = tf\n", ""),
        ("import tensorflow as tf\nclass Base:\n    def f(self, o):\n        o._tf = tf\n", ""),
        ("import tensorflow as tf\nclass Other:\n    _tf = tf\n", ""),
        ("import tensorflow as tf\nclass Base(:\n    _tf = tf\n", ""),
    ],
)  # fmt: skip
def test_not_inherited(base: str, own: str, tmp_path: Path) -> None:
    path = _tree(tmp_path, {"pkg/a.py": base})
    text = f"from ..a import Base\nclass C(Base):\n{own}    def f(self):\n{CALL}"
    assert findings(text, str(path)) == []


def test_bases_that_go_round_end(tmp_path: Path) -> None:
    one = "import tensorflow\nfrom .b import B\nclass A(B):\n    x = 1\n"
    two = "import tensorflow\nfrom .a import A\nclass B(A):\n    x = 1\n"
    path = _tree(tmp_path, {"pkg/a.py": one, "pkg/b.py": two})
    text = f"import tensorflow\nfrom ..a import A\nclass C(A):\n    def f(self):\n{CALL}"
    assert findings(text, str(path)) == []


PATCH = "import tensorflow as tf\n{}"
SET = "tf.Session = tf.compat.v1.Session\ntf.log = my_log\n"


@pytest.mark.parametrize(
    "imports",
    ["from ..a import tf", "from pkg.a import tf"],
)
def test_what_a_file_on_the_way_sets_on_tensorflow(imports: str, tmp_path: Path) -> None:
    path = _tree(tmp_path, {"pkg/a.py": PATCH.format(SET)})
    text = f"{imports}\ntf.Session()\ntf.log(x)\ntf.lgamma(x)\n"
    found = [(f.code, f.status) for f in findings(text, str(path))]
    assert found == [("TF601", "compat"), ("TF901", "removed")]
    (tmp_path / "pkg/a.py").write_text(PATCH.format("x = 1\n"))
    found = [(f.code, f.status) for f in findings(text, str(path))]
    assert found == [("TF601", "removed"), ("TF901", "removed"), ("TF901", "removed")]


def test_who_imports_tensorflow_itself_has_what_tensorflow_has(tmp_path: Path) -> None:
    path = _tree(tmp_path, {"pkg/a.py": PATCH.format(SET)})
    text = "from .. import a\nimport tensorflow as tf\ntf.log(x)\n"
    assert [f.code for f in findings(text, str(path))] == ["TF901"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("tf.log(x)\ntf.log = f\ntf.log(x)\n", [2]),
        ("def g():\n  tf.log(x)\ntf.log = f\n", []),
        ("if not hasattr(tf, 'log'):\n  tf.log = tf.math.log\ntf.log(x)\n", []),
        ("if tf.__version__ < '1.5':\n  tf.log = f\ntf.log(x)\n", [4]),
        ("def g():\n  tf.log = f\ntf.log(x)\n", [4]),
        ("tf.contrib.log = f\ntf.contrib.log(x)\n", [2, 3]),
        ("tf.matmul = f\ntf.log(x)\n", [3]),
        ("x.log = f\ntf.log(x)\n", [3]),
    ],
)
def test_what_the_module_sets_on_tensorflow(text: str, lines: list[int]) -> None:
    assert [f.line for f in findings(f"import tensorflow as tf\n{text}")] == lines


def test_methods_that_a_class_of_another_file_defines_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("")
    package = tmp_path / "project"
    package.mkdir()
    (package / "__init__.py").write_text("from .optimizers import Scipy, Wrapped, Below\n")
    (package / "optimizers.py").write_text(
        "import tensorflow as tf\n"
        "class Scipy:\n    def minimize(self, closure, var_list): pass\n"
        "class Wrapped(Scipy):\n    def compute_gradients(self, loss): pass\n"
        "class Below(tf.train.Optimizer):\n    def minimize(self, loss, var_list): pass\n"
    )
    text = """\
import tensorflow as tf
import project
from project import Below, Scipy, Wrapped
from project.optimizers import Scipy as S

opt = project.Scipy()
opt.minimize(loss, var_list=weights)
Wrapped().minimize(loss, var_list=weights)
Wrapped.compute_gradients(loss)

class Loop:
    def __init__(self, other_optimizer):
        self.optimizer = S()
        self.other_optimizer = other_optimizer

    def run(self, optimizer: Scipy):
        self.optimizer.minimize(loss, var_list=weights)
        optimizer.minimize(loss, var_list=weights)
        self.other_optimizer.minimize(loss, var_list=weights)

below_optimizer = Below()
below_optimizer.minimize(loss, var_list=weights)
"""
    found = findings(text, str(tmp_path / "loop.py"))
    assert [(f.code, f.line) for f in found] == [("TF502", 19)]


@pytest.mark.parametrize(
    "line",
    [
        "class B(\n",
        "    x:" + " " * 50 + "\n",
        "    self.a = tf.b\n",
        "a.b.c.d = a\n",
        "class B{n}(Base): x = tf\n",
    ],
)
def test_a_neighbour_that_is_all_one_thing_costs_little(line: str, tmp_path: Path) -> None:
    def seconds(many: int) -> float:
        text = "import tensorflow as tf\nfrom .a import a\nclass Base:\n    x = tf\n"
        lines = "".join(line.replace("{n}", str(n)) for n in range(many))
        path = _tree(tmp_path, {"pkg/b.py": text + lines})
        gc.disable()  # its cost is by what all tests before this one have left
        try:
            begun = time.process_time()
            findings("from ..b import Base, a\nclass C(Base):\n    y = a\n", str(path))
            return time.process_time() - begun
        finally:
            gc.enable()

    seconds(10)  # tables are loaded
    assert seconds(8000) < 24 * max(seconds(1000), 0.01) + 0.5  # the square would be 64 times


def test_functions_that_give_tensorflow(tmp_path: Path) -> None:
    (tmp_path / "setup.py").write_text("")
    package = tmp_path / "project"
    package.mkdir()
    (package / "__init__.py").write_text("from .lazy import try_import_tf\n")
    (package / "lazy.py").write_text(
        "def import_tf(device):\n    import tensorflow as tf\n    return tf\n"
        "def try_import_tf():\n    try:\n        import tensorflow as module\n"
        "    except ImportError:\n        return None, None\n"
        "    try:\n        one = module.compat.v1\n"
        "    except AttributeError:\n        one = module\n"
        "    return one, module\n"
        "def tf_free(tf):\n    return tf\n"
    )
    text = """\
from project import lazy, try_import_tf
from project.lazy import import_tf, tf_free
tf = import_tf(0)
tf.Session()
tf1, tf2 = try_import_tf()
tf1.Session()
tf2.Session()
def f():
    tf = lazy.import_tf(1)
    tf.Session()
    tf_free(g).Session()
"""
    found = findings(text, str(tmp_path / "use.py"))
    assert [(f.line, f.status) for f in found] == [
        (4, "removed"), (6, "compat"), (7, "removed"), (10, "removed"),
    ]  # fmt: skip


def test_the_function_of_rllib_that_gives_tensorflow() -> None:
    text = """\
from ray.rllib.utils.framework import try_import_tf
tf1, tf, tfv = try_import_tf()
tf1.Session()
tf.Session()
tfv.Session()
"""
    assert [(f.line, f.status) for f in findings(text)] == [(3, "compat"), (4, "removed")]
    text = "from ray.rllib.utils import try_import_tf\ntf = try_import_tf()\ntf.Session()\n"
    assert [(f.line, f.status) for f in findings(text)] == [(3, "compat")]


@pytest.mark.parametrize(
    "text",
    [
        "from .a import x_import, b; import c, d.e as f",
        "if x: from ..a.b import (  # what to import\n    c,\n    d as e,\n)",
        "from a \\\n    import b, \\\n    c\nfrom .import d",
        f"from {'.' * 900}a import b",
        "try:\n\timport a.b\nexcept ImportError: import c as b",
        "from a import *",
    ],
)
def test_every_import_of_a_text_is_seen_without_parsing_it(text: str) -> None:
    found = {tuple(target) for target in imports_in(text)}
    for node in ast.walk(ast.parse(text)):
        for alias in getattr(node, "names", ()):
            if isinstance(node, ast.ImportFrom):
                assert (node.level, node.module or "", alias.name) in found
            else:
                assert (0, alias.name, None) in found
