"""What every walk over a module needs: steps without recursion, names, expressions.

`Walk` follows blocks of statements, binds names in order of execution and notes a site for each
name or chain of attributes that an expression reads. All stacks are explicit.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from tf2lint.semantics.files import ImportTarget
from tf2lint.semantics.outline import Definition
from tf2lint.semantics.scopes import (
    ANNOTATION,
    ASSIGN,
    ITER,
    OPAQUE,
    PARAM,
    Binding,
    BindingKind,
    Bindings,
    Guard,
    Rest,
    Scope,
    Site,
    Step,
    Use,
)
from tf2lint.source import children

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_NAMED = (ast.Name, ast.Attribute)
_SETTERS = ("setattr", "update")  # as in `vars(x).update`
_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Reachability(Protocol):
    """What the walk asks while it goes on, to follow only the arms that the target runs."""

    def works(self, path: str) -> bool | None:
        """Whether the target has what is at `path`; None where that is not known."""

    def truth(self, test: ast.expr, scope: Scope, seq: int) -> bool | None:
        """Whether `test` holds under the target, None where that is not known."""

    def fails(self, sites: Sequence[Site], handlers: Sequence[ast.ExceptHandler]) -> bool | None:
        """Whether TensorFlow code at `sites` raises what `handlers` catch; None without any."""

    def never(self, guard: Guard | None) -> bool:
        """Whether code under `guard` does not run under the target, or not to its end."""

    def guarded(self, site: Site, raises: str = "") -> bool:
        """Whether `site` stands in code that the target does not run."""


class _Unasked:
    """Knows nothing of the target."""

    def works(self, path: str) -> bool | None:
        del path
        return None

    def truth(self, test: ast.expr, scope: Scope, seq: int) -> bool | None:
        del test, scope, seq
        return None

    def fails(self, sites: Sequence[Site], handlers: Sequence[ast.ExceptHandler]) -> bool | None:
        del sites, handlers
        return None

    def never(self, guard: Guard | None) -> bool:
        del guard
        return False

    def guarded(self, site: Site, raises: str = "") -> bool:
        del site, raises
        return False


UNASKED = _Unasked()


class _Switch:
    """On the expression stack: from here on another scope or guard holds."""

    __slots__ = ("guard", "scope")

    def __init__(self, scope: Scope, guard: Guard | None) -> None:
        self.scope = scope
        self.guard = guard


class _Block:
    """A block of statements, and how far it was followed."""

    __slots__ = ("body", "guard", "position", "walk")

    def __init__(self, walk: Walk, body: Sequence[ast.stmt]) -> None:
        self.walk = walk
        self.body = body
        self.guard = walk.guard
        self.position = 0

    def __call__(self) -> None:
        self.walk.follow(self)


_Stack = list[ast.AST | _Switch]


class Walk:
    """The state of a walk over `tree`, and its steps.

    `blocks` are the texts of functions and classes whose bodies are not parsed yet.
    """

    statements: ClassVar[Mapping[type, Callable[[Any, Any], None]]] = {}

    def __init__(self, tree: ast.Module, blocks: Mapping[Definition, str] | None = None) -> None:
        self.reachability: Reachability = UNASKED
        self.tried: dict[ast.AST, bool | None] = {}  # what was found out of try statements
        self.blocks = dict(blocks or {})
        self.waiting = sum(map(len, self.blocks.values()))  # characters that nobody asked for yet
        self.seq = 0
        self.module = Scope("module", tree, None, 0)
        self.scope = self.module
        self.guard: Guard | None = None
        self.stmt: ast.stmt = ast.Pass()
        self.ended = False  # the current arm cannot fall through
        self.sites: list[Site] = []
        self.stores: list[tuple[ast.Attribute, Binding]] = []  # x.y = value
        self.scope_of: dict[ast.AST, Scope] = {tree: self.module}
        self.import_aliases: list[tuple[str, ImportTarget]] = []
        self.later: dict[Scope, tuple[FunctionNode, Guard | None]] = {}  # in order of source
        self.todo: list[Callable[[], None]] = []

    # Steps. `todo` is a stack of them; a statement pushes what follows it.

    def __init_subclass__(cls) -> None:
        """`_stmt_Name` of a subclass follows the statement `ast.Name`."""
        cls.statements = {
            getattr(ast, name[6:]): getattr(cls, name)
            for name in dir(cls)
            if name.startswith("_stmt_") and hasattr(ast, name[6:])
        }

    def drain(self) -> None:
        """Take all steps that are left."""
        todo = self.todo
        while todo:
            todo.pop()()

    def then(self, *steps: Callable[[], None]) -> None:
        """These are the next steps."""
        self.todo.extend(reversed(steps))

    def block(self, body: Sequence[ast.stmt]) -> None:
        """The next step is this block."""
        self.todo.append(_Block(self, body))

    def follow(self, block: _Block) -> None:
        """Follow a block up to the first statement that leaves something to do before the next."""
        statements, todo = self.statements, self.todo
        body, position = block.body, block.position
        while position < len(body):
            stmt = body[position]
            position += 1
            self.stmt = stmt
            self.seq += 1
            block.position = position
            depth = len(todo)
            todo.append(block)
            statements[type(stmt)](self, stmt)
            if len(todo) > depth + 1:
                return
            todo.pop()
        self.guard = block.guard

    def test(self, test: ast.expr, positive: bool) -> Guard:
        """The guard of code that runs where `test` is true, or where it is not."""
        return Guard("test", self.guard, self.scope, self.seq, test=test, positive=positive)

    # Binding.

    def set(self, name: str, bindings: Bindings) -> None:
        """From here on `name` means `bindings`."""
        scope = self.scope
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        if name in scope.globals:
            self.module.extra.setdefault(name, []).extend(bindings)
            return
        if name in scope.nonlocals:
            up = scope.parent
            while up is not None and (up.kind != "function" or name not in up.timeline):
                up = up.parent
            if up is not None:
                up.extra.setdefault(name, []).extend(bindings)
                return
        self.seq += 1
        scope.set(name, self.seq, bindings)

    def bind(
        self, target: ast.expr, kind: BindingKind, expr: ast.expr, also: ast.expr | None = None
    ) -> None:
        """Bind what stands in `target` to `expr`, or to a part of it; `also` is an annotation."""
        scope, seq = self.scope, self.seq
        stack: list[tuple[ast.expr, tuple[Step, ...]]] = [(target, ())]
        while stack:
            node, index = stack.pop()
            if isinstance(node, _NAMED):
                binding = Binding(kind, node, scope, seq, expr=expr, index=index, guard=self.guard)
                bindings: Bindings = (binding,)
                if also is not None:
                    bindings += (Binding(ANNOTATION, node, scope, seq, expr=also),)
                if isinstance(node, ast.Name):
                    self.set(node.id, bindings)
                else:
                    self.scan(node.value)
                    self.stores += [(node, one) for one in bindings]
            elif isinstance(node, ast.Tuple | ast.List):
                stack += [(item, (*index, step)) for item, step in _unpacked(node.elts)]
            elif isinstance(node, ast.Subscript):
                self.scan(node.value, node.slice)
                if (owner := _owner(node.value)) is not None and not index:
                    self._store(owner, node.slice, expr)

    def _set_by_call(self, call: ast.Call) -> None:
        """Note what `setattr(x, name, value)` and `vars(x).update(name=value)` do."""
        func = call.func
        if type(func) is ast.Name:
            if func.id == "setattr" and len(call.args) == 3:
                self._store(call.args[0], call.args[1], call.args[2])
        elif type(func) is ast.Attribute and func.attr == "update":
            owner = _owner(func.value)
            if owner is not None:
                for keyword in call.keywords:
                    name = ast.Constant(keyword.arg) if keyword.arg else None
                    self._store(owner, name, keyword.value)
                for arg in call.args:
                    self._store(owner, None, arg)

    def _store(self, owner: ast.expr, name: ast.expr | None, expr: ast.expr) -> None:
        """Note what `setattr(owner, name, expr)` does; `*` is an attribute of any name."""
        names: list[str] = []
        if isinstance(name, ast.Constant):
            names = [name.value] if isinstance(name.value, str) else []
        elif isinstance(owner, ast.Name) and owner.id == self.scope.self_name:
            return
        else:
            names = [*self._texts(name)] or ["*"]
        taken = _taken(expr, name)  # from where the loop takes what it sets
        for attr in names:
            node = ast.copy_location(ast.Attribute(owner, attr, ast.Store()), expr)
            given, kind = expr, ASSIGN if isinstance(name, ast.Constant) else OPAQUE
            if taken is not None and attr != "*":
                given, kind = ast.copy_location(ast.Attribute(taken, attr), expr), ASSIGN
            binding = Binding(kind, node, self.scope, self.seq, expr=given, guard=self.guard)
            self.stores.append((node, binding))

    def _texts(self, name: ast.expr | None) -> Iterator[str]:
        """The texts over which a loop lets the variable `name` run."""
        if not isinstance(name, ast.Name):
            return
        for binding in self.scope.current.get(name.id, ()):
            if binding.kind is ITER and isinstance(binding.expr, ast.Tuple | ast.List):
                for item in binding.expr.elts:
                    if isinstance(item, ast.Constant) and isinstance(item.value, str):
                        yield item.value

    # Functions: what they are called with is bound, their bodies are walked when the rest is.

    def function(self, node: FunctionNode) -> Scope:
        """The scope of a function that is made here."""
        scope = Scope("function", node, self.scope, self.seq)
        self.scope_of[node] = scope
        if isinstance(node, Definition) and (block := self.blocks.get(node)):
            scope.block = block
        else:
            self.parameters(scope, node)
        return scope

    def parameters(self, scope: Scope, node: FunctionNode) -> None:
        """Bind the parameters of a function; its body is walked when the rest is."""
        args = node.args
        plain = [*args.posonlyargs, *args.args]
        defaults: dict[ast.arg, ast.expr | None] = dict(
            zip(plain[len(plain) - len(args.defaults) :], args.defaults, strict=True)
        )
        defaults.update(zip(args.kwonlyargs, args.kw_defaults, strict=True))
        around = scope.parent
        if around is not None and around.kind == "class" and plain and not _is_static(node):
            scope.self_name = plain[0].arg
        for arg in [*plain, *args.kwonlyargs]:
            binding = Binding(PARAM, arg, scope, scope.seq, expr=defaults.get(arg))
            scope.set(arg.arg, scope.seq, (binding,))
        for star in (args.vararg, args.kwarg):
            if star is not None:
                scope.set(star.arg, scope.seq, (Binding(OPAQUE, star, scope, scope.seq),))
        self.later[scope] = node, self.guard

    # Expressions.

    def scan(self, *roots: ast.expr | None, use: Use = "value") -> None:
        """Note what the expressions `roots` read; `use` is what they are there for."""
        stack: _Stack = [*filter(None, reversed(roots))]
        tops = frozenset(map(id, stack)) if use != "value" else frozenset()
        sites, inside, site = self.sites, _INSIDE, tuple.__new__  # what `Site(...)` itself calls
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ast.Constant:
                continue
            call: ast.Call | None = None
            func: Any = node
            if kind is ast.Call:
                call = node  # type: ignore[assignment]
                func = node.func  # type: ignore[union-attr]
                if call.keywords:  # type: ignore[union-attr]
                    stack += [keyword.value for keyword in reversed(call.keywords)]  # type: ignore[union-attr]
                stack.extend(reversed(call.args))  # type: ignore[union-attr]
                kind = type(func)
                if getattr(func, "attr" if kind is ast.Attribute else "id", "") in _SETTERS:
                    self._set_by_call(node)  # type: ignore[arg-type]
            if kind is ast.Attribute:
                root = func.value
                while type(root) is ast.Attribute:
                    root = root.value
                if type(root) is not ast.Name:
                    stack.append(root)
            elif kind is not ast.Name:
                if call is not None:
                    stack.append(func)
                else:
                    inside.get(kind, Walk._others)(self, node, stack)
                continue
            own = use if id(node) in tops else "value"
            found = (func, call, self.scope, self.seq, self.guard, self.stmt, own)
            sites.append(site(Site, found))

    def _others(self, node: ast.AST, stack: _Stack) -> None:
        stack.extend(reversed(children(node)))

    def _switch(self, to: _Switch, _: _Stack) -> None:
        self.scope, self.guard = to.scope, to.guard

    def _lambda(self, node: ast.Lambda, stack: _Stack) -> None:
        self.function(node)
        defaults = [*node.args.kw_defaults, *node.args.defaults]
        stack.extend(default for default in defaults if default is not None)

    def _if(self, node: ast.IfExp, stack: _Stack) -> None:
        back = _Switch(self.scope, self.guard)
        yes = _Switch(self.scope, self.test(node.test, True))
        no = _Switch(self.scope, self.test(node.test, False))
        stack += [back, node.orelse, no, node.body, yes, node.test]

    def _bool(self, node: ast.BoolOp, stack: _Stack) -> None:
        scope, held = self.scope, self.guard
        stack.append(_Switch(scope, held))
        items: _Stack = []
        for value in node.values:
            items += [_Switch(scope, held), value]
            held = Guard("test", held, scope, self.seq, test=value,
                         positive=isinstance(node.op, ast.And))  # fmt: skip
        stack.extend(reversed(items))

    def _named(self, node: ast.NamedExpr, stack: _Stack) -> None:
        self.bind(node.target, ASSIGN, node.value)
        stack.append(node.value)

    def _yield(self, node: ast.Yield, stack: _Stack) -> None:
        if node.value is not None:
            if self.scope.kind == "function":
                self.scope.yields.append((node.value, self.seq, self.guard))
            stack.append(node.value)

    def _comprehension(self, node: _Comprehension, stack: _Stack) -> None:
        outer, guard = self.scope, self.guard
        scope = Scope("comprehension", node, outer, self.seq)
        self.scope_of[node] = scope
        inner: list[ast.AST] = []
        for generator in node.generators:
            names: list[tuple[ast.expr, tuple[Step, ...]]] = [(generator.target, ())]
            while names:
                target, index = names.pop()
                if isinstance(target, ast.Name):
                    # The first iterable is read outside of the comprehension.
                    at = outer if generator is node.generators[0] else scope
                    binding = Binding(ITER, target, at, self.seq, expr=generator.iter, index=index)
                    scope.set(target.id, self.seq, (binding,))
                elif isinstance(target, ast.Tuple | ast.List):
                    names += [(item, (*index, step)) for item, step in _unpacked(target.elts)]
            if generator is not node.generators[0]:
                inner.append(generator.iter)
            inner += generator.ifs
        if isinstance(node, ast.DictComp):
            inner += [node.key, node.value]
        else:
            inner.append(node.elt)
        stack.append(_Switch(outer, guard))
        stack.extend(reversed(inner))
        stack.append(_Switch(scope, guard))
        stack.append(node.generators[0].iter)


# What is not read as it stands, and the two kinds that take most of the time are in `Walk.scan`.
_INSIDE: dict[type, Callable[[Walk, Any, _Stack], None]] = {
    _Switch: Walk._switch,
    ast.Lambda: Walk._lambda,
    ast.IfExp: Walk._if,
    ast.BoolOp: Walk._bool,
    ast.NamedExpr: Walk._named,
    ast.Yield: Walk._yield,
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp),
                    Walk._comprehension),
}  # fmt: skip


def _unpacked(targets: Sequence[ast.expr]) -> Iterator[tuple[ast.expr, Step]]:
    """Each target with the item that it takes of what is unpacked: `a, *b, c = ...`."""
    behind: int | None = None
    for position, target in enumerate(targets):
        if isinstance(target, ast.Starred):
            behind = len(targets) - 1 - position
            yield target.value, Rest(position, -behind if behind else None)
        else:
            yield target, position if behind is None else position - len(targets)


def _is_static(node: FunctionNode) -> bool:
    return not isinstance(node, ast.Lambda) and any(
        isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list
    )


def _owner(expr: ast.expr) -> ast.expr | None:
    """`x` of `x.__dict__` and `vars(x)`."""
    if isinstance(expr, ast.Attribute) and expr.attr == "__dict__":
        return expr.value
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "vars":
        return expr.args[0] if expr.args else None
    return None


def _taken(expr: ast.expr, name: ast.expr | None) -> ast.expr | None:
    """`x` of `getattr(x, name)`."""
    if (
        isinstance(name, ast.Name)
        and isinstance(expr, ast.Call)
        and isinstance(expr.func, ast.Name)
        and expr.func.id == "getattr"
        and len(expr.args) > 1
        and isinstance(expr.args[1], ast.Name)
        and expr.args[1].id == name.id
    ):
        return expr.args[0]
    return None
