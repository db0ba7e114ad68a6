"""TF8: checkpoints written by name, and SavedModels written from sessions."""

from __future__ import annotations

import ast

from tf2lint.check.advice import Advice, delete, use
from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Matched
from tf2lint.finding import Example
from tf2lint.rules._calls import short
from tf2lint.rules.data import family
from tf2lint.rules.graphs import _sessions

_LONG = 50

# --- TF803 -----------------------------------------------------------------------------------

saver = family.rule(
    "TF803",
    "saver",
    "W",
    summary="tf.train.Saver is tf.train.Checkpoint with a CheckpointManager",
    page="""\
A `Saver` wrote the variables of a session under their names. TF 2 saves objects:

```python
checkpoint = tf.train.Checkpoint(model=model, optimizer=optimizer)
manager = tf.train.CheckpointManager(checkpoint, "checkpoints", max_to_keep=5)
manager.restore_or_initialize()
...
manager.save(checkpoint_number=step)
```

| TF 1 | TF 2 |
|---|---|
| `Saver(var_list)` | `tf.train.Checkpoint(name=object, ...)` |
| `Saver(max_to_keep=, keep_checkpoint_every_n_hours=)` | the same of `CheckpointManager`; `max_to_keep` is required there |
| `saver.save(sess, path, global_step=step)` | `manager.save(checkpoint_number=step)` |
| `saver.save(sess, path)` | `checkpoint.write(path)` |
| `saver.restore(sess, path)` | `checkpoint.restore(path)` |
| `saver.last_checkpoints` | `manager.checkpoints` |
| `NewCheckpointReader(path)` | `tf.train.load_checkpoint(path)` |
| `init_from_checkpoint`, `warm_start` | `variable.assign(tf.train.load_variable(path, name))` |
| `checkpoint_exists(prefix)` | `tf.io.gfile.exists(prefix + ".index")` |

`tf.train.latest_checkpoint` and `tf.train.get_checkpoint_state` stay as they are.

**Silent:** `checkpoint.restore` reads files of TF 1, too, and matches them by the names of the
variables. What does not match keeps its initial value, without a word. Ask for a check:
`checkpoint.restore(path).assert_existing_objects_matched()`. Keras 3 names and keys differ from
those of Keras 2, so that checkpoints of one cannot be expected to fit the other.
`tf.train.load_checkpoint` gives a reader; it restores nothing.

`tf.compat.v1.train.Saver(var_list)` works under eager execution with a list of `tf.Variable`
(pass `None` as the session), and raises without one.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

saver = «tf.train.Saver»(max_to_keep=3)
""",
            good="""\
import tensorflow as tf

checkpoint = tf.train.Checkpoint(step=tf.Variable(0))
manager = tf.train.CheckpointManager(checkpoint, "checkpoints", max_to_keep=3)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def load(saver, sess, path):
    «saver.restore»(sess, path)
""",
            good="""\
import tensorflow as tf

def load(checkpoint: tf.train.Checkpoint, path):
    checkpoint.restore(path).assert_existing_objects_matched()
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

reader = «tf.train.NewCheckpointReader»("model.ckpt-7")
""",
            good="""\
import tensorflow as tf

reader = tf.train.load_checkpoint("model.ckpt-7")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

if «tf.compat.v1.train.checkpoint_exists»("model.ckpt-7"):
    print("there")
""",
            good="""\
import tensorflow as tf

if tf.io.gfile.exists("model.ckpt-7.index"):
    print("there")
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/checkpoint"],
)


@saver.on("tf.train.Saver")
def _saver(ref: Reference) -> Report:
    args = ref.arguments()
    what = ""
    if ref.status == "compat" and args is not None and not args.open:
        listed = args.given.get("var_list")
        if listed is None or args.literal("var_list") is None:
            what = "raises under eager execution without `var_list`"
    kept = "{max_to_keep}" if args is not None and "max_to_keep" in args.given else "5"
    # Plain text: which objects to save cannot be seen from here.
    use = ref.code(
        "tf.train.CheckpointManager(tf.train.Checkpoint(model=model), directory,"
        f" max_to_keep={kept}, keep_checkpoint_every_n_hours={{keep_checkpoint_every_n_hours}})"
    ).only()
    return ref.report(use, what)


_METHODS: dict[str, Advice | str] = {
    "last_checkpoints": "manager.checkpoints",
    "recover_last_checkpoints": delete("it: a `CheckpointManager` recovers by itself"),
    "set_last_checkpoints": delete("it: a `CheckpointManager` recovers by itself"),
    "set_last_checkpoints_with_time": delete("it: a `CheckpointManager` recovers by itself"),
    "export_meta_graph": "`tf.saved_model.save(obj, export_dir)` and no meta graph",
    "as_saver_def": delete("it: checkpoints are saved from objects"),
    "to_proto": delete("it: checkpoints are saved from objects"),
    "from_proto": delete("it: checkpoints are saved from objects"),
    "build": delete("it with the Saver"),
}


@saver.on(*(f"tf.train.Saver.{name}" for name in _METHODS))
def _method(ref: Reference) -> Report:
    return ref.report(ref.advise(_METHODS[ref.symbol.rpartition(".")[2]]), _goes(ref))


def _goes(ref: Reference) -> str:
    if not ref.certain:
        return "looks like a method of a TF 1 Saver"
    if ref.route == "v1":
        return "works only with a Saver of `compat.v1`"
    return "goes with the TF 1 Saver"


@saver.on("tf.train.Saver.save")
def _save(ref: Reference) -> Report:
    return ref.report(_saved(ref, ref.arguments()), _goes(ref))


def _saved(ref: Reference, args: Arguments | None) -> Advice:
    if args is None or args.open:
        return _written(ref, None, None)
    step = args.given.get("global_step") if args.literal("global_step") is not None else None
    return _written(ref, args.given.get("save_path"), step)


def _written(ref: Reference, path: ast.expr | None, step: ast.expr | None) -> Advice:
    """A numbered checkpoint of a manager, or one of that name, which has no other files."""
    if step is None and path is not None:
        code = f"checkpoint.write({short(ref, path, 'path', _LONG)})"
    else:
        code = f"manager.save(checkpoint_number={short(ref, step, 'step', _LONG)})"
    return use(code).settling("save_path", "write_meta_graph", "write_state")


@saver.on("tf.train.Saver.restore")
def _restore(ref: Reference) -> Report:
    args = ref.arguments()
    path = args.given.get("save_path") if args is not None else None
    return ref.report(_restored(ref, path), _goes(ref))


def _restored(ref: Reference, path: ast.expr | None) -> Advice:
    code = f"checkpoint.restore({short(ref, path, 'path', _LONG)})"
    return use(f"{code}.assert_existing_objects_matched()").shorter(f"`{code}`")


@saver.method("save", "restore", of="tf.train.Saver")
def _unknown_saver(ref: Reference) -> Report | None:
    """`saver.save(sess, path)` where nothing is known of `saver`."""
    call = ref.call
    if call is None or _sessions.accepted(ref):
        return None
    if not 2 <= len(call.args) + len(call.keywords) <= 9:
        return None
    named = {k.arg: k.value for k in call.keywords}
    first = call.args[0] if call.args else named.get("sess")
    path = call.args[1] if len(call.args) > 1 else named.get("save_path")
    if path is None or not _sessions.session_like(ref, first):
        return None
    assert isinstance(ref.node, ast.Attribute)
    if ref.node.attr == "restore":
        return ref.report(_restored(ref, path), _goes(ref))
    step = call.args[2] if len(call.args) > 2 else named.get("global_step")
    return ref.report(_written(ref, path, step), _goes(ref))


@saver.method("recover_last_checkpoints", "set_last_checkpoints_with_time", of="tf.train.Saver")
def _unknown_method(ref: Reference) -> Report | None:
    assert isinstance(ref.node, ast.Attribute)
    if ref.call is None or _sessions.accepted(ref):
        return None
    return ref.report(_METHODS[ref.node.attr], _goes(ref))


@saver.method("initialize_or_restore", "run_restore_ops")
def _status_method(ref: Reference) -> Report | None:
    """The status of a restored checkpoint, run in a session."""
    call = ref.call
    if call is None or _sessions.accepted(ref):
        return None
    given = [*call.args, *(k.value for k in call.keywords if k.arg == "session")]
    if len(given) != 1 or not _sessions.session_like(ref, given[0]):
        return None
    return ref.report(delete("it: `checkpoint.restore(path)` restores at once"),
                      "needs no session in TF 2", status="idiom")  # fmt: skip


_FUNCTIONS = {
    "tf.train.NewCheckpointReader": "tf.train.load_checkpoint({filepattern})",
    "tf.pywrap_tensorflow.NewCheckpointReader": "tf.train.load_checkpoint({filepattern})",
    "tf.train.checkpoint_exists": 'tf.io.gfile.exists({checkpoint_prefix} + ".index")',
}
_WORDS: dict[str, Advice | str] = {
    "tf.train.init_from_checkpoint":
        "`variable.assign(tf.train.load_variable(path, name))` for each of them",
    "tf.train.warm_start": "`variable.assign(tf.train.load_variable(path, name))` for each of them",
    "tf.train.VocabInfo": "`tf.train.load_variable(path, name)`, and rows mapped by hand",
    "tf.train.get_checkpoint_mtimes": 'tf.io.gfile.stat(prefix + ".index").mtime_nsec',
    "tf.train.remove_checkpoint": "`tf.train.CheckpointManager`, which removes what is too old",
    "tf.train.update_checkpoint_state": "`tf.train.CheckpointManager`, which writes it",
    "tf.train.generate_checkpoint_state_proto": "`tf.train.CheckpointManager`, which writes it",
    "tf.train.SaverDef": delete("it: checkpoints are saved from objects"),
    "tf.pywrap_tensorflow": "`tf.train.load_checkpoint(path)`, if it was for `NewCheckpointReader`",
}  # fmt: skip


@saver.on(*_FUNCTIONS)
def _function(ref: Reference) -> Report:
    return ref.report(ref.code(_FUNCTIONS[ref.symbol]))


@saver.on(*_WORDS)
def _word(ref: Reference) -> Report:
    return ref.report(ref.advise(_WORDS[ref.symbol]))


# --- TF804 -----------------------------------------------------------------------------------

saved_model = family.rule(
    "TF804",
    "saved-model-v1",
    "W",
    summary="SavedModels are saved from objects and loaded as objects, with no session",
    page="""\
TF 1 wrote a SavedModel from a session: a builder, a meta graph, tags, and signature definitions
made of tensor infos. TF 2 saves an object, and its signatures are functions:

```python
class Exported(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([None, 784], tf.float32)])
    def serve(self, images):
        return {"scores": self.model(images)}

tf.saved_model.save(module, "export", signatures=module.serve)

loaded = tf.saved_model.load("export")
scores = loaded.signatures["serving_default"](images=batch)["scores"]
```

| TF 1 | TF 2 |
|---|---|
| `simple_save`, `Builder`, `builder.SavedModelBuilder` | `tf.saved_model.save(obj, export_dir, signatures=...)` |
| `loader.load(sess, tags, export_dir)`, `load(sess, ...)` | `tf.saved_model.load(export_dir)` |
| `loader.maybe_saved_model_directory` | `tf.saved_model.contains_saved_model` |
| `predict_signature_def`, `build_signature_def` | a `tf.function` with an `input_signature` that returns a dict |
| `build_tensor_info` | nothing: a `tf.TensorSpec` describes inputs, the keys of the dict name outputs |
| `tag_constants.SERVING`, `signature_constants.X` | `tf.saved_model.SERVING`, `tf.saved_model.X` |
| `main_op` | nothing: initialization is saved with the object |

SavedModels of TF 1 load in TF 2; call their signatures. What was not exported as a function
cannot be fetched. Classification and regression signatures are not written by TF 2;
`tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater` relabels a saved file where
Serving needs them. A Keras 3 model is exported with `model.export(dir)`.

**Silent:** `tf.saved_model.load` has the same name and other arguments; called with a session it
raises `TypeError`.""",  # noqa: E501
    examples=[
        Example(
            bad="""\
import tensorflow as tf

builder = «tf.saved_model.builder.SavedModelBuilder»("export")
""",
            good="""\
import tensorflow as tf

module = tf.Module()
tf.saved_model.save(module, "export")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def load(sess):
    return «tf.saved_model.loader.load»(sess, ["serve"], "export")
""",
            good="""\
import tensorflow as tf

def load():
    return tf.saved_model.load("export")
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

tag = «tf.saved_model.tag_constants.SERVING»
""",
            good="""\
import tensorflow as tf

tag = tf.saved_model.SERVING
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

def load(session):
    return «tf.saved_model.load»(session, ["serve"], "export")
""",
            good="""\
import tensorflow as tf

def load():
    return tf.saved_model.load("export", tags=["serve"])
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/saved_model"],
)

_SAVE = "tf.saved_model.save(obj, {export_dir}, signatures=function)"


@saved_model.on(
    "tf.saved_model.builder.SavedModelBuilder", "tf.saved_model.Builder",
    "tf.saved_model.simple_save",
)  # fmt: skip
def _builder(ref: Reference) -> Report:
    # What to save cannot be seen from here.
    return ref.report(ref.code(_SAVE, settled=("inputs", "outputs")).only())


_BUILDER = ("add_meta_graph_and_variables", "add_meta_graph")


@saved_model.on(*(f"tf.saved_model.Builder.{name}" for name in (*_BUILDER, "save")))
def _builder_method(ref: Reference) -> Report:
    use = ref.say("`tf.saved_model.save(obj, export_dir, signatures=function)` alone")
    return ref.report(use, "goes with the TF 1 builder")


@saved_model.method("add_meta_graph_and_variables", of="tf.saved_model.Builder")
def _unknown_builder(ref: Reference) -> Report | None:
    if ref.call is None or _sessions.accepted(ref):
        return None
    use = ref.say("`tf.saved_model.save(obj, export_dir, signatures=function)` alone")
    return ref.report(use, "looks like a method of a TF 1 SavedModel builder")


@saved_model.on("tf.saved_model.loader.load")
def _loader(ref: Reference) -> Report:
    return ref.report(_loaded(ref))


def _loaded(ref: Reference) -> Advice:
    args = ref.arguments()
    tags = args.given.get("tags") if args is not None else None
    one = isinstance(tags, ast.List | ast.Tuple) and len(tags.elts) == 1
    template = "tf.saved_model.load({export_dir}, tags={tags})"
    if tags is None or one:
        template = "tf.saved_model.load({export_dir})"
    return ref.code(template, settled=("tags",)).then(' and its `signatures["serving_default"]`')


@saved_model.on("tf.saved_model.load")
def _load(ref: Reference) -> Report | None:
    """The same name in both TensorFlows; TF 1's is called with a session."""
    call = ref.call
    if call is None or ref.status == "removed":
        return None
    keywords = {k.arg for k in call.keywords}
    old = bool(keywords & {"sess", "import_scope"}) or len(call.args) + len(keywords) > 3
    if not old and call.args:
        old = _sessions.session_like(ref, call.args[0])
    if not old:
        return None
    if ref.route == "v1":
        return ref.report(_loaded(ref), "works only with a session of `compat.v1`", status="compat")
    return ref.report(_loaded(ref), "takes no session in TF 2", status="changed")


_UTILS: dict[str, Advice | str] = {
    "predict_signature_def": "a `tf.function` that returns a dict",
    "build_signature_def": "a `tf.function` that returns a dict",
    "classification_signature_def": "a `tf.function` that returns a dict",
    "regression_signature_def": "a `tf.function` that returns a dict",
    "is_valid_signature": delete("it: signatures are functions"),
    "build_tensor_info": "`tf.TensorSpec` in the `input_signature` of a `tf.function`",
    "get_tensor_from_tensor_info": "`loaded.signatures[key].inputs` and `.outputs`",
    "main_op": delete("it: initialization is saved with the object"),
    "main_op_with_restore": delete("it: initialization is saved with the object"),
}
_PLACES = {
    "tf.saved_model": _UTILS,
    "tf.saved_model.signature_def_utils": [n for n in _UTILS if "signature" in n],
    "tf.saved_model.utils": [n for n in _UTILS if "tensor_info" in n],
    "tf.saved_model.main_op": [n for n in _UTILS if n.startswith("main_op")],
}


@saved_model.on(*(f"{module}.{name}" for module, names in _PLACES.items() for name in names))
def _utility(ref: Reference) -> Report:
    if ref.symbol == "tf.saved_model.main_op":  # the module
        return ref.report(delete("it: initialization is saved with the object"))
    return ref.report(ref.advise(_UTILS[ref.symbol.rpartition(".")[2]]))


@saved_model.on(
    "tf.saved_model.loader.maybe_saved_model_directory",
    "tf.saved_model.maybe_saved_model_directory",
)
def _maybe_directory(ref: Reference) -> Report:
    return ref.report(ref.code("tf.saved_model.contains_saved_model({export_dir})"))


@saved_model.on("tf.saved_model.signature_def_utils.MethodNameUpdater")
def _relabelled(ref: Reference) -> Matched:
    return QUIET if ref.status == "compat" else None  # works on any SavedModel, and lives there


_CONSTANTS = ("tf.saved_model.constants", "tf.saved_model.signature_constants",
              "tf.saved_model.tag_constants")  # fmt: skip
_MODULES = {
    **dict.fromkeys(_CONSTANTS, "`tf.saved_model`, where the constants live now"),
    "tf.saved_model.builder": "tf.saved_model.save(obj, export_dir)",
    "tf.saved_model.loader": "tf.saved_model.load(export_dir)",
    "tf.saved_model.signature_def_utils": "a `tf.function` with `input_signature`",
    "tf.saved_model.utils": "`tf.TensorSpec` in the `input_signature` of a `tf.function`",
}


@saved_model.under(*_MODULES)
def _module(ref: Reference) -> Report:
    module, _, name = ref.symbol.rpartition(".")
    if module in _CONSTANTS:
        return ref.report(ref.say(f"tf.saved_model.{name}", f"tf.compat.v1.saved_model.{name}"))
    return ref.report(ref.say(_MODULES.get(ref.symbol, "tf.saved_model.save(obj, export_dir)")))


@saved_model.on("tf.saved_model.LEGACY_INIT_OP_KEY", "tf.saved_model.MAIN_OP_KEY")
def _key(ref: Reference) -> Report:
    return ref.report(delete("it: initialization is saved with the object"))


@saved_model.on("tf.saved_model.experimental.save")
def _experimental_save(ref: Reference) -> Report:
    return ref.report(ref.code("tf.saved_model.save({obj}, {export_dir}, signatures={signatures})"))
