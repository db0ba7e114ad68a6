"""From a place in the code to the references to TensorFlow that stand there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tf2lint.check.diagnostics import spelled
from tf2lint.check.dispatch import by_name
from tf2lint.check.facts import Module
from tf2lint.check.reference import Reference
from tf2lint.check.registry import registry
from tf2lint.semantics.scopes import Site
from tf2lint.semantics.values import Builtin, Instance, Nothing, Symbol
from tf2lint.tensorflow import api, paths

_DEEPEST = 16  # dots that the name of a symbol may have


class Places:
    """The references in one module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.inference = module.inference
        self.rules = registry()
        self._members = self.rules.members()

    def reference(
        self, site: Site, node: ast.expr, path: str, receiver: ast.expr | None = None,
        certain: bool = True,
    ) -> Reference:  # fmt: skip
        """The reference to `path` that `node` is; `receiver` is the object, for a member of one."""
        source = self.module.source
        return Reference(
            self.module, site, node, path, spelled(source, node), receiver=receiver, certain=certain
        )

    def named(self, site: Site, node: ast.expr) -> tuple[ast.expr, str] | None:
        """The longest part of a chain of attributes that means one name, and its path."""
        if site.call is not None and site.call.args:
            reached = self.inference.values(node, site.scope, site.seq)
            if any(isinstance(v, Builtin) for v in reached):  # getattr(tf, "Session")
                node = site.call
        while True:
            values = self.inference.values(node, site.scope, site.seq)
            names = {v.path for v in values if isinstance(v, Symbol)}
            if names:
                alone = len(names) == 1 and all(isinstance(v, Symbol | Nothing) for v in values)
                return (node, names.pop()) if alone else None
            if not isinstance(node, ast.Attribute):
                return None
            node = node.value

    def symbol(self, site: Site, node: ast.expr, path: str) -> Reference | None:
        """The reference to the longest part of `path` that is a symbol."""
        whole, whole_node = path, node
        while path.count(".") > _DEEPEST and isinstance(node, ast.Attribute):
            node, path = node.value, path.rpartition(".")[0]
        while paths.route(path) != "private":
            name = paths.symbol(path)
            if name == "tf" or api.known(name) or self.rules.names(name):
                break
            if not isinstance(node, ast.Attribute):
                break
            node = node.value
            path = path.rpartition(".")[0]
            if not path:
                return None
        found = api.symbol(paths.symbol(path))
        if path != whole and (found is None or found.kind == "module"):
            name = paths.symbol(path)
            top = ".".join(name.split(".")[:2])
            gone = found is None and top in self.rules.prefixes  # the tables do not know it
            if gone or name == "tf" or paths.under(name, "tf.contrib"):
                path, node = whole, whole_node
        return self.reference(site, node, path)

    def is_asked(self, node: ast.expr) -> bool:
        """Whether a rule asks for an attribute of that name, whatever it is of."""
        return type(node) is ast.Attribute and node.attr in self._members

    def known_property(self, site: Site, node: ast.Attribute) -> Reference | None:
        """The reference to a property that a rule asks for, where its type is known, too."""
        if not self.is_asked(node):
            return None
        for value in self.inference.values(node.value, site.scope, site.seq):
            if isinstance(value, Instance):
                ref = self.reference(site, node, f"{value.path}.{node.attr}", node.value)
                if by_name(self.rules.exact, ref.symbol):
                    return ref
        return None

    def imports(self, site: Site, alias: ast.alias) -> Iterator[Reference]:
        """The references that the alias of an import statement is."""
        stmt = site.stmt
        module = stmt.module or "" if isinstance(stmt, ast.ImportFrom) else alias.name
        if isinstance(stmt, ast.ImportFrom) and stmt.level:
            return
        if module.partition(".")[0] not in ("tensorflow", "tensorflow_core", "keras"):
            return
        for value in self.inference.imported(self.inference.import_target(site)):
            if isinstance(value, Symbol):
                spelled = f"{module}.{alias.name}" if isinstance(stmt, ast.ImportFrom) else module
                yield Reference(self.module, site, alias, value.path, spelled)
