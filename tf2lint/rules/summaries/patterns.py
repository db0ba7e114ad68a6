"""Summaries of TF 1 whose way is in sight from the value to the writer.

Known are a writer, all that is done with it, and where each summary that it writes comes from:
a proto of plain values, or the run of summary ops that record variables.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tf2lint.check.arguments import Arguments
from tf2lint.check.reference import Reference
from tf2lint.finding import Edit
from tf2lint.fixes import edits as editing
from tf2lint.fixes.edits import replace
from tf2lint.fixes.patterns.blocks import indent_of, place
from tf2lint.fixes.patterns.plan import Plan
from tf2lint.fixes.patterns.scene import Scene, Session, fetched
from tf2lint.semantics.scopes import Site
from tf2lint.tensorflow import api

TAKES_THE_REST = False
_PROTO = "summary protos: tf.summary.scalar under the writer"
_MERGED = "merged summaries: tf.summary.scalar under the writer"
_WRITERS = ("tf.summary.FileWriter", "tf.train.SummaryWriter")
_PROTOS = ("tf.Summary", "tf.summary.Summary")
_OPS = ("tf.summary.scalar", "tf.summary.histogram")
_TAG = re.compile(r"[\w.][\w./-]*", re.ASCII)
_KEPT = ("flush", "close")


class _Written(list[tuple[str, str, str]]):
    """What one `add_summary` writes: op, tag and value, as they are written."""


def plans(scene: Scene, _taken: set[int]) -> Iterator[Plan]:
    """A plan for each writer that can be told."""
    for symbol in _WRITERS:
        for site in scene.symbols.get(symbol, ()):
            plan = _Writer(scene, site).plan() if site.call is not None else None
            if plan is not None:
                yield plan


class _Writer:
    """A writer with its uses."""

    def __init__(self, scene: Scene, site: Site) -> None:
        self.scene, self.site, self.source = scene, site, scene.source
        self.nodes: list[ast.AST] = [site.node]
        self.edits: list[Edit] = []
        self.gone: list[ast.stmt] = []
        self.kinds: set[str] = set()
        self.name = ""

    def plan(self) -> Plan | None:
        """The plan, if all uses of the writer are known."""
        uses = self._uses()
        if uses is None or not self._created():
            return None
        adds = 0
        for use in uses:
            node = use.node
            if not isinstance(node, ast.Attribute) or use.call is None:
                return None
            if node.attr in _KEPT and not use.call.args and not use.call.keywords:
                continue
            if node.attr != "add_summary" or not self._added(use):
                return None
            adds += 1
        if not adds or len(self.kinds) != 1:
            return None
        return Plan.of(self.nodes, self.kinds.pop(), self.edits, gone=self.gone)

    def _uses(self) -> list[Site] | None:
        """The places that read the writer; None where some may be elsewhere."""
        stmt = self.site.stmt
        if not isinstance(stmt, ast.Assign) or stmt.value is not self.site.call:
            return None
        target = stmt.targets[0]
        if len(stmt.targets) != 1 or not isinstance(target, ast.Name | ast.Attribute):
            return None
        self.name = ast.unparse(target)
        return self.scene.uses_of(target, self.site.scope)

    def _reference(self, site: Site) -> Reference:
        assert isinstance(site.node, ast.expr)
        return Reference(self.scene.module, site, site.node, "tensorflow", "")

    def _created(self) -> bool:
        """Edit the call that makes the writer."""
        call = self.site.call
        assert call is not None
        target = self.scene.module.target
        given = Arguments(call, api.signature("tf.summary.FileWriter", "tf1", target))
        found = editing.root_for("tf.summary.create_file_writer", self._reference(self.site))
        logdir = given.given.get("logdir")
        if given.open or given.unknown or found is None or logdir is None:
            return False
        if {*given.given} - {"logdir"}:
            return False
        root, added = found
        self.edits += [*added, replace(call.func, f"{root}.summary.create_file_writer")]
        return True

    def _added(self, use: Site) -> bool:
        """Edit one call of `add_summary`."""
        call, stmt = use.call, use.stmt
        assert call is not None
        given = {k.arg: k.value for k in call.keywords}
        summary = call.args[0] if call.args else given.get("summary")
        step = call.args[1] if len(call.args) > 1 else given.get("global_step")
        if summary is None or step is None or not isinstance(stmt, ast.Expr):
            return False
        if stmt.value is not call or len(call.args) + len(call.keywords) != 2:
            return False
        origin, held = self._origin(summary, use)
        if origin is None:
            return False
        written = self._of_proto(origin, use) or self._of_run(origin, use)
        found = editing.root_for("tf.summary.scalar", self._reference(use))
        if not written or found is None:
            return False
        if len(written) > 1 and any(isinstance(n, ast.Call) for n in ast.walk(step)):
            return False
        root, added = found
        if held is not None:
            self.gone.append(held)
        indent = indent_of(self.source, stmt)
        row = self.source.lines[stmt.lineno - 1]
        end = row[len(row.rstrip("\r\n")) :] or "\n"
        unit = "\t" if "\t" in indent else " " * (len(indent) if 0 < len(indent) < 4 else 4)
        at = self.source.segment(step)
        lines = [f"with {self.name}.as_default():"]
        lines += [
            f"{indent}{unit}{root}.summary.{op}({tag}, {value}, step={at})"
            for op, tag, value in written
        ]
        self.nodes.append(use.node)
        self.edits += [*added, Edit(*place(stmt), end.join(lines))]
        return True

    def _origin(self, expr: ast.expr, use: Site) -> tuple[ast.expr | None, ast.stmt | None]:
        """What `expr` is, and the statement that holds it if that is for this alone."""
        if not isinstance(expr, ast.Name):
            return expr, None
        binding = self.scene.single(expr, use)
        uses = self.scene.uses(binding) if binding is not None else None
        stmt = self.source.parent(binding.node) if binding is not None else None
        if uses is None or len(uses) != 1 or not isinstance(stmt, ast.Assign):
            return None, None
        if len(stmt.targets) != 1 or not isinstance(stmt.targets[0], ast.Name):
            return None, None
        block = self.source.parent(use.stmt)
        if self.source.parent(stmt) is not block:
            return None, None
        return stmt.value, stmt

    def _of_proto(self, origin: ast.expr, use: Site) -> _Written:
        """What a proto of plain values holds."""
        if not isinstance(origin, ast.Call) or origin.args or len(origin.keywords) != 1:
            return _Written()
        if self.scene.symbol_of(origin.func, use) not in _PROTOS:
            return _Written()
        values = origin.keywords[0]
        if values.arg != "value" or not isinstance(values.value, ast.List):
            return _Written()
        written, nodes = _Written(), [origin.func]
        for item in values.value.elts:
            if not isinstance(item, ast.Call) or item.args:
                return _Written()
            if self.scene.symbol_of(item.func, use) not in [f"{p}.Value" for p in _PROTOS]:
                return _Written()
            given = {k.arg: k.value for k in item.keywords}
            if {*given} != {"tag", "simple_value"}:
                return _Written()
            tag, value = given["tag"], given["simple_value"]
            texts = [self.source.segment(part) for part in (tag, value)]
            if any("\n" in text for text in texts):
                return _Written()
            written.append(("scalar", texts[0], texts[1]))
            nodes.append(item.func)
        self.nodes += nodes
        self.kinds.add(_PROTO)
        return written

    # Ops that a session runs.

    def _of_run(self, origin: ast.expr, use: Site) -> _Written:
        """What the run of merged summary ops, or of one of them, writes."""
        scene = self.scene
        fetch = fetched(origin) if isinstance(origin, ast.Call) else None
        if not isinstance(origin, ast.Call) or not isinstance(fetch, ast.Name):
            return _Written()
        if not isinstance(origin.func, ast.Attribute) or origin.func.attr != "run":
            return _Written()
        holder = scene.single(origin.func.value, use)
        session = scene.session_of.get(id(holder))
        merged = scene.single(fetch, use)
        uses = scene.uses(merged) if merged is not None else None
        stmt = self.source.parent(merged.node) if merged is not None else None
        if session is None or uses is None or len(uses) != 1 or not isinstance(stmt, ast.Assign):
            return _Written()
        call = stmt.value
        if len(stmt.targets) != 1 or not isinstance(call, ast.Call):
            return _Written()
        made = next((s for s in scene.sites if s.call is call), None)
        ops = self._ops(call, made) if made is not None else []
        written = _Written()
        tags: set[object] = set()
        for op in ops:
            one = self._recorded(op, session)
            if one is None or one[1] in tags:
                return _Written()
            tags.add(one[1])
            written.append(one)
        if not written:
            return _Written()
        self.gone += [stmt, *(op.stmt for op in ops if op.stmt is not stmt)]
        self.nodes += [origin.func, call.func, *(op.node for op in ops)]
        self.kinds.add(_MERGED)
        return written

    def _ops(self, call: ast.Call, site: Site) -> list[Site]:
        """The summary ops that `call` puts together; [] where they cannot be told."""
        scene = self.scene
        symbol = scene.called(site)
        every = [s for name in _OPS for s in scene.symbols.get(name, ()) if s.call is not None]
        every.sort(key=lambda s: (s.node.lineno, s.node.col_offset))
        others = [
            name for name in scene.symbols
            if name.startswith("tf.summary.") and name not in (*_OPS, *_WRITERS, symbol)
            and not name.startswith("tf.summary.Summary")
        ]  # fmt: skip
        if others or any(s.call is None for name in _OPS for s in scene.symbols.get(name, ())):
            return []
        if symbol in _OPS:
            return [site] if every == [site] else []
        if symbol == "tf.summary.merge_all" and not call.args and not call.keywords:
            plain = all(isinstance(s.stmt, ast.Expr) for s in every)
            return every if plain else []
        return []

    def _recorded(self, op: Site, session: Session) -> tuple[str, str, str] | None:
        """Op, tag and value of a summary op on a variable."""
        call, stmt = op.call, op.stmt
        assert call is not None
        if len(call.args) != 2 or call.keywords or op.scope is not self.site.scope:
            return None
        if not isinstance(stmt, ast.Expr | ast.Assign) or stmt.value is not call:
            return None
        up = self.source.parent(stmt)
        if up is not op.scope.node and up is not session.stmt:
            return None
        tag, value = call.args
        if not isinstance(tag, ast.Constant) or not isinstance(tag.value, str):
            return None
        if not _TAG.fullmatch(tag.value) or not isinstance(value, ast.Name):
            return None
        if self.scene.instance_of(value, op) != "tf.Variable":
            return None
        name = self.scene.called(op).rpartition(".")[2]
        return name, self.source.segment(tag), value.id
