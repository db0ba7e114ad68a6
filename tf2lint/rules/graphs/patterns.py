"""Sessions that only make variables ready and read what does not change: no session at all.

A session is understood where every use of it is known: runs of initializers, of variables, of
what changes a variable in place, reads of tensors that nothing changes, and `close()`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from tf2lint.fixes.edits import replace
from tf2lint.fixes.patterns.blocks import around
from tf2lint.fixes.patterns.plan import Plan
from tf2lint.fixes.patterns.scene import PLAIN_PACKAGES, Scene, Session, fetched
from tf2lint.semantics.scopes import Site
from tf2lint.semantics.values import Builtin, Foreign, LocalClass, LocalFunction, Member, Symbol
from tf2lint.tensorflow.groups import PLAIN_SESSIONS

TAKES_THE_REST = True  # what other patterns leave of a session
_INIT = "session.run(initializer) deleted"
_UNUSED = "unused initializer deleted"
_CLOSE = "session.close() deleted"
_READ = "session.run(variable): variable.numpy()"
_TENSOR = "session.run(tensor): tensor.numpy()"
_UPDATE = "session.run(variable.assign(...)): variable.assign(...)"
_UNWRAPPED = "with Session(): its body alone"
_GONE = "unused Session deleted"

_UPDATES = ("assign", "assign_add", "assign_sub")
_METHODS = frozenset({  # of plain objects
    "add", "append", "astype", "close", "copy", "count", "extend", "flatten", "flush", "format",
    "get", "insert", "item", "items", "join", "keys", "mean", "pop", "read", "reshape",
    "set_description", "sort", "split", "strip", "sum", "tolist", "update", "values", "write",
    "info", "warning", "debug", "numpy", "as_default",
})  # fmt: skip


def plans(scene: Scene, taken: set[int]) -> Iterator[Plan]:
    """A plan for each session that can be told; `taken` are nodes of other plans."""

    @cache
    def closed() -> bool:
        return is_closed(scene)

    runs: set[int] = set()
    for session in scene.sessions:
        uses = _Uses(scene, session, taken, closed)
        if uses.is_clear:
            yield from uses.plans()
            runs.update(id(site.call) for site in uses.inits)
    yield from _held_initializers(scene, runs)


class _Uses:
    """The uses of one session, each of a kind."""

    def __init__(
        self, scene: Scene, session: Session, taken: set[int], closed: Callable[[], bool]
    ) -> None:
        self.scene, self.session, self.source = scene, session, scene.source
        self.inits: list[Site] = []
        self.closes: list[Site] = []
        self.reads: list[tuple[Site, bool]] = []  # whether of variables alone
        self.updates: list[Site] = []
        self.is_known = True
        sites = scene.uses(session.binding) if session.binding is not None else []
        for site in sites or ():
            self._take(site, taken)
        steady = scene.is_steady and not scene.reads_elements and not self.updates
        if not steady and not all(of_variables for _, of_variables in self.reads):
            self.is_known = False
        runs = self.inits or self.reads or self.updates
        if runs and scene.changes and not self._starts_once():
            self.is_known = False
        opens = isinstance(session.stmt, ast.With) or _opens_for_all(session)
        default = opens and (scene.runs_by_default or not closed())
        self.is_clear = sites is not None and self.is_known and not default

    def _take(self, site: Site, taken: set[int]) -> None:
        node, call, stmt = site.node, site.call, site.stmt
        alone = isinstance(stmt, ast.Expr) and stmt.value is call
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            self.is_known = False
        elif node.attr == "close" and alone and call is not None and not call.args:
            self.closes.append(site)
            return
        elif node.attr == "run" and call is not None and id(node) not in taken:
            fetch = fetched(call)
            kind = self._kind(fetch, site) if fetch is not None else ""
            if kind == "init" and alone:
                self.inits.append(site)
            elif kind == "update":
                self.updates.append(site)
            elif kind in ("variable", "tensor"):
                self.reads.append((site, kind == "variable"))
            else:
                self.is_known = False
            return
        if not isinstance(node, ast.Attribute) or id(node) not in taken:
            self.is_known = False

    def _kind(self, fetch: ast.expr, site: Site) -> str:
        scene = self.scene
        if scene.is_initializer(fetch, site):
            return "init"
        if isinstance(fetch, ast.Call) and _is_update(scene, fetch, site):
            return "update"
        parts = fetch.elts if isinstance(fetch, ast.List) else [fetch]
        classes = {scene.instance_of(part, site) for part in parts}
        if not all(isinstance(p, ast.Name | ast.Attribute | ast.Call) for p in parts):
            return ""
        if classes == {"tf.Variable"}:
            return "variable"
        return "tensor" if classes and classes <= {"tf.Variable", "tf.Tensor"} else ""

    def _starts_once(self) -> bool:
        """Whether variables that are changed begin with their first values once, and only then.

        A session has values of its own for them, and each initialization starts over.
        """
        scene, source = self.scene, self.source
        ours = [fetched(site.call) for site in self.updates]
        if any(site.call not in ours for site in scene.changes):
            return False
        if sum(scene.called(site) in PLAIN_SESSIONS for site in scene.sites) != 1:
            return False
        home = around(source, self.session.stmt)
        for site in self.updates:
            fetch = fetched(site.call)
            func = fetch.func if isinstance(fetch, ast.Call) else None
            variable = func.value if isinstance(func, ast.Attribute) else None
            binding = scene.single(variable, site) if variable is not None else None
            if binding is None or around(source, binding.node) != home:
                return False
        first = min(site.node.lineno for site in self.updates)
        return all(
            around(source, site.stmt) == home and site.node.lineno < first for site in self.inits
        )

    def plans(self) -> Iterator[Plan]:
        """A plan for each use, and the one for the session."""
        for site in self.inits:
            fetch = fetched(site.call)
            assert fetch is not None
            calls = [n.func for n in ast.walk(fetch) if isinstance(n, ast.Call)]
            yield Plan.of([site.node, *calls], _INIT, gone=[site.stmt])
        for site, of_variables in self.reads:
            yield self._read(site, of_variables)
        for site in self.updates:
            fetch = fetched(site.call)
            assert fetch is not None
            assert site.call is not None
            text = self.source.segment(fetch)
            if not (isinstance(site.stmt, ast.Expr) and site.stmt.value is site.call):
                text += ".numpy()"
            edit = replace(site.call, text)
            yield Plan.of([site.node], _UPDATE, [edit], self.scene.is_steady)
        for site in self.closes:
            yield Plan.of([site.node], _CLOSE, gone=[site.stmt])
        stmt, func = self.session.stmt, self.session.call.func
        if isinstance(stmt, ast.With):
            yield Plan.of([func], _UNWRAPPED, unwrapped=[stmt])
        else:
            assert self.session.binding is not None
            scope = self.session.binding.scope
            sure = scope.kind == "function" or _is_script(self.source.tree)
            yield Plan.of([func], _GONE, sure=sure, gone=[stmt])

    def _read(self, site: Site, of_variables: bool) -> Plan:
        fetch = fetched(site.call)
        assert fetch is not None
        assert site.call is not None
        if isinstance(fetch, ast.List):
            text = ", ".join(f"{self.source.segment(part)}.numpy()" for part in fetch.elts)
            text = f"[{text}]"
        else:
            text = f"{self.source.segment(fetch)}.numpy()"
        kind = _READ if of_variables else _TENSOR
        return Plan.of([site.node], kind, [replace(site.call, text)], True)


def _opens_for_all(session: Session) -> bool:
    """Whether the session is the default one from now on."""
    func = session.call.func
    return (func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")) != "Session"


@lru_cache(maxsize=1)
def _is_script(tree: ast.Module) -> bool:
    """Whether the module is run and not imported for its names."""
    tests = (ast.unparse(s.test) for s in tree.body if isinstance(s, ast.If))
    if any("__name__" in test for test in tests):
        return True
    defines = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    does = any(
        isinstance(stmt, ast.For | ast.While)
        or (isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Call))
        for stmt in tree.body
    )
    return does and not any(isinstance(stmt, defines) for stmt in tree.body)


def _is_update(scene: Scene, call: ast.Call, site: Site) -> bool:
    """Whether `call` changes a variable there and then, by what Python knows."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _UPDATES:
        return False
    if scene.instance_of(func.value, site) != "tf.Variable" or len(call.args) != 1:
        return False
    if call.keywords:
        return False
    return not any(
        isinstance(node, ast.Call | ast.Attribute | ast.Subscript)
        or (isinstance(node, ast.Name) and scene.instance_of(node, site) not in ("", "tf.Variable"))
        for node in ast.walk(call.args[0])
    )


def is_closed(scene: Scene) -> bool:
    """Whether all that the module calls is known, and none of it asks for a session."""
    return all(site.call is None or _is_plain(scene, site) for site in scene.sites)


def _is_plain(scene: Scene, site: Site) -> bool:
    assert isinstance(site.node, ast.expr)
    values = scene.inference.values(site.node, site.scope, site.seq)
    for value in values:
        if isinstance(value, Foreign):
            if value.origin.partition(".")[0] not in PLAIN_PACKAGES:
                return False
        elif not isinstance(value, Symbol | Builtin | LocalFunction | LocalClass | Member):
            return isinstance(site.node, ast.Attribute) and site.node.attr in _METHODS
    if values:
        return True
    if isinstance(site.node, ast.Attribute):
        return site.node.attr in _METHODS or scene.instance_of(site.node.value, site) != ""
    return False


# Initializers.


def _held_initializers(scene: Scene, runs: set[int]) -> Iterator[Plan]:
    """Initializers that a name holds which only `runs`, calls that go, read."""
    for site in scene.sites:
        stmt = site.stmt
        if not isinstance(stmt, ast.Assign) or stmt.value is not site.call:
            continue
        target = stmt.targets[0]
        if len(stmt.targets) != 1 or not isinstance(target, ast.Name):
            continue
        if not scene.is_initializer(stmt.value, site):
            continue
        binding = scene.binding_of(target, site.scope)
        uses = scene.uses(binding) if binding is not None else None
        if uses is None or not all(_is_run(scene, use, runs) for use in uses):
            continue
        sure = bool(uses) or site.scope.kind == "function" or _is_script(scene.source.tree)
        calls = [n.func for n in ast.walk(stmt.value) if isinstance(n, ast.Call)]
        yield Plan.of(calls, _INIT if uses else _UNUSED, sure=sure, gone=[stmt])


def _is_run(scene: Scene, use: Site, runs: set[int]) -> bool:
    """Whether `use` stands in what one of `runs` fetches."""
    up = scene.source.parent(use.node)
    while isinstance(up, ast.List | ast.Tuple | ast.Call):
        if id(up) in runs:
            return True
        up = scene.source.parent(up)
    return False
