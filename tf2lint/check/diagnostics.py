"""From a matcher's report to the finding that users read: message, hint and edits."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from tf2lint import internal_error
from tf2lint.check.advice import Advice
from tf2lint.check.dropped import briefly, named
from tf2lint.check.reference import Reference, Report
from tf2lint.check.registry import registry
from tf2lint.finding import Edit, Finding, Hint, Rule
from tf2lint.fixes import templates
from tf2lint.fixes.compat_v1 import differs, has_nothing, respelled
from tf2lint.fixes.edits import lost, of_template
from tf2lint.fixes.proofs import is_proven, kind_of, kind_of_edits
from tf2lint.options import COMPAT, MIXED, TF2, Options
from tf2lint.source import Source
from tf2lint.tensorflow import api

ROOM = 120  # characters of a message that is read in one look
SOME = 125  # and of one that else would show only what is new to a call, or cut it
MOST = 135  # and of one that else would show no more than a name
Failed = Callable[[Rule, Reference, Exception], None]
_UNSPOKEN = "changed-behavior"  # the rule about names that mean something else in TF 2


def diagnose(
    rule: Rule, ref: Reference, report: Report, status: str, options: Options, failed: Failed
) -> Finding:
    """The finding that `report` of `rule` makes of `ref`; `status` is what is left of the symbol.

    Edits that cannot be made for a mistake of ours are left out, and `failed` is told.
    """
    report = replace(report, use=named(ref, report))
    place = report.place or ref.node
    end = report.end or place
    assert end.end_lineno is not None
    assert end.end_col_offset is not None
    return Finding(
        line=place.lineno,
        column=place.col_offset,
        end_line=end.end_lineno,
        end_column=end.end_col_offset,
        code=rule.code,
        message=message(report.subject or ref.spelling, report.what, report.use),
        symbol=ref.symbol,
        status=status,
        confidence=report.confidence or ("high" if ref.certain else "low"),
        hint=_hint(rule, ref, report, options, failed),
        rule=rule,
    )


def unspoken(ref: Reference, options: Options, failed: Failed) -> Finding | None:
    """The finding on a name that no rule speaks of, where the module goes to compat.v1.

    None where the name is there what it is in TF 2.
    """
    if not differs(ref) and not ref.is_import:
        return None
    rule = next(rule for rule in registry().rules.values() if rule.name == _UNSPOKEN)
    found = diagnose(rule, ref, Report("is another object in TF 2"), "changed", options, failed)
    return found if found.hint is not None and found.hint.edits else None


def message(subject: str, what: str, advice: Advice) -> str:
    """What happens to `subject`, then the advice, in the longest form that is read in one look."""
    said = _line(f"{subject if '`' in subject else f'`{subject}`'} {what}.")
    if not advice:
        return said
    whole = _line(" ".join([said, *advice.sentences()]))
    if len(whole) <= ROOM:
        return whole
    forms = [
        _line(" ".join([said, *advice.sentences(number, asides=False)]))
        for number in range(len(advice.texts))
    ]
    more = MOST if "(" not in advice.texts[-1] else SOME
    rooms = ((forms[:-1], ROOM), (forms[:-1], more)) if advice.bare else ((forms, ROOM),)
    for some, room in rooms:
        for form in some:
            if len(form) <= room:
                cut = ", ...)" in form and ", ...)" not in forms[0]
                return forms[0] if cut and len(forms[0]) <= SOME else form
    return briefly(forms[-1])


def _line(text: str) -> str:
    return internal_error.printable(" ".join(text.split()))


def one_of_several(found: Finding, node: ast.expr) -> Finding:
    """The finding on a name that may mean something else, too: it says what it is about."""
    text, hint = found.message, found.hint
    if isinstance(node, ast.Name) and not found.symbol.endswith(f".{node.id}"):
        told = text.removeprefix(f"`{node.id}`")
        if told != text:
            text = f"`{node.id}` (where it is `{found.symbol}`){told}"
    return replace(found, message=text, hint=hint and replace(hint, edits=(), kind=""))


def spelled(source: Source, node: ast.expr) -> str:
    """The user's own spelling of a name or attribute chain, cut where it gets long."""
    parts: list[str] = []
    at = node
    while isinstance(at, ast.Attribute):
        parts.append(at.attr)
        at = at.value
    if isinstance(at, ast.Name):
        parts.append(at.id)
    else:
        text = source.one_line(at)
        # Of a long expression only its attribute is named: `.value`.
        parts.append(text if len(text) <= (60 if not parts else 30) else "")
    return ".".join(reversed(parts)) or "the call"


def _hint(
    rule: Rule, ref: Reference, report: Report, options: Options, failed: Failed
) -> Hint | None:
    if not report.use and not options.edits and not report.edits:
        return None
    kind, edits = report.kind, report.edits
    if options.edits:
        try:
            kind, edits = _edits(rule, ref, report, options)
        except Exception as error:  # the finding itself stands
            failed(rule, ref, error)
            kind, edits = "", ()
    if not edits and not report.use:
        return None
    certain = report.confidence == "high" or (ref.certain and not report.confidence)
    if options.edits and edits:
        safe = certain and is_proven(rule.code, kind, in_graphs=options.edits != TF2)
        edits = ref.module.marked(edits, safe)
    text = " ".join(report.use.sentences()) if report.use else ""
    return Hint(text, edits, kind if edits else "", report.use.kind.value)


def _edits(
    rule: Rule, ref: Reference, report: Report, options: Options
) -> tuple[str, tuple[Edit, ...]]:
    """The kind of the edits, and the edits."""
    if options.mnist is not None:
        from tf2lint.fixes import mnist  # only needed to fix

        if written := mnist.edits(ref, options.mnist):
            return mnist.KIND, written
    if options.edits == TF2:
        from tf2lint.fixes import patterns  # only needed to fix

        if rule.in_patterns and (whole := patterns.edits_of(ref)) is not None:
            return whole
        kind, edits = _tf2_form(ref, report)
        if rule.ends_graph and edits and not is_proven(rule.code, kind):
            fits = patterns.fits(ref, report.use.template)
            return (kind, edits) if fits else ("", ())
        return kind, edits
    if report.in_graph:
        from tf2lint.fixes.patterns import layers  # only needed to fix

        if (found := layers.in_graph(ref, report.in_graph))[1]:
            return found
    if has_nothing(ref):
        return _of_the_core(ref, report) or _tf2_form(ref, report)
    if options.edits == MIXED and _is_same_anywhere(ref, report):
        found = _tf2_form(ref, report)
        if found[1] and is_proven(rule.code, found[0], in_graphs=True):
            return found
    return respelled(rule, ref)


def _of_the_core(ref: Reference, report: Report) -> tuple[str, tuple[Edit, ...]] | None:
    """What a name that compat.v1 lacks was made of, if that is known."""
    if not report.in_graph:
        return None
    edits = of_template(report.in_graph, ref, ref.arguments(), may_drop=True)
    name = api.public(ref.symbol).replace(".slim.", ".layers.")  # slim has the same functions
    return (f"{COMPAT}: made of the core: {name}", edits) if edits else None


def _is_same_anywhere(ref: Reference, report: Report) -> bool:
    """Whether the TF 2 form is made of what TF 2 and compat.v1 have alike."""
    template = report.use.template
    if report.edits or not template:
        return not ref.is_method and not api.exists(ref.symbol, ref.target)
    names = templates.names_in(template.replace("{", "").replace("}", ""))
    return not ref.is_method and all(api.is_one_object(name, ref.target) for name in names)


def _tf2_form(ref: Reference, report: Report) -> tuple[str, tuple[Edit, ...]]:
    use = report.use
    if report.edits:
        return report.kind or kind_of_edits(ref.symbol, report), report.edits
    if not use.template:
        return "", ()
    arguments = use.arguments or ref.arguments()
    # A report on an argument says what becomes of it: it may go.
    of_argument = report.place is not None and report.place is not ref.node
    kind = kind_of(api.public(ref.symbol), use.template, ref.target)
    if of_argument and arguments is not None and (gone := lost(use.template, arguments)):
        kind += f" without {', '.join(gone)}"
    return kind, of_template(use.template, ref, arguments, of_argument)
