"""What a lookup hands out: plain immutable records, cheap to import."""

from __future__ import annotations

# (2, 21); with a third number, (2, 21, 2), it is the Keras that tf.keras is, where that is not
# the release's own.
Version = tuple[int, ...]


class _Record:
    """Attributes are set once, by the constructor."""

    __slots__: tuple[str, ...] = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is read-only")

    def __repr__(self) -> str:
        inside = ", ".join(f"{n}={getattr(self, n)!r}" for n in type(self).__slots__)
        return f"{type(self).__name__}({inside})"


_set = object.__setattr__


class Symbol(_Record):
    """One public name, in TF 1 spelling.

    ``name``: ``"tf.train.AdamOptimizer"``. ``kind``: module, class, function, constant; for members
    of classes method, property, attribute, class. ``tf1``: public in TF 1.15. ``v2``, ``v1``: the
    TF 2 releases that have ``tf.<name>``, ``tf.compat.v1.<name>``. ``same``: both are one object in
    the newest release. ``works_v1``: the compat.v1 name works there. ``bases``: public names of the
    base classes in TF 1.15, nearest first (an alias names its class first). ``returns``: TF 1 name
    of the result's type, empty if not known.
    """

    __slots__ = ("bases", "kind", "name", "returns", "same", "tf1", "v1", "v2", "works_v1")
    name: str
    kind: str
    tf1: bool
    v2: tuple[Version, ...]
    v1: tuple[Version, ...]
    same: bool
    works_v1: bool
    bases: tuple[str, ...]
    returns: str

    def __init__(
        self,
        name: str,
        kind: str,
        tf1: bool,
        v2: tuple[Version, ...],
        v1: tuple[Version, ...],
        same: bool,
        works_v1: bool,
        bases: tuple[str, ...],
        returns: str,
    ) -> None:
        _set(self, "name", name)
        _set(self, "kind", kind)
        _set(self, "tf1", tf1)
        _set(self, "v2", v2)
        _set(self, "v1", v1)
        _set(self, "same", same)
        _set(self, "works_v1", works_v1)
        _set(self, "bases", bases)
        _set(self, "returns", returns)


class Parameter(_Record):
    """One parameter: ``kind`` is pos, pos_or_kw, kw, var_pos or var_kw; ``default`` source text."""

    __slots__ = ("default", "kind", "name")
    name: str
    kind: str
    default: str | None

    def __init__(self, name: str, kind: str, default: str | None) -> None:
        _set(self, "name", name)
        _set(self, "kind", kind)
        _set(self, "default", default)


class Signature(_Record):
    """The parameters of a callable in order, without ``self``.

    ``names`` are those of all but ``*args`` and ``**kwargs``, ``positional`` of those that a
    positional argument can fill.
    """

    __slots__ = ("names", "params", "positional")
    params: tuple[Parameter, ...]
    names: tuple[str, ...]
    positional: tuple[str, ...]

    def __init__(self, params: tuple[Parameter, ...]) -> None:
        _set(self, "params", params)
        _set(self, "names", tuple(p.name for p in params if not p.kind.startswith("var")))
        _set(self, "positional", tuple(p.name for p in params if p.kind.startswith("pos")))

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the parameters without a default."""
        return tuple(
            p.name for p in self.params if p.default is None and not p.kind.startswith("var")
        )

    @property
    def has_var_keyword(self) -> bool:
        """Whether there is ``**kwargs``."""
        return any(p.kind == "var_kw" for p in self.params)

    @property
    def has_var_positional(self) -> bool:
        """Whether there is ``*args``."""
        return any(p.kind == "var_pos" for p in self.params)

    def accepts(self, keyword: str) -> bool:
        """Whether a call may pass that keyword, be it through ``**kwargs``."""
        return any(
            p.kind == "var_kw" or (p.name == keyword and p.kind in ("pos_or_kw", "kw"))
            for p in self.params
        )

    def get(self, name: str) -> Parameter | None:
        """The parameter of that name."""
        return next((p for p in self.params if p.name == name), None)

    def __str__(self) -> str:
        return ", ".join(
            {"var_pos": "*", "var_kw": "**"}.get(p.kind, "")
            + p.name
            + ("" if p.default is None else f"={p.default}")
            for p in self.params
        )


def split_parameters(text: str) -> list[str]:
    """``"a, b=(1, 2), *, c=','"`` -> its parts; commas in brackets and strings do not split."""
    parts: list[str] = []
    depth = start = index = 0
    quote = ""
    while index < len(text):
        char = text[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
        index += 1
    last = text[start:].strip()
    if last:
        parts.append(last)
    return parts


def parse_signature(text: str) -> Signature:
    """The signature written in the tables, ``"x, /, axis=None, *, name=None, **kwargs"``."""
    params: list[Parameter] = []
    kind = "pos_or_kw"
    for part in split_parameters(text):
        if part == "/":
            params = [Parameter(p.name, "pos", p.default) for p in params]
        elif part == "*":
            kind = "kw"
        elif part.startswith("**"):
            params.append(Parameter(part[2:], "var_kw", None))
        elif part.startswith("*"):
            params.append(Parameter(part[1:], "var_pos", None))
            kind = "kw"
        else:
            name, equals, default = part.partition("=")
            params.append(Parameter(name, kind, default if equals else None))
    return Signature(tuple(params))
