"""Fixes one module: applies the edits of its findings, round after round, and checks the result.

Whatever goes wrong, the text comes back as it was, with the reason.
"""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

from tf2lint.check.engine import Examination, asked, check, kept
from tf2lint.check.prefilter import may_concern
from tf2lint.finding import Edit, Finding
from tf2lint.fixes import edits as editing
from tf2lint.fixes import imports, switch
from tf2lint.fixes.compat_v1 import TF1
from tf2lint.fixes.proofs import is_proven, is_safe, pair
from tf2lint.fixes.state import PERSON, State, state_of, stays_in_graph
from tf2lint.internal_error import BROKEN
from tf2lint.options import COMPAT, MIXED, TF2, Options
from tf2lint.source import Source
from tf2lint.tensorflow import api
from tf2lint.tensorflow.groups import OPENS_SESSION

FUNCTIONS = "functions"
ROUNDS = 500  # nested calls are rewritten from the outside in, one level a round
IDLE = 5  # rounds that may leave as much to fix as there was before
Wanted = Callable[[Source], Callable[[Finding], bool]]
Kind = tuple[str, str]

# What is said of a module that opens sessions, where another one is the program.
OPENS = (
    "opens a session: the program that uses it has to call tf.compat.v1.disable_v2_behavior()"
    " right after its first import of TensorFlow"
)
# Why a module is left as it was.
NEW, UNPARSABLE, ENDLESS, BROKE = "new finding", "would not parse", "no end", "tf2lint broke"
PYTHON2 = "Python 2"  # this one without being refused: it was read as something else


@dataclass(frozen=True)
class Fixed:
    """The outcome for one module: its text, what was fixed and what is left, by code.

    `refused` says why the module was left as it was, or is empty; `reason` is that in two
    words, for counting. `notes` say what was done beside the findings, or was not. `kinds` are
    the kinds of edits that were applied, as the proofs name them: code (`*` for any) and kind.
    `rounds` are all edits, round after round; places are those of the text at that time.
    `state` is what the text is fit for, `side` what the module was written for. `plan` tells the
    slices of a program that became functions.
    """

    text: str
    fixed: Counter[str] = field(default_factory=Counter)
    left: Sequence[Finding] = ()
    refused: str = ""
    notes: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    reason: str = ""
    rounds: tuple[tuple[Edit, ...], ...] = ()
    state: State = field(default_factory=State)
    side: str = ""
    plan: tuple[str, ...] = ()


def all_of(_: Source) -> Callable[[Finding], bool]:
    """Every finding is wanted."""
    return lambda _: True


@kept()
def fix(
    text: str,
    filename: str,
    options: Options,
    to: str = TF2,
    unsafe: bool = False,
    wanted: Wanted = all_of,
    path: str | None = None,
    forced: bool = False,
    program: bool = False,
) -> Fixed:
    """Fix `text`; `to` is `TF2`, `FUNCTIONS`, `COMPAT` or `MIXED`; `wanted` picks the findings.

    `MIXED` writes TF 2 where that makes the whole module run as TF 2, else what goes through
    compat.v1; with `forced` the latter, since the program that the module is a part of does. A
    `program` gets the switch that has it run as TF 1, wherever its sessions are opened.
    `FUNCTIONS` is `TF2`, where a program with sessions is written anew, or left as it is.
    Raises `SyntaxError` or `ValueError` where `text` itself does not parse.
    """
    if not may_concern(text, path, options) and not program:
        return Fixed(text)
    one = _Fix(text, filename, path, options, wanted, unsafe, program)
    if to == FUNCTIONS:
        return one.to_functions() or one.to(TF2)
    if to != MIXED:
        return one.to(to)
    if forced:  # what speaks to compat.v1 says by that how its other names are meant
        return one.to(COMPAT if one.side == COMPAT else MIXED)
    done = one.to(TF2)
    if done.state.name in (TF2, "") or done.refused:
        return done
    if one.side != TF2:
        return one.to(MIXED)
    # Written for TF 2 but for a few names, which compat.v1 may have.
    rest = _Fix(done.text, filename, path, options, wanted, unsafe).to(COMPAT)
    if rest.refused or rest.state.name == PERSON:
        return done
    return replace(
        rest, fixed=done.fixed + rest.fixed, notes=(*done.notes, *rest.notes),
        kinds=done.kinds | rest.kinds, rounds=(*done.rounds, *rest.rounds),
    )  # fmt: skip


@kept()
def all_that_is_safe(
    text: str, filename: str, options: Options, wanted: Wanted = all_of, path: str | None = None
) -> Fixed:
    """What `fix` makes of a text for TF 2, its state and side not looked at: they take longer."""
    if not may_concern(text, path, options):
        return Fixed(text)
    return _Fix(text, filename, path, options, wanted, unsafe=False).without_state(TF2)


class _Known:
    """What was found out of the texts that a module has on its way; each is asked once."""

    def __init__(self, filename: str, path: str | None) -> None:
        self._filename, self._path = filename, path
        self._sources: dict[str, Source] = {}
        self._found: dict[tuple[object, ...], list[Finding]] = {}
        self.states: dict[str, State] = {}

    def source(self, text: str, tree: ast.Module | None = None) -> Source:
        """The module with that text, and that `tree` if it is parsed already."""
        if text not in self._sources:
            self._sources[text] = Source(text, self._filename, tree, self._path)
        return self._sources[text]

    def check(self, source: Source, told: Options) -> list[Finding]:
        """Its findings; the options differ in what edits they carry, and in what is asked for."""
        key = (source.text, told.edits, told.moved, told.allow_compat_v1, told.keras)
        if key not in self._found:
            self._found[key] = check(source, told)
        return self._found[key]


class _Fix:
    """One module that is to be fixed."""

    def __init__(
        self, text: str, filename: str, path: str | None, options: Options, wanted: Wanted,
        unsafe: bool, program: bool = False,
    ) -> None:  # fmt: skip
        self.text, self.filename, self.path = text, filename, path
        self.options, self.wanted, self.unsafe = options, wanted, unsafe
        self.program = program
        self.in_graph = False  # whether what is only the same under eager execution is left out
        self.known = _Known(filename, path)

    @cached_property
    def side(self) -> str:
        """What the module was written for."""
        return asked(self.known.source(self.text), self.options, Examination.side)

    def without_state(self, to: str) -> Fixed:
        """The outcome, its state and side not looked at."""
        moved = to != TF2 and self.side == TF1
        told = replace(self.options, edits=to, moved=moved)
        done = self._fixed(told)
        if to == TF2 and self._stays_in_graph(done):
            self.in_graph = True  # where not every form is the same
            done = self._fixed(told)
            self.in_graph = False
        return done

    def to(self, to: str) -> Fixed:
        """The outcome, its state included."""
        done = self.without_state(to)
        state = self._state(done)
        left = done.left if to == TF2 or state.name == "" else state.left
        return replace(done, state=state, side=self.side, left=left)

    def to_functions(self) -> Fixed | None:
        """The outcome where the module is a program with sessions; None where it is none.

        The whole program is written anew, or it is left as it was and a note says why.
        """
        # Late: nothing but this needs it.
        from tf2lint.fixes import functions

        source = self.known.source(self.text)
        if source.is_python2:
            return None
        turned = functions.turned(source, self.options)
        if not turned.text and not turned.refused:
            return None
        first = check(source, self.options)
        refused, done = turned.refused, None
        if turned.text:
            is_wanted = self.wanted(source)
            if not all(map(is_wanted, first)):
                refused = "some of its findings are not to be fixed"
            else:
                done = self._as_functions(turned.text)
                refused = functions.left_over(done.text, done.state.left) or done.refused
        if done is None or refused:
            plain = self.to(TF2)
            if plain.state.name == TF2 and not plain.refused:
                return plain
            note = f"not turned into functions: {refused}"
            return replace(Fixed(self.text, left=first, notes=(note,)), side=self.side)
        fixed = Counter(f.code for f in first) - Counter(f.code for f in done.left)
        note = f"turned into functions: {', '.join(turned.names)}" if turned.names else ""
        notes = (*((note or "turned into eager code"),), *done.notes)
        return replace(done, fixed=fixed, notes=notes, rounds=(), plan=turned.plan)

    def _as_functions(self, text: str) -> Fixed:
        """What the rules make of the text with functions."""
        again = _Fix(text, self.filename, self.path, self.options, self.wanted, self.unsafe)
        done = again.to(TF2)
        return replace(done, state=again._state(done))

    def _state(self, done: Fixed) -> State:
        states, source = self.known.states, self.known.source(done.text)
        if done.text not in states:
            wanted = self.wanted(source)
            states[done.text] = state_of(source, self.options, wanted, self.known.check)
        return states[done.text]

    def _stays_in_graph(self, done: Fixed) -> bool:
        source = self.known.source(done.text)
        return stays_in_graph(source, self.options, self.wanted(source), self.known.check)

    def _fixed(self, told: Options) -> Fixed:
        run = self._run(told)
        try:
            return run.fixed()
        except _Refused as error:
            # One kind of edits, or one rule's, may be at fault: the rest stands.
            kinds = sorted(run.kinds) if error.reason != BROKE else []
            rules = dict.fromkeys((code, "") for code, _ in kinds if code != "*")
            for barred in (*kinds, *rules):
                again = self._run(told, barred)
                with suppress(_Refused):
                    done = again.fixed()
                    if done.text != self.text:
                        code, kind = barred
                        what = " ".join(f"{code} {kind.partition(' -> ')[0]}".split())
                        note = f"{what} not applied, the fixed text {error.brief}"
                        return replace(done, notes=(*done.notes, note))
            return Fixed(self.text, left=run.first, refused=str(error), reason=error.reason)

    def _run(self, told: Options, barred: Kind | None = None) -> _Run:
        run = _Run(self.text, self.known, told, self.wanted, self.unsafe, barred)
        run.program, run.in_graph = self.program, self.in_graph
        return run


class _Refused(Exception):
    """The module is to be left as it was.

    The text says why, `reason` in two words, `brief` in a few: what the fixed text would do.
    """

    def __init__(self, reason: str, text: str, brief: str = "") -> None:
        super().__init__(text)
        self.reason = reason
        self.brief = brief or reason


class _Run:
    """One module on its way."""

    def __init__(
        self, text: str, known: _Known, told: Options, wanted: Wanted, unsafe: bool,
        barred: Kind | None = None,
    ) -> None:  # fmt: skip
        self.known, self.told = known, told
        self.pending = 0  # findings with edits, in the last round
        self.broken = ""  # what a mistake of ours says of itself
        self.program = False  # whether this module is run, whatever else opens the sessions
        self.in_graph = False  # whether no edit may need eager execution
        self.wanted, self.unsafe = wanted, unsafe
        self.barred = barred  # a kind of edits not to apply, or without a kind all of a rule
        self.before = self.source = known.source(text)
        self.first = self.found = self._check(self.source)
        self.done: Counter[str] = Counter()
        self.notes: list[str] = []
        self.kinds: set[Kind] = set()
        self.rounds: list[tuple[Edit, ...]] = []

    def fixed(self) -> Fixed:
        """The outcome. Raises `_Refused`."""
        if self.source.is_python2:
            return Fixed(self.source.text, left=self.first, reason=PYTHON2)
        fewest, idle_rounds = len(self.first) + 1, 0
        for _ in range(ROUNDS):
            if self.broken or not self._round():
                break
            idle_rounds = 0 if self.pending < fewest else idle_rounds + 1
            fewest = min(fewest, self.pending)
            if idle_rounds > IDLE:
                raise _Refused(ENDLESS, self._endless(), "would be fixed without an end")
        if self.told.edits != TF2:
            self._switch()
        if self.broken:
            raise _Refused(BROKE, self.broken)
        if self.source is self.before:
            return Fixed(self.before.text, left=self.found)
        idle = imports.unused(self.before, self.source)
        if idle:
            self._take(idle)
        if self.broken:
            raise _Refused(BROKE, self.broken)
        self._see_that_nothing_is_new()
        return Fixed(
            self.source.text, self.done, self.found, "", tuple(self.notes), frozenset(self.kinds),
            rounds=tuple(self.rounds),
        )  # fmt: skip

    def _round(self) -> bool:
        """Apply the edits that fit together; whether there were any."""
        is_wanted = self.wanted(self.source)
        groups: dict[tuple[Edit, ...], list[Finding]] = {}
        barred: set[tuple[Edit, ...]] = set()
        for finding in self.found:
            hint = finding.hint
            if hint is None or not hint.edits:
                continue
            # Findings that share their edits are one pattern: all of them, or none.
            group = tuple(replace(edit, safe=False) for edit in hint.edits)
            groups.setdefault(group, []).append(finding)
            if not self._may(finding) or not is_wanted(finding):
                barred.add(group)
        for group in barred:
            del groups[group]
        self.pending = len(groups)
        chosen = editing.choose(list(groups))
        if not chosen:
            return False
        taken = set(chosen)
        for group, findings in groups.items():
            if taken.issuperset(group):
                for finding in findings:
                    assert finding.hint is not None
                    self.done[finding.code] += 1
                    self.kinds.add(pair(finding.code, finding.hint.kind))
        self._take(chosen)
        return True

    def _may(self, finding: Finding) -> bool:
        """Whether the edits of `finding` may be applied at all."""
        hint = finding.hint
        if self.barred is not None and hint is not None:
            code, kind = pair(finding.code, hint.kind)
            if self.barred in ((code, kind), (code, "")):
                return False
        if self.in_graph and hint is not None and is_proven(finding.code, hint.kind):
            if not is_proven(finding.code, hint.kind, in_graphs=True):
                return False
        return self.unsafe or is_safe(finding)

    def _endless(self) -> str:
        """What to say where what was fixed is found again, over and over."""
        code, _ = self.done.most_common(1)[0]
        return f"the fixes of {code} do not come to an end; please report it"

    def _switch(self) -> None:
        """Have a program that opens sessions run as TF 1."""
        is_wanted = self.wanted(self.source)
        opens = any(is_wanted(f) and f.symbol in OPENS_SESSION for f in self.found)
        if not opens and not self.program:
            return
        need = asked(self.source, self.told, lambda e: switch.need(e.module))
        if need.says or (need.in_graphs and not self.told.moved and not self.program):
            return
        edit = None
        if need.runs or self.program:
            edit = asked(self.source, self.told, lambda e: switch.edit(e.module))
        if edit is not None:
            self._take([edit])
            self.notes.append(f"added {edit.text.split()[-1]}")
        elif need.opens:
            self.notes.append(OPENS)

    def _take(self, edits: Sequence[Edit]) -> None:
        after = editing.apply(self.source.text, edits)
        if after == self.source.text:
            raise _Refused(ENDLESS, "an edit that changes nothing was asked for; please report it")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(after)
        except (SyntaxError, ValueError) as error:
            raise _Refused(UNPARSABLE, f"the fixed text would not parse: {error}") from error
        self.rounds.append(tuple(edits))
        self.source = self.known.source(after, tree)
        self.found = self._check(self.source)

    def _check(self, source: Source) -> list[Finding]:
        found = self.known.check(source, self.told)
        broken = [finding for finding in found if finding.code == BROKEN.code]
        if broken:
            self.broken = broken[0].message
        return [finding for finding in found if finding not in broken]

    def _works_with_keras_2(self, finding: Finding) -> bool:
        through = finding.symbol.replace("tf.", "tf.compat.v1.", 1)
        return api.needs_keras_2(through, self.told.target)

    def _see_that_nothing_is_new(self) -> None:
        """Raise `_Refused` where there is a finding that was not there before, guesses aside."""
        compat = self.told.edits != TF2

        def key(finding: Finding) -> tuple[str, str]:
            # `optimizer.minimize` is what it was, whatever class the optimizer is of now.
            return ("" if compat else finding.code, finding.symbol.rpartition(".")[2])

        told = [f for f in self.found if f.confidence == "high" or f.status == "removed"]
        if compat:  # what works beside Keras 2 is asked of the state
            told = [f for f in told if not self._works_with_keras_2(f)]
        new = Counter(key(f) for f in told if not compat or f.status == "removed") - Counter(
            key(f) for f in self.first
        )
        if new:
            first = min(new)
            found = next(f for f in told if key(f) == first)
            text = f"the fixed text would raise a new {found.code} ({found.message})"
            raise _Refused(NEW, text, f"would raise a new {found.code}")
