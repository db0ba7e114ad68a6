"""What an expression of the building scope is: a value of Python, a variable, a tensor to run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tf2lint.fixes.functions.model import COMPUTED, OF_VARIABLES, Def, Kind, Refused, Unit
from tf2lint.fixes.functions.names import Names

Env = dict[str, Def]

STATIC = frozenset({"shape", "dtype", "name", "get_shape"})


@dataclass
class Seen:
    """What was read in an expression."""

    uses: list[Def] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    random: bool = False
    effect: bool = False
    makes: bool = False
    foreign: str = ""
    helpers: list[Unit] = field(default_factory=list)
    shown: list[ast.Name] = field(default_factory=list)
    added: list[ast.Call] = field(default_factory=list)


class Kinds:
    """Finds the kind of an expression and notes what it reads.

    `run` is called for each place that runs something: the call and the kind of what it is
    called on; `saved` for each that saves. `env` are the names as they are at this place.
    """

    def __init__(
        self,
        names: Names,
        env: Env,
        run: Callable[[ast.Call, Kind], None],
        saved: Callable[[ast.Call], None],
    ) -> None:
        self.names, self.env, self.run, self.saved = names, env, run, saved
        self.seen = Seen()
        self._local: list[dict[str, Kind]] = []

    @contextmanager
    def fresh(self) -> Iterator[Seen]:
        """What is read meanwhile alone; it is not noted elsewhere."""
        before, self.seen = self.seen, Seen()
        try:
            yield self.seen
        finally:
            self.seen = before

    def kind(self, node: ast.expr | None) -> Kind:
        """The kind of `node`. Raises `Refused` where it cannot be told."""
        if node is None or isinstance(node, ast.Constant):
            return Kind.PYTHON
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is not None:
            found: Kind = method(node)
            return found
        return self.plain(node)

    def plain(self, node: ast.AST) -> Kind:
        """The kind of what has no meaning of its own for tensors."""
        kinds = {self.kind(c) for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)}
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr):
                self.plain(child)
        if kinds & COMPUTED:
            raise Refused("a tensor is used by plain Python", node)
        return Kind.PYTHON

    def plain_all(self, nodes: list[ast.expr]) -> None:
        if {self.kind(node) for node in nodes} & COMPUTED:
            raise Refused("a tensor is used by plain Python", nodes[0])

    def joined(self, nodes: Iterable[ast.expr | None]) -> Kind:
        """The kind of what an op makes of `nodes`."""
        kinds = {self.kind(node) for node in nodes}
        for bad in (Kind.SESSION, Kind.TRAIN, Kind.OPTIMIZER, Kind.INITIALIZER):
            if bad in kinds:
                raise Refused(f"{bad.value} is used in an expression")
        if kinds & (COMPUTED | OF_VARIABLES):
            return Kind.TENSOR
        if Kind.RANDOM in kinds:
            return Kind.RANDOM
        return Kind.CONSTANT if Kind.CONSTANT in kinds else Kind.PYTHON

    # Names and parts.

    def _name(self, node: ast.Name) -> Kind:
        for local in reversed(self._local):
            if node.id in local:
                return local[node.id]
        found = self.env.get(node.id)
        self.seen.reads.add(node.id)
        if found is None:
            return Kind.PYTHON
        self.seen.uses.append(found)
        return found.kind

    def _attribute(self, node: ast.Attribute) -> Kind:
        if self.names.symbol(node):
            return Kind.PYTHON
        kind = self.kind(node.value)
        if kind in OF_VARIABLES:
            if node.attr in ("initializer", "op"):
                return Kind.INITIALIZER
            return Kind.PYTHON if node.attr in STATIC else Kind.TENSOR
        if kind is Kind.PLACEHOLDER:
            return Kind.TENSOR
        if kind is Kind.CONSTANT:
            return Kind.PYTHON
        return kind

    def _subscript(self, node: ast.Subscript) -> Kind:
        kind = self.kind(node.value)
        index = self.joined([node.slice])
        if kind is Kind.VARIABLES:
            if index is Kind.TENSOR:
                return Kind.TENSOR
            return kind if isinstance(node.slice, ast.Slice) else Kind.VARIABLE
        if kind in (Kind.VARIABLE, Kind.PLACEHOLDER) or index is Kind.TENSOR:
            return Kind.TENSOR
        if kind is Kind.TENSORS:
            return kind if isinstance(node.slice, ast.Slice) else Kind.TENSOR
        return kind

    def _slice(self, node: ast.Slice) -> Kind:
        return self.joined([node.lower, node.upper, node.step])

    def _starred(self, node: ast.Starred) -> Kind:
        return self.kind(node.value)

    # Operators.

    def _binop(self, node: ast.BinOp) -> Kind:
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant | ast.JoinedStr):
            if isinstance(node.left, ast.JoinedStr) or isinstance(node.left.value, str):
                return self.plain(node)
        left, right = self.kind(node.left), self.kind(node.right)
        if (
            isinstance(node.op, ast.Add)
            and left is right
            and left in (Kind.VARIABLES, Kind.TENSORS)
        ):
            return left
        return self.joined([node.left, node.right])

    def _unaryop(self, node: ast.UnaryOp) -> Kind:
        return self.joined([node.operand])

    def _boolop(self, node: ast.BoolOp) -> Kind:
        return self.plain(node)

    def _compare(self, node: ast.Compare) -> Kind:
        if any(isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn) for op in node.ops):
            return self.plain(node)
        return self.joined([node.left, *node.comparators])

    def _ifexp(self, node: ast.IfExp) -> Kind:
        if self.kind(node.test) in COMPUTED:
            raise Refused("Python tests a tensor", node)
        one, two = self.kind(node.body), self.kind(node.orelse)
        return one if one is two else self.joined([node.body, node.orelse])

    def _namedexpr(self, node: ast.NamedExpr) -> Kind:
        if self.kind(node.value) is not Kind.PYTHON:
            raise Refused("a tensor is named inside of an expression", node)
        return Kind.PYTHON

    # Displays.

    def together(self, nodes: list[ast.expr]) -> Kind:
        kinds = {self.kind(node) for node in nodes}
        if kinds & (COMPUTED | {Kind.TRAIN}):
            return Kind.TENSORS
        if kinds & OF_VARIABLES:
            return Kind.VARIABLES
        if Kind.INITIALIZER in kinds:
            return Kind.INITIALIZER
        if Kind.RANDOM in kinds:
            return Kind.RANDOM
        return Kind.CONSTANT if Kind.CONSTANT in kinds else Kind.PYTHON

    def _list(self, node: ast.List) -> Kind:
        return self.together(node.elts)

    def _tuple(self, node: ast.Tuple) -> Kind:
        return self.together(node.elts)

    def _set(self, node: ast.Set) -> Kind:
        return self.together(node.elts)

    def _dict(self, node: ast.Dict) -> Kind:
        return self.together([v for v in (*node.keys, *node.values) if v is not None])

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Kind:
        with self._bound(node.generators):
            return self.together([node.elt])

    _generatorexp = _setcomp = _listcomp

    def _dictcomp(self, node: ast.DictComp) -> Kind:
        with self._bound(node.generators):
            return self.together([node.key, node.value])

    @contextmanager
    def _bound(self, generators: list[ast.comprehension]) -> Iterator[None]:
        local: dict[str, Kind] = {}
        self._local.append(local)
        for generator in generators:
            kind = self._item(self.kind(generator.iter))
            for name in ast.walk(generator.target):
                if isinstance(name, ast.Name):
                    local[name.id] = kind
            for test in generator.ifs:
                if self.kind(test) in COMPUTED:
                    raise Refused("Python tests a tensor", test)
        yield
        self._local.pop()

    def _item(self, kind: Kind) -> Kind:
        return {Kind.VARIABLES: Kind.VARIABLE, Kind.TENSORS: Kind.TENSOR,
                Kind.PLACEHOLDER: Kind.TENSOR}.get(kind, kind)  # fmt: skip

    def item(self, kind: Kind) -> Kind:
        """What a loop over something of this kind gives."""
        return self._item(kind)

    def _lambda(self, node: ast.Lambda) -> Kind:
        self._local.append({a.arg: Kind.PYTHON for a in ast.walk(node.args)
                            if isinstance(a, ast.arg)})  # fmt: skip
        kind = self.kind(node.body)
        self._local.pop()
        return kind

    def _call(self, node: ast.Call) -> Kind:
        raise NotImplementedError
