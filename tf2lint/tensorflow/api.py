"""What TensorFlow has: public names, the releases that have them, and their signatures.

Names are written ``tf.<name>``, ``tf`` standing for the package. Nothing is read at import; the
tables are read at the first question and answers are kept. The tables are made by
``tools/make_api_tables.py``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ._records import Parameter, Signature, Symbol, Version, parse_signature
from ._releases import RELEASES
from ._tables import ALIASES, MEMBERS, NAMES, OBJECTS, SIGNATURES

__all__ = [
    "KERAS_2",
    "KERAS_3",
    "NEWEST",
    "RELEASES",
    "Parameter",
    "Signature",
    "Symbol",
    "Version",
    "aliases",
    "all_names",
    "canonical",
    "children",
    "dotted",
    "exists",
    "in_compat_v1",
    "is_one_object",
    "keras_of",
    "known",
    "needs_keras_2",
    "parse_version",
    "related",
    "same",
    "signature",
    "stub",
    "symbol",
    "twin",
    "with_keras",
]

NEWEST: Version = RELEASES[-1]
KERAS_3: Version = (2, 16)  # from here on tf.keras is Keras 3

_KERAS_MODULES = ("keras", "losses", "metrics", "optimizers", "initializers")
KERAS_2: Version = (2, 15)  # the last release that has it by itself
_KERAS_2_MODULES = (*_KERAS_MODULES, "layers")  # the last in compat.v1 only
_KINDS = {"m": "module", "c": "class", "f": "function", "k": "constant"}
_MEMBER_KINDS = {"m": "method", "p": "property", "a": "attribute", "c": "class"}
_MAX_PARTS = 16
_INNER = re.compile(r"\.python\..*\.|(?<=\.contrib\.slim)\.(?:initializers|layers|regularizers)\.")


def parse_version(text: str) -> Version:
    """``"2.15"`` or ``"2.15.1"`` -> ``(2, 15)``; ValueError with one line for anything else."""
    parts = text.strip().split(".")
    if 2 <= len(parts) <= 3 and all(p.isascii() and p.isdigit() and len(p) < 5 for p in parts):
        version = (int(parts[0]), int(parts[1]))
        if version in RELEASES:
            return version
    raise ValueError(
        f"unknown TensorFlow 2 release {text!r}: give one from {dotted(RELEASES[0])} to"
        f" {dotted(NEWEST)}"
    )


def dotted(version: Version) -> str:
    """``(2, 15)`` as ``2.15``."""
    return f"{version[0]}.{version[1]}"


def with_keras(target: Version, keras: int) -> Version:
    """The release `target` with Keras 2 or 3 for tf.keras; what has one alone stays as it is."""
    return (*target[:2], 2) if keras == 2 and target >= KERAS_3 else target[:2]


def keras_of(target: Version) -> Version:
    """The release whose Keras tf.keras is under `target`."""
    return KERAS_2 if len(target) > 2 else target


def symbol(name: str) -> Symbol | None:
    """The symbol of that name, or the class member; None if no release has it."""
    _, bare = _split(name)
    return _symbol(bare)


def exists(name: str, target: Version) -> bool:
    """Whether that TF 2 release has the name; ``tf.compat.v1.X`` asks the compat.v1 namespace."""
    space, bare = _split(name)
    return _exists(space, bare, _told_by(bare, target))


def in_compat_v1(name: str, target: Version) -> bool:
    """Whether ``tf.compat.v1.<name>`` is there in that release and works."""
    _, bare = _split(name)
    target = _told_by(bare, target)
    if not _exists("v1", bare, target):
        return False
    return target < KERAS_3 or not _raises(bare)


def stub(name: str, target: Version) -> bool:
    """Whether the release has the name only to raise: ``tf.keras.optimizers.legacy.Adam`` in 2.16.

    Such a name does not exist for ``exists`` and all other questions.
    """
    space, bare = _split(name)
    target = _told_by(bare, target)
    row = _row(bare)
    if row is not None:
        here = _candidates(space, bare, target)[:1]
        return target in _releases(row[4]) and all(_at(row[7], slot) != "-" for slot in here)
    return _member(bare, space, target, True).startswith("r")


def same(name: str) -> bool:
    """Whether in the newest release ``tf.X`` is the very object that ``tf.compat.v1.X`` is."""
    found = symbol(name)
    return found is not None and found.same


def is_one_object(name: str, target: Version) -> bool:
    """Whether in that release ``tf.X`` is the object ``tf.compat.v1.X``.

    It has to be so with each Keras that the release can run on, unless the target says which.
    What has another signature in the release is taken for another object.
    """
    through = f"tf.compat.v1.{_split(name)[1]}"
    if not (exists(name, target) and exists(through, target)):
        return False
    if target[:2] < KERAS_3 and signature(name, "v1", target) != signature(name, "v2", target):
        return False
    differs = "x" in _object_flags(name)
    if keras_of(target) < KERAS_3:
        return same(name) != differs
    return same(name) and not differs


def needs_keras_2(name: str, target: Version) -> bool:
    """Whether the release has the name only beside Keras 2: ``tf.compat.v1.layers.dense``.

    That is with the package ``tf_keras`` and ``TF_USE_LEGACY_KERAS=1``, from 2.16 on. Where the
    target is one with Keras 2, it needs nothing more.
    """
    space, _ = _split(name)
    flag = "1" if space == "v1" else "2"
    return keras_of(target) >= KERAS_3 and flag in _object_flags(name)


def twin(name: str) -> str:
    """The core name of the object that a name of ``tf.contrib`` was in TF 1.15, else ``""``."""
    _, bare = _split(public(name))
    found = _object(bare)[1]
    return f"tf.{found}" if found != "-" else ""


@cache
def public(name: str) -> str:
    """The name above for what an inner module of ``tf.contrib`` has, else `name` itself.

    Asked of 1.15: of 746 names in private modules 730 are the very object, the others nothing
    that goes on; of 48 in the modules of slim all.
    """
    bare = _INNER.sub(".", name)
    return bare if bare != name and known(bare) else name


def known(name: str) -> bool:
    """Whether TF 1.15 or any TF 2 release has the name, in either namespace."""
    _, bare = _split(name)
    return not bare or _symbol(bare) is not None


@cache
def children(name: str) -> tuple[str, ...]:
    """The public names directly in a module, in any release, without the module's own name."""
    _, bare = _split(name)
    prefix = f"{bare}." if bare else ""
    start = len(prefix)
    return tuple(key[start:] for key in NAMES.keys(prefix) if "." not in key[start:])


@cache
def members(name: str) -> tuple[str, ...]:
    """The members that the class itself has, in any release."""
    _, bare = _split(name)
    start = len(bare) + 1
    return tuple(key[start:] for key in MEMBERS.keys(f"{bare}.")) if bare else ()


@cache
def names() -> tuple[str, ...]:
    """Every public name of any release, without class members."""
    return tuple(f"tf.{key}" for key in NAMES.keys(""))


@lru_cache(maxsize=4096)
def signature(name: str, namespace: str, target: Version) -> Signature | None:
    """The signature of a function, constructor (without self) or method; None if not known.

    ``namespace`` is ``"tf1"`` for TF 1.15, ``"v2"`` for ``tf.X``, ``"v1"`` for ``tf.compat.v1.X``;
    the target counts for the last two.
    """
    space, bare = _split(name)
    if space == "v1" and namespace == "v2":
        namespace = "v1"
    target = _told_by(bare, target)
    row = _row(bare)
    if row is not None:
        steps, key = row[7], ""
        if namespace == "tf1":
            key = _at(steps, 0)
        elif target in _releases(row[_column(namespace)]):
            key = _nearest(steps, namespace, bare, target)
        return _signature(key)
    value = _member(bare, namespace, target)
    return _signature(value[1:]) if value[:1] in ("m", "c") else None


def canonical(name: str) -> str:
    """The TF 2 name of the same object for a name that newest TF 2 no longer has, else ``""``."""
    value = _canonical(name)
    return "" if value.startswith("~") else value


def related(name: str) -> str:
    """The TF 2 name that a TF 1 alias of the symbol has, its object another one; else ``""``.

    ``tf.decode_csv`` was also ``tf.io.decode_csv``, which TF 2 has with other arguments.
    """
    value = _canonical(name)
    return value[1:] if value.startswith("~") else ""


@lru_cache(maxsize=4096)
def aliases(name: str) -> tuple[str, ...]:
    """The other names that TF 1.15 has for the very same class or function, outside of contrib."""
    row = ALIASES.find(_split(name)[1])
    return () if row is None else tuple(f"tf.{other}" for other in row[0].split(","))


def all_names(*names: str) -> tuple[str, ...]:
    """Each of ``names`` with its aliases behind it, each once."""
    return tuple(dict.fromkeys(n for name in names for n in (name, *aliases(name))))


# -- names -----------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _split(name: str) -> tuple[str, str]:
    """``tf.compat.v1.X`` -> ``("v1", "X")``, ``tf.X`` -> ``("v2", "X")``."""
    if name == "tf":
        return "v2", ""
    bare = name[3:] if name.startswith("tf.") and name[3:] else f"?{name}"
    space = "v2"
    while bare.startswith(("compat.v1", "compat.v2")) and bare[9:10] in ("", "."):
        space, bare = bare[7:9], bare[10:]
    return space, bare


def _told_by(bare: str, target: Version) -> Version:
    """The release that tells of a name: what is Keras's is as the last one with Keras 2 had it."""
    if len(target) == 2:
        return target
    own = bare.partition(".")[0] in _KERAS_2_MODULES or bare.startswith("nn.rnn_cell")
    return KERAS_2 if own else target[:2]


def _column(space: str) -> int:
    return 2 if space == "v2" else 3


@lru_cache(maxsize=8192)
def _row(bare: str) -> list[str] | None:
    """Kind, flags, v2, v1, stub, canonical, returns, signatures, bases."""
    return NAMES.find(bare)


def _object_flags(name: str) -> str:
    """What the table of objects says of the name, or of its class."""
    _, bare = _split(name)
    return _object(bare if _row(bare) is not None else _owner(bare)[0])[0]


@lru_cache(maxsize=8192)
def _object(bare: str) -> list[str]:
    """Flags and core twin, from the table of objects."""
    return OBJECTS.find(bare) or ["-", "-"]


@lru_cache(maxsize=512)
def _releases(text: str) -> tuple[Version, ...]:
    """``"2.0-2.5,2.7-"`` -> the releases."""
    if text == "-":
        return ()
    out: list[Version] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low = _version(first)
        high = _version(last) if last else (NEWEST if dash else low)
        out.extend(v for v in RELEASES if low <= v <= high)
    return tuple(out)


def _version(text: str) -> Version:
    major, minor = text.split(".")
    return int(major), int(minor)


@lru_cache(maxsize=8192)
def _symbol(bare: str) -> Symbol | None:
    if not bare:
        return Symbol("tf", "module", True, RELEASES, RELEASES, False, True, (), "")
    row = _row(bare)
    if row is None:
        return _member_symbol(bare)
    bases = _at(row[8], 0)
    return Symbol(
        f"tf.{bare}",
        _KINDS[row[0]],
        "t" in row[1],
        _releases(row[2]),
        _releases(row[3]),
        "s" in row[1],
        "e" not in row[1] and NEWEST in _releases(row[3]),
        tuple(f"tf.{b}" for b in bases.split(",")) if bases != "-" else (),
        f"tf.{row[6]}" if row[6] != "-" else "",
    )


def _member_symbol(bare: str) -> Symbol | None:
    owner, member = _owner(bare)
    if not member:
        return None
    first = _member(bare, "tf1", NEWEST)
    v2: dict[Version, str] = {release: _member(bare, "v2", release) for release in RELEASES}
    v1: dict[Version, str] = {release: _member(bare, "v1", release) for release in RELEASES}
    found = [value for value in (first, *reversed(v2.values()), *reversed(v1.values())) if value]
    if not found:
        return None
    row = _row(owner)
    flags = row[1] if row is not None else ""
    return Symbol(
        f"tf.{bare}",
        _MEMBER_KINDS[found[0][0]],
        bool(first),
        tuple(release for release, value in v2.items() if value),
        tuple(release for release, value in v1.items() if value),
        "s" in flags and bool(v1[NEWEST]),
        "e" not in flags and bool(v1[NEWEST]),
        (),
        _member_returns(owner, member) if first else "",
    )


@lru_cache(maxsize=4096)
def _exists(space: str, bare: str, target: Version) -> bool:
    if not bare:
        return True
    row = _row(bare)
    if row is not None:
        return target in _releases(row[_column(space)])
    return bool(_member(bare, space, target))


def _raises(bare: str) -> bool:
    """Whether touching what is in the compat.v1 name raises with Keras 3."""
    row = _row(bare) or _row(_owner(bare)[0])
    return row is not None and "e" in row[1]


def _canonical(name: str) -> str:
    _, bare = _split(name)
    row = _row(bare)
    if row is not None:
        value = row[5]
        if value == "-":
            return ""
        return f"~tf.{value[1:]}" if value.startswith("~") else f"tf.{value}"
    owner, member = _owner(bare)
    if not member:
        return ""
    moved = canonical(f"tf.{owner}")
    return f"{moved}.{member}" if moved and exists(f"{moved}.{member}", NEWEST) else ""


# -- snapshots -------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _slots() -> dict[str, tuple[tuple[Version, int], ...]]:
    """Namespace -> its snapshots as (release, slot), ascending."""
    line = next(x for x in NAMES.head().splitlines() if x.startswith("# slots: "))
    out: dict[str, tuple[tuple[Version, int], ...]] = {}
    for index, label in enumerate(line[9:].split()):
        space, at, release = label.partition("@")
        if at:
            out[space] = (*out.get(space, ()), (_version(release), index))
    return out


def _at(steps: str, slot: int) -> str:
    """The value of a slot in ``"0:a 3:b"``."""
    value = "-"
    if steps != "-":
        for step in steps.split(" "):
            index, _, text = step.partition(":")
            if int(index) > slot:
                break
            value = text
    return value


def _candidates(space: str, bare: str, target: Version) -> list[int]:
    """Slots to ask for a release: the nearest at or below it, then the next ones above."""
    snapshots = _slots()[space]
    if target >= KERAS_3 and bare.partition(".")[0] in _KERAS_MODULES:
        # Every TF 2 from 2.16 on runs with the newest Keras 3.
        snapshots = tuple(s for s in snapshots if s[0] >= KERAS_3)
    below = [slot for release, slot in snapshots if release <= target]
    above = [slot for release, slot in snapshots if release > target]
    return below[-1:] + above


def _nearest(steps: str, space: str, bare: str, target: Version) -> str:
    """The value at the target; where that snapshot lacks it, at the next one that has it."""
    for slot in _candidates(space, bare, target):
        value = _at(steps, slot)
        if value != "-":
            return value
    return ""


@lru_cache(maxsize=2048)
def _signature(key: str) -> Signature | None:
    if key in ("", "-", "?"):
        return None
    found = SIGNATURES.find(key)
    return parse_signature(found[0]) if found is not None else None


# From this release on protobuf does not list the fields and constants of a message, but has them.
_UNLISTED = (2, 12)


# -- members of classes ----------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _owner(bare: str) -> tuple[str, str]:
    """``data.Dataset.map`` -> ``("data.Dataset", "map")``; two empty strings if no class has it."""
    if bare.count(".") >= _MAX_PARTS:
        return "", ""
    owner, _, member = bare.rpartition(".")
    row = _row(owner) if owner else None
    return (owner, member) if row is not None and "c" in row[1] else ("", "")


@lru_cache(maxsize=8192)
def _member(bare: str, space: str, target: Version, stubs: bool = False) -> str:
    """Kind letter and signature key of a class member in that release, ``""`` if not there."""
    owner, member = _owner(bare)
    if not member:
        return ""
    row = _row(owner)
    if row is None:
        return ""
    if space == "tf1":
        return _member_at(owner, row, member, 0) if "t" in row[1] else ""
    if target not in _releases(row[_column(space)]):
        return ""
    for slot in _candidates(space, bare, target):
        if _at(row[7], slot) != "-":
            value = _member_at(owner, row, member, slot)
            if not value and target >= _UNLISTED and _is_proto(owner):
                last = [at for release, at in _slots()[space] if release < _UNLISTED]
                value = _member_at(owner, row, member, last[-1])
            return value if stubs or not value.startswith("r") else ""
    return ""


def _is_proto(owner: str) -> bool:
    return _member_row(f"{owner}.FindInitializationErrors") is not None


@lru_cache(maxsize=16384)
def _member_row(key: str) -> list[str] | None:
    """Returns, values by slot."""
    return MEMBERS.find(key)


def _member_at(owner: str, row: list[str], member: str, slot: int) -> str:
    """The member in one snapshot: the class's own or that of the nearest public base."""
    bases = _at(row[8], slot)
    for cls in (owner, *(bases.split(",") if bases != "-" else ())):
        own = _member_row(f"{cls}.{member}")
        value = _at(own[1], slot) if own is not None else "-"
        if value.startswith("x"):
            return ""
        if value != "-":
            return value
    return ""


def _member_returns(owner: str, member: str) -> str:
    row = _row(owner)
    bases = _at(row[8], 0) if row is not None else "-"
    for cls in (owner, *(bases.split(",") if bases != "-" else ())):
        own = _member_row(f"{cls}.{member}")
        if own is not None and _at(own[1], 0) != "-":
            return f"tf.{own[0]}" if own[0] != "-" else ""
    return ""
