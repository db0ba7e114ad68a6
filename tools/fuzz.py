"""Fuzzes the linter: `python -m tools.fuzz --count 200000 --seed 1`.

Modules are made by mutating the rules' examples and the fixtures (as text and as trees), or by
hypothesmith (`--make hypothesmith`, which has to be installed). Each goes through the core with
options drawn for it, and every group of edits is applied; what comes out has to parse. With
`--hosts` the same modules go through flake8 and pylint, which have to say what the core says.

Case number n of a seed is always the same text. What goes wrong is made small and written to
`--keep`, where `tests/test_fuzz.py` runs it from then on.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import hashlib
import json
import random
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from tf2lint.check.engine import check
from tf2lint.check.registry import rules
from tf2lint.config import options_of
from tf2lint.finding import Finding
from tf2lint.fixes import edits as editing
from tf2lint.fixes.fixer import fix
from tf2lint.internal_error import BROKEN
from tf2lint.options import Options
from tf2lint.source import Source

ROOT = Path(__file__).parents[1]
KEEP = ROOT / "tests" / "fuzz"
SLOW = 10  # seconds; a module of a few hundred lines that takes longer is a defect
TARGETS = ("2.0", "2.3", "2.15", "")
HEAD = "import tensorflow as tf\n"

_TOKEN = re.compile(r"\n[ \t]*|[ \t]+|\w+|'[^'\n]*'|\"[^\"\n]*\"|\*\*|:=|->|[=!<>]=|.", re.S)
_WORDS = (
    "tf", "self", "cls", "super", "x", "None", "True", "lambda", "yield", "await", "async", "not",
    "global", "nonlocal", "del", "return", "raise", "import", "from", "as", "if", "else", "for",
    "in", "while", "try", "with", "class", "def", "getattr", "__import__", "*", "**", "...", ":=",
    "@", "(", ")", "[", "]", "{", "}", ",", ".", ":", ";", "=", "==", "+", "-", "'", '"', '"""',
    "#", "\\", "\\\n", "\n", "\n\n", "\n    ", "\n\t", "\x0c", "\xa0", "\r", "\r\n", "0", "1e309",
    "f'{tf}'", "b''", "变量", "ﬁ", "é", "\u2028", "\U0001f600", "\ufeff", "sess", "compat", "v1",
    "contrib", "keras", "layers", "train", "summary", "Session", "run", "eval", "get_variable",
)  # fmt: skip
_EXPRESSIONS = (
    "*a", "**k", "lambda *a, **k: tf", "(tf := x)", "[i for i in tf.x if i]", "f'{tf.Session()}'",
    "tf", "tf.compat.v1", "tf.contrib", "tf.train", "tf.Session", "tf.layers.dense",
    "x if y else z",
    "getattr(tf, 'Session')", "super().run", "(yield)", "{**a}", "{}", "()", "[]", "''", "...",
    "None", "x[tf:tf, ...]", "x[*a]", "-x", "not x", "a < b < c", "a.b.c.d", "f()()()", "1j",
    "tf.x(*a, b=1)", "tf.y(**k)", "tf.dtypes.cast(x=1, **k)", "tf.float32", "'a' 'b'", "self.tf",
    "tf.train.AdamOptimizer(0.1)", "tf.placeholder(tf.float32, [None])", "tf.Graph().as_default()",
    "keras.layers.Dense(1)", "__import__('tensorflow')", "\"\"\"a\nb\"\"\"", "b'\\x00'", "变量",
)  # fmt: skip
_WRAPPERS = (
    "def f(self, tf=tf, *args, **kwargs):\n{}", "class A(tf.keras.Model):\n{}", "if x:\n{}",
    "async def f():\n{}", "for tf in x:\n{}", "while True:\n{}", "with tf.Session() as sess:\n{}",
    "try:\n{}\nexcept AttributeError:\n    pass", "try:\n    pass\nexcept ImportError as tf:\n{}",
    "try:\n    pass\nfinally:\n{}", "match tf:\n case tf.x(a=b) | [*_]:\n{}",
    "if 0:\n    pass\nelse:\n{}",
    "def f():\n    global tf\n{}", "@tf.function\ndef f(x: tf.Tensor = None) -> 'tf.Tensor':\n{}",
    "if hasattr(tf, 'Session'):\n{}", "if tf.__version__ < '2':\n{}",
    "async def f():\n async with x:\n{}",
    "class A:\n  def f(self):\n{}", "def f():\n  def g():\n    nonlocal tf\n{}",
    "try:\n pass\nexcept* E:\n{}",
)  # fmt: skip
Pool = list[str]


def main(argv: list[str] | None = None) -> int:
    """Run; exit status 1 where something went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--make", choices=("mutate", "hypothesmith"), default="mutate")
    parser.add_argument("--hosts", action="store_true", help="flake8 and pylint, too")
    parser.add_argument("--also", type=Path, metavar="FOLDER",
                        help="start from the TensorFlow code below it, too")  # fmt: skip
    parser.add_argument("--keep", type=Path, default=KEEP, help="where to write what broke")
    parser.add_argument("--show", action="store_true", help="print the cases, run nothing")
    args = parser.parse_args(argv)
    warnings.simplefilter("ignore")
    pool = seeds() + (pieces(args.also) if args.also else [])
    made = cases(args.make, args.seed, args.first, args.count, pool)
    if args.show:
        for number, text in made:
            print(f"# case {number}\n{text}")
        return 0
    if args.hosts:
        return _hosts(made)
    return _core(made, args)


def _core(made: Iterator[tuple[int, str]], args: argparse.Namespace) -> int:
    counts: Counter[str] = Counter()
    seen: dict[str, int] = {}
    start = time.monotonic()
    longest = (0.0, -1)
    for number, text in made:
        counts["modules"] += 1
        begun = time.perf_counter()
        outcome = problem(text, number, counts)
        longest = max(longest, (time.perf_counter() - begun, number))
        if outcome:
            kind = outcome.partition(": ")[0]
            seen[kind] = seen.get(kind, 0) + 1
            if seen[kind] == 1:
                small = minimised(text, number, kind)
                where = _keep(args.keep, small, number, kind)
                print(f"case {number}: {outcome}\n  kept as {where}", flush=True)
        if counts["modules"] % 10_000 == 0:
            print(f"{_told(counts)}, {time.monotonic() - start:.0f} s", flush=True)
    print(f"seed {args.seed}, {args.make}: {_told(counts)} in {time.monotonic() - start:.0f} s")
    print(f"slowest: case {longest[1]}, {longest[0]:.2f} s")
    for kind, count in sorted(seen.items(), key=lambda item: -item[1]):
        print(f"{count:>7} {kind}")
    return 1 if seen else 0


def _told(counts: Counter[str]) -> str:
    names = ("modules", "parsed", "with findings", "findings", "edits", "fixed")
    return ", ".join(f"{counts[name]} {name}" for name in names)


# What may go wrong.


class _TooSlow(BaseException):
    """Raised by the alarm."""


def _alarm(*_: object) -> None:
    raise _TooSlow


def problem(text: str, number: int = 0, counts: Counter[str] | None = None) -> str:
    """What goes wrong with `text`, one line whose start names the kind; else nothing."""
    counts = Counter() if counts is None else counts
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _alarm)
        signal.alarm(SLOW)
    try:
        return _problem(text, number, counts)
    except _TooSlow as error:
        return f"too slow in {_where(error)}: more than {SLOW} s"
    except Exception as error:
        return f"{type(error).__name__} at {_where(error)}: {' '.join(str(error).split())[:200]}"
    finally:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)


def _where(error: BaseException) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "tf2lint" in f.filename]
    if not frames:
        return "?"
    return f"{Path(frames[-1].filename).name}:{frames[-1].name}"


def _problem(text: str, number: int, counts: Counter[str]) -> str:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            check(Source(text, "fuzz.py"), drawn(number))
        return ""
    counts["parsed"] += 1
    options = drawn(number)
    source = Source(text, "fuzz.py", tree)
    found = check(source, options)
    counts["findings"] += len(found)
    counts["with findings"] += bool(found)
    ours = [finding.message for finding in found if finding.code == BROKEN.code]
    if ours:
        return f"{ours[0].partition(';')[0].replace(': ', ' ')}: "
    if len(set(found)) < len(found) or found != sorted(found):
        return "findings twice or not sorted: "
    for finding in found:
        wrong = _wrong(finding, source)
        if wrong:
            return f"{finding.code} {wrong}: {finding}"
    if not options.edits:
        return ""
    groups = [f.hint.edits for f in found if f.hint is not None and f.hint.edits]
    for finding in found:
        if finding.hint is None or not finding.hint.edits:
            continue
        counts["edits"] += 1
        after = editing.apply(text, finding.hint.edits)
        if not _parses(after):
            return f"{finding.code} edit does not parse: {finding.message}"
    chosen = editing.choose(list(dict.fromkeys(groups)))
    if chosen and not _parses(editing.apply(text, chosen)):
        return "edits together do not parse: "
    if chosen and number % 4 == 0:
        done = fix(text, "fuzz.py", options, options.edits, unsafe=number % 8 == 0)
        counts["fixed"] += not done.refused
        if not _parses(done.text):
            return "fixed text does not parse: "
        if "please report" in done.refused or "would not parse" in done.refused:
            return f"fix refused ({done.refused[:30]}): {done.refused}"
    return ""


def _wrong(finding: Finding, source: Source) -> str:
    """What is wrong with the shape of a finding."""
    lines = source.lines
    if not 1 <= finding.line <= finding.end_line <= len(lines):
        return "is outside of the text"
    if not 0 <= finding.column <= len(lines[finding.line - 1].encode("utf-8", "surrogatepass")):
        return "has a column outside of its line"
    if (finding.line, finding.column) >= (finding.end_line, finding.end_column):
        return "is empty"
    if len(finding.message.splitlines()) != 1 or not finding.message.isprintable():
        return "message is not one printable line"
    return ""


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def drawn(number: int) -> Options:
    """The options of case `number`: targets, switches and kinds of edits in turn."""
    return _drawn(number % 96)


@lru_cache(maxsize=96)
def _drawn(number: int) -> Options:
    settings: dict[str, object] = {}
    target = TARGETS[number % 4]
    if target:
        settings["target-version"] = target
    if number // 4 % 2:
        settings["enable"] = "all"
    settings["report-guarded"] = number // 8 % 3 == 1
    settings["allow-compat-v1"] = number // 8 % 3 == 2
    options = options_of(settings)
    kind = ("tf2", "tf2", "compat-v1", "")[number // 24 % 4]
    return Options(**{**options.__dict__, "edits": kind})


# Making modules.


def seeds() -> Pool:
    """The texts that mutation starts from: examples of all rules, fixtures, and examples/."""
    pool = []
    for rule in rules():
        for example in rule.examples:
            pool.append(example.bad.replace("«", "").replace("»", ""))
            pool.append(example.good)
    for folder in ("tests/fixtures", "examples"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            lines = text.splitlines(keepends=True)
            if len(lines) < 80:
                pool.append(text)
            pool += [f"{HEAD}{''.join(lines[at : at + 40])}" for at in range(0, len(lines), 40)]
    return [text for text in pool if text.strip()]


def pieces(folder: Path) -> Pool:
    """Forty lines each of modules below `folder` with the word tensorflow, where those parse."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            text = path.read_text(encoding="utf-8")
            if "tensorflow" in text:
                lines = text.splitlines(keepends=True)
                cut = ("".join(lines[at : at + 40]) for at in range(0, len(lines), 40))
                found += [HEAD + textwrap.dedent(piece) for piece in cut]
    return [piece for piece in found if _parses(piece)]


def cases(make: str, seed: int, first: int, count: int, pool: Pool) -> Iterator[tuple[int, str]]:
    """Cases `first` and on of `seed`: number and text."""
    if make == "hypothesmith":
        yield from _grown(seed, first, count, pool)
        return
    for number in range(first, first + count):
        yield number, mutant(random.Random(f"{seed}:{number}"), pool)


def mutant(rng: random.Random, pool: Pool) -> str:
    """One or a few of `pool`, mutated; mostly so that it still parses."""
    text = ""
    for _ in range(rng.choice((1, 6, 6, 6, 6, 6, 6, 6))):
        text = _mutated(rng, pool)
        if _parses(text):
            break
    return text


def _mutated(rng: random.Random, pool: Pool) -> str:
    text = "\n".join(rng.choice(pool) for _ in range(rng.choice((1, 1, 1, 2, 3))))
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        text = rng.choice(_MUTATIONS)(text, rng, pool)
        if len(text) > 60_000:
            break
    return text


def _tokens(text: str, rng: random.Random, pool: Pool) -> str:
    """Delete, double, swap, replace or insert a few tokens."""
    parts = _TOKEN.findall(text)
    for _ in range(rng.choice((1, 1, 2, 4))):
        if not parts:
            break
        at = rng.randrange(len(parts))
        what = rng.randrange(6)
        if what == 0:
            del parts[at]
        elif what == 1:
            parts.insert(at, parts[at])
        elif what == 2:
            other = rng.randrange(len(parts))
            parts[at], parts[other] = parts[other], parts[at]
        elif what == 3:
            parts[at] = rng.choice(_WORDS)
        elif what == 4:
            parts.insert(at, rng.choice(_WORDS))
        else:
            donor = _TOKEN.findall(rng.choice(pool))
            start = rng.randrange(len(donor))
            parts[at : at + rng.randrange(4)] = donor[start : start + rng.randrange(1, 9)]
    return "".join(parts)


def _renamed(text: str, rng: random.Random, _: Pool) -> str:
    """Give one name another one's, all over or at some places."""
    names = re.findall(r"\b[^\W\d]\w*\b", text)
    if not names:
        return text
    old, new = rng.choice(names), rng.choice([*names, *_WORDS[:6], "变量", "ﬁ", "__x"])
    share = rng.choice((1.0, 0.5))
    return re.sub(rf"\b{old}\b", lambda m: new if rng.random() < share else m[0], text)


def _grafted(text: str, rng: random.Random, pool: Pool) -> str:
    """Put expressions or statements of another module into the tree; the outcome is unparsed."""
    try:
        tree = ast.parse(text)
        donor = ast.parse(rng.choice(pool))
    except (SyntaxError, ValueError):
        return text
    for _ in range(rng.choice((1, 1, 2, 3))):
        spots = [
            (node, name, place)
            for node in ast.walk(tree)
            for name, value in ast.iter_fields(node)
            for place, item in enumerate(value if isinstance(value, list) else [value])
            if isinstance(item, ast.expr | ast.stmt)
        ]
        if not spots:
            break
        node, name, place = rng.choice(spots)
        value = getattr(node, name)
        old = value[place] if isinstance(value, list) else value
        if isinstance(old, ast.stmt):
            new: ast.AST = rng.choice(list(_of(donor, ast.stmt)) or [old])
        elif rng.random() < 0.5:
            new = _expression(rng.choice(_EXPRESSIONS))
        else:
            new = rng.choice(list(_of(donor, ast.expr)) or [old])
        try:
            new = copy.deepcopy(new)  # a node in two places could come to hold itself
        except RecursionError:
            return text
        if isinstance(value, list):
            value[place] = new
        else:
            setattr(node, name, new)
    try:
        return ast.unparse(tree) + "\n"
    except Exception:  # `ast.unparse` takes no tree that no text has
        return text


def _of(tree: ast.AST, kind: type[ast.AST]) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if isinstance(node, kind))


@lru_cache(maxsize=256)
def _parsed(text: str) -> ast.expr:
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    return call.args[0] if call.args else call.keywords[0].value


def _expression(text: str) -> ast.expr:
    try:
        return _parsed(text)
    except SyntaxError:  # not in this Python yet
        return _parsed("x")


def _wrapped(text: str, rng: random.Random, _: Pool) -> str:
    """Put the whole, or what follows a line, into a block."""
    lines = text.split("\n")
    at = rng.randrange(len(lines) + 1)
    inside = "\n".join(f"        {line}" if line.strip() else line for line in lines[at:])
    if not inside.strip():
        inside = "        pass"
    wrapped = rng.choice(_WRAPPERS).replace("{}", inside, 1)
    return "\n".join([*lines[:at], wrapped, ""])


def _lines(text: str, rng: random.Random, pool: Pool) -> str:
    """Move, double, drop or join lines."""
    lines = text.split("\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    what = rng.randrange(5)
    if what == 0:
        lines.insert(other, lines.pop(at))
    elif what == 1:
        lines.insert(other, lines[at])
    elif what == 2:
        del lines[at]
    elif what == 3:
        lines[at] = f"{lines[at]}; {lines[other].strip()}"
    else:
        lines.insert(at, rng.choice(rng.choice(pool).split("\n")))
    return "\n".join(lines)


def _deep(text: str, rng: random.Random, _: Pool) -> str:
    """Nest an expression, a chain or blocks deeply."""
    depth = rng.choice((5, 20, 60, 90, 300))
    inner = rng.choice(_EXPRESSIONS[5:])
    shape = rng.choice(
        ("({})", "f({})", "[{}]", "-{}", "{}.a", "{}()", "{}[0]", "x + {}",
         "{} or x", "tf.add({}, 1)", "{}.map(f)", "tf.identity({})", "lambda: {}"),
    )  # fmt: skip
    before, after = shape.split("{}")
    if rng.random() < 0.2:
        blocks = min(depth, 90)
        nested = "".join(f"{' ' * at}if x{at}:\n" for at in range(blocks))
        return f"{text}\n{nested}{' ' * blocks}y = {inner}\n"
    return f"{text}\ny = {before * depth}{inner}{after * depth}\ny.run(y)\n"


def _ends(text: str, rng: random.Random, _: Pool) -> str:
    """Other line ends, tabs, form feeds, a BOM, or none at the end."""
    what = rng.randrange(7)
    if what == 0:
        return text.replace("\n", "\r\n")
    if what == 1:
        return text.replace("\n", "\r")
    if what == 2:
        return "".join(rng.choice(("\n", "\r\n", "\r")) if c == "\n" else c for c in text)
    if what == 3:
        return text.replace("    ", "\t")
    if what == 4:
        return text.rstrip("\n")
    if what == 5:
        return text.replace("(", "(\n  ").replace(",", " # é\n,")
    return text.replace("\n", "\n\x0c", 2)


def _unicode(text: str, rng: random.Random, _: Pool) -> str:
    """Wide and odd characters before what is found."""
    odd = rng.choice(("'é'", "'\U0001f600'", "变量", "'''\u2028\n'''", "'\\N{BULLET}'", "'\x85'"))
    lines = text.split("\n")
    at = rng.randrange(len(lines))
    indent = re.match(r"[ \t]*", lines[at])
    assert indent is not None
    lines[at] = f"{indent[0]}{odd}; {lines[at].strip()}"
    return "\n".join(lines)


Mutation = Callable[[str, random.Random, Pool], str]
_MUTATIONS: tuple[Mutation, ...] = (
    _tokens, _tokens, _renamed, _renamed, _grafted, _grafted, _grafted, _wrapped, _lines, _lines,
    _deep, _ends, _unicode,
)  # fmt: skip


def _grown(seed: int, first: int, count: int, pool: Pool) -> Iterator[tuple[int, str]]:
    """Modules of hypothesmith, some of whose names are made TensorFlow's."""
    import hypothesmith  # type: ignore[import-not-found]
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    batch = 200
    for start in range(first, first + count, batch):
        made: list[str] = []

        @seeded(seed * 1_000_003 + start)
        @settings(
            max_examples=min(batch, first + count - start),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(hypothesmith.from_grammar() | hypothesmith.from_node())
        def grow(text: str) -> None:
            made.append(text)  # noqa: B023

        grow()
        for offset, text in enumerate(made):
            rng = random.Random(f"{seed}:{start + offset}")
            yield start + offset, HEAD + _tensorflowish(text, rng, pool)


def _tensorflowish(text: str, rng: random.Random, pool: Pool) -> str:
    """`text` with some of its names made chains of `pool`, the same one for the same name."""
    chains = re.findall(r"\btf(?:\.\w+)+", rng.choice(pool)) or ["tf.Session"]
    told: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        word = match[0]
        if word not in told:
            told[word] = rng.choice(("tf", rng.choice(chains), word))
        return told[word]

    changed = re.sub(r"(?<![\w.'\"])[^\W\d]\w*(?![\w'\"])", renamed, text)
    return changed if _parses(changed) else text


# Making what broke small.


def minimised(text: str, number: int, kind: str) -> str:
    """The smallest text found that goes wrong in the same way."""

    def same(candidate: str) -> bool:
        return problem(candidate, number).partition(": ")[0] == kind

    end = time.monotonic() + 60
    for split in (lambda t: t.splitlines(keepends=True), _TOKEN.findall):
        parts: list[str] = split(text)
        size = max(1, len(parts) // 2)
        while size and time.monotonic() < end:
            at = 0
            while at < len(parts) and time.monotonic() < end:
                without = parts[:at] + parts[at + size :]
                if same("".join(without)):
                    parts = without
                else:
                    at += size
            size //= 2
        text = "".join(parts)
    return text


def _keep(folder: Path, text: str, number: int, kind: str) -> Path:
    """Write a case as JSON (line ends and odd characters stay as they are)."""
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(f"{kind}{text}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
    path = folder / f"{name}.json"
    case = {"kind": kind, "number": number % 96, "text": text}
    path.write_text(json.dumps(case, indent=1) + "\n", encoding="utf-8")
    return path


def kept() -> list[tuple[str, int, str]]:
    """Everything kept so far: name, number and text."""
    found = []
    for path in sorted(KEEP.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        found.append((path.stem, case["number"], case["text"]))
    return found


# The hosts.


def _hosts(made: Iterator[tuple[int, str]], batch: int = 500) -> int:
    wrong = total = places = 0
    start = time.monotonic()
    todo: dict[str, str] = {}
    for number, text in made:
        if _parses(text) and _encodable(text) and not _too_deep(text):
            todo[f"case{number}.py"] = text
        if len(todo) == batch:
            found = _through_hosts(todo)
            wrong, total, places = wrong + found[0], total + batch, places + found[1]
            print(f"{total} modules, {places} findings, {wrong} differ, "
                  f"{time.monotonic() - start:.0f} s", flush=True)  # fmt: skip
            todo = {}
    if todo:
        found = _through_hosts(todo)
        wrong, total, places = wrong + found[0], total + len(todo), places + found[1]
    for host, beyond in _BEYOND.items():
        print(f"{len(beyond)} modules are beyond {host} itself")
    print(f"{total} modules through flake8 and pylint, {places} findings, {wrong} differ, "
          f"{time.monotonic() - start:.0f} s")  # fmt: skip
    return 1 if wrong else 0


def _too_deep(text: str, most: int = 150) -> bool:
    """Whether the hosts, which are recursive, may fall for it."""
    level: list[ast.AST] = [ast.parse(text)]
    for _ in range(most):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return bool(level)


def _encodable(text: str) -> bool:
    """Whether a file can hold `text`, and none of its comments silences a host."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    head = text[:200].lower()
    return "coding" not in head and "noqa" not in text.lower() and "pylint:" not in text


def _through_hosts(todo: dict[str, str]) -> tuple[int, int]:
    """How many modules a host says something else of than the core, and all findings."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in todo.items():
            (folder / file).write_bytes(text.encode())
        wrong, total = 0, 0
        said = {
            "flake8": _asked("flake8", _flake8, folder, sorted(todo)),
            "pylint": _asked("pylint", _pylint, folder, sorted(todo)),
        }
        for file in todo:
            data = (folder / file).read_bytes().decode("utf-8-sig")
            try:
                core = check(Source(data, file, path=str(folder / file)), options_of({}))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            total += len(core)
            expected = sorted((f.line, f.code) for f in core)
            for host, found in said.items():
                if sorted(found.get(file, [])) != expected and file not in _BEYOND[host]:
                    wrong += 1
                    print(f"{host} on {file}: {sorted(found.get(file, []))} != {expected}")
        return wrong, total


Said = dict[str, list[tuple[int, str]]]
Host = Callable[[Path, list[str]], tuple[Said, str]]


def _asked(name: str, host: Host, folder: Path, files: list[str]) -> Said:
    """What `host` says of `files`. One that it falls for is found and left to it."""
    found, fell = host(folder, files)
    if not fell:
        return found
    if len(files) == 1:
        if "tf2" not in fell:  # not in our code: the host cannot do with the module
            _BEYOND[name].add(files[0])
            return {}
        print(f"{name} on {files[0]}: {fell[-2000:]}")
        return {files[0]: [(0, "fell")]}
    half = len(files) // 2
    return _asked(name, host, folder, files[:half]) | _asked(name, host, folder, files[half:])


# Files that a host cannot parse though Python can (deep nesting): theirs to say.
_BEYOND: dict[str, set[str]] = {"flake8": set(), "pylint": set()}


def _flake8(folder: Path, files: list[str]) -> tuple[Said, str]:
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", "--select=TF,E9", "--jobs=1", *files],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    found: Said = {}
    for line in done.stdout.splitlines():
        match = re.match(r"(case\d+\.py):(\d+):\d+: ((?:TF|E)\d+) ", line)
        if match is None:
            continue
        if match[3].startswith("E"):
            _BEYOND["flake8"].add(match[1])
        else:
            found.setdefault(match[1], []).append((int(match[2]), match[3]))
    fell = " during execution" in done.stdout[-1000:]  # said in the place of all findings
    bad = done.stdout[-1000:] + done.stderr if fell or done.stderr else ""
    return found, bad


def _pylint(folder: Path, files: list[str]) -> tuple[Said, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pylint", "--rcfile=/dev/null", "--load-plugins=pylint_tf2",
         "--disable=all", "--enable=tf2lint,astroid-error,syntax-error,parse-error,fatal",
         "--disable=R", "--score=n", "--persistent=n", "--output-format=json2", *files],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    found: Said = {}
    try:
        messages = json.loads(done.stdout)["messages"]
    except ValueError:
        return found, f"pylint: {done.stdout[-500:]} {done.stderr[-1500:]}"
    bad = "" if "Traceback" not in done.stderr else done.stderr
    off = {rule.code for rule in rules() if not rule.default}
    for message in messages:
        identity, file = message["messageId"], message["path"]
        if identity[1] == "7":
            code = f"TF{identity[2:]}"
            if code not in off:
                found.setdefault(file, []).append((message["line"], code))
        else:
            _BEYOND["pylint"].add(file)
            if identity == "F0002" and "tf2lint" in message["message"]:
                bad += message["message"]
    return found, bad


if __name__ == "__main__":
    sys.exit(main())
