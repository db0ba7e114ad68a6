"""What a name means: design section 5, case by case, each with its exact places.

Every case is a module in which «» marks each place that must be reported for the summary
rules (TF101 merge_all, TF102 add_summary, TF103 FileWriter); other codes are not looked at.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import codes, findings, place
from tf2lint.check.engine import check
from tf2lint.options import Options
from tf2lint.source import Source

CODES = ("TF101", "TF102", "TF103")


def marked(text: str) -> tuple[str, list[tuple[int, int, int, int]]]:
    """`text` without «», and the places that they marked."""
    places: list[tuple[int, int, int, int]] = []
    plain = ""
    starts: list[tuple[int, int]] = []
    for char in text:
        if char == "«":
            starts.append((plain.count("\n") + 1, len(plain.rpartition("\n")[2].encode())))
        elif char == "»":
            end = (plain.count("\n") + 1, len(plain.rpartition("\n")[2].encode()))
            places.append((*starts.pop(), *end))
        else:
            plain += char
    return plain, sorted(places)


IMPORTS = {
    "import as": "import tensorflow as tf\n«tf.summary.merge_all»()",
    "import": "import tensorflow\n«tensorflow.summary.merge_all»()",
    "other alias": "import tensorflow as T\n«T.summary.merge_all»()",
    "compat v1 as": "import tensorflow.compat.v1 as tf\n«tf.summary.merge_all»()",
    "from compat": "from tensorflow.compat import v1\n«v1.summary.merge_all»()",
    "from compat as": "from tensorflow.compat import v1 as tf\n«tf.summary.merge_all»()",
    "import compat, full path": "import tensorflow.compat.v1\n«tensorflow.compat.v1.summary.merge_all»()",
    "attribute path": "import tensorflow as tf\n«tf.compat.v1.summary.merge_all»()",
    "compat in compat": "import tensorflow as tf\n«tf.compat.v1.compat.v1.summary.merge_all»()",
    "submodule import binds the top": "import tensorflow.summary\n«tensorflow.summary.merge_all»()",
    "submodule as": "import tensorflow.summary as s\n«s.merge_all»()",
    "from module": "from tensorflow import summary\n«summary.merge_all»()",
    "from module as": "from tensorflow import summary as s\n«s.merge_all»()",
    "from symbol": "from tensorflow.summary import «merge_all»\n«merge_all»()",
    "from symbol as": "from tensorflow.summary import «merge_all as m»\n«m»()",
    "several in one statement": "from tensorflow.summary import (\n    scalar,\n    «merge_all»,\n)\n«merge_all»()",
    "star": "from tensorflow.summary import *\n«merge_all»()",
    "star of the package": "from tensorflow import *\n«summary.merge_all»()",
    "star does not hide own names": "from tensorflow.summary import *\ndef merge_all(): pass\nmerge_all()",
    "two imports on one line": "import os, tensorflow as tf\n«tf.summary.merge_all»()",
    "in a function": "def f():\n    import tensorflow as tf\n    «tf.summary.merge_all»()",
    "in a function, not outside": "def f():\n    import tensorflow as tf\ntf.summary.merge_all()",
    "in a class body": "class A:\n    import tensorflow as tf\n    x = «tf.summary.merge_all»()",
    "in a class body, not in methods": "class A:\n    import tensorflow as tf\n    def f(self):\n        tf.summary.merge_all()",
    "in a class body, through self": "class A:\n    import tensorflow as tf\n    def f(self):\n        «self.tf.summary.merge_all»()",
    "in a class body, through the class": "class A:\n    import tensorflow as tf\n«A.tf.summary.merge_all»()",
    "lazy import, global": "tf = None\ndef load():\n    global tf\n    import tensorflow as tf\ndef g():\n    «tf.summary.merge_all»()",
    "another package as tf": "import tfutils as tf\ntf.summary.merge_all()\nimport tensorflow",
    "no import at all": "tf.summary.merge_all()\n'tensorflow'",
    "a package that starts alike": "import tensorflow_datasets as tf\ntf.summary.merge_all()",
    "a package that starts alike, from": "from tensorflow_probability import summary\nsummary.merge_all()",
    "relative module called tensorflow": "from . import tensorflow as tf\ntf.summary.merge_all()",
    "relative submodule": "from .tensorflow import summary\nsummary.merge_all()",
    "unknown public name": "import tensorflow as tf\ntf.summary.merge_nothing()",
    "same thing in TF 2": "import tensorflow as tf\ntf.reshape([1], [1])",
    "same thing through compat": "import tensorflow as tf\ntf.compat.v1.reshape([1], [1])",
}
SCOPES = {
    "closure": "import tensorflow as tf\ndef f():\n    def g():\n        return «tf.summary.merge_all»()\n    return g",
    "enclosing function": "def f():\n    import tensorflow as tf\n    def g():\n        «tf.summary.merge_all»()",
    "parameter": "import tensorflow as tf\ndef f(tf):\n    tf.summary.merge_all()",
    "keyword-only parameter": "import tensorflow as tf\ndef f(*, tf):\n    tf.summary.merge_all()",
    "positional-only parameter": "import tensorflow as tf\ndef f(tf, /):\n    tf.summary.merge_all()",
    "star parameter": "import tensorflow as tf\ndef f(*tf, **kw):\n    tf.summary.merge_all()",
    "double star parameter": "import tensorflow as tf\ndef f(**tf):\n    tf.summary.merge_all()",
    "parameter of an outer function": "import tensorflow as tf\ndef f(tf):\n    def g():\n        tf.summary.merge_all()",
    "default is read outside": "import tensorflow as tf\ndef f(tf=«tf.summary.merge_all»()):\n    pass",
    "module as default": "import tensorflow as tf\ndef f(x, lib=tf):\n    «lib.summary.merge_all»()",
    "lambda parameter": "import tensorflow as tf\nf = lambda tf: tf.summary.merge_all()",
    "lambda body": "import tensorflow as tf\nf = lambda: «tf.summary.merge_all»()",
    "lambda default": "import tensorflow as tf\nf = lambda x=«tf.summary.merge_all»(): x",
    "async def": "import tensorflow as tf\nasync def f():\n    await «tf.summary.merge_all»()",
    "comprehension target hides": "import tensorflow as tf\nx = [tf.summary.merge_all() for tf in range(3)]",
    "comprehension does not leak": "import tensorflow as tf\nx = [tf for tf in range(3)]\n«tf.summary.merge_all»()",
    "comprehension body": "import tensorflow as tf\nx = [«tf.summary.merge_all»() for i in range(3)]",
    "first iterable is read outside": "import tensorflow as tf\nx = [tf for tf in «tf.summary.merge_all»()]",
    "dict comprehension": "import tensorflow as tf\nx = {i: «tf.summary.merge_all»() for i in range(3)}",
    "generator, condition": "import tensorflow as tf\nx = (i for i in range(3) if «tf.summary.merge_all»())",
    "target over modules": "import tensorflow as tf\nx = [s.scalar and «s.merge_all»() for s in (tf.summary, None)]",
    "local assignment later in a function": "import tensorflow as tf\ndef f():\n    tf.summary.merge_all()\n    tf = 1",
    "global statement": "import tensorflow as tf\ndef f():\n    global tf\n    «tf.summary.merge_all»()",
    "nonlocal": "def f():\n    tf = None\n    def g():\n        nonlocal tf\n        import tensorflow as tf\n    def h():\n        «tf.summary.merge_all»()",
    "del": "import tensorflow as tf\ndel tf\ntf.summary.merge_all()",
    "del and again": "import tensorflow as tf\ndel tf\nimport tensorflow as tf\n«tf.summary.merge_all»()",
    "rebinding": "import tensorflow as tf\n«tf.summary.merge_all»()\ntf = object()\ntf.summary.merge_all()",
    "rebinding to another import": "import tensorflow as tf\nimport numpy as tf\ntf.summary.merge_all()",
    "rebinding back": "import numpy as tf\ntf.summary.merge_all()\nimport tensorflow as tf\n«tf.summary.merge_all»()",
    "for target": "import tensorflow as tf\nfor tf in range(3):\n    tf.summary.merge_all()",
    "for over modules": "import tensorflow as tf\nfor m in (tf.summary, None):\n    «m.merge_all»()",
    "with target": "import tensorflow as tf\nwith open('x') as tf:\n    tf.summary.merge_all()",
    "except target": "import tensorflow as tf\ntry:\n    pass\nexcept ValueError as tf:\n    tf.summary.merge_all()",
    "except target is gone after": "import tensorflow as m\ntry:\n    tf = m\nexcept ValueError as e:\n    tf = m\n«tf.summary.merge_all»()",
    "walrus": "import tensorflow as tf\nif (s := tf.summary):\n    «s.merge_all»()",
    "walrus hides": "import tensorflow as tf\nif (tf := object()):\n    tf.summary.merge_all()",
    "walrus in a comprehension": "import tensorflow as tf\nx = [s := tf.summary for i in range(2)]\n«s.merge_all»()",
    "class attribute is not seen from methods": "import numpy as tf\nclass A:\n    import tensorflow as tf\n    def f(self):\n        tf.summary.merge_all()",
    "class body sees the module": "import tensorflow as tf\nclass A:\n    x = «tf.summary.merge_all»()",
    "class body name first, then the module's": "import tensorflow as tf\nclass A:\n    tf = 1\n    x = tf.summary.merge_all()\ny = «tf.summary.merge_all»()",
    "decorator": "import tensorflow as tf\n@«tf.summary.merge_all»\ndef f(): pass",
    "decorator call": "import tensorflow as tf\n@«tf.summary.merge_all»()\nclass A: pass",
    "annotation": "import tensorflow as tf\ndef f(x: «tf.summary.FileWriter») -> «tf.summary.FileWriter»: pass",
    "variable annotation": "import tensorflow as tf\nx: «tf.summary.FileWriter» = None",
    "base class": "import tensorflow as tf\nclass A(«tf.summary.FileWriter»): pass",
    "keyword argument named tf": "import tensorflow as tf\nf(tf=«tf.summary.merge_all»())",
    "attribute named tf": "import tensorflow\nx.tf.summary.merge_all()",
    "f-string": "import tensorflow as tf\nx = f'{«tf.summary.merge_all»()}'",
    "string and comment": "import tensorflow as tf\nx = 'tf.summary.merge_all()'  # tf.summary.merge_all()",
    "while": "import tensorflow as tf\nwhile True:\n    «tf.summary.merge_all»()",
    "assert": "import tensorflow as tf\nassert «tf.summary.merge_all»()",
    "starred": "import tensorflow as tf\nf(*«tf.summary.merge_all»())",
    "subscript": "import tensorflow as tf\nx = y[«tf.summary.merge_all»()]",
    "not called": "import tensorflow as tf\nf = «tf.summary.merge_all»",
    "over lines": "import tensorflow as tf\nx = («tf\n     .summary\n     .merge_all»())",
    "after return": "import tensorflow as tf\ndef f():\n    return 1\n    «tf.summary.merge_all»()",
    "use before a later module import": "def f():\n    «tf.summary.merge_all»()\nimport tensorflow as tf",
    "match capture hides": "import tensorflow as tf\ndef f(x):\n    match x:\n        case {'a': tf2}:\n            «tf.summary.merge_all»()\n        case _:\n            pass",
    "match captures the name": "import tensorflow\ndef f(x):\n    match x:\n        case tf:\n            tf.summary.merge_all()",
    "match on a class": "import tensorflow as tf\ndef f(x):\n    match x:\n        case «tf.summary.FileWriter»():\n            pass",
    "loop carries a binding back": "import tensorflow as m\ntf = None\nfor i in range(2):\n    if i:\n        «tf.summary.merge_all»()\n    tf = m",
    "non-ASCII before the place": "import tensorflow as tf\né = 'ü'; «tf.summary.merge_all»()",
    "names in other scripts": "import tensorflow as поток\n«поток.summary.merge_all»()",
}
ALIASES = {
    "module alias": "import tensorflow as tf\ns = tf.summary\n«s.merge_all»()",
    "alias of an alias": "import tensorflow as tf\na = tf\nb = a.summary\nc = b\n«c.merge_all»()",
    "function alias": "import tensorflow as tf\nm = «tf.summary.merge_all»\n«m»()",
    "alias in a function": "import tensorflow as tf\ndef f():\n    s = tf.summary\n    «s.merge_all»()",
    "alias used in a closure": "import tensorflow as tf\ndef f():\n    s = tf.summary\n    def g():\n        «s.merge_all»()",
    "tuple": "import tensorflow as tf\na, b = tf.summary, tf.train\n«a.merge_all»()\nb.merge_all()",
    "nested tuple": "import tensorflow as tf\n(a, [b, c]) = 1, [2, tf.summary]\n«c.merge_all»()\nb.merge_all()",
    "starred target": "import tensorflow as tf\na, *b, c = 1, 2, 3, tf.summary\n«c.merge_all»()",
    "chained assignment": "import tensorflow as tf\na = b = tf.summary\n«a.merge_all»()\n«b.merge_all»()",
    "self attribute": "import tensorflow as tf\nclass A:\n    def __init__(self):\n        self.tf = tf\n    def f(self):\n        «self.tf.summary.merge_all»()",
    "self attribute set in a later method": "import tensorflow as tf\nclass A:\n    def f(self):\n        «self.s.merge_all»()\n    def g(self):\n        self.s = tf.summary",
    "class attribute": "import tensorflow as tf\nclass A:\n    s = tf.summary\n    def f(self):\n        «self.s.merge_all»()",
    "inherited class attribute": "import tensorflow as tf\nclass A:\n    s = tf.summary\nclass B(A):\n    def f(self):\n        «self.s.merge_all»()",
    "attribute of an object": "import tensorflow as tf\nargs = object()\nargs.s = tf.summary\n«args.s.merge_all»()",
    "getattr": "import tensorflow as tf\n«getattr(tf.summary, 'merge_all')»()",
    "getattr of a module": "import tensorflow as tf\n«getattr(tf, 'summary').merge_all»()",
    "getattr with a known name": "import tensorflow as tf\nname = 'merge_all'\n«getattr(tf.summary, name)»()",
    "getattr with a default asks first": "import tensorflow as tf\nf = getattr(tf.summary, 'merge_all', None)",
    "getattr of a removed module": "import tensorflow as tf\n«getattr(tf.train, 'SummaryWriter')»('d')",
    "getattr of a getattr": "import tensorflow as tf\n«getattr(getattr(tf, 'summary'), 'merge_all')»()",
    "getattr of an object": "import tensorflow as tf\ngetattr(«tf.summary.FileWriter»('d'), 'flush')()",
    "import_module": "import importlib\ntf = importlib.import_module('tensorflow')\n«tf.summary.merge_all»()",
    "from importlib": "from importlib import import_module\ntf = import_module('tensorflow.compat.v1')\n«tf.summary.merge_all»()",
    "__import__": "tf = __import__('tensorflow')\n«tf.summary.merge_all»()",
    "__import__ gives the top": "tf = __import__('tensorflow.summary')\n«tf.summary.merge_all»()",
    "function that returns the module": "def lib():\n    import tensorflow as tf\n    return tf\n«lib().summary.merge_all»()",
    "conditional expression": "import tensorflow as tf\nx = tf.summary if y else None\n«x.merge_all»()",
    "or": "import tensorflow as tf\nx = y or tf.summary\n«x.merge_all»()",
    "partial": "import functools\nimport tensorflow as tf\nf = functools.partial(«tf.summary.FileWriter», 'd')",
    "property that returns the module": "import tensorflow as tf\nclass A:\n    @property\n    def lib(self):\n        return tf.summary\n    def f(self):\n        «self.lib.merge_all»()",
    "a constant is a value once it is bound": "import tensorflow as tf\nkey = tf.GraphKeys.SUMMARIES\nkey\nclass A:\n    def f(self, k=tf.GraphKeys.SUMMARIES):\n        return k",
    "a function as default may be another one": "import tensorflow as tf\ndef f(m=«tf.summary.merge_all»):\n    m()",
    "augmented assignment keeps": "import tensorflow as tf\ns = tf.summary\ns.x += 1\n«s.merge_all»()",
}
CANDIDATES = {
    "except ImportError, compat first": "try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n    import tensorflow as tf\n«tf.summary.merge_all»()",
    "except ImportError, compat last": "try:\n    import tensorflow as tf\nexcept ImportError:\n    import tensorflow.compat.v1 as tf\n«tf.summary.merge_all»()",
    "last arm binds None": "try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\n«tf.summary.merge_all»()",
    "first arm binds None": "try:\n    tf = None\n    raise ImportError\nexcept ImportError:\n    import tensorflow as tf\n«tf.summary.merge_all»()",
    "if and else": "if x:\n    import tensorflow as tf\nelse:\n    import tensorflow.compat.v1 as tf\n«tf.summary.merge_all»()",
    "if without else": "tf = None\nif x:\n    import tensorflow as tf\n«tf.summary.merge_all»()",
    "else binds something else": "if x:\n    import tensorflow as tf\nelse:\n    import numpy as tf\n«tf.summary.merge_all»()",
    "elif": "if x:\n    tf = 1\nelif y:\n    import tensorflow as tf\nelse:\n    tf = 2\n«tf.summary.merge_all»()",
    "arm that returns": "def f():\n    if x:\n        tf = None\n        return\n    else:\n        import tensorflow as tf\n    «tf.summary.merge_all»()",
    "in a loop": "for i in range(3):\n    import tensorflow as tf\n«tf.summary.merge_all»()",
    "finally": "try:\n    import tensorflow as tf\nfinally:\n    x = 1\n«tf.summary.merge_all»()",
    "TYPE_CHECKING": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import tensorflow as tf\ndef f():\n    «tf.summary.merge_all»()",
    "match arms": "match x:\n    case 1:\n        import tensorflow as tf\n    case _:\n        tf = None\n«tf.summary.merge_all»()",
}
GUARDS = {
    "anything caught, the same name through compat.v1": "import tensorflow as tf\ntry:\n    m = tf.summary.merge_all()\nexcept:\n    m = «tf.compat.v1.summary.merge_all»()",
    "anything caught, another thing done": "import tensorflow as tf\ntry:\n    m = «tf.summary.merge_all»()\nexcept Exception:\n    m = None",
    "version starts with 1": "import tensorflow as tf\nif tf.__version__.startswith('1.'):\n    tf.summary.merge_all()",
    "else of version 2": "import tensorflow as tf\nif tf.__version__.startswith('2'):\n    «tf.compat.v1.summary.merge_all»()\nelse:\n    tf.summary.merge_all()",
    "major as int": "import tensorflow as tf\nif int(tf.__version__.split('.')[0]) < 2:\n    tf.summary.merge_all()",
    "first character": "import tensorflow as tf\nif tf.__version__[0] == '1':\n    tf.summary.merge_all()",
    "LooseVersion": "import tensorflow as tf\nfrom distutils.version import LooseVersion\nif LooseVersion(tf.__version__) < LooseVersion('2.0.0'):\n    tf.summary.merge_all()",
    "packaging": "import tensorflow as tf\nfrom packaging import version\nif version.parse(tf.__version__) >= version.parse('2'):\n    pass\nelse:\n    tf.summary.merge_all()",
    "packaging, major": "import tensorflow as tf\nfrom packaging.version import Version\nif Version(tf.__version__).major == 1:\n    tf.summary.merge_all()",
    "map int": "import tensorflow as tf\nif tuple(map(int, tf.__version__.split('.')[:2])) < (1, 13):\n    tf.summary.merge_all()",
    "comprehension of ints": "import tensorflow as tf\nif [int(v) for v in tf.__version__.split('.')] < [2, 0]:\n    tf.summary.merge_all()",
    "tf.VERSION": "import tensorflow as tf\nif tf.VERSION < '1.5':\n    tf.summary.merge_all()",
    "tf.version.VERSION": "import tensorflow as tf\nif tf.version.VERSION.startswith('1'):\n    tf.summary.merge_all()",
    "a name for the test": "import tensorflow as tf\nTF2 = tf.__version__.startswith('2')\ndef f():\n    if not TF2:\n        tf.summary.merge_all()",
    "a name for the test, else": "import tensorflow as tf\nis_tf2 = tf.__version__ >= '2'\nif is_tf2:\n    «tf.summary.merge_all»()\nelse:\n    tf.summary.merge_all()",
    "and": "import tensorflow as tf\nif x and tf.__version__ < '2':\n    tf.summary.merge_all()",
    "or": "import tensorflow as tf\nif x or tf.__version__ < '2':\n    «tf.summary.merge_all»()",
    "conditional expression": "import tensorflow as tf\nm = tf.summary.merge_all if tf.__version__ < '2' else None",
    "boolean expression": "import tensorflow as tf\nhasattr(tf.summary, 'merge_all') and tf.summary.merge_all()",
    "early return": "import tensorflow as tf\ndef f():\n    if tf.__version__ >= '2':\n        return 1\n    tf.summary.merge_all()",
    "early return the other way": "import tensorflow as tf\ndef f():\n    if tf.__version__ < '2':\n        return 1\n    «tf.summary.merge_all»()",
    "hasattr": "import tensorflow as tf\nif hasattr(tf, 'contrib'):\n    tf.summary.merge_all()",
    "not hasattr": "import tensorflow as tf\nif not hasattr(tf, 'compat'):\n    tf.summary.merge_all()",
    "hasattr of what exists": "import tensorflow as tf\nif hasattr(tf, 'function'):\n    «tf.summary.merge_all»()",
    "except AttributeError around": "import tensorflow as tf\ntry:\n    m = tf.summary.merge_all()\nexcept AttributeError:\n    m = None",
    "except AttributeError, old arm": "import tensorflow as tf\ntry:\n    m = tf.reshape\nexcept AttributeError:\n    m = tf.summary.merge_all",
    "except of something else": "import tensorflow as tf\ntry:\n    m = «tf.summary.merge_all»()\nexcept ValueError:\n    m = None",
    "handler that only raises": "import tensorflow as tf\ntry:\n    m = «tf.summary.merge_all»()\nexcept AttributeError:\n    raise",
    "except ImportError, old arm": "try:\n    from tensorflow.keras import layers\nexcept ImportError:\n    from tensorflow.summary import merge_all",
    "import that is tried": "try:\n    from tensorflow.summary import merge_all\nexcept ImportError:\n    merge_all = None\n«merge_all»()",
    "import with a replacement": "try:\n    from tensorflow.summary import merge_all\nexcept ImportError:\n    from mylib import merge_all\nmerge_all()",
    "rebound to compat on TF 2": "import tensorflow as tf\nif tf.__version__ >= '2':\n    tf = tf.compat.v1\n«tf.summary.merge_all»()",
    "an unrelated test": "import tensorflow as tf\nif x > 2:\n    «tf.summary.merge_all»()",
    "constant that is no version": "import tensorflow as tf\nTF2 = tf.__version__\nDEBUG = False\nif DEBUG:\n    «tf.summary.merge_all»()",
    "list that grows": "import tensorflow as tf\nTF2 = tf.__version__\nitems = []\nitems += [TF2]\nif len(items) == 1:\n    «tf.summary.merge_all»()",
    "version of Keras": "import tensorflow as tf\nif tf.keras.__version__ < '3':\n    tf.summary.merge_all()",
    "version of Keras, the other arm": "import tensorflow as tf\nif tf.keras.__version__ >= '3':\n    «tf.summary.merge_all»()",
    "version of Keras by its function": "from tensorflow import keras\nimport tensorflow as tf\nif not keras.version().startswith('3.'):\n    tf.summary.merge_all()",
    "version of Keras where it has one": "import tensorflow as tf\nfn = getattr(tf.keras, 'version', None)\nkeras_3 = fn and fn().startswith('3.')\ndel fn\nif keras_3:\n    «tf.summary.merge_all»()\nelse:\n    tf.summary.merge_all()",
    "getattr of a version": "import tensorflow as tf\nif getattr(tf, '__version__', '1').startswith('1'):\n    tf.summary.merge_all()",
    "getattr of what is missing": "import tensorflow as tf\nif getattr(tf, 'contrib', None) is not None:\n    tf.summary.merge_all()",
    "getattr of what is missing, else": "import tensorflow as tf\nif getattr(tf, 'contrib', False):\n    tf.summary.merge_all()\nelse:\n    «tf.summary.merge_all»()",
    "getattr of what exists": "import tensorflow as tf\nif getattr(tf, 'function', None):\n    «tf.summary.merge_all»()",
    "getattr of something else": "import tensorflow as tf\nif getattr(x, 'version', None):\n    «tf.summary.merge_all»()",
    "while of a guard": "import tensorflow as tf\nwhile tf.__version__ < '2':\n    tf.summary.merge_all()",
}
INSTANCES = {
    "property that can be set": "import tensorflow as tf\nclass A:\n    def __init__(self):\n        self._w = «tf.summary.FileWriter»('x')\n    @property\n    def w(self):\n        return self._w\n    @w.setter\n    def w(self, value):\n        self._w = value\n\n«A().w.add_summary»(1, 2)",
    "own class above beside one of TensorFlow": "import tensorflow as tf\nclass Holds:\n    def library(self):\n        return tf\nclass Net(Holds, tf.Module):\n    def f(self):\n        «self.library().summary.merge_all»()",
    "assignment": "import tensorflow as tf\nw = «tf.summary.FileWriter»('d')\n«w.add_summary»(s, 1)",
    "direct": "import tensorflow as tf\n««tf.summary.FileWriter»('d').add_summary»(s)",
    "closure": "import tensorflow as tf\nw = «tf.summary.FileWriter»('d')\ndef f():\n    «w.add_summary»(s, 1)",
    "rebound": "import tensorflow as tf\nw = «tf.summary.FileWriter»('d')\nw = open('x')\nw.add_summary(s, 1)",
    "tuple": "import tensorflow as tf\na, b = 1, «tf.summary.FileWriter»('d')\n«b.add_summary»(s)",
    "self, other method": "import tensorflow as tf\nclass A:\n    def f(self):\n        «self.writer.add_summary»(s)\n    def __init__(self):\n        self.writer = «tf.summary.FileWriter»('d')",
    "self under another name": "import tensorflow as tf\nclass A:\n    def __init__(this):\n        this.w = «tf.summary.FileWriter»('d')\n    def f(me):\n        «me.w.add_summary»(s)",
    "self, inherited": "import tensorflow as tf\nclass A:\n    def __init__(self):\n        self.w = «tf.summary.FileWriter»('d')\nclass B(A):\n    def f(self):\n        «self.w.add_summary»(s)",
    "self, closure in a method": "import tensorflow as tf\nclass A:\n    def f(self):\n        self.w = «tf.summary.FileWriter»('d')\n        def g():\n            «self.w.add_summary»(s)",
    "object of a class": "import tensorflow as tf\nclass A:\n    def __init__(self):\n        self.w = «tf.summary.FileWriter»('d')\nA().w.flush()\na = A()\n«a.w.add_summary»(s)",
    "with": "import tensorflow as tf\nwith «tf.summary.FileWriter»('d') as w:\n    «w.add_summary»(s)",
    "function that returns one": "import tensorflow as tf\ndef make():\n    return «tf.summary.FileWriter»('d')\n«make().add_summary»(s)",
    "function that returns one or None": "import tensorflow as tf\ndef make(x):\n    if x:\n        return None\n    return «tf.summary.FileWriter»('d')\nw = make(1)\n«w.add_summary»(s)",
    "method that returns one": "import tensorflow as tf\nclass A:\n    def make(self):\n        return «tf.summary.FileWriter»('d')\n    def f(self):\n        «self.make().add_summary»(s)",
    "conditional expression": "import tensorflow as tf\nw = «tf.summary.FileWriter»('d') if x else None\n«w.add_summary»(s)",
    "annotated parameter": "import tensorflow as tf\ndef f(w: «tf.summary.FileWriter»):\n    «w.add_summary»(s)",
    "optional annotation": "import tensorflow as tf\nfrom typing import Optional\ndef f(w: Optional[«tf.summary.FileWriter»] = None):\n    «w.add_summary»(s)",
    "annotation as a string": "import tensorflow as tf\ndef f(w: 'tf.summary.FileWriter'):\n    «w.add_summary»(s)",
    "annotated return": "import tensorflow as tf\ndef f() -> «tf.summary.FileWriter»: ...\n«f().add_summary»(s)",
    "annotated attribute": "import tensorflow as tf\nclass A:\n    w: «tf.summary.FileWriter»\n    def f(self):\n        «self.w.add_summary»(s)",
    "subclass": "import tensorflow as tf\nclass W(«tf.summary.FileWriter»):\n    pass\nw = W('d')\n«w.add_summary»(s)",
    "subclass, self": "import tensorflow as tf\nclass W(«tf.summary.FileWriter»):\n    def f(self):\n        «self.add_summary»(s)",
    "subclass that overrides": "import tensorflow as tf\nclass W(«tf.summary.FileWriter»):\n    def add_summary(self, s): pass\nw = W('d')\nw.add_summary(s)",
    "super": "import tensorflow as tf\nclass W(«tf.summary.FileWriter»):\n    def add(self, s):\n        «super().add_summary»(s)",
    "list of them": "import tensorflow as tf\nws = [«tf.summary.FileWriter»(d) for d in x]\nfor w in ws:\n    «w.add_summary»(s)",
    "list, indexed": "import tensorflow as tf\nws = [«tf.summary.FileWriter»('a'), «tf.summary.FileWriter»('b')]\n«ws[0].add_summary»(s)",
    "both arms": "import tensorflow as tf\nif x:\n    w = «tf.summary.FileWriter»('d')\nelse:\n    w = None\n«w.add_summary»(s)",
    "parameter of a function called here": "import tensorflow as tf\ndef log(w):\n    «w.add_summary»(s)\nlog(«tf.summary.FileWriter»('d'))",
    "asserted, from outside": "import tensorflow as tf\nw = «tf.summary.FileWriter»('d')\ndef f():\n    «w.add_summary»(s)\n    assert isinstance(w, object)\n    «w.add_summary»(s)",
    "asserted, a class of its own": "import tensorflow as tf\nclass D:\n    def add_summary(self, s): pass\ndef f(w):\n    assert isinstance(w, D)\n    w.add_summary(s)",
    "unknown receiver": "import tensorflow as tf\ndef f(w):\n    «w.add_summary»(s)",
    "unknown attribute": "import tensorflow as tf\nclass A:\n    def f(self):\n        «self.w.add_summary»(s)",
    "unknown receiver, no TensorFlow": "def f(doc):\n    doc.add_summary(s)",
    "unknown receiver, only the word": "x = 'tensorflow'\ndef f(doc):\n    doc.add_summary(s)",
    "known to be foreign": "import tensorflow as tf\nfrom docs import Document\ndoc = Document()\ndoc.add_summary(s)",
    "foreign module": "import tensorflow as tf\nimport docs\ndocs.add_summary(s)",
    "own class": "import tensorflow as tf\nclass D:\n    def add_summary(self, s): pass\nD().add_summary(1)",
    "torch": "import tensorflow as tf\nimport torch\nopt = torch.optim.Adam([])\nopt.add_summary(1)",
}
CASES = [
    pytest.param(text, id=f"{group}: {name}")
    for group, cases in {
        "import": IMPORTS, "scope": SCOPES, "alias": ALIASES, "candidates": CANDIDATES,
        "guard": GUARDS, "instance": INSTANCES,
    }.items()
    for name, text in cases.items()
]  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_places(text: str) -> None:
    plain, places = marked(text)
    found = [place(f) for f in findings(plain) if f.code in CODES]
    assert found == places


def test_a_constant_is_reported_where_it_is_named_and_not_where_its_value_goes() -> None:
    text = "import tensorflow as tf\nkey = tf.GraphKeys.SUMMARIES\nprint(key)\n"
    assert [f.line for f in findings(text)] == [2]


@pytest.mark.parametrize("told", ["    assert isinstance({}, tf.summary.FileWriter), w\n", ""])
def test_an_assertion_tells_the_class(told: str) -> None:
    """`add_graph` is a method of other things too: an unknown receiver's is not reported."""
    text = (
        "import tensorflow as tf\nclass A:\n  def __init__(self, w):\n    w.add_graph(g)\n"
        f"{told.format('w')}    w.add_graph(g)\n    self.w = w\n"
        "  def f(self):\n    self.w.add_graph(g)\n"
    )
    found = [f.line for f in findings(text) if f.code == "TF106"]
    assert found == ([6, 9] if told else [])


def test_an_assertion_about_another_name_tells_nothing() -> None:
    text = (
        "import tensorflow as tf\ndef f(w, u):\n"
        "  assert isinstance(u, tf.summary.FileWriter)\n  w.add_graph(g)\n"
    )
    assert [f.code for f in findings(text)] == ["TF103"]


def test_code_that_asks_for_an_argument_first() -> None:
    text = (
        "import inspect\nimport tensorflow as tf\n"
        "if 'keep_dims' in inspect.{}:\n"
        "    tf.reduce_sum(x, keep_dims=True)\n"
        "else:\n"
        "    tf.reduce_sum(x, keepdims=True)\n"
    )
    for asked in ("getfullargspec(tf.reduce_sum).args", "signature(tf.reduce_sum).parameters"):
        assert findings(text.format(asked)) == []
    assert len(findings(text.format("names"))) == 1
    assert len(findings(text.format("signature(f).parameters").replace(" in ", " not in "))) == 1


def test_a_function_gives_what_its_arm_for_the_target_returns() -> None:
    text = """\
import tensorflow as tf

def lib():
    try:
        return tf.compat.v1.summary
    except AttributeError:
        return tf.summary

lib().merge_all()
"""
    [found] = [f for f in findings(text) if f.code == "TF101"]
    assert found.status == "compat"


def test_a_property_gives_a_plain_value_of_what_it_reads() -> None:
    text = """\
import tensorflow as tf

class Parameter:
    def __init__(self):
        self.variable = tf.Variable(1.0)

    @property
    def graph(self):
        return self.variable.graph

    def show(self):
        return self.graph
"""
    assert [(f.code, f.line) for f in findings(text)] == [("TF209", 9)]


def test_a_parameter_that_is_given_a_constant_is_not_the_constant() -> None:
    text = """\
import tensorflow as tf

def collected(key):
    return tuple(key)

collected(tf.GraphKeys.TRAINABLE_VARIABLES)
"""
    assert [(f.code, f.line) for f in findings(text)] == [("TF204", 6)]


def test_a_name_that_may_be_several_things_says_which_and_is_not_rewritten() -> None:
    text = """\
import tensorflow as tf

def build(kind, cell_class=None):
    if cell_class is None:
        cell_class = tf.nn.rnn_cell.LSTMCell
    optimizer = tf.train.AdamOptimizer if kind else tf.train.MomentumOptimizer
    optimizer(0.1)
    convolve = tf.nn.conv2d if kind else tf.nn.conv2d_transpose
    convolve(1, 2, 3, 4, 5)
    return cell_class(8)
"""
    told = {f.line: f.message for f in findings(text, path=None)}
    assert told[7].startswith("`optimizer` (where it is `tf.train.AdamOptimizer`) was removed")
    assert 9 not in told
    assert told[10].startswith("`cell_class` (where it is `tf.nn.rnn_cell.LSTMCell`) was removed")
    options = replace(Options(), edits="tf2")
    found = [f for f in check(Source(text), options) if f.line in (7, 10)]
    assert [f.hint is not None and f.hint.edits for f in found] == [(), ()]


@pytest.mark.parametrize("turned", [False, True])
def test_what_was_asked_before_changes_nothing(turned: bool) -> None:
    """A parameter is followed through a few calls only; where that ended, nothing is kept."""
    functions = [
        "def f2(g):\n  g.as_default()\n", "def f1(s):\n  f2(s.graph)\n", "def f0(s):\n  f1(s)\n",
    ]  # fmt: skip
    text = "".join(functions[::-1] if turned else functions)
    text = f"import tensorflow as tf\n{text}f0(tf.Session())\n"
    found = {text.splitlines()[f.line - 1].strip() for f in findings(text)}
    assert found >= {"f2(s.graph)", "f0(tf.Session())"}


@pytest.mark.parametrize(
    "imports",
    ["from functools import partial", "import functools", "from contextlib import contextmanager"],
)
def test_what_is_followed_of_the_standard_library_is_no_tensorflow(imports: str) -> None:
    text = f"# not tensorflow\n{imports}\nsess.run(x, feed_dict={{y: 1}})\nw.add_summary(s, 1)\n"
    assert codes(text) == codes(text.replace(imports, "import os"))


def test_a_function_that_gives_tensorflow_brings_it(tmp_path: Path) -> None:
    (tmp_path / "setup.py").touch()
    (tmp_path / "lazy.py").write_text(
        "def one():\n    import tensorflow\n    return tensorflow\n"
        "def two():\n    import tensorflow\n    return 1, tensorflow\n"
        "def none():\n    import tensorflow\n    return 1\n"
    )
    path = str(tmp_path / "use.py")
    found = {
        name: bool(findings(f"from lazy import {name}\nsess.run(x, feed_dict={{y: 1}})\n", path))
        for name in ("one", "two", "none")
    }
    assert found == {"one": True, "two": True, "none": False}
