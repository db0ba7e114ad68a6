"""Objects of another class than before: whether all that is done with one is there, too."""

from __future__ import annotations

import ast

from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference
from tf2lint.fixes import templates
from tf2lint.fixes.patterns.scene import Scene
from tf2lint.semantics.scopes import Site
from tf2lint.tensorflow import api, paths


def fits(scene: Scene, ref: Reference, template: str) -> bool:
    """Whether the object that `template` makes in the place of `ref` does all that is asked.

    It must not leave what can be seen: be returned, or handed to what is not Keras.
    """
    made = templates.parsed(template)
    if not isinstance(made, ast.Call) or not paths.under(ast.unparse(made.func), "tf.keras"):
        return True  # a value, not an object
    return ref.call is not None and _fits(scene, ref.site, ref.call, ast.unparse(made.func))


def _fits(scene: Scene, site: Site, node: ast.expr, new: str) -> bool:
    """Whether an object of the class `new` may stand for `node`, near `site`."""
    up = scene.source.parent(node)
    if isinstance(up, ast.keyword):
        up = scene.source.parent(up)
    if isinstance(up, ast.Attribute):
        return _has(scene, up, new)
    if isinstance(up, ast.List | ast.Tuple):
        return _fits(scene, site, up, new)
    if isinstance(up, ast.Call):
        return up.func is not node and _takes_keras(scene, up, site)
    if not isinstance(up, ast.Assign):
        return isinstance(up, ast.Expr)
    target = up.targets[0]
    uses = scene.uses_of(target, site.scope) if len(up.targets) == 1 else None
    if uses is None or not isinstance(target, ast.Name | ast.Attribute):
        return False
    return all(_fits(scene, use, _object(use, target), new) for use in uses)


def _object(use: Site, target: ast.Name | ast.Attribute) -> ast.expr:
    """The part of what stands at `use` that means what `target` was given."""
    node = use.node
    assert isinstance(node, ast.expr)
    while isinstance(node, ast.Attribute) and ast.unparse(node) != ast.unparse(target):
        node = node.value
    return node


def _has(scene: Scene, attribute: ast.Attribute, new: str) -> bool:
    """Whether objects of `new` have the attribute, and it takes what is passed."""
    name = f"{new}.{attribute.attr}"
    target = scene.module.target
    if not api.exists(name, target):
        return False
    call = scene.source.parent(attribute)
    if not isinstance(call, ast.Call) or call.func is not attribute:
        return True
    signature = api.signature(name, "v2", target)
    given = Arguments(call, signature)
    return signature is not None and not (given.open or given.unknown or given.extra)


def _takes_keras(scene: Scene, call: ast.Call, site: Site) -> bool:
    """Whether `call` takes an object of Keras: a layer, `model.compile`, or a checkpoint."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "compile":
        return True
    symbol = scene.symbol_of(call.func, site)
    return symbol == "tf.train.Checkpoint" or paths.under(symbol, "tf.keras")
