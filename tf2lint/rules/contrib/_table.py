"""Where every part of tf.contrib went: the tables in `data`, and how to look things up.

A table has sections, one for each part of contrib::

    [crf] 302 tfa                      path below tf.contrib, code of the answers, package
    from: losses                       where names are looked up, too
    moved: tfa.text = tensorflow_addons.text
    missing: CrfForwardRnnCell         what the new place lacks; `missing [>=2.13]:` from there on
    .: tfa.text ;; own code            the answer for the module itself
    *: own code                        the answer for what is not listed
    301 name, name: answer             a code of its own may stand before the names
    sig name(a, b=None)                the signature, where the API tables do not know it

`moved` names a place that has the same names with the same arguments, and how to import it: where
it works, only the import has to change. Alternatives of an answer are set apart by `;;`; the
first one that holds under the target is taken. `[<2.16]`, `[num_oov_buckets]` (passed and not
None or 0), `[one cells]` (a list of one) and `[uniform=False]` are conditions. What stands in
backticks is code for this very call: `{stride}` is an argument of the call, `{stride|2}` has a
default, `{padding!lower}` goes through one of the functions in `tf2lint.rules.contrib._fill`.
After ` | ` stands a caveat.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from tf2lint.fixes import templates
from tf2lint.tensorflow import api
from tf2lint.tensorflow._records import parse_signature

ROOT = "tf.contrib"
_FOLDER = os.path.join(os.path.dirname(__file__), "data")
_ENTRY = re.compile(r"(?:(\d{3})(?::(\w+))? )?([\w., *]+): (.+)")
_CONDITION = re.compile(r"\[([^\]]*)\] ")
NOTE = " | "  # after it: a sentence that says what changes
Match = re.Match[str]
HOLE = re.compile(r"\{(\w+)(?:\|([^{}!]*))?(?:!(\w+))?\}")
_SIGNATURE = re.compile(r"sig ([\w., ]+)\((.*)\)")


class Package(NamedTuple):
    """A package outside of TensorFlow, up to which release it works, and what to know of it."""

    name: str
    last: api.Version | None = None  # the last TF 2 that it works with
    why: str = ""  # why it does not work later on
    needs: str = ""  # what else it needs
    since: api.Version = (2, 0)  # from which TF 2 on it needs that


# Tried: each imported, and one of its operations run, with the TF 2 release named and the next.
PACKAGES = {
    "tf_slim": Package("tf_slim", (2, 15), "for Keras 2"),
    "tfa": Package("tensorflow_addons", (2, 15), "up to TF 2.15"),
    "tfp": Package("tensorflow_probability", needs="with `tf_keras`", since=api.KERAS_3),
    "tfio": Package("tensorflow_io", (2, 17), "which does not load after TF 2.17"),
    "tfgan": Package("tensorflow_gan", (2, 15), "up to TF 2.15"),
    "tfmot": Package("tensorflow_model_optimization", needs="with `tf_keras`", since=(2, 15)),
    "tfco": Package("tensorflow_constrained_optimization"),
    "tfc": Package("tensorflow_compression", (2, 14), "up to TF 2.14"),
    "ydf": Package("ydf"),
    "tensorboard": Package("tensorboard"),
}
_PACKAGE_NAMES = re.compile(rf"(?<![\w.])(?:{'|'.join(PACKAGES)}|tensorflow_gan)(?![\w=])")


class Alternative(NamedTuple):
    """One answer with the conditions that it stands under."""

    conditions: tuple[str, ...]
    text: str


class Answer(NamedTuple):
    """What became of a symbol: the rule's code, the package, and what to use instead."""

    code: str
    package: str
    alternatives: tuple[Alternative, ...]


class Moved(NamedTuple):
    """A place that has the same names: as code calls it, and the module to import it from."""

    name: str
    module: str


@dataclass
class Section:
    """The answers for one part of contrib."""

    path: str
    code: str
    package: str
    sources: tuple[str, ...] = ()
    moved: Moved | None = None
    missing: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    signatures: dict[str, str] = field(default_factory=dict)


class Found(NamedTuple):
    """What the tables say of a symbol; `path` is its public path below tf.contrib."""

    path: str
    answer: Answer
    section: Section
    exact: bool
    signature: api.Signature | None


# Loading.


class _Sections(Mapping[str, Section]):
    """The sections by path. Code asks for few of them, so each is read when it is asked for.

    Raises `ValueError` for a line that is not understood.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._read: dict[str, Section] = {}
        for file in sorted(os.listdir(_FOLDER)):
            with open(os.path.join(_FOLDER, file), encoding="utf-8") as whole:
                _, *texts = whole.read().split("\n[")
            for text in texts:
                path = text.partition("]")[0]
                if path in self._texts:
                    raise ValueError(f"{file}: section {path} stands twice")
                self._texts[path] = text

    def __getitem__(self, path: str) -> Section:
        if path not in self._read:
            head, *lines = self._texts[path].splitlines()
            code, _, package = head.partition("] ")[2].partition(" ")
            section = self._read[path] = Section(path, code, package)
            for line in lines:
                if line and not line.startswith("#"):
                    _line(section, line)
        return self._read[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


sections = lru_cache(maxsize=1)(_Sections)


def _line(section: Section, text: str) -> None:
    keyword, _, rest = text.partition(": ")
    if keyword == "from":
        section.sources = tuple(rest.split())
    elif keyword == "moved":
        name, _, module = rest.partition(" = ")
        section.moved = Moved(name, module or f"tensorflow{name[2:]}")
    elif keyword.startswith("missing"):
        section.missing.append((keyword[8:].strip("[] "), frozenset(rest.split())))
    elif text.startswith("sig "):
        match = _SIGNATURE.fullmatch(text)
        if match is None:
            raise ValueError(f"[{section.path}] {text!r} is no signature")
        for name in match[1].split(", "):
            section.signatures[name] = match[2]
    else:
        match = _ENTRY.fullmatch(text)
        if match is None:
            raise ValueError(f"[{section.path}] {text!r} is not understood")
        code = match[1] or section.code
        package = match[2] or (section.package if code == "302" else "")
        answer = Answer(f"TF{code}", package, tuple(map(_alternative, match[4].split(" ;; "))))
        for name in match[3].split(", "):
            if name in section.answers:
                raise ValueError(f"[{section.path}] {name} stands twice")
            section.answers[name] = answer


def _alternative(text: str) -> Alternative:
    match = _CONDITION.match(text)
    if match is None:
        return Alternative((), text)
    return Alternative(tuple(match[1].split(", ")), text[match.end() :])


# Looking up.


@lru_cache(maxsize=4096)
def find(symbol: str) -> Found:
    """What became of `symbol`, `tf.contrib` or anything below it; there always is an answer."""
    path = symbol[len(ROOT) + 1 :]
    for public in _public(path):
        found = _exact(public)
        if found is not None:
            return found
    return _default(path)


def _public(path: str) -> list[str]:
    """`path`, and what its public path may be: `rnn.python.ops.rnn_cell.A` is `rnn.A`."""
    parts = path.split(".")
    if "python" not in parts:
        return [path]
    at = parts.index("python")
    tail = parts[at + 1 :]
    while tail and tail[0] in (parts[at - 1], "ops", "training"):
        tail = tail[1:]
    if not tail:
        return [path, ".".join(parts[:at])]
    return [path, *(".".join([*parts[:at], *tail[i:]]) for i in range(len(tail)))]


def _exact(path: str) -> Found | None:
    if path in sections():
        section = sections()[path]
        return _found(path, section.answers.get(".") or section.answers["*"], section, True)
    section, rest = _holder(path)
    for home in (section, *(sections()[name] for name in section.sources)):
        answer = home.answers.get(rest)
        if answer is not None:
            if home is not section and section.package:
                answer = answer._replace(code=f"TF{section.code}", package=section.package)
            return _found(path, answer, section, True)
    return None


def _default(path: str) -> Found:
    """The answer of the nearest name above `path` that has one."""
    above = path
    while above:
        above = above.rpartition(".")[0]
        section, rest = _holder(above)
        if rest:
            found = _exact(above)
            if found is not None:
                return found._replace(path=path, exact=False)
        else:
            break
    section, _ = _holder(path)
    return _found(path, section.answers["*"], section, False)


def _holder(path: str) -> tuple[Section, str]:
    """The section that `path` lies in, and the rest of the path."""
    above, rest = path, ""
    while above not in sections():
        above, _, last = above.rpartition(".")
        rest = f"{last}.{rest}" if rest else last
    return sections()[above], rest


def _found(path: str, answer: Answer, section: Section, exact: bool) -> Found:
    return Found(path, answer, section, exact, _signature(path))


def _signature(path: str) -> api.Signature | None:
    section, rest = _holder(path)
    for home in (section, *(sections()[name] for name in section.sources)):
        if rest in home.signatures:
            return parse_signature(home.signatures[rest])
        found = api.signature(f"{ROOT}.{home.path}.{rest}", "tf1", api.NEWEST)
        if found is not None:
            return found
    return api.signature(f"{ROOT}.{path}", "tf1", api.NEWEST)


def is_module(symbol: str) -> bool:
    """Whether `symbol` is a module of contrib, as far as is known."""
    found = api.symbol(symbol)
    if found is not None:
        return found.kind == "module"
    return find(symbol).path in sections()


# What works where.


def works(package: str, target: api.Version) -> bool:
    """Whether the package works with that TF 2."""
    last = PACKAGES[package].last
    return last is None or target <= last


@lru_cache(maxsize=8192)
def holds(text: str, target: api.Version) -> bool:
    """Whether what an answer names is there under `target`: TensorFlow's names, and packages."""
    plain = HOLE.sub(r"{\1}", text).replace("`", "")
    if not templates.valid(plain, target):
        return False
    named = {name if name in PACKAGES else "tfgan" for name in _PACKAGE_NAMES.findall(plain)}
    return all(works(name, target) for name in named)


def in_range(condition: str, target: api.Version) -> bool | None:
    """Whether `<2.16` or `>=2.11` is true of the target; None for conditions of other kinds."""
    match = re.fullmatch(r"(<|>=)(\d+)\.(\d+)", condition)
    if match is None:
        return None
    release, keras = (int(match[2]), int(match[3])), api.keras_of(target)
    return keras < release if match[1] == "<" else keras >= release


def moved_to(path: str, target: api.Version) -> tuple[Moved, str] | None:
    """The new place of `path` that needs only another import, with the place's own path."""
    above, rest = path, ""
    while above:
        section = sections().get(above)
        if section is not None and section.moved is not None:
            if not _is_there(section, rest, target):
                return None
            name, module = section.moved
            if not rest:
                return section.moved, above
            return Moved(f"{name}.{rest}", f"{module}.{rest}"), above
        above, _, last = above.rpartition(".")
        rest = f"{last}.{rest}" if rest else last
    return None


def _is_there(section: Section, rest: str, target: api.Version) -> bool:
    assert section.moved is not None
    if section.moved.name.startswith("tf."):
        return api.exists(f"{section.moved.name}.{rest}" if rest else section.moved.name, target)
    return works(section.package, target) and not _lacks(section, rest, target)


def _lacks(section: Section, rest: str, target: api.Version) -> str:
    names = {rest, rest.partition(".")[0]}
    for condition, missing in section.missing:
        if names & missing and in_range(condition, target) is not False:
            return "since" if condition else "always"
    return ""


def lacks(path: str, target: api.Version) -> str:
    """Whether the new place of `path` lacks it: `since` some release, or `always`; else ""."""
    above, rest = path, ""
    while above:
        section = sections().get(above)
        if section is not None and section.moved is not None:
            return _lacks(section, rest, target)
        above, _, last = above.rpartition(".")
        rest = f"{last}.{rest}" if rest else last
    return ""
