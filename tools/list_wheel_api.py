"""List the public names of every TF 2 release from its wheels, without importing anything.

    python tools/list_wheel_api.py --out LISTS.json [--releases 2.0 2.1 ...] [--work FOLDER]

For each minor release the newest ``tensorflow-cpu`` wheel (``tensorflow`` where there is none) is
downloaded, read and deleted again, with the keras, tensorflow-estimator and tensorboard wheels
that it runs with. The API modules in them only import names; those imports are the list.
LISTS.json holds
``{"releases": {"2.0": {"v2": [...], "v1": [...], "source": [wheel names]}}}``.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

DUNDERS = {
    "__version__",
    "__git_version__",
    "__compiler_version__",
    "__cxx11_abi_flag__",
    "__cxx_version__",
    "__monolithic_build__",
    "__internal__",
    "__operators__",
}
PLATFORMS = (
    "manylinux2010_x86_64",
    "manylinux2014_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux_2_27_x86_64",
    "any",
)
LEAKED = ("python", "core", "compiler", "tools", "tsl", "dtensor", "security")
KERAS_ALIASES = ("losses", "metrics", "optimizers", "initializers")
LAST_PYTHON_37 = 11  # TF 2.11; from 2.12 on wheels for 3.11 are read
FIRST_KERAS_WHEEL = 6
FIRST_KERAS_3 = 16
LAST_ESTIMATOR = 15
SUMMARY_FROM_TENSORBOARD = "from tensorboard.summary._tf import summary"


def download(requirement: str, python: str, folder: Path) -> Path | None:
    """The newest wheel for a requirement; None if there is none."""
    before = set(folder.iterdir())
    platforms = [part for p in PLATFORMS for part in ("--platform", p)]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-cache-dir",
            "--only-binary=:all:",
            "--python-version",
            python,
            *platforms,
            "-d",
            str(folder),
            requirement,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return None
    return (set(folder.iterdir()) - before).pop()


class Wheel:
    """The Python files of one wheel."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.zip = zipfile.ZipFile(path)
        self.files = set(self.zip.namelist())

    def package(self, dotted: str) -> str:
        """Path of a package's ``__init__.py``, or an empty string."""
        path = dotted.replace(".", "/") + "/__init__.py"
        if path in self.files:
            return path
        old = path.replace("tensorflow/", "tensorflow_core/", 1)
        return old if path.startswith("tensorflow/") and old in self.files else ""

    def text(self, path: str) -> str:
        return self.zip.read(path).decode()


def imported(source: str, package: str) -> dict[str, str]:
    """Name -> dotted origin of everything that an API module imports outside of functions."""
    out: dict[str, str] = {}
    todo: list[ast.stmt] = list(ast.parse(source).body)
    while todo:
        node = todo.pop(0)
        if isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                base = package.split(".")
                base = base[: len(base) - node.level + 1]
                origin = ".".join([*base, *([origin] if origin else [])])
            for alias in node.names:
                out[alias.asname or alias.name] = f"{origin}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                out[alias.asname or alias.name.split(".")[0]] = ""
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    out.pop(target.id, None)
        elif isinstance(node, ast.If):
            if "TYPE_CHECKING" not in ast.dump(node.test):
                todo = [*node.body, *node.orelse, *todo]
        elif isinstance(node, ast.Try):
            removes = any(isinstance(inner, ast.Delete) for inner in node.body)
            todo = (
                [*node.body, *todo]
                if not removes
                else [inner for inner in node.body if isinstance(inner, ast.Delete)] + todo
            )
    return {n: o for n, o in out.items() if o}


def tree(wheel: Wheel, package: str, prefix: str, skip: tuple[str, ...] = ()) -> set[str]:
    """Names under an API package, ``prefix`` in front of each."""
    out: set[str] = set()
    todo = [(package, prefix)]
    while todo:
        here, front = todo.pop()
        path = wheel.package(here)
        if not path:
            continue
        for name, origin in imported(wheel.text(path), here).items():
            full = front + name
            if name.startswith("_") and (
                name not in DUNDERS or (front not in ("", "keras.") and name != "__internal__")
            ):
                continue
            if full in skip or (full in LEAKED and not front):
                continue
            out.add(full)
            if front == "" and name in ("keras", "estimator"):
                continue  # listed from their own trees
            if wheel.package(origin) and ".src" not in origin and ".python.platform" not in origin:
                todo.append((origin, full + "."))
    return out


def first_package(wheel: Wheel, *dotted: str) -> str:
    """The first of the packages that the wheel has."""
    return next((d for d in dotted if wheel.package(d)), "")


def release_names(
    minor: int,
    tensorflow: Wheel,
    keras: Wheel | None,
    estimator: Wheel | None,
    tensorboard: Wheel | None,
) -> dict[str, list[str]]:
    """Namespace -> sorted names of one release."""
    skip = ("compat.v1", "compat.v2")
    root = "tensorflow_core" if "tensorflow_core/__init__.py" in tensorflow.files else "tensorflow"
    out: dict[str, list[str]] = {}
    for space, top in (("v2", root), ("v1", f"{root}._api.v2.compat.v1")):
        names = tree(tensorflow, top, "", skip)
        version = "_v1" if space == "v1" else "_v2"
        if keras is None:
            home = tensorflow
            package = first_package(
                tensorflow, f"{root}.python.keras.api.{version}.keras", f"{root}.keras"
            )
        else:
            home = keras
            package = first_package(
                keras, f"keras.api.{version}.keras", "keras._tf_keras.keras", "keras.api"
            )
        names |= {"keras"} | tree(home, package, "keras.")
        if estimator is not None:
            names |= {"estimator"} | tree(
                estimator,
                f"tensorflow_estimator.python.estimator.api.{version}.estimator",
                "estimator.",
            )
        if space == "v2":
            if tensorboard is not None:
                # tf.summary is tensorboard's module, which takes in all of TensorFlow's own
                names |= tree(tensorflow, f"{root}._api.v2.summary", "summary.")
                names |= {
                    f"summary.{name}"
                    for name, origin in imported(
                        tensorboard.text("tensorboard/summary/_tf/summary/__init__.py"), ""
                    ).items()
                    if origin.startswith("tensorboard.") and not name.startswith("_")
                }
            for alias in KERAS_ALIASES:
                names.add(alias)
                front = f"keras.{alias}."
                names |= {n[len("keras.") :] for n in names if n.startswith(front)}
        else:
            names |= {"flags", "app.flags"}
            legacy = "keras.__internal__.legacy."
            if legacy + "layers" in tensorflow.text(tensorflow.package(top)) or minor >= 16:
                names -= {n for n in names if n.startswith(("layers.", "nn.rnn_cell."))}
                names |= {"layers", "nn.rnn_cell"}
                names |= {n[len(legacy) :] for n in names if n.startswith(legacy + "layers.")}
                names |= {
                    "nn." + n[len(legacy) :] for n in names if n.startswith(legacy + "rnn_cell.")
                }
        out[space] = sorted(names)
    return out


def release(minor: int, folder: Path) -> dict[str, list[str]] | None:
    """Names and sources of TF 2.<minor>; None if no wheel is to be had."""
    python = "3.7" if minor <= LAST_PYTHON_37 else "3.11"
    wheels: list[Path] = []
    for project in ("tensorflow-cpu", "tensorflow"):
        found = download(f"{project}==2.{minor}.*", python, folder)
        if found is not None:
            wheels.append(found)
            break
    else:
        return None
    keras = estimator = None
    if minor >= FIRST_KERAS_WHEEL:
        wanted = "keras>=3" if minor >= FIRST_KERAS_3 else f"keras==2.{minor}.*"
        found = download(wanted, python, folder)
        if found is None:
            raise SystemExit(f"TF 2.{minor}: no wheel for {wanted}")
        wheels.append(found)
        keras = Wheel(found)
    if minor <= LAST_ESTIMATOR:
        found = download(f"tensorflow-estimator==2.{minor}.*", python, folder)
        if found is None:
            raise SystemExit(f"TF 2.{minor}: no wheel of tensorflow-estimator")
        wheels.append(found)
        estimator = Wheel(found)
    tensorflow = Wheel(wheels[0])
    tensorboard = None
    if SUMMARY_FROM_TENSORBOARD in tensorflow.text(tensorflow.package("tensorflow")) + (
        tensorflow.text("tensorflow_core/__init__.py")
        if "tensorflow_core/__init__.py" in tensorflow.files
        else ""
    ):
        found = download(f"tensorboard==2.{minor}.*", python, folder)
        if found is None:
            raise SystemExit(f"TF 2.{minor}: no wheel of tensorboard")
        wheels.append(found)
        tensorboard = Wheel(found)
    names = release_names(minor, tensorflow, keras, estimator, tensorboard)
    for path in wheels:
        path.unlink()
    return {**names, "source": [path.name for path in wheels]}


def main(argv: list[str]) -> int:
    """Write the lists; the exit status is 1 if a release could not be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--releases", nargs="*", default=[])
    parser.add_argument("--work", type=Path)
    options = parser.parse_args(argv)
    result: dict[str, dict[str, list[str]]] = {}
    if options.out.exists():
        result = json.loads(options.out.read_text())["releases"]
    minors = [int(r.split(".")[1]) for r in options.releases] or list(range(60))
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        for minor in minors:
            entry = release(minor, Path(name))
            if entry is None:
                if options.releases:
                    print(f"2.{minor}: no wheel", file=sys.stderr)
                    return 1
                break
            result[f"2.{minor}"] = entry
            print(
                f"2.{minor}: {len(entry['v2'])} + {len(entry['v1'])} names,"
                f" {' '.join(entry['source'])}",
                flush=True,
            )
            options.out.write_text(json.dumps({"releases": result}, indent=0, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
