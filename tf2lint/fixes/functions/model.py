"""Plain records: what a program of TF 1 is made of, and why one is left as it is."""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass, field


class Refused(Exception):
    """A program that is left as it is; says why, in few words, and where."""

    def __init__(self, reason: str, node: ast.AST | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = getattr(node, "lineno", 0)


class Kind(enum.Enum):
    """What a value is, for who takes the graph apart."""

    PYTHON = "a Python value"
    CONSTANT = "a tensor that never changes"
    RANDOM = "a tensor that is drawn"
    VARIABLE = "a variable"
    VARIABLES = "several variables"
    LAYER = "what computes with variables of its own"
    PLACEHOLDER = "a placeholder"
    TENSOR = "a tensor that a run computes"
    TENSORS = "several tensors that a run computes"
    OPTIMIZER = "an optimizer"
    TRAIN = "a train op"
    INITIALIZER = "an op that gives variables their first values"
    SESSION = "a session"
    FUNCTION = "a function of the module"
    FEED = "what is fed"
    WRITER = "a writer of summaries"
    SUMMARY = "a summary"
    SAVER = "a saver"


# What a run computes.
COMPUTED = frozenset({Kind.TENSOR, Kind.TENSORS, Kind.PLACEHOLDER})
# What stands for itself, wherever it is used, and is the same each time.
STEADY = frozenset({Kind.PYTHON, Kind.CONSTANT})
OF_VARIABLES = frozenset({Kind.VARIABLE, Kind.VARIABLES, Kind.LAYER})


@dataclass(eq=False)
class Def:
    """A name at a place of the building scope, and what it stands for from there on."""

    name: str
    kind: Kind
    unit: Unit
    trainable: bool = True
    value: ast.expr | None = None


@dataclass(eq=False)
class Unit:
    """A statement of the building scope.

    `role`: `stay`, `placeholder`, `graph` (is run by sessions), `train`, `gone` (has no meaning
    without a session), `driver` (holds runs) or `helper` (a function that reads tensors). `uses`
    are the names that it reads, as they are there. `blocks` are the name scopes around it, from
    the outside in. `helpers` are the functions that go with it.
    """

    place: int
    stmt: ast.stmt
    blocks: tuple[ast.stmt, ...] = ()
    role: str = "stay"
    defs: list[Def] = field(default_factory=list)
    uses: list[Def] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    random: bool = False
    effect: bool = False
    foreign: str = ""  # what is called there and is not in sight
    step: Step | None = None
    helpers: list[Unit] = field(default_factory=list)
    recorded: Recorded | None = None
    merged: list[Unit] = field(default_factory=list)  # units of summaries, its own among them
    saves: list[Def] = field(default_factory=list)  # the variables of the saver that it makes

    @property
    def needs(self) -> list[Unit]:
        """The units that are to be computed before this one, in the same run."""
        return list(dict.fromkeys(
            d.unit for d in self.uses
            if d.unit is not self and d.unit.role in ("graph", "train")
        ))  # fmt: skip

    @property
    def placeholders(self) -> list[Def]:
        """The placeholders that it reads itself."""
        return [d for d in self.uses if d.kind is Kind.PLACEHOLDER]

    @property
    def variables(self) -> list[Def]:
        """The variables that it reads itself."""
        return [d for d in self.uses if d.kind in OF_VARIABLES]


@dataclass(eq=False)
class Step:
    """A train op: `optimizer.minimize(loss)`, or `apply_gradients(pairs)` where `loss` is None.

    `made` is the call that makes the optimizer where that stands in the same statement.
    """

    call: ast.Call
    method: str
    optimizer: ast.expr
    made: bool
    loss: ast.expr | None = None
    var_list: ast.expr | None = None
    global_step: ast.expr | None = None
    rate: Def | None = None  # the placeholder of its learning rate


@dataclass(eq=False)
class Recorded:
    """What a summary op records, and under which name."""

    op: str
    tag: str
    value: ast.expr
    uses: list[Def]
    reads: set[str]


@dataclass(eq=False)
class Saved:
    """A place where a saver saves or restores; `counted` is the step where that is a variable."""

    call: ast.Call
    method: str
    saver: Def
    session: object
    path: ast.expr
    step: ast.expr | None
    counted: ast.expr | None


@dataclass(eq=False)
class Leaf:
    """One thing that is fetched: an expression, what it is, and the units that it needs."""

    expr: ast.expr
    kind: Kind
    uses: list[Def]
    reads: set[str]
    random: bool = False
    effect: bool = False
    text: str = ""  # where it is not that of the expression
    summaries: list[Recorded] = field(default_factory=list)

    @property
    def whole(self) -> Def | None:
        """What is fetched, where that is just a name."""
        if isinstance(self.expr, ast.Name) and not self.text and len(self.uses) == 1:
            return self.uses[0]
        return None


@dataclass(eq=False)
class Run:
    """One place where a session computes: what is fetched and what is fed."""

    call: ast.Call
    unit: Unit
    fetch: ast.expr
    leaves: list[Leaf]
    feeds: list[tuple[Def, ast.expr]]
    loops: frozenset[str]  # names that the loops around it bind
    feed_name: str  # of the dict that is fed, where it has one
    session: object  # what stands for the session that runs it
    targets: set[str] = field(default_factory=set)  # names that the results go to


@dataclass(eq=False)
class Program:
    """A scope that builds a graph, with all that sessions do with it."""

    scope: ast.Module | ast.FunctionDef
    units: list[Unit] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    unwrapped: list[ast.With] = field(default_factory=list)  # `with tf.Session()`
    inner_gone: list[ast.stmt] = field(default_factory=list)  # deeper statements that go
    feeds: list[Def] = field(default_factory=list)  # dicts with a name that are fed
    recorded: list[Unit] = field(default_factory=list)  # units of summaries
    writers: list[ast.Call] = field(default_factory=list)
    added: list[ast.Call] = field(default_factory=list)  # what writes summaries
    saved: list[Saved] = field(default_factory=list)
    shown: list[ast.Name] = field(default_factory=list)  # placeholders that are printed
