"""TF202-TF205, TF210, TF213: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told
from tf2lint.fixes.edits import apply

TF = "import tensorflow as tf\n"
V1 = "import tensorflow.compat.v1 as v1\n"
OWNED = "a tf.Module or layer that owns the variables"
SHARED = "one tf.Module or layer, called again"


def uses(text: str, code: str, **settings: object) -> list[str]:
    """What the hints of one rule say, in source order."""
    found = findings(text, **settings)
    return [told(f) for f in found if f.code == code]


SCOPES = {
    "'a'": f"{OWNED}, and tf.name_scope('a')",
    "'a', reuse=False": f"{OWNED}, and tf.name_scope('a')",
    "'a', reuse=None": f"{OWNED}, and tf.name_scope('a')",
    "'a', reuse=True": f"{SHARED}, and tf.name_scope('a')",
    "'a', reuse=reuse": f"{SHARED}, and tf.name_scope('a')",
    "'a', reuse=tf.AUTO_REUSE": f"{SHARED}, and tf.name_scope('a')",
    "None, 'b'": f"{OWNED}, and tf.name_scope('b')",
    "None, default_name='b'": f"{OWNED}, and tf.name_scope('b')",
    "'a', 'b', [x]": f"{OWNED}, and tf.name_scope('a')",
    "name, 'b'": f"{OWNED}, and tf.name_scope(name or 'b')",
    "name_or_scope=name": f"{OWNED}, and tf.name_scope(name)",
    "**kw": f"{OWNED}, and tf.name_scope(name)",
    "tf.get_variable_scope(), reuse=True": SHARED,
    "'a', regularizer=r, custom_getter=None": (
        f"{OWNED}, kernel_regularizer= of each Keras layer, and tf.name_scope('a')"
    ),
    "'a', partitioner=p": (
        f"{OWNED}, variable_partitioner= of the strategy, and tf.name_scope('a')"
    ),
    "'a', custom_getter=g": (
        f"{OWNED}, tf.variable_creator_scope for the getter, and tf.name_scope('a')"
    ),
}


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("given", SCOPES)
def test_variable_scope(given: str, target: str) -> None:
    text = f"{TF}with tf.variable_scope({given}):\n    pass\n"
    assert uses(text, "TF202", target_version=target)[0] == SCOPES[given]


def test_a_scope_reopened_is_no_name() -> None:
    text = (
        f"{TF}with tf.variable_scope('a') as a:\n    pass\nwith tf.variable_scope(a):\n    pass\n"
    )
    assert uses(text, "TF202")[1] == OWNED


def test_older_spellings_of_scopes() -> None:
    text = f"{TF}tf.variable_op_scope([x], name, 'b')\ntf.op_scope([x], 'a')\n"
    assert uses(text, "TF202") == [
        f"{OWNED}, and tf.name_scope(name or 'b')", "tf.name_scope('a')",
    ]  # fmt: skip


def test_scopes_and_what_is_in_them_are_reported() -> None:
    text = f"{TF}with tf.variable_scope('a', reuse=tf.AUTO_REUSE):\n    pass\n"
    assert [(f.code, f.column) for f in findings(text)] == [("TF202", 5), ("TF202", 34)]
    assert codes(f"{TF}tf.get_variable_scope().reuse_variables()\n") == ["TF202"]
    # The constant alone, and in calls that say nothing of it.
    assert codes(f"{TF}REUSE = tf.AUTO_REUSE\nf(tf.AUTO_REUSE)\n") == ["TF202", "TF202"]
    # Two ways to TensorFlow: the outer is fine under allow-compat-v1, the inner raises.
    text = f"{TF}{V1}v1.variable_scope('a', reuse=tf.AUTO_REUSE)\n"
    found = [f for f in findings(text, allow_compat_v1=True) if f.code == "TF202"]
    assert [place(f) for f in found] == [(3, 29, 3, 42)]


def test_methods_of_scopes() -> None:
    text = (
        f"{TF}with tf.variable_scope('a') as scope:\n"
        "    scope.reuse_variables()\n    name = scope.name\n    scope.set_initializer(i)\n"
        "    scope.get_variable(store, 'w')\n"
        "def f(scope):\n    scope.reuse_variables()\n    scope.name\n"
    )
    found = [f for f in findings(text) if f.line > 2]
    assert [(f.line, f.confidence) for f in found] == [
        (3, "high"), (4, "high"), (5, "high"), (6, "high"), (8, "low"),
    ]  # fmt: skip
    assert {f.code for f in found} == {"TF202"}


def test_classes_and_constants_of_scopes() -> None:
    text = (
        f"{TF}isinstance(s, tf.VariableScope)\nregularizer = tf.no_regularizer\n"
        "current = tf.get_variable_scope()\n"
    )
    assert uses(text, "TF202") == [
        OWNED, "None, or no regularizer argument at all",
        "Pass the object that owns the variables, or its name",
    ]  # fmt: skip


def test_scopes_through_compat() -> None:
    text = f"{V1}with v1.variable_scope('a'):\n    pass\n"
    (found,) = [f for f in findings(text) if f.code == "TF202"]
    assert found.status == "compat"
    assert "shares no variables under eager execution" in said(found)
    assert codes(text, allow_compat_v1=True) == []


def test_the_shim_for_scopes_until_keras_3() -> None:
    text = f"{TF}@tf.compat.v1.keras.utils.track_tf1_style_variables\ndef f(self):\n    pass\n"
    (found,) = findings(text)
    assert (found.code, found.status, place(found)) == ("TF202", "removed", (2, 1, 2, 51))
    assert "TF202" not in codes(text, target_version="2.15")


def test_name_scopes_of_tf2_are_left_alone() -> None:
    text = (
        f"{TF}with tf.name_scope('a'):\n    pass\nwith tf.name_scope(name=n) as scope:\n    pass\n"
        "with tf.variable_creator_scope(f):\n    pass\n"
    )
    assert codes(text) == []


# --- TF213 ---

NAMES = {
    "name, 'b'": [(20, "tf.name_scope(name or 'b')")],
    "None, 'b'": [(20, "tf.name_scope('b')")],
    "name, default_name='b', values=[x]": [
        (20, "tf.name_scope(name or 'b')"), (38, "Delete it"),
    ],
    "'a', values=[x]": [(19, "tf.name_scope('a')")],
    "'a', 'b', [x]": [(19, "tf.name_scope('a')"), (24, "Delete it")],
    "default_name='b'": [(14, "tf.name_scope('b')")],
}  # fmt: skip


@pytest.mark.parametrize("given", NAMES)
def test_name_scope_arguments(given: str) -> None:
    found = findings(f"{TF}tf.name_scope({given})\n")
    assert [(f.column, told(f)) for f in found] == NAMES[given]
    assert {f.code for f in found} == {"TF213"}
    assert {f.status for f in found} == {"removed"}


def test_name_scope_values_are_edited_away() -> None:
    text = f"{TF}with tf.name_scope(name, values=[x]):\n    pass\n"
    (found,) = findings(text)
    assert found.hint is not None
    assert apply(text, found.hint.edits) == f"{TF}with tf.name_scope(name):\n    pass\n"


def test_name_scope_of_v1_keeps_its_arguments() -> None:
    assert "TF213" not in codes(f"{V1}v1.name_scope('a', 'b', [x])\n")


# --- TF203 ---


def test_variable_lists() -> None:
    text = (
        f"{TF}tf.all_variables()\ntf.local_variables()\ntf.moving_average_variables()\n"
        "tf.trainable_variables('gen')\ntf.global_variables(scope='gen')\n"
        "tf.trainable_variables(scope=None)\n"
    )
    assert uses(text, "TF203") == [
        "model.variables, or a module's",
        "metric.variables, or a list of your own",
        "average(variable) of the ExponentialMovingAverage you keep",
        "trainable_variables of the module that the scope stands for",
        "variables of the module that the scope stands for",
        "model.trainable_variables, or a module's",
    ]


def test_variable_lists_through_compat_are_empty() -> None:
    (found,) = [f for f in findings(f"{V1}v1.trainable_variables()\n") if f.code == "TF203"]
    assert found.status == "compat"
    assert "gives an empty list under eager execution" in said(found)


def test_moving_averages_of_nothing() -> None:
    text = (
        f"{TF}ema = tf.train.ExponentialMovingAverage(0.9)\n"
        "ema.apply()\nema.apply(None)\nema.variables_to_restore()\n"
        "ema.apply(model.trainable_variables)\nema.apply(var_list=v)\nema.apply(*v)\n"
        "ema.variables_to_restore(v)\nema.average(v)\nother.apply()\n"
    )
    assert [(f.line, f.code) for f in findings(text)] == [
        (3, "TF203"), (4, "TF203"), (5, "TF203"),
    ]  # fmt: skip


def test_attributes_of_models_are_left_alone() -> None:
    text = f"{TF}model = tf.keras.Sequential()\nmodel.trainable_variables\nmodel.variables\n"
    assert codes(text) == []


# --- TF204 ---

COLLECTIONS = {
    "tf.get_collection(tf.GraphKeys.UPDATE_OPS)": (
        "Delete it: layers update when called with training=True"
    ),
    "tf.get_collection(key=tf.GraphKeys.REGULARIZATION_LOSSES)": "model.losses",
    "tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope='a')": ("model.trainable_variables"),
    "tf.get_collection('trainable_variables')": "model.trainable_variables",
    "tf.get_collection('variables')": "model.variables",
    "tf.get_collection('mine')": "a list of your own for 'mine'",
    "tf.get_collection(KEY)": "a list of your own",
    "tf.get_collection(*keys)": "a list of your own",
    "tf.get_collection_ref(tf.GraphKeys.SUMMARIES)": (
        "Delete it: tf.summary functions write at once"
    ),
    "tf.add_to_collection('mine', x)": "mine.append(x) on a list of your own",
    "tf.add_to_collection('my own', x)": "a list of your own",
    "tf.add_to_collection(tf.GraphKeys.LOSSES, x)": (
        "self.add_loss(loss) of a Keras layer, or a list of your own"
    ),
    "tf.add_to_collection(tf.GraphKeys.GLOBAL_VARIABLES, x)": (
        "an attribute of the model or module, which lists its variables itself"
    ),
    "tf.add_to_collections([tf.GraphKeys.UPDATE_OPS, 'a'], x)": "a list of your own",
    "tf.get_collection(tf.GraphKeys.MY_OWN)": "a list of your own",
}


@pytest.mark.parametrize("call", COLLECTIONS)
def test_collections_and_their_keys_are_reported(call: str) -> None:
    found = findings(f"{TF}{call}\n")
    places = [0] + ([call.index("tf.GraphKeys")] if "tf.GraphKeys" in call else [])
    assert [(f.code, f.column) for f in found] == [("TF204", column) for column in places]
    assert found[0].hint is not None
    assert told(found[0]) == COLLECTIONS[call]


def test_a_key_of_text_in_a_variable_is_known() -> None:
    text = f"{TF}key = 'losses'\ntf.get_collection(key)\n"
    assert uses(text, "TF204") == ["a list of your own, or model.losses"]


def test_keys_alone() -> None:
    text = f"{TF}keys = [tf.GraphKeys.SUMMARIES, tf.GraphKeys]\nf(tf.GraphKeys.TRAIN_OP)\n"
    found = findings(text)
    assert [place(f) for f in found] == [(2, 8, 2, 30), (2, 32, 2, 44), (3, 2, 3, 23)]
    assert {f.code for f in found} == {"TF204"}
    # In compat.v1 calls a key of the main namespace raises all the same.
    text = f"{TF}{V1}v1.get_collection(tf.GraphKeys.LOSSES)\n"
    found = [f for f in findings(text, allow_compat_v1=True) if f.code == "TF204"]
    assert [(f.column, f.status) for f in found] == [(18, "removed")]


def test_graph_objects() -> None:
    text = f"{TF}g = tf.Graph()\ng.get_collection('a')\ng.add_to_collection('a', x)\ng.as_graph_def()\n"
    found = [f for f in findings(text) if f.code == "TF204"]
    assert [(f.line, f.status) for f in found] == [(3, "changed"), (4, "changed")]
    assert "TF204" not in codes(f"{V1}v1.get_default_graph().get_collection('a')\n")


def test_collections_of_the_unknown() -> None:
    text = f"{TF}def f(db):\n    db.get_collection('users')\n"
    assert findings(text) == []
    # Only a graph has this one, so both are of a graph.
    found = findings(f"{text}    db.get_collection_ref('users')\n")
    assert [(f.line, f.code, f.confidence) for f in found] == [
        (3, "TF204", "low"), (4, "TF204", "low")
    ]  # fmt: skip


# --- TF205 ---

INITIALIZERS = [
    "global_variables_initializer()", "initialize_all_variables()",
    "local_variables_initializer()", "initialize_local_variables()",
    "variables_initializer(v)", "initialize_variables(v)", "tables_initializer()",
    "initialize_all_tables()", "report_uninitialized_variables()",
    "is_variable_initialized(v)", "assert_variables_initialized()",
    "initializers.global_variables()", "initializers.local_variables()",
    "initializers.variables(v)", "initializers.tables_initializer()",
]  # fmt: skip


@pytest.mark.parametrize("call", INITIALIZERS)
def test_initializer_ops(call: str) -> None:
    (found,) = findings(f"{TF}tf.{call}\n")
    assert (found.code, found.status) == ("TF205", "removed")
    assert found.end_column == len("tf.") + call.index("(")
    (found,) = [f for f in findings(f"{V1}v1.{call}\n") if f.code == "TF205"]
    assert found.status == "compat"


def test_metrics_are_reset_by_the_name_that_the_target_has() -> None:
    text = f"{TF}tf.local_variables_initializer()\n"
    assert "metric.reset_state() " in uses(text, "TF205")[0]
    assert "metric.reset_states() " in uses(text, "TF205", target_version="2.4")[0]


def test_initializers_in_session_runs() -> None:
    text = f"{TF}def f(sess):\n    sess.run([tf.global_variables_initializer()])\n"
    found = [f for f in findings(text) if f.code == "TF205"]
    assert [place(f) for f in found] == [(3, 14, 3, 45)]


# --- TF210 ---


def test_templates() -> None:
    text = f"{TF}tf.make_template('a', self.build)\ntf.make_template('a', lambda x: x)\n"
    assert uses(text, "TF210") == [
        "a tf.Module around self.build that makes its variables once",
        "a tf.Module that makes its variables once",
    ]


def test_hints_are_spelled_as_the_module_spells_tensorflow() -> None:
    text = (
        "import tensorflow\nwith tensorflow.variable_scope(tensorflow.get_default_graph().x):\n"
        "    tensorflow.get_collection('summaries')\n"
    )
    assert uses(text, "TF202") == [
        "a tensorflow.Module or layer that owns the variables, and tensorflow.name_scope(tensorflow.get_default_graph().x)"
    ]
    assert uses(text, "TF204") == ["Delete it: tensorflow.summary functions write at once"]
