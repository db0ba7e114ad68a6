"""TF2: initializers."""

from __future__ import annotations

from collections.abc import Iterator

from tf2lint.check.advice import delete
from tf2lint.check.reference import Reference, Report
from tf2lint.finding import Example
from tf2lint.fixes.edits import drop_argument
from tf2lint.rules.variables import _initializers as shared
from tf2lint.rules.variables import family

# --- TF208 -----------------------------------------------------------------------------------

initializer_argument = family.rule(
    "TF208",
    "initializer-argument",
    "W",
    summary="initializers take no dtype and no partition_info in TF 2, and other defaults",
    page="""\
TF 1 gave the dtype to the initializer, TF 2 gives it where the initializer is called:
`tf.zeros_initializer()(shape, dtype=tf.float32)`. The constructors refuse `dtype=` (and
`verify_shape=`: shapes are always checked); by position it raises too, but for
`tf.constant_initializer(value, dtype)`, where the second place means `support_partition` since
TF 2.15 and takes the dtype for true. `partition_info`, the third argument of the call, is gone
without a successor.

**Silent:** defaults that changed. `tf.random_normal_initializer()` had `stddev=1.0` and has
0.05; `tf.random_uniform_initializer()` drew from 0 to 1 and draws from -0.05 to 0.05; the same
for `random_normal`, `truncated_normal` and `random_uniform` of `tf.initializers`. Write the
numbers. This is only reported in modules that show TF 1 code besides, since code written for
TF 2 means the new defaults.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

init = tf.zeros_initializer(«dtype=tf.float32»)
""",
            good="""\
import tensorflow as tf

init = tf.zeros_initializer()
value = init([3], dtype=tf.float32)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

init = tf.random_uniform_initializer(-0.1, 0.1, None, «tf.float32»)
""",
            good="""\
import tensorflow as tf

init = tf.random_uniform_initializer(-0.1, 0.1)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

init = tf.ones_initializer()
value = init([3], «partition_info=None»)
""",
            good="""\
import tensorflow as tf

init = tf.ones_initializer()
value = init([3])
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/keras/initializers"],
)

_REMOVED = ("dtype", "verify_shape")


@initializer_argument.argument(*shared.SYMBOLS)
def _initializer_argument(ref: Reference) -> Iterator[Report]:
    args = ref.arguments()
    signature = ref.signature("v1" if ref.route == "v1" else "v2")
    if args is None or signature is None:
        return
    for name in _REMOVED:
        value = args.given.get(name)
        if value is None or signature.accepts(name):
            continue
        keyword = args.keyword(name)
        taken = keyword is None and args.positions[name] < len(signature.positional)
        kind = shared.SYMBOLS[ref.symbol]
        advice = delete()
        if ref.route != "v1":
            advice = ref.code(shared.constructor(kind, args.given)).only()
            if name == "dtype" and keyword is not None:
                advice = advice.noting("Give the dtype at the call")
        edit = (drop_argument(ref.module.source, args.call, keyword or value),)
        fate = f"is taken for `{signature.positional[1]}`" if taken else "is refused by TF 2"
        yield ref.report(
            advice, fate, place=keyword or value,
            status="changed" if taken else "removed",
            subject=f"{ref.spelling}({name}=)", edits=edit,
        )  # fmt: skip


@initializer_argument.on(
    "tf.random_normal_initializer", "tf.random_uniform_initializer",
    "tf.initializers.random_normal", "tf.initializers.random_uniform",
    "tf.initializers.truncated_normal",
)  # fmt: skip
def _changed_default(ref: Reference) -> Report | None:
    args = ref.arguments()
    if ref.route == "v1" or ref.status in ("removed", "compat") or args is None or args.open:
        return None
    kind = shared.KINDS[shared.SYMBOLS[ref.symbol]]
    lacking = [name for name in kind.defaults if name not in args.given]
    if not lacking or any(name in args.given for name in _REMOVED):
        return None
    if not ref.module.needs_tf1:
        return None
    new = ref.signature("v2")
    shown = []
    for name in lacking:
        found = new.get(name) if new is not None else None
        shown.append(f"{name}={found.default if found is not None else '...'}")
    same = ref.spelling.rpartition(".")[0]
    filled = shared.constructor(shared.SYMBOLS[ref.symbol], args.given)
    code = ref.code(filled)
    return ref.report(
        code.then(" for TF 1's numbers") if same else code,
        f"has other defaults in TF 2, `{', '.join(shown)}`", status="changed",
    )  # fmt: skip


@initializer_argument.argument(keyword="partition_info")
def _partition_info(ref: Reference) -> Report | None:
    call = ref.site.call
    if call is None or (ref.certain and not ref.is_instance(call.func, *_CLASSES)):
        return None
    keyword = next(k for k in call.keywords if k.arg == "partition_info")
    return ref.report(
        delete(), "is refused by TF 2's initializers", place=keyword,
        status="removed", subject=f"{ref.spelling}(partition_info=)",
        edits=(drop_argument(ref.module.source, call, keyword),),
    )  # fmt: skip


_CLASSES = ("tf.keras.initializers.Initializer", *shared.SYMBOLS)

# --- TF211 -----------------------------------------------------------------------------------

v1_initializer = family.rule(
    "TF211",
    "v1-initializer",
    "W",
    summary="initializers that moved to tf.keras.initializers",
    page="""\
TF 2 keeps `zeros`, `ones`, `constant`, `random_normal` and `random_uniform` at its top level;
the others are classes of `tf.keras.initializers`. Three things change on the way:

- `TruncatedNormal` has `stddev=0.05`, TF 1 had 1.0: write it
- `uniform_unit_scaling_initializer(factor)` is
  `VarianceScaling(scale=factor ** 2, mode="fan_in", distribution="uniform")` (not
  `scale=factor`, as the upgrade script writes)
- `dtype` goes where the initializer is called

**Silent:** Keras 3 initializers have no state of their own: one object with a seed gives the same
numbers to every weight. Make one object for each.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

init = «tf.truncated_normal_initializer»(stddev=0.02)
""",
            good="""\
import tensorflow as tf

init = tf.keras.initializers.TruncatedNormal(stddev=0.02)
""",
        ),
        Example(
            bad="""\
import tensorflow as tf

init = «tf.uniform_unit_scaling_initializer»(factor=1.43)
""",
            good="""\
import tensorflow as tf

init = tf.keras.initializers.VarianceScaling(1.43 ** 2, mode="fan_in", distribution="uniform")
""",
        ),
    ],
    sources=["https://www.tensorflow.org/api_docs/python/tf/keras/initializers"],
)


@v1_initializer.on(*shared.SYMBOLS)
def _v1_initializer(ref: Reference) -> Report | None:
    if ref.status not in ("removed", "compat"):
        return None
    args = ref.arguments()
    kind = shared.SYMBOLS[ref.symbol]
    if args is not None and args.open:
        return ref.report(ref.say(shared.KINDS[kind].maker))
    given = args.given if args is not None else {}
    return ref.report(ref.code(shared.constructor(kind, given)))
