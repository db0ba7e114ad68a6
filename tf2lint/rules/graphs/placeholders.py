"""TF6: placeholders, and what is fed to them."""

from __future__ import annotations

import ast

from tf2lint.check.advice import NONE, use
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.rules.graphs import _sessions, family
from tf2lint.tensorflow.groups import SESSIONS

# --- TF603 -----------------------------------------------------------------------------------

placeholder = family.rule(
    "TF603",
    "placeholder",
    "W",
    summary="placeholders and feed_dict become the arguments of a function",
    page="""\
A placeholder stood for a value that `feed_dict` would bring. In TF 2 it is a parameter of the
function that computes with it, and what was fed is the argument:

```python
@tf.function(input_signature=[tf.TensorSpec([None, 28, 28], tf.float32)])
def predict(images):
    return model(images)
```

The `input_signature` is only needed where shape and dtype have to be pinned, as in an exported
model. `placeholder_with_default` is a parameter with a default value, `sparse_placeholder` one
that takes a `tf.SparseTensor` (`tf.SparseTensorSpec` in a signature), `tf.ragged.placeholder`
one with a `tf.RaggedTensorSpec`. The input of a Keras model is `tf.keras.Input(shape)`.

`tf.compat.v1.placeholder` raises `RuntimeError` under eager execution; it works in
`tf.Graph().as_default()` and in `tf.compat.v1.wrap_function`. Batches that were fed from NumPy
arrays in a loop are best read from a `tf.data.Dataset`. Feeding an intermediate tensor, to
replace it, has no counterpart: split the function there.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

images = «tf.placeholder»(tf.float32, [None, 784], name="images")
""",
            good="""\
import tensorflow as tf

@tf.function(input_signature=[tf.TensorSpec([None, 784], tf.float32)])
def predict(images):
    return tf.reduce_mean(images)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

rate = «tf.compat.v1.placeholder_with_default»(0.5, [])
""",
            good="""\
import tensorflow as tf

def dropped(x, rate=0.5):
    return tf.nn.dropout(x, rate=rate)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

ids = «tf.sparse_placeholder»(tf.int64)
""",
            good="""\
import tensorflow as tf

@tf.function(input_signature=[tf.SparseTensorSpec(None, tf.int64)])
def count(ids):
    return tf.size(ids.values)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/guide/effective_tf2"],
)


def _target(ref: Reference) -> str:
    """The name that the call is assigned to, `images` or `self.images`, else ""."""
    stmt = ref.site.stmt
    if isinstance(stmt, ast.Assign) and stmt.value is ref.call and len(stmt.targets) == 1:
        target = stmt.targets[0]
        if isinstance(target, ast.Name):
            return target.id
        if isinstance(target, ast.Attribute):
            return target.attr
    return ""


@placeholder.on(
    "tf.placeholder", "tf.sparse_placeholder", "tf.sparse.placeholder", "tf.ragged.placeholder"
)
def _placeholder(ref: Reference) -> Report:
    name = _target(ref)
    advice = use(f"the function argument `{name}`" if name else "a function argument")
    args = ref.arguments()
    shape = "{shape}" if args is not None and "shape" in args.given else "None"
    spec = NONE
    if ref.call is not None and args is not None and not args.open and "dtype" in args.given:
        if ref.symbol == "tf.placeholder":
            spec = ref.code(f"tf.TensorSpec({shape}, {{dtype}})")
        elif ref.symbol == "tf.ragged.placeholder":
            if "ragged_rank" in args.given:
                spec = ref.code("tf.RaggedTensorSpec(None, {dtype}, ragged_rank={ragged_rank})")
        else:
            spec = ref.code(f"tf.SparseTensorSpec({shape}, {{dtype}})")
    if spec:
        advice = advice.only(lambda text: f"{text}, {spec.text} in the `input_signature`").shorter(
            f"{advice.text}, {spec.texts[-1]} in the `input_signature`", advice.text
        )
    return ref.report(advice, "raises under eager execution" if ref.status == "compat" else "")


@placeholder.on("tf.placeholder_with_default")
def _with_default(ref: Reference) -> Report:
    args = ref.arguments()
    value = args.given.get("input") if args is not None else None
    name = _target(ref) or "x"
    text = _sessions.repeated(ref, value, "") if value is not None else ""
    argument = "an argument with a default value"
    return ref.report(f"{argument}, `{name}={text}`" if text else argument)


_PLAIN_SESSIONS = ("tf.Session.", "tf.InteractiveSession.", "tf.train.")
_FED = [f"{cls}.{name}" for cls in SESSIONS for name in ("run", "partial_run")]


@placeholder.method("run", "eval", "partial_run", beside=True)
@placeholder.on(*_FED, "tf.Tensor.eval", "tf.Operation.run", beside=True)
def _feed_dict(ref: Reference) -> Report | None:
    call = ref.call
    if _sessions.accepted(ref) and not ref.symbol.startswith(_PLAIN_SESSIONS):
        return None
    for keyword in call.keywords if call is not None else ():
        if keyword.arg != "feed_dict":
            continue
        if isinstance(keyword.value, ast.Constant) and keyword.value.value is None:
            continue
        values = _sessions.fed_values(ref, keyword.value)
        passed = f"the values as arguments of the function: `f({values})`" if values else (
            "the values as arguments of the function")  # fmt: skip
        what = "has no TF 2 form" if ref.route != "v1" else "works only in a `compat.v1` session"
        return ref.report(passed, what, place=keyword, subject="feed_dict=",
                          status="removed" if ref.route != "v1" else "compat")  # fmt: skip
    return None
