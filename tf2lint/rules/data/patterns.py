"""Iterators of datasets: what a session read through them is read in Python.

Known are an iterator, made once, its one `get_next()`, and the sessions' runs of just that
element. What else is done with the element in the graph is not followed: no edits then.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from tf2lint.finding import Edit
from tf2lint.fixes.edits import replace
from tf2lint.fixes.patterns.blocks import around, block_of, dedented, place
from tf2lint.fixes.patterns.plan import Plan
from tf2lint.fixes.patterns.scene import Scene, Session, fetched
from tf2lint.semantics.scopes import Binding, Site

_ONE_SHOT, _INITIALIZABLE = "make_one_shot_iterator", "make_initializable_iterator"
TAKES_THE_REST = False
_FOR = "session and iterator: for element in dataset.as_numpy_iterator()"
_NEXT = "session and iterator: next(dataset.as_numpy_iterator())"
_EAGER = "make_one_shot_iterator: iter(dataset) in eager code"
_ITER = "make_one_shot_iterator: iter(dataset)"
_HEAD = re.compile(r"while[ \t]+\(?(?:True|1)\)?[ \t]*:[ \t]*(?:\r\n|\n|\r)[ \t]*try[ \t]*:[ \t]*")
_TAIL = re.compile(r"except[ \t]+[\w.]+[ \t]*:[ \t]*(?:\r\n|\n|\r)?[ \t]*break")
_OUT_OF_RANGE = "tf.errors.OutOfRangeError"
_DATASET = "tf.data.Dataset"


class _Made:
    """An iterator: how it is made and what is read from it."""

    def __init__(self, scene: Scene, site: Site, dataset: ast.expr) -> None:
        self.scene, self.site, self.dataset = scene, site, dataset
        assert site.call is not None
        self.call = site.call
        self.one_shot = _last(site.node) == _ONE_SHOT
        self.binding: Binding | None = None  # of the iterator's own name
        self.next_stmt: ast.Assign | None = None
        self.nodes: list[ast.AST] = [site.node]
        self.initializers: list[tuple[ast.Expr, Session]] = []
        self.runs: list[_Run] = []

    @property
    def name(self) -> str:
        """What the iterator goes by; "" if it has no name."""
        node = self.binding.node if self.binding is not None else None
        return node.id if isinstance(node, ast.Name) else ""


class _Run:
    """A run of the element by a session; `index` of part of it."""

    def __init__(self, call: ast.Call, site: Site, session: Session, index: int | None) -> None:
        self.call, self.site, self.session, self.index = call, site, session, index


def plans(scene: Scene, _taken: set[int]) -> Iterator[Plan]:
    """A plan for each iterator that can be told."""
    for site in scene.sites:
        dataset = _dataset(scene, site)
        if dataset is None:
            continue
        made = _Made(scene, site, dataset)
        plan = None
        if _follow(made, scene.by_node):
            plan = _as_loop(made) or _as_next(made)
        if plan is None and made.one_shot and not scene.opens_sessions:
            plan = _in_eager_code(made)
        if plan is not None:
            yield plan


def _dataset(scene: Scene, site: Site) -> ast.expr | None:
    """The dataset that an iterator is made of, if that is what the site does."""
    call, node = site.call, site.node
    if call is None or call.keywords or _last(node) not in (_ONE_SHOT, _INITIALIZABLE):
        return None
    symbol = scene.called(site)
    if symbol:
        known = symbol in (f"tf.data.{_ONE_SHOT}", f"tf.data.{_INITIALIZABLE}")
        return call.args[0] if known and len(call.args) == 1 else None
    return node.value if isinstance(node, ast.Attribute) and not call.args else None


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _is_known(made: _Made) -> bool:
    """Whether the dataset is one for sure."""
    if made.scene.called(made.site):
        return True
    return made.scene.instance_of(made.dataset, made.site).startswith(_DATASET)


# What is read.


def _follow(made: _Made, by_func: dict[int, Site]) -> bool:
    """Fill in what reads the iterator; false where it is not all known."""
    scene, source = made.scene, made.scene.source
    up = source.parent(made.call)
    if isinstance(up, ast.Assign) and up.value is made.call:
        if len(up.targets) != 1 or not isinstance(up.targets[0], ast.Name):
            return False
        made.binding = scene.binding_of(up.targets[0], made.site.scope)
        uses = scene.uses(made.binding) if made.binding is not None else None
        if uses is None or not all(_is_use(made, use, by_func) for use in uses):
            return False
    elif not _is_next(made, up):
        return False
    if made.next_stmt is None or bool(made.initializers) == made.one_shot:
        return False
    target = made.next_stmt.targets[0]
    elements = target.elts if isinstance(target, ast.Tuple) else [target]
    for index, element in enumerate(elements):
        if not isinstance(element, ast.Name):
            return False
        binding = scene.binding_of(element, made.site.scope)
        uses = scene.uses(binding) if binding is not None else None
        if uses is None:
            return False
        whole = not isinstance(target, ast.Tuple)
        for use in uses:
            run = _run_of(made, use, None if whole else index, by_func)
            if run is None:
                return False
            if all(run.call is not other.call for other in made.runs):
                made.runs.append(run)
    return bool(made.runs) and _in_one_session(made)


def _is_next(made: _Made, attribute: ast.AST | None) -> bool:
    """Whether `attribute` is the `get_next` of the iterator's one `element = it.get_next()`."""
    source = made.scene.source
    if not isinstance(attribute, ast.Attribute) or attribute.attr != "get_next":
        return False
    call = source.parent(attribute)
    if not isinstance(call, ast.Call) or call.func is not attribute or call.args or call.keywords:
        return False
    stmt = source.parent(call)
    if not isinstance(stmt, ast.Assign) or stmt.value is not call or len(stmt.targets) != 1:
        return False
    if made.next_stmt is not None:
        return False
    made.next_stmt = stmt
    made.nodes.append(attribute)
    return True


def _is_use(made: _Made, use: Site, by_func: dict[int, Site]) -> bool:
    if not isinstance(use.node, ast.Attribute) or not isinstance(use.node.value, ast.Name):
        return False
    if use.node.attr == "get_next":
        return _is_next(made, use.node)
    if use.node.attr != "initializer" or made.one_shot:
        return False
    call = made.scene.source.parent(use.node)
    session = _session_of(made.scene, call, by_func)
    if session is None or not isinstance(use.stmt, ast.Expr) or use.stmt.value is not call:
        return False
    assert isinstance(call, ast.Call)
    made.initializers.append((use.stmt, session))
    made.nodes += [use.node, call.func]
    return True


def _session_of(scene: Scene, call: ast.AST | None, by_func: dict[int, Site]) -> Session | None:
    """The session whose `run` with one argument `call` is."""
    if not isinstance(call, ast.Call) or fetched(call) is None:
        return None
    site = by_func.get(id(call.func))
    if site is None or not isinstance(call.func, ast.Attribute) or call.func.attr != "run":
        return None
    binding = scene.single(call.func.value, site)
    return scene.session_of.get(id(binding))


def _run_of(made: _Made, use: Site, index: int | None, by_func: dict[int, Site]) -> _Run | None:
    source = made.scene.source
    up = source.parent(use.node)
    if isinstance(up, ast.List | ast.Tuple) and made.next_stmt is not None:
        target = made.next_stmt.targets[0]
        names = [n.id for n in target.elts] if isinstance(target, ast.Tuple) else []  # type: ignore[attr-defined]
        if [getattr(n, "id", "") for n in up.elts] != names:
            return None
        up, index = source.parent(up), None
    session = _session_of(made.scene, up, by_func)
    if session is None or not isinstance(up, ast.Call):
        return None
    site = by_func[id(up.func)]
    made.nodes.append(up.func)
    return _Run(up, site, session, index)


def _in_one_session(made: _Made) -> bool:
    """Whether one session, opened as often as the iterator is made, does it all."""
    sessions = {id(run.session): run.session for run in made.runs}
    for _, session in made.initializers:
        sessions[id(session)] = session
    if len(sessions) != 1:
        return False
    session = next(iter(sessions.values()))
    return around(made.scene.source, session.stmt) == around(made.scene.source, made.site.stmt)


# What is written.


class _Loop(NamedTuple):
    """`while True: try: x = sess.run(...) ... except OutOfRangeError: break`."""

    loop: ast.While
    tried: ast.Try
    head: ast.Assign  # what is run
    handler: ast.ExceptHandler


def _loop_of(made: _Made) -> _Loop | None:
    """The loop that the one run is the head of, where it ends with the data and no earlier."""
    if len(made.runs) != 1 or made.next_stmt is None or made.runs[0].index is not None:
        return None
    source = made.scene.source
    run = made.runs[0]
    head = run.site.stmt
    tried = source.parent(head)
    loop = source.parent(tried) if tried is not None else None
    if not isinstance(head, ast.Assign) or head.value is not run.call or len(head.targets) != 1:
        return None
    if not isinstance(tried, ast.Try) or not isinstance(loop, ast.While) or loop.orelse:
        return None
    if tried.body[0] is not head or len(tried.body) < 2 or tried.orelse or tried.finalbody:
        return None
    if len(tried.handlers) != 1 or loop.body != [tried] or _others_run(made, tried.body):
        return None
    [handler] = tried.handlers
    if not _is_out_of_range(made, handler) or not isinstance(handler.body[0], ast.Break):
        return None
    return _Loop(loop, tried, head, handler) if len(handler.body) == 1 else None


def _is_plain(made: _Made, shape: _Loop) -> bool:
    """Whether nothing stands between the parts of the loop that go: no test, no comment."""
    source = made.scene.source
    loop, tried, stmt, handler = shape
    head = source.between(loop.lineno, loop.col_offset, stmt.lineno, 0)
    tail = source.between(handler.lineno, handler.col_offset, *place(handler.body[-1])[2:])
    rest = source.lines[(handler.end_lineno or 1) - 1].encode("utf-8", "surrogatepass")
    last = tried.body[-1].end_lineno or tried.body[-1].lineno
    return (
        _HEAD.fullmatch(head.rstrip()) is not None
        and _TAIL.fullmatch(tail) is not None
        and not rest[handler.end_col_offset or 0 :].strip()
        and not source.between(last + 1, 0, handler.lineno, 0).strip()
    )


def _as_loop(made: _Made) -> Plan | None:
    """The `for` loop, where the one run is the head of a `while True` that ends at the end."""
    source = made.scene.source
    shape = _loop_of(made)
    if shape is None or not _is_plain(made, shape):
        return None
    loop, tried, stmt, handler = shape
    if made.one_shot:
        if around(source, loop) != around(source, made.site.stmt):
            return None
    elif not _starts_over(made, loop):
        return None
    over, edits, gone = _sequence(made)
    moved = dedented(source, tried.body[1:], tried, (stmt.end_lineno or stmt.lineno) + 1)
    if moved is None or not _alone(made, stmt):
        return None
    target = source.segment(stmt.targets[0])
    head = f"for {target} in {over}:{_line_end(source.lines[loop.lineno - 1])}"
    top = Edit(loop.lineno, loop.col_offset, (stmt.end_lineno or 1) + 1, 0, head)
    last = tried.body[-1].end_lineno or tried.body[-1].lineno
    bottom = Edit(last + 1, 0, (handler.end_lineno or 1) + 1, 0, "")
    sure = _is_known(made) and not (made.initializers and "shuffle" in source.text)
    sure = sure and not _is_changed(made)
    assert handler.type is not None
    return Plan.of(
        [*made.nodes, handler.type], _FOR, [*edits, *moved, top, bottom], sure,
        [*gone, *(started for started, _ in made.initializers)],
    )  # fmt: skip


def _line_end(row: str) -> str:
    return row[len(row.rstrip("\r\n")) :] or "\n"


def _alone(made: _Made, stmt: ast.stmt) -> bool:
    """Whether `stmt` ends its line, without a comment."""
    row = made.scene.source.lines[(stmt.end_lineno or 1) - 1].encode("utf-8", "surrogatepass")
    return not row[stmt.end_col_offset or 0 :].strip()


def _starts_over(made: _Made, loop: ast.While) -> bool:
    """Whether the only initialization stands right before the loop."""
    if len(made.initializers) != 1:
        return False
    block = block_of(made.scene.source, loop)
    at = block.index(loop)
    return at > 0 and block[at - 1] is made.initializers[0][0]


def _sequence(made: _Made) -> tuple[str, list[Edit], list[ast.stmt]]:
    """What to loop over, the edits that make it, and the statements that go."""
    source = made.scene.source
    assert made.next_stmt is not None
    text = source.segment(made.dataset)
    stmt = made.site.stmt
    if isinstance(made.dataset, ast.Name) and _stays(made, made.dataset):
        gone: list[ast.stmt] = list(dict.fromkeys([stmt, made.next_stmt]))
        return f"{text}.as_numpy_iterator()", [], gone
    name = made.name
    if not name:
        target = made.next_stmt.targets[0]
        if not isinstance(target, ast.Name):
            return f"{text}.as_numpy_iterator()", [], [stmt]
        edit = replace(made.next_stmt.value, f"{text}.as_numpy_iterator()")
        return target.id, [edit], []
    if made.one_shot:
        edit = replace(made.call, f"{text}.as_numpy_iterator()")
        return name, [edit], [made.next_stmt]
    return f"{name}.as_numpy_iterator()", [replace(made.call, text)], [made.next_stmt]


def _stays(made: _Made, dataset: ast.Name) -> bool:
    """Whether the dataset's name means the same at all its uses."""
    binding = made.scene.single(dataset, made.site)
    return binding is not None and made.scene.uses(binding) is not None


def _as_next(made: _Made) -> Plan | None:
    """`next(iterator)` for each run."""
    source = made.scene.source
    assert made.next_stmt is not None
    if any(run.site.scope.yields for run in made.runs):
        return None  # StopIteration means something else there
    ended = _handlers(made)
    if ended is None:
        return None
    handlers, all_told = ended
    text = f"{_bracketed(made.dataset, source.segment(made.dataset))}.as_numpy_iterator()"
    edits: list[Edit] = []
    name = made.name
    gone: list[ast.stmt] = [made.next_stmt]
    if not name:
        target = made.next_stmt.targets[0]
        if not isinstance(target, ast.Name):
            return None
        name, gone = target.id, []
        edits.append(replace(made.next_stmt.value, text))
    elif made.one_shot:
        edits.append(replace(made.call, text))
    else:
        if not isinstance(made.dataset, ast.Name) or not _stays(made, made.dataset):
            return None
        gone.append(made.site.stmt)
        for stmt, _ in made.initializers:
            if made.scene.source.enclosing(stmt, _FUNCTIONS) is not source.enclosing(
                made.site.stmt, _FUNCTIONS
            ):
                return None
            edits.append(Edit(*place(stmt), f"{name} = {text}"))
    for run in made.runs:
        code = f"next({name})" + ("" if run.index is None else f"[{run.index}]")
        whole = fetched(run.call)
        if isinstance(whole, ast.List) and not _is_unpacked(run):
            code = f"list({code})"
        edits.append(replace(run.call, code))
    for handler in handlers:
        assert handler.type is not None
        edits.append(replace(handler.type, "StopIteration"))
    again = len(made.initializers) > 1 or any(
        around(source, stmt) != around(source, made.site.stmt) for stmt, _ in made.initializers
    )
    sure = _is_known(made) and all_told and not (again and "shuffle" in source.text)
    sure = sure and not _is_changed(made)
    types = [handler.type for handler in handlers if handler.type is not None]
    return Plan.of([*made.nodes, *types], _NEXT, edits, sure, gone)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def _is_unpacked(run: _Run) -> bool:
    stmt = run.site.stmt
    return (
        isinstance(stmt, ast.Assign)
        and stmt.value is run.call
        and len(stmt.targets) == 1
        and isinstance(stmt.targets[0], ast.Tuple | ast.List)
    )


def _is_changed(made: _Made) -> bool:
    """Whether an array may be written to: those of a session can be, of a dataset not."""
    names = {
        node.id
        for run in made.runs
        if isinstance(run.site.stmt, ast.Assign)
        for target in run.site.stmt.targets
        for node in ast.walk(target)
        if isinstance(node, ast.Name)
    }
    return bool(names & made.scene.written)


def _bracketed(node: ast.expr, text: str) -> str:
    atoms = (ast.Name, ast.Call, ast.Attribute, ast.Subscript)
    return text if isinstance(node, atoms) else f"({text})"


def _is_out_of_range(made: _Made, handler: ast.ExceptHandler) -> bool:
    scene = made.scene
    if handler.type is None or handler.name:
        return False
    site = scene.by_node.get(id(handler.type))
    return site is not None and scene.symbol_of(handler.type, site) == _OUT_OF_RANGE


def _handlers(made: _Made) -> tuple[list[ast.ExceptHandler], bool] | None:
    """The handlers that wait for the end, and whether no others can; None if that is not known.

    A run outside of them, in a function, may have its error caught by whoever calls that.
    """
    source = made.scene.source
    found: list[ast.ExceptHandler] = []
    all_told = True
    for run in made.runs:
        node: ast.AST = run.call
        caught = False
        while (up := source.parent(node)) is not None and not isinstance(up, _FUNCTIONS):
            if isinstance(up, ast.Try) and any(node is stmt for stmt in up.body):
                for handler in up.handlers:
                    names = ast.dump(handler.type) if handler.type is not None else ""
                    if "OpError" in names:
                        return None  # it took the end, too, and StopIteration is none
                    if "OutOfRangeError" not in names:
                        continue
                    if not _is_out_of_range(made, handler) or _others_run(made, up.body):
                        return None
                    caught = True
                    if handler not in found:
                        found.append(handler)
            node = up
        all_told = all_told and (caught or run.site.scope.kind == "module")
    return found, all_told


def _others_run(made: _Made, body: list[ast.stmt]) -> bool:
    """Whether something else that may come to an end is run in `body`."""
    ours = {id(run.call) for run in made.runs}
    ours.update(id(stmt.value) for stmt, _ in made.initializers)
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("run", "eval", "get_next")
        and id(node) not in ours
        for stmt in body
        for node in ast.walk(stmt)
    )


# Without a session.


def _in_eager_code(made: _Made) -> Plan:
    """`iter(dataset)`, whose `get_next` is that of eager iterators in TF 1."""
    text = made.scene.source.segment(made.dataset)
    eager = made.scene.is_eager
    edit = replace(made.call, f"iter({text})")
    return Plan.of([made.site.node], _EAGER if eager else _ITER, [edit], _is_known(made))
