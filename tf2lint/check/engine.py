"""From a module's source to its findings, in source order.

The way: a text search tells modules that cannot mean TensorFlow; one walk finds bindings and
sites; each site that may mean a symbol is resolved and handed to the rules that ask for it.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from tf2lint import internal_error
from tf2lint.check.diagnostics import one_of_several
from tf2lint.check.dispatch import fits_both, is_quiet, is_settled
from tf2lint.check.facts import Module
from tf2lint.check.matchers import Matchers
from tf2lint.check.places import Places
from tf2lint.check.prefilter import is_keras, may_concern
from tf2lint.check.receivers import Receivers
from tf2lint.check.reference import Reference
from tf2lint.check.registry import Registry, registry
from tf2lint.finding import Finding
from tf2lint.fixes.compat_v1 import side_of
from tf2lint.options import Options
from tf2lint.semantics import keras_switch
from tf2lint.semantics.calls import NAMING
from tf2lint.semantics.inference import OBJECT, Inference
from tf2lint.semantics.plain import own_name
from tf2lint.semantics.project import Session, project
from tf2lint.semantics.scopes import Site
from tf2lint.semantics.values import (
    Builtin,
    Foreign,
    Instance,
    Member,
    Nothing,
    Symbol,
    Text,
    Value,
    Values,
)
from tf2lint.source import Source
from tf2lint.tensorflow import api, paths

_DYNAMIC = NAMING | {"super"}
_SPOKEN_OF = frozenset({Symbol, Member, Builtin})
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
        self.examination: Examination | None = None
        try:
            if not may_concern(source.text, source.path, options):
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
            self.examination = examination
        except Exception as error:
            self.findings = [internal_error.broken(error)]
            self.close()

    def edited(self, finding: Finding, edits: str) -> Finding:
        """One of the findings with its `edits`, as in `Options`. Raises what making them raises."""
        return finding if self.examination is None else self.examination.edited(finding, edits)

    def close(self) -> None:
        """Let go of the module."""
        self.examination = None
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
        with closing(Examination(last.source_of(source, options), options, last.inference)) as one:
            yield one
        return
    with closing(_session(source, options)) as session:
        inference = _analyzed(source, session, options)
        with closing(Examination(source, options, inference)) as one:
            yield one


@contextmanager
def kept(look: Look | None = None) -> Iterator[None]:
    """Until this ends, a text that was analysed last is not analysed anew for each question.

    The first may be one that was looked at before: nothing more may be asked of that `look`.
    """
    if _KEPT.get() is not None:
        yield
        return
    last = _Kept(look)
    token = _KEPT.set(last)
    try:
        yield
    finally:
        _KEPT.reset(token)
        last.close()


class _Kept:
    """The last module that was analysed, and who has it open."""

    inference: Inference

    def __init__(self, look: Look | None) -> None:
        self._key: tuple[object, ...] = ()
        self._source: Source | None = None
        self._opener: Session | Look | None = look
        if look is not None and (one := look.examination) is not None:
            self._take(one.source, one.options, one.inference)

    def source_of(self, source: Source, options: Options) -> Source:
        """`source` itself, or an equal one: the one that `inference` is of."""
        if self._source is None or self._key != _key(source, options):
            self.close()
            self._opener = session = _session(source, options)
            self._take(source, options, _analyzed(source, session, options))
        assert self._source is not None
        return self._source

    def _take(self, source: Source, options: Options, inference: Inference) -> None:
        self._source, self._key, self.inference = source, _key(source, options), inference

    def close(self) -> None:
        """Let go of it."""
        if self._opener is not None:
            self._opener.close()
        self._opener = self._source = None


def _key(source: Source, options: Options) -> tuple[object, ...]:
    """What the inference of a module hangs on."""
    return (source.text, source.path, options.target, options.keras_modules,
            *options.aliases.items())  # fmt: skip


_KEPT: ContextVar[_Kept | None] = ContextVar("_KEPT", default=None)


def _analyzed(source: Source, session: Session, options: Options) -> Inference:
    return session.analyze(source.tree, keras=is_keras(source.text, options))


def _session(source: Source, options: Options) -> Session:
    path = None if source.path is None else os.path.abspath(source.path)
    return Session(project(options.target, tuple(options.aliases.items())), path)


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
        self.matchers = Matchers(self.module)
        self.places = Places(self.module)
        self._receivers = Receivers(self.matchers, self.places)
        self._said: set[int] = set()  # parts of a getattr(...) that is the reference
        taken = self._receivers.members
        seldom = (names for words, names in self.rules.seldom.items()
                  if not any(word in source.text for word in words))  # fmt: skip
        unknown = self.rules.unknown.keys() - frozenset().union(*seldom)
        self._unknown_names = {*unknown, *self.rules.beside_unknown, *taken}
        self._inner_names = self.rules.foreign | self.rules.inner | taken
        self._asked_names = self._unknown_names | self.rules.foreign | _DYNAMIC

    def findings(self) -> list[Finding]:
        """The findings, each once, in source order."""
        found: dict[tuple[object, ...], Finding] = {}
        sites = map(self._at, self.binder.sites)
        for finding in chain(chain.from_iterable(sites), self._receivers.stores()):
            key = (finding.line, finding.column, finding.end_line, finding.end_column,
                   finding.code)  # fmt: skip
            found.setdefault(key, finding)
        if self.options.moved:
            said = {finding.hint.edits for finding in found.values() if finding.hint is not None}
            for ref in self.references():
                more = None if self.matchers.guarded(ref) else self.matchers.unspoken(ref)
                if more is not None and more.hint is not None and more.hint.edits not in said:
                    said.add(more.hint.edits)
                    found[more.line, more.column, id(ref)] = more
        return sorted([*found.values(), *self.matchers.broken.values()])

    def references(self) -> Iterator[Reference]:
        """Every place that means one name of TensorFlow, whatever the rules say of it."""
        for site in self.binder.sites:
            node = site.node
            if isinstance(node, ast.alias):
                yield from self.places.imports(site, node)
            elif own_name(node) in _DYNAMIC or not self.inference.is_inert(
                node, site.scope, site.seq
            ):
                found = self.places.named(site, node)
                ref = None if found is None else self.places.symbol(site, *found)
                if ref is not None:
                    yield ref

    def side(self) -> str:
        """What the module is written for; see `compat_v1.side_of`."""
        return side_of(self.references(), self.matchers.guarded)

    # One site.

    def _at(self, site: Site) -> Iterable[Finding]:
        node, call = site.node, site.call
        if isinstance(node, ast.alias):
            return self._import(site)
        if self._said and (id(node) in self._said or id(call) in self._said):
            return ()
        found: Iterable[Finding] = ()
        if call is not None and call.keywords:
            names = [keyword.arg for keyword in call.keywords]
            if not self.rules.keywords.keys().isdisjoint(names):
                found = self._receivers.keywords(site, node)
        if self._means_nothing(node, site):
            return found
        return chain(found, self._meant(site, node))

    def _meant(self, site: Site, node: ast.expr) -> Iterator[Finding]:
        if site.call is not None:
            reached = self.inference.values(node, site.scope, site.seq)
            if any(isinstance(v, Builtin) for v in reached):
                yield from self._dynamic(site, site.call, reached)
                return
        yield from self._chain(site, node)

    def _dynamic(self, site: Site, call: ast.Call, called: Values) -> Iterator[Finding]:
        """Of `getattr(tf, "Session")`, `import_module("tensorflow.contrib")`: it is the name."""
        given = self.inference.values(call, site.scope, site.seq)
        symbols = [v for v in given if isinstance(v, Symbol)]
        if symbols and len(call.args) <= 2 and not _is_partial(called):
            yield from self._values(site._replace(node=call, call=None), call, (*symbols,))
            self._said.update(id(part) for part in call.args[:1])

    def _chain(self, site: Site, node: ast.expr) -> Iterator[Finding]:
        """Of the longest part of a chain of attributes that a rule has something to say of."""
        asked = self._unknown_names
        while True:
            values = self.inference.values(node, site.scope, site.seq)
            if values:
                self.matchers.hushed = False
                produced = list(self._values(site, node, values))
                if produced or self.matchers.hushed:
                    yield from produced
                    return
            if isinstance(node, ast.Attribute) and node.attr in asked:
                unknown = list(self._receivers.unknown(site, node, values))
                if unknown:
                    yield from unknown
                    return
            asked = self._inner_names
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Attribute):
                return
            node = node.value

    def _means_nothing(self, node: ast.expr, site: Site) -> bool:
        """Whether no rule has a say in what the chain `node` means; so it is with most places.

        What its first name means is asked once for each of its bindings, and what rules say of a
        path is known before the first file: for most these are two look-ups.
        """
        asked, stored = self._asked_names, self.inference.stored_attributes
        attributes: tuple[str, ...] = ()
        is_stored = False
        at = node
        while type(at) is ast.Attribute:
            if at.attr in asked:
                return False
            is_stored = is_stored or at.attr in stored
            attributes = (at.attr, *attributes)
            at = at.value
        if type(at) is not ast.Name or is_stored:
            return self._is_plain(node, site)
        root = self.inference.root(at, site.scope, site.seq)
        if root is None or root is OBJECT:
            return (root is OBJECT and not attributes) or self._is_plain(node, site)
        if not root:
            return True
        patched = self.inference.patched_attributes
        if any(attribute in patched for attribute in attributes):
            return False
        quiet = is_settled(root, attributes, self.options.target)
        if site.call is None or quiet is None:
            return quiet is not None
        path = ".".join((root, *attributes))
        return (
            quiet
            and self.matchers.by_signature(path)
            and fits_both(site.call, path, self.options.target)
        )

    def _is_plain(self, node: ast.expr, site: Site) -> bool:
        """Whether no part of a chain is a name of TensorFlow, or a member of one of its objects."""
        while True:
            for value in self.inference.values(node, site.scope, site.seq):
                kind = type(value)
                if kind in _SPOKEN_OF or (kind is Instance and self.places.is_asked(node)):
                    return False
            if type(node) is not ast.Attribute or type(node.value) is not ast.Attribute:
                return True
            node = node.value

    def _values(self, site: Site, node: ast.expr, values: Values) -> Iterator[Finding]:
        best: list[Finding] = []
        if len(values) > 1 and any(map(_is_keras_2, values)):
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
                        and self.matchers.by_signature(value.path)
                        and fits_both(site.call, value.path, self.options.target)
                    )
                ):
                    continue
                ref = self.places.symbol(site, node, value.path)
            elif isinstance(value, Member) and isinstance(node, ast.Attribute):
                path = f"{value.path}.{value.name}"
                ref = self.places.reference(site, node, path, node.value)
            elif isinstance(value, Instance) and isinstance(node, ast.Attribute):
                ref = self.places.known_property(site, node)
            else:
                continue
            if ref is None:
                continue
            found = self.matchers.on(ref)
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
        return self.matchers.on(self.places.reference(site, node, path))

    def _import(self, site: Site) -> Iterator[Finding]:
        alias, stmt = site.node, site.stmt
        assert isinstance(alias, ast.alias)
        module = stmt.module or "" if isinstance(stmt, ast.ImportFrom) else alias.name
        level = stmt.level if isinstance(stmt, ast.ImportFrom) else 0
        if module.partition(".")[0] in self.rules.packages and not level:
            yield from self._package(site, alias, module)
        for ref in self.places.imports(site, alias):
            yield from self.matchers.on(ref)

    def _package(self, site: Site, alias: ast.alias, module: str) -> Iterator[Finding]:
        """Findings on an import of a package beside TensorFlow."""
        name = f"{module}.{alias.name}" if isinstance(site.stmt, ast.ImportFrom) else module
        ref = Reference(self.module, site, alias, name, name)
        ref.symbol = name
        for entry in self.rules.packages[module.partition(".")[0]]:
            yield from self.matchers.findings(entry, ref)

    def edited(self, finding: Finding, edits: str) -> Finding:
        """A finding of this module, made again by its rule with the edits asked for."""
        return self.matchers.edited(finding, edits)

    def close(self) -> None:
        """Let go of what was found out; it leads back to the module."""
        self.module.forget()
        self.matchers.close()


def _is_open(values: Values) -> bool:
    """Whether these are different things; the same by another way, or nothing, is none."""
    known = {paths.symbol(v.path) for v in values if isinstance(v, Symbol)}
    others = any(not isinstance(v, Symbol | Nothing | Text) for v in values)
    return bool(known) and (others or len(known) > 1)


def _severity(findings: list[Finding]) -> int:
    return min(_SEVERITY.get(f.status, 9) for f in findings)


def _from_keras_package(value: Value) -> bool:
    return isinstance(value, Symbol | Instance | Member) and paths.under(value.path, paths.KERAS)


def _is_keras_2(value: Value) -> bool:
    return isinstance(value, Foreign) and paths.under(value.origin, paths.KERAS_2)


def _is_partial(values: Values) -> bool:
    return any(getattr(v, "name", "") == "partial" for v in values)
