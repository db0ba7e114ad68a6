"""What this house uses of `dataclasses`, which every start of the command would pay for.

It loads `inspect`, and compiles methods for each class: a third of what a file without TensorFlow
takes. Here the classes share their methods. Type checkers are shown the real thing.
"""

from __future__ import annotations

from functools import partial, total_ordering
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace

    __all__ = ["dataclass", "field", "replace"]
else:
    _NOTHING = object()

    class _Field:
        init, _field_type = True, None  # `dataclasses.replace` asks for these, and the name

        def __init__(self, default, make=None, compare=True, shown=True):
            self.default, self.make, self.compare, self.shown = default, make, compare, shown

    def field(*, default=_NOTHING, default_factory=None, compare=True, repr=True):  # noqa: A002
        """What is said of a field beside its type."""
        return _Field(default, default_factory, compare, repr)

    def dataclass(cls=None, *, frozen=False, eq=True, order=False):
        """A class decorator, with arguments or without."""
        if cls is None:
            return partial(dataclass, frozen=frozen, eq=eq, order=order)
        fields = {**getattr(cls, "__fields__", {})}  # of the class above
        for name in cls.__annotations__:
            told = vars(cls).get(name, _NOTHING)
            fields[name] = told if isinstance(told, _Field) else _Field(told)
            fields[name].name = name
        cls.__fields__ = cls.__dataclass_fields__ = fields
        cls.__makers__ = {n: f.make for n, f in fields.items() if f.make}
        cls.__values__ = {n: f.default for n, f in fields.items() if f.default is not _NOTHING}
        cls.__init__, cls.__repr__ = _init, _repr
        if eq:
            cls.__compared__ = attrgetter(*(n for n, f in fields.items() if f.compare))
            cls.__eq__, cls.__hash__ = _eq, _hash if frozen else None
        if order:
            cls.__lt__ = _lt
            total_ordering(cls)
        if frozen:
            cls.__setattr__ = cls.__delattr__ = _refuse
        return cls

    def replace(instance, /, **changes):
        """The same with other values in some fields."""
        own = {name: getattr(instance, name) for name in instance.__dataclass_fields__}
        return type(instance)(**own | changes)

    def _init(self, *values, **named):
        cls = type(self)
        own = {**cls.__values__, **dict(zip(cls.__fields__, values, strict=False)), **named}
        for name, make in cls.__makers__.items():
            if name not in own:
                own[name] = make()
        if own.keys() != cls.__fields__.keys() or len(values) > len(own):
            raise TypeError(f"{cls.__name__} has the fields {', '.join(cls.__fields__)}")
        self.__dict__.update(own)

    def _repr(self):
        shown = (n for n, f in self.__fields__.items() if f.shown)
        return f"{type(self).__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in shown)})"

    def _eq(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return self.__compared__(self) == self.__compared__(other)

    def _lt(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return self.__compared__(self) < self.__compared__(other)

    def _hash(self):
        return hash(self.__compared__(self))

    def _refuse(self, name, *_):
        raise AttributeError(f"{type(self).__name__}.{name} is read-only")
