"""TF8: files, records, and what TF 1 wrapped of absl: app, flags and logging."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from tf2lint.check.advice import coded, use
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Example
from tf2lint.fixes import edits as editing
from tf2lint.rules import _absl
from tf2lint.rules._calls import last_name
from tf2lint.rules._renames import renamed
from tf2lint.rules.data import family
from tf2lint.semantics.values import Symbol
from tf2lint.tensorflow import api, paths

_LONG = 60

# --- TF805 -----------------------------------------------------------------------------------

absl = family.rule(
    "TF805",
    "app-flags-logging",
    "W",
    summary="tf.app, tf.flags and tf.logging are absl's app, flags and logging",
    page="""\
TF 1 wrapped three modules of absl, a package that every TensorFlow installs with it. Import
them from there:

```python
from absl import app, flags, logging

flags.DEFINE_string("data_dir", "/tmp", "Where the data is.")
FLAGS = flags.FLAGS

def main(argv):
    logging.info("data in %s", FLAGS.data_dir)

if __name__ == "__main__":
    app.run(main)
```

* `app.run` needs its `main`, which takes the command line: `def main(argv)`.
* TF 1 also took `flag_name`, `default_value` and `docstring` as names of arguments; absl calls
  them `name`, `default` and `help`.
* `FLAGS._parse_flags()` is `FLAGS(sys.argv)`, `FLAGS.__flags` is `FLAGS.flag_values_dict()`.
* `logging.warn` and `WARN` are `logging.warning` and `WARNING`; `TaskLevelStatusMessage` is
  `logging.error`.
* **Silent:** `logging.fatal`, and whatever logs at `logging.FATAL`, wrote a line in TF 1; absl
  ends the process after it, without a traceback that can be caught. The message says
  `logging.error`.
* absl's levels are not those of Python's logging: `set_verbosity(logging.INFO)` is right, the bare
  number 20 shows everything.
* What TensorFlow itself logs is set with `tf.get_logger().setLevel("ERROR")`.

A module that is bound once, `flags = tf.app.flags` or `from tensorflow import logging`, is
reported there: changing that line is all there is to do. `FLAGS` is reported where it is taken
from TensorFlow, not at every flag that is read.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

def main(_):
    print("training")

if __name__ == "__main__":
    «tf.app.run»()
""",
            good="""\
from absl import app

def main(argv):
    print("training")

if __name__ == "__main__":
    app.run(main)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

«tf.flags.DEFINE_integer»("steps", default_value=100, docstring="How many.")
""",
            good="""\
from absl import flags

flags.DEFINE_integer("steps", default=100, help="How many.")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

flags = «tf.app.flags»
flags.DEFINE_integer("steps", 100, "How many.")
FLAGS = flags.FLAGS
print(FLAGS.steps)
""",
            good="""\
from absl import flags

flags.DEFINE_integer("steps", 100, "How many.")
FLAGS = flags.FLAGS
print(FLAGS.steps)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

«tf.compat.v1.logging.warn»("slow: %s", 3.5)
""",
            good="""\
from absl import logging

logging.warning("slow: %s", 3.5)
""",
        ),
    ],
    sources=["https://abseil.io/docs/python/guides/app"],
)

_MODULES = {"tf.app.flags": "flags", "tf.flags": "flags", "tf.app": "app", "tf.logging": "logging"}
_NEW = {"logging.warn": "logging.warning", "logging.WARN": "logging.WARNING",
        "logging.TaskLevelStatusMessage": "logging.error",
        "logging.fatal": "logging.error"}  # fmt: skip
# Functions whose first argument is a level; TF 1 counted as Python does, absl counts otherwise.
_LEVELLED = ("log", "log_every_n", "log_first_n", "log_if", "set_verbosity", "vlog")
_LEVELS = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "FATAL"}
_ENDS = "absl's `fatal` ends the process"
_OLD_FLAGS = {"_parse_flags": "FLAGS(sys.argv)", "__flags": "FLAGS.flag_values_dict()"}
_TAKEN = re.compile(r"(?<![\w.])\w+(?:\.compat\.v1)?\.(logging|flags|app\.flags)\.")


@absl.under(*_MODULES)
def _of_absl(ref: Reference) -> Matched:
    module = next(m for m in _MODULES if paths.under(ref.symbol, m))
    new = _MODULES[module] + ref.symbol[len(module) :]
    home = _MODULES[module]
    outer = _flags_member(ref)
    if outer is not None:
        spelled = ast.unparse(outer)
        return ref.report(
            _OLD_FLAGS[outer.attr], "does not exist in absl", place=outer, subject=spelled
        )
    fatal = new == "logging.fatal" or _is_fatal_level(ref, new)
    written = "logging.ERROR" if new == "logging.FATAL" and fatal else _NEW.get(new, new)
    kind, edits = _absl.edits(ref, home, written)
    number, level = _number(ref, new), _level(ref, new)
    if number is not None and level is not None and edits:
        absl_logging = edits[-1].text.rpartition(".")[0]
        name = "ERROR" if fatal else number
        edits = (*edits, editing.replace(level, f"{absl_logging}.{name}"))
    args = ref.arguments()
    given = tuple(args.given) if args is not None else ()  # all of them are in the call
    if ref.call is not None and (_needs_main(ref, new) or _old_names(ref)):
        called = f"`{_called(ref, new)}` with `from absl import {home}`"
        return replace(ref.report(use(called).settling(*given), edits=edits), kind=kind)
    same = not (fatal or number is not None or new.endswith(".TaskLevelStatusMessage"))
    if same and _is_alias(ref):
        return QUIET  # the line that binds the alias is all there is to change
    if ref.symbol == module:
        whole = f"`absl.{home}` with `from absl import {home}`"
        return replace(ref.report(whole, edits=edits), kind=kind)
    moved = f"with `from absl import {home}`"
    advice = use(f"`{_called(ref, written)}` {moved}", _ENDS if fatal else "").settling(*given)
    if number is None and not _old_names(ref):  # its arguments stay as they are
        advice = advice.shorter(f"`{written}` {moved}")
    if new == "logging.set_verbosity":
        advice = advice.adding(ref.say("`tf.get_logger().setLevel` is for TensorFlow's own"))
    return replace(ref.report(advice, edits=edits), kind=kind)


def _flags_member(ref: Reference) -> ast.Attribute | None:
    """`FLAGS._parse_flags` or the like, if this is the `FLAGS` of it."""
    if not ref.symbol.endswith(".FLAGS"):
        return None
    node = ref.site.node
    while isinstance(node, ast.Attribute):
        if node.value is ref.node:
            return node if node.attr in _OLD_FLAGS else None
        node = node.value
    return None


def _is_alias(ref: Reference) -> bool:
    """Whether the name that this begins with is bound to more than TensorFlow as a whole."""
    node = ref.node
    if isinstance(node, ast.alias):
        return False
    while isinstance(node, ast.Attribute):
        node = node.value
    return not any(isinstance(v, Symbol) and paths.symbol(v.path) == "tf" for v in ref.values(node))


def _needs_main(ref: Reference, new: str) -> bool:
    args = ref.arguments()
    return new == "app.run" and args is not None and not args.open and "main" not in args.given


def _level(ref: Reference, new: str) -> ast.expr | None:
    """The level that the call gives as its first argument."""
    call = ref.call
    if call is None or new.partition(".")[2] not in _LEVELLED:
        return None
    return next(iter(call.args), None) or next(
        (k.value for k in call.keywords if k.arg in ("level", "v")), None
    )


def _number(ref: Reference, new: str) -> str | None:
    """absl's name of a level that is written as Python's number."""
    level = _level(ref, new)
    number = level.value if isinstance(level, ast.Constant) else None
    return _LEVELS.get(number) if type(number) is int else None


def _is_fatal_level(ref: Reference, new: str) -> bool:
    """Whether this logs at the level that ends the process in absl, or is that level."""
    if new == "logging.FATAL":
        up = ref.module.source.parent(ref.node)
        if isinstance(up, ast.keyword):
            up = ref.module.source.parent(up)
        if not isinstance(up, ast.Call) or last_name(up.func) not in _LEVELLED:
            return False
        return last_name(up.func) != "set_verbosity"
    level = _level(ref, new)
    if level is None or new == "logging.set_verbosity":
        return False
    return _number(ref, new) == "FATAL" or last_name(level) == "FATAL"


def _old_names(ref: Reference) -> bool:
    call = ref.call
    return call is not None and any(k.arg in _absl.NAMES for k in call.keywords)


def _called(ref: Reference, new: str) -> str:
    """The call with absl's names; `...` where it gets long."""
    call = ref.call
    if call is None:
        return new
    if new == "app.run":
        args = ref.arguments()
        main = args.given.get("main") if args is not None else None
        parts = [ref.text(main) if main is not None else "main"]
        if args is not None and "argv" in args.given:
            parts.append(f"argv={ref.text(args.given['argv'])}")
        return f"app.run({', '.join(parts)})"
    level = _level(ref, new)
    texts = {arg: ref.text(arg) for arg in (*call.args, *(k.value for k in call.keywords))}
    if level is not None:
        name = _number(ref, new) or last_name(level)
        if name == "FATAL" and new != "logging.set_verbosity":
            name = "ERROR"
        if name in _LEVELS.values():
            texts[level] = f"logging.{name}"
    parts = [texts[arg] for arg in call.args]
    for keyword in call.keywords:
        key = _absl.NAMES.get(keyword.arg or "", keyword.arg)
        text = texts[keyword.value]
        parts.append(f"{key}={text}" if key else f"**{text}")
    text = f"{new}({_TAKEN.sub(_home, ', '.join(parts))})"
    return text if len(text) <= _LONG + 20 else new


def _home(match: re.Match[str]) -> str:
    return match[1].rpartition(".")[2] + "."


# --- TF806 -----------------------------------------------------------------------------------

gfile = family.rule(
    "TF806",
    "gfile-python-io",
    "W",
    summary="tf.gfile and tf.python_io are tf.io.gfile and tf.io, with lower-case names",
    page="""\
`tf.gfile` moved to `tf.io.gfile`, and its functions got the names of Python's `os`:

| TF 1 | TF 2 |
|---|---|
| `GFile`, `FastGFile`, `Open` | `tf.io.gfile.GFile` |
| `Exists(filename)` | `tf.io.gfile.exists(path)` |
| `IsDirectory(dirname)` | `tf.io.gfile.isdir(path)` |
| `ListDirectory(dirname)` | `tf.io.gfile.listdir(path)` |
| `MkDir(dirname)`, `MakeDirs(dirname)` | `tf.io.gfile.mkdir(path)`, `tf.io.gfile.makedirs(path)` |
| `Remove(filename)`, `DeleteRecursively(dirname)` | `tf.io.gfile.remove(path)`, `tf.io.gfile.rmtree(path)` |
| `Copy(oldpath, newpath)`, `Rename(oldname, newname)` | `tf.io.gfile.copy(src, dst)`, `tf.io.gfile.rename(src, dst)` |
| `Glob(filename)`, `Stat(filename)` | `tf.io.gfile.glob(pattern)`, `tf.io.gfile.stat(path)` |
| `Walk(top, in_order)` | `tf.io.gfile.walk(top, topdown)` |

`tf.python_io.TFRecordWriter` and `TFRecordOptions` are in `tf.io`; the compression type is a
string, `"GZIP"`, `"ZLIB"` or `""`. `tf_record_iterator` is a dataset:

```python
for record in tf.data.TFRecordDataset(path):
    example = tf.train.Example.FromString(record.numpy())
```

`tf.resource_loader` read files of the TensorFlow package; for files of your own package use
`importlib.resources`.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

if not «tf.gfile.Exists»("logs"):
    print("none")
""",
            good="""\
import tensorflow as tf

if not tf.io.gfile.exists("logs"):
    print("none")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

with «tf.gfile.FastGFile»("labels.txt", "rb") as labels:
    print(labels.read())
""",
            good="""\
import tensorflow as tf

with tf.io.gfile.GFile("labels.txt", "rb") as labels:
    print(labels.read())
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

for record in «tf.python_io.tf_record_iterator»("train.tfrecord"):
    print(len(record))
""",
            good="""\
import tensorflow as tf

for record in tf.data.TFRecordDataset("train.tfrecord"):
    print(len(record.numpy()))
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

«tf.compat.v1.gfile.Copy»("a", "b", overwrite=True)
""",
            good="""\
import tensorflow as tf

tf.io.gfile.copy("a", "b", overwrite=True)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/io/gfile"],
)

_GFILE = {
    "Copy": ("copy", {"oldpath": "src", "newpath": "dst"}),
    "DeleteRecursively": ("rmtree", {"dirname": "path"}),
    "Exists": ("exists", {"filename": "path"}),
    "FastGFile": ("GFile", {}),
    "GFile": ("GFile", {}),
    "Glob": ("glob", {"filename": "pattern"}),
    "IsDirectory": ("isdir", {"dirname": "path"}),
    "ListDirectory": ("listdir", {"dirname": "path"}),
    "MakeDirs": ("makedirs", {"dirname": "path"}),
    "MkDir": ("mkdir", {"dirname": "path"}),
    "Open": ("GFile", {}),
    "Remove": ("remove", {"filename": "path"}),
    "Rename": ("rename", {"oldname": "src", "newname": "dst"}),
    "Stat": ("stat", {"filename": "path"}),
    "Walk": ("walk", {"in_order": "topdown"}),
}  # fmt: skip


@gfile.on("tf.gfile", *(f"tf.gfile.{name}" for name in _GFILE))
def _gfile(ref: Reference) -> Report:
    if ref.symbol == "tf.gfile":
        return ref.report(ref.say("`tf.io.gfile`, with lower-case names of functions"))
    new, keywords = _GFILE[ref.symbol[len("tf.gfile.") :]]
    return ref.report(renamed(ref, f"tf.io.gfile.{new}", keywords))


@gfile.on("tf.python_io", "tf.python_io.TFRecordWriter")
def _record_writer(ref: Reference) -> Report:
    if ref.symbol == "tf.python_io":
        return ref.report(ref.say("tf.io"))
    return ref.report(renamed(ref, "tf.io.TFRecordWriter"))


_COMPRESSION = {"GZIP": '"GZIP"', "ZLIB": '"ZLIB"', "NONE": '""'}


@gfile.on("tf.python_io.TFRecordOptions")
def _record_options(ref: Reference) -> Report:
    args = ref.arguments()
    kind = args.given.get("compression_type") if args is not None else None
    if isinstance(kind, ast.Attribute) and kind.attr in _COMPRESSION and args is not None:
        if set(args.given) == {"compression_type"} and not args.open:
            template = "tf.io.TFRecordOptions({compression_type})"
            if "compression_type" not in args.positions:
                template = "tf.io.TFRecordOptions(compression_type={compression_type})"
            told = f"{ref.say('tf.io.TFRecordOptions')}(compression_type={_COMPRESSION[kind.attr]})"
            # The type is a reference of its own, and becomes a string there.
            return ref.report(coded([told], template, args))
    return ref.report(renamed(ref, "tf.io.TFRecordOptions"))


_TYPES = ("tf.python_io.TFRecordCompressionType", "tf.io.TFRecordCompressionType")


@gfile.on(*_TYPES, *(f"{cls}.{name}" for cls in _TYPES for name in _COMPRESSION))
def _compression(ref: Reference) -> Report:
    text = _COMPRESSION.get(ref.symbol.rpartition(".")[2])
    if text is None:
        return ref.report('the strings `"GZIP"`, `"ZLIB"` and `""`')
    edits = () if isinstance(ref.node, ast.alias) else (editing.replace(ref.node, text),)
    return replace(ref.report(text, edits=edits), kind=f"{ref.symbol} -> {text}")


@gfile.on("tf.python_io.tf_record_iterator", "tf.io.tf_record_iterator")
def _record_iterator(ref: Reference) -> Report:
    args = ref.arguments()
    path = args.given.get("path") if args is not None else None
    if args is not None and {*args.given} == {"path"} and not args.open:
        if api.exists("tf.data.Dataset.as_numpy_iterator", ref.target):
            return ref.report(ref.code("tf.data.TFRecordDataset({path}).as_numpy_iterator()"))
    text = ref.text(path) if path is not None else "path"
    dataset = ref.say("tf.data.TFRecordDataset") + f"({text if len(text) <= _LONG else 'path'}"
    if args is not None and "options" in args.given:
        dataset += ", compression_type=..."
    told = use(f"{dataset}), and record.numpy() of each record")
    return ref.report(told.settling("options"))


@gfile.under("tf.resource_loader")
def _resource_loader(ref: Reference) -> Report:
    return ref.report("`importlib.resources`, or pathlib, for files of your own package")
