"""Which names of a module can mean a TensorFlow module, class or function at all.

A cheap over-estimate by name alone, scopes aside. Places whose names are not in it need no
resolving, unless they end in a method that some rule asks for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator

from tf2lint.semantics.binder import Binder
from tf2lint.semantics.makers import LOADER, NAMED
from tf2lint.semantics.scopes import (
    ANNOTATION,
    CLASS,
    FUNCTION,
    IMPORT,
    PARAM,
    Binding,
    ImportTarget,
    Scope,
)
from tf2lint.semantics.values import Symbol, Values

_FOLLOWED = frozenset({
    "getattr", "super", "enumerate", "zip", "reversed", "list", "tuple", "iter", "next",
    "__import__", "import_module", "sorted", "map", "partial",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d]\w*")


class Hot:
    """`names` and `attributes` that can mean a symbol; `any_name` where a star import is one."""

    def __init__(
        self,
        binder: Binder,
        imported: Callable[[ImportTarget], Values],
        inherited: Iterable[str] = (),
    ) -> None:
        self._binder = binder
        self._edges: dict[str, list[str]] = {}  # "x" is a name, ".x" an attribute
        self._local = {
            node.name
            for node in binder.scope_of
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        }
        start = [f".{name}" for name in inherited]
        self.any_name = False
        for star in binder.module.stars:
            assert star.target is not None
            self.any_name = (
                self.any_name
                or any(isinstance(v, Symbol) for v in imported(star.target._replace(name=None)))
                or star.target.level > 0
            )
        for scope in binder.scope_of.values():
            start += self._scope(scope, imported)
        for target, binding in binder.stores:
            self._edge(binding, f".{target.attr}")
        self._arguments()
        reached = self._closure(start)
        self.names = {name for name in reached if name[0] != "."}
        self.attributes = {name[1:] for name in reached if name[0] == "."}

    def _scope(self, scope: Scope, imported: Callable[[ImportTarget], Values]) -> Iterator[str]:
        seen: set[int] = set()
        inside_class = scope.kind == "class"
        for name, line in scope.timeline.items():
            for _, bindings in line:
                for binding in bindings:
                    if id(binding) in seen:
                        continue
                    seen.add(id(binding))
                    if binding.kind == IMPORT:
                        assert binding.target is not None
                        if _may_be_symbol(imported(binding.target)):
                            yield name
                            if inside_class:
                                yield f".{name}"
                        continue
                    self._edge(binding, name)
                    if inside_class:
                        self._edge(binding, f".{name}")
        for name, extra in scope.extra.items():
            for binding in extra:
                if binding.kind == IMPORT and binding.target is not None:
                    if _may_be_symbol(imported(binding.target)):
                        yield name
                else:
                    self._edge(binding, name)

    def _edge(self, binding: Binding, target: str) -> None:
        """What `binding` makes of `target` depends on these."""
        if binding.kind == FUNCTION and binding.inner is not None:
            node = binding.inner.node
            for expr, _, _ in (*binding.inner.returns, *binding.inner.yields):
                self._depends(expr, target)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
                self._depends(node.returns, target)
        elif binding.kind == CLASS:
            return
        elif binding.expr is not None:
            self._depends(binding.expr, target)
            if binding.kind == ANNOTATION:
                return
        if binding.kind == PARAM and isinstance(binding.node, ast.arg):
            note = binding.node.annotation
            if note is not None:
                self._depends(note, target)

    def _depends(self, expr: ast.expr, target: str) -> None:
        for source in self._sources(expr):
            self._edges.setdefault(source, []).append(target)

    def _sources(self, expr: ast.expr) -> Iterator[str]:
        stack: list[ast.AST] = [expr]
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Attribute):
                yield f".{node.attr}"
                stack.append(node.value)
            elif isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Call):
                func = node.func
                name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
                if LOADER.match(name):
                    yield "__import__"
                elif name in _FOLLOWED:
                    stack += node.args
                    yield from ("__import__",) if "import" in name else ()
                elif (
                    name in self._local
                    or NAMED.search(name)
                    or not isinstance(func, ast.Name | ast.Attribute)
                ):
                    stack.append(func)
            elif isinstance(node, ast.Subscript | ast.Starred | ast.Await | ast.NamedExpr):
                stack.append(node.value)
            elif isinstance(node, ast.IfExp):
                stack += [node.body, node.orelse]
            elif isinstance(node, ast.BoolOp):
                stack += node.values
            elif isinstance(node, ast.Tuple | ast.List) and len(node.elts) < 64:
                stack += node.elts
            elif isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
                stack.append(node.elt)
            elif isinstance(node, ast.Lambda):
                stack.append(node.body)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if len(node.value) < 200:
                    yield from _WORD.findall(node.value)

    def _arguments(self) -> None:
        """Parameters of the functions of this module depend on what calls hand over."""
        parameters: dict[str, list[str]] = {}
        done: set[tuple[str, str]] = set()
        for scope in self._binder.scope_of.values():
            node = scope.node
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [a.arg for a in (*node.args.posonlyargs, *node.args.args,
                                         *node.args.kwonlyargs)]  # fmt: skip
                owner = scope.method_of
                name = node.name
                if name == "__init__" and owner is not None:
                    assert isinstance(owner.node, ast.ClassDef)
                    name = owner.node.name
                parameters.setdefault(name, []).extend(names)
        for site in self._binder.sites:
            call = site.call
            if call is None or not (call.args or call.keywords):
                continue
            func = call.func
            name = func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")
            targets = parameters.get(name)
            if targets:
                given: Iterable[ast.expr] = (*call.args, *(k.value for k in call.keywords))
                for arg in given:
                    if isinstance(arg, ast.Name | ast.Attribute):
                        for source in self._sources(arg):
                            if (source, name) not in done:
                                done.add((source, name))
                                self._edges.setdefault(source, []).extend(targets)

    def _closure(self, start: Iterable[str]) -> set[str]:
        reached: set[str] = set()
        todo = [*start, "__import__"]
        while todo:
            name = todo.pop()
            if name not in reached:
                reached.add(name)
                todo += self._edges.get(name, ())
        return reached


def _may_be_symbol(values: Values) -> bool:
    return any(type(v).__name__ in ("Symbol", "Neighbour", "Maker") for v in values)
