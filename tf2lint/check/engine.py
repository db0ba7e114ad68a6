"""From a module's source to its findings, in source order.

The way: a text search tells modules that cannot mean TensorFlow; one walk finds bindings and
sites; each site that may mean a symbol is resolved and handed to the rules that ask for it.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TypeVar

from tf2lint import internal_error
from tf2lint.check.diagnostics import diagnose, one_of_several, spelled, unspoken
from tf2lint.check.dispatch import as_whole, by_name, fits_both, is_quiet, is_settled
from tf2lint.check.facts import Module
from tf2lint.check.prefilter import MARK, may_concern
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import QUIET, Entry, Matched, Registry, registry
from tf2lint.finding import Finding, Rule
from tf2lint.fixes.compat_v1 import side_of
from tf2lint.options import Options
from tf2lint.semantics import keras_switch
from tf2lint.semantics.files import MAKER
from tf2lint.semantics.inference import Inference
from tf2lint.semantics.project import Session, project
from tf2lint.semantics.scopes import Site
from tf2lint.semantics.values import (
    Builtin,
    Foreign,
    Instance,
    LocalFunction,
    Member,
    Nothing,
    Symbol,
    Text,
    Unknown,
    Value,
    Values,
)
from tf2lint.source import Source
from tf2lint.tensorflow import api, paths

_DEEPEST = 16  # dots that the name of a symbol may have
_DYNAMIC = frozenset({"getattr", "__import__", "import_module", "super"})
_NEVER_TENSORFLOW = frozenset({"builtins", "numpy", "pandas", "scipy", "torch"}).union(
    sys.stdlib_module_names
)
_SEVERITY = {"removed": 0, "changed": 1, "compat": 2, "idiom": 3}


def check(source: Source, options: Options) -> list[Finding]:
    """All findings of one module, sorted, rules that are off left out.

    Raises what parsing raises. A mistake of this package is a finding of `internal_error.BROKEN`:
    what one rule breaks at, the other rules are still asked.
    """
    with closing(Look(source, options)) as look:
        return look.findings


class Look:
    """A look at one module: its `findings`, as `check` gives them.

    Until it is closed, each of them may be had with its edits, as well.
    """

    def __init__(self, source: Source, options: Options) -> None:
        self._held = ExitStack()
        self._examination: Examination | None = None
        try:
            if not may_concern(source.text, source.path, options) or not _concerns(source, options):
                self.findings: list[Finding] = []
                return
        except Exception as error:  # no host shall fall for it
            self.findings = [internal_error.broken(error)]
            return
        tree = source.tree
        del tree  # parsed here, so that what is raised below is no fault of the text
        try:
            examination = self._held.enter_context(examined(source, options))
            self.findings = examination.findings()
            self._examination = examination
        except Exception as error:
            self.findings = [internal_error.broken(error)]
            self.close()

    def edited(self, finding: Finding, edits: str) -> Finding:
        """One of the findings with its `edits`, as in `Options`. Raises what making them raises."""
        return finding if self._examination is None else self._examination.edited(finding, edits)

    def close(self) -> None:
        """Let go of the module."""
        self._examination = None
        self._held.close()


_Answer = TypeVar("_Answer")


def asked(source: Source, options: Options, ask: Callable[[Examination], _Answer]) -> _Answer:
    """What `ask` says of one module. Raises what parsing raises."""
    with examined(source, options) as examination:
        return ask(examination)


@contextmanager
def examined(source: Source, options: Options) -> Iterator[Examination]:
    """One module under examination. Raises what parsing raises."""
    if options.target >= api.KERAS_3:  # the code may say itself which Keras it runs with
        keras = options.keras or keras_switch.said_for(source)
        options = replace(options, target=api.with_keras(options.target, keras))
    last = _KEPT.get()
    if last is not None:
        yield Examination(last.source_of(source, options), options, last.inference)
        return
    with closing(_session(source, options)) as session:
        yield Examination(source, options, _analyzed(source, session))


@contextmanager
def kept() -> Iterator[None]:
    """Until this ends, a text that was analysed last is not analysed anew for each question."""
    last = _Kept()
    token = _KEPT.set(last)
    try:
        yield
    finally:
        _KEPT.reset(token)
        last.close()


class _Kept:
    """The last module that was analysed, its session still open."""

    inference: Inference

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._source: Source | None = None
        self._session: Session | None = None

    def source_of(self, source: Source, options: Options) -> Source:
        """`source` itself, or an equal one: the one that `inference` is of."""
        key = (source.text, source.path, options.target, *options.aliases.items())
        if self._source is None or key != self._key:
            self.close()
            self._session = _session(source, options)
            self.inference = _analyzed(source, self._session)
            self._source, self._key = source, key
        return self._source

    def close(self) -> None:
        """Let go of it."""
        if self._session is not None:
            self._session.close()
        self._session = self._source = None


_KEPT: ContextVar[_Kept | None] = ContextVar("_KEPT", default=None)


def _analyzed(source: Source, session: Session) -> Inference:
    return session.analyze(source.tree, keras=MARK in source.text)


def _session(source: Source, options: Options) -> Session:
    path = None if source.path is None else os.path.abspath(source.path)
    return Session(project(options.target, tuple(options.aliases.items())), path)


def _concerns(source: Source, options: Options) -> bool:
    """The second look: whether a module that does not name TensorFlow imports any of it."""
    if MARK in source.text:
        return True
    with closing(_session(source, options)) as session:
        return session.concerns(source.text)


class Examination:
    """One module being looked at."""

    def __init__(self, source: Source, options: Options, inference: Inference) -> None:
        self.source = source
        self.options = options
        self.rules: Registry = registry()
        self.inference = inference
        self.binder = inference.binder
        self.reachability = inference.reachability
        self.module = Module(source, self.inference, options)
        self.methods = self.rules.members()
        self._broken: dict[tuple[str, str], Finding] = {}  # by rule and place in our code
        self._said: set[int] = set()  # parts of a getattr(...) that is the reference
        self._hushed = False  # a matcher took the last place and keeps quiet
        self._made_by: dict[int, tuple[Finding, Entry, Reference]] = {}  # by the finding's id
        self._modules: dict[str, Module] = {}  # by what edits are asked for
        self._argument_fallbacks = [
            entry for entry in self.rules.rest("calls") if entry.word in source.text
        ]
        self._by_signature = all(entry.by_signature for entry in self._argument_fallbacks)
        self._unknown_names = {*self.rules.unknown, *self.rules.beside_unknown}
        self._asked_names = self._unknown_names | self.rules.foreign | _DYNAMIC

    def findings(self) -> list[Finding]:
        """The findings, each once, in source order."""
        found: dict[tuple[object, ...], Finding] = {}
        sites = map(self._at, self.binder.sites)
        for finding in chain(chain.from_iterable(sites), self._stores()):
            key = (finding.line, finding.column, finding.end_line, finding.end_column,
                   finding.code)  # fmt: skip
            found.setdefault(key, finding)
        if self.options.moved:
            said = {finding.hint.edits for finding in found.values() if finding.hint is not None}
            for ref in self.references():
                more = None if self._guarded(ref) else self._unspoken(ref)
                if more is not None and more.hint is not None and more.hint.edits not in said:
                    said.add(more.hint.edits)
                    found[more.line, more.column, id(ref)] = more
        return sorted([*found.values(), *self._broken.values()])

    def references(self) -> Iterator[Reference]:
        """Every place that means one name of TensorFlow, whatever the rules say of it."""
        for site in self.binder.sites:
            node = site.node
            if isinstance(node, ast.alias):
                yield from self._imports(site, node)
            elif not self._means_nothing(node, site, named=False):
                found = self._named(site, node)
                ref = None if found is None else self._symbol_reference(site, *found)
                if ref is not None:
                    yield ref

    def side(self) -> str:
        """What the module is written for; see `compat_v1.side_of`."""
        return side_of(self.references(), self._guarded)

    def _named(self, site: Site, node: ast.expr) -> tuple[ast.expr, str] | None:
        """The longest part of a chain of attributes that means one name, and its path."""
        if site.call is not None and site.call.args:
            reached = self.inference.values(node, site.scope, site.seq)
            if any(isinstance(v, Builtin) for v in reached):  # getattr(tf, "Session")
                node = site.call
        while True:
            values = self.inference.values(node, site.scope, site.seq)
            names = {v.path for v in values if isinstance(v, Symbol)}
            if names:
                alone = len(names) == 1 and all(isinstance(v, Symbol | Nothing) for v in values)
                return (node, names.pop()) if alone else None
            if not isinstance(node, ast.Attribute):
                return None
            node = node.value

    def _guarded(self, ref: Reference) -> bool:
        return not self.options.report_guarded and self.reachability.guarded(ref.site, "nothing")

    def _unspoken(self, ref: Reference) -> Finding | None:
        try:
            return unspoken(ref, self.options, self._note)
        except Exception as error:
            self._broken.setdefault(("", internal_error.where(error)), internal_error.broken(error))
            return None

    def _stores(self) -> Iterator[Finding]:
        """Findings on `object.attribute = value`."""
        names = {symbol.rpartition(".")[2] for symbol in self.rules.stores}
        for target, binding in self.binder.stores:
            if target.attr not in names:
                continue
            for value in self.inference.values(target.value, binding.scope, binding.seq):
                stmt = self.source.enclosing(target, ast.stmt)
                if isinstance(value, Instance) and stmt is not None:
                    site = Site(target, None, binding.scope, binding.seq, binding.guard, stmt,
                                "store")  # fmt: skip
                    ref = Reference(
                        self.module, site, target, f"{value.path}.{target.attr}",
                        spelled(self.source, target), receiver=target.value,
                    )  # fmt: skip
                    for entry in by_name(self.rules.stores, ref.symbol):
                        yield from self._findings(entry, ref)

    # One site.

    def _at(self, site: Site) -> Iterator[Finding]:
        if isinstance(site.node, ast.alias):
            yield from self._import(site)
            return
        node: ast.expr = site.node
        if id(node) in self._said or id(site.call) in self._said:
            return
        if site.call is not None and site.call.keywords and self.rules.keywords:
            yield from self._keywords(site, node)
        if self._means_nothing(node, site):
            return
        if site.call is not None:
            # getattr(tf, "Session"), import_module("tensorflow.contrib"): the call is the name.
            reached = self.inference.values(node, site.scope, site.seq)
            if any(type(v).__name__ == "Builtin" for v in reached):
                inner = self.inference.values(site.call, site.scope, site.seq)
                dynamic = [v for v in inner if isinstance(v, Symbol)]
                default = len(site.call.args) > 2
                if dynamic and not default and not _is_partial(reached):
                    whole = site._replace(node=site.call, call=None)
                    yield from self._values(whole, site.call, (*dynamic,))
                    self._said.update(id(part) for part in site.call.args[:1])
                return
        first = True
        while True:
            values = self.inference.values(node, site.scope, site.seq)
            if values:
                self._hushed = False
                produced = list(self._values(site, node, values))
                if produced or self._hushed:
                    yield from produced
                    return
            asked = self._unknown_names if first else self.rules.foreign
            if isinstance(node, ast.Attribute) and node.attr in asked:
                unknown = list(self._unknown(site, node, values))
                if unknown:
                    yield from unknown
                    return
            first = False
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Attribute):
                return
            node = node.value

    def _means_nothing(self, node: ast.expr, site: Site, named: bool = True) -> bool:
        """Whether no rule has a say in what the chain `node` means; so it is with most places.

        What its first name means is asked once for each of its bindings, and what rules say of a
        path is known before the first file: these are two look-ups. With `named` false, only
        chains that mean no symbol are left out.
        """
        asked, stored = self._asked_names, self.inference.stored_attributes
        attributes: tuple[str, ...] = ()
        at = node
        while type(at) is ast.Attribute:
            if at.attr in asked or at.attr in stored:
                return False
            attributes = (at.attr, *attributes)
            at = at.value
        if type(at) is not ast.Name:
            return False
        root = self.inference.root(at, site.scope, site.seq)
        if not root or not named:
            return root == ""
        quiet = is_settled(root, attributes, self.options.target)
        if site.call is None or quiet is None:
            return quiet is not None
        path = ".".join((root, *attributes))
        return quiet and self._by_signature and fits_both(site.call, path, self.options.target)

    def _values(self, site: Site, node: ast.expr, values: Values) -> Iterator[Finding]:
        best: list[Finding] = []
        if any(isinstance(v, Foreign) and paths.under(v.origin, paths.KERAS_2) for v in values):
            # `import tf_keras as keras`, or else `import keras`: this code wants Keras 2.
            values = tuple(v for v in values if not _from_keras_package(v))
        called = site.call is not None and site.call.func is node
        for value in values:
            if type(value) is Symbol:
                quiet = is_quiet(value.path, self.options.target)
                if quiet is not None and (
                    not called
                    or (
                        quiet
                        and self._by_signature
                        and fits_both(site.call, value.path, self.options.target)
                    )
                ):
                    continue
                ref = self._symbol_reference(site, node, value.path)
            elif isinstance(value, Member) and isinstance(node, ast.Attribute):
                path = f"{value.path}.{value.name}"
                ref = Reference(
                    self.module, site, node, path, spelled(self.source, node), receiver=node.value
                )
            elif isinstance(value, Instance) and isinstance(node, ast.Attribute):
                ref = self._property(site, node)
            else:
                continue
            if ref is None:
                continue
            found = self._judge(ref)
            if not found and type(value) is Symbol:
                found = self._stranger(site, node, value.path, ref)
            if found and (not best or _severity(found) < _severity(best)):
                best = found
        if best and len(values) > 1 and _is_open(values):
            # Of its arguments nothing can be said: another of the several may take them.
            at = (node.lineno, node.col_offset)
            best = [one_of_several(f, node) for f in best if (f.line, f.column) == at]
        if best and isinstance(node, ast.Name) and self._is_only_asked(node):
            return
        yield from best

    def _is_only_asked(self, node: ast.Name) -> bool:
        """Whether the name is only asked if there is something: `if Hook is not None`."""
        up = self.source.parent(node)
        if isinstance(up, ast.Compare):
            others = [o for o in (up.left, *up.comparators) if o is not node]
            return all(isinstance(o, ast.Constant) and o.value is None for o in others)
        if isinstance(up, ast.If | ast.IfExp | ast.While | ast.Assert):
            return up.test is node
        return isinstance(up, ast.UnaryOp) and isinstance(up.op, ast.Not)

    def _stranger(self, site: Site, node: ast.expr, path: str, ref: Reference) -> list[Finding]:
        """Findings on a name, `path`, that is not in its module, which `ref` is."""
        found = api.symbol(ref.symbol)
        if path.rpartition(".")[0] != ref.path or found is None or found.kind != "module":
            return []
        return self._judge(Reference(self.module, site, node, path, spelled(self.source, node)))

    def _property(self, site: Site, node: ast.Attribute) -> Reference | None:
        """The reference to a property that a rule asks for, where its type is known, too."""
        if node.attr not in self.methods:
            return None
        for value in self.inference.values(node.value, site.scope, site.seq):
            if isinstance(value, Instance):
                ref = Reference(
                    self.module, site, node, f"{value.path}.{node.attr}",
                    spelled(self.source, node), receiver=node.value,
                )  # fmt: skip
                if by_name(self.rules.exact, ref.symbol):
                    return ref
        return None

    def _keywords(self, site: Site, node: ast.expr) -> Iterator[Finding]:
        """Findings on calls of objects for one of their keywords."""
        assert site.call is not None
        for keyword in site.call.keywords:
            entries = self.rules.keywords.get(keyword.arg or "", ())
            if not entries or not self._uses_tensorflow:
                continue
            values = self.inference.values(node, site.scope, site.seq)
            known = [v for v in values if isinstance(v, Instance)]
            if not known and any(not isinstance(v, Unknown | Nothing) for v in values):
                continue
            if not known and not self.options.unknown_receivers:
                continue
            path = f"{known[0].path if known else 'tensorflow.?'}.__call__"
            ref = Reference(
                self.module, site, node, path, spelled(self.source, node),
                receiver=node, certain=bool(known),
            )  # fmt: skip
            for entry in entries:
                yield from self._findings(entry, ref)

    def _symbol_reference(self, site: Site, node: ast.expr, path: str) -> Reference | None:
        """The reference to the longest part of `path` that is a symbol."""
        whole, whole_node = path, node
        while path.count(".") > _DEEPEST and isinstance(node, ast.Attribute):
            node, path = node.value, path.rpartition(".")[0]
        while paths.route(path) != "private":
            name = paths.symbol(path)
            if name == "tf" or api.known(name) or self.rules.names(name):
                break
            if not isinstance(node, ast.Attribute):
                break
            node = node.value
            path = path.rpartition(".")[0]
            if not path:
                return None
        found = api.symbol(paths.symbol(path))
        if path != whole and (found is None or found.kind == "module"):
            name = paths.symbol(path)
            top = ".".join(name.split(".")[:2])
            gone = found is None and top in self.rules.prefixes  # the tables do not know it
            if gone or name == "tf" or paths.under(name, "tf.contrib"):
                path, node = whole, whole_node
        return Reference(self.module, site, node, path, spelled(self.source, node))

    def _import(self, site: Site) -> Iterator[Finding]:
        alias, stmt = site.node, site.stmt
        assert isinstance(alias, ast.alias)
        module = stmt.module or "" if isinstance(stmt, ast.ImportFrom) else alias.name
        level = stmt.level if isinstance(stmt, ast.ImportFrom) else 0
        if module.partition(".")[0] in self.rules.packages and not level:
            yield from self._package(site, alias, module)
        for ref in self._imports(site, alias):
            yield from self._judge(ref)

    def _imports(self, site: Site, alias: ast.alias) -> Iterator[Reference]:
        """The references that the alias of an import statement is."""
        stmt = site.stmt
        module = stmt.module or "" if isinstance(stmt, ast.ImportFrom) else alias.name
        if isinstance(stmt, ast.ImportFrom) and stmt.level:
            return
        if module.partition(".")[0] not in ("tensorflow", "tensorflow_core", "keras"):
            return
        for value in self.inference.imported(self.inference.import_target(site)):
            if isinstance(value, Symbol):
                spelled = f"{module}.{alias.name}" if isinstance(stmt, ast.ImportFrom) else module
                yield Reference(self.module, site, alias, value.path, spelled)

    def _package(self, site: Site, alias: ast.alias, module: str) -> Iterator[Finding]:
        """Findings on an import of a package beside TensorFlow."""
        name = f"{module}.{alias.name}" if isinstance(site.stmt, ast.ImportFrom) else module
        ref = Reference(self.module, site, alias, name, name)
        ref.symbol = name
        for entry in self.rules.packages[module.partition(".")[0]]:
            yield from self._findings(entry, ref)

    def _unknown(self, site: Site, node: ast.Attribute, values: Values) -> Iterator[Finding]:
        if node.attr not in self.rules.anywhere and not (
            self.options.unknown_receivers and self._uses_tensorflow
        ):
            return
        taken = self._taken_as_unknown(node.attr)
        if not all(taken(v) for v in values):
            return
        base = self.inference.values(node.value, site.scope, site.seq)
        if not all(taken(v) for v in base):
            return
        ref = Reference(
            self.module, site, node, f"tensorflow.?.{node.attr}", spelled(self.source, node),
            receiver=node.value, certain=False,
        )  # fmt: skip
        found: list[Finding] = []
        for entry in self.rules.unknown.get(node.attr, ()):
            found = list(self._findings(entry, ref))
            if found:
                break
        for entry in self.rules.beside_unknown.get(node.attr, ()):
            found += self._findings(entry, ref)
        yield from found

    def _taken_as_unknown(self, method: str) -> Callable[[Value], bool]:
        """Which receivers `method` is looked at on: what other packages give only if it asks."""
        foreign = method in self.rules.foreign

        def taken(value: Value) -> bool:
            if isinstance(value, Foreign):
                package = value.origin.partition(".")[0]
                return foreign and package not in _NEVER_TENSORFLOW
            return isinstance(value, Unknown | Nothing)

        return taken

    @cached_property
    def _uses_tensorflow(self) -> bool:
        """Whether the module imports TensorFlow, or a function that gives it."""
        return any(
            self._brings(value)
            for site in self.binder.sites
            if site.use == "import"
            for value in self.inference.imported(self.inference.import_target(site))
        )

    def _brings(self, value: Value) -> bool:
        given: Iterable[Value] = (value,)
        if isinstance(value, LocalFunction):
            given = self.inference.given(value)
        return any(isinstance(one, Symbol) or one == Builtin(MAKER) for one in given)

    # Rules.

    def _judge(self, ref: Reference) -> list[Finding]:
        beside = [finding for entry in by_name(self.rules.beside, ref.symbol)
                  for finding in self._findings(entry, ref)]  # fmt: skip
        return self._whole_or_arguments(ref) + beside

    def _whole_or_arguments(self, ref: Reference) -> list[Finding]:
        for entry in as_whole(ref):
            if not self._is_on(entry.rule):
                continue
            matched = self._said_by(entry, ref)
            if matched is QUIET:
                self._hushed = True
                return []
            found = list(self._made(entry, ref, matched))
            if found:
                return found
        if ref.call is None:
            return []
        out: list[Finding] = []
        special = by_name(self.rules.arguments, ref.symbol)
        for entry in special:
            out += self._findings(entry, ref, raises="TypeError")
        places = {(f.line, f.column) for f in out}
        fits = not ref.is_method and fits_both(ref.call, ref.path, ref.target)
        for entry in self._argument_fallbacks:
            if fits and entry.by_signature:
                continue
            for finding in self._findings(entry, ref, raises="TypeError"):
                if (finding.line, finding.column) not in places:
                    places.add((finding.line, finding.column))
                    out.append(finding)
        return out

    def _is_on(self, rule: Rule) -> bool:
        return rule.default or rule.code in self.options.enable

    def _findings(self, entry: Entry, ref: Reference, raises: str = "") -> Iterator[Finding]:
        if self._is_on(entry.rule):
            yield from self._made(entry, ref, self._said_by(entry, ref), raises)

    def _said_by(self, entry: Entry, ref: Reference) -> Matched:
        """What the matcher says; nothing where it breaks, which is noted."""
        try:
            matched = entry.match(ref)
            if matched is None or matched is QUIET or isinstance(matched, Report):
                return matched
            return list(matched)
        except Exception as error:
            self._note(entry.rule, ref, error)
            return None

    def _note(self, rule: Rule, ref: Reference, error: Exception) -> None:
        found = internal_error.broken(error, rule, ref.node)
        self._broken.setdefault((rule.code, internal_error.where(error)), found)

    def _made(
        self, entry: Entry, ref: Reference, matched: Matched, raises: str = ""
    ) -> Iterator[Finding]:
        for report in _each(matched):
            status = report.status or ref.status
            if status in ("same", "exists"):
                status = "changed"
            if self.options.allow_compat_v1 and status != "removed":
                # What a module of graphs is told of eager execution is not true of it.
                if ref.route == "v1" or (report.is_of_eager and self.module.needs_tf1):
                    continue
            # A try statement only guards what raises.
            caught = raises or ("" if status == "removed" else "nothing")
            if not self.options.report_guarded and self.reachability.guarded(ref.site, caught):
                continue
            found = diagnose(entry.rule, ref, report, status, self.options, self._note)
            self._made_by[id(found)] = found, entry, ref
            yield found

    def edited(self, finding: Finding, edits: str) -> Finding:
        """A finding of this module, made again by its rule with the edits asked for."""
        if id(finding) not in self._made_by:
            return finding
        _, entry, ref = self._made_by[id(finding)]
        if edits not in self._modules:
            options = replace(self.options, edits=edits)
            self._modules[edits] = Module(self.source, self.inference, options)
        ref = copy(ref)
        ref.module = self._modules[edits]
        for report in _each(entry.match(ref)):
            found = diagnose(entry.rule, ref, report, finding.status, ref.module.options, _raise)
            if found == finding:
                return found
        return finding


def _raise(rule: Rule, ref: Reference, error: Exception) -> None:
    del rule, ref
    raise error


def _each(matched: Matched) -> Iterable[Report]:
    if matched is None:
        return ()
    if isinstance(matched, Report):
        return (matched,)
    return matched


def _is_open(values: Values) -> bool:
    """Whether these are different things; the same by another way, or nothing, is none."""
    known = {paths.symbol(v.path) for v in values if isinstance(v, Symbol)}
    others = any(not isinstance(v, Symbol | Nothing | Text) for v in values)
    return bool(known) and (others or len(known) > 1)


def _severity(findings: list[Finding]) -> int:
    return min(_SEVERITY.get(f.status, 9) for f in findings)


def _from_keras_package(value: Value) -> bool:
    return isinstance(value, Symbol | Instance | Member) and paths.under(value.path, paths.KERAS)


def _is_partial(values: Values) -> bool:
    return any(getattr(v, "name", "") == "partial" for v in values)
