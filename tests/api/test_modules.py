"""Modules that are not public, by release; each fact was asked of the wheels."""

from __future__ import annotations

import pytest

from tests.support import codes, findings
from tf2lint.tensorflow import api, modules

NEWEST = api.NEWEST


@pytest.mark.parametrize(
    ("path", "target", "answer"),
    [
        ("tensorflow.python.util.nest", NEWEST, True),
        ("tensorflow.python.util.nest", (2, 0), True),
        ("tensorflow.python.util.nest.flatten", NEWEST, True),  # a name in a module that is there
        ("tensorflow.python.util.future_api", NEWEST, False),
        ("tensorflow.python.util.future_api", (2, 12), True),
        ("tensorflow.python.compiler.xla.experimental.xla_sharding", NEWEST, True),
        ("tensorflow.python.compiler.xla.experimental.xla_sharding", (2, 0), False),
        ("tensorflow.compiler.xla.experimental.xla_sharding", NEWEST, False),
        ("tensorflow.python.estimator.canned.head", NEWEST, False),  # with its package
        ("tensorflow.core.framework.graph_pb2", NEWEST, True),
        ("tensorflow.tools.tfprof", (2, 0), False),
        ("tensorflow.python.Session", NEWEST, None),  # a package may have any name
        ("tensorflow.python.ops.no_such_ops.x", NEWEST, None),
        ("tensorflow_core.python.util.nest", (2, 1), True),
        ("tensorflow_core.python.util.nest", (2, 2), False),
    ],
)
def test_exists(path: str, target: api.Version, answer: bool | None) -> None:
    assert modules.exists(path, target) is answer


@pytest.mark.parametrize(
    ("path", "last"),
    [
        ("tensorflow.python.util.nest", None),
        ("tensorflow.python.no_such_module", None),
        ("tensorflow.python.estimator.canned.head", (2, 15)),
        ("tensorflow.tools.tfprof.tfprof_log_pb2", (1, 2)),
        ("tensorflow.python.training.checkpointable.base", (1, 13)),
        ("tensorflow.python.ops.seq2seq", (0, 12)),
    ],
)
def test_last_release(path: str, last: api.Version | None) -> None:
    assert modules.last_release(path) == last


def test_modules_of_tf_1_are_reported() -> None:
    lines = [
        "from tensorflow.tools.tfprof import tfprof_log_pb2",
        "from tensorflow.python.training import checkpointable_utils",
        "from tensorflow.python.summary import event_accumulator",
        "import tensorflow.python.layers.maxout",
    ]
    for line in lines:
        [finding] = findings(line + "\n")
        assert (finding.code, finding.status) == ("TF008", "removed")
        assert "does not exist in TF 2" in finding.message


TRIED = {
    "module": "from tensorflow.python.util import nest",
    "module itself": "import tensorflow.python.util.nest as nest",
    "name in it": "from tensorflow.python.util.nest import flatten as nest",
    "newer place": "from tensorflow.python.trackable import base as nest",
    "compiler": "from tensorflow.python.compiler.xla.experimental import xla_sharding as nest",
    "message": "from tensorflow.core.framework import graph_pb2 as nest",
}
OLD = [
    "from tensorflow.contrib.framework import nest",
    "from tensorflow.compiler.xla.experimental.xla_sharding import xla_sharding as nest",
    "from tensorflow.python.training.tracking import base as nest",
    "import tensorflow\n    nest = tensorflow.contrib.framework.nest",
]


@pytest.mark.parametrize("error", ["ImportError", "ModuleNotFoundError", "Exception"])
@pytest.mark.parametrize("old", OLD)
@pytest.mark.parametrize("name", TRIED)
def test_a_first_arm_that_works(name: str, old: str, error: str) -> None:
    text = f"try:\n    {TRIED[name]}\nexcept {error}:\n    {old}\nnest.use()\n"
    assert codes(text) == []


@pytest.mark.parametrize("old", OLD[:3])
def test_a_first_arm_that_fails(old: str) -> None:
    """The second arm runs; what it lacks is reported."""
    text = f"try:\n    {old}\nexcept ImportError:\n    from tensorflow import Session as nest\n"
    assert codes(text) == ["TF601"]
    new = f"try:\n    {old}\nexcept ImportError:\n    from tensorflow.python.util import nest\n"
    assert codes(new + "nest.flatten\n") == []
