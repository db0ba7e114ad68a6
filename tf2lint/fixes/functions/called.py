"""What a call of the building scope gives: an op, a function of the module, a method."""

from __future__ import annotations

import ast
import builtins

from tf2lint.fixes.functions.apart import Apart, bound
from tf2lint.fixes.functions.kinds import STATIC, Kinds
from tf2lint.fixes.functions.model import COMPUTED, OF_VARIABLES, STEADY, Def, Kind, Refused
from tf2lint.fixes.functions.names import (
    LAYERS,
    MADE_LAYERS,
    MAKERS,
    UPDATERS,
    Facts,
    draws,
    is_plain,
    rate_of,
    updates,
)
from tf2lint.tensorflow.groups import INITIALIZERS

_SAME = frozenset({"list", "tuple", "reversed", "sorted", "iter"})
_UNSTEADY = COMPUTED | OF_VARIABLES | {Kind.RANDOM}
_STEP_METHODS = frozenset({"minimize", "apply_gradients"})
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


class Reader(Kinds):
    """Finds the kind of an expression, calls among them, and notes what it reads."""

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
        if symbol in MADE_LAYERS:
            if {self.kind(part) for part in given} - STEADY:
                raise Refused("a layer is made of what a run computes", node)
            self.seen.makes = True
            return Kind.LAYER
        if is_plain(symbol):
            return self.plain(node)
        for top, reason in _APART.items():
            if symbol.startswith(top):
                raise Refused(reason.format(symbol), node)
        if symbol.startswith("tf.train.") and symbol.endswith("Optimizer"):
            rate = rate_of(node)
            is_fed = isinstance(rate, ast.Name) and self.kind(rate) is Kind.PLACEHOLDER
            if self.joined(p for p in given if p is not rate or not is_fed) is Kind.TENSOR:
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
        if held is not None and held.kind is Kind.LAYER:
            return self._layer(held, node, given)
        if local is not None and held is not None and held.kind is Kind.FUNCTION:
            return self._local_function(local, node, given)
        if func.id in ("print", "len", "isinstance", "type", "id", "repr", "str", "int", "float"):
            for part in node.args if func.id == "print" else ():
                held = self.env.get(part.id) if isinstance(part, ast.Name) else None
                if isinstance(part, ast.Name) and held and held.kind is Kind.PLACEHOLDER:
                    self.seen.shown.append(part)
                else:
                    self.plain_all([part])
            self.plain_all(given if func.id != "print" else given[len(node.args) :])
            return Kind.PYTHON
        if func.id in _SAME and given:
            self.seen.reads.add(func.id)
            return self.kind(given[0])
        if func.id in ("zip", "enumerate"):
            return self.together(given)
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
        self._check(function, facts, node)
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
        if facts.makes:
            return self._maker_of_more(function, facts, node, kind, held)
        if any(found.kind in COMPUTED for found in held):
            kind = self._helper(function, facts, node)
        variables = [found for found in held if found.kind in OF_VARIABLES]
        self.seen.uses += [found for found in held if found not in self.seen.uses]
        self.seen.random |= facts.random
        self.seen.effect |= facts.effect
        if kind is Kind.TENSOR or variables or facts.effect:
            return Kind.TENSORS if facts.gives_several else Kind.TENSOR
        if facts.random:
            return Kind.RANDOM
        return Kind.CONSTANT if facts.uses_tensorflow else kind

    def _check(self, function: ast.FunctionDef, facts: Facts, node: ast.Call) -> None:
        """See that the function does nothing that has no place in functions."""
        if facts.layers:
            raise Refused(f"{facts.layers} is not taken apart yet", node)
        if facts.places:
            raise Refused(f"{function.name} makes placeholders", node)
        if facts.records and self.names.merges:
            raise Refused(f"{function.name} records summaries", node)

    def _maker_of_more(
        self, function: ast.FunctionDef, facts: Facts, node: ast.Call, kind: Kind, held: list[Def]
    ) -> Kind:
        """What the call of a function gives that makes variables."""
        self.seen.makes = True
        if facts.layer is not None and kind in STEADY:
            return Kind.LAYER
        if facts.layer is not None:
            raise Refused(f"{function.name} is given a tensor where it was given none", node)
        if not facts.gives_variables or kind is Kind.TENSOR:
            raise self._apart(function, node, held)
        return Kind.VARIABLES if facts.gives_several else Kind.VARIABLE

    def _apart(self, function: ast.FunctionDef, node: ast.Call, held: list[Def]) -> Apart:
        """How to take a function apart that makes variables and computes with them."""
        tensors = {n for n, part in bound(function, node).items() if self.kind(part) in _UNSTEADY}
        return Apart(function, tensors, [found.name for found in held if found.kind in COMPUTED])

    def _layer(self, held: Def, node: ast.Call, given: list[ast.expr]) -> Kind:
        """What the call of something gives that has variables of its own."""
        self.seen.uses.append(held)
        self.seen.reads.add(held.name)
        self.joined(given)
        maker = held.value.func if isinstance(held.value, ast.Call) else None
        if maker is not None and self.names.symbol(maker) in MADE_LAYERS:
            return Kind.TENSOR
        function = self.names.functions.get(maker.id) if isinstance(maker, ast.Name) else None
        layer = self.names.facts(function).layer if function is not None else None
        if layer is None:
            raise Refused(f"how {held.name} is made is not in sight", node)
        facts = self.names.facts(layer)
        self.seen.random |= facts.random
        self.seen.effect |= facts.effect
        return Kind.TENSORS if facts.gives_several else Kind.TENSOR

    def _helper(self, function: ast.FunctionDef, facts: Facts, node: ast.Call) -> Kind:
        """Take the function along, since it reads tensors by the names of the module."""
        for name in facts.reads:
            other = self.names.functions.get(name)
            reads = self.names.facts(other).reads if other is not None else ()
            if any(n in self.env and self.env[n].kind in COMPUTED for n in reads):
                raise Refused(f"{name} reads tensors and is called by {function.name}", node)
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
        if on is Kind.SAVER:
            self.saved(node)
            return Kind.PYTHON
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
        return Kind.PYTHON if method in STATIC else Kind.TENSOR

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
