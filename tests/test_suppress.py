"""Silencing comments mean for the command line what they mean for the real hosts."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.hosts import flake8, flake8_places, pylint, pylint_places
from tests.support import findings
from tf2lint.source import Source
from tf2lint.suppress import Suppressions

CALL = "tf.summary.merge_all()"

NOQA = {
    "blanket": "X  # noqa",
    "any case": "X  # NoQA",
    "no space": "X  #noqa",
    "code": "X  # noqa: TF101",
    "code without space": "X  # noqa:TF101",
    "prefix": "X  # noqa: TF1",
    "family": "X  # noqa: TF",
    "letters only, with a reason": "X  # noqa: because",
    "several": "X  # noqa: E501,TF101",
    "several with spaces": "X  # noqa: E501 TF101",
    "other code": "X  # noqa: E501",
    "lower case": "X  # noqa: tf101",
    "codes run together": "X  # noqa: TF101TF102",
    "longer code": "X  # noqa: TF1011",
    "reason after": "X  # noqa: TF101 legacy",
    "second comment": "X  # why  # noqa: TF101",
    "in a string": "X, '# noqa: TF101'",
    "line above": "# noqa: TF101\nX",
    "first line of brackets": "y = [  # noqa\n    X,\n]",
    "own line of brackets": "y = [\n    X,  # noqa\n]",
    "last line of brackets": "y = [\n    X,\n]  # noqa",
    "string over lines": 'y = X, """a\nb"""  # noqa',
    "string over lines, before": 'y = """a\nb""", X  # noqa',
    "backslash": "y = 1, \\\n    X  # noqa",
    "backslash, first line": "y = X, \\\n    1  # noqa",
    "file": "X\n# flake8: noqa",
    "file with code": "X\n# flake8: noqa: E501",
    "file, after code": "X  # flake8: noqa",
    "file, equals": "# flake8=noqa\nX",
    "no final newline": "X  # noqa: TF101",
}

D = "# pylint: disable=tf1-summary-merge-all"
E = "# pylint: enable=tf1-summary-merge-all"
PRAGMAS = {
    "trailing": f"X  {D}\nX",
    "id": "X  # pylint: disable=W7101\nX",
    "checker": "X  # pylint: disable=tf2lint\nX",
    "category letter": "X  # pylint: disable=W\nX",
    "category": "X  # pylint: disable=warning\nX",
    "other category": "X  # pylint: disable=E\nX",
    "other message": "X  # pylint: disable=invalid-name\nX",
    "several": "X  # pylint: disable=invalid-name,tf1-summary-merge-all\nX",
    "several with spaces": "X  # pylint: disable=invalid-name, tf1-summary-merge-all\nX",
    "reason": f"X  {D}; legacy\nX",
    "second comment": f"X  # why {D}\nX",
    "flake8's too": f"X  # noqa {D}\nX",
    "no colon": "X  # pylint disable=tf1-summary-merge-all",
    "top": f"{D}\nX\nX",
    "after the docstring": f'"""Doc."""\n{D}\nX',
    "middle": f"X\n{D}\nX\ndef f():\n    X",
    "middle, and back": f"X\n{D}\nX\n{E}\nX",
    "end": f"X\n{D}",
    "next": "X\n# pylint: disable-next=tf1-summary-merge-all\nX\nX",
    "skip-file": "X\n# pylint: skip-file\nX",
    "disable all": "X\n# pylint: disable=all\nX",
    "function": f"def f():\n    {D}\n    X\nX",
    "function, after the docstring": f'def f(a=X):\n    """Doc."""\n    {D}\n    X\nX',
    "function, middle": f"def f():\n    X\n    {D}\n    X\nX",
    "function line": f"def f(a=X):  {D}\n    X\nX",
    "class": f"class A:\n    {D}\n    b = X\n    def f(self):\n        X\nX",
    "class line": f"class A:  {D}\n    b = X",
    "nested enable": f"def f():\n    {D}\n    X\n    def g():\n        {E}\n        X\n    X",
    "if": f"if a:\n    {D}\n    X\nelse:\n    X\nX",
    "if, second statement": f"if a:\n    b = 1\n    {D}\n    X\nelse:\n    X\nX",
    "if line": f"if X:  {D}\n    X\nelse:\n    X",
    "else": f"if a:\n    X\nelse:\n    b = 1\n    {D}\n    X\nX",
    "else, first": f"if a:\n    X\nelse:\n    {D}\n    X\n    X\nX",
    "elif": f"if a:\n    X\nelif b:\n    {D}\n    X\n    X\nelse:\n    X",
    "for": f"for a in b:\n    {D}\n    X\n    X\nX",
    "for line": f"for a in b:  {D}\n    X\nX",
    "for, else": f"for a in b:\n    {D}\n    X\nelse:\n    X",
    "while": f"while a:\n    X\n    {D}\n    X\nX",
    "with": f"with a:\n    {D}\n    X\n    X\nX",
    "try, second statement": f"try:\n    b = 1\n    {D}\n    X\nfinally:\n    X",
    "except": f"try:\n    X\nexcept ValueError:\n    b = 1\n    {D}\n    X\nX",
    "except, first": f"try:\n    X\nexcept ValueError:\n    {D}\n    X\n    X\nX",
    "except line": f"try:\n    X\nexcept ValueError:  {D}\n    X\nX",
    "finally": f"try:\n    X\nfinally:\n    b = 1\n    {D}\n    X\nX",
    "match": f"match a:\n    case 1:\n        {D}\n        X\n    case 2:\n        X\nX",
    "brackets, trailing": f"y = [\n    X,  {D}\n    X,\n]",
    "brackets, first line": f"y = [  {D}\n    X,\n]",
    "brackets, own line": f"y = f(\n    X,\n    {D}\n    X,\n    X,\n)\nX",
    "decorator": f"@d(X)  {D}\ndef f():\n    X",
}


def _file(text: str) -> str:
    return "import tensorflow as tf\n" + text.replace("X", CALL) + "\n"


def _ours(text: str) -> list[int]:
    hidden = Suppressions(Source(text))
    return [finding.line for finding in findings(text) if not hidden.hides(finding)]


@pytest.fixture(scope="module")
def by_flake8(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    folder = tmp_path_factory.mktemp("noqa")
    for number, text in enumerate(NOQA.values()):
        (folder / f"f{number}.py").write_text(_file(text))
    places = flake8_places(flake8(".", cwd=folder).stdout)
    return {
        name: [place.line for place in places if place.path == f"./f{number}.py"]
        for number, name in enumerate(NOQA)
    }


@pytest.fixture(scope="module")
def by_pylint(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    folder = tmp_path_factory.mktemp("pragmas")
    for number, text in enumerate(PRAGMAS.values()):
        (folder / f"f{number}.py").write_text(_file(text))
    names = [f"f{number}.py" for number in range(len(PRAGMAS))]
    done = pylint("--disable=unknown-option-value,useless-option-value", *names, cwd=folder)
    places = pylint_places(done.stdout)
    return {
        name: [place.line for place in places if place.path == f"f{number}.py"]
        for number, name in enumerate(PRAGMAS)
    }


@pytest.mark.parametrize("name", NOQA)
def test_noqa(by_flake8: dict[str, list[int]], name: str) -> None:
    assert _ours(_file(NOQA[name])) == by_flake8[name]


# Before pylint 4.1 what follows `else:` belonged to the block above it: pragmas of
# that block reached into it, those at its start did nothing. The command line is like the newest.
BEFORE_4_1 = {"for, else": [], "else, first": [3, 6, 7, 8]}
IS_OLD = tuple(map(int, version("pylint").split(".")[:2])) < (4, 1)


@pytest.mark.parametrize("name", PRAGMAS)
def test_pragmas(by_pylint: dict[str, list[int]], name: str) -> None:
    ours = _ours(_file(PRAGMAS[name]))
    if IS_OLD and name in BEFORE_4_1:
        assert by_pylint[name] == BEFORE_4_1[name] != ours
    else:
        assert by_pylint[name] == ours


# Each host hears what is said to the other one, where it names us.
ACROSS = {
    "noqa with the code": ("X  # noqa: TF101", ""),
    "noqa with the family": ("X  # noqa: TF1", ""),
    "noqa with other codes, too": ("X  # noqa: E501,TF101", ""),
    "noqa for everything": ("X  # noqa", "p"),
    "noqa for the file": ("X\n# flake8: noqa", "p"),
    "noqa for others": ("X  # noqa: E501", "fp"),
    "pragma with the name": (f"X  {D}", ""),
    "pragma with the id": ("X  # pylint: disable=W7101", ""),
    "pragma for the plugin": ("X  # pylint: disable=tf2lint", ""),
    "pragma for a block": (f"def f():\n    {D}\n    X", ""),
    "pragma taken back": (f"def f():\n    {D}\n    {E}\n    X", "fp"),
    "pragma for everything": ("# pylint: disable=all\nX", "f"),
    "pragma for a category": ("X  # pylint: disable=W", "f"),
    "pragma for others": ("X  # pylint: disable=invalid-name", "fp"),
}


@pytest.fixture(scope="module")
def across(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Which hosts report the call in each of the cases, by their first letters."""
    folder = tmp_path_factory.mktemp("across")
    names = [f"f{number}.py" for number in range(len(ACROSS))]
    for name, (text, _) in zip(names, ACROSS.values(), strict=True):
        (folder / name).write_text(_file(text))
    by_flake8 = {place.path for place in flake8_places(flake8(*names, cwd=folder).stdout)}
    done = pylint("--disable=unknown-option-value,useless-option-value", *names, cwd=folder)
    by_pylint = {place.path for place in pylint_places(done.stdout)}
    return {
        case: "f" * (name in by_flake8) + "p" * (name in by_pylint)
        for name, case in zip(names, ACROSS, strict=True)
    }


@pytest.mark.parametrize("name", ACROSS)
def test_each_host_hears_the_other_one(across: dict[str, str], name: str) -> None:
    assert across[name] == ACROSS[name][1]


def test_both_kinds_matter() -> None:
    """The cases are no good if everything, or nothing, is silenced in them."""
    for cases in (NOQA, PRAGMAS):
        silent = [name for name in cases if not _ours(_file(cases[name]))]
        assert 3 < len(silent) < len(cases)
    assert _ours(_file("X")) == [2]


def test_a_file_that_tokenize_refuses_keeps_its_findings() -> None:
    text = "import tensorflow as tf\r\rtf.summary.merge_all()  # noqa: E501 pylint: disable=E\r"
    assert _ours(text) == [3]
