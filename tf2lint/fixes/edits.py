"""Edits: replacements of source text that keep everything around them, byte for byte.

`apply` puts edits into a text. `of_template` makes the edits that turn a call into what a
template says, argument by argument where their order stays, so that comments and line breaks
between them are kept.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tf2lint.finding import Edit
from tf2lint.fixes import imports as imports_
from tf2lint.fixes import templates
from tf2lint.fixes.rendering import hole
from tf2lint.semantics.values import Symbol
from tf2lint.source import Source, split_lines
from tf2lint.tensorflow import api, paths

if TYPE_CHECKING:
    from tf2lint.check.arguments import Arguments
    from tf2lint.check.reference import Reference


# Arguments that change no number when a rewrite leaves them out.
_DROPPED = ("name", "use_locking")
# Arguments that need a look at the brackets around them.
_DELICATE = (ast.GeneratorExp, ast.NamedExpr, ast.Yield, ast.YieldFrom)
_ATOMS = (ast.Call, ast.Name, ast.Attribute, ast.Subscript, ast.List, ast.Constant)


class Conflict(ValueError):
    """Edits that overlap."""


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with `edits` put in. Raises `Conflict` where two of them overlap."""
    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def offset(line: int, column: int) -> int:
        if line > len(lines):
            return starts[-1]
        row = lines[line - 1]
        inside = column if row.isascii() else len(row.encode()[:column].decode())
        return starts[line - 1] + inside

    spans = sorted(
        (offset(e.line, e.column), offset(e.end_line, e.end_column), e.text) for e in set(edits)
    )
    parts: list[str] = []
    at = 0
    for start, end, new in spans:
        if start < at:
            raise Conflict(f"edits overlap at offset {start}")
        parts += [text[at:start], new]
        at = end
    parts.append(text[at:])
    return "".join(parts)


def choose(groups: Sequence[Sequence[Edit]]) -> list[Edit]:
    """The edits of as many groups as fit together; a group goes in whole or not at all.

    Earlier groups win, so an outer rewrite given first leaves inner ones to the next round.
    Groups may share edits: an import that several of them need goes in once.
    """
    chosen: list[Edit] = []
    seen: set[Edit] = set()
    widest = 0  # most lines that a chosen edit spans
    by_line: dict[int, list[Span]] = {}
    for group in groups:
        fresh = [edit for edit in group if edit not in seen]
        spans = [_span(edit) for edit in fresh]
        if any(
            _overlap(span, other)
            for span in spans
            for line in range(span[0][0] - widest, span[1][0] + 1)
            for other in by_line.get(line, ())
        ):
            continue
        for span in spans:
            by_line.setdefault(span[0][0], []).append(span)
            widest = max(widest, span[1][0] - span[0][0])
        chosen += fresh
        seen.update(fresh)
    return chosen


Position = tuple[int, int]
Span = tuple[Position, Position]


def _span(edit: Edit) -> Span:
    return (edit.line, edit.column), (edit.end_line, edit.end_column)


def _overlap(a: Span, b: Span) -> bool:
    if a[0] == a[1] or b[0] == b[1]:  # an insertion: at the same place, or strictly inside
        return a[0] == b[0] or b[0] < a[0] < b[1] or a[0] < b[0] < a[1]
    return a[0] < b[1] and b[0] < a[1]


def replace(
    node: ast.expr | ast.stmt | ast.keyword | ast.alias, text: str, safe: bool = False
) -> Edit:
    """The edit that puts `text` in the place of `node`."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Edit(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text, safe)


def rename_keyword(keyword: ast.keyword, name: str, safe: bool = False) -> Edit:
    """The edit that renames the keyword of an argument and leaves its value alone."""
    assert keyword.arg is not None
    start = keyword.col_offset
    return Edit(
        keyword.lineno, start, keyword.lineno, start + len(keyword.arg.encode()), name, safe
    )


def drop_argument(
    source: Source, call: ast.Call, argument: ast.expr | ast.keyword, safe: bool = False
) -> Edit:
    """The edit that takes `argument` out of `call`, with the comma that goes with it."""
    spans, trailing = _extents(source, call)
    at = _written(call).index(argument)
    (start, end) = spans[at]
    if at + 1 < len(spans):
        end = spans[at + 1][0]
    elif at:
        start = spans[at - 1][1]
    else:
        end = trailing or end
    return Edit(*start, *end, "", safe)


def _written(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """The arguments in the order in which they are written."""
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    return sorted(given, key=lambda a: (a.lineno, a.col_offset))


def _extents(source: Source, call: ast.Call) -> tuple[list[Span], Position | None]:
    """Where each argument starts and ends as written, brackets around it included.

    Second: the place after the comma that follows the last one, if there is a comma.
    """
    given = _written(call)
    assert call.func.end_lineno is not None
    assert call.func.end_col_offset is not None
    before = (call.func.end_lineno, call.func.end_col_offset)
    if len(given) == 1 and isinstance(given[0], ast.GeneratorExp):
        outer = _bounds(given[0])
        if "(" not in (mark for mark, _ in _marks(source, before, outer[0])):
            # `f(x for x in y)`: to the parser, the brackets are the argument's.
            (line, column), (end_line, end_column) = outer
            return [((line, column + 1), (end_line, end_column - 1))], None
    spans: list[Span] = []
    trailing: Position | None = None
    for argument in [*given, None]:
        start, end = _bounds(call if argument is None else argument)
        marks = _marks(source, before, end if argument is None else start)
        if spans:
            commas = [at for at, (mark, _) in enumerate(marks) if mark == ","]
            upto = commas[0] if commas else len(marks) - 1
            closing = [where for mark, where in marks[:upto] if mark == ")"]
            if closing:
                line, column = closing[-1]
                spans[-1] = (spans[-1][0], (line, column + 1))
            if argument is None and commas:
                line, column = marks[upto][1]
                trailing = (line, column + 1)
            marks = marks[upto:]
        else:  # the brackets around what is called, and the call's own
            opening = next(at for at, (mark, _) in enumerate(marks) if mark == "(")
            marks = marks[opening:]
        if argument is not None:
            spans.append((marks[1][1] if len(marks) > 1 else start, end))
            before = end
    return spans, trailing


def _bounds(node: ast.expr | ast.keyword) -> Span:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _marks(source: Source, start: Position, end: Position) -> list[tuple[str, Position]]:
    """The brackets and commas between two positions with nothing but them and comments."""
    found: list[tuple[str, Position]] = []
    line, column = start
    for number, text in enumerate(split_lines(source.between(*start, *end))):
        at = column if number == 0 else 0
        for char in text:
            if char == "#":
                break
            if char in "(),":
                found.append((char, (line + number, at)))
            at += len(char.encode("utf-8", "surrogatepass"))
    return found


def of_template(
    template: str, ref: Reference, arguments: Arguments | None, may_drop: bool = False
) -> tuple[Edit, ...]:
    """The edits that make `ref` (its call, if it is called) what `template` says; () if none do.

    () where the names in scope cannot express it, arguments cannot be mapped, or a comment
    would be lost. With `may_drop` arguments that the template does not name are left out.
    """
    if ref.is_import or not isinstance(ref.node, ast.expr):
        return ()
    found = root_for(template, ref)
    if found is None:
        return ()
    root, imports = found
    if ref.call is None:
        if templates.is_rename(template, ref.signature()):
            return (*imports, replace(ref.node, templates.rooted(templates.callee(template), root)))
        return ()
    if arguments is None or not _fits(template, arguments, may_drop):
        return ()
    edits = _of_call(template, ref, ref.call, arguments, root)
    return (*imports, *edits) if edits else ()


def _fits(template: str, arguments: Arguments, may_drop: bool) -> bool:
    """Whether all arguments are known, and may be written again elsewhere."""
    if arguments.open or arguments.unknown or arguments.extra:
        return False
    if not may_drop and lost(template, arguments):
        return False
    return not any(isinstance(value, _DELICATE) for value in arguments.given.values())


def _of_call(
    template: str, ref: Reference, call: ast.Call, arguments: Arguments, root: str
) -> tuple[Edit, ...]:
    """The edits that make the call what `template` says: in place, or else as a whole."""
    tree = templates.parsed(template)
    whole = templates.full(template, ref, arguments, root)
    if whole is None:
        return ()
    source = ref.module.source
    in_place = _in_place(tree, ref, arguments, root)
    if in_place is not None:
        return in_place
    if _has_comment(source.segment(call)):
        return ()
    if not isinstance(tree, _ATOMS) and ("\n" in whole or not _stands_alone(source, call)):
        whole = f"({whole})"
    return (replace(call, whole),)


def lost(template: str, arguments: Arguments) -> list[str]:
    """Arguments that `template` leaves out, other than those that change no number."""
    kept = {*_holes_in(templates.parsed(template)), *_DROPPED}
    return sorted(name for name in arguments.given if name not in kept)


def root_for(template: str, ref: Reference) -> tuple[str, tuple[Edit, ...]] | None:
    """How to spell the TensorFlow names of `template` at `ref`: the root, and an import for it.

    The root is a name for the tensorflow package, or for compat.v1 where all that the
    template names is the same there; or `tf`, imported, where the module has no such name.
    """
    names = templates.names_in(template.replace("{", "").replace("}", ""))
    if not names:
        return "tf", ()
    root = ref.root
    if root is not None:
        return root, ()
    for name in _roots_of_v1(ref):
        if all(_is_in_v1(part, template, ref) for part in names):
            return name, ()
    edit = imports_.tensorflow(ref.module.source)
    return None if edit is None else ("tf", (edit,))


def _is_in_v1(name: str, template: str, ref: Reference) -> bool:
    """Whether `template` may say `name` for what compat.v1 has under it.

    So it may where that is the same object as in TF 2, or takes the same arguments for the
    same symbol: `tf.compat.v1.reduce_sum` takes `keepdims`, too.
    """
    if not api.in_compat_v1(name, ref.target):
        return False
    if api.same(name):
        return True
    tree = templates.parsed(template)
    if name != ref.symbol or not isinstance(tree, ast.Call) or ast.unparse(tree.func) != name:
        return False
    v1, v2 = api.signature(name, "v1", ref.target), api.signature(name, "v2", ref.target)
    if v1 is None or v2 is None or v1.has_var_keyword:
        return False
    count = len(tree.args)
    return v1.positional[:count] == v2.positional[:count] and all(
        k.arg is not None and v1.accepts(k.arg) for k in tree.keywords
    )


def _roots_of_v1(ref: Reference) -> list[str]:
    """Names that at `ref` can only mean compat.v1."""
    inference, site = ref.module.inference, ref.site
    return [
        name
        for name in inference.package_names
        if inference.name(name, site.scope, site.seq) == (Symbol(f"{paths.ROOT}.compat.v1"),)
    ]


def _stands_alone(source: Source, node: ast.expr) -> bool:
    """Whether an operator put in the place of `node` needs no parentheses."""
    up = source.parent(node)
    if isinstance(up, ast.Call):
        return up.func is not node
    return isinstance(
        up, ast.keyword | ast.Assign | ast.Return | ast.Expr | ast.AugAssign | ast.List
    )


def _in_place(
    tree: ast.expr, ref: Reference, arguments: Arguments, root: str
) -> tuple[Edit, ...] | None:
    """Edits argument by argument; None where the arguments would change their order."""
    call = ref.call
    assert call is not None
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name | ast.Attribute):
        return None
    if hole(tree.func) is not None or _holes_in(tree.func):
        return None
    slots = _slots(tree)
    placed = None if slots is None else _placed(slots, tree.func, ref, arguments)
    if slots is None or placed is None or not _in_order(placed):
        return None
    if any(s.keyword is None and name not in arguments.given for name, s in slots.items()):
        return None
    source = ref.module.source
    extents = _extents(source, call)[0]
    starts = {id(a): span[0] for a, span in zip(_written(call), extents, strict=True)}
    edits: list[Edit] = [replace(call.func, templates.rooted(ast.unparse(tree.func), root))]
    for argument, slot, keyword in placed:
        value = argument.value if isinstance(argument, ast.keyword) else argument
        text = templates.rendered(slot.value, ref, arguments)
        if text is None:
            return None
        if hole(slot.value) is None:
            edits.append(replace(value, text))
        if isinstance(argument, ast.keyword):
            if keyword is not None and argument.arg != keyword:
                edits.append(rename_keyword(argument, keyword))
        elif keyword is not None:
            line, column = starts[id(value)]
            edits.append(Edit(line, column, line, column, f"{keyword}="))
    return tuple(
        edit for edit in edits
        if source.between(edit.line, edit.column, edit.end_line, edit.end_column) != edit.text
    )  # fmt: skip


class _Slot(NamedTuple):
    """A place for one argument in the call that a template is."""

    place: int
    keyword: str | None
    value: ast.expr


_Placed = tuple["ast.expr | ast.keyword", _Slot, "str | None"]  # and by which name it is passed


def _slots(tree: ast.Call) -> dict[str, _Slot] | None:
    """The slots by what goes into them.

    None where that is not one argument each: constants, and arguments made of several, go
    through the whole rewrite.
    """
    slots: dict[str, _Slot] = {}
    values: list[tuple[str | None, ast.expr]] = [(None, a) for a in tree.args]
    values += [(k.arg, k.value) for k in tree.keywords]
    for place, (keyword, value) in enumerate(values):
        names = _holes_in(value)
        if len(names) != 1:
            return None
        slots[names[0]] = _Slot(place, keyword, value)
    return slots


def _placed(
    slots: dict[str, _Slot], func: ast.expr, ref: Reference, arguments: Arguments
) -> list[_Placed] | None:
    """The arguments of the call as written, with the slots that they go into.

    None where one has none, of dropped ones, too: commas and comments are the whole's business.
    """
    assert ref.call is not None
    names_of = {id(value): name for name, value in arguments.given.items()}
    placed: list[_Placed] = []
    for argument in _written(ref.call):
        value = argument.value if isinstance(argument, ast.keyword) else argument
        slot = slots.get(names_of.get(id(value), ""))
        if slot is None:
            return None
        keyword = slot.keyword
        if keyword is None and isinstance(argument, ast.keyword):
            keyword = _name_of(func, slot.place, ref)  # what was passed by name stays so
            if keyword is None:
                return None
        placed.append((argument, slot, keyword))
    return placed


def _in_order(placed: list[_Placed]) -> bool:
    """Whether those without a name come first, and in the order of their slots."""
    bare = [slot.place for _, slot, keyword in placed if keyword is None]
    first = [slot.place for _, slot, keyword in placed[: len(bare)] if keyword is None]
    return bare == first and bare == sorted(bare)


def _name_of(func: ast.expr, place: int, ref: Reference) -> str | None:
    """The name of the parameter at `place` of what is called; None where it has none."""
    signature = api.signature(ast.unparse(func), "v2", ref.target)
    if signature is None or place >= len(signature.positional):
        return None
    found = signature.get(signature.positional[place])
    return None if found is None or found.kind == "pos" else found.name


@lru_cache(maxsize=4096)  # nodes of templates, which are kept as well
def _holes_in(node: ast.expr) -> list[str]:
    found = [hole(inner) for inner in ast.walk(node) if isinstance(inner, ast.expr)]
    return [name for name in found if name is not None]


def _has_comment(text: str) -> bool:
    if "#" not in text:
        return False
    try:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return any(token.type == tokenize.COMMENT for token in tokens)
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return "#" in text
