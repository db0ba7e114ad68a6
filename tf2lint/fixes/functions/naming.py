"""Names for functions, made of those in the code."""

from __future__ import annotations

import ast

from tf2lint.fixes.functions.model import Kind
from tf2lint.fixes.functions.slices import Slice

_VERBS = ("predict", "generate", "sample", "encode", "decode", "train", "update", "eval")


def bare(name: str) -> str:
    """`name` without what says that it is a tensor."""
    for end in ("_op", "_tensor"):
        name = name.removesuffix(end)
    return name


def names_of(one: Slice, trains: int) -> list[str]:
    """Names for a slice, the best first."""
    if one.steps:
        op = one.steps[0].defs[0].name
        own = op if "train" in op.lower() else f"{bare(op)}_step"
        first = ["train_step"] if trains == 1 else [own]
        others = [leaf.whole.name for leaf in one.leaves
                  if leaf.whole is not None and leaf.kind is not Kind.TRAIN]  # fmt: skip
        return [*first, *(f"{first[0]}_with_{bare(o)}" for o in others[:1]), first[0]]
    named = [bare(leaf.whole.name) for leaf in one.leaves if leaf.whole is not None]
    if len(named) == len(one.leaves) and len(named) <= 2:
        if len(named) == 1 and any(d.unit.effect for leaf in one.leaves for d in leaf.uses):
            return [f"run_{named[0]}"]
        verbs = [named[0]] if len(named) == 1 and named[0].startswith(_VERBS) else []
        return [*verbs, f"compute_{'_and_'.join(named)}"]
    return ["evaluate"]


def identifiers(tree: ast.Module) -> set[str]:
    """All names in the module."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
    return found
