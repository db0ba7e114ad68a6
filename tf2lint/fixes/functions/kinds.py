"""What an expression of the building scope is: a value of Python, a variable, a tensor to run."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tf2lint.fixes.functions.model import COMPUTED, OF_VARIABLES, STEADY, Def, Kind, Refused, Unit
from tf2lint.fixes.functions.names import (
    LAYERS,
    MAKERS,
    UPDATERS,
    Facts,
    Names,
    draws,
    is_plain,
    updates,
)
from tf2lint.tensorflow.groups import INITIALIZERS

Env = dict[str, Def]

_SAME = frozenset({"list", "tuple", "reversed", "sorted", "iter"})
_STATIC = frozenset({"shape", "dtype", "name", "get_shape"})
_STEP_METHODS = frozenset({"minimize", "apply_gradients"})


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


_LATER = "{} is not taken apart yet"
_INSIDE = "{} is called inside of an expression"
# What begins like this has no place in functions, or none yet, and why.
_APART = {
    "tf.Session": _INSIDE, "tf.InteractiveSession": _INSIDE, "tf.placeholder": _INSIDE,
    "tf.python.": "{} is private to TensorFlow",
    "tf.sparse_placeholder": _LATER, "tf.sparse.placeholder": _LATER,
    **dict.fromkeys(LAYERS, _LATER),
    **dict.fromkeys((
        "tf.data.", "tf.summary.", "tf.Summary", "tf.metrics.", "tf.losses.", "tf.saved_model.",
        "tf.Graph", "tf.get_default_", "tf.get_collection", "tf.add_to_collection",
        "tf.global_variables", "tf.trainable_variables", "tf.all_variables", "tf.FIFOQueue",
        "tf.QueueBase", "tf.RandomShuffleQueue", "tf.WholeFileReader", "tf.TextLineReader",
        "tf.TFRecordReader", "tf.while_loop", "tf.scan", "tf.map_fn", "tf.py_func",
    ), _LATER),
}  # fmt: skip


class Reader:
    """Finds the kind of an expression and notes what it reads.

    `run` is called for each place that runs something: the call and the kind of what it is
    called on. `env` are the names as they are at this place.
    """

    def __init__(self, names: Names, env: Env, run: Callable[[ast.Call, Kind], None]) -> None:
        self.names, self.env, self.run = names, env, run
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
        return self._plain(node)

    def _plain(self, node: ast.AST) -> Kind:
        """The kind of what has no meaning of its own for tensors."""
        kinds = {self.kind(c) for c in ast.iter_child_nodes(node) if isinstance(c, ast.expr)}
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.expr):
                self._plain(child)
        if kinds & COMPUTED:
            raise Refused("a tensor is used by plain Python", node)
        return Kind.PYTHON

    def _plain_all(self, nodes: list[ast.expr]) -> None:
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
            return Kind.PYTHON if node.attr in _STATIC else Kind.TENSOR
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
                return self._plain(node)
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
        return self._plain(node)

    def _compare(self, node: ast.Compare) -> Kind:
        if any(isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn) for op in node.ops):
            return self._plain(node)
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

    def _together(self, nodes: list[ast.expr]) -> Kind:
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
        return self._together(node.elts)

    def _tuple(self, node: ast.Tuple) -> Kind:
        return self._together(node.elts)

    def _set(self, node: ast.Set) -> Kind:
        return self._together(node.elts)

    def _dict(self, node: ast.Dict) -> Kind:
        return self._together([v for v in (*node.keys, *node.values) if v is not None])

    def _listcomp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Kind:
        with self._bound(node.generators):
            return self._together([node.elt])

    _generatorexp = _setcomp = _listcomp

    def _dictcomp(self, node: ast.DictComp) -> Kind:
        with self._bound(node.generators):
            return self._together([node.key, node.value])

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

    # Calls.

    def _call(self, node: ast.Call) -> Kind:
        func = node.func
        given = [*node.args, *(k.value for k in node.keywords)]
        symbol = self.names.symbol(func)
        if symbol:
            return self._tensorflow(symbol, node, given)
        if isinstance(func, ast.Name):
            return self._function(func, node, given)
        if isinstance(func, ast.Attribute):
            return self._method(func, node, given)
        kinds = {self.kind(part) for part in (func, *given)}
        if kinds - STEADY:
            raise Refused("what is called here is not in sight", node)
        return Kind.PYTHON

    def _tensorflow(self, symbol: str, node: ast.Call, given: list[ast.expr]) -> Kind:
        if symbol in INITIALIZERS or symbol == "tf.group":
            kinds = {self.kind(part) for part in given}
            if symbol == "tf.group" and not kinds <= {Kind.INITIALIZER}:
                raise Refused("tf.group of what is not an initializer", node)
            return Kind.INITIALIZER
        if symbol in MAKERS:
            return self._maker(node, given)
        if is_plain(symbol):
            return self._plain(node)
        for top, reason in _APART.items():
            if symbol.startswith(top):
                raise Refused(reason.format(symbol), node)
        if symbol.startswith("tf.train.") and symbol.endswith("Optimizer"):
            if self.joined(given) is Kind.TENSOR:
                raise Refused("the learning rate is a tensor", node)
            return Kind.OPTIMIZER
        if symbol.startswith("tf.train."):
            raise Refused(_LATER.format(symbol), node)
        return self._op(symbol, given)

    def _op(self, symbol: str, given: list[ast.expr]) -> Kind:
        kind = self.joined(given)
        if updates(symbol):
            self.seen.effect = True
            return Kind.TENSOR
        if draws(symbol):
            self.seen.random = True
            return Kind.TENSOR if kind is Kind.TENSOR else Kind.RANDOM
        return kind if kind in (Kind.TENSOR, Kind.RANDOM) else Kind.CONSTANT

    def _maker(self, node: ast.Call, given: list[ast.expr]) -> Kind:
        with self.fresh() as seen:
            for part in given:
                called = self.names.symbol(part.func) if isinstance(part, ast.Call) else ""
                if called.endswith("initializer"):
                    continue
                kind = self.kind(part)
                if kind in COMPUTED or kind in OF_VARIABLES:
                    raise Refused("a variable begins with what a run computes", node)
        self.seen.uses += seen.uses
        self.seen.reads |= seen.reads
        self.seen.makes = True
        return Kind.VARIABLE

    def _function(self, func: ast.Name, node: ast.Call, given: list[ast.expr]) -> Kind:
        local = self.names.functions.get(func.id)
        held = self.env.get(func.id)
        if local is not None and held is not None and held.kind is Kind.FUNCTION:
            return self._local_function(local, node, given)
        if func.id in ("print", "len", "isinstance", "type", "id", "repr", "str", "int", "float"):
            for part in node.args if func.id == "print" else ():
                held = self.env.get(part.id) if isinstance(part, ast.Name) else None
                if isinstance(part, ast.Name) and held and held.kind is Kind.PLACEHOLDER:
                    self.seen.shown.append(part)
                else:
                    self._plain_all([part])
            self._plain_all(given if func.id != "print" else given[len(node.args) :])
            return Kind.PYTHON
        if func.id in _SAME and given:
            self.seen.reads.add(func.id)
            return self.kind(given[0])
        if func.id in ("zip", "enumerate"):
            return self._together(given)
        if func.id in ("sum", "abs", "pow", "max", "min", "round"):
            return self.joined(given)
        return self._foreign(func, node, given)

    def _foreign(self, func: ast.expr, node: ast.Call, given: list[ast.expr]) -> Kind:
        self.kind(func)
        kinds = {self.kind(part) for part in given}
        if kinds - {Kind.PYTHON}:
            raise Refused(f"a tensor is handed to {ast.unparse(func)}", node)
        self._from_elsewhere(func, node)
        return Kind.PYTHON

    def _from_elsewhere(self, func: ast.expr, node: ast.Call) -> None:
        """Note what is called and is not in sight. Raises `Refused` where it uses TensorFlow."""
        origin = self.names.origin(func)
        if origin == "project":
            raise Refused(f"{ast.unparse(func)}, of another module, uses TensorFlow", node)
        unknown = isinstance(func, ast.Name) and not origin and func.id not in self.env
        if origin == "foreign" or (unknown and not hasattr(builtins, ast.unparse(func))):
            self.seen.foreign = ast.unparse(func)

    def _local_function(
        self, function: ast.FunctionDef, node: ast.Call, given: list[ast.expr]
    ) -> Kind:
        facts = self.names.facts(function)
        self.kind(node.func)
        if facts.layers:
            raise Refused(f"{facts.layers} is not taken apart yet", node)
        if facts.places:
            raise Refused(f"{function.name} makes placeholders", node)
        kind = self.joined(given)
        if facts.runs:
            if kind is not Kind.PYTHON:
                raise Refused(f"{function.name} runs what it is given", node)
            return Kind.PYTHON
        self.seen.reads |= facts.reads
        held = [self.env[name] for name in sorted(facts.reads) if name in self.env]
        for found in held:
            if found.kind in (Kind.SESSION, Kind.TRAIN, Kind.OPTIMIZER):
                raise Refused(f"{function.name} reads {found.kind.value}: {found.name}", node)
        if any(found.kind in COMPUTED for found in held):
            kind = self._helper(function, facts, node)
        if facts.makes:
            if not facts.gives_variables or kind is Kind.TENSOR:
                raise Refused(f"{function.name} makes variables and more", node)
            self.seen.makes = True
            return Kind.VARIABLES if facts.gives_several else Kind.VARIABLE
        variables = [found for found in held if found.kind in OF_VARIABLES]
        self.seen.uses += [found for found in held if found not in self.seen.uses]
        self.seen.random |= facts.random
        self.seen.effect |= facts.effect
        if kind is Kind.TENSOR or variables or facts.effect:
            return Kind.TENSORS if facts.gives_several else Kind.TENSOR
        if facts.random:
            return Kind.RANDOM
        return Kind.CONSTANT if facts.uses_tensorflow else kind

    def _helper(self, function: ast.FunctionDef, facts: Facts, node: ast.Call) -> Kind:
        """Take the function along, since it reads tensors by the names of the module."""
        for name in facts.reads:
            other = self.names.functions.get(name)
            reads = self.names.facts(other).reads if other is not None else ()
            if any(n in self.env and self.env[n].kind in COMPUTED for n in reads):
                raise Refused(f"{name} reads tensors and is called by {function.name}", node)
        if facts.makes:
            raise Refused(f"{function.name} makes variables and more", node)
        self.seen.helpers.append(self.env[function.name].unit)
        return Kind.TENSOR

    def _method(self, func: ast.Attribute, node: ast.Call, given: list[ast.expr]) -> Kind:
        with self.fresh():
            on = self.kind(func.value)
        if func.attr in ("run", "eval") and on not in (Kind.PYTHON, Kind.FUNCTION):
            self.run(node, on)
            return Kind.PYTHON
        on = self.kind(func.value)
        if on is Kind.SESSION:
            raise Refused(f"the session's {func.attr} is used", node)
        if on is Kind.WRITER:
            return self._of_writer(func.attr, node, given)
        if on is Kind.OPTIMIZER:
            return self._of_optimizer(func, node, given)
        kind = self.joined(given)
        if on in OF_VARIABLES:
            return self._of_variable(func.attr, on)
        if on in COMPUTED:
            return Kind.TENSOR
        if kind in COMPUTED:
            raise Refused(f"a tensor is handed to {ast.unparse(func)}", node)
        if on is Kind.PYTHON:
            self._from_elsewhere(func, node)
        return on

    def _of_writer(self, method: str, node: ast.Call, given: list[ast.expr]) -> Kind:
        if method not in ("add_summary", "close", "flush"):
            raise Refused(f"the writer's {method} is used", node)
        if {self.kind(part) for part in given} - {Kind.PYTHON}:
            raise Refused("a tensor is written", node)
        if method == "add_summary" and node not in self.seen.added:
            self.seen.added.append(node)
        return Kind.PYTHON

    def _of_variable(self, method: str, on: Kind) -> Kind:
        if on is Kind.VARIABLE and method in UPDATERS:
            self.seen.effect = True
            return Kind.TENSOR
        if method == "initialized_value":
            return Kind.CONSTANT
        if method in ("values", "items", "keys", "copy"):
            return Kind.VARIABLES
        if method in ("append", "extend", "reverse", "insert"):
            return on
        return Kind.PYTHON if method in _STATIC else Kind.TENSOR

    def _of_optimizer(self, func: ast.Attribute, node: ast.Call, given: list[ast.expr]) -> Kind:
        self.seen.effect = True
        for part in given:
            self.kind(part)
        if func.attr in _STEP_METHODS:
            return Kind.TRAIN
        if func.attr == "compute_gradients":
            self.seen.effect = False
            return Kind.TENSORS
        raise Refused(f"the optimizer's {func.attr} is used", node)
