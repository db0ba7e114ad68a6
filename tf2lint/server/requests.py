"""What the client asks: hover, and what can be done at a place."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from tf2lint.server import actions
from tf2lint.server.analysis import Analysis
from tf2lint.server.documents import Text, Unit
from tf2lint.server.hover import hover as markdown_of
from tf2lint.server.language_server import Server, diagnostic, guarded
from tf2lint.server.positions import from_client


@guarded
def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """What there is to say about a place."""
    unit, text = _asked(ls, params.text_document.uri)
    if unit is None or text is None or (analysis := ls.analysis(unit)) is None:
        return None
    at, lines = params.position, text.lines
    if at.line >= len(lines):
        return None
    column = from_client(lines[at.line], at.character, ls.encoding)
    told = markdown_of(analysis, unit.line_of(text, at.line + 1), column)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, told)) if told else None


@guarded
def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """What can be done about the findings in a range, or about all."""
    unit, text = _asked(ls, params.text_document.uri)
    if unit is None or text is None or (analysis := ls.analysis(unit)) is None:
        return None
    only = params.context.only
    # A light that tells that there is something to do is asked for at each step of the cursor.
    is_automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    made: list[types.CodeAction] = []
    if actions.asked_for(actions.QUICK_FIX, only):
        made += _quick_fixes(ls, unit, text, analysis, params.range)
    may_change = unit.moved(()) is not None  # not a notebook of Python 2, say
    if may_change and actions.asked_for(actions.FIX_ALL, only) and actions.has_safe_fixes(analysis):
        action = types.CodeAction(actions.FIX_ALL_TITLE, actions.FIX_ALL)
        action.data = unit.uri
        if _can_resolve(ls) or (not is_automatic and resolve(ls, action).edit is not None):
            made.append(action)
    return made


def _quick_fixes(
    ls: Server, unit: Unit, text: Text, analysis: Analysis, where: types.Range
) -> Iterator[types.CodeAction]:
    first, last = (unit.line_of(text, line + 1) for line in (where.start.line, where.end.line))
    for action in actions.quick_fixes(analysis, first, last):
        changes = unit.moved(action.edits)
        if changes is None:
            continue
        about = [diagnostic(f, ls.place(unit, f)[1], ls.pages) for f in action.findings]
        yield types.CodeAction(
            action.title, types.CodeActionKind.QuickFix, about,
            is_preferred=action.preferred or None, edit=ls.workspace_edit(changes),
        )  # fmt: skip


@guarded
def resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
    """Fill in the edit of "fix all": it takes long to make, and most are never asked for."""
    unit = ls.units.get(str(action.data))
    analysis = ls.analysis(unit) if unit is not None else None
    if unit is not None and analysis is not None:
        changes = unit.rewritten(analysis.fixed)
        if changes and any(changes.values()):
            action.edit = ls.workspace_edit(changes)
    return action


def _can_resolve(ls: Server) -> bool:
    document = ls.client_capabilities.text_document
    can = document.code_action if document else None
    support = can.resolve_support if can else None
    return bool(can and can.data_support and support and "edit" in support.properties)


def _asked(ls: Server, uri: str) -> tuple[Unit | None, Text | None]:
    unit = ls.units.get(uri)
    texts = unit.texts if unit is not None else []
    return unit, next((text for text in texts if text.uri == uri), None)
