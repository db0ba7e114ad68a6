"""How far inference goes before it gives up; each number with its reason.

An answer that one of these cuts short is not kept: asked from elsewhere it may be another.
"""

from __future__ import annotations

DEPTH = 24  # bindings from one name to the next, two for each file; real shims take under ten
PATIENCE = 500  # bindings on all ways of one question; from then on each is asked once
VALUES = 16  # candidates that are kept of one expression
BINDINGS = 128  # of one name at one place: a name bound in thousands of branches costs no square
CLASSES = 32  # above one class; Python's own hierarchies are below ten deep
CALLS = 6  # depth at which what calls hand to parameters is no longer looked at
AHEAD = 8  # functions that are walked before their turn, one from another
STARS = 64  # star imports of one module; each is asked for every unknown name
ANNOTATION = 64  # parts of one annotation
FILES = 12  # files being bound at one time, each asked for by the one before
SIZE = 2_000_000  # bytes of a neighbouring file; larger ones are data
HELD = 500_000  # characters of other modules that stay bound; trees take sixty times the room
OPEN = 8  # times that room while a module is looked at: some thousand modules
BEFORE = 1_200  # characters of a line before its `import`: dots and the name of the module
BRACKETS = 20_000  # characters between those of one import statement
