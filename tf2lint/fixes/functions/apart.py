"""Takes functions apart that make variables and compute with tensors as well.

What such a function makes is made once, by the function; it gives back an inner function that
computes. A call becomes two: `hidden_layer = add_layer(1, 10)` and `hidden_layer(x)`. The text
is a program of TF 1 still, with the same graph.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tf2lint.finding import Edit
from tf2lint.fixes import edits as editing
from tf2lint.fixes.functions.model import Refused, Unit
from tf2lint.fixes.functions.names import MADE_LAYERS, MAKERS, Names, draws, local_names
from tf2lint.fixes.functions.naming import identifiers
from tf2lint.fixes.functions.statements import changed
from tf2lint.fixes.functions.texts import extent, moved
from tf2lint.fixes.patterns.blocks import indent_of

_STEP = "    "
_SCOPES = ("tf.name_scope", "tf.variable_scope", "tf.device")


class Apart(Exception):
    """A function that has to be taken apart before its program can be.

    `tensors` are its parameters that are given tensors, `reads` the tensors that it reads by the
    names of the module.
    """

    def __init__(
        self, function: ast.FunctionDef, tensors: set[str], reads: Sequence[str] = ()
    ) -> None:
        super().__init__(function.name)
        self.function, self.tensors, self.reads = function, tensors, list(reads)


def taken_apart(names: Names, apart: Apart) -> str:
    """The module's text with that function taken apart. Raises `Refused`."""
    try:
        body = _Body(names, apart)
    except Apart as inner:  # what it is made of comes first
        if inner.function is apart.function:
            raise Refused(f"{apart.function.name} calls itself", apart.function) from None
        return taken_apart(names, inner)
    edits = [body.edit(), *_calls(names, apart, body)]
    return editing.apply(names.source.text, edits)


# Functions.


@dataclass
class _Simple:
    """A statement without a block of its own that is looked into, and what it has to do with."""

    stmt: ast.stmt
    makes: bool
    reads: set[str]
    binds: set[str]
    draws: bool
    returns: bool


class _Body:
    """The body of a function in two: what is done once, and what is computed."""

    def __init__(self, names: Names, apart: Apart) -> None:
        self.names, self.source = names, names.source
        self.function, self.apart = apart.function, apart
        args = self.function.args
        if self.function.decorator_list or args.vararg or args.kwarg or args.kwonlyargs:
            raise Refused(f"{self.function.name} has a decorator, or arguments of any number",
                          self.function)  # fmt: skip
        self.params = [*args.posonlyargs, *args.args]
        self.defaults = dict(zip(reversed([p.arg for p in self.params]), reversed(args.defaults),
                                 strict=False))  # fmt: skip
        self.tensors = [p.arg for p in self.params if p.arg in apart.tensors]
        self.static = [p.arg for p in self.params if p.arg not in apart.tensors]
        self._inner()
        self.parts = list(self._flat(self.function.body))
        self.made: set[str] = set()
        self.late: set[str] = {*apart.tensors, *apart.reads}
        self._settle()
        self._check()

    # What each statement is.

    def _flat(self, stmts: list[ast.stmt]) -> Iterator[_Simple]:
        for stmt in stmts:
            if isinstance(stmt, ast.Global | ast.Nonlocal):
                raise Refused(f"{self.function.name} binds what the graph is made of", stmt)
            makes = self._makes(stmt)
            if isinstance(stmt, ast.With | ast.If) and (makes or self._is_scope(stmt)):
                yield from self._flat(stmt.body)
                if isinstance(stmt, ast.If):
                    yield from self._flat(stmt.orelse)
                continue
            nodes = list(ast.walk(stmt))
            if makes and not isinstance(stmt, ast.Assign):
                raise Refused(f"{self.function.name} makes variables in a block, or without a name",
                              stmt)  # fmt: skip
            binds = {name for node in nodes for name, _ in changed(node)} | _defined(nodes)
            self._check_own(binds, stmt)
            yield _Simple(
                stmt, makes, {n.id for n in nodes if isinstance(n, ast.Name)}, binds,
                any(self._draws(n) for n in nodes if isinstance(n, ast.Call)),
                any(isinstance(n, ast.Return) for n in nodes),
            )  # fmt: skip

    def _check_own(self, binds: set[str], stmt: ast.stmt) -> None:
        """See that a statement changes nothing but what the function has itself."""
        params = {p.arg for p in self.params}
        for name in sorted(binds - (set(local_names(self.function)) - params) - self.apart.tensors):
            raise Refused(f"{self.function.name} changes {name}", stmt)

    def _is_scope(self, stmt: ast.stmt) -> bool:
        """Whether the block only gives names."""
        if not isinstance(stmt, ast.With):
            return False
        calls = [item.context_expr for item in stmt.items if item.optional_vars is None]
        return len(calls) == len(stmt.items) and all(
            isinstance(c, ast.Call) and self.names.symbol(c.func) in _SCOPES for c in calls
        )

    def _makes(self, stmt: ast.stmt) -> bool:
        return any(isinstance(n, ast.Call) and self._is_maker(n) for n in ast.walk(stmt))

    def _is_maker(self, call: ast.Call) -> bool:
        if self.names.symbol(call.func) in MAKERS | MADE_LAYERS:
            return True
        function = self._local(call)
        return function is not None and self.names.facts(function).makes

    def _local(self, call: ast.Call) -> ast.FunctionDef | None:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        function = self.names.functions.get(name)
        return function if name not in set(local_names(self.function)) else None

    def _draws(self, call: ast.Call) -> bool:
        symbol = self.names.symbol(call.func)
        function = self._local(call)
        return draws(symbol) if symbol else function is not None and (
            self.names.facts(function).random and not self.names.facts(function).makes)  # fmt: skip

    def _settle(self) -> None:
        """Find the names that are known only when something is computed."""
        while True:
            before = len(self.late) + len(self.made)
            for part in self.parts:
                if self._is_early(part):
                    self.made |= part.binds if part.makes else set()
                else:
                    self.late |= part.binds
            if before == len(self.late) + len(self.made):
                return

    def _is_early(self, part: _Simple) -> bool:
        if part.returns:
            return False
        later = self.late | (set() if part.makes else self.made)
        return part.makes or not later & (part.reads | part.binds)

    def _check(self) -> None:
        self._check_order()
        drawn: set[str] = set()
        for part in self.parts:
            if part.makes:
                if part.reads & self.late or part.binds & self.late:
                    raise Refused(f"{self.function.name} makes variables of what it computes",
                                  part.stmt)  # fmt: skip
                self._check_made(part.stmt)
            elif self._is_early(part) and (part.draws or part.reads & drawn):
                drawn |= part.binds
            elif not self._is_early(part) and part.reads & drawn:
                raise Refused(f"what {self.function.name} draws is used for more than variables",
                              part.stmt)  # fmt: skip
        self._check_tests(self.function.body)

    def _check_order(self) -> None:
        """See that what is computed reads what it read before: nothing that is bound later."""
        last = {name: place for place, part in enumerate(self.parts)
                if self._is_early(part) for name in part.binds}  # fmt: skip
        returned = False
        for place, part in enumerate(self.parts):
            if part.makes and returned:
                raise Refused(f"{self.function.name} may return before it makes a variable",
                              part.stmt)  # fmt: skip
            returned = returned or part.returns
            for name in () if self._is_early(part) else sorted(part.reads):
                if last.get(name, place) > place:
                    raise Refused(f"{name} stands for two things", part.stmt)

    def _inner(self) -> None:
        """Functions that this one calls, and that are to be taken apart themselves, come first."""
        computed = self._computed()
        for call in (n for n in ast.walk(self.function) if isinstance(n, ast.Call)):
            function = self._local(call)
            facts = self.names.facts(function) if function is not None else None
            if facts is None or not facts.makes or facts.gives_variables or facts.layer:
                continue
            assert function is not None
            tensors = {name for name, value in bound(function, call).items()
                       if any(isinstance(n, ast.Name) and n.id in computed
                              for n in ast.walk(value))}  # fmt: skip
            raise Apart(function, tensors, [n for n in self.apart.reads if n in facts.reads])

    def _computed(self) -> set[str]:
        """The names that stand for tensors, and for what is made of them."""
        found = {*self.apart.tensors, *self.apart.reads}
        stmts = [n for n in ast.walk(self.function) if isinstance(n, ast.Assign | ast.AugAssign)]
        while True:
            before = len(found)
            for stmt in stmts:
                read = {n.id for n in ast.walk(stmt.value) if isinstance(n, ast.Name)}
                if read & found or self._makes(stmt):
                    found |= {name for node in ast.walk(stmt) for name, _ in changed(node)}
            if len(found) == before:
                return found

    def _check_made(self, stmt: ast.stmt) -> None:
        """See that the statement does nothing but make variables."""
        assert isinstance(stmt, ast.Assign)
        values = stmt.value.elts if isinstance(stmt.value, ast.Tuple | ast.List) else [stmt.value]
        if isinstance(stmt.value, ast.Dict):
            values = stmt.value.values
        for value in values:
            if not isinstance(value, ast.Call) or not self._is_maker(value):
                raise Refused(f"{self.function.name} makes variables within a computation", stmt)

    def _check_tests(self, stmts: list[ast.stmt]) -> None:
        for stmt in stmts:
            if isinstance(stmt, ast.If) and self._makes(stmt):
                read = {n.id for n in ast.walk(stmt.test) if isinstance(n, ast.Name)}
                bound_here = {name for part in self.parts for name in part.binds}
                if read & (self.late | self.made | bound_here):
                    raise Refused(f"{self.function.name} makes variables where a test says so",
                                  stmt)  # fmt: skip
            for name in ("body", "orelse"):
                self._check_tests(getattr(stmt, name, []))

    # Text.

    def edit(self) -> Edit:
        """The edit that puts the function in two."""
        source, function = self.source, self.function
        old = indent_of(source, function)
        first, last = extent(source, function)
        has_text = ast.get_docstring(function) is not None
        rows = []
        if has_text:
            text = function.body[0]
            rows += [source.lines[n].rstrip("\r\n")
                     for n in range(text.lineno - 1, text.end_lineno or 0)]  # fmt: skip
        body = function.body[1:] if has_text else function.body
        inner = self.inner_name
        late = self._emitted(body, True, old + _STEP * 2)
        early = self._emitted(body, False, old + _STEP)
        lines = [
            f"{old}def {function.name}({self._signature(self.static)}):",
            *rows,
            *_opened(early),
            "",
            f"{old}{_STEP}def {inner}({self._signature(self._inputs())}):",
            *_opened(late),
            "",
            f"{old}{_STEP}return {inner}",
        ]
        return Edit(first, 0, last + 1, 0, "\n".join(lines) + "\n")

    @property
    def inner_name(self) -> str:
        """The name of the function that computes."""
        taken = {n.id for n in ast.walk(self.function) if isinstance(n, ast.Name)}
        taken.update(local_names(self.function))
        for name in ("layer" if "layer" in self.function.name.lower() else "apply", "compute"):
            if name not in taken:
                return name
        return f"apply_{self.function.name}"

    def _inputs(self) -> list[str]:
        plain = [name for name in self.tensors if name not in self.defaults]
        return [*plain, *self.apart.reads, *(n for n in self.tensors if n in self.defaults)]

    def _signature(self, params: list[str]) -> str:
        parts = []
        for name in params:
            default = self.defaults.get(name)
            parts.append(name if default is None else f"{name}={self.source.segment(default)}")
        return ", ".join(parts)

    def _emitted(self, stmts: list[ast.stmt], is_late: bool, indent: str) -> list[str]:
        of = {id(part.stmt): part for part in self.parts}
        lines: list[str] = []
        for stmt in stmts:
            part = of.get(id(stmt))
            if part is not None:
                if self._is_early(part) is not is_late:
                    lines += moved(self.source, Unit(-1, stmt), indent, set())
                continue
            assert isinstance(stmt, ast.With | ast.If)
            if isinstance(stmt, ast.With) and is_late:
                lines += self._emitted(stmt.body, True, indent)
                continue
            lines += self._block(stmt, is_late, indent)
        return lines

    def _block(self, stmt: ast.With | ast.If, is_late: bool, indent: str) -> list[str]:
        body = self._emitted(stmt.body, is_late, indent + _STEP)
        other = []
        if isinstance(stmt, ast.If):
            other = self._emitted(stmt.orelse, is_late, indent + _STEP)
        if not body and not other:
            return []
        if isinstance(stmt, ast.With):
            items = ", ".join(self.source.one_line(item.context_expr) for item in stmt.items)
            return [f"{indent}with {items}:", *_opened(body)]
        lines = [f"{indent}if {self.source.one_line(stmt.test)}:"]
        lines += _opened(body) or [f"{indent}{_STEP}pass"]
        return [*lines, *([f"{indent}else:", *_opened(other)] if other else [])]


def _opened(lines: list[str]) -> list[str]:
    return lines[1:] if lines and not lines[0] else lines


def _defined(nodes: list[ast.AST]) -> set[str]:
    return {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def bound(function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr]:
    """The arguments of `call` by the parameters of `function`. Raises `Refused`."""
    params = [p.arg for p in (*function.args.posonlyargs, *function.args.args)]
    if any(isinstance(a, ast.Starred) for a in call.args) or len(call.args) > len(params):
        raise Refused(f"{function.name} is called with arguments of any number", call)
    found = dict(zip(params, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None:
            raise Refused(f"{function.name} is called with arguments of any number", call)
        found[keyword.arg] = keyword.value
    return found


# Calls.


def _calls(names: Names, apart: Apart, body: _Body) -> Iterator[Edit]:
    """The edits for the calls of the function."""
    name = apart.function.name
    calls = []
    for node in ast.walk(names.source.tree):
        if isinstance(node, ast.Name) and node.id == name:
            call = names.source.parent(node)
            if not isinstance(call, ast.Call) or call.func is not node:
                raise Refused(f"{name} makes variables and more, and is not just called", node)
            calls.append(call)
    sites = []
    for call in calls:
        given = bound(apart.function, call)
        tensors = [v for k, v in given.items() if k in apart.tensors]
        named = any(k in body.defaults for k in given if k in apart.tensors)
        sites.append(Site(call, name, tensors, apart.reads, named))
    yield from in_two(names, sites)


@dataclass
class Site:
    """A call that is to become two: what makes, `maker`, and what computes with `tensors`."""

    call: ast.Call
    maker: str
    tensors: list[ast.expr]
    more: list[str] = field(default_factory=list)  # names that are given, too
    named: bool = False  # whether these are given by name
    bare: bool = False  # whether the tensors are given by their places


def in_two(names: Names, sites: list[Site]) -> Iterator[Edit]:
    """The edits that make the objects above the statements, and call them. Raises `Refused`."""
    source = names.source
    taken = identifiers(source.tree)
    sites = sorted(sites, key=lambda s: (s.call.end_lineno or 0, s.call.end_col_offset or 0))
    above: dict[ast.stmt, list[str]] = {}
    for site in sites:
        call = site.call
        stmt = _statement(names, call)
        held = _free(_wanted(stmt, call), taken)
        kept: list[ast.expr | ast.keyword] = []
        static = []
        parts: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        for part in parts:
            value = part.value if isinstance(part, ast.keyword) else part
            if value in site.tensors:
                kept.append(value if site.bare else part)
            else:
                static.append(source.segment(part))
        above.setdefault(stmt, []).append(f"{held} = {site.maker}({', '.join(static)})")
        func = call.func
        yield Edit(func.lineno, func.col_offset, func.end_lineno or 0, func.end_col_offset or 0,
                   held)  # fmt: skip
        named = site.named or any(isinstance(part, ast.keyword) for part in kept)
        more = "".join(f", {name}={name}" if named else f", {name}" for name in site.more)
        yield from gaps(call, kept, more)
    for stmt, lines in above.items():
        at = (stmt.lineno, stmt.col_offset)
        indent = indent_of(source, stmt)
        yield Edit(*at, *at, "".join(f"{line}\n{indent}" for line in lines))


def _statement(names: Names, call: ast.Call) -> ast.stmt:
    """The statement that the call is made in, where it is made just once."""
    source = names.source
    node: ast.AST | None = source.parent(call)
    while node is not None and not isinstance(node, ast.stmt):
        if isinstance(node, ast.Lambda | ast.comprehension | ast.IfExp | ast.BoolOp | ast.ListComp
                      | ast.GeneratorExp | ast.DictComp | ast.SetComp):  # fmt: skip
            raise Refused("variables are made within an expression", call)
        node = source.parent(node)
    if not isinstance(node, ast.Assign | ast.Return | ast.Expr | ast.AnnAssign | ast.AugAssign):
        raise Refused("variables are made in the head of a block", call)
    up = source.parent(node)
    while up is not None and not isinstance(up, ast.FunctionDef | ast.Module):
        if isinstance(up, ast.For | ast.While | ast.ClassDef | ast.Try):
            raise Refused("variables are made in a loop or a class", call)
        up = source.parent(up)
    return node


def _wanted(stmt: ast.stmt, call: ast.Call) -> str:
    """A name for what the call makes."""
    target = stmt.targets[0] if isinstance(stmt, ast.Assign) else None
    if isinstance(target, ast.Tuple | ast.List):
        target = target.elts[0]
    if isinstance(target, ast.Name) and isinstance(stmt, ast.Assign) and stmt.value is call:
        bare = target.id.removesuffix("_")
    else:
        last = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
        bare = last.removeprefix("add_").removeprefix("make_").removeprefix("build_")
    return f"apply_{bare}" if bare.endswith(("layer", "apply")) else f"{bare}_layer"


def _free(name: str, taken: set[str]) -> str:
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    taken.add(found)
    return found


def gaps(call: ast.Call, kept: Sequence[ast.expr | ast.keyword], tail: str) -> Iterator[Edit]:
    """The edits that leave nothing but `kept` between the parentheses, and `tail` after it."""
    line, column = call.func.end_lineno or 0, call.func.end_col_offset or 0
    lead = "("
    for part in kept:
        yield Edit(line, column, part.lineno, part.col_offset, lead)
        line, column, lead = part.end_lineno or 0, part.end_col_offset or 0, ", "
    end = (call.end_lineno or 0, call.end_col_offset or 0)
    yield Edit(line, column, *end, f"{tail})" if kept else f"({tail.removeprefix(', ')})")
