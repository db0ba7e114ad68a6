"""A place in the code that means a TensorFlow symbol, as rules see it."""

from __future__ import annotations

import ast
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tf2lint.check.advice import NONE, Advice, advised, coded
from tf2lint.check.arguments import Arguments
from tf2lint.check.facts import Module, Store
from tf2lint.finding import Edit
from tf2lint.fixes import templates
from tf2lint.semantics.scopes import Scope, Site
from tf2lint.semantics.symbols import bases_of
from tf2lint.semantics.values import Instance, Symbol, Values
from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.status import gone_since, status_of

Place = ast.expr | ast.alias | ast.keyword | ast.stmt | ast.arg


@dataclass(frozen=True)
class Report:
    """What a matcher says of a reference.

    `what` happens to the spelling, `use` is what to write instead; the engine makes the
    message of them. `place` is where, if not at the reference itself.
    """

    what: str
    use: Advice = NONE
    place: Place | None = None
    status: str = ""
    edits: tuple[Edit, ...] = ()
    confidence: str = ""
    subject: str = ""  # what the message starts with, if not the reference's spelling
    kind: str = ""  # what kind of edits these are, for the proofs
    end: Place | None = None  # where the place ends, if not where it starts
    in_graph: str = ""  # the template of what takes its place in a graph that stays one

    @property
    def is_of_eager(self) -> bool:
        """Whether it is true under eager execution alone, which it says in these words."""
        return "under eager execution" in self.what


_STORES = 50  # that many stores to one object are looked at


class Reference:
    """One reference.

    `symbol` is the name in TF 1 spelling, `tf.train.Saver` or `tf.train.Saver.restore`;
    `path` as the code reaches it; `route` is `tf`, `v1`, `v2`, `keras` or `private`; `spelling`
    is the user's own. `call` is the call of it, if it is called. `receiver` is the object of a
    method; `certain` is false where the receiver's type is a guess.
    """

    __slots__ = ("call", "certain", "module", "node", "owner", "path", "receiver", "route", "site",
                 "spelling", "symbol")  # fmt: skip

    def __init__(
        self,
        module: Module,
        site: Site,
        node: ast.expr | ast.alias,
        path: str,
        spelling: str,
        receiver: ast.expr | None = None,
        certain: bool = True,
    ) -> None:
        self.module = module
        self.site = site
        self.node = node
        self.path = path
        self.symbol = paths.symbol(path)
        self.route = paths.route(path)
        self.spelling = spelling
        self.receiver = receiver
        self.certain = certain
        self.owner = ""  # the class that the rule was found under, for a method
        call = site.call  # of it, or of what it is a part of
        self.call = call if call is not None and call.func is node else None

    @property
    def target(self) -> api.Version:
        """The TensorFlow release that the code shall run on.

        The package `keras` is Keras 3 whichever Keras `tf.keras` is.
        """
        target = self.module.options.target
        return target[:2] if self.route == "keras" else target

    @property
    def keras(self) -> api.Version:
        """The release whose Keras is meant here: with Keras 2 on any target the last with it."""
        return api.keras_of(self.target)

    @property
    def is_import(self) -> bool:
        """Whether this is the alias of an import statement."""
        return isinstance(self.node, ast.alias)

    @property
    def is_method(self) -> bool:
        """Whether this is a member of an object, not of a module or class."""
        return self.receiver is not None

    @property
    def status(self) -> str:
        """`removed`, `compat`, `same`, or `exists` (in TF 2, but not the very same object)."""
        return status_of(self.symbol, self.route, self.target)

    def _package(self) -> tuple[str, bool]:
        """How the code at this place spells tensorflow, and whether that is compat.v1 alone."""
        scope: Scope | None = self.site.scope
        inference = self.module.inference
        found = "tf", False
        for name in inference.package_names:
            bindings, holder = inference.bindings(name, scope, self.site.seq)  # type: ignore[arg-type]
            if holder is None or not bindings:
                continue
            values = inference.name(name, scope, self.site.seq)  # type: ignore[arg-type]
            if Symbol(paths.ROOT) in values:
                return name, False
            if any(isinstance(v, Symbol) and v.path.endswith(".compat.v1") for v in values):
                found = "tf", found[1] or name == "tf"
        return found

    def rooted(self, text: str) -> str:
        """`text` of ours with its TensorFlow names as the code at this place can spell them.

        Where `tf` is compat.v1, what that lacks or has another object for is in `tf.compat.v2`.
        """
        root, is_v1 = self._package()
        if not is_v1:
            return templates.rooted(text, root)
        return templates.through_v1(text, self.target)

    @property
    def root(self) -> str | None:
        """A name that at this place can only mean the tensorflow package of TF 2."""
        inference, site = self.module.inference, self.site
        for name in inference.package_names:
            if inference.name(name, site.scope, site.seq) == (Symbol(paths.ROOT),):
                return name
        return None

    # Arguments.

    def arguments(self, namespace: str = "tf1") -> Arguments | None:
        """The call's arguments by the signature in `namespace` (`tf1`, `v2`, `v1`)."""
        call = self.call
        if call is None:
            return None
        return Arguments(call, self.signature(namespace))

    def signature(self, namespace: str = "tf1") -> api.Signature | None:
        """The symbol's signature; methods are found on the classes above, too."""
        found = api.signature(api.public(self.symbol), namespace, self.target)
        if found is None and (self.is_method or "." in self.symbol):
            owner, _, name = self.symbol.rpartition(".")
            for base in bases_of(owner):
                found = api.signature(f"{base}.{name}", namespace, self.target)
                if found is not None:
                    break
        return found

    def text(self, expr: ast.expr) -> str:
        """The source of `expr` on one line."""
        return self.module.source.one_line(expr)

    def values(self, expr: ast.expr) -> Values:
        """What `expr`, near this reference, may be."""
        return self.module.inference.values(expr, self.site.scope, self.site.seq)

    def is_instance(self, expr: ast.expr, *classes: str) -> bool:
        """Whether `expr` may be an object of one of `classes` (symbols), or of a subclass."""
        for value in self.values(expr):
            if isinstance(value, Instance):
                name = paths.symbol(value.path)
                if name in classes or any(base in classes for base in bases_of(name)):
                    return True
        return False

    # What to write.

    def code(
        self, *forms: str, arguments: Arguments | None = None, settled: Iterable[str] = ()
    ) -> Advice:
        """The first of `forms` that the target has, filled in with this call's arguments.

        A template is an expression with `{parameter}` of the TF 1 signature where the
        argument goes; keyword arguments whose parameter is not passed fall away. Without a
        call, or where the arguments cannot be mapped, what is called stands alone.
        `arguments` may hold more than the call's own; `settled` are parameters that the template
        answers to without a hole for them. What else the call gives is named as left out.
        """
        template = templates.first_valid(forms, self.target)
        if template is None:
            return NONE
        forms = templates.forms(template, self, arguments)
        made = coded(forms, template, arguments, bare=not templates.keeps(template))
        return made.settling(*settled)

    def stored(self) -> Iterator[Store]:
        """What is stored, further down, in fields of the object that this call makes."""
        stmt, scope = self.site.stmt, self.site.scope
        if self.call is None or not isinstance(stmt, ast.Assign) or stmt.value is not self.call:
            return
        for target in stmt.targets:
            stores = self.module.stores.get((scope, self.module.source.segment(target)), [])
            first = bisect(stores, (stmt.lineno, stmt.col_offset), key=lambda s: s.place)
            yield from stores[first : first + _STORES]

    def say(self, *texts: str) -> str:
        """The first of `texts` in which every TensorFlow name exists under the target."""
        text = templates.first_valid(texts, self.target)
        return "" if text is None else self.rooted(text)

    def advise(self, *options: Advice | str) -> Advice:
        """The first of `options` in which every TensorFlow name exists under the target."""
        for option in map(advised, options):
            if templates.valid(" ".join((option.text, *option.asides, *option.notes)), self.target):
                return option.mapped(self.rooted)
        return NONE

    def report(
        self,
        use: Advice | str = "",
        what: str = "",
        *,
        place: Place | None = None,
        status: str = "",
        edits: Sequence[Edit] = (),
        confidence: str = "",
        subject: str = "",
    ) -> Report:
        """A report on this reference; `what` defaults to what its status says."""
        return Report(
            what or self.fate(), advised(use), place, status, tuple(edits), confidence, subject
        )

    def fate(self) -> str:
        """What happens to the symbol under the target, in a few words."""
        status = self.status
        if status == "removed":
            gone = gone_since(self.symbol, self.route)
            if self.route == "v1":
                through = f"tf.compat.v1{self.symbol[2:]}"
                if api.needs_keras_2(through, self.target):
                    return "needs `tf_keras`"
                return f"is gone in TF {api.dotted(self.target)}"
            return f"was removed in TF {gone}" if gone else "does not exist in TF 2"
        if status == "compat":
            return "is only in compat.v1"
        return "is TF 1 style"
