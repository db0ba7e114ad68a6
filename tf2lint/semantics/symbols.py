"""What is below a symbol of TensorFlow, and what calling one gives; from the tables alone."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from tf2lint.semantics.files import MAKER
from tf2lint.semantics.plain import own_name
from tf2lint.semantics.values import (
    Builtin,
    Foreign,
    Instance,
    ListOf,
    Member,
    Symbol,
    Value,
    Values,
)
from tf2lint.tensorflow import ancestry, api, paths, return_types

_FOLLOWED = {
    "importlib.import_module": "import_module",
    "contextlib.contextmanager": "contextmanager",
    "functools.partial": "partial",
}
# Functions and classes of any package that give the module which they are handed the name of.
_LOADER = re.compile(
    r"(?i)^(importorskip|import_?or_?skip|lazy_?(import|load|loader|module)(er)?|get_module|"
    r"(try|optional|maybe|safe|soft|dynamic)_import(_module)?|import_optional_dependency)$"
)
_READ = ("property", "attribute")
_PLAIN = ("constant", "attribute")
_PROPERTIES = (".shape", ".op", ".graph", ".initializer", ".saver", ".summary_writer",
               ".optimizer", ".model", ".inner_optimizer")  # fmt: skip


def loaded(call: ast.Call) -> str:
    """The module of TensorFlow that the call of a loader gives; nothing for other calls."""
    func = call.func
    name = own_name(func)
    if _LOADER.match(name):
        for arg in [*call.args[:3], *(keyword.value for keyword in call.keywords)]:
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                if paths.is_tensorflow(arg.value):
                    return arg.value
    return ""


def foreign(origin: str) -> Value:
    """What another package than TensorFlow has at the dotted name `origin`."""
    if origin in _FOLLOWED:
        return Builtin(_FOLLOWED[origin])
    if origin.startswith("ray.") and origin.endswith(f".{MAKER}"):
        return Builtin(MAKER)
    return Foreign(origin)


@lru_cache(maxsize=16384)
def below(path: str, attr: str) -> Values:
    """What the attribute `attr` of the symbol at `path` is."""
    path = f"{path}.{attr}"
    name = paths.symbol(path)
    listed = return_types.RESULTS.get(name)
    if listed and _kind(name) in _READ:
        return (Instance(paths.path_of(listed, paths.route(path))),)
    return (Symbol(path),)


def bases_of(name: str) -> tuple[str, ...]:
    """The public names of the classes above the class `name`, nearest first."""
    return ancestry.bases(name)


def result(path: str) -> Values:
    """What calling the symbol at `path` gives."""
    name, through = paths.symbol(path), paths.route(path)
    listed = return_types.result_of(name)
    if listed is None and "." in name:
        # A class attribute taken from a subclass: `tf.data.TFRecordDataset.range`.
        owner, _, attr = name.rpartition(".")
        listed = next(
            (r for b in bases_of(owner) if (r := return_types.result_of(f"{b}.{attr}"))), None
        )
    if listed is not None:
        return (Instance(paths.path_of(listed, through)),) if listed else ()
    found = api.symbol(name)
    if found is None:
        return ()
    if found.kind == "class":
        return (Instance(path),)
    return (Instance(paths.path_of(found.returns, through)),) if found.returns else ()


def result_of_instance(instance: Instance) -> Values:
    """What calling the object gives."""
    name = paths.symbol(instance.path)
    for owner in (name, *bases_of(name)):
        if return_types.CALLED.get(owner):
            return (Instance(paths.path_of(return_types.CALLED[owner])),)
    return ()


def result_of_member(member: Member) -> Values:
    """What calling the member of an object gives."""
    name, through = paths.symbol(member.path), paths.route(member.path)
    for owner in (name, *bases_of(name)):
        full = f"{owner}.{member.name}"
        listed = return_types.result_of(full)
        if listed is None:
            found = api.symbol(full)
            listed = found.returns if found is not None and found.returns else None
        if listed is not None:
            return (Instance(paths.path_of(listed, through)),) if listed else ()
    return ()


def member(path: str, attr: str) -> Value:
    """What the attribute `attr` of an object of the class at `path` is."""
    name, through = paths.symbol(path), paths.route(path)
    for owner in (name, *bases_of(name)):
        full = f"{owner}.{attr}"
        listed = return_types.RESULTS.get(full)
        if listed and (full.endswith(_PROPERTIES) or _kind(full) in _READ):
            return Instance(paths.path_of(listed, through))
        if full in return_types.LISTS:
            return ListOf(Instance(paths.path_of(return_types.LISTS[full], through)))
    return Member(path, attr)


def is_package(value: Value) -> bool:
    """Whether this is the tensorflow package, or its compat.v1."""
    return isinstance(value, Symbol) and paths.symbol(value.path) == "tf"


def is_module(value: Value) -> bool:
    """Whether this is a module of TensorFlow."""
    return is_package(value) or (
        isinstance(value, Symbol) and _kind(paths.symbol(value.path)) == "module"
    )


def is_constant(value: Value) -> bool:
    """Whether this is a plain value that TensorFlow has a name for."""
    return isinstance(value, Symbol) and _kind(paths.symbol(value.path)) in _PLAIN


def _kind(name: str) -> str:
    found = api.symbol(name)
    return found.kind if found is not None else ""
