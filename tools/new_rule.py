"""Begins a rule: a module with the next free code of its family, to be filled in.

python -m tools.new_rule TF9 some-name                     asks for `tf.some.symbol`
python -m tools.new_rule TF9 some-name tf.write_file       asks for `tf.write_file`

What to do then is in CONTRIBUTING.md.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from tf2lint.check.registry import Family, modules, rules

ROOT = Path(__file__).resolve().parent.parent
CATEGORIES = "EWR"
_SKELETON = '''\
"""{prefix}: {words}."""

from __future__ import annotations

from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from {package} import family

{handle} = family.rule(
    "{code}",
    "{name}",
    "{category}",
    summary="one line: what is gone, and what to write instead",
    page="""\\
Why, and what to write instead, in Markdown. What changes without an error is told after
**Silent:**.""",
    examples=[
        Example(
            bad="""\\
import tensorflow as tf

«{symbol}»()
""",
            good="""\\
import tensorflow as tf
""",
        ),
    ],
)


@{handle}.on("{symbol}")
def _{handle}(ref: Reference) -> Report:
    return ref.report(ref.code("tf.new({{old_parameter}})"))
'''


class NoRuleError(ValueError):
    """Why no rule can be begun, in one line."""


def begin(prefix: str, name: str, symbol: str, category: str) -> tuple[Path, str, str]:
    """Where the new module goes, its text, and the rule's code. Raises `NoRuleError`."""
    package, family = _family(prefix)
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise NoRuleError(f"{name!r} is no name of a rule: lower case, words with - between them")
    taken = {rule.name: rule.code for rule in rules()}
    if name in taken:
        raise NoRuleError(f"{taken[name]} has the name {name}")
    number = max(int(code[3:]) for code in taken.values() if code.startswith(prefix)) + 1
    if number > 99:
        raise NoRuleError(f"{prefix} has no number left")
    code = f"{prefix}{number:02}"
    handle = name.replace("-", "_")
    path = ROOT / Path(*package.split(".")) / f"{handle}.py"
    if path.exists():
        raise NoRuleError(f"there is {path} already")
    text = _SKELETON.format(
        prefix=prefix, words=name.replace("-", " "), package=package, handle=handle, code=code,
        name=name, category=category, symbol=symbol,
    )  # fmt: skip
    assert family.prefix == prefix
    return path, text, code


def _family(prefix: str) -> tuple[str, Family]:
    """The package and the family of the codes that start with `prefix`."""
    found = {
        family.prefix: (module.__name__, family)
        for module in modules()
        if isinstance(family := getattr(module, "family", None), Family)
        and hasattr(module, "__path__")
    }
    if prefix not in found:
        known = ", ".join(f"{p} ({family.title})" for p, (_, family) in sorted(found.items()))
        raise NoRuleError(f"there is no family {prefix}: {known}")
    return found[prefix]


def main(argv: list[str]) -> int:
    """Write the module and say what comes next; exit status 2 where there can be none."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("family", help="what the codes of its family start with: TF9")
    parser.add_argument("name", help="the rule's name: some-name")
    parser.add_argument("symbol", nargs="?", default="tf.some.symbol", help="what it is about")
    parser.add_argument("--category", choices=CATEGORIES, default="W")
    options = parser.parse_args(argv)
    try:
        path, text, code = begin(options.family, options.name, options.symbol, options.category)
    except NoRuleError as error:
        print(f"new_rule: {error}", file=sys.stderr)
        return 2
    path.write_text(text, encoding="utf-8")
    print(f"{code} is begun in {path.relative_to(ROOT)}. Fill it in, then")
    print(f"  pytest tests/test_examples.py tests/test_hints.py -k {code}")
    print("  python -m tools.make_docs")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
