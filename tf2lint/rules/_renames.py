"""Calls that moved to another name, with other names for some parameters."""

from __future__ import annotations

from collections.abc import Mapping

from tf2lint.check.advice import Advice
from tf2lint.check.reference import Reference


def renamed(ref: Reference, new: str, keywords: Mapping[str, str] | None = None) -> Advice:
    """The call of `ref` as a call of `new`; `keywords` maps TF 1 parameters to new ones.

    What was passed by position stays so, unless something before it is missing. Without a
    call, or with arguments that cannot be told, what is called stands alone.
    """
    args, signature = ref.arguments(), ref.signature()
    if args is None or args.open or args.unknown or args.extra or signature is None:
        return ref.advise(new)
    parts: list[str] = []
    for name in signature.names:
        if name in args.positions:
            parts.append(f"{{{name}}}")
    for name in args.given:
        if name not in args.positions:
            parts.append(f"{(keywords or {}).get(name, name)}={{{name}}}")
    return ref.code(f"{new}({', '.join(parts)})")
