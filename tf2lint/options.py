"""Settings, the same for every front end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tf2lint import __version__
from tf2lint.tensorflow import api


class OptionError(ValueError):
    """A setting that cannot be taken; the text is one printable line for the user."""

    def __init__(self, text: str) -> None:
        from tf2lint.internal_error import printable  # a value, or a path, may hold anything

        super().__init__(printable(text))


# What a fix writes: TF 2 forms, what goes through compat.v1, or of that only what has no TF 2 form
# that is the same in a graph.
TF2, COMPAT, MIXED = "tf2", "compat-v1", "mixed"


@dataclass(frozen=True)
class Options:
    """What a run is told.

    `target` is the TensorFlow release that the code shall run on; `keras` which Keras tf.keras
    is there, 2 or 3, where it can be either (0: what the code says, else the release's own);
    `enable` holds codes of rules that are off by default.
    """

    target: api.Version = api.NEWEST
    keras: int = 0
    keras_modules: bool = False
    allow_compat_v1: bool = False
    aliases: dict[str, str] = field(default_factory=dict)
    enable: frozenset[str] = frozenset()
    report_guarded: bool = False
    unknown_receivers: bool = True
    baseline: str = ""
    blanket_comments: bool = False
    edits: str = ""  # what edits findings shall carry: TF2, COMPAT, MIXED; no user setting
    moved: bool = False  # whether all of the module goes to compat.v1; no user setting
    mnist: str | None = None  # the package of the MNIST reader that is written; no user setting


def parse_target(text: str, name: str = "target-version") -> api.Version:
    """`"2.15"` to `(2, 15)`. Raises `OptionError` for anything that is no TF 2 release."""
    try:
        return api.parse_version(text)
    except ValueError as error:
        raise OptionError(f"tf2-{name}: {error}") from error


def parse_keras(text: str) -> int:
    """`"2"` or `"3"` to the number. Raises `OptionError` for anything else."""
    if text not in ("2", "3"):
        raise OptionError(f"tf2-keras: expected 2 or 3, got {text!r}")
    return int(text)


def parse_aliases(items: list[str]) -> dict[str, str]:
    """`["project.compat.tf=tensorflow.compat.v1"]` to a mapping. Raises `OptionError`."""
    aliases: dict[str, str] = {}
    for item in items:
        name, equals, path = (part.strip() for part in item.partition("="))
        if not equals or not _dotted(name) or not _dotted(path):
            raise OptionError(f"tf2-aliases: expected NAME=tensorflow[.MODULE], got {item!r}")
        if path.partition(".")[0] != "tensorflow":
            raise OptionError(f"tf2-aliases: {path!r} does not start with tensorflow")
        aliases[name] = path
    return aliases


def check_version(wanted: str) -> None:
    """See that this version is one of `wanted`: `>=0.2,<0.4`. Raises `OptionError`."""
    for part in filter(None, (part.strip() for part in wanted.split(","))):
        match = re.fullmatch(r"(==|!=|>=|<=|>|<|~=)?\s*v?(\d+(?:\.\d+)*)", part)
        if match is None:
            raise OptionError(f"required-version: expected VERSIONS like '>=0.2', got {part!r}")
        version, asked = _numbers(__version__), _numbers(match[2])
        width = max(len(version), len(asked))
        ours, theirs = (v + (0,) * (width - len(v)) for v in (version, asked))
        fits = {
            "==": ours == theirs, "!=": ours != theirs, ">=": ours >= theirs, "<=": ours <= theirs,
            ">": ours > theirs, "<": ours < theirs,
            "~=": ours >= theirs and ours[: len(asked) - 1] == theirs[: len(asked) - 1],
        }[match[1] or "=="]  # fmt: skip
        if not fits:
            raise OptionError(f"required-version: {wanted}, and this is tf2lint {__version__}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


def nearest(word: str, known: list[str]) -> str:
    """`, did you mean 'x'?` for the known word most like `word`, else nothing."""
    from difflib import get_close_matches

    found = get_close_matches(word, known, n=1)
    return f", did you mean {found[0]!r}?" if found else ""


def _dotted(text: str) -> bool:
    return bool(text) and all(part.isidentifier() for part in text.split("."))
