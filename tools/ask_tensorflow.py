"""Ask an installed TensorFlow what the tables in ``tf2lint/tensorflow`` say about its release.

    python tools/ask_tensorflow.py QUESTIONS.json     (under the Python of that TensorFlow)
    python tools/ask_tensorflow.py --write 1.15|2.21 QUESTIONS.json   (under Python >= 3.10)
    python tools/ask_tensorflow.py --statements tools/statements.toml   (under 2.21, and 2.15)
    python tools/ask_tensorflow.py --harmless tools/harmless.toml   (under TensorFlow 1)

The second form writes every answer of the tables that concerns a release; the first one, which
imports nothing of tf2lint and runs from Python 3.7 on, asks TensorFlow the same by importing and
touching each name, and prints disagreements, counts and what is known to differ for a reason. The
exit status is 1 if a disagreement is left. The third one runs the code of each statement about
eager execution eagerly, in a graph and in a tf.function, and that of each about Keras. The fourth
one runs code with and without each argument that a hint may leave out without a word.
"""

import ast
import collections
import enum
import functools
import importlib
import inspect
import json
import logging
import os
import sys
import tempfile
import types
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

MISSING = object()
SHOWN = 15


def write_questions(release, path):
    """Every answer of the tables for a release, by way of the public lookup."""
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    api = importlib.import_module("tf2lint.tensorflow.api")
    tables = importlib.import_module("tf2lint.tensorflow._tables")
    first = release.startswith("1.")
    target = api.NEWEST if first else api.parse_version(release)
    newest = target == api.NEWEST and not first
    names = tables.NAMES.keys("")
    members = set()
    for key in tables.MEMBERS.keys(""):
        members.add(key)
    # Members that a class has from its bases are asked as well.
    own = collections.defaultdict(list)
    for key in members:
        own[key.rpartition(".")[0]].append(key.rpartition(".")[2])
    for name in names:
        found = api.symbol("tf." + name)
        if found is not None and found.kind == "class":
            for base in found.bases:
                members.update(name + "." + m for m in own.get(base[3:], ()))
    questions = []
    for name in [*names, *sorted(members)]:
        for space in ("tf1",) if first else ("v2", "v1"):
            spelled = "tf.compat.v1." + name if space == "v1" else "tf." + name
            found = api.symbol("tf." + name)
            row = {"name": name, "space": space, "member": name in members}
            if first:
                row["exists"] = found is not None and found.tf1
            else:
                row["exists"] = api.exists(spelled, target)
                row["stub"] = api.stub(spelled, target)
                if space == "v1":
                    row["works"] = api.in_compat_v1("tf." + name, target)
                    if newest and name not in members and row["exists"]:
                        row["same"] = api.same("tf." + name)
            if row["exists"] and found is not None:
                row["kind"] = found.kind
                signature = api.signature("tf." + name, space, target)
                if signature is not None:
                    row["parameters"] = [
                        [p.name, p.kind, p.default is None] for p in signature.params
                    ]
            questions.append(row)
    moved = {}
    if newest:
        for name in names:
            value = api.canonical("tf." + name)
            if value:
                moved[name] = value[3:]
    with open(path, "w") as out:
        json.dump({"release": release, "questions": questions, "canonical": moved}, out)
    print(f"{len(questions)} questions about {release}")
    return 0


class Asker:
    """Touches names of one TensorFlow and compares."""

    def __init__(self, tf):
        self.tf = tf
        self.roots = {"tf1": tf, "v2": tf}
        if not tf.__version__.startswith("1."):
            self.roots["v1"] = tf.compat.v1
        self.counts = collections.Counter()
        self.explained = collections.defaultdict(list)
        self.wrong = collections.defaultdict(list)
        self.cache = {}
        try:
            from tensorflow.python.util import tf_decorator
        except ImportError:
            from tensorflow_core.python.util import tf_decorator
        self.tf_decorator = tf_decorator

    def get(self, space, name):
        """The object of a dotted name, MISSING, or the exception that touching it raises."""
        key = (space, name)
        if key in self.cache:
            return self.cache[key]
        parent, _, leaf = name.rpartition(".")
        owner = self.get(space, parent) if parent else self.roots[space]
        value = MISSING
        if owner is not MISSING and not isinstance(owner, Failure):
            try:
                value = getattr(owner, leaf, MISSING)
            except Exception as error:
                value = Failure(error)
        if value is MISSING and space == "tf1" and name.startswith("contrib."):
            try:
                value = importlib.import_module("tensorflow." + name)
            except ImportError:
                value = MISSING
        if value is MISSING and isinstance(owner, Failure):
            value = owner
        self.cache[key] = value
        return value

    def has_member(self, space, name):
        """Whether instances of the class have the member: by the class, not by its metaclass."""
        parent, _, leaf = name.rpartition(".")
        owner = self.get(space, parent)
        if not isinstance(owner, type):
            return False
        return any(leaf in vars(c) for c in owner.__mro__) or (
            leaf in dir(owner) and hasattr(owner, leaf) and not hasattr(type(owner), leaf)
        )

    def has_field(self, space, name):
        """Whether a message has the field or enum; newer protobuf keeps them off the class."""
        parent, _, leaf = name.rpartition(".")
        descriptor = getattr(self.get(space, parent), "DESCRIPTOR", None)
        parts = ("fields_by_name", "enum_types_by_name", "enum_values_by_name")
        return any(leaf in getattr(descriptor, part, ()) for part in parts)

    def explain(self, reason, row):
        self.explained[reason].append(row["name"])

    def note(self, what, row, seen):
        self.wrong[what].append((row["space"], row["name"], seen))

    def ask(self, row):
        """Compare one row of the tables."""
        space, name = row["space"], row["name"]
        if row["member"]:
            present = self.has_member(space, name)
            value = self.get(space, name) if present else MISSING
        else:
            value = self.get(space, name)
            present = value is not MISSING and not isinstance(value, Failure)
        self.counts["exists"] += 1
        if row.get("stub"):
            self.explain("stub: the name is there but only raises when called", row)
            if not present:
                self.note("stub is missing", row, "")
            return
        if row["exists"] and not present and row["member"] and self.has_field(space, name):
            self.explain("member: a field of a message, which only its instances show", row)
            return
        if present != row["exists"]:
            self.note("exists", row, "there" if present else repr(value)[:60])
            return
        if "works" in row:
            self.counts["works"] += 1
            if row["works"] != (present and not self.hollow(value)):
                self.note("works", row, present)
        if not present:
            return
        if "same" in row and not isinstance(value, types.ModuleType):
            self.counts["same"] += 1
            other = self.get("v2", name)
            is_same = other is value or (
                type(other) is type(value)
                and isinstance(value, (bool, int, float, str, bytes))
                and other == value
            )
            if not is_same and getattr(other, "__wrapped__", None) is value:
                is_same = True
                self.explain("same: tf.X is compat.v1.X in a wrapper for weak tensors", row)
            if is_same != row["same"]:
                self.note("same", row, is_same)
        self.ask_kind(row, value)
        if "parameters" in row:
            self.ask_signature(row, value)

    def hollow(self, value):
        """Whether a module raises for whatever is asked of it."""
        if not isinstance(value, types.ModuleType):
            return False
        try:
            return not [n for n in dir(value) if not n.startswith("_")]
        except Exception:
            return True

    def ask_kind(self, row, value):
        self.counts["kind"] += 1
        kind = row["kind"]
        if isinstance(value, types.ModuleType):
            seen = "module"
        elif isinstance(value, type):
            seen = "class"
        elif callable(value) and type(value).__name__ != "DType":
            seen = "function"
        else:
            seen = "constant"
        if row["member"]:
            return
        if seen != kind:
            if row["space"] != "tf1":
                self.explain("kind is that of TF 1.15 where TF 1.15 has the name", row)
            else:
                self.note("kind", row, seen)

    def ask_signature(self, row, value):
        """Names, order and kinds of the parameters as inspect sees them."""
        self.counts["signature"] += 1
        if row["member"]:
            owner = self.get(row["space"], row["name"].rpartition(".")[0])
            leaf = row["name"].rpartition(".")[2]
            home = next((c for c in owner.__mro__ if leaf in vars(c)), None)
            raw = vars(home)[leaf] if home is not None else value
            drop = not isinstance(raw, staticmethod)
            value = getattr(raw, "__func__", raw)
        else:
            drop = False
            if isinstance(value, type):
                if hasattr(value, "DESCRIPTOR"):
                    names = sorted(f.name for f in value.DESCRIPTOR.fields)
                    if names != [p[0] for p in row["parameters"]]:
                        self.note("fields", row, names)
                    return
                if issubclass(value, enum.Enum):
                    return
                # A constructor: __init__, or __new__ where only that is written.
                init = value.__init__
                if init is object.__init__ or not (
                    hasattr(init, "__code__") or hasattr(init, "_tf_decorator")
                ):
                    init = value.__new__
                if init is object.__new__:
                    if row["parameters"]:
                        self.note("signature", row, "none")
                    return
                if issubclass(value, BaseException) and not hasattr(init, "__code__"):
                    self.explain("constructor of a built-in exception", row)
                    return
                value, drop = init, True
        if isinstance(value, type):
            return
        seen = self.parameters(value)
        if seen is None:
            self.explain("inspect cannot say", row)
            return
        if row["name"].startswith("raw_ops."):
            self.explain("raw_ops refuse positional arguments, which inspect does not say", row)
            seen = [[name, "kw", required] for name, _, required in seen]
        if drop:
            seen = seen[1:] if seen and seen[0][1].startswith("pos") else seen
        if seen != row["parameters"]:
            self.note("signature", row, "{}, the tables say {}".format(seen, row["parameters"]))

    def parameters(self, value):
        kinds = {0: "pos", 1: "pos_or_kw", 2: "var_pos", 3: "kw", 4: "var_kw"}
        try:
            signature = inspect.signature(value)
        except (TypeError, ValueError):
            return None
        # TensorFlow 1 keeps the arguments that a decorator adds in its own record.
        for decorator in self.tf_decorator.unwrap(value)[0]:
            spec = decorator.decorator_argspec
            if isinstance(spec, inspect.Signature):
                signature = spec
                break
            if spec is not None:
                required = len(spec.args) - len(spec.defaults or ())
                out = [[a, "pos_or_kw", i < required] for i, a in enumerate(spec.args)]
                out += [[spec.varargs, "var_pos", True]] if spec.varargs else []
                only = getattr(spec, "kwonlyargs", None) or []
                given = getattr(spec, "kwonlydefaults", None) or {}
                out += [[a, "kw", a not in given] for a in only]
                last = getattr(spec, "varkw", None) or getattr(spec, "keywords", None)
                return out + ([[last, "var_kw", True]] if last else [])
        return [
            [p.name, kinds[int(p.kind)], p.default is inspect.Parameter.empty]
            for p in signature.parameters.values()
        ]

    def ask_canonical(self, moved):
        """The TF 2 name is the object that the compat.v1 name is, or is exported with it."""
        for name, other in sorted(moved.items()):
            self.counts["canonical"] += 1
            row = {"space": "v2", "name": name}
            there = self.get("v2", other)
            if there is MISSING or isinstance(there, Failure):
                self.note("canonical", row, other + " is missing")
                continue
            value = self.get("v1", name)
            if value is MISSING:
                self.explain("canonical: same object in TF 1.15 under another name", row)
            elif value is not there and value != there:
                self.explain("canonical: other object, but exported under that name", row)


class Failure:
    """What touching a name raised."""

    def __init__(self, error):
        self.text = f"{type(error).__name__}: {str(error)[:80]}"

    def __repr__(self):
        return self.text


def outcome(tf, code):
    """What `out` is after `code`, in words that do not depend on the run."""
    names = {"tf": tf}
    try:
        exec(code, names)
    except Exception as error:
        return f"raises {type(error).__name__}"
    value = names["out"]
    if isinstance(value, (bool, int, float, str, type(None))):
        return repr(value)
    if isinstance(value, (list, tuple, dict)):
        plain = all(isinstance(item, (int, str)) for item in value)
        return repr(value) if plain else f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, tf.Tensor):
        return f"a tensor of shape {value.shape}"
    return "a function" if callable(value) else type(value).__name__


def trace(tf, code, keep):
    """Hand the outcome of `code` to `keep`, and give nothing to the graph."""
    keep(outcome(tf, code))


def ask_statements(path):
    """Run each statement in its ways; 1 if one does not do what it is said to do."""
    import tensorflow as tf
    import tomllib

    tf.get_logger().setLevel(logging.ERROR)
    with open(path, "rb") as stream:
        tables = tomllib.load(stream)
    release = ".".join(tf.__version__.split(".")[:2])
    wrong = asked = 0
    for values in tables["statements"] if release == "2.21" else ():
        row = dict(zip(("rule", "says", "code", "eager", "graph", "function"), values, strict=True))
        seen = {}
        reset = tf.compat.v1.reset_default_graph
        reset()
        seen["eager"] = outcome(tf, row["code"])
        reset()
        with tf.Graph().as_default():
            seen["graph"] = outcome(tf, row["code"])
        reset()
        traced = []
        tf.function(
            functools.partial(trace, tf, row["code"], traced.append), autograph=False
        ).get_concrete_function()
        seen["function"] = traced[0]
        asked += 3
        wrong += differences(row, seen)
    with tempfile.TemporaryDirectory() as folder:  # what the code saves goes there
        os.chdir(folder)
        for values in tables["keras"]:
            row = dict(zip(("rule", "says", "code", "2.21", "2.15"), values, strict=True))
            if release in row:
                tf.keras.backend.clear_session()
                asked += 1
                wrong += differences(row, {release: outcome(tf, row["code"])})
        os.chdir(os.path.dirname(folder))
    print(f"TensorFlow {tf.__version__}: {asked} questions, {wrong} answers that are not as said")
    return 1 if wrong else 0


def differences(row, seen):
    """How many of what was seen are not as `row` says, each printed."""
    wrong = {way: found for way, found in seen.items() if found != row[way]}
    for way, found in wrong.items():
        print("{} {!r} {}: {!r}, not {!r}".format(row["rule"], row["code"], way, found, row[way]))
    return len(wrong)


def ask_harmless(path):
    """Run each row's code in a graph with the argument and without; 1 if that gives another."""
    import numpy as np
    import tensorflow as tf

    with open(path) as stream:  # this Python may be too old for tomllib
        rows = ast.literal_eval(stream.read().partition("harmless = ")[2])
    wrong = 0
    for argument, code, *texts in rows:
        try:
            told = [_value(tf, *code.partition("{}"), text) for text in texts]
        except Exception:
            print(f"{argument}: {code!r}", file=sys.stderr)
            raise
        same = np.allclose if told[0].dtype.kind == "f" else np.array_equal
        if not same(*told):
            wrong += 1
            print(f"{argument}: {told[0]}, but {told[1]} with {texts[1]!r}: {code!r}")
    print(f"TensorFlow {tf.__version__}: {len(rows)} arguments, {wrong} change what comes out")
    return 1 if wrong else 0


def _value(tf, before, place, after, text):
    """What `out` is after the code has run in a graph of its own with `text` in its place."""
    import numpy as np

    namespace = {"tf": tf}
    with tf.Graph().as_default():
        exec(before + (text if place else "") + after, namespace)
        out = namespace["out"]
        if not isinstance(out, (tf.Tensor, tf.Variable)):
            return np.asarray(out)
        with tf.Session() as session:
            session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            coordinator = tf.train.Coordinator()
            threads = tf.train.start_queue_runners(session, coordinator)
            value = np.asarray(session.run(out))
            coordinator.request_stop()
            coordinator.join(threads)
            return value


def main(argv):
    """Write the questions, or ask them; 1 if a disagreement is left."""
    if len(argv) == 4 and argv[1] == "--write":
        return write_questions(argv[2], argv[3])
    if len(argv) == 3 and argv[1] == "--statements":
        return ask_statements(argv[2])
    if len(argv) == 3 and argv[1] == "--harmless":
        warnings.simplefilter("ignore")
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        return ask_harmless(argv[2])
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    import tensorflow as tf

    with open(argv[1]) as stream:
        data = json.load(stream)
    if not tf.__version__.startswith(data["release"]):
        print(
            "the questions are about {}, this is TensorFlow {}".format(
                data["release"], tf.__version__
            ),
            file=sys.stderr,
        )
        return 2
    if tf.__version__.startswith("1."):
        importlib.import_module("tensorflow.contrib")
    asker = Asker(tf)
    for row in data["questions"]:
        asker.ask(row)
    asker.ask_canonical(data["canonical"])
    asked = ", ".join(f"{what} {number}" for what, number in sorted(asker.counts.items()))
    print(f"TensorFlow {tf.__version__}: asked {asked}")
    for reason, names in sorted(asker.explained.items()):
        some = ", ".join(sorted(set(names))[:3])
        print(f"explained: {len(names)} x {reason} ({some})")
    left = sum(len(rows) for rows in asker.wrong.values())
    for what, rows in sorted(asker.wrong.items()):
        print(f"DISAGREES on {what}: {len(rows)}")
        for row in rows[:SHOWN]:
            print("   ", *row)
    print(f"disagreements: {left}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
