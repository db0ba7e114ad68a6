"""The tree of a neighbour, functions and classes left out: filled in, it is the whole tree."""

from __future__ import annotations

import argparse
import ast
import asyncio.base_events
import email.message
import inspect
import pathlib
import typing
from types import ModuleType

import pytest

from tf2lint.semantics.outline import fill, may_store, outline

CLASSES = {
    "methods": "class A:\n    x = 1\n    def f(self, a=1, *b, c: int = 2) -> int:\n        return a\n",
    "decorated": "class A:\n    @property\n    # why\n    def f(self):\n        return 1\n    @f.setter\n"
    "    def f(self, x):\n        self.x = x\n",
    "one line": "class A:\n    def f(self): return 1\n    async def g(self): pass\n    y = 2\n",
    "in one line": "class A: x = 1\n",
    "a long head": "class A(\n    B,\n    metaclass=C,\n):\n    def f(\n        self,\n    ):\n        pass\n",
    "tabs": "class A:\n\tdef f(self):\n\t\tif self:\n\t\t\treturn 1\n\tx = 1\n",
    "under a condition": "class A:\n    if x:\n        def f(self):\n            return 1\n    else:\n"
    "        def f(self):\n            return 2\n    def g(self):\n        return 3\n",
    "a class in a class": "class A:\n    class B:\n        def f(self):\n            return 1\n    def g(self):\n"
    "        def h():\n            return 2\n        return h\n",
    "a method in its docstring": 'class A:\n    """Say:\n\n    def f(self):\n        return 1\n    """\n'
    "    def f(self):\n        return 2\n",
    "a string up to the margin": 'class A:\n    def f(self):\n        x = """\none\n    def g(self):\n"""\n'
    "        return x\n    def h(self):\n        return 1\n",
    "comments further left": "class A:\n    def f(self):\n        x = 1\n  # here\n# there\n        return x\n"
    "    # between\n    def g(self):\n        pass\n",
    "lines of blanks": "class A:\n    def f(self):\n        x = 1\n\n  \n        return x\n\n    y = 2\n",
    "a lambda": "class A:\n    f = lambda self: 1\n    def g(self):\n        return lambda: self\n",
    "other line ends": "class A:\r\n    def f(self):\r\n\r\n        return 1\r\n    x = 1\r\n",
    "no end of the last line": "class A:\n    def f(self):\n        return 1",
}
MODULES = (argparse, asyncio.base_events, email.message, inspect, pathlib, typing)


def _whole(text: str) -> tuple[ast.Module, int]:
    """The tree once all is filled in, and how many definitions stood empty."""
    found = outline(text)
    assert found is not None
    tree, empty = found
    todo = list(empty.items())
    for node, block in todo:  # it grows meanwhile
        inside = fill(node, block)
        assert inside is not None
        todo += inside.items()
    return tree, len(todo)


@pytest.mark.parametrize("case", CLASSES)
def test_what_is_filled_in_is_the_whole_tree(case: str) -> None:
    tree, empty = _whole(CLASSES[case])
    assert ast.dump(tree) == ast.dump(ast.parse(CLASSES[case]))
    assert bool(empty) is (case != "a string up to the margin")  # then all is read at once


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_so_it_is_of_real_modules(module: ModuleType) -> None:
    text = inspect.getsource(module)
    tree, empty = _whole(text)
    assert ast.dump(tree) == ast.dump(ast.parse(text))
    methods = sum(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(text)))
    assert empty > methods / 2  # most stood empty


def test_a_method_is_left_for_later() -> None:
    found = outline("class A:\n    def f(self):\n        self.x = 1\n    def g(self): return 2\n")
    assert found is not None
    [(node, block)] = found[1].items()
    inside = fill(node, block)
    assert inside is not None
    assert {node.name: block for node, block in inside.items()} == {
        "f": "    def f(self):\n        self.x = 1\n", "g": "    def g(self): return 2\n\n",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "stores"),
    [
        ("self.x = 1", True), ("self.x, y = 1, 2", True), ("setattr(self, 'x', 1)", True),
        ("vars(self).update(x=1)", True), ("vars(self).update(x  = 1)", True), ("self.x(1)", False), ("self.x.y = 1", False),
        ("self.x[0] = 1", False), ("self.xy = 1", False), ("self.y = x", False),
    ],
)  # fmt: skip
def test_what_may_store_an_attribute(line: str, stores: bool) -> None:
    block = f"    def f(self):\n        {line}\n"
    assert may_store(block, "x") is stores
    assert not may_store(block, "")  # `getattr(self, "")`
