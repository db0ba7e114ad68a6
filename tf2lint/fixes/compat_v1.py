"""Stage 1 of a migration: what is not in TF 2 what it was, reached through tf.compat.v1.

Arguments are kept, and so is what the program does. A symbol that only has another name in TF 2
takes that name instead, one of contrib that was a name of the core, too, that one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable

from tf2lint.check.reference import Reference
from tf2lint.finding import Edit, Rule
from tf2lint.fixes import templates
from tf2lint.fixes.edits import replace, root_for
from tf2lint.fixes.imports import extent, line_after, member, owns_its_lines
from tf2lint.options import COMPAT, TF2
from tf2lint.semantics.values import NOTHING, Symbol
from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.status import era

TF1 = "tf1"
Kinded = tuple[str, tuple[Edit, ...]]  # the kind of edits, for the proofs, and the edits
_NOTHING: Kinded = ("", ())
_MODULE = re.compile(r"from[ \t]+(tensorflow)\b")

# Methods that TF 2 only has as functions of compat.v1.
_METHODS = {
    "tf.data.Dataset.make_one_shot_iterator": "tf.compat.v1.data.make_one_shot_iterator({self})",
    "tf.data.Dataset.make_initializable_iterator":
        "tf.compat.v1.data.make_initializable_iterator({self})",
    "tf.data.Dataset.output_shapes": "tf.compat.v1.data.get_output_shapes({self})",
    "tf.data.Dataset.output_types": "tf.compat.v1.data.get_output_types({self})",
    "tf.data.Dataset.output_classes": "tf.compat.v1.data.get_output_classes({self})",
}  # fmt: skip
_UNKNOWN = {symbol.rpartition(".")[2]: template for symbol, template in _METHODS.items()
            if ".make_" in symbol}  # fmt: skip

# What compat.v1 has, but not as a module that can be imported.
_ATTRIBUTES = ("tf.app.flags", "tf.estimator", "tf.flags", "tf.test.mock")
# Parts of contrib that the package tensorboard has now, under the same names. Asked of its 2.21.
_ELSEWHERE = {"tf.contrib.tensorboard.plugins.projector": "tensorboard.plugins.projector"}
# The argument that has another name there.
_KEYWORDS = {"summary_writer": "logdir"}
# Modules of TF 2 that cannot be imported from: a folder of the package has the same name.
_HIDDEN = ("tf.distribute", "tf.lite")


def respelled(rule: Rule, ref: Reference) -> Kinded:
    """The edits that make `ref` reach what it was in TF 1: through compat.v1, or as the TF 2 name
    of the very object. `rule` is the one that reports it.

    No edits where neither works under the target, or the code cannot express it.
    """
    if not rule.compat_helps:
        return _NOTHING
    return _method(ref) if ref.is_method else reached(ref)


def side_of(references: Iterable[Reference], guarded: Callable[[Reference], bool]) -> str:
    """What a module with these references is written for.

    `TF2` where it has names that only TF 2 has; `COMPAT` where it speaks to compat.v1 already and
    uses nothing that TF 2 lacks, so that its other names mean what they mean in TF 2; else `TF1`,
    and stage 1 of a migration takes it to compat.v1 as a whole.
    """
    lacks = explicit = False
    for ref in references:
        if ref.route in ("tf", "v1") and era(ref.symbol) == 2 and not guarded(ref):
            return TF2
        if ref.route == "v1":
            explicit = True
        elif ref.route == "tf" and not guarded(ref):
            lacks = lacks or ref.status == "removed"
    return COMPAT if explicit and not lacks else TF1


def differs(ref: Reference) -> bool:
    """Whether the name means another object in TF 2 than through compat.v1, or nothing at all."""
    return (
        ref.route == "tf" and ref.symbol != "tf" and not api.is_one_object(ref.symbol, ref.target)
    )


def has_nothing(ref: Reference) -> bool:
    """Whether stage 1 has nothing for a name that TF 2 lacks."""
    if ref.route == "private":
        return True
    if ref.is_method or ref.route != "tf" or ref.status != "removed" or elsewhere(ref.symbol):
        return False
    core = api.twin(ref.symbol)
    return not any(name and works(name, ref.target) for name in (ref.symbol, core))


def elsewhere(name: str) -> str:
    """The path outside of TensorFlow that has the very name now; or nothing."""
    for part, new in _ELSEWHERE.items():
        if paths.under(name, part):
            return new + name[len(part) :]
    return ""


def works(name: str, target: api.Version) -> bool:
    """Whether compat.v1 has the name in that release, be it only beside Keras 2."""
    through = name.replace("tf.", "tf.compat.v1.", 1)
    return api.in_compat_v1(name, target) or api.needs_keras_2(through, target)


def reached(ref: Reference) -> Kinded:
    """The edits that make a name reach the object that it was in TF 1."""
    name, target = ref.symbol, ref.target
    if isinstance(ref.node, ast.alias):
        return f"{COMPAT}: import", _import(ref, ref.node, ref.site.stmt)
    if not differs(ref):
        return _NOTHING
    if not works(name, target):
        core = api.twin(name)
        edits = _renamed(ref, core) if core else _outside(ref)
        return (f"{COMPAT}: contrib", edits) if edits else _NOTHING
    exact = api.canonical(name)
    if exact and api.is_one_object(exact, target) and not paths.under(exact, "tf.keras"):
        edits = _written(ref, exact[2:])
        if edits:
            return f"{COMPAT}: same object", edits
    return f"{COMPAT}: symbol", _through(ref)


def _through(ref: Reference) -> tuple[Edit, ...]:
    """`.compat.v1` put after what means the tensorflow package in the reference."""
    root = _package(ref)
    if root is None:
        return _apart(ref)
    assert root.end_lineno is not None
    assert root.end_col_offset is not None
    line, column = root.end_lineno, root.end_col_offset
    return (Edit(line, column, line, column, ".compat.v1"),)


def _apart(ref: Reference) -> tuple[Edit, ...]:
    """The whole name through compat.v1, where the module that it is reached by stays TF 2's.

    So does `from tensorflow.keras import backend as K`: its namesake in compat.v1 has other names.
    """
    if not paths.under(ref.symbol, "tf.keras") or not isinstance(ref.node, ast.Attribute):
        return ()
    if api.exists(ref.symbol, ref.target) or _has_module("tf.keras", ref.target):
        return ()
    name = f"tf.compat.v1{ref.symbol[2:]}"
    found = root_for(name, ref)
    if found is None:
        return ()
    root, imports = found
    return (*imports, replace(ref.node, templates.rooted(name, root)))


def _written(ref: Reference, rest: str) -> tuple[Edit, ...]:
    """`rest` put in the place of what follows the tensorflow package in the reference."""
    root = _package(ref)
    if root is None or not isinstance(ref.node, ast.Attribute):
        return ()
    assert root.end_lineno is not None
    assert root.end_col_offset is not None
    whole = replace(ref.node, rest)
    return (Edit(root.end_lineno, root.end_col_offset, whole.end_line, whole.end_column, rest),)


def _renamed(ref: Reference, core: str) -> tuple[Edit, ...]:
    """The name `core`, through compat.v1 where TF 2 has another object, in place of `ref`."""
    one = api.is_one_object(core, ref.target)
    edits = _written(ref, core[2:] if one else f".compat.v1{core[2:]}")
    if edits or not isinstance(ref.node, ast.Attribute):
        return edits  # where a name was bound, it is bound to the other object now
    name = core if one else f"tf.compat.v1{core[2:]}"
    found = root_for(name, ref)
    if found is None:
        return ()
    root, imports = found
    return (*imports, replace(ref.node, templates.rooted(name, root)))


def _outside(ref: Reference) -> tuple[Edit, ...]:
    """The name in the package that has it now, which is imported if it has to be."""
    new, source = elsewhere(ref.symbol), ref.module.source
    if not new:
        return ()
    keywords = _keywords(ref)
    if not isinstance(ref.node, ast.Attribute) or _package(ref) is None:
        return keywords  # where a name was bound, its import is another one now
    home = next(path for path in _ELSEWHERE.values() if paths.under(new, path))
    above, _, module = home.rpartition(".")
    found = member(source, above, module, ref.node.lineno)
    if found is None:
        return ()
    name, imports = found
    return (*imports, replace(ref.node, name + new[len(home) :]), *keywords)


def _keywords(ref: Reference) -> tuple[Edit, ...]:
    """Other names for the arguments of the call of what is in another package now."""
    return tuple(
        Edit(k.lineno, k.col_offset, k.lineno, k.col_offset + len(k.arg), _KEYWORDS[k.arg])
        for k in (ref.call.keywords if ref.call is not None else ())
        if k.arg in _KEYWORDS
    )


def _package(ref: Reference) -> ast.expr | None:
    """What means the tensorflow package, and nothing else, in the reference."""
    node: ast.AST = ref.node
    if isinstance(node, ast.Call):  # getattr(tf, "Session")
        return node.args[0] if node.args and _is_package(ref, node.args[0]) else None
    while isinstance(node, ast.Attribute):
        node = node.value
        if isinstance(node, ast.expr) and _is_package(ref, node):
            return node
    return None


def _is_package(ref: Reference, node: ast.expr) -> bool:
    values = ref.values(node)
    return Symbol(paths.ROOT) in values and {*values} <= {Symbol(paths.ROOT), NOTHING}


def _method(ref: Reference) -> Kinded:
    template = _METHODS.get(ref.symbol)
    kind = f"{COMPAT}: {ref.symbol}"
    if template is None and not ref.certain and isinstance(ref.node, ast.Attribute):
        template = _UNKNOWN.get(ref.node.attr)
    root = ref.root
    if template is None or root is None or ref.receiver is None:
        return _NOTHING
    call = ref.call
    if (call is not None) != ("make_" in template):
        return _NOTHING
    node: ast.expr | ast.alias = ref.node if call is None else call
    if call is not None and (call.args or call.keywords):
        return _NOTHING
    receiver = ref.module.source.segment(ref.receiver)
    text = templates.rooted(template, root).replace("{self}", receiver)
    return kind, (replace(node, text),)


def _import(ref: Reference, alias: ast.alias, stmt: ast.stmt) -> tuple[Edit, ...]:
    if ref.route != "tf":
        return ()
    if isinstance(stmt, ast.ImportFrom):
        return _import_from(ref, alias, stmt)
    assert isinstance(stmt, ast.Import)
    name, target = ref.symbol, ref.target
    if len(stmt.names) == 1 and alias.asname and (new := elsewhere(name)):
        return (Edit(*extent(stmt), f"import {new} as {alias.asname}"),)
    # Without `as` it is tensorflow that is bound, and only an import that raises is in the way.
    moved = differs(ref) if alias.asname else not api.exists(name, target)
    if not moved or not works(name, target) or not _has_module(name, target):
        return ()
    column = alias.col_offset + len(paths.ROOT)
    return (Edit(alias.lineno, column, alias.lineno, column, ".compat.v1"),)


def _import_from(ref: Reference, alias: ast.alias, stmt: ast.ImportFrom) -> tuple[Edit, ...]:
    """`from tensorflow import Session` to `from tensorflow.compat.v1 import Session`.

    Names of the statement that are nowhere else, or are what they were, stay behind in one of
    their own.
    """
    source, target = ref.module.source, ref.target
    match = _MODULE.match(source.segment(stmt))
    if match is None:
        return ()
    column = stmt.col_offset + match.end(1)
    whole = (Edit(stmt.lineno, column, stmt.lineno, column, ".compat.v1"),)
    module = stmt.module or ""
    if alias.name == "*":
        name = paths.symbol(module)
        return whole if works(name, target) and _has_module(name, target) else ()
    homes = [_home(paths.symbol(f"{module}.{a.name}"), target) for a in stmt.names]
    if all(home is None or home[0] == module for home in homes):
        return ()  # what stage 1 moves is not among them
    through = f"{paths.ROOT}.compat.v1{module[len(paths.ROOT) :]}"
    if all((home is not None and home[:2] == (through, a.name)) or _is_one(a, module, target)
           for a, home in zip(stmt.names, homes, strict=True)):  # fmt: skip
        return whole
    if not owns_its_lines(source, stmt) or "#" in source.segment(stmt):
        return ()
    by_home: dict[str, list[str]] = {}
    for each, home in zip(stmt.names, homes, strict=True):
        place, leaf = home or (module, each.name)
        bound = each.asname or each.name
        text = leaf if leaf == bound else f"{leaf} as {bound}"
        by_home.setdefault(place, []).append(text)
    first, *rest = [f"from {place} import {', '.join(by_home[place])}" for place in by_home]
    edits = [Edit(*extent(stmt), first)]
    return (*edits, line_after(source, stmt, *rest)) if rest else (*edits,)


def _home(name: str, target: api.Version) -> tuple[str, str] | None:
    """Where `from module import name` finds what `name` was in TF 1; None where it is nowhere.

    A name that is the same object in TF 2 stays where it is, or goes to the top.
    """
    if new := elsewhere(name):
        above, _, leaf = new.rpartition(".")
        return above, leaf
    one = api.is_one_object(name, target)
    if one and not any(paths.under(name, part) for part in _HIDDEN):
        return f"{paths.ROOT}{name.rpartition('.')[0][2:]}", name.rpartition(".")[2]
    core = name if works(name, target) else api.twin(name)
    if not core:
        return None
    parent, _, leaf = core.rpartition(".")
    if parent == "tf" and api.is_one_object(core, target):
        return paths.ROOT, leaf
    alone = api.needs_keras_2(core.replace("tf.", "tf.compat.v1.", 1), target)
    if not _has_module(parent, target, with_keras_2=alone):
        return None
    return f"{paths.ROOT}.compat.v1{parent[2:]}", leaf


def _is_one(alias: ast.alias, module: str, target: api.Version) -> bool:
    """Whether the name is the same object in compat.v1 and can be imported from there."""
    name = paths.symbol(f"{module}.{alias.name}")
    return api.is_one_object(name, target) and _has_module(name.rpartition(".")[0], target)


def _has_module(name: str, target: api.Version, with_keras_2: bool = False) -> bool:
    """Whether compat.v1 has the module under a path that can be imported.

    Asked of TF 2.21: `tensorflow.compat.v1.keras` can with Keras 2 alone, but is an attribute.
    """
    if name == "tf":
        return True
    if any(paths.under(name, part) for part in _ATTRIBUTES) or not works(name, target):
        return False
    in_keras_3 = api.keras_of(target) >= api.KERAS_3 and not with_keras_2
    return not (in_keras_3 and paths.under(name, "tf.keras"))
