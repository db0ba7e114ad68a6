"""Write what an installed TensorFlow has in its public API as one JSON file.

Runs under the Python of that TensorFlow (3.7 with 1.15, 3.11 with the newest), so it is written
for Python 3.7 and imports nothing of tf2lint:

    python tools/dump_api.py OUT.json

The JSON holds:

* ``source``: versions of TensorFlow, Keras, the estimator and Python;
* ``spaces``: ``{"tf1": names}`` for TensorFlow 1, ``{"v2": names, "v1": names}`` for 2, where
  names maps ``"train.AdamOptimizer"`` to ``{"kind", "obj", ["sig"], ["returns"], ["wraps"],
  ["export1"], ["export2"], ["raises"], ["error"]}``. ``obj`` is one number for one object;
* ``classes``: object number to ``{"mro", "members", "proto"}``, members being
  ``{name: [kind, signature or null, returns or "", raises or ""]}``;
* ``failed``: modules of contrib that cannot be imported, with the reason.
"""

import ast
import enum
import importlib
import inspect
import json
import os
import re
import sys
import textwrap
import types
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

# Public in spite of the underscore.
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
# Parts of contrib that are not its API although they are reachable.
PRIVATE_PARTS = {"python", "ops", "kernels", "proto", "test", "testdata", "tests", "cmake"}
PRIVATE_CONTRIB = {"keras.api"}  # path of the real module behind contrib.keras
# Reachable in TensorFlow by leaking imports.
LEAKED = {"python", "core", "compiler", "tools", "tsl", "dtensor", "security"}
# tf.pywrap_tensorflow leaks too; what people call there.
PYWRAP = {"NewCheckpointReader", "CheckpointReader"}
API_ROOTS = (
    "tensorflow._api",
    "tensorflow_core._api",
    "tensorflow.compat",
    "tensorflow.python.keras.api",
    "tensorflow_core.python.keras.api",
    "tensorflow.keras",
    "tensorflow_core.keras",
    "tensorflow_core.estimator",
    "tensorflow_estimator",
    "tensorflow.estimator",
    "keras.api",
    "keras._tf_keras",
    "keras",
    "tf_keras.api",
)


STRING = getattr(ast, "Str", ast.Constant)  # what a docstring is before Python 3.8


def is_api_module(name):
    """Whether a module's own name says that it only lists public names."""
    if name in ("tensorflow", "tensorflow_core"):
        return True
    return not name.startswith("keras.src") and any(
        name == root or name.startswith(root + ".") for root in API_ROOTS
    )


def is_module(value):
    return isinstance(value, types.ModuleType)


class Dumper:
    """Walks one TensorFlow; every method fills the tables that ``result`` returns."""

    def __init__(self, tf):
        self.tf = tf
        self.numbers = {}
        self.alive = []
        self.spaces = {}
        self.failed = {}
        self.classes = {}
        self.queue = []
        try:
            from tensorflow.python.util import tf_decorator, tf_export, tf_inspect
        except ImportError:
            from tensorflow_core.python.util import tf_decorator, tf_export, tf_inspect
        self.tf_decorator = tf_decorator
        self.tf_export = tf_export
        self.tf_inspect = tf_inspect
        self.public_ids = {}

    def number(self, value):
        """The number of an object; the same object has the same number."""
        key = id(value)
        if key not in self.numbers:
            self.numbers[key] = len(self.alive)
            self.alive.append(value)
        return self.numbers[key]

    # -- names ---------------------------------------------------------------------------------

    def walk(self, space, root, skip):
        """Collect every public name under the module ``root``, breadth first."""
        names = self.spaces.setdefault(space, {})
        todo = [("", root)]
        seen = {}
        while todo:
            prefix, module = todo.pop(0)
            try:
                listed = dir(module)
            except Exception as error:  # lazy loaders raise anything
                names[prefix.rstrip(".")]["error"] = one_line(error)
                continue
            for part in sorted(set(listed)):
                if part.startswith("_") and part not in DUNDERS:
                    continue
                name = prefix + part
                if name in skip or (prefix == "pywrap_tensorflow." and part not in PYWRAP):
                    continue
                try:
                    value = getattr(module, part)
                except Exception as error:
                    names[name] = {"kind": "error", "error": one_line(error)}
                    continue
                if is_module(value) and name == "test.mock":
                    # unittest.mock, not TensorFlow's own
                    names[name] = {"kind": "module", "obj": self.number(value)}
                elif is_module(value):
                    if not self.public_module(name, module, value):
                        continue
                    names[name] = {"kind": "module", "obj": self.number(unwrap_module(value))}
                    loops = any(
                        name.startswith(other + ".")
                        for other in seen.get(id(unwrap_module(value)), ())
                    )
                    if not loops:
                        seen.setdefault(id(unwrap_module(value)), []).append(name)
                        todo.append((name + ".", value))
                elif isinstance(value, type(absolute_import_feature())) or (
                    part.startswith("__") and prefix and name != "keras.__version__"
                ):
                    continue
                else:
                    names[name] = self.entry(value)

    def public_module(self, name, parent, value):
        """Whether a module found in another one is part of the API, not an import of its code."""
        module_name = getattr(value, "__name__", "")
        if name.startswith("contrib") or name in LEAKED:
            return False
        if is_api_module(module_name):
            return True
        if name in ("summary", "estimator", "keras") or type(value).__name__.endswith("LazyLoader"):
            return True
        return is_api_module(getattr(parent, "__name__", "")) and module_name.startswith(
            ("tensorflow", "absl")
        )

    def entry(self, value):
        """What is to be known of one object that is no module."""
        row = {"obj": self.number(value)}
        if isinstance(value, type):
            row["kind"] = "class"
            self.queue.append(value)
        elif callable(value) and type(value).__name__ != "DType":
            row["kind"] = "function"
            if hasattr(value, "__wrapped__"):
                row["wraps"] = self.number(value.__wrapped__)
        else:
            row["kind"] = "constant"
            row["type"] = type(value).__name__
            if row["type"] == "DType":
                row["name"] = value.name
            if value is None or isinstance(value, (bool, int, float, str, bytes)):
                row["value"] = repr(value)
        if row["kind"] != "constant":
            for key, getter in (("export1", "get_v1_names"), ("export2", "get_v2_names")):
                try:  # the names hang on the function inside TensorFlow's decorators
                    inner = self.tf_decorator.unwrap(value)[1]
                    found = list(getattr(self.tf_export, getter)(inner))
                except Exception:
                    found = []
                if found:
                    row[key] = found
        return row

    def walk_contrib(self, contrib):
        """Import every contrib module and collect the names that are its API."""
        names = self.spaces["tf1"]
        root = os.path.dirname(contrib.__file__)
        names["contrib"] = {"kind": "module", "obj": self.number(contrib)}
        modules = []
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(
                f
                for f in folders
                if f not in PRIVATE_PARTS
                and os.path.relpath(os.path.join(folder, f), root).replace(os.sep, ".")
                not in PRIVATE_CONTRIB
                and os.path.exists(os.path.join(folder, f, "__init__.py"))
            )
            inside = os.path.relpath(folder, root).replace(os.sep, ".")
            base = "" if inside == "." else inside + "."
            if inside != ".":
                modules.append(inside)
            for file in sorted(files):
                if file.endswith(".py") and not file.startswith("_") and inside != ".":
                    if not re.search(r"(_test|_testlib|setup)\.py$", file):
                        modules.append(base + file[:-3])
        todo = []
        for inside in modules:
            try:
                module = importlib.import_module("tensorflow.contrib." + inside)
            except BaseException as error:
                self.failed["contrib." + inside] = one_line(error)
                continue
            todo.append(("contrib." + inside, unwrap_module(module)))
        done = set()
        while todo:
            name, module = todo.pop(0)
            if name in done:
                continue
            done.add(name)
            names[name] = {"kind": "module", "obj": self.number(module)}
            package = hasattr(module, "__path__")
            listed = getattr(module, "__all__", None) if not package else None
            # An implementation module shows its own names, a package whatever it re-exports.
            for part in sorted(set(listed if listed is not None else dir(module))):
                if part.startswith("_") or part in PRIVATE_PARTS:
                    continue
                try:
                    value = getattr(module, part)
                except Exception as error:
                    self.failed[name + "." + part] = one_line(error)
                    continue
                full = name + "." + part
                if is_module(value):
                    value = unwrap_module(value)
                    value_name = value.__name__.replace("tensorflow_core.", "tensorflow.")
                    if full == "contrib.framework.nest" or (
                        package and public_contrib_module(full, value_name)
                    ):
                        if name.count(".") < 8 and not self.loops(full, value, names):
                            todo.append((full, value))
                    continue
                if isinstance(value, type(absolute_import_feature())):
                    continue
                home = getattr(value, "__module__", None)
                if isinstance(value, type) or callable(value):
                    home = str(home or "").replace("tensorflow_core.", "tensorflow.")
                    if not home.startswith("tensorflow"):
                        continue
                    if name == "contrib.quantization" and "quantiz" not in part:
                        continue  # it re-exports all array operations
                    if listed is None and not package:
                        if home != module.__name__.replace("tensorflow_core.", "tensorflow."):
                            continue
                elif listed is None and not package and not part.isupper():
                    continue
                names[full] = self.entry(value)

    def loops(self, full, value, names):
        """Whether a module is already among the parents of the name."""
        number = self.number(value)
        parts = full.split(".")
        return any(
            names.get(".".join(parts[:i]), {}).get("obj") == number for i in range(1, len(parts))
        )

    # -- signatures ----------------------------------------------------------------------------

    def signature_text(self, value, drop_first=False):
        """``"x, axis=None, *, name=None, **kwargs"``, or None where it cannot be known."""
        params = self.parameters(value)
        if params is None:
            return None
        if drop_first:
            if params and params[0][1] in ("pos", "pos_or_kw"):
                params = params[1:]
        texts = []
        positional_only = False
        starred = False
        for name, kind, default in params:
            if kind == "pos":
                positional_only = True
            elif positional_only:
                texts.append("/")
                positional_only = False
            if kind == "var_pos":
                texts.append("*" + name)
                starred = True
                continue
            if kind == "var_kw":
                texts.append("**" + name)
                continue
            if kind == "kw" and not starred:
                texts.append("*")
                starred = True
            texts.append(name if default is None else name + "=" + default)
        if positional_only:
            texts.append("/")
        return ", ".join(texts)

    def parameters(self, value):
        """Parameters as ``(name, kind, default text or None)`` through TensorFlow's decorators."""
        spec = None
        try:
            decorators, _ = self.tf_decorator.unwrap(value)
        except Exception:
            decorators = []
        for decorator in decorators:
            if decorator.decorator_argspec is not None:
                spec = decorator.decorator_argspec
                break
        if spec is not None:
            if isinstance(spec, inspect.Signature):
                return self.from_signature(spec)
            return self.from_argspec(spec)
        if decorators and not hasattr(value, "__signature__"):
            value = decorators[-1].decorated_target
            if isinstance(value, (staticmethod, classmethod)):
                value = value.__func__
        try:
            return self.from_signature(inspect.signature(value))
        except (ValueError, TypeError, AttributeError, RecursionError):
            return None

    def from_argspec(self, spec):
        args = list(spec.args)
        defaults = list(spec.defaults or ())
        required = len(args) - len(defaults)
        out = [
            (str(a), "pos_or_kw", None if i < required else self.default(defaults[i - required]))
            for i, a in enumerate(args)
        ]
        if spec.varargs:
            out.append((spec.varargs, "var_pos", None))
        only = getattr(spec, "kwonlyargs", None) or []
        only_defaults = getattr(spec, "kwonlydefaults", None) or {}
        out += [
            (a, "kw", self.default(only_defaults[a]) if a in only_defaults else None) for a in only
        ]
        keywords = getattr(spec, "varkw", None) or getattr(spec, "keywords", None)
        if keywords:
            out.append((keywords, "var_kw", None))
        return out

    def from_signature(self, signature):
        kinds = {
            inspect.Parameter.POSITIONAL_ONLY: "pos",
            inspect.Parameter.POSITIONAL_OR_KEYWORD: "pos_or_kw",
            inspect.Parameter.KEYWORD_ONLY: "kw",
            inspect.Parameter.VAR_POSITIONAL: "var_pos",
            inspect.Parameter.VAR_KEYWORD: "var_kw",
        }
        return [
            (
                p.name,
                kinds[p.kind],
                None if p.default is inspect.Parameter.empty else self.default(p.default),
            )
            for p in signature.parameters.values()
        ]

    def default(self, value, depth=0):
        """The default as source text; never an address."""
        if value is None or isinstance(value, (bool, int, float, str, bytes)):
            if not isinstance(value, enum.Enum) and type(value).__module__ == "builtins":
                return repr(value)
        if isinstance(value, (list, tuple)) and type(value) in (list, tuple) and depth < 4:
            inside = ", ".join(self.default(v, depth + 1) for v in value)
            if isinstance(value, list):
                return "[" + inside + "]"
            return "(" + inside + ("," if len(value) == 1 else "") + ")"
        if type(value) is dict and depth < 4:
            return "{{{}}}".format(
                ", ".join(
                    f"{self.default(k, depth + 1)}: {self.default(v, depth + 1)}"
                    for k, v in value.items()
                )
            )
        kind = type(value).__name__
        if isinstance(value, enum.Enum):
            return self.public(type(value)) + "." + value.name
        if kind == "DType" and hasattr(value, "name"):
            return "tf." + value.name
        if isinstance(value, type) or inspect.isroutine(value):
            return self.public(value)
        if kind in ("float32", "float64", "int32", "int64", "bool_", "str_"):
            return repr(value.item())
        return f"<{kind}>"

    def public(self, value):
        """The shortest public name of a class or function, else its own name."""
        return self.public_ids.get(id(value), getattr(value, "__name__", "<?>"))

    def only_raises(self, value):
        """The exception that a function or constructor raises whatever it is called with."""
        function = value.__init__ if isinstance(value, type) else value
        try:
            function = inspect.unwrap(self.tf_decorator.unwrap(function)[1])
            if not isinstance(function, types.FunctionType) or function.__code__.co_consts is None:
                return ""
            if "Error" not in " ".join(function.__code__.co_names):
                return ""
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except (OSError, TypeError, SyntaxError, ValueError):
            return ""
        body = [
            node
            for node in tree.body[0].body
            if not (isinstance(node, ast.Expr) and isinstance(node.value, (STRING, ast.Constant)))
        ]
        if not body or not isinstance(body[0], ast.Raise) or body[0].exc is None:
            return ""
        raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
        return getattr(raised, "id", "Error")

    def constructor_text(self, cls):
        if is_proto(cls):
            fields = sorted(f.name for f in cls.DESCRIPTOR.fields)
            return ", ".join(["*"] + [f + "=None" for f in fields]) if fields else ""
        if issubclass(cls, enum.Enum):
            return "value"
        init = cls.__init__
        if init is not object.__init__ and (
            isinstance(init, types.FunctionType) or getattr(init, "_tf_decorator", None)
        ):
            text = self.signature_text(init, drop_first=True)
            if text in ("*args, **kwargs", "*args, **kw") and not hasattr(init, "__wrapped__"):
                new = cls.__new__
                if isinstance(new, types.FunctionType) and new.__module__ != "typing":
                    other = self.signature_text(new, drop_first=True)
                    return other if other is not None else text
            return text
        if cls.__new__ is not object.__new__ and isinstance(cls.__new__, types.FunctionType):
            return self.signature_text(cls.__new__, drop_first=True)
        if init is object.__init__ and cls.__new__ is object.__new__:
            return ""
        if issubclass(cls, BaseException):
            return "*args"
        return None

    # -- classes -------------------------------------------------------------------------------

    def dump_class(self, cls):
        number = self.number(cls)
        if number in self.classes:
            return
        proto = is_proto(cls)
        mro = [self.number(c) for c in cls.__mro__[1:] if c is not object]
        members = {}
        self.classes[number] = {"mro": mro, "members": members, "proto": proto}
        message = proto and next(
            (c for c in cls.__mro__ if c.__module__ == "google.protobuf.message"), None
        )
        for name in sorted(set(dir(cls))):
            if name.startswith("_"):
                continue
            owner = next((c for c in cls.__mro__ if name in vars(c)), None)
            if owner is None:
                raw = getattr(cls, name, None)
                if isinstance(type(cls), type) and not is_enum_member(cls, name):
                    # the metaclass has it; an instance does not
                    if any(name in vars(m) for m in type(cls).__mro__):
                        continue
            else:
                if owner.__module__ == "builtins":
                    continue
                raw = vars(owner)[name]
            if message and name in dir(message):
                continue
            kind, text, returns = self.member(raw)
            function = getattr(raw, "__func__", getattr(raw, "fget", raw))
            raised = self.only_raises(function) if kind in ("method", "property") else ""
            members[name] = [kind, text, returns, raised]

    def member(self, raw):
        if isinstance(raw, staticmethod):
            return ["method", self.signature_text(raw.__func__), doc_returns(raw.__func__)]
        if isinstance(raw, classmethod):
            function = raw.__func__
            return ["method", self.signature_text(function, drop_first=True), doc_returns(function)]
        if isinstance(raw, property) or type(raw).__name__ in (
            "cached_property",
            "getset_descriptor",
            "member_descriptor",
            "_tuplegetter",
            "classproperty",
            "DocAttribute",
            "FieldProperty",
        ):
            return ["property", None, doc_returns(raw)]
        if isinstance(raw, type):
            return ["class", self.constructor_text(raw), ""]
        if inspect.isroutine(raw) or (callable(raw) and hasattr(raw, "__wrapped__")):
            return ["method", self.signature_text(raw, drop_first=True), doc_returns(raw)]
        if callable(raw) and type(raw).__name__ == "instancemethod":
            return ["method", None, ""]
        return ["attribute", None, ""]

    # -- result --------------------------------------------------------------------------------

    def finish(self):
        """Fill in signatures and classes, after all names are known."""
        for space in sorted(self.spaces):
            for name in sorted(self.spaces[space], key=lambda n: (n.count("."), len(n), n)):
                row = self.spaces[space][name]
                if "obj" in row and row["kind"] in ("class", "function"):
                    value = self.alive[row["obj"]]
                    self.public_ids.setdefault(id(value), "tf." + name)
        for space in sorted(self.spaces):
            for name in sorted(self.spaces[space]):
                row = self.spaces[space][name]
                if row["kind"] == "class":
                    text = self.constructor_text(self.alive[row["obj"]])
                elif row["kind"] == "function":
                    value = self.alive[row["obj"]]
                    text = self.signature_text(value, drop_first=False)
                    returns = doc_returns(value)
                    if returns:
                        row["returns"] = returns
                else:
                    continue
                if text is not None:
                    row["sig"] = text
                raised = self.only_raises(self.alive[row["obj"]])
                if raised:
                    row["raises"] = raised
        for cls in self.queue:
            self.dump_class(cls)


def absolute_import_feature():
    import __future__

    return __future__.absolute_import


def unwrap_module(module):
    """The module behind a deprecation wrapper."""
    seen = 0
    while seen < 5:
        inner = None
        for attribute in ("_dw_wrapped_module", "_tfmw_wrapped_module"):
            try:
                inner = object.__getattribute__(module, attribute)
                break
            except AttributeError:
                continue
        if inner is None:
            return module
        module = inner
        seen += 1
    return module


def is_proto(cls):
    return any(c.__module__ == "google.protobuf.message" for c in cls.__mro__)


def public_contrib_module(full, module_name):
    """Whether a module seen in a contrib package belongs to the package's API."""
    parts = full.split(".")
    own = f"tensorflow.contrib.{parts[1]}."
    if not module_name.startswith("tensorflow.contrib."):
        return False
    if ".".join(parts[1:3]) in PRIVATE_CONTRIB:
        return False
    if module_name.startswith(own) and ".python." not in module_name:
        return True
    # slim re-exports the modules of contrib.layers and more under their own names
    same_leaf = module_name.split(".")[-1] == parts[-1]
    return module_name.startswith(own) or (parts[1] == "slim" and len(parts) == 3 and same_leaf)


def is_enum_member(cls, name):
    return issubclass(cls, enum.Enum) and name in cls.__members__


def one_line(error):
    text = " ".join(str(error).split())
    return (f"{type(error).__name__}: {text}")[:160]


def doc_returns(value):
    """The docstring's Returns section on one line, or an empty string."""
    try:
        doc = inspect.getdoc(value)
    except Exception:
        return ""
    if not isinstance(doc, str):
        return ""
    match = re.search(r"^([ \t]*)(?:Returns|Return):[ \t]*\n?((?:.*\n?)*)", doc, re.M)
    if not match:
        return ""
    following = r"\n[ \t]*(?:Raises|Example|Usage|References|Yields)\b.*:"
    section = re.split(following, match.group(2))[0]
    return " ".join(section.split())[:600]


def main(argv):
    if len(argv) != 2:
        print("usage: dump_api.py OUT.json", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    import tensorflow as tf

    try:
        tf.get_logger().setLevel("ERROR")
    except AttributeError:
        tf.compat.v1.logging.set_verbosity("ERROR")
    version = tf.__version__
    dumper = Dumper(tf)
    if version.startswith("1."):
        dumper.walk("tf1", unwrap_module(tf), {"compat.v1", "compat.v2", "contrib"})
        dumper.walk_contrib(importlib.import_module("tensorflow.contrib"))
    else:
        skip = {"compat.v1", "compat.v2"}
        dumper.walk("v2", tf, skip)
        dumper.walk("v1", tf.compat.v1, skip)
    dumper.finish()
    source = {"tensorflow": version, "python": sys.version.split()[0]}
    for package in ("keras", "tensorflow_estimator"):
        try:
            source[package] = importlib.import_module(package).__version__
        except (ImportError, AttributeError):
            continue
    result = {
        "source": source,
        "spaces": dumper.spaces,
        "classes": dumper.classes,
        "failed": dumper.failed,
    }
    with open(argv[1], "w") as out:
        json.dump(result, out, sort_keys=True, indent=0)
    print(source, {k: len(v) for k, v in dumper.spaces.items()}, len(dumper.classes))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
