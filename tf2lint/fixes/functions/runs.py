"""Reads the runs of a program: what each fetches and is fed."""

from __future__ import annotations

import ast

from tf2lint.fixes.functions import savers, summaries
from tf2lint.fixes.functions.called import Reader
from tf2lint.fixes.functions.kinds import Env
from tf2lint.fixes.functions.model import Def, Kind, Leaf, Program, Refused, Run, Unit
from tf2lint.fixes.functions.names import Names
from tf2lint.fixes.functions.statements import given, keys_of, leaves_of


class Runs:
    """What is known at a place of the building scope, and the runs that were read there."""

    def __init__(self, names: Names, scope: ast.Module | ast.FunctionDef) -> None:
        self.names, self.source = names, names.source
        self.found = Program(scope)
        self.env: Env = {}
        self.unit: Unit | None = None
        self.loops: list[str] = []
        self.default: list[object] = []  # the sessions that run what names none
        self.reader = Reader(names, self.env, self.run, self.saved)

    def saved(self, call: ast.Call) -> None:
        """Note that a saver saves or restores. Raises `Refused`."""
        func = call.func
        name = func.value if isinstance(func, ast.Attribute) else func
        held = self.env.get(name.id) if isinstance(name, ast.Name) else None
        if held is None:
            raise Refused("the saver has no name of its own", call)
        savers.used(call, held, self.reader, self.found)

    def holds(self, node: ast.Name, kind: Kind) -> bool:
        """Whether the name stands for something of that kind."""
        held = self.env.get(node.id)
        return held is not None and held.kind is kind

    def run(self, call: ast.Call, on: Kind) -> None:
        """Note a run. Raises `Refused`."""
        assert self.unit is not None
        if any(run.call is call for run in self.found.runs):
            return  # an expression may be looked at twice
        func = call.func
        assert isinstance(func, ast.Attribute)
        on_session = on is Kind.SESSION
        places = ("fetches", "feed_dict") if on_session else ("feed_dict", "session")
        args = given(call, *places)
        if set(args) - {"fetches", "feed_dict", "session"}:
            raise Refused("a run has options, or arguments that are not in sight", call)
        fetch = args.get("fetches") if on_session else func.value
        if fetch is None:
            raise Refused("a run fetches nothing", call)
        leaves = [self._leaf(part) for part in leaves_of(fetch)]
        feed = args.get("feed_dict")
        feeds = self._feeds(feed)
        by = func.value if on_session else args.get("session")
        held = self.env.get(by.id) if isinstance(by, ast.Name) else None
        session = held.unit.stmt if held is not None else next(reversed(self.default), None)
        loops = frozenset(self.loops)
        name = feed.id if isinstance(feed, ast.Name) else ""
        run = Run(call, self.unit, fetch, leaves, feeds, loops, name, session)
        up = self.source.parent(call)
        if isinstance(up, ast.Assign):
            run.targets = {n.id for t in up.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
        self.found.runs.append(run)

    def _leaf(self, expr: ast.expr) -> Leaf:
        if isinstance(expr, ast.Constant | ast.JoinedStr):
            raise Refused("a tensor is fetched by its name in the graph", expr)
        held = self.env.get(expr.id) if isinstance(expr, ast.Name) else None
        if held is not None and held.kind is Kind.SUMMARY:
            return summaries.leaf(expr, held, self.names)
        with self.reader.fresh() as seen:
            kind = self.reader.kind(expr)
        if kind in (Kind.PYTHON, Kind.OPTIMIZER, Kind.SESSION, Kind.FUNCTION):
            raise Refused(f"what is fetched is not in sight: {ast.unparse(expr)}", expr)
        if seen.makes or seen.helpers:
            raise Refused("a run makes variables, or calls what reads tensors", expr)
        uses = list(dict.fromkeys(seen.uses))
        return Leaf(expr, kind, uses, seen.reads, seen.random, seen.effect)

    def is_feed(self, value: ast.expr) -> bool:
        """Whether `value` is a dict of what placeholders get."""
        keys = value.keys if isinstance(value, ast.Dict) else []
        if not keys or not all(isinstance(k, ast.Name) and self.holds(k, Kind.PLACEHOLDER)
                               for k in keys):  # fmt: skip
            return False
        assert isinstance(value, ast.Dict)
        return all(self.reader.kind(part) is Kind.PYTHON for part in value.values)

    def _feeds(self, feed: ast.expr | None) -> list[tuple[Def, ast.expr]]:
        if feed is None:
            return []
        held = self.env.get(feed.id) if isinstance(feed, ast.Name) else None
        if held is not None and held.kind is Kind.FEED and held.value is not None:
            same = [d for d in self.found.feeds if d.name == held.name]
            if len({ast.unparse(ast.Tuple(keys_of(d.value), ast.Load())) for d in same}) > 1:
                raise Refused("what is fed is put together elsewhere", feed)
            feed = held.value
        if not isinstance(feed, ast.Dict):
            raise Refused("what is fed is put together elsewhere", feed)
        found = []
        for key, value in zip(feed.keys, feed.values, strict=True):
            held = self.env.get(key.id) if isinstance(key, ast.Name) else None
            if held is None or held.kind is not Kind.PLACEHOLDER:
                raise Refused("what is fed is no placeholder", key or feed)
            if self.reader.kind(value) is not Kind.PYTHON:
                raise Refused("a tensor is fed", value)
            found.append((held, value))
        return found
