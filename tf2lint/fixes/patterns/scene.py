"""What a module does with sessions and iterators, for edits in several places at once."""

from __future__ import annotations

import ast
import re
import sys
from functools import cached_property

from tf2lint.check.facts import Module
from tf2lint.semantics.scopes import ASSIGN, ENTER, Binding, BindingKind, Scope, Site
from tf2lint.semantics.values import Foreign, Instance, LocalFunction, Symbol
from tf2lint.source import nodes
from tf2lint.tensorflow import api, graph_mode, paths
from tf2lint.tensorflow.groups import INITIALIZE_ALL, INITIALIZERS, PLAIN_SESSIONS

# Packages that know nothing of TensorFlow.
PLAIN_PACKAGES = frozenset({"builtins", "numpy", "scipy", "pandas", "matplotlib", "six", "absl",
                            "PIL", "cv2", "tqdm"}).union(sys.stdlib_module_names)  # fmt: skip
_EAGER = ("tf.enable_eager_execution", "tf.enable_v2_behavior")
# What gives another value at each run, or does something at each.
_RANDOM = ("random", "dropout", "shuffle", "multinomial", "truncated_normal", "initializer")
_EFFECTS = ("tf.Print", "tf.print", "tf.py_func", "tf.py_function", "tf.numpy_function",
            "tf.Assert", "tf.write_file", "tf.io.write_file")  # fmt: skip
_CHANGES = re.compile(
    r"(batch_)?(assign|scatter)(_\w+)?|load|count_up_to|minimize|apply_gradients|restore"
)


class Session:
    """A session: the call that opens it, the statement, and the name that it goes by."""

    def __init__(self, stmt: ast.With | ast.Assign, call: ast.Call, binding: Binding | None):
        self.stmt = stmt
        self.call = call
        self.binding = binding


class Scene:
    """One module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.source = module.source
        self.inference = module.inference
        self.sites = [s for s in self.inference.binder.sites if not isinstance(s.node, ast.alias)]
        self._read: dict[str, dict[int, tuple[list[Site], bool]]] = {}

    @cached_property
    def symbols(self) -> dict[str, list[Site]]:
        """Every TensorFlow name that is referred to, with its places."""
        found: dict[str, list[Site]] = {}
        for site, path in self.module.uses:
            found.setdefault(_longest(path), []).append(site)
        return found

    @cached_property
    def _symbols_at(self) -> dict[int, str]:
        """The first symbol that each node may mean."""
        return {id(use.site.node): _longest(use.path) for use in reversed([*self.module.uses])}

    @cached_property
    def reads_elements(self) -> bool:
        """Whether tensors may be elements of a dataset."""
        return any(
            isinstance(site.node, ast.Attribute) and site.node.attr == "get_next"
            for site in self.sites
        )

    @cached_property
    def is_graph(self) -> bool:
        """Whether something keeps the module in a graph."""
        return any(graph_mode.keeps(_longest(use.path)) for use in self.module.uses)

    @cached_property
    def graph_sites(self) -> list[Site]:
        """The places that have their meaning in a graph alone."""
        return [site for site in self.sites if self._needs_graph(site)]

    def _needs_graph(self, site: Site) -> bool:
        node: ast.AST = site.node
        if graph_mode.needed_by(self.at(site)):
            return True
        while isinstance(node, ast.Attribute):
            if node.attr in graph_mode.METHODS and not self._is_other(node, site):
                return True
            node = node.value
        return False

    @cached_property
    def is_eager(self) -> bool:
        """Whether the module says that it runs eagerly."""
        asked = any(name in self.symbols for name in _EAGER)
        return asked and not self.is_graph and not self.opens_sessions

    @cached_property
    def opens_sessions(self) -> bool:
        """Whether the module has to do with sessions."""
        return any(name in self.symbols for name in PLAIN_SESSIONS)

    @cached_property
    def is_steady(self) -> bool:
        """Whether a tensor has the same value whenever it is computed, and does nothing else."""
        return not any(
            name in _EFFECTS or any(part in name.lower() for part in _RANDOM)
            for name in self.symbols
            if name not in INITIALIZERS
        )

    @cached_property
    def changes(self) -> list[Site]:
        """The places that may change a variable: in a graph when run, else there and then."""
        return [
            site
            for site in self.sites
            if site.call is not None
            and (
                (isinstance(site.node, ast.Attribute) and _CHANGES.fullmatch(site.node.attr))
                or _CHANGES.fullmatch(self.called(site).rpartition(".")[2])
            )
        ]

    @cached_property
    def by_node(self) -> dict[int, Site]:
        """The places by what stands there."""
        return {id(site.node): site for site in self.sites}

    @cached_property
    def session_of(self) -> dict[int, Session]:
        """The sessions by what binds their names."""
        return {id(s.binding): s for s in self.sessions if s.binding is not None}

    @cached_property
    def written(self) -> frozenset[str]:
        """Names of what is changed in place: `x += 1`, `x[0] = 1`."""
        found: set[str] = set()
        for node in nodes(self.source.tree):
            target: ast.AST | None = None
            if isinstance(node, ast.AugAssign):
                target = node.target
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                target = node.value
            while isinstance(target, ast.Subscript | ast.Attribute):
                target = target.value
            if isinstance(target, ast.Name):
                found.add(target.id)
        return frozenset(found)

    @cached_property
    def _by_name(self) -> dict[str, list[Site]]:
        found: dict[str, list[Site]] = {}
        for site in self.sites:
            root = root_of(site)
            if root is not None:
                found.setdefault(root.id, []).append(site)
        return found

    def uses(self, binding: Binding) -> list[Site] | None:
        """The places that read what `binding` binds; None where they may read something else."""
        if not isinstance(binding.node, ast.Name):
            return None
        scope = binding.scope
        name = binding.node.id
        if name in scope.extra or name in scope.nonlocals or name in scope.globals:
            return None
        found = self._readers(name).get(id(binding), ([], True))
        return found[0] if found[1] else None

    def uses_of(self, target: ast.expr, scope: Scope) -> list[Site] | None:
        """The places that read what is assigned to `target`, a name or `self.attribute`.

        None where some may be elsewhere.
        """
        if isinstance(target, ast.Name):
            binding = self.binding_of(target, scope)
            return self.uses(binding) if binding is not None else None
        home = self.source.enclosing(target, ast.ClassDef)
        if not isinstance(target, ast.Attribute) or ast.unparse(target.value) != "self":
            return None
        stored = [t for t, _ in self.inference.binder.stores if t.attr == target.attr]
        if home is None or len(stored) != 1:
            return None
        found = []
        for site in self.sites:
            node: ast.AST = site.node
            chain = []
            while isinstance(node, ast.Attribute):
                chain.append(node)
                node = node.value
            if not any(part.attr == target.attr for part in chain):
                continue
            own = chain[-1].attr == target.attr and getattr(node, "id", "") == "self"
            if not own or self.source.enclosing(site.node, ast.ClassDef) is not home:
                return None
            found.append(site)
        return found

    def _readers(self, name: str) -> dict[int, tuple[list[Site], bool]]:
        """For each binding of `name`: what reads it, and whether all of that reads nothing else."""
        known = self._read.get(name)
        if known is None:
            known = self._read[name] = {}
            for site in self._by_name.get(name, ()):
                bindings, _ = self.inference.bindings(name, site.scope, site.seq)
                for binding in bindings:
                    sites, alone = known.get(id(binding), ([], True))
                    sites.append(site)
                    known[id(binding)] = (sites, alone and len(bindings) == 1)
        return known

    def single(self, node: ast.expr, site: Site) -> Binding | None:
        """What the name `node` is bound by, where that is one statement."""
        if not isinstance(node, ast.Name):
            return None
        bindings, holder = self.inference.bindings(node.id, site.scope, site.seq)
        return bindings[0] if holder is not None and len(bindings) == 1 else None

    def at(self, site: Site) -> str:
        """The symbol that stands at one of the module's sites, or ""."""
        return self._symbols_at.get(id(site.node), "")

    def called(self, site: Site) -> str:
        """The symbol that is called there, or ""."""
        if site.call is None or site.call.func is not site.node:
            return ""
        for value in self.inference.values(site.node, site.scope, site.seq):
            if isinstance(value, Symbol):
                return paths.symbol(value.path)
        return ""

    def symbol_of(self, func: ast.expr, site: Site) -> str:
        """The symbol that `func`, near `site`, means, or ""."""
        for value in self.inference.values(func, site.scope, site.seq):
            if isinstance(value, Symbol):
                return paths.symbol(value.path)
        return ""

    def instance_of(self, expr: ast.expr, site: Site) -> str:
        """The one class that `expr` is known to be an object of, or ""."""
        names = {
            paths.symbol(v.path)
            for v in self.inference.values(expr, site.scope, site.seq)
            if isinstance(v, Instance)
        }
        return names.pop() if len(names) == 1 else ""

    @cached_property
    def sessions(self) -> list[Session]:
        """Sessions without arguments that a name holds, or a `with` statement alone."""
        found: list[Session] = []
        for site in self.sites:
            call = site.call
            if (
                self.called(site) not in PLAIN_SESSIONS
                or call is None
                or call.args
                or call.keywords
            ):
                continue
            stmt = site.stmt
            if isinstance(stmt, ast.With) and len(stmt.items) == 1:
                item = stmt.items[0]
                if item.context_expr is call:
                    name = item.optional_vars
                    if name is None:
                        found.append(Session(stmt, call, None))
                    elif isinstance(name, ast.Name):
                        binding = self._bound(name, site.scope, ENTER)
                        if binding is not None:
                            found.append(Session(stmt, call, binding))
            elif isinstance(stmt, ast.Assign) and stmt.value is call and len(stmt.targets) == 1:
                target = stmt.targets[0]
                if isinstance(target, ast.Name):
                    binding = self._bound(target, site.scope, ASSIGN)
                    if binding is not None:
                        found.append(Session(stmt, call, binding))
        return found

    def _bound(self, name: ast.Name, scope: Scope, kind: BindingKind) -> Binding | None:
        """The binding that the target `name` makes."""
        for _, bindings in scope.timeline.get(name.id, ()):
            for binding in bindings:
                if binding.node is name and binding.kind == kind:
                    return binding
        return None

    def binding_of(self, target: ast.Name, scope: Scope) -> Binding | None:
        """The binding that an assignment to `target` makes."""
        return self._bound(target, scope, ASSIGN)

    @cached_property
    def runs_by_default(self) -> bool:
        """Whether something may run in the default session: `x.eval()`, `op.run()`."""
        return any(
            site.call is not None
            and isinstance(site.node, ast.Attribute)
            and site.node.attr in ("eval", "run")
            and not self._is_other(site.node, site)
            and self.instance_of(site.node.value, site) not in PLAIN_SESSIONS
            for site in self.sites
        )

    def _is_other(self, node: ast.Attribute, site: Site) -> bool:
        """Whether what is named like a method of a graph's object is something else."""
        call = site.call
        if node.attr == "minimize" and call is not None and call.func is node and call.args:
            first = call.args[0]
            values = self.inference.values(first, site.scope, site.seq)
            if isinstance(first, ast.Lambda) or any(isinstance(v, LocalFunction) for v in values):
                return True  # a function that computes the loss
        values = self.inference.values(node, site.scope, site.seq)
        others = (Symbol, Foreign, LocalFunction)
        return bool(values) and all(isinstance(value, others) for value in values)

    def is_initializer(self, expr: ast.expr, site: Site) -> bool:
        """Whether `expr` makes variables or tables ready, and nothing else."""
        if isinstance(expr, ast.List | ast.Tuple):
            return bool(expr.elts) and all(self.is_initializer(e, site) for e in expr.elts)
        if isinstance(expr, ast.Name):
            binding = self.single(expr, site)
            if binding is None or binding.kind is not ASSIGN or binding.index:
                return False
            return binding.expr is not None and self.is_initializer(binding.expr, site)
        if not isinstance(expr, ast.Call):
            return False
        name = self.symbol_of(expr.func, site)
        if name == "tf.group":
            return bool(expr.args) and all(self.is_initializer(a, site) for a in expr.args)
        return name in INITIALIZE_ALL and not expr.args


def root_of(site: Site) -> ast.Name | None:
    """The name that a chain of attributes starts with."""
    node: ast.AST = site.node
    while isinstance(node, ast.Attribute):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def fetched(call: ast.Call | None) -> ast.expr | None:
    """What `session.run` fetches, where that is all that is passed."""
    if call is None or len(call.args) != 1 or call.keywords:
        return None
    return None if isinstance(call.args[0], ast.Starred) else call.args[0]


def _longest(path: str) -> str:
    """The longest part of `path` that is a symbol."""
    name = paths.symbol(path)
    while "." in name and api.symbol(name) is None:
        name = name.rpartition(".")[0]
    return name if "." in name else paths.symbol(path)
