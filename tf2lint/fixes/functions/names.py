"""What the names of a module mean, asked of the semantic model; what its functions do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tf2lint.check.facts import Module
from tf2lint.fixes.functions.statements import given
from tf2lint.fixes.patterns.scene import PLAIN_PACKAGES
from tf2lint.semantics.scopes import Site
from tf2lint.semantics.values import Foreign, LocalFunction, Symbol
from tf2lint.tensorflow import paths
from tf2lint.tensorflow.groups import PLAIN_SESSIONS

MAKERS = frozenset({"tf.Variable", "tf.get_variable"})
PLACEHOLDERS = frozenset({"tf.placeholder"})
LAYERS = ("tf.layers.", "tf.keras.", "tf.contrib.", "tf.nn.rnn_cell.", "tf.estimator.")
# Objects that make their variables when they are first called.
MADE_LAYERS = frozenset(
    f"tf.{top}layers.{name}" for top in ("", "keras.")
    for name in ("Dense", "Conv1D", "Conv2D", "Conv2DTranspose", "Flatten", "MaxPooling2D",
                 "AveragePooling2D")
)  # fmt: skip
UPDATES = frozenset({"tf.assign", "tf.assign_add", "tf.assign_sub", "tf.count_up_to"})
UPDATERS = frozenset({"assign", "assign_add", "assign_sub"})
_DRAWS = ("random", "dropout", "shuffle", "multinomial", "truncated_normal", "categorical",
          "timestamp", "candidate_sampler", "nce_loss", "sampled_softmax")  # fmt: skip
_SCATTERS = ("tf.scatter_", "tf.batch_scatter_")
_PACKAGES = PLAIN_PACKAGES | {"sklearn"}
# Names that have nothing to do with graphs.
_PLAIN = ("tf.app", "tf.flags", "tf.gfile", "tf.io.gfile", "tf.logging", "tf.examples",
          "tf.compat.as_", "tf.version", "tf.test.is_", "tf.TensorShape", "tf.as_dtype",
          "tf.train.latest_checkpoint", "tf.train.get_checkpoint_state", "tf.DType",
          "tf.train.checkpoint_exists", "tf.sysconfig", "tf.set_random_seed",
          "tf.random.set_random_seed", "tf.random.set_seed")  # fmt: skip


def draws(symbol: str) -> bool:
    """Whether the op gives another value at each run."""
    last = symbol.rpartition(".")[2]
    return "initializer" not in last and any(part in symbol.lower() for part in _DRAWS)


def updates(symbol: str) -> bool:
    """Whether the op changes a variable."""
    return symbol in UPDATES or symbol.startswith(_SCATTERS)


def is_flag(symbol: str) -> bool:
    """Whether it has to do with the flags that TF 1 read by itself."""
    return symbol.startswith(("tf.app.flags", "tf.flags"))


def is_plain(symbol: str) -> bool:
    """Whether what is called has nothing to do with a graph."""
    return any(symbol.startswith(top) for top in _PLAIN)


def rate_of(optimizer: ast.Call) -> ast.expr | None:
    """The learning rate that an optimizer is made with."""
    return given(optimizer, "learning_rate").get("learning_rate")


@dataclass(frozen=True)
class Facts:
    """What a function of the module does: see the fields."""

    node: ast.FunctionDef
    reads: frozenset[str] = frozenset()  # names of the module, in functions that it calls, too
    makes: bool = False  # variables
    places: bool = False  # placeholders
    runs: bool = False  # sessions
    random: bool = False
    effect: bool = False
    layers: str = ""
    records: bool = False  # summaries
    uses_tensorflow: bool = False
    gives_variables: bool = False
    gives_several: bool = False
    layer: ast.FunctionDef | None = None  # the inner function that it gives


class Names:
    """The names of one module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.source = module.source
        self._known: dict[ast.FunctionDef, Facts | None] = {}

    @cached_property
    def _sites(self) -> dict[int, Site]:
        return {id(site.node): site for site in self.module.inference.binder.sites}

    @cached_property
    def merges(self) -> bool:
        """Whether summaries are merged anywhere."""
        nodes = ast.walk(self.source.tree)
        return any(isinstance(n, ast.Attribute) and n.attr in ("merge_all", "merge") for n in nodes)

    @cached_property
    def reuses(self) -> ast.AST | None:
        """Where variables are used again by their names, if anywhere."""
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("reuse_variables", "AUTO_REUSE"):
                return node
            if isinstance(node, ast.keyword) and node.arg == "reuse":
                if not isinstance(node.value, ast.Constant) or node.value.value:
                    return node.value
        return None

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """Functions of the module's top level that are bound once."""
        found: dict[str, list[ast.FunctionDef]] = {}
        for stmt in self.source.tree.body:
            if isinstance(stmt, ast.FunctionDef):
                found.setdefault(stmt.name, []).append(stmt)
        return {name: stmts[0] for name, stmts in found.items() if len(stmts) == 1}

    def symbol(self, node: ast.expr) -> str:
        """The symbol of TensorFlow that `node`, a name or a chain of attributes, means, or ""."""
        site = self._sites.get(id(node))
        if site is None:
            return ""
        for value in self.module.inference.values(node, site.scope, site.seq):
            if isinstance(value, Symbol):
                return paths.symbol(value.path)
        return ""

    def origin(self, node: ast.expr) -> str:
        """Where what `node` means comes from: `plain`, `project` (with TensorFlow in it) or ""."""
        site = self._sites.get(id(node))
        if site is None:
            return ""
        values = self.module.inference.values(node, site.scope, site.seq)
        for value in values:
            if isinstance(value, LocalFunction) and value.scope.top is not site.scope.top:
                text = ast.unparse(value.scope.node)
                return "project" if "tf." in text or "tensorflow" in text else "plain"
            if isinstance(value, Foreign):
                return "plain" if value.origin.partition(".")[0] in _PACKAGES else "foreign"
        return ""

    def facts(self, function: ast.FunctionDef) -> Facts:
        """What `function` does."""
        if function not in self._known:
            self._known[function] = None  # of one that calls itself nothing more is found
            self._known[function] = self._found(function)
        return self._known[function] or Facts(function)

    def _found(self, function: ast.FunctionDef) -> Facts:
        own = set(local_names(function))
        reads = {
            n.id for n in ast.walk(function)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id not in own
        }  # fmt: skip
        flags = dict.fromkeys(
            ("makes", "places", "runs", "random", "effect", "tf", "records"), False
        )
        layers = ""
        for call in (n for n in ast.walk(function) if isinstance(n, ast.Call)):
            symbol = self.symbol(call.func)
            if symbol:
                flags["makes"] |= symbol in MAKERS or symbol in MADE_LAYERS
                flags["places"] |= "placeholder" in symbol
                flags["runs"] |= symbol in PLAIN_SESSIONS
                flags["random"] |= draws(symbol)
                flags["effect"] |= updates(symbol)
                flags["tf"] |= not is_plain(symbol)
                flags["records"] |= symbol.startswith("tf.summary.")
                if symbol.startswith(LAYERS) and symbol not in MADE_LAYERS:
                    layers = layers or symbol
                continue
            if isinstance(call.func, ast.Attribute):
                flags["effect"] |= call.func.attr in UPDATERS
                flags["runs"] |= call.func.attr == "eval" or (
                    call.func.attr == "run" and "sess" in ast.unparse(call.func.value)
                )
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            other = self.functions.get(name) if name not in own else None
            if other is not None and other is not function:
                below = self.facts(other)
                reads |= below.reads
                layers = layers or below.layers
                flags["makes"] |= below.makes
                flags["places"] |= below.places
                flags["runs"] |= below.runs
                flags["random"] |= below.random
                flags["effect"] |= below.effect
                flags["tf"] |= below.uses_tensorflow
                flags["records"] |= below.records
        returns = list(_returned(function))
        return Facts(
            function, frozenset(reads), flags["makes"], flags["places"], flags["runs"],
            flags["random"], flags["effect"], layers, flags["records"], flags["tf"],
            gives_variables=bool(returns) and all(self._is_variable(r, function) for r in returns),
            gives_several=any(isinstance(r, ast.Tuple | ast.List | ast.Dict) for r in returns),
            layer=_inner(function, returns),
        )  # fmt: skip

    def _is_variable(self, expr: ast.expr, function: ast.FunctionDef) -> bool:
        """Whether what a function gives is a variable that it has made, or several."""
        if isinstance(expr, ast.Tuple | ast.List):
            return bool(expr.elts) and all(self._is_variable(e, function) for e in expr.elts)
        if isinstance(expr, ast.Name):
            values = [
                n.value for n in ast.walk(function)
                if isinstance(n, ast.Assign) and len(n.targets) == 1
                and isinstance(n.targets[0], ast.Name) and n.targets[0].id == expr.id
            ]  # fmt: skip
            return len(values) == 1 and self._is_variable(values[0], function)
        if not isinstance(expr, ast.Call):
            return False
        if self.symbol(expr.func) in MAKERS:
            return True
        name = expr.func.id if isinstance(expr.func, ast.Name) else ""
        other = self.functions.get(name)
        return other is not None and other is not function and self.facts(other).gives_variables


def _returned(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """What a function gives, not what functions in it give."""
    stack: list[ast.AST] = [*function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value
        elif not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            stack += ast.iter_child_nodes(node)


def _inner(function: ast.FunctionDef, returns: list[ast.expr]) -> ast.FunctionDef | None:
    """The function within `function` that it gives, if it gives one."""
    if len(returns) != 1 or not isinstance(returns[0], ast.Name):
        return None
    name = returns[0].id
    found = [n for n in function.body if isinstance(n, ast.FunctionDef) and n.name == name]
    return found[0] if found else None


def local_names(function: ast.FunctionDef) -> Iterator[str]:
    """The names that a function binds itself."""
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node is not function:
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
