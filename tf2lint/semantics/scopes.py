"""Scopes, bindings, guards and sites: what one walk over a module leaves behind."""

from __future__ import annotations

import ast
from bisect import bisect_left, insort
from enum import Enum
from typing import Literal, NamedTuple

from tf2lint.semantics import limits
from tf2lint.semantics.files import ImportTarget


class BindingKind(Enum):
    """What a binding is made by."""

    IMPORT = "import"
    ASSIGN = "value"
    ITER = "an item of the value"
    ENTER = "what the value gives to a with statement"
    PARAM = "parameter"
    FUNCTION = "def"
    CLASS = "class"
    ANNOTATION = "something of the type that is the value"
    OPAQUE = "something that is not known"


IMPORT, ASSIGN, ITER, ENTER, PARAM, FUNCTION, CLASS, ANNOTATION, OPAQUE = BindingKind

ScopeKind = Literal["module", "class", "function", "comprehension"]
GuardKind = Literal["test", "try", "handler", "call"]
Use = Literal["value", "base", "decorator", "import", "annotation", "store"]

END = 1 << 60  # later than every place in a module


class Rest(NamedTuple):
    """A part of a sequence, `[start:stop]`; without a start it is not known which."""

    start: int | None = None
    stop: int | None = None


Step = int | Rest  # into a sequence: an item, from the end if negative, or a part


class Binding:
    """One thing that gives a name (or attribute) its meaning.

    `expr` is the value as written, read in `scope` at `seq`; `index` is the way into it that
    unpacking takes. For IMPORT `target` is set, for FUNCTION and CLASS `inner`.
    """

    __slots__ = ("expr", "guard", "index", "inner", "kind", "node", "scope", "seq", "target")

    def __init__(
        self,
        kind: BindingKind,
        node: ast.AST,
        scope: Scope,
        seq: int,
        expr: ast.expr | None = None,
        index: tuple[Step, ...] = (),
        target: ImportTarget | None = None,
        inner: Scope | None = None,
        guard: Guard | None = None,
    ) -> None:
        self.kind = kind
        self.node = node
        self.scope = scope
        self.seq = seq
        self.expr = expr
        self.index = index
        self.target = target
        self.inner = inner
        self.guard = guard

    @property
    def is_nothing(self) -> bool:
        """Whether the bound value is a literal None or False, as fallbacks of imports are."""
        expr = self.expr
        return (
            self.kind is ASSIGN
            and type(expr) is ast.Constant
            and (expr.value is None or expr.value is False)
        )


Bindings = tuple[Binding, ...]


class Scope:
    """A module, class, function or comprehension, with what reaches each place in it.

    `timeline[name]` lists (seq, bindings) in order of seq: from there on these bindings
    reach, until the next entry. `top` is the scope of the module. `block` holds the text of a
    function or class whose body was not looked at yet (`Binder.look_into`).
    """

    __slots__ = (
        "block",
        "current",
        "extra",
        "globals",
        "kind",
        "method_of",
        "node",
        "nonlocals",
        "parent",
        "returns",
        "self_name",
        "seq",
        "stars",
        "timeline",
        "top",
        "trail",
        "yields",
    )  # fmt: skip

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None, seq: int) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.top: Scope = self if parent is None else parent.top
        # Of a function directly in a class, that class.
        is_method = kind == "function" and parent is not None and parent.kind == "class"
        self.method_of = parent if is_method else None
        self.block = ""
        self.seq = seq  # where in its parent it stands
        self.timeline: dict[str, list[tuple[int, Bindings]]] = {}
        self.current: dict[str, Bindings] = {}
        self.trail: list[dict[str, Bindings]] = []
        self.extra: dict[str, list[Binding]] = {}  # bound from inside, by global and nonlocal
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.stars: list[Binding] = []
        self.returns: list[tuple[ast.expr, int, Guard | None]] = []
        self.yields: list[tuple[ast.expr, int, Guard | None]] = []
        self.self_name: str | None = None  # of a method: its first parameter

    def set(self, name: str, seq: int, bindings: Bindings) -> None:
        """From `seq` on `name` means `bindings`."""
        if self.trail and name not in self.trail[-1]:
            self.trail[-1][name] = self.current.get(name, ())
        self.current[name] = bindings
        entry = (seq, bindings)
        line = self.timeline.get(name)
        if line is None:
            self.timeline[name] = [entry]
        else:
            line.append(entry)

    def reaching(self, name: str, seq: int) -> Bindings | None:
        """What `name` means at `seq`; None where this scope never binds it."""
        line = self.timeline.get(name)
        extra = self.extra.get(name) if self.extra else None
        if line is None:
            return tuple(extra) if extra else None
        since, found = line[-1]
        if since > seq:
            at = bisect_left(line, (seq + 1,)) - 1
            found = line[at][1] if at >= 0 else ()
        return (*found, *extra) if extra else found

    def loop_back(self, name: str, seq: int, bindings: Bindings) -> None:
        """What a loop's body leaves reaches its start, `seq`, too."""
        line = self.timeline[name]
        before = self.reaching(name, seq) or ()
        merged = union(before, bindings)
        if merged != before:
            at = bisect_left(line, (seq + 1,))
            if at and line[at - 1][0] == seq:
                line[at - 1] = (seq, merged)
            else:
                insort(line, (seq, merged), key=lambda entry: entry[0])

    def clear(self) -> None:
        """Let go of all that is bound here, and of the module; nothing may be asked any more."""
        for held in (self.timeline, self.current, self.extra, self.stars, self.returns,
                     self.yields):  # fmt: skip
            held.clear()
        del self.top


def union(*many: Bindings) -> Bindings:
    """All bindings, each once, in order of source; the first `limits.BINDINGS` of them.

    Without an end a name bound in thousands of branches would cost the square of them.
    """
    seen: dict[int, Binding] = {}
    for bindings in many:
        for binding in bindings:
            seen.setdefault(id(binding), binding)
    return tuple(sorted(seen.values(), key=lambda b: b.seq)[: limits.BINDINGS])


class Guard:
    """A condition that the code below it stands under; `parent` is the one around it.

    kind `test`: `test` is true (`positive`) or false; kind `try`: in the body of `node`;
    kind `handler`: in `handler` of `node`; kind `call`: after the call `test`, which may exit.
    """

    __slots__ = ("handler", "kind", "node", "parent", "positive", "scope", "seq", "test")

    def __init__(
        self,
        kind: GuardKind,
        parent: Guard | None,
        scope: Scope,
        seq: int,
        test: ast.expr | None = None,
        positive: bool = True,
        node: ast.Try | None = None,
        handler: ast.ExceptHandler | None = None,
    ) -> None:
        self.kind = kind
        self.parent = parent
        self.scope = scope
        self.seq = seq
        self.test = test
        self.positive = positive
        self.node = node
        self.handler = handler


class Site(NamedTuple):
    """A place where something is read: a name or attribute chain, or an imported alias."""

    node: ast.expr | ast.alias
    call: ast.Call | None  # the call whose function `node` is
    scope: Scope
    seq: int
    guard: Guard | None
    stmt: ast.stmt
    use: Use  # "store" where assigned to
