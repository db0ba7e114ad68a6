"""TF0: what notebooks say to Colab."""

from __future__ import annotations

import ast
import re

from tf2lint.check.advice import delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.imports import family

_MAGIC = "tensorflow_version"
_ONE = re.compile(r"['\"]?1(?:\.|['\"]|\s|$)")

colab_version = family.rule(
    "TF009",
    "colab-tensorflow-version",
    "E",
    summary="%tensorflow_version 1.x asks Colab for TensorFlow 1, which it does not have any more",
    page="""\
In Colab, the magic `%tensorflow_version 1.x` switched a notebook over to the TensorFlow 1.15 that
was installed beside TensorFlow 2. Colab took that TensorFlow out in 2022: the magic now raises
`ValueError`, and the notebook stops at its first cell. Outside Colab there never was such a
magic, and Jupyter says that it is not found.

Port the cells below it and delete the line. `%tensorflow_version 2.x` changes nothing, and is not
reported.

In a notebook the magic itself is reported; in a module the call that
`jupyter nbconvert --to script` makes of it.""",
    examples=[
        Example(
            bad="""\
«get_ipython().run_line_magic»("tensorflow_version", "1.x")

import tensorflow as tf
""",
            good="""\
import tensorflow as tf
""",
        ),
    ],
    sources=["https://colab.research.google.com/notebooks/tensorflow_version.ipynb"],
)


@colab_version.method("run_line_magic", "magic", foreign=True, anywhere=True)
def _colab_version(ref: Reference) -> Report | None:
    call = ref.call
    if call is None or call.keywords:
        return None
    words = []
    for argument in call.args:
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            return None
        words += argument.value.split()
    if len(words) < 2 or words[0].lstrip("%") != _MAGIC or not _ONE.match(words[1]):
        return None
    return ref.report(
        delete("it once the cells below are ported"),
        "raises: Colab has no TensorFlow 1 any more",
        status="removed",
        subject=f"%{_MAGIC} {words[1]}",
        confidence="high",
    )
